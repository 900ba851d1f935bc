//! Where states meet: what holds whichever of the two holds, and at the heads of loops what holds after any number of turns.

use crate::linear::{Linear, Var};
use crate::numbers::Why;
use crate::state::{Place, State, VarOrigin, Vars};
use crate::value::{Content, Life, Obj, ObjState, Pointer, Target, Text, Val, join_taint};
use assay_ir::{BlockId, Value};
use smallvec::SmallVec;

/// Turns after which two states that are joined must have settled.
const JOIN_ROUNDS: usize = 4;

/// How far bounds go that move from turn to turn of a loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Widening<'t> {
    /// Numbers that the function compares with, sorted.
    pub(crate) thresholds: &'t [i128],
    /// Whether they go as far as they can, and not from threshold to threshold.
    pub(crate) far: bool,
}

impl State {
    /// The state that holds whichever of the two holds, where they meet in `block`. `self` is what is known of it so
    /// far; `other` comes in.
    pub(crate) fn join(self, other: Self, block: BlockId, vars: &mut dyn Vars) -> Self {
        self.meet(other, block, None, vars)
    }

    /// The same at the head of a loop after a few turns: bounds that move go to the next threshold, or as far as they can.
    pub(crate) fn widen(self, other: Self, block: BlockId, to: Widening<'_>, vars: &mut dyn Vars) -> Self {
        self.meet(other, block, Some(to), vars)
    }

    fn meet(mut self, mut other: Self, block: BlockId, widening: Option<Widening<'_>>, vars: &mut dyn Vars) -> Self {
        if !self.env.is(&other.env) {
            self.env.retain(|(value, _)| other.get(*value).is_some());
            other.env.retain(|(value, _)| self.get(*value).is_some());
        }
        share_objects(&mut self, &mut other, vars);
        share_objects(&mut other, &mut self, vars);
        self.disturbed |= other.disturbed;
        share_cells(&mut self, &mut other, vars);
        share_cells(&mut other, &mut self, vars);
        let sums = crate::sums::find(&self, &other, block);
        let mut moved: Vec<Value> = Vec::new();
        // Both speak of the same values, objects and places by now, in the same order.
        // A variable that gets a new meaning may touch what was joined before; then that is joined again.
        for _ in 0..JOIN_ROUNDS {
            let mut changed = false;
            for at in 0..self.env.len() {
                if self.env.is(&other.env) {
                    break;
                }
                let ((value, a), (_, b)) = (&self.env[at], &other.env[at]);
                if a != b {
                    let (value, a, b) = (*value, a.clone(), b.clone());
                    let name = |obj: Option<Obj>| match obj {
                        Some(obj) => VarOrigin::Offset(value, obj),
                        None => VarOrigin::Value(value),
                    };
                    let joined = join_val(&mut self, a, &mut other, b, &name, vars);
                    self.env.edit()[at].1 = joined.clone();
                    other.env.edit()[at].1 = joined;
                    moved.push(value);
                    changed = true;
                }
            }
            for at in 0..self.objects.len() {
                if self.objects.is(&other.objects) {
                    break;
                }
                let ((obj, a), (_, b)) = (&self.objects[at], &other.objects[at]);
                if a != b {
                    let (obj, a, b) = (*obj, a.clone(), b.clone());
                    let joined = join_object(&mut self, a, &mut other, b, obj, block, vars);
                    self.set_object(obj, joined.clone());
                    other.set_object(obj, joined);
                    changed = true;
                }
            }
            for at in 0..self.cells.len() {
                if self.cells.is(&other.cells) {
                    break;
                }
                let ((place, a), (_, b)) = (&self.cells[at], &other.cells[at]);
                if a != b {
                    let (place, a, b) = (*place, a.clone(), b.clone());
                    let name = |obj: Option<Obj>| match obj {
                        Some(obj) => VarOrigin::CellOffset(block, place, obj),
                        None => VarOrigin::Cell(block, place),
                    };
                    let joined = join_val(&mut self, a, &mut other, b, &name, vars);
                    self.cells.edit()[at].1 = joined.clone();
                    other.cells.edit()[at].1 = joined;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        // What would not settle is unknown.
        for at in 0..self.env.len() {
            if other.env[at].1 != self.env[at].1 {
                self.env.edit()[at].1 = Val::Top;
            }
        }
        self.cells.retain(|(place, val)| other.cell(*place) == Some(val));
        for at in 0..self.objects.len() {
            let (obj, mine) = &self.objects[at];
            if let Some(theirs) = other.object(*obj)
                && theirs != mine
            {
                let (size, text) = (theirs.size == mine.size, theirs.text == mine.text);
                let mine = &mut self.objects.edit()[at].1;
                if !size {
                    mine.size = None;
                }
                if !text {
                    mine.text = Text::Unknown;
                }
            }
        }
        // A place of which nothing is known is none.
        let objects = &self.objects;
        self.cells.retain(|(place, val)| {
            *val != Val::Top
                || objects
                    .binary_search_by_key(&place.obj, |(obj, _)| *obj)
                    .is_ok_and(|at| objects[at].1.content != Content::Unknown)
        });
        crate::sums::keep(&sums, &mut self, &mut other, vars);
        let within = crate::texts::within(&self, &other, &moved, vars);
        let joined = self.numbers.join(&other.numbers);
        self.numbers = match widening {
            Some(to) => self.numbers.widen(&joined, to.thresholds, to.far, |var| vars.limits(var)),
            None => joined,
        };
        for form in within {
            self.numbers.assume_because(&form, Why::Library);
        }
        self.close(vars);
        self
    }

    /// Gives a range to every variable that is spoken of and has none.
    fn close(&mut self, vars: &mut dyn Vars) {
        let mut missing: Vec<Var> = Vec::new();
        self.for_each_form(|form| {
            missing.extend(form.terms.iter().map(|(v, _)| *v).filter(|v| !self.numbers.uses(*v)));
        });
        for var in missing {
            let limits = vars.limits(var);
            self.numbers.set_range(var, limits);
        }
    }
}

/// Tells `to` of the objects that only `from` knows: there they do not exist, or nobody speaks of them.
fn share_objects(from: &mut State, to: &mut State, vars: &mut dyn Vars) {
    if from.objects.is(&to.objects) {
        return;
    }
    let only: Vec<Obj> = from.objects.iter().map(|(obj, _)| *obj).filter(|obj| to.object(*obj).is_none()).collect();
    for obj in only {
        let Some(mut object) = from.object(obj).cloned() else { continue };
        object.size = object.size.map(|size| one_sided(from, &size, to, VarOrigin::Size(obj), vars));
        match &object.text {
            Text::Length(form) | Text::Filled(form) | Text::Unterminated(form) if !known(form, to) => {
                object.text = Text::Unknown;
            }
            _ => {}
        }
        from.set_object(obj, object.clone());
        if vars.is_entry_object(obj) {
            object.life = Life::Alive;
        }
        if vars.is_shared(obj) {
            object.content = if to.disturbed { Content::Unknown } else { Content::Entry };
            object.text = Text::Unknown;
        }
        to.set_object(obj, object);
    }
}

/// Tells `to` of the cells that only `from` has, as far as it is known what stands there; else `from` forgets them.
fn share_cells(from: &mut State, to: &mut State, vars: &mut dyn Vars) {
    if from.cells.is(&to.cells) {
        to.close(vars);
        return;
    }
    let only: Vec<Place> = from.cells.iter().map(|(place, _)| *place).filter(|p| to.cell(*p).is_none()).collect();
    let mut dropped = Vec::new();
    for place in only {
        let Some(val) = from.cell(place).cloned() else { continue };
        let content = to.object(place.obj).map(|object| object.content);
        let there = if to.overlaps(place) {
            None
        } else {
            match (content, &val) {
                (Some(Content::Indeterminate), _) => Some(Val::Uninit),
                (Some(Content::Zero), Val::Num(_)) => Some(Val::constant(0)),
                (Some(Content::Entry), Val::Num(_)) => {
                    let var = vars.var(VarOrigin::Entry(place));
                    Some(Val::Num(Linear::var(var)))
                }
                (Some(Content::Entry), Val::Ptr(pointer)) if vars.is_entry(place, pointer) => Some(val.clone()),
                _ => None,
            }
        };
        if let Some(there) = there {
            let at = to.cells.partition_point(|(p, _)| *p < place);
            to.cells.edit().insert(at, (place, there));
        } else {
            dropped.push(place);
        }
    }
    for place in dropped {
        if let Some(val) = from.cell(place).cloned() {
            from.expose(&val);
            to.expose(&val);
        }
        from.cells.retain(|(p, _)| *p != place);
        for state in [&mut *from, &mut *to] {
            if let Some(object) = state.object_mut(place.obj)
                && object.content != Content::Unknown
            {
                object.content = Content::Unknown;
            }
        }
    }
    to.close(vars);
}

/// Whether a state speaks of all variables of a form.
fn known(form: &Linear, state: &State) -> bool {
    form.terms.iter().all(|(var, _)| state.numbers.uses(*var))
}

/// What a number or offset is when it is `a` in one state and `b` in the other.
fn join_form(
    left: &mut State,
    a: &Linear,
    right: &mut State,
    b: &Linear,
    origin: VarOrigin,
    vars: &mut dyn Vars,
) -> Linear {
    if a == b {
        return a.clone();
    }
    let var = vars.var(origin);
    left.assign(var, a, vars);
    right.assign(var, b, vars);
    Linear::var(var)
}

fn join_val(
    left: &mut State,
    a: Val,
    right: &mut State,
    b: Val,
    origin: &dyn Fn(Option<Obj>) -> VarOrigin,
    vars: &mut dyn Vars,
) -> Val {
    match (a, b) {
        (a, b) if a == b => a,
        (Val::Num(a), Val::Num(b)) => Val::Num(join_form(left, &a, right, &b, origin(None), vars)),
        (Val::Ptr(a), Val::Ptr(b)) => {
            let mut targets: SmallVec<[Target; 1]> = SmallVec::new();
            for target in &a.targets {
                let name = origin(Some(target.obj));
                let (offset, region) = match b.targets.iter().find(|t| t.obj == target.obj) {
                    Some(other) => {
                        let region = target.region.clone().filter(|r| other.region.as_ref() == Some(r));
                        (join_form(left, &target.offset, right, &other.offset, name, vars), region)
                    }
                    None => (one_sided(left, &target.offset, right, name, vars), target.region.clone()),
                };
                targets.push(Target { obj: target.obj, offset, region });
            }
            for target in &b.targets {
                if !a.targets.iter().any(|t| t.obj == target.obj) {
                    let offset = one_sided(right, &target.offset, left, origin(Some(target.obj)), vars);
                    targets.push(Target { obj: target.obj, offset, region: target.region.clone() });
                }
            }
            targets.sort_by_key(|target| target.obj);
            let nullness = a.nullness.join(b.nullness);
            if targets.len() > assay_text::limits::MAX_POINTER_TARGETS {
                for target in &targets {
                    left.expose_object(target.obj);
                    right.expose_object(target.obj);
                }
                return Val::from(Pointer::unknown(nullness));
            }
            for target in &mut targets {
                // A region that only makes sense in one of the states is given up.
                target.region.take_if(|region| !region.all(&|form| known(form, left) && known(form, right)));
            }
            Val::from(Pointer { targets, nullness, elsewhere: a.elsewhere || b.elsewhere })
        }
        (a, b) => {
            // An address that is not followed any more is not lost.
            for val in [a, b] {
                left.expose(&val);
                right.expose(&val);
            }
            Val::Top
        }
    }
}

/// An offset that only one of the states has.
fn one_sided(side: &mut State, form: &Linear, blank: &mut State, origin: VarOrigin, vars: &mut dyn Vars) -> Linear {
    if known(form, blank) {
        return form.clone();
    }
    let var = vars.var(origin);
    side.assign(var, form, vars);
    let range = side.numbers.range(var);
    blank.retire(var, vars);
    blank.numbers.set_range(var, range);
    Linear::var(var)
}

fn join_object(
    left: &mut State,
    a: ObjState,
    right: &mut State,
    b: ObjState,
    obj: Obj,
    block: BlockId,
    vars: &mut dyn Vars,
) -> ObjState {
    let life = match (a.life, b.life) {
        (a, b) if a == b => a,
        (Life::Freed(at) | Life::MaybeFreed(at), _) | (_, Life::Freed(at) | Life::MaybeFreed(at)) => {
            if matches!((a.life, b.life), (Life::Freed(_), Life::Freed(_))) {
                Life::Freed(at)
            } else {
                Life::MaybeFreed(at)
            }
        }
        // Out of scope on one side: the declaration is not reached yet there.
        _ => Life::Alive,
    };
    let size = match (a.size, b.size) {
        (Some(a), Some(b)) => Some(join_form(left, &a, right, &b, VarOrigin::Size(obj), vars)),
        _ => None,
    };
    let text = match (a.text, b.text) {
        (a, b) if a == b => a,
        (Text::Length(a), Text::Length(b)) => {
            Text::Length(join_form(left, &a, right, &b, VarOrigin::Length(block, obj), vars))
        }
        _ => Text::Unknown,
    };
    let content = if a.content == b.content { a.content } else { Content::Unknown };
    ObjState {
        life,
        size,
        content,
        text,
        escaped: a.escaped || b.escaped,
        several: a.several || b.several,
        taint: join_taint(a.taint, b.taint),
        checked: if a.checked == b.checked { a.checked } else { None },
    }
}
