//! Headers of answers that are set by hand: `Access-Control-Allow-Origin`.
//!
//! A header is set by an item of a mapping, by an entry of a literal mapping, by a pair of its name and its value, or by a call with
//! both as the first arguments; which library that is does not matter. The origin of a request is *echoed* when the value is what the
//! request's header `Origin` says, no comparison with it comes before on every way, and the function lets credentials come along.

use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Examined, check};
use assay_dataflow::Dominators;
use assay_finding::{Confidence, Outcome};
use assay_ir::{ArgKind, Collection, CompareOp, Op, Terminator, Value};
use assay_resolve::FuncId;

const ORIGIN: &str = "access-control-allow-origin";

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("cors-any-origin") else { return };
    for f in code.res.program.functions.ids() {
        for (at, inst) in code.function(f).insts.iter_enumerated() {
            let set = match &inst.op {
                Op::StoreItem { key, value, .. } => vec![(*key, *value)],
                Op::Dict(entries) => entries.iter().filter_map(|(key, value)| Some(((*key)?, *value))).collect(),
                Op::Collection(Collection::Tuple, pair) => match &pair[..] {
                    [name, value] => vec![(name.value, value.value)],
                    _ => continue,
                },
                Op::Call { args, .. } => match &args[..] {
                    [name, value, ..] if [name, value].iter().all(|a| a.kind == ArgKind::Positional) => {
                        vec![(name.value, value.value)]
                    }
                    _ => continue,
                },
                _ => continue,
            };
            for (name, value) in set {
                if code.literal(f, name).is_some_and(|name| name.eq_ignore_ascii_case(ORIGIN)) {
                    out.push(judged(code, check, f, at, name, value));
                }
            }
        }
    }
}

fn judged(code: &Code<'_>, check: &'static crate::Check, f: FuncId, at: Value, name: Value, value: Value) -> Examined {
    let span = if matches!(code.op(f, at), Op::Dict(_)) { code.span(f, name) } else { code.span(f, at) };
    let api = "Access-Control-Allow-Origin";
    match code.string(f, value) {
        // Browsers show a page the answer to a request with cookies only where the origin is named.
        Some(origin) if origin == "*" => {
            let detail = "any origin, but without credentials: what everybody may read".to_owned();
            code.closed(check, f, span, api, Outcome::Safe, "no-credentials", detail)
        }
        Some(origin) => {
            code.closed(check, f, span, api, Outcome::Safe, "validated-setting", format!("`{origin}` is named"))
        }
        None if is_echoed(code, f, at, value) => {
            let title = "The origin of every request may read the answers".to_owned();
            let message = format!("`{}` names whatever origin the request comes from.", code.shown(f, span));
            let mut defect = Defect::potential("setting", title, message);
            defect.confidence = Confidence::Medium;
            defect.assumptions.push("browsers send something along that lets them in".to_owned());
            defect.false_if = false_if(check);
            defect.value = code.shown_value(f, value);
            code.defect(check, f, span, api, defect)
        }
        None => {
            let detail = "the origin is not known here".to_owned();
            code.closed(check, f, span, api, Outcome::NotObserved, "value-unknown", detail)
        }
    }
}

/// Whether a value is the origin of the request as it came, without a comparison on every way to a place.
fn is_echoed(code: &Code<'_>, f: FuncId, at: Value, value: Value) -> bool {
    let function = code.function(f);
    // Without this header, browsers show pages only what everybody gets.
    let credentials = |op: &Op| matches!(op, Op::Const(assay_ir::Const::Str(text)) if code.text(*text).eq_ignore_ascii_case("access-control-allow-credentials"));
    if !is_origin(code, f, value, 4) || !function.insts.iter().any(|inst| credentials(&inst.op)) {
        return false;
    }
    let Some((place, _)) = function.blocks.iter_enumerated().find(|(_, b)| b.insts.contains(&at)) else { return false };
    let dominators = Dominators::new(function);
    !function.blocks.iter_enumerated().any(|(id, block)| match block.terminator {
        Terminator::Branch { cond, .. } => {
            dominators.dominates(id, place)
                && id != place
                && (compares(code, f, cond, 4) || asks_for_token(&code.shown_value(f, cond)))
        }
        _ => false,
    })
}

/// Whether a condition asks for something that a page of another site does not have.
fn asks_for_token(condition: &str) -> bool {
    crate::code::words(condition).iter().any(|word| word == "token")
}

/// Whether a value is the request's header `Origin`.
fn is_origin(code: &Code<'_>, f: FuncId, value: Value, depth: u32) -> bool {
    let value = code.plain(f, value);
    if depth == 0 {
        return false;
    }
    if let Op::Phi(inputs) = code.op(f, value) {
        return inputs.iter().any(|(_, v)| *v < value && is_origin(code, f, *v, depth - 1));
    }
    let header = |op: &Op| match op {
        Op::Item(_, key) => code.literal(f, *key),
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(_, name) if ["get", "get_header", "getheader"].contains(&code.text(*name)) => {
                args.first().and_then(|a| code.literal(f, a.value))
            }
            _ => None,
        },
        _ => None,
    };
    header(code.op(f, value))
        .is_some_and(|name| ["origin", "http_origin"].contains(&name.to_ascii_lowercase().as_str()))
}

/// Whether a condition compares the request's origin with something, or asks a function about it.
fn compares(code: &Code<'_>, f: FuncId, cond: Value, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    match code.op(f, code.plain(f, cond)) {
        // Whether the header is there is no comparison with it.
        Op::Compare(CompareOp::Is | CompareOp::IsNot, ..) => false,
        Op::Compare(_, left, right) => [left, right].into_iter().any(|v| is_origin(code, f, *v, 4)),
        Op::Unary(_, inner) => compares(code, f, *inner, depth - 1),
        Op::Call { args, .. } => args.iter().any(|a| is_origin(code, f, a.value, 4)),
        Op::Phi(inputs) => inputs.iter().any(|(_, v)| *v < cond && compares(code, f, *v, depth - 1)),
        _ => false,
    }
}
