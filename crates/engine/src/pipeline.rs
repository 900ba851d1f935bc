//! The stages in order.

use crate::analyse::{AnalysisInput, AnalysisOutput, analyse};
use crate::baseline::{self, Baseline};
use crate::cache::{self, Cache, Dated};
use crate::config::{self, Config, ConfigSource, FailOn};
use crate::dependencies::{self, Advisories};
use crate::error::Error;
use crate::finish::{self, Rules};
use crate::session::Session;
use crate::{Date, VERSION, areas, gaps, installed, suppress};
use assay_finding::{Area, CheckInfo, Confidence, FileGap, Review, Severity, Statistics, Threat};
use assay_index::IndexVec;
use assay_ir::Module;
use assay_languages::ProjectFrontend;
use assay_source::{Options, Project, System};
use assay_text::limits::PARSE_STACK_BYTES;
use assay_text::{FileId, Files, Language, Role, SourceFile};
use rayon::prelude::*;
use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// What the user asked for. An empty list or `None` leaves it to the configuration.
#[derive(Clone, Debug)]
pub struct Request {
    /// The paths to review.
    pub targets: Vec<PathBuf>,
    /// Where the configuration comes from.
    pub config: ConfigSource,
    /// Only these areas.
    pub areas: Vec<Area>,
    /// Only these checks.
    pub checks: Vec<String>,
    /// Nothing below.
    pub severity: Option<Severity>,
    /// Nothing below.
    pub confidence: Option<Confidence>,
    /// Which sources are untrusted.
    pub threat: Option<Threat>,
    /// When the review fails.
    pub fail_on: Option<FailOn>,
    /// Whether an incomplete review passes.
    pub allow_incomplete: bool,
    /// Number of threads; one for each processor when `None`.
    pub jobs: Option<usize>,
    /// Today, which dated suppressions are compared with.
    pub today: Date,
    /// What dependencies are compared with.
    pub advisories: Advisories,
    /// What the review is compared with: a report that was written earlier, or a revision of the repository.
    pub baseline: Option<String>,
    /// Whether it is also asked what each entry point reaches.
    pub effects: bool,
    /// Whether test code is examined, too. What the review finds in the program is the same without; what is found in test code and
    /// figures of it are missing. It is examined all the same where something suppresses findings there or may do so.
    pub tests: bool,
    /// What is remembered of earlier reviews in this process.
    pub session: Option<Arc<Session>>,
    /// Where reviews are kept; nothing is when `None`.
    pub cache: Option<Arc<dyn Cache>>,
}

impl Request {
    /// A review of `targets` without further wishes.
    pub fn new(targets: Vec<PathBuf>, today: Date) -> Self {
        Self {
            targets,
            config: ConfigSource::Discover,
            areas: Vec::new(),
            checks: Vec::new(),
            severity: None,
            confidence: None,
            threat: None,
            fail_on: None,
            allow_incomplete: false,
            jobs: None,
            today,
            advisories: Advisories::default(),
            baseline: None,
            effects: false,
            tests: true,
            session: None,
            cache: None,
        }
    }
}

/// Is told how far a review is. Called from any thread.
pub trait Progress: Sync {
    /// A stage with `total` steps begins; 0 when it has no steps to count.
    fn stage(&self, name: &str, total: usize);
    /// One step is done.
    fn step(&self);
    /// Whether somebody still waits for the review; it ends with [`Error::Stopped`] when nobody does.
    fn is_wanted(&self) -> bool {
        true
    }
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn stage(&self, _: &str, _: usize) {}
    fn step(&self) {}
}

/// How a review ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitStatus {
    /// Nothing at or above the threshold, and the review was complete.
    Clean,
    /// Findings.
    Findings,
    /// No findings, but a first-party file could not be analysed.
    Incomplete,
}

impl ExitStatus {
    /// The number that the command exits with.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Incomplete => 3,
        }
    }
}

/// A review with what decides how it ends.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The review.
    pub review: Review,
    /// The threshold in force.
    pub fail_on: FailOn,
    /// Whether an incomplete review passes.
    pub allow_incomplete: bool,
    /// Where the files of the review lie, absolute and without links.
    pub paths: IndexVec<FileId, PathBuf>,
    /// Peak memory in bytes, where the system tells. For people only, like the times.
    pub peak_memory: Option<u64>,
}

impl Reviewed {
    /// How the review ends. Only open findings count ([`Review::is_open`]).
    pub fn exit_status(&self) -> ExitStatus {
        let fails = |severity: Severity| match self.fail_on {
            FailOn::Severity(least) => severity >= least,
            FailOn::Never => false,
        };
        let mut findings = self.review.findings.iter().enumerate();
        if findings.any(|(at, finding)| fails(finding.severity) && self.review.is_open(at)) {
            ExitStatus::Findings
        } else if self.review.is_complete() || self.allow_incomplete {
            ExitStatus::Clean
        } else {
            ExitStatus::Incomplete
        }
    }
}

/// Measures stages.
struct Watch<'a> {
    system: &'a dyn System,
    wall: Instant,
    cpu: f64,
    stages: Vec<(String, f64, f64)>,
}

impl<'a> Watch<'a> {
    fn new(system: &'a dyn System) -> Self {
        Self { system, wall: Instant::now(), cpu: system.cpu_seconds(), stages: Vec::new() }
    }

    fn lap(&mut self, name: &str) {
        let (wall, cpu) = self.restart();
        self.stages.push((name.to_owned(), wall, cpu));
    }

    fn restart(&mut self) -> (f64, f64) {
        let (now, cpu) = (Instant::now(), self.system.cpu_seconds());
        let lap = ((now - self.wall).as_secs_f64(), cpu - self.cpu);
        (self.wall, self.cpu) = (now, cpu);
        lap
    }
}

/// Reviews.
///
/// # Errors
/// When a target does not exist or the configuration is wrong. Whatever is wrong with the reviewed code is in the
/// review.
pub fn review(request: &Request, system: &dyn System, progress: &dyn Progress) -> Result<Reviewed, Error> {
    let config = config::find(system, &request.config, first_target(request), &root(request, system)?)?;
    let Some(name) = &request.baseline else { return reviewed(request, system, progress, &config) };
    let current = system.current_dir().unwrap_or_default();
    let path = current.join(name);
    let mut now;
    let baseline = if system.is_file(&path) {
        let baseline = Baseline::read(system, &path, name)?;
        now = reviewed(request, system, progress, &config)?;
        baseline
    } else {
        // What cannot be read is said before a review is waited for.
        let then = revision(request, system, name)?;
        now = reviewed(request, system, progress, &config)?;
        baseline::of_revision(name, request, &*then, |request| reviewed(request, &*then, progress, &config))?
    };
    let scope = baseline::Scope {
        review: &now.review,
        severity: request.severity.or(config.severity),
        confidence: request.confidence.or(config.confidence),
    };
    now.review.comparison = Some(baseline.compare(&scope));
    Ok(now)
}

/// The revision of the repository around the first target.
fn revision(request: &Request, system: &dyn System, name: &str) -> Result<Box<dyn System>, Error> {
    let error = |message: String| Error::Baseline { name: name.to_owned(), message };
    let current = system.current_dir().unwrap_or_default();
    let target = system.canonicalize(&current.join(first_target(request))).unwrap_or(current);
    let repository = assay_source::repository(system, &target)
        .ok_or_else(|| error("it is no file, and what is reviewed stands in no repository".to_owned()))?;
    system.revision(&repository, name).map_err(|e| error(e.to_string()))
}

fn first_target(request: &Request) -> &Path {
    request.targets.first().map_or(Path::new("."), PathBuf::as_path)
}

fn root(request: &Request, system: &dyn System) -> Result<PathBuf, Error> {
    let first = first_target(request);
    let error = |source| assay_source::Error::Target { path: first.to_string_lossy().into_owned(), source };
    Ok(assay_source::project_root(system, first).map_err(error)?)
}

/// One review, as it is configured.
fn reviewed(
    request: &Request,
    system: &dyn System,
    progress: &dyn Progress,
    config: &Config,
) -> Result<Reviewed, Error> {
    let mut watch = Watch::new(system);
    let root = root(request, system)?;
    let (areas, checks) = selection(request, config)?;
    let check_ids: Vec<String> = checks.iter().map(|check| check.id.clone()).collect();
    let model_files = models(system, config)?;
    let triage = finish::triage(system, &root)?;
    let pool = match &request.session {
        Some(session) => session.pool(request.jobs)?,
        None => Arc::new(pool(request.jobs)?),
    };

    progress.stage("reading", 0);
    let options = Options { exclude: config.exclude.clone() };
    let mut project = pool.install(|| assay_source::load(system, &request.targets, &options))?;
    if let Some(session) = &request.session {
        session.share(&mut project.files);
    }
    watch.lap("read");
    let ended = |review: Review, paths: IndexVec<FileId, PathBuf>| Reviewed {
        review,
        fail_on: request.fail_on.or(config.fail_on).unwrap_or(FailOn::Severity(Severity::Info)),
        allow_incomplete: request.allow_incomplete || config.allow_incomplete.unwrap_or(false),
        paths,
        peak_memory: system.peak_memory(),
    };
    let kept = request.cache.as_ref().map(|cache| {
        let triage = format!("{triage:?}");
        let input = cache::Input { request, config, model_files: &model_files, triage, project: &project };
        (cache, pool.install(|| cache::key(&input)))
    });
    if let Some((cache, key)) = &kept
        && let Some(mut review) = cache.get(key).and_then(|bytes| cache::decode(&bytes, &project.files, request))
    {
        watch.lap("look up");
        progress.stage("", 0);
        review.statistics.stages = watch.stages;
        return Ok(ended(review, project.paths));
    }
    if kept.is_some() {
        watch.lap("look up");
    }
    let Project { mut files, mut modules, mut paths, gaps: source_gaps, skipped, .. } = project;

    let lowered = lower_all(&files, &pool, progress, has_frontend, request.session.as_deref());
    let mut all_gaps = gaps::of_source(source_gaps);
    all_gaps.extend(gaps::unsupported(&files, has_frontend));
    // What is wrong with a template matters where somebody renders it.
    let InputModules { modules: input_modules, native, templates, has_code, gaps: found } =
        input_modules(&files, &modules, lowered);
    all_gaps.extend(found);
    watch.lap("parse and lower");

    progress.stage("analysing", 0);
    let mut known = checks
        .iter()
        .any(|check| check.area == Area::Dependencies)
        .then(|| dependencies::Known::new(&files, request, &input_modules));
    let alone;
    let inventory = if let Some(known) = &known {
        &known.inventory
    } else {
        alone = assay_dependencies::Inventory::read(&files);
        &alone
    };
    let input = AnalysisInput {
        inventory,
        wanted: known.as_ref().map(dependencies::Known::wanted).unwrap_or_default(),
        files: &files,
        modules: input_modules,
        threat: request.threat.or(config.threat),
        checks: check_ids.clone(),
        model_files,
        effects: request.effects,
        tests: request.tests || triage.is_some() || suppress::concerns_tests(&files),
        native: !native.is_empty(),
    };
    let chosen = input.threat.unwrap_or(Threat::Remote);
    let mut lap = |name: &str| {
        watch.lap(name);
        progress.is_wanted().then_some(()).ok_or(Error::Stopped)
    };
    // Without code there is nothing to ask; but wrong model files are said all the same.
    let analysed = if has_code || !input.model_files.is_empty() {
        pool.install(|| catch_unwind(AssertUnwindSafe(|| analyse(input, request.session.as_deref(), &mut lap))))
    } else {
        Ok(Ok(AnalysisOutput::empty(chosen)))
    };
    let mut output = match analysed {
        Ok(output) => output?,
        Err(panic) => {
            let mut output = AnalysisOutput::empty(chosen);
            let message = format!("the whole-program analysis failed: {}", panic_message(&*panic));
            output.gaps.push(internal_error(None, ".", &message, true));
            output
        }
    };
    if !native.is_empty() {
        // The user who starts a program is trusted unless the threat model says otherwise.
        let local = matches!(output.threat, Threat::Local | Threat::All);
        output.add_memory(&files, &native, local, &check_ids);
        watch.lap("memory");
    }
    let mut dated = Dated::default();
    if let Some(known) = known.as_mut() {
        let mut calls = std::mem::take(&mut output.calls);
        let all = installed::Known { files: &mut files, modules: &mut modules, paths: &mut paths };
        all_gaps.extend(installed::follow(all, &known.review, &known.wanted(), &mut calls, system, &pool));
        known.follow(&files, calls, all_gaps.iter().chain(&output.gaps));
        let (examined, before) = (known.examine(&files, request), output.notes.len());
        // A note on the files goes before them.
        dated.ages = before + 1..before + 1 + examined.notes.len();
        output.add_dependencies(examined, &check_ids);
        watch.lap("dependencies");
    }
    progress.stage("finishing", 0);
    if kept.is_some() {
        dated.ends = suppress::ends(&files, triage.as_ref()).iter().map(ToString::to_string).collect();
    }
    let rules = Rules {
        per_path: &config.per_path,
        paths: &paths,
        modules: &modules,
        triage,
        today: request.today,
        severity: request.severity.or(config.severity),
        confidence: request.confidence.or(config.confidence),
        checks: &check_ids,
    };
    let mut notes = vec![files_note(&files)];
    notes.append(&mut output.notes);
    notes.extend(skipped_note(&skipped));
    notes.extend(config_note(config));
    notes.extend(selection_note(request, config, &check_ids));
    notes.extend(finish::finish(&mut output, &files, &rules));
    all_gaps.append(&mut output.gaps);
    let (rendered, others): (Vec<_>, Vec<_>) = templates.into_iter().partition(|(id, _)| output.rendered.contains(id));
    all_gaps.extend(rendered.into_iter().flat_map(|(_, gaps)| gaps));
    all_gaps.extend(gaps::not_rendered(&files, others.into_iter().map(|(id, _)| id)));
    all_gaps.sort_by(|a, b| (&a.path, &a.code, a.span, &a.message).cmp(&(&b.path, &b.code, b.span, &b.message)));
    all_gaps.dedup();
    let blind = !has_code && native.is_empty() && all_gaps.iter().any(|gap| gap.incomplete);
    let verdicts = areas::verdicts(&areas, &checks, &output.sites, blind);
    let mut counts =
        vec![("files".to_owned(), files.len() as u64), ("lines".to_owned(), lines(files.iter().map(|(_, file)| file)))];
    counts.append(&mut output.counts);
    watch.lap("finish");
    progress.stage("", 0);

    let review = Review {
        version: VERSION.to_owned(),
        targets: request.targets.iter().map(|target| target.to_string_lossy().into_owned()).collect(),
        threat: output.threat,
        threat_note: output.threat_note,
        files,
        areas: verdicts,
        findings: output.findings,
        sites: output.sites,
        surface: output.surface,
        gaps: all_gaps,
        checks,
        notes,
        comparison: None,
        statistics: Statistics { counts, stages: Vec::new() },
    };
    // The key is made of the project's own files.
    let followed = known.as_ref().is_some_and(dependencies::Known::has_followed);
    if let Some((cache, key)) = kept.as_ref().filter(|_| !followed)
        && let Some(bytes) = cache::encode(&review, request.today, dated)
    {
        cache.put(key, &bytes);
        watch.lap("keep");
    }
    let statistics = Statistics { stages: watch.stages, ..review.statistics };
    Ok(ended(Review { statistics, ..review }, paths))
}

/// Whether a text can be read as code of a language, as far as it is one whose code is edited.
pub fn is_well_formed(language: Language, text: &str) -> bool {
    let Some(layout) = assay_languages::frontend_for(language).and_then(|frontend| frontend.layout()) else {
        return true;
    };
    let read = || layout.read(text).is_some();
    pool(Some(1)).is_ok_and(|pool| pool.install(|| catch_unwind(AssertUnwindSafe(read)).unwrap_or(false)))
}

/// Reads and lowers one file, for looking at the result.
///
/// # Errors
/// When the file does not exist, or is written in a language without a front end.
pub fn lower_file(system: &dyn System, path: &Path) -> Result<Module, Error> {
    let error = |message: &str| Error::File { path: path.to_string_lossy().into_owned(), message: message.to_owned() };
    let pool = pool(Some(1))?;
    pool.install(|| {
        let project = assay_source::load(system, &[path.to_path_buf()], &Options::default())?;
        let mut requested = project.files.iter().filter(|(_, file)| file.requested);
        let Some((id, file)) = requested.next() else {
            let why = project.gaps.into_iter().map(|gap| gap.message).next();
            return Err(error(why.as_deref().unwrap_or("not written in a language that this version reads")));
        };
        Lowering::new(&project.files, |language| language == file.language).file(id).map_err(|message| error(&message))
    })
}

/// Lowers every file of the languages that are asked for.
pub(crate) fn lower_all(
    files: &Files,
    pool: &rayon::ThreadPool,
    progress: &dyn Progress,
    asked: impl Fn(Language) -> bool,
    before: Option<&Session>,
) -> Vec<(FileId, Result<Arc<Module>, String>)> {
    let code: Vec<FileId> = files.iter().filter(|(_, file)| asked(file.language)).map(|(id, _)| id).collect();
    progress.stage("parsing", code.len());
    let lowering = Lowering::new(files, asked);
    let one = |id: &FileId| {
        let known = before.and_then(|before| before.module(files.get(*id)));
        let module = known.map_or_else(|| lowering.file(*id).map(Arc::new), Ok);
        progress.step();
        (*id, module)
    };
    let lowered: Vec<_> = pool.install(|| code.par_iter().map(one).collect());
    if let Some(before) = before {
        // What a native file means depends on the files that it includes.
        let alone = |id: FileId| !is_native(files.get(id).language);
        let modules = lowered.iter().filter(|(id, _)| alone(*id));
        before.remember(files, modules.filter_map(|(id, module)| Some((*id, module.as_ref().ok()?))));
    }
    lowered
}

/// The lowered files under the names by which they are imported.
pub(crate) struct InputModules {
    pub(crate) modules: Vec<crate::analyse::Lowered>,
    /// Modules of languages with typed memory, which are analysed by themselves.
    pub(crate) native: Vec<(FileId, Module)>,
    /// Templates, with what is wrong with them.
    pub(crate) templates: Vec<(FileId, Vec<FileGap>)>,
    pub(crate) has_code: bool,
    pub(crate) gaps: Vec<FileGap>,
}

pub(crate) fn input_modules(
    files: &Files,
    names: &assay_index::IndexVec<FileId, Option<assay_source::ModuleName>>,
    lowered: Vec<(FileId, Result<Arc<Module>, String>)>,
) -> InputModules {
    let mut input = InputModules {
        modules: Vec::with_capacity(lowered.len()),
        native: Vec::new(),
        templates: Vec::new(),
        has_code: false,
        gaps: Vec::new(),
    };
    for (id, module) in lowered {
        let file = files.get(id);
        match module {
            Ok(module) => {
                let found = gaps::of_module(id, file, &module);
                if file.language == Language::Template {
                    input.templates.push((id, found));
                    input.modules.push((id, file.path.to_string(), false, module));
                    continue;
                }
                if is_native(file.language) {
                    input.gaps.extend(found);
                    input.native.push((id, Arc::unwrap_or_clone(module)));
                    continue;
                }
                input.has_code = true;
                input.gaps.extend(found);
                let (dotted, package) = match &names[id] {
                    Some(name) => (name.dotted.clone(), name.package),
                    None => (file.path.replace('/', "."), false),
                };
                let inline = crate::inline::templates(file, &dotted, &module);
                input.modules.push((id, dotted, package, module));
                input.modules.extend(inline.into_iter().map(|(name, module)| (id, name, false, Arc::new(module))));
            }
            Err(message) => input.gaps.push(internal_error(Some(id), &file.path, &message, gaps::counts(file))),
        }
    }
    input
}

pub(crate) fn has_frontend(language: Language) -> bool {
    assay_languages::frontend_for(language).is_some()
}

/// Whether programs in a language have typed memory.
pub(crate) fn is_native(language: Language) -> bool {
    matches!(language, Language::C | Language::Cpp)
}

/// What lowers the files of one project.
struct Lowering<'a> {
    files: &'a Files,
    frontends: Vec<(Language, Box<dyn ProjectFrontend + 'a>)>,
}

impl<'a> Lowering<'a> {
    /// The front ends of those languages among `asked` that the project has files of.
    fn new(files: &'a Files, asked: impl Fn(Language) -> bool) -> Self {
        let languages: BTreeSet<Language> = files.iter().map(|(_, file)| file.language).filter(|l| asked(*l)).collect();
        let frontend = |language| Some((language, assay_languages::frontend_for(language)?.project(files)));
        Self { files, frontends: languages.into_iter().filter_map(frontend).collect() }
    }

    /// Lowers a file; a failure of the front end, or a result that the analysis could not rely on, costs the file.
    fn file(&self, id: FileId) -> Result<Module, String> {
        let language = self.files.get(id).language;
        let Some((_, frontend)) = self.frontends.iter().find(|(known, _)| *known == language) else {
            return Err(format!("this version does not read {}", language.name()));
        };
        let module = catch_unwind(AssertUnwindSafe(|| frontend.lower(id))).map_err(|panic| panic_message(&*panic))?;
        // The front ends' own tests and fuzzers hold this; a release build saves the time.
        if cfg!(debug_assertions)
            && let Err(error) = assay_ir::verify(&module)
        {
            return Err(format!("the lowered form is not well-formed: {}", error.0));
        }
        Ok(module)
    }
}

fn internal_error(file: Option<FileId>, path: &str, message: &str, incomplete: bool) -> FileGap {
    let message = format!("internal error: {message}");
    FileGap { path: path.to_owned(), file, span: None, code: "internal-error".to_owned(), message, incomplete }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}

/// The threads parse and lower, which recurse on the syntax.
pub(crate) fn pool(jobs: Option<usize>) -> Result<rayon::ThreadPool, Error> {
    let jobs = jobs.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1).max(1);
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(PARSE_STACK_BYTES)
        .thread_name(|index| format!("assay-{index}"))
        .build()
        .map_err(|error| Error::Threads(error.to_string()))
}

/// The areas and checks of this review. What the command names replaces what the configuration selects; what the
/// configuration ignores stays ignored unless the command names it.
fn selection(request: &Request, config: &Config) -> Result<(Vec<Area>, Vec<CheckInfo>), Error> {
    if let Some(unknown) = request.checks.iter().find(|id| assay_checks::check(id).is_none()) {
        return Err(Error::unknown_check(unknown));
    }
    let asked = if request.areas.is_empty() { &config.areas } else { &request.areas };
    let select = if request.checks.is_empty() { &config.select } else { &request.checks };
    let checks: Vec<CheckInfo> = assay_checks::catalogue()
        .iter()
        .filter(|check| asked.is_empty() || asked.contains(&check.area))
        .filter(|check| select.is_empty() || select.contains(&check.id))
        .filter(|check| request.checks.contains(&check.id) || !config.ignore.contains(&check.id))
        .map(assay_checks::info)
        .collect();
    let areas = Area::ALL
        .into_iter()
        .filter(|area| asked.is_empty() || asked.contains(area))
        .filter(|area| request.checks.is_empty() || checks.iter().any(|check| check.area == *area))
        .collect();
    Ok((areas, checks))
}

fn models(system: &dyn System, config: &Config) -> Result<Vec<(String, String)>, Error> {
    config
        .models
        .iter()
        .map(|path| {
            let shown = path.to_string_lossy().into_owned();
            let text = config::read(system, path, &shown)?;
            let name = path.file_name().map_or(shown, |name| name.to_string_lossy().into_owned());
            Ok((name, text))
        })
        .collect()
}

fn lines<'a>(files: impl Iterator<Item = &'a SourceFile>) -> u64 {
    files.map(|file| u64::from(file.line_count())).sum()
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn files_note(files: &Files) -> String {
    let requested: Vec<&SourceFile> =
        files.iter().map(|(_, file)| file).filter(|file| file.requested && file.language.is_code()).collect();
    if requested.is_empty() {
        return "No source file was found in what was named.".to_owned();
    }
    let roles = [Role::FirstParty, Role::Test, Role::Migration, Role::Example, Role::Generated, Role::Vendored];
    let parts: Vec<String> = roles
        .into_iter()
        .filter_map(|role| {
            let count = requested.iter().filter(|file| file.role == role).count();
            (count > 0).then(|| format!("{count} {}", role.name()))
        })
        .collect();
    let lines = lines(requested.iter().copied());
    let around = files.iter().filter(|(_, file)| !file.requested && file.language.is_code()).count();
    let around = match around {
        0 => String::new(),
        n => format!(" {} of the project around them were read as well, so that imports resolve.", plural(n, "file")),
    };
    let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
    format!("{} with {lines} reviewed: {}.{around}", plural(requested.len(), "source file"), parts.join(", "))
}

fn skipped_note(skipped: &assay_source::Skipped) -> Option<String> {
    let parts: Vec<String> = [
        (skipped.hidden, "hidden"),
        (skipped.ignored, "kept out by ignore files"),
        (skipped.excluded, "excluded by the configuration"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, why)| format!("{count} {why}"))
    .collect();
    (!parts.is_empty()).then(|| format!("Files and folders passed over: {}.", parts.join(", ")))
}

fn config_note(config: &Config) -> Option<String> {
    let path = config.path.as_ref()?;
    let mut parts = Vec::new();
    for (count, what) in [
        (config.exclude_count, "exclusion"),
        (config.ignore.len(), "ignored check"),
        (config.per_path.len(), "per-path rule"),
        (config.models.len(), "model file"),
    ] {
        if count > 0 {
            parts.push(plural(count, what));
        }
    }
    let detail = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    Some(format!("Configured by {path}{detail}."))
}

fn selection_note(request: &Request, config: &Config, checks: &[String]) -> Option<String> {
    let chosen = !request.checks.is_empty() || !config.select.is_empty();
    chosen.then(|| match checks {
        [] => "No check was selected.".to_owned(),
        checks if checks.len() <= 5 => format!("Only these checks ran: {}.", checks.join(", ")),
        checks => format!("Only {} of {} checks ran.", checks.len(), assay_checks::catalogue().len()),
    })
}

/// A review of nothing.
#[cfg(test)]
pub(crate) fn empty_review() -> Review {
    let system = assay_source::MemorySystem::new("/p");
    let request = Request::new(vec![PathBuf::from(".")], Date::from_unix(0));
    review(&request, &system, &NoProgress).expect("an empty folder can be reviewed").review
}

#[cfg(test)]
mod tests;
