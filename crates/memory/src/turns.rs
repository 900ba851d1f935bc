//! Loops that go on for as long as untrusted data says, so that what they count has no bound.
//!
//! `while (*from != '\n') to[n++] = *from++;` never looks at `n`. Every way out of the loop is decided by bytes that somebody else sent,
//! so that whoever sent them decides how far `n` gets. A way out that counts something else, or follows a list to its end, may well be
//! a bound: then nothing is said.

use crate::analyzer::Analyzer;
use crate::facts::{moved, stripped};
use crate::linear::{Linear, Var};
use crate::numbers::Why;
use crate::state::{State, VarOrigin};
use crate::value::{TaintId, Val};
use assay_dataflow::{Dominators, Predecessors};
use assay_index::{BitSet, FxHashMap};
use assay_ir::{ArithOp, BlockId, Const, Function, MemoryOp, Op, Terminator, Value};

/// Instructions that are looked at to see how a loop moves a value.
const MAX_STEPS: usize = 48;

/// The loops of a function.
#[derive(Default)]
pub(crate) struct Loops {
    /// The blocks that control leaves a loop from, by the loop's head; nothing for a loop with a way out that no test decides.
    exits: FxHashMap<BlockId, Option<Vec<BlockId>>>,
    /// The heads of loops at which values are put together.
    heads: FxHashMap<Value, BlockId>,
    /// The blocks that control leaves some loop from.
    leaving: BitSet<BlockId>,
    /// The blocks of all loops.
    turning: BitSet<BlockId>,
    /// Blocks that control comes to in every turn of a loop that is left at its head only, with the head.
    every_turn: FxHashMap<BlockId, BlockId>,
}

/// What decides whether control leaves a loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Decides {
    /// Untrusted data.
    Data(TaintId),
    /// What a call gave: whether it worked.
    Call,
    /// Anything else.
    Other,
}

impl Loops {
    /// The blocks that control leaves some loop from.
    pub(crate) fn leaving(&self) -> &BitSet<BlockId> {
        &self.leaving
    }

    /// Whether a value is put together at the head of a loop.
    pub(crate) fn is_put_together(&self, value: Value) -> bool {
        self.heads.contains_key(&value)
    }

    /// The blocks of all loops.
    pub(crate) fn turning(&self) -> &BitSet<BlockId> {
        &self.turning
    }

    pub(crate) fn new(function: &Function, dominators: &Dominators, predecessors: &Predecessors) -> Self {
        let count = function.blocks.len();
        let none = || BitSet::with_capacity(count);
        let mut out = Self { leaving: none(), turning: none(), ..Self::default() };
        let mut bodies: FxHashMap<BlockId, BitSet<BlockId>> = FxHashMap::default();
        for block in function.blocks.ids() {
            function.blocks[block].for_each_successor(|head| {
                if !dominators.is_reachable(block) || !dominators.dominates(head, block) {
                    return;
                }
                let body = bodies.entry(head).or_insert_with(|| BitSet::with_capacity(count));
                body.insert(head);
                let mut pending = vec![block];
                while let Some(at) = pending.pop() {
                    if body.insert(at) {
                        pending.extend(predecessors.of(at));
                    }
                }
            });
        }
        for (head, body) in bodies {
            out.turning.union_with(&body);
            let mut exits = Some(Vec::new());
            for block in function.blocks.ids().filter(|block| body.contains(*block)) {
                let mut leaves = false;
                let code = &function.blocks[block];
                code.for_each_successor(|to| {
                    let ends = matches!(function.blocks[to].terminator, Terminator::Unreachable | Terminator::Raise(_));
                    leaves |= !body.contains(to) && !ends;
                });
                if !leaves {
                    continue;
                }
                out.leaving.insert(block);
                match (&code.terminator, &mut exits) {
                    (Terminator::Branch { .. }, Some(exits)) => exits.push(block),
                    _ => exits = None,
                }
            }
            for value in &function.blocks[head].insts {
                if !matches!(function.op(*value), Op::Phi(_)) {
                    break;
                }
                out.heads.insert(*value, head);
            }
            if exits.as_ref().is_some_and(|exits| *exits == [head]) {
                let turns_back = |block: &BlockId| {
                    let mut back = false;
                    function.blocks[*block].for_each_successor(|to| back |= to == head);
                    back
                };
                let ends: Vec<BlockId> =
                    function.blocks.ids().filter(|block| body.contains(*block) && turns_back(block)).collect();
                let inner = function.blocks.ids().filter(|block| body.contains(*block) && *block != head);
                out.every_turn.extend(
                    inner
                        .filter(|block| ends.iter().all(|end| dominators.dominates(*block, *end)))
                        .map(|block| (block, head)),
                );
            }
            out.exits.insert(head, exits);
        }
        out
    }
}

impl Analyzer<'_, '_> {
    /// Control may leave a loop at the end of a block: what decides that is written down.
    pub(crate) fn note_exit(&mut self, state: &mut State, block: BlockId, cond: Value) {
        if !self.settled || !self.loops.leaving.contains(block) {
            return;
        }
        let now = self.decides(state, cond);
        let known = self.exits_by.entry(block).or_insert(now);
        *known = match (*known, now) {
            (Decides::Other, _) | (_, Decides::Other) => Decides::Other,
            (Decides::Data(taint), _) | (_, Decides::Data(taint)) => Decides::Data(taint),
            (Decides::Call, Decides::Call) => Decides::Call,
        };
    }

    fn decides(&mut self, state: &mut State, cond: Value) -> Decides {
        let mut pending = vec![cond];
        let mut called = false;
        for _ in 0..12 {
            let Some(at) = pending.pop() else { break };
            match self.function.op(at) {
                Op::Memory(MemoryOp::Compare { left, right, .. }) => {
                    pending.extend([*left, *right]);
                    continue;
                }
                Op::Memory(MemoryOp::Convert { value, .. }) => {
                    pending.push(*value);
                    continue;
                }
                Op::Const(_) => continue,
                Op::Call { .. } => called = true,
                _ => {}
            }
            match self.val(state, at) {
                Val::Num(form) => {
                    let Some(taint) = self.names.taint(&form) else {
                        if matches!(self.function.op(at), Op::Call { .. }) {
                            continue;
                        }
                        return Decides::Other;
                    };
                    let free = self.is_unbounded(state, &form)
                        || form.times(-1).is_some_and(|negated| self.is_unbounded(state, &negated));
                    return if free { Decides::Data(taint) } else { Decides::Other };
                }
                _ if matches!(self.function.op(at), Op::Call { .. }) => {}
                _ => return Decides::Other,
            }
        }
        if called && pending.is_empty() { Decides::Call } else { Decides::Other }
    }

    /// Whether an address moves with a loop that turns as often as some number says that is not known here. That its bounds are
    /// left in a late turn does not say that there is such a turn.
    pub(crate) fn moves_with_loop(&self, address: Value) -> bool {
        let mut at = address;
        for _ in 0..32 {
            match self.function.op(at) {
                Op::Memory(MemoryOp::Offset { base, index, .. }) => {
                    if self.is_counted_to_unknown(*index) {
                        return true;
                    }
                    at = *base;
                }
                Op::Memory(MemoryOp::Member { base, .. }) => at = *base,
                Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
                _ => return self.is_counted_to_unknown(at),
            }
        }
        false
    }

    /// Whether a load tests what an address leads to that goes backwards in a loop, and nothing but such tests ends the loop.
    pub(crate) fn scans_backwards(&self, load: Value, address: Value) -> bool {
        let Some(phi) = self.moved(address) else { return false };
        let Some(Some(exits)) = self.loops.heads.get(&phi).and_then(|head| self.loops.exits.get(head)) else {
            return false;
        };
        let mut tests = Vec::new();
        self.goes_on(phi, false)
            && exits.iter().all(|block| match &self.function.blocks[*block].terminator {
                Terminator::Branch { cond, .. } => self.looks_at(*cond, phi, &mut tests),
                _ => false,
            })
            && tests.contains(&load)
    }

    /// Whether a test is about nothing but bytes that an address leads to which a loop moves; the loads of such bytes.
    fn looks_at(&self, cond: Value, phi: Value, loads: &mut Vec<Value>) -> bool {
        let mut pending = vec![cond];
        let before = loads.len();
        for _ in 0..12 {
            let Some(at) = pending.pop() else { return loads.len() > before };
            match self.function.op(at) {
                Op::Memory(MemoryOp::Compare { left, right, .. }) => pending.extend([*left, *right]),
                Op::Memory(MemoryOp::Convert { value, .. }) => pending.push(*value),
                Op::Const(_) => {}
                Op::Memory(MemoryOp::Load { from, .. }) if self.moved(*from) == Some(phi) => loads.push(at),
                _ => return false,
            }
        }
        false
    }

    /// What a loop puts together at its head that an address is, give or take a constant.
    fn moved(&self, address: Value) -> Option<Value> {
        let mut at = stripped(self.function, address);
        for _ in 0..4 {
            match self.function.op(at) {
                Op::Phi(_) => return Some(at),
                Op::Memory(MemoryOp::Offset { base, index, .. })
                    if matches!(self.function.op(stripped(self.function, *index)), Op::Const(_)) =>
                {
                    at = stripped(self.function, *base);
                }
                _ => return None,
            }
        }
        None
    }

    /// Whether a value is counted by a loop that ends at something else than a constant.
    fn is_counted_to_unknown(&self, value: Value) -> bool {
        let Some(counter) = self.counter(value) else { return false };
        let Some(exits) = self.loops.heads.get(&counter).and_then(|head| self.loops.exits.get(head)) else {
            return false;
        };
        exits.iter().flatten().any(|block| {
            let Terminator::Branch { cond, .. } = &self.function.blocks[*block].terminator else { return false };
            let Op::Memory(MemoryOp::Compare { left, right, .. }) = self.function.op(stripped(self.function, *cond))
            else {
                return false;
            };
            let constant = |value: Value| matches!(self.function.op(stripped(self.function, value)), Op::Const(_));
            let counts = |value: Value| self.counter(value) == Some(counter);
            counts(*left) && !constant(*right) || counts(*right) && !constant(*left)
        })
    }

    /// Whether each turn leaves what is put together at a loop's head as it is, or moves it that way by a constant.
    fn goes_on(&self, phi: Value, up: bool) -> bool {
        let mut pending = vec![(phi, 0_i64)];
        let mut seen: Vec<(Value, i64)> = Vec::new();
        let mut moved = false;
        while let Some((at, by)) = pending.pop() {
            if seen.len() > MAX_STEPS {
                return false;
            }
            if at == phi && !seen.is_empty() {
                if by != 0 && (by > 0) != up {
                    return false;
                }
                moved |= by != 0;
                continue;
            }
            if seen.contains(&(at, by)) {
                continue;
            }
            seen.push((at, by));
            match self.function.op(at) {
                Op::Phi(inputs) => pending.extend(inputs.iter().map(|(_, input)| (*input, by))),
                Op::Memory(MemoryOp::Convert { value, .. }) => pending.push((*value, by)),
                Op::Memory(MemoryOp::Arith { op: op @ (ArithOp::Add | ArithOp::Sub), left, right, .. }) => {
                    if let Op::Const(Const::Int(number)) = self.function.op(stripped(self.function, *right)) {
                        let number = number.signum();
                        pending.push((*left, by.saturating_add(if *op == ArithOp::Add { number } else { -number })));
                    }
                }
                Op::Memory(MemoryOp::Offset { base, index, .. }) => {
                    if let Op::Const(Const::Int(number)) = self.function.op(stripped(self.function, *index)) {
                        pending.push((*base, by.saturating_add(number.signum())));
                    }
                }
                // Where it starts.
                _ => {}
            }
        }
        moved
    }

    /// What a loop counts that a value is, give or take a constant.
    pub(crate) fn counter(&self, value: Value) -> Option<Value> {
        let at = stripped(self.function, value);
        match self.function.op(at) {
            Op::Phi(_) => Some(at),
            Op::Memory(MemoryOp::Arith { op: ArithOp::Add | ArithOp::Sub, left, right, .. })
                if matches!(self.function.op(stripped(self.function, *right)), Op::Const(_)) =>
            {
                let inner = stripped(self.function, *left);
                matches!(self.function.op(inner), Op::Phi(_)).then_some(inner)
            }
            _ => None,
        }
    }

    /// Whether what a loop does here in each of its turns comes to the end of the bytes up to `end`, `width` at a time, on every
    /// call for which the loop turns at all.
    pub(crate) fn goes_through(&self, end: &Linear, width: &Linear) -> bool {
        let Some(head) = self.loops.every_turn.get(&self.block) else { return false };
        if !self.unavoidable.contains(*head) {
            return false;
        }
        end.terms.iter().any(|(var, k)| match self.names.origin(*var) {
            VarOrigin::Value(value) | VarOrigin::Offset(value, _) if self.loops.heads.get(&value) == Some(head) => {
                let Op::Phi(inputs) = self.function.op(value) else { return false };
                let step = inputs.iter().find_map(|(_, input)| moved(self.module, self.function, value, *input));
                step.is_some_and(|step| width.as_constant() == Some(step * i128::from(*k)) && step > 0)
            }
            _ => false,
        })
    }

    /// Whose data decides how often the loop turns that counts a variable, when nothing else does.
    pub(crate) fn counted_by(&self, state: &State, var: Var, up: bool) -> Option<TaintId> {
        let head = match self.names.origin(var) {
            VarOrigin::Value(value) | VarOrigin::Offset(value, _) => {
                let head = *self.loops.heads.get(&value)?;
                if !self.goes_on(value, up) {
                    return None;
                }
                head
            }
            VarOrigin::Cell(block, _) | VarOrigin::CellOffset(block, ..) => block,
            _ => return None,
        };
        let range = state.numbers.range(var);
        if (if up { range.hi_why } else { range.lo_why }) < Why::Widened {
            return None;
        }
        let mut by = None;
        for block in self.loops.exits.get(&head)?.as_ref()? {
            match self.exits_by.get(block)? {
                Decides::Data(taint) => by = by.or(Some(*taint)),
                Decides::Call => {}
                Decides::Other => return None,
            }
        }
        by
    }
}
