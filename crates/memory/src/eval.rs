//! What instructions do to a state, calls apart.

use crate::analyzer::Analyzer;
use crate::linear::Linear;
use crate::names::type_limits;
use crate::program::Entity;
use crate::report::{Defect, NoteKind, Problem, SiteKind};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::value::{Content, Life, NullWhy, Nullness, Origin, Pointer, SourceKind, Taint, Text, Val};
use assay_ir::{Const, MemoryOp, Op, Type, Value};

impl Analyzer<'_, '_> {
    /// The value of an instruction.
    pub(crate) fn val(&mut self, state: &mut State, value: Value) -> Val {
        match self.function.op(value) {
            Op::Const(constant) => self.constant(state, value, constant),
            Op::Memory(MemoryOp::Address(object)) => match self.cx.program.entity(self.unit, *object) {
                Entity::Function(f) => {
                    let obj = self.names.objects.intern(Origin::Function(f), None);
                    Val::from(Pointer::to(obj))
                }
                Entity::Library(_) | Entity::Unknown => Val::from(Pointer::unknown(Nullness::NEVER)),
                Entity::Global(global) => {
                    let ty = self.module.objects.get(*object).map(|object| object.ty);
                    Val::from(self.variable_address(state, global, ty))
                }
            },
            Op::Memory(MemoryOp::Local { ty, count: None, .. }) => {
                let obj = self.names.objects.intern(Origin::Local(value), Some(*ty));
                Val::from(Pointer::to(obj))
            }
            Op::Undefined if state.get(value).is_none() => {
                let scalar = self.ty(value).is_some_and(|ty| self.module.types.is_scalar(ty));
                if scalar { Val::Uninit } else { Val::Top }
            }
            _ => state.get(value).cloned().unwrap_or(Val::Top),
        }
    }

    fn constant(&mut self, state: &mut State, value: Value, constant: &Const) -> Val {
        let ty = self.ty(value);
        match constant {
            Const::Int(number) if self.is_pointer(ty) => {
                if *number == 0 {
                    Val::from(Pointer::null(NullWhy::Constant(self.span(value))))
                } else {
                    Val::from(Pointer::unknown(Nullness::NEVER))
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
                let unit = ty.and_then(|ty| self.module.types.pointee(ty)).and_then(|ty| self.module.types.size(ty));
                let unit = unit.and_then(|unit| u8::try_from(unit).ok()).unwrap_or(1);
                let obj = self.names.objects.intern(Origin::Literal(*symbol, unit), None);
                self.object(state, obj);
                Val::from(Pointer::to(obj))
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
    pub(crate) fn settle(&mut self, state: &mut State, value: Value) -> Linear {
        let form = self.fresh(state, value);
        state.set(value, Val::Num(form.clone()));
        if let Op::Memory(MemoryOp::Load { from, ty }) = self.function.op(value)
            && let Some(width) = self.module.types.size(*ty).and_then(|width| u32::try_from(width).ok())
            && let Val::Ptr(pointer) = self.val(state, *from)
            && let Some(target) = pointer.only()
            && let Some(offset) = target.offset.as_constant().and_then(|offset| i64::try_from(offset).ok())
        {
            let place = Place { obj: target.obj, offset, width };
            if matches!(state.cell(place), Some(Val::Uninit)) {
                state.set_cell(place, Val::Num(form.clone()));
            }
        }
        form
    }

    /// Something that nothing set is used.
    pub(crate) fn uninitialized(&mut self, value: Value, user: Value) {
        if self.sites.is_none() {
            return;
        }
        let defect = Defect::new(
            Problem::Uninitialized,
            &[457],
            "a variable is read that nothing has set",
            "On this path, nothing has set the variable when it is read: it holds whatever was in memory before.",
        )
        .certain(true)
        .through(vec![self.step_at(user, NoteKind::Sink, "used here, before anything set it")]);
        let loaded = matches!(self.function.op(value), Op::Memory(MemoryOp::Load { .. }));
        let at = if loaded || matches!(self.function.op(user), Op::Phi(_)) { value } else { user };
        self.note(at, SiteKind::Value, Problem::Uninitialized, "", defect.finding());
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
                let to = *to;
                let obj = self.names.objects.intern(Origin::Param(index), Some(to));
                self.object(state, obj);
                self.name_text(state, obj, to);
                if let Some(taint) = self.parameter_taint(value, index) {
                    self.object(state, obj).taint = Some(taint);
                }
                if program && index >= 1 {
                    let what = if index == 1 { "an argument of the program" } else { "the environment" };
                    let taint =
                        Taint { what: what.to_owned(), kind: SourceKind::Local, at: Some(value), no_slash: false };
                    let taint = self.names.taints.intern(taint);
                    self.object(state, obj).taint = Some(taint);
                }
                let this = index == 0 && self.names.parameter_name(0) == "this";
                let nullness = if this || program { Nullness::NEVER } else { Nullness::UNKNOWN };
                Val::from(Pointer::at(obj, Linear::default(), nullness))
            }
            Some(Type::Int { .. } | Type::Bool) => {
                let form = self.fresh(state, value);
                self.taint_number(state, value, index, &form);
                if program && index == 0 {
                    state.numbers.assume(&Linear::constant(0).minus(&form).unwrap_or_default());
                }
                Val::Num(form)
            }
            Some(Type::Float { .. }) => Val::Num(self.fresh(state, value)),
            Some(Type::Record(_)) => {
                let obj = self.names.objects.intern(Origin::Param(index), ty);
                let size = ty.and_then(|ty| self.record_size(ty));
                self.object(state, obj).size = size;
                Val::from(Pointer::to(obj))
            }
            _ => Val::Top,
        }
    }

    fn memory(&mut self, state: &mut State, value: Value, op: &MemoryOp) -> Option<Val> {
        match op {
            MemoryOp::Local { count: None, .. } | MemoryOp::Address(_) => None,
            MemoryOp::Local { ty, count: Some(count), .. } => {
                let number = self.number(state, *count, value);
                let size = self.module.types.size(*ty).and_then(|size| number.times(i64::try_from(size).ok()?));
                self.check_size(state, value, &number, "a variable-length array", false);
                let obj = self.names.objects.intern(Origin::Local(value), Some(*ty));
                state.forget_content(obj);
                state.set_object(obj, crate::analyzer::fresh_object(size, Content::Indeterminate));
                Some(Val::from(Pointer::to(obj)))
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
                if let (Val::Ptr(a), Val::Ptr(b)) = (&a, &b) {
                    self.check_distance(value, a, b);
                }
                let form = self.fresh(state, value);
                Some(Val::Num(form))
            }
            MemoryOp::Arith { op, left, right, ty } => {
                let val = self.arith(state, value, *op, *left, *right, *ty);
                self.decoded(value, &val);
                Some(val)
            }
            MemoryOp::Compare { op, left, right, .. } => Some(self.compare(state, value, *op, *left, *right)),
            MemoryOp::Convert { value: inner, from, to } => Some(self.convert(state, value, *inner, *from, *to)),
        }
    }
}
