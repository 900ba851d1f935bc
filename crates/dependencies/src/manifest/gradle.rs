//! Gradle: lock files, and catalogues of versions.

use super::tables::{self, Value};
use super::{Entry, Out};
use crate::package::{Kind, Scope};
use crate::{Ecosystem, Requirement};
use std::collections::BTreeMap;
use toml::de::DeTable;

/// `gradle.lockfile`: `group:artifact:version=configurations`.
pub(super) fn lock(out: &mut Out<'_>) {
    let text = out.text;
    let mut offset = 0;
    for raw in text.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
            continue;
        }
        let (coordinates, configurations) = line.split_once('=').unwrap_or((line, ""));
        let span = Out::span(start, start + coordinates.len());
        let [group, artifact, version] = coordinates.split(':').collect::<Vec<_>>()[..] else {
            out.problem(Some(span), format!("`{}` is not of the form group:artifact:version", super::shorten(line)));
            continue;
        };
        let only_tests = !configurations.is_empty()
            && configurations.split(',').all(|one| one.trim().to_ascii_lowercase().contains("test"));
        let scope = if only_tests { Scope::Test } else { Scope::Runtime };
        out.locked(Ecosystem::Maven, scope, &format!("{group}:{artifact}"), version, span, |_| {});
    }
}

/// `libs.versions.toml`: what its libraries are, with the versions that it names.
pub(super) fn catalogue(out: &mut Out<'_>) {
    let Some(document) = tables::parse(out) else { return };
    let document = document.get_ref();
    let mut versions: BTreeMap<&str, &Value<'_>> = BTreeMap::new();
    if let Some(table) = tables::table(document, "versions") {
        versions.extend(tables::in_order(table).into_iter().map(|(name, _, value)| (name, value)));
    }
    let Some(libraries) = tables::table(document, "libraries") else { return };
    for (alias, span, value) in tables::in_order(libraries) {
        let span = span.cover(tables::span(value));
        // Where the version stands as a text of its own, it can be raised there.
        let mut place: Option<(&str, usize)> = None;
        let (module, version) = if let Some((text, at)) = tables::text(value, out.text) {
            match text.rsplit_once(':') {
                Some((module, version)) if module.contains(':') => {
                    place = Some((version, at + module.len() + 1));
                    (module.to_owned(), Some(version))
                }
                _ => (text.to_owned(), None),
            }
        } else if let Some(table) = value.get_ref().as_table() {
            let parts = || Some(format!("{}:{}", tables::string(table, "group")?, tables::string(table, "name")?));
            let Some(module) = tables::string(table, "module").map(str::to_owned).or_else(parts) else {
                out.problem(Some(span), format!("`{}` does not say which package it is", super::shorten(alias)));
                continue;
            };
            let version = table.get("version");
            let named = version.and_then(|version| version.get_ref().as_table()?.get("ref")?.get_ref().as_str());
            let version = if let Some(name) = named {
                let Some(version) = versions.get(name) else {
                    out.problem(Some(span), format!("there is no version `{}`", super::shorten(name)));
                    continue;
                };
                Some(*version)
            } else {
                version
            };
            place = version.and_then(|version| tables::text(version, out.text));
            let version = version.and_then(selected);
            (module, version)
        } else {
            out.problem(Some(span), "not a library");
            continue;
        };
        if module.split(':').count() != 2 {
            out.problem(Some(span), format!("`{}` is not of the form group:artifact", super::shorten(&module)));
            continue;
        }
        let entry = Entry { ecosystem: Ecosystem::Maven, kind: Kind::Declared, scope: Scope::Runtime, group: None };
        // Without a version, a platform decides, which is not known here.
        let Some(text) = version else {
            out.note(Some(span), "include-remote", format!("the version of `{module}` is decided elsewhere"));
            continue;
        };
        let requirement = match super::maven::requirement(text) {
            Some(requirement) => requirement,
            // `1.+`, `latest.release`
            None => Requirement::of_ranges(text, crate::Ranges::full()),
        };
        let mut dependency = Out::entry(&entry, &module, requirement, out.file, span);
        dependency.requirement_span = place.map(|(text, at)| Out::span(at, at + text.len()));
        out.push(dependency);
    }
}

/// The version that a rich version prefers.
fn selected<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    let of = |table: &'v DeTable<'_>| {
        ["prefer", "strictly", "require"].into_iter().find_map(|key| tables::string(table, key))
    };
    value.get_ref().as_str().or_else(|| value.get_ref().as_table().and_then(of))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{entries, manifest};

    #[test]
    fn catalogues_name_versions() {
        let text = r#"
[versions]
one = "1.2"
two = { strictly = "[2.0, 3.0[", prefer = "2.5" }
[libraries]
a = { module = "org.a:a", version.ref = "one" }
b = { group = "org.b", name = "b", version.ref = "two" }
c = "org.c:c:3.0"
d = { module = "org.d:d" }
e = { module = "org.e:e", version = "[1.0,2.0)" }
f = { module = "org.f:f", version = "1.+" }
"#;
        assert_eq!(
            entries("gradle/libs.versions.toml", text),
            [
                "org.a:a 1.2 (runtime)",
                "org.b:b 2.5 (runtime)",
                "org.c:c 3.0 (runtime)",
                "org.e:e [1.0,2.0) (runtime)",
                "org.f:f 1.+ (runtime)",
            ]
        );
        let found =
            manifest("gradle/libs.versions.toml", "[libraries]\nx = { module = \"org.x:x\", version.ref = \"no\" }\n");
        assert_eq!(found.problems.len(), 1);
    }
}
