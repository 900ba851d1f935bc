//! Sets of characters.

/// A set of characters, as ranges of code points.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CharSet {
    /// Sorted, disjoint and not adjacent; both ends belong to the range.
    ranges: Vec<(u32, u32)>,
}

const LAST: u32 = 0x10_FFFF;

impl CharSet {
    /// No character.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every character.
    pub fn any() -> Self {
        Self { ranges: vec![(0, LAST)] }
    }

    /// One character.
    pub fn one(c: char) -> Self {
        Self { ranges: vec![(c as u32, c as u32)] }
    }

    /// The characters of these ranges, in any order.
    pub fn of(ranges: &[(char, char)]) -> Self {
        let mut set =
            Self { ranges: ranges.iter().map(|&(a, b)| (a as u32, b as u32)).filter(|(a, b)| a <= b).collect() };
        set.normalise();
        set
    }

    /// The characters of a text.
    pub fn of_text(text: &str) -> Self {
        let mut set = Self { ranges: text.chars().map(|c| (c as u32, c as u32)).collect() };
        set.normalise();
        set
    }

    fn normalise(&mut self) {
        self.ranges.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(self.ranges.len());
        for &(a, b) in &self.ranges {
            match out.last_mut() {
                Some((_, end)) if a <= end.saturating_add(1) => *end = (*end).max(b),
                _ => out.push((a, b)),
            }
        }
        self.ranges = out;
    }

    /// Adds all characters of another set.
    pub fn add(&mut self, other: &Self) {
        self.ranges.extend_from_slice(&other.ranges);
        self.normalise();
    }

    /// The union.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }

    /// All other characters.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(a, b) in &self.ranges {
            if a > next {
                ranges.push((next, a - 1));
            }
            next = b + 1;
        }
        if next <= LAST {
            ranges.push((next, LAST));
        }
        Self { ranges }
    }

    /// Whether it holds a character.
    pub fn contains(&self, c: char) -> bool {
        let c = c as u32;
        let i = self.ranges.partition_point(|&(_, b)| b < c);
        self.ranges.get(i).is_some_and(|&(a, _)| a <= c)
    }

    /// Whether it holds a character of the range, ends included.
    pub fn touches(&self, first: char, last: char) -> bool {
        let i = self.ranges.partition_point(|&(_, b)| b < first as u32);
        self.ranges.get(i).is_some_and(|&(a, _)| a <= last as u32)
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Its only character, upper and lower case of one ASCII letter counting as the lower case.
    pub fn single(&self) -> Option<char> {
        match self.ranges[..] {
            [(a, b)] if a == b => char::from_u32(a),
            [(a, b), (c, d)] if a == b && c == d && a + 32 == c => char::from_u32(c).filter(char::is_ascii_lowercase),
            _ => None,
        }
    }

    /// Adds the other case of each ASCII letter.
    pub fn fold_case(&mut self) {
        let mut more = Vec::new();
        for &(a, b) in &self.ranges {
            for (low, high, up) in [(u32::from(b'a'), u32::from(b'z'), false), (u32::from(b'A'), u32::from(b'Z'), true)]
            {
                let (from, to) = (a.max(low), b.min(high));
                if from <= to {
                    more.push(if up { (from + 32, to + 32) } else { (from - 32, to - 32) });
                }
            }
        }
        self.ranges.extend(more);
        self.normalise();
    }

    /// The ranges in order, both ends included.
    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// The first character of each range and the last, as samples.
    pub fn samples(&self) -> impl Iterator<Item = char> + '_ {
        self.ranges.iter().flat_map(|&(a, b)| [a, b]).filter_map(char::from_u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complement_holds_exactly_the_others() {
        let set = CharSet::of(&[('b', 'd'), ('x', 'x')]);
        let other = set.complement();
        for c in ['\0', 'a', 'b', 'd', 'e', 'x', 'y', '\u{10FFFF}'] {
            assert_ne!(set.contains(c), other.contains(c), "{c:?}");
        }
        assert_eq!(other.complement(), set);
        assert!(CharSet::any().complement().is_empty());
    }

    #[test]
    fn folding_adds_the_other_case_only() {
        let mut set = CharSet::of(&[('a', 'c'), ('X', '['), ('0', '1')]);
        set.fold_case();
        assert!(set.contains('B') && set.contains('x') && !set.contains('{') && !set.contains('\u{10}'));
        assert_eq!(CharSet::of(&[('Q', 'Q'), ('q', 'q')]).single(), Some('q'));
    }
}
