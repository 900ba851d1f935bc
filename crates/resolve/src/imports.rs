//! Modules and their members: what an import binds, and what a name of a module is.

use crate::ModuleId;
use crate::api::ApiStep;
use crate::object::Object;
use crate::places::Place;
use crate::solver::{EdgeKind, Extra, Node, Solver};
use assay_index::Symbol;
use assay_text::limits;
use smallvec::SmallVec;

impl Solver<'_> {
    /// The module `name`, or the first part of its name, as `by` imports it.
    pub(crate) fn import(&mut self, by: ModuleId, name: Symbol, leaf: bool) -> Object {
        let text = self.program.strings.resolve(name).to_owned();
        let first = text.split('.').next().unwrap_or_default().to_owned();
        let wanted = if leaf { text.as_str() } else { first.as_str() };
        let symbol = self.program.strings.intern(wanted);
        self.module_object(by, symbol).unwrap_or_else(|| {
            let api = self.apis.dotted(wanted, &mut self.program.strings);
            Object::Api(api)
        })
    }

    /// The program's module or package of a dotted name.
    fn own_module(&self, name: Symbol) -> Option<Object> {
        match self.program.module_by_name(name) {
            Some(module) => Some(Object::Module(module)),
            None => self.program.is_package(name).then_some(Object::Package(name)),
        }
    }

    /// What a module means by a dotted name, when it is the program's.
    fn module_object(&self, by: ModuleId, name: Symbol) -> Option<Object> {
        Some(match self.program.place(by, name)? {
            Place::Module(module) => Object::Module(module),
            Place::Package(package) => Object::Package(package),
        })
    }

    pub(crate) fn submodule(&mut self, package: Symbol, name: Symbol) -> Option<Object> {
        let dotted = format!("{}.{}", self.program.strings.resolve(package), self.program.strings.resolve(name));
        let dotted = self.program.strings.intern(&dotted);
        self.own_module(dotted)
    }

    pub(crate) fn module_member(&mut self, module: ModuleId, name: Symbol, to: Node) {
        if self.link_global(module, name, to) {
            return;
        }
        let package = self.program.modules[module].name;
        if let Some(object) = self.submodule(package, name) {
            self.add(to, object);
        } else {
            self.missing_member(module, name, to);
        }
    }

    /// Links a module's variable to a node; whether the module may have one of that name. Star imports are
    /// followed in their order, each module once.
    pub(crate) fn link_global(&mut self, module: ModuleId, name: Symbol, to: Node) -> bool {
        enum Open {
            Module(ModuleId),
            Library(Symbol),
        }
        let asked = module;
        let mut open = vec![Open::Module(asked)];
        let mut seen: SmallVec<[ModuleId; 8]> = SmallVec::new();
        while let Some(next) = open.pop() {
            let module = match next {
                Open::Module(module) => module,
                Open::Library(dotted) => {
                    let dotted = self.program.strings.resolve(dotted).to_owned();
                    let api = self.apis.dotted(&dotted, &mut self.program.strings);
                    let member = self.apis.child(api, ApiStep::Member(name), &self.program.strings);
                    if self.apis.nodes(member).is_empty() {
                        continue;
                    }
                    self.add(to, Object::Api(member));
                    return true;
                }
            };
            if self.program.modules[module].defines(name) && !self.program.imports_back(module, name, asked) {
                let from = self.extra(Extra::Global(module, name));
                self.edge(from, to, EdgeKind::Copy);
                return true;
            }
            if seen.contains(&module) || seen.len() >= limits::MAX_STAR_IMPORTS {
                continue;
            }
            seen.push(module);
            let stars = self.program.modules[module].star_imports().to_vec();
            for (target, level) in stars.into_iter().rev() {
                let target = self.program.absolute(module, target, level);
                open.push(self.program.imported(module, target).map_or(Open::Library(target), Open::Module));
            }
        }
        false
    }

    /// `from module import member`
    pub(crate) fn import_from(&mut self, module: ModuleId, name: Symbol, level: u32, member: Symbol, to: Node) {
        let target = self.program.absolute(module, name, level);
        let dotted = self.program.strings.resolve(target).to_owned();
        let own = format!("{dotted}.{}", self.program.strings.resolve(member));
        if let Some(id) = self.program.imported(module, target) {
            if id == module || !self.link_global(id, member, to) {
                let own = self.program.strings.intern(&own);
                if let Some(object) = self.module_object(module, own) {
                    self.add(to, object);
                }
            }
            return;
        }
        let own_symbol = self.program.strings.intern(&own);
        if let Some(object) = self.module_object(module, own_symbol) {
            self.add(to, object);
            return;
        }
        if !dotted.is_empty() {
            let api = self.apis.dotted(&own, &mut self.program.strings);
            self.add(to, Object::Api(api));
        }
    }
}
