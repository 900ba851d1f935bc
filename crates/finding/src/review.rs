use crate::{Area, Change, CheckId, Comparison, EntryPoint, Finding, Severity, Site, Verdict, verdict};
use assay_text::{FileId, Files, Span};
use serde::{Deserialize, Serialize};

/// Which sources are taken for untrusted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Threat {
    /// Requests and messages from the network.
    Remote,
    /// Also arguments, the environment, files and standard input.
    Local,
    /// Also the parameters of a package's public functions.
    Library,
    /// All of them.
    All,
}

impl Threat {
    /// All, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Remote, Self::Local, Self::Library, Self::All];

    /// The word that the command line uses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Remote => "remote",
            Self::Local => "local",
            Self::Library => "library",
            Self::All => "all",
        }
    }

    /// The threat model with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|threat| threat.id() == id)
    }
}

/// What a report says of a check.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CheckInfo {
    /// The id.
    pub id: CheckId,
    /// The title in plain words.
    pub title: String,
    /// The area that it belongs to.
    pub area: Area,
    /// Weakness numbers, the most specific first.
    pub cwe: Vec<u32>,
    /// OWASP Top 10:2025 category, such as `A05:2025`.
    pub owasp: String,
    /// ASVS 5.0 requirement, such as `1.2.4`, where one applies.
    pub asvs: Option<String>,
    /// The severity that findings have unless the check lowers it.
    pub severity: Severity,
    /// The languages it works for.
    pub languages: Vec<String>,
    /// One paragraph.
    pub summary: String,
    /// The whole documentation, as Markdown.
    pub documentation: String,
}

/// The verdict of one area.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AreaVerdict {
    /// The area.
    pub area: Area,
    /// Whether this version has an analysis for it.
    pub analysed: bool,
    /// The conclusion.
    pub verdict: Verdict,
    /// Sites by outcome, tests and suppressed ones left out: defect, potential, not observed, safe.
    pub counts: [usize; 4],
    /// Sites in test code.
    pub in_test: usize,
    /// Sites with a suppressed finding.
    pub suppressed: usize,
}

impl AreaVerdict {
    /// The verdict and the counts of an area, from its sites.
    pub fn of<'a>(area: Area, analysed: bool, sites: impl IntoIterator<Item = &'a Site> + Clone) -> Self {
        let verdict = verdict(analysed, sites.clone());
        let (mut counts, mut in_test, mut suppressed) = ([0; 4], 0, 0);
        for site in sites {
            match site {
                site if site.in_test => in_test += 1,
                site if site.suppressed => suppressed += 1,
                site => counts[site.outcome as usize] += 1,
            }
        }
        Self { area, analysed, verdict, counts, in_test, suppressed }
    }
}

/// Something about a file, or a part of it, that was not analysed, or only with a caveat.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FileGap {
    /// The path as shown.
    pub path: String,
    /// The file, when it was read.
    #[serde(with = "crate::wire::optional_file")]
    pub file: Option<FileId>,
    /// The part, when it is not the whole file.
    #[serde(with = "crate::wire::optional_span")]
    pub span: Option<Span>,
    /// The kind of gap, a word that can be counted: `syntax-error`, `too-large`, `unreadable`,
    /// `language-unsupported`, `symlink`, `limit`, `internal-error`, `older-language`.
    pub code: String,
    /// In words.
    pub message: String,
    /// Whether it makes the review of first-party code incomplete.
    pub incomplete: bool,
}

/// Figures for `--stats`. Counts are the same in every run; times are not and never reach a report.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Statistics {
    /// Named counts in the order in which they are shown.
    pub counts: Vec<(String, u64)>,
    /// Wall-clock seconds and processor seconds per stage, in order.
    pub stages: Vec<(String, f64, f64)>,
}

/// A finished review.
#[derive(Clone, Debug)]
pub struct Review {
    /// The version of the tool.
    pub version: String,
    /// What was reviewed, as shown: the paths the user named.
    pub targets: Vec<String>,
    /// The threat model in force.
    pub threat: Threat,
    /// Why it is that one, when the user did not choose it.
    pub threat_note: Option<String>,
    /// The files that were read.
    pub files: Files,
    /// One verdict for each area, in [`Area::ALL`]'s order.
    pub areas: Vec<AreaVerdict>,
    /// The findings, suppressed ones included, in the order of files and places.
    pub findings: Vec<Finding>,
    /// Every examined site, in the order of files and places.
    pub sites: Vec<Site>,
    /// What the outside can call, in the order of channels and paths.
    pub surface: Vec<EntryPoint>,
    /// What was not observed for whole files or parts of them.
    pub gaps: Vec<FileGap>,
    /// The checks that ran.
    pub checks: Vec<CheckInfo>,
    /// What to say about entry points, roles and resolved calls: one sentence each.
    pub notes: Vec<String>,
    /// What is new since an earlier review, when it was asked for.
    pub comparison: Option<Comparison>,
    /// Figures.
    pub statistics: Statistics,
}

impl Review {
    /// The description of a check of this review.
    pub fn check(&self, id: &str) -> Option<&CheckInfo> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// What became of the finding with this index since the baseline, if there is one.
    pub fn change(&self, finding: usize) -> Option<Change> {
        self.comparison.as_ref()?.changes.get(finding).copied()
    }

    /// Whether the finding with this index is *open*: it is neither in test code nor suppressed, and not known from
    /// the baseline. Only open findings fail a command, and those that go to a pull request are open.
    pub fn is_open(&self, finding: usize) -> bool {
        self.findings.get(finding).is_some_and(|found| !found.in_test && found.suppressed.is_none())
            && self.change(finding) != Some(Change::Unchanged)
    }

    /// Whether every first-party file was analysed.
    pub fn is_complete(&self) -> bool {
        !self.gaps.iter().any(|gap| gap.incomplete)
    }
}
