//! What is installed: the metadata beside packages of Python, the properties in jars, and Debian's list.

use super::{Entry, Out, pep508::Pep508};
use crate::package::{Kind, Scope};
use crate::{Ecosystem, Requirement, Version};
use std::collections::BTreeSet;

/// Top-level modules of one package that are kept.
const MAX_MODULES: usize = 256;

/// The fields of a header, up to its first empty line: name, value and where the value begins. Continued lines are
/// left out, as no field that is read here has any.
fn fields(text: &str, start: usize) -> impl Iterator<Item = (&str, &str, usize)> {
    let mut offset = start;
    text.split_inclusive('\n').take_while(|line| !line.trim().is_empty()).filter_map(move |line| {
        let at = offset;
        offset += line.len();
        if line.starts_with([' ', '\t']) {
            return None;
        }
        let (name, rest) = line.split_once(':')?;
        let value = rest.trim();
        let lead = rest.len() - rest.trim_start().len();
        Some((name, value, at + name.len() + 1 + lead))
    })
}

fn installed(out: &mut Out<'_>, ecosystem: Ecosystem, name: &str, version: &str, start: usize, end: usize) {
    let version = Version::new(ecosystem, version);
    let entry = Entry { ecosystem, kind: Kind::Installed, scope: Scope::Runtime, group: None };
    let span = Out::span(start, end);
    let mut dependency = Out::entry(&entry, name, Requirement::exactly(&version), out.file, span);
    dependency.version = Some(version);
    out.push(dependency);
}

/// `METADATA` of a wheel or an installed package, and `PKG-INFO` of an installed egg.
pub(super) fn metadata(out: &mut Out<'_>) {
    let text = out.text;
    let mut name: Option<(&str, usize)> = None;
    let mut version: Option<(&str, usize)> = None;
    for (field, value, at) in fields(text, 0) {
        match field {
            "Name" => name = Some((value, at)),
            "Version" => version = Some((value, at)),
            "Requires-Dist" => {
                if let Ok(parsed) = Pep508::parse(value) {
                    let extra = parsed.marker.is_some_and(|marker| super::read_marker(marker).extra.is_some());
                    if !extra {
                        out.manifest.needs.push(Ecosystem::PyPI.normalise(parsed.name));
                    }
                }
            }
            _ => {}
        }
    }
    match (name, version) {
        (Some((name, start)), Some((version, at))) if !name.is_empty() && !version.is_empty() => {
            installed(out, Ecosystem::PyPI, name, version, start.min(at), (start + name.len()).max(at + version.len()));
        }
        _ => out.problem(None, "the metadata of an installed package without its name or version"),
    }
}

/// `RECORD`: the files of an installed package, which tell its top-level modules.
pub(super) fn record(out: &mut Out<'_>) {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for line in out.text.lines() {
        let path = line.split(',').next().unwrap_or_default().trim_matches('"');
        let (top, rest) = path.split_once('/').unwrap_or((path, ""));
        let module = if rest.is_empty() {
            // `six.py`, `_yaml.cpython-312-x86_64-linux-gnu.so`
            let python = [".py", ".so", ".pyd"].iter().any(|end| top.ends_with(end));
            top.split('.').next().filter(|_| python).unwrap_or_default()
        } else {
            let python = [".py", ".so", ".pyd"].iter().any(|end| rest.ends_with(end));
            Some(top).filter(|_| python).unwrap_or_default()
        };
        let is_name = !module.is_empty() && module.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name && found.len() < MAX_MODULES {
            found.insert(module);
        }
    }
    out.manifest.modules = found.into_iter().map(str::to_owned).collect();
}

/// `pom.properties`, which Maven puts into every jar that it builds. A jar with several was made of several packages.
pub(super) fn pom_properties(out: &mut Out<'_>) {
    let mut offset = 0;
    let mut found: [Option<(&str, usize)>; 3] = [None; 3];
    for line in out.text.split_inclusive('\n') {
        let at = offset;
        offset += line.len();
        let Some((key, value)) = line.split_once(['=', ':']).filter(|_| !line.starts_with(['#', '!'])) else {
            continue;
        };
        let start = at + key.len() + 1 + (value.len() - value.trim_start().len());
        let slot = match key.trim() {
            "groupId" => 0,
            "artifactId" => 1,
            "version" => 2,
            _ => continue,
        };
        found[slot] = Some((value.trim(), start)).filter(|(value, _)| !value.is_empty());
    }
    let [Some(group), Some(artifact), Some(version)] = found else {
        return out.problem(None, "properties of a package without group, artifact or version");
    };
    let name = format!("{}:{}", group.0, artifact.0);
    let places = [group, artifact, version];
    let start = places.iter().map(|(_, at)| *at).min().unwrap_or_default();
    let end = places.iter().map(|(text, at)| at + text.len()).max().unwrap_or_default();
    installed(out, Ecosystem::Maven, &name, version.0, start, end);
}

/// `/var/lib/dpkg/status`. Advisories name source packages, so these are what is looked up.
pub(super) fn dpkg(out: &mut Out<'_>) {
    let text = out.text;
    let mut offset = 0;
    let mut any = false;
    // Paragraphs end in an empty line.
    while offset < text.len() {
        let end = text[offset..].find("\n\n").map_or(text.len(), |at| offset + at + 2);
        let paragraph = &text[offset..end];
        let start = offset;
        offset = end;
        let (mut package, mut source, mut version, mut status) = (None, None, None, "");
        for (field, value, at) in fields(paragraph.trim_start_matches('\n'), start) {
            match field {
                "Package" => package = Some((value, at)),
                "Source" => source = Some(value),
                "Version" => version = Some((value, at)),
                "Status" => status = value,
                _ => {}
            }
        }
        let Some((name, at)) = package else {
            if !paragraph.trim().is_empty() {
                out.problem(Some(Out::span(start, end)), "a paragraph that names no package");
            }
            continue;
        };
        any = true;
        // The files of images without a package manager have no status: what stands there is installed.
        if !status.is_empty() && !status.ends_with(" installed") {
            continue;
        }
        let Some((number, _)) = version else {
            out.problem(Some(Out::span(at, at + name.len())), format!("`{}` has no version", super::shorten(name)));
            continue;
        };
        // `Source: openssl (3.0.2-1)` where it has a version of its own.
        let (source, number) = match source.map(|source| source.split_once(" (").unwrap_or((source, ""))) {
            Some((source, "")) => (source, number),
            Some((source, version)) => (source, version.trim_end_matches(')')),
            None => (name, number),
        };
        let before = out.manifest.dependencies.len();
        installed(out, Ecosystem::Debian, source, number, at, at + name.len());
        if let Some(dependency) = out.manifest.dependencies.get_mut(before) {
            name.clone_into(&mut dependency.shown);
        }
    }
    if !any {
        out.problem(None, "no package in it: not a list of installed packages, or an empty one");
    }
}
