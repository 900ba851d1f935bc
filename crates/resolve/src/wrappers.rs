//! Functions of the program that render the template that their caller names.
//!
//! `def page(template, **values): return render_template(template, user=user, **values)` renders, at each of its calls, what that
//! call names, with what that call passes and with what the function itself adds. So each caller's values get to its own template,
//! and to no other.

use crate::FuncId;
use crate::object::Object;
use crate::resolution::ContextArguments;
use crate::solver::Solver;
use crate::templates::Name;
use assay_index::Symbol;
use assay_ir::{Arg, ArgKind, BinaryOp, Const, Op, ParamKind, Piece, Terminator, Value};
use assay_models::{Escaping, NodeId, Rendering, TemplateContext};

/// Ways in which one function may render what its caller names.
const MAX_WAYS: usize = 8;
/// Steps from a value to the parameter that it is.
const MAX_STEPS: u32 = 6;

/// How a function renders what its caller names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrapper {
    /// What names the template.
    name: Named,
    /// What is put before and behind the name.
    around: (String, String),
    /// Where the context is.
    context: Passed,
    escaping: Escaping,
    request: Option<NodeId>,
    /// The call that renders, whose own values come to the context, too.
    call: Value,
}

/// What names a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Named {
    /// This parameter.
    Parameter(u32),
    /// This attribute of the object whose method it is, which each class sets for itself.
    Attribute(Symbol),
}

/// Where the caller's part of a context is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Passed {
    /// In these parameters: a mapping, or all named values that are no other parameter.
    In { mapping: Option<u32>, named: bool },
    /// The function gives the template; its `render` gets the context.
    Later,
}

impl Solver<'_> {
    /// A call of `f` renders what a parameter of `f` names: then so does every call of `f`. Whether that is new.
    pub(crate) fn note_wrapper(&mut self, f: FuncId, call: Value, name: Value, rendering: &Rendering) -> bool {
        let Some((named, around)) = self.naming(f, name, 0) else { return false };
        let escaping = match rendering.escaping {
            Escaping::Environment => self.told_escaping(f, call),
            told => told,
        };
        let contexts: Vec<(Passed, Value)> = match &rendering.context {
            TemplateContext::Argument(spec) => {
                let spec = (spec.positions.first().map(|range| *range.start()), spec.names.clone(), spec.any_named);
                vec![(self.passed_context(f, call, &spec), call)]
            }
            TemplateContext::Later => self.later_contexts(f, call),
            TemplateContext::Returned | TemplateContext::Method(_) => Vec::new(),
        };
        let mut changed = false;
        for (context, render) in contexts {
            let own = context == Passed::In { mapping: None, named: false };
            let (around, request) = (around.clone(), rendering.request);
            let wrapper = Wrapper { name: named, around, context, escaping, request, call: render };
            changed |= match named {
                // All of the context is the method's own: so it is the same for all classes.
                Named::Attribute(attribute) if own => {
                    let classes = self.program.functions[f].class.map(Object::SelfOf).into_iter();
                    let texts = classes.flat_map(|class| self.texts_of_classes(class, attribute)).collect();
                    self.render_named(f, call, texts, &wrapper, &mut |this, template| {
                        this.render(f, call, template, rendering)
                    })
                }
                _ => self.add_wrapper(f, wrapper),
            };
        }
        changed
    }

    /// What an object's class, or any that it may be of, calls the template.
    fn texts_of_classes(&self, object: Object, attribute: Symbol) -> Vec<Name> {
        let mut names = Vec::new();
        let (Object::SelfOf(class) | Object::Instance(class)) = object else { return names };
        self.class_texts(class, attribute, 0, &mut names);
        if matches!(object, Object::SelfOf(_)) {
            for derived in self.hierarchy.derived(class).to_vec() {
                if self.hierarchy.sets_in_body(derived, attribute) {
                    self.class_texts(derived, attribute, 0, &mut names);
                }
            }
        }
        names
    }

    /// Renders, in a way of its own, the templates of these names. Whether anything was new.
    fn render_named(
        &mut self,
        f: FuncId,
        call: Value,
        names: Vec<Name>,
        wrapper: &Wrapper,
        render: &mut dyn FnMut(&mut Self, FuncId) -> bool,
    ) -> bool {
        let from = self.program.functions[f].module;
        let (before, behind) = &wrapper.around;
        let mut changed = false;
        for name in names {
            let Name::Whole(name) = name else { continue };
            for module in self.program.templates_named(&format!("{before}{name}{behind}"), from) {
                if let Some(template) = self.rendered_module(f, Some(call), module, wrapper.escaping) {
                    self.give_request(template, wrapper.request);
                    changed |= render(self, template);
                }
            }
        }
        changed
    }

    fn add_wrapper(&mut self, f: FuncId, wrapper: Wrapper) -> bool {
        let list = self.wrappers.entry(f).or_default();
        let new = list.len() < MAX_WAYS && !list.contains(&wrapper);
        if new {
            list.push(wrapper);
        }
        new
    }

    /// A call of a function that renders what it is told. `taken` parameters are bound already. Whether anything was new.
    pub(crate) fn match_wrappers(&mut self, f: FuncId, call: Value, callee: FuncId, taken: u32) -> bool {
        let Some(wrappers) = self.wrappers.get(&callee).cloned() else { return false };
        let (_, args) = self.call_parts(f, call);
        let mut changed = false;
        for wrapper in wrappers {
            let mut names = Vec::new();
            let name = match wrapper.name {
                Named::Parameter(parameter) => {
                    let Some(name) = self.argument_for(callee, &args, parameter, taken) else { continue };
                    self.names_of(f, name, 0, &mut names);
                    Some(name)
                }
                Named::Attribute(attribute) => {
                    let Op::Call { func, .. } = self.program.function(f).op(call) else { continue };
                    let Op::Attr(object, _) = self.program.function(f).op(*func) else { continue };
                    for object in self.objects_of(self.node(f, *object)) {
                        names.extend(self.texts_of_classes(object, attribute));
                    }
                    None
                }
            };
            changed |= self.render_named(f, call, names, &wrapper, &mut |this, template| {
                this.render_through(f, call, template, callee, &wrapper, taken)
            });
            // A function that only passes it on.
            if let Some((named, around)) = name.and_then(|name| self.naming(f, name, 0)) {
                let context = match &wrapper.context {
                    Passed::In { .. } => self.passed_context(f, call, &self.as_arguments(callee, &wrapper, taken)),
                    Passed::Later if self.is_returned(f, call) => Passed::Later,
                    Passed::Later => continue,
                };
                let around = (format!("{}{}", wrapper.around.0, around.0), format!("{}{}", around.1, wrapper.around.1));
                changed |= self.add_wrapper(f, Wrapper { name: named, around, context, call, ..wrapper.clone() });
            }
        }
        changed
    }

    /// The caller's values and those that the function adds come to the template's context.
    fn render_through(
        &mut self,
        f: FuncId,
        call: Value,
        template: FuncId,
        callee: FuncId,
        wrapper: &Wrapper,
        taken: u32,
    ) -> bool {
        if wrapper.context == Passed::Later {
            return self.gives_template(f, call, template);
        }
        let (position, keywords, values) = self.as_arguments(callee, wrapper, taken);
        let name = keywords.first().map(|name| self.program.strings.intern(name));
        let passed = ContextArguments::Passed { position, name, named: values, spreads: true };
        let added = ContextArguments::Passed { position: None, name: None, named: true, spreads: false };
        self.bind_context(f, call, template, passed) | self.bind_context(callee, wrapper.call, template, added)
    }

    /// Where a call of the function has the context.
    fn as_arguments(&self, callee: FuncId, wrapper: &Wrapper, taken: u32) -> (Option<u32>, Vec<String>, bool) {
        let Passed::In { mapping, named } = wrapper.context else { return (None, Vec::new(), false) };
        let params = &self.program.function(callee).params;
        let name = mapping.and_then(|index| params.get(index as usize)).map(|p| p.name);
        let names = name.map(|name| self.program.strings.resolve(name).to_owned()).into_iter().collect();
        (mapping.and_then(|index| index.checked_sub(taken)), names, named)
    }

    /// The argument of a call that becomes a parameter.
    fn argument_for(&self, callee: FuncId, args: &[Arg], parameter: u32, taken: u32) -> Option<Value> {
        let param = self.program.function(callee).params.get(parameter as usize)?;
        let mut position = taken;
        for arg in args {
            match arg.kind {
                ArgKind::Positional if position == parameter => return Some(arg.value),
                ArgKind::Positional => position += 1,
                ArgKind::Keyword(name) if name == param.name && param.kind != ParamKind::Rest => {
                    return Some(arg.value);
                }
                ArgKind::Spread if position <= parameter => return Some(arg.value),
                _ => {}
            }
        }
        None
    }

    /// What a name is made of, and what is put around it.
    fn naming(&self, f: FuncId, value: Value, depth: u32) -> Option<(Named, (String, String))> {
        if depth > MAX_STEPS {
            return None;
        }
        let function = self.program.function(f);
        let text = |symbol: Symbol| self.program.strings.resolve(symbol).to_owned();
        let constant = |value: Value| match function.op(value) {
            Op::Const(Const::Str(symbol)) => Some(text(*symbol)),
            _ => None,
        };
        match function.op(value) {
            Op::Param(index) => Some((Named::Parameter(*index), (String::new(), String::new()))),
            Op::Attr(base, name) if matches!(function.op(*base), Op::Param(0)) => {
                self.program.functions[f].class?;
                Some((Named::Attribute(*name), (String::new(), String::new())))
            }
            Op::Phi(inputs) => inputs.iter().find_map(|(_, input)| self.naming(f, *input, depth + 1)),
            Op::Annotated { value: Some(inner), .. } => self.naming(f, *inner, depth + 1),
            // Any of several names.
            Op::Collection(_, names) => names.iter().find_map(|name| self.naming(f, name.value, depth + 1)),
            Op::Binary(BinaryOp::Add, left, right) => {
                if let Some(behind) = constant(*right) {
                    let (index, (before, inner)) = self.naming(f, *left, depth + 1)?;
                    return Some((index, (before, inner + &behind)));
                }
                let (index, (inner, behind)) = self.naming(f, *right, depth + 1)?;
                Some((index, (constant(*left)? + &inner, behind)))
            }
            Op::Binary(BinaryOp::Mod, left, right) => {
                let format = constant(*left)?;
                let (before, behind) = format.split_once("%s").filter(|(_, behind)| !behind.contains('%'))?;
                let (index, (inner, outer)) = self.naming(f, *right, depth + 1)?;
                Some((index, (format!("{before}{inner}"), format!("{outer}{behind}"))))
            }
            Op::Format(pieces) => {
                let mut around = (String::new(), String::new());
                let mut found = None;
                for piece in pieces {
                    match piece {
                        Piece::Text(part) if found.is_none() => around.0.push_str(&text(*part)),
                        Piece::Text(part) => around.1.push_str(&text(*part)),
                        Piece::Hole { value, .. } if found.is_none() => {
                            let (index, inner) = self.naming(f, *value, depth + 1)?;
                            around = (around.0 + &inner.0, inner.1);
                            found = Some(index);
                        }
                        Piece::Hole { .. } => return None,
                    }
                }
                Some((found?, around))
            }
            _ => None,
        }
    }

    /// The parameters that the context of a rendering call comes from. The call has it in a mapping, at a position or under one of
    /// some names, or as named values.
    fn passed_context(&self, f: FuncId, call: Value, spec: &(Option<u32>, Vec<String>, bool)) -> Passed {
        let (position, keywords, any_named) = spec;
        let (_, args) = self.call_parts(f, call);
        let (mut mapping, mut values, mut count) = (None, false, 0);
        for arg in args {
            let is_context = match arg.kind {
                ArgKind::Positional => {
                    count += 1;
                    *position == Some(count - 1)
                }
                ArgKind::Keyword(name) => keywords.iter().any(|known| known == self.program.strings.resolve(name)),
                ArgKind::KeywordSpread => *any_named,
                ArgKind::Spread => false,
            };
            if !is_context {
                continue;
            }
            for index in self.spread_parameters(f, arg.value, 0) {
                match self.program.function(f).params[index as usize].kind {
                    ParamKind::KeywordRest => values = true,
                    ParamKind::Rest => {}
                    _ => mapping = Some(index),
                }
            }
        }
        Passed::In { mapping, named: values }
    }

    /// The parameters whose values a mapping has.
    fn spread_parameters(&self, f: FuncId, value: Value, depth: u32) -> Vec<u32> {
        if depth > MAX_STEPS {
            return Vec::new();
        }
        match self.program.function(f).op(value) {
            Op::Param(index) => vec![*index],
            Op::Phi(inputs) => {
                inputs.iter().flat_map(|(_, input)| self.spread_parameters(f, *input, depth + 1)).collect()
            }
            Op::Dict(entries) => {
                let spread = entries.iter().filter(|(key, _)| key.is_none());
                spread.flat_map(|(_, value)| self.spread_parameters(f, *value, depth + 1)).collect()
            }
            // `dict(context, user=user)`
            Op::Call { func, args } if matches!(self.program.function(f).op(*func), Op::Global(name) if self.program.strings.resolve(*name) == "dict") => {
                args.iter().flat_map(|arg| self.spread_parameters(f, arg.value, depth + 1)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What becomes of a template that a call gives: it is rendered here, or given on.
    fn later_contexts(&self, f: FuncId, call: Value) -> Vec<(Passed, Value)> {
        let function = self.program.function(f);
        let mut out = Vec::new();
        // One way among several to come by the template.
        let joined = function.insts.iter_enumerated().filter_map(|(value, inst)| match &inst.op {
            Op::Phi(inputs) if inputs.iter().any(|(_, input)| *input == call) => Some(value),
            _ => None,
        });
        let templates: Vec<Value> = std::iter::once(call).chain(joined).collect();
        for attribute in templates.iter().flat_map(|template| self.users(self.node(f, *template))) {
            let Op::Attr(base, name) = function.op(attribute) else { continue };
            if !templates.contains(base) || !crate::steps::is_rendering(self.program.strings.resolve(*name)) {
                continue;
            }
            for render in self.users(self.node(f, attribute)) {
                if matches!(function.op(render), Op::Call { func, .. } if *func == attribute) {
                    out.push((self.passed_context(f, render, &(Some(0), Vec::new(), true)), render));
                }
            }
        }
        if self.is_returned(f, call) {
            out.push((Passed::Later, call));
        }
        out
    }

    fn is_returned(&self, f: FuncId, value: Value) -> bool {
        let blocks = self.program.function(f).blocks.iter();
        blocks.into_iter().any(|block| matches!(block.terminator, Terminator::Return(returned) if returned == value))
    }
}
