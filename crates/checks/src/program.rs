//! The program as checks see it.

use assay_models::Models;
use assay_resolve::{Program, Resolution};
use assay_values::{cut_decided_branches, place_list_elements};

/// Resolves a program. What never runs because literals decide a condition is left out of its functions, and what lists hold at
/// an index stands for itself.
pub fn resolve(program: Program, models: &Models) -> Resolution<'_> {
    let mut resolution = assay_resolve::resolve(program, models);
    let Program { modules, strings, .. } = &mut resolution.program;
    for function in modules.iter_mut().flat_map(|module| module.ir.functions.iter_mut()) {
        cut_decided_branches(function, strings);
        place_list_elements(function, strings);
    }
    resolution
}
