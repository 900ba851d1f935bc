//! The files that come with the program, loaded together.

use crate::Models;
use assay_text::Language;

fn python() -> Models {
    match Models::load(&Models::builtin_files(Language::Python)) {
        Ok(models) => models,
        Err(errors) => {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{} mistakes:\n{}", errors.len(), errors.join("\n"));
        }
    }
}

#[test]
fn the_files_load() {
    let files = Models::builtin_files(Language::Python);
    assert!(files.iter().any(|file| file.name == "python/builtins.yml"));
    assert!(files.windows(2).all(|pair| pair[0].name < pair[1].name));
    assert!(python().node_count() > 1000);
}
