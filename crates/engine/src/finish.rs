//! From what the analysis found to what the review says: order, identity, suppression, filters.

use crate::config::PathIgnore;
use crate::fingerprint;
use crate::suppress::{self, Triage};
use crate::{Date, analyse::AnalysisOutput};
use assay_finding::{Confidence, Finding, Place, Severity, Suppression};
use assay_index::IndexVec;
use assay_source::{ModuleName, System};
use assay_text::{FileId, Files, Role};
use std::path::{Path, PathBuf};

/// What decides which findings count.
pub(crate) struct Rules<'a> {
    pub(crate) per_path: &'a [PathIgnore],
    /// The absolute path of each file.
    pub(crate) paths: &'a IndexVec<FileId, PathBuf>,
    /// The module of each file.
    pub(crate) modules: &'a IndexVec<FileId, Option<ModuleName>>,
    pub(crate) triage: Option<Triage>,
    pub(crate) today: Date,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) checks: &'a [String],
}

/// Sorts, names, suppresses and filters in place; the notes say what was left out.
pub(crate) fn finish(output: &mut AnalysisOutput, files: &Files, rules: &Rules<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    mark_tests(output, files);
    sort(output);
    fingerprint::assign(&mut output.findings, files, rules.modules);
    keep_requested(output, files);
    notes.extend(suppress::apply(&mut output.findings, files, rules));
    for finding in &mut output.findings {
        if finding.suppressed.is_none() {
            finding.suppressed = by_path(finding, rules);
        }
    }
    let suppressed: Vec<bool> = output.findings.iter().map(|finding| finding.suppressed.is_some()).collect();
    for site in &mut output.sites {
        site.suppressed |= site.finding.is_some_and(|at| suppressed.get(at).copied().unwrap_or(false));
    }
    let (severity, confidence) = (rules.severity, rules.confidence);
    let below = |finding: &Finding| {
        severity.is_some_and(|least| finding.severity < least)
            || confidence.is_some_and(|least| finding.confidence < least)
    };
    let before = output.findings.len();
    retain(output, |finding| !below(finding));
    match before - output.findings.len() {
        0 => {}
        1 => notes.push("1 finding is below the severity or confidence asked for, and not shown.".to_owned()),
        n => notes.push(format!("{n} findings are below the severity or confidence asked for, and not shown.")),
    }
    notes
}

fn mark_tests(output: &mut AnalysisOutput, files: &Files) {
    let in_test = |place: &Place| files.get(place.file).role == Role::Test;
    for finding in &mut output.findings {
        finding.in_test |= in_test(&finding.place);
    }
    for site in &mut output.sites {
        site.in_test |= in_test(&site.place);
    }
}

/// Orders findings and sites by file and place, whatever order the analysis found them in.
fn sort(output: &mut AnalysisOutput) {
    let key = |finding: &Finding| {
        let place = &finding.place;
        (place.file, place.span, finding.check.clone(), finding.title.clone(), finding.message.clone())
    };
    let mut order: Vec<usize> = (0..output.findings.len()).collect();
    order.sort_by_cached_key(|&index| key(&output.findings[index]));
    permute(output, &order);
    output.sites.sort_by_cached_key(|site| {
        let place = &site.place;
        (place.file, place.span, site.check.clone(), site.api.clone(), site.noun.clone(), site.reason.clone())
    });
}

/// A review of some files of a project tells of them: of sites in them, and of findings that lie in them
/// or start from them.
fn keep_requested(output: &mut AnalysisOutput, files: &Files) {
    let requested = |place: &Place| files.get(place.file).requested;
    if files.iter().all(|(_, file)| file.requested) {
        return;
    }
    retain(output, |finding| {
        requested(&finding.place) || finding.trace.first().is_some_and(|step| requested(&step.place))
    });
    output.sites.retain(|site| site.finding.is_some() || requested(&site.place));
}

fn by_path(finding: &Finding, rules: &Rules<'_>) -> Option<Suppression> {
    let path = rules.paths.get(finding.place.file)?;
    let rule =
        rules.per_path.iter().find(|rule| rule.checks.contains(&finding.check) && rule.matcher.matches(path, false))?;
    let reason = format!("`{}` in per-path-ignores", rule.pattern);
    Some(Suppression { kind: "configuration".to_owned(), reason })
}

fn retain(output: &mut AnalysisOutput, mut keep: impl FnMut(&Finding) -> bool) {
    let order: Vec<usize> = (0..output.findings.len()).filter(|&index| keep(&output.findings[index])).collect();
    if order.len() < output.findings.len() {
        permute(output, &order);
    }
}

/// Puts the findings with these numbers in this order and drops the others; sites follow.
fn permute(output: &mut AnalysisOutput, order: &[usize]) {
    let mut new_index = vec![None; output.findings.len()];
    let mut old: Vec<Option<Finding>> = std::mem::take(&mut output.findings).into_iter().map(Some).collect();
    for &index in order {
        if let Some(finding) = old[index].take() {
            new_index[index] = Some(output.findings.len());
            output.findings.push(finding);
        }
    }
    for site in &mut output.sites {
        site.finding = site.finding.and_then(|at| new_index.get(at).copied().flatten());
    }
}

/// Reads `.assay/triage.toml` of the project at `root`.
pub(crate) fn triage(system: &dyn System, root: &Path) -> Result<Option<Triage>, crate::Error> {
    let path = root.join(".assay").join("triage.toml");
    if !system.is_file(&path) {
        return Ok(None);
    }
    let shown = ".assay/triage.toml";
    let text = crate::config::read(system, &path, shown)?;
    Ok(Some(Triage::parse(shown, &text)?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use assay_finding::{Fingerprint, Outcome, Reason, Site, Step, StepKind, Threat};
    use assay_index::Idx;
    use assay_text::{Language, SourceFile, Span};
    use std::ops::Range;

    pub(crate) fn place(file: usize, span: Range<usize>) -> Place {
        let span = Span::new(u32::try_from(span.start).unwrap(), u32::try_from(span.end).unwrap());
        Place { file: FileId::new(file), span, function: "m.f".to_owned() }
    }

    pub(crate) fn finding(check: &str, span: Range<usize>) -> Finding {
        Finding {
            check: check.to_owned(),
            title: String::new(),
            message: String::new(),
            severity: Severity::High,
            confidence: Confidence::High,
            cwe: vec![89],
            place: place(0, span),
            trace: Vec::new(),
            assumptions: Vec::new(),
            reach: Vec::new(),
            false_if: Vec::new(),
            solution: String::new(),
            fix: None,
            fingerprint: Fingerprint(String::new()),
            in_test: false,
            suppressed: None,
        }
    }

    static NO_MODULES: IndexVec<FileId, Option<ModuleName>> = IndexVec::new();
    static NO_PATHS: IndexVec<FileId, PathBuf> = IndexVec::new();

    pub(crate) fn rules(checks: &[String]) -> Rules<'_> {
        Rules {
            per_path: &[],
            paths: &NO_PATHS,
            modules: &NO_MODULES,
            triage: None,
            today: Date::parse("2026-01-15").unwrap(),
            severity: None,
            confidence: None,
            checks,
        }
    }

    fn site(place: Place, finding: Option<usize>) -> Site {
        Site {
            check: "xxe".to_owned(),
            noun: String::new(),
            api: String::new(),
            place,
            outcome: Outcome::Defect,
            reason: Reason { code: String::new(), detail: String::new() },
            finding,
            in_test: false,
            suppressed: false,
        }
    }

    fn files(requested: [bool; 2]) -> Files {
        let mut files = vec![
            SourceFile::new("a.py", Language::Python, Role::FirstParty, "run(a)\nrun(b)  # assay: ignore[xxe] known\n"),
            SourceFile::new("test_b.py", Language::Python, Role::Test, "run(c)\n"),
        ];
        for (file, requested) in files.iter_mut().zip(requested) {
            file.requested = requested;
        }
        Files::new(files)
    }

    fn output() -> AnalysisOutput {
        let mut output = AnalysisOutput::empty(Threat::Remote);
        let mut other = finding("xxe", 0..6);
        other.place = place(1, 0..6);
        other.trace = vec![Step { kind: StepKind::Source, place: place(0, 0..6), message: String::new() }];
        let low = Finding { severity: Severity::Low, ..finding("xxe", 0..6) };
        output.findings = vec![other, finding("xxe", 7..13), low];
        output.sites = vec![
            site(place(1, 0..6), Some(0)),
            site(place(0, 7..13), Some(1)),
            site(place(0, 0..6), Some(2)),
            site(place(1, 1..2), None),
        ];
        output
    }

    #[test]
    fn sites_follow_their_findings() {
        let mut output = output();
        let notes = finish(&mut output, &files([true, true]), &rules(&["xxe".to_owned()]));
        let found: Vec<_> = output.sites.iter().map(|site| (site.finding, site.suppressed, site.in_test)).collect();
        assert_eq!(
            found,
            [(Some(0), false, false), (Some(1), true, false), (Some(2), false, true), (None, false, true)]
        );
        assert_eq!(output.findings[1].suppressed.as_ref().map(|s| s.reason.as_str()), Some("known"));
        assert!(notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn what_is_below_the_threshold_is_left_out_and_said() {
        let mut output = output();
        let checks = ["xxe".to_owned()];
        let rules = Rules { severity: Some(Severity::Medium), ..rules(&checks) };
        let notes = finish(&mut output, &files([true, true]), &rules);
        assert_eq!(output.findings.len(), 2);
        assert_eq!(output.sites[0].finding, None);
        assert_eq!(notes, ["1 finding is below the severity or confidence asked for, and not shown."]);
    }

    #[test]
    fn rules_for_paths_suppress() {
        let mut output = output();
        let checks = ["xxe".to_owned()];
        let paths: IndexVec<FileId, PathBuf> =
            ["/p/tools/a.py", "/p/test_b.py"].map(PathBuf::from).into_iter().collect();
        let per_path = [PathIgnore {
            pattern: "tools/**".to_owned(),
            matcher: assay_source::Patterns::new(Path::new("/p"), &["tools/**"]).unwrap(),
            checks: checks.to_vec(),
        }];
        let rules = Rules { per_path: &per_path, paths: &paths, ..rules(&checks) };
        finish(&mut output, &files([true, true]), &rules);
        let kinds: Vec<_> = output.findings.iter().map(|f| f.suppressed.as_ref().map(|s| s.kind.as_str())).collect();
        assert_eq!(kinds, [Some("configuration"), Some("comment"), None]);
    }

    #[test]
    fn a_review_of_one_file_keeps_what_starts_there() {
        let mut output = output();
        finish(&mut output, &files([true, false]), &rules(&["xxe".to_owned()]));
        assert_eq!((output.findings.len(), output.sites.len()), (3, 3));
        let mut output = self::output();
        finish(&mut output, &files([false, true]), &rules(&["xxe".to_owned()]));
        assert_eq!((output.findings.len(), output.sites.len()), (1, 2));
    }
}
