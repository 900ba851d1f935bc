//! What names mean.

use super::Parser;
use crate::lex::Kind;
use crate::tree::LocalId;
use assay_index::{FxHashMap, Symbol};
use assay_ir::{ObjectId, Type, TypeId};

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Entity {
    Type(TypeId),
    /// A variable of the current function.
    Local(LocalId),
    /// A variable with a static lifetime, or a function.
    Object(ObjectId),
    /// An enumerator.
    Constant(i64, TypeId),
    /// A parameter of a template that is a value, or something else of which nothing is known.
    Unknown,
    /// A namespace, by its full name.
    Namespace(Symbol),
}

#[derive(Default)]
pub(super) struct Scope {
    pub(super) names: FxHashMap<Symbol, Entity>,
    pub(super) tags: FxHashMap<Symbol, TypeId>,
}

impl Parser<'_> {
    pub(super) fn declare(&mut self, name: Symbol, entity: Entity) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name, entity);
        }
    }

    /// What a name means where it is used.
    pub(super) fn lookup(&mut self, name: Symbol) -> Option<Entity> {
        let found = self.scopes.iter().rev().find_map(|scope| scope.names.get(&name).copied());
        if found.is_some() {
            return found;
        }
        if self.cpp
            && let Some(found) = self.lookup_qualified(name)
        {
            return Some(found);
        }
        let text = self.text(name).to_owned();
        if self.parse_prelude(&text) {
            return self.scopes.first().and_then(|scope| scope.names.get(&name).copied());
        }
        None
    }

    /// The record or enumeration that a tag means; `Some` also when only its name is known.
    pub(super) fn tag(&mut self, word: &str, name: Symbol) -> Option<TypeId> {
        let found = self.scopes.iter().rev().find_map(|scope| scope.tags.get(&name).copied());
        if found.is_some() {
            return found;
        }
        let key = format!("{word} {}", self.text(name));
        if self.parse_prelude(&key) {
            return self.scopes.first().and_then(|scope| scope.tags.get(&name).copied());
        }
        None
    }

    /// Runs `f` in a scope of its own.
    pub(super) fn scoped<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(Scope::default());
        let result = f(self);
        self.scopes.pop();
        result
    }

    /// The type that an unknown name stands for: a record of which nothing is known but its name.
    pub(super) fn unknown_type(&mut self, name: Symbol) -> TypeId {
        let ty = self.new_record(name, false);
        if let Some(scope) = self.scopes.first_mut() {
            scope.names.insert(name, Entity::Type(ty));
        }
        ty
    }

    pub(super) fn new_record(&mut self, name: Symbol, union: bool) -> TypeId {
        let record = assay_ir::Record { name, union, fields: Vec::new(), size: None, align: 1 };
        self.types.intern(Type::Record(record))
    }

    /// Whether a declaration or the name of a type begins here.
    pub(super) fn starts_type(&mut self, in_statement: bool) -> bool {
        let token = self.token();
        if token.kind == Kind::ColonColon && self.cpp {
            return self.qualified_type_ahead(in_statement);
        }
        if token.kind != Kind::Ident {
            return false;
        }
        if let Some(word) = self.word() {
            return Self::is_type_word(word) || self.cpp && self.is_cpp_type_word(word);
        }
        if self.cpp && matches!(self.peek(1), Kind::ColonColon | Kind::Lt) {
            return self.qualified_type_ahead(in_statement);
        }
        match self.lookup(token.name) {
            Some(Entity::Type(_)) => {
                // `Type(…)` and `Type{…}` at the start of a statement are expressions of C++ mostly.
                !(in_statement && self.cpp && matches!(self.peek(1), Kind::LParen | Kind::LBrace | Kind::Dot))
            }
            Some(_) => false,
            None => self.looks_like_type(in_statement),
        }
    }

    /// Whether an unknown name is a type, by what stands behind it.
    fn looks_like_type(&self, in_statement: bool) -> bool {
        match self.peek(1) {
            // `X name`, but not `X const`… and the like, which are no names.
            Kind::Ident => match self.word_at(1) {
                None => true,
                // Behind a macro that means nothing known stands a type.
                Some(word) => Self::is_type_word(word),
            },
            // `X *name;`
            Kind::Star | Kind::Amp | Kind::AndAnd if self.peek(1) != Kind::Star && !self.cpp => false,
            Kind::Star | Kind::Amp | Kind::AndAnd => {
                let mut at = 1;
                while matches!(self.peek(at), Kind::Star | Kind::Amp | Kind::AndAnd)
                    || self.word_at(at).is_some_and(Self::is_qualifier)
                {
                    at += 1;
                }
                match self.peek(at) {
                    Kind::Ident if self.word_at(at).is_none() => {
                        let ends = matches!(
                            self.peek(at + 1),
                            Kind::Semi | Kind::Assign | Kind::Comma | Kind::LBracket | Kind::RParen | Kind::Colon
                        );
                        ends && (in_statement || !matches!(self.peek(at + 1), Kind::Semi))
                    }
                    Kind::RParen | Kind::Comma => !in_statement,
                    _ => false,
                }
            }
            _ => false,
        }
    }
}
