//! The tables of Poetry, and the way in which it writes what versions are admitted.

use super::tables::{self, Value};
use super::{Entry, Out, pyproject};
use crate::package::{Origin, Scope};
use crate::{Ecosystem, Ranges, Requirement};
use toml::de::{DeTable, DeValue};

pub(super) fn read(out: &mut Out<'_>, poetry: &DeTable<'_>) {
    if let Some(name) = tables::string(poetry, "name") {
        out.manifest.own_names.push(Ecosystem::PyPI.normalise(name));
    }
    section(out, poetry, "dependencies", &Entry::declared(Scope::Runtime, None));
    section(out, poetry, "dev-dependencies", &Entry::declared(Scope::Dev, Some("dev")));
    if let Some(groups) = tables::table(poetry, "group") {
        for (name, _, value) in tables::in_order(groups) {
            if let Some(group) = value.get_ref().as_table() {
                section(out, group, "dependencies", &Entry::declared(Scope::of_group(name), Some(name)));
            }
        }
    }
}

fn section(out: &mut Out<'_>, table: &DeTable<'_>, key: &str, entry: &Entry<'_>) {
    let Some(section) = tables::table(table, key) else { return };
    for (name, key_span, value) in tables::in_order(section) {
        if name == "python" {
            if let Some(text) = value.get_ref().as_str() {
                out.manifest.requires_python = requirement(text).ok();
            } else {
                pyproject::requires_python(out, value);
            }
            continue;
        }
        match value.get_ref() {
            DeValue::Array(list) => list.iter().for_each(|one| package(out, name, key_span, one, entry)),
            _ => package(out, name, key_span, value, entry),
        }
    }
}

fn package(out: &mut Out<'_>, name: &str, key: assay_text::Span, value: &Value<'_>, entry: &Entry<'_>) {
    let span = key.cover(tables::span(value));
    let (constraint, table) = match value.get_ref() {
        DeValue::String(_) => (Some(value), None),
        DeValue::Table(table) => (table.get("version"), Some(table)),
        _ => return out.problem(Some(span), format!("`{name}` has no requirement")),
    };
    let text = constraint.and_then(|value| tables::text(value, out.text));
    let requirement = match requirement(text.map_or("*", |(text, _)| text)) {
        Ok(requirement) => requirement,
        Err(message) => return out.problem(Some(span), format!("requirement of `{name}`: {message}")),
    };
    let mut dependency = Out::entry(entry, name, requirement, out.file, span);
    dependency.requirement_span = text.map(|(text, start)| Out::span(start, start + text.len()));
    if let Some(table) = table {
        dependency.extras = tables::array(table, "extras")
            .filter_map(|extra| extra.get_ref().as_str())
            .map(|extra| Ecosystem::PyPI.normalise(extra))
            .collect();
        dependency.marker = tables::string(table, "markers").map(str::to_owned);
        if table.get("optional").is_some_and(|value| value.get_ref().as_bool() == Some(true))
            && dependency.scope == Scope::Runtime
        {
            dependency.scope = Scope::Optional;
        }
        let text = |key: &str| tables::string(table, key).map(str::to_owned);
        if let Some(git) = text("git") {
            dependency.origin = Origin::Vcs(git);
        } else if let Some(path) = text("path").or_else(|| text("file")) {
            dependency.origin = Origin::Path(path);
        } else if let Some(url) = text("url") {
            dependency.origin = Origin::Url(url);
        }
    }
    out.push(dependency);
}

/// Reads `^1.2`, `~1.2`, `1.*`, `1.2.3` and PEP 440, with alternatives.
pub(super) fn requirement(text: &str) -> Result<Requirement, String> {
    let mut ranges = Ranges::empty();
    let mut plain = Vec::new();
    let mut alternatives = 0;
    for alternative in text.split("||").flat_map(|part| part.split(" | ")) {
        alternatives += 1;
        let mut specifiers = Vec::new();
        for part in split(alternative) {
            specifiers.push(specifier(&part)?);
        }
        let joined = specifiers.join(",");
        ranges = ranges.union(&Requirement::new(Ecosystem::PyPI, &joined)?.ranges);
        plain.push(joined);
    }
    if alternatives == 1 {
        let mut requirement = Requirement::new(Ecosystem::PyPI, &plain.concat())?;
        text.trim().clone_into(&mut requirement.text);
        return Ok(requirement);
    }
    let mut requirement = Requirement::new(Ecosystem::PyPI, "")?;
    text.trim().clone_into(&mut requirement.text);
    requirement.ranges = ranges;
    requirement.limit_to_ranges();
    Ok(requirement)
}

/// Splits at commas and at white space that does not follow an operator.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        match parts.last_mut() {
            Some(last) if last.ends_with(['<', '>', '=', '~', '^', '!']) => last.push_str(word),
            _ => parts.push(word.to_owned()),
        }
    }
    parts
}

fn specifier(part: &str) -> Result<String, String> {
    if part == "*" {
        return Ok(String::new());
    }
    let numbers = |text: &str| -> Option<(String, Vec<u64>)> {
        let text = text.trim_start_matches('v');
        let release = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).next()?.trim_end_matches('.');
        let numbers: Option<Vec<u64>> = release.split('.').map(|part| part.parse().ok()).collect();
        Some((text.to_owned(), numbers.filter(|numbers| !numbers.is_empty())?))
    };
    let raise = |numbers: &[u64], at: usize| {
        let mut upper: Vec<String> = numbers[..=at].iter().map(u64::to_string).collect();
        upper[at] = numbers[at].saturating_add(1).to_string();
        upper.join(".")
    };
    let bad = || format!("`{part}` is no version constraint");
    if let Some(rest) = part.strip_prefix('^') {
        let (low, numbers) = numbers(rest).ok_or_else(bad)?;
        let at = numbers.iter().position(|number| *number != 0).unwrap_or(numbers.len() - 1);
        return Ok(format!(">={low},<{}", raise(&numbers, at)));
    }
    if let Some(rest) = part.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        let (low, numbers) = numbers(rest).ok_or_else(bad)?;
        return Ok(format!(">={low},<{}", raise(&numbers, 1.min(numbers.len() - 1))));
    }
    if part.starts_with(['<', '>', '!', '~']) || part.starts_with("==") {
        return Ok(part.to_owned());
    }
    Ok(format!("=={}", part.trim_start_matches('=')))
}
