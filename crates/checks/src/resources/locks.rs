//! Locks that a way out of a function leaves held.
//!
//! A function that takes a lock by `acquire` and gives it back by `release` of the same object means to hold it only in between. A way on
//! which it returns, or raises an error of its own, in between leaves the lock held for good.

use crate::code::{Code, Defect, words};
use crate::{Check, Examined, check};
use assay_dataflow::ValueBlocks;
use assay_finding::{Confidence, Outcome, StepKind};
use assay_index::FxHashSet;
use assay_ir::{BlockId, Op, Terminator, Value};
use assay_resolve::FuncId;

/// Blocks that are looked at behind one lock.
const MAX_BLOCKS: usize = 400;

pub(super) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("resource-leak") else { return };
    for f in code.res.program.functions.ids() {
        let function = code.function(f);
        if !function.is_callable() || function.is_generator || code.res.program.module_of(f).template {
            continue;
        }
        let method = |call: Value, wanted: &str| match function.op(call) {
            Op::Call { func, args } => match function.op(*func) {
                Op::Attr(base, name)
                    if code.text(*name) == wanted
                        && (args.is_empty() || wanted == "acquire" && !may_fail(code, f, args)) =>
                {
                    Some(*base)
                }
                _ => None,
            },
            _ => None,
        };
        let calls = code.res.calls(f);
        let taken: Vec<(Value, Value)> = calls.iter().filter_map(|(c, _)| Some((*c, method(*c, "acquire")?))).collect();
        if taken.is_empty() {
            continue;
        }
        let given: Vec<(Value, Value)> = calls.iter().filter_map(|(c, _)| Some((*c, method(*c, "release")?))).collect();
        for (call, lock) in taken {
            // A semaphore counts, and is often given back elsewhere.
            let counts = crate::secrets::name_of(code, f, lock).is_some_and(|n| {
                words(n)
                    .iter()
                    .any(|w| matches!(w.as_str(), "sem" | "semaphore" | "slots" | "slot" | "pool" | "permits"))
            });
            let own: Vec<Value> = given.iter().filter(|(_, l)| code.is_same(f, lock, *l)).map(|(c, _)| *c).collect();
            let first = own.iter().any(|release| *release < call);
            if own.is_empty() || counts || first || looks_at_result(code, f, call) || asks_twice(code, f) {
                continue;
            }
            out.push(judged(code, check, f, call, lock, &own));
        }
    }
}

/// Whether two conditions of a function are the same, so that what was done under one is undone under the other.
fn asks_twice(code: &Code<'_>, f: FuncId) -> bool {
    let mut asked: Vec<String> = Vec::new();
    for block in &code.function(f).blocks {
        if let Terminator::Branch { cond, .. } = block.terminator {
            let shown = code.shown_value(f, cond);
            if asked.contains(&shown) {
                return true;
            }
            asked.push(shown);
        }
    }
    false
}

/// Whether a lock may not be got: then what follows depends on whether it was.
fn may_fail(code: &Code<'_>, f: FuncId, args: &[assay_ir::Arg]) -> bool {
    args.iter().any(|a| !matches!(code.op(f, a.value), Op::Const(assay_ir::Const::Bool(true))))
}

/// Whether something depends on whether the lock was got.
fn looks_at_result(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let function = code.function(f);
    let uses = assay_dataflow::UseList::new(function);
    let awaited = uses.insts(call).find(|u| matches!(function.op(*u), Op::Await(_)));
    uses.is_used(awaited.unwrap_or(call))
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value, lock: Value, releases: &[Value]) -> Examined {
    let function = code.function(f);
    let span = code.span(f, call);
    let api = "acquire";
    let blocks = ValueBlocks::new(function);
    let freeing: FxHashSet<BlockId> = releases.iter().filter_map(|r| blocks.block(*r)).collect();
    let way = blocks
        .block(call)
        .filter(|start| !freeing.contains(start))
        .and_then(|start| held_at_end(code, f, call, start, &freeing));
    let Some(end) = way else {
        let detail = format!("`{}`", code.shown_value(f, releases[0]));
        return code.closed(check, f, span, api, Outcome::Safe, "released", detail);
    };
    let shown = code.shown_value(f, lock);
    let line = code.line(f, code.span(f, end));
    let title = format!("`{shown}` stays locked on a way out of `{}`", code.function_name(f));
    let message = format!(
        "`{}` takes the lock, and the function gives it back by `{}`, but not before it leaves in line {line}: whoever asks for the lock next waits for good.",
        code.shown(f, span),
        code.shown_value(f, releases[0])
    );
    let mut defect = Defect::new("never-released", title, message);
    defect.confidence = Confidence::Medium;
    defect.lead(StepKind::Call, code.place(f, span), "the lock is taken");
    "leaves with the lock held".clone_into(&mut defect.step);
    defect.false_if.push("whoever called releases the lock".to_owned());
    shown.clone_into(&mut defect.value);
    code.defect(check, f, code.span(f, end), api, defect)
}

/// A return or an error of the function's own that is reached from a block without a release.
fn held_at_end(code: &Code<'_>, f: FuncId, call: Value, start: BlockId, freeing: &FxHashSet<BlockId>) -> Option<Value> {
    let function = code.function(f);
    let mut seen: FxHashSet<BlockId> = FxHashSet::default();
    // With the last `return` that stands on the way; a release in `finally` comes behind it.
    let mut work = vec![(start, None)];
    while let Some((block, before)) = work.pop() {
        if seen.len() > MAX_BLOCKS || !seen.insert(block) {
            continue;
        }
        if block != start && freeing.contains(&block) {
            continue;
        }
        let at = &function.blocks[block];
        let behind =
            at.insts.iter().copied().skip_while(|v| block == start && *v != call).skip(usize::from(block == start));
        let returned = behind.filter(|v| matches!(function.op(*v), Op::Returned(_))).last().or(before);
        match &at.terminator {
            Terminator::Raise(Some(error)) if at.handler.is_none() => return Some(*error),
            // What comes to the end without a `return` is likelier meant.
            Terminator::Return(_) if returned.is_some() => return returned,
            Terminator::Raise(_) | Terminator::Return(_) | Terminator::Unreachable => {}
            other => other.for_each_target(|to| work.push((to, returned))),
        }
    }
    None
}
