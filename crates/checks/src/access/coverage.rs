//! Checks that are asked without the object that is then used.
//!
//! - A check is asked *about an object* when its call passes what was loaded or given, beside the name of the action
//!   (`self.require_permission(identity, "update", record=record)`).
//! - It is asked *about nothing* when that argument is missing: rules that depend on the object, such as who owns it, cannot hold for
//!   what is then loaded by an id.
//!
//! That other methods of the class pass the object says that rules may depend on it.

use super::guards::{Guards, is_check, name_of_callee};
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_dataflow::UseList;
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_index::Symbol;
use assay_ir::{ArgKind, Op, Value};
use assay_resolve::{ClsId, FuncId};
use std::collections::BTreeMap;

/// Methods that pass the object from which on one that does not says something.
const ENOUGH: usize = 2;
/// Siblings that a finding shows.
const SHOWN: usize = 3;

/// A call of a check in a method.
struct Asked {
    function: FuncId,
    call: Value,
    /// The arguments that are passed by name, with what they are.
    named: Vec<(Symbol, Value)>,
    positional: usize,
}

/// Each check that lacks the object which its siblings pass.
pub(super) fn examine(code: &Code<'_>, check: &'static Check, guards: &Guards, out: &mut Vec<Examined>) {
    let mut groups: BTreeMap<(ClsId, &str), Vec<Asked>> = BTreeMap::new();
    for (f, info) in code.res.program.functions.iter_enumerated() {
        let Some(class) = info.class.filter(|_| !code.in_test(f) && code.function(f).is_callable()) else { continue };
        for event in guards.own(f).iter().filter(|e| e.guard.explicit && is_check(e.guard.kind)) {
            let Op::Call { func, args } = code.op(f, event.at) else { continue };
            let Some(name) = name_of_callee(code, f, *func) else { continue };
            let spread = |kind: ArgKind| matches!(kind, ArgKind::Spread | ArgKind::KeywordSpread);
            if args.iter().any(|a| spread(a.kind)) {
                continue;
            }
            let named = args.iter().filter_map(|a| match a.kind {
                ArgKind::Keyword(name) => Some((name, a.value)),
                _ => None,
            });
            groups.entry((class, name)).or_default().push(Asked {
                function: f,
                call: event.at,
                named: named.collect(),
                positional: args.iter().filter(|a| a.kind == ArgKind::Positional).count(),
            });
        }
    }
    for ((_, name), asked) in groups {
        let Some(key) = object_of(code, &asked) else { continue };
        let passes = |a: &Asked| a.named.iter().any(|(n, _)| *n == key);
        let with: Vec<&Asked> = asked.iter().filter(|a| passes(a)).collect();
        let least = with.iter().map(|a| a.positional).min().unwrap_or(0);
        let lacks = |a: &&Asked| {
            !passes(a)
                // One that passes more by position may pass the object so.
                && a.positional <= least
                && !with.iter().any(|w| w.function == a.function)
        };
        let without: Vec<(&Asked, Value)> =
            asked.iter().filter(lacks).filter_map(|a| Some((a, loaded(code, a.function, a.call)?))).collect();
        for a in &with {
            let detail = format!("`{}` is passed", code.text(key));
            let span = code.span(a.function, a.call);
            out.push(code.closed(check, a.function, span, name, Outcome::Safe, "guarded-by", detail));
        }
        if without.len() * 2 > with.len() {
            continue;
        }
        for (a, load) in without {
            out.push(judged(code, check, name, key, a, load, &with));
        }
    }
}

/// The name under which enough methods pass an object: something that they loaded, or were given.
fn object_of(code: &Code<'_>, asked: &[Asked]) -> Option<Symbol> {
    let mut passed: BTreeMap<Symbol, Vec<FuncId>> = BTreeMap::new();
    for a in asked {
        for (name, value) in &a.named {
            let object = matches!(
                code.op(a.function, code.plain(a.function, *value)),
                Op::Call { .. } | Op::Await(_) | Op::Param(_)
            );
            let functions = passed.entry(*name).or_default();
            if object && is_object(code.text(*name)) && !functions.contains(&a.function) {
                functions.push(a.function);
            }
        }
    }
    let most = passed.into_iter().filter(|(_, functions)| functions.len() >= ENOUGH);
    most.max_by_key(|(name, functions)| (functions.len(), std::cmp::Reverse(*name))).map(|(name, _)| name)
}

/// Whether an argument of this name is what a rule may depend on.
fn is_object(name: &str) -> bool {
    !words(name).iter().any(|w| {
        matches!(
            w.as_str(),
            "message"
                | "msg"
                | "action"
                | "exc"
                | "error"
                | "request"
                | "context"
                | "user"
                | "identity"
                | "raise"
                | "code"
        )
    })
}

/// The call by which a method loads what an id names that it is given, other than the check itself, where the result is used.
fn loaded(code: &Code<'_>, f: FuncId, check: Value) -> Option<Value> {
    let function = code.function(f);
    let id = |value: Value| match code.op(f, code.plain(f, value)) {
        Op::Param(index) => {
            let name = function.params.get(*index as usize).map_or("", |p| code.text(p.name));
            let words = words(name);
            words.last().is_some_and(|w| matches!(w.as_str(), "id" | "pk" | "uuid" | "guid" | "pid"))
        }
        _ => false,
    };
    let loads = |call: Value| {
        let Op::Call { func, args } = code.op(f, call) else { return false };
        let name = name_of_callee(code, f, *func).unwrap_or_default();
        let words = words(name);
        let verb = words.iter().any(|w| {
            matches!(w.as_str(), "get" | "find" | "load" | "read" | "resolve" | "fetch" | "lookup" | "by" | "one")
        });
        verb && args.iter().any(|a| id(a.value))
    };
    let uses = UseList::new(function);
    let mut calls = function.insts.iter_enumerated().map(|(v, _)| v).filter(|v| *v != check && loads(*v));
    calls.find(|v| uses.is_used(*v))
}

fn judged(
    code: &Code<'_>,
    check: &'static Check,
    asks: &str,
    key: Symbol,
    asked: &Asked,
    load: Value,
    siblings: &[&Asked],
) -> Examined {
    let f = asked.function;
    let (span, key) = (code.span(f, asked.call), code.text(key));
    let (method, shown) = (code.function_name(f), code.shown_value(f, load));
    let title = format!("`{method}` asks `{asks}` without `{key}`: the check does not see the object that is used");
    let others: Vec<String> =
        siblings.iter().take(SHOWN).map(|s| format!("`{}`", code.function_name(s.function))).collect();
    let message = format!(
        "`{}` names no object, and `{shown}` loads one by an id that is passed in. {} pass `{key}` to the same check, so its rules may depend on whose it is.",
        code.shown(f, span),
        others.join(", ")
    );
    let mut defect = Defect::potential("check-without-object", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::High);
    for sibling in siblings.iter().take(SHOWN) {
        let place = code.place(sibling.function, code.span(sibling.function, sibling.call));
        defect.lead(StepKind::Source, place, format!("a sibling passes `{key}`"));
    }
    defect.lead(StepKind::Call, code.place(f, code.span(f, load)), "an object is loaded by an id");
    defect.step = format!("`{key}` is not passed");
    defect.assumptions.push("rules of this action depend on the object".to_owned());
    defect.false_if = false_if(check);
    defect.value = shown;
    code.defect(check, f, span, asks, defect)
}
