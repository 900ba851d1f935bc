//! Temporary files and folders that stay behind.
//!
//! What `tempfile.mkdtemp` makes, and a `NamedTemporaryFile` that is told not to delete itself, is there until somebody removes it. It is
//! *handed on* when it, or its name, is returned, kept, or passed to a function of the program.

use super::leaks::runs_once;
use crate::code::{Code, Defect};
use crate::{Check, Examined, commands};
use assay_dataflow::UseList;
use assay_finding::{Confidence, Outcome};
use assay_ir::{ArgKind, Const, Op, Terminator, Value};
use assay_resolve::FuncId;

/// Values that a folder or file is followed through.
const MAX_STEPS: usize = 96;
/// Functions and methods that give another path, or the same one in another form.
const PATHS: [&str; 10] =
    ["join", "path", "Path", "str", "open", "abspath", "realpath", "fspath", "joinpath", "normpath"];
/// Functions and methods that only use a path or file.
const USES: [&str; 40] = [
    "write",
    "writelines",
    "flush",
    "close",
    "seek",
    "read",
    "exists",
    "isdir",
    "isfile",
    "makedirs",
    "mkdir",
    "listdir",
    "getsize",
    "stat",
    "print",
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "log",
    "run",
    "call",
    "check_call",
    "check_output",
    "extractall",
    "extract",
    "copy",
    "copy2",
    "copyfile",
    "copyfileobj",
    "chmod",
    "chown",
    "dump",
    "save",
    "write_text",
    "write_bytes",
    "savefig",
    "len",
    "walk",
];
/// Parts of the names of functions that remove something.
const REMOVES: [&str; 7] = ["rmtree", "unlink", "remove", "rmdir", "removedirs", "cleanup", "delete"];

pub(super) fn examine(code: &Code<'_>, check: &'static Check, out: &mut Vec<Examined>) {
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            if !targets.functions.is_empty() {
                continue;
            }
            let made = targets.apis.iter().map(|api| code.api(*api)).find_map(|name| match name {
                "tempfile.mkdtemp" if !has_place(code, f, *call) => Some("tempfile.mkdtemp"),
                "tempfile.NamedTemporaryFile" if stays(code, f, *call) && !has_place(code, f, *call) => {
                    Some("tempfile.NamedTemporaryFile")
                }
                _ => None,
            });
            if let Some(name) = made {
                out.push(judged(code, check, f, *call, name));
            }
        }
    }
}

/// Whether the program says where: in a folder of its own, which is somebody's to clear.
fn has_place(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { args, .. } = code.op(f, call) else { return false };
    args.iter().filter(|a| a.kind == ArgKind::Positional).count() > 2
        || args.iter().any(|a| match a.kind {
            ArgKind::Keyword(name) => code.text(name) == "dir",
            ArgKind::Spread | ArgKind::KeywordSpread => true,
            ArgKind::Positional => false,
        })
}

/// Whether a temporary file is told not to delete itself.
fn stays(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { args, .. } = code.op(f, call) else { return false };
    args.iter().any(|a| {
        matches!(a.kind, ArgKind::Keyword(name) if code.text(name) == "delete")
            && matches!(code.op(f, a.value), Op::Const(Const::Bool(false)))
    })
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value, name: &str) -> Examined {
    let span = code.span(f, call);
    let closed = |outcome, reason: &str, detail: String| code.closed(check, f, span, name, outcome, reason, detail);
    if let Some((reason, detail)) = fate(code, f, call) {
        return closed(Outcome::Safe, reason, detail);
    }
    if let Some(command) = commands::runs_in(code, f) {
        return closed(Outcome::NotObserved, "command", format!("`{command}`, which somebody starts"));
    }
    if runs_once(code, f, call) {
        return closed(Outcome::Safe, "runs-once", "the program runs this once".to_owned());
    }
    let title = format!("What `{name}` makes stays behind");
    let message = format!(
        "`{}` makes something in the folder of temporary files that nothing removes: each call leaves another one there.",
        code.shown(f, span)
    );
    let mut defect = Defect::new("never-removed", title, message);
    "is made here and never removed".clone_into(&mut defect.step);
    defect.confidence = Confidence::Medium;
    defect.false_if.push("something else removes it later, or the process ends with its container".to_owned());
    code.defect(check, f, span, name, defect)
}

/// What becomes of a temporary file or folder: removed or handed on, as reason and detail.
fn fate(code: &Code<'_>, f: FuncId, call: Value) -> Option<(&'static str, String)> {
    let function = code.function(f);
    let uses = UseList::new(function);
    let mut work = vec![call];
    let mut seen = vec![call];
    while let Some(value) = work.pop() {
        if seen.len() > MAX_STEPS {
            return Some(("handed-on", "to more than was followed".to_owned()));
        }
        let kept = || Some(("handed-on", "it is returned or kept".to_owned()));
        if function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(v) if v == value)) {
            return kept();
        }
        for user in uses.insts(value) {
            let mut follow = false;
            match function.op(user) {
                Op::Returned(_)
                | Op::StoreAttr { .. }
                | Op::StoreGlobal(..)
                | Op::StoreCell(..)
                | Op::StoreItem { .. }
                | Op::Yield(_)
                | Op::YieldFrom(_)
                | Op::Dict(_)
                | Op::Accumulate { .. }
                | Op::Unknown(_) => return kept(),
                Op::Call { func, args } => {
                    let callee = code.callee(f, user);
                    let last = callee.rsplit('.').next().unwrap_or_default();
                    let lower = last.to_ascii_lowercase();
                    let method = match function.op(*func) {
                        Op::Attr(_, name) => code.text(*name),
                        _ => "",
                    };
                    if REMOVES.iter().any(|r| lower.contains(r) || method.contains(r))
                        || lower.contains("cleanup")
                        || lower.contains("callback")
                    {
                        return Some(("removed", format!("`{}`", code.shown_value(f, user))));
                    }
                    if args.iter().any(|a| a.value == value) {
                        follow = PATHS.contains(&last) || PATHS.contains(&method);
                        if !follow && !USES.contains(&last) && !USES.contains(&method) {
                            return Some(("handed-on", format!("to `{}`", code.shown_value(f, user))));
                        }
                    }
                }
                // `file.name`, `folder / "x"`, `f"{folder}/x"`.
                Op::Attr(_, name) => {
                    follow = matches!(code.text(*name), "name" | "unlink" | "rmdir" | "joinpath" | "parent" | "format");
                }
                Op::Binary(..)
                | Op::InPlace(..)
                | Op::Format(_)
                | Op::Phi(_)
                | Op::Enter(_)
                | Op::Annotated { .. }
                | Op::Collection(..)
                | Op::Item(..)
                | Op::Unpack { .. }
                | Op::Next(_) => follow = true,
                _ => {}
            }
            if follow && !seen.contains(&user) {
                seen.push(user);
                work.push(user);
            }
        }
    }
    None
}
