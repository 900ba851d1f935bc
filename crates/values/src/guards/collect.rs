//! Collection of facts from the conditions of branches.
//!
//! A condition is *assumed* true or false. Assuming goes through negation, comparisons, calls and phis:
//! a phi that is true was entered by one of the edges whose value can be true, and what holds on
//! that edge holds too. Where several edges remain, a value that is tested on each
//! of them gets a [`Test::OneOf`].

use super::{ArgumentRef, At, CharClass, GuardFact, MatchMethod, Test, Via};
use crate::{Callee, Context, KeyTable, keys::is_load};
use assay_dataflow::{Dominators, Predecessors, ValueBlocks};
use assay_index::{FxHashSet, Idx, IndexVec};
use assay_ir::{Arg, ArgKind, BinaryOp, BlockId, Const, Op, Piece, Terminator, UnaryOp, Value};

/// Operations between a tested value and what it is made from.
const MAX_VIA: usize = 8;
/// Facts that one test gives.
const MAX_FACTS_PER_TEST: usize = 12;
/// Assumptions that one condition leads to.
const MAX_ASSUMPTIONS: u32 = 96;
/// Nested phis and negations.
const MAX_DEPTH: u32 = 8;
/// Facts within one [`Test::OneOf`], all levels counted.
const MAX_WEIGHT: usize = 120;
/// Edges into a block that are compared.
const MAX_ALTERNATIVES: usize = 12;

/// What the conditions of a function's branches say about its values, in the order of the code.
pub fn guard_facts(cx: &Context<'_>, dominators: &Dominators, places: &ValueBlocks, keys: &KeyTable) -> Vec<GuardFact> {
    let mut collector = Collector::new(cx, dominators, places, keys);
    if collector.arms.iter().all(Option::is_none) {
        return Vec::new();
    }
    collector.run();
    collector.out
}

/// What follows where `value` counts as true, or as false: of a returned value it is what a caller learns by
/// testing the result. The facts are placed at `at`; what is known there anyway is not repeated.
pub fn assumed(
    cx: &Context<'_>,
    dominators: &Dominators,
    places: &ValueBlocks,
    keys: &KeyTable,
    value: Value,
    truth: bool,
    at: At,
) -> Vec<GuardFact> {
    let mut collector = Collector::new(cx, dominators, places, keys);
    collector.budget = MAX_ASSUMPTIONS;
    collector.assume(value, truth, at, MAX_DEPTH);
    collector.out
}

/// What is known about an argument, and what it is made from, after a call that raises unless the argument is
/// valid. Empty for an argument the call does not have.
pub fn after_call(
    cx: &Context<'_>,
    places: &ValueBlocks,
    keys: &KeyTable,
    call: Value,
    argument: ArgumentRef,
) -> Vec<GuardFact> {
    let mut out = Vec::new();
    if let (Some(value), Some(after)) = (argument.value(cx.function, call), places.after(call)) {
        derive(cx, keys, value, At::AfterCall(after), call, &Test::Returned { call, argument }, &mut out);
    }
    out
}

fn argument_ref(index: usize, arg: &Arg) -> Option<ArgumentRef> {
    match arg.kind {
        ArgKind::Positional => Some(ArgumentRef::Positional(index)),
        ArgKind::Keyword(name) => Some(ArgumentRef::Keyword(name)),
        ArgKind::Spread | ArgKind::KeywordSpread => None,
    }
}

/// Writes a fact for a tested value and for each value it is made from.
fn derive(
    cx: &Context<'_>,
    keys: &KeyTable,
    tested: Value,
    at: At,
    cond: Value,
    test: &Test,
    out: &mut Vec<GuardFact>,
) {
    let limit = out.len() + MAX_FACTS_PER_TEST;
    let mut walk = Derive { cx, keys, at, cond, test, out, limit, steps: Via::new() };
    walk.value(tested);
}

struct Derive<'a, 'c> {
    cx: &'a Context<'c>,
    keys: &'a KeyTable,
    at: At,
    cond: Value,
    test: &'a Test,
    out: &'a mut Vec<GuardFact>,
    limit: usize,
    /// From the tested value back to the current one.
    steps: Via,
}

impl Derive<'_, '_> {
    fn value(&mut self, value: Value) {
        let value = self.cx.plain(value);
        let value = or_constant(self.cx, value).unwrap_or(value);
        let op = self.cx.op(value);
        if self.out.len() >= self.limit || is_constant_like(op) {
            return;
        }
        // That something is set says nothing about the object it is an attribute of.
        let weak = matches!(self.test, Test::Truthy { .. } | Test::IsNone { .. });
        if !weak || self.steps.is_empty() || self.steps.iter().any(|s| matches!(self.cx.op(*s), Op::Call { .. })) {
            self.out.push(GuardFact {
                key: self.keys.canonical(value),
                via: self.steps.iter().rev().copied().collect(),
                at: self.at,
                test: self.test.clone(),
                cond: self.cond,
            });
        }
        if self.steps.len() >= MAX_VIA {
            return;
        }
        self.steps.push(value);
        match op {
            Op::Attr(base, _) | Op::Unpack { base, .. } | Op::Item(base, _) if !is_instance_itself(self.cx, *base) => {
                self.value(*base);
            }
            Op::Await(inner) | Op::Unary(_, inner) => self.value(*inner),
            Op::Binary(_, a, b) | Op::InPlace(_, a, b) => {
                self.value(*a);
                self.value(*b);
            }
            Op::Collection(_, elements) => elements.iter().take(4).for_each(|e| self.value(e.value)),
            Op::Format(pieces) => {
                for piece in pieces {
                    if let Piece::Hole { value, .. } = piece {
                        self.value(*value);
                    }
                }
            }
            Op::Call { func, args } => {
                if let Op::Attr(base, _) = self.cx.op(*func)
                    && !is_rooted_in_names(self.cx, *base)
                    && !is_instance_itself(self.cx, *base)
                {
                    self.value(*base);
                }
                args.iter().take(4).for_each(|a| self.value(a.value));
            }
            _ => {}
        }
        self.steps.pop();
    }
}

/// The first part of `name or ""`: where the second counts, the first is empty, and harms nobody.
fn or_constant(cx: &Context<'_>, value: Value) -> Option<Value> {
    let Op::Phi(inputs) = cx.op(value) else { return None };
    let [first, second] = &inputs[..] else { return None };
    [(first, second), (second, first)].into_iter().find_map(|((block, given), (_, otherwise))| {
        let given = cx.plain(*given);
        let empty = matches!(cx.op(*otherwise), Op::Const(Const::None))
            || cx.string(*otherwise).is_some_and(|text| text.is_empty());
        if !empty || matches!(cx.op(given), Op::Const(_)) {
            return None;
        }
        // The way of the first part is the one on which it is true.
        let decides = |terminator: &Terminator| match terminator {
            Terminator::Branch { cond, then_to, .. } => then_to == block && cx.plain(*cond) == given,
            _ => false,
        };
        cx.function.blocks.iter().any(|block| decides(&block.terminator)).then_some(given)
    })
}

/// Values that no data flows into.
fn is_constant_like(op: &Op) -> bool {
    matches!(
        op,
        Op::Const(_)
            | Op::Undefined
            | Op::Import { .. }
            | Op::ImportFrom { .. }
            | Op::MakeFunction { .. }
            | Op::MakeClass { .. }
    )
}

/// Whether a value is the instance a method belongs to, about which a test of one attribute says nothing.
fn is_instance_itself(cx: &Context<'_>, value: Value) -> bool {
    match cx.op(value) {
        Op::Param(0) => {
            cx.function.class.is_some()
                && cx.function.params.first().is_some_and(|p| matches!(cx.text(p.name), "self" | "cls" | "mcs"))
        }
        _ => false,
    }
}

/// Whether a chain of attributes starts at a name of the module or an import.
fn is_rooted_in_names(cx: &Context<'_>, mut value: Value) -> bool {
    for _ in 0..8 {
        match cx.op(value) {
            Op::Attr(base, _) => value = *base,
            Op::Global(_) | Op::Import { .. } | Op::ImportFrom { .. } => return true,
            _ => return false,
        }
    }
    false
}

pub(super) struct Collector<'a, 'c> {
    pub(super) cx: &'a Context<'c>,
    dominators: &'a Dominators,
    places: &'a ValueBlocks,
    pub(super) keys: &'a KeyTable,
    /// For a block that an outcome of a condition leads to: the condition and the outcome.
    arms: IndexVec<BlockId, Option<(Value, bool)>>,
    out: Vec<GuardFact>,
    /// The phis that are being assumed, and what.
    assumed: Vec<(Value, bool)>,
    /// The blocks of phis whose outcome can only be left from an earlier round.
    cycles: Vec<BlockId>,
    budget: u32,
}

impl<'a, 'c> Collector<'a, 'c> {
    fn new(cx: &'a Context<'c>, dominators: &'a Dominators, places: &'a ValueBlocks, keys: &'a KeyTable) -> Self {
        let blocks = &cx.function.blocks;
        let mut arms = IndexVec::from_elem(None, blocks.len());
        for block in blocks {
            if let Terminator::Branch { cond, then_to, else_to } = block.terminator
                && then_to.index() < blocks.len()
                && else_to.index() < blocks.len()
            {
                arms[then_to] = Some((cond, true));
                arms[else_to] = Some((cond, false));
            }
        }
        Self { cx, dominators, places, keys, arms, out: Vec::new(), assumed: Vec::new(), cycles: Vec::new(), budget: 0 }
    }

    fn run(&mut self) {
        let predecessors = Predecessors::new(self.cx.function);
        // The facts of each block that are known at its start and not at its dominator's.
        let mut ranges: IndexVec<BlockId, (usize, usize)> = IndexVec::from_elem((0, 0), self.cx.function.blocks.len());
        for &block in self.dominators.reverse_postorder() {
            let start = self.out.len();
            if let Some((cond, truth)) = self.arms[block] {
                self.budget = MAX_ASSUMPTIONS;
                self.cycles.clear();
                self.assume(cond, truth, At::Edge(block), MAX_DEPTH);
            } else {
                self.join(block, predecessors.of(block), &ranges);
            }
            ranges[block] = (start, self.out.len());
        }
        self.loops(&predecessors, &ranges);
    }

    /// What is known on every edge into a block.
    fn join(&mut self, block: BlockId, from: &[BlockId], ranges: &IndexVec<BlockId, (usize, usize)>) {
        if from.len() < 2 || from.len() > MAX_ALTERNATIVES {
            return;
        }
        let top = self.dominators.immediate_dominator(block);
        let mut alternatives: Vec<Vec<(usize, usize)>> = Vec::with_capacity(from.len());
        for &edge in from {
            if !self.dominators.is_reachable(edge) {
                continue;
            }
            let mut lists = Vec::new();
            let mut arms = self.dominators.ancestors(edge).take_while(|&b| Some(b) != top).filter_map(|b| self.arms[b]);
            if arms.any(|(cond, truth)| self.is_file_root(cond, truth)) {
                continue;
            }
            for above in self.dominators.ancestors(edge).take_while(|&b| Some(b) != top) {
                let (start, end) = ranges[above];
                if start < end {
                    lists.push((start, end));
                }
            }
            if lists.is_empty() {
                return;
            }
            alternatives.push(lists);
        }
        if alternatives.is_empty() {
            return;
        }
        let alternatives = alternatives
            .into_iter()
            .map(|lists| lists.into_iter().flat_map(|(a, b)| self.out[a..b].iter().cloned()).collect())
            .collect();
        self.one_of(alternatives, block, At::Edge(block));
    }

    /// Emits what each alternative says something about. `join` is the block where they meet.
    fn one_of(&mut self, mut alternatives: Vec<Vec<GuardFact>>, join: BlockId, at: At) {
        if alternatives.len() == 1 {
            let mut facts = alternatives.remove(0);
            facts.retain(|f| self.is_stable(f.key, join));
            self.out.extend(facts.into_iter().map(|f| GuardFact { at, ..f }));
            return;
        }
        let Some((first, rest)) = alternatives.split_first() else { return };
        let mut done = FxHashSet::default();
        let mut count = 0;
        for fact in first {
            let key = fact.key;
            if !done.insert(key)
                || !rest.iter().all(|facts| facts.iter().any(|f| f.key == key))
                || !self.is_stable(key, join)
            {
                continue;
            }
            count += 1;
            if count > MAX_FACTS_PER_TEST {
                break;
            }
            let about = || alternatives.iter().map(|facts| facts.iter().filter(|f| f.key == key));
            let heavy = about().flatten().map(weight).sum::<usize>() > MAX_WEIGHT;
            // Both outcomes of one test together say nothing.
            let both = alternatives.len() == 2
                && {
                    let mut all = about().flatten();
                    matches!((all.next(), all.next(), all.next()), (Some(a), Some(b), None) if a.cond == b.cond && a.via == b.via)
                };
            if heavy || both {
                continue;
            }
            let sets: Vec<Vec<GuardFact>> = alternatives
                .iter()
                .map(|facts| facts.iter().filter(|f| f.key == key).map(|f| GuardFact { at, ..f.clone() }).collect())
                .collect();
            self.out.push(GuardFact { key, via: Via::new(), at, cond: fact.cond, test: Test::OneOf(sets) });
        }
    }

    /// Whether a fact from before `join` is about the value that `key` has after it: in a loop, a
    /// value defined after the join is another one by then.
    fn is_stable(&self, key: Value, join: BlockId) -> bool {
        is_load(self.cx.function, self.cx.strings, key)
            || self.places.block(key).is_some_and(|b| b != join && self.dominators.dominates(b, join))
    }

    pub(super) fn emit(&mut self, tested: Value, at: At, cond: Value, test: &Test) {
        derive(self.cx, self.keys, tested, at, cond, test, &mut self.out);
    }

    /// Emits what follows from a condition's outcome; false when it can only have come about by a
    /// phi that is being assumed already.
    pub(super) fn assume(&mut self, cond: Value, truth: bool, at: At, depth: u32) -> bool {
        if self.budget == 0 || depth == 0 {
            return true;
        }
        self.budget -= 1;
        let cond = self.cx.plain(cond);
        match self.cx.op(cond) {
            Op::Unary(UnaryOp::Not, inner) => return self.assume(*inner, !truth, at, depth - 1),
            Op::Compare(op, left, right) => self.compare(cond, *op, *left, *right, truth, at, depth),
            Op::Call { .. } => self.call(cond, truth, at, depth),
            Op::Await(inner) => return self.assume(*inner, truth, at, depth - 1),
            Op::Phi(inputs) => return self.phi(cond, inputs, truth, at, depth),
            Op::Binary(BinaryOp::BitAnd, a, b) if truth => {
                self.assume(*a, true, at, depth - 1);
                self.assume(*b, true, at, depth - 1);
            }
            Op::Binary(BinaryOp::BitOr, a, b) if !truth => {
                self.assume(*a, false, at, depth - 1);
                self.assume(*b, false, at, depth - 1);
            }
            _ => self.emit(cond, at, cond, &Test::Truthy { positive: truth }),
        }
        true
    }

    fn phi(&mut self, phi: Value, inputs: &[(BlockId, Value)], truth: bool, at: At, depth: u32) -> bool {
        let Some(join) = self.places.block(phi) else { return true };
        if inputs.len() > MAX_ALTERNATIVES {
            return true;
        }
        let cycles = self.cycles.len();
        let top = self.dominators.immediate_dominator(join);
        let (mut alternatives, mut roots) = (Vec::new(), false);
        self.assumed.push((phi, truth));
        for &(from, value) in inputs {
            let path: Vec<(Value, bool)> = self
                .dominators
                .ancestors(from)
                .take_while(|&b| Some(b) != top)
                .filter_map(|b| self.arms.get(b).copied().flatten())
                .take(MAX_ALTERNATIVES)
                .collect();
            let wanted = self.without_not(value, truth);
            let contradicted = crate::constant_of(self.cx, value).and_then(|c| c.truth()).is_some_and(|t| t != truth)
                || path.iter().any(|&(cond, outcome)| {
                    let (cond, outcome) = self.without_not(cond, outcome);
                    cond == wanted.0 && outcome != wanted.1
                });
            // A phi within itself was first entered by one of its other edges.
            // In the root of the file system every path is within it.
            if self.is_file_root(value, truth) || path.iter().any(|(c, t)| self.is_file_root(*c, *t)) {
                roots = true;
                continue;
            }
            if contradicted || self.assumed.contains(&(self.cx.plain(wanted.0), wanted.1)) {
                continue;
            }
            let kept = std::mem::take(&mut self.out);
            let possible = self.assume(value, truth, at, depth - 1);
            for (cond, outcome) in path {
                if self.without_not(cond, outcome) != wanted {
                    self.assume(cond, outcome, at, depth - 1);
                }
            }
            let facts = std::mem::replace(&mut self.out, kept);
            if possible {
                alternatives.push(facts);
            }
        }
        self.assumed.pop();
        if alternatives.is_empty() && roots {
            return true;
        }
        if alternatives.is_empty() {
            self.cycles.push(join);
            return false;
        }
        // The outcome may be left from an earlier round of a loop: what has changed since is unknown.
        for i in cycles..self.cycles.len() {
            let head = self.cycles[i];
            for facts in &mut alternatives {
                facts.retain(|f| self.is_stable(f.key, head));
            }
        }
        self.one_of(alternatives, join, at);
        self.emit(phi, at, phi, &Test::Truthy { positive: truth });
        true
    }

    pub(super) fn without_not(&self, mut cond: Value, mut truth: bool) -> (Value, bool) {
        for _ in 0..64 {
            let Op::Unary(UnaryOp::Not, inner) = self.cx.op(cond) else { break };
            cond = *inner;
            truth = !truth;
        }
        (cond, truth)
    }

    pub(super) fn is_match(&self, call: Value) -> bool {
        regex_call(self.cx, &self.cx.callee(self.cx.plain(call))).is_some()
    }

    fn call(&mut self, call: Value, truth: bool, at: At, depth: u32) {
        let callee = self.cx.callee(call);
        // What the call gave is itself known to count as true or not.
        let key = self.keys.canonical(call);
        self.out.push(GuardFact { key, via: Via::new(), at, cond: call, test: Test::Truthy { positive: truth } });
        if let Some((text, test)) = Self::known_call(&callee, truth) {
            self.emit(text, at, call, &test);
            return;
        }
        if callee.is("bool")
            && let Some(inner) = callee.positional(0)
        {
            self.assume(inner, truth, at, depth - 1);
            return;
        }
        if callee.is_any(&["hmac.compare_digest", "secrets.compare_digest", "operator.eq"])
            && let (Some(a), Some(b)) = (callee.positional(0), callee.positional(1))
        {
            self.equality(call, a, b, truth, at, depth);
            return;
        }
        if let (Some("issubset"), true) = (callee.method, truth)
            && let (Some(set), Some(of)) = (callee.receiver, callee.positional(0))
            && let Some(text) = self.single_argument(set, &["set", "frozenset"])
        {
            self.each_member(text, set, of, at, call);
            return;
        }
        if (truth && callee.is("all") || !truth && callee.is("any"))
            && let Some(elements) = callee.positional(0)
            && self.quantified(call, elements, truth, at, depth)
        {
            return;
        }
        if let Some((text, test)) = regex_call(self.cx, &callee) {
            let Test::RegexMatch { pattern, flags, method, .. } = test else { return };
            self.emit(text, at, call, &Test::RegexMatch { pattern, flags, method, positive: truth });
            if callee.known.is_some() || callee.spelled.as_deref().is_some_and(|s| s.starts_with("re.")) {
                return;
            }
        }
        if let Some(receiver) = callee.receiver
            && !is_rooted_in_names(self.cx, receiver)
        {
            self.emit(receiver, at, call, &Test::Call { call, argument: ArgumentRef::Receiver, positive: truth });
        }
        for (i, arg) in callee.args.iter().enumerate() {
            if let Some(argument) = argument_ref(i, arg) {
                self.emit(arg.value, at, call, &Test::Call { call, argument, positive: truth });
            }
        }
    }

    /// A call of a well-known test: the tested value and what is known about it.
    fn known_call(callee: &Callee<'_>, positive: bool) -> Option<(Value, Test)> {
        if callee.is("isinstance") {
            let (tested, types) = (callee.positional(0)?, callee.positional(1)?);
            return Some((tested, Test::IsInstance { types, positive }));
        }
        if callee.is("operator.contains") {
            let (container, needle) = (callee.positional(0)?, callee.positional(1)?);
            return Some((needle, Test::Member { of: container, positive }));
        }
        let receiver = callee.receiver?;
        if callee.method == Some("is_relative_to") {
            return Some((receiver, Test::RelativeTo { base: callee.positional(0)?, positive }));
        }
        let method = callee.text_method()?;
        if let (Some(class), true) = (CharClass::from_method(method), callee.args.is_empty()) {
            return Some((receiver, Test::CharClass { class, positive }));
        }
        let first = callee.positional(0)?;
        match method {
            "startswith" => Some((receiver, Test::StartsWith { prefix: first, positive })),
            "endswith" => Some((receiver, Test::EndsWith { suffix: first, positive })),
            "__contains__" => Some((first, Test::Member { of: receiver, positive })),
            "count" => Some((receiver, Test::Contains { needle: first, positive })),
            _ => None,
        }
    }

    /// `all(test(c) for c in x)`, and `not any(…)`; whether it has this form.
    fn quantified(&mut self, call: Value, elements: Value, truth: bool, at: At, depth: u32) -> bool {
        let accumulated = self.cx.following(elements).enumerate().find_map(|(n, i)| match i.op {
            Op::Accumulate { into, key: None, value } if into == elements => {
                Some((Value::new(elements.index() + n), value))
            }
            _ => None,
        });
        let Some((place, test)) = accumulated else { return false };
        let kept = std::mem::take(&mut self.out);
        self.assume(test, truth, at, depth - 1);
        let facts = std::mem::replace(&mut self.out, kept);
        let mut found = false;
        for fact in &facts {
            let Some(element) = self.element_of(fact) else { continue };
            // A filter between the loop and the test would exempt elements from it.
            let head = self.places.block(element);
            let filtered = self.places.block(place).is_none_or(|block| {
                self.dominators
                    .ancestors(block)
                    .take_while(|&b| Some(b) != head)
                    .any(|b| self.arms.get(b).is_some_and(Option::is_some))
            });
            if !filtered {
                found = true;
                self.for_all(element, &facts, at, call);
                break;
            }
        }
        found
    }

    /// The element of a loop that a fact is about: its key, or what was looked for in its key.
    fn element_of(&self, fact: &GuardFact) -> Option<Value> {
        let is_element = |v: Value| matches!(self.cx.op(v), Op::Next(_)).then_some(v);
        is_element(fact.key).or_else(|| match fact.test {
            Test::Contains { needle, .. } => is_element(needle),
            _ => None,
        })
    }

    /// Emits what follows when `facts` hold for each value that `element` takes in its loop.
    fn for_all(&mut self, element: Value, facts: &[GuardFact], at: At, cond: Value) {
        let Op::Next(iterable) = self.cx.op(element) else { return };
        let each: Vec<GuardFact> = facts.iter().filter(|f| f.key == element).cloned().collect();
        if !each.is_empty() && each.iter().map(weight).sum::<usize>() <= MAX_WEIGHT {
            self.emit(*iterable, at, cond, &Test::Each(each));
        }
        let Some(head) = self.places.block(element) else { return };
        for fact in facts {
            let looked_for = matches!(fact.test, Test::Contains { needle, positive: false } if needle == element);
            if looked_for && fact.key != element && self.is_stable(fact.key, head) {
                self.out.push(GuardFact { at, ..fact.clone() });
            }
        }
    }

    /// What is known after a loop that leaves the function, or the loop, unless each element passes a test.
    fn loops(&mut self, predecessors: &Predecessors, ranges: &IndexVec<BlockId, (usize, usize)>) {
        for (head, block) in self.cx.function.blocks.iter_enumerated() {
            let Terminator::Choice(targets) = &block.terminator else { continue };
            let [body, exit] = targets[..] else { continue };
            let element = self
                .cx
                .function
                .blocks
                .get(body)
                .and_then(|b| b.insts.first().copied())
                .filter(|v| matches!(self.cx.op(*v), Op::Next(_)));
            let (Some(element), [_]) = (element, predecessors.of(exit)) else { continue };
            // What every way back to the head has passed.
            let mut common: Option<Vec<GuardFact>> = None;
            for &back in predecessors.of(head) {
                if !self.dominators.dominates(body, back) {
                    continue;
                }
                let passed = self
                    .dominators
                    .ancestors(back)
                    .take_while(|&b| b != body)
                    .flat_map(|b| self.out[ranges[b].0..ranges[b].1].iter())
                    .filter(|f| self.element_of(f) == Some(element));
                let facts: Vec<GuardFact> = match &common {
                    None => passed.cloned().collect(),
                    Some(before) => {
                        passed.filter(|f| before.iter().any(|b| b.key == f.key && b.test == f.test)).cloned().collect()
                    }
                };
                common = Some(facts);
            }
            let Some(facts) = common else { continue };
            if let Some(fact) = facts.first() {
                self.for_all(element, &facts, At::Edge(exit), fact.cond);
            }
        }
    }
}

/// A match against a regular expression: the text, and the test as if it succeeded.
fn regex_call(cx: &Context<'_>, callee: &Callee<'_>) -> Option<(Value, Test)> {
    let name = callee.path().map_or(callee.method, |p| p.rsplit('.').next());
    let method = match name? {
        "match" => MatchMethod::Match,
        "search" => MatchMethod::Search,
        "fullmatch" => MatchMethod::FullMatch,
        _ => return None,
    };
    let matched = |pattern, flags| Test::RegexMatch { pattern, flags, method, positive: true };
    if callee.path().is_some_and(|p| matches!(p, "re.match" | "re.search" | "re.fullmatch")) {
        let pattern = callee.argument(cx, 0, "pattern")?;
        let text = callee.argument(cx, 1, "string")?;
        return Some((text, matched(pattern, callee.argument(cx, 2, "flags"))));
    }
    if callee.known.is_some_and(|k| !k.starts_with("re.")) {
        return None;
    }
    let text = callee.positional(0).or_else(|| callee.keyword(cx, "string"))?;
    Some((text, matched(callee.receiver?, None)))
}

/// The number of facts that a fact holds, itself included.
fn weight(fact: &GuardFact) -> usize {
    1 + match &fact.test {
        Test::OneOf(sets) => sets.iter().flatten().map(weight).sum(),
        Test::Each(facts) => facts.iter().map(weight).sum(),
        _ => 0,
    }
}
