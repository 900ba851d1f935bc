use super::{Exploitability, Subject, advisory_url, components, pretty};
use crate::index_checksum;
use crate::review::DependencyReview;
use assay_text::Files;
use serde_json::{Value, json};

/// Statements of OpenVEX on every defect of every component.
pub fn openvex(review: &DependencyReview, files: &Files, subject: &Subject) -> String {
    let mut statements: Vec<Value> = Vec::new();
    for component in components(review, files) {
        for one in &component.exposures {
            let defect = one.defect;
            let mut vulnerability = json!({
                "@id": advisory_url(defect.id()),
                "name": defect.id(),
                "aliases": defect.ids.iter().skip(1).collect::<Vec<_>>(),
            });
            if !one.summary.is_empty() {
                vulnerability["description"] = json!(one.summary);
            }
            let (found, words) = one.finding(component.scope);
            let mut statement = json!({"vulnerability": vulnerability, "products": [{"@id": component.purl()}]});
            let raise = one.raise.clone().unwrap_or_else(|| "No version that repairs it is known.".to_owned());
            let fields: &[(&str, &str)] = match found {
                Exploitability::Affected => {
                    &[("status", "affected"), ("action_statement", &raise), ("status_notes", &words)]
                }
                Exploitability::NotPresent => &[
                    ("status", "not_affected"),
                    ("justification", "component_not_present"),
                    ("impact_statement", &words),
                ],
                Exploitability::NotInExecutePath => &[
                    ("status", "not_affected"),
                    ("justification", "vulnerable_code_not_in_execute_path"),
                    ("impact_statement", &words),
                ],
                Exploitability::Open => &[("status", "under_investigation"), ("status_notes", &words)],
            };
            for (name, value) in fields {
                statement[*name] = json!(value);
            }
            statements.push(statement);
        }
    }
    let content = format!("{statements:?}");
    pretty(&json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": format!("urn:assay:vex:{}:{:08x}", subject.today, index_checksum(content.as_bytes())),
        "author": "assay",
        "role": "Document Creator",
        "timestamp": format!("{}T00:00:00Z", subject.today),
        "version": 1,
        "tooling": format!("assay {}", subject.tool),
        "statements": statements,
    }))
}
