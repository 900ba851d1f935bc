//! What runs when a class is made, and what joins a function by its decorator.
//!
//! A class goes through `__init_subclass__` of what it derives from, and through `__new__` and `__init__` of its metaclass; these often
//! keep it in a table, from which it is taken by its name. `functools.singledispatch` keeps functions in a table of its own.

use crate::object::Object;
use crate::solver::{EdgeKind, Solver};
use crate::{ClsId, FuncId};
use assay_index::Symbol;
use assay_ir::{Arg, ArgKind, Op, Value};

impl Solver<'_> {
    /// Hands each class to the methods that run when it is made.
    pub(crate) fn seed_class_creation(&mut self) {
        let subclass = self.program.strings.intern("__init_subclass__");
        let mut made: Vec<(FuncId, ClsId, Vec<Arg>)> = Vec::new();
        for f in self.program.functions.ids() {
            let module = self.program.functions[f].module;
            if self.program.modules[module].test || self.program.modules[module].template {
                continue;
            }
            made.extend(self.program.function(f).insts.iter().filter_map(|inst| match &inst.op {
                Op::MakeClass { class, bases } => Some((f, self.program.cls_id(module, *class), bases.clone())),
                _ => None,
            }));
        }
        for (f, class, bases) in made {
            let above: Vec<ClsId> = self.hierarchy.order(class).to_vec();
            if let Some(hook) = above.iter().skip(1).find_map(|base| self.hierarchy.own_method(*base, subclass)) {
                self.hand_class(hook, class);
                for arg in &bases {
                    if let ArgKind::Keyword(name) = arg.kind {
                        let from = self.node(f, arg.value);
                        self.bind_keyword(hook, name, from);
                    }
                }
            }
            let Some(meta) = above.iter().find_map(|c| self.metaclass.get(c).copied()) else { continue };
            if let Some(hook) = self.hierarchy.method(meta, self.names.init) {
                self.hand_class(hook, class);
            }
            if let Some(hook) = self.hierarchy.method(meta, self.names.new) {
                for call in self.calls_of_attribute(hook, self.names.new) {
                    let made = self.node(hook, call);
                    self.add(made, Object::Class(class));
                }
            }
        }
    }

    fn hand_class(&mut self, hook: FuncId, class: ClsId) {
        if let Some(first) = self.parameter(hook, 0) {
            self.add(first, Object::Class(class));
        }
    }

    /// The calls in a function of something's attribute of this name.
    fn calls_of_attribute(&self, f: FuncId, name: Symbol) -> Vec<Value> {
        let function = self.program.function(f);
        let called = |func: Value| matches!(function.op(func), Op::Attr(_, attribute) if *attribute == name);
        let calls = function.insts.iter_enumerated();
        calls.filter(|(_, inst)| matches!(&inst.op, Op::Call { func, .. } if called(*func))).map(|(v, _)| v).collect()
    }

    /// A function is decorated with `register` of one that `singledispatch` decorates: calling that one may call it. Whether that is
    /// new.
    pub(crate) fn match_dispatch(&mut self, f: FuncId, call: Value, func: Value) -> bool {
        if self.dispatchers.is_empty() {
            return false;
        }
        let register = self.program.strings.intern("register");
        let function = self.program.function(f);
        // `@show.register` or `@show.register(str)`
        let attribute = match function.op(func) {
            Op::Call { func, .. } => *func,
            _ => func,
        };
        let Op::Attr(dispatcher, name) = *function.op(attribute) else { return false };
        let Some(added) = self.decorated_function(f, call).filter(|_| name == register) else { return false };
        let mut changed = false;
        for object in self.objects_of(self.node(f, dispatcher)) {
            let Object::Function(g) = object else { continue };
            if let Some(to) = self.dispatchers.get(&g).copied()
                && !self.objects_of(to).contains(&Object::Function(added))
            {
                self.add(to, Object::Function(added));
                changed = true;
            }
        }
        // What it is called by itself.
        if changed {
            let from = self.argument_node(f, call);
            let to = self.node(f, call);
            if let Some(from) = from {
                self.edge(from, to, EdgeKind::Copy);
            }
        }
        changed
    }

    fn argument_node(&self, f: FuncId, call: Value) -> Option<crate::solver::Node> {
        let Op::Call { args, .. } = self.program.function(f).op(call) else { return None };
        args.first().map(|arg| self.node(f, arg.value))
    }
}
