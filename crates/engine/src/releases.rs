//! Which releases of libraries a project runs with, as far as rows of the models ask.
//!
//! - What is *selected* (by a lock file, an exact requirement, an environment) decides alone.
//! - Else a declaration that admits nothing older rules the older releases out, unless another one admits nothing newer.

use assay_dependencies::{Dependency, Ecosystem, Inventory, Kind, Ranges, Requirement, Version};
use assay_models::{Models, Releases};
use assay_text::{FileId, Files, Role};
use std::ops::Bound;

/// The package that stands for the language itself.
const LANGUAGE: &str = "python";

/// What the manifests say of the releases that the models ask about.
pub(crate) fn releases(models: &Models, inventory: &Inventory, files: &Files) -> Releases {
    let own = |file: FileId| !matches!(files.get(file).role, Role::Test | Role::Vendored | Role::Example);
    Releases::new(models.releases().filter_map(|release| {
        let limit = Version::new(Ecosystem::PyPI, &release.version);
        let older = if release.package == LANGUAGE {
            let required = inventory.manifests.iter().filter(|(file, _)| own(*file));
            let required: Vec<_> = required.filter_map(|(_, manifest)| manifest.requires_python.as_ref()).collect();
            admitted(&limit, &required)
        } else {
            let about = |one: &&Dependency| {
                one.ecosystem == Ecosystem::PyPI && one.name == release.package && !one.never && own(one.file)
            };
            of_package(&limit, &inventory.dependencies().filter(about).collect::<Vec<_>>())
        };
        Some((release.clone(), older?))
    }))
}

/// Whether all that is said of a package leads to something older than `limit`.
fn of_package(limit: &Version, said: &[&Dependency]) -> Option<bool> {
    let selected = said.iter().filter_map(|one| match one.kind {
        Kind::Locked | Kind::Installed => one.version.as_ref(),
        Kind::Declared | Kind::Constraint => one.requirement.pin().filter(|_| one.scope.is_shipped()),
    });
    let mut selected = selected.map(|version| version < limit);
    if let Some(first) = selected.next() {
        return selected.all(|older| older == first).then_some(first);
    }
    let asked = said.iter().filter(|one| one.kind == Kind::Constraint || one.scope.is_shipped());
    admitted(limit, &asked.map(|one| &one.requirement).collect::<Vec<_>>())
}

fn admitted(limit: &Version, requirements: &[&Requirement]) -> Option<bool> {
    let older = Ranges::between(Bound::Unbounded, Bound::Excluded(limit.clone()));
    let newer = older.complement();
    let only = |requirement: &&Requirement, excluded: &Ranges<Version>| {
        !requirement.ranges.is_empty() && requirement.ranges.intersection(excluded).is_empty()
    };
    let only_older = requirements.iter().filter(|r| only(r, &newer)).count();
    if only_older == 0 {
        return requirements.iter().any(|r| only(r, &older)).then_some(false);
    }
    (only_older == requirements.len()).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(limit: &str, requirements: &[&str]) -> Option<bool> {
        let read = |text: &&str| Requirement::new(Ecosystem::PyPI, text).unwrap();
        let requirements: Vec<Requirement> = requirements.iter().map(read).collect();
        admitted(&Version::new(Ecosystem::PyPI, limit), &requirements.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_floor_rules_older_releases_out() {
        assert_eq!(answer("5.0", &[">=5.2"]), Some(false));
        assert_eq!(answer("5.0", &[">=5"]), Some(false));
        assert_eq!(answer("5.0", &[">=4.9"]), None);
        assert_eq!(answer("5.0", &[""]), None);
        assert_eq!(answer("5.0", &[]), None);
    }

    #[test]
    fn a_ceiling_says_that_it_is_older() {
        assert_eq!(answer("5.0", &["<5"]), Some(true));
        assert_eq!(answer("5.0", &["==4.9.1"]), Some(true));
        assert_eq!(answer("5.0", &["<5", ">=5"]), None);
        assert_eq!(answer("5.0", &["", ">=5"]), Some(false));
    }
}
