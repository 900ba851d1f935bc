//! Attributes that the program adds to objects of libraries: `flask.g.user = …`, `request.tenant = …` in a middleware,
//! variables of a thread.
//!
//! A *holder* is what such an attribute belongs to: all instances of a type that the models know, or else one value of a library. As
//! with the program's own classes, instances are not told apart.

use crate::api::ApiTable;
use crate::solver::Solver;
use crate::{ApiId, ApiStep, ClsId, Program};
use assay_index::{FxHashMap, FxHashSet, Symbol};
use assay_ir::Op;
use assay_models::NodeId;
use smallvec::SmallVec;

/// What an attribute that the program adds belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Holder {
    /// Instances of a type.
    Type(NodeId),
    /// A value.
    Value(ApiId),
}

/// The names of attributes that code other than tests sets on something else than the receiver of a method.
pub(crate) fn added_names(program: &Program) -> FxHashSet<Symbol> {
    let mut out = FxHashSet::default();
    for f in program.functions.ids().filter(|f| !program.module_of(*f).test) {
        let function = program.function(f);
        let method = function.class.is_some();
        for inst in &function.insts {
            if let Op::StoreAttr { base, name, .. } = &inst.op
                && !(method && matches!(function.op(*base), Op::Param(0)))
            {
                out.insert(*name);
            }
        }
    }
    out
}

impl ApiTable<'_> {
    /// What an attribute of this name belongs to when the program sets it on a value; nothing when the models know the attribute.
    pub(crate) fn holders(&self, api: ApiId, name: &str) -> SmallVec<[Holder; 2]> {
        let mut out = SmallVec::new();
        if matches!(self.step(api), ApiStep::Module(_) | ApiStep::Cut) {
            return out;
        }
        let models = self.models();
        for node in self.nodes(api) {
            if models.member(*node, name).is_some() {
                return SmallVec::new();
            }
            match models.type_name(*node) {
                Some(of) if of.starts_with("builtins.") => {}
                Some(_) => out.push(Holder::Type(*node)),
                None => {}
            }
        }
        if out.is_empty() && !self.is_data(api) {
            out.push(Holder::Value(api));
        }
        out
    }
}

impl Solver<'_> {
    /// The holders of an attribute that the program adds to a library's value.
    pub(crate) fn added_holders(&self, api: ApiId, name: Symbol) -> SmallVec<[Holder; 2]> {
        if !self.added.contains(&name) {
            return SmallVec::new();
        }
        self.apis.holders(api, self.program.strings.resolve(name))
    }
}

/// The classes of the program that derive from each type of a library.
pub(crate) type DerivedFrom = FxHashMap<NodeId, Vec<ClsId>>;

impl Solver<'_> {
    /// The classes, other than those of tests, that derive from each type of a library; none from those of a library that is reviewed
    /// itself.
    pub(crate) fn derived_from(&self) -> DerivedFrom {
        let mut out = DerivedFrom::default();
        for class in self.program.classes.ids() {
            if self.program.modules[self.program.classes[class].module].test {
                continue;
            }
            for api in self.hierarchy.external_bases(class).iter().filter(|api| !self.identities.is_own(**api)) {
                for root in self.apis.nodes(*api).iter().filter_map(|node| self.models.facts(*node).class_of) {
                    let classes = out.entry(root).or_default();
                    if classes.last() != Some(&class) {
                        classes.push(class);
                    }
                }
            }
        }
        out
    }

    /// The class of the program that an object of a library must be of, to have an attribute that its type does not have.
    pub(crate) fn special_class(&mut self, api: ApiId, name: Symbol) -> Option<ClsId> {
        for holder in self.apis.holders(api, self.program.strings.resolve(name)) {
            let Holder::Type(root) = holder else { continue };
            if let Some(known) = self.special_classes.get(&(root, name)) {
                return *known;
            }
            let having = |class: &&ClsId| !self.hierarchy.holders(**class, name).is_empty();
            let mut classes = self.derived_from.get(&root).into_iter().flatten().filter(having).copied();
            let first = classes.next();
            let owner = first.map(|class| self.hierarchy.owner(class, name));
            let only = classes.all(|class| Some(self.hierarchy.owner(class, name)) == owner);
            let found = first.filter(|_| only);
            self.special_classes.insert((root, name), found);
            if found.is_some() {
                return found;
            }
        }
        None
    }
}
