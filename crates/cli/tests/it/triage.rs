//! `assay triage`, driven by a pipe.

use crate::support::{Tree, command};
use std::io::Write;
use std::process::Stdio;

const APP: &str = "\
import subprocess

import requests
from flask import Flask, request

app = Flask(__name__)


@app.route('/run')
def run():
    return subprocess.run(request.args['command'], shell=True).stdout


@app.route('/get')
def get():
    requests.get('https://example.org/', verify=False, timeout=3)
    requests.get('https://example.org/a', verify=False)
    return 'done'
";

/// What the command says when it is answered so.
fn answered(tree: &Tree, arguments: &[&str], answers: &str) -> (i32, String) {
    let mut child = command(tree.path())
        .args([&["triage", "--stdin", "--author", "Jo"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("a pipe").write_all(answers.as_bytes()).expect("answers are taken");
    let output = child.wait_with_output().expect("the command ends");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code().unwrap_or(-1), text(&output.stdout) + &text(&output.stderr))
}

fn read(tree: &Tree, path: &str) -> String {
    std::fs::read_to_string(tree.join(path)).unwrap_or_default()
}

fn open(tree: &Tree) -> usize {
    let (_, report) = tree.json(&[]);
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter(|finding| finding["suppressed"].is_null()).count()
}

#[test]
fn every_answer_takes_effect() {
    let tree = Tree::new().with("app.py", APP);
    let before = open(&tree);
    assert!(before >= 3, "{before}");
    // A comment, an entry, an edit, and skip the rest.
    let answers = "c\nbehind the firewall\n2026-12-31\nt\nknown \"risk\"\n\n\nf\n";
    let (status, said) = answered(&tree, &[], answers);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains(&format!("[1 of {before}]")), "{said}");
    assert!(said.contains("1 suppressed by a comment, 1 by an entry in .assay/triage.toml, 1 edited"), "{said}");
    let (app, file) = (read(&tree, "app.py"), read(&tree, ".assay/triage.toml"));
    assert!(app.contains("] until=2026-12-31 behind the firewall\n"), "{app}");
    assert!(file.contains("reason = \"known \\\"risk\\\"\"\nauthor = \"Jo\"\n") && !file.contains("until"), "{file}");
    assert_eq!(open(&tree), before - 3, "{app}\n{said}");
}

#[test]
fn nothing_is_done_without_a_decision() {
    let tree = Tree::new().with("app.py", APP);
    // No reason, a date that is none before the end of the input, an unknown answer, help.
    for answers in ["", "q\n", "s\n", "c\n\n", "quti\n?\nq\n", "c\nwhy\nnever\n"] {
        let (status, said) = answered(&tree, &[], answers);
        assert_eq!(status, 0, "{said}");
        if answers.starts_with("quti") {
            assert!(said.contains("(`quit`?)") && said.contains("suppress by a comment"), "{said}");
        }
        if !answers.starts_with("c\nwhy") {
            assert_eq!(read(&tree, "app.py"), APP);
        }
    }
    assert_eq!(read(&tree, ".assay/triage.toml"), "");
}

#[test]
fn two_comments_on_one_line_become_one() {
    let text = "import requests\n\nrequests.get('https://example.org/', verify=False)\n";
    let tree = Tree::new().with("app.py", text);
    let (_, said) = answered(&tree, &[], "c\nown host\n\nc\nquick\n\n");
    let app = read(&tree, "app.py");
    assert_eq!(app.matches("# assay: ignore[").count(), 1, "{app}{said}");
    assert_eq!(open(&tree), 0, "{app}{said}");
    let (_, said) = answered(&tree, &[], "");
    assert!(said.contains("Nothing to decide"), "{said}");
}

#[test]
fn what_is_expired_or_suppresses_nothing_is_said() {
    let tree = Tree::new()
        .with("app.py", format!("{APP}\nx = 1  # assay: ignore[xxe] nothing here\n"))
        .with(".assay/triage.toml", "[[finding]]\nfingerprint = 'aa'\nreason = 'gone'\n");
    let (_, said) = answered(&tree, &[], "q\n");
    assert!(said.contains("`assay: ignore[xxe]` suppresses nothing"), "{said}");
    assert!(said.contains(".assay/triage.toml:1: no finding of this review has the fingerprint aa"), "{said}");
}

#[test]
fn a_pipe_is_asked_only_when_that_is_said() {
    let run = Tree::new().with("app.py", APP).run(&["triage"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("no terminal; --stdin"), "{run:?}");
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    let tree = Tree::new().with(
        "app.py",
        "# coding: latin-1\nimport requests\nrequests.get('https://example.org/', verify=False)  # ".as_bytes(),
    );
    let mut bytes = std::fs::read(tree.join("app.py")).expect("the file");
    bytes.extend(b"\xe9\n");
    std::fs::write(tree.join("app.py"), &bytes).expect("the file");
    let (_, said) = answered(&tree, &[], "c\nwhy\n\nt\nwhy\n\n\n");
    assert!(said.contains("not plain UTF-8"), "{said}");
    assert_eq!(std::fs::read(tree.join("app.py")).expect("the file"), bytes);
    assert!(read(&tree, ".assay/triage.toml").contains("reason = \"why\""), "{said}");
}
