//! Scripts that carry their dependencies in a comment (PEP 723).

use super::{Entry, Out};
use crate::package::Scope;
use crate::{Ecosystem, Requirement};

/// The lines of the block, each with its offset, without the comment sign.
pub(super) fn block(text: &str) -> Option<Vec<(usize, &str)>> {
    let mut offset = 0;
    let mut lines: Option<Vec<(usize, &str)>> = None;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end();
        match &mut lines {
            None if line == "# /// script" => lines = Some(Vec::new()),
            None => {}
            Some(_) if line == "# ///" => return lines,
            Some(lines) => match line.strip_prefix("# ").or_else(|| line.strip_prefix('#')) {
                Some(rest) => lines.push((offset + line.len() - rest.len(), rest)),
                None => return None,
            },
        }
        offset += raw.len();
    }
    None
}

pub(super) fn read(out: &mut Out<'_>) {
    let Some(lines) = block(out.text) else { return };
    let joined: String = lines.iter().flat_map(|(_, line)| [*line, "\n"]).collect();
    let Ok(table) = joined.parse::<toml::Table>() else {
        let span = lines.first().map(|(start, line)| Out::span(*start, start + line.len()));
        return out.problem(span, "the script's block of dependencies is no TOML");
    };
    if let Some(text) = table.get("requires-python").and_then(toml::Value::as_str) {
        out.manifest.requires_python = Requirement::new(Ecosystem::PyPI, text).ok();
    }
    let list = table.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
    for text in list.filter_map(toml::Value::as_str) {
        let place = lines.iter().find_map(|(start, line)| Some(start + line.find(text)?));
        out.pep508(text, place.unwrap_or(0), &Entry::declared(Scope::Runtime, None));
    }
}
