//! Findings as diagnostics.

use crate::report::Report;
use assay_finding::{Finding, Severity, StepKind};
use lsp_types::{Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, NumberOrString, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The name that diagnostics bear.
pub(crate) const SOURCE: &str = "assay";

/// The diagnostics of each file that has any.
pub(crate) fn of(report: &Report, open: &impl Fn(&Path) -> Option<Uri>) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let mut by_file: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for (_, finding) in report.findings() {
        let path = report.path(finding.place.file).to_path_buf();
        by_file.entry(path).or_default().push(diagnostic(report, finding, open));
    }
    by_file
}

/// One finding. The fingerprint comes along, by which code actions find it again.
pub(crate) fn diagnostic(report: &Report, finding: &Finding, open: &impl Fn(&Path) -> Option<Uri>) -> Diagnostic {
    let related = finding.trace.iter().enumerate().filter(|(_, step)| step.kind != StepKind::Sink);
    let related: Vec<DiagnosticRelatedInformation> = related
        .filter_map(|(at, step)| {
            let location = report.location(&step.place, open)?;
            Some(DiagnosticRelatedInformation { location, message: format!("{}. {}", at + 1, step.message) })
        })
        .collect();
    Diagnostic {
        range: report.measured(finding.place.file).range(finding.place.span),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.check.clone())),
        source: Some(SOURCE.to_owned()),
        message: format!("{}\n{}", finding.title, finding.message),
        related_information: (!related.is_empty()).then_some(related),
        data: Some(serde_json::Value::String(finding.fingerprint.0.clone())),
        ..Diagnostic::default()
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Critical | Severity::High => DiagnosticSeverity::ERROR,
        Severity::Medium => DiagnosticSeverity::WARNING,
        Severity::Low => DiagnosticSeverity::INFORMATION,
        Severity::Info => DiagnosticSeverity::HINT,
    }
}
