//! Several manifests of one project, which include each other, have each other as parents, or stand beside each other: each line
//! that begins with `@` and a digit or letter begins the next file. All is put together and reviewed.

#![no_main]

use assay_dependencies::{Builder, Database, DependencyReview, Inventory};
use assay_text::{Files, Language, Role, SourceFile};
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 24] = [
    "requirements.txt", "constraints.txt", "requirements/a.txt", "pyproject.toml", "setup.cfg", "tox.ini", "poetry.lock",
    "pom.xml", "a/pom.xml", "a/b/pom.xml", "go.mod", "go.sum", "sub/go.mod", "sub/go.sum", "var/lib/dpkg/status",
    "etc/os-release", "venv/lib/python3.12/site-packages/a-1.0.dist-info/METADATA",
    "venv/lib/python3.12/site-packages/a-1.0.dist-info/RECORD", "venv/lib/python3.12/site-packages/b-1.0.dist-info/METADATA",
    "a.openvex.json", "b.csaf.json", "c.cdx.json", "yarn.lock", "gradle/libs.versions.toml",
];

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut files: Vec<(usize, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix('@').and_then(|rest| rest.chars().next()).and_then(|c| c.to_digit(36)) {
            Some(number) => files.push((number as usize % PATHS.len(), String::new())),
            None => files.last_mut().into_iter().for_each(|(_, text)| text.push_str(line)),
        }
    }
    let file = |(number, text): (usize, String)| SourceFile::new(PATHS[number], Language::Manifest, Role::FirstParty, text);
    let mut files: Vec<SourceFile> = files.into_iter().map(file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    let files = Files::new(files);
    let inventory = Inventory::read(&files);
    assert!(!inventory.problems().any(|(_, problem)| problem.code == "internal-error"), "a reader failed");
    let database = Database::open(Box::new(Builder::default().finish())).expect("what was built opens");
    let review = DependencyReview::new(&inventory, &files, Some(&database));
    assert_eq!(review.entries.len(), inventory.dependencies().count());
});
