//! What the analysis found, as checks read it.

use crate::label::{Flags, Labels, Source, SourceId};
use crate::trace::{FrameId, HopId, HopKind, TraceStep, Traces};
use assay_dataflow::Location;
use assay_index::{FxHashMap, IndexVec};
use assay_ir::Value;
use assay_models::{KindSet, Release, SinkKind, SourceKind};
use assay_resolve::{ApiId, FuncId};

assay_index::define_id!(
    /// A [`SinkSite`].
    pub struct SiteId, "site"
);

/// Which sources are taken for untrusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threats {
    /// Arguments, environment, files, standard input.
    pub local: bool,
    /// The same, where they become objects: there even the user's own files are a boundary.
    pub local_objects: bool,
    /// Parameters of public functions.
    pub library: bool,
}

impl Threats {
    /// The harm that is worth asking about whoever calls a function that nothing in the program calls.
    pub(crate) const FOR_UNKNOWN_CALLERS: [SinkKind; 3] =
        [SinkKind::HtmlInjection, SinkKind::CodeInjection, SinkKind::UnsafeDeserialization];

    /// Whether data of this source is untrusted at this kind of sink under the threat model. Secrets, weak random numbers
    /// and exceptions are no untrusted data, archives always are.
    pub fn untrusted(self, source: &Source, sink: SinkKind) -> bool {
        let objects = matches!(sink, SinkKind::UnsafeDeserialization | SinkKind::Xxe);
        match source.kind {
            Some(SourceKind::Remote | SourceKind::Archive) => true,
            // Whoever is asked may say where to go on, and what to write down; it must not take over.
            Some(SourceKind::Response) => !matches!(
                sink,
                SinkKind::RequestForgery
                    | SinkKind::UrlRedirection
                    | SinkKind::LogInjection
                    | SinkKind::HeaderInjection
                    | SinkKind::FormatString
                    | SinkKind::RegexInjection
                    | SinkKind::ConfigInjection
                    | SinkKind::FileContent
                    | SinkKind::ArgumentInjection
                    | SinkKind::ResourceAmount
                    | SinkKind::CacheKey
            ),
            // A page shows to one user what another has written.
            Some(SourceKind::Stored) => sink == SinkKind::HtmlInjection,
            Some(SourceKind::Local) => self.local || (self.local_objects && objects),
            // Who starts a process can run code already.
            Some(SourceKind::Process) => self.local,
            // What makes pages is called by frameworks of all kinds, and so is what nothing calls.
            None => self.library || Self::FOR_UNKNOWN_CALLERS.contains(&sink),
            Some(_) => false,
        }
    }
}

/// A place where data of one kind can do harm.
#[derive(Clone, Debug)]
pub struct SinkSite {
    /// The function.
    pub function: FuncId,
    /// The call.
    pub call: Value,
    /// The harm.
    pub kind: SinkKind,
    /// The library function that is called; `None` for a sink of the language itself.
    pub api: Option<ApiId>,
    /// The arguments that matter.
    pub arguments: Vec<Value>,
    /// Whether the receiver's type was assumed from the method's name.
    pub assumed: bool,
    /// The release from which on it is no such place any more; `None` where that is known, or there is none.
    pub older: Option<Release>,
    /// Whether the call does what such sinks do in a way that harms nobody: values are bound, no shell is started.
    pub harmless_form: bool,
    /// Whether data of a parameter or captured variable gets here.
    pub from_parameter: bool,
    /// The ways on which data came here and could do no harm any more.
    pub blocked: Vec<Blocked>,
}

/// Data that reaches a sink and can do no harm there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blocked {
    /// Where the data comes from.
    pub source: SourceId,
    /// What its way rests on.
    pub flags: Flags,
    /// The last hop.
    pub hop: HopId,
    /// What took the kind away.
    pub by: BlockedBy,
}

/// What made data harmless.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BlockedBy {
    /// A library's sanitiser.
    Sanitiser(ApiId),
    /// A check that dominates the sink.
    Validator(FuncId, Value),
    /// Its position in the text, or a conversion.
    Position,
}

/// Data of a source that reaches a sink.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flow {
    /// The sink.
    pub site: SiteId,
    /// The source.
    pub source: SourceId,
    /// The last hop in the function where source and sink meet.
    pub hop: HopId,
    /// The way down to the sink; `None` when the sink is in the same function.
    pub frame: FrameId,
    /// What the way rests on.
    pub flags: Flags,
    /// Hops and calls in all.
    pub length: u32,
}

/// A check that does not rule out the harm it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// The function.
    pub function: FuncId,
    /// The value that is checked.
    pub subject: Value,
    /// A place that the check guards.
    pub at: Location,
    /// The condition.
    pub condition: Value,
    /// The harm.
    pub kind: SinkKind,
    /// What is wrong, in words.
    pub reason: &'static str,
    /// Whether only an unusual case is left open.
    pub narrow: bool,
}

/// A check of a parameter that lets harm through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FlawedCheck {
    /// The function that checks.
    pub function: FuncId,
    /// The parameter.
    pub parameter: u32,
    /// The last condition on the way to success, and what is wrong with it.
    pub doubt: Doubt,
}

/// A function that shows one of its parameters to be harmless.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SoundCheck {
    /// The function.
    pub function: FuncId,
    /// The parameter.
    pub parameter: u32,
    /// For these kinds.
    pub kinds: KindSet,
}

/// The result of the analysis.
pub struct Analysis {
    /// Every sink that was seen, in the order of functions and calls.
    pub sites: IndexVec<SiteId, SinkSite>,
    /// The flows that reach each site, the shortest first.
    pub flows: FxHashMap<SiteId, Vec<Flow>>,
    /// Checks of parameters that let harm through, in the order of functions.
    pub flawed: Vec<FlawedCheck>,
    /// Checks of parameters that hold, in the order of functions.
    pub sound: Vec<SoundCheck>,
    /// Checks that data passes and that do not rule a harm out, by function, checked value or condition, and harm.
    pub(crate) doubts: FxHashMap<(FuncId, Value, SinkKind), Doubt>,
    /// The functions on which a limit was hit, and its name.
    pub limits: Vec<(FuncId, &'static str)>,
    /// Functions whose analysis failed.
    pub failed: Vec<FuncId>,
    /// Named counts.
    pub counts: Vec<(&'static str, u64)>,
    pub(crate) labels: Labels,
    pub(crate) traces: Traces,
}

impl Analysis {
    /// What is wrong with a check, by the checked value that a step of a trace shows, or by its condition.
    pub fn doubt(&self, function: FuncId, value: Value, kind: SinkKind) -> Option<&Doubt> {
        self.doubts.get(&(function, value, kind))
    }

    /// A source.
    pub fn source(&self, id: SourceId) -> Source {
        self.labels.sources[id]
    }

    /// Every source that was seen.
    pub fn sources(&self) -> impl Iterator<Item = (SourceId, Source)> + '_ {
        self.labels.sources.iter_enumerated().map(|(id, source)| (id, *source))
    }

    /// Whether the data of a flow reaches its sink just as the function that the sink is in got it.
    pub fn is_passed_on(&self, flow: &Flow) -> bool {
        let mut at = flow.frame;
        while let Some(next) = self.traces.frames[at].next {
            at = next;
        }
        let hop = &self.traces.hops[self.traces.frames[at].hop];
        hop.before.is_none() && matches!(hop.kind, HopKind::Arrives | HopKind::Source)
    }

    /// The calls from the function where source and sink of a flow meet down to the sink, each with its function. The last
    /// is the sink.
    pub fn way_down(&self, flow: &Flow) -> Vec<(FuncId, Value)> {
        let mut out = Vec::new();
        let mut at = Some(flow.frame);
        while let Some(id) = at {
            let frame = &self.traces.frames[id];
            out.push((frame.function, frame.call));
            at = frame.next;
        }
        out
    }

    /// The steps of a flow from its source to its sink.
    pub fn trace(&self, flow: &Flow) -> Vec<TraceStep> {
        let mut out = Vec::new();
        self.traces.steps_down(flow.frame, &mut out);
        // A parameter of a public function is its own source, unless the data lay in an attribute in between: then the
        // step by which it got there says so.
        if let Some(first) = out.first_mut()
            && self.source(flow.source).kind.is_none()
            && first.kind == crate::TraceStepKind::Hop(HopKind::Arrives)
        {
            first.kind = crate::TraceStepKind::Hop(HopKind::Source);
        }
        out
    }
}
