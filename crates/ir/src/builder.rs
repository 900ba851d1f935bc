//! Construction of functions in static single assignment form while they are lowered, after
//! Braun et al., *Simple and Efficient Construction of Static Single Assignment Form* (CC 2013).
//!
//! A front end writes and reads [`Variable`]s; the builder keeps the current value of each per block
//! and places phis only where values differ. A block is *sealed* when all its predecessors
//! are known. A block that no edge leads to is *dead*: what is put there is dropped at the end, and
//! edges out of it do not count.

use crate::tidy::Tidy;
use crate::{Block, BlockId, Function, Inst, Op, Terminator, TypeId, Value};
use assay_index::{FxHashMap, Idx, IndexVec};
use assay_text::{Span, limits};

assay_index::define_id!(
    /// A source variable of the function under construction, numbered by the front end.
    pub struct Variable, "var"
);

/// Builds one function's blocks.
pub struct FunctionBuilder {
    function: Function,
    states: IndexVec<BlockId, BlockState>,
    current: BlockId,
    handler: Option<BlockId>,
    /// What stands for all instructions beyond the limit, once it is hit.
    overflow: Option<Value>,
    phi_inputs: usize,
    defaults: FxHashMap<Variable, Op>,
    variable_types: FxHashMap<Variable, TypeId>,
    /// Values of phis that turned out to be copies, to be replaced at the end.
    forwarded: FxHashMap<Value, Value>,
    phi_users: FxHashMap<Value, Vec<Value>>,
}

#[derive(Default)]
struct BlockState {
    preds: Vec<BlockId>,
    sealed: bool,
    finished: bool,
    /// Whether edges into the block may come after its code.
    expected: bool,
    defs: FxHashMap<Variable, Value>,
    incomplete: Vec<(Variable, Value)>,
    phi_count: usize,
}

impl FunctionBuilder {
    /// Starts with an entry block, sealed and current. `function` gives everything but the code.
    pub fn new(mut function: Function) -> Self {
        function.blocks = IndexVec::new();
        function.insts = IndexVec::new();
        let mut builder = Self {
            function,
            states: IndexVec::new(),
            current: BlockId::new(0),
            handler: None,
            overflow: None,
            phi_inputs: 0,
            defaults: FxHashMap::default(),
            variable_types: FxHashMap::default(),
            forwarded: FxHashMap::default(),
            phi_users: FxHashMap::default(),
        };
        let entry = builder.new_block();
        builder.seal(entry);
        builder
    }

    /// The function as declared so far, for its parameters and cells.
    pub fn function(&self) -> &Function {
        &self.function
    }

    /// The function as declared so far, to add cells or set flags.
    pub fn function_mut(&mut self) -> &mut Function {
        &mut self.function
    }

    /// A new empty block with the handler in force now. It is not sealed.
    pub fn new_block(&mut self) -> BlockId {
        let id = self.function.blocks.push(Block {
            insts: Vec::new(),
            terminator: Terminator::Unreachable,
            handler: self.handler,
        });
        self.states.push(BlockState::default());
        id
    }

    /// Adds an edge. The first edge into a block also makes it a predecessor of its handler.
    fn add_edge(&mut self, mut from: BlockId, mut to: BlockId) {
        loop {
            let preds = &mut self.states[to].preds;
            preds.push(from);
            if preds.len() > 1 {
                return;
            }
            let Some(handler) = self.function.blocks[to].handler else { return };
            (from, to) = (to, handler);
        }
    }

    /// Whether control cannot reach the current block.
    pub fn is_dead(&self) -> bool {
        self.is_dead_block(self.current)
    }

    /// The first edge into a block comes before its code, so that an open block without one is dead
    /// too: the edges that are still to come start in itself. [`expect`](Self::expect) says where that is not so.
    fn is_dead_block(&self, block: BlockId) -> bool {
        block.index() != 0 && self.states[block].preds.is_empty() && !self.states[block].expected
    }

    /// Says that edges into a block, which is not sealed, may come after its code: it is the target of a `goto`. If none
    /// comes, its code is dropped at the end.
    pub fn expect(&mut self, block: BlockId) {
        if !std::mem::replace(&mut self.states[block].expected, true)
            && self.states[block].preds.is_empty()
            && let Some(handler) = self.function.blocks[block].handler
        {
            self.add_edge(block, handler);
        }
    }

    /// Goes on in a new block that nothing leads to.
    pub fn start_dead(&mut self) {
        let block = self.new_block();
        self.seal(block);
        self.current = block;
    }

    /// Says what a variable holds where nothing sets it, instead of [`Op::Undefined`].
    pub fn set_default(&mut self, variable: Variable, op: Op) {
        self.defaults.insert(variable, op);
    }

    /// The block that instructions go to.
    pub fn current(&self) -> BlockId {
        self.current
    }

    /// Makes `block` the one that instructions go to.
    pub fn switch_to(&mut self, block: BlockId) {
        self.current = block;
    }

    /// Whether the current block already has its terminator: what follows is dead code.
    pub fn is_finished(&self) -> bool {
        self.states[self.current].finished
    }

    /// Whether any edge leads to `block` yet.
    pub fn has_predecessors(&self, block: BlockId) -> bool {
        !self.states[block].preds.is_empty()
    }

    /// Whether [`limits::MAX_FUNCTION_INSTRUCTIONS`] was reached; the rest was dropped.
    pub fn overflowed(&self) -> bool {
        self.overflow.is_some()
    }

    fn overflow_value(&mut self) -> Value {
        if let Some(value) = self.overflow {
            return value;
        }
        let value = self.insert_first(BlockId::new(0), Op::Undefined, None);
        self.overflow = Some(value);
        value
    }

    /// The handler that new blocks get.
    pub fn handler(&self) -> Option<BlockId> {
        self.handler
    }

    /// Sets the handler for new blocks. The caller goes on in a new block, so that
    /// only instructions after this lead to it.
    pub fn set_handler(&mut self, handler: Option<BlockId>) {
        self.handler = handler;
    }

    /// Says which type the values of a variable have, in a language with typed memory.
    pub fn set_type(&mut self, variable: Variable, ty: TypeId) {
        self.variable_types.insert(variable, ty);
    }

    /// Appends an instruction to the current block.
    pub fn push(&mut self, op: Op, span: Span) -> Value {
        self.push_typed(op, None, span)
    }

    /// Puts an instruction without operands at the head of the entry block.
    pub fn push_entry(&mut self, op: Op, ty: Option<TypeId>, span: Span) -> Value {
        if self.function.insts.len() >= limits::MAX_FUNCTION_INSTRUCTIONS {
            return self.overflow_value();
        }
        let value = self.insert_first(BlockId::new(0), op, ty);
        self.function.insts[value].span = span;
        value
    }

    /// The type of a value.
    pub fn type_of(&self, value: Value) -> Option<TypeId> {
        self.function.insts.get(value).and_then(|inst| inst.ty)
    }

    /// Appends an instruction whose value has a type to the current block.
    pub fn push_typed(&mut self, op: Op, ty: Option<TypeId>, span: Span) -> Value {
        if self.function.insts.len() >= limits::MAX_FUNCTION_INSTRUCTIONS {
            return self.overflow_value();
        }
        let value = self.function.insts.push(Inst { op, ty, span });
        self.function.blocks[self.current].insts.push(value);
        value
    }

    /// Ends the current block. Does nothing when it has ended already.
    pub fn terminate(&mut self, terminator: Terminator) {
        if self.is_finished() {
            return;
        }
        let from = self.current;
        if !self.is_dead_block(from) {
            terminator.for_each_target(|to| self.add_edge(from, to));
        }
        self.states[from].finished = true;
        self.function.blocks[from].terminator = terminator;
    }

    /// Ends the current block with a jump.
    pub fn goto(&mut self, to: BlockId) {
        self.terminate(Terminator::Goto(to));
    }

    /// Ends the current block with a test; both targets are new, sealed blocks.
    pub fn branch(&mut self, cond: Value) -> (BlockId, BlockId) {
        let (then_to, else_to) = (self.new_block(), self.new_block());
        self.terminate(Terminator::Branch { cond, then_to, else_to });
        self.seal(then_to);
        self.seal(else_to);
        (then_to, else_to)
    }

    /// Goes on in a new block after the current one, which it is the only successor of
    /// (besides the handler).
    pub fn split(&mut self) {
        let next = self.new_block();
        self.goto(next);
        self.seal(next);
        self.current = next;
    }

    /// Says that all edges into `block` exist; its pending reads are resolved.
    pub fn seal(&mut self, block: BlockId) {
        if std::mem::replace(&mut self.states[block].sealed, true) {
            return;
        }
        for (variable, phi) in std::mem::take(&mut self.states[block].incomplete) {
            self.fill_phi(variable, phi, block);
        }
    }

    /// Sets a variable. In a protected region a new block begins here, so that the handler sees
    /// the old value from what went before, and the new one from what follows.
    pub fn write(&mut self, variable: Variable, value: Value) {
        let block = &self.function.blocks[self.current];
        let raises = block.insts.len() > self.states[self.current].phi_count;
        if block.handler.is_some() && raises && !self.is_finished() {
            self.split();
        }
        self.define(variable, value);
    }

    /// Sets a variable that no handler reads.
    pub fn define(&mut self, variable: Variable, value: Value) {
        self.states[self.current].defs.insert(variable, value);
    }

    /// Goes on in a new block behind all of `inputs`, which are open blocks; the value is that of the
    /// input taken.
    pub fn join(&mut self, inputs: &[(BlockId, Value)], span: Span) -> Value {
        let to = self.new_block();
        let mut live: Vec<(BlockId, Value)> = Vec::with_capacity(inputs.len());
        for &(block, value) in inputs {
            self.current = block;
            if !self.is_dead() && !self.is_finished() {
                live.push((block, value));
            }
            self.goto(to);
        }
        self.seal(to);
        self.current = to;
        let first = inputs.first().map(|(_, value)| *value);
        let Some(first) = live.first().map(|(_, value)| *value).or(first) else {
            return self.push(Op::Undefined, span);
        };
        if live.iter().all(|(_, value)| *value == first) {
            return first;
        }
        let ty = self.type_of(first);
        let phi = self.insert_first(to, Op::Phi(live), ty);
        self.function.insts[phi].span = span;
        phi
    }

    /// The value of a variable here; [`Op::Undefined`] where nothing sets it.
    pub fn read(&mut self, variable: Variable) -> Value {
        self.read_in(variable, self.current)
    }

    fn read_in(&mut self, variable: Variable, block: BlockId) -> Value {
        // Chains of single predecessors are followed without recursion.
        let mut chain = Vec::new();
        let mut at = block;
        let found = loop {
            if let Some(&value) = self.states[at].defs.get(&variable) {
                break self.resolve(value);
            }
            let state = &self.states[at];
            // The only edge into an expected block may come from what it leads to itself.
            if state.sealed && state.preds.len() == 1 && !state.expected {
                chain.push(at);
                at = state.preds[0];
                continue;
            }
            if state.sealed && state.preds.is_empty() {
                let op = self.defaults.get(&variable).cloned().unwrap_or(Op::Undefined);
                let value = self.insert_first(at, op, self.variable_types.get(&variable).copied());
                self.states[at].defs.insert(variable, value);
                break value;
            }
            let phi = self.insert_first(at, Op::Phi(Vec::new()), self.variable_types.get(&variable).copied());
            self.states[at].defs.insert(variable, phi);
            if self.states[at].sealed {
                break self.fill_phi(variable, phi, at);
            }
            self.states[at].incomplete.push((variable, phi));
            break phi;
        };
        for at in chain {
            self.states[at].defs.insert(variable, found);
        }
        found
    }

    /// Puts an instruction behind the phis at the head of a block, which may have ended.
    fn insert_first(&mut self, block: BlockId, op: Op, ty: Option<TypeId>) -> Value {
        let value = self.function.insts.push(Inst { op, ty, span: Span::default() });
        let at = self.states[block].phi_count;
        if matches!(self.function.insts[value].op, Op::Phi(_)) {
            self.states[block].phi_count += 1;
        }
        self.function.blocks[block].insts.insert(at, value);
        value
    }

    fn fill_phi(&mut self, variable: Variable, phi: Value, block: BlockId) -> Value {
        let count = self.states[block].preds.len();
        if self.phi_inputs + count > limits::MAX_FUNCTION_INSTRUCTIONS * 16 {
            let value = self.overflow_value();
            self.forwarded.insert(phi, value);
            return value;
        }
        let mut preds = self.states[block].preds.clone();
        if count > 1 {
            let mut seen = assay_index::FxHashSet::default();
            preds.retain(|p| seen.insert(*p));
        }
        self.phi_inputs += preds.len();
        let mut inputs = Vec::with_capacity(preds.len());
        for pred in preds {
            let value = self.read_in(variable, pred);
            if value != phi {
                self.phi_users.entry(value).or_default().push(phi);
            }
            inputs.push((pred, value));
        }
        self.function.insts[phi].op = Op::Phi(inputs);
        self.simplify(phi)
    }

    /// Replaces a phi whose inputs are all the same value by that value.
    fn simplify(&mut self, phi: Value) -> Value {
        let mut work = vec![phi];
        while let Some(phi) = work.pop() {
            if self.forwarded.contains_key(&phi) {
                continue;
            }
            let Op::Phi(inputs) = &self.function.insts[phi].op else { continue };
            let mut same = None;
            let mut trivial = !inputs.is_empty();
            for (_, input) in inputs {
                let input = self.resolve(*input);
                if input == phi || same == Some(input) {
                    continue;
                }
                if same.is_some() {
                    trivial = false;
                    break;
                }
                same = Some(input);
            }
            let Some(same) = same.filter(|_| trivial) else { continue };
            self.forwarded.insert(phi, same);
            if let Some(users) = self.phi_users.remove(&phi) {
                self.phi_users.entry(same).or_default().extend(users.iter().copied());
                work.extend(users);
            }
        }
        self.resolve(phi)
    }

    fn resolve(&self, mut value: Value) -> Value {
        while let Some(&to) = self.forwarded.get(&value) {
            value = to;
        }
        value
    }

    /// Finishes: seals what is open, drops what control cannot reach and numbers blocks and values in
    /// the order of the code.
    pub fn finish(mut self) -> Function {
        for block in self.states.ids() {
            self.seal(block);
        }
        Tidy::new(self.function, self.forwarded).run()
    }
}
