//! The project around a path that the user named.
//!
//! The root is the nearest folder with a manifest, looked for from above the outermost package, and not
//! beyond the repository; else the repository's root; else what Python itself would import from:
//! the folder above the outermost package, or the script's own folder. A folder that ignores the
//! target is not its project.

use crate::ignore_files::{is_ignored_in, repository};
use crate::system::{FileKind, System};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// What belongs to the project besides the targets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Scope {
    /// Everything below the root.
    Tree,
    /// One package, found by its `__init__.py` files.
    Package(PathBuf),
    /// The modules and packages in the script's folder.
    Siblings,
    /// Nothing else.
    Targets,
}

/// A target with the project around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(crate) target: PathBuf,
    pub(crate) is_dir: bool,
    pub(crate) root: PathBuf,
    pub(crate) scope: Scope,
}

const MANIFESTS: [&str; 4] = ["pyproject.toml", "setup.py", "setup.cfg", "assay.toml"];

/// Finds projects, and remembers those of folders: a command may name a thousand files of one.
#[derive(Default)]
pub(crate) struct Finder {
    known: BTreeMap<(PathBuf, bool), (PathBuf, Scope)>,
}

impl Finder {
    /// Finds the project around `target`.
    pub(crate) fn find(&mut self, system: &dyn System, target: &Path) -> io::Result<Found> {
        let target = system.canonicalize(&system.current_dir()?.join(target))?;
        let is_dir = match system.kind(&target)? {
            FileKind::Directory => true,
            FileKind::File => false,
            _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "neither a file nor a folder")),
        };
        let folder = if is_dir { target.clone() } else { target.parent().unwrap_or(&target).to_path_buf() };
        let key = (folder, is_dir);
        if !self.known.contains_key(&key) {
            let new = project_of(system, &key.0, is_dir);
            self.known.insert(key.clone(), new);
        }
        let (root, scope) = self.known[&key].clone();
        Ok(Found { target, is_dir, root, scope })
    }
}

/// Root and scope of the project that `folder` belongs to. `whole` says that the folder itself is the target, and not a
/// file in it.
fn project_of(system: &dyn System, folder: &Path, whole: bool) -> (PathBuf, Scope) {
    // A folder that is a project of its own is one even when it also is a package.
    if whole && ["pyproject.toml", "assay.toml", ".git"].iter().any(|name| system.kind(&folder.join(name)).is_ok()) {
        return (folder.to_path_buf(), Scope::Tree);
    }
    let package = folder.ancestors().take_while(|above| system.is_file(&above.join("__init__.py"))).last();
    let base = package.map_or(folder, |top| top.parent().unwrap_or(top));
    let repository = repository(system, base);
    for above in base.ancestors() {
        if repository.as_ref().is_some_and(|root| !above.starts_with(root)) {
            break;
        }
        if MANIFESTS.iter().any(|name| system.is_file(&above.join(name))) && !is_ignored_in(system, above, folder) {
            return (above.to_path_buf(), Scope::Tree);
        }
    }
    if let Some(root) = repository.filter(|root| !is_ignored_in(system, root, folder)) {
        return (root, Scope::Tree);
    }
    match package {
        Some(top) => (base.to_path_buf(), Scope::Package(top.to_path_buf())),
        None if whole => (folder.to_path_buf(), Scope::Targets),
        None => (folder.to_path_buf(), Scope::Siblings),
    }
}

/// The root of the project around `target`, absolute and without links.
///
/// # Errors
/// When nothing stands at `target`.
pub fn project_root(system: &dyn System, target: &Path) -> io::Result<PathBuf> {
    Ok(Finder::default().find(system, target)?.root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemorySystem;

    fn check(system: &MemorySystem, target: &str, root: &str, scope: &Scope) {
        let found = Finder::default().find(system, Path::new(target)).unwrap();
        assert_eq!((found.root.as_path(), &found.scope), (Path::new(root), scope), "{target}");
    }

    #[test]
    fn the_manifest_above_the_packages_marks_the_root() {
        let system = MemorySystem::new("/w")
            .with_file("/w/p/setup.py", "")
            .with_file("/w/p/src/a/__init__.py", "")
            .with_file("/w/p/src/a/setup.py", "")
            .with_file("/w/p/src/a/b/__init__.py", "")
            .with_file("/w/p/src/a/b/c.py", "");
        check(&system, "p/src/a/b/c.py", "/w/p", &Scope::Tree);
        check(&system, "p/src/a/b", "/w/p", &Scope::Tree);
        check(&system, "p", "/w/p", &Scope::Tree);
    }

    #[test]
    fn without_a_manifest_python_itself_decides() {
        let system = MemorySystem::new("/w")
            .with_file("/w/x/a/__init__.py", "")
            .with_file("/w/x/a/b.py", "")
            .with_file("/w/y/tool.py", "")
            .with_file("/w/y/other.py", "");
        check(&system, "/w/x/a/b.py", "/w/x", &Scope::Package("/w/x/a".into()));
        check(&system, "/w/y/tool.py", "/w/y", &Scope::Siblings);
        check(&system, "/w/y", "/w/y", &Scope::Targets);
    }

    #[test]
    fn a_repository_is_the_root_unless_it_ignores_the_target() {
        let system = MemorySystem::new("/w")
            .with_dir("/w/.git")
            .with_file("/w/.gitignore", "/cache/\n")
            .with_file("/w/tools/t.py", "")
            .with_file("/w/cache/pkg/t.py", "");
        check(&system, "tools", "/w", &Scope::Tree);
        check(&system, "cache/pkg", "/w/cache/pkg", &Scope::Targets);
    }
}
