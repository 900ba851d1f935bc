//! Expressions of C++.

use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::{Expr, ExprKind, Init};
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Linkage, ObjectId, Type, TypeId};
use assay_text::Span;

impl Parser<'_> {
    pub(super) fn throw(&mut self) -> Parsed<Expr> {
        let start = self.span();
        self.advance();
        let value = if matches!(self.kind(), Kind::Semi | Kind::RParen | Kind::Colon | Kind::Comma) {
            None
        } else {
            let value = self.assignment()?;
            Some(Box::new(self.value(value)))
        };
        Ok(Self::expr(ExprKind::Throw(value), self.basic.void, self.since(start)))
    }

    /// The method that an operator on an object of a class is; `arguments` are its other operands.
    pub(super) fn overloaded(&mut self, operator: Kind, operand: &Expr, arguments: &[Expr]) -> Option<ObjectId> {
        if !self.is_record(operand.ty) {
            return None;
        }
        let text = match operator {
            Kind::LBracket => "operator[]",
            Kind::Inc => "operator++",
            Kind::Dec => "operator--",
            Kind::Star => "operator*",
            Kind::Not => "operator!",
            Kind::Minus => "operator-",
            Kind::Tilde => "operator~",
            Kind::PlusEq => "operator+=",
            Kind::MinusEq => "operator-=",
            Kind::Assign => "operator=",
            Kind::ShlEq => "operator<<=",
            Kind::PipeEq => "operator|=",
            Kind::AmpEq => "operator&=",
            Kind::Plus => "operator+",
            Kind::Shl => "operator<<",
            Kind::Shr => "operator>>",
            Kind::EqEq => "operator==",
            Kind::NotEq => "operator!=",
            Kind::Lt => "operator<",
            Kind::Gt => "operator>",
            Kind::Slash => "operator/",
            Kind::Arrow => "operator->",
            Kind::LParen => "operator()",
            _ => return None,
        };
        let name = self.intern(text);
        self.best_overload(&self.methods(operand.ty, name), Some(operand.ty), arguments)
    }

    pub(super) fn operator_call(&mut self, call: ObjectId, left: Expr, right: Option<Expr>, span: Span) -> Expr {
        let address = self.address_of(left);
        self.call_object(call, std::iter::once(address).chain(right).collect(), span)
    }

    /// A call of a function by name.
    pub(super) fn call_object(&mut self, object: ObjectId, arguments: Vec<Expr>, span: Span) -> Expr {
        let ty = self.objects[object].ty;
        let (result, params) = match self.types.get(ty).clone() {
            Type::Function { result, params, .. } => (result, params),
            _ => (self.basic.unknown, Vec::new()),
        };
        let arguments = self.passed(arguments, &params);
        let callee = Self::expr(ExprKind::Object(object), ty, span);
        let callee = self.value(callee);
        let call = Self::expr(ExprKind::Call(Box::new(callee), arguments), result, span);
        self.referred(call)
    }

    /// `new T(…)` or `delete e`
    pub(super) fn new_or_delete(&mut self, start: Span) -> Parsed<Expr> {
        let is_new = self.word() == Some(Word::New);
        self.advance();
        if !is_new {
            let array = self.kind() == Kind::LBracket && self.peek(1) == Kind::RBracket;
            if array {
                self.advance();
                self.advance();
            }
            let operand = self.cast()?;
            let operand = self.value(operand);
            let span = self.since(start);
            let to = self.types.pointee(operand.ty);
            let destructor = to.and_then(|to| self.classes.info.get(&to)).and_then(|info| info.destructor);
            let name = self.intern(if array { "operator delete[]" } else { "operator delete" });
            let (void, pointer) = (self.basic.void, self.basic.void_pointer);
            let ty = self.types.intern(Type::Function { result: void, params: vec![pointer], variadic: false });
            let object = self.object(name, ty, Linkage::External, Span::default());
            let (Some(destructor), false) = (destructor, array) else {
                return Ok(self.call_object(object, vec![operand], span));
            };
            let ty = operand.ty;
            let Some(holder) = self.register(ty, span) else {
                return Ok(self.call_object(object, vec![operand], span));
            };
            let place = || Self::expr(ExprKind::Local(holder), ty, span);
            let keep = self.assign(place(), operand, span);
            let destroy = self.call_object(destructor, vec![place()], span);
            let free = self.call_object(object, vec![place()], span);
            let inner = Self::expr(ExprKind::Comma(Box::new(keep), Box::new(destroy)), self.basic.void, span);
            return Ok(Self::expr(ExprKind::Comma(Box::new(inner), Box::new(free)), self.basic.void, span));
        }
        let mut placed = Vec::new();
        if self.kind() == Kind::LParen {
            self.advance();
            if self.starts_type(false) {
                let ty = self.type_name()?;
                self.expect(Kind::RParen, "`)`")?;
                return self.new_object(ty, None, placed, start);
            }
            placed = self.nested(Self::arguments)?;
        }
        let specifiers = self.specifiers()?;
        let mut ty = specifiers.ty;
        while self.kind() == Kind::Star {
            self.advance();
            ty = self.pointer_to(ty);
        }
        let mut count = None;
        while self.kind() == Kind::LBracket {
            self.advance();
            let length = if self.kind() == Kind::RBracket { self.int(0, start) } else { self.expression()? };
            self.expect(Kind::RBracket, "`]`")?;
            count = Some(match count {
                None => self.index(length),
                Some(before) => {
                    let length = self.index(length);
                    self.arith(assay_ir::ArithOp::Mul, before, length, start)
                }
            });
        }
        self.new_object(ty, count, placed, start)
    }

    fn new_object(&mut self, ty: TypeId, count: Option<Expr>, placed: Vec<Expr>, start: Span) -> Parsed<Expr> {
        let arguments = match self.kind() {
            Kind::LParen => {
                self.advance();
                Some(self.nested(Self::arguments)?)
            }
            Kind::LBrace => Some(self.braced_arguments()?),
            _ => None,
        };
        let span = self.since(start);
        let pointer = self.pointer_to(ty);
        if !placed.is_empty() {
            // Where to is told by the first argument.
            let mut operands = placed;
            operands.extend(arguments.into_iter().flatten());
            let operands = operands.into_iter().map(|operand| self.value(operand)).collect();
            return Ok(Expr { ty: pointer, ..self.unknown(operands, span) });
        }
        let name = self.intern(if count.is_some() { "operator new[]" } else { "operator new" });
        let (size_ty, result) = (self.basic.size, self.basic.void_pointer);
        let function = self.types.intern(Type::Function { result, params: vec![size_ty], variadic: false });
        let object = self.object(name, function, Linkage::External, Span::default());
        let size = match self.types.size(ty).and_then(|size| i64::try_from(size).ok()) {
            Some(size) => Self::expr(ExprKind::Int(size), size_ty, span),
            None => Expr { ty: size_ty, ..self.unknown(Vec::new(), span) },
        };
        let is_array = count.is_some();
        let bytes = match count {
            Some(count) => self.arith(assay_ir::ArithOp::Mul, count, size, span),
            None => size,
        };
        let made = self.call_object(object, vec![bytes], span);
        let made = self.convert(made, pointer);
        let constructs = self.is_record(ty)
            && self
                .classes
                .info
                .get(&ty)
                .is_some_and(|info| !info.constructors.is_empty() || !info.defaults.is_empty());
        if is_array || !constructs && arguments.is_none() {
            return Ok(made);
        }
        let Some(holder) = self.register(pointer, span) else { return Ok(made) };
        let place = || Self::expr(ExprKind::Local(holder), pointer, span);
        let keep = self.assign(place(), made, span);
        let target = self.deref(place(), span);
        let build = self.constructed(target, arguments.unwrap_or_default(), span);
        let inner = Self::expr(ExprKind::Comma(Box::new(keep), Box::new(build)), self.basic.void, span);
        Ok(Self::expr(ExprKind::Comma(Box::new(inner), Box::new(place())), pointer, span))
    }

    /// A variable without a name that is a value.
    fn register(&mut self, ty: TypeId, span: Span) -> Option<crate::tree::LocalId> {
        let name = self.intern("");
        self.new_local(name, ty, span)
    }

    /// A member behind `.` or `->`, with its call when it is a method.
    pub(super) fn cpp_member(&mut self, base: Expr, arrow: bool, start: Span) -> Parsed<Expr> {
        let mut base = base;
        self.eat_word(Word::Template);
        let (mut name, mut token, mut path) = (None, self.token(), Vec::new());
        self.cpp_name(&mut name, &mut token, &mut path)?;
        let name = name.ok_or(Bail("a member"))?;
        if self.kind() == Kind::Lt && self.peek(1) != Kind::Number {
            let at = self.input.at;
            if !self.template_arguments() || self.kind() != Kind::LParen {
                self.input.at = at;
            }
        }
        let span = self.since(start);
        if arrow {
            if let Some(call) = self.overloaded(Kind::Arrow, &base, &[]) {
                base = self.operator_call(call, base, None, span);
            }
            let pointer = self.value(base);
            base =
                if self.is_pointer(pointer.ty) { self.deref(pointer, span) } else { self.unknown(vec![pointer], span) };
        }
        if self.kind() != Kind::LParen || self.find_member(base.ty, name).is_some() {
            return Ok(self.member(base, name, span));
        }
        self.advance();
        let arguments = self.nested(Self::arguments)?;
        let span = self.since(start);
        Ok(self.method_call(base, name, arguments, span))
    }

    /// `base.name(arguments)`
    fn method_call(&mut self, base: Expr, name: Symbol, arguments: Vec<Expr>, span: Span) -> Expr {
        let class = base.ty;
        let (base, arguments) = match self.container_method(base, name, arguments, span) {
            Ok(call) => return call,
            Err(parts) => parts,
        };
        if !self.is_record(class) {
            let mut operands = vec![base];
            operands.extend(arguments);
            let operands = operands.into_iter().map(|operand| self.given_away(operand)).collect();
            return self.unknown(operands, span);
        }
        let found = self.methods(class, name);
        let Some(object) = self.best_overload(&found, Some(class), &arguments) else {
            let owner = self.types.record(class).map(|record| record.name);
            let owner = owner.map_or_else(String::new, |name| self.text(name).to_owned());
            let text = format!("{owner}::{}", self.text(name));
            let full = self.intern(&text);
            let this = self.pointer_to(class);
            let result = self.basic.unknown;
            let ty = self.types.intern(Type::Function { result, params: vec![this], variadic: true });
            let object = self.object(full, ty, Linkage::External, Span::default());
            let arguments = arguments.into_iter().map(|argument| self.given_away(argument)).collect();
            return self.called_on(base, object, arguments, span);
        };
        let takes_this = match self.types.get(self.objects[object].ty) {
            Type::Function { params, .. } => {
                params.first().and_then(|first| self.types.pointee(*first)).is_some_and(|to| self.is_record(to))
            }
            _ => false,
        };
        if !takes_this {
            return self.call_object(object, arguments, span);
        }
        self.called_on(base, object, arguments, span)
    }

    fn called_on(&mut self, base: Expr, method: ObjectId, arguments: Vec<Expr>, span: Span) -> Expr {
        let address = self.address_of(base);
        self.call_object(method, std::iter::once(address).chain(arguments).collect(), span)
    }

    /// An argument of a function whose parameters are not known: what has no value yet may be passed by reference, to get one.
    pub(super) fn given_away(&mut self, argument: Expr) -> Expr {
        let (ty, span) = (argument.ty, argument.span);
        let unset = match argument.kind {
            ExprKind::Local(id) if !matches!(self.types.get(ty), Type::Array { .. }) => {
                self.local(id).filter(|local| local.unset).map(|_| id)
            }
            _ => None,
        };
        let Some(id) = unset else { return self.value(argument) };
        let again = Self::expr(ExprKind::Local(id), ty, span);
        let address = self.address_of(argument);
        let touched = self.unknown(vec![address], span);
        let value = self.value(again);
        Self::expr(ExprKind::Comma(Box::new(touched), Box::new(value)), ty, span)
    }

    /// The overloaded function that a call by name means.
    pub(super) fn pick_overload(&self, callee: &Expr, arguments: &[Expr]) -> Option<ObjectId> {
        let ExprKind::Object(object) = callee.kind else { return None };
        let name = self.text(self.objects[object].name);
        let base = name.split('#').next().unwrap_or(name);
        let symbol = self.preprocessor.strings.lookup(base)?;
        let list = self.classes.overloads.get(&symbol)?;
        if list.len() < 2 { None } else { self.best_overload(list, None, arguments) }
    }

    /// The member of the object that a method is called on.
    pub(super) fn this_member(&mut self, name: Symbol, span: Span) -> Option<Expr> {
        let class = self.classes.this_class?;
        self.find_member(class, name)?;
        let this = self.this_value(span)?;
        let object = self.deref(this, span);
        Some(self.member(object, name, span))
    }

    pub(super) fn this_value(&mut self, span: Span) -> Option<Expr> {
        let found = self.scopes.iter().skip(1).rev().find_map(|scope| scope.names.get(&Word::This.symbol()).copied());
        let Some(Entity::Local(id)) = found else { return None };
        let ty = self.local(id)?.ty;
        Some(Self::expr(ExprKind::Local(id), ty, span))
    }

    /// Whether `...)` ends a fold over a pack, which is read.
    pub(super) fn fold_expression(&mut self) -> bool {
        if self.kind() != Kind::Ellipsis {
            return false;
        }
        while !self.eat(Kind::RParen) && !self.at_end() {
            if self.kind() == Kind::LParen {
                self.skip_balanced();
            } else {
                self.advance();
            }
        }
        true
    }

    /// Primary expressions that C does not have; nothing is read when none stands here.
    pub(super) fn cpp_primary(&mut self, start: Span) -> Parsed<Option<Expr>> {
        if let Some(word) = self.word() {
            return self.word_expression(word, start);
        }
        if matches!(self.peek(1), Kind::ColonColon | Kind::Lt) {
            let at = self.input.at;
            let parts = self.qualified_parts();
            let is_value = parts.as_ref().is_some_and(|parts| {
                parts.len() > 1 || matches!(self.kind(), Kind::LParen | Kind::LBrace) && self.input.at > at + 1
            });
            self.input.at = at;
            if is_value {
                return self.qualified_name(start).map(Some);
            }
            // `member < x`
            if self.peek(1) != Kind::Lt {
                return Ok(None);
            }
        }
        let name = self.token().name;
        let local = self.scopes.iter().skip(1).rev().find_map(|scope| scope.names.get(&name).copied());
        if local.is_none() && self.classes.this_class.is_some() {
            if let Some(member) = self.this_member(name, start) {
                self.advance();
                return Ok(Some(member));
            }
            if self.peek(1) == Kind::LParen
                && let Some(class) = self.classes.this_class
                && !self.methods(class, name).is_empty()
                && let Some(this) = self.this_value(start)
            {
                self.advance();
                self.advance();
                let arguments = self.nested(Self::arguments)?;
                let object = self.deref(this, start);
                let span = self.since(start);
                return Ok(Some(self.method_call(object, name, arguments, span)));
            }
        }
        let found = self.lookup(name);
        if let Some(Entity::Type(ty)) = found
            && matches!(self.peek(1), Kind::LParen | Kind::LBrace)
        {
            self.advance();
            return self.functional_cast(ty, start).map(Some);
        }
        Ok(None)
    }

    fn word_expression(&mut self, word: Word, start: Span) -> Parsed<Option<Expr>> {
        let expr = match word {
            Word::This => {
                self.advance();
                self.this_value(start).unwrap_or_else(|| self.unknown(Vec::new(), start))
            }
            Word::True | Word::False => {
                self.advance();
                Self::expr(ExprKind::Int(i64::from(word == Word::True)), self.basic.bool, start)
            }
            Word::Nullptr => {
                self.advance();
                Self::expr(ExprKind::Int(0), self.basic.void_pointer, start)
            }
            Word::StaticCast | Word::ReinterpretCast | Word::ConstCast | Word::DynamicCast => {
                self.advance();
                self.expect(Kind::Lt, "`<`")?;
                let ty = self.type_name()?;
                if self.kind() == Kind::Shr {
                    return Err(Bail("`>`"));
                }
                self.expect(Kind::Gt, "`>`")?;
                self.expect(Kind::LParen, "`(`")?;
                let operand = self.nested(Self::expression)?;
                self.expect(Kind::RParen, "`)`")?;
                let span = self.since(start);
                if word == Word::DynamicCast {
                    let operand = self.value(operand);
                    Expr { ty, ..self.unknown(vec![operand], span) }
                } else {
                    self.cast_to(operand, ty, span)
                }
            }
            Word::Typeid | Word::Noexcept | Word::Decltype if self.peek(1) == Kind::LParen => {
                self.advance();
                self.skip_balanced();
                self.unknown(Vec::new(), self.since(start))
            }
            Word::Operator => {
                let name = self.operator_name()?;
                let found = self.lookup(name);
                return self.entity_value(found, name, start).map(Some);
            }
            Word::Typename => {
                self.advance();
                let ty = self.qualified_type().ok_or(Bail("a type"))?;
                self.functional_cast(ty, start)?
            }
            Word::Bool
            | Word::WcharT
            | Word::Char
            | Word::Int
            | Word::Long
            | Word::Short
            | Word::Unsigned
            | Word::Signed
            | Word::Float
            | Word::Double
            | Word::Char8T
            | Word::Char16T
            | Word::Char32T
                if matches!(self.peek(1), Kind::LParen | Kind::LBrace) =>
            {
                let ty = self.specifiers()?.ty;
                self.functional_cast(ty, start)?
            }
            _ => return Ok(None),
        };
        Ok(Some(expr))
    }

    /// `T(…)` or `T{…}`
    pub(super) fn functional_cast(&mut self, ty: TypeId, start: Span) -> Parsed<Expr> {
        let mut arguments = match self.kind() {
            Kind::LBrace => self.braced_arguments()?,
            Kind::LParen => {
                self.advance();
                self.nested(Self::arguments)?
            }
            _ => return Err(Bail("`(`")),
        };
        let span = self.since(start);
        if !self.is_record(ty) {
            let value = if arguments.is_empty() { self.int(0, span) } else { arguments.remove(0) };
            return Ok(self.cast_to(value, ty, span));
        }
        Ok(self.temporary_object(ty, arguments, span))
    }

    /// An object without a name that is constructed here.
    pub(super) fn temporary_object(&mut self, class: TypeId, arguments: Vec<Expr>, span: Span) -> Expr {
        let Some(local) = self.temporary(class, span) else {
            let operands = arguments.into_iter().map(|operand| self.value(operand)).collect();
            return Expr { ty: class, ..self.unknown(operands, span) };
        };
        let target = Self::expr(ExprKind::Local(local), class, span);
        let call = self.constructed(target, arguments, span);
        Self::expr(ExprKind::Literal(local, Box::new(Init::Construct(vec![call]))), class, span)
    }

    /// `a::b<c>::d` as a value, or the call of a constructor of that name.
    pub(super) fn qualified_name(&mut self, start: Span) -> Parsed<Expr> {
        let at = self.input.at;
        let parts = self.qualified_parts().ok_or(Bail("a name"))?;
        let mut found = self.resolve(&parts);
        match found {
            Some(Entity::Object(template)) => {
                found = self.named_function(template, at).map(Entity::Object).or(found);
            }
            Some(Entity::Type(_)) => found = self.made_class(at, &parts).map(Entity::Type).or(found),
            _ => {}
        }
        let span = self.since(start);
        match found {
            Some(Entity::Type(ty)) if matches!(self.kind(), Kind::LParen | Kind::LBrace) => {
                self.functional_cast(ty, start)
            }
            Some(entity @ (Entity::Local(_) | Entity::Object(_) | Entity::Constant(..) | Entity::Unknown)) => {
                let name = parts.last().copied().ok_or(Bail("a name"))?;
                self.entity_value(Some(entity), name, span)
            }
            _ if self.kind() == Kind::LParen => {
                // A function that was not declared. A method of a base is called on this object.
                let Some((name, path)) = parts.split_last() else { return Err(Bail("a name")) };
                if let Some(class) = self.classes.this_class
                    && !self.methods(class, *name).is_empty()
                    && let Some(this) = self.this_value(span)
                {
                    self.advance();
                    let arguments = self.nested(Self::arguments)?;
                    let object = self.deref(this, span);
                    return Ok(self.method_call(object, *name, arguments, span));
                }
                let full = self.joined(path, *name);
                let result = self.basic.unknown;
                let ty = self.types.intern(Type::Function { result, params: Vec::new(), variadic: true });
                let object = self.object(full, ty, Linkage::External, Span::default());
                let ty = self.objects[object].ty;
                Ok(Self::expr(ExprKind::Object(object), ty, span))
            }
            _ if self.kind() == Kind::LBrace => {
                let ty = self.unknown_qualified(&parts);
                self.functional_cast(ty, start)
            }
            _ => {
                if self.kind() == Kind::ColonColon {
                    return Err(Bail("a name"));
                }
                Ok(self.unknown(Vec::new(), span))
            }
        }
    }
}
