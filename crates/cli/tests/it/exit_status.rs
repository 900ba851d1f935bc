use crate::support::Tree;

#[test]
fn nothing_to_say_is_success() {
    let run = Tree::new().with("a.py", "x = 1\n").run(&["review"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.starts_with("Assay "), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn a_file_that_could_not_be_analysed_is_said() {
    let tree = Tree::new().with("a.py", "def f(:\n    pass\n");
    let run = tree.run(&["review"]);
    assert_eq!(run.status, 3, "{run:?}");
    assert!(run.stderr.contains("the review is incomplete: 1 gap in first-party code"), "{}", run.stderr);
    assert_eq!(tree.run(&["review", "--allow-incomplete"]).status, 0);
    assert_eq!(tree.run(&["review", "--quiet"]).stderr, "");
    let configured = tree.with("assay.toml", "allow-incomplete = true\n");
    assert_eq!(configured.run(&["review"]).status, 0);
}

#[test]
fn broken_tests_do_not_make_a_review_incomplete() {
    let tree = Tree::new().with("a.py", "x = 1\n").with("tests/test_a.py", "def f(:\n");
    let (status, report) = tree.json(&[]);
    assert_eq!(status, 0);
    assert_eq!(crate::support::gaps(&report, "tests/test_a.py"), [("syntax-error".to_owned(), false)]);
}

#[test]
fn wrong_usage_is_an_error_of_its_own() {
    let tree = Tree::new().with("a.py", "x = 1\n");
    for (arguments, expected) in [
        (&["review", "nowhere"][..], "nowhere: "),
        (&["review", "--check", "sql-injektion"], "did you mean `sql-injection`?"),
        (&["review", "--check", "injection"], "`--area injection`"),
        (&["review", "--area", "injektion"], "a similar value exists: 'injection'"),
        (&["review", "--jobs", "0"], "invalid value '0'"),
        (&["review", "--format", "json", "--format", "text"], "only one report can go to standard output"),
        (&["review", "-o", "report"], "put --format before -o"),
        (&["review", "--config", "nowhere.toml"], "nowhere.toml: "),
        (&["review", "--config", "a.toml", "--no-config"], "cannot be used with"),
        (&["explain", "sql"], "did you mean `sql-injection`"),
        (&["explain", "nonsense"], "`assay checks` lists them"),
        (&["man", "reviw"], "did you mean `review`?"),
        (&["frobnicate"], "unrecognized subcommand"),
        (&[], "Usage:"),
    ] {
        let run = tree.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}
