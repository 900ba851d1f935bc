//! `assay deps`: the dependency review alone.

use crate::args::{DepsArgs, DepsFormat};
use crate::table::{clean, table};
use crate::{db, outputs, review, terminal};
use anyhow::Context;
use assay_checks::HYGIENE_CHECKS;
use assay_dependencies::export::{self, Subject};
use assay_dependencies::{Entry, Fresh, Kind, Package, Statement, Unknown, Verdict, describe};
use assay_engine::{Dependencies, Request};
use assay_finding::{Edit, Outcome};
use assay_source::OsSystem;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

/// Versions named one by one in a table.
const MAX_NAMED: usize = 6;

/// Reviews the dependencies. Exits with 1 when an affected version is selected or admitted in what is shipped, 3 when a
/// manifest was not read in full.
pub(crate) fn deps(arguments: &DepsArgs) -> anyhow::Result<u8> {
    let targets = if arguments.paths.is_empty() { vec![PathBuf::from(".")] } else { arguments.paths.clone() };
    let mut request = Request::new(targets, review::today());
    request.advisories = db::advisories(&arguments.database);
    let code = arguments.reach || matches!(arguments.format, DepsFormat::Cyclonedx | DepsFormat::Openvex);
    let review = if code { assay_engine::dependencies_with_code } else { assay_engine::dependencies };
    let mut found = review(&request, &OsSystem)?;
    if !arguments.scopes.is_empty() {
        found.keep(|entry| arguments.scopes.contains(&entry.dependency.scope));
    }
    let subject =
        Subject { name: found.name.clone(), tool: assay_engine::VERSION.to_owned(), today: request.today.to_string() };
    let text = match arguments.format {
        DepsFormat::Table => as_table(&found, arguments.verbose),
        DepsFormat::Tree => as_tree(&found),
        DepsFormat::Json => {
            let gaps: Vec<(String, String)> =
                found.gaps.iter().map(|gap| (gap.path.clone(), gap.message.clone())).collect();
            export::json(&found.review, &found.files, &found.sources, &gaps, &subject)
        }
        DepsFormat::Cyclonedx => export::cyclonedx(&found.review, &found.files, &subject),
        DepsFormat::Spdx => export::spdx(&found.review, &found.files, &subject),
        DepsFormat::Openvex => export::openvex(&found.review, &found.files, &subject),
    };
    outputs::write(arguments.output.as_deref(), text.as_bytes())?;
    if arguments.fix {
        fix(&found)?;
    }
    let vulnerable = |finding: &&assay_finding::Finding| !HYGIENE_CHECKS.contains(&finding.check.as_str());
    let open = found.places.findings.iter().filter(vulnerable).any(|finding| !finding.in_test);
    let incomplete = found.gaps.iter().any(|gap| gap.incomplete);
    Ok(if open {
        1
    } else if incomplete {
        3
    } else {
        0
    })
}

fn as_table(found: &Dependencies, verbose: bool) -> String {
    let mut out = String::new();
    let mut rows = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &found.review.entries {
        *counts.entry(words(entry)).or_default() += 1;
        let quiet = matches!(entry.verdict, Verdict::Local | Verdict::NeverNeeded)
            || entry.assessment().is_some_and(|one| one.statement == Statement::Clean && one.stated.is_empty());
        if quiet && !verbose {
            continue;
        }
        rows.extend(entry_rows(found, entry));
    }
    if !rows.is_empty() {
        out.push_str(&table(&["place", "package", "scope", "statement", "advisory", "versions", "repaired by"], &rows));
        out.push('\n');
    }
    for entry in &found.review.entries {
        let Some(strongest) = entry.reach.iter().min_by_key(|reach| reach.level) else { continue };
        let dependency = &entry.dependency;
        let place = place(found, dependency.file, dependency.span);
        let _ = writeln!(out, "{place}: {}: {}", clean(&dependency.shown), clean(&strongest.words));
    }
    for site in found.places.sites.iter().filter(|site| HYGIENE_CHECKS.contains(&site.check.as_str())) {
        // What could not be looked for is shown when everything is.
        let vague = matches!(site.reason.code.as_str(), "loaded-by-name" | "modules-unknown" | "newest-at-build");
        if matches!(site.outcome, Outcome::Safe) || (vague && !verbose) {
            continue;
        }
        let place = place(found, site.place.file, site.place.span);
        let what = site.check.replace('-', " ");
        let detail = if site.reason.detail.is_empty() { String::new() } else { format!(" ({})", site.reason.detail) };
        let _ = writeln!(out, "{place}: {what}: {}{}", clean(&site.api), clean(&detail));
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} entries in {} manifests and lock files:",
        found.review.entries.len(),
        found.inventory.manifests.len()
    );
    for (words, count) in counts {
        let _ = writeln!(out, "{count:6}  {words}");
    }
    for note in &found.notes {
        let _ = writeln!(out, "{}", clean(note));
    }
    for gap in &found.gaps {
        let line = gap.file.zip(gap.span).map(|(file, span)| found.files.get(file).line_column(span.start).line);
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        let _ = writeln!(out, "{}{line}: {}", clean(&gap.path), clean(&gap.message));
    }
    out
}

fn words(entry: &Entry) -> &'static str {
    match &entry.verdict {
        Verdict::Assessed(assessment) => match assessment.statement {
            Statement::Installed => "affected version installed",
            Statement::Selects => "affected version selected",
            Statement::ConstraintSelects => "affected version by constraint",
            Statement::AdmitsOnlyAffected => "only affected versions admitted",
            Statement::Admits if entry.selected.is_some() => "affected versions admitted, and another selected",
            Statement::Admits => match assessment.fresh {
                Some(Fresh::Affected(_)) => "affected versions admitted, and selected afresh",
                Some(Fresh::Unaffected(_)) => "affected versions admitted, another selected afresh",
                _ => "affected versions admitted",
            },
            Statement::NothingPinned if entry.selected.is_some() => "nothing pinned here, but elsewhere",
            Statement::NothingPinned => match assessment.fresh {
                Some(Fresh::Affected(_)) => "nothing pinned, affected version selected afresh",
                Some(Fresh::Unaffected(_)) => "nothing pinned, unaffected version selected afresh",
                _ => "nothing pinned",
            },
            Statement::Clean if !assessment.stated.is_empty() => "stated by the project to be no harm",
            Statement::Clean => "no affected version",
            Statement::Unclear => "not clear from the advisory",
        },
        Verdict::NeverNeeded => "never needed",
        Verdict::Local => "part of the project",
        Verdict::Unknown(Unknown::NoData) => "no advisory data",
        Verdict::Unknown(Unknown::NoVersion) => "version not known",
        Verdict::Unknown(Unknown::NoRelease) => "release of the system not known",
        Verdict::Unknown(Unknown::Unreadable(_)) => "advisory data not readable",
    }
}

fn place(found: &Dependencies, file: assay_text::FileId, span: assay_text::Span) -> String {
    let file = found.files.get(file);
    format!("{}:{}", clean(&file.path), file.line_column(span.start).line)
}

/// One row for each defect; one without any for an entry that has none.
fn entry_rows(found: &Dependencies, entry: &Entry) -> Vec<[String; 7]> {
    let dependency = &entry.dependency;
    let file = found.files.get(dependency.file);
    let place = format!("{}:{}", file.path, file.line_column(dependency.span.start).line);
    let package = match &dependency.version {
        Some(version) => format!("{} {version}", dependency.shown),
        None => format!("{}{}", dependency.shown, dependency.requirement.text),
    };
    let scope = match &dependency.group {
        Some(group) => format!("{} ({group})", dependency.scope.id()),
        None => dependency.scope.id().to_owned(),
    };
    let head = [place, package, scope, words(entry).to_owned()];
    let none = Package::default();
    let known = found.review.package(entry).unwrap_or(&none);
    let Some(assessment) = entry.assessment() else { return vec![row(&head, "", "", "")] };
    let raise = assessment.raise.as_ref().map_or_else(
        || "–".to_owned(),
        |raise| {
            let mut text = raise.specifier();
            for (repaired, below) in &raise.lines {
                let _ = write!(text, ", or {repaired} below {below}");
            }
            text
        },
    );
    let mut rows = Vec::new();
    for exposure in &assessment.exposures {
        let versions: Vec<&str> = exposure.admitted.texts().collect();
        let versions = match versions.as_slice() {
            _ if dependency.version.is_some() => String::new(),
            [] => describe(&exposure.ranges),
            list if list.len() <= MAX_NAMED => list.join(" "),
            [first, .., last] => format!("{} from {first} to {last}", versions.len()),
            [one] => (*one).to_owned(),
        };
        rows.push(row(&head, &known.defects[exposure.defect].shown(), &versions, &raise));
    }
    for (exposure, quality) in &assessment.unclear {
        rows.push(row(&head, &known.defects[exposure.defect].shown(), quality.words(), "–"));
    }
    for (defect, _) in &assessment.stated {
        rows.push(row(&head, &known.defects[*defect].shown(), "stated by the project to be no harm", "–"));
    }
    if rows.is_empty() {
        rows.push(row(&head, "", "", ""));
    }
    rows
}

fn row(head: &[String; 4], advisory: &str, versions: &str, raise: &str) -> [String; 7] {
    let [place, package, scope, statement] = head.clone();
    [place, package, scope, statement, advisory.to_owned(), versions.to_owned(), raise.to_owned()]
}

/// Each lock file's packages below those that ask for them. A package that was shown before is not opened again.
fn as_tree(found: &Dependencies) -> String {
    let mut out = String::new();
    for (id, manifest) in &found.inventory.manifests {
        let entries: Vec<&Entry> = found.review.entries.iter().filter(|entry| entry.dependency.file == *id).collect();
        if entries.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{} ({})", clean(&found.files.get(*id).path), manifest.format);
        let mut children: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in &entries {
            for parent in &entry.dependency.parents {
                children.entry(parent).or_default().push(entry);
            }
        }
        let own: BTreeSet<&str> = manifest.own_names.iter().map(String::as_str).collect();
        let present: BTreeSet<&str> = entries.iter().map(|entry| entry.dependency.name.as_str()).collect();
        let is_top = |entry: &&&Entry| {
            let dependency = &entry.dependency;
            dependency.direct == Some(true)
                || !dependency.parents.iter().any(|parent| present.contains(parent.as_str()))
                || dependency.parents.iter().any(|parent| own.contains(parent.as_str()))
        };
        let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
        // Circles have no top; what was not reached from one is shown at the end.
        let tops: Vec<&Entry> = entries.iter().filter(is_top).copied().collect();
        for entry in tops.into_iter().chain(entries.iter().copied()) {
            if !seen.contains(&key(entry)) {
                branch(&mut out, found, entry, &children, &mut seen);
            }
        }
    }
    out
}

fn key(entry: &Entry) -> (&str, String) {
    let version = entry.dependency.version.as_ref().map(ToString::to_string);
    (&entry.dependency.name, version.unwrap_or_else(|| entry.dependency.requirement.text.clone()))
}

fn branch<'a>(
    out: &mut String,
    found: &Dependencies,
    top: &'a Entry,
    children: &BTreeMap<&str, Vec<&'a Entry>>,
    seen: &mut BTreeSet<(&'a str, String)>,
) {
    let mut pending = vec![(top, 1usize)];
    while let Some((entry, depth)) = pending.pop() {
        let dependency = &entry.dependency;
        let first = seen.insert(key(entry));
        let version = match &dependency.version {
            Some(version) => format!(" {version}"),
            None => dependency.requirement.text.clone(),
        };
        let open = entry.assessment().filter(|one| !one.exposures.is_empty());
        let none = Package::default();
        let package = found.review.package(entry).unwrap_or(&none);
        let marks: Vec<String> = open.map_or_else(Vec::new, |one| {
            one.exposures.iter().map(|exposure| package.defects[exposure.defect].shown()).collect()
        });
        let marks = if marks.is_empty() { String::new() } else { format!("  ! {}", marks.join(", ")) };
        let kind = if dependency.kind == Kind::Constraint { " (constraint)" } else { "" };
        let below = children.get(dependency.name.as_str()).map_or(&[][..], Vec::as_slice);
        let again = if first || below.is_empty() { "" } else { " …" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{}{}{}{kind}{marks}{again}",
            "  ".repeat(depth.min(40)),
            clean(&dependency.shown),
            clean(&version)
        );
        if first {
            pending.extend(below.iter().rev().map(|child| (*child, depth + 1)));
        }
    }
}

/// Writes the edits that findings carry. A file whose bytes are not its text is left alone.
fn fix(found: &Dependencies) -> anyhow::Result<()> {
    let mut edits: BTreeMap<assay_text::FileId, Vec<&Edit>> = BTreeMap::new();
    for finding in &found.places.findings {
        if let Some(edit) = &finding.fix
            && let Some(first) = edit.replacements.first()
        {
            edits.entry(first.place.file).or_default().push(edit);
        }
    }
    for (file, list) in edits {
        let path = &found.paths[file];
        let shown = &found.files.get(file).path;
        let text = found.files.get(file).text.to_string();
        let bytes = std::fs::read(path).with_context(|| shown.to_string())?;
        if bytes != text.as_bytes() {
            terminal::complain(&format!("{shown}: not changed, since it is not plain UTF-8"));
            continue;
        }
        let (new, _) = assay_finding::apply(file, &text, &list);
        std::fs::write(path, new).with_context(|| shown.to_string())?;
        let places: BTreeSet<_> = list.iter().flat_map(|edit| &edit.replacements).map(|one| one.place.span).collect();
        let count = match places.len() {
            1 => "1 requirement".to_owned(),
            count => format!("{count} requirements"),
        };
        terminal::complain(&format!("{shown}: {count} raised"));
    }
    Ok(())
}
