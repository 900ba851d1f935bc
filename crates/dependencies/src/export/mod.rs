//! What is known of a project's dependencies, in the forms that other tools read.
//!
//! - [`json`] is everything, in the tool's own form.
//! - [`cyclonedx`] and [`spdx`] are bills of materials: a *component* is a package in a version, or, where nothing selects
//!   one, a package with what is asked of it.
//! - [`openvex`] has a statement for each defect and component. Nobody has looked into them yet, so they are *under
//!   investigation*.

mod cyclonedx;
mod own;
mod spdx;
mod vex;

pub use cyclonedx::cyclonedx;
pub use own::json;
pub use spdx::spdx;
pub use vex::openvex;

use crate::package::{Kind, Origin, Scope};
use crate::review::{DependencyReview, Verdict};
use crate::verdict::{Defect, Statement};
use crate::{Ecosystem, purl};
use assay_text::Files;
use std::collections::BTreeMap;

/// What a document says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The project.
    pub name: String,
    /// The version of the tool.
    pub tool: String,
    /// The day, `2026-01-31`.
    pub today: String,
}

/// A package in a version, or with what is asked of it.
struct Component<'a> {
    ecosystem: Ecosystem,
    name: &'a str,
    version: Option<String>,
    requirements: Vec<String>,
    scope: Scope,
    origin: &'a Origin,
    parents: Vec<String>,
    places: Vec<String>,
    exposures: Vec<(&'a Defect, Statement, String)>,
}

impl Component<'_> {
    fn purl(&self) -> String {
        purl(self.ecosystem, self.name, self.version.as_deref())
    }
}

/// The components in the order of their package URLs.
fn components<'a>(review: &'a DependencyReview, files: &Files) -> Vec<Component<'a>> {
    let mut found: BTreeMap<(Ecosystem, &str, Option<String>), Component<'a>> = BTreeMap::new();
    for entry in &review.entries {
        let dependency = &entry.dependency;
        if dependency.kind == Kind::Constraint || matches!(entry.verdict, Verdict::Local | Verdict::NeverNeeded) {
            continue;
        }
        // What a lock selects stands for what is asked.
        let pinned = dependency.version.as_ref().or_else(|| dependency.requirement.pin()).or(entry.selected.as_ref());
        let version = pinned.map(ToString::to_string);
        let key = (dependency.ecosystem, dependency.name.as_str(), version.clone());
        let component = found.entry(key).or_insert_with(|| Component {
            ecosystem: dependency.ecosystem,
            name: &dependency.name,
            version,
            requirements: Vec::new(),
            scope: dependency.scope,
            origin: &dependency.origin,
            parents: Vec::new(),
            places: Vec::new(),
            exposures: Vec::new(),
        });
        component.scope = component.scope.min(dependency.scope);
        component.parents.extend(dependency.parents.iter().cloned());
        if dependency.kind == Kind::Declared {
            component.requirements.push(dependency.requirement.text.clone());
        }
        let file = files.get(dependency.file);
        component.places.push(format!("{}:{}", file.path, file.line_column(dependency.span.start).line));
        let selected_elsewhere = dependency.kind == Kind::Declared && entry.selected.is_some();
        if let (Some(assessment), Some(package)) = (entry.assessment(), review.package(entry))
            && !selected_elsewhere
        {
            for exposure in &assessment.exposures {
                let defect = &package.defects[exposure.defect];
                let text = &package.prose[exposure.defect];
                let summary = if text.summary.is_empty() { &text.details } else { &text.summary };
                if !component.exposures.iter().any(|(known, _, _)| known.id() == defect.id()) {
                    component.exposures.push((defect, assessment.statement, summary.clone()));
                }
            }
        }
    }
    let mut components: Vec<Component<'a>> = found.into_values().collect();
    for component in &mut components {
        for list in [&mut component.requirements, &mut component.parents, &mut component.places] {
            list.sort();
            list.dedup();
        }
        component.requirements.retain(|text| !text.is_empty());
    }
    components
}

/// The address of an advisory's page.
fn advisory_url(id: &str) -> String {
    format!("https://osv.dev/vulnerability/{id}")
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
