//! Where a program checks who may do what.
//!
//! - A *guard* is a check of access: a call of one that the models or its name tell, a branch that turns somebody away
//!   (a *denial*), a test of a flag of the caller (`is_admin`), or a use of the caller's *identity* that ties what is
//!   done to them (`filter(owner=request.user)`).
//! - A guard stands in a function's *body*, is put *on* it by a decorator or a dependency, or comes from its *class*: a base, an attribute
//!   (`permission_classes`), or a method that the framework calls first.
//! - Functions that hold guards are themselves *checks* for whoever calls them, up to [`MAX_LEVELS`] calls away.

use super::body::events;
use super::vocabulary::{Vocabulary, declares_guard, guard_by_name, guard_class};
use crate::code::Code;
use assay_dataflow::Dominators;
use assay_index::{FxHashMap, FxHashSet, Idx, IndexVec};
use assay_ir::{Arg, ArgKind, BlockId, Const, FunctionKind, Op, Terminator, Value};
use assay_models::{AccessKind, EntryKind};
use assay_resolve::{ApiId, ApiStep, ClsId, FuncId, ModuleId, Object};
use assay_text::Span;

/// Calls from a function to the guard that counts for it.
const MAX_LEVELS: u8 = 4;
/// Definitions that are looked at to find what a name means.
const MAX_STEPS: u32 = 8;
/// Decorators of one definition.
const MAX_DECORATORS: usize = 64;
/// Methods that frameworks call before those that answer.
const FIRST: &[&str] = &[
    "dispatch",
    "initial",
    "prepare",
    "setup",
    "pre_dispatch",
    "before_request",
    "check_permissions",
    "check_permission",
    "check_perm",
    "test_func",
    "is_accessible",
    "has_permission",
    "has_permissions",
    "get_permission_required",
    "process_request",
    "__call__",
    "initialize",
    "authorize",
    "check_access",
    "check_auth",
    "_process_args",
    "_check_access",
    "get_queryset",
    "_dispatch",
    "_dispatch_request",
    "dispatch_request",
    "pre_process",
];

/// A check of access.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Guard {
    /// What it asks.
    pub(crate) kind: AccessKind,
    /// What checks, as the code names it.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) function: FuncId,
    /// The code of it.
    pub(crate) span: Span,
    /// Whether it is a call, a decorator, a base or an attribute that is there to check; not one of the caller's flags or identity
    /// in use.
    pub(crate) explicit: bool,
}

/// A guard in the body of a function.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) guard: Guard,
    /// The instruction.
    pub(crate) at: Value,
}

/// The guards of a program.
pub(crate) struct Guards {
    own: IndexVec<FuncId, Vec<Event>>,
    on: FxHashMap<FuncId, Vec<Guard>>,
    on_class: FxHashMap<ClsId, Vec<Guard>>,
    /// How many calls each function is away from a guard; none that is too far away.
    level: IndexVec<FuncId, Option<u8>>,
    /// What checks every request: middleware, hooks before requests.
    pub(crate) everywhere: Vec<Guard>,
    /// Functions that others depend on (`Depends`), or that decorators are told to call.
    dependencies: FxHashSet<FuncId>,
    /// Names of the decorators that are no guards.
    pub(crate) decorators: FxHashMap<FuncId, Vec<String>>,
}

impl Guards {
    pub(crate) fn new(code: &Code<'_>) -> Self {
        let program = &code.res.program;
        let mut this = Self {
            own: IndexVec::from_elem(Vec::new(), program.functions.len()),
            on: FxHashMap::default(),
            on_class: FxHashMap::default(),
            level: IndexVec::from_elem(None, program.functions.len()),
            everywhere: Vec::new(),
            dependencies: FxHashSet::default(),
            decorators: FxHashMap::default(),
        };
        let relevant = |f: FuncId| !program.module_of(f).template && !code.in_test(f);
        let mut vocabulary = Vocabulary::default();
        for f in program.functions.ids().filter(|f| relevant(*f)) {
            if program.function(f).is_callable() {
                this.own[f] = events(code, f, &mut vocabulary);
            }
        }
        this.spread(code);
        for f in program.functions.ids().filter(|f| relevant(*f)) {
            this.registrations(code, f);
        }
        for class in program.classes.ids() {
            if relevant(program.class_body(class)) {
                let found = this.of_body(code, class);
                this.on_class.entry(class).or_default().extend(found);
            }
        }
        this.find_everywhere(code);
        this
    }

    /// The guards in a function's body.
    pub(crate) fn own(&self, f: FuncId) -> &[Event] {
        &self.own[f]
    }

    /// The guards that decorators and dependencies put on a function.
    pub(crate) fn on(&self, f: FuncId) -> &[Guard] {
        self.on.get(&f).map_or(&[], Vec::as_slice)
    }

    /// How many functions outside of tests and of a module hold a check.
    pub(crate) fn count_outside(&self, code: &Code<'_>, module: ModuleId) -> usize {
        let counts = |f: &FuncId| !code.in_test(*f) && code.res.program.functions[*f].module != module;
        self.own.ids().filter(counts).filter(|f| self.own[*f].iter().any(|e| e.guard.explicit)).count()
    }

    /// Whether a framework calls a function for others that depend on it.
    pub(crate) fn is_dependency(&self, f: FuncId) -> bool {
        self.dependencies.contains(&f)
    }

    /// Whether a function, or one that it calls, checks anything about its caller.
    pub(crate) fn checks(&self, f: FuncId) -> bool {
        self.level[f].is_some()
    }

    /// The guards of a class: its own and those of what it derives from.
    pub(crate) fn of_class(&self, code: &Code<'_>, class: ClsId) -> Vec<Guard> {
        let mut out = Vec::new();
        for base in code.res.hierarchy.order(class) {
            out.extend(self.on_class.get(base).into_iter().flatten().cloned());
        }
        for api in code.res.hierarchy.external_bases(class) {
            let name = code.api(*api);
            let last = name.rsplit('.').next().unwrap_or_default();
            let kind = access_of(code, *api).or_else(|| guard_class(last).then_some(AccessKind::Permission));
            if let Some(kind) = kind.filter(|k| is_check(*k)) {
                let body = code.res.program.class_body(class);
                let span = code.res.program.class(class).name_span;
                out.push(Guard { kind, name: last.to_owned(), function: body, span, explicit: true });
            }
        }
        out
    }

    /// Whether something other than an attribute of the class guards all of its methods.
    pub(crate) fn class_guards_methods(&self, code: &Code<'_>, class: ClsId) -> bool {
        self.of_class(code, class).iter().any(|g| is_check(g.kind) && !is_attribute(code, g))
    }

    /// All guards of a function, with those of its class, the most explicit first; for functions that it calls, the call.
    pub(crate) fn of_function(&self, code: &Code<'_>, f: FuncId) -> Vec<Guard> {
        let mut out: Vec<Guard> = self.on(f).to_vec();
        if let Some(class) = code.res.program.functions[f].class {
            out.extend(self.of_class(code, class));
        }
        out.extend(self.own(f).iter().map(|e| e.guard.clone()));
        for (call, targets) in code.res.calls(f) {
            if let [target] = targets.functions.as_slice()
                && self.level[target.function].is_some_and(|l| l + 1 < MAX_LEVELS)
                && !self.own(f).iter().any(|e| e.at == *call)
            {
                let span = code.span(f, *call);
                let name = match code.function_name(target.function) {
                    "" => code.shown(f, span),
                    name => name.to_owned(),
                };
                out.push(Guard { kind: AccessKind::Permission, name, function: f, span, explicit: false });
            }
        }
        out.sort_by_key(|g| !g.explicit);
        out
    }

    /// Whether every caller of a function that was found checks before, or is itself called by such only.
    pub(crate) fn callers_check(&self, code: &Code<'_>, f: FuncId, levels: u8) -> bool {
        let mut callers = code.callers(f).iter().filter(|c| !code.in_test(c.function) && c.function != f).peekable();
        callers.peek().is_some()
            && callers.all(|c| {
                let class = code.res.program.functions[c.function].class;
                !self.on(c.function).is_empty()
                    || !self.own(c.function).is_empty()
                    || class.is_some_and(|class| !self.of_class(code, class).is_empty())
                    || levels > 0 && self.callers_check(code, c.function, levels - 1)
            })
    }

    /// Levels: how far each function is from a guard.
    fn spread(&mut self, code: &Code<'_>) {
        let mut work: Vec<FuncId> = Vec::new();
        for f in code.res.program.functions.ids() {
            if !self.own[f].is_empty() {
                self.level[f] = Some(0);
                work.push(f);
            }
        }
        for level in 1..=MAX_LEVELS {
            let mut next = Vec::new();
            for g in work {
                for caller in code.callers(g) {
                    if self.level[caller.function].is_none() && code.function(caller.function).is_callable() {
                        self.level[caller.function] = Some(level);
                        next.push(caller.function);
                    }
                }
            }
            work = next;
        }
        // What is defined in a function, it runs or hands on.
        for f in code.res.program.functions.ids() {
            let info = code.res.program.functions[f];
            if let (Some(_), Some(parent)) = (self.level[f], code.function(f).parent) {
                let parent = code.res.program.func_id(info.module, parent);
                if code.function(parent).is_callable() && self.level[parent].is_none() {
                    self.level[parent] = Some(1);
                }
            }
        }
    }

    /// What a function's code puts guards on: decorated functions and classes, wrapped views, dependencies.
    fn registrations(&mut self, code: &Code<'_>, f: FuncId) {
        let function = code.function(f);
        for (value, inst) in function.insts.iter_enumerated() {
            match &inst.op {
                Op::Call { func, args } => self.registration(code, f, value, *func, args),
                Op::MakeFunction { function: made, defaults, annotations, .. } => {
                    let made = code.res.program.func_id(code.res.program.functions[f].module, *made);
                    for (_, value) in defaults.iter().chain(annotations) {
                        self.dependency(code, f, *value, made, MAX_STEPS);
                    }
                }
                _ => {}
            }
        }
    }

    fn registration(&mut self, code: &Code<'_>, f: FuncId, call: Value, func: Value, args: &[Arg]) {
        let [only] = args else { return };
        if only.kind != ArgKind::Positional {
            return;
        }
        let Some(made) = decorated(code, f, only.value) else {
            // A view that is wrapped where it is registered.
            if !code.function(f).is_callable()
                && let Some(guard) = self.decorator(code, f, call, func)
            {
                for object in code.objects(f, only.value) {
                    if let Object::Function(g) | Object::Bound(g) = object {
                        self.on.entry(g).or_default().push(guard.clone());
                    }
                }
            }
            return;
        };
        // What a decorator is told to call is no handler. What a wrapper is given (`wraps(view)`) may be one.
        if let Op::Call { args, .. } = code.op(f, func) {
            for arg in args.iter().filter(|a| !matches!(code.op(f, a.value), Op::Param(_) | Op::LoadCell(_))) {
                self.dependencies.extend(code.objects(f, arg.value).into_iter().filter_map(|o| match o {
                    Object::Function(h) => Some(h),
                    _ => None,
                }));
            }
        }
        let guard = self.decorator(code, f, call, func);
        match (made, guard) {
            (Made::Function(g), Some(guard)) => self.on.entry(g).or_default().push(guard),
            (Made::Function(g), None) => {
                if let Some(name) = name_of_callee(code, f, func) {
                    self.decorators.entry(g).or_default().push(name.to_owned());
                }
                self.arguments_of(code, f, func, g);
            }
            (Made::Class(c), Some(guard)) => self.on_class.entry(c).or_default().push(guard),
            (Made::Class(_), None) => {}
        }
    }

    /// The guards in the arguments of a registration: `@router.get("/", dependencies=[Depends(check)])`,
    /// `@view_config(permission="edit")`.
    fn arguments_of(&mut self, code: &Code<'_>, f: FuncId, func: Value, g: FuncId) {
        let Op::Call { args, .. } = code.op(f, func) else { return };
        for arg in args {
            let ArgKind::Keyword(name) = arg.kind else { continue };
            let name = code.text(name);
            if declares_guard(name) && !is_empty(code, f, arg.value) {
                let span = code.span(f, arg.value);
                let name = name.to_owned();
                let guard = Guard { kind: AccessKind::Permission, name, function: f, span, explicit: true };
                self.on.entry(g).or_default().push(guard);
            } else if name == "dependencies" {
                self.dependency(code, f, arg.value, g, MAX_STEPS);
            }
        }
    }

    /// What a decorator checks, if it is one that does.
    fn decorator(&self, code: &Code<'_>, f: FuncId, call: Value, func: Value) -> Option<Guard> {
        let span = code.span(f, func);
        let made = |kind, name: &str| Some(Guard { kind, name: name.to_owned(), function: f, span, explicit: true });
        let name = name_of_callee(code, f, func)?;
        if name == "method_decorator" {
            let Op::Call { args, .. } = code.op(f, func) else { return None };
            let inner = args.first()?.value;
            let name = name_of_callee(code, f, inner)?;
            let kind =
                code.res.apis_of(f, inner).find_map(|a| access_of(code, a)).or_else(|| guard_by_name(None, name));
            return made(kind?, name);
        }
        let api = code.res.apis_of(f, func).find_map(|a| access_of(code, a));
        if let Some(kind) = api {
            return made(kind, name);
        }
        if let Some(kind) = guard_by_name(None, name) {
            return made(kind, name);
        }
        // What is asked for may stand before the verb: `@Permissions.ADMIN.require(403)`.
        let asked = receivers(code, f, func).into_iter().find_map(|receiver| guard_by_name(Some(receiver), name));
        if let Some(kind) = asked {
            return made(kind, name);
        }
        // A decorator of the project: what it makes checks.
        let targets = code.res.call(f, call)?;
        let checks = targets.functions.iter().any(|t| self.makes_check(code, t.function));
        if checks { made(AccessKind::Permission, name) } else { None }
    }

    /// Whether a function, or one that is defined in it, holds a guard of its own.
    fn makes_check(&self, code: &Code<'_>, f: FuncId) -> bool {
        let info = code.res.program.functions[f];
        let functions = &code.res.program.module_of(f).ir.functions;
        let mut root = info.local;
        while let Some(parent) = functions[root].parent.filter(|p| functions[*p].is_callable()) {
            root = parent;
        }
        let within = |mut local: assay_ir::FunctionId| loop {
            if local == root {
                break true;
            }
            match functions[local].parent {
                Some(parent) => local = parent,
                None => break false,
            }
        };
        let last = functions.len().min(root.index() + 12);
        (root.index()..last).map(assay_ir::FunctionId::new).filter(|local| within(*local)).any(|local| {
            let g = code.res.program.func_id(info.module, local);
            let flags = || self.own[g].iter().any(|e| e.guard.kind == AccessKind::Permission);
            self.own[g].iter().any(|e| e.guard.explicit) || flags() && calls_sometimes(code, g)
        })
    }

    /// A dependency that a framework calls first: `user = Depends(current_user)`, in a default, an annotation or a list.
    fn dependency(&mut self, code: &Code<'_>, f: FuncId, value: Value, g: FuncId, steps: u32) {
        if steps == 0 {
            return;
        }
        match code.op(f, value) {
            Op::Call { func, args } => {
                let Some(name) = name_of_callee(code, f, *func) else { return };
                if !matches!(name, "Depends" | "Security") {
                    return;
                }
                let Some(inner) = args.iter().find(|a| a.kind == ArgKind::Positional) else { return };
                let objects = code.objects(f, inner.value);
                let defined = objects.iter().find_map(|o| match o {
                    Object::Function(h) | Object::Bound(h) => Some(code.function_name(*h)),
                    _ => None,
                });
                let name = name_of_callee(code, f, inner.value).or(defined).unwrap_or_default();
                self.dependencies.extend(objects.iter().filter_map(|o| match o {
                    Object::Function(h) | Object::Bound(h) => Some(*h),
                    _ => None,
                }));
                let mut objects = objects.into_iter();
                let checks = objects.any(|object| match object {
                    Object::Function(h) | Object::Bound(h) => self.level[h].is_some(),
                    Object::Api(api) => access_of(code, api).is_some(),
                    _ => false,
                });
                let words = crate::code::words(name);
                let says = guard_by_name(None, name).is_some()
                    || words.iter().any(|w| w == "user")
                        && words.iter().any(|w| matches!(w.as_str(), "current" | "get" | "active" | "valid"));
                if checks || says {
                    let (name, span) = (name.to_owned(), code.span(f, value));
                    let kind = AccessKind::Authentication;
                    self.on.entry(g).or_default().push(Guard { kind, name, function: f, span, explicit: true });
                }
            }
            Op::Collection(_, elements) => {
                for element in elements {
                    self.dependency(code, f, element.value, g, steps - 1);
                }
            }
            // `Annotated[User, Depends(current_user)]`
            Op::Item(_, key) => self.dependency(code, f, *key, g, steps - 1),
            Op::Global(name) => {
                let module = code.res.program.functions[f].module;
                if let Some((body, value)) = code.res.program.single_store(module, *name) {
                    self.dependency(code, body, value, g, steps - 1);
                }
            }
            // The class of a parameter is no dependency: nothing is called for it.
            Op::ImportFrom { name, .. }
                if says_user(code.text(*name))
                    && !code.objects(f, value).iter().any(|o| matches!(o, Object::Class(_))) =>
            {
                let (name, span) = (code.text(*name).to_owned(), code.span(f, value));
                let kind = AccessKind::Authentication;
                self.on.entry(g).or_default().push(Guard { kind, name, function: f, span, explicit: true });
            }
            _ => {}
        }
    }

    /// What the body of a class says, and what its first methods check.
    fn of_body(&self, code: &Code<'_>, class: ClsId) -> Vec<Guard> {
        let body = code.res.program.class_body(class);
        let function = code.function(body);
        let mut out = Vec::new();
        for inst in &function.insts {
            let Op::StoreName(name, value) = inst.op else { continue };
            let name = code.text(name);
            if matches!(function.op(value), Op::MakeFunction { .. })
                || !(declares_guard(name) || matches!(name, "decorators" | "method_decorators"))
            {
                continue;
            }
            let (kind, shown) = match declared(code, body, value) {
                Some(found) => found,
                None if is_empty(code, body, value) || name.ends_with("decorators") => continue,
                None => (AccessKind::Permission, String::new()),
            };
            let name = if shown.is_empty() { name.to_owned() } else { format!("{name} = {shown}") };
            out.push(Guard { kind, name, function: body, span: inst.span, explicit: true });
        }
        let own = code.res.program.class(class).name;
        if guard_class(code.text(own)) {
            let span = code.res.program.class(class).name_span;
            out.push(Guard {
                kind: AccessKind::Permission,
                name: code.text(own).to_owned(),
                function: body,
                span,
                explicit: true,
            });
        }
        for name in FIRST {
            let Some(symbol) = code.res.program.strings.lookup(name) else { continue };
            let Some(method) = code.res.hierarchy.own_method(class, symbol) else { continue };
            let guard =
                self.own(method).iter().map(|e| e.guard.clone()).next().or_else(|| self.on(method).first().cloned());
            if let Some(guard) = guard {
                out.push(guard);
            } else if self.level[method].is_some_and(|l| l <= 2) {
                let span = code.function(method).name_span;
                out.push(Guard {
                    kind: AccessKind::Permission,
                    name: (*name).to_owned(),
                    function: method,
                    span,
                    explicit: false,
                });
            }
        }
        out
    }

    fn find_everywhere(&mut self, code: &Code<'_>) {
        for (f, names) in &self.decorators {
            if names.iter().any(|n| matches!(n.as_str(), "before_request" | "before_app_request" | "middleware"))
                && self.level[*f].is_some()
            {
                let (name, span) = (code.function_name(*f).to_owned(), code.function(*f).name_span);
                self.everywhere.push(Guard {
                    kind: AccessKind::Authentication,
                    name,
                    function: *f,
                    span,
                    explicit: true,
                });
            }
        }
        for entry in &code.res.entries {
            let f = entry.function;
            if entry.kind == EntryKind::BeforeRequest
                && !code.in_test(f)
                && self.own(f).iter().any(|e| e.guard.explicit && is_check(e.guard.kind))
                && !self.everywhere.iter().any(|g| g.function == f)
            {
                let name = code.res.program.qualified_name(f);
                let span = code.function(f).name_span;
                let kind = AccessKind::Authentication;
                self.everywhere.push(Guard { kind, name, function: f, span, explicit: false });
            }
        }
        for class in code.res.program.classes.ids() {
            let body = code.res.program.class_body(class);
            let name = code.text(code.res.program.class(class).name);
            if code.in_test(body) || !name.ends_with("Middleware") {
                continue;
            }
            for method in ["__call__", "process_request", "process_view", "dispatch"] {
                let Some(symbol) = code.res.program.strings.lookup(method) else { continue };
                let Some(f) = code.res.hierarchy.own_method(class, symbol) else { continue };
                // It turns away: that it looks at who asks is not enough.
                let denies = self.own(f).iter().any(|e| e.guard.explicit && is_check(e.guard.kind));
                if denies && !self.everywhere.iter().any(|g| g.function == f) {
                    let span = code.function(f).name_span;
                    let kind = AccessKind::Authentication;
                    self.everywhere.push(Guard { kind, name: name.to_owned(), function: f, span, explicit: true });
                }
            }
        }
        self.everywhere.sort_by_key(|g| g.function);
    }
}

/// What a list of permission classes or decorators asks.
fn declared(code: &Code<'_>, f: FuncId, value: Value) -> Option<(AccessKind, String)> {
    let Op::Collection(_, elements) = code.op(f, value) else { return None };
    let mut found = None;
    for element in elements {
        let kind = code.res.apis_of(f, element.value).find_map(|a| access_of(code, a));
        let name = name_of_callee(code, f, element.value).unwrap_or_default();
        let kind =
            kind.or_else(|| guard_by_name(None, name)).or_else(|| guard_class(name).then_some(AccessKind::Permission));
        if let Some(kind) = kind {
            found = Some((kind, name.to_owned()));
        }
    }
    found
}

/// Whether a wrapper can end without having called what it wraps.
fn calls_sometimes(code: &Code<'_>, f: FuncId) -> bool {
    let function = code.function(f);
    let captured = |v: Value| match function.op(v) {
        Op::Call { func, .. } => matches!(function.op(*func), Op::LoadCell(_)),
        _ => false,
    };
    let dominators = Dominators::new(function);
    let calls: Vec<BlockId> = function
        .blocks
        .iter_enumerated()
        .filter(|(_, b)| b.insts.iter().any(|v| captured(*v)))
        .map(|(id, _)| id)
        .collect();
    let mut ends = function.blocks.iter_enumerated().filter(|(_, b)| {
        matches!(b.terminator, Terminator::Return(_))
            || b.insts.iter().any(|v| matches!(function.op(*v), Op::Returned(_)))
    });
    !calls.is_empty()
        && ends.any(|(end, _)| dominators.is_reachable(end) && !calls.iter().any(|c| dominators.dominates(*c, end)))
}

/// What a decorator is put on.
pub(crate) enum Made {
    Function(FuncId),
    Class(ClsId),
}

/// The definition behind a chain of decorators.
pub(crate) fn decorated(code: &Code<'_>, f: FuncId, mut value: Value) -> Option<Made> {
    let module = code.res.program.functions[f].module;
    for _ in 0..MAX_DECORATORS {
        match code.op(f, value) {
            Op::MakeFunction { function, .. } => {
                let g = code.res.program.func_id(module, *function);
                return matches!(code.function(g).kind, FunctionKind::Named).then_some(Made::Function(g));
            }
            Op::MakeClass { class, .. } => return Some(Made::Class(code.res.program.cls_id(module, *class))),
            Op::Call { args, .. } => match &args[..] {
                [only] if only.kind == ArgKind::Positional => value = only.value,
                _ => return None,
            },
            _ => return None,
        }
    }
    None
}

/// Whether a guard is an attribute that a class sets.
fn is_attribute(code: &Code<'_>, guard: &Guard) -> bool {
    guard.explicit
        && matches!(code.function(guard.function).kind, FunctionKind::ClassBody(_))
        && code.function(guard.function).insts.iter().any(|i| matches!(i.op, Op::StoreName(..)) && i.span == guard.span)
}

fn says_user(name: &str) -> bool {
    let words = crate::code::words(name);
    words.iter().any(|w| matches!(w.as_str(), "current" | "authenticated" | "active"))
        && words.iter().any(|w| w == "user")
        || guard_by_name(None, name).is_some()
}

/// Whether a guard of this kind asks who somebody is or what they may do.
pub(crate) fn is_check(kind: AccessKind) -> bool {
    matches!(kind, AccessKind::Authentication | AccessKind::Permission | AccessKind::Owner)
}

/// What the models say that a library value checks; what a factory makes checks what the factory does.
pub(crate) fn access_of(code: &Code<'_>, api: ApiId) -> Option<AccessKind> {
    let of = |api: ApiId| code.res.apis.nodes(api).iter().find_map(|n| code.res.models().facts(*n).access);
    of(api).or_else(|| match code.res.apis.step(api) {
        ApiStep::Return | ApiStep::Instance => of(code.res.apis.parent(api)?),
        _ => None,
    })
}

/// The last name of what a call calls, or of the factory that made it.
pub(crate) fn name_of_callee<'a>(code: &Code<'a>, f: FuncId, func: Value) -> Option<&'a str> {
    match code.op(f, func) {
        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => Some(code.text(*name)),
        Op::Call { func, .. } => name_of_callee(code, f, *func),
        Op::LoadCell(_) => crate::secrets::name_of(code, f, func),
        _ => None,
    }
}

/// The names before the last one of what a call calls, or of the factory that made it: `a` and `b` of `a.b.name(…)`.
fn receivers<'a>(code: &Code<'a>, f: FuncId, func: Value) -> Vec<&'a str> {
    let mut at = match code.op(f, func) {
        Op::Call { func, .. } => *func,
        _ => func,
    };
    let mut names = Vec::new();
    while let Op::Attr(base, _) = code.op(f, at) {
        names.extend(name_of_callee(code, f, *base));
        at = *base;
    }
    names
}

/// Whether a value says that nothing is asked: none, false, or an empty collection.
fn is_empty(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, value) {
        Op::Const(Const::None | Const::Bool(false)) => true,
        Op::Const(Const::Str(text)) => code.text(*text).is_empty(),
        Op::Collection(_, elements) => elements.is_empty(),
        Op::Dict(entries) => entries.is_empty(),
        Op::Annotated { value, .. } => value.is_none_or(|v| is_empty(code, f, v)),
        _ => false,
    }
}
