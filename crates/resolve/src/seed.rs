//! What instructions define by themselves, whatever reaches them: literals, imports, definitions, parameters.

use crate::FuncId;
use crate::object::{ContainerKind, Object};
use crate::solver::{EdgeKind, Extra, Filler, Node, Slot, Solver};
use assay_index::Idx;
use assay_ir::{Collection, Const, Op, Value};

impl Solver<'_> {
    /// The instructions that define something by themselves.
    pub(crate) fn seed(&mut self, f: FuncId) {
        let count = self.program.function(f).insts.len();
        for i in 0..count {
            let value = Value::new(i);
            let node = self.node(f, value);
            let module = self.program.functions[f].module;
            match self.program.function(f).op(value) {
                Op::Const(Const::Str(_)) | Op::Format(_) => self.add_builtin(node, "builtins.str"),
                Op::Const(Const::Bytes(_)) => self.add_builtin(node, "builtins.bytes"),
                Op::Const(Const::Int(_) | Const::BigInt(_)) => self.add_builtin(node, "builtins.int"),
                Op::Collection(kind, elements) => {
                    let kind = match kind {
                        Collection::List => ContainerKind::List,
                        Collection::Tuple => ContainerKind::Tuple,
                        Collection::Set => ContainerKind::Set,
                        Collection::Generator => ContainerKind::Generator,
                    };
                    let elements = elements.clone();
                    self.add(node, Object::Container(kind, node.raw()));
                    let indexed = elements.len() <= 8 && !elements.iter().any(|e| e.spread);
                    for (i, element) in elements.iter().enumerate() {
                        if element.spread {
                            continue;
                        }
                        let slot = if indexed && kind != ContainerKind::Set { Slot::at(i) } else { Slot::Element };
                        let from = self.node(f, element.value);
                        let slot = self.extra(Extra::Slot(node.raw(), slot));
                        self.edge(from, slot, EdgeKind::Copy);
                    }
                }
                Op::Dict(entries) => {
                    let entries = entries.clone();
                    self.add(node, Object::Container(ContainerKind::Dict, node.raw()));
                    for (key, value) in entries {
                        let Some(key) = key else { continue };
                        let slot = self.slot_of(f, key);
                        let from = self.node(f, value);
                        let slot = self.extra(Extra::Slot(node.raw(), slot));
                        self.edge(from, slot, EdgeKind::Copy);
                    }
                }
                Op::Global(name) => {
                    let name = *name;
                    self.read_global(module, name, node);
                }
                Op::LoadCell(cell) => {
                    let owner = self.program.func_id(module, cell.owner);
                    let from = self.extra(Extra::Cell(owner, cell.cell));
                    self.edge(from, node, EdgeKind::Copy);
                }
                Op::StoreCell(cell, value) => {
                    let (owner, value) = (self.program.func_id(module, cell.owner), *value);
                    let to = self.extra(Extra::Cell(owner, cell.cell));
                    let from = self.node(f, value);
                    self.edge(from, to, EdgeKind::Copy);
                }
                Op::StoreGlobal(name, Some(value)) => {
                    let (name, value) = (*name, *value);
                    let to = self.extra(Extra::Global(module, name));
                    let from = self.node(f, value);
                    self.edge(from, to, EdgeKind::Copy);
                }
                Op::StoreName(name, value) => {
                    let (name, value) = (*name, *value);
                    if let assay_ir::FunctionKind::ClassBody(class) = self.program.function(f).kind {
                        let class = self.program.cls_id(module, class);
                        let to = self.extra(Extra::Attribute(class, name));
                        let from = self.node(f, value);
                        self.edge(from, to, EdgeKind::Copy);
                    }
                }
                Op::Import { module: name, leaf } => {
                    let (name, leaf) = (*name, *leaf);
                    let object = self.import(module, name, leaf);
                    self.add(node, object);
                }
                Op::ImportFrom { module: name, level, name: member } => {
                    let (name, level, member) = (*name, *level, *member);
                    self.import_from(module, name, level, member, node);
                }
                Op::MakeFunction { function, returns, annotations, defaults } => {
                    let id = self.program.func_id(module, *function);
                    let (annotations, defaults, returns) = (annotations.clone(), defaults.clone(), *returns);
                    self.add(node, Object::Function(id));
                    for (param, value) in defaults {
                        if let Some(to) = self.parameter(id, param) {
                            let from = self.node(f, value);
                            self.edge(from, to, EdgeKind::Copy);
                        }
                        self.learn_filler(f, value, id, param);
                    }
                    for (param, value) in annotations {
                        let (from, declared) = self.program.type_alias(f, value).unwrap_or((f, value));
                        let function = self.program.function(from);
                        if let Op::Item(_, parts) = function.op(declared)
                            && let Op::Collection(_, parts) = function.op(*parts)
                        {
                            for part in parts.clone() {
                                self.learn_filler(from, part.value, id, param);
                            }
                        }
                        if let Some(to) = self.parameter(id, param) {
                            self.annotate(f, value, to, 0);
                        }
                    }
                    if let Some(value) = returns
                        && !self.program.function(id).is_generator
                    {
                        let to = self.extra(Extra::Return(id));
                        self.annotate(f, value, to, 0);
                    }
                }
                Op::Annotated { annotation, .. } => {
                    let annotation = *annotation;
                    self.annotate(f, annotation, node, 0);
                }
                // A decorator leaves a class what it is, whatever it turns out to be: bases are asked for before most
                // decorators are known.
                Op::Call { .. } if self.decorates_class(f, value) => self.pass_definition(f, value),
                Op::MakeClass { class, .. } => {
                    let class = self.program.cls_id(module, *class);
                    self.add(node, Object::Class(class));
                }
                Op::Caught(types) => {
                    for kind in types.clone() {
                        let from = self.node(f, kind);
                        self.edge(from, node, EdgeKind::Annotation);
                    }
                }
                _ => {}
            }
        }
        if self.program.module_of(f).template {
            self.seed_template(f);
        }
        let info = self.program.function(f);
        if info.is_callable() {
            self.seed_returns(f);
        }
    }

    fn add_builtin(&mut self, node: Node, name: &'static str) {
        if let Some(id) = self.builtin_instance(name) {
            self.add_id(node, id);
        }
    }

    /// Edges from what a function returns and yields to its result.
    fn seed_returns(&mut self, f: FuncId) {
        let function = self.program.function(f);
        let returned: Vec<Value> = function
            .blocks
            .iter()
            .filter_map(|b| match b.terminator {
                assay_ir::Terminator::Return(v) => Some(v),
                _ => None,
            })
            .collect();
        let yielded: Vec<Value> =
            function.insts.iter().filter_map(|i| if let Op::Yield(v) = i.op { Some(v) } else { None }).collect();
        let ret = self.extra(Extra::Return(f));
        if self.program.function(f).is_generator {
            self.add(ret, Object::Container(ContainerKind::Generator, ret.raw()));
            let slot = self.extra(Extra::Slot(ret.raw(), Slot::Element));
            for value in yielded {
                let from = self.node(f, value);
                self.edge(from, slot, EdgeKind::Copy);
            }
        } else {
            for value in returned {
                let from = self.node(f, value);
                self.edge(from, ret, EdgeKind::Copy);
            }
        }
    }

    /// The node of a parameter's value.
    pub(crate) fn parameter(&self, f: FuncId, index: u32) -> Option<Node> {
        let function = self.program.function(f);
        let entry = function.blocks.as_slice().first()?;
        entry
            .insts
            .iter()
            .take(function.params.len() * 2 + 8)
            .find(|v| matches!(function.op(**v), Op::Param(i) if *i == index))
            .map(|v| self.node(f, *v))
    }

    /// `self` and `cls`, and the values of variadic parameters.
    pub(crate) fn seed_receiver(&mut self, f: FuncId) {
        let function = self.program.function(f);
        let params: Vec<(u32, assay_ir::ParamKind)> =
            function.params.iter().enumerate().map(|(i, p)| (i as u32, p.kind)).collect();
        let name = function.name;
        for (index, kind) in params {
            let Some(node) = self.parameter(f, index) else { continue };
            match kind {
                assay_ir::ParamKind::Rest => self.add(node, Object::Container(ContainerKind::Tuple, node.raw())),
                assay_ir::ParamKind::KeywordRest => self.add(node, Object::Container(ContainerKind::Dict, node.raw())),
                _ => {}
            }
        }
        let Some(class) = self.program.functions[f].class else { return };
        let Some(node) = self.parameter(f, 0) else { return };
        let attribute = self.known_extra(Extra::Attribute(class, name));
        let held = attribute.map(|n| self.objects_of(n)).unwrap_or_default();
        if held.contains(&Object::Static(f)) {
            return;
        }
        if held.contains(&Object::ClassMethod(f)) || name == self.names.new {
            self.add(node, Object::SelfClass(class));
        } else {
            self.add(node, Object::SelfOf(class));
        }
    }

    /// A call stands where a parameter's default, or what its annotation says beside the type, is declared.
    fn learn_filler(&mut self, f: FuncId, value: Value, of: FuncId, parameter: u32) {
        if let Op::Call { func, args } = self.program.function(f).op(value) {
            let filler = Filler { maker: self.node(f, *func), bare: args.is_empty() };
            self.fillers.insert((of, parameter), filler);
        }
    }
}
