//! Edits of the reviewed code, and how several of them are applied to one text.
//!
//! - A [`Replacement`] is one range of a file and what comes to stand there; an [`Edit`] is all that belongs together.
//! - An edit is *safe* when a program that is used as meant behaves as before: only what the defect allowed is gone. It is
//!   *unsafe* when somebody has to look: values change, an exception is new, an older interpreter lacks the argument.
//! - Edits *clash* when they replace the same text by different ones, or insert at the same place. Of two that clash, the first is
//!   applied; the other is made anew from the text that results.

use crate::Place;
use assay_text::FileId;
use serde::{Deserialize, Serialize};

/// Whether an edit can be applied without anybody looking at it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// A program that is used as meant behaves as before.
    Safe,
    /// Somebody has to look.
    Unsafe,
}

impl Safety {
    /// The word that all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A replacement of source text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Replacement {
    /// What is replaced; an empty range is a place to insert at.
    pub place: Place,
    /// By what.
    pub text: String,
}

/// What closes a finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Edit {
    /// What it does, in words.
    pub message: String,
    /// Whether it can be applied without a look at it.
    pub safety: Safety,
    /// The replacements, none overlapping another; the one at the place of the finding comes first.
    pub replacements: Vec<Replacement>,
}

/// Applies those of `edits` to the text of `file` that do not clash with an earlier one and lie in that file alone. Returns the new
/// text and the positions of the edits that were applied.
pub fn apply(file: FileId, text: &str, edits: &[&Edit]) -> (String, Vec<usize>) {
    let mut accepted: Vec<(usize, usize, &str)> = Vec::new();
    let mut applied = Vec::new();
    for (at, edit) in edits.iter().enumerate() {
        let ranges: Option<Vec<(usize, usize, &str)>> = edit
            .replacements
            .iter()
            .map(|one| {
                let (start, end) = (one.place.span.start as usize, one.place.span.end as usize);
                let fits = one.place.file == file && text.get(start..end).is_some();
                fits.then_some((start, end, one.text.as_str()))
            })
            .collect();
        let Some(ranges) = ranges.filter(|ranges| !ranges.is_empty()) else { continue };
        let clashes = |new: &(usize, usize, &str)| accepted.iter().any(|old| old != new && clash(old, new));
        if ranges.iter().any(clashes) {
            continue;
        }
        for range in ranges {
            if !accepted.contains(&range) {
                accepted.push(range);
            }
        }
        applied.push(at);
    }
    accepted.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, new) in accepted {
        out.push_str(&text[from..start]);
        out.push_str(new);
        from = end;
    }
    out.push_str(&text[from..]);
    (out, applied)
}

/// Whether two replacements touch the same text. Two insertions at one place clash: their order would be a guess.
fn clash(a: &(usize, usize, &str), b: &(usize, usize, &str)) -> bool {
    a.0 == b.0 || (a.0 < b.1 && b.0 < a.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_text::{Files, Language, Role, SourceFile, Span};

    fn one_file() -> FileId {
        let files = Files::new(vec![SourceFile::new("a.py", Language::Python, Role::FirstParty, "")]);
        files.iter().map(|(id, _)| id).next().expect("one file")
    }

    fn edit(file: FileId, parts: &[(u32, u32, &str)]) -> Edit {
        let replacements = parts
            .iter()
            .map(|(start, end, text)| Replacement {
                place: Place { file, span: Span::new(*start, *end), function: String::new() },
                text: (*text).to_owned(),
            })
            .collect();
        Edit { message: String::new(), safety: Safety::Safe, replacements }
    }

    #[test]
    fn edits_that_clash_wait() {
        let file = one_file();
        let list = [
            edit(file, &[(4, 5, "X"), (0, 0, "import m\n")]),
            edit(file, &[(4, 6, "Y")]),
            edit(file, &[(6, 7, "Z"), (0, 0, "import m\n")]),
            edit(file, &[(0, 0, "import n\n")]),
            edit(file, &[(90, 91, "far")]),
        ];
        let (text, applied) = apply(file, "a = bcd\n", &list.iter().collect::<Vec<_>>());
        assert_eq!(text, "import m\na = XcZ\n");
        assert_eq!(applied, [0, 2]);
    }

    #[test]
    fn nothing_to_do_changes_nothing() {
        let file = one_file();
        assert_eq!(apply(file, "é", &[]), ("é".to_owned(), Vec::new()));
        // Half a character is no range.
        assert_eq!(apply(file, "é", &[&edit(file, &[(1, 2, "x")])]), ("é".to_owned(), Vec::new()));
        assert_eq!(apply(file, "é", &[&edit(file, &[])]), ("é".to_owned(), Vec::new()));
    }
}
