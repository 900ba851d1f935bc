//! `assay deps` and `assay db`, and the dependencies in a review.

use crate::support::Tree;
use std::fmt::Write;

fn record(id: &str, name: &str, fixed: &str, count: u32) -> String {
    let versions: Vec<String> = (0..count).map(|minor| format!("\"1.{minor}\"")).collect();
    format!(
        r#"{{"id": "{id}", "modified": "2025-12-01T00:00:00Z", "summary": "Does harm", "aliases": ["CVE-2025-1"], "affected": [{{"package": {{"ecosystem": "PyPI", "name": "{name}"}}, "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}], "versions": [{}]}}]}}"#,
        versions.join(", ")
    )
}

fn project() -> Tree {
    Tree::new()
        .with("advisories/A-1.json", record("A-1", "lib", "1.6", 6))
        .with("advisories/A-2.json", record("A-2", "other", "2.0", 10))
        .with("p/pyproject.toml", "[project]\nname = \"app\"\nrequires-python = \">=3.11\"\ndependencies = [\n    \"lib >= 1.2, <3\",  # why\n    \"clean>=1\",\n]\n")
        .with("p/test-requirements.txt", "other>=1.0\n")
        .with("p/app.py", "import lib\n")
}

#[test]
fn without_a_database_the_area_is_not_observed() {
    let tree = project();
    let (status, report) = tree.json(&["p"]);
    assert_eq!(status, 0, "{report:#}");
    let area = &report["areas"][5];
    assert_eq!((area["area"].as_str(), area["verdict"].as_str()), (Some("dependencies"), Some("not-observed")));
    let notes = report["notes"].to_string();
    assert!(notes.contains("assay db update"), "{notes}");
    let run = tree.run(&["db", "status"]);
    assert_eq!((run.status, run.stdout.contains("no database")), (0, true), "{run:?}");
}

#[test]
fn ranges_that_admit_affected_versions_are_found() {
    let tree = project();
    let run = tree.run(&["db", "import", "advisories"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("PyPI: 2 advisories"), "{run:?}");
    assert!(tree.run(&["db", "status"]).stdout.contains("2025-12-01 (45 days)"));
    let (status, report) = tree.json(&["p"]);
    assert_eq!(status, 1);
    assert_eq!(report["areas"][5]["verdict"], "potential-defects");
    let findings = report["findings"].as_array().unwrap();
    let titles: Vec<_> = findings.iter().map(|one| one["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        [
            "`lib>= 1.2, <3` admits versions with a known vulnerability",
            "`other>=1.0` admits versions with a known vulnerability"
        ]
    );
    assert_eq!(
        (findings[0]["place"]["start"]["line"].as_u64(), findings[1]["in_test"].as_bool()),
        (Some(5), Some(true))
    );
    let message = findings[0]["message"].as_str().unwrap();
    assert!(message.contains("1.2, 1.3, 1.4, 1.5"), "{message}");
    assert!(report["notes"].to_string().contains("45 days before this review"), "{}", report["notes"]);
}

#[test]
fn raised_bounds_are_written_and_nothing_else_changes() {
    let tree = project();
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["deps", "p", "--fix"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("A-1 (CVE-2025-1)") && run.stdout.contains(">=2.0"), "{run:?}");
    let text = std::fs::read_to_string(tree.join("p/pyproject.toml")).unwrap();
    assert!(text.contains("    \"lib >=1.6,<3\",  # why\n    \"clean>=1\",\n"), "{text}");
    assert_eq!(tree.run(&["deps", "p"]).status, 0);
}

#[test]
fn every_form_of_output_says_the_same() {
    let tree = project();
    tree.run(&["db", "import", "advisories"]);
    for (format, expected) in [
        ("json", "affected-versions-admitted"),
        ("cyclonedx", "in_triage"),
        ("spdx", "SPDX-2.3"),
        ("openvex", "under_investigation"),
    ] {
        let run = tree.run(&["deps", "p", "--format", format]);
        let value: serde_json::Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        assert!(run.stdout.contains(expected) && value.is_object(), "{run:?}");
        assert_eq!(run.stdout, tree.run(&["deps", "p", "--format", format]).stdout);
    }
    let tree = tree.with("q/poetry.lock", "[[package]]\nname = \"top\"\nversion = \"1.0\"\n[package.dependencies]\nlib = \"*\"\n[[package]]\nname = \"lib\"\nversion = \"1.5\"\n");
    let run = tree.run(&["deps", "q", "--format", "tree"]);
    assert_eq!(run.stdout, "q/poetry.lock (poetry.lock)\n  top 1.0\n    lib 1.5  ! A-1 (CVE-2025-1)\n");
    assert_eq!(run.status, 1);
}

#[test]
fn what_the_project_states_counts_and_is_shown() {
    let vex = r#"{"statements": [{"vulnerability": {"name": "CVE-2025-1"}, "products": [{"@id": "pkg:pypi/lib"}], "status": "not_affected", "justification": "component_not_present"}]}"#;
    let tree = project().with("p/app.openvex.json", vex).with("p/bad.vex.json", "{}");
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["deps", "p"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("stated by the project") && run.stdout.contains("p/bad.vex.json"), "{run:?}");
    let (status, report) = tree.json(&["p", "--area", "dependencies"]);
    assert_eq!(status, 0, "{report:#}");
    assert!(
        report["sites"].to_string().contains("p/app.openvex.json says of A-1 (CVE-2025-1): not_affected"),
        "{report:#}"
    );
}

#[test]
fn hostile_manifests_cost_only_themselves() {
    let mut endless = String::new();
    for number in 0..60_000 {
        let _ = writeln!(endless, "package{number}>=1.0");
    }
    let one = "lib>=1.0\n".repeat(100_000);
    let yarn = "a@1:\n  version \"1.0\"\n  dependencies:\n    a \"1\"\n".repeat(50_000);
    let nuget = (0..40_000).map(|n| format!("\"p{n}\": {{\"resolved\": \"1\"}}")).collect::<Vec<_>>().join(",");
    let tree = project()
        .with("p/one/requirements.txt", one)
        .with("p/many/yarn.lock", yarn)
        .with("p/many/packages.lock.json", format!("{{\"dependencies\": {{\"net\": {{{nuget}}}}}}}"))
        .with("p/sub/requirements.txt", endless)
        .with("p/sub/constraints.txt", "-c constraints.txt\n-r requirements.txt\nlib==1.5\n")
        .with("p/deep/package-lock.json", format!("{{\"packages\": {}", "[".repeat(100_000)))
        .with("p/deep/pom.xml", "<a>".repeat(100_000))
        .with("p/deep/uv.lock", format!("a = {}", "[".repeat(100_000)))
        .with("p/names/requirements.txt", "lib>=1.0 ; python_version \u{1b}[31m < '3'\n\u{202e}x\n");
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["deps", "p"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("p/deep/package-lock.json"), "{}", &run.stdout[..2000]);
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn a_failed_update_keeps_the_old_data_and_exits_with_2() {
    let tree = project();
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["db", "update", "--ecosystem", "PyPI", "--from", "http://127.0.0.1:9"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("old data stays"), "{run:?}");
    assert!(tree.run(&["db", "status"]).stdout.contains("advisories"));
    assert_eq!(tree.run(&["db", "import", "nowhere.zip"]).status, 2);
}

#[cfg(unix)]
#[test]
fn a_full_disk_keeps_the_old_data_and_exits_with_2() {
    let tree = project().with("more/A-3.json", record("A-3", "third", "2.0", 200));
    tree.run(&["db", "import", "advisories"]);
    let before = std::fs::read(tree.join(".advisories.db")).unwrap();
    // No file may grow, which fails like a disk without room: the signal that comes with it is ignored.
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" db import more 2>&1 | cat";
    let command = crate::support::command(tree.path());
    let program = command.get_program().to_owned();
    let mut shell = std::process::Command::new("bash");
    shell.current_dir(tree.path()).arg("-c").arg(format!("set -o pipefail; {script}")).arg(program);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("advisories.db"), "{said}");
    assert_eq!(std::fs::read(tree.join(".advisories.db")).unwrap(), before);
    let left: Vec<_> = std::fs::read_dir(tree.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".tmp")), "{left:?}");
    assert_eq!(tree.run(&["db", "import", "more"]).status, 0);
}

#[test]
fn proxies_are_asked_and_offline_means_offline() {
    let tree = project();
    tree.run(&["db", "import", "advisories"]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let (give, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut line = String::new();
            let _ = std::io::BufRead::read_line(&mut std::io::BufReader::new(&stream), &mut line);
            let _ = give.send(line);
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let update = |offline: &str| {
        let mut command = crate::support::command(tree.path());
        for name in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "http_proxy", "NO_PROXY", "no_proxy"] {
            command.env_remove(name);
        }
        command.args(["db", "update", "--ecosystem", "PyPI", "--from", "http://bucket.example"]);
        command.env("HTTP_PROXY", &proxy).env("ASSAY_OFFLINE", offline).output().unwrap()
    };
    let output = update("1");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("ASSAY_OFFLINE is set"), "{said}");
    assert!(asked.try_recv().is_err());
    let output = update("0");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("old data stays"), "{said}");
    // Nothing but the proxy knows that host.
    assert!(asked.recv().unwrap().contains("bucket.example"));
}

#[test]
fn what_a_fresh_resolution_selects_and_what_is_not_read_are_said() {
    let tree = project()
        .with("q/requirements.txt", "lib>=1.2,<1.6\nother>=1.0\n")
        .with("q/web/package.json", "{\"dependencies\": {\"left\": \"^1\"}}");
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["deps", "q"]);
    let row = |name: &str| run.stdout.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(row("lib>=1.2,<1.6").contains("only affected versions admitted"), "{run:?}");
    assert!(row("other>=1.0").contains("affected versions admitted, another selected afresh"), "{run:?}");
    assert!(row("q/web/package.json").contains("are not read, and there is no lock file of them"), "{run:?}");
    let json: serde_json::Value =
        serde_json::from_str(&tree.run(&["deps", "q", "--format", "json"]).stdout).expect("JSON");
    let fresh: Vec<_> = json["dependencies"].as_array().unwrap().iter().map(|one| &one["fresh_resolution"]).collect();
    assert_eq!(fresh, ["affected", "not-affected"]);
    let (_, report) = tree.json(&["q"]);
    let messages: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|one| one["message"].to_string()).collect();
    assert!(
        messages[0].contains("A fresh resolution would select `lib` 1.5 or a later one, and all of these"),
        "{messages:?}"
    );
    assert!(messages[1].contains("`other` 2.0 or a later one, and none of these is affected"), "{messages:?}");
}

#[test]
fn circles_of_files_end() {
    let pom = |own: &str, parent: &str, path: &str| {
        format!(
            "<project><groupId>g</groupId><artifactId>{own}</artifactId><version>1</version><parent><groupId>g</groupId><artifactId>{parent}</artifactId><version>1</version><relativePath>{path}</relativePath></parent><dependencies><dependency><groupId>org.x</groupId><artifactId>{own}</artifactId><version>${{v}}</version></dependency></dependencies></project>"
        )
    };
    let tree = project()
        .with("q/requirements.txt", "-r other-requirements.txt\nlib==1.5\n")
        .with("q/other-requirements.txt", "-r requirements.txt\n-c requirements.txt\n-r other-requirements.txt\n")
        .with("q/pom.xml", pom("a", "b", "sub/pom.xml"))
        .with("q/sub/pom.xml", pom("b", "a", "../pom.xml"))
        .with("q/own/pom.xml", pom("c", "c", "pom.xml"));
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["deps", "q"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("A-1 (CVE-2025-1)") && run.stdout.contains("q/own/pom.xml"), "{run:?}");
}

#[test]
fn a_million_packages_are_cut_and_said() {
    let mut lock = String::from("lockfileVersion: '9.0'\n\npackages:\n\n");
    for number in 0..1_000_000 {
        let _ = writeln!(lock, "  p{number}@1.0.0: {{}}");
    }
    // Longer than a file may be.
    let tree = project().with("r/pnpm-lock.yaml", &lock);
    // As many as a file of that length has room for.
    let cut = lock.char_indices().take_while(|(at, _)| *at < 4_000_000).last().map_or(0, |(at, _)| at);
    let tree = tree.with("s/pnpm-lock.yaml", &lock[..=lock[..cut].rfind('\n').unwrap_or(0)]);
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["deps", "r"]);
    assert!(run.status == 3 && run.stdout.contains("MAX_MANIFEST_BYTES"), "{} {}", run.status, run.stdout);
    let run = tree.run(&["deps", "s"]);
    let expected = "entries from here on not read: more than 200000";
    assert!(run.status == 3 && run.stdout.contains(expected), "{} {}", run.status, run.stdout);
}

#[test]
fn lines_of_versions_and_catalogues_are_raised() {
    let tree = Tree::new()
        .with("advisories/A-1.json", record("A-1", "lib", "1.6", 6))
        .with("advisories/A-2.json", record("A-2", "other", "2.0", 10))
        .with("advisories/A-3.json", record("A-3", "org.a:a", "1.6", 6).replace("PyPI", "Maven"))
        .with("p/requirements.txt", "lib~=1.2  # why\nother==1.*\n")
        .with(
            "p/gradle/libs.versions.toml",
            "[versions]\na = \"1.2\" # why\n[libraries]\none = { module = \"org.a:a\", version.ref = \"a\" }\ntwo = 'org.a:a:1.3'\n",
        );
    tree.run(&["db", "import", "advisories"]);
    let run = tree.run(&["deps", "p", "--fix"]);
    assert_eq!(run.status, 1, "{run:?}");
    let text = |path: &str| std::fs::read_to_string(tree.join(path)).unwrap();
    assert_eq!(text("p/requirements.txt"), "lib~=1.6  # why\nother==2.*,>=2.0\n");
    assert_eq!(
        text("p/gradle/libs.versions.toml"),
        "[versions]\na = \"1.6\" # why\n[libraries]\none = { module = \"org.a:a\", version.ref = \"a\" }\ntwo = 'org.a:a:1.6'\n"
    );
    assert_eq!(tree.run(&["deps", "p"]).status, 0);
}
