//! What errors carry: data that an error was made with gets to the handlers that may take it.
//!
//! - An error that is raised goes to the handlers around the place that name its class or one above it. It leaves the function
//!   where none is sure to keep it, and is then raised in the callers, at their call.
//! - An error whose class is not known goes to handlers of all errors only.

use crate::driver::Engine;
use crate::function::{Fun, Out, SummaryFlow};
use crate::label::{Entry, Origin};
use crate::trace::HopKind;
use assay_dataflow::{Handler, HandlerEnd, Location};
use assay_ir::{BlockId, Op, Terminator, Value};
use assay_models::{KindSet, SinkKind};
use assay_resolve::ErrorClass;

/// `try` statements around one place.
const MAX_NESTING: usize = 8;
/// Handlers of one function that are told apart.
const MAX_HANDLERS: usize = 64;

impl<'a> Engine<'a> {
    /// A `raise` at the end of a block.
    pub(crate) fn raises(&mut self, fun: &mut Fun<'a>, block: BlockId, at: Location) {
        let Terminator::Raise(Some(error)) = fun.function.blocks[block].terminator else { return };
        if fun.tree(error).is_empty() {
            return;
        }
        let class = self.res.error_class(fun.id, error);
        for entry in self.read(fun, error, at) {
            self.raise(fun, block, class, entry);
        }
    }

    /// An error that holds data is raised in a block.
    pub(crate) fn raise(&mut self, fun: &mut Fun<'a>, block: BlockId, class: Option<ErrorClass>, mut entry: Entry) {
        // Texts of errors are logged everywhere, mostly quoted with their traces.
        entry.kinds = entry.kinds.minus(KindSet::of(SinkKind::LogInjection));
        let blocks = &fun.function.blocks;
        let mut around = blocks[block].handler;
        for _ in 0..MAX_NESTING {
            let Some(entry_block) = around else { break };
            // What is not kept there goes on to the `try` around it, which the handlers themselves stand in.
            around = blocks[entry_block].handler;
            blocks[entry_block].terminator.for_each_target(|to| around = around.or(blocks[to].handler));
            for index in 0..fun.handlers().len().min(MAX_HANDLERS) {
                let handler = &fun.handlers()[index];
                if handler.entry != entry_block || !self.takes(fun, handler.caught, class) {
                    continue;
                }
                let (caught, kept) = (handler.caught, !raises_again(handler));
                self.hand_over(fun, caught, entry);
                if kept {
                    return;
                }
                break;
            }
        }
        // Only what is known of an error tells who takes it further up.
        if let Some(class) = class {
            let out = Out::Raised(class, entry.path);
            if !fun.leaves(entry.origin, out, entry.kinds) {
                let Entry { origin, kinds, flags, hop, .. } = entry;
                fun.leave(SummaryFlow { origin, out, kinds, flags, hop });
            }
        }
    }

    /// Whether a handler takes an error.
    fn takes(&self, fun: &Fun<'a>, caught: Value, class: Option<ErrorClass>) -> bool {
        let Op::Caught(types) = fun.function.op(caught) else { return false };
        types.is_empty()
            || types.iter().any(|named| match class {
                Some(class) => self.res.takes_error(fun.id, *named, class),
                None => self.is_every_error(fun, *named),
            })
    }

    /// What a handler caught holds the data of an error.
    fn hand_over(&mut self, fun: &mut Fun<'a>, caught: Value, entry: Entry) {
        if fun.wants(caught, entry.path, entry.origin, entry.kinds) {
            fun.has_source |= matches!(self.labels.origin_of(entry.origin), Origin::Source(_));
            let hop = self.hop(entry.hop, fun, caught, HopKind::Caught);
            fun.add(caught, Entry { hop, ..entry });
        }
    }
}

/// Whether a handler raises again what it caught.
fn raises_again(handler: &Handler) -> bool {
    handler.ends.iter().any(|end| match end {
        HandlerEnd::Raises(error) => error.is_none_or(|error| error == handler.caught),
        _ => false,
    })
}
