//! The file system with the editor's text in place of the disk's.

use assay_source::{DirEntry, FileKind, OsSystem, System};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a review of one root sees.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    /// The folder that paths are shown relative to.
    pub(crate) root: PathBuf,
    /// Texts of open documents by path, absolute and without links.
    pub(crate) texts: BTreeMap<PathBuf, Arc<str>>,
}

impl System for Overlay {
    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(self.root.clone())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        OsSystem.canonicalize(path)
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        OsSystem.kind(path)
    }

    fn read_dir(&self, path: &Path, limit: usize) -> io::Result<Option<Vec<DirEntry>>> {
        OsSystem.read_dir(path, limit)
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.texts.get(path) {
            Some(text) => {
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                Ok(text.as_bytes()[..text.len().min(limit)].to_vec())
            }
            None => OsSystem.read(path, limit),
        }
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        OsSystem.read_link(path)
    }
}
