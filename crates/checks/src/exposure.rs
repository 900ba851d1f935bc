//! Files that everybody may read for a moment: their rights are taken away after they were made.
//!
//! `open(path, "w")` gives a file the rights that the process gives all files; a `chmod` that follows closes it for those who have not
//! opened it yet. A file that is made with its rights (`os.open` with a mode, an opener, a mask of the process) has no such moment.

use crate::code::{Code, Defect};
use crate::{Examined, check};
use assay_finding::{Confidence, Severity};
use assay_index::{Idx, Symbol};
use assay_ir::{ArgKind, Const, Op, Value};
use assay_resolve::FuncId;

/// The rights of all but the owner.
const OTHERS: i64 = 0o077;
/// Modes of `open` that make a file.
const MAKING: &[char] = &['w', 'a', 'x'];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("insecure-file-permissions") else { return };
    for f in code.res.program.functions.ids() {
        let module = code.res.program.module_of(f);
        if module.test || module.template {
            continue;
        }
        for (call, _) in code.res.calls(f) {
            let Some((path, mode)) = closing(code, f, *call) else { continue };
            let Some(maker) = makes_before(code, f, *call, path) else { continue };
            let span = code.span(f, *call);
            let title = "A file is closed to others only after it was made".to_owned();
            let message = format!(
                "`{}` takes the rights of others away from what `{}` has made with the rights that all files get. Whoever opens it in between may read what is written to it later.",
                code.shown(f, span),
                code.shown_value(f, maker)
            );
            let mut defect = Defect::potential("closed-late", title, message);
            defect.confidence = Confidence::Medium;
            defect.severity = Some(Severity::Low);
            defect.assumptions.push("others have an account on the machine and may enter the folder".to_owned());
            defect.false_if = vec!["the mask of the process keeps others out, or the folder does".to_owned()];
            let mut found = code.defect(check, f, span, &code.callee(f, *call), defect);
            if let Some(explanation) = &mut found.explanation {
                explanation.solution = format!(
                    "Make the file with its rights: `os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, {mode:#o})`, and `os.fdopen` what it gives."
                );
                explanation.cwe = Some(vec![732, 367, 276]);
            }
            out.push(found);
        }
    }
}

/// The path and the mode of a call that takes all rights of others away.
fn closing(code: &Code<'_>, f: FuncId, call: Value) -> Option<(Value, i64)> {
    let Op::Call { args, .. } = code.op(f, call) else { return None };
    let [path, mode] = &args[..] else { return None };
    let positional = path.kind == ArgKind::Positional && mode.kind == ArgKind::Positional;
    if !positional || code.callee(f, call) != "os.chmod" {
        return None;
    }
    let mode = number(code, f, mode.value)?;
    (mode & OTHERS == 0 && mode & 0o600 != 0).then_some((path.value, mode))
}

/// A number that is written down, also by the names of its bits.
fn number(code: &Code<'_>, f: FuncId, value: Value) -> Option<i64> {
    match code.op(f, code.plain(f, value)) {
        Op::Const(Const::Int(number)) => Some(*number),
        Op::Binary(assay_ir::BinaryOp::BitOr, a, b) => Some(number(code, f, *a)? | number(code, f, *b)?),
        _ => {
            let shown = code.shown_value(f, value);
            match shown.strip_prefix("stat.").unwrap_or(&shown) {
                "S_IRUSR" => Some(0o400),
                "S_IWUSR" => Some(0o200),
                "S_IXUSR" => Some(0o100),
                "S_IRWXU" => Some(0o700),
                _ => None,
            }
        }
    }
}

/// A call before another one that makes the file at a path, where nothing in the function gives new files their rights: by itself, or
/// in a method of the same object that keeps the path.
fn makes_before(code: &Code<'_>, f: FuncId, until: Value, path: Value) -> Option<Value> {
    let calls = || code.res.calls(f).iter();
    if calls().any(|(call, _)| gives_rights(code, f, *call)) {
        return None;
    }
    let (call, _) = calls().find(|(call, targets)| {
        call.index() < until.index()
            && (made_by(code, f, *call).is_some_and(|made| code.is_same(f, made, path))
                || own_attribute(code, f, path).is_some_and(|name| {
                    targets.functions.iter().any(|t| t.function != f && makes_own(code, t.function, name))
                }))
    })?;
    Some(*call)
}

/// Whether a call decides on the rights of the files that are made.
fn gives_rights(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    matches!(code.callee(f, call).as_str(), "os.umask" | "os.open" | "tempfile.mkstemp" | "tempfile.mkdtemp")
}

/// The name of an attribute of the object that a function is a method of.
fn own_attribute(code: &Code<'_>, f: FuncId, value: Value) -> Option<Symbol> {
    let Op::Attr(base, name) = code.op(f, code.plain(f, value)) else { return None };
    let own = code.function(f).class.is_some() && matches!(code.op(f, *base), Op::Param(0));
    own.then_some(*name)
}

/// Whether a method makes the file whose path the object keeps in an attribute of this name.
fn makes_own(code: &Code<'_>, f: FuncId, attribute: Symbol) -> bool {
    let calls = || code.res.calls(f).iter();
    let makes = |call| made_by(code, f, call).is_some_and(|path| own_attribute(code, f, path) == Some(attribute));
    !calls().any(|(call, _)| gives_rights(code, f, *call)) && calls().any(|(call, _)| makes(*call))
}

/// The path of the file that a call makes.
fn made_by(code: &Code<'_>, f: FuncId, call: Value) -> Option<Value> {
    let Op::Call { args, .. } = code.op(f, call) else { return None };
    let first = args.first().filter(|a| a.kind == ArgKind::Positional)?;
    let makes = match code.callee(f, call).as_str() {
        "open" | "io.open" | "codecs.open" => {
            let opener = |a: &assay_ir::Arg| matches!(a.kind, ArgKind::Keyword(n) if code.text(n) == "opener");
            let mode = args.iter().skip(1).find(|a| match a.kind {
                ArgKind::Positional => true,
                ArgKind::Keyword(n) => code.text(n) == "mode",
                _ => false,
            });
            !args.iter().any(opener) && mode.and_then(|m| code.string(f, m.value)).is_some_and(|m| m.contains(MAKING))
        }
        "sqlite3.connect" => true,
        _ => false,
    };
    makes.then_some(first.value)
}
