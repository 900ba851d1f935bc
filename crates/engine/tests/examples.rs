//! The examples in the documentation of the checks, run through the whole review.
//!
//! Each example is a project of one file. What comes out as a defect or a potential one must be what its
//! `# expect:` comments say, line by line, and nothing else.

use assay_checks::{Check, Example};
use assay_engine::{Date, NoProgress, Request, review};
use assay_source::MemorySystem;
use std::path::PathBuf;

mod support;

/// The differences between what an example expects and what the review reports.
fn mismatches(check: &Check, example: &Example) -> Vec<String> {
    let system = MemorySystem::new("/p").with_file("/p/app.py", example.code.as_str());
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("app.py")], today) };
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
