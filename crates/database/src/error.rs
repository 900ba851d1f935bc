use std::path::{Path, PathBuf};

/// Why the database is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database that is there cannot be used.
    #[error("{path}: {source}")]
    Database {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: assay_dependencies::DatabaseError,
    },
    /// Another import is at work.
    #[error("{0}: another import is at work; try again when it has ended")]
    Busy(String),
    /// What was to be imported is not what it should be.
    #[error("{source_name}: {message}")]
    Data {
        /// The file, folder or address.
        source_name: String,
        /// What is wrong.
        message: String,
    },
    /// The server did not give the data.
    #[error("{url}: {message}")]
    Download {
        /// The address.
        url: String,
        /// What happened.
        message: String,
    },
    /// The user forbade the network.
    #[error("ASSAY_OFFLINE is set, so nothing is downloaded; `assay db import FILE` reads a file instead")]
    Offline,
    /// No place for the database is known.
    #[error("no folder for data is known: set HOME, XDG_DATA_HOME or ASSAY_DATABASE, or pass --database FILE")]
    NoPlace,
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path: PathBuf = path.to_path_buf();
        move |source| Self::Io { path: path.to_string_lossy().into_owned(), source }
    }

    pub(crate) fn data(source: &str, message: impl Into<String>) -> Self {
        Self::Data { source_name: source.to_owned(), message: message.into() }
    }
}
