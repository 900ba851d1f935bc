//! Semantic versions (Go, Rust, npm and, with four numbers, NuGet), and the ranges of npm and Cargo.

use super::{Number, Version};
use crate::Ranges;
use std::cmp::Ordering;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// Most alternatives and comparators of one npm range.
const MAX_COMPARATORS: usize = 256;

/// A semantic version. Build metadata takes no part in its order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Semver {
    numbers: Vec<Number>,
    pre: Vec<Identifier>,
}

/// Part of a pre-release; numbers come before words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Identifier {
    Number(Number),
    Word(String),
}

impl Semver {
    /// Reads a version with up to `most` numbers; those that are missing are zero. `fold` says that case does not
    /// matter.
    pub(super) fn parse(text: &str, most: usize, fold: bool) -> Option<Self> {
        let text = text.trim().trim_start_matches(['=', ' ']);
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split('+').next().unwrap_or(text);
        let (release, pre) = match text.split_once('-') {
            Some((release, pre)) => (release, Some(pre)),
            None => (text, None),
        };
        let mut numbers = Vec::with_capacity(most);
        for part in release.split('.') {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            numbers.push(Number::new(part));
        }
        let pre = pre.map(|pre| identifiers(pre, fold)).unwrap_or_default();
        while numbers.last().is_some_and(Number::is_zero) {
            numbers.pop();
        }
        Some(Self { numbers, pre })
    }

    fn of(numbers: &[Number], pre: Vec<Identifier>) -> Self {
        let mut numbers = numbers.to_vec();
        while numbers.last().is_some_and(Number::is_zero) {
            numbers.pop();
        }
        Self { numbers, pre }
    }

    pub(super) fn is_prerelease(&self) -> bool {
        !self.pre.is_empty()
    }

    /// The lowest pre-release of this release: below everything that bears its numbers.
    fn lowest(numbers: &[Number]) -> Self {
        Self::of(numbers, vec![Identifier::Number(Number::new("0"))])
    }
}

fn identifiers(pre: &str, fold: bool) -> Vec<Identifier> {
    pre.split('.')
        .map(|part| match !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            true => Identifier::Number(Number::new(part)),
            false if fold => Identifier::Word(part.to_lowercase()),
            false => Identifier::Word(part.to_owned()),
        })
        .collect()
}

impl Ord for Semver {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.pre.cmp(&other.pre),
        })
    }
}

impl PartialOrd for Semver {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A version of which numbers may be missing: `1`, `1.x`, `1.2.3-beta`.
struct Partial {
    numbers: Vec<Number>,
    pre: Vec<Identifier>,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']).trim_start();
        let text = text.split('+').next().unwrap_or(text);
        let (release, pre) = match text.split_once('-') {
            Some((release, pre)) => (release, identifiers(pre, false)),
            None => (text, Vec::new()),
        };
        let mut numbers = Vec::new();
        let mut wild = false;
        for part in release.split('.') {
            match part {
                "x" | "X" | "*" => wild = true,
                "" if release.is_empty() => wild = true,
                part if part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() && numbers.len() < 3 => {
                    if !wild {
                        numbers.push(Number::new(part));
                    }
                }
                _ => return None,
            }
        }
        Some(Self { pre: if numbers.len() == 3 { pre } else { Vec::new() }, numbers })
    }

    fn full(&self) -> [Number; 3] {
        let at = |index: usize| self.numbers.get(index).cloned().unwrap_or_else(|| Number::new("0"));
        [at(0), at(1), at(2)]
    }

    fn low(&self) -> Version {
        let version = Semver::of(&self.full(), self.pre.clone());
        named(version, &self.full(), &self.pre)
    }

    /// The end of what bears these first `kept` numbers.
    fn after(&self, kept: usize) -> Bound<Version> {
        if kept == 0 {
            return Unbounded;
        }
        let mut numbers = self.full();
        for (index, number) in numbers.iter_mut().enumerate() {
            if index + 1 == kept {
                *number = number.successor();
            } else if index >= kept {
                *number = Number::new("0");
            }
        }
        Excluded(named(Semver::lowest(&numbers), &numbers, &[]))
    }
}

fn named(version: Semver, numbers: &[Number; 3], pre: &[Identifier]) -> Version {
    let mut text = format!("{}.{}.{}", numbers[0], numbers[1], numbers[2]);
    for (index, identifier) in pre.iter().enumerate() {
        text.push(if index == 0 { '-' } else { '.' });
        match identifier {
            Identifier::Number(number) => text.push_str(&number.to_string()),
            Identifier::Word(word) => text.push_str(word),
        }
    }
    Version::from_semver(version, &text)
}

/// The ranges of npm: alternatives with `||`, comparators, `~`, `^`, `x`, `1.2 - 2.3`.
pub(super) fn npm_ranges(text: &str) -> Result<Ranges<Version>, String> {
    let mut all = Ranges::empty();
    let mut count = 0;
    for alternative in text.split("||") {
        let mut ranges = Ranges::full();
        let alternative = alternative.trim();
        if let Some((low, high)) = alternative.split_once(" - ") {
            let (low, high) = (partial(low, text)?, partial(high, text)?);
            let end = if high.numbers.len() == 3 { Included(high.low()) } else { high.after(high.numbers.len()) };
            ranges = Ranges::between(Included(low.low()), end);
        } else {
            for comparator in comparators(alternative) {
                count += 1;
                if count > MAX_COMPARATORS {
                    return Err(format!("more than {MAX_COMPARATORS} comparators"));
                }
                ranges = ranges.intersection(&npm_comparator(&comparator, text)?);
            }
        }
        all = all.union(&ranges);
    }
    Ok(all)
}

fn partial(text: &str, whole: &str) -> Result<Partial, String> {
    Partial::parse(text).ok_or_else(|| format!("`{}` in `{}` is no version", text.trim(), whole.trim()))
}

/// Splits at white space, but not between an operator and its version.
fn comparators(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split([' ', '\t', ',']).filter(|word| !word.is_empty()) {
        match found.last_mut() {
            Some(last) if last.ends_with(['<', '>', '=', '~', '^']) => last.push_str(word),
            _ => found.push(word.to_owned()),
        }
    }
    found
}

fn npm_comparator(text: &str, whole: &str) -> Result<Ranges<Version>, String> {
    let end = text.find(|c: char| !matches!(c, '<' | '>' | '=' | '~' | '^')).unwrap_or(text.len());
    let (operator, rest) = text.split_at(end);
    let version = partial(rest, whole)?;
    let given = version.numbers.len();
    if given == 0 && !matches!(operator, "<" | ">") {
        return Ok(Ranges::full());
    }
    let low = Included(version.low());
    Ok(match operator {
        "" | "=" | "==" if given == 3 => Ranges::singleton(version.low()),
        "" | "=" | "==" => Ranges::between(low, version.after(given)),
        ">=" => Ranges::between(low, Unbounded),
        ">" if given == 3 => Ranges::between(Excluded(version.low()), Unbounded),
        ">" => match version.after(given) {
            Excluded(end) => Ranges::between(Included(end), Unbounded),
            _ => Ranges::empty(),
        },
        "<" if given == 3 => Ranges::between(Unbounded, Excluded(version.low())),
        "<" if given == 0 => Ranges::empty(),
        "<" => {
            let numbers = version.full();
            Ranges::between(Unbounded, Excluded(named(Semver::lowest(&numbers), &numbers, &[])))
        }
        "<=" if given == 3 => Ranges::between(Unbounded, Included(version.low())),
        "<=" => Ranges::between(Unbounded, version.after(given)),
        "~" | "~>" => Ranges::between(low, version.after(given.min(2))),
        "^" => Ranges::between(low, version.after(caret(&version))),
        _ => return Err(format!("`{operator}` in `{}` is no operator", whole.trim())),
    })
}

/// How many numbers a caret keeps: up to the first that is not zero.
fn caret(version: &Partial) -> usize {
    let given = version.numbers.len();
    version.numbers.iter().position(|number| !number.is_zero()).map_or(given, |at| at + 1)
}

/// The ranges of Cargo: comparators that commas separate; a bare version means a caret.
pub(super) fn cargo_ranges(text: &str) -> Result<Ranges<Version>, String> {
    let mut ranges = Ranges::full();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let bare = part.starts_with(|c: char| c.is_ascii_digit()) && !part.contains('*');
        let comparator = if bare { format!("^{part}") } else { part.replace(' ', "") };
        ranges = ranges.intersection(&npm_comparator(&comparator, text)?);
    }
    Ok(ranges)
}
