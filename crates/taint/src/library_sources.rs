//! What comes from callers that are not of the program: parameters of functions that others call.
//!
//! - A *public* function is one that users of a package may call.
//! - An *uncalled* function is one that nothing in the program calls: a framework does, by a name or a table that the models
//!   do not know.

use crate::driver::{Engine, FLOWS_PER_SITE};
use crate::function::Out;
use crate::label::{Elem, Entry, Flags, Origin, OriginId, PathId, Source};
use crate::results::{Flow, Threats};
use crate::trace::{FrameId, HopKind};
use assay_index::Idx;
use assay_ir::{Op, Value};
use assay_models::SinkKind;
use assay_resolve::{FuncId, Object};
use std::sync::Arc;

/// Folders beside a package whose scripts serve those who work on it: nobody imports them.
const WORKSHOP: [&str; 12] = [
    "bench",
    "benchmarks",
    "ci",
    "dev",
    "devtools",
    "hacking",
    "packaging",
    "release",
    "scripts",
    "setup",
    "tools",
    "build_tools",
];

/// Whether a module stands beside a package, for those who work on it.
pub fn is_workshop(module: &str) -> bool {
    module.split('.').next().is_some_and(|top| WORKSHOP.contains(&top))
}

/// Whether a function promises by its name that it runs code of others safely: `safe_eval`.
pub fn promises_sandbox(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    has(&["safe", "secure", "sandbox", "restricted"]) && !name.contains("unsafe") && has(&["eval", "exec"])
}

impl Engine<'_> {
    /// What users of a package pass to its public functions is kept in cells like any other data.
    pub(crate) fn keep_library_parameters(&mut self) {
        for f in self.program().functions.ids() {
            if !self.is_public(f) {
                continue;
            }
            let summary = Arc::clone(&self.summaries[f]);
            for flow in &summary.flows {
                let (Origin::Param(index, _), Out::Cell(cell, path)) = (self.labels.origin_of(flow.origin), flow.out)
                else {
                    continue;
                };
                let Some((origin, value)) = self.library_source(f, index) else { continue };
                let hop = self.traces.hop(None, f, value, HopKind::Source);
                let hop = self.traces.hop(Some(hop), f, value, HopKind::Stored(cell));
                self.store(cell, Entry { path, origin, kinds: flow.kinds, flags: flow.flags, hop });
            }
        }
    }

    /// The source that a parameter of a public function is; none for `self`, and none for one that takes objects of the
    /// program: what callers put into these comes in where they are made.
    fn library_source(&mut self, f: FuncId, index: u32) -> Option<(OriginId, Value)> {
        if index == 0 && self.program().functions[f].class.is_some() {
            return None;
        }
        let function = self.program().function(f);
        let value = function
            .insts
            .iter_enumerated()
            .find(|(_, i)| matches!(i.op, Op::Param(p) if p == index))
            .map(|(v, _)| v)?;
        let mut objects = self.res.objects(f, value).peekable();
        if objects.peek().is_some() && objects.all(|object| self.is_own_object(object)) {
            return None;
        }
        Some((self.labels.source(Source { function: f, value, kind: None }), value))
    }

    /// Whether an object is an instance of a class of the program that is derived from nothing else.
    pub(crate) fn is_own_object(&self, object: Object) -> bool {
        match object {
            Object::Instance(class) | Object::SelfOf(class) => self.res.hierarchy.external_bases(class).is_empty(),
            _ => false,
        }
    }

    /// Parameters of public functions become sources of the sinks that their summaries report.
    pub(crate) fn add_library_sources(&mut self) {
        for f in self.program().functions.ids() {
            if !self.is_public(f) {
                continue;
            }
            let summary = Arc::clone(&self.summaries[f]);
            for &(origin, frame) in &summary.sinks {
                let Origin::Param(index, path) = self.labels.origin_of(origin) else { continue };
                self.add_library_flow(f, index, path, frame);
            }
        }
    }

    /// A parameter of a function becomes a source of a sink that the function's summary reports.
    fn add_library_flow(&mut self, f: FuncId, index: u32, path: PathId, frame: FrameId) {
        let Some((id, value)) = self.library_source(f, index) else { return };
        let Origin::Source(source) = self.labels.origin_of(id) else { return };
        let top = self.traces.frames[frame];
        let length = self.traces.hops[top.hop].length + top.distance * 2;
        let strings = &self.program().strings;
        let private = |e: &Elem| matches!(e, Elem::Field(name) if strings.resolve(*name).starts_with('_'));
        // What an object keeps for itself, nobody passes who passes the object.
        if self.labels.elems(path).iter().any(private) {
            return;
        }
        let field = self.labels.elems(path).iter().any(|e| matches!(e, Elem::Field(_)));
        let flags = if field { top.flags.with(Flags::FIELD) } else { top.flags };
        let list = self.flows.entry(top.site).or_default();
        // The one that the sink is in says most about it.
        let room = list.len() < FLOWS_PER_SITE || top.next.is_none();
        if room && !list.iter().any(|c| c.source == source) {
            let hop = self.traces.hop(None, f, value, HopKind::Source);
            list.push(Flow { site: top.site, source, hop, frame, flags, length });
        }
    }

    /// Whether users of a package may call the function: neither it nor what it stands in has a name
    /// that begins with an underscore, and it stands in no other function.
    fn is_public(&self, f: FuncId) -> bool {
        let program = self.program();
        let function = program.function(f);
        let module = program.module_of(f);
        if module.test || module.template || !function.is_callable() {
            return false;
        }
        let name = program.strings.resolve(module.name);
        if is_workshop(name) {
            return false;
        }
        let private = |name: &str| name.starts_with('_') && !(name.starts_with("__") && name.ends_with("__"));
        let qualified = program.strings.resolve(function.qualified);
        !qualified.contains('<')
            && !qualified.split('.').any(private)
            && !program.strings.resolve(module.name).split('.').any(private)
    }

    /// What is put into text of a page, or is run: there, parameters of uncalled functions count whatever the program is. Widgets,
    /// columns, filters and methods of an administration make text of what users have stored, handlers of a framework that the
    /// models do not know run what is sent to them, and nothing in the program calls either.
    /// In a library, what is run is asked of its public functions only (`library`).
    pub(crate) fn add_uncalled_sources(&mut self, library: bool) {
        for f in self.program().functions.ids() {
            let promises = promises_sandbox(self.program().strings.resolve(self.program().function(f).name));
            if !promises && !self.is_for_unknown_callers(f) {
                continue;
            }
            let summary = Arc::clone(&self.summaries[f]);
            for &(origin, frame) in &summary.sinks {
                let Origin::Param(index, path) = self.labels.origin_of(origin) else { continue };
                let kind = self.traces.frames[frame].kind;
                let asked = Threats::FOR_UNKNOWN_CALLERS.contains(&kind)
                    && (!library || promises || kind == SinkKind::HtmlInjection);
                if asked && !self.is_described(f, index) {
                    self.add_library_flow(f, index, path, frame);
                }
            }
        }
    }

    /// Whether somebody calls a function of whom the program and the models say nothing. Of entry points, and of other functions that
    /// are described, the models say what comes in.
    fn is_for_unknown_callers(&self, f: FuncId) -> bool {
        let module = self.program().module_of(f);
        let entry = || self.res.entries.binary_search_by_key(&f.index(), |e| e.function.index()).is_ok();
        let described = || {
            let count = self.program().function(f).params.len() as u32;
            (0..count).any(|index| !self.res.parameter_facts(f, index).is_empty())
        };
        (!self.res.is_called(f) || self.res.is_exported(f))
            && !described()
            && !module.test
            && !module.template
            && self.program().function(f).is_callable()
            && !entry()
    }

    /// Whether the models say what a parameter is, and it is no text.
    fn is_described(&self, f: FuncId, index: u32) -> bool {
        let function = self.program().function(f);
        let text = |api| {
            let mut types = self.res.apis.nodes(api).iter().filter_map(|n| self.models.type_name(*n));
            types.any(|t| matches!(t, "builtins.str" | "builtins.bytes"))
        };
        let mut values = function.insts.iter_enumerated().filter(|(_, i)| matches!(i.op, Op::Param(p) if p == index));
        !self.res.parameter_facts(f, index).is_empty()
            || values.any(|(v, _)| self.res.apis_of(f, v).any(|api| !text(api)))
    }
}
