//! The last review of a root.

use crate::positions::{Encoding, Measured};
use crate::uri;
use assay_finding::{Finding, Place, Review};
use assay_text::{FileId, SourceFile};
use lsp_types::{Location, Uri};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// A review with the paths of its files.
pub(crate) struct Report {
    pub(crate) review: Review,
    pub(crate) encoding: Encoding,
    paths: BTreeMap<FileId, PathBuf>,
    files: BTreeMap<PathBuf, FileId>,
    include_tests: bool,
}

impl Report {
    pub(crate) fn new(review: Review, root: &Path, encoding: Encoding, include_tests: bool) -> Self {
        let paths: BTreeMap<FileId, PathBuf> =
            review.files.iter().map(|(id, file)| (id, normalised(root, &file.path))).collect();
        let files = paths.iter().map(|(id, path)| (path.clone(), *id)).collect();
        Self { review, encoding, paths, files, include_tests }
    }

    /// The path of a file, absolute.
    pub(crate) fn path(&self, file: FileId) -> &Path {
        &self.paths[&file]
    }

    /// The file at a path.
    pub(crate) fn file(&self, path: &Path) -> Option<FileId> {
        self.files.get(path).copied()
    }

    pub(crate) fn measured(&self, file: FileId) -> Measured<'_> {
        let file: &SourceFile = self.review.files.get(file);
        Measured { text: &file.text, lines: file.lines(), encoding: self.encoding }
    }

    /// Where a place is; `None` when its path is no text.
    pub(crate) fn location(&self, place: &Place, open: &impl Fn(&Path) -> Option<Uri>) -> Option<Location> {
        let path = self.path(place.file);
        let uri = open(path).or_else(|| uri::from_path(path))?;
        Some(Location { uri, range: self.measured(place.file).range(place.span) })
    }

    /// The findings that are shown, with their numbers.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (usize, &Finding)> {
        let shown = |finding: &Finding| finding.suppressed.is_none() && (self.include_tests || !finding.in_test);
        self.review.findings.iter().enumerate().filter(move |(_, finding)| shown(finding))
    }
}

/// `shown`, which may climb with `..`, below `root`.
fn normalised(root: &Path, shown: &str) -> PathBuf {
    let mut path = root.to_path_buf();
    for part in Path::new(shown).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(part) => path.push(part),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    path
}
