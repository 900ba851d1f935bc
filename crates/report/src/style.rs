//! Colour on a terminal. Text must be escaped before it is painted.

use assay_finding::{Outcome, Severity, Verdict};

/// What a piece of text is, as far as its colour goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Paint {
    /// Headings.
    Strong,
    /// Line numbers, frames, side remarks.
    Dim,
    /// Paths.
    Place,
    /// What is wrong, gravely.
    Bad,
    /// What may be wrong.
    Warn,
    /// What is unknown.
    Open,
    /// What is in order.
    Good,
}

impl Paint {
    pub(crate) fn severity(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Bad,
            Severity::Medium => Self::Warn,
            Severity::Low | Severity::Info => Self::Open,
        }
    }

    pub(crate) fn outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Defect => Self::Bad,
            Outcome::Potential => Self::Warn,
            Outcome::NotObserved => Self::Open,
            Outcome::Safe => Self::Good,
        }
    }

    pub(crate) fn verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::DefectsFound => Self::Bad,
            Verdict::PotentialDefects => Self::Warn,
            Verdict::NotObserved => Self::Open,
            Verdict::Clear => Self::Good,
            Verdict::NotApplicable => Self::Dim,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Strong => "1",
            Self::Dim => "2",
            Self::Place => "36",
            Self::Bad => "1;31",
            Self::Warn => "1;33",
            Self::Open => "1;34",
            Self::Good => "32",
        }
    }
}

/// Paints, or leaves text as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) color: bool,
}

impl Style {
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\u{1b}[{}m{text}\u{1b}[0m", paint.code())
        } else {
            text.to_owned()
        }
    }
}
