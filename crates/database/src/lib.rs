//! The advisory database on this machine: where it lies, how data gets into it, how it is replaced.
//!
//! - The *store* is one file, compiled from *sources*: archives, folders and single files of advisories. Importing a source
//!   again replaces what came from it, and leaves the other sources alone.
//! - Data is *verified* before it counts: an archive's checksums, and that there are advisories in it. Only then is the new
//!   file written beside the old one and put in its place, in one step. Whatever fails before leaves the old one as it was.
//! - Two imports at once would lose one of them, so a *lock* beside the file lets one in at a time.
//!
//! This is the only crate that talks to the network and that writes anything besides reports.

mod download;
mod error;
mod records;
mod store;

pub use download::{BUCKET, Patience, update};
pub use error::Error;
pub use store::{Imported, Store, default_path, import, remove};

/// Largest archive that is read, in bytes.
pub const MAX_ARCHIVE_BYTES: u64 = 1024 * 1024 * 1024;
/// Largest single advisory that is read, in bytes.
pub const MAX_RECORD_BYTES: u64 = 16 * 1024 * 1024;
/// Most bytes that an archive may unpack to.
pub const MAX_UNPACKED_BYTES: u64 = 8 * 1024 * 1024 * 1024;
/// Most advisories of one source.
pub const MAX_RECORDS: usize = 2_000_000;
