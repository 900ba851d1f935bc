//! What a library's function passes on unchanged, by its models.

use crate::object::{ContainerKind, Object};
use crate::solver::{EdgeKind, Extra, Node, Slot, Solver};
use crate::{ApiId, ApiStep, FuncId};
use assay_ir::{Arg, ArgKind, Op, Value};
use assay_models::{ArgumentSpec, FlowKind, NodeId, PathStep, Port, PortRoot};
use assay_text::limits;
use smallvec::SmallVec;

type Nodes = SmallVec<[Node; 4]>;

impl Solver<'_> {
    /// Edges for the values that a library's function passes on. `container` is the one whose method is called.
    pub(crate) fn flow_values(&mut self, f: FuncId, call: Value, api: ApiId, container: Option<u32>) {
        let models = self.models;
        let nodes: SmallVec<[NodeId; 2]> = self.apis.nodes(api).into();
        for node in nodes {
            for flow in models.facts(node).flows.iter().filter(|flow| flow.kind == FlowKind::Value) {
                let inputs = self.inputs(f, call, api, &flow.input, container);
                if inputs.is_empty() {
                    continue;
                }
                for to in self.outputs(f, call, api, &flow.output, container) {
                    for &from in &inputs {
                        self.edge(from, to, EdgeKind::Copy);
                    }
                }
            }
        }
        if self.takes_mappings(api) {
            self.named_entries(f, call, api, container);
        }
    }

    /// `dict(name=value)` and `options.update(name=value)`: the value stands under its name.
    fn named_entries(&mut self, f: FuncId, call: Value, api: ApiId, container: Option<u32>) {
        let (_, args) = self.call_parts(f, call);
        let result = self.node(f, call);
        for arg in args {
            let ArgKind::Keyword(name) = arg.kind else { continue };
            if container.is_none() {
                let kind = self.made_by(api);
                self.add(result, Object::Container(kind, result.raw()));
            }
            let from = self.node(f, arg.value);
            let to = self.extra(Extra::Slot(container.unwrap_or(result.raw()), Slot::Key(name)));
            self.edge(from, to, EdgeKind::Copy);
        }
    }

    /// The values at a port of a call, before its path is followed.
    fn port_roots(&self, f: FuncId, call: Value, root: &PortRoot) -> Nodes {
        let Op::Call { func, args } = self.program.function(f).op(call) else { return Nodes::new() };
        match root {
            PortRoot::Argument(spec) => {
                matching_arguments(spec, args, &self.program.strings).into_iter().map(|v| self.node(f, v)).collect()
            }
            PortRoot::Receiver => match self.program.function(f).op(*func) {
                Op::Attr(base, _) => [self.node(f, *base)].into_iter().collect(),
                _ => Nodes::new(),
            },
            PortRoot::ReturnValue => [self.node(f, call)].into_iter().collect(),
        }
    }

    /// The nodes that hold what comes in at a port.
    fn inputs(&mut self, f: FuncId, call: Value, api: ApiId, port: &Port, container: Option<u32>) -> Nodes {
        let mappings = self.takes_mappings(api);
        let mut path = port.path.as_slice();
        let nodes = match (&port.root, container, path) {
            (PortRoot::Receiver, Some(at), [PathStep::Element, rest @ ..]) => {
                path = rest;
                [self.extra(Extra::Slot(at, Slot::Any))].into_iter().collect()
            }
            _ => self.port_roots(f, call, &port.root),
        };
        self.at_path(nodes, path, mappings)
    }

    /// What a framework passes to a method of a class that is derived from one of its own: parts of the instance itself.
    /// `Argument[self].Member[form_class].ReturnValue` goes to the parameter of `form_valid`. Whether anything was new.
    pub(crate) fn flow_to_parameters(&mut self, f: FuncId, node: NodeId) -> bool {
        let models = self.models;
        let mut changed = false;
        for flow in models.facts(node).flows.iter().filter(|flow| flow.kind == FlowKind::Value) {
            let (PortRoot::Receiver, PortRoot::Argument(spec)) = (&flow.input.root, &flow.output.root) else {
                continue;
            };
            let Some(receiver) = self.parameter(f, 0) else { continue };
            let inputs = self.at_path([receiver].into_iter().collect(), &flow.input.path, false);
            let taken = usize::from(self.program.functions[f].class.is_some()) as u32;
            for to in self.parameters(f, taken, spec) {
                for &from in &inputs {
                    changed |= self.set(from).iter().any(|object| !self.set(to).contains(object));
                    self.edge(from, to, EdgeKind::Copy);
                }
            }
        }
        changed
    }

    /// The nodes at the end of a path that begins at some nodes.
    fn at_path(&mut self, mut nodes: Nodes, path: &[PathStep], mappings: bool) -> Nodes {
        for step in path {
            let mut next = Nodes::new();
            for node in nodes {
                for object in self.objects_of(node) {
                    match (step, object) {
                        // Whoever goes through a dict gets its keys, unless it copies the whole.
                        (PathStep::Element, Object::Container(kind, at)) if mappings || kind != ContainerKind::Dict => {
                            next.push(self.extra(Extra::Slot(at, Slot::Any)));
                        }
                        (PathStep::Index(index), Object::Container(_, at)) => {
                            next.push(self.extra(Extra::Slot(at, Slot::Element)));
                            if let Ok(index) = usize::try_from(*index) {
                                next.push(self.extra(Extra::Slot(at, Slot::at(index))));
                            }
                        }
                        (PathStep::ReturnValue, Object::Function(g) | Object::Static(g) | Object::Bound(g)) => {
                            next.push(self.extra(Extra::Return(g)));
                        }
                        (
                            PathStep::Member(name),
                            Object::Instance(_) | Object::SelfOf(_) | Object::Class(_) | Object::SelfClass(_),
                        ) => {
                            let Some(name) = self.program.strings.lookup(name) else { continue };
                            let part = self.extra(Extra::Part(object, name));
                            self.attribute(object, name, part);
                            next.push(part);
                        }
                        // A class that is called without arguments: the factory of a `defaultdict`.
                        (PathStep::ReturnValue, Object::Class(class) | Object::SelfClass(class)) => {
                            let made = self.extra(Extra::Made(object));
                            self.add(made, Object::Instance(class));
                            next.push(made);
                        }
                        (PathStep::ReturnValue, Object::Api(class)) => {
                            let returned = self.apis.child(class, ApiStep::Return, &self.program.strings);
                            if !self.apis.is_guess(returned) {
                                let made = self.extra(Extra::Made(object));
                                self.add(made, Object::Api(returned));
                                next.push(made);
                            }
                        }
                        _ => {}
                    }
                }
            }
            next.truncate(limits::MAX_PORT_NODES);
            nodes = next;
        }
        nodes
    }

    /// The nodes that take in what goes out at a port. Containers that the call makes are made on the way.
    fn outputs(&mut self, f: FuncId, call: Value, api: ApiId, port: &Port, container: Option<u32>) -> Nodes {
        let mut path = port.path.as_slice();
        let made = port.root == PortRoot::ReturnValue;
        let mut nodes = match (&port.root, container, path) {
            (PortRoot::Receiver, Some(at), [PathStep::Element, rest @ ..]) => {
                path = rest;
                [self.extra(Extra::Slot(at, Slot::Element))].into_iter().collect()
            }
            _ => self.port_roots(f, call, &port.root),
        };
        for (depth, step) in path.iter().enumerate() {
            let slot = match step {
                PathStep::Element => Some(Slot::Element),
                PathStep::Index(index) => Some(usize::try_from(*index).map_or(Slot::Element, Slot::at)),
                _ => None,
            };
            let mut next = Nodes::new();
            for node in nodes {
                if let (true, Some(slot)) = (made, slot) {
                    let kind = if matches!(step, PathStep::Index(_)) {
                        ContainerKind::Tuple
                    } else if depth == 0 {
                        self.made_by(api)
                    } else {
                        ContainerKind::List
                    };
                    self.add(node, Object::Container(kind, node.raw()));
                    next.push(self.extra(Extra::Slot(node.raw(), slot)));
                    continue;
                }
                for object in self.objects_of(node) {
                    match (step, object, slot) {
                        (_, Object::Container(_, at), Some(slot)) => next.push(self.extra(Extra::Slot(at, slot))),
                        (PathStep::Parameter(spec), Object::Function(g) | Object::Static(g), _) => {
                            next.extend(self.parameters(g, 0, spec));
                        }
                        (PathStep::Parameter(spec), Object::Bound(g), _) => next.extend(self.parameters(g, 1, spec)),
                        _ => {}
                    }
                }
            }
            next.truncate(limits::MAX_PORT_NODES);
            nodes = next;
        }
        nodes
    }

    /// Whether a library's function takes over a mapping's values with its keys.
    fn takes_mappings(&self, api: ApiId) -> bool {
        let crate::ApiStep::Member(name) = self.apis.step(api) else { return false };
        let dict_method = || {
            let parent = self.apis.parent(api).map(|p| self.apis.name(p, &self.program.strings));
            parent.as_deref() == Some(ContainerKind::Dict.type_name())
        };
        match self.program.strings.resolve(name) {
            "dict" => true,
            "update" => dict_method(),
            _ => false,
        }
    }

    /// The type of the container that a library's function makes.
    fn made_by(&self, api: ApiId) -> ContainerKind {
        let crate::ApiStep::Member(name) = self.apis.step(api) else { return ContainerKind::List };
        match self.program.strings.resolve(name) {
            "dict" | "fromkeys" | "defaultdict" | "OrderedDict" | "UserDict" | "Counter" => ContainerKind::Dict,
            "set" | "frozenset" => ContainerKind::Set,
            "tuple" => ContainerKind::Tuple,
            _ => ContainerKind::List,
        }
    }

    /// The parameters of a function that a specification selects, when `taken` are bound already.
    fn parameters(&self, g: FuncId, taken: u32, spec: &ArgumentSpec) -> Nodes {
        let count = self.program.function(g).positional_count() as u32;
        let selected = (taken..count).filter(|i| spec.matches_position(i - taken));
        selected.filter_map(|i| self.parameter(g, i)).collect()
    }
}

/// The arguments that a specification selects.
pub(crate) fn matching_arguments(spec: &ArgumentSpec, args: &[Arg], strings: &assay_index::Interner) -> Vec<Value> {
    let mut out = Vec::new();
    let mut position = 0;
    for arg in args {
        let selected = match arg.kind {
            ArgKind::Positional => {
                position += 1;
                spec.matches_position(position - 1)
            }
            ArgKind::Keyword(name) => spec.matches_name(strings.resolve(name)),
            ArgKind::Spread => spec.matches_position(position) || spec.any,
            ArgKind::KeywordSpread => spec.any || spec.any_named,
        };
        if selected {
            out.push(arg.value);
        }
    }
    out
}
