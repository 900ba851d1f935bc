use crate::Edit;
use assay_text::{FileId, Span};
use serde::{Deserialize, Serialize};

/// The id of a check, as users write it: `sql-injection`.
pub type CheckId = String;

/// How bad a defect is when it is real.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Needs unusual circumstances.
    Low,
    /// Serious with conditions.
    Medium,
    /// Serious.
    High,
    /// Lets an attacker run code or read everything.
    Critical,
}

impl Severity {
    /// All, from the lowest.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word that the command line and all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.id() == id)
    }
}

/// How sure the analysis is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Rests on more than one assumption.
    Low,
    /// Rests on one assumption.
    Medium,
    /// Every step is code that was read.
    High,
}

impl Confidence {
    /// All, from the lowest.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word that the command line and all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The confidence with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confidence| confidence.id() == id)
    }
}

/// A place in the reviewed tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    #[serde(with = "crate::wire::file")]
    pub file: FileId,
    /// The range of the code meant.
    #[serde(with = "crate::wire::span")]
    pub span: Span,
    /// The qualified name of the function around it: `pkg.module.Class.method`; the module's name at
    /// top level.
    pub function: String,
}

/// What happens in one step of a trace.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Untrusted data (or a secret) comes in.
    Source,
    /// It becomes the value of something else here.
    Assignment,
    /// It is passed to a function of the project.
    Call,
    /// It arrives as a parameter.
    Parameter,
    /// A function of the project returns it.
    Return,
    /// It is kept in an attribute, a module's variable or a captured variable.
    Stored,
    /// It is read from there.
    Loaded,
    /// It passes through a library's function.
    Library,
    /// It gets where it does harm.
    Sink,
}

impl StepKind {
    /// The word that all formats use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Assignment => "assignment",
            Self::Call => "call",
            Self::Parameter => "parameter",
            Self::Return => "return",
            Self::Stored => "stored",
            Self::Loaded => "loaded",
            Self::Library => "library",
            Self::Sink => "sink",
        }
    }
}

/// One step of the path that data takes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// What happens.
    pub kind: StepKind,
    /// Where.
    pub place: Place,
    /// What happens, in words: ``passed as `name` to `make_user` ``.
    pub message: String,
}

/// Identifies a finding across reviews, although lines move and code is reformatted. The first half, the *core*, says
/// what the finding is about (check, function within its module, code), the second where: the same code in
/// another module has the same core.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// The name and version of the way in which fingerprints are made, as SARIF asks for it.
    pub const SCHEME: &'static str = "assay/v1";
    /// Characters of the core.
    pub const CORE_LENGTH: usize = 16;

    /// The half that survives when code moves to another module.
    pub fn core(&self) -> &str {
        self.0.get(..Self::CORE_LENGTH).unwrap_or(&self.0)
    }
}

/// Why a finding does not count.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Suppression {
    /// `comment`, `triage` or `foreign-comment` (`# nosec` and the like).
    pub kind: String,
    /// The reason given by whoever suppressed it.
    pub reason: String,
}

/// A defect or potential defect, explained.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The check.
    pub check: CheckId,
    /// What is wrong, in one line, with the names of this code.
    pub title: String,
    /// What an attacker can do, and why, in plain words.
    pub message: String,
    /// How bad it is when real.
    pub severity: Severity,
    /// How sure the analysis is.
    pub confidence: Confidence,
    /// Weakness numbers, the most specific first.
    pub cwe: Vec<u32>,
    /// The place of the defect (the sink).
    pub place: Place,
    /// The path of the data, from source to sink; one step for a defect without a flow.
    pub trace: Vec<Step>,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// Who can reach it: entry points, in words.
    pub reach: Vec<String>,
    /// What would make it a false alarm.
    pub false_if: Vec<String>,
    /// What to do in this code.
    pub solution: String,
    /// An edit that closes it, where one exists.
    pub fix: Option<Edit>,
    /// The identity across reviews.
    pub fingerprint: Fingerprint,
    /// Whether the file is test code.
    pub in_test: bool,
    /// Set when it does not count.
    pub suppressed: Option<Suppression>,
}

impl Finding {
    /// Every place that it names.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        let fix = self.fix.iter_mut().flat_map(|edit| &mut edit.replacements).map(|one| &mut one.place);
        std::iter::once(&mut self.place).chain(self.trace.iter_mut().map(|step| &mut step.place)).chain(fix)
    }
}
