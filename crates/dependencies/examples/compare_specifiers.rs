//! Compares lines of `specifiers⇥version⇥1 or 0`, made by another implementation, with what requirements of PEP 440 admit.
//!
//! `cargo run -p assay-dependencies --example compare_specifiers -- FILE`

use assay_dependencies::{Ecosystem, Requirement, Version};

#[expect(clippy::print_stdout, reason = "a developer's tool")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(std::env::args().nth(1).ok_or("a file")?)?;
    let (mut lines, mut wrong) = (0, 0);
    for line in text.lines() {
        let [specifiers, version, expected] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let found = Requirement::new(Ecosystem::PyPI, specifiers)?.admits(&Version::new(Ecosystem::PyPI, version));
        lines += 1;
        if found != (expected == "1") {
            wrong += 1;
            if wrong <= 20 {
                println!("{line}: {found}");
            }
        }
    }
    println!("{lines} lines, {wrong} wrong");
    Ok(())
}
