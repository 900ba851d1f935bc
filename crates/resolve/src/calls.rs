//! Calls: binding of arguments and construction.

use crate::api::ApiStep;
use crate::object::Object;
use crate::solver::{EdgeKind, Extra, Node, Slot, Solver};
use crate::{ApiId, FuncId};
use assay_index::Symbol;
use assay_ir::{Arg, ArgKind, FunctionKind, Op, ParamKind, Value};
use smallvec::SmallVec;

impl Solver<'_> {
    /// The callee and the arguments of a call.
    pub(crate) fn call_parts(&self, f: FuncId, call: Value) -> (Value, SmallVec<[Arg; 6]>) {
        match self.program.function(f).op(call) {
            Op::Call { func, args } => (*func, args.as_slice().into()),
            _ => (call, SmallVec::new()),
        }
    }

    /// An object has reached the callee of a call.
    pub(crate) fn call(&mut self, f: FuncId, call: Value, callee: Object) {
        let result = self.node(f, call);
        match callee {
            Object::Function(g) | Object::Static(g) => self.bind(f, call, g, 0, result),
            Object::Bound(g) | Object::ClassMethod(g) => self.bind(f, call, g, 1, result),
            Object::Class(class) | Object::SelfClass(class) => {
                if self.is_decoration(f, call) {
                    if !self.hierarchy_known {
                        self.decorations.push((f, call, class));
                        return;
                    }
                    if self.decorate_by_class(f, call, class) {
                        return;
                    }
                }
                let made = match callee {
                    Object::Class(_) => Object::Instance(class),
                    _ => Object::SelfOf(class),
                };
                self.add(result, made);
                for name in [self.names.init, self.names.new] {
                    for method in self.methods(callee, class, name) {
                        self.bind_arguments(f, call, method, 1);
                    }
                }
                if self.methods(callee, class, self.names.init).is_empty() {
                    for method in self.methods(callee, class, self.names.post_init) {
                        self.run_with(f, call, method, &[]);
                    }
                }
                let external: Vec<ApiId> = self.hierarchy.external_bases(class).to_vec();
                for base in external {
                    self.flow_values(f, call, base, None);
                }
            }
            Object::Instance(class) | Object::SelfOf(class) => {
                for method in self.methods(callee, class, self.names.call) {
                    self.bind(f, call, method, 1, result);
                }
            }
            Object::Renders(template) => {
                self.bind_context(f, call, template, crate::ContextArguments::LATER);
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
                let calls = self.partial_calls.entry(at).or_default();
                if !calls.contains(&(f, call)) {
                    calls.push((f, call));
                }
                self.call_partial(f, call, at);
            }
            Object::Redefiner(getter) => {
                if let Some(method) = self.decorated_function(f, call)
                    && self.program.function(method).params.len() == 2
                {
                    self.setters.insert(getter, method);
                }
                self.add(result, Object::Property(getter));
            }
            _ => {}
        }
    }

    pub(crate) fn bind(&mut self, f: FuncId, call: Value, callee: FuncId, taken: u8, result: Node) {
        if self.is_decoration(f, call) && self.decorate(f, call, callee) {
            return;
        }
        self.bind_arguments(f, call, callee, taken);
        if self.program.function(callee).name == self.names.with_metaclass {
            self.pass_bases(f, call);
            return;
        }
        let ret = self.extra(Extra::Return(callee));
        let kind = match self.program.functions[callee].class {
            Some(class) if taken > 0 => EdgeKind::Result(class),
            _ => EdgeKind::Copy,
        };
        self.edge(ret, result, kind);
    }

    /// The recipe `with_metaclass(meta, *bases)`, which many programs carry a copy of: a class that is derived from
    /// its result is derived from the bases.
    pub(crate) fn pass_bases(&mut self, f: FuncId, call: Value) {
        let (_, args) = self.call_parts(f, call);
        let to = self.node(f, call);
        for arg in args.iter().skip(1).filter(|a| a.kind == ArgKind::Positional) {
            let from = self.node(f, arg.value);
            self.edge(from, to, EdgeKind::Copy);
        }
    }

    /// Whether a call applies a decorator to a definition.
    pub(crate) fn is_decoration(&self, f: FuncId, call: Value) -> bool {
        self.decorated(f, call).is_some()
    }

    /// Whether a call applies a decorator to the definition of a class.
    pub(crate) fn decorates_class(&self, f: FuncId, call: Value) -> bool {
        self.decorated(f, call).is_some_and(|made| matches!(self.program.function(f).op(made), Op::MakeClass { .. }))
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
            if let Some(id) = self.decorated_function(f, call) {
                let from = self.extra(Extra::Return(decorator));
                let to = self.extra(Extra::Decorated(id));
                self.edge(from, to, EdgeKind::Copy);
            }
        }
        wraps
    }

    /// Whether a function is made by a function.
    pub(crate) fn is_nested(&self, f: FuncId) -> bool {
        let info = self.program.functions[f];
        let parent = self.program.function(f).parent;
        info.class.is_none() && parent.is_some_and(|p| self.program.modules[info.module].ir.functions[p].is_callable())
    }

    /// The function that a decorator is applied to.
    pub(crate) fn decorated_function(&self, f: FuncId, call: Value) -> Option<FuncId> {
        match self.program.function(f).op(self.decorated(f, call)?) {
            Op::MakeFunction { function, .. } => {
                Some(self.program.func_id(self.program.functions[f].module, *function))
            }
            _ => None,
        }
    }

    /// The decorated definition is the call's result.
    pub(crate) fn pass_definition(&mut self, f: FuncId, call: Value) {
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

    pub(crate) fn bind_position(&mut self, callee: FuncId, position: u32, from: Node) {
        let function = self.program.function(callee);
        let positional = function.positional_count() as u32;
        if position < positional {
            if let Some(to) = self.parameter(callee, position) {
                self.edge(from, to, EdgeKind::Copy);
            }
        } else if let Some(rest) = function.params.iter().position(|p| p.kind == ParamKind::Rest)
            && let Some(to) = self.parameter(callee, rest as u32)
        {
            let slot = self.extra(Extra::Slot(to.raw(), Slot::Element));
            self.edge(from, slot, EdgeKind::Copy);
        }
    }

    pub(crate) fn bind_keyword(&mut self, callee: FuncId, name: Symbol, from: Node) {
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
        for index in position..=count {
            self.bind_position(callee, index, element);
            if let Some(slot) = self.known_extra(Extra::Slot(at, Slot::at((index - position) as usize))) {
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
        let Op::Call { func, args } = self.program.function(f).op(call) else { return };
        let spread =
            args.iter().any(|a| a.value == argument && matches!(a.kind, ArgKind::Spread | ArgKind::KeywordSpread));
        let callees: SmallVec<[Object; 4]> = self
            .set(self.node(f, *func))
            .iter()
            .map(|id| self.objects.get(*id))
            .filter(|callee| match callee {
                Object::Api(_) | Object::ContainerMethod(..) | Object::Class(_) => true,
                Object::Function(_) | Object::Bound(_) => spread,
                _ => false,
            })
            .collect();
        if callees.is_empty() {
            return;
        }
        let (_, args) = self.call_parts(f, call);
        for callee in callees {
            match callee {
                Object::Api(api) => {
                    if args.iter().any(|a| a.value == argument && a.kind == ArgKind::Positional) {
                        self.special_call(f, call, api);
                    }
                    self.flow_values(f, call, api, None);
                }
                Object::ContainerMethod(at, api) => self.flow_values(f, call, api, Some(at)),
                Object::Class(class) if self.hierarchy_known && self.is_decoration(f, call) => {
                    self.decorate_by_class(f, call, class);
                }
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
            if let Some(id) = self.decorated_function(f, call) {
                if self.apis.name(api, &self.program.strings) == "functools.singledispatch" {
                    let means = self.node(f, call);
                    self.dispatchers.insert(id, means);
                }
                let returned = self.apis.child(api, ApiStep::Return, &self.program.strings);
                let made = self.extra(Extra::Decorated(id));
                self.add(made, Object::Api(returned));
            }
            return;
        }
        let result = self.node(f, call);
        let returned = self.apis.child(api, ApiStep::Return, &self.program.strings);
        if !self.apis.is_guess(returned) {
            self.add(result, Object::Api(returned));
        }
        self.flow_values(f, call, api, None);
    }
}
