//! The last step of construction.
//!
//! Drops the handlers of blocks in which nothing raises, blocks that control cannot reach and phis
//! that turn out to be copies or values of unset variables that nothing reads; puts together blocks that always follow each other; and numbers blocks
//! and values anew in the order of the code.

use crate::{Block, BlockId, Collection, CompareOp, Function, Inst, Op, Terminator, Value};
use assay_index::{FxHashMap, Idx, IndexVec};
use assay_text::Span;

pub(crate) struct Tidy {
    function: Function,
    /// Values that are the same as others.
    forwarded: FxHashMap<Value, Value>,
    preds: IndexVec<BlockId, Vec<BlockId>>,
}

impl Tidy {
    pub(crate) fn new(function: Function, forwarded: FxHashMap<Value, Value>) -> Self {
        Self { function, forwarded, preds: IndexVec::new() }
    }

    pub(crate) fn run(mut self) -> Function {
        self.drop_idle_handlers();
        let order = self.reachable();
        self.find_predecessors(&order);
        self.clean_phis(&order);
        self.drop_unread(&order);
        self.rebuild(&order)
    }

    fn resolve(&self, mut value: Value) -> Value {
        while let Some(&to) = self.forwarded.get(&value) {
            value = to;
        }
        value
    }

    fn drop_idle_handlers(&mut self) {
        let insts = &self.function.insts;
        for block in self.function.blocks.iter_mut().filter(|b| b.handler.is_some()) {
            let raises = matches!(block.terminator, Terminator::Raise(_))
                || block.insts.iter().any(|value| may_raise(&insts[*value].op));
            if !raises {
                block.handler = None;
            }
        }
    }

    /// The reachable blocks in reverse postorder of the control flow.
    fn reachable(&self) -> Vec<BlockId> {
        let mut seen = IndexVec::<BlockId, bool>::from_elem(false, self.function.blocks.len());
        let mut order = Vec::new();
        let mut stack = vec![(BlockId::new(0), false)];
        while let Some((block, done)) = stack.pop() {
            if done {
                order.push(block);
                continue;
            }
            if std::mem::replace(&mut seen[block], true) {
                continue;
            }
            stack.push((block, true));
            // The first successor is visited last, so that it comes first in reverse postorder.
            self.function.blocks[block].for_each_successor(|next| stack.push((next, false)));
        }
        order.reverse();
        order
    }

    fn find_predecessors(&mut self, order: &[BlockId]) {
        self.preds.resize(self.function.blocks.len(), Vec::new());
        for &block in order {
            self.function.blocks[block].for_each_successor(|next| {
                if self.preds[next].last() != Some(&block) {
                    self.preds[next].push(block);
                }
            });
        }
    }

    /// Drops the inputs of phis whose edges are gone, then the phis that have one input left.
    fn clean_phis(&mut self, order: &[BlockId]) {
        let mut phis = Vec::new();
        for &block in order {
            let preds = &self.preds[block];
            for &value in &self.function.blocks[block].insts {
                let Op::Phi(inputs) = &mut self.function.insts[value].op else { break };
                if self.forwarded.contains_key(&value) {
                    continue;
                }
                if inputs.len() > preds.len() {
                    if preds.len() > 8 {
                        let preds: assay_index::FxHashSet<BlockId> = preds.iter().copied().collect();
                        inputs.retain(|(from, _)| preds.contains(from));
                    } else {
                        inputs.retain(|(from, _)| preds.contains(from));
                    }
                }
                phis.push(value);
            }
        }
        // One more round than loops nest does it; the bound is for hostile code, where copies may stay.
        for _ in 0..8 {
            let before = self.forwarded.len();
            phis.retain(|&phi| {
                if let Some(same) = self.only_input(phi) {
                    self.forwarded.insert(phi, same);
                    return false;
                }
                true
            });
            if self.forwarded.len() == before {
                break;
            }
        }
    }

    /// The value that all inputs of a phi are, the phi itself apart.
    fn only_input(&self, phi: Value) -> Option<Value> {
        let Op::Phi(inputs) = &self.function.insts[phi].op else { return None };
        let mut same = None;
        for (_, input) in inputs {
            let input = self.resolve(*input);
            if input != phi && same.replace(input).is_some_and(|before| before != input) {
                return None;
            }
        }
        same
    }

    /// The block that always follows `block` and nothing else, when they can be one.
    fn follower(&self, block: BlockId) -> Option<BlockId> {
        let Terminator::Goto(next) = self.function.blocks[block].terminator else { return None };
        let (a, b) = (&self.function.blocks[block], &self.function.blocks[next]);
        let joined = self.preds[next].len() == 1 && next != block && a.handler.is_none() && b.handler.is_none();
        joined.then_some(next)
    }

    /// Drops what stands for "not set here" where nothing reads it.
    fn drop_unread(&mut self, order: &[BlockId]) {
        let mut read: IndexVec<Value, bool> = IndexVec::from_elem(false, self.function.insts.len());
        for &block in order {
            let block = &self.function.blocks[block];
            let mut mark = |value| read[self.resolve(value)] = true;
            for &value in &block.insts {
                if !self.forwarded.contains_key(&value) {
                    self.function.insts[value].op.for_each_operand(&mut mark);
                }
            }
            block.terminator.for_each_operand(&mut mark);
        }
        let insts = &self.function.insts;
        for &block in order {
            self.function.blocks[block].insts.retain(|&value| {
                let inst = &insts[value];
                let is_default = matches!(inst.op, Op::Global(_)) && inst.span == Span::default();
                read[value] || !(is_default || inst.op == Op::Undefined)
            });
        }
    }

    fn rebuild(mut self, order: &[BlockId]) -> Function {
        // Each run of blocks that become one, by its first.
        let mut runs: Vec<Vec<BlockId>> = Vec::with_capacity(order.len());
        let mut block_map: IndexVec<BlockId, Option<BlockId>> = IndexVec::from_elem(None, self.function.blocks.len());
        for &first in order {
            if block_map[first].is_some() {
                continue;
            }
            let id = Some(BlockId::new(runs.len()));
            let mut run = vec![first];
            block_map[first] = id;
            let mut at = first;
            while let Some(next) = self.follower(at).filter(|next| block_map[*next].is_none()) {
                block_map[next] = id;
                run.push(next);
                at = next;
            }
            runs.push(run);
        }
        let mut value_map: IndexVec<Value, Option<Value>> = IndexVec::from_elem(None, self.function.insts.len());
        let mut count = 0;
        for &block in runs.iter().flatten() {
            for &value in &self.function.blocks[block].insts {
                if !self.forwarded.contains_key(&value) {
                    value_map[value] = Some(Value::new(count));
                    count += 1;
                }
            }
        }
        let mut old_insts: Vec<Option<Inst>> =
            std::mem::take(&mut self.function.insts).into_raw().into_iter().map(Some).collect();
        let mut old_blocks = std::mem::take(&mut self.function.blocks);
        let mut insts = IndexVec::with_capacity(count);
        let mut blocks = IndexVec::with_capacity(runs.len());
        let map = |v: Value| value_map[self.resolve(v)];
        for run in &runs {
            let mut list = Vec::with_capacity(run.iter().map(|b| old_blocks[*b].insts.len()).sum());
            for &old in run {
                for &value in &old_blocks[old].insts {
                    if value_map[value].is_none() {
                        continue;
                    }
                    let Some(mut inst) = old_insts[value.index()].take() else { continue };
                    if let Op::Phi(inputs) = &mut inst.op {
                        *inputs = inputs.iter().filter_map(|(b, v)| Some((block_map[*b]?, map(*v)?))).collect();
                    } else {
                        inst.op.map_operands(|v| map(v).unwrap_or(v));
                    }
                    list.push(insts.push(inst));
                }
            }
            let end = &mut old_blocks[run[run.len() - 1]];
            let mut terminator = std::mem::replace(&mut end.terminator, Terminator::Unreachable);
            terminator.map(|v| map(v).unwrap_or(v), |b| block_map[b].unwrap_or(b));
            let handler = end.handler.and_then(|h| block_map[h]);
            blocks.push(Block { insts: list, terminator, handler });
        }
        self.function.insts = insts;
        self.function.blocks = blocks;
        self.function
    }
}

/// Whether an operation can raise, other than by exhaustion of memory or a variable that is not set.
fn may_raise(op: &Op) -> bool {
    match op {
        Op::Undefined
        | Op::Const(_)
        | Op::Param(_)
        | Op::Phi(_)
        | Op::StoreGlobal(_, Some(_))
        | Op::LoadCell(_)
        | Op::StoreCell(..)
        | Op::StoreName(..)
        | Op::Slice(..)
        | Op::Accumulate { key: None, .. }
        | Op::MakeFunction { .. }
        | Op::Annotated { .. }
        | Op::Caught(_)
        | Op::Memory(_)
        | Op::Compare(CompareOp::Is | CompareOp::IsNot, ..) => false,
        Op::Collection(Collection::Set, _) => true,
        Op::Collection(_, elements) => elements.iter().any(|e| e.spread),
        _ => true,
    }
}

impl Terminator {
    fn map(&mut self, value: impl Fn(Value) -> Value, block: impl Fn(BlockId) -> BlockId) {
        match self {
            Self::Goto(to) => *to = block(*to),
            Self::Branch { cond, then_to, else_to } => {
                *cond = value(*cond);
                *then_to = block(*then_to);
                *else_to = block(*else_to);
            }
            Self::Choice(targets) => targets.iter_mut().for_each(|t| *t = block(*t)),
            Self::Return(v) | Self::Raise(Some(v)) => *v = value(*v),
            Self::Raise(None) | Self::Unreachable => {}
        }
    }
}
