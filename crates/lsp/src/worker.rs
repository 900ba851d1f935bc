//! The thread that reviews.

use assay_engine::{Error, Progress, Request};
use assay_finding::Review;
use assay_source::Overlay;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// What comes of a job: the root, and its review or why there is none. `None` when the job was stopped.
pub(crate) struct Done {
    pub(crate) root: PathBuf,
    pub(crate) result: Option<Result<Review, String>>,
}

/// Whether the result of a job is waited for.
#[derive(Clone)]
struct Wanted(Arc<AtomicBool>);

impl Progress for Wanted {
    fn stage(&self, _: &str, _: usize) {}

    fn step(&self) {}

    fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A thread that works off jobs in their order, and ends when nobody can give it any more.
pub(crate) struct Worker {
    jobs: Sender<(Overlay, Request)>,
    wanted: Wanted,
    /// What is finished.
    pub(crate) done: Receiver<Done>,
    _thread: JoinHandle<()>,
}

impl Worker {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (jobs, todo) = unbounded::<(Overlay, Request)>();
        let (finished, done) = unbounded();
        let wanted = Wanted(Arc::new(AtomicBool::new(true)));
        let asked = wanted.clone();
        let thread = std::thread::Builder::new().name("assay-review".to_owned()).spawn(move || {
            for (overlay, request) in todo {
                let result = run(&overlay, &request, &asked);
                if finished.send(Done { root: overlay.root, result }).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { jobs, wanted, done, _thread: thread })
    }

    /// Lets the job under way end soon: its result is not needed any more.
    pub(crate) fn stop(&self) {
        self.wanted.0.store(false, Ordering::Relaxed);
    }

    /// Hands over a job, once the one before has come to its end.
    pub(crate) fn review(&self, overlay: Overlay, mut request: Request) {
        self.wanted.0.store(true, Ordering::Relaxed);
        request.targets = vec![overlay.root.clone()];
        // The thread only ends together with the server.
        let _ = self.jobs.send((overlay, request));
    }
}

fn run(overlay: &Overlay, request: &Request, wanted: &Wanted) -> Option<Result<Review, String>> {
    match catch_unwind(AssertUnwindSafe(|| assay_engine::review(request, overlay, wanted))) {
        Ok(Ok(reviewed)) => Some(Ok(reviewed.review)),
        Ok(Err(Error::Stopped)) => None,
        Ok(Err(error)) => Some(Err(error.to_string())),
        Err(_) => Some(Err("the review failed: this is a bug in Assay".to_owned())),
    }
}
