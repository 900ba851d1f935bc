//! Reports: a finished [`Review`] as text or document, for programs, for code hosts and build servers; and its ledger.
//!
//! Nothing here decides anything. What a format shows follows from the review alone, in the review's order
//! or in one computed from it, so that the same review gives the same bytes.
//!
//! All reviewed code is hostile: every piece of it passes through `escape` on its way out.
//!
//! ```
//! use assay_report::{Format, Options, render};
//! # use assay_finding::{Review, Statistics, Threat};
//! # let review = Review {
//! #     version: "0.1.0".into(), targets: vec!["src".into()], threat: Threat::Remote, threat_note: None,
//! #     files: assay_text::Files::default(), areas: vec![], findings: vec![], sites: vec![], surface: vec![],
//! #     gaps: vec![],
//! #     checks: vec![], notes: vec![], comparison: None, statistics: Statistics::default(),
//! # };
//! let mut out = Vec::new();
//! render(&review, Format::Text, &Options::default(), &mut out)?;
//! assert!(String::from_utf8_lossy(&out).starts_with("Assay 0.1.0: review of src"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod account;
mod change;
mod escape;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod layout;
mod ledger;
mod markdown;
mod sarif;
mod snippet;
mod style;
mod summary;
mod surface;
mod text;

pub use json::SCHEMA as JSON_SCHEMA;
pub use ledger::{LedgerFilter, LedgerFormat, render_ledger};
pub use markdown::explanation;
pub use sarif::limits as sarif_limits;
pub use summary::MARK as SUMMARY_MARK;
pub use surface::{SurfaceFilter, SurfaceFormat, render_surface};
pub use text::render_finding;

use assay_finding::Review;
use std::io;

/// A format of a review.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// Everything, for programs: `docs/json.md`.
    Json,
    /// SARIF 2.1.0, for code-scanning hosts.
    Sarif,
    /// The review as a document.
    Markdown,
    /// The review as a page: one file that needs nothing else.
    Html,
    /// A comment for a pull request, in Markdown, of bounded size.
    Summary,
    /// Annotations of a GitHub workflow.
    Github,
    /// GitLab's SAST report.
    Gitlab,
    /// GitLab's code-quality report.
    GitlabCodeQuality,
    /// JUnit's XML.
    Junit,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Json,
        Self::Sarif,
        Self::Markdown,
        Self::Html,
        Self::Summary,
        Self::Github,
        Self::Gitlab,
        Self::GitlabCodeQuality,
        Self::Junit,
    ];

    /// Whether it says something of test code though nobody asks for findings there.
    pub fn tells_of_tests(self) -> bool {
        matches!(self, Self::Text | Self::Json | Self::Markdown | Self::Html)
    }

    /// The word that the command line uses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Summary => "summary",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::GitlabCodeQuality => "gitlab-code-quality",
            Self::Junit => "junit",
        }
    }

    /// The format with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// The ids of all formats.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::id)
    }
}

/// How a report is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Whether text is coloured.
    pub color: bool,
    /// The columns that text may take; at least 40 are used.
    pub width: usize,
    /// Whether text lists every site, and every finding that does not count, in full.
    pub verbose: bool,
    /// Whether findings in test code are shown like others. They never count towards a verdict.
    pub include_tests: bool,
    /// The day of the review, as in `2026-01-31`, for the formats that ask for one.
    pub date: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { color: false, width: 80, verbose: false, include_tests: false, date: None }
    }
}

/// Writes a review.
///
/// # Errors
/// When writing fails.
pub fn render(review: &Review, format: Format, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Text => text::render(review, options, out),
        Format::Json => json::render(review, out),
        Format::Sarif => sarif::render(review, options, out),
        Format::Markdown => markdown::render(review, options, out),
        Format::Html => html::render(review, options, out),
        Format::Summary => summary::render(review, options, out),
        Format::Github => github::render(review, options, out),
        Format::Gitlab => gitlab::render_sast(review, options, out),
        Format::GitlabCodeQuality => gitlab::render_code_quality(review, options, out),
        Format::Junit => junit::render(review, options, out),
    }
}
