//! Calls of functions of the C library: what [`crate::library`] says of them, done to a state.

use crate::allocators::Family;
use crate::analyzer::{Analyzer, fresh_object};
use crate::facts::stripped;
use crate::library::{Effect, Gives, LibraryFunction, Size, Whence};
use crate::linear::Linear;
use crate::numbers::{Range, Why};
use crate::report::{Defect, NoteKind, Problem, SiteKind};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::value::{Content, NullWhy, Nullness, Origin, Pointer, SourceKind, Taint, TaintId, Target, Text, Val};
use assay_ir::{MemoryOp, Op, Type, Value};
use std::rc::Rc;

/// The bytes of a wide character.
const WIDE: i128 = 4;

/// A call of a library function.
pub(crate) struct Call<'x> {
    pub(crate) site: Value,
    pub(crate) function: &'static LibraryFunction,
    pub(crate) args: &'x [Value],
    pub(crate) vals: &'x [Val],
}

impl Call<'_> {
    pub(crate) fn api(&self) -> &'static str {
        &self.function.name
    }

    pub(crate) fn pointer(&self, at: usize) -> Option<&Pointer> {
        match self.vals.get(at)? {
            Val::Ptr(pointer) => Some(pointer),
            _ => None,
        }
    }
}

impl Analyzer<'_, '_> {
    /// A call of a library function; the states afterwards are added to `out`.
    pub(crate) fn library_call(
        &mut self,
        site: Value,
        function: &'static LibraryFunction,
        args: &[Value],
        vals: &[Val],
        mut state: State,
        out: &mut Vec<State>,
    ) {
        let call = Call { site, function, args, vals };
        for effect in &function.effects {
            self.demand(&mut state, &call, effect);
        }
        if function.noreturn {
            return;
        }
        self.check_input(&state, &call);
        if function.check && self.is_unused(site) {
            let finding = Defect::new(
                Problem::Unchecked,
                &[252, 273],
                format!("whether `{}` worked is not looked at", function.name),
                "When the call fails, the program goes on with the rights that it meant to give up.",
            )
            .certain(true)
            .local(true)
            .through(vec![self.step_at(site, NoteKind::Sink, "the result is ignored here")])
            .showing(function.name.clone())
            .finding();
            self.note(site, SiteKind::Result, Problem::Unchecked, &function.name, finding);
        }
        let taint = function.whence.and_then(|whence| self.taint_of(&state, &call, whence));
        // Results are made before memory changes.
        let frees = function.frees();
        if frees.is_some() && matches!(function.gives, Gives::New { .. }) {
            if let Gives::New { size: Size::Argument(at), .. } = function.gives
                && let Some(size) = args.get(at)
            {
                self.check_growth(&mut state, site, *size, &function.name);
            }
            self.reallocate(&call, state, out);
            return;
        }
        let result = self.give(&mut state, &call, taint);
        for effect in &function.effects {
            self.perform(&mut state, &call, effect, result.as_ref());
        }
        if let Some(result) = result {
            state.set(site, result);
        }
        out.push(state);
    }

    /// Whether nothing reads a value.
    pub(crate) fn is_unused(&self, value: Value) -> bool {
        let read = |operand: Value| operand == value;
        let mut used = false;
        for inst in &self.function.insts {
            inst.op.for_each_operand(|operand| used |= read(operand));
        }
        for block in &self.function.blocks {
            block.terminator.for_each_operand(|operand| used |= read(operand));
        }
        !used
    }

    /// A source, when what comes from there is not to be trusted.
    pub(crate) fn taint_of(&mut self, state: &State, call: &Call<'_>, whence: Whence) -> Option<TaintId> {
        let kind = match whence {
            Whence::Outside => SourceKind::Remote,
            Whence::Local => SourceKind::Local,
            Whence::Chance => SourceKind::Chance,
            Whence::Caller => SourceKind::Caller,
            Whence::Argument(at) => {
                return match call.vals.get(at)? {
                    Val::Ptr(pointer) => state.taint_behind(pointer),
                    Val::Num(form) if self.is_unbounded(state, form) => self.names.taint(form),
                    _ => None,
                };
            }
            Whence::Ordered(at) => {
                let by = self.taint_of(state, call, Whence::Argument(at));
                let Val::Num(form) = call.vals.get(at)? else { return None };
                let free = by.is_none()
                    && !form.terms.is_empty()
                    && self.names.taint(form).is_none()
                    && self.may_be_sent(state, *call.args.get(at)?);
                let what = "a number in the byte order of a network".to_owned();
                return by.or_else(|| free.then(|| self.source(what, call.site)));
            }
        };
        let what = format!("what `{}` gives", call.api());
        Some(self.names.taints.intern(Taint { what, kind, at: Some(call.site), no_slash: false }))
    }

    /// Whether a number may be one that somebody else sent: it is read from memory that others fill, not from a record of the function's
    /// own.
    fn may_be_sent(&self, state: &State, value: Value) -> bool {
        let Op::Memory(MemoryOp::Load { from, .. }) = self.function.op(stripped(self.function, value)) else {
            return false;
        };
        let own = |target: &Target| {
            let info = self.names.objects.info(target.obj);
            let mut ty = info.ty;
            while let Some(Type::Array { element, .. }) = ty.map(|ty| self.module.types.get(ty)) {
                ty = Some(*element);
            }
            matches!(info.origin, Origin::Local(_) | Origin::Heap(..))
                && ty.is_some_and(|ty| self.module.types.record(ty).is_some())
        };
        match state.get(*from) {
            Some(Val::Ptr(pointer)) => pointer.elsewhere || !pointer.targets.iter().all(own),
            _ => true,
        }
    }

    /// A size, over the arguments.
    pub(crate) fn size(&mut self, state: &mut State, call: &Call<'_>, size: &Size) -> Option<Linear> {
        match size {
            Size::Constant(number) => Some(Linear::constant(*number)),
            Size::Argument(at) => match call.vals.get(*at)? {
                Val::Num(form) => Some(form.clone()),
                _ => None,
            },
            Size::Length(at) => {
                let pointer = call.pointer(*at)?.clone();
                self.text_length(state, &pointer).or_else(|| {
                    let form = self.fresh_var(state, VarOrigin::Extra(call.site, *at as u32));
                    state.numbers.assume_because(&form.times(-1)?, Why::Library);
                    let taint = state.taint_behind(&pointer);
                    if let Some(var) = form.as_var() {
                        self.names.set_taint(var, taint);
                        self.names.set_limits(var, Range::of_type(0, (1 << 63) - 1));
                        let mut range = state.numbers.range(var);
                        (range.lo, range.lo_why) = (0, Why::Type);
                        state.numbers.set_range(var, range);
                    }
                    Some(form)
                })
            }
            Size::Characters(at) => {
                let bytes = self.size(state, call, &Size::Length(*at))?;
                let whole = bytes.constant % WIDE == 0 && bytes.terms.iter().all(|(_, k)| i128::from(*k) % WIDE == 0);
                if whole {
                    let terms = bytes.terms.iter().map(|(var, k)| (*var, k / WIDE as i64)).collect();
                    return Some(Linear { constant: bytes.constant / WIDE, terms });
                }
                let form = self.fresh_var(state, VarOrigin::Extra(call.site, 62));
                state.numbers.assume_because(&form.times(-1)?, Why::Library);
                let over = form.times(WIDE as i64)?.minus(&bytes)?;
                state.numbers.assume_because(&over, Why::Library);
                Some(form)
            }
            Size::Sum(a, b) => {
                let (a, b) = (self.size(state, call, a)?, self.size(state, call, b)?);
                a.plus(&b)
            }
            Size::Product(a, b) => {
                let (a, b) = (self.size(state, call, a)?, self.size(state, call, b)?);
                if let Some(k) = b.as_constant().and_then(|k| i64::try_from(k).ok()) {
                    return a.times(k);
                }
                if let Some(k) = a.as_constant().and_then(|k| i64::try_from(k).ok()) {
                    return b.times(k);
                }
                None
            }
            Size::Min(a, b) => {
                let (a, b) = (self.size(state, call, a)?, self.size(state, call, b)?);
                if state.numbers.at_most(&a, &b) {
                    return Some(a);
                }
                if state.numbers.at_most(&b, &a) {
                    return Some(b);
                }
                let form = self.fresh_var(state, VarOrigin::Extra(call.site, 60));
                for bound in [&a, &b] {
                    if let Some(over) = form.minus(bound) {
                        state.numbers.assume_because(&over, Why::Library);
                    }
                }
                state.numbers.assume_because(&form.times(-1)?, Why::Library);
                Some(form)
            }
        }
    }

    /// The length of the string at an address.
    pub(crate) fn text_length(&mut self, state: &mut State, pointer: &Pointer) -> Option<Linear> {
        let target = pointer.only()?.clone();
        let object = self.object(state, target.obj).clone();
        match &object.text {
            Text::Length(length) => {
                let rest = length.minus(&target.offset)?;
                // Behind the first terminator another string may stand.
                (target.offset == Linear::default() || state.numbers.lower(&rest) >= 0).then_some(rest)
            }
            Text::Unterminated(_) => None,
            Text::Unknown | Text::Filled(_) => {
                if target.offset != Linear::default() || object.several {
                    return None;
                }
                let entry = object.content == Content::Entry && self.names.objects.info(target.obj).entry;
                let zero =
                    object.content == Content::Zero && !state.cells_of(target.obj).any(|(place, _)| place.offset == 0);
                if zero {
                    return Some(Linear::default());
                }
                let origin =
                    if entry { VarOrigin::EntryLength(target.obj) } else { VarOrigin::Length(self.block, target.obj) };
                let var = self.names.var(origin);
                let form = Linear::var(var);
                if !(entry && state.numbers.uses(var)) {
                    state.retire(var, &mut self.names);
                    let limits = self.names.limits(var);
                    state.numbers.set_range(var, limits);
                }
                self.names.set_taint(var, object.taint);
                if let Text::Filled(end) = &object.text
                    && let Some(under) = end.minus(&form)
                {
                    state.numbers.assume_because(&under, Why::Library);
                }
                // A string ends within its object: that it does is looked at elsewhere.
                if let Some(over) = object.size.as_ref().and_then(|size| form.plus_constant(1).minus(size)) {
                    state.numbers.assume_because(&over, Why::Library);
                }
                self.object(state, target.obj).text = Text::Length(form.clone());
                Some(form)
            }
        }
    }

    /// What a call gives.
    fn give(&mut self, state: &mut State, call: &Call<'_>, taint: Option<TaintId>) -> Option<Val> {
        let site = call.site;
        let nullness = if call.function.may_fail { Nullness::maybe(NullWhy::Failed(site)) } else { Nullness::NEVER };
        let ty = self.ty(site);
        Some(match &call.function.gives {
            Gives::Void => return None,
            Gives::Number => {
                let val = self.unknown(state, site, ty);
                if let Val::Num(form) = &val
                    && let Some(var) = form.as_var()
                {
                    self.names.set_taint(var, taint);
                    if taint.is_some() {
                        self.names.set_chosen(var, true);
                    }
                }
                val
            }
            Gives::Between(low, high) => {
                let exact = low == high;
                let low = self.size(state, call, low);
                let high_form = self.size(state, call, high);
                if exact && let Some(form) = high_form {
                    return Some(self.fit(state, site, form, ty, false));
                }
                let form = self.fresh(state, site);
                // Whoever sends the data chooses among all values that there are.
                let why = match taint {
                    Some(_) => Why::Type,
                    None if call.function.reached => Why::Test,
                    None => Why::Library,
                };
                if let Some(var) = form.as_var() {
                    let mut range = state.numbers.range(var);
                    if let Some(low) = low.and_then(|low| low.as_constant())
                        && low > range.lo
                    {
                        (range.lo, range.lo_why) = (low, why);
                    }
                    if let Some(high) = high_form.as_ref().and_then(Linear::as_constant)
                        && high < range.hi
                    {
                        (range.hi, range.hi_why) = (high, why);
                    }
                    state.numbers.set_range(var, range);
                    self.names.set_taint(var, taint);
                    // A character is no number.
                    if taint.is_some() && range.hi > 255 {
                        self.names.set_chosen(var, true);
                    }
                    if let Some(over) = high_form.and_then(|high| form.minus(&high))
                        && over.terms.len() > 1
                    {
                        // As an unsigned number the bound may be above what the result's type holds.
                        state.numbers.assume_because(&over, Why::Library);
                    }
                }
                Val::Num(form)
            }
            Gives::New { size, zero, stack } => {
                let obj = self.names.objects.intern(Origin::Heap(site, 0), None);
                let number = self.size(state, call, size);
                if let Some(number) = &number {
                    self.check_size(state, site, number, call.api(), false);
                    self.check_amount(state, site, number, call.api());
                }
                self.before_allocation(state, site, obj, 0);
                let mut object = fresh_object(number, if *zero { Content::Zero } else { Content::Indeterminate });
                // What ends by itself is nobody's to give back.
                object.escaped = *stack;
                object.taint = taint;
                if *zero {
                    object.text = Text::Length(Linear::default());
                }
                state.set_object(obj, object);
                Val::from(Pointer::at(obj, Linear::default(), nullness))
            }
            Gives::Argument(at) => match call.vals.get(*at) {
                Some(Val::Ptr(pointer)) => Val::from(Pointer { nullness, ..Pointer::clone(pointer) }),
                _ => self.unknown(state, site, ty),
            },
            Gives::Last(at) => self.last_element(state, call, *at).unwrap_or_else(|| {
                if let Some(container) = call.vals.get(*at) {
                    self.havoc(state, container);
                }
                Val::from(Pointer::unknown(Nullness::NEVER))
            }),
            Gives::Within(at) => match call.vals.get(*at) {
                Some(Val::Ptr(pointer)) => {
                    let mut pointer = Pointer::clone(pointer);
                    let single = pointer.only().is_some();
                    let length = if single { self.text_length(state, &pointer) } else { None };
                    for target in &mut pointer.targets {
                        let start = target.offset.clone();
                        let form = self.fresh_var(state, VarOrigin::Offset(site, target.obj));
                        if let Some(before) = start.minus(&form) {
                            state.numbers.assume_because(&before, Why::Library);
                        }
                        if let Some(end) = length.as_ref().and_then(|length| start.plus(length))
                            && let Some(over) = form.minus(&end)
                        {
                            state.numbers.assume_because(&over, Why::Library);
                        } else if let Some(size) = state.object(target.obj).and_then(|o| o.size.clone())
                            && let Some(over) = form.minus(&size)
                        {
                            state.numbers.assume_because(&over, Why::Library);
                        }
                        target.offset = form;
                    }
                    // What is looked for is often known to be there; who sends the bytes can leave it out.
                    let sent = call.function.effects.iter().any(|effect| matches!(effect, Effect::Finds(..)))
                        && pointer.targets.iter().any(|target| {
                            let taint = state.object(target.obj).and_then(|object| object.taint);
                            taint.is_some_and(|taint| self.names.taints.get(taint).kind == SourceKind::Remote)
                        });
                    let why = if sent { NullWhy::Absent(site) } else { NullWhy::Returned(site) };
                    pointer.nullness = if call.function.may_fail { Nullness::maybe(why) } else { nullness };
                    Val::from(pointer)
                }
                _ => self.unknown(state, site, ty),
            },
            Gives::Opened => {
                let obj = self.names.objects.intern(Origin::Heap(site, 0), None);
                self.before_allocation(state, site, obj, 0);
                state.set_object(obj, fresh_object(None, Content::Unknown));
                Val::from(Pointer::at(obj, Linear::default(), nullness))
            }
            Gives::Handle => {
                let val = self.unknown(state, site, ty);
                if let Val::Ptr(pointer) = val {
                    for target in &pointer.targets {
                        self.object(state, target.obj).taint = taint;
                    }
                    Val::from(Pointer { nullness, ..Rc::unwrap_or_clone(pointer) })
                } else {
                    val
                }
            }
        })
    }

    /// `realloc`: it fails and leaves the block, or gives another one and takes the old.
    fn reallocate(&mut self, call: &Call<'_>, state: State, out: &mut Vec<State>) {
        let Some(at) = call.function.frees() else { return };
        let old = call.pointer(at).cloned();
        let mut failed = state.clone();
        failed.set(call.site, Val::from(Pointer::null(NullWhy::Failed(call.site))));
        let mut worked = state;
        let kept: Vec<(Place, Val)> = old
            .as_ref()
            .and_then(Pointer::only)
            .filter(|target| target.offset == Linear::default())
            .map(|target| worked.cells_of(target.obj).cloned().collect())
            .unwrap_or_default();
        let (taint, fresh_before) = old
            .as_ref()
            .and_then(Pointer::only)
            .and_then(|target| worked.object(target.obj))
            .map_or((None, true), |object| (object.taint, object.content == Content::Indeterminate));
        if let Some(old) = &old
            && !old.is_null()
        {
            self.release(&mut worked, call.site, old, call.api(), true, Family::of(call.function));
        }
        let result = self.give(&mut worked, call, taint);
        if let Some(Val::Ptr(pointer)) = result {
            if let Some(target) = pointer.only() {
                let obj = target.obj;
                let null = old.as_ref().is_none_or(Pointer::is_null);
                if !(null || fresh_before) {
                    self.object(&mut worked, obj).content = Content::Unknown;
                }
                for (place, val) in kept {
                    worked.set_cell(Place { obj, ..place }, val);
                }
            }
            let kept = Pointer { nullness: Nullness::NEVER, ..Rc::unwrap_or_clone(pointer) };
            worked.set(call.site, Val::from(kept));
        }
        out.push(worked);
        out.push(failed);
    }
}
