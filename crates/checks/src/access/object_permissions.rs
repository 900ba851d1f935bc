//! Views of Django REST Framework that load an object without asking the permissions that they have for objects.
//!
//! - An *object permission* is a class of the program with a method `has_object_permission` that looks at the object. The framework asks it in `get_object`, and
//!   nowhere else: whoever loads an object by other means has to call `check_object_permissions`.

use super::lookups::{Lookup, lookups};
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{Op, Value};
use assay_resolve::{ClsId, FuncId, Object};

/// Methods that ask, or load what was asked about.
const ASKS: &[&str] = &["check_object_permissions", "get_object", "has_object_permission", "has_perm"];

/// Each method of a view with object permissions that loads an object by an id.
pub(super) fn examine(code: &Code<'_>, check: &'static Check, out: &mut Vec<Examined>) {
    let strings = &code.res.program.strings;
    if strings.lookup("has_object_permission").is_none() || strings.lookup("permission_classes").is_none() {
        return;
    }
    for (f, info) in code.res.program.functions.iter_enumerated() {
        let Some(class) = info.class.filter(|_| !code.in_test(f) && code.function(f).is_callable()) else { continue };
        if !is_view(code, class) {
            continue;
        }
        let Some(permission) = object_permission(code, class) else { continue };
        for lookup in lookups(code, f).into_iter().filter(Lookup::is_by_id) {
            let span = code.span(f, lookup.at());
            let of = lookup.of().to_owned();
            if let Some(by) = lookup.owner() {
                let detail = format!("`{}` is compared with the owner", code.shown_value(f, by));
                out.push(code.closed(check, f, span, &of, Outcome::Safe, "guarded-by", detail));
                continue;
            }
            match asks(code, f) {
                Some(by) => {
                    let detail = format!("`{by}` asks about the object");
                    out.push(code.closed(check, f, span, &of, Outcome::Safe, "guarded-by", detail));
                }
                None => out.push(judged(code, check, f, lookup.at(), &of, permission)),
            }
        }
    }
}

/// Whether a class derives from a view of the framework.
fn is_view(code: &Code<'_>, class: ClsId) -> bool {
    let view =
        |name: &str| name.starts_with("rest_framework.") && (name.ends_with("View") || name.ends_with("ViewSet"));
    code.res.hierarchy.external_bases(class).iter().any(|api| view(code.api(*api)))
}

/// The object permission among those that a view declares.
fn object_permission(code: &Code<'_>, view: ClsId) -> Option<ClsId> {
    let asks = code.res.program.strings.lookup("has_object_permission")?;
    for class in code.res.hierarchy.order(view) {
        let body = code.res.program.class_body(*class);
        let declared = code.function(body).insts.iter().find_map(|inst| match inst.op {
            Op::StoreName(name, value) if code.text(name) == "permission_classes" => Some(value),
            _ => None,
        });
        let Some(declared) = declared else { continue };
        let Op::Collection(_, elements) = code.op(body, code.plain(body, declared)) else { return None };
        return elements.iter().flat_map(|e| code.objects(body, e.value)).find_map(|object| match object {
            Object::Class(c) if code.res.hierarchy.method(c, asks).is_some_and(|m| looks_at_object(code, m)) => Some(c),
            _ => None,
        });
    }
    None
}

/// Whether an answer about an object depends on it: whoever asks nothing of it says the same of all.
fn looks_at_object(code: &Code<'_>, method: FuncId) -> bool {
    const OBJECT: u32 = 3;
    let function = code.function(method);
    let of_object = |v: Value| matches!(code.op(method, v), Op::Param(index) if *index >= OBJECT);
    let mut uses = false;
    for inst in &function.insts {
        inst.op.for_each_operand(|operand| uses |= of_object(operand));
    }
    for block in &function.blocks {
        block.terminator.for_each_operand(|operand| uses |= of_object(operand));
    }
    uses
}

/// What a method calls that asks about an object.
fn asks<'a>(code: &Code<'a>, f: FuncId) -> Option<&'a str> {
    code.function(f).insts.iter().find_map(|inst| match inst.op {
        Op::Attr(_, name) => ASKS.iter().find(|n| **n == code.text(name)).map(|_| code.text(name)),
        _ => None,
    })
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, at: Value, of: &str, permission: ClsId) -> Examined {
    let (span, name) = (code.span(f, at), code.function_name(f));
    let asked = code.text(code.res.program.class(permission).name);
    let title = format!("`{name}` loads a `{of}` and never asks `{asked}` about it");
    let message = format!(
        "The view has the permission `{asked}`, which decides about objects. The framework asks it in `get_object` only; `{}` loads one by itself, and nothing calls `check_object_permissions`.",
        code.shown(f, span)
    );
    let mut defect = Defect::potential("object-permission-not-asked", title, message);
    defect.confidence = Confidence::High;
    defect.severity = Some(Severity::High);
    let body = code.res.program.class_body(permission);
    defect.lead(
        StepKind::Source,
        code.place(body, code.res.program.class(permission).name_span),
        "the permission that decides about objects",
    );
    "loaded without asking".clone_into(&mut defect.step);
    defect.assumptions.push(format!("`{asked}` does not let everybody at every `{of}`"));
    defect.false_if = false_if(check);
    of.clone_into(&mut defect.value);
    code.defect(check, f, span, of, defect)
}
