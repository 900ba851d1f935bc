//! What a comparison says of the values that it compares.

use super::collect::Collector;
use super::{At, GuardFact, Test, Via};
use assay_ir::{CompareOp, Const, Op, UnaryOp, Value};

impl Collector<'_, '_> {
    #[expect(clippy::too_many_arguments, reason = "the parts of a comparison, taken apart once by the caller")]
    pub(super) fn compare(
        &mut self,
        cond: Value,
        op: CompareOp,
        left: Value,
        right: Value,
        truth: bool,
        at: At,
        depth: u32,
    ) {
        use CompareOp::{Eq, Greater, GreaterEq, In, Is, IsNot, Less, LessEq, NotEq, NotIn};
        match op {
            Eq | Is | NotEq | IsNot => {
                let positive = matches!(op, Eq | Is) == truth;
                self.equality(cond, left, right, positive, at, depth);
            }
            In | NotIn => {
                let positive = (op == In) == truth;
                if let Some(tested) = self.type_of(left) {
                    self.emit(tested, at, cond, &Test::IsInstance { types: right, positive });
                } else {
                    self.emit(left, at, cond, &Test::Member { of: right, positive });
                    self.emit(right, at, cond, &Test::Contains { needle: left, positive });
                }
            }
            Less | LessEq | Greater | GreaterEq => {
                let op = if truth { op } else { negated(op) };
                self.order(cond, op, left, right, at);
                self.order(cond, mirrored(op), right, left, at);
            }
        }
    }

    pub(super) fn order(&mut self, cond: Value, op: CompareOp, tested: Value, other: Value, at: At) {
        if let Some(measured) = self.single_argument(tested, &["len"]) {
            self.emit(measured, at, cond, &Test::LengthBound { op, bound: other });
        } else if let (Some(chars), CompareOp::LessEq) = (self.single_argument(tested, &["set", "frozenset"]), op) {
            self.each_member(chars, tested, other, at, cond);
        } else if let Some((text, needle, positive)) = self.found(tested, op, other) {
            self.emit(text, at, cond, &Test::Contains { needle, positive });
        } else {
            self.emit(tested, at, cond, &Test::Compare { op, other });
        }
    }

    pub(super) fn each_member(&mut self, text: Value, element: Value, of: Value, at: At, cond: Value) {
        let member = GuardFact { key: element, via: Via::new(), at, test: Test::Member { of, positive: true }, cond };
        self.emit(text, at, cond, &Test::Each(vec![member]));
    }

    pub(super) fn equality(&mut self, cond: Value, left: Value, right: Value, positive: bool, at: At, depth: u32) {
        for (tested, other) in [(left, right), (right, left)] {
            match self.cx.op(self.cx.plain(other)) {
                Op::Const(Const::None) => {
                    // A match is an object or nothing; so is what most look-ups give.
                    if matches!(self.cx.op(self.cx.plain(tested)), Op::Call { .. }) && self.is_match(tested) {
                        self.assume(tested, !positive, at, depth - 1);
                    } else {
                        self.emit(tested, at, cond, &Test::IsNone { positive });
                    }
                    return;
                }
                Op::Const(Const::Bool(b)) => {
                    let is_test = matches!(
                        self.cx.op(self.cx.plain(tested)),
                        Op::Call { .. } | Op::Compare(..) | Op::Phi(_) | Op::Unary(UnaryOp::Not, _)
                    );
                    // That a value is not `True` does not make it `False`, unless it is the result of a test.
                    if positive || is_test {
                        self.assume(tested, *b == positive, at, depth - 1);
                        return;
                    }
                }
                _ => {}
            }
        }
        for (tested, other) in [(left, right), (right, left)] {
            if let Some(inner) = self.type_of(tested) {
                self.emit(inner, at, cond, &Test::IsInstance { types: other, positive });
                continue;
            }
            if let Some((text, needle, positive)) =
                self.found(tested, if positive { CompareOp::Eq } else { CompareOp::NotEq }, other)
            {
                self.emit(text, at, cond, &Test::Contains { needle, positive });
                continue;
            }
            if let Some((base, test)) = self.edge_character(tested, other, positive) {
                self.emit(base, at, cond, &test);
            }
            if let Some(measured) = self.single_argument(tested, &["len"]) {
                let op = if positive { CompareOp::Eq } else { CompareOp::NotEq };
                self.emit(measured, at, cond, &Test::LengthBound { op, bound: other });
            } else {
                self.emit(tested, at, cond, &Test::Equals { other, positive });
            }
        }
    }

    /// `x[0] == "/"` and `x[-1] == "/"` say how `x` starts and ends.
    pub(super) fn edge_character(&self, tested: Value, other: Value, positive: bool) -> Option<(Value, Test)> {
        let Op::Item(base, index) = self.cx.op(tested) else { return None };
        let Op::Const(Const::Str(s)) = self.cx.op(other) else { return None };
        if self.cx.text(*s).chars().count() != 1 {
            return None;
        }
        match crate::constant_of(self.cx, *index)? {
            crate::ConstValue::Int(0) => Some((*base, Test::StartsWith { prefix: other, positive })),
            crate::ConstValue::Int(-1) => Some((*base, Test::EndsWith { suffix: other, positive })),
            _ => None,
        }
    }

    /// `x.find(y) == -1`, `x.count(y) > 0` and their like: the text, the needle, and whether it is there.
    pub(super) fn found(&self, tested: Value, op: CompareOp, other: Value) -> Option<(Value, Value, bool)> {
        use CompareOp::{Eq, Greater, GreaterEq, Less, LessEq, NotEq};
        let Op::Call { .. } = self.cx.op(tested) else { return None };
        let callee = self.cx.callee(tested);
        let (text, needle) = (callee.receiver?, callee.positional(0)?);
        let crate::ConstValue::Int(n) = crate::constant_of(self.cx, other)? else { return None };
        let positive = match (callee.text_method()?, n, op) {
            ("find" | "rfind", -1, NotEq | Greater)
            | ("find" | "rfind", 0, GreaterEq)
            | ("count", 0, NotEq | Greater)
            | ("count", 1, GreaterEq) => true,
            ("find" | "rfind", -1, Eq | LessEq)
            | ("find" | "rfind", 0, Less)
            | ("count", 0, Eq | LessEq)
            | ("count", 1, Less) => false,
            _ => return None,
        };
        Some((text, needle, positive))
    }

    /// The `x` of `type(x)`.
    pub(super) fn type_of(&self, value: Value) -> Option<Value> {
        self.single_argument(value, &["type"])
    }

    /// The `x` of `f(x)` for one of these functions.
    pub(super) fn single_argument(&self, value: Value, names: &[&str]) -> Option<Value> {
        let Op::Call { args, .. } = self.cx.op(value) else { return None };
        if args.len() != 1 {
            return None;
        }
        let callee = self.cx.callee(value);
        if callee.is_any(names) { callee.positional(0) } else { None }
    }
}

fn negated(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::GreaterEq,
        CompareOp::LessEq => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessEq,
        CompareOp::GreaterEq => CompareOp::Less,
        other => other,
    }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessEq => CompareOp::GreaterEq,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterEq => CompareOp::LessEq,
        other => other,
    }
}
