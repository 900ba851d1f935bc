//! Shapes and values in words.

use super::{Conversion, Hole, Piece, Shape};
use crate::Context;
use assay_ir::{Arg, Const, Op, Value};

/// Characters of one text that are shown.
const MAX_TEXT: usize = 60;
/// Characters of one expression that are shown.
const MAX_EXPRESSION: usize = 48;

pub(super) fn display(shape: &Shape, name: &dyn Fn(Value) -> String) -> String {
    if shape.pieces.is_empty() {
        return "\"\"".to_owned();
    }
    let mut out = String::new();
    for (i, piece) in shape.pieces.iter().enumerate() {
        if i > 0 {
            out.push_str(" + ");
        }
        match piece {
            Piece::Text(text) => quote(text, &mut out),
            Piece::Hole(Hole { value, conversion, repeated, .. }) => {
                let shown = name(*value);
                match conversion {
                    Conversion::Plain | Conversion::Rooted => out.push_str(&shown),
                    Conversion::Repr => {
                        out.push_str("repr(");
                        out.push_str(&shown);
                        out.push(')');
                    }
                    Conversion::Number => {
                        out.push_str("number(");
                        out.push_str(&shown);
                        out.push(')');
                    }
                }
                if *repeated {
                    out.push('…');
                }
            }
        }
    }
    out
}

/// A text in quotes, with line breaks and runs of blanks as one blank and its middle left out when long.
fn quote(text: &str, out: &mut String) {
    let mut flat = String::with_capacity(text.len().min(256));
    let mut blank = false;
    for c in text.chars().take(4096) {
        if c.is_whitespace() && c != '\n' && c != '\r' || c == '\n' && blank {
            if !blank {
                flat.push(' ');
            }
            blank = true;
            continue;
        }
        blank = false;
        match c {
            '"' => flat.push_str("\\\""),
            '\\' => flat.push_str("\\\\"),
            '\n' => flat.push_str("\\n"),
            '\r' => flat.push_str("\\r"),
            c if c.is_control() => flat.extend(c.escape_default()),
            c => flat.push(c),
        }
    }
    out.push('"');
    let count = flat.chars().count();
    if count > MAX_TEXT {
        out.extend(flat.chars().take(MAX_TEXT / 2));
        out.push_str(" … ");
        out.extend(flat.chars().skip(count - MAX_TEXT / 2 + 3));
    } else {
        out.push_str(&flat);
    }
    out.push('"');
}

/// An expression that stands for a value: a parameter's name, a chain of attributes, a call with
/// its arguments left out.
pub fn describe(cx: &Context<'_>, value: Value) -> String {
    let mut out = String::new();
    write(cx, value, 6, &mut out);
    if out.chars().count() > MAX_EXPRESSION {
        let cut: String = out.chars().take(MAX_EXPRESSION - 1).collect();
        return cut + "…";
    }
    out
}

fn write(cx: &Context<'_>, value: Value, depth: u32, out: &mut String) {
    if depth == 0 {
        out.push('…');
        return;
    }
    match cx.op(value) {
        Op::Param(i) => match cx.function.params.get(*i as usize) {
            Some(param) => out.push_str(cx.text(param.name)),
            None => out.push('…'),
        },
        Op::Global(name) | Op::ImportFrom { name, .. } => out.push_str(cx.text(*name)),
        Op::Import { module, .. } => out.push_str(cx.text(*module)),
        Op::LoadCell(cell) => match cx.function.cells.get(cell.cell) {
            Some(c) => out.push_str(cx.text(c.name)),
            None => out.push('…'),
        },
        Op::Attr(base, name) => {
            write(cx, *base, depth - 1, out);
            out.push('.');
            out.push_str(cx.text(*name));
        }
        Op::Item(base, key) => {
            write(cx, *base, depth - 1, out);
            out.push('[');
            write(cx, *key, depth - 1, out);
            out.push(']');
        }
        Op::Next(iterable) => {
            write(cx, *iterable, depth - 1, out);
            out.push_str("[…]");
        }
        Op::Const(c) => constant(cx, c, out),
        Op::Call { func, args } => {
            write(cx, *func, depth - 1, out);
            out.push('(');
            match args[..] {
                [Arg { value, .. }] if depth > 3 => write(cx, value, depth - 2, out),
                [] => {}
                _ => out.push('…'),
            }
            out.push(')');
        }
        Op::Annotated { value: Some(inner), .. } | Op::Await(inner) | Op::Enter(inner) => {
            write(cx, *inner, depth - 1, out);
        }
        _ => out.push('…'),
    }
}

fn constant(cx: &Context<'_>, constant: &Const, out: &mut String) {
    match constant {
        Const::None => out.push_str("None"),
        Const::Bool(b) => out.push_str(if *b { "True" } else { "False" }),
        Const::Int(i) => out.push_str(&i.to_string()),
        Const::Str(s) | Const::Bytes(s) => quote(cx.text(*s), out),
        Const::BigInt(_) | Const::Float(_) | Const::Complex | Const::Ellipsis => out.push('…'),
    }
}
