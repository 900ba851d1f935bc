//! Which language a file is written in, by its name or its `#!` line.

use assay_text::Language;
use std::path::Path;

/// The language that a file's name tells; `None` when only its first line can.
pub(crate) fn by_name(name: &str, parent: &str) -> Option<Language> {
    if is_manifest(name, parent) {
        return Some(Language::Manifest);
    }
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    Some(match extension.to_ascii_lowercase().as_str() {
        "py" | "pyw" | "pyi" | "wsgi" => Language::Python,
        // `.C` and `.H` are C++ by an old custom; everywhere else case does not matter.
        "c" | "h" if extension == extension.to_ascii_lowercase() => Language::C,
        "c" | "h" | "cc" | "cpp" | "cxx" | "c++" | "hh" | "hpp" | "hxx" | "h++" | "ipp" | "tpp" | "inl" => {
            Language::Cpp
        }
        "js" | "mjs" | "cjs" | "jsx" | "vue" | "svelte" => Language::JavaScript,
        "ts" | "mts" | "cts" | "tsx" => Language::TypeScript,
        "java" => Language::Java,
        "go" => Language::Go,
        "rs" => Language::Rust,
        "rb" | "rake" | "gemspec" => Language::Ruby,
        "php" | "phtml" | "php5" | "php7" => Language::Php,
        "cs" => Language::CSharp,
        "sh" | "bash" | "zsh" | "ksh" => Language::Shell,
        "html" | "htm" | "xhtml" | "jinja" | "jinja2" | "j2" | "mako" | "mak" | "tmpl" | "tpl" | "erb" | "ejs"
        | "hbs" | "mustache" | "twig" => Language::Template,
        "toml" | "ini" | "cfg" | "conf" => Language::Manifest,
        _ => Language::Other,
    })
}

/// Whether a file says which packages a project needs, by its name.
pub(crate) fn says_packages(name: &str, parent: &str) -> bool {
    let other = matches!(name, "os-release" | "Dockerfile" | "Containerfile" | "Procfile");
    matches!(name, "pyproject.toml" | "setup.cfg" | "tox.ini")
        || name.ends_with(".versions.toml")
        || is_manifest(name, parent) && !other
}

fn is_manifest(name: &str, parent: &str) -> bool {
    const NAMES: [&str; 35] = [
        "Pipfile",
        "Pipfile.lock",
        "poetry.lock",
        "pdm.lock",
        "uv.lock",
        "pylock.toml",
        "environment.yml",
        "environment.yaml",
        "package.json",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "go.mod",
        "go.sum",
        "Cargo.lock",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "Gemfile",
        "Gemfile.lock",
        "composer.json",
        "composer.lock",
        "packages.lock.json",
        "gradle.lockfile",
        "buildscript-gradle.lockfile",
        "bun.lock",
        "pom.properties",
        "conan.lock",
        "conanfile.txt",
        "os-release",
        "Dockerfile",
        "Containerfile",
        "Procfile",
        // How a build compiles files of C and C++.
        "compile_commands.json",
    ];
    let text = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in"));
    NAMES.contains(&name)
        || [".vex.json", ".openvex.json", ".csaf.json", ".cdx.json"].iter().any(|end| name.ends_with(end))
        || is_installed(name, parent)
        || text.is_some_and(|stem| {
            stem.contains("requirements") || stem.contains("constraints") || parent == "requirements"
        })
}

/// Whether a file says what is installed: beside the packages of Python, or in the list of Debian's package manager.
fn is_installed(name: &str, parent: &str) -> bool {
    let of_python = match name {
        "METADATA" | "RECORD" => parent.ends_with(".dist-info"),
        "PKG-INFO" => parent.ends_with(".egg-info"),
        _ => name.ends_with(".egg-info") && is_site(parent),
    };
    of_python || (name == "status" && parent == "dpkg") || parent == "status.d"
}

/// Whether a folder is one that packages of Python are installed into.
fn is_site(folder: &str) -> bool {
    matches!(folder, "site-packages" | "dist-packages")
}

/// Whether a file that is no template by its name is one by the folder that it lies in.
pub(crate) fn is_template_text(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "txt" || e == "xml" || e == "svg")
        && path.iter().any(|part| part == "templates" || part == "jinja2")
}

/// Whether a text has the marks of the template language that the file's name stands for.
pub(crate) fn has_template_marks(name: &str, text: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    let page = matches!(extension.as_str(), "html" | "htm" | "xhtml" | "txt" | "xml" | "svg");
    let mark = |(at, _): (usize, &str)| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%'));
    !page || text.match_indices('{').any(mark) || text.contains("<%") || text.contains("${")
}

/// The language that a `#!` line tells.
pub(crate) fn by_shebang(start: &[u8]) -> Option<Language> {
    let line = start.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_whitespace();
    let mut program = words.next()?.rsplit('/').next()?;
    if program == "env" {
        program = words.find(|word| !word.starts_with('-') && !word.contains('='))?.rsplit('/').next()?;
    }
    let base = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    Some(match base {
        "python" | "pypy" | "python-w" | "pythonw" => Language::Python,
        "sh" | "bash" | "dash" | "ksh" | "zsh" | "ash" => Language::Shell,
        "node" | "nodejs" | "bun" => Language::JavaScript,
        "deno" | "ts-node" | "tsx" => Language::TypeScript,
        "ruby" => Language::Ruby,
        "php" => Language::Php,
        _ => return None,
    })
}

/// Whether a header that is named like one of C is of C++, by declarations that C does not have. What stands between
/// `#ifdef __cplusplus` and its end does not count.
pub(crate) fn is_cpp_header(name: &str, text: &str) -> bool {
    const STARTS: [&str; 10] = [
        "namespace ",
        "class ",
        "template <",
        "template<",
        "public:",
        "private:",
        "protected:",
        "using namespace ",
        "using std::",
        "#include <string>",
    ];
    if name.rsplit_once('.').is_none_or(|(_, extension)| extension != "h") {
        return false;
    }
    // How many conditionals are open within one that asks for C++.
    let mut within = 0_usize;
    for line in text.lines() {
        let line = line.trim_start();
        let directive = line.strip_prefix('#').map(str::trim_start);
        match directive {
            Some(directive) if within > 0 => {
                if directive.starts_with("if") {
                    within += 1;
                } else if directive.starts_with("endif") || within == 1 && directive.starts_with("el") {
                    within -= 1;
                }
            }
            Some(directive) if directive.starts_with("if") && directive.contains("__cplusplus") => {
                within = usize::from(!directive.starts_with("ifndef") && !directive.contains("!defined"));
            }
            _ if within == 0 && STARTS.iter().any(|start| line.starts_with(start)) => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_language() {
        for (name, language) in [
            ("a.py", Some(Language::Python)),
            ("a.PY", Some(Language::Python)),
            ("a.h", Some(Language::C)),
            ("a.C", Some(Language::Cpp)),
            ("test-requirements.txt", Some(Language::Manifest)),
            ("setup.cfg", Some(Language::Manifest)),
            ("app.openvex.json", Some(Language::Manifest)),
            ("conan.lock", Some(Language::Manifest)),
            ("compile_commands.json", Some(Language::Manifest)),
            ("METADATA", None),
            ("README.rst", Some(Language::Other)),
            ("neutron-server", None),
            (".py", None),
        ] {
            assert_eq!(by_name(name, ""), language, "{name}");
        }
        assert_eq!(by_name("base.txt", "requirements"), Some(Language::Manifest));
        assert_eq!(by_name("base.txt", "notes"), Some(Language::Other));
        assert_eq!(by_name("METADATA", "a-1.0.dist-info"), Some(Language::Manifest));
        assert_eq!(by_name("status", "dpkg"), Some(Language::Manifest));
        assert_eq!(by_name("a-1.0.egg-info", "site-packages"), Some(Language::Manifest));
    }

    #[test]
    fn headers_tell_by_their_declarations_whether_they_are_of_cpp() {
        assert!(is_cpp_header("a.h", "#pragma once\n  class A {\n public:\n};\n"));
        assert!(is_cpp_header("a.h", "namespace a {\n}\n"));
        assert!(!is_cpp_header("a.c", "namespace a {\n}\n"));
        assert!(!is_cpp_header("a.h", "struct class_of;\nint public_key;\n"));
        let both = "#ifdef __cplusplus\n#if 1\n#endif\nclass A {};\nextern \"C\" {\n#endif\nint f(void);\n";
        assert!(!is_cpp_header("a.h", both));
        assert!(is_cpp_header("a.h", &format!("{both}class B {{}};\n")));
        assert!(!is_cpp_header("a.h", "#if defined(__cplusplus)\nclass A {};\n#else\nint f;\n#endif\n"));
    }

    #[test]
    fn first_lines_tell_the_language() {
        for (line, language) in [
            ("#!/usr/bin/env python3\nx", Some(Language::Python)),
            ("#! /usr/bin/python2.7 -u", Some(Language::Python)),
            ("#!/usr/bin/env -S A=b python", Some(Language::Python)),
            ("#!/bin/bash -e", Some(Language::Shell)),
            ("#!/usr/bin/perl", None),
            ("#!", None),
            ("import os", None),
        ] {
            assert_eq!(by_shebang(line.as_bytes()), language, "{line}");
        }
    }
}
