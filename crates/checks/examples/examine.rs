//! Prints what the analyses of code say of a tree of Python files: `examine DIR [all]`.

use assay_checks::{Code, attack_surface, examine_code};
use assay_finding::Outcome;
use assay_models::Models;
use assay_resolve::{InputModule, Program};
use assay_text::{Files, Language, Role, SourceFile, Texts};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
    if dir.is_file() {
        out.push(dir.to_owned());
        return;
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, out);
        } else if path.extension().is_some_and(|e| e == "py") {
            out.push(path);
        }
    }
}

#[expect(clippy::print_stdout, clippy::unwrap_used, reason = "this is a program for developers")]
fn run() {
    let root = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let filter = std::env::args().nth(2).unwrap_or_default();
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    let mut sources = Vec::new();
    for path in &paths {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        sources.push(SourceFile::new(&path.to_string_lossy(), Language::Python, Role::FirstParty, text));
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let files = Files::new(sources);
    let mut inputs = Vec::new();
    for (id, file) in files.iter() {
        let mut path = PathBuf::from(&*file.path);
        let package = path.file_name().is_some_and(|n| n == "__init__.py");
        let mut parts = Vec::new();
        if !package {
            parts.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
        while path.pop() && path.join("__init__.py").exists() {
            parts.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
        parts.reverse();
        let base = path.clone();
        let relative =
            Path::new(&*file.path).strip_prefix(&base).unwrap_or(Path::new("")).to_string_lossy().into_owned();
        let test = format!("/{relative}").contains("/test") || file.path.contains("/tests/");
        let ir = assay_lang_python::lower_source(&file.text);
        inputs.push(InputModule {
            file: id,
            name: parts.join("."),
            path: String::new(),
            package,
            test,
            template: false,
            ir,
        });
    }
    let models = Models::load(&Models::builtin_files(Language::Python)).unwrap();
    let start = std::time::Instant::now();
    let resolution = assay_checks::resolve(Program::new(inputs), &models);
    let resolved = start.elapsed();
    let start = std::time::Instant::now();
    let code = Code::new(&resolution, Texts::new(&files, None));
    let examined = examine_code(&code, &attack_surface(&code));
    let took = start.elapsed();
    let mut counts: BTreeMap<(String, &str, String), usize> = BTreeMap::new();
    for e in &examined {
        *counts.entry((e.check.id.clone(), e.outcome.id(), e.reason.code.clone())).or_default() += 1;
        let file = files.get(resolution.program.module_of(e.function).file);
        let line = file.line_column(e.span.start).line;
        let show = match filter.as_str() {
            "all" => e.reason.code != "test-code",
            "open" | "" => matches!(e.outcome, Outcome::Defect | Outcome::Potential),
            id => e.check.id == id && e.reason.code != "test-code",
        };
        if show {
            let title = e.explanation.as_ref().map_or(e.reason.detail.as_str(), |x| x.title.as_str());
            let confidence = e.explanation.as_ref().map_or("", |x| x.confidence.id());
            println!(
                "{}:{line}: {} [{} {confidence} {}] {title} || {}",
                file.path,
                e.check.id,
                e.outcome.id(),
                e.reason.code,
                file.line_text(line).trim()
            );
        }
    }
    for ((check, outcome, code), count) in &counts {
        println!("{count:6} {check} {outcome} {code}");
    }
    println!("{} files, {} sites, resolve {resolved:.1?}, examine {took:.1?}", files.len(), examined.len());
}

fn main() {
    let thread = std::thread::Builder::new().stack_size(512 << 20).spawn(run);
    if let Ok(handle) = thread {
        let _ = handle.join();
    }
}
