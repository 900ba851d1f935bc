//! Attributes that the program adds to objects of libraries: `flask.g.user = …`, `request.tenant = …` in a middleware,
//! variables of a thread.
//!
//! A *holder* is what such an attribute belongs to: all instances of a type that the models know, or else one value of a library. As
//! with the program's own classes, instances are not told apart.

use crate::api::ApiTable;
use crate::solver::Solver;
use crate::{ApiId, ApiStep, Program};
use assay_index::{FxHashSet, Symbol};
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
