//! Calls: binding of arguments, construction, library calls with a meaning of their own.

use crate::api::ApiStep;
use crate::object::{ContainerKind, Object};
use crate::solver::{EdgeKind, Extra, Node, Slot, Solver};
use crate::{ApiId, FuncId};
use assay_index::Symbol;
use assay_ir::{Arg, ArgKind, Const, FunctionKind, Op, ParamKind, Value};
use assay_models::{ArgumentSpec, PathStep, Port, PortRoot};

impl Solver<'_> {
    fn call_parts(&self, f: FuncId, call: Value) -> (Value, Vec<Arg>) {
        match self.program.function(f).op(call) {
            Op::Call { func, args } => (*func, args.clone()),
            _ => (call, Vec::new()),
        }
    }

    /// An object has reached the callee of a call.
    pub(crate) fn call(&mut self, f: FuncId, call: Value, callee: Object) {
        let result = self.node(f, call);
        match callee {
            Object::Function(g) => self.bind(f, call, g, 0, result),
            Object::Static(g) => self.bind(f, call, g, 0, result),
            Object::Bound(g) | Object::ClassMethod(g) => self.bind(f, call, g, 1, result),
            Object::Class(class) => {
                self.add(result, Object::Instance(class));
                let (init, new) = (self.names.init, self.names.new);
                if let Some(init) = self.hierarchy.method(class, init) {
                    self.bind_arguments(f, call, init, 1);
                }
                if let Some(new) = self.hierarchy.method(class, new) {
                    self.bind_arguments(f, call, new, 1);
                }
                let external: Vec<ApiId> = self.hierarchy.external_bases(class).to_vec();
                for base in external {
                    self.flow_values(f, call, base, None);
                }
            }
            Object::Instance(class) | Object::SelfOf(class) => {
                if let Some(method) = self.hierarchy.method(class, self.names.call) {
                    self.bind(f, call, method, 1, result);
                }
            }
            Object::Api(api) => self.call_api(f, call, api),
            Object::ContainerMethod(at, api) => {
                let returned = self.apis.child(api, ApiStep::Return, &self.program.strings);
                if !self.apis.nodes(returned).is_empty() {
                    self.add(result, Object::Api(returned));
                }
                self.flow_values(f, call, api, Some(at));
            }
            Object::Partial(at) => {
                if let Some((g, made)) = self.locate(Node::from_raw(at)) {
                    let (_, args) = self.call_parts(g, made);
                    let taken = args.iter().skip(1).filter(|a| a.kind == ArgKind::Positional).count();
                    if let Some(inner) = args.first() {
                        for object in self.objects_of(self.node(g, inner.value)) {
                            match object {
                                Object::Function(h) => self.bind(f, call, h, taken as u8, result),
                                Object::Bound(h) => self.bind(f, call, h, taken as u8 + 1, result),
                                _ => {}
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn bind(&mut self, f: FuncId, call: Value, callee: FuncId, taken: u8, result: Node) {
        if self.is_decoration(f, call) && self.decorate(f, call, callee) {
            return;
        }
        self.bind_arguments(f, call, callee, taken);
        let ret = self.extra(Extra::Return(callee));
        self.edge(ret, result, EdgeKind::Copy);
    }

    /// Whether a call applies a decorator to a definition.
    pub(crate) fn is_decoration(&self, f: FuncId, call: Value) -> bool {
        self.decorated(f, call).is_some()
    }

    /// The definition that a decorator is applied to.
    fn decorated(&self, f: FuncId, call: Value) -> Option<Value> {
        let function = self.program.function(f);
        let mut at = call;
        loop {
            match function.op(at) {
                Op::Call { args, .. } if args.len() == 1 && args[0].kind == ArgKind::Positional => at = args[0].value,
                Op::MakeFunction { function: made, .. } => {
                    let module = self.program.functions[f].module;
                    let made = &self.program.modules[module].ir.functions[*made];
                    return (made.kind == FunctionKind::Named && made.span.contains(function.insts[call].span))
                        .then_some(at);
                }
                Op::MakeClass { class, .. } => {
                    let module = self.program.functions[f].module;
                    let made = &self.program.modules[module].ir.classes[*class];
                    return made.span.contains(function.insts[call].span).then_some(at);
                }
                _ => return None,
            }
        }
    }

    /// A decorator of the project that wraps what it gets leaves it callable as it was: the definition
    /// stays what the name means. Whether that is so here.
    fn decorate(&mut self, f: FuncId, call: Value, decorator: FuncId) -> bool {
        let wraps = {
            let function = self.program.function(decorator);
            function.insts.iter().any(|i| matches!(i.op, Op::MakeFunction { .. }))
                || function.blocks.iter().any(|b| matches!(b.terminator, assay_ir::Terminator::Return(v) if matches!(function.op(v), Op::Param(_))))
        };
        if wraps {
            self.pass_definition(f, call);
            self.bind_arguments(f, call, decorator, 0);
        }
        wraps
    }

    /// The decorated definition is the call's result.
    fn pass_definition(&mut self, f: FuncId, call: Value) {
        let (_, args) = self.call_parts(f, call);
        if let Some(arg) = args.first() {
            let from = self.node(f, arg.value);
            let to = self.node(f, call);
            self.edge(from, to, EdgeKind::Copy);
        }
    }

    /// Edges from arguments to parameters. `taken` parameters are bound already.
    pub(crate) fn bind_arguments(&mut self, f: FuncId, call: Value, callee: FuncId, taken: u8) {
        let at = self.node(f, call);
        if !self.bound_calls.insert((at, callee, taken)) {
            return;
        }
        // What tests pass says nothing about the program.
        if self.program.module_of(f).test && !self.program.module_of(callee).test {
            return;
        }
        let (_, args) = self.call_parts(f, call);
        let mut position = u32::from(taken);
        for arg in args {
            let from = self.node(f, arg.value);
            match arg.kind {
                ArgKind::Positional => {
                    self.bind_position(callee, position, from);
                    position += 1;
                }
                ArgKind::Keyword(name) => self.bind_keyword(callee, name, from),
                ArgKind::Spread => {
                    for object in self.objects_of(from) {
                        self.spread(callee, position, object);
                    }
                }
                ArgKind::KeywordSpread => {
                    for object in self.objects_of(from) {
                        self.spread_keywords(callee, object);
                    }
                }
            }
        }
    }

    fn bind_position(&mut self, callee: FuncId, position: u32, from: Node) {
        let function = self.program.function(callee);
        let positional = function.positional_count() as u32;
        if position < positional {
            if let Some(to) = self.parameter(callee, position) {
                self.edge(from, to, EdgeKind::Copy);
            }
        } else if let Some(rest) = function.params.iter().position(|p| p.kind == ParamKind::Rest) {
            if let Some(to) = self.parameter(callee, rest as u32) {
                let slot = self.extra(Extra::Slot(to.raw(), Slot::Element));
                self.edge(from, slot, EdgeKind::Copy);
            }
        }
    }

    fn bind_keyword(&mut self, callee: FuncId, name: Symbol, from: Node) {
        let params = &self.program.function(callee).params;
        let named =
            params.iter().position(|p| p.name == name && matches!(p.kind, ParamKind::Normal | ParamKind::KeywordOnly));
        if let Some(index) = named {
            if let Some(to) = self.parameter(callee, index as u32) {
                self.edge(from, to, EdgeKind::Copy);
            }
        } else if let Some(index) = params.iter().position(|p| p.kind == ParamKind::KeywordRest)
            && let Some(to) = self.parameter(callee, index as u32)
        {
            let slot = self.extra(Extra::Slot(to.raw(), Slot::Key(name)));
            self.edge(from, slot, EdgeKind::Copy);
        }
    }

    /// The elements of `*object` bind to the positions from `position` on.
    fn spread(&mut self, callee: FuncId, position: u32, object: Object) {
        let Object::Container(_, at) = object else { return };
        let element = self.extra(Extra::Slot(at, Slot::Element));
        let count = self.program.function(callee).positional_count() as u32;
        for index in position..count + 1 {
            self.bind_position(callee, index, element);
            if let Some(slot) = self.known_extra(Extra::Slot(at, Slot::Index((index - position) as i32))) {
                self.bind_position(callee, index, slot);
            }
        }
    }

    /// The values of `**object` bind by their keys.
    fn spread_keywords(&mut self, callee: FuncId, object: Object) {
        let Object::Container(_, at) = object else { return };
        let names: Vec<Symbol> = self.program.function(callee).params.iter().map(|p| p.name).collect();
        let element = self.extra(Extra::Slot(at, Slot::Element));
        for name in names {
            if let Some(slot) = self.known_extra(Extra::Slot(at, Slot::Key(name))) {
                self.bind_keyword(callee, name, slot);
            } else {
                self.bind_keyword(callee, name, element);
            }
        }
    }

    /// An object has reached an argument of a call; only callees with a meaning of their own care.
    pub(crate) fn argument(&mut self, f: FuncId, call: Value, argument: Value, object: Object) {
        let (func, args) = self.call_parts(f, call);
        let callees = self.objects_of(self.node(f, func));
        for callee in callees {
            match callee {
                Object::Api(api) => {
                    if args.iter().any(|a| a.value == argument && a.kind == ArgKind::Positional) {
                        self.special_call(f, call, api);
                    }
                    self.flow_values(f, call, api, None);
                }
                Object::ContainerMethod(at, api) => self.flow_values(f, call, api, Some(at)),
                Object::Function(g) | Object::Bound(g) => {
                    let taken = u32::from(matches!(callee, Object::Bound(_)));
                    let mut position = taken;
                    for arg in &args {
                        match arg.kind {
                            ArgKind::Positional => position += 1,
                            ArgKind::Spread if arg.value == argument => self.spread(g, position, object),
                            ArgKind::KeywordSpread if arg.value == argument => self.spread_keywords(g, object),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn call_api(&mut self, f: FuncId, call: Value, api: ApiId) {
        if self.special_call(f, call, api) {
            return;
        }
        if self.is_decoration(f, call) {
            // A library's decorator leaves a definition callable as it was, unless the models type it.
            self.pass_definition(f, call);
            return;
        }
        let result = self.node(f, call);
        let returned = self.apis.child(api, ApiStep::Return, &self.program.strings);
        self.add(result, Object::Api(returned));
        self.flow_values(f, call, api, None);
    }

    /// Calls whose meaning the language itself defines. Whether this is one.
    fn special_call(&mut self, f: FuncId, call: Value, api: ApiId) -> bool {
        let ApiStep::Member(name) = self.apis.step(api) else { return false };
        let name = self.program.strings.resolve(name).to_owned();
        let parent = self.apis.parent(api).map(|p| self.apis.name(p, &self.program.strings)).unwrap_or_default();
        let (_, args) = self.call_parts(f, call);
        let result = self.node(f, call);
        let first = args.first().map(|a| a.value);
        match (parent.as_str(), name.as_str()) {
            ("builtins", "super") => {
                if let Some(class) = self.enclosing_class(f) {
                    self.add(result, Object::Super(class));
                }
                true
            }
            ("builtins", "staticmethod" | "classmethod" | "property")
            | ("functools", "cached_property")
            | ("abc", "abstractproperty" | "abstractclassmethod" | "abstractstaticmethod")
            | ("django.utils.functional", "cached_property" | "classproperty") => {
                if let Some(first) = first {
                    for object in self.objects_of(self.node(f, first)) {
                        let (Object::Function(g) | Object::Static(g) | Object::ClassMethod(g)) = object else {
                            continue;
                        };
                        let made = if name.ends_with("staticmethod") {
                            Object::Static(g)
                        } else if name.ends_with("classmethod") {
                            Object::ClassMethod(g)
                        } else {
                            Object::Property(g)
                        };
                        self.add(result, made);
                    }
                }
                true
            }
            ("functools", "partial" | "partialmethod") => {
                if first.is_some() {
                    self.add(result, Object::Partial(result.raw()));
                    self.bind_partial(f, &args, call);
                }
                true
            }
            ("builtins", "getattr") => {
                if let (Some(base), Some(key)) = (first, args.get(1))
                    && let Op::Const(Const::Str(name)) = *self.program.function(f).op(key.value)
                {
                    for object in self.objects_of(self.node(f, base)) {
                        self.attribute(object, name, result);
                    }
                    return true;
                }
                false
            }
            ("builtins", "type") if args.len() == 1 => {
                if let Some(first) = first {
                    for object in self.objects_of(self.node(f, first)) {
                        if let Object::Instance(c) | Object::SelfOf(c) = object {
                            self.add(result, Object::Class(c));
                        }
                    }
                }
                true
            }
            ("typing", "cast") => {
                if let (Some(declared), Some(value)) = (first, args.get(1)) {
                    self.annotate(f, declared, result, 0);
                    let from = self.node(f, value.value);
                    self.edge(from, result, EdgeKind::Copy);
                }
                true
            }
            _ => false,
        }
    }

    fn bind_partial(&mut self, f: FuncId, args: &[Arg], call: Value) {
        for object in self.objects_of(self.node(f, args[0].value)) {
            let (g, taken) = match object {
                Object::Function(g) => (g, 0),
                Object::Bound(g) => (g, 1),
                _ => continue,
            };
            if !self.bound_calls.insert((self.node(f, call), g, 128 + taken as u8)) {
                continue;
            }
            let mut position = taken;
            for arg in &args[1..] {
                let from = self.node(f, arg.value);
                match arg.kind {
                    ArgKind::Positional => {
                        self.bind_position(g, position, from);
                        position += 1;
                    }
                    ArgKind::Keyword(name) => self.bind_keyword(g, name, from),
                    ArgKind::Spread | ArgKind::KeywordSpread => {}
                }
            }
        }
    }

    /// The class whose method this is, or is nested in.
    pub(crate) fn enclosing_class(&self, f: FuncId) -> Option<crate::ClsId> {
        let mut at = f;
        loop {
            let info = self.program.functions[at];
            if info.class.is_some() {
                return info.class;
            }
            let parent = self.program.function(at).parent?;
            at = self.program.func_id(info.module, parent);
        }
    }

    /// The values that a library's function passes on unchanged, by its models.
    fn flow_values(&mut self, f: FuncId, call: Value, api: ApiId, container: Option<u32>) {
        let models = self.models;
        let nodes: Vec<assay_models::NodeId> = self.apis.nodes(api).to_vec();
        for node in nodes {
            for flow in models.facts(node).flows.iter().filter(|flow| flow.value) {
                let inputs = self.port_nodes(f, call, &flow.input, container);
                if inputs.is_empty() {
                    continue;
                }
                for to in self.output_nodes(f, call, &flow.output, container) {
                    for &from in &inputs {
                        self.edge(from, to, EdgeKind::Copy);
                    }
                }
            }
        }
    }

    /// The values at a port of a call, before its path is followed.
    fn port_roots(&self, f: FuncId, call: Value, root: &PortRoot) -> Vec<Value> {
        let Op::Call { func, args } = self.program.function(f).op(call) else { return Vec::new() };
        match root {
            PortRoot::Argument(spec) => matching_arguments(spec, args, &self.program.strings),
            PortRoot::Receiver => match self.program.function(f).op(*func) {
                Op::Attr(base, _) => vec![*base],
                _ => Vec::new(),
            },
            PortRoot::ReturnValue => vec![call],
        }
    }

    fn port_nodes(&mut self, f: FuncId, call: Value, port: &Port, container: Option<u32>) -> Vec<Node> {
        let mut out = Vec::new();
        if let (PortRoot::Receiver, Some(at), [PathStep::Element]) = (&port.root, container, port.path.as_slice()) {
            out.push(self.extra(Extra::Slot(at, Slot::Element)));
            for index in 0..8 {
                out.extend(self.known_extra(Extra::Slot(at, Slot::Index(index))));
            }
            return out;
        }
        for value in self.port_roots(f, call, &port.root) {
            let node = self.node(f, value);
            match port.path.as_slice() {
                [] => out.push(node),
                [PathStep::Element] => {
                    for object in self.objects_of(node) {
                        if let Object::Container(kind, at) = object
                            && kind != ContainerKind::Dict
                        {
                            out.push(self.extra(Extra::Slot(at, Slot::Element)));
                            for index in 0..8 {
                                out.extend(self.known_extra(Extra::Slot(at, Slot::Index(index))));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        out
    }

    fn output_nodes(&mut self, f: FuncId, call: Value, port: &Port, container: Option<u32>) -> Vec<Node> {
        if let (PortRoot::ReturnValue, [PathStep::Element]) = (&port.root, port.path.as_slice()) {
            // A new container with these elements.
            let node = self.node(f, call);
            self.add(node, Object::Container(ContainerKind::List, node.raw()));
            return vec![self.extra(Extra::Slot(node.raw(), Slot::Element))];
        }
        self.port_nodes(f, call, port, container)
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
