//! Calls of functions of the program, and of functions of which nothing is known.

use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::linear::Linear;
use crate::program::{Entity, FuncId, last_name};
use crate::report::{Defect, NoteKind, Problem, SiteKind};
use crate::state::State;
use crate::value::{Life, NullWhy, Nullness, Obj, Origin, Pointer, Val};
use assay_ir::{MemoryOp, Op, Type, Value};

/// Functions that one call through a pointer is followed into.
const MAX_TARGETS: usize = 4;

impl Analyzer<'_, '_> {
    /// What a call passes.
    pub(crate) fn arguments(&self, call: Value) -> Vec<Value> {
        match self.function.op(call) {
            Op::Call { args, .. } => args.iter().map(|arg| arg.value).collect(),
            _ => Vec::new(),
        }
    }

    /// The name of what a call calls.
    pub(crate) fn callee_name(&self, call: Value) -> String {
        let Op::Call { func, .. } = self.function.op(call) else { return "the call".to_owned() };
        let mut value = *func;
        for _ in 0..4 {
            match self.function.op(value) {
                Op::Memory(MemoryOp::Address(object)) => {
                    return self
                        .module
                        .objects
                        .get(*object)
                        .map_or_else(String::new, |object| self.module.strings.resolve(object.name).to_owned());
                }
                Op::Memory(MemoryOp::Convert { value: inner, .. }) => value = *inner,
                _ => break,
            }
        }
        "a function pointer".to_owned()
    }

    /// What all uses of the result of a function of the program have in common that nothing looked at.
    pub(crate) fn unchecked(&self, why: NullWhy) -> Option<String> {
        let NullWhy::Failed(call) = why else { return None };
        self.own_callee(call).map(|f| format!("unchecked {}", self.cx.program.name(f)))
    }

    /// The function of the program that a call names.
    pub(crate) fn own_callee(&self, call: Value) -> Option<FuncId> {
        let Op::Call { func, .. } = self.function.op(call) else { return None };
        let Op::Memory(MemoryOp::Address(object)) = self.function.op(stripped(self.function, *func)) else {
            return None;
        };
        match self.cx.program.entity(self.unit, *object) {
            Entity::Function(f) => Some(f),
            _ => None,
        }
    }

    /// Whether what is called reads like a macro that is not seen: it may set the variables that it is given.
    fn may_set(&self, func: Value) -> bool {
        let Op::Memory(MemoryOp::Address(object)) = self.function.op(stripped(self.function, func)) else {
            return false;
        };
        matches!(self.cx.program.entity(self.unit, *object), Entity::Unknown)
            && self
                .module
                .objects
                .get(*object)
                .is_some_and(|object| is_macro_name(self.module.strings.resolve(object.name)))
    }

    /// A call; the states afterwards are added to `out`.
    pub(crate) fn call(&mut self, site: Value, func: Value, args: &[Value], mut state: State, out: &mut Vec<State>) {
        let mut vals = Vec::with_capacity(args.len());
        for arg in args {
            let val = self.val(&mut state, *arg);
            if matches!(val, Val::Uninit) {
                if !self.may_set(func) {
                    self.uninitialized(*arg, site);
                }
                let fresh = self.unknown(&mut state, *arg, self.ty(*arg));
                state.set(*arg, fresh.clone());
                vals.push(fresh);
            } else {
                vals.push(val);
            }
        }
        let mut callee = func;
        while let Op::Memory(MemoryOp::Convert { value, .. }) = self.function.op(callee) {
            callee = *value;
        }
        if let Op::Memory(MemoryOp::Address(object)) = self.function.op(callee) {
            match self.cx.program.entity(self.unit, *object) {
                Entity::Library(function) => self.library_call(site, function, args, &vals, state, out),
                Entity::Function(f) => {
                    if callee != func {
                        self.check_signature(site, f, args);
                    }
                    self.own_call(site, f, &vals, state, out, true);
                }
                _ => {
                    let mut overriders = self.cx.program.overriders(self.unit, *object).to_vec();
                    if let Some(class) = vals.first().and_then(|this| self.class_of(this)) {
                        let own: Vec<FuncId> =
                            overriders.iter().copied().filter(|f| self.cx.program.class(*f) == Some(class)).collect();
                        if !own.is_empty() {
                            overriders = own;
                        }
                    }
                    if !overriders.is_empty() && overriders.len() <= MAX_TARGETS {
                        self.call_each(site, &overriders, &vals, &state, out);
                        return;
                    }
                    let object = self.module.objects.get(*object);
                    if !self.cx.program.ends_at(self.unit, self.function, site) {
                        self.unknown_call(site, &vals, &mut state);
                        if object.is_some_and(|object| is_macro_name(self.module.strings.resolve(object.name))) {
                            Self::doubt(&mut state);
                        }
                        out.push(state);
                    }
                }
            }
            return;
        }
        let pointer = self.val(&mut state, callee);
        let mut targets: Vec<FuncId> = match &pointer {
            Val::Ptr(pointer) => pointer
                .targets
                .iter()
                .filter_map(|target| match self.names.objects.origin(target.obj) {
                    Origin::Function(f) => Some(f),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        if let Val::Ptr(pointer) = &pointer {
            self.check_null(&state, site, callee, pointer, "");
            if pointer.is_null() {
                return;
            }
        } else if matches!(pointer, Val::Uninit) {
            self.uninitialized(callee, site);
        }
        // What the program keeps in members of that name is only likely to be called.
        let known = !targets.is_empty();
        if targets.is_empty() {
            targets = self.cx.program.callees(self.unit, self.function, callee);
            self.guessed.insert(site);
        }
        if targets.is_empty() || targets.len() > MAX_TARGETS {
            self.unknown_call(site, &vals, &mut state);
            out.push(state);
            return;
        }
        if known {
            for f in &targets {
                self.check_signature(site, *f, args);
            }
        }
        self.call_each(site, &targets, &vals, &state, out);
    }

    /// The class of which an object was made, by the last part of its name, where that is seen.
    fn class_of(&self, this: &Val) -> Option<&str> {
        let Val::Ptr(pointer) = this else { return None };
        let target = pointer.only().filter(|target| target.offset == Linear::default())?;
        let ty = match self.names.objects.origin(target.obj) {
            Origin::Local(_) => self.names.objects.info(target.obj).ty?,
            _ => *self.classes.get(&target.obj)?,
        };
        let record = self.module.types.record(ty)?;
        Some(last_name(self.module.strings.resolve(record.name)))
    }

    /// A call of one of several functions.
    fn call_each(&mut self, site: Value, targets: &[FuncId], vals: &[Val], state: &State, out: &mut Vec<State>) {
        for f in targets {
            let mut copy = state.clone();
            if self.cx.program.function(*f).params.len() == vals.len() {
                self.own_call(site, *f, vals, copy, out, targets.len() == 1);
            } else {
                self.unknown_call(site, vals, &mut copy);
                out.push(copy);
            }
        }
    }

    /// A call of what is not known.
    pub(crate) fn unknown_call(&mut self, site: Value, vals: &[Val], state: &mut State) {
        self.summary.calls_unknown |= self.leads_out.contains(self.block);
        if let Op::Call { args, .. } = self.function.op(site)
            && args.iter().any(|arg| self.is_truth(arg.value))
        {
            Self::doubt_tests(state);
        }
        let name = self.callee_name(site);
        let args = self.arguments(site);
        for (at, val) in vals.iter().enumerate() {
            if let Val::Ptr(pointer) = val {
                self.check_alive(state, site, pointer, &name);
            }
            let kept = self.kept_to_itself(state, val);
            if !self.overwrite_part(state, args.get(at).copied(), val) {
                self.havoc(state, val);
            }
            self.escape(state, val);
            if let Some(object) = kept.and_then(|obj| state.object_mut(obj)) {
                object.escaped = false;
            }
        }
        self.havoc_shared(state);
        let unknown = self.unknown(state, site, self.ty(site));
        state.set(site, unknown);
        self.named_allocation(state, site, vals);
        // Functions of the program say themselves what they do; of those that are not understood, the name says too little.
        let seen = self.own_callee(site).is_some();
        self.brings_in(state, site, vals, &|_| !seen);
    }

    /// Who is passed the address of a number or address in a record, or of an array in it, sets that alone. Gives whether it is such an
    /// address.
    fn overwrite_part(&mut self, state: &mut State, address: Option<Value>, val: &Val) -> bool {
        let Val::Ptr(pointer) = val else { return false };
        let Some(target) = pointer.only().cloned() else { return false };
        let array = target.region.as_ref().is_some_and(|region| !region.row && region.start.as_constant().is_some());
        let scalar = address.and_then(|address| self.scalar_member(address)).filter(|_| target.region.is_none());
        match scalar {
            Some(bytes) if target.offset.as_constant().is_some() => {
                let width = Linear::constant(i128::from(bytes));
                self.overwrite(state, &target, Some(&width), target.offset.as_constant());
            }
            _ if array => self.overwrite(state, &target, None, None),
            _ => return false,
        }
        true
    }

    /// How many bytes the member takes that an address is that of, when it is a number or an address.
    fn scalar_member(&self, address: Value) -> Option<u64> {
        let Op::Memory(MemoryOp::Member { record, field, .. }) = self.function.op(address) else { return None };
        let ty = self.module.types.record(*record)?.fields.get(*field as usize)?.ty;
        self.module.types.size(ty).filter(|_| self.module.types.is_scalar(ty))
    }

    /// A variable for an address that a call is to set: nobody keeps where it stands.
    fn kept_to_itself(&self, state: &State, val: &Val) -> Option<Obj> {
        let Val::Ptr(pointer) = val else { return None };
        let obj = pointer.only()?.obj;
        let info = self.names.objects.info(obj);
        let local = matches!(info.origin, Origin::Local(_)) && self.is_pointer(info.ty);
        (local && state.object(obj).is_some_and(|object| !object.escaped)).then_some(obj)
    }

    /// Judges whether a function that is called by its address takes what it is given.
    fn check_signature(&mut self, site: Value, f: FuncId, args: &[Value]) {
        if self.sites.is_none() {
            return;
        }
        let module = self.cx.program.module(f);
        let Some(Type::Function { params, variadic, result }) =
            self.cx.program.function(f).signature.map(|ty| module.types.get(ty))
        else {
            return;
        };
        let name = self.cx.program.name(f);
        let differ = |a: &Type, b: &Type| match (a, b) {
            (Type::Int { bits: a, .. }, Type::Int { bits: b, .. })
            | (Type::Float { bits: a }, Type::Float { bits: b }) => a != b,
            (Type::Bool | Type::Int { .. }, Type::Float { .. } | Type::Pointer(_))
            | (Type::Float { .. }, Type::Bool | Type::Int { .. } | Type::Pointer(_))
            | (Type::Pointer(_), Type::Bool | Type::Int { .. } | Type::Float { .. }) => true,
            _ => false,
        };
        let title = if args.len() < params.len() || args.len() > params.len() && !variadic {
            format!("`{name}` takes {} arguments and is called with {}", params.len(), args.len())
        } else if let Some(at) = params.iter().zip(args).position(|(param, arg)| {
            self.ty(*arg).is_some_and(|ty| differ(module.types.get(*param), self.module.types.get(ty)))
        }) {
            format!("argument {} that is passed to `{name}` has another type than its parameter", at + 1)
        } else if let Some(ty) = self.ty(site)
            && differ(module.types.get(*result), self.module.types.get(ty))
        {
            format!("`{name}` is called as a function with another result")
        } else {
            return;
        };
        let defect = Defect::new(
            Problem::Incompatible,
            &[686, 628, 758],
            title,
            "The call goes by the type of the pointer, and the function reads its arguments by its own: it finds others, or none.",
        )
        .certain(true)
        .through(vec![self.step_at(site, NoteKind::Sink, "called here")]);
        self.note(site, SiteKind::Value, Problem::Incompatible, name, defect.finding());
    }

    /// What is not known may be an assertion: when it is given what a test found, pointers that the test found null need not
    /// be null behind it.
    fn doubt_tests(state: &mut State) {
        let tested = |val: &Val| matches!(val, Val::Ptr(pointer) if pointer.is_null() && matches!(pointer.nullness.why, NullWhy::Tested(_)));
        Self::doubt_pointers(state, tested);
    }

    /// A macro whose definition is not there may leave the function: what was found out on the way to it need not hold behind it.
    fn doubt(state: &mut State) {
        Self::doubt_pointers(state, |val| matches!(val, Val::Ptr(pointer) if pointer.is_null()));
        let freed = |life: Life| matches!(life, Life::Freed(_));
        state.objects.change(
            |(_, object)| freed(object.life),
            |(_, object)| {
                if let Life::Freed(at) = object.life {
                    object.life = Life::MaybeFreed(at);
                }
            },
        );
    }

    /// The pointers of which `doubtful` holds may be anything.
    fn doubt_pointers(state: &mut State, doubtful: impl Fn(&Val) -> bool) {
        let unknown = || Val::from(Pointer::unknown(Nullness::UNKNOWN));
        state.env.change(|(_, val)| doubtful(val), |(_, val)| *val = unknown());
        state.cells.change(|(_, val)| doubtful(val), |(_, val)| *val = unknown());
    }
}

/// Whether a name is written as those of macros are.
fn is_macro_name(name: &str) -> bool {
    name.chars().filter(char::is_ascii_uppercase).count() >= 3 && !name.chars().any(|c| c.is_ascii_lowercase())
}
