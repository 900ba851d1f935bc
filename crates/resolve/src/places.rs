//! Where imports lead.
//!
//! Python looks for a module in folders, not by a name that is the program's: first beside the script that was started, then where the
//! project is installed. Files of one program are started from several places (services of one repository, a folder of small
//! programs), so that the folder of the file that imports decides between modules of one name. Which folder that is follows from
//! the file: the one above its outermost package, or one further up.

use crate::ModuleId;
use assay_index::{FxHashMap, FxHashSet, Interner, Symbol};

/// What an import leads to in the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// A file, or the `__init__` of a folder.
    Module(ModuleId),
    /// A folder without an `__init__`, by its dotted name.
    Package(Symbol),
}

/// The files and folders of a program.
#[derive(Default)]
pub(crate) struct Places {
    /// By the path, without the extension of a file.
    places: FxHashMap<String, Place>,
    /// The names of all files and folders.
    names: FxHashSet<String>,
}

impl Places {
    /// Takes in a module: its path without the extension, and its dotted name. Of two files with one path the first counts.
    pub(crate) fn add(&mut self, path: &str, name: &str, id: ModuleId, strings: &mut Interner) {
        let own = path.strip_suffix("/__init__").unwrap_or(path);
        match self.places.get(own) {
            Some(Place::Module(_)) => {}
            _ => _ = self.places.insert(own.to_owned(), Place::Module(id)),
        }
        self.names.insert(last(own, '/').to_owned());
        // The folders above it whose names are in the module's name are packages.
        let (mut path, mut name) = (own, name);
        while let (Some((folder, _)), Some((package, _))) = (path.rsplit_once('/'), name.rsplit_once('.')) {
            if last(folder, '/') != last(package, '.') {
                break;
            }
            if !self.places.contains_key(folder) {
                self.places.insert(folder.to_owned(), Place::Package(strings.intern(package)));
                self.names.insert(last(folder, '/').to_owned());
            }
            (path, name) = (folder, package);
        }
    }

    /// The names of all files and folders.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// What a file in `folder` means by a dotted name, looked for above its outermost package and further up. A module is preferred to a
    /// folder without `__init__`, as by Python.
    pub(crate) fn find(&self, folder: &str, dotted: &str) -> Option<Place> {
        if !self.names.contains(dotted.split('.').next().unwrap_or_default()) {
            return None;
        }
        let mut root = Some(folder);
        while let Some(package) = root.filter(|at| matches!(self.places.get(*at), Some(Place::Module(_)))) {
            root = above(package);
        }
        let below = dotted.replace('.', "/");
        let mut found = None;
        while let Some(at) = root {
            let place = self.below(at, &below);
            if matches!(place, Some(Place::Module(_))) {
                return place;
            }
            found = found.or(place);
            root = above(at);
        }
        found
    }

    /// What stands under a name in a folder itself.
    pub(crate) fn beside(&self, folder: &str, dotted: &str) -> Option<Place> {
        self.below(folder, &dotted.replace('.', "/"))
    }

    fn below(&self, folder: &str, path: &str) -> Option<Place> {
        match folder {
            "" => self.places.get(path),
            _ => self.places.get(&format!("{folder}/{path}")),
        }
        .copied()
    }
}

/// The folder above a folder; that of the review's root is the empty path.
fn above(folder: &str) -> Option<&str> {
    match folder.rsplit_once('/') {
        Some((above, _)) => Some(above),
        None if folder.is_empty() => None,
        None => Some(""),
    }
}

fn last(text: &str, separator: char) -> &str {
    text.rsplit(separator).next().unwrap_or_default()
}
