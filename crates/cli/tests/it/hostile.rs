//! The code under review is hostile: each trick gets its entry, and none costs the review.

use crate::support::{Tree, gaps};
use std::fmt::Write;

/// Beside each hostile file stands a decent one, which must still be read.
fn beside(path: &str, contents: impl AsRef<[u8]>) -> (i32, serde_json::Value) {
    let (status, report) = Tree::new().with("decent.py", "def f():\n    return 1\n").with(path, contents).json(&[]);
    assert!([0, 1, 3].contains(&status), "{report:#}");
    assert!(report.to_string().contains("decent.py"), "{report:#}");
    (status, report)
}

fn codes(report: &serde_json::Value, path: &str) -> Vec<String> {
    gaps(report, path).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn nested_brackets() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("a[", "]"), ("lambda: (", ")")] {
        let text = format!("x = {}1{}\ny = 2\n", open.repeat(10_000), close.repeat(10_000));
        let (status, report) = beside("deep.py", text);
        assert_eq!(status, 3, "{open}");
        assert!(codes(&report, "deep.py").contains(&"limit".to_owned()), "{open}: {report:#}");
    }
    let (status, report) = beside("open.py", "(".repeat(10_000));
    assert_eq!(status, 3);
    assert!(!codes(&report, "open.py").is_empty());
}

#[test]
fn nested_operators_and_blocks() {
    let mut blocks = String::new();
    for depth in 0..1_500 {
        writeln!(blocks, "{}if x:", " ".repeat(depth)).expect("writing to a string");
    }
    writeln!(blocks, "{}y = 1", " ".repeat(1_500)).expect("writing to a string");
    for text in [
        format!("x = {}1\n", "-".repeat(20_000)),
        format!("x = {}1\n", "not ".repeat(20_000)),
        format!("x = {}1\n", "1 + ".repeat(20_000)),
        format!("x = {}1\n", "1 ** ".repeat(20_000)),
        format!("x = a{}\n", ".b".repeat(20_000)),
        format!("x = a{}\n", "()".repeat(20_000)),
        format!("x = {}1\n", "1 if a else ".repeat(20_000)),
        format!("x = {}1\n", "lambda: ".repeat(20_000)),
        format!("x = f'{}1{}'\n", "{f\"".repeat(2_000), "\"}".repeat(2_000)),
        blocks,
    ] {
        beside("deep.py", text);
    }
}

#[test]
fn a_long_chain_of_elifs() {
    let mut text = String::from("def f(x):\n    if x == 0:\n        return 0\n");
    for n in 1..5_000 {
        write!(text, "    elif x == {n}:\n        return {n}\n").expect("writing to a string");
    }
    let (_, report) = beside("elifs.py", text);
    // It is either analysed or said not to be.
    assert!(codes(&report, "elifs.py").iter().all(|code| code == "limit"), "{report:#}");
}

#[test]
fn huge_files_and_lines() {
    let (status, report) = beside("huge.py", vec![b'\n'; 50 * 1024 * 1024]);
    assert_eq!((status, gaps(&report, "huge.py")), (3, vec![("too-large".to_owned(), true)]));
    let (status, report) = beside("line.py", format!("x = '{}'\n", "a".repeat(3 * 1024 * 1024)));
    assert_eq!((status, gaps(&report, "line.py")), (3, vec![("limit".to_owned(), true)]));
    let (status, report) = beside("longest.py", vec![b'#'; 10 * 1024 * 1024]);
    assert_eq!((status, codes(&report, "longest.py").len()), (3, 1));
}

#[test]
fn bytes_that_are_no_text() {
    let (status, report) = beside("latin.py", b"x = '\xe9\xff'\n");
    assert_eq!((status, gaps(&report, "latin.py")), (0, vec![("encoding".to_owned(), false)]));
    let (status, report) = beside("nul.py", b"x = 1  # a comment that is long enough to be text \0\n");
    assert_eq!((status, gaps(&report, "nul.py")), (0, vec![("encoding".to_owned(), false)]));
    let (status, report) = beside("data.py", [0u8, 1, 2, 3].repeat(1000));
    assert_eq!((status, gaps(&report, "data.py")), (3, vec![("binary".to_owned(), true)]));
    let (status, report) = beside("hidden.py", "# coding: rot13\nvzcbeg bf\n");
    assert_eq!(status, 3);
    assert_eq!(codes(&report, "hidden.py")[0], "encoding");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let tree = Tree::new().with("a\u{1b}[2Jb.py", "x = (  # \u{1b}[31m\n");
    for format in ["text", "markdown"] {
        let run = tree.run(&["review", "--format", format]);
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{run:?}");
    }
    let run = tree.run(&["review", "no\u{1b}[2Jwhere"]);
    assert!(run.status == 2 && !run.stderr.contains('\u{1b}'), "{run:?}");
}

#[test]
fn generated_tables() {
    let mut text = String::from("TABLE = [\n");
    for n in 0..100_000 {
        writeln!(text, "    ({n}, 'x{n}', None),").expect("writing to a string");
    }
    text.push_str("]\n");
    beside("table.py", text);
    let mut text = String::new();
    for n in 0..20_000 {
        writeln!(text, "x{n} = x{} + f(x{})", n / 2, n / 3).expect("writing to a string");
    }
    beside("straight.py", text);
}

#[cfg(unix)]
#[test]
fn links() {
    let tree = Tree::new().with("decent.py", "x = 1\n");
    let outside = Tree::new().with("secret.py", "y = 1\n");
    let link = |to: &std::path::Path, name: &str| std::os::unix::fs::symlink(to, tree.join(name)).expect("a link");
    std::fs::create_dir(tree.join("sub")).expect("a folder");
    link("..".as_ref(), "sub/up");
    link("round.py".as_ref(), "round.py");
    link(&outside.join("secret.py"), "secret.py");
    link(outside.path(), "elsewhere");
    link("decent.py".as_ref(), "again.py");
    let (status, report) = tree.json(&[]);
    assert_eq!(status, 3, "what lies outside may be code: {report:#}");
    for name in ["sub/up", "round.py", "secret.py", "elsewhere", "again.py"] {
        assert_eq!(codes(&report, name), ["symlink"], "{name}");
    }
    assert!(report["notes"][0].as_str().is_some_and(|note| note.starts_with("1 source file ")), "{report:#}");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new().with("decent.py", "x = 1\n").with("closed.py", "y = 1\n").with("shut/a.py", "z = 1\n");
    let forbid = |name: &str, mode| {
        std::fs::set_permissions(tree.join(name), std::fs::Permissions::from_mode(mode)).expect("permissions");
    };
    forbid("closed.py", 0o000);
    forbid("shut", 0o000);
    let is_root = std::fs::read(tree.join("closed.py")).is_ok();
    let (status, report) = tree.json(&[]);
    forbid("shut", 0o755);
    if is_root {
        // Nothing is closed to the superuser.
        assert_eq!((status, gaps(&report, "closed.py").len()), (0, 0));
    } else {
        assert_eq!(status, 3);
        assert_eq!(
            (codes(&report, "closed.py"), codes(&report, "shut")),
            (vec!["unreadable".to_owned()], vec!["unreadable".to_owned()])
        );
    }
}

#[cfg(unix)]
#[test]
fn pipes_are_not_opened() {
    let tree = Tree::new().with("decent.py", "x = 1\n");
    let made = std::process::Command::new("mkfifo").arg(tree.join("pipe.py")).status();
    if made.is_ok_and(|status| status.success()) {
        let (status, report) = tree.json(&[]);
        assert_eq!((status, codes(&report, "pipe.py")), (0, vec!["special-file".to_owned()]));
    }
}

#[test]
fn deep_folders() {
    let tree = Tree::new().with("decent.py", "x = 1\n").with(&format!("{}x.py", "d/".repeat(300)), "y = 1\n");
    let (status, report) = tree.json(&[]);
    assert_eq!(status, 3);
    let all = report["gaps"].as_array().expect("gaps");
    assert_eq!((all.len(), &all[0]["code"]), (1, &serde_json::json!("limit")));
}

#[test]
fn many_files_of_another_language_stay_readable() {
    let mut tree = Tree::new().with("decent.py", "x = 1\n");
    for n in 0..300 {
        tree = tree.with(&format!("web/js/f{n}.js"), "x\n");
    }
    let (status, report) = tree.json(&[]);
    assert_eq!((status, report["gaps"].as_array().map(Vec::len)), (3, Some(1)), "{report:#}");
    assert_eq!(gaps(&report, "web/js/"), [("language-unsupported".to_owned(), true)]);
}
