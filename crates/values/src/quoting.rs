//! Texts in which each quote is doubled, as within a quoted name of SQL.

use crate::Context;
use crate::shapes::{Piece, Shape};
use assay_ir::{Op, Terminator, Value};

/// Operations that a text is followed through.
const MAX_STEPS: u32 = 8;
/// The quotes around names. Between `'` a backslash may escape, too.
const QUOTES: [char; 2] = ['"', '`'];
/// Methods that keep quotes doubled.
const KEEPS: [&str; 10] =
    ["strip", "lstrip", "rstrip", "lower", "upper", "casefold", "encode", "decode", "title", "capitalize"];

/// The quote that each occurrence of is doubled in a text, by how it is made.
pub fn doubled_quote(cx: &Context<'_>, value: Value) -> Option<char> {
    doubled(cx, value, MAX_STEPS)
}

/// The quote that is doubled in every result of a function.
pub fn returns_doubled_quote(cx: &Context<'_>) -> Option<char> {
    let mut all = None;
    for block in &cx.function.blocks {
        if let Terminator::Return(value) = block.terminator {
            let quote = doubled_quote(cx, value)?;
            if all.is_some_and(|all| all != quote) {
                return None;
            }
            all = Some(quote);
        }
    }
    all
}

/// Whether what stands in a hole of a statement cannot leave the quoted name that it is in.
pub fn is_quoted_name(cx: &Context<'_>, shape: &Shape, index: usize, value: Value) -> bool {
    let text = |at: Option<usize>| match at.and_then(|at| shape.pieces.get(at)) {
        Some(Piece::Text(text)) => text.as_str(),
        _ => "",
    };
    let (before, after) = (text(index.checked_sub(1)), text(Some(index + 1)));
    let around = QUOTES.into_iter().find(|q| before.ends_with(*q) && after.starts_with(*q));
    around.is_some_and(|quote| doubled_quote(cx, value) == Some(quote))
}

fn doubled(cx: &Context<'_>, value: Value, steps: u32) -> Option<char> {
    let value = cx.plain(value);
    if steps == 0 || !matches!(cx.op(value), Op::Call { .. }) {
        return None;
    }
    let callee = cx.callee(value);
    let (Some(receiver), Some(method)) = (callee.receiver, callee.method) else {
        return cx.oracle.doubles(value);
    };
    if method == "replace" && callee.args.len() == 2 {
        let text = |at| callee.positional(at).and_then(|v| cx.string(v));
        let (from, to) = (text(0)?, text(1)?);
        if let Some(quote) = QUOTES.into_iter().find(|q| from == q.to_string())
            && to == format!("{quote}{quote}")
        {
            return Some(quote);
        }
        let touches = |quote: char| from.contains(quote) || to.contains(quote);
        return doubled(cx, receiver, steps - 1).filter(|quote| !touches(*quote));
    }
    if KEEPS.contains(&method) && callee.args.is_empty() {
        return doubled(cx, receiver, steps - 1);
    }
    cx.oracle.doubles(value)
}
