//! What outlives a request: functions that remember their results, and mappings of a module or class that keys are put into.

use crate::driver::Engine;
use crate::function::Fun;
use assay_dataflow::Location;
use assay_index::FxHashSet;
use assay_ir::{ArgKind, Op, Value};
use assay_models::SinkKind;
use assay_resolve::{FuncId, Object, Resolution, Target};

/// The functions whose results are remembered by their arguments.
pub fn memoised(res: &Resolution<'_>) -> FxHashSet<FuncId> {
    let program = &res.program;
    let remembers = |f: FuncId, decorator: Value| {
        let function = program.function(f);
        let value = match function.op(decorator) {
            Op::Call { func, .. } => *func,
            _ => decorator,
        };
        res.apis_of(f, value).any(|api| matches!(res.api_name(api), "functools.lru_cache" | "functools.cache"))
    };
    let mut out = FxHashSet::default();
    for f in program.functions.ids() {
        let function = program.function(f);
        for inst in &function.insts {
            if let Op::Call { func, args } = &inst.op
                && let [arg] = &args[..]
                && arg.kind == ArgKind::Positional
                && let Op::MakeFunction { function: made, .. } = function.op(arg.value)
                && remembers(f, *func)
            {
                out.insert(program.func_id(program.functions[f].module, *made));
            }
        }
    }
    out
}

impl<'a> Engine<'a> {
    /// The arguments of a function that remembers its results by them.
    pub(crate) fn remembered(&mut self, fun: &mut Fun<'a>, call: Value, target: Target, at: Location) {
        if !self.memoised.contains(&target.function) {
            return;
        }
        let Op::Call { args, .. } = fun.function.op(call) else { return };
        for arg in args {
            self.kept(fun, call, arg.value, at);
        }
    }

    /// A key that is put into a mapping of a module or class.
    pub(crate) fn kept_under(&mut self, fun: &mut Fun<'a>, store: Value, base: Value, key: Value, at: Location) {
        if matches!(fun.function.op(key), Op::Const(_)) || !fun.function.is_callable() {
            return;
        }
        let module = self.program().functions[fun.id].module;
        let shared = match fun.function.op(base) {
            Op::Global(name) => self.program().modules[module].defines(*name),
            Op::Attr(owner, _) => self
                .res
                .objects(fun.id, *owner)
                .any(|o| matches!(o, Object::Class(_) | Object::SelfClass(_) | Object::Module(_))),
            _ => false,
        };
        if shared {
            self.kept(fun, store, key, at);
        }
    }

    fn kept(&mut self, fun: &mut Fun<'a>, place: Value, key: Value, at: Location) {
        let kind = SinkKind::CacheKey;
        let site = self.site(fun, place, kind, None, key, false);
        self.sites[site].harmless_form = false;
        for (entry, rest) in self.select(fun, key, &[], at) {
            if rest.is_empty() {
                self.reach(fun, place, &entry, site, kind, None);
            }
        }
    }
}
