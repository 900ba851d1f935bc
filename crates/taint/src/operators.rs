//! Operators of objects that a library makes: text that is marked as a page escapes what is put into it.

use crate::driver::Engine;
use crate::function::Fun;
use assay_ir::{BinaryOp, Op, Value};
use assay_models::KindSet;

/// Operations on the way from a value to the object that it began with.
const MAX_STEPS: u32 = 16;

impl<'a> Engine<'a> {
    /// Takes from the result of an operation what the operators of its operands exclude.
    pub(crate) fn operator_barriers(
        &mut self,
        fun: &mut Fun<'a>,
        value: Value,
        op: BinaryOp,
        left: Value,
        right: Value,
    ) {
        if fun.tree(value).is_empty() {
            return;
        }
        let (forward, backward) = match op {
            BinaryOp::Add => ("__add__", Some("__radd__")),
            BinaryOp::Mod => ("__mod__", None),
            _ => return,
        };
        let mut harmless = self.excluded_by_operator(fun, left, forward, 0);
        if let Some(backward) = backward {
            harmless = harmless.union(self.excluded_by_operator(fun, right, backward, 0));
        }
        if !harmless.is_empty() {
            fun.restrict(value, harmless);
        }
    }

    /// What the operator of an operand excludes. What an operation of such objects gives is one, too.
    fn excluded_by_operator(&self, fun: &Fun<'a>, operand: Value, operator: &str, depth: u32) -> KindSet {
        if depth > MAX_STEPS {
            return KindSet::EMPTY;
        }
        let mut kinds = KindSet::EMPTY;
        for api in self.res.apis_of(fun.id, operand) {
            for node in self.res.apis.nodes(api) {
                let result = self.models.member(*node, operator).and_then(|method| self.models.returned(method));
                kinds = kinds.union(result.map_or(KindSet::EMPTY, |result| self.models.facts(result).barriers));
            }
        }
        match fun.function.op(operand) {
            Op::Binary(BinaryOp::Add, left, right) if kinds.is_empty() => self
                .excluded_by_operator(fun, *left, operator, depth + 1)
                .union(self.excluded_by_operator(fun, *right, operator, depth + 1)),
            Op::Binary(BinaryOp::Mod, left, _) if kinds.is_empty() => {
                self.excluded_by_operator(fun, *left, operator, depth + 1)
            }
            _ => kinds,
        }
    }
}
