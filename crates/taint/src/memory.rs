//! Loads and stores: the parts of values, attributes and items of objects, and the cells behind them.

use crate::OriginId;
use crate::driver::Engine;
use crate::function::{Fun, Out, SummaryFlow};
use crate::label::{Elem, Entry, Flags, Origin, Tree};
use crate::mappings::key_elem;
use crate::trace::{Cell, HopKind};
use assay_dataflow::Location;
use assay_index::{Idx, Symbol};
use assay_ir::{Op, Value};
use assay_models::{KindSet, Store};
use assay_resolve::{ApiId, FuncId, ModuleId, Object};
use smallvec::SmallVec;

/// Loads that a change of an object is followed back through.
const MAX_BACK: u32 = 4;

impl<'a> Engine<'a> {
    /// `to` is the part `elem` of `base`.
    pub(crate) fn step_into(&mut self, fun: &mut Fun<'a>, to: Value, base: Value, elem: Elem, at: Location) {
        let selected = self.select(fun, base, &[elem], at);
        if selected.is_empty() {
            return;
        }
        let unnamed = if elem == Elem::Element { self.named_secrets(fun, base) } else { SmallVec::new() };
        // A part of a library's object may be harmless whatever the object was made from.
        let nodes = self.res.step_nodes(fun.id, to);
        let taken = nodes.iter().fold(KindSet::EMPTY, |taken, n| taken.union(self.models.facts(*n).barriers));
        for (mut entry, rest) in selected {
            if unnamed.contains(&entry.origin) {
                continue;
            }
            entry.path = self.labels.path(&rest);
            entry.kinds = entry.kinds.minus(taken);
            fun.add(to, entry);
        }
    }

    /// Where the secrets come from that stand under known names in an object. Of entries under many names a few are secrets: one whose name
    /// is not known is taken for one of the others.
    pub(crate) fn named_secrets(&self, fun: &Fun<'a>, object: Value) -> SmallVec<[OriginId; 2]> {
        let named = |e: &&Entry| matches!(self.labels.elems(e.path).first(), Some(Elem::Key(_))) && self.is_secret(e);
        fun.tree(object).entries.iter().filter(named).map(|e| e.origin).collect()
    }

    /// Makes `entries` the part `elem` of `of`.
    pub(crate) fn put(&mut self, fun: &mut Fun<'a>, of: Value, elem: Elem, entries: &[Entry], at: Value) {
        for entry in entries {
            let (path, cut) = self.labels.prepend(elem, entry.path);
            let mut entry = *entry;
            if !fun.wants(of, path, entry.origin, entry.kinds) {
                continue;
            }
            entry.path = path;
            if cut {
                entry.flags = entry.flags.with(Flags::WEAKENED);
            }
            entry.hop = self.hop(entry.hop, fun, at, HopKind::Assigned);
            fun.add(of, entry);
        }
    }

    /// An object is changed: its part `elem` now has `entries`. What it was loaded from changes too.
    pub(crate) fn change(
        &mut self,
        fun: &mut Fun<'a>,
        object: Value,
        elem: Elem,
        entries: &[Entry],
        at: Value,
        depth: u32,
    ) {
        if entries.is_empty() {
            return;
        }
        let before = fun.tree(object).entries.len();
        self.put(fun, object, elem, entries, at);
        let added: SmallVec<[Entry; 4]> = fun.tree(object).entries[before..].iter().copied().collect();
        self.change_root(fun, object, &added, at, depth);
    }

    /// The object got these entries; follows the loads that gave it.
    pub(crate) fn change_root(&mut self, fun: &mut Fun<'a>, object: Value, added: &[Entry], at: Value, depth: u32) {
        if depth >= MAX_BACK || added.is_empty() {
            return;
        }
        self.put_into_store(fun, object, added, at);
        let function = fun.function;
        match function.op(object) {
            Op::Param(index) => {
                // What is set on an object of the program's own classes goes by way of the classes' cells.
                if self.res.objects(fun.id, object).any(|o| {
                    matches!(o, Object::SelfOf(_) | Object::Instance(_) | Object::Class(_) | Object::SelfClass(_))
                }) {
                    return;
                }
                for entry in added {
                    fun.leave(SummaryFlow {
                        origin: entry.origin,
                        out: Out::Param(*index, entry.path),
                        kinds: entry.kinds,
                        flags: entry.flags,
                        hop: entry.hop,
                    });
                }
            }
            Op::Phi(inputs) => {
                for (_, input) in inputs {
                    for entry in added {
                        fun.add(*input, *entry);
                    }
                    if input.index() != object.index() {
                        self.change_root(fun, *input, added, at, depth + 1);
                    }
                }
            }
            Op::Attr(base, name) if self.is_namespace(*name) => self.change_attributes(fun, *base, added, at, depth),
            Op::Call { .. } => self.change_behind_call(fun, object, added, at, depth),
            Op::Attr(base, name) => {
                let (base, name) = (*base, *name);
                self.change(fun, base, Elem::Field(name), added, at, depth + 1);
                for cell in self.attribute_cells(fun.id, base, name) {
                    for entry in added {
                        self.leave_into(fun, cell, *entry, at);
                    }
                }
            }
            Op::Item(base, key) => {
                let (base, elem) = (*base, key_elem(fun.function, *key));
                self.change(fun, base, elem, added, at, depth + 1);
            }
            Op::Annotated { value: Some(inner), .. } => {
                let inner = *inner;
                for entry in added {
                    fun.add(inner, *entry);
                }
                self.change_root(fun, inner, added, at, depth + 1);
            }
            Op::Global(name) => {
                let module = self.program().functions[fun.id].module;
                for entry in added {
                    self.leave_into(fun, Cell::Global(module, *name), *entry, at);
                }
            }
            Op::LoadCell(cell) => {
                let module = self.program().functions[fun.id].module;
                let owner = self.program().func_id(module, cell.owner);
                for entry in added {
                    if owner == fun.id
                        && fun.cells.entry(cell.cell).or_default().add(*entry) == crate::label::Added::Changed
                    {
                        fun.again = true;
                    }
                    self.leave_into(fun, Cell::Captured(owner, cell.cell), *entry, at);
                }
            }
            _ => {}
        }
    }

    /// What goes into an object that is kept with clients is found by later requests.
    fn put_into_store(&mut self, fun: &mut Fun<'a>, object: Value, added: &[Entry], at: Value) {
        let mut stores: SmallVec<[Store; 1]> = SmallVec::new();
        for api in self.res.apis_of(fun.id, object) {
            stores.extend(self.res.apis.nodes(api).iter().filter_map(|n| self.models.facts(*n).store));
        }
        for store in stores {
            self.keep_in_store(fun, store, added, at);
        }
    }

    /// Data is kept with clients. Secrets are none of theirs; what stands under a name that is not known is not found by a known one.
    pub(crate) fn keep_in_store(&mut self, fun: &mut Fun<'a>, store: Store, entries: &[Entry], at: Value) {
        for entry in entries {
            let unnamed = self.labels.elems(entry.path).first() == Some(&Elem::Element);
            if !unnamed && !self.is_secret(entry) {
                self.leave_into(fun, Cell::Store(store), *entry, at);
            }
        }
    }

    /// Data goes into a cell: at once when it is concrete, by the summary when it is a parameter's.
    pub(crate) fn leave_into(&mut self, fun: &mut Fun<'a>, cell: Cell, mut entry: Entry, at: Value) {
        match self.labels.origin_of(entry.origin) {
            Origin::Source(_) => {
                if self.cell_wants(cell, &entry) {
                    entry.hop = self.hop(entry.hop, fun, at, HopKind::Stored(cell));
                    self.store(cell, entry);
                }
            }
            Origin::Param(..) => {
                let out = Out::Cell(cell, entry.path);
                if fun.leaves(entry.origin, out, entry.kinds) {
                    return;
                }
                entry.hop = self.hop(entry.hop, fun, at, HopKind::Stored(cell));
                fun.leave(SummaryFlow {
                    origin: entry.origin,
                    out: Out::Cell(cell, entry.path),
                    kinds: entry.kinds,
                    flags: entry.flags,
                    hop: entry.hop,
                });
            }
            Origin::Captured(..) => {}
        }
    }

    pub(crate) fn store_cell(&mut self, fun: &mut Fun<'a>, at_value: Value, cell: Cell, stored: Value, at: Location) {
        for entry in self.read(fun, stored, at) {
            self.leave_into(fun, cell, entry, at_value);
        }
    }

    pub(crate) fn load_cell(&mut self, fun: &mut Fun<'a>, value: Value, cell: Cell) {
        let tree: Tree = self.load(fun, cell);
        fun.has_source |= !tree.is_empty();
        for mut entry in tree.entries {
            if !fun.wants(value, entry.path, entry.origin, entry.kinds) {
                continue;
            }
            entry.hop = self.hop(entry.hop, fun, value, HopKind::Loaded(cell));
            fun.add(value, entry);
        }
    }

    /// The module that an import names, when it is the program's.
    pub(crate) fn imported(&self, own: ModuleId, name: Symbol, level: u32) -> Option<ModuleId> {
        let program = self.program();
        let name = if level == 0 { name } else { program.strings.lookup(&program.absolute_name(own, name, level))? };
        program.imported(own, name)
    }

    /// The cells behind an attribute of what `base` may be.
    pub(crate) fn attribute_cells(&self, f: FuncId, base: Value, name: Symbol) -> SmallVec<[Cell; 2]> {
        let mut out: SmallVec<[Cell; 2]> = SmallVec::new();
        for object in self.res.objects(f, base) {
            let cell = match object {
                Object::SelfOf(class) | Object::SelfClass(class) => {
                    for owner in self.res.hierarchy.owners(class, name) {
                        let cell = Cell::Attribute(owner, name);
                        if !out.contains(&cell) {
                            out.push(cell);
                        }
                    }
                    continue;
                }
                Object::Instance(class) | Object::Class(class) => {
                    Cell::Attribute(self.res.hierarchy.owner(class, name), name)
                }
                Object::Module(module) => Cell::Global(module, name),
                Object::Api(api) => {
                    for holder in self.res.added_holders(api, name) {
                        let cell = Cell::Added(holder, name);
                        if !out.contains(&cell) {
                            out.push(cell);
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            if !out.contains(&cell) {
                out.push(cell);
            }
        }
        out
    }

    pub(crate) fn load_attribute(&mut self, fun: &mut Fun<'a>, value: Value, base: Value, name: Symbol) {
        for cell in self.attribute_cells(fun.id, base, name) {
            self.load_cell(fun, value, cell);
        }
        self.load_unnamed(fun, value, base, name);
    }

    pub(crate) fn store_attribute(
        &mut self,
        fun: &mut Fun<'a>,
        at_value: Value,
        base: Value,
        name: Symbol,
        stored: Value,
        at: Location,
    ) {
        let entries = self.read(fun, stored, at);
        if entries.is_empty() {
            return;
        }
        self.change(fun, base, Elem::Field(name), &entries, at_value, 0);
        for cell in self.attribute_cells(fun.id, base, name) {
            for entry in &entries {
                self.leave_into(fun, cell, *entry, at_value);
            }
        }
    }

    /// `setattr(object, "name", data)`
    pub(crate) fn set_by_name(&mut self, fun: &mut Fun<'a>, call: Value, api: ApiId, at: Location) {
        let Op::Call { args, .. } = fun.function.op(call) else { return };
        let [object, name, stored] = &args[..] else { return };
        if fun.tree(stored.value).is_empty() || self.res.api_name(api) != "builtins.setattr" {
            return;
        }
        for elem in self.keys(fun, name.value) {
            if let Elem::Key(name) = elem {
                self.store_attribute(fun, call, object.value, name, stored.value, at);
            } else {
                for entry in self.read(fun, stored.value, at) {
                    let entry = self.of_mapping(fun, entry);
                    self.set_some(fun, object.value, entry, call);
                }
            }
        }
    }
}
