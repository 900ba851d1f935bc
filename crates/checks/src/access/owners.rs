//! Whose things a request asks for: handlers that take from the request who the owner is, and never ask who is asking.
//!
//! - An *owner parameter* is one of a path by which the request names somebody (`user_id`).
//! - It *decides whose* when a query compares a column of owners with it, or something new is given to that owner.

use super::body::is_caller;
use super::entries::Handler;
use super::guards::{Guards, is_check, name_of_callee};
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{ArgKind, CompareOp, Op, Value};
use assay_models::AccessKind;
use assay_resolve::FuncId;

/// Names of parameters and columns that say whose something is.
const OWNERS: &[&str] =
    &["user_id", "owner_id", "account_id", "member_id", "author_id", "userid", "uid", "customer_id"];

/// Each handler that takes an owner from its path.
pub(super) fn examine(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    handlers: &[Handler],
    out: &mut Vec<Examined>,
) {
    let counts = |h: &&Handler| h.has_path && h.answers(code);
    let looks_at_caller = |f: FuncId| code.function(f).insts.iter_enumerated().any(|(v, _)| is_caller(code, f, v));
    // In a program that never looks at who asks, who may do what is decided elsewhere.
    let Some(careful) = handlers.iter().filter(counts).map(|h| h.function).find(|f| looks_at_caller(*f)) else {
        return;
    };
    for handler in handlers.iter().filter(counts) {
        let f = handler.function;
        let function = code.function(f);
        let owner = function.insts.iter_enumerated().find_map(|(value, inst)| match inst.op {
            Op::Param(index) => {
                let name = code.text(function.params.get(index as usize)?.name);
                OWNERS.contains(&name).then_some((value, name))
            }
            _ => None,
        });
        let Some((owner, name)) = owner else { continue };
        let Some(at) = decides_whose(code, f, owner) else { continue };
        let span = code.span(f, at);
        let api = code.res.program.qualified_name(f);
        let standing = guards.of_function(code, f);
        // That somebody has logged in says nothing of whose things they may touch.
        if let Some(first) =
            standing.iter().find(|g| g.explicit && is_check(g.kind) && g.kind != AccessKind::Authentication)
        {
            let detail = format!("`{}`", first.name);
            out.push(code.closed(check, f, span, &api, Outcome::Safe, "guarded-by", detail));
            continue;
        }
        let logged_in = standing.iter().any(|g| g.kind == AccessKind::Authentication) || !guards.everywhere.is_empty();
        if !logged_in || looks_at_caller(f) || handed_to_check(code, guards, f, owner) {
            continue;
        }
        let title =
            format!("`{}` acts for whoever `{name}` names, and never asks who is asking", code.function_name(f));
        let message = format!(
            "`{}` decides by `{name}`, which comes from the request. Whoever is logged in can put the number of somebody else there: neither the handler nor what it calls looks at who asks, as `{}` does.",
            code.shown(f, span),
            code.res.program.qualified_name(careful),
        );
        let mut defect = Defect::potential("owner-from-request", title, message);
        defect.confidence = Confidence::Medium;
        defect.severity = Some(Severity::High);
        defect.lead(StepKind::Source, code.place(f, code.span(f, owner)), format!("`{name}` comes from the request"));
        defect.step = format!("`{name}` decides whose it is");
        defect.assumptions.push("not everybody who is logged in may do this for others".to_owned());
        defect.false_if = false_if(check);
        name.clone_into(&mut defect.value);
        out.push(code.defect(check, f, span, &api, defect));
    }
}

/// Whether a value is passed to a function that looks at who asks.
fn handed_to_check(code: &Code<'_>, guards: &Guards, f: FuncId, value: Value) -> bool {
    code.res.calls(f).iter().any(|(call, targets)| {
        let Op::Call { args, .. } = code.op(f, *call) else { return false };
        args.iter().any(|a| code.plain(f, a.value) == value)
            && targets.functions.iter().any(|t| guards.checks(t.function))
    })
}

/// Where a value decides whose something is: `Token.user_id == user_id`, `filter_by(user_id=user_id)`, `token.user_id = user_id`.
fn decides_whose(code: &Code<'_>, f: FuncId, owner: Value) -> Option<Value> {
    let same = |v: Value| code.plain(f, v) == owner;
    let column = |v: Value| matches!(code.op(f, v), Op::Attr(_, name) if OWNERS.contains(&code.text(*name)));
    code.function(f).insts.iter_enumerated().find_map(|(at, inst)| {
        let found = match &inst.op {
            Op::Compare(CompareOp::Eq, a, b) => column(*a) && same(*b) || column(*b) && same(*a),
            Op::Call { func, args } => {
                let named = args.iter().any(|arg| match arg.kind {
                    ArgKind::Keyword(name) => OWNERS.contains(&code.text(name)) && same(arg.value),
                    _ => false,
                });
                named && !is_address(code, f, *func)
            }
            Op::StoreAttr { name, value, .. } => OWNERS.contains(&code.text(*name)) && same(*value),
            _ => false,
        };
        found.then_some(at)
    })
}

/// Whether a call makes an address, or answers with one or with a page: that only leads on.
fn is_address(code: &Code<'_>, f: FuncId, func: Value) -> bool {
    name_of_callee(code, f, func).is_some_and(|name| {
        matches!(name, "url_for" | "url_path_for" | "route_url" | "route_path" | "reverse" | "reverse_lazy")
            || name.starts_with("redirect")
            || name.starts_with("render")
    })
}
