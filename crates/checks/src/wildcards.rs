//! Patterns with wildcards that checks turn into expressions: whether these match a whole text.
//!
//! - A *wildcard pattern* becomes an expression by replacing `*` with what an expression writes for it:
//!   `pattern.replace(".", r"\.").replace("*", ".*")`.
//! - Such an expression is *open* when nothing ends it. `re.match` and `re.search` then take any longer text, so that
//!   `example.org` lets `example.org.evil.example` pass.

use crate::code::{Code, Defect, words};
use crate::flawed::is_named_as_check;
use crate::{Examined, check};
use assay_finding::Confidence;
use assay_ir::{BinaryOp, Op, Piece, Value};
use assay_resolve::FuncId;

/// Steps from an expression to what it is made from.
const MAX_STEPS: u32 = 10;
/// Words in the names of functions that tell hosts and origins apart.
const ABOUT: &[&str] = &["host", "hostname", "hosts", "origin", "origins", "domain", "domains", "cors", "referer"];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("flawed-validation") else { return };
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || !is_about_trust(code, f) {
            continue;
        }
        for (call, targets) in code.res.calls(f) {
            let matches = |name: &str| matches!(name, "re.compile" | "re.match" | "re.search");
            let Op::Call { args, .. } = code.op(f, *call) else { continue };
            let Some(pattern) = args.first().map(|arg| arg.value) else { continue };
            if !targets.apis.iter().any(|api| matches(code.api(*api)))
                || !is_wildcard(code, f, pattern, MAX_STEPS)
                || is_closed(code, f, pattern, MAX_STEPS)
                || matches_whole(code, f)
            {
                continue;
            }
            let (span, api) = (code.span(f, *call), code.callee(f, *call));
            let title = "A pattern with wildcards matches the beginning of longer texts, too".to_owned();
            let message = format!(
                "`{}` makes an expression of a pattern in which `*` stands for any characters, and nothing ends it: what begins, or goes on, otherwise passes.",
                code.shown(f, span)
            );
            let mut defect = Defect::potential("open-wildcard", title, message);
            defect.confidence = Confidence::Medium;
            defect.assumptions.push("what the pattern lets pass is trusted".to_owned());
            defect.false_if.push("the text is compared as a whole elsewhere".to_owned());
            defect.value = code.shown_value(f, pattern);
            let mut found = code.defect(check, f, span, &api, defect);
            if let Some(explanation) = &mut found.explanation {
                "Match the whole text with `re.fullmatch`, or compare by `fnmatch.fnmatchcase`."
                    .clone_into(&mut explanation.solution);
            }
            out.push(found);
        }
    }
}

/// Whether a function matches whole texts.
fn matches_whole(code: &Code<'_>, f: FuncId) -> bool {
    code.function(f).insts.iter().any(|inst| matches!(inst.op, Op::Attr(_, name) if code.text(name) == "fullmatch"))
}

/// Whether a function says by its name that it decides whom to trust.
fn is_about_trust(code: &Code<'_>, f: FuncId) -> bool {
    let name = code.res.program.qualified_name(f);
    let own = name.rsplit('.').find(|part| !part.starts_with('<')).unwrap_or(&name);
    is_named_as_check(own) || words(own).iter().any(|word| ABOUT.contains(&word.as_str()))
}

/// Whether an expression is made of a pattern by replacing its wildcards.
fn is_wildcard(code: &Code<'_>, f: FuncId, value: Value, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    let value = code.plain(f, value);
    match code.op(f, value) {
        Op::Call { func, args } => {
            let Op::Attr(base, method) = code.op(f, *func) else { return false };
            let replaces = match (code.text(*method), &args[..]) {
                ("replace", [from, to]) => {
                    let (from, to) = (code.literal(f, from.value), code.literal(f, to.value));
                    matches!(from, Some("*" | r"\*")) && to.is_some_and(|to| to.ends_with(['*', '+']) && to.len() > 1)
                }
                _ => false,
            };
            replaces || is_wildcard(code, f, *base, depth - 1)
        }
        Op::Binary(BinaryOp::Add | BinaryOp::Mod, left, right) => {
            is_wildcard(code, f, *left, depth - 1) || is_wildcard(code, f, *right, depth - 1)
        }
        Op::Format(pieces) => pieces.iter().any(|piece| match piece {
            Piece::Hole { value, .. } => is_wildcard(code, f, *value, depth - 1),
            Piece::Text(_) => false,
        }),
        _ => false,
    }
}

/// Whether an expression ends where the text does, or that is not known.
fn is_closed(code: &Code<'_>, f: FuncId, value: Value, depth: u32) -> bool {
    let ends = |text: &str| text.ends_with('$') || text.ends_with(r"\Z") || text.ends_with(r"\z");
    if depth == 0 {
        return true;
    }
    let value = code.plain(f, value);
    if let Some(text) = code.literal(f, value) {
        return ends(text);
    }
    match code.op(f, value) {
        Op::Call { func, .. } => match code.op(f, *func) {
            Op::Attr(base, method) if code.text(*method) == "replace" => is_closed(code, f, *base, depth - 1),
            // What an escape makes of a text ends as little as any other text.
            _ => code.callee(f, value) != "re.escape",
        },
        Op::Binary(BinaryOp::Add, _, right) => is_closed(code, f, *right, depth - 1),
        Op::Binary(BinaryOp::Mod, left, _) => code.literal(f, *left).is_none_or(ends),
        Op::Format(pieces) => match pieces.last() {
            Some(Piece::Text(text)) => ends(code.text(*text)),
            Some(Piece::Hole { value, .. }) => is_closed(code, f, *value, depth - 1),
            None => true,
        },
        Op::Param(_) | Op::Next(_) | Op::Item(..) | Op::Attr(..) => false,
        _ => true,
    }
}
