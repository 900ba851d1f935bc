//! Templates: which file a name means, who renders it with what, and which functions its filters and tags are.

use crate::api::ApiStep;
use crate::object::{ContainerKind, Object};
use crate::resolution::{ContextArguments, Target};
use crate::solver::{EdgeKind, Extra, Node, Slot, Solver};
use crate::{ClsId, FuncId, ModuleId};
use assay_index::{FxHashSet, Symbol};
use assay_ir::{ArgKind, BinaryOp, Const, Op, Piece, Value, template};
use assay_models::{Escaping, NodeId, Rendering, TemplateContext, TemplateName};
use assay_text::{Span, limits};
use smallvec::SmallVec;

/// Steps from a value to the constants that it may be.
const MAX_STEPS: u32 = 6;

/// Classes whose instances load templates, with the argument that says whether values are escaped by themselves, and
/// whether they are without it.
const ENVIRONMENTS: [(&str, &str, bool); 5] = [
    ("jinja2.Environment", "autoescape", false),
    ("mako.lookup.TemplateLookup", "default_filters", false),
    ("mako.template.Template", "default_filters", false),
    ("tornado.template.Loader", "autoescape", true),
    ("tornado.template.Template", "autoescape", true),
];
/// Filters of Mako that replace markup by entities.
const ESCAPES: [&str; 4] = ["h", "x", "escape", "html_escape"];

/// A template's name as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    Whole(String),
    /// What it ends with.
    End(String),
}

impl Solver<'_> {
    /// Gives a name of the runtime its meaning; whether it is one.
    pub(crate) fn runtime_name(&mut self, name: Symbol, to: Node) -> bool {
        let text = self.program.strings.resolve(name);
        if !text.starts_with("__template__.") {
            return false;
        }
        let text = text.to_owned();
        for prefix in [template::FILTERS, template::TAGS] {
            if let Some(function) = text.strip_prefix(prefix) {
                let function = self.program.strings.intern(function);
                let from = self.extra(Extra::TemplateFunction(function));
                self.edge(from, to, EdgeKind::Copy);
            }
        }
        let api = self.apis.dotted(&text, &mut self.program.strings);
        self.add(to, Object::Api(api));
        true
    }

    /// What a template's code loads and inherits.
    pub(crate) fn seed_template(&mut self, f: FuncId) {
        let module = self.program.functions[f].module;
        let calls: Vec<(Value, Value, SmallVec<[Value; 2]>)> = self
            .program
            .function(f)
            .insts
            .iter_enumerated()
            .filter_map(|(v, inst)| match &inst.op {
                Op::Call { func, args } => Some((v, *func, args.iter().map(|a| a.value).collect())),
                _ => None,
            })
            .collect();
        for (call, func, args) in calls {
            if self.runtime_call(f, call) == Some(template::LOAD)
                && let [name] = args.as_slice()
            {
                let result = self.node(f, call);
                for found in self.templates_of(f, *name, module) {
                    self.add(result, Object::Module(found));
                }
            }
            let functions = match self.runtime_call(f, func) {
                Some(template::INHERIT) => self.inherited(f, func, module),
                Some(template::SUPER) => self.overridden(f, func, module),
                _ => continue,
            };
            for function in functions {
                self.bind_arguments(f, call, function, 0);
                self.add_render_call(f, call, Target::function(function, 0));
            }
        }
    }

    /// The function of the runtime that a call calls.
    fn runtime_call(&self, f: FuncId, call: Value) -> Option<&'static str> {
        let function = self.program.function(f);
        let Op::Call { func, .. } = function.op(call) else { return None };
        let Op::Global(name) = function.op(*func) else { return None };
        let name = self.program.strings.resolve(*name);
        [template::LOAD, template::INHERIT, template::SUPER].into_iter().find(|known| *known == name)
    }

    fn argument_of(&self, f: FuncId, call: Value, index: usize) -> Option<Value> {
        match self.program.function(f).op(call) {
            Op::Call { args, .. } => args.get(index).map(|a| a.value),
            _ => None,
        }
    }

    /// Whether a function belongs to the variant of a template that escapes nothing by itself.
    fn is_raw(&self, f: FuncId) -> bool {
        self.program.strings.resolve(self.program.function(f).name).starts_with(template::RAW)
    }

    /// A template's function, in the variant of `like`.
    fn variant(&self, module: ModuleId, name: &str, raw: bool) -> Option<FuncId> {
        let own = raw.then(|| self.program.template_function(module, &format!("{}{name}", template::RAW))).flatten();
        own.or_else(|| self.program.template_function(module, name))
    }

    /// What a template inherits: the frames of those above it, and their blocks that nothing overrides.
    fn inherited(&self, f: FuncId, inherit: Value, module: ModuleId) -> Vec<FuncId> {
        let raw = self.is_raw(f);
        let mut overridden: FxHashSet<Symbol> = FxHashSet::default();
        let mut out = Vec::new();
        let mut seen = vec![module];
        let mut open = vec![(f, inherit, module)];
        while let Some((f, inherit, module)) = open.pop() {
            if let Some(list) = self.argument_of(f, inherit, 1)
                && let Op::Collection(_, elements) = self.program.function(f).op(list)
            {
                for element in elements {
                    if let Op::Const(Const::Str(name)) = self.program.function(f).op(element.value) {
                        overridden.insert(*name);
                    }
                }
            }
            let Some(name) = self.argument_of(f, inherit, 0) else { continue };
            for parent in self.templates_of(f, name, module) {
                if seen.contains(&parent) || seen.len() > limits::MAX_SUBCLASSES {
                    continue;
                }
                seen.push(parent);
                let frame = self.variant(parent, template::FRAME, raw);
                out.extend(frame.or_else(|| self.variant(parent, template::RENDER, raw)));
                let blocks = self.blocks_of(parent, raw);
                let is_overridden = |block: &BlockFunction| block.name.is_some_and(|name| overridden.contains(&name));
                // A block goes with the one that it stands in.
                let is_hidden = |block: &BlockFunction| {
                    is_overridden(block) || blocks.iter().any(|b| is_overridden(b) && b.span.contains(block.span))
                };
                out.extend(blocks.iter().filter(|block| !is_hidden(block)).map(|block| block.function));
                open.extend(self.inherit_call(parent, raw).map(|(f, call)| (f, call, parent)));
            }
        }
        out
    }

    /// The blocks of a template in one variant.
    fn blocks_of(&self, module: ModuleId, raw: bool) -> Vec<BlockFunction> {
        let mut out = Vec::new();
        for (local, function) in self.program.modules[module].ir.functions.iter_enumerated() {
            let name = self.program.strings.resolve(function.name);
            let (own_raw, name) = name.strip_prefix(template::RAW).map_or((false, name), |name| (true, name));
            let Some(name) = name.strip_prefix(template::BLOCK) else { continue };
            if own_raw == raw {
                let function_id = self.program.func_id(module, local);
                let name = self.program.strings.lookup(name);
                out.push(BlockFunction { name, function: function_id, span: function.span });
            }
        }
        out
    }

    /// Where a template says what it extends.
    fn inherit_call(&self, module: ModuleId, raw: bool) -> Option<(FuncId, Value)> {
        let render = self.variant(module, template::RENDER, raw)?;
        let calls = self.program.function(render).insts.ids();
        calls.into_iter().find(|v| self.runtime_call(render, *v) == Some(template::INHERIT)).map(|call| (render, call))
    }

    /// The nearest block of a name above a template.
    fn overridden(&self, f: FuncId, call: Value, module: ModuleId) -> Vec<FuncId> {
        let raw = self.is_raw(f);
        let (Some(name), Some(block)) = (self.argument_of(f, call, 0), self.argument_of(f, call, 1)) else {
            return Vec::new();
        };
        let Op::Const(Const::Str(block)) = self.program.function(f).op(block) else { return Vec::new() };
        let block = *block;
        let mut seen = vec![module];
        let mut open = self.templates_of(f, name, module);
        while let Some(parent) = open.pop() {
            if seen.contains(&parent) || seen.len() > limits::MAX_SUBCLASSES {
                continue;
            }
            seen.push(parent);
            let blocks = self.blocks_of(parent, raw);
            if let Some(found) = blocks.iter().find(|b| b.name == Some(block)) {
                return blocks.iter().filter(|b| found.span.contains(b.span)).map(|b| b.function).collect();
            }
            if let Some((f, inherit)) = self.inherit_call(parent, raw)
                && let Some(name) = self.argument_of(f, inherit, 0)
            {
                open.extend(self.templates_of(f, name, parent));
            }
        }
        Vec::new()
    }

    /// A call reaches another function besides what it calls by name. Whether that is new.
    pub(crate) fn add_render_call(&mut self, f: FuncId, call: Value, target: Target) -> bool {
        let list = self.render_calls.entry((f, call)).or_default();
        let new = !list.contains(&target);
        if new {
            list.push(target);
        }
        new
    }

    /// A method that a template reads is called by it.
    pub(crate) fn called_by_template(&mut self, f: FuncId, value: Value, at: Node, method: FuncId) {
        let function = self.program.function(f);
        if !self.program.module_of(f).template || !matches!(function.op(value), Op::Attr(..)) {
            return;
        }
        let called = self.users(at).any(|user| matches!(function.op(user), Op::Call { func, .. } if *func == value));
        if !called {
            self.call_implicitly(at, method);
        }
    }

    /// The templates whose names a value may be.
    fn templates_of(&self, f: FuncId, name: Value, from: ModuleId) -> Vec<ModuleId> {
        let mut names = Vec::new();
        self.names_of(f, name, 0, &mut names);
        let mut out = Vec::new();
        for name in names {
            let found = match name {
                Name::Whole(name) => self.program.templates_named(&name, from),
                // Of a name whose beginning is unknown the rest must leave no choice.
                Name::End(end) => match end.split_once('/') {
                    Some((_, rest)) if !rest.is_empty() => {
                        Some(self.program.templates_named(rest, from)).filter(|all| all.len() == 1).unwrap_or_default()
                    }
                    _ => Vec::new(),
                },
            };
            for module in found {
                if !out.contains(&module) {
                    out.push(module);
                }
            }
        }
        out
    }

    /// The texts that a value may be, as far as the code shows.
    pub(crate) fn names_of(&self, f: FuncId, value: Value, depth: u32, out: &mut Vec<Name>) {
        if depth > MAX_STEPS || out.len() >= limits::MAX_PORT_NODES {
            return;
        }
        let module = self.program.functions[f].module;
        let text = |symbol: Symbol| self.program.strings.resolve(symbol).to_owned();
        match self.program.function(f).op(value) {
            Op::Const(Const::Str(name)) => out.push(Name::Whole(text(*name))),
            Op::Phi(inputs) => inputs.iter().for_each(|(_, input)| self.names_of(f, *input, depth + 1, out)),
            Op::Collection(_, elements) => elements.iter().for_each(|e| self.names_of(f, e.value, depth + 1, out)),
            Op::Annotated { value: Some(inner), .. } => self.names_of(f, *inner, depth + 1, out),
            // Each of the names that a loop goes through.
            Op::Next(list) => self.names_of(f, *list, depth + 1, out),
            Op::Binary(BinaryOp::Add, _, right) => {
                let mut ends = Vec::new();
                self.names_of(f, *right, depth + 1, &mut ends);
                out.extend(ends.into_iter().map(|end| match end {
                    Name::Whole(end) | Name::End(end) => Name::End(end),
                }));
            }
            Op::Binary(BinaryOp::Mod, left, _) => {
                if let Op::Const(Const::Str(format)) = self.program.function(f).op(*left) {
                    let format = text(*format);
                    // `%s/list.html`: after the letter of the last directive.
                    let end = format.rsplit('%').next().unwrap_or_default();
                    out.push(Name::End(end.chars().skip(1).collect()));
                }
            }
            Op::Format(pieces) => {
                if let Some(Piece::Text(end)) = pieces.last() {
                    out.push(if pieces.len() == 1 { Name::Whole(text(*end)) } else { Name::End(text(*end)) });
                }
            }
            Op::Global(name) => {
                if let Some((f, value)) = self.program.single_store(module, *name) {
                    self.names_of(f, value, depth + 1, out);
                }
            }
            Op::ImportFrom { module: from, level, name } => {
                let dotted = self.program.absolute_name(module, *from, *level);
                let target = self.program.strings.lookup(&dotted).and_then(|d| self.program.imported(module, d));
                if let Some((f, value)) = target.and_then(|target| self.program.single_store(target, *name)) {
                    self.names_of(f, value, depth + 1, out);
                }
            }
            Op::Attr(base, name) => {
                for object in self.objects_of(self.node(f, *base)) {
                    match object {
                        Object::Module(target) => {
                            if let Some((f, value)) = self.program.single_store(target, *name) {
                                self.names_of(f, value, depth + 1, out);
                            }
                        }
                        Object::SelfOf(class) | Object::Instance(class) | Object::Class(class) => {
                            self.class_texts(class, *name, depth, out);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// The texts that a class or one that it derives from sets a name to.
    pub(crate) fn class_texts(&self, class: ClsId, name: Symbol, depth: u32, out: &mut Vec<Name>) {
        if let Some((f, value)) = self.hierarchy.declaration(&self.program, class, name) {
            self.names_of(f, value, depth + 1, out);
        }
    }

    /// The functions that render what a call names.
    fn rendering_functions(&self, f: FuncId, call: Value, name: Value, rendering: &Rendering) -> Vec<FuncId> {
        let from = self.program.functions[f].module;
        let found = match rendering.name {
            TemplateName::Text(_) => self.texts_of(f, name),
            _ => self.templates_of(f, name, from),
        };
        found.into_iter().filter_map(|module| self.rendered_module(f, Some(call), module, rendering.escaping)).collect()
    }

    /// The templates that stand as text in the program: each is a module of the name of the function's own with
    /// the place of the text.
    fn texts_of(&self, f: FuncId, value: Value) -> Vec<ModuleId> {
        let mut out = Vec::new();
        let mut at = (f, value);
        for _ in 0..MAX_STEPS {
            let (f, value) = at;
            let module = self.program.functions[f].module;
            match self.program.function(f).op(value) {
                Op::Const(Const::Str(_)) => {
                    let start = self.program.function(f).insts[value].span.start;
                    let path =
                        template::inline_name(self.program.strings.resolve(self.program.modules[module].name), start);
                    out.extend(self.program.inline_template(&path));
                    break;
                }
                Op::Global(name) => match self.program.single_store(module, *name) {
                    Some(next) => at = next,
                    None => break,
                },
                _ => break,
            }
        }
        out
    }

    /// The function that renders a template, by who does it.
    pub(crate) fn rendered_module(
        &self,
        f: FuncId,
        call: Option<Value>,
        module: ModuleId,
        escaping: Escaping,
    ) -> Option<FuncId> {
        let path = self.program.strings.resolve(self.program.modules[module].name);
        let by_name = || {
            let extension = path.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
            template::is_inline(path) || matches!(extension.as_str(), "html" | "htm" | "xml" | "xhtml" | "svg")
        };
        let escapes = match escaping {
            Escaping::On => true,
            Escaping::Off => false,
            Escaping::ByName => by_name(),
            Escaping::Environment => match call.and_then(|call| self.environment(f, call)) {
                Some(Environment::ByName) => by_name(),
                Some(Environment::Fixed(on)) => on,
                // What is not known is not held against anybody.
                None => true,
            },
        };
        self.variant(module, template::RENDER, !escapes)
    }

    /// Whether the templates that a call renders or loads escape.
    pub(crate) fn told_escaping(&self, f: FuncId, call: Value) -> Escaping {
        match self.environment(f, call) {
            Some(Environment::ByName) => Escaping::ByName,
            Some(Environment::Fixed(false)) => Escaping::Off,
            Some(Environment::Fixed(true)) | None => Escaping::On,
        }
    }

    /// How the object was made whose method a call calls.
    fn environment(&self, f: FuncId, call: Value) -> Option<Environment> {
        let Op::Call { func, .. } = self.program.function(f).op(call) else { return None };
        if let Some(environment) = self.made_environment(f, call) {
            return Some(environment);
        }
        let Op::Attr(base, _) = self.program.function(f).op(*func) else { return None };
        if let Some((g, made)) = self.made_at(f, *base) {
            return self.made_environment(g, made);
        }
        // The object came by ways that are not followed here: what all of the module, or else of the program,
        // have in common counts.
        let own = self.program.functions[f].module;
        let mut near = Vec::new();
        let mut all = Vec::new();
        for g in self.program.functions.ids() {
            let module = self.program.functions[g].module;
            if self.program.modules[module].test || self.program.modules[module].template {
                continue;
            }
            for value in self.program.function(g).insts.ids() {
                if let Some(environment) = self.made_environment(g, value) {
                    all.push(environment);
                    if module == own {
                        near.push(environment);
                    }
                }
            }
        }
        let list = if near.is_empty() { all } else { near };
        let first = *list.first()?;
        list.iter().all(|e| *e == first).then_some(first)
    }

    /// The call that made an object, through variables.
    fn made_at(&self, f: FuncId, value: Value) -> Option<(FuncId, Value)> {
        let (mut f, mut value) = (f, value);
        for _ in 0..MAX_STEPS {
            let module = self.program.functions[f].module;
            match self.program.function(f).op(value) {
                Op::Call { .. } => return Some((f, value)),
                Op::Global(name) => (f, value) = self.program.single_store(module, *name)?,
                Op::ImportFrom { module: from, level, name } => {
                    let dotted = self.program.absolute_name(module, *from, *level);
                    let target = self.program.imported(module, self.program.strings.lookup(&dotted)?)?;
                    (f, value) = self.program.single_store(target, *name)?;
                }
                Op::Annotated { value: Some(inner), .. } => value = *inner,
                _ => return None,
            }
        }
        None
    }

    /// What the call that makes an environment says about escaping.
    fn made_environment(&self, f: FuncId, call: Value) -> Option<Environment> {
        let Op::Call { func, args } = self.program.function(f).op(call) else { return None };
        let made = self.objects_of(self.node(f, *func));
        let is_made = |name: &str| {
            self.models.type_root(name).is_some_and(|root| {
                made.iter().any(|object| {
                    matches!(object, Object::Api(api) if self.apis.nodes(*api).iter().any(|node| {
                        let class = self.models.facts(*node).class_of;
                        class.is_some_and(|class| self.models.base_types(class).contains(&root))
                    }))
                })
            })
        };
        let (_, option, default) = ENVIRONMENTS.iter().find(|(class, ..)| is_made(class))?;
        for arg in args {
            match arg.kind {
                ArgKind::Keyword(name) if self.program.strings.resolve(name) == *option => {
                    return match self.program.function(f).op(arg.value) {
                        Op::Const(Const::Bool(on)) => Some(Environment::Fixed(*on)),
                        Op::Const(Const::None) => Some(Environment::Fixed(false)),
                        // The name of what escapes.
                        Op::Const(Const::Str(_)) => Some(Environment::Fixed(true)),
                        // Filters that all values go through, by their names.
                        Op::Collection(_, filters) => {
                            let escapes = filters.iter().any(|filter| {
                                matches!(self.program.function(f).op(filter.value), Op::Const(Const::Str(name))
                                    if ESCAPES.contains(&self.program.strings.resolve(*name)))
                            });
                            Some(Environment::Fixed(escapes))
                        }
                        Op::Call { func, .. } => {
                            let select = self.objects_of(self.node(f, *func)).into_iter().any(|object| {
                                matches!(object, Object::Api(api) if matches!(self.apis.step(api), ApiStep::Member(m) if self.program.strings.resolve(m) == "select_autoescape"))
                            });
                            select.then_some(Environment::ByName)
                        }
                        _ => None,
                    };
                }
                ArgKind::KeywordSpread | ArgKind::Spread => return None,
                _ => {}
            }
        }
        Some(Environment::Fixed(*default))
    }

    /// A call renders or loads a template. Whether anything was new.
    pub(crate) fn match_rendering(&mut self, f: FuncId, call: Value, node: NodeId) -> bool {
        let models = self.models;
        let mut changed = false;
        for rendering in &models.facts(node).renderings {
            changed |= self.match_one_rendering(f, call, rendering);
        }
        changed
    }

    fn match_one_rendering(&mut self, f: FuncId, call: Value, rendering: &Rendering) -> bool {
        let Op::Call { args, .. } = self.program.function(f).op(call) else { return false };
        let names = match &rendering.name {
            TemplateName::Argument(spec) | TemplateName::Text(spec) => {
                crate::flows::matching_arguments(spec, args, &self.program.strings)
            }
            TemplateName::Attribute(attribute) => return self.match_view_call(f, call, attribute, rendering),
        };
        let mut changed = false;
        for name in names {
            for function in self.rendering_functions(f, call, name, rendering) {
                changed |= self.render(f, call, function, rendering);
            }
            if matches!(rendering.name, TemplateName::Argument(_)) {
                changed |= self.note_wrapper(f, call, name, rendering);
            }
        }
        changed
    }

    /// A method of a view renders the template that the view names.
    fn match_view_call(&mut self, f: FuncId, call: Value, attribute: &str, rendering: &Rendering) -> bool {
        let Op::Call { func, .. } = self.program.function(f).op(call) else { return false };
        let Op::Attr(base, _) = self.program.function(f).op(*func) else { return false };
        let mut changed = false;
        for object in self.objects_of(self.node(f, *base)) {
            let (Object::SelfOf(class) | Object::Instance(class)) = object else { continue };
            for function in self.view_templates(class, attribute, rendering.escaping) {
                changed |= self.render(f, call, function, rendering);
            }
        }
        changed
    }

    pub(crate) fn render(&mut self, f: FuncId, call: Value, function: FuncId, rendering: &Rendering) -> bool {
        self.give_request(function, rendering.request);
        match &rendering.context {
            TemplateContext::Argument(spec) => {
                let context = ContextArguments::Passed {
                    position: spec.positions.first().map(|range| *range.start()),
                    name: spec.names.first().map(|name| self.program.strings.intern(name)),
                    named: spec.any_named,
                    spreads: true,
                };
                self.bind_context(f, call, function, context)
            }
            TemplateContext::Later => self.gives_template(f, call, function),
            TemplateContext::Returned => self.match_decorated(f, call, function),
            TemplateContext::Method(_) => false,
        }
    }

    /// A call gives a template that is rendered later. Whether that is new.
    pub(crate) fn gives_template(&mut self, f: FuncId, call: Value, function: FuncId) -> bool {
        let result = self.node(f, call);
        let object = Object::Template(function);
        let new = !self.objects_of(result).contains(&object);
        self.add(result, object);
        new
    }

    /// What the call gives decorates functions: a template is rendered with what they return. Whether that is new.
    fn match_decorated(&mut self, f: FuncId, call: Value, function: FuncId) -> bool {
        let mut changed = false;
        for user in self.users(self.node(f, call)).collect::<Vec<_>>() {
            let Op::Call { func, args } = self.program.function(f).op(user) else { continue };
            let (true, Some(decorated)) = (*func == call, args.first()) else { continue };
            for object in self.objects_of(self.node(f, decorated.value)) {
                if let Object::Function(g) = object {
                    changed |= self.renders_result(g, function);
                }
            }
        }
        changed
    }

    /// A template is rendered with what a function returns. Whether that is new.
    fn renders_result(&mut self, f: FuncId, template: FuncId) -> bool {
        let list = self.rendered.entry(f).or_default();
        if list.contains(&template) {
            return false;
        }
        list.push(template);
        if let Some(to) = self.parameter(template, 0) {
            let from = self.extra(Extra::Return(f));
            self.edge(from, to, EdgeKind::Copy);
        }
        true
    }

    /// The request that a template sees.
    pub(crate) fn give_request(&mut self, function: FuncId, root: Option<NodeId>) {
        if let (Some(root), Some(node)) = (root, self.parameter(function, 1)) {
            let api = self.apis.instance_of(root);
            self.add(node, Object::Api(api));
        }
    }

    /// The arguments of a call become the context of a template. Whether that is new.
    pub(crate) fn bind_context(&mut self, f: FuncId, call: Value, function: FuncId, context: ContextArguments) -> bool {
        let target = Target { context: Some(context), ..Target::function(function, 0) };
        if !self.add_render_call(f, call, target) {
            return false;
        }
        // What tests pass says nothing about the program.
        let Some(to) = self.parameter(function, 0).filter(|_| !self.program.module_of(f).test) else { return true };
        let ContextArguments::Passed { position, name, named, spreads } = context else { return true };
        let (_, args) = self.call_parts(f, call);
        let mut at = 0;
        for arg in args {
            let from = self.node(f, arg.value);
            match arg.kind {
                ArgKind::Positional => {
                    if position == Some(at) {
                        self.edge(from, to, EdgeKind::Copy);
                    }
                    at += 1;
                }
                ArgKind::Keyword(key) if Some(key) == name => {
                    self.edge(from, to, EdgeKind::Copy);
                }
                ArgKind::Keyword(key) if named => {
                    self.add(to, Object::Container(ContainerKind::Dict, to.raw()));
                    let slot = self.extra(Extra::Slot(to.raw(), Slot::Key(key)));
                    self.edge(from, slot, EdgeKind::Copy);
                }
                ArgKind::KeywordSpread if named && spreads => {
                    self.edge(from, to, EdgeKind::Copy);
                }
                _ => {}
            }
        }
        true
    }

    /// The functions that render the template that a view's class names.
    fn view_templates(&self, class: ClsId, attribute: &str, escaping: Escaping) -> Vec<FuncId> {
        let Some(attribute) = self.program.strings.lookup(attribute) else { return Vec::new() };
        let mut names = Vec::new();
        self.class_texts(class, attribute, 0, &mut names);
        let from = self.program.classes[class].module;
        let body = self.program.class_body(class);
        let mut out = Vec::new();
        for name in names {
            let Name::Whole(name) = name else { continue };
            let modules = self.program.templates_named(&name, from);
            out.extend(modules.into_iter().filter_map(|m| self.rendered_module(body, None, m, escaping)));
        }
        out
    }

    /// A class of views that render a template by themselves. Whether anything was new.
    pub(crate) fn match_view(&mut self, class: ClsId, node: NodeId) -> bool {
        let models = self.models;
        let Some(rendering) = models.facts(node).renderings.first() else { return false };
        let (TemplateName::Attribute(attribute), TemplateContext::Method(method)) =
            (&rendering.name, &rendering.context)
        else {
            return false;
        };
        let functions = self.view_templates(class, attribute, rendering.escaping);
        if functions.is_empty() || self.program.modules[self.program.classes[class].module].test {
            return false;
        }
        let method = self.program.strings.lookup(method).and_then(|m| self.hierarchy.method(class, m));
        let mut changed = false;
        for function in functions {
            self.give_request(function, rendering.request);
            let Some(method) = method else { continue };
            changed |= self.renders_result(method, function);
        }
        changed
    }

    /// A function is handed over as a filter or tag: by the name that stands beside it, or else by its own.
    pub(crate) fn register_template_function(&mut self, f: FuncId, call: Value, at: Node) -> bool {
        let function = self.program.function(f);
        let Op::Call { func, args } = function.op(call) else { return false };
        let mut names: Vec<Symbol> = Vec::new();
        let mut collect = |args: &[assay_ir::Arg]| {
            for arg in args {
                let is_name = match arg.kind {
                    ArgKind::Positional => true,
                    ArgKind::Keyword(key) => self.program.strings.resolve(key) == "name",
                    _ => false,
                };
                if let (true, Op::Const(Const::Str(name))) = (is_name, function.op(arg.value)) {
                    names.push(*name);
                }
            }
        };
        collect(args);
        if let Op::Call { args, .. } = function.op(*func) {
            collect(args);
        }
        let mut changed = false;
        for object in self.objects_of(at) {
            let Object::Function(g) = object else { continue };
            let name = names.first().copied().unwrap_or(self.program.function(g).name);
            self.template_functions.insert(g);
            let to = self.extra(Extra::TemplateFunction(name));
            if !self.objects_of(to).contains(&object) {
                self.add(to, object);
                changed = true;
            }
        }
        changed
    }
}

/// A block of a template.
struct BlockFunction {
    /// Its name, if anything else in the program mentions it.
    name: Option<Symbol>,
    function: FuncId,
    /// All of it, so that it contains the spans of the blocks in it.
    span: Span,
}

/// How an environment escapes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Environment {
    Fixed(bool),
    ByName,
}
