//! Kept reviews on disk.

use crate::support::{Tree, command};
use std::path::{Path, PathBuf};

const APP: &str = "\
import subprocess
from flask import Flask, request

app = Flask(__name__)


@app.route('/run')
def run():
    return subprocess.run(request.args['command'], shell=True).stdout
";

fn kept(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    entries.unwrap_or_default()
}

#[test]
fn a_kept_review_is_the_review() {
    let tree = Tree::new().with("app/app.py", APP);
    let folder = tree.join("kept");
    let place = folder.to_string_lossy().into_owned();
    let cold = tree.run(&["review", "app", "--no-cache", "--format", "json"]);
    for _ in 0..2 {
        let run = tree.run(&["review", "app", "--cache-dir", &place, "--format", "json"]);
        assert_eq!((run.status, &run.stdout), (cold.status, &cold.stdout));
        assert_eq!(kept(&folder).len(), 1);
    }
    let run = tree.run(&["review", "app", "--cache-dir", &place, "--stats"]);
    assert!(run.stderr.contains("look up") && !run.stderr.contains("parse and lower"), "{run:?}");
    // Damaged, it is made anew.
    let file = kept(&folder).pop().expect("one review");
    std::fs::write(&file, "nonsense").expect("the file can be written");
    let run = tree.run(&["review", "app", "--cache-dir", &place, "--format", "json"]);
    assert_eq!(run.stdout, cold.stdout);
    assert!(std::fs::metadata(&file).expect("the file").len() > 100);
}

#[test]
fn other_advisories_are_another_review() {
    let tree = Tree::new().with("app/app.py", APP);
    let place = tree.join("kept").to_string_lossy().into_owned();
    let database = tree.join("one.db").to_string_lossy().into_owned();
    for number in 1..3 {
        // No database is read from this, which the report says; but the file is another one.
        std::fs::write(&database, "x".repeat(number)).expect("the file can be written");
        tree.run(&["review", "app", "--cache-dir", &place, "--database", &database]);
        assert_eq!(kept(&tree.join("kept")).len(), number);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_no_error() {
    let tree = Tree::new().with("app/app.py", APP).with("file", "");
    let place = tree.join("file").join("below").to_string_lossy().into_owned();
    let run = tree.run(&["review", "app", "--cache-dir", &place, "--quiet"]);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{run:?}");
    assert_eq!(tree.run(&["review", "--no-cache", "--cache-dir", &place]).status, 2);
}

#[test]
fn many_at_once_agree() {
    let tree = Tree::new().with("app/app.py", APP);
    let place = tree.join("kept");
    let children: Vec<_> = (0..6)
        .map(|_| {
            command(tree.path())
                .args(["review", "app", "--format", "json", "--cache-dir"])
                .arg(&place)
                .stdout(std::process::Stdio::piped())
                .spawn()
                .expect("the command starts")
        })
        .collect();
    let outputs: Vec<Vec<u8>> =
        children.into_iter().map(|child| child.wait_with_output().expect("the command ends").stdout).collect();
    assert!(!outputs[0].is_empty() && outputs.iter().all(|output| *output == outputs[0]));
    assert_eq!(kept(&place).len(), 1, "nothing half-written is left");
}
