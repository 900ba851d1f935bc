//! What must have happened before an effect: which effects of an entry point no check of access comes before.
//!
//! - A *point* is a place in a function behind which something about the caller has been looked at: a guard in the body, a use
//!   of the caller's identity that ties what is done to them, or a call of a *checker*.
//! - A *checker* is a function every normal return of which lies behind a point; the project's own included.
//! - An effect is *open* in a function when no point dominates it. A call of a function with an open effect is open in the same
//!   way, so that a function has an open effect when one way through its calls reaches an effect and passes no check.
//!
//! Dominance takes the edges of handlers into account: a check in a `try` whose handler goes on dominates nothing behind it.
//! Which effects are open is found backwards from the effects over the calls, each call once; so the question *for all callers*
//! and the question *for one entry point* have the same answer.

use super::guards::{Guards, is_check};
use crate::code::Code;
use crate::effects::{Effect, Effects};
use assay_dataflow::{Dominators, Location, ValueBlocks};
use assay_index::{FxHashMap, IndexVec};
use assay_ir::{BlockId, Terminator, Value};
use assay_resolve::FuncId;

/// Targets of one call beyond which it says too little of what happens.
const MAX_TARGETS: usize = 4;
/// Calls between a function and the effect that is shown of it.
const MAX_WAY: u32 = 10;

/// How a function gets to an open effect.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// By itself.
    Effect(Effect),
    /// By a call of another function.
    Call(Value, FuncId),
}

/// The points of one function.
struct Points {
    dominators: Dominators,
    values: ValueBlocks,
    at: Vec<(Location, Value)>,
}

impl Points {
    fn new(code: &Code<'_>, f: FuncId) -> Self {
        let function = code.function(f);
        Self { dominators: Dominators::new(function), values: ValueBlocks::new(function), at: Vec::new() }
    }

    fn add(&mut self, value: Value) {
        if let Some(location) = self.values.after(value)
            && !self.at.iter().any(|(_, known)| *known == value)
        {
            self.at.push((location, value));
        }
    }

    /// The point that comes before a value on every way.
    fn before(&self, value: Value) -> Option<Value> {
        let location = self.values.location(value)?;
        self.at.iter().find(|(at, _)| self.dominators.dominates_location(*at, location)).map(|(_, v)| *v)
    }

    fn before_end_of(&self, code: &Code<'_>, f: FuncId, block: BlockId) -> Option<Value> {
        let end = Location::end(code.function(f), block);
        self.at.iter().find(|(at, _)| self.dominators.dominates_location(*at, end)).map(|(_, v)| *v)
    }
}

/// Which effects no check comes before.
pub(crate) struct Before {
    points: FxHashMap<FuncId, Points>,
    checkers: IndexVec<FuncId, bool>,
    open: IndexVec<FuncId, Option<(Way, u32)>>,
}

impl Before {
    pub(crate) fn new(code: &Code<'_>, guards: &Guards, effects: &Effects) -> Self {
        let functions = &code.res.program.functions;
        let mut this = Self {
            points: FxHashMap::default(),
            checkers: IndexVec::from_elem(false, functions.len()),
            open: IndexVec::from_elem(None, functions.len()),
        };
        this.find_checkers(code, guards);
        this.find_open(code, guards, effects);
        this
    }

    /// Whether every normal return of a function lies behind a check.
    pub(crate) fn is_checker(&self, f: FuncId) -> bool {
        self.checkers[f]
    }

    /// Whether a function can change something without a check in its body or in what it calls.
    pub(crate) fn is_open(&self, f: FuncId) -> bool {
        self.open[f].is_some()
    }

    /// The way from a function to the nearest change that no check comes before: calls, and the effect last.
    pub(crate) fn way(&self, f: FuncId) -> Vec<(FuncId, Value)> {
        let mut out = Vec::new();
        let mut at = f;
        while let Some((way, _)) = self.open[at]
            && out.len() <= MAX_WAY as usize
        {
            match way {
                Way::Effect(effect) => {
                    out.push((at, effect.at));
                    break;
                }
                Way::Call(call, target) => {
                    out.push((at, call));
                    at = target;
                }
            }
        }
        out
    }

    fn find_checkers(&mut self, code: &Code<'_>, guards: &Guards) {
        let mut work: Vec<FuncId> = Vec::new();
        for f in code.res.program.functions.ids() {
            let mut points = None;
            for event in guards.own(f) {
                if is_check(event.guard.kind) {
                    points.get_or_insert_with(|| Points::new(code, f)).add(event.at);
                }
            }
            if let Some(points) = points {
                self.points.insert(f, points);
                work.push(f);
            }
        }
        while let Some(f) = work.pop() {
            if self.checkers[f] || !self.returns_behind_point(code, f) {
                continue;
            }
            self.checkers[f] = true;
            for caller in code.callers(f) {
                let g = caller.function;
                let only = code.res.call(g, caller.call).is_some_and(|t| t.functions.len() == 1);
                if only && code.function(g).is_callable() && !code.in_test(g) {
                    self.points.entry(g).or_insert_with(|| Points::new(code, g)).add(caller.call);
                    work.push(g);
                }
            }
        }
    }

    fn returns_behind_point(&self, code: &Code<'_>, f: FuncId) -> bool {
        let Some(points) = self.points.get(&f) else { return false };
        let mut returns = code
            .function(f)
            .blocks
            .iter_enumerated()
            .filter(|(id, b)| matches!(b.terminator, Terminator::Return(_)) && points.dominators.is_reachable(*id))
            .peekable();
        returns.peek().is_some() && returns.all(|(id, _)| points.before_end_of(code, f, id).is_some())
    }

    fn is_behind_point(&self, f: FuncId, value: Value) -> bool {
        self.points.get(&f).is_some_and(|p| p.before(value).is_some())
    }

    fn find_open(&mut self, code: &Code<'_>, guards: &Guards, effects: &Effects) {
        let mut work: Vec<FuncId> = Vec::new();
        for f in code.res.program.functions.ids() {
            if code.in_test(f) || !code.function(f).is_callable() {
                continue;
            }
            let own = effects.of(f).iter().find(|e| e.changes() && !self.is_behind_point(f, e.at));
            if let Some(effect) = own {
                self.open[f] = Some((Way::Effect(*effect), 0));
                work.push(f);
            }
        }
        // Breadth first, so that each function is shown with its nearest effect.
        let mut next = 0;
        while let Some(&f) = work.get(next) {
            next += 1;
            let Some((_, length)) = self.open[f] else { continue };
            // What stands on a function is asked whoever calls it.
            if length >= MAX_WAY || guards.on(f).iter().any(|g| is_check(g.kind)) {
                continue;
            }
            for caller in code.callers(f) {
                let g = caller.function;
                let few = code.res.call(g, caller.call).is_some_and(|t| t.functions.len() <= MAX_TARGETS);
                if self.open[g].is_none()
                    && few
                    && !code.in_test(g)
                    && code.function(g).is_callable()
                    && !self.is_behind_point(g, caller.call)
                {
                    self.open[g] = Some((Way::Call(caller.call, f), length + 1));
                    work.push(g);
                }
            }
        }
    }
}
