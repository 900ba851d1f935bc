//! Reviews that are kept on this machine, so that the same review needs no second analysis.
//!
//! One file for each review, under a name made of the review's key and of what the key cannot know: which program made it, and which file
//! of advisories it was given. Files are written beside their place and renamed, so that another process sees all of one or nothing.
//! What is read is made young, and when everything takes up more than [`MAX_BYTES`], the oldest go.

use crate::args::CacheArgs;
use assay_engine::Cache;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Bytes that kept reviews take up at most.
const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// Bytes of one review at most.
const MAX_REVIEW_BYTES: u64 = 128 * 1024 * 1024;
/// What the names of kept reviews end with.
const EXTENSION: &str = "review";

/// A folder of kept reviews.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    salt: String,
}

/// The cache that the arguments and the environment ask for, if any. `database` is the file of advisories.
pub(crate) fn of(arguments: &CacheArgs, database: Option<&Path>) -> Option<Arc<dyn Cache>> {
    if arguments.no_cache {
        return None;
    }
    let path = arguments.cache_dir.clone().or_else(default_path)?;
    // Two builds of one version may find different things.
    let program = std::env::current_exe().ok().and_then(|path| identity(&path))?;
    let salt = format!("{program} {}", database.and_then(identity).unwrap_or_default());
    Some(Arc::new(Folder { path, salt }))
}

/// `ASSAY_CACHE_DIR`, else a folder in the user's for caches.
fn default_path() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = variable("ASSAY_CACHE_DIR") {
        return Some(path);
    }
    let caches = variable("XDG_CACHE_HOME").or_else(|| {
        let home = variable("HOME")?;
        Some(if cfg!(target_os = "macos") { home.join("Library").join("Caches") } else { home.join(".cache") })
    });
    caches.or_else(|| variable("LOCALAPPDATA")).map(|folder| folder.join("assay"))
}

/// What changes when a file does.
fn identity(path: &Path) -> Option<String> {
    let data = fs::metadata(path).ok()?;
    let changed = data.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", path.display(), data.len(), changed.as_nanos()))
}

impl Folder {
    fn file(&self, key: &str) -> PathBuf {
        let digest = Sha256::digest(format!("{}\n{key}", self.salt));
        self.path.join(format!("{digest:x}")).with_extension(EXTENSION)
    }

    /// Removes the oldest until there is room again. Another process that does the same at the same time does no harm.
    fn make_room(&self) {
        let Ok(entries) = fs::read_dir(&self.path) else { return };
        let mut all: Vec<(SystemTime, u64, PathBuf)> = entries
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|extension| extension == EXTENSION))
            .filter_map(|entry| {
                let data = entry.metadata().ok()?;
                Some((data.modified().ok()?, data.len(), entry.path()))
            })
            .collect();
        let mut total: u64 = all.iter().map(|(_, size, _)| size).sum();
        if total <= MAX_BYTES {
            return;
        }
        all.sort_unstable();
        for (_, size, path) in all {
            if total <= MAX_BYTES / 4 * 3 {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total -= size;
            }
        }
    }

    fn write(&self, key: &str, bytes: &[u8]) -> std::io::Result<()> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        // Reviews quote the code.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.path)?;
        let mut new = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.path)?;
        new.write_all(bytes)?;
        new.persist(self.file(key)).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Cache for Folder {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.file(key);
        let file = fs::File::open(&path).ok()?;
        if file.metadata().ok()?.len() > MAX_REVIEW_BYTES {
            return None;
        }
        // A review that cannot be made young is used all the same.
        let _ = file.set_modified(SystemTime::now());
        drop(file);
        fs::read(path).ok()
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        // What cannot be kept is made again.
        if bytes.len() as u64 <= MAX_REVIEW_BYTES && self.write(key, bytes).is_ok() {
            self.make_room();
        }
    }
}
