//! What a process remembers from one review to the next: the language server, rounds of edits, and the second review of a baseline.
//!
//! - A *module* is a function of its file's language and text. It is used again where these are the same.
//! - The *facts* about the whole program, who calls whom and where data goes, are a function of the modules, of places only as far as
//!   one contains another, and of the releases that the manifests ask for. They are used again when these are the same and every module is the one it was, [moved](assay_ir::Module::is_moved) at most:
//!   after edits of comments, blank lines and formatting.
//! - What the checks found follows from the facts, from where the code stands and from what they [ask](assay_text::Texts) of the texts. It is
//!   used again, [moved](crate::moves), when the facts are, and all that was asked of the edited files has the same answers. What follows
//!   the checks is done anew.
//!
//! After any other edit the facts are found anew, too: a set of objects keeps the order in which they came, and the
//! last ones are left out where there are too many, so that what a smaller search would find need not be what a whole one
//! does.

use crate::analyse::{AnalysisOutput, Examined, Facts};
use crate::error::Error;
use crate::moves::Move;
use crate::pipeline;
use assay_index::FxHashMap;
use assay_ir::Module;
use assay_models::Releases;
use assay_text::{FileId, Files, Language, Role, SourceFile};
use rayon::ThreadPool;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A module with what the project says about it.
#[derive(Clone)]
pub(crate) struct Described {
    pub(crate) file: FileId,
    /// Its dotted name.
    pub(crate) name: String,
    /// The path of its file, without the extension.
    pub(crate) path: String,
    /// Whether it is a package's `__init__`.
    pub(crate) package: bool,
    /// Whether it is test code.
    pub(crate) test: bool,
    /// Whether it is a template, whose name is its path.
    pub(crate) template: bool,
    pub(crate) module: Arc<Module>,
}

impl Described {
    /// Whether this is another one, moved at most.
    fn is_moved(&self, other: &Self) -> bool {
        let Self { file: _, name, path, package, test, template, module } = self;
        (name, path, package, test, template)
            == (&other.name, &other.path, &other.package, &other.test, &other.template)
            && (Arc::ptr_eq(module, &other.module) || module.is_moved(&other.module))
    }
}

/// A module, and what it was lowered from.
type Remembered = (Language, Arc<str>, Arc<Module>);
/// The modules of a program, as they were lowered, and what was found out.
type Kept = (Vec<Described>, Facts<'static>);

/// The modules of each file that moved: as they were, and as they are. One file has several where its texts are templates.
pub(crate) type Moved = BTreeMap<FileId, Vec<(Arc<Module>, Arc<Module>)>>;

/// What the checks found, and what of their input is not in the modules.
struct Output {
    /// What was asked for.
    asked: String,
    files: Files,
    found: Examined,
}

impl Output {
    /// Makes of this what the checks would find in `files`. `None` when they have to be asked.
    fn follow(&mut self, files: &Files, tests: bool, moved: &Moved) -> Option<()> {
        if files.len() != self.files.len() {
            return None;
        }
        let both = files.iter().zip(self.files.iter());
        let changed = both.filter(|((_, now), (_, before))| !is_same(now, before, tests));
        let mut edited = BTreeSet::new();
        for ((id, now), (_, before)) in changed {
            let modules = moved.get(&id).filter(|_| is_alike(now, before))?;
            let moved = Move::new((&before.text, &now.text), modules.iter().map(|(one, other)| (&**one, &**other)))?;
            self.found.follow(id, (before, now), &moved)?;
            edited.insert(id);
        }
        self.found.remedies.apply(files, &mut self.found.output, |file| edited.contains(&file));
        self.files = files.clone();
        Some(())
    }
}

/// Whether a file is the one it was, as far as the checks look at it when its module is the same; without `tests` they do not look at
/// those.
fn is_same(now: &SourceFile, before: &SourceFile, tests: bool) -> bool {
    let examined = tests || now.role != Role::Test || now.language != Language::Python;
    is_alike(now, before) && (!examined || now.text == before.text)
}

/// Whether a file is the one it was, but for its text.
fn is_alike(now: &SourceFile, before: &SourceFile) -> bool {
    let about = |file: &SourceFile| (file.language, file.role, file.requested);
    now.path == before.path && about(now) == about(before)
}

/// What is remembered of the reviews of one project.
#[derive(Default)]
pub struct Session {
    files: Mutex<Files>,
    /// By the paths of their files.
    modules: Mutex<FxHashMap<Arc<str>, Remembered>>,
    facts: Mutex<Option<Kept>>,
    output: Mutex<Option<Output>>,
    /// The threads, with the number that was asked for.
    pool: Mutex<Option<(Option<usize>, Arc<ThreadPool>)>>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    /// The threads of the reviews.
    pub(crate) fn pool(&self, jobs: Option<usize>) -> Result<Arc<ThreadPool>, Error> {
        let mut known = lock(&self.pool);
        if let Some((of, pool)) = &*known
            && *of == jobs
        {
            return Ok(Arc::clone(pool));
        }
        let pool = Arc::new(pipeline::pool(jobs)?);
        *known = Some((jobs, Arc::clone(&pool)));
        Ok(pool)
    }

    /// Remembers the files of a review, which share what is the same with those of the one before.
    pub(crate) fn share(&self, files: &mut Files) {
        let mut before = lock(&self.files);
        files.share(&before);
        before.clone_from(files);
    }

    /// The module of a file, when it was lowered from the same text.
    pub(crate) fn module(&self, file: &SourceFile) -> Option<Arc<Module>> {
        let modules = lock(&self.modules);
        let (language, text, module) = modules.get(&file.path)?;
        (*language == file.language && *text == file.text).then(|| Arc::clone(module))
    }

    /// Remembers the modules of a review, and forgets those of files that are no part of it.
    pub(crate) fn remember<'a>(&self, files: &Files, lowered: impl Iterator<Item = (FileId, &'a Arc<Module>)>) {
        let entry = |(id, module): (FileId, &Arc<Module>)| {
            let file = files.get(id);
            (Arc::clone(&file.path), (file.language, Arc::clone(&file.text), Arc::clone(module)))
        };
        *lock(&self.modules) = lowered.map(entry).collect();
    }

    /// The facts about a program of these modules that runs with these releases, if they follow from the ones kept, and which
    /// modules have moved. What does not fit is forgotten, and so is what the checks found.
    pub(crate) fn recall(&self, modules: &[Described], releases: &Releases) -> Option<(Facts<'static>, Moved)> {
        let fitting = self.fitting(modules, releases);
        if fitting.is_none() {
            *lock(&self.output) = None;
        }
        fitting
    }

    fn fitting(&self, modules: &[Described], releases: &Releases) -> Option<(Facts<'static>, Moved)> {
        let (before, mut facts) = lock(&self.facts).take()?;
        let same = facts.resolution.program.releases == *releases;
        if !same
            || before.len() != modules.len()
            || !modules.iter().zip(&before).all(|(now, before)| now.is_moved(before))
        {
            return None;
        }
        let mut moved = Moved::new();
        for (module, (now, before)) in facts.resolution.program.modules.iter_mut().zip(modules.iter().zip(&before)) {
            module.file = now.file;
            if !Arc::ptr_eq(&now.module, &before.module) {
                module.ir.move_to(&now.module);
                let pair = (Arc::clone(&before.module), Arc::clone(&now.module));
                moved.entry(now.file).or_default().push(pair);
            }
        }
        Some((facts, moved))
    }

    /// What the checks find when they were asked for the same before, and their modules have moved at most.
    pub(crate) fn output(&self, asked: &str, files: &Files, tests: bool, moved: &Moved) -> Option<AnalysisOutput> {
        let mut place = lock(&self.output);
        let mut kept = place.take().filter(|kept| kept.asked == asked)?;
        kept.follow(files, tests, moved)?;
        Some(place.insert(kept).found.output.clone())
    }

    /// Keeps what the checks found.
    pub(crate) fn keep_output(&self, asked: String, files: &Files, found: Examined) {
        *lock(&self.output) = Some(Output { asked, files: files.clone(), found });
    }

    /// Keeps the facts about a program of these modules.
    pub(crate) fn keep(&self, modules: Vec<Described>, facts: Facts<'static>) {
        *lock(&self.facts) = Some((modules, facts));
    }
}
