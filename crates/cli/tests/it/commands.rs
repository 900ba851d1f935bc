use crate::support::{Tree, command};
use std::process::Stdio;

#[test]
fn checks_are_listed_and_explained() {
    let tree = Tree::new();
    let list = tree.run(&["checks"]);
    assert_eq!(list.status, 0);
    assert!(list.stdout.contains("Injection (injection)\n"), "{}", list.stdout);
    assert!(list.stdout.contains("Memory safety (memory-safety)\n  buffer-overflow "), "{}", list.stdout);

    let json = tree.run(&["checks", "--format", "json", "--area", "injection"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    let ids: Vec<&str> = json.as_array().expect("a list").iter().filter_map(|check| check["id"].as_str()).collect();
    assert!(ids.contains(&"sql-injection") && !ids.contains(&"xxe"), "{ids:?}");
    for id in ids {
        let explained = tree.run(&["explain", id]);
        assert_eq!(explained.status, 0);
        assert!(
            explained.stdout.contains(&format!("(`{id}`)")) && explained.stdout.contains("CWE-"),
            "{}",
            explained.stdout
        );
    }
}

#[test]
fn the_representation_is_printed() {
    let tree = Tree::new().with("a.py", "def f(x):\n    return x\n").with("a.js", "x\n");
    let run = tree.run(&["ir", "a.py"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.starts_with("module\n") && run.stdout.contains("function f1 f f"), "{}", run.stdout);
    assert_eq!(tree.run(&["ir", "a.js"]).status, 2);
    assert!(!tree.run(&["--help"]).stdout.contains("ir "));
}

#[test]
fn completions_and_manual_pages_are_generated() {
    let tree = Tree::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(tree.run(&["completions", shell]).stdout.contains("assay"), "{shell}");
    }
    assert!(tree.run(&["man"]).stdout.contains(".TH assay 1"));
    let review = tree.run(&["man", "review"]).stdout;
    assert!(review.contains("fail\\-on") && review.contains("assay\\-review"), "{review}");
}

#[test]
fn reports_go_where_they_are_sent() {
    let tree = Tree::new().with("a.py", "x = 1\n");
    let run = tree.run(&["review", "-o", "r.json", "--format", "sarif", "-o", "r.out", "--format", "markdown"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with('#'), "{}", run.stdout);
    let read = |name: &str| std::fs::read_to_string(tree.join(name)).expect("a report");
    let json: serde_json::Value = serde_json::from_str(&read("r.json")).expect("JSON");
    assert!(json["files"].is_array() || json["files"].is_object(), "{json:#}");
    let sarif: serde_json::Value = serde_json::from_str(&read("r.out")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn the_ledger_is_written_in_each_format() {
    let tree = Tree::new().with("a.py", "x = (\n");
    for format in ["text", "json", "csv"] {
        let run = tree.run(&["ledger", "--format", format]);
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.stdout.contains("a.py"), "{}", run.stdout);
    }
    assert!(!tree.run(&["ledger", "--outcome", "safe"]).stdout.contains("a.py"));
}

#[test]
fn times_go_to_standard_error_only() {
    let tree = Tree::new().with("a.py", "x = 1\n");
    let plain = tree.run(&["review", "--format", "json"]);
    let stats = tree.run(&["review", "--format", "json", "--stats", "--no-cache"]);
    assert_eq!(plain.stdout, stats.stdout);
    assert!(stats.stderr.contains("parse and lower") && stats.stderr.contains("cpu s"), "{}", stats.stderr);
}

#[test]
fn colour_is_asked_for_or_absent() {
    let tree = Tree::new().with("a.py", "x = (\n");
    assert!(!tree.run(&["review"]).stdout.contains('\x1b'));
    assert!(tree.run(&["review", "--color", "always"]).stdout.contains('\x1b'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let tree = Tree::new().with("a.py", "x = 1\n");
    let mut child = command(tree.path())
        .args(["review", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{output:?}");
}
