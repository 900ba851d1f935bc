//! Lowers every Python file below the given folders, verifies each module and prints counts.

use assay_ir::{GapReason, Op, text_form, verify};
use assay_lang_python::lower_source;
use assay_text::limits;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let dirs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let worker = std::thread::Builder::new().stack_size(limits::PARSE_STACK_BYTES);
    let handle = worker.spawn(move || run(&dirs)).expect("a thread starts");
    handle.join().expect("the run ends");
}

#[expect(clippy::print_stdout, reason = "this is a program for developers")]
fn run(dirs: &[PathBuf]) {
    let check = std::env::var_os("NO_CHECK").is_none();
    let show_gaps = std::env::var_os("SHOW_GAPS").is_some();
    let mut files = Vec::new();
    for dir in dirs {
        walk(dir, &mut files);
    }
    let (mut time, mut counts) = (Duration::ZERO, BTreeMap::<String, usize>::new());
    let mut count = |what: &str, n: usize| *counts.entry(what.to_owned()).or_default() += n;
    for path in &files {
        let Ok(bytes) = std::fs::read(path) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let start = Instant::now();
        let module = lower_source(&text);
        time += start.elapsed();
        count("bytes", text.len());
        count("lines", text.lines().count());
        count("functions", module.functions.len());
        count("instructions", module.instruction_count());
        for function in &module.functions {
            count("blocks", function.blocks.len());
            for inst in &function.insts {
                match inst.op {
                    Op::Phi(_) => count("phis", 1),
                    Op::Undefined => count("undefined", 1),
                    Op::Unknown(_) => count("unknown", 1),
                    Op::Call { .. } => count("calls", 1),
                    _ => {}
                }
            }
        }
        for gap in &module.gaps {
            let kind = match &gap.reason {
                GapReason::Syntax(_) => "gap: syntax",
                GapReason::OlderLanguage(_) => "gap: older language",
                GapReason::Construct(_) => "gap: construct",
                GapReason::Limit(_) => "gap: limit",
                GapReason::Panic(_) => "gap: panic",
            };
            count(kind, 1);
            if show_gaps || matches!(gap.reason, GapReason::Panic(_) | GapReason::Limit(_)) {
                println!("{}: {}", path.display(), gap.reason);
            }
        }
        if check {
            if let Err(error) = verify(&module) {
                println!("{}: {error}", path.display());
                count("not verified", 1);
            }
            let printed = text_form::print(&module);
            match text_form::parse(&printed) {
                Ok(again) if text_form::print(&again) == printed => {}
                Ok(_) => println!("{}: prints differently", path.display()),
                Err(error) => println!("{}: {error}", path.display()),
            }
        }
    }
    println!("{} files in {time:?}", files.len());
    for (what, n) in &counts {
        println!("{n:>10} {what}");
    }
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() && !path.is_symlink() {
        let Ok(entries) = std::fs::read_dir(path) else { return };
        let mut entries: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
        entries.sort();
        for entry in &entries {
            walk(entry, files);
        }
    } else if path.extension().is_some_and(|e| e == "py") && path.is_file() {
        files.push(path.to_owned());
    }
}
