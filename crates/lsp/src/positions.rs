//! Places as the protocol counts them: lines from 0, and columns in units that client and server agree on.

use assay_text::{LineIndex, Span};
use lsp_types::{Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Half words of UTF-16, which every client speaks.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The cheapest of what the client offers.
    pub(crate) fn choose(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offers = |kind: &PositionEncodingKind| offered.is_some_and(|offered| offered.contains(kind));
        if offers(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offers(&PositionEncodingKind::UTF32) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// The protocol's name.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// Text with the starts of its lines, measured in an encoding.
#[derive(Clone, Copy)]
pub(crate) struct Measured<'a> {
    pub(crate) text: &'a str,
    pub(crate) lines: &'a LineIndex,
    pub(crate) encoding: Encoding,
}

impl Measured<'_> {
    /// The position of a byte; the end for one past it.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let line = self.lines.line(offset.min(self.text.len() as u32));
        let range = self.lines.line_range(self.text, line);
        let mut end = (offset as usize).clamp(range.start, range.end);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column: usize = self.text[range.start..end].chars().map(|c| self.encoding.width(c)).sum();
        Position { line: line - 1, character: u32::try_from(column).unwrap_or(u32::MAX) }
    }

    /// The byte at a position. A column behind a line's end means its end, a line behind the last one the text's end, and
    /// a column inside of a character its start.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let range = self.lines.line_range(self.text, position.line.saturating_add(1));
        let mut column = 0;
        for (at, c) in self.text[range.clone()].char_indices() {
            column += self.encoding.width(c);
            if column > position.character as usize {
                return range.start + at;
            }
        }
        range.end
    }

    /// The range of a span.
    pub(crate) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_what_was_agreed() {
        let text = "a\n\u{e9}\u{1f600}x\r\n";
        let lines = LineIndex::new(text);
        let at_x = text.find('x').map_or(0, |at| at as u32);
        for (encoding, column) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            let measured = Measured { text, lines: &lines, encoding };
            let position = Position { line: 1, character: column };
            assert_eq!(measured.position(at_x), position);
            assert_eq!(measured.offset(position), at_x as usize);
        }
    }

    #[test]
    fn positions_outside_of_the_text_are_its_nearest() {
        let text = "ab\n\u{1f600}";
        let lines = LineIndex::new(text);
        let measured = Measured { text, lines: &lines, encoding: Encoding::Utf16 };
        assert_eq!(measured.offset(Position { line: 0, character: 99 }), 2);
        assert_eq!(measured.offset(Position { line: 1, character: 1 }), 3);
        assert_eq!(measured.offset(Position { line: u32::MAX, character: u32::MAX }), text.len());
        assert_eq!(measured.position(u32::MAX), Position { line: 1, character: 2 });
    }
}
