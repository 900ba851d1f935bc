//! What each construct is lowered to, as text.

mod data;
mod exceptions;
mod flow;
mod hostile;
mod names;
mod properties;

use assay_ir::{Module, text_form, verify};
use assay_lang_python::lower_source;
use assay_text::limits;

/// Checks every function but the module's body.
#[track_caller]
fn check(source: &str, expected: &str) {
    compare(source, expected, 1);
}

/// Checks every function, the module's body included.
#[track_caller]
fn check_all(source: &str, expected: &str) {
    compare(source, expected, 0);
}

#[track_caller]
fn compare(source: &str, expected: &str, skip: usize) {
    let module = lower_source(source);
    assert_eq!(verify(&module), Ok(()));
    assert!(module.gaps.is_empty(), "{:?}", module.gaps);
    let text: String = module.functions.ids().skip(skip).map(|id| text_form::print_function(&module, id)).collect();
    assert_eq!(text.trim(), expected.trim(), "\n{text}");
}

/// Lowers on a thread with the stack that front ends ask for, and checks what holds for every module.
#[track_caller]
fn lower_checked(source: &str) -> Module {
    let module = std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(limits::PARSE_STACK_BYTES);
        worker.spawn_scoped(scope, || lower_source(source)).expect("a thread starts").join().expect("no panic")
    });
    assert_eq!(verify(&module), Ok(()));
    if module.instruction_count() > 20_000 {
        return module;
    }
    let text = text_form::print(&module);
    let again = text_form::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(text_form::print(&again), text);
    module
}
