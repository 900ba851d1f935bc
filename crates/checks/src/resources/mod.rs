//! What costs time and memory, and what bounds it.
//!
//! - An *amount* is a number that says how much is allocated, how often something is done, or how long it takes. Where an
//!   attacker has a hand in one is a matter of flows ([`amounts`]); what bounds any other is read off the code
//!   ([`bounds`]).
//! - A loop is *stationary* when one turn of it leaves everything as it was, so that the next one does the same
//!   ([`stationary`]).
//! - What a peer sends and the program keeps needs a limit ([`buffers`]).
//! - What is kept under keys from outside grows with them ([`caches`]); what is taken apart, with the number
//!   of its parts ([`parts`]); what waits for another host needs a limit
//!   ([`timeouts`]); what is opened must be closed ([`leaks`]), files for a while deleted ([`leftovers`]), and locks released ([`locks`]).

pub(crate) mod amounts;
mod bounds;
mod buffers;
mod caches;
mod endless;
pub(crate) mod leaks;
mod leftovers;
mod locks;
mod loops;
mod parts;
mod stationary;
pub(crate) mod timeouts;

use crate::Examined;
use crate::code::Code;

/// Examines what is no flow of data.
pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    buffers::examine(code, out);
    endless::examine(code, out);
    leaks::examine(code, out);
    locks::examine(code, out);
    parts::examine(code, out);
}
