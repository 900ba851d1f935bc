//! Rights of files that hold what others must not read.
//!
//! - A file is *made* by a call that creates it with the rights that the mask of the process leaves: `open` for writing,
//!   `Path.write_text`, `sqlite3.connect`. Everybody can read it then on most machines.
//! - A file holds a *secret* when what is written there, its path or its class is named so.

use crate::code::{Code, Defect, Passed, words};
use crate::named_secrets::shown_secret;
use crate::names::{Strength, secret_name};
use crate::secrets::name_of;
use crate::{Check, Examined, check};
use assay_dataflow::UseList;
use assay_finding::{Confidence, Outcome};
use assay_ir::{ArgKind, Op, Value};
use assay_models::ArgumentSpec;
use assay_resolve::FuncId;

/// Calls that a handle of a file is handed to, and whose first argument is written.
const DUMPS: &[&str] = &["json.dump", "yaml.dump", "yaml.safe_dump", "toml.dump", "pickle.dump"];
/// Words in the name of a file that holds secrets.
const SECRET_WORDS: &[&str] = &["secret", "secrets", "credential", "credentials", "password", "passwords", "passwd"];
/// Words that say that a file of such a name is something else.
const OTHER_WORDS: &[&str] =
    &["public", "example", "template", "sample", "test", "schema", "policy", "reset", "baseline", "scan"];

/// A call that makes a file.
struct Made {
    call: Value,
    path: Value,
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("insecure-file-permissions") else { return };
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || has_own_rights(code, f) {
            continue;
        }
        for made in made(code, f) {
            out.extend(secret_made(code, check, f, &made));
        }
    }
}

/// Whether a function decides on the rights of what it makes before it makes it, or works in a folder of its own.
fn has_own_rights(code: &Code<'_>, f: FuncId) -> bool {
    code.res.calls(f).iter().any(|(_, targets)| {
        targets.apis.iter().any(|api| {
            let name = code.api(*api);
            matches!(name, "os.umask" | "os.open" | "os.fdopen" | "os.fchmod") || name.starts_with("tempfile.")
        })
    })
}

/// What a call passes at a position or under a name.
fn passed(code: &Code<'_>, f: FuncId, call: Value, position: u32, name: &str) -> Option<Value> {
    let Op::Call { args, .. } = code.op(f, call) else { return None };
    let spec =
        ArgumentSpec { positions: vec![position..=position], names: vec![name.to_owned()], ..ArgumentSpec::default() };
    match code.selected(f, args, &spec) {
        Passed::Value(value) => Some(value),
        _ => None,
    }
}

fn receiver(code: &Code<'_>, f: FuncId, call: Value) -> Option<(Value, &'static str)> {
    let Op::Call { func, .. } = code.op(f, call) else { return None };
    let Op::Attr(base, name) = code.op(f, *func) else { return None };
    let methods = ["open", "write_text", "write_bytes"];
    methods.iter().find(|m| **m == code.text(*name)).map(|method| (*base, *method))
}

/// The files that a function makes.
fn made(code: &Code<'_>, f: FuncId) -> Vec<Made> {
    let mut out = Vec::new();
    for (call, targets) in code.res.calls(f) {
        let writes = |position| {
            passed(code, f, *call, position, "mode")
                .and_then(|mode| code.string(f, mode))
                .is_some_and(|mode| mode.starts_with(['w', 'a', 'x']))
                && passed(code, f, *call, 9, "opener").is_none()
        };
        let mut found = None;
        for api in &targets.apis {
            let name = code.api(*api);
            found = match name {
                "open" | "io.open" | "codecs.open" if writes(1) => passed(code, f, *call, 0, "file"),
                "sqlite3.connect" => passed(code, f, *call, 0, "database"),
                "shutil.copyfile" => passed(code, f, *call, 1, "dst"),
                _ if name.starts_with("pathlib.") => match receiver(code, f, *call) {
                    Some((base, "write_text" | "write_bytes")) => Some(base),
                    Some((base, "open")) if writes(0) => Some(base),
                    _ => None,
                },
                _ => None,
            };
            if found.is_some() {
                break;
            }
        }
        out.extend(found.map(|path| Made { call: *call, path }));
    }
    out
}

/// A file with a secret in it that is made with the rights of any other.
fn secret_made(code: &Code<'_>, check: &'static Check, f: FuncId, made: &Made) -> Option<Examined> {
    let secret = written(code, f, made.call).into_iter().find_map(|value| shown_secret(code, f, value));
    let why = match secret {
        Some(name) => format!("`{name}` is written there"),
        None => format!("`{}` says that it holds secrets", named_secret(code, f, made)?),
    };
    // Somewhere in the module its rights are looked after.
    let source = code.source(f);
    let (span, api) = (code.span(f, made.call), code.callee(f, made.call));
    if ["chmod", "umask", "os.open", "opener", "O_CREAT"].iter().any(|word| source.contains(word)) {
        let detail = "the module looks after the rights of files elsewhere".to_owned();
        return Some(code.closed(check, f, span, &api, Outcome::NotObserved, "elsewhere", detail));
    }
    let path = code.shown_value(f, made.path);
    let title = format!("`{path}` holds a secret and can be read by others");
    let message = format!(
        "`{}` makes the file with the rights that the mask of the process leaves, and {why}.",
        code.shown(f, span)
    );
    let mut defect = Defect::potential("secret-readable", title, message);
    defect.confidence = Confidence::Medium;
    defect.assumptions.push("what is written there is secret".to_owned());
    defect.false_if.push("the folder is closed to others, or the mask of the process is".to_owned());
    defect.value = path;
    Some(code.defect(check, f, span, &api, defect))
}

/// What is written to the file that a call opens.
fn written(code: &Code<'_>, f: FuncId, open: Value) -> Vec<Value> {
    let function = code.function(f);
    let uses = UseList::new(function);
    let mut handles = vec![open];
    let mut out = Vec::new();
    if let Some((_, "write_text" | "write_bytes")) = receiver(code, f, open) {
        out.extend(passed(code, f, open, 0, "data"));
    }
    let mut next = 0;
    while let Some(handle) = handles.get(next).copied().filter(|_| next < 8) {
        next += 1;
        for user in uses.insts(handle) {
            match function.op(user) {
                Op::Enter(_) | Op::Annotated { .. } => handles.push(user),
                Op::Attr(_, name) if ["write", "writelines"].contains(&code.text(*name)) => {
                    for call in uses.insts(user) {
                        if let Op::Call { args, .. } = function.op(call) {
                            out.extend(args.iter().filter(|a| a.kind == ArgKind::Positional).map(|a| a.value));
                        }
                    }
                }
                // What was put into a configuration before.
                Op::Call { func, args } if args.iter().any(|a| a.value == handle) && writes_config(code, f, user) => {
                    if let Op::Attr(config, _) = function.op(*func) {
                        out.extend(settings(code, f, *config));
                    }
                }
                Op::Call { args, .. }
                    if args.iter().any(|a| a.value == handle) && DUMPS.contains(&code.callee(f, user).as_str()) =>
                {
                    out.extend(args.first().map(|a| a.value));
                }
                _ => {}
            }
        }
    }
    out
}

/// Whether a call writes a configuration to the file that it is passed.
fn writes_config(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let name = code.callee(f, call);
    name.starts_with("configparser.") && name.rsplit('.').next() == Some("write")
}

/// The values that a function puts into a configuration.
fn settings(code: &Code<'_>, f: FuncId, config: Value) -> Vec<Value> {
    let function = code.function(f);
    let mut out = Vec::new();
    for inst in &function.insts {
        match &inst.op {
            Op::Call { func, args } if args.len() == 3 => {
                if let Op::Attr(base, name) = function.op(*func)
                    && code.text(*name) == "set"
                    && code.is_same(f, *base, config)
                {
                    out.push(args[2].value);
                }
            }
            Op::StoreItem { base, value, .. } => {
                if let Op::Item(section_of, _) = function.op(*base)
                    && code.is_same(f, *section_of, config)
                {
                    out.push(*value);
                }
            }
            _ => {}
        }
    }
    out
}

/// The name by which a file holds secrets: of its path, or of the class that keeps it.
fn named_secret(code: &Code<'_>, f: FuncId, made: &Made) -> Option<String> {
    let of = |text: &str| {
        let parts = words(text);
        parts.iter().any(|w| SECRET_WORDS.contains(&w.as_str()))
            && !parts.iter().any(|w| OTHER_WORDS.contains(&w.as_str()))
    };
    if let Some(text) = code.string(f, made.path) {
        let name = text.rsplit('/').next().unwrap_or(&text);
        if of(name) {
            return Some(name.to_owned());
        }
    }
    if let Some(name) = name_of(code, f, made.path).filter(|name| of(name) || secret_name(name) > Some(Strength::Weak))
    {
        return Some(name.to_owned());
    }
    let class = code.res.program.functions[f].class?;
    let name = code.res.program.class_name(class);
    of(&name).then_some(name)
}
