//! What checks take away from data at a place.

use crate::driver::Engine;
use crate::function::{Fun, Validates};
use assay_dataflow::Location;
use assay_ir::Value;
use assay_models::KindSet;
use assay_resolve::FuncId;

/// The checks of one function.
pub(crate) struct Guards {}

impl Guards {
    pub(crate) fn new(_engine: &Engine<'_>, _f: FuncId) -> Self {
        Self {}
    }
}

impl<'a> Engine<'a> {
    /// The kinds that checks before a place take away from a value, and the condition that does.
    pub(crate) fn guarded(&mut self, _fun: &Fun<'a>, value: Value, _at: Location) -> (KindSet, Value) {
        (KindSet::EMPTY, value)
    }

    /// What the function's result, or its returning at all, shows about its parameters.
    pub(crate) fn validators(&mut self, _fun: &mut Fun<'a>) -> Vec<Validates> {
        Vec::new()
    }
}
