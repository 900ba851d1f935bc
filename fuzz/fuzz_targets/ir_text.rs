//! The parser of the textual form never panics. What it reads is judged without a panic, and what keeps
//! the rules prints and parses back to the same text.
#![no_main]

use assay_ir::{text_form, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(module) = text_form::parse(text) else { return };
    if verify(&module).is_err() {
        return;
    }
    let printed = text_form::print(&module);
    let again = text_form::parse(&printed).expect("what is printed can be read");
    assert_eq!(verify(&again), Ok(()));
    assert_eq!(text_form::print(&again), printed);
});
