//! Loops that never end: those that read on behind the end of a stream, and those that a length of zero keeps in place.

use super::loops::{Loop, loops};
use super::stationary::{Endless, Premise, endless};
use crate::code::{Code, Defect};
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, StepKind};
use assay_ir::{Op, Terminator, Value};
use assay_resolve::FuncId;
use assay_text::Span;

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("endless-loop") else { return };
    for f in code.res.program.functions.ids() {
        if code.res.program.module_of(f).template {
            continue;
        }
        let function = code.function(f);
        for the_loop in loops(function) {
            // What goes over a collection or an iterator ends with it.
            if matches!(function.blocks[the_loop.header].terminator, Terminator::Choice(_)) {
                continue;
            }
            let Some(subject) = subject(code, f, &the_loop) else { continue };
            let found =
                endless(code, f, &the_loop, Premise::Ended).or_else(|| endless(code, f, &the_loop, Premise::Zero));
            if let Some(found) = found {
                out.push(report(code, check, f, &found));
                continue;
            }
            let detail = format!("the loop around `{}` ends with it", code.shown_value(f, subject));
            let span = code.span(f, subject);
            out.push(code.closed(check, f, span, "loop", Outcome::Safe, "ends-with-its-input", detail));
        }
    }
}

/// What a loop gets its data by: a read, or a number that is taken out of data.
fn subject(code: &Code<'_>, f: FuncId, the_loop: &Loop) -> Option<Value> {
    let function = code.function(f);
    let mut blocks: Vec<_> = the_loop.body.iter().copied().collect();
    blocks.sort_unstable();
    let calls = blocks.iter().flat_map(|b| &function.blocks[*b].insts).copied();
    calls.into_iter().filter(|v| matches!(function.op(*v), Op::Call { .. })).find(|call| {
        let callee = code.callee(f, *call);
        let last = callee.rsplit('.').next().unwrap_or(&callee);
        matches!(last, "read" | "readline" | "recv" | "read1" | "unpack" | "unpack_from" | "from_bytes" | "ord")
            || last == "orb"
    })
}

fn report(code: &Code<'_>, check: &'static Check, f: FuncId, found: &Endless) -> Examined {
    let span = code.span(f, found.cause);
    let shown = code.shown(f, span);
    let (reason, title, message, step) = match found.premise {
        Premise::Ended => (
            "reads-behind-the-end",
            "The loop never ends when the data ends early".to_owned(),
            format!(
                "`{shown}` gives an empty result at the end of the data, and no condition of the loop leaves it then: every \
                 further turn does the same."
            ),
            "gives nothing at the end of the data, and the loop goes on".to_owned(),
        ),
        Premise::Zero => (
            "no-progress",
            "The loop never ends when a length in the data is zero".to_owned(),
            format!(
                "`{shown}` takes a length out of the data by which the loop moves on. Where it is zero, the loop does not move, \
                 and every further turn does the same."
            ),
            "may be zero, and then the loop does not move on".to_owned(),
        ),
    };
    let mut defect = Defect::new(reason, title, message);
    defect.confidence = Confidence::Medium;
    if found.premise == Premise::Zero {
        defect.outcome = Outcome::Potential;
        defect.assumptions.push("nobody has checked before that the data states no length of zero".to_owned());
    }
    defect.step = step;
    defect.value.clone_from(&shown);
    defect.false_if.push("the data is made by the program itself and is always complete".to_owned());
    if let Some(span) = head(code, f, found.cause) {
        defect.lead(StepKind::Assignment, code.place(f, span), "the loop begins here");
    }
    let api = code.callee(f, found.cause);
    code.defect(check, f, span, &api, defect)
}

/// Where the condition of the innermost loop around a value stands.
fn head(code: &Code<'_>, f: FuncId, value: Value) -> Option<Span> {
    let function = code.function(f);
    let block = assay_dataflow::ValueBlocks::new(function).block(value)?;
    let around = loops(function).into_iter().filter(|l| l.body.contains(&block)).min_by_key(|l| l.body.len())?;
    match function.blocks[around.header].terminator {
        Terminator::Branch { cond, .. } => Some(code.span(f, cond)),
        _ => None,
    }
}
