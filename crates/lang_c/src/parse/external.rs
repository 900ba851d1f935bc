//! Declarations outside of functions, and the definitions of functions.

use super::declarator::{Declared, Params};
use super::specifiers::{Specifiers, Storage};
use super::{Bail, Current, Entity, Input, Parsed, Parser};
use crate::lex::Kind;
use crate::preprocess::Token;
use crate::tree::{Body, Init, Local, LocalId, Stmt};
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Definition, GapReason, Linkage, ObjectId, Type, TypeId};
use assay_text::Span;

/// A function that the unit's own file defines, as it was parsed.
#[derive(Debug)]
pub(crate) struct Defined {
    /// The name without classes and namespaces.
    pub(crate) name: Symbol,
    /// The name with them.
    pub(crate) qualified: Symbol,
    pub(crate) ty: TypeId,
    pub(crate) body: Body,
    pub(crate) span: Span,
    pub(crate) name_span: Span,
}

/// The initial value of a variable with a static lifetime.
#[derive(Debug)]
pub(crate) struct GlobalInit {
    pub(crate) object: ObjectId,
    pub(crate) init: Init,
    pub(crate) span: Span,
    /// The variables without a name that the value needs.
    pub(crate) body: Body,
}

impl Parser<'_> {
    pub(super) fn parse_tokens(&mut self, tokens: Vec<Token>, first: usize) {
        self.input = Input { tokens, at: 0, first: Some(first) };
        self.externals();
        self.parse_pending();
    }

    /// Parses tokens that a condition left out: what they define and nothing else does counts.
    pub(super) fn parse_left_out(&mut self, tokens: Vec<Token>, first: usize) {
        let (gaps, preprocessor_gaps) = (self.gaps.len(), self.preprocessor.gaps.len());
        self.parse_tokens(tokens, first);
        // What is left out need not make whole declarations; what does not is no part of the program as it is read.
        self.gaps.truncate(gaps);
        self.preprocessor.gaps.truncate(preprocessor_gaps);
    }

    /// All declarations up to the end, or to the `}` that closes a namespace or linkage.
    pub(super) fn externals(&mut self) {
        while !self.at_end() {
            if self.kind() == Kind::RBrace {
                return;
            }
            let (at, start) = (self.input.at, self.span());
            if let Err(bail) = self.external() {
                self.recover_external(at);
                self.syntax_gap(start, bail);
            }
            if self.input.at == at {
                self.advance();
            }
        }
    }

    /// Goes on behind the declaration that could not be parsed: behind its `;`, or behind its body.
    fn recover_external(&mut self, start: usize) {
        self.input.at = self.input.at.max(start);
        // Where it failed within braces, the failure is behind them.
        self.input.at = start;
        while !self.at_end() {
            match self.kind() {
                Kind::Semi => {
                    self.advance();
                    return;
                }
                Kind::LBrace => {
                    self.skip_balanced();
                    // `} name;` goes on; a function's body ends.
                    if !matches!(self.kind(), Kind::Semi | Kind::Ident | Kind::Star | Kind::Assign | Kind::Comma)
                        || self.token().flags & crate::lex::LINE_START != 0
                    {
                        return;
                    }
                }
                Kind::LParen | Kind::LBracket => {
                    self.skip_balanced();
                }
                Kind::RBrace => return,
                _ => {
                    self.advance();
                }
            }
        }
    }

    pub(super) fn external(&mut self) -> Parsed<()> {
        if self.eat(Kind::Semi) {
            return Ok(());
        }
        match self.word() {
            Some(Word::StaticAssert_ | Word::StaticAssert) => return self.static_assert(),
            Some(Word::Asm | Word::Asm2 | Word::Asm3) => {
                self.advance();
                while self.kind() != Kind::LParen && !self.at_end() {
                    self.advance();
                }
                self.skip_balanced();
                self.eat(Kind::Semi);
                return Ok(());
            }
            Some(Word::Extern) if self.peek(1) == Kind::Str && self.is_linkage() => return self.linkage(),
            _ => {}
        }
        if self.cpp && self.cpp_external()? {
            return Ok(());
        }
        if self.lone_macro_ahead() {
            self.advance();
            return Ok(());
        }
        if self.macro_call_ahead() {
            // `MACRO(…)` of a macro that is not known.
            self.advance();
            self.skip_balanced();
            self.eat(Kind::Semi);
            return Ok(());
        }
        let start = self.span();
        let file = self.token().file;
        let specifiers = if self.implicit_int_ahead() { self.no_specifiers() } else { self.specifiers()? };
        if self.eat(Kind::Semi) {
            return Ok(());
        }
        self.declarators(specifiers, start, file)
    }

    fn is_linkage(&self) -> bool {
        let text = self.text(self.peek_token(1).name);
        text == "\"C\"" || text == "\"C++\""
    }

    /// `extern "C"`
    fn linkage(&mut self) -> Parsed<()> {
        self.advance();
        self.advance();
        if !self.eat(Kind::LBrace) {
            return self.nested(Self::external);
        }
        self.nested(|this| {
            this.externals();
            Ok(())
        })?;
        self.eat(Kind::RBrace);
        Ok(())
    }

    /// `name(…) {` without a type, as of old, or the constructor of a class.
    fn implicit_int_ahead(&mut self) -> bool {
        if self.kind() != Kind::Ident || self.peek(1) != Kind::LParen || self.word().is_some() || self.cpp {
            return false;
        }
        if matches!(self.lookup(self.token().name), Some(Entity::Type(_))) {
            return false;
        }
        let at = self.input.at;
        self.advance();
        self.skip_balanced();
        let found = self.kind() == Kind::LBrace || self.kind() == Kind::Ident && self.starts_type(true);
        self.input.at = at;
        found
    }

    fn no_specifiers(&self) -> Specifiers {
        Specifiers {
            ty: self.basic.int,
            storage: Storage::None,
            constant: false,
            attributes: super::specifiers::Attributes::default(),
            deduced: false,
            inline: false,
        }
    }

    /// Whether an unknown name stands alone on its line where a declaration should.
    fn lone_macro_ahead(&mut self) -> bool {
        self.kind() == Kind::Ident
            && self.word().is_none()
            && self.token().flags & crate::lex::LINE_START != 0
            && (self.peek_token(1).flags & crate::lex::LINE_START != 0 || self.peek(1) == Kind::End)
            && matches!(self.peek(1), Kind::Ident | Kind::End | Kind::RBrace)
            && self.text(self.token().name).chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && self.lookup(self.token().name).is_none()
            && (self.word_at(1).is_some() || self.peek(2) != Kind::LParen)
    }

    /// Whether an unknown name with arguments stands here where a declaration should.
    fn macro_call_ahead(&mut self) -> bool {
        if self.kind() != Kind::Ident || self.peek(1) != Kind::LParen || self.word().is_some() {
            return false;
        }
        if self.lookup(self.token().name).is_some() {
            return false;
        }
        let at = self.input.at;
        self.advance();
        self.skip_balanced();
        let ends = self.kind() == Kind::Semi
            || self.at_end()
            || self.token().flags & crate::lex::LINE_START != 0
                && self.kind() != Kind::LBrace
                && self.kind() != Kind::Colon;
        let knr = self.kind() == Kind::Ident && self.starts_type(true) && self.peek(1) == Kind::Ident && !self.cpp && {
            // Declarations of parameters end in a body.
            let mut ahead = 0;
            while !matches!(self.peek(ahead), Kind::LBrace | Kind::End | Kind::RParen | Kind::Assign) {
                ahead += 1;
            }
            self.peek(ahead) == Kind::LBrace && self.peek(ahead - 1) == Kind::Semi
        };
        self.input.at = at;
        ends && !knr
    }

    /// The declarators of a declaration outside of functions.
    pub(super) fn declarators(&mut self, specifiers: Specifiers, start: Span, file: u16) -> Parsed<()> {
        loop {
            let declared = self.declarator(specifiers.ty, self.cpp)?;
            let mut attributes = specifiers.attributes;
            attributes.merge(self.unknown_attributes());
            let Some(name) = declared.name else { return Err(Bail("a name")) };
            if specifiers.storage == Storage::Typedef {
                self.declare_type(name, declared.ty, attributes);
            } else if matches!(self.types.get(declared.ty), Type::Function { .. }) && declared.params.is_some() {
                if self.cpp && !declared.path.is_empty() {
                    return self.method_definition(declared, start, file);
                }
                let object = self.declare_function(&declared, specifiers, attributes);
                if self.function_body_ahead() {
                    return self.function_definition(object, declared, start, file);
                }
                if self.cpp && self.eat(Kind::Assign) {
                    // `= default`, `= delete`, `= 0`
                    self.advance();
                }
            } else {
                self.declare_variable(&declared, specifiers)?;
            }
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::Semi, "`;`")
    }

    fn function_body_ahead(&mut self) -> bool {
        if self.kind() == Kind::LBrace {
            return true;
        }
        if self.cpp {
            return self.kind() == Kind::Colon || self.word() == Some(Word::Try);
        }
        // The declarations of parameters, as of old.
        self.kind() == Kind::Ident && self.starts_type(true)
    }

    pub(super) fn declare_type(&mut self, name: Symbol, ty: TypeId, attributes: super::specifiers::Attributes) {
        let _ = attributes;
        // A record without a name is known by that of its type.
        let empty = self.intern("");
        if let Some(record) = self.types.record_mut(ty)
            && record.name == empty
        {
            record.name = name;
        }
        self.declare(name, Entity::Type(ty));
        if self.cpp {
            self.declare_class(name, ty);
        }
    }

    pub(super) fn linkage_of(&self, specifiers: Specifiers) -> Linkage {
        let internal = specifiers.storage == Storage::Static
            || self.cpp && specifiers.constant && specifiers.storage != Storage::Extern && self.path.is_empty();
        if internal { Linkage::Internal } else { Linkage::External }
    }

    pub(super) fn declare_function(
        &mut self,
        declared: &Declared,
        specifiers: Specifiers,
        attributes: super::specifiers::Attributes,
    ) -> ObjectId {
        let (name, span) = (declared.name.unwrap_or(declared.token.name), self.place(declared.token));
        let linkage = if specifiers.storage == Storage::Static { Linkage::Internal } else { Linkage::External };
        let full = self.full_name(&declared.path, name, declared.ty);
        let object = if self.cpp {
            self.function_object(full, declared.ty, span)
        } else {
            self.object(full, declared.ty, linkage, span)
        };
        let never_returns = crate::prelude::declaration(self.preprocessor.strings.resolve(full))
            .is_some_and(|text| text.starts_with("_Noreturn"));
        let known = &mut self.objects[object];
        known.noreturn |= attributes.noreturn || never_returns && linkage == Linkage::External;
        if linkage == Linkage::Internal && known.definition == Definition::Elsewhere {
            known.linkage = linkage;
        }
        if known.definition == Definition::Elsewhere {
            if !matches!(self.types.get(declared.ty), Type::Function { params, variadic: true, .. } if params.is_empty())
            {
                known.ty = declared.ty;
            }
            if known.span == Span::default() {
                known.span = span;
            }
        }
        if declared.path.is_empty() {
            if self.current.is_some() {
                if let Some(scope) = self.scopes.last_mut() {
                    scope.names.insert(name, Entity::Object(object));
                }
            } else {
                self.declare(name, Entity::Object(object));
            }
            if self.cpp {
                self.declare_qualified(name, Entity::Object(object));
            }
        }
        object
    }

    fn declare_variable(&mut self, declared: &Declared, specifiers: Specifiers) -> Parsed<()> {
        let (name, span) = (declared.name.unwrap_or(declared.token.name), self.place(declared.token));
        let linkage = self.linkage_of(specifiers);
        let full = self.full_name(&declared.path, name, declared.ty);
        let object = self.object(full, declared.ty, linkage, span);
        let is_array = matches!(self.types.get(declared.ty), Type::Array { .. });
        let constant = if declared.is_pointer { declared.constant } else { specifiers.constant };
        let (known_size, new_size) = (self.types.size(self.objects[object].ty), self.types.size(declared.ty));
        let known = &mut self.objects[object];
        known.constant |= constant && (is_array || !declared.is_pointer || declared.constant);
        if known_size.is_none() && new_size.is_some() {
            known.ty = declared.ty;
        }
        if linkage == Linkage::Internal {
            known.linkage = linkage;
        }
        if declared.path.is_empty() {
            self.declare(name, Entity::Object(object));
            if self.cpp {
                self.declare_qualified(name, Entity::Object(object));
            }
        }
        let own_file = declared.token.file == self.own || linkage == Linkage::Internal;
        let initialised =
            self.kind() == Kind::Assign || self.cpp && (declared.has_arguments || self.kind() == Kind::LBrace);
        if own_file && (initialised || specifiers.storage != Storage::Extern) {
            let known = &mut self.objects[object];
            known.definition = Definition::Variable;
            known.span = span;
        }
        if initialised {
            self.global_initializer(object, specifiers, span, own_file)?;
            // A length whose value is not known is no less than that of the values given.
            if declared.length.is_some() {
                self.objects[object].ty = declared.ty;
            }
        }
        Ok(())
    }

    /// The initial value of an object with a static lifetime.
    pub(super) fn global_initializer(
        &mut self,
        object: ObjectId,
        specifiers: Specifiers,
        span: Span,
        own_file: bool,
    ) -> Parsed<()> {
        if !own_file {
            // What other files initialise is read with them; an array's length is told by its values.
            self.skip_initializer();
            return Ok(());
        }
        let outer = self.current.replace(Current::default());
        let ty = self.objects[object].ty;
        let result = self.variable_initializer(ty);
        let current = std::mem::replace(&mut self.current, outer);
        let (init, ty) = result?;
        let ty = if specifiers.deduced && self.is_unknown(ty) { Self::deduced_type(init.as_ref(), ty) } else { ty };
        self.objects[object].ty = ty;
        if let Some(value) = self.constant_value(specifiers.constant, ty, init.as_ref()) {
            self.constants.insert(object, value);
        }
        if let Some(init) = init {
            let body = current.map(|current| current.body).unwrap_or_default();
            self.initial.push(GlobalInit { object, init, span, body });
        }
        Ok(())
    }

    pub(super) fn deduced_type(init: Option<&Init>, ty: TypeId) -> TypeId {
        if let Some(Init::Value(value)) = init { value.ty } else { ty }
    }

    fn skip_initializer(&mut self) {
        while !matches!(self.kind(), Kind::Semi | Kind::Comma | Kind::End | Kind::RBrace) {
            if matches!(self.kind(), Kind::LBrace | Kind::LParen | Kind::LBracket) {
                self.skip_balanced();
            } else {
                self.advance();
            }
        }
    }

    /// A function's body, with what stands in front of it. In another file, it is skipped.
    pub(super) fn function_definition(
        &mut self,
        object: ObjectId,
        declared: Declared,
        start: Span,
        file: u16,
    ) -> Parsed<()> {
        let mut ty = declared.ty;
        let Some(params) = declared.params else { return Err(Bail("parameters")) };
        let own = file == self.own && declared.token.file == self.own;
        let again = matches!(self.objects[object].definition, Definition::Function(_));
        if !own || again {
            self.skip_function_body();
            return Ok(());
        }
        let mut params = params;
        if params.old_style && self.kind() != Kind::LBrace {
            self.old_style_params(&mut params)?;
            if let Type::Function { result, .. } = *self.types.get(ty) {
                let types = params.list.iter().map(|param| param.ty).collect();
                ty = self.types.intern(Type::Function { result, params: types, variadic: false });
            }
        } else if params.old_style
            && let Type::Function { result, .. } = *self.types.get(ty)
        {
            ty = self.types.intern(Type::Function { result, params: Vec::new(), variadic: false });
        }
        let name = declared.name.unwrap_or(declared.token.name);
        self.function_body(object, name, ty, &params, start, self.place(declared.token))
    }

    /// The declarations of parameters between the names and the body.
    fn old_style_params(&mut self, params: &mut Params) -> Parsed<()> {
        while self.kind() != Kind::LBrace && !self.at_end() {
            let specifiers = self.specifiers()?;
            loop {
                let declared = self.declarator(specifiers.ty, false)?;
                let ty = self.parameter_type(declared.ty);
                if let Some(param) = params.list.iter_mut().find(|param| param.name == declared.name) {
                    param.ty = ty;
                }
                if !self.eat(Kind::Comma) {
                    break;
                }
            }
            self.expect(Kind::Semi, "`;`")?;
        }
        Ok(())
    }

    /// Parses a body and keeps the function.
    pub(super) fn function_body(
        &mut self,
        object: ObjectId,
        name: Symbol,
        ty: TypeId,
        params: &Params,
        start: Span,
        name_span: Span,
    ) -> Parsed<()> {
        let qualified = self.objects[object].name;
        let result = if let Type::Function { result, .. } = *self.types.get(ty) { Some(result) } else { None };
        let current = Current { name: self.text(qualified).to_owned(), result, ..Current::default() };
        let outer = self.current.replace(current);
        let depth = std::mem::take(&mut self.depth);
        let block = self.scoped(|this| {
            for param in &params.list {
                let name = param.name.unwrap_or_else(|| this.intern(""));
                if let Some(id) = this.new_local(name, param.ty, param.span)
                    && let Some(current) = &mut this.current
                {
                    current.body.params.push(id);
                    if param.name.is_some() {
                        this.declare(name, Entity::Local(id));
                    }
                }
            }
            if this.cpp { this.cpp_function_body(object) } else { this.compound() }
        });
        self.depth = depth;
        let current = std::mem::replace(&mut self.current, outer);
        let block = block?;
        let Some(mut current) = current else { return Ok(()) };
        current.body.block = block;
        let ty = self.with_result(ty, current.returned);
        self.objects[object].ty = ty;
        self.objects[object].span = name_span;
        let span = self.since(start);
        // The number is given when all functions are known.
        self.objects[object].definition = Definition::Function(assay_index::Idx::new(self.defined.len() + 1));
        self.defined.push(Defined { name, qualified, ty, body: current.body, span, name_span });
        Ok(())
    }

    /// The type of a function that does not say what it gives: what its body returns.
    fn with_result(&mut self, ty: TypeId, returned: Option<TypeId>) -> TypeId {
        match (self.types.get(ty).clone(), returned) {
            (Type::Function { result, params, variadic }, Some(returned)) if self.cpp && self.is_unknown(result) => {
                self.types.intern(Type::Function { result: returned, params, variadic })
            }
            _ => ty,
        }
    }

    /// A variable of the current function.
    pub(super) fn new_local(&mut self, name: Symbol, ty: TypeId, span: Span) -> Option<LocalId> {
        let in_memory = matches!(self.types.get(ty), Type::Array { .. } | Type::Record(_));
        let current = self.current.as_mut()?;
        Some(current.body.locals.push(Local {
            name,
            ty,
            span,
            in_memory,
            length: None,
            destructor: None,
            unset: false,
        }))
    }

    /// A variable without a name.
    pub(super) fn temporary(&mut self, ty: TypeId, span: Span) -> Option<LocalId> {
        let name = self.intern("");
        let id = self.new_local(name, ty, span)?;
        if let Some(local) = self.local(id) {
            local.in_memory = true;
        }
        Some(id)
    }

    /// What stands for a statement that was not understood.
    pub(super) fn not_understood(&mut self, start: usize, span: Span, bail: Bail) -> Stmt {
        let mut named = Vec::new();
        for at in start..self.input.at {
            let token = self.input.tokens[at];
            if token.kind == Kind::Ident
                && let Some(Entity::Local(local)) =
                    self.scopes.iter().rev().find_map(|scope| scope.names.get(&token.name).copied())
                && !named.contains(&local)
            {
                named.push(local);
            }
        }
        let span = self.since(span);
        if matches!(bail.0, "MAX_NESTING" | "MAX_OPERATOR_CHAIN" | "MAX_INITIALIZERS") {
            self.gap(span, GapReason::Limit(bail.0.into()));
        } else {
            self.gap(span, GapReason::Syntax(format!("expected {}", bail.0)));
        }
        Stmt { kind: crate::tree::StmtKind::Gap(named), span }
    }
}
