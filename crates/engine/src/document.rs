//! A TOML file that is read with exact places for its errors.

use crate::nearest;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file of the user's, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentError {
    /// The path as shown.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)
    }
}

impl std::error::Error for DocumentError {}

pub(crate) type Result<T> = std::result::Result<T, DocumentError>;

/// A value with its place.
pub(crate) type Value<'i> = Spanned<DeValue<'i>>;

/// The text of a TOML file.
pub(crate) struct Document<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
}

impl<'a> Document<'a> {
    pub(crate) fn parse(&self) -> Result<Spanned<DeTable<'a>>> {
        DeTable::parse(self.text).map_err(|error| self.error(error.span().unwrap_or(0..0), error.message()))
    }

    pub(crate) fn error(&self, span: Range<usize>, message: impl Into<String>) -> DocumentError {
        let offset = u32::try_from(span.start).unwrap_or(u32::MAX);
        let place = assay_text::LineIndex::new(self.text).line_column(self.text, offset);
        DocumentError { path: self.path.to_owned(), line: place.line, column: place.column, message: message.into() }
    }

    /// The error for a key that does not exist.
    pub(crate) fn unknown_key(&self, span: Range<usize>, key: &str, within: &str, known: &[&str]) -> DocumentError {
        let hint = match nearest::nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are {}", list(known)),
        };
        self.error(span, format!("unknown key `{key}`{within}; {hint}"))
    }

    pub(crate) fn string<'v>(&self, key: &str, value: &'v Value<'_>) -> Result<&'v str> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text),
            other => Err(self.error(value.span(), format!("`{key}` is {}, must be a string", kind(other)))),
        }
    }

    pub(crate) fn boolean(&self, key: &str, value: &Value<'_>) -> Result<bool> {
        match value.get_ref() {
            DeValue::Boolean(truth) => Ok(*truth),
            other => Err(self.error(value.span(), format!("`{key}` is {}, must be true or false", kind(other)))),
        }
    }

    pub(crate) fn table<'v, 'i>(&self, key: &str, value: &'v Value<'i>) -> Result<&'v DeTable<'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            other => Err(self.error(value.span(), format!("`{key}` is {}, must be a table", kind(other)))),
        }
    }

    pub(crate) fn array<'v, 'i>(&self, key: &str, value: &'v Value<'i>) -> Result<&'v [Value<'i>]> {
        match value.get_ref() {
            DeValue::Array(array) => Ok(array),
            other => Err(self.error(value.span(), format!("`{key}` is {}, must be a list", kind(other)))),
        }
    }

    pub(crate) fn strings<'v>(&self, key: &str, value: &'v Value<'_>) -> Result<Vec<(&'v str, Range<usize>)>> {
        self.array(key, value)?
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) => Ok((&**text, item.span())),
                other => {
                    let message = format!("`{key}` holds {}, must be a list of strings", kind(other));
                    Err(self.error(item.span(), message))
                }
            })
            .collect()
    }

    /// A word out of a fixed set.
    pub(crate) fn word<T>(
        &self,
        what: &str,
        (text, span): (&str, Range<usize>),
        known: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        read(text).ok_or_else(|| {
            let hint = match nearest::nearest(text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.len() <= 10 => format!("must be {}", list(known)),
                None => "`assay checks` lists them".to_owned(),
            };
            self.error(span, format!("unknown {what} `{text}`; {hint}"))
        })
    }
}

/// `a`, `b` or `c`.
pub(crate) fn list(words: &[&str]) -> String {
    let mut out = String::new();
    for (index, word) in words.iter().enumerate() {
        out.push_str(match index {
            0 => "",
            _ if index + 1 == words.len() => " or ",
            _ => ", ",
        });
        out.push('`');
        out.push_str(word);
        out.push('`');
    }
    out
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
