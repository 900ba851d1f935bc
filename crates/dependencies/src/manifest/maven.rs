//! `pom.xml`: dependencies with the properties and managed versions of the file, of its parents, and of the lists of
//! versions that it imports, as far as these are files of the project. What another file decides is named as not known.

use super::{Entry, Out};
use crate::package::{Kind, Origin, Scope};
use crate::{Ecosystem, Requirement, Version};
use assay_text::{FileId, Files, Language, Span};
use std::collections::BTreeMap;

/// Elements within each other that are read.
const MAX_DEPTH: usize = 200;
/// Properties within properties that are filled in.
const MAX_FILL: usize = 16;
/// Parents of one pom.
const MAX_PARENTS: usize = 32;
/// Imports within imports.
const MAX_IMPORTS: usize = 8;
/// Poms of one name that are looked at.
const MAX_NAMESAKES: usize = 8;

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

/// One `pom.xml` as its text says it.
struct Pom<'a> {
    leaves: Vec<Leaf<'a>>,
    file: Option<FileId>,
}

impl<'a> Pom<'a> {
    fn get(&self, path: &str) -> Option<&'a str> {
        self.leaves.iter().find(|leaf| leaf.path == path).map(|leaf| leaf.text)
    }

    /// Group or version of the project, which its parent's stand for when it has none of its own.
    fn own(&self, what: &str) -> Option<&'a str> {
        self.get(&format!("project/{what}")).or_else(|| self.get(&format!("project/parent/{what}")))
    }
}

/// What stands beside a file in the project.
pub(crate) struct Around<'a> {
    files: &'a Files,
    /// The files that describe a package, `group:artifact`.
    poms: BTreeMap<String, Vec<FileId>>,
}

impl<'a> Around<'a> {
    /// Looks for the poms among the manifests of a project.
    pub(crate) fn new(files: &'a Files) -> Self {
        let mut poms: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
        for (id, file) in files.iter().filter(|(_, file)| file.language == Language::Manifest) {
            if !is_pom(&file.path) {
                continue;
            }
            let Some(leaves) = leaves(&file.text) else { continue };
            let pom = Pom { leaves, file: Some(id) };
            if let (Some(group), Some(artifact)) = (pom.own("groupId"), pom.get("project/artifactId")) {
                poms.entry(format!("{group}:{artifact}")).or_default().push(id);
            }
        }
        Self { files, poms }
    }

    /// A file of that name beside the one at `path`.
    pub(crate) fn beside(&self, path: &str, name: &str) -> Option<(FileId, &'a assay_text::SourceFile)> {
        let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let id = self.files.by_path(&format!("{folder}{name}"))?;
        Some((id, self.files.get(id)))
    }

    fn open(&self, id: FileId) -> Option<Pom<'a>> {
        Some(Pom { leaves: leaves(&self.files.get(id).text)?, file: Some(id) })
    }

    /// The pom of a package; where several have its name, the one of that version.
    fn named(&self, group: &str, artifact: &str, version: Option<&str>) -> Option<Pom<'a>> {
        let list = self.poms.get(&format!("{group}:{artifact}"))?;
        let poms: Vec<Pom<'a>> = list.iter().take(MAX_NAMESAKES).filter_map(|id| self.open(*id)).collect();
        let fits = |pom: &Pom<'a>| {
            // A version with a property in it is the project's own, as a rule.
            let other = pom.own("version").filter(|text| !text.contains("${"));
            version.filter(|text| !text.contains("${")).is_none_or(|version| other.is_none_or(|other| other == version))
        };
        poms.into_iter().find(fits)
    }

    /// The parent of a pom that lies at `path`.
    fn parent(&self, pom: &Pom<'a>, path: &str) -> Option<Pom<'a>> {
        let (group, artifact) = (pom.get("project/parent/groupId")?, pom.get("project/parent/artifactId")?);
        let relative = pom.get("project/parent/relativePath").unwrap_or("../pom.xml");
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = crate::inventory::join(folder, relative).into_iter().flat_map(|path| {
            let inside = if path.is_empty() { "pom.xml".to_owned() } else { format!("{path}/pom.xml") };
            [path, inside]
        });
        let is_it = |pom: &Pom<'a>| {
            pom.get("project/artifactId") == Some(artifact) && pom.own("groupId").is_none_or(|found| found == group)
        };
        let found = beside.filter_map(|path| self.open(self.files.by_path(&path)?)).find(is_it);
        found.or_else(|| self.named(group, artifact, pom.get("project/parent/version")))
    }
}

fn is_pom(path: &str) -> bool {
    path.rsplit('/').next() == Some("pom.xml")
}

/// What the poms of a chain say together: the project's own first, then its parent's, and so on.
struct Merged<'a> {
    /// Values, and where they stand in the first of the chain.
    properties: BTreeMap<String, (&'a str, Option<Span>)>,
    managed: BTreeMap<String, (String, Option<&'a str>)>,
    /// Parents and imports that are not part of the project.
    missing: Vec<(Option<Span>, String)>,
    circle: bool,
}

impl<'a> Merged<'a> {
    fn fill(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for _ in 0..MAX_FILL {
            let Some(start) = text.find("${") else { return Some(text) };
            let end = start + text[start..].find('}')?;
            let (value, _) = self.properties.get(&text[start + 2..end])?;
            if text.len() + value.len() > 4096 {
                return None;
            }
            text.replace_range(start..=end, value);
        }
        None
    }

    fn new(first: &Pom<'a>, path: &str, around: Option<&Around<'a>>, depth: usize) -> Self {
        let mut merged =
            Self { properties: BTreeMap::new(), managed: BTreeMap::new(), missing: Vec::new(), circle: false };
        let mut ancestors: Vec<Pom<'a>> = Vec::new();
        let mut seen: Vec<FileId> = first.file.into_iter().collect();
        let mut here = path.to_owned();
        loop {
            let last = ancestors.last().unwrap_or(first);
            let Some(artifact) = last.get("project/parent/artifactId") else { break };
            let Some(parent) = around.and_then(|around| around.parent(last, &here)) else {
                let group = last.get("project/parent/groupId").unwrap_or_default();
                let leaf = first.leaves.iter().find(|leaf| leaf.path == "project/parent/artifactId");
                merged.missing.push((leaf.map(|leaf| leaf.span), format!("the parent `{group}:{artifact}`")));
                break;
            };
            let Some(id) = parent.file else { break };
            if seen.contains(&id) || seen.len() > MAX_PARENTS {
                merged.circle = true;
                break;
            }
            seen.push(id);
            here = around.map(|around| around.files.get(id).path.to_string()).unwrap_or_default();
            ancestors.push(parent);
        }
        let chain = || std::iter::once(first).chain(&ancestors);
        for what in ["groupId", "version", "artifactId"] {
            if let Some(value) = first.own(what) {
                merged.properties.insert(format!("project.{what}"), (value, None));
                merged.properties.insert(format!("pom.{what}"), (value, None));
            }
            if let Some(value) = first.get(&format!("project/parent/{what}")) {
                merged.properties.insert(format!("project.parent.{what}"), (value, None));
            }
        }
        for (number, pom) in chain().enumerate() {
            for leaf in &pom.leaves {
                if let Some(name) = leaf.path.strip_prefix("project/properties/") {
                    let place = Some(leaf.span).filter(|_| number == 0);
                    merged.properties.entry(name.to_owned()).or_insert((leaf.text, place));
                }
            }
        }
        let mut imports = Vec::new();
        for (number, pom) in chain().enumerate() {
            for one in coordinates(&pom.leaves, "project/dependencyManagement/dependencies/dependency/") {
                let fill = |text: &str| merged.fill(text);
                let (Some(group), Some(artifact)) = (one.group.and_then(fill), one.artifact.and_then(fill)) else {
                    continue;
                };
                let version = one.version.and_then(|(text, _)| fill(text));
                if one.scope == Some("import") {
                    imports.push((Some(one.span).filter(|_| number == 0), group, artifact, version));
                } else if let Some(version) = version {
                    merged.managed.entry(format!("{group}:{artifact}")).or_insert((version, one.scope));
                }
            }
        }
        for (span, group, artifact, version) in imports {
            let pom = around.and_then(|around| around.named(&group, &artifact, version.as_deref()));
            let known = pom.as_ref().and_then(|pom| pom.file).zip(around);
            let (Some(pom), Some((id, around))) = (pom, known) else {
                merged.missing.push((span, format!("the versions managed by `{group}:{artifact}`")));
                continue;
            };
            if depth >= MAX_IMPORTS || seen.contains(&id) {
                merged.circle = true;
                continue;
            }
            let inner = Self::new(&pom, &around.files.get(id).path, Some(around), depth + 1);
            merged.circle |= inner.circle;
            merged.missing.extend(inner.missing.into_iter().map(|(_, what)| (span, what)));
            for (name, version) in inner.managed {
                merged.managed.entry(name).or_insert(version);
            }
        }
        merged
    }
}

pub(super) fn pom(out: &mut Out<'_>) {
    let Some(leaves) = leaves(out.text) else {
        return out.problem(None, "no XML: its tags do not fit together, or are nested too deep");
    };
    let first = Pom { leaves, file: Some(out.file) };
    let merged = Merged::new(&first, out.path, out.around, 0);
    if merged.circle {
        out.problem(None, "its parents or imports go in a circle, or are nested too deep");
    }
    for (span, what) in &merged.missing {
        out.note(*span, "include-remote", format!("{what} is not part of the project and was not read"));
    }
    let fill = |text: &str| merged.fill(text);
    if let (Some(group), Some(artifact)) = (fill("${project.groupId}"), first.get("project/artifactId")) {
        out.manifest.own_names.push(format!("{group}:{artifact}"));
    }
    for one in coordinates(&first.leaves, "project/dependencies/dependency/") {
        let (Some(group), Some(artifact)) = (one.group.and_then(fill), one.artifact.and_then(fill)) else {
            out.problem(Some(one.span), "a dependency of which group or artifact is not known here");
            continue;
        };
        let name = format!("{group}:{artifact}");
        let from_management = merged.managed.get(&name);
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
        let Some(requirement) = requirement(&version) else {
            out.problem(Some(span), format!("`{}` is neither a version nor a range", super::shorten(&version)));
            continue;
        };
        let mut dependency = Out::entry(&entry, &name, requirement, out.file, span);
        dependency.version = dependency.requirement.pin().cloned();
        // An edit would replace the version where it is written: here, or in a property of this file.
        dependency.requirement_span = one.version.and_then(|(text, span)| {
            let property = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
            match property {
                Some(property) => {
                    merged.properties.get(property).and_then(|(value, span)| span.filter(|_| *value == version))
                }
                None => Some(span).filter(|_| text == version),
            }
        });
        if one.scope == Some("system") {
            dependency.origin = Origin::Path(String::new());
        }
        out.push(dependency);
    }
}

/// A version, or a range of them, as Maven and Gradle write it; `None` for what only a registry could answer.
pub(super) fn requirement(text: &str) -> Option<Requirement> {
    let text = text.trim();
    if text.starts_with(['[', '(', ']']) {
        return range(text);
    }
    let open =
        text.ends_with('+') || text.is_empty() || matches!(text, "LATEST" | "RELEASE") || text.starts_with("latest.");
    (!open).then(|| Requirement::exactly(&Version::new(Ecosystem::Maven, text)))
}

/// `[1.0,2.0)`, several of them with commas between.
fn range(text: &str) -> Option<Requirement> {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let mut intervals = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let open = rest.chars().next().filter(|c| matches!(c, '[' | '(' | ']'))?;
        // Gradle also writes `]1.0, 2.0[`.
        let end = 1 + rest[1..].find([']', ')', '['])?;
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
