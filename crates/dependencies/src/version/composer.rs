//! PHP's versions, compared part by part: words have a fixed order around the numbers.

use super::Number;
use std::cmp::Ordering;

/// A version of a Composer package.
#[derive(Clone, Debug)]
pub(crate) struct Composer(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Number(Number),
    /// The rank of a word.
    Word(u8),
}

/// The rank of a number beside words.
const NUMBER: u8 = 5;

impl Composer {
    /// Reads a version; everything is one.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let parts = text.split(['.', '-', '_', '+']).flat_map(super::runs);
        Self(
            parts
                .map(|run| {
                    if run.bytes().all(|byte| byte.is_ascii_digit()) {
                        Part::Number(Number::new(run))
                    } else {
                        Part::Word(rank(run))
                    }
                })
                .collect(),
        )
    }
}

fn rank(word: &str) -> u8 {
    match word {
        word if word.starts_with("dev") => 1,
        word if word.starts_with('a') => 2,
        word if word.starts_with('b') => 3,
        word if word.starts_with("RC") || word.starts_with("rc") => 4,
        word if word.starts_with('#') => NUMBER,
        word if word.starts_with('p') => 6,
        _ => 0,
    }
}

impl Part {
    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => NUMBER,
            Self::Word(rank) => *rank,
        }
    }
}

impl Ord for Composer {
    fn cmp(&self, other: &Self) -> Ordering {
        for (a, b) in self.0.iter().zip(&other.0) {
            let order = match (a, b) {
                (Part::Number(a), Part::Number(b)) => a.cmp(b),
                (a, b) => a.rank().cmp(&b.rank()),
            };
            if order.is_ne() {
                return order;
            }
        }
        // Words like `#`, which rank as numbers do, decide nothing.
        let rest = |longer: &[Part], shorter: usize| {
            let mut left = longer[shorter..].iter();
            left.find_map(|part| match part {
                Part::Number(_) => Some(Ordering::Greater),
                Part::Word(rank) => Some(rank.cmp(&NUMBER)).filter(|order| order.is_ne()),
            })
            .unwrap_or(Ordering::Equal)
        };
        match self.0.len().cmp(&other.0.len()) {
            Ordering::Greater => rest(&self.0, other.0.len()),
            Ordering::Less => rest(&other.0, self.0.len()).reverse(),
            Ordering::Equal => Ordering::Equal,
        }
    }
}

impl PartialOrd for Composer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Composer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Composer {}
