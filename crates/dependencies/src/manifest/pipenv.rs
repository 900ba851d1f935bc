//! `Pipfile` and `Pipfile.lock`.

use super::json::{self, Json};
use super::{Entry, Out, poetry, tables};
use crate::package::{Origin, Scope};
use crate::{Ecosystem, Requirement};
use toml::de::DeValue;

fn scope(category: &str) -> (Scope, Option<&str>) {
    match category {
        "packages" | "default" => (Scope::Runtime, None),
        "dev-packages" | "develop" => (Scope::Dev, Some("dev")),
        other => (Scope::of_group(other), Some(other)),
    }
}

pub(super) fn pipfile(out: &mut Out<'_>) {
    let Some(document) = tables::parse(out) else { return };
    let document = document.get_ref();
    for (category, _, value) in tables::in_order(document) {
        if matches!(category, "source" | "requires" | "pipenv" | "scripts") {
            continue;
        }
        let Some(packages) = value.get_ref().as_table() else { continue };
        let (scope, group) = scope(category);
        for (name, key, value) in tables::in_order(packages) {
            let span = key.cover(tables::span(value));
            let (version, table) = match value.get_ref() {
                DeValue::Table(table) => (table.get("version"), Some(table)),
                _ => (Some(value), None),
            };
            let text = version.and_then(|version| tables::text(version, out.text));
            let requirement = match poetry::requirement(text.map_or("*", |(text, _)| text)) {
                Ok(requirement) => requirement,
                Err(message) => {
                    out.problem(Some(span), format!("requirement of `{name}`: {message}"));
                    continue;
                }
            };
            let mut dependency = Out::entry(&Entry::declared(scope, group), name, requirement, out.file, span);
            dependency.requirement_span = text.map(|(text, start)| Out::span(start, start + text.len()));
            if let Some(table) = table {
                let text = |key: &str| tables::string(table, key).map(str::to_owned);
                dependency.marker = text("markers");
                let origin = text("git").map(Origin::Vcs).or_else(|| text("path").map(Origin::Path));
                dependency.origin = origin.or_else(|| text("file").map(Origin::Url)).unwrap_or(Origin::Registry);
                dependency.extras = tables::array(table, "extras")
                    .filter_map(|extra| extra.get_ref().as_str())
                    .map(|extra| Ecosystem::PyPI.normalise(extra))
                    .collect();
            }
            out.push(dependency);
        }
    }
    if let Some(requires) = tables::table(document, "requires")
        && let Some(version) = tables::string(requires, "python_version")
    {
        out.manifest.requires_python = Requirement::new(Ecosystem::PyPI, &format!("=={version}.*")).ok();
    }
}

pub(super) fn lock(out: &mut Out<'_>) {
    let Some(document) = json::parse(out) else { return };
    for (category, _, value) in document.members() {
        if category == "_meta" {
            continue;
        }
        let (scope, _) = scope(category);
        for (name, key, package) in value.members() {
            let text = |key: &str| package.get(key).and_then(Json::as_str);
            let origin = match (text("git"), text("path"), text("file")) {
                (Some(git), _, _) => Origin::Vcs(git.to_owned()),
                (_, Some(path), _) => Origin::Path(path.to_owned()),
                (_, _, Some(file)) => Origin::Url(file.to_owned()),
                _ => Origin::Registry,
            };
            let version = text("version").unwrap_or_default();
            if version.is_empty() && origin == Origin::Registry {
                out.problem(Some(*key), format!("`{name}` has no version"));
                continue;
            }
            let marker = text("markers").map(str::to_owned);
            let span = key.cover(package.get("version").map_or(*key, |version| version.span));
            out.locked(Ecosystem::PyPI, scope, name, version.trim_start_matches('='), span, |dependency| {
                dependency.origin = origin;
                dependency.marker = marker;
                if version.is_empty() {
                    dependency.forget_version();
                }
            });
        }
    }
}
