use crate::git::GitTree;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What stands at a path, without following a symbolic link.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, a pipe or a socket: never opened.
    Special,
}

/// One name in a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DirEntry {
    /// The bare name.
    pub name: OsString,
    /// What it stands for.
    pub kind: FileKind,
}

/// What a review may ask of its surroundings.
///
/// No method writes, and none follows a link that the caller did not ask to follow.
pub trait System: Sync {
    /// The folder that relative paths start at.
    ///
    /// # Errors
    /// When the system does not tell.
    fn current_dir(&self) -> io::Result<PathBuf>;

    /// The absolute path without links and `..`.
    ///
    /// # Errors
    /// When nothing stands there, or links go in a circle.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf>;

    /// What stands at `path`, the last link not followed.
    ///
    /// # Errors
    /// When nothing stands there.
    fn kind(&self, path: &Path) -> io::Result<FileKind>;

    /// The names in a folder in byte order; `None` when there are more than `limit`.
    ///
    /// # Errors
    /// When it is no folder, or may not be read.
    fn read_dir(&self, path: &Path, limit: usize) -> io::Result<Option<Vec<DirEntry>>>;

    /// The first `limit` bytes of a file.
    ///
    /// # Errors
    /// When it is no regular file, or may not be read.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// What a symbolic link says, unresolved.
    ///
    /// # Errors
    /// When it is no link.
    fn read_link(&self, path: &Path) -> io::Result<PathBuf>;

    /// The files of a revision of the repository at `root`, in their places.
    ///
    /// # Errors
    /// When there is no such revision, or it cannot be read.
    fn revision(&self, root: &Path, revision: &str) -> io::Result<Box<dyn System>> {
        let _ = (root, revision);
        Err(io::Error::new(io::ErrorKind::Unsupported, "there are no revisions here"))
    }

    /// Processor seconds that this process has used so far; 0 where the system does not tell.
    fn cpu_seconds(&self) -> f64 {
        0.0
    }

    /// The largest amount of memory that this process has held, in bytes, where the system tells.
    fn peak_memory(&self) -> Option<u64> {
        None
    }

    /// Whether a regular file (or a link to one) stands at `path`.
    fn is_file(&self, path: &Path) -> bool {
        match self.kind(path) {
            Ok(FileKind::File) => true,
            Ok(FileKind::Symlink) => {
                self.canonicalize(path).and_then(|real| self.kind(&real)).is_ok_and(|kind| kind == FileKind::File)
            }
            _ => false,
        }
    }
}

/// The machine's own file system and clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsSystem;

impl System for OsSystem {
    fn current_dir(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize()
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        Ok(kind_of(path.symlink_metadata()?.file_type()))
    }

    fn read_dir(&self, path: &Path, limit: usize) -> io::Result<Option<Vec<DirEntry>>> {
        let mut entries = Vec::new();
        for entry in path.read_dir()? {
            let entry = entry?;
            if entries.len() == limit {
                return Ok(None);
            }
            entries.push(DirEntry { name: entry.file_name(), kind: kind_of(entry.file_type()?) });
        }
        entries.sort_unstable();
        Ok(Some(entries))
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        // Opening a pipe would wait for a writer, so the kind is asked first.
        let metadata = path.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0));
        std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        path.read_link()
    }

    fn revision(&self, root: &Path, revision: &str) -> io::Result<Box<dyn System>> {
        let current = self.current_dir()?;
        let current = self.canonicalize(&current).unwrap_or(current);
        Ok(Box::new(GitTree::open(root, &current, revision)?))
    }

    #[cfg(unix)]
    fn cpu_seconds(&self) -> f64 {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        std::time::Duration::try_from(time).map_or(0.0, |time| time.as_secs_f64())
    }

    fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }
}

fn kind_of(kind: std::fs::FileType) -> FileKind {
    if kind.is_symlink() {
        FileKind::Symlink
    } else if kind.is_dir() {
        FileKind::Directory
    } else if kind.is_file() {
        FileKind::File
    } else {
        FileKind::Special
    }
}
