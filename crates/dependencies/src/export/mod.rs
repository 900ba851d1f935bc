//! What is known of a project's dependencies, in the forms that other tools read.
//!
//! - [`json`] is everything, in the tool's own form.
//! - [`cyclonedx`] and [`spdx`] are bills of materials: a *component* is a package in a version, or, where nothing selects
//!   one, a package with what is asked of it.
//! - [`openvex`] has a statement for each defect and component: *affected* where a call was followed from an entry point, *not
//!   affected* where the component is not shipped or nothing can get to the vulnerable code, else *under investigation*.

mod cyclonedx;
mod own;
mod spdx;
mod vex;

pub use cyclonedx::cyclonedx;
pub use own::json;
pub use spdx::spdx;
pub use vex::openvex;

use crate::package::{Kind, Origin, Scope};
use crate::reach::{Reach, ReachStatus};
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
    exposures: Vec<Exposed<'a>>,
}

/// A defect of a component.
struct Exposed<'a> {
    defect: &'a Defect,
    statement: Statement,
    summary: String,
    /// What the code was seen to use; absent when it was not read.
    reach: Option<&'a Reach>,
    /// What would repair it.
    raise: Option<String>,
}

impl Exposed<'_> {
    /// What follows for the component, with the reason in words.
    fn finding(&self, scope: Scope) -> (Exploitability, String) {
        if !scope.is_shipped() {
            let words = format!("The package is needed for {} only, and is no part of what is shipped.", scope.id());
            return (Exploitability::NotPresent, words);
        }
        let Some(reach) = self.reach else {
            return (
                Exploitability::Open,
                "Whether the program reaches the vulnerable code was not examined.".to_owned(),
            );
        };
        let words = |text: &str| format!("{text}.");
        match reach.status {
            ReachStatus::Affected => (Exploitability::Affected, words(&reach.words)),
            ReachStatus::NotInExecutePath => {
                let words = format!(
                    "Nothing but the program needs the package, and it uses none of {}: {}.",
                    reach.symbols.join(", "),
                    reach.words
                );
                (Exploitability::NotInExecutePath, words)
            }
            ReachStatus::UnderInvestigation => (Exploitability::Open, words(&reach.words)),
        }
    }
}

/// What a statement on a vulnerability says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exploitability {
    Affected,
    NotPresent,
    NotInExecutePath,
    Open,
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
            for (number, exposure) in assessment.exposures.iter().enumerate() {
                let defect = &package.defects[exposure.defect];
                let summary = &package.prose[exposure.defect].summary;
                let known = component.exposures.iter_mut().find(|known| known.defect.id() == defect.id());
                let reach = entry.reach.get(number);
                match known {
                    // The strongest evidence of several entries counts.
                    Some(known) => {
                        let rank =
                            |reach: Option<&Reach>| reach.map_or(ReachStatus::UnderInvestigation, |reach| reach.status);
                        if rank(reach) < rank(known.reach) || known.reach.is_none() {
                            known.reach = reach.or(known.reach);
                        }
                    }
                    None => component.exposures.push(Exposed {
                        defect,
                        statement: assessment.statement,
                        summary: summary.clone(),
                        reach,
                        raise: assessment
                            .raise
                            .as_ref()
                            .map(|raise| format!("Raise {} to {}.", dependency.shown, raise.specifier())),
                    }),
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
