//! Python's versions and specifiers, as PEP 440 defines them, with the few forms that manifests have besides.

use super::{MAX_DIGITS, Version};
use crate::Ranges;
use pep440_rs::{Operator, Prerelease, Version as Pep440, VersionSpecifier};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::str::FromStr;

/// Specifiers that all have to hold.
#[derive(Clone, Debug)]
pub(crate) struct Specifiers {
    list: Vec<VersionSpecifier>,
    /// Texts compared letter by letter (`===`).
    literal: Vec<String>,
}

/// Reads a version. Numbers that do not fit a machine word make it legacy.
pub(super) fn parse(text: &str) -> Option<Pep440> {
    if super::runs(text).any(|run| run.len() > MAX_DIGITS && run.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    Pep440::from_str(text).ok()
}

/// Reads specifiers that commas separate.
pub(crate) fn specifiers(text: &str) -> Result<Specifiers, String> {
    let mut found = Specifiers { list: Vec::new(), literal: Vec::new() };
    let text = text.trim();
    let text = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text);
    for part in text.split(',') {
        let part = part.trim();
        if part.is_empty() || part == "*" {
            continue;
        }
        if let Some(literal) = part.strip_prefix("===") {
            found.literal.push(literal.trim().to_owned());
            continue;
        }
        if super::runs(part).any(|run| run.len() > MAX_DIGITS && run.starts_with(|c: char| c.is_ascii_digit())) {
            return Err(format!("`{part}` has a number that is too long"));
        }
        let one = VersionSpecifier::from_str(part)
            .or_else(|error| wildcard(part).ok_or(error))
            .map_err(|_| format!("`{part}` is no version specifier of PEP 440"))?;
        found.list.push(one);
    }
    Ok(found)
}

/// `>=1.*`, which PEP 440 no longer admits and old manifests have: the wildcard means nothing there.
fn wildcard(part: &str) -> Option<VersionSpecifier> {
    let bare = part.strip_suffix(".*")?;
    let ordered = [">=", "<=", "<", ">"].into_iter().any(|operator| bare.starts_with(operator));
    if ordered { VersionSpecifier::from_str(bare).ok() } else { None }
}

/// Whether a specifier names a pre-release, which admits pre-releases.
pub(super) fn names_prerelease(specifiers: &Specifiers) -> bool {
    specifiers.list.iter().any(|one| *one.operator() != Operator::NotEqual && one.version().any_prerelease())
        || specifiers.literal.iter().any(|text| parse(text).is_some_and(|version| version.any_prerelease()))
}

/// Whether the specifiers name one version (`==1.0`, `===1.0`).
pub(super) fn is_pin(specifiers: &Specifiers) -> bool {
    !specifiers.literal.is_empty()
        || specifiers.list.iter().any(|one| matches!(one.operator(), Operator::Equal | Operator::ExactEqual))
}

/// The versions that the specifiers admit, as intervals.
pub(super) fn ranges(specifiers: &Specifiers) -> Ranges<Version> {
    let mut ranges = Ranges::full();
    for one in &specifiers.list {
        ranges = ranges.intersection(&range(one));
    }
    for text in &specifiers.literal {
        ranges = ranges.intersection(&Ranges::singleton(Version::new(crate::Ecosystem::PyPI, text)));
    }
    ranges
}

fn range(one: &VersionSpecifier) -> Ranges<Version> {
    let version = one.version();
    let shown = |version: &Pep440| Version::from_pep440(version.clone(), &version.to_string());
    // A point beside a version, shown as that version.
    let beside = |point: Pep440| Version::from_pep440(point, &version.to_string());
    match one.operator() {
        Operator::Equal => equal(version),
        Operator::ExactEqual => Ranges::singleton(shown(version)),
        Operator::NotEqual => equal(version).complement(),
        Operator::EqualStar => star(version),
        Operator::NotEqualStar => star(version).complement(),
        Operator::GreaterThanEqual => Ranges::between(Included(shown(version)), Unbounded),
        // Local versions of the limit are admitted, too.
        Operator::LessThanEqual => match equal(version).intervals().last() {
            Some((_, high)) => Ranges::between(Unbounded, high.clone()),
            None => Ranges::empty(),
        },
        // `<1.0` does not admit 1.0's own pre-releases, unless it names one.
        Operator::LessThan if version.any_prerelease() => Ranges::between(Unbounded, Excluded(shown(version))),
        Operator::LessThan => {
            let first = version.clone().with_local(Vec::new()).with_dev(Some(0));
            Ranges::between(Unbounded, Excluded(beside(first)))
        }
        // `>1.0` admits neither 1.0's post-releases nor its local versions.
        Operator::GreaterThan => {
            let low = match (version.dev(), version.post()) {
                (Some(dev), _) => Included(beside(next_dev(version, dev))),
                (None, Some(post)) => Included(beside(version.clone().with_post(Some(post + 1)).with_dev(Some(0)))),
                (None, None) => Excluded(beside(version.clone().with_post(Some(u64::MAX)))),
            };
            Ranges::between(low, Unbounded)
        }
        Operator::TildeEqual => {
            let release = version.release();
            let kept = release.get(..release.len().saturating_sub(1)).unwrap_or_default();
            let upper = raised(kept, version.epoch());
            Ranges::between(Included(shown(version)), Excluded(beside_text(&upper)))
        }
    }
}

/// The version itself and, unless it is a local one, its local versions.
fn equal(version: &Pep440) -> Ranges<Version> {
    let low = Version::from_pep440(version.clone(), &version.to_string());
    if !version.local().is_empty() {
        return Ranges::singleton(low);
    }
    let next = match (version.dev(), version.post()) {
        (Some(dev), _) => next_dev(version, dev),
        (None, Some(post)) => version.clone().with_post(Some(post + 1)).with_dev(Some(0)),
        (None, None) => version.clone().with_post(Some(0)).with_dev(Some(0)),
    };
    Ranges::between(Included(low), Excluded(Version::from_pep440(next, &version.to_string())))
}

/// What begins after a version and its local versions.
pub(super) fn beyond(version: &Pep440) -> Bound<Version> {
    match equal(version).intervals().last() {
        Some((_, Excluded(next))) => Included(next.clone()),
        _ => Excluded(Version::from_pep440(version.clone(), &version.to_string())),
    }
}

fn next_dev(version: &Pep440, dev: u64) -> Pep440 {
    version.clone().with_dev(Some(dev + 1))
}

/// All versions that start with this one.
fn star(version: &Pep440) -> Ranges<Version> {
    let version = version.clone().with_local(Vec::new());
    let low = version.clone().with_dev(Some(0));
    let high = if let Some(post) = version.post() {
        low.clone().with_post(Some(post + 1))
    } else if let Some(pre) = version.pre() {
        low.clone().with_pre(Some(Prerelease { kind: pre.kind, number: pre.number + 1 }))
    } else {
        raised(version.release(), version.epoch())
    };
    let low = Version::from_pep440(low, &version.to_string());
    Ranges::between(Included(low), Excluded(beside_text(&high)))
}

/// The first development release of the release whose last number is one more.
fn raised(release: &[u64], epoch: u64) -> Pep440 {
    let mut release = release.to_vec();
    if let Some(last) = release.last_mut() {
        *last = last.saturating_add(1);
    }
    Pep440::new(release).with_epoch(epoch).with_dev(Some(0))
}

/// The point, shown without the development release that makes it exact.
fn beside_text(point: &Pep440) -> Version {
    let text = point.clone().with_dev(None).to_string();
    Version::from_pep440(point.clone(), &text)
}
