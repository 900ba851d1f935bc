//! Errors that untrusted input raises, and what becomes of them.
//!
//! - A *server loop* is a loop that takes in the input itself and has no end of its own: when an error leaves it, nothing is
//!   served any more.
//! - An error that leaves an entry point is the framework's: it answers with an error and goes on with the next request.

use super::classes;
use super::handlers::{Deed, deed};
use super::raised;
use crate::code::Code;
use crate::flows::FlowInput;
use crate::{Check, Examined, SourceSet};
use assay_dataflow::{Dominators, Handler, Predecessors, ValueBlocks, handlers};
use assay_finding::{Outcome, Reason};
use assay_index::{FxHashMap, Idx};
use assay_ir::{ArgKind, BlockId, Function, Op, Value};
use assay_models::{NodeId, SinkKind, SourceKind};
use assay_resolve::{ErrorClass, FuncId};
use assay_taint::{Flow, SinkSite, Source};
use assay_text::Span;

/// Callers that are asked one after the other.
const MAX_CALLERS: usize = 2;
/// Callers of one function that are asked.
const MAX_FAN: usize = 8;

/// What is known of one function, found when it is first asked for.
struct Shape {
    handlers: Vec<Handler>,
    blocks: ValueBlocks,
    loops: Vec<Loop>,
}

/// A loop.
struct Loop {
    header: BlockId,
    blocks: Vec<BlockId>,
    /// What it runs over, when it runs over something.
    over: Option<Value>,
}

/// What becomes of an error.
enum Fate {
    /// A handler takes it.
    Handled(FuncId, Value),
    /// A framework answers for it.
    Framework(FuncId),
    /// It ends a loop.
    EndsLoop(FuncId, Span),
    /// Not known.
    Unknown,
}

pub(super) struct Unhandled<'a, 'b> {
    code: &'b Code<'a>,
    input: &'b FlowInput<'a>,
    shapes: FxHashMap<FuncId, Shape>,
}

/// Whether a call is told to put up with what it cannot read: `data.decode(errors="replace")`.
fn replaces_errors(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { args, .. } = code.op(f, call) else { return false };
    let lenient = |v: Value| {
        // What callers leave out is what the default says.
        let told = match code.op(f, code.plain(f, v)) {
            Op::Param(index) => code.default(f, *index).and_then(|(g, default)| code.literal(g, default)),
            _ => code.literal(f, v),
        };
        told.is_some_and(|how| {
            matches!(how, "ignore" | "replace" | "backslashreplace" | "surrogateescape" | "xmlcharrefreplace")
        })
    };
    args.iter().any(|a| match a.kind {
        ArgKind::Keyword(name) => code.text(name) == "errors" && lenient(a.value),
        ArgKind::Positional => lenient(a.value),
        _ => false,
    })
}

impl<'a, 'b> Unhandled<'a, 'b> {
    pub(super) fn new(code: &'b Code<'a>, input: &'b FlowInput<'a>) -> Self {
        Self { code, input, shapes: FxHashMap::default() }
    }

    /// Each call that raises an error for untrusted input.
    pub(super) fn examine(&mut self, check: &'static Check, out: &mut Vec<Examined>) {
        for (id, site) in self.input.analysis.sites.iter_enumerated() {
            if site.kind != SinkKind::InputError
                || self.code.in_test(site.function)
                || replaces_errors(self.code, site.function, site.call)
            {
                continue;
            }
            let flows = self.input.analysis.flows.get(&id).map_or(&[][..], Vec::as_slice);
            let input = self.input;
            let mut counted = flows.iter().filter(|f| {
                // Whoever answers a request of this program was chosen by it.
                input.analysis.source(f.source).kind == Some(SourceKind::Remote)
                    && f.flags.assumptions() == 0
                    && input.counts(site, f, SourceSet::Untrusted)
            });
            if let Some(flow) = counted.next() {
                out.push(self.judged(check, site, flow));
            }
        }
    }

    fn judged(&mut self, check: &'static Check, site: &SinkSite, flow: &Flow) -> Examined {
        let errors = self.errors(site);
        let source = self.input.analysis.source(flow.source);
        let fate = self.fate(flow, &source, &errors);
        let (function, span, api) = self.input.place(site);
        let closed =
            |outcome, code: &str, detail: String| Examined::closed(check, function, span, &api, outcome, code, detail);
        match fate {
            Fate::Handled(f, caught) => {
                let named = classes::caught(self.code, f, caught).named;
                closed(Outcome::Safe, "handled", format!("`except {named}`"))
            }
            Fate::Framework(f) => {
                let detail = format!("an error that leaves `{}` is answered", self.code.res.program.qualified_name(f));
                closed(Outcome::Safe, "answered-by-framework", detail)
            }
            Fate::Unknown => {
                closed(Outcome::NotObserved, "caller-unknown", "who calls it, and what they do with errors".to_owned())
            }
            Fate::EndsLoop(f, at) => {
                let mut examined = self.input.open(site, check, flow, 0);
                let origin = self.input.source_in_words(&source);
                let name = self.code.res.program.qualified_name(f);
                let names: Vec<&str> = errors.iter().filter_map(|e| self.error_name(*e)).collect();
                let line = self.code.line(f, at);
                examined.reason = Reason {
                    code: "ends-server-loop".to_owned(),
                    detail: format!("`{}` in `{name}`", names.join(", ")),
                };
                if let Some(explanation) = &mut examined.explanation {
                    let names = names.join("` or `");
                    let code = self.code.shown(function, span);
                    explanation.title = format!("Bad input ends the loop of `{name}`: nothing handles `{names}`");
                    explanation.message = format!(
                        "`{code}` gets {origin} and raises `{names}` when it is not as it should be. No handler takes that \
                         error up to the loop in line {line} of `{name}`, which ends. {}",
                        crate::code::why(check)
                    );
                }
                examined
            }
        }
    }

    fn error_name(&self, error: NodeId) -> Option<&'a str> {
        let name = self.code.res.models().type_name(error)?;
        Some(name.strip_prefix("builtins.").unwrap_or(name))
    }

    /// The errors that a call may raise.
    fn errors(&self, site: &SinkSite) -> Vec<NodeId> {
        let models = self.code.res.models();
        let mut out: Vec<NodeId> = Vec::new();
        let Some(targets) = self.code.res.call(site.function, site.call) else { return out };
        for raise in
            targets.apis.iter().flat_map(|a| self.code.res.apis.nodes(*a)).flat_map(|n| &models.facts(*n).raises)
        {
            if !out.contains(&raise.error) {
                out.push(raise.error);
            }
        }
        // A decoder whose data is of unknown type.
        out.extend(models.type_root("builtins.UnicodeDecodeError").filter(|_| out.is_empty()));
        out
    }

    fn fate(&mut self, flow: &Flow, source: &Source, errors: &[NodeId]) -> Fate {
        let way = self.input.analysis.way_down(flow);
        for &(f, call) in way.iter().rev() {
            if let Some(caught) = self.handled(f, call, errors) {
                return Fate::Handled(f, caught);
            }
        }
        let Some(&(top, call)) = way.first() else { return Fate::Unknown };
        let taken_in = (source.function == top).then_some(source.value);
        self.escapes(top, call, taken_in, errors, 0)
    }

    /// What becomes of an error that a call in a function raises; `taken_in` is the input when this function takes it in.
    fn escapes(&mut self, f: FuncId, call: Value, taken_in: Option<Value>, errors: &[NodeId], depth: usize) -> Fate {
        if let Some(span) = self.server_loop(f, call, taken_in) {
            // Whoever starts the loop may start it again.
            let callers: Vec<_> = self.code.callers(f).iter().copied().take(MAX_FAN).collect();
            let restarts = !callers.is_empty()
                && callers
                    .iter()
                    .all(|c| self.handled(c.function, c.call, errors).is_some() && self.in_loop(c.function, c.call));
            if !restarts {
                return Fate::EndsLoop(f, span);
            }
            return Fate::Unknown;
        }
        if self.code.res.entries.binary_search_by_key(&f.index(), |e| e.function.index()).is_ok() {
            return Fate::Framework(f);
        }
        if depth >= MAX_CALLERS {
            return Fate::Unknown;
        }
        let callers: Vec<_> = self.code.callers(f).iter().copied().take(MAX_FAN).collect();
        let mut fate = Fate::Unknown;
        for caller in callers {
            if self.code.in_test(caller.function) || caller.function == f {
                continue;
            }
            if let Some(caught) = self.handled(caller.function, caller.call, errors) {
                fate = Fate::Handled(caller.function, caught);
                continue;
            }
            match self.escapes(caller.function, caller.call, None, errors, depth + 1) {
                open @ Fate::EndsLoop(..) => return open,
                other => fate = other,
            }
        }
        fate
    }

    fn shape(&mut self, f: FuncId) -> &Shape {
        let code = self.code;
        self.shapes.entry(f).or_insert_with(|| {
            let function = code.function(f);
            Shape { handlers: handlers(function), blocks: ValueBlocks::new(function), loops: loops(function) }
        })
    }

    /// The handler of the function that takes one of these errors of a call.
    fn handled(&mut self, f: FuncId, call: Value, errors: &[NodeId]) -> Option<Value> {
        let code = self.code;
        let shape = self.shape(f);
        let block = shape.blocks.block(call)?;
        // A `try` within another one: the inner one comes first.
        let around: Vec<Handler> = shape.handlers.iter().filter(|h| h.tried.contains(&block)).cloned().collect();
        if let Some(caught) = taken(code, f, &around, errors) {
            return Some(caught);
        }
        // What no handler of the inner `try` takes goes on to those of the outer one.
        let mut at = around.first().map(|h| h.entry);
        for _ in 0..8 {
            let next = match at {
                Some(entry) => code.function(f).blocks.get(entry)?.handler,
                None => code.function(f).blocks.get(block)?.handler,
            };
            let entry = next?;
            let outer: Vec<Handler> = self.shape(f).handlers.iter().filter(|h| h.entry == entry).cloned().collect();
            if let Some(caught) = taken(code, f, &outer, errors) {
                return Some(caught);
            }
            at = Some(entry);
        }
        None
    }

    fn in_loop(&mut self, f: FuncId, call: Value) -> bool {
        let shape = self.shape(f);
        let Some(block) = shape.blocks.block(call) else { return false };
        shape.loops.iter().any(|l| l.blocks.contains(&block))
    }

    /// The place of the server loop around a call.
    fn server_loop(&mut self, f: FuncId, call: Value, taken_in: Option<Value>) -> Option<Span> {
        let code = self.code;
        let shape = self.shape(f);
        let block = shape.blocks.block(call)?;
        let input = taken_in.and_then(|v| shape.blocks.block(v).map(|b| (v, b)));
        let tried: Vec<BlockId> = shape.handlers.iter().flat_map(|h| h.blocks.iter().copied()).collect();
        let serving =
            shape.loops.iter().filter(|l| l.blocks.contains(&block) && !fills(code, f, l, &shape.loops)).find(|l| {
                match (l.over, input, taken_in) {
                    // One that runs over the input itself.
                    (Some(over), Some((value, _)), _) => {
                        value == over
                            || matches!(code.op(f, over), Op::Next(base) if *base == value)
                            || is_message_of(code, f, value, over)
                    }
                    (None, Some((value, at)), _) => {
                        l.blocks.contains(&at) && serves(code, f, l, value) && has_no_end(code.function(f), l, &tried)
                    }
                    (None, None, None) => is_endless(code.function(f), l) && has_no_end(code.function(f), l, &tried),
                    _ => false,
                }
            })?;
        let first = code.function(f).blocks[serving.header].insts.first().copied();
        Some(first.map_or_else(|| code.span(f, call), |v| code.span(f, v)))
    }
}

/// Whether a value is a field of the message that each turn of a loop over a consumer takes: `message.value`.
fn is_message_of(code: &Code<'_>, f: FuncId, value: Value, over: Value) -> bool {
    let mut at = value;
    for _ in 0..4 {
        match code.op(f, at) {
            Op::Attr(base, _) | Op::Item(base, _) => at = *base,
            Op::Call { func, .. } => at = *func,
            Op::Next(base) => {
                return at == over
                    && code.res.apis_of(f, *base).any(|api| {
                        let name = code.api(api).to_ascii_lowercase();
                        name.contains("consumer") || name.contains("subscri") || name.contains("pubsub")
                    });
            }
            _ => return false,
        }
    }
    false
}

/// The handler among those of one `try` that takes one of these errors, and does not raise it again.
fn taken(code: &Code<'_>, f: FuncId, handlers: &[Handler], errors: &[NodeId]) -> Option<Value> {
    handlers.iter().find(|h| takes(code, f, h.caught, errors) && deed(code, f, h) != Deed::ReRaises).map(|h| h.caught)
}

/// Whether a handler takes one of these errors.
fn takes(code: &Code<'_>, f: FuncId, caught: Value, errors: &[NodeId]) -> bool {
    errors.iter().any(|error| raised::takes(code, f, caught, ErrorClass::Library(*error)))
}

/// Calls that take in a message of anybody.
const MESSAGES: [&str; 9] = [
    "recvfrom",
    "recvfrom_into",
    "recvmsg",
    "recv_multipart",
    "recv_json",
    "recv_string",
    "get_message",
    "poll",
    "get",
];

/// Whether a loop is that of a comprehension, which serves nobody: it makes one value of all elements.
fn fills(code: &Code<'_>, f: FuncId, l: &Loop, loops: &[Loop]) -> bool {
    let function = code.function(f);
    let within = |block: &BlockId| loops.iter().any(|o| o.blocks.len() < l.blocks.len() && o.blocks.contains(block));
    let own = l.blocks.iter().filter(|block| !within(block));
    own.flat_map(|block| &function.blocks[*block].insts).any(|v| matches!(function.op(*v), Op::Accumulate { .. }))
}

/// Whether a loop takes in what anybody sends: each time a message, or a connection.
fn serves(code: &Code<'_>, f: FuncId, l: &Loop, mut value: Value) -> bool {
    while let Op::Unpack { base, .. } | Op::Item(base, _) | Op::Await(base) = code.op(f, value) {
        value = *base;
    }
    let method = |call: Value| match code.op(f, call) {
        Op::Call { func, .. } => match code.op(f, *func) {
            Op::Attr(_, name) => Some(code.text(*name)),
            _ => None,
        },
        _ => None,
    };
    method(value).is_some_and(|name| MESSAGES.contains(&name))
        || l.blocks.iter().flat_map(|b| &code.function(f).blocks[*b].insts).any(|v| method(*v) == Some("accept"))
}

/// Whether a loop is left by its own condition and by handlers only. One that is left otherwise comes to an end when its
/// work is done.
fn has_no_end(function: &Function, l: &Loop, handlers: &[BlockId]) -> bool {
    l.blocks.iter().filter(|b| **b != l.header && !handlers.contains(b)).all(|b| {
        let mut stays = true;
        function.blocks[*b].terminator.for_each_target(|to| {
            let raises = matches!(function.blocks[to].terminator, assay_ir::Terminator::Raise(_));
            stays &= l.blocks.contains(&to) || raises;
        });
        stays
    })
}

/// Whether nothing within a loop says that it has come to its end but a flag or a condition of its own.
fn is_endless(function: &Function, l: &Loop) -> bool {
    let leaves = |b: &BlockId| {
        let mut out = false;
        function.blocks[*b].terminator.for_each_target(|to| out |= !l.blocks.contains(&to));
        out
    };
    // `while True`: no way out by the header.
    !leaves(&l.header)
}

/// The loops of a function, the inner ones first.
fn loops(function: &Function) -> Vec<Loop> {
    let dominators = Dominators::new(function);
    let predecessors = Predecessors::new(function);
    let mut out: Vec<Loop> = Vec::new();
    for header in function.blocks.ids() {
        if !dominators.is_reachable(header) {
            continue;
        }
        let backs: Vec<BlockId> = predecessors
            .of(header)
            .iter()
            .copied()
            .filter(|p| dominators.is_reachable(*p) && dominators.dominates(header, *p))
            .collect();
        if backs.is_empty() {
            continue;
        }
        let mut blocks = vec![header];
        let mut work = backs;
        while let Some(at) = work.pop() {
            if blocks.contains(&at) || !dominators.is_reachable(at) {
                continue;
            }
            blocks.push(at);
            work.extend(predecessors.of(at).iter().copied());
        }
        let over = function.blocks[header].insts.iter().copied().find(|v| matches!(function.op(*v), Op::Next(_)));
        let over = over.or_else(|| {
            let mut next = None;
            function.blocks[header].terminator.for_each_target(|to| {
                if blocks.contains(&to) && next.is_none() {
                    next = function.blocks[to].insts.iter().copied().find(|v| matches!(function.op(*v), Op::Next(_)));
                }
            });
            next
        });
        out.push(Loop { header, blocks, over });
    }
    out.sort_by_key(|l| l.blocks.len());
    out
}
