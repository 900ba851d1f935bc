//! Tests that a path lies below a folder, and do not show it.
//!
//! - A path is *composed* when it is put together from a folder and something else: `os.path.join(base, name)`, `base / name`.
//! - A composed path is *normal* when `..` in it was resolved: by `abspath`, `normpath`, `realpath` or `Path.resolve`.
//! - A *test of containment* compares a composed path with a folder and leads to a refusal when it fails: an error, an answer in
//!   which the path does not occur, or the next turn of a loop.
//!
//! A test on a path that is not normal passes for every `..`, and one by the first characters passes for a folder beside it whose name
//! begins in the same way. Both are so whoever chooses the name, so that no flow is asked for; where one is known, the finding at its end
//! names the test, too.

use crate::code::{Code, Defect};
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_index::Idx;
use assay_ir::{ArgKind, BinaryOp, BlockId, CompareOp, Const, Function, Op, Piece, Terminator, UnaryOp, Value};
use assay_resolve::FuncId;

/// Steps from a value to what it is made from.
const MAX_STEPS: u32 = 8;
/// Blocks from a test to the refusal that it leads to.
const MAX_BLOCKS: usize = 4;

/// How far a path is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Put together from a folder and something else, with `..` as it comes.
    Composed { folder: Value },
    /// The same, with `..` resolved.
    Normal,
}

/// What is wrong with a test.
#[derive(Clone, Copy)]
enum Flaw {
    /// `..` passes.
    NotNormal,
    /// A folder whose name begins in the same way passes.
    Prefix,
}

/// A test of containment.
struct Test {
    /// The path.
    path: Value,
    /// The folder.
    folder: Value,
    /// Whether it compares the first characters only.
    by_prefix: bool,
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("flawed-validation") else { return };
    for f in code.res.program.functions.ids() {
        let module = code.res.program.module_of(f);
        // A stub repeats what stands in the module itself.
        let stub = code.texts.path(module.file).ends_with(".pyi");
        if module.template || module.test || stub {
            continue;
        }
        let function = code.function(f);
        for (value, inst) in function.insts.iter_enumerated() {
            if !matches!(inst.op, Op::Call { .. } | Op::Compare(..)) {
                continue;
            }
            if let Some(test) = test_of(code, f, value)
                && let Some(form) = form_of(code, f, test.path, MAX_STEPS)
                && refuses(function, value, test.path)
            {
                out.push(judged(code, check, f, value, &test, form));
            }
        }
    }
}

/// What a value tests, if that is containment.
fn test_of(code: &Code<'_>, f: FuncId, value: Value) -> Option<Test> {
    match code.op(f, value) {
        Op::Call { func, args } => {
            let Op::Attr(path, _) = code.op(f, *func) else { return None };
            let [folder] = &args[..] else { return None };
            let by_prefix = match code.text_of_attr(f, *func)? {
                "startswith" => true,
                "relative_to" | "is_relative_to" => false,
                _ => return None,
            };
            (folder.kind == ArgKind::Positional).then_some(Test { path: *path, folder: folder.value, by_prefix })
        }
        // `os.path.commonprefix([path, base]) == base`
        Op::Compare(CompareOp::Eq | CompareOp::NotEq, left, right) => {
            [(*left, *right), (*right, *left)].into_iter().find_map(|(shared, folder)| {
                let Op::Call { args, .. } = code.op(f, code.plain(f, shared)) else { return None };
                let ([list], "os.path.commonprefix") = (&args[..], code.callee(f, shared).as_str()) else {
                    return None;
                };
                let Op::Collection(_, parts) = code.op(f, code.plain(f, list.value)) else { return None };
                let [one, other] = &parts[..] else { return None };
                let path = if code.is_same(f, one.value, folder) { other.value } else { one.value };
                (code.is_same(f, one.value, folder) || code.is_same(f, other.value, folder)).then_some(Test {
                    path,
                    folder,
                    by_prefix: true,
                })
            })
        }
        // `base in path.parents`
        Op::Compare(CompareOp::In | CompareOp::NotIn, folder, parents) => {
            let Op::Attr(path, _) = code.op(f, code.plain(f, *parents)) else { return None };
            (code.text_of_attr(f, code.plain(f, *parents)) == Some("parents")).then_some(Test {
                path: *path,
                folder: *folder,
                by_prefix: false,
            })
        }
        _ => None,
    }
}

/// The form of a path; `None` when it is not known to be composed.
fn form_of(code: &Code<'_>, f: FuncId, path: Value, depth: u32) -> Option<Form> {
    if depth == 0 {
        return None;
    }
    let path = code.plain(f, path);
    match code.op(f, path) {
        Op::Binary(BinaryOp::Div, folder, _) => Some(Form::Composed { folder: *folder }),
        Op::Call { func, args } => {
            let name = code.callee(f, path);
            let first = args.first().filter(|a| a.kind == ArgKind::Positional).map(|a| a.value);
            match name.as_str() {
                "os.path.join" if args.len() > 1 => Some(Form::Composed { folder: first? }),
                "os.path.abspath" | "os.path.normpath" | "os.path.realpath" => {
                    form_of(code, f, first?, depth - 1).map(|_| Form::Normal)
                }
                "str" | "os.fspath" | "os.path.expanduser" | "pathlib.Path" => form_of(code, f, first?, depth - 1),
                _ => {
                    let Op::Attr(base, _) = code.op(f, *func) else { return None };
                    match code.text_of_attr(f, *func)? {
                        "joinpath" if !args.is_empty() => Some(Form::Composed { folder: *base }),
                        "resolve" => form_of(code, f, *base, depth - 1).map(|_| Form::Normal),
                        "absolute" | "expanduser" | "as_posix" => form_of(code, f, *base, depth - 1),
                        _ => None,
                    }
                }
            }
        }
        // The same whichever way was taken.
        Op::Phi(inputs) => {
            let mut forms = inputs.iter().filter(|(_, v)| *v != path).map(|(_, v)| form_of(code, f, *v, depth / 2));
            let first = forms.next()??;
            forms.all(|form| form == Some(first)).then_some(first)
        }
        _ => None,
    }
}

/// Whether a test that fails leads to a refusal.
fn refuses(function: &Function, test: Value, path: Value) -> bool {
    let inside = |value: Value| -> Option<bool> {
        match function.op(value) {
            _ if value == test => Some(!is_negated(function.op(test))),
            Op::Unary(UnaryOp::Not, inner) if *inner == test => Some(is_negated(function.op(test))),
            _ => None,
        }
    };
    // `relative_to` raises by itself.
    if let Op::Call { func, .. } = function.op(test)
        && let Op::Attr(..) = function.op(*func)
        && !function
            .blocks
            .iter()
            .any(|b| matches!(b.terminator, Terminator::Branch { cond, .. } if inside(cond).is_some()))
    {
        return !is_used(function, test)
            && function.blocks.iter().any(|b| b.handler.is_some() && b.insts.contains(&test));
    }
    function.blocks.iter().any(|block| {
        let Terminator::Branch { cond, then_to, else_to } = block.terminator else { return false };
        let Some(inside) = inside(cond) else { return false };
        leads_to_refusal(function, if inside { else_to } else { then_to }, path)
    })
}

fn is_negated(test: &Op) -> bool {
    matches!(test, Op::Compare(CompareOp::NotIn | CompareOp::NotEq, ..))
}

/// Whether anything is done with a value.
fn is_used(function: &Function, value: Value) -> bool {
    let mut used = false;
    for inst in &function.insts {
        inst.op.for_each_operand(|v| used |= v == value);
    }
    used || function
        .blocks
        .iter()
        .any(|b| matches!(b.terminator, Terminator::Return(v) | Terminator::Branch { cond: v, .. } if v == value))
}

/// Whether a block raises, ends the call, or answers something that the path does not occur in.
fn leads_to_refusal(function: &Function, mut block: BlockId, path: Value) -> bool {
    for _ in 0..MAX_BLOCKS {
        match function.blocks[block].terminator {
            Terminator::Raise(_) | Terminator::Unreachable => return true,
            Terminator::Return(value) => {
                return match function.op(value) {
                    Op::Const(Const::None | Const::Bool(false)) => true,
                    Op::Call { args, .. } => {
                        function.blocks[block].insts.contains(&value) && args.iter().all(|a| a.value != path)
                    }
                    _ => false,
                };
            }
            // The next turn of a loop is about another path.
            Terminator::Goto(to) if to.index() <= block.index() => return true,
            Terminator::Goto(to) => block = to,
            _ => return false,
        }
    }
    false
}

/// Whether a folder ends with a separator.
fn is_closed(code: &Code<'_>, f: FuncId, folder: Value, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    let folder = code.plain(f, folder);
    let separator = |value: Value| {
        code.string(f, value).is_some_and(|text| text.ends_with(['/', '\\']))
            || matches!(code.text_of_attr(f, value), Some("sep" | "separator"))
            || code.shown_value(f, value).ends_with("sep")
    };
    if separator(folder) {
        return true;
    }
    match code.op(f, folder) {
        Op::Binary(BinaryOp::Add, _, end) | Op::InPlace(BinaryOp::Add, _, end) => separator(*end),
        Op::Format(pieces) => match pieces.last() {
            Some(Piece::Text(text)) => code.text(*text).ends_with(['/', '\\']),
            Some(Piece::Hole { value, .. }) => separator(*value),
            _ => false,
        },
        // `os.path.join(base, "")`
        Op::Call { args, .. } => {
            code.callee(f, folder) == "os.path.join"
                && args.last().is_some_and(|last| code.string(f, last.value).is_some_and(|text| text.is_empty()))
        }
        Op::Phi(inputs) => inputs.iter().all(|(_, v)| *v != folder && is_closed(code, f, *v, depth - 1)),
        _ => assay_taint::FunctionOracle::new(code.res, f)
            .definition(folder)
            .is_some_and(|(g, value)| is_closed(code, g, value, depth - 1)),
    }
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, at: Value, test: &Test, form: Form) -> Examined {
    let span = code.span(f, at);
    let shown = code.shown(f, span);
    let flaw = match form {
        // Whatever begins with a folder is compared with that folder itself: it is always so.
        Form::Composed { folder } if code.is_same(f, folder, test.folder) => Some(Flaw::NotNormal),
        Form::Normal if test.by_prefix && !is_closed(code, f, test.folder, MAX_STEPS) => Some(Flaw::Prefix),
        _ => None,
    };
    let Some(flaw) = flaw else {
        let detail = format!("`{shown}` compares a path in its normal form with a whole folder");
        return code.closed(check, f, span, &shown, Outcome::Safe, "check-holds", detail);
    };
    let path = code.shown_value(f, test.path);
    let folder = code.shown_value(f, test.folder);
    let (title, message, example) = match flaw {
        Flaw::NotNormal => (
            format!("`{shown}` holds for every path, also for those with `..`"),
            format!(
                "`{shown}` asks whether `{path}` lies below `{folder}`, from which it is made and in which `..` was not resolved."
            ),
            "../../etc/passwd",
        ),
        Flaw::Prefix => (
            format!("`{shown}` also holds for folders beside `{folder}` whose names begin in the same way"),
            format!(
                "`{shown}` compares the first characters of `{path}` with `{folder}`, to which no separator is added."
            ),
            "../<folder>-other/file",
        ),
    };
    let mut defect = Defect::potential("check-insufficient", title, format!("{message} `{example}` passes."));
    defect.confidence = Confidence::Medium;
    defect.severity = Some(if matches!(flaw, Flaw::NotNormal) { Severity::Medium } else { Severity::Low });
    defect.assumptions.push("what the path is made from comes from outside".to_owned());
    defect.false_if = vec!["the parts of the path are checked elsewhere, or chosen by the program".to_owned()];
    defect.value.clone_from(&path);
    let mut found = code.defect(check, f, span, &shown, defect);
    if let Some(explanation) = &mut found.explanation {
        explanation.solution = format!(
            "Resolve the path first, and compare whole parts: `Path(path).resolve().is_relative_to(base)`, or `os.path.commonpath([base, path]) == base` with `path = os.path.realpath({path})`."
        );
        explanation.cwe = Some(match flaw {
            Flaw::NotNormal => vec![22, 23, 20],
            Flaw::Prefix => vec![22, 187, 20],
        });
    }
    found
}
