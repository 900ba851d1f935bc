//! What a function means to its callers.
//!
//! - A [`Need`] is something that must hold when the function is called, so that what it does with memory is right. The
//!   callers are asked whether it does.
//! - An [`Exit`] is a way in which the function returns: the conditions under which it does, the result, and what it did.
//! - All numbers are over what is known when the function is called ([`EntryVar`]).

use crate::allocators::Family;
use crate::linear::Linear;
use crate::names::Path;
use crate::program::FuncId;
use crate::report::{Note, Problem};
use crate::value::SourceKind;
use assay_text::Span;

/// A number that is known when a function is called.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum EntryVar {
    /// A parameter.
    Param(u32),
    /// What stands in an object: the offset and width in bytes.
    Cell(Path, i64, u32),
    /// How many bytes of an object there are from where the pointer to it points.
    Size(Path),
    /// The length of the string in an object.
    Length(Path),
}

/// A linear form over them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct EntryForm {
    pub(crate) constant: i128,
    pub(crate) terms: Vec<(EntryVar, i64)>,
}

/// What must hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum What {
    /// The pointer to this object is not null.
    NotNull(Path),
    /// These bytes lie in the object.
    Within {
        /// The object.
        path: Path,
        /// The first byte.
        from: EntryForm,
        /// Behind the last.
        to: EntryForm,
        /// Whether they are written.
        write: bool,
    },
    /// The number of bytes lies in an object of this size: an own object of the function that the caller's number goes into.
    AtMost {
        /// The number.
        number: EntryForm,
        /// What it must not be above.
        most: i128,
        /// Whether too large a number writes.
        write: bool,
        /// What is overrun, in words.
        object: String,
    },
    /// The string is the program's own: a format.
    Format(Path),
    /// The string is the program's own: a command.
    Command(Path),
    /// The string is the program's own: a query.
    Query(Path),
    /// The string is the program's own: the name of a file.
    FileName(Path),
    /// The number is not zero.
    NotZero(EntryForm),
    /// The bytes are set.
    Set(Path, i64, u32),
    /// A number is not above zero.
    NotAbove {
        /// The number.
        form: EntryForm,
        /// What is wrong when it is for certain.
        problem: Problem,
        /// The weaknesses that this is.
        cwe: &'static [u32],
        /// What is wrong, in words.
        title: String,
    },
}

/// Something that callers must see to.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) what: What,
    /// When it matters: forms that are at most zero then.
    pub(crate) conditions: Vec<EntryForm>,
    /// Forms that are not zero then.
    pub(crate) nonzero: Vec<EntryForm>,
    /// Whether every call that satisfies the conditions gets there.
    pub(crate) always: bool,
    /// Whether a number that it is about has been looked at on the way there.
    pub(crate) looked_at: bool,
    /// The function and place where it matters, with what happens there.
    pub(crate) note: Note,
    /// The way there, callers first.
    pub(crate) way: Vec<Note>,
    /// The site that it comes from.
    pub(crate) site: Option<(FuncId, Span)>,
}

/// Where data that a function hands to its callers comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Whence {
    /// Untrusted data that the function takes in itself.
    Taken(SourceKind, String),
    /// What the caller passes by that parameter: it is to be trusted as far as that is.
    Passed(u32),
}

/// Bytes of an object; all of them where it is not known which.
pub(crate) type Changed = (Path, Option<(i64, i64)>);

/// A value when the function returns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ExitVal {
    /// A number: what it is, if that can be said, and between what it is.
    Number {
        form: Option<EntryForm>,
        range: crate::numbers::Range,
        taint: Option<Whence>,
        /// What it is not above, where that is another number that callers know.
        most: Option<EntryForm>,
        /// Whether it may have wrapped around.
        wrapped: bool,
        /// Whether it came in as a number.
        chosen: bool,
    },
    /// An address in an object that the caller knows.
    Known { path: Path, offset: EntryForm, maybe_null: bool, maybe_other: bool },
    /// An address of a fresh object.
    Fresh { index: u8, offset: i64, maybe_null: bool },
    /// Null: what was to be allocated could not be.
    Null,
    /// Null, for whatever reason.
    NoObject,
    /// An address of which nothing more is known.
    Address { maybe_null: bool, failed: bool, taint: Option<Whence> },
    /// The address of a variable of the function itself.
    Dangling,
    /// A variable or literal that lives on.
    Static,
    /// Nothing set it.
    Uninit,
    /// Anything.
    Unknown,
}

/// An object that the function allocated and that lives on, or the record that it returns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FreshObject {
    pub(crate) size: Option<EntryForm>,
    pub(crate) zero: bool,
    pub(crate) taint: Option<Whence>,
    /// The values in it.
    pub(crate) cells: Vec<(i64, u32, ExitVal)>,
    /// Whether it is kept in memory that callers do not see into.
    pub(crate) kept: bool,
    /// Whether it is given back already.
    pub(crate) freed: bool,
    pub(crate) made: Made,
    /// With what it has to be given back.
    pub(crate) family: Option<Family>,
}

/// How an object came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Made {
    /// It was allocated.
    Allocated,
    /// Nothing but a name says that it was allocated.
    Assumed,
    /// It is no allocation, but the bytes of the record that is returned.
    Record,
}

/// An object of the caller's that a function gives back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Release {
    pub(crate) path: Path,
    /// At which byte of it, and by what, where that is known.
    pub(crate) given: GivenBack,
    pub(crate) certain: bool,
}

/// At which byte an object is given back, and by what, where that is the same everywhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct GivenBack {
    pub(crate) at: Option<i64>,
    pub(crate) family: Option<Family>,
}

impl GivenBack {
    /// What two places agree on.
    pub(crate) fn agreed(self, other: Self) -> Self {
        Self {
            at: self.at.filter(|at| other.at == Some(*at)),
            family: self.family.filter(|family| other.family == Some(*family)),
        }
    }
}

/// A way to return.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Exit {
    /// Forms that are at most zero when it is taken.
    pub(crate) conditions: Vec<EntryForm>,
    /// Forms that are not zero then.
    pub(crate) nonzero: Vec<EntryForm>,
    /// Pointers that are null (true) or not (false) when it is taken.
    pub(crate) nulls: Vec<(Path, bool)>,
    pub(crate) result: ExitVal,
    pub(crate) fresh: Vec<FreshObject>,
    /// Objects that were given back.
    pub(crate) freed: Vec<Release>,
    /// What stands in objects of the caller.
    pub(crate) cells: Vec<(Path, i64, u32, ExitVal)>,
    /// Objects of the caller whose bytes came from outside.
    pub(crate) tainted: Vec<(Path, Whence)>,
    /// What the function may change, and does not on this way.
    pub(crate) unchanged: Vec<Changed>,
}

/// What a function changes besides the objects that its callers are told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Elsewhere {
    /// Nothing.
    #[default]
    Nothing,
    /// Variables with a static lifetime; or it calls what is not known.
    Globals,
    /// What addresses lead to, too, that it finds in places which callers cannot be told.
    Found,
}

/// A function's summary.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    /// Whether the function was understood. If not, it may do anything to what it can reach.
    pub(crate) known: bool,
    pub(crate) needs: Vec<Need>,
    /// None: it does not return.
    pub(crate) exits: Vec<Exit>,
    /// Objects whose bytes it may change, and which bytes, where that is known.
    pub(crate) changed: Vec<Changed>,
    /// Objects that it hands to code that is not known, which may change all that is reached from there.
    pub(crate) handed: Vec<Path>,
    /// Objects whose addresses it may keep, by the parameter that leads to them.
    pub(crate) kept: Vec<u32>,
    /// What it changes besides the objects that callers are told.
    pub(crate) elsewhere: Elsewhere,
    /// Parameters that lead to what it reads or writes, on some way.
    pub(crate) used: Vec<u32>,
    /// Whether it calls what is not known: that may change all it can reach.
    pub(crate) calls_unknown: bool,
}

impl EntryForm {
    /// A number.
    pub(crate) fn constant(constant: i128) -> Self {
        Self { constant, terms: Vec::new() }
    }

    /// From a form whose variables `name` knows.
    pub(crate) fn from_linear(
        form: &Linear,
        mut name: impl FnMut(crate::linear::Var) -> Option<EntryVar>,
    ) -> Option<Self> {
        let mut terms = Vec::with_capacity(form.terms.len());
        for (var, k) in &form.terms {
            terms.push((name(*var)?, *k));
        }
        Some(Self { constant: form.constant, terms })
    }
}
