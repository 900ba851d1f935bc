//! How objects come to life: constructors, initial values of members, destructors.

use super::{Bail, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::{Block, Expr, ExprKind, Init, LocalId, Stmt, StmtKind};
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{ObjectId, TypeId};
use assay_text::Span;

/// How many members one constructor initialises without being told.
const MAX_IMPLICIT: usize = 64;
/// How deep members of members without constructors are gone into.
const MAX_DEPTH: usize = 4;

/// The initial value that a class gives a member.
#[derive(Clone, Copy)]
pub(super) struct DefaultValue {
    pub(super) member: Symbol,
    /// The position of its `=` or `{`.
    pub(super) at: usize,
    /// The tokens that the position is one of.
    pub(super) first: Option<usize>,
}

/// An object that is constructed: a variable or what a constructor is called on, and the members on the way to it.
struct Place {
    local: Option<LocalId>,
    ty: TypeId,
    members: Vec<Symbol>,
}

impl Parser<'_> {
    /// A function's body in C++: initial values of members, and handlers around it.
    pub(super) fn cpp_function_body(&mut self, object: ObjectId) -> Parsed<Block> {
        let tries = self.eat_word(Word::Try);
        let mut first = Vec::new();
        let mut named = Vec::new();
        if self.eat(Kind::Colon) {
            self.member_initializers(&mut first, &mut named)?;
        }
        if let Some(class) = self.classes.this_class
            && self.classes.info.get(&class).is_some_and(|info| info.constructors.contains(&object))
            && !self.types.record(class).is_some_and(|record| named.contains(&record.name))
        {
            let mut implicit = Vec::new();
            let this = Place { local: None, ty: class, members: Vec::new() };
            self.implicit_members(&this, &named, &mut implicit);
            let statement = |expr: Expr| Stmt { span: expr.span, kind: StmtKind::Expr(expr) };
            first.splice(0..0, implicit.into_iter().map(statement));
        }
        let mut block = self.compound()?;
        first.append(&mut block.statements);
        block.statements = first;
        if tries {
            let start = self.span();
            let handlers = self.handlers()?;
            let whole =
                Block { statements: vec![Stmt { kind: StmtKind::Try(block, handlers), span: start }], open: false };
            return Ok(whole);
        }
        Ok(block)
    }

    /// The initial values that a constructor gives members, and the names of those.
    fn member_initializers(&mut self, statements: &mut Vec<Stmt>, named: &mut Vec<Symbol>) -> Parsed<()> {
        loop {
            let start = self.span();
            let at = self.input.at;
            let name = self.token().name;
            if !self.skip_qualified() {
                return Err(Bail("a member"));
            }
            let simple = self.input.at == at + 1;
            named.push(name);
            let arguments = match self.kind() {
                Kind::LParen => {
                    self.advance();
                    self.nested(Self::arguments)?
                }
                Kind::LBrace => self.braced_arguments()?,
                _ => return Err(Bail("`(`")),
            };
            self.eat(Kind::Ellipsis);
            let span = self.since(start);
            if simple && let Some(target) = self.this_member(name, span) {
                let expr = self.constructed(target, arguments, span);
                statements.push(Stmt { kind: StmtKind::Expr(expr), span });
            } else {
                let arguments = arguments.into_iter().map(|argument| self.value(argument)).collect();
                let expr = self.unknown(arguments, span);
                statements.push(Stmt { kind: StmtKind::Expr(expr), span });
            }
            if !self.eat(Kind::Comma) {
                return Ok(());
            }
        }
    }

    /// What constructs an object from arguments: a call of its constructor, or an assignment.
    pub(super) fn constructed(&mut self, target: Expr, mut arguments: Vec<Expr>, span: Span) -> Expr {
        let ty = target.ty;
        let copies = arguments.len() == 1 && arguments[0].ty == ty;
        if let Some(call) = self.constructor(ty, &arguments)
            && self.is_record(ty)
            && (!copies || self.takes_reference(call, ty))
        {
            let address = self.address_of(target);
            return self.call_object(call, std::iter::once(address).chain(arguments).collect(), span);
        }
        if !self.is_record(ty) && arguments.len() <= 1 {
            let value = arguments.pop().unwrap_or_else(|| self.int(0, span));
            return self.assign(target, value, span);
        }
        if copies {
            let value = arguments.remove(0);
            return self.assign(target, value, span);
        }
        let address = self.address_of(target);
        let mut operands = vec![address];
        for argument in arguments {
            let argument = self.value(argument);
            operands.push(argument);
        }
        self.unknown(operands, span)
    }

    /// The constructor of a class that takes these arguments.
    pub(super) fn constructor(&self, class: TypeId, arguments: &[Expr]) -> Option<ObjectId> {
        let list = &self.classes.info.get(&class)?.constructors;
        self.best_overload(list, Some(class), arguments)
    }

    /// What initialises a variable that has no initial value: its constructor without arguments.
    pub(super) fn default_constructed(&mut self, ty: TypeId, span: Span) -> Option<Init> {
        let target = self.classes.target?;
        if let Some(empty) = self.empty_container(ty) {
            return Some(empty);
        }
        let known = self.classes.info.get(&ty)?;
        if known.constructors.is_empty() {
            let mut implicit = Vec::new();
            self.implicit_members(&Place { local: Some(target), ty, members: Vec::new() }, &[], &mut implicit);
            return (!implicit.is_empty()).then_some(Init::Construct(implicit));
        }
        let target = Self::expr(ExprKind::Local(target), ty, span);
        let call = self.constructed(target, Vec::new(), span);
        Some(Init::Construct(vec![call]))
    }

    /// Whether a constructor copies or moves: it takes a reference to an object of the class.
    fn takes_reference(&self, constructor: ObjectId, class: TypeId) -> bool {
        let assay_ir::Type::Function { params, .. } = self.types.get(self.objects[constructor].ty) else {
            return false;
        };
        params.get(1).is_some_and(|param| self.references.contains(param) && self.types.pointee(*param) == Some(class))
    }

    /// What a constructor does for the bases and members that it does not name: the initial values that the class gives them, and
    /// their own constructors.
    fn implicit_members(&mut self, place: &Place, named: &[Symbol], out: &mut Vec<Expr>) {
        let Some(record) = self.types.record(place.ty) else { return };
        if record.union || place.members.len() > MAX_DEPTH {
            return;
        }
        let fields: Vec<(Symbol, TypeId)> = record.fields.iter().map(|field| (field.name, field.ty)).collect();
        let defaults = self.classes.info.get(&place.ty).map(|info| info.defaults.clone()).unwrap_or_default();
        for (name, ty) in fields {
            if named.contains(&name) || self.text(name).is_empty() || out.len() >= MAX_IMPLICIT {
                continue;
            }
            let mut members = place.members.clone();
            members.push(name);
            let inner = Place { local: place.local, ty, members };
            if let Some(default) = defaults.iter().find(|default| default.member == name) {
                let value = self.default_value(*default, ty);
                out.extend(self.initial_member(&inner, value));
            } else if self.is_record(ty) && self.empty_container(ty).is_none() {
                let constructors = self.classes.info.get(&ty).map(|info| info.constructors.len());
                match constructors {
                    Some(0) => self.implicit_members(&inner, &[], out),
                    Some(_) => {
                        if let Some(target) = self.place_of(&inner) {
                            out.push(self.constructed(target, Vec::new(), Span::default()));
                        }
                    }
                    // A class that was not seen defined initialises itself.
                    None => out.extend(self.initial_member(&inner, None)),
                }
            }
        }
    }

    /// The object that a place is.
    fn place_of(&mut self, place: &Place) -> Option<Expr> {
        let span = Span::default();
        let mut expr = match place.local {
            Some(local) => {
                let ty = self.local(local)?.ty;
                Self::expr(ExprKind::Local(local), ty, span)
            }
            None => {
                let this = self.this_value(span)?;
                self.deref(this, span)
            }
        };
        for member in &place.members {
            expr = self.member(expr, *member, span);
        }
        Some(expr)
    }

    /// Gives a member a value, or one that is not known.
    fn initial_member(&mut self, place: &Place, value: Option<Expr>) -> Option<Expr> {
        let target = self.place_of(place)?;
        match value {
            Some(value) => Some(self.assign(target, value, Span::default())),
            None => {
                let address = self.address_of(target);
                Some(self.unknown(vec![address], Span::default()))
            }
        }
    }

    /// The initial value that a class gives a member, when it is a single one that is understood.
    fn default_value(&mut self, default: DefaultValue, ty: TypeId) -> Option<Expr> {
        if default.first != self.input.first || !self.types.is_scalar(ty) {
            return None;
        }
        let behind = std::mem::replace(&mut self.input.at, default.at);
        // It is written where the variables of this function are not known.
        let scopes = self.scopes.split_off(1);
        self.eat(Kind::Assign);
        let value = self.nested(|this| this.initializer(ty));
        self.scopes.truncate(1);
        self.scopes.extend(scopes);
        self.input.at = behind;
        match value {
            Ok((Some(Init::Value(value)), _)) => Some(value),
            _ => None,
        }
    }

    pub(super) fn set_destructor(&mut self, id: LocalId) {
        let Some(ty) = self.local(id).map(|local| local.ty) else { return };
        let destructor = self.classes.info.get(&ty).and_then(|info| info.destructor);
        if let Some(local) = self.local(id) {
            local.destructor = destructor;
        }
    }
}
