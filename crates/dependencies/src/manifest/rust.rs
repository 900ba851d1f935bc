//! `Cargo.lock`.

use super::{Out, Parents, tables};
use crate::Ecosystem;
use crate::package::{Origin, Scope};
use std::collections::BTreeSet;

pub(super) fn lock(out: &mut Out<'_>) {
    let Some(document) = tables::parse(out) else { return };
    let document = document.get_ref();
    let mut parents = Parents::default();
    let mut own: BTreeSet<String> = BTreeSet::new();
    let packages: Vec<_> = tables::array(document, "package").filter_map(|value| value.get_ref().as_table()).collect();
    for table in &packages {
        let Some(parent) = tables::string(table, "name") else { continue };
        if !table.contains_key("source") {
            own.insert(parent.to_owned());
        }
        for child in tables::array(table, "dependencies").filter_map(|child| child.get_ref().as_str()) {
            // `name`, or `name version` where several versions are locked.
            let mut words = child.split(' ');
            let name = words.next().unwrap_or_default();
            match words.next() {
                Some(version) => parents.add(&format!("{name} {version}"), parent),
                None => parents.add(name, parent),
            }
        }
    }
    for table in &packages {
        let (Some(name), Some(version)) = (table.get("name"), table.get("version")) else {
            out.problem(None, "a `[[package]]` without name or version");
            continue;
        };
        let (Some(text), Some(number)) = (name.get_ref().as_str(), version.get_ref().as_str()) else { continue };
        // What has no source is a crate of the project's own.
        let Some(source) = tables::string(table, "source") else {
            out.manifest.own_names.push(text.to_owned());
            continue;
        };
        let span = tables::span(name).cover(tables::span(version));
        let git = source.strip_prefix("git+").map(|url| Origin::Vcs(url.to_owned()));
        let mut by: Vec<String> = Vec::new();
        by.extend(parents.of(text));
        by.extend(parents.of(&format!("{text} {number}")));
        by.sort();
        by.dedup();
        let direct = by.iter().any(|parent| own.contains(parent));
        out.locked(Ecosystem::Rust, Scope::Runtime, text, number, span, |dependency| {
            dependency.origin = git.unwrap_or(Origin::Registry);
            dependency.parents = by;
            dependency.direct = Some(direct);
        });
    }
}
