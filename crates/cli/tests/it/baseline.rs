//! What is new since an earlier report or a revision.

use crate::support::{Run, Tree};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;

const APP: &str = "\
import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.route('/users')
def users():
    db = sqlite3.connect('users.db')
    return db.execute(\"SELECT * FROM users WHERE name = '\" + request.args['name'] + \"'\").fetchall()
";

const PING: &str = "

@app.route('/ping')
def ping():
    import os
    os.system('ping ' + request.args['host'])
    return ''
";

/// Whether there is a `git` to test with.
fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        let _ = writeln!(std::io::stderr(), "skipped: there is no git to test with");
    }
    found
}

fn git(tree: &Tree, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(tree.path())
        .output()
        .expect("git starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(tree: &Tree) {
    git(tree, &["add", "-A", "-f", "."]);
    git(tree, &["commit", "-q", "--allow-empty", "-m", "x"]);
}

fn write(tree: &Tree, path: &str, text: &str) {
    std::fs::write(tree.join(path), text).expect("a file");
}

/// New, reappeared, unchanged, fixed.
fn counts(report: &Value) -> [u64; 4] {
    let comparison = &report["comparison"];
    let number = |key: &str| comparison[key].as_u64().unwrap_or(u64::MAX);
    let fixed = comparison["fixed"].as_array().map_or(u64::MAX, |fixed| fixed.len() as u64);
    [number("new"), number("reappeared"), number("unchanged"), fixed]
}

fn changes(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().into_iter().flatten();
    findings.map(|finding| (text(&finding["check"]), text(&finding["change"]))).collect()
}

#[test]
fn a_report_is_a_baseline() {
    let tree = Tree::new().with("app.py", APP);
    for name in ["then.json", "then.sarif"] {
        assert_eq!(tree.run(&["review", "-o", name]).status, 1);
        let (status, report) = tree.json(&["--baseline", name]);
        assert_eq!((status, counts(&report)), (0, [0, 0, 1, 0]), "{report:#}");
    }
    // A moved, reformatted and renamed file holds what it held.
    let moved = format!("# moved\n{}", APP.replace(" + request", " +\n        request").replace("'name'", "\"name\""));
    std::fs::remove_file(tree.join("app.py")).expect("a file");
    std::fs::create_dir(tree.join("web")).expect("a folder");
    write(&tree, "web/main.py", &(moved + PING));
    for name in ["then.json", "then.sarif"] {
        let (status, report) = tree.json(&["--baseline", name]);
        assert_eq!((status, counts(&report)), (1, [1, 0, 1, 0]), "{report:#}");
        assert!(changes(&report).contains(&("command-injection".to_owned(), "new".to_owned())), "{report:#}");
    }
    let run = tree.run(&["review", "--baseline", "then.json"]);
    assert!(run.stdout.contains("Compared with then.json: 1 new, 0 fixed, 1 unchanged."), "{}", run.stdout);
}

#[test]
fn what_was_fixed_reappears() {
    let tree = Tree::new().with("app.py", APP.to_owned() + PING);
    let step = |text: &str, before: Option<&str>, name: &str| {
        write(&tree, "app.py", text);
        let mut arguments = vec!["review", "-o", name];
        arguments.extend(before.iter().flat_map(|before| ["--baseline", *before]));
        tree.run(&arguments);
        serde_json::from_str::<Value>(&std::fs::read_to_string(tree.join(name)).expect("a report")).expect("JSON")
    };
    let both = APP.to_owned() + PING;
    step(&both, None, "1.json");
    assert_eq!(counts(&step(APP, Some("1.json"), "2.json")), [0, 0, 1, 1]);
    let still = step(APP, Some("2.json"), "3.json");
    assert_eq!(counts(&still), [0, 0, 1, 1], "{still:#}");
    assert_eq!(still["comparison"]["fixed"][0]["earlier"], true);
    assert_eq!(counts(&step(&both, Some("3.json"), "4.json")), [0, 1, 1, 0]);
    // What was suppressed and is not any more is back as well.
    let quiet = both.replace("['host'])", "['host'])  # assay: ignore[command-injection] known");
    step(&quiet, None, "5.json");
    assert_eq!(counts(&step(&both, Some("5.json"), "6.json")), [0, 1, 1, 0]);
}

#[test]
fn a_revision_is_a_baseline_and_the_whole_program_counts() {
    if !has_git() {
        return;
    }
    let handler = "from db import find\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n\
                   @app.route('/users')\ndef users():\n    return find('fixed')\n";
    let finder = "import sqlite3\n\n\ndef find(name):\n    db = sqlite3.connect('users.db')\n    \
                  return db.execute(\"SELECT * FROM users WHERE name = '\" + name + \"'\").fetchall()\n";
    let tree = Tree::new().with("handler.py", handler).with("db.py", finder).with("assay.toml", "");
    git(&tree, &["init", "-q"]);
    commit(&tree);
    // The change stands in one file, the defect in another.
    write(&tree, "handler.py", &handler.replace("'fixed'", "request.args['name']"));
    let (status, report) = tree.json(&["--baseline", "HEAD"]);
    assert_eq!((status, counts(&report)), (1, [1, 0, 0, 0]), "{report:#}");
    commit(&tree);
    assert_eq!(counts(&tree.json(&["--baseline", "HEAD"]).1), [0, 0, 1, 0]);
    assert_eq!(counts(&tree.json(&["--baseline", "HEAD~1"]).1), [1, 0, 0, 0]);
    git(&tree, &["mv", "db.py", "store.py"]);
    write(&tree, "handler.py", &handler.replace("'fixed'", "request.args['name']").replace("from db", "from store"));
    assert_eq!(counts(&tree.json(&["--baseline", "main"]).1), [0, 0, 1, 0]);
    write(&tree, "handler.py", &handler.replace("from db", "from store"));
    assert_eq!(counts(&tree.json(&["--baseline", "main"]).1), [0, 0, 0, 1]);
    // One folder that the revision does not have.
    let tree = tree.with("new/app.py", APP);
    let (_, report) = tree.json(&["new", "--baseline", "HEAD"]);
    assert_eq!(counts(&report)[..3], [1, 0, 0], "{report:#}");
}

#[test]
fn wrong_baselines_are_said() {
    let tree = Tree::new().with("app.py", APP).with("other.json", "{}").with("x.sarif", "{\"runs\": []}");
    let failed = |run: Run, text: &str| assert!(run.status == 2 && run.stderr.contains(text), "{run:?}");
    failed(tree.run(&["review", "--baseline", "other.json"]), "neither a JSON report of Assay's nor SARIF");
    failed(tree.run(&["review", "--baseline", "x.sarif"]), "SARIF of another tool");
    failed(tree.run(&["review", "--baseline", "app.py"]), "no report of Assay's");
    failed(tree.run(&["review", "--baseline", "main"]), "stands in no repository");
    if has_git() {
        git(&tree, &["init", "-q"]);
        failed(tree.run(&["review", "--baseline", "no-such"]), "no such revision");
        failed(tree.run(&["review", "--baseline=--output=x"]), "no such revision");
    }
}

/// A repository whose configuration and attributes name programs for every occasion: none of them runs, and
/// no file is kept from the review.
#[cfg(unix)]
#[test]
fn a_hostile_repository_runs_nothing() {
    use std::os::unix::fs::PermissionsExt;
    if !has_git() {
        return;
    }
    let tree = Tree::new().with("app.py", APP).with(
        ".gitattributes",
        "*.py filter=evil diff=evil merge=evil export-ignore export-subst ident working-tree-encoding=UTF-16\n",
    );
    git(&tree, &["init", "-q"]);
    write(&tree, ".git/info/attributes", "* -filter -working-tree-encoding -ident\n");
    commit(&tree);
    std::fs::remove_file(tree.join(".git/info/attributes")).expect("a file");
    let mark = tree.join("ran");
    let script = tree.join(".git/evil");
    std::fs::write(&script, format!("#!/bin/sh\ntouch '{}'\ncat\n", mark.display())).expect("a file");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    let script = script.display().to_string();
    let mut config = std::fs::read_to_string(tree.join(".git/config")).expect("a file");
    for (section, key) in [
        ("core", "fsmonitor"),
        ("core", "pager"),
        ("core", "editor"),
        ("core", "sshCommand"),
        ("core", "gitProxy"),
        ("core", "alternateRefsCommand"),
        ("core", "askPass"),
        ("credential", "helper"),
        ("diff", "external"),
        ("filter \"evil\"", "smudge"),
        ("filter \"evil\"", "clean"),
        ("filter \"evil\"", "process"),
        ("diff \"evil\"", "textconv"),
        ("diff \"evil\"", "command"),
        ("pager", "ls-tree"),
        ("alias", "ls-tree"),
        ("tar \"tar\"", "command"),
        ("remote \"origin\"", "uploadpack"),
        ("remote \"origin\"", "vcs"),
        ("gpg", "program"),
    ] {
        let _ = write!(config, "[{section}]\n\t{key} = {script}\n");
    }
    config.push_str("[remote \"origin\"]\n\turl = ext::sh -c touch% ran\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n");
    config.push_str("[core]\n\tworktree = /\n\thooksPath = .git\n[protocol]\n\tallow = always\n[protocol \"ext\"]\n\tallow = always\n");
    write(&tree, ".git/config", &config);
    for name in ["post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"] {
        std::fs::copy(tree.join(".git/evil"), tree.join(&format!(".git/hooks/{name}"))).ok();
    }
    let (status, report) = tree.json(&["--baseline", "HEAD"]);
    assert_eq!((status, counts(&report)), (0, [0, 0, 1, 0]), "{report:#}");
    assert!(!mark.exists(), "a program of the repository's ran");
    // An object that is missing is not fetched.
    let objects = Command::new("find").arg(tree.join(".git/objects")).args(["-type", "f"]).output().expect("find");
    for object in String::from_utf8_lossy(&objects.stdout).lines() {
        std::fs::set_permissions(object, std::fs::Permissions::from_mode(0o644)).expect("permissions");
        let kept = std::fs::read(object).expect("an object");
        std::fs::remove_file(object).expect("an object");
        tree.run(&["review", "--baseline", "HEAD"]);
        assert!(!mark.exists(), "a program of the repository's ran");
        std::fs::write(object, kept).expect("an object");
    }
}
