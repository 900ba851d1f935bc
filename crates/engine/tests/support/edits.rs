//! Random edits of a project, for comparing reviews after an edit with reviews made anew.

use std::collections::BTreeMap;

/// The files of a project by their paths.
pub(crate) type Project = BTreeMap<String, String>;

/// Numbers without a pattern (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or_default()
    }
}

/// Lines that mean something to the analysis, or break the code.
const LINES: [&str; 8] = [
    "import os",
    "from flask import request",
    "os.system(request.args['x'])",
    "    return None",
    "def added(a, b=1):",
    "x = (",
    "    '''",
    "@staticmethod",
];

/// Edits one of the files: inserts, deletes or moves a line, a comment, blank lines or spaces, puts another name in place of one, renames the file,
/// or takes all edits of it back. Says what it did.
pub(crate) fn edit(files: &mut Project, original: &Project, edited: &[String], random: &mut Random) -> &'static str {
    let present: Vec<&String> = edited.iter().filter(|name| files.contains_key(*name)).collect();
    let moved = |name: &str| name.replace(".py", "_x.py");
    let Some(name) = present.get(random.below(present.len())).map(|name| (*name).clone()) else { return "nothing" };
    let mut lines: Vec<String> = files[&name].lines().map(str::to_owned).collect();
    let (from, to) = (random.below(lines.len()), random.below(lines.len()));
    let done = match random.below(16) {
        0 => {
            // A file that is there under its other name comes back.
            let text = files.remove(&name).unwrap_or_default();
            files.insert(moved(&name), text);
            if let Some(other) = edited.iter().find(|other| !files.contains_key(*other) && **other != name)
                && let Some(text) = files.remove(&moved(other))
            {
                files.insert(other.clone(), text);
            }
            return "rename the file";
        }
        1 | 2 => {
            if let Some(text) = original.get(&name) {
                files.insert(name, text.clone());
            }
            return "take back";
        }
        3 | 4 if !lines.is_empty() => {
            lines.remove(from);
            "delete"
        }
        5 | 6 if !lines.is_empty() => {
            let line = lines.remove(from);
            lines.insert(to.min(lines.len()), line);
            "move"
        }
        7 if !lines.is_empty() => {
            let words: Vec<&str> = lines[from].split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            let word = words.get(random.below(words.len())).copied().unwrap_or_default().to_owned();
            if !word.is_empty() {
                for line in &mut lines {
                    *line = line.replace(&word, &format!("{word}_x"));
                }
            }
            "rename"
        }
        8 => {
            lines.insert(from, LINES[random.below(LINES.len())].to_owned());
            "insert"
        }
        9 => {
            lines.insert(from, "# A remark.".to_owned());
            "insert a comment"
        }
        10 => {
            lines.insert(from, String::new());
            "insert a blank line"
        }
        11 if !lines.is_empty() => {
            lines[from].push_str("  # And why.");
            "add a comment"
        }
        12 if !lines.is_empty() => {
            lines[from] = lines[from].replace(", ", ",   ").replace(" = ", "  =  ");
            "space out"
        }
        _ => {
            lines.insert(from, lines.get(to).cloned().unwrap_or_else(|| "x = 1".to_owned()));
            "copy"
        }
    };
    files.insert(name, lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect());
    done
}
