//! How code is written: what an edit of it has to know of the syntax.
//!
//! - A *written* expression or statement is one whose parts have places: arguments, operands.
//! - All places are ranges in the text that was asked about.

use assay_text::Span;

/// How an argument is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrittenArgument {
    /// The name before the value, for a named one.
    pub name: Option<String>,
    /// The value.
    pub value: Span,
    /// Whether it spreads a list or a mapping of arguments.
    pub spread: bool,
}

/// How an expression or a statement is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Written {
    /// A call.
    Call {
        /// What is called.
        callee: Span,
        /// For a member that is called: what it is a member of.
        base: Option<Span>,
        /// All arguments, in their order.
        arguments: Vec<WrittenArgument>,
        /// What stands between the parentheses.
        inside: Span,
    },
    /// A comparison of two operands.
    Comparison {
        /// The left one, with its parentheses.
        left: Span,
        /// The right one, with its parentheses.
        right: Span,
        /// Whether it holds when they differ.
        negative: bool,
    },
    /// An assignment of one value to one target.
    Assignment {
        /// The value.
        value: Span,
    },
    /// An assertion.
    Assertion {
        /// What must hold.
        test: Span,
        /// Whether `not` can stand before what must hold without parentheses around it.
        simple: bool,
        /// What is said otherwise.
        message: Option<Span>,
    },
    /// An output of a template that says that its value is markup.
    Marked {
        /// The filters that say so, with the bars before them.
        marks: Vec<Span>,
    },
}

/// How a module can be named in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleName {
    /// What to write for it.
    pub name: String,
    /// The import that it takes, where it is not imported already: where to insert which text.
    pub import: Option<(u32, String)>,
}

/// What an edit asks of a language.
pub trait Layout: Sync {
    /// Reads a text for edits; `None` where it is not well-formed, since then no edit of it would be sure.
    ///
    /// It recurses on the syntax, as a front end does.
    fn read<'t>(&self, text: &'t str) -> Option<Box<dyn Sheet + 't>>;
}

/// A text that was read for edits. Its answers are a pure function of the text.
pub trait Sheet {
    /// The text.
    fn text(&self) -> &str;

    /// How what stands exactly at `span` is written; `None` for what no edit is made of. An assignment is also found by its
    /// target.
    fn written(&self, span: Span) -> Option<&Written>;

    /// How `module` is named in the file; `None` where its name means, or may mean, something else there.
    fn module(&self, module: &str) -> Option<ModuleName>;

    /// The module from which a name comes, and what it is called there; `None` where the name is of the file's own, or may be.
    fn imported(&self, name: &str) -> Option<(&str, &str)>;
}
