//! What must have happened before an effect: which effects of an entry point no check of access comes before.
//!
//! - A *point* is a place in a function behind which something about the caller has been looked at: a guard in the body, a use
//!   of the caller's identity that ties what is done to them, or a call of a *checker*.
//! - A *checker* is a function every normal return of which lies behind a point; the project's own included.
//! - An effect is *open* in a function when some way from its start through the effect to a normal return passes no point: none
//!   dominates it, and none must come after it. What is loaded to be checked then is not open. A call of a function with an open
//!   effect is open in the same way, so that a function has an open effect when one way through its calls passes no check.
//!
//! Dominance takes the edges of handlers into account: a check in a `try` whose handler goes on dominates nothing behind it.
//! Which effects are open is found backwards from the effects over the calls, each call once; so the question *for all callers*
//! and the question *for one entry point* have the same answer.

use super::guards::{Guards, is_check};
use crate::code::Code;
use crate::effects::{Effect, Effects};
use assay_dataflow::{Dominators, Handler, HandlerEnd, Location, UseList, ValueBlocks};
use assay_index::{BitSet, FxHashMap, Idx, IndexVec};
use assay_ir::{BlockId, Op, Terminator, Value};
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
    /// Those that are calls which are there to check and whose result nobody looks at: they refuse by an error.
    raising: Vec<Value>,
}

impl Points {
    fn new(code: &Code<'_>, f: FuncId) -> Self {
        let function = code.function(f);
        Self {
            dominators: Dominators::new(function),
            values: ValueBlocks::new(function),
            at: Vec::new(),
            raising: Vec::new(),
        }
    }

    fn add(&mut self, value: Value) {
        if let Some(location) = self.values.after(value)
            && !self.at.iter().any(|(_, known)| *known == value)
        {
            self.at.push((location, value));
        }
    }

    /// Whether a point comes before a value on every way: one that dominates it, or several that cover all ways together.
    fn before(&self, code: &Code<'_>, f: FuncId, value: Value) -> bool {
        let Some(location) = self.values.location(value) else { return false };
        self.before_location(code, f, location)
    }

    fn before_location(&self, code: &Code<'_>, f: FuncId, location: Location) -> bool {
        self.at.iter().any(|(at, _)| self.dominators.dominates_location(*at, location))
            || self.at.len() > 1 && !self.avoids_before(code, f, location.block)
    }

    /// Whether a way leads from the start of the function to a block that passes no point. A point in a `try` may be where the
    /// error arises that the handler takes.
    fn avoids_before(&self, code: &Code<'_>, f: FuncId, block: BlockId) -> bool {
        let function = code.function(f);
        let start = BlockId::new(0);
        let mut seen = BitSet::new();
        seen.insert(start);
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if at == block {
                return true;
            }
            let mut go = |to: BlockId| {
                if seen.insert(to) {
                    open.push(to);
                }
            };
            if let Some(handler) = function.blocks[at].handler {
                go(handler);
            }
            if !self.at.iter().any(|(point, _)| point.block == at) {
                function.blocks[at].terminator.for_each_target(go);
            }
        }
        false
    }

    /// Whether a way leads from a value to a normal return that passes no point.
    fn avoids_after(&self, code: &Code<'_>, f: FuncId, value: Value) -> bool {
        let Some(start) = self.values.location(value) else { return true };
        let function = code.function(f);
        let passes = |block: BlockId, from: u32| self.at.iter().any(|(at, _)| at.block == block && at.index >= from);
        let mut seen = BitSet::new();
        let mut open = vec![start.block];
        let mut first = true;
        while let Some(block) = open.pop() {
            let from = if first { start.index } else { 0 };
            first = false;
            if passes(block, from) {
                continue;
            }
            let terminator = &function.blocks[block].terminator;
            if matches!(terminator, Terminator::Return(_)) {
                return true;
            }
            terminator.for_each_target(|to| {
                if seen.insert(to) {
                    open.push(to);
                }
            });
            if let Some(handler) = function.blocks[block].handler
                && seen.insert(handler)
            {
                open.push(handler);
            }
        }
        false
    }

    /// The blocks that control gets to from where a handler goes on without passing a point.
    fn unchecked_behind(&self, code: &Code<'_>, f: FuncId, handler: &Handler) -> Vec<BlockId> {
        let function = code.function(f);
        let goes_on = |end: &HandlerEnd| match end {
            HandlerEnd::Goes(_, to) => Some(*to),
            _ => None,
        };
        let mut open: Vec<BlockId> = handler.ends.iter().filter_map(goes_on).collect();
        let mut seen = handler.blocks.clone();
        seen.extend(&handler.tried);
        let mut out = Vec::new();
        while let Some(block) = open.pop() {
            if seen.contains(&block) || self.at.iter().any(|(at, _)| at.block == block) {
                continue;
            }
            seen.push(block);
            out.push(block);
            function.blocks[block].terminator.for_each_target(|to| open.push(to));
        }
        out
    }

    fn before_end_of(&self, code: &Code<'_>, f: FuncId, block: BlockId) -> bool {
        self.before_location(code, f, Location::end(code.function(f), block))
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

    /// What comes although a check before it may have failed: the check and the first change that control gets to from
    /// where a handler goes on. The handler is one that takes the error of the check.
    pub(crate) fn undone_by(
        &self,
        code: &Code<'_>,
        effects: &Effects,
        f: FuncId,
        handler: &Handler,
    ) -> Option<(Value, Value)> {
        let points = self.points.get(&f)?;
        let tried = |v: Value| points.values.block(v).is_some_and(|b| handler.tried.contains(&b));
        let check = points.raising.iter().find(|v| tried(**v))?;
        let function = code.function(f);
        let reached = points.unchecked_behind(code, f, handler);
        let opens = |call: Value| {
            code.res.call(f, call).is_some_and(|t| {
                t.functions.len() <= MAX_TARGETS && t.functions.iter().any(|t| self.open[t.function].is_some())
            })
        };
        let own = |v: Value| effects.of(f).iter().any(|e| e.changes() && e.at == v);
        let behind = reached.iter().flat_map(|b| &function.blocks[*b].insts).copied();
        let change = behind.filter(|v| own(*v) || opens(*v)).filter(|v| !points.before(code, f, *v)).min()?;
        Some((*check, change))
    }

    /// Whether every way from where a handler goes on to a normal return passes another check.
    pub(crate) fn checked_behind(&self, code: &Code<'_>, f: FuncId, handler: &Handler) -> bool {
        let goes = handler.ends.iter().all(|end| matches!(end, HandlerEnd::Goes(..)));
        goes && self.points.get(&f).is_some_and(|points| {
            let returns = |b: &BlockId| matches!(code.function(f).blocks[*b].terminator, Terminator::Return(_));
            !points.unchecked_behind(code, f, handler).iter().any(returns)
        })
    }

    fn find_checkers(&mut self, code: &Code<'_>, guards: &Guards) {
        let mut work: Vec<FuncId> = Vec::new();
        for f in code.res.program.functions.ids() {
            let mut points: Option<Points> = None;
            for event in guards.own(f).iter().filter(|e| is_check(e.guard.kind)) {
                let points = points.get_or_insert_with(|| Points::new(code, f));
                points.add(event.at);
                if event.guard.explicit && matches!(code.op(f, event.at), Op::Call { .. }) {
                    points.raising.push(event.at);
                }
            }
            if let Some(points) = points.as_mut().filter(|p| !p.raising.is_empty()) {
                let uses = UseList::new(code.function(f));
                points.raising.retain(|call| !uses.is_used(*call));
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
        returns.peek().is_some() && returns.all(|(id, _)| points.before_end_of(code, f, id))
    }

    /// Whether every way through a value to a normal return passes a point.
    fn passes_point(&self, code: &Code<'_>, f: FuncId, value: Value) -> bool {
        self.checkers[f]
            || self.points.get(&f).is_some_and(|p| p.before(code, f, value) || !p.avoids_after(code, f, value))
    }

    fn find_open(&mut self, code: &Code<'_>, guards: &Guards, effects: &Effects) {
        let mut work: Vec<FuncId> = Vec::new();
        for f in code.res.program.functions.ids() {
            if code.in_test(f) || !code.function(f).is_callable() {
                continue;
            }
            let own = effects.of(f).iter().find(|e| e.changes() && !self.passes_point(code, f, e.at));
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
                    && !self.passes_point(code, g, caller.call)
                {
                    self.open[g] = Some((Way::Call(caller.call, f), length + 1));
                    work.push(g);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::harness::examine;
    use assay_finding::Outcome;

    /// The reason's code of each entry point, by line.
    fn entries(text: &str) -> Vec<(u32, Outcome, String)> {
        let sites = examine(&[("app", text)]).into_iter().filter(|s| s.check == "missing-authorization");
        sites.map(|s| (s.line, s.outcome, s.code)).collect()
    }

    const HEAD: &str = r"
from flask import Flask, abort, request
from werkzeug.exceptions import Forbidden
from .store import Session

app = Flask(__name__)
session = Session()


def require_admin():
    if not request.user.is_admin:
        raise Forbidden()


def require_sometimes(strict):
    if strict:
        require_admin()


def load(number):
    session.commit()
    return session.find(number)

";

    #[track_caller]
    fn outcome_of(body: &str, outcome: Outcome, code: &str) {
        let text = format!("{HEAD}\n@app.route('/thing/<int:number>', methods=['POST'])\n{body}");
        let line = HEAD.lines().count() as u32 + 3;
        let found = entries(&text);
        assert!(found.contains(&(line, outcome, code.to_owned())), "{found:?}");
    }

    #[test]
    fn a_check_before_the_change_covers_it() {
        let body = "def drop(number):\n    require_admin()\n    session.destroy(number)\n    return 'gone'\n";
        outcome_of(body, Outcome::Safe, "guarded-by");
    }

    #[test]
    fn what_is_loaded_to_be_checked_then_is_covered() {
        let body = "def drop(number):\n    found = load(number)\n    require_admin()\n    found.destroy()\n    return 'gone'\n";
        outcome_of(body, Outcome::Safe, "guarded-by");
    }

    #[test]
    fn checks_on_all_branches_cover_together() {
        let body = "def drop(number):\n    if request.args.get('all'):\n        require_admin()\n    else:\n        require_admin()\n    session.destroy(number)\n    return 'gone'\n";
        outcome_of(body, Outcome::Safe, "guarded-by");
    }

    #[test]
    fn a_branch_without_the_check_is_told() {
        let body = "def drop(number):\n    if request.args.get('strict'):\n        require_admin()\n    session.destroy(number)\n    return 'gone'\n";
        outcome_of(body, Outcome::NotObserved, "guarded-on-some-ways");
    }

    #[test]
    fn a_function_that_checks_on_some_ways_is_no_checker() {
        let body =
            "def drop(number):\n    require_sometimes(number > 3)\n    session.destroy(number)\n    return 'gone'\n";
        outcome_of(body, Outcome::NotObserved, "guarded-on-some-ways");
    }

    #[test]
    fn a_handler_that_goes_on_undoes_the_check() {
        let body = "def drop(number):\n    try:\n        require_admin()\n    except Exception:\n        pass\n    session.destroy(number)\n    return 'gone'\n";
        outcome_of(body, Outcome::NotObserved, "guarded-on-some-ways");
    }

    #[test]
    fn what_never_returns_refuses() {
        outcome_of("def drop(number):\n    raise NotImplementedError()\n", Outcome::Safe, "refuses");
    }

    /// Whether the handler in line `line` of the body is reported to let through.
    #[track_caller]
    fn lets_through(body: &str, line: u32, expected: bool) {
        let text = format!("{HEAD}\n@app.route('/thing/<int:number>', methods=['POST'])\n{body}");
        let line = HEAD.lines().count() as u32 + 2 + line;
        let found = crate::harness::reported(&text);
        assert_eq!(found.contains(&(line, "fail-open".to_owned())), expected, "{found:?}");
    }

    #[test]
    fn a_handler_that_goes_on_to_the_change_lets_through() {
        let body = "def drop(number):\n    try:\n        check_permission(number)\n    except Exception as error:\n        log.warning(error)\n    session.destroy(number)\n    return 'gone'\n";
        lets_through(body, 4, true);
    }

    #[test]
    fn a_handler_behind_which_another_check_comes_does_not() {
        let body = "def drop(number):\n    try:\n        check_permission(number)\n    except Exception as error:\n        log.warning(error)\n    require_admin()\n    session.destroy(number)\n    return 'gone'\n";
        lets_through(body, 4, false);
    }

    #[test]
    fn a_handler_that_takes_other_errors_than_the_refusal_does_not() {
        let body = "def drop(number):\n    try:\n        check_permission(number)\n    except KeyError as error:\n        log.warning(error)\n    session.destroy(number)\n    return 'gone'\n";
        lets_through(body, 4, false);
    }

    #[test]
    fn a_handler_that_ends_the_call_does_not() {
        let body = "def drop(number):\n    try:\n        check_permission(number)\n    except Exception as error:\n        log.warning(error)\n        return 'refused', 403\n    session.destroy(number)\n    return 'gone'\n";
        lets_through(body, 4, false);
    }
}
