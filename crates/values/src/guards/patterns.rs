//! Regular expressions as values, and what a match says about the head of an address.

use super::dangers::Constraint;
use super::via::Derivation;
use crate::regex::{CharSet, Flags, Node, Regex, flatten, literal};
use crate::{ConstValue, Context, constant_of};
use assay_ir::{BinaryOp, Op, Value};

/// The expression behind a pattern value.
pub(super) fn pattern_of(cx: &Context<'_>, pattern: Value, flags: Option<Value>) -> Option<Regex> {
    let mut given = match flags {
        Some(value) => flags_of(cx, value, 6)?,
        None => Flags::NONE,
    };
    let pattern = cx.plain(pattern);
    let text = if let Some(text) = cx.string(pattern) {
        text
    } else if let Some(known) = cx.oracle.pattern(pattern) {
        given = given.with(known.flags);
        known.text
    } else {
        let callee = cx.callee(pattern);
        if !callee.is_any(&["re.compile", "regex.compile"]) {
            return None;
        }
        if let Some(value) = callee.argument(cx, 1, "flags") {
            given = given.with(flags_of(cx, value, 6)?);
        }
        cx.string(callee.argument(cx, 0, "pattern")?)?
    };
    crate::regex::parse(&text, given).ok()
}

/// The flags that a value is: `re.I | re.X`.
pub fn flags_given(cx: &Context<'_>, value: Value) -> Option<Flags> {
    flags_of(cx, value, 6)
}

fn flags_of(cx: &Context<'_>, value: Value, depth: u32) -> Option<Flags> {
    if depth == 0 {
        return None;
    }
    if let Op::Binary(BinaryOp::BitOr | BinaryOp::Add, a, b) = cx.op(cx.plain(value)) {
        return Some(flags_of(cx, *a, depth - 1)?.with(flags_of(cx, *b, depth - 1)?));
    }
    if let Some(ConstValue::Int(0)) = constant_of(cx, value) {
        return Some(Flags::NONE);
    }
    let path = cx.path_of(value)?;
    Some(Flags::from_name(path.rsplit('.').next()?))
}

/// What a failed search for an expression says: characters and literal texts that are not there.
pub(super) fn rejected(node: &Node, out: &mut Vec<Constraint>, derivation: &Derivation) {
    let constraint = match node {
        Node::Alternate(branches) => {
            for branch in branches {
                rejected(branch, out, derivation);
            }
            return;
        }
        Node::Group(_, inner) => return rejected(inner, out, derivation),
        Node::Repeat { node, min: 1, .. } => return rejected(node, out, derivation),
        Node::Class(set) => Constraint::Alphabet(set.complement()),
        Node::Concat(_) => match literal(std::slice::from_ref(node)) {
            Some(text) if !text.is_empty() => Constraint::Without(text),
            _ => return,
        },
        _ => return,
    };
    out.extend(derivation.apply(constraint));
}

/// What is fixed at the head of an address.
pub(super) enum UrlHead {
    /// Scheme and host are fixed, and the host is ended.
    Fixed,
    /// So they would be, if a dot were escaped.
    Dot,
    /// Nothing is known.
    Unknown,
}

/// What an expression anchored at its start says about the head of an address.
pub(super) fn url_head(root: &Node) -> UrlHead {
    let mut parts = Vec::new();
    flatten(root, &mut parts);
    parts.retain(|n| !matches!(n, Node::Anchor(_) | Node::Empty | Node::Look { .. }));
    // The scheme: characters and options up to `://`.
    let mut at = 0;
    let single = |n: &Node| match n {
        Node::Class(set) => set.single(),
        _ => None,
    };
    let slashes = |i: usize| {
        parts.len() > i + 2
            && single(parts[i]) == Some(':')
            && single(parts[i + 1]) == Some('/')
            && single(parts[i + 2]) == Some('/')
    };
    while at < parts.len() && !slashes(at) {
        let fine = match parts[at] {
            Node::Class(set) => set.single().is_some_and(|c| c.is_ascii_alphanumeric()),
            Node::Repeat { node, max: Some(1), .. } => literal(std::slice::from_ref(node)).is_some(),
            Node::Alternate(branches) => branches.iter().all(|b| literal(std::slice::from_ref(b)).is_some()),
            _ => false,
        };
        if !fine {
            return UrlHead::Unknown;
        }
        at += 1;
    }
    if at >= parts.len() {
        return UrlHead::Unknown;
    }
    at += 3;
    let harmless = |set: &CharSet| !"/\\@?#:".chars().any(|c| set.contains(c));
    let mut tail = String::new();
    let mut dot = false;
    let mut free = false;
    for part in &parts[at..] {
        match part {
            Node::Class(set) => match set.single() {
                Some('/' | '?' | '#') => {
                    let fixed = if free { tail.starts_with('.') && tail[1..].contains('.') } else { !tail.is_empty() };
                    return match (fixed, dot) {
                        (true, false) => UrlHead::Fixed,
                        (true, true) => UrlHead::Dot,
                        _ => UrlHead::Unknown,
                    };
                }
                Some(':') => tail.push(':'),
                Some(c) if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => tail.push(c),
                None if set.complement().single() == Some('\n') => {
                    dot = true;
                    tail.push('.');
                }
                None if harmless(set) => {
                    free = true;
                    tail.clear();
                }
                _ => return UrlHead::Unknown,
            },
            Node::Repeat { node, .. } => match &**node {
                Node::Class(set) if harmless(set) => {
                    free = true;
                    tail.clear();
                }
                _ => return UrlHead::Unknown,
            },
            _ => return UrlHead::Unknown,
        }
    }
    UrlHead::Unknown
}

/// What is gone from a text after each match of an expression was replaced by `to`.
pub(super) fn removed_by(node: &Node, to: &str, out: &mut Vec<Constraint>) {
    match node {
        Node::Alternate(branches) => {
            for branch in branches {
                removed_by(branch, to, out);
            }
        }
        Node::Group(_, inner) => removed_by(inner, to, out),
        Node::Repeat { node, min: 1, .. } => removed_by(node, to, out),
        Node::Class(set) => {
            let kept = set.complement();
            out.push(Constraint::Alphabet(kept.union(&CharSet::of_text(to))));
        }
        _ => {}
    }
}
