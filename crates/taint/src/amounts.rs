//! Numbers that say how much: what arithmetic makes of them, and the operators that allocate by them.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Entry, Origin};
use assay_dataflow::Location;
use assay_ir::{BinaryOp, Const, Op, Value};
use assay_models::{KindSet, SinkKind};
use assay_resolve::{ApiId, Object};
use smallvec::SmallVec;

impl<'a> Engine<'a> {
    /// What an operator makes of the size of its operands, and whether it allocates by one of them: the number in
    /// `"-" * n`, the exponent of a power, the distance of a shift.
    pub(crate) fn amount_of_operation(
        &mut self,
        fun: &mut Fun<'a>,
        value: Value,
        op: BinaryOp,
        left: Value,
        right: Value,
        at: Location,
    ) {
        let kind = SinkKind::ResourceAmount;
        match op {
            // A remainder is smaller than its divisor, and text is no number.
            BinaryOp::Mod => fun.restrict(value, KindSet::of(kind)),
            BinaryOp::BitAnd if [left, right].iter().any(|v| matches!(fun.function.op(*v), Op::Const(_))) => {
                fun.restrict(value, KindSet::of(kind));
            }
            BinaryOp::FloorDiv | BinaryOp::Pow | BinaryOp::ShiftLeft => {
                for operand in [left, right] {
                    for mut entry in self.read(fun, operand, at) {
                        entry.kinds = entry.kinds.intersect(KindSet::of(kind));
                        if !entry.kinds.is_empty() {
                            fun.add(value, entry);
                        }
                    }
                }
            }
            _ => {}
        }
        let amount = match op {
            BinaryOp::Mul if is_sequence(fun.function.op(left)) => right,
            BinaryOp::Mul if is_sequence(fun.function.op(right)) => left,
            BinaryOp::Pow | BinaryOp::ShiftLeft => right,
            _ => return,
        };
        if matches!(fun.function.op(amount), Op::Const(_)) {
            return;
        }
        // With a text for an exponent, the operator is one that a class defines: `column ** pattern`.
        if matches!(op, BinaryOp::Pow | BinaryOp::ShiftLeft) && self.is_text(fun, amount) {
            return;
        }
        let site = self.site(fun, value, kind, None, amount, false);
        self.sites[site].harmless_form = false;
        for (entry, rest) in self.select(fun, amount, &[], at) {
            if rest.is_empty() {
                self.reach(fun, value, &entry, site, kind, None);
            }
        }
    }

    /// Whether a value is a text, by how it is made or by its type.
    fn is_text(&self, fun: &Fun<'a>, value: Value) -> bool {
        let text = |object| matches!(object, Object::Api(api) if self.type_of(api) == Some("builtins.str"));
        let mut objects = self.res.objects(fun.id, value).peekable();
        matches!(fun.function.op(value), Op::Format(_)) || objects.peek().is_some() && objects.all(text)
    }

    /// Whether a call gives the least of several numbers, one of which no source has a hand in.
    pub(crate) fn is_least(&self, fun: &Fun<'a>, call: Value, api: Option<ApiId>) -> bool {
        if api.is_none_or(|api| self.res.api_name(api) != "builtins.min") {
            return false;
        }
        let Op::Call { args, .. } = fun.function.op(call) else { return false };
        let from_source = |entry: &Entry| {
            entry.kinds.contains(SinkKind::ResourceAmount)
                && matches!(self.labels.origin_of(entry.origin), Origin::Source(_))
        };
        let numbers: SmallVec<[Value; 2]> = args.iter().map(|a| a.value).collect();
        numbers.len() > 1 && numbers.iter().any(|v| !fun.tree(*v).entries.iter().any(from_source))
    }
}

/// Whether an operation gives a text or list, so that multiplying it repeats it.
fn is_sequence(op: &Op) -> bool {
    matches!(op, Op::Const(Const::Str(_) | Const::Bytes(_)) | Op::Format(_) | Op::Collection(..))
}
