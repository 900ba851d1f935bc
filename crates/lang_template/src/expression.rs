//! Expressions of templates: the union of what Django and Jinja2 write.

use assay_text::{Span, limits};

/// An expression and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Str(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    None,
    Name(String),
    Attr(Box<Expr>, String),
    Item(Box<Expr>, Box<Expr>),
    Call(Box<Expr>, Vec<Argument>),
    Filter(Box<Expr>, String, Vec<Argument>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    /// `a if test else b`
    Choice(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// Texts joined by `~`.
    Concat(Vec<Expr>),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    /// Something whose parts alone matter: a test, a slice.
    Parts(Vec<Expr>),
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    And,
    Or,
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    In,
    NotIn,
    Is,
    IsNot,
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
}

/// An argument of a call or filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Argument {
    pub(crate) name: Option<String>,
    /// `*` or `**`, by their number.
    pub(crate) stars: u8,
    pub(crate) value: Expr,
}

/// Why an expression was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Syntax(String),
    Limit,
}

/// What went wrong, and where.
pub(crate) type Failure = (Span, Trouble);

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Name(String),
    Str(String),
    Int(i64),
    Float(f64),
    /// An operator or bracket.
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 30] = [
    "**", "//", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "|", "=", "<", ">", "+", "-", "*",
    "/", "%", "~", "!", "?", ";", "&", "@",
];

/// Reads the words of one tag or output.
pub(crate) struct Parser<'a> {
    text: &'a str,
    base: u32,
    words: Vec<(Word, Span)>,
    at: usize,
    depth: usize,
    /// Whether a blank ends an expression, as between the arguments of a tag.
    spaced: bool,
    /// Words that end an expression.
    stops: &'static [&'static str],
}

impl<'a> Parser<'a> {
    /// For the text at `span`.
    pub(crate) fn new(source: &'a str, span: Span) -> Result<Self, Failure> {
        let mut parser = Self {
            text: span.slice(source),
            base: span.start,
            words: Vec::new(),
            at: 0,
            depth: 0,
            spaced: false,
            stops: &[],
        };
        parser.read_words()?;
        Ok(parser)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.base + from as u32, self.base + to as u32)
    }

    fn read_words(&mut self) -> Result<(), Failure> {
        let text = self.text;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if c.is_whitespace() {
                at += c.len_utf8();
                continue;
            }
            let start = at;
            let word = if c == '"' || c == '\'' {
                let (value, end) = string(text, at)
                    .ok_or_else(|| (self.span(at, text.len()), Trouble::Syntax("a string that does not end".into())))?;
                at = end;
                Word::Str(value)
            } else if c.is_alphabetic() || c == '_' || c == '$' {
                let end = text[at..]
                    .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                    .map_or(text.len(), |n| n + at);
                at = end;
                Word::Name(text[start..end].to_owned())
            } else if c.is_ascii_digit() {
                let after_dot = matches!(self.words.last(), Some((Word::Sign("."), _)));
                let digits = |from: usize| {
                    text[from..].find(|c: char| !(c.is_ascii_digit() || c == '_')).map_or(text.len(), |n| n + from)
                };
                at = digits(at);
                let fraction = !after_dot
                    && text[at..].starts_with('.')
                    && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
                if fraction {
                    at = digits(at + 1);
                }
                let number = text[start..at].replace('_', "");
                if fraction {
                    Word::Float(number.parse().unwrap_or_default())
                } else {
                    number.parse().map_or(Word::Float(0.0), Word::Int)
                }
            } else if let Some(sign) = SIGNS.iter().find(|s| text[at..].starts_with(**s)) {
                at += sign.len();
                Word::Sign(sign)
            } else {
                return Err((self.span(at, at + c.len_utf8()), Trouble::Syntax(format!("unexpected `{c}`"))));
            };
            let span = self.span(start, at);
            self.words.push((word, span));
        }
        let end = self.span(text.len(), text.len());
        self.words.push((Word::End, end));
        Ok(())
    }

    fn word(&self) -> &Word {
        &self.words[self.at.min(self.words.len() - 1)].0
    }

    fn place(&self) -> Span {
        self.words[self.at.min(self.words.len() - 1)].1
    }

    fn next(&mut self) {
        self.at = (self.at + 1).min(self.words.len() - 1);
    }

    /// The end of the word before.
    fn last_end(&self) -> u32 {
        self.at.checked_sub(1).map_or(self.base, |n| self.words[n].1.end)
    }

    pub(crate) fn is_done(&self) -> bool {
        *self.word() == Word::End
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.word(), Word::Sign(s) if *s == sign);
        if found {
            self.next();
        }
        found
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.word(), Word::Sign(s) if *s == sign)
    }

    /// Takes a word that is a keyword here.
    pub(crate) fn keyword(&mut self, word: &str) -> bool {
        let found = self.is_keyword(word);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn is_keyword(&self, word: &str) -> bool {
        matches!(self.word(), Word::Name(name) if name == word)
    }

    /// Takes a name.
    pub(crate) fn name(&mut self) -> Result<String, Failure> {
        let Word::Name(name) = self.word() else { return Err(self.unexpected("a name")) };
        let name = name.clone();
        self.next();
        Ok(name)
    }

    pub(crate) fn comma(&mut self) -> bool {
        self.sign(",")
    }

    pub(crate) fn equals(&mut self) -> bool {
        self.sign("=")
    }

    pub(crate) fn opens(&mut self) -> bool {
        self.sign("(")
    }

    pub(crate) fn closes(&mut self) -> bool {
        self.sign(")")
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.is_sign(")")
    }

    /// One expression with all operators, without commas.
    pub(crate) fn single(&mut self) -> Result<Expr, Failure> {
        self.choice()
    }

    /// Whether `name =` comes next.
    pub(crate) fn assigns(&self) -> bool {
        matches!(self.word(), Word::Name(_)) && matches!(self.words.get(self.at + 1), Some((Word::Sign("="), _)))
    }

    pub(crate) fn unexpected(&self, wanted: &str) -> Failure {
        let message = match self.word() {
            Word::End => format!("{wanted} is missing"),
            _ => format!("{wanted} is wanted instead of `{}`", self.place_text()),
        };
        (self.place(), Trouble::Syntax(message))
    }

    fn place_text(&self) -> &str {
        let span = self.place();
        &self.text[(span.start - self.base) as usize..(span.end - self.base) as usize]
    }

    fn deeper(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > limits::MAX_NESTING { Err((self.place(), Trouble::Limit)) } else { Ok(()) }
    }

    fn made(&self, start: u32, kind: Kind) -> Expr {
        Expr { kind, span: Span::new(start, self.last_end().max(start)) }
    }

    /// An expression with all operators; several with commas between are a tuple.
    pub(crate) fn expression(&mut self) -> Result<Expr, Failure> {
        let start = self.place().start;
        let first = self.choice()?;
        if !self.is_sign(",") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.sign(",") {
            if self.is_done() {
                break;
            }
            all.push(self.choice()?);
        }
        Ok(self.made(start, Kind::Tuple(all)))
    }

    /// An expression that ends before one of these words.
    pub(crate) fn until(&mut self, stops: &'static [&'static str]) -> Result<Expr, Failure> {
        let outer = std::mem::replace(&mut self.stops, stops);
        let result = self.expression();
        self.stops = outer;
        result
    }

    /// One argument of a tag: no operators but filters, so that a blank ends it.
    pub(crate) fn argument(&mut self) -> Result<Expr, Failure> {
        let outer = std::mem::replace(&mut self.spaced, true);
        let result = self.unary();
        self.spaced = outer;
        result
    }

    fn choice(&mut self) -> Result<Expr, Failure> {
        self.deeper()?;
        let start = self.place().start;
        let mut value = self.binary(0)?;
        let stopped = self.stops.contains(&"if");
        if !stopped && self.keyword("if") {
            let test = self.binary(0)?;
            let other = if self.keyword("else") { Some(Box::new(self.choice()?)) } else { None };
            value = self.made(start, Kind::Choice(Box::new(test), Box::new(value), other));
        }
        self.depth -= 1;
        Ok(value)
    }

    fn operator(&mut self) -> Option<(Operator, u8)> {
        let found = match self.word() {
            Word::Name(name) if !self.stops.contains(&name.as_str()) => match name.as_str() {
                "or" => (Operator::Or, 1),
                "and" => (Operator::And, 2),
                "in" => (Operator::In, 4),
                "is" => (Operator::Is, 4),
                "not" => match self.words.get(self.at + 1) {
                    Some((Word::Name(next), _)) if next == "in" => (Operator::NotIn, 4),
                    _ => return None,
                },
                _ => return None,
            },
            Word::Sign(sign) => match *sign {
                "==" => (Operator::Eq, 4),
                "!=" => (Operator::NotEq, 4),
                "<" => (Operator::Less, 4),
                "<=" => (Operator::LessEq, 4),
                ">" => (Operator::Greater, 4),
                ">=" => (Operator::GreaterEq, 4),
                "+" => (Operator::Add, 5),
                "-" => (Operator::Sub, 5),
                "*" => (Operator::Mul, 7),
                "/" => (Operator::Div, 7),
                "//" => (Operator::FloorDiv, 7),
                "%" => (Operator::Mod, 7),
                "**" => (Operator::Pow, 8),
                _ => return None,
            },
            _ => return None,
        };
        Some(found)
    }

    fn binary(&mut self, least: u8) -> Result<Expr, Failure> {
        self.deeper()?;
        let start = self.place().start;
        let mut left = if self.keyword("not") {
            let inner = self.binary(3)?;
            self.made(start, Kind::Not(Box::new(inner)))
        } else {
            self.unary()?
        };
        let mut length = 0;
        loop {
            if self.is_sign("~") && least <= 6 {
                let mut all = vec![left];
                while self.sign("~") {
                    all.push(self.binary(7)?);
                }
                left = self.made(start, Kind::Concat(all));
                continue;
            }
            let Some((operator, strength)) = self.operator() else { break };
            if strength < least {
                break;
            }
            // What is applied on top of each other nests.
            length += 1;
            if length + self.depth > limits::MAX_NESTING {
                return Err((self.place(), Trouble::Limit));
            }
            self.next();
            if operator == Operator::NotIn {
                self.next();
            }
            if operator == Operator::Is {
                left = self.test(start, left)?;
                continue;
            }
            let right = self.binary(strength + 1)?;
            left = self.made(start, Kind::Binary(operator, Box::new(left), Box::new(right)));
        }
        self.depth -= 1;
        Ok(left)
    }

    /// `is [not] defined`, `is divisibleby 3`; of Django `is None`, `is not True`.
    fn test(&mut self, start: u32, left: Expr) -> Result<Expr, Failure> {
        let negated = self.keyword("not");
        let operator = if negated { Operator::IsNot } else { Operator::Is };
        let Word::Name(name) = self.word().clone() else {
            let right = self.unary()?;
            return Ok(self.made(start, Kind::Binary(operator, Box::new(left), Box::new(right))));
        };
        if matches!(name.as_str(), "None" | "True" | "False" | "none" | "true" | "false") {
            let right = self.unary()?;
            return Ok(self.made(start, Kind::Binary(operator, Box::new(left), Box::new(right))));
        }
        self.next();
        while self.is_sign(".") {
            self.next();
            self.name()?;
        }
        let mut parts = vec![left];
        if self.is_sign("(") {
            self.next();
            parts.extend(self.arguments()?.into_iter().map(|a| a.value));
        } else if matches!(self.word(), Word::Str(_) | Word::Int(_))
            || matches!(self.word(), Word::Name(n) if !matches!(n.as_str(), "and" | "or" | "if" | "else" | "not" | "is" | "in") && !self.stops.contains(&n.as_str()))
        {
            parts.push(self.unary()?);
        }
        Ok(self.made(start, Kind::Parts(parts)))
    }

    fn unary(&mut self) -> Result<Expr, Failure> {
        self.deeper()?;
        let start = self.place().start;
        let value = if self.is_sign("-") || self.is_sign("+") {
            self.next();
            let inner = self.unary()?;
            self.made(start, Kind::Parts(vec![inner]))
        } else {
            let primary = self.primary()?;
            self.postfix(start, primary)?
        };
        self.depth -= 1;
        Ok(value)
    }

    fn primary(&mut self) -> Result<Expr, Failure> {
        let start = self.place().start;
        let kind = match self.word().clone() {
            Word::Str(mut text) => {
                self.next();
                while let (Word::Str(more), false) = (self.word().clone(), self.spaced) {
                    text.push_str(&more);
                    self.next();
                }
                Kind::Str(text)
            }
            Word::Int(i) => {
                self.next();
                Kind::Int(i)
            }
            Word::Float(x) => {
                self.next();
                Kind::Float(x)
            }
            Word::Name(name) => {
                self.next();
                match name.as_str() {
                    "True" | "true" => Kind::Bool(true),
                    "False" | "false" => Kind::Bool(false),
                    "None" | "none" => Kind::None,
                    // `_("text")` of Django is the text in another language.
                    _ => Kind::Name(name),
                }
            }
            Word::Sign("(") => {
                self.next();
                return self.bracketed(start, ")", Kind::Tuple, true);
            }
            Word::Sign("[") => {
                self.next();
                return self.bracketed(start, "]", Kind::List, false);
            }
            Word::Sign("{") => {
                self.next();
                let mut items = Vec::new();
                let (stops, spaced) = (std::mem::take(&mut self.stops), std::mem::take(&mut self.spaced));
                while !self.sign("}") {
                    let key = self.choice()?;
                    if !self.sign(":") {
                        return Err(self.unexpected("`:`"));
                    }
                    let value = self.choice()?;
                    items.push((key, value));
                    if !self.sign(",") && !self.is_sign("}") {
                        return Err(self.unexpected("`}`"));
                    }
                }
                (self.stops, self.spaced) = (stops, spaced);
                Kind::Dict(items)
            }
            _ => return Err(self.unexpected("a value")),
        };
        Ok(self.made(start, kind))
    }

    fn bracketed(
        &mut self,
        start: u32,
        close: &str,
        make: fn(Vec<Expr>) -> Kind,
        single: bool,
    ) -> Result<Expr, Failure> {
        let (stops, spaced) = (std::mem::take(&mut self.stops), std::mem::take(&mut self.spaced));
        let mut items = Vec::new();
        let mut comma = false;
        while !self.sign(close) {
            items.push(self.choice()?);
            comma = self.sign(",");
            if !comma && !self.is_sign(close) {
                return Err(self.unexpected(close));
            }
        }
        (self.stops, self.spaced) = (stops, spaced);
        if single && items.len() == 1 && !comma {
            let inner = items.remove(0);
            return Ok(self.made(start, inner.kind));
        }
        Ok(self.made(start, make(items)))
    }

    /// Whether a blank stands before the word that comes next.
    fn blank_before(&self) -> bool {
        self.place().start > self.last_end()
    }

    fn postfix(&mut self, start: u32, mut value: Expr) -> Result<Expr, Failure> {
        let before = self.depth;
        loop {
            if self.spaced && self.blank_before() && !self.is_sign("|") {
                break;
            }
            let kind = if self.is_sign(".") {
                self.next();
                match self.word().clone() {
                    Word::Name(name) => {
                        self.next();
                        Kind::Attr(Box::new(value), name)
                    }
                    Word::Int(i) => {
                        let key = Expr { kind: Kind::Int(i), span: self.place() };
                        self.next();
                        Kind::Item(Box::new(value), Box::new(key))
                    }
                    _ => return Err(self.unexpected("the name of an attribute")),
                }
            } else if self.is_sign("[") {
                self.next();
                let key = self.subscript()?;
                Kind::Item(Box::new(value), Box::new(key))
            } else if self.is_sign("(") {
                self.next();
                let args = self.arguments()?;
                Kind::Call(Box::new(value), args)
            } else if self.is_sign("|") {
                self.next();
                let mut name = self.name()?;
                while self.is_sign(".") {
                    self.next();
                    name = self.name()?;
                }
                let args = if self.is_sign("(") {
                    self.next();
                    self.arguments()?
                } else if self.is_sign(":") {
                    self.next();
                    let at = self.place().start;
                    let primary = self.signed_primary()?;
                    let argument = self.lookups(at, primary)?;
                    vec![Argument { name: None, stars: 0, value: argument }]
                } else {
                    Vec::new()
                };
                Kind::Filter(Box::new(value), name, args)
            } else {
                break;
            };
            value = self.made(start, kind);
            self.deeper()?;
        }
        self.depth = before;
        Ok(value)
    }

    fn signed_primary(&mut self) -> Result<Expr, Failure> {
        let start = self.place().start;
        if self.sign("-") || self.sign("+") {
            let inner = self.primary()?;
            return Ok(self.made(start, Kind::Parts(vec![inner])));
        }
        self.primary()
    }

    /// Attributes and items alone, as in the argument of a filter of Django.
    fn lookups(&mut self, start: u32, mut value: Expr) -> Result<Expr, Failure> {
        let before = self.depth;
        if self.is_sign("(") && matches!(&value.kind, Kind::Name(name) if name == "_") {
            self.next();
            let args = self.arguments()?;
            value = self.made(start, Kind::Call(Box::new(value), args));
        }
        while self.is_sign(".") {
            self.next();
            let kind = match self.word().clone() {
                Word::Name(name) => Kind::Attr(Box::new(value), name),
                Word::Int(i) => {
                    let key = Expr { kind: Kind::Int(i), span: self.place() };
                    Kind::Item(Box::new(value), Box::new(key))
                }
                _ => return Err(self.unexpected("the name of an attribute")),
            };
            self.next();
            value = self.made(start, kind);
            self.deeper()?;
        }
        self.depth = before;
        Ok(value)
    }

    /// What stands between `[` and `]`, with the closing bracket.
    fn subscript(&mut self) -> Result<Expr, Failure> {
        let (stops, spaced) = (std::mem::take(&mut self.stops), std::mem::take(&mut self.spaced));
        let start = self.place().start;
        let mut parts = Vec::new();
        let mut slice = false;
        while !self.sign("]") {
            if self.sign(":") {
                slice = true;
                continue;
            }
            parts.push(self.expression()?);
            if !self.is_sign("]") && !self.is_sign(":") {
                return Err(self.unexpected("`]`"));
            }
        }
        (self.stops, self.spaced) = (stops, spaced);
        if !slice && parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        Ok(self.made(start, Kind::Parts(parts)))
    }

    /// The arguments up to the closing bracket, with it.
    pub(crate) fn arguments(&mut self) -> Result<Vec<Argument>, Failure> {
        let (stops, spaced) = (std::mem::take(&mut self.stops), std::mem::take(&mut self.spaced));
        let mut out = Vec::new();
        while !self.sign(")") {
            let stars = if self.sign("**") { 2 } else { u8::from(self.sign("*")) };
            let name = if stars == 0 && self.assigns() {
                let name = self.name()?;
                self.next();
                Some(name)
            } else {
                None
            };
            let value = self.choice()?;
            out.push(Argument { name, stars, value });
            if !self.sign(",") && !self.is_sign(")") {
                return Err(self.unexpected("`)`"));
            }
        }
        (self.stops, self.spaced) = (stops, spaced);
        Ok(out)
    }
}

/// The string that begins at `at`: its value and where it ends.
fn string(text: &str, at: usize) -> Option<(String, usize)> {
    let quote = text[at..].chars().next()?;
    let mut out = String::new();
    let mut escaped = false;
    for (n, c) in text[at + 1..].char_indices() {
        match c {
            _ if escaped => {
                out.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    c => c,
                });
                escaped = false;
            }
            '\\' => escaped = true,
            c if c == quote => return Some((out, at + 1 + n + 1)),
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Expr, Failure> {
        let mut parser = Parser::new(text, Span::new(0, text.len() as u32))?;
        let value = parser.expression()?;
        if parser.is_done() { Ok(value) } else { Err(parser.unexpected("the end")) }
    }

    #[test]
    fn filters_and_lookups() {
        let Kind::Filter(inner, name, args) = parse("a.b.0|default:c.d|safe").unwrap().kind else { panic!() };
        assert_eq!((name.as_str(), args.len()), ("safe", 0));
        let Kind::Filter(base, name, args) = inner.kind else { panic!() };
        assert_eq!(name, "default");
        assert!(matches!(&args[0].value.kind, Kind::Attr(_, d) if d == "d"));
        assert!(matches!(base.kind, Kind::Item(..)));
    }

    #[test]
    fn operators_bind_as_usual() {
        let Kind::Binary(Operator::Or, left, _) = parse("a and not b == 1 or c").unwrap().kind else { panic!() };
        let Kind::Binary(Operator::And, _, right) = left.kind else { panic!() };
        let Kind::Not(inner) = right.kind else { panic!() };
        assert!(matches!(inner.kind, Kind::Binary(Operator::Eq, ..)));
        assert!(matches!(parse("a if b else c").unwrap().kind, Kind::Choice(_, _, Some(_))));
        assert!(matches!(parse("'a' ~ b ~ 'c'").unwrap().kind, Kind::Concat(all) if all.len() == 3));
        assert!(matches!(parse("x is defined and y").unwrap().kind, Kind::Binary(Operator::And, ..)));
        assert!(matches!(parse("f(1, a=2, **k)[0:2]|join(', ')").unwrap().kind, Kind::Filter(..)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for text in ["", "a b", "a.", "'x", "f(", "a|", "{1 2}", "\u{0}"] {
            assert!(matches!(parse(text), Err((_, Trouble::Syntax(_)))), "{text}");
        }
        let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));
        assert_eq!(parse(&deep).unwrap_err().1, Trouble::Limit);
        let long = format!("a{}", ".b".repeat(5000));
        assert_eq!(parse(&long).unwrap_err().1, Trouble::Limit);
        let sum = format!("a{}", " + b".repeat(5000));
        assert_eq!(parse(&sum).unwrap_err().1, Trouble::Limit);
    }
}
