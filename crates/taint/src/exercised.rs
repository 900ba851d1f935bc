//! Which parts of the models a program exercises.
//!
//! A node is *reached* when a value, an argument, a function that is handed over, or a method of a derived class stands
//! at it. An analysis has no use for this: it is what the test asks that every row of a library has an example.

use crate::holds;
use crate::library::selected;
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{Arg, Const, FunctionKind, Op, Value};
use assay_models::{ModelRow, Models, Need, NodeId, PortRoot};
use assay_resolve::{ApiId, ApiStep, ClsId, FuncId, Object, Resolution};

/// How far values are followed into containers and functions that are passed on.
const MAX_DEPTH: u32 = 4;

/// A value where it stands, with the call that it is passed to.
type Passed = (FuncId, Value, Value);

/// What some functions of a program exercise.
pub struct Exercised<'r, 'm> {
    resolution: &'r Resolution<'m>,
    models: &'m Models,
    reached: FxHashSet<NodeId>,
    described: FxHashSet<NodeId>,
    passed: FxHashMap<NodeId, Vec<Passed>>,
    called: FxHashMap<NodeId, Vec<(FuncId, Value)>>,
    assigned: Vec<(FuncId, String, Value, Vec<NodeId>)>,
    names: FxHashSet<String>,
    /// What is set under a name: in a module, a class, a container.
    options: Vec<(FuncId, String, Value)>,
    /// Methods that are called on receivers of unknown type.
    unknown: Vec<(FuncId, Value, String)>,
}

impl<'r, 'm> Exercised<'r, 'm> {
    /// Visits these functions.
    pub fn by(resolution: &'r Resolution<'m>, functions: impl IntoIterator<Item = FuncId>) -> Self {
        let mut this = Self {
            resolution,
            models: resolution.models(),
            reached: FxHashSet::default(),
            described: FxHashSet::default(),
            passed: FxHashMap::default(),
            called: FxHashMap::default(),
            assigned: Vec::new(),
            names: FxHashSet::default(),
            options: Vec::new(),
            unknown: Vec::new(),
        };
        for f in functions {
            this.signature(f);
            for value in resolution.program.function(f).insts.ids() {
                this.value(f, value);
            }
        }
        this
    }

    /// A function that servers call by an agreement on its parameters.
    fn signature(&mut self, f: FuncId) {
        let program = &self.resolution.program;
        let method = program.functions[f].class.is_some();
        let given: Vec<&str> = program.function(f).params.iter().map(|p| program.strings.resolve(p.name)).collect();
        for signature in self.models.signatures() {
            if signature.bound(&given, method).is_some() {
                self.names.insert(signature.names());
                self.describe_function(f, signature.type_root);
                let Some(made) = self.models.returned(signature.type_root) else { continue };
                match program.functions[f].class {
                    Some(class) => self.describe_methods(class, made),
                    None => self.describe_results(f, made),
                }
            }
        }
    }

    /// Whether a row could make a difference in the functions.
    pub fn covers(&self, row: &ModelRow) -> bool {
        let holds = |f: FuncId, call: Value, own: Option<Value>, condition| {
            holds(self.resolution, f, call, self.arguments(f, call), own, condition)
        };
        let any = |test: &dyn Fn(&NodeId) -> bool| row.nodes.iter().any(test);
        match &row.need {
            Need::Reach => any(&|n| self.reached.contains(n)),
            Need::Describe => any(&|n| self.described.contains(n)),
            Need::ReachIf(condition) => any(&|n| {
                let mut calls = self.passed.get(n).into_iter().flatten();
                calls.any(|(f, call, value)| holds(*f, *call, Some(*value), condition))
            }),
            Need::Call(ports) => any(&|n| {
                let mut calls = self.called.get(n).into_iter().flatten();
                calls.any(|(f, call)| ports.iter().all(|port| self.has_port(*f, *call, port)))
                    // What is passed to a method of a derived class comes from the instance.
                    || (matches!(ports[..], [PortRoot::Receiver, PortRoot::Argument(_)]) && self.described.contains(n))
            }),
            Need::CallIf(argument, condition) => any(&|n| {
                let mut calls = self.called.get(n).into_iter().flatten();
                calls.any(|(f, call)| {
                    let args = self.arguments(*f, *call);
                    let strings = &self.resolution.program.strings;
                    let own = argument.as_ref().and_then(|spec| selected(spec, args, strings).first().map(|s| s.0));
                    holds(*f, *call, own, condition)
                })
            }),
            Need::Mark(attribute) => self.assigned.iter().any(|(f, name, value, _)| {
                name == attribute && holds(*f, *value, Some(*value), &assay_models::Condition::True)
            }),
            Need::Assign(attribute, condition) => self.assigned.iter().any(|(f, name, value, nodes)| {
                name == attribute && any(&|n| nodes.contains(n)) && holds(*f, *value, Some(*value), condition)
            }),
            Need::Method(method, condition) => {
                self.unknown.iter().any(|(f, call, name)| name == method && holds(*f, *call, None, condition))
            }
            Need::Name(name) => self.names.contains(name),
            Need::Option(name, condition) => {
                self.options.iter().any(|(f, set, value)| set == name && holds(*f, *value, Some(*value), condition))
            }
        }
    }

    fn arguments(&self, f: FuncId, call: Value) -> &'r [Arg] {
        match self.resolution.program.function(f).op(call) {
            Op::Call { args, .. } => args,
            _ => &[],
        }
    }

    fn has_port(&self, f: FuncId, call: Value, port: &PortRoot) -> bool {
        let function = self.resolution.program.function(f);
        match port {
            PortRoot::Argument(spec) => {
                !selected(spec, self.arguments(f, call), &self.resolution.program.strings).is_empty()
            }
            PortRoot::Receiver => match function.op(call) {
                Op::Call { func, .. } => matches!(function.op(*func), Op::Attr(..)),
                _ => false,
            },
            PortRoot::ReturnValue => true,
        }
    }

    fn value(&mut self, f: FuncId, value: Value) {
        let res = self.resolution;
        for api in res.apis_of(f, value) {
            self.names.insert(res.api_name(api).to_owned());
            self.reached.extend(res.apis.nodes(api));
        }
        let function = res.program.function(f);
        match function.op(value) {
            Op::Param(p) => self.reached.extend(res.parameter_facts(f, *p)),
            Op::Global(name) => {
                let builtins = self.models.module("builtins");
                let name = res.program.strings.resolve(*name);
                if self.models.injected(name).is_some() {
                    self.names.insert(name.to_owned());
                }
                self.reached.extend(builtins.and_then(|b| self.models.member(b, name)));
            }
            Op::Attr(base, name) => {
                self.step(f, *base, ApiStep::Member(*name));
                // What a class of the program has from a library's.
                for object in res.objects(f, *base) {
                    if let Object::Class(class)
                    | Object::SelfClass(class)
                    | Object::Instance(class)
                    | Object::SelfOf(class) = object
                    {
                        for api in res.hierarchy.external_bases(class) {
                            let step = ApiStep::Member(*name);
                            self.reached.extend(res.apis.child_nodes(*api, step, &res.program.strings));
                        }
                    }
                }
            }
            Op::Item(base, key) => {
                self.step(f, *base, self.item(f, *key));
                let Some(method) = res.program.strings.lookup("__getitem__") else { return };
                for node in self.step(f, *base, ApiStep::Member(method)) {
                    for (_, argument) in self.models.arguments(node).iter().filter(|(spec, _)| spec.matches_position(0))
                    {
                        self.pass(f, value, *key, &[*argument]);
                    }
                }
            }
            Op::Next(base) => {
                self.step(f, *base, ApiStep::Element);
            }
            Op::Unpack { base, index, .. } => {
                self.step(f, *base, ApiStep::Index(*index));
            }
            Op::Await(base) => {
                self.step(f, *base, ApiStep::Awaited);
            }
            Op::StoreAttr { base, name, value: stored } => {
                let mut nodes = self.step(f, *base, ApiStep::Member(*name));
                self.pass(f, value, *stored, &nodes);
                nodes.clear();
                for object in res.objects(f, *base) {
                    match object {
                        Object::Api(api) => nodes.extend(res.apis.nodes(api)),
                        Object::Instance(class) | Object::SelfOf(class) => nodes.extend(self.types_of(class)),
                        _ => {}
                    }
                }
                self.assigned.push((f, res.program.strings.resolve(*name).to_owned(), *stored, nodes));
            }
            Op::StoreGlobal(name, Some(stored)) | Op::StoreName(name, stored) => {
                self.options.push((f, res.program.strings.resolve(*name).to_owned(), *stored));
            }
            Op::StoreItem { base, key, value: stored } => {
                if let ApiStep::Key(name) = self.item(f, *key) {
                    self.options.push((f, res.program.strings.resolve(name).to_owned(), *stored));
                }
                let nodes = self.step(f, *base, self.item(f, *key));
                self.pass(f, value, *stored, &nodes);
            }
            Op::Call { func, .. } => {
                self.step(f, *func, ApiStep::Return);
                self.call(f, value, *func);
            }
            Op::MakeClass { .. } => {
                let classes: Vec<ClsId> = res
                    .objects(f, value)
                    .filter_map(|o| if let Object::Class(c) = o { Some(c) } else { None })
                    .collect();
                for class in classes {
                    self.class(class);
                }
            }
            _ => {}
        }
    }

    fn item(&self, f: FuncId, key: Value) -> ApiStep {
        match self.resolution.program.function(f).op(key) {
            Op::Const(Const::Str(text)) => ApiStep::Key(*text),
            Op::Const(Const::Int(i)) => i32::try_from(*i).map_or(ApiStep::Element, ApiStep::Index),
            _ => ApiStep::Element,
        }
    }

    /// The nodes that a step from a value leads to.
    fn step(&mut self, f: FuncId, base: Value, step: ApiStep) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        for api in self.callees(f, base) {
            nodes.extend(self.resolution.apis.child_nodes(api, step, &self.resolution.program.strings));
        }
        self.reached.extend(&nodes);
        nodes
    }

    fn callees(&self, f: FuncId, func: Value) -> Vec<ApiId> {
        let apis = self.resolution.objects(f, func).filter_map(|object| match object {
            Object::Api(api) | Object::ContainerMethod(_, api) => Some(api),
            _ => None,
        });
        apis.collect()
    }

    fn call(&mut self, f: FuncId, call: Value, func: Value) {
        let res = self.resolution;
        let function = res.program.function(f);
        let apis = res.call(f, call).map(|targets| targets.apis.clone()).unwrap_or_default();
        let nodes: Vec<NodeId> = apis.iter().flat_map(|api| res.apis.nodes(*api)).copied().collect();
        if let Op::Attr(_, name) = function.op(func)
            && nodes.is_empty()
        {
            self.unknown.push((f, call, res.program.strings.resolve(*name).to_owned()));
        }
        self.reached.extend(&nodes);
        for node in nodes {
            self.called.entry(node).or_default().push((f, call));
            for (spec, argument) in self.models.arguments(node) {
                let mut values: Vec<Value> =
                    selected(spec, self.arguments(f, call), &res.program.strings).iter().map(|s| s.0).collect();
                if spec.receiver
                    && let Op::Attr(base, _) = function.op(func)
                {
                    values.push(*base);
                }
                for value in values {
                    self.pass(f, call, value, &[*argument]);
                }
            }
        }
    }

    /// A value is passed, or stored, to where these nodes describe it.
    fn pass(&mut self, f: FuncId, call: Value, value: Value, nodes: &[NodeId]) {
        for &node in nodes {
            self.pass_parts(f, call, value, node, 0);
            self.describe_all(f, value, node);
        }
    }

    /// What a value may be, and what a literal collection holds.
    fn describe_all(&mut self, f: FuncId, value: Value, node: NodeId) {
        for object in self.resolution.objects(f, value) {
            self.describe(object, node);
        }
        let Some(element) = self.models.element(node) else { return };
        let parts: Vec<Value> = match self.resolution.program.function(f).op(value) {
            Op::Collection(_, elements) => elements.iter().map(|e| e.value).collect(),
            Op::Dict(entries) => entries.iter().map(|(_, v)| *v).collect(),
            _ => return,
        };
        for part in parts {
            self.describe_all(f, part, element);
        }
    }

    fn pass_parts(&mut self, f: FuncId, call: Value, value: Value, node: NodeId, depth: u32) {
        self.reached.insert(node);
        self.passed.entry(node).or_default().push((f, call, value));
        if depth < MAX_DEPTH {
            let (models, at) = (self.models, |i| self.models.index(node, i));
            for part in [models.element(node), at(0), at(1)].into_iter().flatten() {
                self.pass_parts(f, call, value, part, depth + 1);
            }
            for (key, part) in self.named_parts(f, value) {
                if let Some(element) = models.element(node) {
                    self.passed.entry(element).or_default().push((f, call, part));
                }
                if let ApiStep::Key(key) = self.item(f, key)
                    && let Some(node) = models.key(node, self.resolution.program.strings.resolve(key))
                {
                    self.pass_parts(f, call, part, node, depth + 1);
                }
            }
        }
    }

    /// What a literal mapping, or a list of pairs, holds under which keys.
    fn named_parts(&self, f: FuncId, value: Value) -> Vec<(Value, Value)> {
        let function = self.resolution.program.function(f);
        match function.op(value) {
            Op::Dict(entries) => entries.iter().filter_map(|(key, part)| Some(((*key)?, *part))).collect(),
            Op::Collection(_, pairs) => pairs
                .iter()
                .filter_map(|pair| match function.op(pair.value) {
                    Op::Collection(_, parts) => match &parts[..] {
                        [key, part] => Some((key.value, part.value)),
                        _ => None,
                    },
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// An object that the program hands to a library.
    fn describe(&mut self, object: Object, node: NodeId) {
        match object {
            Object::Function(g) | Object::Static(g) | Object::Bound(g) | Object::ClassMethod(g) => {
                self.describe_function(g, node);
            }
            Object::Class(class) | Object::Instance(class) | Object::SelfOf(class) => {
                self.describe_methods(class, node);
            }
            _ => {}
        }
    }

    fn describe_function(&mut self, g: FuncId, node: NodeId) {
        self.described.insert(node);
        self.reach_parts(node, 0);
        if let Some(returned) = self.models.returned(node) {
            self.reach_parts(returned, 0);
            let registrations = crate::oracle::registrations(self.resolution, g);
            self.passed.entry(returned).or_default().extend(registrations.into_iter().map(|(f, call)| (f, call, call)));
            for block in &self.resolution.program.function(g).blocks {
                let assay_ir::Terminator::Return(answer) = block.terminator else { continue };
                for (key, part) in self.named_parts(g, answer) {
                    if let ApiStep::Key(key) = self.item(g, key)
                        && let Some(node) = self.models.key(returned, self.resolution.program.strings.resolve(key))
                    {
                        self.pass_parts(g, answer, part, node, 1);
                    }
                }
            }
        }
        for index in 0..self.resolution.program.function(g).params.len() {
            for described in self.resolution.parameter_facts(g, index as u32) {
                self.reach_parts(*described, 0);
            }
        }
    }

    /// The functions that a function gives.
    fn describe_results(&mut self, f: FuncId, node: NodeId) {
        for block in &self.resolution.program.function(f).blocks {
            if let assay_ir::Terminator::Return(result) = block.terminator {
                for object in self.resolution.objects(f, result) {
                    self.describe(object, node);
                }
            }
        }
    }

    fn reach_parts(&mut self, node: NodeId, depth: u32) {
        self.reached.insert(node);
        if depth < MAX_DEPTH {
            let (models, at) = (self.models, |i| self.models.index(node, i));
            for part in [models.element(node), models.awaited(node), at(0), at(1)].into_iter().flatten() {
                self.reach_parts(part, depth + 1);
            }
        }
    }

    fn class(&mut self, class: ClsId) {
        let res = self.resolution;
        for api in res.hierarchy.external_bases(class) {
            for node in res.apis.nodes(*api).iter().filter_map(|n| self.models.subclass(*n)).collect::<Vec<_>>() {
                self.reached.insert(node);
                self.describe_methods(class, node);
            }
        }
    }

    fn describe_methods(&mut self, class: ClsId, node: NodeId) {
        let res = self.resolution;
        let info = res.program.classes[class];
        let module = &res.program.modules[info.module];
        for (local, function) in module.ir.functions.iter_enumerated() {
            if function.class != Some(info.local) || function.kind != FunctionKind::Named {
                continue;
            }
            if let Some(member) = self.models.member(node, res.program.strings.resolve(function.name)) {
                self.describe_function(res.program.func_id(info.module, local), member);
            }
        }
    }

    /// The types of libraries that instances of a class also are.
    fn types_of(&self, class: ClsId) -> Vec<NodeId> {
        let res = self.resolution;
        let bases = res.hierarchy.external_bases(class).iter().flat_map(|base| res.apis.nodes(*base));
        let roots = bases.filter_map(|node| self.models.facts(*node).class_of);
        roots.flat_map(|root| self.models.base_types(root)).copied().collect()
    }
}
