//! What a check covers: the object that is then used, or another one.
//!
//! - A *target* is what a policy is asked about: a mapping with the owner of an object. A target whose owner is the caller and
//!   whose id is that of something else compares the caller with themselves.
//! - A *scope* is an argument that makes a query return the caller's objects only (`project_only=True`).

use super::body::is_caller;
use super::guards::Guards;
use super::vocabulary::is_request;
use crate::code::{Code, Defect, words};
use crate::exceptions::is_log;
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_dataflow::{UseList, User};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_index::{FxHashMap, FxHashSet, Idx, Symbol};
use assay_ir::{ArgKind, Const, Op, Terminator, Value};
use assay_models::{AccessKind, EntryKind};
use assay_resolve::FuncId;
use std::collections::BTreeMap;

/// Calls with a scope from which on one without it says something.
const ENOUGH: usize = 3;
/// Calls in one chain of methods.
const MAX_CHAIN: u32 = 12;

const OWNER_KEYS: &[&str] = &["project_id", "tenant_id", "user_id", "owner", "owner_id", "project", "tenant"];
const ID_KEYS: &[&str] = &["id", "uuid", "pk"];

pub(crate) fn examine(code: &Code<'_>, guards: &Guards, out: &mut Vec<Examined>) {
    let Some(check) = check("unscoped-object") else { return };
    targets(code, check, guards, out);
    scopes(code, check, out);
    parents(code, check, guards, out);
}

/// Targets of policies that are the caller's own.
fn targets(code: &Code<'_>, check: &'static Check, guards: &Guards, out: &mut Vec<Examined>) {
    for f in code.res.program.functions.ids().filter(|f| !code.in_test(*f)) {
        let function = code.function(f);
        for (dict, inst) in function.insts.iter_enumerated() {
            let Op::Dict(entries) = &inst.op else { continue };
            let mut items: Vec<(&str, Value)> =
                entries.iter().filter_map(|(k, v)| Some((code.literal(f, (*k)?)?, *v))).collect();
            if !items.iter().any(|(k, _)| OWNER_KEYS.contains(k)) {
                continue;
            }
            items.extend(function.insts.iter().filter_map(|i| match &i.op {
                Op::StoreItem { base, key, value } if *base == dict => Some((code.literal(f, *key)?, *value)),
                _ => None,
            }));
            let Some((owner, own)) = items.iter().find(|(k, v)| OWNER_KEYS.contains(k) && is_caller(code, f, *v))
            else {
                continue;
            };
            let given = |v: Value| !is_caller(code, f, v) && !matches!(code.op(f, code.plain(f, v)), Op::Const(_));
            let Some((id, other)) = items.iter().find(|(k, v)| ID_KEYS.contains(k) && given(*v)) else { continue };
            let Some((asker, call)) = asked_with(code, guards, f, dict) else { continue };
            out.push(own_target(code, check, f, dict, (owner, *own), (id, *other), (asker, call)));
        }
    }
}

/// The check that gets a mapping: in the same function, or in one that gets it as a result.
fn asked_with(code: &Code<'_>, guards: &Guards, f: FuncId, dict: Value) -> Option<(FuncId, Value)> {
    let asks = |g: FuncId, value: Value| {
        guards.own(g).iter().find(|e| {
            e.guard.explicit
                && e.guard.kind == AccessKind::Permission
                && matches!(code.op(g, e.at), Op::Call { args, .. } if args.iter().any(|a| a.value == value))
        })
    };
    if let Some(event) = asks(f, dict) {
        return Some((f, event.at));
    }
    let returned = code.function(f).blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(v) if v == dict));
    if !returned {
        return None;
    }
    code.callers(f).iter().find_map(|c| asks(c.function, c.call).map(|e| (c.function, e.at)))
}

fn own_target(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    dict: Value,
    (owner, own): (&str, Value),
    (id, other): (&str, Value),
    (asker, call): (FuncId, Value),
) -> Examined {
    let span = code.span(f, dict);
    let (own, other) = (code.shown_value(f, own), code.shown_value(f, other));
    let title = format!("The policy is asked about the caller's own `{owner}`, not that of the object `{other}`");
    let message = format!(
        "The target has `{id}: {other}`, an object that the request names, but its `{owner}` is `{own}`, which is the caller's. A rule that lets owners in compares the caller with themselves and holds for the objects of all others."
    );
    let mut defect = Defect::potential("own-target", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::High);
    let question = code.span(asker, call);
    defect.lead(StepKind::Call, code.place(asker, question), "the policy is asked with this target");
    defect.step = format!("`{owner}` is the caller's own");
    defect.assumptions.push(format!("`{other}` may name an object of somebody else"));
    defect.false_if = false_if(check);
    defect.value = other;
    code.defect(check, f, span, &code.callee(asker, call), defect)
}

/// Methods that use a parameter, and those that do not, with its position.
type Siblings = (Vec<FuncId>, Vec<(FuncId, u32)>);

/// Methods that take the id of a parent and never look at it, where their siblings do.
fn parents(code: &Code<'_>, check: &'static Check, guards: &Guards, out: &mut Vec<Examined>) {
    let program = &code.res.program;
    let rpc: FxHashSet<FuncId> =
        code.res.entries.iter().filter(|e| e.kind != EntryKind::Http).map(|e| e.function).collect();
    // By class and name of the parameter: who uses it, and who does not.
    let mut groups: BTreeMap<(usize, &str), Siblings> = BTreeMap::new();
    for (f, info) in program.functions.iter_enumerated() {
        let Some(class) = info.class.filter(|_| !code.in_test(f)) else { continue };
        let function = code.function(f);
        let first = function.params.get(1).map_or("", |p| code.text(p.name));
        if !is_request(first) || code.res.calls(f).is_empty() {
            continue;
        }
        // A decorator may look at it; what a bus calls has its checks elsewhere.
        let plain = |d: &String| {
            matches!(
                d.as_str(),
                "expose"
                    | "action"
                    | "route"
                    | "expected_errors"
                    | "schema"
                    | "api_version"
                    | "response"
                    | "query_schema"
            )
        };
        if rpc.contains(&f) || guards.decorators.get(&f).is_some_and(|d| !d.iter().all(plain)) {
            continue;
        }
        let ids = function.params.iter().enumerate().filter(|(_, p)| {
            let name = code.text(p.name);
            name.ends_with("_id") || name == "id"
        });
        let ids: Vec<(u32, &str)> = ids.map(|(i, p)| (i as u32, code.text(p.name))).collect();
        if ids.len() < 2 {
            continue;
        }
        let used = |parameter: u32| {
            let uses = UseList::new(function);
            let mut values = function.insts.iter_enumerated().filter(|(_, i)| i.op == Op::Param(parameter));
            values.any(|(v, _)| uses.is_used(v) && !is_only_logged(code, f, v, &uses))
                || function.cells.iter().any(|c| c.name == function.params[parameter as usize].name)
        };
        for (parameter, name) in &ids {
            if *name == "id" {
                continue;
            }
            let group = groups.entry((class.index(), name)).or_default();
            if used(*parameter) {
                group.0.push(f);
            } else if ids.iter().any(|(other, _)| other != parameter && used(*other)) {
                group.1.push((f, *parameter));
            }
        }
    }
    for ((_, name), (with, without)) in groups {
        if with.len() < 2 || without.len() > with.len() {
            continue;
        }
        for (f, parameter) in without {
            let function = code.function(f);
            let span = function.params[parameter as usize].span;
            let method = code.function_name(f);
            let title = format!("`{method}` never looks at `{name}`: what it finds need not belong to it");
            let siblings: Vec<String> = with.iter().take(3).map(|g| format!("`{}`", code.function_name(*g))).collect();
            let message = format!(
                "`{method}` takes `{name}` and finds an object by another id alone; {} of its class use `{name}`. A check that was made for the one does not cover an object that belongs to another.",
                siblings.join(", ")
            );
            let mut defect = Defect::potential("parent-not-compared", title, message);
            defect.confidence = Confidence::Medium;
            defect.severity = Some(Severity::Medium);
            for g in with.iter().take(3) {
                let place = code.place(*g, code.function(*g).name_span);
                defect.lead(StepKind::Source, place, format!("a sibling uses `{name}`"));
            }
            defect.step = format!("`{name}` is not used");
            defect.assumptions.push(format!("access is decided by `{name}`"));
            defect.false_if = false_if(check);
            name.clone_into(&mut defect.value);
            out.push(code.defect(check, f, span, method, defect));
        }
    }
}

/// Whether all that is done with a value is to write it to a log.
fn is_only_logged(code: &Code<'_>, f: FuncId, value: Value, users: &UseList) -> bool {
    let mut seen = FxHashSet::from_iter([value]);
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        for user in users.users(value) {
            let User::Inst(at) = *user else { return false };
            match code.op(f, at) {
                Op::Call { .. } if is_log(code, f, at) => {}
                Op::Format(_) | Op::Binary(..) | Op::Dict(_) | Op::Collection(..) => {
                    if seen.insert(at) {
                        open.push(at);
                    }
                }
                _ => return false,
            }
        }
    }
    true
}

/// A query, with what it is asked for.
struct Query {
    function: FuncId,
    call: Value,
    /// What of: the code of the argument that names the model.
    of: String,
    scoped: bool,
}

/// Queries without the scope that others of the same kind have.
fn scopes(code: &Code<'_>, check: &'static Check, out: &mut Vec<Examined>) {
    // Which functions are called with a scope, how often.
    let mut scoped: BTreeMap<(FuncId, Symbol), FxHashSet<(FuncId, Value)>> = BTreeMap::new();
    for f in code.res.program.functions.ids().filter(|f| !code.in_test(*f)) {
        for (call, targets) in code.res.calls(f) {
            let [target] = targets.functions.as_slice() else { continue };
            let Op::Call { args, .. } = code.op(f, *call) else { continue };
            for arg in args {
                if let ArgKind::Keyword(name) = arg.kind
                    && is_scope(code.text(name))
                    && matches!(code.op(f, arg.value), Op::Const(Const::Bool(true)))
                {
                    scoped.entry((target.function, name)).or_default().insert((f, *call));
                }
            }
        }
    }
    for ((query, name), with) in scoped.into_iter().filter(|(_, with)| with.len() >= ENOUGH) {
        unscoped(code, check, query, name, &with, out);
    }
}

fn is_scope(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|w| matches!(w.as_str(), "project" | "tenant" | "owner" | "user" | "own"))
        && words.iter().any(|w| matches!(w.as_str(), "only" | "scoped" | "scope" | "restrict" | "restricted" | "own"))
}

fn unscoped(
    code: &Code<'_>,
    check: &'static Check,
    query: FuncId,
    scope: Symbol,
    with: &FxHashSet<(FuncId, Value)>,
    out: &mut Vec<Examined>,
) {
    let mut queries: Vec<Query> = Vec::new();
    for caller in code.callers(query).iter().filter(|c| !code.in_test(c.function)) {
        let Op::Call { args, .. } = code.op(caller.function, caller.call) else { continue };
        let given = args
            .iter()
            .any(|a| matches!(a.kind, ArgKind::Spread | ArgKind::KeywordSpread) || a.kind == ArgKind::Keyword(scope));
        let Some(of) = args.get(1).filter(|a| a.kind == ArgKind::Positional) else { continue };
        let of = code.shown_value(caller.function, of.value);
        queries.push(Query { function: caller.function, call: caller.call, of, scoped: given });
    }
    // What is asked of the results of each query.
    let mut by_call: FxHashMap<(FuncId, Value), usize> = FxHashMap::default();
    let mut by_function: FxHashMap<FuncId, usize> = FxHashMap::default();
    for (i, q) in queries.iter().enumerate() {
        by_call.insert((q.function, q.call), i);
        if returns_chain(code, q.function, q.call) {
            by_function.insert(q.function, i);
        }
    }
    let mut owned: FxHashSet<&str> = FxHashSet::default();
    let mut by_id: BTreeMap<usize, (FuncId, Value)> = BTreeMap::new();
    let mut functions: Vec<FuncId> = queries.iter().map(|q| q.function).collect();
    functions.extend(queries.iter().flat_map(|q| code.callers(q.function)).map(|c| c.function));
    functions.sort_unstable();
    functions.dedup();
    for f in functions.into_iter().filter(|f| !code.in_test(*f)) {
        for (value, inst) in code.function(f).insts.iter_enumerated() {
            let Op::Call { func, args } = &inst.op else { continue };
            if !matches!(code.op(f, *func), Op::Attr(_, name) if matches!(code.text(*name), "filter_by" | "filter")) {
                continue;
            }
            let Some(start) = chain(code, f, value, |v| {
                by_call.get(&(f, v)).copied().or_else(|| {
                    let [target] = code.res.call(f, v)?.functions.as_slice() else { return None };
                    by_function.get(&target.function).copied()
                })
            }) else {
                continue;
            };
            for arg in args {
                let ArgKind::Keyword(name) = arg.kind else { continue };
                let name = code.text(name);
                if OWNER_KEYS.contains(&name) {
                    owned.insert(queries[start].of.as_str());
                } else if ID_KEYS.contains(&name) && matches!(code.op(f, arg.value), Op::Param(_)) {
                    by_id.entry(start).or_insert((f, value));
                }
            }
        }
    }
    // A function that asks for the same things in scope, or calls one that does.
    let asks_in_scope = |f: FuncId, of: &str| {
        let direct = |f: FuncId| queries.iter().any(|q| q.function == f && q.scoped && q.of == of);
        let calls = |f: FuncId| {
            code.res.calls(f).iter().flat_map(|(_, t)| &t.functions).map(|t| t.function).collect::<Vec<_>>()
        };
        direct(f) || calls(f).into_iter().any(|g| direct(g) || calls(g).into_iter().any(direct))
    };
    for (index, (user, value)) in by_id {
        let q = &queries[index];
        if !q.scoped && (asks_in_scope(q.function, &q.of) || asks_in_scope(user, &q.of)) {
            continue;
        }
        let callee = code.callee(q.function, q.call);
        let span = code.span(q.function, q.call);
        let name = code.text(scope);
        if q.scoped {
            let detail = format!("`{name}` is passed");
            out.push(code.closed(check, q.function, span, &callee, Outcome::Safe, "guarded-by", detail));
            continue;
        }
        if !owned.contains(q.of.as_str()) {
            continue;
        }
        let title = format!("`{}` is looked up by its id for any project: `{name}` is not passed", q.of);
        let message = format!(
            "`{}` finds `{}` by an id that is passed in; other code asks for those of one project, so each has an owner. {} calls of `{}` pass `{name}=True`, this one does not: whoever knows an id gets the object of somebody else.",
            code.function_name(user),
            q.of,
            with.len(),
            code.function_name(query)
        );
        let mut defect = Defect::potential("not-scoped", title, message);
        defect.confidence = Confidence::Medium;
        defect.severity = Some(Severity::High);
        let mut evidence: Vec<(FuncId, Value)> = with.iter().copied().collect();
        evidence.sort_unstable();
        for (g, call) in evidence.into_iter().take(3) {
            let place = code.place(g, code.span(g, call));
            defect.lead(StepKind::Source, place, format!("a sibling passes `{name}`"));
        }
        defect.lead(StepKind::Call, code.place(user, code.span(user, value)), "looked up by an id that is passed in");
        defect.step = format!("`{name}` is not passed");
        defect.assumptions.push("no caller checks whose object it is".to_owned());
        defect.false_if = false_if(check);
        defect.value.clone_from(&q.of);
        out.push(code.defect(check, q.function, span, &callee, defect));
    }
}

/// What the first call of a chain of methods is.
fn chain<T>(code: &Code<'_>, f: FuncId, mut value: Value, mut start: impl FnMut(Value) -> Option<T>) -> Option<T> {
    for _ in 0..MAX_CHAIN {
        let Op::Call { func, .. } = code.op(f, value) else { return None };
        if let Some(found) = start(value) {
            return Some(found);
        }
        let Op::Attr(base, _) = code.op(f, *func) else { return None };
        value = *base;
    }
    None
}

/// Whether a function returns a call, or what a chain of methods makes of it.
fn returns_chain(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    code.function(f).blocks.iter().any(|b| match b.terminator {
        Terminator::Return(value) => chain(code, f, value, |v| (v == call).then_some(())).is_some(),
        _ => false,
    })
}
