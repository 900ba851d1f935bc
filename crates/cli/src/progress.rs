//! How far a review is, on one line of a terminal.

use assay_engine::Progress;
use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Least time between two changes of the line.
const INTERVAL: Duration = Duration::from_millis(80);

/// The line.
pub(crate) struct Line {
    done: AtomicUsize,
    state: Mutex<State>,
}

struct State {
    name: String,
    total: usize,
    shown: Option<Instant>,
}

impl Line {
    pub(crate) fn new() -> Self {
        let state = State { name: String::new(), total: 0, shown: None };
        Self { done: AtomicUsize::new(0), state: Mutex::new(state) }
    }
}

impl State {
    fn show(&mut self, done: usize) {
        self.shown = Some(Instant::now());
        let count = if self.total > 0 { format!(" {done}/{}", self.total) } else { String::new() };
        let mut err = io::stderr().lock();
        // A terminal that has gone away needs no progress.
        let _ =
            if self.name.is_empty() { write!(err, "\r\x1b[K") } else { write!(err, "\r\x1b[K{}{count}", self.name) };
        let _ = err.flush();
    }
}

impl Progress for Line {
    fn stage(&self, name: &str, total: usize) {
        self.done.store(0, Ordering::Relaxed);
        if let Ok(mut state) = self.state.lock() {
            name.clone_into(&mut state.name);
            state.total = total;
            state.show(0);
        }
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Whoever finds the line busy leaves it to the other thread.
        if let Ok(mut state) = self.state.try_lock()
            && state.shown.is_none_or(|shown| shown.elapsed() >= INTERVAL)
        {
            state.show(done);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Ok(mut state) = self.state.lock()
            && !state.name.is_empty()
        {
            state.name.clear();
            state.show(0);
        }
    }
}
