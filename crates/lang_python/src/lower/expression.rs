//! Expressions and conditions.

use super::{Lowering, span_of};
use crate::scope::{Place, ScopeId, ScopeKind};
use assay_index::Idx;
use assay_ir::{BinaryOp, BlockId, Collection, CompareOp, Const, Element, Op, UnaryOp, Value};
use assay_text::Span;
use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprBoolOp, ExprCall, ExprCompare, ExprDict, ExprIf, ExprSlice, ExprSubscript, Operator,
};

impl<'a> Lowering<'a> {
    /// Lowers an expression to its value.
    pub(super) fn expression(&mut self, expr: &'a Expr) -> Value {
        match expr {
            Expr::Name(name) => self.load(&name.id, span_of(name)),
            Expr::StringLiteral(literal) => self.string(literal),
            Expr::BytesLiteral(literal) => self.bytes(literal),
            Expr::NumberLiteral(number) => self.number(number),
            Expr::BooleanLiteral(literal) => self.constant(Const::Bool(literal.value), span_of(literal)),
            Expr::NoneLiteral(literal) => self.constant(Const::None, span_of(literal)),
            Expr::EllipsisLiteral(literal) => self.constant(Const::Ellipsis, span_of(literal)),
            _ => {
                let at = span_of(expr);
                match self.nested(at, |this| this.compound(expr, at)) {
                    Some(value) => value,
                    None => self.push(Op::Unknown(Vec::new()), at),
                }
            }
        }
    }

    fn compound(&mut self, expr: &'a Expr, at: Span) -> Value {
        match expr {
            Expr::Attribute(attribute) => {
                let base = self.looked_into(&attribute.value);
                let name = self.intern(&attribute.attr);
                self.push(Op::Attr(base, name), at)
            }
            Expr::Call(call) => {
                if let Some(value) = self.namespace(call, at) {
                    return value;
                }
                let func = self.expression(&call.func);
                let args = self.arguments(&call.arguments);
                self.push(Op::Call { func, args }, at)
            }
            Expr::Subscript(subscript) => {
                if let Some((object, name)) = attribute_of_dict(subscript) {
                    let base = self.expression(object);
                    let name = self.intern(name);
                    return self.push(Op::Attr(base, name), at);
                }
                let base = self.looked_into(&subscript.value);
                let key = self.expression(&subscript.slice);
                self.push(Op::Item(base, key), at)
            }
            Expr::BinOp(operation) => {
                let left = self.expression(&operation.left);
                let right = self.expression(&operation.right);
                self.push(Op::Binary(binary_op(operation.op), left, right), at)
            }
            Expr::UnaryOp(operation) => {
                let operand = self.expression(&operation.operand);
                self.push(Op::Unary(unary_op(operation.op), operand), at)
            }
            Expr::List(list) => self.collection(Collection::List, &list.elts, at),
            Expr::Tuple(tuple) => self.collection(Collection::Tuple, &tuple.elts, at),
            Expr::Set(set) => self.collection(Collection::Set, &set.elts, at),
            _ => self.rare(expr, at),
        }
    }

    /// The kinds of expression that seldom nest; apart, so that the frames of the others stay small.
    #[inline(never)]
    fn rare(&mut self, expr: &'a Expr, at: Span) -> Value {
        match expr {
            Expr::Dict(dict) => self.dict(dict, at),
            Expr::BoolOp(operation) => self.bool_value(operation, at),
            Expr::Compare(compare) => self.compare_value(compare, at),
            Expr::If(choice) => self.choice(choice, at),
            Expr::Named(named) => {
                let value = self.expression(&named.value);
                self.assign(&named.target, value);
                value
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::ListComp(c) => self.list_comprehension(Collection::List, c, &c.elt, &c.generators, at),
            Expr::SetComp(c) => self.list_comprehension(Collection::Set, c, &c.elt, &c.generators, at),
            Expr::Generator(c) => self.list_comprehension(Collection::Generator, c, &c.elt, &c.generators, at),
            Expr::DictComp(c) => self.dict_comprehension(c, at),
            Expr::Await(awaited) => {
                let value = self.expression(&awaited.value);
                self.push(Op::Await(value), at)
            }
            Expr::Yield(yielded) => {
                self.body.function_mut().is_generator = true;
                let value = match &yielded.value {
                    Some(value) => self.expression(value),
                    None => self.constant(Const::None, at),
                };
                self.push(Op::Yield(value), at)
            }
            Expr::YieldFrom(yielded) => {
                self.body.function_mut().is_generator = true;
                let value = self.expression(&yielded.value);
                self.push(Op::YieldFrom(value), at)
            }
            Expr::FString(literal) => self.f_string(literal),
            Expr::TString(literal) => self.t_string(literal),
            // A star outside of a display or call occurs after a syntax error, or in a subscript.
            Expr::Starred(starred) => {
                let value = self.expression(&starred.value);
                let element = Element { value, spread: true };
                self.push(Op::Collection(Collection::Tuple, vec![element]), at)
            }
            Expr::Slice(slice) => self.slice(slice, at),
            Expr::IpyEscapeCommand(_) => self.push(Op::Unknown(Vec::new()), at),
            _ => self.expression(expr),
        }
    }

    /// An object of which a part is asked for. `locals()` is a mapping of all that is in reach then, code included.
    fn looked_into(&mut self, expr: &'a Expr) -> Value {
        match expr {
            Expr::Call(call) if call.arguments.is_empty() && call.func.is_name_expr() => {
                let func = self.expression(&call.func);
                self.push(Op::Call { func, args: Vec::new() }, span_of(call))
            }
            _ => self.expression(expr),
        }
    }

    /// `locals()` of a function is a mapping of its variables; `vars(object)` is `object.__dict__`.
    #[inline(never)]
    fn namespace(&mut self, call: &'a ExprCall, at: Span) -> Option<Value> {
        let Expr::Name(name) = &*call.func else { return None };
        let object = match (name.id.as_str(), &*call.arguments.args) {
            ("locals" | "vars", []) => None,
            ("vars", [object]) if !object.is_starred_expr() => Some(object),
            _ => return None,
        };
        let symbol = self.intern(&name.id);
        let shadowed = |scope| self.scopes.place(scope, symbol) != Place::Global;
        if !call.arguments.keywords.is_empty() || shadowed(self.scope) || shadowed(ScopeId::new(0)) {
            return None;
        }
        if let Some(object) = object {
            let object = self.expression(object);
            let name = self.intern("__dict__");
            return Some(self.push(Op::Attr(object, name), at));
        }
        let frame = self.scopes.all[self.scope].frame;
        if self.scopes.all[frame].kind != ScopeKind::Function {
            return None;
        }
        let mut entries = Vec::new();
        for variable in self.scopes.variables(frame) {
            let value = match self.scopes.place(frame, variable) {
                Place::Local(local) => self.body.read(local),
                Place::Cell(owner, captured) => {
                    let captured = self.cell(owner, captured);
                    self.push(Op::LoadCell(captured), at)
                }
                _ => continue,
            };
            let key = self.constant(Const::Str(variable), at);
            entries.push((Some(key), value));
        }
        Some(self.push(Op::Dict(entries), at))
    }

    fn collection(&mut self, kind: Collection, elements: &'a [Expr], at: Span) -> Value {
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            values.push(match element {
                Expr::Starred(starred) => Element { value: self.expression(&starred.value), spread: true },
                element => Element { value: self.expression(element), spread: false },
            });
        }
        self.push(Op::Collection(kind, values), at)
    }

    fn dict(&mut self, dict: &'a ExprDict, at: Span) -> Value {
        let mut entries = Vec::with_capacity(dict.items.len());
        for item in &dict.items {
            let key = item.key.as_ref().map(|key| self.expression(key));
            entries.push((key, self.expression(&item.value)));
        }
        self.push(Op::Dict(entries), at)
    }

    fn slice(&mut self, slice: &'a ExprSlice, at: Span) -> Value {
        let lower = slice.lower.as_ref().map(|e| self.expression(e));
        let upper = slice.upper.as_ref().map(|e| self.expression(e));
        let step = slice.step.as_ref().map(|e| self.expression(e));
        self.push(Op::Slice(lower, upper, step), at)
    }

    /// `a and b`, `a or b` as a value: that of the operand which decides.
    fn bool_value(&mut self, operation: &'a ExprBoolOp, at: Span) -> Value {
        let mut inputs = Vec::with_capacity(operation.values.len());
        for (i, operand) in operation.values.iter().enumerate() {
            let value = self.expression(operand);
            if i + 1 == operation.values.len() {
                inputs.push((self.body.current(), value));
                break;
            }
            let (yes, no) = self.body.branch(value);
            let (go_on, done) = match operation.op {
                BoolOp::And => (yes, no),
                BoolOp::Or => (no, yes),
            };
            inputs.push((done, value));
            self.body.switch_to(go_on);
        }
        self.body.join(&inputs, at)
    }

    /// `a < b < c` as a value.
    fn compare_value(&mut self, compare: &'a ExprCompare, at: Span) -> Value {
        let mut left = self.expression(&compare.left);
        let mut inputs = Vec::new();
        let last = compare.comparators.len().saturating_sub(1);
        for (i, (op, right)) in compare.ops.iter().zip(&compare.comparators).enumerate() {
            let right = self.expression(right);
            let value = self.push(Op::Compare(compare_op(*op), left, right), at);
            if i == last {
                if inputs.is_empty() {
                    return value;
                }
                inputs.push((self.body.current(), value));
                break;
            }
            let (yes, no) = self.body.branch(value);
            inputs.push((no, value));
            self.body.switch_to(yes);
            left = right;
        }
        self.body.join(&inputs, at)
    }

    fn choice(&mut self, choice: &'a ExprIf, at: Span) -> Value {
        // `a if b else c if d else …` leans to the right; it is walked without recursion.
        let mut inputs = Vec::new();
        let mut rest = choice;
        loop {
            let (yes, no) = self.condition(&rest.test);
            self.body.switch_to(yes);
            let value = self.expression(&rest.body);
            inputs.push((self.body.current(), value));
            self.body.switch_to(no);
            match &*rest.orelse {
                Expr::If(next) => rest = next,
                last => {
                    let value = self.expression(last);
                    inputs.push((self.body.current(), value));
                    return self.body.join(&inputs, at);
                }
            }
        }
    }

    /// Branches on an expression; gives the blocks for true and false, both sealed and each with
    /// a single predecessor or joining several decisions.
    pub(super) fn condition(&mut self, expr: &'a Expr) -> (BlockId, BlockId) {
        if let Some(blocks) = self.nested(span_of(expr), |this| this.condition_inner(expr)) {
            blocks
        } else {
            let value = self.push(Op::Unknown(Vec::new()), span_of(expr));
            self.body.branch(value)
        }
    }

    fn condition_inner(&mut self, expr: &'a Expr) -> (BlockId, BlockId) {
        match expr {
            Expr::UnaryOp(operation) if operation.op == ruff_python_ast::UnaryOp::Not => {
                let (yes, no) = self.condition(&operation.operand);
                (no, yes)
            }
            Expr::BoolOp(operation) => {
                let mut decided = Vec::with_capacity(operation.values.len());
                let mut open = None;
                for operand in &operation.values {
                    if let Some(block) = open {
                        self.body.switch_to(block);
                    }
                    let (yes, no) = self.condition(operand);
                    let (go_on, done) = match operation.op {
                        BoolOp::And => (yes, no),
                        BoolOp::Or => (no, yes),
                    };
                    decided.push(done);
                    open = Some(go_on);
                }
                let go_on = open.unwrap_or_else(|| self.body.current());
                let done = self.gather(&decided);
                match operation.op {
                    BoolOp::And => (go_on, done),
                    BoolOp::Or => (done, go_on),
                }
            }
            Expr::Compare(compare) if compare.ops.len() > 1 => {
                let mut left = self.expression(&compare.left);
                let mut failed = Vec::with_capacity(compare.ops.len());
                for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                    let right = self.expression(right);
                    let value = self.push(Op::Compare(compare_op(*op), left, right), span_of(expr));
                    let (yes, no) = self.body.branch(value);
                    failed.push(no);
                    self.body.switch_to(yes);
                    left = right;
                }
                let yes = self.body.current();
                (yes, self.gather(&failed))
            }
            _ => {
                let value = self.expression(expr);
                self.body.branch(value)
            }
        }
    }

    /// One block behind all of `blocks`, which are open. The current block changes.
    pub(super) fn gather(&mut self, blocks: &[BlockId]) -> BlockId {
        if let [block] = blocks {
            return *block;
        }
        let to = self.body.new_block();
        for &block in blocks {
            self.body.switch_to(block);
            self.body.goto(to);
        }
        self.body.seal(to);
        to
    }
}

pub(super) fn binary_op(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mult => BinaryOp::Mul,
        Operator::MatMult => BinaryOp::MatMul,
        Operator::Div => BinaryOp::Div,
        Operator::Mod => BinaryOp::Mod,
        Operator::Pow => BinaryOp::Pow,
        Operator::LShift => BinaryOp::ShiftLeft,
        Operator::RShift => BinaryOp::ShiftRight,
        Operator::BitOr => BinaryOp::BitOr,
        Operator::BitXor => BinaryOp::BitXor,
        Operator::BitAnd => BinaryOp::BitAnd,
        Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

fn unary_op(op: ruff_python_ast::UnaryOp) -> UnaryOp {
    match op {
        ruff_python_ast::UnaryOp::Invert => UnaryOp::Invert,
        ruff_python_ast::UnaryOp::Not => UnaryOp::Not,
        ruff_python_ast::UnaryOp::UAdd => UnaryOp::Plus,
        ruff_python_ast::UnaryOp::USub => UnaryOp::Minus,
    }
}

fn compare_op(op: CmpOp) -> CompareOp {
    match op {
        CmpOp::Eq => CompareOp::Eq,
        CmpOp::NotEq => CompareOp::NotEq,
        CmpOp::Lt => CompareOp::Less,
        CmpOp::LtE => CompareOp::LessEq,
        CmpOp::Gt => CompareOp::Greater,
        CmpOp::GtE => CompareOp::GreaterEq,
        CmpOp::Is => CompareOp::Is,
        CmpOp::IsNot => CompareOp::IsNot,
        CmpOp::In => CompareOp::In,
        CmpOp::NotIn => CompareOp::NotIn,
    }
}

/// The object and the name when a subscript is an attribute in other words: `object.__dict__["name"]`.
pub(super) fn attribute_of_dict(subscript: &ExprSubscript) -> Option<(&Expr, &str)> {
    match (&*subscript.value, &*subscript.slice) {
        (Expr::Attribute(dict), Expr::StringLiteral(name)) if dict.attr.as_str() == "__dict__" => {
            Some((&dict.value, name.value.to_str()))
        }
        _ => None,
    }
}
