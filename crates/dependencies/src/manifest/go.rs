//! `go.mod`. What it requires is a lowest version, and the one that is built with unless another module requires a
//! higher one; since Go 1.17 it lists all modules, so that it selects.
//!
//! `go.sum` lists what was downloaded, of some modules several versions, and selects nothing. It supports a `go.mod` of before:
//! that names no module that only others ask for. Of each of these, the highest version that was downloaded whole is the
//! one that is built with, unless the list has lines of the past.

use super::Out;
use crate::package::{Origin, Scope};
use crate::{Ecosystem, Version};
use assay_text::Span;
use std::collections::BTreeMap;

struct Require {
    path: String,
    version: String,
    span: Span,
    version_span: Span,
    indirect: bool,
}

pub(super) fn module(out: &mut Out<'_>) {
    let text = out.text;
    let mut block: Option<&str> = None;
    let mut requires: Vec<Require> = Vec::new();
    let mut replaces: BTreeMap<(String, Option<String>), (String, Option<String>)> = BTreeMap::new();
    let mut toolchain: Option<(String, Span)> = None;
    let mut offset = 0;
    for raw in text.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let (code, comment) = raw.split_once("//").unwrap_or((raw, ""));
        let words: Vec<&str> = code.split_whitespace().collect();
        let span_of = |word: &str| {
            let at = start + (word.as_ptr() as usize - raw.as_ptr() as usize);
            Out::span(at, at + word.len())
        };
        let (verb, rest) = match (block, words.as_slice()) {
            (_, []) => continue,
            (Some(_), [")"]) => {
                block = None;
                continue;
            }
            (Some(verb), rest) => (verb, rest),
            (None, [verb, "("]) => {
                block = Some(verb);
                continue;
            }
            (None, [verb, rest @ ..]) => (*verb, rest),
        };
        let plain = |word: &str| word.trim_matches(['"', '`']).to_owned();
        match (verb, rest) {
            ("module", [name]) => out.manifest.own_names.push(plain(name)),
            ("require", [path, version, ..]) => requires.push(Require {
                path: plain(path),
                version: plain(version),
                span: span_of(path).cover(span_of(version)),
                version_span: span_of(version),
                indirect: comment.trim().starts_with("indirect"),
            }),
            ("go", [version]) if toolchain.is_none() => {
                toolchain = Some(((*version).to_owned(), span_of(version)));
            }
            ("toolchain", [version]) => {
                let number = version.strip_prefix("go").unwrap_or(version).split('-').next().unwrap_or_default();
                if number != "default" {
                    toolchain = Some((number.to_owned(), span_of(version)));
                }
            }
            ("replace", words) => {
                let Some(arrow) = words.iter().position(|word| *word == "=>") else {
                    out.problem(Some(Out::span(start, start + raw.trim_end().len())), "`replace` without `=>`");
                    continue;
                };
                let (from, to) = (&words[..arrow], &words[arrow + 1..]);
                if let (Some(from_path), Some(to_path)) = (from.first(), to.first()) {
                    let version = |list: &[&str]| list.get(1).map(|word| plain(word));
                    let key = (plain(from_path), version(from));
                    replaces.insert(key, (plain(to_path), version(to)));
                }
            }
            ("go" | "module" | "exclude" | "retract" | "godebug" | "tool" | "ignore", _) => {}
            _ => {
                let span = Out::span(start, start + raw.trim_end().len());
                out.problem(Some(span), format!("`{}` is no directive of go.mod", super::shorten(verb)));
            }
        }
    }
    for require in requires {
        let exact = replaces.get(&(require.path.clone(), Some(require.version.clone())));
        let other = exact.or_else(|| replaces.get(&(require.path.clone(), None)));
        let (path, version, origin) = match other {
            Some((to, Some(version))) => (to.as_str(), version.as_str(), Origin::Registry),
            Some((to, None)) => (require.path.as_str(), require.version.as_str(), Origin::Path(to.clone())),
            None => (require.path.as_str(), require.version.as_str(), Origin::Registry),
        };
        out.locked(Ecosystem::Go, Scope::Runtime, path, version, require.span, |dependency| {
            dependency.origin = origin;
            dependency.direct = Some(!require.indirect);
            // What another module replaces is not repaired here.
            dependency.requirement_span = other.is_none().then_some(require.version_span);
        });
    }
    // The standard library has advisories like a module, under the version of Go itself.
    if let Some((version, span)) = toolchain {
        out.locked(Ecosystem::Go, Scope::Runtime, "stdlib", &version, span, |dependency| {
            dependency.direct = Some(true);
        });
    }
}

/// The first version of Go whose `go.mod` lists all modules.
const COMPLETE: &str = "1.17";

/// `go.sum`, for a `go.mod` beside it that does not list all modules.
pub(super) fn sum(out: &mut Out<'_>) {
    let Some((id, file)) = out.around.and_then(|around| around.beside(out.path, "go.mod")) else { return };
    let Some(module) = super::read(id, file) else { return };
    let of_go = module.dependencies.iter().find(|one| one.name == "stdlib").and_then(|one| one.version.as_ref());
    if of_go.is_some_and(|version| *version >= Version::new(Ecosystem::Go, COMPLETE)) {
        return;
    }
    let mut highest: BTreeMap<&str, (Version, &str, Span)> = BTreeMap::new();
    let mut offset = 0;
    for raw in out.text.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let line = raw.trim_end();
        let [path, version, _] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            if !line.is_empty() {
                let message = format!("`{}` is not of the form module, version, checksum", super::shorten(line));
                out.problem(Some(Out::span(start, start + line.len())), message);
            }
            continue;
        };
        // Of what only its `go.mod` was read, nothing is built.
        if version.ends_with("/go.mod") || module.dependencies.iter().any(|one| one.name == path) {
            continue;
        }
        let number = Version::new(Ecosystem::Go, version);
        let end = start + (version.as_ptr() as usize - raw.as_ptr() as usize) + version.len();
        if highest.get(path).is_none_or(|(known, ..)| *known < number) {
            highest.insert(path, (number, version, Out::span(start, end)));
        }
    }
    for (path, (_, version, span)) in highest {
        out.locked(Ecosystem::Go, Scope::Runtime, path, version, span, |dependency| dependency.direct = Some(false));
    }
}
