//! What a value of a function can be.
//!
//! - A *key* ([`Key`]) names an expression that loads the same thing each time it is evaluated.
//! - A *guard fact* ([`guards::GuardFact`]) is what a condition says about a key in a part of the function.
//! - The *shape* of a string ([`shapes::Shape`]) is its constant text and the holes between.
//! - The *context* of a hole ([`contexts`]) is its position in the grammar that will read the string.
//!
//! Everything here is a pure function of one [`assay_ir::Function`] and an [`Oracle`], by which a
//! caller that knows the whole program names callees, constants and types.

mod branches;
mod callee;
mod constants;
pub mod contexts;
pub mod guards;
mod keys;
mod lists;
mod oracle;
pub mod quoting;
pub mod regex;
pub mod shapes;

pub use branches::cut_decided_branches;
pub use callee::Callee;
pub use constants::{ConstValue, constant_of};
pub use keys::{ItemKey, Key, KeyTable, PathElem, key_of};
pub use lists::place_list_elements;
pub use oracle::{Context, NoOracle, Oracle, PatternText};
