//! Calls that wait for another host, and what limits the wait where they say nothing themselves.
//!
//! Which calls wait stands in the models, as settings of the check `missing-timeout`.

use crate::code::Code;
use crate::commands;
use assay_finding::Outcome;
use assay_index::FxHashMap;
use assay_ir::{Const, Op, Value};
use assay_resolve::FuncId;

/// Modules whose connections take the limit that `socket.setdefaulttimeout` sets.
const BY_DEFAULT: [&str; 9] =
    ["urllib.", "http.client.", "smtplib.", "ftplib.", "poplib.", "imaplib.", "telnetlib.", "socket.", "nntplib."];
/// Functions and context managers that end whatever takes too long.
const LIMITERS: [&str; 8] = [
    "eventlet.Timeout",
    "eventlet.timeout.Timeout",
    "gevent.Timeout",
    "asyncio.timeout",
    "asyncio.wait_for",
    "async_timeout.timeout",
    "signal.alarm",
    "signal.setitimer",
];

/// What limits the wait of a call that does not say so itself.
pub(crate) fn limited_elsewhere(code: &Code<'_>, f: FuncId, call: Value) -> Option<(Outcome, &'static str, String)> {
    let callee = code.callee(f, call);
    let safe = |by: String| Some((Outcome::Safe, "bounded-by", by));
    if let Some((g, limiter)) = limiter(code, f) {
        return safe(format!("`{}`", code.shown_value(g, limiter)));
    }
    let socket = code.res.call(f, call).is_some_and(|targets| {
        targets.apis.iter().any(|api| BY_DEFAULT.iter().any(|module| code.api(*api).starts_with(module)))
    });
    if socket && let Some((g, default)) = default_timeout(code) {
        return safe(format!("`{}` in `{}`", code.shown_value(g, default), code.res.program.qualified_name(g)));
    }
    if callee.contains("Session")
        && let Some(adapter) = limiting_adapter(code)
    {
        return safe(format!("`{adapter}`, which sets a limit for sessions that use it"));
    }
    if let Some(command) = commands::runs_in(code, f) {
        return Some((Outcome::NotObserved, "command", format!("`{command}`, which somebody starts and waits for")));
    }
    // `Argument[timeout:]` set on the connection before it is used.
    if let Some(name) = sets_timeout(code, f, call) {
        return safe(format!("`{name}`, set on what the call gives"));
    }
    None
}

/// A call in the function that ends what takes too long.
fn limiter(code: &Code<'_>, f: FuncId) -> Option<(FuncId, Value)> {
    code.res
        .calls(f)
        .iter()
        .find(|(_, targets)| targets.apis.iter().any(|api| LIMITERS.contains(&code.api(*api))))
        .map(|(call, _)| (f, *call))
}

/// Where the program sets a limit for all sockets.
fn default_timeout(code: &Code<'_>) -> Option<(FuncId, Value)> {
    code.res.program.functions.ids().filter(|f| !code.in_test(*f)).find_map(|f| {
        let calls = code.res.calls(f).iter();
        let mut setting = calls.filter(|(call, targets)| {
            targets.apis.iter().any(|api| code.api(*api) == "socket.setdefaulttimeout")
                && match code.op(f, *call) {
                    Op::Call { args, .. } => {
                        args.first().is_some_and(|a| !matches!(code.op(f, a.value), Op::Const(Const::None)))
                    }
                    _ => false,
                }
        });
        setting.next().map(|(call, _)| (f, *call))
    })
}

/// A class of the program that sends requests with a limit of its own.
fn limiting_adapter(code: &Code<'_>) -> Option<String> {
    let program = &code.res.program;
    let timeout = program.strings.lookup("timeout")?;
    let mut functions: FxHashMap<_, Vec<FuncId>> = FxHashMap::default();
    for f in program.functions.ids() {
        if let Some(class) = program.functions[f].class {
            functions.entry(class).or_default().push(f);
        }
    }
    program.classes.ids().find_map(|class| {
        let derived = code.res.hierarchy.external_bases(class).iter().any(|base| {
            let name = code.api(*base);
            name.starts_with("requests.") && (name.ends_with("HTTPAdapter") || name.ends_with("Session"))
        });
        let limits = derived
            && functions.get(&class).into_iter().flatten().any(|f| {
                let name = code.function_name(*f);
                matches!(name, "send" | "request" | "__init__")
                    && code.function(*f).insts.iter().any(|inst| match &inst.op {
                        Op::StoreAttr { name, .. } | Op::Attr(_, name) => *name == timeout,
                        Op::Const(Const::Str(text)) => *text == timeout,
                        _ => false,
                    })
            });
        limits.then(|| program.class_name(class))
    })
}

/// The method by which a limit is set on what a call gives, in the same function.
fn sets_timeout(code: &Code<'_>, f: FuncId, call: Value) -> Option<String> {
    let function = code.function(f);
    function.insts.iter_enumerated().find_map(|(value, inst)| match &inst.op {
        Op::Call { func, .. } => match function.op(*func) {
            Op::Attr(base, name) if *base == call && matches!(code.text(*name), "settimeout" | "set_timeout") => {
                Some(code.shown_value(f, value))
            }
            _ => None,
        },
        Op::StoreAttr { base, name, .. } if *base == call && code.text(*name).contains("timeout") => {
            Some(code.shown_value(f, value))
        }
        _ => None,
    })
}
