use crate::support::Tree;

fn project() -> Tree {
    Tree::new()
        .with("setup.cfg", "[metadata]\n")
        .with("pkg/__init__.py", "")
        .with("pkg/db.py", "def find(name):\n    return name\n")
        .with("pkg/tests/__init__.py", "")
        .with("pkg/tests/test_db.py", "from pkg import db\n\ndb.find('x')\n")
}

#[test]
fn one_file_finds_the_project_around_it() {
    let (status, report) = project().json(&["pkg/tests/test_db.py"]);
    assert_eq!(status, 0);
    let notes = report["notes"].as_array().expect("notes");
    let first = notes[0].as_str().expect("text");
    assert_eq!(
        first,
        "1 source file with 3 lines reviewed: 1 test. 3 files of the project around them were read as well, so that imports resolve."
    );
}

#[test]
fn a_folder_is_reviewed_within_its_project() {
    let (_, report) = project().json(&["pkg/tests"]);
    let first = report["notes"][0].as_str().expect("text");
    assert!(first.starts_with("2 source files with 3 lines reviewed: 2 test. 2 files"), "{first}");
}

#[test]
fn paths_are_relative_to_where_the_user_stands() {
    let tree = project().with("pkg/bad.py", "x = (\n");
    for (folder, shown) in [("", "pkg/bad.py"), ("pkg", "bad.py"), ("pkg/tests", "../bad.py")] {
        let output = crate::support::command(&tree.join(folder))
            .args(["review", "--format", "json"])
            .arg(tree.join("pkg"))
            .output()
            .expect("the command starts");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(crate::support::gaps(&report, shown).len(), 1, "{folder}: {report:#}");
    }
}
