//! Lock files as the ecosystems' own tools wrote them, against what those tools list.
//!
//! `locks/<format>/<project>/` holds a lock file, in which only the registry's host was replaced, and `expected.txt`: name and
//! version of each package, as npm, Yarn, pnpm, Bun, uv, Poetry, PDM, Pipenv, pip and Cargo themselves list them. The forms that older
//! versions of these tools wrote are among them: of Poetry 1.1 to 2.1, PDM 3.1 to 4.5.1, uv without and with revisions, Cargo 1 to 4,
//! pnpm 5.2 to 9.0, Yarn 4 to 10.
//!
//! Those of Go, Bundler, Composer, NuGet, Gradle and Conan were written for this test or, where their name begins with `public`, are what
//! lock files of public repositories name; `go mod edit -json` and Bundler's own parser list what is expected of those of Go and of Bundler that
//! were written, and a second reading the others.

use assay_dependencies::{Ecosystem, Kind, read_manifest};
use assay_index::Idx;
use assay_text::{FileId, Language, Role, SourceFile};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn entries(folder: &Path) -> Vec<PathBuf> {
    let list = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = list.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

/// What differs between a lock file as it is read and as its tool lists it.
fn differences(project: &Path) -> Vec<String> {
    let text = |path: &Path| std::fs::read_to_string(path).expect("text");
    let paths = entries(project);
    let lock = paths.iter().find(|path| !path.ends_with("expected.txt")).expect("a lock file");
    let name = lock.file_name().and_then(|name| name.to_str()).expect("a name");
    let file = SourceFile::new(name, Language::Manifest, Role::FirstParty, text(lock));
    let manifest = read_manifest(FileId::new(0), &file).expect("it is a lock file");
    let own = |ecosystem: Ecosystem, name: &str| {
        manifest.own_names.iter().any(|own| ecosystem.normalise(own) == name && ecosystem == Ecosystem::PyPI)
    };
    let locked = manifest.dependencies.iter().filter(|one| one.kind == Kind::Locked && !own(one.ecosystem, &one.name));
    let found: BTreeSet<String> = locked
        .map(|one| format!("{} {}", one.name, one.version.as_ref().map(ToString::to_string).unwrap_or_default()))
        .collect();
    let expected = text(&project.join("expected.txt"));
    let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    assert!(!expected.is_empty());
    let missing = expected.difference(&found).map(|one| format!("{}: {one} is missing", project.display()));
    let extra = found.difference(&expected).map(|one| format!("{}: {one} is too much", project.display()));
    let problems = manifest.problems.iter().map(|one| format!("{}: {}", project.display(), one.message));
    missing.chain(extra).chain(problems).collect()
}

#[test]
fn lock_files_list_what_their_tools_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/locks");
    let mut found = Vec::new();
    for format in entries(&folder) {
        let projects = entries(&format);
        assert!(projects.len() >= 5, "{}", format.display());
        found.extend(projects.iter().flat_map(|project| differences(project)));
    }
    assert!(found.is_empty(), "{found:#?}");
}
