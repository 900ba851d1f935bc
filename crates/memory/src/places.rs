//! Loads and stores: what stands at an address, and what does afterwards.

use crate::analyzer::{Analyzer, Sent};
use crate::effects::text_copied;
use crate::linear::{INFINITY, Linear};
use crate::names::{int_limits, type_limits};
use crate::numbers::{Range, Why};
use crate::program::Slot;
use crate::state::{Place, State, VarOrigin, Vars};
use crate::value::{Content, NullWhy, Nullness, Obj, Origin, Pointer, SourceKind, Taint, TaintId, Target, Text, Val};
use assay_ir::{MemoryOp, Op, Type, TypeId, Value};

/// Every number.
const ANY: (i128, i128) = (-INFINITY, INFINITY);

/// Members of a record that is copied whole whose values at the call are kept.
const MAX_RECORD_MEMBERS: usize = 24;

/// Elements of an array in such a record.
const MAX_ELEMENTS: u64 = 4;

/// Whether a value is the number zero.
fn is_zero(val: &Val) -> bool {
    matches!(val, Val::Num(form) if form.as_constant() == Some(0))
}

/// A scalar member of a record.
struct Member {
    /// How many bytes into the object it stands.
    offset: i64,
    ty: TypeId,
    slot: Slot,
}

impl Analyzer<'_, '_> {
    /// What stands at an address.
    pub(crate) fn load(&mut self, state: &mut State, value: Value, from: Value, ty: TypeId) -> Val {
        let width = self.module.types.size(ty);
        let address = self.val(state, from);
        let size = width.map_or_else(|| Linear::constant(1), |width| Linear::constant(i128::from(width)));
        let usable = self.access(state, value, from, &address, &size, false);
        let Some(pointer) = usable else { return self.unknown(state, value, Some(ty)) };
        if matches!(self.module.types.get(ty), Type::Record(_)) {
            return self.load_record(state, value, &pointer, ty);
        }
        let scalar = self.module.types.is_scalar(ty);
        let bits = self.is_bit_field(from);
        let place = pointer.only().and_then(|target| {
            let offset = i64::try_from(target.offset.as_constant()?).ok()?;
            Some(Place { obj: target.obj, offset, width: u32::try_from(width?).ok()? })
        });
        if let Some(target) = pointer.only()
            && let Some(width) = width.and_then(|width| u32::try_from(width).ok())
            && !bits
            && let Some(known) = self.constant_at(state, value, target, width, ty)
        {
            return known;
        }
        let Some(place) = place.filter(|_| scalar && !bits) else {
            // Elements of something to which nothing was written are indeterminate, whichever is read.
            if scalar
                && let Some(target) = pointer.only()
                && let Some(object) = state.object(target.obj)
                && object.content == Content::Indeterminate
                && object.taint.is_none()
                && state.cells_of(target.obj).next().is_none()
                && !bits
            {
                return self.indeterminate(state, value, from, ty);
            }
            return self.load_unknown(state, value, from, &pointer, ty, bits);
        };
        if let Some(known) = state.cell(place).cloned() {
            return match known {
                Val::Num(form) if !self.is_pointer(Some(ty)) => self.fit(state, value, form, Some(ty), false),
                Val::Num(form) if form.as_constant() == Some(0) => Val::from(Pointer::null(NullWhy::Unknown)),
                Val::Ptr(_) if self.is_pointer(Some(ty)) => known,
                Val::Ptr(_) if place.width == 8 => known,
                Val::Uninit => {
                    let out = self.indeterminate(state, value, from, ty);
                    state.set_cell(place, out.clone());
                    out
                }
                _ => {
                    let unknown = self.load_unknown(state, value, from, &pointer, ty, bits);
                    if self.names.objects.origin(place.obj) != Origin::Loaded(value) {
                        state.set_cell(place, unknown.clone());
                    }
                    unknown
                }
            };
        }
        let (content, several) = match state.object(place.obj) {
            Some(object) => (object.content, object.several),
            None => (Content::Unknown, true),
        };
        let overlaps = state.overlaps(place);
        // What this load gave in an earlier turn of a loop is another object from now on.
        let renewed = self.names.objects.origin(place.obj) == Origin::Loaded(value);
        let out = match content {
            _ if overlaps => self.load_unknown(state, value, from, &pointer, ty, bits),
            Content::Indeterminate => self.indeterminate(state, value, from, ty),
            Content::Zero if self.is_pointer(Some(ty)) => Val::from(Pointer::null(NullWhy::Unknown)),
            Content::Zero => Val::constant(0),
            Content::Entry => {
                if !self.is_pointer(Some(ty)) {
                    self.need_set(state, value, place);
                }
                let slot = self.cx.program.slot(self.unit, self.function, from);
                let size = self.size_by_member(from);
                self.entry_value(state, value, place, ty, slot.as_ref(), size)
                    .unwrap_or_else(|| self.load_unknown(state, value, from, &Pointer::to(place.obj), ty, false))
            }
            Content::Unknown => self.load_unknown(state, value, from, &pointer, ty, bits),
        };
        // Of several elements that nothing has set, each is read for the first time once.
        let element = content == Content::Indeterminate && self.chain(from).1;
        if !several && !overlaps && !renewed && !element {
            state.set_cell(place, out.clone());
            if content == Content::Entry {
                // Nothing was written: the rest still holds what it did.
                self.object(state, place.obj).content = Content::Entry;
            }
        }
        out
    }

    /// The number that is read from a literal, or from a variable that nothing changes.
    fn constant_at(&mut self, state: &mut State, value: Value, target: &Target, width: u32, ty: TypeId) -> Option<Val> {
        if !matches!(self.module.types.get(ty), Type::Int { .. } | Type::Bool) {
            return None;
        }
        let offset = target.offset.as_constant().and_then(|offset| i64::try_from(offset).ok());
        let (lo, hi) = match self.names.objects.origin(target.obj) {
            Origin::Literal(symbol, unit) if width == u32::from(unit) => {
                let text = self.module.strings.resolve(symbol);
                let byte = |c: char| i128::from(u32::from(c));
                match offset {
                    Some(offset) => {
                        let at =
                            usize::try_from(offset).ok().filter(|at| at % usize::from(unit) == 0)? / usize::from(unit);
                        let number = text.chars().chain(std::iter::once('\0')).nth(at).map(byte)?;
                        (number, number)
                    }
                    None => (0, text.chars().map(byte).max().unwrap_or(0)),
                }
            }
            Origin::Global(global) => {
                let contents = self.cx.program.constants.get(&global)?;
                match offset {
                    Some(offset) => {
                        let number = contents.at(offset, width)?;
                        (number, number)
                    }
                    None => contents.range(width)?,
                }
            }
            _ => return None,
        };
        if lo == hi {
            return Some(self.fit(state, value, Linear::constant(lo), Some(ty), false));
        }
        let limits = type_limits(self.module, Some(ty));
        if lo < limits.lo || hi > limits.hi {
            return None;
        }
        let form = self.fresh(state, value);
        if let Some(var) = form.as_var() {
            state.numbers.set_range(var, Range::new(lo, hi, Why::Library));
        }
        Some(Val::Num(form))
    }

    /// Whether an address is that of a bit-field.
    pub(crate) fn is_bit_field(&self, address: Value) -> bool {
        let Op::Memory(MemoryOp::Member { record, field, .. }) = self.function.op(address) else { return false };
        self.module
            .types
            .record(*record)
            .and_then(|record| record.fields.get(*field as usize))
            .is_some_and(|field| field.bits.is_some())
    }

    /// What nothing has set is read. Where the program names the variable, that is a use; where an address leads to it, it may be
    /// no more than passed on.
    fn indeterminate(&mut self, state: &mut State, value: Value, from: Value, ty: TypeId) -> Val {
        if !self.chain(from).0 {
            return Val::Uninit;
        }
        self.uninitialized(value, value);
        self.unknown(state, value, Some(ty))
    }

    /// Callers must have set what is read.
    fn need_set(&mut self, state: &mut State, value: Value, place: Place) {
        if self.is_unavoidable()
            && self.sites.is_some()
            && let Some(path) = self.names.path(place.obj)
        {
            let words = format!("{} is read", self.path_words(&path));
            self.need(state, crate::summary::What::Set(path, place.offset, place.width), value, &words);
        }
    }

    /// What stood in a place when the function was called; none where that is too far away. `slot`: the member or variable that
    /// the place is, `size`: that of the object that a pointer there leads to, where they are known.
    fn entry_value(
        &mut self,
        state: &mut State,
        value: Value,
        place: Place,
        ty: TypeId,
        slot: Option<&Slot>,
        size: Option<Linear>,
    ) -> Option<Val> {
        let depth = self.names.objects.info(place.obj).depth;
        let taint = self.content_taint(state, place.obj, slot);
        if let &Type::Pointer(to) = self.module.types.get(ty) {
            if depth >= assay_text::limits::MAX_MEMORY_DEPTH {
                return None;
            }
            let taint = taint.or_else(|| self.nested_taint(place.obj, place.offset));
            let obj = self.names.objects.intern(Origin::Deref(place.obj, place.offset), Some(to));
            let object = self.object(state, obj);
            object.taint = object.taint.or(taint);
            if size.is_some() {
                object.size = size;
            }
            self.name_text(state, obj, to);
            return Some(Val::from(Pointer::at(obj, Linear::default(), Nullness::UNKNOWN)));
        }
        let var = self.names.var(VarOrigin::Entry(place));
        let limits = type_limits(self.module, Some(ty));
        self.names.set_limits(var, limits);
        if !state.numbers.uses(var) {
            state.numbers.set_range(var, limits);
        }
        self.names.set_taint(var, taint);
        let sent = self.sent_range(state, place.obj, slot);
        self.names.set_sent(var, sent);
        if slot.is_some_and(|slot| self.cx.program.tested.contains(slot)) {
            self.names.set_tested(var);
        }
        self.taint_nested(state, place, var);
        Some(self.fit(state, value, Linear::var(var), Some(ty), false))
    }

    /// The source of what stands in an object: of its bytes, or of the member or variable that it is read from.
    pub(crate) fn content_taint(&mut self, state: &State, obj: Obj, slot: Option<&Slot>) -> Option<TaintId> {
        if let Some(taint) = state.object(obj).and_then(|object| object.taint) {
            return Some(taint);
        }
        let slot = slot?;
        let Some(Sent { kind, what, .. }) = self.cx.tainted.get(slot) else {
            return self.counted_taint(obj, slot);
        };
        let what = if slot.0.is_empty() {
            let name = slot.1.rsplit(':').next().unwrap_or_default();
            format!("the variable `{name}`, which is set from {what}")
        } else {
            format!("the member `{}` of `{}`, which is set from {what}", slot.1, slot.0)
        };
        Some(self.names.taints.intern(Taint { what, kind: *kind, at: None, no_slash: false }))
    }

    /// The numbers that untrusted data may be which stands in a member or variable.
    fn sent_range(&self, state: &State, obj: Obj, slot: Option<&Slot>) -> Option<(i128, i128)> {
        if state.object(obj).is_some_and(|object| object.taint.is_some()) {
            return None;
        }
        self.cx.tainted.get(slot?).map(|sent| sent.range)
    }

    /// Something that is read from a place of which nothing is known.
    pub(crate) fn load_unknown(
        &mut self,
        state: &mut State,
        value: Value,
        from: Value,
        pointer: &Pointer,
        ty: TypeId,
        bits: bool,
    ) -> Val {
        let slot = self.cx.program.slot(self.unit, self.function, from);
        let taint = pointer.targets.iter().find_map(|target| self.content_taint(state, target.obj, slot.as_ref()));
        let out = self.unknown(state, value, Some(ty));
        match &out {
            Val::Num(form) => {
                if let Some(var) = form.as_var() {
                    self.names.set_taint(var, taint);
                    let sent = pointer.only().and_then(|target| self.sent_range(state, target.obj, slot.as_ref()));
                    self.names.set_sent(var, sent);
                    if slot.as_ref().is_some_and(|slot| self.cx.program.tested.contains(slot)) {
                        self.names.set_tested(var);
                    }
                    if bits && let Some((_, width)) = self.bit_field(from) {
                        let signed = self.module.types.is_signed(ty);
                        state.numbers.set_range(var, int_limits(width, signed));
                    }
                }
            }
            Val::Ptr(pointer) => {
                if let Some(target) = pointer.only() {
                    let obj = target.obj;
                    let size = self.size_by_member(from);
                    let object = self.object(state, obj);
                    object.taint = taint;
                    if size.is_some() {
                        object.size = size;
                    }
                }
            }
            _ => {}
        }
        out
    }

    fn bit_field(&self, address: Value) -> Option<(u8, u8)> {
        let Op::Memory(MemoryOp::Member { record, field, .. }) = self.function.op(address) else { return None };
        self.module.types.record(*record)?.fields.get(*field as usize)?.bits
    }

    /// Sets what stands at an address.
    pub(crate) fn store(&mut self, state: &mut State, value: Value, to: Value, stored: Value, ty: TypeId) {
        let width = self.module.types.size(ty);
        let address = self.val(state, to);
        let size = width.map_or_else(|| Linear::constant(1), |width| Linear::constant(i128::from(width)));
        let new = self.val(state, stored);
        let usable = self.access(state, value, to, &address, &size, true);
        let Some(pointer) = usable else { return };
        if let (Type::Record(_), Val::Ptr(record)) = (self.module.types.get(ty), &new) {
            self.copy_record(state, value, &pointer, Some(record), ty);
            return;
        }
        if let Val::Num(form) = &new
            && let Some(taint) = self.names.taint(form)
            && self.is_unbounded(state, form)
        {
            let bounds = state.numbers.bounds(form);
            self.keep_taint(to, taint, (bounds.lo, bounds.hi));
        }
        // Elements of one member lead to different things.
        if let Val::Ptr(pointer) = &new
            && !matches!(self.function.op(to), Op::Memory(MemoryOp::Offset { .. }))
            && let Some(taint) =
                pointer.only().and_then(|target| state.object(target.obj)).and_then(|object| object.taint)
        {
            self.keep_taint(to, taint, ANY);
        }
        self.put(state, &pointer, width, new, self.is_bit_field(to));
    }

    /// What stands in the member or variable of that address is not to be trusted, or what it leads to.
    pub(crate) fn keep_taint(&mut self, address: Value, taint: TaintId, range: (i128, i128)) {
        // Who starts a program harms nobody else by what goes round about, and a number that a caller passes is kept beside what it is about.
        let number = range != ANY;
        if self.sites.is_none()
            || matches!(self.names.taints.get(taint).kind, SourceKind::Local | SourceKind::Chance)
            || number && self.names.taints.get(taint).kind == SourceKind::Caller
            || self.is_passed_by_few(taint)
        {
            return;
        }
        if let Some(slot) = self.cx.program.slot(self.unit, self.function, address) {
            let taint = self.names.taints.get(taint);
            self.tainted.push((slot, Sent { kind: taint.kind, what: taint.first().to_owned(), range }));
        }
    }

    /// Whether most callers pass something else by the parameter that untrusted data comes in by: then what the function does with it is
    /// no reason to distrust what all of them leave behind.
    pub(crate) fn is_passed_by_few(&self, taint: TaintId) -> bool {
        let Some(Op::Param(index)) = self.names.taints.get(taint).at.map(|at| self.function.op(at)) else {
            return false;
        };
        self.cx.passed.get(&(self.f, *index, None)).is_some_and(|given| given.few)
    }

    /// What an address leads to is not to be trusted: that is kept of the member or variable that holds the address, or that it is
    /// the address of.
    pub(crate) fn keep_bytes_taint(&mut self, address: Value, taint: TaintId) {
        let mut at = address;
        for _ in 0..4 {
            match self.function.op(at) {
                Op::Memory(MemoryOp::Offset { base, .. }) => at = *base,
                Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
                Op::Memory(MemoryOp::Load { from, .. }) => return self.keep_taint(*from, taint, ANY),
                Op::Memory(MemoryOp::Member { .. } | MemoryOp::Address(_)) => return self.keep_taint(at, taint, ANY),
                _ => return,
            }
        }
    }

    /// Writes a value to where a pointer points.
    pub(crate) fn put(&mut self, state: &mut State, pointer: &Pointer, width: Option<u64>, new: Val, bits: bool) {
        let scalar = !matches!(new, Val::Top);
        let outside = pointer.elsewhere
            || pointer.targets.iter().any(|target| state.object(target.obj).is_some_and(|object| object.escaped));
        if outside {
            self.escape(state, &new);
        }
        for target in &pointer.targets {
            if width.is_some_and(|width| self.is_character(target.obj, width, is_zero(&new))) {
                self.text_stored(state, target, &new, pointer.targets.len() == 1);
            } else if let Some(object) = state.object_mut(target.obj) {
                object.text = Text::Unknown;
            }
        }
        let strong = pointer.only().filter(|target| state.object(target.obj).is_some_and(|object| !object.several));
        if let Some(target) = strong
            && let Some(offset) = target.offset.as_constant().and_then(|c| i64::try_from(c).ok())
            && let Some(width) = width.and_then(|width| u32::try_from(width).ok())
            && !bits
        {
            let record = self.is_record(target.obj);
            if let (Val::Num(form), Some(object)) = (&new, state.object_mut(target.obj)) {
                // Data from outside that is written byte by byte makes the bytes data from outside.
                if let Some(taint) = self.names.taint(form)
                    && width == 1
                    && !record
                {
                    object.taint = object.taint.or(Some(taint));
                }
            }
            let place = Place { obj: target.obj, offset, width };
            self.changes(target.obj, Some((offset, offset + i64::from(width))));
            self.forget_aliases(state, place, &new);
            let new = if scalar { new } else { Val::Top };
            state.set_cell(place, new);
            return;
        }
        let width = width.map(|width| Linear::constant(i128::from(width)));
        self.escape(state, &new);
        let taint = match &new {
            Val::Num(form) => self.names.taint(form),
            _ => None,
        };
        for target in pointer.targets.clone() {
            self.overwrite(state, &target, width.as_ref(), target.offset.as_constant());
            if taint.is_some() && !self.is_record(target.obj) {
                let object = self.object(state, target.obj);
                object.taint = object.taint.or(taint);
            }
        }
    }

    /// An address is stored where a loaded address leads to: that may be a place that is known by another way, too, as when an element
    /// is taken out of a list.
    fn forget_aliases(&mut self, state: &mut State, place: Place, new: &Val) {
        if !self.is_led_to(place.obj) {
            return;
        }
        let Val::Ptr(pointer) = new else { return };
        if let Some(ty) = pointer.targets.iter().find_map(|target| self.names.objects.info(target.obj).ty) {
            self.forget_addresses(state, Some(place.obj), ty);
        }
    }

    /// Whether an object is known by an address that was loaded.
    pub(crate) fn is_led_to(&self, obj: Obj) -> bool {
        matches!(self.names.objects.origin(obj), Origin::Deref(..) | Origin::Loaded(_) | Origin::Earlier(..))
    }

    /// Addresses of records of a type that stand in what came from outside of the function may have changed, but for those in one
    /// object.
    pub(crate) fn forget_addresses(&mut self, state: &mut State, but: Option<Obj>, ty: TypeId) {
        if self.module.types.record(ty).is_none() {
            return;
        }
        let objects = &self.names.objects;
        let leads = |val: &Val| matches!(val, Val::Ptr(known) if known.targets.iter().any(|target| objects.info(target.obj).ty == Some(ty)));
        let doubtful: Vec<Place> = state
            .cells
            .iter()
            .filter(|(at, val)| {
                let outer = self.is_led_to(at.obj) || objects.info(at.obj).entry;
                Some(at.obj) != but && outer && leads(val)
            })
            .map(|(at, _)| *at)
            .collect();
        for at in doubtful {
            state.forget_range(at.obj, at.offset, at.offset + i64::from(at.width));
            let object = self.object(state, at.obj);
            object.content = Content::Unknown;
        }
    }

    /// The bytes from a target on come from outside. Of a record whose members are told apart, that is no reason to think so of
    /// all of them: members that hold such bytes are known by their names. Nor is one that holds addresses: nobody sends those.
    pub(crate) fn taint_bytes(&mut self, state: &mut State, target: &Target, taint: Option<TaintId>) {
        let member = target.region.as_ref().is_some_and(|region| !region.row)
            || self.is_record(target.obj)
                && (target.offset != Linear::default()
                    || self.holds_addresses(self.names.objects.info(target.obj).ty, 3));
        if !member && taint.is_some() {
            let object = self.object(state, target.obj);
            object.taint = object.taint.or(taint);
        }
    }

    /// Whether a record has addresses among its members, or among those of its members.
    fn holds_addresses(&self, ty: Option<TypeId>, depth: u32) -> bool {
        let Some(record) = ty.and_then(|ty| self.module.types.record(ty)) else { return false };
        record.fields.iter().any(|field| {
            matches!(self.module.types.get(field.ty), Type::Pointer(_))
                || depth > 0 && self.holds_addresses(Some(field.ty), depth - 1)
        })
    }

    /// Whether an object is known to be a record, whose members are told apart.
    fn is_record(&self, obj: Obj) -> bool {
        self.names.objects.info(obj).ty.is_some_and(|ty| self.module.types.record(ty).is_some())
    }

    /// Some bytes from a target on may be anything from now on. `width`: how many, when that is known.
    pub(crate) fn overwrite(&mut self, state: &mut State, target: &Target, width: Option<&Linear>, from: Option<i128>) {
        let end = |w: &Linear| Some(from? + w.as_constant()?);
        let exact = from.zip(width.and_then(end));
        let region = target.region.as_ref().and_then(|region| {
            let start = region.start.as_constant()?;
            Some((start, start + i128::from(region.size)))
        });
        let range = exact.or(region).and_then(|(a, b)| Some((i64::try_from(a).ok()?, i64::try_from(b).ok()?)));
        if exact.is_none() {
            state.expose_held(target.obj);
        }
        self.changes(target.obj, range);
        self.object(state, target.obj);
        match (range, exact) {
            (Some((a, b)), Some(_)) => return state.unsettle(target.obj, a, b),
            (Some((a, b)), None) => state.forget_range(target.obj, a, b),
            (None, _) => state.cells.retain(|(place, _)| place.obj != target.obj),
        }
        self.object(state, target.obj).content = Content::Unknown;
    }

    /// Whether so many bytes of an object are a character: one byte, or as many as the wide characters have that it is made of. Where
    /// that is not known, what is stored at least tells zeros.
    fn is_character(&self, obj: Obj, width: u64, zero: bool) -> bool {
        let element = || {
            let mut ty = self.names.objects.info(obj).ty?;
            while let Type::Array { element, .. } = self.module.types.get(ty) {
                ty = *element;
            }
            Some(self.module.types.get(ty))
        };
        width == 1
            || width == 4 && element().map_or(zero, |element| matches!(element, Type::Int { bits: 32, signed: true }))
    }

    /// What a stored character does to the string in an object.
    fn text_stored(&mut self, state: &mut State, target: &Target, new: &Val, strong: bool) {
        let Some(object) = state.object(target.obj).cloned() else { return };
        let zero = is_zero(new);
        let nonzero = matches!(new, Val::Num(form) if state.numbers.lower(form) > 0);
        let text = match (&object.text, zero, strong) {
            (Text::Length(length), true, true) => {
                if state.numbers.at_most(&target.offset, length) {
                    Text::Length(target.offset.clone())
                } else if state.numbers.at_most(length, &target.offset) {
                    object.text.clone()
                } else {
                    self.length_at_most(state, target)
                }
            }
            (Text::Filled(until), true, true) => {
                if state.numbers.at_most(&target.offset, until) {
                    Text::Length(target.offset.clone())
                } else {
                    let behind = state.numbers.at_most(until, &target.offset);
                    let until = until.clone();
                    let text = self.length_at_most(state, target);
                    if behind
                        && let Text::Length(length) = &text
                        && let Some(under) = until.minus(length)
                    {
                        state.numbers.assume_because(&under, Why::Library);
                    }
                    text
                }
            }
            (_, true, true) => self.length_at_most(state, target),
            (Text::Length(length), false, true) if nonzero => {
                let before = target.offset.plus_constant(1);
                if state.numbers.at_most(&before, length) { object.text.clone() } else { Text::Unknown }
            }
            (Text::Filled(_) | Text::Unterminated(_), false, true) if nonzero => object.text.clone(),
            _ => Text::Unknown,
        };
        self.object(state, target.obj).text = text;
    }

    /// A string that ends at a target or before.
    fn length_at_most(&mut self, state: &mut State, target: &Target) -> Text {
        let origin = VarOrigin::Length(self.block, target.obj);
        let form = self.fresh_var(state, origin);
        if let Some(over) = form.minus(&target.offset) {
            state.numbers.assume(&over);
        }
        Text::Length(form)
    }

    /// Copies a record.
    pub(crate) fn copy(&mut self, state: &mut State, value: Value, to: Value, from: Value, ty: TypeId) {
        let width = self.module.types.size(ty);
        let size = width.map_or_else(|| Linear::constant(1), |width| Linear::constant(i128::from(width)));
        let (target, source) = (self.val(state, to), self.val(state, from));
        let source = self.access(state, value, from, &source, &size, false);
        let target = self.access(state, value, to, &target, &size, true);
        let Some(target) = target else { return };
        self.copy_record(state, value, &target, source.as_ref(), ty);
    }

    /// A record as a value: its bytes, in an object of their own.
    fn load_record(&mut self, state: &mut State, value: Value, from: &Pointer, ty: TypeId) -> Val {
        let obj = self.names.objects.intern(Origin::Record(value), Some(ty));
        self.renew(state, obj);
        let size = self.record_size(ty);
        self.object(state, obj).size = size;
        let record = Pointer::to(obj);
        self.copy_record(state, value, &record, Some(from), ty);
        Val::from(record)
    }

    /// How many bytes a record has.
    pub(crate) fn record_size(&self, ty: TypeId) -> Option<Linear> {
        self.module.types.size(ty).map(|size| Linear::constant(i128::from(size)))
    }

    /// Copies a record, with what its members held when the function was called.
    fn copy_record(&mut self, state: &mut State, value: Value, to: &Pointer, from: Option<&Pointer>, ty: TypeId) {
        if let Some(source) = from.and_then(Pointer::only)
            && let Some(start) = source.offset.as_constant().and_then(|c| i64::try_from(c).ok())
            && state.object(source.obj).is_some_and(|object| object.content == Content::Entry && !object.several)
        {
            let mut members = Vec::new();
            self.members(ty, start, &mut members);
            for Member { offset, ty, slot } in members {
                let Some(width) = self.module.types.size(ty).and_then(|width| u32::try_from(width).ok()) else {
                    continue;
                };
                let place = Place { obj: source.obj, offset, width };
                if state.cell(place).is_some() || state.overlaps(place) {
                    continue;
                }
                let size = self.cx.program.sizes.get(&slot).copied().flatten().map(Linear::constant);
                if let Some(val) = self.entry_value(state, value, place, ty, Some(&slot), size) {
                    state.set_cell(place, val);
                    self.object(state, source.obj).content = Content::Entry;
                }
            }
        }
        self.copy_bytes(state, to, from, self.module.types.size(ty));
    }

    /// The scalar members of a record that stands at an offset, those of its members included; not those of unions, and no
    /// bit-fields.
    fn members(&self, ty: TypeId, start: i64, out: &mut Vec<Member>) {
        let Some(record) = self.module.types.record(ty).filter(|record| !record.union) else { return };
        for field in &record.fields {
            let Some(offset) = field.offset.and_then(|offset| start.checked_add_unsigned(offset)) else { continue };
            match self.module.types.get(field.ty) {
                _ if out.len() >= MAX_RECORD_MEMBERS || field.bits.is_some() => {}
                Type::Record(_) => self.members(field.ty, offset, out),
                &Type::Array { element, count: Some(count) } if self.module.types.is_scalar(element) => {
                    let Some(width @ 2..) = self.module.types.size(element) else { continue };
                    let name = |symbol| self.module.strings.resolve(symbol).to_owned();
                    for at in 0..count.min(MAX_ELEMENTS) {
                        let Some(offset) = offset.checked_add_unsigned(at * width) else { break };
                        out.push(Member { offset, ty: element, slot: (name(record.name), name(field.name)) });
                    }
                }
                _ if self.module.types.is_scalar(field.ty) => {
                    let name = |symbol| self.module.strings.resolve(symbol).to_owned();
                    out.push(Member { offset, ty: field.ty, slot: (name(record.name), name(field.name)) });
                }
                _ => {}
            }
        }
    }

    /// Copies what is known of a range of bytes.
    pub(crate) fn copy_bytes(&mut self, state: &mut State, to: &Pointer, from: Option<&Pointer>, width: Option<u64>) {
        let mut cells: Vec<(i64, u32, Val)> = Vec::new();
        let mut taint = None;
        let mut content = Content::Unknown;
        if let Some(from) = from {
            taint = state.taint_behind(from);
            if let Some(source) = from.only()
                && let Some(start) = source.offset.as_constant().and_then(|c| i64::try_from(c).ok())
                && let Some(width) = width.and_then(|width| i64::try_from(width).ok())
            {
                cells.extend(
                    state
                        .cells_of(source.obj)
                        .filter(|(p, _)| p.offset >= start && p.offset + i64::from(p.width) <= start + width)
                        .map(|(p, val)| (p.offset - start, p.width, val.clone())),
                );
                if let Some(object) = state.object(source.obj)
                    && matches!(object.content, Content::Zero | Content::Indeterminate)
                {
                    content = object.content;
                }
            }
        }
        let width = width.map(|width| Linear::constant(i128::from(width)));
        let text = text_copied(state, to, from, width.as_ref());
        for target in to.targets.clone() {
            self.overwrite(state, &target, width.as_ref(), target.offset.as_constant());
            self.object(state, target.obj).text = text.clone().filter(|_| to.only().is_some()).unwrap_or(Text::Unknown);
            self.taint_bytes(state, &target, taint);
            let object = self.object(state, target.obj);
            let whole = object.size == width && target.offset == Linear::default();
            if whole && to.targets.len() == 1 {
                object.content = if content == Content::Indeterminate { Content::Unknown } else { content };
            }
            if to.only().is_some()
                && let Some(start) = target.offset.as_constant().and_then(|c| i64::try_from(c).ok())
            {
                for (offset, width, val) in &cells {
                    if !matches!(val, Val::Uninit) {
                        let place = Place { obj: target.obj, offset: start + offset, width: *width };
                        state.set_cell(place, val.clone());
                    }
                }
            }
        }
        // Where it is not known in which place they stand now, or who sees it, they are not followed.
        let placed = to.only().is_some_and(|target| target.offset.as_constant().is_some());
        let outside = to.targets.iter().any(|t| state.object(t.obj).is_some_and(|object| object.escaped));
        if outside || !placed {
            for (_, _, val) in &cells {
                self.escape(state, val);
            }
        }
    }
}
