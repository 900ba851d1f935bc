//! Blanks what is nested too deeply to be parsed.
//!
//! The parser, its syntax tree and the lowering recurse on the source's structure. A quick scan over
//! the bytes bounds that depth from above:
//!
//! - A *level* is an open bracket, an f-string or one of its format specifications.
//! - A level's *chain* counts operators, attributes, calls and prefix words since its last comma or
//!   the start of the logical line: each may put the rest one node deeper.
//!
//! Beyond a limit the rest of the level (or of the chain, or of the logical line when it is
//! indented too far) is replaced by blanks of the same length, so that all offsets stay true.

use assay_ir::{Gap, GapReason};
use assay_text::{Span, limits};
use std::ops::Range;

const NESTING: &str = "MAX_NESTING";
const OPERATORS: &str = "MAX_OPERATOR_CHAIN";

/// The text with what is too deep replaced by blanks; `None` when nothing is. The places are added to
/// `gaps`.
pub(crate) fn blank_deep_parts(text: &str, gaps: &mut Vec<Gap>) -> Option<String> {
    let mut cuts = Scanner::new(text.as_bytes()).run();
    if cuts.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for round in 0.. {
        if round == 8 {
            // Unbalanced beyond sense: keep what stands before the first place.
            cuts.truncate(1);
            cuts[0].range.end = bytes.len();
        }
        for cut in &cuts {
            let blanked = &mut bytes[cut.range.clone()];
            blanked.iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
            let span = Span::new(cut.range.start as u32, cut.range.end as u32);
            gaps.push(Gap { span, reason: GapReason::Limit(cut.limit.into()) });
        }
        if round == 8 {
            break;
        }
        cuts = Scanner::new(&bytes).run();
        if cuts.is_empty() {
            break;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The module's top level, or a bracket.
    Code,
    /// A hole of an f-string.
    Hole,
    /// The text of an f-string.
    Text { quote: u8, triple: bool, raw: bool },
    /// A format specification in the hole below it.
    Spec { quote: u8, triple: bool, raw: bool },
}

struct Open {
    level: Level,
    chain: usize,
}

/// A part of the text that is too deep, and by which limit.
struct Part {
    range: Range<usize>,
    limit: &'static str,
}

/// Where a part that is too deep began and what ends it.
struct Cut {
    start: usize,
    /// The height of the stack when the part belongs to the level on top of it.
    height: usize,
    /// Whether a comma at that level ends it.
    chain: bool,
    limit: &'static str,
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    levels: Vec<Open>,
    /// Brackets and holes among the levels.
    brackets: usize,
    /// The sum of all levels' chains.
    chains: usize,
    indents: Vec<usize>,
    cut: Option<Cut>,
    cuts: Vec<Part>,
}

impl<'t> Scanner<'t> {
    fn new(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            levels: vec![Open { level: Level::Code, chain: 0 }],
            brackets: 0,
            chains: 0,
            indents: Vec::new(),
            cut: None,
            cuts: Vec::new(),
        }
    }

    fn run(mut self) -> Vec<Part> {
        self.line_start();
        while self.at < self.bytes.len() {
            match self.levels[self.levels.len() - 1].level {
                Level::Code | Level::Hole => self.code(),
                Level::Text { quote, triple, raw } => self.text(quote, triple, raw, false),
                Level::Spec { quote, triple, raw } => self.text(quote, triple, raw, true),
            }
        }
        if let Some(cut) = self.cut.take() {
            // Nothing closes it: the rest of its line is left out, and the scan is made again.
            let rest = &self.bytes[cut.start..];
            let len = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            let range = cut.start..cut.start + len;
            self.cuts.push(Part { range, limit: cut.limit });
        }
        self.cuts.retain(|cut| self.bytes[cut.range.clone()].iter().any(|b| !b.is_ascii_whitespace()));
        self.cuts
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// One token of code.
    fn code(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80.. => self.word(),
            b'\n' | b'\r' => {
                self.at += 1;
                if self.levels.len() == 1 {
                    self.end_chain(self.at - 1);
                    self.line_start();
                }
            }
            b'(' | b'[' | b'{' => {
                self.at += 1;
                self.open(Level::Code);
            }
            b')' | b']' | b'}' => {
                self.close();
                self.at += 1;
                self.link();
            }
            b',' | b';' => {
                self.end_chain(self.at);
                self.at += 1;
            }
            b'\'' | b'"' => self.string(false, false),
            b'#' => self.skip_line(),
            b'\\' => self.at += 2,
            b':' => {
                self.at += 1;
                if let Open { level: Level::Hole, .. } = self.levels[self.levels.len() - 1]
                    && let Some(Open {
                        level: Level::Text { quote, triple, raw } | Level::Spec { quote, triple, raw },
                        ..
                    }) = self.levels.len().checked_sub(2).map(|i| &self.levels[i])
                {
                    let (quote, triple, raw) = (*quote, *triple, *raw);
                    self.levels.push(Open { level: Level::Spec { quote, triple, raw }, chain: 0 });
                }
            }
            b'.' | b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>' => {
                self.link();
                self.at += 1;
            }
            _ => self.at += 1,
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        let len = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80));
        let word = &rest[..len.unwrap_or(rest.len())];
        match word {
            b"if" | b"not" | b"def" | b"for" | b"try" | b"else" | b"with" | b"await" | b"async" | b"class"
            | b"while" | b"yield" | b"match" | b"lambda" | b"raise" | b"return" | b"from" | b"del" => self.link(),
            _ => {}
        }
        self.at += word.len();
        if word.len() <= 2 && matches!(self.peek(0), b'\'' | b'"') {
            let has = |c: u8| word.iter().any(|b| b.eq_ignore_ascii_case(&c));
            if word.iter().all(|b| b"rbuft".contains(&b.to_ascii_lowercase())) {
                self.string(has(b'f') || has(b't'), has(b'r'));
            }
        }
    }

    /// Reads a string, or the start of one with holes.
    fn string(&mut self, holes: bool, raw: bool) {
        let quote = self.peek(0);
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        self.at += if triple { 3 } else { 1 };
        if holes {
            self.levels.push(Open { level: Level::Text { quote, triple, raw }, chain: 0 });
            return;
        }
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'\n' | b'\r' if !triple => return,
                byte if byte == quote && (!triple || self.peek(1) == quote && self.peek(2) == quote) => {
                    self.at += if triple { 3 } else { 1 };
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    /// A step in the text of an f-string or in a format specification.
    fn text(&mut self, quote: u8, triple: bool, raw: bool, spec: bool) {
        match self.peek(0) {
            b'\\' if !raw && self.peek(1) == b'N' && self.peek(2) == b'{' => {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|b| matches!(b, b'}' | b'\n')).unwrap_or(rest.len());
                self.at += usize::from(self.peek(0) == b'}');
            }
            b'\\' if self.peek(1) == quote || self.peek(1) == b'\\' => self.at += 2,
            b'{' if !spec && self.peek(1) == b'{' => self.at += 2,
            b'{' => {
                self.at += 1;
                self.open(Level::Hole);
            }
            b'}' if spec => {
                self.levels.pop();
                self.close();
                self.at += 1;
            }
            b'\n' | b'\r' if !triple => self.end_text(),
            byte if byte == quote && (!triple || self.peek(1) == quote && self.peek(2) == quote) => {
                self.end_text();
                self.at += if triple { 3 } else { 1 };
            }
            _ => self.at += 1,
        }
    }

    /// Closes the innermost f-string and whatever is open in it.
    fn end_text(&mut self) {
        while self.levels.len() > 1 {
            let top = self.levels[self.levels.len() - 1].level;
            if matches!(top, Level::Code | Level::Hole) {
                self.pop();
            } else {
                self.levels.pop();
            }
            if matches!(top, Level::Text { .. }) {
                return;
            }
        }
    }

    fn open(&mut self, level: Level) {
        self.levels.push(Open { level, chain: 0 });
        self.brackets += 1;
        if self.brackets > limits::MAX_NESTING && self.cut.is_none() {
            self.cut = Some(Cut { start: self.at, height: self.levels.len(), chain: false, limit: NESTING });
        }
    }

    /// Closes a bracket or hole. A closing bracket without an open one is passed over.
    fn close(&mut self) {
        if self.levels.len() > 1 {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(cut) = self.cut.take_if(|cut| cut.height == self.levels.len()) {
            self.cuts.push(Part { range: cut.start..self.at, limit: cut.limit });
        }
        if let Some(open) = self.levels.pop() {
            self.chains -= open.chain;
            self.brackets -= 1;
        }
    }

    /// Counts something that the rest of the chain may stand below.
    fn link(&mut self) {
        let top = self.levels.len() - 1;
        self.levels[top].chain += 1;
        self.chains += 1;
        if self.chains > limits::MAX_OPERATOR_CHAIN && self.cut.is_none() {
            self.cut = Some(Cut { start: self.at, height: self.levels.len(), chain: true, limit: OPERATORS });
        }
    }

    fn end_chain(&mut self, at: usize) {
        if let Some(cut) = self.cut.take_if(|cut| cut.chain && cut.height == self.levels.len()) {
            self.cuts.push(Part { range: cut.start.min(at)..at, limit: cut.limit });
        }
        let top = self.levels.len() - 1;
        self.chains -= std::mem::take(&mut self.levels[top].chain);
    }

    /// Measures the indentation of the line that starts here.
    fn line_start(&mut self) {
        let mut column = 0;
        loop {
            match self.peek(0) {
                b' ' => column += 1,
                b'\t' => column = (column / 8 + 1) * 8,
                b'\x0c' => column = 0,
                b'\n' | b'\r' | b'#' => return,
                _ => break,
            }
            self.at += 1;
        }
        while self.indents.last().is_some_and(|indent| *indent > column) {
            self.indents.pop();
        }
        if column > self.indents.last().copied().unwrap_or(0) {
            self.indents.push(column);
        }
        if self.indents.len() > limits::MAX_NESTING && self.cut.is_none() {
            self.cut = Some(Cut { start: self.at, height: 1, chain: true, limit: NESTING });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> (Option<String>, usize) {
        let mut gaps = Vec::new();
        let blanked = blank_deep_parts(text, &mut gaps);
        if let Some(blanked) = &blanked {
            assert_eq!(blanked.len(), text.len());
            assert!(Scanner::new(blanked.as_bytes()).run().is_empty());
        }
        (blanked, gaps.len())
    }

    #[test]
    fn ordinary_source_is_left_alone() {
        let text = "x = f'{a:{w}}' + \"(((\" # ((((\nif x:\n\ty = '''[[[\n'''\n";
        assert_eq!(blanked(&text.repeat(2000)), (None, 0));
    }

    #[test]
    fn the_rest_of_the_file_survives_deep_brackets() {
        let text = format!("a = {}{}\nb = 1\n", "[".repeat(10_000), "]".repeat(10_000));
        let (result, gaps) = blanked(&text);
        let result = result.expect("it is cut");
        assert_eq!(gaps, 1);
        assert_eq!(result.matches('[').count(), limits::MAX_NESTING + 1);
        assert_eq!(result.matches(']').count(), limits::MAX_NESTING + 1);
        assert!(result.ends_with("]\nb = 1\n"));
    }

    #[test]
    fn unclosed_brackets_end_with_their_line() {
        let (result, _) = blanked(&format!("a = {}\nb = 1\n", "(".repeat(10_000)));
        assert!(result.is_some_and(|r| r.ends_with(" \nb = 1\n")));
    }

    #[test]
    fn chains_are_cut_at_their_end() {
        for link in [".a", "()", "[0]", " + 1", " if x else y", " ** 2"] {
            let text = format!("x = (a{}, b)\nc\n", link.repeat(limits::MAX_OPERATOR_CHAIN + 10));
            let (result, gaps) = blanked(&text);
            assert_eq!(gaps, 1, "{link}");
            assert!(result.is_some_and(|r| r.ends_with(", b)\nc\n")), "{link}");
        }
        for prefix in ["not ", "-", "lambda: ", "await ", "* "] {
            assert_eq!(
                blanked(&format!("x = {}y\nc\n", prefix.repeat(limits::MAX_OPERATOR_CHAIN + 10))).1,
                1,
                "{prefix}"
            );
        }
    }

    #[test]
    fn lines_indented_too_far_are_left_out() {
        let mut text = String::new();
        for i in 0..1000 {
            text.extend([" ".repeat(i).as_str(), "if x:\n"]);
        }
        text.push_str("y = 1\n");
        let (result, gaps) = blanked(&text);
        assert_eq!(gaps, 1000 - limits::MAX_NESTING - 1);
        assert!(result.is_some_and(|r| r.ends_with("\ny = 1\n")));
    }

    #[test]
    fn holes_of_f_strings_nest() {
        let text = format!("x = f'{}{}'\ny\n", "{a:".repeat(5000), "}".repeat(5000));
        let (result, _) = blanked(&text);
        assert!(result.is_some_and(|r| r.ends_with("'\ny\n")));
    }
}
