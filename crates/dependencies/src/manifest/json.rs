//! JSON with places. Comments and trailing commas are read over, as some lock files have them.

use super::Out;
use assay_text::Span;

/// Nesting beyond which a file is not read.
const MAX_DEPTH: usize = 400;

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct Json {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// What a value is; numbers and truth values are kept as text.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Other(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Span, Json)>),
}

impl Json {
    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a number.
    pub(super) fn as_number(&self) -> Option<&str> {
        match &self.value {
            Value::Other(text) if text.starts_with(|c: char| c.is_ascii_digit()) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(&self.value, Value::Other(word) if word == "true")
    }

    pub(super) fn members(&self) -> &[(String, Span, Json)] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Json] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        self.members().iter().find(|(name, _, _)| name == key).map(|(_, _, value)| value)
    }
}

/// Reads the file; `None`, and a problem, when it is no JSON.
pub(super) fn parse(out: &mut Out<'_>) -> Option<Json> {
    let mut parser = Parser { bytes: out.text.as_bytes(), text: out.text, at: 0 };
    let found = parser.value(0).and_then(|value| {
        parser.space();
        if parser.at == parser.bytes.len() { Ok(value) } else { Err("text behind the end") }
    });
    match found {
        Ok(value) => Some(value),
        Err(message) => {
            let span = Out::span(parser.at, parser.at);
            out.problem(Some(span), format!("no JSON: {message}"));
            None
        }
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' if self.bytes.get(self.at + 1) == Some(&b'/') => {
                    let rest = &self.bytes[self.at..];
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, &'static str> {
        if depth > MAX_DEPTH {
            return Err("nested too deep");
        }
        self.space();
        let start = self.at;
        let value = match self.bytes.get(self.at) {
            None => return Err("the end comes too early"),
            Some(b'"') => Value::Text(self.string()?),
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.closes(b']')? {
                    items.push(self.value(depth + 1)?);
                    self.comma(b']')?;
                }
                Value::List(items)
            }
            Some(b'{') => {
                self.at += 1;
                let mut members = Vec::new();
                while !self.closes(b'}')? {
                    let key_start = self.at;
                    let key = self.string()?;
                    let span = Out::span(key_start, self.at);
                    self.space();
                    if self.bytes.get(self.at) != Some(&b':') {
                        return Err("a `:` is missing");
                    }
                    self.at += 1;
                    members.push((key, span, self.value(depth + 1)?));
                    self.comma(b'}')?;
                }
                Value::Object(members)
            }
            Some(_) => {
                let rest = &self.bytes[self.at..];
                let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)));
                let end = self.at + end.unwrap_or(rest.len());
                if end == self.at {
                    return Err("a character that no value begins with");
                }
                let word = self.text.get(self.at..end).unwrap_or_default().to_owned();
                self.at = end;
                Value::Other(word)
            }
        };
        Ok(Json { span: Out::span(start, self.at), value })
    }

    fn closes(&mut self, end: u8) -> Result<bool, &'static str> {
        self.space();
        match self.bytes.get(self.at) {
            Some(byte) if *byte == end => {
                self.at += 1;
                Ok(true)
            }
            Some(_) => Ok(false),
            None => Err("the end comes too early"),
        }
    }

    fn comma(&mut self, end: u8) -> Result<(), &'static str> {
        self.space();
        match self.bytes.get(self.at) {
            Some(b',') => {
                self.at += 1;
                Ok(())
            }
            Some(byte) if *byte == end => Ok(()),
            _ => Err("a `,` is missing"),
        }
    }

    fn string(&mut self) -> Result<String, &'static str> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err("a name in quotes is missing");
        }
        let start = self.at;
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                None => return Err("a text has no end"),
                Some(b'\\') => self.at += 2,
                Some(b'"') => break,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let raw = self.text.get(start..self.at).ok_or("a text has no end")?;
        if raw.contains('\\') {
            serde_json::from_str(raw).map_err(|_| "an escape that is none")
        } else {
            Ok(raw[1..raw.len() - 1].to_owned())
        }
    }
}
