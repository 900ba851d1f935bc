//! Attributes that are settings: `session.verify = False`, `context.check_hostname = False`, and class bodies that say so.

use crate::code::{Code, Defect, Passed};
use crate::settings::{Answer, Row, answer, false_if, is_written, roots_of, roots_of_class};
use crate::switches::{is_set_on_the_other_way, switched_by};
use crate::{Check, Examined, Good, Wanted, check};
use assay_finding::{Confidence, Outcome, Severity, Step, StepKind};
use assay_ir::{Op, Value};
use assay_models::Condition;
use assay_resolve::FuncId;
use assay_text::Span;

/// Assignments to attributes that are settings, in methods and in the bodies of derived classes.
pub(crate) fn assignments(code: &Code<'_>, f: FuncId, out: &mut Vec<Examined>) {
    let function = code.function(f);
    let class = code.class_of_body(f);
    for (at, inst) in function.insts.iter_enumerated() {
        let (name, value, roots) = match &inst.op {
            Op::StoreAttr { base, name, value } => (*name, *value, roots_of(code, f, *base)),
            Op::StoreName(name, value) => {
                let Some(class) = class else { continue };
                (*name, *value, roots_of_class(code, class))
            }
            _ => continue,
        };
        let attribute = code.text(name);
        let mut sites: Vec<(&'static Check, Vec<&Condition>, String)> = Vec::new();
        for root in roots {
            for (assigned, condition, id) in &code.res.models().facts(root).assignments {
                if assigned != attribute {
                    continue;
                }
                let Some(check) = check(id) else { continue };
                if let Some(site) = sites.iter_mut().find(|s| s.0.id == check.id) {
                    site.1.push(condition);
                } else {
                    let owner = code
                        .res
                        .models()
                        .type_name(root)
                        .map_or_else(|| code.res.models().describe(root), str::to_owned);
                    sites.push((check, vec![condition], format!("{owner}.{attribute}")));
                }
            }
        }
        for (check, conditions, api) in sites {
            let span = inst.span;
            let good = conditions.iter().find_map(|condition| Good::opposite(condition));
            let answers: Vec<Answer> = conditions
                .into_iter()
                .map(|condition| {
                    let row = Row { check, condition, name: attribute.to_owned(), subject: Passed::Value(value) };
                    answer(code, f, at, &[], &row)
                })
                .collect();
            let mut site = assigned(code, f, at, span, check, &api, value, answers);
            if let Some(explanation) = &mut site.explanation
                && is_written(code, f, value)
            {
                let value = Some(code.span(f, value));
                explanation.wanted = Some(Wanted { span, api, name: attribute.to_owned(), value, good });
            }
            out.push(site);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the assignment and what was concluded of it")]
fn assigned(
    code: &Code<'_>,
    f: FuncId,
    at: Value,
    span: Span,
    check: &'static Check,
    api: &str,
    value: Value,
    answers: Vec<Answer>,
) -> Examined {
    let mut unknown = None;
    let mut safe = None;
    for answer in answers {
        match answer {
            Answer::Yes { outcome, step } => {
                if check.id == "tls-verification-disabled"
                    && let Some(by) = switched_by(code, f, at)
                {
                    let detail = format!("off only where `{by}` says so: the configuration decides");
                    return code.closed(check, f, span, api, Outcome::NotObserved, "switchable", detail);
                }
                if check.id == "tls-verification-disabled" && is_set_on_the_other_way(code, f, at) {
                    let detail =
                        "on where the other way of a branch is taken: a side of the connection decides".to_owned();
                    return code.closed(check, f, span, api, Outcome::NotObserved, "switchable", detail);
                }
                if check.id == "tls-verification-disabled"
                    && let Some(by) = for_the_server(code, f, at)
                {
                    let detail = format!("`{by}` makes a context for the side that is connected to");
                    return code.closed(check, f, span, api, Outcome::Safe, "server-side", detail);
                }
                if check.id == "debug-mode"
                    && let Some(word) = crate::options::for_development(code, f)
                {
                    let detail = format!("`{word}` says that it is for development");
                    return code.closed(check, f, span, api, Outcome::Safe, "development", detail);
                }
                let title = format!("`{api}` is set to `{}`", code.shown_value(f, value));
                let message = format!("`{}` switches it off.", code.shown_value(f, at));
                let mut defect = Defect::new("setting", title, message);
                defect.outcome = outcome;
                if outcome == Outcome::Potential {
                    defect.confidence = Confidence::Medium;
                }
                if check.id == "tls-verification-disabled" && is_certificate_required(code, f, at) {
                    defect.outcome = Outcome::Potential;
                    defect.confidence = Confidence::Medium;
                    defect.severity = Some(Severity::Medium);
                    defect
                        .assumptions
                        .push("this is the side that connects, and compares the name nowhere else".to_owned());
                }
                defect.before.extend(step);
                defect.before.extend(made_here(code, f, at));
                defect.false_if = false_if(check);
                defect.value = code.shown_value(f, value);
                return code.defect(check, f, span, api, defect);
            }
            Answer::Unknown { detail } => unknown = Some(detail),
            Answer::No { detail } => safe = Some(detail),
        }
    }
    match unknown {
        Some(detail) => code.closed(check, f, span, api, Outcome::NotObserved, "value-unknown", detail),
        None => code.closed(check, f, span, api, Outcome::Safe, "validated-setting", safe.unwrap_or_default()),
    }
}

/// Where the object was made whose attribute is set: all that is switched off in one object is one finding.
fn made_here(code: &Code<'_>, f: FuncId, at: Value) -> Option<Step> {
    let Op::StoreAttr { base, .. } = code.op(f, at) else { return None };
    let base = code.plain(f, *base);
    matches!(code.op(f, base), Op::Call { .. }).then(|| Step {
        kind: StepKind::Source,
        place: code.place(f, code.span(f, base)),
        message: format!("`{}` is made here", code.callee(f, base)),
    })
}

/// What makes the object whose attribute is set a context for servers, which check no name and, unless they ask for it, no
/// certificate.
fn for_the_server(code: &Code<'_>, f: FuncId, at: Value) -> Option<String> {
    let Op::StoreAttr { base, .. } = code.op(f, at) else { return None };
    let made = code.plain(f, *base);
    let Op::Call { args, .. } = code.op(f, made) else { return None };
    let serves = |value: Value| {
        code.res
            .apis_of(f, value)
            .any(|api| ["ssl.Purpose.CLIENT_AUTH", "ssl.PROTOCOL_TLS_SERVER"].contains(&code.api(api)))
    };
    args.iter().any(|arg| serves(arg.value)).then(|| code.shown_value(f, made))
}

/// Whether the name of a host is all that is not checked: the same object asks for a certificate.
fn is_certificate_required(code: &Code<'_>, f: FuncId, at: Value) -> bool {
    let Op::StoreAttr { base, name, .. } = code.op(f, at) else { return false };
    let required = |value: Value| {
        code.res
            .apis_of(f, value)
            .any(|api| ["ssl.CERT_REQUIRED", "ssl.VerifyMode.CERT_REQUIRED"].contains(&code.api(api)))
    };
    code.text(*name) == "check_hostname"
        && code.function(f).insts.iter().any(|inst| match &inst.op {
            Op::StoreAttr { base: other, name, value } => {
                other == base && code.text(*name) == "verify_mode" && required(*value)
            }
            _ => false,
        })
}
