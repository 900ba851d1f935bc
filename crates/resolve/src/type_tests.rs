//! What tests of a value's type show: `if isinstance(x, T): x.method()`.
//!
//! Only values that nothing else is known of are told apart this way: what flows there says more.

use crate::FuncId;
use crate::solver::{EdgeKind, Extra, Solver};
use assay_index::Idx;
use assay_ir::{ArgKind, BlockId, Function, Op, Terminator, UnaryOp, Value};
use assay_text::limits;

/// A value, its types, and the block from which on they hold.
struct Test {
    call: Value,
    value: Value,
    types: Value,
    from: BlockId,
}

impl Solver<'_> {
    /// Finds the tests of a function and what they say of values of unknown type.
    pub(crate) fn learn_tests(&mut self, f: FuncId) {
        let Some(isinstance) = self.program.strings.lookup("isinstance") else { return };
        let tests: Vec<Test> = tests_of(self.program.function(f), isinstance);
        for test in tests.into_iter().take(limits::MAX_TYPE_TESTS) {
            if !self.set(self.node(f, test.value)).is_empty() {
                continue;
            }
            let function = self.program.function(f);
            let users: Vec<(FuncId, Value, Value)> = dominated(function, test.from)
                .flat_map(|block| function.blocks[block].insts.iter().copied())
                .filter(|inst| {
                    let mut reads = false;
                    function.op(*inst).for_each_operand(|v| reads |= v == test.value);
                    reads
                })
                .map(|inst| (f, inst, test.value))
                .collect();
            if users.is_empty() {
                continue;
            }
            let shown = self.extra(Extra::Tested(f, test.call));
            self.tested.insert(shown, users);
            let types = self.node(f, test.types);
            self.edge(types, shown, EdgeKind::Annotation);
        }
    }
}

fn tests_of(function: &Function, isinstance: assay_index::Symbol) -> Vec<Test> {
    let mut tests = Vec::new();
    for block in &function.blocks {
        let Terminator::Branch { cond, then_to, else_to } = block.terminator else { continue };
        let (call, from) = match function.op(cond) {
            Op::Unary(UnaryOp::Not, inner) => (*inner, else_to),
            _ => (cond, then_to),
        };
        let Op::Call { func, args } = function.op(call) else { continue };
        if !matches!(function.op(*func), Op::Global(name) if *name == isinstance) {
            continue;
        }
        if let [value, types] = args.as_slice()
            && value.kind == ArgKind::Positional
            && types.kind == ArgKind::Positional
        {
            tests.push(Test { call, value: value.value, types: types.value, from });
        }
    }
    tests
}

/// The blocks that control reaches by way of `start` only.
fn dominated(function: &Function, start: BlockId) -> impl Iterator<Item = BlockId> {
    let mut outside = vec![false; function.blocks.len()];
    let mut work = vec![BlockId::new(0)];
    while let Some(at) = work.pop() {
        let Some(block) = function.blocks.get(at) else { continue };
        if at == start || std::mem::replace(&mut outside[at.index()], true) {
            continue;
        }
        block.terminator.for_each_target(|to| work.push(to));
        work.extend(block.handler);
    }
    (0..outside.len()).map(BlockId::new).filter(move |at| !outside[at.index()])
}
