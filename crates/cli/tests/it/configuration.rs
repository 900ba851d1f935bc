use crate::support::Tree;

#[test]
fn unknown_keys_are_errors_with_line_and_suggestion() {
    let run = Tree::new()
        .with("a.py", "x = 1\n")
        .with("assay.toml", "# ours\nthreat = \"remote\"\nexlude = []\n")
        .run(&["review"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "assay: error: assay.toml:3:1: unknown key `exlude`; did you mean `exclude`?\n");

    let run = Tree::new()
        .with("a.py", "x = 1\n")
        .with("pyproject.toml", "[project]\nname = 'x'\n[tool.assay.checks]\nselct = []\n")
        .run(&["review"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("pyproject.toml:4:1: unknown key `selct` in `checks`; did you mean `select`?"),
        "{run:?}"
    );
}

#[test]
fn the_configuration_counts_unless_told_otherwise() {
    let tree = Tree::new()
        .with("a.py", "x = 1\n")
        .with("gen/b.py", "x = (\n")
        .with("assay.toml", "exclude = ['gen/']\nthreat = 'all'\n");
    let (status, report) = tree.json(&[]);
    assert_eq!((status, report["threat"]["model"].as_str()), (0, Some("all")), "{report:#}");
    let (status, report) = tree.json(&["--no-config"]);
    assert_eq!((status, report["threat"]["model"].as_str()), (3, Some("library")), "no entry point");
    let (_, report) = tree.json(&["--threat", "local"]);
    assert_eq!(report["threat"]["model"], "local");
}

#[test]
fn every_key_of_the_documentation_is_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    let block = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let tree =
        Tree::new().with("a.py", "x = 1\n").with("assay.toml", block).with("security/our-lib.yml", "extensions: []\n");
    let run = tree.run(&["review"]);
    assert_eq!(run.status, 0, "{run:?}");
    let unknown = tree.with("assay.toml", "zzzzzzzz = 1\n").run(&["review"]).stderr;
    let keys: Vec<&str> =
        unknown.split("the keys are ").nth(1).expect("a list").split('`').skip(1).step_by(2).collect();
    assert!(keys.len() >= 10, "{keys:?}");
    for key in keys {
        assert!(text.contains(&format!("| `{key}`")), "`{key}` has no row in the documentation");
        assert!(block.contains(key), "`{key}` is not in the documentation's example");
    }
}

#[test]
fn triage_files_are_checked() {
    let run =
        Tree::new().with("a.py", "x = 1\n").with(".assay/triage.toml", "[[finding]]\nreasn = 'x'\n").run(&["review"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains(".assay/triage.toml:2:1: unknown key `reasn` in `finding`; did you mean `reason`?"),
        "{run:?}"
    );
}
