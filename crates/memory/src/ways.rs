//! Whether what was found out on the way holds at a place: whether control that has been there gets here, whatever else it finds.
//!
//! Where other tests lie between the place at which a pointer is found null and the one at which it is used, they may well be about the
//! same thing in other words.

use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::program::Entity;
use crate::value::NullWhy;
use assay_index::BitSet;
use assay_ir::{BlockId, Const, MemoryOp, Op, Terminator, Value};

/// Values that are put together for one that are looked at.
const MAX_INPUTS: usize = 24;

/// Tests on the way to a block that are looked at.
const MAX_TESTS: usize = 12;

impl Analyzer<'_, '_> {
    /// Whether control that finds an address null for that reason always gets to the block that is being run.
    pub(crate) fn leads_here(&self, why: NullWhy, address: Value) -> bool {
        match why {
            NullWhy::Tested(test) => {
                let Some(block) = self.block_of(test) else { return true };
                if self.is_asserted(test) || self.looks_for_next(block, test, address) {
                    return false;
                }
                let mut leads = false;
                self.function.blocks[block].for_each_successor(|to| leads |= self.is_inevitable(to));
                leads && !self.is_set_between(block, address)
            }
            NullWhy::Constant(_) => self.null_leads_here(address),
            _ => true,
        }
    }

    /// Whether a test is part of what an assertion says: that an address may be null besides something else is known to whoever wrote it.
    fn is_asserted(&self, test: Value) -> bool {
        let span = self.span(test);
        let around = |at: Value| {
            let outer = self.span(at);
            outer.start <= span.start && span.end <= outer.end
        };
        self.function.insts.ids().any(|at| {
            matches!(self.function.op(at), Op::Call { .. })
                && around(at)
                && self.callee_name(at).contains("assert")
                && self.cx.program.ends_at(self.unit, self.function, at)
        })
    }

    /// Whether a test only ends a loop that goes from one element to the next, so that another address than that of the element says nothing of
    /// whether there is a first one.
    fn looks_for_next(&self, block: BlockId, test: Value, address: Value) -> bool {
        if !self.loops.leaving().contains(block) {
            return false;
        }
        let used = self.variable(address);
        let is_used = |element: Value| {
            used == element
                || matches!(self.function.op(used), Op::Phi(inputs)
                    if inputs.iter().any(|(_, input)| stripped(self.function, *input) == element))
        };
        let goes_on = |value: Value| {
            let value = stripped(self.function, value);
            self.loops.is_put_together(value) && !is_used(value)
        };
        match self.function.op(test) {
            Op::Memory(MemoryOp::Compare { left, right, .. }) => goes_on(*left) || goes_on(*right),
            _ => goes_on(test),
        }
    }

    /// Whether an address is read from a variable with a static lifetime that something sets on a way from a block to the one that is
    /// being run.
    fn is_set_between(&self, from: BlockId, address: Value) -> bool {
        let Op::Memory(MemoryOp::Load { from: place, .. }) = self.function.op(self.variable(address)) else {
            return false;
        };
        let Op::Memory(MemoryOp::Address(object)) = self.function.op(*place) else { return false };
        let named = |value: Value| matches!(self.function.op(value), Op::Memory(MemoryOp::Address(o)) if o == object);
        let sets = |block: BlockId| {
            let mut insts = self.function.blocks[block].insts.iter();
            insts.any(|value| matches!(self.function.op(*value), Op::Memory(MemoryOp::Store { to, .. }) if named(*to)))
        };
        let before = self.reachable(from);
        self.function
            .blocks
            .ids()
            .any(|block| before.contains(block) && sets(block) && self.reachable(block).contains(self.block))
    }

    /// The blocks that control may get to from the end of a block.
    fn reachable(&self, from: BlockId) -> BitSet<BlockId> {
        let mut seen: BitSet<BlockId> = BitSet::with_capacity(self.function.blocks.len());
        let mut pending = vec![from];
        while let Some(block) = pending.pop() {
            self.function.blocks[block].for_each_successor(|to| {
                if seen.insert(to) {
                    pending.push(to);
                }
            });
        }
        seen
    }

    /// The same of an address that a variable was set to null for. Where several cases set it to something else, the program takes it
    /// for granted that one of them is there.
    fn null_leads_here(&self, address: Value) -> bool {
        let mut pending = vec![self.variable(address)];
        let (mut seen, mut others): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
        let (mut found, mut leads) = (false, false);
        while let Some(at) = pending.pop() {
            let Op::Phi(inputs) = self.function.op(at) else {
                if !others.contains(&at) {
                    others.push(at);
                }
                continue;
            };
            if seen.contains(&at) || seen.len() > MAX_INPUTS {
                continue;
            }
            seen.push(at);
            for (_, input) in inputs {
                let input = stripped(self.function, *input);
                if matches!(self.function.op(input), Op::Const(Const::Int(0))) {
                    found = true;
                    leads |= self.block_of(at).is_some_and(|block| self.is_inevitable(block));
                } else {
                    pending.push(input);
                }
            }
        }
        !found || leads && others.len() < 2
    }

    /// Whether every call for which what callers are told of the way holds gets to the block that is being run: nothing but tests of numbers
    /// that callers pass leads past it.
    pub(crate) fn is_reached_when_told(&self) -> bool {
        let mut at = self.block;
        for _ in 0..MAX_TESTS {
            if self.unavoidable.contains(at) {
                return true;
            }
            let Some(before) = self.dominators.immediate_dominator(at) else { return false };
            match &self.function.blocks[before].terminator {
                Terminator::Branch { cond, .. } if self.is_test_of_parameters(*cond) => {}
                Terminator::Goto(to) if *to == at => {}
                _ => return false,
            }
            let mut direct = false;
            self.function.blocks[before].for_each_successor(|to| direct |= to == at);
            if !direct {
                return false;
            }
            at = before;
        }
        false
    }

    /// Whether an address is one that is passed, or that of a variable that callers are told of, or that of a member of what it leads to.
    fn is_passed(&self, address: Value) -> bool {
        let mut at = address;
        for _ in 0..4 {
            match self.function.op(at) {
                Op::Param(_) => return true,
                Op::Memory(MemoryOp::Address(object)) => {
                    return matches!(self.cx.program.entity(self.unit, *object), Entity::Global(global)
                        if self.cx.program.followed.contains(global));
                }
                Op::Memory(MemoryOp::Member { base: inner, .. } | MemoryOp::Convert { value: inner, .. }) => {
                    at = *inner;
                }
                Op::Memory(MemoryOp::Offset { base, index, .. })
                    if matches!(self.function.op(*index), Op::Const(Const::Int(_))) =>
                {
                    at = *base;
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether a condition compares numbers that callers pass with each other or with constants.
    fn is_test_of_parameters(&self, cond: Value) -> bool {
        let Op::Memory(MemoryOp::Compare { left, right, .. }) = self.function.op(stripped(self.function, cond)) else {
            return false;
        };
        [left, right].into_iter().all(|value| {
            let value = stripped(self.function, *value);
            match self.function.op(value) {
                Op::Const(Const::Int(_)) => true,
                Op::Param(_) => !self.is_pointer(self.ty(value)),
                Op::Memory(MemoryOp::Load { from, .. }) => {
                    !self.is_pointer(self.ty(value)) && !self.is_bit_field(*from) && self.is_passed(*from)
                }
                _ => false,
            }
        })
    }

    /// The value that an address is computed from.
    fn variable(&self, address: Value) -> Value {
        let mut at = stripped(self.function, address);
        for _ in 0..16 {
            match self.function.op(at) {
                Op::Memory(MemoryOp::Member { base, .. } | MemoryOp::Offset { base, .. }) => {
                    at = stripped(self.function, *base);
                }
                _ => break,
            }
        }
        at
    }

    /// Whether what an instruction accesses is moved on by a loop: that its last turn gets there does not say that there is such a turn.
    pub(crate) fn is_moved_by_loop(&self, site: Value) -> bool {
        let mut at = match self.function.op(site) {
            Op::Memory(MemoryOp::Load { from, .. }) => *from,
            Op::Memory(MemoryOp::Store { to, .. }) => *to,
            _ => return false,
        };
        for _ in 0..16 {
            match self.function.op(at) {
                Op::Memory(MemoryOp::Offset { base, index, .. }) => {
                    if self.counter(*index).is_some() {
                        return true;
                    }
                    at = *base;
                }
                Op::Memory(MemoryOp::Member { base, .. }) => at = *base,
                Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
                op => return matches!(op, Op::Phi(_)),
            }
        }
        false
    }

    /// The block in which an instruction stands.
    fn block_of(&self, value: Value) -> Option<BlockId> {
        let blocks = &self.function.blocks;
        blocks.iter_enumerated().find(|(_, code)| code.insts.contains(&value)).map(|(block, _)| block)
    }

    /// Whether every way on from a block that comes to an end of the function goes through the block that is being run.
    fn is_inevitable(&self, from: BlockId) -> bool {
        let mut seen: BitSet<BlockId> = BitSet::with_capacity(self.function.blocks.len());
        let mut pending = vec![from];
        while let Some(block) = pending.pop() {
            if block == self.block || !seen.insert(block) {
                continue;
            }
            let code = &self.function.blocks[block];
            if code.insts.iter().any(|value| self.cx.program.ends_at(self.unit, self.function, *value)) {
                continue;
            }
            if matches!(code.terminator, Terminator::Return(_)) {
                return false;
            }
            code.for_each_successor(|to| pending.push(to));
        }
        true
    }
}
