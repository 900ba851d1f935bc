//! What the advisories say of one dependency.
//!
//! - Advisories that share an identifier are one *defect*: databases publish the same one under several names.
//! - A declaration *admits* a defect when a version that it admits has it. It is not the floor that decides: an affected
//!   range may begin above it, and an exclusive floor admits what comes after.
//! - Where an advisory names released versions one by one, these are the ones that count: an interval in which no
//!   release lies harms nobody. Where it names none, the intervals decide.
//! - An *unclear* defect is one of which the data does not say whether it concerns this dependency.

use crate::block::Known;
use crate::fresh::{Fresh, fresh};
use crate::osv::Level;
use crate::package::{Dependency, Kind};
use crate::versions::Versions;
use crate::{Ecosystem, Ranges, Version};
use std::collections::BTreeMap;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// Why the data on a defect is less than exact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Quality {
    /// No version is named that repairs it.
    NoUpperBound,
    /// Commits are named, and no versions.
    CommitsOnly,
    /// The vendor says that it is none.
    Disputed,
}

impl Quality {
    /// The word that reports count by.
    pub fn id(self) -> &'static str {
        match self {
            Self::NoUpperBound => "no-upper-bound",
            Self::CommitsOnly => "commits-only",
            Self::Disputed => "disputed",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoUpperBound => "the advisory names no version that repairs it",
            Self::CommitsOnly => "the advisory names commits only, which no version can be compared with",
            Self::Disputed => "the vendor disputes it",
        }
    }
}

/// All advisories on one defect of one package.
#[derive(Clone, Debug)]
pub struct Defect {
    /// The identifiers of the records, then the others; none twice.
    pub ids: Vec<String>,
    /// The records.
    pub records: Vec<Known>,
    /// The worst level that a record names.
    pub level: Level,
    /// Versions that records name one by one.
    pub versions: Versions,
    /// All that is affected.
    pub affected: Ranges<Version>,
    /// What is less than exact.
    pub quality: Vec<Quality>,
    /// `unmaintained` and the like: no defect of the code.
    pub informational: Option<String>,
}

impl Defect {
    /// The identifier that it is called by.
    pub fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    /// The identifier with one that more people know, if there is one: `PYSEC-2024-1 (CVE-2024-1)`.
    pub fn shown(&self) -> String {
        let known = self.ids.iter().skip(1).find(|id| id.starts_with("CVE-"));
        match known.or_else(|| self.ids.iter().skip(1).find(|id| id.starts_with("GHSA-"))) {
            Some(other) if !self.id().starts_with("CVE-") => format!("{} ({other})", self.id()),
            _ => self.id().to_owned(),
        }
    }
}

/// Puts records on the same defect together; withdrawn ones are given back apart.
pub fn merge(ecosystem: Ecosystem, known: Vec<Known>) -> (Vec<Defect>, Vec<Known>) {
    let (withdrawn, live): (Vec<Known>, Vec<Known>) = known.into_iter().partition(|one| one.withdrawn);
    let mut group: Vec<usize> = (0..live.len()).collect();
    let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, one) in live.iter().enumerate() {
        for id in std::iter::once(&one.id).chain(&one.aliases) {
            let other = *owner.entry(id).or_insert(index);
            let (from, to) = (root(&group, index), root(&group, other));
            let (low, high) = (from.min(to), from.max(to));
            group[high] = low;
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..live.len() {
        members.entry(root(&group, index)).or_default().push(index);
    }
    let mut live: Vec<Option<Known>> = live.into_iter().map(Some).collect();
    let mut take = |index: usize| live.get_mut(index).and_then(Option::take);
    let defects = members
        .into_values()
        .map(|indexes| defect(ecosystem, indexes.into_iter().filter_map(&mut take).collect()))
        .collect();
    (defects, withdrawn)
}

fn root(group: &[usize], mut index: usize) -> usize {
    while group[index] != index {
        index = group[index];
    }
    index
}

fn defect(ecosystem: Ecosystem, records: Vec<Known>) -> Defect {
    let mut ids: Vec<String> = records.iter().map(|one| one.id.clone()).collect();
    let mut others: Vec<&String> = records.iter().flat_map(|one| &one.aliases).collect();
    others.sort();
    for id in others {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    let versions = Versions::union(ecosystem, &records.iter().map(|one| &one.versions).collect::<Vec<_>>());
    let affected = Ranges::all_of(records.iter().map(|one| &one.affected));
    let mut quality = Vec::new();
    if matches!(affected.intervals().last(), Some((_, Unbounded))) {
        quality.push(Quality::NoUpperBound);
    }
    if affected.is_empty() && records.iter().any(|one| one.git) {
        quality.push(Quality::CommitsOnly);
    }
    if records.iter().any(|one| one.disputed) {
        quality.push(Quality::Disputed);
    }
    Defect {
        ids,
        level: records.iter().map(|one| one.level).max().unwrap_or_default(),
        informational: records.iter().find_map(|one| one.informational.clone()).filter(|kind| kind != "unsound"),
        records,
        versions,
        affected,
        quality,
    }
}

/// What is said of a dependency; these are never merged into one "vulnerable".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Statement {
    /// An affected version is installed.
    Installed,
    /// A lock file, or a requirement of exactly one version, selects an affected one.
    Selects,
    /// A constraint limits it to an affected one.
    ConstraintSelects,
    /// Every version that the requirement admits is affected.
    AdmitsOnlyAffected,
    /// The requirement admits affected versions beside others.
    Admits,
    /// No version is asked for, so that nothing follows from the requirement: what is installed is not known.
    NothingPinned,
    /// Nothing affected is admitted.
    Clean,
    /// The data does not say.
    Unclear,
}

impl Statement {
    /// The word that reports count by.
    pub fn id(self) -> &'static str {
        match self {
            Self::Installed => "affected-version-installed",
            Self::Selects => "affected-version-selected",
            Self::ConstraintSelects => "affected-version-by-constraint",
            Self::AdmitsOnlyAffected => "only-affected-versions-admitted",
            Self::Admits => "affected-versions-admitted",
            Self::NothingPinned => "nothing-pinned",
            Self::Clean => "no-affected-version",
            Self::Unclear => "advisory-unclear",
        }
    }
}

/// One defect against one dependency.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// Index into the defects of the package.
    pub defect: usize,
    /// Released versions that are affected and admitted.
    pub admitted: Versions,
    /// All that is affected and admitted.
    pub ranges: Ranges<Version>,
    /// Whether the lowest version admitted is affected.
    pub floor: bool,
}

/// The smallest change that leaves nothing affected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raise {
    /// The version.
    pub to: Version,
    /// Whether that version itself is repaired; otherwise the first after it.
    pub inclusive: bool,
    /// Whether the requirement as it stands admits it.
    pub admitted: bool,
    /// Repaired versions of older lines, each with the end of its line: they suffice if the requirement ends there.
    pub lines: Vec<(Version, Version)>,
}

impl Raise {
    /// The specifier: `>=2.0`, `>2.0`.
    pub fn specifier(&self) -> String {
        format!("{}{}", if self.inclusive { ">=" } else { ">" }, self.to)
    }
}

/// Everything that is said of one dependency.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The worst that can be said.
    pub statement: Statement,
    /// Defects that concern it, the worst first.
    pub exposures: Vec<Exposure>,
    /// Defects of which the data does not say whether they do, each with the reason.
    pub unclear: Vec<(Exposure, Quality)>,
    /// What a fresh resolution would select, where a range admits something affected.
    pub fresh: Option<Fresh>,
    /// The smallest change that closes all of them.
    pub raise: Option<Raise>,
    /// Defects that the project says do no harm here, each with its reason.
    pub stated: Vec<(usize, String)>,
}

/// Assesses a dependency. `defects` are those of its package.
pub fn assess(dependency: &Dependency, defects: &[Defect]) -> Assessment {
    assess_with(dependency, defects, |_| None)
}

/// Assesses a dependency; `stated` gives the reason why the project says that a defect does no harm here.
pub fn assess_with(
    dependency: &Dependency,
    defects: &[Defect],
    stated: impl Fn(&Defect) -> Option<String>,
) -> Assessment {
    let mut settled = Vec::new();
    let mut exposures = Vec::new();
    let mut unclear = Vec::new();
    let pinned = dependency.version.as_ref().or_else(|| dependency.requirement.pin());
    for (index, defect) in defects.iter().enumerate() {
        if defect.informational.is_some() {
            continue;
        }
        let exposure = Exposure { defect: index, admitted: Versions::default(), ranges: Ranges::empty(), floor: false };
        if defect.quality.contains(&Quality::CommitsOnly) {
            unclear.push((exposure, Quality::CommitsOnly));
            continue;
        }
        let found = match pinned {
            Some(version) => selected(dependency.ecosystem, version, defect),
            None => admitted(dependency, defect),
        };
        let one = |(admitted, ranges, floor)| Exposure { admitted, ranges, floor, ..exposure.clone() };
        if !matches!(found, Found::No)
            && let Some(reason) = stated(defect)
        {
            settled.push((index, reason));
            continue;
        }
        match found {
            Found::No => {}
            Found::Yes(admitted, ranges, floor) => exposures.push(one((admitted, ranges, floor))),
            Found::Unclear(ranges) => unclear.push((one((Versions::default(), ranges, false)), Quality::NoUpperBound)),
        }
    }
    exposures.sort_by(|a, b| {
        let key = |one: &Exposure| (std::cmp::Reverse(defects[one.defect].level), defects[one.defect].id().to_owned());
        key(a).cmp(&key(b))
    });
    let affected = Ranges::all_of(exposures.iter().map(|exposure| &defects[exposure.defect].affected));
    let raise = match pinned {
        _ if exposures.is_empty() => None,
        Some(version) => repaired(version, &affected),
        None => raise(dependency, &affected),
    };
    let statement = match (exposures.is_empty(), dependency.kind, pinned.is_some()) {
        (true, _, _) if unclear.is_empty() => Statement::Clean,
        (true, _, _) => Statement::Unclear,
        (false, Kind::Installed, _) => Statement::Installed,
        (false, Kind::Constraint, true) => Statement::ConstraintSelects,
        (false, _, true) => Statement::Selects,
        (false, _, false) if dependency.requirement.ranges.without(&affected).is_empty() => {
            Statement::AdmitsOnlyAffected
        }
        (false, _, false) if dependency.requirement.ranges == Ranges::full() => Statement::NothingPinned,
        (false, _, false) => Statement::Admits,
    };
    let range = matches!(statement, Statement::AdmitsOnlyAffected | Statement::NothingPinned | Statement::Admits);
    let asks = range && dependency.kind == Kind::Declared;
    let fresh = asks.then(|| fresh(dependency, defects, &exposures, &unclear, &affected));
    Assessment { statement, exposures, unclear, fresh, raise, stated: settled }
}

/// Notes on a package that are no vulnerabilities (`unmaintained`), as far as they concern every version that may be
/// selected.
pub fn notes<'a>(dependency: &Dependency, defects: &'a [Defect]) -> Vec<(&'a Defect, &'a str)> {
    let pinned = dependency.version.as_ref().or_else(|| dependency.requirement.pin());
    let concerns = |defect: &Defect| match pinned {
        Some(version) => defect.affected.contains(version),
        None => dependency.requirement.ranges.without(&defect.affected).is_empty(),
    };
    let noted = defects.iter().filter_map(|defect| Some((defect, defect.informational.as_deref()?)));
    noted.filter(|(defect, _)| concerns(defect)).collect()
}

enum Found {
    No,
    Yes(Versions, Ranges<Version>, bool),
    Unclear(Ranges<Version>),
}

/// One version against a defect.
fn selected(ecosystem: Ecosystem, version: &Version, defect: &Defect) -> Found {
    let named = defect.versions.contains(version);
    if !named && !defect.affected.contains(version) {
        return Found::No;
    }
    let ranges = Ranges::singleton(version.clone());
    let beyond = defect.versions.last().is_some_and(|last| last < version);
    if !named && beyond && ends_open(defect, version) {
        return Found::Unclear(ranges);
    }
    Found::Yes(Versions::one(ecosystem, version), ranges, true)
}

/// Whether the affected interval that holds `version` has no end.
fn ends_open(defect: &Defect, version: &Version) -> bool {
    match defect.affected.intervals().last() {
        Some((Included(low), Unbounded)) => low <= version,
        Some((Excluded(low), Unbounded)) => low < version,
        Some((Unbounded, Unbounded)) => true,
        _ => false,
    }
}

/// A declared range against a defect.
fn admitted(dependency: &Dependency, defect: &Defect) -> Found {
    let requirement = &dependency.requirement;
    let both = requirement.ranges.intersection(&defect.affected);
    if both.is_empty() {
        return Found::No;
    }
    let floor = requirement.floor().is_some_and(|(version, inclusive)| inclusive && defect.affected.contains(version));
    let mut releases = defect.versions.within(&requirement.ranges);
    if !requirement.prereleases {
        releases = releases.releases();
    }
    if !releases.is_empty() {
        return Found::Yes(releases, both, floor);
    }
    let Some(last) = defect.versions.last() else { return Found::Yes(releases, both, floor) };
    // All that it names is excluded; what it says of later versions, for want of an end, is not known.
    let beyond = matches!(both.intervals().last(), Some((low, Unbounded)) if !reaches_below(low, last));
    if beyond { Found::Unclear(both) } else { Found::No }
}

fn reaches_below(low: &Bound<Version>, last: &Version) -> bool {
    match low {
        Unbounded => true,
        Included(low) => low <= last,
        Excluded(low) => low < last,
    }
}

/// The lowest version from `version` on that is not affected.
fn repaired(version: &Version, affected: &Ranges<Version>) -> Option<Raise> {
    let interval =
        affected.intervals().iter().find(|(low, high)| Ranges::between(low.clone(), high.clone()).contains(version))?;
    let (to, inclusive) = end(&interval.1)?;
    Some(Raise { to, inclusive, admitted: false, lines: Vec::new() })
}

fn end(bound: &Bound<Version>) -> Option<(Version, bool)> {
    match bound {
        Excluded(version) => Some((version.clone(), true)),
        Included(version) => Some((version.clone(), false)),
        Unbounded => None,
    }
}

/// The lowest floor above which nothing affected is admitted.
fn raise(dependency: &Dependency, affected: &Ranges<Version>) -> Option<Raise> {
    let ranges = &dependency.requirement.ranges;
    let both = ranges.intersection(affected);
    let (last, rest) = both.intervals().split_last()?;
    // The end of what is affected, not of what is admitted.
    let whole = affected.intervals().iter().rev().find(|(low, high)| {
        !Ranges::between(low.clone(), high.clone())
            .intersection(&Ranges::between(last.0.clone(), last.1.clone()))
            .is_empty()
    })?;
    let (to, inclusive) = end(&whole.1)?;
    let admitted = if inclusive {
        ranges.contains(&to)
    } else {
        !ranges.intersection(&Ranges::between(Excluded(to.clone()), Unbounded)).is_empty()
    };
    let starts = both.intervals().iter().skip(1).map(|(low, _)| low);
    let lines = rest
        .iter()
        .zip(starts)
        .filter_map(|((_, high), next)| match (high, next) {
            (Excluded(repaired), Included(next) | Excluded(next)) => Some((repaired.clone(), next.clone())),
            _ => None,
        })
        .collect();
    Some(Raise { to, inclusive, admitted, lines })
}
