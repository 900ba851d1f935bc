//! Any text can be lowered as a template: without a panic, to a module that keeps the rules of the representation and
//! prints and parses back to the same text.
#![no_main]

use assay_ir::{GapReason, text_form, verify};
use assay_lang_template::lower_source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let source = String::from_utf8_lossy(data);
    let module = lower_source("templates/a.html", &source);
    let panic = module.gaps.iter().find(|gap| matches!(gap.reason, GapReason::Panic(_)));
    assert!(panic.is_none(), "{panic:?}");
    verify(&module).expect("the module keeps the rules");
    let text = text_form::print(&module);
    let again = text_form::parse(&text).expect("what is printed can be read");
    assert_eq!(text_form::print(&again), text);
});
