//! Memory safety of programs in C and C++: whether what is read and written lies in its object, whether the object is
//! still there, and whether numbers on the way to sizes and indexes are what they seem.
//!
//! The analysis is an abstract interpretation of the typed memory layer ([`assay_ir::MemoryOp`]):
//!
//! - `linear` and `numbers`: numbers are linear forms over variables, with ranges and inequalities between them;
//! - `value` and `state`: addresses are objects with offsets; places, objects and strings have states, which meet where
//!   control does (`meet`) and are kept apart while they differ in more than numbers (`apart`);
//! - `analyzer` runs one function to a fixpoint, `liveness` says which values are of use where; `eval` says what instructions mean: `arithmetic`, `addresses`, `places` (loads and
//!   stores), `reach` (what code that is not seen may change), `refine` (tests);
//! - `sums` keeps what stays the same where two numbers change together, `turns` says who decides how often a loop turns, and
//!   `readers` which code that is not seen brings data in, and `allocators` which gives blocks;
//! - `lengths` says which numbers that callers pass are looked at, and `texts` is about strings that are read byte by byte, `ways` about what was found out on the way;
//! - `access` (bounds), `lifetimes` (null, given back, lost), `amounts` (sizes, divisors, shifts) and `chosen` (numbers that came in as such)
//!   judge what is done;
//! - `settings`: calls that set something wrong, results that nothing looks at, and functions that never come back;
//! - `calls`, `needs`, `returns` and `translate` are about functions of the program, `library_calls`, `demands`, `effects` and `printing` about those of
//!   the library;
//! - `summary` and `exits`: functions are analysed callees first, and tell callers what they need, how they return and what
//!   they did;
//! - `program` puts the units together by the names that the linker would use, `library` holds what the C library does.
//!
//! What is assumed: parameters of a function do not overlap; what a parameter leads to is changed by nobody else; sums of
//! numbers that nobody outside controls do not overflow; a call through a pointer reaches the functions that are stored in
//! the member that it reads, as far as there are any.

mod access;
mod addresses;
mod allocators;
mod amounts;
mod analyzer;
mod apart;
mod arithmetic;
mod calls;
mod chosen;
mod clearing;
#[cfg(test)]
mod concrete;
mod constants;
mod containers;
mod demands;
mod effects;
mod eval;
mod exits;
mod facts;
mod formats;
mod globals;
mod lengths;
mod library;
mod library_calls;
mod lifetimes;
mod linear;
mod liveness;
mod meet;
mod members;
mod names;
mod needs;
mod numbers;
mod outside;
mod places;
mod printing;
mod program;
mod python;
mod reach;
mod readers;
mod refine;
mod report;
mod returns;
mod rows;
mod settings;
mod state;
mod summary;
mod sums;
mod texts;
mod translate;
mod turns;
mod value;
mod ways;

pub use program::{FuncId, GlobalId, Program, Unit};
pub use python::Method;
pub use report::{Defect, Finding, Note, NoteKind, Problem, Site, SiteKind};
pub use value::SourceKind;

use crate::analyzer::{Analyzer, Context, Outcome, Slots};
use crate::outside::{Given, Passed, Way};
use crate::program::Slot;
use crate::summary::{Elsewhere, Summary};
use assay_index::{FxHashMap, FxHashSet, Idx, IndexVec};
use assay_ir::FunctionId;
use assay_text::Span;
use assay_text::limits::MAX_MEMORY_ROUNDS;
use std::collections::hash_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the analysis of a program found out.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Every place that was looked at, by function and place.
    pub sites: Vec<Site>,
    /// Functions whose analysis took too many steps.
    pub cut: Vec<FuncId>,
    /// Functions on which the analysis itself failed.
    pub failed: Vec<FuncId>,
    /// How many functions there are.
    pub functions: usize,
}

impl Program<'_> {
    /// The unit of a function, by its number, and the function in it.
    pub fn location(&self, f: FuncId) -> (usize, FunctionId) {
        self.functions[f]
    }

    /// The unit of that number.
    pub fn unit(&self, number: usize) -> Unit<'_> {
        self.units[number]
    }

    /// How many functions there are.
    pub fn function_count(&self) -> usize {
        self.functions.len()
    }
}

/// Analyses a program.
pub fn analyse(program: &Program<'_>) -> Analysis {
    let graph = program.call_graph();
    let order = assay_dataflow::components(&graph);
    let mut run = Run::new(program);
    for callee in graph.iter().flatten() {
        run.callers[*callee] += 1;
    }
    for component in &order {
        for f in component {
            run.analyse(*f);
        }
    }
    run.again(&order, &graph);
    run.finish(&graph)
}

fn unknown_summary() -> Summary {
    Summary { known: false, elsewhere: Elsewhere::Globals, calls_unknown: true, ..Summary::default() }
}

/// One run over a program.
struct Run<'p, 'a> {
    program: &'p Program<'a>,
    summaries: IndexVec<FuncId, Summary>,
    outcomes: IndexVec<FuncId, Option<Outcome>>,
    /// Members that untrusted data is stored in.
    tainted: Slots,
    /// The functions that store something in a member that is no constant.
    storing: FxHashMap<Slot, usize>,
    /// Those that store untrusted data there.
    filling: FxHashMap<Slot, FxHashSet<FuncId>>,
    /// Parameters that callers pass untrusted data by.
    passed: Passed,
    /// Those callers.
    passing: FxHashMap<Way, FxHashSet<FuncId>>,
    /// How many functions call each.
    callers: IndexVec<FuncId, usize>,
    failed: Vec<FuncId>,
}

impl<'p, 'a> Run<'p, 'a> {
    fn new(program: &'p Program<'a>) -> Self {
        Self {
            program,
            summaries: program.functions.iter().map(|_| unknown_summary()).collect(),
            outcomes: program.functions.iter().map(|_| None).collect(),
            tainted: Slots::default(),
            storing: program.storing(),
            filling: FxHashMap::default(),
            passed: Passed::default(),
            passing: FxHashMap::default(),
            callers: IndexVec::from_elem(0, program.functions.len()),
            failed: Vec::new(),
        }
    }

    fn analyse(&mut self, f: FuncId) {
        let cx =
            Context { program: self.program, summaries: &self.summaries, tainted: &self.tainted, passed: &self.passed };
        // A defect of the analysis costs this function, nothing else.
        match catch_unwind(AssertUnwindSafe(|| Analyzer::new(&cx, f).run())) {
            Ok(mut outcome) => {
                self.summaries[f] = std::mem::take(&mut outcome.summary);
                self.outcomes[f] = Some(outcome);
            }
            Err(_) => self.failed.push(f),
        }
    }

    /// Untrusted data that one function stores in a member is what others read there, and what it passes on is what its callees
    /// are given: those are analysed again, callers first, and then their callers as far as that changes what they mean.
    fn again(&mut self, order: &[Vec<FuncId>], graph: &IndexVec<FuncId, Vec<FuncId>>) {
        let mut changed: Vec<bool> = vec![false; graph.len()];
        let mut dirty = changed.clone();
        for _ in 0..MAX_MEMORY_ROUNDS {
            let seen = self.affected();
            for (dirty, seen) in dirty.iter_mut().zip(seen) {
                *dirty |= seen;
            }
            if !dirty.contains(&true) {
                break;
            }
            for f in order.iter().rev().flatten() {
                if !std::mem::take(&mut dirty[f.index()]) || self.failed.contains(f) {
                    continue;
                }
                changed[f.index()] |= self.analyse_again(*f);
                // What goes down is followed at once, what goes through members in the next round.
                let passed = self.outcomes[*f].as_mut().map(|outcome| std::mem::take(&mut outcome.passed));
                for (to, source) in passed.into_iter().flatten() {
                    dirty[to.0.index()] |= self.hand_on(*f, to, source);
                }
            }
        }
        for component in order {
            for f in component {
                let affected = graph[*f].iter().any(|callee| changed[callee.index()] && callee != f);
                if affected && !self.failed.contains(f) {
                    changed[f.index()] |= self.analyse_again(*f);
                }
            }
        }
    }

    /// Notes what a function passes on. Gives whether that is more than was known.
    fn hand_on(&mut self, from: FuncId, to: Way, mut given: Given) -> bool {
        // Who was passed it by few itself is none of those that pass it on.
        if !given.few {
            let passing = self.passing.entry(to).or_default();
            passing.insert(from);
            given.few = passing.len() * 2 < self.callers[to.0];
        }
        outside::add(&mut self.passed, to, given)
    }

    /// Analyses a function once more. Gives whether it means something else to its callers then.
    fn analyse_again(&mut self, f: FuncId) -> bool {
        let before = self.summaries[f].exits.clone();
        let needs = self.summaries[f].needs.len();
        self.analyse(f);
        self.summaries[f].exits != before || self.summaries[f].needs.len() != needs
    }

    /// Collects what is not to be trusted in members and parameters; the functions that see more of it than before.
    fn affected(&mut self) -> Vec<bool> {
        let mut dirty = vec![false; self.program.functions.len()];
        let mut members: FxHashSet<(String, String)> = FxHashSet::default();
        for f in self.program.functions.ids() {
            let Some(outcome) = self.outcomes[f].as_mut() else { continue };
            for (slot, source) in std::mem::take(&mut outcome.tainted) {
                let filling = self.filling.entry(slot.clone()).or_default();
                filling.insert(f);
                // What most functions set to something of the program's own is not what one of them took from outside.
                let most = filling.len() * 2 >= self.storing.get(&slot).copied().unwrap_or(0);
                match self.tainted.entry(slot) {
                    Entry::Vacant(entry) if most => {
                        members.insert(entry.key().clone());
                        entry.insert(source);
                    }
                    Entry::Vacant(_) => {}
                    Entry::Occupied(mut entry) => {
                        let (known, new) = (entry.get().range, source.range);
                        let wider = (known.0.min(new.0), known.1.max(new.1));
                        if wider != known {
                            members.insert(entry.key().clone());
                            entry.get_mut().range = wider;
                        }
                    }
                }
            }
            for (to, source) in std::mem::take(&mut outcome.passed) {
                dirty[to.0.index()] |= self.hand_on(f, to, source);
            }
        }
        if !members.is_empty() {
            for f in self.program.functions.ids() {
                dirty[f.index()] |= self.reads(f, &members);
            }
        }
        dirty
    }

    fn reads(&self, f: FuncId, members: &FxHashSet<(String, String)>) -> bool {
        let (unit, _) = self.program.functions[f];
        let function = self.program.function(f);
        let known = |slot| members.contains(&slot);
        function.insts.iter().any(|inst| self.program.named(unit, &inst.op).is_some_and(known))
    }

    /// Puts everything together. What a place needs of callers is safe when all of them are seen and see to it.
    fn finish(self, graph: &IndexVec<FuncId, Vec<FuncId>>) -> Analysis {
        let mut called: IndexVec<FuncId, bool> = IndexVec::from_elem(false, graph.len());
        for callees in graph {
            for callee in callees {
                called[*callee] = true;
            }
        }
        let mut good: FxHashMap<(FuncId, Span), bool> = FxHashMap::default();
        for outcome in self.outcomes.iter().flatten() {
            for (site, answer) in &outcome.answers {
                let known = good.entry(*site).or_insert(true);
                *known &= *answer;
            }
        }
        // Nobody answers for what is called from outside.
        for (f, summary) in self.summaries.iter_enumerated() {
            if called[f] && !self.program.address_taken[f.index()] && !self.program.external[f.index()] {
                continue;
            }
            for need in &summary.needs {
                if let Some(site) = need.site {
                    good.insert(site, false);
                }
            }
        }
        let mut sites = Vec::new();
        let mut cut = Vec::new();
        for (f, outcome) in self.outcomes.into_raw().into_iter().enumerate() {
            let Some(outcome) = outcome else { continue };
            if outcome.cut {
                cut.push(FuncId::new(f));
            }
            for mut site in outcome.sites {
                if let Finding::Callers(what) = &site.finding {
                    site.finding = match good.get(&(site.function, site.span)) {
                        Some(true) => Finding::Safe(format!("every call sees to it: {what}")),
                        _ => Finding::Open("depends-on-callers", what.clone()),
                    };
                }
                sites.push(site);
            }
        }
        Analysis { sites, cut, failed: self.failed, functions: graph.len() }
    }
}
