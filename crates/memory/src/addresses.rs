//! Addresses that are computed from others.

use crate::analyzer::Analyzer;
use crate::linear::{INFINITY, Linear};
use crate::numbers::Range;
use crate::state::{State, VarOrigin};
use crate::value::{Nullness, Pointer, Region, Val};
use assay_ir::{MemoryOp, Op, Type, TypeId, Value};
use std::rc::Rc;

impl Analyzer<'_, '_> {
    /// The address `index` elements behind `base`.
    pub(crate) fn offset(
        &mut self,
        state: &mut State,
        value: Value,
        base: Value,
        index: Value,
        element: TypeId,
    ) -> Val {
        let mut number = self.number(state, index, value);
        // What wrapped around as an unsigned number comes out right again in an address.
        if let Some(var) = number.as_var()
            && let Some(modular) = self.names.modular(var)
            && modular.terms.iter().all(|(v, _)| state.numbers.uses(*v))
        {
            number = modular.clone();
        }
        let pointer = match self.val(state, base) {
            Val::Ptr(pointer) => pointer,
            Val::Uninit => {
                self.uninitialized(base, value);
                return self.unknown(state, value, self.ty(value));
            }
            _ => return self.unknown(state, value, self.ty(value)),
        };
        if pointer.targets.is_empty() {
            return Val::Ptr(pointer);
        }
        let size = self.module.types.size(element).and_then(|size| i64::try_from(size).ok());
        let moved = size.and_then(|size| number.times(size));
        let array = matches!(self.module.types.get(element), Type::Array { .. });
        let in_row = self.is_row(base);
        let mut out = Rc::unwrap_or_clone(pointer);
        for target in &mut out.targets {
            // An address that a row's was made of, and that goes its own way, may run through all rows.
            if !array
                && !in_row
                && let Some(region) = target.region.take()
            {
                target.region = if region.row { region.outer.clone() } else { Some(region) };
            }
            let sum = moved.as_ref().and_then(|moved| target.offset.plus(moved));
            target.offset = if let Some(sum) = sum {
                sum
            } else {
                let form = self.fresh_var(state, VarOrigin::Offset(value, target.obj));
                // The sum of bounds is known even where the form is not.
                if let Some(moved) = &moved {
                    let (a, b) = (state.numbers.bounds(&target.offset), state.numbers.bounds(moved));
                    let range = Range {
                        lo: (a.lo + b.lo).clamp(-INFINITY, INFINITY),
                        hi: (a.hi + b.hi).clamp(-INFINITY, INFINITY),
                        lo_why: a.lo_why.max(b.lo_why),
                        hi_why: a.hi_why.max(b.hi_why),
                    };
                    if let Some(var) = form.as_var() {
                        state.numbers.set_range(var, range);
                        let taint = self.names.taint(moved);
                        self.names.set_taint(var, taint);
                    }
                }
                form
            };
            if array && let Some(size) = size {
                // From row to row, it is what the rows are in that must not be left.
                if let Some(region) = target.region.take() {
                    target.region = if region.row { region.outer.clone() } else { Some(region) };
                }
                if self.lies_within(state, target, &Linear::constant(i128::from(size))) {
                    let outer = target.region.take();
                    let region = Region { start: target.offset.clone(), size, row: true, outer };
                    target.region = Some(region.into());
                }
            }
        }
        Val::from(out)
    }

    /// Whether an address is that of a row, written as such: `table[i]` in `table[i][j]`.
    fn is_row(&self, address: Value) -> bool {
        let mut at = address;
        while let Op::Memory(MemoryOp::Convert { value, .. }) = self.function.op(at) {
            at = *value;
        }
        matches!(self.function.op(at), Op::Memory(MemoryOp::Offset { element, .. })
            if matches!(self.module.types.get(*element), Type::Array { .. }))
    }

    /// The address of a member.
    pub(crate) fn member(&mut self, state: &mut State, base: Value, record: TypeId, field: u32) -> Val {
        let Val::Ptr(pointer) = self.val(state, base) else { return Val::from(Pointer::unknown(Nullness::UNKNOWN)) };
        let Some(info) = self.module.types.record(record) else { return Val::Ptr(pointer) };
        let Some(member) = info.fields.get(field as usize) else { return Val::Ptr(pointer) };
        let last = field as usize + 1 == info.fields.len();
        let (union, record_size) = (info.union, info.size);
        let array = match self.module.types.get(member.ty) {
            // A last member of no or one element stands for as many as there is room for, and one of a record that is made with room behind it.
            Type::Array { count: Some(count), .. }
                if !(union
                    || last
                        && (*count <= 1
                            || self.cx.program.growing.contains(self.module.strings.resolve(info.name)))) =>
            {
                self.module.types.size(member.ty).and_then(|size| i64::try_from(size).ok())
            }
            _ => None,
        };
        let mut pointer = Rc::unwrap_or_clone(pointer);
        for target in &mut pointer.targets {
            if let Some(offset) = member.offset.map(i128::from) {
                let start = target.offset.plus_constant(offset);
                if let Some(size) = array
                    && (target.region.is_none()
                        || record_size
                            .is_some_and(|size| self.lies_within(state, target, &Linear::constant(i128::from(size)))))
                {
                    target.region = Some(Region { start: start.clone(), size, row: false, outer: None }.into());
                }
                target.offset = start;
            } else {
                let form = self.fresh_var(state, VarOrigin::Offset(base, target.obj));
                target.offset = form;
                target.region = None;
            }
        }
        Val::from(pointer)
    }
}
