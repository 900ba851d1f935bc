//! Prints a Python file's functions as text for people, or, after `--full`, its module as it can be read
//! back.

use assay_ir::{text_form, verify};

#[expect(clippy::print_stdout, reason = "this is a program for developers")]
fn main() -> std::io::Result<()> {
    let mut full = false;
    for argument in std::env::args_os().skip(1) {
        if argument == "--full" {
            full = true;
            continue;
        }
        let module = assay_lang_python::lower_source(&std::fs::read_to_string(argument)?);
        if full {
            print!("{}", text_form::print(&module));
            continue;
        }
        for id in module.functions.ids() {
            println!("{}", text_form::print_function(&module, id));
        }
        println!("gaps: {:?}, exports: {:?}, {:?}", module.gaps, module.exports, verify(&module));
    }
    Ok(())
}
