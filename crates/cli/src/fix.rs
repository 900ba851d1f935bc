//! `--fix` and `--unsafe-fixes`: the edits that findings carry, written into the files.
//!
//! A round applies the edits that do not clash; what results is reviewed again, until a review has nothing more to apply. So
//! what is reported at the end is what the files then hold.

use crate::files::{is_as_read, replace};
use crate::terminal;
use anyhow::Context;
use assay_engine::Reviewed;
use assay_finding::{Edit, Safety};
use assay_text::{FileId, SourceFile};
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of edit and review. Each closes findings; edits that bring each other about end here.
const MAX_ROUNDS: usize = 10;

/// What is to be applied.
#[derive(Clone, Copy)]
pub(crate) struct Wish {
    /// The edits at most so risky.
    pub(crate) safety: Safety,
    /// Those of findings in test code, too.
    pub(crate) include_tests: bool,
}

/// What was done.
#[derive(Default)]
struct Tally {
    applied: usize,
    files: BTreeSet<String>,
    /// Files that cannot be written back as they were read.
    refused: BTreeSet<String>,
}

/// Applies edits and reviews until there is nothing more to apply. Returns the last review.
///
/// # Errors
/// Those of the review, and when a file cannot be written.
pub(crate) fn fix(wish: Wish, quiet: bool, review: &dyn Fn() -> anyhow::Result<Reviewed>) -> anyhow::Result<Reviewed> {
    let mut tally = Tally::default();
    let mut reviewed = review()?;
    for _ in 0..MAX_ROUNDS {
        if !round(wish, &reviewed, &mut tally)? {
            break;
        }
        reviewed = review()?;
    }
    if !quiet {
        say(wish, &reviewed, &tally);
    }
    Ok(reviewed)
}

/// The edits of findings that count and are asked for.
fn wanted(wish: Wish, reviewed: &Reviewed) -> impl Iterator<Item = &Edit> {
    let counts = move |(at, finding): &(usize, &assay_finding::Finding)| {
        reviewed.review.is_open(*at) || wish.include_tests && finding.in_test && finding.suppressed.is_none()
    };
    reviewed.review.findings.iter().enumerate().filter(counts).filter_map(|(_, finding)| finding.fix.as_ref())
}

/// Applies what can be applied at once; whether anything was.
fn round(wish: Wish, reviewed: &Reviewed, tally: &mut Tally) -> anyhow::Result<bool> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in wanted(wish, reviewed).filter(|edit| edit.safety <= wish.safety) {
        if let Some(first) = edit.replacements.first() {
            by_file.entry(first.place.file).or_default().push(edit);
        }
    }
    let mut any = false;
    for (id, edits) in by_file {
        let file = reviewed.review.files.get(id);
        let path = &reviewed.paths[id];
        if !is_as_read(path, file) {
            tally.refused.insert(file.path.to_string());
            continue;
        }
        let (text, applied) = apply(id, file, &edits);
        if applied > 0 {
            replace(path, text.as_bytes()).with_context(|| file.path.to_string())?;
            tally.applied += applied;
            tally.files.insert(file.path.to_string());
            any = true;
        }
    }
    Ok(any)
}

/// The text after the edits, and how many of them it has. A text that no longer parses is given up; its edits are tried one
/// by one.
fn apply(id: FileId, file: &SourceFile, edits: &[&Edit]) -> (String, usize) {
    let (text, applied) = assay_finding::apply(id, &file.text, edits);
    if assay_engine::is_well_formed(file.language, &text) {
        return (text, applied.len());
    }
    for edit in edits {
        let (text, applied) = assay_finding::apply(id, &file.text, &[*edit]);
        if !applied.is_empty() && assay_engine::is_well_formed(file.language, &text) {
            return (text, 1);
        }
    }
    (file.text.to_string(), 0)
}

fn say(wish: Wish, reviewed: &Reviewed, tally: &Tally) {
    let count = |n: usize, noun: &str| if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") };
    for path in &tally.refused {
        terminal::complain(&format!("{path}: not changed, since it is not plain UTF-8 or changed meanwhile"));
    }
    let left = reviewed.review.findings.iter().enumerate().filter(|(at, _)| reviewed.review.is_open(*at)).count();
    let risky = wanted(wish, reviewed).filter(|edit| edit.safety > wish.safety).count();
    let risky = match risky {
        0 => String::new(),
        n => format!(", {n} of them with an edit to look at (--unsafe-fixes)"),
    };
    let (edits, files) = (count(tally.applied, "edit"), count(tally.files.len(), "file"));
    let left = count(left, "finding");
    terminal::complain(&format!("{edits} applied in {files}; {left} left{risky}"));
}
