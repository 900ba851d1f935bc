//! What a test says of the values that it tests.

use crate::analyzer::Analyzer;
use crate::library::{Effect, LibraryFunction};
use crate::linear::{INFINITY, Linear};
use crate::program::Entity;
use crate::state::{State, VarOrigin};
use crate::value::{Life, NullWhy, Nullness, Origin, Pointer, Taint, Target, Val};
use assay_ir::{BlockId, Comparison, Const, MemoryOp, Op, Terminator, Value};
use smallvec::SmallVec;

/// Tests within tests that are looked into.
const DEPTH: u32 = 6;

impl Analyzer<'_, '_> {
    /// Takes for granted that `cond` is true, or false. False when that cannot be.
    pub(crate) fn refine(&mut self, state: &mut State, cond: Value, truth: bool) -> bool {
        self.refine_in(state, cond, truth, DEPTH)
    }

    fn refine_in(&mut self, state: &mut State, cond: Value, truth: bool, depth: u32) -> bool {
        if depth == 0 {
            return true;
        }
        match self.function.op(cond) {
            Op::Const(Const::Int(number)) => (*number != 0) == truth,
            Op::Const(Const::Bool(value)) => *value == truth,
            Op::Memory(MemoryOp::Convert { value, .. }) if self.is_truth(*value) => {
                self.refine_in(state, *value, truth, depth - 1)
            }
            Op::Memory(MemoryOp::Compare { op, left, right, .. }) => {
                let zero = matches!(self.function.op(*right), Op::Const(Const::Int(0)));
                if zero && self.is_truth(*left) && matches!(op, Comparison::Eq | Comparison::NotEq) {
                    return self.refine_in(state, *left, truth == (*op == Comparison::NotEq), depth - 1);
                }
                let (op, left, right) = (if truth { *op } else { negated(*op) }, *left, *right);
                self.refine_compare(state, cond, op, left, right) && self.refine_number(state, cond, truth)
            }
            // At the head of a loop, it may have been put together from what is something else in this turn.
            Op::Phi(inputs) if self.is_truth(cond) && !self.loops.is_put_together(cond) => {
                self.refine_kept(state, inputs, truth, depth) && self.refine_number(state, cond, truth)
            }
            _ => self.refine_number(state, cond, truth),
        }
    }

    /// The same of a truth value that was put together before, `found = a && b`: where it can have come one way only, what was tested on that
    /// way holds.
    fn refine_kept(&mut self, state: &mut State, inputs: &[(BlockId, Value)], truth: bool, depth: u32) -> bool {
        let possible = |(_, value): &&(BlockId, Value)| match self.function.op(*value) {
            Op::Const(Const::Int(number)) => (*number != 0) == truth,
            _ => true,
        };
        let mut ways = inputs.iter().filter(possible);
        let (Some((from, value)), None) = (ways.next().copied(), ways.next()) else { return true };
        if !self.refine_in(state, value, truth, depth - 1) {
            return false;
        }
        let Some(before) = self.dominators.immediate_dominator(from) else { return true };
        let Terminator::Branch { cond, then_to, else_to } = &self.function.blocks[before].terminator else {
            return true;
        };
        let ways_to = |block: BlockId| {
            let mut count = 0;
            for code in &self.function.blocks {
                code.for_each_successor(|to| count += usize::from(to == block));
            }
            count
        };
        if (*then_to == from) == (*else_to == from) || ways_to(from) != 1 {
            return true;
        }
        self.refine_in(state, *cond, *then_to == from, depth - 1)
    }

    /// Whether a value is a truth value, made by a comparison or by several.
    pub(crate) fn is_truth(&self, value: Value) -> bool {
        let constant = |value: Value| matches!(self.function.op(value), Op::Const(Const::Int(0 | 1)));
        match self.function.op(value) {
            Op::Phi(inputs) => inputs.iter().all(|(_, value)| {
                constant(*value) || matches!(self.function.op(*value), Op::Memory(MemoryOp::Compare { .. }))
            }),
            Op::Memory(MemoryOp::Compare { .. }) => true,
            Op::Memory(MemoryOp::Convert { value, .. }) => match self.function.op(*value) {
                Op::Phi(_) => self.is_truth(*value),
                op => matches!(op, Op::Memory(MemoryOp::Compare { .. })),
            },
            _ => false,
        }
    }

    fn refine_number(&mut self, state: &mut State, value: Value, truth: bool) -> bool {
        match self.val(state, value) {
            Val::Num(form) => {
                if truth {
                    let possible = state.numbers.assume_nonzero(&form);
                    self.goes_on_behind(state, value);
                    possible
                } else {
                    self.equal_texts(state, value);
                    state.numbers.assume_zero(&form)
                }
            }
            Val::Ptr(pointer) => self.refine_null(state, &pointer, !truth, NullWhy::Tested(value)),
            Val::Uninit | Val::Top => true,
        }
    }

    fn refine_compare(&mut self, state: &mut State, cond: Value, op: Comparison, left: Value, right: Value) -> bool {
        match (self.val(state, left), self.val(state, right)) {
            (Val::Num(a), Val::Num(b)) => {
                if op == Comparison::Eq && b.as_constant() == Some(0) {
                    self.equal_texts(state, left);
                }
                let Some(difference) = a.minus(&b) else { return true };
                if !(assume(state, op, &difference) && self.align(state, &difference)) {
                    return false;
                }
                self.goes_on_behind(state, left);
                self.goes_on_behind(state, right);
                true
            }
            (Val::Ptr(a), Val::Ptr(b)) => {
                // A macro tests what it is given, whatever that is.
                let macros = self.is_from_macro(cond);
                let why = if macros { NullWhy::Unknown } else { NullWhy::Tested(cond) };
                match op {
                    Comparison::Eq | Comparison::NotEq if a.is_null() || b.is_null() => {
                        let other = if b.is_null() { a } else { b };
                        return self.refine_null(state, &other, op == Comparison::Eq, why);
                    }
                    Comparison::Eq if !self.equal_addresses(state, &a, &b, why) => return false,
                    // Null is below every address.
                    Comparison::Less if b.nullness.null && !self.refine_null(state, &b, false, why) => return false,
                    Comparison::Greater if a.nullness.null && !self.refine_null(state, &a, false, why) => {
                        return false;
                    }
                    Comparison::Eq
                        // An address that equals one that is not null is not null.
                        if !b.nullness.null && a.nullness.null && !self.refine_null(state, &a, false, why) => {
                            return false;
                        }
                    _ => {}
                }
                if let (Some(a), Some(b)) = (a.only(), b.only())
                    && a.obj == b.obj
                    && let Some(difference) = a.offset.minus(&b.offset)
                {
                    return assume(state, op, &difference) && self.align(state, &difference);
                }
                true
            }
            (Val::Ptr(pointer), Val::Num(form)) | (Val::Num(form), Val::Ptr(pointer))
                if form.as_constant() == Some(0) && matches!(op, Comparison::Eq | Comparison::NotEq) =>
            {
                let why = NullWhy::Tested(cond);
                self.refine_null(state, &pointer, op == Comparison::Eq, why)
            }
            _ => true,
        }
    }

    /// Two addresses are equal: nobody else has that of a block which the function made and handed to nobody, so that what may be another one
    /// is another one, or null like it. False when that cannot be.
    fn equal_addresses(&mut self, state: &mut State, a: &Pointer, b: &Pointer, why: NullWhy) -> bool {
        for (one, other) in [(a, b), (b, a)] {
            let apart = |target: &Target| {
                matches!(self.names.objects.origin(target.obj), Origin::Heap(..))
                    && state.object(target.obj).is_some_and(|object| !object.escaped && object.life == Life::Alive)
                    && other.targets.iter().all(|known| known.obj != target.obj)
            };
            let (new, left): (SmallVec<[Target; 1]>, SmallVec<[Target; 1]>) =
                one.targets.iter().cloned().partition(apart);
            if new.is_empty() {
                continue;
            }
            if left.is_empty() && !one.elsewhere {
                return self.refine_null(state, one, true, why) && self.refine_null(state, other, true, why);
            }
            state.replace(&Val::from(one.clone()), &Val::from(Pointer { targets: left, ..one.clone() }));
            for target in new {
                if !state.refers_to(target.obj) {
                    state.remove_object(target.obj);
                }
            }
        }
        true
    }

    /// Rounds the bounds of numbers that go in steps to the next step. False when there is none.
    fn align(&self, state: &mut State, form: &Linear) -> bool {
        for (var, _) in &form.terms {
            let (VarOrigin::Value(value) | VarOrigin::Offset(value, _)) = self.names.origin(*var) else { continue };
            let Some((step, rest)) = self.strides.get(&value) else { continue };
            let mut range = state.numbers.range(*var);
            if range.hi < INFINITY {
                range.hi -= (range.hi - rest).rem_euclid(*step);
            }
            if range.lo > -INFINITY {
                range.lo += (rest - range.lo).rem_euclid(*step);
            }
            if range.lo > range.hi {
                return false;
            }
            state.numbers.set_range(*var, range);
        }
        true
    }

    /// A comparison of strings gave zero: what equals a constant text is no data of somebody else's any more.
    fn equal_texts(&mut self, state: &mut State, call: Value) {
        let Some((function, args)) = self.library_callee(call) else { return };
        let Some((a, b)) = function.effects.iter().find_map(|effect| match effect {
            Effect::Equal(a, b) => Some((*args.get(*a)?, *args.get(*b)?)),
            _ => None,
        }) else {
            return;
        };
        for (text, constant) in [(a, b), (b, a)] {
            let (Val::Ptr(text), Val::Ptr(constant)) = (self.val(state, text), self.val(state, constant)) else {
                continue;
            };
            let (Some(text), Some(constant)) = (text.only(), constant.only()) else { continue };
            let literal = matches!(self.names.objects.origin(constant.obj), Origin::Literal(..));
            if literal
                && text.offset == Linear::default()
                && !matches!(self.names.objects.origin(text.obj), Origin::Literal(..))
            {
                let length = self.object(state, constant.obj).text.clone();
                let object = self.object(state, text.obj);
                object.taint = None;
                object.text = length;
            }
        }
    }

    /// What was looked for in untrusted bytes is not there.
    fn not_found(&mut self, state: &mut State, pointer: &Pointer, call: Value) {
        let Some((function, args)) = self.library_callee(call) else { return };
        let slash = function.effects.iter().any(|effect| {
            matches!(effect, Effect::Finds(_, what) if args.get(*what).is_some_and(|what| {
                matches!(self.val(state, *what), Val::Num(form) if form.as_constant() == Some(i128::from(b'/')))
            }))
        });
        if !slash {
            return;
        }
        for target in &pointer.targets {
            let Some(taint) = state.object(target.obj).and_then(|object| object.taint) else { continue };
            let taint = Taint { no_slash: true, ..self.names.taints.get(taint).clone() };
            let taint = self.names.taints.intern(taint);
            self.object(state, target.obj).taint = Some(taint);
        }
    }

    /// The library function that an instruction calls, and the arguments.
    fn library_callee(&self, call: Value) -> Option<(&'static LibraryFunction, Vec<Value>)> {
        let mut at = call;
        while let Op::Memory(MemoryOp::Convert { value, .. }) = self.function.op(at) {
            at = *value;
        }
        let Op::Call { func, args } = self.function.op(at) else { return None };
        let Op::Memory(MemoryOp::Address(object)) = self.function.op(*func) else { return None };
        match self.cx.program.entity(self.unit, *object) {
            Entity::Library(function) => Some((function, args.iter().map(|arg| arg.value).collect())),
            _ => None,
        }
    }

    /// Takes for granted that an address is null, or not, wherever it is kept. False when that cannot be.
    pub(crate) fn refine_null(&mut self, state: &mut State, pointer: &Pointer, null: bool, why: NullWhy) -> bool {
        if null && !pointer.nullness.null || !null && !pointer.nullness.address {
            return false;
        }
        if pointer.nullness.null != pointer.nullness.address {
            return true;
        }
        if null && let NullWhy::Returned(call) | NullWhy::Absent(call) = pointer.nullness.why {
            self.not_found(state, pointer, call);
        }
        let new = if null { Pointer::null(why) } else { Pointer { nullness: Nullness::NEVER, ..pointer.clone() } };
        let old = Val::from(pointer.clone());
        let identifies = pointer.targets.len() == 1 || pointer.nullness.why != NullWhy::Unknown;
        if identifies {
            state.replace(&old, &Val::from(new));
        }
        if null
            && let Some(target) = pointer.only()
            && matches!(self.names.objects.origin(target.obj), Origin::Heap(..))
        {
            // The allocation failed: there is no such object.
            state.remove_object(target.obj);
        }
        true
    }

    /// The same for the address that a value is.
    pub(crate) fn not_null(&mut self, state: &mut State, value: Value, pointer: &Pointer) {
        if pointer.nullness.null && pointer.nullness.address {
            self.refine_null(state, pointer, false, NullWhy::Unknown);
            if let Some(Val::Ptr(kept)) = state.get(value)
                && **kept == *pointer
            {
                state.set(value, Val::from(Pointer { nullness: Nullness::NEVER, ..pointer.clone() }));
            }
        }
    }
}

/// Takes a comparison of a difference with zero for granted. False when that cannot be.
fn assume(state: &mut State, op: Comparison, difference: &Linear) -> bool {
    let negated = difference.times(-1);
    match op {
        Comparison::Eq => state.numbers.assume_zero(difference),
        Comparison::NotEq => state.numbers.assume_nonzero(difference),
        Comparison::Less => state.numbers.assume(&difference.plus_constant(1)),
        Comparison::LessEq => state.numbers.assume(difference),
        Comparison::Greater => negated.is_none_or(|form| state.numbers.assume(&form.plus_constant(1))),
        Comparison::GreaterEq => negated.is_none_or(|form| state.numbers.assume(&form)),
    }
}

fn negated(op: Comparison) -> Comparison {
    match op {
        Comparison::Eq => Comparison::NotEq,
        Comparison::NotEq => Comparison::Eq,
        Comparison::Less => Comparison::GreaterEq,
        Comparison::LessEq => Comparison::Greater,
        Comparison::Greater => Comparison::LessEq,
        Comparison::GreaterEq => Comparison::Less,
    }
}
