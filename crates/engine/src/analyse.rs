//! The whole-program analysis.

use crate::error::Error;
use crate::moves::Move;
use crate::releases;
use crate::remedies::{Open, Remedies};
use crate::scope;
use crate::session::{Described, Session};
use crate::templates;
use assay_checks::{
    Calls, Code, FlowInput, Grouping, NativeCall, attack_surface, examine_code, examine_flows, examine_handlers,
    examine_input_errors, examine_memory, examine_parameters, native_calls, shown_errors, vulnerable_calls,
};
use assay_dependencies::Inventory;
use assay_finding::{
    Channel, CheckId, Confidence, EntryPoint, FileGap, Finding, Fingerprint, Place, Site, Step, StepKind, Threat,
};
use assay_index::{FxHashMap, FxHashSet};
use assay_models::{EntryKind, ModelFile, Models, Releases, SourceKind};
use assay_resolve::{FuncId, InputModule, Program, Resolution, Unresolved};
use assay_taint::{Analysis, Threats};
use assay_text::{FileId, Files, Language, Reads, Role, SourceFile, Span, Texts};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

/// What the analysis sees.
#[derive(Debug)]
pub struct AnalysisInput<'a> {
    /// All files, in the order of their paths.
    pub files: &'a Files,
    /// The lowered files in the same order: dotted module name, whether it is a package's `__init__`, and the code.
    pub modules: Vec<(FileId, String, bool, Arc<assay_ir::Module>)>,
    /// The threat model that the user chose.
    pub threat: Option<Threat>,
    /// The checks that run.
    pub checks: Vec<CheckId>,
    /// The project's own model files: name and text.
    pub model_files: Vec<(String, String)>,
    /// What has a known vulnerability, by dotted paths: calls of it are looked for.
    pub wanted: BTreeSet<String>,
    /// Whether it is also asked what each entry point reaches.
    pub effects: bool,
    /// Whether test code is examined.
    pub tests: bool,
    /// Whether there is code that other languages call.
    pub native: bool,
    /// What the manifests say.
    pub inventory: &'a Inventory,
}

/// What the analysis found.
#[derive(Clone, Debug)]
pub struct AnalysisOutput {
    /// Every examined place. `finding` is an index into `findings`.
    pub sites: Vec<Site>,
    /// What is not safe.
    pub findings: Vec<Finding>,
    /// What the outside can call.
    pub surface: Vec<EntryPoint>,
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
    /// The templates that the program was seen to render.
    pub rendered: BTreeSet<FileId>,
    /// Calls of what has a known vulnerability.
    pub calls: Calls,
    /// Calls by which code leaves Python.
    pub native_calls: Vec<NativeCall>,
}

impl AnalysisOutput {
    /// The output of an analysis that found nothing to examine.
    pub fn empty(threat: Threat) -> Self {
        Self {
            sites: Vec::new(),
            findings: Vec::new(),
            surface: Vec::new(),
            gaps: Vec::new(),
            notes: Vec::new(),
            threat,
            threat_note: None,
            counts: Vec::new(),
            rendered: BTreeSet::new(),
            calls: Calls::default(),
            native_calls: Vec::new(),
        }
    }

    /// Adds the calls that others than the checks ask for.
    fn with_calls(self, resolution: &Resolution<'_>, wish: &Wish<'_>) -> Self {
        Self {
            calls: vulnerable_calls(resolution, wish.files, &wish.wanted),
            native_calls: if wish.native { native_calls(resolution, wish.files) } else { Vec::new() },
            ..self
        }
    }

    /// Adds what was found out about dependencies, as far as `checks` ask for it.
    pub(crate) fn add_dependencies(&mut self, found: crate::dependencies::Examined, checks: &[CheckId]) {
        self.add_places(found.places.sites, found.places.findings, checks);
        self.gaps.extend(found.gaps);
        self.notes.extend(found.notes);
        self.counts.extend(found.counts);
    }

    /// Analyses the files of languages with typed memory, and adds what was found out, as far as `checks` ask for it.
    pub(crate) fn add_memory(
        &mut self,
        files: &Files,
        native: &[(FileId, assay_ir::Module)],
        local: bool,
        checks: &[CheckId],
    ) {
        let calls = std::mem::take(&mut self.native_calls);
        match catch_unwind(AssertUnwindSafe(|| examine_memory(files, native, local, &calls))) {
            Ok(found) => {
                self.add_places(found.sites, found.findings, checks);
                self.gaps.extend(found.gaps);
                self.notes.extend(found.notes);
                self.counts.extend(found.counts);
            }
            Err(_) => self.gaps.push(FileGap {
                path: ".".to_owned(),
                file: None,
                span: None,
                code: "internal-error".to_owned(),
                message: "internal error: the analysis of memory failed".to_owned(),
                incomplete: true,
            }),
        }
    }

    /// Adds sites and findings of their own numbering, as far as `checks` ask for them.
    fn add_places(&mut self, sites: Vec<Site>, findings: Vec<Finding>, checks: &[CheckId]) {
        let asked = |check: &CheckId| checks.is_empty() || checks.contains(check);
        let mut number = Vec::with_capacity(findings.len());
        for finding in findings {
            number.push(asked(&finding.check).then_some(self.findings.len()));
            if asked(&finding.check) {
                self.findings.push(finding);
            }
        }
        for mut site in sites.into_iter().filter(|site| asked(&site.check)) {
            site.finding = site.finding.and_then(|at| number.get(at).copied().flatten());
            self.sites.push(site);
        }
    }
}

/// A lowered file: dotted module name, whether it is a package's `__init__`, and the code.
pub(crate) type Lowered = (FileId, String, bool, Arc<assay_ir::Module>);

/// What each module is to the program.
fn described(files: &Files, modules: Vec<Lowered>) -> Vec<Described> {
    let input = |(file, name, package, ir): Lowered| {
        let role = files.get(file).role;
        // Examples and documentation are no part of a program.
        let test = matches!(role, Role::Test | Role::Example);
        let template = files.get(file).language == Language::Template || assay_ir::template::is_inline(&name);
        let whole = &files.get(file).path;
        let name_at = whole.rfind('/').map_or(0, |at| at + 1);
        let path = whole[..whole[name_at..].rfind('.').map_or(whole.len(), |at| name_at + at)].to_owned();
        Described { file, name, path, package, test, template, module: ir }
    };
    modules.into_iter().map(input).collect()
}

/// Puts the modules together.
fn program(modules: Vec<Described>) -> Program {
    let input = |one: Described| {
        let Described { file, name, path, package, test, template, module } = one;
        InputModule { file, name, path, package, test, template, ir: Arc::unwrap_or_clone(module) }
    };
    Program::new(modules.into_par_iter().map(input).collect())
}

/// Calls of what has a known vulnerability, and nothing else.
pub(crate) fn calls(files: &Files, modules: Vec<Lowered>, wanted: &BTreeSet<String>) -> Calls {
    let Some(models) = builtin_models() else { return Calls::default() };
    let resolution = assay_checks::resolve(program(described(files, modules)), models);
    vulnerable_calls(&resolution, files, wanted)
}

/// The models that come with the program; `None` when they are wrong, which [`analyse`] says.
fn builtin_models() -> Option<&'static Models> {
    static MODELS: OnceLock<Option<Models>> = OnceLock::new();
    MODELS.get_or_init(|| Models::load(&Models::builtin_files(Language::Python)).ok()).as_ref()
}

/// What is found out of the whole program without looking at where its code stands: the resolution, and where data goes.
pub(crate) struct Facts<'m> {
    pub(crate) resolution: Resolution<'m>,
    /// With whether the parameters of public functions count as sources.
    pub(crate) analysis: Option<(bool, Analysis)>,
}

impl<'m> Facts<'m> {
    fn new(modules: Vec<Described>, models: &'m Models, releases: Releases, lap: &mut Lap<'_>) -> Result<Self, Error> {
        let mut program = program(modules);
        program.releases = releases;
        lap("models and program")?;
        let resolution = assay_checks::resolve(program, models);
        lap("resolve")?;
        Ok(Self { resolution, analysis: None })
    }
}

/// Is told the name of each stage as it ends, and may end the analysis there.
pub type Lap<'l> = dyn FnMut(&str) -> Result<(), Error> + 'l;

/// Analyses the program. Its result follows from its input alone, but for the times; what a session remembers only saves work.
///
/// # Errors
/// When a model file of the project's is wrong, and when `lap` says so.
pub fn analyse(
    input: AnalysisInput<'_>,
    session: Option<&Session>,
    lap: &mut Lap<'_>,
) -> Result<AnalysisOutput, Error> {
    let AnalysisInput { files, modules, threat, checks, model_files, wanted, effects, tests, native, inventory } =
        input;
    let wish = Wish { files, threat, checks, wanted, effects, native };
    let mut modules = described(files, modules);
    // Of what is vulnerable, it is also said where tests name it.
    if !tests && wish.wanted.is_empty() {
        modules = scope::without_tests(modules, files);
    }
    if let (true, Some(models)) = (model_files.is_empty(), builtin_models()) {
        let again = session.map(|_| modules.clone());
        let releases = releases::releases(models, inventory, files);
        let asked = format!("{threat:?} {tests} {effects} {native} {:?} {:?}", wish.checks, wish.wanted);
        let recalled = session.and_then(|session| Some((session, session.recall(&modules, &releases)?)));
        let known = recalled.as_ref().and_then(|(session, (_, moved))| session.output(&asked, files, tests, moved));
        let mut facts = match recalled {
            Some((_, (facts, _))) => facts,
            None => Facts::new(modules, models, releases, lap)?,
        };
        let output = known.map_or_else(
            || {
                let found = examine(&mut facts, &wish, session.map(|_| Reads::default()), lap)?;
                let output = found.output.clone();
                if let Some(session) = session {
                    session.keep_output(asked, files, found);
                }
                Ok(output)
            },
            Ok,
        );
        let output = output.map(|output| output.with_calls(&facts.resolution, &wish));
        // They hold even when the checks were stopped.
        if let (Some(session), Some(modules)) = (session, again) {
            session.keep(modules, facts);
        }
        return output;
    }
    let mut model_sources = Models::builtin_files(Language::Python);
    model_sources.extend(model_files.iter().map(|(name, text)| ModelFile { name, text }));
    let models = Models::load(&model_sources)
        .map_err(|errors| Error::Models(errors.iter().map(ToString::to_string).collect()))?;
    let releases = releases::releases(&models, inventory, files);
    let mut facts = Facts::new(modules, &models, releases, lap)?;
    let output = examine(&mut facts, &wish, None, lap)?.output;
    Ok(output.with_calls(&facts.resolution, &wish))
}

/// Whether what is at such an entry point comes from others than the user of the machine.
fn is_remote(kind: EntryKind) -> bool {
    !matches!(kind, EntryKind::Command | EntryKind::Task | EntryKind::Event)
}

/// Whether a function is a method of a class that frameworks have, and that the models know as one of this program.
fn is_framework(resolution: &Resolution<'_>, f: FuncId) -> bool {
    resolution.program.functions[f].class.is_some_and(|class| {
        let bases = resolution.hierarchy.external_bases(class);
        !bases.is_empty() && bases.iter().all(|base| resolution.is_own(*base))
    })
}

/// Whether code of the program itself reads requests by a library's objects. A framework does so for others, and bare sockets are
/// also what a client reads answers from.
fn reads_requests(resolution: &Resolution<'_>, analysis: &Analysis, files: &Files) -> bool {
    let entries = &resolution.entries;
    if entries.iter().any(|e| is_remote(e.kind) && is_framework(resolution, e.function)) {
        return false;
    }
    let above = shared_folders(&resolution.program, files);
    analysis.sources().any(|(_, source)| {
        let module = resolution.program.module_of(source.function);
        let file = files.get(module.file);
        let copied = matches!(file.role, Role::Vendored | Role::Test | Role::Example);
        source.kind == Some(SourceKind::Remote)
            && !module.test
            && !copied
            && !is_for_trying(file.path.get(above.len()..).unwrap_or_default())
            && resolution
                .step_apis(source.function, source.value)
                .iter()
                .all(|api| !resolution.is_own(*api) && !resolution.api_name(*api).starts_with("socket."))
    })
}

/// What is asked of the program.
struct Wish<'a> {
    files: &'a Files,
    threat: Option<Threat>,
    checks: Vec<CheckId>,
    wanted: BTreeSet<String>,
    effects: bool,
    native: bool,
}

/// The part of paths that all files of a program share: the folders above it.
fn shared_folders<'a>(program: &Program, files: &'a Files) -> &'a str {
    let mut folders =
        program.modules.iter().map(|m| files.get(m.file).path.rsplit_once('/').map_or("", |(folders, _)| folders));
    let mut shared = folders.next().unwrap_or_default();
    for other in folders {
        while !(other.starts_with(shared) && matches!(other.as_bytes().get(shared.len()), None | Some(b'/'))) {
            shared = shared.rsplit_once('/').map_or("", |(rest, _)| rest);
            if shared.is_empty() {
                return shared;
            }
        }
    }
    shared
}

/// Whether a path leads through a folder that is there to try or show a program.
fn is_for_trying(path: &str) -> bool {
    let words = ["test", "tests", "testing", "example", "examples", "demo", "demos", "sample", "samples"];
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split(['/', '-', '_', '.']).any(|word| words.contains(&word))
}

/// What the checks found, and what it rests on.
pub(crate) struct Examined {
    pub(crate) output: AnalysisOutput,
    /// What was asked of the texts, when somebody wants to know.
    reads: Option<Reads>,
    /// The open sites, from which the edits are made.
    pub(crate) remedies: Remedies,
}

impl Examined {
    /// Puts the places of a file, edits apart, where they are in its other text. `None` when one is nowhere, or what was asked of
    /// the text has other answers there.
    pub(crate) fn follow(
        &mut self,
        file: FileId,
        (before, now): (&SourceFile, &SourceFile),
        moved: &Move,
    ) -> Option<()> {
        let Self { output, reads, remedies } = self;
        reads.as_mut()?.follow(file, before, now, |at| moved.span(at))?;
        let AnalysisOutput { sites, findings, surface, gaps, .. } = output;
        findings.iter_mut().filter(|finding| finding.place.file == file).for_each(|finding| finding.fix = None);
        let places = sites.iter_mut().map(|site| &mut site.place);
        let places = places.chain(findings.iter_mut().flat_map(Finding::places_mut));
        let mut places = places.chain(surface.iter_mut().flat_map(EntryPoint::places_mut));
        let own = |place: &mut Place| place.file != file || moved.follow(&mut place.span);
        let mut gaps = gaps.iter_mut().filter(|gap| gap.file == Some(file)).filter_map(|gap| gap.span.as_mut());
        let mut remedies = remedies.places_mut();
        let all = places.all(own)
            && gaps.all(|span| moved.follow(span))
            && remedies.all(|(of, span)| of != file || moved.follow(span));
        all.then_some(())
    }
}

/// Runs the checks.
fn examine(facts: &mut Facts<'_>, wish: &Wish<'_>, reads: Option<Reads>, lap: &mut Lap<'_>) -> Result<Examined, Error> {
    let Wish { files, threat, ref checks, effects, wanted: _, native: _ } = *wish;
    let texts = Texts::new(files, reads.as_ref());
    let Facts { resolution, analysis } = facts;
    let resolution = &*resolution;

    // A command-line tool or library has no entry point for remote data; what its users pass in is what it
    // has to be careful with.
    let above = shared_folders(&resolution.program, files);
    let remote_entry = |e: &assay_resolve::Entry| {
        let program = &resolution.program;
        let module = program.module_of(e.function);
        let file = files.get(module.file);
        let copied = file.role == Role::Vendored;
        // Neither what a framework has to answer requests with, nor a server to try it with, makes it a service.
        let tries = module.test || is_for_trying(file.path.get(above.len()..).unwrap_or_default());
        // What stands around the handlers of whoever uses it makes no service of a library.
        let around = matches!(e.kind, EntryKind::BeforeRequest | EntryKind::AfterRequest);
        !copied && !tries && !around && !is_framework(resolution, e.function) && is_remote(e.kind)
    };
    let no_entry = threat.is_none() && !resolution.entries.iter().any(remote_entry);
    let library = no_entry || matches!(threat, Some(Threat::Library | Threat::All));
    // Checks of code ask nothing of where data goes.
    let known = analysis.take().filter(|(with, _)| *with == library);
    let follow = || known.unwrap_or_else(|| (library, assay_taint::analyse(resolution, library)));
    let code = || {
        let code = Code::new(resolution, texts);
        let surface = attack_surface(&code);
        let examined = examine_code(&code, &surface);
        (code, surface, examined)
    };
    let (followed, (code, surface, of_code)) = rayon::join(follow, code);
    let (_, analysis) = analysis.insert(followed);
    let analysis = &*analysis;
    lap("taint and checks of code")?;
    // A program that reads requests is no library, whoever calls it with them.
    let no_entry = no_entry && !reads_requests(resolution, analysis, files);
    let library = library && (no_entry || threat.is_some());
    let local = matches!(threat, Some(Threat::Local | Threat::Library | Threat::All));
    let threats = Threats { local, local_objects: no_entry, library };
    let (threat, threat_note) = match threat {
        Some(threat) => (threat, None),
        None if no_entry => {
            let note = "no entry point for remote data was found, so the parameters of public functions count as untrusted, and local input where it becomes objects";
            (Threat::Library, Some(note.to_owned()))
        }
        None => (Threat::Remote, None),
    };

    let commands = surface.installs_commands(&code);
    let flows = FlowInput { resolution, code: &code, analysis, threats, texts, commands, surface: &surface };
    let of_errors = || {
        let shown = shown_errors(&flows);
        let handlers = examine_handlers(&code, &surface, &shown);
        (examine_input_errors(&flows), handlers)
    };
    let of_data = || (examine_flows(&flows), examine_parameters(&flows));
    let ((mut examined, of_parameters), (of_input, of_handlers)) = rayon::join(of_data, of_errors);
    examined.extend(of_input);
    examined.extend(of_parameters);
    // What a template puts out counts where somebody renders it.
    let rendered = templates::reached(resolution);
    examined.retain(|e| !resolution.program.module_of(e.function).template || rendered.contains(&e.function));
    let mut output = AnalysisOutput {
        gaps: gaps(resolution, analysis, files, &rendered),
        notes: notes(resolution),
        threat_note,
        counts: counts(resolution, analysis),
        rendered: templates::files(resolution, &rendered),
        ..AnalysisOutput::empty(threat)
    };
    let is_code = |e: &assay_checks::Examined| !resolution.program.module_of(e.function).template;
    examined.extend(of_code.into_iter().filter(is_code));
    examined.extend(of_handlers);
    examined.retain(|e| checks.is_empty() || checks.contains(&e.check.id));
    examined.sort_by_cached_key(|e| {
        let file = resolution.program.module_of(e.function).file;
        (assay_index::Idx::index(file), e.span, e.check.id.clone(), e.outcome, e.reason.clone())
    });
    // One place and check has one outcome, the worst: a `finally` runs at several ends of a block.
    examined.dedup_by(|later, first| {
        later.check.id == first.check.id
            && later.span == first.span
            && resolution.program.module_of(later.function).file == resolution.program.module_of(first.function).file
    });
    let mut explained = FxHashMap::default();
    let mut remedies = Remedies::default();
    for mut one in examined {
        let open = Open::of(&mut one);
        let finding = add(&mut output, &mut explained, resolution, files, one);
        remedies.add(&output, finding, open);
    }
    remedies.apply(files, &mut output, |_| true);
    lap("checks")?;
    match catch_unwind(AssertUnwindSafe(|| assay_checks::surface(&code, &surface, effects))) {
        Ok(surface) => output.surface = surface,
        Err(_) => output.gaps.push(FileGap {
            path: ".".to_owned(),
            file: None,
            span: None,
            code: "internal-error".to_owned(),
            message: "internal error: the analysis of the attack surface failed".to_owned(),
            incomplete: true,
        }),
    }
    output.notes.insert(0, surface_note(&output.surface));
    lap("surface")?;
    Ok(Examined { output, reads, remedies })
}

/// Where data comes in, and where it is first passed on (or, when it is not, the function).
type Way = ((FileId, Span), Result<(FileId, Span), FuncId>);
/// What makes two open places one finding: the check, and the way of the data; none where one remedy serves the whole
/// project.
type Cause = (String, Option<Way>);

/// Adds an examined place, and its finding when it is open. Data that goes one way and then reaches several
/// sinks of a check is one finding, at that of which the analysis is most sure and which is the nearest.
fn add(
    output: &mut AnalysisOutput,
    explained: &mut FxHashMap<Cause, usize>,
    resolution: &Resolution<'_>,
    files: &Files,
    one: assay_checks::Examined,
) -> Option<usize> {
    let program = &resolution.program;
    let file = program.module_of(one.function).file;
    let place = Place { file, span: one.span, function: program.qualified_name(one.function) };
    let in_test = files.get(file).role == Role::Test;
    let noun = one.noun().to_owned();
    let finding = one.explanation.map(|e| {
        let at = |step: &Step| (step.place.file, step.place.span);
        let way = || {
            // What is kept in one place and read in many is to be seen to where it is kept.
            let of_kind = |kind| e.trace.iter().find(|step| step.kind == kind);
            if let (Some(source), Some(kept)) = (of_kind(StepKind::Source), of_kind(StepKind::Stored)) {
                return Some((at(source), Ok(at(kept))));
            }
            // What is passed on by the function that it comes in by goes one way from there, whoever asked that function.
            let mut from_source = e.trace.iter().skip_while(|step| step.kind != StepKind::Source);
            if let Some(source) = from_source.next()
                && let Some(passed) = from_source.find(|step| step.kind == StepKind::Call)
                && passed.place.function == source.place.function
            {
                return Some((at(source), Ok(at(passed))));
            }
            let source = e.trace.first().filter(|_| e.trace.len() > 1)?;
            let passed = e.trace.iter().find(|step| step.kind == StepKind::Call);
            Some((at(source), passed.map(at).ok_or(one.function)))
        };
        let cause = match one.check.grouping {
            Grouping::Project => Some(None),
            Grouping::Way | Grouping::Helper => way().map(Some),
            Grouping::Source => e
                .trace
                .iter()
                .find(|step| step.kind == StepKind::Source && e.trace.len() > 1)
                .map(|step| Some((at(step), Ok(at(step))))),
        };
        let helper = (one.check.grouping == Grouping::Helper).then(|| made_by_helper(&e.trace, &place)).flatten();
        let causes: Vec<Cause> =
            cause.into_iter().chain(helper.map(Some)).map(|cause| (one.check.id.clone(), cause)).collect();
        let known = causes.iter().find_map(|c| explained.get(c)).copied();
        let rank = |confidence: Confidence, trace: &[Step]| (confidence, Reverse(trace.len()));
        if let Some(at) = known
            && rank(output.findings[at].confidence, &output.findings[at].trace) >= rank(e.confidence, &e.trace)
        {
            explained.extend(causes.into_iter().map(|c| (c, at)));
            return at;
        }
        let finding = Finding {
            check: one.check.id.clone(),
            title: e.title,
            message: e.message,
            severity: e.severity,
            confidence: e.confidence,
            cwe: e.cwe.unwrap_or_else(|| one.check.cwe.clone()),
            place: place.clone(),
            trace: e.trace,
            assumptions: e.assumptions,
            reach: e.reach,
            false_if: e.false_if,
            solution: e.solution,
            fix: None,
            fingerprint: Fingerprint(String::new()),
            in_test,
            suppressed: None,
        };
        if let Some(at) = known {
            output.findings[at] = finding;
            explained.extend(causes.into_iter().map(|c| (c, at)));
            return at;
        }
        output.findings.push(finding);
        let at = output.findings.len() - 1;
        explained.extend(causes.into_iter().map(|c| (c, at)));
        at
    });
    output.sites.push(Site {
        check: one.check.id.clone(),
        noun,
        api: one.api,
        place,
        outcome: one.outcome,
        reason: one.reason,
        finding,
        in_test,
        suppressed: false,
    });
    finding
}

/// Where a helper beside the sink puts data together which it then returns to where it does harm: none of the functions at both
/// ends.
fn made_by_helper(trace: &[Step], sink: &Place) -> Option<Way> {
    let source = trace.iter().find(|step| step.kind == StepKind::Source)?;
    let returned = trace.iter().rposition(|step| step.kind == StepKind::Return)?;
    let made = trace[..returned].iter().rfind(|step| {
        matches!(step.kind, StepKind::Assignment | StepKind::Library)
            && step.place.function != source.place.function
            && step.place.function != sink.function
            && step.place.file == sink.file
    })?;
    let at = (made.place.file, made.place.span);
    Some((at, Ok(at)))
}

/// Functions whose analysis was cut or failed. Those of one file that hit the same limit make one entry.
fn gaps(resolution: &Resolution<'_>, analysis: &Analysis, files: &Files, rendered: &FxHashSet<FuncId>) -> Vec<FileGap> {
    let program = &resolution.program;
    let gap = |f: FuncId, code: &str, message: String, incomplete| {
        let file = program.module_of(f).file;
        let span = program.function(f).name_span;
        let path = files.get(file).path.to_string();
        FileGap { path, file: Some(file), span: Some(span), code: code.to_owned(), message, incomplete }
    };
    let mut limits: BTreeMap<(FileId, &str), Vec<FuncId>> = BTreeMap::new();
    for (f, limit) in &analysis.limits {
        let file = program.module_of(*f).file;
        if files.get(file).requested && (!program.module_of(*f).template || rendered.contains(f)) {
            limits.entry((file, limit)).or_default().push(*f);
        }
    }
    let limits = limits.into_iter().map(|((_, limit), functions)| {
        let names: Vec<String> = functions
            .iter()
            .map(|f| format!("`{}`", program.strings.resolve(program.function(*f).qualified)))
            .collect();
        gap(functions[0], "limit", format!("{limit} in {}", names.join(", ")), false)
    });
    let exhausted = resolution.exhausted.then(|| FileGap {
        path: ".".to_owned(),
        file: None,
        span: None,
        code: "limit".to_owned(),
        message: "the search for names, types and calls was cut: MAX_RESOLVE_STEPS_PER_NODE".to_owned(),
        incomplete: true,
    });
    let failed = analysis
        .failed
        .iter()
        .map(|f| gap(*f, "internal-error", format!("the analysis of `{}` failed", program.qualified_name(*f)), true));
    limits.chain(failed).chain(exhausted).collect()
}

/// How many entry points there are outside of tests, by what they are.
fn surface_note(surface: &[EntryPoint]) -> String {
    let mut counts: BTreeMap<Channel, usize> = BTreeMap::new();
    for entry in surface.iter().filter(|entry| !entry.in_test) {
        *counts.entry(entry.channel).or_default() += 1;
    }
    let parts: Vec<String> = counts.iter().map(|(channel, n)| format!("{n} {}", channel.title(*n))).collect();
    match (parts.as_slice(), counts.values().sum::<usize>()) {
        ([], _) => "No entry point of a known framework was found.".to_owned(),
        ([only], _) => format!("Attack surface: {only}."),
        ([parts @ .., last], n) => format!("Attack surface: {n} entry points, {} and {last}.", parts.join(", ")),
    }
}

fn notes(resolution: &Resolution<'_>) -> Vec<String> {
    let share = CallShare::of(resolution);
    let mut out = Vec::new();
    if share.total > 0 {
        out.push(format!(
            "Of {} calls outside tests, {} are resolved to functions and classes of the project, {} to library functions; {} are not resolved.",
            share.total,
            share.internal,
            share.modelled + share.external,
            share.unresolved()
        ));
    }
    out
}

/// How many calls outside tests are resolved, and to what.
struct CallShare {
    total: u64,
    internal: u64,
    modelled: u64,
    external: u64,
    reasons: [u64; Unresolved::ALL.len()],
}

impl CallShare {
    fn of(resolution: &Resolution<'_>) -> Self {
        let mut share = Self { total: 0, internal: 0, modelled: 0, external: 0, reasons: [0; Unresolved::ALL.len()] };
        for f in resolution.program.functions.ids() {
            let module = resolution.program.module_of(f);
            if module.test || module.template {
                continue;
            }
            for (_, targets) in resolution.calls(f) {
                share.total += 1;
                if let Some(reason) = targets.unresolved {
                    if let Some(i) = Unresolved::ALL.iter().position(|r| *r == reason) {
                        share.reasons[i] += 1;
                    }
                } else if !targets.functions.is_empty() || targets.apis.is_empty() {
                    share.internal += 1;
                } else if targets.apis.iter().any(|a| !resolution.apis.nodes(*a).is_empty()) {
                    share.modelled += 1;
                } else {
                    share.external += 1;
                }
            }
        }
        share
    }

    fn unresolved(&self) -> u64 {
        self.reasons.iter().sum()
    }
}

fn counts(resolution: &Resolution<'_>, analysis: &Analysis) -> Vec<(String, u64)> {
    let share = CallShare::of(resolution);
    let program = &resolution.program;
    let mut out: Vec<(String, u64)> = vec![
        ("modules".to_owned(), program.modules.len() as u64),
        ("functions".to_owned(), program.functions.len() as u64),
        ("classes".to_owned(), program.classes.len() as u64),
        ("instructions".to_owned(), program.instruction_count() as u64),
        ("entry points".to_owned(), resolution.entries.len() as u64),
        ("calls outside tests".to_owned(), share.total),
        ("calls resolved to the project".to_owned(), share.internal),
        ("calls resolved to modelled library functions".to_owned(), share.modelled),
        ("calls resolved to other library functions".to_owned(), share.external),
    ];
    for (reason, count) in Unresolved::ALL.iter().zip(share.reasons) {
        out.push((format!("calls unresolved: {}", reason.reason()), count));
    }
    out.push(("resolution steps".to_owned(), resolution.steps as u64));
    out.push(("values with too many objects".to_owned(), resolution.saturated as u64));
    out.extend(analysis.counts.iter().map(|(name, count)| ((*name).to_owned(), *count)));
    out
}
