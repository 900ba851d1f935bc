use crate::{DirEntry, FileKind, OsSystem, System};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The machine's files, some of them with the unsaved text of an editor in place of what the disk holds.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// The folder that relative paths start at.
    pub root: PathBuf,
    /// The texts by path, absolute and without links.
    pub texts: BTreeMap<PathBuf, Arc<str>>,
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

    fn revision(&self, root: &Path, revision: &str) -> io::Result<Box<dyn System>> {
        OsSystem.revision(root, revision)
    }

    fn cpu_seconds(&self) -> f64 {
        OsSystem.cpu_seconds()
    }

    fn peak_memory(&self) -> Option<u64> {
        OsSystem.peak_memory()
    }
}
