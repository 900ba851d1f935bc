//! Bodies that are taken apart at a boundary, and how many parts of them are kept.
//!
//! - A *boundary* is what separates the parts of a multipart message: a value that is called so.
//! - Parts are *limited* when the split is (`split(boundary, limit)`), or the function compares a number with something.

use crate::code::{Code, Defect, words};
use crate::{Examined, check};
use assay_finding::Outcome;
use assay_ir::{ArgKind, CompareOp, Function, Op, Piece, Terminator, Value};
use assay_resolve::FuncId;

/// Steps from a separator to what it is made of.
const MAX_STEPS: u32 = 8;
/// Words in the names of modules that read mail: nobody else waits for them meanwhile.
const MAIL: &[&str] = &["mail", "mails", "email", "imap", "smtp", "mime", "message"];

pub(super) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("unlimited-parts") else { return };
    let strings = &code.res.program.strings;
    if strings.lookup("split").is_none() {
        return;
    }
    for f in code.res.program.functions.ids() {
        let function = code.function(f);
        for (call, inst) in function.insts.iter_enumerated() {
            let Op::Call { func, args } = &inst.op else { continue };
            let Op::Attr(body, method) = code.op(f, *func) else { continue };
            if code.text(*method) != "split" || !args.first().is_some_and(|a| is_boundary(code, f, a.value, MAX_STEPS))
            {
                continue;
            }
            let api = format!("{}.split", code.shown_value(f, *body));
            let span = code.span(f, call);
            let closed = |reason: &str, detail: &str| {
                code.closed(check, f, span, &api, Outcome::Safe, reason, detail.to_owned())
            };
            if args.len() > 1 || args.iter().any(|a| a.kind != ArgKind::Positional) {
                out.push(closed("limited", "the number of parts is limited where they are split"));
            } else if let Some(condition) = limit(code, f) {
                out.push(closed("limited", &format!("`{}`", code.shown_value(f, condition))));
            } else if reads_mail(code, f) {
                out.push(closed("mail", "it reads mail"));
            } else if !keeps(function, code, call) {
                out.push(closed("not-kept", "the parts are not kept one by one"));
            } else {
                let title = "A multipart body is taken apart into any number of parts".to_owned();
                let message = format!(
                    "`{}` splits a body at its boundary, a loop keeps something of each part, and nothing compares their number with a limit.",
                    code.shown(f, span)
                );
                let mut defect = Defect::potential("unlimited", title, message);
                "all parts are taken".clone_into(&mut defect.step);
                defect.assumptions.push("the body comes from clients".to_owned());
                defect.false_if.push("bodies are limited to a few kilobytes before".to_owned());
                out.push(code.defect(check, f, span, &api, defect));
            }
        }
    }
}

/// Whether a separator is the boundary of a multipart message: it, or what it is made of, is called so.
fn is_boundary(code: &Code<'_>, f: FuncId, value: Value, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let value = code.plain(f, value);
    let named = |name: &str| words(name).iter().any(|word| word == "boundary");
    let of = |v: Value| is_boundary(code, f, v, depth);
    match code.op(f, value) {
        Op::Param(index) => {
            code.function(f).params.get(*index as usize).is_some_and(|parameter| named(code.text(parameter.name)))
        }
        Op::Attr(_, name) => named(code.text(*name)),
        Op::Item(base, key) => code.literal(f, *key).is_some_and(named) || of(*base),
        Op::Binary(_, left, right) => of(*left) || of(*right),
        Op::Format(pieces) => pieces.iter().any(|piece| match piece {
            Piece::Hole { value, .. } => of(*value),
            Piece::Text(_) => false,
        }),
        Op::Phi(inputs) => inputs.iter().any(|(_, v)| *v != value && of(*v)),
        Op::Call { func, args } => {
            args.iter().any(|a| code.literal(f, a.value).is_some_and(named) || of(a.value))
                || matches!(code.op(f, *func), Op::Attr(base, method) if named(code.text(*method)) || of(*base))
        }
        _ => false,
    }
}

/// A comparison of two numbers in a function, one of them not constant.
fn limit(code: &Code<'_>, f: FuncId) -> Option<Value> {
    let function = code.function(f);
    let counts = |v: Value| match code.op(f, v) {
        // The length of the parts, or of what is kept of them; not that of a single part.
        Op::Call { func, args } => {
            code.text_of_attr(f, *func) == Some("count")
                || code.callee(f, v).trim_start_matches("builtins.") == "len"
                    && args
                        .first()
                        .is_some_and(|a| !matches!(code.op(f, a.value), Op::Next(_) | Op::Unpack { .. } | Op::Item(..)))
        }
        Op::Phi(_) | Op::Binary(..) | Op::InPlace(..) | Op::Unpack { .. } | Op::Attr(..) => true,
        _ => false,
    };
    function.insts.iter_enumerated().find_map(|(value, inst)| match inst.op {
        Op::Compare(CompareOp::Less | CompareOp::LessEq | CompareOp::Greater | CompareOp::GreaterEq, left, right) => {
            (counts(left) || counts(right)).then_some(value)
        }
        _ => None,
    })
}

/// Whether a loop goes over the parts and keeps something of each, or hands each out.
fn keeps(function: &Function, code: &Code<'_>, split: Value) -> bool {
    let mut parts = vec![split];
    let mut looped = false;
    for (value, inst) in function.insts.iter_enumerated() {
        match inst.op {
            Op::Item(base, key) if parts.contains(&base) && matches!(function.op(key), Op::Slice(..)) => {
                parts.push(value);
            }
            Op::Next(base) => looped |= reaches(function, base, &parts),
            _ => {}
        }
    }
    looped
        && (function.insts.iter().any(|inst| match &inst.op {
            Op::StoreItem { .. } | Op::Accumulate { .. } | Op::Yield(..) => true,
            Op::Call { func, .. } => matches!(function.op(*func), Op::Attr(_, method)
                if matches!(code.text(*method), "append" | "add" | "extend" | "setdefault" | "update" | "appendlist" | "insert")),
            _ => false,
        }))
        && function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(_)))
}

/// Whether an iterator goes over one of some values, directly or by `enumerate` and the like.
fn reaches(function: &Function, value: Value, parts: &[Value]) -> bool {
    parts.contains(&value)
        || match function.op(value) {
            Op::Call { args, .. } => args.iter().any(|a| parts.contains(&a.value)),
            _ => false,
        }
}

/// Whether a function reads mail, by the names around it.
fn reads_mail(code: &Code<'_>, f: FuncId) -> bool {
    words(&code.res.program.qualified_name(f)).iter().any(|word| MAIL.contains(&word.as_str()))
}
