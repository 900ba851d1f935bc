//! What values are within a turn of a loop: the evaluation of expressions on abstract values.

use super::{Abs, DENY_EMPTY, EFFECTS, KEEP_EMPTY, PURE, Premise, Turns, join, truth};
use assay_ir::{BinaryOp, BlockId, CompareOp, Const, Op, UnaryOp, Value};
use assay_resolve::Object;

impl Turns<'_, '_> {
    /// What a value is in this turn.
    pub(super) fn eval(&mut self, value: Value, depth: u32) -> Abs {
        if let Some(known) = self.values.get(&value) {
            return *known;
        }
        if depth == 0 {
            return Abs::Changing;
        }
        self.values.insert(value, Abs::Changing);
        let abs = self.evaluate(value, depth - 1);
        self.values.insert(value, abs);
        abs
    }

    fn evaluate(&mut self, value: Value, depth: u32) -> Abs {
        let function = self.code.function(self.f);
        let op = function.op(value);
        if let Op::Const(constant) = op {
            return match constant {
                Const::None => Abs::None,
                Const::Bool(b) => Abs::Bool(*b),
                Const::Int(i) => Abs::Int(*i),
                Const::Str(s) | Const::Bytes(s) if self.code.text(*s).is_empty() => Abs::Empty,
                _ => Abs::Same(value),
            };
        }
        if !self.inside(value) {
            return Abs::Same(value);
        }
        match op {
            Op::Phi(_) if self.blocks.block(value) == Some(self.the_loop.header) => {
                self.assumed.get(&value).copied().unwrap_or(Abs::Same(value))
            }
            Op::Phi(inputs) => self.merge(value, inputs, depth),
            Op::Annotated { value: Some(inner), .. } | Op::Await(inner) | Op::Unary(UnaryOp::Plus, inner) => {
                self.eval(*inner, depth)
            }
            Op::Global(name) => {
                if self.stored.contains(name) {
                    Abs::Changing
                } else {
                    Abs::Still
                }
            }
            Op::Attr(base, name) => {
                if self.stored.contains(name) {
                    return Abs::Changing;
                }
                match self.eval(*base, depth) {
                    Abs::Changing => Abs::Changing,
                    _ if self.has_own_calls() => Abs::Changing,
                    _ => Abs::Still,
                }
            }
            Op::Item(base, key) => self.item(value, *base, *key, depth),
            Op::Unpack { base, .. } => match self.eval(*base, depth) {
                Abs::Stated(_) => self.stated(value),
                Abs::Changing => Abs::Changing,
                _ => Abs::Still,
            },
            Op::Binary(op, a, b) | Op::InPlace(op, a, b) => {
                let (a, b) = (self.eval(*a, depth), self.eval(*b, depth));
                self.arithmetic(*op, a, b)
            }
            Op::Unary(UnaryOp::Not, inner) => {
                let inner = self.eval(*inner, depth);
                match truth(inner) {
                    Some(t) => Abs::Bool(!t),
                    None if inner == Abs::Changing => Abs::Changing,
                    None => Abs::Still,
                }
            }
            Op::Compare(op, a, b) => self.compare(*op, *a, *b, depth),
            Op::Call { .. } => self.call(value, depth),
            Op::Collection(_, elements) => {
                let mut out = Abs::Still;
                for element in elements {
                    if self.eval(element.value, depth) == Abs::Changing {
                        out = Abs::Changing;
                    }
                }
                out
            }
            Op::Slice(..) | Op::Format(_) | Op::Unary(..) | Op::Dict(_) | Op::MakeFunction { .. } => {
                let mut operands = Vec::new();
                op.for_each_operand(|v| operands.push(v));
                let changing = operands.into_iter().any(|v| self.eval(v, depth) == Abs::Changing);
                if changing { Abs::Changing } else { Abs::Still }
            }
            Op::Import { .. } | Op::ImportFrom { .. } => Abs::Still,
            _ => Abs::Changing,
        }
    }

    /// Whether the loop calls functions of the project, which may change what is loaded.
    fn has_own_calls(&self) -> bool {
        let function = self.code.function(self.f);
        self.the_loop.body.iter().flat_map(|b| &function.blocks[*b].insts).any(|value| {
            matches!(function.op(*value), Op::Call { .. })
                && self.code.res.call(self.f, *value).is_none_or(|t| !t.functions.is_empty())
        })
    }

    /// What several ways bring together, of those that the turn took.
    fn merge(&mut self, value: Value, inputs: &[(BlockId, Value)], depth: u32) -> Abs {
        let Some(block) = self.blocks.block(value) else { return Abs::Changing };
        let position = |b: BlockId, order: &[BlockId]| order.iter().position(|o| *o == b);
        let own = position(block, &self.order);
        let mut out = None;
        for (from, input) in inputs {
            // An inner loop brings back what it made.
            if self.the_loop.body.contains(from) && position(*from, &self.order) >= own {
                if self.before.as_ref().is_none_or(|before| !before.contains(&(*from, block))) {
                    continue;
                }
                if *input == value || self.eval(*input, depth) == Abs::Same(value) {
                    continue;
                }
                return Abs::Changing;
            }
            if !self.taken.contains(&(*from, block)) {
                continue;
            }
            let abs = self.eval(*input, depth);
            out = Some(out.map_or(abs, |have| join(have, abs)));
        }
        out.unwrap_or(Abs::Changing)
    }

    fn stated(&self, value: Value) -> Abs {
        if self.zero.contains(&value) { Abs::Int(0) } else { Abs::Stated(value) }
    }

    fn item(&mut self, value: Value, base: Value, key: Value, depth: u32) -> Abs {
        let whole = self.eval(base, depth);
        let slice = match self.code.op(self.f, key) {
            Op::Slice(start, end, step) => Some((*start, *end, *step)),
            _ => None,
        };
        match (whole, slice) {
            (Abs::Changing, _) => Abs::Changing,
            (Abs::Empty, Some(_)) => Abs::Empty,
            // What is left behind a start of zero is all of it.
            (Abs::Same(v), Some((Some(start), None, None))) => match self.eval(start, depth) {
                Abs::Int(0) => Abs::Same(v),
                Abs::Stated(length) => {
                    self.needed.insert(length);
                    Abs::Same(v)
                }
                Abs::Changing => Abs::Changing,
                _ => Abs::Still,
            },
            (Abs::Stated(_), None) => self.stated(value),
            _ => {
                if self.eval(key, depth) == Abs::Changing {
                    return Abs::Changing;
                }
                if slice.is_none() && self.premise == Premise::Zero && self.is_bytes(base) {
                    return self.stated(value);
                }
                Abs::Still
            }
        }
    }

    fn is_bytes(&self, value: Value) -> bool {
        self.code.res.objects(self.f, value).any(|o| match o {
            Object::Api(api) => matches!(self.code.api(api), "bytes" | "bytearray" | "memoryview"),
            _ => false,
        })
    }

    #[expect(clippy::match_same_arms, reason = "a table of rules, in the order in which they apply")]
    fn arithmetic(&mut self, op: BinaryOp, a: Abs, b: Abs) -> Abs {
        match (op, a, b) {
            (BinaryOp::Add, x, Abs::Empty | Abs::Int(0)) | (BinaryOp::Sub, x, Abs::Int(0)) => x,
            (BinaryOp::Add, Abs::Empty | Abs::Int(0), x) => x,
            (_, Abs::Changing, _) | (_, _, Abs::Changing) => Abs::Changing,
            (BinaryOp::Add | BinaryOp::Sub, Abs::Same(v), Abs::Stated(length)) => {
                self.needed.insert(length);
                Abs::Same(v)
            }
            (BinaryOp::Add, Abs::Stated(length), Abs::Same(v)) => {
                self.needed.insert(length);
                Abs::Same(v)
            }
            (BinaryOp::Add, Abs::Int(a), Abs::Int(b)) => a.checked_add(b).map_or(Abs::Still, Abs::Int),
            (BinaryOp::Sub, Abs::Int(a), Abs::Int(b)) => a.checked_sub(b).map_or(Abs::Still, Abs::Int),
            _ => Abs::Still,
        }
    }

    #[expect(clippy::match_same_arms, reason = "a table of rules, in the order in which they apply")]
    fn compare(&mut self, op: CompareOp, a: Value, b: Value, depth: u32) -> Abs {
        let (left, right) = (self.eval(a, depth), self.eval(b, depth));
        let text = |v: Value| self.code.literal(self.f, v).map(str::to_owned);
        let answer = match (op, left, right) {
            (CompareOp::Is | CompareOp::Eq, Abs::Empty | Abs::Int(_) | Abs::Bool(_), Abs::None) => Some(false),
            (CompareOp::IsNot | CompareOp::NotEq, Abs::Empty | Abs::Int(_) | Abs::Bool(_), Abs::None) => Some(true),
            (CompareOp::Is | CompareOp::Eq, Abs::None, Abs::None) => Some(true),
            (CompareOp::IsNot | CompareOp::NotEq, Abs::None, Abs::None) => Some(false),
            (CompareOp::Eq, Abs::Empty, Abs::Empty) => Some(true),
            (CompareOp::NotEq, Abs::Empty, Abs::Empty) => Some(false),
            (CompareOp::Eq | CompareOp::Is, Abs::Empty, Abs::Same(_)) if text(b).is_some() => Some(false),
            (CompareOp::NotEq | CompareOp::IsNot, Abs::Empty, Abs::Same(_)) if text(b).is_some() => Some(true),
            (CompareOp::Eq, Abs::Same(_), Abs::Empty) if text(a).is_some() => Some(false),
            (CompareOp::NotEq, Abs::Same(_), Abs::Empty) if text(a).is_some() => Some(true),
            (CompareOp::In | CompareOp::NotIn, Abs::Empty, _) => {
                match self.holds_empty(b) {
                    Some(found) => Some(found == (op == CompareOp::In)),
                    // Few collections hold a text without characters.
                    None if op == CompareOp::In => Some(false),
                    None => return Abs::Changing,
                }
            }
            (CompareOp::In, _, Abs::Empty) => Some(false),
            (CompareOp::NotIn, _, Abs::Empty) => Some(true),
            (_, Abs::Int(a), Abs::Int(b)) => match op {
                CompareOp::Eq | CompareOp::Is => Some(a == b),
                CompareOp::NotEq | CompareOp::IsNot => Some(a != b),
                CompareOp::Less => Some(a < b),
                CompareOp::LessEq => Some(a <= b),
                CompareOp::Greater => Some(a > b),
                CompareOp::GreaterEq => Some(a >= b),
                CompareOp::In | CompareOp::NotIn => None,
            },
            _ => None,
        };
        match answer {
            Some(answer) => Abs::Bool(answer),
            None if left == Abs::Changing || right == Abs::Changing => Abs::Changing,
            None => Abs::Still,
        }
    }

    /// Whether a container holds a text without characters; every text does.
    fn holds_empty(&self, container: Value) -> Option<bool> {
        match assay_taint::constant(self.code.res, self.f, container)? {
            assay_values::ConstValue::Str(_) | assay_values::ConstValue::Bytes(_) => Some(true),
            assay_values::ConstValue::Sequence(items) | assay_values::ConstValue::Mapping(items) => {
                Some(items.iter().any(|i| i.as_str().is_some_and(str::is_empty)))
            }
            _ => None,
        }
    }

    fn call(&mut self, call: Value, depth: u32) -> Abs {
        let Op::Call { func, args } = self.code.op(self.f, call) else { return Abs::Changing };
        if self.is_read(call) {
            if self.premise == Premise::Ended {
                self.reads.get_or_insert(call);
                return Abs::Empty;
            }
            return Abs::Changing;
        }
        let mut abs = Vec::with_capacity(args.len());
        for arg in args {
            abs.push(self.eval(arg.value, depth));
        }
        let changing = abs.contains(&Abs::Changing);
        if self.is_stating(call) {
            return if changing { Abs::Changing } else { self.stated(call) };
        }
        let callee = self.code.callee(self.f, call);
        let last = callee.rsplit('.').next().unwrap_or(&callee).to_owned();
        let last = last.as_str();
        if let Op::Attr(base, _) = self.code.op(self.f, *func) {
            let receiver = self.eval(*base, depth);
            return match (last, receiver) {
                ("join", _) if abs.first() == Some(&Abs::Empty) => Abs::Empty,
                (_, Abs::Empty) if KEEP_EMPTY.contains(&last) && last != "join" => Abs::Empty,
                (_, Abs::Empty) if DENY_EMPTY.contains(&last) => Abs::Bool(false),
                ("find" | "rfind", Abs::Empty) => Abs::Int(-1),
                ("count", Abs::Empty) => Abs::Int(0),
                ("from_bytes", _) if abs.first() == Some(&Abs::Empty) => Abs::Int(0),
                _ if EFFECTS.contains(&last) => Abs::Still,
                (_, Abs::Changing) => Abs::Changing,
                _ if changing => Abs::Changing,
                _ if KEEP_EMPTY.contains(&last) || DENY_EMPTY.contains(&last) => Abs::Still,
                ("find" | "rfind" | "count" | "get" | "format" | "keys", _) => Abs::Still,
                _ => Abs::Changing,
            };
        }
        match (last, abs.first()) {
            ("len", Some(Abs::Empty)) => Abs::Int(0),
            ("str" | "bytes" | "list" | "tuple" | "set" | "bytearray", Some(Abs::Empty)) => Abs::Empty,
            ("bool", Some(first)) => truth(*first).map_or(*first, Abs::Bool),
            ("len", Some(_)) if !changing => Abs::Still,
            _ if PURE.contains(&last) && !changing => Abs::Still,
            _ => Abs::Changing,
        }
    }
}
