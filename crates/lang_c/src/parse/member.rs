//! Access to members.

use super::Parser;
use crate::tree::{Expr, ExprKind};
use assay_index::Symbol;
use assay_ir::{Field, Type, TypeId};
use assay_text::Span;

impl Parser<'_> {
    /// The steps to a member of this name, through anonymous members and bases.
    pub(super) fn find_member(&self, record: TypeId, name: Symbol) -> Option<Vec<(TypeId, u32)>> {
        let mut steps = Vec::new();
        self.member_steps(record, name, &mut steps, 0).then_some(steps)
    }

    fn member_steps(&self, record: TypeId, name: Symbol, steps: &mut Vec<(TypeId, u32)>, depth: usize) -> bool {
        let Some(fields) = self.types.record(record).map(|record| &record.fields) else { return false };
        if let Some(at) = fields.iter().position(|field| field.name == name) {
            steps.push((record, at as u32));
            return true;
        }
        if depth > 8 {
            return false;
        }
        for (at, field) in fields.iter().enumerate() {
            let through = self.text(field.name).is_empty() || self.is_base(record, at);
            if through && self.is_record(field.ty) {
                steps.push((record, at as u32));
                if self.member_steps(field.ty, name, steps, depth + 1) {
                    return true;
                }
                steps.pop();
            }
        }
        false
    }

    /// `base.name` where `base` is an lvalue or a value of record type.
    pub(super) fn member(&mut self, base: Expr, name: Symbol, span: Span) -> Expr {
        if !self.is_record(base.ty) {
            return self.unknown(vec![base], span);
        }
        let mut base = if base.is_lvalue() { base } else { self.spill(base) };
        let steps = self.find_member(base.ty, name).unwrap_or_else(|| {
            // A record that was not seen defined has the members that are used.
            let (record, unknown) = (base.ty, self.basic.unknown);
            let field = Field { name, ty: unknown, offset: None, bits: None };
            let at = self.types.record_mut(record).map_or(0, |record| {
                record.fields.push(field);
                record.fields.len() - 1
            });
            vec![(record, at as u32)]
        });
        for (record, field) in steps {
            let ty = self.types.record(record).and_then(|r| r.fields.get(field as usize)).map(|f| f.ty);
            let ty = ty.unwrap_or(self.basic.unknown);
            base = Self::expr(ExprKind::Member(Box::new(base), record, field), ty, span);
        }
        self.referred(base)
    }

    /// `base->name`
    pub(super) fn arrow(&mut self, base: Expr, name: Symbol, span: Span) -> Expr {
        let base = self.value(base);
        match *self.types.get(base.ty) {
            Type::Pointer(to) if self.is_record(to) => {
                let record = self.deref(base, span);
                self.member(record, name, span)
            }
            _ => self.unknown(vec![base], span),
        }
    }

    /// What a reference refers to; anything else as it is.
    pub(super) fn referred(&mut self, expr: Expr) -> Expr {
        if self.references.contains(&expr.ty) {
            let span = expr.span;
            let to = self.types.pointee(expr.ty).unwrap_or(self.basic.unknown);
            return Self::expr(ExprKind::Deref(Box::new(expr)), to, span);
        }
        expr
    }

    /// A reference to a type: a pointer that is followed wherever it is used.
    pub(super) fn reference_to(&mut self, ty: TypeId) -> TypeId {
        if self.references.contains(&ty) {
            return ty;
        }
        if let Some(known) = self.classes.references.get(&ty) {
            return *known;
        }
        // The type of addresses is another one, and comes first: who asks for that of pointers is given the first.
        self.pointer_to(ty);
        let reference = self.types.add(Type::Pointer(ty));
        self.references.insert(reference);
        self.classes.references.insert(ty, reference);
        reference
    }
}
