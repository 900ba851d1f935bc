//! Calls that never return.
//!
//! - A library's function *exits* when its model says that a call raises or ends the process: `sys.exit`,
//!   `flask.abort`.
//! - A function of the program exits when it is no method and no way through its code ends in a `return`.
//!   A stub that raises `NotImplementedError` does not count: what it stands for may return.
//!
//! What stands after such a call never runs. The block ends there, so that whatever is asked about the code
//! later (what a condition shows, what reaches a place) is asked about ways that exist.

use crate::{ApiId, CallTargets, FuncId, Program, Resolution};
use assay_index::{FxHashMap, FxHashSet, Idx};
use assay_ir::{BlockId, Function, FunctionKind, Op, Terminator, Value};
use assay_models::Models;
use assay_text::limits;

/// Ends each block at the first call in it that never returns.
pub(crate) fn cut(resolution: &mut Resolution<'_>, models: &Models) {
    let mut exiting: FxHashSet<FuncId> =
        resolution.program.functions.ids().filter(|f| never_returns(&resolution.program, *f)).collect();
    let candidates = candidates(resolution, models);
    for _ in 0..limits::MAX_EXIT_CHAIN {
        let mut changed = Vec::new();
        for (f, calls) in &candidates {
            let exits = |targets: &CallTargets| targets.functions.iter().all(|t| exiting.contains(&t.function));
            let known = resolution.calls(*f);
            let last: Vec<Value> =
                calls.iter().map(|at| &known[*at]).filter(|(_, t)| exits(t)).map(|(call, _)| *call).collect();
            if !last.is_empty() && cut_after(code(&mut resolution.program, *f), &last) {
                changed.push(*f);
            }
        }
        let before = exiting.len();
        exiting.extend(changed.into_iter().filter(|f| never_returns(&resolution.program, *f)));
        if exiting.len() == before {
            break;
        }
    }
}

/// The calls that never return if the functions of the program that they reach do not, by their places among the calls of each function.
fn candidates(resolution: &Resolution<'_>, models: &Models) -> Vec<(FuncId, Vec<usize>)> {
    let mut known: FxHashMap<ApiId, bool> = FxHashMap::default();
    let mut exits = |api: ApiId| {
        *known.entry(api).or_insert_with(|| resolution.apis.nodes(api).iter().any(|n| models.facts(*n).exits))
    };
    let mut out = Vec::new();
    for f in resolution.program.functions.ids() {
        let calls = resolution.calls(f).iter().enumerate().filter(|(_, (_, targets))| {
            targets.unresolved.is_none()
                && !(targets.functions.is_empty() && targets.apis.is_empty())
                && targets.apis.iter().all(|api| exits(*api))
        });
        let calls: Vec<usize> = calls.map(|(at, _)| at).collect();
        if !calls.is_empty() {
            out.push((f, calls));
        }
    }
    out
}

fn code(program: &mut Program, f: FuncId) -> &mut Function {
    let info = program.functions[f];
    &mut program.modules[info.module].ir.functions[info.local]
}

/// Whether the function is one that no way through leaves by a `return`.
fn never_returns(program: &Program, f: FuncId) -> bool {
    let function = program.function(f);
    let plain = function.kind == FunctionKind::Named && function.class.is_none();
    if !plain || function.is_async || function.is_generator {
        return false;
    }
    let mut seen = vec![false; function.blocks.len()];
    let mut work = vec![BlockId::new(0)];
    while let Some(at) = work.pop() {
        let Some(block) = function.blocks.get(at) else { return false };
        if std::mem::replace(&mut seen[at.index()], true) {
            continue;
        }
        match &block.terminator {
            Terminator::Return(_) => return false,
            Terminator::Raise(Some(error)) if is_stub(program, function, *error) => return false,
            other => other.for_each_target(|to| work.push(to)),
        }
        work.extend(block.handler);
    }
    true
}

/// Whether an error says that the code is yet to be written elsewhere.
fn is_stub(program: &Program, function: &Function, error: Value) -> bool {
    match function.op(error) {
        Op::Call { func, .. } => is_stub(program, function, *func),
        Op::Global(name) => program.strings.resolve(*name) == "NotImplementedError",
        _ => false,
    }
}

/// Ends the blocks of these calls after them; whether any went on before.
fn cut_after(function: &mut Function, calls: &[Value]) -> bool {
    let mut any = false;
    for at in function.blocks.ids() {
        let block = &mut function.blocks[at];
        let Some(position) = block.insts.iter().position(|v| calls.contains(v)) else { continue };
        if block.insts.len() == position + 1 && block.terminator == Terminator::Unreachable {
            continue;
        }
        any = true;
        block.insts.truncate(position + 1);
        let before = std::mem::replace(&mut block.terminator, Terminator::Unreachable);
        let mut after = Vec::new();
        before.for_each_target(|to| after.push(to));
        for to in after {
            function.forget_edge(at, to);
        }
    }
    if any {
        function.forget_unreachable();
    }
    any
}

#[cfg(test)]
mod tests {
    use crate::{InputModule, Program, resolve};
    use assay_index::Idx;
    use assay_ir::Op;
    use assay_models::{ModelFile, Models};
    use assay_text::FileId;

    const MODELS: &str =
        "extensions:\n  - addsTo: { extensible: exitModel }\n    data:\n      - [\"web\", \"Member[abort]\"]\n";

    /// The names of the functions that the program can still be seen to call, in the order of the code.
    fn reached(text: &str) -> Vec<String> {
        let models = Models::load(&[ModelFile { name: "m.yml", text: MODELS }]).expect("a good model");
        let module = InputModule {
            file: FileId::new(0),
            name: "app".to_owned(),
            path: String::new(),
            package: false,
            test: false,
            template: false,
            ir: assay_lang_python::lower_source(text),
        };
        let resolution = resolve(Program::new(vec![module]), &models);
        let program = &resolution.program;
        let mut out = Vec::new();
        for f in program.functions.ids() {
            let function = program.function(f);
            for block in &function.blocks {
                for value in &block.insts {
                    if let Op::Call { func, .. } = function.op(*value)
                        && let Op::Global(name) = function.op(*func)
                    {
                        out.push(program.strings.resolve(*name).to_owned());
                    }
                }
            }
        }
        out
    }

    #[test]
    fn what_follows_an_exit_never_runs() {
        let text = "from web import abort\n\ndef f():\n    first()\n    abort(400)\n    second()\n";
        assert_eq!(reached(text), ["first", "abort"]);
        let text = "from web import redirect\n\ndef f():\n    first()\n    redirect('/')\n    second()\n";
        assert_eq!(reached(text), ["first", "redirect", "second"]);
    }

    #[test]
    fn a_function_that_always_exits_is_an_exit() {
        let text = "from web import abort\n\ndef refuse(why):\n    log(why)\n    abort(400)\n\n\
                    def deny():\n    refuse('no')\n\ndef f():\n    deny()\n    second()\n";
        assert_eq!(reached(text), ["log", "abort", "refuse", "deny"]);
        let text =
            "def maybe(why):\n    if why:\n        raise ValueError\n\ndef f():\n    maybe('no')\n    second()\n";
        assert_eq!(reached(text), ["maybe", "second"]);
    }

    #[test]
    fn a_stub_is_no_exit() {
        let text = "def stub():\n    raise NotImplementedError()\n\ndef f():\n    stub()\n    second()\n";
        assert_eq!(reached(text), ["NotImplementedError", "stub", "second"]);
    }
}
