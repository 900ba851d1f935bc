use crate::{Error, download, records};
use assay_dependencies::{Builder, Database, DatabaseError, ReadAt, SourceInfo};
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where the database lies unless the user says so: `ASSAY_DATABASE`, else the user's folder for data.
///
/// # Errors
/// When the environment names no folder.
pub fn default_path() -> Result<PathBuf, Error> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = variable("ASSAY_DATABASE") {
        return Ok(path);
    }
    let data = variable("XDG_DATA_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".local").join("share")))
        .or_else(|| variable("LOCALAPPDATA"));
    Ok(data.ok_or(Error::NoPlace)?.join("assay").join("advisories.db"))
}

/// A file that is read at positions.
#[derive(Debug)]
struct FileAt(File);

impl ReadAt for FileAt {
    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            match std::os::windows::fs::FileExt::seek_read(&self.0, &mut buffer[done..], offset + done as u64)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

/// The database file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Store {
    path: PathBuf,
}

/// What an import did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The source.
    pub source: String,
    /// What was read of it; empty when the server says that nothing has changed.
    pub sections: Vec<SourceInfo>,
    /// Files that were no advisories: name and reason, the first few.
    pub unreadable: Vec<(String, String)>,
    /// How many there were.
    pub unreadable_count: usize,
}

impl Store {
    /// The database at `path`, whether or not it exists.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, or is of another format, or damaged.
    pub fn open(&self) -> Result<Option<Database>, Error> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io(&self.path)(error)),
        };
        let error = |source| Error::Database { path: self.path.to_string_lossy().into_owned(), source };
        Database::open(Box::new(FileAt(file))).map(Some).map_err(error)
    }

    /// What is to be kept of the database that is there. One that cannot be used holds nothing to keep.
    pub(crate) fn old(&self) -> Result<Option<Database>, Error> {
        match self.open() {
            Err(Error::Database { source: DatabaseError::Format(_) | DatabaseError::Corrupt(_), .. }) => Ok(None),
            other => other,
        }
    }

    /// Lets one import in at a time; the lock ends with what it gives.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        let path = self.path.with_extension("lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(Error::io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::Busy(self.path.to_string_lossy().into_owned())),
            Err(TryLockError::Error(error)) => Err(Error::io(&path)(error)),
        }
    }

    /// Puts a new database in the old one's place.
    pub(crate) fn replace(&self, bytes: &[u8]) -> Result<(), Error> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let write = || -> io::Result<()> {
            let mut builder = tempfile::Builder::new();
            // Others may read it, as far as the user's mask lets them.
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
            let mut file = builder.tempfile_in(folder)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(&self.path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(Error::io(&self.path))
    }

    /// Replaces what came from `source` by `records`.
    pub(crate) fn put(
        &self,
        source: &str,
        tag: &str,
        today: &str,
        records: &records::Records,
    ) -> Result<Imported, Error> {
        let mut builder = Builder::default();
        if let Some(old) = self.old()? {
            let error = |source| Error::Database { path: self.path.to_string_lossy().into_owned(), source };
            builder.keep(&old, |info| info.source == source).map_err(error)?;
        }
        let unreadable = records.unreadable.len();
        let sections = builder.add(source, today, tag, unreadable as u64, &records.advisories);
        if sections.is_empty() {
            return Err(Error::data(source, "its advisories name no package of an ecosystem that this version knows"));
        }
        self.replace(&builder.finish())?;
        Ok(Imported {
            source: source.to_owned(),
            sections,
            unreadable: records.unreadable.iter().take(5).cloned().collect(),
            unreadable_count: unreadable,
        })
    }
}

/// Takes out what came from a source. Gives the number of ecosystems that it had data of.
///
/// # Errors
/// When the database cannot be read or written, or there is nothing from that source.
pub fn remove(store: &Store, source: &str) -> Result<usize, Error> {
    let _lock = store.lock()?;
    let Some(old) = store.open()? else {
        return Err(Error::data(source, "there is no database"));
    };
    let count = old.sources().filter(|info| info.source == source).count();
    if count == 0 {
        let known: std::collections::BTreeSet<&str> = old.sources().map(|info| info.source.as_str()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        return Err(Error::data(source, format!("the database has nothing from it; it has {}", known.join(", "))));
    }
    let mut builder = Builder::default();
    let error = |source| Error::Database { path: store.path.to_string_lossy().into_owned(), source };
    builder.keep(&old, |info| info.source == source).map_err(error)?;
    drop(old);
    store.replace(&builder.finish())?;
    Ok(count)
}

/// Reads a file, a folder or an address into the database. `today` is the day of import.
///
/// # Errors
/// When the source cannot be read, or holds no advisories, or the database cannot be written. The old database is then as
/// it was.
pub fn import(store: &Store, source: &str, today: &str) -> Result<Imported, Error> {
    let _lock = store.lock()?;
    if source.starts_with("https://") || source.starts_with("http://") {
        return download::import(store, source, source, today, download::Patience::default());
    }
    let path = Path::new(source);
    let name = path.file_name().map_or_else(|| source.to_owned(), |name| name.to_string_lossy().into_owned());
    let records = records::read(path, source)?;
    store.put(&name, "", today, &records)
}
