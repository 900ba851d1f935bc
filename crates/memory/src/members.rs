//! What members of records say of each other, all over the program.
//!
//! - A member that is only ever set to blocks of one size leads to that many bytes.
//! - A member that leads to bytes, and one beside it whose name says that it is a length, are *partners*, like parameters
//!   ([`crate::outside`]).

use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::library::{Gives, Size};
use crate::linear::Linear;
use crate::names::type_limits;
use crate::outside::{belong_together, says_length};
use crate::program::{Entity, Program, Slot};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::value::{Content, Obj, Origin, Taint, Val};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{ArithOp, Const, Function, MemoryOp, Op, Type, TypeId, Value};

/// The bytes that members and variables lead to; nothing for those that lead now to so many and now to others.
pub(crate) type Sizes = FxHashMap<Slot, Option<i128>>;

impl Program<'_> {
    /// Finds the members that only ever hold blocks of one size.
    pub(crate) fn find_sizes(&self) -> Sizes {
        let mut sizes = Sizes::default();
        for at in 0..self.units.len() {
            for function in &self.units[at].module.functions {
                for inst in &function.insts {
                    match &inst.op {
                        Op::Memory(MemoryOp::Store { to, value, .. }) => {
                            self.stored(at, function, *to, *value, &mut sizes);
                        }
                        // Whoever gets the address of a member may set it.
                        Op::Call { args, .. } => {
                            for arg in args {
                                if let Some(slot) = self.member(at, function, arg.value) {
                                    sizes.insert(slot, None);
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        sizes
    }

    /// The members that some function compares with something.
    pub(crate) fn find_tested(&self) -> FxHashSet<Slot> {
        let mut out = FxHashSet::default();
        for at in 0..self.units.len() {
            for function in &self.units[at].module.functions {
                for inst in &function.insts {
                    let Op::Memory(MemoryOp::Compare { left, right, .. }) = &inst.op else { continue };
                    for operand in [*left, *right] {
                        if let Op::Memory(MemoryOp::Load { from, .. }) = function.op(stripped(function, operand)) {
                            out.extend(self.member(at, function, *from));
                        }
                    }
                }
            }
        }
        out
    }

    /// The records that are made with room behind them, by name: a last member that is an array goes on there.
    pub(crate) fn find_growing(&self) -> FxHashSet<String> {
        let mut out = FxHashSet::default();
        for unit in &self.units {
            let types = &unit.module.types;
            for function in &unit.module.functions {
                for inst in &function.insts {
                    let Op::Memory(MemoryOp::Convert { value, .. }) = &inst.op else { continue };
                    let Some(to) = inst.ty.and_then(|ty| types.pointee(ty)) else { continue };
                    let (Some(record), Some(size)) = (types.record(to), types.size(to)) else { continue };
                    let array = |ty| matches!(types.get(ty), Type::Array { count: Some(2..), .. });
                    let Some(start) = record.fields.last().filter(|last| array(last.ty)).and_then(|last| last.offset)
                    else {
                        continue;
                    };
                    let Op::Call { args, .. } = function.op(stripped(function, *value)) else { continue };
                    let range = i128::from(start)..=i128::from(size) + MOST_BEHIND;
                    if args.iter().any(|arg| is_more_than(function, arg.value, &range)) {
                        out.insert(unit.module.strings.resolve(record.name).to_owned());
                    }
                }
            }
        }
        out.remove("");
        out
    }

    /// How many functions store something in each member or variable that is no constant.
    pub(crate) fn storing(&self) -> FxHashMap<Slot, usize> {
        let mut out: FxHashMap<Slot, usize> = FxHashMap::default();
        for at in 0..self.units.len() {
            for function in &self.units[at].module.functions {
                let stored = function.insts.iter().filter_map(|inst| match &inst.op {
                    Op::Memory(MemoryOp::Store { to, value, .. })
                        if !matches!(function.op(stripped(function, *value)), Op::Const(_)) =>
                    {
                        self.slot(at, function, *to)
                    }
                    _ => None,
                });
                for slot in stored.collect::<FxHashSet<Slot>>() {
                    *out.entry(slot).or_default() += 1;
                }
            }
        }
        out
    }

    /// The member that an address is that of.
    fn member(&self, unit: usize, function: &Function, address: Value) -> Option<Slot> {
        let op = function.op(stripped(function, address));
        if matches!(op, Op::Memory(MemoryOp::Member { .. })) { self.named(unit, op) } else { None }
    }

    fn stored(&self, unit: usize, function: &Function, to: Value, value: Value, sizes: &mut Sizes) {
        let Some(slot) = self.member(unit, function, to) else { return };
        let value = stripped(function, value);
        if matches!(function.op(value), Op::Const(Const::Int(0))) {
            return;
        }
        let is_pointer = function.insts.get(value).and_then(|inst| inst.ty).is_some_and(|ty| {
            matches!(self.units[unit].module.types.get(ty), Type::Pointer(_) | Type::Array { .. } | Type::Unknown)
        });
        if !is_pointer {
            return;
        }
        let size = self.allocated(unit, function, value);
        let known = sizes.entry(slot).or_insert(size);
        if *known != size {
            *known = None;
        }
    }

    /// How many bytes an instruction allocates, when that is a constant.
    fn allocated(&self, unit: usize, function: &Function, value: Value) -> Option<i128> {
        let Op::Call { func, args } = function.op(value) else { return None };
        let Op::Memory(MemoryOp::Address(object)) = function.op(stripped(function, *func)) else { return None };
        let Entity::Library(library) = self.entity(unit, *object) else { return None };
        let Gives::New { size, .. } = &library.gives else { return None };
        let number = |at: usize| match function.op(stripped(function, args.get(at)?.value)) {
            Op::Const(Const::Int(number)) => Some(i128::from(*number)),
            _ => None,
        };
        evaluate(size, &number)
    }
}

/// A size, when it is a constant.
fn evaluate(size: &Size, number: &dyn Fn(usize) -> Option<i128>) -> Option<i128> {
    match size {
        Size::Constant(number) => Some(*number),
        Size::Argument(at) => number(*at),
        Size::Sum(a, b) => evaluate(a, number)?.checked_add(evaluate(b, number)?),
        Size::Product(a, b) => evaluate(a, number)?.checked_mul(evaluate(b, number)?),
        Size::Length(_) | Size::Characters(_) | Size::Min(..) => None,
    }
}

/// Bytes besides the size of a record that a constant may hold.
const MOST_BEHIND: i128 = 64;

/// Numbers that a sum is looked at for.
const MAX_SUMMANDS: usize = 8;

/// Whether a number is the sum of a constant in that range and something that is not known.
fn is_more_than(function: &Function, value: Value, range: &std::ops::RangeInclusive<i128>) -> bool {
    let (mut constant, mut other) = (false, false);
    let mut pending = vec![value];
    for _ in 0..MAX_SUMMANDS {
        let Some(at) = pending.pop() else { break };
        match function.op(stripped(function, at)) {
            Op::Memory(MemoryOp::Arith { op: ArithOp::Add, left, right, .. }) => pending.extend([*left, *right]),
            Op::Const(Const::Int(number)) => constant |= range.contains(&i128::from(*number)),
            _ => other = true,
        }
    }
    constant && other
}

/// Members of a record that is made of bytes and their number, and of little else.
const MAX_COUNTED_FIELDS: usize = 4;

impl Analyzer<'_, '_> {
    /// The size of what an address leads to that was loaded from there, when the whole program says so.
    pub(crate) fn size_by_member(&self, from: Value) -> Option<Linear> {
        if !matches!(self.function.op(from), Op::Memory(MemoryOp::Member { .. })) {
            return None;
        }
        let slot = self.cx.program.named(self.unit, self.function.op(from))?;
        self.cx.program.sizes.get(&slot).copied().flatten().map(Linear::constant)
    }

    /// The number that a member beside the one that leads to an object says there is: the bytes of an element, and how many elements;
    /// with what the member is called.
    pub(crate) fn length_by_member(&mut self, state: &mut State, obj: Obj) -> Option<(i64, Linear, String)> {
        let Origin::Deref(base, offset) = self.names.objects.origin(obj) else { return None };
        let ty = self.names.objects.info(base).ty?;
        let (element, place, length, slot) = self.partner(ty, base, offset)?;
        let known = state.cell(place).cloned();
        let form = match known {
            Some(Val::Num(form)) => form,
            Some(_) => return None,
            None if state.overlaps(place) || self.object(state, base).content != Content::Entry => return None,
            None => {
                let var = self.names.var(VarOrigin::Entry(place));
                let limits = type_limits(self.module, Some(length));
                self.names.set_limits(var, limits);
                if !state.numbers.uses(var) {
                    state.numbers.set_range(var, limits);
                }
                if let Some(sent) = self.cx.tainted.get(&slot) {
                    let taint = Taint { what: sent.what.clone(), kind: sent.kind, at: None, no_slash: false };
                    let taint = self.names.taints.intern(taint);
                    self.names.set_taint(var, Some(taint));
                    self.names.set_sent(var, Some(sent.range));
                }
                Linear::var(var)
            }
        };
        Some((element, form, slot.1))
    }

    /// The members of a record that is made of bytes and their number, and of little else: the address and the number.
    pub(crate) fn counted_bytes(&self, record: TypeId) -> Option<(usize, usize)> {
        let record = self.module.types.record(record)?;
        let types = &self.module.types;
        let name = |at: usize| self.module.strings.resolve(record.fields[at].name);
        if record.fields.len() > MAX_COUNTED_FIELDS {
            return None;
        }
        let mut pointers = record.fields.iter().enumerate().filter_map(|(at, field)| match types.get(field.ty) {
            Type::Pointer(to) => Some((at, matches!(types.get(*to), Type::Void | Type::Int { .. }))),
            _ => None,
        });
        let pointer = pointers.next().filter(|(_, bytes)| *bytes)?.0;
        if pointers.next().is_some() {
            return None;
        }
        let length = (0..record.fields.len()).find(|at| {
            matches!(types.get(record.fields[*at].ty), Type::Int { bits: 16..=64, .. })
                && says_length(name(*at))
                && belong_together(name(pointer), name(*at))
        })?;
        Some((pointer, length))
    }

    /// Whether a member is a number of elements of what the member beside it leads to.
    pub(crate) fn counts_beside(&self, record: TypeId, at: usize) -> bool {
        let Some(record) = self.module.types.record(record) else { return false };
        let Some(length) = record.fields.get(at) else { return false };
        let name = |symbol| self.module.strings.resolve(symbol);
        if !says_length(name(length.name))
            || !matches!(self.module.types.get(length.ty), Type::Int { bits: 16..=64, .. })
        {
            return false;
        }
        [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| record.fields.get(at)).any(|field| {
            let Type::Pointer(to) = self.module.types.get(field.ty) else { return false };
            matches!(self.module.types.get(*to), Type::Void | Type::Int { .. })
                && belong_together(name(field.name), name(length.name))
        })
    }

    /// The partner of the member at an offset of a record: the bytes of an element, where the number stands, of which type, and
    /// what it is called.
    fn partner(&self, ty: TypeId, base: Obj, offset: i64) -> Option<(i64, Place, TypeId, Slot)> {
        let record = self.module.types.record(ty)?;
        let at = record.fields.iter().position(|field| field.offset.is_some_and(|o| i64::try_from(o) == Ok(offset)))?;
        let Type::Pointer(to) = self.module.types.get(record.fields[at].ty) else { return None };
        let element = match self.module.types.get(*to) {
            Type::Void => 1,
            Type::Int { bits, .. } => i64::from(*bits / 8),
            _ => return None,
        };
        let beside = [Some(at + 1), at.checked_sub(1)];
        let field = beside.into_iter().flatten().filter_map(|at| record.fields.get(at)).find(|field| {
            field.bits.is_none()
                && matches!(self.module.types.get(field.ty), Type::Int { bits: 16..=64, .. })
                && says_length(self.module.strings.resolve(field.name))
                && belong_together(
                    self.module.strings.resolve(record.fields[at].name),
                    self.module.strings.resolve(field.name),
                )
        })?;
        let width = u32::try_from(self.module.types.size(field.ty)?).ok()?;
        let place = Place { obj: base, offset: i64::try_from(field.offset?).ok()?, width };
        let names = (record.name, field.name);
        let slot = (self.module.strings.resolve(names.0).to_owned(), self.module.strings.resolve(names.1).to_owned());
        Some((element, place, field.ty, slot))
    }
}
