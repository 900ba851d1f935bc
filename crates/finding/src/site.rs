use crate::{CheckId, Place};
use serde::{Deserialize, Serialize};

/// What was concluded about a site.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A complete path from an untrusted source, or a proof that a check is missing.
    Defect,
    /// A path that rests on a named assumption.
    Potential,
    /// Something that was read could not be followed to its end.
    NotObserved,
    /// Shown to be harmless, for the reason given.
    Safe,
}

impl Outcome {
    /// All, the worst first.
    pub const ALL: [Self; 4] = [Self::Defect, Self::Potential, Self::NotObserved, Self::Safe];

    /// The word that the command line and all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Defect => "defect",
            Self::Potential => "potential",
            Self::NotObserved => "not-observed",
            Self::Safe => "safe",
        }
    }

    /// The outcome with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.id() == id)
    }

    /// The outcome as reports print it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Defect => "defect",
            Self::Potential => "potential",
            Self::NotObserved => "not observed",
            Self::Safe => "safe",
        }
    }
}

/// Why a site has its outcome.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Reason {
    /// The kind of reason, a word that can be counted: `constant`, `bound-parameter`, `sanitised-by`,
    /// `validated-by`, `not-reachable-from-untrusted-input`, `test-code`, `callee-unresolved` …
    pub code: String,
    /// The particulars: the sanitiser's name, the unresolved callee, the shape of the text.
    pub detail: String,
}

/// An examined place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Site {
    /// The check that examined it; it gives the area.
    pub check: CheckId,
    /// What it is, as a noun: `database call`, `process start`, `opened file` …
    pub noun: String,
    /// What is called or used there, by its resolved name: `sqlite3.Cursor.execute`.
    pub api: String,
    /// Where.
    pub place: Place,
    /// The conclusion.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// Index into [`crate::Review::findings`] of the finding that explains it.
    pub finding: Option<usize>,
    /// Whether the file is test code.
    pub in_test: bool,
    /// Whether the finding was suppressed.
    pub suppressed: bool,
}
