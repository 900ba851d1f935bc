//! Ruby's versions: segments of digits or letters; letters make a pre-release.

use super::Number;
use std::cmp::Ordering;

/// A version of a gem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Gem(Vec<Segment>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Segment {
    Word(String),
    Number(Number),
}

impl Gem {
    /// Reads a version; `None` when it has characters that no gem's version has.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.replace('-', ".pre.");
        if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') {
            return None;
        }
        let segments: Vec<Segment> = text
            .split('.')
            .flat_map(super::runs)
            .map(|run| {
                if run.bytes().all(|byte| byte.is_ascii_digit()) {
                    Segment::Number(Number::new(run))
                } else {
                    Segment::Word(run.to_owned())
                }
            })
            .collect();
        // Zeros mean nothing at the end, and before the first word.
        let zero = |segment: &Segment| matches!(segment, Segment::Number(number) if number.is_zero());
        let word = segments.iter().position(|segment| matches!(segment, Segment::Word(_))).unwrap_or(segments.len());
        let (release, pre) = segments.split_at(word);
        let trim = |part: &[Segment]| {
            let end = part.iter().rposition(|segment| !zero(segment)).map_or(0, |at| at + 1);
            part[..end].to_vec()
        };
        Some(Self([trim(release), trim(pre)].concat()))
    }
}

impl Ord for Gem {
    fn cmp(&self, other: &Self) -> Ordering {
        let zero = Segment::Number(Number::new("0"));
        for index in 0..self.0.len().max(other.0.len()) {
            let order = self.0.get(index).unwrap_or(&zero).cmp(other.0.get(index).unwrap_or(&zero));
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }
}

impl PartialOrd for Gem {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
