//! Expressions with two and more operands.

use super::{Bail, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::{Expr, ExprKind};
use crate::words::Word;
use assay_ir::{ArithOp, Comparison, Type};
use assay_text::limits;

/// How tightly an operator with two operands binds; `None` when it is none.
fn level(kind: Kind) -> Option<u8> {
    Some(match kind {
        Kind::OrOr => 1,
        Kind::AndAnd => 2,
        Kind::Pipe => 3,
        Kind::Caret => 4,
        Kind::Amp => 5,
        Kind::EqEq | Kind::NotEq => 6,
        Kind::Lt | Kind::Gt | Kind::Le | Kind::Ge => 7,
        Kind::Spaceship => 8,
        Kind::Shl | Kind::Shr => 9,
        Kind::Plus | Kind::Minus => 10,
        Kind::Star | Kind::Slash | Kind::Percent => 11,
        Kind::DotStar | Kind::ArrowStar => 12,
        _ => return None,
    })
}

impl Parser<'_> {
    /// `a, b`
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        let mut left = self.assignment()?;
        let mut chain = 0;
        while self.eat(Kind::Comma) {
            let right = self.assignment()?;
            let right = self.value(right);
            let (ty, span) = (right.ty, left.span.cover(right.span));
            left = Self::expr(ExprKind::Comma(Box::new(left), Box::new(right)), ty, span);
            chain += 1;
            if chain > limits::MAX_OPERATOR_CHAIN {
                return Err(Bail("MAX_OPERATOR_CHAIN"));
            }
        }
        Ok(left)
    }

    pub(super) fn assignment(&mut self) -> Parsed<Expr> {
        self.nested(Self::assignment_here)
    }

    fn assignment_here(&mut self) -> Parsed<Expr> {
        let start = self.span();
        if self.cpp && self.word() == Some(Word::Throw) {
            return self.throw();
        }
        let target = self.conditional()?;
        let op = match self.kind() {
            Kind::Assign => None,
            Kind::PlusEq => Some(ArithOp::Add),
            Kind::MinusEq => Some(ArithOp::Sub),
            Kind::StarEq => Some(ArithOp::Mul),
            Kind::SlashEq => Some(ArithOp::Div),
            Kind::PercentEq => Some(ArithOp::Rem),
            Kind::AmpEq => Some(ArithOp::And),
            Kind::PipeEq => Some(ArithOp::Or),
            Kind::CaretEq => Some(ArithOp::Xor),
            Kind::ShlEq => Some(ArithOp::ShiftLeft),
            Kind::ShrEq => Some(ArithOp::ShiftRight),
            _ => return Ok(target),
        };
        let symbol = self.advance().kind;
        let value = if self.cpp && self.kind() == Kind::LBrace {
            let (init, _) = self.nested(|this| this.initializer(target.ty))?;
            let span = self.since(start);
            match init {
                Some(crate::tree::Init::Value(value)) => value,
                other => self.initialised_temporary(target.ty, other, span),
            }
        } else {
            self.assignment()?
        };
        let span = self.since(start);
        let Some(op) = op else {
            if self.cpp
                && let Some(call) = self.overloaded(symbol, &target, std::slice::from_ref(&value))
            {
                return Ok(self.operator_call(call, target, Some(value), span));
            }
            return Ok(self.assign(target, value, span));
        };
        if self.cpp
            && let Some(call) = self.overloaded(symbol, &target, std::slice::from_ref(&value))
        {
            return Ok(self.operator_call(call, target, Some(value), span));
        }
        Ok(self.update(op, target, value, span))
    }

    /// `target op= value`
    fn update(&mut self, op: ArithOp, target: Expr, value: Expr, span: assay_text::Span) -> Expr {
        if !target.is_lvalue() {
            let value = self.value(value);
            return self.unknown(vec![target, value], span);
        }
        let ty = target.ty;
        if self.is_pointer(ty) && matches!(op, ArithOp::Add | ArithOp::Sub) {
            let index = self.index(value);
            return Self::expr(ExprKind::Move(Box::new(target), Box::new(index), op == ArithOp::Sub), ty, span);
        }
        let (value, compute) = if matches!(op, ArithOp::ShiftLeft | ArithOp::ShiftRight) {
            (self.promote(value), self.promoted(ty))
        } else {
            let value = self.value(value);
            let compute = self.common(ty, value.ty);
            (self.convert(value, compute), compute)
        };
        Self::expr(ExprKind::Update(op, Box::new(target), Box::new(value), compute), ty, span)
    }

    pub(super) fn conditional(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let condition = self.binary(0)?;
        if self.kind() != Kind::Question {
            return Ok(condition);
        }
        self.advance();
        if self.eat(Kind::Colon) {
            let otherwise = self.nested(Self::conditional)?;
            let (condition, otherwise) = (self.value(condition), self.value(otherwise));
            let ty = self.common_value(&condition, &otherwise);
            let (condition, otherwise) = (self.convert(condition, ty), self.convert(otherwise, ty));
            return Ok(Self::expr(ExprKind::Elvis(Box::new(condition), Box::new(otherwise)), ty, self.since(start)));
        }
        let then = self.nested(Self::expression)?;
        self.expect(Kind::Colon, "`:`")?;
        let otherwise = if self.cpp { self.assignment()? } else { self.nested(Self::conditional)? };
        let condition = self.condition(condition);
        let (then, otherwise) = (self.value(then), self.value(otherwise));
        let ty = self.common_value(&then, &otherwise);
        let (then, otherwise) = (self.convert(then, ty), self.convert(otherwise, ty));
        let kind = ExprKind::Cond(Box::new(condition), Box::new(then), Box::new(otherwise));
        Ok(Self::expr(kind, ty, self.since(start)))
    }

    /// The type of a choice between two values.
    fn common_value(&self, left: &Expr, right: &Expr) -> assay_ir::TypeId {
        if left.ty == right.ty {
            return left.ty;
        }
        let void = |ty| matches!(self.types.get(ty), Type::Void);
        if void(left.ty) || void(right.ty) {
            return self.basic.void;
        }
        if self.is_pointer(left.ty) && self.is_pointer(right.ty) {
            // `void *` gives way to the other type only where that one is null.
            return if self.types.pointee(left.ty).is_some_and(void) { right.ty } else { left.ty };
        }
        self.common(left.ty, right.ty)
    }

    fn binary(&mut self, least: u8) -> Parsed<Expr> {
        let start = self.span();
        let mut left = self.cast()?;
        let mut chain = 0;
        while let Some(level) = level(self.kind()) {
            if level <= least || self.kind() == Kind::Gt && self.classes.in_template_arguments {
                break;
            }
            if self.kind() == Kind::Shr && self.classes.in_template_arguments {
                break;
            }
            chain += 1;
            if chain > limits::MAX_OPERATOR_CHAIN {
                return Err(Bail("MAX_OPERATOR_CHAIN"));
            }
            let operator = self.advance().kind;
            let right = self.nested(|this| this.binary(level))?;
            let span = self.since(start);
            if self.cpp
                && let Some(call) = self.overloaded(operator, &left, std::slice::from_ref(&right))
            {
                left = self.operator_call(call, left, Some(right), span);
                continue;
            }
            let reads = operator == Kind::Shr && (self.is_record(left.ty) || self.is_unknown(left.ty));
            if self.cpp && (self.is_record(left.ty) || self.is_record(right.ty) || reads) {
                // An operator of classes that is not seen. A stream gives what is behind `>>` a value.
                let operands = [left, right].map(|operand| {
                    if operand.is_lvalue() && self.is_record(operand.ty) {
                        self.address_of(operand)
                    } else if reads {
                        self.given_away(operand)
                    } else {
                        self.value(operand)
                    }
                });
                left = self.unknown(operands.into(), span);
                continue;
            }
            left = self.apply(operator, left, right, span);
        }
        Ok(left)
    }

    fn apply(&mut self, operator: Kind, left: Expr, right: Expr, span: assay_text::Span) -> Expr {
        let truth = if self.cpp { self.basic.bool } else { self.basic.int };
        let arith = |op| (op, false);
        let (op, _) = match operator {
            Kind::OrOr | Kind::AndAnd => {
                let (left, right) = (Box::new(self.condition(left)), Box::new(self.condition(right)));
                let kind = if operator == Kind::OrOr { ExprKind::Or(left, right) } else { ExprKind::And(left, right) };
                return Self::expr(kind, truth, span);
            }
            Kind::EqEq => return self.compare(Comparison::Eq, left, right, span),
            Kind::NotEq => return self.compare(Comparison::NotEq, left, right, span),
            Kind::Lt => return self.compare(Comparison::Less, left, right, span),
            Kind::Gt => return self.compare(Comparison::Greater, left, right, span),
            Kind::Le => return self.compare(Comparison::LessEq, left, right, span),
            Kind::Ge => return self.compare(Comparison::GreaterEq, left, right, span),
            Kind::Plus => return self.add(left, right, false, span),
            Kind::Minus => return self.add(left, right, true, span),
            Kind::Pipe => arith(ArithOp::Or),
            Kind::Caret => arith(ArithOp::Xor),
            Kind::Amp => arith(ArithOp::And),
            Kind::Shl => arith(ArithOp::ShiftLeft),
            Kind::Shr => arith(ArithOp::ShiftRight),
            Kind::Star => arith(ArithOp::Mul),
            Kind::Slash => arith(ArithOp::Div),
            Kind::Percent => arith(ArithOp::Rem),
            _ => {
                let (left, right) = (self.value(left), self.value(right));
                return self.unknown(vec![left, right], span);
            }
        };
        self.arith(op, left, right, span)
    }
}
