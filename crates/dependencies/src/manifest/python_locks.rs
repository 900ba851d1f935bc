//! Lock files of Poetry, uv and PDM, and `pylock.toml`.

use super::tables;
use super::{Out, Parents};
use crate::Ecosystem;
use crate::package::{Origin, Scope};
use assay_text::Span;
use std::collections::BTreeSet;
use toml::de::{DeTable, DeValue};

/// Each package table with its place: from its name to its version.
fn packages<'v, 'i>(document: &'v DeTable<'i>, key: &str) -> Vec<(&'v str, Option<&'v str>, Span, &'v DeTable<'i>)> {
    let tables = || tables::array(document, key).filter_map(|value| value.get_ref().as_table());
    let plain: BTreeSet<_> = tables().filter(|table| !has_extras(table)).map(identity).collect();
    let mut found = Vec::new();
    for table in tables() {
        let Some(name) = table.get("name") else { continue };
        let Some(text) = name.get_ref().as_str() else { continue };
        // PDM lists a package once more for its extras.
        if has_extras(table) && plain.contains(&identity(table)) {
            continue;
        }
        let version = table.get("version");
        let mut span = tables::span(name);
        if let Some(version) = version {
            span = span.cover(tables::span(version));
        }
        found.push((text, version.and_then(|version| version.get_ref().as_str()), span, table));
    }
    found
}

fn has_extras(table: &DeTable<'_>) -> bool {
    tables::array(table, "extras").next().is_some()
}

fn identity<'v>(table: &'v DeTable<'_>) -> (Option<&'v str>, Option<&'v str>) {
    (tables::string(table, "name"), tables::string(table, "version"))
}

/// Who names whom: from the tables' `dependencies`.
fn parents(list: &[(&str, Option<&str>, Span, &DeTable<'_>)]) -> Parents {
    let mut parents = Parents::default();
    for (name, _, _, table) in list {
        let mut add = |child: &str| {
            let end = child.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(child.len());
            parents.add(&Ecosystem::PyPI.normalise(&child[..end]), &Ecosystem::PyPI.normalise(name));
        };
        match table.get("dependencies").map(toml::Spanned::get_ref) {
            Some(DeValue::Table(children)) => children.keys().for_each(|child| add(child.get_ref())),
            Some(DeValue::Array(children)) => {
                for child in children {
                    match child.get_ref() {
                        DeValue::String(text) => add(text),
                        DeValue::Table(table) => tables::string(table, "name").into_iter().for_each(&mut add),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    parents
}

fn read(out: &mut Out<'_>, key: &str, each: impl Fn(&DeTable<'_>) -> Option<(Scope, Origin)>) {
    let Some(document) = tables::parse(out) else { return };
    let document = document.get_ref();
    let list = packages(document, key);
    if list.is_empty()
        && !document.contains_key(key)
        && !document.contains_key("metadata")
        && !document.contains_key("version")
    {
        out.problem(None, format!("no `[[{key}]]` in it: not a lock file of this format, or an empty one"));
    }
    let parents = parents(&list);
    for (name, version, span, table) in &list {
        let Some((scope, origin)) = each(table) else {
            out.manifest.own_names.push(Ecosystem::PyPI.normalise(name));
            continue;
        };
        let Some(version) = version else {
            if origin == Origin::Registry {
                out.problem(Some(*span), format!("`{name}` has no version"));
            }
            continue;
        };
        out.locked(Ecosystem::PyPI, scope, name, version, *span, |dependency| {
            dependency.origin = origin;
            dependency.marker = marker(table);
            dependency.parents = parents.of(&dependency.name);
        });
    }
}

fn marker(table: &DeTable<'_>) -> Option<String> {
    let text = tables::string(table, "markers").or_else(|| tables::string(table, "marker"));
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Where a package comes from, by the keys of its `source` table.
fn source(table: &DeTable<'_>, key: &str) -> Origin {
    let Some(source) = tables::table(table, key) else { return Origin::Registry };
    let text = |key: &str| tables::string(source, key).unwrap_or_default().to_owned();
    match tables::string(source, "type") {
        Some("git") => return Origin::Vcs(text("url")),
        Some("directory" | "file") => return Origin::Path(text("url")),
        Some("url") => return Origin::Url(text("url")),
        Some(_) => return Origin::Registry,
        None => {}
    }
    for (key, _, _) in tables::in_order(source) {
        match key {
            "git" => return Origin::Vcs(text("git")),
            "url" => return Origin::Url(text("url")),
            "path" | "directory" | "editable" | "virtual" => return Origin::Path(text(key)),
            _ => {}
        }
    }
    Origin::Registry
}

pub(super) fn poetry(out: &mut Out<'_>) {
    read(out, "package", |table| {
        let groups: Vec<&str> = tables::array(table, "groups").filter_map(|group| group.get_ref().as_str()).collect();
        let optional = table.get("optional").is_some_and(|value| value.get_ref().as_bool() == Some(true));
        let scope = match (groups.as_slice(), tables::string(table, "category")) {
            (groups, _) if groups.contains(&"main") => {
                if optional {
                    Scope::Optional
                } else {
                    Scope::Runtime
                }
            }
            ([first, ..], _) => Scope::of_group(first),
            (_, Some("dev")) => Scope::Dev,
            _ if optional => Scope::Optional,
            _ => Scope::Runtime,
        };
        Some((scope, source(table, "source")))
    });
}

pub(super) fn uv(out: &mut Out<'_>) {
    read(out, "package", |table| {
        // The project itself stands among its packages.
        let own = tables::table(table, "source").is_some_and(|source| {
            ["virtual", "editable"].iter().any(|key| tables::string(source, key).is_some_and(|path| path == "."))
        });
        (!own).then(|| (Scope::Runtime, source(table, "source")))
    });
}

pub(super) fn pdm(out: &mut Out<'_>) {
    read(out, "package", |table| {
        let groups: Vec<&str> = tables::array(table, "groups").filter_map(|group| group.get_ref().as_str()).collect();
        let scope = match groups.first() {
            Some(first) if !groups.contains(&"default") => Scope::of_group(first),
            _ => Scope::Runtime,
        };
        let text = |key: &str| tables::string(table, key).map(str::to_owned);
        let origin = text("git").map(Origin::Vcs).or_else(|| text("path").map(Origin::Path));
        let origin = origin.or_else(|| text("url").map(Origin::Url));
        Some((scope, origin.unwrap_or(Origin::Registry)))
    });
}

pub(super) fn pylock(out: &mut Out<'_>) {
    read(out, "packages", |table| {
        let text = |key: &str| {
            tables::table(table, key).and_then(|table| {
                tables::string(table, "url").or_else(|| tables::string(table, "path")).map(str::to_owned)
            })
        };
        let origin = text("vcs").map(Origin::Vcs).or_else(|| text("directory").map(Origin::Path));
        Some((Scope::Runtime, origin.unwrap_or(Origin::Registry)))
    });
}
