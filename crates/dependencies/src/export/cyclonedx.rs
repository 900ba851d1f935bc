use super::{Exploitability, Subject, advisory_url, components, pretty};
use crate::osv::Level;
use crate::package::Scope;
use crate::review::DependencyReview;
use crate::verdict::Statement;
use assay_text::Files;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The analysis of a vulnerability. Components of which different things are said have an entry each.
fn analysis(found: Exploitability, detail: &str) -> Value {
    match found {
        Exploitability::Affected => json!({"state": "exploitable", "response": ["update"], "detail": detail}),
        Exploitability::NotPresent => {
            json!({"state": "not_affected", "justification": "code_not_present", "detail": detail})
        }
        Exploitability::NotInExecutePath => {
            json!({"state": "not_affected", "justification": "code_not_reachable", "detail": detail})
        }
        Exploitability::Open => json!({"state": "in_triage", "detail": detail}),
    }
}

/// A bill of materials of CycloneDX 1.6, with what is known of vulnerabilities.
pub fn cyclonedx(review: &DependencyReview, files: &Files, subject: &Subject) -> String {
    let components = components(review, files);
    let mut list = Vec::with_capacity(components.len());
    let mut graph: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut vulnerabilities: BTreeMap<(&str, u8), (Value, Vec<Value>)> = BTreeMap::new();
    let mut refs: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for component in &components {
        refs.entry(component.name).or_default().push(component.purl());
    }
    for component in &components {
        let reference = component.purl();
        let mut properties = vec![json!({"name": "assay:scope", "value": component.scope.id()})];
        for (name, values) in [("assay:requirement", &component.requirements), ("assay:declared", &component.places)] {
            properties.extend(values.iter().map(|value| json!({"name": name, "value": value})));
        }
        let mut object = Map::new();
        object.insert("type".to_owned(), json!("library"));
        object.insert("bom-ref".to_owned(), json!(reference));
        object.insert("name".to_owned(), json!(component.name));
        if let Some(version) = &component.version {
            object.insert("version".to_owned(), json!(version));
        }
        let scope = match component.scope {
            Scope::Runtime => "required",
            Scope::Optional => "optional",
            _ => "excluded",
        };
        object.insert("scope".to_owned(), json!(scope));
        object.insert("purl".to_owned(), json!(reference));
        object.insert("properties".to_owned(), json!(properties));
        list.push(Value::Object(object));
        graph.entry(reference.clone()).or_default();
        for parent in component.parents.iter().filter_map(|parent| refs.get(parent.as_str())).flatten() {
            let children = graph.entry(parent.clone()).or_default();
            if !children.contains(&reference) {
                children.push(reference.clone());
            }
        }
        for one in &component.exposures {
            let (defect, statement, summary) = (one.defect, one.statement, &one.summary);
            let (found, detail) = one.finding(component.scope);
            let (_, affects) = vulnerabilities.entry((defect.id(), found as u8)).or_insert_with(|| {
                let references: Vec<Value> = defect
                    .ids
                    .iter()
                    .skip(1)
                    .map(|id| json!({"id": id, "source": {"name": "OSV", "url": advisory_url(id)}}))
                    .collect();
                let severity = if defect.level == Level::Unknown { "unknown" } else { defect.level.id() };
                let head = json!({
                    "bom-ref": format!("vulnerability-{}-{}", defect.id(), found as u8),
                    "id": defect.id(),
                    "source": {"name": "OSV", "url": advisory_url(defect.id())},
                    "references": references,
                    "ratings": [{"severity": severity}],
                    "description": summary,
                    "analysis": analysis(found, &detail),
                });
                (head, Vec::new())
            });
            let status =
                if matches!(statement, Statement::Admits | Statement::NothingPinned) { "unknown" } else { "affected" };
            let mut affect = Map::new();
            affect.insert("ref".to_owned(), json!(reference));
            if let Some(version) = &component.version {
                affect.insert("versions".to_owned(), json!([{"version": version, "status": status}]));
            }
            affects.push(Value::Object(affect));
        }
    }
    let dependencies: Vec<Value> = graph
        .into_iter()
        .map(|(reference, mut children)| {
            children.sort();
            json!({"ref": reference, "dependsOn": children})
        })
        .collect();
    let vulnerabilities: Vec<Value> = vulnerabilities
        .into_values()
        .map(|(mut head, affects)| {
            head["affects"] = Value::Array(affects);
            head
        })
        .collect();
    pretty(&json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": format!("{}T00:00:00Z", subject.today),
            "tools": {"components": [{"type": "application", "name": "assay", "version": subject.tool}]},
            "component": {"type": "application", "bom-ref": "project", "name": subject.name},
        },
        "components": list,
        "dependencies": dependencies,
        "vulnerabilities": vulnerabilities,
    }))
}
