//! The files of a project as translation units see them.

use crate::commands::{self, Command};
use crate::lex::{Kind, LINE_START, Lexed, lex};
use assay_index::{FxHashMap, Idx};
use assay_text::{FileId, Files, Language, limits};
use std::sync::{Arc, OnceLock};

/// So many units that a file includes are a program that it collects.
const MIN_COLLECTED: usize = 3;

/// The files of a project, each read once.
pub(crate) struct Sources<'a> {
    files: &'a Files,
    lexed: Vec<OnceLock<Option<Arc<Lexed>>>>,
    /// The files of each name, whatever their folder.
    by_name: FxHashMap<&'a str, Vec<FileId>>,
    by_path: FxHashMap<&'a str, FileId>,
    /// How a build compiles the files, where that is known.
    commands: FxHashMap<FileId, Command>,
    /// Of each file, the one that it is read with.
    roots: OnceLock<Vec<FileId>>,
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
        let commands = commands::read(files, &by_path);
        Self { files, lexed, by_name, by_path, commands, roots: OnceLock::new() }
    }

    /// How a build compiles a file, where that is known.
    pub(crate) fn command(&self, unit: FileId) -> Option<&Command> {
        self.commands.get(&unit)
    }

    /// The files that a unit begins with before its own text.
    pub(crate) fn included_first(&self, unit: FileId) -> Vec<FileId> {
        let paths = self.command(unit).map_or(&[][..], |command| &command.included);
        paths.iter().filter_map(|path| self.by_path.get(path.as_str())).copied().collect()
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

    /// The file that a file is read with: the first, in the order of paths, that includes it one way or another and is
    /// itself included by none.
    pub(crate) fn root(&self, file: FileId) -> FileId {
        self.roots.get_or_init(|| self.find_roots()).get(file.index()).copied().unwrap_or(file)
    }

    fn find_roots(&self) -> Vec<FileId> {
        let code = |file: FileId| matches!(self.files.get(file).language, Language::C | Language::Cpp);
        let all: Vec<FileId> = (0..self.files.len()).map(FileId::new).collect();
        let mut included: Vec<Vec<FileId>> =
            all.iter().map(|file| if code(*file) { self.included(*file) } else { Vec::new() }).collect();
        // What collects the units of a whole program is another way to build them, and none of them is a part of it.
        // A part of a unit includes nothing itself.
        let units: Vec<bool> =
            all.iter().map(|file| is_unit(self.path(*file)) && !included[file.index()].is_empty()).collect();
        let unit = |file: &FileId| units[file.index()];
        for list in &mut included {
            let mut units: Vec<&FileId> = list.iter().filter(|file| unit(file)).collect();
            units.sort_unstable();
            units.dedup();
            if units.len() >= MIN_COLLECTED {
                list.retain(|file| !unit(file));
            }
        }
        let mut is_included = vec![false; all.len()];
        for (file, list) in all.iter().zip(&included) {
            list.iter().filter(|other| *other != file).for_each(|other| is_included[other.index()] = true);
        }
        let mut roots: Vec<Option<FileId>> = vec![None; all.len()];
        for root in all.iter().filter(|file| !is_included[file.index()]) {
            let mut pending = vec![*root];
            while let Some(file) = pending.pop() {
                if roots[file.index()].is_none() {
                    roots[file.index()] = Some(*root);
                    pending.extend(&included[file.index()]);
                }
            }
        }
        all.iter().map(|file| roots[file.index()].unwrap_or(*file)).collect()
    }

    /// The files that a file's directives name, whatever the conditions around them.
    fn included(&self, file: FileId) -> Vec<FileId> {
        let mut found = Vec::new();
        let Some(lexed) = self.lexed(file) else { return found };
        let name = |at: usize| lexed.tokens.get(at).map_or("", |token| &lexed.names[token.name as usize]);
        for (at, token) in lexed.tokens.iter().enumerate() {
            if token.kind != Kind::Hash || token.flags & LINE_START == 0 || name(at + 1) != "include" {
                continue;
            }
            let (path, angled) = if let Some(path) = name(at + 2).strip_prefix('"') {
                (path.trim_end_matches('"').to_owned(), false)
            } else {
                let line = lexed.tokens[at + 2..].iter().take(64).take_while(|next| next.flags & LINE_START == 0);
                let parts = line.skip(1).take_while(|next| next.kind != Kind::Gt);
                (parts.map(|next| &*lexed.names[next.name as usize]).collect(), true)
            };
            found.extend(self.include(file, file, &path, angled));
        }
        found
    }

    /// Whether functions stand in a file, as far as its tokens tell.
    pub(crate) fn has_bodies(&self, file: FileId) -> bool {
        let Some(lexed) = self.lexed(file) else { return true };
        if self.files.get(file).language == Language::Cpp {
            return true;
        }
        let mut directive = false;
        let mut before = Kind::End;
        for token in &lexed.tokens {
            if token.flags & LINE_START != 0 {
                directive = token.kind == Kind::Hash;
            }
            if directive {
                continue;
            }
            let begins = token.kind == Kind::LBrace
                && !matches!(before, Kind::Ident | Kind::Assign | Kind::Comma | Kind::LBrace | Kind::Str);
            if begins {
                return true;
            }
            before = token.kind;
        }
        false
    }

    /// The file that an include means in a unit: beside the file that includes it, then in the folders that the build names,
    /// or else the one whose path ends like this and which shares most folders with that file. A header of the system is none
    /// of the project's.
    pub(crate) fn include(&self, unit: FileId, from: FileId, path: &str, angled: bool) -> Option<FileId> {
        let from = &*self.files.get(from).path;
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !angled && let Some(file) = self.by_path.get(join(folder, path).as_str()) {
            return Some(*file);
        }
        if angled && crate::prelude::is_system_header(path) {
            return None;
        }
        let mut folders = self.command(unit).into_iter().flat_map(|command| &command.folders);
        if let Some(file) = folders.find_map(|folder| self.by_path.get(join(folder, path).as_str())) {
            return Some(*file);
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
/// Whether a file is named as one that is compiled by itself.
fn is_unit(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "c" | "cc" | "cpp" | "cxx"))
}

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
            sources.include(from, from, path, angled).map(|id| &*files.get(id).path)
        };
        assert_eq!(find("a/src/m.c", "x.h", false), Some("a/src/x.h"));
        assert_eq!(find("a/src/m.c", "../include/x.h", false), Some("a/include/x.h"));
        assert_eq!(find("b/src/m.c", "lib/y.h", true), Some("b/include/lib/y.h"));
        assert_eq!(find("a/src/m.c", "lib/y.h", false), Some("c/lib/y.h"));
        assert_eq!(find("a/src/m.c", "stdio.h", true), None);
        assert_eq!(find("a/src/m.c", "none.h", false), None);
    }
}
