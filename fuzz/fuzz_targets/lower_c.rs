//! Lowering of C and C++, on any bytes: the first one tells which.

#![no_main]

use assay_frontend::Frontend;
use assay_lang_c::{C, CPP};
use assay_text::{Language, Role, SourceFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cpp = data.first().is_some_and(|byte| byte & 1 == 1);
    let (language, frontend) = if cpp { (Language::Cpp, CPP) } else { (Language::C, C) };
    let text = String::from_utf8_lossy(data.get(1..).unwrap_or_default());
    let module = frontend.lower(&SourceFile::new("fuzz", language, Role::FirstParty, &*text));
    assert_eq!(assay_ir::verify(&module), Ok(()));
});
