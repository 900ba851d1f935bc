//! Statements that a vulnerability does not concern a package here: OpenVEX, the analysis in CycloneDX documents, and
//! CSAF.
//!
//! They are the project's own word, and are shown as such: nothing is dropped because of them.

use crate::package::Dependency;
use crate::purl;
use crate::verdict::Defect;
use serde_json::Value;
use std::collections::BTreeMap;

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
        let bare = |purl: &str| purl.split(['?', '#']).next().unwrap_or(purl).to_owned();
        let name = bare(&purl(dependency.ecosystem, &dependency.name, None));
        let pinned = dependency.version.as_ref().or_else(|| dependency.requirement.pin());
        let exact = pinned.map(|version| bare(&purl(dependency.ecosystem, &dependency.name, Some(version.text()))));
        let product = |product: &String| {
            let bare = bare(product);
            bare == name || exact.as_ref() == Some(&bare)
        };
        self.products.is_empty() || self.products.iter().any(product)
    }
}

/// Reads a document; statements of another kind (`affected`, `under_investigation`) say nothing that counts.
///
/// # Errors
/// When it is neither OpenVEX, CycloneDX nor CSAF, in words.
pub fn read_vex(source: &str, json: &str) -> Result<Vec<VexStatement>, String> {
    let document: Value = serde_json::from_str(json).map_err(|error| format!("no JSON: {error}"))?;
    let statements = document.get("statements");
    let vulnerabilities = document.get("vulnerabilities");
    let csaf = document.get("document").is_some_and(|head| head.get("csaf_version").is_some());
    let (list, form) = match (statements, vulnerabilities) {
        (Some(list), _) => (Some(list), Form::OpenVex),
        (None, list) if csaf => (list, Form::Csaf(csaf_products(&document))),
        (None, list) if document.get("bomFormat").is_some() => (list, Form::CycloneDx(cyclonedx_products(&document))),
        _ => return Err("neither OpenVEX (`statements`), CycloneDX (`bomFormat`) nor CSAF (`document`)".to_owned()),
    };
    let Some(list) = list else { return Ok(Vec::new()) };
    let list = list.as_array().ok_or("its statements are no list")?;
    if list.len() > MAX_STATEMENTS {
        return Err(format!("more than {MAX_STATEMENTS} statements"));
    }
    let read = |one: &Value| match &form {
        Form::OpenVex => openvex(one).into_iter().collect(),
        Form::CycloneDx(products) => cyclonedx(one, products).into_iter().collect(),
        Form::Csaf(products) => csaf_statements(one, products),
    };
    let found = list.iter().flat_map(read).map(|one: VexStatement| VexStatement { source: source.to_owned(), ..one });
    Ok(found.filter(|one| !one.ids.is_empty()).take(MAX_STATEMENTS).collect())
}

/// Package URLs by the names that a document gives its products.
type Products = BTreeMap<String, Vec<String>>;

/// The forms of documents.
enum Form {
    OpenVex,
    CycloneDx(Products),
    Csaf(Products),
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

/// The components of a bill of materials.
fn cyclonedx_products(document: &Value) -> Products {
    let component = |one: &Value| Some((text(one.get("bom-ref"))?, vec![text(one.get("purl"))?]));
    items(document, "components").filter_map(component).take(MAX_STATEMENTS).collect()
}

fn cyclonedx(vulnerability: &Value, products: &Products) -> Option<VexStatement> {
    let analysis = vulnerability.get("analysis")?;
    let status = analysis.get("state")?.as_str();
    let status = status.filter(|state| matches!(*state, "not_affected" | "false_positive" | "resolved"))?;
    let mut ids: Vec<String> = text(vulnerability.get("id")).into_iter().collect();
    ids.extend(items(vulnerability, "references").filter_map(|one| text(one.get("id"))));
    let product = |one: &Value| {
        // A link into another document ends in the name that the component has there.
        let reference = text(one.get("ref"))?;
        let name = reference.rsplit_once('#').filter(|_| reference.starts_with("urn:cdx:")).map(|(_, name)| name);
        let name = name.unwrap_or(&reference).to_owned();
        Some(products.get(&name).cloned().unwrap_or_else(|| vec![name]))
    };
    Some(VexStatement {
        ids,
        products: items(vulnerability, "affects").filter_map(product).flatten().take(MAX_PRODUCTS).collect(),
        reason: reason(status, [text(analysis.get("justification")), text(analysis.get("detail"))]),
        source: String::new(),
    })
}

/// The products of a CSAF document: those of its tree, and those that it makes of two others, which are the first
/// within the second.
fn csaf_products(document: &Value) -> Products {
    let mut found = Products::new();
    let Some(tree) = document.get("product_tree") else { return found };
    let mut pending = vec![tree];
    let mut visited = 0usize;
    while let Some(one) = pending.pop() {
        visited += 1;
        if visited > MAX_STATEMENTS {
            break;
        }
        let listed = items(one, "full_product_names").chain(one.get("product"));
        for product in listed {
            let Some(id) = text(product.get("product_id")) else { continue };
            let helper = product.get("product_identification_helper");
            let purl = helper.and_then(|helper| text(helper.get("purl")));
            let purls = helper.into_iter().flat_map(|helper| items(helper, "purls")).filter_map(|one| text(Some(one)));
            found.insert(id, purl.into_iter().chain(purls).take(MAX_PRODUCTS).collect());
        }
        pending.extend(items(one, "branches"));
    }
    for relation in items(tree, "relationships").take(MAX_STATEMENTS) {
        let made = relation.get("full_product_name").and_then(|product| text(product.get("product_id")));
        let part = text(relation.get("product_reference"));
        if let (Some(made), Some(part)) = (made, part) {
            let purls = found.get(&part).cloned().unwrap_or_default();
            let own = found.entry(made).or_default();
            if own.is_empty() {
                *own = purls;
            }
        }
    }
    found
}

/// One statement for each reason: products that are not affected have a label that says why, or a text.
fn csaf_statements(vulnerability: &Value, products: &Products) -> Vec<VexStatement> {
    let mut ids: Vec<String> = text(vulnerability.get("cve")).into_iter().collect();
    ids.extend(items(vulnerability, "ids").filter_map(|one| text(one.get("text"))));
    let of_product = |list: &str, key: &str, product: &str| {
        let mut found =
            items(vulnerability, list).filter(|one| items(one, "product_ids").any(|id| id.as_str() == Some(product)));
        found.find_map(|one| text(one.get(key)))
    };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (list, status) in
        [("known_not_affected", "not_affected"), ("fixed", "fixed"), ("first_fixed", "fixed"), ("recommended", "fixed")]
    {
        let listed = vulnerability.get("product_status").into_iter().flat_map(|statuses| items(statuses, list));
        for product in listed.filter_map(Value::as_str).take(MAX_PRODUCTS) {
            let why = [of_product("flags", "label", product), of_product("threats", "details", product)];
            // A product without a package URL is known by its name alone, which no package here has.
            let purls = products.get(product).filter(|purls| !purls.is_empty());
            let names = purls.cloned().unwrap_or_else(|| vec![product.to_owned()]);
            found.entry(reason(status, why)).or_default().extend(names);
        }
    }
    let statement = |(reason, products)| VexStatement { ids: ids.clone(), products, reason, source: String::new() };
    found.into_iter().map(statement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_are_read() {
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
        let bom = r#"{"bomFormat": "CycloneDX", "components": [{"bom-ref": "7", "purl": "pkg:pypi/lib@1.0"}],
            "vulnerabilities": [{"id": "CVE-1", "analysis": {"state": "resolved"}, "affects": [{"ref": "urn:cdx:u/1#7"}]}]}"#;
        assert_eq!(read_vex("a.cdx.json", bom).unwrap()[0].products, ["pkg:pypi/lib@1.0"]);
        assert!(read_vex("a.cdx.json", r#"{"bomFormat": "CycloneDX"}"#).unwrap().is_empty());
        let csaf = r#"{"document": {"csaf_version": "2.0", "category": "csaf_vex"},
            "product_tree": {"branches": [{"branches": [{"product": {"product_id": "P1", "product_identification_helper": {"purl": "pkg:pypi/lib@1.0"}}}]}],
                "full_product_names": [{"product_id": "P2"}],
                "relationships": [{"product_reference": "P1", "full_product_name": {"product_id": "P1:P2"}}]},
            "vulnerabilities": [{"cve": "CVE-1", "ids": [{"text": "GHSA-1"}],
                "product_status": {"known_not_affected": ["P1:P2"], "fixed": ["P2"], "known_affected": ["P1"]},
                "flags": [{"label": "vulnerable_code_not_present", "product_ids": ["P1:P2"]}],
                "threats": [{"category": "impact", "details": "left out", "product_ids": ["P1:P2"]}]}]}"#;
        let found = read_vex("a.csaf.json", csaf).unwrap();
        let short: Vec<_> = found.iter().map(|one| (one.products.join("+"), one.reason.as_str())).collect();
        assert_eq!(
            short,
            [
                ("P2".to_owned(), "fixed"),
                ("pkg:pypi/lib@1.0".to_owned(), "not_affected: vulnerable_code_not_present, left out"),
            ]
        );
        for wrong in ["", "{}", "[]", r#"{"statements": 1}"#] {
            assert!(read_vex("a.vex.json", wrong).is_err(), "{wrong}");
        }
    }
}
