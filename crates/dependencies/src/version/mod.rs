//! Versions and their order, which each ecosystem defines for itself.
//!
//! - A [`Version`] is a text with what it means to its ecosystem. Two of the same ecosystem compare as that
//!   ecosystem's own tools compare them.
//! - A text that the ecosystem's rules do not admit is *legacy*: it has an order, too (numbers by value, words
//!   by letters), and comes before everything that the rules admit.

mod composer;
mod debian;
mod gem;
mod maven;
mod pep440;
mod semver;

pub(crate) use pep440::{Specifiers, specifiers};

use crate::{Ecosystem, Ranges};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::sync::Arc;

/// Longest text that is compared by an ecosystem's rules; a longer one is legacy.
const MAX_VERSION_BYTES: usize = 256;
/// Most digits in a row that are taken for one number where numbers are machine words.
const MAX_DIGITS: usize = 18;

/// A version of a package.
#[derive(Clone)]
pub struct Version(Arc<Inner>);

struct Inner {
    text: Box<str>,
    key: Key,
}

/// What a version means.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    Legacy(Vec<Part>),
    Pep440(pep440_rs::Version),
    Semver(semver::Semver),
    Maven(maven::Maven),
    Gem(gem::Gem),
    Composer(composer::Composer),
    Debian(debian::Debian),
}

/// A whole number of any length.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Number(Box<str>);

impl Number {
    pub(crate) fn new(digits: &str) -> Self {
        Self(digits.trim_start_matches('0').into())
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The next number.
    pub(crate) fn successor(&self) -> Self {
        let mut digits: Vec<u8> = self.0.bytes().collect();
        for digit in digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return Self(String::from_utf8_lossy(&digits).into());
            }
            *digit = b'0';
        }
        digits.insert(0, b'1');
        Self(String::from_utf8_lossy(&digits).into())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "0" } else { &self.0 })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A run of digits, or of anything else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Part {
    Word(String),
    Number(Number),
}

fn legacy(text: &str) -> Vec<Part> {
    runs(text)
        .filter(|run| run.chars().any(char::is_alphanumeric))
        .map(|run| {
            if run.bytes().all(|byte| byte.is_ascii_digit()) {
                Part::Number(Number::new(run))
            } else {
                Part::Word(run.to_lowercase())
            }
        })
        .collect()
}

/// The runs of digits and of other characters.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

impl Version {
    /// Reads a version of `ecosystem`. Never fails: what the rules do not admit is legacy.
    pub fn new(ecosystem: Ecosystem, text: &str) -> Self {
        let text = text.trim();
        let key = if text.len() > MAX_VERSION_BYTES { None } else { Self::key(ecosystem, text) };
        Self::of(text, key.unwrap_or_else(|| Key::Legacy(legacy(text))))
    }

    fn of(text: &str, key: Key) -> Self {
        Self(Arc::new(Inner { text: text.into(), key }))
    }

    fn key(ecosystem: Ecosystem, text: &str) -> Option<Key> {
        Some(match ecosystem {
            Ecosystem::PyPI => Key::Pep440(pep440::parse(text)?),
            Ecosystem::Go | Ecosystem::Rust | Ecosystem::Npm => Key::Semver(semver::Semver::parse(text, 3, false)?),
            Ecosystem::NuGet | Ecosystem::Conan => Key::Semver(semver::Semver::parse(text, 4, true)?),
            Ecosystem::Maven => Key::Maven(maven::Maven::parse(text)),
            Ecosystem::RubyGems => Key::Gem(gem::Gem::parse(text)?),
            Ecosystem::Packagist => Key::Composer(composer::Composer::parse(text)),
            Ecosystem::Debian => Key::Debian(debian::Debian::parse(text)?),
        })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether the ecosystem's rules do not admit it.
    pub fn is_legacy(&self) -> bool {
        matches!(self.0.key, Key::Legacy(_))
    }

    /// Whether it is a pre-release.
    pub fn is_prerelease(&self) -> bool {
        match &self.0.key {
            Key::Pep440(version) => version.any_prerelease(),
            Key::Semver(version) => version.is_prerelease(),
            _ => false,
        }
    }

    /// Where what comes after it, and after the local versions of it that no registry has, begins.
    pub(crate) fn beyond(&self) -> Bound<Self> {
        match &self.0.key {
            Key::Pep440(version) => pep440::beyond(version),
            _ => Excluded(self.clone()),
        }
    }

    pub(crate) fn from_pep440(version: pep440_rs::Version, text: &str) -> Self {
        Self::of(text, Key::Pep440(version))
    }

    pub(crate) fn from_semver(version: semver::Semver, text: &str) -> Self {
        Self::of(text, Key::Semver(version))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }
}

impl Eq for Version {}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.key.cmp(&other.0.key)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

/// What versions a declaration admits.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// As it was written, without the name.
    pub text: String,
    /// The versions admitted, released or not.
    pub ranges: Ranges<Version>,
    /// Whether pre-releases are admitted although a release would do.
    pub prereleases: bool,
    /// The specifiers themselves.
    pep440: Option<Specifiers>,
}

impl Requirement {
    /// Reads what follows a name in a manifest of `ecosystem`. An empty text admits everything.
    ///
    /// # Errors
    /// What the ecosystem's tools would refuse, in words.
    pub fn new(ecosystem: Ecosystem, text: &str) -> Result<Self, String> {
        let text = text.trim();
        let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match ecosystem {
            Ecosystem::PyPI => {
                let specifiers = specifiers(text)?;
                let ranges = pep440::ranges(&specifiers);
                let prereleases = pep440::names_prerelease(&specifiers);
                Ok(Self { text: shown, ranges, prereleases, pep440: Some(specifiers) })
            }
            Ecosystem::Npm | Ecosystem::Conan => {
                let ranges = semver::npm_ranges(text)?;
                Ok(Self { text: shown, ranges, prereleases: text.contains('-'), pep440: None })
            }
            Ecosystem::Rust => {
                let ranges = semver::cargo_ranges(text)?;
                Ok(Self { text: shown, ranges, prereleases: text.contains('-'), pep440: None })
            }
            _ => Ok(Self::exactly(&Version::new(ecosystem, text))),
        }
    }

    /// One version and nothing else.
    pub fn exactly(version: &Version) -> Self {
        Self {
            text: version.text().to_owned(),
            ranges: Ranges::singleton(version.clone()),
            prereleases: true,
            pep440: None,
        }
    }

    /// What these intervals hold, written as `text`.
    pub fn of_ranges(text: &str, ranges: Ranges<Version>) -> Self {
        Self { text: text.to_owned(), ranges, prereleases: false, pep440: None }
    }

    /// From here on the intervals alone decide.
    pub(crate) fn limit_to_ranges(&mut self) {
        self.pep440 = None;
    }

    /// Whether a resolver may select `version` for it.
    pub fn admits(&self, version: &Version) -> bool {
        if version.is_prerelease() && !self.prereleases {
            return false;
        }
        self.ranges.contains(version)
    }

    /// The one version that it names, when it admits no other.
    pub fn pin(&self) -> Option<&Version> {
        let [(Included(low), high)] = self.ranges.intervals() else { return None };
        let exact = match high {
            Included(high) => low == high,
            Excluded(_) => self.pep440.as_ref().is_some_and(pep440::is_pin),
            Unbounded => false,
        };
        exact.then_some(low)
    }

    /// The lowest version admitted, and whether it is itself.
    pub fn floor(&self) -> Option<(&Version, bool)> {
        match self.ranges.intervals().first()? {
            (Included(version), _) => Some((version, true)),
            (Excluded(version), _) => Some((version, false)),
            (Unbounded, _) => None,
        }
    }
}

/// An end of an interval in words that people read: `from 1.0`, `above 1.0`; `None` when it has none.
pub(crate) fn low_words(bound: &Bound<Version>) -> Option<String> {
    match bound {
        Included(version) => Some(format!("from {version}")),
        Excluded(version) => Some(format!("above {version}")),
        Unbounded => None,
    }
}

/// The other end: `up to 1.0`, `below 1.0`.
pub(crate) fn high_words(bound: &Bound<Version>) -> Option<String> {
    match bound {
        Included(version) => Some(format!("up to {version}")),
        Excluded(version) => Some(format!("below {version}")),
        Unbounded => None,
    }
}

/// Ranges in words.
pub fn describe(ranges: &Ranges<Version>) -> String {
    let parts: Vec<String> = ranges
        .intervals()
        .iter()
        .map(|(low, high)| match (low, high) {
            (Included(low), Included(high)) if low == high => low.to_string(),
            _ => match (low_words(low), high_words(high)) {
                (Some(low), Some(high)) => format!("{low} {high}"),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => "every version".to_owned(),
            },
        })
        .collect();
    if parts.is_empty() { "no version".to_owned() } else { parts.join(", ") }
}
