//! Names that code elsewhere fills in: tables of plug-in functions, modules whose members are set by computed names,
//! attributes asked for by names of a known shape.

use crate::object::Object;
use crate::solver::{Node, Solver};
use crate::{ClsId, FuncId, ModuleId};
use assay_index::{FxHashMap, Symbol};
use assay_ir::{ArgKind, BinaryOp, Const, Op, Piece, Value};
use assay_text::limits;

/// What is found by name only when something asks for it.
#[derive(Default)]
pub(crate) struct Plugins {
    /// The modules of each package by the names under which a loader offers them.
    modules: FxHashMap<Symbol, FxHashMap<String, Vec<ModuleId>>>,
    /// Modules that get members by computed names.
    open: FxHashMap<ModuleId, bool>,
    /// Members asked of modules that don't define them.
    missed: FxHashMap<ModuleId, Vec<(Symbol, Node)>>,
    /// The classes of the program that stand in a module, by name.
    classes: Option<FxHashMap<Symbol, Vec<ClsId>>>,
}

impl Solver<'_> {
    /// The value of a variable that a plug-in loader puts into modules.
    pub(crate) fn injected(&mut self, name: Symbol, to: Node) {
        let models = self.models;
        let Some(injected) = models.injected(self.program.strings.resolve(name)) else { return };
        let api = self.apis.instance_of(injected.type_root);
        self.add(to, Object::Api(api));
        if let Some(package) = &injected.package {
            let package = self.program.strings.intern(package);
            self.add(to, Object::Plugins(package));
        }
    }

    /// `module.function` in the table of a package's plug-ins.
    pub(crate) fn plugin(&mut self, package: Symbol, key: Symbol, to: Node) {
        let key = self.program.strings.resolve(key).to_owned();
        let Some((module, function)) = key.split_once('.') else { return };
        if !self.plugins.modules.contains_key(&package) {
            let found = self.offered_modules(package);
            self.plugins.modules.insert(package, found);
        }
        let known = &self.plugins.modules[&package];
        if known.is_empty() {
            let dotted = format!("{}.{key}", self.program.strings.resolve(package));
            let api = self.apis.dotted(&dotted, &mut self.program.strings);
            self.add(to, Object::Api(api));
            return;
        }
        let modules = known.get(module).cloned().unwrap_or_default();
        // A function that would hide a built-in is defined with an underscore after its name.
        let names = [function.to_owned(), format!("{function}_")].map(|name| self.program.strings.intern(&name));
        for module in modules {
            let _ = names.iter().any(|name| self.link_global(module, *name, to));
        }
    }

    fn offered_modules(&self, package: Symbol) -> FxHashMap<String, Vec<ModuleId>> {
        let mut found: FxHashMap<String, Vec<ModuleId>> = FxHashMap::default();
        let prefix = format!("{}.", self.program.strings.resolve(package));
        let offered = self.program.strings.lookup("__virtualname__");
        for (id, module) in self.program.modules.iter_enumerated() {
            let Some(name) = self.program.strings.resolve(module.name).strip_prefix(&prefix) else { continue };
            let mut names = vec![name.to_owned()];
            if let Some((f, value)) = offered.and_then(|offered| self.program.single_store(id, offered))
                && let Op::Const(Const::Str(text)) = self.program.function(f).op(value)
            {
                names.push(self.program.strings.resolve(*text).to_owned());
            }
            names.dedup();
            for name in names {
                found.entry(name).or_default().push(id);
            }
        }
        found
    }

    /// A module doesn't define a member that is asked for.
    pub(crate) fn missing_member(&mut self, module: ModuleId, name: Symbol, to: Node) {
        if self.plugins.open.contains_key(&module) {
            self.registered_class(module, name, to);
        } else {
            self.plugins.missed.entry(module).or_default().push((name, to));
        }
    }

    /// The program sets members of the module by computed names: it registers classes there.
    fn open_module(&mut self, module: ModuleId) {
        if self.plugins.open.insert(module, true).is_some() {
            return;
        }
        for (name, to) in self.plugins.missed.remove(&module).unwrap_or_default() {
            self.registered_class(module, name, to);
        }
    }

    /// The only class of that name below the module's package.
    fn registered_class(&mut self, module: ModuleId, name: Symbol, to: Node) {
        let classes = self.plugins.classes.get_or_insert_with(|| {
            let mut classes: FxHashMap<Symbol, Vec<ClsId>> = FxHashMap::default();
            for class in self.program.classes.ids() {
                let info = self.program.class(class);
                if info.name == info.qualified {
                    classes.entry(info.name).or_default().push(class);
                }
            }
            classes
        });
        let prefix = format!("{}.", self.program.strings.resolve(self.program.modules[module].name));
        let mut found = classes.get(&name).into_iter().flatten().copied().filter(|class| {
            let holder = &self.program.modules[self.program.classes[*class].module];
            !holder.test && self.program.strings.resolve(holder.name).starts_with(&prefix)
        });
        if let (Some(class), None) = (found.next(), found.next()) {
            self.add(to, Object::Class(class));
        }
    }

    /// `setattr(object, name, value)`
    pub(crate) fn set_attribute(&mut self, f: FuncId, args: &[assay_ir::Arg]) {
        let [object, name, value] = args else { return };
        if [object, name, value].iter().any(|a| a.kind != ArgKind::Positional) {
            return;
        }
        let key = match self.program.function(f).op(name.value) {
            Op::Const(Const::Str(name)) => Some(*name),
            _ => None,
        };
        for target in self.objects_of(self.node(f, object.value)) {
            match (key, target) {
                (Some(key), _) => self.store_attribute(f, target, key, value.value),
                (None, Object::Module(module)) => self.open_module(module),
                (None, _) => self.store_attribute(f, target, self.names.computed, value.value),
            }
        }
    }

    /// The constant text at the start and end of a name that is put together.
    pub(crate) fn shape(&self, f: FuncId, name: Value) -> Option<(String, String)> {
        let function = self.program.function(f);
        let strings = &self.program.strings;
        let text = |value: Value| match function.op(value) {
            Op::Const(Const::Str(text)) => strings.resolve(*text),
            _ => "",
        };
        let (prefix, suffix) = match function.op(name) {
            Op::Binary(BinaryOp::Add, left, right) => {
                let prefix = match function.op(*left) {
                    Op::Binary(BinaryOp::Add, first, _) => text(*first),
                    _ => text(*left),
                };
                (prefix, text(*right))
            }
            Op::Binary(BinaryOp::Mod, format, _) => {
                let format = text(*format);
                if format.matches('%').count() != 1 {
                    return None;
                }
                format.split_once("%s")?
            }
            Op::Format(pieces) => {
                let edge = |piece: Option<&Piece>| match piece {
                    Some(Piece::Text(text)) => strings.resolve(*text),
                    _ => "",
                };
                (edge(pieces.first()), edge(pieces.last()))
            }
            Op::Call { func, .. } => {
                let Op::Attr(format, method) = function.op(*func) else { return None };
                if strings.resolve(*method) != "format" {
                    return None;
                }
                let format = text(*format);
                (format.split_once('{')?.0, format.rsplit_once('}')?.1)
            }
            _ => return None,
        };
        (prefix.len() + suffix.len() >= 3).then(|| (prefix.to_owned(), suffix.to_owned()))
    }

    /// `getattr(object, name)` with a name of which the start or the end is constant: every method, or function of
    /// a module, that is named so.
    pub(crate) fn shaped_attributes(&mut self, f: FuncId, object: Object, name: Value, to: Node) -> bool {
        let Some((prefix, suffix)) = self.shape(f, name) else { return false };
        let holders: Vec<(ModuleId, Option<ClsId>)> = match object {
            Object::Instance(class) | Object::SelfOf(class) | Object::Class(class) | Object::SelfClass(class) => {
                let derived = match object {
                    Object::SelfOf(_) | Object::SelfClass(_) => self.hierarchy.derived(class),
                    _ => &[],
                };
                let all = self.hierarchy.order(class).iter().chain(derived);
                all.map(|c| (self.program.classes[*c].module, Some(*c))).collect()
            }
            Object::Module(module) => vec![(module, None)],
            _ => return false,
        };
        let mut names: Vec<Symbol> = Vec::new();
        for (module, class) in holders {
            let local = class.map(|c| self.program.classes[c].local);
            for function in &self.program.modules[module].ir.functions {
                let text = self.program.strings.resolve(function.name);
                if function.class == local
                    && (local.is_some() || function.parent.is_some_and(|p| assay_index::Idx::index(p) == 0))
                    && text.len() > prefix.len() + suffix.len()
                    && text.starts_with(&prefix)
                    && text.ends_with(&suffix)
                    && !names.contains(&function.name)
                {
                    names.push(function.name);
                }
            }
        }
        names.truncate(limits::MAX_POINTS_TO);
        for name in names {
            self.attribute(object, name, to);
        }
        true
    }
}
