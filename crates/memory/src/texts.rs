//! Strings that are read byte by byte.
//!
//! A byte of a string that is not zero has another one behind it. So a loop that looks at each byte whether it is the last stays within
//! the string, whose length need not be known: callers who pass a terminated string have seen to it.

use crate::access::Access;
use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::linear::Linear;
use crate::numbers::Why;
use crate::state::{State, VarOrigin, Vars};
use crate::summary::{EntryForm, EntryVar};
use crate::value::{Content, Obj, Target, Text, Val};
use assay_ir::{MemoryOp, Op, Type, TypeId, Value};

/// Strings of the caller's that numbers are compared with where states meet.
const MAX_STRINGS: usize = 6;

/// Bytes before the end of a string that are told apart.
const MOST_BEFORE: i128 = 4;

/// Where two states meet: what moves there and lies within a string in both, as forms that are at most zero.
pub(crate) fn within(a: &State, b: &State, moved: &[Value], vars: &dyn Vars) -> Vec<Linear> {
    let mut out = Vec::new();
    if moved.is_empty() {
        return out;
    }
    let strings: Vec<Linear> =
        a.numbers.vars().filter(|var| vars.is_entry_length(*var)).take(MAX_STRINGS).map(Linear::var).collect();
    let mut both = |form: &Linear, end: &Linear| {
        let Some(over) = form.minus(end).filter(|_| !form.terms.is_empty()) else { return };
        let most = a.numbers.upper(&over).max(b.numbers.upper(&over));
        if most <= 0 {
            let over = over.plus_constant(-most.max(-MOST_BEFORE));
            if !out.contains(&over) {
                out.push(over);
            }
        }
    };
    for value in moved {
        match a.get(*value) {
            Some(Val::Num(form)) => strings.iter().for_each(|end| both(form, end)),
            Some(Val::Ptr(pointer)) => {
                for target in &pointer.targets {
                    match a.object(target.obj).map(|object| &object.text) {
                        Some(Text::Length(end)) => both(&target.offset, end),
                        Some(Text::Unknown) => strings.iter().for_each(|end| both(&target.offset, end)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    out
}

impl Analyzer<'_, '_> {
    /// A test was about a value: where that is a byte of a string and not zero, the string goes on behind it.
    pub(crate) fn goes_on_behind(&mut self, state: &mut State, value: Value) {
        let load = stripped(self.function, value);
        let Op::Memory(MemoryOp::Load { from, ty }) = self.function.op(load) else { return };
        let (from, ty) = (*from, *ty);
        if !self.is_byte(ty) || !matches!(state.get(load), Some(Val::Num(form)) if state.numbers.is_nonzero(form)) {
            return;
        }
        let Val::Ptr(pointer) = self.val(state, from) else { return };
        let Some(target) = pointer.only() else { return };
        let Some(end) = self.end_of_text(state, target.obj) else { return };
        if let Some(over) = target.offset.minus(&end)
            && state.numbers.is_nonpositive(&over)
        {
            state.numbers.assume_because(&over.plus_constant(1), Why::Library);
        }
    }

    /// Where the first zero byte of an object stands, as far as it has a name.
    fn end_of_text(&mut self, state: &State, obj: Obj) -> Option<Linear> {
        let object = state.object(obj)?;
        match &object.text {
            Text::Length(length) => return Some(length.clone()),
            Text::Unterminated(_) => return None,
            Text::Unknown | Text::Filled(_) => {}
        }
        let var = self.names.known_var(VarOrigin::EntryLength(obj))?;
        let untouched = object.content == Content::Entry
            && state.cells_of(obj).all(|(place, val)| {
                matches!(val, Val::Num(form) if form.as_var().is_some_and(|var| self.names.origin(var) == VarOrigin::Entry(*place)))
            });
        (untouched && state.numbers.uses(var)).then(|| Linear::var(var))
    }

    /// Gives the end of the string that something may hold a name, when the function is called.
    pub(crate) fn name_text(&mut self, state: &mut State, obj: Obj, ty: TypeId) {
        if !self.is_byte(ty) {
            return;
        }
        let var = self.names.var(VarOrigin::EntryLength(obj));
        if !state.numbers.uses(var) {
            let limits = self.names.limits(var);
            state.numbers.set_range(var, limits);
        }
    }

    /// The end of a read that stays within a string of the caller's.
    pub(crate) fn end_by_text(
        &mut self,
        state: &State,
        target: &Target,
        end: &Linear,
        access: &Access<'_>,
    ) -> Option<EntryForm> {
        if access.write || target.region.is_some() || access.width.as_constant() != Some(1) {
            return None;
        }
        let path = self.names.path(target.obj)?;
        let text = self.end_of_text(state, target.obj)?;
        let over = end.minus(&text)?.plus_constant(-1);
        let same = text.as_var().map(|var| self.names.origin(var)) == Some(VarOrigin::EntryLength(target.obj));
        (same && state.numbers.is_nonpositive(&over))
            .then(|| EntryForm { constant: 1, terms: vec![(EntryVar::Length(path), 1)] })
    }

    fn is_byte(&self, ty: TypeId) -> bool {
        matches!(self.module.types.get(ty), Type::Int { bits: 8, .. })
    }
}
