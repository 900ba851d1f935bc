//! All dependencies of a project against the advisories.

use crate::block::Known;
use crate::index::{Database, Prose};
use crate::package::{Dependency, Origin};
use crate::reach::Reach;
use crate::verdict::{Assessment, Defect, Statement, assess_with, merge};
use crate::{Ecosystem, Inventory, Version, VexStatement};
use assay_text::Files;
use std::collections::BTreeMap;

/// Statements on one vulnerability that are looked at.
const MAX_STATEMENTS: usize = 64;

/// The project's own statements, by the identifiers that they name.
type Statements<'a> = BTreeMap<&'a str, Vec<&'a VexStatement>>;

/// What is known against one package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Defects that are not withdrawn.
    pub defects: Vec<Defect>,
    /// The text of each defect's first record, where it concerns an entry; empty elsewhere.
    pub prose: Vec<Prose>,
    /// Records that were withdrawn.
    pub withdrawn: Vec<Known>,
    /// Why it could not be looked up.
    pub error: Option<String>,
}

/// Why nothing can be said of a dependency.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unknown {
    /// There is no advisory data of its ecosystem.
    NoData,
    /// It comes from a repository or an address, and its version is not known.
    NoVersion,
    /// The release of the system that it belongs to is not known.
    NoRelease,
    /// The database could not be read there.
    Unreadable(String),
}

/// What is said of one entry.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It was compared with the advisories.
    Assessed(Box<Assessment>),
    /// No environment that the project admits asks for it.
    NeverNeeded,
    /// It is part of the project.
    Local,
    /// Nothing can be said.
    Unknown(Unknown),
}

/// One entry of a manifest with what is said of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entry.
    pub dependency: Dependency,
    /// What is said of it.
    pub verdict: Verdict,
    /// Entries of locks and constraints that select a version for it, by their numbers.
    pub selected_by: Vec<usize>,
    /// The version that they select, when they agree.
    pub selected: Option<Version>,
    /// Whether what they select is known not to be affected.
    pub selected_clean: bool,
    /// How far each exposure of the assessment was seen to be used, in the same order; empty when the code was not read.
    pub reach: Vec<Reach>,
}

impl Entry {
    /// The assessment, if there is one.
    pub fn assessment(&self) -> Option<&Assessment> {
        match &self.verdict {
            Verdict::Assessed(assessment) => Some(assessment),
            _ => None,
        }
    }
}

/// The dependencies of a project with what is said of each.
#[derive(Clone, Debug, Default)]
pub struct DependencyReview {
    /// The entries, in the order of files and places.
    pub entries: Vec<Entry>,
    /// What is known against each package.
    pub packages: BTreeMap<(Ecosystem, String), Package>,
    /// Whether a manifest was not read in full, so that entries may be missing.
    pub incomplete: bool,
    /// The top-level modules of packages of Python that are installed, by the package.
    installed: BTreeMap<String, Vec<String>>,
}

impl DependencyReview {
    /// Compares an inventory with a database; without one, nothing can be said of any entry.
    pub fn new(inventory: &Inventory, files: &Files, database: Option<&Database>) -> Self {
        let mut packages: BTreeMap<(Ecosystem, String), Package> = BTreeMap::new();
        if let Some(database) = database {
            for one in inventory.dependencies() {
                let key = (one.ecosystem, one.name.clone());
                packages.entry(key).or_insert_with_key(|(ecosystem, name)| package(database, *ecosystem, name));
            }
        }
        let mut statements: Statements<'_> = BTreeMap::new();
        for one in &inventory.statements {
            for id in &one.ids {
                let list = statements.entry(id).or_default();
                if list.len() < MAX_STATEMENTS {
                    list.push(one);
                }
            }
        }
        let dependencies: Vec<&Dependency> = inventory.dependencies().collect();
        let mut entries = Vec::with_capacity(dependencies.len());
        for (&dependency, selected_by) in dependencies.iter().zip(inventory.selections(files)) {
            let version = |number: &usize| {
                let one = dependencies[*number];
                one.version.as_ref().or_else(|| one.requirement.pin())
            };
            let mut versions: Vec<&Version> = selected_by.iter().filter_map(version).collect();
            versions.sort();
            versions.dedup();
            let selected = if let [one] = versions.as_slice() { Some((*one).clone()) } else { None };
            let verdict = verdict(dependency, database, &packages, &statements);
            entries.push(Entry {
                dependency: dependency.clone(),
                verdict,
                selected_by,
                selected,
                selected_clean: false,
                reach: Vec::new(),
            });
        }
        if let Some(database) = database {
            read_prose(database, &entries, &mut packages);
        }
        let clean = |entry: &Entry| entry.assessment().is_some_and(|one| one.statement == Statement::Clean);
        let cleans: Vec<bool> = entries.iter().map(clean).collect();
        for entry in &mut entries {
            entry.selected_clean =
                !entry.selected_by.is_empty() && entry.selected_by.iter().all(|number| cleans[*number]);
        }
        let incomplete = inventory.problems().any(|(_, problem)| problem.incomplete);
        Self { entries, packages, incomplete, installed: inventory.modules.clone() }
    }

    /// The top-level modules that a package of Python brings: as it is installed, else as is known or most likely.
    pub fn modules(&self, package: &str) -> Vec<String> {
        self.installed.get(package).cloned().unwrap_or_else(|| crate::python_packages::modules(package))
    }

    /// Whether what a package of Python brings is known from its files.
    pub fn is_installed(&self, package: &str) -> bool {
        self.installed.contains_key(package)
    }

    /// What is known against an entry's package.
    pub fn package(&self, entry: &Entry) -> Option<&Package> {
        self.packages.get(&(entry.dependency.ecosystem, entry.dependency.name.clone()))
    }
}

fn package(database: &Database, ecosystem: Ecosystem, name: &str) -> Package {
    let known = match database.lookup(ecosystem, name) {
        Ok(known) => known,
        Err(error) => return Package { error: Some(error.to_string()), ..Package::default() },
    };
    let (defects, withdrawn) = merge(ecosystem, known);
    let prose = vec![Prose::default(); defects.len()];
    Package { defects, prose, withdrawn, error: None }
}

/// Reads the texts of the defects that concern an entry.
fn read_prose(database: &Database, entries: &[Entry], packages: &mut BTreeMap<(Ecosystem, String), Package>) {
    let mut concerned: BTreeMap<(Ecosystem, &str), Vec<usize>> = BTreeMap::new();
    for entry in entries {
        let Some(assessment) = entry.assessment() else { continue };
        let exposures = assessment.exposures.iter().chain(assessment.unclear.iter().map(|(exposure, _)| exposure));
        let mut defects = exposures.map(|exposure| exposure.defect).peekable();
        if defects.peek().is_some() {
            concerned.entry((entry.dependency.ecosystem, &entry.dependency.name)).or_default().extend(defects);
        }
    }
    for ((ecosystem, name), mut numbers) in concerned {
        let Some(package) = packages.get_mut(&(ecosystem, name.to_owned())) else { continue };
        numbers.sort_unstable();
        numbers.dedup();
        let texts = database.texts(numbers.iter().flat_map(|number| &package.defects[*number].records));
        for number in numbers {
            // The first text that says something.
            let mut found = package.defects[number].records.iter().filter_map(|record| texts.prose(record).ok());
            package.prose[number] = found.find(|prose| !prose.summary.is_empty()).unwrap_or_default();
        }
    }
}

fn verdict(
    dependency: &Dependency,
    database: Option<&Database>,
    packages: &BTreeMap<(Ecosystem, String), Package>,
    statements: &Statements<'_>,
) -> Verdict {
    if matches!(dependency.origin, Origin::Path(_)) {
        return Verdict::Local;
    }
    if dependency.never {
        return Verdict::NeverNeeded;
    }
    if !database.is_some_and(|database| database.covers(dependency.ecosystem)) {
        return Verdict::Unknown(Unknown::NoData);
    }
    if dependency.ecosystem == Ecosystem::Debian && !dependency.name.contains(':') {
        return Verdict::Unknown(Unknown::NoRelease);
    }
    let Some(package) = packages.get(&(dependency.ecosystem, dependency.name.clone())) else {
        return Verdict::Unknown(Unknown::NoData);
    };
    if let Some(error) = &package.error {
        return Verdict::Unknown(Unknown::Unreadable(error.clone()));
    }
    if dependency.version.is_none() && matches!(dependency.origin, Origin::Url(_) | Origin::Vcs(_)) {
        // Without any advisory there is nothing that the version could matter for.
        if !package.defects.is_empty() {
            return Verdict::Unknown(Unknown::NoVersion);
        }
    }
    let stated = |defect: &Defect| {
        let of_it = defect.ids.iter().filter_map(|id| statements.get(id.as_str())).flatten();
        let one = of_it.into_iter().find(|one| one.concerns(dependency, defect))?;
        Some(format!("{} says of {}: {}", one.source, defect.shown(), one.reason))
    };
    Verdict::Assessed(Box::new(assess_with(dependency, &package.defects, stated)))
}

/// Whether a statement says that something affected is selected or admitted.
pub fn is_open(statement: Statement) -> bool {
    !matches!(statement, Statement::Clean | Statement::Unclear | Statement::NothingPinned)
}
