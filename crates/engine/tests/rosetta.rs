//! The same programs in each language: what is found in one must be found in the others, function by function, and their
//! mended twins must be silent.
//!
//! `rosetta/<program>.<extension>` is one program in one language. Comments `expect: check` mark the lines to be reported; the
//! functions around them have the same names in all languages.

use assay_engine::{Date, NoProgress, Request, review};
use assay_source::MemorySystem;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

mod support;

/// The programs, each with its text in every language.
fn programs() -> BTreeMap<String, Vec<(String, String)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rosetta");
    let mut out: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let part = |part: Option<&std::ffi::OsStr>| part.expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("it can be read");
        out.entry(part(path.file_stem())).or_default().push((part(path.extension()), text));
    }
    for programs in out.values_mut() {
        programs.sort();
    }
    out
}

#[test]
fn the_same_is_found_in_every_language() {
    let languages: BTreeSet<String> = programs().into_values().flatten().map(|(extension, _)| extension).collect();
    for (name, texts) in programs() {
        let written: BTreeSet<String> = texts.iter().map(|(extension, _)| extension.clone()).collect();
        assert_eq!(written, languages, "{name} is not written in every language");
        let mut found: Vec<(String, BTreeSet<(String, String)>)> = Vec::new();
        for (extension, text) in &texts {
            let file = format!("{name}.{extension}");
            let system = MemorySystem::new("/p").with_file(format!("/p/{file}"), text.as_str());
            let today = Date::parse("2026-01-15").expect("a day");
            let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from(&file)], today) };
            let reviewed = review(&request, &system, &NoProgress).expect("the target exists").review;
            let lines: BTreeSet<(u32, String)> =
                support::open_sites(&reviewed).into_iter().map(|(_, check, line)| (line, check.to_owned())).collect();
            let expected: BTreeSet<(u32, String)> = text
                .lines()
                .zip(1..)
                .filter_map(|(line, number)| Some((number, line.split_once("expect: ")?.1.to_owned())))
                .collect();
            assert_eq!(lines, expected, "{file}");
            let functions = reviewed.findings.iter().map(|finding| {
                let function = finding.place.function.rsplit(['.', ':']).next().unwrap_or_default();
                (function.to_owned(), finding.check.as_str().to_owned())
            });
            found.push((extension.clone(), functions.collect()));
        }
        for pair in found.windows(2) {
            assert_eq!(pair[0].1, pair[1].1, "{name}: {} and {}", pair[0].0, pair[1].0);
        }
    }
}
