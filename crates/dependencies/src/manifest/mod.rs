//! Readers of manifests and lock files, one module for each family of formats.
//!
//! - A reader never fails: what it does not understand is a [`Problem`], with its place.
//! - Nothing of a project is run: `setup.py` is read as text.

mod conan;
mod go;
mod gradle;
mod ini;
mod installed;
mod json;
mod marker;
mod maven;
mod node;
mod others;
mod pep508;
mod pipenv;
mod poetry;
mod pyproject;
mod python_locks;
mod requirements;
mod rust;
mod script;
mod setup_py;
mod tables;
mod unread;

use crate::package::{Dependency, Include, Kind, Manifest, Origin, Problem, Scope};
use crate::{Ecosystem, Requirement, Version};
use assay_text::{FileId, SourceFile, Span};
use pep508::Pep508;
use std::collections::BTreeMap;

/// Most entries of one file; more is no manifest.
const MAX_ENTRIES: usize = 200_000;
/// Most entries of one package in one file; each is compared with all that is known against it.
const MAX_OF_ONE: u32 = 256;
/// Most packages that are named as asking for one.
const MAX_PARENTS: usize = 256;
/// Most problems that one file lists one by one.
const MAX_PROBLEMS: usize = 50;

/// A reader.
type Read = fn(&mut Out<'_>);

/// The reader for a file, by its name and, for scripts, by its first lines.
fn reader(path: &str, text: &str) -> Option<(&'static str, Read)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut folders = path.rsplit('/').skip(1);
    let parent = folders.next().unwrap_or_default();
    Some(match name {
        "pyproject.toml" => ("pyproject.toml", pyproject::read),
        "setup.cfg" => ("setup.cfg", ini::setup_cfg),
        "setup.py" => ("setup.py", setup_py::read),
        "tox.ini" => ("tox.ini", ini::tox),
        "Pipfile" => ("Pipfile", pipenv::pipfile),
        "Pipfile.lock" => ("Pipfile.lock", pipenv::lock),
        "poetry.lock" => ("poetry.lock", python_locks::poetry),
        "uv.lock" => ("uv.lock", python_locks::uv),
        "pdm.lock" => ("pdm.lock", python_locks::pdm),
        name if name == "pylock.toml" || name.starts_with("pylock.") && has_extension(name, "toml") => {
            ("pylock.toml", python_locks::pylock)
        }
        "Cargo.lock" => ("Cargo.lock", rust::lock),
        "package-lock.json" | "npm-shrinkwrap.json" => ("package-lock.json", node::npm),
        "yarn.lock" => ("yarn.lock", node::yarn),
        "pnpm-lock.yaml" => ("pnpm-lock.yaml", node::pnpm),
        "bun.lock" => ("bun.lock", node::bun),
        "go.mod" => ("go.mod", go::module),
        "go.sum" => ("go.sum", go::sum),
        "pom.xml" => ("pom.xml", maven::pom),
        "Gemfile.lock" => ("Gemfile.lock", others::gemfile),
        "composer.lock" => ("composer.lock", others::composer),
        "packages.lock.json" => ("packages.lock.json", others::nuget),
        "gradle.lockfile" | "buildscript-gradle.lockfile" => ("gradle.lockfile", gradle::lock),
        name if name.ends_with(".versions.toml") => ("version catalogue", gradle::catalogue),
        "conan.lock" => ("conan.lock", conan::lock),
        "conanfile.txt" => ("conanfile.txt", conan::file),
        "METADATA" if parent.ends_with(".dist-info") => ("installed package", installed::metadata),
        "RECORD" if parent.ends_with(".dist-info") => ("files of an installed package", installed::record),
        "PKG-INFO" if parent.ends_with(".egg-info") && is_site(folders.next().unwrap_or_default()) => {
            ("installed package", installed::metadata)
        }
        name if name.ends_with(".egg-info") && is_site(parent) => ("installed package", installed::metadata),
        "pom.properties" => ("pom.properties", installed::pom_properties),
        "status" if parent == "dpkg" => ("dpkg status", installed::dpkg),
        _ if parent == "status.d" => ("dpkg status", installed::dpkg),
        name if is_requirements(name, path) => ("requirements", requirements::read),
        name if has_extension(name, "py") && script::block(text).is_some() => ("script", script::read),
        _ => return None,
    })
}

/// A path of each format: what tests and fuzzing go through.
pub const EXAMPLE_PATHS: [&str; 33] = [
    "requirements.txt",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "Pipfile",
    "Pipfile.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pylock.toml",
    "Cargo.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "go.mod",
    "pom.xml",
    "Gemfile.lock",
    "composer.lock",
    "packages.lock.json",
    "gradle.lockfile",
    "libs.versions.toml",
    "conan.lock",
    "conanfile.txt",
    "a-1.0.dist-info/METADATA",
    "a-1.0.dist-info/RECORD",
    "site-packages/a.egg-info/PKG-INFO",
    "site-packages/b.egg-info",
    "META-INF/maven/g/a/pom.properties",
    "var/lib/dpkg/status",
    "script.py",
    "go.sum",
];

/// Whether a folder is one that packages of Python are installed into.
fn is_site(folder: &str) -> bool {
    matches!(folder, "site-packages" | "dist-packages")
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

fn is_requirements(name: &str, path: &str) -> bool {
    let Some(stem) = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in")) else { return false };
    let lower = stem.to_ascii_lowercase();
    let mut folders = path.rsplit('/').skip(1);
    lower.contains("requirements") || lower.contains("constraints") || folders.next() == Some("requirements")
}

/// Reads a file, if it is a manifest or lock file of a known format.
pub fn read(id: FileId, file: &SourceFile) -> Option<Manifest> {
    read_within(id, file, None)
}

/// The same, with what stands around the file.
pub(crate) fn read_within<'a>(id: FileId, file: &'a SourceFile, around: Option<&'a Around<'a>>) -> Option<Manifest> {
    let (format, read) = reader(&file.path, &file.text)?;
    let manifest = Manifest { format, ..Manifest::default() };
    let mut out = Out { file: id, path: &file.path, text: &file.text, manifest, counts: BTreeMap::new(), around };
    read(&mut out);
    let mut manifest = out.manifest;
    if manifest.problems.len() > MAX_PROBLEMS {
        let more = manifest.problems.len() - MAX_PROBLEMS;
        let incomplete = manifest.problems.iter().any(|problem| problem.incomplete);
        manifest.problems.truncate(MAX_PROBLEMS);
        let message = format!("and {more} more entries of this file were not understood");
        manifest.problems.push(Problem { span: None, code: "manifest", message, incomplete });
    }
    Some(manifest)
}

/// One file and what was read of it.
struct Out<'a> {
    file: FileId,
    path: &'a str,
    text: &'a str,
    manifest: Manifest,
    /// How many entries each package has.
    counts: BTreeMap<String, u32>,
    /// The other files of the project, where they are known.
    around: Option<&'a Around<'a>>,
}

/// Who asks for whom, by the names that a lock file uses.
#[derive(Default)]
struct Parents(BTreeMap<String, Vec<String>>);

impl Parents {
    fn add(&mut self, child: &str, parent: &str) {
        let of = self.0.entry(child.to_owned()).or_default();
        if of.len() < MAX_PARENTS && !parent.is_empty() && !of.iter().any(|known| known == parent) {
            of.push(parent.to_owned());
        }
    }

    fn of(&self, child: &str) -> Vec<String> {
        let mut list = self.0.get(child).cloned().unwrap_or_default();
        list.sort();
        list
    }
}

/// What an entry is, besides the package it names.
#[derive(Clone, Debug)]
struct Entry<'a> {
    ecosystem: Ecosystem,
    kind: Kind,
    scope: Scope,
    group: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn declared(scope: Scope, group: Option<&'a str>) -> Self {
        Self { ecosystem: Ecosystem::PyPI, kind: Kind::Declared, scope, group }
    }

    fn locked(ecosystem: Ecosystem, scope: Scope) -> Self {
        Self { ecosystem, kind: Kind::Locked, scope, group: None }
    }
}

impl Out<'_> {
    fn span(start: usize, end: usize) -> Span {
        Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
    }

    /// Something that was not understood, and may hide dependencies.
    fn problem(&mut self, span: Option<Span>, message: impl Into<String>) {
        let message = message.into();
        self.manifest.problems.push(Problem { span, code: "manifest", message, incomplete: true });
    }

    /// Something worth saying that hides nothing of the project's.
    fn note(&mut self, span: Option<Span>, code: &'static str, message: impl Into<String>) {
        self.manifest.problems.push(Problem { span, code, message: message.into(), incomplete: false });
    }

    /// Adds an entry; whether there was room for it.
    fn push(&mut self, dependency: Dependency) -> bool {
        let count = self.counts.entry(dependency.name.clone()).or_default();
        *count += 1;
        let message = if self.manifest.dependencies.len() >= MAX_ENTRIES {
            format!("entries from here on not read: more than {MAX_ENTRIES}")
        } else if *count > MAX_OF_ONE {
            format!("more than {MAX_OF_ONE} entries of one package; those from here on were not read")
        } else {
            self.manifest.dependencies.push(dependency);
            return true;
        };
        if !self.manifest.problems.iter().any(|problem| problem.code == "limit") {
            let span = Some(dependency.span);
            self.manifest.problems.push(Problem { span, code: "limit", message, incomplete: true });
        }
        false
    }

    /// An entry with nothing special about it.
    fn entry(entry: &Entry<'_>, name: &str, requirement: Requirement, file: FileId, span: Span) -> Dependency {
        Dependency {
            ecosystem: entry.ecosystem,
            name: entry.ecosystem.normalise(name),
            shown: name.trim().to_owned(),
            extras: Vec::new(),
            kind: entry.kind,
            requirement,
            version: None,
            scope: entry.scope,
            group: entry.group.map(str::to_owned),
            marker: None,
            never: false,
            origin: Origin::Registry,
            file,
            span,
            requirement_span: None,
            parents: Vec::new(),
            direct: None,
            sole: false,
            notice: None,
        }
    }

    /// A package that a lock file selects; `more` says what else is known of it.
    fn locked(
        &mut self,
        ecosystem: Ecosystem,
        scope: Scope,
        name: &str,
        version: &str,
        span: Span,
        more: impl FnOnce(&mut Dependency),
    ) {
        let version = Version::new(ecosystem, version);
        let entry = Entry::locked(ecosystem, scope);
        let mut dependency = Self::entry(&entry, name, Requirement::exactly(&version), self.file, span);
        dependency.version = Some(version);
        more(&mut dependency);
        self.push(dependency);
    }

    /// A requirement of PEP 508 that stands at `start` of the file.
    fn pep508(&mut self, text: &str, start: usize, entry: &Entry<'_>) {
        let end = start + text.trim_end().len();
        let start = start + (text.len() - text.trim_start().len());
        let text = text.trim();
        let span = Self::span(start, end);
        let parsed = match Pep508::parse(text) {
            Ok(parsed) => parsed,
            Err(message) => return self.problem(Some(span), format!("`{}`: {message}", shorten(text))),
        };
        self.requirement(&parsed, text, start, entry);
    }

    fn requirement(&mut self, parsed: &Pep508<'_>, text: &str, start: usize, entry: &Entry<'_>) {
        let span = Self::span(start, start + text.len());
        let requirement = match Requirement::new(entry.ecosystem, parsed.specifiers) {
            Ok(requirement) => requirement,
            Err(message) => {
                self.problem(Some(span), format!("requirement of `{}`: {message}", parsed.name));
                return;
            }
        };
        let mut dependency = Self::entry(entry, parsed.name, requirement, self.file, span);
        dependency.extras = parsed.extras.iter().map(|extra| entry.ecosystem.normalise(extra)).collect();
        if let Some(url) = parsed.url {
            dependency.origin = origin(url);
            dependency.version = version_in_url(url);
        } else {
            let at = parsed.specifiers.as_ptr() as usize - text.as_ptr() as usize;
            dependency.requirement_span = Some(Self::span(start + at, start + at + parsed.specifiers.len()));
        }
        if let Some(condition) = parsed.marker {
            dependency.marker = Some(condition.to_owned());
            let meaning = marker::read(condition);
            if let Some(extra) = meaning.extra {
                dependency.scope = Scope::Optional;
                dependency.group = Some(extra);
            }
        }
        self.push(dependency);
    }

    fn include(&mut self, path: &str, span: Span, constraint: bool, scope: Option<(Scope, Option<String>)>) {
        self.manifest.includes.push(Include { path: path.to_owned(), span, constraint, scope });
    }
}

/// Where an address points to.
fn origin(url: &str) -> Origin {
    let scheme = url.split("://").next().unwrap_or_default();
    if scheme.starts_with("git")
        || scheme.starts_with("hg+")
        || scheme.starts_with("svn+")
        || scheme.starts_with("bzr+")
    {
        Origin::Vcs(url.to_owned())
    } else if url.starts_with("file:") || !url.contains("://") {
        Origin::Path(url.to_owned())
    } else {
        Origin::Url(url.to_owned())
    }
}

/// The version in the name of an archive that an address points to.
fn version_in_url(url: &str) -> Option<Version> {
    let path = url.split(['#', '?']).next()?;
    let file = path.rsplit('/').next()?;
    if let Some(wheel) = file.strip_suffix(".whl") {
        return Some(Version::new(Ecosystem::PyPI, wheel.split('-').nth(1)?)).filter(|version| !version.is_legacy());
    }
    let stem = [".tar.gz", ".zip", ".tar.bz2", ".tgz"].iter().find_map(|end| file.strip_suffix(end))?;
    let version = Version::new(Ecosystem::PyPI, stem.rsplit_once('-')?.1);
    (!version.is_legacy()).then_some(version)
}

/// The start of a long text.
fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

pub(crate) use marker::read as read_marker;
pub(crate) use maven::Around;
pub(crate) use unread::unread;

#[cfg(test)]
mod lock_tests;
#[cfg(test)]
mod tests;
