//! Memory that is filled with zeros and then never read: a compiler leaves that out, and what stood there stays.

use crate::analyzer::Analyzer;
use crate::library::Effect;
use crate::program::Entity;
use crate::report::{Defect, NoteKind, Problem, SiteKind};
use assay_index::BitSet;
use assay_ir::{BlockId, Const, MemoryOp, Op, Terminator, Value};

impl Analyzer<'_, '_> {
    /// Judges the calls that fill memory with zeros.
    pub(crate) fn check_clearing(&mut self) {
        for block in self.function.blocks.ids() {
            for at in 0..self.function.blocks[block].insts.len() {
                let site = self.function.blocks[block].insts[at];
                let Some((api, address)) = self.cleared(site) else { continue };
                let root = self.root(address);
                let local = matches!(self.function.op(root), Op::Memory(MemoryOp::Local { count: None, .. }));
                if local && self.is_never_read(root, block, at) || !local && self.is_freed_next(root, block, at) {
                    let defect = Defect::new(
                        Problem::Clearing,
                        &[14, 733],
                        format!("what `{api}` clears is not read any more, so that a compiler leaves the call out"),
                        "A write that nothing can see is dropped by optimisation; what stood in the memory stays there.",
                    )
                    .through(vec![self.step_at(site, NoteKind::Sink, "cleared here, for nobody")])
                    .showing(api);
                    self.note(site, SiteKind::Library, Problem::Clearing, api, defect.finding());
                }
            }
        }
    }

    /// The function and the address, when a call fills memory with zeros.
    fn cleared(&self, site: Value) -> Option<(&'static str, Value)> {
        let Op::Call { func, args } = self.function.op(site) else { return None };
        let Op::Memory(MemoryOp::Address(object)) = self.function.op(*func) else { return None };
        let Entity::Library(function) = self.cx.program.entity(self.unit, *object) else { return None };
        let (at, byte) = function.effects.iter().find_map(|effect| match effect {
            Effect::Fills(at, byte, _) => Some((*at, *byte)),
            _ => None,
        })?;
        matches!(self.function.op(args.get(byte)?.value), Op::Const(Const::Int(0)))
            .then_some((function.name.as_str(), args.get(at)?.value))
    }

    /// What an address was made from.
    pub(crate) fn root(&self, address: Value) -> Value {
        let mut at = address;
        loop {
            match self.function.op(at) {
                Op::Memory(
                    MemoryOp::Member { base: inner, .. }
                    | MemoryOp::Offset { base: inner, .. }
                    | MemoryOp::Convert { value: inner, .. },
                ) => at = *inner,
                _ => return at,
            }
        }
    }

    /// Whether nothing between an instruction and the end of the function may read a local.
    fn is_never_read(&self, local: Value, block: BlockId, at: usize) -> bool {
        let mut seen: BitSet<BlockId> = BitSet::with_capacity(self.function.blocks.len());
        let mut work = vec![(block, at + 1)];
        while let Some((block, from)) = work.pop() {
            let code = &self.function.blocks[block];
            for value in &code.insts[from..] {
                let reads = match self.function.op(*value) {
                    // Code that is not seen may know the address.
                    Op::Call { .. } | Op::Unknown(_) => true,
                    Op::Memory(MemoryOp::Load { from, .. } | MemoryOp::Copy { from, .. }) => self.root(*from) == local,
                    _ => false,
                };
                if reads {
                    return false;
                }
            }
            // A loop may come back to where it is used.
            if matches!(code.terminator, Terminator::Raise(_)) || code.handler.is_some() {
                return false;
            }
            code.for_each_successor(|to| {
                if seen.insert(to) {
                    work.push((to, 0));
                }
            });
        }
        true
    }

    /// Whether the next thing that happens to an address is that it is given back.
    fn is_freed_next(&self, root: Value, block: BlockId, at: usize) -> bool {
        for value in &self.function.blocks[block].insts[at + 1..] {
            match self.function.op(*value) {
                Op::Call { func, args } => {
                    let Op::Memory(MemoryOp::Address(object)) = self.function.op(*func) else { return false };
                    let Entity::Library(function) = self.cx.program.entity(self.unit, *object) else { return false };
                    let freed = function.frees().and_then(|at| args.get(at));
                    return function.parameters == 1 && freed.is_some_and(|arg| self.root(arg.value) == root);
                }
                Op::Const(_)
                | Op::Memory(MemoryOp::Address(_) | MemoryOp::Convert { .. } | MemoryOp::Begin(_) | MemoryOp::End(_)) =>
                    {}
                _ => return false,
            }
        }
        false
    }
}
