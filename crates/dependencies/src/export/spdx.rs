use super::{Subject, components, pretty};
use crate::index_checksum;
use crate::package::{Origin, Scope};
use crate::review::DependencyReview;
use assay_text::Files;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A bill of materials of SPDX 2.3.
pub fn spdx(review: &DependencyReview, files: &Files, subject: &Subject) -> String {
    let components = components(review, files);
    let mut packages = vec![json!({
        "SPDXID": "SPDXRef-project",
        "name": subject.name,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
    })];
    let mut relationships = vec![relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-project")];
    let mut ids: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (number, component) in components.iter().enumerate() {
        ids.entry(component.name).or_default().push(format!("SPDXRef-package-{number}"));
    }
    for (number, component) in components.iter().enumerate() {
        let id = format!("SPDXRef-package-{number}");
        let location = match component.origin {
            Origin::Url(url) | Origin::Vcs(url) => url.as_str(),
            Origin::Registry | Origin::Path(_) => "NOASSERTION",
        };
        let mut package = json!({
            "SPDXID": id,
            "name": component.name,
            "downloadLocation": location,
            "filesAnalyzed": false,
            "externalRefs": [{
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": component.purl(),
            }],
        });
        if let Some(version) = &component.version {
            package["versionInfo"] = json!(version);
        } else if !component.requirements.is_empty() {
            package["comment"] = json!(format!("asked for: {}", component.requirements.join("; ")));
        }
        packages.push(package);
        match component.scope {
            Scope::Runtime => relationships.push(relationship("SPDXRef-project", "DEPENDS_ON", &id)),
            Scope::Optional => relationships.push(relationship(&id, "OPTIONAL_DEPENDENCY_OF", "SPDXRef-project")),
            Scope::Build => relationships.push(relationship(&id, "BUILD_DEPENDENCY_OF", "SPDXRef-project")),
            Scope::Test => relationships.push(relationship(&id, "TEST_DEPENDENCY_OF", "SPDXRef-project")),
            Scope::Doc | Scope::Dev => relationships.push(relationship(&id, "DEV_DEPENDENCY_OF", "SPDXRef-project")),
        }
        for parent in component.parents.iter().filter_map(|parent| ids.get(parent.as_str())).flatten() {
            relationships.push(relationship(parent, "DEPENDS_ON", &id));
        }
    }
    // The name must be of this document alone: it follows from what the document says.
    let content = format!("{packages:?}{relationships:?}");
    pretty(&json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": subject.name,
        "documentNamespace": format!("urn:assay:spdx:{}:{:08x}", subject.today, index_checksum(content.as_bytes())),
        "creationInfo": {
            "created": format!("{}T00:00:00Z", subject.today),
            "creators": [format!("Tool: assay-{}", subject.tool)],
        },
        "packages": packages,
        "relationships": relationships,
    }))
}

fn relationship(from: &str, kind: &str, to: &str) -> Value {
    json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to})
}
