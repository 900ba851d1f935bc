//! What each operation makes of an object that reaches it: attributes and elements.

use crate::api::ApiStep;
use crate::object::{ContainerKind, Object};
use crate::solver::{EdgeKind, Extra, Node, Reading, Slot, Solver};
use crate::{ClsId, FuncId, ModuleId};
use assay_index::Symbol;
use assay_ir::{BinaryOp, Const, Op, Value};
use assay_text::limits;
use smallvec::SmallVec;

/// Built-in names that the models say nothing of.
pub(crate) fn is_builtin(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "__build_class__",
        "__debug__",
        "__doc__",
        "__file__",
        "__import__",
        "__loader__",
        "__name__",
        "__package__",
        "__spec__",
        "abs",
        "aiter",
        "all",
        "anext",
        "any",
        "apply",
        "ascii",
        "basestring",
        "bin",
        "bool",
        "breakpoint",
        "buffer",
        "bytearray",
        "bytes",
        "callable",
        "chr",
        "classmethod",
        "cmp",
        "coerce",
        "compile",
        "complex",
        "copyright",
        "credits",
        "delattr",
        "dict",
        "dir",
        "divmod",
        "enumerate",
        "eval",
        "exec",
        "execfile",
        "exit",
        "file",
        "filter",
        "float",
        "format",
        "frozenset",
        "getattr",
        "globals",
        "hasattr",
        "hash",
        "help",
        "hex",
        "id",
        "input",
        "int",
        "intern",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "license",
        "list",
        "locals",
        "long",
        "map",
        "max",
        "memoryview",
        "min",
        "next",
        "object",
        "oct",
        "open",
        "ord",
        "pow",
        "print",
        "property",
        "quit",
        "range",
        "raw_input",
        "reduce",
        "reload",
        "repr",
        "reversed",
        "round",
        "set",
        "setattr",
        "slice",
        "sorted",
        "staticmethod",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "unichr",
        "unicode",
        "vars",
        "xrange",
        "zip",
        "Ellipsis",
        "NotImplemented",
        "WindowsError",
    ];
    NAMES.contains(&name)
        || name.ends_with("Error")
        || name.ends_with("Warning")
        || name.ends_with("Exception")
        || name.ends_with("ExceptionGroup")
        || matches!(name, "StopIteration" | "StopAsyncIteration" | "KeyboardInterrupt" | "SystemExit" | "GeneratorExit")
}

/// The methods of templates that render them.
pub(crate) fn is_rendering(method: &str) -> bool {
    matches!(method, "render" | "generate" | "stream" | "render_async" | "generate_async" | "render_unicode")
}

/// Calls `ask` with the operands of an operation whose objects decide what it gives or does: those that
/// [`Solver::apply`] acts on. What others hold goes along edges, or nowhere.
pub(crate) fn for_each_asked(op: &Op, mut ask: impl FnMut(Value)) {
    match op {
        Op::StoreAttr { base, .. }
        | Op::Item(base, _)
        | Op::StoreItem { base, .. }
        | Op::Accumulate { into: base, .. }
        | Op::Annotated { value: Some(base), .. } => ask(*base),
        Op::Collection(_, elements) => elements.iter().filter(|e| e.spread).for_each(|e| ask(e.value)),
        Op::Dict(entries) => entries.iter().filter(|(key, _)| key.is_none()).for_each(|(_, v)| ask(*v)),
        Op::Phi(_)
        | Op::Await(_)
        | Op::Attr(..)
        | Op::Unpack { .. }
        | Op::Next(_)
        | Op::YieldFrom(_)
        | Op::Enter(_)
        | Op::Binary(..)
        | Op::InPlace(..)
        | Op::Call { .. } => op.for_each_operand(ask),
        _ => {}
    }
}

/// The container that a generic type declares.
fn container_of(name: &str) -> Option<ContainerKind> {
    Some(match name {
        "list" | "List" | "Sequence" | "MutableSequence" | "Iterable" | "Collection" | "deque" | "Deque" => {
            ContainerKind::List
        }
        "set" | "Set" | "frozenset" | "FrozenSet" | "AbstractSet" | "MutableSet" => ContainerKind::Set,
        "dict" | "Dict" | "Mapping" | "MutableMapping" | "defaultdict" | "DefaultDict" | "OrderedDict" => {
            ContainerKind::Dict
        }
        "tuple" | "Tuple" => ContainerKind::Tuple,
        "Iterator" | "Generator" | "AsyncIterator" | "AsyncGenerator" => ContainerKind::Generator,
        _ => return None,
    })
}

impl Solver<'_> {
    /// An object has reached `operand` of the instruction `user`.
    pub(crate) fn apply(&mut self, f: FuncId, user: Value, operand: Value, object: Object) {
        let result = self.node(f, user);
        match self.program.function(f).op(user) {
            Op::Phi(_) => self.add(result, object),
            Op::Await(_) => self.awaited(object, result),
            Op::Annotated { value, .. } if *value == Some(operand) => self.add(result, object),
            Op::Attr(_, name) => {
                let name = *name;
                self.attribute(object, name, result);
                self.new_receiver(f, user, object);
            }
            Op::StoreAttr { base, name, value } => {
                let (base, name, value) = (*base, *name, *value);
                if base == operand {
                    self.store_attribute(f, object, name, value);
                    self.set_by_method(f, user, object, name, value);
                }
            }
            Op::Item(base, key) if *base == operand => {
                let slot = self.slot_of(f, *key);
                self.item(object, slot, result);
            }
            Op::StoreItem { base, key, value } if *base == operand => {
                let (key, value) = (*key, *value);
                match object {
                    Object::Container(_, at) => {
                        let slot = self.slot_of(f, key);
                        self.fill(f, at, slot, value);
                    }
                    Object::Instance(class) | Object::SelfOf(class) => {
                        for method in self.methods(object, class, self.names.setitem) {
                            self.run_with(f, user, method, &[]);
                        }
                    }
                    _ => {}
                }
            }
            Op::Accumulate { into, value, .. } if *into == operand => {
                let value = *value;
                if let Object::Container(_, at) = object {
                    self.fill(f, at, Slot::Element, value);
                }
            }
            Op::Collection(_, elements) if elements.iter().any(|e| e.spread && e.value == operand) => {
                self.copy_elements(object, result);
            }
            Op::Dict(entries) if entries.iter().any(|(k, v)| k.is_none() && *v == operand) => {
                self.copy_entries(object, result);
            }
            Op::Unpack { index, rest, .. } => {
                let slot = if *rest || *index < 0 { Slot::Element } else { Slot::Index(*index) };
                self.item(object, slot, result);
            }
            Op::Next(_) => self.next(object, result),
            Op::YieldFrom(_) => self.yield_from(f, object),
            Op::Enter(_) => self.enter(object, result),
            Op::Binary(op, ..) | Op::InPlace(op, ..) => {
                let keeps = match object {
                    Object::Container(..) => matches!(op, BinaryOp::Add | BinaryOp::Mul | BinaryOp::BitOr),
                    Object::Api(_) => matches!(
                        op,
                        BinaryOp::Add
                            | BinaryOp::Sub
                            | BinaryOp::Mul
                            | BinaryOp::Mod
                            | BinaryOp::Div
                            | BinaryOp::BitOr
                            | BinaryOp::BitAnd
                    ),
                    _ => false,
                };
                if keeps {
                    self.add(result, object);
                }
            }
            Op::Call { func, .. } => {
                if *func == operand {
                    self.call(f, user, object);
                } else {
                    self.argument(f, user, operand, object);
                }
            }
            _ => {}
        }
    }

    fn fill(&mut self, f: FuncId, container: u32, slot: Slot, value: Value) {
        let from = self.node(f, value);
        let to = self.extra(Extra::Slot(container, slot));
        self.edge(from, to, EdgeKind::Copy);
    }

    /// The nodes that hold what a container's slot may hold.
    pub(crate) fn read_slots(&mut self, container: u32, slot: Slot, to: Node) {
        if matches!(slot, Slot::Element | Slot::Any) {
            let from = self.extra(Extra::Slot(container, Slot::Any));
            self.edge(from, to, EdgeKind::Copy);
            return;
        }
        let element = self.extra(Extra::Slot(container, Slot::Element));
        self.edge(element, to, EdgeKind::Copy);
        let from = self.extra(Extra::Slot(container, slot));
        self.edge(from, to, EdgeKind::Copy);
    }

    /// All elements of `object` become elements of the container at `to`.
    fn copy_elements(&mut self, object: Object, to: Node) {
        if let Object::Container(_, at) = object {
            let slot = self.extra(Extra::Slot(to.raw(), Slot::Element));
            self.read_slots(at, Slot::Element, slot);
        }
    }

    /// All entries of `object` become entries of the mapping at `to`, under their keys.
    fn copy_entries(&mut self, object: Object, to: Node) {
        let Object::Container(_, at) = object else { return };
        let list = self.copied.entry(at).or_default();
        if at == to.raw() || list.contains(&to.raw()) {
            return;
        }
        list.push(to.raw());
        let slots: Vec<Slot> = self.keys_of(at);
        for slot in slots.into_iter().chain([Slot::Element]) {
            let from = self.extra(Extra::Slot(at, slot));
            let to = self.extra(Extra::Slot(to.raw(), slot));
            self.edge(from, to, EdgeKind::Copy);
        }
    }

    /// `object[slot]`
    pub(crate) fn item(&mut self, object: Object, slot: Slot, to: Node) {
        match object {
            Object::Container(_, at) => self.read_slots(at, slot, to),
            Object::Plugins(package) => {
                if let Slot::Key(key) = slot {
                    self.plugin(package, key, to);
                }
            }
            Object::Api(api) => {
                let step = match slot {
                    Slot::Element | Slot::Any => ApiStep::Element,
                    Slot::Key(key) => ApiStep::Key(key),
                    Slot::Index(index) => ApiStep::Index(index),
                };
                let child = self.apis.child(api, step, &self.program.strings);
                if !self.apis.is_guess(child) {
                    self.add(to, Object::Api(child));
                }
            }
            Object::Instance(class) | Object::SelfOf(class) => {
                self.ask(object, class, self.names.getitem, to);
            }
            // A generic class with its arguments is the class.
            Object::Class(_) | Object::SelfClass(_) => self.add(to, object),
            _ => {}
        }
    }

    fn next(&mut self, object: Object, to: Node) {
        match object {
            Object::Container(ContainerKind::Dict, _) => {
                if let Some(id) = self.builtin_instance("builtins.str") {
                    self.add_id(to, id);
                }
            }
            Object::Container(_, at) => self.read_slots(at, Slot::Element, to),
            Object::Instance(class) | Object::SelfOf(class) => {
                for method in self.methods(object, class, self.names.iter) {
                    let list = self.implicit.entry(to).or_default();
                    if !list.contains(&method) {
                        list.push(method);
                    }
                    let ret = self.extra(Extra::Return(method));
                    self.edge(ret, to, EdgeKind::Elements);
                }
                self.elements(object, to);
            }
            _ => self.item(object, Slot::Element, to),
        }
    }

    /// What an iterator hands out. An instance is asked for `__next__`, not for another iterator, so that
    /// this ends.
    pub(crate) fn elements(&mut self, object: Object, to: Node) {
        if let Object::Instance(class) | Object::SelfOf(class) = object {
            self.ask(object, class, self.names.next, to);
        } else {
            self.next(object, to);
        }
    }

    fn yield_from(&mut self, f: FuncId, object: Object) {
        if let Object::Container(_, at) = object {
            let ret = self.extra(Extra::Return(f));
            let slot = self.extra(Extra::Slot(ret.raw(), Slot::Element));
            self.read_slots(at, Slot::Element, slot);
        }
    }

    /// Calling an async function of the program gives what it returns, so that awaiting its result changes
    /// nothing; a library's value is what the models say that awaiting gives, if they say anything.
    fn awaited(&mut self, object: Object, to: Node) {
        let Object::Api(api) = object else { return self.add(to, object) };
        let awaited = self.apis.child(api, ApiStep::Awaited, &self.program.strings);
        let known = !self.apis.nodes(awaited).is_empty();
        self.add(to, Object::Api(if known { awaited } else { api }));
    }

    fn enter(&mut self, object: Object, to: Node) {
        match object {
            Object::Instance(class) | Object::SelfOf(class) => {
                if !self.ask(object, class, self.names.enter, to) && !self.ask(object, class, self.names.aenter, to) {
                    self.add(to, object);
                }
            }
            // A generator function under `contextlib.contextmanager`.
            Object::Container(ContainerKind::Generator, at) => self.read_slots(at, Slot::Element, to),
            Object::Api(api) => {
                let enter = self.apis.child(api, ApiStep::Member(self.names.enter), &self.program.strings);
                let entered = if self.apis.nodes(enter).is_empty() {
                    api
                } else {
                    self.apis.child(enter, ApiStep::Return, &self.program.strings)
                };
                self.add(to, Object::Api(entered));
            }
            _ => self.add(to, object),
        }
    }

    /// Whether mappings have a method of this name.
    fn is_dict_method(&mut self, name: Symbol) -> bool {
        let root = self.models.type_root(ContainerKind::Dict.type_name());
        let text = self.program.strings.resolve(name);
        text.starts_with("__")
            || root
                .is_none_or(|root| self.models.base_types(root).iter().any(|t| self.models.member(*t, text).is_some()))
    }

    /// `object.name`
    pub(crate) fn attribute(&mut self, object: Object, name: Symbol, to: Node) {
        match object {
            Object::Instance(class) => self.read_attribute(class, name, Reading::Exact, to),
            Object::SelfOf(class) => self.read_attribute(class, name, Reading::Derived, to),
            Object::Class(class) => self.read_attribute(class, name, Reading::ExactClass, to),
            Object::SelfClass(class) => self.read_attribute(class, name, Reading::Class, to),
            Object::Super(class) => self.super_attribute(class, name, to),
            Object::Module(module) => self.module_member(module, name, to),
            Object::Loaded(pattern) => self.loaded_member(pattern, name, to),
            Object::Package(package) => {
                let object = self.submodule(package, name);
                if let Some(object) = object {
                    self.add(to, object);
                }
            }
            Object::Container(kind, at) => {
                let is_key = kind == ContainerKind::Dict && !self.is_dict_method(name);
                if is_key {
                    // No attribute of mappings: templates and mappings with attributes read the key.
                    self.read_slots(at, Slot::Key(name), to);
                } else if let Some(Object::Api(api)) =
                    self.builtin_instance(kind.type_name()).map(|id| self.objects.get(id))
                {
                    let api = self.apis.child(api, ApiStep::Member(name), &self.program.strings);
                    if !self.apis.is_guess(api) {
                        self.add(to, Object::ContainerMethod(at, api));
                    }
                }
            }
            Object::Api(api) => {
                if let Some(class) = self.special_class(api, name) {
                    self.read_attribute(class, name, Reading::Exact, to);
                } else {
                    let child = self.apis.child(api, ApiStep::Member(name), &self.program.strings);
                    if !self.apis.is_guess(child) {
                        self.add(to, Object::Api(child));
                    }
                }
                for holder in self.added_holders(api, name) {
                    let from = self.extra(Extra::Added(holder, name));
                    self.edge(from, to, EdgeKind::Copy);
                }
            }
            Object::Function(g) | Object::Bound(g) => {
                if name == self.names.dunder_name {
                    if let Some(id) = self.builtin_instance("builtins.str") {
                        self.add_id(to, id);
                    }
                } else if matches!(self.program.strings.resolve(name), "setter" | "getter" | "deleter") {
                    self.add(to, Object::Redefiner(g));
                } else {
                    self.function_attribute(g, name, to);
                }
            }
            Object::Template(f) => {
                if is_rendering(self.program.strings.resolve(name)) {
                    self.add(to, Object::Renders(f));
                }
            }
            Object::Property(g) => {
                if matches!(self.program.strings.resolve(name), "setter" | "getter" | "deleter") {
                    self.add(to, Object::Redefiner(g));
                }
            }
            Object::Static(g) | Object::ClassMethod(g) => self.function_attribute(g, name, to),
            Object::ContainerMethod(..)
            | Object::Partial(_)
            | Object::Renders(_)
            | Object::Plugins(_)
            | Object::Redefiner(_) => {}
        }
    }

    /// All places that read the same attribute in the same way share a node, so that an attribute costs its
    /// readers and its holders, not their product.
    fn read_attribute(&mut self, class: ClsId, name: Symbol, reading: Reading, to: Node) {
        let extra = Extra::Read(class, name, reading, self.hierarchy_known);
        let shared = self.known_extra(extra).unwrap_or_else(|| {
            let shared = self.extra(extra);
            self.connect_holders(class, name, reading, shared);
            shared
        });
        if self.edge(shared, to, EdgeKind::Copy) {
            self.readers.push((shared, to));
        }
    }

    fn connect_holders(&mut self, class: ClsId, name: Symbol, reading: Reading, to: Node) {
        let on_class = matches!(reading, Reading::Class | Reading::ExactClass);
        let kind = if on_class { EdgeKind::OnClass } else { EdgeKind::OnInstance };
        if name == self.names.class && kind == EdgeKind::OnInstance {
            self.add(to, if reading == Reading::Exact { Object::Class(class) } else { Object::SelfClass(class) });
            return;
        }
        if name == self.names.dict {
            if let Some(id) = self.builtin_instance(ContainerKind::Dict.type_name()) {
                self.add_id(to, id);
            }
            return;
        }
        let holders = match reading {
            Reading::Exact | Reading::ExactClass => self.hierarchy.holders(class, name),
            Reading::Derived | Reading::Class => self.hierarchy.virtual_holders(class, name),
        };
        // What is stored from outside the class's methods stands on the class itself.
        let own = self.extra(Extra::Attribute(class, name));
        self.edge(own, to, kind);
        for &holder in &holders {
            let from = self.extra(Extra::Attribute(holder, name));
            self.edge(from, to, kind);
        }
        if holders.is_empty() || !holders.iter().any(|h| self.hierarchy.sets_in_body(*h, name)) {
            let external: Vec<crate::ApiId> = self.hierarchy.external_bases(class).to_vec();
            let members = self.library_members(&external, name, kind == EdgeKind::OnInstance);
            for (member, own) in members {
                // An attribute that the project's classes set shadows one that the models don't know; a library that is
                // the program itself has no others.
                let possible = holders.is_empty() && !own && !self.apis.is_guess(member);
                if possible || !self.apis.nodes(member).is_empty() {
                    self.add(to, Object::Api(member));
                }
            }
        }
        if holders.is_empty() {
            self.answer(class, name, on_class, to);
        }
    }

    /// The attribute of a name that library bases may have, each with whether the base is of the program itself. Where the
    /// models know that one of them has it, it is that one's; those that have nothing of their own are left out.
    fn library_members(
        &mut self,
        bases: &[crate::ApiId],
        name: Symbol,
        on_instance: bool,
    ) -> SmallVec<[(crate::ApiId, bool); 2]> {
        let mut out: SmallVec<[(crate::ApiId, bool); 2]> = SmallVec::new();
        for base in bases {
            let own = self.identities.is_own(*base);
            let holder =
                if on_instance { self.apis.child(*base, ApiStep::Instance, &self.program.strings) } else { *base };
            out.push((self.apis.child(holder, ApiStep::Member(name), &self.program.strings), own));
        }
        if out.len() > 1 && out.iter().any(|(member, _)| !self.apis.nodes(*member).is_empty()) {
            out.retain(|(member, _)| !self.apis.nodes(*member).is_empty());
        }
        out
    }

    fn super_attribute(&mut self, class: ClsId, name: Symbol, to: Node) {
        let after: Vec<ClsId> = self.hierarchy.order(class)[1..].to_vec();
        let mut found = after.iter().copied().find(|c| self.hierarchy.sets_in_body(*c, name));
        if found.is_none() {
            // A mixin: what comes after it in the order of the classes that use it.
            found = self.hierarchy.derived(class).iter().find_map(|sub| {
                let order = self.hierarchy.order(*sub);
                let at = order.iter().position(|c| *c == class)?;
                order[at + 1..].iter().copied().find(|c| self.hierarchy.sets_in_body(*c, name))
            });
        }
        if let Some(holder) = found {
            let from = self.extra(Extra::Attribute(holder, name));
            self.edge(from, to, EdgeKind::OnInstance);
            return;
        }
        let mut external: Vec<crate::ApiId> = self.hierarchy.external_bases(class).to_vec();
        if external.is_empty() {
            let object = self.program.strings.intern("object");
            let builtins = self.program.strings.intern("builtins");
            let api = self.apis.module(builtins, &self.program.strings);
            external.push(self.apis.child(api, ApiStep::Member(object), &self.program.strings));
        }
        for (member, _) in self.library_members(&external, name, true) {
            self.add(to, Object::Api(member));
        }
    }

    pub(crate) fn store_attribute(&mut self, f: FuncId, object: Object, name: Symbol, value: Value) {
        // What tests put into the program's objects says nothing about the program.
        let holder = match object {
            Object::Function(g) | Object::Bound(g) => Some(self.program.functions[g].module),
            Object::Instance(class) | Object::SelfOf(class) | Object::Class(class) | Object::SelfClass(class) => {
                Some(self.program.classes[class].module)
            }
            Object::Module(module) => Some(module),
            _ => None,
        };
        if self.program.module_of(f).test && holder.is_some_and(|module| !self.program.modules[module].test) {
            return;
        }
        let from = self.node(f, value);
        let to = match object {
            Object::Function(g) | Object::Bound(g) => self.extra(Extra::FunctionAttribute(g, name)),
            Object::Instance(class) | Object::SelfOf(class) | Object::Class(class) | Object::SelfClass(class) => {
                let holder = self.hierarchy.holders(class, name).first().copied().unwrap_or(class);
                self.extra(Extra::Attribute(holder, name))
            }
            Object::Module(module) => self.extra(Extra::Global(module, name)),
            Object::Api(api) if !self.program.module_of(f).test => {
                for holder in self.added_holders(api, name) {
                    let to = self.extra(Extra::Added(holder, name));
                    self.edge(from, to, EdgeKind::Copy);
                }
                return;
            }
            _ => return,
        };
        self.edge(from, to, EdgeKind::Copy);
    }

    /// The declared type `value` describes what `to` holds.
    pub(crate) fn annotate(&mut self, f: FuncId, value: Value, to: Node, depth: u32) {
        if depth >= limits::MAX_TYPE_DEPTH {
            return;
        }
        match self.program.function(f).op(value) {
            Op::Binary(BinaryOp::BitOr, left, right) => {
                let (left, right) = (*left, *right);
                self.annotate(f, left, to, depth + 1);
                self.annotate(f, right, to, depth + 1);
            }
            Op::Item(base, key) => {
                let (base, key) = (*base, *key);
                let name = match self.program.function(f).op(base) {
                    Op::Global(name) | Op::Attr(_, name) | Op::ImportFrom { name, .. } => {
                        self.program.strings.resolve(*name)
                    }
                    _ => "",
                };
                match name {
                    "Optional" | "Union" | "Annotated" | "Final" | "ClassVar" | "Required" | "NotRequired"
                    | "Awaitable" | "Coroutine" => {
                        let parts = match self.program.function(f).op(key) {
                            Op::Collection(_, elements) => elements.iter().map(|e| e.value).collect(),
                            _ => vec![key],
                        };
                        for part in parts {
                            self.annotate(f, part, to, depth + 1);
                        }
                    }
                    _ => match container_of(name) {
                        Some(kind) => self.annotate_container(f, value, key, kind, to, depth),
                        None => self.annotate(f, base, to, depth + 1),
                    },
                }
            }
            Op::Const(Const::Str(text)) => {
                let text = *text;
                let module = self.program.functions[f].module;
                self.quoted_type(module, text, to);
            }
            Op::Global(_) | Op::ImportFrom { .. } if self.program.type_alias(f, value).is_some() => {
                if let Some((from, declared)) = self.program.type_alias(f, value) {
                    self.annotate(from, declared, to, depth + 1);
                }
            }
            _ => {
                let from = self.node(f, value);
                self.edge(from, to, EdgeKind::Annotation);
            }
        }
    }

    /// A container whose declared type says what its elements are.
    fn annotate_container(&mut self, f: FuncId, value: Value, key: Value, kind: ContainerKind, to: Node, depth: u32) {
        let at = self.node(f, value).raw();
        self.add(to, Object::Container(kind, at));
        let function = self.program.function(f);
        let parts: SmallVec<[Value; 4]> = match function.op(key) {
            Op::Collection(_, elements) => elements.iter().map(|e| e.value).collect(),
            _ => [key].into_iter().collect(),
        };
        let open = parts.iter().any(|part| matches!(function.op(*part), Op::Const(Const::Ellipsis)));
        for (i, part) in parts.iter().enumerate() {
            let slot = match kind {
                // The keys stand before the values.
                ContainerKind::Dict if i == 0 => continue,
                ContainerKind::Tuple if !open => Slot::at(i),
                _ => Slot::Element,
            };
            let slot = self.extra(Extra::Slot(at, slot));
            self.annotate(f, *part, slot, depth + 1);
        }
    }

    fn quoted_type(&mut self, module: ModuleId, text: Symbol, to: Node) {
        let name = self.program.strings.resolve(text).to_owned();
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or_default();
        if first.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.') {
            return;
        }
        let node = self.extra(Extra::Quoted(module, text));
        let first = self.program.strings.intern(first);
        if parts.next().is_none() {
            self.read_global(module, first, node);
        }
        self.edge(node, to, EdgeKind::Annotation);
    }
}
