//! What the tests of examples share.

use assay_finding::{Outcome, Review};

/// Reasons of places that are not observed and say that something is amiss all the same.
const AMISS: [&str; 5] =
    ["not-declared", "used-by-tests-only", "no-use-seen", "different-floors", "no-version-asked-for"];

/// The places that are defects or potential ones, or otherwise amiss: path, check, and line from 1.
pub(crate) fn open_sites(review: &Review) -> Vec<(&str, &str, u32)> {
    let open = review.sites.iter().filter(|s| {
        matches!(s.outcome, Outcome::Defect | Outcome::Potential) || AMISS.contains(&s.reason.code.as_str())
    });
    open.map(|site| {
        let file = review.files.get(site.place.file);
        (&*file.path, site.check.as_str(), file.line_column(site.place.span.start).line)
    })
    .collect()
}
