//! What an operation is given: the parameters of its function, and what the function itself reads from the request.

use super::{Operation, paths};
use crate::code::Code;
use assay_finding::{EntryInput, InputVia};
use assay_ir::{Op, ParamKind};
use assay_models::{EntryKind, NodeId};
use assay_resolve::FuncId;

/// Inputs that are listed of one operation.
const MAX_INPUTS: usize = 64;

pub(super) fn of(code: &Code<'_>, operation: &Operation) -> Vec<EntryInput> {
    let Some(&f) = operation.functions.first() else { return Vec::new() };
    let function = code.function(f);
    let holes: Vec<&str> = operation.path.as_deref().map(|path| paths::holes(path).collect()).unwrap_or_default();
    let receiver = usize::from(
        code.res.program.functions[f].class.is_some()
            && function.params.first().is_some_and(|p| p.kind != ParamKind::Rest)
            && !is_static(code, f),
    );
    let mut out = Vec::new();
    for (index, param) in function.params.iter().enumerate().skip(receiver) {
        let name = code.text(param.name);
        let facts = code.res.parameter_facts(f, index as u32);
        let in_path = holes.contains(&name);
        let source = source(code, facts).or_else(|| {
            let remote = in_path || operation.policy.is_some() && index > receiver;
            remote.then(|| "remote".to_owned())
        });
        let shown = match param.kind {
            ParamKind::Rest => format!("*{name}"),
            ParamKind::KeywordRest => format!("**{name}"),
            _ => name.to_owned(),
        };
        out.push(EntryInput {
            name: shown,
            via: if in_path { InputVia::Path } else { InputVia::Parameter },
            source,
            place: code.place(f, param.span),
        });
    }
    if operation.kind != EntryKind::Command {
        body(code, f, &mut out);
    }
    out.truncate(MAX_INPUTS);
    out
}

/// Whether a method is called without an instance.
fn is_static(code: &Code<'_>, f: FuncId) -> bool {
    let name = code.function(f).name;
    let Some(class) = code.res.program.functions[f].class else { return false };
    code.res.program.class_store(class, name).is_some_and(|(g, value)| {
        code.res.objects(g, value).any(|o| matches!(o, assay_resolve::Object::Static(h) if h == f))
    })
}

/// Values that the function reads from outside by itself.
fn body(code: &Code<'_>, f: FuncId, out: &mut Vec<EntryInput>) {
    for (value, inst) in code.function(f).insts.iter_enumerated() {
        if !matches!(inst.op, Op::Attr(..) | Op::Call { .. } | Op::Item(..)) {
            continue;
        }
        let Some(source) = source(code, &code.res.step_nodes(f, value)) else { continue };
        if !matches!(source.as_str(), "remote" | "local") {
            continue;
        }
        let name = code.shown_value(f, value);
        if !out.iter().any(|known| known.name == name) {
            out.push(EntryInput { name, via: InputVia::Body, source: Some(source), place: code.place(f, inst.span) });
        }
    }
}

fn source(code: &Code<'_>, nodes: &[NodeId]) -> Option<String> {
    let models = code.res.models();
    nodes.iter().flat_map(|node| &models.facts(*node).sources).next().map(|kind| kind.id().to_owned())
}
