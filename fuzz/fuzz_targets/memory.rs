//! The analysis of memory, on any text in C or C++: the first byte tells which.

#![no_main]

use assay_frontend::Frontend;
use assay_index::Idx;
use assay_lang_c::{C, CPP};
use assay_memory::{Program, Unit};
use assay_text::{FileId, Language, Role, SourceFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cpp = data.first().is_some_and(|byte| byte & 1 == 1);
    let (language, frontend) = if cpp { (Language::Cpp, CPP) } else { (Language::C, C) };
    let text = String::from_utf8_lossy(data.get(1..).unwrap_or_default());
    let module = frontend.lower(&SourceFile::new("fuzz", language, Role::FirstParty, &*text));
    let unit = Unit { file: FileId::new(0), path: "fuzz", module: &module };
    let analysis = assay_memory::analyse(&Program::new(vec![unit]));
    assert!(analysis.failed.is_empty(), "the analysis failed");
    let again = assay_memory::analyse(&Program::new(vec![unit]));
    assert_eq!(analysis.sites, again.sites);
});
