//! Each library file comes with a program that exercises its rows.
//!
//! All programs are reviewed together as modules of one project, in which local input counts as untrusted. What comes out
//! must be what the `# expect:` comments say, of the checks that a program's comments name; and each row of a
//! library's file must be exercised by the library's own program.

use assay_checks::Example;
use assay_engine::{Date, NoProgress, Request, lower_file, review};
use assay_finding::Threat;
use assay_index::Idx;
use assay_models::{ModelRow, Models};
use assay_resolve::{InputModule, Program};
use assay_source::MemorySystem;
use assay_taint::Exercised;
use assay_text::{FileId, Language};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

mod support;

/// What this version gets wrong: a part of each difference, with the reason.
const KNOWN: &[(&str, &str)] =
    &[("expected but not reported: functools.reduce", "what a function returns is not passed to it again")];

/// The programs by the name of the library's file, without its ending.
fn programs() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/examples/python");
    let mut programs = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        programs.insert(name, std::fs::read_to_string(path).expect("a program"));
    }
    programs
}

#[test]
fn every_library_has_a_program_and_every_program_a_library() {
    let libraries: BTreeSet<String> = Models::builtin_files(Language::Python).iter().map(|f| library(f.name)).collect();
    let programs: BTreeSet<String> = programs().into_keys().collect();
    let strangers: Vec<_> = programs.difference(&libraries).collect();
    assert!(strangers.is_empty(), "no library is called so: {strangers:?}");
    let missing: Vec<_> = libraries.difference(&programs).collect();
    assert!(missing.is_empty(), "write models/examples/python/<library>.py: {missing:?}");
}

#[test]
fn every_program_is_reported_as_it_says() {
    let programs = programs();
    let system = project(&programs);
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { threat: Some(Threat::Local), ..Request::new(vec![PathBuf::from("/p")], today) };
    let reviewed = review(&request, &system, &NoProgress).expect("the target exists");
    let open = support::open_sites(&reviewed.review);
    let mut found = Vec::new();
    for (name, code) in &programs {
        let example = Example::parse("python", code).unwrap_or_else(|e| panic!("{name}.py:{e}"));
        let path = module(name) + ".py";
        let reported = open.iter().filter(|(file, ..)| *file == path).map(|(_, check, line)| (*check, *line));
        found.extend(example.differences(&format!("{name}.py"), &example.named(), reported));
    }
    let is_known = |message: &&String| KNOWN.iter().any(|(text, _)| message.contains(text));
    let new: Vec<&String> = found.iter().filter(|m| !is_known(m)).collect();
    assert!(new.is_empty(), "{} differences: {new:#?}", new.len());
    let gone: Vec<&str> =
        KNOWN.iter().map(|(text, _)| *text).filter(|text| !found.iter().any(|m| m.contains(text))).collect();
    assert!(gone.is_empty(), "right by now, take it off the list: {gone:#?}");
}

#[test]
fn every_row_is_exercised() {
    let (models, rows) = Models::load_with_rows(&Models::builtin_files(Language::Python)).expect("the models load");
    let mut of_library: BTreeMap<String, Vec<&ModelRow>> = BTreeMap::new();
    for row in &rows {
        of_library.entry(library(&row.file)).or_default().push(row);
    }
    let programs = programs();
    let system = project(&programs);
    let lower = |path: &str| lower_file(&system, Path::new(path));
    let mut inputs = Vec::new();
    for (i, name) in programs.keys().enumerate() {
        let (file, name) = (FileId::new(i), module(name));
        let page = format!("/p/{name}.html");
        if let Ok(ir) = lower(&page) {
            inputs.push(InputModule {
                file,
                name: page,
                path: String::new(),
                package: false,
                test: false,
                template: true,
                ir,
            });
        }
        let ir = lower(&format!("/p/{name}.py")).expect("a program");
        inputs.push(InputModule { file, name, path: String::new(), package: false, test: false, template: false, ir });
    }
    let resolution = assay_checks::resolve(Program::new(inputs), &models);
    let mut idle = Vec::new();
    for (i, name) in programs.keys().enumerate() {
        let own = resolution.program.functions.ids().filter(|f| resolution.program.module_of(*f).file.index() == i);
        let exercised = Exercised::by(&resolution, own);
        let rows = of_library.get(name).map_or(&[][..], Vec::as_slice);
        let without = rows.iter().filter(|row| !exercised.covers(row));
        idle.extend(without.map(|row| format!("{}:{}: {}", row.file, row.line, row.table)));
    }
    assert!(idle.is_empty(), "{} rows without an example: {idle:#?}", idle.len());
}

/// The programs as modules of one project, with the pages that stand beside them.
fn project(programs: &BTreeMap<String, String>) -> MemorySystem {
    let page = include_str!("../../models/examples/python/templates.html");
    let system = MemorySystem::new("/p").with_file("/p/example_templates.html", page);
    programs
        .iter()
        .fold(system, |system, (name, code)| system.with_file(format!("/p/{}.py", module(name)), code.as_str()))
}

/// The name of a program's module. One of the library's own name would stand in the library's place.
fn module(name: &str) -> String {
    format!("example_{name}")
}

/// The name of a model file without folder and ending.
fn library(file: &str) -> String {
    Path::new(file).file_stem().expect("a name").to_string_lossy().into_owned()
}
