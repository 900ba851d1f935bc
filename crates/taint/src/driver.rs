//! The order of work: components callees first, then what changed cells ask for.

use crate::components;
use crate::function::{Fun, Summary};
use crate::guards::{Guarded, Guards};
use crate::label::{Entry, Flags, Labels, Origin, Tree};
use crate::results::{Analysis, Doubt, FlawedCheck, Flow, SinkSite, SiteId, SoundCheck};
use crate::trace::{Cell, Frame, FrameId, HopId, HopKind, Traces};
use assay_index::{FxHashMap, FxHashSet, Idx, IndexVec, Symbol};
use assay_ir::{BlockId, CellId, Op, Value};
use assay_models::{KindSet, Models, SinkKind, SourceKind};
use assay_resolve::{ApiId, ClsId, FuncId, ModuleId, Program, Resolution};
use assay_text::limits;
use std::sync::Arc;

/// Sinks of one kind that a summary reports for one origin.
const SINKS_PER_KIND: usize = 4;
/// Flows that are kept for one sink.
pub(crate) const FLOWS_PER_SITE: usize = 6;
/// Times that changed cells may ask for functions to be analysed again.
const CELL_ROUNDS: usize = 4;

pub(crate) struct Engine<'a> {
    pub(crate) res: &'a Resolution<'a>,
    pub(crate) models: &'a Models,
    pub(crate) labels: Labels,
    pub(crate) traces: Traces,
    pub(crate) summaries: IndexVec<FuncId, Arc<Summary>>,
    pub(crate) cells: FxHashMap<Cell, Tree>,
    pub(crate) readers: FxHashMap<Cell, Vec<FuncId>>,
    pub(crate) changed_cells: Vec<Cell>,
    pub(crate) sites: IndexVec<SiteId, SinkSite>,
    pub(crate) site_ids: FxHashMap<(FuncId, Value, SinkKind), SiteId>,
    pub(crate) flows: FxHashMap<SiteId, Vec<Flow>>,
    pub(crate) limits: FxHashMap<FuncId, &'static str>,
    /// What a position in a text takes away from a part of it.
    pub(crate) harmless: FxHashMap<(FuncId, Value, Value), KindSet>,
    /// What sets of facts about a value take away: by function, key, facts, and whether the function has
    pub(crate) tables: crate::rows::Tables,
    /// What the expressions exclude that a declaration holds values against.
    pub(crate) held: FxHashMap<(FuncId, Value), KindSet>,
    /// seen concrete data yet.
    pub(crate) judged: FxHashMap<(FuncId, Value, u64, bool), Guarded>,
    pub(crate) doubts: FxHashMap<(FuncId, Value, SinkKind), Doubt>,
    pub(crate) flawed: FxHashMap<(FuncId, u32), FlawedCheck>,
    /// The attributes that the texts of objects are made of.
    pub(crate) shown: FxHashMap<ClsId, Vec<Symbol>>,
    /// The captured variables that functions within the owner's set.
    pub(crate) set_within: FxHashSet<(FuncId, CellId)>,
    /// The classes on whose instances attributes are set whose names the code need not show.
    pub(crate) sets_some: FxHashSet<ClsId>,
    /// Functions that remember their results.
    pub(crate) memoised: FxHashSet<FuncId>,
    /// Whether all sockets that a module makes stay on the machine.
    pub(crate) local_sockets: FxHashMap<ModuleId, bool>,
    /// The truth of what parameters hold when nothing is passed.
    pub(crate) default_truths: FxHashMap<(FuncId, u32), Option<bool>>,
    passes: u64,
}

/// Follows data through the whole program.
/// With `library`, parameters of public functions count as sources.
pub fn analyse(resolution: &Resolution<'_>, library: bool) -> Analysis {
    let count = resolution.program.functions.len();
    let mut engine = Engine {
        res: resolution,
        models: resolution.models(),
        labels: Labels::new(),
        traces: Traces::default(),
        summaries: IndexVec::from_elem(Arc::new(Summary::default()), count),
        cells: FxHashMap::default(),
        readers: FxHashMap::default(),
        changed_cells: Vec::new(),
        sites: IndexVec::new(),
        site_ids: FxHashMap::default(),
        flows: FxHashMap::default(),
        limits: FxHashMap::default(),
        harmless: FxHashMap::default(),
        local_sockets: FxHashMap::default(),
        default_truths: FxHashMap::default(),
        held: FxHashMap::default(),
        tables: crate::rows::Tables::of(resolution),
        judged: FxHashMap::default(),
        doubts: FxHashMap::default(),
        flawed: FxHashMap::default(),
        shown: crate::texts::shown_attributes(resolution),
        set_within: crate::namespaces::set_within(&resolution.program),
        sets_some: crate::namespaces::sets_some(&resolution.program),
        memoised: crate::caches::memoised(resolution),
        passes: 0,
    };
    let failed = engine.run(library);
    if library {
        engine.add_library_sources();
    }
    engine.add_uncalled_sources(library);
    engine.into_analysis(failed)
}

/// How much a flow says, less being more: what an outsider sends comes before what callers pass, and that before what
/// the other hosts and the machine's own user say; then what rests on less, and is shorter.
fn rank(flow: &Flow, labels: &Labels) -> (u8, u32, u32) {
    let trust = match labels.sources[flow.source].kind {
        None => 1,
        Some(SourceKind::Response | SourceKind::Stored) => 2,
        Some(SourceKind::Local | SourceKind::Process) => 3,
        Some(_) => 0,
    };
    (trust, flow.flags.assumptions(), flow.length)
}

/// Where a flow belongs among those that are kept for its sink: in the place of a longer one of the same source, at the end
/// while there is room, else in the place of the one that says least, if that says less. `None`: nowhere.
fn place_for(list: &[Flow], flow: &Flow, labels: &Labels) -> Option<usize> {
    if let Some(at) = list.iter().position(|have| have.source == flow.source) {
        return (list[at].length > flow.length).then_some(at);
    }
    if list.len() < FLOWS_PER_SITE {
        return Some(list.len());
    }
    let at = (0..list.len()).max_by_key(|at| rank(&list[*at], labels))?;
    (rank(&list[at], labels) > rank(flow, labels)).then_some(at)
}

impl<'a> Engine<'a> {
    pub(crate) fn program(&self) -> &'a Program {
        &self.res.program
    }

    fn run(&mut self, library: bool) -> Vec<FuncId> {
        let edges = components::callees(self.res);
        let order = assay_dataflow::components(&edges);
        let mut rank: IndexVec<FuncId, u32> = IndexVec::from_elem(0, edges.len());
        let mut callers: IndexVec<FuncId, Vec<FuncId>> = IndexVec::from_elem(Vec::new(), edges.len());
        for (i, component) in order.iter().enumerate() {
            for f in component {
                rank[*f] = i as u32;
            }
        }
        for (f, list) in edges.iter_enumerated() {
            for g in list {
                callers[*g].push(f);
            }
        }
        let mut failed = Vec::new();
        for component in &order {
            self.analyse_component(component, &mut failed);
        }
        if library {
            self.keep_library_parameters();
        }
        for _ in 0..CELL_ROUNDS {
            let cells = std::mem::take(&mut self.changed_cells);
            if cells.is_empty() {
                break;
            }
            // The functions that read what changed, and in turn the callers whose callee's summary changed.
            let mut dirty: FxHashSet<u32> = FxHashSet::default();
            let mut heap = std::collections::BinaryHeap::new();
            let mut push = |f: FuncId, heap: &mut std::collections::BinaryHeap<_>| {
                if dirty.insert(rank[f]) {
                    heap.push(std::cmp::Reverse(rank[f]));
                }
            };
            for cell in cells {
                for f in self.readers.get(&cell).cloned().unwrap_or_default() {
                    push(f, &mut heap);
                }
            }
            while let Some(std::cmp::Reverse(at)) = heap.pop() {
                let component = &order[at as usize];
                if self.analyse_component(component, &mut failed) {
                    for f in component {
                        for caller in &callers[*f] {
                            if rank[*caller] != at {
                                push(*caller, &mut heap);
                            }
                        }
                    }
                }
            }
        }
        failed.sort_unstable_by_key(|f| f.index());
        failed.dedup();
        failed
    }

    /// Analyses the functions of a component to a fixpoint; whether a summary changed.
    fn analyse_component(&mut self, component: &[FuncId], failed: &mut Vec<FuncId>) -> bool {
        let mut any = false;
        let rounds = if component.len() == 1 { 2 } else { limits::MAX_COMPONENT_PASSES };
        for round in 0..rounds {
            let mut changed = false;
            for &f in component {
                if self.program().module_of(f).test {
                    self.enumerate(f);
                    continue;
                }
                let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.analyse_function(f)));
                match result {
                    Ok(summary) => {
                        if !summary.same_as(&self.summaries[f]) {
                            changed = true;
                            self.summaries[f] = Arc::new(summary);
                        }
                    }
                    Err(_) => failed.push(f),
                }
            }
            any |= changed;
            if !changed || (component.len() == 1 && !self.is_recursive(component[0])) {
                break;
            }
            if round + 1 == limits::MAX_COMPONENT_PASSES {
                for f in component {
                    self.limits.entry(*f).or_insert("MAX_COMPONENT_PASSES");
                }
            }
        }
        any
    }

    /// The sinks of a function, without any data: what only tests run is listed, not followed.
    fn enumerate(&mut self, f: FuncId) {
        let res = self.res;
        let mut fun = Fun::new(f, self.program().function(f), Guards::none());
        for (call, targets) in res.calls(f) {
            let at = assay_dataflow::Location::start(BlockId::new(0));
            for api in &targets.apis {
                self.library(&mut fun, *call, *api, at);
            }
            for target in &targets.functions {
                self.overrides(&mut fun, *call, *target);
            }
            if targets.unresolved.is_some() {
                self.unresolved(&mut fun, *call, at);
            }
        }
    }

    fn is_recursive(&self, f: FuncId) -> bool {
        self.res.calls(f).iter().any(|(_, t)| t.functions.iter().any(|t| t.function == f))
    }

    fn analyse_function(&mut self, f: FuncId) -> Summary {
        let function = self.program().function(f);
        let guards = Guards::new(self, f);
        let mut fun = Fun::new(f, function, guards);
        for pass in 0..limits::MAX_FUNCTION_PASSES {
            self.passes += 1;
            fun.again = false;
            self.pass(&mut fun);
            if !fun.again {
                break;
            }
            if pass + 1 == limits::MAX_FUNCTION_PASSES {
                fun.limit = Some("MAX_FUNCTION_PASSES");
            }
        }
        if let Some(limit) = fun.limit {
            self.limits.entry(f).or_insert(limit);
        }
        let validates = self.validators(&mut fun);
        self.flawed_checks(&fun, &validates);
        fun.summary.validates = validates;
        // Callers look up what an origin stands for once for each group.
        fun.summary.flows.sort_by_key(|f| f.origin.index());
        fun.summary.sinks.sort_by_key(|(origin, _)| origin.index());
        fun.summary
    }

    fn pass(&mut self, fun: &mut Fun<'a>) {
        let function = fun.function;
        for (block, code) in function.blocks.iter_enumerated() {
            for (index, &value) in code.insts.iter().enumerate() {
                fun.at = value.index();
                self.transfer(fun, value, assay_dataflow::Location { block, index: index as u32 });
            }
            if let assay_ir::Terminator::Return(value) = code.terminator {
                fun.at = usize::MAX;
                let at = assay_dataflow::Location { block, index: code.insts.len() as u32 };
                self.returned(fun, value, at);
                self.rendered(fun, value, at);
            }
            if let assay_ir::Terminator::Raise(Some(_)) = code.terminator {
                fun.at = usize::MAX;
                let at = assay_dataflow::Location { block, index: code.insts.len() as u32 };
                self.raises(fun, block, at);
            }
        }
        // A loop's phi reads values that come after it.
        fun.at = 0;
        for (value, inst) in function.insts.iter_enumerated() {
            if let Op::Phi(inputs) = &inst.op
                && inputs.iter().any(|(_, input)| input.index() > value.index() && !fun.tree(*input).is_empty())
            {
                let before = fun.tree(value).entries.len();
                let kinds: u32 = fun.tree(value).entries.iter().map(|e| e.kinds.iter().count() as u32).sum();
                self.transfer_phi(fun, value, inputs);
                let after: u32 = fun.tree(value).entries.iter().map(|e| e.kinds.iter().count() as u32).sum();
                fun.again |= before != fun.tree(value).entries.len() || kinds != after;
            }
        }
    }

    /// The site of a sink, made when it is first seen.
    pub(crate) fn site(
        &mut self,
        fun: &Fun<'a>,
        call: Value,
        kind: SinkKind,
        api: Option<ApiId>,
        argument: Value,
        assumed: bool,
    ) -> SiteId {
        let key = (fun.id, call, kind);
        let id = if let Some(&id) = self.site_ids.get(&key) {
            id
        } else {
            let id = self.sites.push(SinkSite {
                function: fun.id,
                call,
                kind,
                api,
                arguments: Vec::new(),
                assumed,
                older: None,
                harmless_form: true,
                from_parameter: false,
                blocked: Vec::new(),
            });
            self.site_ids.insert(key, id);
            id
        };
        if !self.sites[id].arguments.contains(&argument) {
            self.sites[id].arguments.push(argument);
        }
        id
    }

    /// Data reaches a sink, directly or by way of a callee's frame.
    pub(crate) fn reach(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        entry: &Entry,
        site: SiteId,
        kind: SinkKind,
        next: Option<FrameId>,
    ) {
        if !entry.kinds.contains(kind) {
            self.block(site, entry);
            return;
        }
        let (distance, below) = next.map_or((0, Flags::default()), |n| {
            let frame = &self.traces.frames[n];
            (frame.distance + 1, frame.flags)
        });
        let flags = entry.flags.with(below);
        let frame = Frame { site, kind, function: fun.id, call, hop: entry.hop, next, distance, flags, needs: None };
        match self.labels.origin_of(entry.origin) {
            Origin::Source(source) => {
                // What a client sent, or may ask for, it may be shown.
                if kind == SinkKind::ResponseContent && self.labels.sources[source].kind != Some(SourceKind::Exception)
                {
                    return;
                }
                let length = self.traces.hops[entry.hop].length + distance * 2;
                let list = self.flows.entry(site).or_default();
                let mut flow = Flow { site, source, hop: entry.hop, frame: FrameId::new(0), flags, length };
                if let Some(at) = place_for(list, &flow, &self.labels) {
                    flow.frame = self.traces.frames.push(frame);
                    if at < list.len() {
                        list[at] = flow;
                    } else {
                        list.push(flow);
                    }
                }
            }
            Origin::Param(..) | Origin::Captured(..) => {
                if next.is_none() {
                    self.sites[site].from_parameter = true;
                }
                let needs = fun.guards.needed_flag(fun.function, call);
                self.report(fun, entry, Frame { needs, ..frame });
            }
        }
    }

    /// Adds a sink to what the function's summary reports.
    fn report(&mut self, fun: &mut Fun<'a>, entry: &Entry, frame: Frame) {
        let mut same_kind = 0;
        for (origin, known) in &mut fun.summary.sinks {
            if *origin == entry.origin {
                let have = &self.traces.frames[*known];
                if have.site == frame.site && have.kind == frame.kind {
                    // A function that calls itself reaches its own sinks on a longer way, too.
                    if frame.distance < have.distance {
                        *known = self.traces.frames.push(frame);
                    }
                    return;
                }
                same_kind += usize::from(have.kind == frame.kind);
            }
        }
        if same_kind >= SINKS_PER_KIND || fun.summary.sinks.len() >= limits::MAX_SUMMARY_SINKS {
            fun.limit = Some("MAX_SUMMARY_SINKS");
            // What is nearer says more: it takes the place of what is farthest.
            let alike = fun.summary.sinks.iter().enumerate().filter(|(_, (origin, known))| {
                let same = *origin == entry.origin && self.traces.frames[*known].kind == frame.kind;
                same || same_kind < SINKS_PER_KIND
            });
            let farthest = alike.max_by_key(|(_, (_, known))| self.traces.frames[*known].distance);
            let Some((at, distance)) = farthest.map(|(at, (_, known))| (at, self.traces.frames[*known].distance))
            else {
                return;
            };
            if distance > frame.distance {
                fun.summary.sinks[at] = (entry.origin, self.traces.frames.push(frame));
            }
            return;
        }
        let id = self.traces.frames.push(frame);
        fun.summary.sinks.push((entry.origin, id));
    }

    /// Remembers why data that reaches a sink can do no harm there.
    fn block(&mut self, site: SiteId, entry: &Entry) {
        let Origin::Source(source) = self.labels.origin_of(entry.origin) else { return };
        let blocked = &self.sites[site].blocked;
        if blocked.len() >= FLOWS_PER_SITE || blocked.iter().any(|b| b.hop == entry.hop) {
            return;
        }
        let by = self.blocked_by(entry.hop);
        self.sites[site].blocked.push(crate::Blocked { source, flags: entry.flags, hop: entry.hop, by });
    }

    /// The last thing on a way that took kinds away. What a function of the project ends with counts as its
    /// own sanitising.
    fn blocked_by(&self, hop: HopId) -> crate::BlockedBy {
        let mut at = Some(hop);
        while let Some(id) = at {
            let outer = &self.traces.hops[id];
            let hop = if let HopKind::Through(_, inner) = outer.kind { &self.traces.hops[inner] } else { outer };
            match hop.kind {
                HopKind::Sanitised(api) => return crate::BlockedBy::Sanitiser(api),
                HopKind::Validated => return crate::BlockedBy::Validator(hop.function, hop.value),
                _ => at = outer.before,
            }
        }
        crate::BlockedBy::Position
    }

    /// A new hop.
    pub(crate) fn hop(&mut self, before: HopId, fun: &Fun<'a>, value: Value, kind: HopKind) -> HopId {
        self.traces.hop(Some(before), fun.id, value, kind)
    }

    /// Whether an entry would change a cell.
    pub(crate) fn cell_wants(&self, cell: Cell, entry: &Entry) -> bool {
        let Some(tree) = self.cells.get(&cell) else { return true };
        match tree.entries.iter().find(|e| e.path == entry.path && e.origin == entry.origin) {
            Some(have) => have.kinds.union(entry.kinds) != have.kinds,
            None => tree.entries.len() < limits::MAX_TREE_NODES,
        }
    }

    /// Puts concrete data into a cell.
    pub(crate) fn store(&mut self, cell: Cell, entry: Entry) {
        if !matches!(self.labels.origin_of(entry.origin), Origin::Source(_)) {
            return;
        }
        let tree = self.cells.entry(cell).or_default();
        if tree.add(entry) == crate::label::Added::Changed && !self.changed_cells.contains(&cell) {
            self.changed_cells.push(cell);
        }
    }

    /// The concrete data in a cell, for a function that from now on counts as its reader.
    pub(crate) fn load(&mut self, fun: &Fun<'a>, cell: Cell) -> Tree {
        let readers = self.readers.entry(cell).or_default();
        if readers.last() != Some(&fun.id) && !readers.contains(&fun.id) {
            readers.push(fun.id);
        }
        self.cells.get(&cell).cloned().unwrap_or_default()
    }

    fn into_analysis(mut self, failed: Vec<FuncId>) -> Analysis {
        for list in self.flows.values_mut() {
            list.sort_by_key(|f| (f.flags.assumptions(), f.length, f.source.index()));
        }
        let mut limits: Vec<(FuncId, &'static str)> = self.limits.iter().map(|(f, l)| (*f, *l)).collect();
        limits.sort_unstable_by_key(|(f, _)| f.index());
        let mut flawed: Vec<FlawedCheck> = self.flawed.values().copied().collect();
        flawed.sort_unstable_by_key(|c| (c.function.index(), c.parameter));
        let mut sound = Vec::new();
        for (function, summary) in self.summaries.iter_enumerated() {
            // That a false result means an empty argument is no check; and what is held against a parameter is as good as that.
            for shown in summary.validates.iter().filter(|s| s.when != Some(false) && s.against == 0) {
                sound.push(SoundCheck { function, parameter: shown.parameter, kinds: shown.kinds });
            }
        }
        sound.dedup_by_key(|c| (c.function, c.parameter));
        let (paths, origins, sources) = self.labels.counts();
        let counts = vec![
            ("function passes", self.passes),
            ("access paths", paths as u64),
            ("origins", origins as u64),
            ("sources", sources as u64),
            ("hops", self.traces.hops.len() as u64),
            ("frames", self.traces.frames.len() as u64),
            ("cells", self.cells.len() as u64),
            ("sinks known by a method's name only", self.sites.iter().filter(|s| s.assumed).count() as u64),
        ];
        Analysis {
            sites: self.sites,
            flows: self.flows,
            flawed,
            sound,
            doubts: self.doubts,
            limits,
            failed,
            counts,
            labels: self.labels,
            traces: self.traces,
        }
    }
}
