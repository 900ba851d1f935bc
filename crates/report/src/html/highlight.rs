//! What the pieces of source text are, as far as their colour goes.
//!
//! One pass over a file finds strings, comments, numbers and keywords. It needs no grammar, and it never fails: text that it
//! takes for something else is only coloured wrongly.

use assay_text::{Language, SourceFile};
use std::ops::Range;

/// The kind of a piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    Comment,
    Keyword,
    Number,
    String,
}

impl Class {
    /// The class of the element around such a piece.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Comment => "c",
            Self::Keyword => "k",
            Self::Number => "m",
            Self::String => "s",
        }
    }
}

const PYTHON: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];
const OTHERS: [&str; 35] = [
    "break", "case", "catch", "class", "const", "continue", "default", "do", "else", "enum", "false", "finally", "fn",
    "for", "func", "function", "if", "import", "let", "new", "nil", "null", "package", "private", "public", "return",
    "static", "struct", "switch", "this", "throw", "true", "try", "var", "while",
];

/// The pieces of a file that have a colour, in order.
pub(super) fn pieces(file: &SourceFile) -> Vec<(Range<usize>, Class)> {
    let text = &*file.text;
    let bytes = text.as_bytes();
    let python = file.language == Language::Python;
    let hash = python || !file.language.is_code();
    let keywords: &[&str] = if python { &PYTHON } else { &OTHERS };
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let (end, class) = match bytes[at] {
            b'#' if hash => (line_end(rest), Some(Class::Comment)),
            b'/' if !hash && rest.starts_with("//") => (line_end(rest), Some(Class::Comment)),
            b'/' if !hash && rest.starts_with("/*") => {
                (rest[2..].find("*/").map_or(rest.len(), |end| end + 4), Some(Class::Comment))
            }
            quote @ (b'"' | b'\'') => (string_end(rest, quote), Some(Class::String)),
            b'0'..=b'9' => (word_end(rest), Some(Class::Number)),
            byte if byte == b'_' || byte.is_ascii_alphabetic() || !byte.is_ascii() => {
                let end = word_end(rest);
                let word = &rest[..end];
                // The letters before a string belong to it.
                let prefix = python && end <= 2 && bytes.get(at + end).is_some_and(|b| matches!(b, b'"' | b'\''));
                (end, keywords.contains(&word).then_some(Class::Keyword).or(prefix.then_some(Class::String)))
            }
            _ => (1, None),
        };
        let end = at + end.max(1);
        if let Some(class) = class {
            pieces.push((at..end, class));
        }
        at = end;
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    pieces
}

fn line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn word_end(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
}

fn string_end(text: &str, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let triple = bytes.len() >= 3 && bytes[1] == quote && bytes[2] == quote;
    let mut at = if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if !triple => return at,
            byte if byte == quote && !triple => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_text::Role;
    use proptest::prelude::*;

    fn classes(language: Language, text: &str) -> Vec<(String, Class)> {
        let file = SourceFile::new("a", language, Role::FirstParty, text);
        pieces(&file).into_iter().map(|(range, class)| (text[range].to_owned(), class)).collect()
    }

    #[test]
    fn strings_comments_and_keywords_are_told_apart() {
        let found = classes(Language::Python, "def f(x):  # if\n    return r'a\\'b' + \"\"\"c\n'd\"\"\" + 0x1f\n");
        let expected = [
            ("def", Class::Keyword),
            ("# if", Class::Comment),
            ("return", Class::Keyword),
            ("r", Class::String),
            ("'a\\'b'", Class::String),
            ("\"\"\"c\n'd\"\"\"", Class::String),
            ("0x1f", Class::Number),
        ];
        assert_eq!(found, expected.map(|(text, class)| (text.to_owned(), class)));
    }

    proptest! {
        #[test]
        fn any_text_has_pieces_in_order(text in "([a-z0-9_\"'#\\\\/*\n ]|日|é){0,60}") {
            for language in [Language::Python, Language::C, Language::Manifest] {
                let file = SourceFile::new("a", language, Role::FirstParty, text.clone());
                let mut last = 0;
                for (range, _) in pieces(&file) {
                    prop_assert!(range.start >= last && range.end > range.start && range.end <= text.len());
                    prop_assert!(text.get(range.clone()).is_some());
                    last = range.end;
                }
            }
        }
    }
}
