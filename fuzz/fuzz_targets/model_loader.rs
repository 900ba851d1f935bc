//! The loader of model files answers any text with models or with errors, never with a panic.
#![no_main]

use assay_models::{ModelFile, Models};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Models::load(&[ModelFile { name: "fuzz.yml", text }]);
});
