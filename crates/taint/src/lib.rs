//! Where untrusted data and secrets go.
//!
//! - An [`Origin`] is where data comes from, as one function sees it: one of its parameters (or a part
//!   of one), a variable of a function around it, or a concrete [`Source`].
//! - A *tree* says which origins each part of a value has: [`Entry`]s by access path. Each entry carries the
//!   [`KindSet`](assay_models::KindSet) of sinks that the data can still harm; a sanitiser, a
//!   check or a harmless position in a string takes kinds away.
//! - A *summary* says what a function does with its parameters: where they flow to and which sinks
//!   they reach. Summaries are computed callees first, over the components of the call graph.
//! - A *cell* is state that outlives a call: an attribute of a class's instances, a module's variable.
//!   What concrete sources put there is read by every function that loads it; those are analysed
//!   again when a cell changes.
//! - A [`Hop`] is one step of data within a function and a [`Frame`] one step of a sink up to a caller; traces are
//!   rebuilt from them.
//!
//! The method: summaries as in IFDS (Reps, Horwitz, Sagiv, POPL 1995) over access paths, with frames in
//! the manner of Pysa and Mariana Trench.

mod amounts;
mod behind;
mod bind;
mod caches;
mod callbacks;
mod components;
mod doubts;
mod driver;
mod errors;
mod exercised;
mod fields;
mod function;
mod guards;
mod heads;
mod label;
mod library;
mod library_sources;
mod mappings;
mod memory;
mod namespaces;
mod operators;
mod oracle;
mod processes;
mod raised;
mod results;
mod returns;
mod rows;
mod shared_folders;
mod sinks;
mod sockets;
mod strings;
mod switched;
mod texts;
mod trace;
mod transfer;
mod tuples;

pub use caches::memoised;
pub use doubts::witness_of;
pub use driver::analyse;
pub use exercised::Exercised;
pub use label::{Elem, Entry, Flags, Origin, OriginId, PathId, Source, SourceId};
pub use library_sources::{is_workshop, promises_sandbox};
pub use oracle::{FunctionOracle, constant, hands_result_over, holds};
pub use results::{Analysis, Blocked, BlockedBy, Doubt, FlawedCheck, Flow, SinkSite, SiteId, SoundCheck, Threats};
pub use shared_folders::SHARED_FOLDERS;
pub use trace::{Cell, Frame, FrameId, Hop, HopId, HopKind, TraceStep, TraceStepKind};
