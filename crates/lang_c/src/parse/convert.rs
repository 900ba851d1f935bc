//! Types of expressions: promotions, usual conversions, decay.

use super::Parser;
use crate::tree::{Expr, ExprKind};
use assay_ir::{ArithOp, Comparison, Type, TypeId};
use assay_text::Span;

impl Parser<'_> {
    pub(super) fn int(&self, value: i64, span: Span) -> Expr {
        Self::expr(ExprKind::Int(value), self.basic.int, span)
    }

    pub(super) fn unknown(&self, operands: Vec<Expr>, span: Span) -> Expr {
        Self::expr(ExprKind::Unknown(operands), self.basic.unknown, span)
    }

    pub(super) fn is_unknown(&self, ty: TypeId) -> bool {
        matches!(self.types.get(ty), Type::Unknown)
    }

    pub(super) fn is_pointer(&self, ty: TypeId) -> bool {
        matches!(self.types.get(ty), Type::Pointer(_))
    }

    pub(super) fn is_integer(&self, ty: TypeId) -> bool {
        matches!(self.types.get(ty), Type::Int { .. } | Type::Bool)
    }

    pub(super) fn is_record(&self, ty: TypeId) -> bool {
        matches!(self.types.get(ty), Type::Record(_))
    }

    /// What an expression stands for where a value is expected: arrays and functions become addresses, references what they
    /// refer to.
    pub(super) fn value(&mut self, expr: Expr) -> Expr {
        match *self.types.get(expr.ty) {
            Type::Array { element, .. } => {
                let ty = self.pointer_to(element);
                let expr = if expr.is_lvalue() { expr } else { self.spill(expr) };
                self.address_as(expr, ty)
            }
            Type::Function { .. } => {
                let ty = self.pointer_to(expr.ty);
                self.address_as(expr, ty)
            }
            _ => match self.known_constant(&expr) {
                Some(value) => Expr { kind: ExprKind::Int(value), ..expr },
                None => expr,
            },
        }
    }

    /// A value that has to have an address: a temporary of its own.
    pub(super) fn spill(&mut self, expr: Expr) -> Expr {
        let (ty, span) = (expr.ty, expr.span);
        match self.temporary(ty, span) {
            Some(local) => Self::expr(ExprKind::Literal(local, Box::new(crate::tree::Init::Value(expr))), ty, span),
            None => expr,
        }
    }

    fn address_as(&mut self, expr: Expr, ty: TypeId) -> Expr {
        let span = expr.span;
        if let ExprKind::Deref(inner) = expr.kind {
            return if inner.ty == ty { *inner } else { Self::expr(ExprKind::Convert(inner), ty, span) };
        }
        self.needs_memory(&expr);
        Self::expr(ExprKind::Address(Box::new(expr)), ty, span)
    }

    /// `&expr`
    pub(super) fn address_of(&mut self, expr: Expr) -> Expr {
        let ty = self.pointer_to(expr.ty);
        if !expr.is_lvalue() && !matches!(self.types.get(expr.ty), Type::Function { .. }) {
            let expr = self.spill(expr);
            return if expr.is_lvalue() {
                self.address_as(expr, ty)
            } else {
                Self::expr(ExprKind::Unknown(vec![expr]), ty, Span::default())
            };
        }
        self.address_as(expr, ty)
    }

    /// Notes that the variable that an lvalue is a part of lives in memory.
    fn needs_memory(&mut self, mut expr: &Expr) {
        loop {
            match &expr.kind {
                ExprKind::Member(base, ..) => expr = base,
                ExprKind::Local(local) => {
                    if let Some(local) = self.local(*local) {
                        local.in_memory = true;
                    }
                    return;
                }
                _ => return,
            }
        }
    }

    /// `*expr`
    pub(super) fn deref(&mut self, expr: Expr, span: Span) -> Expr {
        let expr = self.value(expr);
        if self.is_record(expr.ty) {
            // By an operator of a class that is not seen.
            let operand = if expr.is_lvalue() { self.address_of(expr) } else { expr };
            return self.unknown(vec![operand], span);
        }
        let ty = match *self.types.get(expr.ty) {
            Type::Pointer(to) => to,
            _ => self.basic.unknown,
        };
        if matches!(self.types.get(ty), Type::Function { .. }) {
            // A function's address and the function are the same.
            return expr;
        }
        if let ExprKind::Address(inner) = expr.kind {
            if inner.ty == ty {
                return Expr { span, ..*inner };
            }
            return Self::expr(
                ExprKind::Deref(Box::new(Self::expr(ExprKind::Address(inner), expr.ty, expr.span))),
                ty,
                span,
            );
        }
        Self::expr(ExprKind::Deref(Box::new(expr)), ty, span)
    }

    /// A value of another scalar type.
    pub(super) fn convert(&mut self, expr: Expr, to: TypeId) -> Expr {
        let expr = self.value(expr);
        let from = expr.ty;
        if from == to || self.is_unknown(to) {
            return expr;
        }
        if let ExprKind::Int(value) = expr.kind
            && (self.is_integer(to) || self.is_pointer(to))
        {
            let value = self.wrap(value, to);
            return Expr { kind: ExprKind::Int(value), ty: to, span: expr.span };
        }
        if let (ExprKind::Int(value), Type::Float { .. }) = (&expr.kind, self.types.get(to)) {
            #[expect(clippy::cast_precision_loss, reason = "as the conversion in C does")]
            return Expr { kind: ExprKind::Float(*value as f64), ty: to, span: expr.span };
        }
        if self.is_record(to) || matches!(self.types.get(to), Type::Void | Type::Array { .. } | Type::Function { .. }) {
            return expr;
        }
        let span = expr.span;
        if self.is_record(from) {
            let made = self.unknown(vec![expr], span);
            return Expr { ty: to, ..made };
        }
        Self::expr(ExprKind::Convert(Box::new(expr)), to, span)
    }

    /// A number cut to the width of a type.
    pub(super) fn wrap(&self, value: i64, ty: TypeId) -> i64 {
        match *self.types.get(ty) {
            Type::Bool => i64::from(value != 0),
            Type::Int { bits: 8, signed: true } => i64::from(value as i8),
            Type::Int { bits: 8, signed: false } => i64::from(value as u8),
            Type::Int { bits: 16, signed: true } => i64::from(value as i16),
            Type::Int { bits: 16, signed: false } => i64::from(value as u16),
            Type::Int { bits: 32, signed: true } => i64::from(value as i32),
            Type::Int { bits: 32, signed: false } => i64::from(value as u32),
            _ => value,
        }
    }

    /// The integer type that a small one becomes in arithmetic.
    pub(super) fn promoted(&self, ty: TypeId) -> TypeId {
        match *self.types.get(ty) {
            Type::Bool | Type::Int { bits: ..=16, .. } => self.basic.int,
            Type::Record(_) => self.basic.unknown,
            _ => ty,
        }
    }

    pub(super) fn promote(&mut self, expr: Expr) -> Expr {
        let expr = self.value(expr);
        let to = self.promoted(expr.ty);
        self.convert(expr, to)
    }

    /// The type in which two operands are computed.
    pub(super) fn common(&self, left: TypeId, right: TypeId) -> TypeId {
        let (left, right) = (self.promoted(left), self.promoted(right));
        if left == right {
            return left;
        }
        match (self.types.get(left), self.types.get(right)) {
            (Type::Float { bits: a }, Type::Float { bits: b }) => {
                if a >= b {
                    left
                } else {
                    right
                }
            }
            (Type::Float { .. }, _) => left,
            (_, Type::Float { .. }) => right,
            (Type::Int { bits: a, signed: s }, Type::Int { bits: b, .. }) => {
                if a > b || (a == b && !s) {
                    left
                } else {
                    right
                }
            }
            (Type::Pointer(_), _) => left,
            (_, Type::Pointer(_)) => right,
            (Type::Int { .. }, _) => left,
            _ => right,
        }
    }

    /// An arithmetic operation on two operands that are no addresses.
    pub(super) fn arith(&mut self, op: ArithOp, left: Expr, right: Expr, span: Span) -> Expr {
        let (left, right) = if matches!(op, ArithOp::ShiftLeft | ArithOp::ShiftRight) {
            (self.promote(left), self.promote(right))
        } else {
            let (left, right) = (self.value(left), self.value(right));
            let ty = self.common(left.ty, right.ty);
            (self.convert(left, ty), self.convert(right, ty))
        };
        let ty = left.ty;
        if let (ExprKind::Int(a), ExprKind::Int(b)) = (&left.kind, &right.kind)
            && let Some(value) = self.fold(op, *a, *b, ty)
        {
            return Self::expr(ExprKind::Int(value), ty, span);
        }
        Self::expr(ExprKind::Arith(op, Box::new(left), Box::new(right)), ty, span)
    }

    /// `left + right` or `left - right`, of numbers or addresses.
    pub(super) fn add(&mut self, left: Expr, right: Expr, minus: bool, span: Span) -> Expr {
        let (mut left, mut right) = (self.value(left), self.value(right));
        if !minus && !self.is_pointer(left.ty) && self.is_pointer(right.ty) {
            std::mem::swap(&mut left, &mut right);
        }
        match (self.types.pointee(left.ty), self.types.pointee(right.ty)) {
            (Some(element), Some(_)) if minus => {
                let ty = self.basic.long;
                Self::expr(ExprKind::Distance(Box::new(left), Box::new(right), element), ty, span)
            }
            (Some(element), None) => {
                let ty = left.ty;
                let index = self.index(right);
                Self::expr(ExprKind::Offset(Box::new(left), Box::new(index), minus, element), ty, span)
            }
            _ => self.arith(if minus { ArithOp::Sub } else { ArithOp::Add }, left, right, span),
        }
    }

    /// A number as an index: of 64 bits, signed as it was.
    pub(super) fn index(&mut self, expr: Expr) -> Expr {
        let expr = self.promote(expr);
        let to = match *self.types.get(expr.ty) {
            Type::Int { signed: false, .. } => self.basic.size,
            _ => self.basic.long,
        };
        if self.is_unknown(expr.ty) {
            let span = expr.span;
            return Self::expr(ExprKind::Convert(Box::new(expr)), to, span);
        }
        self.convert(expr, to)
    }

    pub(super) fn compare(&mut self, op: Comparison, left: Expr, right: Expr, span: Span) -> Expr {
        let (left, right) = (self.value(left), self.value(right));
        let ty = self.common(left.ty, right.ty);
        let (left, right) = (self.convert(left, ty), self.convert(right, ty));
        let result = if self.cpp { self.basic.bool } else { self.basic.int };
        if let (ExprKind::Int(a), ExprKind::Int(b)) = (&left.kind, &right.kind)
            && self.is_integer(ty)
        {
            let order = if self.types.is_signed(ty) { a.cmp(b) } else { (*a as u64).cmp(&(*b as u64)) };
            let holds = match op {
                Comparison::Eq => order.is_eq(),
                Comparison::NotEq => order.is_ne(),
                Comparison::Less => order.is_lt(),
                Comparison::LessEq => order.is_le(),
                Comparison::Greater => order.is_gt(),
                Comparison::GreaterEq => order.is_ge(),
            };
            return Self::expr(ExprKind::Int(i64::from(holds)), result, span);
        }
        Self::expr(ExprKind::Compare(op, Box::new(left), Box::new(right)), result, span)
    }

    /// `target = value`
    pub(super) fn assign(&mut self, target: Expr, value: Expr, span: Span) -> Expr {
        if !target.is_lvalue() {
            let value = self.value(value);
            return self.unknown(vec![target, value], span);
        }
        let ty = target.ty;
        let value = self.assignable(value, ty);
        Self::expr(ExprKind::Assign(Box::new(target), Box::new(value)), ty, span)
    }

    /// A value as it is stored in something of a type.
    pub(super) fn assignable(&mut self, value: Expr, ty: TypeId) -> Expr {
        if self.references.contains(&ty) {
            let to = self.types.pointee(ty).unwrap_or(ty);
            let value = self.referable(value, to);
            let address = self.address_of(value);
            return self.convert(address, ty);
        }
        let value = self.value(value);
        if self.types.is_scalar(ty) {
            return self.convert(value, ty);
        }
        if self.is_record(ty) && value.ty != ty {
            return self.converted_record(value, ty);
        }
        value
    }

    /// What a reference to something of a type is bound to: a temporary of that type, where the value has to be converted to it.
    fn referable(&mut self, value: Expr, to: TypeId) -> Expr {
        let known = |ty| !self.is_unknown(ty);
        if value.ty == to || !known(value.ty) || !known(to) {
            return value;
        }
        if self.is_record(to) {
            return if self.derives(value.ty, to) { value } else { self.converted_record(value, to) };
        }
        let is_number = |ty| self.is_integer(ty) || matches!(self.types.get(ty), Type::Float { .. });
        if is_number(to) && is_number(value.ty) && self.types.size(to) != self.types.size(value.ty) {
            return self.convert(value, to);
        }
        value
    }

    /// A value that becomes an object of a class: by a constructor that takes it, or by code that is not seen.
    fn converted_record(&mut self, value: Expr, class: TypeId) -> Expr {
        let span = value.span;
        if self.cpp && self.converts(class, &value) {
            return self.temporary_object(class, vec![value], span);
        }
        Expr { ty: class, ..self.unknown(vec![value], span) }
    }

    /// What an argument beyond the declared parameters is passed as.
    pub(super) fn promoted_argument(&mut self, expr: Expr) -> Expr {
        let expr = self.promote(expr);
        if matches!(self.types.get(expr.ty), Type::Float { bits: 32 }) {
            let to = self.basic.double;
            return self.convert(expr, to);
        }
        expr
    }

    /// An expression as a truth value.
    pub(super) fn condition(&mut self, expr: Expr) -> Expr {
        self.value(expr)
    }
}
