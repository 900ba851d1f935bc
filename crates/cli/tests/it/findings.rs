//! A defect, from the source to the exit status.

use crate::support::Tree;
use serde_json::Value;

const APP: &str = "\
import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.route('/users')
def users():
    return find(request.args['name'])


def find(name):
    db = sqlite3.connect('users.db')
    return db.execute(\"SELECT * FROM users WHERE name = '\" + name + \"'\").fetchall()
";

fn findings(report: &Value) -> Vec<&Value> {
    let all = report["findings"].as_array().into_iter().flatten();
    all.filter(|finding| finding["check"] == "sql-injection").collect()
}

fn app(text: &str) -> Tree {
    Tree::new().with("app.py", text)
}

#[test]
fn a_finding_fails_the_command_from_its_severity_on() {
    let tree = app(APP);
    let (status, report) = tree.json(&[]);
    assert_eq!((status, findings(&report).len()), (1, 1), "{report:#}");
    assert_eq!(tree.run(&["review", "--fail-on", "never"]).status, 0);
    assert_eq!(tree.run(&["review", "--fail-on", "low"]).status, 1);
    assert_eq!(tree.run(&["review", "--check", "xxe"]).status, 0);
    assert_eq!(tree.run(&["review", "--area", "external-interaction"]).status, 0);
    assert!(tree.run(&["review"]).stdout.contains("app.py:14"), "the place is shown");
}

#[test]
fn findings_win_over_gaps() {
    assert_eq!(app(APP).with("broken.py", "x = (\n").run(&["review"]).status, 1);
}

#[test]
fn tests_do_not_fail_the_command() {
    let tests = Tree::new().with("tests/app.py", APP);
    let (status, report) = tests.with("main.py", "").json(&[]);
    assert_eq!(status, 0, "{report:#}");
    let (status, report) = Tree::new().with("tests/app.py", APP).json(&[]);
    assert_eq!(status, 1, "tests are all there is: {report:#}");
}

#[test]
fn a_suppressed_finding_is_listed_and_does_not_count() {
    let text =
        APP.replace(".fetchall()\n", ".fetchall()  # assay: ignore[sql-injection] names are checked by the proxy\n");
    let (status, report) = app(&text).json(&[]);
    assert_eq!(status, 0, "{report:#}");
    let found = findings(&report);
    assert_eq!(found.len(), 1);
    assert!(found[0]["suppressed"].to_string().contains("names are checked by the proxy"), "{report:#}");
    let text = APP.replace(".fetchall()\n", ".fetchall()  # assay: ignore[sql-injection] until=2026-01-14 old\n");
    let (status, report) = app(&text).json(&[]);
    assert_eq!(status, 1);
    assert!(report["notes"].to_string().contains("expired on 2026-01-14"), "{report:#}");
}

#[test]
fn triage_by_fingerprint_survives_moved_lines() {
    let (_, report) = app(APP).json(&[]);
    let print = findings(&report)[0]["fingerprint"].as_str().expect("a fingerprint").to_owned();
    let triage = format!("[[finding]]\nfingerprint = '{print}'\nreason = 'accepted'\n");
    let moved = format!("# moved\n\n{}", APP.replace("    db = ", "    # more\n    db = "));
    let (status, report) = app(&moved).with(".assay/triage.toml", triage).json(&[]);
    assert_eq!(status, 0, "{report:#}");
    assert!(findings(&report)[0]["suppressed"].to_string().contains("accepted"));
}

#[test]
fn rules_for_paths_come_from_the_configuration() {
    let tree = app(APP).with("assay.toml", "[per-path-ignores]\n'app.py' = ['sql-injection']\n");
    let (status, report) = tree.json(&[]);
    assert_eq!((status, findings(&report).len()), (0, 1), "{report:#}");
    assert_eq!(tree.run(&["review", "--no-config"]).status, 1);
}

#[test]
fn one_file_is_told_of_what_starts_in_it() {
    let handler = "from db import find\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n\
                   @app.route('/users')\ndef users():\n    return find(request.args['name'])\n";
    let finder = "import sqlite3\n\n\ndef find(name):\n    db = sqlite3.connect('users.db')\n    \
                  return db.execute(\"SELECT * FROM users WHERE name = '\" + name + \"'\").fetchall()\n";
    let tree = Tree::new()
        .with("setup.cfg", "[metadata]\n")
        .with("handler.py", handler)
        .with("db.py", finder)
        .with("other.py", "x = 1\n");
    for (file, expected) in [("handler.py", 1), ("db.py", 1), ("other.py", 0)] {
        let (_, report) = tree.json(&[file]);
        assert_eq!(findings(&report).len(), expected, "{file}: {report:#}");
    }
}
