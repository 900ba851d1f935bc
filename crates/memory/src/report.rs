//! What the analysis says of each place.

use crate::program::FuncId;
use assay_text::Span;

/// A kind of defect; each has a check of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Problem {
    /// Bytes outside of an object are written.
    Overflow,
    /// Bytes outside of an object are read.
    OverRead,
    /// A copy without any bound.
    UnboundedCopy,
    /// A string without a terminator is read as one.
    Unterminated,
    /// A number wraps around, or loses its upper bits, on its way to a size or index.
    IntegerOverflow,
    /// A negative number becomes a size or index.
    Sign,
    /// A number loses its upper bits, or its sign, where it is converted.
    LostBits,
    /// A function is called by an address as one with other parameters.
    Incompatible,
    /// The distance between addresses in different objects is taken.
    Subtraction,
    /// A shift by a negative number, or by as many bits as there are.
    Shift,
    /// An object is used after it was given back, or after its scope ended.
    UseAfterFree,
    /// An object is given back twice.
    DoubleFree,
    /// What was never allocated is given back.
    InvalidFree,
    /// Something that was opened is lost.
    Unclosed,
    /// Whoever sends a number says how much memory is taken, or how long the program waits.
    Amount,
    /// A block is given back by what takes back those of another allocator.
    Mismatch,
    /// An allocated object is lost.
    Leak,
    /// Null is dereferenced.
    Null,
    /// Bytes are read that nothing set.
    Uninitialized,
    /// The address of a variable outlives it.
    DanglingReturn,
    /// A format comes from outside.
    Format,
    /// A command comes from outside.
    Command,
    /// A query comes from outside.
    Query,
    /// The name of a file comes from outside.
    FileName,
    /// A file is looked at, and then opened by its name.
    Race,
    /// A temporary file has a name that can be guessed.
    TemporaryFile,
    /// A division by zero.
    DivisionByZero,
    /// Memory is cleared in a way that a compiler leaves out.
    Clearing,
    /// A result that matters is not looked at.
    Unchecked,
    /// Whether anything was read is not looked at.
    Ignored,
    /// The check of a certificate is off.
    Unverified,
    /// A broken version of TLS.
    OldProtocol,
    /// A broken hash.
    WeakHash,
    /// A broken cipher.
    WeakCipher,
    /// Rights for everybody.
    OpenRights,
    /// Another root folder, and not another current one.
    Jail,
    /// A program or library that is looked for where the environment says.
    SearchPath,
    /// A secret in the code.
    WrittenSecret,
    /// A generator that can be foretold makes a secret.
    Predictable,
    /// Bytes are copied onto some of themselves.
    Overlap,
    /// A function that always calls itself.
    Recursion,
}

/// What a place is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SiteKind {
    /// Bytes are written at a computed address.
    Write,
    /// Bytes are read at a computed address.
    Read,
    /// An address that may be null or gone is used.
    Dereference,
    /// A library function reads or writes bytes.
    Library,
    /// An object is allocated.
    Allocation,
    /// An object is given back.
    Release,
    /// A number is divided by another.
    Division,
    /// A number is shifted.
    Shift,
    /// A value is read that may not be set.
    Value,
    /// A format, command or name of a file is used.
    Text,
    /// A result is used or not.
    Result,
    /// Something is set, or chosen.
    Setting,
}

/// One step of an explanation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The function in which it happens.
    pub function: FuncId,
    /// Where.
    pub span: Span,
    /// What, in words.
    pub text: String,
    /// What kind of step.
    pub kind: NoteKind,
}

/// What happens in a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoteKind {
    /// Untrusted data comes in.
    Source,
    /// Something is the case here that matters later.
    Fact,
    /// A function is called.
    Call,
    /// The defect.
    Sink,
}

/// A defect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Defect {
    /// Its kind.
    pub problem: Problem,
    /// The weaknesses that it is, the most specific first.
    pub cwe: &'static [u32],
    /// What is wrong, in one line.
    pub title: String,
    /// Why, in a sentence.
    pub message: String,
    /// Whether it happens on some run for certain, given that the code is reached.
    pub certain: bool,
    /// How sure it is, from 0 to 2.
    pub confidence: u8,
    /// What is assumed.
    pub assumptions: Vec<String>,
    /// Whether it takes data of the user who starts the program.
    pub local: bool,
    /// The steps, the last at the site.
    pub steps: Vec<Note>,
    /// Code to show in the solution.
    pub value: String,
    /// What makes it the same defect as others in its file, where that is more than its function and title.
    pub shared: Option<String>,
    /// The code that the bad value comes from. Where that is the use of a macro, it is the same defect at all uses of the macro.
    pub made_by: Option<Span>,
}

impl Defect {
    /// Whether the way begins where untrusted data comes in.
    pub(crate) fn has_source(&self) -> bool {
        self.steps.iter().any(|step| step.kind == NoteKind::Source)
    }

    /// A defect that is likely. What is special about it is added by the methods below.
    pub(crate) fn new(
        problem: Problem,
        cwe: &'static [u32],
        title: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            problem,
            cwe,
            title: title.into(),
            message: message.into(),
            certain: false,
            confidence: 1,
            assumptions: Vec::new(),
            local: false,
            steps: Vec::new(),
            value: String::new(),
            shared: None,
            made_by: None,
        }
    }

    /// Whether it happens for certain where the code is reached; then it is as sure as can be.
    pub(crate) fn certain(self, certain: bool) -> Self {
        Self { certain, confidence: if certain { 2 } else { 1 }, ..self }
    }

    /// How sure it is.
    pub(crate) fn confidence(self, confidence: u8) -> Self {
        Self { confidence, ..self }
    }

    /// What is assumed.
    pub(crate) fn assuming(self, assumptions: Vec<String>) -> Self {
        Self { assumptions, ..self }
    }

    /// Whether it takes data of the user who starts the program.
    pub(crate) fn local(self, local: bool) -> Self {
        Self { local, ..self }
    }

    /// The steps, the last at the site.
    pub(crate) fn through(self, steps: Vec<Note>) -> Self {
        Self { steps, ..self }
    }

    /// Code to show in the solution.
    pub(crate) fn showing(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// What makes it the same defect as others in its file.
    pub(crate) fn shared(self, shared: Option<String>) -> Self {
        Self { shared, ..self }
    }

    /// The code that the bad value comes from.
    pub(crate) fn made_by(self, made_by: Option<Span>) -> Self {
        Self { made_by, ..self }
    }

    /// The conclusion that it is.
    pub(crate) fn finding(self) -> Finding {
        Finding::Defect(Box::new(self))
    }
}

/// What was found out of a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// Nothing can go wrong, for this reason.
    Safe(String),
    /// It depends on callers: on this.
    Callers(String),
    /// It could not be told, for this reason: a word, and the particulars.
    Open(&'static str, String),
    /// It is wrong.
    Defect(Box<Defect>),
}

impl Finding {
    /// How bad it is; of two that are said of one place, the worse counts.
    fn rank(&self) -> u8 {
        match self {
            Self::Safe(_) => 0,
            Self::Callers(_) => 1,
            Self::Open(..) => 2,
            Self::Defect(defect) => 3 + u8::from(defect.certain) * 4 + defect.confidence,
        }
    }
}

/// A place that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// The function.
    pub function: FuncId,
    /// The code.
    pub span: Span,
    /// What it is.
    pub kind: SiteKind,
    /// The problem that was looked for; a place is asked about several.
    pub problem: Problem,
    /// What is called or used there.
    pub api: String,
    /// The conclusion.
    pub finding: Finding,
}

/// Collects the sites of one function. The states of one place are put together.
#[derive(Default)]
pub(crate) struct Sites {
    sites: Vec<Site>,
    index: assay_index::FxHashMap<(Span, SiteKind, Problem), usize>,
}

impl Sites {
    /// Says something of a place.
    pub(crate) fn add(&mut self, site: Site) {
        if let Some(at) = self.index.get(&(site.span, site.kind, site.problem)) {
            let known = &mut self.sites[*at];
            if site.finding.rank() > known.finding.rank() {
                *known = site;
            }
        } else {
            self.index.insert((site.span, site.kind, site.problem), self.sites.len());
            self.sites.push(site);
        }
    }

    /// All of them, in the order of their places.
    pub(crate) fn finish(self) -> Vec<Site> {
        let mut sites = self.sites;
        sites.sort_by_key(|site| (site.span.start, site.span.end, site.kind, site.problem));
        sites
    }
}
