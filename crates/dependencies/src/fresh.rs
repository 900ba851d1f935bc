//! What a fresh resolution would select, as far as that follows from a range and from what the advisories say is released.
//!
//! Most resolvers select the newest release that is admitted. Which one that is only the registry knows; that it is affected, or is not,
//! may be known all the same: when everything from some release on, which exists and is admitted, is affected, or nothing of it is. The
//! releases that are known are those that advisories name, as affected or as repaired.

use crate::package::Dependency;
use crate::verdict::{Defect, Exposure, Quality};
use crate::{Ranges, Version};
use std::borrow::Cow;
use std::ops::Bound::{Included, Unbounded};

/// What a resolution that no lock or constraint holds back would select for a range.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fresh {
    /// An affected version: this one or a later one, or, where no release is known, any.
    Affected(Option<Version>),
    /// This version or a later one, none of which is affected.
    Unaffected(Version),
    /// That takes the registry's list of versions.
    Unknown,
}

impl Fresh {
    /// The word that reports use.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Affected(_) => "affected",
            Self::Unaffected(_) => "not-affected",
            Self::Unknown => "unknown",
        }
    }

    /// In words, for the package of this name.
    pub fn words(&self, name: &str) -> String {
        match self {
            Self::Affected(Some(version)) => {
                format!(
                    "a fresh resolution would select `{name}` {version} or a later one, and all of these are affected"
                )
            }
            Self::Affected(None) => "whatever a fresh resolution selects is affected".to_owned(),
            Self::Unaffected(version) => {
                format!(
                    "a fresh resolution would select `{name}` {version} or a later one, and none of these is affected"
                )
            }
            Self::Unknown => "what a fresh resolution would select is not known".to_owned(),
        }
    }
}

/// What follows for a dependency, of which these defects concern what is admitted, all of them together `affected`; `unclear` are those of
/// which that is not known.
pub(crate) fn fresh(
    dependency: &Dependency,
    defects: &[Defect],
    exposures: &[Exposure],
    unclear: &[(Exposure, Quality)],
    affected: &Ranges<Version>,
) -> Fresh {
    if !dependency.ecosystem.selects_newest() {
        return Fresh::Unknown;
    }
    let admitted = &dependency.requirement.ranges;
    // Of what comes after the last version that it names, an advisory without an end says nothing.
    let certain =
        exposures.iter().map(|exposure| &defects[exposure.defect]).map(|defect| match defect.versions.last() {
            Some(last) if defect.quality.contains(&Quality::NoUpperBound) => {
                Cow::Owned(defect.affected.intersection(&Ranges::between(Unbounded, Included(last.clone()))))
            }
            _ => Cow::Borrowed(&defect.affected),
        });
    let certain: Vec<Cow<'_, Ranges<Version>>> = certain.collect();
    let certain = Ranges::all_of(certain.iter().map(AsRef::as_ref));
    let newest = exposures.iter().filter_map(|exposure| exposure.admitted.last()).max().cloned();
    let after = match &newest {
        Some(version) => admitted.intersection(&Ranges::between(version.beyond(), Unbounded)),
        None => admitted.clone(),
    };
    if after.without(&certain).is_empty() {
        return Fresh::Affected(newest);
    }
    let live = defects.iter().filter(|defect| defect.informational.is_none());
    let repaired = live.flat_map(|defect| &defect.records).filter_map(|record| {
        let mut repaired = record.repaired.within(admitted);
        if !dependency.requirement.prereleases {
            repaired = repaired.releases();
        }
        repaired.last().cloned()
    });
    // What cannot be told of these is not told of the newest either.
    let vague = unclear.iter().any(|(exposure, _)| {
        let defect = &defects[exposure.defect];
        defect.affected.is_empty() || !defect.affected.intersection(admitted).is_empty()
    });
    match repaired.max() {
        Some(version) if !vague => {
            let from = admitted.intersection(&Ranges::between(Included(version.clone()), Unbounded));
            if from.intersection(affected).is_empty() { Fresh::Unaffected(version) } else { Fresh::Unknown }
        }
        _ => Fresh::Unknown,
    }
}
