//! Handlers as sites, and those that let through what a decision did not.

use super::ShownErrors;
use super::classes::{self, Caught};
use super::decisions::{Decision, decides, decision, refuses};
use super::handlers::{Deed, deed, grants, insts, is_log};
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::surface::AttackSurface;
use crate::{Check, Examined};
use assay_dataflow::{Handler, HandlerEnd, UseList};
use assay_finding::{Confidence, Outcome, StepKind};
use assay_ir::{BlockId, Const, Function, Op, Terminator, Value};
use assay_resolve::FuncId;

/// Blocks of an `else` that are looked at.
const MAX_ELSE: usize = 64;

/// How a handler lets through.
struct Opening {
    /// The decision, or the error that refuses, within the `try`.
    decision: Value,
    name: String,
    /// What the handler does, in words.
    way: String,
    confidence: Confidence,
}

/// A handler as a site.
pub(super) fn examine(
    code: &Code<'_>,
    check: &'static Check,
    surface: &AttackSurface,
    f: FuncId,
    handler: &Handler,
    shown: &ShownErrors,
) -> Examined {
    let caught = classes::caught(code, f, handler.caught);
    let span = code.span(f, handler.caught);
    let api = format!("except {}", caught.named);
    let deed = deed(code, f, handler);
    let opening = opening(code, f, handler, &caught, &deed)
        .filter(|_| !surface.before.checked_behind(code, f, handler))
        .or_else(|| past(code, surface, f, handler, &caught, &deed));
    if let Some(opening) = opening {
        return open(code, check, f, handler, &api, &caught, &opening);
    }
    let named = format!("`{}`", caught.named);
    let (reason, detail) = match deed {
        Deed::ReRaises => ("re-raises", named),
        Deed::Raises(other) => ("raises-another", format!("{named} becomes `{other}`")),
        Deed::Exits => ("ends-the-call", named),
        _ if shown.0.contains(&(f, handler.caught)) => ("shows-text-to-client", named),
        Deed::Logs => ("logs", named),
        Deed::Recovers => ("goes-on-otherwise", named),
        Deed::Swallows if caught.all => ("swallows-all", "no decision on trust in the `try`".to_owned()),
        Deed::Swallows => ("swallows-named", named),
    };
    code.closed(check, f, span, &api, Outcome::Safe, reason, detail)
}

/// How a handler lets through what a decision did not, if it does.
fn opening(code: &Code<'_>, f: FuncId, handler: &Handler, caught: &Caught, deed: &Deed) -> Option<Opening> {
    if matches!(deed, Deed::ReRaises | Deed::Raises(_) | Deed::Exits) {
        return None;
    }
    // Who names the error of a decision, and does something about it, has thought of it.
    let thought_of = !caught.all && *deed == Deed::Recovers;
    let function = code.function(f);
    let uses = UseList::new(function);
    let own_name = code.function_name(f);
    // What a function that decides returns from its handler.
    let says_yes = |end: &HandlerEnd| matches!(end, HandlerEnd::Returns(v) if matches!(function.op(*v), Op::Const(Const::Bool(true))));
    if caught.all
        && decides(own_name).is_some()
        && handler.ends.iter().all(says_yes)
        && let Some(HandlerEnd::Returns(value)) = handler.ends.first().copied()
        && returns_false_too(function)
    {
        return Some(Opening {
            decision: value,
            name: own_name.to_owned(),
            way: format!("`{own_name}` then returns `True`"),
            confidence: Confidence::High,
        });
    }
    if let Some(opening) = allows(code, f, handler, own_name) {
        return Some(opening);
    }
    let decisions: Vec<Decision> = insts(function, &handler.tried).filter_map(|v| decision(code, f, v)).collect();
    for one in &decisions {
        let awaited = uses.insts(one.call).find(|user| matches!(function.op(*user), Op::Await(_)));
        let result = awaited.unwrap_or(one.call);
        let result_used = uses.is_used(result);
        // The function answers as the decision does, and yes where that fails.
        let answers = uses.insts(result).any(|user| matches!(function.op(user), Op::Returned(_)));
        if answers && handler.ends.iter().all(says_yes) && !handler.ends.is_empty() {
            return Some(Opening {
                decision: one.call,
                name: one.name.clone(),
                way: format!("`{own_name}` then returns `True`"),
                confidence: Confidence::High,
            });
        }
        // A result that the handler sets to true.
        if let Some(value) = set_true(function, handler, result) {
            return Some(Opening {
                decision: one.call,
                name: one.name.clone(),
                way: format!("sets its result to `{}`", code.shown_value(f, value)),
                confidence: Confidence::High,
            });
        }
        if thought_of || result_used || !one.raises || !takes(caught) || guards_the_rest(code, f, handler, one.call) {
            continue;
        }
        let way = handler.ends.iter().find_map(|end| match end {
            HandlerEnd::Goes(_, to) => grants(function, handler, *to),
            HandlerEnd::Returns(v) if matches!(function.op(*v), Op::Const(Const::Bool(true))) => Some(*v),
            _ => None,
        });
        if way.is_some() {
            return Some(Opening {
                decision: one.call,
                name: one.name.clone(),
                way: "goes on as if it had been in favour".to_owned(),
                confidence: Confidence::Medium,
            });
        }
    }
    // An error that refuses, raised within the `try` and taken by its own handler, which does nothing about it.
    if caught.all && *deed != Deed::Recovers {
        for &block in &handler.tried {
            let Terminator::Raise(Some(error)) = function.blocks[block].terminator else { continue };
            let name = classes::raised_name(code, f, error);
            if !refuses(&name) || !refuses_access(&name) {
                continue;
            }
            let goes = handler
                .ends
                .iter()
                .any(|end| matches!(end, HandlerEnd::Goes(_, to) if grants(function, handler, *to).is_some()));
            if goes {
                return Some(Opening {
                    decision: error,
                    name,
                    way: "takes it itself and goes on".to_owned(),
                    confidence: Confidence::Medium,
                });
            }
        }
    }
    None
}

/// How the handler of a function that is named for its answer (`is_allowed`, `allowed`) makes that answer a yes, which the `try` says only
/// where something was found out.
fn allows(code: &Code<'_>, f: FuncId, handler: &Handler, own_name: &str) -> Option<Opening> {
    let function = code.function(f);
    if !says_who_may(own_name) {
        return None;
    }
    let set = function.insts.iter().find_map(|inst| {
        let Op::Returned(returned) = inst.op else { return None };
        let Op::Phi(inputs) = function.op(returned) else { return None };
        let yes = |v: Value| matches!(function.op(v), Op::Const(Const::Bool(true)));
        inputs.iter().find(|(from, v)| yes(*v) && handler.blocks.contains(from))?;
        let asked = inputs
            .iter()
            .map(|(_, v)| *v)
            .find(|v| matches!(function.op(*v), Op::Item(..) | Op::Call { .. } | Op::Compare(..)))?;
        Some(asked)
    });
    let asked = set?;
    Some(Opening {
        decision: asked,
        name: own_name.to_owned(),
        way: format!("makes the answer of `{own_name}` a yes"),
        confidence: Confidence::High,
    })
}

/// Whether a function is named for the answer whether somebody may do something.
fn says_who_may(name: &str) -> bool {
    let words = crate::code::words(name);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    decides(name) == Some(false)
        || has(&["allowed", "permitted", "authorized", "authorised", "authenticated"])
            && words.len() <= 2
            && !has(&["get", "set"])
}

/// How a handler that does nothing about the error of a check goes on to what the check was to guard.
fn past(
    code: &Code<'_>,
    surface: &AttackSurface,
    f: FuncId,
    handler: &Handler,
    caught: &Caught,
    deed: &Deed,
) -> Option<Opening> {
    if !matches!(deed, Deed::Logs | Deed::Swallows) || !takes(caught) || code.in_test(f) {
        return None;
    }
    let (check, change) = surface.before.undone_by(code, &surface.effects, f, handler)?;
    let line = code.line(f, code.span(f, change));
    Some(Opening {
        decision: check,
        name: code.callee(f, check),
        way: format!("goes on to `{}` in line {line}", code.shown_value(f, change)),
        confidence: Confidence::Medium,
    })
}

/// Whether an error is one that keeps somebody out.
fn refuses_access(name: &str) -> bool {
    let words = crate::code::words(name);
    words.iter().any(|w| matches!(w.as_str(), "forbidden" | "unauthorized" | "denied" | "unauthenticated"))
        || name.contains("NotAuthorized")
        || name.contains("InvalidSignature")
        || name.contains("AuthenticationFailed")
}

/// Whether the handler gets what the decision says no with.
fn takes(caught: &Caught) -> bool {
    caught.all || caught.named.split(", ").any(refuses)
}

/// Whether something is done in the `try` behind the decision, or in its `else`: that is what it lets through, and an error leaves it out.
fn guards_the_rest(code: &Code<'_>, f: FuncId, handler: &Handler, decision: Value) -> bool {
    let function = code.function(f);
    let does = |v: Value| match function.op(v) {
        Op::Call { .. } => !is_log(code, f, v),
        Op::StoreAttr { .. } | Op::StoreItem { .. } | Op::Yield(_) | Op::Accumulate { .. } => true,
        Op::Returned(v) => !matches!(function.op(*v), Op::Const(Const::None)),
        _ => false,
    };
    let mut behind = insts(function, &handler.tried).skip_while(|v| *v != decision).skip(1);
    if behind.any(does) {
        return true;
    }
    // What only the way without an error comes by, before it meets that of the handler.
    let meets = |block: BlockId| {
        handler.ends.iter().any(|end| matches!(end, HandlerEnd::Goes(_, to) if *to == block))
            || handler.blocks.contains(&block)
    };
    let mut work: Vec<BlockId> = handler.tried.clone();
    let mut seen: Vec<BlockId> = work.clone();
    while let Some(block) = work.pop() {
        function.blocks[block].terminator.for_each_target(|to| {
            if !meets(to) && !seen.contains(&to) && seen.len() < MAX_ELSE {
                seen.push(to);
                work.push(to);
            }
        });
    }
    let otherwise = seen.iter().skip(handler.tried.len()).flat_map(|b| &function.blocks[*b].insts);
    otherwise.copied().any(does)
}

/// Whether a function says no by a false result somewhere.
fn returns_false_too(function: &Function) -> bool {
    let not_true = |v: Value| !matches!(function.op(v), Op::Const(Const::Bool(true)));
    function.insts.iter().any(|i| matches!(i.op, Op::Returned(v) if not_true(v)))
}

/// The true value that a variable has behind the handler, which has the result of the decision behind the `try`.
fn set_true(function: &Function, handler: &Handler, decision: Value) -> Option<Value> {
    function.insts.iter().find_map(|inst| {
        let Op::Phi(inputs) = &inst.op else { return None };
        if !inputs.iter().any(|(_, v)| *v == decision) {
            return None;
        }
        inputs.iter().find_map(|(from, v)| {
            let yes = matches!(function.op(*v), Op::Const(Const::Bool(true)));
            (yes && handler.blocks.contains(from)).then_some(*v)
        })
    })
}

fn open(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    handler: &Handler,
    api: &str,
    caught: &Caught,
    opening: &Opening,
) -> Examined {
    let span = code.span(f, handler.caught);
    let title = format!("An error in `{}` lets through: the handler {}", opening.name, opening.way);
    let takes = if caught.all { "errors of every kind".to_owned() } else { format!("`{}`", caught.named) };
    let message = format!(
        "The handler takes {takes} of the `try` in which `{}` decides, and {}. Whoever makes that call fail is let through.",
        code.shown_value(f, opening.decision),
        opening.way
    );
    let mut defect = Defect::potential("fails-open", title, message);
    defect.confidence = opening.confidence;
    defect.assumptions.push(format!("`{}` decides whether somebody or something is to be trusted", opening.name));
    defect.false_if = false_if(check);
    opening.name.clone_into(&mut defect.value);
    defect.lead(
        StepKind::Source,
        code.place(f, code.span(f, opening.decision)),
        format!("`{}` decides here", opening.name),
    );
    defect.step = format!("the error is taken here, and the handler {}", opening.way);
    code.defect(check, f, span, api, defect)
}
