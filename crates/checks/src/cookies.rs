//! Cookies that say who somebody is, and the flags that they are set with.

use crate::code::{Code, Defect, Passed, words};
use crate::settings::false_if;
use crate::{Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::{ArgKind, Op};
use assay_models::ArgumentSpec;

const SETTERS: &[&str] = &["set_cookie", "set_signed_cookie", "set_secure_cookie"];
/// Words in the names of cookies by which a service knows somebody.
const IDENTITY: &[&str] = &[
    "session",
    "sessionid",
    "sid",
    "sess",
    "auth",
    "token",
    "jwt",
    "login",
    "remember",
    "credential",
    "credentials",
    "access",
    "refresh",
    "sso",
];
/// Cookies that a script must be able to read.
const FOR_SCRIPTS: &[&str] = &["csrf", "xsrf", "csrftoken"];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("insecure-cookie") else { return };
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let Op::Call { func, args } = code.op(f, *call) else { continue };
            let Op::Attr(_, method) = code.op(f, *func) else { continue };
            if !SETTERS.contains(&code.text(*method)) || !targets.functions.is_empty() {
                continue;
            }
            let named = |names: &[&str], position: Option<u32>| {
                let spec = ArgumentSpec {
                    names: names.iter().map(|n| (*n).to_owned()).collect(),
                    positions: position.map(|p| p..=p).into_iter().collect(),
                    ..ArgumentSpec::default()
                };
                code.selected(f, args, &spec)
            };
            let Passed::Value(name) = named(&["key", "name"], Some(0)) else { continue };
            let Some(name) = code.string(f, name) else { continue };
            let parts = words(&name);
            let for_scripts = parts.iter().any(|w| FOR_SCRIPTS.contains(&w.as_str()));
            if !parts.iter().any(|w| IDENTITY.contains(&w.as_str())) || for_scripts {
                continue;
            }
            // A cookie that is taken back needs no flags.
            let taken_back = args.iter().any(|a| {
                matches!(a.kind, ArgKind::Keyword(n) if ["max_age", "expires"].contains(&code.text(n)))
                    && matches!(code.subject(f, a.value), crate::subject::Subject::Const(c) if c.truth() == Some(false) && c != assay_values::ConstValue::None)
            });
            let empty = matches!(named(&["value"], Some(1)), Passed::Value(v) if code.string(f, v).is_some_and(|s| s.is_empty()));
            let span = code.span(f, *call);
            let api = code.callee(f, *call);
            if taken_back || empty {
                out.push(code.closed(
                    check,
                    f,
                    span,
                    &api,
                    Outcome::Safe,
                    "taken-back",
                    format!("`{name}` is taken back"),
                ));
                continue;
            }
            let mut missing = Vec::new();
            let mut unknown = false;
            for flag in ["httponly", "secure"] {
                match named(&[flag], None) {
                    Passed::Missing => missing.push(flag),
                    Passed::Unknown => unknown = true,
                    Passed::Value(value) => {
                        let off = code.candidates(f, value).iter().all(
                            |c| matches!(&c.subject, crate::subject::Subject::Const(c) if c.truth() == Some(false)),
                        );
                        if off {
                            missing.push(flag);
                        }
                    }
                }
            }
            if missing.is_empty() {
                let (outcome, reason) = if unknown {
                    (Outcome::NotObserved, "value-unknown")
                } else {
                    (Outcome::Safe, "validated-setting")
                };
                out.push(code.closed(check, f, span, &api, outcome, reason, format!("the flags of `{name}`")));
                continue;
            }
            let without = missing.join("` and `");
            let title = format!("The cookie `{name}` is set without `{without}`");
            let mut defect = Defect::potential("setting", title.clone(), format!("{title}."));
            defect.confidence = Confidence::Medium;
            defect.severity = Some(if missing.len() > 1 { Severity::Medium } else { Severity::Low });
            defect.assumptions.push(format!("`{name}` lets in whoever has it"));
            defect.false_if = false_if(check);
            defect.value = missing.iter().map(|flag| format!("{flag}=True")).collect::<Vec<_>>().join(", ");
            out.push(code.defect(check, f, span, &api, defect));
        }
    }
}
