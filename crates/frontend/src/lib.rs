//! What a language must supply, and the kit that every lowering shares.
//!
//! - A [`Frontend`] parses and lowers one language.
//! - A [`Body`] is one function under construction: the builder of its blocks together with the
//!   constructs around the current statement (loops, regions with a `finally`, resources to
//!   release), which jumps out of them have to honour.
//! - A [`Layout`] tells how code is written, for edits of it.

mod body;
mod layout;

use assay_ir::Module;
use assay_text::{FileId, Files, Language, SourceFile};

pub use body::{Body, Catch, Finally, Loop};
pub use layout::{Layout, ModuleName, Sheet, Written, WrittenArgument};

/// A language's parser and lowering.
///
/// `lower` never fails: it gives what it understood, with the rest in [`Module::gaps`], and
/// [`assay_ir::verify`] holds on its result. It is a pure function of the file.
///
/// It recurses on the syntax: call it on a thread with
/// [`PARSE_STACK_BYTES`](assay_text::limits::PARSE_STACK_BYTES) of stack.
pub trait Frontend: Sync {
    /// The language it reads.
    fn language(&self) -> Language;
    /// Parses and lowers one file, as if there were no others.
    fn lower(&self, file: &SourceFile) -> Module;
    /// What edits of the language can know; nothing when it is not edited.
    fn layout(&self) -> Option<&dyn Layout> {
        None
    }
    /// What lowers the files of a project, for a language whose files mean something by way of others (what they include).
    fn project<'a>(&'a self, files: &'a Files) -> Box<dyn ProjectFrontend + 'a>
    where
        Self: 'a,
    {
        Box::new(Single { frontend: self, files })
    }
}

/// Lowers the files of one project, in any order and on any thread. The result is a pure function of the
/// project's files.
pub trait ProjectFrontend: Sync {
    /// Parses and lowers one file.
    fn lower(&self, file: FileId) -> Module;
}

/// Files that mean nothing to each other.
struct Single<'a, F: ?Sized> {
    frontend: &'a F,
    files: &'a Files,
}

impl<F: Frontend + ?Sized> ProjectFrontend for Single<'_, F> {
    fn lower(&self, file: FileId) -> Module {
        self.frontend.lower(self.files.get(file))
    }
}
