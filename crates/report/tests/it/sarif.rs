//! SARIF against the published schema, and within what code-scanning hosts accept.

use crate::fixture;

use assay_finding::Review;
use assay_report::{Format, Options, render, sarif_limits as limits};
use serde_json::Value;
use std::collections::BTreeSet;

fn sarif_of(review: &Review, options: &Options) -> (usize, Value) {
    let mut out = Vec::new();
    render(review, Format::Sarif, options, &mut out).expect("a vector takes all");
    (out.len(), serde_json::from_slice(&out).expect("SARIF is JSON"))
}

fn sarif(review: &Review) -> Value {
    sarif_of(review, &Options::default()).1
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The published schema, with one mistake in it made good: a bracket too many in a pattern (`}]?$`), which makes
/// the pattern no regular expression of the kind that the schema language asks for.
fn schema() -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(include_str!("schema/sarif-schema-2.1.0.json")).expect("a schema");
    for pattern in
        ["/definitions/run/properties/language/pattern", "/definitions/toolComponent/properties/language/pattern"]
    {
        *schema.pointer_mut(pattern).expect("the pattern") = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a sound schema")
}

fn validate(sarif: &Value) {
    let validator = schema();
    let errors: Vec<String> =
        validator.iter_errors(sarif).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn it_validates_against_the_published_schema() {
    validate(&sarif(&fixture::review()));
    validate(&sarif_of(&fixture::review(), &Options { include_tests: true, ..Options::default() }).1);
    validate(&sarif(&fixture::large(30, 3, 10, 10)));
    validate(&sarif(&crate::hosts::compared()));
    let mut empty = fixture::review();
    empty.findings.clear();
    empty.sites.clear();
    empty.checks.clear();
    empty.gaps.clear();
    validate(&sarif(&empty));
}

#[test]
fn the_schema_would_notice() {
    let mut sarif = sarif(&fixture::review());
    sarif["runs"][0]["results"][0]["level"] = "grave".into();
    assert!(!schema().is_valid(&sarif));
}

#[test]
fn tests_are_left_out_unless_asked_for_and_suppressed_findings_are_marked() {
    let review = fixture::review();
    let run = &sarif(&review)["runs"][0];
    assert_eq!(list(run, "/results").len(), review.findings.len() - 1);
    assert_eq!(run["results"][0]["suppressions"][0]["kind"], "inSource");
    assert_eq!(list(run, "/results/1/suppressions").len(), 0);
    let (_, all) = sarif_of(&review, &Options { include_tests: true, ..Options::default() });
    assert_eq!(list(&all, "/runs/0/results").len(), review.findings.len());
}

#[test]
fn regions_count_code_points() {
    let run = &sarif(&fixture::review())["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let step = &run["results"][1]["codeFlows"][0]["threadFlows"][0]["locations"][3]["location"]["physicalLocation"];
    // The text `"SELECT * FROM 網路 WHERE name = '" + name + "'"` after a tab and `query = `.
    assert_eq!(step["region"]["startColumn"], 10);
    assert_eq!(step["region"]["endColumn"], 10 + 46);
    assert_eq!(step["artifactLocation"]["uri"], "app/db%20store/da%3Ata.py");
    assert_eq!(step["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    let sink = &run["results"][1]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&sink["startLine"], &sink["endLine"], &sink["endColumn"]), (&3.into(), &5.into(), &3.into()));
}

#[test]
fn indexes_lead_to_what_they_name() {
    let run = &sarif(&fixture::review())["runs"][0];
    let rules = list(run, "/tool/driver/rules");
    let artifacts = list(run, "/artifacts");
    let mut work = vec![run];
    let mut seen = 0;
    while let Some(value) = work.pop() {
        match value {
            Value::Object(map) => {
                if let (Some(uri), Some(index)) = (map.get("uri"), map.get("index").and_then(Value::as_u64)) {
                    assert_eq!(&artifacts[index as usize]["location"]["uri"], uri);
                    seen += 1;
                }
                if let (Some(id), Some(index)) = (map.get("ruleId"), map.get("ruleIndex").and_then(Value::as_u64)) {
                    assert_eq!(&rules[index as usize]["id"], id);
                    seen += 1;
                }
                if let (Some(id), Some(index)) = (map.get("id"), map.get("index").and_then(Value::as_u64)) {
                    assert_eq!(&run["taxonomies"][0]["taxa"][index as usize]["id"], id);
                    seen += 1;
                }
                work.extend(map.values());
            }
            Value::Array(list) => work.extend(list),
            _ => {}
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn an_incomplete_review_is_no_success_and_says_why() {
    let mut review = fixture::review();
    let invocation = sarif(&review)["runs"][0]["invocations"][0].clone();
    assert_eq!(invocation["executionSuccessful"], false);
    let ids: BTreeSet<&str> = list(&invocation, "/toolExecutionNotifications")
        .iter()
        .filter_map(|n| n["descriptor"]["id"].as_str())
        .collect();
    assert!(ids.contains("assay/gap/syntax-error") && ids.contains("assay/area-not-observed"), "{ids:?}");
    review.gaps.retain(|gap| !gap.incomplete);
    assert_eq!(sarif(&review)["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

/// The numbers that a reader of tags finds: `CWE`, then separators, then a number.
fn weakness_numbers(text: &str) -> BTreeSet<u32> {
    let text = text.to_ascii_uppercase();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("CWE") {
        let rest = text[at + 3..].trim_start_matches(['-', '/', ' ', '_', ':']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        found.extend(digits.parse::<u32>());
    }
    found
}

#[test]
fn properties_name_the_weaknesses_of_the_check_and_no_other() {
    let review = fixture::review();
    let run = &sarif(&review)["runs"][0];
    for (rule, check) in list(run, "/tool/driver/rules").iter().zip(&review.checks) {
        let expected: BTreeSet<u32> = check.cwe.iter().copied().collect();
        assert_eq!(weakness_numbers(&rule["properties"].to_string()), expected, "{}", check.id);
        assert_eq!(weakness_numbers(&rule["relationships"].to_string()), expected, "{}", check.id);
        assert!(rule["properties"]["tags"].as_array().is_some_and(|tags| tags.iter().any(|t| t == "security")));
    }
    let tags = list(run, "/tool/driver/rules/2/properties/tags");
    assert!(tags.contains(&"external/cwe/cwe-089".into()), "{tags:?}");
    for result in list(run, "/results") {
        assert_eq!(weakness_numbers(&result["properties"].to_string()), BTreeSet::new());
    }
}

#[test]
fn messages_open_no_link_and_hold_no_placeholder() {
    let run = &sarif(&fixture::review())["runs"][0];
    let text = run["results"][1]["message"]["text"].as_str().expect("a message");
    assert!(text.contains("\\[a\\] {{0}} <b> *c*"), "{text}");
}

fn check_limits(bytes: usize, sarif: &Value) {
    assert!(bytes <= limits::MAX_BYTES, "{bytes}");
    let runs = list(sarif, "/runs");
    assert!(runs.len() <= 20);
    let run = &runs[0];
    assert!(list(run, "/results").len() <= 5_000);
    assert!(list(run, "/tool/driver/rules").len() <= 25_000);
    for rule in list(run, "/tool/driver/rules") {
        assert!(list(rule, "/properties/tags").len() <= 20);
        assert!(rule["id"].as_str().is_some_and(|id| id.len() <= 255));
    }
    for result in list(run, "/results") {
        assert!(list(result, "/locations").len() + list(result, "/relatedLocations").len() <= 1_000);
        let steps: usize = list(result, "/codeFlows")
            .iter()
            .flat_map(|flow| list(flow, "/threadFlows"))
            .map(|flow| list(flow, "/locations").len())
            .sum();
        assert!(steps <= 10_000, "{steps}");
        assert!(result["ruleId"].is_string(), "GitLab drops results without a rule");
        assert!(result.pointer("/locations/0/physicalLocation/region").is_some(), "and without a place");
    }
}

#[test]
fn many_findings_stay_within_the_limits_and_the_most_severe_stay() {
    let review = fixture::large(26_000, 2, 0, 0);
    let (bytes, sarif) = sarif_of(&review, &Options::default());
    check_limits(bytes, &sarif);
    let results = list(&sarif, "/runs/0/results");
    let severe = review.findings.iter().filter(|f| f.severity.id() == "critical").count();
    let kept = results.iter().filter(|r| r["properties"]["severity"] == "critical").count();
    assert_eq!(kept, severe.min(results.len()), "{severe} are critical and {} were kept", results.len());
    let said = list(&sarif, "/runs/0/invocations/0/toolExecutionNotifications")[0]["message"]["text"].to_string();
    assert!(said.contains(&format!("{} findings", review.findings.len() - results.len())), "{said}");
    // The order is that of the review.
    let titles: Vec<u32> = results
        .iter()
        .filter_map(|r| r["message"]["text"].as_str()?.strip_prefix("Finding number ")?.split('.').next()?.parse().ok())
        .collect();
    assert_eq!(titles.len(), results.len());
    assert!(titles.is_sorted());
}

#[test]
fn long_paths_stay_within_the_limits_and_results_stay_before_paths() {
    let review = fixture::large(50, 1_500, 0, 0);
    let (bytes, sarif) = sarif_of(&review, &Options::default());
    check_limits(bytes, &sarif);
    let results = list(&sarif, "/runs/0/results");
    assert_eq!(results.len(), 50);
    // The severities that have a path, and those that have none, meet in one at most.
    let ranks = |with: bool| {
        let results = results.iter().filter(move |r| r.get("codeFlows").is_some() == with);
        results.filter_map(|r| r["rank"].as_f64()).map(f64::to_bits).collect::<BTreeSet<_>>()
    };
    let (with, without) = (ranks(true), ranks(false));
    assert!(with.first().expect("a path") >= without.last().expect("none for some"), "{with:?} {without:?}");
    let flow = results.iter().find_map(|r| r.pointer("/codeFlows/0/threadFlows/0/locations")?.as_array());
    assert_eq!(flow.map(Vec::len), Some(limits::MAX_STEPS));
}

#[test]
fn many_rules_and_gaps_stay_within_the_limits() {
    let review = fixture::large(5, 2, 26_000, 30_000);
    let (bytes, sarif) = sarif_of(&review, &Options::default());
    check_limits(bytes, &sarif);
    assert_eq!(list(&sarif, "/runs/0/results").len(), 5);
    let rules = list(&sarif, "/runs/0/tool/driver/rules");
    assert!(rules.iter().any(|rule| rule["id"] == "sql-injection"), "a rule with results stays");
}
