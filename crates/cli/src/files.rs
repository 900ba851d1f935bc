//! Files of the reviewed project that a command changes.

use assay_text::SourceFile;
use std::io::Write;
use std::path::Path;

/// Whether the bytes of a file are its text: it is a plain file, written as UTF-8, and has not changed since it was read.
pub(crate) fn is_as_read(path: &Path, file: &SourceFile) -> bool {
    holds(path, &file.text)
}

/// Whether a plain file holds this text.
pub(crate) fn holds(path: &Path, text: &str) -> bool {
    let plain = std::fs::symlink_metadata(path).is_ok_and(|data| data.is_file());
    plain && std::fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Replaces what a file holds, all or nothing: a crash leaves the old text. The permissions stay.
///
/// # Errors
/// When the file is not there, or its folder cannot be written to.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let permissions = std::fs::metadata(path)?.permissions();
    let mut new = tempfile::Builder::new().prefix(".assay-").tempfile_in(folder)?;
    new.write_all(bytes)?;
    new.as_file().set_permissions(permissions)?;
    new.as_file().sync_all()?;
    new.persist(path).map_err(|error| error.error)?;
    Ok(())
}
