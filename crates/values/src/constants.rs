//! Constants.

use crate::Context;
use assay_ir::{BinaryOp, Collection, Const, Op, UnaryOp, Value};

/// A value known before the program runs.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstValue {
    /// `None`
    None,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number of another kind.
    Number,
    /// Text.
    Str(String),
    /// Bytes, each as the character U+0000 to U+00FF.
    Bytes(String),
    /// A list, tuple or set.
    Sequence(Vec<ConstValue>),
    /// A dict; what its values are is not held.
    Mapping(Vec<ConstValue>),
}

impl ConstValue {
    /// The text, when it is text or bytes.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(s) | Self::Bytes(s) => Some(s),
            _ => None,
        }
    }

    /// The truth value.
    pub fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::None => false,
            Self::Bool(b) => *b,
            Self::Int(i) => *i != 0,
            Self::Number => return None,
            Self::Str(s) | Self::Bytes(s) => !s.is_empty(),
            Self::Sequence(v) | Self::Mapping(v) => !v.is_empty(),
        })
    }
}

/// Elements that a constant collection is followed up to.
const MAX_ELEMENTS: usize = 4096;
const MAX_DEPTH: u32 = 8;

/// The constant that a value always is: literals, collections of literals, sums of text, and what the
/// oracle knows.
pub fn constant_of(cx: &Context<'_>, value: Value) -> Option<ConstValue> {
    evaluate(cx, value, MAX_DEPTH)
}

fn evaluate(cx: &Context<'_>, value: Value, depth: u32) -> Option<ConstValue> {
    if depth == 0 {
        return None;
    }
    let local = match cx.op(value) {
        Op::Const(c) => match c {
            Const::None => Some(ConstValue::None),
            Const::Bool(b) => Some(ConstValue::Bool(*b)),
            Const::Int(i) => Some(ConstValue::Int(*i)),
            Const::Str(s) => Some(ConstValue::Str(cx.text(*s).to_owned())),
            Const::Bytes(s) => Some(ConstValue::Bytes(cx.text(*s).to_owned())),
            Const::BigInt(_) | Const::Float(_) | Const::Complex => Some(ConstValue::Number),
            Const::Ellipsis => None,
        },
        Op::Annotated { value: Some(inner), .. } => evaluate(cx, *inner, depth - 1),
        Op::Collection(kind, elements)
            if *kind != Collection::Generator && elements.len() <= MAX_ELEMENTS && !is_filled(cx, value) =>
        {
            let mut out = Vec::with_capacity(elements.len());
            for element in elements {
                let item = evaluate(cx, element.value, depth - 1)?;
                match item {
                    ConstValue::Sequence(inner) if element.spread => out.extend(inner),
                    _ if element.spread => return None,
                    item => out.push(item),
                }
            }
            Some(ConstValue::Sequence(out))
        }
        Op::Dict(entries) if entries.len() <= MAX_ELEMENTS && !is_filled(cx, value) => {
            let mut out = Vec::with_capacity(entries.len());
            for (key, _) in entries {
                out.push(evaluate(cx, (*key)?, depth - 1)?);
            }
            Some(ConstValue::Mapping(out))
        }
        Op::Unary(UnaryOp::Minus, inner) => match evaluate(cx, *inner, depth - 1)? {
            ConstValue::Int(i) => Some(ConstValue::Int(i.checked_neg()?)),
            ConstValue::Number => Some(ConstValue::Number),
            _ => None,
        },
        Op::Binary(BinaryOp::Add, a, b) => match (evaluate(cx, *a, depth - 1)?, evaluate(cx, *b, depth - 1)?) {
            (ConstValue::Str(a), ConstValue::Str(b)) => Some(ConstValue::Str(a + &b)),
            (ConstValue::Bytes(a), ConstValue::Bytes(b)) => Some(ConstValue::Bytes(a + &b)),
            (ConstValue::Sequence(mut a), ConstValue::Sequence(b)) => {
                a.extend(b);
                Some(ConstValue::Sequence(a))
            }
            (ConstValue::Int(a), ConstValue::Int(b)) => Some(ConstValue::Int(a.checked_add(b)?)),
            _ => None,
        },
        Op::Call { args, .. } if args.len() == 1 => {
            let callee = cx.callee(value);
            let copies = ["frozenset", "set", "tuple", "list", "sorted"];
            if copies.iter().any(|name| callee.is(name)) {
                match evaluate(cx, args[0].value, depth - 1)? {
                    ConstValue::Sequence(v) | ConstValue::Mapping(v) => Some(ConstValue::Sequence(v)),
                    ConstValue::Str(s) => {
                        Some(ConstValue::Sequence(s.chars().map(|c| ConstValue::Str(c.to_string())).collect()))
                    }
                    _ => None,
                }
            } else {
                None
            }
        }
        _ => None,
    };
    local.or_else(|| cx.oracle.constant(value))
}

/// Whether a comprehension adds to the collection, so that its elements are not those it is made with.
/// An accumulation follows the collection it fills, so only an empty literal can be filled.
fn is_filled(cx: &Context<'_>, collection: Value) -> bool {
    let empty = match cx.op(collection) {
        Op::Collection(_, elements) => elements.is_empty(),
        Op::Dict(entries) => entries.is_empty(),
        _ => false,
    };
    empty && cx.following(collection).any(|i| matches!(i.op, Op::Accumulate { into, .. } if into == collection))
}
