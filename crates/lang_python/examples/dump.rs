//! Prints the functions of a Python file as text.

use assay_ir::{text_form, verify};

#[expect(clippy::print_stdout, reason = "this is a program for developers")]
fn main() -> std::io::Result<()> {
    for path in std::env::args_os().skip(1) {
        let module = assay_lang_python::lower_source(&std::fs::read_to_string(path)?);
        for id in module.functions.ids() {
            println!("{}", text_form::print_function(&module, id));
        }
        println!("gaps: {:?}, exports: {:?}, {:?}", module.gaps, module.exports, verify(&module));
    }
    Ok(())
}
