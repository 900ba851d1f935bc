//! Checks of access in the body of a function: calls that check, conditions that turn somebody away, uses of the caller's identity.
//!
//! - A *denial* is a condition that leads to a refusal: an exception or an answer that says *forbidden* or *unauthorized*, or the
//!   way to the page for logging in.
//! - The *caller* is whoever sends the request, as far as values say so (`request.user`, `context.project_id`).

use super::guards::{Event, Guard, access_of, name_of_callee};
use super::vocabulary::{Vocabulary, is_identity, is_request};
use crate::code::Code;
use assay_dataflow::Predecessors;
use assay_ir::{Arg, BlockId, CompareOp, Const, Function, Op, Terminator, Value};
use assay_models::AccessKind;
use assay_resolve::FuncId;
use assay_text::Span;

/// Blocks between a condition and the refusal that it leads to.
const MAX_BLOCKS: u32 = 6;

/// The guards in the body of a function.
pub(super) fn events<'a>(code: &Code<'a>, f: FuncId, vocabulary: &mut Vocabulary<'a>) -> Vec<Event> {
    let function = code.function(f);
    let mut out = Vec::new();
    let mut push = |at: Value, kind, name: String, explicit| {
        let span = function.insts[at].span;
        out.push(Event { guard: Guard { kind, name, function: f, span, explicit }, at });
    };
    for (value, inst) in function.insts.iter_enumerated() {
        match &inst.op {
            Op::Call { func, args } => {
                let name = match function.op(*func) {
                    Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name),
                    _ => "",
                };
                let receiver = match function.op(*func) {
                    Op::Attr(base, _) => crate::secrets::name_of(code, f, *base),
                    _ => None,
                };
                let api = code.res.call(f, value).and_then(|t| t.apis.iter().find_map(|a| access_of(code, *a)));
                let kind = match api {
                    Some(
                        AccessKind::Rule
                        | AccessKind::Denial
                        | AccessKind::Public
                        | AccessKind::Channel
                        | AccessKind::Method
                        | AccessKind::Origin,
                    ) => None,
                    Some(kind) => Some(kind),
                    None if name.is_empty() || vocabulary.is_denial(name) => None,
                    None => vocabulary.guard(receiver, name),
                };
                if let Some(kind) = kind {
                    push(value, kind, name.to_owned(), true);
                } else if !is_talk(name) && args.iter().any(|a| is_caller(code, f, a.value)) {
                    push(value, AccessKind::Owner, code.shown(f, inst.span), false);
                }
            }
            Op::Attr(_, name) if vocabulary.is_flag(code.text(*name)) => {
                push(value, AccessKind::Permission, code.text(*name).to_owned(), false);
            }
            Op::Compare(
                CompareOp::Eq | CompareOp::NotEq | CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot,
                a,
                b,
            ) if is_caller(code, f, *a) || is_caller(code, f, *b) => {
                push(value, AccessKind::Owner, code.shown(f, inst.span), false);
            }
            _ => {}
        }
    }
    for (cond, span) in denials(code, f, function, vocabulary) {
        // The condition asks by a call that is known.
        if out.iter().any(|e| e.guard.explicit && span.contains(e.guard.span)) {
            continue;
        }
        let guard =
            Guard { kind: AccessKind::Permission, name: code.shown(f, span), function: f, span, explicit: true };
        out.push(Event { guard, at: cond });
    }
    out
}

/// Names of functions that only tell somebody.
fn is_talk(name: &str) -> bool {
    matches!(
        name,
        "debug"
            | "info"
            | "warning"
            | "warn"
            | "error"
            | "exception"
            | "log"
            | "format"
            | "critical"
            | "audit"
            | "str"
            | "print"
            | "repr"
    )
}

/// Whether a value says who sends the request: `request.user`, `context.project_id`, `current_user`.
pub(crate) fn is_caller(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, code.plain(f, value)) {
        Op::Attr(base, name) => {
            let name = code.text(*name);
            let of_request =
                || crate::secrets::name_of(code, f, *base).is_some_and(is_request) || is_caller(code, f, *base);
            is_identity(name) && of_request()
                || matches!(name, "id" | "pk" | "email" | "profile" | "username") && is_caller(code, f, *base)
                || name == "user" && matches!(crate::secrets::name_of(code, f, *base), Some("g" | "self"))
                || name == "current_user"
        }
        Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name) == "current_user",
        Op::Param(p) => {
            let name = code.function(f).params.get(*p as usize).map_or("", |p| code.text(p.name));
            matches!(name, "current_user" | "requesting_user" | "auth_user") || is_caller_parameter(code, f, *p)
        }
        Op::Item(base, key) => {
            code.literal(f, *key).is_some_and(is_identity)
                && crate::secrets::name_of(code, f, *base).is_some_and(|n| n == "session")
        }
        Op::Call { func, .. } => match code.op(f, *func) {
            Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => {
                matches!(
                    code.text(*name),
                    "get_current_user" | "current_user" | "get_jwt_identity" | "get_user_id" | "authenticated_userid"
                )
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a framework fills a parameter with whoever asks: `user=Depends(get_current_user)`.
pub(crate) fn is_caller_parameter(code: &Code<'_>, f: FuncId, parameter: u32) -> bool {
    let Some((g, default)) = code.default(f, parameter) else { return false };
    let Op::Call { func, args } = code.op(g, default) else { return false };
    let provides = matches!(name_of_callee(code, g, *func), Some("Depends" | "Security"));
    provides
        && args.first().and_then(|a| name_of_callee(code, g, a.value)).is_some_and(|n| {
            let words = crate::code::words(n);
            let says = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
            says(&["user", "principal", "account", "identity"])
                && !says(&["service", "repository", "manager", "db", "store", "admin"])
        })
}

/// The conditions that lead to a refusal, and where the refusal stands.
fn denials<'a>(code: &Code<'a>, f: FuncId, function: &Function, vocabulary: &mut Vocabulary<'a>) -> Vec<(Value, Span)> {
    let mut out = Vec::new();
    let mut predecessors = None;
    for (id, block) in function.blocks.iter_enumerated() {
        let ends = match block.terminator {
            Terminator::Raise(Some(value)) | Terminator::Return(value) => {
                is_refusal(code, f, value, 3, vocabulary).then_some(value)
            }
            _ => None,
        };
        let calls = || {
            block.insts.iter().copied().find(|v| match function.op(*v) {
                Op::Call { func, args } => refuses(code, f, *func, args, vocabulary),
                Op::Returned(value) => is_refusal(code, f, *value, 3, vocabulary),
                _ => false,
            })
        };
        let Some(refusal) = ends.or_else(calls) else { continue };
        let predecessors = predecessors.get_or_insert_with(|| Predecessors::new(function));
        if let Some(cond) = condition(function, predecessors, id) {
            // A variable with several definitions stands in no place of its own: the refusal does.
            let span = function.insts[cond].span;
            out.push((cond, if span.is_empty() { function.insts[refusal].span } else { span }));
        }
    }
    out.sort_by_key(|(v, _)| *v);
    out.dedup_by_key(|(v, _)| *v);
    out
}

/// The condition that decides whether control gets to a block.
pub(crate) fn condition(function: &Function, predecessors: &Predecessors, block: BlockId) -> Option<Value> {
    let mut at = block;
    for _ in 0..MAX_BLOCKS {
        let before = *predecessors.of(at).first()?;
        if let Terminator::Branch { cond, .. } = function.blocks[before].terminator {
            return Some(cond);
        }
        at = before;
    }
    None
}

/// Whether a value that is raised or returned turns somebody away.
fn is_refusal<'a>(code: &Code<'a>, f: FuncId, value: Value, steps: u32, vocabulary: &mut Vocabulary<'a>) -> bool {
    if steps == 0 {
        return false;
    }
    match code.op(f, value) {
        Op::Call { func, args } => refuses(code, f, *func, args, vocabulary),
        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => vocabulary.is_denial(code.text(*name)),
        // `return {"error": …}, 403`
        Op::Collection(_, elements) => elements.iter().skip(1).any(|e| is_refusing_status(code, f, e.value)),
        Op::Phi(inputs) => {
            inputs.iter().filter(|(_, v)| *v != value).any(|(_, v)| is_refusal(code, f, *v, steps - 1, vocabulary))
        }
        _ => false,
    }
}

fn is_refusing_status(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, value) {
        Op::Const(Const::Int(401 | 403)) => true,
        Op::Attr(_, name) => {
            let name = code.text(*name);
            name.contains("403") || name.contains("401") || matches!(name, "FORBIDDEN" | "UNAUTHORIZED")
        }
        _ => false,
    }
}

fn refuses<'a>(code: &Code<'a>, f: FuncId, func: Value, args: &[Arg], vocabulary: &mut Vocabulary<'a>) -> bool {
    if code.res.apis_of(f, func).any(|a| access_of(code, a) == Some(AccessKind::Denial)) {
        return true;
    }
    let name = name_of_callee(code, f, func).unwrap_or_default();
    if vocabulary.is_denial(name) {
        return true;
    }
    let answers = matches!(
        name,
        "abort"
            | "HTTPException"
            | "HttpError"
            | "HTTPError"
            | "HttpResponse"
            | "Response"
            | "JsonResponse"
            | "JSONResponse"
            | "send_error"
            | "set_status"
            | "make_response"
            | "error"
            | "json_response"
            | "error_response"
            | "response"
    );
    if answers && args.iter().any(|a| is_refusing_status(code, f, a.value)) {
        return true;
    }
    // Sent to the page for logging in.
    let to_login = |value: Value| {
        let text = match code.op(f, value) {
            Op::Const(Const::Str(text)) => Some(code.text(*text)),
            Op::Call { args, .. } => args.first().and_then(|a| code.literal(f, a.value)),
            Op::Attr(_, name) => Some(code.text(*name)),
            _ => None,
        };
        text.is_some_and(|t| {
            let t = t.to_lowercase();
            t.contains("login") || t.contains("signin")
        })
    };
    matches!(name, "redirect" | "HttpResponseRedirect" | "RedirectResponse" | "HTTPFound")
        && args.first().is_some_and(|a| to_login(a.value))
}
