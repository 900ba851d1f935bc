//! Every reader of manifests and lock files, on any text: the first byte chooses the name.

#![no_main]

use assay_dependencies::read_manifest;
use assay_index::Idx;
use assay_text::{FileId, Language, Role, SourceFile};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 22] = [
    "requirements.txt",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "Pipfile",
    "Pipfile.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pylock.toml",
    "script.py",
    "Cargo.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "go.mod",
    "pom.xml",
    "Gemfile.lock",
    "composer.lock",
    "packages.lock.json",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let file = SourceFile::new(NAMES[usize::from(*first) % NAMES.len()], Language::Manifest, Role::FirstParty, text);
    if let Some(manifest) = read_manifest(FileId::new(0), &file) {
        for dependency in manifest.dependencies {
            let _ = file.slice(dependency.span);
        }
    }
});
