//! Declarators: what is made of the type in front.

use super::{Bail, Parsed, Parser};
use crate::lex::Kind;
use crate::preprocess::Token;
use crate::tree::{Expr, ExprKind};
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Type, TypeId};
use assay_text::Span;

/// A step from the type in front to the type declared.
enum Derivation {
    Pointer,
    Reference,
    Array(Option<Box<Expr>>),
    Function(Params),
    /// A pointer to a member of a class.
    OfMember,
}

/// The parameters of a function.
#[derive(Default, Debug)]
pub(super) struct Params {
    pub(super) list: Vec<Param>,
    pub(super) variadic: bool,
    /// Names alone, whose types are declared in front of the body.
    pub(super) old_style: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Param {
    pub(super) name: Option<Symbol>,
    pub(super) ty: TypeId,
    pub(super) span: Span,
}

/// What a declarator declares.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) name: Option<Symbol>,
    /// The name's token.
    pub(super) token: Token,
    /// The classes and namespaces in front of the name.
    pub(super) path: Vec<Symbol>,
    pub(super) ty: TypeId,
    /// The parameters, when it is a function.
    pub(super) params: Option<Params>,
    /// The length of an array that is known at run time only.
    pub(super) length: Option<Box<Expr>>,
    /// Whether a pointer is among the steps: `const` in front does not concern what is declared.
    pub(super) is_pointer: bool,
    pub(super) constant: bool,
    /// `(…)` behind the name that holds initial values (C++), still to be read.
    pub(super) has_arguments: bool,
}

struct Raw {
    name: Option<Symbol>,
    token: Token,
    path: Vec<Symbol>,
    derivations: Vec<Derivation>,
    constant: bool,
    has_arguments: bool,
}

impl Parser<'_> {
    /// A declarator behind specifiers of type `ty`. In C++, `in_function` tells that parentheses may hold
    /// initial values.
    pub(super) fn declarator(&mut self, ty: TypeId, in_function: bool) -> Parsed<Declared> {
        let raw = self.nested(|this| this.raw_declarator(in_function))?;
        let mut declared = Declared {
            name: raw.name,
            token: raw.token,
            path: raw.path,
            ty,
            params: None,
            length: None,
            is_pointer: false,
            constant: raw.constant,
            has_arguments: raw.has_arguments,
        };
        for derivation in raw.derivations {
            declared.params = None;
            declared.length = None;
            declared.ty = match derivation {
                Derivation::Pointer => {
                    declared.is_pointer = true;
                    self.pointer_to(declared.ty)
                }
                Derivation::Reference => {
                    declared.is_pointer = true;
                    self.reference_to(declared.ty)
                }
                Derivation::OfMember => self.basic.unknown,
                Derivation::Array(length) => {
                    let element = declared.ty;
                    let count = match length.as_ref().map(|length| &length.kind) {
                        Some(ExprKind::Int(count)) => u64::try_from(*count).ok(),
                        Some(_) => {
                            declared.length = length;
                            None
                        }
                        None => None,
                    };
                    self.types.intern(Type::Array { element, count })
                }
                Derivation::Function(params) => {
                    let types = params.list.iter().map(|param| param.ty).collect();
                    let variadic = params.variadic || params.old_style;
                    let result = declared.ty;
                    let ty = self.types.intern(Type::Function { result, params: types, variadic });
                    declared.params = Some(params);
                    ty
                }
            };
        }
        Ok(declared)
    }

    /// The name of a type: specifiers and a declarator without a name.
    pub(super) fn type_name(&mut self) -> Parsed<TypeId> {
        let specifiers = self.specifiers()?;
        let declared = self.declarator(specifiers.ty, false)?;
        if declared.name.is_some() { Err(Bail("a type")) } else { Ok(declared.ty) }
    }

    fn raw_declarator(&mut self, in_function: bool) -> Parsed<Raw> {
        let mut derivations = Vec::new();
        let mut constant = false;
        loop {
            self.attributes();
            match self.kind() {
                Kind::Star => {
                    self.advance();
                    constant = false;
                    derivations.push(Derivation::Pointer);
                }
                Kind::Caret => {
                    self.advance();
                    derivations.push(Derivation::Pointer);
                }
                Kind::Amp | Kind::AndAnd if self.cpp => {
                    self.advance();
                    derivations.push(Derivation::Reference);
                }
                Kind::Ident if self.cpp && self.member_pointer_ahead() => {
                    while !self.eat(Kind::Star) && !self.at_end() {
                        self.advance();
                    }
                    derivations.push(Derivation::OfMember);
                }
                Kind::Ident => match self.word() {
                    Some(word) if Self::is_qualifier(word) => {
                        constant |= matches!(word, Word::Const | Word::Const2);
                        self.advance();
                    }
                    // A macro in front of the name: how the function is called, or an attribute.
                    None if self.is_macro_before_name() => {
                        self.advance();
                    }
                    _ => break,
                },
                _ => break,
            }
        }
        let mut raw = Raw {
            name: None,
            token: self.token(),
            path: Vec::new(),
            derivations: Vec::new(),
            constant,
            has_arguments: false,
        };
        let mut inner = None;
        if self.kind() == Kind::LParen && self.is_grouping() {
            self.advance();
            let group = self.nested(|this| this.raw_declarator(false))?;
            self.expect(Kind::RParen, "`)`")?;
            inner = Some(group);
        } else if self.cpp {
            self.cpp_name(&mut raw.name, &mut raw.token, &mut raw.path)?;
        } else if self.kind() == Kind::Ident && self.is_name() {
            raw.token = self.advance();
            raw.name = Some(raw.token.name);
        }
        let mut suffixes = Vec::new();
        loop {
            if self.kind() == Kind::LBracket && self.peek(1) != Kind::LBracket {
                suffixes.push(self.array_suffix()?);
            } else if self.kind() == Kind::LParen {
                if in_function && self.cpp && raw.name.is_some() && inner.is_none() && !self.params_ahead() {
                    raw.has_arguments = true;
                    break;
                }
                self.advance();
                let params = self.nested(Self::params)?;
                suffixes.push(Derivation::Function(params));
                if self.cpp {
                    self.function_qualifiers();
                }
            } else {
                break;
            }
        }
        suffixes.reverse();
        derivations.extend(suffixes);
        if let Some(inner) = inner {
            derivations.extend(inner.derivations);
            raw = Raw { derivations, ..inner };
        } else {
            raw.derivations = derivations;
        }
        Ok(raw)
    }

    /// Whether a name that means nothing known stands in front of the one that is declared.
    fn is_macro_before_name(&mut self) -> bool {
        let name = self.peek(1) == Kind::Ident
            && self.word_at(1).is_none()
            && matches!(self.peek(2), Kind::LParen | Kind::Semi | Kind::Assign | Kind::LBracket | Kind::Comma);
        let pointer = self.peek(1) == Kind::Star && self.peek(2) == Kind::Ident && self.peek(3) == Kind::RParen;
        (name || pointer) && self.lookup(self.token().name).is_none()
    }

    /// Whether the word here can be the name that is declared.
    fn is_name(&self) -> bool {
        match self.word() {
            None => true,
            Some(word) => !Self::is_reserved(word),
        }
    }

    /// Whether a word can be no name.
    pub(super) fn is_reserved(word: Word) -> bool {
        use Word::{Break, Case, Continue, Default, Do, Else, For, Goto, If, Return, Sizeof, Switch, While};
        Self::is_type_word(word)
            || matches!(
                word,
                Case | Break | Continue | Default | Do | Else | For | Goto | If | Return | Sizeof | Switch | While
            )
            || matches!(word, Word::Asm | Word::Asm2 | Word::Asm3)
    }

    /// Whether `(` begins a declarator in parentheses, and no parameters.
    fn is_grouping(&mut self) -> bool {
        match self.peek(1) {
            Kind::Star | Kind::Caret | Kind::LParen => true,
            Kind::Amp | Kind::AndAnd => self.cpp,
            Kind::Ident => {
                if let Some(word) = self.word_at(1) {
                    return matches!(word, Word::Attribute | Word::Attribute2);
                }
                // `(name)` declares the name, unless it is a type.
                let at = self.input.at;
                self.input.at += 1;
                if self.peek(1) == Kind::Star && self.is_macro_before_name() {
                    self.input.at = at;
                    return true;
                }
                let is_type = self.starts_type(false)
                    || self.lookup(self.token().name).is_some_and(|e| matches!(e, super::Entity::Type(_)));
                self.input.at = at;
                !is_type
                    && matches!(self.peek(2), Kind::RParen | Kind::LBracket | Kind::LParen)
                    && !(self.peek(2) == Kind::RParen
                        && !matches!(
                            self.peek(3),
                            Kind::LParen | Kind::LBracket | Kind::Semi | Kind::Assign | Kind::Comma
                        ))
            }
            _ => false,
        }
    }

    fn array_suffix(&mut self) -> Parsed<Derivation> {
        self.advance();
        while matches!(
            self.word(),
            Some(
                Word::Static
                    | Word::Const
                    | Word::Const2
                    | Word::Volatile
                    | Word::Restrict
                    | Word::Restrict2
                    | Word::Restrict3
            )
        ) {
            self.advance();
        }
        if self.kind() == Kind::Star && self.peek(1) == Kind::RBracket {
            self.advance();
        }
        let length = self.nested(Self::array_length)?;
        self.expect(Kind::RBracket, "`]`")?;
        Ok(Derivation::Array(length.map(Box::new)))
    }

    /// Parameters behind `(`, with the `)`.
    pub(super) fn params(&mut self) -> Parsed<Params> {
        let mut found = Params::default();
        if self.eat(Kind::RParen) {
            // Without parameters, a declaration in C says nothing of them.
            found.old_style = !self.cpp;
            return Ok(found);
        }
        if self.word() == Some(Word::Void) && self.peek(1) == Kind::RParen {
            self.advance();
            self.advance();
            return Ok(found);
        }
        if !self.cpp && self.old_style_ahead() {
            found.old_style = true;
            while self.kind() == Kind::Ident {
                let token = self.advance();
                let ty = self.basic.int;
                found.list.push(Param { name: Some(token.name), ty, span: self.place(token) });
                if !self.eat(Kind::Comma) {
                    break;
                }
            }
            self.expect(Kind::RParen, "`)`")?;
            return Ok(found);
        }
        loop {
            if self.eat(Kind::Ellipsis) {
                found.variadic = true;
                break;
            }
            let start = self.span();
            let specifiers = self.specifiers()?;
            let declared = self.declarator(specifiers.ty, false)?;
            if self.cpp && self.eat(Kind::Ellipsis) {
                found.variadic = true;
                if let Some(token) = Some(self.token()).filter(|token| token.is(Kind::Ident) && self.word().is_none()) {
                    self.advance();
                    self.declare(token.name, super::Entity::Unknown);
                }
            }
            let ty = self.parameter_type(declared.ty);
            let span = if declared.name.is_some() { self.place(declared.token) } else { self.since(start) };
            if !(self.types.get(ty) == &Type::Void && declared.name.is_none()) {
                found.list.push(Param { name: declared.name, ty, span });
            }
            self.attributes();
            if self.cpp && self.eat(Kind::Assign) {
                self.skip_default();
            }
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RParen, "`)`")?;
        Ok(found)
    }

    /// What an argument is passed as: arrays and functions by their addresses.
    pub(super) fn parameter_type(&mut self, ty: TypeId) -> TypeId {
        match *self.types.get(ty) {
            Type::Array { element, .. } => self.pointer_to(element),
            Type::Function { .. } => self.pointer_to(ty),
            _ => ty,
        }
    }

    /// Whether parameters are names alone, whose types follow.
    fn old_style_ahead(&mut self) -> bool {
        let mut at = 0;
        loop {
            if self.peek(at) != Kind::Ident || self.word_at(at).is_some() {
                return false;
            }
            let name = self.peek_token(at).name;
            if matches!(self.lookup(name), Some(super::Entity::Type(_))) {
                return false;
            }
            at += 1;
            match self.peek(at) {
                Kind::Comma => at += 1,
                Kind::RParen => break,
                _ => return false,
            }
        }
        // Behind them stands the body, or a declaration.
        match self.peek(at + 1) {
            Kind::LBrace => true,
            Kind::Ident => !matches!(
                self.word_at(at + 1),
                Some(Word::Attribute | Word::Attribute2 | Word::Asm | Word::Asm2 | Word::Asm3)
            ),
            _ => false,
        }
    }
}
