//! Runs the analyses of code over programs in strings, for tests.

use crate::{Code, Examined, ShownErrors, examine_code, examine_handlers};
use assay_finding::Outcome;
use assay_models::Models;
use assay_resolve::{InputModule, Program, Resolution};
use assay_text::{FileId, Files, Language, Role, SourceFile, Texts};
use std::sync::OnceLock;

fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(|| Models::load(&Models::builtin_files(Language::Python)).expect("the models are good"))
}

/// A result as tests compare it: the module, the line, the check, the outcome and the reason's code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Seen {
    pub(crate) module: String,
    pub(crate) line: u32,
    pub(crate) check: String,
    pub(crate) outcome: Outcome,
    pub(crate) code: String,
    pub(crate) title: String,
}

/// Modules, given by name and text, put together. Those with `test` in their name are test code.
fn resolved(modules: &[(&str, &str)]) -> (Resolution<'static>, Files) {
    let mut sorted: Vec<(&str, &str)> = modules.to_vec();
    sorted.sort_unstable();
    let file =
        |(name, text): &(&str, &str)| SourceFile::new(&format!("{name}.py"), Language::Python, Role::FirstParty, *text);
    let files = Files::new(sorted.iter().map(file).collect());
    let inputs = sorted.iter().zip(files.iter()).map(|((name, text), (file, _)): (_, (FileId, _))| InputModule {
        file,
        name: (*name).to_owned(),
        path: String::new(),
        package: false,
        test: name.contains("test"),
        template: false,
        ir: assay_lang_python::lower_source(text),
    });
    (crate::resolve(Program::new(inputs.collect()), models()), files)
}

/// Examines modules.
pub(crate) fn examine(modules: &[(&str, &str)]) -> Vec<Seen> {
    let (resolution, files) = resolved(modules);
    let seen = |e: &Examined| {
        let module = resolution.program.module_of(e.function);
        Seen {
            module: resolution.program.strings.resolve(module.name).to_owned(),
            line: files.get(module.file).line_column(e.span.start).line,
            check: e.check.id.clone(),
            outcome: e.outcome,
            code: e.reason.code.clone(),
            title: e.explanation.as_ref().map(|x| x.title.clone()).unwrap_or_default(),
        }
    };
    let code = Code::new(&resolution, Texts::new(&files, None));
    let surface = crate::attack_surface(&code);
    let mut examined = examine_code(&code, &surface);
    examined.extend(examine_handlers(&code, &surface, &ShownErrors::default()));
    examined.iter().map(seen).collect()
}

/// The operations of modules, sorted: methods, path and the function that answers.
pub(crate) fn operations(modules: &[(&str, &str)]) -> Vec<String> {
    let (resolution, files) = resolved(modules);
    let code = Code::new(&resolution, Texts::new(&files, None));
    let all = crate::surface(&code, &crate::attack_surface(&code), false);
    let mut out: Vec<String> = all
        .iter()
        .map(|e| format!("{} {} {}", e.methods.join(","), e.path.as_deref().unwrap_or("?"), e.place.function))
        .collect();
    out.sort();
    out
}

/// The lines and checks that a program reports.
pub(crate) fn reported(text: &str) -> Vec<(u32, String)> {
    let open = |s: &Seen| matches!(s.outcome, Outcome::Defect | Outcome::Potential);
    examine(&[("app", text)]).into_iter().filter(open).map(|s| (s.line, s.check)).collect()
}

/// Holds a program against its `# expect: check` comments, for all checks.
#[track_caller]
pub(crate) fn check_program(text: &str) {
    let mut expected: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some((_, checks)) = line.split_once("# expect: ") {
            expected.extend(checks.split(", ").map(|check| (number, check.trim().to_owned())));
        }
    }
    let mut reported = reported(text);
    reported.sort();
    expected.sort();
    assert_eq!(reported, expected, "{:#?}", examine(&[("app", text)]));
}

#[test]
fn the_examples_of_the_check_files_hold() {
    let mut messages = Vec::new();
    for (check, example) in crate::examples() {
        let python = example.language == "python";
        if check.analysis == crate::Analysis::Flow
            || matches!(check.id.as_str(), "flawed-validation" | "unhandled-input-error")
            || !python
        {
            continue;
        }
        let found = reported(&example.code);
        messages.extend(example.mismatches(check, found.iter().map(|(line, id)| (id.as_str(), *line))));
    }
    assert!(messages.is_empty(), "{}", messages.join("\n"));
}
