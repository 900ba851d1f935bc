//! The program representation: what every front end produces and every analysis reads.
//!
//! - A [`Module`] is one lowered source file: its [`Function`]s, [`Class`]es and a string table
//!   of its own, so that it depends on nothing but the file's text.
//! - A [`Function`] is a control-flow graph of [`Block`]s in static single assignment form. A
//!   [`Value`] is the result of one [`Inst`]; a variable that no closure captures exists only as
//!   values, joined by [`Op::Phi`] where control flow joins. The body of a module and of a class
//!   are functions too.
//! - A variable that a closure captures is a [`Cell`] of the function that owns it; a name of the
//!   module is read and written with [`Op::Global`] and [`Op::StoreGlobal`].
//! - Control leaves a block by its [`Terminator`], or, when something raises, to its `handler`.
//!   In a protected region each assignment to a variable begins a block,
//!   so that the handler joins every state it can be entered in.
//!
//! - Languages with typed memory (C, C++) use [`Op::Memory`] besides: the operations of [`MemoryOp`], whose module
//!   says what a program in such a language looks like here. Their values have types ([`Inst::ty`], [`Types`]), and what has a static
//!   lifetime is an [`Object`].
//!
//! Lowering never fails: what has no meaning here becomes [`Op::Unknown`] with its operands, and
//! what could not be read becomes a [`Gap`].

mod builder;
mod function;
mod memory;
mod module;
mod ops;
mod places;
pub mod template;
pub mod text_form;
mod tidy;
mod types;
mod verify;

pub use builder::{FunctionBuilder, Variable};
pub use function::{Block, BlockId, Cell, CellId, Function, FunctionKind, Inst, Param, ParamKind, Terminator, Value};
pub use memory::{ArithOp, Comparison, Definition, Linkage, MemoryOp, Object, ObjectId};
pub use module::{Class, ClassId, FunctionId, Gap, GapReason, Module};
pub use ops::{Arg, ArgKind, BinaryOp, CellRef, Collection, CompareOp, Const, Conversion, Element, Op, Piece, UnaryOp};
pub use types::{Field, Record, Type, TypeId, Types};
pub use verify::{VerifyError, verify};
