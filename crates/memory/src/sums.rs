//! What stays the same where two numbers change together: `from` goes up by as much as `left` goes down, and an index goes up by one
//! where an address goes up by four.
//!
//! Where states meet, two numbers that differ in them get a variable each. If a sum of multiples of the two is the same form in
//! both states, then the sum is kept as an equation, and with it the bound that one of the numbers gives the other.

use crate::linear::{Linear, Var};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::value::Val;
use assay_ir::{BlockId, Value};

/// Numbers that are compared with each other where states meet.
const MAX_MOVING: usize = 8;
/// Equations that are kept.
const MAX_SUMS: usize = 6;

/// A number that differs in two states: what stands for it where they meet, and what it is in either.
struct Moving {
    origin: VarOrigin,
    left: Linear,
    right: Linear,
}

/// Two variables, and by how much the first is multiplied before the second is added; and what that gives in both states.
pub(crate) struct Sum {
    first: VarOrigin,
    times: i64,
    second: VarOrigin,
    gives: Linear,
}

/// The sums that are the same in two states which are about to meet.
pub(crate) fn find(left: &State, right: &State, block: BlockId) -> Vec<Sum> {
    let moving = moving(left, right, block);
    let mut out = Vec::new();
    for (at, first) in moving.iter().enumerate() {
        for second in &moving[at + 1..] {
            for times in factors(first, second) {
                let sum = |a: &Linear, b: &Linear| b.plus_times(times, a);
                if let (Some(one), Some(other)) = (sum(&first.left, &second.left), sum(&first.right, &second.right))
                    && one == other
                    && one.terms.len() <= 2
                {
                    out.push(Sum { first: first.origin, times, second: second.origin, gives: one });
                    break;
                }
            }
            if out.len() >= MAX_SUMS {
                return out;
            }
        }
    }
    out
}

/// Keeps the sums that hold in both states now that they speak of the same variables.
pub(crate) fn keep(sums: &[Sum], left: &mut State, right: &mut State, vars: &mut dyn Vars) {
    for sum in sums {
        let (first, second) = (vars.var(sum.first), vars.var(sum.second));
        let Some(form) = Linear::var(second).plus_times(sum.times, &Linear::var(first)) else { continue };
        let (Some(above), Some(below)) = (form.minus(&sum.gives), sum.gives.minus(&form)) else { continue };
        let speaks = |state: &State| above.terms.iter().all(|(var, _): &(Var, i64)| state.numbers.uses(*var));
        let holds = |state: &State| state.numbers.is_nonpositive(&above) && state.numbers.is_nonpositive(&below);
        if above.terms.len() < 2 || ![&*left, &*right].into_iter().all(|state| speaks(state) && holds(state)) {
            continue;
        }
        for state in [&mut *left, &mut *right] {
            state.numbers.add(above.clone());
            state.numbers.add(below.clone());
        }
    }
}

/// The numbers that differ in two states, as far as they are followed.
fn moving(left: &State, right: &State, block: BlockId) -> Vec<Moving> {
    let mut out = Vec::new();
    for (value, a) in &left.env {
        if let Some(b) = right.get(*value) {
            out.extend(differing(a, b, &Named::Value(*value)));
        }
    }
    for (place, a) in &left.cells {
        if let Some(b) = right.cell(*place) {
            out.extend(differing(a, b, &Named::Cell(block, *place)));
        }
    }
    out.truncate(MAX_MOVING);
    out
}

/// What a number is called where states meet.
enum Named {
    Value(Value),
    Cell(BlockId, Place),
}

fn differing(a: &Val, b: &Val, name: &Named) -> Option<Moving> {
    match (a, b) {
        (Val::Num(a), Val::Num(b)) if a != b => {
            let origin = match name {
                Named::Value(value) => VarOrigin::Value(*value),
                Named::Cell(block, place) => VarOrigin::Cell(*block, *place),
            };
            Some(Moving { origin, left: a.clone(), right: b.clone() })
        }
        (Val::Ptr(a), Val::Ptr(b)) => {
            let (a, b) = (a.only()?, b.only()?);
            if a.obj != b.obj || a.offset == b.offset {
                return None;
            }
            let origin = match name {
                Named::Value(value) => VarOrigin::Offset(*value, a.obj),
                Named::Cell(block, place) => VarOrigin::CellOffset(*block, *place, a.obj),
            };
            Some(Moving { origin, left: a.offset.clone(), right: b.offset.clone() })
        }
        _ => None,
    }
}

/// By what the first of two numbers may have to be multiplied so that the sum with the second stays the same.
fn factors(first: &Moving, second: &Moving) -> Vec<i64> {
    let by = |moving: &Moving| moving.right.minus(&moving.left).and_then(|by| by.as_constant());
    match (by(first), by(second)) {
        (Some(a), Some(b)) if a != 0 && b % a == 0 => i64::try_from(-(b / a)).into_iter().collect(),
        (None, None) => vec![1, -1],
        _ => Vec::new(),
    }
}
