//! One verdict for each area.

use assay_finding::{Area, AreaVerdict, CheckInfo, Outcome, Site, Verdict, verdict};
use std::collections::BTreeMap;

/// The verdicts of `areas`. `blind` says that there was code, and none of it could be read.
pub(crate) fn verdicts(areas: &[Area], checks: &[CheckInfo], sites: &[Site], blind: bool) -> Vec<AreaVerdict> {
    let area_of: BTreeMap<&str, Area> = checks.iter().map(|check| (check.id.as_str(), check.area)).collect();
    areas
        .iter()
        .map(|&area| {
            let own: Vec<&Site> = sites.iter().filter(|site| area_of.get(site.check.as_str()) == Some(&area)).collect();
            let analysed = checks.iter().any(|check| check.area == area);
            let mut of_area = AreaVerdict::of(area, analysed, own.iter().copied());
            of_area.verdict = match verdict(analysed, own.into_iter().filter(|site| !aside(site))) {
                Verdict::NotApplicable if blind => Verdict::NotObserved,
                verdict => verdict,
            };
            of_area
        })
        .collect()
}

/// Whether a site is counted and has no part in the verdict: how declarations and use fit together does not make up for
/// advisories that are missing.
fn aside(site: &Site) -> bool {
    assay_checks::HYGIENE_CHECKS.contains(&site.check.as_str()) && site.outcome != Outcome::Defect
}

#[cfg(test)]
mod tests {
    use super::verdicts;
    use assay_finding::{Area, CheckInfo, Outcome, Place, Reason, Severity, Site, Verdict};
    use assay_index::Idx;
    use assay_text::{FileId, Span};

    fn check(id: &str, area: Area) -> CheckInfo {
        CheckInfo {
            id: id.to_owned(),
            title: id.to_owned(),
            area,
            cwe: Vec::new(),
            owasp: String::new(),
            asvs: None,
            severity: Severity::Low,
            languages: Vec::new(),
            summary: String::new(),
            documentation: String::new(),
        }
    }

    fn site(check: &str, outcome: Outcome, in_test: bool) -> Site {
        let place = Place { file: FileId::new(0), span: Span::new(0, 1), function: "m".to_owned() };
        Site {
            check: check.to_owned(),
            noun: "place".to_owned(),
            api: "f".to_owned(),
            place,
            outcome,
            reason: Reason { code: "r".to_owned(), detail: String::new() },
            finding: None,
            in_test,
            suppressed: false,
        }
    }

    #[test]
    fn every_area_is_judged_by_its_own_sites() {
        let checks = [
            check("unbounded-resource", Area::ResourceConsumption),
            check("missing-authorization", Area::AccessControl),
        ];
        let sites = [
            site("unbounded-resource", Outcome::Safe, false),
            site("unbounded-resource", Outcome::Safe, false),
            site("unbounded-resource", Outcome::NotObserved, false),
            site("unbounded-resource", Outcome::Defect, true),
            site("missing-authorization", Outcome::Potential, false),
        ];
        let areas = [Area::ResourceConsumption, Area::AccessControl, Area::ErrorHandling];
        let [resources, access, errors] = &verdicts(&areas, &checks, &sites, false)[..] else { panic!("three areas") };
        assert_eq!((resources.verdict, resources.counts, resources.in_test), (Verdict::Clear, [0, 0, 1, 2], 1));
        assert_eq!((access.verdict, access.counts), (Verdict::PotentialDefects, [0, 1, 0, 0]));
        assert_eq!((errors.verdict, errors.analysed), (Verdict::NotObserved, false), "no check is of this area");
    }

    #[test]
    fn declarations_that_fit_do_not_clear_the_dependencies() {
        let id = assay_checks::HYGIENE_CHECKS[0];
        let checks = [check(id, Area::Dependencies)];
        let of = |outcome| verdicts(&[Area::Dependencies], &checks, &[site(id, outcome, false)], false)[0].clone();
        assert_eq!(of(Outcome::Safe).verdict, Verdict::NotApplicable);
        assert_eq!(of(Outcome::Safe).counts, [0, 0, 0, 1], "counted all the same");
        assert_eq!(of(Outcome::Defect).verdict, Verdict::DefectsFound);
    }
}
