//! Lowers a tree of C and C++ files and prints what it costs and what was not understood.
//!
//! `cargo run --release -p assay-lang-c --example lower -- [--print] [--gaps N] PATH…`
#![expect(clippy::print_stdout, reason = "a program for people")]
#![expect(clippy::unwrap_used, reason = "a program for developers")]

use assay_frontend::Frontend;
use assay_text::{Files, Language, Role, SourceFile};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn walk(path: &Path, out: &mut Vec<PathBuf>) {
    if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
        return;
    }
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap().flatten() {
            walk(&entry.path(), out);
        }
    } else if path.is_file() && language(path).is_some() {
        out.push(path.to_owned());
    }
}

fn language(path: &Path) -> Option<Language> {
    match path.extension()?.to_str()? {
        "c" | "h" => Some(Language::C),
        "cc" | "cpp" | "cxx" | "hpp" | "hh" => Some(Language::Cpp),
        _ => None,
    }
}

fn run() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let print = args.iter().any(|arg| arg == "--print");
    let cpp = args.iter().any(|arg| arg == "--cpp");
    let shown = args.iter().position(|arg| arg == "--gaps").map_or(20, |at| args.remove(at + 1).parse().unwrap());
    args.retain(|arg| !arg.starts_with("--"));
    let mut paths = Vec::new();
    for arg in &args {
        walk(Path::new(arg), &mut paths);
    }
    paths.sort();
    let text = |path: &PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let of = |path: &PathBuf| {
        if cpp { Language::Cpp } else { language(path).unwrap_or(Language::C) }
    };
    let files: Vec<SourceFile> =
        paths.iter().map(|p| SourceFile::new(&p.to_string_lossy(), of(p), Role::FirstParty, text(p))).collect();
    let mut files = files;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let files = Files::new(files);
    let lines: u32 = files.iter().map(|(_, file)| file.line_count()).sum();
    let (c, cpp) = (assay_lang_c::C.project(&files), assay_lang_c::CPP.project(&files));
    let start = Instant::now();
    let (mut functions, mut whole, mut instructions, mut wrong, mut unknown) = (0, 0, 0, 0, 0);
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut slowest = Vec::new();
    for (id, file) in files.iter() {
        let begin = Instant::now();
        let module = if file.language == Language::Cpp { cpp.lower(id) } else { c.lower(id) };
        slowest.push((begin.elapsed(), file.path.clone()));
        if let Err(error) = assay_ir::verify(&module) {
            wrong += 1;
            println!("WRONG {}: {}", file.path, error.0);
        }
        for function in module.functions.iter().skip(1) {
            functions += 1;
            let gap = module.gaps.iter().any(|gap| function.span.contains(gap.span));
            whole += usize::from(!gap);
            unknown += function.insts.iter().filter(|i| matches!(i.op, assay_ir::Op::Unknown(_))).count();
        }
        instructions += module.instruction_count();
        for gap in &module.gaps {
            let at = file.line_column(gap.span.start);
            let line = file.line_text(at.line).trim();
            kinds.entry(gap.reason.to_string()).or_default().push(format!("{}:{}: {line}", file.path, at.line));
        }
        if print {
            println!("{}", assay_ir::text_form::print(&module));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{} files, {lines} lines, {seconds:.2} s: {:.0} lines/s", files.len(), f64::from(lines) / seconds);
    println!(
        "{functions} functions, {whole} without gap, {instructions} instructions, {unknown} unknown, {wrong} wrong"
    );
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    for (kind, places) in kinds.iter().take(12) {
        println!("{} {kind}", places.len());
        let step = (places.len() / shown).max(1);
        places.iter().step_by(step).take(shown).for_each(|place| println!("    {place}"));
    }
    slowest.sort();
    for (time, path) in slowest.iter().rev().take(3) {
        println!("{:.2} s {path}", time.as_secs_f64());
    }
}

fn main() {
    let stack = assay_text::limits::PARSE_STACK_BYTES;
    std::thread::Builder::new().stack_size(stack).spawn(run).unwrap().join().unwrap();
}
