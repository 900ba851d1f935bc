//! Which values are still of use where.

use crate::analyzer::Analyzer;
use assay_index::{BitSet, Idx, IndexVec};
use assay_ir::{BlockId, MemoryOp, Op, Value};

impl Analyzer<'_, '_> {
    /// The values that are read from the head of each block on.
    pub(crate) fn liveness(&self) -> IndexVec<BlockId, BitSet<Value>> {
        let function = self.function;
        let count = function.insts.len();
        let mut live: IndexVec<BlockId, BitSet<Value>> =
            IndexVec::from_elem(BitSet::with_capacity(count), function.blocks.len());
        let order = self.dominators.reverse_postorder();
        let constant = |value: Value| {
            matches!(function.op(value), Op::Const(_) | Op::Memory(MemoryOp::Address(_)))
                || matches!(function.op(value), Op::Memory(MemoryOp::Local { count: None, .. }))
        };
        loop {
            let mut changed = false;
            for block in order.iter().rev() {
                let code = &function.blocks[*block];
                let mut now: BitSet<Value> = BitSet::with_capacity(count);
                code.for_each_successor(|to| {
                    now.union_with(&live[to]);
                    for value in &function.blocks[to].insts {
                        let Op::Phi(inputs) = function.op(*value) else { break };
                        now.remove(*value);
                        for (from, input) in inputs {
                            if from == block && !constant(*input) {
                                now.insert(*input);
                            }
                        }
                    }
                });
                let read = |value: Value, now: &mut BitSet<Value>| {
                    if !constant(value) {
                        now.insert(value);
                    }
                };
                code.terminator.for_each_operand(|value| {
                    read(value, &mut now);
                    // What a test compares is looked at once more when control leaves.
                    let mut deeper = vec![value];
                    for _ in 0..6 {
                        let Some(value) = deeper.pop() else { break };
                        match function.op(value) {
                            Op::Memory(MemoryOp::Compare { left, right, .. }) => deeper.extend([*left, *right]),
                            Op::Memory(MemoryOp::Convert { value, .. }) => deeper.push(*value),
                            Op::Phi(inputs) => deeper.extend(inputs.iter().map(|(_, v)| *v).take(4)),
                            _ => continue,
                        }
                        for value in &deeper {
                            read(*value, &mut now);
                        }
                    }
                });
                for value in code.insts.iter().rev() {
                    now.remove(*value);
                    if !matches!(function.op(*value), Op::Phi(_)) {
                        function.op(*value).for_each_operand(|operand| read(operand, &mut now));
                    }
                }
                // The phis of a block are set on the way in, so they are known at its head.
                for value in &code.insts {
                    if !matches!(function.op(*value), Op::Phi(_)) {
                        break;
                    }
                    now.insert(*value);
                }
                if block.index() != 0 {
                    for param in &self.params {
                        now.insert(*param);
                    }
                }
                if live[*block].union_with(&now) {
                    changed = true;
                }
            }
            if !changed {
                return live;
            }
        }
    }
}
