//! `assay review --fix` and `--unsafe-fixes`.

use crate::support::{Run, Tree};

const APP: &str = "\
import os

import requests
import yaml
from flask import Flask, request

app = Flask(__name__)
TOKEN = os.environ[\"TOKEN\"]


@app.post(\"/a\")
def a():
    if request.headers[\"token\"] != TOKEN:
        return {}
    document = yaml.load(
        request.data,
        Loader=yaml.Loader,  # the whole of it
    )
    requests.get(\"https://example.org/\", verify=False)
    requests.get(\"https://example.org/\", verify=False)  # assay: ignore[tls-verification-disabled] own host
    return {\"count\": len(document)}
";

/// The lines that two texts do not share.
fn changed(old: &str, new: &str) -> Vec<String> {
    let gone = old.lines().filter(|line| !new.lines().any(|other| other == *line)).map(|line| format!("-{line}"));
    gone.chain(new.lines().filter(|line| !old.lines().any(|o| o == *line)).map(|line| format!("+{line}"))).collect()
}

fn read(tree: &Tree, path: &str) -> String {
    std::fs::read_to_string(tree.join(path)).expect("the file is there")
}

fn fix(tree: &Tree, arguments: &[&str]) -> Run {
    tree.run(&[&["review", "--format", "json"], arguments].concat())
}

#[test]
fn safe_edits_are_written_and_the_result_is_reviewed() {
    let tree = Tree::new().with("app.py", APP);
    let run = fix(&tree, &["--fix"]);
    assert_eq!(
        changed(APP, &read(&tree, "app.py")),
        [
            "-        Loader=yaml.Loader,  # the whole of it",
            "-    requests.get(\"https://example.org/\", verify=False)",
            "+        Loader=yaml.SafeLoader,  # the whole of it",
            "+    requests.get(\"https://example.org/\", verify=True)",
        ]
    );
    assert!(run.stderr.contains("2 edits applied in 1 file; 2 findings left, 2 of them with an edit"), "{run:?}");
    assert!(!run.stdout.contains("yaml.Loader,"), "the report is that of the result: {run:?}");
    assert_eq!(run.status, 1);
    // A second time there is nothing to do.
    let before = read(&tree, "app.py");
    let again = fix(&tree, &["--fix"]);
    assert!(again.stderr.contains("0 edits applied in 0 files"), "{again:?}");
    assert_eq!((read(&tree, "app.py"), again.stdout), (before, run.stdout));
}

#[test]
fn unsafe_edits_are_written_when_they_are_asked_for() {
    let tree = Tree::new().with("app.py", APP);
    let run = fix(&tree, &["--unsafe-fixes"]);
    let new = read(&tree, "app.py");
    assert!(new.starts_with("import hmac\nimport os\n"), "{new}");
    assert!(new.contains("if not hmac.compare_digest(request.headers[\"token\"], TOKEN):"), "{new}");
    assert_eq!(new.matches("timeout=30").count(), 2, "{new}");
    // What is suppressed is nobody's wish to change.
    assert!(new.contains("verify=False, timeout=30)  # assay: ignore"), "{new}");
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn only_what_counts_is_changed() {
    let test =
        "import requests\n\n\ndef test_a():\n    requests.get('https://example.org/', verify=False, timeout=3)\n";
    let tree = Tree::new().with("app.py", APP).with("tests/test_a.py", test);
    fix(&tree, &["--fix", "--check", "unsafe-deserialization"]);
    assert_eq!(changed(APP, &read(&tree, "app.py")).len(), 2);
    fix(&tree, &["--fix", "--severity", "critical", "--area", "external-interaction"]);
    assert_eq!(changed(APP, &read(&tree, "app.py")).len(), 2);
    fix(&tree, &["--fix"]);
    assert_eq!(read(&tree, "tests/test_a.py"), test);
}

#[test]
fn files_that_cannot_be_written_back_stay() {
    let latin = b"# coding: latin-1\nimport requests\nx = '\xe9'\nrequests.get('https://example.org/', verify=False, timeout=3)\n";
    let tree = Tree::new().with("app.py", latin);
    let run = fix(&tree, &["--fix"]);
    assert!(run.stderr.contains("app.py: not changed"), "{run:?}");
    assert_eq!(std::fs::read(tree.join("app.py")).expect("the file is there"), latin);
    // Code that does not parse has no edits.
    let broken = "import requests\nrequests.get('https://example.org/', verify=False, timeout=3)\ndef (\n";
    let tree = Tree::new().with("app.py", broken);
    fix(&tree, &["--fix"]);
    assert_eq!(read(&tree, "app.py"), broken);
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new().with("app.py", APP);
    std::fs::set_permissions(tree.join("app.py"), std::fs::Permissions::from_mode(0o750)).expect("permissions");
    fix(&tree, &["--fix"]);
    let mode = std::fs::metadata(tree.join("app.py")).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o750);
    assert_eq!(std::fs::read_dir(tree.path()).expect("the folder").count(), 1, "no file is left behind");
}

#[test]
fn manifests_are_fixed_like_code() {
    let tree = Tree::new().with("requirements.txt", "requests==2.0\n");
    let run = fix(&tree, &["--fix"]);
    // Without a database nothing is known of it, and nothing changes.
    assert_eq!(read(&tree, "requirements.txt"), "requests==2.0\n", "{run:?}");
}
