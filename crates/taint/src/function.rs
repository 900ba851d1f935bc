//! The state of the analysis of one function, and its summary.

use crate::guards::Guards;
use crate::label::{Added, Entry, Flags, OriginId, PathId, Tree};
use crate::trace::{Cell, FrameId, HopId};
use assay_dataflow::{Dominators, Handler, Location, handlers};
use assay_index::{FxHashMap, Interner};
use assay_ir::{CellId, Function, Op, Value};
use assay_models::KindSet;
use assay_resolve::{ErrorClass, FuncId};
use assay_text::limits;
use std::cell::OnceCell;

/// Where data leaves a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Out {
    /// In the result.
    Return(PathId),
    /// In an object that was passed in.
    Param(u32, PathId),
    /// In a cell.
    Cell(Cell, PathId),
    /// In an error of this class.
    Raised(ErrorClass, PathId),
}

/// Data that flows through, or out of, a function.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct SummaryFlow {
    pub(crate) origin: OriginId,
    pub(crate) out: Out,
    pub(crate) kinds: KindSet,
    pub(crate) flags: Flags,
    pub(crate) hop: HopId,
}

/// What calling a function shows about one of its parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Validates {
    pub(crate) parameter: u32,
    /// `Some`: when the result has this truth value; `None`: when the function returns at all.
    pub(crate) when: Option<bool>,
    pub(crate) kinds: KindSet,
    /// Other parameters, as bits, that it was held against: it shows nothing where those come from outside.
    pub(crate) against: u64,
}

/// What a function does with data.
#[derive(Clone, Default, Debug)]
pub(crate) struct Summary {
    pub(crate) flows: Vec<SummaryFlow>,
    pub(crate) sinks: Vec<(OriginId, FrameId)>,
    pub(crate) validates: Vec<Validates>,
}

impl Summary {
    /// Whether a caller would see a difference.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        self.flows.len() == other.flows.len()
            && self.sinks.len() == other.sinks.len()
            && self.validates == other.validates
            && self
                .flows
                .iter()
                .zip(&other.flows)
                .all(|(a, b)| a.origin == b.origin && a.out == b.out && a.kinds == b.kinds)
    }
}

/// The state of one function's analysis.
pub(crate) struct Fun<'a> {
    pub(crate) id: FuncId,
    pub(crate) function: &'a Function,
    pub(crate) guards: Guards,
    pub(crate) trees: Vec<Tree>,
    pub(crate) cells: FxHashMap<CellId, Tree>,
    pub(crate) summary: Summary,
    flow_index: FxHashMap<(OriginId, Out), usize>,
    /// How many of the summary's flows leave in errors.
    raised: usize,
    /// The value that is being computed: a change to an earlier one asks for another pass.
    pub(crate) at: usize,
    pub(crate) again: bool,
    pub(crate) limit: Option<&'static str>,
    /// Whether concrete data was seen.
    pub(crate) has_source: bool,
    /// What is appended to lists; found when it is first asked for.
    pub(crate) additions: OnceCell<Additions>,
    handlers: OnceCell<Vec<Handler>>,
}

/// An element that is appended to a list, or all elements of another list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Addition {
    /// Where.
    pub(crate) at: Location,
    /// What.
    pub(crate) value: Value,
    /// Whether it is the elements of the value that are appended.
    pub(crate) all: bool,
}

/// What a function appends to lists.
pub(crate) struct Additions {
    by_list: FxHashMap<Value, Vec<Addition>>,
    dominators: Option<Dominators>,
}

impl Additions {
    pub(crate) fn new(function: &Function, strings: &Interner) -> Self {
        let mut by_list: FxHashMap<Value, Vec<Addition>> = FxHashMap::default();
        for (block, code) in function.blocks.iter_enumerated() {
            for (index, value) in (0..).zip(&code.insts) {
                if let Op::Call { func, args } = function.op(*value)
                    && let Op::Attr(list, name) = function.op(*func)
                    && let [added] = &args[..]
                    && let name @ ("append" | "extend") = strings.resolve(*name)
                {
                    let at = Location { block, index };
                    let addition = Addition { at, value: added.value, all: name == "extend" };
                    by_list.entry(*list).or_default().push(addition);
                }
            }
        }
        let dominators = (!by_list.is_empty()).then(|| Dominators::new(function));
        Self { by_list, dominators }
    }

    /// How often something is appended to a list.
    pub(crate) fn to(&self, list: Value) -> usize {
        self.by_list.get(&list).map_or(0, Vec::len)
    }

    /// What is appended to a list, and whether that has happened on every way to a place. What has not happened
    /// on any is left out.
    pub(crate) fn before(&self, list: Value, at: Location) -> impl Iterator<Item = (Addition, bool)> + '_ {
        let all = self.by_list.get(&list).into_iter().flatten();
        all.filter(move |a| a.at.block != at.block || a.at.index < at.index).map(move |addition| {
            let always = self.dominators.as_ref().is_some_and(|d| d.dominates_location(addition.at, at));
            (*addition, always)
        })
    }
}

impl<'a> Fun<'a> {
    pub(crate) fn new(id: FuncId, function: &'a Function, guards: Guards) -> Self {
        Self {
            id,
            function,
            guards,
            trees: vec![Tree::default(); function.insts.len()],
            cells: FxHashMap::default(),
            summary: Summary::default(),
            flow_index: FxHashMap::default(),
            raised: 0,
            at: 0,
            again: false,
            limit: None,
            has_source: false,
            additions: OnceCell::new(),
            handlers: OnceCell::new(),
        }
    }

    /// The handlers of errors; found when they are first asked for.
    pub(crate) fn handlers(&self) -> &[Handler] {
        self.handlers.get_or_init(|| handlers(self.function))
    }

    pub(crate) fn tree(&self, value: Value) -> &Tree {
        &self.trees[assay_index::Idx::index(value)]
    }

    /// Whether an entry would change a value's tree; asked before a hop is made for it.
    pub(crate) fn wants(&mut self, value: Value, path: PathId, origin: OriginId, kinds: KindSet) -> bool {
        let tree = &self.trees[assay_index::Idx::index(value)];
        if let Some(have) = tree.entries.iter().find(|e| e.path == path && e.origin == origin) {
            return have.kinds.union(kinds) != have.kinds;
        }
        if tree.entries.len() >= limits::MAX_TREE_NODES {
            self.limit = Some("MAX_TREE_NODES");
            return false;
        }
        true
    }

    /// Adds an entry to a value's tree.
    pub(crate) fn add(&mut self, value: Value, entry: Entry) -> bool {
        let index = assay_index::Idx::index(value);
        match self.trees[index].add(entry) {
            Added::Changed => {
                self.again |= index < self.at;
                true
            }
            Added::Nothing => false,
            Added::Limit => {
                self.limit = Some("MAX_TREE_NODES");
                false
            }
        }
    }

    /// Takes kinds away from all that a value holds.
    pub(crate) fn restrict(&mut self, value: Value, harmless: KindSet) {
        for entry in &mut self.trees[assay_index::Idx::index(value)].entries {
            entry.kinds = entry.kinds.minus(harmless);
        }
    }

    /// The same for all that the value holds but what has this origin.
    pub(crate) fn restrict_others(&mut self, value: Value, origin: OriginId, harmless: KindSet) {
        let entries = &mut self.trees[assay_index::Idx::index(value)].entries;
        for entry in entries.iter_mut().filter(|entry| entry.origin != origin) {
            entry.kinds = entry.kinds.minus(harmless);
        }
    }

    /// Whether the summary says already that this leaves the function.
    pub(crate) fn leaves(&mut self, origin: OriginId, out: Out, kinds: KindSet) -> bool {
        match self.flow_index.get(&(origin, out)).copied() {
            Some(at) => {
                let have = self.summary.flows[at].kinds;
                have.union(kinds) == have
            }
            None => self.is_full(out),
        }
    }

    /// Whether the summary takes no more flows of this sort; recorded as a limit that was hit.
    fn is_full(&mut self, out: Out) -> bool {
        let (full, limit) = if matches!(out, Out::Raised(..)) {
            (self.raised >= limits::MAX_SUMMARY_ERRORS, "MAX_SUMMARY_ERRORS")
        } else {
            (self.summary.flows.len() - self.raised >= limits::MAX_SUMMARY_FLOWS, "MAX_SUMMARY_FLOWS")
        };
        if full {
            self.limit = Some(limit);
        }
        full
    }

    /// Adds to what the summary says leaves the function.
    pub(crate) fn leave(&mut self, flow: SummaryFlow) {
        match self.flow_index.get(&(flow.origin, flow.out)).copied() {
            Some(at) => {
                let have = &mut self.summary.flows[at];
                have.kinds = have.kinds.union(flow.kinds);
            }
            None if self.is_full(flow.out) => {}
            None => {
                self.raised += usize::from(matches!(flow.out, Out::Raised(..)));
                self.flow_index.insert((flow.origin, flow.out), self.summary.flows.len());
                self.summary.flows.push(flow);
            }
        }
    }
}
