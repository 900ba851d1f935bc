//! What a call of a function of the program does, by what its summary says of it: the ways that it may return, and on each what it gives,
//! changes, gives back and allocates.

use crate::analyzer::{Analyzer, LOADED, fresh_object};
use crate::facts::stripped;
use crate::linear::Linear;
use crate::names::Path;
use crate::program::FuncId;
use crate::state::{Place, State, VarOrigin, Vars};
use crate::summary::{Changed, Elsewhere, Exit, ExitVal, FreshObject, Made, Release, What, Whence};
use crate::value::{Content, Life, NullWhy, Nullness, Obj, Origin, Pointer, Taint, TaintId, Val};
use assay_index::Idx;
use assay_ir::{MemoryOp, Op, Type, Value};
use std::rc::Rc;

/// From where to where in an object.
type Bytes = (i64, i64);

/// How sure it is that a call goes a way.
#[derive(Clone, Copy)]
struct Taken<'w> {
    /// Whether it is known which of several blocks it makes.
    known: bool,
    /// Whether no other function may be called there.
    only: bool,
    /// All ways that the call may go.
    ways: &'w [&'w Exit],
}

impl Analyzer<'_, '_> {
    /// A call of a function of the program. `only`: no other one may be called there.
    pub(crate) fn own_call(
        &mut self,
        site: Value,
        f: FuncId,
        vals: &[Val],
        mut state: State,
        out: &mut Vec<State>,
        only: bool,
    ) {
        let summaries = self.cx.summaries;
        let summary = &summaries[f];
        let returns = self.cx.program.returns[f.index()];
        if !summary.known {
            self.unknown_call(site, vals, &mut state);
            out.extend(returns.then_some(state));
            return;
        }
        if self.sites.is_some() {
            for need in &summary.needs {
                self.judge_need(&mut state, site, f, need, vals, only);
            }
        }
        self.pass_on(&state, f, vals);
        for index in &summary.used {
            let Some(Val::Ptr(pointer)) = vals.get(*index as usize) else { continue };
            let given = pointer.only().and_then(|target| state.object(target.obj)).map(|object| object.life);
            if matches!(given, Some(Life::Alive | Life::Freed(_))) {
                self.check_alive(&state, site, pointer, self.cx.program.name(f));
            }
        }
        for need in &summary.needs {
            // What is reached from an argument counts where every call gets there.
            if let What::NotNull(path) | What::Within { path, .. } = &need.what
                && (path.steps.is_empty() || need.always && need.conditions.is_empty() && need.nonzero.is_empty())
                && let Some(Val::Ptr(pointer)) = self.pointer_at(&mut state, path, vals)
            {
                self.check_alive(&state, site, &pointer, self.cx.program.name(f));
            }
        }
        if !returns {
            return;
        }
        // What follows the declared parameters is written through in ways that are not looked into.
        let declared = self.cx.program.function(f).params.len();
        for val in vals.iter().skip(declared) {
            self.havoc(&mut state, val);
        }
        // That a function looks whether a pointer is null is no reason to think that it is.
        let doubtful = |this: &mut Self, state: &mut State, exit: &Exit| {
            exit.nulls.iter().any(|(path, null)| {
                *null
                    && matches!(this.pointer_at(state, path, vals), Some(Val::Ptr(pointer))
                        if pointer.nullness.address && pointer.nullness.why == NullWhy::Unknown)
            })
        };
        for skip in [true, false] {
            let mut taken: Vec<(State, &Exit, bool)> = Vec::new();
            let mut wrong: Vec<(State, &Exit, bool)> = Vec::new();
            for exit in &summary.exits {
                let mut after = state.clone();
                if skip && doubtful(self, &mut after, exit) {
                    continue;
                }
                if let Some(known) = self.take_exit(&mut after, site, exit, vals) {
                    let ways = if self.gives_back_own(&mut after, exit, vals) { &mut wrong } else { &mut taken };
                    ways.push((after, exit, known));
                }
            }
            // Of several ways, one on which something is given back that was never allocated is not the one: what keeps it from being taken
            // is not known here.
            let taken = if taken.is_empty() { wrong } else { taken };
            // Which of several allocations is made may not be known here: then neither is how large it is.
            let allocations = taken.iter().filter(|(_, exit, _)| !exit.fresh.is_empty()).count();
            let before = out.len();
            let ways: Vec<&Exit> = taken.iter().map(|(_, exit, _)| *exit).collect();
            for (mut after, exit, known) in taken {
                let way = Taken { known: known || allocations < 2, only, ways: &ways };
                self.apply_exit(&mut after, site, f, exit, vals, way);
                // What it reads by is not seen.
                if summary.calls_unknown {
                    let changed = || summary.changed.iter().map(|(path, _)| path).chain(&summary.handed);
                    let written = |at: usize| changed().any(|path| path.parameter() == Some(at as u32));
                    self.brings_in(&mut after, site, vals, &written);
                }
                self.gives_bits(&mut after, self.cx.program.name(f), site, vals);
                out.push(after);
            }
            if out.len() > before {
                break;
            }
        }
    }

    /// Whether a function gives back what was never allocated when it returns that way.
    fn gives_back_own(&mut self, state: &mut State, exit: &Exit, vals: &[Val]) -> bool {
        exit.freed.iter().filter(|release| release.certain).any(|release| {
            let pointer = self.resolve_freed(state, release, vals);
            let target = pointer.as_ref().and_then(Pointer::only);
            target.is_some_and(|target| self.names.objects.is_own(target.obj))
        })
    }

    /// Takes for granted what holds when a function returns that way: whether that was known before. Nothing when it cannot.
    fn take_exit(&mut self, state: &mut State, site: Value, exit: &Exit, vals: &[Val]) -> Option<bool> {
        let mut known = true;
        for condition in &exit.conditions {
            let Some(form) = self.translate(state, condition, vals) else {
                known = false;
                continue;
            };
            known &= state.numbers.is_nonpositive(&form);
            if !state.numbers.assume_because(&form, crate::numbers::Why::Library) {
                return None;
            }
        }
        for form in &exit.nonzero {
            if let Some(form) = self.translate(state, form, vals)
                && !state.numbers.assume_nonzero(&form)
            {
                return None;
            }
        }
        for (path, null) in &exit.nulls {
            // That a function looks whether a pointer is null says nothing of this call.
            if let Some(Val::Ptr(pointer)) = self.pointer_at(state, path, vals)
                && !self.refine_null(state, &pointer, *null, NullWhy::Returned(site))
            {
                return None;
            }
        }
        Some(known)
    }

    /// Does what a function did when it returns that way.
    fn apply_exit(&mut self, state: &mut State, site: Value, f: FuncId, exit: &Exit, vals: &[Val], taken: Taken<'_>) {
        let summaries = self.cx.summaries;
        let summary = &summaries[f];
        let vals = &self.given_earlier(state, site, vals)[..];
        for (at, _) in exit.fresh.iter().enumerate().filter(|(_, fresh)| fresh.made == Made::Assumed) {
            let obj = self.names.objects.intern(Origin::Heap(site, at as u8), None);
            self.assumed.insert(obj);
        }
        // What the callee knows is looked up before anything is changed.
        let sizes: Vec<Option<Linear>> = exit
            .fresh
            .iter()
            .map(|fresh| fresh.size.as_ref().filter(|size| taken.known || !size.terms.is_empty()))
            .map(|size| size.and_then(|size| self.translate(state, size, vals)))
            .collect();
        let freed: Vec<Option<Pointer>> =
            exit.freed.iter().map(|release| self.resolve_freed(state, release, vals)).collect();
        // What nothing has set may well be set: whether it is taken for granted of ways on which it is not used.
        let made: Vec<&Changed> = summary
            .changed
            .iter()
            .filter(|change| {
                !exit.unchanged.contains(change)
                    || self.is_unset(state, change, vals)
                    || is_set_alike(exit, change, taken.ways) && self.is_as_set(state, change, vals)
            })
            .collect();
        let changed: Vec<(Option<Pointer>, Option<Bytes>)> =
            made.iter().map(|(path, range)| (self.resolve(state, path, vals), *range)).collect();
        let handed: Vec<Option<Pointer>> = summary.handed.iter().map(|path| self.resolve(state, path, vals)).collect();
        let places: Vec<Option<Pointer>> =
            exit.cells.iter().map(|(path, ..)| self.resolve(state, path, vals)).collect();
        let tainted: Vec<(Option<Pointer>, Option<TaintId>)> = exit
            .tainted
            .iter()
            .map(|(path, whence)| (self.resolve(state, path, vals), self.imported_taint(state, site, whence, vals)))
            .collect();
        // Values are made before memory changes, as they speak of what was there at the call.
        let result = self.exit_val(state, site, exit, &exit.result, vals, 0);
        let written: Vec<Val> = exit
            .cells
            .iter()
            .enumerate()
            .map(|(at, (.., val))| self.exit_val(state, site, exit, val, vals, at as u32 + 1))
            .collect();
        if summary.elsewhere >= Elsewhere::Globals || summary.calls_unknown {
            self.havoc_shared(state);
        }
        if summary.elsewhere == Elsewhere::Found {
            self.change_found(state, vals);
        }
        for parameter in &summary.kept {
            if let Some(val) = vals.get(*parameter as usize) {
                self.escape(state, val);
            }
        }
        // What is reached from an argument may be known by another way, too.
        for (path, _) in made.iter().filter(|(path, _)| !path.steps.is_empty()) {
            if let Some(Val::Ptr(pointer)) = self.start(state, path, vals)
                && let Some(target) = pointer.only()
                && self.is_led_to(target.obj)
                && let Some(ty) = self.names.objects.info(target.obj).ty
            {
                self.forget_addresses(state, Some(target.obj), ty);
            }
        }
        // What is handed on leads to more, as long as it is known what stands there.
        for (pointer, path) in handed.into_iter().zip(&summary.handed) {
            let Some(pointer) = pointer else { continue };
            match (self.member_size(site, path), pointer.only()) {
                (Some(bytes), Some(target)) if target.offset.as_constant().is_some() => {
                    let target = target.clone();
                    let width = Linear::constant(i128::from(bytes));
                    self.overwrite(state, &target, Some(&width), target.offset.as_constant());
                    self.object(state, target.obj).escaped = true;
                }
                _ => self.havoc(state, &Val::from(pointer)),
            }
        }
        for ((pointer, range), (path, _)) in changed.into_iter().zip(made) {
            let Some(pointer) = pointer else { continue };
            let whole = self.member_size(site, path);
            for target in &pointer.targets {
                let base = target.offset.as_constant().and_then(|c| i64::try_from(c).ok());
                let range =
                    range.and_then(|(a, b)| Some((base? + a, base? + b))).or_else(|| Some((base?, base? + whole?)));
                match range {
                    Some((a, b)) => {
                        self.object(state, target.obj).text = crate::value::Text::Unknown;
                        state.unsettle(target.obj, a, b);
                    }
                    None => state.lose_sight(target.obj),
                }
                self.changes(target.obj, range);
            }
        }
        // What is given back was there before what is allocated: it may be what this very call allocated in an earlier turn of a loop.
        for (pointer, release) in freed.into_iter().zip(&exit.freed) {
            if let Some(pointer) = pointer {
                let name = self.cx.program.name(f).to_owned();
                let certain = release.certain && taken.only && !is_passed_besides(&pointer, &release.path, vals);
                self.release(state, site, &pointer, &name, certain, release.given.family);
            }
        }
        for (at, fresh) in exit.fresh.iter().enumerate() {
            let obj = self.fresh_of_call(site, at, fresh);
            if fresh.made == Made::Record {
                self.renew(state, obj);
            } else {
                self.before_allocation(state, site, obj, at as u8);
                let known = self.families.entry(obj).or_insert(fresh.family);
                if *known != fresh.family {
                    *known = None;
                }
            }
            let content = if fresh.zero { Content::Zero } else { Content::Unknown };
            let mut object = fresh_object(sizes[at].clone(), content);
            // Who gives back what some other function may have given is not known, either.
            object.escaped = fresh.kept || self.guessed.contains(&site);
            if fresh.freed {
                object.life = Life::Freed(site);
            }
            if let Some(whence) = &fresh.taint {
                object.taint = self.imported_taint(state, site, whence, vals);
            }
            state.set_object(obj, object);
            for (number, (offset, width, val)) in fresh.cells.iter().enumerate() {
                let extra = 100 + 20 * at as u32 + number as u32;
                let val = self.exit_val(state, site, exit, val, vals, extra);
                state.set_cell(Place { obj, offset: *offset, width: *width }, val);
            }
        }
        let args = self.arguments(site);
        for ((pointer, (path, offset, width, _)), val) in places.into_iter().zip(&exit.cells).zip(written) {
            let Some(pointer) = pointer else { continue };
            if let Val::Num(form) = &val
                && let Some(taint) = self.names.taint(form)
                && *offset == 0
                && self.is_unbounded(state, form)
                && let Some(address) = path.direct().and_then(|parameter| args.get(parameter as usize))
            {
                let bounds = state.numbers.bounds(form);
                self.keep_taint(*address, taint, (bounds.lo, bounds.hi));
            }
            let mut moved = pointer.clone();
            for target in &mut moved.targets {
                target.offset = target.offset.plus_constant(i128::from(*offset));
                target.region = None;
            }
            if matches!(val, Val::Uninit) {
                continue;
            }
            self.put(state, &moved, Some(u64::from(*width)), val, false);
        }
        for ((path, ..), (_, taint)) in exit.tainted.iter().zip(&tainted) {
            if let Some(address) = path.direct().and_then(|parameter| args.get(parameter as usize))
                && let Some(taint) = taint
            {
                self.keep_bytes_taint(*address, *taint);
            }
        }
        for (pointer, taint) in tainted {
            for target in pointer.iter().flat_map(|pointer| &pointer.targets) {
                self.taint_bytes(state, target, taint);
            }
        }
        state.set(site, result);
    }

    /// What is passed, before the call gives another object: what it gave in an earlier turn of a loop is another one from now on.
    fn given_earlier(&mut self, state: &mut State, site: Value, vals: &[Val]) -> Vec<Val> {
        let mut vals = vals.to_vec();
        let Some(Type::Pointer(to)) = self.ty(site).map(|ty| self.module.types.get(ty)) else { return vals };
        let obj = self.names.objects.intern(Origin::Loaded(site), Some(*to));
        if state.object(obj).is_some() && state.refers_to(obj) {
            let earlier = self.names.objects.intern(Origin::Earlier(site, LOADED), Some(*to));
            self.set_apart(state, obj, site, LOADED);
            for val in &mut vals {
                val.rename(obj, earlier);
            }
        }
        vals
    }

    /// The object here that stands for one that a function made.
    fn fresh_of_call(&mut self, site: Value, number: usize, fresh: &FreshObject) -> Obj {
        if fresh.made == Made::Record {
            let ty = self.ty(site);
            self.names.objects.intern(Origin::Record(site), ty)
        } else {
            self.names.objects.intern(Origin::Heap(site, number as u8), None)
        }
    }

    /// Whether nothing has set what a function may change.
    fn is_unset(&mut self, state: &mut State, (path, range): &Changed, vals: &[Val]) -> bool {
        let Some(pointer) = self.resolve(state, path, vals) else { return false };
        pointer.targets.iter().any(|target| {
            let unset = |(place, val): &(Place, Val)| match (range, target.offset.as_constant()) {
                (Some((from, to)), Some(base)) => {
                    let (start, end) = (i128::from(place.offset), i128::from(place.offset) + i128::from(place.width));
                    *val == Val::Uninit && start < base + i128::from(*to) && base + i128::from(*from) < end
                }
                _ => *val == Val::Uninit,
            };
            state.object(target.obj).is_some_and(|object| object.content == Content::Indeterminate)
                || state.cells_of(target.obj).any(unset)
        })
    }

    /// Whether a pointer in what a function may change is null, or leads to a variable or literal, as it was set or found before the call.
    fn is_as_set(&mut self, state: &mut State, (path, range): &Changed, vals: &[Val]) -> bool {
        let Some(pointer) = self.resolve(state, path, vals) else { return false };
        let set = |val: &Val| match val {
            Val::Ptr(pointer) if pointer.is_null() => {
                matches!(pointer.nullness.why, NullWhy::Constant(_) | NullWhy::Tested(_))
            }
            Val::Ptr(pointer) => pointer.only().is_some_and(|target| {
                matches!(self.names.objects.origin(target.obj), Origin::Global(_) | Origin::Literal(..))
            }),
            _ => false,
        };
        pointer.targets.iter().any(|target| {
            let base = target.offset.as_constant();
            let within = |place: &Place| match (range, base) {
                (Some((from, to)), Some(base)) => {
                    let at = i128::from(place.offset) - base;
                    i128::from(*from) <= at && at < i128::from(*to)
                }
                _ => true,
            };
            state.cells_of(target.obj).any(|(place, val)| within(place) && set(val))
        })
    }

    /// How many bytes the member takes that a path leads to: one that is a record, and is passed by its address.
    fn member_size(&self, site: Value, path: &Path) -> Option<i64> {
        let Op::Call { args, .. } = self.function.op(site) else { return None };
        let arg = args.get(path.direct()? as usize)?;
        let Op::Memory(MemoryOp::Member { record, field, .. }) = self.function.op(stripped(self.function, arg.value))
        else {
            return None;
        };
        let ty = self.module.types.record(*record)?.fields.get(*field as usize)?.ty;
        self.module.types.record(ty)?;
        self.module.types.size(ty).and_then(|size| i64::try_from(size).ok())
    }

    /// The source of what a function hands out: what it took in, or that of what is passed to it here.
    fn imported_taint(&mut self, state: &State, site: Value, whence: &Whence, vals: &[Val]) -> Option<TaintId> {
        match whence {
            Whence::Taken(kind, what) => {
                let taint = Taint { what: what.clone(), kind: *kind, at: Some(site), no_slash: false };
                Some(self.names.taints.intern(taint))
            }
            Whence::Passed(index) => match vals.get(*index as usize)? {
                Val::Ptr(pointer) => state.taint_behind(pointer),
                Val::Num(form) if self.is_unbounded(state, form) => self.names.taint(form),
                _ => None,
            },
        }
    }

    /// What a function gives back, from the byte on that it gives back.
    fn resolve_freed(&mut self, state: &mut State, release: &Release, vals: &[Val]) -> Option<Pointer> {
        let mut pointer = self.resolve(state, &release.path, vals)?;
        for target in &mut pointer.targets {
            target.offset = match release.given.at {
                Some(at) => target.offset.plus_constant(i128::from(at)),
                // Where that is not known, it is taken to be right.
                None => Linear::default(),
            };
        }
        Some(pointer)
    }

    /// The caller's value for what a function gives.
    fn exit_val(
        &mut self,
        state: &mut State,
        site: Value,
        exit: &Exit,
        val: &ExitVal,
        vals: &[Val],
        extra: u32,
    ) -> Val {
        let origin = if extra == 0 { VarOrigin::Value(site) } else { VarOrigin::Extra(site, 1000 + extra) };
        match val {
            ExitVal::Number { form, range, taint, most, wrapped, chosen } => {
                if let Some(form) = form.as_ref().and_then(|form| self.translate(state, form, vals)) {
                    return Val::Num(form);
                }
                let most = most.as_ref().and_then(|most| self.translate(state, most, vals));
                let form = self.fresh_var(state, origin);
                if let Some(var) = form.as_var() {
                    let limits = self.names.limits(var);
                    let mut range = *range;
                    range.lo = range.lo.max(limits.lo);
                    range.hi = range.hi.min(limits.hi);
                    if range.lo <= range.hi {
                        state.numbers.set_range(var, range);
                    }
                    if let Some(over) = most.filter(|most| !most.mentions(var)).and_then(|most| form.minus(&most)) {
                        state.numbers.assume_because(&over, crate::numbers::Why::Library);
                    }
                    let taint = taint.as_ref().and_then(|whence| self.imported_taint(state, site, whence, vals));
                    if taint.is_some() {
                        self.names.set_taint(var, taint);
                        if *chosen {
                            self.names.set_chosen(var, true);
                        }
                        if *wrapped {
                            self.names.set_wrapped(var, Some(site));
                        }
                    }
                }
                Val::Num(form)
            }
            ExitVal::Known { path, offset, maybe_null, maybe_other } => {
                let Some(pointer) = self.resolve(state, path, vals) else {
                    return match extra {
                        0 => self.unknown(state, site, self.ty(site)),
                        _ => Val::from(Pointer::unknown(Nullness::UNKNOWN)),
                    };
                };
                let moved = self.translate(state, offset, vals);
                let mut pointer = pointer;
                for target in &mut pointer.targets {
                    match moved.as_ref().and_then(|moved| target.offset.plus(moved)) {
                        Some(offset) => target.offset = offset,
                        None => {
                            target.offset = self.fresh_var(state, VarOrigin::Offset(site, target.obj));
                        }
                    }
                }
                pointer.nullness = if *maybe_null { Nullness::maybe(NullWhy::Unknown) } else { pointer.nullness };
                pointer.elsewhere |= *maybe_other;
                Val::from(pointer)
            }
            ExitVal::Fresh { index, offset, maybe_null } => {
                let at = usize::from(*index);
                let Some(fresh) = exit.fresh.get(at) else { return Val::Top };
                let obj = self.fresh_of_call(site, at, fresh);
                let nullness = match (maybe_null, self.assumed.contains(&obj)) {
                    (false, _) => Nullness::NEVER,
                    (true, false) if !self.guessed.contains(&site) => Nullness::maybe(NullWhy::Failed(site)),
                    _ => Nullness::UNKNOWN,
                };
                Val::from(Pointer::at(obj, Linear::constant(i128::from(*offset)), nullness))
            }
            ExitVal::Null if self.guessed.contains(&site) => Val::from(Pointer::null(NullWhy::Returned(site))),
            ExitVal::Null => Val::from(Pointer::null(NullWhy::Failed(site))),
            ExitVal::NoObject => Val::from(Pointer::null(NullWhy::Returned(site))),
            ExitVal::Address { maybe_null, failed, taint } => {
                let ty = self.ty(site).filter(|_| extra == 0 && self.is_pointer(self.ty(site)));
                let nullness = match (maybe_null, failed) {
                    (false, _) => Nullness::NEVER,
                    (true, true) if !self.guessed.contains(&site) => Nullness::maybe(NullWhy::Failed(site)),
                    _ => Nullness::UNKNOWN,
                };
                if extra != 0 {
                    return Val::from(Pointer::unknown(nullness));
                }
                let Val::Ptr(pointer) = self.unknown(state, site, ty) else {
                    return Val::from(Pointer::unknown(nullness));
                };
                let taint = taint.as_ref().and_then(|whence| self.imported_taint(state, site, whence, vals));
                if taint.is_some() {
                    for target in &pointer.targets {
                        self.object(state, target.obj).taint = taint;
                    }
                }
                Val::from(Pointer { nullness, ..Rc::unwrap_or_clone(pointer) })
            }
            ExitVal::Static | ExitVal::Dangling => Val::from(Pointer::unknown(Nullness::NEVER)),
            ExitVal::Uninit => Val::Uninit,
            ExitVal::Unknown if extra == 0 => self.unknown(state, site, self.ty(site)),
            ExitVal::Unknown => Val::Top,
        }
    }
}

/// Whether a call changes something on another way that it may go and that its result does not tell from this one: the caller, who looks at
/// nothing but the result, relies on what is not known here.
fn is_set_alike(exit: &Exit, change: &Changed, ways: &[&Exit]) -> bool {
    let null = |result: &ExitVal| matches!(result, ExitVal::Null | ExitVal::NoObject);
    let alike = |a: &ExitVal, b: &ExitVal| match (a, b) {
        (ExitVal::Number { range: a, .. }, ExitVal::Number { range: b, .. }) => a.lo <= b.hi && b.lo <= a.hi,
        (a, b) => null(a) == null(b),
    };
    ways.iter().any(|other| !other.unchanged.contains(change) && alike(&other.result, &exit.result))
}

/// Whether an argument leads to an object besides the one that a path starts at: a function takes it that its parameters do not overlap,
/// and a test whether they do is not seen here.
fn is_passed_besides(pointer: &Pointer, path: &Path, vals: &[Val]) -> bool {
    let Some(freed) = pointer.only() else { return false };
    vals.iter().enumerate().any(|(at, val)| {
        Some(at as u32) != path.parameter()
            && matches!(val, Val::Ptr(passed) if passed.targets.iter().any(|target| target.obj == freed.obj))
    })
}
