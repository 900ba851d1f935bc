//! Requirements and constraints files, as pip reads them.
//!
//! Lines that end in a backslash continue; comments and continuations are blanked out, so that every place stays
//! what it was.

use super::{Entry, Out};
use crate::package::{Kind, Scope};

/// Lines that must be no requirements before a file counts as none.
const MIN_WRONG: usize = 4;

/// Options that name another file.
const FILES: [(&str, bool); 4] = [("--requirement", false), ("-r", false), ("--constraint", true), ("-c", true)];

/// Options that say nothing about which packages are needed.
const OTHERS: [&str; 17] = [
    "-i",
    "--index-url",
    "--extra-index-url",
    "--no-index",
    "-f",
    "--find-links",
    "--no-binary",
    "--only-binary",
    "--prefer-binary",
    "--require-hashes",
    "--pre",
    "--trusted-host",
    "--use-feature",
    "--process-dependency-links",
    "--allow-external",
    "--allow-unverified",
    "--always-unzip",
];

pub(super) fn read(out: &mut Out<'_>) {
    let (scope, group) = scope_of(out.path);
    let name = out.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let kind = if name.contains("constraints") { Kind::Constraint } else { Kind::Declared };
    let text = out.text;
    let entry = Entry { kind, ..Entry::declared(scope, group.as_deref()) };
    lines(out, text, 0, &entry);
    // A text that only has the name of such a file, as a page on constraints has.
    let wrong = out.manifest.problems.iter().filter(|problem| problem.incomplete).count();
    if wrong >= MIN_WRONG && wrong > out.manifest.dependencies.len() {
        out.manifest.dependencies.clear();
        out.manifest.includes.clear();
        out.manifest.problems.clear();
        out.note(None, "manifest", "a list of requirements by its name, but not by what it holds");
    }
}

/// What the file's name and folder say of its entries.
pub(super) fn scope_of(path: &str) -> (Scope, Option<String>) {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let bare = stem.to_ascii_lowercase().replace("requirements", "").replace("constraints", "");
    let bare = bare.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    if matches!(bare.as_str(), "upper" | "lower") {
        return (Scope::Runtime, None);
    }
    let group = |text: &str| {
        let scope = Scope::of_group(text);
        let known = scope != Scope::Dev
            || [
                "dev",
                "develop",
                "development",
                "lint",
                "ci",
                "tools",
                "build",
                "mypy",
                "typing",
                "type",
                "checks",
                "local",
            ]
            .iter()
            .any(|word| text.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == *word));
        known.then_some(scope)
    };
    if let Some(scope) = group(&bare) {
        return (scope, Some(bare));
    }
    // `doc/requirements.txt`, `neutron/tests/functional/requirements.txt`, `tools/requirements.txt`
    for folder in parts.filter(|folder| !folder.is_empty() && *folder != "requirements" && *folder != "..") {
        if let Some(scope) = group(&folder.to_ascii_lowercase()) {
            return (scope, Some(folder.to_owned()));
        }
    }
    match bare.as_str() {
        "" | "base" | "common" | "prod" | "production" | "main" | "default" | "app" | "install" | "core" => {
            (Scope::Runtime, None)
        }
        other => (Scope::Runtime, Some(other.to_owned())),
    }
}

/// Reads lines that stand at `start` of the file.
pub(super) fn lines(out: &mut Out<'_>, text: &str, start: usize, entry: &Entry<'_>) {
    for (offset, line) in logical_lines(text) {
        self::line(out, &line, start + offset, entry);
    }
}

/// Lines with their continuations, of the length that they have in the text: comments, and the ends of continued
/// lines, are blank.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut offset = 0;
    let mut continued = false;
    for raw in text.split_inclusive('\n') {
        let body = raw.trim_end_matches(['\n', '\r']);
        let comment = comment(body);
        let mut line = body[..comment.unwrap_or(body.len())].to_owned();
        let goes_on = comment.is_none() && line.ends_with('\\');
        if goes_on {
            line.pop();
        }
        line.extend(std::iter::repeat_n(' ', raw.len() - line.len()));
        match found.last_mut() {
            Some((_, last)) if continued => last.push_str(&line),
            _ => found.push((offset, line)),
        }
        continued = goes_on;
        offset += raw.len();
    }
    found
}

/// Where a comment begins: at a `#` with nothing or white space before it.
fn comment(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    (0..bytes.len()).find(|&at| bytes[at] == b'#' && (at == 0 || bytes[at - 1].is_ascii_whitespace()))
}

fn line(out: &mut Out<'_>, line: &str, offset: usize, entry: &Entry<'_>) {
    let trimmed = line.trim();
    if trimmed.is_empty() {
        return;
    }
    let start = offset + (line.len() - line.trim_start().len());
    let span = Out::span(start, start + trimmed.len());
    if trimmed.starts_with('-') {
        return option(out, trimmed, start, entry);
    }
    // Options of one requirement: hashes and settings.
    let end = trimmed.find(" --").or_else(|| trimmed.find(" -C")).unwrap_or(trimmed.len());
    let text = trimmed[..end].trim_end();
    if text.contains("://") && !text.contains('@') || text.starts_with(['.', '/', '~']) || is_archive(text) {
        let name = text.split_once("#egg=").map(|(_, egg)| egg.split('&').next().unwrap_or(egg));
        return address(out, text, name, start, entry);
    }
    if text.contains("://") && !text.split("://").next().unwrap_or_default().contains('@') {
        let name = text.split_once("#egg=").map(|(_, egg)| egg.split('&').next().unwrap_or(egg));
        return address(out, text, name, start, entry);
    }
    if text.contains("${") && !text.contains("://") {
        return out.problem(Some(span), format!("`{}` needs an environment variable", super::shorten(text)));
    }
    let before = out.manifest.dependencies.len();
    out.pep508(text, start, entry);
    // With another version the hashes would not fit any more.
    if trimmed[end..].contains("--hash")
        && let Some(dependency) = out.manifest.dependencies.get_mut(before)
    {
        dependency.requirement_span = None;
    }
}

/// Whether the text is the path of an archive.
fn is_archive(text: &str) -> bool {
    let path = text.split([';', '#', '[']).next().unwrap_or_default().trim();
    !path.contains(['<', '>', '=', '@', ' ']) && [".whl", ".tar.gz", ".zip"].iter().any(|end| path.ends_with(end))
}

fn option(out: &mut Out<'_>, text: &str, start: usize, entry: &Entry<'_>) {
    let span = Out::span(start, start + text.len());
    for (option, constraint) in FILES {
        let Some(rest) = text.strip_prefix(option) else { continue };
        let long = option.starts_with("--");
        if long && !rest.starts_with(['=', ' ', '\t']) {
            continue;
        }
        let path = rest.trim_start_matches('=').trim().trim_matches(['"', '\'']);
        if path.contains("://") || path.contains("{env:") {
            let what = if constraint { "constraints" } else { "requirements" };
            let message = format!("{what} at `{}` are not part of the project and were not read", super::shorten(path));
            if constraint {
                out.note(Some(span), "include-remote", message);
            } else {
                out.problem(Some(span), message);
            }
            return;
        }
        let scope = Some((entry.scope, entry.group.map(str::to_owned)));
        return out.include(path, span, constraint, scope);
    }
    for option in ["-e", "--editable"] {
        let long = option.starts_with("--");
        let Some(rest) = text.strip_prefix(option).filter(|rest| !long || rest.starts_with([' ', '=', '\t'])) else {
            continue;
        };
        let value = rest.trim_start_matches('=').trim();
        let name = value.split_once("#egg=").map(|(_, egg)| egg.split('&').next().unwrap_or(egg));
        return address(out, value, name, start + text.len() - value.len(), entry);
    }
    let name = text.split([' ', '=', '\t']).next().unwrap_or(text);
    if !OTHERS.contains(&name) {
        out.problem(Some(span), format!("`{}` is no option that pip knows", super::shorten(name)));
    }
}

/// A package from an address or a path.
fn address(out: &mut Out<'_>, text: &str, egg: Option<&str>, start: usize, entry: &Entry<'_>) {
    let span = Out::span(start, start + text.len());
    let bare = text.split(';').next().unwrap_or(text).trim();
    let local = super::origin(bare);
    let file = bare.split(['#', '?']).next().unwrap_or(bare).rsplit('/').next().unwrap_or_default();
    let from_file = is_archive(file).then(|| file.split('-').next()).flatten();
    let name = egg.map(|egg| egg.split('[').next().unwrap_or(egg)).or(from_file);
    match (name, &local) {
        (Some(name), _) if !name.is_empty() => {
            let Ok(requirement) = crate::Requirement::new(entry.ecosystem, "") else { return };
            let mut dependency = Out::entry(entry, name, requirement, out.file, span);
            dependency.version = super::version_in_url(bare);
            dependency.origin = local;
            out.push(dependency);
        }
        // The project itself, or another folder of it.
        (_, crate::package::Origin::Path(_)) => {
            out.note(Some(span), "local-package", format!("`{}` is a folder of this project", super::shorten(bare)));
        }
        _ => out.problem(Some(span), format!("`{}` does not say which package it is", super::shorten(bare))),
    }
}
