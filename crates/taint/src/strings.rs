//! Texts and paths that are put together.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Flags, Labels, PathId};
use crate::oracle::FunctionOracle;
use crate::processes::{Arguments, is_element};
use crate::trace::HopKind;
use assay_dataflow::Location;
use assay_index::Idx;
use assay_ir::{BinaryOp, Op, Value};
use assay_models::{KindSet, SinkKind};
use assay_values::contexts::harmful;
use assay_values::shapes::path_shapes;
use assay_values::{ConstValue, Context};
use smallvec::SmallVec;

impl<'a> Engine<'a> {
    /// An operation that makes one text of its operands: their parts become parts of it.
    pub(crate) fn compose(&mut self, fun: &mut Fun<'a>, value: Value, at: Location) {
        let mut operands: SmallVec<[Value; 4]> = SmallVec::new();
        fun.function.op(value).for_each_operand(|v| operands.push(v));
        if operands.iter().all(|v| fun.tree(*v).is_empty()) {
            return;
        }
        // The sum of two lists has the elements of both.
        if let Op::Binary(BinaryOp::Add, first, second) | Op::InPlace(BinaryOp::Add, first, second) =
            fun.function.op(value)
            && let (first, second) = (*first, *second)
            && operands.iter().any(|v| self.has_elements(fun, *v))
        {
            let before = self.arguments_in(fun, first, at);
            for (operand, before) in [(first, Arguments::default()), (second, before)] {
                let entries = self.read(fun, operand, at);
                self.put_all(fun, value, &entries, &before, value);
            }
            return;
        }
        for operand in operands {
            let composed = self.is_part(fun, value, operand);
            for mut entry in self.read(fun, operand, at) {
                if self.labels.elems(entry.path).iter().any(|e| matches!(e, Elem::Field(_))) {
                    continue;
                }
                entry.path = PathId::new(Labels::ROOT);
                if composed {
                    entry.flags = entry.flags.with(Flags::COMPOSED);
                }
                entry.kinds = entry.kinds.minus(self.harmless_part(fun, value, operand));
                if !fun.wants(value, entry.path, entry.origin, entry.kinds) {
                    continue;
                }
                entry.hop = self.hop(entry.hop, fun, value, HopKind::Assigned);
                fun.add(value, entry);
            }
        }
        self.unpredictable(fun, value);
    }

    /// Whether an operand of a sum becomes a part of something longer: not where the rest is blank, or what a loop has
    /// gathered of the same data so far (`text += piece`).
    fn is_part(&self, fun: &Fun<'a>, sum: Value, operand: Value) -> bool {
        match fun.function.op(sum) {
            Op::Binary(BinaryOp::Add, first, second) | Op::InPlace(BinaryOp::Add, first, second) => {
                let other = if *first == operand { *second } else { *first };
                !self.is_blank(fun, sum, other)
            }
            _ => true,
        }
    }

    fn is_blank(&self, fun: &Fun<'a>, sum: Value, value: Value) -> bool {
        match fun.function.op(value) {
            Op::Phi(inputs) => {
                let mut others = inputs.iter().map(|(_, input)| *input).filter(|v| *v != sum && *v != value).peekable();
                others.peek().is_some()
                    && others.all(|v| !matches!(fun.function.op(v), Op::Phi(_)) && self.is_blank(fun, sum, v))
            }
            _ => match crate::oracle::constant(self.res, fun.id, value) {
                Some(ConstValue::Str(text) | ConstValue::Bytes(text)) => text.trim().is_empty(),
                _ => false,
            },
        }
    }

    /// Whether a value is a list, as far as its data tells.
    fn has_elements(&self, fun: &Fun<'a>, value: Value) -> bool {
        matches!(fun.function.op(value), Op::Collection(..))
            || fun.tree(value).entries.iter().any(|e| self.labels.elems(e.path).first().is_some_and(|e| is_element(*e)))
    }

    /// The kinds of harm that data of `part` cannot do in the text `whole`, because of where it stands there
    /// or how it is converted.
    pub(crate) fn harmless_part(&mut self, fun: &Fun<'a>, whole: Value, part: Value) -> KindSet {
        let key = (fun.id, whole, part);
        // Of a list, only those elements count that data is in, and more may get some.
        let of_list = matches!(fun.function.op(part), Op::Collection(..) | Op::Dict(_));
        if let Some(known) = self.harmless.get(&key).filter(|_| !of_list) {
            return *known;
        }
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        let all = path_shapes(&cx, whole);
        let mut parts: SmallVec<[Value; 4]> = SmallVec::from_iter([part]);
        match fun.function.op(part) {
            Op::Collection(_, elements) => {
                parts.extend(elements.iter().map(|e| e.value).filter(|v| !fun.tree(*v).is_empty()));
            }
            Op::Dict(items) => parts.extend(items.iter().map(|(_, v)| *v).filter(|v| !fun.tree(*v).is_empty())),
            _ => {}
        }
        let direct = all.iter().any(|s| s.holes().any(|(_, h)| parts.contains(&h.value)));
        if !direct {
            parts.extend(path_shapes(&cx, part).iter().flat_map(|s| s.holes().map(|(_, h)| h.value)));
        }
        let mut harmless = KindSet::ALL;
        let mut found = false;
        for shape in &all {
            for (index, hole) in shape.holes() {
                if hole.value == whole || !parts.contains(&hole.value) {
                    continue;
                }
                found = true;
                for kind in SinkKind::ALL {
                    if harmless.contains(kind) && harmful(kind.id(), shape, index) {
                        harmless = harmless.minus(KindSet::of(kind));
                    }
                }
            }
        }
        if !found {
            harmless = KindSet::EMPTY;
        }
        self.harmless.insert(key, harmless);
        harmless
    }
}
