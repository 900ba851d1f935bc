//! What is known at one point of a function.
//!
//! - The *environment* gives values to the instructions that are still of use; *cells* give values to places in memory;
//!   *objects* have a state each.
//! - Two states have the same *shape* when they differ in numbers only: the same targets, the same answers to what is null, freed
//!   or uninitialised. States of different shape are kept apart as long as there are few of them (property
//!   simulation, after Das, Lerner and Seigle: ESP, PLDI 2002), so that what was tested together stays together.

use crate::linear::{Linear, Terms, Var};
use crate::numbers::{Numbers, Range};
use crate::rows::Rows;
use crate::value::{Content, Life, Obj, ObjState, Pointer, TaintId, Text, Val, join_taint};
use assay_index::BitSet;
use assay_ir::{BlockId, Value};
use assay_text::limits::MAX_MEMORY_CELLS;
use smallvec::SmallVec;
use std::rc::Rc;

/// A place in memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Place {
    /// The object.
    pub(crate) obj: Obj,
    /// How many bytes behind its start.
    pub(crate) offset: i64,
    /// How many bytes it takes.
    pub(crate) width: u32,
}

/// What a variable stands for. The same origin is the same variable, in all states of a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum VarOrigin {
    /// The number that an instruction gives.
    Value(Value),
    /// The offset into the object of the address that an instruction gives.
    Offset(Value, Obj),
    /// The number in a place, where states meet in that block.
    Cell(BlockId, Place),
    /// The offset of the address in a place, where states meet in that block.
    CellOffset(BlockId, Place, Obj),
    /// What stood in a place of an object when the function was called.
    Entry(Place),
    /// The size of an object.
    Size(Obj),
    /// The length of the string that an object held when the function was called.
    EntryLength(Obj),
    /// The length of the string in an object, where states meet in that block.
    Length(BlockId, Obj),
    /// A further number that an instruction brings: the length of a string, an offset found.
    Extra(Value, u32),
}

/// The variables of a function.
pub(crate) trait Vars {
    /// The variable of that origin.
    fn var(&mut self, origin: VarOrigin) -> Var;
    /// The numbers that it can be.
    fn limits(&self, var: Var) -> Range;
    /// Whether an object was there before the function was called.
    fn is_entry_object(&self, obj: Obj) -> bool;
    /// Whether an object is a variable that is followed through calls, or was reached from one.
    fn is_shared(&self, obj: Obj) -> bool;
    /// Whether a variable is the length of a string that stood somewhere when the function was called.
    fn is_entry_length(&self, var: Var) -> bool;
    /// Whether an address is what stood in that place when the function was called.
    fn is_entry(&self, place: Place, pointer: &Pointer) -> bool;
    /// What was said of `from` is said of `to` as well: that it comes from outside.
    fn inherit(&mut self, to: Var, from: &Linear);
}

/// The state at one point.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct State {
    pub(crate) numbers: Numbers,
    pub(crate) env: Rows<(Value, Val)>,
    pub(crate) cells: Rows<(Place, Val)>,
    pub(crate) objects: Rows<(Obj, ObjState)>,
    /// Whether code that is not seen has run, which may have changed variables that nothing was said of so far.
    pub(crate) disturbed: bool,
}

impl State {
    /// The value of an instruction.
    pub(crate) fn get(&self, value: Value) -> Option<&Val> {
        self.env.binary_search_by_key(&value, |(v, _)| *v).ok().map(|at| &self.env[at].1)
    }

    /// Gives an instruction a value.
    pub(crate) fn set(&mut self, value: Value, val: Val) {
        match self.env.binary_search_by_key(&value, |(v, _)| *v) {
            Ok(at) => self.env.edit()[at].1 = val,
            Err(at) => self.env.edit().insert(at, (value, val)),
        }
    }

    /// The state of an object.
    pub(crate) fn object(&self, obj: Obj) -> Option<&ObjState> {
        self.objects.binary_search_by_key(&obj, |(o, _)| *o).ok().map(|at| &self.objects[at].1)
    }

    /// The source of the bytes that a pointer may lead to.
    pub(crate) fn taint_behind(&self, pointer: &Pointer) -> Option<TaintId> {
        pointer.targets.iter().find_map(|target| self.object(target.obj).and_then(|object| object.taint))
    }

    /// The state of an object, to be changed.
    pub(crate) fn object_mut(&mut self, obj: Obj) -> Option<&mut ObjState> {
        self.objects.binary_search_by_key(&obj, |(o, _)| *o).ok().map(|at| &mut self.objects.edit()[at].1)
    }

    /// Gives an object a state.
    pub(crate) fn set_object(&mut self, obj: Obj, state: ObjState) {
        match self.objects.binary_search_by_key(&obj, |(o, _)| *o) {
            Ok(at) => self.objects.edit()[at].1 = state,
            Err(at) => self.objects.edit().insert(at, (obj, state)),
        }
    }

    /// The value in a place, when that very place has one.
    pub(crate) fn cell(&self, place: Place) -> Option<&Val> {
        self.cells.binary_search_by_key(&place, |(p, _)| *p).ok().map(|at| &self.cells[at].1)
    }

    /// Whether a cell of the object overlaps the range of bytes without being it.
    pub(crate) fn overlaps(&self, place: Place) -> bool {
        self.cells_of(place.obj).any(|(p, _)| {
            *p != place
                && p.offset < place.offset + i64::from(place.width)
                && place.offset < p.offset + i64::from(p.width)
        })
    }

    /// The cells of an object.
    pub(crate) fn cells_of(&self, obj: Obj) -> impl Iterator<Item = &(Place, Val)> {
        let from = self.cells.partition_point(|(p, _)| p.obj < obj);
        self.cells[from..].iter().take_while(move |(p, _)| p.obj == obj)
    }

    /// Sets a place, and forgets what overlaps it.
    pub(crate) fn set_cell(&mut self, place: Place, val: Val) {
        self.forget_range(place.obj, place.offset, place.offset + i64::from(place.width));
        if self.cells.len() >= MAX_MEMORY_CELLS {
            self.expose(&val);
            // What stands nowhere may be anything.
            if let Some(state) = self.object_mut(place.obj) {
                state.content = Content::Unknown;
            }
            return;
        }
        let at = self.cells.partition_point(|(p, _)| *p < place);
        self.cells.edit().insert(at, (place, val));
    }

    /// Forgets what stands in these bytes of the object. That they were not written before is forgotten elsewhere.
    pub(crate) fn forget_range(&mut self, obj: Obj, from: i64, to: i64) {
        let mut rests: SmallVec<[Place; 2]> = SmallVec::new();
        self.cells.retain(|(p, val)| {
            let end = p.offset + i64::from(p.width);
            if p.obj != obj || p.offset >= to || end <= from {
                return true;
            }
            // Bytes of it that stay were written all the same.
            if !matches!(val, Val::Uninit) {
                for (offset, end) in [(p.offset, from), (to, end)] {
                    if let Ok(width @ 1..) = u32::try_from(end - offset) {
                        rests.push(Place { obj, offset, width });
                    }
                }
            }
            false
        });
        if self.object(obj).is_some_and(|object| object.content == Content::Unknown) {
            return;
        }
        for rest in rests {
            let at = self.cells.partition_point(|(p, _)| *p < rest);
            self.cells.edit().insert(at, (rest, Val::Top));
        }
    }

    /// These bytes of an object may be anything; what is known of the others stays.
    pub(crate) fn unsettle(&mut self, obj: Obj, from: i64, to: i64) {
        let content = self.object(obj).map_or(Content::Unknown, |object| object.content);
        match u32::try_from(to - from) {
            _ if content == Content::Unknown => self.forget_range(obj, from, to),
            Ok(0) => {}
            Ok(width) => self.set_cell(Place { obj, offset: from, width }, Val::Top),
            Err(_) => {
                self.forget_range(obj, from, to);
                if let Some(object) = self.object_mut(obj) {
                    object.content = Content::Unknown;
                }
            }
        }
    }

    /// What is said of an object is said of another one, which stands for several.
    pub(crate) fn rename(&mut self, from: Obj, to: Obj) {
        let Some(mut object) = self.object(from).cloned() else { return };
        object.several = true;
        object.content = Content::Unknown;
        object.text = Text::Unknown;
        if let Some(known) = self.object(to) {
            object.escaped |= known.escaped;
            object.taint = join_taint(known.taint, object.taint);
            object.size = object.size.filter(|size| known.size.as_ref() == Some(size));
            if known.life != object.life {
                object.life = Life::Alive;
            }
        }
        self.env.change(|(_, val)| val.leads_to(from), |(_, val)| val.rename(from, to));
        self.cells.change(|(_, val)| val.leads_to(from), |(_, val)| val.rename(from, to));
        self.objects.retain(|(obj, _)| *obj != from);
        self.set_object(to, object);
        self.lose_sight(from);
        self.lose_sight(to);
    }

    /// One value is another one, wherever it stands.
    pub(crate) fn replace(&mut self, old: &Val, new: &Val) {
        self.env.change(|(_, val)| val == old, |(_, val)| *val = new.clone());
        self.cells.change(|(_, val)| val == old, |(_, val)| *val = new.clone());
    }

    /// There is no such object, nor anything in it.
    pub(crate) fn remove_object(&mut self, obj: Obj) {
        self.objects.retain(|(o, _)| *o != obj);
        self.cells.retain(|(place, _)| place.obj != obj);
    }

    /// Whether an address of the object stands anywhere.
    pub(crate) fn refers_to(&self, obj: Obj) -> bool {
        self.env.iter().any(|(_, val)| val.leads_to(obj))
            || self.cells.iter().any(|(place, val)| place.obj != obj && val.leads_to(obj))
    }

    /// The object may be known to code that is not seen.
    pub(crate) fn expose_object(&mut self, obj: Obj) {
        if self.object(obj).is_some_and(|object| !object.escaped)
            && let Some(object) = self.object_mut(obj)
        {
            object.escaped = true;
        }
    }

    /// What an address points to may be known to code that is not seen.
    pub(crate) fn expose(&mut self, val: &Val) {
        if let Val::Ptr(pointer) = val {
            for target in &pointer.targets {
                self.expose_object(target.obj);
            }
        }
    }

    /// What an object holds is not followed any more. The addresses in it may well be there still.
    pub(crate) fn lose_sight(&mut self, obj: Obj) {
        self.expose_held(obj);
        self.forget_content(obj);
    }

    /// What the addresses in an object point to may be known to code that is not seen.
    pub(crate) fn expose_held(&mut self, obj: Obj) {
        let held: SmallVec<[Val; 4]> = self.cells_of(obj).map(|(_, val)| val.clone()).collect();
        for val in &held {
            self.expose(val);
        }
    }

    /// Forgets what an object holds: it is gone, or was written over.
    pub(crate) fn forget_content(&mut self, obj: Obj) {
        self.cells.retain(|(p, _)| p.obj != obj);
        if let Some(state) = self.object_mut(obj) {
            state.content = Content::Unknown;
            state.text = Text::Unknown;
        }
    }

    /// Calls `f` with each linear form of the state, constraints apart.
    pub(crate) fn for_each_form(&self, mut f: impl FnMut(&Linear)) {
        for (_, val) in &self.env {
            val.for_each_form(&mut f);
        }
        for (_, val) in &self.cells {
            val.for_each_form(&mut f);
        }
        for (_, object) in &self.objects {
            object.size.iter().for_each(&mut f);
            match &object.text {
                Text::Unknown => {}
                Text::Length(form) | Text::Filled(form) | Text::Unterminated(form) => f(form),
            }
        }
    }

    /// Replaces each linear form that speaks of `var`; one for which `f` gives nothing becomes unknown.
    fn map_forms(&mut self, var: Var, vars: &mut dyn Vars, mut f: impl FnMut(&Linear) -> Option<Linear>) {
        let map_val = |val: &mut Val,
                       own: &mut dyn FnMut(Option<Obj>) -> Option<Linear>,
                       f: &mut dyn FnMut(&Linear) -> Option<Linear>| {
            match val {
                Val::Num(form) => match f(form) {
                    Some(new) => *form = new,
                    None => match own(None) {
                        Some(new) => *form = new,
                        None => *val = Val::Top,
                    },
                },
                Val::Ptr(pointer) => {
                    for target in &mut Rc::make_mut(pointer).targets {
                        target.region = target.region.take().and_then(|region| region.map(f));
                        if let Some(new) = f(&target.offset).or_else(|| own(Some(target.obj))) {
                            target.offset = new;
                        } else {
                            *val = Val::Top;
                            return;
                        }
                    }
                }
                Val::Uninit | Val::Top => {}
            }
        };
        let mut fresh: Vec<Var> = Vec::new();
        for at in 0..self.env.len() {
            if !self.env[at].1.mentions(var) {
                continue;
            }
            let (value, val) = &mut self.env.edit()[at];
            let value = *value;
            let mut own = |obj: Option<Obj>| {
                let var = vars.var(obj.map_or(VarOrigin::Value(value), |obj| VarOrigin::Offset(value, obj)));
                // A variable that has another meaning here cannot be taken.
                if self.numbers.uses(var) {
                    return None;
                }
                fresh.push(var);
                Some(Linear::var(var))
            };
            map_val(val, &mut own, &mut f);
        }
        self.cells.change(|(_, val)| val.mentions(var), |(_, val)| map_val(val, &mut |_| None, &mut f));
        for at in 0..self.objects.len() {
            if !self.objects[at].1.mentions(var) {
                continue;
            }
            let (obj, object) = &mut self.objects.edit()[at];
            if let Some(size) = &object.size {
                object.size = f(size).or_else(|| {
                    let var = vars.var(VarOrigin::Size(*obj));
                    let free = !self.numbers.uses(var) && !fresh.contains(&var);
                    free.then(|| {
                        fresh.push(var);
                        Linear::var(var)
                    })
                });
            }
            match &mut object.text {
                Text::Unknown => {}
                Text::Length(form) | Text::Filled(form) | Text::Unterminated(form) => match f(form) {
                    Some(new) => *form = new,
                    None => object.text = Text::Unknown,
                },
            }
        }
        for var in fresh {
            let limits = vars.limits(var);
            self.numbers.set_range(var, limits);
        }
    }

    /// Takes the old meaning away from a variable that is about to get a new one. What was known by it is kept as
    /// far as that goes without it.
    pub(crate) fn retire(&mut self, var: Var, vars: &mut dyn Vars) {
        if !self.numbers.uses(var) {
            return;
        }
        // Something that equals it with other words takes its place.
        let equal = self.equal_form(var);
        if let Some(by) = equal {
            self.numbers.substitute(var, &by);
            self.map_forms(var, vars, |form| form.substitute(var, &by));
            return;
        }
        self.map_forms(var, vars, |form| if form.mentions(var) { None } else { Some(form.clone()) });
        self.numbers.eliminate(var);
    }

    /// A form without `var` that equals it: by two constraints.
    fn equal_form(&self, var: Var) -> Option<Linear> {
        let constraints = self.numbers.constraints();
        constraints.iter().filter(|c| c.coefficient(var) == 1).find_map(|c| {
            let opposite = c.times(-1)?;
            constraints
                .iter()
                .any(|o| o.terms == opposite.terms && o.constant == opposite.constant)
                .then(|| c.without(var).times(-1))?
        })
    }

    /// Gives `var` the value that `form` has now: after this the form, wherever it stood, reads as it did with the old
    /// meaning of `var`.
    pub(crate) fn assign(&mut self, var: Var, form: &Linear, vars: &mut dyn Vars) {
        if form.as_var() == Some(var) {
            return;
        }
        let k = form.coefficient(var);
        if !self.numbers.uses(var) {
            let limits = vars.limits(var);
            self.numbers.define(var, form, limits);
        } else if k == 1 || k == -1 {
            // new = k · old + rest, so old = k · new − k · rest
            let range = self.numbers.bounds(form);
            let old = Linear { constant: 0, terms: Terms::of(var, k) }.plus_times(-k, &form.without(var));
            if let Some(old) = old {
                self.numbers.substitute(var, &old);
                self.map_forms(var, vars, |form| form.substitute(var, &old));
                self.numbers.set_range(var, range);
            } else {
                self.retire(var, vars);
                self.numbers.set_range(var, range);
            }
        } else if k == 0 {
            self.retire(var, vars);
            let limits = vars.limits(var);
            self.numbers.define(var, form, limits);
        } else {
            let range = self.numbers.bounds(form);
            self.retire(var, vars);
            self.numbers.set_range(var, range);
        }
        vars.inherit(var, form);
    }

    /// Whether two states are the same, but for the reasons of bounds.
    pub(crate) fn same_but_for_reasons(&self, other: &Self) -> bool {
        self.env == other.env
            && self.cells == other.cells
            && self.objects == other.objects
            && self.disturbed == other.disturbed
            && self.numbers.same_but_for_reasons(&other.numbers)
    }

    /// Whether two states differ in numbers only.
    pub(crate) fn same_shape(&self, other: &Self, vars: &dyn Vars) -> bool {
        // What was there before the function was called is there as long as nothing is said of it.
        let gone = |one: &Self, other: &Self| {
            one.objects.iter().any(|(obj, object)| {
                object.life != Life::Alive && vars.is_entry_object(*obj) && other.object(*obj).is_none()
            })
        };
        self.env.len() == other.env.len()
            && self.env.iter().zip(&other.env).all(|((v, a), (w, b))| v == w && a.same_shape(b))
            && self.objects.iter().all(|(obj, a)| match other.object(*obj) {
                Some(b) => std::mem::discriminant(&a.life) == std::mem::discriminant(&b.life),
                None => !matches!(a.life, Life::Freed(_)),
            })
            && other.objects.iter().all(|(obj, b)| !matches!(b.life, Life::Freed(_)) || self.object(*obj).is_some())
            && self.cells.iter().all(|(place, a)| {
                other.cell(*place).is_none_or(|b| a.same_shape(b) || !matches!((a, b), (Val::Ptr(_) | Val::Uninit, _)))
            })
            && !gone(self, other)
            && !gone(other, self)
    }

    /// Whether the same objects have been given back in two states.
    pub(crate) fn same_lives(&self, other: &Self) -> bool {
        let freed = |a: &Self, b: &Self| {
            a.objects.iter().all(|(obj, object)| {
                !matches!(object.life, Life::Freed(_))
                    || b.object(*obj).is_some_and(|other| matches!(other.life, Life::Freed(_)))
            })
        };
        freed(self, other) && freed(other, self)
    }

    /// Forgets the values that `live` does not name, and the variables and objects that nothing speaks of any more.
    pub(crate) fn prune(
        &mut self,
        live: &BitSet<Value>,
        keep_var: impl Fn(Var) -> bool,
        keep_obj: impl Fn(Obj) -> bool,
    ) {
        self.env.retain(|(value, _)| live.contains(*value));
        let mut reached: Vec<Obj> = Vec::new();
        let note = |val: &Val, reached: &mut Vec<Obj>| {
            if let Val::Ptr(pointer) = val {
                reached.extend(pointer.targets.iter().map(|target| target.obj));
            }
        };
        for (_, val) in &self.env {
            note(val, &mut reached);
        }
        for (_, val) in &self.cells {
            note(val, &mut reached);
        }
        reached.sort_unstable();
        reached.dedup();
        let gone = |obj: Obj| !keep_obj(obj) && reached.binary_search(&obj).is_err();
        self.objects.retain(|(obj, _)| !gone(*obj));
        self.cells.retain(|(place, _)| !gone(place.obj));
        let mut used: Vec<Var> = Vec::new();
        self.for_each_form(|form| used.extend(form.terms.iter().map(|(var, _)| *var)));
        used.sort_unstable();
        used.dedup();
        self.numbers.retain(|var| keep_var(var) || used.binary_search(&var).is_ok());
    }
}
