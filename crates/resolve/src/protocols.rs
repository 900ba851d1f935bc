//! What classes answer by special methods: operators, `__getattr__`, descriptors, metaclasses; and what decorators
//! that are classes make of a definition.

use crate::object::Object;
use crate::solver::{EdgeKind, Extra, Node, Solver};
use crate::special::Special;
use crate::{ClsId, FuncId};
use assay_index::Symbol;
use assay_ir::{ArgKind, Op, Terminator, Value};
use assay_text::limits;
use smallvec::SmallVec;

impl Solver<'_> {
    /// The methods of that name that an operation on an instance of `class` may run.
    pub(crate) fn methods(&self, object: Object, class: ClsId, name: Symbol) -> SmallVec<[FuncId; 4]> {
        let mut out: SmallVec<[FuncId; 4]> = self.hierarchy.method(class, name).into_iter().collect();
        if matches!(object, Object::SelfOf(_) | Object::SelfClass(_)) {
            for &sub in self.hierarchy.derived(class) {
                if let Some(method) = self.hierarchy.own_method(sub, name)
                    && !out.contains(&method)
                {
                    out.push(method);
                }
            }
        }
        out
    }

    /// The operation at `user` runs a method with values as these of its parameters. What is put under keys is left out: objects that
    /// classes keep like mappings are of all kinds, and would all be what one parameter holds.
    pub(crate) fn run_with(&mut self, f: FuncId, user: Value, method: FuncId, passed: &[(u32, Value)]) {
        let at = self.node(f, user);
        let list = self.implicit.entry(at).or_default();
        if list.contains(&method) {
            return;
        }
        list.push(method);
        // What tests pass says nothing about the program.
        if self.program.module_of(f).test && !self.program.module_of(method).test {
            return;
        }
        for (position, value) in passed {
            let from = self.node(f, *value);
            self.bind_position(method, *position, from);
        }
    }

    /// An attribute that is a property, or another descriptor, is set by its method.
    pub(crate) fn set_by_method(&mut self, f: FuncId, user: Value, object: Object, name: Symbol, value: Value) {
        let (Object::Instance(class) | Object::SelfOf(class)) = object else { return };
        let Some(holder) = self.hierarchy.declaring(class, name) else { return };
        let Some(attribute) = self.known_extra(Extra::Attribute(holder, name)) else { return };
        for object in self.objects_of(attribute) {
            match object {
                Object::Property(getter) => {
                    if let Some(method) = self.setters.get(&getter).copied() {
                        self.run_with(f, user, method, &[(1, value)]);
                    }
                }
                Object::Instance(descriptor) => {
                    if let Some(set) = self.hierarchy.method(descriptor, self.names.set) {
                        self.run_with(f, user, set, &[(2, value)]);
                    }
                }
                _ => {}
            }
        }
    }

    /// The special method of an instance of `class` gives the value at `to`. Whether there is one.
    pub(crate) fn ask(&mut self, object: Object, class: ClsId, name: Symbol, to: Node) -> bool {
        let methods = self.methods(object, class, name);
        for &method in &methods {
            self.call_implicitly(to, method);
        }
        !methods.is_empty()
    }

    /// An attribute of a function: what is set on it, or an attribute of what its decorators make of it.
    pub(crate) fn function_attribute(&mut self, f: FuncId, name: Symbol, to: Node) {
        if matches!(self.program.strings.resolve(name), "__name__" | "__doc__" | "__module__" | "__qualname__") {
            if let Some(id) = self.builtin_instance("builtins.str") {
                self.add_id(to, id);
            }
            return;
        }
        let own = self.extra(Extra::FunctionAttribute(f, name));
        self.edge(own, to, EdgeKind::Copy);
        let made = self.extra(Extra::Decorated(f));
        self.edge(made, to, EdgeKind::Member(name));
    }

    /// An attribute that neither the class nor its bases define: the metaclass may, `setattr` with a computed name may have
    /// set it, or `__getattr__` answers.
    pub(crate) fn answer(&mut self, class: ClsId, name: Symbol, on_class: bool, to: Node) {
        if self.program.strings.resolve(name).starts_with("__") {
            return;
        }
        self.unset.push((class, to, if on_class { EdgeKind::OnClass } else { EdgeKind::OnInstance }));
        if !on_class {
            match self.hierarchy.method(class, self.names.getattr) {
                Some(answer) => self.forward(answer, name, to),
                None if self.hierarchy.declaring(class, self.names.getattr).is_some() => {
                    self.asked.push((class, name, to));
                }
                None => {}
            }
            return;
        }
        let meta = self.hierarchy.order(class).iter().find_map(|c| self.metaclass.get(c).copied());
        let Some(meta) = meta else { return };
        match self.hierarchy.declaring(meta, name) {
            Some(holder) => {
                let from = self.extra(Extra::Attribute(holder, name));
                self.edge(from, to, EdgeKind::OnInstance);
            }
            None => {
                if let Some(answer) = self.hierarchy.method(meta, self.names.getattr) {
                    self.forward(answer, name, to);
                }
            }
        }
    }

    /// Attributes that nothing sets by their names, of classes whose attributes are set by computed ones: each of these may
    /// be meant. Classes that get more than a few functions and classes in this way are left out: nothing tells which of
    /// their attributes is which.
    pub(crate) fn set_by_computed_names(&mut self) {
        for (class, to, kind) in std::mem::take(&mut self.unset) {
            for holder in self.hierarchy.order(class).to_vec() {
                let Some(from) = self.known_extra(Extra::Attribute(holder, self.names.computed)) else { continue };
                let set = self.objects_of(from);
                let is_code = |o: &Object| matches!(o, Object::Function(_) | Object::Bound(_) | Object::Class(_));
                if set.len() <= limits::MAX_COMPUTED_ATTRIBUTES && set.iter().all(is_code) {
                    self.edge(from, to, kind);
                }
            }
        }
    }

    /// Attributes that a `__getattr__` answers which is not a method of the class's body but set there.
    pub(crate) fn answer_late(&mut self) {
        for (class, name, to) in std::mem::take(&mut self.asked) {
            let Some(holder) = self.hierarchy.declaring(class, self.names.getattr) else { continue };
            let at = self.extra(Extra::Attribute(holder, self.names.getattr));
            for object in self.objects_of(at) {
                if let Object::Function(answer) | Object::Bound(answer) = object {
                    // A function that its class's body was given is a method all the same.
                    let apart = self.program.modules[self.program.classes[class].module].test
                        && !self.program.module_of(answer).test;
                    if let (None, Some(own), false) =
                        (self.program.functions[answer].class, self.parameter(answer, 0), apart)
                    {
                        self.add(own, Object::SelfOf(class));
                    }
                    self.forward(answer, name, to);
                }
            }
        }
    }

    /// `__getattr__` answers for the attribute `name`: where it hands the name on to `getattr`, the attribute of
    /// the object asked there; else whatever it returns.
    fn forward(&mut self, answer: FuncId, name: Symbol, to: Node) {
        let mut bases: SmallVec<[Value; 2]> = SmallVec::new();
        let function = self.program.function(answer);
        for inst in &function.insts {
            let Op::Call { func, args } = &inst.op else { continue };
            let [base, key, ..] = args.as_slice() else { continue };
            let handed = matches!(function.op(key.value), Op::Param(i) if *i > 0);
            if handed && base.kind == ArgKind::Positional && self.is_getattr(answer, *func) {
                bases.push(base.value);
            }
        }
        for &base in &bases {
            let from = self.node(answer, base);
            self.edge(from, to, EdgeKind::Member(name));
        }
        if bases.is_empty() {
            self.call_implicitly(to, answer);
        }
    }

    fn is_getattr(&self, f: FuncId, func: Value) -> bool {
        let builtin = |name: &str| name == "getattr";
        match self.program.function(f).op(func) {
            Op::Global(name) => builtin(self.program.strings.resolve(*name)),
            _ => self.objects_of(self.node(f, func)).iter().any(|object| {
                matches!(object, Object::Api(api) if self.apis.name(*api, &self.program.strings) == "builtins.getattr")
            }),
        }
    }

    /// A method gave `object` back to the call at `to`. An instance of the method's class counts as the receiver,
    /// whose class the caller knows better.
    pub(crate) fn hand_back(&mut self, object: Object, class: ClsId, to: Node) {
        if object != Object::SelfOf(class) {
            return self.add(to, object);
        }
        let known = self.receivers.entry(to).or_default();
        if !known.contains(&class) {
            known.push(class);
        }
        let mut any = false;
        if let Some((f, call)) = self.locate(to)
            && let Some(base) = self.receiver(f, call)
        {
            for receiver in self.objects_of(self.node(f, base)) {
                if let Some(made) = self.as_receiver(receiver, class) {
                    any = true;
                    self.add(to, made);
                }
            }
        }
        if !any {
            self.add(to, object);
        }
    }

    /// The object whose method a call calls.
    fn receiver(&self, f: FuncId, call: Value) -> Option<Value> {
        let function = self.program.function(f);
        let Op::Call { func, .. } = function.op(call) else { return None };
        match function.op(*func) {
            Op::Attr(base, _) => Some(*base),
            _ => None,
        }
    }

    /// What an instance of `class` is when it is this receiver, or made by this class.
    fn as_receiver(&self, receiver: Object, class: ClsId) -> Option<Object> {
        let (own, made) = match receiver {
            Object::Instance(own) | Object::Class(own) => (own, Object::Instance(own)),
            Object::SelfOf(own) | Object::SelfClass(own) | Object::Super(own) => (own, Object::SelfOf(own)),
            _ => return None,
        };
        self.hierarchy.order(own).contains(&class).then_some(made)
    }

    /// A further object has reached the base of the attribute `attribute`; the calls of it may give that back.
    pub(crate) fn new_receiver(&mut self, f: FuncId, attribute: Value, receiver: Object) {
        if self.receivers.is_empty() {
            return;
        }
        let users: SmallVec<[Value; 4]> = self.users(self.node(f, attribute)).collect();
        for user in users {
            let call = self.node(f, user);
            let Some(classes) = self.receivers.get(&call).cloned() else { continue };
            if !matches!(self.program.function(f).op(user), Op::Call { func, .. } if *func == attribute) {
                continue;
            }
            for class in classes {
                if let Some(made) = self.as_receiver(receiver, class) {
                    self.add(call, made);
                }
            }
        }
    }

    /// A class of the program decorates a definition. Whether that leaves something other than an instance of it.
    pub(crate) fn decorate_by_class(&mut self, f: FuncId, call: Value, class: ClsId) -> bool {
        let (_, args) = self.call_parts(f, call);
        let Some(first) = args.first().map(|a| a.value) else { return false };
        let result = self.node(f, call);
        let bases: Vec<crate::ApiId> = self.hierarchy.external_bases(class).to_vec();
        let mut special = bases.into_iter().map(|base| self.special(base)).find(|s| s.redefines());
        if special.is_none() {
            special = match self.hierarchy.method(class, self.names.get) {
                Some(get) if self.gives_function(get) => Some(Special::Plain),
                Some(_) => Some(Special::Property),
                None => self.hierarchy.method(class, self.names.call).map(|_| Special::Plain),
            };
        }
        match special {
            None => return false,
            Some(Special::Plain) => self.pass_definition(f, call),
            Some(special) => self.redefine(f, first, special, result),
        }
        if let Some(init) = self.hierarchy.method(class, self.names.init) {
            self.bind_arguments(f, call, init, 1);
        }
        if let Some(id) = self.decorated_function(f, call) {
            let made = self.extra(Extra::Decorated(id));
            self.add(made, Object::Instance(class));
        }
        true
    }

    /// Whether what a descriptor gives is made to be called.
    fn gives_function(&self, get: FuncId) -> bool {
        let function = self.program.function(get);
        function.blocks.iter().any(|block| {
            let Terminator::Return(value) = block.terminator else { return false };
            match function.op(value) {
                Op::MakeFunction { .. } => true,
                Op::Call { func, .. } => match function.op(*func) {
                    Op::Global(name) | Op::Attr(_, name) | Op::ImportFrom { name, .. } => {
                        matches!(self.program.strings.resolve(*name), "partial" | "MethodType" | "wraps" | "__get__")
                    }
                    _ => false,
                },
                _ => false,
            }
        })
    }
}
