use crate::{Function, Object, ObjectId, Types};
use assay_index::{IndexVec, Interner, Symbol};
use assay_text::Span;
use std::borrow::Cow;

assay_index::define_id!(
    /// A function of one module; the module's body is number 0.
    pub struct FunctionId, "f"
);
assay_index::define_id!(
    /// A class of one module.
    pub struct ClassId, "c"
);

/// One lowered source file.
#[derive(Clone, Debug)]
pub struct Module {
    /// All functions. Number 0 is the module's body; a nested function comes after its parent.
    pub functions: IndexVec<FunctionId, Function>,
    /// All classes.
    pub classes: IndexVec<ClassId, Class>,
    /// The strings behind the module's symbols: names, attributes and literal text.
    pub strings: Interner,
    /// The types that functions and objects refer to, in a language with typed memory.
    pub types: Types,
    /// The functions and variables with a static lifetime that the module defines or refers to, in such a language.
    pub objects: IndexVec<ObjectId, Object>,
    /// The names in `__all__` as far as they are literal; `None` without an `__all__`.
    pub exports: Option<Vec<Symbol>>,
    /// What could not be parsed or lowered.
    pub gaps: Vec<Gap>,
}

impl Module {
    /// A module of these functions, the first of which is its body.
    pub fn new(functions: IndexVec<FunctionId, Function>, strings: Interner) -> Self {
        Self {
            functions,
            classes: IndexVec::new(),
            strings,
            types: Types::default(),
            objects: IndexVec::new(),
            exports: None,
            gaps: Vec::new(),
        }
    }

    /// The body of the module.
    pub fn body(&self) -> &Function {
        &self.functions.as_slice()[0]
    }

    /// The number of instructions in all functions.
    pub fn instruction_count(&self) -> usize {
        self.functions.iter().map(|f| f.insts.len()).sum()
    }
}

/// A class statement. Its body is a function whose [`crate::Op::StoreName`] instructions define the
/// class's attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// The name in the statement.
    pub name: Symbol,
    /// The name within the module: `Outer.Inner`, `f.<locals>.C`.
    pub qualified: Symbol,
    /// The function that runs the body.
    pub body: FunctionId,
    /// The whole statement.
    pub span: Span,
    /// The name alone.
    pub name_span: Span,
}

/// A part of a file that is not in the representation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where.
    pub span: Span,
    /// Why.
    pub reason: GapReason,
}

/// Why a part of a file was not lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GapReason {
    /// The parser reported this error here; the text around it was still read.
    Syntax(String),
    /// The file is written in an older language version (`Python 2`).
    OlderLanguage(Cow<'static, str>),
    /// A construct that has no lowering; its operands are kept.
    Construct(Cow<'static, str>),
    /// A limit of [`assay_text::limits`], by name.
    Limit(Cow<'static, str>),
    /// The analysis itself failed with this message.
    Panic(String),
}

impl std::fmt::Display for GapReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(message) => write!(f, "syntax error: {message}"),
            Self::OlderLanguage(name) => write!(f, "written in {name}"),
            Self::Construct(name) => write!(f, "no lowering for {name}"),
            Self::Limit(name) => write!(f, "analysis limit reached: {name}"),
            Self::Panic(message) => write!(f, "internal error: {message}"),
        }
    }
}
