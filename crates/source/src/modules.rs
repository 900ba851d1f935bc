//! The dotted names that Python files are imported by.
//!
//! - An *import root* is a folder whose content is imported by its bare name: the project's root, or that of a project in it (which has
//!   a `setup.py`, or a name that no import can say), a `src` folder, the folder above a package, and every other folder that holds scripts.
//! - The name of a file in a package follows from the `__init__.py` files above it. A folder whose files import relative to
//!   themselves is a package without one.
//! - A folder without `__init__.py` between an import root and the file is a *namespace package* when some
//!   file of the project imports it by that name, and an import root of its own otherwise.
//! - Two files never share a name: the one that Python would rather import keeps it, and the others
//!   are named by their whole path.

use assay_text::Role;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How a Python file is imported.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ModuleName {
    /// The name in dots: `pkg.sub.module`.
    pub dotted: String,
    /// Whether it is a package's `__init__`.
    pub package: bool,
}

/// A Python file as naming sees it.
pub(crate) struct Candidate<'a> {
    /// Folders below the project's root, then the file's name.
    pub(crate) parts: Vec<&'a str>,
    pub(crate) role: Role,
    pub(crate) text: &'a str,
}

/// The names of one project's files, in the order of `files`. `packages` holds every folder with
/// an `__init__.py`, as its path below the root joined by `/`; the root is the empty path, and `root_name` its name.
pub(crate) fn name_all(files: &[Candidate<'_>], packages: &BTreeSet<String>, root_name: &str) -> Vec<ModuleName> {
    let Imports { first: imported, packages: relative } = imports(files);
    let packages = packages.union(&relative).cloned().collect();
    let setups = files.iter().filter(|file| file.parts.last() == Some(&"setup.py"));
    let projects = setups.map(|file| file.parts[..file.parts.len() - 1].join("/")).collect();
    let mut names: Vec<Option<ModuleName>> = vec![None; files.len()];
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|&index| rank(&files[index]));
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for index in order {
        let file = &files[index];
        let stem = stem(file);
        let package = stem == "__init__";
        let short = dotted(file, stem, &packages, &imported, &projects, root_name);
        let name = if taken.contains_key(&short) { whole_path(file, stem, &taken) } else { short };
        taken.insert(name.clone(), index);
        names[index] = Some(ModuleName { dotted: name, package });
    }
    names.into_iter().flatten().collect()
}

/// What Python would rather import comes first: the project's own code before tests and copies, `.py` before
/// stubs and scripts without an extension, a package before a module, then the shorter path.
fn rank<'a>(file: &Candidate<'a>) -> (u8, u8, bool, usize, Vec<&'a str>) {
    let role = match file.role {
        Role::FirstParty | Role::Migration | Role::Generated => 0,
        Role::Test => 1,
        Role::Example => 2,
        Role::Vendored => 3,
    };
    let name = file.parts.last().copied().unwrap_or_default();
    let extension = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("py") => 0,
        Some("pyi") => 2,
        _ => 1,
    };
    (extension, role, name != "__init__.py", file.parts.len(), file.parts.clone())
}

fn stem<'a>(file: &Candidate<'a>) -> &'a str {
    let name = file.parts.last().copied().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

fn dotted(
    file: &Candidate<'_>,
    stem: &str,
    packages: &BTreeSet<String>,
    imported: &BTreeSet<&str>,
    projects: &BTreeSet<String>,
    root_name: &str,
) -> String {
    let folders = &file.parts[..file.parts.len().saturating_sub(1)];
    // The outermost package of the unbroken chain of packages above the file.
    let mut top = folders.len();
    while top > 0 && packages.contains(&folders[..top].join("/")) {
        top -= 1;
    }
    let mut parts: Vec<String> = Vec::new();
    if top == 0 && packages.contains("") && !root_name.is_empty() {
        parts.push(part(root_name));
    } else {
        let start = import_root(&folders[..top], packages, projects);
        let between = &folders[start..top];
        let namespace = between.iter().position(|first| imported.contains(first)).map(|at| &between[at..]);
        if let Some(namespace) = namespace.filter(|folders| folders.iter().all(|folder| is_identifier(folder))) {
            parts.extend(namespace.iter().map(|folder| part(folder)));
        }
    }
    parts.extend(folders[top..].iter().map(|folder| part(folder)));
    if stem != "__init__" || parts.is_empty() {
        parts.push(part(stem));
    }
    parts.join(".")
}

/// Leading folders that no import names.
fn import_root(folders: &[&str], packages: &BTreeSet<String>, projects: &BTreeSet<String>) -> usize {
    let named = folders.iter().position(|folder| matches!(*folder, "src" | "lib" | "python")).map_or(0, |at| at + 1);
    let below = |at: usize| folders[..at].join("/");
    let project =
        (1..=folders.len()).rev().find(|&at| !is_identifier(folders[at - 1]) || projects.contains(&below(at)));
    let package = (1..=folders.len()).find(|&at| packages.contains(&below(at))).map_or(0, |at| at - 1);
    named.max(project.unwrap_or(0)).max(package)
}

fn whole_path(file: &Candidate<'_>, stem: &str, taken: &BTreeMap<String, usize>) -> String {
    let folders = &file.parts[..file.parts.len().saturating_sub(1)];
    let mut parts: Vec<String> = folders.iter().map(|folder| part(folder)).collect();
    if stem != "__init__" || parts.is_empty() {
        parts.push(part(stem));
    }
    let name = parts.join(".");
    if !taken.contains_key(&name) {
        return name;
    }
    let name = format!("{name}.{}", part(file.parts.last().copied().unwrap_or_default()));
    let mut number = 2;
    let mut unique = name.clone();
    while taken.contains_key(&unique) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    unique
}

fn part(name: &str) -> String {
    name.replace('.', "_")
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// What the import statements of a project tell about its folders, read from the lines alone: what is said inside of strings only adds
/// names, and a name only ever turns a folder that exists into a package.
#[derive(Default)]
struct Imports<'a> {
    /// The first part of every absolute import.
    first: BTreeSet<&'a str>,
    /// The folders, below the root, that a file imports relative to: `from ..a import b`.
    packages: BTreeSet<String>,
}

fn imports<'a>(files: &[Candidate<'a>]) -> Imports<'a> {
    use rayon::prelude::*;
    files
        .par_iter()
        .map(|file| {
            let mut found = Imports::default();
            let mut levels = 0;
            for line in file.text.lines() {
                let line = line.trim_start();
                if let Some(rest) = line.strip_prefix("from ") {
                    let rest = rest.trim_start();
                    levels = levels.max(rest.len() - rest.trim_start_matches('.').len());
                    found.first.extend(first_part(rest));
                } else if let Some(rest) = line.strip_prefix("import ") {
                    found.first.extend(rest.split(',').filter_map(first_part));
                }
            }
            let folders = &file.parts[..file.parts.len().saturating_sub(1)];
            let above = (0..levels.min(folders.len())).map(|up| &folders[..folders.len() - up]);
            let named = above.take_while(|above| above.last().is_some_and(|folder| is_identifier(folder)));
            found.packages.extend(named.map(|above| above.join("/")));
            found
        })
        .reduce(Imports::default, |mut all, mut found| {
            if all.first.len() < found.first.len() {
                std::mem::swap(&mut all, &mut found);
            }
            all.first.extend(found.first);
            all.packages.extend(found.packages);
            all
        })
}

fn first_part(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// Sorts as `(requested first, nearest project first)`: the order in which one file's several finders are preferred.
pub(crate) fn preference(requested: bool, root_len: usize) -> (Reverse<bool>, Reverse<usize>) {
    (Reverse(requested), Reverse(root_len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[(&str, &str)]) -> Vec<String> {
        let candidates: Vec<Candidate<'_>> = files
            .iter()
            .map(|(path, text)| {
                let parts: Vec<&str> = path.split('/').collect();
                let role = crate::role::of_path(&parts, 0, assay_text::Language::Python);
                Candidate { parts, role, text }
            })
            .collect();
        let packages = files
            .iter()
            .filter_map(|(path, _)| path.strip_suffix("__init__.py"))
            .map(|folder| folder.trim_end_matches('/').to_owned())
            .collect();
        name_all(&candidates, &packages, "proj").into_iter().map(|name| name.dotted).collect()
    }

    #[test]
    fn packages_scripts_and_src_layouts() {
        let found = names(&[
            ("pkg/__init__.py", ""),
            ("pkg/sub/__init__.py", ""),
            ("pkg/sub/m.py", ""),
            ("src/lib2/__init__.py", ""),
            ("src/lone.py", ""),
            ("tools/run.py", "import helper"),
            ("tools/helper.py", ""),
            ("setup.py", ""),
        ]);
        assert_eq!(found, ["pkg", "pkg.sub", "pkg.sub.m", "lib2", "lone", "run", "helper", "setup"]);
    }

    #[test]
    fn namespace_packages_are_known_by_their_imports() {
        let found = names(&[
            ("ns/part/__init__.py", ""),
            ("ns/part/m.py", "from ns.part import x"),
            ("backend/app/__init__.py", ""),
            ("backend/app/m.py", "import app.m"),
        ]);
        assert_eq!(found, ["ns.part", "ns.part.m", "app", "app.m"]);
    }

    #[test]
    fn a_project_below_the_root_is_named_as_it_is_by_itself() {
        let found = names(&[
            ("proj-1.0/setup.py", ""),
            ("proj-1.0/ns/part/__init__.py", ""),
            ("proj-1.0/ns/part/m.py", "from ns.part import x\nimport app.wsgi\n"),
            ("proj-1.0/app/__init__.py", ""),
            ("proj-1.0/app/wsgi/django.py", ""),
            ("inner/setup.py", ""),
            ("inner/space/m.py", "import space.m"),
        ]);
        assert_eq!(found, ["proj-1_0.setup", "ns.part", "ns.part.m", "app", "app.wsgi.django", "setup", "space.m"]);
    }

    #[test]
    fn no_two_files_share_a_name() {
        let found = names(&[
            ("b/util.py", ""),
            ("a/util.py", ""),
            ("bin/pkg", ""),
            ("pkg/__init__.py", ""),
            ("pkg.py", ""),
            ("pkg/m.pyi", ""),
            ("pkg/m.py", ""),
        ]);
        assert_eq!(
            found,
            ["b.util", "util", "bin.pkg", "pkg", "pkg.py", "pkg.m.m_pyi", "pkg.m"]
                .map(|name| name.replace("pkg.py", "pkg.pkg_py"))
        );
    }

    #[test]
    fn a_folder_that_is_imported_relative_to_is_a_package() {
        let files = [
            ("app/urls.py", "from . import views\n"),
            ("app/views.py", ""),
            ("app/sub/x/m.py", "from ..y import z\n"),
            ("tool/run.py", ""),
        ];
        assert_eq!(names(&files), ["app.urls", "app.views", "app.sub.x.m", "run"]);
        assert_eq!(names(&[("app-1.0/app/m.py", "from ...a import b\n")]), ["app.m"]);
    }

    #[test]
    fn a_root_that_is_a_package_gives_its_name() {
        assert_eq!(names(&[("__init__.py", ""), ("m.py", ""), ("s/__init__.py", "")]), ["proj", "proj.m", "proj.s"]);
    }
}
