//! What a tested value says about the value it is made from.

use super::GuardFact;
use super::dangers::Constraint;
use crate::regex::CharSet;
use crate::{Callee, ConstValue, Context, constant_of};
use assay_ir::{BinaryOp, Op, Value};

/// A part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UrlPart {
    /// `scheme`
    Scheme,
    /// `netloc`, `hostname`
    Host,
    /// The same of an address that was put on top of another one.
    JoinedHost,
    /// `path`, `query`, `port` …
    Other,
}

/// How the tested value is made from the key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Derivation {
    /// It is the text itself, up to case, white space around it, and removed characters.
    Text {
        /// Whether anything was changed at all.
        changed: bool,
        /// Whether white space around it was taken off.
        stripped: bool,
        /// Characters that were taken out.
        removed: Option<CharSet>,
    },
    /// A number made from it.
    Number,
    /// An address put on top of another one: `urljoin`.
    JoinedUrl,
    /// The result of taking an address apart, and whether that one was joined.
    ParsedUrl { joined: bool },
    /// A part of an address.
    Url(UrlPart),
    /// A path without `..`, symbolic links or not.
    Normalised,
    /// A path put together with it, not normalised.
    Joined,
    /// The last part of a path.
    BaseName,
    /// A file name without harm.
    Secured,
    /// The extension of a file name.
    Suffix,
    /// The folders around a path.
    Parents,
    /// The folder that a path lies in.
    Folder,
    /// `os.path.commonpath`
    CommonPath,
    /// `os.path.commonprefix`
    CommonPrefix,
    /// `os.path.relpath`
    Relative,
    /// What `relative_to` leaves of a path.
    Remainder,
    /// The percent-decoded text.
    Unquoted,
    /// An element or a slice.
    Part,
    /// Something else.
    Other,
}

const SAME: Derivation = Derivation::Text { changed: false, stripped: false, removed: None };

impl Derivation {
    /// How the last value of `via` is made from `key`.
    pub(super) fn of(cx: &Context<'_>, key: Value, via: &[Value]) -> Self {
        let mut derivation = SAME;
        let mut from = key;
        for &step in via {
            derivation = derivation.then(cx, from, step);
            from = step;
        }
        derivation
    }

    /// Whether the tested text is the key's, as far as [`apply`](Self::apply) can say.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text { .. })
    }

    /// Whether the key itself, or a number made from it, was tested.
    pub(super) fn is_same_or_number(&self) -> bool {
        matches!(self, Self::Number | Self::Text { changed: false, .. })
    }

    /// What a constraint on the tested value says about the key.
    pub(super) fn apply(&self, constraint: Constraint) -> Option<Constraint> {
        let Self::Text { stripped, removed, .. } = self else { return None };
        let constraint = match removed {
            Some(set) => Constraint::Removed(set.clone(), Box::new(constraint)),
            None => constraint,
        };
        Some(if *stripped { Constraint::Stripped(Box::new(constraint)) } else { constraint })
    }

    fn changed(self) -> Self {
        match self {
            Self::Text { stripped, removed, .. } => Self::Text { changed: true, stripped, removed },
            other => other,
        }
    }

    fn then(self, cx: &Context<'_>, from: Value, step: Value) -> Self {
        match cx.op(step) {
            Op::Attr(_, name) => match (cx.text(*name), &self) {
                ("parents", _) => Self::Parents,
                ("suffix" | "suffixes", _) => Self::Suffix,
                // What its parts are not, the path has not between its separators.
                ("parts", Self::Text { .. }) => self.changed(),
                ("name" | "stem", Self::Text { .. } | Self::Normalised | Self::Joined) => Self::BaseName,
                (name, _) => url_part(name).map_or(Self::Other, |part| self.url(part)),
            },
            Op::Item(_, index) => match (&self, constant_of(cx, *index)) {
                (Self::ParsedUrl { .. }, Some(ConstValue::Int(0))) => Self::Url(UrlPart::Scheme),
                (Self::ParsedUrl { .. }, Some(ConstValue::Int(1))) => self.url(UrlPart::Host),
                (Self::ParsedUrl { .. }, _) => Self::Url(UrlPart::Other),
                (Self::Suffix, _) => Self::Suffix,
                _ => Self::Part,
            },
            Op::Unpack { index, .. } => match (&self, index) {
                (Self::ParsedUrl { .. }, 0) => Self::Url(UrlPart::Scheme),
                (Self::ParsedUrl { .. }, 1) => self.url(UrlPart::Host),
                (Self::ParsedUrl { .. }, _) => Self::Url(UrlPart::Other),
                (Self::Suffix, _) => Self::Suffix,
                _ => Self::Part,
            },
            Op::Await(_) => self,
            Op::Collection(..) => match self {
                Self::Text { .. } | Self::Normalised | Self::Joined => self,
                _ => Self::Other,
            },
            Op::Binary(BinaryOp::Add | BinaryOp::Div | BinaryOp::Mod, ..) | Op::InPlace(..) | Op::Format(_) => {
                match self {
                    Self::Text { .. } | Self::Normalised | Self::Joined => Self::Joined,
                    // An address put together again from its parts.
                    Self::Url(part) if matches!(cx.op(step), Op::Format(_)) => Self::Url(part),
                    _ => Self::Other,
                }
            }
            Op::Call { .. } => self.then_call(cx, from, step),
            _ => Self::Other,
        }
    }

    /// A part of the address that this is.
    fn url(&self, part: UrlPart) -> Self {
        match (self, part) {
            (Self::ParsedUrl { joined: true }, UrlPart::Host) => Self::Url(UrlPart::JoinedHost),
            (_, part) => Self::Url(part),
        }
    }

    /// What `urljoin` makes of an address with backslashes in it: one that begins with two of them has no host of its own there, and one for
    /// browsers.
    fn joined(&self, cx: &Context<'_>, from: Value, callee: &Callee<'_>) -> Option<Self> {
        let joins = callee.path().is_some_and(|path| path.rsplit('.').next() == Some("urljoin"));
        let on_top = callee.positional(1).is_some_and(|v| is_same_load(cx, v, from));
        (joins && on_top && matches!(self, Self::Text { removed: None, .. })).then_some(Self::JoinedUrl)
    }

    fn then_call(self, cx: &Context<'_>, from: Value, call: Value) -> Self {
        let callee = cx.callee(call);
        if let Some(normal) = cx.oracle.normalises(call) {
            return match self {
                Self::Text { .. } | Self::Normalised | Self::Joined if normal => Self::Normalised,
                Self::Text { .. } | Self::Normalised | Self::Joined => Self::Joined,
                _ => Self::Other,
            };
        }
        if let Some(joined) = self.joined(cx, from, &callee) {
            return joined;
        }
        if let Some(path) = callee.path()
            && let Some(derivation) = self.by_function(path)
        {
            return derivation;
        }
        let on_receiver = callee.receiver.is_some_and(|r| is_same_load(cx, r, from));
        match callee.method {
            Some("resolve") if on_receiver => return Self::Normalised,
            Some("relative_to") if on_receiver => return Self::Remainder,
            Some("joinpath") => return Self::Joined,
            Some("get_host" | "hostname") if on_receiver => return Self::Url(UrlPart::Host),
            _ => {}
        }
        match callee.text_method() {
            Some(method) if on_receiver => self.by_text_method(cx, method, &callee),
            _ => Self::Other,
        }
    }

    /// What a function known by its path makes of the value.
    fn by_function(&self, path: &str) -> Option<Self> {
        let last = path.rsplit('.').next().unwrap_or(path);
        let is_path_module = path.starts_with("os.path.")
            || path.starts_with("posixpath.")
            || path.starts_with("ntpath.")
            || path.starts_with("path.");
        Some(match last {
            "urlparse" | "urlsplit" | "parse_url" => Self::ParsedUrl { joined: matches!(self, Self::JoinedUrl) },
            "realpath" | "abspath" | "normpath" | "safe_join" => Self::Normalised,
            "basename" if is_path_module || path == last => Self::BaseName,
            "secure_filename" => Self::Secured,
            "splitext" => Self::Suffix,
            "dirname" if is_path_module => match self {
                Self::Text { .. } | Self::Normalised | Self::Joined => Self::Folder,
                _ => Self::Part,
            },
            "split" if is_path_module => Self::Part,
            "commonpath" => Self::CommonPath,
            "commonprefix" => Self::CommonPrefix,
            "relpath" => Self::Relative,
            "join" if is_path_module => match self {
                Self::Text { .. } | Self::Normalised | Self::Joined => Self::Joined,
                _ => Self::Other,
            },
            "normcase" | "expanduser" | "fspath" | "Path" | "PurePath" | "PosixPath" | "PurePosixPath" => {
                self.clone().changed()
            }
            "str" | "text_type" | "unicode" | "force_str" | "force_text" | "smart_str" | "to_text" | "safe_decode" => {
                self.clone()
            }
            "int" | "float" | "UUID" => Self::Number,
            "unquote" | "unquote_plus" | "url_unquote" => Self::Unquoted,
            "len" => Self::Other,
            _ => return None,
        })
    }

    fn by_text_method(self, cx: &Context<'_>, method: &str, callee: &Callee<'_>) -> Self {
        match method {
            "lower" | "upper" | "casefold" | "encode" | "decode" => self.changed(),
            "strip" | "lstrip" | "rstrip" => match self {
                Self::Text { removed, stripped, .. } => match callee.args.first() {
                    None => Self::Text { changed: true, stripped: true, removed },
                    Some(arg) => match cx.string(arg.value) {
                        Some(chars) => Self::Text {
                            changed: true,
                            stripped,
                            removed: Some(removed.unwrap_or_default().union(&CharSet::of_text(&chars))),
                        },
                        None => Self::Other,
                    },
                },
                other => other,
            },
            "replace" => match (self, callee.positional(0).and_then(|v| cx.string(v))) {
                (Self::Text { stripped, removed, .. }, Some(needle)) => {
                    let set = removed.unwrap_or_default().union(&CharSet::of_text(&needle));
                    Self::Text { changed: true, stripped, removed: Some(set) }
                }
                _ => Self::Other,
            },
            "split" | "rsplit" | "partition" | "rpartition" | "splitlines" => Self::Part,
            _ => Self::Other,
        }
    }
}

fn url_part(name: &str) -> Option<UrlPart> {
    Some(match name {
        "scheme" => UrlPart::Scheme,
        "netloc" | "hostname" | "host" => UrlPart::Host,
        "path" | "query" | "fragment" | "params" | "port" => UrlPart::Other,
        _ => return None,
    })
}

/// Whether two values are the same chain of loads. What is set between them is not looked at.
pub(super) fn is_same_load(cx: &Context<'_>, a: Value, b: Value) -> bool {
    let (mut a, mut b) = (cx.plain(a), cx.plain(b));
    for _ in 0..8 {
        if a == b {
            return true;
        }
        match (cx.path_elem(a), cx.path_elem(b)) {
            (Some((base_a, elem_a)), Some((base_b, elem_b))) if elem_a == elem_b => {
                (a, b) = (cx.plain(base_a), cx.plain(base_b));
            }
            _ => return matches!((cx.op(a), cx.op(b)), (Op::Global(a), Op::Global(b)) if a == b),
        }
    }
    false
}

/// Whether the tested value of a fact is a path without `..`: something on the way from the key to it, or in
/// the making of what is tested, normalised it last.
pub(super) fn is_normalised(cx: &Context<'_>, fact: &GuardFact) -> bool {
    let mut tested = fact.tested();
    // The check itself may wrap the path: `commonpath([base, path])`, `base in path.parents`.
    for _ in 0..4 {
        match cx.op(tested) {
            Op::Attr(base, name) if cx.text(*name) == "parents" => tested = *base,
            Op::Collection(..) => tested = previous(fact, tested),
            Op::Call { .. }
                if cx
                    .callee(tested)
                    .path()
                    .is_some_and(|p| p.ends_with("commonpath") || p.ends_with("path.dirname")) =>
            {
                tested = previous(fact, tested);
            }
            _ => break,
        }
    }
    normal(cx, tested, 8)
}

/// The value before this one on the way from the key.
fn previous(fact: &GuardFact, value: Value) -> Value {
    match fact.via.iter().position(|v| *v == value) {
        Some(0) | None => fact.key,
        Some(i) => fact.via[i - 1],
    }
}

fn normal(cx: &Context<'_>, value: Value, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    let value = cx.plain(value);
    match cx.op(value) {
        Op::Phi(inputs) => !inputs.is_empty() && inputs.iter().all(|(_, v)| *v == value || normal(cx, *v, depth - 1)),
        // A normalised path with a constant after it that cannot climb.
        Op::Binary(BinaryOp::Add, left, right) => {
            let harmless = cx.string(*right).is_some_and(|s| !s.contains("..")) || is_separator(cx, *right);
            harmless && normal(cx, *left, depth - 1)
        }
        Op::Call { args, .. } => {
            if let Some(normal) = cx.oracle.normalises(value) {
                return normal;
            }
            let callee = cx.callee(value);
            let last = callee.path().and_then(|p| p.rsplit('.').next()).or(callee.method);
            match last {
                Some("realpath" | "abspath" | "normpath" | "safe_join" | "getcwd") => true,
                Some("resolve") => callee.receiver.is_some(),
                Some("str" | "fspath" | "Path" | "PurePath" | "normcase" | "text_type") => {
                    args.first().is_some_and(|a| normal(cx, a.value, depth - 1))
                }
                Some("lower" | "as_posix" | "rstrip") => callee.receiver.is_some_and(|r| normal(cx, r, depth - 1)),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether all that a function returns is a path in its normal form.
pub fn returns_normalised(cx: &Context<'_>) -> bool {
    let mut any = false;
    for block in &cx.function.blocks {
        if let assay_ir::Terminator::Return(value) = block.terminator {
            if !normal(cx, value, 8) {
                return false;
            }
            any = true;
        }
    }
    any
}

fn is_separator(cx: &Context<'_>, value: Value) -> bool {
    cx.is_separator(value)
}
