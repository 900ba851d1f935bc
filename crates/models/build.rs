//! Embeds the model files: writes a table of every `data/<language>/*.yml`, sorted by name.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries)
}

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let data = manifest.join("data");
    println!("cargo::rerun-if-changed={}", data.display());
    let mut table = String::from("&[\n");
    for folder in entries(&data)? {
        if !folder.is_dir() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", folder.display());
        let language = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(table, "    ({language:?}, &[")?;
        for file in entries(&folder)? {
            if file.extension().is_none_or(|extension| extension != "yml") {
                continue;
            }
            println!("cargo::rerun-if-changed={}", file.display());
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let path = file.display().to_string();
            writeln!(table, "        ({:?}, include_str!({path:?})),", format!("{language}/{name}"))?;
        }
        table.push_str("    ]),\n");
    }
    table.push_str("]\n");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("builtin.rs");
    std::fs::write(out, table)?;
    Ok(())
}
