//! `setup.cfg` and `tox.ini`, as Python's `configparser` reads them.

use super::{Entry, Out, requirements};
use crate::package::{Kind, Scope};
use crate::{Ecosystem, Requirement};

/// One option: its section, its key, and the lines of its value, each with its offset.
struct Setting<'a> {
    section: &'a str,
    key: String,
    lines: Vec<(usize, &'a str)>,
}

fn settings(text: &str) -> Vec<Setting<'_>> {
    let mut found: Vec<Setting<'_>> = Vec::new();
    let mut section = "";
    let mut offset = 0;
    let mut open = false;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end();
        let start = offset;
        offset += raw.len();
        let bare = line.trim_start();
        if bare.is_empty() {
            continue;
        }
        if bare.starts_with(['#', ';']) {
            continue;
        }
        let indented = bare.len() < line.len();
        if indented && open {
            if let Some(last) = found.last_mut() {
                last.lines.push((start + line.len() - bare.len(), strip_comment(bare)));
            }
            continue;
        }
        if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name) {
            section = name;
            open = false;
            continue;
        }
        let Some(at) = bare.find(['=', ':']) else {
            open = false;
            continue;
        };
        let (key, value) = (&bare[..at], &bare[at + 1..]);
        let value_start = start + (line.len() - value.len()) + (value.len() - value.trim_start().len());
        let mut lines = Vec::new();
        if !value.trim().is_empty() {
            lines.push((value_start, strip_comment(value.trim_start())));
        }
        found.push(Setting { section, key: key.trim().to_lowercase(), lines });
        open = true;
    }
    found
}

fn strip_comment(line: &str) -> &str {
    line.find(" #").map_or(line, |at| &line[..at]).trim_end()
}

pub(super) fn setup_cfg(out: &mut Out<'_>) {
    let text = out.text;
    for setting in settings(text) {
        match (setting.section, setting.key.as_str()) {
            ("metadata", "name") => {
                let names: Vec<String> =
                    setting.lines.iter().map(|(_, name)| Ecosystem::PyPI.normalise(name)).collect();
                out.manifest.own_names.extend(names);
            }
            ("options", "python_requires") | ("metadata", "requires-python" | "python-requires") => {
                let value: Vec<&str> = setting.lines.iter().map(|(_, line)| *line).collect();
                out.manifest.requires_python = Requirement::new(Ecosystem::PyPI, &value.join(",")).ok();
            }
            ("options", "install_requires") => list(out, &setting, &Entry::declared(Scope::Runtime, None)),
            ("options", "setup_requires") => {
                list(out, &setting, &Entry::declared(Scope::Build, Some("setup_requires")));
            }
            ("options", "tests_require") => list(out, &setting, &Entry::declared(Scope::Test, Some("tests_require"))),
            // pbr has its extras in a section of their own.
            ("options.extras_require" | "extras", extra) => {
                let extra = extra.split(':').next().unwrap_or(extra).to_owned();
                list(out, &setting, &Entry::declared(Scope::Optional, Some(&extra)));
            }
            // The form before setuptools.
            ("metadata", "requires-dist" | "requires_dist") => {
                list(out, &setting, &Entry::declared(Scope::Runtime, None));
            }
            _ => {}
        }
    }
}

/// Requirements, one a line or separated by semicolons, or files of them.
fn list(out: &mut Out<'_>, setting: &Setting<'_>, entry: &Entry<'_>) {
    for (start, line) in &setting.lines {
        if let Some(files) = line.strip_prefix("file:") {
            let offset = start + line.len() - files.len();
            for path in files.split(',') {
                let at = offset + (path.as_ptr() as usize - files.as_ptr() as usize);
                let span = Out::span(at, at + path.len());
                out.include(path.trim(), span, false, Some((entry.scope, entry.group.map(str::to_owned))));
            }
            continue;
        }
        // pbr writes markers between parentheses behind the requirement: `a>=1:(python_version<'3')`.
        let text = match line.split_once(":(") {
            Some((requirement, marker)) => format!("{requirement};({marker}"),
            None => (*line).to_owned(),
        };
        out.pep508(&text, *start, entry);
    }
}

pub(super) fn tox(out: &mut Out<'_>) {
    let text = out.text;
    for setting in settings(text) {
        let environment = match setting.section {
            "tox" if setting.key == "requires" => {
                list(out, &setting, &Entry::declared(Scope::Dev, Some("tox")));
                continue;
            }
            "testenv" => "testenv",
            section => match section.strip_prefix("testenv:") {
                Some(name) => name,
                None => continue,
            },
        };
        let scope = match Scope::of_group(environment) {
            Scope::Dev if environment == "testenv" || environment.starts_with("py") => Scope::Test,
            scope => scope,
        };
        let constraint = matches!(setting.key.as_str(), "constraints" | "constrain_package_deps");
        if setting.key != "deps" && !(constraint && setting.key == "constraints") {
            continue;
        }
        for (start, line) in &setting.lines {
            dependency(out, line, *start, constraint, &Entry::declared(scope, Some(environment)));
        }
    }
}

fn dependency(out: &mut Out<'_>, line: &str, start: usize, constraint: bool, entry: &Entry<'_>) {
    let (mut line, mut start) = (line, start);
    // `py27,docs: package` asks for it in these environments only.
    if let Some((factors, rest)) = line.split_once(": ")
        && factors.chars().all(|c| c.is_ascii_alphanumeric() || "_-,!{} .".contains(c))
        && !factors.starts_with('-')
    {
        start += line.len() - rest.trim_start().len();
        line = rest.trim_start();
    }
    // Another environment's list is read where it stands.
    if line.starts_with("{[") && line.ends_with('}') {
        return;
    }
    let replaced = line.replace("{toxinidir}/", "").replace("{tox_root}/", "").replace("{toxinidir}", ".");
    let span = Out::span(start, start + line.len());
    if constraint {
        if replaced.contains("://") || replaced.contains("{env:") {
            let message =
                format!("constraints at `{}` are not part of the project and were not read", super::shorten(line));
            return out.note(Some(span), "include-remote", message);
        }
        return out.include(&replaced, span, true, None);
    }
    let is_option = replaced.starts_with('-');
    if !is_option && replaced.contains('{') {
        let message = format!("`{}` is put together when tox runs", super::shorten(line));
        return out.note(Some(span), "computed", message);
    }
    let entry = Entry { kind: Kind::Declared, ..entry.clone() };
    if is_option || replaced.len() == line.len() {
        requirements::lines(out, &replaced, start, &entry);
    } else {
        out.note(Some(span), "local-package", format!("`{}` is a folder of this project", super::shorten(line)));
    }
}
