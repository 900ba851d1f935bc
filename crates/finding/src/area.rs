use crate::{Outcome, Site};
use serde::{Deserialize, Serialize};

/// An area of concern of a review, in the order in which reports show them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Untrusted data that becomes code of another language.
    Injection,
    /// Buffers, lifetimes and sizes.
    MemorySafety,
    /// Work, memory and connections that an attacker can make grow.
    ResourceConsumption,
    /// What errors do, and to whom they are shown.
    ErrorHandling,
    /// Files, networks, cryptography, serialised data, secrets.
    ExternalInteraction,
    /// Third-party packages.
    Dependencies,
    /// Who may do what.
    AccessControl,
    /// Checks of untrusted input.
    DataValidation,
}

impl Area {
    /// All areas in the order of a report.
    pub const ALL: [Self; 8] = [
        Self::Injection,
        Self::MemorySafety,
        Self::ResourceConsumption,
        Self::ErrorHandling,
        Self::ExternalInteraction,
        Self::Dependencies,
        Self::AccessControl,
        Self::DataValidation,
    ];

    /// The id that the command line and all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Injection => "injection",
            Self::MemorySafety => "memory-safety",
            Self::ResourceConsumption => "resource-consumption",
            Self::ErrorHandling => "error-handling",
            Self::ExternalInteraction => "external-interaction",
            Self::Dependencies => "dependencies",
            Self::AccessControl => "access-control",
            Self::DataValidation => "data-validation",
        }
    }

    /// The area's name in plain words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Injection => "Injection",
            Self::MemorySafety => "Memory safety",
            Self::ResourceConsumption => "Resource consumption",
            Self::ErrorHandling => "Error handling",
            Self::ExternalInteraction => "Interaction with external systems",
            Self::Dependencies => "Dependencies",
            Self::AccessControl => "Access control",
            Self::DataValidation => "Data validation",
        }
    }

    /// The area with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.id() == id)
    }
}

/// The conclusion about an area.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// At least one site is a defect.
    DefectsFound,
    /// No defect, but a site that rests on an assumption.
    PotentialDefects,
    /// Sites were examined and none is open.
    Clear,
    /// Nothing could be examined, or too large a share of the sites could not.
    NotObserved,
    /// There is no site that this area asks about.
    NotApplicable,
}

impl Verdict {
    /// All, the worst first.
    pub const ALL: [Self; 5] =
        [Self::DefectsFound, Self::PotentialDefects, Self::NotObserved, Self::Clear, Self::NotApplicable];

    /// The word that all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::DefectsFound => "defects-found",
            Self::PotentialDefects => "potential-defects",
            Self::Clear => "clear",
            Self::NotObserved => "not-observed",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// The verdict as reports print it.
    pub fn title(self) -> &'static str {
        match self {
            Self::DefectsFound => "defects found",
            Self::PotentialDefects => "potential defects",
            Self::Clear => "clear",
            Self::NotObserved => "not observed",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// The verdict that follows from an area's sites. Sites in test code and suppressed findings do
/// not count towards it. `analysed` says whether this version has an analysis for the area.
///
/// More than half of the sites unobserved means that the area is *not observed*.
pub fn verdict<'a>(analysed: bool, sites: impl IntoIterator<Item = &'a Site>) -> Verdict {
    if !analysed {
        return Verdict::NotObserved;
    }
    let (mut total, mut unobserved, mut defect, mut potential) = (0usize, 0usize, false, false);
    for site in sites {
        if site.in_test || site.suppressed {
            continue;
        }
        total += 1;
        match site.outcome {
            Outcome::Defect => defect = true,
            Outcome::Potential => potential = true,
            Outcome::NotObserved => unobserved += 1,
            Outcome::Safe => {}
        }
    }
    match () {
        () if defect => Verdict::DefectsFound,
        () if potential => Verdict::PotentialDefects,
        () if total == 0 => Verdict::NotApplicable,
        () if unobserved * 2 > total => Verdict::NotObserved,
        () => Verdict::Clear,
    }
}
