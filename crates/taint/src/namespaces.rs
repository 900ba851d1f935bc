//! The attributes of objects as a mapping: `vars(object)`, `object.__dict__`, `setattr` with a computed name.
//!
//! What is set under a name that the code does not show is kept in a cell of its own for each class, a mapping: what
//! nothing else sets on the class's instances is looked up there.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Entry, Labels, Origin, PathId};
use crate::trace::{Cell, HopKind};
use assay_dataflow::Location;
use assay_index::{FxHashSet, Idx, Symbol};
use assay_ir::{ArgKind, CellId, Op, ParamKind, Value};
use assay_resolve::{ClsId, FuncId, Object, Program, Target};
use smallvec::SmallVec;

/// The name of the mapping of an object's attributes.
const NAMESPACE: &str = "__dict__";

/// The captured variables that functions within the owner's set.
pub(crate) fn set_within(program: &Program) -> FxHashSet<(FuncId, CellId)> {
    let mut out = FxHashSet::default();
    for (f, info) in program.functions.iter_enumerated() {
        for inst in &program.function(f).insts {
            if let Op::StoreCell(cell, _) = inst.op {
                let owner = program.func_id(info.module, cell.owner);
                if owner != f {
                    out.insert((owner, cell.cell));
                }
            }
        }
    }
    out
}

impl<'a> Engine<'a> {
    /// Whether an attribute of this name is the mapping of all attributes.
    pub(crate) fn is_namespace(&self, name: Symbol) -> bool {
        self.program().strings.resolve(name) == NAMESPACE
    }

    /// The mapping of the attributes of an object.
    pub(crate) fn load_attributes(&mut self, fun: &mut Fun<'a>, value: Value, base: Value, at: Location) {
        for mut entry in self.read(fun, base, at) {
            let mut elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(entry.path));
            if let Some(Elem::Field(name)) = elems.first().copied() {
                elems[0] = Elem::Key(name);
            }
            entry.path = self.labels.path(&elems);
            fun.add(value, entry);
        }
        for class in self.own_classes(fun, base) {
            let mut names: Vec<Symbol> = self.res.hierarchy.set_on_self(class).collect();
            names.dedup();
            for name in names {
                let cell = Cell::Attribute(self.res.hierarchy.owner(class, name), name);
                for mut entry in self.load(fun, cell).entries {
                    entry.path = self.labels.prepend(Elem::Key(name), entry.path).0;
                    if fun.wants(value, entry.path, entry.origin, entry.kinds) {
                        fun.has_source = true;
                        entry.hop = self.hop(entry.hop, fun, value, HopKind::Loaded(cell));
                        fun.add(value, entry);
                    }
                }
            }
        }
    }

    /// The mapping of an object's attributes got these entries.
    pub(crate) fn change_attributes(
        &mut self,
        fun: &mut Fun<'a>,
        object: Value,
        added: &[Entry],
        at: Value,
        depth: u32,
    ) {
        for entry in added {
            let elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(entry.path));
            if let [Elem::Key(name) | Elem::Field(name), rest @ ..] = &elems[..] {
                let part = Entry { path: self.labels.path(rest), ..*entry };
                self.change(fun, object, Elem::Field(*name), &[part], at, depth + 1);
                for cell in self.attribute_cells(fun.id, object, *name) {
                    self.leave_into(fun, cell, part, at);
                }
            } else {
                self.set_some(fun, object, *entry, at);
            }
        }
    }

    /// Some attributes of an object are those of a mapping that an entry is of.
    pub(crate) fn set_some(&mut self, fun: &mut Fun<'a>, object: Value, entry: Entry, at: Value) {
        for class in self.own_classes(fun, object) {
            self.leave_into(fun, Cell::Attributes(class), entry, at);
        }
    }

    /// A mapping that has data as some entry; where the data is any option that was passed by name, the mapping of those.
    pub(crate) fn of_mapping(&mut self, fun: &Fun<'a>, entry: Entry) -> Entry {
        if let Origin::Param(index, path) = self.labels.origin_of(entry.origin)
            && fun.function.params.get(index as usize).is_some_and(|p| p.kind == ParamKind::KeywordRest)
            && self.labels.elems(path) == [Elem::Element]
        {
            let origin = self.labels.origin(Origin::Param(index, PathId::new(Labels::ROOT)));
            return Entry { origin, ..entry };
        }
        Entry { path: self.labels.prepend(Elem::Element, entry.path).0, ..entry }
    }

    /// What is passed as a mapping of options, each part below the name that it is passed by.
    pub(crate) fn options_by_name(
        &mut self,
        fun: &Fun<'a>,
        call: Value,
        target: Target,
        parameter: u32,
        at: Location,
    ) -> Vec<(Entry, SmallVec<[Elem; 4]>)> {
        let Op::Call { args, .. } = fun.function.op(call) else { return Vec::new() };
        let mut out = Vec::new();
        for (value, part) in self.parts(fun, call, target, parameter, &[]) {
            let name = args.iter().find_map(|arg| match arg.kind {
                ArgKind::Keyword(name) if arg.value == value => Some(name),
                _ => None,
            });
            let options = self.program().function(target.function).params.get(parameter as usize);
            let name = name.filter(|_| options.is_some_and(|p| p.kind == ParamKind::KeywordRest));
            for (entry, rest) in self.select(fun, value, &part, at) {
                out.push((entry, name.map(Elem::Key).into_iter().chain(rest).collect()));
            }
        }
        out
    }

    /// What was set under a computed name may be an attribute that nothing else sets.
    pub(crate) fn load_unnamed(&mut self, fun: &mut Fun<'a>, value: Value, base: Value, name: Symbol) {
        for class in self.own_classes(fun, base) {
            let hierarchy = &self.res.hierarchy;
            if hierarchy.sets_on_instance(class, name) || hierarchy.method(class, name).is_some() {
                continue;
            }
            for holder in hierarchy.order(class).to_vec() {
                if !self.sets_some.contains(&holder) {
                    continue;
                }
                let cell = Cell::Attributes(holder);
                for mut entry in self.load(fun, cell).entries {
                    let elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(entry.path));
                    let rest = match &elems[..] {
                        [] => &[],
                        [Elem::Key(key) | Elem::Field(key), rest @ ..] if *key == name => rest,
                        [Elem::Element, rest @ ..] => rest,
                        _ => continue,
                    };
                    entry.path = self.labels.path(rest);
                    if fun.wants(value, entry.path, entry.origin, entry.kinds) {
                        fun.has_source = true;
                        entry.hop = self.hop(entry.hop, fun, value, HopKind::Loaded(cell));
                        fun.add(value, entry);
                    }
                }
            }
        }
    }

    /// The classes of the program that an object may be an instance of.
    fn own_classes(&self, fun: &Fun<'a>, object: Value) -> SmallVec<[ClsId; 2]> {
        let mut out: SmallVec<[ClsId; 2]> = SmallVec::new();
        for object in self.res.objects(fun.id, object) {
            if let Object::SelfOf(class) | Object::Instance(class) = object
                && !out.contains(&class)
            {
                out.push(class);
            }
        }
        out
    }
}

/// The classes on whose instances attributes are set whose names the code need not show.
pub(crate) fn sets_some(program: &Program) -> FxHashSet<ClsId> {
    let mut out = FxHashSet::default();
    for (f, info) in program.functions.iter_enumerated() {
        let Some(class) = info.class else { continue };
        let sets = program.function(f).insts.iter().any(|inst| match inst.op {
            Op::Global(name) => program.strings.resolve(name) == "setattr",
            Op::Attr(_, name) => program.strings.resolve(name) == NAMESPACE,
            _ => false,
        });
        if sets {
            out.insert(class);
        }
    }
    out
}
