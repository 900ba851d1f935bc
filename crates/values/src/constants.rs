//! Constants.

use crate::Context;
use assay_ir::{BinaryOp, Collection, CompareOp, Const, Op, UnaryOp, Value};

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

/// The constant that a value always is: literals, collections of literals, what operators make of them, and what the
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
        Op::Unary(UnaryOp::Not, inner) => Some(ConstValue::Bool(!evaluate(cx, *inner, depth - 1)?.truth()?)),
        Op::Binary(operator, a, b) => {
            let left = evaluate(cx, *a, depth - 1)?;
            binary(*operator, left, evaluate(cx, *b, depth - 1)?)
        }
        Op::Compare(operator, a, b) => {
            let left = evaluate(cx, *a, depth - 1)?;
            compare(*operator, &left, &evaluate(cx, *b, depth - 1)?).map(ConstValue::Bool)
        }
        Op::Item(base, index) => {
            let index = evaluate(cx, *index, depth - 1)?;
            character(&evaluate(cx, *base, depth - 1)?, &index)
        }
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

/// What an operator makes of two constants.
fn binary(operator: BinaryOp, left: ConstValue, right: ConstValue) -> Option<ConstValue> {
    Some(match (operator, left, right) {
        (BinaryOp::Add, ConstValue::Str(a), ConstValue::Str(b)) => ConstValue::Str(a + &b),
        (BinaryOp::Add, ConstValue::Bytes(a), ConstValue::Bytes(b)) => ConstValue::Bytes(a + &b),
        (BinaryOp::Add, ConstValue::Sequence(mut a), ConstValue::Sequence(b)) => {
            a.extend(b);
            ConstValue::Sequence(a)
        }
        (operator, ConstValue::Int(a), ConstValue::Int(b)) => ConstValue::Int(match operator {
            BinaryOp::Add => a.checked_add(b)?,
            BinaryOp::Sub => a.checked_sub(b)?,
            BinaryOp::Mul => a.checked_mul(b)?,
            // Python rounds down and gives the remainder the sign of the divisor.
            BinaryOp::FloorDiv if b > 0 => a.checked_div_euclid(b)?,
            BinaryOp::Mod if b > 0 => a.checked_rem_euclid(b)?,
            BinaryOp::BitAnd => a & b,
            BinaryOp::BitOr => a | b,
            _ => return None,
        }),
        _ => return None,
    })
}

/// How two constants compare; `None` where their types don't decide it.
fn compare(operator: CompareOp, left: &ConstValue, right: &ConstValue) -> Option<bool> {
    let ordering = match (left, right) {
        (ConstValue::Int(a), ConstValue::Int(b)) => a.cmp(b),
        (ConstValue::Str(a), ConstValue::Str(b)) | (ConstValue::Bytes(a), ConstValue::Bytes(b)) => a.cmp(b),
        (ConstValue::None, ConstValue::None) => std::cmp::Ordering::Equal,
        (item, ConstValue::Sequence(items)) if matches!(operator, CompareOp::In | CompareOp::NotIn) => {
            let mut found = false;
            for other in items {
                found |= compare(CompareOp::Eq, item, other)?;
            }
            return Some(found == (operator == CompareOp::In));
        }
        _ => return None,
    };
    let text = matches!(left, ConstValue::Str(_) | ConstValue::Bytes(_));
    Some(match operator {
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::NotEq => ordering.is_ne(),
        CompareOp::Less => ordering.is_lt(),
        CompareOp::LessEq => ordering.is_le(),
        CompareOp::Greater => ordering.is_gt(),
        CompareOp::GreaterEq => ordering.is_ge(),
        CompareOp::Is if !text => ordering.is_eq(),
        CompareOp::IsNot if !text => ordering.is_ne(),
        CompareOp::In if text => right.as_str()?.contains(left.as_str()?),
        CompareOp::NotIn if text => !right.as_str()?.contains(left.as_str()?),
        _ => return None,
    })
}

/// The character at a constant index of a constant text.
fn character(text: &ConstValue, index: &ConstValue) -> Option<ConstValue> {
    let (ConstValue::Str(text), ConstValue::Int(index)) = (text, index) else { return None };
    let count = i64::try_from(text.chars().count()).ok()?;
    let at = if *index < 0 { index.checked_add(count)? } else { *index };
    text.chars().nth(usize::try_from(at).ok()?).map(|c| ConstValue::Str(c.to_string()))
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
