//! What a function of the program speaks of, as it is at a call: addresses that are reached from what is passed, and numbers of such places.

use crate::analyzer::Analyzer;
use crate::linear::Linear;
use crate::names::{Path, Root};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::summary::{EntryForm, EntryVar};
use crate::value::{Content, NullWhy, Nullness, Origin, Pointer, Val};
use std::rc::Rc;

impl Analyzer<'_, '_> {
    /// The address that a path starts at.
    pub(crate) fn start(&mut self, state: &mut State, path: &Path, vals: &[Val]) -> Option<Val> {
        match path.root {
            Root::Param(parameter) => vals.get(parameter as usize).cloned(),
            Root::Global(global) => Some(Val::from(self.variable_address(state, global, None))),
        }
    }

    /// The value that stands where a path leads to: of a parameter, or of a place that it leads to.
    pub(crate) fn pointer_at(&mut self, state: &mut State, path: &Path, vals: &[Val]) -> Option<Val> {
        let mut val = self.start(state, path, vals)?;
        for step in &path.steps {
            let Val::Ptr(pointer) = &val else { return None };
            let target = pointer.only()?.clone();
            let offset = i64::try_from(target.offset.as_constant()?).ok()?.checked_add(*step)?;
            let place = Place { obj: target.obj, offset, width: 8 };
            if let Some(known) = state.cell(place) {
                val = known.clone();
                continue;
            }
            let info = self.names.objects.info(target.obj).clone();
            let entry = info.entry || matches!(info.origin, Origin::Deref(..));
            let content = self.object(state, target.obj).content;
            if entry
                && content == Content::Entry
                && !state.overlaps(place)
                && info.depth < assay_text::limits::MAX_MEMORY_DEPTH
            {
                let taint = self.object(state, target.obj).taint;
                let obj = self.names.objects.intern(Origin::Deref(target.obj, offset), None);
                let object = self.object(state, obj);
                object.taint = object.taint.or(taint);
                val = Val::from(Pointer::at(obj, Linear::default(), Nullness::UNKNOWN));
                state.set_cell(place, val.clone());
                continue;
            }
            if content == Content::Zero {
                return Some(Val::from(Pointer::null(NullWhy::Unknown)));
            }
            return None;
        }
        Some(val)
    }

    /// The object that a path leads to.
    pub(crate) fn resolve(&mut self, state: &mut State, path: &Path, vals: &[Val]) -> Option<Pointer> {
        match self.pointer_at(state, path, vals)? {
            Val::Ptr(pointer) if !pointer.targets.is_empty() => Some(Rc::unwrap_or_clone(pointer)),
            _ => None,
        }
    }

    /// A callee's form as it is here.
    pub(crate) fn translate(&mut self, state: &mut State, form: &EntryForm, vals: &[Val]) -> Option<Linear> {
        let mut out = Linear::constant(form.constant);
        for (var, k) in &form.terms {
            let value = match var {
                EntryVar::Param(index) => match vals.get(*index as usize)? {
                    Val::Num(form) => form.clone(),
                    _ => return None,
                },
                EntryVar::Cell(path, offset, width) => {
                    let target = self.resolve(state, path, vals)?.only()?.clone();
                    let at = i64::try_from(target.offset.as_constant()?).ok()?.checked_add(*offset)?;
                    let place = Place { obj: target.obj, offset: at, width: *width };
                    match state.cell(place) {
                        Some(Val::Num(form)) => form.clone(),
                        Some(_) => return None,
                        None if state.overlaps(place) => return None,
                        None => match self.object(state, target.obj).content {
                            Content::Zero => Linear::default(),
                            Content::Entry => {
                                let var = self.names.var(VarOrigin::Entry(place));
                                if !state.numbers.uses(var) {
                                    let limits = self.names.limits(var);
                                    state.numbers.set_range(var, limits);
                                }
                                Linear::var(var)
                            }
                            _ => return None,
                        },
                    }
                }
                EntryVar::Size(path) => {
                    let pointer = self.resolve(state, path, vals)?;
                    let target = pointer.only()?.clone();
                    let (from, size) = self.room(state, &target, true)?;
                    size.minus(&from)?
                }
                EntryVar::Length(path) => {
                    let pointer = self.resolve(state, path, vals)?;
                    self.text_length(state, &pointer)?
                }
            };
            out = out.plus_times(*k, &value)?;
        }
        Some(out)
    }
}
