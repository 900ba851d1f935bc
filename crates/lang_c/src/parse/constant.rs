//! Constant expressions.

use super::{Bail, Parsed, Parser};
use crate::tree::{Expr, ExprKind, Init};
use assay_ir::{ArithOp, Type, TypeId};

impl Parser<'_> {
    /// The result of an operation on two numbers of a type; `None` when it has none.
    pub(super) fn fold(&self, op: ArithOp, left: i64, right: i64, ty: TypeId) -> Option<i64> {
        if !self.is_integer(ty) {
            return None;
        }
        let signed = self.types.is_signed(ty);
        let bits = match self.types.get(ty) {
            Type::Int { bits, .. } => u32::from(*bits).min(64),
            _ => 8,
        };
        let (a, b) = (left as u64, right as u64);
        let shift = u32::try_from(right).ok().filter(|shift| *shift < bits);
        let value = match op {
            ArithOp::Add => left.wrapping_add(right),
            ArithOp::Sub => left.wrapping_sub(right),
            ArithOp::Mul => left.wrapping_mul(right),
            ArithOp::Div if signed => left.checked_div(right)?,
            ArithOp::Div => a.checked_div(b)?.cast_signed(),
            ArithOp::Rem if signed => left.checked_rem(right)?,
            ArithOp::Rem => a.checked_rem(b)?.cast_signed(),
            ArithOp::ShiftLeft => left.wrapping_shl(shift?),
            ArithOp::ShiftRight if signed => left.wrapping_shr(shift?),
            ArithOp::ShiftRight => (a >> shift?).cast_signed(),
            ArithOp::And => left & right,
            ArithOp::Or => left | right,
            ArithOp::Xor => left ^ right,
        };
        Some(self.wrap(value, ty))
    }

    /// The value of an expression that is a constant.
    pub(super) fn constant(expr: &Expr) -> Option<i64> {
        match &expr.kind {
            ExprKind::Int(value) => Some(*value),
            ExprKind::Cond(condition, then, otherwise) => {
                if Self::constant(condition)? == 0 {
                    Self::constant(otherwise)
                } else {
                    Self::constant(then)
                }
            }
            ExprKind::Not(inner) => Some(i64::from(Self::constant(inner)? == 0)),
            ExprKind::And(left, right) => Some(i64::from(Self::constant(left)? != 0 && Self::constant(right)? != 0)),
            ExprKind::Or(left, right) => Some(i64::from(Self::constant(left)? != 0 || Self::constant(right)? != 0)),
            #[expect(clippy::cast_possible_truncation, reason = "as the conversion in C does")]
            ExprKind::Convert(inner) => match inner.kind {
                ExprKind::Float(value) => Some(value as i64),
                _ => None,
            },
            ExprKind::Comma(_, right) => Self::constant(right),
            _ => None,
        }
    }

    /// The number that a variable is for good: it is declared `const`, and its initial value is a constant.
    pub(super) fn constant_value(&self, constant: bool, ty: TypeId, init: Option<&Init>) -> Option<i64> {
        let Some(Init::Value(value)) = init else { return None };
        if constant && self.is_integer(ty) { Self::constant(value) } else { None }
    }

    /// The number that a constant variable stands for.
    pub(super) fn known_constant(&self, expr: &Expr) -> Option<i64> {
        match expr.kind {
            ExprKind::Object(object) => self.constants.get(&object).copied(),
            ExprKind::Local(local) => self.current.as_ref()?.constants.get(&local).copied(),
            _ => None,
        }
    }

    /// Parses a constant expression; its value, or `None` when it is none that is understood.
    pub(super) fn constant_expression(&mut self) -> Parsed<Option<i64>> {
        let expr = self.conditional()?;
        let expr = self.value(expr);
        Ok(self.offset_constant(&expr).or_else(|| Self::constant(&expr)))
    }

    /// The value of a number made of the address of a member of a record at address 0, as `offsetof` was written of old.
    fn offset_constant(&self, expr: &Expr) -> Option<i64> {
        match &expr.kind {
            ExprKind::Int(value) => Some(*value),
            ExprKind::Convert(inner) if self.is_pointer(inner.ty) || self.is_integer(inner.ty) => {
                self.offset_constant(inner)
            }
            ExprKind::Address(inner) => self.offset_of(inner),
            ExprKind::Arith(op, left, right) => {
                self.fold(*op, self.offset_constant(left)?, self.offset_constant(right)?, expr.ty)
            }
            ExprKind::Distance(left, right, element) => {
                let size = i64::try_from(self.types.size(*element)?).ok()?;
                self.offset_constant(left)?.checked_sub(self.offset_constant(right)?)?.checked_div(size)
            }
            _ => None,
        }
    }

    fn offset_of(&self, lvalue: &Expr) -> Option<i64> {
        match &lvalue.kind {
            ExprKind::Deref(address) => self.offset_constant(address),
            ExprKind::Member(base, record, field) => {
                let offset = self.types.record(*record)?.fields.get(*field as usize)?.offset?;
                self.offset_of(base)?.checked_add(i64::try_from(offset).ok()?)
            }
            _ => None,
        }
    }

    pub(super) fn array_length(&mut self) -> Parsed<Option<Expr>> {
        if self.kind() == crate::lex::Kind::RBracket {
            return Ok(None);
        }
        let expr = self.assignment()?;
        let expr = self.value(expr);
        match self.offset_constant(&expr).or_else(|| Self::constant(&expr)) {
            Some(value) => Ok(Some(Self::expr(ExprKind::Int(value), self.basic.size, expr.span))),
            None => Ok(Some(expr)),
        }
    }

    pub(super) fn static_assert(&mut self) -> Parsed<()> {
        self.advance();
        if self.kind() != crate::lex::Kind::LParen || !self.skip_balanced() {
            return Err(Bail("`(`"));
        }
        self.eat(crate::lex::Kind::Semi);
        Ok(())
    }
}
