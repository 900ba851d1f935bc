//! Which files a folder holds.
//!
//! Links are not followed: what they point to inside the tree is met at its own place, and what lies
//! outside is not part of the project. Each link that could hide code becomes a gap.

use crate::ignore_files::IgnoreStack;
use crate::load::{Gap, GapKind, Options, Skipped};
use crate::system::{FileKind, System};
use assay_text::limits::{MAX_FILES, MAX_WALK_DEPTH};
use std::path::{Path, PathBuf};

/// How far a walk goes down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reach {
    /// Everything below.
    Tree,
    /// The folder's own files, and of its sub-folders those that are Python packages.
    Packages,
}

/// A finished walk; paths are absolute.
#[derive(Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) gaps: Vec<(PathBuf, Gap)>,
    pub(crate) skipped: Skipped,
}

impl Walked {
    fn gap(&mut self, path: &Path, kind: GapKind, message: String, may_hold_code: bool) {
        self.gaps.push((path.to_path_buf(), Gap::new(kind, message, may_hold_code)));
    }
}

/// Lists the files below `start`, in the order of their paths.
pub(crate) fn walk(system: &dyn System, start: &Path, tree: &Path, reach: Reach, options: &Options) -> Walked {
    let mut walked = Walked::default();
    let mut bad = Vec::new();
    let above = IgnoreStack::above(system, start, &mut bad);
    let mut pending = vec![(start.to_path_buf(), above, 0usize)];
    while let Some((folder, above, depth)) = pending.pop() {
        let entries = match system.read_dir(&folder, MAX_FILES) {
            Ok(Some(entries)) => entries,
            Ok(None) => {
                walked.gap(&folder, GapKind::Limit, format!("more than MAX_FILES = {MAX_FILES} names"), true);
                continue;
            }
            Err(error) => {
                walked.gap(&folder, GapKind::Unreadable, format!("folder not readable: {error}"), true);
                continue;
            }
        };
        if depth > 0 && entries.iter().any(|entry| entry.name == "pyvenv.cfg") {
            environment(system, &folder, &mut walked);
            continue;
        }
        if reach == Reach::Packages && depth > 0 && !entries.iter().any(|entry| entry.name == "__init__.py") {
            continue;
        }
        let stack = above.enter(system, &folder, &mut bad);
        let mut folders = Vec::new();
        for entry in entries {
            let path = folder.join(&entry.name);
            let is_dir = entry.kind == FileKind::Directory;
            // Environments are hidden or ignored as a rule; what is installed in them counts all the same.
            let excluded = options.exclude.matches(&path, is_dir);
            let environments = reach == Reach::Tree && is_dir && !excluded;
            if environments && may_be_environment(&entry.name) && system.is_file(&path.join("pyvenv.cfg")) {
                environment(system, &path, &mut walked);
                continue;
            }
            if entry.name.as_encoded_bytes().starts_with(b".") {
                walked.skipped.hidden += 1;
                continue;
            }
            if stack.ignores(&path, is_dir) {
                walked.skipped.ignored += 1;
                continue;
            }
            if excluded {
                walked.skipped.excluded += 1;
                continue;
            }
            match entry.kind {
                FileKind::File => {
                    if walked.files.len() == MAX_FILES {
                        let message = format!("files from here on not read: MAX_FILES = {MAX_FILES}");
                        walked.gap(&path, GapKind::Limit, message, true);
                        return walked;
                    }
                    walked.files.push(path);
                }
                FileKind::Directory if depth + 1 >= MAX_WALK_DEPTH => {
                    let message = format!("folder not entered: MAX_WALK_DEPTH = {MAX_WALK_DEPTH}");
                    walked.gap(&path, GapKind::Limit, message, true);
                }
                FileKind::Directory => folders.push((path, stack.clone(), depth + 1)),
                FileKind::Symlink => link(system, &path, tree, &mut walked),
                FileKind::Special => {
                    let message = "a pipe, socket or device; never opened".to_owned();
                    walked.gap(&path, GapKind::Special, message, false);
                }
            }
        }
        pending.extend(folders.into_iter().rev());
    }
    for file in bad {
        walked.gap(&file.path, GapKind::IgnoreFile, format!("ignore file not obeyed: {}", file.message), false);
    }
    walked
}

/// Whether a folder's name is one that people give to virtual environments.
fn may_be_environment(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().to_ascii_lowercase().contains("env")
}

/// Of a virtual environment, what says which packages are installed in it.
fn environment(system: &dyn System, folder: &Path, walked: &mut Walked) {
    let names = |folder: &Path| system.read_dir(folder, MAX_FILES).ok().flatten().unwrap_or_default();
    let mut places = vec![folder.join("Lib").join("site-packages")];
    for lib in ["lib", "lib64"].map(|lib| folder.join(lib)) {
        // `lib64` is a link to `lib` as a rule.
        if system.kind(&lib).is_ok_and(|kind| kind == FileKind::Directory) {
            places.extend(names(&lib).into_iter().map(|python| lib.join(python.name).join("site-packages")));
        }
    }
    let before = walked.files.len();
    for place in places {
        for entry in names(&place) {
            let name = entry.name.to_string_lossy().into_owned();
            let path = place.join(&entry.name);
            let members: &[&str] = match (entry.kind, name.rsplit_once('.').map(|(_, extension)| extension)) {
                (FileKind::Directory, Some("dist-info")) => &["METADATA", "RECORD"],
                (FileKind::Directory, Some("egg-info")) => &["PKG-INFO"],
                (FileKind::File, Some("egg-info")) => &[""],
                _ => continue,
            };
            let found = members.iter().map(|name| if name.is_empty() { path.clone() } else { path.join(name) });
            walked.files.extend(found.filter(|path| system.kind(path).is_ok_and(|kind| kind == FileKind::File)));
        }
    }
    let message = match walked.files.len() - before {
        0 => "a virtual environment, no part of the project".to_owned(),
        _ => "a virtual environment, no part of the project; of it only what is installed was read".to_owned(),
    };
    walked.gap(folder, GapKind::Environment, message, false);
}

fn link(system: &dyn System, path: &Path, tree: &Path, walked: &mut Walked) {
    let says = system.read_link(path).map_or_else(|_| String::new(), |to| to.to_string_lossy().into_owned());
    let (message, may_hold_code) = match system.canonicalize(path) {
        Ok(real) if path.starts_with(&real) => {
            (format!("symbolic link to `{says}`, a folder above itself; not followed"), false)
        }
        Ok(real) if real.starts_with(tree) => (
            format!("symbolic link to `{says}`, inside the tree; what it points to is reviewed at its own place"),
            false,
        ),
        Ok(_) => (format!("symbolic link to `{says}`, outside the tree; not followed"), true),
        Err(error) => (format!("symbolic link to `{says}`: {error}"), false),
    };
    walked.gap(path, GapKind::Symlink, message, may_hold_code);
}
