//! The source of installed packages, followed from the program to what has a known vulnerability.
//!
//! - Of an environment, the packages that lie *between* are followed: those that have a vulnerability of which the functions
//!   are known, and all that ask for one of these, directly or by others.
//! - The list of a package's files (`RECORD`) says what its source is. Nothing is run; tests of packages are left out.
//! - The program is resolved once more with this source beside it, for this question alone: no other area of a review
//!   looks at code of installed packages.

use crate::analyse::calls;
use crate::pipeline::{has_frontend, input_modules, is_native, lower_all};
use assay_checks::Calls;
use assay_dependencies::{DependencyReview, Ecosystem, Kind, vulnerable_symbols};
use assay_finding::FileGap;
use assay_index::{FxHashMap, IndexVec};
use assay_source::{ModuleName, System};
use assay_text::limits::{MAX_FILE_BYTES, MAX_INSTALLED_SOURCE_BYTES};
use assay_text::{FileId, Files, Language, Role, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What is known of each file of a project.
pub(crate) struct Known<'a> {
    /// The files; those that a way leads through are added.
    pub(crate) files: &'a mut Files,
    /// How each is imported.
    pub(crate) modules: &'a mut IndexVec<FileId, Option<ModuleName>>,
    /// Where each lies.
    pub(crate) paths: &'a mut IndexVec<FileId, PathBuf>,
}

/// One file of an installed package.
struct Source {
    path: PathBuf,
    shown: String,
    module: ModuleName,
}

/// Looks for calls of `wanted` through the source of installed packages, and adds to `found` what is seen. What kept it
/// from being followed is returned.
pub(crate) fn follow(
    known: Known<'_>,
    review: &DependencyReview,
    wanted: &BTreeSet<String>,
    found: &mut Calls,
    system: &dyn System,
    pool: &rayon::ThreadPool,
) -> Option<FileGap> {
    let Known { files, modules, paths } = known;
    if wanted.iter().all(|symbol| found.called.get(symbol).is_some_and(|called| called.entry.is_some())) {
        return None;
    }
    let between = between(review);
    let first = *between.values().next()?;
    let gap = |code: &str, message: String| {
        let path = files.get(first).path.to_string();
        let message = format!("the source of installed packages was not followed: {message}");
        Some(FileGap { path, file: Some(first), span: None, code: code.to_owned(), message, incomplete: false })
    };
    let own: BTreeSet<&str> = modules.iter().flatten().map(|name| name.dotted.as_str()).collect();
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    for file in between.values() {
        for source in listed(files, paths, *file) {
            // What the program has itself is not imported from an environment.
            if !own.contains(source.module.dotted.as_str()) {
                sources.entry(source.module.dotted.clone()).or_insert(source);
            }
        }
    }
    let (mut extended, mut names, mut places) = (files.clone(), modules.clone(), FxHashMap::default());
    let mut left = MAX_INSTALLED_SOURCE_BYTES;
    for source in sources.into_values() {
        let bytes = system.read(&source.path, MAX_FILE_BYTES + 1).unwrap_or_default();
        let length = bytes.len() as u64;
        if length > MAX_FILE_BYTES {
            continue;
        }
        let Some(rest) = left.checked_sub(length) else {
            let most = MAX_INSTALLED_SOURCE_BYTES;
            return gap("limit", format!("it is longer than MAX_INSTALLED_SOURCE_BYTES = {most}"));
        };
        left = rest;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut file = SourceFile::new(&source.shown, Language::Python, Role::Vendored, text);
        file.requested = false;
        let id = extended.append(file);
        let _: FileId = names.push(Some(source.module));
        places.insert(id, source.path);
    }
    if places.is_empty() {
        return None;
    }
    let search = || {
        let asked = |language| has_frontend(language) && !is_native(language);
        let lowered = lower_all(&extended, pool, &crate::NoProgress, asked, None);
        let input = input_modules(&extended, &names, lowered);
        pool.install(|| calls(&extended, input.modules, wanted))
    };
    let Ok(more) = catch_unwind(AssertUnwindSafe(search)) else {
        return gap("internal-error", "the analysis failed".to_owned());
    };
    let mut added: FxHashMap<FileId, FileId> = FxHashMap::default();
    found.follow(more, between.into_keys().collect(), &mut |place| {
        let Some(path) = places.get(&place.file) else { return };
        place.file = *added.entry(place.file).or_insert_with(|| {
            let _: FileId = paths.push(path.clone());
            let _: FileId = modules.push(names[place.file].clone());
            files.append(extended.get(place.file).clone())
        });
    });
    None
}

/// The installed packages that a way to a vulnerability can lead through, with the file of their metadata.
fn between(review: &DependencyReview) -> BTreeMap<String, FileId> {
    let installed = |kind| kind == Kind::Installed;
    let entries = review.entries.iter();
    let entries =
        entries.filter(|entry| installed(entry.dependency.kind) && entry.dependency.ecosystem == Ecosystem::PyPI);
    let mut by_name: BTreeMap<&str, Vec<&assay_dependencies::Entry>> = BTreeMap::new();
    let mut pending: Vec<&str> = Vec::new();
    for entry in entries {
        let name = entry.dependency.name.as_str();
        by_name.entry(name).or_default().push(entry);
        let (Some(assessment), Some(package)) = (entry.assessment(), review.package(entry)) else { continue };
        let is_known = |exposure: &assay_dependencies::Exposure| {
            !vulnerable_symbols(Ecosystem::PyPI, name, &package.defects[exposure.defect]).0.is_empty()
        };
        if assessment.exposures.iter().any(is_known) {
            pending.push(name);
        }
    }
    let mut found = BTreeMap::new();
    while let Some(name) = pending.pop() {
        for entry in by_name.get(name).into_iter().flatten() {
            if found.insert(name.to_owned(), entry.dependency.file).is_none() {
                pending.extend(entry.dependency.parents.iter().map(String::as_str));
            }
        }
    }
    found
}

/// The source files of the package whose metadata is `metadata`.
fn listed(files: &Files, paths: &IndexVec<FileId, PathBuf>, metadata: FileId) -> Vec<Source> {
    let shown = &files.get(metadata).path;
    let Some((folder, _)) = shown.rsplit_once('/') else { return Vec::new() };
    let (site, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    let site = if site.is_empty() { String::new() } else { format!("{site}/") };
    let Some(record) = files.by_path(&format!("{site}{name}/RECORD")) else { return Vec::new() };
    let Some(base) = paths[record].parent().and_then(Path::parent) else { return Vec::new() };
    let lines = files.get(record).text.lines();
    let source = |line: &str| {
        let path = line.split(',').next()?.trim_matches('"');
        let module = module(path)?;
        Some(Source { path: base.join(path), shown: format!("{site}{path}"), module })
    };
    lines.filter_map(source).collect()
}

/// How a file of an installed package is imported; `None` for what is no source of it.
fn module(path: &str) -> Option<ModuleName> {
    let stem = path.strip_suffix(".py")?;
    let mut parts: Vec<&str> = stem.split('/').collect();
    let is_name = |part: &&str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    // A path that leads anywhere else has parts that are no names.
    if !parts.iter().all(is_name) || parts.iter().any(|part| matches!(*part, "test" | "tests" | "testing")) {
        return None;
    }
    let package = parts.last() == Some(&"__init__");
    if package {
        parts.pop();
    }
    (!parts.is_empty()).then(|| ModuleName { dotted: parts.join("."), package })
}

#[cfg(test)]
mod tests {
    use super::module;

    #[test]
    fn only_source_of_the_package_is_followed() {
        let name = |path| module(path).map(|name| (name.dotted, name.package));
        assert_eq!(name("a/b.py"), Some(("a.b".to_owned(), false)));
        assert_eq!(name("a/__init__.py"), Some(("a".to_owned(), true)));
        for path in ["../../bin/x.py", "/etc/a.py", "a-1.0.data/x.py", "a/tests/b.py", "a.so", "__init__.py", "a//b.py"]
        {
            assert_eq!(name(path), None, "{path}");
        }
    }
}
