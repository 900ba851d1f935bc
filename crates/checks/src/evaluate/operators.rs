//! Operators and methods on constants.

use super::{Known, MAX_SIZE};
use assay_ir::{ArgKind, BinaryOp, CompareOp};

/// The place that an index means, which counts from the end where it is negative.
pub(super) fn from_start(index: i64, len: usize) -> Option<usize> {
    match usize::try_from(index) {
        Ok(at) => Some(at),
        Err(_) => len.checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
    }
}

/// The element at an index.
pub(super) fn element(items: &[Known], index: i64) -> Known {
    from_start(index, items.len()).and_then(|at| items.get(at).cloned()).unwrap_or(Known::Unknown)
}

pub(super) fn text(text: String) -> Known {
    if text.len() > MAX_SIZE { Known::Unknown } else { Known::Text(text) }
}

/// A value as text.
pub(super) fn shown(known: &Known) -> Option<String> {
    match known {
        Known::Text(text) => Some(text.clone()),
        Known::Int(n) => Some(n.to_string()),
        Known::Bool(true) => Some("True".to_owned()),
        Known::Bool(false) => Some("False".to_owned()),
        Known::None => Some("None".to_owned()),
        _ => None,
    }
}

pub(super) fn binary(op: BinaryOp, a: Known, b: Known) -> Known {
    match (op, a, b) {
        (BinaryOp::Add, Known::Text(a), Known::Text(b)) => text(a + &b),
        (BinaryOp::Add, Known::Int(a), Known::Int(b)) => a.checked_add(b).map_or(Known::Unknown, Known::Int),
        (BinaryOp::Add, Known::List(mut a), Known::List(b)) => {
            a.extend(b);
            a.truncate(MAX_SIZE);
            Known::List(a)
        }
        (BinaryOp::BitOr, Known::Dict(mut a), Known::Dict(b)) => {
            a.extend(b);
            Known::Dict(a)
        }
        (BinaryOp::Mod, Known::Text(format), values) => percent(&format, &values).map_or(Known::Unknown, text),
        _ => Known::Unknown,
    }
}

/// `format % values`
fn percent(format: &str, values: &Known) -> Option<String> {
    let named = matches!(values, Known::Dict(_));
    let mut positional = match values {
        Known::List(items) => items.clone(),
        other => vec![other.clone()],
    }
    .into_iter();
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let value = if named {
            let (name, after) = rest.strip_prefix('(')?.split_once(')')?;
            rest = after;
            values.get(name)?.clone()
        } else {
            positional.next()?
        };
        rest = rest.strip_prefix(['s', 'd', 'r'])?;
        out.push_str(&shown(&value)?);
    }
    out.push_str(rest);
    Some(out)
}

pub(super) fn compare(op: CompareOp, a: &Known, b: &Known) -> Known {
    let constant = |known: &Known| !matches!(known, Known::Object(..) | Known::Unknown);
    if !constant(a) || !constant(b) {
        return Known::Unknown;
    }
    let contains = || match (a, b) {
        (Known::Text(part), Known::Text(whole)) => Some(whole.contains(part.as_str())),
        (_, Known::List(items)) => Some(items.contains(a)),
        (_, Known::Dict(entries)) => Some(entries.iter().any(|(key, _)| key == a)),
        _ => None,
    };
    let found = match op {
        CompareOp::Eq | CompareOp::Is => Some(a == b),
        CompareOp::NotEq | CompareOp::IsNot => Some(a != b),
        CompareOp::In => contains(),
        CompareOp::NotIn => contains().map(|found| !found),
        _ => None,
    };
    found.map_or(Known::Unknown, Known::Bool)
}

pub(super) fn text_method(whole: &str, method: &str, args: &[assay_ir::Arg], values: &[Known]) -> Option<Known> {
    let part = |at: usize| values.get(at).and_then(Known::text);
    let letters = |at: usize| -> Vec<char> { part(at).map_or(vec![' ', '\t', '\n'], |t| t.chars().collect()) };
    Some(match (method, values.len()) {
        ("replace", 2 | 3) => text(whole.replace(part(0)?, part(1)?)),
        ("lower", 0) => text(whole.to_lowercase()),
        ("upper", 0) => text(whole.to_uppercase()),
        ("strip", 0 | 1) => text(whole.trim_matches(&letters(0)[..]).to_owned()),
        ("lstrip", 0 | 1) => text(whole.trim_start_matches(&letters(0)[..]).to_owned()),
        ("rstrip", 0 | 1) => text(whole.trim_end_matches(&letters(0)[..]).to_owned()),
        ("removeprefix", 1) => text(whole.strip_prefix(part(0)?).unwrap_or(whole).to_owned()),
        ("removesuffix", 1) => text(whole.strip_suffix(part(0)?).unwrap_or(whole).to_owned()),
        ("startswith", 1) => Known::Bool(whole.starts_with(part(0)?)),
        ("endswith", 1) => Known::Bool(whole.ends_with(part(0)?)),
        ("split", 1) if !part(0)?.is_empty() => {
            Known::List(whole.split(part(0)?).map(|t| Known::Text(t.to_owned())).collect())
        }
        ("join", 1) => match &values[0] {
            Known::List(items) => {
                let parts: Option<Vec<&str>> = items.iter().map(Known::text).collect();
                text(parts?.join(whole))
            }
            _ => return None,
        },
        ("format", _) if args.iter().all(|a| a.kind == ArgKind::Positional) => {
            let mut out = String::new();
            let mut rest = whole;
            let mut next = 0;
            while let Some((before, after)) = rest.split_once('{') {
                let (hole, behind) = after.split_once('}')?;
                out.push_str(before);
                let at = if hole.is_empty() { next } else { hole.parse().ok()? };
                next += 1;
                out.push_str(&shown(values.get(at)?)?);
                rest = behind;
            }
            out.push_str(rest);
            text(out)
        }
        _ => return None,
    })
}

pub(super) fn dict_method(entries: &[(Known, Known)], method: &str, values: &[Known]) -> Option<Known> {
    Some(match (method, values.len()) {
        ("items" | "iteritems", 0) => {
            Known::List(entries.iter().map(|(k, v)| Known::List(vec![k.clone(), v.clone()])).collect())
        }
        ("keys", 0) => Known::List(entries.iter().map(|(k, _)| k.clone()).collect()),
        ("values", 0) => Known::List(entries.iter().map(|(_, v)| v.clone()).collect()),
        ("copy", 0) => Known::Dict(entries.to_vec()),
        ("get", 1 | 2) => {
            if matches!(values[0], Known::Unknown | Known::Object(..)) {
                return Some(Known::Unknown);
            }
            let found = entries.iter().rev().find(|(k, _)| *k == values[0]).map(|(_, v)| v.clone());
            found.or_else(|| values.get(1).cloned()).unwrap_or(Known::None)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Known {
        Known::Text(text.to_owned())
    }

    #[test]
    fn texts_are_put_together() {
        assert_eq!(binary(BinaryOp::Add, word("/a"), word("/b")), word("/a/b"));
        let pair = Known::List(vec![word("get"), word("port")]);
        assert_eq!(binary(BinaryOp::Mod, word("%s_%s"), pair), word("get_port"));
        assert_eq!(binary(BinaryOp::Mod, word("%s_%s"), word("get")), Known::Unknown);
        let named = Known::Dict(vec![(word("x"), word("port"))]);
        assert_eq!(binary(BinaryOp::Mod, word("100%% %(x)s"), named), word("100% port"));
        assert_eq!(text_method("{}{}_{}", "format", &[], &[word("a"), word("b"), word("c")]), Some(word("ab_c")));
    }

    #[test]
    fn indexes_count_from_both_ends() {
        let items = [Known::Int(1), Known::Int(2)];
        assert_eq!(element(&items, -1), Known::Int(2));
        assert_eq!(element(&items, 0), Known::Int(1));
        assert_eq!(element(&items, 2), Known::Unknown);
        assert_eq!(element(&items, -3), Known::Unknown);
    }

    #[test]
    fn what_is_unknown_is_compared_with_nothing() {
        assert_eq!(compare(CompareOp::In, &word("a"), &Known::List(vec![word("a")])), Known::Bool(true));
        assert_eq!(compare(CompareOp::Eq, &word("a"), &Known::Unknown), Known::Unknown);
    }
}
