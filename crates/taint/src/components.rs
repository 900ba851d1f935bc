//! Whose summaries a function needs.

use assay_index::{Idx, IndexVec};
use assay_ir::Op;
use assay_resolve::{FuncId, Resolution};

/// For each function, the functions whose summaries it needs.
pub(crate) fn callees(resolution: &Resolution<'_>) -> IndexVec<FuncId, Vec<FuncId>> {
    let program = &resolution.program;
    program
        .functions
        .ids()
        .map(|f| {
            let mut out: Vec<FuncId> =
                resolution.calls(f).iter().flat_map(|(_, t)| t.functions.iter().map(|t| t.function)).collect();
            crate::callbacks::called_back(resolution, f, &mut out);
            let module = program.functions[f].module;
            for (value, inst) in program.function(f).insts.iter_enumerated() {
                match inst.op {
                    Op::MakeFunction { function, .. } => out.push(program.func_id(module, function)),
                    Op::MakeClass { class, .. } => out.push(program.class_body(program.cls_id(module, class))),
                    Op::Attr(..)
                    | Op::Item(..)
                    | Op::Next(_)
                    | Op::Enter(_)
                    | Op::StoreAttr { .. }
                    | Op::StoreItem { .. }
                    | Op::Call { .. } => {
                        out.extend(resolution.implicit_calls(f, value));
                    }
                    _ => {}
                }
            }
            out.extend(resolution.rendered_by(f));
            out.sort_unstable_by_key(|f| f.index());
            out.dedup();
            out
        })
        .collect()
}
