//! Messages for users that fall back to the text of any error.
//!
//! - An error has a message *for users* when a method of it makes one (`error.format_message()`): its class says what may be shown.
//! - A *fallback* is a handler that takes every error of that call, also that there is no such method, and makes the message of the
//!   error's own text. So what was to keep texts of other errors back shows them.

use super::classes;
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_dataflow::{Handler, UseList, handlers};
use assay_finding::{Confidence, Severity, StepKind};
use assay_ir::{Op, Terminator, Value};
use assay_resolve::FuncId;

/// Functions that make the text of what they get.
const TEXTS: [&str; 5] = ["str", "repr", "text_type", "unicode", "safe_str"];

/// Each fallback of a function.
pub(super) fn examine(code: &Code<'_>, check: &'static Check, f: FuncId, out: &mut Vec<Examined>) {
    let function = code.function(f);
    if code.in_test(f) || function.blocks.iter().all(|b| b.handler.is_none()) {
        return;
    }
    for handler in handlers(function) {
        if let Some((asked, text)) = fallback(code, f, &handler) {
            out.push(judged(code, check, f, asked, text));
        }
    }
}

/// The call that asks for the message, and the value that is made of the error's text instead.
fn fallback(code: &Code<'_>, f: FuncId, handler: &Handler) -> Option<(Value, Value)> {
    let function = code.function(f);
    let within = |blocks: &[assay_ir::BlockId]| -> Vec<Value> {
        blocks.iter().flat_map(|b| function.blocks[*b].insts.iter().copied()).collect()
    };
    let (asked, parameter) = within(&handler.tried).into_iter().find_map(|call| {
        let Op::Call { func, args } = function.op(call) else { return None };
        let Op::Attr(error, name) = function.op(*func) else { return None };
        let message = words(code.text(*name)).iter().any(|w| matches!(w.as_str(), "message" | "msg"));
        match code.op(f, code.plain(f, *error)) {
            Op::Param(parameter) if message && args.is_empty() && is_error(code, f, *parameter) => {
                Some((call, *parameter))
            }
            _ => None,
        }
    })?;
    if !classes::caught(code, f, handler.caught).all {
        return None;
    }
    let uses = UseList::new(function);
    let text = within(&handler.blocks).into_iter().find(|value| {
        let Op::Call { func, args } = function.op(*value) else { return false };
        let callee = crate::access::guards::name_of_callee(code, f, *func).unwrap_or_default();
        TEXTS.contains(&callee)
            && args.first().is_some_and(|a| *code.op(f, code.plain(f, a.value)) == Op::Param(parameter))
            && is_kept(code, f, &uses, *value)
    })?;
    Some((asked, text))
}

/// Whether a parameter is an error, as its name says.
fn is_error(code: &Code<'_>, f: FuncId, parameter: u32) -> bool {
    let name = code.function(f).params.get(parameter as usize).map_or("", |p| code.text(p.name));
    words(name).last().is_some_and(|w| {
        matches!(w.as_str(), "fault" | "exc" | "exception" | "error" | "err" | "e" | "ex" | "failure" | "excp")
    })
}

/// Whether a text is more than logged: it is chosen, returned or stored.
fn is_kept(code: &Code<'_>, f: FuncId, uses: &UseList, value: Value) -> bool {
    let function = code.function(f);
    let kept = |user: Value| {
        matches!(
            function.op(user),
            Op::Phi(_) | Op::Returned(_) | Op::StoreAttr { .. } | Op::StoreItem { .. } | Op::Dict(_)
        )
    };
    uses.insts(value).any(kept)
        || function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(v) if v == value))
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, asked: Value, text: Value) -> Examined {
    let span = code.span(f, text);
    let (asks, shown) = (code.shown_value(f, asked), code.shown(f, span));
    let name = code.function_name(f);
    let title = format!("Where `{asks}` fails, `{name}` makes the message of the text of any error: `{shown}`");
    let message = format!(
        "`{asks}` is the message that an error has for users. Errors of other classes have none, and then `{shown}` is taken, whatever it says."
    );
    let mut defect = Defect::potential("message-falls-back", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Low);
    defect.lead(StepKind::Source, code.place(f, code.span(f, asked)), "the message for users is asked for");
    "the text of the error is taken instead".clone_into(&mut defect.step);
    defect.assumptions.push(format!("users are shown what `{name}` makes"));
    defect.false_if = false_if(check);
    defect.value = shown;
    code.defect(check, f, span, name, defect)
}
