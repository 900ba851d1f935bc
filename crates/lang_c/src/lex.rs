//! Preprocessing tokens of one file.
//!
//! A file is read once for all translation units that include it: its tokens name their text by a number in the
//! file's own table, which each unit maps to its symbols.

use assay_index::FxHashMap;
use std::sync::Arc;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[rustfmt::skip]
pub(crate) enum Kind {
    /// The end of the input.
    End,
    Ident, Number, Char, Str,
    LParen, RParen, LBracket, RBracket, LBrace, RBrace,
    Semi, Comma, Dot, Arrow, Ellipsis, Question, Colon, ColonColon, DotStar, ArrowStar,
    Inc, Dec, Plus, Minus, Star, Slash, Percent, Amp, Pipe, Caret, Tilde, Not,
    Shl, Shr, Lt, Gt, Le, Ge, EqEq, NotEq, AndAnd, OrOr, Spaceship,
    Assign, PlusEq, MinusEq, StarEq, SlashEq, PercentEq, AmpEq, PipeEq, CaretEq, ShlEq, ShrEq,
    Hash, HashHash,
    /// A character that begins no token.
    Other,
}

/// The token is the first of its line.
pub(crate) const LINE_START: u8 = 1;
/// White space stands before the token.
pub(crate) const SPACE_BEFORE: u8 = 2;
/// The token names a macro that was being expanded, and is not expanded any more.
pub(crate) const PAINTED: u8 = 4;
/// The token comes from the body of a macro.
pub(crate) const FROM_MACRO: u8 = 8;

/// A token of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawToken {
    pub(crate) kind: Kind,
    pub(crate) flags: u8,
    /// Its text, in [`Lexed::names`].
    pub(crate) name: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The tokens of a file.
#[derive(Debug)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<RawToken>,
    pub(crate) names: Vec<Arc<str>>,
}

/// Reads a file. Never fails: what is unterminated ends where the line or file ends.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tokens: Vec::with_capacity(text.len() / 4),
        names: Vec::new(),
        ids: FxHashMap::default(),
    };
    lexer.run();
    Lexed { tokens: lexer.tokens, names: lexer.names }
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    tokens: Vec<RawToken>,
    names: Vec<Arc<str>>,
    ids: FxHashMap<Arc<str>, u32>,
}

/// Every token of more than one character, the longest first among those that begin alike.
#[rustfmt::skip]
const LONG: [(&str, Kind); 37] = [
    ("...", Kind::Ellipsis), ("<<=", Kind::ShlEq), (">>=", Kind::ShrEq), ("->*", Kind::ArrowStar), ("<=>", Kind::Spaceship),
    ("->", Kind::Arrow), ("++", Kind::Inc), ("--", Kind::Dec), ("<<", Kind::Shl), (">>", Kind::Shr), ("<=", Kind::Le),
    (">=", Kind::Ge), ("==", Kind::EqEq), ("!=", Kind::NotEq), ("&&", Kind::AndAnd), ("||", Kind::OrOr), ("+=", Kind::PlusEq),
    ("-=", Kind::MinusEq), ("*=", Kind::StarEq), ("/=", Kind::SlashEq), ("%=", Kind::PercentEq), ("&=", Kind::AmpEq),
    ("|=", Kind::PipeEq), ("^=", Kind::CaretEq), ("##", Kind::HashHash), ("::", Kind::ColonColon), (".*", Kind::DotStar),
    // Digraphs.
    ("<:", Kind::LBracket), (":>", Kind::RBracket), ("<%", Kind::LBrace), ("%>", Kind::RBrace), ("%:", Kind::Hash),
    // Other characters that always stand alone, to keep one table.
    ("(", Kind::LParen), (")", Kind::RParen), (";", Kind::Semi), (",", Kind::Comma), ("?", Kind::Question),
];

fn single(byte: u8) -> Kind {
    match byte {
        b'[' => Kind::LBracket,
        b']' => Kind::RBracket,
        b'{' => Kind::LBrace,
        b'}' => Kind::RBrace,
        b'.' => Kind::Dot,
        b':' => Kind::Colon,
        b'+' => Kind::Plus,
        b'-' => Kind::Minus,
        b'*' => Kind::Star,
        b'/' => Kind::Slash,
        b'%' => Kind::Percent,
        b'&' => Kind::Amp,
        b'|' => Kind::Pipe,
        b'^' => Kind::Caret,
        b'~' => Kind::Tilde,
        b'!' => Kind::Not,
        b'<' => Kind::Lt,
        b'>' => Kind::Gt,
        b'=' => Kind::Assign,
        b'#' => Kind::Hash,
        _ => Kind::Other,
    }
}

fn is_ident(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut flags = LINE_START;
        if self.text.starts_with('\u{feff}') {
            self.at = 3;
        }
        loop {
            flags |= self.skip_blank();
            let Some(&byte) = self.bytes.get(self.at) else { break };
            let start = self.at;
            let kind = self.token(byte);
            let id = self.name(start, self.at);
            self.tokens.push(RawToken { kind, flags, name: id, start: start as u32, end: self.at as u32 });
            flags = 0;
        }
    }

    /// The number of a token's text, without the line ends that a backslash takes away.
    fn name(&mut self, start: usize, end: usize) -> u32 {
        let text = self.text.get(start..end).unwrap_or("\u{fffd}");
        if text.contains("\\\n") || text.contains("\\\r\n") {
            return self.intern(&text.replace("\\\r\n", "").replace("\\\n", ""));
        }
        self.intern(text)
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let (id, text): (u32, Arc<str>) = (self.names.len() as u32, Arc::from(text));
        self.names.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The length of a backslash with the line end behind it, at an offset; 0 when there is none.
    fn splice(&self, at: usize) -> usize {
        match self.bytes.get(at..) {
            Some([b'\\', b'\n', ..]) => 2,
            Some([b'\\', b'\r', b'\n', ..]) => 3,
            _ => 0,
        }
    }

    /// Skips white space and comments; gives the flags of the token behind them.
    fn skip_blank(&mut self) -> u8 {
        let mut flags = 0;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => {
                    flags |= LINE_START | SPACE_BEFORE;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => {
                    flags |= SPACE_BEFORE;
                    self.at += 1;
                }
                b'\\' if self.splice(self.at) > 0 => self.at += self.splice(self.at),
                b'/' if self.peek(1) == b'*' => {
                    flags |= SPACE_BEFORE;
                    let end = self.text.get(self.at + 2..).and_then(|rest| rest.find("*/"));
                    self.at = end.map_or(self.bytes.len(), |end| self.at + 2 + end + 2);
                }
                b'/' if self.peek(1) == b'/' => {
                    flags |= SPACE_BEFORE;
                    self.skip_line();
                }
                _ => break,
            }
        }
        flags
    }

    fn skip_line(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match self.splice(self.at) {
                0 if byte == b'\n' => break,
                0 => self.at += 1,
                length => self.at += length,
            }
        }
    }

    fn token(&mut self, byte: u8) -> Kind {
        if byte == b'"' {
            return self.quoted(b'"', Kind::Str);
        }
        if byte == b'\'' {
            return self.quoted(b'\'', Kind::Char);
        }
        if byte.is_ascii_digit() || (byte == b'.' && self.peek(1).is_ascii_digit()) {
            return self.number();
        }
        if is_ident(byte) {
            return self.word();
        }
        for (text, kind) in LONG {
            if self.bytes[self.at..].starts_with(text.as_bytes()) {
                self.at += text.len();
                return kind;
            }
        }
        self.at += 1;
        single(byte)
    }

    fn word(&mut self) -> Kind {
        let start = self.at;
        loop {
            if is_ident(self.peek(0)) {
                self.at += 1;
            } else if self.splice(self.at) > 0 && is_ident(self.peek(self.splice(self.at))) {
                self.at += self.splice(self.at);
            } else {
                break;
            }
        }
        let quote = self.peek(0);
        if quote != b'"' && quote != b'\'' {
            return Kind::Ident;
        }
        match &self.bytes[start..self.at] {
            b"L" | b"u" | b"U" | b"u8" if quote == b'"' => self.quoted(quote, Kind::Str),
            b"L" | b"u" | b"U" | b"u8" => self.quoted(quote, Kind::Char),
            b"R" | b"LR" | b"uR" | b"UR" | b"u8R" if quote == b'"' => self.raw_string(),
            _ => Kind::Ident,
        }
    }

    /// A literal up to its quote, or to the end of its line when it has none.
    fn quoted(&mut self, quote: u8, kind: Kind) -> Kind {
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => return Kind::Other,
                b'\\' => {
                    let splice = self.splice(self.at);
                    self.at += if splice > 0 { splice } else { 2 };
                }
                _ => self.at += 1,
            }
            if byte == quote {
                self.at = self.at.min(self.bytes.len());
                return kind;
            }
        }
        self.at = self.bytes.len();
        Kind::Other
    }

    /// `R"delimiter(…)delimiter"`
    fn raw_string(&mut self) -> Kind {
        let rest = self.text.get(self.at + 1..).unwrap_or("");
        let delimiter = rest.split('(').next().unwrap_or("");
        if delimiter.len() > 16 || delimiter.len() == rest.len() {
            return self.quoted(b'"', Kind::Str);
        }
        let end = rest.find(&format!("){delimiter}\""));
        self.at = end.map_or(self.bytes.len(), |end| self.at + 1 + end + delimiter.len() + 2);
        Kind::Str
    }

    fn number(&mut self) -> Kind {
        loop {
            let byte = self.peek(0);
            if matches!(byte, b'e' | b'E' | b'p' | b'P') && matches!(self.peek(1), b'+' | b'-') {
                self.at += 2;
            } else if is_ident(byte) || byte == b'.' {
                self.at += 1;
            } else if byte == b'\'' && self.peek(1).is_ascii_alphanumeric() {
                self.at += 2;
            } else if self.splice(self.at) > 0 {
                self.at += self.splice(self.at);
            } else {
                return Kind::Number;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let lexed = lex(text);
        lexed.tokens.iter().map(|t| lexed.names[t.name as usize].to_string()).collect()
    }

    #[test]
    fn tokens_are_the_longest_that_fit() {
        assert_eq!(words("a+++b->*c<<=0x1p-3...>>"), ["a", "++", "+", "b", "->*", "c", "<<=", "0x1p-3...", ">>"]);
        assert_eq!(words("L\"a\\\"b\" u8'c' x\"d\""), ["L\"a\\\"b\"", "u8'c'", "x", "\"d\""]);
        assert_eq!(words("1'000 R\"x(a)\"b)x\" e"), ["1'000", "R\"x(a)\"b)x\"", "e"]);
    }

    #[test]
    fn lines_that_a_backslash_joins_are_one() {
        assert_eq!(words("ab\\\ncd \"x\\\ny\" // c \\\n still\nd"), ["abcd", "\"xy\"", "d"]);
        let lexed = lex("#define A \\\n 1\nB");
        let starts: Vec<bool> = lexed.tokens.iter().map(|t| t.flags & LINE_START != 0).collect();
        assert_eq!(starts, [true, false, false, false, true]);
    }

    #[test]
    fn nothing_has_to_end() {
        for text in ["\"a", "'", "/* a", "R\"x(", "L\"\\", "'\\", "\"a\nb\"", "\u{e9}\"", "R\"", "\\", "1e+"] {
            let lexed = lex(text);
            assert!(lexed.tokens.iter().all(|t| t.end as usize <= text.len() && t.start <= t.end), "{text}");
        }
    }
}
