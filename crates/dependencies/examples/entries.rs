//! The entries of manifests and lock files, one a line: for comparison with what other tools read.
//!
//! `cargo run -p assay-dependencies --example entries -- NAME:PATH…`, where NAME is what the file would be called.

use assay_dependencies::read_manifest;
use assay_index::Idx;
use assay_text::{FileId, Language, Role, SourceFile};

#[expect(clippy::print_stdout, reason = "a developer's tool")]
fn main() -> std::io::Result<()> {
    for argument in std::env::args().skip(1) {
        let Some((name, path)) = argument.split_once(':') else { continue };
        let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
        let file = SourceFile::new(name, Language::Manifest, Role::FirstParty, text);
        let Some(manifest) = read_manifest(FileId::new(0), &file) else {
            println!("{path}\tno manifest");
            continue;
        };
        for one in &manifest.dependencies {
            let version = one.version.as_ref().map(ToString::to_string).unwrap_or_default();
            println!("{path}\t{}\t{version}\t{}\t{}", one.name, one.requirement.text, one.scope.id());
        }
        for problem in &manifest.problems {
            println!("{path}\tproblem\t{}", problem.message);
        }
    }
    Ok(())
}
