//! Fixtures: Python source, with a call of `sink` or a `return` as the place to ask about.

use assay_dataflow::{Dominators, Location, ValueBlocks};
use assay_ir::{Function, FunctionId, Module, Op, Terminator, Value};
use assay_values::guards::GuardIndex;
use assay_values::{ConstValue, Context, Oracle, PatternText, constant_of};

/// A lowered module and one of its functions.
pub(crate) struct Fixture {
    pub(crate) module: Module,
    pub(crate) function: FunctionId,
}

/// Knows the constants and patterns that the module's body binds once.
pub(crate) struct ModuleOracle<'a> {
    fixture: &'a Fixture,
}

impl Fixture {
    /// Lowers a source; the function is the one named `f`.
    pub(crate) fn new(source: &str) -> Self {
        let module = assay_lang_python::lower_source(source);
        assert!(module.gaps.is_empty(), "{:?} in\n{source}", module.gaps);
        let function = module
            .functions
            .iter_enumerated()
            .find(|(_, f)| module.strings.resolve(f.name) == "f")
            .map(|(id, _)| id)
            .expect("the fixture has a function f");
        Self { module, function }
    }

    pub(crate) fn code(&self) -> &Function {
        &self.module.functions[self.function]
    }

    pub(crate) fn oracle(&self) -> ModuleOracle<'_> {
        ModuleOracle { fixture: self }
    }

    /// The places and first arguments of the calls of `sink`.
    pub(crate) fn sinks(&self) -> Vec<(Location, Value)> {
        let places = ValueBlocks::new(self.code());
        let mut out = Vec::new();
        for (value, inst) in self.code().insts.iter_enumerated() {
            let Op::Call { func, args } = &inst.op else { continue };
            if matches!(self.code().op(*func), Op::Global(n) if self.module.strings.resolve(*n) == "sink") {
                out.push((places.location(value).expect("a call stands in a block"), args[0].value));
            }
        }
        assert!(!out.is_empty(), "the fixture calls sink");
        out
    }

    /// The value of the last `return` with one.
    pub(crate) fn returned(&self) -> Value {
        let mut last = self.code().blocks.iter().filter_map(|b| match b.terminator {
            Terminator::Return(v) => Some(v),
            _ => None,
        });
        last.next_back().expect("the fixture returns")
    }

    /// Calls `f` with the context, the index of guards and the dominators.
    pub(crate) fn with_guards<T>(&self, f: impl FnOnce(&Context<'_>, &GuardIndex, &Dominators) -> T) -> T {
        let oracle = self.oracle();
        let cx = Context::new(self.code(), &self.module.strings, &oracle);
        let dominators = Dominators::new(self.code());
        let places = ValueBlocks::new(self.code());
        let index = GuardIndex::new(&cx, &dominators, &places);
        f(&cx, &index, &dominators)
    }
}

impl ModuleOracle<'_> {
    fn bound(&self, value: Value) -> Option<(Context<'_>, Value)> {
        let module = &self.fixture.module;
        let Op::Global(name) = self.fixture.code().insts.get(value)?.op else { return None };
        let body = module.body();
        let mut bindings = body.insts.iter().filter_map(|i| match i.op {
            Op::StoreGlobal(n, Some(v)) if n == name => Some(v),
            _ => None,
        });
        let stored = bindings.next()?;
        bindings.next().is_none().then(|| (Context::new(body, &module.strings, &assay_values::NoOracle), stored))
    }
}

impl Oracle for ModuleOracle<'_> {
    fn constant(&self, value: Value) -> Option<ConstValue> {
        let (cx, stored) = self.bound(value)?;
        constant_of(&cx, stored)
    }

    fn pattern(&self, value: Value) -> Option<PatternText> {
        let (cx, stored) = self.bound(value)?;
        let callee = cx.callee(stored);
        let text = callee.is("re.compile").then(|| callee.positional(0)).flatten()?;
        Some(PatternText { text: cx.string(text)?, flags: assay_values::regex::Flags::NONE })
    }
}
