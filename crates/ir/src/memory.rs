//! Operations on typed memory: what programs in C and C++ do.
//!
//! Terms:
//!
//! - An *object* is a run of bytes with a lifetime: a [`MemoryOp::Local`], something with a static lifetime
//!   ([`Object`]), a string literal, or what a call such as `malloc` gave.
//! - An *address* is a value of pointer type: null, or a byte offset into one object. Arithmetic changes the offset and
//!   never the object. One past the end is an address like any other; it must not be read or written.
//! - A *scalar* is a value of integer, floating or pointer type; an *aggregate*, one of record type.
//! - A local variable that is a scalar and whose address is never taken has no memory: it is values, joined by
//!   [`Op::Phi`](crate::Op::Phi). Where it is read before anything set it stands an
//!   [`Op::Undefined`](crate::Op::Undefined) with the variable's type. A variable of another kind is a
//!   [`MemoryOp::Local`].
//!
//! Each instruction of such a program has its type in [`Inst::ty`](crate::Inst::ty); a store, a copy and the like have none. What the other
//! operations mean there:
//!
//! - [`Op::Param`](crate::Op::Param) is the parameter's value, by the type that stands in the function's
//!   [`signature`](crate::Function::signature). Arrays and functions are passed as addresses, aggregates by value.
//!   A method of C++ has its object's address as the first parameter, named `this`. Further arguments of a variadic
//!   function have no parameter.
//! - `Const(Int)` is a number of the instruction's type (an unsigned 64-bit number above the signed range stands as the
//!   negative number with the same bits), or null when that type is a pointer. `Const(Float)` likewise.
//! - `Const(Bytes)` is the address of the first byte of a literal's constant object, which holds these bytes *and then one
//!   byte 0*, not written in the constant. Its type is a pointer to the character type. A literal of wide characters
//!   is a constant [`Object`] instead.
//! - `Call` calls the function at address `func`, defined by [`MemoryOp::Address`] when it is known by name. Arguments have been
//!   converted to the types of the parameters; those of a variadic part were promoted. Arguments are positional.
//!   C++: `new T(…)` is a call of the object `operator new` (`operator new[]`) with the number of *bytes*, then the constructor on the result;
//!   `delete` (`operator delete`, `operator delete[]`) is the destructor, then a call with the address. Constructors and
//!   destructors are named `Class::Class` and `Class::~Class`; one that was not seen declared is not called.
//! - `Unary(Not)` and `Binary` do not occur, nor does `Compare`: see below.
//! - `Branch` tests a value that a [`MemoryOp::Compare`] made, or a join of such values and of constants.
//! - `Unknown` may read and write all memory that its operands reach, and has any value.
//! - `Returned` stands before each `return` with a value. A `return` without one gives an `Undefined` of type void.
//! - An exception thrown (C++) is [`Terminator::Raise`](crate::Terminator::Raise), and what a call throws goes to the block's `handler`.
//!
//! The initial values of objects with a static lifetime are stored by the body of the module. What it does not store
//! is zero.

use crate::{FunctionId, TypeId};
use assay_index::Symbol;
use assay_text::Span;

assay_index::define_id!(
    /// A function or variable with a static lifetime, as one module knows it.
    pub struct ObjectId, "o"
);

use crate::Value;

/// A function or variable with a static lifetime, defined or only declared in the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its name as other modules know it. A static variable within a function is named `function.name`; a member of a
    /// class or namespace, `Class::name`.
    pub name: Symbol,
    /// Its type.
    pub ty: TypeId,
    /// Who can refer to it.
    pub linkage: Linkage,
    /// Whether and how this module defines it.
    pub definition: Definition,
    /// Whether what it holds never changes (`const`).
    pub constant: bool,
    /// Whether it is a function that is declared never to return.
    pub noreturn: bool,
    /// The name in the definition, or else in the first declaration that stands in this file; empty when it was declared
    /// elsewhere.
    pub span: Span,
}

/// Who can refer to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Linkage {
    /// Every module, by its name.
    External,
    /// This module only (`static`).
    Internal,
}

/// Whether and how a module defines an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Definition {
    /// It stands elsewhere, in another module or in a library.
    Elsewhere,
    /// It is a variable of this module.
    Variable,
    /// It is this function of this module.
    Function(FunctionId),
}

/// An operation on memory or on numbers of limited width.
#[derive(Clone, Debug, PartialEq)]
pub enum MemoryOp {
    /// The address of a variable of this function, whose contents are indeterminate. Stands in the entry block; the variable's scope is
    /// entered later, see [`Self::Begin`]. With `count` (an array whose length is known at run time), it stands at the declaration: the object then
    /// has `count` elements of type `ty`, and `count` is of a type 64 bits wide. The value is a pointer to `ty`.
    Local {
        /// The variable's type; of each element, with `count`.
        ty: TypeId,
        /// How many elements.
        count: Option<Value>,
        /// The variable's name; empty for a temporary.
        name: Symbol,
    },
    /// Control comes to the declaration of a local: its contents are indeterminate (again). A local without `Begin`
    /// (a temporary, a parameter) lives as long as its function runs.
    Begin(Value),
    /// The scope of a local ends: its address must not be used any more.
    End(Value),
    /// The address of a function or of an object with a static lifetime.
    Address(ObjectId),
    /// What stands at an address. When `from` is a bit-field's address ([`Self::Member`]), its bits.
    Load {
        /// The address.
        from: Value,
        /// The type of what is read: scalar or aggregate.
        ty: TypeId,
    },
    /// Sets what stands at an address. When `to` is a bit-field's address, its bits only.
    Store {
        /// The address.
        to: Value,
        /// What it is set to.
        value: Value,
        /// The type of what is written: scalar or aggregate.
        ty: TypeId,
    },
    /// Copies an object of type `ty` from one address to another. Both are the same or do not overlap.
    Copy {
        /// Where to.
        to: Value,
        /// Where from.
        from: Value,
        /// The type of what is copied; of known size, unless it is an unknown type.
        ty: TypeId,
    },
    /// Initialises an object of type `ty`: with zeros, or with values that the representation does not hold.
    Fill {
        /// Its address.
        to: Value,
        /// Its type.
        ty: TypeId,
        /// Whether with zeros.
        zero: bool,
    },
    /// The address `index` elements behind `base` (in front of it when negative): `base + index * size(element)` bytes, in the same
    /// object. `index` is of a signed or unsigned type 64 bits wide. Where `index` or the size of the element is not known, so is the offset, but
    /// not the object. The result may lie outside of the object, which is an error of the program already, though most often
    /// one without effect; nothing is accessed here.
    Offset {
        /// The address to start from.
        base: Value,
        /// The number of elements.
        index: Value,
        /// The type of an element.
        element: TypeId,
    },
    /// The address of a member of the record at `base`. Nothing is accessed here.
    Member {
        /// The record's address.
        base: Value,
        /// The record's type.
        record: TypeId,
        /// The position in [`Record::fields`](crate::Record::fields).
        field: u32,
    },
    /// How many elements lie between two addresses in one object: `(left - right) / size(element)`, as a signed 64-bit number.
    Distance {
        /// The minuend.
        left: Value,
        /// The subtrahend.
        right: Value,
        /// The type of an element.
        element: TypeId,
    },
    /// Arithmetic on two numbers of type `ty`; the result has that type. Of integers, the result is cut to the width: it wraps around, also
    /// where the language leaves an overflow of signed numbers undefined. For shifts, `right` may be of another integer type.
    Arith {
        /// The operator.
        op: ArithOp,
        /// The left operand.
        left: Value,
        /// The right operand.
        right: Value,
        /// The type of operands and result: integer, floating, or unknown.
        ty: TypeId,
    },
    /// A comparison of two scalars of type `ty`, by that type's signedness; addresses compare as unsigned numbers.
    /// The result is 1 or 0, of type `int` (in C++, `bool`).
    Compare {
        /// The operator.
        op: Comparison,
        /// The left operand.
        left: Value,
        /// The right operand.
        right: Value,
        /// The type of both operands.
        ty: TypeId,
    },
    /// A conversion between scalar types: integers keep their value modulo the target's width; to [`Type::Bool`](crate::Type::Bool), it is whether the value
    /// differs from zero; between pointers, and between pointers and integers of 64 bits, the address stays the same.
    Convert {
        /// What is converted.
        value: Value,
        /// Its type.
        from: TypeId,
        /// The type of the result.
        to: TypeId,
    },
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`, towards zero
    Div,
    /// `%`, with the sign of the dividend
    Rem,
    /// `<<`
    ShiftLeft,
    /// `>>`, which copies the sign of signed numbers
    ShiftRight,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
}

/// Comparisons of scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say all there is")]
pub enum Comparison {
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
}

impl MemoryOp {
    /// Calls `f` with each value that the operation reads.
    pub fn for_each_operand(&self, mut f: impl FnMut(Value)) {
        // The operands are the same places that `map_operands` goes through.
        self.clone().map_operands(|value| {
            f(value);
            value
        });
    }

    /// Replaces each value that the operation reads by what `f` gives for it.
    pub fn map_operands(&mut self, mut f: impl FnMut(Value) -> Value) {
        match self {
            Self::Local { count: None, .. } | Self::Address(_) => {}
            Self::Local { count: Some(v), .. }
            | Self::Begin(v)
            | Self::End(v)
            | Self::Load { from: v, .. }
            | Self::Fill { to: v, .. }
            | Self::Member { base: v, .. }
            | Self::Convert { value: v, .. } => *v = f(*v),
            Self::Store { to: a, value: b, .. }
            | Self::Copy { to: a, from: b, .. }
            | Self::Offset { base: a, index: b, .. }
            | Self::Distance { left: a, right: b, .. }
            | Self::Arith { left: a, right: b, .. }
            | Self::Compare { left: a, right: b, .. } => {
                *a = f(*a);
                *b = f(*b);
            }
        }
    }

    /// Calls `f` with each symbol of the operation, to replace it.
    pub fn for_each_symbol(&mut self, mut f: impl FnMut(&mut Symbol)) {
        if let Self::Local { name, .. } = self {
            f(name);
        }
    }

    /// Calls `f` with each type that the operation names.
    pub fn for_each_type(&self, mut f: impl FnMut(TypeId)) {
        self.clone().map_types(|ty| {
            f(ty);
            ty
        });
    }

    /// Replaces each type that the operation names by what `f` gives for it.
    pub fn map_types(&mut self, mut f: impl FnMut(TypeId) -> TypeId) {
        match self {
            Self::Begin(_) | Self::End(_) | Self::Address(_) => {}
            Self::Local { ty, .. }
            | Self::Load { ty, .. }
            | Self::Store { ty, .. }
            | Self::Copy { ty, .. }
            | Self::Fill { ty, .. }
            | Self::Offset { element: ty, .. }
            | Self::Member { record: ty, .. }
            | Self::Distance { element: ty, .. }
            | Self::Arith { ty, .. }
            | Self::Compare { ty, .. } => *ty = f(*ty),
            Self::Convert { from, to, .. } => {
                *from = f(*from);
                *to = f(*to);
            }
        }
    }
}
