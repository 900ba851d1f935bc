//! Which templates somebody renders.

use assay_index::FxHashSet;
use assay_resolve::{FuncId, Resolution};
use assay_text::FileId;
use std::collections::BTreeSet;

/// The functions of templates that code outside of tests runs, by way of other templates too.
pub(crate) fn reached(resolution: &Resolution<'_>) -> FxHashSet<FuncId> {
    let program = &resolution.program;
    let mut reached = FxHashSet::default();
    if !program.has_templates() {
        return reached;
    }
    let mut open: Vec<FuncId> = Vec::new();
    let add = |f: FuncId, open: &mut Vec<FuncId>, reached: &mut FxHashSet<FuncId>| {
        let calls = resolution.calls(f).iter().flat_map(|(_, targets)| targets.functions.iter().map(|t| t.function));
        for target in calls.chain(resolution.rendered_by(f).iter().copied()) {
            if program.module_of(target).template && reached.insert(target) {
                open.push(target);
            }
        }
    };
    for f in program.functions.ids() {
        let module = program.module_of(f);
        if !module.template && !module.test {
            add(f, &mut open, &mut reached);
        }
    }
    while let Some(f) = open.pop() {
        add(f, &mut open, &mut reached);
    }
    reached
}

/// The files of these functions.
pub(crate) fn files(resolution: &Resolution<'_>, functions: &FxHashSet<FuncId>) -> BTreeSet<FileId> {
    resolution
        .program
        .functions
        .ids()
        .filter(|f| functions.contains(f))
        .map(|f| resolution.program.module_of(f).file)
        .collect()
}
