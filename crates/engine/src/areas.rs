//! One verdict for each area.

use assay_finding::{Area, AreaVerdict, CheckInfo, Outcome, Site, Verdict, verdict};
use std::collections::BTreeMap;

/// Areas of which checks see a small part only: settings, regular expressions. Such a check can find a defect; that it finds
/// none says nothing of the area.
const IN_PART: [Area; 1] = [Area::ResourceConsumption];

/// The verdicts of `areas`. `blind` says that there was code, and none of it could be read.
pub(crate) fn verdicts(areas: &[Area], checks: &[CheckInfo], sites: &[Site], blind: bool) -> Vec<AreaVerdict> {
    let area_of: BTreeMap<&str, Area> = checks.iter().map(|check| (check.id.as_str(), check.area)).collect();
    areas
        .iter()
        .map(|&area| {
            let own = || sites.iter().filter(|site| area_of.get(site.check.as_str()) == Some(&area));
            let mut counts = [0; 4];
            let (mut in_test, mut suppressed) = (0, 0);
            for site in own() {
                if site.in_test {
                    in_test += 1;
                } else if site.suppressed {
                    suppressed += 1;
                } else {
                    counts[match site.outcome {
                        Outcome::Defect => 0,
                        Outcome::Potential => 1,
                        Outcome::NotObserved => 2,
                        Outcome::Safe => 3,
                    }] += 1;
                }
            }
            let analysed = checks.iter().any(|check| check.area == area)
                && !(IN_PART.contains(&area) && counts[0] + counts[1] == 0);
            // How declarations and use fit together does not make up for advisories that are missing.
            let aside = |site: &&Site| {
                assay_checks::HYGIENE_CHECKS.contains(&site.check.as_str()) && site.outcome != Outcome::Defect
            };
            let verdict = match verdict(analysed, own().filter(|site| !aside(site))) {
                Verdict::NotApplicable if blind => Verdict::NotObserved,
                verdict => verdict,
            };
            AreaVerdict { area, analysed, verdict, counts, in_test, suppressed }
        })
        .collect()
}
