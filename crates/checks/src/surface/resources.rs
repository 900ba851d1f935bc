//! Collections that are registered as a whole: the usual operations on a collection and on its members.
//!
//! The functions are methods of a controller (`index`, `show`, `create` …), or they are found by names that are put
//! together from the names of the resource (`create_{member}`), as plug-ins implement them.

use super::{Operation, Registration, paths, routes};
use crate::access::guards::{access_of, is_check, name_of_callee};
use crate::access::vocabulary::guard_by_name;
use crate::code::Code;
use crate::evaluate::{Evaluator, Known, registration_facts};
use assay_index::{FxHashMap, Symbol};
use assay_ir::{Op, Value};
use assay_models::{EntryKind, Part, Resource, ResourcePart};
use assay_resolve::{ClsId, FuncId, Object};
use std::collections::{BTreeMap, BTreeSet};

/// Implementations of one operation that are listed.
const MAX_IMPLEMENTATIONS: usize = 12;

/// The usual operations: name, method of HTTP, whether on a member.
const OPERATIONS: [(&str, &str, bool); 5] = [
    ("index", "GET", false),
    ("create", "POST", false),
    ("show", "GET", true),
    ("update", "PUT", true),
    ("delete", "DELETE", true),
];

/// What one registration says, for one alternative.
#[derive(Clone, PartialEq, Debug, Default)]
struct Told {
    collection: Option<String>,
    member: Option<String>,
    controller: Option<Known>,
    parent: Option<(String, String)>,
    prefix: String,
    member_actions: Vec<(String, String)>,
    collection_actions: Vec<(String, String)>,
    collection_methods: Vec<(String, String)>,
}

/// The functions of classes outside of tests, by name.
struct Methods(FxHashMap<Symbol, Vec<FuncId>>);

impl Methods {
    fn new(code: &Code<'_>) -> Self {
        let mut all: FxHashMap<Symbol, Vec<FuncId>> = FxHashMap::default();
        for f in code.res.program.functions.ids() {
            if code.res.program.functions[f].class.is_some() && !code.in_test(f) {
                all.entry(code.function(f).name).or_default().push(f);
            }
        }
        Self(all)
    }

    /// The methods of a name that have a body: an abstract one is no implementation.
    fn named(&self, code: &Code<'_>, name: &str) -> Vec<FuncId> {
        let symbol = code.res.program.strings.lookup(name);
        let all = symbol.and_then(|s| self.0.get(&s)).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(|f| does_something(code, *f)).collect()
    }

    /// The classes that implement a resource: those that have most of its operations.
    fn implementing(&self, code: &Code<'_>, names: &[String]) -> Vec<ClsId> {
        let mut counts: BTreeMap<ClsId, usize> = BTreeMap::new();
        for name in names {
            let mut having: BTreeSet<ClsId> = BTreeSet::new();
            for f in self.named(code, name) {
                let Some(class) = code.res.program.functions[f].class else { continue };
                having.insert(class);
                having.extend(code.res.hierarchy.derived(class));
            }
            for class in having {
                *counts.entry(class).or_default() += 1;
            }
        }
        let most = counts.values().copied().max().unwrap_or(0);
        counts.into_iter().filter(|(_, n)| *n * 2 > most || *n == most).map(|(class, _)| class).collect()
    }
}

/// Whether a function is more than a declaration.
fn does_something(code: &Code<'_>, f: FuncId) -> bool {
    code.function(f).insts.iter().any(|inst| {
        !matches!(inst.op, Op::Param(_) | Op::Const(_) | Op::Returned(_) | Op::Global(_) | Op::Phi(_) | Op::Undefined)
    })
}

pub(super) fn operations(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    registrations: &[Registration<'_>],
) -> Vec<Operation> {
    let mut registered: Vec<((FuncId, Value), Told, Option<Resource>)> = Vec::new();
    for (f, call, facts) in registrations {
        for resource in facts.iter().flat_map(|facts| &facts.resources) {
            // What only makes the controller is read where the collection is registered.
            if resource.part(ResourcePart::Collection).is_none() || is_repeated(code, *f, *call, resource) {
                continue;
            }
            for (told, made) in told(code, evaluator, *f, *call, resource) {
                registered.push(((*f, *call), told, made));
            }
        }
    }
    // A collection below another one stands where that one does.
    let plain = |name: &str| name.replace('_', "-");
    let mut prefixes: FxHashMap<String, String> = FxHashMap::default();
    for (_, told, _) in registered.iter().filter(|(_, told, _)| told.parent.is_none()) {
        if let Some(name) = &told.collection {
            // Of several, the one nearest to the root: others only add to it.
            let known = prefixes.entry(plain(name)).or_insert_with(|| told.prefix.clone());
            if told.prefix.len() < known.len() {
                known.clone_from(&told.prefix);
            }
        }
    }
    let mut out = Vec::new();
    if registered.is_empty() {
        return out;
    }
    let methods = Methods::new(code);
    for (at, mut told, made) in registered {
        if let (true, Some((parent, _))) = (told.prefix.is_empty(), &told.parent)
            && let Some(prefix) = prefixes.get(&plain(parent))
        {
            told.prefix.clone_from(prefix);
        }
        collection(code, evaluator, &methods, at, &told, made.as_ref(), &mut out);
    }
    out
}

/// Whether a registration only hands on what another one was made with: `register(entry.collection)`.
fn is_repeated(code: &Code<'_>, f: FuncId, call: Value, resource: &Resource) -> bool {
    let collection = resource.part(ResourcePart::Collection).and_then(|part| routes::argument(code, f, call, part));
    let Some(collection) = collection else { return false };
    let Op::Attr(base, _) = code.op(f, collection) else { return false };
    let models = code.res.models();
    code.res.objects(f, *base).any(|object| match object {
        Object::Instance(class) | Object::SelfOf(class) => {
            let nodes = code.res.class_identity(class);
            nodes.iter().any(|node| !models.facts(*node).surface().resources.is_empty())
        }
        _ => false,
    })
}

/// What a registration says under each alternative, with the model of what made the controller.
fn told(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    f: FuncId,
    call: Value,
    resource: &Resource,
) -> Vec<(Told, Option<Resource>)> {
    evaluator.each(|this, cx| {
        let read = |f: FuncId, call: Value, resource: &Resource, part: ResourcePart| match resource.part(part)? {
            Part::Text(text) => Some(Known::Text(text.clone())),
            at => Some(this.value(f, routes::argument(code, f, call, at)?, cx)),
        };
        let mut all = Told::default();
        let mut made_by = (!resource.names.is_empty()).then(|| resource.clone());
        // What a wrapper is given says more than what it makes.
        let controller = resource.part(ResourcePart::Controller).and_then(|part| routes::argument(code, f, call, part));
        all.controller = controller.map(|at| match code.op(f, code.plain(f, at)) {
            Op::Call { .. } => Known::Object(f, code.plain(f, at)),
            _ => this.value(f, at, cx),
        });
        let mut sources = vec![(f, call, resource.clone())];
        if let Some(Known::Object(g, made)) = all.controller
            && matches!(code.op(g, made), Op::Call { .. })
        {
            for facts in registration_facts(code, g, made) {
                if let Some(inner) = facts.resources.first() {
                    sources.push((g, made, inner.clone()));
                    made_by = Some(inner.clone());
                }
            }
        }
        for (g, at, model) in &sources {
            let text = |part| read(*g, *at, model, part).and_then(|k| k.text().map(str::to_owned));
            all.collection = all.collection.take().or_else(|| text(ResourcePart::Collection));
            all.member = all.member.take().or_else(|| text(ResourcePart::Member));
            if all.prefix.is_empty() {
                all.prefix = text(ResourcePart::Prefix).unwrap_or_default();
            }
            if all.parent.is_none() {
                let parent = read(*g, *at, model, ResourcePart::Parent);
                let name =
                    |key: &str| parent.as_ref().and_then(|p| p.get(key)).and_then(Known::text).map(str::to_owned);
                all.parent = name("collection_name").zip(name("member_name"));
            }
            let actions = |part| read(*g, *at, model, part).map_or_else(Vec::new, |known| pairs(&known));
            for (list, part) in [
                (&mut all.member_actions, ResourcePart::MemberActions),
                (&mut all.collection_actions, ResourcePart::CollectionActions),
                (&mut all.collection_methods, ResourcePart::CollectionMethods),
            ] {
                if list.is_empty() {
                    *list = actions(part);
                }
            }
        }
        (all, made_by)
    })
}

/// The names of actions with their methods.
fn pairs(known: &Known) -> Vec<(String, String)> {
    let Known::Dict(entries) = known else { return Vec::new() };
    let mut out = Vec::new();
    for (name, method) in entries {
        let methods = match method {
            Known::Text(method) => vec![method.as_str()],
            Known::List(items) => items.iter().filter_map(Known::text).collect(),
            _ => Vec::new(),
        };
        if let Some(name) = name.text() {
            out.extend(methods.into_iter().map(|method| (name.to_owned(), method.to_ascii_uppercase())));
        }
    }
    out
}

fn collection(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    methods: &Methods,
    at: (FuncId, Value),
    told: &Told,
    made_by: Option<&Resource>,
    out: &mut Vec<Operation>,
) {
    let Some(name) = &told.collection else { return };
    let mut path = paths::join(&told.prefix, &format!("/{}", name.trim_start_matches('/')));
    if let Some((collection, member)) = &told.parent {
        path = paths::join(&told.prefix, &format!("/{collection}/{{{member}_id}}/{name}"));
    }
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    let item = format!("{path}/{{id}}");
    let names = made_by.map_or(&[][..], |resource| &resource.names);
    let controllers: Vec<ClsId> = match &told.controller {
        Some(Known::Object(f, value)) => controllers(code, *f, *value),
        _ => Vec::new(),
    };
    let by_name = |operation: &str| {
        let form = names.iter().find(|(known, _)| known == operation).map(|(_, form)| form.as_str());
        form.map_or_else(|| operation.to_owned(), |form| filled(form, told))
    };
    let actions = told.member_actions.iter().chain(&told.collection_actions).map(|(name, _)| name.as_str());
    let all: Vec<String> = OPERATIONS.iter().map(|(name, ..)| *name).chain(actions).map(by_name).collect();
    let classes = if names.is_empty() { Vec::new() } else { methods.implementing(code, &all) };
    let answering = answering(code, methods, told);
    // Where nothing in the program answers, a plug-in of another package does.
    let foreign = classes.is_empty();
    let operation = |method: &str, path: String, operation: &str| {
        let (functions, policy, assumption) = if names.is_empty() {
            let mut functions = Vec::new();
            let symbol = code.res.program.strings.lookup(operation);
            for class in &controllers {
                functions.extend(symbol.and_then(|name| code.res.hierarchy.method(*class, name)));
            }
            let policy = functions.first().and_then(|f| enforced(code, evaluator, *f, told));
            (functions, policy, None)
        } else {
            let name = by_name(operation);
            let policy = names.iter().find(|(known, _)| *known == format!("policy-{operation}"));
            let policy = policy.map_or_else(|| name.clone(), |(_, form)| filled(form, told));
            let mut functions: Vec<FuncId> = Vec::new();
            let symbol = code.res.program.strings.lookup(&name);
            for class in &classes {
                let found = symbol.and_then(|name| code.res.hierarchy.method(*class, name));
                if let Some(f) = found.filter(|f| does_something(code, *f) && !functions.contains(f)) {
                    functions.push(f);
                }
            }
            let mut why = format!("methods called `{name}` are assumed to answer: the name is put together");
            if functions.is_empty() && !answering.is_empty() {
                functions.clone_from(&answering);
                why = format!("`{name}` is assumed to be answered by `__getattr__`: the name is put together");
            }
            functions.truncate(MAX_IMPLEMENTATIONS);
            (functions, Some(policy), Some(why))
        };
        (!functions.is_empty() || !names.is_empty() && foreign).then(|| Operation {
            kind: EntryKind::Http,
            methods: vec![method.to_owned()],
            path: Some(path),
            functions,
            class: controllers.first().copied(),
            registered: Some(at),
            wrappers: Vec::new(),
            policy,
            assumption,
        })
    };
    for (name, method, on_member) in OPERATIONS {
        out.extend(operation(method, if on_member { item.clone() } else { path.clone() }, name));
    }
    for (action, method) in &told.member_actions {
        out.extend(operation(method, format!("{item}/{action}"), action));
    }
    for (action, method) in &told.collection_actions {
        out.extend(operation(method, format!("{path}/{action}"), action));
    }
    for (action, method) in &told.collection_methods {
        out.extend(operation(method, path.clone(), action));
    }
}

/// The name of the policy that a function of a controller enforces, put together from the names of the resource, or of the
/// one that it belongs to: one that stands somewhere in the program.
fn enforced(code: &Code<'_>, evaluator: &Evaluator<'_, '_>, f: FuncId, told: &Told) -> Option<String> {
    let parent = told.parent.iter().flat_map(|(collection, member)| [member, collection]);
    let names: Vec<&String> = parent.chain(&told.member).chain(&told.collection).collect();
    for (call, _) in code.res.calls(f) {
        let Op::Call { func, args } = code.op(f, *call) else { continue };
        let modelled = code.res.apis_of(f, *func).find_map(|api| access_of(code, api));
        let by_its_name = || {
            let receiver = match code.op(f, *func) {
                Op::Attr(base, _) => crate::secrets::name_of(code, f, *base),
                _ => None,
            };
            name_of_callee(code, f, *func).and_then(|name| guard_by_name(receiver, name))
        };
        if !modelled.or_else(by_its_name).is_some_and(is_check) {
            continue;
        }
        for name in &names {
            let texts = args.iter().flat_map(|arg| evaluator.texts_assuming(f, arg.value, name));
            let mut rules =
                texts.filter(|text| !names.contains(&text) && names.iter().any(|name| text.contains(name.as_str())));
            let known = rules.find(|text| code.res.program.strings.lookup(text).is_some());
            if known.is_some() {
                return known;
            }
        }
    }
    None
}

/// The `__getattr__` of what implements the parent of a collection: it may answer for the names of its children.
fn answering(code: &Code<'_>, methods: &Methods, told: &Told) -> Vec<FuncId> {
    let Some((_, parent)) = &told.parent else { return Vec::new() };
    let Some(getattr) = code.res.program.strings.lookup("__getattr__") else { return Vec::new() };
    let names: Vec<String> = ["create", "update", "delete", "get"].map(|verb| format!("{verb}_{parent}")).into();
    let mut out = Vec::new();
    for class in methods.implementing(code, &names) {
        if let Some(f) = code.res.hierarchy.method(class, getattr)
            && !out.contains(&f)
        {
            out.push(f);
        }
    }
    out
}

/// The classes of a controller: that of what a wrapper of the framework is given, or its own. A wrapper is asked first,
/// since what it gives is the same for all.
fn controllers(code: &Code<'_>, mut f: FuncId, mut value: Value) -> Vec<ClsId> {
    let mut out = Vec::new();
    for _ in 0..4 {
        let found: Vec<ClsId> = code
            .res
            .objects(f, value)
            .filter_map(|o| match o {
                Object::Class(c) | Object::SelfClass(c) | Object::Instance(c) | Object::SelfOf(c) => Some(c),
                _ => None,
            })
            .filter(|c| !handlers_of(code, *c).is_empty())
            .collect();
        if !found.is_empty() {
            out = found;
        }
        let Op::Call { args, .. } = code.op(f, code.plain(f, value)) else { break };
        let Some(first) = args.first() else { break };
        value = first.value;
        if let Op::Global(name) = code.op(f, value)
            && let Some(stored) = code.res.program.single_store(code.res.program.functions[f].module, *name)
        {
            (f, value) = stored;
        }
    }
    out
}

/// The usual operations that a class has methods for.
fn handlers_of(code: &Code<'_>, class: ClsId) -> Vec<FuncId> {
    let lookup = |name: &str| code.res.program.strings.lookup(name);
    let names = OPERATIONS.iter().filter_map(|(name, ..)| lookup(name));
    names.filter_map(|name| code.res.hierarchy.method(class, name)).collect()
}

/// The name that a form stands for: `create{parent_}_{member}`.
fn filled(form: &str, told: &Told) -> String {
    let plain = |text: &str| text.replace('-', "_");
    let collection = told.collection.as_deref().map(plain).unwrap_or_default();
    let member = told.member.as_deref().map_or_else(|| singular(&collection), plain);
    let parent = told.parent.as_ref().map_or(String::new(), |(_, member)| format!("_{}", plain(member)));
    form.replace("{_parent}", &parent).replace("{member}", &member).replace("{collection}", &collection)
}

/// One of a collection, by the rule of the language.
fn singular(collection: &str) -> String {
    match collection.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => collection.strip_suffix('s').unwrap_or(collection).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_together() {
        let told = Told {
            collection: Some("bandwidth_limit_rules".to_owned()),
            parent: Some(("policies".to_owned(), "policy".to_owned())),
            ..Told::default()
        };
        assert_eq!(filled("create{_parent}_{member}", &told), "create_policy_bandwidth_limit_rule");
        assert_eq!(filled("get{_parent}_{collection}", &told), "get_policy_bandwidth_limit_rules");
        assert_eq!(singular("policies"), "policy");
    }
}
