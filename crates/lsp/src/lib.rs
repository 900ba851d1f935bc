//! The language server: reviews a workspace while it is edited, unsaved text included.
//!
//! - A *root* is a folder that is reviewed as one project: each workspace folder, and the project around an open document
//!   that lies in none of them.
//! - A *document* is a file that the editor has open. Its text, not the disk's, is reviewed.
//! - A *report* is the last review of a root. Whatever is asked about a document is answered from the report, and only
//!   while the document's text is the one that was reviewed.
//!
//! One thread talks to the editor and never waits for a review; another reviews. A review begins when the editor has been
//! quiet for a moment, and what changes meanwhile is reviewed next. What an editor sends that makes no sense is
//! answered with an error or ignored; it never ends the server.

mod actions;
mod diagnostics;
mod documents;
mod lenses;
mod positions;
mod report;
mod server;
mod settings;
mod uri;
mod worker;

pub use server::{End, serve};
