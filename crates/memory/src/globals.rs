//! Variables with a static lifetime that calls pass on as they pass parameters: what a function finds in one is what its caller left
//! there.
//!
//! Few functions share such a variable; one that the whole program speaks of would be a parameter of all of it, and is no way by
//! which one function hands something to another.

use crate::analyzer::Analyzer;
use crate::program::{Entity, GlobalId, Program};
use crate::state::State;
use crate::value::{Origin, Pointer};
use assay_index::{BitSet, FxHashMap};
use assay_ir::{FunctionKind, MemoryOp, Op, TypeId};

/// Functions that may share a variable.
const MAX_SHARING: usize = 12;

impl Program<'_> {
    /// Finds the variables that a few functions share, and that some of them change.
    pub(crate) fn find_followed(&self) -> BitSet<GlobalId> {
        let mut naming: FxHashMap<GlobalId, usize> = FxHashMap::default();
        for (at, unit) in self.units.iter().enumerate() {
            for function in unit.module.functions.iter().filter(|f| f.kind != FunctionKind::ModuleBody) {
                let mut named: Vec<GlobalId> = Vec::new();
                for inst in &function.insts {
                    if let Op::Memory(MemoryOp::Address(object)) = &inst.op
                        && let Entity::Global(global) = self.entity(at, *object)
                        && !named.contains(&global)
                    {
                        named.push(global);
                    }
                }
                for global in named {
                    *naming.entry(global).or_default() += 1;
                }
            }
        }
        let mut out = BitSet::with_capacity(self.globals.len());
        for global in self.globals.ids() {
            let shared = naming.get(&global).is_some_and(|count| (2..=MAX_SHARING).contains(count));
            if shared && !self.constants.contains_key(&global) {
                out.insert(global);
            }
        }
        out
    }

    /// The name of a variable.
    pub(crate) fn variable_name(&self, global: GlobalId) -> &str {
        let global = self.globals[global];
        let module = self.units[global.unit].module;
        module.objects.get(global.object).map_or("", |object| module.strings.resolve(object.name))
    }
}

impl Analyzer<'_, '_> {
    /// The address of a variable. `ty`: its type here.
    pub(crate) fn variable_address(&mut self, state: &mut State, global: GlobalId, ty: Option<TypeId>) -> Pointer {
        let obj = self.names.objects.intern(Origin::Global(global), ty);
        if self.cx.program.followed.contains(global) {
            self.names.objects.follow(obj);
        }
        self.object(state, obj);
        Pointer::to(obj)
    }
}
