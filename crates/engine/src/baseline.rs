//! What is new since an earlier review, the *baseline*.
//!
//! A baseline is a report that Assay wrote earlier (JSON or SARIF), or a revision of the repository, which is reviewed
//! in the same way as what is there now: with today's configuration, but with the comments and the triage of that
//! revision. The whole program is analysed both times; only then are findings compared, by their fingerprints:
//!
//! 1. a finding and a *past* finding with the same fingerprint are one;
//! 2. of the others, those with the same *core* ([`Fingerprint::core`]) are one, in their order: the code has moved to
//!    another file, module or class.
//!
//! A past finding that none corresponds to is *fixed*, if this review could have seen it.

use crate::error::Error;
use crate::{Request, Reviewed};
use assay_finding::{Change, Comparison, Confidence, Finding, Fingerprint, FixedFinding, Review, Severity};
use assay_source::System;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

/// Bytes of a report that serves as a baseline.
const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// Fixed findings that are remembered, those of earlier baselines included.
const MAX_FIXED: usize = 10_000;

/// A finding of the baseline.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Past {
    place: FixedFinding,
    confidence: Option<Confidence>,
    in_test: bool,
    suppressed: bool,
}

/// An earlier review, as far as it is compared.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Baseline {
    name: String,
    past: Vec<Past>,
    /// What the baseline knows to have been fixed even earlier.
    fixed: Vec<FixedFinding>,
    /// The checks that ran then; `None` when that is not known.
    checks: Option<BTreeSet<String>>,
    notes: Vec<String>,
}

/// What decides which past findings this review could have seen.
pub(crate) struct Scope<'a> {
    pub(crate) review: &'a Review,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Option<Confidence>,
}

impl Baseline {
    /// Without a finding: nothing of what is reviewed was there.
    pub(crate) fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            notes: vec!["Nothing of what was reviewed stands in the baseline.".to_owned()],
            ..Self::default()
        }
    }

    /// The review of a revision.
    pub(crate) fn of_review(name: &str, review: &Review) -> Self {
        let past = review.findings.iter().map(|finding| {
            let file = review.files.get(finding.place.file);
            Past {
                place: FixedFinding {
                    path: file.path.to_string(),
                    line: file.line_column(finding.place.span.start).line,
                    check: finding.check.clone(),
                    title: finding.title.clone(),
                    severity: finding.severity,
                    fingerprint: finding.fingerprint.clone(),
                    earlier: false,
                },
                confidence: Some(finding.confidence),
                in_test: finding.in_test,
                suppressed: finding.suppressed.is_some(),
            }
        });
        let mut notes = Vec::new();
        if !review.is_complete() {
            notes.push(format!("The review of {name} is incomplete: what was not seen there may count as new here."));
        }
        Self {
            name: name.to_owned(),
            past: past.collect(),
            fixed: Vec::new(),
            checks: Some(review.checks.iter().map(|check| check.id.clone()).collect()),
            notes,
        }
    }

    /// A report that was written earlier.
    pub(crate) fn read(system: &dyn System, path: &Path, name: &str) -> Result<Self, Error> {
        let error = |message: &str| Error::File { path: name.to_owned(), message: message.to_owned() };
        let bytes = system.read(path, MAX_BYTES + 1).map_err(|e| error(&e.to_string()))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(error("longer than a report is"));
        }
        let report: Value = serde_json::from_slice(&bytes)
            .map_err(|e| error(&format!("no report of Assay's in JSON or SARIF: {e}")))?;
        let mut baseline = if report["schema"].as_str().is_some_and(|schema| schema.starts_with("assay-review/")) {
            of_json(&report)
        } else if report["runs"].is_array() {
            of_sarif(&report).ok_or_else(|| error("SARIF of another tool"))?
        } else {
            return Err(error("neither a JSON report of Assay's nor SARIF; use `--format json` for it"));
        };
        name.clone_into(&mut baseline.name);
        Ok(baseline)
    }

    /// Holds a review against this.
    pub(crate) fn compare(mut self, scope: &Scope<'_>) -> Comparison {
        let review = scope.review;
        let partners = partners(&review.findings, &self.past);
        let gone: BTreeSet<&str> = self.fixed.iter().map(|fixed| fixed.fingerprint.core()).collect();
        let changes = review
            .findings
            .iter()
            .zip(&partners)
            .map(|(finding, partner)| match partner.map(|at| &self.past[at]) {
                Some(past) if past.in_test && !finding.in_test => Change::New,
                Some(past) if past.suppressed && finding.suppressed.is_none() => Change::Reappeared,
                Some(_) => Change::Unchanged,
                None if gone.contains(finding.fingerprint.core()) => Change::Reappeared,
                None => Change::New,
            })
            .collect();
        let mut matched = vec![false; self.past.len()];
        partners.iter().flatten().for_each(|at| matched[*at] = true);
        let left = self.past.iter().zip(matched).filter(|(_, matched)| !matched).map(|(past, _)| past);
        let (mut fixed, unseen) = fixed(left, scope);
        let here: BTreeSet<&str> = review.findings.iter().map(|f| f.fingerprint.core()).collect();
        let earlier = self.fixed.iter().filter(|old| !here.contains(old.fingerprint.core()));
        fixed.extend(earlier.map(|old| FixedFinding { earlier: true, ..old.clone() }));
        fixed.sort();
        fixed.dedup();
        if unseen > 0 {
            let findings = if unseen == 1 { "1 finding".to_owned() } else { format!("{unseen} findings") };
            self.notes.push(format!(
                "{findings} of the baseline could not be looked for: the file could not be analysed this time."
            ));
        }
        if let Some(then) = &self.checks {
            let more: Vec<&str> =
                review.checks.iter().map(|c| c.id.as_str()).filter(|id| !then.contains(*id)).collect();
            let with_findings = review.findings.iter().any(|finding| more.contains(&finding.check.as_str()));
            if with_findings {
                let shown = more.iter().take(5).copied().collect::<Vec<_>>().join(", ");
                let rest = if more.len() > 5 { format!(" and {} more", more.len() - 5) } else { String::new() };
                self.notes.push(format!(
                    "These checks did not run for the baseline, so that all of their findings count as new: {shown}{rest}."
                ));
            }
        }
        if fixed.len() > MAX_FIXED {
            // What went longest ago is forgotten first.
            fixed.sort_by_key(|fixed| fixed.earlier);
            fixed.truncate(MAX_FIXED);
            fixed.sort();
        }
        Comparison { baseline: self.name, changes, fixed, notes: self.notes }
    }
}

/// The review of a revision, made by `review`. Targets that the revision does not have hold nothing of it.
pub(crate) fn of_revision(
    name: &str,
    request: &Request,
    then: &dyn System,
    review: impl FnOnce(&Request) -> Result<Reviewed, Error>,
) -> Result<Baseline, Error> {
    let current = then.current_dir().unwrap_or_default();
    let exists = |target: &&PathBuf| then.canonicalize(&current.join(target)).is_ok();
    let targets: Vec<PathBuf> = request.targets.iter().filter(exists).cloned().collect();
    if targets.is_empty() {
        return Ok(Baseline::empty(name));
    }
    let reviewed = review(&Request { targets, ..request.clone() })?;
    Ok(Baseline::of_review(name, &reviewed.review))
}

/// For each finding the index of its past finding.
fn partners(findings: &[Finding], past: &[Past]) -> Vec<Option<usize>> {
    let mut exact: BTreeMap<&Fingerprint, VecDeque<usize>> = BTreeMap::new();
    for (at, past) in past.iter().enumerate() {
        exact.entry(&past.place.fingerprint).or_default().push_back(at);
    }
    let mut partners: Vec<Option<usize>> =
        findings.iter().map(|finding| exact.get_mut(&finding.fingerprint).and_then(VecDeque::pop_front)).collect();
    let mut cores: BTreeMap<&str, VecDeque<usize>> = BTreeMap::new();
    for at in exact.into_values().flatten() {
        cores.entry(past[at].place.fingerprint.core()).or_default().push_back(at);
    }
    for queue in cores.values_mut() {
        queue.make_contiguous().sort_unstable();
    }
    for (finding, partner) in findings.iter().zip(&mut partners) {
        if partner.is_none() {
            *partner = cores.get_mut(finding.fingerprint.core()).and_then(VecDeque::pop_front);
        }
    }
    partners
}

/// Those of the past findings that are fixed, and how many lie in files that could not be analysed.
fn fixed<'a>(past: impl Iterator<Item = &'a Past>, scope: &Scope<'_>) -> (Vec<FixedFinding>, usize) {
    let review = scope.review;
    let closed: BTreeSet<&str> =
        review.gaps.iter().filter(|gap| gap.incomplete && gap.span.is_none()).map(|gap| gap.path.as_str()).collect();
    let mut unseen = 0;
    let fixed = past
        .filter(|past| {
            let place = &past.place;
            let asked = review.checks.iter().any(|check| check.id == place.check)
                && scope.severity.is_none_or(|least| place.severity >= least)
                && scope.confidence.is_none_or(|least| past.confidence.is_none_or(|it| it >= least))
                && !past.in_test
                && !past.suppressed;
            let read = match review.files.by_path(&place.path) {
                Some(file) => review.files.get(file).requested,
                None => is_below_target(review, &place.path),
            };
            let blind = closed.contains(place.path.as_str());
            unseen += usize::from(asked && read && blind);
            asked && read && !blind
        })
        .map(|past| past.place.clone())
        .collect();
    (fixed, unseen)
}

/// Whether a file with this path would have been reviewed, were it there.
fn is_below_target(review: &Review, path: &str) -> bool {
    review.targets.iter().any(|target| {
        let target = target.strip_prefix("./").unwrap_or(target).trim_end_matches('/');
        target.is_empty() || target == "." || path.strip_prefix(target).is_some_and(|rest| rest.starts_with('/'))
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn line(value: &Value) -> u32 {
    value.as_u64().and_then(|line| u32::try_from(line).ok()).unwrap_or(0)
}

fn severity(value: &Value) -> Severity {
    value.as_str().and_then(Severity::from_id).unwrap_or(Severity::Info)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn fixed_list(value: &Value) -> Vec<FixedFinding> {
    list(value).filter_map(|fixed| serde_json::from_value(fixed.clone()).ok()).take(MAX_FIXED).collect()
}

fn of_json(report: &Value) -> Baseline {
    let past = list(&report["findings"]).map(|finding| Past {
        place: FixedFinding {
            path: text(&finding["place"]["path"]),
            line: line(&finding["place"]["start"]["line"]),
            check: text(&finding["check"]),
            title: text(&finding["title"]),
            severity: severity(&finding["severity"]),
            fingerprint: Fingerprint(text(&finding["fingerprint"])),
            earlier: false,
        },
        confidence: finding["confidence"].as_str().and_then(Confidence::from_id),
        in_test: finding["in_test"] == true,
        suppressed: finding["suppressed"].is_object(),
    });
    Baseline {
        name: String::new(),
        past: past.collect(),
        fixed: fixed_list(&report["comparison"]["fixed"]),
        checks: Some(list(&report["checks"]).map(|check| text(&check["id"])).collect()),
        notes: notes(report["complete"] == true, &text(&report["tool"]["version"])),
    }
}

fn notes(complete: bool, version: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if !complete {
        notes.push("The baseline is incomplete: what was not seen then may count as new.".to_owned());
    }
    if version != crate::VERSION {
        notes.push(format!(
            "The baseline was written by version {version}: what this version sees in addition counts as new."
        ));
    }
    notes
}

/// What SARIF of this tool says; `None` for that of others.
fn of_sarif(report: &Value) -> Option<Baseline> {
    let run = list(&report["runs"]).find(|run| run["tool"]["driver"]["name"] == "Assay")?;
    let driver = &run["tool"]["driver"];
    let past = list(&run["results"]).map(|result| {
        let physical = &result["locations"][0]["physicalLocation"];
        let message = text(&result["message"]["text"]);
        Past {
            place: FixedFinding {
                path: unescape(&text(&physical["artifactLocation"]["uri"])),
                line: line(&physical["region"]["startLine"]),
                check: text(&result["ruleId"]),
                title: message.lines().next().unwrap_or_default().trim_end_matches('.').to_owned(),
                severity: severity(&result["properties"]["severity"]),
                fingerprint: Fingerprint(text(&result["partialFingerprints"][Fingerprint::SCHEME])),
                earlier: false,
            },
            confidence: result["properties"]["confidence"].as_str().and_then(Confidence::from_id),
            in_test: result["properties"]["inTest"] == true,
            suppressed: list(&result["suppressions"]).next().is_some(),
        }
    });
    let mut notes = notes(run["properties"]["complete"] == true, &text(&driver["version"]));
    let dropped = list(&run["invocations"][0]["toolExecutionNotifications"])
        .any(|notice| notice["descriptor"]["id"] == "assay/results-left-out");
    if dropped {
        notes.push("The baseline does not hold all findings of its review: those left out count as new.".to_owned());
    }
    Some(Baseline {
        name: String::new(),
        past: past.collect(),
        fixed: fixed_list(&run["properties"]["fixed"]),
        checks: Some(list(&driver["rules"]).map(|rule| text(&rule["id"])).collect()),
        notes,
    })
}

/// The path that a percent-encoded URI is made from.
fn unescape(uri: &str) -> String {
    let uri = uri.strip_prefix("file://").unwrap_or(uri);
    let bytes = uri.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| uri.get(at + 1..at + 3)).flatten();
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::tests::finding;
    use Change::{New, Reappeared, Unchanged};
    use assay_finding::Suppression;

    fn print(core: char, rest: char) -> Fingerprint {
        Fingerprint(core.to_string().repeat(16) + &rest.to_string().repeat(16))
    }

    fn past(fingerprint: Fingerprint) -> Past {
        Past {
            place: FixedFinding {
                path: "a.py".to_owned(),
                line: 1,
                check: "xxe".to_owned(),
                title: String::new(),
                severity: Severity::High,
                fingerprint,
                earlier: false,
            },
            confidence: None,
            in_test: false,
            suppressed: false,
        }
    }

    fn now(fingerprint: Fingerprint) -> Finding {
        Finding { fingerprint, ..finding("xxe", 0..1) }
    }

    #[test]
    fn the_same_code_elsewhere_is_the_same_finding() {
        let old = [past(print('a', '1')), past(print('a', '2')), past(print('b', '1'))];
        let new = [now(print('a', '9')), now(print('a', '2')), now(print('c', '1'))];
        assert_eq!(partners(&new, &old), [Some(0), Some(1), None]);
        // A copy is new although its code is known.
        let copied = [now(print('b', '1')), now(print('b', '2'))];
        assert_eq!(partners(&copied, &old), [Some(2), None]);
    }

    #[test]
    fn what_was_fixed_or_suppressed_reappears() {
        let mut baseline = Baseline {
            past: vec![
                past(print('a', '1')),
                Past { suppressed: true, ..past(print('b', '1')) },
                Past { suppressed: true, ..past(print('c', '1')) },
            ],
            fixed: vec![past(print('d', '1')).place],
            ..Baseline::default()
        };
        baseline.name = "then".to_owned();
        let mut review = crate::pipeline::empty_review();
        let suppressed = Some(Suppression { kind: "comment".to_owned(), reason: String::new() });
        review.findings = vec![
            now(print('a', '1')),
            now(print('b', '1')),
            Finding { suppressed, ..now(print('c', '1')) },
            now(print('d', '2')),
            now(print('e', '1')),
        ];
        let comparison = baseline.compare(&Scope { review: &review, severity: None, confidence: None });
        assert_eq!(comparison.changes, [Unchanged, Reappeared, Unchanged, Reappeared, New]);
        assert!(comparison.fixed.is_empty());
    }

    #[test]
    fn paths_of_sarif_are_read_back() {
        assert_eq!(unescape("a%20b/c%3Ad/%C3%A9%25.py"), "a b/c:d/é%.py");
        assert_eq!(unescape("file:///x%2"), "/x%2");
    }
}
