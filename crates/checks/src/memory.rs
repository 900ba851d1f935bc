//! What the analysis of memory says, as examined places.
//!
//! Each place comes out as a site, with its check by the problem that was looked for. Places of one function that say the same of
//! the same object are one finding, and so are those of one file that use the result of a function of the program which nothing
//! looked at, and those of a file that is included several times.

use crate::memory_evidence::{Around, Evidence};
use crate::native::NativeCall;
use crate::{Check, check};
use assay_finding::{
    Confidence, FileGap, Finding, Fingerprint, Outcome, Place, Reason, Severity, Site, Step, StepKind,
};
use assay_index::FxHashMap;
use assay_ir::Module;
use assay_memory::{Analysis, Defect, FuncId, NoteKind, Problem, Program, SiteKind, Unit};
use assay_text::{FileId, Files, Role, Span};
use std::collections::BTreeMap;

/// Sites and findings; a site's `finding` counts in the findings given here.
#[derive(Debug, Default)]
pub struct ExaminedMemory {
    /// Every place that was looked at.
    pub sites: Vec<Site>,
    /// What is not safe.
    pub findings: Vec<Finding>,
    /// Functions that were not observed.
    pub gaps: Vec<FileGap>,
    /// Sentences for the report.
    pub notes: Vec<String>,
    /// Figures.
    pub counts: Vec<(String, u64)>,
}

/// The check that looks for a problem.
fn check_id(problem: Problem) -> &'static str {
    match problem {
        Problem::Overflow => "buffer-overflow",
        Problem::OverRead => "out-of-bounds-read",
        Problem::UnboundedCopy => "unbounded-copy",
        Problem::Unterminated => "unterminated-string",
        Problem::IntegerOverflow => "integer-overflow",
        Problem::Sign => "negative-size",
        Problem::LostBits => "lossy-conversion",
        Problem::Incompatible => "incompatible-call",
        Problem::Subtraction => "pointer-subtraction",
        Problem::Clearing => "removed-clearing",
        Problem::Shift => "undefined-shift",
        Problem::UseAfterFree => "use-after-free",
        Problem::DoubleFree => "double-free",
        Problem::InvalidFree => "invalid-free",
        Problem::Unclosed => "resource-leak",
        Problem::Amount => "uncontrolled-amount",
        Problem::Mismatch => "mismatched-release",
        Problem::Leak => "memory-leak",
        Problem::Null => "null-dereference",
        Problem::Uninitialized => "uninitialized-read",
        Problem::DanglingReturn => "dangling-return",
        Problem::Format => "format-string",
        Problem::Command => "command-injection",
        Problem::Query => "sql-injection",
        Problem::FileName => "path-traversal",
        Problem::Race => "file-race",
        Problem::TemporaryFile => "insecure-temporary-file",
        Problem::DivisionByZero => "division-by-zero",
        Problem::Unchecked => "unchecked-privilege-drop",
        Problem::Ignored => "unchecked-result",
        Problem::Unverified => "tls-verification-disabled",
        Problem::OldProtocol => "insecure-tls-version",
        Problem::WeakHash => "weak-hash",
        Problem::WeakCipher => "weak-cipher",
        Problem::OpenRights => "insecure-file-permissions",
        Problem::SearchPath => "untrusted-search-path",
        Problem::WrittenSecret => "hard-coded-secret",
        Problem::Predictable => "weak-randomness",
        Problem::Jail => "chroot-without-chdir",
        Problem::Overlap => "overlapping-copy",
        Problem::Recursion => "endless-recursion",
    }
}

/// What a place is called in the account.
fn noun(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Write => "buffer write",
        SiteKind::Read => "buffer read",
        SiteKind::Dereference => "dereference",
        SiteKind::Library => "call with a buffer",
        SiteKind::Allocation => "allocation",
        SiteKind::Release => "release of memory",
        SiteKind::Division => "division",
        SiteKind::Shift => "shift",
        SiteKind::Value => "value",
        SiteKind::Text => "text of the program",
        SiteKind::Result => "result",
        SiteKind::Setting => "setting",
    }
}

/// Analyses the files of languages with typed memory. `local` says that the user who starts the program is not trusted.
/// `calls` are those by which code in other languages calls functions of the program.
pub fn examine_memory(
    files: &Files,
    modules: &[(FileId, Module)],
    local: bool,
    calls: &[NativeCall],
) -> ExaminedMemory {
    let units = modules.iter().map(|(file, module)| Unit { file: *file, path: &files.get(*file).path, module });
    let foreign = calls.iter().filter(|call| call.module.is_none()).map(|call| call.function.as_str());
    let program = Program::new(units.collect()).called_from_outside(foreign);
    let analysis = assay_memory::analyse(&program);
    let entries = entries(&program, calls);
    let roots: Vec<FuncId> = entries.keys().copied().collect();
    let mut examiner = Examiner {
        program: &program,
        files,
        local,
        reached: program.reached_from(&roots),
        entries,
        out: ExaminedMemory::default(),
        known: FxHashMap::default(),
    };
    let mut proved: BTreeMap<&'static str, [u64; 2]> = BTreeMap::new();
    for site in &analysis.sites {
        let outcome = examiner.site(site);
        // Tests count apart, as everywhere.
        if let Some((what, safe)) = counted(site, outcome)
            && examiner.role(site.function) != Role::Test
        {
            let count = proved.entry(what).or_default();
            count[0] += u64::from(safe);
            count[1] += 1;
        }
    }
    examiner.gaps(&analysis);
    let mut out = examiner.out;
    if analysis.functions > 0 {
        let parts: Vec<String> = proved.iter().map(|(what, [safe, all])| format!("{safe} of {all} {what}")).collect();
        if !parts.is_empty() {
            out.notes.push(format!("Memory: proved safe {}.", parts.join(", ")));
        }
        out.counts.push(("memory functions".to_owned(), analysis.functions as u64));
        out.counts.push(("memory sites".to_owned(), analysis.sites.len() as u64));
        for (what, [safe, all]) in &proved {
            out.counts.push((format!("memory {what}"), *all));
            out.counts.push((format!("memory {what} proved safe"), *safe));
        }
    }
    out
}

/// The functions that code in other languages calls, with the calls.
fn entries<'c>(program: &Program<'_>, calls: &'c [NativeCall]) -> BTreeMap<FuncId, Vec<&'c NativeCall>> {
    let mut out: BTreeMap<FuncId, Vec<&NativeCall>> = BTreeMap::new();
    if calls.is_empty() {
        return out;
    }
    let methods = program.python_methods();
    for call in calls {
        match &call.module {
            Some(module) => {
                let called = methods.iter().filter(|m| m.name == call.function && m.modules.contains(module));
                called.for_each(|method| out.entry(method.function).or_default().push(call));
            }
            None => {
                if let Some(function) = program.function_named(&call.function) {
                    out.entry(function).or_default().push(call);
                }
            }
        }
    }
    out
}

/// The heading under which a site is counted, and whether it is safe.
fn counted(site: &assay_memory::Site, outcome: Outcome) -> Option<(&'static str, bool)> {
    let what = match (site.kind, site.problem) {
        (SiteKind::Write | SiteKind::Library, Problem::Overflow) => "writes",
        (SiteKind::Read | SiteKind::Library, Problem::OverRead) => "reads",
        (SiteKind::Dereference, Problem::Null) => "dereferences",
        (SiteKind::Allocation, Problem::IntegerOverflow) => "allocations",
        (SiteKind::Release, Problem::DoubleFree) => "releases",
        _ => return None,
    };
    Some((what, outcome == Outcome::Safe))
}

/// The macro that code is a use of, when a constant comes from it: no constant is written as a call.
fn macro_used(code: &str) -> Option<&str> {
    let (name, _) = code.strip_suffix(')')?.split_once('(')?;
    let name = name.trim_end();
    let word = |c: char| c.is_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(word)).then_some(name)
}

struct Examiner<'p> {
    program: &'p Program<'p>,
    files: &'p Files,
    local: bool,
    /// Functions that code in other languages calls, with the calls.
    entries: BTreeMap<FuncId, Vec<&'p NativeCall>>,
    /// The functions that these reach, each with the one that it is reached from.
    reached: FxHashMap<FuncId, FuncId>,
    out: ExaminedMemory,
    /// Findings by what makes two the same.
    known: FxHashMap<Same, usize>,
}

/// What makes two findings the same.
#[derive(PartialEq, Eq, Hash)]
enum Same {
    /// Function, check and title.
    Said(FuncId, Problem, String),
    /// What they share in one file.
    Shared(FileId, Problem, String),
    /// The place: a file that is included several times makes a function each time.
    Place(FileId, Span, Problem),
}

impl Examiner<'_> {
    fn place(&self, f: FuncId, span: Span) -> Place {
        let (unit, function) = self.program.location(f);
        let unit = self.program.unit(unit);
        let name = unit.module.strings.resolve(unit.module.functions[function].qualified);
        Place { file: unit.file, span, function: name.to_owned() }
    }

    /// The macro whose use makes the whole function in which a place is.
    fn generated_by(&self, site: &assay_memory::Site) -> Option<&str> {
        let (unit, function) = self.program.location(site.function);
        let unit = self.program.unit(unit);
        let name = unit.module.functions[function].name_span;
        let within = site.span.start <= name.start && name.end <= site.span.end && name.start < name.end;
        within.then(|| macro_used(self.files.get(unit.file).slice(site.span))).flatten()
    }

    fn role(&self, f: FuncId) -> Role {
        let (unit, _) = self.program.location(f);
        self.files.get(self.program.unit(unit).file).role
    }

    /// What the code around a setting says of it.
    fn evidence(&self, site: &assay_memory::Site, defect: &Defect) -> Evidence {
        let (unit, function) = self.program.location(site.function);
        let unit = self.program.unit(unit);
        let file = self.files.get(unit.file);
        let function = &unit.module.functions[function];
        let around = Around {
            path: file.path.as_ref(),
            function: unit.module.strings.resolve(function.name),
            body: file.slice(function.span),
            at: site.span.start.saturating_sub(function.span.start) as usize,
            api: &site.api,
            code: file.slice(site.span),
        };
        around.evidence(site.problem, &defect.value)
    }

    /// Adds a site, and its finding.
    fn site(&mut self, site: &assay_memory::Site) -> Outcome {
        let Some(check) = check(check_id(site.problem)) else { return Outcome::NotObserved };
        let place = self.place(site.function, site.span);
        let in_test = self.role(site.function) == Role::Test;
        let (outcome, reason, finding) = match &site.finding {
            assay_memory::Finding::Safe(why) => (Outcome::Safe, ("proved", why.clone()), None),
            assay_memory::Finding::Open(code, why) => (Outcome::NotObserved, (*code, why.clone()), None),
            assay_memory::Finding::Callers(why) => (Outcome::NotObserved, ("depends-on-callers", why.clone()), None),
            // Who starts the program may choose what it runs and reads.
            assay_memory::Finding::Defect(defect) if defect.local && !self.local && is_text(site.problem) => {
                (Outcome::Safe, ("trusted-source", "it comes from the user who starts the program".to_owned()), None)
            }
            // What a generator relies on stands in what it was made from, and there it has to be mended.
            assay_memory::Finding::Defect(defect) if !defect.certain && self.role(site.function) == Role::Generated => {
                let why =
                    format!("a program wrote this file, and what it relies on stands elsewhere: {}", defect.title);
                (Outcome::NotObserved, ("generated-code", why), None)
            }
            assay_memory::Finding::Defect(defect) if site.kind == SiteKind::Setting => {
                match self.evidence(site, defect) {
                    Evidence::None => return Outcome::NotObserved,
                    Evidence::Against(why) => (Outcome::NotObserved, ("no-evidence", why.to_owned()), None),
                    Evidence::For => {
                        let at = self.finding(check, site, defect, &place, in_test);
                        let outcome = if defect.certain { Outcome::Defect } else { Outcome::Potential };
                        (outcome, ("found", defect.title.clone()), Some(at))
                    }
                }
            }
            assay_memory::Finding::Defect(defect) => {
                let outcome = if defect.certain { Outcome::Defect } else { Outcome::Potential };
                let code = if defect.certain { "overrun" } else { "may-overrun" };
                let code = if matches!(site.problem, Problem::Overflow | Problem::OverRead) { code } else { "found" };
                let at = self.finding(check, site, defect, &place, in_test);
                (outcome, (code, defect.title.clone()), Some(at))
            }
        };
        let reason = Reason { code: reason.0.to_owned(), detail: reason.1 };
        self.out.sites.push(Site {
            check: check.id.clone(),
            noun: noun(site.kind).to_owned(),
            api: site.api.clone(),
            place,
            outcome,
            reason,
            finding,
            in_test,
            suppressed: false,
        });
        outcome
    }

    fn finding(
        &mut self,
        check: &'static Check,
        site: &assay_memory::Site,
        defect: &Defect,
        place: &Place,
        in_test: bool,
    ) -> usize {
        // How far an access goes astray makes no other defect of it.
        let said = Same::Said(site.function, site.problem, defect.title.split(|c: char| c.is_ascii_digit()).collect());
        let shared = defect.shared.clone().map(|shared| Same::Shared(place.file, site.problem, shared));
        let made_by = defect.made_by.and_then(|span| macro_used(self.files.get(place.file).slice(span)));
        let made_by = made_by.map(|name| Same::Shared(place.file, site.problem, format!("made by {name}")));
        let made_by = made_by.or_else(|| {
            let name = self.generated_by(site)?;
            Some(Same::Shared(place.file, site.problem, format!("{} in {name}", defect.title)))
        });
        let keys: Vec<Same> = [said, Same::Place(place.file, place.span, site.problem)]
            .into_iter()
            .chain(shared)
            .chain(made_by)
            .collect();
        if let Some(at) = keys.iter().find_map(|key| self.known.get(key)).copied() {
            self.known.extend(keys.into_iter().map(|key| (key, at)));
            return at;
        }
        // What comes from outside comes from where the other language calls.
        let calls = defect
            .steps
            .iter()
            .find(|note| note.kind == NoteKind::Source)
            .and_then(|_| self.entries.get(self.reached.get(&site.function)?));
        let calls = calls.into_iter().flatten().map(|call| Step {
            kind: StepKind::Call,
            place: call.place.clone(),
            message: format!("`{}` is called from Python here", call.function),
        });
        let trace = calls
            .chain(defect.steps.iter().map(|note| Step {
                kind: match note.kind {
                    NoteKind::Source => StepKind::Source,
                    NoteKind::Fact => StepKind::Assignment,
                    NoteKind::Call => StepKind::Call,
                    NoteKind::Sink => StepKind::Sink,
                },
                place: self.place(note.function, note.span),
                message: note.text.clone(),
            }))
            .collect();
        let confidence = match defect.confidence {
            0 => Confidence::Low,
            1 => Confidence::Medium,
            _ => Confidence::High,
        };
        let shown: String =
            self.files.get(place.file).slice(place.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let shown: String = shown.chars().take(60).collect();
        self.out.findings.push(Finding {
            check: check.id.clone(),
            title: capital(&defect.title),
            message: defect.message.clone(),
            severity: severity(check, defect),
            confidence,
            cwe: defect.cwe.to_vec(),
            place: place.clone(),
            trace,
            assumptions: defect.assumptions.clone(),
            reach: Vec::new(),
            false_if: vec!["the path that the steps describe cannot be taken".to_owned()],
            solution: check.solution_for(&site.api, &defect.value, &shown),
            fix: None,
            fingerprint: Fingerprint(String::new()),
            in_test,
            suppressed: None,
        });
        let at = self.out.findings.len() - 1;
        self.known.extend(keys.into_iter().map(|key| (key, at)));
        at
    }

    /// Functions that were not observed, those of one file together.
    fn gaps(&mut self, analysis: &Analysis) {
        let mut cut: BTreeMap<FileId, Vec<FuncId>> = BTreeMap::new();
        for f in &analysis.cut {
            cut.entry(self.place(*f, Span::default()).file).or_default().push(*f);
        }
        for (file, functions) in cut {
            let names: Vec<String> =
                functions.iter().map(|f| format!("`{}`", self.place(*f, Span::default()).function)).collect();
            let message = format!("MAX_MEMORY_STEPS_PER_INSTRUCTION in {}", names.join(", "));
            self.gap(file, functions[0], "limit", message, false);
        }
        for f in &analysis.failed {
            let place = self.place(*f, Span::default());
            let message = format!("the analysis of memory in `{}` failed", place.function);
            self.gap(place.file, *f, "internal-error", message, true);
        }
    }

    fn gap(&mut self, file: FileId, f: FuncId, code: &str, message: String, incomplete: bool) {
        let (unit, function) = self.program.location(f);
        let span = self.program.unit(unit).module.functions[function].name_span;
        self.out.gaps.push(FileGap {
            path: self.files.get(file).path.to_string(),
            file: Some(file),
            span: Some(span),
            code: code.to_owned(),
            message,
            incomplete,
        });
    }
}

/// Whether a problem is one of texts that whoever starts a program may choose. A format is none: its directives write memory, which
/// nobody is meant to who starts a program.
fn is_text(problem: Problem) -> bool {
    matches!(problem, Problem::Command | Problem::Query | Problem::FileName | Problem::SearchPath)
}

/// The check's severity; a step less for what rests on more than one assumption.
fn severity(check: &Check, defect: &Defect) -> Severity {
    if defect.confidence > 0 || check.severity <= Severity::Low {
        return check.severity;
    }
    let at = Severity::ALL.iter().position(|s| *s == check.severity).unwrap_or_default();
    Severity::ALL[at.saturating_sub(1)]
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}
