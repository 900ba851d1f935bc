//! Which arguments or parameters a step means: the text between the brackets of `Argument[…]`.

use crate::error::Problem;
use std::ops::RangeInclusive;

/// A set of arguments of a call, or of parameters of a function.
///
/// Positions count from 0 and leave the receiver out.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ArgumentSpec {
    /// Positions; an open range ends at `u32::MAX`.
    pub positions: Vec<RangeInclusive<u32>>,
    /// Names (keywords).
    pub names: Vec<String>,
    /// Every argument but the receiver.
    pub any: bool,
    /// Every name.
    pub any_named: bool,
    /// The object that a method is called on.
    pub receiver: bool,
}

impl ArgumentSpec {
    /// Whether the argument at position `i` is meant.
    pub fn matches_position(&self, i: u32) -> bool {
        self.any || self.positions.iter().any(|range| range.contains(&i))
    }

    /// Whether the argument named `n` is meant.
    pub fn matches_name(&self, n: &str) -> bool {
        self.any || self.any_named || self.names.iter().any(|name| name == n)
    }

    /// The receiver alone.
    pub(crate) fn receiver() -> Self {
        Self { receiver: true, ..Self::default() }
    }

    /// Reads `0,url:`, `1..`, `any`, `any-named`, `self`.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let mut spec = Self::default();
        let mut offset = 0;
        for part in text.split(',') {
            let item = part.trim();
            let at = offset + (part.len() - part.trim_start().len());
            offset += part.len() + 1;
            match item {
                "any" => spec.any = true,
                "any-named" => spec.any_named = true,
                "self" => spec.receiver = true,
                _ => {
                    if let Some(name) = item.strip_suffix(':') {
                        if !is_name(name) {
                            return Err(Problem::new(at, format!("`{name}` is no name of an argument")));
                        }
                        spec.names.push(name.to_owned());
                    } else {
                        spec.positions.push(parse_range(item).ok_or_else(|| {
                            Problem::new(
                                at,
                                format!(
                                    "`{item}` means no argument: write a position (`0`), a range (`1..`, `1..3`), \
                                     a name with a colon (`url:`), `any`, `any-named` or `self`"
                                ),
                            )
                        })?);
                    }
                }
            }
        }
        Ok(spec)
    }
}

/// Whether `text` could be an identifier.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

fn parse_range(text: &str) -> Option<RangeInclusive<u32>> {
    let number =
        |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten();
    match text.split_once("..") {
        None => number(text).map(|i| i..=i),
        Some((low, "")) => number(low).map(|i| i..=u32::MAX),
        Some((low, high)) => {
            let (low, high) = (number(low)?, number(high)?);
            (low <= high).then_some(low..=high)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_ranges_and_names() {
        let spec = ArgumentSpec::parse("0, 2..3,url:").unwrap();
        assert!(spec.matches_position(0) && spec.matches_position(3));
        assert!(!spec.matches_position(1) && !spec.matches_position(4));
        assert!(spec.matches_name("url") && !spec.matches_name("uri"));
        assert!(!spec.receiver);
        assert!(ArgumentSpec::parse("1..").unwrap().matches_position(u32::MAX));
        let any = ArgumentSpec::parse("any").unwrap();
        assert!(any.matches_position(7) && any.matches_name("x") && !any.receiver);
        let named = ArgumentSpec::parse("any-named").unwrap();
        assert!(named.matches_name("x") && !named.matches_position(0));
        assert!(ArgumentSpec::parse("self").unwrap().receiver);
    }

    #[test]
    fn mistakes_are_placed() {
        for (text, offset) in [("url", 0), ("0,3..1", 2), ("0, -1", 3), ("", 0), ("a b:", 0), ("99999999999", 0)] {
            assert_eq!(ArgumentSpec::parse(text).unwrap_err().offset, offset, "{text}");
        }
    }
}
