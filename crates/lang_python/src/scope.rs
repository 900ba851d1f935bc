//! Which variable each name means.
//!
//! - A *scope* is a region with names of its own: the module, a class body, a function or lambda, and
//!   *inline* scopes (comprehensions, type parameters), whose code runs in the function around them.
//! - A *frame* is a scope that becomes an [`assay_ir::Function`]: every scope but the inline ones.
//! - A name that another frame than the binding one uses is *captured*: it lives in a cell.
//!
//! Scopes are found again during lowering by the address of the syntax node that makes them, which
//! does not change while the tree is borrowed.

use assay_index::{FxHashMap, Idx, IndexVec, Interner, Symbol};
use assay_ir::{CellId, Variable};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Comprehension, ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt, TypeParam, TypeParams,
};
use std::cell::OnceCell;

assay_index::define_id!(
    /// A scope of one file; the module is number 0.
    pub(crate) struct ScopeId, "scope"
);

/// What makes a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Function,
    Comprehension,
    TypeParams,
}

impl ScopeKind {
    fn is_inline(self) -> bool {
        matches!(self, Self::Comprehension | Self::TypeParams)
    }
}

/// A scope.
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) parent: Option<ScopeId>,
    /// The scope whose function runs the code.
    pub(crate) frame: ScopeId,
    /// For a frame: how many variables it has.
    pub(crate) variables: usize,
    /// For a frame: the names of its cells.
    pub(crate) cells: IndexVec<CellId, Symbol>,
    /// For a frame: the module's or class's variables that it binds.
    pub(crate) named: Vec<(Variable, Symbol)>,
}

/// Where a name's value is kept, seen from one scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// A variable of the frame.
    Local(Variable),
    /// A variable of the module's body, which is the module's variable too.
    Module(Variable),
    /// A variable of the class body, which is an attribute too.
    Class(Variable),
    /// A captured variable of this frame.
    Cell(ScopeId, CellId),
    /// The module's variable, from elsewhere, or a built-in.
    Global,
}

const BOUND: u8 = 1;
const GLOBAL: u8 = 2;
const NONLOCAL: u8 = 4;

struct Entry {
    scope: ScopeId,
    name: Symbol,
    flags: u8,
    place: Place,
}

/// The scopes of a file.
pub(crate) struct Scopes {
    pub(crate) all: IndexVec<ScopeId, Scope>,
    by_node: FxHashMap<usize, ScopeId>,
    entries: Vec<Entry>,
    by_name: FxHashMap<(ScopeId, Symbol), u32>,
    /// The entries of each scope; found when they are first asked for.
    by_scope: OnceCell<FxHashMap<ScopeId, Vec<u32>>>,
    /// Set when a handler is written `except X, e`, as before Python 3.
    pub(crate) old_except: Option<ruff_text_size::TextRange>,
}

/// The key of a syntax node.
fn address<T>(node: &T) -> usize {
    std::ptr::from_ref(node) as usize
}

/// The name that `except X, e` binds, when the handler is written so. Two exception classes
/// without parentheses are legal since Python 3.14; classes are capitalised, variables are not.
pub(crate) fn old_except_name(kind: &Expr) -> Option<&str> {
    let Expr::Tuple(tuple) = kind else { return None };
    match (&tuple.elts[..], tuple.parenthesized) {
        ([_, Expr::Name(name)], false) if name.id.starts_with(|c: char| c.is_lowercase() || c == '_') => {
            Some(name.id.as_str())
        }
        _ => None,
    }
}

impl Scopes {
    /// Finds the scopes of a module and what each name means in them.
    pub(crate) fn of(body: &[Stmt], strings: &mut Interner) -> Self {
        let mut finder = Finder {
            scopes: Self {
                all: IndexVec::new(),
                by_node: FxHashMap::default(),
                entries: Vec::new(),
                by_name: FxHashMap::default(),
                by_scope: OnceCell::new(),
                old_except: None,
            },
            strings,
            current: ScopeId::new(0),
        };
        finder.scopes.add(ScopeKind::Module, None);
        finder.visit_body(body);
        let mut scopes = finder.scopes;
        scopes.place_all();
        scopes
    }

    /// The scope that a node makes.
    pub(crate) fn of_node<T>(&self, node: &T) -> Option<ScopeId> {
        self.by_node.get(&address(node)).copied()
    }

    /// What `name` means in `scope`.
    pub(crate) fn place(&self, scope: ScopeId, name: Symbol) -> Place {
        self.by_name.get(&(scope, name)).map_or(Place::Global, |i| self.entries[*i as usize].place)
    }

    /// The variables of functions that a scope names, in the order in which it first does.
    pub(crate) fn variables(&self, scope: ScopeId) -> Vec<Symbol> {
        let by_scope = self.by_scope.get_or_init(|| {
            let mut by_scope: FxHashMap<ScopeId, Vec<u32>> = FxHashMap::default();
            for (i, entry) in (0..).zip(&self.entries) {
                if matches!(entry.place, Place::Local(_) | Place::Cell(..)) {
                    by_scope.entry(entry.scope).or_default().push(i);
                }
            }
            by_scope
        });
        by_scope.get(&scope).into_iter().flatten().map(|i| self.entries[*i as usize].name).collect()
    }

    fn add(&mut self, kind: ScopeKind, parent: Option<ScopeId>) -> ScopeId {
        let id = self.all.next_id();
        let frame = match parent {
            Some(parent) if kind.is_inline() => self.all[parent].frame,
            _ => id,
        };
        let (cells, named) = (IndexVec::new(), Vec::new());
        self.all.push(Scope { kind, parent, frame, variables: 0, cells, named })
    }

    fn entry(&mut self, scope: ScopeId, name: Symbol) -> &mut Entry {
        let next = self.entries.len() as u32;
        let index = *self.by_name.entry((scope, name)).or_insert(next);
        if index == next {
            self.entries.push(Entry { scope, name, flags: 0, place: Place::Global });
        }
        &mut self.entries[index as usize]
    }

    fn flags(&self, scope: ScopeId, name: Symbol) -> u8 {
        self.by_name.get(&(scope, name)).map_or(0, |i| self.entries[*i as usize].flags)
    }

    /// The scope whose variable `name` is when it is used in `from`; `None` for the module's.
    fn binder(&self, from: ScopeId, name: Symbol) -> Option<ScopeId> {
        let mut at = from;
        loop {
            let scope = &self.all[at];
            let flags = self.flags(at, name);
            if flags & GLOBAL != 0 {
                return None;
            }
            // Names of a class body are seen in it and in type parameters within, not in functions.
            let visible = match scope.kind {
                ScopeKind::Module => at == from || self.all[from].frame == at,
                ScopeKind::Class => at == from || self.only_type_params_between(from, at),
                ScopeKind::Function | ScopeKind::Comprehension | ScopeKind::TypeParams => true,
            };
            if visible && flags & BOUND != 0 && flags & NONLOCAL == 0 {
                return Some(at);
            }
            at = scope.parent?;
        }
    }

    fn only_type_params_between(&self, mut from: ScopeId, to: ScopeId) -> bool {
        while from != to {
            let scope = &self.all[from];
            let Some(parent) = scope.parent.filter(|_| scope.kind == ScopeKind::TypeParams) else {
                return false;
            };
            from = parent;
        }
        true
    }

    /// Decides the place of every name: first which are captured, then the numbers.
    fn place_all(&mut self) {
        let binders: Vec<Option<ScopeId>> = self.entries.iter().map(|e| self.binder(e.scope, e.name)).collect();
        for (i, binder) in binders.iter().enumerate() {
            let Some(binder) = *binder else { continue };
            let (scope, name) = (self.entries[i].scope, self.entries[i].name);
            let frame = self.all[binder].frame;
            if self.all[scope].frame == frame {
                continue;
            }
            let entry = self.entry(binder, name);
            if entry.place == Place::Global {
                let cell = self.all[frame].cells.push(name);
                self.entry(binder, name).place = Place::Cell(frame, cell);
            }
        }
        for (i, binder) in binders.iter().enumerate() {
            let (scope, name) = (self.entries[i].scope, self.entries[i].name);
            if *binder != Some(scope) || self.entries[i].place != Place::Global {
                continue;
            }
            let frame = self.all[scope].frame;
            let owner = &mut self.all[frame];
            let variable = Variable::new(owner.variables);
            owner.variables += 1;
            self.entries[i].place = match self.all[scope].kind {
                ScopeKind::Module => Place::Module(variable),
                ScopeKind::Class => Place::Class(variable),
                ScopeKind::Function | ScopeKind::Comprehension | ScopeKind::TypeParams => Place::Local(variable),
            };
            if !matches!(self.entries[i].place, Place::Local(_)) {
                self.all[frame].named.push((variable, name));
            }
        }
        for (i, binder) in binders.into_iter().enumerate() {
            if let Some(binder) = binder {
                self.entries[i].place = self.place(binder, self.entries[i].name);
            }
        }
    }
}

struct Finder<'s> {
    scopes: Scopes,
    strings: &'s mut Interner,
    current: ScopeId,
}

impl Finder<'_> {
    fn flag(&mut self, scope: ScopeId, name: &str, flags: u8) {
        let name = self.strings.intern(name);
        self.scopes.entry(scope, name).flags |= flags;
    }

    fn bind(&mut self, name: &str) {
        self.flag(self.current, name, BOUND);
    }

    fn enter<T>(&mut self, kind: ScopeKind, node: &T) -> ScopeId {
        let id = self.scopes.add(kind, Some(self.current));
        self.scopes.by_node.insert(address(node), id);
        std::mem::replace(&mut self.current, id)
    }

    fn type_params(&mut self, params: &TypeParams) {
        for param in &params.type_params {
            let (name, bound, default) = match param {
                TypeParam::TypeVar(p) => (&p.name, p.bound.as_deref(), p.default.as_deref()),
                TypeParam::TypeVarTuple(p) => (&p.name, None, p.default.as_deref()),
                TypeParam::ParamSpec(p) => (&p.name, None, p.default.as_deref()),
            };
            self.bind(name.as_str());
            bound.into_iter().chain(default).for_each(|e| self.visit_expr(e));
        }
    }

    fn parameter_names(&mut self, parameters: &Parameters) {
        for parameter in parameters {
            self.bind(parameter.name().as_str());
        }
    }

    fn comprehension<T>(&mut self, node: &T, elements: [Option<&Expr>; 2], generators: &[Comprehension]) {
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        let outer = self.enter(ScopeKind::Comprehension, node);
        for (i, generator) in generators.iter().enumerate() {
            if i > 0 {
                self.visit_expr(&generator.iter);
            }
            self.visit_expr(&generator.target);
            generator.ifs.iter().for_each(|e| self.visit_expr(e));
        }
        elements.into_iter().flatten().for_each(|e| self.visit_expr(e));
        self.current = outer;
    }
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.bind(def.name.as_str());
                def.decorator_list.iter().for_each(|d| self.visit_expr(&d.expression));
                let outer = self.current;
                if let Some(params) = &def.type_params {
                    self.enter(ScopeKind::TypeParams, &**params);
                    self.type_params(params);
                }
                self.visit_parameters(&def.parameters);
                def.returns.iter().for_each(|e| self.visit_expr(e));
                self.enter(ScopeKind::Function, def);
                self.parameter_names(&def.parameters);
                self.visit_body(&def.body);
                self.current = outer;
            }
            Stmt::ClassDef(def) => {
                self.bind(def.name.as_str());
                def.decorator_list.iter().for_each(|d| self.visit_expr(&d.expression));
                let outer = self.current;
                if let Some(params) = &def.type_params {
                    self.enter(ScopeKind::TypeParams, &**params);
                    self.type_params(params);
                }
                def.arguments.iter().for_each(|a| self.visit_arguments(a));
                self.enter(ScopeKind::Class, def);
                self.visit_body(&def.body);
                self.current = outer;
            }
            Stmt::TypeAlias(alias) => {
                self.visit_expr(&alias.name);
                let outer = self.current;
                if let Some(params) = &alias.type_params {
                    self.enter(ScopeKind::TypeParams, &**params);
                    self.type_params(params);
                }
                self.visit_expr(&alias.value);
                self.current = outer;
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    let name = if alias.asname.is_some() { name } else { name.split('.').next().unwrap_or(name) };
                    self.bind(name);
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if name != "*" {
                        self.bind(name);
                    }
                }
            }
            Stmt::Global(global) => {
                for name in &global.names {
                    if self.current.index() != 0 {
                        self.flag(self.current, name.as_str(), GLOBAL);
                    }
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                for name in &nonlocal.names {
                    self.flag(self.current, name.as_str(), NONLOCAL);
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(kind) = &handler.type_ {
            self.visit_expr(kind);
            if let (Some(name), None) = (old_except_name(kind), &handler.name) {
                self.bind(name);
                self.scopes.old_except.get_or_insert(handler.range);
            }
        }
        handler.name.iter().for_each(|name| self.bind(name.as_str()));
        self.visit_body(&handler.body);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchStar(p) => p.name.as_ref(),
            Pattern::MatchAs(p) => p.name.as_ref(),
            Pattern::MatchMapping(p) => p.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(name.as_str());
        }
        visitor::walk_pattern(self, pattern);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let binds = matches!(name.ctx, ExprContext::Store | ExprContext::Del);
                self.flag(self.current, &name.id, if binds { BOUND } else { 0 });
            }
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                if let Expr::Name(name) = &*named.target {
                    // The target belongs to the scope around all comprehensions.
                    let mut at = self.current;
                    while self.scopes.all[at].kind == ScopeKind::Comprehension {
                        self.flag(at, &name.id, 0);
                        at = self.scopes.all[at].parent.unwrap_or(ScopeId::new(0));
                    }
                    self.flag(at, &name.id, BOUND);
                }
            }
            Expr::Lambda(lambda) => {
                lambda.parameters.iter().for_each(|p| self.visit_parameters(p));
                let outer = self.enter(ScopeKind::Function, lambda);
                lambda.parameters.iter().for_each(|p| self.parameter_names(p));
                self.visit_expr(&lambda.body);
                self.current = outer;
            }
            Expr::ListComp(c) => self.comprehension(c, [Some(&c.elt), None], &c.generators),
            Expr::SetComp(c) => self.comprehension(c, [Some(&c.elt), None], &c.generators),
            Expr::Generator(c) => self.comprehension(c, [Some(&c.elt), None], &c.generators),
            Expr::DictComp(c) => self.comprehension(c, [c.key.as_deref(), Some(&c.value)], &c.generators),
            _ => visitor::walk_expr(self, expr),
        }
    }
}
