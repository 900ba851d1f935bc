//! Checks that stand above the registration of a handler, and so do nothing for it.
//!
//! - Decorators are applied from the bottom to the top. One that registers a handler (`@app.route("/")`) registers what stands below it.
//! - A check *above* it makes another function of the name, which nobody asks: requests reach the one without the check.

use super::guards::{Guards, Made, access_of, decorated, is_check, name_of_callee};
use super::vocabulary::guard_by_name;
use crate::code::{Code, Defect};
use crate::evaluate::registration_facts;
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Severity, StepKind};
use assay_ir::{Op, Value};
use assay_models::{AccessKind, EntryKind, Part};
use assay_resolve::FuncId;

/// Decorators around one definition.
const MAX_DECORATORS: u32 = 8;
/// Frameworks whose decorators register at once what they are put on. Others mark it, and look for it by its name later.
const AT_ONCE: &[&str] = &["flask.", "quart.", "sanic.", "bottle.", "fastapi.", "starlette.", "aiohttp."];

/// Each check that stands above a registration.
pub(super) fn examine(code: &Code<'_>, check: &'static Check, guards: &Guards, out: &mut Vec<Examined>) {
    // What comes before every request asks whatever the decorators do.
    if !guards.everywhere.is_empty() {
        return;
    }
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || code.res.program.module_of(f).template {
            continue;
        }
        for (at, inst) in code.function(f).insts.iter_enumerated() {
            let Op::Call { func, args } = &inst.op else { continue };
            let [only] = args.as_slice() else { continue };
            let Op::Call { func: maker, .. } = code.op(f, only.value) else { continue };
            if !matches!(code.op(f, *maker), Op::Call { .. }) || !registers(code, f, *maker) {
                continue;
            }
            let Some(name) = asks(code, f, *func) else { continue };
            if let Some(Made::Function(handler)) = decorated(code, f, only.value)
                && !below(code, f, only.value)
            {
                out.push(judged(code, check, (f, at), name, *maker, handler));
            }
        }
    }
}

/// Whether a call makes a decorator that registers a handler of requests at once.
fn registers(code: &Code<'_>, f: FuncId, maker: Value) -> bool {
    let known = code.res.call(f, maker).is_some_and(|targets| {
        targets.apis.iter().any(|api| AT_ONCE.iter().any(|framework| code.api(*api).starts_with(framework)))
    });
    known
        && registration_facts(code, f, maker)
            .iter()
            .flat_map(|facts| &facts.routes)
            .any(|route| route.kind == EntryKind::Http && route.handler == Part::Decorated && route.path != Part::None)
}

/// The name of a decorator that asks who may come in.
fn asks<'a>(code: &Code<'a>, f: FuncId, decorator: Value) -> Option<&'a str> {
    let name = name_of_callee(code, f, decorator)?;
    let by_model = code.res.apis_of(f, decorator).find_map(|api| access_of(code, api));
    let kind: AccessKind = by_model.or_else(|| guard_by_name(None, name))?;
    is_check(kind).then_some(name)
}

/// Whether a check stands below the registration as well.
fn below(code: &Code<'_>, f: FuncId, registered: Value) -> bool {
    let mut at = registered;
    for _ in 0..MAX_DECORATORS {
        let Op::Call { args, .. } = code.op(f, at) else { return false };
        let [inner] = args.as_slice() else { return false };
        let Op::Call { func, .. } = code.op(f, inner.value) else { return false };
        if asks(code, f, *func).is_some() {
            return true;
        }
        at = inner.value;
    }
    false
}

fn judged(
    code: &Code<'_>,
    check: &'static Check,
    (f, at): (FuncId, Value),
    asks: &str,
    maker: Value,
    handler: FuncId,
) -> Examined {
    let name = code.function_name(handler);
    let route = code.shown_value(f, maker);
    let title = format!("`{asks}` stands above the route of `{name}`, which is answered without it");
    let message = format!(
        "Decorators are applied from the bottom to the top: `{route}` registers `{name}` as it is, and `{asks}` makes another function of it that nobody asks."
    );
    let mut defect = Defect::new("check-above-route", title, message);
    defect.confidence = Confidence::High;
    defect.severity = Some(Severity::High);
    for (value, what) in [(at, "the check, applied last"), (maker, "the registration, applied before it")] {
        let place = code.place(f, code.span(f, value));
        defect.lead(StepKind::Call, place, what.to_owned());
    }
    "answered without the check".clone_into(&mut defect.step);
    defect.false_if = false_if(check);
    asks.clone_into(&mut defect.source);
    name.clone_into(&mut defect.value);
    code.defect(check, handler, code.function(handler).name_span, name, defect)
}
