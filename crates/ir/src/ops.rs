use crate::{BlockId, CellId, ClassId, FunctionId, MemoryOp, Value};
use assay_index::Symbol;

/// What an instruction does. Every operation defines a value; for one that is executed for its
/// effect (a store, say) nothing reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A variable that holds nothing here.
    Undefined,
    /// A literal.
    Const(Const),
    /// The parameter with this position in [`crate::Function::params`]. Stands in the entry block.
    Param(u32),
    /// The value that comes from the predecessor taken. One entry for each predecessor.
    Phi(Vec<(BlockId, Value)>),

    /// The module's variable of that name, or the built-in.
    Global(Symbol),
    /// Sets (`Some`) or deletes the module's variable.
    StoreGlobal(Symbol, Option<Value>),
    /// A captured variable.
    LoadCell(CellRef),
    /// Sets a captured variable.
    StoreCell(CellRef, Value),
    /// Sets a name of the class whose body this is.
    StoreName(Symbol, Value),

    /// `import a.b.c`. The value is the module `a.b.c` when `leaf`, else its first part `a`.
    Import {
        /// The dotted name.
        module: Symbol,
        /// Whether the value is the last module of the name (`import a.b as c`).
        leaf: bool,
    },
    /// `from ..module import name`; the value is the member.
    ImportFrom {
        /// The dotted name after the dots; empty for `from . import x`.
        module: Symbol,
        /// The number of dots.
        level: u32,
        /// The member.
        name: Symbol,
    },
    /// `from module import *` into the module's variables.
    ImportStar {
        /// The dotted name after the dots.
        module: Symbol,
        /// The number of dots.
        level: u32,
    },

    /// `base.name`
    Attr(Value, Symbol),
    /// `base.name = value`
    StoreAttr {
        /// The object.
        base: Value,
        /// The attribute.
        name: Symbol,
        /// What it is set to.
        value: Value,
    },
    /// `del base.name`
    DeleteAttr(Value, Symbol),
    /// `base[key]`
    Item(Value, Value),
    /// `base[key] = value`
    StoreItem {
        /// The container.
        base: Value,
        /// The key or index.
        key: Value,
        /// What it is set to.
        value: Value,
    },
    /// `del base[key]`
    DeleteItem(Value, Value),
    /// `lower:upper:step`
    Slice(Option<Value>, Option<Value>, Option<Value>),
    /// The element at `index` when a sequence is taken apart: from the front when `index` ≥ 0, from the
    /// back when below, the rest between when `rest`.
    Unpack {
        /// The sequence.
        base: Value,
        /// Position; negative counts from the back.
        index: i32,
        /// Whether this is the starred target.
        rest: bool,
    },

    /// A new list, tuple or set.
    Collection(Collection, Vec<Element>),
    /// A new dict; an entry without key spreads another mapping.
    Dict(Vec<(Option<Value>, Value)>),
    /// Adds an element to a collection that a comprehension fills; with `key` for a dict.
    Accumulate {
        /// The collection, defined by [`Op::Collection`] or [`Op::Dict`].
        into: Value,
        /// The key of a dict's entry.
        key: Option<Value>,
        /// The element.
        value: Value,
    },
    /// Text put together from constant pieces and holes (an f-string).
    Format(Vec<Piece>),
    /// A template string (PEP 750): its holes stay apart from its text.
    Template(Vec<Piece>),
    /// An operator with two operands.
    Binary(BinaryOp, Value, Value),
    /// `left op= right`: the value is what `left` becomes, which may be the same object, changed.
    InPlace(BinaryOp, Value, Value),
    /// An operator with one operand.
    Unary(UnaryOp, Value),
    /// A comparison.
    Compare(CompareOp, Value, Value),

    /// A call. For a method call, `func` is defined by [`Op::Attr`].
    Call {
        /// What is called.
        func: Value,
        /// The arguments in source order.
        args: Vec<Arg>,
    },
    /// The function object that a `def` or lambda makes, before its decorators are applied (they
    /// are calls).
    MakeFunction {
        /// The code.
        function: FunctionId,
        /// Default values by parameter position.
        defaults: Vec<(u32, Value)>,
        /// Annotations by parameter position.
        annotations: Vec<(u32, Value)>,
        /// The annotation of the result.
        returns: Option<Value>,
    },
    /// The class object that a class statement makes, before its decorators are applied. Its body
    /// runs here.
    MakeClass {
        /// The class.
        class: ClassId,
        /// Bases and keywords (`metaclass=`).
        bases: Vec<Arg>,
    },
    /// A value with a declared type (`x: T = value`), or the declaration alone.
    Annotated {
        /// What is assigned, if anything.
        value: Option<Value>,
        /// The declared type, evaluated.
        annotation: Value,
    },

    /// The next element of what `Value` iterates over.
    Next(Value),
    /// What `with value as …` binds.
    Enter(Value),
    /// The end of a `with` on this context manager.
    Exit(Value),
    /// The result of awaiting.
    Await(Value),
    /// Hands a value to the consumer of the generator; the value is what is sent back.
    Yield(Value),
    /// Hands over all elements of another iterable; the value is its result.
    YieldFrom(Value),
    /// A `return` of this value stands here. Control leaves by the block's terminator, which may be shared by several
    /// of them; this says where each stands.
    Returned(Value),
    /// The exception that a handler for these types receives; for all when empty.
    Caught(Vec<Value>),

    /// An operation on typed memory or on numbers of limited width.
    Memory(MemoryOp),

    /// Something without a meaning here, and what it reads.
    Unknown(Vec<Value>),
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// An integer that fits in 64 bits.
    Int(i64),
    /// A larger integer, as written.
    BigInt(Symbol),
    /// A floating-point number, by its bits.
    Float(u64),
    /// An imaginary number.
    Complex,
    /// Text.
    Str(Symbol),
    /// Bytes, each as the character U+0000 to U+00FF.
    Bytes(Symbol),
    /// `...`
    Ellipsis,
}

/// A captured variable as seen from the function that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CellRef {
    /// The function that owns the variable: this one or one around it.
    pub owner: FunctionId,
    /// The variable.
    pub cell: CellId,
}

/// A kind of literal collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collection {
    /// `[…]`
    List,
    /// `(…)`
    Tuple,
    /// `{…}`
    Set,
    /// `(… for …)`
    Generator,
}

/// An element of a literal collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// The element, or what is spread.
    pub value: Value,
    /// Whether all elements of `value` are added (`*value`).
    pub spread: bool,
}

/// A piece of an f-string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Constant text.
    Text(Symbol),
    /// A value put into the text.
    Hole {
        /// The value.
        value: Value,
        /// `!r`, `!s`, `!a`
        conversion: Conversion,
        /// The format specification after `:`, itself text.
        spec: Option<Value>,
    },
}

/// How a hole's value becomes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conversion {
    /// By `format`.
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

/// An argument of a call, or a base of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arg {
    /// How it binds.
    pub kind: ArgKind,
    /// What is passed.
    pub value: Value,
}

/// How an argument binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgKind {
    /// By position.
    Positional,
    /// By name.
    Keyword(Symbol),
    /// `*value`
    Spread,
    /// `**value`
    KeywordSpread,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say all there is")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    ShiftLeft,
    ShiftRight,
    BitOr,
    BitXor,
    BitAnd,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say all there is")]
pub enum UnaryOp {
    Not,
    Minus,
    Plus,
    Invert,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say all there is")]
pub enum CompareOp {
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Is,
    IsNot,
    In,
    NotIn,
}

impl Op {
    /// Calls `f` with each value that the operation reads.
    pub fn for_each_operand(&self, mut f: impl FnMut(Value)) {
        match self {
            Self::Undefined
            | Self::Const(_)
            | Self::Param(_)
            | Self::Global(_)
            | Self::StoreGlobal(_, None)
            | Self::LoadCell(_)
            | Self::Import { .. }
            | Self::ImportFrom { .. }
            | Self::ImportStar { .. } => {}
            Self::Phi(inputs) => inputs.iter().for_each(|(_, v)| f(*v)),
            Self::StoreGlobal(_, Some(v))
            | Self::StoreCell(_, v)
            | Self::StoreName(_, v)
            | Self::Attr(v, _)
            | Self::DeleteAttr(v, _)
            | Self::Unpack { base: v, .. }
            | Self::Unary(_, v)
            | Self::Next(v)
            | Self::Enter(v)
            | Self::Exit(v)
            | Self::Await(v)
            | Self::Yield(v)
            | Self::YieldFrom(v)
            | Self::Returned(v) => f(*v),
            Self::StoreAttr { base: a, value: b, .. }
            | Self::Item(a, b)
            | Self::DeleteItem(a, b)
            | Self::Binary(_, a, b)
            | Self::InPlace(_, a, b)
            | Self::Compare(_, a, b) => {
                f(*a);
                f(*b);
            }
            Self::StoreItem { base, key, value } => {
                f(*base);
                f(*key);
                f(*value);
            }
            Self::Slice(a, b, c) => [a, b, c].into_iter().flatten().for_each(|v| f(*v)),
            Self::Collection(_, elements) => elements.iter().for_each(|e| f(e.value)),
            Self::Dict(entries) => entries.iter().for_each(|(k, v)| {
                if let Some(k) = k {
                    f(*k);
                }
                f(*v);
            }),
            Self::Accumulate { into, key, value } => {
                f(*into);
                if let Some(k) = key {
                    f(*k);
                }
                f(*value);
            }
            Self::Format(pieces) | Self::Template(pieces) => pieces.iter().for_each(|p| {
                if let Piece::Hole { value, spec, .. } = p {
                    f(*value);
                    if let Some(s) = spec {
                        f(*s);
                    }
                }
            }),
            Self::Call { func, args } => {
                f(*func);
                for arg in args {
                    f(arg.value);
                }
            }
            Self::MakeFunction { defaults, annotations, returns, .. } => {
                defaults.iter().chain(annotations).for_each(|(_, v)| f(*v));
                if let Some(v) = returns {
                    f(*v);
                }
            }
            Self::MakeClass { bases, .. } => bases.iter().for_each(|a| f(a.value)),
            Self::Annotated { value, annotation } => {
                if let Some(v) = value {
                    f(*v);
                }
                f(*annotation);
            }
            Self::Memory(op) => op.for_each_operand(f),
            Self::Caught(values) | Self::Unknown(values) => values.iter().for_each(|v| f(*v)),
        }
    }

    /// Replaces each value that the operation reads by what `f` gives for it.
    pub fn map_operands(&mut self, mut f: impl FnMut(Value) -> Value) {
        match self {
            Self::Undefined
            | Self::Const(_)
            | Self::Param(_)
            | Self::Global(_)
            | Self::StoreGlobal(_, None)
            | Self::LoadCell(_)
            | Self::Import { .. }
            | Self::ImportFrom { .. }
            | Self::ImportStar { .. } => {}
            Self::Phi(inputs) => inputs.iter_mut().for_each(|(_, v)| *v = f(*v)),
            Self::StoreGlobal(_, Some(v))
            | Self::StoreCell(_, v)
            | Self::StoreName(_, v)
            | Self::Attr(v, _)
            | Self::DeleteAttr(v, _)
            | Self::Unpack { base: v, .. }
            | Self::Unary(_, v)
            | Self::Next(v)
            | Self::Enter(v)
            | Self::Exit(v)
            | Self::Await(v)
            | Self::Yield(v)
            | Self::YieldFrom(v)
            | Self::Returned(v) => *v = f(*v),
            Self::StoreAttr { base: a, value: b, .. }
            | Self::Item(a, b)
            | Self::DeleteItem(a, b)
            | Self::Binary(_, a, b)
            | Self::InPlace(_, a, b)
            | Self::Compare(_, a, b) => {
                *a = f(*a);
                *b = f(*b);
            }
            Self::StoreItem { base, key, value } => {
                *base = f(*base);
                *key = f(*key);
                *value = f(*value);
            }
            Self::Slice(a, b, c) => [a, b, c].into_iter().flatten().for_each(|v| *v = f(*v)),
            Self::Collection(_, elements) => elements.iter_mut().for_each(|e| e.value = f(e.value)),
            Self::Dict(entries) => entries.iter_mut().for_each(|(k, v)| {
                if let Some(k) = k {
                    *k = f(*k);
                }
                *v = f(*v);
            }),
            Self::Accumulate { into, key, value } => {
                *into = f(*into);
                if let Some(k) = key {
                    *k = f(*k);
                }
                *value = f(*value);
            }
            Self::Format(pieces) | Self::Template(pieces) => pieces.iter_mut().for_each(|p| {
                if let Piece::Hole { value, spec, .. } = p {
                    *value = f(*value);
                    if let Some(s) = spec {
                        *s = f(*s);
                    }
                }
            }),
            Self::Call { func, args } => {
                *func = f(*func);
                for arg in args {
                    arg.value = f(arg.value);
                }
            }
            Self::MakeFunction { defaults, annotations, returns, .. } => {
                defaults.iter_mut().chain(annotations).for_each(|(_, v)| *v = f(*v));
                if let Some(v) = returns {
                    *v = f(*v);
                }
            }
            Self::MakeClass { bases, .. } => bases.iter_mut().for_each(|a| a.value = f(a.value)),
            Self::Annotated { value, annotation } => {
                if let Some(v) = value {
                    *v = f(*v);
                }
                *annotation = f(*annotation);
            }
            Self::Memory(op) => op.map_operands(f),
            Self::Caught(values) | Self::Unknown(values) => values.iter_mut().for_each(|v| *v = f(*v)),
        }
    }
}

impl Op {
    /// Calls `f` with each symbol of the operation, to replace it.
    pub fn for_each_symbol(&mut self, mut f: impl FnMut(&mut Symbol)) {
        match self {
            Self::Const(Const::Str(s) | Const::Bytes(s) | Const::BigInt(s))
            | Self::Global(s)
            | Self::StoreGlobal(s, _)
            | Self::StoreName(s, _)
            | Self::Import { module: s, .. }
            | Self::ImportStar { module: s, .. }
            | Self::Attr(_, s)
            | Self::DeleteAttr(_, s)
            | Self::StoreAttr { name: s, .. } => f(s),
            Self::ImportFrom { module, name, .. } => {
                f(module);
                f(name);
            }
            Self::Format(pieces) | Self::Template(pieces) => pieces.iter_mut().for_each(|piece| {
                if let Piece::Text(s) = piece {
                    f(s);
                }
            }),
            Self::Call { args, .. } | Self::MakeClass { bases: args, .. } => args.iter_mut().for_each(|arg| {
                if let ArgKind::Keyword(s) = &mut arg.kind {
                    f(s);
                }
            }),
            Self::Memory(op) => op.for_each_symbol(f),
            _ => {}
        }
    }
}
