//! The table of floors in `ARCHITECTURE.md` holds: every crate stands in it, and depends on lower floors only.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Crate name, without its prefix, to floor. `None` stands for a crate that only developers use.
fn table(text: &str) -> BTreeMap<String, Option<u32>> {
    let mut floors = BTreeMap::new();
    let mut inside = false;
    for line in text.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.trim_start().starts_with('|') {
            inside = false;
        } else if cells.len() >= 2 && cells[0] == "floor" && cells[1] == "crate" {
            inside = true;
        } else if inside && !cells[0].starts_with('-') {
            let floor = cells[0].parse().ok();
            for name in cells[1].split('`').skip(1).step_by(2) {
                let name = name.trim_end_matches('/').replace('_', "-");
                assert!(floors.insert(name.clone(), floor).is_none(), "`{name}` stands twice in the table");
            }
        }
    }
    floors
}

/// Each workspace member with the members that it depends on, tests aside.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let bare = |name: &str| name.strip_prefix("assay-").map(str::to_owned);
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages
        .iter()
        .map(|package| {
            let name = text(&package["name"]);
            let name = bare(&name).unwrap_or_else(|| panic!("{name} is not named assay-…"));
            let used = package["dependencies"].as_array().into_iter().flatten();
            let used = used.filter(|dependency| dependency["kind"] != "dev");
            (name, used.filter_map(|dependency| bare(&text(&dependency["name"]))).collect())
        })
        .collect()
}

/// What contradicts the table, one sentence each.
fn contradictions(floors: &BTreeMap<String, Option<u32>>, used: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, dependencies) in used {
        let Some(floor) = floors.get(name) else {
            wrong.push(format!("`{name}` does not stand in the table"));
            continue;
        };
        for dependency in dependencies {
            match (floor, floors.get(dependency)) {
                (Some(floor), Some(Some(below))) if below < floor => {}
                // What developers use may depend on everything that has a floor.
                (None, Some(Some(_))) => {}
                (floor, below) => {
                    wrong.push(format!("`{name}` (floor {floor:?}) depends on `{dependency}` (floor {below:?})"));
                }
            }
        }
    }
    wrong
}

#[test]
fn crates_depend_on_lower_floors_only() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the table is at the root");
    let (floors, used) = (table(&text), dependencies());
    assert!(used.len() > 10, "{used:?}");
    assert_eq!(contradictions(&floors, &used), Vec::<String>::new());
    // Crates that are planned may stand in the table before they exist, but not the other way round.
    assert!(floors.values().flatten().count() >= used.len());
}

#[test]
fn a_contradiction_is_seen() {
    let floors = table(
        "| floor | crate | what |\n|---|---|---|\n| 0 | `a` | x |\n| 1 | `b_c`, `d` | y |\n| – | `bench` | z |\n",
    );
    assert_eq!(floors.len(), 4);
    let used = |name: &str, on: &str| BTreeMap::from([(name.to_owned(), vec![on.to_owned()])]);
    assert!(contradictions(&floors, &used("b-c", "a")).is_empty());
    assert!(contradictions(&floors, &used("bench", "d")).is_empty());
    for (name, on) in [("a", "d"), ("d", "b-c"), ("d", "bench"), ("d", "nowhere"), ("nowhere", "a")] {
        assert_eq!(contradictions(&floors, &used(name, on)).len(), 1, "{name} on {on}");
    }
}
