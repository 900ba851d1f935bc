//! Functions that run in commands alone: somebody starts them, and waits for them.

use crate::code::Code;
use assay_index::{FxHashSet, Idx};
use assay_models::EntryKind;
use assay_resolve::FuncId;

/// Functions between a command and what it runs.
const MAX_FUNCTIONS: usize = 200;

/// The command that a function runs in, when nothing but commands and what is run as a program leads to it.
pub(crate) fn runs_in(code: &Code<'_>, f: FuncId) -> Option<String> {
    let mut command = None;
    let mut seen = FxHashSet::from_iter([f]);
    let mut open = vec![f];
    while let Some(g) = open.pop() {
        if seen.len() > MAX_FUNCTIONS || code.res.is_exported(g) {
            return None;
        }
        let mut kinds = code.res.entries.iter().filter(|entry| entry.function == g).map(|entry| entry.kind).peekable();
        let is_command = kinds.peek().is_some();
        if kinds.any(|kind| kind != EntryKind::Command) {
            return None;
        }
        let module = code.res.program.functions[g].module;
        let body = code.res.program.functions[g].local.index() == 0;
        // What the body of a module makes is there for all that the module serves.
        let serves = |entry: &assay_resolve::Entry| {
            entry.kind != EntryKind::Command && code.res.program.functions[entry.function].module == module
        };
        if body && code.res.entries.iter().any(serves) {
            return None;
        }
        let mut callers = code.callers(g).iter().map(|caller| caller.function).filter(|c| *c != g && !code.in_test(*c));
        if is_command || body || code.function_name(g) == "main" {
            command.get_or_insert(g);
            continue;
        }
        let first = callers.next()?;
        for caller in std::iter::once(first).chain(callers) {
            if seen.insert(caller) {
                open.push(caller);
            }
        }
    }
    command.map(|f| code.res.program.qualified_name(f))
}
