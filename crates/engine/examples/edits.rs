//! Edits a project at random and compares each review that a session gives with one that is made anew, byte for byte.
//!
//! ```text
//! cargo run --release -p assay-engine --example edits -- PROJECT [ROUNDS] [SEED]
//! ```
//!
//! Nothing is written: the project is read once, and edited in memory. The times take in the reports that are compared.

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
    let (mut done, mut different) = (BTreeMap::<&str, [f64; 3]>::new(), 0);
    shown(&files, &warm);
    for round in 0..rounds {
        let what = edit(&mut files, &original, &code, &mut random);
        let start = OsSystem.cpu_seconds();
        let kept = shown(&files, &warm);
        let between = OsSystem.cpu_seconds();
        let fresh = shown(&files, &cold);
        let times = done.entry(what).or_default();
        times[0] += 1.0;
        times[1] += between - start;
        times[2] += OsSystem.cpu_seconds() - between;
        if kept != fresh {
            different += 1;
            let _ = writeln!(std::io::stderr(), "round {round}: other bytes after: {what}");
        }
    }
    let mut out = std::io::stdout();
    for (what, [times, kept, fresh]) in done {
        let _ =
            writeln!(out, "{what:20} {times:5} times, {:.3} CPU s after it, {:.3} anew", kept / times, fresh / times);
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

/// The review in the formats that hold everything.
fn shown(files: &Project, request: &Request) -> Vec<u8> {
    let all = files.iter();
    let system =
        all.fold(MemorySystem::new("/p"), |system, (path, text)| system.with_file(format!("/p/{path}"), text.as_str()));
    let mut out = Vec::new();
    match review(request, &system, &NoProgress) {
        Ok(reviewed) => {
            for format in [Format::Json, Format::Html] {
                if let Err(error) = render(&reviewed.review, format, &Options::default(), &mut out) {
                    out.extend(error.to_string().bytes());
                }
            }
        }
        Err(error) => out.extend(error.to_string().bytes()),
    }
    out
}
