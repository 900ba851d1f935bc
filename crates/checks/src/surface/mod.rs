//! The attack surface: everything that the outside can call, with its path, what it is given, what guards it and
//! what it reaches.
//!
//! - An *operation* is one thing that the outside can ask for: a method of HTTP on a path, a remote procedure, a
//!   command. One function may serve several, and an operation may have no function that is known.
//! - A *registration* is the call (or decoration) that makes a function, class or collection reachable.

mod commands;
mod effects;
mod guards;
mod handlers;
mod inputs;
mod paths;
mod resources;
mod routes;

use crate::access::before::Before;
use crate::access::guards::{Guards, is_check};
use crate::code::{Code, words};
use crate::effects::Effects;
use crate::evaluate::{Evaluator, registration_facts};
use assay_finding::{Channel, EntryPoint};
use assay_index::{FxHashSet, Idx};
use assay_ir::Value;
use assay_models::{EntryKind, SurfaceFacts};
use assay_resolve::{ClsId, Entry, FuncId};
use assay_text::Role;

/// One thing that the outside can ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Operation {
    /// By what it is called.
    pub(crate) kind: EntryKind,
    /// Methods of HTTP, sorted; empty: any, or the function decides.
    pub(crate) methods: Vec<String>,
    /// The path, or the name of a command or topic.
    pub(crate) path: Option<String>,
    /// The function that answers, and others that may be it.
    pub(crate) functions: Vec<FuncId>,
    /// The class of the function, where a class is registered.
    pub(crate) class: Option<ClsId>,
    /// The call that registers it.
    pub(crate) registered: Option<(FuncId, Value)>,
    /// Calls that wrap the function where it is registered.
    pub(crate) wrappers: Vec<(FuncId, Value)>,
    /// The name that the operation has in policies, where it is put together from names of a resource.
    pub(crate) policy: Option<String>,
    /// What it rests on, where it was not read as such.
    pub(crate) assumption: Option<String>,
}

/// A call, and what the models say of the registrations that it may be.
type Registration<'a> = (FuncId, Value, Vec<&'a SurfaceFacts>);

/// The calls outside of templates that register something.
fn registrations<'a>(code: &Code<'a>) -> Vec<Registration<'a>> {
    let mut out = Vec::new();
    for f in code.res.program.functions.ids().filter(|f| !code.res.program.module_of(*f).template) {
        for (call, _) in code.res.calls(f) {
            let facts = registration_facts(code, f, *call);
            if !facts.is_empty() {
                out.push((f, *call, facts));
            }
        }
    }
    out
}

/// All operations of a program, in the order of kinds, paths and functions.
fn operations(code: &Code<'_>) -> Vec<Operation> {
    let evaluator = Evaluator::new(code);
    let registrations = registrations(code);
    let mut out = routes::operations(code, &evaluator, &registrations);
    out.extend(resources::operations(code, &evaluator, &registrations));
    out.extend(commands::operations(code, &evaluator));
    let mut known: FxHashSet<FuncId> = out.iter().flat_map(|o| o.functions.iter().copied()).collect();
    for class in code.res.program.classes.ids().filter(|c| !code.in_test(code.res.program.class_body(*c))) {
        let actions = handlers::actions(code, class);
        // They belong to the members of the collection that the class answers for.
        let of_class = |o: &&Operation| o.class == Some(class) && o.path.as_ref().is_some_and(|p| p.ends_with('}'));
        let member = out.iter().find(of_class).filter(|_| !actions.is_empty()).and_then(|o| o.path.clone());
        for (name, f) in actions {
            if known.insert(f) {
                let mut operation = handlers::of_entry(code, Entry { function: f, kind: EntryKind::Http });
                operation.methods = vec!["POST".to_owned()];
                operation.path = member.as_ref().map(|member| format!("{member}/action ({name})"));
                operation.assumption = Some(format!("it is assumed to answer to `{name}` in the body of a request"));
                out.push(operation);
            }
        }
    }
    for entry in &code.res.entries {
        if !known.contains(&entry.function) {
            out.push(handlers::of_entry(code, *entry));
        }
    }
    out.retain(|o| match o.functions.first().or(o.registered.as_ref().map(|(f, _)| f)) {
        Some(f) => !code.res.program.module_of(*f).template,
        None => false,
    });
    let place = |o: &Operation| o.functions.first().or(o.registered.as_ref().map(|(f, _)| f)).map(|f| f.index());
    out.sort_by(|a, b| {
        let key = |o: &Operation| (channel(o.kind), o.path.is_none(), o.path.clone(), o.methods.clone(), place(o));
        key(a).cmp(&key(b))
    });
    out.dedup_by(|later, first| {
        later.kind == first.kind
            && later.methods == first.methods
            && later.path == first.path
            && later.functions == first.functions
            && later.class == first.class
    });
    out
}

/// The operations of a program, the checks of access that it has, and what comes before them: found once, for the checks and for
/// the report.
pub struct AttackSurface {
    pub(crate) operations: Vec<Operation>,
    pub(crate) guards: Guards,
    pub(crate) effects: Effects,
    pub(crate) before: Before,
}

impl AttackSurface {
    /// Whether the package is installed for its commands.
    pub fn installs_commands(&self, code: &Code<'_>) -> bool {
        let installed = |one: &Operation| {
            one.kind == EntryKind::Command && one.path.is_some() && one.functions.iter().any(|f| !code.in_test(*f))
        };
        self.operations.iter().any(installed)
    }

    /// The method of the requests that a function answers, where browsers show no answer to such a request as a page.
    pub(crate) fn answers_no_page(&self, code: &Code<'_>, f: FuncId) -> Option<String> {
        let shown_by_none = |method: &str| matches!(method, "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS");
        let mut registered = self.operations.iter().filter(|o| o.functions.contains(&f)).peekable();
        let named = code.function_name(f).to_ascii_uppercase();
        if code.res.program.functions[f].class.is_some()
            && shown_by_none(&named)
            && (registered.peek().is_some() || code.res.entries.iter().any(|e| e.function == f))
        {
            return Some(named);
        }
        let first = registered.peek()?.methods.first()?.clone();
        registered.all(|o| !o.methods.is_empty() && o.methods.iter().all(|m| shown_by_none(m))).then_some(first)
    }

    /// The check that lets only administrators into a function, where one stands on it or on its class.
    pub(crate) fn asks_for_administrators(&self, code: &Code<'_>, f: FuncId) -> Option<String> {
        let class = code.res.program.functions[f].class;
        let of_class = class.map_or_else(Vec::new, |class| self.guards.of_class(code, class));
        let asks = |name: &str| {
            let words = words(name);
            let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
            has(&["admin", "admins", "administrator", "superuser", "superusers", "sysadmin"]) && !has(&["or", "any"])
        };
        let mut standing = self.guards.on(f).iter().chain(&of_class).filter(|g| g.explicit && is_check(g.kind));
        standing.find(|g| asks(&g.name)).map(|g| g.name.clone())
    }
}

/// Finds what the outside can call and what checks who calls.
pub fn attack_surface(code: &Code<'_>) -> AttackSurface {
    let (guards, effects) = (Guards::new(code), Effects::new(code));
    let before = Before::new(code, &guards, &effects);
    AttackSurface { operations: operations(code), guards, effects, before }
}

/// What the outside can call, for a report. What it reaches is computed only when it is asked for.
pub fn surface(code: &Code<'_>, found: &AttackSurface, effects: bool) -> Vec<EntryPoint> {
    let reach = effects.then(|| effects::Reach::new(code));
    let guards = guards::Standing::new(code, &found.guards);
    let mut out = Vec::with_capacity(found.operations.len());
    for operation in &found.operations {
        let Some(place) = handlers::place(code, operation) else { continue };
        if !code.texts.is_requested(place.file) {
            continue;
        }
        let registered = operation.registered.map(|(f, v)| code.place(f, code.span(f, v)));
        let registered = registered.filter(|at| (at.file, at.span) != (place.file, place.span));
        let (found, cut) = match &reach {
            Some(reach) => reach.of(&operation.functions),
            None => (Vec::new(), false),
        };
        let others = operation.functions.iter().skip(1).map(|f| code.place(*f, code.function(*f).name_span)).collect();
        out.push(EntryPoint {
            channel: channel(operation.kind),
            methods: operation.methods.clone(),
            path: operation.path.clone(),
            others,
            registered,
            assumption: operation.assumption.clone(),
            inputs: inputs::of(code, operation),
            guards: guards.of(operation),
            effects: found,
            cut,
            in_test: code.texts.role(place.file) == Role::Test,
            place,
        });
    }
    out
}

/// How a report calls a kind of entry point.
fn channel(kind: EntryKind) -> Channel {
    match kind {
        EntryKind::Http | EntryKind::BeforeRequest | EntryKind::AfterRequest => Channel::Http,
        EntryKind::Rpc => Channel::Rpc,
        EntryKind::Message => Channel::Message,
        EntryKind::Command => Channel::Command,
        EntryKind::Task => Channel::Task,
        EntryKind::Websocket => Channel::Websocket,
        EntryKind::Event => Channel::Event,
        EntryKind::PrivilegedHelper => Channel::PrivilegedHelper,
    }
}

#[cfg(test)]
mod tests {
    use crate::harness::operations;

    fn shown(text: &str) -> Vec<String> {
        operations(&[("app", text)])
    }

    #[test]
    fn a_call_that_gets_a_path_and_a_class_is_a_row_of_a_table() {
        let text = r#"
from flask_restful import Resource
from .own import resource_map


class Items(Resource):
    def get(self):
        return []

    def post(self):
        return {}


class Api:
    mapping = [resource_map(resource=Items, url="/items/<string:shelf>")]
"#;
        assert_eq!(shown(text), ["GET /items/{shelf} app.Items.get", "POST /items/{shelf} app.Items.post"]);
    }

    #[test]
    fn a_row_may_tell_controllers_by_method() {
        let text = r#"
import functools


def action(name):
    def mark(f):
        f.action = name
        return f
    return mark


def make(main, others):
    return (main(), [other() for other in others])


class Servers:
    def index(self, req):
        return []


class Resize:
    @action("resize")
    def _resize(self, req, id, body):
        return {}


servers = functools.partial(make, Servers, [Resize])

ROUTES = (
    ("/servers", {"GET": [servers, "index"]}),
    ("/servers/{id}/action", {"POST": [servers, "action"]}),
)
"#;
        assert_eq!(
            shown(text),
            ["GET /servers app.Servers.index", "POST /servers/{id}/action (resize) app.Resize._resize"]
        );
    }

    #[test]
    fn a_method_that_overrides_a_registration_registers() {
        let text = r#"
import routes


class Resource:
    def __init__(self, controller):
        self.controller = controller


class Volumes:
    def index(self, req):
        return []

    def delete(self, req, id):
        return None


def make():
    return Resource(Volumes())


class Mapper(routes.Mapper):
    def resource(self, member_name, collection_name, **options):
        options["path_prefix"] = "x"
        routes.Mapper.resource(self, member_name, collection_name, **options)


class Router:
    def __init__(self):
        self.resources = {}
        self.set_up(Mapper())

    def set_up(self, mapper):
        self.resources["volumes"] = make()
        mapper.resource("volume", "volumes", controller=self.resources["volumes"])
"#;
        assert_eq!(shown(text), ["DELETE /volumes/{id} app.Volumes.delete", "GET /volumes app.Volumes.index"]);
    }

    #[test]
    fn an_action_is_one_of_what_the_wrapper_was_given() {
        let text = r#"
import routes


class Resource:
    def __init__(self, controller):
        self.controller = controller

    def __call__(self, request):
        return getattr(self.controller, request.action)(request)


class Joins:
    def enlist(self, req):
        return []


def make():
    return Resource(Joins())


class Router:
    def __init__(self):
        self.resources = {}
        self.set_up(routes.Mapper())

    def set_up(self, mapper):
        self.resources["joins"] = make()
        mapper.connect("joins", "/joins", controller=self.resources["joins"], action="enlist")
"#;
        assert_eq!(shown(text), [" /joins app.Joins.enlist"]);
    }
}
