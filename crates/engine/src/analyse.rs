//! The whole-program analysis.

use assay_finding::{CheckId, FileGap, Finding, Site, Threat};
use assay_text::{FileId, Files};

/// What the analysis sees.
#[derive(Debug)]
pub struct AnalysisInput<'a> {
    /// All files, in the order of their paths.
    pub files: &'a Files,
    /// The lowered files in the same order: dotted module name, whether it is a package's `__init__`, and the code.
    pub modules: Vec<(FileId, String, bool, assay_ir::Module)>,
    /// The threat model that the user chose.
    pub threat: Option<Threat>,
    /// The checks that run.
    pub checks: Vec<CheckId>,
    /// The project's own model files: name and text.
    pub model_files: Vec<(String, String)>,
}

/// What the analysis found.
#[derive(Debug)]
pub struct AnalysisOutput {
    /// Every examined place. `finding` is an index into `findings`.
    pub sites: Vec<Site>,
    /// What is not safe.
    pub findings: Vec<Finding>,
    /// What was not observed.
    pub gaps: Vec<FileGap>,
    /// Sentences for the report.
    pub notes: Vec<String>,
    /// The threat model in force.
    pub threat: Threat,
    /// Why it is that one.
    pub threat_note: Option<String>,
    /// Figures.
    pub counts: Vec<(String, u64)>,
    /// Wall-clock and processor seconds per stage.
    pub stages: Vec<(String, f64, f64)>,
}

impl AnalysisOutput {
    /// The output of an analysis that found nothing to examine.
    pub fn empty(threat: Threat) -> Self {
        Self {
            sites: Vec::new(),
            findings: Vec::new(),
            gaps: Vec::new(),
            notes: Vec::new(),
            threat,
            threat_note: None,
            counts: Vec::new(),
            stages: Vec::new(),
        }
    }
}

/// Analyses the program. Its result follows from its input alone, but for the times.
///
/// # Errors
/// When a model file of the project's is wrong: one message for each error, with its place.
pub fn analyse(input: AnalysisInput<'_>) -> Result<AnalysisOutput, Vec<String>> {
    let AnalysisInput { threat, .. } = input;
    Ok(AnalysisOutput::empty(threat.unwrap_or(Threat::Remote)))
}
