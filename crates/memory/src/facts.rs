//! What is known of a function's code before it is analysed.

use assay_dataflow::Dominators;
use assay_index::{BitSet, FxHashMap, FxHashSet};
use assay_ir::{ArithOp, BlockId, Const, Function, MemoryOp, Module, Op, Terminator, Value};
use assay_text::Span;

/// A value without the conversions around it.
pub(crate) fn stripped(function: &Function, value: Value) -> Value {
    let mut at = value;
    for _ in 0..4 {
        match function.op(at) {
            Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
            _ => break,
        }
    }
    at
}

/// The blocks that dominate every return.
pub(crate) fn unavoidable(function: &Function, dominators: &Dominators) -> BitSet<BlockId> {
    let mut out = BitSet::with_capacity(function.blocks.len());
    let returns: Vec<BlockId> = function
        .blocks
        .iter_enumerated()
        .filter(|(block, code)| matches!(code.terminator, Terminator::Return(_)) && dominators.is_reachable(*block))
        .map(|(block, _)| block)
        .collect();
    if returns.is_empty() {
        return out;
    }
    for block in function.blocks.ids() {
        if returns.iter().all(|end| dominators.dominates(block, *end)) {
            out.insert(block);
        }
    }
    out
}

/// Steps by which one turn of a loop moves something that it counts.
const MAX_STEPS_OF_A_TURN: usize = 6;

fn constant(function: &Function, value: Value) -> Option<i128> {
    match function.op(value) {
        Op::Const(Const::Int(number)) => Some(i128::from(*number)),
        _ => None,
    }
}

/// By how much `value` is more or less than the join that it goes into, in one step or in several; for addresses, in bytes.
pub(crate) fn moved(module: &Module, function: &Function, join: Value, value: Value) -> Option<i128> {
    let (mut at, mut by) = (value, 0_i128);
    for _ in 0..MAX_STEPS_OF_A_TURN {
        match function.op(at) {
            _ if at == join => return Some(by),
            Op::Memory(MemoryOp::Arith { op: op @ (ArithOp::Add | ArithOp::Sub), left, right, .. }) => {
                let step = constant(function, *right)?;
                (at, by) = (*left, if *op == ArithOp::Add { by.checked_add(step)? } else { by.checked_sub(step)? });
            }
            Op::Memory(MemoryOp::Offset { base, index, element }) => {
                let size = module.types.size(*element).map(i128::from)?;
                (at, by) = (*base, by.checked_add(size.checked_mul(constant(function, *index)?)?)?);
            }
            _ => return None,
        }
    }
    None
}

/// What loops count, or move an address by, in steps of more than one: the step, and the rest when divided by it. Of
/// addresses, in bytes from the start of the object.
pub(crate) fn strides(module: &Module, function: &Function) -> FxHashMap<Value, (i128, i128)> {
    // A variable's own address stands at its start.
    let first = |value: Value| {
        let mut at = value;
        while let Op::Memory(MemoryOp::Convert { value: inner, .. }) = function.op(at) {
            at = *inner;
        }
        let own = matches!(function.op(at), Op::Memory(MemoryOp::Address(_) | MemoryOp::Local { .. }));
        constant(function, value).or(own.then_some(0))
    };
    let mut out = FxHashMap::default();
    for (value, inst) in function.insts.iter_enumerated() {
        let Op::Phi(inputs) = &inst.op else { continue };
        let (mut step, mut start) = (0_i128, None);
        let known = inputs.iter().all(|(_, input)| {
            let by = match first(*input) {
                Some(number) => Some(number - *start.get_or_insert(number)),
                None => moved(module, function, value, *input),
            };
            by.map(|by| step = gcd(step, by)).is_some()
        });
        if let (true, Some(start), 2..) = (known, start, step) {
            out.insert(value, (step, start.rem_euclid(step)));
        }
    }
    out
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Places that macros stand for: what a macro's body makes has the place of its use, so that a store or call and the constants
/// and tests in it have one place.
pub(crate) fn macros(function: &Function) -> Vec<Span> {
    let made = |op: &Op| matches!(op, Op::Call { .. } | Op::Memory(MemoryOp::Store { .. } | MemoryOp::Member { .. }));
    let part = |op: &Op| matches!(op, Op::Const(_) | Op::Memory(MemoryOp::Compare { .. }));
    let spans = |of: &dyn Fn(&Op) -> bool| {
        function.insts.iter().filter(|inst| of(&inst.op)).map(|inst| inst.span).collect::<FxHashSet<Span>>()
    };
    let parts = spans(&part);
    let mut out: Vec<Span> = spans(&made).into_iter().filter(|span| parts.contains(span)).collect();
    out.sort_unstable();
    out
}

/// The numbers that the function compares with, and their neighbours.
pub(crate) fn thresholds(function: &Function) -> Vec<i128> {
    let mut out: Vec<i128> = vec![-1, 0, 1];
    for inst in &function.insts {
        let Op::Memory(MemoryOp::Compare { left, right, .. }) = &inst.op else { continue };
        for operand in [left, right] {
            let mut value = *operand;
            while let Op::Memory(MemoryOp::Convert { value: inner, .. }) = function.op(value) {
                value = *inner;
            }
            if let Op::Const(Const::Int(number)) = function.op(value) {
                let number = i128::from(*number);
                out.extend([number - 1, number, number + 1]);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
