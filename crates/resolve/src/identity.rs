//! Definitions of the program that the models describe: the program *is* the library.
//!
//! Where a framework is reviewed itself, its classes and functions are of the program, with code that is followed like
//! any other. What the models know beside of them (who calls the methods, what comes in from outside, which
//! argument can do harm) holds all the same. So a class that has the name of a library's class counts that class among
//! its library bases, and each function knows the nodes of the models that are about it.

use crate::api::{ApiStep, ApiTable};
use crate::object::Object;
use crate::solver::{Extra, Solver};
use crate::{ApiId, ClsId, FuncId};
use assay_index::{FxHashMap, FxHashSet, IndexVec, Symbol};
use assay_ir::Op;
use assay_models::NodeId;
use smallvec::SmallVec;

/// Functions and classes that a module has in common with a library whose copy it is.
const MIN_NAMES_OF_COPY: usize = 8;

/// What of the program the models describe by name.
#[derive(Default)]
pub(crate) struct Identities {
    /// The library's name of each class that is one of a library's.
    classes: FxHashMap<ClsId, Vec<ApiId>>,
    /// All of these names.
    apis: FxHashSet<ApiId>,
    /// What the models say of each function.
    functions: FxHashMap<FuncId, SmallVec<[NodeId; 2]>>,
}

impl Identities {
    /// Whether a library's class is one of the program.
    pub(crate) fn is_own(&self, api: ApiId) -> bool {
        self.apis.contains(&api)
    }

    /// What the models say of a function of the program.
    pub(crate) fn of(&self, f: FuncId) -> &[NodeId] {
        self.functions.get(&f).map_or(&[], |nodes| nodes)
    }

    /// What the models say of a class of the program.
    pub(crate) fn of_class(&self, class: ClsId, apis: &ApiTable<'_>) -> Vec<NodeId> {
        let names = self.classes.get(&class).into_iter().flatten();
        names.flat_map(|api| apis.nodes(*api)).copied().collect()
    }

    fn add(&mut self, f: FuncId, node: NodeId) {
        let nodes = self.functions.entry(f).or_default();
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
}

impl Solver<'_> {
    /// Finds the module variables that have the name of something in the models, and adds library classes to the bases
    /// of those that are the same.
    pub(crate) fn learn_identities(&mut self, external: &mut IndexVec<ClsId, Vec<ApiId>>) {
        self.learn_copies();
        for module in self.program.modules.ids() {
            let info = &self.program.modules[module];
            let dotted = self.apis.plain_module(self.program.strings.resolve(info.name)).to_owned();
            if info.test || info.template || self.models.dotted(&dotted).is_none() {
                continue;
            }
            let body = info.ir.functions.as_slice().first().map_or(&[][..], |f| f.insts.as_slice());
            let names: Vec<Symbol> = body
                .iter()
                .filter_map(|i| if let Op::StoreGlobal(name, Some(_)) = i.op { Some(name) } else { None })
                .collect();
            for name in names {
                let api = self.apis.dotted(&dotted, &mut self.program.strings);
                let api = self.apis.child(api, ApiStep::Member(name), &self.program.strings);
                let nodes: SmallVec<[NodeId; 2]> = self.apis.nodes(api).into();
                if nodes.is_empty() {
                    continue;
                }
                let variable = self.extra(Extra::Global(module, name));
                for object in self.objects_of(variable) {
                    match object {
                        Object::Class(class) if !external[class].contains(&api) => {
                            external[class].push(api);
                            self.identities.classes.entry(class).or_default().push(api);
                            self.identities.apis.insert(api);
                        }
                        Object::Function(f) => nodes.iter().for_each(|n| self.identities.add(f, *n)),
                        _ => {}
                    }
                }
            }
        }
    }

    /// Finds the modules that are copies of a library of one module: they have its name at the end of theirs, and define what the
    /// models know of it.
    fn learn_copies(&mut self) {
        for module in self.program.modules.ids() {
            let info = &self.program.modules[module];
            let name = self.program.strings.resolve(info.name);
            let Some((_, last)) = name.rsplit_once('.') else { continue };
            let Some(library) = self.models.module(last) else { continue };
            if info.test || info.template || self.apis.plain_module(name) != name {
                continue;
            }
            let Some(body) = info.ir.functions.as_slice().first() else { continue };
            let known = body.insts.iter().filter(|inst| match inst.op {
                Op::StoreGlobal(name, Some(value)) => {
                    matches!(body.op(value), Op::MakeFunction { .. } | Op::MakeClass { .. })
                        && self.models.named_member(library, self.program.strings.resolve(name)).is_some()
                }
                _ => false,
            });
            if known.count() >= MIN_NAMES_OF_COPY {
                let name = name.to_owned();
                self.apis.add_copy(name);
            }
        }
    }

    /// Finds the methods that the models know, of the classes that are a library's. Those of bases count, which the
    /// library may keep apart.
    pub(crate) fn learn_methods(&mut self) {
        let mut classes: Vec<(ClsId, Vec<ApiId>)> =
            self.identities.classes.iter().map(|(class, apis)| (*class, apis.clone())).collect();
        classes.sort_by_key(|(class, _)| *class);
        for (class, apis) in classes {
            let mut roots: SmallVec<[NodeId; 4]> = SmallVec::new();
            for node in apis.iter().flat_map(|api| self.apis.nodes(*api)) {
                let of = self.models.facts(*node).class_of;
                // A type of another library has methods of its own, which the class overrides.
                let package = |root: NodeId| self.models.type_name(root).and_then(|name| name.split('.').next());
                let own = of.and_then(package);
                let bases = of.into_iter().flat_map(|root| self.models.base_types(root)).copied();
                roots.extend(bases.filter(|root| package(*root) == own));
                roots.extend(self.models.instance(*node));
            }
            for base in self.hierarchy.order(class).to_vec() {
                for name in self.methods_of(base) {
                    let text = self.program.strings.resolve(name);
                    let found: SmallVec<[NodeId; 2]> =
                        roots.iter().filter_map(|r| self.models.member(*r, text)).collect();
                    // An override hides what is below it.
                    let Some(method) = self.hierarchy.own_method(base, name) else { continue };
                    if self.hierarchy.method(class, name) == Some(method) {
                        found.into_iter().for_each(|n| self.identities.add(method, n));
                    }
                }
            }
        }
    }
}
