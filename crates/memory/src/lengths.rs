//! Which numbers that callers pass a function looks at.
//!
//! Whoever calls a library passes an address and how many bytes there are. A function that compares the number with another one before
//! it goes by it has thought of how many there may be; where that does not show that all is well, what is missing is mostly
//! knowledge of what its records hold. Only where nothing looks at the number it counts as controlled by the caller.

use crate::analyzer::Analyzer;
use crate::linear::Linear;
use crate::state::VarOrigin;
use crate::summary::{EntryForm, EntryVar, What};
use crate::value::{SourceKind, TaintId};
use assay_index::{FxHashMap, Idx};
use assay_ir::{BlockId, Comparison, Const, Function, MemoryOp, Op, Value};

/// Values that one operand of a comparison is computed from that are looked at.
const MAX_VALUES: usize = 32;

/// Of each parameter, the blocks in which something that is computed from it is compared with something else than zero.
pub(crate) type Looks = FxHashMap<u32, Vec<BlockId>>;

/// Finds them.
pub(crate) fn looks(function: &Function) -> Looks {
    let mut out = Looks::default();
    for (block, code) in function.blocks.iter_enumerated() {
        for value in &code.insts {
            let Op::Memory(MemoryOp::Compare { op, left, right, .. }) = function.op(*value) else { continue };
            let zero = |at: Value| matches!(function.op(at), Op::Const(Const::Int(0)));
            // That there is something at all says nothing of how much.
            if (zero(*left) || zero(*right)) && matches!(op, Comparison::Eq | Comparison::NotEq | Comparison::Greater) {
                continue;
            }
            // How far a loop has come is compared with where it ends.
            let looked = [(*left, *right), (*right, *left)]
                .into_iter()
                .filter(|(_, other)| !is_counter(function, *other))
                .flat_map(|(operand, _)| computed_from(function, operand).0);
            for parameter in looked.collect::<Vec<u32>>() {
                let known = out.entry(parameter).or_default();
                if known.last() != Some(&block) {
                    known.push(block);
                }
            }
        }
    }
    out
}

/// Whether a number or an address is one that a loop counts, give or take something.
fn is_counter(function: &Function, value: Value) -> bool {
    computed_from(function, value).1.into_iter().any(|at| {
        let Op::Phi(inputs) = function.op(at) else { return false };
        inputs.iter().any(|(_, input)| computed_from(function, *input).1.contains(&at))
    })
}

/// The parameters that a number or an address is computed from, and all values on the way.
fn computed_from(function: &Function, value: Value) -> (Vec<u32>, Vec<Value>) {
    let (mut out, mut seen, mut pending) = (Vec::new(), Vec::new(), vec![value]);
    while let Some(at) = pending.pop() {
        if seen.contains(&at) || seen.len() > MAX_VALUES {
            continue;
        }
        seen.push(at);
        match function.op(at) {
            Op::Param(index) => out.push(*index),
            Op::Phi(inputs) => pending.extend(inputs.iter().map(|(_, input)| *input)),
            Op::Memory(MemoryOp::Convert { value, .. }) => pending.push(*value),
            Op::Memory(MemoryOp::Arith { left, right, .. }) => pending.extend([*left, *right]),
            Op::Memory(MemoryOp::Offset { base, index, .. }) => pending.extend([*base, *index]),
            _ => {}
        }
    }
    (out, seen)
}

impl Analyzer<'_, '_> {
    /// Whether untrusted data is a number that a caller passes, and that the function has looked at on the way.
    pub(crate) fn is_looked_at(&self, taint: TaintId) -> bool {
        let taint = self.names.taints.get(taint);
        let Some(Op::Param(index)) = taint.at.map(|at| self.function.op(at)) else { return false };
        taint.kind == SourceKind::Caller
            && !self.cx.program.foreign[self.f.index()]
            && (self.looks_here(*index) || self.judged.as_ref().is_some_and(|(need, _)| need.looked_at))
    }

    /// Whether the function has looked at a parameter on the way to the block that is being run.
    fn looks_here(&self, parameter: u32) -> bool {
        let blocks = self.looks.get(&parameter);
        blocks.is_some_and(|blocks| blocks.iter().any(|block| self.dominators.dominates(*block, self.block)))
    }

    /// Whether the function looks at a number that is passed, wherever that is.
    pub(crate) fn looks_at_number(&self, number: &Linear) -> bool {
        number.terms.iter().any(|(var, _)| match self.names.origin(*var) {
            VarOrigin::Value(value) => {
                matches!(self.function.op(value), Op::Param(index) if self.looks.contains_key(index))
            }
            _ => false,
        })
    }

    /// Whether it has looked at a number that is passed and must be so or so.
    pub(crate) fn has_looked_at(&self, what: &What) -> bool {
        let forms: &[&EntryForm] = match what {
            What::Within { from, to, .. } => &[from, to],
            What::AtMost { number: form, .. } | What::NotZero(form) | What::NotAbove { form, .. } => &[form],
            _ => &[],
        };
        forms
            .iter()
            .flat_map(|form| &form.terms)
            .any(|(var, _)| matches!(var, EntryVar::Param(index) if self.looks_here(*index)))
    }
}
