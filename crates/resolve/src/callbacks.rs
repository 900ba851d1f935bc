//! Functions that the outside calls: handed to a library, or methods of a library's subclass.

use crate::object::Object;
use crate::resolution::Entry;
use crate::routes::is_narrow;
use crate::solver::{EdgeKind, Extra, Node, Slot, Solver};
use crate::{ClsId, FuncId};
use assay_index::Symbol;
use assay_ir::{ArgKind, Const, Op, Value};
use assay_models::{ArgumentSpec, Form, Models, NodeId};
use assay_text::limits;
use smallvec::SmallVec;

/// Whether the models say anything of a function that is passed at this node.
fn says(models: &Models, argument: NodeId) -> bool {
    let facts = models.facts(argument);
    models.has_children(argument) || facts.entry.is_some() || facts.template_function
}

impl Solver<'_> {
    /// All calls of the program, with what is called.
    pub(crate) fn all_calls(&self) -> Vec<(FuncId, Value, Value)> {
        let mut out = Vec::new();
        for f in self.program.functions.ids() {
            let calls = self.program.function(f).insts.iter_enumerated();
            out.extend(calls.filter_map(|(call, inst)| match inst.op {
                Op::Call { func, .. } => Some((f, call, func)),
                _ => None,
            }));
        }
        out
    }

    /// The places where functions are marked by an attribute, with the function's value and what marks it.
    pub(crate) fn all_marks(&self) -> Vec<(FuncId, Value, NodeId)> {
        let mut out = Vec::new();
        for f in self.program.functions.ids() {
            let function = self.program.function(f);
            for inst in &function.insts {
                let Op::StoreAttr { base, name, value } = inst.op else { continue };
                if !matches!(function.op(value), Op::Const(Const::Bool(true))) {
                    continue;
                }
                let attribute = self.program.strings.resolve(name);
                let marks = self.models.marks().iter().filter(|mark| mark.attribute == attribute);
                out.extend(marks.filter(|mark| self.imports(f, &mark.library)).map(|mark| (f, base, mark.callable)));
            }
        }
        out
    }

    /// Whether the module of a function imports a library.
    fn imports(&self, f: FuncId, library: &str) -> bool {
        let functions = &self.program.module_of(f).ir.functions;
        functions.iter().flat_map(|function| &function.insts).any(|inst| match inst.op {
            Op::Import { module, .. } | Op::ImportFrom { module, .. } => {
                self.program.strings.resolve(module).split('.').next() == Some(library)
            }
            _ => false,
        })
    }

    /// Applies what the models say of functions that are marked. Whether anything was new.
    pub(crate) fn match_marks(&mut self, marks: &[(FuncId, Value, NodeId)]) -> bool {
        let models = self.models;
        let mut changed = false;
        for &(f, base, callable) in marks {
            let by_test = self.program.module_of(f).test;
            for (_, node) in models.arguments(callable).iter().filter(|(spec, _)| spec.matches_position(0)) {
                for object in self.objects_of(self.node(f, base)) {
                    changed |= self.describe(object, *node, None, by_test, 0);
                }
            }
        }
        changed
    }

    /// Applies what the models say of functions handed to libraries by these calls. Whether anything was new.
    pub(crate) fn match_callbacks(&mut self, calls: &[(FuncId, Value, Value)]) -> bool {
        let models = self.models;
        let mut changed = self.match_signatures() | self.match_fillers();
        let templates = self.program.has_templates();
        for class in self.program.classes.ids() {
            changed |= self.match_subclass(class);
        }
        // What the models describe of what is passed, or of what the call renders.
        let says = |node: &NodeId| {
            models.arguments(*node).iter().any(|(_, argument)| self::says(models, *argument))
                || templates && !models.facts(*node).renderings.is_empty()
                || !models.facts(*node).signals.is_empty()
        };
        for &(f, call, func) in calls {
            changed |= self.match_dispatch(f, call, func);
            let made = self.made_by_own_library(f, func);
            for callee in self.objects_of(self.node(f, func)) {
                let mut nodes: SmallVec<[NodeId; 4]> = match callee {
                    Object::Api(api) => self.apis.nodes(api).iter().copied().filter(says).collect(),
                    Object::Function(g) | Object::Bound(g) => self.identities.of(g).into(),
                    Object::Class(class) => self.identities.of_class(class, &self.apis).into(),
                    _ => continue,
                };
                if !matches!(callee, Object::Api(_)) {
                    nodes.extend(made.iter().filter(|n| !nodes.contains(n)).copied().collect::<Vec<_>>());
                }
                if templates {
                    match callee {
                        Object::Function(g) => changed |= self.match_wrappers(f, call, g, 0),
                        Object::Bound(g) => changed |= self.match_wrappers(f, call, g, 1),
                        _ => {}
                    }
                }
                for node in nodes {
                    changed |= self.match_arguments(f, call, node);
                    if templates && !models.facts(node).renderings.is_empty() {
                        changed |= self.match_rendering(f, call, node);
                    }
                    for role in &models.facts(node).signals {
                        self.match_signal(f, call, role);
                    }
                }
            }
        }
        changed | self.send_signals()
    }

    /// Functions that servers call by an agreement on their parameters.
    fn match_signatures(&mut self) -> bool {
        let models = self.models;
        let mut changed = false;
        for f in self.program.functions.ids() {
            let module = self.program.module_of(f);
            let function = self.program.function(f);
            if module.test || module.template || !function.is_callable() {
                continue;
            }
            let method = self.program.functions[f].class.is_some();
            let given: Vec<&str> = function.params.iter().map(|p| self.program.strings.resolve(p.name)).collect();
            let found = models.signatures().iter().find_map(|s| Some((s.type_root, s.bound(&given, method)?)));
            if let Some((root, bound)) = found {
                changed |= self.describe_function(f, bound as u32, &[], root, None);
                // What servers make by an agreement, they use: the function that a function gives, instances of a class.
                let Some(made) = models.returned(root).filter(|made| models.has_children(*made)) else { continue };
                let class =
                    self.program.functions[f].class.filter(|_| self.program.function(f).name == self.names.init);
                if let Some(class) = class {
                    changed |= self.describe_methods(class, made, None);
                } else {
                    let result = self.extra(Extra::Return(f));
                    for object in self.objects_of(result) {
                        changed |= self.describe(object, made, None, false, 0);
                    }
                }
            }
        }
        changed
    }

    /// A parameter of which only the class is declared is filled by a call of it: `service: Service = Depends()`.
    fn match_fillers(&mut self) -> bool {
        let models = self.models;
        let mut bare: Vec<(FuncId, u32, Node)> = self
            .fillers
            .iter()
            .filter(|(_, filler)| filler.bare)
            .map(|((f, index), filler)| (*f, *index, filler.maker))
            .collect();
        bare.sort_unstable();
        let mut changed = false;
        for (f, index, maker) in bare {
            let Some(at) = self.parameter(f, index) else { continue };
            let by_test = self.program.module_of(f).test;
            for object in self.objects_of(maker) {
                let Object::Api(api) = object else { continue };
                let nodes: SmallVec<[NodeId; 4]> = self.apis.nodes(api).iter().copied().collect();
                for (_, passed) in
                    nodes.iter().flat_map(|node| models.arguments(*node)).filter(|(spec, _)| spec.matches_position(0))
                {
                    for object in self.objects_of(at) {
                        if let Object::Instance(class) | Object::SelfOf(class) = object {
                            changed |= self.describe(Object::Class(class), *passed, None, by_test, 0);
                        }
                    }
                }
            }
        }
        changed
    }

    /// What the models say of a value that a function of the program gives which is one of a library: `app.route(path)` in
    /// the framework itself.
    fn made_by_own_library(&self, f: FuncId, value: Value) -> Vec<NodeId> {
        let Op::Call { func, .. } = self.program.function(f).op(value) else { return Vec::new() };
        let mut out = Vec::new();
        for maker in self.objects_of(self.node(f, *func)) {
            if let Object::Function(g) | Object::Bound(g) = maker {
                out.extend(self.identities.of(g).iter().filter_map(|node| self.models.returned(*node)));
            }
        }
        out
    }

    /// A method that no call was seen to reach is called as the method that it overrides.
    pub(crate) fn inherit_parameters(&mut self) {
        for class in self.program.classes.ids() {
            if self.program.modules[self.program.classes[class].module].test {
                continue;
            }
            for name in self.methods_of(class) {
                let Some(method) = self.hierarchy.own_method(class, name) else { continue };
                let bases = self.hierarchy.order(class).iter().skip(1);
                let Some(overridden) = bases.copied().find_map(|base| self.hierarchy.own_method(base, name)) else {
                    continue;
                };
                for index in 1..self.program.function(method).params.len() as u32 {
                    if let (Some(from), Some(to)) = (self.parameter(overridden, index), self.parameter(method, index))
                        && self.set(to).is_empty()
                    {
                        self.edge(from, to, EdgeKind::Copy);
                    }
                }
            }
        }
    }

    fn match_arguments(&mut self, f: FuncId, call: Value, callee: NodeId) -> bool {
        let models = self.models;
        let mut changed = false;
        for (spec, node) in models.arguments(callee) {
            let registers = models.facts(*node).template_function;
            if !says(models, *node) {
                continue;
            }
            let Op::Call { args, .. } = self.program.function(f).op(call) else { continue };
            let route = self.route_of(f, call);
            let mut passed: Vec<Node> = crate::flows::matching_arguments(spec, args, &self.program.strings)
                .into_iter()
                .map(|value| self.node(f, value))
                .collect();
            passed.extend(self.spread_arguments(f, args, spec));
            for at in passed {
                if registers {
                    changed |= self.register_template_function(f, call, at);
                }
                let by_test = self.program.module_of(f).test;
                for object in self.objects_of(at) {
                    changed |= self.describe(object, *node, route, by_test, 0);
                }
            }
        }
        changed
    }

    /// The values under the names of a specification in what `**options` spreads.
    fn spread_arguments(&self, f: FuncId, args: &[assay_ir::Arg], spec: &ArgumentSpec) -> Vec<Node> {
        let mut out = Vec::new();
        for arg in args.iter().filter(|a| a.kind == ArgKind::KeywordSpread) {
            for object in self.objects_of(self.node(f, arg.value)) {
                let Object::Container(_, at) = object else { continue };
                let names = spec.names.iter().filter_map(|name| self.program.strings.lookup(name));
                out.extend(names.filter_map(|name| self.known_extra(Extra::Slot(at, Slot::Key(name)))));
            }
        }
        out
    }

    fn match_subclass(&mut self, class: ClsId) -> bool {
        let models = self.models;
        let mut changed = false;
        let bases: Vec<crate::ApiId> = self.hierarchy.external_bases(class).to_vec();
        for base in bases {
            let nodes: Vec<NodeId> = self.apis.nodes(base).iter().filter_map(|n| models.subclass(*n)).collect();
            for node in nodes {
                changed |= self.describe_methods(class, node, None);
                if self.program.has_templates() && !models.facts(node).renderings.is_empty() {
                    changed |= self.match_view(class, node);
                }
            }
        }
        changed
    }

    fn describe_methods(&mut self, class: ClsId, node: NodeId, route: Option<Symbol>) -> bool {
        let models = self.models;
        let methods: Vec<Symbol> = self.methods_of(class);
        let mut changed = false;
        for name in methods {
            let text = self.program.strings.resolve(name);
            let Some(member) = models.member(node, text) else { continue };
            // "Any method" means any that is public; a property is none.
            let any = models.member(node, "") == Some(member);
            if any && text.starts_with('_') {
                continue;
            }
            if let Some(method) = self.hierarchy.own_method(class, name).filter(|m| !any || !self.getters.contains(m)) {
                changed |= self.describe_function(method, 1, &[], member, route);
            }
        }
        changed
    }

    pub(crate) fn methods_of(&self, class: ClsId) -> Vec<Symbol> {
        let info = self.program.classes[class];
        let module = &self.program.modules[info.module];
        module.ir.functions.iter().filter(|g| g.class == Some(info.local)).map(|g| g.name).collect()
    }

    /// The models describe an object that the program hands to a library. What tests hand over says nothing about the program.
    fn describe(&mut self, object: Object, node: NodeId, route: Option<Symbol>, by_test: bool, depth: u32) -> bool {
        let models = self.models;
        if depth > limits::MAX_CALLBACK_DEPTH || (by_test && self.is_of_program(object)) {
            return false;
        }
        match object {
            // A method that its class's body hands to a decorator gets `self` first.
            Object::Function(g) => {
                self.describe_function(g, u32::from(self.program.functions[g].class.is_some()), &[], node, route)
            }
            Object::Static(g) => self.describe_function(g, 0, &[], node, route),
            Object::Bound(g) | Object::ClassMethod(g) => self.describe_function(g, 1, &[], node, route),
            Object::Class(class) | Object::SelfClass(class) | Object::Instance(class) | Object::SelfOf(class) => {
                let mut changed = false;
                for c in self.hierarchy.order(class).to_vec() {
                    changed |= self.describe_methods(c, node, route);
                }
                // Where a function is called, a class makes an instance.
                if matches!(object, Object::Class(_))
                    && !models.parameters(node).is_empty()
                    && let Some(init) = self.hierarchy.method(class, self.names.init)
                {
                    changed |= self.describe_function(init, 1, &[], node, route);
                }
                changed
            }
            Object::Partial(at) => self.describe_partial(at, node, route, by_test),
            Object::Container(_, at) => {
                let Some(element) = models.element(node) else { return false };
                let all = self.extra(Extra::Slot(at, Slot::Any));
                let mut changed = false;
                for object in self.objects_of(all) {
                    changed |= self.describe(object, element, route, by_test, depth + 1);
                }
                changed
            }
            _ => false,
        }
    }

    /// A function that is handed over with some of its arguments: the outside passes the others.
    fn describe_partial(&mut self, at: u32, node: NodeId, route: Option<Symbol>, by_test: bool) -> bool {
        let Some((f, made)) = self.locate(Node::from_raw(at)) else { return false };
        let (_, args) = self.call_parts(f, made);
        let Some(inner) = args.first() else { return false };
        let taken = args[1..].iter().filter(|arg| arg.kind == ArgKind::Positional).count() as u32;
        let named: Vec<Symbol> = args
            .iter()
            .filter_map(|arg| match arg.kind {
                ArgKind::Keyword(name) => Some(name),
                _ => None,
            })
            .collect();
        let mut changed = false;
        for object in self.objects_of(self.node(f, inner.value)) {
            let (Object::Function(g) | Object::Bound(g)) = object else { continue };
            if by_test && self.is_of_program(object) {
                continue;
            }
            let receiver = u32::from(matches!(object, Object::Bound(_)));
            changed |= self.describe_function(g, taken + receiver, &named, node, route);
        }
        changed
    }

    /// Whether an object is a function or class of the program and not of its tests, or an instance of one.
    fn is_of_program(&self, object: Object) -> bool {
        let module = match object {
            Object::Function(g) | Object::Static(g) | Object::Bound(g) | Object::ClassMethod(g) => {
                self.program.functions[g].module
            }
            Object::Class(class) | Object::SelfClass(class) | Object::Instance(class) | Object::SelfOf(class) => {
                self.program.classes[class].module
            }
            _ => return false,
        };
        !self.program.modules[module].test
    }

    /// Whether a parameter is declared with a type that takes no text, or its default says that the framework fills it with
    /// what another function gives.
    fn is_filled_otherwise(&self, f: FuncId, index: u32) -> bool {
        let Some(node) = self.parameter(f, index) else { return false };
        let has = |object: &Object, form: Form| match object {
            Object::Api(api) => self.apis.nodes(*api).iter().any(|node| self.models.has_form(*node, form)),
            _ => false,
        };
        let declared: Vec<Object> =
            self.objects_of(node).into_iter().filter(|object| !has(object, Form::Declaration)).collect();
        // No request is one of the program's own objects that do something: a decorator passes those.
        let served = |object: &Object| match object {
            Object::Instance(class) | Object::SelfOf(class) => {
                self.hierarchy.external_bases(*class).is_empty() && self.hierarchy.has_methods(*class)
            }
            _ => false,
        };
        let makers = self.fillers.get(&(f, index)).map(|filler| self.objects_of(filler.maker)).unwrap_or_default();
        makers.iter().any(|o| has(o, Form::Provided))
            || (!declared.is_empty()
                && declared
                    .iter()
                    .all(|o| has(o, Form::Narrow) || has(o, Form::Provided) || served(o) || self.is_enumeration(o)))
    }

    /// Whether an object is one of a class whose instances the program lists.
    fn is_enumeration(&self, object: &Object) -> bool {
        let (Object::Instance(class) | Object::SelfOf(class)) = object else { return false };
        let mut nodes = self.hierarchy.external_bases(*class).iter().flat_map(|base| self.apis.nodes(*base));
        nodes.any(|node| self.models.has_form(*node, Form::Listed))
    }

    /// The models describe a function whose first `taken` parameters and those of these names are bound already; `route` is the text
    /// under which it is registered.
    fn describe_function(
        &mut self,
        f: FuncId,
        taken: u32,
        named: &[Symbol],
        node: NodeId,
        route: Option<Symbol>,
    ) -> bool {
        let models = self.models;
        let mut changed = false;
        changed |= self.flow_to_parameters(f, node);
        if let Some(result) = models.returned(node) {
            let facts = self.result_facts.entry(f).or_default();
            if !facts.contains(&result) {
                facts.push(result);
            }
        }
        if let Some(kind) = models.facts(node).entry
            && !self.entries.contains_key(&f)
        {
            self.entries.insert(f, Entry { function: f, kind });
            changed = true;
        }
        let params: Vec<(u32, Symbol)> =
            self.program.function(f).params.iter().enumerate().map(|(i, p)| (i as u32, p.name)).collect();
        for (spec, described) in models.parameters(node) {
            // Parameters before those that a route fills: the request.
            let before = spec.positions.first().map_or(0, |range| *range.start());
            for &(index, name) in &params {
                if index < taken || named.contains(&name) {
                    continue;
                }
                if !(spec.any
                    || spec.matches_position(index - taken)
                    || spec.matches_name(self.program.strings.resolve(name)))
                {
                    continue;
                }
                if !models.facts(*described).sources.is_empty() {
                    // A function outside of classes whose first parameter is called so is bound to what runs it: a task of Celery.
                    let bound = index == 0 && spec.any && self.program.functions[f].class.is_none();
                    if bound && self.program.strings.resolve(name) == "self" {
                        continue;
                    }
                    let narrow = match route {
                        Some(route) => {
                            let text = self.program.strings.resolve(name);
                            is_narrow(self.program.strings.resolve(route), text, index - taken - before)
                        }
                        None => self.is_narrow_in_tables(f, name, index - taken - before),
                    };
                    if narrow || self.is_filled_otherwise(f, index) {
                        continue;
                    }
                }
                let facts = self.parameter_facts.entry((f, index)).or_default();
                if facts.contains(described) {
                    continue;
                }
                facts.push(*described);
                changed = true;
                if let Some(to) = self.parameter(f, index) {
                    for &root in &models.facts(*described).types {
                        let api = self.apis.instance_of(root);
                        self.add(to, Object::Api(api));
                    }
                }
            }
        }
        changed
    }
}
