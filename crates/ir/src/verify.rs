//! The rules of the representation.

use crate::{
    Block, BlockId, CellRef, Function, FunctionId, FunctionKind, MemoryOp, Module, Op, Piece, Terminator, Type, TypeId,
    Value,
};
use assay_index::{Idx, IndexVec, Symbol};
use std::collections::BinaryHeap;

/// A broken rule of the representation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct VerifyError(pub String);

/// Checks that a module keeps the rules of the representation:
///
/// - every id is in range, and functions and classes refer to each other consistently;
/// - each value stands in exactly one block, phis first and parameters in the entry;
/// - each operand is defined on every path to its use;
/// - a phi has one input for each predecessor; no edge leads to the entry;
/// - the targets of a branch differ and have no other predecessor;
/// - no block is its own handler, and every block can be reached;
/// - objects and members exist, and a local whose size is known stands in the entry.
///
/// # Errors
/// The first rule that is broken, and where.
pub fn verify(module: &Module) -> Result<(), VerifyError> {
    let Some(body) = module.functions.as_slice().first() else {
        return Err(VerifyError("a module has a body".to_owned()));
    };
    check(body.kind == FunctionKind::ModuleBody, || "f0 is not the module's body".to_owned())?;
    for (id, class) in module.classes.iter_enumerated() {
        symbol(module, class.name)?;
        symbol(module, class.qualified)?;
        let body = module.functions.get(class.body);
        check(body.is_some_and(|f| f.kind == FunctionKind::ClassBody(id)), || format!("{id} has no body of its own"))?;
    }
    memory(module)?;
    module.exports.iter().flatten().try_for_each(|name| symbol(module, *name))?;
    for (id, function) in module.functions.iter_enumerated() {
        let result = FunctionCheck { module, function, id }.run();
        result.map_err(|VerifyError(message)| VerifyError(format!("{id}: {message}")))?;
    }
    Ok(())
}

fn check(holds: bool, message: impl FnOnce() -> String) -> Result<(), VerifyError> {
    if holds { Ok(()) } else { Err(VerifyError(message())) }
}

fn type_id(module: &Module, id: TypeId) -> Result<(), VerifyError> {
    check(module.types.contains(id), || format!("{id} is not in the table"))
}

/// The rules for the tables of types and objects.
fn memory(module: &Module) -> Result<(), VerifyError> {
    for (_, ty) in module.types.iter_enumerated() {
        match ty {
            Type::Unknown | Type::Void | Type::Bool | Type::Int { .. } | Type::Float { .. } => {}
            Type::Pointer(to) | Type::Array { element: to, .. } => type_id(module, *to)?,
            Type::Record(record) => {
                symbol(module, record.name)?;
                for field in &record.fields {
                    symbol(module, field.name)?;
                    type_id(module, field.ty)?;
                }
            }
            Type::Function { result, params, .. } => {
                type_id(module, *result)?;
                params.iter().try_for_each(|param| type_id(module, *param))?;
            }
        }
    }
    for (id, object) in module.objects.iter_enumerated() {
        symbol(module, object.name)?;
        type_id(module, object.ty)?;
        if let crate::Definition::Function(function) = object.definition {
            let callable = module.functions.get(function).is_some_and(Function::is_callable);
            check(callable, || format!("{id} is {function}, which is no function"))?;
        }
    }
    Ok(())
}

fn symbol(module: &Module, symbol: Symbol) -> Result<(), VerifyError> {
    check(symbol.index() < module.strings.len(), || format!("{symbol} is not in the table"))
}

/// Where a value is defined.
#[derive(Clone, Copy)]
struct Definition {
    block: BlockId,
    position: usize,
}

struct FunctionCheck<'m> {
    module: &'m Module,
    function: &'m Function,
    id: FunctionId,
}

impl FunctionCheck<'_> {
    fn run(&self) -> Result<(), VerifyError> {
        self.declaration()?;
        let definitions = self.definitions()?;
        let preds = self.edges()?;
        let order = reverse_postorder(self.function);
        check(order.len() == self.function.blocks.len(), || "a block cannot be reached".to_owned())?;
        let idoms = dominators(&order, &preds, self.function.blocks.len());
        let tree = DominatorTree::of(&order, &idoms);
        for (id, block) in self.function.blocks.iter_enumerated() {
            self.uses(id, block, &preds[id], &definitions, &tree)?;
        }
        Ok(())
    }

    fn declaration(&self) -> Result<(), VerifyError> {
        let (module, function) = (self.module, self.function);
        symbol(module, function.name)?;
        symbol(module, function.qualified)?;
        function.params.iter().try_for_each(|p| symbol(module, p.name))?;
        function.cells.iter().try_for_each(|c| symbol(module, c.name))?;
        let is_body = function.kind == FunctionKind::ModuleBody;
        if let Some(signature) = function.signature {
            type_id(module, signature)?;
        }
        check(is_body == (self.id.index() == 0), || "only f0 is the module's body".to_owned())?;
        check(is_body == function.parent.is_none(), || "only the module's body has no parent".to_owned())?;
        check(function.parent.is_none_or(|p| p.index() < self.id.index()), || "comes before its parent".to_owned())?;
        check(function.class.is_none_or(|c| module.classes.get(c).is_some()), || "class out of range".to_owned())?;
        if let FunctionKind::ClassBody(class) = function.kind {
            let is_its_body = module.classes.get(class).is_some_and(|c| c.body == self.id);
            check(is_its_body, || format!("is not the body of {class}"))?;
        }
        check(!function.blocks.is_empty(), || "has no entry block".to_owned())
    }

    fn definitions(&self) -> Result<IndexVec<Value, Definition>, VerifyError> {
        let nowhere = Definition { block: BlockId::new(u32::MAX as usize), position: 0 };
        let mut definitions = IndexVec::from_elem(nowhere, self.function.insts.len());
        for (id, block) in self.function.blocks.iter_enumerated() {
            let mut phis = true;
            for (position, &value) in block.insts.iter().enumerate() {
                let inst = self.function.insts.get(value);
                let Some(inst) = inst else { return Err(VerifyError(format!("{value} in {id} does not exist"))) };
                check(definitions[value].block == nowhere.block, || format!("{value} stands in two places"))?;
                definitions[value] = Definition { block: id, position };
                let is_phi = matches!(inst.op, Op::Phi(_));
                check(phis || !is_phi, || format!("phi {value} in {id} comes after other instructions"))?;
                phis = is_phi;
                if let Some(ty) = inst.ty {
                    type_id(self.module, ty)?;
                }
                self.operation(id, value, &inst.op)?;
            }
        }
        let lost = definitions.iter_enumerated().find(|(_, d)| d.block == nowhere.block).map(|(value, _)| value);
        lost.map_or(Ok(definitions), |value| Err(VerifyError(format!("{value} stands in no block"))))
    }

    fn operation(&self, block: BlockId, value: Value, op: &Op) -> Result<(), VerifyError> {
        let module = self.module;
        match op {
            Op::Param(index) => {
                check(block.index() == 0, || format!("parameter {value} is not in the entry"))?;
                check((*index as usize) < self.function.params.len(), || format!("no parameter {index}"))?;
            }
            Op::LoadCell(cell) | Op::StoreCell(cell, _) => self.cell(*cell)?,
            Op::MakeFunction { function, .. } => {
                let made = module.functions.get(*function);
                let is_child = made.is_some_and(|f| f.parent == Some(self.id) && f.is_callable());
                check(is_child, || format!("{value} makes {function}, which is not defined here"))?;
            }
            Op::MakeClass { class, .. } => {
                let body = module.classes.get(*class).and_then(|c| module.functions.get(c.body));
                let is_child = body.is_some_and(|f| f.parent == Some(self.id));
                check(is_child, || format!("{value} makes {class}, which is not defined here"))?;
            }
            Op::Memory(op) => self.memory(block, value, op)?,
            _ => {}
        }
        let mut result = Ok(());
        op.each_symbol(|s| {
            if result.is_ok() {
                result = symbol(module, s);
            }
        });
        result
    }

    fn memory(&self, block: BlockId, value: Value, op: &MemoryOp) -> Result<(), VerifyError> {
        let mut result = Ok(());
        op.for_each_type(|ty| {
            if result.is_ok() {
                result = type_id(self.module, ty);
            }
        });
        result?;
        match op {
            MemoryOp::Local { count: None, .. } => {
                check(block.index() == 0, || format!("local {value} is not in the entry"))
            }
            MemoryOp::Address(object) => {
                check(self.module.objects.get(*object).is_some(), || format!("{object} is not in the table"))
            }
            MemoryOp::Member { record, field, .. } => {
                let record = self.module.types.record(*record);
                let exists = record.is_some_and(|r| (*field as usize) < r.fields.len());
                check(exists, || format!("{value} is a member {field}, which does not exist"))
            }
            _ => Ok(()),
        }
    }

    fn cell(&self, cell: CellRef) -> Result<(), VerifyError> {
        let owner = self.module.functions.get(cell.owner);
        let exists = owner.is_some_and(|f| f.cells.get(cell.cell).is_some());
        check(exists, || format!("{} has no {}", cell.owner, cell.cell))?;
        let mut at = self.id;
        while at != cell.owner {
            match self.module.functions.get(at).and_then(|f| f.parent) {
                Some(parent) if parent.index() < at.index() => at = parent,
                _ => return Err(VerifyError(format!("{} is not around it", cell.owner))),
            }
        }
        Ok(())
    }

    fn edges(&self) -> Result<IndexVec<BlockId, Vec<BlockId>>, VerifyError> {
        let blocks = &self.function.blocks;
        let mut preds: IndexVec<BlockId, Vec<BlockId>> = IndexVec::from_elem(Vec::new(), blocks.len());
        for (id, block) in blocks.iter_enumerated() {
            let mut result = Ok(());
            block.for_each_successor(|to| {
                if to.index() >= blocks.len() {
                    result = Err(VerifyError(format!("{id} leads to {to}, which does not exist")));
                } else if preds[to].last() != Some(&id) {
                    preds[to].push(id);
                }
            });
            result?;
            check(block.handler != Some(id), || format!("{id} is its own handler"))?;
        }
        check(preds[BlockId::new(0)].is_empty(), || "an edge leads to the entry".to_owned())?;
        for (id, block) in blocks.iter_enumerated() {
            if let Terminator::Branch { then_to, else_to, .. } = block.terminator {
                check(then_to != else_to, || format!("both targets of {id} are {then_to}"))?;
                for target in [then_to, else_to] {
                    let single = preds[target].len() == 1 && block.handler != Some(target);
                    check(single, || format!("{target}, a target of {id}, has other predecessors"))?;
                }
            }
        }
        Ok(preds)
    }

    fn uses(
        &self,
        id: BlockId,
        block: &Block,
        preds: &[BlockId],
        definitions: &IndexVec<Value, Definition>,
        tree: &DominatorTree,
    ) -> Result<(), VerifyError> {
        let defined = |value: Value, at: BlockId, position: usize| match definitions.get(value) {
            Some(d) if d.block == at => d.position < position,
            Some(d) => tree.dominates(d.block, at),
            None => false,
        };
        for (position, &value) in block.insts.iter().enumerate() {
            if let Op::Phi(inputs) = &self.function.insts[value].op {
                let mut from: Vec<BlockId> = inputs.iter().map(|(b, _)| *b).collect();
                from.sort();
                let mut expected = preds.to_vec();
                expected.sort();
                check(from == expected, || format!("phi {value} in {id} has inputs from {from:?}, not {expected:?}"))?;
                for &(from, input) in inputs {
                    let holds = defined(input, from, usize::MAX);
                    check(holds, || format!("phi {value} in {id} reads {input}, not defined in {from}"))?;
                }
                continue;
            }
            let mut result = Ok(());
            self.function.insts[value].op.for_each_operand(|operand| {
                if result.is_ok() {
                    result = check(defined(operand, id, position), || {
                        format!("{value} in {id} reads {operand}, which is not defined there")
                    });
                }
            });
            result?;
        }
        let mut result = Ok(());
        block.terminator.for_each_operand(|operand| {
            result = check(defined(operand, id, usize::MAX), || {
                format!("the end of {id} reads {operand}, which is not defined there")
            });
        });
        result
    }
}

impl Op {
    /// Calls `f` with each symbol of the operation.
    fn each_symbol(&self, mut f: impl FnMut(Symbol)) {
        use crate::{ArgKind, Const};
        match self {
            Self::Const(Const::BigInt(s) | Const::Str(s) | Const::Bytes(s))
            | Self::Global(s)
            | Self::StoreGlobal(s, _)
            | Self::StoreName(s, _)
            | Self::Import { module: s, .. }
            | Self::ImportStar { module: s, .. }
            | Self::Attr(_, s)
            | Self::StoreAttr { name: s, .. }
            | Self::DeleteAttr(_, s) => f(*s),
            Self::ImportFrom { module, name, .. } => {
                f(*module);
                f(*name);
            }
            Self::Call { args, .. } | Self::MakeClass { bases: args, .. } => args.iter().for_each(|a| {
                if let ArgKind::Keyword(s) = a.kind {
                    f(s);
                }
            }),
            Self::Format(pieces) | Self::Template(pieces) => pieces.iter().for_each(|p| {
                if let Piece::Text(s) = p {
                    f(*s);
                }
            }),
            Self::Memory(MemoryOp::Local { name, .. }) => f(*name),
            _ => {}
        }
    }
}

fn reverse_postorder(function: &Function) -> Vec<BlockId> {
    let mut seen = IndexVec::<BlockId, bool>::from_elem(false, function.blocks.len());
    let (mut order, mut stack) = (Vec::new(), vec![(BlockId::new(0), false)]);
    while let Some((block, done)) = stack.pop() {
        if done {
            order.push(block);
        } else if !std::mem::replace(&mut seen[block], true) {
            stack.push((block, true));
            function.blocks[block].for_each_successor(|next| stack.push((next, false)));
        }
    }
    order.reverse();
    order
}

/// The immediate dominator of each block, after Cooper, Harvey and Kennedy, *A Simple, Fast Dominance
/// Algorithm*; the entry is its own.
fn dominators(order: &[BlockId], preds: &IndexVec<BlockId, Vec<BlockId>>, count: usize) -> IndexVec<BlockId, BlockId> {
    let mut rank = IndexVec::<BlockId, usize>::from_elem(usize::MAX, count);
    order.iter().enumerate().for_each(|(i, b)| rank[*b] = i);
    let entry = BlockId::new(0);
    let mut idoms: IndexVec<BlockId, Option<BlockId>> = IndexVec::from_elem(None, count);
    idoms[entry] = Some(entry);
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for &block in &order[1..] {
            let known = preds[block].iter().filter(|pred| idoms[**pred].is_some());
            // The paths from all predecessors up to where they meet, each step taken once.
            let mut paths: BinaryHeap<usize> = known.map(|pred| rank[*pred]).collect();
            let mut new = None;
            while let Some(lowest) = paths.pop() {
                while paths.peek() == Some(&lowest) {
                    paths.pop();
                }
                if paths.is_empty() {
                    new = Some(order[lowest]);
                } else {
                    paths.push(rank[idoms[order[lowest]].unwrap_or(entry)]);
                }
            }
            if new != idoms[block] {
                idoms[block] = new;
                changed = true;
            }
        }
    }
    idoms.into_raw().into_iter().map(|d| d.unwrap_or(entry)).collect()
}

/// The times at which a walk over the dominator tree enters and leaves each block.
struct DominatorTree {
    times: IndexVec<BlockId, (u32, u32)>,
}

impl DominatorTree {
    fn of(order: &[BlockId], idoms: &IndexVec<BlockId, BlockId>) -> Self {
        let mut children: IndexVec<BlockId, Vec<BlockId>> = IndexVec::from_elem(Vec::new(), idoms.len());
        order.iter().skip(1).for_each(|b| children[idoms[*b]].push(*b));
        let mut times = IndexVec::from_elem((0, 0), idoms.len());
        let (mut clock, mut stack) = (0, vec![(BlockId::new(0), false)]);
        while let Some((block, done)) = stack.pop() {
            clock += 1;
            if done {
                times[block].1 = clock;
            } else {
                times[block].0 = clock;
                stack.push((block, true));
                children[block].iter().for_each(|c| stack.push((*c, false)));
            }
        }
        Self { times }
    }

    fn dominates(&self, a: BlockId, b: BlockId) -> bool {
        let (a, b) = (self.times[a], self.times[b]);
        a.0 <= b.0 && b.1 <= a.1
    }
}
