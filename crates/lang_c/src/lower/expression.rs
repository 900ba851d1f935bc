//! Expressions.

use super::{Lowerer, Slot};
use crate::tree::{Expr, ExprKind, Init, LocalId, StmtKind};
use assay_index::Idx;
use assay_ir::{
    Arg, ArgKind, ArithOp, BlockId, Comparison, Const, MemoryOp, Op, Terminator, Type, TypeId, Value, Variable,
};
use assay_text::Span;

impl Lowerer<'_, '_> {
    /// Runs an expression for its effect.
    pub(super) fn effect(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Assign(target, value) => {
                self.assign(target, value, expr.span);
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.effect(right);
            }
            ExprKind::Cond(condition, then, otherwise) => {
                let (yes, no) = self.condition(condition);
                let end = self.builder.new_block();
                for (block, value) in [(yes, then), (no, otherwise)] {
                    self.builder.switch_to(block);
                    self.effect(value);
                    self.builder.goto(end);
                }
                self.builder.seal(end);
                self.builder.switch_to(end);
            }
            ExprKind::And(..) | ExprKind::Or(..) => {
                let (yes, no) = self.condition(expr);
                let end = self.builder.new_block();
                for block in [yes, no] {
                    self.builder.switch_to(block);
                    self.builder.goto(end);
                }
                self.builder.seal(end);
                self.builder.switch_to(end);
            }
            ExprKind::Int(_) | ExprKind::Local(_) => {}
            ExprKind::Block(block) => {
                self.block(block);
            }
            ExprKind::Literal(local, init) => {
                self.literal(*local, init, expr.span);
            }
            _ if matches!(self.unit.types.get(expr.ty), Type::Record(_)) && expr.is_lvalue() => {
                self.address(expr);
            }
            _ => {
                self.value(expr);
            }
        }
    }

    /// The value of an expression; what an lvalue holds.
    pub(super) fn value(&mut self, expr: &Expr) -> Value {
        let (ty, span) = (expr.ty, expr.span);
        match &expr.kind {
            ExprKind::Int(value) => self.int(*value, ty, span),
            ExprKind::Float(value) => self.builder.push_typed(Op::Const(Const::Float(value.to_bits())), Some(ty), span),
            ExprKind::Local(local) => match self.slot(*local) {
                Some(Slot::Register(variable)) => self.builder.read(variable),
                _ => self.load(expr),
            },
            ExprKind::Object(_) | ExprKind::Deref(_) | ExprKind::Member(..) | ExprKind::Literal(..) => self.load(expr),
            ExprKind::Text(_) => self.address(expr),
            ExprKind::Address(inner) => {
                let address = self.address(inner);
                if self.builder.type_of(address) == Some(ty) {
                    address
                } else {
                    self.convert(address, inner.ty, ty, span)
                }
            }
            ExprKind::Arith(op, left, right) => {
                let (left, right) = (self.value(left), self.value(right));
                self.memory(MemoryOp::Arith { op: *op, left, right, ty }, Some(ty), span)
            }
            ExprKind::Compare(op, left, right) => {
                let operands = left.ty;
                let (left, right) = (self.value(left), self.value(right));
                self.memory(MemoryOp::Compare { op: *op, left, right, ty: operands }, Some(ty), span)
            }
            ExprKind::Offset(base, index, minus, element) => {
                let base = self.value(base);
                let index = self.index(index, *minus, span);
                self.memory(MemoryOp::Offset { base, index, element: *element }, Some(ty), span)
            }
            ExprKind::Distance(left, right, element) => {
                let (left, right) = (self.value(left), self.value(right));
                self.memory(MemoryOp::Distance { left, right, element: *element }, Some(ty), span)
            }
            ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..) => self.truth(expr),
            ExprKind::Cond(condition, then, otherwise) => {
                let (yes, no) = self.condition(condition);
                self.builder.switch_to(yes);
                let first = self.value(then);
                let first = (self.builder.current(), first);
                self.builder.switch_to(no);
                let second = self.value(otherwise);
                let second = (self.builder.current(), second);
                self.builder.join(&[first, second], span)
            }
            ExprKind::Elvis(condition, otherwise) => {
                let value = self.value(condition);
                let (yes, no) = self.test(value, condition.ty, span);
                self.builder.switch_to(no);
                let second = self.value(otherwise);
                let second = (self.builder.current(), second);
                self.builder.join(&[(yes, value), second], span)
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.value(right)
            }
            ExprKind::Assign(target, value) => match self.assign(target, value, span) {
                Some(value) => value,
                None => self.value(target),
            },
            ExprKind::Update(op, target, value, compute) => {
                let value = self.value(value);
                self.modify(target, span, |this, old| {
                    let old = this.convert(old, ty, *compute, span);
                    let new = MemoryOp::Arith { op: *op, left: old, right: value, ty: *compute };
                    let new = this.memory(new, Some(*compute), span);
                    this.convert(new, *compute, ty, span)
                })
                .1
            }
            ExprKind::Move(target, value, minus) => {
                let element = self.unit.types.pointee(ty).unwrap_or(self.unit.basic.unknown);
                let index = self.index(value, *minus, span);
                self.modify(target, span, |this, base| {
                    this.memory(MemoryOp::Offset { base, index, element }, Some(ty), span)
                })
                .1
            }
            ExprKind::Step { target, down, post } => {
                let (old, new) = self.modify(target, span, |this, old| this.stepped(old, ty, *down, span));
                if *post { old } else { new }
            }
            ExprKind::Call(callee, arguments) => self.call(callee, arguments, ty, span),
            ExprKind::Convert(inner) => {
                let value = self.value(inner);
                self.convert(value, inner.ty, ty, span)
            }
            ExprKind::Block(block) => self.block_value(block, ty, span),
            ExprKind::Throw(value) => {
                let value = value.as_ref().map(|value| self.value(value));
                self.builder.terminate(Terminator::Raise(value));
                self.builder.start_dead();
                self.builder.push_typed(Op::Undefined, Some(ty), span)
            }
            ExprKind::Unknown(operands) => {
                let operands = operands.iter().map(|operand| self.operand(operand)).collect();
                self.builder.push_typed(Op::Unknown(operands), Some(ty), span)
            }
        }
    }

    /// What an unknown operation reads: the address of an aggregate, the value of anything else.
    fn operand(&mut self, expr: &Expr) -> Value {
        if self.is_aggregate(expr.ty) && expr.is_lvalue() { self.address(expr) } else { self.value(expr) }
    }

    fn load(&mut self, expr: &Expr) -> Value {
        let from = self.address(expr);
        if matches!(self.unit.types.get(expr.ty), Type::Function { .. } | Type::Array { .. } | Type::Void) {
            return from;
        }
        self.memory(MemoryOp::Load { from, ty: expr.ty }, Some(expr.ty), expr.span)
    }

    /// The address of an lvalue, or of a function.
    pub(super) fn address(&mut self, expr: &Expr) -> Value {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Local(local) => match self.slot(*local) {
                Some(Slot::Memory(address)) => address,
                Some(Slot::Dynamic(variable)) => self.builder.read(variable),
                _ => {
                    let pointer = self.pointer_to(expr.ty);
                    self.builder.push_typed(Op::Unknown(Vec::new()), Some(pointer), span)
                }
            },
            ExprKind::Object(object) => {
                let pointer = self.pointer_to(expr.ty);
                self.memory(MemoryOp::Address(*object), Some(pointer), span)
            }
            ExprKind::Text(text) => {
                let (constant, ty) = match *self.unit.types.get(expr.ty) {
                    Type::Array { element, .. } if element != self.unit.basic.char => {
                        (Const::Str(*text), self.pointer_to(element))
                    }
                    _ => (Const::Bytes(*text), self.unit.basic.char_pointer),
                };
                self.builder.push_typed(Op::Const(constant), Some(ty), span)
            }
            ExprKind::Deref(inner) => self.value(inner),
            ExprKind::Member(base, record, field) => {
                let base = self.address(base);
                let pointer = self.pointer_to(expr.ty);
                self.memory(MemoryOp::Member { base, record: *record, field: *field }, Some(pointer), span)
            }
            ExprKind::Literal(local, init) => {
                self.literal(*local, init, span);
                match self.slot(*local) {
                    Some(Slot::Memory(address)) => address,
                    _ => {
                        let pointer = self.pointer_to(expr.ty);
                        self.builder.push_typed(Op::Unknown(Vec::new()), Some(pointer), span)
                    }
                }
            }
            _ => {
                // What has no address is put into memory that is not known.
                let value = self.value(expr);
                let pointer = self.pointer_to(expr.ty);
                self.builder.push_typed(Op::Unknown(vec![value]), Some(pointer), span)
            }
        }
    }

    /// Initialises a variable without a name.
    fn literal(&mut self, local: LocalId, init: &Init, span: Span) {
        if let Some(Slot::Memory(address)) = self.slot(local) {
            let ty = self.locals[local].ty;
            self.initialise(address, ty, init, span, false);
        }
    }

    pub(super) fn convert(&mut self, value: Value, from: TypeId, to: TypeId, span: Span) -> Value {
        if from == to || matches!(self.unit.types.get(to), Type::Void | Type::Record(_)) {
            return value;
        }
        self.memory(MemoryOp::Convert { value, from, to }, Some(to), span)
    }

    /// The index of an address, negated when it is subtracted.
    fn index(&mut self, index: &Expr, minus: bool, span: Span) -> Value {
        let ty = index.ty;
        if let (ExprKind::Int(number), true) = (&index.kind, minus) {
            return self.int(number.wrapping_neg(), self.unit.basic.long, span);
        }
        let value = self.value(index);
        if !minus {
            return value;
        }
        let left = self.int(0, ty, span);
        self.memory(MemoryOp::Arith { op: ArithOp::Sub, left, right: value, ty }, Some(ty), span)
    }

    fn stepped(&mut self, old: Value, ty: TypeId, down: bool, span: Span) -> Value {
        if let Type::Pointer(element) = *self.unit.types.get(ty) {
            let long = self.unit.basic.long;
            let index = self.int(if down { -1 } else { 1 }, long, span);
            return self.memory(MemoryOp::Offset { base: old, index, element }, Some(ty), span);
        }
        let one = if matches!(self.unit.types.get(ty), Type::Float { .. }) {
            self.builder.push_typed(Op::Const(Const::Float(1.0_f64.to_bits())), Some(ty), span)
        } else {
            self.int(1, ty, span)
        };
        let op = if down { ArithOp::Sub } else { ArithOp::Add };
        self.memory(MemoryOp::Arith { op, left: old, right: one, ty }, Some(ty), span)
    }

    /// Replaces what an lvalue holds by what `f` makes of it; gives both.
    fn modify(&mut self, target: &Expr, span: Span, f: impl FnOnce(&mut Self, Value) -> Value) -> (Value, Value) {
        if let ExprKind::Local(local) = target.kind
            && let Some(Slot::Register(variable)) = self.slot(local)
        {
            let old = self.builder.read(variable);
            let new = f(self, old);
            self.builder.write(variable, new);
            return (old, new);
        }
        let (address, ty) = (self.address(target), target.ty);
        let old = self.memory(MemoryOp::Load { from: address, ty }, Some(ty), target.span);
        let new = f(self, old);
        self.memory(MemoryOp::Store { to: address, value: new, ty }, None, span);
        (old, new)
    }

    /// `target = value`; gives the value when it is a scalar.
    fn assign(&mut self, target: &Expr, value: &Expr, span: Span) -> Option<Value> {
        if let ExprKind::Local(local) = target.kind
            && let Some(Slot::Register(variable)) = self.slot(local)
        {
            let value = self.value(value);
            self.builder.write(variable, value);
            return Some(value);
        }
        if self.is_aggregate(value.ty) && value.is_lvalue() {
            let from = self.address(value);
            let to = self.address(target);
            self.memory(MemoryOp::Copy { to, from, ty: value.ty }, None, span);
            return None;
        }
        let value = self.value(value);
        let to = self.address(target);
        self.memory(MemoryOp::Store { to, value, ty: target.ty }, None, span);
        Some(value)
    }

    fn call(&mut self, callee: &Expr, arguments: &[Expr], ty: TypeId, span: Span) -> Value {
        let func = self.value(callee);
        let mut passed = Vec::with_capacity(arguments.len());
        for argument in arguments {
            passed.push(Arg { kind: ArgKind::Positional, value: self.value(argument) });
        }
        let value = self.builder.push_typed(Op::Call { func, args: passed }, Some(ty), span);
        let named = match &callee.kind {
            ExprKind::Address(inner) => match inner.kind {
                ExprKind::Object(object) => Some(object),
                _ => None,
            },
            _ => None,
        };
        if named.is_some_and(|object| self.unit.objects[object].noreturn) {
            self.builder.terminate(Terminator::Unreachable);
            self.builder.start_dead();
            return self.builder.push_typed(Op::Undefined, Some(ty), span);
        }
        value
    }

    /// The value of the last statement of a block.
    fn block_value(&mut self, block: &crate::tree::Block, ty: TypeId, span: Span) -> Value {
        let Some((last, rest)) = block.statements.split_last() else {
            return self.builder.push_typed(Op::Undefined, Some(ty), span);
        };
        if !block.open {
            self.begin_scope();
        }
        for statement in rest {
            self.statement(statement);
        }
        let value = match &last.kind {
            StmtKind::Expr(expr) if !matches!(self.unit.types.get(ty), Type::Void) => self.value(expr),
            _ => {
                self.statement(last);
                self.builder.push_typed(Op::Undefined, Some(ty), span)
            }
        };
        if !block.open {
            self.end_scope(last.span);
        }
        value
    }

    /// A logical expression as 1 or 0.
    fn truth(&mut self, expr: &Expr) -> Value {
        let (ty, span) = (expr.ty, expr.span);
        if let ExprKind::Not(inner) = &expr.kind
            && !matches!(inner.kind, ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Not(_))
        {
            let left = self.value(inner);
            let right = self.zero(inner.ty, span);
            return self.memory(MemoryOp::Compare { op: Comparison::Eq, left, right, ty: inner.ty }, Some(ty), span);
        }
        let (yes, no) = self.condition(expr);
        self.builder.switch_to(yes);
        let one = self.int(1, ty, span);
        self.builder.switch_to(no);
        let zero = self.int(0, ty, span);
        self.builder.join(&[(yes, one), (no, zero)], span)
    }

    /// Goes to one of two new blocks by whether an expression holds. The current block has ended then.
    pub(super) fn condition(&mut self, expr: &Expr) -> (BlockId, BlockId) {
        match &expr.kind {
            ExprKind::Int(value) => {
                let (taken, other) = (self.builder.new_block(), self.builder.new_block());
                self.builder.goto(taken);
                self.builder.seal(taken);
                self.builder.seal(other);
                if *value == 0 { (other, taken) } else { (taken, other) }
            }
            ExprKind::Not(inner) => {
                let (yes, no) = self.condition(inner);
                (no, yes)
            }
            ExprKind::And(left, right) => {
                let (yes, no) = self.condition(left);
                self.builder.switch_to(yes);
                let (yes, second) = self.condition(right);
                (yes, self.meet(no, second))
            }
            ExprKind::Or(left, right) => {
                let (yes, no) = self.condition(left);
                self.builder.switch_to(no);
                let (second, no) = self.condition(right);
                (self.meet(yes, second), no)
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.condition(right)
            }
            ExprKind::Compare(..) => {
                let value = self.value(expr);
                self.builder.branch(value)
            }
            _ => {
                let value = self.value(expr);
                self.test(value, expr.ty, expr.span)
            }
        }
    }

    /// One block behind two.
    fn meet(&mut self, first: BlockId, second: BlockId) -> BlockId {
        let block = self.builder.new_block();
        for from in [first, second] {
            self.builder.switch_to(from);
            self.builder.goto(block);
        }
        self.builder.seal(block);
        block
    }

    /// Goes to one of two new blocks by whether a value differs from zero.
    fn test(&mut self, value: Value, ty: TypeId, span: Span) -> (BlockId, BlockId) {
        let right = self.zero(ty, span);
        let truth = if self.unit.cpp { self.unit.basic.bool } else { self.unit.basic.int };
        let op = MemoryOp::Compare { op: Comparison::NotEq, left: value, right, ty };
        let test = self.memory(op, Some(truth), span);
        self.builder.branch(test)
    }

    /// The variable that stands for a local in the builder.
    pub(super) fn variable(local: LocalId) -> Variable {
        Variable::new(local.index())
    }
}
