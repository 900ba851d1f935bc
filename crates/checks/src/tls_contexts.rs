//! Contexts of TLS that check nobody.
//!
//! A context that is made with a protocol for both sides (`ssl.SSLContext(ssl.PROTOCOL_TLS)`) asks for no certificate until it is told
//! to (`verify_mode`). Whether that matters is decided by its use: in the function that makes it, as the client's side. One that goes
//! elsewhere may be told there.

use crate::code::{Code, Defect};
use crate::{Check, Examined, check};
use assay_dataflow::{UseList, User};
use assay_finding::{Confidence, Outcome};
use assay_ir::{Arg, ArgKind, Const, Op, Value};
use assay_resolve::FuncId;

/// Protocols that both sides may use, and that are checked by nothing but the context's own settings.
const BOTH_SIDES: [&str; 6] = [
    "ssl.PROTOCOL_TLS",
    "ssl.PROTOCOL_SSLv23",
    "ssl.PROTOCOL_TLSv1",
    "ssl.PROTOCOL_TLSv1_1",
    "ssl.PROTOCOL_TLSv1_2",
    "ssl._SSLMethod.PROTOCOL_TLS",
];
/// Arguments of clients that take a context.
const CONTEXT_ARGUMENTS: [&str; 4] = ["context", "ssl", "ssl_context", "sslcontext"];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("tls-verification-disabled") else { return };
    for f in code.res.program.functions.ids() {
        if code.in_test(f) {
            continue;
        }
        for (call, targets) in code.res.calls(f) {
            if targets.apis.iter().any(|api| code.api(*api) == "ssl.SSLContext") && serves_both(code, f, *call) {
                out.extend(judged(code, check, f, *call));
            }
        }
    }
}

/// Whether a context is made for either side.
fn serves_both(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { args, .. } = code.op(f, call) else { return false };
    match &args[..] {
        [] => true,
        [protocol] => code.res.apis_of(f, protocol.value).any(|api| BOTH_SIDES.contains(&code.api(api))),
        _ => false,
    }
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value) -> Option<Examined> {
    let function = code.function(f);
    let of_context = |base: Value| code.plain(f, base) == call;
    let told = function.insts.iter().any(|inst| {
        matches!(inst.op, Op::StoreAttr { base, name, .. }
            if of_context(base) && matches!(code.text(name), "verify_mode" | "check_hostname"))
    });
    let span = code.span(f, call);
    if told {
        return None;
    }
    let uses = UseList::new(function);
    let mut client = None;
    for user in uses.insts(call) {
        match function.op(user) {
            Op::Attr(..) => {
                let wraps = code.text_of_attr(f, user) == Some("wrap_socket");
                for wrapping in uses.insts(user).filter(|_| wraps) {
                    let Op::Call { args, .. } = function.op(wrapping) else { continue };
                    if !serves(code, f, args) {
                        client = client.or(Some(wrapping));
                    }
                }
            }
            Op::Call { args, .. } => {
                let library = code.res.call(f, user).is_some_and(|t| !t.apis.is_empty() && t.functions.is_empty());
                let context = args.iter().any(|arg| {
                    arg.value == call
                        && matches!(arg.kind, ArgKind::Keyword(name) if CONTEXT_ARGUMENTS.contains(&code.text(name)))
                });
                let callee = code.callee(f, user).to_ascii_lowercase();
                if !library || !context || callee.contains("serve") {
                    return None;
                }
                client = client.or(Some(user));
            }
            Op::StoreAttr { base, .. } if *base == call => {}
            // It goes elsewhere, and may be told there.
            _ => return None,
        }
    }
    if uses.users(call).iter().any(|user| matches!(user, User::Terminator(_))) {
        return None;
    }
    let client = client?;
    let (made, connects) = (code.shown(f, span), code.callee(f, client));
    let mut defect = Defect::new(
        "context-unverified",
        format!("`{made}` asks the other side for no certificate"),
        format!(
            "`{made}` checks nothing unless `verify_mode` is set; `{connects}` connects with it to whoever answers."
        ),
    );
    defect.outcome = Outcome::Defect;
    defect.confidence = Confidence::High;
    defect.false_if.push("the context is that of a server".to_owned());
    defect.value.clone_from(&made);
    let mut found = code.defect(check, f, span, "ssl.SSLContext", defect);
    if let Some(explanation) = &mut found.explanation {
        "Make it with `ssl.create_default_context()`, which checks the certificate and the name of the host."
            .clone_into(&mut explanation.solution);
    }
    Some(found)
}

/// Whether a socket is wrapped for the side of the server.
fn serves(code: &Code<'_>, f: FuncId, args: &[Arg]) -> bool {
    let side = args.iter().enumerate().find(|(position, arg)| match arg.kind {
        ArgKind::Keyword(name) => code.text(name) == "server_side",
        ArgKind::Positional => *position == 1,
        ArgKind::Spread | ArgKind::KeywordSpread => true,
    });
    side.is_some_and(|(_, arg)| !matches!(code.op(f, code.plain(f, arg.value)), Op::Const(Const::Bool(false))))
}
