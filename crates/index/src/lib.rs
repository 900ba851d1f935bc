//! Typed ids, vectors indexed by them, bit sets and the string interner.
//!
//! - An *id* is a 32-bit number with a type of its own ([`Idx`], made by [`define_id!`]).
//! - An [`IndexVec`] is a vector that can only be indexed by its own id type.
//! - A [`Symbol`] is the id of an interned string in one [`Interner`]. Symbols of different
//!   interners must not be mixed, and no output may be ordered by a symbol's number.

mod bit_set;
mod index_vec;
mod interner;

pub use bit_set::BitSet;
pub use index_vec::{Idx, IndexVec};
pub use interner::{Interner, Symbol};

/// A hash map with a fast, deterministic hash. Its iteration order must not reach an output.
pub type FxHashMap<K, V> = rustc_hash::FxHashMap<K, V>;
/// A hash set with a fast, deterministic hash. Its iteration order must not reach an output.
pub type FxHashSet<K> = rustc_hash::FxHashSet<K>;
/// The hasher behind [`FxHashMap`].
pub type FxHasher = rustc_hash::FxHasher;

/// Defines an id type: `define_id!(/// What it identifies. pub struct NodeId, "n");`
///
/// The string is the prefix that its `Debug` and `Display` forms print before the number.
#[macro_export]
macro_rules! define_id {
    ($(#[$meta:meta])* $vis:vis struct $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(u32);

        impl $crate::Idx for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("an index fits in 32 bits"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}
