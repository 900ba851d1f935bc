//! Which modules are examined when test code is not: those of the program, and what they import of the rest.

use crate::session::Described;
use assay_index::FxHashMap;
use assay_ir::Op;
use assay_text::{Files, Role};

/// The modules that are not made of files of tests, or are imported by such.
pub(crate) fn without_tests(mut modules: Vec<Described>, files: &Files) -> Vec<Described> {
    let is_test = |module: &Described| files.get(module.file).role == Role::Test;
    let tests = modules.iter().enumerate().filter(|(_, module)| is_test(module) && !module.template);
    let by_name: FxHashMap<&str, usize> = tests.map(|(at, module)| (module.name.as_str(), at)).collect();
    let mut kept: Vec<bool> = modules.iter().map(|module| !is_test(module)).collect();
    if !by_name.is_empty() {
        let mut work: Vec<usize> = (0..modules.len()).filter(|at| kept[*at]).collect();
        while let Some(at) = work.pop() {
            imports(&modules[at], |name| {
                // Whoever imports a module imports the packages around it.
                let mut rest = Some(name);
                while let Some(name) = rest {
                    if let Some(&at) = by_name.get(name)
                        && !std::mem::replace(&mut kept[at], true)
                    {
                        work.push(at);
                    }
                    rest = name.rsplit_once('.').map(|(package, _)| package);
                }
            });
        }
    }
    let mut kept = kept.into_iter();
    modules.retain(|_| kept.next().unwrap_or(true));
    modules
}

/// Tells of the dotted names that a module imports. A member of a module may be a module itself.
fn imports(module: &Described, mut found: impl FnMut(&str)) {
    let strings = &module.module.strings;
    for inst in module.module.functions.iter().flat_map(|function| &function.insts) {
        let (from, level, member) = match inst.op {
            Op::Import { module, .. } => (module, 0, None),
            Op::ImportFrom { module, level, name } => (module, level, Some(name)),
            Op::ImportStar { module, level } => (module, level, None),
            _ => continue,
        };
        let mut name = String::new();
        if level > 0 {
            let mut package = module.name.as_str();
            for _ in usize::from(module.package)..level as usize {
                package = package.rsplit_once('.').map_or("", |(package, _)| package);
            }
            name.push_str(package);
        }
        for part in std::iter::once(from).chain(member).map(|part| strings.resolve(part)).filter(|p| !p.is_empty()) {
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(part);
        }
        found(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::lower_file;
    use assay_index::Idx;
    use assay_source::MemorySystem;
    use assay_text::{FileId, Language, SourceFile};
    use std::path::Path;
    use std::sync::Arc;

    fn lowered(text: &str) -> assay_ir::Module {
        let system = MemorySystem::new("/p").with_file("/p/a.py", text);
        lower_file(&system, Path::new("/p/a.py")).expect("it can be lowered")
    }

    /// The names of the modules that are left of these: name, whether it is a package, whether it is a test, text.
    fn left(modules: &[(&str, bool, bool, &str)]) -> Vec<String> {
        let role = |test| if test { Role::Test } else { Role::FirstParty };
        let file = |name: &str, test| SourceFile::new(name, Language::Python, role(test), "");
        let files = Files::new(modules.iter().map(|(name, _, test, _)| file(name, *test)).collect());
        let described = modules.iter().enumerate().map(|(at, (name, package, test, text))| Described {
            file: FileId::new(at),
            name: (*name).to_owned(),
            path: String::new(),
            package: *package,
            test: *test,
            template: false,
            module: Arc::new(lowered(text)),
        });
        without_tests(described.collect(), &files).into_iter().map(|module| module.name).collect()
    }

    #[test]
    fn tests_go_unless_the_program_imports_them() {
        let found = left(&[
            ("app", true, false, "from .tests.fakes import Store\n"),
            ("app.cli", false, false, "import app\n"),
            ("app.tests", true, true, ""),
            ("app.tests.fakes", false, true, "from . import deep\n"),
            ("app.tests.deep", false, true, ""),
            ("app.tests.test_cli", false, true, "import app.cli\n"),
        ]);
        assert_eq!(found, ["app", "app.cli", "app.tests", "app.tests.fakes", "app.tests.deep"]);
    }

    #[test]
    fn names_are_those_of_modules_and_not_of_their_beginnings() {
        let found =
            left(&[("app", false, false, "import testing\nfrom tests_all import x\n"), ("tests", true, true, "")]);
        assert_eq!(found, ["app"]);
    }
}
