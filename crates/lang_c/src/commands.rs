//! The commands that a build compiles files with: `compile_commands.json`, the *compilation database* that CMake, Meson and
//! Bear write.
//!
//! The database names files and folders as they were on the machine that built them. They are found again by the ends of
//! their paths: what is left in front of most of them is where the project stood there.

use assay_index::FxHashMap;
use assay_text::{FileId, Files};
use serde_json::Value;

/// The name of a compilation database.
const NAME: &str = "compile_commands.json";

/// Entries by which it is found out where the project stood.
const VOTERS: usize = 200;

/// How one file is compiled, as far as it matters to its meaning.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Command {
    /// Folders of the project in which included files are looked for, in this order.
    pub(crate) folders: Vec<String>,
    /// What the command line defines, as it would stand behind `#define`, and (`None`) undefines.
    pub(crate) defines: Vec<(String, Option<String>)>,
    /// Paths of files that are read before the file itself.
    pub(crate) included: Vec<String>,
}

/// The commands of a project's files.
pub(crate) fn read(files: &Files, by_path: &FxHashMap<&str, FileId>) -> FxHashMap<FileId, Command> {
    let mut out = FxHashMap::default();
    for (_, file) in files.iter() {
        if file.path.rsplit('/').next() != Some(NAME) {
            continue;
        }
        let Ok(Value::Array(entries)) = serde_json::from_str::<Value>(&file.text) else { continue };
        let named: Vec<(String, &Value)> = entries.iter().filter_map(|entry| Some((source(entry)?, entry))).collect();
        let Some(root) = root(&named, by_path) else { continue };
        for (path, entry) in &named {
            let Some(id) = inside(path, &root).and_then(|path| by_path.get(path)) else { continue };
            // Of several commands for one file, the first counts.
            out.entry(*id).or_insert_with(|| command(entry, &root));
        }
    }
    out
}

/// The whole path of the file that an entry compiles.
fn source(entry: &Value) -> Option<String> {
    Some(absolute(entry.get("directory")?.as_str()?, entry.get("file")?.as_str()?))
}

/// A path seen from a folder.
fn absolute(folder: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':');
    let whole = if path.starts_with('/') || drive { path } else { format!("{}/{path}", folder.replace('\\', "/")) };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Where the project stood: what stands in front of the paths of most of its files.
fn root(named: &[(String, &Value)], by_path: &FxHashMap<&str, FileId>) -> Option<String> {
    let mut votes: Vec<(&str, usize)> = Vec::new();
    for (path, _) in named.iter().take(VOTERS) {
        let mut starts = path.match_indices('/').map(|(at, _)| at);
        let Some(at) = starts.find(|at| by_path.contains_key(&path[at + 1..])) else { continue };
        let front = &path[..at];
        match votes.iter_mut().find(|(known, _)| *known == front) {
            Some((_, count)) => *count += 1,
            None => votes.push((front, 1)),
        }
    }
    let most = votes.iter().map(|(_, count)| *count).max()?;
    votes.iter().find(|(_, count)| *count == most).map(|(front, _)| (*front).to_owned())
}

/// A path within the project.
fn inside<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(root)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// What an entry says of its file.
fn command(entry: &Value, root: &str) -> Command {
    let folder = entry.get("directory").and_then(Value::as_str).unwrap_or_default();
    let words: Vec<String> = match (entry.get("arguments"), entry.get("command")) {
        (Some(Value::Array(words)), _) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        (_, Some(Value::String(line))) => shell_words(line),
        _ => Vec::new(),
    };
    let mut out = Command::default();
    let mut quoted = Vec::new();
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        let mut value = |option: &str| {
            let rest = word.strip_prefix(option)?;
            if rest.is_empty() { words.next().cloned() } else { Some(rest.to_owned()) }
        };
        if let Some(path) = value("-iquote") {
            quoted.extend(inside(&absolute(folder, &path), root).map(str::to_owned));
        } else if let Some(path) = value("-isystem").or_else(|| value("-idirafter")).or_else(|| value("-I")) {
            out.folders.extend(inside(&absolute(folder, &path), root).map(str::to_owned));
        } else if let Some(path) = value("-include") {
            out.included.extend(inside(&absolute(folder, &path), root).map(str::to_owned));
        } else if let Some(text) = value("-D") {
            let (name, body) = text.split_once('=').unwrap_or((&text, "1"));
            out.defines.push((name.to_owned(), Some(body.to_owned())));
        } else if let Some(name) = value("-U") {
            out.defines.push((name, None));
        }
    }
    quoted.append(&mut out.folders);
    out.folders = quoted;
    out
}

/// The words of a line for the shell.
fn shell_words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('\\', None) => word.get_or_insert_default().extend(chars.next()),
            ('\\', Some('"')) if matches!(chars.peek(), Some('"' | '\\' | '$' | '`')) => {
                word.get_or_insert_default().extend(chars.next());
            }
            (c, None) if c.is_whitespace() => out.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_text::{Language, Role, SourceFile};

    #[test]
    fn words_are_those_of_the_shell() {
        let words = shell_words(r#"cc  -DA='"x y"' "-DB=\"z\"" -I ../a\ b -DC="" -c f.c"#);
        assert_eq!(words, ["cc", r#"-DA="x y""#, r#"-DB="z""#, "-I", "../a b", "-DC=", "-c", "f.c"]);
    }

    #[test]
    fn files_are_found_wherever_the_project_stood() {
        let database = r#"[
            {"directory": "/home/me/p/build", "file": "../src/m.c",
             "command": "cc -I../include -isystem /usr/include -I. -DN=3 -UM -DF -include ../cfg.h -c ../src/m.c"},
            {"directory": "/home/me/p/build", "file": "/home/me/p/src/m.c", "arguments": ["cc", "-DLATER"]},
            {"directory": "/elsewhere", "file": "x.c", "arguments": ["cc"]}, {"file": 3}, 7]"#;
        let file = |path: &str, language, text: &str| SourceFile::new(path, language, Role::FirstParty, text);
        let mut all = vec![
            file("build/compile_commands.json", Language::Manifest, database),
            file("src/m.c", Language::C, ""),
            file("x.c", Language::C, ""),
        ];
        all.sort_by(|a, b| a.path.cmp(&b.path));
        let files = Files::new(all);
        let by_path: FxHashMap<&str, FileId> = files.iter().map(|(id, file)| (&*file.path, id)).collect();
        let commands = read(&files, &by_path);
        assert_eq!(commands.len(), 1);
        let expected = Command {
            folders: vec!["include".to_owned(), "build".to_owned()],
            defines: vec![
                ("N".to_owned(), Some("3".to_owned())),
                ("M".to_owned(), None),
                ("F".to_owned(), Some("1".to_owned())),
            ],
            included: vec!["cfg.h".to_owned()],
        };
        assert_eq!(commands.get(&by_path["src/m.c"]), Some(&expected));
    }
}
