//! How long it takes to open a database and to compare packages with it, and how much memory that needs.
//!
//! `cargo run --release -p assay-database --example measure -- DATABASE FILE…`: archives, which are imported, and requirements or
//! lock files.

use assay_dependencies::{DependencyReview, Inventory};
use assay_text::{Files, Language, Role, SourceFile};
use std::path::PathBuf;
use std::time::Instant;

/// The command's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::print_stdout, reason = "a developer's tool")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let store = assay_database::Store::new(PathBuf::from(arguments.next().unwrap_or_default()));
    let mut files = Vec::new();
    for path in arguments {
        if path.rsplit_once('.').is_some_and(|(_, extension)| extension == "zip") {
            let start = Instant::now();
            assay_database::import(&store, &path, "2026-01-15")?;
            println!("{path} imported in {:?}", start.elapsed());
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        files.push(SourceFile::new(&path, Language::Manifest, Role::FirstParty, text));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let files = Files::new(files);
    let start = Instant::now();
    let inventory = Inventory::read(&files);
    println!("{} entries read in {:?}", inventory.dependencies().count(), start.elapsed());
    let start = Instant::now();
    let database = store.open()?.ok_or("no database")?;
    println!("opened in {:?}", start.elapsed());
    let start = Instant::now();
    let review = DependencyReview::new(&inventory, &files, Some(&database));
    let open: usize = review.entries.iter().filter_map(|entry| entry.assessment()).map(|one| one.exposures.len()).sum();
    println!("{} packages compared in {:?}: {open} exposures", review.packages.len(), start.elapsed());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("peak memory not known"));
    Ok(())
}
