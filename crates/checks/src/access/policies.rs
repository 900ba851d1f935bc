//! The rules of a policy: which names code asks for, and which are registered.
//!
//! - A rule is *registered* by a call that the models know (`oslo_policy.policy.RuleDefault`); a guard *asks for* one by its name.
//! - A name that is asked for and never registered falls back to the default rule of the policy, whatever that says.
//! - A rule that is registered and that nothing asks for restricts nobody: whoever reads or sets it is misled.

use super::guards::{Guards, access_of};
use super::names::{Name, name};
use super::vocabulary::changes;
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_index::FxHashSet;
use assay_ir::{ArgKind, Const, FunctionKind, Op, Value};
use assay_models::AccessKind;
use assay_resolve::FuncId;

/// Registered rules from which on a program is one that registers its rules.
const ENOUGH: usize = 8;
/// Of the constant names that are asked for, this share (in percent) must be registered: otherwise names are made in a way that is
/// not understood.
const UNDERSTOOD: usize = 60;
/// Share (in percent) of the rules that must be asked for before one that is not says something.
const ENFORCED: usize = 90;
/// Characters of a name with holes that must be constant.
const LEAST_CONSTANT: usize = 5;

/// A name where it stands.
struct At {
    function: FuncId,
    call: Value,
    name: Name,
}

pub(crate) fn examine(code: &Code<'_>, guards: &Guards, out: &mut Vec<Examined>) {
    let rules = registered(code);
    if let Some(check) = check("policy-for-everybody") {
        for (at, check_text) in &rules {
            out.extend(for_everybody(code, check, at, check_text.as_deref()));
        }
    }
    if rules.len() < ENOUGH {
        return;
    }
    let Some(check) = check("unregistered-policy") else { return };
    let asked = asked(code, guards);
    let known = |name: &Name| {
        rules.iter().any(|(rule, _)| match (name.text(), rule.name.text()) {
            (Some(text), Some(rule)) => text == rule,
            (Some(text), None) => rule.name.may_be(text),
            (None, Some(rule)) => name.may_be(rule),
            (None, None) => true,
        })
    };
    let constant: Vec<bool> = asked.iter().filter(|a| a.name.text().is_some()).map(|a| known(&a.name)).collect();
    let found = constant.iter().filter(|k| **k).count();
    if found * 100 < constant.len() * UNDERSTOOD || found == 0 {
        return;
    }
    // A function that puts the name together from what it is given: the parts that it is given are no names.
    let builders: FxHashSet<FuncId> =
        asked.iter().filter(|a| a.name.text().is_none() && a.name.constant_length() > 0).map(|a| a.function).collect();
    let builds = |at: &At| {
        let targets = code.res.call(at.function, at.call);
        targets.is_some_and(|t| t.functions.iter().any(|t| builders.contains(&t.function)))
    };
    for at in asked.iter().filter(|at| !builds(at)) {
        out.push(judged(code, check, at, known(&at.name), &rules));
    }
    if let Some(check) = crate::check("unenforced-policy") {
        unenforced(code, check, &rules, &asked, out);
    }
}

/// Whether a rule is registered as one of an operation. Those that are not are there for others to refer to.
fn is_of_operation(code: &Code<'_>, at: &At) -> bool {
    code.callee(at.function, at.call).rsplit('.').next().is_some_and(|name| name.starts_with("Documented"))
}

/// Whether a rule is registered as one that is to go.
fn is_retired(code: &Code<'_>, at: &At) -> bool {
    let Op::Call { args, .. } = code.op(at.function, at.call) else { return false };
    args.iter().any(|a| {
        matches!(a.kind, ArgKind::Keyword(name) if code.text(name) == "deprecated_for_removal")
            && matches!(code.op(at.function, a.value), Op::Const(Const::Bool(true)))
    })
}

/// The rules that nothing asks for, in a program most of whose rules are asked for by names that are seen.
fn unenforced(
    code: &Code<'_>,
    check: &'static Check,
    rules: &[(At, Option<String>)],
    asked: &[At],
    out: &mut Vec<Examined>,
) {
    let is_asked = |rule: &str| {
        asked.iter().any(|at| at.name.may_be(rule))
            || rules.iter().any(|(_, text)| text.as_deref().is_some_and(|t| refers_to(t, rule)))
    };
    let documented = rules.iter().any(|(at, _)| is_of_operation(code, at));
    let named: Vec<(&At, &str)> = rules
        .iter()
        .filter(|(at, _)| !documented || is_of_operation(code, at))
        .filter_map(|(at, _)| Some((at, at.name.text()?)))
        .collect();
    let open: Vec<&(&At, &str)> = named.iter().filter(|(_, rule)| !is_asked(rule)).collect();
    if named.len() < ENOUGH || open.len() * 100 > named.len() * (100 - ENFORCED) {
        return;
    }
    for (at, rule) in open.into_iter().filter(|(at, _)| !is_retired(code, at)) {
        let span = code.span(at.function, at.call);
        let callee = code.callee(at.function, at.call);
        let title = format!("The rule `{rule}` is registered, and nothing asks for it");
        let message = format!(
            "`{rule}` is one of {} rules; the others are asked for somewhere, and no name that is asked for can be this one. What the rule says restricts nobody.",
            named.len()
        );
        let mut defect = Defect::potential("not-enforced", title, message);
        defect.confidence = Confidence::Medium;
        defect.assumptions.push("no other package asks for the rule".to_owned());
        defect.false_if = false_if(check);
        (*rule).clone_into(&mut defect.value);
        out.push(code.defect(check, at.function, span, &callee, defect));
    }
}

/// Whether the text of a rule refers to another one: `rule:admin_or_owner`.
fn refers_to(text: &str, rule: &str) -> bool {
    text.match_indices("rule:").any(|(at, found)| {
        text[at + found.len()..]
            .strip_prefix(rule)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "_:.-".contains(c)))
    })
}

/// The rules that are registered, each with its text.
fn registered(code: &Code<'_>) -> Vec<(At, Option<String>)> {
    let mut out = Vec::new();
    for f in code.res.program.functions.ids().filter(|f| !code.in_test(*f)) {
        for (call, targets) in code.res.calls(f) {
            if !targets.apis.iter().any(|a| access_of(code, *a) == Some(AccessKind::Rule)) {
                continue;
            }
            let Op::Call { args, .. } = code.op(f, *call) else { continue };
            let argument = |position: usize, wanted: &str| {
                let named = args.iter().find(|a| matches!(a.kind, ArgKind::Keyword(n) if code.text(n) == wanted));
                named.or_else(|| args.get(position).filter(|a| a.kind == ArgKind::Positional)).map(|a| a.value)
            };
            let Some(named) = argument(0, "name") else { continue };
            let text = argument(1, "check_str").and_then(|v| code.string(f, v));
            out.push((At { function: f, call: *call, name: name(code, f, named) }, text));
        }
    }
    out
}

/// The names that guards ask for.
fn asked(code: &Code<'_>, guards: &Guards) -> Vec<At> {
    let mut out = Vec::new();
    for f in code.res.program.functions.ids().filter(|f| !code.in_test(*f)) {
        for event in guards.own(f) {
            let Op::Call { func, args } = code.op(f, event.at) else { continue };
            let called = super::guards::name_of_callee(code, f, *func).unwrap_or_default();
            let asks = matches!(
                called,
                "enforce"
                    | "authorize"
                    | "can"
                    | "enforce_call"
                    | "check"
                    | "_enforce"
                    | "check_policy"
                    | "authorize_action"
                    | "enforce_policy"
            );
            if !asks || !event.guard.explicit {
                continue;
            }
            // The first text that reads as a name of a rule.
            let reads = |n: &Name| {
                let text = n.shown();
                n.constant_length() >= LEAST_CONSTANT
                    && text.chars().all(|c| c.is_ascii_alphanumeric() || "_:.-{}".contains(c))
                    && text.contains(['_', ':'])
            };
            let named = |a: &&assay_ir::Arg| match a.kind {
                ArgKind::Positional => true,
                ArgKind::Keyword(n) => matches!(code.text(n), "action" | "rule" | "policy" | "policy_name" | "name"),
                _ => false,
            };
            let found = args.iter().filter(named).take(3).map(|a| name(code, f, a.value)).find(|n| reads(n));
            if let Some(name) = found {
                out.push(At { function: f, call: event.at, name });
            }
        }
    }
    out
}

fn judged(code: &Code<'_>, check: &'static Check, at: &At, known: bool, rules: &[(At, Option<String>)]) -> Examined {
    let span = code.span(at.function, at.call);
    let shown = at.name.shown();
    let callee = code.callee(at.function, at.call);
    if known {
        let detail = format!("`{shown}` is registered");
        return code.closed(check, at.function, span, &callee, Outcome::Safe, "registered", detail);
    }
    let title = format!("The rule `{shown}` is asked for and registered nowhere");
    let near =
        nearest(&at.name, rules).map(|n| format!(" The nearest that is registered is `{n}`.")).unwrap_or_default();
    let message = format!(
        "`{}` asks for the rule `{shown}`. {} rules are registered, and none has this name.{near} What the policy's default rule says decides.",
        code.shown(at.function, span),
        rules.len()
    );
    let mut defect = Defect::potential("not-registered", title, message);
    defect.confidence = Confidence::Medium;
    defect.assumptions.push("no other package registers the rule".to_owned());
    defect.false_if = false_if(check);
    defect.value = shown;
    code.defect(check, at.function, span, &callee, defect)
}

/// The registered name that shares most of its beginning and end with a name.
fn nearest<'r>(wanted: &Name, rules: &'r [(At, Option<String>)]) -> Option<&'r str> {
    let shown = wanted.shown();
    let same = |text: &str| {
        let front = text.bytes().zip(shown.bytes()).take_while(|(a, b)| a == b).count();
        let back = text.bytes().rev().zip(shown.bytes().rev()).take_while(|(a, b)| a == b).count();
        front + back
    };
    let texts = rules.iter().filter_map(|(rule, _)| rule.name.text());
    texts.max_by_key(|text| (same(text), std::cmp::Reverse(text.len()))).filter(|text| same(text) * 2 > shown.len())
}

/// A rule for an action that changes something, and that lets everybody do it.
fn for_everybody(code: &Code<'_>, check: &'static Check, rule: &At, text: Option<&str>) -> Option<Examined> {
    let text = text?;
    let name = rule.name.text()?;
    let action = name.rsplit([':', '.']).next().unwrap_or(name);
    if !changes(action) || matches!(code.function(rule.function).kind, FunctionKind::Lambda) {
        return None;
    }
    let span = code.span(rule.function, rule.call);
    let callee = code.callee(rule.function, rule.call);
    if !matches!(text.trim(), "" | "@") {
        let detail = format!("`{name}`: `{text}`");
        return Some(code.closed(check, rule.function, span, &callee, Outcome::Safe, "restricted", detail));
    }
    let title = format!("The rule `{name}` lets everybody do it");
    let message = format!(
        "The rule of `{name}` is `\"{text}\"`, which is true for everybody who is logged in, of any project and with any role."
    );
    let mut defect = Defect::potential("for-everybody", title, message);
    defect.confidence = Confidence::Low;
    defect.severity = Some(Severity::Low);
    defect.assumptions.push("the code does not check itself what the rule does not".to_owned());
    defect.false_if = false_if(check);
    name.clone_into(&mut defect.value);
    Some(code.defect(check, rule.function, span, &callee, defect))
}
