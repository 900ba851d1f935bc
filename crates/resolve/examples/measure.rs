//! Resolves the program below a folder and prints how long it took and what was found.
//!
//! The digest covers the targets of every call and the objects of every value: two builds that print the same one agree.

use assay_index::Idx;
use assay_models::Models;
use assay_resolve::{InputModule, Program, Resolution, resolve};
use assay_text::{FileId, Language};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let dirs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let worker = std::thread::Builder::new().stack_size(assay_text::limits::PARSE_STACK_BYTES);
    let handle = worker.spawn(move || run(&dirs)).expect("a thread starts");
    handle.join().expect("the run ends");
}

#[expect(clippy::print_stdout, reason = "this is a program for developers")]
fn run(dirs: &[PathBuf]) {
    let models = Models::load(&Models::builtin_files(Language::Python)).expect("the models load");
    let mut inputs = Vec::new();
    for dir in dirs {
        let mut files = Vec::new();
        walk(dir, &mut files);
        files.sort();
        for path in files {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let ir = assay_lang_python::lower_source(&String::from_utf8_lossy(&bytes));
            let (name, package) = module_name(dir, &path);
            let test = name.split('.').any(|part| part == "tests");
            inputs.push(InputModule { file: FileId::new(inputs.len()), name, package, test, template: false, ir });
        }
    }
    let start = Instant::now();
    let program = Program::new(inputs);
    println!("program {:?}", start.elapsed());
    let start = Instant::now();
    let resolution = resolve(program, &models);
    println!("resolve {:?}", start.elapsed());
    for (what, count) in counts(&resolution) {
        println!("{count:>10} {what}");
    }
    println!("digest {:016x}", digest(&resolution));
}

fn counts(resolution: &Resolution<'_>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let mut count = |what, n: usize| *counts.entry(what).or_default() += n;
    count("modules", resolution.program.modules.len());
    count("functions", resolution.program.functions.len());
    count("instructions", resolution.program.instruction_count());
    count("steps", resolution.steps);
    count("values cut at the limit", resolution.saturated);
    count("library values", resolution.apis.len());
    count("entry points", resolution.entries.len());
    for f in resolution.program.functions.ids() {
        for (_, targets) in resolution.calls(f) {
            count("calls", 1);
            match targets.unresolved {
                Some(reason) => count(reason.reason(), 1),
                None => count("calls resolved", 1),
            }
        }
    }
    counts
}

fn digest(resolution: &Resolution<'_>) -> u64 {
    let mut hasher = assay_index::FxHasher::default();
    for f in resolution.program.functions.ids() {
        for (call, targets) in resolution.calls(f) {
            format!("{call:?} {targets:?}").hash(&mut hasher);
        }
        for value in resolution.program.function(f).insts.ids() {
            for object in resolution.objects(f, value) {
                object.hash(&mut hasher);
            }
        }
    }
    format!("{:?}", resolution.entries).hash(&mut hasher);
    hasher.finish()
}

fn module_name(root: &Path, path: &Path) -> (String, bool) {
    let relative = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let mut parts: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let package = parts.last().is_some_and(|last| last == "__init__");
    if package {
        parts.pop();
    }
    (parts.join("."), package)
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
