//! `setup.py`, read without running it: lists of texts that are written out, under the names that setuptools gives
//! them or in a variable of the module. Whatever is computed is a problem, with its place.

use super::{Entry, Out};
use crate::package::Scope;
use crate::{Ecosystem, Requirement};
use std::collections::BTreeMap;

/// Tokens of a file beyond which it is not read.
const MAX_TOKENS: usize = 400_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token<'a> {
    Name(&'a str),
    /// The text between the quotes, and whether it is made of parts or has escapes.
    Text(&'a str, bool),
    Mark(u8),
}

type Tokens<'a> = [(usize, Token<'a>)];

fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MAX_TOKENS {
        let byte = bytes[at];
        if byte == b'#' {
            at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
        } else if byte == b'"' || byte == b'\'' {
            let (start, end, next) = string(bytes, at);
            let inner = text.get(start..end).unwrap_or_default();
            // A prefix of letters belongs to the text.
            let prefix = match found.last() {
                Some((_, Token::Name(name))) if is_prefix(name) && at > 0 && bytes[at - 1].is_ascii_alphabetic() => {
                    let name = name.to_ascii_lowercase();
                    found.pop();
                    name
                }
                _ => String::new(),
            };
            let computed = prefix.contains('f') || inner.contains('\\');
            found.push((start, Token::Text(inner, computed)));
            at = next;
        } else if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 {
            let rest = &bytes[at..];
            let length = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80));
            let end = at + length.unwrap_or(rest.len());
            found.push((at, Token::Name(text.get(at..end).unwrap_or_default())));
            at = end;
        } else {
            if !byte.is_ascii_whitespace() || byte == b'\n' {
                found.push((at, Token::Mark(byte)));
            }
            at += 1;
        }
    }
    found
}

fn is_prefix(name: &str) -> bool {
    name.len() <= 2 && name.chars().all(|c| "rRbBuUfF".contains(c))
}

/// The inside of a text that begins at `at`, and what follows it.
fn string(bytes: &[u8], at: usize) -> (usize, usize, usize) {
    let quote = bytes[at];
    let triple = bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote);
    let width = if triple { 3 } else { 1 };
    let start = at + width;
    let mut end = start;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 1,
            b'\n' if !triple => return (start, end, end),
            byte if byte == quote && (!triple || bytes[end..].starts_with(&[quote; 3])) => {
                return (start, end, end + width);
            }
            _ => {}
        }
        end += 1;
    }
    (start.min(bytes.len()), bytes.len(), bytes.len())
}

/// A list of texts that is written out.
type List<'a> = Vec<(usize, &'a str)>;

struct Reader<'a> {
    tokens: &'a Tokens<'a>,
    variables: BTreeMap<&'a str, usize>,
}

impl<'a> Reader<'a> {
    fn get(&self, at: usize) -> Option<Token<'a>> {
        self.tokens.get(at).map(|(_, token)| *token)
    }

    fn skip_lines(&self, mut at: usize) -> usize {
        while self.get(at) == Some(Token::Mark(b'\n')) {
            at += 1;
        }
        at
    }

    /// The list that begins at `at`, and where it ends; `None` when it is not written out.
    fn list(&self, at: usize, depth: usize) -> Option<(List<'a>, usize)> {
        let at = self.skip_lines(at);
        match self.get(at)? {
            Token::Mark(open @ (b'[' | b'(' | b'{')) => {
                let close = match open {
                    b'[' => b']',
                    b'(' => b')',
                    _ => b'}',
                };
                let mut items = Vec::new();
                let mut at = at + 1;
                loop {
                    at = self.skip_lines(at);
                    match self.get(at)? {
                        Token::Mark(mark) if mark == close => return self.ends(at + 1).then_some((items, at + 1)),
                        Token::Mark(b',') => at += 1,
                        Token::Text(text, false) => {
                            items.push((self.tokens[at].0, text));
                            let next = self.skip_lines(at + 1);
                            // Texts beside each other are one; whatever else follows computes.
                            if !matches!(self.get(next)?, Token::Mark(mark) if mark == close || mark == b',') {
                                return None;
                            }
                            at = next;
                        }
                        _ => return None,
                    }
                }
            }
            Token::Text(text, false) if self.ends(at + 1) => {
                // One text may hold several requirements, one a line.
                let start = self.tokens[at].0;
                let items = text.split('\n').filter(|line| !line.trim().is_empty());
                let items = items.map(|line| (start + (line.as_ptr() as usize - text.as_ptr() as usize), line));
                Some((items.collect(), at + 1))
            }
            Token::Name(name) if depth == 0 && self.ends(at + 1) => {
                let (items, _) = self.list(*self.variables.get(name)?, depth + 1)?;
                Some((items, at + 1))
            }
            _ => None,
        }
    }

    /// Whether an expression ends here.
    fn ends(&self, at: usize) -> bool {
        matches!(self.get(at), None | Some(Token::Mark(b',' | b')' | b']' | b'}' | b'\n' | b';')))
    }
}

pub(super) fn read(out: &mut Out<'_>) {
    let text = out.text;
    let tokens = tokens(text);
    if tokens.len() >= MAX_TOKENS {
        out.problem(None, format!("longer than {MAX_TOKENS} tokens"));
    }
    let mut variables = BTreeMap::new();
    let mut depth = 0usize;
    for (at, window) in tokens.windows(3).enumerate() {
        match window[0].1 {
            Token::Mark(b'(' | b'[' | b'{') => depth += 1,
            Token::Mark(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0
            && let [(_, Token::Name(name)), (_, Token::Mark(b'=')), (_, next)] = window
            && *next != Token::Mark(b'=')
        {
            variables.insert(*name, at + 2);
        }
    }
    let reader = Reader { tokens: &tokens, variables };
    let mut at = 0;
    while at + 1 < tokens.len() {
        let (start, token) = tokens[at];
        // `install_requires=…` and `"install_requires": …`
        let ((Token::Name(key), Token::Mark(b'=')) | (Token::Text(key, false), Token::Mark(b':'))) =
            (token, tokens[at + 1].1)
        else {
            at += 1;
            continue;
        };
        let value = reader.skip_lines(at + 2);
        at += 2;
        if reader.get(value) == Some(Token::Mark(b'=')) {
            continue;
        }
        let entry = match key {
            "install_requires" => Entry::declared(Scope::Runtime, None),
            "setup_requires" => Entry::declared(Scope::Build, Some("setup_requires")),
            "tests_require" => Entry::declared(Scope::Test, Some("tests_require")),
            "extras_require" => {
                extras(out, &reader, value, start);
                continue;
            }
            "name" => {
                if let Some(Token::Text(name, false)) = reader.get(value) {
                    out.manifest.own_names.push(Ecosystem::PyPI.normalise(name));
                }
                continue;
            }
            "python_requires" => {
                if let Some(Token::Text(text, false)) = reader.get(value) {
                    out.manifest.requires_python = Requirement::new(Ecosystem::PyPI, text).ok();
                }
                continue;
            }
            _ => continue,
        };
        requirements(out, &reader, key, value, start, &entry);
    }
}

fn requirements(out: &mut Out<'_>, reader: &Reader<'_>, key: &str, value: usize, start: usize, entry: &Entry<'_>) {
    if let Some((items, _)) = reader.list(value, 0) {
        for (place, text) in items {
            out.pep508(text, place, entry);
        }
        return;
    }
    let span = Out::span(start, start + key.len());
    // A variable of that name is where the list is; the argument merely passes it on.
    let unknown_name = matches!(reader.get(value), Some(Token::Name(name)) if name == key);
    if !unknown_name {
        out.problem(Some(span), format!("`{key}` is computed: its packages are not known without running setup.py"));
    }
}

/// A dictionary of lists.
fn extras(out: &mut Out<'_>, reader: &Reader<'_>, value: usize, start: usize) {
    let span = Out::span(start, start + "extras_require".len());
    let mut value = value;
    if let Some(Token::Name(name)) = reader.get(value)
        && let Some(at) = reader.variables.get(name)
    {
        value = reader.skip_lines(*at);
    }
    let computed = "`extras_require` is computed: its packages are not known without running setup.py";
    if reader.get(value) != Some(Token::Mark(b'{')) {
        return out.problem(Some(span), computed);
    }
    let mut at = value + 1;
    loop {
        at = reader.skip_lines(at);
        match (reader.get(at), reader.get(at + 1)) {
            (Some(Token::Mark(b'}')), _) => return,
            (Some(Token::Mark(b',')), _) => at += 1,
            (Some(Token::Text(extra, false)), Some(Token::Mark(b':'))) => {
                let Some((items, next)) = reader.list(at + 2, 0) else {
                    return out.problem(Some(span), computed);
                };
                // `"extra:condition"` and `":condition"`
                let (name, marker) = extra.split_once(':').unwrap_or((extra, ""));
                let (scope, group) =
                    if name.is_empty() { (Scope::Runtime, None) } else { (Scope::Optional, Some(name)) };
                for (place, text) in items {
                    let before = out.manifest.dependencies.len();
                    out.pep508(text, place, &Entry::declared(scope, group));
                    if !marker.is_empty()
                        && let Some(dependency) = out.manifest.dependencies.get_mut(before)
                    {
                        dependency.marker = Some(marker.to_owned());
                    }
                }
                at = next;
            }
            _ => return out.problem(Some(span), computed),
        }
    }
}
