//! The model files that come with the program.

use crate::ModelFile;
use assay_text::Language;

/// One file: its name and its text.
type File = (&'static str, &'static str);

/// For each folder of `data`, its files sorted by name.
const FOLDERS: &[(&str, &[File])] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The folder of `data` that holds the models for a language.
fn folder(language: Language) -> Option<&'static str> {
    match language {
        Language::Python => Some("python"),
        Language::C => Some("c"),
        Language::Cpp => Some("cpp"),
        Language::JavaScript | Language::TypeScript => Some("javascript"),
        Language::Java => Some("java"),
        Language::Go => Some("go"),
        Language::Rust => Some("rust"),
        Language::Ruby => Some("ruby"),
        Language::Php => Some("php"),
        Language::CSharp => Some("csharp"),
        Language::Shell => Some("shell"),
        Language::Manifest | Language::Template | Language::Other => None,
    }
}

pub(crate) fn files(language: Language) -> Vec<ModelFile<'static>> {
    let Some(folder) = folder(language) else {
        return Vec::new();
    };
    FOLDERS
        .iter()
        .filter(|(name, _)| *name == folder)
        .flat_map(|(_, files)| files.iter())
        .map(|&(name, text)| ModelFile { name, text })
        .collect()
}

#[cfg(test)]
mod tests;
