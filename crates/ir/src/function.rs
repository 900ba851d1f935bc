use crate::{ClassId, FunctionId, Op, TypeId};
use assay_index::{Idx, IndexVec, Symbol};
use assay_text::Span;

assay_index::define_id!(
    /// The result of one instruction of one function.
    pub struct Value, "v"
);
assay_index::define_id!(
    /// A basic block of one function; number 0 is the entry.
    pub struct BlockId, "b"
);
assay_index::define_id!(
    /// A captured variable of the function that owns it.
    pub struct CellId, "cell"
);

/// What a function is the body of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FunctionKind {
    /// The module's top level.
    ModuleBody,
    /// A class statement's suite.
    ClassBody(ClassId),
    /// A `def`, or a method.
    Named,
    /// An anonymous function.
    Lambda,
}

/// A function's code.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// The bare name; `<module>` for the module's body, `<lambda>` for an anonymous function.
    pub name: Symbol,
    /// The name within the module: `Class.method`, `outer.<locals>.inner`.
    pub qualified: Symbol,
    /// What this is the body of.
    pub kind: FunctionKind,
    /// The function whose code makes this one; `None` for the module's body.
    pub parent: Option<FunctionId>,
    /// The class whose body directly holds this `def`.
    pub class: Option<ClassId>,
    /// The parameters in the order of their declaration.
    pub params: Vec<Param>,
    /// Its type, in a language with typed memory.
    pub signature: Option<TypeId>,
    /// Whether calling it gives a coroutine.
    pub is_async: bool,
    /// Whether calling it gives a generator.
    pub is_generator: bool,
    /// The variables that closures within share with this function.
    pub cells: IndexVec<CellId, Cell>,
    /// The blocks; number 0 is entered first.
    pub blocks: IndexVec<BlockId, Block>,
    /// The instructions by the value they define. Each stands in exactly one block.
    pub insts: IndexVec<Value, Inst>,
    /// The whole definition, decorators included.
    pub span: Span,
    /// The name alone; the first character of the definition where it has none.
    pub name_span: Span,
}

impl Function {
    /// A function without parameters and code: what a lowering starts from.
    pub fn empty(
        name: Symbol,
        qualified: Symbol,
        kind: FunctionKind,
        parent: Option<FunctionId>,
        span: Span,
        name_span: Span,
    ) -> Self {
        Self {
            name,
            qualified,
            kind,
            parent,
            class: None,
            params: Vec::new(),
            signature: None,
            is_async: false,
            is_generator: false,
            cells: IndexVec::new(),
            blocks: IndexVec::new(),
            insts: IndexVec::new(),
            span,
            name_span,
        }
    }
}

/// A declared parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: Symbol,
    /// How arguments bind to it.
    pub kind: ParamKind,
    /// Whether a default exists (given to [`Op::MakeFunction`]).
    pub has_default: bool,
    /// The name's place.
    pub span: Span,
}

/// How arguments bind to a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// By position only.
    PositionalOnly,
    /// By position or name.
    Normal,
    /// Takes the remaining positional arguments as a tuple.
    Rest,
    /// By name only.
    KeywordOnly,
    /// Takes the remaining named arguments as a dict.
    KeywordRest,
}

/// A variable that a closure captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The variable's name.
    pub name: Symbol,
}

/// A straight run of instructions.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The values defined here, phis first, in the order of execution.
    pub insts: Vec<Value>,
    /// How control leaves.
    pub terminator: Terminator,
    /// Where control goes when an instruction here raises; `None`: out of the function.
    pub handler: Option<BlockId>,
}

/// One operation and the source text it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Inst {
    /// The operation.
    pub op: Op,
    /// The type of the value, in a language with typed memory.
    pub ty: Option<TypeId>,
    /// The expression or statement in the source.
    pub span: Span,
}

/// How control leaves a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Terminator {
    /// To one block.
    Goto(BlockId),
    /// To `then_to` when `cond` is true, to `else_to` otherwise. The targets differ and each has this
    /// block as its only predecessor.
    Branch {
        /// What is tested.
        cond: Value,
        /// Where a true value leads.
        then_to: BlockId,
        /// Where a false value leads.
        else_to: BlockId,
    },
    /// To one of several blocks, by a choice that the representation does not hold (the end of a
    /// `finally`, the entry of a handler chain).
    Choice(Vec<BlockId>),
    /// Out of the function, with a result.
    Return(Value),
    /// An exception is raised (`None`: the one being handled, again). Control goes to the block's
    /// handler, or out of the function.
    Raise(Option<Value>),
    /// Control never gets here.
    Unreachable,
}

impl Terminator {
    /// Calls `f` with each block that control may go to, the handler apart.
    pub fn for_each_target(&self, mut f: impl FnMut(BlockId)) {
        match self {
            Self::Goto(to) => f(*to),
            Self::Branch { then_to, else_to, .. } => {
                f(*then_to);
                f(*else_to);
            }
            Self::Choice(targets) => targets.iter().copied().for_each(f),
            Self::Return(_) | Self::Raise(_) | Self::Unreachable => {}
        }
    }

    /// Calls `f` with each value the terminator reads.
    pub fn for_each_operand(&self, mut f: impl FnMut(Value)) {
        match self {
            Self::Branch { cond: value, .. } | Self::Return(value) | Self::Raise(Some(value)) => f(*value),
            Self::Goto(_) | Self::Choice(_) | Self::Raise(None) | Self::Unreachable => {}
        }
    }
}

impl Block {
    /// Calls `f` with each block that control may go to, the handler included.
    pub fn for_each_successor(&self, mut f: impl FnMut(BlockId)) {
        self.terminator.for_each_target(&mut f);
        if let Some(handler) = self.handler {
            f(handler);
        }
    }
}

impl Function {
    /// The operation that defines `value`.
    pub fn op(&self, value: Value) -> &Op {
        &self.insts[value].op
    }

    /// The number of positional parameters (those that a plain argument can bind to).
    pub fn positional_count(&self) -> usize {
        self.params.iter().filter(|p| matches!(p.kind, ParamKind::PositionalOnly | ParamKind::Normal)).count()
    }

    /// Whether this is a `def`, method or lambda, which calls can reach.
    pub fn is_callable(&self) -> bool {
        matches!(self.kind, FunctionKind::Named | FunctionKind::Lambda)
    }
}

impl Function {
    /// Takes the edge `from` → `to` out of the phis of `to`, after the terminator of `from` has lost it. A block that
    /// nothing else leads to keeps its phis as they are.
    pub fn forget_edge(&mut self, from: BlockId, to: BlockId) {
        let Some(block) = self.blocks.get(to) else { return };
        for value in &block.insts {
            let Op::Phi(inputs) = &mut self.insts[*value].op else { break };
            if inputs.iter().any(|(edge, _)| *edge != from) {
                inputs.retain(|(edge, _)| *edge != from);
            }
        }
    }

    /// Takes the edges out of blocks that control cannot reach out of the phis at their ends.
    pub fn forget_unreachable(&mut self) {
        let mut reached = IndexVec::from_elem(false, self.blocks.len());
        let mut work = vec![BlockId::new(0)];
        while let Some(at) = work.pop() {
            let Some(seen) = reached.get_mut(at) else { continue };
            if !std::mem::replace(seen, true) {
                self.blocks[at].for_each_successor(|to| work.push(to));
            }
        }
        for from in self.blocks.ids() {
            if reached[from] {
                continue;
            }
            let mut ends = Vec::new();
            self.blocks[from].for_each_successor(|to| ends.push(to));
            for to in ends {
                self.forget_edge(from, to);
            }
        }
    }
}
