//! Every reader of manifests and lock files, and that of statements on vulnerabilities, on any text: the first byte
//! chooses the format.

#![no_main]

use assay_dependencies::{EXAMPLE_PATHS, read_manifest, read_vex};
use assay_index::Idx;
use assay_text::{FileId, Language, Role, SourceFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let _ = read_vex("a.vex.json", text);
    let file = SourceFile::new(EXAMPLE_PATHS[usize::from(*first) % EXAMPLE_PATHS.len()], Language::Manifest, Role::FirstParty, text);
    if let Some(manifest) = read_manifest(FileId::new(0), &file) {
        for dependency in manifest.dependencies {
            let _ = file.slice(dependency.span);
        }
    }
});
