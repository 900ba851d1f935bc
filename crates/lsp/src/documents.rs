//! The text of what the editor has open.

use crate::positions::{Encoding, Measured};
use assay_text::LineIndex;
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::sync::Arc;

/// An open document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The name that the editor uses.
    pub(crate) uri: Uri,
    /// Counted up by the editor with each change.
    pub(crate) version: i32,
    /// The text as it stands in the editor.
    pub(crate) text: Arc<str>,
}

impl Document {
    /// Applies changes in their order; one without a range replaces everything.
    pub(crate) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        let mut text = self.text.to_string();
        for change in changes {
            let Some(range) = change.range else {
                text = change.text;
                continue;
            };
            let lines = LineIndex::new(&text);
            let measured = Measured { text: &text, lines: &lines, encoding };
            let (start, end) = (measured.offset(range.start), measured.offset(range.end));
            text.replace_range(start.min(end)..end.max(start), &change.text);
        }
        self.text = text.into();
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::{Position, Range};
    use std::str::FromStr;

    #[test]
    fn changes_build_on_each_other() {
        let at = |line, character| Position { line, character };
        let change =
            |range, text: &str| TextDocumentContentChangeEvent { range, range_length: None, text: text.into() };
        let mut document =
            Document { uri: Uri::from_str("file:///a.py").expect("a URI"), version: 1, text: "one\ntwo\n".into() };
        document.change(
            2,
            vec![
                change(Some(Range::new(at(0, 3), at(1, 0))), " "),
                change(Some(Range::new(at(0, 4), at(0, 7))), "\u{1f600}"),
                change(Some(Range::new(at(0, 6), at(9, 9))), "!"),
            ],
            Encoding::Utf16,
        );
        assert_eq!((&*document.text, document.version), ("one \u{1f600}!", 2));
        document.change(3, vec![change(None, "new")], Encoding::Utf16);
        assert_eq!(&*document.text, "new");
    }
}
