//! The files of a project as translation units see them.

use crate::lex::{Lexed, lex};
use assay_index::{FxHashMap, Idx};
use assay_text::{FileId, Files, limits};
use std::sync::{Arc, OnceLock};

/// The files of a project, each read once.
pub(crate) struct Sources<'a> {
    files: &'a Files,
    lexed: Vec<OnceLock<Option<Arc<Lexed>>>>,
    /// The files of each name, whatever their folder.
    by_name: FxHashMap<&'a str, Vec<FileId>>,
    by_path: FxHashMap<&'a str, FileId>,
}

impl<'a> Sources<'a> {
    pub(crate) fn new(files: &'a Files) -> Self {
        let mut by_name: FxHashMap<&str, Vec<FileId>> = FxHashMap::default();
        let mut by_path = FxHashMap::default();
        for (id, file) in files.iter() {
            let name = file.path.rsplit('/').next().unwrap_or(&file.path);
            by_name.entry(name).or_default().push(id);
            by_path.insert(&*file.path, id);
        }
        let lexed = (0..files.len()).map(|_| OnceLock::new()).collect();
        Self { files, lexed, by_name, by_path }
    }

    /// What a build defines on the command line of its compiler.
    #[expect(clippy::unused_self, reason = "the command lines of a build come from here")]
    pub(crate) fn defines(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        std::iter::empty()
    }

    pub(crate) fn path(&self, file: FileId) -> &'a str {
        &self.files.get(file).path
    }

    pub(crate) fn length(&self, file: FileId) -> u32 {
        self.files.get(file).text.len() as u32
    }

    pub(crate) fn line(&self, file: FileId, offset: u32) -> u32 {
        self.files.get(file).lines().line(offset)
    }

    /// The tokens of a file; `None` when it is too long.
    pub(crate) fn lexed(&self, file: FileId) -> Option<Arc<Lexed>> {
        let slot = self.lexed.get(file.index())?;
        let read = || {
            let text = &self.files.get(file).text;
            (text.len() as u64 <= limits::MAX_FILE_BYTES).then(|| Arc::new(lex(text)))
        };
        slot.get_or_init(read).clone()
    }

    /// The file that an include means: beside the file that includes it, or else the one whose path ends like this
    /// and which shares most folders with that file. A header of the system is none of the project's.
    pub(crate) fn include(&self, from: FileId, path: &str, angled: bool) -> Option<FileId> {
        let from = &*self.files.get(from).path;
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !angled && let Some(file) = self.by_path.get(join(folder, path).as_str()) {
            return Some(*file);
        }
        if angled && crate::prelude::is_system_header(path) {
            return None;
        }
        let path = path.trim_start_matches("./");
        let tail = path.rsplit("../").next().unwrap_or(path);
        let name = tail.rsplit('/').next().unwrap_or(tail);
        let ends = |file: &&FileId| {
            let whole = self.path(**file);
            whole.strip_suffix(tail).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let shared = |file: &FileId| {
            let common = self.path(*file).split('/').zip(from.split('/')).take_while(|(a, b)| a == b).count();
            (common, std::cmp::Reverse(self.path(*file).len()), std::cmp::Reverse(file.index()))
        };
        self.by_name.get(name)?.iter().filter(ends).max_by_key(|file| shared(file)).copied()
    }
}

/// A path seen from a folder, with `.` and `..` taken out.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if path.starts_with('/') {
        parts.clear();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return path.to_owned();
                }
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_text::{Language, Role, SourceFile};

    #[test]
    fn includes_are_found_beside_and_by_the_end_of_their_path() {
        let paths = ["a/include/x.h", "a/src/m.c", "a/src/x.h", "b/include/lib/y.h", "b/src/m.c", "c/lib/y.h"];
        let file = |path: &&str| SourceFile::new(path, Language::C, Role::FirstParty, "");
        let files = Files::new(paths.iter().map(file).collect());
        let sources = Sources::new(&files);
        let find = |from: &str, path, angled| {
            let from = files.by_path(from)?;
            sources.include(from, path, angled).map(|id| &*files.get(id).path)
        };
        assert_eq!(find("a/src/m.c", "x.h", false), Some("a/src/x.h"));
        assert_eq!(find("a/src/m.c", "../include/x.h", false), Some("a/include/x.h"));
        assert_eq!(find("b/src/m.c", "lib/y.h", true), Some("b/include/lib/y.h"));
        assert_eq!(find("a/src/m.c", "lib/y.h", false), Some("c/lib/y.h"));
        assert_eq!(find("a/src/m.c", "stdio.h", true), None);
        assert_eq!(find("a/src/m.c", "none.h", false), None);
    }
}
