//! The program: units put together by the names that the linker would use.
//!
//! - A *unit* is one lowered file. A function or variable with external linkage is the same in all units; one with
//!   internal linkage is its unit's own.
//! - Where several units define one external name (a tree may hold several programs), a unit means the definition that
//!   stands nearest: in itself, then in its own folder, then in the first unit of all.

use crate::constants::Contents;
use crate::facts::stripped;
use crate::library::{Library, LibraryFunction};
use assay_index::{BitSet, FxHashMap, FxHashSet, Idx, IndexVec};
use assay_ir::{
    BlockId, Definition, Function, FunctionId, Linkage, MemoryOp, Module, ObjectId, Op, Terminator, Type, Value,
};
use assay_text::FileId;

assay_index::define_id!(
    /// A function that some unit defines.
    pub struct FuncId, "fn"
);
assay_index::define_id!(
    /// A variable with a static lifetime.
    pub struct GlobalId, "global"
);

/// A lowered file of a language with typed memory.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// The file.
    pub file: FileId,
    /// Its path.
    pub path: &'a str,
    /// Its code.
    pub module: &'a Module,
}

/// What a name of a unit means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entity {
    /// A function of the program.
    Function(FuncId),
    /// A function of the C library.
    Library(&'static LibraryFunction),
    /// A function that is defined nowhere.
    Unknown,
    /// A variable.
    Global(GlobalId),
}

/// A variable with a static lifetime.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Global {
    pub(crate) unit: usize,
    pub(crate) object: ObjectId,
}

/// Where a table of functions keeps them: a record by name, and a member by name.
pub(crate) type Slot = (String, String);

/// All units.
pub struct Program<'a> {
    pub(crate) units: Vec<Unit<'a>>,
    pub(crate) functions: IndexVec<FuncId, (usize, FunctionId)>,
    pub(crate) globals: IndexVec<GlobalId, Global>,
    entities: Vec<IndexVec<ObjectId, Entity>>,
    /// The functions that are stored in members of records.
    pub(crate) slots: FxHashMap<Slot, Vec<FuncId>>,
    /// The bytes that members lead to.
    pub(crate) sizes: crate::members::Sizes,
    /// Records that are made with room behind them.
    pub(crate) growing: FxHashSet<String>,
    /// Members that some function compares with something.
    pub(crate) tested: FxHashSet<Slot>,
    /// Functions whose address goes elsewhere than into a call.
    pub(crate) address_taken: Vec<bool>,
    /// Functions that other units can name.
    pub(crate) external: Vec<bool>,
    /// Functions that code in other languages calls.
    pub(crate) foreign: Vec<bool>,
    /// Functions that the program itself calls.
    pub(crate) called: Vec<bool>,
    /// Functions from which control comes back on some way.
    pub(crate) returns: Vec<bool>,
    /// Variables that are followed through calls.
    pub(crate) followed: BitSet<GlobalId>,
    /// What variables hold that nothing changes.
    pub(crate) constants: FxHashMap<GlobalId, Contents>,
    /// The methods that stand for one of a base class, by the class and name of that.
    overriders: FxHashMap<String, Vec<FuncId>>,
}

/// Whether a file is there to be included.
pub(crate) fn is_header(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "h" | "hh" | "hpp" | "hxx" | "inl" | "inc" | "in"))
}

/// The last part of the name of a class, without the namespaces around it.
pub(crate) fn last_name(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// The folder of a path.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl<'a> Program<'a> {
    /// Puts the units together.
    pub fn new(units: Vec<Unit<'a>>) -> Self {
        let library = Library::get();
        let mut functions = IndexVec::new();
        let mut globals: IndexVec<GlobalId, Global> = IndexVec::new();
        let mut external = Vec::new();
        let mut defined: FxHashMap<&str, Vec<(usize, Entity)>> = FxHashMap::default();
        let mut own: Vec<FxHashMap<ObjectId, Entity>> = Vec::with_capacity(units.len());
        for (at, unit) in units.iter().enumerate() {
            let mut ids: FxHashMap<FunctionId, FuncId> = FxHashMap::default();
            for (id, function) in unit.module.functions.iter_enumerated() {
                if function.signature.is_some() {
                    ids.insert(id, functions.push((at, id)));
                    external.push(false);
                }
            }
            let mut entities: FxHashMap<ObjectId, Entity> = FxHashMap::default();
            for (id, object) in unit.module.objects.iter_enumerated() {
                let entity = match object.definition {
                    Definition::Function(function) => match ids.get(&function) {
                        Some(f) => Entity::Function(*f),
                        None => continue,
                    },
                    Definition::Variable => Entity::Global(globals.push(Global { unit: at, object: id })),
                    Definition::Elsewhere => continue,
                };
                entities.insert(id, entity);
                if object.linkage == Linkage::External {
                    if let Entity::Function(f) = entity {
                        external[f.index()] = true;
                    }
                    defined.entry(unit.module.strings.resolve(object.name)).or_default().push((at, entity));
                }
            }
            own.push(entities);
        }
        // Functions that headers define for those who include them.
        let mut inline: FxHashMap<&str, Entity> = FxHashMap::default();
        for (unit, own) in units.iter().zip(&own) {
            if !is_header(unit.path) {
                continue;
            }
            for (id, object) in unit.module.objects.iter_enumerated() {
                if let Some(entity @ Entity::Function(_)) = own.get(&id)
                    && object.linkage == Linkage::Internal
                {
                    inline.entry(unit.module.strings.resolve(object.name)).or_insert(*entity);
                }
            }
        }
        let mut undefined: FxHashMap<&str, GlobalId> = FxHashMap::default();
        let mut entities = Vec::with_capacity(units.len());
        for (at, unit) in units.iter().enumerate() {
            let mut table: IndexVec<ObjectId, Entity> = IndexVec::with_capacity(unit.module.objects.len());
            for (id, object) in unit.module.objects.iter_enumerated() {
                let name = unit.module.strings.resolve(object.name);
                let is_function = matches!(unit.module.types.get(object.ty), Type::Function { .. });
                let known = library.function(name).filter(|_| is_function && object.linkage == Linkage::External);
                let entity = if let Some(known) = known {
                    Entity::Library(known)
                } else if let Some(entity) = own[at].get(&id) {
                    *entity
                } else {
                    let candidates = defined.get(name).map_or(&[][..], Vec::as_slice);
                    let near = candidates
                        .iter()
                        .find(|(unit_at, _)| folder(units[*unit_at].path) == folder(unit.path))
                        .or(candidates.first());
                    match near {
                        _ if is_function && object.linkage == Linkage::Internal => {
                            inline.get(name).copied().unwrap_or(Entity::Unknown)
                        }
                        Some((_, entity)) => *entity,
                        None if is_function => inline.get(name).copied().unwrap_or(Entity::Unknown),
                        None => Entity::Global(
                            *undefined.entry(name).or_insert_with(|| globals.push(Global { unit: at, object: id })),
                        ),
                    }
                };
                table.push(entity);
            }
            entities.push(table);
        }
        let address_taken = vec![false; functions.len()];
        let mut program = Self {
            units,
            functions,
            globals,
            entities,
            slots: FxHashMap::default(),
            sizes: FxHashMap::default(),
            tested: FxHashSet::default(),
            growing: FxHashSet::default(),
            foreign: address_taken.clone(),
            called: address_taken.clone(),
            returns: address_taken.clone(),
            address_taken,
            external,
            followed: BitSet::with_capacity(0),
            constants: FxHashMap::default(),
            overriders: FxHashMap::default(),
        };
        program.overriders = program.find_overriders();
        program.find_addresses();
        program.find_returning();
        program.constants = crate::constants::find(&program);
        program.followed = program.find_followed();
        program.sizes = program.find_sizes();
        program.tested = program.find_tested();
        program.growing = program.find_growing();
        for callee in program.call_graph().iter().flatten() {
            program.called[callee.index()] = true;
        }
        program
    }

    /// The module of a function.
    pub(crate) fn module(&self, f: FuncId) -> &'a Module {
        self.units[self.functions[f].0].module
    }

    /// The code of a function.
    pub(crate) fn function(&self, f: FuncId) -> &'a Function {
        let (unit, id) = self.functions[f];
        &self.units[unit].module.functions[id]
    }

    /// What an object of a unit is.
    pub(crate) fn entity(&self, unit: usize, object: ObjectId) -> Entity {
        self.entities[unit].get(object).copied().unwrap_or(Entity::Unknown)
    }

    /// The name of a function.
    pub(crate) fn name(&self, f: FuncId) -> &'a str {
        self.module(f).strings.resolve(self.function(f).name)
    }

    /// The member or variable that an address in a function names, or an element of it.
    pub(crate) fn slot(&self, unit: usize, function: &Function, address: Value) -> Option<Slot> {
        let mut at = address;
        for _ in 0..4 {
            match function.op(at) {
                Op::Memory(MemoryOp::Offset { base, .. }) => at = *base,
                Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
                op => return self.named(unit, op),
            }
        }
        None
    }

    /// The member or variable that an instruction names: the names of the record and of the member, or of the variable.
    pub(crate) fn named(&self, unit: usize, op: &Op) -> Option<Slot> {
        let module = self.units[unit].module;
        match op {
            Op::Memory(MemoryOp::Member { record, field, .. }) => {
                let record = module.types.record(*record)?;
                let member = record.fields.get(*field as usize)?;
                let name = module.strings.resolve(record.name);
                (!name.is_empty()).then(|| (name.to_owned(), module.strings.resolve(member.name).to_owned()))
            }
            Op::Memory(MemoryOp::Address(object)) => {
                let object = module.objects.get(*object)?;
                if matches!(module.types.get(object.ty), Type::Function { .. }) {
                    return None;
                }
                let name = module.strings.resolve(object.name);
                let name = if object.linkage == Linkage::External { name.to_owned() } else { format!("{unit}:{name}") };
                Some((String::new(), name))
            }
            _ => None,
        }
    }

    /// Finds the functions from which control comes back: those with a way to a return past calls that come back themselves.
    fn find_returning(&mut self) {
        let mut pending: Vec<FuncId> = self.functions.ids().collect();
        loop {
            let before = pending.len();
            pending.retain(|f| {
                let returns = self.may_return(*f);
                self.returns[f.index()] = returns;
                !returns
            });
            if pending.len() == before {
                break;
            }
        }
    }

    /// Whether there is a way to a return past calls of functions that are known to come back.
    fn may_return(&self, f: FuncId) -> bool {
        let (unit, function) = (self.functions[f].0, self.function(f));
        let mut seen: BitSet<BlockId> = BitSet::with_capacity(function.blocks.len());
        let mut pending = vec![BlockId::new(0)];
        while let Some(block) = pending.pop() {
            if !seen.insert(block) {
                continue;
            }
            let code = &function.blocks[block];
            pending.extend(code.handler);
            if code.insts.iter().any(|value| self.ends_at(unit, function, *value)) {
                continue;
            }
            if matches!(code.terminator, Terminator::Return(_)) {
                return true;
            }
            code.for_each_successor(|to| pending.push(to));
        }
        false
    }

    /// The blocks of a function from which there is a way to a return.
    pub(crate) fn leading_out(&self, f: FuncId) -> BitSet<BlockId> {
        let (unit, function) = (self.functions[f].0, self.function(f));
        let predecessors = assay_dataflow::Predecessors::new(function);
        let ends = |block: BlockId| {
            let code = &function.blocks[block];
            code.handler.is_none() && code.insts.iter().any(|value| self.ends_at(unit, function, *value))
        };
        let mut out: BitSet<BlockId> = BitSet::with_capacity(function.blocks.len());
        let returns = |block: &BlockId| matches!(function.blocks[*block].terminator, Terminator::Return(_));
        let mut pending: Vec<BlockId> = function.blocks.ids().filter(returns).collect();
        while let Some(block) = pending.pop() {
            if !ends(block) && out.insert(block) {
                pending.extend(predecessors.of(block));
            }
        }
        out
    }

    /// Whether control does not come back from an instruction, as far as is known: a call.
    pub(crate) fn ends_at(&self, unit: usize, function: &Function, value: Value) -> bool {
        let Op::Call { func, args } = function.op(value) else { return false };
        let Op::Memory(MemoryOp::Address(object)) = function.op(stripped(function, *func)) else { return false };
        match self.entity(unit, *object) {
            Entity::Function(f) => !self.returns[f.index()],
            Entity::Library(library) => library.noreturn,
            Entity::Unknown => {
                let module = self.units[unit].module;
                let object = module.objects.get(*object);
                let plain = |arg: Value| matches!(function.op(stripped(function, arg)), Op::Const(_));
                object.is_some_and(|object| {
                    object.noreturn
                        || args.first().is_none_or(|arg| plain(arg.value))
                            && says_ends(module.strings.resolve(object.name))
                })
            }
            Entity::Global(_) => false,
        }
    }

    /// Finds the functions whose addresses are kept, and in which members.
    fn find_addresses(&mut self) {
        for (at, unit) in self.units.clone().into_iter().enumerate() {
            for function in &unit.module.functions {
                let target = |value: Value| {
                    let mut value = value;
                    for _ in 0..4 {
                        match function.op(value) {
                            Op::Memory(MemoryOp::Address(object)) => {
                                return match self.entities[at].get(*object) {
                                    Some(Entity::Function(f)) => Some(*f),
                                    _ => None,
                                };
                            }
                            Op::Memory(MemoryOp::Convert { value: inner, .. }) => value = *inner,
                            _ => return None,
                        }
                    }
                    None
                };
                let mut taken = Vec::new();
                let mut slots = Vec::new();
                for inst in &function.insts {
                    match &inst.op {
                        Op::Call { args, .. } => taken.extend(args.iter().filter_map(|arg| target(arg.value))),
                        Op::Memory(MemoryOp::Store { to, value, .. }) => {
                            if let Some(f) = target(*value) {
                                taken.push(f);
                                if let Some(slot) = self.slot(at, function, *to) {
                                    slots.push((slot, f));
                                }
                            }
                        }
                        Op::Phi(inputs) => taken.extend(inputs.iter().filter_map(|(_, value)| target(*value))),
                        Op::Returned(value) => taken.extend(target(*value)),
                        _ => {}
                    }
                }
                for f in taken {
                    self.address_taken[f.index()] = true;
                }
                for (slot, f) in slots {
                    let known = self.slots.entry(slot).or_default();
                    if !known.contains(&f) {
                        known.push(f);
                    }
                }
            }
        }
    }

    /// Finds the methods of classes that have bases, by what they are called there.
    fn find_overriders(&self) -> FxHashMap<String, Vec<FuncId>> {
        let mut bases: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for unit in &self.units {
            let strings = &unit.module.strings;
            for (_, ty) in unit.module.types.iter_enumerated() {
                let Type::Record(record) = ty else { continue };
                let class = last_name(strings.resolve(record.name));
                for field in &record.fields {
                    let Some(base) = unit.module.types.record(field.ty) else { break };
                    if base.name != field.name || class.is_empty() {
                        break;
                    }
                    let known = bases.entry(class).or_default();
                    let name = last_name(strings.resolve(base.name));
                    if !known.contains(&name) {
                        known.push(name);
                    }
                }
            }
        }
        let mut out: FxHashMap<String, Vec<FuncId>> = FxHashMap::default();
        if bases.is_empty() {
            return out;
        }
        for (unit, entities) in self.units.iter().zip(&self.entities) {
            for (id, object) in unit.module.objects.iter_enumerated() {
                let Some(Entity::Function(f)) = entities.get(id) else { continue };
                let name = unit.module.strings.resolve(object.name);
                let Some((class, method)) = name.rsplit_once("::") else { continue };
                let mut seen: Vec<&str> = Vec::new();
                let mut pending: Vec<&str> = bases.get(last_name(class)).cloned().unwrap_or_default();
                while let Some(base) = pending.pop() {
                    if seen.contains(&base) {
                        continue;
                    }
                    seen.push(base);
                    pending.extend(bases.get(base).into_iter().flatten());
                    let known = out.entry(format!("{base}::{method}")).or_default();
                    if !known.contains(f) {
                        known.push(*f);
                    }
                }
            }
        }
        out
    }

    /// The methods that stand for one that no unit defines.
    pub(crate) fn overriders(&self, unit: usize, object: ObjectId) -> &[FuncId] {
        let module = self.units[unit].module;
        let name = module.objects.get(object).map_or("", |object| module.strings.resolve(object.name));
        let Some((class, method)) = name.rsplit_once("::").filter(|_| !self.overriders.is_empty()) else { return &[] };
        self.overriders.get(&format!("{}::{method}", last_name(class))).map_or(&[], Vec::as_slice)
    }

    /// The class that a function is a method of, by the last part of its name.
    pub(crate) fn class(&self, f: FuncId) -> Option<&str> {
        let name = self.module(f).strings.resolve(self.function(f).qualified);
        name.rsplit_once("::").map(|(class, _)| last_name(class))
    }

    /// The functions that a call may reach; none when that is not known.
    pub(crate) fn callees(&self, unit: usize, function: &Function, callee: Value) -> Vec<FuncId> {
        let mut value = callee;
        for _ in 0..4 {
            match function.op(value) {
                Op::Memory(MemoryOp::Address(object)) => {
                    return match self.entity(unit, *object) {
                        Entity::Function(f) => vec![f],
                        Entity::Unknown => self.overriders(unit, *object).to_vec(),
                        _ => Vec::new(),
                    };
                }
                Op::Memory(MemoryOp::Convert { value: inner, .. }) => value = *inner,
                Op::Memory(MemoryOp::Load { from, .. }) => {
                    let slot = self.slot(unit, function, *from);
                    return slot.and_then(|slot| self.slots.get(&slot)).cloned().unwrap_or_default();
                }
                _ => break,
            }
        }
        Vec::new()
    }

    /// For each function, those that it may call.
    pub(crate) fn call_graph(&self) -> IndexVec<FuncId, Vec<FuncId>> {
        self.functions
            .iter_enumerated()
            .map(|(f, (unit, _))| {
                let function = self.function(f);
                let mut out = Vec::new();
                for inst in &function.insts {
                    if let Op::Call { func, .. } = &inst.op {
                        out.extend(self.callees(*unit, function, *func));
                    }
                }
                out.sort_unstable();
                out.dedup();
                out
            })
            .collect::<Vec<_>>()
            .into_iter()
            .fold(IndexVec::new(), |mut all, one| {
                all.push(one);
                all
            })
    }
}

/// Whether the name of a function that is not seen says that it ends the program: `die`, `rb_bug`. What such a function is told of is a
/// text or a number.
fn says_ends(name: &str) -> bool {
    let last = crate::readers::words(name).pop();
    last.is_some_and(|word| matches!(word.as_str(), "die" | "panic" | "abort" | "fatal" | "bug" | "croak"))
}
