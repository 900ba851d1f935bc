//! What part a file plays, by its path *within the project* and its first lines.
//!
//! The path above the project's root never counts: a checkout in a folder named `test` is no test.
//! A role says whom a finding concerns, and hides nothing (but what a generator's own memory accesses rely on is open in the account, no
//! finding). A project of nothing but tests or examples is about those: they are its
//! own code.

use assay_text::{Language, Role};

/// Bytes at a file's start that are searched for a generator's mark.
const HEADER_BYTES: usize = 2048;
/// Mean length of a line beyond which a script is taken for minified.
const MINIFIED_LINE: usize = 400;

/// The role of a file at `parts` below the project's root (folders, then the file's name).
///
/// `package` is the number of leading folders that are not yet part of a Python package:
/// below that, `docs` or `sample` is the name of a sub-package and not a place for examples.
pub(crate) fn of_path(parts: &[&str], package: usize, language: Language) -> Role {
    let Some((name, folders)) = parts.split_last() else { return Role::FirstParty };
    let lower: Vec<String> = folders.iter().map(|folder| folder.to_ascii_lowercase()).collect();
    if lower.iter().any(|folder| is_vendor(folder)) {
        return Role::Vendored;
    }
    // `t` holds tests where programs are tested by what they print.
    if lower.iter().any(|folder| is_test(folder))
        || lower.first().is_some_and(|folder| folder == "t")
        || is_test_name(name, language)
    {
        return Role::Test;
    }
    if is_generated_name(name) {
        return Role::Generated;
    }
    if is_migration(&lower, name) {
        return Role::Migration;
    }
    if lower.iter().take(package).any(|folder| is_example(folder))
        || lower.iter().any(|folder| folder.starts_with("example_"))
    {
        return Role::Example;
    }
    Role::FirstParty
}

fn is_vendor(folder: &str) -> bool {
    const NAMES: [&str; 14] = [
        "vendor",
        "vendors",
        "vendored",
        "_vendor",
        "_vendored",
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "3rd_party",
        "node_modules",
        "bower_components",
        "site-packages",
        "dist-packages",
    ];
    NAMES.contains(&folder)
}

fn is_test(folder: &str) -> bool {
    const NAMES: [&str; 15] = [
        "fuzz",
        "fuzzers",
        "fuzzing",
        "oss-fuzz",
        "test",
        "tests",
        "testing",
        "__tests__",
        "unit_tests",
        "unittests",
        "functional_tests",
        "integration_tests",
        "testdata",
        "testutils",
        "test_data",
    ];
    NAMES.contains(&folder)
        || folder.starts_with("test_")
        || ["_tests", "-test", "-tests"].iter().any(|end| folder.ends_with(end))
}

fn is_test_name(name: &str, language: Language) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match language {
        Language::Python => {
            ["conftest", "testing", "tests", "pytest_plugin", "testserver", "testutils", "testsettings"].contains(&stem)
                || stem.starts_with("test_")
                || stem.ends_with("_test")
                || stem.ends_with("_tests")
        }
        Language::C | Language::Cpp => {
            stem.starts_with("test")
                || ["_test", "-test", "_tests", "_unittest", "runtest", "runtests"]
                    .iter()
                    .any(|end| stem.ends_with(end))
        }
        Language::Go => stem.ends_with("_test"),
        Language::JavaScript | Language::TypeScript => {
            matches!(stem.rsplit_once('.'), Some((_, "test" | "spec")))
        }
        Language::Ruby => stem.ends_with("_spec") || stem.ends_with("_test"),
        Language::Java | Language::CSharp => stem.ends_with("Test") || stem.ends_with("Tests"),
        _ => false,
    }
}

fn is_generated_name(name: &str) -> bool {
    [
        "_pb2.py",
        "_pb2.pyi",
        "_pb2_grpc.py",
        ".pb.go",
        ".pb.cc",
        ".pb.h",
        ".min.js",
        ".min.mjs",
        ".bundle.js",
        ".designer.cs",
        ".g.cs",
    ]
    .iter()
    .any(|end| name.to_ascii_lowercase().ends_with(end))
}

fn is_migration(folders: &[String], name: &str) -> bool {
    let Some(last) = folders.last() else { return false };
    let numbered = name.starts_with(|c: char| c.is_ascii_digit());
    if last == "migrations" {
        return numbered;
    }
    let versions = folders.iter().position(|folder| folder == "versions");
    versions
        .is_some_and(|at| folders[..at].iter().any(|folder| folder.contains("alembic") || folder.contains("migrat")))
}

fn is_example(folder: &str) -> bool {
    const NAMES: [&str; 12] = [
        "example",
        "examples",
        "sample",
        "samples",
        "doc",
        "docs",
        "demo",
        "demos",
        "tutorial",
        "tutorials",
        "devstack",
        "development",
    ];
    NAMES.contains(&folder) || folder.starts_with("example_") || folder.starts_with("docs_")
}

/// Whether a file's own text says that it is part of tests: it defines fixtures of pytest, cases of tests in classes, or users
/// of a load test.
pub(crate) fn is_test_text(text: &str, language: Language) -> bool {
    language == Language::Python && (has_fixtures(text) || has_cases(text) || has_load(text))
}

fn has_fixtures(text: &str) -> bool {
    text.contains("pytest")
        && text.lines().any(|line| line.starts_with("import pytest") || line.starts_with("from pytest"))
        && text.lines().any(|line| line.trim_start().starts_with("@pytest.fixture") || line.starts_with("@fixture"))
}

/// A class that derives from one of tests, with methods that are tests.
fn has_cases(text: &str) -> bool {
    let case = |base: &str| base.ends_with("TestCase") || base.ends_with("Test") || base.ends_with("Tests");
    text.contains("    def test_")
        && text.lines().any(|line| derives(line, case))
        && text.lines().any(|line| line.strip_prefix("    ").is_some_and(|l| l.starts_with("def test_")))
}

/// A class of users that Locust lets loose on a server.
fn has_load(text: &str) -> bool {
    let user = |base: &str| {
        let base = base.rsplit('.').next().unwrap_or(base);
        ["HttpUser", "FastHttpUser", "HttpLocust", "TaskSet", "SequentialTaskSet"].contains(&base)
    };
    text.contains("locust")
        && text.lines().any(|line| line.starts_with("import locust") || line.starts_with("from locust"))
        && text.lines().any(|line| derives(line, user))
}

/// Whether a line begins a class one of whose bases is wanted.
fn derives(line: &str, wanted: impl Fn(&str) -> bool) -> bool {
    let bases = line.strip_prefix("class ").and_then(|rest| rest.split_once('(')).map_or("", |(_, bases)| bases);
    bases.split([',', ')']).any(|base| wanted(base.trim()))
}

/// Whether a file's own text says that a program wrote it.
pub(crate) fn is_generated_text(text: &str, language: Language) -> bool {
    let scripts = matches!(language, Language::JavaScript | Language::TypeScript);
    if scripts && text.len() > 8 * MINIFIED_LINE && text.len() / (text.matches('\n').count() + 1) > MINIFIED_LINE {
        return true;
    }
    let mut end = text.len().min(HEADER_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut in_block = false;
    for line in text[..end].lines() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let block_starts = line.starts_with("/*") || line.starts_with("<!--") || line.starts_with("\"\"\"");
        let comment = in_block || block_starts || line.starts_with('#') || line.starts_with("//");
        if !comment {
            return false;
        }
        if says_generated(line) {
            return true;
        }
        if in_block {
            in_block = !(line.contains("*/") || line.contains("-->") || line.ends_with("\"\"\""));
        } else if block_starts {
            let rest = &line[line.len().min(3)..];
            in_block = !(rest.contains("*/") || rest.contains("-->") || rest.ends_with("\"\"\""));
        }
    }
    false
}

fn says_generated(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let words = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '@');
    // What writes migrations down says so, and leaves them to be edited.
    words.starts_with("generated by ") && !words.starts_with("generated by django")
        || line.contains("made by gnu bison")
        || line.contains("scanner generated by flex")
        || line.contains("@generated")
        || (line.contains("do not edit") && line.contains("generated"))
        || line.contains("generated by the protocol buffer compiler")
        || line.contains("automatically generated by")
        || line.contains("autogenerated by")
        || line.contains("auto-generated by")
        || line.contains("this file was generated")
        || line.contains("this file is generated")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(path: &str, package: usize) -> Role {
        let parts: Vec<&str> = path.split('/').collect();
        of_path(&parts, package, crate::language::by_name(parts[parts.len() - 1], "").unwrap_or(Language::Other))
    }

    #[test]
    fn fixtures_tell_tests() {
        let plugin = "import os\nimport pytest\n\n\n@pytest.fixture\ndef server():\n    yield os\n";
        assert!(is_test_text(plugin, Language::Python));
        let cases = "class Locks(GameTest):\n    def test_open(self):\n        pass\n";
        assert!(is_test_text(cases, Language::Python));
        assert_eq!(role("docs_src/first/tutorial.py", 3), Role::Example);
        // Tests of templates are none of the program.
        let load = "from locust import HttpUser, task\n\n\nclass Visitor(HttpUser):\n    pass\n";
        assert!(is_test_text(load, Language::Python));
        assert!(!is_test_text("from locust import HttpUser\n\nKINDS = [HttpUser]\n", Language::Python));
        assert!(!is_test_text("def test_odd(value):\n    return value % 2 == 1\n", Language::Python));
        assert!(!is_test_text("class Probe(Task):\n    def test_link(self):\n        pass\n", Language::Python));
        assert!(!is_test_text("import os\n\nPYTEST = \"import pytest\"\n", Language::Python));
        assert!(!is_test_text("import pytest\n\n\ndef main():\n    pytest.main()\n", Language::Python));
    }

    #[test]
    fn paths_tell_the_role() {
        for (path, package, expected) in [
            ("neutron/db/api.py", 0, Role::FirstParty),
            ("neutron/tests/unit/base.py", 0, Role::Test),
            ("pkg/test_api.py", 0, Role::Test),
            ("pkg/contest.py", 0, Role::FirstParty),
            ("shop/tests.py", 0, Role::Test),
            ("shop/contests.py", 0, Role::FirstParty),
            ("conftest.py", 0, Role::Test),
            ("pip/_vendor/requests/api.py", 0, Role::Vendored),
            ("web/app.min.js", 2, Role::Generated),
            ("pkg/api_pb2.py", 0, Role::Generated),
            ("neutron/db/migration/alembic_migrations/versions/ocata/expand/a.py", 0, Role::Migration),
            ("shop/migrations/0001_initial.py", 0, Role::Migration),
            ("shop/migrations/helpers.py", 0, Role::FirstParty),
            ("shop/api/versions/v1.py", 0, Role::FirstParty),
            ("docs/conf.py", 1, Role::Example),
            ("example_project/settings.py", 1, Role::Example),
            ("devstack/tools/setup.py", 2, Role::Example),
            ("shop/testutils/settings.py", 0, Role::Test),
            ("shop/testing.py", 0, Role::Test),
            ("lab/sample/models.py", 0, Role::FirstParty),
            ("example_project/manage.py", 0, Role::Example),
            ("shop/example_plugin/views.py", 0, Role::Example),
            ("shop/example.py", 0, Role::FirstParty),
            ("shop/example_data.py", 0, Role::FirstParty),
            ("shop/pytest_plugin.py", 0, Role::Test),
            ("table/block_test.c", 0, Role::Test),
            ("testReader.c", 0, Role::Test),
            ("latest.c", 0, Role::FirstParty),
            ("ext/store-test/io.c", 0, Role::Test),
            ("t/helper/dates.c", 0, Role::Test),
            ("src/t/dates.c", 0, Role::FirstParty),
            ("fuzz/seed.c", 0, Role::Test),
            ("deploy/development/settings.py", 2, Role::Example),
            ("shop/development/plan.py", 0, Role::FirstParty),
        ] {
            assert_eq!(role(path, package), expected, "{path}");
        }
    }

    #[test]
    fn headers_tell_generated_code() {
        for (text, expected) in [
            ("# Code generated by x. DO NOT EDIT.\nx = 1\n", true),
            ("/* Generated by Cython 3.0.1 */\n", true),
            ("/* A Bison parser, made by GNU Bison 3.8.2.  */\n", true),
            ("# Generated by Django 4.2 on 2024-01-01\n", false),
            ("#!/bin/x\n\n# @generated\n", true),
            ("/*\n * This file was generated by y\n */\n", true),
            ("x = 1\n# Code generated by x. DO NOT EDIT.\n", false),
            ("# reports are generated daily\n", false),
        ] {
            assert_eq!(is_generated_text(text, Language::Python), expected, "{text}");
        }
        assert!(is_generated_text(&"a".repeat(5000), Language::JavaScript));
    }
}
