//! `pyproject.toml`: the project's own table, dependency groups, what builds it, and the tables of tools.

use super::tables::{self, Value};
use super::{Entry, Out, poetry};
use crate::package::{Kind, Scope};
use crate::{Ecosystem, Requirement};
use toml::de::{DeTable, DeValue};

pub(super) fn read(out: &mut Out<'_>) {
    let Some(document) = tables::parse(out) else { return };
    let document = document.get_ref();
    if let Some(project) = tables::table(document, "project") {
        self::project(out, project);
    }
    if let Some(build) = tables::table(document, "build-system") {
        list(out, build, "requires", &Entry::declared(Scope::Build, Some("build-system")));
    }
    if let Some(groups) = tables::table(document, "dependency-groups") {
        for (name, _, value) in tables::in_order(groups) {
            items(out, value, &Entry::declared(Scope::of_group(name), Some(name)));
        }
    }
    let Some(tool) = tables::table(document, "tool") else { return };
    if let Some(poetry) = tables::table(tool, "poetry") {
        poetry::read(out, poetry);
    }
    if let Some(groups) = tables::table(tool, "pdm").and_then(|pdm| tables::table(pdm, "dev-dependencies")) {
        for (name, _, value) in tables::in_order(groups) {
            items(out, value, &Entry::declared(Scope::of_group(name), Some(name)));
        }
    }
    if let Some(uv) = tables::table(tool, "uv") {
        list(out, uv, "dev-dependencies", &Entry::declared(Scope::Dev, Some("dev")));
        for key in ["constraint-dependencies", "override-dependencies"] {
            list(out, uv, key, &Entry { kind: Kind::Constraint, ..Entry::declared(Scope::Runtime, Some(key)) });
        }
        let build = Entry::declared(Scope::Build, Some("build-constraint-dependencies"));
        list(out, uv, "build-constraint-dependencies", &Entry { kind: Kind::Constraint, ..build });
    }
    if let Some(flit) = tables::table(tool, "flit").and_then(|flit| tables::table(flit, "metadata")) {
        list(out, flit, "requires", &Entry::declared(Scope::Runtime, None));
        list(out, flit, "dev-requires", &Entry::declared(Scope::Dev, Some("dev")));
        if let Some(extras) = tables::table(flit, "requires-extra") {
            for (name, _, value) in tables::in_order(extras) {
                items(out, value, &Entry::declared(Scope::Optional, Some(name)));
            }
        }
    }
    if let Some(environments) = tables::table(tool, "hatch").and_then(|hatch| tables::table(hatch, "envs")) {
        for (name, _, value) in tables::in_order(environments) {
            let Some(environment) = value.get_ref().as_table() else { continue };
            for key in ["dependencies", "extra-dependencies"] {
                list(out, environment, key, &Entry::declared(Scope::of_group(name), Some(name)));
            }
        }
    }
    let dynamic = tables::table(tool, "setuptools").and_then(|setuptools| tables::table(setuptools, "dynamic"));
    if let Some(dynamic) = dynamic {
        self::dynamic(out, dynamic);
    }
}

fn project(out: &mut Out<'_>, project: &DeTable<'_>) {
    if let Some(name) = tables::string(project, "name") {
        out.manifest.own_names.push(Ecosystem::PyPI.normalise(name));
    }
    if let Some(value) = project.get("requires-python") {
        requires_python(out, value);
    }
    list(out, project, "dependencies", &Entry::declared(Scope::Runtime, None));
    if let Some(extras) = tables::table(project, "optional-dependencies") {
        for (name, _, value) in tables::in_order(extras) {
            items(out, value, &Entry::declared(Scope::Optional, Some(name)));
        }
    }
}

pub(super) fn requires_python(out: &mut Out<'_>, value: &Value<'_>) {
    let Some(text) = value.get_ref().as_str() else { return };
    match Requirement::new(Ecosystem::PyPI, text) {
        Ok(requirement) => out.manifest.requires_python = Some(requirement),
        Err(message) => out.note(Some(tables::span(value)), "manifest", format!("requires-python: {message}")),
    }
}

fn list(out: &mut Out<'_>, table: &DeTable<'_>, key: &str, entry: &Entry<'_>) {
    if let Some(value) = table.get(key) {
        items(out, value, entry);
    }
}

/// A list of requirements.
fn items(out: &mut Out<'_>, value: &Value<'_>, entry: &Entry<'_>) {
    let DeValue::Array(array) = value.get_ref() else {
        let span = tables::span(value);
        return out.problem(Some(span), "not a list of requirements");
    };
    for item in array {
        match item.get_ref() {
            DeValue::String(_) => {
                let Some((text, start)) = tables::text(item, out.text) else { continue };
                let text = text.to_owned();
                out.pep508(&text, start, entry);
            }
            // Another group's entries are read where they stand.
            DeValue::Table(table) if table.contains_key("include-group") => {}
            _ => out.problem(Some(tables::span(item)), "not a requirement"),
        }
    }
}

/// Lists that setuptools reads from other files.
fn dynamic(out: &mut Out<'_>, dynamic: &DeTable<'_>) {
    if let Some(value) = dynamic.get("dependencies") {
        files(out, value, &(Scope::Runtime, None));
    }
    if let Some(extras) = tables::table(dynamic, "optional-dependencies") {
        for (name, _, value) in tables::in_order(extras) {
            files(out, value, &(Scope::Optional, Some(name.to_owned())));
        }
    }
}

fn files(out: &mut Out<'_>, value: &Value<'_>, scope: &(Scope, Option<String>)) {
    let file = match value.get_ref() {
        DeValue::Table(table) => table.get("file"),
        _ => None,
    };
    let Some(file) = file else {
        return out.problem(Some(tables::span(value)), "dynamic dependencies that name no file");
    };
    let mut one = |value: &Value<'_>| {
        if let Some(path) = value.get_ref().as_str() {
            out.include(path, tables::span(value), false, Some(scope.clone()));
        }
    };
    match file.get_ref() {
        DeValue::Array(list) => list.iter().for_each(one),
        _ => one(file),
    }
}
