//! Edits a project at random and compares each review that a session gives with one that is made anew, byte for byte.
//!
//! ```text
//! cargo run --release -p assay-engine --example edits -- PROJECT [ROUNDS] [SEED]
//! ```
//!
//! Nothing is written: the project is read once, and edited in memory. Printed are the times of the reviews, and how many of those of a session
//! had to find the facts about the program, or what the checks say, anew.

#[path = "../tests/support/edits.rs"]
mod edits;

use assay_engine::{Date, NoProgress, Request, Session, review};
use assay_report::{Format, Options, render};
use assay_source::{MemorySystem, OsSystem, System};
use edits::{Project, Random, edit};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Files that are edited.
const EDITED: usize = 50;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(root) = arguments.first() else {
        let _ = writeln!(std::io::stderr(), "edits PROJECT [ROUNDS] [SEED]");
        return ExitCode::from(2);
    };
    let number = |at: usize, default: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (rounds, mut random) = (number(1, 1000), Random(number(2, 0x9e37_79b9_7f4a_7c15)));
    let mut original = Project::new();
    read(Path::new(root), Path::new(root), &mut original);
    let mut code: Vec<String> = original.keys().filter(|name| name.strip_suffix(".py").is_some()).cloned().collect();
    while code.len() > EDITED {
        code.remove(random.below(code.len()));
    }
    let today = Date::from_unix(1_767_225_600);
    let cold = Request::new(vec![PathBuf::from("/p")], today);
    let warm = Request { session: Some(Arc::new(Session::default())), ..cold.clone() };
    let mut files = original.clone();
    let (mut done, mut different) = (BTreeMap::<&str, [f64; 5]>::new(), 0);
    shown(&files, &warm);
    for round in 0..rounds {
        let what = edit(&mut files, &original, &code, &mut random);
        let (kept, fresh) = (shown(&files, &warm), shown(&files, &cold));
        let figures = done.entry(what).or_default();
        let ran = |stage: &str| f64::from(u8::from(kept.stages.iter().any(|name| name == stage)));
        let more = [1.0, kept.seconds, fresh.seconds, ran("resolve"), ran("checks")];
        figures.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        if kept.report != fresh.report {
            different += 1;
            let _ = writeln!(std::io::stderr(), "round {round}: other bytes after: {what}");
        }
    }
    let mut out = std::io::stdout();
    for (what, [times, kept, fresh, facts, checks]) in done {
        let (kept, fresh) = (kept / times, fresh / times);
        let _ = writeln!(
            out,
            "{what:20} {times:5} times, {kept:.3} CPU s after it, {fresh:.3} anew; facts {facts} times, checks {checks}"
        );
    }
    let _ = writeln!(out, "{rounds} edits of {} files: {different} reviews differ", code.len());
    ExitCode::from(u8::from(different > 0))
}

fn read(folder: &Path, root: &Path, out: &mut Project) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, root, out);
        } else if let (Ok(text), Ok(shown)) = (std::fs::read_to_string(&path), path.strip_prefix(root)) {
            out.insert(shown.to_string_lossy().into_owned(), text);
        }
    }
}

/// A review in the formats that hold everything, the stages that it went through, and what it took.
#[derive(Default)]
struct Shown {
    report: Vec<u8>,
    stages: Vec<String>,
    seconds: f64,
}

fn shown(files: &Project, request: &Request) -> Shown {
    let all = files.iter();
    let system =
        all.fold(MemorySystem::new("/p"), |system, (path, text)| system.with_file(format!("/p/{path}"), text.as_str()));
    let mut out = Shown::default();
    let start = OsSystem.cpu_seconds();
    let reviewed = review(request, &system, &NoProgress);
    out.seconds = OsSystem.cpu_seconds() - start;
    match reviewed {
        Ok(reviewed) => {
            for format in [Format::Json, Format::Html] {
                if let Err(error) = render(&reviewed.review, format, &Options::default(), &mut out.report) {
                    out.report.extend(error.to_string().bytes());
                }
            }
            out.stages = reviewed.review.statistics.stages.into_iter().map(|(name, ..)| name).collect();
        }
        Err(error) => out.report.extend(error.to_string().bytes()),
    }
    out
}
