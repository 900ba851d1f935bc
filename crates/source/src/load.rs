use crate::discover::{Finder, Found, Scope};
use crate::ignore_files::Patterns;
use crate::modules::{self, Candidate, ModuleName};
use crate::system::System;
use crate::walk::{self, Reach, Walked};
use crate::{archive, decode, language, role};
use assay_index::IndexVec;
use assay_text::limits::{MAX_ARCHIVE_BYTES, MAX_FILE_BYTES, MAX_LINE_BYTES, MAX_MANIFEST_BYTES};
use assay_text::{FileId, Files, Language, Role, SourceFile};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// Why nothing could be loaded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that the user named.
    #[error("{path}: {source}")]
    Target {
        /// As the user wrote it.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The current folder is gone.
    #[error("the current folder is not known: {0}")]
    CurrentDir(std::io::Error),
}

/// What to leave out.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Paths that match are not read, unless the user named them.
    pub exclude: Patterns,
}

/// Kinds of gaps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum GapKind {
    /// The system refused.
    Unreadable,
    /// Longer than [`MAX_FILE_BYTES`].
    TooLarge,
    /// Another limit of [`assay_text::limits`].
    Limit,
    /// A link that was not followed.
    Symlink,
    /// Not text.
    Binary,
    /// Bytes that are no text in the file's encoding, or an encoding that is not known.
    Encoding,
    /// A pipe, socket or device.
    Special,
    /// A virtual environment.
    Environment,
    /// An ignore file that was not obeyed.
    IgnoreFile,
    /// A package in an archive that was not read, or not in full.
    Archive,
}

impl GapKind {
    /// The word that reports count by.
    pub fn id(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::Limit => "limit",
            Self::Symlink => "symlink",
            Self::Binary => "binary",
            Self::Encoding => "encoding",
            Self::Special => "special-file",
            Self::Environment => "virtual-environment",
            Self::IgnoreFile => "ignore-file",
            Self::Archive => "archive",
        }
    }
}

/// Something that was not read, or only with a caveat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// The path as shown.
    pub path: String,
    /// The file, when it was read all the same.
    pub file: Option<FileId>,
    /// What kind of gap it is.
    pub kind: GapKind,
    /// What happened, in words.
    pub message: String,
    /// Whether code of the project's own, in what the user named, was or may have been missed.
    pub incomplete: bool,
}

impl Gap {
    pub(crate) fn new(kind: GapKind, message: String, incomplete: bool) -> Self {
        Self { path: String::new(), file: None, kind, message, incomplete }
    }
}

/// Names that were passed over on purpose. A folder counts once, whatever it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Skipped {
    /// Names that start with a dot.
    pub hidden: u64,
    /// Kept out by ignore files.
    pub ignored: u64,
    /// Kept out by the configuration.
    pub excluded: u64,
    /// Neither code nor manifest nor template: pictures, prose, data.
    pub other: u64,
}

/// Everything that was read.
#[derive(Clone, Debug)]
pub struct Project {
    /// Code, manifests and templates, in the order of their paths.
    pub files: Files,
    /// How each file is imported; `None` for what is not Python.
    pub modules: IndexVec<FileId, Option<ModuleName>>,
    /// Where each file lies, absolute and without links.
    pub paths: IndexVec<FileId, PathBuf>,
    /// The manifests among the files.
    pub manifests: Vec<FileId>,
    /// What was not read, or only with a caveat, in the order of paths.
    pub gaps: Vec<Gap>,
    /// What was passed over in what the user named.
    pub skipped: Skipped,
    /// The folder that holds everything, absolute.
    pub root: PathBuf,
}

/// A file to be read.
struct Planned {
    root: PathBuf,
    requested: bool,
    named: bool,
}

enum Read {
    File(Box<SourceFile>, Vec<Gap>),
    /// Members of an archive, by their names in it.
    Members(Vec<(String, SourceFile)>, Vec<Gap>),
    Gap(Gap),
    Other,
}

/// Bytes that tell a `#!` line.
const SHEBANG_BYTES: u64 = 256;

/// Reads the projects around `targets`.
///
/// Runs on the current thread pool; its result does not depend on the number of threads.
///
/// # Errors
/// When a target does not exist, or is neither file nor folder.
pub fn load(system: &dyn System, targets: &[PathBuf], options: &Options) -> Result<Project, Error> {
    let current = system.current_dir().map_err(Error::CurrentDir)?;
    let current = system.canonicalize(&current).unwrap_or(current);
    let mut found = Vec::new();
    let mut finder = Finder::default();
    for target in targets {
        found.push(
            finder
                .find(system, target)
                .map_err(|source| Error::Target { path: target.to_string_lossy().into_owned(), source })?,
        );
    }
    let roots: BTreeSet<PathBuf> = found.iter().map(|found| found.root.clone()).collect();
    let root = common_ancestor(&roots);
    let (plan, folders, raw_gaps, mut skipped) = plan(system, &found, options);
    let display = Display::new(&current, &root, &roots);

    let planned: Vec<(&PathBuf, &Planned)> = plan.iter().collect();
    let read: Vec<Read> = planned.par_iter().map(|(path, planned)| read(system, path, planned, &folders)).collect();

    let mut shown: BTreeMap<String, Loaded> = BTreeMap::new();
    let mut gaps: Vec<Gap> = Vec::new();
    for ((path, planned), read) in planned.into_iter().zip(read) {
        match read {
            Read::Other => skipped.other += u64::from(planned.requested),
            Read::Gap(gap) => gaps.push(Gap { path: display.of(path), ..gap }),
            Read::Members(members, notes) => {
                let archive = display.of(path);
                gaps.extend(notes.into_iter().map(|gap| Gap { path: archive.clone(), ..gap }));
                for (member, mut file) in members {
                    let name = format!("{archive}!/{member}");
                    file.path = name.as_str().into();
                    let (path, root) = (path.clone(), planned.root.clone());
                    let loaded = Loaded { file, notes: Vec::new(), path, root, parts: Vec::new() };
                    shown.entry(name).or_insert(loaded);
                }
            }
            Read::File(file, notes) => {
                // Two names that differ only in bytes that are no text would look the same.
                let mut name = display.of(path);
                let mut number = 2;
                while shown.contains_key(&name) {
                    name = format!("{} ({number})", display.of(path));
                    number += 1;
                }
                let mut file = *file;
                file.path = name.as_str().into();
                let parts = relative_parts(path, &planned.root);
                shown.insert(name, Loaded { file, notes, path: path.clone(), root: planned.root.clone(), parts });
            }
        }
    }
    gaps.extend(raw_gaps.into_iter().map(|(path, gap)| Gap { path: display.of(&path), ..gap }));

    let mut loaded: Vec<Loaded> = shown.into_values().collect();
    take_for_program(&mut loaded);
    let modules = name_modules(&loaded, &folders.packages);
    let mut files = Vec::new();
    let mut manifests = Vec::new();
    let mut paths = IndexVec::with_capacity(loaded.len());
    for (index, loaded) in loaded.into_iter().enumerate() {
        let id = <FileId as assay_index::Idx>::new(index);
        if loaded.file.language == Language::Manifest {
            manifests.push(id);
        }
        let path = loaded.file.path.to_string();
        gaps.extend(loaded.notes.into_iter().map(|gap| Gap { path: path.clone(), file: Some(id), ..gap }));
        files.push(loaded.file);
        let _: FileId = paths.push(loaded.path);
    }
    gaps.sort_by(|a, b| (&a.path, a.kind, &a.message).cmp(&(&b.path, b.kind, &b.message)));
    gaps.dedup();
    Ok(Project { files: Files::new(files), modules, paths, manifests, gaps, skipped, root })
}

struct Loaded {
    file: SourceFile,
    notes: Vec<Gap>,
    path: PathBuf,
    root: PathBuf,
    parts: Vec<String>,
}

type Plan = (BTreeMap<PathBuf, Planned>, Folders, Vec<(PathBuf, Gap)>, Skipped);

/// Which files to read, which folders are packages, and what the walks could not enter.
fn plan(system: &dyn System, found: &[Found], options: &Options) -> Plan {
    let mut files: BTreeMap<PathBuf, Planned> = BTreeMap::new();
    let mut gaps = Vec::new();
    let mut skipped = Skipped::default();
    let mut add = |path: PathBuf, root: &Path, requested: bool, named: bool| {
        let new = Planned { root: root.to_path_buf(), requested, named };
        match files.get(&path) {
            Some(old)
                if modules::preference(old.requested, old.root.as_os_str().len())
                    <= modules::preference(requested, root.as_os_str().len()) => {}
            _ => {
                files.insert(path, new);
            }
        }
    };
    let mut walked_whole: BTreeSet<&Path> = BTreeSet::new();
    for found in found {
        if !found.is_dir {
            add(found.target.clone(), &found.root, true, true);
            continue;
        }
        let Walked { files, gaps: new, skipped: passed } =
            walk::walk(system, &found.target, &found.root, Reach::Tree, options);
        skipped.hidden += passed.hidden;
        skipped.ignored += passed.ignored;
        skipped.excluded += passed.excluded;
        gaps.extend(new);
        for path in files {
            add(path, &found.root, true, false);
        }
        walked_whole.insert(&found.target);
    }
    let scopes: BTreeSet<(&Path, &Scope)> = found.iter().map(|found| (found.root.as_path(), &found.scope)).collect();
    for (root, scope) in scopes {
        let (start, reach) = match scope {
            Scope::Tree => (root, Reach::Tree),
            Scope::Package(top) => (top.as_path(), Reach::Packages),
            Scope::Siblings => (root, Reach::Packages),
            Scope::Targets => continue,
        };
        if walked_whole.contains(start) {
            continue;
        }
        // What is missing here was not asked for, so that it makes no review incomplete.
        let walked = walk::walk(system, start, root, reach, options);
        for path in walked.files {
            add(path, root, false, false);
        }
    }
    let packages = files
        .keys()
        .filter(|path| path.file_name().is_some_and(|name| name == "__init__.py"))
        .filter_map(|path| path.parent().map(Path::to_path_buf))
        .collect();
    let installed = files
        .keys()
        .filter_map(|path| path.parent())
        .filter(|folder| folder.extension().is_some_and(|end| end == "dist-info"))
        .filter_map(|folder| folder.parent().map(Path::to_path_buf))
        .collect();
    (files, Folders { packages, installed }, gaps, skipped)
}

/// Folders that say what the files in them are.
struct Folders {
    /// Python packages.
    packages: BTreeSet<PathBuf>,
    /// Where packages were installed: what records an installation lies beside them (`name-1.0.dist-info`).
    installed: BTreeSet<PathBuf>,
}

impl Folders {
    /// Whether a file lies where packages were installed, below the project's root.
    fn is_installed(&self, path: &Path, root: &Path) -> bool {
        !self.installed.is_empty()
            && path
                .ancestors()
                .skip(1)
                .take_while(|folder| *folder != root)
                .any(|folder| self.installed.contains(folder))
    }
}

fn read(system: &dyn System, path: &Path, planned: &Planned, folders: &Folders) -> Read {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    if archive::is_archive(&name) {
        return read_archive(system, path, &name, planned);
    }
    let mut language = language::by_name(&name, parent.as_deref().unwrap_or_default());
    if language.is_none() || (planned.named && language == Some(Language::Other)) {
        match system.read(path, SHEBANG_BYTES) {
            Ok(start) => language = language::by_shebang(&start),
            Err(error) if planned.named => {
                return Read::Gap(Gap::new(GapKind::Unreadable, format!("not readable: {error}"), true));
            }
            Err(_) => {}
        }
    }
    let language = match language {
        Some(Language::Other) | None => {
            if !language::is_template_text(path) {
                return Read::Other;
            }
            Language::Template
        }
        Some(language) => language,
    };
    let parts = relative_parts(path, &planned.root);
    let mut above = planned.root.clone();
    let mut package = 0;
    while package + 1 < parts.len() {
        above.push(&parts[package]);
        if folders.packages.contains(&above) {
            break;
        }
        package += 1;
    }
    let borrowed: Vec<&str> = parts.iter().map(String::as_str).collect();
    let mut role = role::of_path(&borrowed, package, language);
    if folders.is_installed(path, &planned.root) {
        role = Role::Vendored;
    }
    let own = |role| planned.requested && matches!(role, Role::FirstParty | Role::Migration);
    // What a manifest that was not read says is missed like code.
    let manifest = language::says_packages(&name, parent.as_deref().unwrap_or_default());
    let counts = language.is_code() || manifest;
    let gap = |kind, message, role| Read::Gap(Gap::new(kind, message, counts && own(role)));

    let (limit, most) =
        if manifest { ("MAX_MANIFEST_BYTES", MAX_MANIFEST_BYTES) } else { ("MAX_FILE_BYTES", MAX_FILE_BYTES) };
    let bytes = match system.read(path, most + 1) {
        Ok(bytes) => bytes,
        Err(error) => return gap(GapKind::Unreadable, format!("not readable: {error}"), role),
    };
    if bytes.len() as u64 > most {
        return gap(GapKind::TooLarge, format!("longer than {limit} = {most}"), role);
    }
    // Lock files may be written in one line.
    if !manifest
        && bytes.len() > MAX_LINE_BYTES
        && bytes.split(|byte| *byte == b'\n').any(|line| line.len() > MAX_LINE_BYTES)
    {
        let message = format!("a line is longer than MAX_LINE_BYTES = {MAX_LINE_BYTES}");
        return gap(GapKind::Limit, message, role);
    }
    let Ok(decoded) = decode::decode(&bytes, language) else {
        return gap(GapKind::Binary, "not text, although its name says so".to_owned(), role);
    };
    // A page without the marks of a template is data.
    if language == Language::Template && !planned.named && !language::has_template_marks(&name, &decoded.text) {
        return Read::Other;
    }
    if matches!(role, Role::FirstParty | Role::Migration) && role::is_generated_text(&decoded.text, language) {
        role = Role::Generated;
    }
    if role == Role::FirstParty && role::is_test_text(&decoded.text, language) {
        role = Role::Test;
    }
    let notes = decoded.notes.into_iter();
    let notes = notes
        .map(|note| Gap::new(GapKind::Encoding, note.message, note.unfaithful && language.is_code() && own(role)))
        .collect();
    let language = if language::is_cpp_header(&name, &decoded.text) { Language::Cpp } else { language };
    let mut file = SourceFile::new("", language, role, decoded.text);
    file.requested = planned.requested;
    Read::File(Box::new(file), notes)
}

/// Reads what the members of an archive say of the packages in it.
fn read_archive(system: &dyn System, path: &Path, name: &str, planned: &Planned) -> Read {
    let parts = relative_parts(path, &planned.root);
    let borrowed: Vec<&str> = parts.iter().map(String::as_str).collect();
    let role = role::of_path(&borrowed, 0, Language::Manifest);
    let own = planned.requested && role == Role::FirstParty;
    let gap = |kind, message| Read::Gap(Gap::new(kind, message, own));
    let bytes = match system.read(path, MAX_ARCHIVE_BYTES + 1) {
        Ok(bytes) if bytes.len() as u64 > MAX_ARCHIVE_BYTES => {
            return gap(GapKind::TooLarge, format!("longer than MAX_ARCHIVE_BYTES = {MAX_ARCHIVE_BYTES}"));
        }
        Ok(bytes) => bytes,
        Err(error) => return gap(GapKind::Unreadable, format!("not readable: {error}")),
    };
    let archive::Members { files, gaps, .. } = archive::read(name, &bytes);
    let file = |(name, text): (String, String)| {
        let mut file = SourceFile::new("", Language::Manifest, role, text);
        file.requested = planned.requested;
        (name, file)
    };
    let gaps = gaps.into_iter().map(|gap| Gap { incomplete: gap.incomplete && own, ..gap }).collect();
    Read::Members(files.into_iter().map(file).collect(), gaps)
}

/// Where a project has no code but tests and examples, these are what it is about: a collection of cases, a folder of examples.
fn take_for_program(loaded: &mut [Loaded]) {
    let is_own = |loaded: &&Loaded| {
        let aside = matches!(loaded.file.role, Role::Test | Role::Example | Role::Vendored);
        let setup = loaded.parts.last().is_some_and(|name| name == "setup.py");
        loaded.file.language.is_code() && !aside && !setup
    };
    let own: BTreeSet<PathBuf> = loaded.iter().filter(is_own).map(|loaded| loaded.root.clone()).collect();
    for one in loaded.iter_mut().filter(|one| !own.contains(&one.root)) {
        if matches!(one.file.role, Role::Test | Role::Example) {
            one.file.role = Role::FirstParty;
        }
    }
}

fn name_modules(loaded: &[Loaded], packages: &BTreeSet<PathBuf>) -> IndexVec<FileId, Option<ModuleName>> {
    let mut names = IndexVec::from_elem(None, loaded.len());
    let roots: BTreeSet<&Path> = loaded.iter().map(|loaded| loaded.root.as_path()).collect();
    for root in roots {
        let members: Vec<usize> = (0..loaded.len())
            .filter(|&index| loaded[index].root == root && loaded[index].file.language == Language::Python)
            .collect();
        let candidates: Vec<Candidate<'_>> = members
            .iter()
            .map(|&index| Candidate {
                parts: loaded[index].parts.iter().map(String::as_str).collect(),
                role: loaded[index].file.role,
                text: &loaded[index].file.text,
            })
            .collect();
        let below = packages
            .iter()
            .filter(|folder| folder.starts_with(root))
            .map(|folder| relative_parts(folder, root).join("/"))
            .collect();
        let root_name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for (index, name) in members.into_iter().zip(modules::name_all(&candidates, &below, &root_name)) {
            names[<FileId as assay_index::Idx>::new(index)] = Some(name);
        }
    }
    make_unique(&mut names);
    names
}

/// Projects reviewed together may hold modules of one name; the first in the order of paths keeps it.
fn make_unique(names: &mut IndexVec<FileId, Option<ModuleName>>) {
    let mut taken = BTreeSet::new();
    for name in names.iter_mut().flatten() {
        let first = name.dotted.clone();
        let mut number = 2;
        while !taken.insert(name.dotted.clone()) {
            name.dotted = format!("{first}-{number}");
            number += 1;
        }
    }
}

fn relative_parts(path: &Path, root: &Path) -> Vec<String> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect()
}

fn common_ancestor(roots: &BTreeSet<PathBuf>) -> PathBuf {
    let Some(first) = roots.first() else { return PathBuf::new() };
    first
        .ancestors()
        .find(|above| roots.iter().all(|root| root.starts_with(above)))
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// How paths are shown: relative to the current folder when it lies in the project or the project in it, with
/// `..` where needed; otherwise relative to the project's root, so that no report depends on
/// where the project happens to lie.
struct Display {
    base: PathBuf,
}

impl Display {
    fn new(current: &Path, root: &Path, roots: &BTreeSet<PathBuf>) -> Self {
        let related = roots.iter().all(|root| root.starts_with(current) || current.starts_with(root));
        Self { base: if related { current.to_path_buf() } else { root.to_path_buf() } }
    }

    fn of(&self, path: &Path) -> String {
        for (above, base) in self.base.ancestors().enumerate() {
            if path.starts_with(base) {
                let mut parts = vec!["..".to_owned(); above];
                parts.extend(relative_parts(path, base));
                return if parts.is_empty() { ".".to_owned() } else { parts.join("/") };
            }
        }
        relative_parts(path, Path::new("")).join("/")
    }
}

#[cfg(test)]
mod tests;
