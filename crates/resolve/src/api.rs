//! Values of libraries, by the path of steps that made them.

use assay_index::{FxHashMap, IndexVec, Interner, Symbol};
use assay_models::{FlowKind, Models, NodeId, PortRoot};
use assay_text::limits;
use smallvec::SmallVec;

assay_index::define_id!(
    /// A value of a library.
    pub struct ApiId, "api"
);

/// One step of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ApiStep {
    /// A top-level module.
    Module(Symbol),
    /// An instance of a type that the models know; the node is the type's root.
    Type(NodeId),
    /// An attribute.
    Member(Symbol),
    /// The result of a call.
    Return,
    /// An instance of the class.
    Instance,
    /// An element of a container.
    Element,
    /// The value under a constant key.
    Key(Symbol),
    /// The element at a constant index.
    Index(i32),
    /// The result of awaiting.
    Awaited,
    /// Whatever comes of a value so far from what the models know that it is not followed.
    Cut,
}

/// Packages in which programs keep copies of libraries.
const COPIES: [&str; 8] =
    ["._vendor.", ".vendor.", "._vendored.", ".vendored.", ".extern.", ".externals.", ".third_party.", ".thirdparty."];

struct Entry {
    parent: Option<ApiId>,
    step: ApiStep,
    depth: u32,
    /// Steps since the models last knew the path.
    unknown: u32,
    nodes: SmallVec<[NodeId; 2]>,
}

/// The table of library values.
pub struct ApiTable<'m> {
    models: &'m Models,
    entries: IndexVec<ApiId, Entry>,
    children: FxHashMap<(Option<ApiId>, ApiStep), ApiId>,
    /// The names of the modules of type forms.
    typing: Vec<Symbol>,
    /// Modules of the program that are copies of a library: `pypiserver.bottle`.
    copies: Vec<String>,
}

impl<'m> ApiTable<'m> {
    /// An empty table over these models.
    pub fn new(models: &'m Models, strings: &mut Interner) -> Self {
        let typing = ["typing", "typing_extensions"].map(|name| strings.intern(name)).to_vec();
        Self { models, entries: IndexVec::new(), children: FxHashMap::default(), typing, copies: Vec::new() }
    }

    /// The models.
    pub fn models(&self) -> &'m Models {
        self.models
    }

    /// The nodes of the models that describe a value.
    pub fn nodes(&self, api: ApiId) -> &[NodeId] {
        &self.entries[api].nodes
    }

    /// Whether nothing is known of a value but that it came out of a library: an element of something whose model
    /// doesn't say what the elements are, or the result of a function that hands on what it is given. It is no
    /// value *of* the library.
    pub(crate) fn is_guess(&self, api: ApiId) -> bool {
        let entry = &self.entries[api];
        let Some(parent) = entry.parent else { return false };
        if entry.step == ApiStep::Cut {
            return true;
        }
        if !entry.nodes.is_empty() {
            return false;
        }
        match entry.step {
            ApiStep::Element | ApiStep::Key(_) | ApiStep::Index(_) => true,
            ApiStep::Return => self.hands_on(parent),
            // What has no such attribute is no instance of the built-in type, and `Any` says nothing.
            ApiStep::Member(_) => self.is_complete(parent),
            ApiStep::Instance => self.entries[parent].unknown > 0 && self.is_typing(parent),
            _ => false,
        }
    }

    /// Whether the models know all members of a value: an instance of a built-in type, or such a type.
    fn is_complete(&self, api: ApiId) -> bool {
        let builtin = |root| self.models.type_name(root).is_some_and(|name| name.starts_with("builtins."));
        // Nodes of other kinds say something of the place, not of the type.
        let mut types = self.nodes(api).iter().filter_map(|n| match self.models.facts(*n).class_of {
            Some(instances) => Some(instances),
            None => self.models.type_name(*n).map(|_| *n),
        });
        types.next().is_some_and(|first| builtin(first) && types.all(builtin))
    }

    /// Whether a value can't be called: it is an instance of a built-in type of data.
    pub(crate) fn is_data(&self, api: ApiId) -> bool {
        self.nodes(api).iter().any(|n| {
            let name = self.models.type_name(*n).and_then(|name| name.strip_prefix("builtins."));
            name.is_some_and(|name| {
                matches!(
                    name,
                    "str" | "bytes" | "int" | "float" | "bool" | "list" | "tuple" | "dict" | "set" | "frozenset"
                )
            })
        })
    }

    /// Whether a class object only says in what way other types are meant.
    fn is_typing(&self, api: ApiId) -> bool {
        matches!(self.root(api), ApiStep::Module(name) if self.typing.contains(&name))
    }

    /// Whether a library's function gives back what it is given or holds.
    fn hands_on(&self, api: ApiId) -> bool {
        self.nodes(api).iter().any(|node| {
            self.models.facts(*node).flows.iter().any(|flow| {
                flow.kind == FlowKind::Value && flow.output.root == PortRoot::ReturnValue && flow.output.path.is_empty()
            })
        })
    }

    /// The last step of a path.
    pub fn step(&self, api: ApiId) -> ApiStep {
        self.entries[api].step
    }

    /// The path without its last step.
    pub fn parent(&self, api: ApiId) -> Option<ApiId> {
        self.entries[api].parent
    }

    /// The number of paths.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no path.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A top-level module.
    pub fn module(&mut self, name: Symbol, strings: &Interner) -> ApiId {
        let step = ApiStep::Module(name);
        if let Some(&id) = self.children.get(&(None, step)) {
            return id;
        }
        let nodes = self.models.module(strings.resolve(name)).into_iter().collect();
        self.add(None, step, nodes)
    }

    /// The name under which the models know a library of which a program carries a copy: `requests` for
    /// `pip._vendor.requests`.
    pub(crate) fn plain_module<'n>(&self, name: &'n str) -> &'n str {
        let copied =
            |copy: &&String| name.strip_prefix(copy.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('.'));
        if let Some(copy) = self.copies.iter().find(copied) {
            return &name[copy.rfind('.').map_or(0, |dot| dot + 1)..];
        }
        let tails = COPIES.iter().filter_map(|folder| name.find(folder).map(|at| &name[at + folder.len()..]));
        let known = |tail: &&str| tail.split('.').next().is_some_and(|first| self.models.module(first).is_some());
        tails.filter(known).min_by_key(|tail| tail.len()).unwrap_or(name)
    }

    /// A module of the program is a copy of the library that the last part of its name is the name of.
    pub(crate) fn add_copy(&mut self, module: String) {
        self.copies.push(module);
    }

    /// A module by its dotted name.
    pub fn dotted(&mut self, name: &str, strings: &mut Interner) -> ApiId {
        let name = self.plain_module(name);
        let mut parts = name.split('.');
        let first = strings.intern(parts.next().unwrap_or_default());
        let mut api = self.module(first, strings);
        for part in parts {
            let part = strings.intern(part);
            api = self.child(api, ApiStep::Member(part), strings);
        }
        api
    }

    /// An instance of a type that the models know.
    pub fn instance_of(&mut self, root: NodeId) -> ApiId {
        let step = ApiStep::Type(root);
        if let Some(&id) = self.children.get(&(None, step)) {
            return id;
        }
        let nodes = self.models.base_types(root).iter().copied().collect();
        self.add(None, step, nodes)
    }

    /// What a class is by the names that a generator of code gives, where that code is no part of the program: `keys_pb2_grpc.KeysServicer`.
    fn generated(&self, api: ApiId, step: ApiStep, strings: &Interner) -> Option<NodeId> {
        let ApiStep::Member(class) = step else { return None };
        let (ApiStep::Member(module) | ApiStep::Module(module)) = self.entries[api].step else { return None };
        let servicer = strings.resolve(class).ends_with("Servicer") && strings.resolve(module).ends_with("_pb2_grpc");
        servicer.then(|| self.models.dotted("grpc.Servicer"))?
    }

    /// What a step from a value leads to.
    pub fn child(&mut self, api: ApiId, step: ApiStep, strings: &Interner) -> ApiId {
        if let Some(&id) = self.children.get(&(Some(api), step)) {
            return id;
        }
        let mut nodes = self.child_nodes(api, step, strings);
        nodes.extend(self.generated(api, step, strings).filter(|_| nodes.is_empty()));
        let mut types: SmallVec<[NodeId; 2]> = SmallVec::new();
        for &node in &nodes {
            for &root in &self.models.facts(node).types {
                if !types.contains(&root) {
                    types.push(root);
                }
            }
        }
        // A value that is nothing but an instance of a known type is that type, whatever made it:
        // this keeps paths short and their number small.
        let plain = nodes.iter().all(|&n| {
            let facts = self.models.facts(n);
            facts.sources.is_empty() && facts.barriers.is_empty() && !self.models.has_children(n)
        });
        let id = if plain && types.len() == 1 {
            self.instance_of(types[0])
        } else {
            for root in types {
                for &base in self.models.base_types(root) {
                    if !nodes.contains(&base) {
                        nodes.push(base);
                    }
                }
            }
            let entry = &self.entries[api];
            let known = !nodes.is_empty();
            if entry.depth as usize >= limits::MAX_API_PATH
                || (!known && entry.unknown >= limits::MAX_UNKNOWN_API_STEPS)
            {
                self.cut(api)
            } else {
                self.add(Some(api), step, nodes)
            }
        };
        self.children.insert((Some(api), step), id);
        id
    }

    /// The nodes that a step from a value leads to in the models. [`child`](Self::child) forgets them where it joins
    /// values of one type.
    pub fn child_nodes(&self, api: ApiId, step: ApiStep, strings: &Interner) -> SmallVec<[NodeId; 2]> {
        let mut nodes: SmallVec<[NodeId; 2]> = SmallVec::new();
        for &node in &self.entries[api].nodes {
            self.step_nodes(node, step, strings, &mut nodes);
        }
        // What `super().__init__` gets is what a call of the class gets.
        if let (ApiStep::Instance, Some(class), ApiStep::Member(name)) =
            (self.entries[api].step, self.entries[api].parent, step)
            && strings.resolve(name) == "__init__"
        {
            nodes.extend(self.entries[class].nodes.iter().copied());
        }
        // What is known of the classes derived from a class holds for the class itself.
        for i in 0..nodes.len() {
            if let Some(derived) = self.models.subclass(nodes[i])
                && !nodes.contains(&derived)
            {
                nodes.push(derived);
            }
        }
        nodes
    }

    /// What a step leads to, if it was taken before.
    pub fn known_child(&self, api: ApiId, step: ApiStep) -> Option<ApiId> {
        self.children.get(&(Some(api), step)).copied()
    }

    fn step_nodes(&self, node: NodeId, step: ApiStep, strings: &Interner, out: &mut SmallVec<[NodeId; 2]>) {
        let models = self.models;
        let mut push = |n: Option<NodeId>| {
            if let Some(n) = n
                && !out.contains(&n)
            {
                out.push(n);
            }
        };
        match step {
            ApiStep::Member(name) => {
                let name = strings.resolve(name);
                let direct = models.member(node, name);
                push(direct);
                if let (None, Some(root)) = (direct, models.facts(node).class_of) {
                    for &base in models.base_types(root) {
                        push(models.member(base, name));
                    }
                }
            }
            ApiStep::Return => {
                push(models.returned(node));
                push(models.instance(node));
                push(models.facts(node).class_of);
            }
            ApiStep::Instance => {
                push(models.instance(node));
                if let Some(root) = models.facts(node).class_of {
                    models.base_types(root).iter().for_each(|n| push(Some(*n)));
                }
                if let Some(sub) = models.subclass(node) {
                    push(models.instance(sub));
                }
            }
            ApiStep::Element => push(models.element(node)),
            ApiStep::Key(key) => {
                push(models.key(node, strings.resolve(key)));
                push(models.element(node));
            }
            ApiStep::Index(index) => {
                push(models.index(node, i64::from(index)));
                push(models.element(node));
            }
            ApiStep::Awaited => push(models.awaited(node)),
            ApiStep::Module(_) | ApiStep::Type(_) | ApiStep::Cut => {}
        }
    }

    fn cut(&mut self, api: ApiId) -> ApiId {
        match self.children.get(&(Some(api), ApiStep::Cut)) {
            Some(&known) => known,
            None => self.add(Some(api), ApiStep::Cut, SmallVec::new()),
        }
    }

    fn add(&mut self, parent: Option<ApiId>, step: ApiStep, nodes: SmallVec<[NodeId; 2]>) -> ApiId {
        let (depth, unknown) = parent.map_or((0, 0), |p| {
            let parent = &self.entries[p];
            (parent.depth + 1, if nodes.is_empty() { parent.unknown + 1 } else { 0 })
        });
        let id = self.entries.push(Entry { parent, step, depth, unknown, nodes });
        self.children.insert((parent, step), id);
        id
    }

    /// All paths as people write them: `sqlite3.connect().cursor`.
    pub fn names(&self, strings: &Interner) -> IndexVec<ApiId, String> {
        let mut names: IndexVec<ApiId, String> = IndexVec::with_capacity(self.entries.len());
        for entry in &self.entries {
            // A path's parent is always made before it.
            let parent = entry.parent.map_or("", |p| names[p].as_str());
            let name = self.extend_name(parent, entry.step, strings);
            names.push(name);
        }
        names
    }

    /// One path as people write it.
    pub fn name(&self, api: ApiId, strings: &Interner) -> String {
        let entry = &self.entries[api];
        let parent = entry.parent.map(|p| self.name(p, strings)).unwrap_or_default();
        self.extend_name(&parent, entry.step, strings)
    }

    fn extend_name(&self, parent: &str, step: ApiStep, strings: &Interner) -> String {
        match step {
            ApiStep::Module(name) => strings.resolve(name).to_owned(),
            ApiStep::Type(root) => self.models.type_name(root).unwrap_or("?").to_owned(),
            ApiStep::Member(name) => format!("{parent}.{}", strings.resolve(name)),
            ApiStep::Return => format!("{parent}()"),
            ApiStep::Instance | ApiStep::Awaited | ApiStep::Cut => parent.to_owned(),
            ApiStep::Element => format!("{parent}[]"),
            ApiStep::Key(key) => format!("{parent}[{:?}]", strings.resolve(key)),
            ApiStep::Index(index) => format!("{parent}[{index}]"),
        }
    }

    /// The first step of the path.
    pub fn root(&self, mut api: ApiId) -> ApiStep {
        while let Some(parent) = self.entries[api].parent {
            api = parent;
        }
        self.entries[api].step
    }
}
