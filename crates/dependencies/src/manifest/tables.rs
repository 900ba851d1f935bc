//! TOML with places.

use super::Out;
use assay_text::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// Reads the file; `None`, and a problem, when it is no TOML.
pub(super) fn parse<'a>(out: &mut Out<'a>) -> Option<Spanned<DeTable<'a>>> {
    match DeTable::parse(out.text) {
        Ok(table) => Some(table),
        Err(error) => {
            let span = error.span().map(|range| Out::span(range.start, range.end));
            out.problem(span, format!("no TOML: {}", error.message().lines().next().unwrap_or_default()));
            None
        }
    }
}

pub(super) fn span(value: &Value<'_>) -> Span {
    let range = value.span();
    Out::span(range.start, range.end)
}

/// A string with the offset at which its text stands, quotes left out.
pub(super) fn text<'v>(value: &'v Value<'_>, file: &str) -> Option<(&'v str, usize)> {
    let text = value.get_ref().as_str()?;
    let range = value.span();
    let raw = file.get(range.clone())?;
    // With escapes in it, the text stands nowhere as it is.
    let inside = raw.find(text).unwrap_or(0);
    Some((text, range.start + inside))
}

pub(super) fn table<'v, 'i>(table: &'v DeTable<'i>, key: &str) -> Option<&'v DeTable<'i>> {
    table.get(key)?.get_ref().as_table()
}

pub(super) fn array<'v, 'i>(table: &'v DeTable<'i>, key: &str) -> impl Iterator<Item = &'v Value<'i>> + use<'v, 'i> {
    table.get(key).and_then(|value| value.get_ref().as_array()).into_iter().flat_map(|array| array.iter())
}

pub(super) fn string<'v>(table: &'v DeTable<'_>, key: &str) -> Option<&'v str> {
    table.get(key)?.get_ref().as_str()
}

/// The keys of a table in the order of their places.
pub(super) fn in_order<'v, 'i>(table: &'v DeTable<'i>) -> Vec<(&'v str, Span, &'v Value<'i>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let range = key.span();
            (&**key.get_ref(), Out::span(range.start, range.end), value)
        })
        .collect();
    entries.sort_by_key(|(_, span, _)| *span);
    entries
}
