//! What an edit changes, by whole lines.

use crate::escape;
use assay_finding::Edit;
use assay_text::SourceFile;

/// Characters shown of a line.
const MAX_LINE: usize = 400;

/// Neighbouring lines that an edit changes: as they were, and as they will be.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Change {
    pub(crate) old: Vec<String>,
    pub(crate) new: Vec<String>,
}

/// Whole lines that an edit touches, and what they become.
struct Lines {
    start: usize,
    end: usize,
    /// What they become up to the end of the last replacement, and where that is.
    new: String,
    done: usize,
}

/// The changes that an edit makes to `file`, from the top. A replacement that overlaps one before it, which no well-made edit has,
/// is left out.
pub(crate) fn changes(file: &SourceFile, edit: &Edit) -> Vec<Change> {
    let text: &str = &file.text;
    let mut parts: Vec<(usize, usize, &str)> = edit
        .replacements
        .iter()
        .map(|one| (one.place.span.start as usize, one.place.span.end as usize, one.text.as_str()))
        .filter(|(start, end, _)| text.get(*start..*end).is_some())
        .collect();
    parts.sort_unstable();
    let mut all: Vec<Lines> = Vec::new();
    for (start, end, replacement) in parts {
        let line_end = end + text[end..].find('\n').map_or(text.len() - end, |n| n + 1);
        if all.last().is_none_or(|lines| start >= lines.end) {
            let first = text[..start].rfind('\n').map_or(0, |n| n + 1);
            all.push(Lines { start: first, end: line_end, new: String::new(), done: first });
        }
        if let Some(lines) = all.last_mut().filter(|lines| start >= lines.done) {
            lines.new.push_str(&text[lines.done..start]);
            lines.new.push_str(replacement);
            lines.done = end;
            lines.end = lines.end.max(line_end);
        }
    }
    let change = |lines: &Lines| {
        between(&text[lines.start..lines.end], &format!("{}{}", lines.new, &text[lines.done..lines.end]))
    };
    all.iter().map(change).collect()
}

/// The lines in which two texts differ.
fn between(old: &str, new: &str) -> Change {
    let (mut old, mut new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    while old.last().is_some() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let shown =
        |lines: &[&str]| lines.iter().skip(same).map(|line| escape::clip(line, MAX_LINE).into_owned()).collect();
    Change { old: shown(&old), new: shown(&new) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_finding::{Place, Replacement, Safety};
    use assay_text::{Files, Language, Role, Span};

    fn shown(text: &str, parts: &[(u32, u32, &str)]) -> Vec<String> {
        let files = Files::new(vec![SourceFile::new("a.py", Language::Python, Role::FirstParty, text)]);
        let (id, file) = files.iter().next().expect("one file");
        let place = |start, end| Place { file: id, span: Span::new(start, end), function: String::new() };
        let replacements = parts
            .iter()
            .map(|(start, end, text)| Replacement { place: place(*start, *end), text: (*text).to_owned() })
            .collect();
        let edit = Edit { message: String::new(), safety: Safety::Safe, replacements };
        let lines = |sign: char, lines: Vec<String>| lines.into_iter().map(move |line| format!("{sign}{line}"));
        changes(file, &edit).into_iter().flat_map(|c| lines('-', c.old).chain(lines('+', c.new))).collect()
    }

    #[test]
    fn whole_lines_are_shown() {
        let text = "import os\n\nf(a, False)\ng()\n";
        assert_eq!(shown(text, &[(16, 21, "True")]), ["-f(a, False)", "+f(a, True)"]);
        assert_eq!(shown(text, &[(16, 21, "True"), (13, 14, "b")]), ["-f(a, False)", "+f(b, True)"]);
        assert_eq!(
            shown(text, &[(16, 21, "True"), (0, 0, "import m\n")]),
            ["+import m", "-f(a, False)", "+f(a, True)"]
        );
        assert_eq!(shown(text, &[(23, 27, "")]), ["-g()"]);
        assert_eq!(shown("a", &[(1, 1, "b")]), ["-a", "+ab"]);
    }

    #[test]
    fn broken_edits_show_nothing_wrong() {
        assert_eq!(shown("é", &[(1, 2, "x")]), Vec::<String>::new());
        assert_eq!(shown("ab", &[(0, 9, "x")]), Vec::<String>::new());
        assert_eq!(shown("ab\n", &[(0, 2, "x"), (1, 2, "y")]), ["-ab", "+x"]);
        assert_eq!(shown("ab", &[]), Vec::<String>::new());
    }
}
