//! From parsed functions to the representation.

mod expression;
mod statement;

use crate::parse::{Basic, Defined, GlobalInit};
use crate::tree::{Body, Expr, ExprKind, Init, LabelId, Local, LocalId, PathStep};
use assay_index::{Idx, IndexVec};
use assay_ir::{
    BlockId, Const, Function, FunctionBuilder, FunctionId, FunctionKind, MemoryOp, Object, ObjectId, Op, Param,
    ParamKind, Terminator, Type, TypeId, Types, Value, Variable,
};
use assay_text::Span;

/// What lowering needs of the unit.
pub(crate) struct Unit<'u> {
    pub(crate) types: &'u mut Types,
    pub(crate) basic: Basic,
    pub(crate) objects: &'u IndexVec<ObjectId, Object>,
    pub(crate) cpp: bool,
}

/// Where a variable is.
#[derive(Clone, Copy)]
enum Slot {
    /// It is values.
    Register(Variable),
    /// It has this address.
    Memory(Value),
    /// Its address is made where it is declared.
    Dynamic(Variable),
}

/// Where `break` and `continue` lead.
struct Around {
    break_to: BlockId,
    continue_to: Option<BlockId>,
    /// How many scopes are left by it.
    scopes: usize,
}

struct Lowerer<'l, 'u> {
    unit: &'l mut Unit<'u>,
    builder: FunctionBuilder,
    locals: &'l IndexVec<LocalId, Local>,
    slots: Vec<Slot>,
    labels: IndexVec<LabelId, Option<BlockId>>,
    around: Vec<Around>,
    /// The blocks of the cases of each switch around, and of its default.
    cases: Vec<(Vec<BlockId>, BlockId)>,
    /// The variables in memory of each scope around.
    scopes: Vec<Vec<LocalId>>,
}

/// A function's code.
pub(crate) fn function(unit: &mut Unit<'_>, defined: &Defined) -> (Function, bool) {
    let param = |local: &LocalId| {
        let local = &defined.body.locals[*local];
        Param { name: local.name, kind: ParamKind::PositionalOnly, has_default: false, span: local.span }
    };
    let parent = Some(FunctionId::new(0));
    let mut function =
        Function::empty(defined.name, defined.qualified, FunctionKind::Named, parent, defined.span, defined.name_span);
    function.params = defined.body.params.iter().map(param).collect();
    function.signature = Some(defined.ty);
    let mut lowerer = Lowerer::new(unit, FunctionBuilder::new(function), &defined.body);
    lowerer.params(&defined.body.params);
    lowerer.block(&defined.body.block);
    let end = Span::new(defined.span.end.saturating_sub(1), defined.span.end);
    lowerer.finish(end)
}

/// The body of the module: what stores the initial values of variables with a static lifetime.
pub(crate) fn module_body(unit: &mut Unit<'_>, function: Function, initial: &[GlobalInit]) -> (Function, bool) {
    let mut builder = FunctionBuilder::new(function);
    for one in initial {
        let mut lowerer = Lowerer::new(unit, builder, &one.body);
        let ty = lowerer.unit.objects[one.object].ty;
        let pointer = lowerer.pointer_to(ty);
        let address = lowerer.memory(MemoryOp::Address(one.object), Some(pointer), one.span);
        lowerer.initialise(address, ty, &one.init, one.span, true);
        builder = lowerer.builder;
    }
    let overflowed = builder.overflowed();
    let void = unit.basic.void;
    let nothing = builder.push_typed(Op::Undefined, Some(void), Span::default());
    builder.terminate(Terminator::Return(nothing));
    (builder.finish(), overflowed)
}

impl<'l, 'u> Lowerer<'l, 'u> {
    fn new(unit: &'l mut Unit<'u>, builder: FunctionBuilder, body: &'l Body) -> Self {
        let mut this = Self {
            unit,
            builder,
            locals: &body.locals,
            slots: Vec::with_capacity(body.locals.len()),
            labels: IndexVec::from_elem(None, body.labels.len()),
            around: Vec::new(),
            cases: Vec::new(),
            scopes: vec![Vec::new()],
        };
        for (id, local) in body.locals.iter_enumerated() {
            let variable = Variable::new(id.index());
            let slot = if local.length.is_some() {
                let ty = this.pointer_to(local.length.as_ref().map_or(local.ty, |(_, element)| *element));
                this.builder.set_type(variable, ty);
                Slot::Dynamic(variable)
            } else if local.in_memory {
                let ty = this.pointer_to(local.ty);
                let op = MemoryOp::Local { ty: local.ty, count: None, name: local.name };
                Slot::Memory(this.memory(op, Some(ty), local.span))
            } else {
                this.builder.set_type(variable, local.ty);
                Slot::Register(variable)
            };
            this.slots.push(slot);
        }
        this
    }

    fn params(&mut self, params: &[LocalId]) {
        for (at, param) in params.iter().enumerate() {
            let local = &self.locals[*param];
            let value = self.builder.push_typed(Op::Param(at as u32), Some(local.ty), local.span);
            match self.slots[param.index()] {
                Slot::Register(variable) | Slot::Dynamic(variable) => self.builder.define(variable, value),
                Slot::Memory(to) => {
                    self.memory(MemoryOp::Store { to, value, ty: local.ty }, None, local.span);
                }
            }
        }
    }

    fn finish(mut self, end: Span) -> (Function, bool) {
        let void = self.unit.basic.void;
        let nothing = self.builder.push_typed(Op::Undefined, Some(void), end);
        self.builder.terminate(Terminator::Return(nothing));
        let overflowed = self.builder.overflowed();
        (self.builder.finish(), overflowed)
    }

    fn pointer_to(&mut self, ty: TypeId) -> TypeId {
        self.unit.types.intern(Type::Pointer(ty))
    }

    fn memory(&mut self, op: MemoryOp, ty: Option<TypeId>, span: Span) -> Value {
        self.builder.push_typed(Op::Memory(op), ty, span)
    }

    fn int(&mut self, value: i64, ty: TypeId, span: Span) -> Value {
        self.builder.push_typed(Op::Const(Const::Int(value)), Some(ty), span)
    }

    /// Zero of a scalar type.
    fn zero(&mut self, ty: TypeId, span: Span) -> Value {
        if matches!(self.unit.types.get(ty), Type::Float { .. }) {
            return self.builder.push_typed(Op::Const(Const::Float(0.0_f64.to_bits())), Some(ty), span);
        }
        self.int(0, ty, span)
    }

    fn slot(&self, local: LocalId) -> Option<Slot> {
        self.slots.get(local.index()).copied()
    }

    fn is_aggregate(&self, ty: TypeId) -> bool {
        matches!(self.unit.types.get(ty), Type::Record(_) | Type::Array { .. })
    }

    /// Initialises what stands at an address. `is_zero`: it holds zeros already.
    fn initialise(&mut self, to: Value, ty: TypeId, init: &Init, span: Span, is_zero: bool) {
        match init {
            Init::Value(value) => self.initialise_with(to, ty, value, is_zero),
            Init::Unknown => {
                self.memory(MemoryOp::Fill { to, ty, zero: false }, None, span);
            }
            Init::Construct(steps) => {
                for step in steps {
                    self.effect(step);
                }
            }
            Init::Parts { parts, all } => {
                if !all && !is_zero {
                    self.memory(MemoryOp::Fill { to, ty, zero: true }, None, span);
                }
                for part in parts {
                    let at = self.path(to, &part.path, part.value.span);
                    let inner = match part.path.last() {
                        None => ty,
                        Some(PathStep::Index(_, element)) => *element,
                        Some(PathStep::Field(record, field)) => self.field_type(*record, *field),
                    };
                    self.initialise_with(at, inner, &part.value, true);
                }
            }
        }
    }

    fn field_type(&self, record: TypeId, field: u32) -> TypeId {
        let record = self.unit.types.record(record);
        record.and_then(|r| r.fields.get(field as usize)).map_or(self.unit.basic.unknown, |field| field.ty)
    }

    fn initialise_with(&mut self, to: Value, ty: TypeId, value: &Expr, is_zero: bool) {
        let span = value.span;
        if matches!(value.kind, ExprKind::Text(_)) && matches!(self.unit.types.get(ty), Type::Array { .. }) {
            let from = self.address(value);
            let (size, of_text) = (self.unit.types.size(ty), self.unit.types.size(value.ty));
            let copied = if of_text <= size || size.is_none() { value.ty } else { ty };
            if of_text < size && !is_zero {
                self.memory(MemoryOp::Fill { to, ty, zero: true }, None, span);
            }
            self.memory(MemoryOp::Copy { to, from, ty: copied }, None, span);
            return;
        }
        self.store(to, ty, value);
    }

    /// Stores the value of an expression at an address.
    fn store(&mut self, to: Value, ty: TypeId, value: &Expr) -> Option<Value> {
        let span = value.span;
        if self.is_aggregate(value.ty) && value.is_lvalue() {
            let from = self.address(value);
            self.memory(MemoryOp::Copy { to, from, ty: value.ty }, None, span);
            return None;
        }
        let value = self.value(value);
        self.memory(MemoryOp::Store { to, value, ty }, None, span);
        Some(value)
    }

    /// The address of a part of an aggregate.
    fn path(&mut self, mut at: Value, path: &[PathStep], span: Span) -> Value {
        for step in path {
            at = match *step {
                PathStep::Index(index, element) => {
                    let ty = self.pointer_to(element);
                    let size = self.unit.basic.size;
                    let index = self.int(index.cast_signed(), size, span);
                    self.memory(MemoryOp::Offset { base: at, index, element }, Some(ty), span)
                }
                PathStep::Field(record, field) => {
                    let ty = self.field_type(record, field);
                    let ty = self.pointer_to(ty);
                    self.memory(MemoryOp::Member { base: at, record, field }, Some(ty), span)
                }
            };
        }
        at
    }
}
