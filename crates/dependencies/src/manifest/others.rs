//! Lock files of Ruby, PHP and .NET.

use super::json::{self, Json};
use super::{Out, Parents};
use crate::Ecosystem;
use crate::package::{Origin, Scope};
use assay_text::Span;
use std::collections::BTreeSet;

/// `Gemfile.lock`: specifications four spaces deep, what they need six.
pub(super) fn gemfile(out: &mut Out<'_>) {
    let text = out.text;
    let mut section = "";
    let mut offset = 0;
    let mut owner = String::new();
    let mut found: Vec<(String, String, Span, Origin)> = Vec::new();
    let mut parents = Parents::default();
    let mut direct: BTreeSet<String> = BTreeSet::new();
    let mut remote = String::new();
    for raw in text.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let line = raw.trim_end();
        let body = line.trim_start();
        match line.len() - body.len() {
            0 if !body.is_empty() => section = body,
            2 if body.starts_with("remote:") => body[7..].trim().clone_into(&mut remote),
            2 if section == "DEPENDENCIES" => {
                let name = body.split([' ', '!', '(']).next().unwrap_or(body);
                direct.insert(name.to_owned());
            }
            4 if matches!(section, "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE") => {
                let Some((name, version)) = body.split_once(" (") else { continue };
                let version = version.trim_end_matches(')');
                name.clone_into(&mut owner);
                if section == "PATH" {
                    out.manifest.own_names.push(owner.clone());
                    continue;
                }
                // Behind the version may stand the platform: `1.2.3-x86_64-linux`.
                let plain = match version.split_once('-') {
                    Some((plain, platform)) if platform.starts_with(|c: char| c.is_ascii_alphabetic()) => plain,
                    _ => version,
                };
                let origin = match section {
                    "GIT" => Origin::Vcs(remote.clone()),
                    "PLUGIN SOURCE" => Origin::Url(remote.clone()),
                    _ => Origin::Registry,
                };
                let at = start + line.len() - body.len();
                found.push((owner.clone(), plain.to_owned(), Out::span(at, start + line.len()), origin));
            }
            6 if matches!(section, "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE") => {
                let child = body.split(' ').next().unwrap_or(body);
                parents.add(child, &owner);
            }
            _ => {}
        }
    }
    if found.is_empty() && !text.contains("DEPENDENCIES") {
        out.problem(None, "no gem in it: not a lock file of Bundler, or an empty one");
    }
    for (name, version, span, origin) in found {
        let by = parents.of(&name);
        let is_direct = direct.contains(&name);
        out.locked(Ecosystem::RubyGems, Scope::Runtime, &name, &version, span, |dependency| {
            dependency.origin = origin;
            dependency.parents = by;
            dependency.direct = Some(is_direct);
        });
    }
}

/// `composer.lock`.
pub(super) fn composer(out: &mut Out<'_>) {
    let Some(document) = json::parse(out) else { return };
    if document.get("packages").is_none() {
        return out.problem(None, "no `packages` in it: not a lock file of Composer");
    }
    let mut parents = Parents::default();
    let lists = [("packages", Scope::Runtime), ("packages-dev", Scope::Dev)];
    for (list, _) in lists {
        for package in document.get(list).map_or(&[][..], Json::items) {
            let Some(name) = package.get("name").and_then(Json::as_str) else { continue };
            for (child, _, _) in package.get("require").map_or(&[][..], Json::members) {
                parents.add(&child.to_lowercase(), name);
            }
        }
    }
    for (list, scope) in lists {
        for package in document.get(list).map_or(&[][..], Json::items) {
            let (Some(name), Some(version)) = (package.get("name"), package.get("version")) else {
                out.problem(Some(package.span), "a package without name or version");
                continue;
            };
            // A version of digits alone may stand there as a number.
            let (Some(text), Some(number)) = (name.as_str(), version.as_str().or_else(|| version.as_number())) else {
                out.problem(Some(package.span), "a package whose name or version is no text");
                continue;
            };
            let span = name.span.cover(version.span);
            let by = parents.of(&text.to_lowercase());
            out.locked(Ecosystem::Packagist, scope, text, number, span, |dependency| {
                dependency.parents = by;
                dependency.notice = match package.get("abandoned") {
                    Some(other) if other.is_true() => Some("the lock file says that it is abandoned".to_owned()),
                    Some(other) => other
                        .as_str()
                        .map(|other| format!("the lock file says that it is abandoned; {other} takes its place")),
                    None => None,
                };
                // A branch is no version.
                if number.starts_with("dev-") || number.ends_with("-dev") {
                    let source = package.get("source").and_then(|source| source.get("url")).and_then(Json::as_str);
                    dependency.origin = Origin::Vcs(source.unwrap_or_default().to_owned());
                    dependency.forget_version();
                }
            });
        }
    }
}

/// `packages.lock.json` of NuGet.
pub(super) fn nuget(out: &mut Out<'_>) {
    let Some(document) = json::parse(out) else { return };
    let Some(frameworks) = document.get("dependencies") else {
        return out.problem(None, "no `dependencies` in it: not a lock file of NuGet");
    };
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for (_, _, packages) in frameworks.members() {
        let mut parents = Parents::default();
        for (name, _, package) in packages.members() {
            for (child, _, _) in package.get("dependencies").map_or(&[][..], Json::members) {
                parents.add(&child.to_lowercase(), name);
            }
        }
        for (name, key, package) in packages.members() {
            let kind = package.get("type").and_then(Json::as_str).unwrap_or_default();
            if kind == "Project" {
                continue;
            }
            let Some(version) = package.get("resolved") else {
                out.problem(Some(*key), format!("`{name}` has no version"));
                continue;
            };
            let number = version.as_str().unwrap_or_default().to_owned();
            // Each framework lists its packages; the same one counts once.
            let entry = (name.to_lowercase(), number.clone());
            if !seen.insert(entry) {
                continue;
            }
            let by = parents.of(&name.to_lowercase());
            out.locked(Ecosystem::NuGet, Scope::Runtime, name, &number, key.cover(version.span), |dependency| {
                dependency.parents = by;
                dependency.direct = Some(kind == "Direct");
            });
        }
    }
}
