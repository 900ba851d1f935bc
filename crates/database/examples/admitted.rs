//! What declared ranges admit, one line for each file, package and record: for comparison with a second computation.
//!
//! `cargo run -p assay-database --example admitted -- DATABASE FILE…`

use assay_dependencies::{Inventory, Kind, assess, merge};
use assay_text::{Files, Language, Role, SourceFile};
use std::path::PathBuf;

#[expect(clippy::print_stdout, reason = "a developer's tool")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let store = assay_database::Store::new(PathBuf::from(arguments.next().unwrap_or_default()));
    let database = store.open()?.ok_or("no database")?;
    let mut files = Vec::new();
    for path in arguments {
        let text = std::fs::read_to_string(&path)?;
        let is_python = std::path::Path::new(&path).extension().is_some_and(|extension| extension == "py");
        let language = if is_python { Language::Python } else { Language::Manifest };
        files.push(SourceFile::new(&path, language, Role::FirstParty, text));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let files = Files::new(files);
    let inventory = Inventory::read(&files);
    for dependency in inventory.dependencies().filter(|one| one.kind == Kind::Declared) {
        let (defects, _) = merge(dependency.ecosystem, database.lookup(dependency.ecosystem, &dependency.name)?);
        let assessment = assess(dependency, &defects);
        let path = &files.get(dependency.file).path;
        for exposure in &assessment.exposures {
            let versions: Vec<&str> = exposure.admitted.texts().collect();
            for record in &defects[exposure.defect].records {
                println!("{path}\t{}\t{}\t{}", dependency.name, record.id, versions.join(" "));
            }
        }
    }
    Ok(())
}
