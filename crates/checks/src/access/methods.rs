//! What a mere link changes, and settings without the check for forged requests.
//!
//! A request by `GET` is sent by every link and image of every page: browsers send cookies along, and no framework asks for a token.

use super::assignment::is_model;
use super::guards::Guards;
use super::vocabulary::changes;
use crate::code::{Code, Defect};
use crate::options::for_development;
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::{FunctionKind, Op, Value};
use assay_models::{AccessKind, EntryKind};
use assay_resolve::{FuncId, Object};
use assay_values::ConstValue;

pub(crate) fn examine(code: &Code<'_>, guards: &Guards, out: &mut Vec<Examined>) {
    if let Some(check) = check("state-change-by-get") {
        for entry in code.res.entries.iter().filter(|e| e.kind == EntryKind::Http && !code.in_test(e.function)) {
            out.extend(by_get(code, check, guards, entry.function));
        }
    }
    if let Some(check) = check("csrf-exemption") {
        for f in code.res.program.functions.ids() {
            if code.function(f).kind == FunctionKind::ModuleBody && !code.in_test(f) {
                middleware(code, check, f, out);
            }
        }
    }
}

/// A view that deletes or stores something when it is merely visited.
fn by_get(code: &Code<'_>, check: &'static Check, guards: &Guards, f: FuncId) -> Option<Examined> {
    let function = code.function(f);
    let name = code.function_name(f);
    let django = |f: FuncId| {
        code.res.program.functions[f].class.is_some_and(|class| {
            code.res
                .hierarchy
                .external_bases(class)
                .iter()
                .any(|a| code.api(*a).starts_with("django.") || code.api(*a).starts_with("rest_framework."))
        })
    };
    let method = code.res.program.functions[f].class.is_some();
    // A function view of Django gets a request first; those of other frameworks say their methods where they are registered.
    let first = function.params.first().map(|p| code.text(p.name));
    if method && !(name == "get" && django(f)) || !method && first != Some("request") {
        return None;
    }
    let limited = guards.on(f).iter().any(|g| g.kind == AccessKind::Method);
    let other = guards.decorators.get(&f).is_some_and(|names| {
        names.iter().any(|n| !matches!(n.as_str(), "csrf_exempt" | "never_cache" | "atomic" | "cache_page"))
    });
    if limited || other {
        return None;
    }
    // It asks for the method, or reads what only other methods send.
    let asks = function.insts.iter().any(|i| {
        matches!(&i.op, Op::Attr(_, name) if matches!(code.text(*name), "method" | "POST" | "body" | "data" | "FILES" | "json" | "form" | "is_ajax"))
    });
    if asks {
        return None;
    }
    let (call, what) = function.insts.iter_enumerated().find_map(|(v, i)| {
        let Op::Call { func, .. } = &i.op else { return None };
        let Op::Attr(base, called) = function.op(*func) else { return None };
        let called = code.text(*called);
        let strong = matches!(called, "delete" | "bulk_create")
            || matches!(called, "save" | "create" | "update") && changes(name) && !method;
        (strong && is_stored(code, f, *base)).then_some((v, called))
    })?;
    let span = code.span(f, call);
    let title = format!("A link is enough to make `{name}` {what} something");
    let message = format!(
        "`{name}` does `{}` for requests of any method: a link or an image on any page makes the browser of whoever is logged in send it.",
        code.shown(f, span)
    );
    let mut defect = Defect::new("state-change-by-get", title, message);
    defect.outcome = Outcome::Potential;
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Medium);
    defect.assumptions.push("browsers send what logs in by themselves".to_owned());
    defect.false_if = false_if(check);
    name.clone_into(&mut defect.value);
    Some(code.defect(check, f, span, &code.callee(f, call), defect))
}

/// Whether a value is a stored object, or a set of them.
fn is_stored(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    code.objects(f, value).into_iter().any(|object| match object {
        Object::Instance(class) | Object::SelfOf(class) => is_model(code, class),
        Object::Api(api) => code.api(api).starts_with("django.db.models"),
        _ => false,
    })
}

/// A list of Django's middleware that knows sessions and lacks the check for forged requests.
fn middleware(code: &Code<'_>, check: &'static Check, f: FuncId, out: &mut Vec<Examined>) {
    let stored = code.function(f).insts.iter().filter_map(|i| match i.op {
        Op::StoreGlobal(name, Some(value)) if matches!(code.text(name), "MIDDLEWARE" | "MIDDLEWARE_CLASSES") => {
            Some((code.text(name), value))
        }
        _ => None,
    });
    for (name, value) in stored {
        let Some(ConstValue::Sequence(elements)) = assay_taint::constant(code.res, f, value) else { continue };
        let texts: Vec<String> = elements.iter().filter_map(|e| e.as_str().map(str::to_lowercase)).collect();
        if !texts.iter().any(|t| t.contains("sessionmiddleware") || t.contains("authenticationmiddleware")) {
            continue;
        }
        let span = code.span(f, value);
        if texts.iter().any(|t| t.contains("csrf")) {
            let detail = "the middleware that checks is in the list".to_owned();
            out.push(code.closed(check, f, span, name, Outcome::Safe, "validated-setting", detail));
            continue;
        }
        if let Some(word) = for_development(code, f) {
            let detail = format!("`{word}` says that it is for development");
            out.push(code.closed(check, f, span, name, Outcome::Safe, "development", detail));
            continue;
        }
        let title = format!("`{name}` lacks the check for forged requests");
        let message = format!("`{name}` has sessions but no `django.middleware.csrf.CsrfViewMiddleware`.");
        let mut defect = Defect::new("setting", title, message);
        defect.outcome = Outcome::Potential;
        defect.confidence = Confidence::Medium;
        defect.assumptions.push("no other settings module adds the middleware".to_owned());
        defect.false_if = false_if(check);
        name.clone_into(&mut defect.value);
        out.push(code.defect(check, f, span, name, defect));
    }
}
