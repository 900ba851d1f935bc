//! Expressions with one operand, calls and primary expressions.

use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::literal;
use crate::tree::{Expr, ExprKind, Init};
use crate::words::Word;
use assay_ir::{ArithOp, Linkage, Type, TypeId};
use assay_text::{Span, limits};
use std::ops::ControlFlow;

impl Parser<'_> {
    /// `(type) expr`, or an expression with a prefix.
    pub(super) fn cast(&mut self) -> Parsed<Expr> {
        self.nested(Self::cast_here)
    }

    fn cast_here(&mut self) -> Parsed<Expr> {
        if self.kind() != Kind::LParen {
            return self.unary();
        }
        let start = self.span();
        if let Some(ty) = self.cast_type() {
            if self.kind() == Kind::LBrace {
                let literal = self.compound_literal(ty, start)?;
                return self.postfix(literal, start);
            }
            let operand = self.cast()?;
            let span = self.since(start);
            return Ok(self.cast_to(operand, ty, span));
        }
        self.unary()
    }

    pub(super) fn cast_to(&mut self, operand: Expr, ty: TypeId, span: Span) -> Expr {
        if self.references.contains(&ty) {
            let to = self.types.pointee(ty).unwrap_or(self.basic.unknown);
            let address = self.address_of(operand);
            let pointer = self.pointer_to(to);
            let address = self.convert(address, pointer);
            return self.deref(address, span);
        }
        if matches!(self.types.get(ty), Type::Void) {
            let operand = self.value(operand);
            let zero = Self::expr(ExprKind::Int(0), ty, span);
            return Self::expr(ExprKind::Comma(Box::new(operand), Box::new(zero)), ty, span);
        }
        if self.is_record(ty) && operand.ty != ty {
            let operand = self.value(operand);
            return Expr { ty, ..self.unknown(vec![operand], span) };
        }
        if self.is_unknown(ty) {
            let operand = self.value(operand);
            return Expr { span, ..operand };
        }
        let converted = self.convert(operand, ty);
        Expr { span, ..converted }
    }

    /// The type in parentheses that makes what follows a cast; nothing is read when there is none.
    fn cast_type(&mut self) -> Option<TypeId> {
        let at = self.input.at;
        self.advance();
        let known = self.starts_type(false);
        let unknown_name = !known
            && self.kind() == Kind::Ident
            && self.word().is_none()
            && matches!(self.peek(1), Kind::RParen | Kind::Star)
            && self.lookup(self.token().name).is_none();
        if !known && !unknown_name {
            self.input.at = at;
            return None;
        }
        let name = self.token().name;
        if unknown_name {
            // `(name *)` is a type; `(name)` is one when an operand follows that could not follow a value.
            let mut stars = 1;
            while self.peek(stars) == Kind::Star {
                stars += 1;
            }
            let closes = self.peek(stars) == Kind::RParen;
            let next = self.peek(stars + 1);
            let operand = matches!(next, Kind::Ident | Kind::Number | Kind::Str | Kind::Char | Kind::Tilde)
                || next == Kind::LParen && (stars > 1 || self.text(name).ends_with("_t"))
                || stars > 1 && matches!(next, Kind::Amp | Kind::Star | Kind::LBrace);
            if !closes || !operand {
                self.input.at = at;
                return None;
            }
            self.unknown_type(name);
        }
        let ty = self.attempt(|this| {
            let ty = this.type_name()?;
            this.expect(Kind::RParen, "`)`")?;
            Ok(ty)
        });
        // `(Type) {…}` in C is a literal; `(Type)` with nothing to cast is none of them.
        let nothing = matches!(
            self.kind(),
            Kind::RParen
                | Kind::Semi
                | Kind::Comma
                | Kind::RBracket
                | Kind::Dot
                | Kind::Arrow
                | Kind::Assign
                | Kind::End
                | Kind::RBrace
        );
        if ty.is_none() || nothing || self.kind() == Kind::LBrace && self.cpp {
            self.input.at = at;
            return None;
        }
        ty
    }

    /// `(type) { … }`
    fn compound_literal(&mut self, ty: TypeId, start: Span) -> Parsed<Expr> {
        if self.current.is_none() {
            return Err(Bail("a function around it"));
        }
        let (init, ty) = self.initializer(ty)?;
        let span = self.since(start);
        Ok(self.initialised_temporary(ty, init, span))
    }

    /// A variable without a name that is initialised here.
    pub(super) fn initialised_temporary(&mut self, ty: TypeId, init: Option<Init>, span: Span) -> Expr {
        match self.temporary(ty, span) {
            Some(local) => {
                let init = init.unwrap_or(Init::Unknown);
                Self::expr(ExprKind::Literal(local, Box::new(init)), ty, span)
            }
            None => Expr { ty, ..self.unknown(Vec::new(), span) },
        }
    }

    /// An operator in front of an operand: the call where a class overloads it, else the operand and the place of the whole.
    fn prefixed(&mut self, kind: Kind, start: Span) -> Parsed<ControlFlow<Expr, (Expr, Span)>> {
        self.advance();
        let operand = self.cast()?;
        let span = self.since(start);
        if self.cpp
            && let Some(call) = self.overloaded(kind, &operand, &[])
        {
            return Ok(ControlFlow::Break(self.operator_call(call, operand, None, span)));
        }
        Ok(ControlFlow::Continue((operand, span)))
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let kind = self.kind();
        match kind {
            Kind::Inc | Kind::Dec => {
                self.advance();
                let target = self.nested(Self::unary)?;
                let span = self.since(start);
                Ok(self.step_of(target, kind == Kind::Dec, false, span))
            }
            Kind::Amp => {
                let (operand, span) = match self.prefixed(kind, start)? {
                    ControlFlow::Continue(built_in) => built_in,
                    ControlFlow::Break(call) => return Ok(call),
                };
                if self.cpp && matches!(operand.kind, ExprKind::Unknown(_)) {
                    // What is not seen gives a reference, or its address could not be taken.
                    let ty = self.pointer_to(operand.ty);
                    return Ok(Expr { ty, ..self.unknown(vec![operand], span) });
                }
                let address = self.address_of(operand);
                Ok(Expr { span, ..address })
            }
            // The address of a label.
            Kind::AndAnd if !self.cpp || self.peek(1) == Kind::Ident => {
                self.advance();
                let name = self.advance().name;
                self.label(name);
                let ty = self.basic.void_pointer;
                Ok(Expr { ty, ..self.unknown(Vec::new(), self.since(start)) })
            }
            Kind::Star => {
                let (operand, span) = match self.prefixed(kind, start)? {
                    ControlFlow::Continue(built_in) => built_in,
                    ControlFlow::Break(call) => return Ok(call),
                };
                Ok(self.deref(operand, span))
            }
            Kind::Plus | Kind::Minus | Kind::Tilde => {
                let (operand, span) = match self.prefixed(kind, start)? {
                    ControlFlow::Continue(built_in) => built_in,
                    ControlFlow::Break(call) => return Ok(call),
                };
                let operand = self.promote(operand);
                Ok(self.sign(kind, operand, span))
            }
            Kind::Not => {
                let (operand, span) = match self.prefixed(kind, start)? {
                    ControlFlow::Continue(built_in) => built_in,
                    ControlFlow::Break(call) => return Ok(call),
                };
                let operand = self.condition(operand);
                let ty = if self.cpp { self.basic.bool } else { self.basic.int };
                if let Some(value) = Self::constant(&operand) {
                    return Ok(Self::expr(ExprKind::Int(i64::from(value == 0)), ty, span));
                }
                Ok(Self::expr(ExprKind::Not(Box::new(operand)), ty, span))
            }
            Kind::Ident => match self.word() {
                Some(Word::Sizeof) => self.size_of(start),
                Some(Word::Alignof_ | Word::Alignof2 | Word::Alignof3 | Word::Alignof) => self.align_of(start),
                Some(Word::Extension) => {
                    self.advance();
                    self.cast()
                }
                Some(Word::New | Word::Delete) if self.cpp => self.new_or_delete(start),
                Some(Word::CoAwait | Word::CoYield) if self.cpp => {
                    self.advance();
                    let operand = self.cast()?;
                    let operand = self.value(operand);
                    Ok(self.unknown(vec![operand], self.since(start)))
                }
                _ => {
                    let primary = self.primary(start)?;
                    self.postfix(primary, start)
                }
            },
            Kind::ColonColon if self.cpp && matches!(self.word_at(1), Some(Word::New | Word::Delete)) => {
                self.advance();
                self.new_or_delete(start)
            }
            _ => {
                let primary = self.primary(start)?;
                self.postfix(primary, start)
            }
        }
    }

    fn sign(&mut self, kind: Kind, operand: Expr, span: Span) -> Expr {
        let ty = operand.ty;
        match kind {
            Kind::Plus => Expr { span, ..operand },
            Kind::Minus => {
                if let ExprKind::Float(value) = operand.kind {
                    return Self::expr(ExprKind::Float(-value), ty, span);
                }
                let zero = Self::expr(ExprKind::Int(0), ty, span);
                let zero = if matches!(self.types.get(ty), Type::Float { .. }) {
                    Self::expr(ExprKind::Float(0.0), ty, span)
                } else {
                    zero
                };
                self.arith(ArithOp::Sub, zero, operand, span)
            }
            _ => {
                let ones = Self::expr(ExprKind::Int(self.wrap(-1, ty)), ty, span);
                self.arith(ArithOp::Xor, operand, ones, span)
            }
        }
    }

    /// `++target` and its like.
    fn step_of(&mut self, target: Expr, down: bool, post: bool, span: Span) -> Expr {
        let kind = if down { Kind::Dec } else { Kind::Inc };
        if self.cpp
            && let Some(call) = self.overloaded(kind, &target, &[])
        {
            return self.operator_call(call, target, None, span);
        }
        if !target.is_lvalue() {
            return self.unknown(vec![target], span);
        }
        let ty = target.ty;
        Self::expr(ExprKind::Step { target: Box::new(target), down, post }, ty, span)
    }

    fn size_constant(&self, ty: TypeId, span: Span) -> Expr {
        match self.types.size(ty).and_then(|size| i64::try_from(size).ok()) {
            Some(size) => Self::expr(ExprKind::Int(size), self.basic.size, span),
            None => Expr { ty: self.basic.size, ..self.unknown(Vec::new(), span) },
        }
    }

    fn size_of(&mut self, start: Span) -> Parsed<Expr> {
        self.advance();
        if self.cpp && self.eat(Kind::Ellipsis) {
            self.skip_balanced();
            return Ok(Expr { ty: self.basic.size, ..self.unknown(Vec::new(), self.since(start)) });
        }
        let ty = match self.type_in_parentheses() {
            Some(ty) => ty,
            None => {
                let operand = self.nested(Self::unary)?;
                if let ExprKind::Local(id) = operand.kind
                    && let Some(length) = self.run_time_size(id, start)
                {
                    return Ok(length);
                }
                operand.ty
            }
        };
        let ty = if self.references.contains(&ty) { self.types.pointee(ty).unwrap_or(ty) } else { ty };
        Ok(self.size_constant(ty, self.since(start)))
    }

    /// The size of an array whose length is known at run time only, when that is a variable.
    fn run_time_size(&mut self, id: crate::tree::LocalId, start: Span) -> Option<Expr> {
        let span = self.since(start);
        let local = self.local(id)?;
        let (length, element) = local.length.as_ref()?;
        let copied = match (&length.kind, length.ty) {
            (ExprKind::Local(variable), ty) => Self::expr(ExprKind::Local(*variable), ty, span),
            (ExprKind::Convert(inner), ty) => match inner.kind {
                ExprKind::Local(variable) => {
                    let inner = Self::expr(ExprKind::Local(variable), inner.ty, span);
                    Self::expr(ExprKind::Convert(Box::new(inner)), ty, span)
                }
                _ => return None,
            },
            _ => return None,
        };
        let element = *element;
        let size = self.size_constant(element, span);
        Some(self.arith(ArithOp::Mul, copied, size, span))
    }

    /// `(type)`, unless it is the beginning of a compound literal.
    fn type_in_parentheses(&mut self) -> Option<TypeId> {
        if self.kind() != Kind::LParen {
            return None;
        }
        let at = self.input.at;
        self.advance();
        let mut known = self.starts_type(false);
        if !known
            && self.kind() == Kind::Ident
            && self.word().is_none()
            && matches!(self.peek(1), Kind::RParen | Kind::Star)
            && self.lookup(self.token().name).is_none()
        {
            let name = self.token().name;
            self.unknown_type(name);
            known = true;
        }
        let ty = if known { self.type_name().ok() } else { None };
        if ty.is_some() && self.eat(Kind::RParen) && self.kind() != Kind::LBrace {
            return ty;
        }
        self.input.at = at;
        None
    }

    fn align_of(&mut self, start: Span) -> Parsed<Expr> {
        self.advance();
        let ty = match self.type_in_parentheses() {
            Some(ty) => ty,
            None => self.nested(Self::unary)?.ty,
        };
        let align = i64::try_from(self.types.align(ty)).unwrap_or(1);
        Ok(Self::expr(ExprKind::Int(align), self.basic.size, self.since(start)))
    }

    /// Calls, subscripts, members and steps behind an expression.
    pub(super) fn postfix(&mut self, mut expr: Expr, start: Span) -> Parsed<Expr> {
        let mut chain = 0;
        loop {
            chain += 1;
            if chain > limits::MAX_OPERATOR_CHAIN {
                return Err(Bail("MAX_OPERATOR_CHAIN"));
            }
            match self.kind() {
                Kind::LBracket => {
                    self.advance();
                    let index = self.nested(|this| {
                        if this.cpp && this.kind() == Kind::LBrace {
                            let (_, _) = this.initializer(this.basic.unknown)?;
                            return Ok(this.unknown(Vec::new(), start));
                        }
                        this.expression()
                    })?;
                    self.expect(Kind::RBracket, "`]`")?;
                    let span = self.since(start);
                    if self.names_element(&expr, &index) {
                        expr = self.container_element(expr, index, span);
                        continue;
                    }
                    if self.cpp
                        && let Some(call) = self.overloaded(Kind::LBracket, &expr, std::slice::from_ref(&index))
                    {
                        expr = self.operator_call(call, expr, Some(index), span);
                        continue;
                    }
                    let address = self.add(expr, index, false, span);
                    expr = if self.is_pointer(address.ty) {
                        self.deref(address, span)
                    } else {
                        self.unknown(vec![address], span)
                    };
                    expr = self.referred(expr);
                }
                Kind::LParen => {
                    self.advance();
                    let arguments = self.nested(Self::arguments)?;
                    let span = self.since(start);
                    expr = self.call(expr, arguments, span);
                }
                Kind::Dot | Kind::Arrow => {
                    let arrow = self.advance().kind == Kind::Arrow;
                    if self.cpp {
                        expr = self.cpp_member(expr, arrow, start)?;
                        continue;
                    }
                    if self.kind() != Kind::Ident {
                        return Err(Bail("a member"));
                    }
                    let name = self.advance().name;
                    let span = self.since(start);
                    expr = if arrow { self.arrow(expr, name, span) } else { self.member(expr, name, span) };
                }
                Kind::Inc | Kind::Dec => {
                    let down = self.advance().kind == Kind::Dec;
                    let span = self.since(start);
                    expr = self.step_of(expr, down, true, span);
                }
                _ => return Ok(expr),
            }
        }
    }

    /// Arguments up to the `)`, which is read.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        let mut arguments = Vec::new();
        if self.eat(Kind::RParen) {
            return Ok(arguments);
        }
        let outer = std::mem::take(&mut self.classes.in_template_arguments);
        loop {
            // A macro that is not known may take a type.
            let argument = if self.cpp && self.kind() == Kind::LBrace {
                let start = self.span();
                let (init, _) = self.initializer(self.basic.unknown)?;
                match init {
                    Some(Init::Value(value)) => value,
                    _ => self.unknown(Vec::new(), self.since(start)),
                }
            } else if self.starts_type(false) && !self.cpp {
                let start = self.span();
                self.type_name()?;
                self.unknown(Vec::new(), self.since(start))
            } else {
                self.assignment()?
            };
            if self.cpp {
                self.eat(Kind::Ellipsis);
            }
            arguments.push(argument);
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.classes.in_template_arguments = outer;
        self.expect(Kind::RParen, "`)`")?;
        Ok(arguments)
    }

    /// A call, with its arguments converted to the parameters.
    pub(super) fn call(&mut self, callee: Expr, arguments: Vec<Expr>, span: Span) -> Expr {
        let (mut callee, mut arguments) = (callee, arguments);
        if self.cpp {
            (callee, arguments) = match self.closure_call(callee, arguments, span) {
                Ok(call) => return call,
                Err(parts) => parts,
            };
            if let ExprKind::Object(named) = callee.kind {
                let made = if self.is_made(named) { Some(named) } else { self.made_function(named, &arguments) };
                if let Some(made) = made {
                    return self.call_object(made, arguments, span);
                }
            }
            if let Some(object) = self.pick_overload(&callee, &arguments) {
                callee = Self::expr(ExprKind::Object(object), self.objects[object].ty, callee.span);
            } else if let Some(call) = self.overloaded(Kind::LParen, &callee, &arguments) {
                let address = self.address_of(callee);
                return self.call_object(call, std::iter::once(address).chain(arguments).collect(), span);
            }
        }
        let callee = self.value(callee);
        let function = self.types.pointee(callee.ty).map(|ty| self.types.get(ty).clone());
        let (result, params) = match function {
            Some(Type::Function { result, params, .. }) => (result, params),
            _ => (self.basic.unknown, Vec::new()),
        };
        let arguments = if self.cpp && params.is_empty() {
            arguments.into_iter().map(|argument| self.given_away(argument)).collect()
        } else {
            arguments
        };
        let arguments = self.passed(arguments, &params);
        let call = Self::expr(ExprKind::Call(Box::new(callee), arguments), result, span);
        self.referred(call)
    }

    /// Arguments as they are passed to parameters of these types.
    pub(super) fn passed(&mut self, arguments: Vec<Expr>, params: &[TypeId]) -> Vec<Expr> {
        let mut passed = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.into_iter().enumerate() {
            passed.push(match params.get(at) {
                Some(param) => self.assignable(argument, *param),
                None => self.promoted_argument(argument),
            });
        }
        passed
    }

    fn primary(&mut self, start: Span) -> Parsed<Expr> {
        match self.kind() {
            Kind::Number => self.number(start),
            Kind::Char => {
                let token = self.advance();
                let value = literal::character(self.text(token.name));
                let wide = literal::width(self.text(token.name)) > 1;
                let ty = if self.cpp && !wide { self.basic.char } else { self.basic.int };
                Ok(Self::expr(ExprKind::Int(value), ty, start))
            }
            Kind::Str => Ok(self.string(start)),
            Kind::LParen => {
                self.advance();
                if self.kind() == Kind::LBrace {
                    let block = self.nested(|this| {
                        if this.current.is_none() {
                            return Err(Bail("a function around it"));
                        }
                        this.scoped(Self::compound)
                    })?;
                    self.expect(Kind::RParen, "`)`")?;
                    let ty = match block.statements.last().map(|last| &last.kind) {
                        Some(crate::tree::StmtKind::Expr(last)) => match *self.types.get(last.ty) {
                            Type::Array { element, .. } => self.pointer_to(element),
                            _ => last.ty,
                        },
                        _ => self.basic.void,
                    };
                    return Ok(Self::expr(ExprKind::Block(Box::new(block)), ty, self.since(start)));
                }
                let outer = std::mem::take(&mut self.classes.in_template_arguments);
                let inner = self.nested(Self::expression);
                self.classes.in_template_arguments = outer;
                let inner = inner?;
                if self.cpp && self.fold_expression() {
                    return Ok(self.unknown(vec![inner], self.since(start)));
                }
                self.expect(Kind::RParen, "`)`")?;
                Ok(Expr { span: self.since(start), ..inner })
            }
            Kind::Ident => {
                if self.cpp
                    && let Some(expr) = self.cpp_primary(start)?
                {
                    return Ok(expr);
                }
                self.name(start)
            }
            Kind::LBracket if self.cpp => self.lambda(start),
            Kind::ColonColon if self.cpp => self.qualified_name(start),
            _ => Err(Bail("an expression")),
        }
    }

    fn number(&mut self, start: Span) -> Parsed<Expr> {
        let token = self.advance();
        let text = self.text(token.name);
        if let Some(number) = literal::integer(text) {
            let fits = |bits: u32| number.value < 1 << bits;
            let other = !number.decimal || number.unsigned;
            let ty = match number.long {
                0 if fits(31) && !number.unsigned => self.basic.int,
                0 if fits(32) && other => self.basic.unsigned,
                _ if fits(63) && !number.unsigned => self.basic.long,
                _ => self.basic.size,
            };
            return Ok(Self::expr(ExprKind::Int(number.value.cast_signed()), ty, start));
        }
        let float = literal::float(text);
        if self.cpp && float.is_none() {
            // A suffix of the program's own.
            return Ok(self.unknown(Vec::new(), start));
        }
        let (value, single) = float.ok_or(Bail("a number"))?;
        let ty = if single { self.basic.float } else { self.basic.double };
        Ok(Self::expr(ExprKind::Float(value), ty, start))
    }

    /// String literals, which are put together when they follow each other.
    fn string(&mut self, start: Span) -> Expr {
        let (mut units, mut width) = (Vec::new(), 1);
        while self.kind() == Kind::Str {
            let token = self.advance();
            let text = self.text(token.name);
            width = width.max(literal::width(text));
            let more = literal::string(text);
            units.extend(more);
            // A name between literals is a macro that gives one, and is not known.
            if self.kind() == Kind::Ident && self.word().is_none() && self.lookup(self.token().name).is_none() {
                self.advance();
                if self.kind() == Kind::LParen {
                    self.skip_balanced();
                }
            }
        }
        let span = self.since(start);
        let count = Some(units.len() as u64 + 1);
        let (text, element): (String, _) = if width > 1 {
            let text = units.iter().map(|unit| char::from_u32(*unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            (text, self.types.intern(Type::Int { bits: width * 8, signed: width == 4 }))
        } else {
            (units.iter().map(|unit| char::from(*unit as u8)).collect(), self.basic.char)
        };
        let symbol = self.intern(&text);
        let ty = self.types.intern(Type::Array { element, count });
        Self::expr(ExprKind::Text(symbol), ty, span)
    }

    /// A name as a value.
    pub(super) fn name(&mut self, start: Span) -> Parsed<Expr> {
        match self.word() {
            Some(Word::Func | Word::Function | Word::PrettyFunction) => {
                self.advance();
                let name = self.current.as_ref().map_or_else(String::new, |current| current.name.clone());
                let count = Some(name.chars().count() as u64 + 1);
                let element = self.basic.char;
                let ty = self.types.intern(Type::Array { element, count });
                let symbol = self.intern(&name);
                return Ok(Self::expr(ExprKind::Text(symbol), ty, start));
            }
            Some(Word::Offsetof | Word::Offsetof2) => return self.offsetof(start),
            Some(Word::VaArg | Word::VaArg2) => return self.va_arg(start),
            Some(Word::TypesCompatible) => {
                self.advance();
                self.skip_balanced();
                return Ok(self.int(1, self.since(start)));
            }
            Some(Word::ConstantP) => {
                self.advance();
                self.skip_balanced();
                return Ok(self.int(0, self.since(start)));
            }
            Some(Word::ChooseExpr) => {
                self.advance();
                self.expect(Kind::LParen, "`(`")?;
                let condition = self.constant_expression()?;
                self.expect(Kind::Comma, "`,`")?;
                let then = self.assignment()?;
                self.expect(Kind::Comma, "`,`")?;
                let otherwise = self.assignment()?;
                self.expect(Kind::RParen, "`)`")?;
                return Ok(if condition == Some(0) { otherwise } else { then });
            }
            Some(Word::Generic_) => return self.generic(start),
            Some(word) if Self::is_reserved(word) => return Err(Bail("an expression")),
            _ => {}
        }
        // A macro that means nothing known in front of an operand: a cast, or a piece of a literal.
        if matches!(self.peek(1), Kind::Ident | Kind::Str | Kind::Number)
            && self.word_at(1).is_none_or(|word| word == Word::Sizeof)
            && self.is_macro_like()
        {
            self.advance();
            return self.nested(Self::unary);
        }
        let token = self.advance();
        let found = self.lookup(token.name);
        self.entity_value(found, token.name, start)
    }

    pub(super) fn entity_value(
        &mut self,
        found: Option<Entity>,
        name: assay_index::Symbol,
        span: Span,
    ) -> Parsed<Expr> {
        match found {
            Some(Entity::Local(id)) => {
                let unknown = self.basic.unknown;
                let ty = self.local(id).map_or(unknown, |local| local.ty);
                let expr = Self::expr(ExprKind::Local(id), ty, span);
                Ok(self.referred(expr))
            }
            Some(Entity::Object(id)) => {
                let ty = self.objects[id].ty;
                let expr = Self::expr(ExprKind::Object(id), ty, span);
                Ok(self.referred(expr))
            }
            Some(Entity::Constant(value, ty)) => Ok(Self::expr(ExprKind::Int(value), ty, span)),
            Some(Entity::Type(_) | Entity::Namespace(_)) => Err(Bail("an expression")),
            Some(Entity::Unknown) => Ok(self.unknown(Vec::new(), span)),
            None if self.kind() == Kind::LParen => {
                // A function that was not declared.
                let (result, params) = (if self.cpp { self.basic.unknown } else { self.basic.int }, Vec::new());
                let ty = self.types.intern(Type::Function { result, params, variadic: true });
                let object = self.object(name, ty, Linkage::External, Span::default());
                if let Some(scope) = self.scopes.first_mut() {
                    scope.names.insert(name, Entity::Object(object));
                }
                let ty = self.objects[object].ty;
                Ok(Self::expr(ExprKind::Object(object), ty, span))
            }
            None => Ok(self.unknown(Vec::new(), span)),
        }
    }

    /// Whether the name here is written like a macro and means nothing known.
    pub(super) fn is_macro_like(&mut self) -> bool {
        let name = self.token().name;
        self.text(name).chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && self.lookup(name).is_none()
    }

    fn offsetof(&mut self, start: Span) -> Parsed<Expr> {
        self.advance();
        self.expect(Kind::LParen, "`(`")?;
        let mut ty = self.type_name()?;
        self.expect(Kind::Comma, "`,`")?;
        let mut offset = Some(0_u64);
        loop {
            if self.kind() == Kind::LBracket {
                self.advance();
                let index = self.constant_expression()?.and_then(|index| u64::try_from(index).ok());
                self.expect(Kind::RBracket, "`]`")?;
                let element = self.types.pointee(ty).unwrap_or(self.basic.unknown);
                let size = self.types.size(element);
                let step = index.zip(size).and_then(|(index, size)| index.checked_mul(size));
                offset = offset.zip(step).and_then(|(offset, step)| offset.checked_add(step));
                ty = element;
            } else if self.kind() == Kind::Ident {
                let name = self.advance().name;
                match self.find_member(ty, name) {
                    Some(steps) => {
                        for (record, field) in steps {
                            let field = self.types.record(record).and_then(|r| r.fields.get(field as usize));
                            let (step, inner) = field.map_or((None, self.basic.unknown), |f| (f.offset, f.ty));
                            offset = offset.zip(step).and_then(|(offset, step)| offset.checked_add(step));
                            ty = inner;
                        }
                    }
                    None => (offset, ty) = (None, self.basic.unknown),
                }
            } else if !self.eat(Kind::Dot) {
                break;
            }
        }
        self.expect(Kind::RParen, "`)`")?;
        let span = self.since(start);
        Ok(match offset.and_then(|offset| i64::try_from(offset).ok()) {
            Some(offset) => Self::expr(ExprKind::Int(offset), self.basic.size, span),
            None => Expr { ty: self.basic.size, ..self.unknown(Vec::new(), span) },
        })
    }

    /// `va_arg(list, type)`: a value of the type that depends on the list.
    fn va_arg(&mut self, start: Span) -> Parsed<Expr> {
        self.advance();
        self.expect(Kind::LParen, "`(`")?;
        let list = self.assignment()?;
        let list = self.value(list);
        self.expect(Kind::Comma, "`,`")?;
        let ty = self.type_name()?;
        self.expect(Kind::RParen, "`)`")?;
        Ok(Expr { ty, ..self.unknown(vec![list], self.since(start)) })
    }

    /// `_Generic(value, type: value, …, default: value)`: the alternative of the value's type.
    fn generic(&mut self, start: Span) -> Parsed<Expr> {
        self.advance();
        self.expect(Kind::LParen, "`(`")?;
        let value = self.assignment()?;
        let ty = self.value(value).ty;
        let mut chosen: Option<(bool, Expr)> = None;
        while self.eat(Kind::Comma) {
            let fits = if self.eat_word(Word::Default) { None } else { Some(self.type_name()? == ty) };
            self.expect(Kind::Colon, "`:`")?;
            let value = self.assignment()?;
            match fits {
                Some(true) => chosen = Some((true, value)),
                None if chosen.is_none() => chosen = Some((false, value)),
                _ => {}
            }
        }
        self.expect(Kind::RParen, "`)`")?;
        Ok(chosen.map_or_else(|| self.unknown(Vec::new(), start), |(_, value)| value))
    }
}
