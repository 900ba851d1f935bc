//! Leaves out of a module what no function refers to: most of what headers declare.

use assay_index::{FxHashMap, Idx, IndexVec, Interner, Symbol};
use assay_ir::{Definition, Function, MemoryOp, Module, Object, ObjectId, Op, Type, TypeId, Types};

/// The module with the objects, types and strings that its functions need, numbered in the order of their old numbers.
pub(crate) fn compact(module: Module) -> Module {
    let mut used = Used {
        types: vec![false; module.types.len()],
        objects: vec![false; module.objects.len()],
        pending: Vec::new(),
    };
    for function in &module.functions {
        used.function(function);
    }
    for (id, object) in module.objects.iter_enumerated() {
        if object.definition != Definition::Elsewhere || used.objects[id.index()] {
            used.objects[id.index()] = true;
            used.ty(object.ty);
        }
    }
    used.close(&module.types);
    let Module { mut functions, classes, strings, types, objects, exports, gaps } = module;
    let mut renamed = Renaming { old: &strings, new: Interner::new(), symbols: FxHashMap::default() };

    let mut type_ids: Vec<TypeId> = vec![TypeId::new(0); types.len()];
    let mut next = 0;
    for (at, used) in used.types.iter().enumerate() {
        if *used {
            type_ids[at] = TypeId::new(next);
            next += 1;
        }
    }
    let ty = |id: TypeId| type_ids[id.index()];
    let mut new_types = Types::default();
    for (id, old) in types.iter_enumerated().filter(|(id, _)| used.types[id.index()]) {
        let mut new = old.clone();
        match &mut new {
            Type::Unknown | Type::Void | Type::Bool | Type::Int { .. } | Type::Float { .. } => {}
            Type::Pointer(to) | Type::Array { element: to, .. } => *to = ty(*to),
            Type::Record(record) => {
                record.name = renamed.symbol(record.name);
                for field in &mut record.fields {
                    field.name = renamed.symbol(field.name);
                    field.ty = ty(field.ty);
                }
            }
            Type::Function { result, params, .. } => {
                *result = ty(*result);
                for param in params {
                    *param = ty(*param);
                }
            }
        }
        let new = new_types.add(new);
        debug_assert_eq!(new, ty(id), "types keep their order");
    }
    let mut object_ids: Vec<ObjectId> = vec![ObjectId::new(0); objects.len()];
    let mut new_objects: IndexVec<ObjectId, Object> = IndexVec::new();
    for (id, object) in objects.iter_enumerated().filter(|(id, _)| used.objects[id.index()]) {
        let name = renamed.symbol(object.name);
        object_ids[id.index()] = new_objects.push(Object { name, ty: ty(object.ty), ..object.clone() });
    }
    for function in &mut functions {
        function.name = renamed.symbol(function.name);
        function.qualified = renamed.symbol(function.qualified);
        function.signature = function.signature.map(ty);
        for param in &mut function.params {
            param.name = renamed.symbol(param.name);
        }
        for inst in &mut function.insts {
            inst.ty = inst.ty.map(ty);
            inst.op.for_each_symbol(|symbol| *symbol = renamed.symbol(*symbol));
            if let Op::Memory(op) = &mut inst.op {
                op.map_types(ty);
                if let MemoryOp::Address(object) = op {
                    *object = object_ids[object.index()];
                }
            }
        }
    }
    let strings = renamed.new;
    Module { functions, classes, strings, types: new_types, objects: new_objects, exports, gaps }
}

struct Used {
    types: Vec<bool>,
    objects: Vec<bool>,
    pending: Vec<TypeId>,
}

impl Used {
    fn ty(&mut self, id: TypeId) {
        if !std::mem::replace(&mut self.types[id.index()], true) {
            self.pending.push(id);
        }
    }

    fn function(&mut self, function: &Function) {
        if let Some(signature) = function.signature {
            self.ty(signature);
        }
        for inst in &function.insts {
            if let Some(ty) = inst.ty {
                self.ty(ty);
            }
            if let Op::Memory(op) = &inst.op {
                op.for_each_type(|ty| self.ty(ty));
                if let MemoryOp::Address(object) = op {
                    self.objects[object.index()] = true;
                }
            }
        }
    }

    /// Adds the types that used types are made of.
    fn close(&mut self, types: &Types) {
        while let Some(id) = self.pending.pop() {
            match types.get(id) {
                Type::Unknown | Type::Void | Type::Bool | Type::Int { .. } | Type::Float { .. } => {}
                Type::Pointer(to) | Type::Array { element: to, .. } => self.ty(*to),
                Type::Record(record) => record.fields.iter().for_each(|field| self.ty(field.ty)),
                Type::Function { result, params, .. } => {
                    self.ty(*result);
                    for param in params {
                        self.ty(*param);
                    }
                }
            }
        }
    }
}

struct Renaming<'s> {
    old: &'s Interner,
    new: Interner,
    symbols: FxHashMap<Symbol, Symbol>,
}

impl Renaming<'_> {
    fn symbol(&mut self, old: Symbol) -> Symbol {
        let (strings, new) = (self.old, &mut self.new);
        *self.symbols.entry(old).or_insert_with(|| new.intern(strings.resolve(old)))
    }
}
