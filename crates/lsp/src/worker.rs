//! The thread that reviews.

use crate::overlay::Overlay;
use assay_engine::{NoProgress, Request};
use assay_finding::Review;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::thread::JoinHandle;

/// What comes of a job: the root, and its review or why there is none.
pub(crate) struct Done {
    pub(crate) root: PathBuf,
    pub(crate) result: Result<Review, String>,
}

/// A thread that works off jobs in their order, and ends when nobody can give it any more.
pub(crate) struct Worker {
    jobs: Sender<(Overlay, Request)>,
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
        let thread = std::thread::Builder::new().name("assay-review".to_owned()).spawn(move || {
            for (overlay, request) in todo {
                let result = run(&overlay, &request);
                if finished.send(Done { root: overlay.root, result }).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { jobs, done, _thread: thread })
    }

    /// Hands over a job.
    pub(crate) fn review(&self, overlay: Overlay, mut request: Request) {
        request.targets = vec![overlay.root.clone()];
        // The thread only ends together with the server.
        let _ = self.jobs.send((overlay, request));
    }
}

fn run(overlay: &Overlay, request: &Request) -> Result<Review, String> {
    match catch_unwind(AssertUnwindSafe(|| assay_engine::review(request, overlay, &NoProgress))) {
        Ok(Ok(reviewed)) => Ok(reviewed.review),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the review failed: this is a bug in Assay".to_owned()),
    }
}
