//! Compares what a review without test code says of the program with what one with it says.
//!
//! ```text
//! cargo run --release -p assay-engine --example apart -- PROJECT…
//! ```
//!
//! Findings outside of tests have to be the same; examined places whose outcome or reason differs are printed.

use assay_engine::{Date, NoProgress, Request, review};
use assay_finding::{Place, Review};
use assay_source::{OsSystem, System};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// By check and place: what is said of each examined place outside of tests.
type Places = BTreeMap<(String, String, u32, u32), String>;

fn main() -> ExitCode {
    let mut out = std::io::stdout();
    let mut different = 0;
    for project in std::env::args().skip(1) {
        let with = Request::new(vec![PathBuf::from(&project)], Date::from_unix(1_767_225_600));
        let without = Request { tests: false, ..with.clone() };
        let start = OsSystem.cpu_seconds();
        let Ok(all) = review(&with, &OsSystem, &NoProgress) else { return ExitCode::from(2) };
        let between = OsSystem.cpu_seconds();
        let Ok(part) = review(&without, &OsSystem, &NoProgress) else { return ExitCode::from(2) };
        let end = OsSystem.cpu_seconds();
        let (all, part) = (all.review, part.review);
        let (findings, sites) =
            (difference(&findings(&all), &findings(&part)), difference(&sites(&all), &sites(&part)));
        let _ = writeln!(
            out,
            "{project}: {} of {} findings and {} of {} places differ, {:.2} and {:.2} CPU s",
            findings.len(),
            self::findings(&all).len(),
            sites.len(),
            self::sites(&all).len(),
            between - start,
            end - between,
        );
        for line in findings.iter().chain(&sites) {
            let _ = writeln!(out, "  {line}");
        }
        different += findings.len();
    }
    ExitCode::from(u8::from(different > 0))
}

fn difference(one: &Places, other: &Places) -> Vec<String> {
    let keys: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let said = |places: &Places, key| places.get(key).map_or("nothing", String::as_str).to_owned();
    let differ = keys.into_iter().filter(|key| one.get(key) != other.get(key));
    differ.map(|key| format!("{key:?}\n    with:    {}\n    without: {}", said(one, key), said(other, key))).collect()
}

fn key(review: &Review, check: &str, place: &Place) -> (String, String, u32, u32) {
    let path = review.files.get(place.file).path.to_string();
    (check.to_owned(), path, place.span.start, place.span.end)
}

fn findings(review: &Review) -> Places {
    let shown = review.findings.iter().filter(|finding| !finding.in_test);
    let said = shown.map(|f| {
        let said = format!("{} {} {:?} {:?} {:?}", f.title, f.message, f.severity, f.confidence, f.trace);
        (key(review, &f.check, &f.place), said)
    });
    said.collect()
}

fn sites(review: &Review) -> Places {
    let own = review.sites.iter().filter(|site| !site.in_test);
    own.map(|s| (key(review, &s.check, &s.place), format!("{:?} {:?}", s.outcome, s.reason))).collect()
}
