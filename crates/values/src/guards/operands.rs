//! What the operands of a test are: types, sets of characters, prefixes.

use super::{CharClass, GuardFact, Test};
use crate::regex::CharSet;
use crate::{ConstValue, Context, constant_of};
use assay_ir::{BinaryOp, Op, Piece, Value};

/// Types whose text form holds no character that does harm.
pub(super) const PLAIN_TYPES: &[&str] = &[
    "int",
    "float",
    "bool",
    "complex",
    "UUID",
    "Decimal",
    "Fraction",
    "datetime",
    "date",
    "time",
    "timedelta",
    "IPv4Address",
    "IPv4Network",
    "Number",
    "Integral",
    "Real",
    "Rational",
    "NoneType",
    "integer_types",
    "long",
];
pub(super) const TEXT_TYPES: &[&str] = &["str", "bytes", "six.string_types", "six.text_type", "unicode", "basestring"];

/// The names of the classes in the second argument of `isinstance`; false when one is not known.
pub(super) fn type_names(cx: &Context<'_>, types: Value, depth: u32, out: &mut Vec<String>) -> bool {
    if depth == 0 {
        return false;
    }
    match cx.op(cx.plain(types)) {
        Op::Collection(_, elements) => elements.iter().all(|e| !e.spread && type_names(cx, e.value, depth - 1, out)),
        Op::Binary(BinaryOp::BitOr | BinaryOp::Add, a, b) => {
            type_names(cx, *a, depth - 1, out) && type_names(cx, *b, depth - 1, out)
        }
        _ => match cx.path_of(types) {
            Some(path) => {
                out.push(path.into_owned());
                true
            }
            None => false,
        },
    }
}

pub(super) fn alphabet(class: CharClass) -> CharSet {
    let beyond = ('\u{80}', '\u{10FFFF}');
    match class {
        CharClass::IsDigit | CharClass::IsDecimal | CharClass::IsNumeric => CharSet::of(&[('0', '9'), beyond]),
        CharClass::IsAlpha => CharSet::of(&[('a', 'z'), ('A', 'Z'), beyond]),
        CharClass::IsAlnum => CharSet::of(&[('a', 'z'), ('A', 'Z'), ('0', '9'), beyond]),
        CharClass::IsIdentifier => CharSet::of(&[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_'), beyond]),
        CharClass::IsPrintable => CharSet::of(&[(' ', '~'), beyond]),
        CharClass::IsSpace => CharSet::of(&[('\t', '\r'), ('\x1c', ' '), beyond]),
        CharClass::IsAscii => CharSet::of(&[('\0', '\x7f')]),
    }
}

/// The characters that a test of one character admits.
pub(super) fn character_set(cx: &Context<'_>, fact: &GuardFact) -> Option<CharSet> {
    if let Test::OneOf(sets) = &fact.test {
        let mut all = CharSet::empty();
        for set in sets {
            all.add(&set.iter().find_map(|f| character_set(cx, f))?);
        }
        return Some(all);
    }
    if !fact.via.is_empty() {
        return None;
    }
    match &fact.test {
        Test::CharClass { class, positive: true } => Some(alphabet(*class)),
        Test::Member { of, positive: true } => match constant_of(cx, *of)? {
            ConstValue::Str(s) | ConstValue::Bytes(s) => Some(CharSet::of_text(&s)),
            ConstValue::Sequence(items) | ConstValue::Mapping(items) => {
                let mut all = CharSet::empty();
                for item in &items {
                    let text = item.as_str()?;
                    if text.chars().count() != 1 {
                        return None;
                    }
                    all.add(&CharSet::of_text(text));
                }
                Some(all)
            }
            _ => None,
        },
        Test::Equals { other, positive: true } => {
            let text = cx.string(*other)?;
            (text.chars().count() == 1).then(|| CharSet::of_text(&text))
        }
        _ => None,
    }
}

/// Whether a value that is looked in may be text, where parts of it are found, and not a list.
pub(super) fn may_be_text(cx: &Context<'_>, value: Value, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    let value = cx.plain(value);
    match cx.op(value) {
        Op::Phi(inputs) => inputs.iter().any(|(_, v)| may_be_text(cx, *v, depth - 1)),
        // `settings.get("HOST", "")`
        Op::Call { .. } => {
            let callee = cx.callee(value);
            matches!(callee.method, Some("get" | "getenv"))
                && callee.positional(1).is_some_and(|v| may_be_text(cx, v, depth - 1))
        }
        _ => cx.string(value).is_some() || cx.oracle.is_type(value, "str"),
    }
}

/// Whether a value names the folder above.
pub(super) fn is_parent(cx: &Context<'_>, value: Value) -> bool {
    cx.path_of(value).is_some_and(|p| matches!(&*p, "os.pardir" | "os.path.pardir"))
}

/// Whether a text surely ends with a path separator.
pub(super) fn ends_with_separator(cx: &Context<'_>, value: Value, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    if let Some(text) = cx.string(value) {
        return text.ends_with(['/', '\\']);
    }
    let value = cx.plain(value);
    match cx.op(value) {
        Op::Binary(BinaryOp::Add, _, right) => ends_with_separator(cx, *right, depth - 1),
        Op::Format(pieces) => match pieces.last() {
            Some(Piece::Text(text)) => cx.text(*text).ends_with(['/', '\\']),
            Some(Piece::Hole { value, .. }) => ends_with_separator(cx, *value, depth - 1),
            None => false,
        },
        Op::Phi(inputs) => inputs.iter().all(|(_, v)| ends_with_separator(cx, *v, depth - 1)),
        Op::Call { args, .. } => {
            let callee = cx.callee(value);
            if callee.is_any(&["os.path.join", "posixpath.join"]) {
                return args.len() > 1
                    && args.last().is_some_and(|a| {
                        cx.string(a.value).is_some_and(|s| s.is_empty()) || ends_with_separator(cx, a.value, depth - 1)
                    });
            }
            false
        }
        Op::Collection(_, elements) => {
            !elements.is_empty() && elements.iter().all(|e| !e.spread && ends_with_separator(cx, e.value, depth - 1))
        }
        _ => cx.is_separator(value) || is_site(cx, value),
    }
}

/// Whether a value is the address of the site that a request came to, which Werkzeug ends with a slash.
fn is_site(cx: &Context<'_>, value: Value) -> bool {
    let Op::Attr(base, name) = cx.op(cx.plain(value)) else { return false };
    let of_werkzeug = |path: &str| ["flask.", "quart.", "werkzeug."].iter().any(|from| path.starts_with(from));
    matches!(cx.text(*name), "host_url" | "url_root" | "root_url") && cx.path_of(*base).is_some_and(|p| of_werkzeug(&p))
}
