//! Names that code puts together: `"get_%s_tags" % resource`, `f"{action}_{resource}"`.

use crate::code::Code;
use assay_ir::{BinaryOp, Op, Piece, Value};
use assay_resolve::{FuncId, Object};

/// Definitions that are followed.
const MAX_STEPS: u32 = 10;
/// Pieces up to which a name is compared with texts; one with more may be any.
const MAX_PIECES: usize = 5;

/// A text with holes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Name {
    /// The constant pieces; between each two of them is a hole.
    pub(crate) pieces: Vec<String>,
}

impl Name {
    fn constant(text: String) -> Self {
        Self { pieces: vec![text] }
    }

    fn hole() -> Self {
        Self { pieces: vec![String::new(), String::new()] }
    }

    fn then(mut self, other: Self) -> Self {
        let mut rest = other.pieces.into_iter();
        if let (Some(last), Some(first)) = (self.pieces.last_mut(), rest.next()) {
            last.push_str(&first);
        }
        self.pieces.extend(rest);
        self
    }

    /// The text, where there is no hole.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.pieces[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// How much of it is constant.
    pub(crate) fn constant_length(&self) -> usize {
        self.pieces.iter().map(String::len).sum()
    }

    /// As people write it: a hole is `{}`.
    pub(crate) fn shown(&self) -> String {
        self.pieces.join("{}")
    }

    /// Whether a text can be made of it; a hole is not empty.
    pub(crate) fn may_be(&self, text: &str) -> bool {
        self.pieces.len() > MAX_PIECES || fits(&self.pieces, text)
    }
}

/// Whether the pieces stand in the text with something between each two of them.
fn fits(pieces: &[String], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let Some(left) = text.strip_prefix(first.as_str()) else { return false };
    if rest.is_empty() {
        return left.is_empty();
    }
    let mut ends = left.char_indices().skip(1).map(|(at, _)| at).chain([left.len()]);
    !left.is_empty() && ends.any(|at| fits(rest, &left[at..]))
}

/// The text that a value is, with holes for what is not known.
pub(crate) fn name(code: &Code<'_>, f: FuncId, value: Value) -> Name {
    build(code, f, value, MAX_STEPS)
}

fn build(code: &Code<'_>, f: FuncId, value: Value, steps: u32) -> Name {
    if steps == 0 {
        return Name::hole();
    }
    if let Some(text) = code.string(f, value) {
        return Name::constant(text);
    }
    match code.op(f, code.plain(f, value)) {
        Op::Binary(BinaryOp::Add, a, b) | Op::InPlace(BinaryOp::Add, a, b) => {
            build(code, f, *a, steps - 1).then(build(code, f, *b, steps - 1))
        }
        Op::Binary(BinaryOp::Mod, text, values) => {
            let Some(text) = build(code, f, *text, steps - 1).text().map(str::to_owned) else { return Name::hole() };
            let values: Vec<Value> = match code.op(f, *values) {
                Op::Collection(_, elements) => elements.iter().map(|e| e.value).collect(),
                Op::Dict(_) => Vec::new(),
                _ => vec![*values],
            };
            let mut out = Name::constant(String::new());
            let mut rest = text.as_str();
            let mut values = values.into_iter();
            while let Some(at) = rest.find('%') {
                out = out.then(Name::constant(rest[..at].to_owned()));
                rest = &rest[at + 1..];
                // `%(name)s`
                if let Some(named) = rest.strip_prefix('(') {
                    rest = named.split_once(')').map_or("", |(_, rest)| rest);
                    rest = rest.get(1..).unwrap_or_default();
                    out = out.then(Name::hole());
                    continue;
                }
                let mut letters = rest.chars();
                if letters.next() == Some('%') {
                    out = out.then(Name::constant("%".to_owned()));
                } else {
                    out = out.then(values.next().map_or_else(Name::hole, |v| build(code, f, v, steps - 1)));
                }
                rest = letters.as_str();
            }
            out.then(Name::constant(rest.to_owned()))
        }
        Op::Format(pieces) => {
            let mut out = Name::constant(String::new());
            for piece in pieces {
                out = out.then(match piece {
                    Piece::Text(text) => Name::constant(code.text(*text).to_owned()),
                    Piece::Hole { value, .. } => build(code, f, *value, steps - 1),
                });
            }
            out
        }
        Op::Call { func, args } => {
            let Op::Attr(base, method) = code.op(f, *func) else { return Name::hole() };
            if code.text(*method) != "format" {
                return Name::hole();
            }
            let Some(text) = build(code, f, *base, steps - 1).text().map(str::to_owned) else { return Name::hole() };
            let mut out = Name::constant(String::new());
            let mut args = args.iter();
            let mut parts = text.split('{');
            out = out.then(Name::constant(parts.next().unwrap_or_default().to_owned()));
            for part in parts {
                let Some((_, after)) = part.split_once('}') else { return Name::hole() };
                out = out.then(args.next().map_or_else(Name::hole, |a| build(code, f, a.value, steps - 1)));
                out = out.then(Name::constant(after.to_owned()));
            }
            out
        }
        // A constant of this module, or of another one.
        Op::Global(name) => match code.res.program.single_store(code.res.program.functions[f].module, *name) {
            Some((g, stored)) => build(code, g, stored, steps - 1),
            None => Name::hole(),
        },
        Op::Attr(base, name) => {
            let stored = code.objects(f, *base).into_iter().find_map(|object| match object {
                Object::Module(module) => code.res.program.single_store(module, *name),
                _ => None,
            });
            stored.map_or_else(Name::hole, |(g, stored)| build(code, g, stored, steps - 1))
        }
        _ => Name::hole(),
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_hole_takes_any_text_but_the_empty_one() {
        let name = |pieces: &[&str]| Name { pieces: pieces.iter().map(|p| (*p).to_owned()).collect() };
        assert!(name(&["get_", "_tags"]).may_be("get_networks_tags"));
        assert!(!name(&["get_", "_tags"]).may_be("get__tags"));
        assert!(!name(&["get_", "_tags"]).may_be("get_networks"));
        assert!(name(&["", "_", ""]).may_be("create_port"));
        assert!(name(&["a", "b", "c"]).may_be("axbyc"));
        assert!(name(&["plain"]).may_be("plain"));
        assert!(!name(&["plain"]).may_be("plain2"));
    }
}
