//! Variables with a static lifetime that nothing changes: what they hold.

use crate::program::{Entity, GlobalId, Program, is_header};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{Const, Definition, Function, FunctionKind, Linkage, MemoryOp, Module, ObjectId, Op, Value};

/// The numbers in a variable. What is not listed is zero.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    /// By offset and width in bytes.
    cells: FxHashMap<(i64, u32), i128>,
    /// How many bytes they take.
    filled: u64,
    /// How many bytes there are.
    size: u64,
}

impl Contents {
    /// The number at an offset; nothing when the bytes there are parts of others.
    pub(crate) fn at(&self, offset: i64, width: u32) -> Option<i128> {
        if let Some(number) = self.cells.get(&(offset, width)) {
            return Some(*number);
        }
        let end = offset + i64::from(width);
        let touches = |(at, w): &(i64, u32)| *at < end && offset < *at + i64::from(*w);
        (offset >= 0 && u64::try_from(end).is_ok_and(|end| end <= self.size) && !self.cells.keys().any(touches))
            .then_some(0)
    }

    /// The least and the greatest of all numbers of that width.
    pub(crate) fn range(&self, width: u32) -> Option<(i128, i128)> {
        if self.cells.keys().any(|(_, w)| *w != width) {
            return None;
        }
        let zero = (self.filled < self.size).then_some(0);
        let all = || self.cells.values().copied().chain(zero);
        Some((all().min()?, all().max()?))
    }
}

/// The variables that nothing changes: constant ones, those of one unit that it only reads, and those of a whole program
/// that all its units only read.
pub(crate) fn find(program: &Program<'_>) -> FxHashMap<GlobalId, Contents> {
    let mut out = FxHashMap::default();
    let by_unit: Vec<FxHashSet<ObjectId>> = program.units.iter().map(|unit| changed(unit.module)).collect();
    let mut shared: FxHashSet<GlobalId> = FxHashSet::default();
    for (at, changed) in by_unit.iter().enumerate() {
        shared.extend(changed.iter().filter_map(|object| match program.entity(at, *object) {
            Entity::Global(global) => Some(global),
            _ => None,
        }));
    }
    // Of several variables of one name, which one a unit means is only likely.
    let mut named: FxHashMap<&str, usize> = FxHashMap::default();
    for global in &program.globals {
        let module = program.units[global.unit].module;
        if let Some(object) = module.objects.get(global.object) {
            *named.entry(module.strings.resolve(object.name)).or_default() += 1;
        }
    }
    // What has no start is a part of something that is not seen.
    let whole =
        program.function_named("main").is_some() && program.units.iter().all(|unit| unit.module.gaps.is_empty());
    for (at, unit) in program.units.iter().enumerate() {
        let module = unit.module;
        let changed = &by_unit[at];
        let bodies = module.functions.iter().filter(|f| f.kind == FunctionKind::ModuleBody);
        let mut found: FxHashMap<ObjectId, Option<Contents>> = FxHashMap::default();
        for (id, object) in module.objects.iter_enumerated() {
            // Code that was not understood, and files that include this one, may change what is not constant.
            let own = object.linkage == Linkage::Internal && module.gaps.is_empty() && !is_header(unit.path);
            let read_by_all = || {
                named.get(module.strings.resolve(object.name)) == Some(&1)
                    && matches!(program.entity(at, id), Entity::Global(global) if !shared.contains(&global))
            };
            let constant = object.constant
                || own && !changed.contains(&id)
                || whole && object.linkage == Linkage::External && read_by_all();
            if let (Definition::Variable, true, Some(size)) =
                (object.definition, constant, module.types.size(object.ty))
            {
                found.insert(id, Some(Contents { size, ..Contents::default() }));
            }
        }
        for body in bodies {
            for inst in &body.insts {
                read_initial(module, body, &inst.op, &mut found);
            }
        }
        for (id, contents) in found {
            if let (Entity::Global(global), Some(contents)) = (program.entity(at, id), contents) {
                out.insert(global, contents);
            }
        }
    }
    out
}

/// The variable that an address leads into, and how far, where that is a constant.
fn place(module: &Module, function: &Function, address: Value) -> Option<(ObjectId, Option<i64>)> {
    match function.op(address) {
        Op::Memory(MemoryOp::Address(object)) => Some((*object, Some(0))),
        Op::Memory(MemoryOp::Convert { value, .. }) => place(module, function, *value),
        Op::Memory(MemoryOp::Member { base, record, field }) => {
            let (object, offset) = place(module, function, *base)?;
            let member = module.types.record(*record).and_then(|r| r.fields.get(*field as usize));
            let member = member.filter(|member| member.bits.is_none()).and_then(|member| member.offset);
            let moved = offset.zip(member.and_then(|offset| i64::try_from(offset).ok()));
            Some((object, moved.and_then(|(a, b)| a.checked_add(b))))
        }
        Op::Memory(MemoryOp::Offset { base, index, element }) => {
            let (object, offset) = place(module, function, *base)?;
            let size = module.types.size(*element).and_then(|size| i64::try_from(size).ok());
            let moved = match function.op(*index) {
                Op::Const(Const::Int(index)) => size.and_then(|size| index.checked_mul(size)),
                _ => None,
            };
            Some((object, offset.zip(moved).and_then(|(a, b)| a.checked_add(b))))
        }
        _ => None,
    }
}

/// The variables that a unit does more with than to read them.
fn changed(module: &Module) -> FxHashSet<ObjectId> {
    let mut out = FxHashSet::default();
    for function in &module.functions {
        let body = function.kind == FunctionKind::ModuleBody;
        let mut note = |value: Value| {
            if let Some((object, _)) = place(module, function, value) {
                out.insert(object);
            }
        };
        for inst in &function.insts {
            match &inst.op {
                // Addresses that go on, and reads.
                Op::Memory(
                    MemoryOp::Member { .. }
                    | MemoryOp::Offset { .. }
                    | MemoryOp::Convert { .. }
                    | MemoryOp::Load { .. }
                    | MemoryOp::Compare { .. },
                ) => {}
                Op::Memory(MemoryOp::Store { to, value, .. }) => {
                    if !body {
                        note(*to);
                    }
                    note(*value);
                }
                Op::Memory(MemoryOp::Fill { .. } | MemoryOp::Copy { .. }) if body => {}
                op => op.for_each_operand(&mut note),
            }
        }
        for block in &function.blocks {
            block.terminator.for_each_operand(&mut note);
        }
    }
    out
}

/// What an instruction of a module's body puts into a variable. One that it treats in a way that is not followed is given up.
fn read_initial(module: &Module, body: &Function, op: &Op, found: &mut FxHashMap<ObjectId, Option<Contents>>) {
    let (to, stored, ty) = match op {
        Op::Memory(MemoryOp::Store { to, value, ty }) => (*to, Some(*value), *ty),
        Op::Memory(MemoryOp::Fill { to, ty, zero: true }) => {
            let _ = (to, ty);
            return;
        }
        Op::Memory(MemoryOp::Fill { to, ty, .. } | MemoryOp::Copy { to, ty, .. }) => (*to, None, *ty),
        _ => return,
    };
    let Some((object, offset)) = place(module, body, to) else { return };
    let Some(slot) = found.get_mut(&object) else { return };
    let Some(contents) = slot else { return };
    let number = stored.and_then(|value| match body.op(value) {
        Op::Const(Const::Int(number)) => Some(i128::from(*number)),
        Op::Const(Const::Bool(truth)) => Some(i128::from(*truth)),
        _ => None,
    });
    let width = module.types.size(ty).and_then(|width| u32::try_from(width).ok());
    match (offset, width, number) {
        (Some(offset), Some(width), Some(number)) => {
            if contents.cells.insert((offset, width), number).is_none() {
                contents.filled += u64::from(width);
            }
        }
        _ => *slot = None,
    }
}
