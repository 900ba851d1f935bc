use crate::{CheckId, Fingerprint, Severity};
use serde::{Deserialize, Serialize};

/// What became of a finding since an earlier review.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The earlier review does not have it.
    New,
    /// It was fixed or suppressed then, and is open now.
    Reappeared,
    /// It is as it was.
    Unchanged,
}

impl Change {
    /// All, in the order of reports.
    pub const ALL: [Self; 3] = [Self::New, Self::Reappeared, Self::Unchanged];

    /// The word that all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reappeared => "reappeared",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A finding of an earlier review that this one does not have.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct FixedFinding {
    /// The path as it was shown.
    pub path: String,
    /// The line then.
    pub line: u32,
    /// The check.
    pub check: CheckId,
    /// What was wrong.
    pub title: String,
    /// How bad it was.
    pub severity: Severity,
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// Whether it had gone before the earlier review already.
    #[serde(default)]
    pub earlier: bool,
}

/// A review held against an earlier one, its *baseline*.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// What the review is compared with, as the user named it.
    pub baseline: String,
    /// What became of each finding, in the order of [`crate::Review::findings`].
    pub changes: Vec<Change>,
    /// What has gone, in the order of paths and lines.
    pub fixed: Vec<FixedFinding>,
    /// What limits the comparison: one sentence each.
    pub notes: Vec<String>,
}

impl Comparison {
    /// The number of findings that became of this.
    pub fn count(&self, change: Change) -> usize {
        self.changes.iter().filter(|other| **other == change).count()
    }
}
