//! Routes: functions and classes registered under paths, and groups of routes put under prefixes.
//!
//! - A *group* is what routes are registered with: an application, a blueprint or router (by the call that made it), or
//!   a module whose list of routes is taken in as a whole.
//! - A group may be *mounted* under a prefix of another, several times; the path of a route is made of all prefixes
//!   above it.

use super::handlers::{self, Handler};
use super::{Operation, Registration, paths};
use crate::code::{Code, Passed};
use crate::evaluate::{Choices, Evaluator, Known};
use assay_index::{FxHashMap, FxHashSet, Symbol};
use assay_ir::{Op, Value};
use assay_models::{EntryKind, Mount, Part, Route};
use assay_resolve::{ClsId, FuncId, ModuleId, Object};

/// Prefixes above one another.
const MAX_MOUNT_DEPTH: usize = 8;
/// Paths of one route.
const MAX_PATHS: usize = 16;
/// Routes of one program.
const MAX_ROUTES: usize = 40_000;

/// What routes are registered with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Group {
    /// What this call made.
    Made(FuncId, Value),
    /// The routes of a module.
    Module(ModuleId),
    /// The routes of a class.
    Class(ClsId),
}

/// A handler under a path of its group.
struct Registered {
    kind: EntryKind,
    group: Group,
    /// Set when the path is the whole one: the group has no say.
    path: Option<String>,
    methods: Vec<String>,
    /// Whether the registration itself says which methods.
    told: bool,
    /// Whether nothing was seen that registers it.
    assumed: bool,
    handler: Handler,
    call: (FuncId, Value),
}

/// Gathers the registrations of a program.
struct Routes<'c, 'a> {
    code: &'c Code<'a>,
    evaluator: &'c Evaluator<'c, 'a>,
    registered: Vec<Registered>,
    /// The groups above each, with the prefix between.
    above: FxHashMap<Group, Vec<(Group, String)>>,
    /// The prefix that a group was made with.
    own: FxHashMap<Group, Vec<String>>,
    /// The paths that were registered under names.
    named: FxHashMap<String, String>,
    /// What calls put under a prefix, where they may be routes of their own as well.
    mounts: FxHashMap<(FuncId, Value), Vec<Group>>,
    /// The methods of functions that are registered elsewhere: `@require_POST`.
    restricted: FxHashMap<FuncId, Vec<String>>,
    /// Classes whose bodies register methods of their own.
    exposing: FxHashSet<ClsId>,
}

/// The value in an argument of a call.
pub(super) fn argument(code: &Code<'_>, f: FuncId, call: Value, part: &Part) -> Option<Value> {
    let Op::Call { args, .. } = code.op(f, call) else { return None };
    match code.selected(f, args, part.argument()?) {
        Passed::Value(value) => Some(value),
        _ => None,
    }
}

/// The operations behind all routes of a program.
pub(super) fn operations(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    registrations: &[Registration<'_>],
) -> Vec<Operation> {
    let mut routes = Routes {
        code,
        evaluator,
        registered: Vec::new(),
        above: FxHashMap::default(),
        own: FxHashMap::default(),
        named: FxHashMap::default(),
        mounts: FxHashMap::default(),
        restricted: FxHashMap::default(),
        exposing: FxHashSet::default(),
    };
    // Groups and names first, which routes refer to.
    for (f, call, facts) in registrations {
        for mount in facts.iter().flat_map(|fact| &fact.mounts) {
            routes.mount(*f, *call, mount);
        }
        for route in facts.iter().flat_map(|fact| &fact.routes) {
            if let (Part::Name(name), Part::Argument(path)) = (&route.handler, &route.path) {
                routes.name(*f, *call, &Part::Argument(name.clone()), &Part::Argument(path.clone()));
            }
        }
    }
    for (f, call, facts) in registrations {
        for route in facts.iter().flat_map(|fact| &fact.routes) {
            if !matches!(route.handler, Part::Name(_)) && routes.registered.len() < MAX_ROUTES {
                routes.route(*f, *call, route);
            }
        }
    }
    routes.tables();
    routes.finish()
}

impl Routes<'_, '_> {
    /// The group that a call registers with: the object whose method it is.
    fn receiver(&self, f: FuncId, call: Value, cx: &Choices) -> Option<Group> {
        let Op::Call { func, .. } = self.code.op(f, call) else { return None };
        let Op::Attr(base, _) = self.code.op(f, *func) else { return None };
        match self.evaluator.value(f, *base, cx) {
            // A function of a framework's module: the module is no group.
            Known::Object(g, made)
                if matches!(
                    self.code.op(g, made),
                    Op::Import { .. } | Op::ImportFrom { .. } | Op::Global(_) | Op::Attr(..)
                ) =>
            {
                None
            }
            Known::Object(g, made) => Some(Group::Made(g, made)),
            _ => None,
        }
    }

    /// The group of a registration without a receiver.
    fn around(&self, f: FuncId, call: Value) -> Group {
        let own = Group::Made(f, call);
        if self.above.contains_key(&own) {
            return own;
        }
        Group::Module(self.code.res.program.functions[f].module)
    }

    /// The groups that a value stands for: what made it, the elements of a list, a module.
    fn groups(&self, known: &Known, out: &mut Vec<Group>, depth: usize) {
        match known {
            Known::Object(f, value) => out.push(Group::Made(*f, *value)),
            Known::Module(module) => out.push(Group::Module(*module)),
            Known::Text(name) => {
                let module = self.evaluator.module_named(name);
                let member = || self.evaluator.module_named(name.rsplit_once('.').map_or("", |(head, _)| head));
                out.extend(module.or_else(member).map(Group::Module));
            }
            Known::List(items) if depth > 0 => items.iter().for_each(|item| self.groups(item, out, depth - 1)),
            _ => {}
        }
    }

    fn mount(&mut self, f: FuncId, call: Value, mount: &Mount) {
        let prefix_at = argument(self.code, f, call, &mount.prefix);
        let fixed = match &mount.prefix {
            Part::Text(text) => Some(text.clone()),
            _ => None,
        };
        let child_at = argument(self.code, f, call, &mount.child);
        let above_at = argument(self.code, f, call, &mount.above);
        let answers = self.evaluator.each(|this, cx| {
            let prefix = match (&fixed, prefix_at) {
                (Some(text), _) => Some(text.clone()),
                (None, Some(at)) => match this.value(f, at, cx) {
                    Known::Text(text) => Some(text),
                    _ => None,
                },
                (None, None) => Some(String::new()),
            };
            let mut children = Vec::new();
            match (&mount.child, child_at) {
                (Part::Own, _) => children.push(Group::Made(f, call)),
                (_, Some(at)) => self.groups(&this.value(f, at, cx), &mut children, 3),
                _ => {}
            }
            let mut above = Vec::new();
            if let Some(at) = above_at {
                self.groups(&this.value(f, at, cx), &mut above, 0);
            }
            (above.first().copied().or_else(|| self.receiver(f, call, cx)), prefix, children)
        });
        for (receiver, prefix, children) in answers {
            let Some(prefix) = prefix else { continue };
            if matches!(mount.child, Part::Own) {
                let made = Group::Made(f, call);
                if !prefix.is_empty() {
                    self.own.entry(made).or_default().push(prefix);
                }
                // The object whose method makes a group is no group itself, unless the models say so.
                if let (Some(above), true) = (receiver, above_at.is_some()) {
                    self.above.entry(made).or_default().push((above, String::new()));
                }
                continue;
            }
            if children.is_empty() {
                continue;
            }
            let above = receiver.unwrap_or(Group::Made(f, call));
            if receiver.is_none() {
                self.mounts.entry((f, call)).or_default().extend(&children);
            }
            for child in children {
                if child == above {
                    continue;
                }
                let list = self.above.entry(child).or_default();
                let entry = (above, prefix.clone());
                if !list.contains(&entry) {
                    list.push(entry);
                }
            }
        }
    }

    fn name(&mut self, f: FuncId, call: Value, name: &Part, path: &Part) {
        let (Some(name), Some(path)) = (argument(self.code, f, call, name), argument(self.code, f, call, path)) else {
            return;
        };
        let found = self.evaluator.each(|this, cx| (this.value(f, name, cx), this.value(f, path, cx)));
        for pair in found {
            if let (Known::Text(name), Known::Text(path)) = pair {
                self.named.insert(name, path);
            }
        }
    }

    fn route(&mut self, f: FuncId, call: Value, route: &Route) {
        if let (Part::Element(_, handler), Part::Element(_, path)) = (&route.handler, &route.path) {
            self.table(f, call, route, handler.unwrap_or(1), path.unwrap_or(0));
            return;
        }
        let path_at = last_argument(self.code, f, call, &route.path);
        let action_at = argument(self.code, f, call, &route.action);
        let methods_at =
            route.methods.argument.clone().and_then(|spec| argument(self.code, f, call, &Part::Argument(spec)));
        for (at, handler_at) in self.handler_values(f, call, route) {
            let answers = self.evaluator.each(|this, cx| {
                let path = match (&route.path, path_at) {
                    (Part::Text(text), _) => Some(text.clone()),
                    (_, Some(at)) => this.value(f, at, cx).text().map(str::to_owned),
                    _ => None,
                };
                let mut handler = handlers::of_value(self.code, this, at, handler_at, cx);
                let methods = methods_at.map(|at| this.value(f, at, cx));
                let action = action_at.and_then(|at| this.value(f, at, cx).text().map(str::to_owned));
                if let Some(action) = &action {
                    handlers::unwrap_for(self.code, this, (at, handler_at), action, cx, &mut handler);
                }
                (self.receiver(f, call, cx), path, handler, methods, action)
            });
            for (receiver, path, mut handler, methods, action) in answers {
                let told = methods.is_some();
                let path = match &route.path {
                    Part::Name(_) => path.and_then(|name| self.named.get(&name).cloned()),
                    _ => path,
                };
                let methods = methods.map_or_else(|| route.methods.default.clone(), |known| methods_of(&known, route));
                if let Some(action) = action {
                    let all = if methods.is_empty() { vec![String::new()] } else { methods.clone() };
                    handler.actions = all.into_iter().map(|method| (method, action.clone())).collect();
                }
                if route.path == Part::None {
                    for f in handler.functions {
                        self.restricted.entry(f).or_insert_with(|| methods.clone());
                    }
                    continue;
                }
                let path = match (&route.path, handler.functions.first()) {
                    (Part::Own, Some(f)) => Some(match self.code.function_name(*f) {
                        "index" | "default" => String::new(),
                        name => name.to_owned(),
                    }),
                    (Part::Argument(_), Some(f)) if path.is_none() && route.kind == EntryKind::Command => {
                        Some(self.code.function_name(*f).replace('_', "-"))
                    }
                    _ => path,
                };
                let group = match self.class_of(&handler, f).or(receiver) {
                    Some(group) => group,
                    None => self.around(f, call),
                };
                self.add(
                    Registered {
                        kind: route.kind,
                        group,
                        path,
                        methods,
                        told,
                        assumed: false,
                        handler,
                        call: (f, call),
                    },
                    route,
                );
            }
        }
    }

    /// A list of routes that is handed over in one argument: tuples of a path and a handler.
    fn table(&mut self, f: FuncId, call: Value, route: &Route, handler: i64, path: i64) {
        let Some(list) = argument(self.code, f, call, &route.handler) else { return };
        let rows = self.evaluator.each(|this, cx| {
            let mut rows: Vec<(String, Handler)> = Vec::new();
            for row in this.value(f, list, cx).elements().unwrap_or_default() {
                let Known::List(cells) = row else { continue };
                let at = |index: i64| usize::try_from(index).ok().and_then(|at| cells.get(at));
                if let (Some(Known::Text(path)), Some(Known::Object(g, value))) = (at(path), at(handler)) {
                    rows.push((path.clone(), handlers::of_value(self.code, this, *g, *value, cx)));
                }
            }
            rows
        });
        for (path, handler) in rows.into_iter().flatten() {
            let group = Group::Made(f, call);
            let methods = route.methods.default.clone();
            let path = Some(path);
            self.add(
                Registered {
                    kind: route.kind,
                    group,
                    path,
                    methods,
                    told: false,
                    assumed: false,
                    handler,
                    call: (f, call),
                },
                route,
            );
        }
    }

    /// Tables of routes that are handed over where it is not seen: tuples of a path and a class that answers requests, and calls
    /// that are given both (`resource_map(resource=Item, url="/items/<id>")`).
    fn tables(&mut self) {
        let known: FxHashSet<ClsId> =
            self.registered.iter().flat_map(|one| one.handler.classes.iter().copied()).collect();
        let res = self.code.res;
        for f in res.program.functions.ids() {
            if self.code.function(f).is_callable() || self.code.in_test(f) || res.program.module_of(f).template {
                continue;
            }
            for (at, inst) in self.code.function(f).insts.iter_enumerated() {
                let (path, classes) = match &inst.op {
                    Op::Collection(assay_ir::Collection::Tuple, elements) => {
                        let [path, handler, ..] = elements.as_slice() else { continue };
                        if let Op::Dict(entries) = self.code.op(f, handler.value) {
                            self.by_method(f, at, path.value, entries);
                            continue;
                        }
                        (path.value, self.answering(f, handler.value, &known))
                    }
                    Op::Call { args, .. } => {
                        let path = args
                            .iter()
                            .find(|a| self.code.literal(f, a.value).is_some_and(|text| text.starts_with('/')));
                        let Some(path) = path else { continue };
                        let classes = args.iter().map(|a| self.answering(f, a.value, &known));
                        (path.value, classes.into_iter().find(|c| !c.is_empty()).unwrap_or_default())
                    }
                    _ => continue,
                };
                if classes.is_empty() || self.registered.len() >= MAX_ROUTES {
                    continue;
                }
                let texts = self.evaluator.each(|this, cx| this.value(f, path, cx));
                for text in texts.iter().filter_map(Known::text).filter(|t| t.trim_start_matches('^').starts_with('/'))
                {
                    self.registered.push(Registered {
                        kind: EntryKind::Http,
                        group: Group::Module(res.program.functions[f].module),
                        path: Some(text.to_owned()),
                        methods: Vec::new(),
                        told: false,
                        assumed: true,
                        handler: Handler { classes: classes.clone(), ..Handler::default() },
                        call: (f, at),
                    });
                }
            }
        }
    }

    /// A row of a table that tells for each method of HTTP a controller and the name of its method:
    /// `("/items", {"GET": [items, "index"]})`.
    fn by_method(&mut self, f: FuncId, at: Value, path: Value, entries: &[(Option<Value>, Value)]) {
        let Some(path) = self.code.literal(f, path).filter(|text| text.starts_with('/')) else { return };
        for (key, row) in entries {
            let method = key.and_then(|key| self.code.literal(f, key)).and_then(handlers::method);
            let (Some(method), Op::Collection(_, cells)) = (method, self.code.op(f, *row)) else { continue };
            let [controller, name, ..] = cells.as_slice() else { continue };
            let Some(name) = self.code.literal(f, name.value) else { continue };
            let mut classes = Vec::new();
            self.made_from(f, controller.value, 4, &mut classes);
            let symbol = self.code.res.program.strings.lookup(name);
            let answers = classes.iter().find_map(|c| self.code.res.hierarchy.method(*c, symbol?));
            let actions = classes.iter().flat_map(|c| handlers::actions(self.code, *c));
            let functions: Vec<(String, FuncId)> = match answers {
                Some(answers) => vec![(path.to_owned(), answers)],
                None => actions.map(|(name, g)| (format!("{path} ({name})"), g)).collect(),
            };
            for (path, function) in functions.into_iter().take(MAX_PATHS * 8) {
                self.registered.push(Registered {
                    kind: EntryKind::Http,
                    group: Group::Made(f, at),
                    path: Some(path),
                    methods: vec![method.to_owned()],
                    told: true,
                    assumed: true,
                    handler: Handler { functions: vec![function], ..Handler::default() },
                    call: (f, at),
                });
            }
        }
    }

    /// The classes that a value is made from: those among the arguments of the calls that make it.
    fn made_from(&self, f: FuncId, value: Value, depth: u32, out: &mut Vec<ClsId>) {
        let value = self.code.plain(f, value);
        let classes = self.code.res.objects(f, value).filter_map(|object| match object {
            Object::Class(class) => Some(class),
            _ => None,
        });
        let before = out.len();
        out.extend(classes);
        if depth == 0 || out.len() > before {
            return;
        }
        match self.code.op(f, value) {
            Op::Call { args, .. } => {
                for arg in args {
                    self.made_from(f, arg.value, depth - 1, out);
                }
            }
            Op::Collection(_, elements) => {
                for element in elements {
                    self.made_from(f, element.value, depth - 1, out);
                }
            }
            Op::Global(name) => {
                let module = self.code.res.program.functions[f].module;
                if let Some((g, stored)) = self.code.res.program.single_store(module, *name) {
                    self.made_from(g, stored, depth - 1, out);
                }
            }
            _ => {}
        }
    }

    /// The classes among what a value may be that answer requests and are not known to be registered.
    fn answering(&self, f: FuncId, value: Value, known: &FxHashSet<ClsId>) -> Vec<ClsId> {
        let res = self.code.res;
        res.objects(f, value)
            .filter_map(|object| match object {
                Object::Class(class) => Some(class),
                _ => None,
            })
            .filter(|c| !known.contains(c) && !res.hierarchy.external_bases(*c).is_empty())
            .filter(|c| !handlers::answers(self.code, *c).is_empty())
            .collect()
    }

    /// The values that a registration makes reachable, and where they stand.
    fn handler_values(&self, f: FuncId, call: Value, route: &Route) -> Vec<(FuncId, Value)> {
        match &route.handler {
            Part::Decorated => {
                let decorations = self.code.function(f).insts.iter().filter_map(|inst| match &inst.op {
                    Op::Call { func, args } if *func == call => args.first().map(|a| (f, a.value)),
                    _ => None,
                });
                decorations.collect()
            }
            part => argument(self.code, f, call, part).map(|v| (f, v)).into_iter().collect(),
        }
    }

    /// The class whose body decorates a method of its own: its routes stand below the class's.
    fn class_of(&self, handler: &Handler, f: FuncId) -> Option<Group> {
        if !matches!(self.code.function(f).kind, assay_ir::FunctionKind::ClassBody(_)) {
            return None;
        }
        let class = self.code.res.program.functions[*handler.functions.first()?].class?;
        Some(Group::Class(class))
    }

    fn add(&mut self, registered: Registered, route: &Route) {
        let empty = registered.handler.functions.is_empty() && registered.handler.classes.is_empty();
        if empty && registered.path.is_none() {
            return;
        }
        if empty && !matches!(route.kind, EntryKind::Http | EntryKind::Websocket) {
            return;
        }
        self.registered.push(registered);
    }

    /// All prefixes of a group, from the outside.
    fn prefixes(&self, group: Group, depth: usize, seen: &mut Vec<Group>) -> Vec<String> {
        let own: Vec<String> = self.own.get(&group).cloned().unwrap_or_default();
        let mut out = Vec::new();
        if depth > 0 && !seen.contains(&group) {
            seen.push(group);
            for (above, prefix) in self.above.get(&group).into_iter().flatten() {
                // What is in no group of its own stands in its module.
                let above = match above {
                    Group::Made(f, call)
                        if !self.above.contains_key(above) && self.mounts.contains_key(&(*f, *call)) =>
                    {
                        Group::Module(self.code.res.program.functions[*f].module)
                    }
                    above => *above,
                };
                for outer in self.prefixes(above, depth - 1, seen) {
                    out.push(paths::join(&outer, prefix));
                }
            }
            seen.pop();
        }
        if out.is_empty() {
            out.push(String::new());
        }
        out.truncate(MAX_PATHS);
        match own.as_slice() {
            [] => out,
            own => out.iter().flat_map(|outer| own.iter().map(move |prefix| paths::join(outer, prefix))).collect(),
        }
    }

    fn finish(mut self) -> Vec<Operation> {
        // A group of routes in the place of a handler is none.
        let mut filled: FxHashSet<Group> = self.registered.iter().map(|one| one.group).collect();
        filled.extend(self.above.values().flatten().map(|(above, _)| *above));
        let mounts = std::mem::take(&mut self.mounts);
        self.registered.retain(|one| {
            !one.handler.functions.is_empty()
                || !one.handler.classes.is_empty()
                || !mounts.get(&one.call).is_some_and(|children| children.iter().any(|child| filled.contains(child)))
        });
        self.mounts = mounts;
        self.trees();
        // A class whose methods carry routes is itself registered with a path.
        let mut class_prefixes: FxHashMap<ClsId, Vec<String>> = FxHashMap::default();
        for one in &self.registered {
            for class in &one.handler.classes {
                for prefix in self.prefixes(one.group, MAX_MOUNT_DEPTH, &mut Vec::new()) {
                    let whole = paths::join(&prefix, one.path.as_deref().unwrap_or_default());
                    class_prefixes.entry(*class).or_default().push(whole);
                }
            }
        }
        let mut out = Vec::new();
        for one in &self.registered {
            let mut prefixes = match one.group {
                Group::Class(class) => self.class_prefixes(class, &class_prefixes),
                group => self.prefixes(group, MAX_MOUNT_DEPTH, &mut Vec::new()),
            };
            prefixes.dedup();
            for prefix in prefixes {
                self.operations_of(one, &prefix, &mut out);
            }
        }
        out
    }

    /// Classes whose instances are attributes of other classes with routes: the names of the attributes are the path.
    fn trees(&mut self) {
        let groups = self.registered.iter().map(|one| one.group);
        self.exposing.extend(groups.filter_map(|group| match group {
            Group::Class(class) => Some(class),
            _ => None,
        }));
        let exposing = &self.exposing;
        if exposing.is_empty() {
            return;
        }
        let res = self.code.res;
        for f in res.program.functions.ids() {
            let function = self.code.function(f);
            let holder = match function.kind {
                assay_ir::FunctionKind::ClassBody(class) => {
                    Some(res.program.cls_id(res.program.functions[f].module, class))
                }
                _ => res.program.functions[f].class,
            };
            let Some(holder) = holder.filter(|class| exposing.contains(class)) else { continue };
            for inst in &function.insts {
                let (name, value): (Symbol, Value) = match inst.op {
                    Op::StoreName(name, value) => (name, value),
                    Op::StoreAttr { base, name, value } if matches!(function.op(base), Op::Param(0)) => (name, value),
                    _ => continue,
                };
                for object in res.objects(f, value) {
                    let Object::Instance(class) = object else { continue };
                    if class != holder && exposing.contains(&class) {
                        let entry = (Group::Class(holder), format!("/{}", self.code.text(name)));
                        let list = self.above.entry(Group::Class(class)).or_default();
                        if !list.contains(&entry) {
                            list.push(entry);
                        }
                    }
                }
            }
        }
    }

    /// The prefixes of the routes that a class's body makes: where the class or one derived from it is registered, or
    /// what the class says of itself.
    fn class_prefixes(&self, class: ClsId, registered: &FxHashMap<ClsId, Vec<String>>) -> Vec<String> {
        let res = self.code.res;
        let models = res.models();
        let derived = std::iter::once(&class).chain(res.hierarchy.derived(class));
        let mut out: Vec<String> = derived.flat_map(|c| registered.get(c).into_iter().flatten().cloned()).collect();
        for base in res.hierarchy.external_bases(class) {
            let roots = res.apis.nodes(*base).iter().filter_map(|node| models.facts(*node).class_of);
            for mount in roots.flat_map(|root| &models.facts(root).surface().mounts) {
                let Part::Attribute(name) = &mount.prefix else { continue };
                let Some(name) = res.program.strings.lookup(name) else { continue };
                let store = res.hierarchy.declaration(&res.program, class, name);
                out.extend(store.and_then(|(f, value)| self.code.string(f, value)));
            }
        }
        if out.is_empty() {
            out = self.prefixes(Group::Class(class), MAX_MOUNT_DEPTH, &mut Vec::new());
        }
        out.truncate(MAX_PATHS);
        out
    }

    fn operations_of(&self, one: &Registered, prefix: &str, out: &mut Vec<Operation>) {
        let http = matches!(one.kind, EntryKind::Http | EntryKind::Websocket);
        let whole = |suffix: &str| {
            let path = match &one.path {
                Some(path) => path.clone(),
                // The routes of a class are named after their functions.
                None if matches!(one.group, Group::Class(_)) && http => {
                    let f = one.handler.functions.first()?;
                    format!("/{}", self.code.function_name(*f))
                }
                None => return None,
            };
            if !http {
                return Some(path);
            }
            let path = paths::join(prefix, &path);
            Some(paths::plain(&paths::join(path.trim_end_matches('$'), suffix)))
        };
        let restricted = one.handler.functions.first().and_then(|f| self.restricted.get(f));
        let methods = match restricted {
            Some(methods) if one.methods.is_empty() => methods.clone(),
            _ => one.methods.clone(),
        };
        let base = Operation {
            kind: one.kind,
            methods,
            path: whole(""),
            functions: one.handler.functions.clone(),
            class: None,
            registered: Some(one.call),
            wrappers: one.handler.wrappers.clone(),
            policy: None,
            assumption: one.assumed.then(|| "the table that it stands in is assumed to be registered".to_owned()),
        };
        if one.handler.classes.is_empty() {
            out.push(base);
            return;
        }
        for class in &one.handler.classes {
            let answers = handlers::answers(self.code, *class);
            // Its methods are registered one by one.
            if answers.is_empty() && self.exposing.iter().any(|c| self.code.res.hierarchy.order(*class).contains(c)) {
                continue;
            }
            if !one.handler.actions.is_empty() {
                for (method, name) in &one.handler.actions {
                    let methods = if method.is_empty() { Vec::new() } else { vec![method.clone()] };
                    let symbol = self.code.res.program.strings.lookup(name);
                    let function = symbol.and_then(|s| self.code.res.hierarchy.method(*class, s));
                    out.push(Operation {
                        methods,
                        functions: function.into_iter().collect(),
                        class: Some(*class),
                        ..base.clone()
                    });
                }
                continue;
            }
            if answers.is_empty() {
                self.called(*class, &base, out);
                continue;
            }
            for answer in answers {
                if one.told && !answer.methods.is_empty() && !answer.methods.iter().any(|m| one.methods.contains(m)) {
                    continue;
                }
                let methods = if answer.methods.is_empty() { one.methods.clone() } else { answer.methods };
                out.push(Operation {
                    methods,
                    path: whole(&answer.suffix),
                    functions: answer.function.into_iter().collect(),
                    class: Some(*class),
                    ..base.clone()
                });
            }
        }
    }
}

impl Routes<'_, '_> {
    /// The operations of a class without methods for the methods of HTTP: those of its functions that the framework
    /// calls, or the one that calling an instance runs.
    fn called(&self, class: ClsId, base: &Operation, out: &mut Vec<Operation>) {
        let res = self.code.res;
        let order = res.hierarchy.order(class);
        let mut found = false;
        for entry in &res.entries {
            if res.program.functions[entry.function].class.is_some_and(|c| order.contains(&c)) {
                found = true;
                let functions = vec![entry.function];
                out.push(Operation { kind: entry.kind, functions, class: Some(class), ..base.clone() });
            }
        }
        if !found {
            let call = res.program.strings.lookup("__call__");
            let function = call.and_then(|name| res.hierarchy.method(class, name));
            out.push(Operation { functions: function.into_iter().collect(), class: Some(class), ..base.clone() });
        }
    }
}

/// The value in the last positional argument that a part may mean, or in a named one.
fn last_argument(code: &Code<'_>, f: FuncId, call: Value, part: &Part) -> Option<Value> {
    let Op::Call { args, .. } = code.op(f, call) else { return None };
    let spec = part.argument()?;
    let positional = args.iter().take_while(|a| a.kind == assay_ir::ArgKind::Positional).zip(0u32..);
    let last = positional.filter(|(_, at)| spec.matches_position(*at)).last();
    last.map(|(arg, _)| arg.value).or_else(|| argument(code, f, call, part))
}

/// The methods in the value of an argument, in capitals.
fn methods_of(known: &Known, route: &Route) -> Vec<String> {
    let mut out: Vec<String> = match known {
        Known::Text(text) => vec![text.to_ascii_uppercase()],
        Known::List(items) => items.iter().filter_map(Known::text).map(str::to_ascii_uppercase).collect(),
        // `conditions={'method': ['GET']}`
        Known::Dict(_) => match known.get("method") {
            Some(inner) if !matches!(inner, Known::Dict(_)) => return methods_of(inner, route),
            _ => Vec::new(),
        },
        Known::None => route.methods.default.clone(),
        _ => Vec::new(),
    };
    out.sort();
    out.dedup();
    out
}
