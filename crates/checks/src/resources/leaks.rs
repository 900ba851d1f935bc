//! File descriptors that are opened and never closed.
//!
//! Files and sockets of Python close themselves when nobody refers to them any more; a descriptor is a number and does not. It is
//! *handed on* when it is returned, kept, or passed to anything but the functions that only use it.

use super::loops::loops;
use crate::code::{Code, Defect};
use crate::{Check, Examined, check};
use assay_dataflow::{UseList, ValueBlocks};
use assay_finding::{Confidence, Outcome};
use assay_ir::{Const, FunctionKind, Op, Terminator, Value};
use assay_resolve::FuncId;

/// Calls that give a descriptor, and which part of the result it is.
const OPENS: [(&str, Option<i64>); 4] =
    [("tempfile.mkstemp", Some(0)), ("os.open", None), ("os.dup", None), ("os.memfd_create", None)];
/// Functions that use a descriptor and leave it open.
const USES: [&str; 15] = [
    "os.write",
    "os.read",
    "os.fsync",
    "os.fdatasync",
    "os.fchmod",
    "os.fchown",
    "os.fstat",
    "os.lseek",
    "os.ftruncate",
    "os.isatty",
    "os.pread",
    "os.pwrite",
    "os.ttyname",
    "fcntl.flock",
    "fcntl.lockf",
];
/// Values that a descriptor is followed through.
const MAX_STEPS: usize = 64;

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("resource-leak") else { return };
    super::leftovers::examine(code, check, out);
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let opened = targets.apis.iter().find_map(|api| OPENS.iter().find(|(name, _)| *name == code.api(*api)));
            if let (Some((name, part)), true) = (opened, targets.functions.is_empty()) {
                out.push(descriptor(code, check, f, *call, name, *part));
            }
        }
    }
}

/// What becomes of the descriptor that a call opens.
fn descriptor(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    call: Value,
    name: &str,
    part: Option<i64>,
) -> Examined {
    let span = code.span(f, call);
    let closed = |reason: &str, detail: String| code.closed(check, f, span, name, Outcome::Safe, reason, detail);
    match fate(code, f, call, part) {
        Fate::Closed(value) => closed("closed", format!("`{}`", code.shown_value(f, value))),
        Fate::HandedOn(value) => closed("handed-on", format!("to `{}`", code.shown_value(f, value))),
        Fate::Kept => closed("handed-on", "it is returned or kept".to_owned()),
        Fate::Lost if runs_once(code, f, call) => {
            closed("ends-with-process", "the program runs this once, and the process closes it at its end".to_owned())
        }
        Fate::Lost => {
            let title = format!("The descriptor that `{name}` opens is never closed");
            let message = format!(
                "`{}` opens a file and gives its descriptor, which nothing closes: each call uses up one of those that the \
                 process may have.",
                code.shown(f, span)
            );
            let mut defect = Defect::new("never-closed", title, message);
            "is opened here and never closed".clone_into(&mut defect.step);
            defect.confidence = Confidence::High;
            defect.false_if.push("the process ends right after".to_owned());
            code.defect(check, f, span, name, defect)
        }
    }
}

/// Whether a call happens at most once in a process: in a function that only the code of modules calls, and in no loop.
pub(super) fn runs_once(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let function = code.function(f);
    let callers = code.callers(f);
    let by_modules = !callers.is_empty()
        && callers.iter().all(|caller| matches!(code.function(caller.function).kind, FunctionKind::ModuleBody));
    (by_modules || matches!(function.kind, FunctionKind::ModuleBody)) && {
        let block = ValueBlocks::new(function).block(call);
        !loops(function).iter().any(|l| block.is_some_and(|block| l.body.contains(&block)))
    }
}

enum Fate {
    Closed(Value),
    HandedOn(Value),
    Kept,
    Lost,
}

/// Follows a descriptor through a function.
fn fate(code: &Code<'_>, f: FuncId, call: Value, part: Option<i64>) -> Fate {
    let function = code.function(f);
    let uses = UseList::new(function);
    // Values that are the descriptor, and whether they still are the pair that it stands in.
    let mut work = vec![(call, part.is_some())];
    let mut seen = vec![call];
    while let Some((value, whole)) = work.pop() {
        if seen.len() > MAX_STEPS {
            return Fate::Kept;
        }
        for user in uses.insts(value) {
            let mut follow = |whole: bool| {
                if !seen.contains(&user) {
                    seen.push(user);
                    work.push((user, whole));
                }
            };
            match function.op(user) {
                Op::Item(_, key) if whole => match function.op(*key) {
                    Op::Const(Const::Int(i)) if Some(*i) == part => follow(false),
                    Op::Const(Const::Int(_)) => {}
                    _ => return Fate::Kept,
                },
                Op::Unpack { index, rest, .. } if whole => {
                    if *rest {
                        return Fate::Kept;
                    }
                    if Some(i64::from(*index)) == part {
                        follow(false);
                    }
                }
                Op::Annotated { value: Some(v), .. } if *v == value => follow(whole),
                Op::Phi(_) => follow(whole),
                Op::Compare(..) | Op::Format(_) | Op::Unary(..) => {}
                Op::Call { args, .. } if args.iter().any(|a| a.value == value) => {
                    let callee = code.callee(f, user);
                    if callee == "os.close" {
                        return Fate::Closed(user);
                    }
                    if !USES.contains(&callee.as_str()) {
                        return Fate::HandedOn(user);
                    }
                }
                _ => return Fate::Kept,
            }
        }
        let returned = |t: &Terminator| matches!(t, Terminator::Return(v) if *v == value);
        if function.blocks.iter().any(|b| returned(&b.terminator)) {
            return Fate::Kept;
        }
    }
    Fate::Lost
}

/// What makes it harmless that a library keeps something for each thread: nobody makes a thread for each request.
pub(crate) fn without_green_threads(code: &Code<'_>) -> Option<(Outcome, &'static str, String)> {
    let green = code.res.program.functions.ids().filter(|f| !code.in_test(*f)).any(|f| {
        code.function(f).insts.iter().any(|inst| match &inst.op {
            Op::Import { module, .. } | Op::ImportFrom { module, level: 0, .. } => {
                let name = code.text(*module);
                ["eventlet", "gevent"]
                    .iter()
                    .any(|g| name == *g || name.strip_prefix(g).is_some_and(|r| r.starts_with('.')))
            }
            _ => false,
        })
    });
    (!green).then(|| {
        (
            Outcome::Safe,
            "threads-are-reused",
            "no green threads were found: servers keep a few threads and reuse them".to_owned(),
        )
    })
}
