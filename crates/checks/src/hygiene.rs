//! Whether what is declared and what is used fit together: packages that are imported and not declared, declared and not
//! used, declared several times with different bounds, and build tools of which any version will do.
//!
//! Only what cannot be installed at all is a defect. The rest is *not observed*: of a package that is not declared, or of which two
//! floors are named, it is not known which version is there, so that nothing compares it with advisories.

use crate::dependencies::{place, shown};
use crate::usage::{ImportPlace, Usage};
use crate::{Check, ExaminedDependencies, check};
use assay_dependencies::{Dependency, DependencyReview, Ecosystem, Entry, Kind, Scope, Verdict, python_packages};
use assay_finding::{Confidence, Finding, Fingerprint, Outcome, Place, Reason, Site, Step, StepKind};
use assay_text::{Files, Role};
use std::collections::BTreeMap;

const UNDECLARED: &str = "undeclared-dependency";
const UNUSED: &str = "unused-dependency";
const CONFLICT: &str = "conflicting-requirements";
const BUILD: &str = "unpinned-build-requirement";

/// Names that one title lists.
const MAX_NAMED: usize = 5;
/// From how many exact requirements on a file is a list of everything that is installed, the needs of others included.
const LIST: usize = 5;

/// The checks of this module. They say nothing of whether dependencies are vulnerable.
pub const HYGIENE_CHECKS: [&str; 4] = [UNDECLARED, UNUSED, CONFLICT, BUILD];

/// One examined place, with what to say of it when it is open.
struct Examined {
    place: Place,
    api: String,
    outcome: Outcome,
    code: &'static str,
    detail: String,
    /// What a finding says of it.
    step: Option<String>,
}

/// Examines how declarations and use fit together; use is known when the code was read.
pub(crate) fn examine(review: &DependencyReview, files: &Files, usage: Option<&Usage>, out: &mut ExaminedDependencies) {
    if let Some(usage) = usage {
        undeclared(review, files, usage, out);
        unused(review, files, usage, out);
    }
    conflicts(review, files, out);
    build(review, files, out);
}

fn python<'a>(review: &'a DependencyReview, files: &'a Files) -> impl Iterator<Item = &'a Entry> {
    review.entries.iter().filter(|entry| {
        let dependency = &entry.dependency;
        let role = files.get(dependency.file).role;
        // What makes the documentation lies among the examples.
        let own = !matches!(role, Role::Test | Role::Vendored | Role::Example) || dependency.scope == Scope::Doc;
        dependency.ecosystem == Ecosystem::PyPI && own && role != Role::Vendored
    })
}

/// Whether a file lists exact versions of everything: then it holds what other packages need, too.
fn is_list(review: &DependencyReview, dependency: &Dependency) -> bool {
    let of_file = review.entries.iter().map(|entry| &entry.dependency).filter(|one| one.file == dependency.file);
    let (mut pinned, mut all) = (0, 0);
    for one in of_file {
        all += 1;
        pinned += usize::from(one.requirement.pin().is_some());
    }
    all >= LIST && pinned * 5 >= all * 4
}

fn add(
    check: &Check,
    places: Vec<Examined>,
    title: impl Fn(&[&str]) -> String,
    message: &str,
    out: &mut ExaminedDependencies,
    files: &Files,
) {
    let open: Vec<&Examined> = places.iter().filter(|one| one.outcome == Outcome::Defect).collect();
    let finding = (!open.is_empty()).then(|| {
        let first = open[0];
        let names: Vec<&str> = open.iter().map(|one| one.api.as_str()).collect();
        let worst = open.iter().map(|one| one.outcome).min().unwrap_or(Outcome::Defect);
        let step = |one: &&Examined| Step {
            kind: StepKind::Sink,
            place: one.place.clone(),
            message: one.step.clone().unwrap_or_default(),
        };
        out.findings.push(Finding {
            check: check.id.clone(),
            title: title(&names),
            message: message.to_owned(),
            severity: check.severity,
            confidence: if worst == Outcome::Defect { Confidence::High } else { Confidence::Medium },
            cwe: check.cwe.clone(),
            place: first.place.clone(),
            trace: open.iter().map(step).collect(),
            assumptions: Vec::new(),
            reach: Vec::new(),
            false_if: Vec::new(),
            solution: check.solution_for(
                names[0].split(['<', '>', '=', '!', '~', ' ', '[']).next().unwrap_or(names[0]),
                "",
                "",
            ),
            fix: None,
            fingerprint: Fingerprint(String::new()),
            in_test: false,
            suppressed: None,
        });
        out.findings.len() - 1
    });
    for one in places {
        let in_test = files.get(one.place.file).role == Role::Test;
        out.sites.push(Site {
            check: check.id.clone(),
            noun: check.noun.clone(),
            api: one.api,
            place: one.place,
            outcome: one.outcome,
            reason: Reason { code: one.code.to_owned(), detail: one.detail },
            finding: finding.filter(|_| one.outcome == Outcome::Defect),
            in_test,
            suppressed: false,
        });
    }
}

fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(MAX_NAMED);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// Packages that the program imports, against those that its manifests name.
fn undeclared(review: &DependencyReview, files: &Files, usage: &Usage, out: &mut ExaminedDependencies) {
    let Some(check) = check(UNDECLARED) else { return };
    let runtime = |entry: &&Entry| entry.dependency.kind == Kind::Declared && entry.dependency.scope == Scope::Runtime;
    // Where nothing is declared, there is nothing to compare with.
    if !python(review, files).any(|entry| runtime(&entry)) || review.incomplete {
        return;
    }
    let mut declared: BTreeMap<String, &Dependency> = BTreeMap::new();
    let mut along: BTreeMap<String, &Dependency> = BTreeMap::new();
    for entry in python(review, files) {
        let dependency = &entry.dependency;
        let list = match dependency.kind {
            Kind::Declared => &mut declared,
            Kind::Locked | Kind::Installed => &mut along,
            Kind::Constraint => continue,
        };
        for module in review.modules(&dependency.name) {
            let known = list.entry(module).or_insert(dependency);
            if dependency.scope < known.scope {
                *known = dependency;
            }
        }
    }
    let mut modules: BTreeMap<&str, Vec<&ImportPlace>> = BTreeMap::new();
    for (name, places) in &usage.imports {
        let first = name.split('.').next().unwrap_or(name);
        modules.entry(first).or_default().extend(places.iter().filter(|place| place.in_package));
    }
    let mut places = Vec::new();
    for (module, imports) in modules {
        let packages = python_packages::packages_of(module);
        if usage.own.contains(module) || imports.is_empty() {
            continue;
        }
        // What is not known to be a package of the registry may be part of the language.
        let Some(package) = packages.first() else { continue };
        let firm = imports.iter().find(|place| !place.optional);
        let import = firm.copied().unwrap_or(imports[0]);
        let place = Place { file: import.file, span: import.span, function: format!("import of `{module}`") };
        let one = |outcome, code, detail, step| Examined {
            place: place.clone(),
            api: package.clone(),
            outcome,
            code,
            detail,
            step,
        };
        places.push(if let Some(dependency) = declared.get(module) {
            one(Outcome::Safe, "declared", format!("{}, {}", shown_short(dependency), dependency.scope.id()), None)
        } else if firm.is_none() {
            let detail =
                "the program may do without it: it is imported within a condition, a `try` or a function".to_owned();
            one(Outcome::Safe, "optional-import", detail, None)
        } else if let Some(dependency) = along.get(module) {
            let parents =
                if dependency.parents.is_empty() { "others".to_owned() } else { dependency.parents.join(", ") };
            let detail = format!("comes along with {parents}");
            one(
                Outcome::NotObserved,
                "not-declared",
                detail.clone(),
                Some(format!("imports `{module}`, which {detail}")),
            )
        } else {
            let detail = "no manifest names it".to_owned();
            one(
                Outcome::NotObserved,
                "not-declared",
                detail,
                Some(format!("imports `{module}`, and no manifest names `{package}`")),
            )
        });
    }
    let title = |names: &[&str]| match names.len() {
        1 => format!("{} is imported and not declared", listed(names)),
        n => format!("{n} packages are imported and not declared: {}", listed(names)),
    };
    let message = "Whether and in which version a package is there follows from what other packages happen to need. Its vulnerabilities are nobody's to watch, and whoever registers a name that is missing decides what is run.";
    add(check, places, title, message, out, files);
}

fn shown_short(dependency: &Dependency) -> String {
    format!("{}{}", dependency.shown, dependency.requirement.text)
}

/// Packages that the manifests name, against what the program imports and its configuration names.
fn unused(review: &DependencyReview, files: &Files, usage: &Usage, out: &mut ExaminedDependencies) {
    let Some(check) = check(UNUSED) else { return };
    if !usage.complete || usage.own.is_empty() {
        return;
    }
    let mut places = Vec::new();
    for entry in python(review, files) {
        let dependency = &entry.dependency;
        let declared = dependency.kind == Kind::Declared && dependency.scope == Scope::Runtime;
        if !declared || matches!(entry.verdict, Verdict::Local | Verdict::NeverNeeded) || is_list(review, dependency) {
            continue;
        }
        let modules = review.modules(&dependency.name);
        let one = |outcome, code, detail: &str, step| Examined {
            place: place(entry),
            api: shown(entry),
            outcome,
            code,
            detail: detail.to_owned(),
            step,
        };
        let program = modules.iter().any(|module| usage.imports_of(module, false).next().is_some());
        let configured = usage.named_packages.contains_key(&dependency.name)
            || modules.iter().any(|module| usage.named.contains_key(module) || usage.mentioned.contains(module));
        let tests = modules.iter().any(|module| usage.imports_of(module, true).next().is_some());
        let known = python_packages::is_known(&dependency.name) || review.is_installed(&dependency.name);
        let loaded =
            python_packages::is_framework(&dependency.name) || python_packages::is_loaded_by_name(&dependency.name);
        places.push(match () {
            () if program => one(Outcome::Safe, "imported", "", None),
            () if configured => one(Outcome::Safe, "named-by-configuration", "", None),
            () if loaded => one(Outcome::NotObserved, "loaded-by-name", "other packages or a command load it", None),
            () if dependency.marker.is_some() => {
                one(Outcome::NotObserved, "no-use-seen", "it is needed under a condition only", None)
            }
            () if !known => one(Outcome::NotObserved, "modules-unknown", "which modules it brings is not known", None),
            () if tests => {
                let step = "is declared here; only tests import it".to_owned();
                one(Outcome::NotObserved, "used-by-tests-only", "", Some(step))
            }
            () => one(
                Outcome::NotObserved,
                "no-use-seen",
                "",
                Some("is declared here; nothing imports or names it".to_owned()),
            ),
        });
    }
    let title = |names: &[&str]| match names.len() {
        1 => format!("{} is declared and not used", listed(names)),
        n => format!("{n} packages are declared and not used: {}", listed(names)),
    };
    let message = "Whoever installs the program installs these packages, too, with their vulnerabilities and those of what they need.";
    add(check, places, title, message, out, files);
}

/// One package in several lists.
fn conflicts(review: &DependencyReview, files: &Files, out: &mut ExaminedDependencies) {
    let Some(check) = check(CONFLICT) else { return };
    let mut groups: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in python(review, files) {
        let dependency = &entry.dependency;
        let counts = dependency.kind == Kind::Declared && dependency.marker.is_none() && !dependency.never;
        // A pin beside a range is how programs are deployed; whether it fits the range is a question of drift.
        let pinned = dependency.version.is_some() || dependency.requirement.pin().is_some();
        if counts && !pinned && !matches!(entry.verdict, Verdict::Local) {
            groups.entry(&dependency.name).or_default().push(entry);
        }
    }
    let mut places = Vec::new();
    for entries in groups.into_values().filter(|entries| entries.len() > 1) {
        let folder = |entry: &Entry| {
            files.get(entry.dependency.file).path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
        };
        // Lists of different parts of a repository are installed apart.
        let together = |a: &Entry, b: &Entry| {
            let (a, b) = (folder(a), folder(b));
            let above = |a: &str, b: &str| a.is_empty() || a == b || b.starts_with(&format!("{a}/"));
            above(&a, &b) || above(&b, &a)
        };
        let Some(first) = entries.iter().copied().find(|entry| entry.dependency.requirement.floor().is_some()) else {
            continue;
        };
        let others: Vec<&Entry> =
            entries.iter().copied().filter(|other| !std::ptr::eq(*other, first) && together(first, other)).collect();
        let floor = |entry: &Entry| {
            entry.dependency.requirement.floor().map(|(version, inclusive)| (version.clone(), inclusive))
        };
        let apart = others.iter().find(|other| {
            first.dependency.requirement.ranges.intersection(&other.dependency.requirement.ranges).is_empty()
        });
        // What is built is built apart; and what has no floor takes that of the others.
        let build = |entry: &Entry| entry.dependency.scope == Scope::Build;
        let comparable =
            |other: &Entry| build(first) == build(other) && floor(first).is_some() && floor(other).is_some();
        let different = others.iter().find(|other| comparable(other) && floor(first) != floor(other));
        let also = |other: &Entry| {
            let file = files.get(other.dependency.file);
            format!("{} at {}:{}", shown(other), file.path, file.line_column(other.dependency.span.start).line)
        };
        let one = |outcome, code, detail: String, step| Examined {
            place: place(first),
            api: shown(first),
            outcome,
            code,
            detail,
            step,
        };
        places.push(match (apart, different) {
            (Some(other), _) => {
                let step = format!("no version fits this and {}", also(other));
                one(Outcome::Defect, "no-common-version", also(other), Some(step))
            }
            (None, Some(other)) => one(
                Outcome::NotObserved,
                "different-floors",
                also(other),
                Some(format!("has another floor than {}", also(other))),
            ),
            (None, None) => one(Outcome::Safe, "same-floor", String::new(), None),
        });
    }
    let title = |names: &[&str]| match names.len() {
        1 => format!("{} is declared elsewhere with other bounds", listed(names)),
        n => format!("{n} packages are declared several times with different bounds: {}", listed(names)),
    };
    let message = "Which versions count depends on the list that is installed from. What is raised in one list stays as it was in the others.";
    add(check, places, title, message, out, files);
}

/// What builds the package.
fn build(review: &DependencyReview, files: &Files, out: &mut ExaminedDependencies) {
    let Some(check) = check(BUILD) else { return };
    let mut places = Vec::new();
    for entry in python(review, files) {
        let dependency = &entry.dependency;
        if dependency.kind != Kind::Declared || dependency.scope != Scope::Build {
            continue;
        }
        let one = |outcome, code, detail: &str| Examined {
            place: place(entry),
            api: shown(entry),
            outcome,
            code,
            detail: detail.to_owned(),
            step: None,
        };
        let limited = matches!(
            dependency.requirement.ranges.intervals().last(),
            Some((_, std::ops::Bound::Included(_) | std::ops::Bound::Excluded(_)))
        );
        places.push(match () {
            () if dependency.version.is_some() || dependency.requirement.pin().is_some() => {
                one(Outcome::Safe, "pinned", "")
            }
            () if entry.selected.is_some() => one(Outcome::Safe, "selected-elsewhere", ""),
            () if limited => one(Outcome::Safe, "bounded", "up to the end of a line of versions"),
            () if dependency.requirement.text.is_empty() => {
                one(Outcome::NotObserved, "no-version-asked-for", "whatever version there is builds the package")
            }
            () => one(Outcome::NotObserved, "newest-at-build", "the newest version there is builds the package"),
        });
    }
    let title = |names: &[&str]| format!("Any version of {} builds the package", listed(names));
    let message = "What builds a package runs on the machine of whoever builds it. Without a version, whatever the registry gives at that moment is run.";
    add(check, places, title, message, out, files);
}
