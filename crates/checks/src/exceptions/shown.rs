//! Errors whose text gets to a client: which ways count.

use super::ShownErrors;
use crate::SourceSet;
use crate::flows::FlowInput;
use crate::trace_text::TraceText;
use assay_dataflow::{Dominators, UseList, ValueBlocks};
use assay_index::FxHashSet;
use assay_ir::{BlockId, Function, Op, Terminator, UnaryOp, Value};
use assay_models::{SinkKind, SourceKind};
use assay_taint::{Cell, Flow, HopKind, SinkSite, Source, TraceStepKind};

/// The errors, by the value that a handler gets, whose text is reported to reach a client.
pub fn shown_errors(input: &FlowInput<'_>) -> ShownErrors {
    let mut out = ShownErrors::default();
    for (id, site) in input.analysis.sites.iter_enumerated() {
        for flow in input.analysis.flows.get(&id).map_or(&[][..], Vec::as_slice) {
            let source = input.analysis.source(flow.source);
            if source.kind == Some(SourceKind::Exception) && input.counts(site, flow, SourceSet::Exception) {
                out.0.insert((source.function, source.value));
            }
        }
    }
    out
}

impl FlowInput<'_> {
    /// Whether the text of an error does not count at a site, since it is another one's, for developers, or reported already.
    pub(crate) fn is_no_showing(&self, site: &SinkSite, source: &Source, flow: &Flow) -> bool {
        self.is_mixed_up(flow) || self.is_for_developers(source, flow) || self.is_shown_before(site, flow)
    }

    /// Whether what is returned is the result of a call that shows the error to the client by itself.
    fn is_shown_before(&self, site: &SinkSite, flow: &Flow) -> bool {
        let Op::Returned(returned) = self.resolution.program.function(site.function).op(site.call) else {
            return false;
        };
        let through = |other: &Flow| {
            other.source == flow.source && self.analysis.way_down(other).contains(&(site.function, *returned))
        };
        self.analysis.sites.iter_enumerated().any(|(id, other)| {
            other.kind == SinkKind::ResponseContent
                && other.call != site.call
                && self.analysis.flows.get(&id).is_some_and(|flows| flows.iter().any(through))
        })
    }

    /// Whether a text is shown in a mode for developers only: under a condition that asks for one, or as the value that is
    /// chosen under it.
    fn is_for_developers(&self, source: &Source, flow: &Flow) -> bool {
        let way = self.analysis.way_down(flow);
        let text = TraceText::new(self.resolution, self.texts);
        let program = &self.resolution.program;
        way.iter().copied().chain([(source.function, source.value)]).any(|(f, value)| {
            let function = program.function(f);
            let asks = |cond: Value| asks_for_mode(&text.code(f, cond));
            let branches: Vec<BlockId> = function
                .blocks
                .iter()
                .filter_map(|b| match b.terminator {
                    Terminator::Branch { cond, then_to, else_to } if asks(cond) => {
                        let denied = matches!(function.op(cond), Op::Unary(UnaryOp::Not, _));
                        Some(if denied { else_to } else { then_to })
                    }
                    _ => None,
                })
                .collect();
            if branches.is_empty() {
                return false;
            }
            let mode = ModeBranches { function, dominators: Dominators::new(function), branches };
            let block = ValueBlocks::new(function).block(value);
            block.is_some_and(|block| mode.holds_in(block))
                || (f == source.function && value != source.value && mode.chooses(source.value, value))
        })
    }

    /// Whether data was kept in an attribute of errors: errors of many classes share one, and what one class of them quotes is
    /// not what another one says.
    fn is_mixed_up(&self, flow: &Flow) -> bool {
        let models = self.resolution.models();
        let error = models.type_root("builtins.BaseException");
        self.analysis.trace(flow).iter().any(|step| {
            let TraceStepKind::Hop(HopKind::Loaded(Cell::Attribute(class, _))) = step.kind else { return false };
            let bases = self.resolution.hierarchy.external_bases(class).iter();
            let mut roots = bases
                .flat_map(|api| self.resolution.apis.nodes(*api))
                .filter_map(|n| models.facts(*n).class_of)
                .flat_map(|root| models.base_types(root));
            roots.any(|root| Some(*root) == error)
        })
    }
}

/// Whether a condition asks for a mode in which errors are shown.
fn asks_for_mode(condition: &str) -> bool {
    let words = crate::code::words(condition);
    let any = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    any(&["debug", "development", "devmode"])
        || (any(&["expose", "show", "display", "include"])
            && any(&["stacktrace", "stacktraces", "traceback", "tracebacks"]))
}

/// The branches of a function that are taken in a mode for developers.
struct ModeBranches<'a> {
    function: &'a Function,
    dominators: Dominators,
    branches: Vec<BlockId>,
}

impl ModeBranches<'_> {
    fn holds_in(&self, block: BlockId) -> bool {
        self.branches.iter().any(|branch| self.dominators.dominates(*branch, block))
    }

    /// Whether one value becomes part of another one only where a branch for developers chooses it.
    fn chooses(&self, from: Value, to: Value) -> bool {
        let users = UseList::new(self.function);
        let reaches = |in_mode: bool| {
            let mut seen: FxHashSet<Value> = FxHashSet::from_iter([from]);
            let mut open = vec![from];
            while let Some(value) = open.pop() {
                for user in users.insts(value) {
                    let passes = match self.function.op(user) {
                        Op::Phi(inputs) => {
                            inputs.iter().any(|(block, v)| *v == value && (in_mode || !self.holds_in(*block)))
                        }
                        _ => true,
                    };
                    if passes && seen.insert(user) {
                        open.push(user);
                    }
                }
            }
            seen.contains(&to)
        };
        reaches(true) && !reaches(false)
    }
}
