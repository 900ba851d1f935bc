//! What a mere link changes, and settings without the check for forged requests.
//!
//! A request by `GET` is sent by every link and image of every page: browsers send cookies along, and no framework asks for a token.

use super::assignment::is_model;
use super::entries::Handler;
use super::guards::Guards;
use super::vocabulary::{changes, is_public};
use crate::code::{Code, Defect, words};
use crate::effects::Effects;
use crate::options::for_development;
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{FunctionKind, Op, Value};
use assay_models::AccessKind;
use assay_resolve::{FuncId, Object};
use assay_values::ConstValue;
use std::cell::LazyCell;

/// Calls between a handler and what it changes.
const MAX_DEPTH: u32 = 4;
/// Functions that are looked at for one handler.
const MAX_FUNCTIONS: usize = 200;

pub(crate) fn examine(
    code: &Code<'_>,
    guards: &Guards,
    effects: &Effects,
    handlers: &[Handler],
    out: &mut Vec<Examined>,
) {
    if let Some(check) = check("state-change-by-get") {
        let cookies = LazyCell::new(|| logs_in_by_cookies(code));
        for handler in handlers.iter().filter(|h| h.answers(code)) {
            let found = by_get(code, check, guards, handler.function);
            out.extend(found.or_else(|| by_declared_get(code, check, guards, effects, handler, &cookies)));
        }
    }
    if let Some(check) = check("csrf-exemption") {
        unprotected(code, check, effects, handlers, out);
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
    if let Some(call) = ends_session(code, f) {
        return Some(logs_out(code, check, f, call));
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
    let mut defect = Defect::potential("state-change-by-get", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Medium);
    defect.assumptions.push("browsers send what logs in by themselves".to_owned());
    defect.false_if = false_if(check);
    name.clone_into(&mut defect.value);
    Some(code.defect(check, f, span, &code.callee(f, call), defect))
}

/// The call that ends the session of whoever asks.
fn ends_session(code: &Code<'_>, f: FuncId) -> Option<Value> {
    let ends = |api: &assay_resolve::ApiId| code.api(*api) == "django.contrib.auth.logout";
    code.res.calls(f).iter().find(|(_, targets)| targets.apis.iter().any(ends)).map(|(call, _)| *call)
}

/// A view that logs out whoever is made to visit it.
fn logs_out(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value) -> Examined {
    let name = code.function_name(f);
    let title = format!("A link is enough to make `{name}` log somebody out");
    let message = format!(
        "`{name}` ends the session for requests of any method: a link or an image on any page makes the browser of whoever is logged in send it."
    );
    let mut defect = Defect::potential("state-change-by-get", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Low);
    defect.assumptions.push("browsers send what logs in by themselves".to_owned());
    defect.false_if = false_if(check);
    name.clone_into(&mut defect.value);
    code.defect(check, f, code.span(f, call), &code.callee(f, call), defect)
}

/// Packages that know by a cookie who is logged in.
const BY_COOKIE: &[&str] = &["flask_login", "flask_security", "flask_user", "flask_session", "aiohttp_session"];

/// Whether the program keeps who is logged in in a cookie, as far as what it imports says.
fn logs_in_by_cookies(code: &Code<'_>) -> bool {
    let program = &code.res.program;
    program.functions.ids().filter(|f| !code.in_test(*f)).any(|f| {
        code.function(f).insts.iter().any(|i| match &i.op {
            Op::Import { module, .. } => BY_COOKIE.contains(&code.text(*module)),
            Op::ImportFrom { module, name, .. } => {
                let module = code.text(*module);
                BY_COOKIE.contains(&module) || module == "flask" && code.text(*name) == "session"
            }
            _ => false,
        })
    })
}

/// Whether a name says that what exists goes away, or that something is started or stopped.
fn is_destructive(name: &str) -> bool {
    words(name).iter().any(|w| {
        matches!(
            w.as_str(),
            "delete"
                | "remove"
                | "destroy"
                | "purge"
                | "drop"
                | "erase"
                | "clear"
                | "reset"
                | "revoke"
                | "disable"
                | "unlink"
        )
    })
}

/// The nearest call behind a handler that changes something: the function and the call, with the number of calls before it.
fn change(code: &Code<'_>, effects: &Effects, f: FuncId) -> Option<(FuncId, Value)> {
    let mut queue = vec![(f, 0)];
    let mut next = 0;
    while let Some(&(g, depth)) = queue.get(next) {
        next += 1;
        let own = effects.of(g).iter().find(|e| {
            e.changes()
                || e.api.is_some_and(|api| {
                    let name = code.api(api).rsplit('.').next();
                    matches!(name, Some("unlink" | "remove" | "rmtree" | "rmdir"))
                })
        });
        if let Some(effect) = own {
            return Some((g, effect.at));
        }
        if depth == MAX_DEPTH || queue.len() > MAX_FUNCTIONS {
            continue;
        }
        for (_, targets) in code.res.calls(g) {
            if let [target] = targets.functions.as_slice()
                && !queue.iter().any(|(known, _)| *known == target.function)
            {
                queue.push((target.function, depth + 1));
            }
        }
    }
    None
}

/// A handler that is registered for `GET`, whose name says that it takes something away, and that does.
fn by_declared_get(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    effects: &Effects,
    handler: &Handler,
    cookies: &LazyCell<bool, impl FnOnce() -> bool>,
) -> Option<Examined> {
    let f = handler.function;
    let name = code.function_name(f);
    let function = code.function(f);
    if !handler.has_path || !handler.methods.iter().any(|m| m == "GET") || !is_destructive(name) {
        return None;
    }
    // Who sends a token by hand does not send it with a link.
    let by_token = guards.of_function(code, f).iter().any(|g| {
        words(&g.name)
            .iter()
            .any(|w| matches!(w.as_str(), "token" | "key" | "jwt" | "basic" | "csrf" | "xsrf" | "nonce" | "signature"))
    });
    let asks = function.insts.iter().any(|i| {
        matches!(&i.op, Op::Attr(_, name) if matches!(code.text(*name), "method" | "form" | "json" | "get_json" | "validate_on_submit" | "is_submitted"))
    });
    if by_token || asks || !**cookies {
        return None;
    }
    let (g, call) = change(code, effects, f)?;
    let span = function.name_span;
    let shown = code.shown_value(g, call);
    let title = format!("A link is enough for `{name}`: it is registered for `GET` and changes something");
    let message = format!(
        "`{name}` answers `GET` and gets to `{shown}`: a link or an image on any page makes the browser of whoever is logged in send it."
    );
    let mut defect = Defect::potential("state-change-by-get", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Medium);
    "registered for `GET`".clone_into(&mut defect.step);
    defect.lead(StepKind::Call, code.place(g, code.span(g, call)), "what it changes");
    defect.assumptions.push("browsers send what logs in by themselves".to_owned());
    defect.false_if = false_if(check);
    name.clone_into(&mut defect.value);
    Some(code.defect(check, f, span, name, defect))
}

/// How a framework keeps logins in cookies of its own making, and what would tell forged requests from real ones.
struct LoginCookie {
    /// The call that sets it up, by the beginning and the end of its path.
    api: (&'static str, &'static str),
    shown: &'static str,
    lacks: &'static str,
}

const LOGIN_COOKIES: &[LoginCookie] = &[
    LoginCookie {
        api: ("flask_login.LoginManager", "LoginManager"),
        shown: "flask_login.LoginManager",
        lacks: "no `CSRFProtect`, no token in its forms and no `SESSION_COOKIE_SAMESITE`",
    },
    LoginCookie {
        api: ("tornado.web.", "set_secure_cookie"),
        shown: "set_secure_cookie",
        lacks: "no `xsrf_cookies`, no cookie with `samesite` and no look at the header `Origin` before them",
    },
    LoginCookie {
        api: ("tornado.web.", "set_signed_cookie"),
        shown: "set_signed_cookie",
        lacks: "no `xsrf_cookies`, no cookie with `samesite` and no look at the header `Origin` before them",
    },
];

/// Headers that say which page a request comes from.
const ORIGINS: &[&str] = &["Origin", "origin", "Referer", "Sec-Fetch-Site"];
/// Methods that frameworks call before those that answer.
const BEFORE: &[&str] = &["prepare", "dispatch", "initial"];

/// Whether what a framework calls before a handler looks at where the request comes from.
fn looks_at_origin(code: &Code<'_>, handler: FuncId) -> bool {
    let Some(class) = code.res.program.functions[handler].class else { return false };
    let first = BEFORE.iter().filter_map(|name| {
        let symbol = code.res.program.strings.lookup(name)?;
        code.res.hierarchy.method(class, symbol)
    });
    let mut work: Vec<(FuncId, u32)> = first.map(|f| (f, 0)).collect();
    let mut seen: Vec<FuncId> = Vec::new();
    while let Some((f, depth)) = work.pop() {
        if seen.contains(&f) || seen.len() >= MAX_FUNCTIONS {
            continue;
        }
        seen.push(f);
        let reads = |v: Value| code.literal(f, v).is_some_and(|text| ORIGINS.contains(&text));
        if code.function(f).insts.ids().any(reads) {
            return true;
        }
        if depth < MAX_DEPTH {
            work.extend(code.res.calls(f).iter().flat_map(|(_, t)| &t.functions).map(|t| (t.function, depth + 1)));
        }
    }
    false
}

/// An application that logs in by a cookie, changes something by `POST`, and nowhere checks where requests come from.
fn unprotected(
    code: &Code<'_>,
    check: &'static Check,
    effects: &Effects,
    handlers: &[Handler],
    out: &mut Vec<Examined>,
) {
    let program = &code.res.program;
    let set_up = program.functions.ids().filter(|f| !code.in_test(*f)).find_map(|f| {
        code.res.calls(f).iter().find_map(|(call, targets)| {
            let cookie = LOGIN_COOKIES.iter().find(|cookie| {
                let (start, end) = cookie.api;
                targets.apis.iter().any(|a| code.api(*a).starts_with(start) && code.api(*a).ends_with(end))
            })?;
            Some((f, *call, cookie))
        })
    });
    let Some((f, call, cookie)) = set_up else { return };
    let protected = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("csrf") || text.contains("xsrf") || text.contains("samesite") || text.contains("seasurf")
    };
    let span = code.span(f, call);
    if let Some(by) = program.strings.strings().find(|s| protected(s)) {
        let detail = format!("`{by}` is there to check");
        out.push(code.closed(check, f, span, cookie.shown, Outcome::Safe, "validated-setting", detail));
        return;
    }
    let changing = handlers.iter().find_map(|h| {
        let sends = h.methods.iter().any(|m| matches!(m.as_str(), "POST" | "PUT" | "DELETE" | "PATCH"));
        let counts = h.has_path && sends && h.answers(code);
        let (g, at) = counts.then(|| change(code, effects, h.function))??;
        (is_public(code.function_name(h.function)).is_none() && !looks_at_origin(code, h.function))
            .then_some((h.function, g, at))
    });
    let Some((handler, g, at)) = changing else { return };
    let title = "Nothing tells forged requests from real ones: logins are kept in a cookie".to_owned();
    let message = format!(
        "The application keeps logins in a cookie and has handlers that change something, such as `{}`, but {}.",
        code.res.program.qualified_name(handler),
        cookie.lacks
    );
    let mut defect = Defect::potential("setting", title, message);
    defect.confidence = Confidence::Medium;
    defect.lead(
        StepKind::Source,
        code.place(handler, code.function(handler).name_span),
        "a handler that changes something",
    );
    defect.lead(StepKind::Call, code.place(g, code.span(g, at)), "what it changes");
    defect.assumptions.push("nothing in front of the application checks where requests come from".to_owned());
    defect.false_if = false_if(check);
    cookie.shown.clone_into(&mut defect.value);
    out.push(code.defect(check, f, span, cookie.shown, defect));
}

/// Whether a value is a stored object, or a set of them.
fn is_stored(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    // `get_object_or_404(Post, pk=pk).delete()`
    if let Op::Call { func, args } = code.op(f, code.plain(f, value))
        && matches!(super::guards::name_of_callee(code, f, *func), Some("get_object_or_404"))
        && let Some(first) = args.first()
    {
        return code.objects(f, first.value).into_iter().any(|o| matches!(o, Object::Class(c) if is_model(code, c)));
    }
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
        let mut defect = Defect::potential("setting", title, message);
        defect.confidence = Confidence::Medium;
        defect.assumptions.push("no other settings module adds the middleware".to_owned());
        defect.false_if = false_if(check);
        name.clone_into(&mut defect.value);
        out.push(code.defect(check, f, span, name, defect));
    }
}
