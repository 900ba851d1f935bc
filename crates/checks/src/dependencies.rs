//! What is said of dependencies, as examined places.
//!
//! - A *selected* dependency is one of which a version is known: by a lock file, a constraint, an exact requirement, or because
//!   every admitted version is affected, or every one that a fresh resolution may select. If that version has a known vulnerability,
//!   that is a defect.
//! - A *declared* dependency admits a range. If an affected version lies in it, that is a potential defect: whether it
//!   is installed depends on what else is installed, and on when.

use crate::reachability::{evidence, in_short};
use crate::usage::Usage;
use crate::{Check, check, hygiene};
use assay_dependencies::{
    Assessment, DependencyReview, Ecosystem, Entry, Fresh, Kind, Level, Package, Quality, Raise, Scope, Statement,
    Unknown, Verdict, Version, describe, notes,
};
use assay_finding::{
    Confidence, Edit, Finding, Fingerprint, Outcome, Place, Reason, Replacement, Safety, Severity, Site, Step, StepKind,
};
use assay_index::Idx;
use assay_text::{FileId, Files, Role, Span};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Versions that a text names one by one; of more, the first and the last are named.
const MAX_NAMED: usize = 8;
/// Advisories that a finding explains one by one.
const MAX_EXPLAINED: usize = 12;

const SELECTED: &str = "vulnerable-dependency";
const ADMITTED: &str = "vulnerable-version-admitted";
const DRIFT: &str = "dependency-drift";
const UNMAINTAINED: &str = "unmaintained-dependency";

/// What makes a finding a false alarm, unless the code was seen to be called.
pub(crate) const NOT_REACHED: &str = "nothing of the program reaches the code that has the vulnerability";

/// Sites and findings; a site's `finding` counts in the findings given here.
#[derive(Clone, Debug, Default)]
pub struct ExaminedDependencies {
    /// Every entry of every manifest.
    pub sites: Vec<Site>,
    /// What is not safe.
    pub findings: Vec<Finding>,
}

/// Examines the dependencies of a project. `absent` says why there are no advisories, if there are none; `usage` is what
/// the program uses, when it was read.
pub fn examine_dependencies(
    review: &DependencyReview,
    files: &Files,
    absent: Option<&str>,
    usage: Option<&Usage>,
) -> ExaminedDependencies {
    let mut out = ExaminedDependencies::default();
    for entry in &review.entries {
        let before = out.findings.len();
        examine(review, entry, files, absent, &mut out);
        if let (Some(usage), Some(finding)) = (usage, out.findings.get_mut(before)) {
            evidence(finding, review, entry, usage);
        }
    }
    join_fixes(review, &mut out.findings);
    drift(review, files, &mut out);
    unmaintained(review, files, &mut out);
    hygiene::examine(review, files, usage, &mut out);
    out
}

fn examine(
    review: &DependencyReview,
    entry: &Entry,
    files: &Files,
    absent: Option<&str>,
    out: &mut ExaminedDependencies,
) {
    let none = Package::default();
    let package = review.package(entry).unwrap_or(&none);
    let dependency = &entry.dependency;
    let known = dependency.version.is_some() || dependency.requirement.pin().is_some();
    let statement = entry.assessment().map(|assessment| assessment.statement);
    let selected = known || statement == Some(Statement::AdmitsOnlyAffected) || selected_afresh(entry);
    let Some(check) = check(if selected { SELECTED } else { ADMITTED }) else { return };
    let closed = |outcome, code: &str, detail: String| (outcome, code.to_owned(), detail, false);
    let (outcome, code, mut detail, open) = match &entry.verdict {
        Verdict::Local => closed(Outcome::Safe, "part-of-the-project", "a folder or file of this machine".to_owned()),
        Verdict::NeverNeeded => {
            let marker = dependency.marker.as_deref().unwrap_or_default();
            let detail = format!("no version of Python that the project admits meets `{marker}`");
            closed(Outcome::Safe, "never-needed", detail)
        }
        Verdict::Unknown(Unknown::NoData) => {
            let ecosystem = dependency.ecosystem;
            let detail = absent.map_or_else(|| format!("the database has no data of {ecosystem}"), str::to_owned);
            closed(Outcome::NotObserved, "no-advisory-data", detail)
        }
        Verdict::Unknown(Unknown::NoVersion) => {
            let detail = "it comes from an address that does not tell its version".to_owned();
            closed(Outcome::NotObserved, "version-unknown", detail)
        }
        Verdict::Unknown(Unknown::NoRelease) => {
            let detail = "the release of the system that it belongs to is not known".to_owned();
            closed(Outcome::NotObserved, "version-unknown", detail)
        }
        Verdict::Unknown(Unknown::Unreadable(error)) => closed(Outcome::NotObserved, "no-advisory-data", error.clone()),
        Verdict::Assessed(assessment) => assessed(entry, assessment, package, selected),
    };
    if open && let Some(evidence) = in_short(entry) {
        detail = format!("{detail}; {evidence}");
    }
    let place = place(entry);
    let in_test = files.get(place.file).role == Role::Test || dependency.scope == Scope::Test;
    let finding = entry.assessment().filter(|_| open).map(|assessment| {
        out.findings.push(finding(check, entry, assessment, package, outcome, in_test));
        out.findings.len() - 1
    });
    out.sites.push(Site {
        check: check.id.clone(),
        noun: check.noun.clone(),
        api: shown(entry),
        place,
        outcome,
        reason: Reason { code, detail },
        finding,
        in_test,
        suppressed: false,
    });
}

/// Whether nothing selects a version, and every one that a fresh resolution may select is affected.
fn selected_afresh(entry: &Entry) -> bool {
    let fresh = entry.assessment().and_then(|one| one.fresh.as_ref());
    entry.selected_by.is_empty() && entry.selected.is_none() && matches!(fresh, Some(Fresh::Affected(_)))
}

/// Outcome, reason, particulars, and whether a finding explains it.
fn assessed(
    entry: &Entry,
    assessment: &Assessment,
    package: &Package,
    selected: bool,
) -> (Outcome, String, String, bool) {
    let code = assessment.statement.id().to_owned();
    let ids: Vec<&str> = assessment.exposures.iter().map(|one| package.defects[one.defect].id()).collect();
    match assessment.statement {
        Statement::Clean if !assessment.stated.is_empty() => {
            let reasons: Vec<&str> = assessment.stated.iter().map(|(_, reason)| reason.as_str()).collect();
            (Outcome::Safe, "stated-by-the-project".to_owned(), reasons.join("; "), false)
        }
        Statement::Clean => {
            let detail = match package.defects.iter().filter(|defect| defect.informational.is_none()).count() {
                0 => "no advisory names it".to_owned(),
                1 => "1 advisory names it, for other versions".to_owned(),
                n => format!("{n} advisories name it, all for other versions"),
            };
            (Outcome::Safe, code, detail, false)
        }
        Statement::Unclear => {
            let (exposure, quality) = &assessment.unclear[0];
            let id = package.defects[exposure.defect].shown();
            let last = package.defects[exposure.defect].versions.last();
            let last = last.map(|version| format!("; the last version it lists is {version}")).unwrap_or_default();
            (Outcome::NotObserved, code, format!("{id}: {}{last}", quality.words()), false)
        }
        Statement::NothingPinned if entry.selected_clean => {
            let version = entry.selected.as_ref().map(ToString::to_string).unwrap_or_default();
            (Outcome::Safe, "unaffected-version-selected".to_owned(), format!("{version} is selected"), false)
        }
        Statement::NothingPinned | Statement::Admits if selected_afresh(entry) => {
            (Outcome::Defect, "affected-version-selected-afresh".to_owned(), ids.join(", "), true)
        }
        Statement::NothingPinned if entry.selected.is_none() => {
            let raise = assessment.raise.as_ref().map(|raise| format!("; `{}` would exclude them", raise.specifier()));
            let name = &entry.dependency.shown;
            let fresh = assessment.fresh.as_ref().map(|fresh| format!("; {}", fresh.words(name))).unwrap_or_default();
            let raise = raise.unwrap_or_default();
            let detail = format!("no version is asked for: {} of earlier ones{fresh}{raise}", ids.join(", "));
            (Outcome::NotObserved, code, detail, false)
        }
        _ if selected => (Outcome::Defect, code, ids.join(", "), true),
        // The range admits what the lock does not select.
        _ if entry.selected.is_some() => {
            let version = entry.selected.as_ref().map(ToString::to_string).unwrap_or_default();
            if entry.selected_clean {
                let detail = format!("{version} is selected; {} of what else is admitted", ids.join(", "));
                (Outcome::Safe, "unaffected-version-selected".to_owned(), detail, false)
            } else {
                (Outcome::Potential, code, ids.join(", "), true)
            }
        }
        _ => (Outcome::Potential, code, ids.join(", "), true),
    }
}

pub(crate) fn place(entry: &Entry) -> Place {
    let dependency = &entry.dependency;
    let what = match dependency.kind {
        Kind::Declared => "dependencies",
        Kind::Constraint => "constraints",
        Kind::Locked => "locked",
        Kind::Installed => "installed",
    };
    let group = dependency.group.as_ref().map(|group| format!(", {group}")).unwrap_or_default();
    Place {
        file: dependency.file,
        span: dependency.span,
        function: format!("{what} ({}{group})", dependency.scope.id()),
    }
}

/// The dependency as people write it.
pub(crate) fn shown(entry: &Entry) -> String {
    let dependency = &entry.dependency;
    match (&dependency.version, dependency.requirement.text.as_str()) {
        (Some(version), _) => format!("{} {version}", dependency.shown),
        (None, "") => dependency.shown.clone(),
        (None, text) if text.starts_with(['=', '<', '>', '!', '~']) => format!("{}{text}", dependency.shown),
        (None, text) => format!("{} {text}", dependency.shown),
    }
}

fn severity(level: Level, fallback: Severity) -> Severity {
    match level {
        Level::Unknown => fallback,
        Level::Low => Severity::Low,
        Level::Medium => Severity::Medium,
        Level::High => Severity::High,
        Level::Critical => Severity::Critical,
    }
}

fn finding(
    check: &Check,
    entry: &Entry,
    assessment: &Assessment,
    package: &Package,
    outcome: Outcome,
    in_test: bool,
) -> Finding {
    let dependency = &entry.dependency;
    let worst = assessment.exposures.iter().map(|one| package.defects[one.defect].level).max().unwrap_or_default();
    let mut severity = severity(worst, check.severity);
    // A range is not yet a version, and what is not shipped is not reached.
    if outcome == Outcome::Potential {
        severity = severity.min(Severity::Medium);
    }
    if !dependency.scope.is_shipped() {
        severity = severity.min(Severity::Low);
    }
    let name = shown(entry);
    let count = assessment.exposures.len();
    let vulnerabilities =
        if count == 1 { "a known vulnerability".to_owned() } else { format!("{count} known vulnerabilities") };
    let title = match assessment.statement {
        Statement::AdmitsOnlyAffected => format!("`{name}` admits only versions with {vulnerabilities}"),
        Statement::Admits => format!("`{name}` admits versions with {vulnerabilities}"),
        _ => format!("`{name}` has {vulnerabilities}"),
    };
    let mut parts: Vec<String> = assessment
        .exposures
        .iter()
        .take(MAX_EXPLAINED)
        .map(|one| explained(one, package, assessment.statement))
        .collect();
    if count > MAX_EXPLAINED {
        parts.push(format!("{} more are in the list that `assay deps --format json` gives.", count - MAX_EXPLAINED));
    }
    if let Some(fresh) = assessment.fresh.as_ref().filter(|fresh| **fresh != Fresh::Unknown) {
        let words = fresh.words(&dependency.shown);
        let mut letters = words.chars();
        parts.extend(letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())));
    }
    parts.extend(assessment.stated.iter().map(|(_, reason)| format!("{reason}.")));
    if let Some(scope) = scope_words(dependency.scope) {
        parts.push(format!("The package is needed for {scope} only."));
    }
    if let Some(marker) = &dependency.marker {
        parts.push(format!("It is needed where `{marker}`."));
    }
    if !dependency.parents.is_empty() {
        let parents: Vec<String> = dependency.parents.iter().take(5).map(|one| format!("`{one}`")).collect();
        parts.push(format!("Asked for by {}.", parents.join(", ")));
    }
    let mut assumptions = Vec::new();
    if assessment.statement == Statement::Admits && outcome == Outcome::Potential {
        assumptions
            .push("an installation may select one of these versions: nothing that was read pins another".to_owned());
    }
    let mut false_if = vec![NOT_REACHED.to_owned()];
    if assessment.statement == Statement::Admits {
        false_if.push("constraints outside of the project limit the installation to other versions".to_owned());
    }
    let place = place(entry);
    Finding {
        check: check.id.clone(),
        title,
        message: parts.join(" "),
        severity,
        confidence: if outcome == Outcome::Defect { Confidence::High } else { Confidence::Medium },
        cwe: check.cwe.clone(),
        trace: vec![Step { kind: StepKind::Sink, place: place.clone(), message: step_words(entry) }],
        place,
        assumptions,
        reach: Vec::new(),
        false_if,
        solution: solution(entry, assessment),
        fix: fix(entry, assessment),
        fingerprint: Fingerprint(String::new()),
        in_test,
        suppressed: None,
    }
}

fn scope_words(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Runtime | Scope::Optional => None,
        Scope::Build => Some("building"),
        Scope::Test => Some("tests"),
        Scope::Doc => Some("documentation"),
        Scope::Dev => Some("developers' tools"),
    }
}

fn step_words(entry: &Entry) -> String {
    match entry.dependency.kind {
        Kind::Declared => "is declared here".to_owned(),
        Kind::Constraint => "is limited here".to_owned(),
        Kind::Locked => "is selected here".to_owned(),
        Kind::Installed => "is installed here".to_owned(),
    }
}

/// One advisory in a sentence or two. Writing to a string cannot fail.
fn explained(exposure: &assay_dependencies::Exposure, package: &Package, statement: Statement) -> String {
    let defect = &package.defects[exposure.defect];
    let prose = &package.prose[exposure.defect];
    let mut out = defect.shown();
    if defect.level != Level::Unknown {
        let _ = write!(out, ", {}", defect.level.id());
    }
    let summary = summary(prose);
    if !summary.is_empty() {
        let _ = write!(out, ": {summary}");
    }
    if !out.ends_with(['.', '…']) {
        out.push('.');
    }
    if matches!(statement, Statement::Admits | Statement::AdmitsOnlyAffected) {
        let versions: Vec<&str> = exposure.admitted.texts().collect();
        let named = match versions.as_slice() {
            [] => describe(&exposure.ranges),
            list if list.len() <= MAX_NAMED => list.join(", "),
            [first, .., last] => format!("{} versions from {first} to {last}", versions.len()),
            [one] => (*one).to_owned(),
        };
        let floor = if exposure.floor { ", the lowest admitted one among them" } else { "" };
        let _ = write!(out, " Admitted and affected: {named}{floor}.");
    }
    for quality in &defect.quality {
        if *quality != Quality::CommitsOnly {
            let _ = write!(out, " Note that {}.", quality.words());
        }
    }
    out
}

/// One line of an advisory: its summary, or the first sentence of its text.
fn summary(prose: &assay_dependencies::Prose) -> String {
    const MOST: usize = 200;
    let text = prose.summary.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = match text.find(". ") {
        Some(end) => &text[..=end],
        None => &text,
    };
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

fn solution(entry: &Entry, assessment: &Assessment) -> String {
    let name = &entry.dependency.shown;
    let Some(raise) = &assessment.raise else {
        return format!(
            "No version that repairs it is known. See whether what `{name}` does can be done without it, or limit what reaches it."
        );
    };
    let to = raise.specifier();
    let mut out = match assessment.statement {
        Statement::Selects | Statement::ConstraintSelects | Statement::Installed => {
            format!("Select `{name}{to}`: that is the next version without any of them.")
        }
        _ if raise.admitted => format!("Ask for `{name}{to}`: that leaves no affected version."),
        _ => format!(
            "Ask for `{name}{to}`, which the requirement as it stands excludes: its upper bound has to go up, too."
        ),
    };
    for (repaired, below) in &raise.lines {
        let _ = write!(out, " Where it has to stay below {below}, {repaired} is repaired.");
    }
    out
}

/// The requirement with its floor raised, where that is an edit of one specifier.
fn fix(entry: &Entry, assessment: &Assessment) -> Option<Edit> {
    let dependency = &entry.dependency;
    let span = dependency.requirement_span?;
    let raise = assessment.raise.as_ref().filter(|raise| raise.inclusive || raise.admitted)?;
    let text = match dependency.ecosystem {
        Ecosystem::PyPI => raised(&dependency.requirement.text, raise)?,
        // What stands there is one version.
        Ecosystem::Go if raise.inclusive => format!("v{}", raise.to.text().trim_start_matches('v')),
        _ if raise.inclusive && (dependency.version.is_some() || dependency.requirement.pin().is_some()) => {
            raise.to.to_string()
        }
        _ => return None,
    };
    let message = format!("raises `{}` to what leaves no affected version", dependency.shown);
    let replacements = vec![Replacement { place: Place { span, ..place(entry) }, text }];
    // What is newer may behave otherwise; but that is what was asked for, and the range above was admitted before.
    Some(Edit { message, safety: Safety::Safe, replacements })
}

/// Several entries may share the place of their version, such as a property: the highest one serves them all.
fn join_fixes(review: &DependencyReview, findings: &mut [Finding]) {
    let ecosystem = |finding: &Finding| {
        let at =
            |entry: &&Entry| entry.dependency.file == finding.place.file && entry.dependency.span == finding.place.span;
        review.entries.iter().find(at).map(|entry| entry.dependency.ecosystem)
    };
    let mut highest: BTreeMap<(FileId, Span), (Version, String)> = BTreeMap::new();
    for finding in findings.iter() {
        let one = finding.fix.as_ref().and_then(|fix| fix.replacements.first());
        let Some((one, ecosystem)) = one.zip(ecosystem(finding)) else { continue };
        if ecosystem == Ecosystem::PyPI {
            continue;
        }
        let version = Version::new(ecosystem, &one.text);
        let place = (one.place.file, one.place.span);
        if highest.get(&place).is_none_or(|(known, _)| *known < version) {
            highest.insert(place, (version, one.text.clone()));
        }
    }
    for one in findings.iter_mut().filter_map(|finding| finding.fix.as_mut()?.replacements.first_mut()) {
        if let Some((_, text)) = highest.get(&(one.place.file, one.place.span)) {
            one.text.clone_from(text);
        }
    }
}

/// A requirement of PEP 508 with a higher floor.
fn raised(text: &str, raise: &Raise) -> Option<String> {
    let to = raise.specifier();
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if let [only] = parts.as_slice()
        && only.starts_with("==")
        && !only.ends_with('*')
        && raise.inclusive
    {
        return Some(format!("=={}", raise.to));
    }
    // The forms of Poetry keep their operator, so that the line of versions moves along.
    if let [only] = parts.as_slice()
        && raise.inclusive
        && !only.starts_with("~=")
    {
        let operator = &only[..usize::from(only.starts_with(['^', '~']))];
        if !operator.is_empty() || only.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return Some(format!("{operator}{}", raise.to));
        }
    }
    // A line of versions: its end is kept where it admits the repaired one, else the line of that one takes its place.
    if let [only] = parts.as_slice()
        && raise.inclusive
        && let Some(moved) = moved(only, raise)
    {
        return Some(moved);
    }
    let is_bound = |part: &&str| part.starts_with(['<', '>', '!', '~']) || part.ends_with(".*");
    if !raise.admitted || !parts.iter().all(is_bound) {
        return None;
    }
    let kept = parts.iter().filter(|part| !part.starts_with('>')).copied();
    Some(std::iter::once(to.as_str()).chain(kept).collect::<Vec<_>>().join(","))
}

/// `~=1.4.2` or `==1.*` for the repaired version, where that is one of the same length, or of another line.
fn moved(only: &str, raise: &Raise) -> Option<String> {
    let (operator, line, end) = match only.strip_prefix("~=") {
        Some(line) => ("~=", line, ""),
        None => ("==", only.strip_prefix("==")?.strip_suffix(".*")?, ".*"),
    };
    let to = raise.to.text();
    let is_plain =
        |text: &str| text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let (length, parts) = (line.trim().split('.').count(), to.split('.').count());
    if !is_plain(line.trim()) || !is_plain(to) {
        return None;
    }
    let padded: Vec<&str> = to.split('.').chain(std::iter::repeat("0")).take(length).collect();
    let padded = padded.join(".");
    let exact = parts <= length && operator == "~=";
    match (exact, raise.admitted) {
        (true, _) => Some(format!("{operator}{padded}")),
        (false, false) => Some(format!("{operator}{padded}{end},>={to}")),
        (false, true) => None,
    }
}

/// What is said of one package in several places, and does not fit together.
fn drift(review: &DependencyReview, files: &Files, out: &mut ExaminedDependencies) {
    let Some(check) = check(DRIFT) else { return };
    for entry in &review.entries {
        let dependency = &entry.dependency;
        let Some(version) = entry.selected.as_ref().filter(|_| dependency.kind == Kind::Declared && !dependency.never)
        else {
            continue;
        };
        let admitted = dependency.requirement.ranges.contains(version);
        let place = place(entry);
        let in_test = files.get(place.file).role == Role::Test || dependency.scope == Scope::Test;
        let (outcome, code, detail) = if admitted {
            (Outcome::Safe, "selected-version-admitted", format!("{version} is selected"))
        } else {
            (Outcome::Defect, "selected-version-excluded", format!("{version} is selected"))
        };
        let finding = (!admitted).then(|| {
            let step = |entry: &Entry| {
                let place = self::place(entry);
                Step { kind: StepKind::Sink, place, message: format!("{version} is selected here") }
            };
            let others = entry.selected_by.iter().filter_map(|number| review.entries.get(*number));
            let mut trace: Vec<Step> = others.map(step).take(1).collect();
            trace.push(Step { kind: StepKind::Sink, place: place.clone(), message: step_words(entry) });
            out.findings.push(Finding {
                check: check.id.clone(),
                title: format!("`{}` excludes {version}, which is selected for it", shown(entry)),
                message: "The manifest asks for other versions than the lock or constraint selects. Whoever installs by the one gets something else than whoever installs by the other, and an update of the lock may bring back what was excluded.".to_owned(),
                severity: check.severity,
                confidence: Confidence::High,
                cwe: check.cwe.clone(),
                place: place.clone(),
                trace,
                assumptions: Vec::new(),
                reach: Vec::new(),
                false_if: vec!["the lock file belongs to another project".to_owned()],
                solution: check.solution_for(&dependency.shown, "", ""),
                fix: None,
                fingerprint: Fingerprint(String::new()),
                in_test,
                suppressed: None,
            });
            out.findings.len() - 1
        });
        out.sites.push(Site {
            check: check.id.clone(),
            noun: check.noun.clone(),
            api: shown(entry),
            place,
            outcome,
            reason: Reason { code: code.to_owned(), detail },
            finding,
            in_test,
            suppressed: false,
        });
    }
}

/// Packages of which an advisory, or the lock file, says that nobody maintains them any more. What one lock file says of
/// its packages is one finding: most come with others, and go when those are brought up to date.
fn unmaintained(review: &DependencyReview, files: &Files, out: &mut ExaminedDependencies) {
    let Some(check) = check(UNMAINTAINED) else { return };
    let mut of_file: BTreeMap<(usize, bool), (usize, usize)> = BTreeMap::new();
    for entry in &review.entries {
        let package = review.package(entry).filter(|_| entry.assessment().is_some());
        let found = package.map(|package| notes(&entry.dependency, &package.defects)).unwrap_or_default();
        let advisory = found.into_iter().find(|(_, kind)| *kind == "unmaintained").map(|(defect, _)| defect.shown());
        let by_lock = advisory.is_none();
        let (says, detail) = match (advisory, &entry.dependency.notice) {
            (Some(id), _) => (format!("{id} says that nobody maintains the package."), id),
            (None, Some(notice)) => (format!("Of this version, {notice}."), notice.clone()),
            (None, None) => continue,
        };
        let place = place(entry);
        let name = &entry.dependency.shown;
        let in_test = files.get(place.file).role == Role::Test || entry.dependency.scope == Scope::Test;
        // What a lock file calls deprecated is old; where it is not part of the program, that is nobody's harm.
        if by_lock && !in_test && !matches!(entry.dependency.scope, Scope::Runtime | Scope::Optional) {
            out.sites.push(Site {
                check: check.id.clone(),
                noun: check.noun.clone(),
                api: shown(entry),
                place,
                outcome: Outcome::Safe,
                reason: Reason { code: "for-developers".to_owned(), detail },
                finding: None,
                in_test,
                suppressed: false,
            });
            continue;
        }
        let known = of_file.get_mut(&(place.file.index(), in_test)).filter(|_| by_lock);
        let known = known.map(|(at, count)| {
            *count += 1;
            *at
        });
        out.sites.push(Site {
            check: check.id.clone(),
            noun: check.noun.clone(),
            api: shown(entry),
            place: place.clone(),
            outcome: Outcome::Potential,
            reason: Reason { code: "unmaintained".to_owned(), detail },
            finding: Some(known.unwrap_or(out.findings.len())),
            in_test,
            suppressed: false,
        });
        if known.is_some() {
            continue;
        }
        if by_lock {
            of_file.insert((place.file.index(), in_test), (out.findings.len(), 0));
        }
        out.findings.push(Finding {
            check: check.id.clone(),
            title: format!("`{name}` is not maintained any more"),
            message: format!("{says} Vulnerabilities that are found in it will not be repaired."),
            severity: check.severity,
            confidence: Confidence::Medium,
            cwe: check.cwe.clone(),
            trace: vec![Step { kind: StepKind::Sink, place: place.clone(), message: step_words(entry) }],
            place,
            assumptions: vec!["what is said of it still holds: nobody has taken the package over since".to_owned()],
            reach: Vec::new(),
            false_if: Vec::new(),
            solution: check.solution_for(name, "", ""),
            fix: None,
            fingerprint: Fingerprint(String::new()),
            in_test,
            suppressed: None,
        });
    }
    for (at, count) in of_file.into_values().filter(|(_, count)| *count > 0) {
        let title = &mut out.findings[at].title;
        let packages = if count == 1 { "package" } else { "packages" };
        *title = title.replace(" is not ", &format!(" and {count} other {packages} of this file are not "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raised_requirements_keep_their_form() {
        let raise =
            |admitted| Raise { to: Version::new(Ecosystem::PyPI, "2.1"), inclusive: true, admitted, lines: Vec::new() };
        for (text, admitted, expected) in [
            (">=1.0", true, Some(">=2.1")),
            (">=1.0, <3", true, Some(">=2.1,<3")),
            (">=1.0,!=1.5", true, Some(">=2.1,!=1.5")),
            ("==1.0", false, Some("==2.1")),
            ("^1.0", false, Some("^2.1")),
            ("~2.0", true, Some("~2.1")),
            ("1.0", false, Some("2.1")),
            ("~=2.0", true, Some("~=2.1")),
            ("~=2.0.4", false, Some("~=2.1.0")),
            ("~=1.0", false, Some("~=2.1")),
            ("~=2.0,!=2.0.3", true, Some(">=2.1,~=2.0,!=2.0.3")),
            ("==2.*", true, Some(">=2.1,==2.*")),
            ("==1.*", false, Some("==2.*,>=2.1")),
            ("2.*", true, Some(">=2.1,2.*")),
            ("1.*", false, None),
            ("<2", false, None),
        ] {
            assert_eq!(raised(text, &raise(admitted)).as_deref(), expected, "{text}");
        }
    }
}
