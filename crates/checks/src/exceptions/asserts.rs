//! Assertions that guard something: an interpreter that optimises leaves them out.

use super::decisions::decides;
use crate::access::body::is_caller;
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_finding::Confidence;
use assay_ir::{Op, Terminator, UnaryOp, Value};
use assay_resolve::FuncId;

/// Attributes that say who somebody is.
const STANDING: [&str; 8] = [
    "is_admin",
    "is_superuser",
    "is_staff",
    "is_authenticated",
    "is_active",
    "is_owner",
    "is_anonymous",
    "is_authorized",
];

pub(super) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("assert-as-check") else { return };
    for f in code.res.program.functions.ids() {
        let function = code.function(f);
        for (id, block) in function.blocks.iter_enumerated() {
            let Terminator::Raise(Some(error)) = block.terminator else { continue };
            let span = code.span(f, error);
            if !code.shown(f, span).starts_with("assert") {
                continue;
            }
            // The branch that leads here.
            let tested = function.blocks.iter().find_map(|b| match b.terminator {
                Terminator::Branch { cond, then_to, else_to } if then_to == id || else_to == id => Some(cond),
                _ => None,
            });
            let Some(tested) = tested else { continue };
            let Some(what) = guards(code, f, tested) else { continue };
            out.push(judged(code, check, f, error, &what));
        }
    }
}

/// What a condition asks about somebody, if it does.
fn guards(code: &Code<'_>, f: FuncId, condition: Value) -> Option<String> {
    match code.op(f, condition) {
        Op::Unary(UnaryOp::Not, inner) => guards(code, f, *inner),
        // An object that asks itself is seldom somebody.
        Op::Attr(base, name) if STANDING.contains(&code.text(*name)) && !is_self(code, f, *base) => {
            Some(code.text(*name).to_owned())
        }
        Op::Call { func, .. } => {
            let name = match code.op(f, *func) {
                Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name),
                _ => return None,
            };
            let compares = matches!(name, "compare_digest" | "constant_time_compare");
            (compares || decides(name).is_some()).then(|| name.to_owned())
        }
        Op::Compare(op, left, right) if asks_for_role(code, f, *op, *left, *right) => {
            Some(code.shown_value(f, condition))
        }
        Op::Compare(op, left, right) => {
            use assay_ir::CompareOp::{Eq, NotEq};
            if !matches!(op, Eq | NotEq) {
                return None;
            }
            // A signature, digest or token that is compared with another one.
            let secret = |v: &Value| {
                if !matches!(code.op(f, *v), Op::Attr(..) | Op::Param(_) | Op::Item(..) | Op::Global(_)) {
                    return false;
                }
                let shown = code.shown_value(f, *v);
                let last = shown.rsplit('.').next().unwrap_or_default().to_owned();
                words(&last).iter().any(|w| matches!(w.as_str(), "signature" | "digest" | "hmac" | "mac" | "csrf"))
            };
            let constant = |v: &Value| matches!(code.op(f, *v), Op::Const(_));
            (secret(left) && secret(right) && !constant(left) && !constant(right))
                .then(|| code.shown_value(f, condition))
        }
        _ => None,
    }
}

/// Whether a comparison asks for the role of whoever sends a request, or whose something is.
fn asks_for_role(code: &Code<'_>, f: FuncId, op: assay_ir::CompareOp, left: Value, right: Value) -> bool {
    use assay_ir::CompareOp::{Eq, In, NotEq};
    if !matches!(op, Eq | NotEq | In) {
        return false;
    }
    let caller = |v: Value| is_caller(code, f, v);
    let constant = |v: Value| match code.op(f, code.plain(f, v)) {
        Op::Const(assay_ir::Const::Str(_)) => true,
        Op::Collection(_, elements) => elements.iter().all(|e| code.literal(f, e.value).is_some()),
        _ => false,
    };
    // `current_user.role == "admin"`
    let role = |v: Value| match code.op(f, code.plain(f, v)) {
        Op::Attr(base, name) => matches!(code.text(*name), "role" | "roles" | "group" | "groups") && caller(*base),
        _ => false,
    };
    // `document["owner"] == user`, `document.owner_id == current_user.id`
    let owner = |v: Value| {
        !caller(v)
            && matches!(code.op(f, code.plain(f, v)), Op::Attr(..) | Op::Item(..))
            && crate::secrets::name_of(code, f, v).is_some_and(|n| {
                words(n)
                    .iter()
                    .any(|w| matches!(w.as_str(), "owner" | "author" | "creator" | "user" | "tenant" | "project"))
            })
    };
    role(left) && constant(right)
        || role(right) && (constant(left) || op == In && constant(left))
        || op == Eq && (owner(left) && caller(right) || owner(right) && caller(left))
}

/// Whether a value is the object that the method belongs to.
fn is_self(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    code.function(f).class.is_some() && matches!(code.op(f, code.plain(f, value)), Op::Param(0))
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, error: Value, what: &str) -> Examined {
    let span = code.span(f, error);
    let title = format!("`assert` is all that checks `{what}`");
    let message = format!("`{}` is left out when the program runs with `python -O`.", code.shown(f, span));
    let mut defect = Defect::potential("assertion", title, message);
    defect.confidence = Confidence::Medium;
    defect.assumptions.push("nothing else refuses those whom it is to keep out".to_owned());
    defect.false_if = false_if(check);
    what.clone_into(&mut defect.value);
    code.defect(check, f, span, "assert", defect)
}
