//! Views that a framework lets everybody use because nothing says otherwise.
//!
//! Django REST Framework asks for nothing unless a view, or the setting `DEFAULT_PERMISSION_CLASSES`, says what to ask for. A project
//! *cares* when it says in its settings how users are known, or when one of its views asks for something.

use super::guards::{Guards, is_check};
use super::vocabulary::is_public;
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::surface::Operation;
use crate::{Check, Examined};
use assay_finding::{Confidence, Severity, StepKind};
use assay_ir::{Op, Value};
use assay_models::{AccessKind, EntryKind};
use assay_resolve::{ClsId, FuncId};

/// The setting of the framework.
const SETTING: &str = "REST_FRAMEWORK";
/// Methods of HTTP that change something.
const CHANGING: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// Each class of views with which a request changes something, and which asks for nothing.
pub(super) fn examine(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    operations: &[Operation],
    out: &mut Vec<Examined>,
) {
    let settings = settings(code);
    let says = |key: &str| settings.iter().any(|(f, value)| has_key(code, *f, *value, key));
    if settings.is_empty() || says("DEFAULT_PERMISSION_CLASSES") || !guards.everywhere.is_empty() {
        return;
    }
    let mut classes: Vec<ClsId> = operations
        .iter()
        .filter(|o| o.kind == EntryKind::Http && o.methods.iter().any(|m| CHANGING.contains(&m.as_str())))
        .filter_map(|o| o.class.or_else(|| code.res.program.functions[*o.functions.first()?].class))
        .filter(|c| of_framework(code, *c) && !code.in_test(code.res.program.class_body(*c)))
        .collect();
    classes.sort_unstable();
    classes.dedup();
    let asks = |c: ClsId| guards.of_class(code, c).iter().any(|g| is_check(g.kind));
    let Some(&(f, setting)) = settings.first() else { return };
    if !says("DEFAULT_AUTHENTICATION_CLASSES") && !classes.iter().any(|c| asks(*c)) {
        return;
    }
    for class in classes {
        let name = code.text(code.res.program.class(class).name);
        let standing = guards.of_class(code, class);
        let said = standing.iter().any(|g| is_check(g.kind) || g.kind == AccessKind::Public);
        if said || declares(code, class) || is_public(name).is_some() || methods_check(code, guards, class) {
            continue;
        }
        out.push(judged(code, check, class, (f, setting)));
    }
}

/// Whether the settings say what a view asks for that says nothing itself.
pub(super) fn asks_by_default(code: &Code<'_>) -> bool {
    const KEY: &str = "DEFAULT_PERMISSION_CLASSES";
    settings(code).into_iter().any(|(f, value)| match code.op(f, code.plain(f, value)) {
        Op::Dict(entries) => entries.iter().any(|(k, v)| {
            let names = code.shown_value(f, *v);
            k.is_some_and(|k| code.literal(f, k) == Some(KEY)) && !names.contains("AllowAny")
        }),
        _ => false,
    })
}

fn judged(code: &Code<'_>, check: &'static Check, class: ClsId, (f, setting): (FuncId, Value)) -> Examined {
    let body = code.res.program.class_body(class);
    let info = code.res.program.class(class);
    let name = code.text(info.name);
    let title = format!("Everybody may change things with `{name}`: neither it nor a default asks for permission");
    let message = format!(
        "`{name}` sets no `permission_classes`, and `{SETTING}` no `DEFAULT_PERMISSION_CLASSES`: the framework then lets everybody in, logged in or not."
    );
    let mut defect = Defect::potential("default-allows-everybody", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::High);
    defect.lead(StepKind::Source, code.place(f, code.span(f, setting)), "no default for permissions");
    "no permission is asked for here".clone_into(&mut defect.step);
    defect.assumptions.push(format!("`{name}` is not for everybody"));
    defect.false_if = false_if(check);
    "the default of the framework".clone_into(&mut defect.source);
    name.clone_into(&mut defect.value);
    code.defect(check, body, info.name_span, name, defect)
}

/// The values that settings modules give to the setting.
fn settings(code: &Code<'_>) -> Vec<(FuncId, Value)> {
    let mut out = Vec::new();
    for f in code.res.program.functions.ids().filter(|f| !code.in_test(*f) && !code.function(*f).is_callable()) {
        out.extend(code.function(f).insts.iter().filter_map(|i| match i.op {
            Op::StoreGlobal(name, Some(value)) if code.text(name) == SETTING => Some((f, value)),
            _ => None,
        }));
    }
    out
}

/// Whether a mapping has a key, as far as it is written down; one that is made otherwise may have any.
fn has_key(code: &Code<'_>, f: FuncId, value: Value, key: &str) -> bool {
    match code.op(f, code.plain(f, value)) {
        Op::Dict(entries) => {
            entries.iter().any(|(k, _)| k.is_none_or(|k| code.literal(f, k).is_none_or(|text| text == key)))
        }
        _ => true,
    }
}

/// Whether a class is one of the framework's views.
fn of_framework(code: &Code<'_>, class: ClsId) -> bool {
    code.res.hierarchy.external_bases(class).iter().any(|base| {
        let name = code.api(*base);
        ["rest_framework.viewsets.", "rest_framework.generics.", "rest_framework.views."]
            .iter()
            .any(|package| name.starts_with(package))
    })
}

/// Whether a class, or one that it derives from, says itself what is asked for, if by nothing.
fn declares(code: &Code<'_>, class: ClsId) -> bool {
    code.res.hierarchy.order(class).iter().any(|c| {
        let body = code.res.program.class_body(*c);
        code.function(body).insts.iter().any(|i| {
            matches!(i.op, Op::StoreName(name, _) if matches!(code.text(name), "permission_classes" | "get_permissions"))
        })
    })
}

/// Whether a method of a class checks something itself.
fn methods_check(code: &Code<'_>, guards: &Guards, class: ClsId) -> bool {
    let order = code.res.hierarchy.order(class);
    code.res.program.functions.iter_enumerated().any(|(f, info)| {
        info.class.is_some_and(|c| order.contains(&c)) && (guards.checks(f) || !guards.on(f).is_empty())
    })
}
