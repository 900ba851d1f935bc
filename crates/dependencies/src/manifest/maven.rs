//! `pom.xml`: dependencies with the properties and managed versions of the same file. What another file decides is
//! named as not known.

use super::{Entry, Out};
use crate::package::{Kind, Origin, Scope};
use crate::{Ecosystem, Requirement, Version};
use assay_text::Span;
use std::collections::BTreeMap;

/// Elements within each other that are read.
const MAX_DEPTH: usize = 200;
/// Properties within properties that are filled in.
const MAX_FILL: usize = 16;

/// A text between tags, with the path of elements above it.
struct Leaf<'a> {
    /// The numbers of the elements above, which tell siblings apart.
    ids: Vec<usize>,
    path: String,
    text: &'a str,
    span: Span,
}

/// The leaves of a document; `None` when its tags do not fit.
fn leaves(text: &str) -> Option<Vec<Leaf<'_>>> {
    let mut found = Vec::new();
    let mut stack: Vec<(&str, usize)> = Vec::new();
    let mut count = 0;
    let mut at = 0;
    let mut content = 0;
    while let Some(open) = text.get(at..)?.find('<').map(|offset| at + offset) {
        let rest = &text[open..];
        if let Some(after) = rest.strip_prefix("<!--") {
            at = open + 4 + after.find("-->")? + 3;
            // A comment within a text splits it; the part behind is what counts.
            content = at;
            continue;
        }
        if let Some(after) = rest.strip_prefix("<![CDATA[") {
            at = open + 9 + after.find("]]>")? + 3;
            continue;
        }
        let close = open + rest.find('>')?;
        let tag = &text[open + 1..close];
        at = close + 1;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            let (opened, id) = stack.pop()?;
            if opened != name.trim() {
                return None;
            }
            let inner = text.get(content..open).unwrap_or_default();
            if !inner.trim().is_empty() {
                let start = content + inner.len() - inner.trim_start().len();
                let names: Vec<&str> = stack.iter().map(|(name, _)| *name).chain([opened]).collect();
                found.push(Leaf {
                    ids: stack.iter().map(|(_, id)| *id).chain([id]).collect(),
                    path: names.join("/"),
                    text: inner.trim(),
                    span: Out::span(start, start + inner.trim().len()),
                });
            }
        } else if !tag.ends_with('/') {
            let name = tag.split_whitespace().next()?;
            count += 1;
            stack.push((name, count));
            if stack.len() > MAX_DEPTH {
                return None;
            }
        }
        content = at;
    }
    stack.is_empty().then_some(found)
}

/// The children of one `<dependency>`.
#[derive(Default)]
struct Coordinates<'a> {
    group: Option<&'a str>,
    artifact: Option<&'a str>,
    version: Option<(&'a str, Span)>,
    scope: Option<&'a str>,
    kind: Option<&'a str>,
    optional: bool,
    span: Span,
}

fn coordinates<'a>(leaves: &[Leaf<'a>], prefix: &str) -> Vec<Coordinates<'a>> {
    let mut found: BTreeMap<usize, Coordinates<'a>> = BTreeMap::new();
    for leaf in leaves {
        let Some(name) = leaf.path.strip_prefix(prefix).filter(|name| !name.contains('/')) else { continue };
        let Some(id) = leaf.ids.iter().rev().nth(1) else { continue };
        let one = found.entry(*id).or_default();
        match name {
            "groupId" => {
                one.group = Some(leaf.text);
                one.span = leaf.span;
            }
            "artifactId" => {
                one.artifact = Some(leaf.text);
                one.span = if one.group.is_some() { one.span.cover(leaf.span) } else { leaf.span };
            }
            "version" => one.version = Some((leaf.text, leaf.span)),
            "scope" => one.scope = Some(leaf.text),
            "type" => one.kind = Some(leaf.text),
            "optional" => one.optional = leaf.text == "true",
            _ => {}
        }
    }
    found.into_values().collect()
}

pub(super) fn pom(out: &mut Out<'_>) {
    let text = out.text;
    let Some(leaves) = leaves(text) else {
        return out.problem(None, "no XML: its tags do not fit together, or are nested too deep");
    };
    let get = |path: &str| leaves.iter().find(|leaf| leaf.path == path).map(|leaf| leaf.text);
    let mut properties: BTreeMap<String, &str> = BTreeMap::new();
    for leaf in &leaves {
        if let Some(name) = leaf.path.strip_prefix("project/properties/") {
            properties.insert(name.to_owned(), leaf.text);
        }
    }
    for (name, path) in [("groupId", "groupId"), ("version", "version"), ("artifactId", "artifactId")] {
        let value = get(&format!("project/{path}")).or_else(|| get(&format!("project/parent/{path}")));
        if let Some(value) = value {
            properties.insert(format!("project.{name}"), value);
            properties.insert(format!("pom.{name}"), value);
        }
        if let Some(value) = get(&format!("project/parent/{path}")) {
            properties.insert(format!("project.parent.{name}"), value);
        }
    }
    let fill = |text: &str| -> Option<String> {
        let mut text = text.to_owned();
        for _ in 0..MAX_FILL {
            let Some(start) = text.find("${") else { return Some(text) };
            let end = start + text[start..].find('}')?;
            let value = properties.get(&text[start + 2..end])?;
            if text.len() + value.len() > 4096 {
                return None;
            }
            text.replace_range(start..=end, value);
        }
        None
    };
    if let (Some(group), Some(artifact)) = (properties.get("project.groupId"), properties.get("project.artifactId")) {
        out.manifest.own_names.push(format!("{group}:{artifact}"));
    }
    let managed_list = coordinates(&leaves, "project/dependencyManagement/dependencies/dependency/");
    let mut managed: BTreeMap<String, (String, Option<&str>)> = BTreeMap::new();
    for one in &managed_list {
        let (Some(group), Some(artifact)) = (one.group.and_then(fill), one.artifact.and_then(fill)) else { continue };
        if one.scope == Some("import") {
            out.note(
                Some(one.span),
                "include-remote",
                format!("versions managed by `{group}:{artifact}` were not read"),
            );
        } else if let Some(version) = one.version.and_then(|(text, _)| fill(text)) {
            managed.insert(format!("{group}:{artifact}"), (version, one.scope));
        }
    }
    for one in coordinates(&leaves, "project/dependencies/dependency/") {
        let (Some(group), Some(artifact)) = (one.group.and_then(fill), one.artifact.and_then(fill)) else {
            out.problem(Some(one.span), "a dependency of which group or artifact is not known here");
            continue;
        };
        let name = format!("{group}:{artifact}");
        let from_management = managed.get(&name);
        let version = match one.version {
            Some((text, _)) => fill(text),
            None => from_management.map(|(version, _)| version.clone()),
        };
        let scope = match one.scope.or(from_management.and_then(|(_, scope)| *scope)) {
            Some("test") => Scope::Test,
            _ if one.optional => Scope::Optional,
            _ => Scope::Runtime,
        };
        let Some(version) = version else {
            out.problem(
                Some(one.span),
                format!("the version of `{name}` is decided by a parent or import that was not read"),
            );
            continue;
        };
        let span = one.version.map_or(one.span, |(_, span)| one.span.cover(span));
        let entry = Entry { ecosystem: Ecosystem::Maven, kind: Kind::Declared, scope, group: None };
        let exact = Version::new(Ecosystem::Maven, version.trim_matches(['[', ']']));
        let is_range = version.contains(',') || version.starts_with('(');
        let requirement = if is_range { range(&version) } else { Some(Requirement::exactly(&exact)) };
        let Some(requirement) = requirement else {
            out.problem(Some(span), format!("`{}` is no range of versions", super::shorten(&version)));
            continue;
        };
        let mut dependency = Out::entry(&entry, &name, requirement, out.file, span);
        if !is_range {
            dependency.version = Some(exact);
        }
        if one.scope == Some("system") {
            dependency.origin = Origin::Path(String::new());
        }
        out.push(dependency);
    }
}

/// `[1.0,2.0)`, several of them with commas between.
fn range(text: &str) -> Option<Requirement> {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let mut intervals = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let open = rest.chars().next().filter(|c| matches!(c, '[' | '('))?;
        let end = rest.find([']', ')'])?;
        let inner = &rest[1..end];
        let closed = rest[end..].starts_with(']');
        let (low, high) = inner.split_once(',').unwrap_or((inner, inner));
        let version = |text: &str| Version::new(Ecosystem::Maven, text);
        let low = match low.trim() {
            "" => Unbounded,
            text if open == '[' => Included(version(text)),
            text => Excluded(version(text)),
        };
        let high = match high.trim() {
            "" => Unbounded,
            text if closed => Included(version(text)),
            text => Excluded(version(text)),
        };
        intervals.push((low, high));
        rest = rest[end + 1..].trim_start_matches([',', ' ']);
    }
    Some(Requirement::of_ranges(text, intervals.into_iter().collect()))
}
