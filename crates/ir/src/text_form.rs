//! The textual form of a module, which prints and parses back to the same thing.
//!
//! ```text
//! module
//! exports f
//! gap @0..4 syntax "expected an expression"
//! class c0 C C body f1 @10..40 @16..17
//! function f0 <module> <module> module_body @0..40 @0..0
//! b0:
//!   v0 = const str "text" @4..10
//!   v1 = call v0 (v0, key=v0, *v0, **v0) @0..10
//!   return v1
//! function f1 …
//!   param self normal default @20..24
//!   cell captured
//! b0 handler b1:
//! ```
//!
//! In a language with typed memory, tables of types and objects come before the functions, and values have types:
//!
//! ```text
//! type t0 int 32 signed
//! type t1 pointer t0
//! type t2 struct point 8 4 [x: t0 0, y: t0 4, flag: t0 4 bits 0 1]
//! object o0 main t3 external function f1 @4..8
//!   v1: t1 = local t0 _ x @20..30
//!   v2: t0 = load v1 t0 @33..34
//! ```
//!
//! A *word* is a run of characters without blanks, quotes or punctuation. A symbol is printed as a
//! word when it is one, else in double quotes with `\\`, `\"`, `\n`, `\r`, `\t` and `\u{hex}` escaped.
//! `_` stands for an absent value, `@a..b` for a span. What a parsed text means is for
//! [`verify`](crate::verify) to judge.

mod memory;
mod parse;
mod print;
#[cfg(test)]
mod tests;

use crate::{ArithOp, BinaryOp, Collection, CompareOp, Comparison, Conversion, ParamKind, UnaryOp};

pub use parse::parse;
pub use print::{print, print_function};

/// Why a text is not a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

const BINARY: [(BinaryOp, &str); 13] = [
    (BinaryOp::Add, "add"),
    (BinaryOp::Sub, "sub"),
    (BinaryOp::Mul, "mul"),
    (BinaryOp::MatMul, "mat_mul"),
    (BinaryOp::Div, "div"),
    (BinaryOp::FloorDiv, "floor_div"),
    (BinaryOp::Mod, "mod"),
    (BinaryOp::Pow, "pow"),
    (BinaryOp::ShiftLeft, "shift_left"),
    (BinaryOp::ShiftRight, "shift_right"),
    (BinaryOp::BitOr, "bit_or"),
    (BinaryOp::BitXor, "bit_xor"),
    (BinaryOp::BitAnd, "bit_and"),
];

const UNARY: [(UnaryOp, &str); 4] =
    [(UnaryOp::Not, "not"), (UnaryOp::Minus, "minus"), (UnaryOp::Plus, "plus"), (UnaryOp::Invert, "invert")];

const COMPARE: [(CompareOp, &str); 10] = [
    (CompareOp::Eq, "eq"),
    (CompareOp::NotEq, "not_eq"),
    (CompareOp::Less, "less"),
    (CompareOp::LessEq, "less_eq"),
    (CompareOp::Greater, "greater"),
    (CompareOp::GreaterEq, "greater_eq"),
    (CompareOp::Is, "is"),
    (CompareOp::IsNot, "is_not"),
    (CompareOp::In, "in"),
    (CompareOp::NotIn, "not_in"),
];

const COLLECTION: [(Collection, &str); 4] = [
    (Collection::List, "list"),
    (Collection::Tuple, "tuple"),
    (Collection::Set, "set"),
    (Collection::Generator, "generator"),
];

const CONVERSION: [(Conversion, &str); 3] = [(Conversion::Str, "s"), (Conversion::Repr, "r"), (Conversion::Ascii, "a")];

const ARITH: [(ArithOp, &str); 10] = [
    (ArithOp::Add, "add"),
    (ArithOp::Sub, "sub"),
    (ArithOp::Mul, "mul"),
    (ArithOp::Div, "div"),
    (ArithOp::Rem, "rem"),
    (ArithOp::ShiftLeft, "shift_left"),
    (ArithOp::ShiftRight, "shift_right"),
    (ArithOp::And, "and"),
    (ArithOp::Or, "or"),
    (ArithOp::Xor, "xor"),
];

const COMPARISON: [(Comparison, &str); 6] = [
    (Comparison::Eq, "eq"),
    (Comparison::NotEq, "not_eq"),
    (Comparison::Less, "less"),
    (Comparison::LessEq, "less_eq"),
    (Comparison::Greater, "greater"),
    (Comparison::GreaterEq, "greater_eq"),
];

const PARAM_KIND: [(ParamKind, &str); 5] = [
    (ParamKind::PositionalOnly, "positional_only"),
    (ParamKind::Normal, "normal"),
    (ParamKind::Rest, "rest"),
    (ParamKind::KeywordOnly, "keyword_only"),
    (ParamKind::KeywordRest, "keyword_rest"),
];

fn name_of<T: Copy + PartialEq>(table: &[(T, &'static str)], item: T) -> &'static str {
    table.iter().find(|(t, _)| *t == item).map_or("_", |(_, name)| name)
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | ',' | ':' | '=' | '*' | '@' | '!')
}

/// Whether a symbol can be printed without quotes.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '<'))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '<' | '>'))
}
