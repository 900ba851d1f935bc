//! Source text and places in it.
//!
//! - A [`Span`] is a half-open range of byte offsets into one file's decoded text.
//! - A [`SourceFile`] is that text with its path, language and [`Role`].
//! - A [`LineIndex`] turns offsets into lines and columns.
//! - [`Texts`] hands out texts and notes what was asked of them.
//! - [`limits`] holds every cut-off of the whole analysis.

pub mod limits;
mod line_index;
mod reads;
mod source_file;
mod span;

pub use line_index::{LineColumn, LineIndex};
pub use reads::{Question, Reads, Texts};
pub use source_file::{Files, Language, Role, SourceFile};
pub use span::{FileId, Span};
