//! Hops and frames, from which traces are rebuilt.

use crate::SiteId;
use assay_index::IndexVec;
use assay_index::Symbol;
use assay_ir::{CellId, Value};
use assay_models::{SinkKind, Store};
use assay_resolve::{ApiId, ClsId, FuncId, Holder, ModuleId};

assay_index::define_id!(
    /// A [`Hop`].
    pub struct HopId, "hop"
);
assay_index::define_id!(
    /// A [`Frame`].
    pub struct FrameId, "frame"
);

/// State that outlives a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cell {
    /// An attribute of a class or its instances.
    Attribute(ClsId, Symbol),
    /// Attributes of a class's instances that are set under names which the code does not show.
    Attributes(ClsId),
    /// A module's variable.
    Global(ModuleId, Symbol),
    /// A captured variable.
    Captured(FuncId, CellId),
    /// What a parameter holds when nothing is passed.
    Default(FuncId, u32),
    /// An attribute that the program adds to a library's object.
    Added(Holder, Symbol),
    /// What is kept with clients from one request to the next.
    Store(Store),
}

/// What happens to data in one hop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HopKind {
    /// It enters here.
    Source,
    /// It arrives as a parameter or captured variable.
    Arrives,
    /// It becomes part of a text, collection or object.
    Assigned,
    /// It is kept in a cell.
    Stored(Cell),
    /// It is loaded from a cell.
    Loaded(Cell),
    /// It passes through a library function.
    Library(ApiId),
    /// A sanitiser of a library takes kinds away.
    Sanitised(ApiId),
    /// It is passed to a function, and what that returns (or leaves in an argument) comes from it; the
    /// second hop is the last one within the function.
    Through(FuncId, HopId),
    /// A condition or validator takes kinds away.
    Validated,
    /// A check that does not hold is passed.
    Doubted,
    /// It passes through a call whose callee is unknown.
    Unresolved,
    /// It is in an error that a handler takes.
    Caught,
}

/// One step of data within a function.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    /// The hop before.
    pub before: Option<HopId>,
    /// The function.
    pub function: FuncId,
    /// The value at whose definition it happens.
    pub value: Value,
    /// What happens.
    pub kind: HopKind,
    /// The number of hops so far.
    pub length: u32,
}

/// A sink that data from one origin of a function reaches.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The sink.
    pub site: SiteId,
    /// Its kind.
    pub kind: SinkKind,
    /// The function.
    pub function: FuncId,
    /// The call that is the sink, or that passes the data on.
    pub call: Value,
    /// The last hop within the function.
    pub hop: HopId,
    /// The frame of the function that is called; `None` at the sink itself.
    pub next: Option<FrameId>,
    /// Calls up to the sink.
    pub distance: u32,
    /// What the rest of the way rests on.
    pub flags: crate::label::Flags,
    /// The parameter of the function that a condition before the call asks about, and the truth that leads there.
    pub needs: Option<(u32, bool)>,
}

/// The arenas.
#[derive(Default)]
pub(crate) struct Traces {
    pub(crate) hops: IndexVec<HopId, Hop>,
    pub(crate) frames: IndexVec<FrameId, Frame>,
}

impl Traces {
    pub(crate) fn hop(&mut self, before: Option<HopId>, function: FuncId, value: Value, kind: HopKind) -> HopId {
        let length = before.map_or(0, |b| self.hops[b].length) + 1;
        self.hops.push(Hop { before, function, value, kind, length })
    }
}

/// What happens in one step of a rebuilt trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TraceStepKind {
    /// As the hop says.
    Hop(HopKind),
    /// The data is passed to this function.
    Call(FuncId),
    /// It comes back from this function.
    Return(FuncId),
    /// It arrives at the sink.
    Sink(SinkKind),
}

/// One step of a rebuilt trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TraceStep {
    /// The function.
    pub function: FuncId,
    /// The value at whose definition it happens.
    pub value: Value,
    /// What happens.
    pub kind: TraceStepKind,
}

/// Nesting of calls that a trace shows.
const MAX_TRACE_DEPTH: u32 = 12;

impl Traces {
    /// The steps that lead to a hop, oldest first.
    fn steps(&self, hop: HopId, out: &mut Vec<TraceStep>, depth: u32) {
        let mut chain = Vec::new();
        let mut at = Some(hop);
        while let Some(id) = at {
            chain.push(id);
            at = self.hops[id].before;
        }
        for id in chain.into_iter().rev() {
            let hop = self.hops[id];
            if let HopKind::Through(callee, inner) = hop.kind {
                out.push(TraceStep { function: hop.function, value: hop.value, kind: TraceStepKind::Call(callee) });
                if depth < MAX_TRACE_DEPTH {
                    self.steps(inner, out, depth + 1);
                }
                out.push(TraceStep { function: hop.function, value: hop.value, kind: TraceStepKind::Return(callee) });
            } else {
                out.push(TraceStep { function: hop.function, value: hop.value, kind: TraceStepKind::Hop(hop.kind) });
            }
        }
    }

    /// The steps from a frame's function down to the sink.
    pub(crate) fn steps_down(&self, frame: FrameId, out: &mut Vec<TraceStep>) {
        let mut at = frame;
        loop {
            let frame = self.frames[at];
            self.steps(frame.hop, out, 0);
            if let Some(next) = frame.next {
                let callee = self.frames[next].function;
                out.push(TraceStep { function: frame.function, value: frame.call, kind: TraceStepKind::Call(callee) });
                at = next;
            } else {
                out.push(TraceStep {
                    function: frame.function,
                    value: frame.call,
                    kind: TraceStepKind::Sink(frame.kind),
                });
                return;
            }
        }
    }
}
