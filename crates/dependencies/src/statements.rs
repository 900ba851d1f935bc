//! Statements that a vulnerability does not concern a package here: OpenVEX, and the analysis in CycloneDX documents.
//!
//! They are the project's own word, and are shown as such: nothing is dropped because of them.

use crate::package::Dependency;
use crate::purl;
use crate::verdict::Defect;
use serde_json::Value;

/// Products of one statement that are looked at.
const MAX_PRODUCTS: usize = 1_000;
/// Statements of one file beyond which it is not read.
const MAX_STATEMENTS: usize = 20_000;

/// One statement that a vulnerability does no harm here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VexStatement {
    /// The identifiers of the vulnerability.
    pub ids: Vec<String>,
    /// Package URLs, with or without version; none means every package.
    pub products: Vec<String>,
    /// `not_affected` or `fixed`, and why.
    pub reason: String,
    /// The file that says so.
    pub source: String,
}

impl VexStatement {
    /// Whether it speaks of this defect in this dependency.
    pub fn concerns(&self, dependency: &Dependency, defect: &Defect) -> bool {
        if !self.ids.iter().any(|id| defect.ids.contains(id)) {
            return false;
        }
        let name = purl(dependency.ecosystem, &dependency.name, None);
        let pinned = dependency.version.as_ref().or_else(|| dependency.requirement.pin());
        let exact = pinned.map(|version| purl(dependency.ecosystem, &dependency.name, Some(version.text())));
        let product = |product: &String| {
            let bare = product.split(['?', '#']).next().unwrap_or(product);
            bare == name || exact.as_deref() == Some(bare)
        };
        self.products.is_empty() || self.products.iter().any(product)
    }
}

/// Reads a document; statements of another kind (`affected`, `under_investigation`) say nothing that counts.
///
/// # Errors
/// When it is neither OpenVEX nor CycloneDX, in words.
pub fn read_vex(source: &str, json: &str) -> Result<Vec<VexStatement>, String> {
    let document: Value = serde_json::from_str(json).map_err(|error| format!("no JSON: {error}"))?;
    let (list, read): (_, fn(&Value) -> Option<VexStatement>) =
        match (document.get("statements"), document.get("vulnerabilities")) {
            (Some(list), _) => (list, openvex),
            (None, Some(list)) if document.get("bomFormat").is_some() => (list, cyclonedx),
            _ => return Err("neither OpenVEX (`statements`) nor CycloneDX (`vulnerabilities`)".to_owned()),
        };
    let list = list.as_array().ok_or("its statements are no list")?;
    if list.len() > MAX_STATEMENTS {
        return Err(format!("more than {MAX_STATEMENTS} statements"));
    }
    let found = list.iter().filter_map(read).map(|one| VexStatement { source: source.to_owned(), ..one });
    Ok(found.filter(|one| !one.ids.is_empty()).collect())
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn reason(status: &str, parts: [Option<String>; 2]) -> String {
    let why: Vec<String> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    if why.is_empty() { status.to_owned() } else { format!("{status}: {}", why.join(", ")) }
}

fn openvex(statement: &Value) -> Option<VexStatement> {
    let status = statement.get("status")?.as_str().filter(|status| matches!(*status, "not_affected" | "fixed"))?;
    let mut ids = Vec::new();
    match statement.get("vulnerability")? {
        Value::String(id) => ids.push(id.clone()),
        one => {
            ids.extend(text(one.get("name")));
            ids.extend(text(one.get("@id")).and_then(|id| id.rsplit('/').next().map(str::to_owned)));
            ids.extend(items(one, "aliases").filter_map(|alias| text(Some(alias))));
        }
    }
    let product = |one: &Value| match one {
        Value::String(id) => vec![id.clone()],
        one => {
            let purl = one.get("identifiers").and_then(|identifiers| identifiers.get("purl"));
            let mut found: Vec<String> = text(one.get("@id")).into_iter().chain(text(purl)).collect();
            // The package may be a part of the product that is meant.
            let parts: Vec<String> = items(one, "subcomponents").filter_map(|part| text(part.get("@id"))).collect();
            if !parts.is_empty() {
                found = parts;
            }
            found
        }
    };
    Some(VexStatement {
        ids,
        products: items(statement, "products").flat_map(product).take(MAX_PRODUCTS).collect(),
        reason: reason(status, [text(statement.get("justification")), text(statement.get("impact_statement"))]),
        source: String::new(),
    })
}

fn cyclonedx(vulnerability: &Value) -> Option<VexStatement> {
    let analysis = vulnerability.get("analysis")?;
    let status = analysis.get("state")?.as_str();
    let status = status.filter(|state| matches!(*state, "not_affected" | "false_positive" | "resolved"))?;
    let mut ids: Vec<String> = text(vulnerability.get("id")).into_iter().collect();
    ids.extend(items(vulnerability, "references").filter_map(|one| text(one.get("id"))));
    Some(VexStatement {
        ids,
        products: items(vulnerability, "affects").filter_map(|one| text(one.get("ref"))).take(MAX_PRODUCTS).collect(),
        reason: reason(status, [text(analysis.get("justification")), text(analysis.get("detail"))]),
        source: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let openvex = r#"{"statements": [
            {"vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1"]}, "products": [{"@id": "pkg:pypi/lib@1.0"}], "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"},
            {"vulnerability": "CVE-2", "products": ["pkg:pypi/lib"], "status": "under_investigation"},
            {"vulnerability": {"name": "CVE-3"}, "products": [{"@id": "app", "subcomponents": [{"@id": "pkg:pypi/other"}]}], "status": "fixed"}]}"#;
        let found = read_vex("a.openvex.json", openvex).unwrap();
        let short: Vec<_> =
            found.iter().map(|one| (one.ids.join("+"), one.products.join("+"), one.reason.as_str())).collect();
        assert_eq!(
            short,
            [
                (
                    "CVE-1+GHSA-1".to_owned(),
                    "pkg:pypi/lib@1.0".to_owned(),
                    "not_affected: vulnerable_code_not_in_execute_path"
                ),
                ("CVE-3".to_owned(), "pkg:pypi/other".to_owned(), "fixed"),
            ]
        );
        let cyclonedx = r#"{"bomFormat": "CycloneDX", "vulnerabilities": [
            {"id": "CVE-1", "analysis": {"state": "not_affected", "detail": "no way there"}, "affects": [{"ref": "pkg:pypi/lib"}]},
            {"id": "CVE-2", "analysis": {"state": "in_triage"}}]}"#;
        let found = read_vex("a.vex.json", cyclonedx).unwrap();
        assert_eq!((found.len(), found[0].reason.as_str()), (1, "not_affected: no way there"));
        for wrong in ["", "{}", "[]", r#"{"statements": 1}"#] {
            assert!(read_vex("a.vex.json", wrong).is_err(), "{wrong}");
        }
    }
}
