//! Lambdas.
//!
//! A lambda is a function with what it captures as its first parameters, and a *closure*: a record of the addresses of what is captured by
//! reference, and of the values of numbers and addresses that are captured by copy. Who calls the closure passes its members in front of the
//! arguments. A lambda that captures nothing is its function.

use super::declarator::{Param, Params};
use super::specifiers::{Attributes, Member};
use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::{Expr, ExprKind, Init, LocalId, Part, PathStep};
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Linkage, ObjectId, Type, TypeId};
use assay_text::Span;

/// Variables that one lambda captures.
const MAX_CAPTURES: usize = 24;

/// What calls of the objects of a lambda's own type run.
#[derive(Clone)]
pub(super) struct Closure {
    function: ObjectId,
    /// The members that are passed in front of the arguments.
    captures: Vec<Symbol>,
}

/// A variable that a lambda names.
struct Capture {
    name: Symbol,
    /// The type of the parameter, and of the closure's member.
    ty: TypeId,
    value: Expr,
}

impl Parser<'_> {
    /// `[…](…) {…}`
    pub(super) fn lambda(&mut self, start: Span) -> Parsed<Expr> {
        let captures = self.captures()?;
        if self.kind() == Kind::Lt {
            self.template_arguments();
        }
        let scopes = self.scopes.split_off(1);
        let result = self.scoped(|this| this.lambda_function(&captures, start));
        self.scopes.extend(scopes);
        let function = result?;
        let span = self.since(start);
        if captures.is_empty() {
            return Ok(Self::expr(ExprKind::Object(function), self.objects[function].ty, span));
        }
        Ok(self.closure(function, captures, span))
    }

    /// The function of a lambda, whose parameters stand here.
    fn lambda_function(&mut self, captures: &[Capture], start: Span) -> Parsed<ObjectId> {
        let mut params = if self.eat(Kind::LParen) { self.nested(Self::params)? } else { Params::default() };
        while matches!(self.word(), Some(Word::Mutable | Word::Constexpr)) {
            self.advance();
        }
        let mut result = self.basic.unknown;
        if self.kind() == Kind::Arrow {
            let at = self.input.at;
            self.advance();
            result = self.attempt(Self::type_name).unwrap_or(result);
            if self.kind() != Kind::LBrace {
                self.input.at = at;
            }
        }
        self.function_qualifiers();
        if self.kind() != Kind::LBrace {
            return Err(Bail("`{`"));
        }
        let first = captures.iter().map(|one| Param { name: Some(one.name), ty: one.ty, span: Span::default() });
        params.list.splice(0..0, first);
        let types = params.list.iter().map(|param| param.ty).collect();
        let ty = self.types.intern(Type::Function { result, params: types, variadic: params.variadic });
        self.classes.lambdas += 1;
        let around = self.current.as_ref().map_or("", |current| current.name.as_str());
        let text = format!("{around}::<lambda {}>", self.classes.lambdas);
        let name = self.intern(&text);
        let object = self.object(name, ty, Linkage::Internal, start);
        let bare = self.intern("<lambda>");
        if start == Span::default() {
            self.skip_balanced();
            return Ok(object);
        }
        self.function_body(object, bare, ty, &params, start, start)?;
        Ok(object)
    }

    /// What the list of captures that begins here names, which is read.
    fn captures(&mut self) -> Parsed<Vec<Capture>> {
        let first = self.input.at;
        self.skip_balanced();
        let end = self.input.at;
        self.input.at = first + 1;
        let mut out: Vec<Capture> = Vec::new();
        let mut all = false;
        while self.input.at + 1 < end {
            let start = self.span();
            let by_reference = self.eat(Kind::Amp);
            if self.eat(Kind::Assign) || by_reference && matches!(self.kind(), Kind::Comma | Kind::RBracket) {
                all = true;
            } else if self.kind() == Kind::Ident && matches!(self.peek(1), Kind::Assign | Kind::LBrace) {
                let name = self.advance().name;
                self.eat(Kind::Assign);
                let value = self.assignment()?;
                let ty = if by_reference { self.reference_to(value.ty) } else { self.captured_type(value.ty) };
                out.push(Capture { name, ty, value });
            } else {
                self.eat(Kind::Star);
                let name = self.token().name;
                if self.word() == Some(Word::This) {
                    out.extend(self.captured(name, false, start));
                } else if self.kind() == Kind::Ident {
                    out.extend(self.captured(name, by_reference, start));
                }
                self.advance();
            }
            self.eat(Kind::Ellipsis);
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.input.at = end;
        if all {
            let by_reference = self.input.tokens[first + 1].kind == Kind::Amp;
            self.captured_by_use(by_reference, &mut out);
        }
        out.truncate(MAX_CAPTURES);
        Ok(out)
    }

    /// The variables around that the body behind names.
    fn captured_by_use(&mut self, by_reference: bool, out: &mut Vec<Capture>) {
        let first = self.input.at;
        while !matches!(self.kind(), Kind::LBrace | Kind::End | Kind::Semi) {
            if self.kind() == Kind::LParen {
                self.skip_balanced();
            } else {
                self.advance();
            }
        }
        self.skip_balanced();
        let end = self.input.at;
        self.input.at = first;
        let mut names = vec![Word::This.symbol()];
        let words = self.input.tokens[first..end].iter().filter(|token| token.kind == Kind::Ident);
        names.extend(words.map(|token| token.name));
        for name in names {
            if out.len() < MAX_CAPTURES && !out.iter().any(|one| one.name == name) {
                let by_reference = by_reference && name != Word::This.symbol();
                out.extend(self.captured(name, by_reference, Span::default()));
            }
        }
    }

    /// A variable of the function around.
    fn captured(&mut self, name: Symbol, by_reference: bool, span: Span) -> Option<Capture> {
        let found = self.scopes.iter().skip(1).rev().find_map(|scope| scope.names.get(&name).copied());
        let Some(Entity::Local(id)) = found else { return None };
        let ty = self.local(id)?.ty;
        let value = self.referred(Self::expr(ExprKind::Local(id), ty, span));
        let ty = if by_reference { self.reference_to(value.ty) } else { self.captured_type(value.ty) };
        Some(Capture { name, ty, value })
    }

    /// The type by which a value is kept: whole records and arrays are looked at where they are.
    fn captured_type(&mut self, ty: TypeId) -> TypeId {
        if self.types.is_scalar(ty) { ty } else { self.reference_to(ty) }
    }

    /// The closure of a function.
    fn closure(&mut self, function: ObjectId, captures: Vec<Capture>, span: Span) -> Expr {
        let name = self.objects[function].name;
        let record = self.new_record(name, false);
        let pointer = self.basic.void_pointer;
        let of_function = Self::expr(ExprKind::Object(function), self.objects[function].ty, span);
        let of_function = self.value(of_function);
        let code = self.intern("<function>");
        let mut members = vec![Member { name: code, ty: pointer, bits: None, align: None }];
        let mut values = vec![self.convert(of_function, pointer)];
        let mut names = Vec::new();
        for Capture { name, ty, value } in captures {
            names.push(name);
            members.push(Member { name, ty, bits: None, align: None });
            values.push(self.assignable(value, ty));
        }
        self.lay_out(record, members, false, Attributes::default());
        self.classes.closures.insert(record, Closure { function, captures: names });
        let local: Option<LocalId> = self.temporary(record, span);
        let Some(local) = local else { return Expr { ty: record, ..self.unknown(values, span) } };
        let parts = values.into_iter().enumerate();
        let parts = parts.map(|(at, value)| Part { path: vec![PathStep::Field(record, at as u32)], value }).collect();
        Self::expr(ExprKind::Literal(local, Box::new(Init::Parts { parts, all: true })), record, span)
    }

    /// The call of a closure; the same expressions when it is none.
    pub(super) fn closure_call(
        &mut self,
        callee: Expr,
        arguments: Vec<Expr>,
        span: Span,
    ) -> Result<Expr, (Expr, Vec<Expr>)> {
        let Some(closure) = self.classes.closures.get(&callee.ty).cloned() else { return Err((callee, arguments)) };
        let ty = callee.ty;
        // What is called where it is made stands in the variable without a name that it is made in.
        let (local, first) = match callee.kind {
            ExprKind::Literal(local, _) => (Some(local), Some(callee)),
            ExprKind::Local(local) => (Some(local), None),
            _ => (None, Some(callee)),
        };
        let Some(local) = local else {
            let operands: Vec<Expr> = first.into_iter().chain(arguments).map(|operand| self.value(operand)).collect();
            return Ok(self.unknown(operands, span));
        };
        let mut passed = Vec::with_capacity(closure.captures.len() + arguments.len());
        for name in closure.captures {
            let whole = Self::expr(ExprKind::Local(local), ty, span);
            passed.push(self.member(whole, name, span));
        }
        passed.extend(arguments);
        let call = self.call_object(closure.function, passed, span);
        Ok(match first {
            Some(first) => {
                let ty = call.ty;
                Self::expr(ExprKind::Comma(Box::new(first), Box::new(call)), ty, span)
            }
            None => call,
        })
    }
}
