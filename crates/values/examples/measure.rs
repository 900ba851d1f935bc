//! Collects the guard facts of every function below the given folders and prints counts and times.

use assay_dataflow::{Dominators, ValueBlocks};
use assay_ir::{Op, Terminator};
use assay_values::guards::{GuardIndex, Test};
use assay_values::shapes::shapes;
use assay_values::{Context, NoOracle};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let dirs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let worker = std::thread::Builder::new().stack_size(assay_text::limits::PARSE_STACK_BYTES);
    let handle = worker.spawn(move || run(&dirs)).expect("a thread starts");
    handle.join().expect("the run ends");
}

#[expect(clippy::print_stdout, reason = "this is a program for developers")]
fn run(dirs: &[PathBuf]) {
    let mut files = Vec::new();
    for dir in dirs {
        walk(dir, &mut files);
    }
    files.sort();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut times = [Duration::ZERO; 3];
    for path in &files {
        let Ok(bytes) = std::fs::read(path) else { continue };
        let module = assay_lang_python::lower_source(&String::from_utf8_lossy(&bytes));
        for function in &module.functions {
            let mut count = |what: &str, n: usize| *counts.entry(what.to_owned()).or_default() += n;
            count("functions", 1);
            count("instructions", function.insts.len());
            let start = Instant::now();
            let dominators = Dominators::new(function);
            let places = ValueBlocks::new(function);
            times[0] += start.elapsed();
            let cx = Context::new(function, &module.strings, &NoOracle);
            let start = Instant::now();
            let index = GuardIndex::new(&cx, &dominators, &places);
            times[1] += start.elapsed();
            count(
                "branches",
                function.blocks.iter().filter(|b| matches!(b.terminator, Terminator::Branch { .. })).count(),
            );
            count("facts", index.facts().len());
            for fact in index.facts() {
                let name = format!("{:?}", fact.test);
                let name = name.split([' ', '(', '{']).next().unwrap_or_default();
                count(&format!("fact {name}"), 1);
                if matches!(fact.test, Test::Call { .. }) && fact.via.is_empty() {
                    count("fact Call direct", 1);
                }
            }
            let start = Instant::now();
            for (value, inst) in function.insts.iter_enumerated() {
                if matches!(inst.op, Op::Format(_) | Op::Binary(..) | Op::InPlace(..)) {
                    let found = shapes(&cx, value);
                    let n = found.len();
                    *counts.entry(format!("shapes of one value: {n}")).or_default() += 1;
                    if found.iter().any(assay_values::shapes::Shape::reads_as_sql) {
                        *counts.entry("SQL texts".to_owned()).or_default() += 1;
                        if std::env::var_os("SHOW").is_some() {
                            println!("{}: {}", path.display(), found[0].display(&cx));
                        }
                    }
                }
            }
            times[2] += start.elapsed();
        }
    }
    for (what, n) in counts {
        println!("{n:>10} {what}");
    }
    println!("dominators and places {:?}, guards {:?}, shapes {:?}", times[0], times[1], times[2]);
}

fn walk(path: &Path, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            walk(&entry.path(), out);
        }
    } else if path.extension().is_some_and(|e| e == "py") {
        out.push(path.to_owned());
    }
}
