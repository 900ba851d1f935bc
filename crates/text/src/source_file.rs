use crate::{FileId, LineColumn, LineIndex, Span};
use assay_index::{Idx, IndexVec};
use std::sync::{Arc, OnceLock};

/// A language that the walk recognises, whether or not a front end exists for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Language {
    /// Python 2 or 3.
    Python,
    /// C, headers included.
    C,
    /// C++.
    Cpp,
    /// JavaScript.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// Java.
    Java,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// C#.
    CSharp,
    /// Shell scripts.
    Shell,
    /// Manifests, lock files and other configuration.
    Manifest,
    /// HTML and template files.
    Template,
    /// Anything else.
    Other,
}

impl Language {
    /// The language's name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::C => "C",
            Self::Cpp => "C++",
            Self::JavaScript => "JavaScript",
            Self::TypeScript => "TypeScript",
            Self::Java => "Java",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::Ruby => "Ruby",
            Self::Php => "PHP",
            Self::CSharp => "C#",
            Self::Shell => "Shell",
            Self::Manifest => "manifest",
            Self::Template => "template",
            Self::Other => "other",
        }
    }

    /// Whether files of this kind are program code, which a review must be able to analyse.
    pub fn is_code(self) -> bool {
        !matches!(self, Self::Manifest | Self::Template | Self::Other)
    }
}

/// What part a file plays in its project.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// The project's own code.
    FirstParty,
    /// Tests and their helpers.
    Test,
    /// A third party's code, copied in.
    Vendored,
    /// Written by a program.
    Generated,
    /// Schema migrations.
    Migration,
    /// Examples and documentation code.
    Example,
}

impl Role {
    /// The role's name as reports print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstParty => "first-party",
            Self::Test => "test",
            Self::Vendored => "vendored",
            Self::Generated => "generated",
            Self::Migration => "migration",
            Self::Example => "example",
        }
    }
}

/// One file of the reviewed tree, decoded.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path that reports show: relative to the review's root, with `/` between parts.
    pub path: Arc<str>,
    /// The language detected by name or `#!` line.
    pub language: Language,
    /// The part it plays.
    pub role: Role,
    /// The decoded text; invalid bytes have become U+FFFD.
    pub text: Arc<str>,
    /// Whether the user named it or a folder above it; false for a file that was read only
    /// because the project around a named file needs it.
    pub requested: bool,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// A file with the given path, language, role and text.
    pub fn new(path: &str, language: Language, role: Role, text: impl Into<Arc<str>>) -> Self {
        let (path, text) = (Arc::from(path), text.into());
        Self { path, language, role, text, requested: true, lines: OnceLock::new() }
    }

    /// Whether this is another file in every respect.
    pub fn is_same(&self, other: &Self) -> bool {
        let Self { path, language, role, text, requested, lines: _ } = self;
        (path, language, role, requested) == (&other.path, &other.language, &other.role, &other.requested)
            && *text == other.text
    }

    /// The offsets of the lines, computed at first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column at a byte offset.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        self.lines().line_column(&self.text, offset)
    }

    /// The number of lines.
    pub fn line_count(&self) -> u32 {
        self.lines().line_count(&self.text)
    }

    /// The text of `line` (from 1) without its end.
    pub fn line_text(&self, line: u32) -> &str {
        &self.text[self.lines().line_range(&self.text, line)]
    }

    /// The text in `span`.
    pub fn slice(&self, span: Span) -> &str {
        span.slice(&self.text)
    }
}

/// All files of a review, in the order of their paths.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: IndexVec<FileId, Arc<SourceFile>>,
    /// How many of them stand in the order of their paths; what was added later follows.
    ordered: usize,
}

impl Files {
    /// The files, which must come in the order of their paths.
    pub fn new(files: Vec<SourceFile>) -> Self {
        Self { ordered: files.len(), files: files.into_iter().map(Arc::new).collect() }
    }

    /// Takes from earlier ones those that are the same, with all that is known of them.
    pub fn share(&mut self, earlier: &Self) {
        let mut others = earlier.files.as_slice()[..earlier.ordered].iter().peekable();
        for file in &mut self.files {
            while others.next_if(|other| other.path < file.path).is_some() {}
            if let Some(other) = others.next_if(|other| other.is_same(file)) {
                *file = Arc::clone(other);
            }
        }
    }

    /// The file behind `id`.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id]
    }

    /// Each id with its file.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (FileId, &SourceFile)> + ExactSizeIterator {
        self.files.iter_enumerated().map(|(id, file)| (id, &**file))
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Adds a file that was read besides, behind all others; [`Self::by_path`] does not find it.
    pub fn append(&mut self, file: SourceFile) -> FileId {
        self.files.push(Arc::new(file))
    }

    /// The file with exactly this path.
    pub fn by_path(&self, path: &str) -> Option<FileId> {
        self.files.as_slice()[..self.ordered].binary_search_by(|file| (*file.path).cmp(path)).ok().map(FileId::new)
    }
}
