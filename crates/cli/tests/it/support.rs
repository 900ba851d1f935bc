//! Running the real command in a folder of its own.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Bounded time, with room for an unoptimised build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// A folder with a project, removed at the end.
pub(crate) struct Tree {
    folder: tempfile::TempDir,
}

/// What the command did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Tree {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for the test") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// With a file of these contents.
    #[must_use]
    pub(crate) fn with(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
        std::fs::write(path, contents).expect("a file");
        self
    }

    /// Runs the command in the folder. Whatever it is given, it ends.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let (out, err) = (tempfile::tempfile().expect("a file"), tempfile::tempfile().expect("a file"));
        let mut child = command(self.path())
            .args(arguments)
            .stdout(out.try_clone().expect("a handle"))
            .stderr(err.try_clone().expect("a handle"))
            .spawn()
            .expect("the command starts");
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("the command can be waited for") {
                break status;
            }
            if start.elapsed() > PATIENCE {
                child.kill().expect("the command can be ended");
                panic!("{arguments:?} did not end within {PATIENCE:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        Run { status: status.code().unwrap_or(-1), stdout: text(out), stderr: text(err) }
    }

    /// Runs a review and reads its JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let run = self.run(&[&["review", "--format", "json"], arguments].concat());
        let value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        (run.status, value)
    }
}

fn text(mut file: File) -> String {
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).expect("output is UTF-8");
    text
}

/// The command, started in `folder`, without input and with a day that does not change.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("SOURCE_DATE_EPOCH", "1768435200")
        .env("ASSAY_DATABASE", folder.join(".advisories.db"))
        .env("ASSAY_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("reviews"))
        .env_remove("RUST_BACKTRACE");
    command
}

/// The gaps of a JSON report for one path: code, and whether it makes the review incomplete.
pub(crate) fn gaps(report: &serde_json::Value, path: &str) -> Vec<(String, bool)> {
    let gaps = report["gaps"].as_array().into_iter().flatten();
    gaps.filter(|gap| gap["path"] == path)
        .map(|gap| (gap["code"].as_str().unwrap_or_default().to_owned(), gap["incomplete"] == true))
        .collect()
}
