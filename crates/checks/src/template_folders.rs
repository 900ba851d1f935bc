//! Templates out of a folder that somebody else names.
//!
//! A template is a program. An environment without a sandbox that reads its templates, by names that are passed, from a
//! folder that is passed runs what whoever writes that folder put there.

use crate::code::{Code, Defect};
use crate::origin::{From, origin};
use crate::{Examined, check};
use assay_finding::{Confidence, Severity};
use assay_ir::{Arg, ArgKind, Op, Value};
use assay_resolve::FuncId;

const ENVIRONMENTS: [&str; 3] =
    ["jinja2.Environment", "jinja2.environment.Environment", "jinja2.nativetypes.NativeEnvironment"];
/// Methods that read a template by its name.
const READERS: [&str; 3] = ["get_template", "get_or_select_template", "select_template"];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("template-injection") else { return };
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            if !targets.apis.iter().any(|api| ENVIRONMENTS.contains(&code.api(*api))) {
                continue;
            }
            let Op::Call { args, .. } = code.op(f, *call) else { continue };
            let Some(folder) = folder(code, f, args) else { continue };
            // What a program hands to its own functions is its own affair; one that it does not call itself is there for others.
            if code.function_name(f).starts_with('_')
                || code.callers(f).iter().any(|caller| caller.function != f && !code.in_test(caller.function))
                || origin(code, f, folder) < From::Passed
                || !reads_by_name(code, f, *call)
            {
                continue;
            }
            let shown = code.shown_value(f, folder);
            let title = format!("Templates out of `{shown}` run without a sandbox");
            let message = format!("The templates of `{shown}`, which is passed, may do all that the program may.");
            let mut defect = Defect::potential("templates-passed", title, message);
            defect.confidence = Confidence::Low;
            defect.severity = Some(Severity::Medium);
            defect.assumptions.push(format!("whoever writes the templates in `{shown}` is not trusted to run code"));
            defect.false_if.push("the templates are the program's own, or those of whoever runs it".to_owned());
            defect.value = shown;
            out.push(code.defect(check, f, code.span(f, *call), &code.callee(f, *call), defect));
        }
    }
}

/// The folder that a loader among the arguments reads.
fn folder(code: &Code<'_>, f: FuncId, args: &[Arg]) -> Option<Value> {
    let loader = args.iter().find(|a| matches!(a.kind, ArgKind::Keyword(name) if code.text(name) == "loader"))?.value;
    let loader = code.plain(f, loader);
    let Op::Call { args, .. } = code.op(f, loader) else { return None };
    if !code.callee(f, loader).ends_with("FileSystemLoader") {
        return None;
    }
    let named = |a: &&Arg| matches!(a.kind, ArgKind::Keyword(name) if code.text(name) == "searchpath");
    args.first().filter(|a| a.kind == ArgKind::Positional).or_else(|| args.iter().find(named)).map(|a| a.value)
}

/// Whether templates are read from an environment by names that are passed.
fn reads_by_name(code: &Code<'_>, f: FuncId, environment: Value) -> bool {
    code.function(f).insts.iter().any(|inst| {
        let Op::Call { func, args } = &inst.op else { return false };
        let Op::Attr(base, name) = code.op(f, *func) else { return false };
        READERS.contains(&code.text(*name))
            && code.plain(f, *base) == environment
            && args.first().is_some_and(|a| origin(code, f, a.value) >= From::Passed)
    })
}
