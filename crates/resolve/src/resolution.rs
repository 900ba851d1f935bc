//! The result of the pass, as later stages read it.

use crate::api::{ApiId, ApiStep, ApiTable};
use crate::hierarchy::Hierarchy;
use crate::object::{Object, ObjectId, ObjectTable};
use crate::solver::{Node, Solver};
use crate::{FuncId, Program};
use assay_index::{BitSet, FxHashMap, FxHashSet, Idx, IndexVec, Symbol};
use assay_ir::{Const, Op, Value};
use assay_models::{EntryKind, Models, NodeId};
use smallvec::SmallVec;

/// A function that the outside calls.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The function.
    pub function: FuncId,
    /// By what kind of caller.
    pub kind: EntryKind,
}

/// What the models say of a parameter: the node that describes it.
pub type ParameterFact = NodeId;

/// A function of the program that a call may reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// The function.
    pub function: FuncId,
    /// Parameters that are bound already when the arguments come: `self` of a bound method.
    pub taken: u32,
    /// Whether the call makes an instance and this is its `__init__`: the result is the instance, and
    /// what the function returns is nothing.
    pub constructs: bool,
    /// Set when the function renders a template: which arguments are the context, its first parameter.
    pub context: Option<ContextArguments>,
}

impl Target {
    /// A function whose first parameters are bound already.
    pub fn function(function: FuncId, taken: u32) -> Self {
        Self { function, taken, constructs: false, context: None }
    }
}

/// Where a call has the context of the template that it renders.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ContextArguments {
    /// In arguments.
    Passed {
        /// The position of the mapping.
        position: Option<u32>,
        /// Its name as an argument.
        name: Option<Symbol>,
        /// Whether the other named arguments are values of it.
        named: bool,
        /// Whether those in a mapping (`**values`) are among them.
        spreads: bool,
    },
    /// It is the value itself: the result of a method that gives the context.
    Whole,
}

/// Why a call has no target.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unresolved {
    /// The callee, or the object whose method it is, is a parameter that no known call fills.
    Parameter,
    /// It is the result of a call that is itself unresolved.
    Result,
    /// It is an attribute that nothing seen sets on the object.
    Attribute,
    /// It is an element of something unknown.
    Element,
    /// A name that nothing defines.
    Name,
    /// Anything else.
    Other,
}

impl Unresolved {
    /// All reasons in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Parameter, Self::Result, Self::Attribute, Self::Element, Self::Name, Self::Other];

    /// In words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Parameter => "on a parameter whose callers are unknown",
            Self::Result => "on the result of an unresolved call",
            Self::Attribute => "an attribute that nothing seen sets",
            Self::Element => "on an element of something unknown",
            Self::Name => "a name that nothing defines",
            Self::Other => "on a value of unknown type",
        }
    }
}

impl ContextArguments {
    /// Those of the method that renders a loaded template: a mapping, or named values.
    pub(crate) const LATER: Self = Self::Passed { position: Some(0), name: None, named: true, spreads: true };
}

/// What a call may reach.
#[derive(Clone, Debug, Default)]
pub struct CallTargets {
    /// Functions of the program.
    pub functions: SmallVec<[Target; 1]>,
    /// Library functions.
    pub apis: SmallVec<[ApiId; 1]>,
    /// Set when there is no target, and the call does not make an instance of a class without `__init__`.
    pub unresolved: Option<Unresolved>,
}

/// Names, types and calls of a program, resolved.
pub struct Resolution<'m> {
    /// The program.
    pub program: Program,
    /// The class hierarchy.
    pub hierarchy: Hierarchy,
    /// Library values.
    pub apis: ApiTable<'m>,
    /// Functions that the outside calls, in the order of their numbers.
    pub entries: Vec<Entry>,
    api_names: IndexVec<ApiId, String>,
    objects: ObjectTable,
    base: IndexVec<FuncId, u32>,
    sets: Vec<SmallVec<[ObjectId; 3]>>,
    calls: IndexVec<FuncId, Vec<(Value, CallTargets)>>,
    parameter_facts: FxHashMap<(FuncId, u32), Vec<ParameterFact>>,
    result_facts: FxHashMap<FuncId, Vec<NodeId>>,
    implicit: FxHashMap<Node, Vec<FuncId>>,
    rendered: FxHashMap<FuncId, Vec<FuncId>>,
    identities: crate::identity::Identities,
    exported: FxHashSet<Symbol>,
    added: FxHashSet<Symbol>,
    template_functions: FxHashSet<FuncId>,
    called: BitSet<FuncId>,
    /// Values whose set of objects was cut at the limit.
    pub saturated: usize,
    /// Steps that the pass took.
    pub steps: usize,
    /// Whether the pass was stopped at `MAX_RESOLVE_STEPS_PER_NODE`: objects and targets are missing then.
    pub exhausted: bool,
}

pub(crate) fn build(mut solver: Solver<'_>) -> Resolution<'_> {
    let mut calls = IndexVec::with_capacity(solver.program.functions.len());
    for f in solver.program.functions.ids() {
        let mut list = Vec::new();
        for (value, inst) in solver.program.function(f).insts.iter_enumerated() {
            if let Op::Call { func, .. } = &inst.op {
                let mut found = targets(&solver, f, value, *func);
                if let Some(more) = solver.render_calls.get(&(f, value)) {
                    for target in more {
                        if !found.functions.contains(target) {
                            found.functions.push(*target);
                        }
                    }
                    found.unresolved = None;
                }
                list.push((value, found));
            }
        }
        calls.push(list);
    }
    let mut entries: Vec<Entry> =
        solver.program.functions.ids().filter_map(|f| solver.entries.get(&f).copied()).collect();
    entries.dedup_by_key(|e| e.function);
    let sets = solver.take_sets();
    let exported = exported(&solver.program);
    let called = called(&solver, &calls);
    let api_names = solver.apis.names(&solver.program.strings);
    Resolution {
        sets,
        api_names,
        calls,
        entries,
        saturated: solver.saturated.len(),
        steps: solver.steps,
        exhausted: solver.exhausted,
        program: solver.program,
        hierarchy: solver.hierarchy,
        apis: solver.apis,
        objects: solver.objects,
        base: solver.base,
        parameter_facts: solver.parameter_facts,
        result_facts: solver.result_facts,
        implicit: solver.implicit,
        rendered: solver.rendered,
        identities: solver.identities,
        exported,
        added: solver.added,
        template_functions: solver.template_functions,
        called,
    }
}

/// The functions that code outside of tests calls, with or without a call expression.
fn called(solver: &Solver<'_>, calls: &IndexVec<FuncId, Vec<(Value, CallTargets)>>) -> BitSet<FuncId> {
    let program = &solver.program;
    let mut called = BitSet::with_capacity(program.functions.len());
    for f in program.functions.ids().filter(|f| !program.module_of(*f).test) {
        for target in calls[f].iter().flat_map(|(_, targets)| &targets.functions) {
            called.insert(target.function);
        }
        let values = program.function(f).insts.ids();
        for callee in values.filter_map(|value| solver.implicit.get(&solver.node(f, value))).flatten() {
            called.insert(*callee);
        }
    }
    called
}

/// The names that modules say others are to use: those in their `__all__`.
fn exported(program: &Program) -> FxHashSet<Symbol> {
    let Some(all) = program.strings.lookup("__all__") else { return FxHashSet::default() };
    let lists =
        program.modules.ids().filter(|m| !program.modules[*m].test).filter_map(|m| program.single_store(m, all));
    let names = |(body, value): (FuncId, Value)| match program.function(body).op(value) {
        Op::Collection(_, elements) => elements
            .iter()
            .filter_map(|e| match program.function(body).op(e.value) {
                Op::Const(Const::Str(name)) => Some(*name),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    lists.flat_map(names).collect()
}

fn targets(solver: &Solver<'_>, f: FuncId, call: Value, func: Value) -> CallTargets {
    let mut out = CallTargets::default();
    let mut known = false;
    let push = |out: &mut CallTargets, function, taken, constructs| {
        let target = Target { function, taken, constructs, context: None };
        if !out.functions.contains(&target) {
            out.functions.push(target);
        }
    };
    for object in solver.objects_of(solver.node(f, func)) {
        match object {
            Object::Function(g) | Object::Static(g) => push(&mut out, g, 0, false),
            Object::Bound(g) | Object::ClassMethod(g) => push(&mut out, g, 1, false),
            Object::Class(class) | Object::SelfClass(class) => {
                known = true;
                for init in solver.methods(object, class, solver.names.init) {
                    push(&mut out, init, 1, true);
                }
                for new in solver.methods(object, class, solver.names.new) {
                    push(&mut out, new, 1, false);
                }
                // A constructor of the class's own stands before those of library classes; one that takes any options
                // hands them on.
                let hands_on = |init: FuncId| {
                    solver.program.function(init).params.iter().any(|p| p.kind == assay_ir::ParamKind::KeywordRest)
                };
                let own = solver.hierarchy.own_method(class, solver.names.init).is_some_and(|init| !hands_on(init));
                for &base in solver.hierarchy.external_bases(class).iter().filter(|_| !own) {
                    if !out.apis.contains(&base) {
                        out.apis.push(base);
                    }
                }
            }
            Object::Instance(class) | Object::SelfOf(class) => {
                for method in solver.methods(object, class, solver.names.call) {
                    push(&mut out, method, 1, false);
                }
            }
            Object::Renders(g) => {
                let context = Some(ContextArguments::LATER);
                out.functions.push(Target { context, ..Target::function(g, 0) });
            }
            Object::Api(api) if solver.apis.is_data(api) => {}
            Object::Api(api) | Object::ContainerMethod(_, api) if !out.apis.contains(&api) => out.apis.push(api),
            Object::Redefiner(_) => known = true,
            Object::Partial(at) => {
                known = true;
                if let Some((g, made)) = solver.locate(Node::new(at as usize))
                    && let Op::Call { args, .. } = solver.program.function(g).op(made)
                    && let Some(inner) = args.first()
                {
                    let bound = args[1..].iter().filter(|a| a.kind == assay_ir::ArgKind::Positional).count() as u32;
                    for object in solver.objects_of(solver.node(g, inner.value)) {
                        match object {
                            Object::Function(h) => push(&mut out, h, bound, false),
                            Object::Bound(h) => push(&mut out, h, bound + 1, false),
                            // What a library's function gets of its own arguments is not seen at this call.
                            Object::Api(api)
                                if args.len() == 1 && !solver.apis.is_data(api) && !out.apis.contains(&api) =>
                            {
                                out.apis.push(api);
                            }
                            Object::Class(class) => {
                                for init in solver.methods(object, class, solver.names.init) {
                                    push(&mut out, init, bound + 1, true);
                                }
                            }
                            _ => {}
                        }
                    }
                }
            }
            _ => {}
        }
    }
    // A filter or tag of the project's own hides what the models say of its name.
    if solver.program.module_of(f).template
        && !out.functions.is_empty()
        && matches!(solver.program.function(f).op(func), Op::Global(_))
    {
        out.apis.clear();
    }
    if out.functions.len() > 1 && solver.is_decoration(f, call) {
        // A factory of decorators hands on what it decorates when it is used without arguments; what it makes with
        // arguments decorates here.
        let made = |t: &Target| solver.is_nested(t.function);
        if out.functions.iter().any(made) {
            out.functions.retain(|t| made(t));
        }
    }
    if out.functions.is_empty() && out.apis.is_empty() && !known {
        out.unresolved = Some(reason(solver, f, func));
    }
    out
}

fn reason(solver: &Solver<'_>, f: FuncId, mut value: Value) -> Unresolved {
    let function = solver.program.function(f);
    for _ in 0..8 {
        match function.op(value) {
            Op::Attr(base, _) => {
                if !solver.set(solver.node(f, *base)).is_empty() {
                    return Unresolved::Attribute;
                }
                value = *base;
            }
            Op::Param(_) => return Unresolved::Parameter,
            Op::Call { .. } | Op::Await(_) => return Unresolved::Result,
            Op::Item(..) | Op::Next(_) | Op::Unpack { .. } => return Unresolved::Element,
            Op::Global(_) | Op::ImportFrom { .. } | Op::Undefined => return Unresolved::Name,
            Op::Phi(inputs) => match inputs.iter().find(|(_, v)| *v != value && v.index() < value.index()) {
                Some((_, input)) => value = *input,
                None => return Unresolved::Other,
            },
            _ => return Unresolved::Other,
        }
    }
    Unresolved::Other
}

impl<'m> Resolution<'m> {
    /// The models.
    pub fn models(&self) -> &'m Models {
        self.apis.models()
    }

    /// Whether a library's class is one of the program itself: a framework that is reviewed.
    pub fn is_own(&self, api: ApiId) -> bool {
        self.identities.is_own(api)
    }

    /// Whether a module says that others are to use a function, or the class that it is a method of.
    pub fn is_exported(&self, f: FuncId) -> bool {
        let class = self.program.functions[f].class.map(|class| self.program.class_name(class));
        let class = class.and_then(|name| self.program.strings.lookup(name.rsplit('.').next()?));
        self.exported.contains(&class.unwrap_or(self.program.function(f).name))
    }

    /// Whether code of the program outside of tests calls a function. Frameworks call others, by tables and names that nobody
    /// described.
    pub fn is_called(&self, f: FuncId) -> bool {
        self.called.contains(f)
    }

    /// What the models say of a function of the program, which is the library's.
    pub fn identity(&self, f: FuncId) -> &[NodeId] {
        self.identities.of(f)
    }

    /// What the models say of a class of the program, which is the library's.
    pub fn class_identity(&self, class: crate::ClsId) -> Vec<NodeId> {
        self.identities.of_class(class, &self.apis)
    }

    /// What a value may be.
    pub fn objects(&self, f: FuncId, value: Value) -> impl Iterator<Item = Object> + '_ {
        self.sets[self.base[f] as usize + value.index()].iter().map(|id| self.objects.get(*id))
    }

    /// The library values that a value may be.
    pub fn apis_of(&self, f: FuncId, value: Value) -> impl Iterator<Item = ApiId> + '_ {
        self.objects(f, value).filter_map(|o| if let Object::Api(api) = o { Some(api) } else { None })
    }

    /// The calls of a function, in the order of their values.
    pub fn calls(&self, f: FuncId) -> &[(Value, CallTargets)] {
        &self.calls[f]
    }

    /// What one call may reach.
    pub fn call(&self, f: FuncId, call: Value) -> Option<&CallTargets> {
        let list = &self.calls[f];
        list.binary_search_by_key(&call.index(), |(v, _)| v.index()).ok().map(|i| &list[i].1)
    }

    /// Functions that an operation other than a call runs: a property's getter, `__getitem__`,
    /// `__enter__` …
    pub fn implicit_calls(&self, f: FuncId, value: Value) -> &[FuncId] {
        self.implicit.get(&Node::new(self.base[f] as usize + value.index())).map_or(&[], Vec::as_slice)
    }

    /// The fields that a class declares with annotations (dataclass, named tuple, attrs, pydantic), in the order in
    /// which a constructor without a definition takes them: those of bases first.
    pub fn declared_fields(&self, class: crate::ClsId) -> Vec<assay_index::Symbol> {
        let mut fields = Vec::new();
        for &class in self.hierarchy.order(class).iter().rev() {
            let info = self.program.classes[class];
            let module = &self.program.modules[info.module].ir;
            let body = &module.functions[module.classes[info.local].body];
            for inst in &body.insts {
                if let Op::StoreName(name, value) = inst.op
                    && let Op::Annotated { .. } = body.op(value)
                    && !fields.contains(&name)
                {
                    fields.push(name);
                }
            }
        }
        fields
    }

    /// The functions that render templates with what a function returns.
    pub fn rendered_by(&self, f: FuncId) -> &[FuncId] {
        self.rendered.get(&f).map_or(&[], Vec::as_slice)
    }

    /// What the models say of a parameter.
    pub fn parameter_facts(&self, f: FuncId, parameter: u32) -> &[ParameterFact] {
        self.parameter_facts.get(&(f, parameter)).map_or(&[], Vec::as_slice)
    }

    /// What the models say of a function's result, where a library calls the function.
    pub fn result_facts(&self, f: FuncId) -> &[NodeId] {
        self.result_facts.get(&f).map_or(&[], Vec::as_slice)
    }

    /// Whether a function is a filter or tag of templates.
    pub fn is_template_function(&self, f: FuncId) -> bool {
        self.template_functions.contains(&f)
    }

    /// What an attribute of a library's value belongs to when the program may have added it.
    pub fn added_holders(&self, api: ApiId, name: Symbol) -> SmallVec<[crate::Holder; 2]> {
        if !self.added.contains(&name) {
            return SmallVec::new();
        }
        self.apis.holders(api, self.program.strings.resolve(name))
    }

    /// What the models say of the value that a step from library values gives: an attribute, an element, the
    /// result of a call. Empty for operations that are no such step.
    pub fn step_nodes(&self, f: FuncId, value: Value) -> SmallVec<[NodeId; 4]> {
        let mut out = SmallVec::new();
        for api in self.step_apis(f, value) {
            out.extend(self.apis.nodes(api).iter().copied());
        }
        out
    }

    /// The library values that a step gives at this very operation.
    pub fn step_apis(&self, f: FuncId, value: Value) -> SmallVec<[ApiId; 2]> {
        let function = self.program.function(f);
        let mut out = SmallVec::new();
        let mut step = |base: Value, step: ApiStep| {
            for object in self.objects(f, base) {
                if let Object::Api(api) | Object::ContainerMethod(_, api) = object
                    && let Some(child) = self.apis.known_child(api, step)
                {
                    out.push(child);
                }
            }
        };
        match function.op(value) {
            Op::Attr(base, name) => {
                step(*base, ApiStep::Member(*name));
                // An attribute that an instance inherits from a library's class.
                if out.is_empty()
                    && self.objects(f, *base).any(|o| matches!(o, Object::SelfOf(_) | Object::Instance(_)))
                {
                    out.extend(self.apis_of(f, value).filter(|a| self.apis.step(*a) == ApiStep::Member(*name)));
                }
            }
            Op::Call { func, .. } => step(*func, ApiStep::Return),
            Op::Item(base, key) => {
                let key = match function.op(*key) {
                    Op::Const(assay_ir::Const::Str(s)) => ApiStep::Key(*s),
                    Op::Const(assay_ir::Const::Int(i)) => i32::try_from(*i).map_or(ApiStep::Element, ApiStep::Index),
                    _ => ApiStep::Element,
                };
                step(*base, key);
            }
            Op::Next(base) => step(*base, ApiStep::Element),
            Op::Unpack { base, index, .. } => step(*base, ApiStep::Index(*index)),
            Op::Await(base) => step(*base, ApiStep::Awaited),
            Op::Enter(_) | Op::ImportFrom { .. } => out.extend(self.apis_of(f, value)),
            _ => {}
        }
        out
    }

    /// The path of a library value as people write it: `sqlite3.Cursor.execute`.
    pub fn api_name(&self, api: ApiId) -> &str {
        &self.api_names[api]
    }
}
