//! Web sockets that are opened for pages of every site.
//!
//! - A *handshake* opens a web socket. It comes with the cookies of whoever looks at the page, whatever site the page is of; the
//!   browser asks the server nothing first, and hands all answers to the page. Only the header `Origin` tells.
//! - A handshake is *let in by a cookie* where the handler, or a function that it calls, reads cookies or a session.

use crate::code::{Code, Defect};
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::{Const, Op, Terminator, Value};
use assay_resolve::FuncId;

/// Functions that are called by a handler and asked, too.
const MAX_CALLED: usize = 24;
/// Attributes and functions that read what browsers send by themselves.
const COOKIES: &[&str] = &[
    "cookies",
    "session",
    "get_session",
    "get_secure_cookie",
    "get_signed_cookie",
    "get_cookie",
    "authorized_userid",
    "check_authorized",
];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = crate::check("websocket-any-origin") else { return };
    let with_cookies = COOKIES.iter().skip(2).any(|name| code.res.program.strings.lookup(name).is_some());
    let origin_read =
        ["Origin", "origin", "HTTP_ORIGIN", "ORIGIN"].iter().any(|n| code.res.program.strings.lookup(n).is_some());
    for f in code.res.program.functions.ids() {
        if code.function_name(f) == "check_origin" {
            examine_override(code, check, f, with_cookies, out);
        }
        for (call, targets) in code.res.calls(f) {
            let opens = targets.apis.iter().map(|api| code.api(*api)).any(|name| {
                let starlette =
                    (name.contains("starlette") || name.contains("fastapi")) && name.ends_with("WebSocket.accept");
                starlette || name.starts_with("aiohttp.web.WebSocketResponse") && name.ends_with(".prepare")
            });
            if opens {
                examine_handshake(code, check, f, *call, origin_read, out);
            }
        }
    }
}

/// Tornado's question whether a page of an origin may open the socket, answered by the program.
fn examine_override(code: &Code<'_>, check: &'static Check, f: FuncId, with_cookies: bool, out: &mut Vec<Examined>) {
    let Some(class) = code.res.program.functions[f].class else { return };
    let sockets = |api: &assay_resolve::ApiId| code.api(*api).contains("WebSocketHandler");
    if !code.res.hierarchy.external_bases(class).iter().any(sockets) {
        return;
    }
    let function = code.function(f);
    let returned: Vec<Value> = function
        .blocks
        .iter()
        .filter_map(|b| match b.terminator {
            Terminator::Return(value) => Some(value),
            _ => None,
        })
        .collect();
    let yes = |v: &Value| matches!(function.op(*v), Op::Const(Const::Bool(true)));
    let Some(first) = returned.first().copied() else { return };
    let span = code.span(f, first);
    if !returned.iter().all(yes) {
        let detail = "the origin decides, or something else does".to_owned();
        out.push(code.closed(check, f, span, "check_origin", Outcome::Safe, "origin-asked", detail));
        return;
    }
    let title = "Pages of every site may open the web socket".to_owned();
    let message = "`check_origin` answers yes whatever the origin, which switches Tornado's own check off.".to_owned();
    let mut defect = Defect::potential("any-origin", title, message);
    "every origin is allowed".clone_into(&mut defect.step);
    if with_cookies {
        defect.assumptions.push("the socket is let in by a cookie".to_owned());
    } else {
        defect.severity = Some(Severity::Low);
        defect.assumptions.push("the server is reached by people who look at other sites, too".to_owned());
    }
    defect.confidence = Confidence::Medium;
    defect.false_if.push("whoever opens the socket has to send a token, not a cookie".to_owned());
    out.push(code.defect(check, f, span, "check_origin", defect));
}

/// A handshake that the program accepts.
fn examine_handshake(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    call: Value,
    origin_read: bool,
    out: &mut Vec<Examined>,
) {
    let (span, api) = (code.span(f, call), code.callee(f, call));
    let mut close = |reason: &str, detail: &str| {
        out.push(code.closed(check, f, span, &api, Outcome::Safe, reason, detail.to_owned()));
    };
    if origin_read {
        close("origin-asked", "the program reads the header `Origin`");
        return;
    }
    let called = code.res.calls(f).iter().flat_map(|(_, t)| &t.functions).map(|t| t.function).take(MAX_CALLED);
    let Some((g, read)) = std::iter::once(f).chain(called).find_map(|g| reads_cookie(code, g).map(|v| (g, v))) else {
        close("no-cookie", "nothing seen here lets in by a cookie");
        return;
    };
    let title = "Pages of every site may open a web socket that a cookie lets in".to_owned();
    let message = format!(
        "`{}` accepts the handshake, `{}` is what lets in, and the program never reads the header `Origin`.",
        code.shown(f, span),
        code.shown_value(g, read)
    );
    let mut defect = Defect::potential("any-origin", title, message);
    "the web socket is opened".clone_into(&mut defect.step);
    defect.confidence = Confidence::Medium;
    defect.false_if.push("the cookie is `SameSite`, and the browser is told so for each".to_owned());
    defect.false_if.push("a server in front compares the origin".to_owned());
    out.push(code.defect(check, f, span, &api, defect));
}

/// What in a function reads a cookie or a session.
fn reads_cookie(code: &Code<'_>, f: FuncId) -> Option<Value> {
    code.function(f).insts.iter_enumerated().find_map(|(value, inst)| {
        let found = match &inst.op {
            Op::Attr(_, name) => COOKIES.contains(&code.text(*name)),
            Op::Call { .. } => {
                let name = code.callee(f, value);
                let last = name.rsplit('.').next().unwrap_or(&name);
                COOKIES.contains(&last)
            }
            _ => false,
        };
        found.then_some(value)
    })
}
