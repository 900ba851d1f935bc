//! Containers of C++ as the front end lays them out: how many elements there are, the last that was added, and the
//! first few.

use crate::analyzer::Analyzer;
use crate::library_calls::Call;
use crate::linear::Linear;
use crate::state::{Place, State};
use crate::value::{Content, Nullness, Obj, Pointer, Val};
use assay_ir::Type;

/// A container of which it is known how many elements it has.
struct Known {
    obj: Obj,
    /// Where it stands in the object.
    base: i64,
    count: i64,
    /// Where the last element stands, and where the elements begin, from there on.
    last: i64,
    start: i64,
    /// The bytes of one, and how many are told apart.
    width: i64,
    room: i64,
}

impl Known {
    fn at(&self, offset: i64) -> Pointer {
        Pointer::at(self.obj, Linear::constant(i128::from(self.base + offset)), Nullness::NEVER)
    }

    fn place(&self, index: i64) -> Pointer {
        self.at(self.start + index * self.width)
    }
}

impl Analyzer<'_, '_> {
    fn container(&mut self, state: &mut State, call: &Call<'_>, at: usize) -> Option<Known> {
        let ty = self.ty(*call.args.get(at)?)?;
        let record = self.module.types.record(self.module.types.pointee(ty)?)?;
        let [_, last, elements] = &record.fields[..] else { return None };
        let &Type::Array { element, count: Some(room) } = self.module.types.get(elements.ty) else { return None };
        let (last, start) = (i64::try_from(last.offset?).ok()?, i64::try_from(elements.offset?).ok()?);
        let width = i64::try_from(self.module.types.size(element)?).ok()?;
        let target = call.pointer(at)?.only()?.clone();
        let base = i64::try_from(target.offset.as_constant()?).ok()?;
        let place = Place { obj: target.obj, offset: base, width: 8 };
        let content = self.object(state, target.obj).content;
        let count = match state.cell(place) {
            Some(Val::Num(form)) => form.as_constant()?,
            None if !state.overlaps(place) && content == Content::Zero => 0,
            _ => return None,
        };
        let count = i64::try_from(count).ok()?;
        Some(Known { obj: target.obj, base, count, last, start, width, room: i64::try_from(room).ok()? })
    }

    /// Adds an element at the end of a container.
    pub(crate) fn push(&mut self, state: &mut State, call: &Call<'_>, at: usize, value: usize) {
        let (Some(container), Some(val)) = (call.vals.get(at).cloned(), call.vals.get(value).cloned()) else { return };
        let Some(known) = self.container(state, call, at).filter(|known| known.count < known.room) else {
            self.escape(state, &val);
            self.havoc(state, &container);
            return;
        };
        let (place, width) = (known.place(known.count), u64::try_from(known.width).ok());
        self.put(state, &place, width, val.clone(), false);
        self.put(state, &known.at(known.last), width, val, false);
        let count = Val::constant(i128::from(known.count + 1));
        self.put(state, &known.at(0), Some(8), count, false);
    }

    /// The address of the last element of a container, where that is known.
    pub(crate) fn last_element(&mut self, state: &mut State, call: &Call<'_>, at: usize) -> Option<Val> {
        let Some(known) = self.container(state, call, at) else { return self.last_passed(state, call, at) };
        (0 < known.count && known.count <= known.room).then(|| Val::from(known.place(known.count - 1)))
    }

    /// The same for a container of which it is not known how many elements it has: what its last element is stands beside the others.
    fn last_passed(&mut self, state: &mut State, call: &Call<'_>, at: usize) -> Option<Val> {
        let ty = self.ty(*call.args.get(at)?)?;
        let record = self.module.types.record(self.module.types.pointee(ty)?)?;
        let last = record.fields.get(1)?;
        let (width, last) = (self.module.types.size(last.ty)?, i64::try_from(last.offset?).ok()?);
        let target = call.pointer(at)?.only()?.clone();
        let offset = i64::try_from(target.offset.as_constant()?).ok()? + last;
        let content = self.object(state, target.obj).content;
        let place = Place { obj: target.obj, offset, width: u32::try_from(width).ok()? };
        let set = state.cell(place).is_some();
        (set || content == Content::Entry)
            .then(|| Val::from(Pointer::at(target.obj, Linear::constant(i128::from(offset)), Nullness::NEVER)))
    }
}
