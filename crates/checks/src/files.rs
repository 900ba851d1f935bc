//! Temporary files: how `tempfile` makes them, and `os.open` in folders that everybody can write. What else is written
//! there follows from the flow of paths.

use crate::code::{Code, Defect, Passed};
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome};
use assay_ir::{Arg, BinaryOp, Op, Value};
use assay_models::ArgumentSpec;
use assay_resolve::FuncId;
use assay_taint::SHARED_FOLDERS;

/// Parts that a path is put together from.
const MAX_PARTS: usize = 8;

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("insecure-temporary-file") else { return };
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let Op::Call { args, .. } = code.op(f, *call) else { continue };
            for api in &targets.apis {
                let name = code.api(*api);
                if let Some(examined) = by_flags(code, check, f, *call, args, name) {
                    out.push(examined);
                    break;
                }
                if let Some(examined) = made_by_tempfile(code, check, f, *call, name) {
                    out.push(examined);
                    break;
                }
            }
        }
    }
}

/// The functions of `tempfile` that make name and file in one step.
fn made_by_tempfile(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value, name: &str) -> Option<Examined> {
    let function = name.strip_prefix("tempfile.")?;
    let safe =
        ["mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory", "SpooledTemporaryFile"];
    safe.contains(&function).then(|| {
        let detail = format!("`{name}` makes name and file in one step");
        code.closed(check, f, code.span(f, call), name, Outcome::Safe, "created-in-one-step", detail)
    })
}

/// `os.open` says by its flags whether the file must not exist yet.
fn by_flags(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    call: Value,
    args: &[Arg],
    name: &str,
) -> Option<Examined> {
    if name != "os.open" {
        return None;
    }
    let path = shared_path(code, f, passed(code, f, args, 0, "path")?)?;
    let flags = passed(code, f, args, 1, "flags")?;
    let flags = code.shown_value(f, flags);
    flags.contains("O_CREAT").then(|| report(code, check, f, call, name, &path, flags.contains("O_EXCL")))
}

fn passed(code: &Code<'_>, f: FuncId, args: &[Arg], position: u32, name: &str) -> Option<Value> {
    let spec =
        ArgumentSpec { positions: vec![position..=position], names: vec![name.to_owned()], ..ArgumentSpec::default() };
    match code.selected(f, args, &spec) {
        Passed::Value(value) => Some(value),
        _ => None,
    }
}

/// The path that a value is, when it is constant and lies in a shared folder.
fn shared_path(code: &Code<'_>, f: FuncId, value: Value) -> Option<String> {
    let path = constant_path(code, f, value, 4)?;
    let below = SHARED_FOLDERS.iter().find_map(|folder| path.strip_prefix(folder)?.strip_prefix('/'))?;
    // A name that ends with a folder made for it is not in the shared folder itself.
    (!below.is_empty() && !below.ends_with('/')).then_some(path)
}

fn constant_path(code: &Code<'_>, f: FuncId, value: Value, depth: u32) -> Option<String> {
    if let Some(text) = code.string(f, value) {
        return Some(text);
    }
    if depth == 0 {
        return None;
    }
    match code.op(f, code.plain(f, value)) {
        Op::Call { args, .. } => {
            let name = code.callee(f, value);
            match name.as_str() {
                "tempfile.gettempdir" => Some("/tmp".to_owned()),
                "os.path.join" | "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" => {
                    if args.len() > MAX_PARTS {
                        return None;
                    }
                    let mut path = String::new();
                    for arg in args {
                        let part = constant_path(code, f, arg.value, depth - 1)?;
                        if part.starts_with('/') {
                            path.clear();
                        } else if !path.is_empty() && !path.ends_with('/') {
                            path.push('/');
                        }
                        path.push_str(&part);
                    }
                    Some(path)
                }
                _ => None,
            }
        }
        Op::Binary(BinaryOp::Div, folder, name) => {
            let folder = constant_path(code, f, *folder, depth - 1)?;
            let name = constant_path(code, f, *name, depth - 1)?;
            Some(format!("{}/{name}", folder.trim_end_matches('/')))
        }
        Op::Binary(BinaryOp::Add, head, tail) => {
            Some(constant_path(code, f, *head, depth - 1)? + &constant_path(code, f, *tail, depth - 1)?)
        }
        _ => None,
    }
}

fn report(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    call: Value,
    api: &str,
    path: &str,
    exclusive: bool,
) -> Examined {
    let span = code.span(f, call);
    if exclusive {
        let detail = format!("`{path}` is only opened if it did not exist");
        return code.closed(check, f, span, api, Outcome::Safe, "exclusive-creation", detail);
    }
    let title = format!("`{path}` is written in a folder that everybody can write");
    let message = format!("`{}` opens a file under a name that is known beforehand.", code.shown(f, span));
    let mut defect = Defect::new("shared-folder", title, message);
    defect.confidence = Confidence::Medium;
    defect.false_if.push(
        "the machine has no other accounts, or links in shared folders are not followed (`fs.protected_symlinks`)"
            .to_owned(),
    );
    path.clone_into(&mut defect.value);
    code.defect(check, f, span, api, defect)
}
