//! What instructions do to a state, calls apart.

use crate::analyzer::Analyzer;
use crate::linear::{INFINITY, Linear};
use crate::names::{int_limits, type_limits};
use crate::numbers::{Range, Why};
use crate::program::{Entity, Program};
use crate::report::{Defect, Finding, NoteKind, Problem, SiteKind};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::value::{
    Content, Life, NullWhy, Nullness, Obj, Origin, Pointer, Region, SourceKind, Taint, Target, Text, Val,
};
use assay_ir::{ArithOp, Comparison, Const, MemoryOp, Op, Type, TypeId, Value};

impl Analyzer<'_, '_> {
    /// The value of an instruction.
    pub(crate) fn val(&mut self, state: &mut State, value: Value) -> Val {
        match self.function.op(value) {
            Op::Const(constant) => self.constant(state, value, constant),
            Op::Memory(MemoryOp::Address(object)) => match self.cx.program.entity(self.unit, *object) {
                Entity::Function(f) => {
                    let obj = self.names.objects.intern(Origin::Function(f), None);
                    Val::Ptr(Pointer::to(obj))
                }
                Entity::Library(_) | Entity::Unknown => Val::Ptr(Pointer::unknown(Nullness::NEVER)),
                Entity::Global(global) => {
                    let ty = self.module.objects.get(*object).map(|object| object.ty);
                    let obj = self.names.objects.intern(Origin::Global(global), ty);
                    self.object(state, obj);
                    Val::Ptr(Pointer::to(obj))
                }
            },
            Op::Memory(MemoryOp::Local { ty, count: None, .. }) => {
                let obj = self.names.objects.intern(Origin::Local(value), Some(*ty));
                Val::Ptr(Pointer::to(obj))
            }
            Op::Undefined if state.get(value).is_none() => {
                let void = self.ty(value).is_none_or(|ty| {
                    !matches!(
                        self.module.types.get(ty),
                        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::Pointer(_)
                    )
                });
                if void { Val::Top } else { Val::Uninit }
            }
            _ => state.get(value).cloned().unwrap_or(Val::Top),
        }
    }

    fn constant(&mut self, state: &mut State, value: Value, constant: &Const) -> Val {
        let ty = self.ty(value);
        match constant {
            Const::Int(number) if self.is_pointer(ty) => {
                if *number == 0 {
                    Val::Ptr(Pointer::null(NullWhy::Constant(self.span(value))))
                } else {
                    Val::Ptr(Pointer::unknown(Nullness::NEVER))
                }
            }
            Const::Int(number) => {
                let number = i128::from(*number);
                let limits = type_limits(self.module, ty);
                let wide = if number < limits.lo && limits.lo == 0 { number + limits.hi + 1 } else { number };
                Val::constant(wide)
            }
            Const::Bool(truth) => Val::constant(i128::from(*truth)),
            Const::Bytes(symbol) | Const::Str(symbol) => {
                let obj = self.names.objects.intern(Origin::Literal(*symbol), None);
                self.object(state, obj);
                Val::Ptr(Pointer::to(obj))
            }
            _ => Val::Top,
        }
    }

    /// The number that a value is; a fresh one when nothing is known of it.
    pub(crate) fn number(&mut self, state: &mut State, value: Value, user: Value) -> Linear {
        match self.val(state, value) {
            Val::Num(form) => form,
            Val::Uninit => {
                self.uninitialized(value, user);
                self.settle(state, value)
            }
            Val::Ptr(pointer) => {
                state.expose(&Val::Ptr(pointer));
                self.anonymous(state, value)
            }
            Val::Top => self.anonymous(state, value),
        }
    }

    /// A number that stands for a value that is none, or of which nothing is known.
    fn anonymous(&mut self, state: &mut State, value: Value) -> Linear {
        let var = self.names.var(VarOrigin::Extra(value, 7));
        if !state.numbers.uses(var) {
            let limits = type_limits(self.module, self.ty(value));
            state.numbers.set_range(var, limits);
        }
        Linear::var(var)
    }

    /// What was indeterminate is some number from now on: it was reported once.
    fn settle(&mut self, state: &mut State, value: Value) -> Linear {
        let form = self.fresh(state, value);
        state.set(value, Val::Num(form.clone()));
        form
    }

    /// Something that nothing set is used.
    pub(crate) fn uninitialized(&mut self, value: Value, user: Value) {
        if self.sites.is_none() {
            return;
        }
        let defect = Defect {
            problem: Problem::Uninitialized,
            cwe: vec![457],
            title: "a variable is read that nothing has set".to_owned(),
            message:
                "On this path, nothing has set the variable when it is read: it holds whatever was in memory before."
                    .to_owned(),
            certain: true,
            confidence: 2,
            assumptions: Vec::new(),
            local: false,
            steps: vec![self.step_at(user, NoteKind::Sink, "read here, before anything set it")],
            value: String::new(),
        };
        let at = if matches!(self.function.op(user), Op::Phi(_)) { value } else { user };
        self.note(at, SiteKind::Value, Problem::Uninitialized, "", Finding::Defect(Box::new(defect)));
    }

    /// Runs one instruction; the states afterwards are added to `out`.
    pub(crate) fn step(&mut self, value: Value, mut state: State, out: &mut Vec<State>) {
        match self.function.op(value) {
            Op::Phi(_) => {
                // Set on the way in, except where nothing came: code that nothing reaches.
                if state.get(value).is_none() {
                    let unknown = self.unknown(&mut state, value, self.ty(value));
                    state.set(value, unknown);
                }
            }
            Op::Const(_) | Op::Undefined => {}
            Op::Returned(returned) => {
                if matches!(self.val(&mut state, *returned), Val::Uninit) {
                    self.uninitialized(*returned, value);
                }
            }
            Op::Param(index) => {
                let val = self.parameter(&mut state, value, *index);
                state.set(value, val);
            }
            Op::Call { func, args } => {
                let args: Vec<Value> = args.iter().map(|arg| arg.value).collect();
                self.call(value, *func, &args, state, out);
                return;
            }
            Op::Memory(op) => {
                let op = op.clone();
                let val = self.memory(&mut state, value, &op);
                if let Some(val) = val {
                    state.set(value, val);
                }
            }
            Op::Unknown(operands) => {
                let roots = operands.clone();
                for root in roots {
                    let val = self.val(&mut state, root);
                    self.havoc(&mut state, &val);
                }
                let unknown = self.unknown(&mut state, value, self.ty(value));
                state.set(value, unknown);
            }
            _ => {
                let unknown = self.unknown(&mut state, value, self.ty(value));
                state.set(value, unknown);
            }
        }
        out.push(state);
    }

    /// A parameter, when the function is called.
    fn parameter(&mut self, state: &mut State, value: Value, index: u32) -> Val {
        let ty = self.ty(value);
        let program = self.cx.program.name(self.f) == "main" && self.function.params.len() >= 2;
        match ty.map(|ty| self.module.types.get(ty)) {
            Some(Type::Pointer(to)) => {
                let obj = self.names.objects.intern(Origin::Param(index), Some(*to));
                self.object(state, obj);
                if program && index >= 1 {
                    let what = if index == 1 { "an argument of the program" } else { "the environment" };
                    let taint = Taint { what: what.to_owned(), kind: SourceKind::Local, at: Some(value) };
                    let taint = self.names.taints.intern(taint);
                    self.object(state, obj).taint = Some(taint);
                }
                let this = index == 0 && self.names.parameter_name(0) == "this";
                let nullness = if this || program { Nullness::NEVER } else { Nullness::UNKNOWN };
                Val::Ptr(Pointer::at(obj, Linear::default(), nullness))
            }
            Some(Type::Int { .. } | Type::Bool) => {
                let form = self.fresh(state, value);
                if program && index == 0 {
                    state.numbers.assume(&Linear::constant(0).minus(&form).unwrap_or_default());
                }
                Val::Num(form)
            }
            Some(Type::Float { .. }) => Val::Num(self.fresh(state, value)),
            _ => Val::Top,
        }
    }

    fn memory(&mut self, state: &mut State, value: Value, op: &MemoryOp) -> Option<Val> {
        match op {
            MemoryOp::Local { count: None, .. } | MemoryOp::Address(_) => None,
            MemoryOp::Local { ty, count: Some(count), .. } => {
                let number = self.number(state, *count, value);
                let size = self.module.types.size(*ty).and_then(|size| number.times(i64::try_from(size).ok()?));
                self.check_size(state, value, &number, "a variable-length array");
                let obj = self.names.objects.intern(Origin::Local(value), Some(*ty));
                state.forget_content(obj);
                state.set_object(obj, crate::analyzer::fresh_object(size, Content::Indeterminate));
                Some(Val::Ptr(Pointer::to(obj)))
            }
            MemoryOp::Begin(local) => {
                if let Val::Ptr(pointer) = self.val(state, *local)
                    && let Some(target) = pointer.only()
                    && let Origin::Local(at) = self.names.objects.origin(target.obj)
                    && !matches!(self.function.op(at), Op::Memory(MemoryOp::Local { count: Some(_), .. }))
                {
                    let obj = target.obj;
                    let size = state.object(obj).and_then(|object| object.size.clone());
                    state.forget_content(obj);
                    state.set_object(obj, crate::analyzer::fresh_object(size, Content::Indeterminate));
                }
                None
            }
            MemoryOp::End(local) => {
                if let Val::Ptr(pointer) = self.val(state, *local)
                    && let Some(target) = pointer.only()
                {
                    let obj = target.obj;
                    state.forget_content(obj);
                    self.object(state, obj).life = Life::Ended;
                }
                None
            }
            MemoryOp::Load { from, ty } => Some(self.load(state, value, *from, *ty)),
            MemoryOp::Store { to, value: stored, ty } => {
                self.store(state, value, *to, *stored, *ty);
                None
            }
            MemoryOp::Copy { to, from, ty } => {
                self.copy(state, value, *to, *from, *ty);
                None
            }
            MemoryOp::Fill { to, ty, zero } => {
                let size = self.module.types.size(*ty);
                let width = size.map(|size| Linear::constant(i128::from(size)));
                let address = self.val(state, *to);
                if let Val::Ptr(pointer) = &address {
                    for target in pointer.targets.clone() {
                        let object = self.object(state, target.obj);
                        let whole = object.size == width && target.offset == Linear::default();
                        let from = target.offset.as_constant();
                        if whole {
                            state.forget_content(target.obj);
                            if *zero && pointer.targets.len() == 1 {
                                let object = self.object(state, target.obj);
                                object.content = Content::Zero;
                                object.text = Text::Length(Linear::constant(0));
                            }
                        } else {
                            self.overwrite(state, &target, width.as_ref(), from);
                        }
                    }
                }
                None
            }
            MemoryOp::Offset { base, index, element } => Some(self.offset(state, value, *base, *index, *element)),
            MemoryOp::Member { base, record, field } => Some(self.member(state, *base, *record, *field)),
            MemoryOp::Distance { left, right, element } => {
                let (a, b) = (self.val(state, *left), self.val(state, *right));
                let size = self.module.types.size(*element).and_then(|size| i64::try_from(size).ok());
                if let (Val::Ptr(a), Val::Ptr(b), Some(size)) = (&a, &b, size)
                    && let (Some(a), Some(b)) = (a.only(), b.only())
                    && a.obj == b.obj
                    && let Some(bytes) = a.offset.minus(&b.offset)
                {
                    if size == 1 {
                        return Some(Val::Num(bytes));
                    }
                    let whole = size > 0
                        && bytes.constant % i128::from(size) == 0
                        && bytes.terms.iter().all(|(_, k)| k % size == 0);
                    if whole {
                        let terms = bytes.terms.iter().map(|(v, k)| (*v, k / size)).collect();
                        return Some(Val::Num(Linear { constant: bytes.constant / i128::from(size), terms }));
                    }
                    let form = self.fresh(state, value);
                    if size > 0
                        && let Some(scaled) = form.times(size)
                        && let Some(over) = scaled.minus(&bytes)
                    {
                        state.numbers.assume(&over);
                    }
                    return Some(Val::Num(form));
                }
                let form = self.fresh(state, value);
                Some(Val::Num(form))
            }
            MemoryOp::Arith { op, left, right, ty } => Some(self.arith(state, value, *op, *left, *right, *ty)),
            MemoryOp::Compare { op, left, right, .. } => Some(self.compare(state, value, *op, *left, *right)),
            MemoryOp::Convert { value: inner, from, to } => Some(self.convert(state, value, *inner, *from, *to)),
        }
    }

    /// The address `index` elements behind `base`.
    fn offset(&mut self, state: &mut State, value: Value, base: Value, index: Value, element: TypeId) -> Val {
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
        let mut out = pointer.clone();
        for target in &mut out.targets {
            // An address that a row's was made of, and that goes its own way, may run through all rows.
            if !array
                && !in_row
                && let Some(region) = target.region.take()
            {
                target.region = if region.row { region.outer.map(|outer| *outer) } else { Some(region) };
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
                    target.region = if region.row { region.outer.map(|outer| *outer) } else { Some(region) };
                }
                if self.lies_within(state, target, &Linear::constant(i128::from(size))) {
                    let outer = target.region.take().map(Box::new);
                    target.region = Some(Region { start: target.offset.clone(), size, row: true, outer });
                }
            }
        }
        Val::Ptr(out)
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
    fn member(&mut self, state: &mut State, base: Value, record: TypeId, field: u32) -> Val {
        let Val::Ptr(mut pointer) = self.val(state, base) else {
            return Val::Ptr(Pointer::unknown(Nullness::UNKNOWN));
        };
        let Some(info) = self.module.types.record(record) else { return Val::Ptr(pointer) };
        let Some(member) = info.fields.get(field as usize) else { return Val::Ptr(pointer) };
        let last = field as usize + 1 == info.fields.len();
        let (union, record_size) = (info.union, info.size);
        let array = match self.module.types.get(member.ty) {
            // A last member of no or one element stands for as many as there is room for.
            Type::Array { count: Some(count), .. } if !(union || last && *count <= 1) => {
                self.module.types.size(member.ty).and_then(|size| i64::try_from(size).ok())
            }
            _ => None,
        };
        for target in &mut pointer.targets {
            if let Some(offset) = member.offset.map(i128::from) {
                let start = target.offset.plus_constant(offset);
                if let Some(size) = array
                    && (target.region.is_none()
                        || record_size
                            .is_some_and(|size| self.lies_within(state, target, &Linear::constant(i128::from(size)))))
                {
                    target.region = Some(Region { start: start.clone(), size, row: false, outer: None });
                }
                target.offset = start;
            } else {
                let form = self.fresh_var(state, VarOrigin::Offset(base, target.obj));
                target.offset = form;
                target.region = None;
            }
        }
        Val::Ptr(pointer)
    }

    /// What stands at an address.
    fn load(&mut self, state: &mut State, value: Value, from: Value, ty: TypeId) -> Val {
        let width = self.module.types.size(ty);
        let address = self.val(state, from);
        let size = width.map_or_else(|| Linear::constant(1), |width| Linear::constant(i128::from(width)));
        let usable = self.access(state, value, from, &address, &size, false);
        let Some(pointer) = usable else { return self.unknown(state, value, Some(ty)) };
        let scalar =
            matches!(self.module.types.get(ty), Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::Pointer(_));
        let bits = self.is_bit_field(from);
        let place = pointer.only().and_then(|target| {
            let offset = i64::try_from(target.offset.as_constant()?).ok()?;
            Some(Place { obj: target.obj, offset, width: u32::try_from(width?).ok()? })
        });
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
                self.uninitialized(value, value);
            }
            return self.load_unknown(state, value, from, &pointer, ty, bits);
        };
        if let Some(known) = state.cell(place).cloned() {
            return match known {
                Val::Num(form) if !self.is_pointer(Some(ty)) => self.fit(state, value, form, Some(ty), false),
                Val::Num(form) if form.as_constant() == Some(0) => Val::Ptr(Pointer::null(NullWhy::Unknown)),
                Val::Ptr(_) if self.is_pointer(Some(ty)) => known,
                Val::Ptr(_) if place.width == 8 => known,
                Val::Uninit => {
                    self.uninitialized(value, value);
                    let unknown = self.unknown(state, value, Some(ty));
                    state.set_cell(place, unknown.clone());
                    unknown
                }
                _ => {
                    let unknown = self.unknown(state, value, Some(ty));
                    state.set_cell(place, unknown.clone());
                    unknown
                }
            };
        }
        let (content, several) = match state.object(place.obj) {
            Some(object) => (object.content, object.several),
            None => (Content::Unknown, true),
        };
        let overlaps = state.overlaps(place);
        let out = match content {
            _ if overlaps => self.load_unknown(state, value, from, &pointer, ty, bits),
            Content::Indeterminate => {
                self.uninitialized(value, value);
                self.unknown(state, value, Some(ty))
            }
            Content::Zero if self.is_pointer(Some(ty)) => Val::Ptr(Pointer::null(NullWhy::Unknown)),
            Content::Zero => Val::constant(0),
            Content::Entry => self.entry_value(state, value, from, place, ty),
            Content::Unknown => self.load_unknown(state, value, from, &pointer, ty, bits),
        };
        if !several && !overlaps {
            state.set_cell(place, out.clone());
            if content == Content::Entry {
                // Nothing was written: the rest still holds what it did.
                self.object(state, place.obj).content = Content::Entry;
            }
        }
        out
    }

    /// Whether an address is that of a bit-field.
    fn is_bit_field(&self, address: Value) -> bool {
        let Op::Memory(MemoryOp::Member { record, field, .. }) = self.function.op(address) else { return false };
        self.module
            .types
            .record(*record)
            .and_then(|record| record.fields.get(*field as usize))
            .is_some_and(|field| field.bits.is_some())
    }

    /// What stood in a place when the function was called.
    fn entry_value(&mut self, state: &mut State, value: Value, from: Value, place: Place, ty: TypeId) -> Val {
        let depth = self.names.objects.info(place.obj).depth;
        if let Type::Pointer(to) = self.module.types.get(ty) {
            if depth >= assay_text::limits::MAX_MEMORY_DEPTH {
                return self.load_unknown(state, value, from, &Pointer::to(place.obj), ty, false);
            }
            let taint = state.object(place.obj).and_then(|object| object.taint);
            let obj = self.names.objects.intern(Origin::Deref(place.obj, place.offset), Some(*to));
            let object = self.object(state, obj);
            object.taint = object.taint.or(taint);
            return Val::Ptr(Pointer::at(obj, Linear::default(), Nullness::UNKNOWN));
        }
        if self.is_unavoidable()
            && self.sites.is_some()
            && let Some(path) = self.names.path(place.obj)
        {
            let words = format!("{} is read", self.path_words(&path));
            self.need(state, crate::summary::What::Set(path, place.offset, place.width), value, &words);
        }
        let var = self.names.var(VarOrigin::Entry(place));
        let limits = type_limits(self.module, Some(ty));
        self.names.set_limits(var, limits);
        if !state.numbers.uses(var) {
            state.numbers.set_range(var, limits);
        }
        let taint = self.content_taint(state, place.obj, from);
        self.names.set_taint(var, taint);
        self.fit(state, value, Linear::var(var), Some(ty), false)
    }

    /// The source of what stands in an object: of its bytes, or of the member that an address names.
    fn content_taint(&mut self, state: &State, obj: Obj, address: Value) -> Option<crate::value::TaintId> {
        if let Some(taint) = state.object(obj).and_then(|object| object.taint) {
            return Some(taint);
        }
        let slot = Program::slot(self.module, self.function, address)?;
        let (kind, what) = self.cx.tainted.get(&slot)?;
        let what = format!("the member `{}` of `{}`, which is set from {what}", slot.1, slot.0);
        Some(self.names.taints.intern(Taint { what, kind: *kind, at: None }))
    }

    /// Something that is read from a place of which nothing is known.
    fn load_unknown(
        &mut self,
        state: &mut State,
        value: Value,
        from: Value,
        pointer: &Pointer,
        ty: TypeId,
        bits: bool,
    ) -> Val {
        let taint = pointer.targets.iter().find_map(|target| self.content_taint(state, target.obj, from));
        let out = self.unknown(state, value, Some(ty));
        match &out {
            Val::Num(form) => {
                if let Some(var) = form.as_var() {
                    self.names.set_taint(var, taint);
                    if bits && let Some((_, width)) = self.bit_field(from) {
                        let signed = self.module.types.is_signed(ty);
                        state.numbers.set_range(var, int_limits(width, signed));
                    }
                }
            }
            Val::Ptr(pointer) => {
                if let Some(target) = pointer.only() {
                    let obj = target.obj;
                    self.object(state, obj).taint = taint;
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
    fn store(&mut self, state: &mut State, value: Value, to: Value, stored: Value, ty: TypeId) {
        let width = self.module.types.size(ty);
        let address = self.val(state, to);
        let size = width.map_or_else(|| Linear::constant(1), |width| Linear::constant(i128::from(width)));
        let new = self.val(state, stored);
        let usable = self.access(state, value, to, &address, &size, true);
        let Some(pointer) = usable else { return };
        if let Val::Num(form) = &new
            && let Some(taint) = self.names.taint(form)
            && self.is_unbounded(state, form)
            && let Some(slot) = Program::slot(self.module, self.function, to)
        {
            let taint = self.names.taints.get(taint);
            let entry = (slot, (taint.kind, taint.what.clone()));
            if !entry.0.0.is_empty() && self.sites.is_some() {
                self.tainted.push(entry);
            }
        }
        self.put(state, &pointer, width, new, self.is_bit_field(to));
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
            if matches!(width, Some(1)) {
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
            if let (Val::Num(form), Some(object)) = (&new, state.object_mut(target.obj)) {
                // Data from outside that is written byte by byte makes the bytes data from outside.
                if let Some(taint) = self.names.taint(form)
                    && width == 1
                {
                    object.taint = object.taint.or(Some(taint));
                }
            }
            let place = Place { obj: target.obj, offset, width };
            self.changes(target.obj, Some((offset, offset + i64::from(width))));
            let new = if scalar { new } else { Val::Top };
            state.set_cell(place, new);
            return;
        }
        let width = width.map(|width| Linear::constant(i128::from(width)));
        state.expose(&new);
        let taint = match &new {
            Val::Num(form) => self.names.taint(form),
            _ => None,
        };
        for target in pointer.targets.clone() {
            self.overwrite(state, &target, width.as_ref(), target.offset.as_constant());
            if taint.is_some() {
                let object = self.object(state, target.obj);
                object.taint = object.taint.or(taint);
            }
        }
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
            let kept: Vec<Val> = state.cells_of(target.obj).map(|(_, val)| val.clone()).collect();
            for val in &kept {
                state.expose(val);
            }
        }
        match range {
            Some((a, b)) => state.forget_range(target.obj, a, b),
            None => state.cells.retain(|(place, _)| place.obj != target.obj),
        }
        self.changes(target.obj, range);
        let object = self.object(state, target.obj);
        object.content = Content::Unknown;
    }

    /// What a stored byte does to the string in an object.
    fn text_stored(&mut self, state: &mut State, target: &Target, new: &Val, strong: bool) {
        let Some(object) = state.object(target.obj).cloned() else { return };
        let zero = matches!(new, Val::Num(form) if form.as_constant() == Some(0));
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
            (_, true, true) => self.length_at_most(state, target),
            (Text::Length(length), false, true) if nonzero => {
                let before = target.offset.plus_constant(1);
                if state.numbers.at_most(&before, length) { object.text.clone() } else { Text::Unknown }
            }
            (Text::Unterminated(until), false, true) if nonzero => Text::Unterminated(until.clone()),
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
    fn copy(&mut self, state: &mut State, value: Value, to: Value, from: Value, ty: TypeId) {
        let width = self.module.types.size(ty);
        let size = width.map_or_else(|| Linear::constant(1), |width| Linear::constant(i128::from(width)));
        let (target, source) = (self.val(state, to), self.val(state, from));
        let source = self.access(state, value, from, &source, &size, false);
        let target = self.access(state, value, to, &target, &size, true);
        let Some(target) = target else { return };
        self.copy_bytes(state, &target, source.as_ref(), width);
    }

    /// Copies what is known of a range of bytes.
    pub(crate) fn copy_bytes(&mut self, state: &mut State, to: &Pointer, from: Option<&Pointer>, width: Option<u64>) {
        let mut cells: Vec<(i64, u32, Val)> = Vec::new();
        let mut taint = None;
        let mut content = Content::Unknown;
        if let Some(from) = from {
            taint = from.targets.iter().find_map(|t| state.object(t.obj).and_then(|object| object.taint));
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
        for target in to.targets.clone() {
            let before = state.object(target.obj).cloned();
            self.overwrite(state, &target, width.as_ref(), target.offset.as_constant());
            let object = self.object(state, target.obj);
            object.text = Text::Unknown;
            object.taint = object.taint.or(taint);
            let whole = object.size == width && target.offset == Linear::default();
            if whole && to.targets.len() == 1 {
                object.content = if content == Content::Indeterminate { Content::Unknown } else { content };
            } else if let Some(before) = before
                && before.content == Content::Entry
                && target.offset.as_constant().is_some()
            {
                object.content = Content::Unknown;
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
        let outside = to.targets.iter().any(|t| state.object(t.obj).is_some_and(|object| object.escaped));
        if outside {
            for (_, _, val) in &cells {
                self.escape(state, val);
            }
        }
    }

    /// Whether a caller can see that an object was changed: then that is part of the summary.
    pub(crate) fn changes(&mut self, obj: Obj, range: Option<(i64, i64)>) {
        if let Some(path) = self.names.path(obj) {
            let changed = &mut self.summary.changed;
            if changed.iter().any(|(p, r)| *p == path && (r.is_none() || *r == range)) {
                return;
            }
            if range.is_none() || changed.iter().filter(|(p, _)| *p == path).count() >= 12 {
                changed.retain(|(p, _)| *p != path);
                changed.push((path, None));
            } else {
                changed.push((path, range));
            }
        } else if matches!(self.names.objects.origin(obj), Origin::Global(_) | Origin::Loaded(_)) {
            self.summary.changes_globals = true;
        }
    }

    /// Code that is not seen may know an address from now on.
    pub(crate) fn escape(&mut self, state: &mut State, val: &Val) {
        let Val::Ptr(pointer) = val else { return };
        let mut work: Vec<Obj> = pointer.targets.iter().map(|target| target.obj).collect();
        let mut seen: Vec<Obj> = Vec::new();
        while let Some(obj) = work.pop() {
            if seen.contains(&obj) {
                continue;
            }
            seen.push(obj);
            if let Some(path) = self.names.path(obj)
                && !self.summary.kept.contains(&path.parameter)
            {
                self.summary.kept.push(path.parameter);
            }
            let object = self.object(state, obj);
            if object.escaped {
                continue;
            }
            object.escaped = true;
            for (_, val) in state.cells_of(obj) {
                if let Val::Ptr(pointer) = val {
                    work.extend(pointer.targets.iter().map(|target| target.obj));
                }
            }
        }
    }

    /// Code that is not seen may do anything to what an address leads to.
    pub(crate) fn havoc(&mut self, state: &mut State, val: &Val) {
        let Val::Ptr(pointer) = val else { return };
        let mut work: Vec<Obj> = pointer.targets.iter().map(|target| target.obj).collect();
        let mut seen: Vec<Obj> = Vec::new();
        while let Some(obj) = work.pop() {
            if seen.contains(&obj) || matches!(self.names.objects.origin(obj), Origin::Literal(_) | Origin::Function(_))
            {
                continue;
            }
            seen.push(obj);
            for (_, val) in state.cells_of(obj) {
                if let Val::Ptr(pointer) = val {
                    work.extend(pointer.targets.iter().map(|target| target.obj));
                }
            }
            self.changes(obj, None);
            state.forget_content(obj);
            self.object(state, obj).escaped = true;
        }
    }

    /// Code that is not seen runs: it may change what is known by a name, or was handed out before.
    pub(crate) fn havoc_shared(&mut self, state: &mut State) {
        let shared: Vec<Obj> = state
            .objects
            .iter()
            .filter(|(obj, object)| match self.names.objects.origin(*obj) {
                Origin::Global(_) | Origin::Loaded(_) => true,
                Origin::Local(_) | Origin::Heap(..) => object.escaped,
                _ => false,
            })
            .map(|(obj, _)| *obj)
            .collect();
        for obj in shared {
            state.forget_content(obj);
        }
        self.summary.changes_globals = true;
    }

    /// The number `form`, cut to a type's width: the same form where it fits. `wraps` says that the language defines
    /// what happens when it does not.
    pub(crate) fn fit(
        &mut self,
        state: &mut State,
        value: Value,
        form: Linear,
        ty: Option<TypeId>,
        assume: bool,
    ) -> Val {
        let limits = type_limits(self.module, ty);
        if limits.lo <= -INFINITY {
            return Val::Num(form);
        }
        let bounds = state.numbers.bounds(&form);
        if bounds.lo >= limits.lo && bounds.hi <= limits.hi {
            return Val::Num(form);
        }
        if let Some(constant) = form.as_constant() {
            let span = limits.hi - limits.lo + 1;
            return Val::constant((constant - limits.lo).rem_euclid(span) + limits.lo);
        }
        if assume {
            // An overflow would be an error of the program before this one.
            let upper = form.plus_constant(-limits.hi);
            let lower = form.times(-1).map(|negated| negated.plus_constant(limits.lo));
            let mut assume = |form: &Linear| state.numbers.assume_because(form, Why::Type);
            if assume(&upper) && lower.is_none_or(|lower| assume(&lower)) {
                return Val::Num(form);
            }
        }
        let taint = self.names.taint(&form);
        let wrapped = self.names.wrapped(&form);
        let retired = {
            let var = self.names.var(VarOrigin::Value(value));
            form.mentions(var)
        };
        let new = self.fresh(state, value);
        if let Some(var) = new.as_var() {
            self.names.set_taint(var, taint);
            if wrapped.is_some() {
                self.names.set_wrapped(var, wrapped);
            }
            if !retired {
                let wide = limits.hi - limits.lo >= (1 << 63);
                self.names.set_modular(var, wide.then(|| form.clone()));
                // A non-negative number that is cut does not grow.
                if bounds.lo >= 0
                    && limits.lo == 0
                    && let Some(over) = new.minus(&form)
                {
                    state.numbers.assume_because(&over, Why::Type);
                }
                // A negative number becomes larger than any that there was.
                if bounds.lo < 0
                    && limits.lo == 0
                    && bounds.hi <= limits.hi
                    && let Some(over) = form.minus(&new)
                {
                    state.numbers.assume_because(&over, Why::Type);
                }
            }
        }
        Val::Num(new)
    }

    fn arith(&mut self, state: &mut State, value: Value, op: ArithOp, left: Value, right: Value, ty: TypeId) -> Val {
        let a = self.val(state, left);
        // Arithmetic on addresses that were made numbers: alignment and tags.
        if let Val::Ptr(pointer) = &a
            && matches!(op, ArithOp::And | ArithOp::Or | ArithOp::Add | ArithOp::Sub)
        {
            let mut moved = pointer.clone();
            for target in &mut moved.targets {
                target.offset = self.fresh_var(state, VarOrigin::Offset(value, target.obj));
                target.region = None;
            }
            return Val::Ptr(moved);
        }
        let a = self.number(state, left, value);
        let b = self.number(state, right, value);
        let Type::Int { bits, signed } = *self.module.types.get(ty) else {
            if matches!(op, ArithOp::Div | ArithOp::Rem) && self.module.types.get(ty) == &Type::Unknown {
                return Val::Top;
            }
            return Val::Num(self.fresh(state, value));
        };
        let (ra, rb) = (state.numbers.bounds(&a), state.numbers.bounds(&b));
        match op {
            ArithOp::Add | ArithOp::Sub => {
                let form = a.plus_times(if op == ArithOp::Add { 1 } else { -1 }, &b);
                let Some(form) = form else {
                    let range = if op == ArithOp::Add {
                        (ra.lo + rb.lo, ra.hi + rb.hi)
                    } else {
                        (ra.lo - rb.hi, ra.hi - rb.lo)
                    };
                    return self.ranged(state, value, &[&a, &b], range, ra, rb, bits, signed);
                };
                self.computed(state, value, form, ty, bits, signed)
            }
            ArithOp::Mul | ArithOp::ShiftLeft => {
                if op == ArithOp::ShiftLeft {
                    self.check_shift(state, value, &b, bits);
                }
                let factor = |form: &Linear| {
                    let c = form.as_constant()?;
                    if op == ArithOp::ShiftLeft {
                        (0..62).contains(&c).then(|| 1_i64 << c)
                    } else {
                        i64::try_from(c).ok()
                    }
                };
                let scaled = factor(&b)
                    .and_then(|k| a.times(k))
                    .or_else(|| if op == ArithOp::Mul { factor(&a).and_then(|k| b.times(k)) } else { None });
                if let Some(form) = scaled {
                    return self.computed(state, value, form, ty, bits, signed);
                }
                let rb = if op == ArithOp::ShiftLeft {
                    let power = |n: i128| if (0..64).contains(&n) { 1_i128 << n } else { INFINITY };
                    Range { lo: 1, hi: power(rb.hi), lo_why: Why::Type, hi_why: rb.hi_why }
                } else {
                    rb
                };
                let products = [(ra.lo, rb.lo), (ra.lo, rb.hi), (ra.hi, rb.lo), (ra.hi, rb.hi)];
                let products = products
                    .map(|(x, y)| if x == 0 || y == 0 { 0 } else { x.saturating_mul(y).clamp(-INFINITY, INFINITY) });
                let (lo, hi) = (*products.iter().min().unwrap_or(&0), *products.iter().max().unwrap_or(&0));
                self.ranged(state, value, &[&a, &b], (lo, hi), ra, rb, bits, signed)
            }
            ArithOp::Div => {
                self.check_division(state, value, &b);
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&a]);
                if rb.lo >= 1
                    && let Some(var) = new.as_var()
                {
                    let mut range = state.numbers.range(var);
                    let by = rb.lo;
                    let quotient = |x: i128, by: i128| if x.abs() >= INFINITY { x } else { x / by };
                    (range.hi, range.hi_why) = (quotient(ra.hi, if ra.hi >= 0 { by } else { rb.hi }), ra.hi_why);
                    (range.lo, range.lo_why) =
                        (quotient(ra.lo, if ra.lo < 0 { by } else { rb.hi }).max(range.lo), ra.lo_why);
                    if range.lo <= range.hi {
                        state.numbers.set_range(var, range);
                    }
                    if ra.lo >= 0
                        && let Some(k) = b.as_constant().and_then(|c| i64::try_from(c).ok())
                        && let Some(scaled) = new.times(k)
                        && let Some(over) = scaled.minus(&a)
                    {
                        state.numbers.assume(&over);
                        // a − k·q ≤ k − 1
                        if let Some(rest) = over.times(-1) {
                            state.numbers.assume(&rest.plus_constant(1 - i128::from(k)));
                        }
                    }
                }
                Val::Num(new)
            }
            ArithOp::Rem => {
                self.check_division(state, value, &b);
                if let (Some(x), Some(y)) = (a.as_constant(), b.as_constant())
                    && y != 0
                {
                    return Val::constant(x % y);
                }
                let new = self.fresh(state, value);
                if let Some(var) = new.as_var() {
                    let most = rb.hi.abs().max(rb.lo.abs());
                    let hi = if ra.lo >= 0 { (most - 1).min(ra.hi) } else { most - 1 };
                    let lo = if ra.lo >= 0 { 0 } else { (1 - most).max(ra.lo) };
                    let why = if rb.hi_why <= Why::Test { Why::Test } else { rb.hi_why };
                    if lo <= hi {
                        // That a remainder can be negative is nothing that the program says.
                        let lo_why = if lo == 0 { Why::Test } else { Why::Type };
                        state.numbers.set_range(var, Range { lo, hi, lo_why, hi_why: why });
                    }
                    if rb.lo >= 1
                        && let Some(over) = new.minus(&b)
                    {
                        state.numbers.assume(&over.plus_constant(1));
                    }
                    if ra.lo >= 0
                        && let Some(over) = new.minus(&a)
                    {
                        state.numbers.assume(&over);
                    }
                    // A number that the remainder is taken of is bounded by it, whoever controls it.
                    if most >= INFINITY || rb.hi_why > Why::Test {
                        self.carry(state, &new, &[&a]);
                    }
                }
                Val::Num(new)
            }
            ArithOp::And => {
                let new = self.fresh(state, value);
                let mut bounded = false;
                if let Some(var) = new.as_var() {
                    let mut range = state.numbers.range(var);
                    for mask in [&rb, &ra] {
                        if mask.lo >= 0 && mask.hi < INFINITY {
                            if mask.hi < range.hi {
                                (range.hi, range.hi_why) =
                                    (mask.hi, if mask.hi_why <= Why::Test { Why::Test } else { mask.hi_why });
                            }
                            if range.lo < 0 {
                                (range.lo, range.lo_why) = (0, Why::Test);
                            }
                            bounded |= mask.hi_why <= Why::Test;
                        }
                    }
                    state.numbers.set_range(var, range);
                    for (form, range) in [(&a, ra), (&b, rb)] {
                        if range.lo >= 0
                            && form.as_constant().is_none()
                            && let Some(over) = new.minus(form)
                        {
                            state.numbers.assume(&over);
                        }
                    }
                }
                if bounded {
                    self.names_taint_only(&new, &[&a, &b]);
                } else {
                    self.carry(state, &new, &[&a, &b]);
                }
                Val::Num(new)
            }
            ArithOp::Or | ArithOp::Xor => {
                if let (Some(x), Some(y)) = (a.as_constant(), b.as_constant()) {
                    let exact = if op == ArithOp::Or { x | y } else { x ^ y };
                    return self.fit(state, value, Linear::constant(exact), Some(ty), false);
                }
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&a, &b]);
                if let Some(var) = new.as_var()
                    && ra.lo >= 0
                    && rb.lo >= 0
                    && ra.hi.max(rb.hi) < (1 << 64)
                {
                    let most = ra.hi.max(rb.hi);
                    let hi = (1_i128 << (128 - most.leading_zeros())) - 1;
                    let why = ra.hi_why.max(rb.hi_why);
                    let known = state.numbers.range(var);
                    let why = if hi < known.hi { why } else { known.hi_why };
                    state.numbers.set_range(var, Range { lo: 0, hi: hi.min(known.hi), lo_why: Why::Type, hi_why: why });
                }
                Val::Num(new)
            }
            ArithOp::ShiftRight => {
                self.check_shift(state, value, &b, bits);
                if let (Some(x), Some(y)) = (a.as_constant(), b.as_constant())
                    && (0..100).contains(&y)
                {
                    return Val::constant(x >> y);
                }
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&a]);
                if let Some(var) = new.as_var()
                    && ra.lo >= 0
                {
                    let by = rb.lo.clamp(0, 64);
                    let hi = if ra.hi >= INFINITY { ra.hi } else { ra.hi >> by };
                    let known = state.numbers.range(var);
                    let why = ra.hi_why;
                    state.numbers.set_range(var, Range { lo: 0, hi: hi.min(known.hi), lo_why: Why::Type, hi_why: why });
                    if let Some(over) = new.minus(&a) {
                        state.numbers.assume(&over);
                    }
                }
                Val::Num(new)
            }
        }
    }

    /// A sum or product that has a linear form.
    fn computed(&mut self, state: &mut State, value: Value, form: Linear, ty: TypeId, bits: u8, signed: bool) -> Val {
        let limits = int_limits(bits, signed);
        let bounds = state.numbers.bounds(&form);
        if bounds.lo >= limits.lo && bounds.hi <= limits.hi {
            return Val::Num(form);
        }
        let taint = self.names.taint(&form);
        let controlled = taint.is_some() && bounds.hi > limits.hi && self.is_unbounded(state, &form);
        if controlled && bits >= 32 {
            let val = self.fit(state, value, form, Some(ty), false);
            if let Val::Num(new) = &val
                && let Some(var) = new.as_var()
            {
                self.names.set_wrapped(var, Some(value));
            }
            return val;
        }
        // Sums of numbers that nobody controls are taken not to overflow: signed ones must not, and of unsigned ones only
        // differences do so in practice.
        let assume = taint.is_none() && bits >= 32 && (signed || bounds.lo >= 0);
        self.fit(state, value, form, Some(ty), assume)
    }

    /// A sum or product without a linear form.
    #[expect(clippy::too_many_arguments, reason = "one operation, with everything it is about")]
    fn ranged(
        &mut self,
        state: &mut State,
        value: Value,
        operands: &[&Linear],
        range: (i128, i128),
        ra: Range,
        rb: Range,
        bits: u8,
        signed: bool,
    ) -> Val {
        let limits = int_limits(bits, signed);
        let new = self.fresh(state, value);
        self.carry(state, &new, operands);
        let Some(var) = new.as_var() else { return Val::Num(new) };
        let (lo, hi) = range;
        if lo >= limits.lo && hi <= limits.hi {
            let (lo_why, hi_why) = (ra.lo_why.max(rb.lo_why), ra.hi_why.max(rb.hi_why));
            state.numbers.set_range(var, Range { lo, hi, lo_why, hi_why });
            self.names.set_wrapped(var, None);
        } else if hi > limits.hi
            && bits >= 32
            && operands.iter().any(|form| self.names.taint(form).is_some() && self.is_unbounded(state, form))
        {
            self.names.set_wrapped(var, Some(value));
        }
        Val::Num(new)
    }

    /// A number is controlled by whoever controls what it is computed from.
    fn carry(&mut self, _state: &State, new: &Linear, from: &[&Linear]) {
        self.names_taint_only(new, from);
        let Some(var) = new.as_var() else { return };
        for form in from {
            if let Some(at) = self.names.wrapped(form) {
                self.names.set_wrapped(var, Some(at));
            }
        }
    }

    fn names_taint_only(&mut self, new: &Linear, from: &[&Linear]) {
        let Some(var) = new.as_var() else { return };
        for form in from {
            let taint = self.names.taint(form);
            self.names.set_taint(var, taint);
        }
    }

    fn compare(&mut self, state: &mut State, value: Value, op: Comparison, left: Value, right: Value) -> Val {
        let (a, b) = (self.val(state, left), self.val(state, right));
        for (operand, val) in [(left, &a), (right, &b)] {
            if matches!(val, Val::Uninit) {
                self.uninitialized(operand, value);
                self.settle(state, operand);
            }
        }
        let decided = match (&a, &b) {
            (Val::Num(a), Val::Num(b)) => a.minus(b).and_then(|difference| {
                let range = state.numbers.bounds(&difference);
                decide(op, range.lo, range.hi)
            }),
            (Val::Ptr(a), Val::Ptr(b)) => match op {
                Comparison::Eq | Comparison::NotEq if b.is_null() || a.is_null() => {
                    let other = if b.is_null() { a } else { b };
                    let equal = if other.is_null() {
                        Some(true)
                    } else if !other.nullness.null {
                        Some(false)
                    } else {
                        None
                    };
                    equal.map(|equal| equal == (op == Comparison::Eq))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(truth) = decided {
            return Val::constant(i128::from(truth));
        }
        let new = self.fresh(state, value);
        if let Some(var) = new.as_var() {
            state.numbers.set_range(var, Range::new(0, 1, Why::Constant));
        }
        Val::Num(new)
    }

    fn convert(&mut self, state: &mut State, value: Value, inner: Value, from: TypeId, to: TypeId) -> Val {
        let val = self.val(state, inner);
        match (self.module.types.get(to), val) {
            (Type::Pointer(_), Val::Num(form)) => match form.as_constant() {
                Some(0) => Val::Ptr(Pointer::null(NullWhy::Constant(self.span(value)))),
                _ => Val::Ptr(Pointer::unknown(Nullness::maybe(NullWhy::Unknown))),
            },
            (Type::Pointer(_), Val::Top) => self.unknown(state, value, Some(to)),
            (Type::Pointer(_) | Type::Int { bits: 64, .. }, Val::Ptr(pointer)) => Val::Ptr(pointer),
            (Type::Bool, Val::Num(form)) => {
                let range = state.numbers.bounds(&form);
                match decide(Comparison::NotEq, range.lo, range.hi) {
                    Some(truth) => Val::constant(i128::from(truth)),
                    None if range.lo >= 0 && range.hi <= 1 => Val::Num(form),
                    None => {
                        let new = self.fresh(state, value);
                        if let Some(var) = new.as_var() {
                            state.numbers.set_range(var, Range::new(0, 1, Why::Constant));
                        }
                        Val::Num(new)
                    }
                }
            }
            (Type::Int { .. }, Val::Num(form)) => {
                if matches!(self.module.types.get(from), Type::Float { .. }) {
                    let new = self.fresh(state, value);
                    self.carry(state, &new, &[&form]);
                    return Val::Num(new);
                }
                self.fit(state, value, form, Some(to), false)
            }
            (Type::Float { .. }, Val::Num(form)) => {
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&form]);
                Val::Num(new)
            }
            (_, Val::Uninit) => Val::Uninit,
            (Type::Void, _) => Val::Top,
            (_, val) => {
                state.expose(&val);
                self.unknown(state, value, Some(to))
            }
        }
    }
}

/// Whether a comparison holds for every difference in a range, or for none.
fn decide(op: Comparison, lo: i128, hi: i128) -> Option<bool> {
    let (yes, no) = match op {
        Comparison::Eq => (lo == 0 && hi == 0, lo > 0 || hi < 0),
        Comparison::NotEq => (lo > 0 || hi < 0, lo == 0 && hi == 0),
        Comparison::Less => (hi < 0, lo >= 0),
        Comparison::LessEq => (hi <= 0, lo > 0),
        Comparison::Greater => (lo > 0, hi <= 0),
        Comparison::GreaterEq => (lo >= 0, hi < 0),
    };
    if yes {
        Some(true)
    } else if no {
        Some(false)
    } else {
        None
    }
}
