//! Comments of Python source with the statement that each concerns.
//!
//! Strings are skipped, so that text that looks like a comment is none. A *statement* here is a logical line: the
//! lines from where no bracket is open to where none is open again.

/// A comment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Comment<'a> {
    /// The line it stands on, from 1.
    pub(super) line: u32,
    /// From after its `#` to the end of the line.
    pub(super) text: &'a str,
    /// First line of the statement that it concerns.
    pub(super) first: u32,
    /// Last line of that statement.
    pub(super) last: u32,
}

/// All comments in order. Total on any text: an unfinished string ends with its line, and a statement that never
/// closes its brackets ends where a definition or import starts a line.
pub(super) fn scan(text: &str) -> Vec<Comment<'_>> {
    Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        depth: 0,
        start: None,
        own: Vec::new(),
        comments: Vec::new(),
        trailing: 0,
    }
    .run()
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
    depth: u32,
    /// First line of the statement under way.
    start: Option<u32>,
    /// Comments on lines of their own that wait for the statement below.
    own: Vec<usize>,
    comments: Vec<Comment<'a>>,
    /// Comments from this one on lie in the statement under way.
    trailing: usize,
}

impl<'a> Scanner<'a> {
    fn run(mut self) -> Vec<Comment<'a>> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => self.line_end(),
                b'#' => self.comment(),
                b'"' | b'\'' => self.string(byte),
                b'\\' if matches!(self.bytes.get(self.at + 1), Some(b'\n' | b'\r')) => {
                    self.code();
                    self.at += 1;
                    self.skip_line_end();
                }
                b'(' | b'[' | b'{' => {
                    self.code();
                    self.depth += 1;
                    self.at += 1;
                }
                b')' | b']' | b'}' => {
                    self.code();
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                b' ' | b'\t' | 0x0c => self.at += 1,
                _ => {
                    self.code();
                    self.at += 1;
                }
            }
        }
        self.statement_end(self.line);
        // A comment below the last statement concerns nothing but its own line.
        self.comments
    }

    /// Notes that code stands here.
    fn code(&mut self) {
        if self.start.is_none() {
            self.start = Some(self.line);
            self.trailing = self.comments.len();
        }
    }

    fn statement_end(&mut self, last: u32) {
        let Some(first) = self.start.take() else { return };
        let trailing = self.trailing..self.comments.len();
        for index in self.own.drain(..).chain(trailing) {
            self.comments[index].first = first;
            self.comments[index].last = last;
        }
        self.depth = 0;
    }

    fn skip_line_end(&mut self) {
        let pair = self.bytes[self.at] == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
        self.at += if pair { 2 } else { 1 };
        self.line += 1;
    }

    fn line_end(&mut self) {
        let line = self.line;
        self.skip_line_end();
        let rest = &self.bytes[self.at..];
        let restarts = [&b"def "[..], b"class ", b"import ", b"from ", b"@", b"async def "];
        if self.depth == 0 || restarts.iter().any(|start| rest.starts_with(start)) {
            self.statement_end(line);
        }
    }

    fn comment(&mut self) {
        let start = self.at + 1;
        while self.bytes.get(self.at).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
            self.at += 1;
        }
        if self.start.is_none() {
            self.own.push(self.comments.len());
        }
        let line = self.line;
        self.comments.push(Comment { line, text: &self.text[start..self.at], first: line, last: line });
    }

    fn string(&mut self, quote: u8) {
        self.code();
        let triple = self.bytes[self.at..].starts_with(&[quote; 3]);
        self.at += if triple { 3 } else { 1 };
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => {
                    self.at += 1;
                    if matches!(self.bytes.get(self.at), Some(b'\n' | b'\r')) {
                        self.skip_line_end();
                    } else {
                        self.at += 1;
                    }
                }
                b'\n' | b'\r' if !triple => return,
                b'\n' | b'\r' => self.skip_line_end(),
                _ if byte == quote && !triple => {
                    self.at += 1;
                    return;
                }
                _ if byte == quote && self.bytes[self.at..].starts_with(&[quote; 3]) => {
                    self.at += 3;
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(u32, &str, u32, u32)> {
        scan(text).into_iter().map(|c| (c.line, c.text.trim(), c.first, c.last)).collect()
    }

    #[test]
    fn comments_know_their_statement() {
        let text = "# top\n\nx = [  # in\n  '#no',\n]  # end\nif a:  # head\n    # own\n    b = \\\n      '''\n#no\n'''  # far\n# last\n";
        assert_eq!(
            found(text),
            [
                (1, "top", 3, 5),
                (3, "in", 3, 5),
                (5, "end", 3, 5),
                (6, "head", 6, 6),
                (7, "own", 8, 11),
                (11, "far", 8, 11),
                (12, "last", 12, 12)
            ]
        );
    }

    #[test]
    fn broken_code_costs_one_statement() {
        assert_eq!(found("x = ((((\ndef f():  # a\n    'open  # no\n    y  # b\r\n"), [(2, "a", 2, 2), (4, "b", 4, 4)]);
        assert_eq!(found("'\\"), []);
        assert_eq!(found("'''"), []);
        assert_eq!(found(")))#"), [(1, "", 1, 1)]);
    }
}
