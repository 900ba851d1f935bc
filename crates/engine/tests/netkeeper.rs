//! The bundled example, held against the list of its planned places.
//!
//! `EXPECTED.md` names each planned defect and each rightly safe place by file, function and check. Whatever
//! the review opens must be on the list of defects, and what is on it must be opened. What this version
//! gets wrong is named here, and must be taken off as soon as it is right.

use assay_engine::{Date, NoProgress, Request, Reviewed, review};
use assay_finding::Outcome;
use assay_source::OsSystem;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A function and a check.
type Entry = (String, String);

/// Planned defects that this version does not see.
const MISSED: &[(&str, &str)] = &[];

/// What this version reports and should not.
const WRONG: &[(&str, &str)] = &[];

/// Rightly safe places that this version does not list.
const UNLISTED: &[(&str, &str)] = &[("netkeeper.backup.load_limits", "unsafe-deserialization")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/netkeeper")
}

fn reviewed() -> Reviewed {
    let today = Date::parse("2026-01-15").expect("a day");
    review(&Request::new(vec![root()], today), &OsSystem, &NoProgress).expect("the example is there")
}

/// The function and check of each row of the table under a heading.
fn expected(heading: &str) -> BTreeSet<Entry> {
    let text = std::fs::read_to_string(root().join("EXPECTED.md")).expect("the list exists");
    let rows = text
        .lines()
        .skip_while(|line| line.strip_prefix("## ") != Some(heading))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter(|line| line.starts_with("| netkeeper/") || line.contains("| dependencies ("));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let function = match cells[2] {
            list if list.starts_with("dependencies (") => list.to_owned(),
            function => format!("netkeeper.{function}"),
        };
        (function, cells[3].to_owned())
    })
    .collect()
}

/// The functions and checks of the sites outside of tests with one of these outcomes.
fn found(reviewed: &Reviewed, outcomes: &[Outcome]) -> BTreeSet<Entry> {
    let sites = reviewed.review.sites.iter().filter(|s| !s.in_test && outcomes.contains(&s.outcome));
    sites.map(|s| (s.place.function.clone(), s.check.clone())).collect()
}

#[track_caller]
fn check(what: &str, differences: &BTreeSet<&Entry>, known: &[(&str, &str)]) {
    let known: BTreeSet<Entry> = known.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
    let new: Vec<_> = differences.iter().filter(|d| !known.contains(**d)).collect();
    let gone: Vec<_> = known.iter().filter(|k| !differences.contains(k)).collect();
    assert!(new.is_empty() && gone.is_empty(), "{what}: {new:#?}; no longer so: {gone:#?}");
}

#[test]
fn planned_defects_are_found_and_nothing_else_is() {
    let reviewed = reviewed();
    let open = found(&reviewed, &[Outcome::Defect, Outcome::Potential]);
    let planned = expected("Defects");
    assert!(planned.len() > 20);
    check("missed", &planned.difference(&open).collect(), MISSED);
    check("reported and not planned", &open.difference(&planned).collect(), WRONG);
}

#[test]
fn rightly_safe_places_are_listed_as_safe() {
    let reviewed = reviewed();
    let safe = found(&reviewed, &[Outcome::Safe]);
    let planned = expected("Safe");
    assert!(planned.len() > 20);
    check("not listed as safe", &planned.difference(&safe).collect(), UNLISTED);
}

#[test]
fn a_folder_of_examples_that_is_named_is_reviewed_as_a_project() {
    let reviewed = reviewed();
    let app = reviewed.review.files.iter().find(|(_, file)| file.path.ends_with("netkeeper/app.py"));
    assert_eq!(app.map(|(_, file)| file.role), Some(assay_text::Role::FirstParty));
    let entries = reviewed.review.sites.iter().filter(|s| !s.in_test).count();
    assert!(entries > 50, "{entries}");
}
