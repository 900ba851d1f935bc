//! Names of C++: qualified, of templates, of operators.

use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::preprocess::Token;
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Type, TypeId};

impl Parser<'_> {
    /// A name with the namespaces and classes around it.
    pub(super) fn joined(&mut self, path: &[Symbol], name: Symbol) -> Symbol {
        if path.is_empty() {
            return name;
        }
        let mut text = String::new();
        for part in path {
            text.push_str(self.text(*part));
            text.push_str("::");
        }
        text.push_str(self.text(name));
        self.intern(&text)
    }

    /// The name by which other modules know what is declared here. Functions and variables of C, and those in no namespace,
    /// have their bare name.
    pub(super) fn full_name(&mut self, path: &[Symbol], name: Symbol, _ty: TypeId) -> Symbol {
        if !self.cpp {
            return name;
        }
        let mut whole = self.path.clone();
        whole.extend_from_slice(path);
        self.joined(&whole, name)
    }

    pub(super) fn declare_class(&mut self, name: Symbol, ty: TypeId) {
        self.declare_qualified(name, Entity::Type(ty));
        let full = self.full_name(&[], name, ty);
        if let Some(record) = self.types.record_mut(ty) {
            record.name = full;
        }
    }

    pub(super) fn declare_qualified(&mut self, name: Symbol, entity: Entity) {
        if self.cpp && self.current.is_none() {
            let full = self.full_name(&[], name, self.basic.void);
            self.classes.qualified.insert(full, entity);
        }
    }

    pub(super) fn declare_member_constant(
        &mut self,
        path: Option<Symbol>,
        _name: Option<Symbol>,
        constant: Symbol,
        entity: Entity,
    ) {
        self.declare_qualified(constant, entity);
        if let Some(path) = path {
            let full = self.full_name(&[path], constant, self.basic.void);
            self.classes.qualified.insert(full, entity);
        }
    }

    /// What a name means by the namespaces and classes around, and those that are used.
    pub(super) fn lookup_qualified(&mut self, name: Symbol) -> Option<Entity> {
        let path = self.path.clone();
        for length in (0..=path.len()).rev() {
            let full = self.joined(&path[..length], name);
            if let Some(found) = self.classes.qualified.get(&full) {
                return Some(*found);
            }
        }
        let used = self.classes.used.clone();
        used.iter().find_map(|namespace| {
            let full = self.joined(&[*namespace], name);
            self.classes.qualified.get(&full).copied()
        })
    }

    pub(super) fn is_cpp_type_word(&self, word: Word) -> bool {
        use Word::{
            Alignas, Bool, Char8T, Char16T, Char32T, Class, Consteval, Constexpr, Constinit, Decltype, Mutable,
            Typename, Virtual, WcharT,
        };
        match word {
            Bool | Char8T | Char16T | Char32T | WcharT => !matches!(self.peek(1), Kind::LParen | Kind::LBrace),
            _ => matches!(
                word,
                Alignas
                    | Class
                    | Consteval
                    | Constexpr
                    | Constinit
                    | Decltype
                    | Mutable
                    | Typename
                    | Virtual
                    | Word::ThreadLocal
                    | Word::Explicit
            ),
        }
    }

    /// Skips a list of template arguments, if one stands here.
    pub(super) fn template_arguments(&mut self) -> bool {
        let at = self.input.at;
        let (mut angles, mut steps) = (0_usize, 0_usize);
        loop {
            steps += 1;
            match self.kind() {
                Kind::Lt => angles += 1,
                Kind::Gt => angles -= 1,
                Kind::Shr if angles >= 2 => angles -= 2,
                Kind::Shr => {
                    // The second half closes something around this list.
                    if let Some(token) = self.input.tokens.get_mut(self.input.at) {
                        token.kind = Kind::Gt;
                    }
                    return true;
                }
                Kind::LParen | Kind::LBracket | Kind::LBrace => {
                    if !self.skip_balanced() {
                        break;
                    }
                    continue;
                }
                Kind::Semi | Kind::End | Kind::RParen | Kind::RBracket | Kind::RBrace | Kind::OrOr => break,
                _ if steps > 4_000 => break,
                _ => {}
            }
            self.advance();
            if angles == 0 {
                return true;
            }
        }
        self.input.at = at;
        false
    }

    /// Skips `a::b<c>::d`. Gives whether one stood here.
    pub(super) fn skip_qualified(&mut self) -> bool {
        self.eat(Kind::ColonColon);
        loop {
            if self.kind() != Kind::Ident || self.word().is_some_and(|word| word != Word::Template) {
                return false;
            }
            self.advance();
            if self.kind() == Kind::Lt {
                self.template_arguments();
            }
            if !self.eat(Kind::ColonColon) {
                return true;
            }
            if self.kind() == Kind::Tilde {
                self.advance();
            }
        }
    }

    /// Reads the parts of a qualified name; the last part is the name. Template arguments are skipped.
    pub(super) fn qualified_parts(&mut self) -> Option<Vec<Symbol>> {
        let mut parts = Vec::new();
        self.eat(Kind::ColonColon);
        loop {
            self.eat_word(Word::Template);
            if self.kind() != Kind::Ident || self.word().is_some() {
                return None;
            }
            let name = self.advance().name;
            parts.push(name);
            if self.kind() == Kind::Lt && self.is_template(&parts) && !self.template_arguments() {
                return Some(parts);
            }
            if self.kind() != Kind::ColonColon {
                return Some(parts);
            }
            if self.peek(1) != Kind::Ident {
                return Some(parts);
            }
            self.advance();
        }
    }

    /// Whether `<` behind a name begins template arguments.
    fn is_template(&mut self, parts: &[Symbol]) -> bool {
        match self.resolve(parts) {
            Some(Entity::Local(_) | Entity::Constant(..)) => false,
            Some(Entity::Object(object)) => matches!(self.types.get(self.objects[object].ty), Type::Function { .. }),
            _ => true,
        }
    }

    /// What a qualified name means.
    pub(super) fn resolve(&mut self, parts: &[Symbol]) -> Option<Entity> {
        let (name, path) = parts.split_last()?;
        if path.is_empty() {
            return self.lookup(*name);
        }
        let around = self.path.clone();
        for length in (0..=around.len()).rev() {
            let mut whole = around[..length].to_vec();
            whole.extend_from_slice(path);
            let full = self.joined(&whole, *name);
            if let Some(found) = self.classes.qualified.get(&full) {
                return Some(*found);
            }
        }
        // Names of the system's headers are in `std` as well.
        if path.len() == 1 && self.text(path[0]) == "std" {
            let text = self.text(*name).to_owned();
            let known = self.scopes.first().and_then(|scope| scope.names.get(name).copied());
            if known.is_some() || self.parse_prelude(&text) {
                return self.scopes.first().and_then(|scope| scope.names.get(name).copied());
            }
        }
        let full = self.joined(path, *name);
        self.classes.unknown.get(&full).map(|ty| Entity::Type(*ty))
    }

    /// The type that a qualified name stands for, when nothing declares it.
    pub(super) fn unknown_qualified(&mut self, parts: &[Symbol]) -> TypeId {
        let Some((name, path)) = parts.split_last() else { return self.basic.unknown };
        let full = self.joined(path, *name);
        if let Some(known) = self.classes.unknown.get(&full) {
            return *known;
        }
        let ty = self.new_record(full, false);
        self.classes.unknown.insert(full, ty);
        ty
    }

    /// Whether a type's qualified name begins here, by what it means or else by what stands behind it.
    pub(super) fn qualified_type_ahead(&mut self, in_statement: bool) -> bool {
        let at = self.input.at;
        let parts = self.qualified_parts();
        let behind = self.kind();
        let next = self.peek(1);
        let next_but_one = self.peek(2);
        let is_name = behind == Kind::Ident && self.word().is_none_or(Self::is_qualifier);
        self.input.at = at;
        let Some(parts) = parts else { return false };
        let declares = is_name
            || matches!(behind, Kind::Star | Kind::Amp | Kind::AndAnd)
                && next == Kind::Ident
                && matches!(
                    next_but_one,
                    Kind::Assign
                        | Kind::Semi
                        | Kind::Comma
                        | Kind::RParen
                        | Kind::Colon
                        | Kind::LBracket
                        | Kind::LBrace
                )
            || behind == Kind::AndAnd && next == Kind::LBracket;
        match self.resolve(&parts) {
            Some(Entity::Type(_)) => {
                !(in_statement && matches!(behind, Kind::LParen | Kind::LBrace | Kind::Dot | Kind::ColonColon))
                    && !(!in_statement
                        && matches!(behind, Kind::LBrace | Kind::ColonColon | Kind::LParen)
                        && next != Kind::Star)
            }
            Some(_) => false,
            None => {
                declares
                    || !in_statement
                        && (matches!(behind, Kind::RParen | Kind::Comma | Kind::Gt | Kind::Ellipsis)
                            && (parts.len() > 1 || self.input.tokens.get(at + 1).is_some_and(|t| t.is(Kind::Lt)))
                            || matches!(behind, Kind::Star | Kind::Amp | Kind::AndAnd)
                                && matches!(next, Kind::RParen | Kind::Comma | Kind::Gt | Kind::Star))
            }
        }
    }

    /// The type that a qualified name means, which is read; nothing is read when it is none.
    pub(super) fn qualified_type(&mut self) -> Option<TypeId> {
        let at = self.input.at;
        if self.kind() != Kind::Ident && self.kind() != Kind::ColonColon {
            return None;
        }
        let Some(parts) = self.qualified_parts() else {
            self.input.at = at;
            return None;
        };
        if let Some(container) = self.container(at, &parts) {
            return Some(container);
        }
        if let Some(class) = self.made_class(at, &parts) {
            return Some(class);
        }
        match self.resolve(&parts) {
            Some(Entity::Type(ty)) => Some(ty),
            Some(Entity::Unknown) => Some(self.basic.unknown),
            Some(_) => {
                self.input.at = at;
                None
            }
            None if self.kind() == Kind::LParen && parts.len() == 1 => {
                self.input.at = at;
                None
            }
            None => Some(self.unknown_qualified(&parts)),
        }
    }

    pub(super) fn member_pointer_ahead(&mut self) -> bool {
        if self.peek(1) != Kind::ColonColon {
            return false;
        }
        let at = self.input.at;
        while self.kind() == Kind::Ident && self.peek(1) == Kind::ColonColon {
            self.advance();
            self.advance();
        }
        let found = self.kind() == Kind::Star;
        self.input.at = at;
        found
    }

    /// Whether `operator T` stands here, or a class's name in front of it.
    pub(super) fn conversion_ahead(&mut self) -> bool {
        let at = self.input.at;
        while self.kind() == Kind::Ident && self.word().is_none() && matches!(self.peek(1), Kind::ColonColon | Kind::Lt)
        {
            self.advance();
            if self.kind() == Kind::Lt && !self.template_arguments() {
                break;
            }
            if !self.eat(Kind::ColonColon) {
                break;
            }
        }
        let found = self.word() == Some(Word::Operator) && self.peek(1) == Kind::Ident;
        let is_memory = matches!(self.word_at(1), Some(Word::New | Word::Delete));
        self.input.at = at;
        found && !is_memory
    }

    /// The name that a declarator declares: with classes in front, an operator, or a destructor.
    pub(super) fn cpp_name(
        &mut self,
        name: &mut Option<Symbol>,
        token: &mut Token,
        path: &mut Vec<Symbol>,
    ) -> Parsed<()> {
        self.eat(Kind::Ellipsis);
        self.eat(Kind::ColonColon);
        loop {
            *token = self.token();
            if self.kind() == Kind::Tilde && self.peek(1) == Kind::Ident {
                self.advance();
                let class = self.advance().name;
                let text = format!("~{}", self.text(class));
                *name = Some(self.intern(&text));
                return Ok(());
            }
            if self.word() == Some(Word::Operator) {
                *name = Some(self.operator_name()?);
                return Ok(());
            }
            if self.kind() != Kind::Ident
                || self.word().is_some_and(|word| Self::is_reserved(word) || Self::is_cpp_reserved(word))
            {
                return Ok(());
            }
            let part = self.token().name;
            let at = self.input.at;
            self.advance();
            if self.kind() == Kind::Lt
                && (!self.template_arguments() || !matches!(self.kind(), Kind::ColonColon | Kind::LParen))
            {
                self.input.at = at + 1;
            }
            if self.kind() == Kind::ColonColon && matches!(self.peek(1), Kind::Ident | Kind::Tilde) {
                self.advance();
                path.push(part);
                continue;
            }
            *name = Some(part);
            return Ok(());
        }
    }

    pub(super) fn is_cpp_reserved(word: Word) -> bool {
        matches!(
            word,
            Word::This
                | Word::New
                | Word::Delete
                | Word::Throw
                | Word::Try
                | Word::Catch
                | Word::Template
                | Word::Namespace
                | Word::Using
                | Word::True
                | Word::False
                | Word::Nullptr
                | Word::StaticCast
                | Word::Noexcept
                | Word::Operator
                | Word::Const
                | Word::Requires
        )
    }

    /// `operator` with what it names.
    pub(super) fn operator_name(&mut self) -> Parsed<Symbol> {
        self.advance();
        let mut text = String::from("operator");
        match self.kind() {
            Kind::LParen if self.peek(1) == Kind::RParen => {
                self.advance();
                self.advance();
                text.push_str("()");
            }
            Kind::LBracket => {
                self.advance();
                self.expect(Kind::RBracket, "`]`")?;
                text.push_str("[]");
            }
            Kind::Ident if matches!(self.word(), Some(Word::New | Word::Delete)) => {
                let word = self.advance().name;
                text.push(' ');
                text.push_str(self.text(word));
                if self.kind() == Kind::LBracket {
                    self.advance();
                    self.expect(Kind::RBracket, "`]`")?;
                    text.push_str("[]");
                }
            }
            Kind::Str => {
                self.advance();
                if self.kind() == Kind::Ident {
                    let suffix = self.advance().name;
                    text.push_str(self.text(suffix));
                }
            }
            Kind::Ident => {
                // A conversion to a type.
                let specifiers = self.specifiers()?;
                while matches!(self.kind(), Kind::Star | Kind::Amp) || self.word().is_some_and(Self::is_qualifier) {
                    self.advance();
                }
                text.push(' ');
                text.push_str(&assay_index::Idx::index(specifiers.ty).to_string());
            }
            Kind::End => return Err(Bail("an operator")),
            _ => {
                let symbol = self.advance().name;
                text.push_str(self.text(symbol));
            }
        }
        Ok(self.intern(&text))
    }
}
