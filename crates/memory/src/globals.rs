//! Variables with a static lifetime that calls pass on as they pass parameters: what a function finds in one is what its caller left
//! there.
//!
//! Few functions share such a variable; one that the whole program speaks of would be a parameter of all of it, and is no way by
//! which one function hands something to another.

use crate::analyzer::Analyzer;
use crate::linear::Var;
use crate::program::{Entity, GlobalId, Program};
use crate::state::{Place, State, VarOrigin};
use crate::value::{NullWhy, Obj, Origin, Pointer, Val};
use assay_index::{BitSet, FxHashMap};
use assay_ir::{FunctionKind, MemoryOp, Op, TypeId};

/// Functions that may share a variable.
const MAX_SHARING: usize = 4;

/// The bytes of a variable that is shared.
const MAX_SHARED_BYTES: u64 = 64;

impl Program<'_> {
    /// Finds the small variables that a few functions share, and that some of them change.
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
            let info = self.globals[global];
            let module = self.units[info.unit].module;
            let size = module.objects.get(info.object).and_then(|object| module.types.size(object.ty));
            let small = size.is_some_and(|size| size <= MAX_SHARED_BYTES);
            if shared && small && !self.constants.contains_key(&global) {
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

/// Whether a variable hands a value on from block to block: numbers that it counts, and what tests found out of it, have to do with
/// what else the program keeps beside it.
fn hands_on(val: &Val, is_entry: impl Fn(Var) -> bool) -> bool {
    match val {
        Val::Num(form) => form.as_constant().is_some() || form.as_var().is_some_and(is_entry),
        Val::Ptr(pointer) => !(pointer.is_null() && matches!(pointer.nullness.why, NullWhy::Tested(_))),
        Val::Uninit | Val::Top => true,
    }
}

impl Analyzer<'_, '_> {
    /// Forgets what variables hold that they do not hand on.
    pub(crate) fn settle_variables(&self, state: &mut State) {
        let names = &self.names;
        let shared = |obj: Obj| matches!(names.objects.origin(obj), Origin::Global(_)) && names.objects.info(obj).entry;
        let kept = |(place, val): &(Place, Val)| {
            !shared(place.obj) || hands_on(val, |var| names.origin(var) == VarOrigin::Entry(*place))
        };
        state.cells.change(|cell| !kept(cell), |(_, val)| *val = Val::Top);
    }

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
