//! Children that are loaded by an id of their own where the check was made for a parent.
//!
//! - A handler loads a *parent* by one id, and sees to it that the caller may have it: the query compares the owner, or a check gets what was
//!   found.
//! - It then loads a *child*, an object of a class that refers to the parent's, by another id alone. Nothing says that the child
//!   belongs to the parent, so that whoever may have one parent gets at the children of all.

use super::entries::Handler;
use super::guards::{Guards, is_check};
use super::lookups::{Lookup, lookups};
use crate::code::{Code, Defect, words};
use crate::flawed::is_made_from;
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{Op, Value};
use assay_models::AccessKind;
use assay_resolve::FuncId;

/// Each child that a handler loads behind the check of a parent.
pub(super) fn examine(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    handlers: &[Handler],
    out: &mut Vec<Examined>,
) {
    for handler in handlers.iter().filter(|h| h.answers(code)) {
        let f = handler.function;
        let found: Vec<Lookup> = lookups(code, f).into_iter().filter(Lookup::is_by_id).collect();
        if found.len() < 2 {
            continue;
        }
        for child in found.iter().filter(|l| l.owner().is_none()) {
            let parent = found.iter().find(|p| {
                p.of() != child.of()
                    && p.id() != child.id()
                    && refers(code, child, p.of())
                    && (p.owner().is_some() || checked(code, guards, f, p.at()))
            });
            let Some(parent) = parent else { continue };
            let span = code.span(f, child.at());
            if child.is_narrowed() || compared(code, guards, f, child.at()) {
                let detail = format!("it is compared with more than its id, behind the check of a `{}`", parent.of());
                out.push(code.closed(check, f, span, child.of(), Outcome::Safe, "guarded-by", detail));
                continue;
            }
            out.push(judged(code, check, f, parent, child));
        }
    }
}

/// Whether the class of a lookup has a field that names the parent's class.
fn refers(code: &Code<'_>, child: &Lookup, parent: &str) -> bool {
    let wanted = words(parent);
    let body = code.res.program.class_body(child.class());
    code.function(body).insts.iter().any(|inst| match inst.op {
        Op::StoreName(name, _) => {
            let mut field = words(code.text(name));
            if field.len() > 1 && field.last().is_some_and(|w| matches!(w.as_str(), "id" | "pk" | "uuid")) {
                field.pop();
            }
            field == wanted
        }
        _ => false,
    })
}

/// Whether a check gets what was found.
fn checked(code: &Code<'_>, guards: &Guards, f: FuncId, found: Value) -> bool {
    let counts = |kind: AccessKind| is_check(kind) && kind != AccessKind::Authentication;
    guards.own(f).iter().any(|e| counts(e.guard.kind) && is_made_from(code, f, e.at, found))
}

/// Whether anything compares or checks what was found.
fn compared(code: &Code<'_>, guards: &Guards, f: FuncId, found: Value) -> bool {
    let compares = code.function(f).insts.iter_enumerated().any(|(v, inst)| {
        matches!(inst.op, Op::Compare(_, a, b) if !is_none(code, f, a) && !is_none(code, f, b))
            && is_made_from(code, f, v, found)
    });
    compares || guards.own(f).iter().any(|e| is_made_from(code, f, e.at, found))
}

fn is_none(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    matches!(code.op(f, value), Op::Const(assay_ir::Const::None))
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, parent: &Lookup, child: &Lookup) -> Examined {
    let (span, name) = (code.span(f, child.at()), code.function_name(f));
    let (of, above) = (child.of(), parent.of());
    let id = child.id().map_or_else(String::new, |v| code.shown_value(f, v));
    let title = format!("`{name}` checks a `{above}` and finds a `{of}` by `{id}` alone: it need not belong to it");
    let message = format!(
        "The check is made for the `{above}` that the request names. `{}` finds any `{of}`, also one of a `{above}` that the caller may not have.",
        code.shown(f, span)
    );
    let mut defect = Defect::potential("child-not-covered", title, message);
    defect.confidence = Confidence::High;
    defect.severity = Some(Severity::High);
    defect.lead(StepKind::Source, code.place(f, code.span(f, parent.at())), format!("the `{above}` that is checked"));
    defect.step = format!("found by `{id}` alone");
    defect.assumptions.push(format!("access to a `{of}` is decided by its `{above}`"));
    defect.false_if = false_if(check);
    of.clone_into(&mut defect.value);
    code.defect(check, f, span, of, defect)
}
