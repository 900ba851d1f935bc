//! What a check says of one place.

use crate::{Check, Wanted};
use assay_finding::{Confidence, Outcome, Reason, Severity, Step};
use assay_resolve::FuncId;
use assay_text::Span;

/// A place that a check examined, with its conclusion.
#[derive(Clone, PartialEq, Debug)]
pub struct Examined {
    /// The check.
    pub check: &'static Check,
    /// The function.
    pub function: FuncId,
    /// The code meant.
    pub span: Span,
    /// What is called or used there, by its resolved name.
    pub api: String,
    /// The conclusion.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// Set for a defect or potential defect.
    pub explanation: Option<Explanation>,
}

/// The explanation of a defect.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// What is wrong, in one line, with the names of this code.
    pub title: String,
    /// What an attacker can do, and why.
    pub message: String,
    /// How bad it is when real.
    pub severity: Severity,
    /// How sure the analysis is.
    pub confidence: Confidence,
    /// The path of the data; one step for a defect without a flow.
    pub trace: Vec<Step>,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// Who can reach it.
    pub reach: Vec<String>,
    /// What would make it a false alarm.
    pub false_if: Vec<String>,
    /// What to do in this code.
    pub solution: String,
    /// The setting that it is about, where it is about one.
    pub wanted: Option<Wanted>,
    /// Weakness numbers that are more specific than the check's own.
    pub cwe: Option<Vec<u32>>,
}

impl Examined {
    /// What the place is called in the account. One check looks at two kinds of places: at what comes in, and at what
    /// checks it.
    pub fn noun(&self) -> &str {
        if self.reason.code.starts_with(crate::parameters::CODES) { crate::parameters::NOUN } else { &self.check.noun }
    }

    /// A place that is safe, or not observed, for a reason.
    pub fn closed(
        check: &'static Check,
        function: FuncId,
        span: Span,
        api: &str,
        outcome: Outcome,
        code: &str,
        detail: impl Into<String>,
    ) -> Self {
        let reason = Reason { code: code.to_owned(), detail: detail.into() };
        Self { check, function, span, api: api.to_owned(), outcome, reason, explanation: None }
    }
}
