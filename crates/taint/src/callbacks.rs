//! Functions that are handed to a library: what its models say they are called with, and where their results go.

use crate::driver::Engine;
use crate::function::{Fun, Out, Summary, SummaryFlow};
use crate::label::{Elem, Entry, Flags, Labels, Origin};
use crate::sinks::LibraryCall;
use crate::trace::HopKind;
use assay_dataflow::Location;
use assay_ir::{Arg, ArgKind, Op, Value};
use assay_models::{ArgumentSpec, Flow, KindSet, NodeId, PathStep, PortRoot};
use assay_resolve::{ApiId, FuncId, Object, Resolution};
use smallvec::SmallVec;
use std::sync::Arc;

/// Data with the path below the part that was asked for.
type Actual = SmallVec<[(Entry, SmallVec<[Elem; 4]>); 2]>;

/// The argument that holds the function which a flow goes into or comes out of; with a name, it is a method of the
/// object that is passed.
fn handed(flow: &Flow) -> Option<(&ArgumentSpec, Option<&str>)> {
    match (&flow.output.root, flow.output.path.as_slice(), &flow.input.root, flow.input.path.as_slice()) {
        (PortRoot::Argument(spec), [PathStep::Parameter(_), ..], ..)
        | (_, _, PortRoot::Argument(spec), [PathStep::ReturnValue, ..]) => Some((spec, None)),
        (PortRoot::Argument(spec), [PathStep::Member(name), PathStep::Parameter(_), ..], ..) => {
            Some((spec, Some(name)))
        }
        _ => None,
    }
}

/// Which parameters a flow goes into, and which parts of them.
fn parameters(flow: &Flow) -> Option<(&ArgumentSpec, &[PathStep])> {
    match flow.output.path.as_slice() {
        [PathStep::Parameter(spec), rest @ ..] | [PathStep::Member(_), PathStep::Parameter(spec), rest @ ..] => {
            Some((spec, rest))
        }
        _ => None,
    }
}

/// The functions that a value may be, or its methods of that name, with the number of parameters that are bound.
fn functions(
    resolution: &Resolution<'_>,
    f: FuncId,
    value: Value,
    method: Option<&str>,
) -> SmallVec<[(FuncId, u32); 2]> {
    let method = method.map(|name| resolution.program.strings.lookup(name));
    let functions = resolution.objects(f, value).filter_map(|object| match (object, method) {
        (Object::Function(g) | Object::Static(g), None) => Some((g, 0)),
        (Object::Bound(g) | Object::ClassMethod(g), None) => Some((g, 1)),
        (Object::Instance(class) | Object::SelfOf(class), Some(name)) => {
            Some((resolution.hierarchy.method(class, name?)?, 1))
        }
        _ => None,
    });
    functions.collect()
}

/// The functions that the calls of a function hand to libraries which call them.
pub(crate) fn called_back(resolution: &Resolution<'_>, f: FuncId, out: &mut Vec<FuncId>) {
    let models = resolution.models();
    for (call, targets) in resolution.calls(f) {
        let nodes = targets.apis.iter().flat_map(|api| resolution.apis.nodes(*api));
        for flow in nodes.flat_map(|node| &models.facts(*node).flows) {
            let Some((spec, method)) = handed(flow) else { continue };
            let Op::Call { args, .. } = resolution.program.function(f).op(*call) else { continue };
            for (value, _) in crate::library::selected(spec, args, &resolution.program.strings) {
                out.extend(functions(resolution, f, value, method).iter().map(|(g, _)| *g));
            }
        }
    }
}

impl<'a> Engine<'a> {
    /// What the functions do that a call hands to the library function at `node`.
    pub(crate) fn call_back(&mut self, fun: &mut Fun<'a>, call: Value, node: NodeId, at: Location) {
        let (models, res) = (self.models, self.res);
        let flows: SmallVec<[&Flow; 4]> = models.facts(node).flows.iter().filter(|f| handed(f).is_some()).collect();
        let Op::Call { args, .. } = fun.function.op(call) else { return };
        let mut callees: SmallVec<[(FuncId, u32, Option<&str>); 2]> = SmallVec::new();
        let mut libraries: SmallVec<[ApiId; 1]> = SmallVec::new();
        for (spec, method) in flows.iter().filter_map(|flow| handed(flow)) {
            for (value, _) in crate::library::selected(spec, args, &self.program().strings) {
                for (function, taken) in functions(res, fun.id, value, method) {
                    if !callees.contains(&(function, taken, method)) {
                        callees.push((function, taken, method));
                    }
                }
                for api in res.apis_of(fun.id, value).filter(|_| method.is_none()) {
                    if !libraries.contains(&api) {
                        libraries.push(api);
                    }
                }
            }
        }
        for api in libraries {
            let own: SmallVec<[&Flow; 4]> =
                flows.iter().filter(|flow| handed(flow).is_some_and(|(_, m)| m.is_none())).copied().collect();
            self.call_handed_library(fun, call, api, &own, at);
        }
        for (function, taken, method) in callees {
            let own: SmallVec<[&Flow; 4]> =
                flows.iter().filter(|flow| handed(flow).is_some_and(|(_, m)| m == method)).copied().collect();
            self.call_handed(fun, call, (function, taken), &own, at);
        }
    }

    /// A library's function is handed to another one: what that calls it with comes out of it, but for what it takes away.
    fn call_handed_library(&mut self, fun: &mut Fun<'a>, call: Value, callee: ApiId, flows: &[&Flow], at: Location) {
        let nodes: SmallVec<[NodeId; 4]> = self.res.apis.nodes(callee).into();
        let args = self.handed_arguments(fun, call, flows);
        for (spec, argument) in nodes.iter().flat_map(|node| self.models.arguments(*node)) {
            let sink = LibraryCall { call, api: Some(callee), args: &args, flag: Flags::default(), at };
            self.sinks(fun, &sink, spec, *argument);
        }
        if nodes.iter().any(|n| self.models.facts(*n).neutral_summary) {
            return;
        }
        let returned = nodes.iter().filter_map(|n| self.models.returned(*n));
        let taken = returned.fold(KindSet::EMPTY, |kinds, n| kinds.union(self.models.facts(n).barriers));
        let flag = if nodes.is_empty() { Flags::LIBRARY } else { Flags::default() };
        let mut given: SmallVec<[Entry; 2]> = SmallVec::new();
        for flow in flows.iter().filter(|flow| parameters(flow).is_some()) {
            let Some(from) = self.steps(fun, call, &flow.input.path) else { continue };
            for (value, _) in self.port(fun, call, &flow.input.root) {
                let parts = self.select(fun, value, &from, at);
                given.extend(parts.into_iter().filter(|(_, rest)| rest.is_empty()).map(|(entry, _)| entry));
            }
        }
        for flow in flows {
            if flow.input.path[..] != [PathStep::ReturnValue] || flow.output.root != PortRoot::ReturnValue {
                continue;
            }
            let Some(to) = self.steps(fun, call, &flow.output.path) else { continue };
            let path = self.labels.path(&to);
            for entry in &given {
                let kinds = entry.kinds.minus(taken);
                if fun.wants(call, path, entry.origin, kinds) {
                    let hop = self.hop(entry.hop, fun, call, HopKind::Library(callee));
                    let flags = entry.flags.with(flag);
                    fun.add(call, Entry { path, origin: entry.origin, kinds, flags, hop });
                }
            }
        }
    }

    /// What a function that is handed over gets: by position what the models say, and what is passed by name.
    fn handed_arguments(&self, fun: &Fun<'a>, call: Value, flows: &[&Flow]) -> SmallVec<[Arg; 4]> {
        let Op::Call { args, .. } = fun.function.op(call) else { return SmallVec::new() };
        let mut placed: SmallVec<[(u32, Value); 4]> = SmallVec::new();
        for flow in flows {
            let Some((spec, [])) = parameters(flow) else { continue };
            let Some(position) = spec.positions.first().map(|range| *range.start()) else { continue };
            for (value, _) in self.port(fun, call, &flow.input.root) {
                let value = match (flow.input.path.as_slice(), fun.function.op(value)) {
                    ([], _) => Some(value),
                    ([PathStep::Index(index)], Op::Collection(_, parts)) => {
                        usize::try_from(*index).ok().and_then(|index| parts.get(index)).map(|part| part.value)
                    }
                    _ => None,
                };
                placed.extend(value.map(|value| (position, value)));
            }
        }
        placed.sort_by_key(|(position, _)| *position);
        let mut out: SmallVec<[Arg; 4]> = SmallVec::new();
        for (position, value) in placed {
            if position as usize == out.len() {
                out.push(Arg { kind: ArgKind::Positional, value });
            }
        }
        out.extend(args.iter().filter(|arg| matches!(arg.kind, ArgKind::Keyword(_))).copied());
        out
    }

    fn call_handed(&mut self, fun: &mut Fun<'a>, call: Value, callee: (FuncId, u32), flows: &[&Flow], at: Location) {
        let (function, _) = callee;
        let summary: Arc<Summary> = Arc::clone(&self.summaries[function]);
        for flow in &summary.flows {
            let Out::Return(_) = flow.out else { continue };
            match self.labels.origin_of(flow.origin) {
                Origin::Source(_) => self.give(fun, call, function, flow, None, &[], flows),
                Origin::Param(index, path) => {
                    let part: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(path));
                    for (entry, rest) in self.passed(fun, call, callee, index, &part, flows, at) {
                        self.give(fun, call, function, flow, Some(entry), &rest, flows);
                    }
                }
                Origin::Captured(..) => {}
            }
        }
        for &(origin, frame) in &summary.sinks {
            let Origin::Param(index, path) = self.labels.origin_of(origin) else { continue };
            let (site, kind) = {
                let frame = &self.traces.frames[frame];
                (frame.site, frame.kind)
            };
            let part: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(path));
            for (entry, rest) in self.passed(fun, call, callee, index, &part, flows, at) {
                if rest.is_empty() {
                    self.reach(fun, call, &entry, site, kind, Some(frame));
                }
            }
        }
    }

    /// What the library passes as the part of a parameter.
    #[expect(clippy::too_many_arguments, reason = "the call, the function and the part are one question")]
    fn passed(
        &mut self,
        fun: &Fun<'a>,
        call: Value,
        (function, taken): (FuncId, u32),
        parameter: u32,
        part: &[Elem],
        flows: &[&Flow],
        at: Location,
    ) -> Actual {
        let mut out = Actual::new();
        let Some(position) = parameter.checked_sub(taken) else { return out };
        let program = self.program();
        let Some(name) = program.function(function).params.get(parameter as usize).map(|p| p.name) else { return out };
        for flow in flows {
            let Some((spec, rest)) = parameters(flow) else { continue };
            if !spec.matches_position(position) && !spec.matches_name(program.strings.resolve(name)) {
                continue;
            }
            let (Some(from), Some(to)) = (self.steps(fun, call, &flow.input.path), self.steps(fun, call, rest)) else {
                continue;
            };
            let shared = Labels::shared(&to, part);
            if shared < to.len().min(part.len()) {
                continue;
            }
            let mut wanted = from;
            wanted.extend_from_slice(&part[shared..]);
            for (value, _) in self.port(fun, call, &flow.input.root) {
                out.extend(self.select(fun, value, &wanted, at));
            }
        }
        out
    }

    /// What the function returns becomes what the library makes of it. `entry` is what it was on entry.
    #[expect(clippy::too_many_arguments, reason = "the call and what its function returns are one fact")]
    fn give(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        function: FuncId,
        returned: &SummaryFlow,
        entry: Option<Entry>,
        rest: &[Elem],
        flows: &[&Flow],
    ) {
        let Out::Return(path) = returned.out else { return };
        let path = self.labels.append(path, rest);
        for flow in flows {
            if flow.input.path.first() != Some(&PathStep::ReturnValue) || flow.output.root != PortRoot::ReturnValue {
                continue;
            }
            let (Some(from), Some(to)) =
                (self.steps(fun, call, &flow.input.path[1..]), self.steps(fun, call, &flow.output.path))
            else {
                continue;
            };
            let have: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(path));
            let shared = Labels::shared(&have, &from);
            if shared < have.len().min(from.len()) {
                continue;
            }
            let below = self.labels.path(&have[shared..]);
            let path = to.iter().rev().fold(below, |path, elem| self.labels.prepend(*elem, path).0);
            let (origin, kinds, flags, before) = match entry {
                Some(e) => (e.origin, e.kinds.intersect(returned.kinds), e.flags.with(returned.flags), Some(e.hop)),
                None => (returned.origin, returned.kinds, returned.flags, None),
            };
            fun.has_source |= entry.is_none();
            if fun.wants(call, path, origin, kinds) {
                let hop = self.traces.hop(before, fun.id, call, HopKind::Through(function, returned.hop));
                fun.add(call, Entry { path, origin, kinds, flags, hop });
            }
        }
    }
}
