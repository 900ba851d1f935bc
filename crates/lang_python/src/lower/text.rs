//! Literals, f-strings and template strings.

use super::{Lowering, span_of};
use assay_index::Symbol;
use assay_ir::{Const, Conversion, Op, Piece, Value};
use assay_text::Span;
use ruff_python_ast::{
    ConversionFlag, ExprBytesLiteral, ExprFString, ExprNumberLiteral, ExprStringLiteral, ExprTString, FStringPart,
    InterpolatedElement, InterpolatedStringElement, Number,
};

/// The pieces of a text under construction; adjacent constant text is put together.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    text: String,
}

impl<'a> Lowering<'a> {
    pub(super) fn number(&mut self, number: &ExprNumberLiteral) -> Value {
        let value = match &number.value {
            Number::Int(int) => match int.as_u64().and_then(|v| i64::try_from(v).ok()) {
                Some(value) => Const::Int(value),
                None => Const::BigInt(self.intern(&int.to_string())),
            },
            Number::Float(value) => Const::Float(value.to_bits()),
            Number::Complex { .. } => Const::Complex,
        };
        self.constant(value, span_of(number))
    }

    pub(super) fn string(&mut self, literal: &ExprStringLiteral) -> Value {
        let text = self.strings.intern(literal.value.to_str());
        self.constant(Const::Str(text), span_of(literal))
    }

    pub(super) fn bytes(&mut self, literal: &ExprBytesLiteral) -> Value {
        self.buffer.clear();
        self.buffer.extend(literal.value.bytes().map(char::from));
        let text = self.strings.intern(&self.buffer);
        self.constant(Const::Bytes(text), span_of(literal))
    }

    pub(super) fn f_string(&mut self, literal: &'a ExprFString) -> Value {
        let mut pieces = Pieces::default();
        for part in &literal.value {
            match part {
                FStringPart::Literal(text) => pieces.text.push_str(&text.value),
                FStringPart::FString(part) => self.elements(&part.elements, &mut pieces),
            }
        }
        self.finish_text(pieces, span_of(literal))
    }

    pub(super) fn t_string(&mut self, literal: &'a ExprTString) -> Value {
        let mut pieces = Pieces::default();
        for part in &literal.value {
            self.elements(&part.elements, &mut pieces);
        }
        self.flush(&mut pieces);
        self.push(Op::Template(pieces.done), span_of(literal))
    }

    fn elements(&mut self, elements: &'a [InterpolatedStringElement], pieces: &mut Pieces) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(text) => pieces.text.push_str(&text.value),
                InterpolatedStringElement::Interpolation(hole) => self.hole(hole, pieces),
            }
        }
    }

    fn hole(&mut self, hole: &'a InterpolatedElement, pieces: &mut Pieces) {
        let value = self.expression(&hole.expression);
        let mut conversion = match hole.conversion {
            ConversionFlag::None => Conversion::None,
            ConversionFlag::Str => Conversion::Str,
            ConversionFlag::Repr => Conversion::Repr,
            ConversionFlag::Ascii => Conversion::Ascii,
        };
        if let Some(debug) = &hole.debug_text {
            // `{x=}` shows the expression's own text, and the value by `repr` unless told otherwise.
            for text in [debug.leading(), debug.expression(), debug.trailing()] {
                pieces.text.push_str(text);
            }
            if conversion == Conversion::None && hole.format_spec.is_none() {
                conversion = Conversion::Repr;
            }
        }
        let spec = hole.format_spec.as_ref().map(|spec| {
            let mut pieces = Pieces::default();
            self.nested(span_of(&**spec), |this| this.elements(&spec.elements, &mut pieces));
            self.finish_text(pieces, span_of(&**spec))
        });
        self.flush(pieces);
        pieces.done.push(Piece::Hole { value, conversion, spec });
    }

    fn flush(&mut self, pieces: &mut Pieces) -> Option<Symbol> {
        if pieces.text.is_empty() {
            return None;
        }
        let text = self.strings.intern(&pieces.text);
        pieces.text.clear();
        pieces.done.push(Piece::Text(text));
        Some(text)
    }

    fn finish_text(&mut self, mut pieces: Pieces, at: Span) -> Value {
        if pieces.done.is_empty() {
            let text = self.strings.intern(&pieces.text);
            return self.constant(Const::Str(text), at);
        }
        self.flush(&mut pieces);
        self.push(Op::Format(pieces.done), at)
    }
}
