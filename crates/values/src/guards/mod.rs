//! What conditions say about values.
//!
//! - A *guard fact* ([`GuardFact`]) says: in a part of the function, a value (its *key*), or something
//!   made from it (*via*), passed or failed a *test*. Facts are what extended static single assignment
//!   form would put on renamed values; they are kept beside the function instead, so that
//!   only values that are asked about cost anything.
//! - A fact *holds at* a place that its branch arm, or the return from its call, dominates.
//! - A value that is made by replacing, splitting or encoding is *harmless by construction* where that leaves
//!   nothing that could do harm ([`harmless_by_construction`]).
//! - Facts are collected by [`guard_facts`], looked up in a [`GuardIndex`], and judged against a
//!   kind of harm by [`judge`].

mod affixes;
mod collect;
mod comparisons;
mod dangers;
mod judge;
mod made;
mod operands;
mod patterns;
mod replay;
mod roots;
#[cfg(test)]
mod tests;
mod via;
mod witness;

pub use collect::{after_call, assumed, guard_facts};
pub use judge::{ABSOLUTE_PATH, Judgement, ONLY_SCHEME, TRAILING_NEWLINE, judge, judge_all, judge_held, judge_made};
pub use made::{Made, climbs_nowhere, decodes, harmless_by_construction, is_free_of, may_undo_checks, quotes_left};
pub use patterns::flags_given;
pub use via::returns_normalised;
pub use witness::{Witness, witness};

use crate::{Context, KeyTable};
use assay_dataflow::{Dominators, Location, ValueBlocks};
use assay_index::Symbol;
use assay_ir::{ArgKind, BlockId, CompareOp, Function, Op, Value};
use smallvec::SmallVec;

/// The operations that lead from a fact's key to the value that was tested, which comes last. Empty when
/// the key itself was tested.
pub type Via = SmallVec<[Value; 2]>;

/// Something known about a value in a part of the function.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardFact {
    /// The value, as the first that loads the same ([`KeyTable::canonical`]).
    pub key: Value,
    /// How the tested value is made from it.
    pub via: Via,
    /// Where it is known.
    pub at: At,
    /// What is known.
    pub test: Test,
    /// The condition, or the call that returned; its span is the place to show.
    pub cond: Value,
}

impl GuardFact {
    /// Whether the fact is known at a place.
    pub fn holds_at(&self, dominators: &Dominators, location: Location) -> bool {
        match self.at {
            At::Edge(arm) => dominators.dominates(arm, location.block),
            At::AfterCall(after) => dominators.dominates_location(after, location),
        }
    }

    /// The value that was tested.
    pub fn tested(&self) -> Value {
        self.via.last().copied().unwrap_or(self.key)
    }
}

/// Where a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// In this block, which one outcome of a condition leads to, and in all that it dominates.
    Edge(BlockId),
    /// From the place after a call that raises unless the fact holds.
    AfterCall(Location),
}

/// An argument of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArgumentRef {
    /// By position, counted from 0 in the call's own argument list.
    Positional(usize),
    /// By name.
    Keyword(Symbol),
    /// What the method is called on.
    Receiver,
}

impl ArgumentRef {
    /// The value that a call passes there.
    pub fn value(self, function: &Function, call: Value) -> Option<Value> {
        let Op::Call { func, args } = function.op(call) else { return None };
        match self {
            Self::Positional(index) => args.get(index).map(|arg| arg.value),
            Self::Keyword(name) => args
                .iter()
                .find(|arg| matches!(arg.kind, ArgKind::Keyword(given) if given == name))
                .map(|arg| arg.value),
            Self::Receiver => match function.op(*func) {
                Op::Attr(base, _) => Some(*base),
                _ => None,
            },
        }
    }
}

/// How a pattern is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchMethod {
    /// From the start.
    Match,
    /// Anywhere.
    Search,
    /// From the start to the end.
    FullMatch,
}

/// A test of text by the class of its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the methods")]
pub enum CharClass {
    IsDigit,
    IsDecimal,
    IsNumeric,
    IsAlpha,
    IsAlnum,
    IsIdentifier,
    IsPrintable,
    IsSpace,
    IsAscii,
}

impl CharClass {
    /// The class that a method of text tests.
    pub fn from_method(name: &str) -> Option<Self> {
        Some(match name {
            "isdigit" => Self::IsDigit,
            "isdecimal" => Self::IsDecimal,
            "isnumeric" => Self::IsNumeric,
            "isalpha" => Self::IsAlpha,
            "isalnum" => Self::IsAlnum,
            "isidentifier" => Self::IsIdentifier,
            "isprintable" => Self::IsPrintable,
            "isspace" => Self::IsSpace,
            "isascii" => Self::IsAscii,
            _ => return None,
        })
    }
}

/// What a condition says about the tested value. `positive` is false where the test failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is in a container (of text: it is a part of the text).
    Member {
        /// The container.
        of: Value,
        /// Whether it is.
        positive: bool,
    },
    /// It equals, or is, another value.
    Equals {
        /// The other.
        other: Value,
        /// Whether it does.
        positive: bool,
    },
    /// It is an instance.
    IsInstance {
        /// The class, or a collection of classes.
        types: Value,
        /// Whether it is.
        positive: bool,
    },
    /// It is `None`.
    IsNone {
        /// Whether it is.
        positive: bool,
    },
    /// It counts as true.
    Truthy {
        /// Whether it does.
        positive: bool,
    },
    /// It matches a regular expression.
    RegexMatch {
        /// The pattern: text, or a compiled expression.
        pattern: Value,
        /// The flags given with it.
        flags: Option<Value>,
        /// How it is matched.
        method: MatchMethod,
        /// Whether it does.
        positive: bool,
    },
    /// It starts with a text.
    StartsWith {
        /// The text, or a tuple of texts.
        prefix: Value,
        /// Whether it does.
        positive: bool,
    },
    /// It ends with a text.
    EndsWith {
        /// The text, or a tuple of texts.
        suffix: Value,
        /// Whether it does.
        positive: bool,
    },
    /// It contains something.
    Contains {
        /// What.
        needle: Value,
        /// Whether it does.
        positive: bool,
    },
    /// All its characters are of a class, and there is one.
    CharClass {
        /// The class.
        class: CharClass,
        /// Whether they are.
        positive: bool,
    },
    /// It compares to another value in this way.
    Compare {
        /// The comparison that is true, with the tested value on its left.
        op: CompareOp,
        /// The other value.
        other: Value,
    },
    /// Its length compares to a number in this way.
    LengthBound {
        /// The comparison that is true, with the length on its left.
        op: CompareOp,
        /// The number.
        bound: Value,
    },
    /// It is a path within another, by the names of its parts.
    RelativeTo {
        /// The other path.
        base: Value,
        /// Whether it is.
        positive: bool,
    },
    /// Each element (of text: each character) is known to fulfil all of these, whose keys stand for
    /// the element.
    Each(Vec<GuardFact>),
    /// At least one of these sets of facts holds.
    OneOf(Vec<Vec<GuardFact>>),
    /// It was passed to a call that gave a value counting as true, or false.
    Call {
        /// The call.
        call: Value,
        /// Which argument it was.
        argument: ArgumentRef,
        /// Whether the result counts as true.
        positive: bool,
    },
    /// It was passed to a call, which returned.
    Returned {
        /// The call.
        call: Value,
        /// Which argument it was.
        argument: ArgumentRef,
    },
}

/// The facts of one function, by key.
#[derive(Clone, Debug, Default)]
pub struct GuardIndex {
    keys: KeyTable,
    facts: Vec<GuardFact>,
}

impl GuardIndex {
    /// Collects the facts of a function's conditions. Where there is no condition and nothing will be added,
    /// an empty index ([`Default`]) does as well.
    pub fn new(cx: &Context<'_>, dominators: &Dominators, places: &ValueBlocks) -> Self {
        let keys = KeyTable::new(cx.function, cx.strings);
        let mut facts = guard_facts(cx, dominators, places, &keys);
        facts.sort_by_key(|f| f.key);
        Self { keys, facts }
    }

    /// Adds facts, such as those of [`after_call`].
    pub fn add(&mut self, facts: Vec<GuardFact>) {
        self.facts.extend(facts);
        self.facts.sort_by_key(|f| f.key);
    }

    /// The table that its keys are of.
    pub fn keys(&self) -> &KeyTable {
        &self.keys
    }

    /// Whether nothing is known about any value.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// All facts, by key; those of one key in the order of the code.
    pub fn facts(&self) -> &[GuardFact] {
        &self.facts
    }

    /// What is known about a value anywhere.
    pub fn about(&self, value: Value) -> &[GuardFact] {
        if self.facts.is_empty() {
            return &[];
        }
        let key = self.keys.canonical(value);
        let start = self.facts.partition_point(|f| f.key < key);
        let len = self.facts[start..].partition_point(|f| f.key == key);
        &self.facts[start..start + len]
    }

    /// What is known about a value at a place. For a phi's input, ask at the end of the block it comes
    /// from.
    pub fn at<'a>(
        &'a self,
        dominators: &'a Dominators,
        value: Value,
        location: Location,
    ) -> impl Iterator<Item = &'a GuardFact> + use<'a> {
        self.about(value).iter().filter(move |f| f.holds_at(dominators, location))
    }
}
