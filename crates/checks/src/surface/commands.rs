//! Commands: what a package installs as programs, and what a module does when it is run.

use super::Operation;
use super::handlers;
use crate::code::Code;
use crate::evaluate::{Choices, Evaluator, Known};
use assay_index::Idx;
use assay_ir::{Const, Op};
use assay_models::EntryKind;
use assay_resolve::FuncId;

/// Programs that one file declares.
const MAX_SCRIPTS: usize = 2_000;

pub(super) fn operations(code: &Code<'_>, evaluator: &Evaluator<'_, '_>) -> Vec<Operation> {
    let mut out = Vec::new();
    for file in code.texts.ids() {
        let name = code.texts.path(file).rsplit('/').next().unwrap_or_default();
        if matches!(name, "setup.cfg" | "pyproject.toml" | "entry_points.txt") {
            for (script, target) in declared(code.texts.whole(file)).into_iter().take(MAX_SCRIPTS) {
                script_operation(code, evaluator, &script, &target, &mut out);
            }
        }
    }
    for f in code.res.program.functions.ids() {
        let module = code.res.program.module_of(f);
        if module.template || code.res.program.functions[f].local.index() != 0 {
            continue;
        }
        setup_scripts(code, evaluator, f, &mut out);
        if !module.test {
            run_as_program(code, f, &mut out);
        }
    }
    out
}

fn command(path: Option<String>, functions: Vec<FuncId>) -> Operation {
    Operation {
        kind: EntryKind::Command,
        methods: Vec::new(),
        path,
        functions,
        class: None,
        registered: None,
        wrappers: Vec::new(),
        policy: None,
        assumption: None,
    }
}

fn script_operation(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    script: &str,
    target: &str,
    out: &mut Vec<Operation>,
) {
    let choices = Choices::default();
    let Some((f, value)) = handlers::named(code, evaluator, target, &choices) else { return };
    let handler = handlers::of_value(code, evaluator, f, value, &choices);
    if !handler.functions.is_empty() {
        let mut one = command(Some(script.to_owned()), handler.functions);
        one.wrappers = handler.wrappers;
        out.push(one);
    }
}

/// `name = package.module:function` below the headings of programs.
fn declared(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut section = false;
    let mut key = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with('[') {
            let name = trimmed.trim_matches(['[', ']', ' ']).trim_matches('"');
            section = matches!(
                name,
                "console_scripts" | "project.scripts" | "project.gui-scripts" | "tool.poetry.scripts" | "gui_scripts"
            ) || name.ends_with("\"console_scripts\"")
                || name.ends_with(".console_scripts");
            key = false;
            continue;
        }
        if !line.starts_with([' ', '\t']) && !section {
            // A key of `[entry_points]` in setup.cfg, with its list below.
            key =
                trimmed.split(['=', ':']).next().is_some_and(|k| matches!(k.trim(), "console_scripts" | "gui_scripts"));
            continue;
        }
        if !(section || key) || trimmed.starts_with('#') {
            continue;
        }
        let Some((name, target)) = trimmed.split_once('=') else { continue };
        let target = target.trim().trim_matches(['"', '\'']);
        let word = |c: char| c.is_alphanumeric() || "._-".contains(c);
        let name = name.trim().trim_matches(['"', '\'']);
        if target.contains(':') && name.chars().all(word) {
            out.push((name.to_owned(), target.to_owned()));
        }
    }
    out
}

/// `setup(entry_points={"console_scripts": ["name = module:function"]})`
fn setup_scripts(code: &Code<'_>, evaluator: &Evaluator<'_, '_>, f: FuncId, out: &mut Vec<Operation>) {
    let Some(key) = code.res.program.strings.lookup("console_scripts") else { return };
    for inst in &code.function(f).insts {
        let Op::Dict(entries) = &inst.op else { continue };
        for (name, list) in entries {
            if !name.is_some_and(|name| matches!(code.op(f, name), Op::Const(Const::Str(text)) if *text == key)) {
                continue;
            }
            for known in evaluator.each(|this, cx| this.value(f, *list, cx)) {
                let Known::List(items) = known else { continue };
                for item in items.iter().filter_map(Known::text) {
                    if let Some((script, target)) = item.split_once('=') {
                        script_operation(code, evaluator, script.trim(), target.trim(), out);
                    }
                }
            }
        }
    }
}

/// What a module calls where its name says that it is run: `if __name__ == "__main__":`.
fn run_as_program(code: &Code<'_>, f: FuncId, out: &mut Vec<Operation>) {
    let function = code.function(f);
    for then_to in code.program_blocks(f) {
        for value in &function.blocks[then_to].insts {
            let Some(targets) = code.res.call(f, *value) else { continue };
            let functions: Vec<FuncId> =
                targets.functions.iter().filter(|t| !t.constructs).map(|t| t.function).collect();
            let installed = out.iter().any(|one: &Operation| one.functions == functions);
            if !functions.is_empty() && !installed {
                out.push(command(None, functions));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::declared;

    #[test]
    fn programs_are_declared_in_several_files() {
        let expected = [("run".to_owned(), "pkg.cli:main".to_owned())];
        assert_eq!(
            declared("[entry_points]\nconsole_scripts =\n    run = pkg.cli:main\nother =\n    x = y:z\n"),
            expected
        );
        assert_eq!(declared("[options.entry_points]\nconsole_scripts =\n    run = pkg.cli:main\n"), expected);
        assert_eq!(declared("[project.scripts]\nrun = \"pkg.cli:main\"\n[project]\nname = \"a:b\"\n"), expected);
        assert_eq!(declared("[console_scripts]\nrun = pkg.cli:main\n\n[x]\na = b:c\n"), expected);
    }
}
