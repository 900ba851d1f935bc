//! The formats for code hosts and build servers: their shapes, and that reviewed code cannot speak through them.

use crate::fixture;

use assay_finding::{Change, Comparison, Finding, Fingerprint, FixedFinding, Review, Severity};
use assay_report::{Format, Options, SUMMARY_MARK, render};
use serde_json::Value;

fn written(review: &Review, format: Format) -> String {
    let mut out = Vec::new();
    let options = Options { date: Some("2026-01-15".to_owned()), ..Options::default() };
    render(review, format, &options, &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// A review of the fixture that is held against an earlier one.
pub(crate) fn compared() -> Review {
    let mut review = fixture::review();
    review.comparison = Some(Comparison {
        baseline: "ma\u{1b}in".to_owned(),
        changes: vec![Change::Unchanged, Change::New, Change::Unchanged, Change::Reappeared, Change::New],
        fixed: vec![FixedFinding {
            path: "app/o`ld.py".to_owned(),
            line: 7,
            check: "xxe".to_owned(),
            title: "An entity <is> read".to_owned(),
            severity: Severity::High,
            fingerprint: Fingerprint("1".repeat(32)),
            earlier: false,
        }],
        notes: vec!["The baseline is incomplete.".to_owned()],
    });
    review
}

fn valid(schema: &str, report: &str) -> Value {
    let schema: Value = serde_json::from_str(schema).expect("a schema");
    let validator = jsonschema::options().build(&schema).expect("a sound schema");
    let report: Value = serde_json::from_str(report).expect("JSON");
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    report
}

const SAST: &str = include_str!("schema/gitlab-sast-15.json");
const QUALITY: &str = include_str!("schema/gitlab-code-quality.json");

#[test]
fn gitlab_reports_have_the_documented_shapes() {
    for review in [fixture::review(), fixture::large(6_000, 3, 3, 200), compared()] {
        let sast = valid(SAST, &written(&review, Format::Gitlab));
        let quality = valid(QUALITY, &written(&review, Format::GitlabCodeQuality));
        let found = sast["vulnerabilities"].as_array().expect("a list").len();
        assert_eq!(quality.as_array().expect("a list").len(), found);
        assert_eq!(sast["scan"]["status"], "failure", "the fixture is incomplete");
        assert!(found <= 5_000);
    }
    let sast = valid(SAST, &written(&fixture::review(), Format::Gitlab));
    let first = &sast["vulnerabilities"][0];
    assert_eq!(first["severity"], "Critical");
    assert_eq!(first["location"]["file"], "app/db store/da:ta.py");
    assert_eq!(first["identifiers"][1]["name"], "CWE-89");
    assert!(first["description"].as_str().is_some_and(|text| text.contains("Path of the data")), "{first:#}");
}

#[test]
fn the_schemas_would_notice() {
    let mut sast: Value = serde_json::from_str(&written(&fixture::review(), Format::Gitlab)).expect("JSON");
    sast["vulnerabilities"][0]["severity"] = "Grave".into();
    let schema: Value = serde_json::from_str(SAST).expect("a schema");
    assert!(!jsonschema::is_valid(&schema, &sast));
}

#[test]
fn github_annotations_are_one_line_each() {
    let mut review = fixture::review();
    review.findings[1].title = "a,line=1::b\n::error::c".to_owned();
    review.findings[1].message = "x\n::stop-commands::y".to_owned();
    let out = written(&review, Format::Github);
    let commands: Vec<&str> = out.lines().filter(|line| line.starts_with("::")).collect();
    // Three findings count, and one file was not analysed.
    assert_eq!(commands.len(), 4, "{out}");
    assert!(
        commands[0].starts_with("::error file=app/db store/da%3Ata.py,line=3,endLine=5,title=a%2Cline=1%3A%3Ab"),
        "{out}"
    );
    assert!(commands[0].contains("::x%0A::stop-commands::y%0APath of the data: 5 steps from app/api.py:4."), "{out}");
    assert!(commands[1].starts_with("::warning ") && commands[2].starts_with("::notice "), "{out}");
    assert!(commands[3].starts_with("::warning file=app/db store/da%3Ata.py,line=8,title=Not analysed::"), "{out}");
    assert!(out.ends_with("The review is incomplete: 1 gap.\n"), "{out}");
}

#[test]
fn junit_is_xml_and_counts_right() {
    for review in [fixture::review(), compared()] {
        let out = written(&review, Format::Junit);
        let document = roxmltree::Document::parse(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
        let root = document.root_element();
        let all = |name: &str| root.descendants().filter(|node| node.has_tag_name(name)).count();
        assert_eq!(root.attribute("tests"), Some(all("testcase").to_string().as_str()));
        assert_eq!(root.attribute("failures"), Some(all("failure").to_string().as_str()));
        assert_eq!(root.attribute("errors"), Some("1"));
        for suite in root.children().filter(roxmltree::Node::is_element) {
            let cases = suite.children().filter(|node| node.has_tag_name("testcase")).count();
            assert_eq!(suite.attribute("tests"), Some(cases.to_string().as_str()));
        }
        // What was not looked at has not passed.
        let memory =
            root.children().find(|node| node.attribute("name") == Some("assay.memory-safety")).expect("a suite");
        assert_eq!(memory.attribute("skipped"), Some("1"));
    }
}

#[test]
fn a_comment_is_bounded_and_leads_with_what_is_new() {
    let out = written(&compared(), Format::Summary);
    assert!(out.starts_with(SUMMARY_MARK), "{out}");
    assert!(out.contains("Compared with ma\\\\u{1b}in: 1 new, 1 reappeared, 1 fixed, 1 unchanged."), "{out}");
    assert_eq!(out.matches("<details><summary><b>").count(), 2, "{out}");
    assert!(out.contains("An entity &lt;is&gt; read") && !out.contains("<script"), "{out}");
    for review in [fixture::large(3_000, 40, 3, 3), huge()] {
        let out = written(&review, Format::Summary);
        assert!(out.len() < 65_000, "{} bytes", out.len());
        assert!(out.contains("more findings that the full review shows") && out.contains("| Injection |"), "{out}");
        assert_eq!(out.matches("<details>").count(), out.matches("</details>").count());
    }
}

/// Findings whose texts are long.
fn huge() -> Review {
    let mut review = fixture::large(40, 3, 1, 1);
    for finding in &mut review.findings {
        finding.message = "long ".repeat(2_000);
        finding.title = "<b>".repeat(3_000);
    }
    review
}

#[test]
fn only_what_is_open_goes_to_a_host() {
    let review = compared();
    let open: Vec<&Finding> =
        review.findings.iter().enumerate().filter(|(at, _)| review.is_open(*at)).map(|(_, finding)| finding).collect();
    assert_eq!(open.len(), 2);
    let sast: Value = serde_json::from_str(&written(&review, Format::Gitlab)).expect("JSON");
    assert_eq!(sast["vulnerabilities"].as_array().map(Vec::len), Some(2));
    assert_eq!(written(&review, Format::Github).lines().filter(|line| line.starts_with("::")).count(), 3);
    let sarif: Value = serde_json::from_str(&written(&review, Format::Sarif)).expect("JSON");
    let states: Vec<&str> = sarif["runs"][0]["results"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|result| result["baselineState"].as_str())
        .collect();
    assert_eq!(states, ["unchanged", "new", "unchanged", "new"]);
    assert_eq!(sarif["runs"][0]["properties"]["fixed"][0]["check"], "xxe");
    let text = written(&review, Format::Text);
    assert!(text.contains("Fixed: 1 finding") && text.contains("Unchanged since ma\\u{1b}in: 1 finding"), "{text}");
}
