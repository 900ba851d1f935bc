//! The syntax of Python's module `re`.

use super::{Anchor, CharSet, Flags, Node, Regex, Taking};
use assay_index::FxHashMap;

/// Groups nested deeper than this are not parsed.
const MAX_NESTING: u32 = 100;
/// Longer expressions are not parsed.
const MAX_CHARS: usize = 20_000;

/// Why an expression cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The number of characters before the mistake.
    pub at: usize,
    /// What is wrong.
    pub message: &'static str,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at character {}", self.message, self.at)
    }
}

impl std::error::Error for ParseError {}

/// Parses an expression with the flags given beside it.
///
/// # Errors
/// When Python would not compile it, or when it is too long or too deeply nested.
pub fn parse(text: &str, flags: Flags) -> Result<Regex, ParseError> {
    parse_as(text, flags, false)
}

/// Like [`parse`], but its classes hold the characters that *certainly* match: which letters beyond ASCII are of
/// `\w` is not held, so they are of neither `\w` nor `\W`. What holds of such a path through the expression holds
/// in Python.
///
/// # Errors
/// As [`parse`].
pub fn parse_certain(text: &str, flags: Flags) -> Result<Regex, ParseError> {
    parse_as(text, flags, true)
}

fn parse_as(text: &str, flags: Flags, certain: bool) -> Result<Regex, ParseError> {
    let chars: Vec<char> = text.chars().take(MAX_CHARS + 1).collect();
    let names = FxHashMap::default();
    let mut parser =
        Parser { chars, pos: 0, flags, groups: 0, names, depth: 0, certain, gaps: Vec::new(), joins: false };
    if parser.chars.len() > MAX_CHARS {
        return Err(parser.error("expression too long"));
    }
    parser.leading_flags();
    let root = parser.alternation()?;
    if parser.pos < parser.chars.len() {
        return Err(parser.error("unbalanced parenthesis"));
    }
    Ok(Regex { root, groups: parser.groups, gaps: parser.gaps })
}

struct Parser {
    chars: Vec<char>,
    pos: usize,
    flags: Flags,
    groups: u32,
    names: FxHashMap<String, u32>,
    depth: u32,
    certain: bool,
    gaps: Vec<&'static str>,
    /// Whether the item read last is a class that Python makes one of with its alternatives: a character, an escape,
    /// or a class in brackets that is not negated.
    joins: bool,
}

/// What a class escape matches: certainly, and possibly.
struct Bounds {
    must: CharSet,
    may: CharSet,
}

impl Bounds {
    fn chosen(self, certain: bool) -> CharSet {
        if certain { self.must } else { self.may }
    }
}

impl Parser {
    fn error(&self, message: &'static str) -> ParseError {
        ParseError { at: self.pos, message }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.pos).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += 1;
        Some(c)
    }

    fn eat(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c);
        self.pos += usize::from(hit);
        hit
    }

    fn eat_text(&mut self, text: &str) -> bool {
        let hit = text.chars().enumerate().all(|(i, c)| self.chars.get(self.pos + i) == Some(&c));
        if hit {
            self.pos += text.chars().count();
        }
        hit
    }

    /// `(?ims)` at the start sets flags for the whole expression, itself included.
    fn leading_flags(&mut self) {
        loop {
            let start = self.pos;
            if self.flags.has(Flags::VERBOSE) {
                self.skip_blank();
            }
            if !self.eat_text("(?") {
                self.pos = start;
                return;
            }
            let mut flags = Flags::NONE;
            while let Some(flag) = self.peek().and_then(Flags::from_letter) {
                flags = flags.with(flag);
                self.pos += 1;
            }
            if !self.eat(')') {
                self.pos = start;
                return;
            }
            self.flags = self.flags.with(flags);
        }
    }

    fn skip_blank(&mut self) {
        while let Some(c) = self.peek() {
            if c == '#' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.pos += 1;
                }
            } else if matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c') {
                self.pos += 1;
            } else {
                return;
            }
        }
    }

    fn alternation(&mut self) -> Result<Node, ParseError> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(self.error("expression nested too deeply"));
        }
        self.joins = false;
        let mut branches = vec![self.sequence()?];
        let mut joins = self.joins && matches!(branches[0], Node::Class(_));
        while self.eat('|') {
            self.joins = false;
            let branch = self.sequence()?;
            joins &= self.joins && matches!(branch, Node::Class(_));
            branches.push(branch);
        }
        self.depth -= 1;
        self.joins = false;
        // `a|b|\d` is `[ab\d]` to Python. Equal branches are not: it takes their common head out first.
        if joins && branches.len() > 1 && branches.iter().any(|b| *b != branches[0]) {
            self.joins = true;
            let mut all = CharSet::empty();
            for branch in &branches {
                if let Node::Class(set) = branch {
                    all.add(set);
                }
            }
            return Ok(Node::Class(all));
        }
        Ok(match branches.pop() {
            Some(only) if branches.is_empty() => only,
            Some(last) => {
                branches.push(last);
                Node::Alternate(branches)
            }
            None => Node::Empty,
        })
    }

    fn sequence(&mut self) -> Result<Node, ParseError> {
        let mut items = Vec::new();
        loop {
            if self.flags.has(Flags::VERBOSE) {
                self.skip_blank();
            }
            match self.peek() {
                None | Some('|' | ')') => break,
                Some(_) => {}
            }
            let start = self.pos;
            self.joins = false;
            let Some(atom) = self.atom()? else { continue };
            items.push(self.quantified(atom, start)?);
        }
        Ok(match items.pop() {
            None => Node::Empty,
            Some(only) if items.is_empty() => only,
            Some(last) => {
                items.push(last);
                Node::Concat(items)
            }
        })
    }

    fn quantified(&mut self, mut node: Node, start: usize) -> Result<Node, ParseError> {
        loop {
            if self.flags.has(Flags::VERBOSE) {
                self.skip_blank();
            }
            let (min, max) = match self.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') => match self.counts() {
                    Some(counts) => counts,
                    None => return Ok(node),
                },
                _ => return Ok(node),
            };
            if self.peek() != Some('}') && !matches!(self.peek(), Some('*' | '+' | '?')) {
                return Ok(node);
            }
            self.pos += 1;
            if max.is_some_and(|max| max < min) {
                return Err(self.error("minimum above maximum"));
            }
            if matches!(node, Node::Repeat { .. }) {
                return Err(self.error("multiple repeat"));
            }
            let taking = match self.peek() {
                Some('?') => Taking::Lazy,
                Some('+') => Taking::Possessive,
                _ => Taking::Greedy,
            };
            self.pos += usize::from(taking != Taking::Greedy);
            let span = (start as u32, self.pos as u32);
            node = Node::Repeat { node: Box::new(node), min, max, taking, span };
        }
    }

    /// Reads `{m,n` up to its `}`, which is left; `None`, with nothing read, when this is no
    /// quantifier but text.
    fn counts(&mut self) -> Option<(u32, Option<u32>)> {
        let start = self.pos;
        self.pos += 1;
        let low = self.digits();
        let high = if self.eat(',') { Some(self.digits()) } else { None };
        if self.peek() != Some('}') || (low.is_none() && high.is_none()) {
            self.pos = start;
            return None;
        }
        Some(match (low, high) {
            (low, Some(high)) => (low.unwrap_or(0), high),
            (low, None) => (low.unwrap_or(0), low),
        })
    }

    fn digits(&mut self) -> Option<u32> {
        let mut value: Option<u32> = None;
        while let Some(d) = self.peek().and_then(|c| c.to_digit(10)) {
            value = Some(value.unwrap_or(0).saturating_mul(10).saturating_add(d));
            self.pos += 1;
        }
        value
    }

    fn literal(&self, c: char) -> Node {
        let mut set = CharSet::one(c);
        if self.flags.has(Flags::IGNORE_CASE) {
            set.fold_case();
        }
        Node::Class(set)
    }

    /// One item; `None` for a comment or a change of flags.
    fn atom(&mut self) -> Result<Option<Node>, ParseError> {
        let Some(c) = self.next() else { return Ok(None) };
        let multiline = self.flags.has(Flags::MULTILINE);
        self.joins = !(matches!(c, '.' | '^' | '$' | '(') || c == '[' && self.peek() == Some('^'));
        Ok(Some(match c {
            '.' if self.flags.has(Flags::DOT_ALL) => Node::Class(CharSet::any()),
            '.' => Node::Class(CharSet::one('\n').complement()),
            '^' => Node::Anchor(if multiline { Anchor::LineStart } else { Anchor::Start }),
            '$' => Node::Anchor(if multiline { Anchor::LineEnd } else { Anchor::Dollar }),
            '[' => self.class()?,
            '\\' => self.escape()?,
            '(' => return self.group(),
            '*' | '+' | '?' => return Err(self.error("nothing to repeat")),
            c => self.literal(c),
        }))
    }

    fn group(&mut self) -> Result<Option<Node>, ParseError> {
        let outer = self.flags;
        let node = if self.eat('?') {
            match self.next() {
                Some(':') => {
                    // Python has no group left of this one: `(?:a|b)` is the class `[ab]`.
                    let inner = self.alternation()?;
                    let joins = std::mem::replace(&mut self.joins, false);
                    if !self.eat(')') {
                        return Err(self.error("missing )"));
                    }
                    self.flags = outer;
                    self.joins = joins && matches!(inner, Node::Class(_));
                    return Ok(Some(if self.joins { inner } else { Node::Group(None, Box::new(inner)) }));
                }
                Some('>') => Node::Atomic(Box::new(self.alternation()?)),
                Some('#') => {
                    while self.next().is_some_and(|c| c != ')') {}
                    return Ok(None);
                }
                Some('=') => self.look(true, false)?,
                Some('!') => self.look(true, true)?,
                Some('<') if self.eat('=') => self.look(false, false)?,
                Some('<') if self.eat('!') => self.look(false, true)?,
                Some('P') if self.eat('<') => {
                    let name = self.name('>')?;
                    self.groups += 1;
                    let number = self.groups;
                    self.names.insert(name, number);
                    Node::Group(Some(number), Box::new(self.alternation()?))
                }
                Some('P') if self.eat('=') => {
                    let name = self.name(')')?;
                    let number = self.names.get(&name).copied();
                    return Ok(Some(number.map_or(Node::Unknown, Node::BackReference)));
                }
                Some('(') => self.conditional()?,
                Some(c) if c == '-' || Flags::from_letter(c).is_some() => {
                    self.pos -= 1;
                    if self.inline_flags()? {
                        return Ok(None);
                    }
                    Node::Group(None, Box::new(self.alternation()?))
                }
                _ => return Err(self.error("unknown extension")),
            }
        } else {
            self.groups += 1;
            let number = self.groups;
            Node::Group(Some(number), Box::new(self.alternation()?))
        };
        if !self.eat(')') {
            return Err(self.error("missing )"));
        }
        self.flags = outer;
        Ok(Some(node))
    }

    /// `(1)yes|no` behind `(?`, without the first parenthesis.
    fn conditional(&mut self) -> Result<Node, ParseError> {
        let name = self.name(')')?;
        let group = match name.parse::<u32>() {
            Ok(number) => number,
            Err(_) => self.names.get(&name).copied().ok_or_else(|| self.error("unknown group"))?,
        };
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(self.error("expression nested too deeply"));
        }
        let yes = self.sequence()?;
        let no = if self.eat('|') { self.sequence()? } else { Node::Empty };
        self.depth -= 1;
        if self.peek() == Some('|') {
            return Err(self.error("more than two branches of a condition"));
        }
        Ok(Node::Conditional { group, yes: Box::new(yes), no: Box::new(no) })
    }

    fn look(&mut self, ahead: bool, negative: bool) -> Result<Node, ParseError> {
        Ok(Node::Look { node: Box::new(self.alternation()?), ahead, negative })
    }

    /// `i-s:` or `i)`; whether it was the latter, which holds from here on.
    fn inline_flags(&mut self) -> Result<bool, ParseError> {
        let mut flags = self.flags;
        let mut adding = true;
        loop {
            match self.next() {
                Some('-') if adding => adding = false,
                Some(':') => {
                    self.flags = flags;
                    return Ok(false);
                }
                Some(')') if adding => {
                    self.flags = flags;
                    return Ok(true);
                }
                Some(c) => match Flags::from_letter(c) {
                    Some(flag) if adding => flags = flags.with(flag),
                    Some(flag) => flags = flags.without(flag),
                    None => return Err(self.error("unknown flag")),
                },
                None => return Err(self.error("missing )")),
            }
        }
    }

    fn name(&mut self, end: char) -> Result<String, ParseError> {
        let mut name = String::new();
        loop {
            match self.next() {
                Some(c) if c == end => return Ok(name),
                Some(c) => name.push(c),
                None => return Err(self.error("missing end of name")),
            }
        }
    }

    fn escape(&mut self) -> Result<Node, ParseError> {
        let Some(c) = self.next() else { return Err(self.error("escape at the end")) };
        Ok(match c {
            'A' => Node::Anchor(Anchor::Start),
            'Z' | 'z' => Node::Anchor(Anchor::End),
            'b' => Node::Anchor(Anchor::WordBoundary),
            'B' => Node::Anchor(Anchor::NoWordBoundary),
            '1'..='9' => {
                let first = c.to_digit(10).unwrap_or(0);
                let second = self.peek().and_then(|d| d.to_digit(10));
                let octal = first < 8
                    && second.is_some_and(|d| d < 8)
                    && first <= 3
                    && self.chars.get(self.pos + 1).and_then(|d| d.to_digit(8)).is_some();
                if octal {
                    self.pos -= 1;
                    return Ok(self.octal());
                }
                self.pos += usize::from(second.is_some());
                Node::BackReference(second.map_or(first, |d| first * 10 + d))
            }
            _ => match self.class_escape(c) {
                Some(bounds) => Node::Class(bounds.chosen(self.certain)),
                None => match self.char_escape(c)? {
                    Some(c) => self.literal(c),
                    None => Node::Class(self.unknown_character()),
                },
            },
        })
    }

    /// What a character matches of which only the name is known.
    fn unknown_character(&mut self) -> CharSet {
        self.gaps.push("a character given by its name");
        if self.certain { CharSet::empty() } else { CharSet::any() }
    }

    fn octal(&mut self) -> Node {
        match self.octal_char() {
            Some(c) => self.literal(c),
            None => Node::Class(self.unknown_character()),
        }
    }

    fn octal_char(&mut self) -> Option<char> {
        let mut value = 0;
        for _ in 0..3 {
            let Some(d) = self.peek().and_then(|c| c.to_digit(8)) else { break };
            value = value * 8 + d;
            self.pos += 1;
        }
        char::from_u32(value)
    }

    /// The character that an escape stands for; `None` for one that only a name tells.
    fn char_escape(&mut self, c: char) -> Result<Option<char>, ParseError> {
        Ok(Some(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\x0c',
            'v' => '\x0b',
            'a' => '\x07',
            '0' => {
                let mut value = 0;
                for _ in 0..2 {
                    let Some(d) = self.peek().and_then(|c| c.to_digit(8)) else { break };
                    value = value * 8 + d;
                    self.pos += 1;
                }
                return Ok(char::from_u32(value));
            }
            'x' => return self.hex(2),
            'u' => return self.hex(4),
            'U' => return self.hex(8),
            'N' if self.eat('{') => {
                self.name('}')?;
                return Ok(None);
            }
            c if c.is_ascii_alphanumeric() => return Err(self.error("bad escape")),
            c => c,
        }))
    }

    fn hex(&mut self, digits: u32) -> Result<Option<char>, ParseError> {
        let mut value: u32 = 0;
        for _ in 0..digits {
            let Some(d) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(self.error("incomplete escape"));
            };
            value = value.wrapping_mul(16).wrapping_add(d);
            self.pos += 1;
        }
        Ok(char::from_u32(value))
    }

    fn class_escape(&self, c: char) -> Option<Bounds> {
        let ascii = match c.to_ascii_lowercase() {
            'd' => CharSet::of(&[('0', '9')]),
            'w' => CharSet::of(&[('0', '9'), ('a', 'z'), ('A', 'Z'), ('_', '_')]),
            's' => CharSet::of(&[('\t', '\r'), ('\x1c', '\x1f'), (' ', ' ')]),
            _ => return None,
        };
        let may = if self.flags.has(Flags::ASCII) {
            ascii.clone()
        } else {
            // Which characters beyond ASCII belong to the class is not held: any of them may.
            ascii.clone().union(&CharSet::of(&[('\u{80}', '\u{10FFFF}')]))
        };
        let bounds = Bounds { must: ascii, may };
        Some(if c.is_ascii_uppercase() {
            Bounds { must: bounds.may.complement(), may: bounds.must.complement() }
        } else {
            bounds
        })
    }

    fn class(&mut self) -> Result<Node, ParseError> {
        let negated = self.eat('^');
        let mut must = CharSet::empty();
        let mut may = CharSet::empty();
        let mut first = true;
        loop {
            let Some(c) = self.next() else { return Err(self.error("unterminated character set")) };
            if c == ']' && !first {
                break;
            }
            first = false;
            let low = self.class_item(c)?;
            let is_range = self.peek() == Some('-') && self.chars.get(self.pos + 1).is_some_and(|&c| c != ']');
            let low = match low {
                Ok(c) => c,
                Err(_) if is_range => return Err(self.error("bad character range")),
                Err(bounds) => {
                    must.add(&bounds.must);
                    may.add(&bounds.may);
                    continue;
                }
            };
            let high = if is_range {
                self.pos += 1;
                let Some(c) = self.next() else { return Err(self.error("unterminated character set")) };
                match self.class_item(c)? {
                    Ok(high) if high >= low => high,
                    _ => return Err(self.error("bad character range")),
                }
            } else {
                low
            };
            let mut range = CharSet::of(&[(low, high)]);
            if self.flags.has(Flags::IGNORE_CASE) {
                range.fold_case();
            }
            must.add(&range);
            may.add(&range);
        }
        let bounds =
            if negated { Bounds { must: may.complement(), may: must.complement() } } else { Bounds { must, may } };
        self.joins = !negated;
        Ok(Node::Class(bounds.chosen(self.certain)))
    }

    /// A character or an escape inside a class: one character, or a set.
    fn class_item(&mut self, c: char) -> Result<Result<char, Bounds>, ParseError> {
        if c != '\\' {
            return Ok(Ok(c));
        }
        let Some(c) = self.next() else { return Err(self.error("unterminated character set")) };
        if let Some(bounds) = self.class_escape(c) {
            return Ok(Err(bounds));
        }
        if c == 'b' {
            return Ok(Ok('\x08'));
        }
        if c.is_digit(8) && c != '0' {
            self.pos -= 1;
            return self.octal_char().map(Ok).ok_or_else(|| self.error("bad escape"));
        }
        Ok(match self.char_escape(c)? {
            Some(c) => Ok(c),
            None => Err(Bounds { must: CharSet::empty(), may: CharSet::any() }),
        })
    }
}
