//! The dependencies of a project, within a review and on their own.

use crate::analyse::Lowered;
use crate::pipeline::{has_frontend, is_native};
use crate::{Date, Error, Request, installed};
use assay_checks::{
    Calls, ExaminedDependencies, Usage, annotate, examine_dependencies, modules_of_interest, wanted_symbols,
};
use assay_dependencies::{Database, DependencyReview, Entry, Inventory, ReachLevel, SourceInfo};
use assay_finding::FileGap;
use assay_index::IndexVec;
use assay_source::{Options, System};
use assay_text::{FileId, Files, Role};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Days after which a note says that the data is old.
const OLD: i64 = 30;

/// The advisories that a review compares with.
#[derive(Clone, Debug)]
pub enum Advisories {
    /// There are none: why, and what to do.
    Absent(String),
    /// A database.
    Open(Arc<Database>),
}

impl Advisories {
    pub(crate) fn database(&self) -> Option<&Database> {
        match self {
            Self::Absent(_) => None,
            Self::Open(database) => Some(database),
        }
    }

    /// Why there are none.
    pub fn absent(&self) -> Option<&str> {
        match self {
            Self::Absent(why) => Some(why),
            Self::Open(_) => None,
        }
    }
}

impl Default for Advisories {
    fn default() -> Self {
        Self::Absent("no advisory database was given".to_owned())
    }
}

/// Two are the same when they are the same database.
impl PartialEq for Advisories {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent(one), Self::Absent(two)) => one == two,
            (Self::Open(one), Self::Open(two)) => Arc::ptr_eq(one, two),
            _ => false,
        }
    }
}

impl Eq for Advisories {}

/// The dependency review of a project.
#[derive(Debug)]
pub struct Dependencies {
    /// The files that were read.
    pub files: Files,
    /// What the manifests say, as they stand.
    pub inventory: Inventory,
    /// What is said of each entry.
    pub review: DependencyReview,
    /// What the program uses, when its code was read.
    pub usage: Option<Usage>,
    /// What was not understood, or not read.
    pub gaps: Vec<FileGap>,
    /// Sentences on the data and its age.
    pub notes: Vec<String>,
    /// The data.
    pub sources: Vec<SourceInfo>,
    /// The places that a review would examine, and its findings.
    pub places: ExaminedDependencies,
    /// Where each file lies.
    pub paths: IndexVec<FileId, PathBuf>,
    /// What the project is called: as its manifest says, else as its folder.
    pub name: String,
}

impl Dependencies {
    /// Leaves out the entries for which `keep` is false.
    pub fn keep(&mut self, keep: impl Fn(&Entry) -> bool) {
        // The numbers of other entries in each are of no use any more; what they select is noted besides.
        self.review.entries.retain(|entry| keep(entry));
        for entry in &mut self.review.entries {
            entry.selected_by.clear();
        }
        self.places = examine_dependencies(&self.review, &self.files, None, self.usage.as_ref());
    }
}

/// Reads the manifests of a project and compares them with the advisories. The code is not analysed.
///
/// # Errors
/// When a target does not exist or the configuration is wrong.
pub fn dependencies(request: &Request, system: &dyn System) -> Result<Dependencies, Error> {
    reviewed(request, system, false)
}

fn reviewed(request: &Request, system: &dyn System, with_code: bool) -> Result<Dependencies, Error> {
    let first = request.targets.first().map_or(std::path::Path::new("."), std::path::PathBuf::as_path);
    let root = assay_source::project_root(system, first)
        .map_err(|source| assay_source::Error::Target { path: first.to_string_lossy().into_owned(), source })?;
    let config = crate::config::find(system, &request.config, first, &root)?;
    let options = Options { exclude: config.exclude.clone() };
    let project = assay_source::load(system, &request.targets, &options)?;
    let assay_source::Project { mut files, mut modules, mut paths, gaps: of_source, .. } = project;
    let inventory = Inventory::read(&files);
    let database = request.advisories.database();
    let mut review = DependencyReview::new(&inventory, &files, database);
    let mut gaps = gaps(&inventory, &files);
    gaps.extend(crate::gaps::of_source(of_source).into_iter().filter(|gap| gap.incomplete));
    let mut usage = None;
    if with_code {
        let pool = crate::pipeline::pool(request.jobs)?;
        let asked = |language| has_frontend(language) && !is_native(language);
        let lowered = crate::pipeline::lower_all(&files, &pool, &crate::NoProgress, asked, None);
        let input = crate::pipeline::input_modules(&files, &modules, lowered);
        gaps.extend(input.gaps.into_iter().filter(|gap| gap.incomplete));
        let mut known = Known::new(&files, request, &input.modules);
        let wanted = known.wanted();
        let code = input.modules;
        let mut calls = pool.install(|| crate::analyse::calls(&files, code, &wanted));
        let all = installed::Known { files: &mut files, modules: &mut modules, paths: &mut paths };
        gaps.extend(installed::follow(all, &known.review, &wanted, &mut calls, system, &pool));
        known.follow(&files, calls, gaps.iter());
        review = known.review;
        usage = Some(known.usage);
    }
    let notes = notes(&inventory, &request.advisories, request.today);
    let sources = database.into_iter().flat_map(Database::sources).cloned().collect();
    let places = examine_dependencies(&review, &files, request.advisories.absent(), usage.as_ref());
    let named = inventory.manifests.iter().find_map(|(_, manifest)| manifest.own_names.first().cloned());
    let folder = || root.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned());
    let name = named.unwrap_or_else(folder);
    Ok(Dependencies { files, inventory, review, usage, gaps, notes, sources, places, paths, name })
}

/// The same, with what the code was seen to use of what is vulnerable.
///
/// # Errors
/// As those of [`dependencies`].
pub fn dependencies_with_code(request: &Request, system: &dyn System) -> Result<Dependencies, Error> {
    reviewed(request, system, true)
}

/// What is known of the dependencies before the code is analysed.
pub(crate) struct Known {
    pub(crate) inventory: Inventory,
    pub(crate) review: DependencyReview,
    usage: Usage,
}

/// What a review gets to know of the dependencies.
pub(crate) struct Examined {
    pub(crate) places: ExaminedDependencies,
    pub(crate) gaps: Vec<FileGap>,
    pub(crate) notes: Vec<String>,
    pub(crate) counts: Vec<(String, u64)>,
}

impl Known {
    pub(crate) fn new(files: &Files, request: &Request, modules: &[Lowered]) -> Self {
        let inventory = Inventory::read(files);
        let review = DependencyReview::new(&inventory, files, request.advisories.database());
        let interest = modules_of_interest(&review);
        let modules =
            modules.iter().map(|(file, dotted, package, module)| (*file, dotted.as_str(), *package, &**module));
        let usage = Usage::collect(modules, files, &interest);
        Self { inventory, review, usage }
    }

    /// What is to be looked for in the code.
    pub(crate) fn wanted(&self) -> BTreeSet<String> {
        wanted_symbols(&self.review)
    }

    /// Takes in what was found in the code, of which these parts were not read.
    pub(crate) fn follow<'a>(&mut self, files: &Files, calls: Calls, gaps: impl Iterator<Item = &'a FileGap>) {
        let mut gaps = gaps;
        self.usage.calls = calls;
        self.usage.complete = !gaps.any(|gap| gap.incomplete);
        annotate(&mut self.review, files, &self.usage);
    }

    /// Whether the source of installed packages took part in what was found.
    pub(crate) fn has_followed(&self) -> bool {
        !self.usage.calls.followed.is_empty()
    }

    pub(crate) fn examine(&self, files: &Files, request: &Request) -> Examined {
        let Self { inventory, review, usage } = self;
        let mut counts = vec![
            ("manifests and lock files".to_owned(), inventory.manifests.len() as u64),
            ("dependencies".to_owned(), review.entries.len() as u64),
        ];
        for level in [ReachLevel::Called, ReachLevel::Imported, ReachLevel::Configured, ReachLevel::NotSeen] {
            let strongest = |entry: &&Entry| entry.reach.iter().map(|reach| reach.level).min() == Some(level);
            let count = review.entries.iter().filter(strongest).count() as u64;
            if count > 0 {
                counts.push((format!("vulnerable dependencies: {}", level.id().replace('-', " ")), count));
            }
        }
        Examined {
            places: examine_dependencies(review, files, request.advisories.absent(), Some(usage)),
            gaps: gaps(inventory, files),
            notes: notes(inventory, &request.advisories, request.today),
            counts,
        }
    }
}

fn gaps(inventory: &Inventory, files: &Files) -> Vec<FileGap> {
    let own = |id: FileId| {
        let file = files.get(id);
        file.requested && !matches!(file.role, Role::Test | Role::Vendored | Role::Example)
    };
    let statements = inventory.bad_statements.iter().map(|(id, message)| FileGap {
        path: files.get(*id).path.to_string(),
        file: Some(*id),
        span: None,
        code: "manifest".to_owned(),
        message: format!("statements on vulnerabilities not read: {message}"),
        incomplete: false,
    });
    inventory
        .problems()
        .map(|(id, problem)| FileGap {
            path: files.get(id).path.to_string(),
            file: Some(id),
            span: problem.span,
            code: problem.code.to_owned(),
            message: problem.message.clone(),
            incomplete: problem.incomplete && own(id),
        })
        .chain(statements)
        .collect()
}

/// How old the data is, for each ecosystem that these files use.
pub(crate) fn ages(files: &Files, advisories: &Advisories, today: Date) -> Vec<String> {
    notes(&Inventory::read(files), advisories, today)
}

/// How old the data is, for each ecosystem that the project uses.
fn notes(inventory: &Inventory, advisories: &Advisories, today: Date) -> Vec<String> {
    let used: std::collections::BTreeSet<_> = inventory.dependencies().map(|one| one.ecosystem).collect();
    if used.is_empty() {
        return Vec::new();
    }
    let database = match advisories {
        Advisories::Absent(why) => return vec![format!("The dependencies were not compared with advisories: {why}.")],
        Advisories::Open(database) => database,
    };
    used.into_iter()
        .map(|ecosystem| {
            let sources: Vec<_> = database.sources().filter(|info| info.ecosystem == ecosystem).collect();
            if sources.is_empty() {
                return format!(
                    "The advisory database has no data of {ecosystem}, so nothing is said of its packages; `assay db update --ecosystem {ecosystem}` adds it."
                );
            }
            let records: u64 = sources.iter().map(|info| info.records).sum();
            let newest = sources.iter().map(|info| info.newest.get(..10).unwrap_or(&info.newest)).max().unwrap_or_default();
            let age = Date::parse(newest).map(|newest| newest.days_until(today));
            let from: Vec<&str> = sources.iter().map(|info| info.source.as_str()).collect();
            let age = match age {
                Some(days) if days > OLD => format!(
                    ": {days} days before this review. What was published since then is not seen; `assay db update` brings the data up to date"
                ),
                Some(1) => ", one day before this review".to_owned(),
                Some(days) if days >= 0 => format!(", {days} days before this review"),
                _ => String::new(),
            };
            format!(
                "Dependencies of {ecosystem} were compared with {records} advisories from {}, the newest of {newest}{age}.",
                from.join(" and ")
            )
        })
        .collect()
}
