//! What ignore files and exclusion patterns keep out of a walk.
//!
//! As for ripgrep, `.ignore` files count everywhere, `.gitignore` files (and `.git/info/exclude`) only inside a
//! repository; the deepest file decides, and `.ignore` decides before `.gitignore`. The user's own global
//! ignore file does not count: a review must not depend on whose machine it runs on.

use crate::system::System;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// An ignore file longer than this is not obeyed: compiling its patterns could take all memory.
const MAX_IGNORE_FILE_BYTES: u64 = 256 * 1024;

/// Patterns in the language of `.gitignore`, relative to one folder.
#[derive(Clone, Debug)]
pub struct Patterns {
    matcher: Gitignore,
}

impl Patterns {
    /// Compiles `patterns`, which are relative to `base`.
    ///
    /// # Errors
    /// The index of the first pattern that is no pattern, and what is wrong with it.
    pub fn new<S: AsRef<str>>(base: &Path, patterns: &[S]) -> Result<Self, (usize, String)> {
        let mut builder = GitignoreBuilder::new(base);
        builder.allow_unclosed_class(false);
        for (index, pattern) in patterns.iter().enumerate() {
            builder.add_line(None, pattern.as_ref()).map_err(|error| (index, error.to_string()))?;
        }
        let matcher = builder.build().map_err(|error| (0, error.to_string()))?;
        Ok(Self { matcher })
    }

    /// Patterns that match nothing.
    pub fn none() -> Self {
        Self { matcher: Gitignore::empty() }
    }

    /// Whether `path`, or a folder above it, matches.
    pub fn matches(&self, path: &Path, is_dir: bool) -> bool {
        !self.matcher.is_empty()
            && path.starts_with(self.matcher.path())
            && self.matcher.matched_path_or_any_parents(path, is_dir).is_ignore()
    }
}

impl Default for Patterns {
    fn default() -> Self {
        Self::none()
    }
}

/// The ignore files that are in force in one folder, the deepest first.
#[derive(Clone, Default)]
pub(crate) struct IgnoreStack {
    top: Option<Rc<Layer>>,
    in_repository: bool,
}

struct Layer {
    ignore: Option<Gitignore>,
    git: Option<Gitignore>,
    exclude: Option<Gitignore>,
    above: Option<Rc<Layer>>,
}

/// An ignore file that could not be obeyed.
pub(crate) struct BadIgnoreFile {
    pub(crate) path: PathBuf,
    pub(crate) message: String,
}

impl IgnoreStack {
    /// What is in force in the folder above `folder`: up to the root of its repository, or nothing
    /// when it stands in none.
    pub(crate) fn above(system: &dyn System, folder: &Path, bad: &mut Vec<BadIgnoreFile>) -> Self {
        let Some(root) = repository(system, folder) else { return Self::default() };
        let mut folders: Vec<&Path> = folder.ancestors().skip(1).take_while(|above| above.starts_with(&root)).collect();
        folders.reverse();
        let start = Self { top: None, in_repository: true };
        folders.into_iter().fold(start, |stack, above| stack.enter(system, above, bad))
    }

    /// What is in force in `folder`, which lies in the folder of this stack.
    pub(crate) fn enter(&self, system: &dyn System, folder: &Path, bad: &mut Vec<BadIgnoreFile>) -> Self {
        let is_root = system.kind(&folder.join(".git")).is_ok();
        let in_repository = self.in_repository || is_root;
        let mut read = |name: &str| -> Option<Gitignore> {
            let path = folder.join(name);
            if !system.is_file(&path) {
                return None;
            }
            match patterns_of(system, folder, &path) {
                Ok(patterns) => Some(patterns),
                Err(message) => {
                    bad.push(BadIgnoreFile { path, message });
                    None
                }
            }
        };
        let ignore = read(".ignore");
        let git = if in_repository { read(".gitignore") } else { None };
        let exclude = if is_root { read(".git/info/exclude") } else { None };
        if ignore.is_none() && git.is_none() && exclude.is_none() {
            return Self { top: self.top.clone(), in_repository };
        }
        let layer = Layer { ignore, git, exclude, above: self.top.clone() };
        Self { top: Some(Rc::new(layer)), in_repository }
    }

    /// Whether the entry of the stack's folder is kept out.
    pub(crate) fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        let kinds: [fn(&Layer) -> Option<&Gitignore>; 3] =
            [|layer| layer.ignore.as_ref(), |layer| layer.git.as_ref(), |layer| layer.exclude.as_ref()];
        for kind in kinds {
            let mut layer = self.top.as_deref();
            while let Some(current) = layer {
                match kind(current).map_or(Match::None, |patterns| patterns.matched(path, is_dir)) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                    Match::None => {}
                }
                layer = current.above.as_deref();
            }
        }
        false
    }
}

/// The root of the repository that `folder` stands in.
pub fn repository(system: &dyn System, folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|above| system.kind(&above.join(".git")).is_ok()).map(Path::to_path_buf)
}

/// Whether the repository at `root` ignores `path` below it: then it is no part of that project.
pub(crate) fn is_ignored_in(system: &dyn System, root: &Path, path: &Path) -> bool {
    let Ok(relative) = path.strip_prefix(root) else { return false };
    let mut stack = IgnoreStack { top: None, in_repository: true }.enter(system, root, &mut Vec::new());
    let mut current = root.to_path_buf();
    let parts: Vec<_> = relative.components().collect();
    for (index, part) in parts.iter().enumerate() {
        current.push(part);
        let is_dir = index + 1 < parts.len() || system.kind(&current).is_ok_and(|k| k == crate::FileKind::Directory);
        if stack.ignores(&current, is_dir) {
            return true;
        }
        if is_dir {
            stack = stack.enter(system, &current, &mut Vec::new());
        }
    }
    false
}

fn patterns_of(system: &dyn System, base: &Path, path: &Path) -> Result<Gitignore, String> {
    let bytes = system.read(path, MAX_IGNORE_FILE_BYTES + 1).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_IGNORE_FILE_BYTES {
        return Err(format!("longer than {} KB", MAX_IGNORE_FILE_BYTES / 1024));
    }
    let mut builder = GitignoreBuilder::new(base);
    for line in String::from_utf8_lossy(&bytes).lines() {
        // A line that is no pattern matches nothing, as for git.
        let _ = builder.add_line(None, line);
    }
    builder.build().map_err(|error| error.to_string())
}
