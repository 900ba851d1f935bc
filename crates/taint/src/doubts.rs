//! Inputs that pass checks which do not hold. They are looked for when a finding is written, not before: most
//! doubts never matter.

use crate::oracle::FunctionOracle;
use crate::results::Doubt;
use assay_dataflow::{Dominators, ValueBlocks};
use assay_ir::Op;
use assay_resolve::Resolution;
use assay_values::Context;
use assay_values::guards::{ArgumentRef, GuardFact, GuardIndex, Witness, after_call, witness};

/// An input that passes a check and does the harm; `None` where the check cannot be carried out.
pub fn witness_of(resolution: &Resolution<'_>, doubt: &Doubt) -> Option<Witness> {
    let program = &resolution.program;
    let function = program.function(doubt.function);
    let oracle = FunctionOracle::new(resolution, doubt.function);
    let cx = Context::new(function, &program.strings, &oracle);
    let dominators = Dominators::new(function);
    let places = ValueBlocks::new(function);
    let mut index = GuardIndex::new(&cx, &dominators, &places);
    let relative = function
        .insts
        .ids()
        .filter(|v| matches!(function.op(*v), Op::Call { .. }) && cx.callee(*v).method == Some("relative_to"));
    for call in relative {
        let facts = after_call(&cx, &places, index.keys(), call, ArgumentRef::Receiver);
        index.add(facts);
    }
    let facts: Vec<&GuardFact> = index.at(&dominators, doubt.subject, doubt.at).collect();
    witness(&cx, &facts, doubt.kind.id())
}
