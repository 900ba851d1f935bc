//! The laws of the verdict: it follows from the sites alone, and a worse outcome never makes it better.

use assay_finding::{Area, AreaVerdict, Outcome, Place, Reason, Site, Verdict, verdict};
use assay_index::Idx;
use assay_text::{FileId, Span};
use proptest::prelude::*;

fn site(outcome: Outcome, in_test: bool, suppressed: bool) -> Site {
    Site {
        check: "sql-injection".into(),
        noun: "database call".into(),
        api: "sqlite3.Cursor.execute".into(),
        place: Place { file: FileId::new(0), span: Span::new(0, 1), function: "m".into() },
        outcome,
        reason: Reason { code: "constant".into(), detail: String::new() },
        finding: None,
        in_test,
        suppressed,
    }
}

fn any_site() -> impl Strategy<Value = Site> {
    (0..4usize, prop::bool::weighted(0.2), prop::bool::weighted(0.2))
        .prop_map(|(outcome, in_test, suppressed)| site(Outcome::ALL[outcome], in_test, suppressed))
}

fn sites() -> impl Strategy<Value = Vec<Site>> {
    prop::collection::vec(any_site(), 0..12)
}

/// How bad a verdict is, the worst first.
fn rank(verdict: Verdict) -> usize {
    Verdict::ALL.iter().position(|v| *v == verdict).expect("all are listed")
}

fn counts(site: &Site) -> bool {
    !site.in_test && !site.suppressed
}

#[test]
fn each_verdict_has_its_case() {
    use Outcome::{Defect, NotObserved, Potential, Safe};
    let of = |outcomes: &[Outcome]| {
        let sites: Vec<Site> = outcomes.iter().map(|o| site(*o, false, false)).collect();
        verdict(true, &sites)
    };
    assert_eq!(of(&[]), Verdict::NotApplicable);
    assert_eq!(of(&[Safe]), Verdict::Clear);
    assert_eq!(of(&[Safe, NotObserved]), Verdict::Clear, "half may be unobserved");
    assert_eq!(of(&[Safe, NotObserved, NotObserved]), Verdict::NotObserved, "more than half may not");
    assert_eq!(of(&[NotObserved, NotObserved, Potential]), Verdict::PotentialDefects);
    assert_eq!(of(&[Safe, Potential, Defect]), Verdict::DefectsFound);
}

#[test]
fn an_area_without_an_analysis_is_not_observed() {
    assert_eq!(verdict(false, &[]), Verdict::NotObserved);
    assert_eq!(verdict(false, &[site(Outcome::Safe, false, false)]), Verdict::NotObserved);
}

#[test]
fn every_id_leads_back_to_its_value() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_id(outcome.id()), Some(outcome));
    }
    for area in Area::ALL {
        assert_eq!(Area::from_id(area.id()), Some(area));
    }
    assert_eq!(Outcome::from_id("Safe"), None);
}

proptest! {
    #[test]
    fn a_worse_outcome_never_makes_the_verdict_better(mut sites in sites(), at in 0..12usize, to in 0..4usize) {
        prop_assume!(!sites.is_empty());
        let at = at % sites.len();
        let worse = Outcome::ALL[to];
        prop_assume!(worse <= sites[at].outcome);
        let before = verdict(true, &sites);
        sites[at].outcome = worse;
        prop_assert!(rank(verdict(true, &sites)) <= rank(before));
    }

    #[test]
    fn one_more_defect_decides(mut sites in sites()) {
        sites.push(site(Outcome::Defect, false, false));
        prop_assert_eq!(verdict(true, &sites), Verdict::DefectsFound);
    }

    #[test]
    fn tests_and_suppressed_findings_do_not_count(sites in sites()) {
        let counted: Vec<Site> = sites.iter().filter(|s| counts(s)).cloned().collect();
        prop_assert_eq!(verdict(true, &sites), verdict(true, &counted));
    }

    #[test]
    fn neither_order_nor_repetition_matters(sites in sites()) {
        let before = verdict(true, &sites);
        let reversed: Vec<Site> = sites.iter().rev().cloned().collect();
        prop_assert_eq!(verdict(true, &reversed), before);
        let twice: Vec<Site> = sites.iter().chain(&sites).cloned().collect();
        prop_assert_eq!(verdict(true, &twice), before);
    }

    #[test]
    fn clear_means_that_something_was_seen_and_nothing_is_open(sites in sites()) {
        if verdict(true, &sites) == Verdict::Clear {
            prop_assert!(sites.iter().any(|s| counts(s) && s.outcome == Outcome::Safe));
            prop_assert!(sites.iter().filter(|s| counts(s)).all(|s| s.outcome > Outcome::Potential));
        }
    }

    #[test]
    fn the_counts_of_an_area_add_up(sites in sites()) {
        let area = AreaVerdict::of(Area::Injection, true, &sites);
        prop_assert_eq!(area.counts.iter().sum::<usize>() + area.in_test + area.suppressed, sites.len());
        prop_assert_eq!(area.verdict, verdict(true, &sites));
        let defects = sites.iter().filter(|s| counts(s) && s.outcome == Outcome::Defect).count();
        prop_assert_eq!(area.counts[0], defects);
        prop_assert_eq!(area.counts[0] > 0, area.verdict == Verdict::DefectsFound);
    }
}
