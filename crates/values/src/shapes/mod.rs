//! Shapes of strings.
//!
//! - A *shape* is a sequence of constant texts and *holes*. A hole is a value of the function that is put into
//!   the text there.
//! - A hole is *repeated* when it, and the text around it, can stand there any number of times, as in a
//!   loop or a `join`.
//! - A value that depends on the way control took has several shapes. Where there would be
//!   more than [`MAX_ALTERNATIVES`], what varies is one hole.

mod build;
mod display;
mod paths;
mod templates;
#[cfg(test)]
mod tests;
mod urls;

pub use build::shapes;
pub use display::describe;
pub use paths::path_shapes;

use crate::Context;
use crate::contexts::HOLE;
use assay_ir::Value;

/// How the format of a message turns the value at a position of its arguments into text: a `%` format, or one in braces,
/// which some programs make their loggers take.
pub fn message_conversion(text: &str, position: usize) -> Option<Conversion> {
    let of = |parts: Vec<templates::Part>| {
        parts.into_iter().find_map(|part| match part {
            templates::Part::Field { source: templates::Source::Position(p), conversion, .. } if p == position => {
                Some(conversion)
            }
            _ => None,
        })
    };
    of(templates::percent(text, &mut 0)).or_else(|| of(templates::format(text, &mut 0)))
}

/// Shapes that one value has at most.
pub const MAX_ALTERNATIVES: usize = 4;

/// How a hole's value becomes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conversion {
    /// As it is.
    Plain,
    /// As `repr` writes it: in quotes, with control characters escaped.
    Repr,
    /// As a number; anything else raises.
    Number,
    /// As it is, and it begins with `/` and has neither backslashes nor control characters.
    Rooted,
}

/// A value put into a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hole {
    /// The value, or a collection whose elements are put there.
    pub value: Value,
    /// How it becomes text.
    pub conversion: Conversion,
    /// Whether it can stand there more than once.
    pub repeated: bool,
    /// Whether it begins a part of a path that replaces what comes before when it is absolute.
    pub component: bool,
}

impl Hole {
    /// The value as it is, once.
    pub fn plain(value: Value) -> Self {
        Self { value, conversion: Conversion::Plain, repeated: false, component: false }
    }
}

/// A piece of a shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Constant text; never empty, and never next to another text.
    Text(String),
    /// A value.
    Hole(Hole),
}

/// What a string looks like.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Shape {
    /// The pieces in order; none for the empty text.
    pub pieces: Vec<Piece>,
}

impl Shape {
    /// A constant text.
    pub fn text(text: &str) -> Self {
        let mut shape = Self::default();
        shape.push_text(text);
        shape
    }

    /// One hole and nothing else.
    pub fn hole(hole: Hole) -> Self {
        Self { pieces: vec![Piece::Hole(hole)] }
    }

    /// Appends text.
    pub fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    /// Appends a piece.
    pub fn push(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.push_text(&text),
            hole @ Piece::Hole(_) => self.pieces.push(hole),
        }
    }

    /// Appends another shape.
    pub fn append(&mut self, other: Self) {
        for piece in other.pieces {
            self.push(piece);
        }
    }

    /// The text, when there is no hole.
    pub fn constant(&self) -> Option<&str> {
        match &self.pieces[..] {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The holes, with the index of each among the pieces.
    pub fn holes(&self) -> impl Iterator<Item = (usize, &Hole)> {
        self.pieces.iter().enumerate().filter_map(|(i, p)| match p {
            Piece::Hole(hole) => Some((i, hole)),
            Piece::Text(_) => None,
        })
    }

    /// Whether it is one hole and nothing else, so that nothing is known about the text.
    pub fn is_opaque(&self) -> bool {
        matches!(self.pieces[..], [Piece::Hole(_)])
    }

    /// The text before the piece at `index`. An earlier hole stands as [`HOLE`], a number as `0`, what begins with `/` shows
    /// that.
    pub fn before(&self, index: usize) -> String {
        let mut out = String::new();
        for piece in self.pieces.iter().take(index) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(Hole { conversion: Conversion::Number, .. }) => out.push('0'),
                Piece::Hole(Hole { conversion: Conversion::Rooted, .. }) => out.extend(['/', HOLE]),
                Piece::Hole(_) => out.push(HOLE),
            }
        }
        out
    }

    /// The whole text, with holes as in [`before`](Self::before).
    pub fn skeleton(&self) -> String {
        self.before(self.pieces.len())
    }

    /// The shape as a sum of quoted text and expressions: `"SELECT … '" + name + "'"`.
    pub fn display(&self, cx: &Context<'_>) -> String {
        self.display_with(&|value| describe(cx, value))
    }

    /// Like [`display`](Self::display), with the text of a hole's value from the caller.
    pub fn display_with(&self, name: &dyn Fn(Value) -> String) -> String {
        display::display(self, name)
    }

    /// Whether the whole reads as a page of HTML or a part of one.
    pub fn reads_as_html(&self) -> bool {
        crate::contexts::reads_as_html(&self.skeleton())
    }

    /// Whether the whole reads as the head of a message, or as a line of one.
    pub fn reads_as_head(&self) -> bool {
        crate::contexts::reads_as_head(&self.skeleton())
    }

    /// Whether the whole reads as a statement of SQL.
    pub fn reads_as_sql(&self) -> bool {
        crate::contexts::reads_as_sql(&self.skeleton())
    }
}
