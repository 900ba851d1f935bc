//! Running the real command in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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

    /// Runs the command in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let output: Output = command(self.path()).args(arguments).output().expect("the command starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        Run { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs a review and reads its JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let run = self.run(&[&["review", "--format", "json"], arguments].concat());
        let value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        (run.status, value)
    }
}

/// The command, started in `folder`, without input and with a day that does not change.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("SOURCE_DATE_EPOCH", "1768435200")
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
