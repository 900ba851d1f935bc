//! Which modules the program imports, and where: the evidence that a dependency is used.

use assay_checks::Imports;
use assay_ir::{Module, Op};
use assay_text::{FileId, Files, Language, Role};

/// Places that are kept for one module; the rest is counted by nobody.
const MAX_PLACES: usize = 64;

/// The imports of modules of the outside world, in the order of files and places.
pub(crate) fn collect(modules: &[(FileId, String, bool, Module)], files: &Files) -> Imports {
    let mut imports = Imports::default();
    for (file, _, _, module) in modules {
        let source = files.get(*file);
        if source.language != Language::Python || source.role == Role::Vendored {
            continue;
        }
        let list = if source.role == Role::Test { &mut imports.tests } else { &mut imports.program };
        for function in &module.functions {
            for inst in &function.insts {
                let (Op::Import { module: name, .. }
                | Op::ImportFrom { module: name, level: 0, .. }
                | Op::ImportStar { module: name, level: 0 }) = &inst.op
                else {
                    continue;
                };
                let dotted = first_part(module.strings.resolve(*name));
                let places = list.entry(dotted.to_owned()).or_default();
                let place = (*file, inst.span);
                if places.len() < MAX_PLACES && places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
    }
    imports
}

/// The first part of a dotted name.
fn first_part(dotted: &str) -> &str {
    dotted.split('.').next().unwrap_or(dotted)
}
