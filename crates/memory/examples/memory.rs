//! Analyses C files and prints what is found: for trying the analysis out.
//!
//! `cargo run --release -p assay-memory --example memory -- [--sites] [--ir] PATH…`

use assay_frontend::Frontend;
use assay_memory::{Finding, Program, Unit};
use assay_text::{FileId, Language};
use std::collections::BTreeMap;

fn main() {
    let mut paths = Vec::new();
    let (mut sites, mut ir, mut steps) = (false, false, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--sites" => sites = true,
            "--ir" => ir = true,
            "--steps" => steps = true,
            path => paths.push(std::path::PathBuf::from(path)),
        }
    }
    let run = move || {
        let start = std::time::Instant::now();
        let system = assay_source::OsSystem;
        let project = assay_source::load(&system, &paths, &assay_source::Options::default()).expect("the paths exist");
        let files = project.files;
        let (c, cpp) = (assay_lang_c::C.project(&files), assay_lang_c::CPP.project(&files));
        let lowered: Vec<(FileId, assay_ir::Module)> = files
            .iter()
            .filter_map(|(id, file)| match file.language {
                Language::C => Some((id, c.lower(id))),
                Language::Cpp => Some((id, cpp.lower(id))),
                _ => None,
            })
            .collect();
        let lines: u32 = lowered.iter().map(|(id, _)| files.get(*id).line_count()).sum();
        let parsed = start.elapsed();
        if ir {
            for (_, module) in &lowered {
                show(&assay_ir::text_form::print(module));
            }
        }
        let units =
            lowered.iter().map(|(file, module)| Unit { file: *file, path: &files.get(*file).path, module }).collect();
        let program = Program::new(units);
        let analysis = assay_memory::analyse(&program);
        let mut counts: BTreeMap<String, [usize; 4]> = BTreeMap::new();
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for site in &analysis.sites {
            let (unit, function) = program.location(site.function);
            let unit = program.unit(unit);
            let file = files.get(unit.file);
            let at = file.line_column(site.span.start).line;
            let name = unit.module.strings.resolve(unit.module.functions[function].name);
            let count = counts.entry(format!("{:?}", site.problem)).or_default();
            let (index, text) = match &site.finding {
                Finding::Safe(why) => (3, why.clone()),
                Finding::Callers(what) => (2, what.clone()),
                Finding::Open(code, what) => {
                    *reasons.entry(format!("{:?} {code}", site.problem)).or_default() += 1;
                    (2, format!("{code}: {what}"))
                }
                Finding::Defect(defect) => (
                    usize::from(!defect.certain),
                    format!(
                        "{} [{}{}]",
                        defect.title,
                        if defect.certain { "certain" } else { "potential" },
                        defect.confidence
                    ),
                ),
            };
            if steps && let Finding::Defect(defect) = &site.finding {
                for step in &defect.steps {
                    let (unit, function) = program.location(step.function);
                    let unit = program.unit(unit);
                    let file = files.get(unit.file);
                    let at = file.line_column(step.span.start).line;
                    let name = unit.module.strings.resolve(unit.module.functions[function].name);
                    show(&format!("      {}:{at}: {name}: {}", file.path, step.text));
                }
            }
            count[index] += 1;
            if sites || index < 2 {
                show(&format!("{}:{at}: {name}: {:?}/{:?} {}: {text}", file.path, site.problem, site.kind, site.api));
            }
        }
        show(&format!("{counts:#?}\n{reasons:#?}"));
        show(&format!(
            "{lines} lines, {} functions, {} cut, {} failed; parsed in {parsed:?}, all in {:?}",
            analysis.functions,
            analysis.cut.len(),
            analysis.failed.len(),
            start.elapsed()
        ));
        for f in analysis.cut.iter().chain(&analysis.failed) {
            let (unit, function) = program.location(*f);
            let unit = program.unit(unit);
            show(&format!(
                "cut or failed: {} {}",
                unit.path,
                unit.module.strings.resolve(unit.module.functions[function].name)
            ));
        }
    };
    let thread = std::thread::Builder::new().stack_size(assay_text::limits::PARSE_STACK_BYTES).spawn(run);
    thread.expect("a thread starts").join().expect("the analysis ends");
}

#[expect(clippy::print_stdout, reason = "this is a program for the terminal")]
fn show(line: &str) {
    println!("{line}");
}
