//! Environment markers: what they say of the version of Python and of extras. Everything else is unknown, and
//! unknown means that the requirement may apply.

use crate::{Ecosystem, Ranges, Requirement, Version};

/// Nesting beyond which a marker is unknown.
const MAX_DEPTH: usize = 40;

/// What a marker says.
#[derive(Clone, Debug)]
pub(crate) struct Meaning {
    /// The versions of Python for which it may hold.
    pub(crate) python: Ranges<Version>,
    /// The extra that it asks for.
    pub(crate) extra: Option<String>,
}

/// Reads a marker; what is not understood may hold for every version.
pub(crate) fn read(text: &str) -> Meaning {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0, extra: None, ors: 0 };
    let python = parser.any(0).filter(|_| parser.at == tokens.len()).unwrap_or_else(Ranges::full);
    // `extra == 'a' or …` is not the extra's alone.
    let extra = parser.extra.filter(|_| parser.ors == 0);
    Meaning { python, extra }
}

#[derive(PartialEq, Eq, Debug)]
enum Token<'a> {
    Open,
    Close,
    Text(&'a str),
    Word(&'a str),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' => {
                found.push(Token::Open);
                1
            }
            ')' => {
                found.push(Token::Close);
                1
            }
            '\'' | '"' => {
                let inner = &rest[1..];
                let end = inner.find(first).unwrap_or(inner.len());
                found.push(Token::Text(&inner[..end]));
                (end + 2).min(rest.len())
            }
            c if "<>=!~".contains(c) => {
                let end = rest.find(|c| !"<>=!~".contains(c)).unwrap_or(rest.len());
                found.push(Token::Word(&rest[..end]));
                end
            }
            c => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "()'\"<>=!~".contains(c))
                    .unwrap_or(rest.len())
                    .max(c.len_utf8());
                found.push(Token::Word(&rest[..end]));
                end
            }
        };
        rest = rest[length..].trim_start();
    }
    found
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    extra: Option<String>,
    ors: usize,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<&'a Token<'a>> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(found)) if *found == word);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self, depth: usize) -> Option<Ranges<Version>> {
        let mut all = self.every(depth)?;
        while self.accept("or") {
            self.ors += 1;
            all = all.union(&self.every(depth)?);
        }
        Some(all)
    }

    fn every(&mut self, depth: usize) -> Option<Ranges<Version>> {
        let mut all = self.one(depth)?;
        while self.accept("and") {
            all = all.intersection(&self.one(depth)?);
        }
        Some(all)
    }

    fn one(&mut self, depth: usize) -> Option<Ranges<Version>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let left = self.next()?;
        if *left == Token::Open {
            let inside = self.any(depth + 1)?;
            return (*self.next()? == Token::Close).then_some(inside);
        }
        let mut operator = match self.next()? {
            Token::Word(operator) => (*operator).to_owned(),
            _ => return None,
        };
        if operator == "not" && self.accept("in") {
            "not in".clone_into(&mut operator);
        }
        let right = self.next()?;
        Some(match (left, right) {
            (Token::Word("extra"), Token::Text(extra)) if operator == "==" => {
                self.extra = Some(Ecosystem::PyPI.normalise(extra));
                Ranges::full()
            }
            (Token::Word("python_version"), Token::Text(version)) => minor(&operator, version),
            (Token::Word("python_full_version"), Token::Text(version)) => full(&operator, version),
            (Token::Text(version), Token::Word("python_version")) => minor(mirrored(&operator), version),
            _ => Ranges::full(),
        })
    }
}

fn mirrored(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        other => other,
    }
}

/// `python_version` has two numbers only: 3.8.5 is `3.8`.
fn minor(operator: &str, version: &str) -> Ranges<Version> {
    let mut parts = version.trim().split('.');
    let numbers = (parts.next().and_then(|part| part.parse::<u32>().ok()), parts.next().map(str::parse::<u32>));
    let (Some(major), minor, None) = (numbers.0, numbers.1, parts.next()) else { return full(operator, version) };
    let minor = match minor {
        None => 0,
        Some(Ok(minor)) => minor,
        Some(Err(_)) => return full(operator, version),
    };
    let next = minor.saturating_add(1);
    match operator {
        "==" | "===" => specifier(&format!(">={major}.{minor},<{major}.{next}")),
        "!=" => specifier(&format!(">={major}.{minor},<{major}.{next}")).complement(),
        "<=" => specifier(&format!("<{major}.{next}")),
        ">" => specifier(&format!(">={major}.{next}")),
        _ => full(operator, version),
    }
}

fn full(operator: &str, version: &str) -> Ranges<Version> {
    match operator {
        "in" | "not in" => Ranges::full(),
        operator => specifier(&format!("{operator}{version}")),
    }
}

fn specifier(text: &str) -> Ranges<Version> {
    Requirement::new(Ecosystem::PyPI, text).map_or_else(|_| Ranges::full(), |requirement| requirement.ranges)
}
