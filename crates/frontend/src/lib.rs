//! What a language must supply, and the kit that every lowering shares.

use assay_ir::Module;
use assay_text::{Language, SourceFile};

/// A language's parser and lowering.
///
/// `lower` never fails: it gives what it understood, with the rest in [`Module::gaps`], and
/// [`assay_ir::verify`] holds on its result. It is a pure function of the file.
pub trait Frontend: Sync {
    /// The language it reads.
    fn language(&self) -> Language;
    /// Parses and lowers one file.
    fn lower(&self, file: &SourceFile) -> Module;
}
