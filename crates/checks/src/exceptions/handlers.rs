//! What a handler does with the error.

use super::classes;
use crate::code::Code;
use assay_dataflow::{Handler, HandlerEnd};
use assay_ir::{BlockId, Const, Function, Op, Terminator, Value};
use assay_models::SinkKind;
use assay_resolve::FuncId;

/// What a handler does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Deed {
    /// Raises what it caught.
    ReRaises,
    /// Raises another error, of this class.
    Raises(String),
    /// Calls something that never returns.
    Exits,
    /// Writes to a log, and goes on.
    Logs,
    /// Does something else, and goes on.
    Recovers,
    /// Does nothing.
    Swallows,
}

/// What a handler does.
pub(super) fn deed(code: &Code<'_>, f: FuncId, handler: &Handler) -> Deed {
    let function = code.function(f);
    let again = |value: Option<Value>| value.is_none_or(|v| v == handler.caught);
    let raises = |end: &HandlerEnd| matches!(end, HandlerEnd::Raises(_) | HandlerEnd::Exits);
    if reraises_later(code, f, handler)
        || (!handler.ends.is_empty() && handler.ends.iter().all(|e| matches!(e, HandlerEnd::Raises(v) if again(*v))))
    {
        return Deed::ReRaises;
    }
    if !handler.ends.is_empty() && handler.ends.iter().all(raises) {
        let other = handler.ends.iter().find_map(|end| match end {
            HandlerEnd::Raises(Some(v)) if !again(Some(*v)) => Some(*v),
            _ => None,
        });
        return match other {
            Some(error) => Deed::Raises(classes::raised_name(code, f, error)),
            None if handler.ends.contains(&HandlerEnd::Exits) => Deed::Exits,
            None => Deed::ReRaises,
        };
    }
    let (mut acts, mut logs, mut keeps) = (false, false, false);
    for value in insts(function, &handler.blocks) {
        match function.op(value) {
            Op::Call { .. } if is_log(code, f, value) => logs = true,
            Op::Call { .. } => acts = true,
            Op::StoreAttr { .. } | Op::StoreItem { .. } | Op::StoreGlobal(_, Some(_)) | Op::Yield(_) => keeps = true,
            Op::Returned(v) if !matches!(function.op(*v), Op::Const(Const::None)) => acts = true,
            _ => {}
        }
    }
    // What is kept of the error says more than that it was logged, too.
    match (keeps || sets_something(function, handler), logs, acts) {
        (true, ..) | (_, false, true) => Deed::Recovers,
        (_, true, _) => Deed::Logs,
        _ => Deed::Swallows,
    }
}

/// The instructions of some blocks.
pub(super) fn insts<'a>(function: &'a Function, blocks: &'a [BlockId]) -> impl Iterator<Item = Value> + 'a {
    blocks.iter().flat_map(|b| function.blocks[*b].insts.iter().copied())
}

/// Whether a variable has another value behind the handler than behind the `try`: one that the handler sets.
fn sets_something(function: &Function, handler: &Handler) -> bool {
    let own = |block: &BlockId| handler.blocks.contains(block);
    handler.ends.iter().any(|end| {
        let HandlerEnd::Goes(_, to) = end else { return false };
        function.blocks[*to].insts.iter().any(|v| match function.op(*v) {
            Op::Phi(inputs) => inputs.iter().filter(|(from, _)| own(from)).any(|(_, input)| {
                insts(function, &handler.blocks).any(|made| made == *input)
                    && !matches!(function.op(*input), Op::Undefined | Op::Caught(_))
            }),
            _ => false,
        })
    })
}

/// Whether the handler runs its code in a context that raises the error again at its end.
fn reraises_later(code: &Code<'_>, f: FuncId, handler: &Handler) -> bool {
    let function = code.function(f);
    insts(function, &handler.blocks).any(|value| match function.op(value) {
        Op::Enter(manager) => {
            let Op::Call { func, args } = function.op(*manager) else { return false };
            let name = match function.op(*func) {
                Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name),
                _ => return false,
            };
            let off = args.iter().any(|a| {
                matches!(a.kind, assay_ir::ArgKind::Keyword(k) if code.text(k) == "reraise")
                    && matches!(function.op(a.value), Op::Const(Const::Bool(false)))
            });
            name.contains("reraise") && !off
        }
        _ => false,
    })
}

/// Whether a call writes to a log, or shows a warning to whoever runs the program.
pub(crate) fn is_log(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let models = code.res.models();
    let Op::Call { func, .. } = code.op(f, call) else { return false };
    let by_model = code.res.call(f, call).is_some_and(|targets| {
        targets.apis.iter().any(|api| {
            code.res.apis.nodes(*api).iter().any(|n| {
                models.arguments(*n).iter().any(|(_, a)| models.facts(*a).sinks.contains(&SinkKind::LogContent))
            }) || matches!(code.api(*api), "print" | "warnings.warn" | "traceback.print_exc" | "logging.exception")
        })
    });
    by_model
        || match code.op(f, *func) {
            // The methods of loggers, on something that is called a log.
            Op::Attr(base, name) => {
                matches!(
                    code.text(*name),
                    "debug" | "info" | "warning" | "warn" | "error" | "critical" | "exception" | "fatal" | "log"
                ) && crate::code::words(&code.shown_value(f, *base)).iter().any(|w| w.starts_with("log"))
            }
            _ => false,
        }
}

/// Whether control that leaves at `from` gets to an end of the function on which something is granted: a return of
/// anything that is not false. Ways that try again do not count.
pub(super) fn grants(function: &Function, handler: &Handler, from: BlockId) -> Option<Value> {
    let mut seen = handler.blocks.clone();
    seen.extend(&handler.tried);
    let mut work = vec![from];
    let mut nothing = None;
    while let Some(at) = work.pop() {
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        let block = &function.blocks[at];
        let returned = block.insts.iter().rev().find_map(|v| match function.op(*v) {
            Op::Returned(value) => Some(*value),
            _ => None,
        });
        let returned = returned.or(match block.terminator {
            Terminator::Return(value) => Some(value),
            _ => None,
        });
        if let Some(value) = returned {
            if !is_false(function, handler, value) {
                return Some(value);
            }
            nothing = Some(value);
            continue;
        }
        block.terminator.for_each_target(|to| work.push(to));
    }
    // A function without any result says no by an error alone: that it returns is what grants.
    nothing.filter(|_| has_no_result(function))
}

/// Whether a value is false on the way through the handler.
fn is_false(function: &Function, handler: &Handler, value: Value) -> bool {
    match function.op(value) {
        Op::Const(Const::None | Const::Bool(false) | Const::Int(0)) | Op::Undefined => true,
        Op::Collection(_, elements) => elements.is_empty(),
        Op::Dict(entries) => entries.is_empty(),
        // Set before or in the handler.
        Op::Phi(inputs) => {
            let mut ways = inputs.iter().filter(|(from, _)| handler.blocks.contains(from)).peekable();
            ways.peek().is_some() && ways.all(|(_, v)| *v != value && is_false(function, handler, *v))
        }
        _ => false,
    }
}

/// Whether all that a function returns is nothing.
fn has_no_result(function: &Function) -> bool {
    function.blocks.iter().all(|b| match b.terminator {
        Terminator::Return(v) => matches!(function.op(v), Op::Const(Const::None)),
        _ => true,
    }) && function.insts.iter().all(|i| match i.op {
        Op::Returned(v) => matches!(function.op(v), Op::Const(Const::None)),
        _ => true,
    })
}
