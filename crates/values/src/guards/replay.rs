//! Running a check on a text: the operations between a value and what is tested, and the test, carried out on
//! one given text.
//!
//! What a check compares with is often known to the program only when it runs (`base`, `request.host`): then one
//! value is given for it, and stands in the claim that is made.

use super::patterns::pattern_of;
use super::via::is_same_load;
use super::{ArgumentRef, GuardFact, Test};
use crate::{ConstValue, Context, constant_of};
use assay_ir::{BinaryOp, Op, Piece, Value};
use std::cell::RefCell;

/// Nesting of the operands of a check that is followed.
const MAX_DEPTH: u32 = 8;

/// A value that takes part in a check.
#[derive(Clone, Debug, PartialEq)]
enum Concrete {
    Text(String),
    Url(UrlText),
    List(Vec<String>),
}

/// An address, taken apart as `urllib.parse` does.
#[derive(Clone, Debug, Default, PartialEq)]
struct UrlText {
    scheme: String,
    netloc: String,
    path: String,
    query: String,
    fragment: String,
}

impl UrlText {
    fn new(text: &str) -> Self {
        let text: String =
            text.trim_start_matches(|c| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect();
        let mut url = Self::default();
        let mut rest = text.as_str();
        if let Some((scheme, after)) = rest.split_once(':')
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        {
            url.scheme = scheme.to_ascii_lowercase();
            rest = after;
        }
        if let Some(after) = rest.strip_prefix("//") {
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            after[..end].clone_into(&mut url.netloc);
            rest = &after[end..];
        }
        if let Some((before, fragment)) = rest.split_once('#') {
            fragment.clone_into(&mut url.fragment);
            rest = before;
        }
        if let Some((before, query)) = rest.split_once('?') {
            query.clone_into(&mut url.query);
            rest = before;
        }
        rest.clone_into(&mut url.path);
        url
    }

    fn host(&self) -> String {
        let host = self.netloc.rsplit('@').next().unwrap_or("");
        let host = match host.strip_prefix('[').and_then(|h| h.split_once(']')) {
            Some((inner, _)) => inner,
            None => host.split(':').next().unwrap_or(""),
        };
        host.to_ascii_lowercase()
    }

    fn part(&self, name: &str) -> Option<String> {
        Some(match name {
            "scheme" => self.scheme.clone(),
            "netloc" => self.netloc.clone(),
            "hostname" | "host" => self.host(),
            "path" => self.path.clone(),
            "query" => self.query.clone(),
            "fragment" => self.fragment.clone(),
            "username" | "password" | "port" | "params" => String::new(),
            _ => return None,
        })
    }

    fn item(&self, index: i64) -> Option<String> {
        Some(match index {
            0 => self.scheme.clone(),
            1 => self.netloc.clone(),
            2 => self.path.clone(),
            _ => return None,
        })
    }
}

/// A path without `.`, `..` and repeated separators.
pub(super) fn normalised_path(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

fn joined_path(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else if base.is_empty() || base.ends_with('/') {
        format!("{base}{path}")
    } else {
        format!("{base}/{path}")
    }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        let byte = hex.filter(|_| bytes[at] == b'%').and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether the parts of a path begin with those of another.
fn is_within(path: &str, base: &str) -> bool {
    let base = base.trim_end_matches('/');
    path == base || path.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'))
}

/// One run of checks on one text.
pub(super) struct Replay<'a, 'c> {
    cx: &'a Context<'c>,
    /// The value that the text is given for.
    subject: Value,
    text: &'a str,
    /// What is taken for a value that is not known: a folder, a host …
    placeholder: &'static str,
    /// The value that the placeholder stands for; two of them cannot be told apart.
    given: RefCell<Vec<Value>>,
}

impl<'a, 'c> Replay<'a, 'c> {
    pub(super) fn new(cx: &'a Context<'c>, subject: Value, text: &'a str, placeholder: &'static str) -> Self {
        Self { cx, subject, text, placeholder, given: RefCell::new(Vec::new()) }
    }

    /// The value that the placeholder was given for; `None` where it was not needed.
    pub(super) fn given(&self) -> Option<Value> {
        self.given.borrow().first().copied()
    }

    /// What a fact says of the text; `None` where that can't be told.
    pub(super) fn holds(&self, fact: &GuardFact) -> Option<bool> {
        if let Test::OneOf(sets) = &fact.test {
            return self.one_of(sets);
        }
        let mut value = Concrete::Text(self.text.to_owned());
        let mut from = fact.key;
        for &step in &fact.via {
            value = self.apply(&value, from, step)?;
            from = step;
        }
        self.test(fact, &value)
    }

    fn one_of(&self, sets: &[Vec<GuardFact>]) -> Option<bool> {
        let mut unknown = false;
        for set in sets {
            let outcomes: Vec<Option<bool>> = set.iter().map(|f| self.holds(f)).collect();
            if outcomes.contains(&Some(false)) {
                continue;
            }
            if outcomes.contains(&Some(true)) {
                return Some(true);
            }
            unknown = true;
        }
        if unknown { None } else { Some(false) }
    }

    fn test(&self, fact: &GuardFact, value: &Concrete) -> Option<bool> {
        let text = match value {
            Concrete::Text(text) => text.as_str(),
            Concrete::List(items) => return self.list_test(fact, items),
            Concrete::Url(_) => return None,
        };
        Some(match &fact.test {
            Test::Member { of, positive } => self.member(text, *of)? == *positive,
            Test::Equals { other, positive } => (self.resolve(*other, MAX_DEPTH)? == text) == *positive,
            Test::Contains { needle, positive } => {
                text.contains(self.resolve(*needle, MAX_DEPTH)?.as_str()) == *positive
            }
            Test::StartsWith { prefix, positive } => {
                self.texts(*prefix)?.iter().any(|p| text.starts_with(p.as_str())) == *positive
            }
            Test::EndsWith { suffix, positive } => {
                self.texts(*suffix)?.iter().any(|p| text.ends_with(p.as_str())) == *positive
            }
            Test::RegexMatch { pattern, flags, method, positive } => {
                pattern_of(self.cx, *pattern, *flags)?.matches(*method, text)? == *positive
            }
            Test::CharClass { class, positive } => {
                let alphabet = super::operands::alphabet(*class);
                (!text.is_empty() && text.chars().all(|c| alphabet.contains(c))) == *positive
            }
            Test::Truthy { positive } => text.is_empty() != *positive,
            // A part of an address that is not there counts as none.
            Test::IsNone { positive } => (text.is_empty() && !fact.via.is_empty()) == *positive,
            Test::RelativeTo { base, positive } => is_within(text, &self.resolve(*base, MAX_DEPTH)?) == *positive,
            Test::Each(facts) => {
                let set: Option<Vec<_>> = facts.iter().map(|f| super::operands::character_set(self.cx, f)).collect();
                let set = set?;
                text.chars().all(|c| set.iter().all(|s| s.contains(c)))
            }
            Test::Call { call, argument, positive } => {
                let callee = self.cx.callee(*call);
                let absolute = callee.is_any(&["os.path.isabs", "posixpath.isabs"])
                    || callee.method == Some("is_absolute") && *argument == ArgumentRef::Receiver;
                if !absolute {
                    return None;
                }
                text.starts_with('/') == *positive
            }
            Test::Returned { call, argument } => {
                let callee = self.cx.callee(*call);
                if callee.method != Some("relative_to") || *argument != ArgumentRef::Receiver {
                    return None;
                }
                is_within(text, &self.resolve(callee.positional(0)?, MAX_DEPTH)?)
            }
            Test::LengthBound { .. } | Test::Compare { .. } | Test::IsInstance { .. } | Test::OneOf(_) => return None,
        })
    }

    fn list_test(&self, fact: &GuardFact, items: &[String]) -> Option<bool> {
        match &fact.test {
            Test::Contains { needle, positive } => {
                let needle = self.resolve(*needle, MAX_DEPTH)?;
                Some(items.contains(&needle) == *positive)
            }
            _ => None,
        }
    }

    fn member(&self, text: &str, of: Value) -> Option<bool> {
        Some(match constant_of(self.cx, of)? {
            ConstValue::Str(s) | ConstValue::Bytes(s) => s.contains(text),
            ConstValue::Sequence(items) | ConstValue::Mapping(items) => items.iter().any(|i| i.as_str() == Some(text)),
            _ => return None,
        })
    }

    fn texts(&self, value: Value) -> Option<Vec<String>> {
        if let Some(ConstValue::Sequence(items)) = constant_of(self.cx, value) {
            return items.iter().map(|i| i.as_str().map(str::to_owned)).collect();
        }
        Some(vec![self.resolve(value, MAX_DEPTH)?])
    }

    /// The text of a value that the check compares with.
    fn resolve(&self, value: Value, depth: u32) -> Option<String> {
        let value = self.cx.plain(value);
        if depth == 0 {
            return None;
        }
        if is_same_load(self.cx, value, self.subject) {
            return Some(self.text.to_owned());
        }
        if let Some(text) = self.cx.string(value) {
            return Some(text);
        }
        if self.cx.is_separator(value) {
            return Some("/".to_owned());
        }
        match self.cx.op(value) {
            Op::Binary(BinaryOp::Add, a, b) => Some(self.resolve(*a, depth - 1)? + &self.resolve(*b, depth - 1)?),
            Op::Binary(BinaryOp::Div, a, b) => {
                Some(joined_path(&self.resolve(*a, depth - 1)?, &self.resolve(*b, depth - 1)?))
            }
            Op::Format(pieces) => {
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => out.push_str(self.cx.text(*text)),
                        Piece::Hole { value, .. } => out.push_str(&self.resolve(*value, depth - 1)?),
                    }
                }
                Some(out)
            }
            Op::Call { args, .. } => {
                let callee = self.cx.callee(value);
                let last = callee.path().and_then(|p| p.rsplit('.').next()).or(callee.method);
                let first = args.first().map(|a| a.value);
                match last {
                    Some("realpath" | "abspath" | "normpath") => {
                        Some(normalised_path(&self.resolve(first?, depth - 1)?))
                    }
                    Some("resolve" | "absolute" | "expanduser") if callee.receiver.is_some() => {
                        Some(normalised_path(&self.resolve(callee.receiver?, depth - 1)?))
                    }
                    Some("str" | "fspath" | "Path" | "PurePath" | "normcase") => self.resolve(first?, depth - 1),
                    Some("join") if callee.is_any(&["os.path.join", "posixpath.join"]) => {
                        let mut out = String::new();
                        for arg in args {
                            out = joined_path(&out, &self.resolve(arg.value, depth - 1)?);
                        }
                        Some(out)
                    }
                    _ => self.give(value),
                }
            }
            Op::Param(_) | Op::Global(_) | Op::Attr(..) | Op::Item(..) | Op::LoadCell(_) => self.give(value),
            _ => None,
        }
    }

    /// Takes the placeholder for a value.
    fn give(&self, value: Value) -> Option<String> {
        let mut given = self.given.borrow_mut();
        if given.iter().all(|g| is_same_load(self.cx, *g, value)) {
            given.push(value);
            return Some(self.placeholder.to_owned());
        }
        None
    }

    /// What an operation makes of a value.
    fn apply(&self, value: &Concrete, from: Value, step: Value) -> Option<Concrete> {
        let text = match value {
            Concrete::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let operand = |v: Value| {
            if is_same_load(self.cx, v, from) { text.map(str::to_owned) } else { self.resolve(v, MAX_DEPTH) }
        };
        let made = match self.cx.op(step) {
            Op::Attr(_, name) => match (value, self.cx.text(*name)) {
                (Concrete::Url(url), name) => url.part(name)?,
                (Concrete::Text(text), "name") => text.rsplit('/').next()?.to_owned(),
                (Concrete::Text(text), "suffix") => extension(text),
                _ => return None,
            },
            Op::Item(_, index) => match (value, constant_of(self.cx, *index)?) {
                (Concrete::Url(url), ConstValue::Int(i)) => url.item(i)?,
                (Concrete::List(items), ConstValue::Int(i)) => item(items, i)?,
                _ => return None,
            },
            Op::Unpack { index, rest: false, .. } => match value {
                Concrete::Url(url) => url.item(i64::from(*index))?,
                Concrete::List(items) => item(items, i64::from(*index))?,
                Concrete::Text(_) => return None,
            },
            Op::Binary(BinaryOp::Add, a, b) => operand(*a)? + &operand(*b)?,
            Op::Binary(BinaryOp::Div, a, b) => joined_path(&operand(*a)?, &operand(*b)?),
            Op::Format(pieces) => {
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => out.push_str(self.cx.text(*text)),
                        Piece::Hole { value, .. } => out.push_str(&operand(*value)?),
                    }
                }
                out
            }
            Op::Collection(_, elements) => {
                let items: Option<Vec<String>> = elements.iter().map(|e| operand(e.value)).collect();
                return Some(Concrete::List(items?));
            }
            Op::Call { .. } => return self.call(value, from, step),
            _ => return None,
        };
        Some(Concrete::Text(made))
    }

    fn call(&self, value: &Concrete, from: Value, call: Value) -> Option<Concrete> {
        let callee = self.cx.callee(call);
        let on_receiver = callee.receiver.is_some_and(|r| is_same_load(self.cx, r, from));
        let path = callee.path().unwrap_or("");
        let last = path.rsplit('.').next().unwrap_or("");
        if let Concrete::List(items) = value {
            let [first, rest @ ..] = &items[..] else { return None };
            return match last {
                "commonprefix" => {
                    let same = |n: usize| rest.iter().all(|r| r.get(..n).is_some_and(|p| Some(p) == first.get(..n)));
                    let n = (0..=first.len()).rev().find(|n| first.is_char_boundary(*n) && same(*n))?;
                    Some(Concrete::Text(first[..n].to_owned()))
                }
                "commonpath" => {
                    let ends = first.match_indices('/').map(|(i, _)| i).chain([first.len()]);
                    let common = ends.filter(|n| rest.iter().all(|r| is_within(r, &first[..*n]))).max()?;
                    Some(Concrete::Text(first[..common].to_owned()))
                }
                "join" if !items.is_empty() => {
                    Some(Concrete::Text(items.iter().fold(String::new(), |out, i| joined_path(&out, i))))
                }
                _ => None,
            };
        }
        let Concrete::Text(text) = value else { return None };
        if let Some(normal) = self.cx.oracle.normalises(call) {
            return Some(Concrete::Text(if normal { normalised_path(text) } else { text.clone() }));
        }
        if !on_receiver || path.starts_with("os.") || path.starts_with("posixpath.") {
            let made = match last {
                "urlparse" | "urlsplit" | "parse_url" => return Some(Concrete::Url(UrlText::new(text))),
                "realpath" | "abspath" if !text.starts_with('/') => return None,
                "realpath" | "abspath" | "normpath" => normalised_path(text),
                "basename" => text.rsplit('/').next()?.to_owned(),
                "dirname" => text.rsplit_once('/').map_or("", |(d, _)| d).to_owned(),
                "splitext" => {
                    let suffix = extension(text);
                    return Some(Concrete::List(vec![text[..text.len() - suffix.len()].to_owned(), suffix]));
                }
                "join" if callee.is_any(&["os.path.join", "posixpath.join"]) => {
                    let mut out = String::new();
                    for arg in callee.args {
                        let part = if is_same_load(self.cx, arg.value, from) {
                            text.clone()
                        } else {
                            self.resolve(arg.value, MAX_DEPTH)?
                        };
                        out = joined_path(&out, &part);
                    }
                    out
                }
                "str" | "text_type" | "fspath" | "force_str" | "Path" | "PurePath" | "PurePosixPath" | "normcase" => {
                    text.clone()
                }
                "unquote" | "unquote_plus" => percent_decoded(text),
                _ => return None,
            };
            return Some(Concrete::Text(made));
        }
        let argument = |i: usize| callee.positional(i).and_then(|v| self.cx.string(v));
        let made = match callee.method? {
            "lower" | "casefold" => text.to_lowercase(),
            "upper" => text.to_uppercase(),
            "encode" | "decode" | "as_posix" | "__str__" => text.clone(),
            "strip" | "lstrip" | "rstrip" => {
                let chars = match callee.args {
                    [] => None,
                    _ => Some(argument(0)?),
                };
                let hit = |c: char| chars.as_ref().map_or(c.is_whitespace(), |s| s.contains(c));
                match callee.method? {
                    "strip" => text.trim_matches(hit),
                    "lstrip" => text.trim_start_matches(hit),
                    _ => text.trim_end_matches(hit),
                }
                .to_owned()
            }
            "replace" => text.replace(argument(0)?.as_str(), &argument(1)?),
            "resolve" | "absolute" if text.starts_with('/') => normalised_path(text),
            "joinpath" => joined_path(text, &self.resolve(callee.positional(0)?, MAX_DEPTH)?),
            "relative_to" => {
                let base = self.resolve(callee.positional(0)?, MAX_DEPTH)?;
                if !is_within(text, &base) {
                    return None;
                }
                text[base.trim_end_matches('/').len()..].trim_start_matches('/').to_owned()
            }
            "split" if callee.args.is_empty() => {
                return Some(Concrete::List(text.split_whitespace().map(str::to_owned).collect()));
            }
            "split" => {
                let separator = argument(0)?;
                return (!separator.is_empty())
                    .then(|| Concrete::List(text.split(separator.as_str()).map(str::to_owned).collect()));
            }
            _ => return None,
        };
        Some(Concrete::Text(made))
    }
}

fn item(items: &[String], index: i64) -> Option<String> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let index = if index < 0 { items.len().checked_sub(distance)? } else { distance };
    items.get(index).cloned()
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or("");
    match name.trim_start_matches('.').rfind('.') {
        Some(at) => name[name.len() - name.trim_start_matches('.').len() + at..].to_owned(),
        None => String::new(),
    }
}
