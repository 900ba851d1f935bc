//! What is known of packages of Python besides their vulnerabilities: which modules they bring, and how they are used.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const DATA: &str = include_str!("../data/python/packages.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Facts {
    modules: Vec<String>,
    #[serde(default)]
    framework: bool,
    #[serde(default)]
    by_name: bool,
}

struct Table {
    packages: BTreeMap<String, Facts>,
    by_module: BTreeMap<String, Vec<String>>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        // A test holds that it can be read.
        let packages: BTreeMap<String, Facts> = toml::from_str(DATA).unwrap_or_default();
        let mut by_module: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, facts) in &packages {
            for module in &facts.modules {
                by_module.entry(module.clone()).or_default().push(name.clone());
            }
        }
        Table { packages, by_module }
    })
}

/// Whether the table has the package, so that its modules are known and not guessed.
pub fn is_known(package: &str) -> bool {
    table().packages.contains_key(package)
}

/// Whether the package calls the program, rather than being called by it: that nothing calls it says nothing.
pub fn is_framework(package: &str) -> bool {
    table().packages.get(package).is_some_and(|facts| facts.framework)
}

/// Whether the package is loaded without an import of the program's: a driver, a plug-in, a command.
pub fn is_loaded_by_name(package: &str) -> bool {
    table().packages.get(package).is_some_and(|facts| facts.by_name)
}

/// The packages that are known to bring a top-level module.
pub fn packages_of(module: &str) -> &'static [String] {
    table().by_module.get(module).map_or(&[], Vec::as_slice)
}

/// The top-level modules that a package brings, or most likely does.
pub fn modules(package: &str) -> Vec<String> {
    if let Some(facts) = table().packages.get(package) {
        return facts.modules.clone();
    }
    let bare = package.replace('-', "_");
    let mut found = vec![bare.clone()];
    for prefix in ["python_", "py_"] {
        found.extend(bare.strip_prefix(prefix).map(str::to_owned));
    }
    // Namespaces: `zope.sqlalchemy` brings `zope`.
    if let Some((space, _)) = bare.split_once('_')
        && matches!(space, "zope" | "google" | "azure" | "ruamel" | "sphinxcontrib" | "backports" | "jaraco")
    {
        found.push(space.to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_in_one_form() {
        let read: Result<BTreeMap<String, Facts>, _> = toml::from_str(DATA);
        assert!(read.is_ok_and(|packages| packages.len() > 400));
        for (name, facts) in &table().packages {
            assert_eq!(crate::Ecosystem::PyPI.normalise(name), *name);
            assert!(!facts.modules.is_empty());
        }
        let lines: Vec<&str> = DATA.lines().filter(|line| line.contains(" = { ")).collect();
        assert!(lines.windows(2).all(|pair| pair[0].split(' ').next() < pair[1].split(' ').next()));
    }

    #[test]
    fn names_tell_modules() {
        assert_eq!(modules("pyyaml"), ["yaml", "_yaml"]);
        assert_eq!(modules("oslo-config"), ["oslo_config"]);
        assert_eq!(modules("python-foo"), ["python_foo", "foo"]);
        assert_eq!(packages_of("paste"), ["paste", "pastedeploy"]);
        assert!(is_framework("django") && !is_framework("pyyaml") && is_loaded_by_name("pymysql"));
    }
}
