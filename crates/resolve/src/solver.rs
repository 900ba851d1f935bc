//! The fixpoint: nodes, edges and the work list.

use crate::api::{ApiStep, ApiTable};
use crate::hierarchy::Hierarchy;
use crate::object::{Object, ObjectId, ObjectTable};
use crate::resolution::Resolution;
use crate::steps::for_each_asked;
use crate::{ApiId, ClsId, FuncId, ModuleId, Program};
use assay_index::{FxHashMap, FxHashSet, Idx, IndexVec, Symbol};
use assay_ir::{CellId, Const, Op, Value};
use assay_models::{Models, NodeId};
use assay_text::limits;
use smallvec::SmallVec;
use std::collections::VecDeque;

assay_index::define_id!(
    /// A variable of the pass.
    pub(crate) struct Node, "node"
);

impl Node {
    pub(crate) fn raw(self) -> u32 {
        self.index() as u32
    }

    pub(crate) fn from_raw(raw: u32) -> Self {
        Self::new(raw as usize)
    }
}

/// The number of a node's edges that are searched one by one.
const FEW_EDGES: usize = 8;

/// How objects change along an edge.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum EdgeKind {
    /// Not at all.
    Copy,
    /// Read as an attribute of an instance: functions of the class become bound.
    OnInstance,
    /// Read as an attribute of a class.
    OnClass,
    /// Read as a declared type: classes become their instances.
    Annotation,
    /// Asked for its elements, as an iterator.
    Elements,
    /// Asked for an attribute.
    Member(Symbol),
    /// What a method gives: an instance of the method's class may be its receiver, whose class the call knows.
    Result(ClsId),
}

/// The part of a container.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Slot {
    /// An element at a place that is not known.
    Element,
    /// All elements, wherever they are: only read, never written.
    Any,
    /// The value under a constant key.
    Key(Symbol),
    /// The element at a constant index.
    Index(i32),
}

impl Slot {
    /// The element at a constant index; any element when the index is out of all proportion.
    pub(crate) fn at(index: usize) -> Self {
        i32::try_from(index).map_or(Self::Element, Self::Index)
    }
}

/// How an attribute is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Reading {
    /// On an instance of exactly the class.
    Exact,
    /// On an instance of the class or of one derived from it.
    Derived,
    /// On the class itself.
    ExactClass,
    /// On the class or one derived from it.
    Class,
}

/// What an extra node stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Extra {
    Return(FuncId),
    Attribute(ClsId, Symbol),
    /// What reading an attribute gives; the flag says whether the class hierarchy was known.
    Read(ClsId, Symbol, Reading, bool),
    Global(ModuleId, Symbol),
    Cell(FuncId, CellId),
    Slot(u32, Slot),
    /// What a type that is written as a string names.
    Quoted(ModuleId, Symbol),
    /// The filters and tags of templates of this name.
    TemplateFunction(Symbol),
    /// An attribute that the program adds to a library's object.
    Added(crate::Holder, Symbol),
    /// An attribute that is set on a function.
    FunctionAttribute(FuncId, Symbol),
    /// What a decorator makes of a function, beside the function itself.
    Decorated(FuncId),
    /// What calling this class gives.
    Made(Object),
    /// An attribute of an object on the way of a library's flow.
    Part(Object, Symbol),
    /// A value where this test of its type holds.
    Tested(FuncId, Value),
}

/// Symbols that have a meaning in the language.
pub(crate) struct Names {
    pub(crate) init: Symbol,
    pub(crate) new: Symbol,
    pub(crate) call: Symbol,
    pub(crate) enter: Symbol,
    pub(crate) aenter: Symbol,
    pub(crate) getitem: Symbol,
    pub(crate) setitem: Symbol,
    pub(crate) iter: Symbol,
    pub(crate) next: Symbol,
    pub(crate) dunder_name: Symbol,
    pub(crate) class: Symbol,
    pub(crate) get: Symbol,
    pub(crate) set: Symbol,
    pub(crate) post_init: Symbol,
    pub(crate) dict: Symbol,
    pub(crate) with_metaclass: Symbol,
    pub(crate) getattr: Symbol,
    /// Stands for the attributes that are set by computed names. No attribute is called so.
    pub(crate) computed: Symbol,
}

/// A call that stands where a parameter is declared, and says what fills it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filler {
    /// What is called.
    pub(crate) maker: Node,
    /// Whether it is called with nothing, so that the declared class says the rest.
    pub(crate) bare: bool,
}

pub(crate) struct Solver<'m> {
    pub(crate) program: Program,
    pub(crate) models: &'m Models,
    pub(crate) objects: ObjectTable,
    pub(crate) apis: ApiTable<'m>,
    pub(crate) hierarchy: Hierarchy,
    pub(crate) names: Names,
    /// First node of each function's values.
    pub(crate) base: IndexVec<FuncId, u32>,
    /// The function of each value node.
    owner: Vec<FuncId>,
    /// Whether each node is one of test code.
    in_test: Vec<bool>,
    /// The objects of each node.
    sets: Vec<SmallVec<[ObjectId; 3]>>,
    extras: FxHashMap<Extra, Node>,
    /// The known keys and indexes of each container.
    parts: FxHashMap<u32, Vec<Slot>>,
    edges: Vec<SmallVec<[(Node, EdgeKind); 2]>>,
    /// The edges of the nodes that have more than [`FEW_EDGES`].
    many_edges: FxHashSet<(Node, Node, EdgeKind)>,
    pending: VecDeque<(Node, ObjectId)>,
    use_start: Vec<u32>,
    uses: Vec<u32>,
    /// Nodes whose set was cut.
    pub(crate) saturated: FxHashSet<Node>,
    /// The calls of each partial function: the partial's node, then function and call.
    pub(crate) partial_calls: FxHashMap<u32, Vec<(FuncId, Value)>>,
    /// What the calls of each library function mean in the language itself.
    pub(crate) specials: FxHashMap<ApiId, crate::special::Special>,
    /// Calls bound so far: call node, callee, parameters taken by binding.
    pub(crate) bound_calls: FxHashSet<(Node, FuncId, u8)>,
    /// Calls that have no call expression: properties, `with`, iteration.
    pub(crate) implicit: FxHashMap<Node, Vec<FuncId>>,
    /// What sets a property, by what gets it.
    pub(crate) setters: FxHashMap<FuncId, FuncId>,
    /// Shared nodes of attributes, and who reads them.
    pub(crate) readers: Vec<(Node, Node)>,
    builtin_types: FxHashMap<&'static str, Option<ObjectId>>,
    /// The classes whose instances each call's callee hands back as its receiver.
    pub(crate) receivers: FxHashMap<Node, SmallVec<[ClsId; 1]>>,
    /// Attributes that a `__getattr__` may answer which is no plain method: class, name, and who asks.
    pub(crate) asked: Vec<(ClsId, Symbol, Node)>,
    /// Attributes that nothing sets by their names: class, who asks, and how.
    pub(crate) unset: Vec<(ClsId, Node, EdgeKind)>,
    /// Decorations by classes that wait for the class hierarchy.
    pub(crate) decorations: Vec<(FuncId, Value, ClsId)>,
    pub(crate) plugins: crate::plugins::Plugins,
    /// What of the program the models describe by name.
    pub(crate) identities: crate::identity::Identities,
    /// Functions that `functools.singledispatch` decorates, with what their names mean.
    pub(crate) dispatchers: FxHashMap<FuncId, Node>,
    /// The metaclass of each class.
    pub(crate) metaclass: FxHashMap<ClsId, ClsId>,
    /// What is known of a value in the part of a function where a test of its type holds.
    pub(crate) tested: FxHashMap<Node, Vec<(FuncId, Value, Value)>>,
    /// Whether the class hierarchy is known.
    pub(crate) hierarchy_known: bool,
    pub(crate) steps: usize,
    /// Whether the pass was stopped by the limit of its steps.
    pub(crate) exhausted: bool,
    pub(crate) parameter_facts: FxHashMap<(FuncId, u32), Vec<assay_models::NodeId>>,
    /// What the models say of the results of functions that the outside calls.
    pub(crate) result_facts: FxHashMap<FuncId, Vec<assay_models::NodeId>>,
    pub(crate) entries: FxHashMap<FuncId, crate::Entry>,
    /// Functions that are the getters of properties.
    pub(crate) getters: FxHashSet<FuncId>,
    /// Calls that render templates, and what they run.
    pub(crate) render_calls: FxHashMap<(FuncId, Value), Vec<crate::Target>>,
    /// The functions that render templates with what a function returns.
    pub(crate) rendered: FxHashMap<FuncId, Vec<FuncId>>,
    /// Functions that are connected with signals, with the number of parameters that are bound, and calls that send signals.
    pub(crate) connected: Vec<(crate::signals::Signal, FuncId, u8)>,
    pub(crate) sent: Vec<(crate::signals::Signal, FuncId, Value)>,
    /// Functions that render the template that their caller names.
    pub(crate) wrappers: FxHashMap<FuncId, Vec<crate::wrappers::Wrapper>>,
    /// What is called in the declaration of a parameter to say what fills it: `Depends`.
    pub(crate) fillers: FxHashMap<(FuncId, u32), Filler>,
    /// The routes of classes of handlers, once they were asked for.
    pub(crate) route_tables: Option<crate::routes::RouteTables>,
    /// The containers that take over the elements of each container with their keys.
    pub(crate) copied: FxHashMap<u32, Vec<u32>>,
    /// Functions that are filters or tags of templates.
    pub(crate) template_functions: FxHashSet<FuncId>,
    /// The names of attributes that the program may add to objects of libraries.
    pub(crate) added: FxHashSet<Symbol>,
    /// The classes of the program that derive from each type of a library.
    pub(crate) derived_from: crate::added::DerivedFrom,
    /// The class of the program that an object of a library's type must be of to have an attribute.
    pub(crate) special_classes: FxHashMap<(NodeId, Symbol), Option<ClsId>>,
}

impl<'m> Solver<'m> {
    pub(crate) fn new(mut program: Program, models: &'m Models) -> Self {
        let s = &mut program.strings;
        let names = Names {
            init: s.intern("__init__"),
            new: s.intern("__new__"),
            call: s.intern("__call__"),
            enter: s.intern("__enter__"),
            aenter: s.intern("__aenter__"),
            getitem: s.intern("__getitem__"),
            setitem: s.intern("__setitem__"),
            iter: s.intern("__iter__"),
            next: s.intern("__next__"),
            dunder_name: s.intern("__name__"),
            class: s.intern("__class__"),
            get: s.intern("__get__"),
            set: s.intern("__set__"),
            post_init: s.intern("__post_init__"),
            dict: s.intern("__dict__"),
            with_metaclass: s.intern("with_metaclass"),
            getattr: s.intern("__getattr__"),
            computed: s.intern("*"),
        };
        // Parts of objects have a symbol though the program may never name them.
        let mut keys: Vec<&str> = models.all_secret_keys().collect();
        keys.sort_unstable();
        for key in keys {
            s.intern(key);
        }
        let mut base = IndexVec::with_capacity(program.functions.len());
        let mut owner = Vec::with_capacity(program.instruction_count());
        let mut in_test = Vec::with_capacity(2 * program.instruction_count());
        for id in program.functions.ids() {
            base.push(owner.len() as u32);
            owner.resize(owner.len() + program.function(id).insts.len(), id);
            in_test.resize(owner.len(), program.module_of(id).test);
        }
        let count = owner.len();
        // Room for as many variables between functions, so that nothing is copied as they come.
        let (mut sets, mut edges) = (Vec::with_capacity(2 * count), Vec::with_capacity(2 * count));
        sets.resize_with(count, SmallVec::new);
        edges.resize_with(count, SmallVec::new);
        let hierarchy = Hierarchy::new(&program);
        let added = crate::added::added_names(&program);
        let (use_start, uses) = use_lists(&program, &base, count);
        Self {
            models,
            objects: ObjectTable::default(),
            apis: ApiTable::new(models, &mut program.strings),
            hierarchy,
            names,
            base,
            sets,
            owner,
            in_test,
            extras: FxHashMap::default(),
            parts: FxHashMap::default(),
            edges,
            many_edges: FxHashSet::default(),
            pending: VecDeque::new(),
            use_start,
            uses,
            saturated: FxHashSet::default(),
            partial_calls: FxHashMap::default(),
            specials: FxHashMap::default(),
            bound_calls: FxHashSet::default(),
            implicit: FxHashMap::default(),
            setters: FxHashMap::default(),
            readers: Vec::new(),
            builtin_types: FxHashMap::default(),
            receivers: FxHashMap::default(),
            asked: Vec::new(),
            unset: Vec::new(),
            decorations: Vec::new(),
            plugins: crate::plugins::Plugins::default(),
            identities: crate::identity::Identities::default(),
            metaclass: FxHashMap::default(),
            dispatchers: FxHashMap::default(),
            tested: FxHashMap::default(),
            hierarchy_known: false,
            steps: 0,
            exhausted: false,
            parameter_facts: FxHashMap::default(),
            result_facts: FxHashMap::default(),
            entries: FxHashMap::default(),
            getters: FxHashSet::default(),
            render_calls: FxHashMap::default(),
            rendered: FxHashMap::default(),
            wrappers: FxHashMap::default(),
            connected: Vec::new(),
            sent: Vec::new(),
            fillers: FxHashMap::default(),
            route_tables: None,
            copied: FxHashMap::default(),
            template_functions: FxHashSet::default(),
            added,
            derived_from: crate::added::DerivedFrom::default(),
            special_classes: FxHashMap::default(),
            program,
        }
    }

    /// Bodies of modules and classes first, which define the classes; then everything. The functions of tests come last, so that the order in
    /// which objects come to the program does not depend on them.
    pub(crate) fn run(mut self) -> Resolution<'m> {
        let all: Vec<FuncId> = self.program.functions.ids().collect();
        let (bodies, callables): (Vec<FuncId>, Vec<FuncId>) =
            all.into_iter().partition(|f| !self.program.function(*f).is_callable());
        for &f in &bodies {
            self.seed(f);
        }
        self.propagate();
        self.learn_bases();
        self.hierarchy_known = true;
        for &f in &bodies {
            self.revisit(f);
        }
        self.seed_class_creation();
        for (f, call, class) in std::mem::take(&mut self.decorations) {
            self.call(f, call, Object::Class(class));
        }
        let calls = self.all_calls();
        let in_test = |f: &FuncId| self.program.module_of(*f).test;
        let (tests, callables): (Vec<FuncId>, Vec<FuncId>) = callables.into_iter().partition(in_test);
        let (test_calls, calls): (Vec<_>, Vec<_>) = calls.into_iter().partition(|(f, ..)| in_test(f));
        for (callables, calls) in [(callables, calls), (tests, test_calls)] {
            self.run_functions(&callables, &calls);
        }
        self.finish()
    }

    /// Functions and the calls of what belongs to them.
    fn run_functions(&mut self, callables: &[FuncId], calls: &[(FuncId, Value, Value)]) {
        for &f in callables {
            self.seed(f);
            self.seed_receiver(f);
        }
        self.propagate();
        self.answer_late();
        self.set_by_computed_names();
        for &f in callables {
            self.learn_tests(f);
        }
        self.propagate();
        // What the outside passes to functions follows from what they are handed to.
        let marks = self.all_marks();
        let reads = self.all_field_reads();
        for _ in 0..limits::MAX_CALLBACK_ROUNDS {
            if !(self.match_callbacks(calls) | self.match_marks(&marks) | self.match_field_reads(&reads)) {
                break;
            }
            self.propagate();
        }
        self.inherit_parameters();
        self.propagate();
    }

    pub(crate) fn node(&self, f: FuncId, v: Value) -> Node {
        Node::new(self.base[f] as usize + v.index())
    }

    /// The function and value behind a node; `None` for an extra node.
    pub(crate) fn locate(&self, node: Node) -> Option<(FuncId, Value)> {
        let f = *self.owner.get(node.index())?;
        Some((f, Value::new(node.index() - self.base[f] as usize)))
    }

    pub(crate) fn extra(&mut self, extra: Extra) -> Node {
        if let Some(&node) = self.extras.get(&extra) {
            return node;
        }
        let node = Node::new(self.sets.len());
        self.sets.push(SmallVec::new());
        self.edges.push(SmallVec::new());
        self.in_test.push(self.is_of_test(extra));
        self.extras.insert(extra, node);
        match extra {
            Extra::Slot(container, Slot::Any) => {
                let mut slots = vec![Slot::Element];
                slots.extend(self.parts.get(&container).into_iter().flatten());
                for slot in slots {
                    let from = self.extra(Extra::Slot(container, slot));
                    self.edge(from, node, EdgeKind::Copy);
                }
            }
            Extra::Slot(container, slot @ (Slot::Key(_) | Slot::Index(_))) => {
                self.parts.entry(container).or_default().push(slot);
                if let Some(any) = self.known_extra(Extra::Slot(container, Slot::Any)) {
                    self.edge(node, any, EdgeKind::Copy);
                }
                for to in self.copied.get(&container).cloned().unwrap_or_default() {
                    let to = self.extra(Extra::Slot(to, slot));
                    self.edge(node, to, EdgeKind::Copy);
                }
            }
            _ => {}
        }
        node
    }

    /// Whether what an extra node stands for is test code's.
    fn is_of_test(&self, extra: Extra) -> bool {
        let of_module = |module: ModuleId| self.program.modules[module].test;
        match extra {
            Extra::Return(f)
            | Extra::Cell(f, _)
            | Extra::FunctionAttribute(f, _)
            | Extra::Decorated(f)
            | Extra::Tested(f, _) => self.program.module_of(f).test,
            Extra::Attribute(class, _) | Extra::Read(class, ..) => of_module(self.program.classes[class].module),
            Extra::Global(module, _) | Extra::Quoted(module, _) => of_module(module),
            Extra::Slot(container, _) => self.in_test[container as usize],
            Extra::TemplateFunction(_) | Extra::Added(..) | Extra::Made(_) | Extra::Part(..) => false,
        }
    }

    /// The values that depend on the objects of a node.
    pub(crate) fn users(&self, node: Node) -> impl Iterator<Item = Value> + '_ {
        let range = self.use_start[node.index()] as usize..self.use_start[node.index() + 1] as usize;
        self.uses[range].iter().map(|user| Value::new(*user as usize))
    }

    /// The known keys and indexes of a container.
    pub(crate) fn keys_of(&self, container: u32) -> Vec<Slot> {
        self.parts.get(&container).cloned().unwrap_or_default()
    }

    pub(crate) fn known_extra(&self, extra: Extra) -> Option<Node> {
        self.extras.get(&extra).copied()
    }

    pub(crate) fn set(&self, node: Node) -> &[ObjectId] {
        &self.sets[node.index()]
    }

    pub(crate) fn objects_of(&self, node: Node) -> SmallVec<[Object; 8]> {
        self.sets[node.index()].iter().map(|o| self.objects.get(*o)).collect()
    }

    pub(crate) fn add(&mut self, node: Node, object: Object) {
        let id = self.objects.intern(object);
        self.add_id(node, id);
    }

    pub(crate) fn add_id(&mut self, node: Node, id: ObjectId) {
        let set = &mut self.sets[node.index()];
        if set.contains(&id) {
            return;
        }
        if set.len() >= limits::MAX_POINTS_TO {
            self.saturated.insert(node);
            return;
        }
        set.push(id);
        self.pending.push_back((node, id));
    }

    /// Adds an edge; objects that are at its start already go along. Whether it is new. What tests hold says nothing about the
    /// program, however it would come there.
    pub(crate) fn edge(&mut self, from: Node, to: Node, kind: EdgeKind) -> bool {
        if from == to || (self.in_test[from.index()] && !self.in_test[to.index()]) {
            return false;
        }
        let edges = &mut self.edges[from.index()];
        if edges.len() < FEW_EDGES {
            if edges.contains(&(to, kind)) {
                return false;
            }
        } else {
            if edges.len() == FEW_EDGES {
                self.many_edges.extend(edges.iter().map(|(to, kind)| (from, *to, *kind)));
            }
            if !self.many_edges.insert((from, to, kind)) {
                return false;
            }
        }
        edges.push((to, kind));
        // What comes meanwhile is pending, and goes along the new edge in its turn.
        for i in 0..self.sets[from.index()].len() {
            self.follow(to, kind, self.sets[from.index()][i]);
        }
        true
    }

    fn follow(&mut self, to: Node, kind: EdgeKind, id: ObjectId) {
        if kind == EdgeKind::Copy {
            self.add_id(to, id);
            return;
        }
        match (self.objects.get(id), kind) {
            (object, EdgeKind::Elements) => self.elements(object, to),
            (object, EdgeKind::Member(name)) => self.attribute(object, name, to),
            (object, EdgeKind::Result(class)) => self.hand_back(object, class, to),
            (Object::Function(f), EdgeKind::OnInstance) if self.program.functions[f].class.is_some() => {
                self.add(to, Object::Bound(f));
            }
            (Object::ClassMethod(f), _) => self.add(to, Object::Bound(f)),
            (Object::Static(f), _) => self.add(to, Object::Function(f)),
            (Object::Property(f), EdgeKind::OnInstance) => {
                self.call_implicitly(to, f);
            }
            (Object::Instance(class), EdgeKind::OnInstance | EdgeKind::OnClass) => {
                match self.hierarchy.method(class, self.names.get) {
                    Some(get) => {
                        self.call_implicitly(to, get);
                    }
                    None => self.add_id(to, id),
                }
            }
            (Object::Class(class) | Object::SelfClass(class), EdgeKind::Annotation) => {
                self.add(to, Object::SelfOf(class));
            }
            // Several types in a tuple.
            (Object::Container(_, at), EdgeKind::Annotation) => {
                let slot = self.extra(Extra::Slot(at, Slot::Any));
                self.edge(slot, to, EdgeKind::Annotation);
            }
            (Object::Api(api), EdgeKind::Annotation) => {
                let api = self.apis.child(api, ApiStep::Instance, &self.program.strings);
                if !self.apis.is_guess(api) {
                    self.add(to, Object::Api(api));
                }
            }
            (_, EdgeKind::Annotation) => {}
            _ => self.add_id(to, id),
        }
    }

    /// The value at `at` is the result of `f`, called without a call expression. Whether that is new.
    pub(crate) fn call_implicitly(&mut self, at: Node, f: FuncId) -> bool {
        let list = self.implicit.entry(at).or_default();
        if list.contains(&f) {
            return false;
        }
        list.push(f);
        let ret = self.extra(Extra::Return(f));
        self.edge(ret, at, EdgeKind::Copy);
        true
    }

    /// The object that stands for instances of a built-in type.
    pub(crate) fn builtin_instance(&mut self, name: &'static str) -> Option<ObjectId> {
        if let Some(known) = self.builtin_types.get(name) {
            return *known;
        }
        let id = self.models.type_root(name).map(|root| {
            let api = self.apis.instance_of(root);
            self.objects.intern(Object::Api(api))
        });
        self.builtin_types.insert(name, id);
        id
    }

    fn propagate(&mut self) {
        let bound = self.sets.len() * limits::MAX_RESOLVE_STEPS_PER_NODE;
        while let Some((node, id)) = self.pending.pop_front() {
            self.steps += 1;
            if self.steps > bound {
                self.exhausted = true;
                break;
            }
            // An edge that comes meanwhile has taken the object along already.
            for i in 0..self.edges[node.index()].len() {
                let (to, kind) = self.edges[node.index()][i];
                self.follow(to, kind, id);
            }
            if node.index() >= self.owner.len() {
                if let Some(uses) = self.tested.get(&node).cloned() {
                    let object = self.objects.get(id);
                    for (f, user, operand) in uses {
                        self.apply(f, user, operand, object);
                    }
                }
            } else if let Some((f, operand)) = self.locate(node) {
                let object = self.objects.get(id);
                if let Object::Bound(method) = object {
                    self.called_by_template(f, operand, node, method);
                }
                let range = self.use_start[node.index()] as usize..self.use_start[node.index() + 1] as usize;
                for i in range {
                    let user = Value::new(self.uses[i] as usize);
                    self.apply(f, user, operand, object);
                }
            }
        }
    }

    /// The slot that a constant key or index selects.
    pub(crate) fn slot_of(&self, f: FuncId, key: Value) -> Slot {
        match self.program.function(f).op(key) {
            Op::Const(Const::Str(s)) => Slot::Key(*s),
            Op::Const(Const::Int(i)) => usize::try_from(*i).map_or(Slot::Element, Slot::at),
            _ => Slot::Element,
        }
    }

    /// Whether a library class gives nothing to those that are derived from it.
    fn is_empty_base(&self, api: ApiId) -> bool {
        matches!(
            &*self.apis.name(api, &self.program.strings),
            "abc.ABC"
                | "builtins.object"
                | "object"
                | "typing.Generic"
                | "typing.Protocol"
                | "typing_extensions.Protocol"
        )
    }

    /// What each class derives from, as far as the bodies tell.
    fn learn_bases(&mut self) {
        let mut bases: IndexVec<ClsId, Vec<ClsId>> = IndexVec::from_elem(Vec::new(), self.program.classes.len());
        let mut external: IndexVec<ClsId, Vec<ApiId>> = IndexVec::from_elem(Vec::new(), self.program.classes.len());
        let mut metaclasses: Vec<(ClsId, ClsId)> = Vec::new();
        for f in self.program.functions.ids() {
            let module = self.program.functions[f].module;
            let function = self.program.function(f);
            for inst in &function.insts {
                let Op::MakeClass { class, bases: args } = &inst.op else { continue };
                let class = self.program.cls_id(module, *class);
                for arg in args {
                    if let assay_ir::ArgKind::Keyword(name) = arg.kind {
                        if self.program.strings.resolve(name) == "metaclass" {
                            let objects = self.objects_of(self.node(f, arg.value));
                            metaclasses.extend(objects.iter().filter_map(|o| match o {
                                Object::Class(meta) => Some((class, *meta)),
                                _ => None,
                            }));
                        }
                        continue;
                    }
                    if let Op::Call { func, args } = function.op(arg.value)
                        && let Some(meta) = args.first()
                        && self.is_with_metaclass(f, *func)
                    {
                        let objects = self.objects_of(self.node(f, meta.value));
                        metaclasses.extend(objects.iter().filter_map(|o| match o {
                            Object::Class(meta) => Some((class, *meta)),
                            _ => None,
                        }));
                    }
                    for object in self.objects_of(self.node(f, arg.value)) {
                        match object {
                            Object::Class(base) if base != class && !bases[class].contains(&base) => {
                                bases[class].push(base);
                            }
                            Object::Api(api) if !external[class].contains(&api) && !self.is_empty_base(api) => {
                                external[class].push(api);
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        self.learn_identities(&mut external);
        self.hierarchy.set_bases(&bases, &external);
        self.derived_from = self.derived_from();
        self.learn_methods();
        for (class, meta) in metaclasses {
            self.metaclass.entry(class).or_insert(meta);
        }
    }

    /// Whether a value is `with_metaclass`, of a library or as a recipe.
    fn is_with_metaclass(&self, f: FuncId, func: Value) -> bool {
        let name = match self.program.function(f).op(func) {
            Op::Global(name) | Op::Attr(_, name) | Op::ImportFrom { name, .. } => *name,
            _ => return false,
        };
        name == self.names.with_metaclass
    }

    /// Attributes of classes that were read, and classes that were called, before the hierarchy was known.
    fn revisit(&mut self, f: FuncId) {
        let insts = self.program.function(f).insts.iter_enumerated();
        let reads: Vec<(Value, Value)> = insts
            .filter_map(|(v, inst)| match inst.op {
                Op::Attr(base, _) | Op::Call { func: base, .. } => Some((v, base)),
                _ => None,
            })
            .collect();
        for (user, base) in reads {
            let call = matches!(self.program.function(f).op(user), Op::Call { .. });
            for object in self.objects_of(self.node(f, base)) {
                if !call || matches!(object, Object::Class(_)) {
                    self.apply(f, user, base, object);
                }
            }
        }
    }

    /// The value of a module's variable, or the built-in.
    pub(crate) fn read_global(&mut self, module: ModuleId, name: Symbol, to: Node) {
        if self.program.modules[module].template && self.runtime_name(name, to) {
            return;
        }
        if !self.link_global(module, name, to) {
            let builtins = self.program.strings.intern("builtins");
            if self
                .models
                .module("builtins")
                .and_then(|n| self.models.member(n, self.program.strings.resolve(name)))
                .is_some()
                || crate::steps::is_builtin(self.program.strings.resolve(name))
            {
                let api = self.apis.module(builtins, &self.program.strings);
                let api = self.apis.child(api, ApiStep::Member(name), &self.program.strings);
                self.add(to, Object::Api(api));
            } else {
                self.injected(name, to);
            }
        }
    }

    fn finish(mut self) -> Resolution<'m> {
        // A property's getter runs where the attribute is read.
        for (shared, reader) in std::mem::take(&mut self.readers) {
            let Some(getters) = self.implicit.get(&shared).cloned() else { continue };
            let list = self.implicit.entry(reader).or_default();
            for getter in getters {
                if !list.contains(&getter) {
                    list.push(getter);
                }
            }
        }
        crate::resolution::build(self)
    }

    /// The sets of all nodes, for the result.
    pub(crate) fn take_sets(&mut self) -> Vec<SmallVec<[ObjectId; 3]>> {
        std::mem::take(&mut self.sets)
    }
}

/// For each value node, the values of its function that depend on the objects there.
fn use_lists(program: &Program, base: &IndexVec<FuncId, u32>, count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut start = vec![0u32; count + 2];
    for f in program.functions.ids() {
        let first = base[f] as usize;
        for inst in &program.function(f).insts {
            for_each_asked(&inst.op, |v| start[first + v.index() + 2] += 1);
        }
    }
    for i in 2..start.len() {
        start[i] += start[i - 1];
    }
    let mut uses = vec![0u32; start[count + 1] as usize];
    for f in program.functions.ids() {
        let first = base[f] as usize;
        for (user, inst) in program.function(f).insts.iter_enumerated() {
            for_each_asked(&inst.op, |v| {
                let at = &mut start[first + v.index() + 1];
                uses[*at as usize] = user.index() as u32;
                *at += 1;
            });
        }
    }
    start.pop();
    (start, uses)
}
