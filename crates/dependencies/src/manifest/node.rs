//! Lock files of npm, yarn, pnpm and Bun.

use super::json::{self, Json};
use super::{Out, Parents};
use crate::Ecosystem;
use crate::package::{Origin, Scope};
use assay_text::Span;
use std::collections::BTreeMap;

/// `package-lock.json` and `npm-shrinkwrap.json` of the versions 1 to 3.
pub(super) fn npm(out: &mut Out<'_>) {
    let Some(document) = json::parse(out) else { return };
    if let Some(name) = document.get("name").and_then(Json::as_str) {
        out.manifest.own_names.push(name.to_owned());
    }
    if let Some(packages) = document.get("packages") {
        return packages_2(out, packages);
    }
    let Some(first) = document.get("dependencies") else {
        if document.get("lockfileVersion").is_none() {
            out.problem(None, "neither `packages` nor `dependencies` in it: not a lock file of npm");
        }
        return;
    };
    // Version 1 nests what is installed below a package.
    let mut parents = Parents::default();
    let mut pending: Vec<&Json> = vec![first];
    let mut all: Vec<(&str, Span, &Json)> = Vec::new();
    while let Some(level) = pending.pop() {
        for (name, key, package) in level.members() {
            all.push((name, *key, package));
            for (child, _, _) in package.get("requires").map_or(&[][..], Json::members) {
                parents.add(child, name);
            }
            pending.extend(package.get("dependencies"));
        }
    }
    all.sort_by_key(|(_, key, _)| *key);
    for (name, key, package) in all {
        one(out, name, key, package, &parents);
    }
}

/// `packages` of the versions 2 and 3: paths in `node_modules`.
fn packages_2(out: &mut Out<'_>, packages: &Json) {
    let mut parents = Parents::default();
    for (path, _, package) in packages.members() {
        let parent = path.rsplit("node_modules/").next().unwrap_or(path);
        for list in ["dependencies", "optionalDependencies", "peerDependencies"] {
            for (child, _, _) in package.get(list).map_or(&[][..], Json::members) {
                parents.add(child, parent);
            }
        }
    }
    for (path, key, package) in packages.members() {
        let Some((_, name)) = path.rsplit_once("node_modules/") else {
            // The project itself and its workspaces.
            if let Some(name) = package.get("name").and_then(Json::as_str) {
                out.manifest.own_names.push(name.to_owned());
            }
            continue;
        };
        if package.get("link").is_some_and(Json::is_true) {
            continue;
        }
        let name = package.get("name").and_then(Json::as_str).unwrap_or(name);
        one(out, name, *key, package, &parents);
    }
}

fn one(out: &mut Out<'_>, name: &str, key: Span, package: &Json, parents: &Parents) {
    let by = parents.of(name);
    let Some(version) = package.get("version") else {
        return out.problem(Some(key), format!("`{name}` has no version"));
    };
    let flag = |name: &str| package.get(name).is_some_and(Json::is_true);
    let scope = match () {
        () if flag("dev") || flag("devOptional") => Scope::Dev,
        () if flag("optional") => Scope::Optional,
        () => Scope::Runtime,
    };
    let text = version.as_str().unwrap_or_default();
    let resolved = package.get("resolved").and_then(Json::as_str).unwrap_or_default();
    // In the place of a version stands an address, or the package that an alias stands for.
    let (name, text) = match text.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@')) {
        Some((name, version)) => (name, version),
        None => (name, text),
    };
    let origin = [text, resolved].into_iter().find_map(|address| match address {
        address if address.starts_with("git") || address.starts_with("bitbucket:") => {
            Some(Origin::Vcs(address.to_owned()))
        }
        address if address.starts_with("file:") => Some(Origin::Path(address.to_owned())),
        _ => None,
    });
    let span = key.cover(version.span);
    out.locked(Ecosystem::Npm, scope, name, text, span, |dependency| {
        dependency.origin = origin.unwrap_or(Origin::Registry);
        if text.contains([':', '/', '#']) {
            dependency.forget_version();
        }
        dependency.parents = by;
        let deprecated = package.get("deprecated").and_then(Json::as_str).filter(|text| !text.is_empty());
        dependency.notice = deprecated.map(notice);
    });
}

/// What a registry says of a version that its makers warn of.
fn notice(text: &str) -> String {
    format!("the lock file says that it is deprecated: {}", super::shorten(text.trim_matches(['"', '\''])))
}

/// The name in `name@range`, `@scope/name@range`, `name@npm:other@range`.
fn name_of(specifier: &str) -> Option<(&str, &str)> {
    let specifier = specifier.trim().trim_matches('"');
    let start = usize::from(specifier.starts_with('@'));
    let at = specifier.get(start..)?.find('@')? + start;
    let (name, range) = (&specifier[..at], &specifier[at + 1..]);
    if let Some(alias) = range.strip_prefix("npm:")
        && let Some((name, range)) = name_of(alias)
    {
        return Some((name, range));
    }
    Some((name, range))
}

/// An indented line: its offset, its depth in spaces, its text.
fn lines(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut offset = 0;
    text.split_inclusive('\n').filter_map(move |raw| {
        let start = offset;
        offset += raw.len();
        let line = raw.trim_end();
        let body = line.trim_start();
        (!body.is_empty() && !body.starts_with('#')).then_some((start, line.len() - body.len(), body))
    })
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// `yarn.lock` of yarn 1 and of later versions: entries at the margin, what they say below.
pub(super) fn yarn(out: &mut Out<'_>) {
    let text = out.text;
    let mut head: Option<(usize, &str)> = None;
    let mut in_dependencies = false;
    let mut version: Option<(String, Span)> = None;
    let mut linked = false;
    let mut origin = Origin::Registry;
    let mut found: Vec<(String, String, Span, Origin)> = Vec::new();
    let mut parents = Parents::default();
    // Later versions of yarn name the registry of every range, so that `npm:` alone makes no alias there.
    let first_version = !text.contains("__metadata:");
    let mut bad: Vec<Span> = Vec::new();
    let mut flush = |head: Option<(usize, &str)>, version: Option<(String, Span)>, linked: bool, origin: Origin| {
        let (Some((at, head)), Some((version, span))) = (head, version) else { return };
        let first = head.trim_end_matches(':').trim_matches('"').split(", ").next().unwrap_or_default();
        let Some((name, range)) = name_of(first) else { return bad.push(Out::span(at, at + head.len())) };
        if linked || range.starts_with("workspace:") {
            return;
        }
        let name = range.strip_prefix("npm:").filter(|_| first_version).unwrap_or(name);
        found.push((name.to_owned(), version, span, origin));
    };
    let mut lost: Vec<Span> = Vec::new();
    for (start, depth, line) in lines(text) {
        if depth == 0 {
            flush(head.take(), version.take(), linked, std::mem::replace(&mut origin, Origin::Registry));
            linked = false;
            in_dependencies = false;
            head = (line.ends_with(':') && line != "__metadata:").then_some((start, line));
            if !line.ends_with(':') {
                lost.push(Out::span(start, start + line.len()));
            }
            continue;
        }
        let Some((_, owner)) = head else { continue };
        if depth == 2 {
            in_dependencies = line.trim_end_matches(':') == "dependencies" || line == "optionalDependencies:";
        }
        let value = |key: &str| {
            let rest = line.strip_prefix(key)?;
            let rest = rest.strip_prefix(':').or_else(|| rest.strip_prefix(' '))?;
            Some(unquoted(rest))
        };
        if depth == 2
            && let Some(text) = value("version")
        {
            let at = start + depth + (text.as_ptr() as usize - line.as_ptr() as usize);
            version = Some((text.to_owned(), Out::span(at, at + text.len())));
        } else if let Some(address) = value("resolved").or_else(|| value("resolution")) {
            linked |= address.contains("@workspace:") || address.contains("@link:") || address.contains("@portal:");
            if address.contains("git+") || address.contains("@git@") || address.contains(".git#") {
                origin = Origin::Vcs(address.to_owned());
            }
        } else if in_dependencies && depth > 2 {
            let child = line.split([' ', ':']).next().map(unquoted).unwrap_or_default();
            let owner = name_of(owner.split(", ").next().unwrap_or_default()).map_or("", |(name, _)| name);
            parents.add(child, owner);
        }
    }
    flush(head, version, linked, origin);
    for span in lost.into_iter().chain(bad) {
        out.problem(Some(span), "a line at the margin that names no package and range");
    }
    if found.is_empty() && !text.contains("yarn lockfile") && !text.contains("__metadata") {
        out.problem(None, "no entry in it: not a lock file of yarn, or an empty one");
    }
    for (name, version, span, origin) in found {
        let by = parents.of(&name);
        out.locked(Ecosystem::Npm, Scope::Runtime, &name, &version, span, |dependency| {
            dependency.origin = origin;
            dependency.parents = by;
        });
    }
}

/// `pnpm-lock.yaml` of the versions 5 to 9: keys of `packages` and, in version 9, of `snapshots`.
pub(super) fn pnpm(out: &mut Out<'_>) {
    let text = out.text;
    let mut section = "";
    let mut deprecated: BTreeMap<Span, String> = BTreeMap::new();
    let mut any = false;
    let mut current: Option<(String, String, Span)> = None;
    let (mut dev, mut optional) = (false, false);
    let mut origin = Origin::Registry;
    let mut found: Vec<(String, String, Span, Scope, Origin)> = Vec::new();
    let mut parents = Parents::default();
    let mut owner = String::new();
    let mut in_dependencies = false;
    let mut bad: Vec<Span> = Vec::new();
    // pnpm indents by two; who lays the file out anew may indent by more.
    let unit = lines(text).map(|(_, depth, _)| depth).find(|depth| *depth > 0).unwrap_or(2).max(2);
    let take = |current: &mut Option<(String, String, Span)>, dev, optional, origin: &mut Origin| {
        let (name, version, span) = current.take()?;
        let scope = if dev {
            Scope::Dev
        } else if optional {
            Scope::Optional
        } else {
            Scope::Runtime
        };
        Some((name, version, span, scope, std::mem::replace(origin, Origin::Registry)))
    };
    for (start, indent, line) in lines(text) {
        let depth = indent * 2 / unit;
        if depth == 0 {
            found.extend(take(&mut current, dev, optional, &mut origin));
            section = line.trim_end_matches(':');
            any |= line.starts_with("lockfileVersion") || section == "packages";
            continue;
        }
        if depth == 2 && matches!(section, "packages" | "snapshots") {
            found.extend(take(&mut current, dev, optional, &mut origin));
            (dev, optional, in_dependencies) = (false, false, false);
            let key = unquoted(line.trim_end_matches(" {}").trim_end_matches(':'));
            let at = start + indent + (key.as_ptr() as usize - line.as_ptr() as usize);
            let span = Out::span(at, at + key.len());
            match pnpm_key(key) {
                Some((name, version)) if section == "packages" => {
                    name.clone_into(&mut owner);
                    current = Some((name.to_owned(), version.to_owned(), span));
                }
                Some((name, _)) => name.clone_into(&mut owner),
                // Archives and repositories have an address in the place of a version; name and version may follow.
                None if section == "packages" => {
                    let address = name_of(key).filter(|(_, range)| range.contains(':'));
                    let (name, address) = address.unwrap_or(("", key));
                    origin = Origin::Url(address.to_owned());
                    current = Some((name.to_owned(), String::new(), span));
                }
                None => owner.clear(),
            }
            continue;
        }
        if depth == 4 && matches!(section, "packages" | "snapshots") {
            in_dependencies = matches!(line, "dependencies:" | "optionalDependencies:");
            dev |= line == "dev: true";
            optional |= line == "optional: true";
            if let Some((name, version, span)) = &mut current {
                if let Some(text) = line.strip_prefix("deprecated:") {
                    deprecated.insert(*span, notice(text.trim()));
                } else if let Some(text) = line.strip_prefix("name:") {
                    unquoted(text).clone_into(name);
                } else if let Some(text) = line.strip_prefix("version:") {
                    unquoted(text).clone_into(version);
                }
            }
        } else if depth == 6 && in_dependencies {
            let child = line.split_once(": ").map_or(line, |(child, _)| child);
            parents.add(unquoted(child), &owner);
        }
    }
    found.extend(take(&mut current, dev, optional, &mut origin));
    if !any {
        out.problem(None, "no `lockfileVersion` in it: not a lock file of pnpm");
    }
    for (name, version, span, scope, origin) in found {
        let address = matches!(origin, Origin::Url(_));
        if name.is_empty() || version.is_empty() && !address {
            bad.push(span);
            continue;
        }
        let by = parents.of(&name);
        let notice = deprecated.remove(&span);
        out.locked(Ecosystem::Npm, scope, &name, &version, span, |dependency| {
            dependency.parents = by;
            dependency.origin = origin;
            dependency.notice = notice;
            if version.is_empty() {
                dependency.forget_version();
            }
        });
    }
    for span in bad {
        out.problem(Some(span), "a package of which neither name nor version is given");
    }
}

/// `/name/1.0`, `/@scope/name/1.0_peer`, `/name@1.0(peer)`, `name@1.0`.
fn pnpm_key(key: &str) -> Option<(&str, &str)> {
    // `registry.example/name/1.0` names the registry, too.
    let host = key.split_once('/').filter(|(host, _)| !host.contains('@')).map(|(_, rest)| rest);
    let slash = key.strip_prefix('/').or(host);
    let bare = slash.unwrap_or(key);
    let bare = bare.split('(').next().unwrap_or(bare);
    let is_version = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if slash.is_some() {
        let in_name = if bare.starts_with('@') { bare.find('/')? + 1 } else { 0 };
        if let Some(at) = bare[in_name..].find('/').map(|at| in_name + at)
            && is_version(&bare[at + 1..])
        {
            return Some((&bare[..at], bare[at + 1..].split('_').next().unwrap_or_default()));
        }
    }
    let (name, version) = name_of(bare).filter(|(_, version)| is_version(version))?;
    Some((name, version.split('_').next().unwrap_or(version)))
}

/// `bun.lock`: `packages` maps a path to a list that begins with `name@version`.
pub(super) fn bun(out: &mut Out<'_>) {
    let Some(document) = json::parse(out) else { return };
    let Some(packages) = document.get("packages") else {
        return out.problem(None, "no `packages` in it: not a lock file of Bun");
    };
    let mut parents = Parents::default();
    let specifier = |package: &Json| -> Option<(String, String)> {
        let (name, version) = name_of(package.items().first()?.as_str()?)?;
        Some((name.to_owned(), version.to_owned()))
    };
    for (_, _, package) in packages.members() {
        let Some((name, _)) = specifier(package) else { continue };
        let info = package.items().iter().find(|item| !item.members().is_empty());
        for list in ["dependencies", "optionalDependencies"] {
            for (child, _, _) in info.and_then(|info| info.get(list)).map_or(&[][..], Json::members) {
                parents.add(child, &name);
            }
        }
    }
    for (_, key, package) in packages.members() {
        let Some((name, version)) = specifier(package) else {
            out.problem(Some(*key), "a package without name and version");
            continue;
        };
        if version.starts_with("workspace:") || version.starts_with("link:") {
            continue;
        }
        let by = parents.of(&name);
        out.locked(Ecosystem::Npm, Scope::Runtime, &name, &version, key.cover(package.span), |dependency| {
            dependency.parents = by;
            if version.contains(':') || version.contains('#') {
                dependency.origin = Origin::Url(version.clone());
                dependency.forget_version();
            }
        });
    }
}
