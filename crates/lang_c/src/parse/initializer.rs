//! Initial values.
//!
//! Braces are flattened: what each value initialises is a path into the aggregate. Values without braces of their own
//! go to the next scalars in order, as the language has it.

use super::{Bail, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::{Expr, ExprKind, Init, Part, PathStep};
use assay_ir::{Type, TypeId};
use assay_text::limits;

/// The values of one variable.
struct Filling {
    parts: Vec<Part>,
    /// The elements that the outermost array has.
    length: u64,
    /// Whether there are more values than are followed.
    cut: bool,
}

impl Parser<'_> {
    /// The initial value behind a declarator, from its `=`, `{` or `(` on, with the type that it gives the variable.
    pub(super) fn variable_initializer(&mut self, ty: TypeId) -> Parsed<(Option<Init>, TypeId)> {
        if self.cpp && self.kind() != Kind::Assign {
            return self.cpp_initializer(ty);
        }
        self.expect(Kind::Assign, "`=`")?;
        if self.cpp
            && let Some(found) = self.cpp_copy_initializer(ty)?
        {
            return Ok(found);
        }
        self.initializer(ty)
    }

    /// A value or a list in braces for something of a type.
    pub(super) fn initializer(&mut self, ty: TypeId) -> Parsed<(Option<Init>, TypeId)> {
        if self.kind() == Kind::LBrace {
            return self.nested(|this| this.braces(ty));
        }
        let value = self.assignment()?;
        if let (ExprKind::Text(text), Type::Array { element, count }) = (&value.kind, self.types.get(ty).clone()) {
            let ty = match count {
                Some(_) => ty,
                None => {
                    let count = Some(self.text(*text).chars().count() as u64 + 1);
                    self.types.intern(Type::Array { element, count })
                }
            };
            return Ok((Some(Init::Value(value)), ty));
        }
        if let Type::Array { element, count: None } = *self.types.get(ty)
            && let Type::Array { count, .. } = *self.types.get(value.ty)
        {
            let ty = self.types.intern(Type::Array { element, count });
            return Ok((Some(Init::Value(value)), ty));
        }
        let value = self.assignable(value, ty);
        Ok((Some(Init::Value(value)), ty))
    }

    fn braces(&mut self, ty: TypeId) -> Parsed<(Option<Init>, TypeId)> {
        if self.is_container(ty) {
            self.skip_balanced();
            return Ok((Some(Init::Unknown), ty));
        }
        let whole = self.types.get(ty).clone();
        if !matches!(whole, Type::Array { .. } | Type::Record(_)) || self.is_text_in_braces(&whole) {
            // A scalar in braces, or the text of an array of characters.
            self.advance();
            if self.eat(Kind::RBrace) {
                let value = self.int(0, self.last_span());
                let value = self.convert(value, ty);
                return Ok((Some(Init::Value(value)), ty));
            }
            let (init, ty) = self.initializer(ty)?;
            self.eat(Kind::Comma);
            if self.kind() != Kind::RBrace {
                // More values than a scalar has: the type is not known.
                while !self.at_end() && self.kind() != Kind::RBrace {
                    self.initializer(self.basic.unknown)?;
                    if !self.eat(Kind::Comma) {
                        break;
                    }
                }
                self.expect(Kind::RBrace, "`}`")?;
                return Ok((Some(Init::Unknown), ty));
            }
            self.expect(Kind::RBrace, "`}`")?;
            return Ok((init, ty));
        }
        let mut filling = Filling { parts: Vec::new(), length: 0, cut: false };
        self.fill(ty, &mut Vec::new(), &mut filling)?;
        let ty = match whole {
            Type::Array { element, count: None } => {
                self.types.intern(Type::Array { element, count: Some(filling.length) })
            }
            _ => ty,
        };
        if filling.cut {
            return Ok((Some(Init::Unknown), ty));
        }
        let all = self.covers(ty, &filling.parts);
        Ok((Some(Init::Parts { parts: filling.parts, all }), ty))
    }

    /// Whether braces hold nothing but a text, which an array of characters is made of: `char name[] = { "text" }`.
    fn is_text_in_braces(&self, whole: &Type) -> bool {
        let characters =
            matches!(whole, Type::Array { element, .. } if matches!(self.types.get(*element), Type::Int { .. }));
        let mut ahead = 1;
        while self.peek(ahead) == Kind::Str {
            ahead += 1;
        }
        characters && ahead > 1 && self.peek(ahead + usize::from(self.peek(ahead) == Kind::Comma)) == Kind::RBrace
    }

    /// Whether the parts leave nothing of a type out.
    fn covers(&self, ty: TypeId, parts: &[Part]) -> bool {
        let scalars = self.scalars(ty, 0);
        let mut paths: Vec<&[PathStep]> = parts.iter().map(|part| part.path.as_slice()).collect();
        paths.sort_by_key(|path| format!("{path:?}"));
        paths.dedup();
        let covered: Option<u64> = parts.iter().map(|part| self.scalars(part.value.ty, 0)).sum();
        scalars.is_some() && covered == scalars && paths.len() == parts.len()
    }

    /// How many scalars an object of a type holds; `None` when there are many, or it is not known.
    fn scalars(&self, ty: TypeId, depth: usize) -> Option<u64> {
        if depth > 16 {
            return None;
        }
        match self.types.get(ty) {
            Type::Array { element, count } => {
                self.scalars(*element, depth + 1)?.checked_mul((*count)?).filter(|n| *n < 1 << 20)
            }
            Type::Record(record) if record.union => None,
            Type::Record(record) => {
                record.size?;
                record.fields.iter().map(|field| self.scalars(field.ty, depth + 1)).sum()
            }
            Type::Unknown => None,
            _ => Some(1),
        }
    }

    /// Reads a list in braces for an aggregate at `path`.
    fn fill(&mut self, ty: TypeId, path: &mut Vec<PathStep>, filling: &mut Filling) -> Parsed<()> {
        self.expect(Kind::LBrace, "`{`")?;
        let mut next = 0_u64;
        while !self.eat(Kind::RBrace) {
            if self.at_end() {
                return Err(Bail("`}`"));
            }
            let depth = path.len();
            let mut last = next;
            if let Some((first, end)) = self.designators(ty, path, filling)? {
                (next, last) = (first, end);
            } else if let Some(step) = self.step(ty, next) {
                path.push(step);
            } else {
                // More values than there is room for.
                let before = filling.parts.len();
                self.fill_value(self.basic.unknown, path, filling)?;
                filling.parts.truncate(before);
                self.eat(Kind::Comma);
                continue;
            }
            let inner = self.type_at(ty, &path[depth..]);
            let first_part = filling.parts.len();
            self.nested(|this| this.fill_value(inner, path, filling))?;
            if last > next && filling.parts.len() == first_part + 1 && last - next < 4096 {
                // `[first ... last] = value`, with a value that can be repeated.
                Self::repeat(first_part, depth, next, last, filling);
            } else if last > next {
                filling.cut = true;
            }
            path.truncate(depth);
            next = last.saturating_add(1);
            if depth == 0 {
                filling.length = filling.length.max(next);
            }
            if !self.eat(Kind::Comma) && self.kind() != Kind::RBrace {
                return Err(Bail("`}`"));
            }
        }
        Ok(())
    }

    fn repeat(part: usize, depth: usize, first: u64, last: u64, filling: &mut Filling) {
        let (path, constant, ty, span) = {
            let part = &filling.parts[part];
            let constant = if let ExprKind::Int(value) = part.value.kind { Some(value) } else { None };
            (part.path.clone(), constant, part.value.ty, part.value.span)
        };
        let (Some(value), Some(PathStep::Index(_, element))) = (constant, path.get(depth).copied()) else {
            filling.cut = true;
            return;
        };
        for index in first + 1..=last {
            let mut path = path.clone();
            path[depth] = PathStep::Index(index, element);
            filling.parts.push(Part { path, value: Expr { kind: ExprKind::Int(value), ty, span } });
        }
    }

    /// The values of one member or element: in braces, one value, or the values of its own members in order.
    fn fill_value(&mut self, ty: TypeId, path: &mut Vec<PathStep>, filling: &mut Filling) -> Parsed<()> {
        let aggregate = matches!(self.types.get(ty), Type::Array { .. } | Type::Record(_));
        if self.kind() == Kind::LBrace {
            if aggregate {
                return self.nested(|this| this.fill(ty, path, filling));
            }
            let (init, _) = self.nested(|this| this.braces(ty))?;
            if let Some(Init::Value(value)) = init {
                self.part(path, value, filling);
            } else {
                filling.cut = true;
            }
            return Ok(());
        }
        if !aggregate {
            let value = self.assignment()?;
            let value = self.assignable(value, ty);
            self.part(path, value, filling);
            return Ok(());
        }
        let value = self.assignment()?;
        self.distribute(ty, value, path, filling)
    }

    /// Puts a value that stands without braces where an aggregate is expected: it is the aggregate, or its first scalar, with
    /// the next values behind it.
    fn distribute(&mut self, ty: TypeId, value: Expr, path: &mut Vec<PathStep>, filling: &mut Filling) -> Parsed<()> {
        let whole = match self.types.get(ty) {
            Type::Array { .. } => matches!(value.kind, ExprKind::Text(_)),
            Type::Record(record) => value.ty == ty || record.fields.is_empty() || self.is_record(value.ty),
            _ => true,
        };
        if whole {
            let value = if matches!(value.kind, ExprKind::Text(_)) && self.is_array(ty) {
                value
            } else {
                self.assignable(value, ty)
            };
            self.part(path, value, filling);
            return Ok(());
        }
        let mut value = Some(value);
        let mut index = 0;
        let depth = path.len();
        while let Some(step) = self.step(ty, index) {
            path.push(step);
            let inner = self.type_at(ty, &[step]);
            if let Some(value) = value.take() {
                self.nested(|this| this.distribute(inner, value, path, filling))?;
            } else {
                self.nested(|this| this.fill_value(inner, path, filling))?;
            }
            path.truncate(depth);
            index += 1;
            let more = self.kind() == Kind::Comma
                && !matches!(self.peek(1), Kind::RBrace | Kind::Dot)
                && !(self.peek(1) == Kind::LBracket && !self.cpp);
            if self.step(ty, index).is_none() || !more {
                return Ok(());
            }
            self.advance();
        }
        Ok(())
    }

    fn part(&mut self, path: &[PathStep], value: Expr, filling: &mut Filling) {
        self.initializers += 1;
        if filling.parts.len() >= limits::MAX_INITIALIZERS || (self.initializers > limits::MAX_INITIALIZERS * 16) {
            filling.cut = true;
            filling.parts.clear();
        }
        if !filling.cut {
            filling.parts.push(Part { path: path.to_vec(), value });
        }
    }

    /// The step to the member or element with this number.
    fn step(&self, ty: TypeId, index: u64) -> Option<PathStep> {
        match self.types.get(ty) {
            Type::Array { element, count } => {
                count.is_none_or(|count| index < count).then_some(PathStep::Index(index, *element))
            }
            Type::Record(record) => {
                let most = if record.union { 1 } else { record.fields.len() as u64 };
                (index < most).then_some(PathStep::Field(ty, index as u32))
            }
            _ => None,
        }
    }

    fn is_array(&self, ty: TypeId) -> bool {
        matches!(self.types.get(ty), Type::Array { .. })
    }

    fn type_at(&self, ty: TypeId, path: &[PathStep]) -> TypeId {
        match path.last() {
            None => ty,
            Some(PathStep::Index(_, element)) => *element,
            Some(PathStep::Field(record, field)) => {
                let field = self.types.record(*record).and_then(|record| record.fields.get(*field as usize));
                field.map_or(self.basic.unknown, |field| field.ty)
            }
        }
    }

    /// `.member[index] =`; gives the numbers of the outermost element or member, the first and the last.
    fn designators(
        &mut self,
        ty: TypeId,
        path: &mut Vec<PathStep>,
        filling: &mut Filling,
    ) -> Parsed<Option<(u64, u64)>> {
        let mut numbers = None;
        let mut ty = ty;
        loop {
            if self.kind() == Kind::Dot && self.peek(1) == Kind::Ident {
                self.advance();
                let name = self.advance().name;
                let Some(steps) = self.find_member(ty, name) else {
                    filling.cut = true;
                    continue;
                };
                for (record, field) in steps {
                    numbers = numbers.or(Some((u64::from(field), u64::from(field))));
                    path.push(PathStep::Field(record, field));
                    ty = self.type_at(ty, path);
                }
            } else if self.kind() == Kind::LBracket && !(self.cpp && numbers.is_none() && !self.is_array(ty)) {
                self.advance();
                let first = self.constant_expression()?;
                let last = if self.eat(Kind::Ellipsis) { self.constant_expression()? } else { first };
                self.expect(Kind::RBracket, "`]`")?;
                let index = first.and_then(|index| u64::try_from(index).ok()).unwrap_or_else(|| {
                    filling.cut = true;
                    0
                });
                let last = last.and_then(|index| u64::try_from(index).ok()).unwrap_or(index);
                let Type::Array { element, .. } = *self.types.get(ty) else { return Err(Bail("an array")) };
                numbers = numbers.or(Some((index, last.max(index))));
                path.push(PathStep::Index(index, element));
                ty = element;
            } else if self.kind() == Kind::Ident && self.peek(1) == Kind::Colon && !self.cpp && self.word().is_none() {
                // `member: value`, as of old.
                let name = self.advance().name;
                self.advance();
                if let Some(steps) = self.find_member(ty, name) {
                    for (record, field) in steps {
                        numbers = numbers.or(Some((u64::from(field), u64::from(field))));
                        path.push(PathStep::Field(record, field));
                    }
                }
                return Ok(numbers);
            } else {
                break;
            }
        }
        if numbers.is_some() {
            self.eat(Kind::Assign);
        }
        Ok(numbers)
    }
}
