//! What manifests say: dependencies, each with its place.

use crate::{Ecosystem, Ranges, Requirement, Version};
use assay_text::{FileId, Span};

/// What a dependency is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// The program needs it to run.
    Runtime,
    /// The program runs without it; an extra asks for it.
    Optional,
    /// What builds the package.
    Build,
    /// Tests.
    Test,
    /// Documentation.
    Doc,
    /// Other tools of developers.
    Dev,
}

impl Scope {
    /// All, in the order of reports.
    pub const ALL: [Self; 6] = [Self::Runtime, Self::Optional, Self::Build, Self::Test, Self::Doc, Self::Dev];

    /// The word that reports use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Optional => "optional",
            Self::Build => "build",
            Self::Test => "test",
            Self::Doc => "doc",
            Self::Dev => "dev",
        }
    }

    /// Whether it is part of what is shipped.
    pub fn is_shipped(self) -> bool {
        matches!(self, Self::Runtime | Self::Optional)
    }

    /// What the name of a group, an environment or a folder says; tools for whatever it does not say.
    pub(crate) fn of_group(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
        if words.clone().any(|word| matches!(word, "doc" | "docs" | "documentation" | "releasenotes" | "sphinx")) {
            Self::Doc
        } else if words
            .any(|word| matches!(word, "test" | "tests" | "testing" | "unittest" | "functional" | "cover" | "coverage"))
        {
            Self::Test
        } else {
            Self::Dev
        }
    }
}

/// What kind of statement an entry is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A manifest asks for it.
    Declared,
    /// A constraints file limits it, wherever it is asked for.
    Constraint,
    /// A lock file selects it.
    Locked,
    /// It is installed.
    Installed,
}

/// Where the package comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The ecosystem's registry, or a mirror.
    Registry,
    /// A file at an address.
    Url(String),
    /// A repository.
    Vcs(String),
    /// A folder or file of this machine.
    Path(String),
}

/// One entry of a manifest or lock file.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name in the ecosystem's one form.
    pub name: String,
    /// The name as it is written.
    pub shown: String,
    /// Extras that are asked for.
    pub extras: Vec<String>,
    /// What kind of statement this is.
    pub kind: Kind,
    /// What is admitted; for what is locked or installed, that version alone.
    pub requirement: Requirement,
    /// The version that is locked or installed.
    pub version: Option<Version>,
    /// What it is for.
    pub scope: Scope,
    /// The extra, group or environment that asks for it.
    pub group: Option<String>,
    /// The condition under which it is needed.
    pub marker: Option<String>,
    /// Whether no environment that the project admits meets that condition.
    pub never: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// The file.
    pub file: FileId,
    /// The entry in it.
    pub span: Span,
    /// The requirement in it, which an edit would replace.
    pub requirement_span: Option<Span>,
    /// Packages that ask for it, as the lock file says.
    pub parents: Vec<String>,
    /// Whether the project itself asks for it, where the file says so.
    pub direct: Option<bool>,
    /// Whether the file, or the list of what is installed, says who needs whom, and names nobody but the project itself for this one.
    pub sole: bool,
    /// What the file says against using it: that it is deprecated, abandoned or yanked.
    pub notice: Option<String>,
}

impl Dependency {
    /// What stands in the place of a version is none: a branch, or an address.
    pub(crate) fn forget_version(&mut self) {
        self.version = None;
        self.requirement = Requirement::of_ranges("", Ranges::full());
    }
}

/// What a manifest says besides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The part of the file; all of it when absent.
    pub span: Option<Span>,
    /// A word that can be counted.
    pub code: &'static str,
    /// In words.
    pub message: String,
    /// Whether dependencies may have been missed.
    pub incomplete: bool,
}

/// Another file that a manifest names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Include {
    /// As written.
    pub path: String,
    /// The place.
    pub span: Span,
    /// Whether it only limits versions.
    pub constraint: bool,
    /// What its entries are for, when the including file says so.
    pub scope: Option<(Scope, Option<String>)>,
}

/// Everything that one file says.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The format, as reports name it.
    pub format: &'static str,
    /// The entries, in the order of their places.
    pub dependencies: Vec<Dependency>,
    /// What was not understood.
    pub problems: Vec<Problem>,
    /// Files named.
    pub includes: Vec<Include>,
    /// The names of the package that the file describes, in the ecosystem's form.
    pub own_names: Vec<String>,
    /// The versions of the language that the package admits.
    pub requires_python: Option<Requirement>,
    /// Packages that an installed package needs.
    pub needs: Vec<String>,
    /// Top-level modules that an installed package brings.
    pub modules: Vec<String>,
}
