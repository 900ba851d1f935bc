//! Bad input that raises another error than those that are expected.
//!
//! - A caller that handles the error by which a function of the program refuses bad input *expects* bad input. What else the same
//!   function raises by itself for bad input passes the handlers. What is raised deeper is left out: there, conditions that make it
//!   impossible are far away.
//! - A function that refuses its argument for its length, and takes an element of it before it asks, raises `IndexError` where it
//!   means to raise its own.

use super::classes;
use super::raised::{Escape, Raised, late_lengths, parameter_behind, takes};
use crate::code::{Code, Defect};
use crate::flawed::is_named_as_check;
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_dataflow::{Dominators, Handler, ValueBlocks, handlers};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{Op, Terminator, Value};
use assay_resolve::{ErrorClass, FuncId};

/// Callers that are asked whether they take what passes.
const MAX_CALLERS: usize = 16;

pub(super) fn examine(code: &Code<'_>, raised: &Raised<'_, '_>, check: &'static Check, out: &mut Vec<Examined>) {
    let mut reported: Vec<FuncId> = Vec::new();
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || code.res.program.module_of(f).template || !code.function(f).is_callable() {
            continue;
        }
        let tries = handlers(code.function(f));
        let mut done: Vec<Value> = Vec::new();
        for handler in &tries {
            for call in calls(code, f, handler) {
                if !done.contains(&call) {
                    done.push(call);
                    let found = expected(code, raised, check, f, &tries, handler, call);
                    let target = code.res.call(f, call).and_then(|t| t.functions.first()).map(|t| t.function);
                    // One function is to be mended once, however many call it.
                    let again = target.is_some_and(|t| reported.contains(&t));
                    out.extend(found.filter(|e| e.explanation.is_none() || !again).inspect(|e| {
                        reported.extend(target.filter(|_| e.explanation.is_some()));
                    }));
                }
            }
        }
        out.extend(too_late(code, raised, check, f));
    }
}

/// The calls in a `try` of one function of the program with something that is passed in or on.
fn calls(code: &Code<'_>, f: FuncId, handler: &Handler) -> Vec<Value> {
    let function = code.function(f);
    let values = handler.tried.iter().flat_map(|b| function.blocks[*b].insts.iter().copied());
    values
        .filter(|v| {
            let Op::Call { args, .. } = function.op(*v) else { return false };
            !args.is_empty() && code.res.call(f, *v).is_some_and(|t| t.functions.len() == 1 && t.apis.is_empty())
        })
        .collect()
}

/// A call whose own errors are handled: whether the same input raises something else.
fn expected(
    code: &Code<'_>,
    raised: &Raised<'_, '_>,
    check: &'static Check,
    f: FuncId,
    tries: &[Handler],
    handler: &Handler,
    call: Value,
) -> Option<Examined> {
    let target = code.res.call(f, call)?.functions.first()?.function;
    let escapes = raised.of(target);
    // One of the handlers is there for an error that the function raises itself: a class of the program.
    let own = |e: &&Escape| {
        matches!(e.error, ErrorClass::Program(_)) && e.origin.0 == target && takes(code, f, handler.caught, e.error)
    };
    let meant = escapes.iter().find(own)?;
    if classes::caught(code, f, handler.caught).all
        || tries.iter().any(|h| h.entry == handler.entry && classes::caught(code, f, h.caught).all)
    {
        return None;
    }
    let span = code.span(f, call);
    let api = code.callee(f, call);
    let by_input = escapes.iter().filter(|e| e.by_input && e.origin.0 == target && !raised.is_assertion(e.error));
    let passing =
        by_input.filter(|e| raised.taker(f, call, e.error).is_none()).find(|e| !taken_above(code, raised, f, e.error));
    let name = raised.name(meant.error);
    let Some(passing) = passing else {
        let detail = format!("`{name}` is handled, and nothing else that bad input raises passes");
        return Some(code.closed(check, f, span, &api, Outcome::Safe, "handled", detail));
    };
    if let Some(by) = checked_before(code, raised, f, call) {
        let detail = format!("`{}`", code.shown_value(f, by));
        return Some(code.closed(check, f, span, &api, Outcome::Safe, "validated-by", detail));
    }
    let other = raised.name(passing.error);
    let callee = code.function_name(target);
    let (g, at) = passing.origin;
    let shown = code.shown_value(g, at);
    let title = format!("Bad input raises `{other}` out of `{callee}`, and only `{name}` is handled");
    let message = format!(
        "`{}` handles `{name}`, by which `{callee}` refuses bad input. For other bad input `{shown}` in `{}` raises `{other}`, which no handler takes.",
        code.res.program.qualified_name(f),
        code.res.program.qualified_name(g),
    );
    let mut defect = Defect::potential("other-error", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Low);
    defect.lead(StepKind::Source, code.place(g, code.span(g, at)), format!("`{other}` is raised here for bad input"));
    defect.step = format!("only `{name}` is handled");
    defect.assumptions.push(format!("what `{callee}` is given can be such that `{shown}` fails"));
    defect.false_if = false_if(check);
    defect.source = name;
    defect.value = other;
    Some(code.defect(check, f, span, &api, defect))
}

/// A call before another one, on every way to it, that checks something which the other gets: of a function that says so by its name
/// and refuses by errors of its own.
fn checked_before(code: &Code<'_>, raised: &Raised<'_, '_>, f: FuncId, call: Value) -> Option<Value> {
    let function = code.function(f);
    let arguments = |call: Value| match code.op(f, call) {
        Op::Call { args, .. } => args.iter().map(|a| code.plain(f, a.value)).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let given = arguments(call);
    let refuses = |target: FuncId| raised.of(target).iter().any(|e| e.origin.0 == target);
    let mut checks = code.res.calls(f).iter().filter_map(|(other, targets)| {
        let [target] = targets.functions.as_slice() else { return None };
        let target = target.function;
        let named = is_named_as_check(&code.res.program.qualified_name(target));
        // What stands for the request or its caller says nothing about the input: the last argument is what is checked.
        let same = *other != call && arguments(*other).last().is_some_and(|v| given.contains(v));
        (named && same && refuses(target)).then_some(*other)
    });
    let first = checks.next()?;
    let (dominators, blocks) = (Dominators::new(function), ValueBlocks::new(function));
    let at = blocks.block(call)?;
    std::iter::once(first).chain(checks).find(|check| {
        blocks.block(*check).is_some_and(|b| if b == at { check < &call } else { dominators.dominates(b, at) })
    })
}

/// Whether all callers of a function that were found take an error.
fn taken_above(code: &Code<'_>, raised: &Raised<'_, '_>, f: FuncId, error: ErrorClass) -> bool {
    let mut callers = code.callers(f).iter().filter(|c| !code.in_test(c.function)).take(MAX_CALLERS).peekable();
    callers.peek().is_some() && callers.all(|c| raised.taker(c.function, c.call, error).is_some())
}

/// A function that asks for the length of its argument when it has taken an element already.
fn too_late(code: &Code<'_>, raised: &Raised<'_, '_>, check: &'static Check, f: FuncId) -> Option<Examined> {
    let function = code.function(f);
    let (at, parameter) = late_lengths(code, f).into_iter().find(|(at, _)| {
        raised.of(f).iter().any(|e| e.origin == (f, *at)) && parameter_behind(code, f, *at).is_some()
    })?;
    let refused = function.blocks.iter().find_map(|b| match b.terminator {
        Terminator::Raise(Some(error)) => {
            code.res.error_class(f, error).filter(|e| matches!(e, ErrorClass::Program(_)))
        }
        _ => None,
    })?;
    let index = raised.of(f).iter().find(|e| e.origin == (f, at))?;
    if taken_above(code, raised, f, index.error) {
        return None;
    }
    let span = code.span(f, at);
    let name = code.function_name(f);
    let given = code.text(function.params.get(parameter as usize)?.name);
    let refused = raised.name(refused);
    let title =
        format!("`{name}` asks for the length of `{given}` too late: a short one raises `IndexError`, not `{refused}`");
    let message = format!(
        "`{}` stands before the length of `{given}` is asked for. Whoever handles `{refused}` is met by an `IndexError` for data that ends early.",
        code.shown(f, span)
    );
    let mut defect = Defect::potential("length-asked-late", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Low);
    "an element is taken before the length is asked for".clone_into(&mut defect.step);
    defect.assumptions.push(format!("`{given}` may be empty"));
    defect.false_if = false_if(check);
    defect.source = refused;
    "IndexError".clone_into(&mut defect.value);
    Some(code.defect(check, f, span, name, defect))
}
