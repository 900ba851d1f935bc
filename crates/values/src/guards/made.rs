//! What the making of a value says about it: replacing, splitting, encoding and filtering take
//! features away from a text.

use super::MatchMethod;
use super::dangers::{Constraint, Danger, PathGap, is_harmless, path_gap};
use super::operands::character_set;
use super::patterns::{pattern_of, removed_by};
use super::{GuardFact, guard_facts};
use crate::regex::{CharSet, Language, Node, Regex};
use crate::{Callee, ConstValue, Context, KeyTable, constant_of};
use assay_dataflow::{Dominators, Location, ValueBlocks};
use assay_index::Idx;
use assay_ir::{ArgKind, Op, Piece, Value};

/// Operations that a value is followed through.
const MAX_DEPTH: u32 = 12;
/// Ways control can take that are told apart.
const MAX_INPUTS: usize = 6;
/// Instructions of a function in which filters of comprehensions are looked at.
const MAX_FUNCTION: usize = 6000;

/// Those of the kinds that a value cannot do the harm of because of how it is made, whatever it is made from:
/// `x.replace("\n", "").replace("\r", "")` for log lines, `re.sub(r"\W", "", x)` for statements of SQL.
pub fn harmless_by_construction<'k>(cx: &Context<'_>, value: Value, kinds: &[&'k str]) -> Vec<&'k str> {
    let cut = is_cut(cx, value);
    let constraints = constraints(cx, value);
    if !cut && constraints.iter().all(Constraint::is_empty) {
        return Vec::new();
    }
    kinds
        .iter()
        .copied()
        .filter(|kind| {
            cut && matches!(*kind, "regex-match" | "cache-key")
                || is_harmless(kind, &|danger| constraints.iter().any(|c| c.excludes(danger)))
        })
        .collect()
}

/// Whether a value cannot have a character in it because of how it is made.
pub fn is_free_of(cx: &Context<'_>, value: Value, character: char) -> bool {
    constraints(cx, value).iter().any(|c| c.excludes(Danger::Char(character)))
}

/// Whether a path has no `..` in it because of how it is made.
pub fn climbs_nowhere(cx: &Context<'_>, value: Value) -> bool {
    let constraints = constraints(cx, value);
    path_gap(&|danger| constraints.iter().any(|c| c.excludes(danger))) != Some(PathGap::Traversal)
}

/// Whether a value is a slice of no more than a constant length: `x[:80]`.
fn is_cut(cx: &Context<'_>, value: Value) -> bool {
    let Op::Item(_, index) = cx.op(cx.plain(value)) else { return false };
    let Op::Slice(_, Some(end), _) = cx.op(*index) else { return false };
    matches!(constant_of(cx, *end), Some(ConstValue::Int(0..)))
}

/// Whether the result of a call can hold what a check of its argument excluded, because it decodes: data
/// that was checked before must be checked again.
pub fn may_undo_checks(cx: &Context<'_>, call: Value) -> bool {
    decodes(cx, call) || matches!(last_name(&cx.callee(call)), Some("expandvars" | "expanduser"))
}

/// Whether a call takes back what an encoding did: what its argument cannot hold, its result can, even where a sanitiser
/// took it away.
pub fn decodes(cx: &Context<'_>, call: Value) -> bool {
    let callee = cx.callee(call);
    match last_name(&callee) {
        Some(
            "unquote" | "unquote_plus" | "unquote_to_bytes" | "url_unquote" | "url_unquote_plus" | "url_decode"
            | "url2pathname" | "uri_to_iri" | "parse_qs" | "parse_qsl" | "unescape" | "b64decode" | "urlsafe_b64decode"
            | "standard_b64decode" | "b32decode" | "b16decode" | "a85decode" | "b85decode" | "decodebytes"
            | "unhexlify" | "fromhex" | "a2b_hex" | "a2b_base64" | "loads" | "literal_eval",
        ) => true,
        Some("decode") => callee.args.first().and_then(|a| cx.string(a.value)).is_some_and(|codec| {
            matches!(codec.as_str(), "unicode_escape" | "unicode-escape" | "raw_unicode_escape" | "rot13" | "idna")
        }),
        _ => false,
    }
}

/// The quotes that a call which escapes text for HTML leaves as they are: between those, the text can end an attribute.
pub fn quotes_left(cx: &Context<'_>, call: Value) -> &'static [char] {
    let callee = cx.callee(call);
    let given = |name| callee.argument(cx, 1, name);
    match callee.path() {
        Some("html.escape") => match given("quote") {
            Some(quote) if constant_of(cx, quote) == Some(ConstValue::Bool(false)) => &['"', '\''],
            _ => &[],
        },
        Some("cgi.escape") => match given("quote").map(|quote| constant_of(cx, quote)) {
            None | Some(Some(ConstValue::Bool(false) | ConstValue::None | ConstValue::Int(0))) => &['"', '\''],
            Some(_) => &['\''],
        },
        Some("xml.sax.saxutils.escape") if given("entities").is_none() => &['"', '\''],
        _ => &[],
    }
}

/// The last part of the name of what is called.
fn last_name<'c>(callee: &'c Callee<'_>) -> Option<&'c str> {
    callee.path().and_then(|p| p.rsplit('.').next()).or(callee.method)
}

/// What is known about a value by its making alone.
pub struct Made {
    pub(super) constraints: Vec<Constraint>,
}

impl Made {
    /// Of one value.
    pub fn of(cx: &Context<'_>, value: Value) -> Self {
        Self { constraints: constraints(cx, value) }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.constraints.is_empty()
    }
}

/// What is known about a value by its making alone.
fn constraints(cx: &Context<'_>, value: Value) -> Vec<Constraint> {
    made(cx, value, MAX_DEPTH)
}

fn made(cx: &Context<'_>, value: Value, depth: u32) -> Vec<Constraint> {
    if depth == 0 {
        return Vec::new();
    }
    let value = cx.plain(value);
    if cx.oracle.is_rooted(value) {
        let without = ["\\", "\t", "\r", "\n"].map(|part| Constraint::Without(part.to_owned()));
        return std::iter::once(Constraint::Starts(vec!["/".to_owned()])).chain(without).collect();
    }
    match cx.op(value) {
        Op::Const(_) => cx.string(value).map(Constraint::Exact).into_iter().collect(),
        Op::Phi(inputs) if inputs.len() <= MAX_INPUTS => {
            let mut sets = Vec::with_capacity(inputs.len());
            for (_, input) in inputs {
                if *input == value {
                    continue;
                }
                let set = made(cx, *input, depth / 2);
                if set.is_empty() {
                    return Vec::new();
                }
                sets.push(set);
            }
            if sets.is_empty() { Vec::new() } else { vec![Constraint::AnyOf(sets)] }
        }
        Op::Item(base, index) if matches!(cx.op(*index), Op::Slice(..)) => part_of(made(cx, *base, depth - 1)),
        Op::Item(base, index) => {
            let index = match constant_of(cx, *index) {
                Some(ConstValue::Int(i)) => Some(i),
                _ => None,
            };
            part(cx, *base, index, depth - 1)
        }
        Op::Unpack { base, index, rest: false } => part(cx, *base, Some(i64::from(*index)), depth - 1),
        Op::Next(base) => part(cx, *base, None, depth - 1),
        Op::Attr(base, name) if matches!(cx.text(*name), "name" | "stem") => {
            let callee = cx.callee(*base);
            let is_path = callee.path().is_some_and(|p| p.ends_with("Path"));
            if is_path { vec![Constraint::Without("/".to_owned())] } else { Vec::new() }
        }
        Op::Format(pieces) => {
            let mut sets = Vec::with_capacity(pieces.len());
            for piece in pieces {
                let set = match piece {
                    Piece::Text(text) => vec![Constraint::Exact(cx.text(*text).to_owned())],
                    Piece::Hole { value, .. } => made(cx, *value, depth / 2),
                };
                if set.is_empty() {
                    return Vec::new();
                }
                sets.push(set);
            }
            rewritten(CharSet::empty(), vec![Constraint::AnyOf(sets)])
        }
        Op::Call { .. } => call(cx, value, depth - 1),
        _ => Vec::new(),
    }
}

fn rewritten(added: CharSet, inner: Vec<Constraint>) -> Vec<Constraint> {
    if inner.iter().all(Constraint::is_empty) { Vec::new() } else { vec![Constraint::Rewritten(added, inner)] }
}

fn part_of(inner: Vec<Constraint>) -> Vec<Constraint> {
    if inner.iter().all(Constraint::is_empty) { Vec::new() } else { vec![Constraint::PartOf(inner)] }
}

/// An element of what `base` gives; without an index, any element.
fn part(cx: &Context<'_>, base: Value, index: Option<i64>, depth: u32) -> Vec<Constraint> {
    if depth == 0 {
        return Vec::new();
    }
    let base = cx.plain(base);
    let Op::Call { args, .. } = cx.op(base) else {
        // A character of a text has the text's characters only.
        return part_of(made(cx, base, depth - 1));
    };
    let callee = cx.callee(base);
    if let Some(index) = index.and_then(|index| u32::try_from(index).ok()) {
        // `first, second = match.groups()`, `match[1]`
        let matched = match (callee.method, callee.receiver) {
            (Some("groups"), Some(matched)) => group(cx, matched, index + 1),
            _ => group(cx, base, index),
        };
        if !matched.is_empty() {
            return matched;
        }
    }
    let (Some(method), Some(receiver)) = (callee.text_method(), callee.receiver) else { return Vec::new() };
    let mut out = part_of(made(cx, receiver, depth - 1));
    let separator = callee.argument(cx, 0, "sep").and_then(|v| cx.string(v)).filter(|s| !s.is_empty());
    let whole = args.len() < 2;
    match (method, separator) {
        ("splitlines", _) => out.extend(["\n", "\r"].map(|s| Constraint::Without(s.to_owned()))),
        ("split" | "rsplit", None) if args.is_empty() => {
            out.push(Constraint::Alphabet(CharSet::of(&[('\t', '\r'), ('\x1c', ' ')]).complement()));
        }
        ("split", Some(s)) if whole || index == Some(0) => out.push(Constraint::Without(s)),
        ("rsplit", Some(s)) if whole || index == Some(-1) => out.push(Constraint::Without(s)),
        ("partition", Some(s)) if index == Some(0) => out.push(Constraint::Without(s)),
        ("rpartition", Some(s)) if index == Some(2) || index == Some(-1) => out.push(Constraint::Without(s)),
        ("split" | "rsplit" | "partition" | "rpartition", _) => {}
        _ => return Vec::new(),
    }
    out
}

/// What a group of an expression lets through, where `matched` is what a match gave: `re.match(r"(\d+)-(.*)", text)`.
fn group(cx: &Context<'_>, matched: Value, index: u32) -> Vec<Constraint> {
    let matched = cx.plain(matched);
    let callee = cx.callee(matched);
    let function = ["re.match", "re.search", "re.fullmatch", "regex.match", "regex.search", "regex.fullmatch"];
    let (pattern, flags) = if callee.is_any(&function) {
        (callee.argument(cx, 0, "pattern"), callee.argument(cx, 2, "flags"))
    } else if matches!(callee.method, Some("match" | "search" | "fullmatch")) {
        (callee.receiver, None)
    } else {
        return Vec::new();
    };
    let Some(regex) = pattern.and_then(|pattern| pattern_of(cx, pattern, flags)) else { return Vec::new() };
    let Some(root) = group_of(&regex.root, index) else { return Vec::new() };
    let regex = Regex { root: root.clone(), groups: regex.groups, gaps: regex.gaps };
    vec![Constraint::Language(Box::new(Language::new(&regex, MatchMethod::FullMatch)))]
}

/// A group of an expression by its number; the whole of it is number 0.
fn group_of(node: &Node, index: u32) -> Option<&Node> {
    if index == 0 {
        return Some(node);
    }
    match node {
        Node::Group(Some(number), inner) if *number == index => Some(inner),
        Node::Group(_, inner) => group_of(inner, index),
        Node::Repeat { node, .. } => group_of(node, index),
        Node::Concat(nodes) | Node::Alternate(nodes) => nodes.iter().find_map(|node| group_of(node, index)),
        _ => None,
    }
}

fn call(cx: &Context<'_>, value: Value, depth: u32) -> Vec<Constraint> {
    let callee = cx.callee(value);
    if let Some(found) = by_function(cx, &callee, depth) {
        return found;
    }
    if let ("group", Some(matched)) = (callee.method.unwrap_or_default(), callee.receiver) {
        let index = match callee.args.first().map(|arg| constant_of(cx, arg.value)) {
            None => Some(0),
            Some(Some(ConstValue::Int(index))) => u32::try_from(index).ok(),
            Some(_) => None,
        };
        return index.filter(|_| callee.args.len() < 2).map_or_else(Vec::new, |index| group(cx, matched, index));
    }
    let (Some(method), Some(receiver)) = (callee.text_method(), callee.receiver) else { return Vec::new() };
    let inner = || made(cx, receiver, depth);
    match method {
        "lower" | "upper" | "casefold" | "title" | "capitalize" | "swapcase" => rewritten(CharSet::empty(), inner()),
        "removeprefix" | "removesuffix" => part_of(inner()),
        "strip" | "lstrip" | "rstrip" => {
            let mut out = part_of(inner());
            if method != "rstrip"
                && let Some(chars) = callee.positional(0).and_then(|v| cx.string(v))
            {
                out.extend(chars.chars().map(|c| Constraint::NotStarts(c.to_string())));
            }
            out
        }
        "encode" => inner(),
        "decode" if !may_undo_checks(cx, value) => inner(),
        "hexdigest" | "hex" if callee.args.is_empty() => vec![Constraint::Alphabet(hex_digits())],
        "replace" if callee.args.len() == 2 => {
            let (Some(from), Some(to)) =
                (callee.positional(0).and_then(|v| cx.string(v)), callee.positional(1).and_then(|v| cx.string(v)))
            else {
                return Vec::new();
            };
            let mut out = rewritten(CharSet::of_text(&to), inner());
            out.extend(without_after_replacing(from, &to));
            out
        }
        "join" => joined(cx, &callee, receiver, depth),
        _ => Vec::new(),
    }
}

/// What is gone after each occurrence of a text was replaced. Taking a longer text out can leave what
/// stood around it to form it anew: `....//` without `../` is `../`.
fn without_after_replacing(from: String, to: &str) -> Option<Constraint> {
    let single = from.chars().count() == 1;
    let apart = !to.is_empty() && !to.chars().any(|c| from.contains(c));
    (!from.is_empty() && (apart || single && !to.contains(from.as_str()))).then_some(Constraint::Without(from))
}

/// Whether a path begins with `/`, whatever follows.
fn begins_at_root(cx: &Context<'_>, path: Value) -> bool {
    let all = crate::shapes::path_shapes(cx, path);
    !all.is_empty()
        && all.iter().all(|shape| match shape.pieces.first() {
            Some(crate::shapes::Piece::Text(text)) => text.starts_with('/'),
            _ => false,
        })
}

fn hex_digits() -> CharSet {
    CharSet::of(&[('0', '9'), ('a', 'f'), ('A', 'F')])
}

fn by_function(cx: &Context<'_>, callee: &Callee<'_>, depth: u32) -> Option<Vec<Constraint>> {
    let path = callee.path()?;
    let last = path.rsplit('.').next().unwrap_or(path);
    let alnum = || CharSet::of(&[('a', 'z'), ('A', 'Z'), ('0', '9')]);
    let first = callee.positional(0);
    Some(match last {
        "str" | "text_type" | "fspath" | "force_str" | "force_text" | "ensure_str" if first.is_some() => {
            made(cx, first?, depth)
        }
        "repr" | "ascii" if path == last => ["\n", "\r"].map(|s| Constraint::Without(s.to_owned())).into(),
        "dumps" if path == "json.dumps" && callee.keyword(cx, "indent").is_none() => {
            ["\n", "\r"].map(|s| Constraint::Without(s.to_owned())).into()
        }
        // `..` at the root leads nowhere else.
        "normpath" | "abspath" | "realpath" if begins_at_root(cx, first?) => {
            vec![Constraint::Starts(vec!["/".to_owned()]), Constraint::Without("..".to_owned())]
        }
        "basename" if path != last || first.is_some() => {
            let mut out = part_of(made(cx, first?, depth));
            out.push(Constraint::Without("/".to_owned()));
            out
        }
        "quote" | "quote_plus" if path.contains("parse") || path.starts_with("urllib") => {
            let safe = match callee.argument(cx, 1, "safe") {
                Some(safe) => cx.string(safe)?,
                None if last == "quote" => "/".to_owned(),
                None => String::new(),
            };
            vec![Constraint::Alphabet(alnum().union(&CharSet::of_text("_.-~%+")).union(&CharSet::of_text(&safe)))]
        }
        "b64encode" | "standard_b64encode" | "urlsafe_b64encode" if path.starts_with("base64.") => {
            vec![Constraint::Alphabet(alnum().union(&CharSet::of_text("+/=-_")))]
        }
        "hexlify" => vec![Constraint::Alphabet(hex_digits())],
        "sub" => {
            // `re.sub(pattern, replacement, text)` and `compiled.sub(replacement, text)`.
            let (pattern, skipped) =
                if path == "re.sub" { (callee.argument(cx, 0, "pattern")?, 1) } else { (callee.receiver?, 0) };
            let to = cx.string(callee.argument(cx, skipped, "repl")?)?;
            let text = callee.argument(cx, skipped + 1, "string")?;
            let all = callee.args.len() == skipped + 2
                || callee.keyword(cx, "flags").is_some() && callee.args.len() == skipped + 3;
            let mut out = rewritten(CharSet::of_text(&to), made(cx, text, depth));
            if let Some(regex) = pattern_of(cx, pattern, callee.keyword(cx, "flags")).filter(|_| all) {
                removed_by(&regex.root, &to, &mut out);
            }
            out
        }
        _ => return None,
    })
}

/// `sep.join(c for c in x if test(c))`: the characters of the elements that pass, and of the separator.
fn joined(cx: &Context<'_>, callee: &Callee<'_>, separator: Value, depth: u32) -> Vec<Constraint> {
    let (Some(list), Some(separator), [arg]) = (callee.positional(0), cx.string(separator), callee.args) else {
        return Vec::new();
    };
    if arg.kind != ArgKind::Positional {
        return Vec::new();
    }
    let list = cx.plain(list);
    let added = CharSet::of_text(&separator);
    match cx.op(list) {
        Op::Collection(_, elements) if elements.is_empty() && cx.function.insts.len() <= MAX_FUNCTION => {
            let accumulated = cx.following(list).enumerate().filter_map(|(n, i)| match i.op {
                Op::Accumulate { into, key: None, value } if into == list => {
                    Some((Value::new(list.index() + n), value))
                }
                _ => None,
            });
            let mut filters = None;
            let mut sets = Vec::new();
            for (place, element) in accumulated {
                let filters = filters.get_or_insert_with(|| Filters::new(cx));
                // What `a if test else b` adds is one of two values, each with what its way has passed.
                let ways: Vec<(Value, Option<Location>)> = match cx.op(element) {
                    Op::Phi(inputs) => {
                        inputs.iter().map(|(from, v)| (*v, Some(Location::end(cx.function, *from)))).collect()
                    }
                    _ => vec![(element, filters.places.location(place))],
                };
                for (element, at) in ways {
                    let mut set = made(cx, element, depth);
                    set.extend(at.into_iter().flat_map(|at| filters.passed(cx, element, at)));
                    if set.is_empty() {
                        return Vec::new();
                    }
                    sets.push(set);
                }
            }
            if sets.is_empty() { Vec::new() } else { rewritten(added, vec![Constraint::AnyOf(sets)]) }
        }
        Op::Collection(_, elements) if !elements.is_empty() => {
            let mut sets = Vec::new();
            for element in elements {
                let set = if element.spread { Vec::new() } else { made(cx, element.value, depth) };
                if set.is_empty() {
                    return Vec::new();
                }
                sets.push(set);
            }
            rewritten(added, vec![Constraint::AnyOf(sets)])
        }
        Op::Call { .. } => {
            let inner = part(cx, list, None, depth);
            rewritten(added, inner)
        }
        _ => Vec::new(),
    }
}

/// The conditions of a function, for what the elements that a comprehension keeps have passed.
struct Filters {
    places: ValueBlocks,
    dominators: Dominators,
    keys: KeyTable,
    facts: Vec<GuardFact>,
}

impl Filters {
    fn new(cx: &Context<'_>) -> Self {
        let places = ValueBlocks::new(cx.function);
        let dominators = Dominators::new(cx.function);
        let keys = KeyTable::new(cx.function, cx.strings);
        let facts = guard_facts(cx, &dominators, &places, &keys);
        Self { places, dominators, keys, facts }
    }

    /// The characters that an element has when control gets to a place.
    fn passed(&self, cx: &Context<'_>, element: Value, at: Location) -> Vec<Constraint> {
        let key = self.keys.canonical(element);
        self.facts
            .iter()
            .filter(|f| f.key == key && f.holds_at(&self.dominators, at))
            .filter_map(|f| character_set(cx, f).map(Constraint::Alphabet))
            .collect()
    }
}
