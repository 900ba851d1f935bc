//! What a program does with errors: every handler of it, and whether an error in a decision on trust lets through.
//!
//! - A *handler* is an `except` clause. Each is a site: what it does with the error is its reason.
//! - A *decision* is a call that says whether somebody or something is to be trusted: it checks a signature, a password, a
//!   permission. It refuses by an error or by a false result.
//! - A handler *fails open* when it takes an error of a decision and what follows is what follows when the decision
//!   was in favour.

mod asserts;
mod classes;
mod decisions;
mod fail_open;
mod fallback;
mod handlers;
mod lost;
mod raised;
mod shown;
mod unexpected;
mod unhandled;

pub(crate) use handlers::is_log;
pub use shown::shown_errors;

use crate::code::Code;
use crate::flows::FlowInput;
use crate::surface::AttackSurface;
use crate::{Examined, check};
use assay_dataflow::handlers as handlers_of;
use assay_index::FxHashSet;
use assay_ir::Value;
use assay_resolve::FuncId;
use assay_text::Role;

/// The errors, by the value that a handler gets, whose text is reported to reach a client.
#[derive(Default, Debug)]
pub struct ShownErrors(pub(crate) FxHashSet<(FuncId, Value)>);

/// Every handler of the program, and the assertions that guard something.
pub fn examine_handlers(code: &Code<'_>, surface: &AttackSurface, shown: &ShownErrors) -> Vec<Examined> {
    let res = code.res;
    let mut out = Vec::new();
    let Some(fail_open) = check("fail-open") else { return out };
    let lost = check("error-lost-in-finally");
    let exposed = check("error-text-exposed");
    let raised = raised::Raised::new(code);
    for f in res.program.functions.ids() {
        if res.program.module_of(f).template {
            continue;
        }
        let copied = code.texts.role(code.file(f)) == Role::Vendored;
        if let Some(check) = lost.filter(|_| !copied) {
            lost::examine(code, check, f, &mut out);
        }
        if let Some(check) = exposed.filter(|_| !copied) {
            fallback::examine(code, check, f, &mut out);
        }
        for handler in handlers_of(code.function(f)) {
            out.push(fail_open::examine(code, fail_open, surface, f, &handler, shown));
        }
    }
    asserts::examine(code, &mut out);
    if let Some(check) = check("unexpected-error") {
        unexpected::examine(code, &raised, check, &mut out);
    }
    out
}

/// Every call that raises an error for untrusted input, and what becomes of the error.
pub fn examine_input_errors(input: &FlowInput<'_>) -> Vec<Examined> {
    let mut out = Vec::new();
    if let Some(check) = check("unhandled-input-error") {
        unhandled::Unhandled::new(input.code, input).examine(check, &mut out);
    }
    out
}
