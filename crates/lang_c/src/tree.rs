//! Functions as the parser understood them: expressions with types, conversions made explicit.
//!
//! An *lvalue* is an expression that names an object: [`ExprKind::Local`], [`ExprKind::Object`], [`ExprKind::Deref`],
//! [`ExprKind::Member`], [`ExprKind::Text`] and [`ExprKind::Literal`]. Any other expression is a value.
//! An lvalue where a value is expected stands for what it holds; one of array type never does: it is wrapped in [`ExprKind::Address`].

use assay_index::{IndexVec, Symbol};
use assay_ir::{ArithOp, Comparison, ObjectId, TypeId};
use assay_text::Span;

assay_index::define_id!(
    /// A variable of a function.
    pub(crate) struct LocalId, "local"
);
assay_index::define_id!(
    /// A label of a function.
    pub(crate) struct LabelId, "label"
);

#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) ty: TypeId,
    pub(crate) span: Span,
}

impl Expr {
    /// Whether the expression names an object.
    pub(crate) fn is_lvalue(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Local(_)
                | ExprKind::Object(_)
                | ExprKind::Deref(_)
                | ExprKind::Member(..)
                | ExprKind::Text(_)
                | ExprKind::Literal(..)
        )
    }
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    Int(i64),
    Float(f64),
    /// A string literal of plain characters: the bytes without the terminator, each as a character. The type is the array's.
    Text(Symbol),
    Local(LocalId),
    Object(ObjectId),
    Deref(Box<Expr>),
    /// A member of the record that an lvalue names.
    Member(Box<Expr>, TypeId, u32),
    /// The address of an lvalue, or of a function.
    Address(Box<Expr>),
    /// Operands and result have the expression's type; for shifts, the right operand its own.
    Arith(ArithOp, Box<Expr>, Box<Expr>),
    /// Both operands have the same type.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Base, index (of 64 bits), whether the index is subtracted, and the type of an element.
    Offset(Box<Expr>, Box<Expr>, bool, TypeId),
    Distance(Box<Expr>, Box<Expr>, TypeId),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a ?: b`: the first operand is evaluated once.
    Elvis(Box<Expr>, Box<Expr>),
    Comma(Box<Expr>, Box<Expr>),
    Assign(Box<Expr>, Box<Expr>),
    /// `target op= value`: computed in a type, to which the value is converted already (for shifts, its own).
    Update(ArithOp, Box<Expr>, Box<Expr>, TypeId),
    /// `target += value` on a pointer; the value has 64 bits, and is subtracted when `true`.
    Move(Box<Expr>, Box<Expr>, bool),
    /// `++target` and the like: by 1 or -1; the value is the one before when `post`.
    Step {
        target: Box<Expr>,
        down: bool,
        post: bool,
    },
    Call(Box<Expr>, Vec<Expr>),
    /// A conversion between scalar types.
    Convert(Box<Expr>),
    /// A compound literal: a variable without a name, initialised here. Also what a constructor makes: the steps are run on it.
    Literal(LocalId, Box<Init>),
    /// Statements of which the last gives the value.
    Block(Box<Block>),
    Throw(Option<Box<Expr>>),
    /// A function made here by a lambda, with what it captures.
    Unknown(Vec<Expr>),
}

/// What a variable is initialised with.
#[derive(Debug)]
pub(crate) enum Init {
    /// One value of the variable's type.
    Value(Expr),
    /// Parts of an aggregate. `all`: whether they cover it; what they do not cover is zero.
    Parts { parts: Vec<Part>, all: bool },
    /// More than is followed; the variable is initialised all the same.
    Unknown,
    /// Calls that construct the variable.
    Construct(Vec<Expr>),
}

/// One initialised part of an aggregate.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) path: Vec<PathStep>,
    pub(crate) value: Expr,
}

/// A step into an aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathStep {
    /// The element with this index, of this type.
    Index(u64, TypeId),
    /// The member of this record.
    Field(TypeId, u32),
}

#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) name: Symbol,
    pub(crate) ty: TypeId,
    pub(crate) span: Span,
    /// Whether it lives in memory.
    pub(crate) in_memory: bool,
    /// For an array whose length is known at run time: how many elements of which type.
    pub(crate) length: Option<(Box<Expr>, TypeId)>,
    /// What is called with its address where its scope ends.
    pub(crate) destructor: Option<ObjectId>,
    /// Whether it is declared without an initial value.
    pub(crate) unset: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) statements: Vec<Stmt>,
    /// Whether its variables live on in the scope around it.
    pub(crate) open: bool,
}

#[derive(Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: StmtKind,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum StmtKind {
    Empty,
    Expr(Expr),
    Declare(LocalId, Option<Init>),
    Block(Block),
    /// Conditions with what is done, then what is done when none holds.
    If(Vec<(Expr, Stmt)>, Option<Box<Stmt>>),
    While(Expr, Box<Stmt>),
    DoWhile(Box<Stmt>, Expr),
    For {
        init: Box<Block>,
        cond: Option<Expr>,
        step: Option<Expr>,
        body: Box<Stmt>,
    },
    Switch {
        value: Expr,
        body: Box<Stmt>,
        cases: Vec<(i64, i64)>,
        has_default: bool,
    },
    /// The case of the innermost switch with this number, or its default.
    Case(Option<u32>),
    Label(LabelId),
    Goto(LabelId),
    /// A jump to any label whose address is taken.
    GotoAny(Expr),
    Break,
    Continue,
    Return(Option<Expr>),
    /// Something that was not understood, and the variables that it names.
    Gap(Vec<LocalId>),
    /// Assembly: what it reads, and what it writes.
    Asm(Vec<Expr>, Vec<Expr>),
    Try(Block, Vec<Handler>),
}

/// A `catch`.
#[derive(Debug)]
pub(crate) struct Handler {
    /// The variable that it binds.
    pub(crate) local: Option<LocalId>,
    pub(crate) body: Block,
}

/// A function's body with its variables.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) locals: IndexVec<LocalId, Local>,
    /// The variables that the parameters are.
    pub(crate) params: Vec<LocalId>,
    pub(crate) labels: IndexVec<LabelId, Symbol>,
    pub(crate) block: Block,
}
