//! The variables, objects and sources of one function: what their numbers stand for.

use crate::linear::{INFINITY, Linear, Var};
use crate::numbers::Range;
use crate::program::GlobalId;
use crate::state::{Place, VarOrigin, Vars};
use crate::value::{Obj, Objects, Origin, Pointer, TaintId, Taints};
use assay_index::{FxHashMap, Idx};
use assay_ir::{Function, Module, Op, Type, TypeId, Value};

/// What is known of a variable everywhere.
#[derive(Clone, Debug)]
struct VarInfo {
    origin: VarOrigin,
    limits: Range,
    /// Whether whoever controls untrusted data controls it.
    taint: Option<TaintId>,
    /// The numbers that it may be as far as it comes from outside.
    sent: Option<(i128, i128)>,
    /// Whether it was read from a member that some function compares with something.
    tested: bool,
    /// Whether it is a number that came in as one: whoever sends it chooses among all that its type holds.
    chosen: bool,
    /// The number that it is, but for wrapping around.
    modular: Option<Linear>,
    /// The arithmetic that may have wrapped around for it.
    wrapped: Option<Value>,
}

/// What numbers stand for in one function.
pub(crate) struct Names<'a> {
    pub(crate) module: &'a Module,
    pub(crate) function: &'a Function,
    pub(crate) objects: Objects,
    pub(crate) taints: Taints,
    infos: Vec<VarInfo>,
    ids: FxHashMap<VarOrigin, Var>,
}

/// The numbers that an integer type holds.
pub(crate) fn int_limits(bits: u8, signed: bool) -> Range {
    let bits = u32::from(bits).clamp(1, 99);
    if signed { Range::of_type(-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { Range::of_type(0, (1 << bits) - 1) }
}

/// The numbers that a type holds.
pub(crate) fn type_limits(module: &Module, ty: Option<TypeId>) -> Range {
    match ty.map(|ty| module.types.get(ty)) {
        Some(Type::Bool) => Range::of_type(0, 1),
        Some(Type::Int { bits, signed }) => int_limits(*bits, *signed),
        _ => Range::all(),
    }
}

impl<'a> Names<'a> {
    pub(crate) fn new(module: &'a Module, function: &'a Function) -> Self {
        Self {
            module,
            function,
            objects: Objects::default(),
            taints: Taints::default(),
            infos: Vec::new(),
            ids: FxHashMap::default(),
        }
    }

    fn info(&self, var: Var) -> &VarInfo {
        &self.infos[var.0 as usize]
    }

    /// What a variable stands for.
    pub(crate) fn origin(&self, var: Var) -> VarOrigin {
        self.info(var).origin
    }

    /// The source that controls a variable.
    pub(crate) fn var_taint(&self, var: Var) -> Option<TaintId> {
        self.info(var).taint
    }

    /// Says that a source controls the variable.
    pub(crate) fn set_taint(&mut self, var: Var, taint: Option<TaintId>) {
        if taint.is_some() && self.info(var).taint.is_none() {
            self.infos[var.0 as usize].taint = taint;
        }
    }

    /// Says which numbers a variable may be as far as it comes from outside.
    pub(crate) fn set_sent(&mut self, var: Var, sent: Option<(i128, i128)>) {
        self.infos[var.0 as usize].sent = sent;
    }

    /// Says that a variable was read from a member that some function of the program compares with something.
    pub(crate) fn set_tested(&mut self, var: Var) {
        self.infos[var.0 as usize].tested = true;
    }

    /// Whether a number depends on a member that some function of the program compares with something: what is not tested here may have been
    /// tested where it was set.
    pub(crate) fn tested(&self, form: &Linear) -> bool {
        form.terms.iter().any(|(var, _)| self.info(*var).tested)
    }

    /// The numbers that a variable may be as far as it comes from outside.
    pub(crate) fn sent(&self, var: Var) -> Option<(i128, i128)> {
        self.info(var).sent
    }

    /// Says whether the number came in as one.
    pub(crate) fn set_chosen(&mut self, var: Var, chosen: bool) {
        self.infos[var.0 as usize].chosen = chosen;
    }

    /// Whether a form has a number that came in as one.
    pub(crate) fn is_chosen(&self, form: &Linear) -> bool {
        form.terms.iter().any(|(var, _)| self.info(*var).chosen)
    }

    /// The source that controls a form: that of one of its variables.
    pub(crate) fn taint(&self, form: &Linear) -> Option<TaintId> {
        form.terms.iter().find_map(|(var, _)| self.info(*var).taint)
    }

    /// Says which number a variable is, but for wrapping around.
    pub(crate) fn set_modular(&mut self, var: Var, form: Option<Linear>) {
        self.infos[var.0 as usize].modular = form;
    }

    /// The number that a variable is, but for wrapping around.
    pub(crate) fn modular(&self, var: Var) -> Option<&Linear> {
        self.info(var).modular.as_ref()
    }

    /// Says which arithmetic may have wrapped around for a variable.
    pub(crate) fn set_wrapped(&mut self, var: Var, at: Option<Value>) {
        self.infos[var.0 as usize].wrapped = at;
    }

    /// The arithmetic that may have wrapped around for a form.
    pub(crate) fn wrapped(&self, form: &Linear) -> Option<Value> {
        form.terms.iter().find_map(|(var, _)| self.info(*var).wrapped)
    }

    /// Narrows what a variable can be at all.
    pub(crate) fn set_limits(&mut self, var: Var, limits: Range) {
        self.infos[var.0 as usize].limits = limits;
    }

    /// The variable of an origin, when there is one.
    pub(crate) fn known_var(&self, origin: VarOrigin) -> Option<Var> {
        self.ids.get(&origin).copied()
    }

    /// Whether a form is the length of a text, give or take a constant.
    pub(crate) fn is_length(&self, form: &Linear) -> bool {
        match &*form.terms {
            [(var, 1)] => matches!(self.origin(*var), VarOrigin::Length(..) | VarOrigin::EntryLength(_)),
            _ => false,
        }
    }

    /// Whether the variable is of use to callers: it is known when the function is called.
    pub(crate) fn is_entry_var(&self, var: Var) -> bool {
        match self.info(var).origin {
            VarOrigin::Value(value) => matches!(self.function.op(value), Op::Param(_)),
            VarOrigin::Entry(place) => self.objects.info(place.obj).entry,
            VarOrigin::Size(obj) | VarOrigin::EntryLength(obj) => self.objects.info(obj).entry,
            _ => false,
        }
    }
}

impl Vars for Names<'_> {
    fn var(&mut self, origin: VarOrigin) -> Var {
        if let Some(var) = self.ids.get(&origin) {
            return *var;
        }
        let limits = match origin {
            VarOrigin::Value(value) => {
                type_limits(self.module, self.function.insts.get(value).and_then(|inst| inst.ty))
            }
            VarOrigin::Size(_) | VarOrigin::Length(..) | VarOrigin::EntryLength(_) => Range::of_type(0, (1 << 63) - 1),
            VarOrigin::Cell(_, place) | VarOrigin::Entry(place) => {
                let bits = place.width.saturating_mul(8).clamp(1, 64);
                Range::of_type(-(1 << (bits - 1)), (1 << bits) - 1)
            }
            VarOrigin::Extra(..) => Range::of_type(-INFINITY, INFINITY),
            VarOrigin::Offset(..) | VarOrigin::CellOffset(..) => Range::all(),
        };
        let var = Var(self.infos.len() as u32);
        self.infos.push(VarInfo {
            origin,
            limits,
            taint: None,
            sent: None,
            tested: false,
            chosen: false,
            modular: None,
            wrapped: None,
        });
        self.ids.insert(origin, var);
        var
    }

    fn limits(&self, var: Var) -> Range {
        self.info(var).limits
    }

    fn inherit(&mut self, to: Var, from: &Linear) {
        let taint = self.taint(from);
        self.set_taint(to, taint);
        if self.is_chosen(from) {
            self.set_chosen(to, true);
        }
        let wrapped = self.wrapped(from);
        if wrapped.is_some() {
            self.set_wrapped(to, wrapped);
        }
    }

    fn is_entry_object(&self, obj: Obj) -> bool {
        self.objects.info(obj).entry
    }

    fn is_shared(&self, obj: Obj) -> bool {
        self.objects.info(obj).shared
    }

    fn is_entry_length(&self, var: Var) -> bool {
        matches!(self.info(var).origin, VarOrigin::EntryLength(_))
    }

    fn is_entry(&self, place: Place, pointer: &Pointer) -> bool {
        pointer.only().is_some_and(|target| {
            target.offset == Linear::default()
                && self.objects.origin(target.obj) == Origin::Deref(place.obj, place.offset)
        })
    }
}

/// What callers and a function both know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Root {
    /// What a parameter leads to.
    Param(u32),
    /// A variable with a static lifetime.
    Global(GlobalId),
}

/// Where an object is when the function is called: where to start, and the offsets of the pointers to follow.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Path {
    /// Where to start.
    pub(crate) root: Root,
    /// Where the next pointer stands, in each object on the way.
    pub(crate) steps: Vec<i64>,
}

impl Path {
    /// Behind all others.
    pub(crate) fn last() -> Self {
        Self { root: Root::Param(u32::MAX), steps: Vec::new() }
    }

    /// The parameter that the way starts at.
    pub(crate) fn parameter(&self) -> Option<u32> {
        match self.root {
            Root::Param(parameter) => Some(parameter),
            Root::Global(_) => None,
        }
    }

    /// The parameter that leads to the object itself.
    pub(crate) fn direct(&self) -> Option<u32> {
        self.parameter().filter(|_| self.steps.is_empty())
    }
}

impl Names<'_> {
    /// The way to an object from a parameter, or from a variable that is followed through calls.
    pub(crate) fn path(&self, obj: Obj) -> Option<Path> {
        let mut steps = Vec::new();
        let mut at = obj;
        loop {
            match self.objects.origin(at) {
                Origin::Param(parameter) => {
                    steps.reverse();
                    return Some(Path { root: Root::Param(parameter), steps });
                }
                Origin::Global(global) if self.objects.info(at).entry => {
                    steps.reverse();
                    return Some(Path { root: Root::Global(global), steps });
                }
                Origin::Deref(base, offset) => {
                    steps.push(offset);
                    at = base;
                }
                _ => return None,
            }
        }
    }

    /// The name of a parameter.
    pub(crate) fn parameter_name(&self, parameter: u32) -> &str {
        self.function.params.get(parameter as usize).map_or("", |p| self.module.strings.resolve(p.name))
    }

    /// Whether a parameter is a record, which is passed by its bytes.
    pub(crate) fn is_passed_whole(&self, parameter: u32) -> bool {
        let Some(Type::Function { params, .. }) = self.function.signature.map(|ty| self.module.types.get(ty)) else {
            return false;
        };
        params.get(parameter as usize).is_some_and(|ty| self.module.types.record(*ty).is_some())
    }

    /// How many objects there are.
    pub(crate) fn object_count(&self) -> usize {
        self.objects.len()
    }

    /// Whether an object is a local that the program gave no name.
    pub(crate) fn is_temporary(&self, obj: Obj) -> bool {
        let Origin::Local(value) = self.objects.origin(obj) else { return false };
        matches!(self.function.op(value), Op::Memory(assay_ir::MemoryOp::Local { name, .. })
            if self.module.strings.resolve(*name).is_empty())
    }

    /// What an object is called in a message.
    pub(crate) fn object_name(&self, obj: Obj) -> String {
        match self.objects.origin(obj) {
            Origin::Local(value) => match self.function.op(value) {
                Op::Memory(assay_ir::MemoryOp::Local { name, .. }) => {
                    let name = self.module.strings.resolve(*name);
                    if name.is_empty() { "a temporary".to_owned() } else { format!("`{name}`") }
                }
                _ => "a local variable".to_owned(),
            },
            Origin::Global(_) => "a global variable".to_owned(),
            Origin::Function(_) => "a function".to_owned(),
            Origin::Literal(..) => "a string literal".to_owned(),
            Origin::Heap(..) | Origin::Earlier(..) => "the allocated block".to_owned(),
            Origin::Param(parameter) => match self.parameter_name(parameter) {
                "" => "what is passed".to_owned(),
                name if self.is_passed_whole(parameter) => format!("`{name}`"),
                name => format!("what `{name}` points to"),
            },
            Origin::Record(_) => "a record".to_owned(),
            Origin::Deref(..) | Origin::Loaded(_) => {
                let index = obj.index();
                debug_assert!(index < self.object_count());
                "what the pointer points to".to_owned()
            }
        }
    }
}
