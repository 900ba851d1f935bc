//! What the tests of examples share.

use assay_finding::{Outcome, Review};

/// The places that are defects or potential ones: path, check, and line from 1.
pub(crate) fn open_sites(review: &Review) -> Vec<(&str, &str, u32)> {
    let open = review.sites.iter().filter(|s| matches!(s.outcome, Outcome::Defect | Outcome::Potential));
    open.map(|site| {
        let file = review.files.get(site.place.file);
        (&*file.path, site.check.as_str(), file.line_column(site.place.span.start).line)
    })
    .collect()
}
