//! Memory safety of programs in C and C++: whether what is read and written lies in its object, whether the object is
//! still there, and whether numbers on the way to sizes and indexes are what they seem.
//!
//! The analysis is an abstract interpretation of the typed memory layer ([`assay_ir::MemoryOp`]):
//!
//! - `linear` and `numbers`: numbers are linear forms over variables, with ranges and inequalities between them;
//! - `value` and `state`: addresses are objects with offsets; places, objects and strings have states, which meet where
//!   control does and are kept apart while they differ in more than numbers;
//! - `analyzer` runs one function to a fixpoint; `eval` says what instructions mean: `arithmetic`, `addresses`, `places` (loads and
//!   stores), `reach` (what code that is not seen may change), `refine` (tests);
//! - `access` (bounds), `lifetimes` (null, given back, lost) and `amounts` (sizes, divisors, shifts) judge what is done;
//! - `calls` and `needs` are about functions of the program, `library_calls`, `demands`, `effects` and `printing` about those of
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
mod amounts;
mod analyzer;
mod arithmetic;
mod calls;
mod clearing;
#[cfg(test)]
mod concrete;
mod constants;
mod demands;
mod effects;
mod eval;
mod exits;
mod facts;
mod formats;
mod library;
mod library_calls;
mod lifetimes;
mod linear;
mod names;
mod needs;
mod numbers;
mod places;
mod printing;
mod program;
mod reach;
mod refine;
mod report;
mod state;
mod summary;
mod value;

pub use program::{FuncId, GlobalId, Program, Unit};
pub use report::{Defect, Finding, Note, NoteKind, Problem, Site, SiteKind};
pub use value::SourceKind;

use crate::analyzer::{Analyzer, Context, Outcome, Slots};
use crate::summary::Summary;
use assay_index::{FxHashMap, Idx, IndexVec};
use assay_ir::{FunctionId, MemoryOp, Op};
use assay_text::Span;
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
    let mut run = Run {
        program,
        summaries: program.functions.iter().map(|_| unknown_summary()).collect(),
        outcomes: program.functions.iter().map(|_| None).collect(),
        tainted: Slots::default(),
        failed: Vec::new(),
    };
    for component in &order {
        for f in component {
            run.analyse(*f);
        }
    }
    run.again(&order, &graph);
    run.finish(&graph)
}

fn unknown_summary() -> Summary {
    Summary { known: false, changes_globals: true, calls_unknown: true, ..Summary::default() }
}

/// One run over a program.
struct Run<'p, 'a> {
    program: &'p Program<'a>,
    summaries: IndexVec<FuncId, Summary>,
    outcomes: IndexVec<FuncId, Option<Outcome>>,
    /// Members that untrusted data is stored in.
    tainted: Slots,
    failed: Vec<FuncId>,
}

impl Run<'_, '_> {
    fn analyse(&mut self, f: FuncId) {
        let cx = Context { program: self.program, summaries: &self.summaries, tainted: &self.tainted };
        // A defect of the analysis costs this function, nothing else.
        match catch_unwind(AssertUnwindSafe(|| Analyzer::new(&cx, f).run())) {
            Ok(mut outcome) => {
                self.summaries[f] = std::mem::take(&mut outcome.summary);
                self.outcomes[f] = Some(outcome);
            }
            Err(_) => self.failed.push(f),
        }
    }

    /// Untrusted data that one function stores in a member is what others read there: those are analysed again, and their
    /// callers as far as that changes what they mean.
    fn again(&mut self, order: &[Vec<FuncId>], graph: &IndexVec<FuncId, Vec<FuncId>>) {
        for outcome in self.outcomes.iter().flatten() {
            for (slot, source) in &outcome.tainted {
                self.tainted.entry(slot.clone()).or_insert_with(|| source.clone());
            }
        }
        if self.tainted.is_empty() {
            return;
        }
        let mut dirty: Vec<bool> = self.program.functions.ids().map(|f| self.reads_tainted(f)).collect();
        for component in order {
            for f in component {
                let affected = dirty[f.index()] || graph[*f].iter().any(|callee| dirty[callee.index()] && callee != f);
                if !affected || self.failed.contains(f) {
                    dirty[f.index()] = false;
                    continue;
                }
                let before = self.summaries[*f].exits.clone();
                let needs = self.summaries[*f].needs.len();
                self.analyse(*f);
                dirty[f.index()] = self.summaries[*f].exits != before || self.summaries[*f].needs.len() != needs;
            }
        }
    }

    fn reads_tainted(&self, f: FuncId) -> bool {
        let (module, function) = (self.program.module(f), self.program.function(f));
        function.insts.iter().any(|inst| match &inst.op {
            Op::Memory(MemoryOp::Member { record, field, .. }) => {
                Program::field_name(module, *record, *field).is_some_and(|slot| self.tainted.contains_key(&slot))
            }
            _ => false,
        })
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
