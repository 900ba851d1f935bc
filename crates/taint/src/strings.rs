//! Texts and paths that are put together.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Flags, Labels, PathId};
use crate::trace::HopKind;
use assay_dataflow::Location;
use assay_index::Idx;
use assay_ir::{BinaryOp, Op, Value};
use smallvec::SmallVec;

impl<'a> Engine<'a> {
    /// An operation that makes one text of its operands: their parts become parts of it.
    pub(crate) fn compose(&mut self, fun: &mut Fun<'a>, value: Value, at: Location) {
        let mut operands: SmallVec<[Value; 4]> = SmallVec::new();
        fun.function.op(value).for_each_operand(|v| operands.push(v));
        if operands.iter().all(|v| fun.tree(*v).is_empty()) {
            return;
        }
        let sum = matches!(fun.function.op(value), Op::Binary(BinaryOp::Add, ..) | Op::InPlace(BinaryOp::Add, ..));
        for operand in operands {
            for mut entry in self.read(fun, operand, at) {
                let elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(entry.path));
                let element = elems.iter().any(|e| !matches!(e, Elem::Field(_)));
                // The sum of two lists has the elements of both.
                let keep = sum && element;
                if elems.iter().any(|e| matches!(e, Elem::Field(_))) {
                    continue;
                }
                if !keep {
                    entry.path = PathId::new(Labels::ROOT);
                    entry.flags = entry.flags.with(Flags::COMPOSED);
                }
                let have = fun.tree(value);
                if have.entries.iter().any(|e| e.path == entry.path && e.origin == entry.origin && e.kinds.union(entry.kinds) == e.kinds) {
                    continue;
                }
                entry.hop = self.hop(entry.hop, fun, value, HopKind::Assigned);
                fun.add(value, entry);
            }
        }
    }
}
