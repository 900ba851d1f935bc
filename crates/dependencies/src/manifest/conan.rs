//! Conan: `conan.lock` of both versions, and `conanfile.txt`.

use super::json::{self, Json};
use super::{Entry, Out};
use crate::package::{Kind, Scope};
use crate::{Ecosystem, Requirement, Version};
use assay_text::Span;

/// `name/version@user/channel#revision%time`
fn reference(text: &str) -> Option<(&str, &str)> {
    let bare = text.split(['#', '%', '@']).next()?;
    let (name, version) = bare.split_once('/')?;
    (!name.is_empty() && !version.is_empty()).then_some((name, version))
}

/// The reference of a node, with that of the built package behind it in old lock files.
fn package(node: &Json) -> Option<&Json> {
    node.get("ref").or_else(|| node.get("pref")).filter(|item| item.as_str().is_some())
}

/// `conan.lock`: lists of references since version 2, a graph before.
pub(super) fn lock(out: &mut Out<'_>) {
    let Some(document) = json::parse(out) else { return };
    let lists = [
        ("requires", Scope::Runtime),
        ("build_requires", Scope::Build),
        ("python_requires", Scope::Build),
        ("config_requires", Scope::Build),
    ];
    let graph = document.get("graph_lock").and_then(|graph| graph.get("nodes"));
    if graph.is_none() && !lists.iter().any(|(key, _)| document.get(key).is_some()) {
        return out.problem(None, "neither `requires` nor `graph_lock` in it: not a lock file of Conan");
    }
    for (key, scope) in lists {
        for item in document.get(key).map_or(&[][..], Json::items) {
            // With options, a reference is a list of which it is the first.
            let item = item.items().first().unwrap_or(item);
            one(out, item, scope, Vec::new());
        }
    }
    let nodes = graph.map_or(&[][..], Json::members);
    let name = |id: &str| {
        let node = nodes.iter().find(|(known, _, _)| known == id).map(|(_, _, node)| node)?;
        Some(reference(package(node)?.as_str()?)?.0.to_owned())
    };
    for (id, _, node) in nodes.iter().take(super::MAX_ENTRIES) {
        let Some(item) = package(node) else { continue };
        // What has no revision is the project itself, as a rule the first.
        if id == "0" {
            continue;
        }
        let asks = |(_, _, other): &&(String, Span, Json)| {
            let lists = ["requires", "build_requires"].map(|key| other.get(key).map_or(&[][..], Json::items));
            lists.iter().any(|list| list.iter().any(|one| one.as_str() == Some(id)))
        };
        let few = nodes.len() <= 2_000;
        let parents = nodes.iter().filter(|node| few && asks(node)).filter_map(|(id, _, _)| name(id)).collect();
        let build = node.get("context").and_then(Json::as_str) == Some("build");
        one(out, item, if build { Scope::Build } else { Scope::Runtime }, parents);
    }
}

fn one(out: &mut Out<'_>, item: &Json, scope: Scope, parents: Vec<String>) {
    let Some((name, version)) = item.as_str().and_then(reference) else {
        return out.problem(Some(item.span), "not of the form name/version");
    };
    out.locked(Ecosystem::Conan, scope, name, version, item.span, |dependency| dependency.parents = parents);
}

/// `conanfile.txt`: references under `[requires]` and its kin.
pub(super) fn file(out: &mut Out<'_>) {
    let text = out.text;
    let mut scope = None;
    let mut offset = 0;
    for raw in text.split_inclusive('\n') {
        let start = offset + (raw.len() - raw.trim_start().len());
        offset += raw.len();
        let line = raw.split(" #").next().unwrap_or(raw).trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') {
            scope = match line {
                "[requires]" => Some(Scope::Runtime),
                "[build_requires]" | "[tool_requires]" => Some(Scope::Build),
                "[test_requires]" => Some(Scope::Test),
                _ => None,
            };
            continue;
        }
        let Some(scope) = scope else { continue };
        let span = Out::span(start, start + line.len());
        let Some((name, version)) = reference(line) else {
            out.problem(Some(span), format!("`{}` is not of the form name/version", super::shorten(line)));
            continue;
        };
        let entry = Entry { ecosystem: Ecosystem::Conan, kind: Kind::Declared, scope, group: None };
        let requirement = match version.strip_prefix('[') {
            None => Ok(Requirement::exactly(&Version::new(Ecosystem::Conan, version))),
            // `[>=1.2 <2, include_prerelease]` is written like npm's.
            Some(range) => {
                Requirement::new(Ecosystem::Conan, range.trim_end_matches(']').split(',').next().unwrap_or_default())
            }
        };
        match requirement {
            Ok(requirement) => {
                let dependency = Out::entry(&entry, name, requirement, out.file, span);
                out.push(dependency);
            }
            Err(message) => out.problem(Some(span), format!("requirement of `{name}`: {message}")),
        }
    }
}
