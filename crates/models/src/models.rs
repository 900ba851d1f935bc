//! The trie of access paths and its lookups.
//!
//! Each node has at most one child by each step. Roots are the first parts of module names and the
//! types. Nodes are numbered in the order in which the files mention them.

use crate::loader;
use crate::path::Step;
use crate::release::Asked;
use crate::{
    ArgumentSpec, Facts, Form, Injected, Mark, ModelError, NameModel, OptionModel, Release, Signature, SourceKind,
};
use assay_index::{FxHashMap, IndexVec, Interner, Symbol};
use assay_text::Language;
use std::fmt;

assay_index::define_id!(
    /// All values that one access path reaches.
    pub struct NodeId, "n"
);

/// The text of a model file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ModelFile<'a> {
    /// The name that errors show.
    pub name: &'a str,
    /// The content.
    pub text: &'a str,
}

/// How a node hangs on its parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Edge {
    Module(Symbol),
    Type(Symbol),
    Member(NodeId, Symbol),
    AnyMember(NodeId),
    Return(NodeId),
    Instance(NodeId),
    Subclass(NodeId),
    Argument(NodeId),
    Parameter(NodeId),
    Element(NodeId),
    Key(NodeId, Symbol),
    Index(NodeId, i64),
    Awaited(NodeId),
}

#[derive(Debug)]
struct Node {
    edge: Edge,
    children: bool,
    any_member: Option<NodeId>,
    returned: Option<NodeId>,
    instance: Option<NodeId>,
    subclass: Option<NodeId>,
    element: Option<NodeId>,
    awaited: Option<NodeId>,
    arguments: Vec<(ArgumentSpec, NodeId)>,
    parameters: Vec<(ArgumentSpec, NodeId)>,
    facts: Option<Box<Facts>>,
}

/// All model files of one language, compiled.
#[derive(Default)]
pub struct Models {
    names: Interner,
    nodes: IndexVec<NodeId, Node>,
    modules: FxHashMap<Symbol, NodeId>,
    types: FxHashMap<Symbol, NodeId>,
    members: FxHashMap<(NodeId, Symbol), NodeId>,
    keys: FxHashMap<(NodeId, Symbol), NodeId>,
    indexes: FxHashMap<(NodeId, i64), NodeId>,
    bases: FxHashMap<NodeId, Vec<NodeId>>,
    class_objects: FxHashMap<NodeId, Vec<NodeId>>,
    assumed: FxHashMap<Symbol, Vec<NameModel>>,
    options: Vec<OptionModel>,
    /// The releases that conditions ask about.
    pub(crate) asked: Asked,
    injected: FxHashMap<Symbol, Injected>,
    signatures: Vec<Signature>,
    marks: Vec<Mark>,
    /// The keys under which the objects at a node hold secrets.
    secret_keys: FxHashMap<NodeId, Vec<String>>,
    /// The methods of derived classes that answer requests.
    answers: FxHashMap<NodeId, Vec<(String, NodeId)>>,
}

impl Models {
    /// Compiles model files. Whether a name is a type or a module depends on all files together.
    ///
    /// # Errors
    /// Every mistake in the files, in the order of the files and of the places in them.
    pub fn load(files: &[ModelFile<'_>]) -> Result<Self, Vec<ModelError>> {
        loader::load(files)
    }

    /// The files that come with the program for a language, sorted by name.
    pub fn builtin_files(language: Language) -> Vec<ModelFile<'static>> {
        crate::builtin::files(language)
    }

    /// The releases of libraries that conditions ask about, in order.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.asked.iter()
    }

    /// The root of a top-level module. A dotted module is reached by [`member`](Self::member).
    pub fn module(&self, name: &str) -> Option<NodeId> {
        self.modules.get(&self.names.lookup(name)?).copied()
    }

    /// The node of a dotted name, read from a top-level module: `ssl.CERT_NONE`.
    pub fn dotted(&self, name: &str) -> Option<NodeId> {
        let mut parts = name.split('.');
        let mut node = self.module(parts.next()?)?;
        for part in parts {
            node = self.member(node, part)?;
        }
        Some(node)
    }

    /// The root of a type.
    pub fn type_root(&self, name: &str) -> Option<NodeId> {
        self.types.get(&self.names.lookup(name)?).copied()
    }

    /// The name of the type with this root.
    pub fn type_name(&self, root: NodeId) -> Option<&str> {
        match self.nodes.get(root)?.edge {
            Edge::Type(name) => Some(self.names.resolve(name)),
            _ => None,
        }
    }

    /// `Member[name]`, or else `Member[*]`, which stands for the names without a step of their own.
    pub fn member(&self, n: NodeId, name: &str) -> Option<NodeId> {
        let exact = self.names.lookup(name).and_then(|name| self.members.get(&(n, name)));
        exact.copied().or_else(|| self.nodes[n].any_member)
    }

    /// The attribute of this name, if a row names it.
    pub fn named_member(&self, n: NodeId, name: &str) -> Option<NodeId> {
        self.members.get(&(n, self.names.lookup(name)?)).copied()
    }

    /// `ReturnValue`.
    pub fn returned(&self, n: NodeId) -> Option<NodeId> {
        self.nodes[n].returned
    }

    /// `Instance`.
    pub fn instance(&self, n: NodeId) -> Option<NodeId> {
        self.nodes[n].instance
    }

    /// `Subclass`. What is known there holds for the class itself too.
    pub fn subclass(&self, n: NodeId) -> Option<NodeId> {
        self.nodes[n].subclass
    }

    /// `Element`.
    pub fn element(&self, n: NodeId) -> Option<NodeId> {
        self.nodes[n].element
    }

    /// `DictionaryElement[key]`, or else `Element`.
    ///
    /// `DictionaryElement[HTTP_*]` stands for all keys that begin with the word before their first underscore.
    pub fn key(&self, n: NodeId, key: &str) -> Option<NodeId> {
        let named = |key: &str| self.names.lookup(key).and_then(|key| self.keys.get(&(n, key))).copied();
        let family = || named(&format!("{}_*", key.split_once('_')?.0));
        named(key).or_else(family).or_else(|| self.nodes[n].element)
    }

    /// `TupleElement[index]`, or else `Element`.
    pub fn index(&self, n: NodeId, index: i64) -> Option<NodeId> {
        self.indexes.get(&(n, index)).copied().or_else(|| self.nodes[n].element)
    }

    /// `Awaited`.
    pub fn awaited(&self, n: NodeId) -> Option<NodeId> {
        self.nodes[n].awaited
    }

    /// The `Argument[…]` steps in the order of the files. Several may mean the same argument.
    pub fn arguments(&self, n: NodeId) -> &[(ArgumentSpec, NodeId)] {
        &self.nodes[n].arguments
    }

    /// The `Parameter[…]` steps in the order of the files. Several may mean the same parameter.
    pub fn parameters(&self, n: NodeId) -> &[(ArgumentSpec, NodeId)] {
        &self.nodes[n].parameters
    }

    /// What the rows say about the values at this node.
    pub fn facts(&self, n: NodeId) -> &Facts {
        self.nodes[n].facts.as_deref().unwrap_or(Facts::EMPTY)
    }

    /// Whether the rows say a form of the values at this node, or of the instances of the class here.
    pub fn has_form(&self, n: NodeId, form: Form) -> bool {
        let facts = self.facts(n);
        facts.forms.contains(&form) || facts.class_of.is_some_and(|root| self.facts(root).forms.contains(&form))
    }

    /// The roots of a type and of all types that its instances also are, the nearest first; empty
    /// for a node that is no type's root.
    pub fn base_types(&self, type_root: NodeId) -> &[NodeId] {
        self.bases.get(&type_root).map_or(&[], Vec::as_slice)
    }

    /// The class objects whose instances are of this type, in the order of the files.
    pub fn class_objects(&self, type_root: NodeId) -> &[NodeId] {
        self.class_objects.get(&type_root).map_or(&[], Vec::as_slice)
    }

    /// The keys under which the objects at a node hold secrets, sorted: `Authorization` for the headers of a request.
    pub fn secret_keys(&self, n: NodeId) -> &[String] {
        self.secret_keys.get(&n).map_or(&[], Vec::as_slice)
    }

    /// All keys under which any object holds secrets.
    pub fn all_secret_keys(&self) -> impl Iterator<Item = &str> {
        self.secret_keys.values().flatten().map(String::as_str)
    }

    /// The members of a node that answer requests, by name.
    pub fn answers(&self, n: NodeId) -> impl Iterator<Item = (&str, &crate::Answer)> {
        let all = self.answers.get(&n).into_iter().flatten();
        all.filter_map(|(name, node)| Some((name.as_str(), self.facts(*node).surface().answers.as_ref()?)))
    }

    /// Collects the members that answer requests, once all rows are read.
    pub(crate) fn close_answers(&mut self) {
        for (&(parent, name), &child) in &self.members {
            if self.facts(child).surface().answers.is_some() {
                self.answers.entry(parent).or_default().push((self.names.resolve(name).to_owned(), child));
            }
        }
        self.answers.values_mut().for_each(|names| names.sort());
    }

    /// Collects the keys that hold secrets, once all rows are read.
    pub(crate) fn close_secrets(&mut self) {
        for (&(parent, key), &child) in &self.keys {
            if self.facts(child).sources.contains(&SourceKind::Secret) {
                self.secret_keys.entry(parent).or_default().push(self.names.resolve(key).to_owned());
            }
        }
        self.secret_keys.values_mut().for_each(|keys| keys.sort());
    }

    /// The options of frameworks that are defects under a condition, in the order of the rows.
    pub fn options(&self) -> &[OptionModel] {
        &self.options
    }

    /// The types that are assumed for the receiver of a method of this name.
    pub fn name_models(&self, method: &str) -> &[NameModel] {
        let found = self.names.lookup(method).and_then(|name| self.assumed.get(&name));
        found.map_or(&[], Vec::as_slice)
    }

    /// Whether any step leads on from this node.
    pub fn has_children(&self, n: NodeId) -> bool {
        self.nodes[n].children
    }

    /// The number of nodes.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Every node.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.nodes.ids()
    }

    /// The path of a node as a program would write it: `sqlite3.connect().cursor`.
    pub fn describe(&self, n: NodeId) -> String {
        let (mut tail, mut node) = (Vec::new(), n);
        loop {
            let (parent, text) = match self.nodes[node].edge {
                Edge::Module(name) | Edge::Type(name) => {
                    tail.push(self.names.resolve(name).to_owned());
                    break;
                }
                Edge::Member(parent, name) => (parent, format!(".{}", self.names.resolve(name))),
                Edge::AnyMember(parent) => (parent, ".*".to_owned()),
                Edge::Return(parent) => (parent, "()".to_owned()),
                Edge::Element(parent) => (parent, "[…]".to_owned()),
                Edge::Key(parent, key) => (parent, format!("[{:?}]", self.names.resolve(key))),
                Edge::Index(parent, index) => (parent, format!("[{index}]")),
                Edge::Instance(parent)
                | Edge::Subclass(parent)
                | Edge::Argument(parent)
                | Edge::Parameter(parent)
                | Edge::Awaited(parent) => (parent, String::new()),
            };
            tail.push(text);
            node = parent;
        }
        tail.reverse();
        tail.concat()
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Models({} nodes)", self.nodes.len())
    }
}

/// Building, for the loader.
impl Models {
    fn add(&mut self, edge: Edge) -> NodeId {
        self.nodes.push(Node {
            edge,
            children: false,
            any_member: None,
            returned: None,
            instance: None,
            subclass: None,
            element: None,
            awaited: None,
            arguments: Vec::new(),
            parameters: Vec::new(),
            facts: None,
        })
    }

    fn grow(&mut self, parent: NodeId, edge: Edge) -> NodeId {
        self.nodes[parent].children = true;
        self.add(edge)
    }

    /// What a name in a condition stands for: a value of a module, and instances of a type that is declared.
    pub(crate) fn named(&mut self, name: &str) -> (NodeId, Option<NodeId>) {
        (self.make_module(name), self.type_root(name))
    }

    pub(crate) fn make_module(&mut self, dotted: &str) -> NodeId {
        let mut parts = dotted.split('.');
        let first = self.names.intern(parts.next().unwrap_or_default());
        let mut node = if let Some(&node) = self.modules.get(&first) {
            node
        } else {
            let node = self.add(Edge::Module(first));
            self.modules.insert(first, node);
            node
        };
        for part in parts {
            node = self.make_member(node, part);
        }
        node
    }

    /// Lets a dotted name lead to `target`; `false` when it leads somewhere already.
    pub(crate) fn make_alias(&mut self, dotted: &str, target: NodeId) -> bool {
        let (parent, name) = match dotted.rsplit_once('.') {
            None => (None, self.names.intern(dotted)),
            Some((parent, name)) => (Some(self.make_module(parent)), self.names.intern(name)),
        };
        match parent {
            None if self.modules.contains_key(&name) => false,
            None => self.modules.insert(name, target).is_none(),
            Some(parent) if self.members.contains_key(&(parent, name)) => false,
            Some(parent) => {
                self.nodes[parent].children = true;
                self.members.insert((parent, name), target).is_none()
            }
        }
    }

    pub(crate) fn make_type(&mut self, name: &str) -> NodeId {
        let name = self.names.intern(name);
        if let Some(&node) = self.types.get(&name) {
            return node;
        }
        let node = self.add(Edge::Type(name));
        self.types.insert(name, node);
        node
    }

    /// The names of all types, sorted.
    pub(crate) fn type_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.nodes.ids().filter_map(|node| self.type_name(node)).collect();
        names.sort_unstable();
        names
    }

    fn make_member(&mut self, parent: NodeId, name: &str) -> NodeId {
        let name = self.names.intern(name);
        if let Some(&node) = self.members.get(&(parent, name)) {
            return node;
        }
        let node = self.grow(parent, Edge::Member(parent, name));
        self.members.insert((parent, name), node);
        node
    }

    fn make_key(&mut self, parent: NodeId, key: &str) -> NodeId {
        let key = self.names.intern(key);
        if let Some(&node) = self.keys.get(&(parent, key)) {
            return node;
        }
        let node = self.grow(parent, Edge::Key(parent, key));
        self.keys.insert((parent, key), node);
        node
    }

    fn make_index(&mut self, parent: NodeId, index: i64) -> NodeId {
        if let Some(&node) = self.indexes.get(&(parent, index)) {
            return node;
        }
        let node = self.grow(parent, Edge::Index(parent, index));
        self.indexes.insert((parent, index), node);
        node
    }

    fn make_slot(&mut self, parent: NodeId, edge: Edge, slot: fn(&mut Node) -> &mut Option<NodeId>) -> NodeId {
        if let Some(node) = *slot(&mut self.nodes[parent]) {
            return node;
        }
        let node = self.grow(parent, edge);
        *slot(&mut self.nodes[parent]) = Some(node);
        node
    }

    pub(crate) fn make_return(&mut self, parent: NodeId) -> NodeId {
        self.make_slot(parent, Edge::Return(parent), |node| &mut node.returned)
    }

    pub(crate) fn make_instance(&mut self, parent: NodeId) -> NodeId {
        self.make_slot(parent, Edge::Instance(parent), |node| &mut node.instance)
    }

    fn make_passed(
        &mut self,
        parent: NodeId,
        edge: Edge,
        spec: &ArgumentSpec,
        slot: fn(&mut Node) -> &mut Vec<(ArgumentSpec, NodeId)>,
    ) -> NodeId {
        if let Some((_, node)) = slot(&mut self.nodes[parent]).iter().find(|(known, _)| known == spec) {
            return *node;
        }
        let node = self.grow(parent, edge);
        slot(&mut self.nodes[parent]).push((spec.clone(), node));
        node
    }

    /// Adds the nodes that one step leads to from `parent` to `reached`.
    pub(crate) fn make_step(&mut self, parent: NodeId, step: &Step, reached: &mut Vec<NodeId>) {
        match step {
            Step::Members(names) => {
                for name in names {
                    let node = self.make_member(parent, name);
                    reached.push(node);
                }
            }
            Step::Keys(keys) => {
                for key in keys {
                    let node = self.make_key(parent, key);
                    reached.push(node);
                }
            }
            Step::Indexes(indexes) => {
                for index in indexes {
                    let node = self.make_index(parent, *index);
                    reached.push(node);
                }
            }
            Step::AnyMember => {
                reached.push(self.make_slot(parent, Edge::AnyMember(parent), |node| &mut node.any_member));
            }
            Step::Return => reached.push(self.make_return(parent)),
            Step::Instance => reached.push(self.make_instance(parent)),
            Step::Subclass => {
                reached.push(self.make_slot(parent, Edge::Subclass(parent), |node| &mut node.subclass));
            }
            Step::Element => {
                reached.push(self.make_slot(parent, Edge::Element(parent), |node| &mut node.element));
            }
            Step::Awaited => {
                reached.push(self.make_slot(parent, Edge::Awaited(parent), |node| &mut node.awaited));
            }
            // It is a matter of data, not of what stands where.
            Step::MapKey | Step::KeyedBy(_) => {}
            Step::Argument(spec) => {
                reached.push(self.make_passed(parent, Edge::Argument(parent), spec, |node| &mut node.arguments));
            }
            Step::Parameter(spec) => {
                reached.push(self.make_passed(parent, Edge::Parameter(parent), spec, |node| &mut node.parameters));
            }
        }
    }

    pub(crate) fn facts_mut(&mut self, n: NodeId) -> &mut Facts {
        self.nodes[n].facts.get_or_insert_default()
    }

    pub(crate) fn add_class_object(&mut self, type_root: NodeId, class: NodeId) {
        let classes = self.class_objects.entry(type_root).or_default();
        if !classes.contains(&class) {
            classes.push(class);
        }
    }

    pub(crate) fn add_option(&mut self, option: OptionModel) {
        self.options.push(option);
    }

    /// The forms of functions that servers call by an agreement.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Attributes that mark functions.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    pub(crate) fn add_mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    pub(crate) fn add_signature(&mut self, signature: Signature) {
        self.signatures.push(signature);
    }

    /// What a plug-in loader puts into modules under a name that their code does not set.
    pub fn injected(&self, name: &str) -> Option<&Injected> {
        self.injected.get(&self.names.lookup(name)?)
    }

    /// Whether the variable had no meaning before.
    pub(crate) fn add_injected(&mut self, name: &str, injected: Injected) -> bool {
        let name = self.names.intern(name);
        self.injected.insert(name, injected).is_none()
    }

    pub(crate) fn add_name_model(&mut self, method: &str, model: NameModel) {
        let method = self.names.intern(method);
        self.assumed.entry(method).or_default().push(model);
    }

    /// Fills [`base_types`](Self::base_types) from the bases that the rows declare directly.
    pub(crate) fn close_bases(&mut self, direct: &FxHashMap<NodeId, Vec<NodeId>>) {
        for root in self.nodes.ids() {
            if self.type_name(root).is_none() {
                continue;
            }
            let mut all = vec![root];
            let mut next = 0;
            while let Some(&base) = all.get(next) {
                next += 1;
                for further in direct.get(&base).into_iter().flatten() {
                    if !all.contains(further) {
                        all.push(*further);
                    }
                }
            }
            self.bases.insert(root, all);
        }
    }
}

#[cfg(test)]
impl Models {
    /// The names of the `Member` steps from each node, sorted.
    pub(crate) fn member_names(&self) -> std::collections::BTreeMap<NodeId, Vec<&str>> {
        let mut all: std::collections::BTreeMap<NodeId, Vec<&str>> = std::collections::BTreeMap::new();
        for (parent, name) in self.members.keys() {
            all.entry(*parent).or_default().push(self.names.resolve(*name));
        }
        for names in all.values_mut() {
            names.sort_unstable();
        }
        all
    }
}
