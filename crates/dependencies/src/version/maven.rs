//! Maven's versions: numbers and qualifiers, each with the separator before it, compared with padding.

use super::Number;
use std::cmp::Ordering;

/// A version of a Maven artifact.
#[derive(Clone, Debug)]
pub(crate) struct Maven(Vec<Token>);

#[derive(Clone, Debug)]
struct Token {
    hyphen: bool,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Number(Number),
    Word(String),
}

impl Value {
    /// Whether it means nothing at the end.
    fn is_null(&self) -> bool {
        match self {
            Self::Number(number) => number.is_zero(),
            Self::Word(word) => matches!(word.as_str(), "" | "final" | "ga" | "release"),
        }
    }
}

impl Maven {
    /// Reads a version; everything is one.
    pub(super) fn parse(text: &str) -> Self {
        let lower = text.to_lowercase();
        let mut tokens: Vec<Token> = Vec::new();
        let mut hyphen = false;
        let mut current = String::new();
        let mut chars = lower.chars().peekable();
        let push = |tokens: &mut Vec<Token>, text: &str, hyphen: bool, before_digit: bool| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let value = if digits || text.is_empty() {
                Value::Number(Number::new(text))
            } else {
                Value::Word(match text {
                    "a" if before_digit => "alpha".to_owned(),
                    "b" if before_digit => "beta".to_owned(),
                    "m" if before_digit => "milestone".to_owned(),
                    "cr" => "rc".to_owned(),
                    "final" | "ga" | "release" => String::new(),
                    other => other.to_owned(),
                })
            };
            tokens.push(Token { hyphen, value });
        };
        while let Some(c) = chars.next() {
            match c {
                '.' | '-' => {
                    push(&mut tokens, &current, hyphen, false);
                    current.clear();
                    hyphen = c != '.';
                }
                c => {
                    current.push(c);
                    if let Some(next) = chars.peek().copied().filter(|next| !matches!(next, '.' | '-'))
                        && next.is_ascii_digit() != c.is_ascii_digit()
                    {
                        push(&mut tokens, &current, hyphen, next.is_ascii_digit());
                        current.clear();
                        hyphen = true;
                    }
                }
            }
        }
        push(&mut tokens, &current, hyphen, false);
        Self(trimmed(tokens))
    }
}

/// Drops what means nothing at the end and before each hyphen.
fn trimmed(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let trim = |kept: &mut Vec<Token>| {
        while kept.len() > 1 && kept.last().is_some_and(|token| token.value.is_null()) {
            kept.pop();
        }
    };
    for token in tokens {
        if token.hyphen {
            trim(&mut kept);
        }
        kept.push(token);
    }
    trim(&mut kept);
    kept
}

/// The rank of a qualifier; unknown ones come last, by their letters.
fn rank(word: &str) -> usize {
    const KNOWN: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
    KNOWN.iter().position(|known| *known == word).unwrap_or(KNOWN.len())
}

fn compare(a: &Token, b: &Token) -> Ordering {
    // `.word` < `-word` < `-number` < `.number`, as Maven 3 has it
    let kind = |token: &Token| match (&token.value, token.hyphen) {
        (Value::Word(_), false) => 0,
        (Value::Word(_), true) => 1,
        (Value::Number(_), true) => 2,
        (Value::Number(_), false) => 3,
    };
    kind(a).cmp(&kind(b)).then_with(|| match (&a.value, &b.value) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Word(a), Value::Word(b)) => {
            rank(a).cmp(&rank(b)).then_with(|| if rank(a) == rank("?") { a.cmp(b) } else { Ordering::Equal })
        }
        _ => Ordering::Equal,
    })
}

impl Ord for Maven {
    fn cmp(&self, other: &Self) -> Ordering {
        for index in 0..self.0.len().max(other.0.len()) {
            let pad = |like: &Token| Token {
                hyphen: like.hyphen,
                value: match like.value {
                    Value::Number(_) => Value::Number(Number::new("")),
                    Value::Word(_) => Value::Word(String::new()),
                },
            };
            let order = match (self.0.get(index), other.0.get(index)) {
                (Some(a), Some(b)) => compare(a, b),
                (Some(a), None) => compare(a, &pad(a)),
                (None, Some(b)) => compare(&pad(b), b),
                (None, None) => Ordering::Equal,
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }
}

impl PartialOrd for Maven {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Maven {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Maven {}
