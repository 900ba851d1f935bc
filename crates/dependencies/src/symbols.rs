//! Which functions have a vulnerability: what advisories say, and, for packages of Python, whose advisories hardly ever do,
//! a reviewed list of our own.
//!
//! - A *symbol* is a dotted path as a program writes it (`yaml.load`, `PIL.Image.open.convert` for a method of what a
//!   function gives): a function, a class, whose use as a whole counts, or a module.
//! - The list has a file for each package, `data/python/symbols/<package>.toml`, with a `[[vulnerability]]` for each set of
//!   identifiers that share symbols.
//! - Packages whose vulnerabilities no list of functions could stand for have a reason instead, in
//!   `data/python/without-symbols.toml`. A test holds that each of the 150 most downloaded packages with an advisory
//!   (`data/python/most-downloaded.txt`) has the one or the other.

use crate::Known;
use crate::verdict::Defect;
use crate::{Ecosystem, Symbols};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every file by the name of its package, in their order.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/symbols.rs"));

/// Reasons by the name of the package.
const REASONS: &str = include_str!("../data/python/without-symbols.toml");

/// Why the list has no symbols of a package of Python, where that was looked into.
pub fn without_symbols(package: &str) -> Option<&'static str> {
    static READ: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    // A test holds that it can be read.
    READ.get_or_init(|| toml::from_str(REASONS).unwrap_or_default()).get(package).map(String::as_str)
}

/// What the list says of one or several vulnerabilities.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolList {
    /// Any of their identifiers.
    pub ids: Vec<String>,
    /// What has the vulnerability.
    pub symbols: Vec<String>,
    /// What to know besides.
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    vulnerability: Vec<SymbolList>,
}

/// Reads a file of the list.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_symbols(text: &str) -> Result<Vec<SymbolList>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    for one in &file.vulnerability {
        if one.ids.is_empty() || one.symbols.is_empty() {
            return Err("a vulnerability without identifiers or symbols".to_owned());
        }
        let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        if let Some(symbol) = one.symbols.iter().find(|symbol| !symbol.split('.').all(is_name)) {
            return Err(format!("`{symbol}` is no dotted path"));
        }
    }
    Ok(file.vulnerability)
}

/// The list of one package.
fn list(package: &str) -> &'static [SymbolList] {
    static READ: OnceLock<Vec<OnceLock<Vec<SymbolList>>>> = OnceLock::new();
    let Ok(at) = FILES.binary_search_by(|(name, _)| (*name).cmp(package)) else { return &[] };
    let read = READ.get_or_init(|| FILES.iter().map(|_| OnceLock::new()).collect());
    // A test holds that every file can be read.
    read.get(at).map_or(&[], |list| list.get_or_init(|| parse_symbols(FILES[at].1).unwrap_or_default()))
}

/// What is known to have a defect of a package, in the order of the list; and what to know besides.
pub fn vulnerable_symbols(ecosystem: Ecosystem, package: &str, defect: &Defect) -> (Vec<String>, String) {
    let separator = if ecosystem == Ecosystem::Rust { "::" } else { "." };
    let path = |one: Symbols| {
        let names = one.names.iter().map(|name| format!("{}{separator}{name}", one.module));
        if one.names.is_empty() { vec![one.module] } else { names.collect() }
    };
    let mut found: Vec<String> = defect.records.iter().flat_map(Known::symbols).flat_map(path).collect();
    let mut note = String::new();
    if ecosystem == Ecosystem::PyPI {
        for one in list(package).iter().filter(|one| one.ids.iter().any(|id| defect.ids.contains(id))) {
            found.extend(one.symbols.iter().cloned());
            if note.is_empty() {
                note.clone_from(&one.note);
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|symbol| seen.insert(symbol.clone()));
    (found, note)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python_packages;

    #[test]
    fn every_list_is_read_and_names_modules_of_its_package() {
        assert!(FILES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(FILES.len() > 80);
        for (package, text) in FILES {
            assert_eq!(Ecosystem::PyPI.normalise(package), *package);
            let lists = parse_symbols(text).unwrap_or_else(|error| panic!("{package}: {error}"));
            let own = python_packages::modules(package);
            for one in &lists {
                // Other packages may give the function on.
                let of_it = |symbol: &String| own.iter().any(|module| symbol.split('.').next() == Some(module));
                assert!(one.symbols.iter().any(of_it), "{package}: {:?}", one.symbols);
                assert!(
                    one.ids
                        .iter()
                        .all(|id| id.starts_with("CVE-") || id.starts_with("GHSA-") || id.starts_with("PYSEC-"))
                );
            }
        }
    }

    #[test]
    fn the_most_downloaded_packages_are_accounted_for() {
        let packages: Vec<&str> = include_str!("../data/python/most-downloaded.txt").lines().collect();
        assert_eq!(packages.len(), 150);
        for package in packages {
            let listed = FILES.binary_search_by(|(name, _)| (*name).cmp(package)).is_ok();
            assert_ne!(listed, without_symbols(package).is_some(), "{package}");
        }
        let reasons: BTreeMap<String, String> = toml::from_str(REASONS).expect("a table");
        assert!(reasons.values().all(|reason| reason.ends_with('.')));
    }

    #[test]
    fn wrong_lists_are_refused() {
        for wrong in [
            "",
            "[[vulnerability]]\nids = []\nsymbols = [\"a.b\"]",
            "[[vulnerability]]\nids = [\"CVE-1\"]\nsymbols = [\"a..b\"]",
            "[[vulnerability]]\nids = [\"CVE-1\"]\nsymbols = [\"a\"]\nother = 1",
        ] {
            assert!(parse_symbols(wrong).is_err(), "{wrong}");
        }
    }
}
