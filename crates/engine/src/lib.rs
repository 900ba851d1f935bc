//! From paths to a finished review.
//!
//! - A [`Request`] is what the user asked for; [`Config`] is what the project asks for; the request wins.
//! - [`review`] runs the stages in order and gives a [`Reviewed`]: the review with its [`ExitStatus`].
//! - [`analyse::analyse`] is the whole-program part: everything before it is per file, everything after it
//!   only filters, suppresses, names and counts.
//!
//! Nothing here prints; [`Progress`] tells whoever does how far it is.

pub mod analyse;
mod areas;
mod baseline;
mod cache;
mod config;
mod date;
mod dependencies;
mod document;
mod error;
mod fingerprint;
mod finish;
mod gaps;
mod inline;
mod installed;
mod moves;
mod nearest;
mod pipeline;
mod releases;
mod remedies;
mod scope;
mod session;
mod suppress;
mod templates;

pub use cache::Cache;
pub use config::{Config, ConfigSource, FailOn};
pub use date::Date;
pub use dependencies::{Advisories, Dependencies, dependencies, dependencies_with_code};
pub use document::DocumentError;
pub use error::Error;
pub use nearest::nearest;
pub use pipeline::{ExitStatus, NoProgress, Progress, Request, Reviewed, is_well_formed, lower_file, review};
pub use session::Session;
pub use suppress::{TriageEntry, ignore_comment, with_entry};

/// The version of the tool.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
