use super::{Subject, advisory_url, components, pretty};
use crate::index_checksum;
use crate::review::DependencyReview;
use assay_text::Files;
use serde_json::{Value, json};

/// Statements of OpenVEX on every defect of every component.
pub fn openvex(review: &DependencyReview, files: &Files, subject: &Subject) -> String {
    let mut statements: Vec<Value> = Vec::new();
    for component in components(review, files) {
        for (defect, _, summary) in &component.exposures {
            let mut vulnerability = json!({
                "@id": advisory_url(defect.id()),
                "name": defect.id(),
                "aliases": defect.ids.iter().skip(1).collect::<Vec<_>>(),
            });
            if !summary.is_empty() {
                vulnerability["description"] = json!(summary);
            }
            statements.push(json!({
                "vulnerability": vulnerability,
                "products": [{"@id": component.purl()}],
                "status": "under_investigation",
                "status_notes": "Whether the program reaches the vulnerable code was not examined.",
            }));
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
