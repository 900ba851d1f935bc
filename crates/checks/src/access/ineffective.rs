//! Checks of access that stand there and keep nobody out.
//!
//! - A *question* is a call that answers by its result whether somebody may do something. An answer that nothing looks at was not
//!   asked for.
//! - A *refusal* is an error or an answer that turns somebody away. One that is made, and neither raised nor returned, turns nobody away.
//! - An answer that ends in `or True` is the same for everybody.
//! - A role that the request itself names is the client's to choose.

use super::body::is_caller;
use super::guards::{Guards, access_of, is_check, name_of_callee};
use super::vocabulary::{guard_by_name, is_denial};
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_dataflow::UseList;
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::{CompareOp, Const, Function, Op, Terminator, Value};
use assay_models::{AccessKind, Refusal};
use assay_resolve::{FuncId, Object};

/// Words in the names of what a role is kept under.
const ROLES: [&str; 12] = [
    "role",
    "roles",
    "admin",
    "staff",
    "superuser",
    "permission",
    "permissions",
    "privilege",
    "privileges",
    "group",
    "groups",
    "scope",
];

/// How a check keeps nobody out.
enum Fault {
    /// The answer of a question is not looked at.
    AnswerDropped(String),
    /// A coroutine that checks is not awaited, so that it never runs.
    NotAwaited(String),
    /// A refusal is made, and neither raised nor returned.
    NotRaised(String),
    /// An answer that is true for everybody.
    AlwaysTrue,
    /// A role that the client names.
    Claimed,
}

pub(super) fn examine(code: &Code<'_>, check: &'static Check, guards: &Guards, out: &mut Vec<Examined>) {
    for f in code.res.program.functions.ids() {
        let function = code.function(f);
        if code.in_test(f) || code.res.program.module_of(f).template || !function.is_callable() {
            continue;
        }
        let mut uses = None;
        for (at, inst) in function.insts.iter_enumerated() {
            let Op::Call { func, .. } = &inst.op else { continue };
            let Some(name) = name_of_callee(code, f, *func).filter(|n| may_matter(n)) else { continue };
            let dropped =
                |v: Value, uses: &mut Option<UseList>| !uses.get_or_insert_with(|| UseList::new(function)).is_used(v);
            if let Some(fault) = refusal(code, f, *func, name).or_else(|| question(code, f, at, name))
                && dropped(at, &mut uses)
            {
                out.push(judged(code, check, f, at, &fault));
            }
        }
        for at in always_true(code, f, function) {
            out.push(judged(code, check, f, at, &Fault::AlwaysTrue));
        }
        let own = guards.own(f);
        for event in own.iter().filter(|e| e.guard.explicit) {
            if let Some(role) = claimed(code, f, event.at)
                && !guards
                    .of_function(code, f)
                    .iter()
                    .any(|g| g.span != event.guard.span && g.explicit && is_check(g.kind))
            {
                out.push(judged(code, check, f, role, &Fault::Claimed));
            }
        }
    }
}

/// Whether a name can be that of a refusal or of a question: looked at first, since most are not.
fn may_matter(name: &str) -> bool {
    const PARTS: [&str; 16] = [
        "perm",
        "auth",
        "access",
        "role",
        "admin",
        "allow",
        "can_",
        "enforce",
        "forbid",
        "denied",
        "owner",
        "polic",
        "staff",
        "login",
        "required",
        "privilege",
    ];
    let lower = name.to_ascii_lowercase();
    PARTS.iter().any(|p| lower.contains(p))
}

/// A refusal that a call makes.
fn refusal(code: &Code<'_>, f: FuncId, func: Value, name: &str) -> Option<Fault> {
    if !is_denial(name) || !name.chars().next().is_some_and(char::is_uppercase) {
        return None;
    }
    let is_class = code.objects(f, func).iter().any(|o| match o {
        Object::Class(class) => {
            let bases = code.res.hierarchy.external_bases(*class);
            bases.iter().any(|b| {
                let base = code.api(*b);
                base.ends_with("Exception")
                    || base.ends_with("Error")
                    || base.contains("exc.HTTP")
                    || base.contains("Response")
            })
        }
        Object::Api(api) => access_of(code, *api) == Some(AccessKind::Denial) || code.api(*api).contains('.'),
        _ => false,
    });
    is_class.then(|| Fault::NotRaised(name.to_owned()))
}

/// A question that a call asks.
fn question(code: &Code<'_>, f: FuncId, call: Value, name: &str) -> Option<Fault> {
    let Op::Call { func, args } = code.op(f, call) else { return None };
    let receiver = match code.op(f, *func) {
        Op::Attr(base, _) => crate::secrets::name_of(code, f, *base),
        _ => None,
    };
    let targets = code.res.call(f, call)?;
    if targets.functions.is_empty() {
        let models = code.res.models();
        let asks = targets.apis.iter().any(|api| {
            let path = code.api(*api);
            // `oslo.policy` answers unless it is told to raise.
            let told = args.len() > 3
                || args.iter().any(|a| match a.kind {
                    assay_ir::ArgKind::Keyword(n) => code.text(n) == "do_raise",
                    assay_ir::ArgKind::KeywordSpread | assay_ir::ArgKind::Spread => true,
                    assay_ir::ArgKind::Positional => false,
                });
            let enforcer =
                path.starts_with("oslo_policy.policy.Enforcer") && (name == "enforce" || name == "authorize") && !told;
            enforcer || code.res.apis.nodes(*api).iter().any(|n| models.facts(*n).decides == Some(Refusal::False))
        });
        let by_name = matches!(name, "has_perm" | "has_perms" | "has_module_perms");
        return (asks || by_name).then(|| Fault::AnswerDropped(name.to_owned()));
    }
    let kind = guard_by_name(receiver, name)?;
    if !is_check(kind) {
        return None;
    }
    let all = |holds: &dyn Fn(FuncId) -> bool| targets.functions.iter().all(|t| holds(t.function));
    if all(&|g| code.function(g).is_async && !code.function(g).is_generator) {
        return Some(Fault::NotAwaited(name.to_owned()));
    }
    all(&|g| only_answers(code, g, 2)).then(|| Fault::AnswerDropped(name.to_owned()))
}

/// Whether a function says what it has to say by a truth value alone: it raises nothing, and changes nothing.
fn only_answers(code: &Code<'_>, f: FuncId, depth: u32) -> bool {
    let function = code.function(f);
    if function.is_generator || function.is_async {
        return false;
    }
    let raises = function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Raise(_) | Terminator::Unreachable));
    let stores = function
        .insts
        .iter()
        .any(|i| matches!(i.op, Op::StoreAttr { .. } | Op::StoreItem { .. } | Op::StoreGlobal(..)));
    let mut any = false;
    let truths = function.insts.iter().all(|inst| match inst.op {
        Op::Returned(value) => {
            any = true;
            is_truth(code, f, value, 6)
        }
        _ => true,
    });
    // What it calls may raise.
    let calls = code.res.calls(f).iter().all(|(_, targets)| {
        !targets.functions.is_empty()
            && depth > 0
            && targets.functions.iter().all(|t| !may_raise(code, t.function, depth - 1))
            || targets.functions.is_empty() && !targets.apis.is_empty()
    });
    !raises && !stores && truths && any && calls
}

fn may_raise(code: &Code<'_>, f: FuncId, depth: u32) -> bool {
    let function = code.function(f);
    function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Raise(_) | Terminator::Unreachable))
        || code
            .res
            .calls(f)
            .iter()
            .any(|(_, targets)| targets.functions.iter().any(|t| depth == 0 || may_raise(code, t.function, depth - 1)))
}

fn is_truth(code: &Code<'_>, f: FuncId, value: Value, steps: u32) -> bool {
    if steps == 0 {
        return false;
    }
    match code.op(f, code.plain(f, value)) {
        Op::Const(Const::Bool(_)) | Op::Compare(..) | Op::Unary(assay_ir::UnaryOp::Not, _) => true,
        Op::Phi(inputs) => inputs.iter().all(|(_, v)| *v == value || is_truth(code, f, *v, steps - 1)),
        Op::Call { .. } => matches!(code.callee(f, value).as_str(), "bool" | "any" | "all" | "isinstance"),
        _ => false,
    }
}

/// Permissions whose answer ends in `or True`.
fn always_true(code: &Code<'_>, f: FuncId, function: &Function) -> Vec<Value> {
    let mut out = Vec::new();
    if guard_by_name(None, code.function_name(f)).is_some() {
        for inst in &function.insts {
            let Op::Returned(value) = inst.op else { continue };
            if let Op::Phi(inputs) = function.op(value)
                && inputs.iter().any(|(_, v)| matches!(function.op(*v), Op::Compare(CompareOp::Eq, a, b) if is_caller(code, f, *a) || is_caller(code, f, *b)))
                && inputs.iter().any(|(_, v)| matches!(function.op(*v), Op::Const(Const::Bool(true))))
                && code.shown_value(f, value).contains(" or True")
            {
                out.push(value);
            }
        }
    }
    out
}

/// The role that a request names, in a condition that compares it with a constant.
fn claimed(code: &Code<'_>, f: FuncId, condition: Value) -> Option<Value> {
    match code.op(f, code.plain(f, condition)) {
        Op::Unary(_, inner) => claimed(code, f, *inner),
        Op::Compare(CompareOp::Eq | CompareOp::NotEq | CompareOp::In | CompareOp::NotIn, a, b) => {
            let constant = |v: Value| match code.op(f, code.plain(f, v)) {
                Op::Const(_) => true,
                Op::Collection(_, elements) => elements.iter().all(|e| code.literal(f, e.value).is_some()),
                _ => false,
            };
            [(*a, *b), (*b, *a)]
                .into_iter()
                .find_map(|(role, other)| (constant(other) && is_named_by_client(code, f, role)).then_some(role))
        }
        _ => is_named_by_client(code, f, condition).then_some(condition),
    }
}

/// Whether a value is what the request has under the name of a role.
fn is_named_by_client(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let value = code.plain(f, value);
    let (base, key) = match code.op(f, value) {
        Op::Item(base, key) => (*base, *key),
        Op::Call { func, args } => match (code.op(f, *func), args.first()) {
            (Op::Attr(base, name), Some(key)) if code.text(*name) == "get" => (*base, key.value),
            (Op::Attr(base, name), None) if matches!(code.text(*name), "lower" | "strip") => {
                return is_named_by_client(code, f, *base);
            }
            _ => return false,
        },
        _ => return false,
    };
    let named = code.literal(f, key).is_some_and(|k| words(k).iter().any(|w| ROLES[..9].contains(&w.as_str())));
    let holder = crate::secrets::name_of(code, f, base);
    let of_request = matches!(code.op(f, base), Op::Attr(of, _) if crate::secrets::name_of(code, f, *of).is_some_and(|n| matches!(n, "request" | "req")));
    named
        && of_request
        && holder.is_some_and(|h| {
            matches!(
                h,
                "headers"
                    | "cookies"
                    | "COOKIES"
                    | "args"
                    | "GET"
                    | "POST"
                    | "form"
                    | "json"
                    | "data"
                    | "query_params"
                    | "query"
                    | "values"
            )
        })
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, at: Value, fault: &Fault) -> Examined {
    let span = code.span(f, at);
    let shown = code.shown(f, span);
    let (reason, title, message, severity) = match fault {
        Fault::AnswerDropped(name) => (
            "answer-dropped",
            format!("`{name}` is asked, and nothing looks at its answer"),
            format!(
                "`{shown}` says by its result whether something is allowed, and raises nothing. Nothing looks at the result."
            ),
            Severity::High,
        ),
        Fault::NotAwaited(name) => (
            "not-awaited",
            format!("`{name}` is called and not awaited, so that it never runs"),
            format!("`{shown}` makes a coroutine, which checks when it is awaited. Nothing awaits it."),
            Severity::High,
        ),
        Fault::NotRaised(name) => (
            "not-raised",
            format!("`{name}` is made, and neither raised nor returned"),
            format!(
                "`{shown}` makes an answer that is to turn somebody away. Nothing raises or returns it, and the function goes on."
            ),
            Severity::High,
        ),
        Fault::AlwaysTrue => (
            "always-true",
            "The answer of a check of access is the same for everybody".to_owned(),
            format!("`{shown}` is true whoever asks."),
            Severity::High,
        ),
        Fault::Claimed => (
            "claimed-by-client",
            format!("`{shown}` is for the client to choose, and decides what it may do"),
            format!(
                "`{shown}` is what the request says. Who sends the request can say anything there, and nothing else is asked."
            ),
            Severity::High,
        ),
    };
    let mut defect = Defect::new(reason, title, message);
    defect.severity = Some(severity);
    defect.confidence = Confidence::High;
    if matches!(fault, Fault::Claimed) {
        defect.outcome = Outcome::Potential;
        defect.confidence = Confidence::Medium;
        defect.assumptions.push("no proxy in front of the service sets that part of the request itself".to_owned());
    }
    defect.false_if = false_if(check);
    defect.value.clone_from(&shown);
    code.defect(check, f, span, &shown, defect)
}
