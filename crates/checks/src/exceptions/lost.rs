//! Errors that a `finally` suite discards by ending the call itself.
//!
//! A suite is entered by an error, too, and hands it on at its end. One that returns first never gets there.

use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_dataflow::Dominators;
use assay_finding::Confidence;
use assay_index::Idx;
use assay_ir::{BlockId, Function, Op, Terminator, Value};
use assay_resolve::FuncId;

/// Blocks of a suite that are looked through.
const MAX_BLOCKS: usize = 64;

pub(super) fn examine(code: &Code<'_>, check: &'static Check, f: FuncId, out: &mut Vec<Examined>) {
    let function = code.function(f);
    let mut entries: Vec<BlockId> = function.blocks.iter().filter_map(|b| b.handler).collect();
    if entries.is_empty() {
        return;
    }
    entries.sort_unstable_by_key(|b| b.index());
    entries.dedup();
    let dominators = Dominators::new(function);
    for entry in entries.into_iter().filter(|b| dominators.is_reachable(*b)) {
        let Some(returned) = returns(function, entry) else { continue };
        let span = code.span(f, returned);
        let name = code.function_name(f);
        let title = format!("`{name}` returns in `finally`, which discards every error of the `try`");
        let message = format!(
            "`{}` in `finally` ends the call of `{name}`, whatever happened: an error that nothing else took, an interrupt and the end of the process among them, is gone, and the caller gets a result.",
            code.shown_value(f, returned)
        );
        let mut defect = Defect::potential("returns-in-finally", title, message);
        defect.confidence = Confidence::High;
        "what is returned whatever was raised".clone_into(&mut defect.step);
        defect.assumptions.push("an error of the `try` is to be known to somebody".to_owned());
        defect.false_if = false_if(check);
        name.clone_into(&mut defect.value);
        out.push(code.defect(check, f, span, "finally", defect));
    }
}

/// The `return` on a way from where errors come in that takes none and does not come to the end of the suite.
fn returns(function: &Function, entry: BlockId) -> Option<Value> {
    let mut seen = vec![entry];
    let mut at = 0;
    while let Some(&block) = seen.get(at) {
        at += 1;
        let code = &function.blocks[block];
        if at > MAX_BLOCKS || code.insts.iter().any(|v| matches!(function.op(*v), Op::Caught(_))) {
            return None;
        }
        match code.terminator {
            Terminator::Return(_) => {
                let statement = |v: &&Value| matches!(function.op(**v), Op::Returned(_));
                return code.insts.iter().rev().find(statement).copied();
            }
            // The end of the suite: control goes on wherever it was going.
            Terminator::Choice(_) => {}
            _ => code.terminator.for_each_target(|to| {
                if !seen.contains(&to) {
                    seen.push(to);
                }
            }),
        }
    }
    None
}
