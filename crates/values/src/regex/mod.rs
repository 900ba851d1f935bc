//! Python's regular expressions: syntax ([`parse`]) and accepted texts ([`Language`]).
//!
//! - A [`Node`] is a part of a parsed expression. Its classes hold every character that may match there.
//! - The *language* of an expression, for one way of matching it, is the set of whole texts for which
//!   the match succeeds. [`Language`] is never smaller than that set: what is not
//!   understood is taken to match anything.
//! - The *cost* of an expression ([`cost`]) is how the steps of matching grow with the text that an attacker chooses, with
//!   the text that shows it.

mod ambiguity;
mod automaton;
mod charset;
mod growth;
mod language;
#[cfg(test)]
mod laws;
mod machine;
mod matcher;
mod parser;
mod program;
#[cfg(test)]
pub(crate) mod tests;
mod witness;

pub use charset::CharSet;
pub use growth::{Attack, Cost, Growth, Part, Slow, cost};
pub use language::{End, Language};
pub(crate) use language::{flatten, literal};
pub use machine::{Outcome, Run};
pub use parser::{ParseError, parse, parse_certain};
pub use witness::Holding;

/// Flags of a regular expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Flags(u8);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// `re.IGNORECASE`
    pub const IGNORE_CASE: Self = Self(1);
    /// `re.MULTILINE`
    pub const MULTILINE: Self = Self(2);
    /// `re.DOTALL`
    pub const DOT_ALL: Self = Self(4);
    /// `re.VERBOSE`
    pub const VERBOSE: Self = Self(8);
    /// `re.ASCII`
    pub const ASCII: Self = Self(16);

    /// Both sets of flags.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These flags without the others.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all flags of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The flag of this name in module `re` (`I`, `IGNORECASE`, …); none for those without a bearing on
    /// what matches.
    pub fn from_name(name: &str) -> Self {
        match name {
            "I" | "IGNORECASE" => Self::IGNORE_CASE,
            "M" | "MULTILINE" => Self::MULTILINE,
            "S" | "DOTALL" => Self::DOT_ALL,
            "X" | "VERBOSE" => Self::VERBOSE,
            "A" | "ASCII" => Self::ASCII,
            _ => Self::NONE,
        }
    }

    /// The flag of this letter in `(?i)`.
    pub(crate) fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            'i' => Self::IGNORE_CASE,
            'm' => Self::MULTILINE,
            's' => Self::DOT_ALL,
            'x' => Self::VERBOSE,
            'a' => Self::ASCII,
            'u' | 'L' => Self::NONE,
            _ => return None,
        })
    }
}

/// A part of a regular expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Matches the empty text.
    Empty,
    /// One character of a set.
    Class(CharSet),
    /// A place.
    Anchor(Anchor),
    /// One after the other.
    Concat(Vec<Node>),
    /// One of several.
    Alternate(Vec<Node>),
    /// Repetition; without `max`, any number from `min` on.
    Repeat {
        /// What is repeated.
        node: Box<Node>,
        /// At least.
        min: u32,
        /// At most.
        max: Option<u32>,
        /// In which order numbers of repetitions are tried.
        taking: Taking,
        /// Where it stands in the expression, quantifier included, in characters.
        span: (u32, u32),
    },
    /// A group, with its number when it captures.
    Group(Option<u32>, Box<Node>),
    /// A group of which only the first way to match is ever tried: `(?>…)`.
    Atomic(Box<Node>),
    /// One of two, by whether a group has matched.
    Conditional {
        /// The group.
        group: u32,
        /// If it has.
        yes: Box<Node>,
        /// If not.
        no: Box<Node>,
    },
    /// A look at what follows or precedes.
    Look {
        /// What is looked for.
        node: Box<Node>,
        /// Ahead or behind.
        ahead: bool,
        /// Whether it must not be there.
        negative: bool,
    },
    /// What a group matched before.
    BackReference(u32),
    /// Something else, which may match any text.
    Unknown,
}

/// In which order numbers of repetitions are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// As many as possible first.
    Greedy,
    /// As few as possible first: `*?`.
    Lazy,
    /// As many as possible and nothing else: `*+`.
    Possessive,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// `\A`, and `^` without `re.MULTILINE`.
    Start,
    /// `^` with `re.MULTILINE`.
    LineStart,
    /// `\Z`
    End,
    /// `$` without `re.MULTILINE`: the end, or before a newline at the end.
    Dollar,
    /// `$` with `re.MULTILINE`.
    LineEnd,
    /// `\b`
    WordBoundary,
    /// `\B`
    NoWordBoundary,
}

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Regex {
    /// The expression.
    pub root: Node,
    /// The number of capturing groups.
    pub groups: u32,
    /// What is in it that is not understood, in words.
    pub gaps: Vec<&'static str>,
}
