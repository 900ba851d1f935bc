//! Views that go without a token against forged requests, and why some may: no cookie lets their callers in.
//!
//! What counts is what is exempted: the function that `csrf_exempt` gets, or the method or class that `method_decorator` is put on, with
//! the decorators around it.

use crate::code::{Code, words};
use assay_dataflow::UseList;
use assay_finding::Outcome;
use assay_ir::{Arg, Const, Op, Value};
use assay_resolve::{ClsId, FuncId, Object};

/// Words in the name of a view that say that programs call it.
const CALLED_BY_PROGRAMS: &[&str] = &[
    "webhook",
    "webhooks",
    "hook",
    "callback",
    "callbacks",
    "notify",
    "notification",
    "ipn",
    "saml",
    "acs",
    "sls",
    "oauth",
    "oauth2",
    "oidc",
    "sso",
    "social",
    "socialauth",
    "autodiscover",
    "token",
    "health",
    "ping",
    "csp",
    "xmlrpc",
    "jsonrpc",
    "rpc",
    "api",
];
/// Functions that ask for proof of where a request comes from.
const PROVES: &[&str] = &[
    "compare_digest",
    "constant_time_compare",
    "verify_signature",
    "validate_signature",
    "check_signature",
    "verify_token",
    "construct_event",
];
/// What a request carries that browsers do not send by themselves.
const SENT_BY_HAND: &[&str] =
    &["authorization", "http_authorization", "x-api-key", "http_x_api_key", "x-auth-token", "client_secret"];
/// Decorators that let in whoever is not logged in.
const FOR_STRANGERS: &[&str] = &["login_not_required", "login_exempt", "no_login_required", "allow_anonymous"];
/// Decorators around a view that are looked at.
const MAX_DECORATORS: usize = 8;

/// Why a view may go without a token against forged requests: the function that a call gets, or, `for_methods`, what its result is put on.
pub(crate) fn needs_no_token(
    code: &Code<'_>,
    f: FuncId,
    call: Value,
    args: &[Arg],
    for_methods: bool,
) -> Option<(Outcome, &'static str, String)> {
    let views = exempted(code, f, call, args, for_methods);
    if views.is_empty() {
        let view = args.first().filter(|_| !for_methods)?;
        let detail = format!("which view `{}` is is not known", code.shown_value(f, view.value));
        return Some((Outcome::NotObserved, "value-unknown", detail));
    }
    let by_name = views.iter().find_map(|view| {
        let name = code.res.program.qualified_name(*view);
        // A class is named for itself; in a module named `api` stand views that know users by a cookie, too.
        let module = code.text(code.res.program.module_of(*view).name);
        let name = if for_methods { name.strip_prefix(module).unwrap_or(&name) } else { &name };
        words(name).into_iter().find(|w| CALLED_BY_PROGRAMS.contains(&w.as_str()))
    });
    if let Some(word) = by_name {
        return Some((
            Outcome::Safe,
            "called-by-programs",
            format!("`{word}` says that programs call it, not browsers"),
        ));
    }
    if let Some(class) = code.res.program.functions[views[0]].class.filter(|class| only_reads(code, *class)) {
        let name = code.text(code.res.program.class(class).name);
        let detail = format!("`{name}` answers no method by which a request changes anything");
        return Some((Outcome::Safe, "only-reads", detail));
    }
    let around = decorators(code, f, call);
    let proof = views.iter().chain(&around).find_map(|f| {
        let f = *f;
        code.res.calls(f).iter().find_map(|(call, _)| {
            let callee = code.callee(f, *call);
            let last = callee.rsplit('.').next().unwrap_or_default().to_owned();
            PROVES.contains(&last.as_str()).then_some(last)
        })
    });
    if let Some(by) = proof {
        return Some((Outcome::Safe, "validated-by", format!("`{by}` checks where the request comes from")));
    }
    if let Some(name) = for_strangers(code, f, call) {
        let detail = format!("`{name}` says that nobody has to be logged in there");
        return Some((Outcome::NotObserved, "for-strangers", detail));
    }
    if let Some(by) = around.iter().find(|by| reads_token(code, **by)) {
        let name = code.function_name(*by);
        let detail = format!("`{name}` asks for a token that browsers do not send by themselves");
        return Some((Outcome::Safe, "validated-by", detail));
    }
    if let Some(name) = views.iter().find_map(|view| sent_by_hand(code, *view))
        && !views.iter().any(|view| reads_cookies(code, *view))
    {
        let detail = format!("it reads `{name}`, which browsers do not send by themselves");
        return Some((Outcome::Safe, "validated-by", detail));
    }
    (!crate::effects::change_something(code, &views)).then(|| {
        let detail = "nothing that it does is seen to change anything".to_owned();
        (Outcome::NotObserved, "no-change-seen", detail)
    })
}

/// The functions that answer for what a call exempts.
fn exempted(code: &Code<'_>, f: FuncId, call: Value, args: &[Arg], for_methods: bool) -> Vec<FuncId> {
    let view = if for_methods {
        UseList::new(code.function(f)).insts(call).find_map(|user| match code.op(f, user) {
            Op::Call { func, args } if *func == call => args.first().map(|a| a.value),
            _ => None,
        })
    } else {
        args.first().map(|a| a.value)
    };
    let mut out = Vec::new();
    for object in view.into_iter().flat_map(|view| code.res.objects(f, view)) {
        match object {
            Object::Function(view) => match code.res.program.functions[view].class {
                Some(class) => out.extend(methods(code, class)),
                None => out.push(view),
            },
            Object::Class(class) => out.extend(methods(code, class)),
            _ => {}
        }
    }
    out
}

fn methods(code: &Code<'_>, class: ClsId) -> impl Iterator<Item = FuncId> {
    let functions = code.res.program.functions.iter_enumerated();
    functions.filter(move |(_, info)| info.class == Some(class)).map(|(id, _)| id)
}

/// Whether a class of views answers requests that read, and no others, whatever it derives from.
fn only_reads(code: &Code<'_>, class: ClsId) -> bool {
    let hierarchy = &code.res.hierarchy;
    let plain = hierarchy.external_bases(class).iter().all(|base| {
        let name = code.api(*base).rsplit('.').next().unwrap_or_default();
        name.ends_with("Mixin") || matches!(name, "View" | "TemplateView" | "ListView" | "DetailView" | "object")
    });
    let answers = |method: &str| {
        let name = code.res.program.strings.lookup(method);
        name.is_some_and(|name| hierarchy.method(class, name).is_some())
    };
    plain && answers("get") && !["post", "put", "patch", "delete"].into_iter().any(answers)
}

/// A decorator beside a call that says that whoever asks need not be logged in.
fn for_strangers(code: &Code<'_>, f: FuncId, call: Value) -> Option<&'static str> {
    let users = UseList::new(code.function(f));
    let applied = |at: Value| {
        users.insts(at).find(|user| {
            matches!(code.op(f, *user), Op::Call { func, args }
                if *func == at || args.first().is_some_and(|a| a.value == at))
        })
    };
    let mut around = vec![call];
    let mut at = call;
    while let Some(next) = applied(at).filter(|_| around.len() < MAX_DECORATORS) {
        around.push(next);
        at = next;
    }
    let mut inner = around.clone();
    while let Some(at) = inner.pop() {
        let Op::Call { args, .. } = code.op(f, at) else { continue };
        let below = args.first().map(|a| a.value).filter(|v| matches!(code.op(f, *v), Op::Call { .. }));
        if let Some(below) = below.filter(|v| !around.contains(v) && around.len() < 2 * MAX_DECORATORS) {
            around.push(below);
            inner.push(below);
        }
    }
    around.into_iter().find_map(|at| {
        let Op::Call { func, .. } = code.op(f, at) else { return None };
        let shown = code.shown_value(f, *func);
        FOR_STRANGERS.iter().copied().find(|name| shown.contains(name))
    })
}

/// The decorators of the program around what a call makes, with the functions that they put in its place.
fn decorators(code: &Code<'_>, f: FuncId, call: Value) -> Vec<FuncId> {
    let users = UseList::new(code.function(f));
    let mut around = Vec::new();
    let mut at = call;
    for _ in 0..MAX_DECORATORS {
        let Some(next) = users.insts(at).find(
            |user| matches!(code.op(f, *user), Op::Call { args, .. } if args.first().is_some_and(|a| a.value == at)),
        ) else {
            break;
        };
        around.push(next);
        at = next;
    }
    at = call;
    for _ in 0..MAX_DECORATORS {
        let Op::Call { args, .. } = code.op(f, at) else { break };
        let Some(inner) = args.first().map(|a| a.value).filter(|v| matches!(code.op(f, *v), Op::Call { .. })) else {
            break;
        };
        around.push(inner);
        at = inner;
    }
    let mut out = Vec::new();
    for (call, targets) in code.res.calls(f) {
        if around.contains(call) {
            for target in &targets.functions {
                let module = code.res.program.functions[target.function].module;
                let within = format!("{}.<locals>.", code.res.program.qualified_name(target.function));
                out.push(target.function);
                out.extend(code.res.program.functions.ids().filter(|id| {
                    code.res.program.functions[*id].module == module
                        && code.res.program.qualified_name(*id).starts_with(&within)
                }));
            }
        }
    }
    out
}

/// Whether a function reads a token.
fn reads_token(code: &Code<'_>, f: FuncId) -> bool {
    code.function(f).insts.iter().any(|inst| {
        let (Op::Const(Const::Str(name)) | Op::Attr(_, name) | Op::Global(name)) = &inst.op else { return false };
        let words = words(code.text(*name));
        words.iter().any(|w| matches!(w.as_str(), "token" | "bearer" | "apikey")) && !words.iter().any(|w| w == "csrf")
    })
}

/// What a function reads of a request that browsers do not send by themselves.
fn sent_by_hand<'a>(code: &Code<'a>, f: FuncId) -> Option<&'a str> {
    code.function(f).insts.iter().find_map(|inst| match inst.op {
        Op::Const(Const::Str(text)) => {
            let text = code.text(text);
            SENT_BY_HAND.iter().any(|name| text.eq_ignore_ascii_case(name)).then_some(text)
        }
        _ => None,
    })
}

/// Whether a function asks for what is known by a cookie.
fn reads_cookies(code: &Code<'_>, f: FuncId) -> bool {
    code.function(f)
        .insts
        .iter()
        .any(|inst| matches!(&inst.op, Op::Attr(_, name) if matches!(code.text(*name), "session" | "user" | "COOKIES")))
}
