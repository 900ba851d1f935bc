//! The examples in the documentation of the checks, run through the whole review.
//!
//! Each example is a project of one file. What comes out as a defect or a potential one must be what its
//! `# expect:` comments say, line by line, and nothing else.

use assay_checks::{Check, Example};
use assay_dependencies::{Advisory, Affected, Builder, Database, Ecosystem, Event};
use assay_engine::{Advisories, Date, NoProgress, Request, review};
use assay_source::MemorySystem;
use std::path::PathBuf;
use std::sync::Arc;

mod support;

/// What stands beside each requirements file among the examples.
const LOCK: &str = "[[package]]\nname = \"example-locked\"\nversion = \"1.5\"\n";

/// The files beside it, each with the mark of its lines: they stand in the example's own, so that places fit.
const BESIDE: [(&str, &str); 2] = [("/p/app/__init__.py", "# program: "), ("/p/pyproject.toml", "# build: ")];

/// The lines of an example that belong to another file, at their places.
fn marked(code: &str, mark: &str) -> String {
    code.lines().flat_map(|line| [line.strip_prefix(mark).unwrap_or_default(), "\n"]).collect()
}

/// The advisories of the examples: versions 1.0 to 1.9 of `example-lib` are affected, and so is all of `example-abandoned`
/// that is known; `example-unmaintained` has no maintainer since 1.0.
fn advisories() -> Arc<Database> {
    let advisory = |id: &str, name: &str, end: Option<&str>, count: u32| Advisory {
        id: id.to_owned(),
        modified: "2026-01-10T00:00:00Z".to_owned(),
        summary: "An example".to_owned(),
        affected: vec![Affected {
            ecosystem: Ecosystem::PyPI,
            name: name.to_owned(),
            ranges: vec![
                [Some(Event::Introduced("1.0".to_owned())), end.map(|end| Event::Fixed(end.to_owned()))]
                    .into_iter()
                    .flatten()
                    .collect(),
            ],
            versions: (0..count).map(|minor| format!("1.{minor}")).collect(),
            symbols: Vec::new(),
            git: false,
        }],
        ..Advisory::default()
    };
    let mut builder = Builder::default();
    let list = [
        advisory("EXAMPLE-1", "example-lib", Some("2.0"), 10),
        advisory("EXAMPLE-2", "example-abandoned", None, 10),
        advisory("EXAMPLE-3", "example-locked", Some("1.2"), 2),
        Advisory {
            informational: Some("unmaintained".to_owned()),
            ..advisory("EXAMPLE-4", "example-unmaintained", None, 10)
        },
    ];
    builder.add("examples", "2026-01-12", "", 0, &list);
    Arc::new(Database::open(Box::new(builder.finish())).expect("a database"))
}

/// The differences between what an example expects and what the review reports.
fn mismatches(check: &Check, example: &Example) -> Vec<String> {
    let requirements = example.language == "requirements";
    let name = match example.language.as_str() {
        "requirements" => "requirements.txt",
        "c" => "app.c",
        "cpp" => "app.cpp",
        _ => "app.py",
    };
    let mut system = MemorySystem::new("/p").with_file(format!("/p/{name}"), example.code.as_str());
    if requirements {
        system = system.with_file("/p/poetry.lock", LOCK);
        for (path, mark) in BESIDE {
            system = system.with_file(path, marked(&example.code, mark));
        }
    }
    let today = Date::parse("2026-01-15").expect("a day");
    let advisories = Advisories::Open(advisories());
    let request = Request {
        jobs: Some(1),
        advisories,
        ..Request::new(vec![PathBuf::from(if requirements { "/p" } else { name })], today)
    };
    let reviewed = review(&request, &system, &NoProgress).expect("the target exists");
    let reported = support::open_sites(&reviewed.review);
    let reported = reported.iter().map(|(_, check, line)| (*check, *line));
    example.mismatches(check, reported)
}

#[test]
fn every_example_is_reported_as_it_says() {
    let found: Vec<String> = assay_checks::examples().flat_map(|(check, example)| mismatches(check, example)).collect();
    assert!(found.is_empty(), "{} differences: {found:#?}", found.len());
}
