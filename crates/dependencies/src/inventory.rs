//! All manifests of a project, put together.

use crate::manifest;
use crate::package::{Dependency, Kind, Manifest, Problem, Scope};
use crate::{Ecosystem, Ranges, Requirement, VexStatement, read_vex};
use assay_text::{FileId, Files, Language, SourceFile};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The mark of a script that carries its dependencies.
const SCRIPT: &str = "# /// script";

/// Locks and constraints that may select a version for one entry.
const MAX_SELECTIONS: usize = 64;

/// What the manifests and lock files of a project say.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// The files in the order of their paths.
    pub manifests: Vec<(FileId, Manifest)>,
    /// What the project says of vulnerabilities itself.
    pub statements: Vec<VexStatement>,
    /// The top-level modules of packages of Python that are installed, by the package.
    pub modules: BTreeMap<String, Vec<String>>,
    /// Manifests of formats that are not read, and of which no lock file says the packages.
    pub unread: Vec<(FileId, Problem)>,
    /// Files of such statements that could not be read, and why.
    pub bad_statements: Vec<(FileId, String)>,
}

impl Inventory {
    /// Reads all manifests and lock files among `files`.
    pub fn read(files: &Files) -> Self {
        let around = manifest::Around::new(files);
        let mut manifests: Vec<(FileId, Manifest)> = files
            .iter()
            .filter(|(_, file)| match file.language {
                Language::Manifest => true,
                Language::Python => {
                    &*file.path == "setup.py" || file.path.ends_with("/setup.py") || file.text.contains(SCRIPT)
                }
                _ => false,
            })
            .filter_map(|(id, file)| Some((id, read(id, file, &around)?)))
            .collect();
        follow(&mut manifests, files);
        installed(&mut manifests, files);
        releases(&mut manifests, files);
        never(&mut manifests, files);
        soles(&mut manifests);
        let modules = installed_modules(&manifests, files);
        let unread = files.iter().filter_map(|(id, file)| {
            let message = manifest::unread(file, files)?;
            Some((id, Problem { span: None, code: "manifest-not-read", message, incomplete: false }))
        });
        let unread = unread.collect();
        let mut inventory = Self { manifests, modules, unread, ..Self::default() };
        for (id, file) in files.iter() {
            let named = |end: &&str| file.path.ends_with(*end);
            // A bill of materials need not hold statements.
            let optional = file.path.ends_with(".cdx.json") && !file.text.contains("\"analysis\"");
            if [".vex.json", ".openvex.json", ".csaf.json", ".cdx.json"].iter().any(named) && !optional {
                match read_vex(&file.path, &file.text) {
                    Ok(statements) => inventory.statements.extend(statements),
                    Err(message) => inventory.bad_statements.push((id, message)),
                }
            }
        }
        inventory
    }

    /// All entries, in the order of files and places.
    pub fn dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.manifests.iter().flat_map(|(_, manifest)| &manifest.dependencies)
    }

    /// What was not understood.
    pub fn problems(&self) -> impl Iterator<Item = (FileId, &Problem)> {
        let of_read = self.manifests.iter().flat_map(|(id, manifest)| manifest.problems.iter().map(|one| (*id, one)));
        of_read.chain(self.unread.iter().map(|(id, problem)| (*id, problem)))
    }

    /// For each entry that asks for a range, the numbers of the entries of locks and exact requirements that select a version for it:
    /// those in its own folder, or in the nearest folder above that has any.
    pub fn selections(&self, files: &Files) -> Vec<Vec<usize>> {
        let all: Vec<&Dependency> = self.dependencies().collect();
        let mut index: BTreeMap<(Ecosystem, &str), Vec<usize>> = BTreeMap::new();
        for (number, one) in all.iter().enumerate() {
            let selects = match one.kind {
                Kind::Locked => one.version.is_some(),
                Kind::Constraint => one.requirement.pin().is_some(),
                // A list of exact requirements is a lock in all but its name.
                Kind::Declared => one.requirement.pin().is_some() && one.scope.is_shipped() && one.marker.is_none(),
                Kind::Installed => false,
            };
            let list = index.entry((one.ecosystem, &one.name)).or_default();
            if selects && list.len() < MAX_SELECTIONS {
                list.push(number);
            }
        }
        let mut found = Vec::with_capacity(all.len());
        for one in &all {
            let list = index.get(&(one.ecosystem, one.name.as_str())).map_or(&[][..], Vec::as_slice);
            let mut selecting = Vec::new();
            let asks = one.kind == Kind::Declared && one.requirement.pin().is_none();
            let mut here = Some(folder(&files.get(one.file).path));
            while let Some(at) = here.filter(|_| asks && !list.is_empty()) {
                let inside = |number: &&usize| folder(&files.get(all[**number].file).path) == at;
                selecting = list.iter().filter(inside).copied().collect();
                here = if selecting.is_empty() && !at.is_empty() { Some(folder(at)) } else { None };
            }
            found.push(selecting);
        }
        found
    }
}

/// Reads one file. A failure of its reader costs that file.
fn read<'a>(id: FileId, file: &'a SourceFile, around: &'a manifest::Around<'a>) -> Option<Manifest> {
    catch_unwind(AssertUnwindSafe(|| manifest::read_within(id, file, Some(around)))).unwrap_or_else(|_| {
        let message = "this manifest could not be read: the reader failed, which is a bug".to_owned();
        let problem = Problem { span: None, code: "internal-error", message, incomplete: true };
        Some(Manifest { format: "unknown", problems: vec![problem], ..Manifest::default() })
    })
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` as a file in `folder` writes it, without `.` and `..`; `None` when it leads out of the tree.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    (!path.starts_with('/')).then(|| parts.join("/"))
}

/// Follows what manifests include: a constraints file is one whatever its name, and a file that a package's own
/// metadata names has the scope that it has there.
fn follow(manifests: &mut [(FileId, Manifest)], files: &Files) {
    let index: BTreeMap<FileId, usize> = manifests.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
    let mut constraints = Vec::new();
    let mut scopes: Vec<(usize, Scope, Option<String>)> = Vec::new();
    let mut problems = Vec::new();
    for (at, (id, manifest)) in manifests.iter().enumerate() {
        let here = folder(&files.get(*id).path);
        let metadata = matches!(manifest.format, "pyproject.toml" | "setup.cfg");
        for include in &manifest.includes {
            let target = join(here, &include.path).and_then(|path| files.by_path(&path));
            match target.and_then(|target| index.get(&target)) {
                Some(&target) if include.constraint => constraints.push(target),
                Some(&target) => {
                    if let Some((scope, group)) = include.scope.clone().filter(|_| metadata) {
                        scopes.push((target, scope, group));
                    }
                }
                None => {
                    let message = match target {
                        Some(_) => format!("`{}` is no manifest by its name, and was not read as one", include.path),
                        None => format!("`{}` is not among the files that were read", include.path),
                    };
                    let incomplete = !include.constraint;
                    problems.push((at, Problem { span: Some(include.span), code: "include", message, incomplete }));
                }
            }
        }
    }
    for target in constraints {
        for dependency in &mut manifests[target].1.dependencies {
            dependency.kind = Kind::Constraint;
        }
    }
    for (target, scope, group) in scopes {
        for dependency in &mut manifests[target].1.dependencies {
            dependency.scope = scope;
            dependency.group.clone_from(&group);
        }
    }
    for (at, problem) in problems {
        manifests[at].1.problems.push(problem);
    }
}

/// Who asks for whom among the packages that are installed together.
fn installed(manifests: &mut [(FileId, Manifest)], files: &Files) {
    // The folder that holds the folder of one package.
    let site = |id: FileId| folder(folder(&files.get(id).path)).to_owned();
    let mut asked: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (id, manifest) in manifests.iter().filter(|(_, manifest)| !manifest.needs.is_empty()) {
        let Some(parent) = manifest.dependencies.first() else { continue };
        for name in &manifest.needs {
            asked.entry((site(*id), name.clone())).or_default().push(parent.name.clone());
        }
    }
    for (id, manifest) in manifests.iter_mut() {
        for one in manifest.dependencies.iter_mut().filter(|one| one.kind == Kind::Installed) {
            if one.ecosystem == Ecosystem::PyPI
                && let Some(parents) = asked.get(&(site(*id), one.name.clone()))
            {
                one.parents.clone_from(parents);
            }
        }
    }
}

/// The modules of installed packages, as the lists of their files say.
fn installed_modules(manifests: &[(FileId, Manifest)], files: &Files) -> BTreeMap<String, Vec<String>> {
    let mut lists: BTreeMap<&str, &[String]> = BTreeMap::new();
    for (id, manifest) in manifests.iter().filter(|(_, manifest)| !manifest.modules.is_empty()) {
        lists.insert(folder(&files.get(*id).path), &manifest.modules);
    }
    let mut found = BTreeMap::new();
    for (id, manifest) in manifests.iter().filter(|(_, manifest)| manifest.modules.is_empty()) {
        let Some(package) = manifest.dependencies.first().filter(|one| one.kind == Kind::Installed) else { continue };
        if let Some(modules) = lists.get(folder(&files.get(*id).path)) {
            found.entry(package.name.clone()).or_insert_with(|| modules.to_vec());
        }
    }
    found
}

/// Marks what nobody but the project asks for, where a file says who asks for whom.
fn soles(manifests: &mut [(FileId, Manifest)]) {
    for (_, manifest) in manifests.iter_mut() {
        let own = &manifest.own_names;
        let dependencies = &mut manifest.dependencies;
        let graph = dependencies.iter().any(|one| !one.parents.is_empty());
        for one in dependencies.iter_mut() {
            let listed = graph && one.kind == Kind::Locked || one.kind == Kind::Installed;
            one.sole = listed && one.parents.iter().all(|parent| own.contains(parent));
        }
    }
}

/// Names of Debian's packages get the release that they are of, as `os-release` beside them says.
fn releases(manifests: &mut [(FileId, Manifest)], files: &Files) {
    for (id, manifest) in manifests.iter_mut().filter(|(_, manifest)| manifest.format == "dpkg status") {
        let path = &files.get(*id).path;
        let root = path.find("var/lib/dpkg/").map_or("", |at| &path[..at]);
        let says = ["etc/os-release", "usr/lib/os-release"]
            .iter()
            .filter_map(|name| files.by_path(&format!("{root}{name}")))
            .find_map(|id| {
                let value = |key: &str| {
                    let found = files.get(id).text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
                    found.map(|value| value.trim().trim_matches(['"', '\'']).to_owned())
                };
                Some((value("ID")?, value("VERSION_ID")?))
            });
        match says {
            Some((id, release)) if id == "debian" && !release.contains(':') => {
                for one in manifest.dependencies.iter_mut().filter(|one| one.ecosystem == Ecosystem::Debian) {
                    one.name = format!("{release}:{}", one.name);
                }
            }
            Some((id, _)) => manifest.problems.push(Problem {
                span: None,
                code: "manifest",
                message: format!("these packages are those of `{id}`, of which there is no data"),
                incomplete: true,
            }),
            None => manifest.problems.push(Problem {
                span: None,
                code: "manifest",
                message: "the release that these packages are of is not known: there is no `etc/os-release`".to_owned(),
                incomplete: true,
            }),
        }
    }
}

/// Marks what no version of Python that the package admits asks for, and what names the package itself.
fn never(manifests: &mut [(FileId, Manifest)], files: &Files) {
    let mut python: BTreeMap<String, Requirement> = BTreeMap::new();
    let mut own: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, manifest) in manifests.iter() {
        let here = folder(&files.get(*id).path).to_owned();
        if let Some(requirement) = &manifest.requires_python
            && manifest.format != "script"
        {
            python.entry(here.clone()).or_insert_with(|| requirement.clone());
        }
        own.entry(here).or_default().extend(manifest.own_names.iter().cloned());
    }
    for (id, manifest) in manifests.iter_mut() {
        let path = files.get(*id).path.clone();
        let above = |names: &mut dyn FnMut(&str) -> bool| {
            let mut here = folder(&path);
            while !names(here) && !here.is_empty() {
                here = folder(here);
            }
        };
        let mut limits = manifest.requires_python.clone();
        if limits.is_none() {
            above(&mut |here| {
                limits = python.get(here).cloned();
                limits.is_some()
            });
        }
        let mut names: &[String] = &[];
        above(&mut |here| {
            names = own.get(here).map_or(&[], Vec::as_slice);
            !names.is_empty()
        });
        manifest.dependencies.retain(|one| !(names.contains(&one.name) && one.kind != Kind::Constraint));
        let python = limits.map_or_else(Ranges::full, |limits| limits.ranges);
        for dependency in &mut manifest.dependencies {
            if let Some(marker) = &dependency.marker {
                let meaning = manifest::read_marker(marker);
                dependency.never = meaning.python.intersection(&python).is_empty();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_text::Role;

    fn inventory(files: &[(&str, &str)]) -> (Files, Inventory) {
        let mut list: Vec<_> = files
            .iter()
            .map(|(path, text)| {
                let python = path.rsplit_once('.').is_some_and(|(_, extension)| extension == "py");
                let language = if python { Language::Python } else { Language::Manifest };
                SourceFile::new(path, language, Role::FirstParty, *text)
            })
            .collect();
        list.sort_by(|a, b| a.path.cmp(&b.path));
        let files = Files::new(list);
        let inventory = Inventory::read(&files);
        (files, inventory)
    }

    #[test]
    fn includes_are_followed() {
        let (_, found) = inventory(&[
            (
                "pyproject.toml",
                "[project]\nname=\"app\"\nrequires-python=\">=3.11\"\n[tool.setuptools.dynamic]\noptional-dependencies.x={file=[\"deps/requirements.txt\"]}\n",
            ),
            (
                "deps/requirements.txt",
                "a>=1\nb; python_version<'3.9'\n-c limits-requirements.txt\n-r ../missing.txt\napp[x]\n",
            ),
            ("deps/limits-requirements.txt", "a==1.5\n"),
        ]);
        let entries: Vec<_> =
            found.dependencies().map(|one| (one.name.as_str(), one.kind, one.scope, one.never)).collect();
        assert_eq!(
            entries,
            [
                ("a", Kind::Constraint, Scope::Runtime, false),
                ("a", Kind::Declared, Scope::Optional, false),
                ("b", Kind::Declared, Scope::Optional, true),
            ]
        );
        let problems: Vec<_> = found.problems().map(|(_, problem)| problem.message.as_str()).collect();
        assert_eq!(problems, ["`../missing.txt` is not among the files that were read"]);
    }

    #[test]
    fn the_nearest_lock_selects() {
        let (files, found) = inventory(&[
            ("poetry.lock", "[[package]]\nname=\"a\"\nversion=\"1.0\"\n"),
            ("sub/requirements.txt", "a>=1\nb\n"),
        ]);
        assert_eq!(found.selections(&files), [vec![], vec![0], vec![]]);
    }

    #[test]
    fn poms_have_parents_and_imports_in_the_project() {
        let pom = |head: &str, rest: &str| format!("<project>{head}{rest}</project>");
        let parent = pom(
            "<groupId>g</groupId><artifactId>parent</artifactId><version>1</version>",
            "<properties><a.version>1.5</a.version></properties><dependencyManagement><dependencies>\
             <dependency><groupId>g</groupId><artifactId>bom</artifactId><version>${project.version}</version><type>pom</type><scope>import</scope></dependency>\
             <dependency><groupId>org.a</groupId><artifactId>a</artifactId><version>${a.version}</version></dependency>\
             </dependencies></dependencyManagement>",
        );
        let bom = pom(
            "<groupId>g</groupId><artifactId>bom</artifactId><version>1</version>",
            "<properties><b>2.0</b></properties><dependencyManagement><dependencies>\
             <dependency><groupId>org.b</groupId><artifactId>b</artifactId><version>${b}</version></dependency>\
             </dependencies></dependencyManagement>",
        );
        let child = pom(
            "<parent><groupId>g</groupId><artifactId>parent</artifactId><version>1</version></parent><artifactId>app</artifactId>",
            "<properties><c>3</c></properties><dependencies>\
             <dependency><groupId>org.a</groupId><artifactId>a</artifactId></dependency>\
             <dependency><groupId>org.b</groupId><artifactId>b</artifactId></dependency>\
             <dependency><groupId>org.c</groupId><artifactId>c</artifactId><version>${c}</version></dependency>\
             <dependency><groupId>org.d</groupId><artifactId>d</artifactId></dependency>\
             </dependencies>",
        );
        let (files, found) = inventory(&[("app/pom.xml", &child), ("bom/pom.xml", &bom), ("pom.xml", &parent)]);
        let entries: Vec<_> =
            found.dependencies().map(|one| (one.name.as_str(), one.requirement.text.as_str())).collect();
        assert_eq!(entries, [("org.a:a", "1.5"), ("org.b:b", "2.0"), ("org.c:c", "3")]);
        let places: Vec<_> = found
            .dependencies()
            .map(|one| one.requirement_span.map(|span| files.get(one.file).slice(span).to_owned()))
            .collect();
        assert_eq!(places, [None, None, Some("3".to_owned())]);
        let problems: Vec<_> = found.problems().map(|(_, problem)| problem.message.as_str()).collect();
        assert_eq!(problems, ["the version of `org.d:d` is decided by a parent or import that was not read"]);
        // Parents in a circle end.
        let circle = "<project><parent><groupId>g</groupId><artifactId>x</artifactId></parent><groupId>g</groupId><artifactId>x</artifactId></project>";
        let (_, found) = inventory(&[("a/pom.xml", circle), ("pom.xml", circle)]);
        assert!(
            found.problems().all(|(_, problem)| problem.message.contains("circle")),
            "{:?}",
            found.problems().count()
        );
        assert_eq!(found.problems().count(), 2);
    }

    #[test]
    fn what_is_installed_together_has_parents_and_a_release() {
        let (_, found) = inventory(&[
            ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
            ("v/site-packages/a-1.dist-info/METADATA", "Name: a\nVersion: 1\nRequires-Dist: b\n"),
            ("v/site-packages/b-2.dist-info/METADATA", "Name: b\nVersion: 2\n"),
            ("var/lib/dpkg/status", "Package: openssl\nStatus: install ok installed\nVersion: 3.0\n"),
        ]);
        let entries: Vec<_> = found.dependencies().map(|one| (one.name.as_str(), one.parents.join("+"))).collect();
        assert_eq!(entries, [("a", String::new()), ("b", "a".to_owned()), ("12:openssl", String::new())]);
        let (_, found) =
            inventory(&[("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: 3.0\n")]);
        assert_eq!(found.problems().count(), 1);
    }

    #[test]
    fn paths_are_joined_within_the_tree() {
        assert_eq!(join("a/b", "../c.txt").as_deref(), Some("a/c.txt"));
        assert_eq!(join("", "./c.txt").as_deref(), Some("c.txt"));
        assert_eq!(join("", "../c.txt").as_deref(), Some("../c.txt"));
        assert_eq!(join("a", "/etc/passwd"), None);
    }
}
