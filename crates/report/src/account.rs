//! The account of a review: its sites and findings put in groups, for whoever prints them.
//!
//! - A *counted* site or finding is neither in test code nor suppressed; only these make a verdict.
//! - A [`Group`] holds the sites of one noun with the same outcome and reason code.

use crate::layout;
use assay_finding::{Area, AreaVerdict, Change, CheckInfo, Finding, Outcome, Place, Review, Site, Verdict};
use assay_text::{Role, SourceFile};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A review with what the formats look up in it.
pub(crate) struct Account<'a> {
    pub(crate) review: &'a Review,
    checks: BTreeMap<&'a str, &'a CheckInfo>,
    outcomes: Vec<Outcome>,
    others: Vec<Vec<&'a Place>>,
}

/// The sites of one noun in one area.
pub(crate) struct Noun<'a> {
    pub(crate) name: &'a str,
    pub(crate) total: usize,
    pub(crate) groups: Vec<Group<'a>>,
}

/// Sites of one noun with the same outcome and reason code, in the order of the review.
pub(crate) struct Group<'a> {
    pub(crate) outcome: Outcome,
    pub(crate) code: &'a str,
    pub(crate) sites: Vec<&'a Site>,
}

impl<'a> Group<'a> {
    /// The distinct particulars with their counts, the most frequent first.
    pub(crate) fn details(&self) -> Vec<(&'a str, usize)> {
        let mut counts = BTreeMap::<&str, usize>::new();
        for site in &self.sites {
            *counts.entry(&site.reason.detail).or_default() += 1;
        }
        let mut details: Vec<_> = counts.into_iter().collect();
        details.sort_by_key(|(detail, count)| (Reverse(*count), *detail));
        details
    }
}

impl<'a> Account<'a> {
    pub(crate) fn new(review: &'a Review) -> Self {
        let checks = review.checks.iter().map(|check| (check.id.as_str(), check)).collect();
        let mut worst: Vec<Option<Outcome>> = vec![None; review.findings.len()];
        let mut others = vec![Vec::new(); review.findings.len()];
        for site in &review.sites {
            let Some(at) = site.finding.filter(|at| *at < review.findings.len()) else { continue };
            worst[at] = Some(worst[at].map_or(site.outcome, |o: Outcome| o.min(site.outcome)));
            if site.place != review.findings[at].place {
                others[at].push(&site.place);
            }
        }
        let outcomes = review
            .findings
            .iter()
            .zip(worst)
            .map(|(finding, worst)| match worst {
                Some(Outcome::Defect) => Outcome::Defect,
                None if finding.assumptions.is_empty() => Outcome::Defect,
                Some(_) | None => Outcome::Potential,
            })
            .collect();
        Self { review, checks, outcomes, others }
    }

    pub(crate) fn check(&self, id: &str) -> Option<&'a CheckInfo> {
        self.checks.get(id).copied()
    }

    pub(crate) fn area(&self, check: &str) -> Option<Area> {
        self.check(check).map(|check| check.area)
    }

    /// Whether a finding is a defect or a potential one: what its sites say.
    pub(crate) fn outcome(&self, finding: usize) -> Outcome {
        self.outcomes[finding]
    }

    /// The places other than its own that a finding explains.
    pub(crate) fn others(&self, finding: usize) -> &[&'a Place] {
        &self.others[finding]
    }

    pub(crate) fn file(&self, place: &Place) -> &'a SourceFile {
        self.review.files.get(place.file)
    }

    /// The findings that count, the worst first.
    pub(crate) fn counted(&self) -> Vec<(usize, &'a Finding)> {
        let mut found: Vec<_> = self.findings(|f| !f.in_test && f.suppressed.is_none()).collect();
        found.sort_by_key(|(at, f)| (Reverse(f.severity), self.outcome(*at), Reverse(f.confidence), *at));
        found
    }

    /// The findings that are open ([`Review::is_open`]), the worst first.
    pub(crate) fn open(&self) -> Vec<(usize, &'a Finding)> {
        self.counted().into_iter().filter(|(at, _)| self.review.is_open(*at)).collect()
    }

    /// The findings that count and are known from the baseline, the worst first.
    pub(crate) fn unchanged(&self) -> Vec<(usize, &'a Finding)> {
        self.counted().into_iter().filter(|(at, _)| !self.review.is_open(*at)).collect()
    }

    /// A sentence on what became of the findings since the baseline, if there is one.
    pub(crate) fn since(&self) -> Option<String> {
        let comparison = self.review.comparison.as_ref()?;
        let (mut new, mut reappeared) = (0, 0);
        for (at, _) in self.open() {
            match self.review.change(at) {
                Some(Change::Reappeared) => reappeared += 1,
                _ => new += 1,
            }
        }
        let fixed = comparison.fixed.iter().filter(|fixed| !fixed.earlier).count();
        let back = if reappeared > 0 { format!("{reappeared} reappeared, ") } else { String::new() };
        let unchanged = self.unchanged().len();
        let baseline = &comparison.baseline;
        Some(format!("Compared with {baseline}: {new} new, {back}{fixed} fixed, {unchanged} unchanged."))
    }

    /// The findings in test code that are not suppressed.
    pub(crate) fn in_test(&self) -> Vec<(usize, &'a Finding)> {
        self.findings(|f| f.in_test && f.suppressed.is_none()).collect()
    }

    /// The suppressed findings.
    pub(crate) fn suppressed(&self) -> Vec<(usize, &'a Finding)> {
        self.findings(|f| f.suppressed.is_some()).collect()
    }

    fn findings(&self, keep: impl Fn(&Finding) -> bool) -> impl Iterator<Item = (usize, &'a Finding)> {
        self.review.findings.iter().enumerate().filter(move |(_, f)| keep(f))
    }

    /// The sites of an area by noun, outcome and reason, suppressed ones apart: the counted ones, or
    /// those in test code.
    pub(crate) fn nouns(&self, area: Area, in_test: bool) -> Vec<Noun<'a>> {
        let mut nouns = BTreeMap::<&str, BTreeMap<(Outcome, &str), Vec<&Site>>>::new();
        for site in &self.review.sites {
            if site.in_test == in_test && !site.suppressed && self.area(&site.check) == Some(area) {
                let groups = nouns.entry(&site.noun).or_default();
                groups.entry((site.outcome, &site.reason.code)).or_default().push(site);
            }
        }
        nouns
            .into_iter()
            .map(|(noun, groups)| {
                let mut groups: Vec<Group<'_>> =
                    groups.into_iter().map(|((outcome, code), sites)| Group { outcome, code, sites }).collect();
                groups.sort_by_key(|g| (g.outcome, Reverse(g.sites.len()), g.code));
                Noun { name: noun, total: groups.iter().map(|g| g.sites.len()).sum(), groups }
            })
            .collect()
    }

    /// The numbers of an area's sites in test code: defect, potential, not observed, safe.
    pub(crate) fn test_counts(&self, area: Area) -> [usize; 4] {
        let mut counts = [0; 4];
        for site in &self.review.sites {
            if site.in_test && self.area(&site.check) == Some(area) {
                counts[site.outcome as usize] += 1;
            }
        }
        counts
    }

    /// The files that the user asked for.
    pub(crate) fn requested(&self) -> impl Iterator<Item = &'a SourceFile> {
        self.review.files.iter().map(|(_, file)| file).filter(|file| file.requested)
    }

    /// Whether all code that the user asked for is test code.
    pub(crate) fn only_tests(&self) -> bool {
        let mut code = self.requested().filter(|file| file.language.is_code()).peekable();
        code.peek().is_some() && code.all(|file| file.role == Role::Test)
    }

    /// Whether findings in test code are shown like others: when asked for, or when there is nothing else.
    pub(crate) fn show_tests(&self, asked: bool) -> bool {
        asked || self.only_tests()
    }

    /// What was found, as the main clause of a sentence.
    pub(crate) fn conclusion(&self) -> String {
        let counted = self.counted();
        let defects = counted.iter().filter(|(at, _)| self.outcome(*at) == Outcome::Defect).count();
        let potential = counted.len() - defects;
        match (defects, potential) {
            (0, 0) => "no defect was found".to_owned(),
            (n, 0) => format!("{} found", were(n, "defect")),
            (0, n) => format!("{} found", were(n, "potential defect")),
            (n, m) => format!("{} and {} were found", layout::count(n, "defect"), layout::count(m, "potential defect")),
        }
    }

    /// A sentence on findings that do not count, when there are any.
    pub(crate) fn aside(&self) -> Option<String> {
        let parts = [(self.in_test().len(), "in test code"), (self.suppressed().len(), "suppressed")];
        let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        (!parts.is_empty()).then(|| format!("Findings that do not count: {}.", layout::and(&parts)))
    }

    /// The areas with this verdict.
    pub(crate) fn with_verdict(&self, verdict: Verdict) -> Vec<&'a AreaVerdict> {
        self.review.areas.iter().filter(|area| area.verdict == verdict).collect()
    }
}

fn were(n: usize, noun: &str) -> String {
    format!("{} {}", layout::count(n, noun), if n == 1 { "was" } else { "were" })
}

/// The reason why an area has no site of its own to show, in words.
pub(crate) fn empty_area(area: &AreaVerdict) -> &'static str {
    if area.analysed {
        "nothing in the reviewed code is of the kind that this area asks about"
    } else {
        "this version has no analysis for it"
    }
}

/// A reason's code, or a gap's, in words.
pub(crate) fn words(code: &str) -> String {
    match code {
        "limit" => "analysis limit reached".to_owned(),
        code => code.replace(['-', '_'], " "),
    }
}

/// A reason in words: `sanitised by shlex.quote`, `constant: the text is SELECT 1`.
pub(crate) fn reason(code: &str, detail: &str) -> String {
    let words = words(code);
    match detail {
        "" => words,
        detail if code.ends_with("-by") => format!("{words} {detail}"),
        detail => format!("{words}: {detail}"),
    }
}

/// What weakness numbers and standards a check names: `CWE-89, OWASP A05:2025, ASVS 1.2.4`.
pub(crate) fn standards(finding: &Finding, check: Option<&CheckInfo>) -> String {
    let mut parts: Vec<String> = finding.cwe.iter().map(|n| format!("CWE-{n}")).collect();
    if let Some(check) = check {
        if !check.owasp.is_empty() {
            parts.push(format!("OWASP {}", check.owasp));
        }
        if let Some(asvs) = &check.asvs {
            parts.push(format!("ASVS {asvs}"));
        }
    }
    parts.join(", ")
}
