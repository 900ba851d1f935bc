//! Embeds the lists of vulnerable functions: writes a table of every `data/python/symbols/*.toml`, sorted by name.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("data/python/symbols");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".toml"));
        files.extend(name.map(|name| (name.to_owned(), path.clone())));
    }
    files.sort();
    let mut table = String::from("&[\n");
    for (package, file) in files {
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(table, "    ({package:?}, include_str!({:?})),", file.display().to_string())?;
    }
    table.push_str("]\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("symbols.rs"), table)?;
    Ok(())
}
