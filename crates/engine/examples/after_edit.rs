//! Prints what a review costs after an edit of one file, by stages, in processor seconds.
//!
//! ```text
//! cargo run --release -p assay-engine --example after_edit -- PROJECT FILE [ROUNDS] [all]
//! ```
//!
//! The file is edited in memory, as by an editor: a comment and a blank line come in at its middle, or a statement at its end. With `all`, test
//! code is examined, too.

use assay_engine::{Date, NoProgress, Request, Session, review};
use assay_source::{OsSystem, Overlay, System};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [project, file, rest @ ..] = &arguments[..] else {
        let _ = writeln!(io::stderr(), "after_edit PROJECT FILE [ROUNDS] [all]");
        return ExitCode::from(2);
    };
    let rounds: u32 = rest.first().and_then(|text| text.parse().ok()).unwrap_or(5);
    let path = Path::new(project).join(file);
    let Ok((path, text)) = path.canonicalize().and_then(|path| Ok((path.clone(), std::fs::read_to_string(path)?)))
    else {
        let _ = writeln!(io::stderr(), "{file} cannot be read");
        return ExitCode::from(2);
    };
    let Ok(root) = OsSystem.current_dir() else {
        let _ = writeln!(io::stderr(), "the current folder is not known");
        return ExitCode::from(2);
    };
    let mut request = Request::new(vec![PathBuf::from(project)], Date::from_unix(1_767_225_600));
    request.session = Some(Arc::new(Session::default()));
    request.tests = rest.iter().any(|word| word == "all");
    request.effects = true;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (above, below) = lines.split_at(lines.len() / 2);
    let comment = |round: u32| format!("{}# Remark {round}.\n\n{}", above.concat(), below.concat());
    let statement = |round: u32| format!("{text}\nadded = {round}\n");
    let kinds: [(&str, &dyn Fn(u32) -> String); 2] = [("a comment", &comment), ("a statement", &statement)];
    let mut out = io::stdout();
    for (kind, edit) in kinds {
        let mut stages = BTreeMap::<String, f64>::new();
        // The first review is not counted: it is the one before the edits.
        for round in 0..=rounds {
            let texts = BTreeMap::from([(path.clone(), Arc::from(edit(round)))]);
            let system = Overlay { root: root.clone(), texts };
            let start = system.cpu_seconds();
            let found = review(&request, &system, &NoProgress);
            let whole = system.cpu_seconds() - start;
            let Ok(found) = found else { return ExitCode::from(2) };
            let parts = found.review.statistics.stages.iter().map(|(stage, _, cpu)| (stage.clone(), *cpu));
            for (stage, cpu) in parts.chain([("all".to_owned(), whole)]).filter(|_| round > 0) {
                *stages.entry(stage).or_default() += cpu;
            }
        }
        let _ = writeln!(out, "after {kind}:");
        for (stage, seconds) in stages {
            let _ = writeln!(out, "  {stage:32} {:.3}", seconds / f64::from(rounds));
        }
    }
    ExitCode::SUCCESS
}
