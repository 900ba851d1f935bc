//! Compares pairs of versions from files of lines `1.0 < 1.1`, named after their ecosystem, as the public suites have them.
//!
//! `cargo run -p assay-dependencies --example compare_versions -- FOLDER`

use assay_dependencies::{Ecosystem, Version};
use std::path::PathBuf;

#[expect(clippy::print_stdout, reason = "a developer's tool")]
fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    for (prefix, ecosystem) in [
        ("pypi", Ecosystem::PyPI),
        ("maven", Ecosystem::Maven),
        ("rubygems", Ecosystem::RubyGems),
        ("debian", Ecosystem::Debian),
        ("packagist", Ecosystem::Packagist),
        ("nuget", Ecosystem::NuGet),
        ("semver", Ecosystem::Npm),
    ] {
        let (mut pairs, mut wrong, mut legacy) = (0, 0, 0);
        for file in [format!("{prefix}-versions.txt"), format!("{prefix}-versions-generated.txt")] {
            let Ok(text) = std::fs::read_to_string(folder.join(&file)) else { continue };
            for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
                let [a, operator, b] = line.split_whitespace().collect::<Vec<_>>()[..] else { continue };
                let (one, two) = (Version::new(ecosystem, a), Version::new(ecosystem, b));
                let right = match operator {
                    "<" => one < two,
                    ">" => one > two,
                    "=" => one == two,
                    _ => continue,
                };
                pairs += 1;
                legacy += usize::from(one.is_legacy()) + usize::from(two.is_legacy());
                if !right {
                    wrong += 1;
                    if wrong <= 10 {
                        println!("{file}: {line}");
                    }
                }
            }
        }
        println!("{ecosystem}: {pairs} pairs, {wrong} wrong, {legacy} versions that the rules do not admit");
    }
}
