//! Releases of libraries from which on a row no longer holds, and what a project says of them.

use std::collections::{BTreeMap, BTreeSet};

/// A release of a package: `lxml 5.0`. The package `python` is the language itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Release {
    /// The package, in the one form that its index uses.
    pub package: String,
    /// The version.
    pub version: String,
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = if self.package == "python" { "Python" } else { &self.package };
        write!(f, "{name} {}", self.version)
    }
}

/// Which of the releases that rows ask about is older than what a project runs with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Releases(BTreeMap<Release, bool>);

impl Releases {
    /// From answers: whether the project runs with something older than the release. What is not known is left out.
    pub fn new(answers: impl IntoIterator<Item = (Release, bool)>) -> Self {
        Self(answers.into_iter().collect())
    }

    /// Whether the project runs with something older than this release; `None`: nobody says so.
    pub fn older(&self, release: &Release) -> Option<bool> {
        self.0.get(release).copied()
    }
}

/// The releases that rows ask about.
pub(crate) type Asked = BTreeSet<Release>;
