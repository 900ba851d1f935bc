//! Which states are kept apart where control meets, and which of them are joined when there are too many.

use crate::analyzer::Analyzer;
use crate::meet::Widening;
use crate::state::{State, VarOrigin};
use crate::value::Val;
use assay_ir::{BlockId, Terminator, Value};
use assay_text::limits::MEMORY_WIDENING_DELAY;

impl Analyzer<'_, '_> {
    /// Adds a state to those of a block: to one of the same shape, or as a further one.
    pub(crate) fn insert_state(&mut self, states: &mut Vec<State>, state: State, block: BlockId) {
        let returns = match &self.function.blocks[block].terminator {
            Terminator::Return(value) => Some(*value),
            _ => None,
        };
        // Ways of returning are told apart by the sign of the result, too.
        let constant = |state: &State| match returns.and_then(|value| state.get(value)) {
            Some(Val::Num(form)) => {
                let range = state.numbers.interval(form);
                match (range.lo, range.hi) {
                    (0, 0) => Some(0),
                    (1.., _) => Some(1),
                    (_, ..=-1) => Some(-1),
                    _ => state.numbers.nonzero().contains(form).then_some(2),
                }
            }
            _ => None,
        };
        let zeros = if self.few_params { self.zero_params(&state) } else { 0 };
        let same = states.iter().position(|s| {
            s.same_shape(&state, &self.names)
                && constant(s) == constant(&state)
                && (!self.few_params || zeros == self.zero_params(s))
        });
        let at = match same {
            Some(at) => at,
            None if states.len() < self.max_states => {
                states.push(state);
                return;
            }
            None => {
                states.push(state);
                self.make_room(states, block);
                return;
            }
        };
        let known = std::mem::take(&mut states[at]);
        states[at] = known.join(state, block, &mut self.names);
    }

    /// Joins two states, so that there is one less: such in which the same objects have been given back, as far as there are any.
    pub(crate) fn make_room(&mut self, states: &mut Vec<State>, block: BlockId) {
        let Some(last) = states.pop() else { return };
        let same = states.iter().rposition(|known| known.same_lives(&last));
        if let Some(at) = same.or_else(|| states.len().checked_sub(1).filter(|_| !self.joins_alike(states, block))) {
            let known = std::mem::take(&mut states[at]);
            states[at] = known.join(last, block, &mut self.names);
        } else {
            states.push(last);
        }
    }

    /// Joins two states in which the same objects have been given back. False when there are none.
    fn joins_alike(&mut self, states: &mut Vec<State>, block: BlockId) -> bool {
        for at in (1..states.len()).rev() {
            let Some(before) = states[..at].iter().rposition(|known| known.same_lives(&states[at])) else { continue };
            let last = states.remove(at);
            let known = std::mem::take(&mut states[before]);
            states[before] = known.join(last, block, &mut self.names);
            return true;
        }
        false
    }

    /// The parameters that are zero in a state: what is done for nothing at all is told apart from the rest.
    fn zero_params(&self, state: &State) -> u32 {
        let zero = |value: &Value| {
            let Some(var) = self.names.known_var(VarOrigin::Value(*value)) else { return false };
            let range = state.numbers.range(var);
            range.lo == 0 && range.hi == 0
        };
        self.params.iter().enumerate().map(|(at, value)| u32::from(zero(value)) << at).sum()
    }

    /// Puts what comes into a loop's head together with what was known there.
    pub(crate) fn merge_header(
        &mut self,
        block: BlockId,
        old: &[State],
        incoming: Vec<State>,
        turns: usize,
    ) -> Vec<State> {
        let mut out: Vec<State> = old.to_vec();
        for state in incoming {
            let same = out.iter().position(|s| s.same_shape(&state, &self.names));
            let at = match same {
                Some(at) => at,
                None if out.len() < self.max_states.min(3) => {
                    out.push(state);
                    continue;
                }
                None => out.len() - 1,
            };
            let known = std::mem::take(&mut out[at]);
            out[at] = if turns > MEMORY_WIDENING_DELAY {
                // A few steps from threshold to threshold, then as far as it goes.
                let to = Widening { thresholds: &self.thresholds, far: turns > MEMORY_WIDENING_DELAY * 3 };
                known.widen(state, block, to, &mut self.names)
            } else {
                known.join(state, block, &mut self.names)
            };
        }
        out
    }
}
