//! Facts about the flow of control and of values within one function; knows no security.
//!
//! - A *location* ([`Location`]) is a place between instructions of one block.
//! - A block *dominates* another when control cannot reach the other without having entered it
//!   ([`Dominators`]). Edges to exception handlers count as edges: they leave a block at any of its
//!   instructions, so what a block did is certain in its handler only up to the block's start.
//! - A *handler* ([`Handler`]) is an `except` clause with the blocks that it guards and those that it runs.
//! - The *users* of a value are the instructions and terminators that read it ([`UseList`]).

mod components;
mod dominators;
mod handlers;
mod location;
mod predecessors;
mod uses;
mod work_list;

pub use components::components;
pub use dominators::Dominators;
pub use handlers::{Handler, HandlerEnd, handlers};
pub use location::{Location, ValueBlocks};
pub use predecessors::Predecessors;
pub use uses::{UseList, User};
pub use work_list::{OrderedWorkList, WorkList, forward_fixpoint};
