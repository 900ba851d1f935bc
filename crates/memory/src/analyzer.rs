//! The analysis of one function: states go along the edges of its graph until nothing changes; then each block is run
//! once more, and what is said of its places is written down.

use crate::allocators::Family;
use crate::facts::{macros, strides, thresholds, unavoidable};
use crate::lengths::{Looks, looks};
use crate::linear::{Linear, Var};
use crate::names::{Names, Path};
use crate::outside::{Given, Partners, Passed, Way, partners};
use crate::program::{FuncId, Program};
use crate::readers::{Parts, put_together};
use crate::report::{Defect, Finding, Problem};
use crate::report::{Note, NoteKind, Site, SiteKind, Sites};
use crate::rows::Rows;
use crate::state::{State, VarOrigin, Vars};
use crate::summary::{Elsewhere, GivenBack, Need, Summary};
use crate::turns::{Decides, Loops};
use crate::value::{Content, Life, Obj, ObjState, Origin, Pointer, SourceKind, Text, Val};
use assay_dataflow::{Dominators, OrderedWorkList, Predecessors};
use assay_index::{BitSet, FxHashMap, FxHashSet, Idx, IndexVec};
use assay_ir::{BlockId, Const, Function, MemoryOp, Module, Op, Terminator, Type, TypeId, Value};
use assay_text::Span;
use assay_text::limits::{MAX_MEMORY_STATES, MAX_MEMORY_STEPS_PER_INSTRUCTION, MEMORY_WIDENING_DELAY};
use std::collections::BTreeMap;

/// Members of records that untrusted data is stored in, anywhere in the program: the record's name, the member's.
pub(crate) type Slots = FxHashMap<(String, String), Sent>;

/// Untrusted data that is stored in a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sent {
    /// From whom it comes.
    pub(crate) kind: SourceKind,
    /// What it is, in words.
    pub(crate) what: String,
    /// The least and the largest number that it may be; all numbers when it is none.
    pub(crate) range: (i128, i128),
}

/// What the analysis of a function may use of the rest of the program.
pub(crate) struct Context<'c, 'a> {
    pub(crate) program: &'c Program<'a>,
    pub(crate) summaries: &'c IndexVec<FuncId, Summary>,
    pub(crate) tainted: &'c Slots,
    /// Parameters that callers pass untrusted data by.
    pub(crate) passed: &'c Passed,
}

/// What the analysis of a function gives.
pub(crate) struct Outcome {
    pub(crate) summary: Summary,
    pub(crate) sites: Vec<Site>,
    /// Members that the function stores untrusted numbers in.
    pub(crate) tainted: Vec<((String, String), Sent)>,
    /// Parameters of callees that the function passes untrusted data by.
    pub(crate) passed: Vec<(Way, Given)>,
    /// Whether what sites of callees need is so at the calls of this function.
    pub(crate) answers: Vec<((FuncId, Span), bool)>,
    /// Whether the analysis was cut.
    pub(crate) cut: bool,
}

/// The analysis of one function.
pub(crate) struct Analyzer<'c, 'a> {
    pub(crate) cx: &'c Context<'c, 'a>,
    pub(crate) f: FuncId,
    pub(crate) unit: usize,
    pub(crate) module: &'a Module,
    pub(crate) function: &'a Function,
    pub(crate) names: Names<'a>,
    pub(crate) dominators: Dominators,
    /// Set while places are written down.
    pub(crate) sites: Option<Sites>,
    pub(crate) needs: Vec<Need>,
    /// The need of a callee that is being judged.
    pub(crate) judged: Option<(Need, Note)>,
    /// Whether what sites of callees need is so here.
    pub(crate) answers: Vec<((FuncId, Span), bool)>,
    pub(crate) summary: Summary,
    pub(crate) exits: Vec<(State, Val, Span)>,
    pub(crate) tainted: Vec<((String, String), Sent)>,
    pub(crate) passed: Vec<(Way, Given)>,
    /// The parameters that belong together.
    pub(crate) partners: Vec<Partners>,
    /// The block that is being run.
    pub(crate) block: BlockId,
    /// Blocks that every way to a return goes through.
    pub(crate) unavoidable: BitSet<BlockId>,
    /// Blocks from which control may come to a return: what is done in others, callers never see.
    pub(crate) leads_out: BitSet<BlockId>,
    live: IndexVec<BlockId, BitSet<Value>>,
    pub(crate) params: Vec<Value>,
    pub(crate) thresholds: Vec<i128>,
    /// What loops count in steps of more than one: the step, and the rest when divided by it.
    pub(crate) strides: FxHashMap<Value, (i128, i128)>,
    /// Places that macros stand for.
    macros: Vec<Span>,
    /// Where numbers that are passed are looked at.
    pub(crate) looks: Looks,
    /// Instructions that put a number together from single bytes.
    pub(crate) put_together: FxHashMap<Value, Parts>,
    /// Blocks that nothing but the name of a function says to be allocated.
    pub(crate) assumed: FxHashSet<Obj>,
    /// Calls of what is only likely to be called: functions that the program keeps in members of that name.
    pub(crate) guessed: FxHashSet<Value>,
    /// Arithmetic that may wrap around, on a number of which the function shows where it comes in, or on two from outside.
    pub(crate) known_sources: FxHashSet<Value>,
    /// The loops, and what decides how often they turn.
    pub(crate) loops: Loops,
    pub(crate) exits_by: FxHashMap<BlockId, Decides>,
    /// The classes of which allocated objects were made.
    pub(crate) classes: FxHashMap<Obj, TypeId>,
    /// How objects were given back.
    pub(crate) given_back: FxHashMap<Obj, GivenBack>,
    /// How blocks were made that functions of the program gave.
    pub(crate) families: FxHashMap<Obj, Option<Family>>,
    /// Places at which a pointer that was set to null is used, with what is to be said of them; nothing where it is something else on some way.
    pub(crate) null_always: BTreeMap<Span, Option<(SiteKind, String, Defect)>>,
    /// What pointers that callers must not pass as null are at each place where that matters, by the pointer that the callee means; nothing
    /// where they are now one and now another.
    pub(crate) meant: BTreeMap<(Span, Option<Path>), Option<Path>>,
    /// Set once nothing changes any more.
    pub(crate) settled: bool,
    steps: usize,
    budget: usize,
    pub(crate) max_states: usize,
    /// Whether states are told apart by parameters that are zero.
    pub(crate) few_params: bool,
}

/// The number, among those of the blocks that an instruction makes, of what it gives without making it.
pub(crate) const LOADED: u8 = 8;

/// Blocks and parameters of functions of which states are told apart by parameters that are zero.
const MAX_BLOCKS_APART: usize = 60;
const MAX_PARAMS_APART: usize = 8;

/// The states that come over an edge.
type Edges = FxHashMap<(BlockId, BlockId), Vec<State>>;

impl<'c, 'a> Analyzer<'c, 'a> {
    pub(crate) fn new(cx: &'c Context<'c, 'a>, f: FuncId) -> Self {
        let (module, function) = (cx.program.module(f), cx.program.function(f));
        let dominators = Dominators::new(function);
        let loops = Loops::new(function, &dominators, &Predecessors::new(function));
        let count = function.insts.len();
        let params: Vec<Value> = function
            .insts
            .iter_enumerated()
            .filter(|(_, inst)| matches!(inst.op, Op::Param(_)))
            .map(|(value, _)| value)
            .collect();
        let mut this = Self {
            cx,
            f,
            unit: cx.program.functions[f].0,
            module,
            function,
            names: Names::new(module, function),
            unavoidable: unavoidable(function, &dominators),
            leads_out: cx.program.leading_out(f),
            dominators,
            sites: None,
            needs: Vec::new(),
            judged: None,
            answers: Vec::new(),
            summary: Summary::default(),
            exits: Vec::new(),
            tainted: Vec::new(),
            passed: Vec::new(),
            partners: partners(module, function),
            few_params: function.blocks.len() <= MAX_BLOCKS_APART && params.len() <= MAX_PARAMS_APART,
            block: BlockId::new(0),
            live: IndexVec::new(),
            params,
            thresholds: thresholds(function),
            strides: strides(module, function),
            macros: macros(function),
            looks: looks(function),
            put_together: put_together(module, function),
            assumed: FxHashSet::default(),
            guessed: FxHashSet::default(),
            known_sources: FxHashSet::default(),
            loops,
            exits_by: FxHashMap::default(),
            classes: FxHashMap::default(),
            given_back: FxHashMap::default(),
            families: FxHashMap::default(),
            null_always: BTreeMap::new(),
            meant: BTreeMap::new(),
            settled: false,
            steps: 0,
            budget: count.saturating_mul(MAX_MEMORY_STEPS_PER_INSTRUCTION).max(4000),
            max_states: match function.blocks.len() {
                0..=120 => MAX_MEMORY_STATES,
                121..=400 => 4,
                401..=1200 => 2,
                _ => 1,
            },
        };
        this.live = this.liveness();
        this
    }

    /// Runs the analysis.
    pub(crate) fn run(mut self) -> Outcome {
        let order: Vec<BlockId> = self.dominators.reverse_postorder().to_vec();
        let mut rank: IndexVec<BlockId, usize> = IndexVec::from_elem(usize::MAX, self.function.blocks.len());
        for (at, block) in order.iter().enumerate() {
            rank[*block] = at;
        }
        let predecessors = Predecessors::new(self.function);
        let mut header: IndexVec<BlockId, bool> = IndexVec::from_elem(false, self.function.blocks.len());
        for block in &order {
            self.function.blocks[*block].for_each_successor(|to| {
                if rank[to] <= rank[*block] {
                    header[to] = true;
                }
            });
        }
        let mut edges: Edges = FxHashMap::default();
        let loops = order.iter().any(|block| header[*block]);
        let mut entries: FxHashMap<BlockId, Vec<State>> = FxHashMap::default();
        let mut visits: FxHashMap<BlockId, usize> = FxHashMap::default();
        let mut work = OrderedWorkList::new(order.len());
        // Without loops, one run in that order is all.
        if loops {
            work.push(0);
        }
        let mut cut = false;
        while let Some(at) = work.pop() {
            if self.steps > self.budget {
                cut = true;
                break;
            }
            let block = order[at];
            let mut incoming = self.entry(block, &predecessors, &edges, header[block]);
            if header[block] {
                let count = visits.entry(block).or_default();
                *count += 1;
                let turns = *count;
                if turns > MEMORY_WIDENING_DELAY * 12 {
                    cut = true;
                    break;
                }
                let old = entries.remove(&block);
                let first = old.is_none();
                let old = old.unwrap_or_default();
                let merged = self.merge_header(block, &old, incoming.into_iter().map(|(_, s)| s).collect(), turns);
                // Reasons may go on changing where numbers do not.
                let same = !first
                    && merged.len() == old.len()
                    && merged.iter().zip(&old).all(|(new, old)| new.same_but_for_reasons(old));
                if same {
                    entries.insert(block, old);
                    continue;
                }
                entries.insert(block, merged.clone());
                incoming = merged.into_iter().map(|state| (None, state)).collect();
            }
            for (to, states) in self.run_block(block, incoming) {
                if edges.get(&(block, to)) != Some(&states) {
                    edges.insert((block, to), states);
                    if rank[to] != usize::MAX {
                        work.push(rank[to]);
                    }
                }
            }
        }
        if cut {
            return Self::cut();
        }
        // Once without widening, to sharpen what loops carry, and what comes of it; then the run that is written down.
        self.settled = true;
        let mut sharper = header.clone();
        for block in &order {
            sharper[*block] |= self.loops.turning().contains(*block);
        }
        for last in [false, true] {
            if !last && !loops {
                continue;
            }
            if last {
                self.sites = Some(Sites::default());
            }
            for block in &order {
                if !last && !sharper[*block] {
                    continue;
                }
                let incoming = self.entry(*block, &predecessors, &edges, header[*block]);
                for (to, states) in self.run_block(*block, incoming) {
                    if !last && !sharper[to] {
                        sharper[to] = edges.get(&(*block, to)) != Some(&states);
                    }
                    edges.insert((*block, to), states);
                }
                if !loops && self.steps > self.budget {
                    return Self::cut();
                }
            }
        }
        self.finish()
    }

    /// A function that took too many steps: nothing is known of it.
    fn cut() -> Outcome {
        let summary =
            Summary { known: false, elsewhere: Elsewhere::Globals, calls_unknown: true, ..Summary::default() };
        Outcome { summary, sites: Vec::new(), tainted: Vec::new(), passed: Vec::new(), answers: Vec::new(), cut: true }
    }

    /// The states at the head of a block, and where each comes from when they are kept apart by that.
    fn entry(
        &mut self,
        block: BlockId,
        predecessors: &Predecessors,
        edges: &Edges,
        header: bool,
    ) -> Vec<(Option<BlockId>, State)> {
        if block.index() == 0 {
            return vec![(None, self.entry_state())];
        }
        let apart = !header && self.is_threaded(block);
        let mut out: Vec<(Option<BlockId>, State)> = Vec::new();
        let mut seen = BitSet::with_capacity(self.function.blocks.len());
        for from in predecessors.of(block) {
            if !seen.insert(*from) {
                continue;
            }
            let Some(states) = edges.get(&(*from, block)) else { continue };
            for state in states {
                let mut state = state.clone();
                self.apply_phis(block, *from, &mut state);
                self.prune(&mut state, block);
                if apart {
                    out.push((Some(*from), state));
                } else {
                    let mut states: Vec<State> = out.into_iter().map(|(_, s)| s).collect();
                    self.insert_state(&mut states, state, block);
                    out = states.into_iter().map(|s| (None, s)).collect();
                }
            }
        }
        out
    }

    /// Whether a block only tests a join of truth values: then it is run once for each predecessor, so that it is known
    /// which test the value comes from.
    fn is_threaded(&self, block: BlockId) -> bool {
        let block = &self.function.blocks[block];
        matches!(block.terminator, Terminator::Branch { .. })
            && block.insts.len() <= 6
            && block.insts.iter().any(|v| matches!(self.function.op(*v), Op::Phi(_)))
            && block.insts.iter().all(|v| {
                matches!(
                    self.function.op(*v),
                    Op::Phi(_) | Op::Const(_) | Op::Memory(MemoryOp::Compare { .. } | MemoryOp::Convert { .. })
                )
            })
    }

    /// Gives the phis of a block the values that come from a predecessor.
    fn apply_phis(&mut self, block: BlockId, from: BlockId, state: &mut State) {
        let mut set = Vec::new();
        for value in &self.function.blocks[block].insts {
            let Op::Phi(inputs) = self.function.op(*value) else { break };
            if let Some((_, input)) = inputs.iter().find(|(b, _)| *b == from) {
                let val = self.val(state, *input);
                set.push((*value, val));
            }
        }
        for (value, val) in set {
            state.set(value, val);
        }
    }

    /// Forgets what is of no use from the head of `block` on.
    fn prune(&self, state: &mut State, block: BlockId) {
        self.settle_variables(state);
        let names = &self.names;
        let heap: Vec<Obj> = state
            .objects
            .iter()
            .filter(|(obj, object)| match names.objects.origin(*obj) {
                Origin::Heap(..) => object.life == Life::Alive && !object.escaped,
                Origin::Local(_) | Origin::Param(_) => true,
                Origin::Deref(..) => {
                    matches!(object.life, Life::Freed(_) | Life::MaybeFreed(_)) || object.taint.is_some()
                }
                Origin::Global(_) => object.taint.is_some() || names.objects.info(*obj).entry,
                _ => false,
            })
            .map(|(obj, _)| *obj)
            .collect();
        let bounding = self.bounding(state);
        let keep = |var: Var| names.is_entry_var(var) || bounding.contains(&var);
        state.prune(&self.live[block], keep, |obj| heap.binary_search(&obj).is_ok());
    }

    /// Runs a block; what goes over each edge out of it.
    fn run_block(&mut self, block: BlockId, incoming: Vec<(Option<BlockId>, State)>) -> Vec<(BlockId, Vec<State>)> {
        self.block = block;
        let code = &self.function.blocks[block];
        let mut out: Vec<(BlockId, Vec<State>)> = Vec::new();
        code.for_each_successor(|to| {
            if !out.iter().any(|(b, _)| *b == to) {
                out.push((to, Vec::new()));
            }
        });
        for (from, state) in incoming {
            if let Some(handler) = code.handler
                && let Some((_, states)) = out.iter_mut().find(|(b, _)| *b == handler)
            {
                // Control may leave at any instruction: what the block does is not known to be done.
                let mut thrown = state.clone();
                Self::forget_all(&mut thrown);
                states.push(thrown);
            }
            let mut states = vec![state];
            for value in &code.insts {
                self.steps += states.len();
                let mut next = Vec::with_capacity(states.len());
                for state in states {
                    self.step(*value, state, &mut next);
                }
                states = next;
                while states.len() > self.max_states.max(2) {
                    self.make_room(&mut states, block);
                }
                if states.is_empty() {
                    break;
                }
            }
            for state in states {
                self.leave(block, from, state, &mut out);
            }
        }
        out
    }

    /// Sends a state on from the end of a block.
    fn leave(&mut self, block: BlockId, from: Option<BlockId>, mut state: State, out: &mut [(BlockId, Vec<State>)]) {
        let mut send = |this: &mut Self, to: BlockId, state: State| {
            if let Some((_, states)) = out.iter_mut().find(|(b, _)| *b == to) {
                states.push(state);
                if states.len() > this.max_states {
                    this.make_room(states, block);
                }
            }
        };
        match &self.function.blocks[block].terminator {
            Terminator::Goto(to) => send(self, *to, state),
            Terminator::Branch { cond, then_to, else_to } => {
                let cond = self.incoming_condition(block, from, *cond);
                self.note_exit(&mut state, block, cond);
                self.check_tested(&mut state, block, cond);
                let mut taken = state.clone();
                if self.refine(&mut taken, cond, true) {
                    send(self, *then_to, taken);
                }
                if self.refine(&mut state, cond, false) {
                    send(self, *else_to, state);
                }
            }
            Terminator::Choice(targets) => {
                for to in targets {
                    send(self, *to, state.clone());
                }
            }
            Terminator::Return(value) => {
                if self.sites.is_some() {
                    let val = self.val(&mut state, *value);
                    let span = self.span(*value);
                    self.leave_function(&mut state, &val, span);
                    self.exits.push((state, val, span));
                }
            }
            Terminator::Raise(_) | Terminator::Unreachable => {}
        }
    }

    /// The value that a block's condition is when control comes from a predecessor.
    fn incoming_condition(&self, block: BlockId, from: Option<BlockId>, cond: Value) -> Value {
        let Some(from) = from else { return cond };
        let mut value = cond;
        for _ in 0..4 {
            match self.function.op(value) {
                Op::Phi(inputs) if self.function.blocks[block].insts.contains(&value) => {
                    return inputs.iter().find(|(b, _)| *b == from).map_or(cond, |(_, v)| *v);
                }
                Op::Memory(MemoryOp::Compare { op: assay_ir::Comparison::NotEq, left, right, .. })
                    if matches!(self.function.op(*right), Op::Const(Const::Int(0))) =>
                {
                    value = *left;
                }
                Op::Memory(MemoryOp::Convert { value: inner, .. }) => value = *inner,
                _ => break,
            }
        }
        cond
    }

    /// The state when the function is called.
    fn entry_state(&mut self) -> State {
        let mut state = State::default();
        let insts = &self.function.insts;
        for (value, inst) in insts.iter_enumerated() {
            if let Op::Memory(MemoryOp::Local { ty, count: None, .. }) = &inst.op {
                let obj = self.names.objects.intern(Origin::Local(value), Some(*ty));
                let size = self.module.types.size(*ty).map(|size| Linear::constant(i128::from(size)));
                state.set_object(obj, fresh_object(size, Content::Indeterminate));
            }
        }
        state
    }

    /// Forgets everything that memory holds.
    pub(crate) fn forget_all(state: &mut State) {
        state.cells = Rows::default();
        state.disturbed = true;
        for (_, object) in state.objects.edit() {
            object.content = Content::Unknown;
            object.text = Text::Unknown;
            object.escaped = true;
        }
    }

    /// The state of an object, made when it is spoken of for the first time.
    pub(crate) fn object<'s>(&mut self, state: &'s mut State, obj: Obj) -> &'s mut ObjState {
        if state.object(obj).is_none() {
            let info = self.names.objects.info(obj).clone();
            let known =
                info.ty.and_then(|ty| self.module.types.size(ty)).map(|size| Linear::constant(i128::from(size)));
            let mut object = match info.origin {
                Origin::Local(_) | Origin::Heap(..) | Origin::Record(_) => fresh_object(known, Content::Unknown),
                Origin::Function(_) => fresh_object(Some(Linear::constant(1)), Content::Unknown),
                Origin::Global(global) => {
                    let global = self.cx.program.globals[global];
                    let module = self.cx.program.units[global.unit].module;
                    let size = module.objects.get(global.object).and_then(|object| module.types.size(object.ty));
                    let content = if info.entry && !state.disturbed { Content::Entry } else { Content::Unknown };
                    fresh_object(size.map(|size| Linear::constant(i128::from(size))), content)
                }
                Origin::Literal(symbol, unit) => {
                    let text = self.module.strings.resolve(symbol);
                    let length = text.chars().count() as i128;
                    let first = text.chars().position(|c| c == '\0').map_or(length, |at| at as i128);
                    let unit = i128::from(unit);
                    let mut object = fresh_object(Some(Linear::constant((length + 1) * unit)), Content::Unknown);
                    object.text = Text::Length(Linear::constant(first * unit));
                    object
                }
                Origin::Param(_) | Origin::Deref(..) => {
                    let var = self.names.var(VarOrigin::Size(obj));
                    if !state.numbers.uses(var) {
                        let limits = self.names.limits(var);
                        state.numbers.set_range(var, limits);
                    }
                    fresh_object(Some(Linear::var(var)), Content::Entry)
                }
                Origin::Loaded(_) | Origin::Earlier(..) => fresh_object(None, Content::Unknown),
            };
            object.escaped = !matches!(info.origin, Origin::Local(_) | Origin::Heap(..) | Origin::Record(_));
            state.set_object(obj, object);
        }
        state.object_mut(obj).expect("it was just made")
    }

    /// A new meaning for the variable of an instruction, in the range of its type.
    pub(crate) fn fresh(&mut self, state: &mut State, value: Value) -> Linear {
        self.fresh_var(state, VarOrigin::Value(value))
    }

    /// A new meaning for a variable, in its limits.
    pub(crate) fn fresh_var(&mut self, state: &mut State, origin: VarOrigin) -> Linear {
        let var = self.names.var(origin);
        state.retire(var, &mut self.names);
        let limits = self.names.limits(var);
        state.numbers.set_range(var, limits);
        Linear::var(var)
    }

    /// The code of a value.
    pub(crate) fn span(&self, value: Value) -> Span {
        self.function.insts.get(value).map_or(self.function.name_span, |inst| {
            if inst.span == Span::default() { self.function.name_span } else { inst.span }
        })
    }

    /// The type of a value.
    pub(crate) fn ty(&self, value: Value) -> Option<TypeId> {
        self.function.insts.get(value).and_then(|inst| inst.ty)
    }

    /// Whether a type is that of addresses.
    pub(crate) fn is_pointer(&self, ty: Option<TypeId>) -> bool {
        ty.is_some_and(|ty| matches!(self.module.types.get(ty), Type::Pointer(_)))
    }

    /// Something unknown of that type, new with this instruction.
    pub(crate) fn unknown(&mut self, state: &mut State, value: Value, ty: Option<TypeId>) -> Val {
        match ty.map(|ty| self.module.types.get(ty)) {
            Some(Type::Pointer(to)) => {
                let to = *to;
                let obj = self.names.objects.intern(Origin::Loaded(value), Some(to));
                state.env.retain(|(v, _)| *v != value);
                self.set_apart(state, obj, value, LOADED);
                self.renew(state, obj);
                Val::from(Pointer::at(obj, Linear::default(), crate::value::Nullness::UNKNOWN))
            }
            Some(Type::Bool | Type::Int { .. } | Type::Float { .. }) => Val::Num(self.fresh(state, value)),
            _ => Val::Top,
        }
    }

    /// An instruction is about to make an object again: what it made in an earlier turn of a loop is another one.
    pub(crate) fn set_apart(&mut self, state: &mut State, obj: Obj, value: Value, number: u8) {
        if state.object(obj).is_some() && state.refers_to(obj) {
            let ty = self.names.objects.info(obj).ty;
            let earlier = self.names.objects.intern(Origin::Earlier(value, number), ty);
            state.rename(obj, earlier);
        }
    }

    /// An object stands for another one from now on.
    pub(crate) fn renew(&mut self, state: &mut State, obj: Obj) {
        state.forget_content(obj);
        state.objects.retain(|(o, _)| *o != obj);
        let fresh = self.object(state, obj);
        // Where the size of the type says little: it may be the first of many.
        fresh.size = None;
    }

    /// Writes something down of a place.
    pub(crate) fn note(&mut self, value: Value, kind: SiteKind, problem: Problem, api: &str, finding: Finding) {
        let span = self.span(value);
        self.note_at(span, kind, problem, api, finding);
    }

    /// Writes something down of a place.
    pub(crate) fn note_at(&mut self, span: Span, kind: SiteKind, problem: Problem, api: &str, finding: Finding) {
        let function = self.f;
        if let Some(sites) = &mut self.sites {
            sites.add(Site { function, span, kind, problem, api: api.to_owned(), finding });
        }
    }

    /// A step of an explanation at a value.
    pub(crate) fn step_at(&self, value: Value, kind: NoteKind, text: impl Into<String>) -> Note {
        Note { function: self.f, span: self.span(value), text: text.into(), kind }
    }

    /// Whether a test comes from the body of a macro, which does not know what it is used for.
    pub(crate) fn is_from_macro(&self, value: Value) -> bool {
        let span = self.span(value);
        matches!(self.function.op(value), Op::Memory(MemoryOp::Compare { .. }))
            && self.macros.iter().any(|made| made.start <= span.start && span.end <= made.end)
    }

    /// Whether every call that returns goes through the block that is being run.
    pub(crate) fn is_unavoidable(&self) -> bool {
        self.unavoidable.contains(self.block)
    }
}

/// An object that lives.
pub(crate) fn fresh_object(size: Option<Linear>, content: Content) -> ObjState {
    ObjState {
        life: Life::Alive,
        size,
        content,
        text: Text::Unknown,
        escaped: false,
        several: false,
        taint: None,
        checked: None,
    }
}
