//! Where the places of a file went when it was edited and its code only moved.

use assay_index::FxHashMap;
use assay_ir::Module;
use assay_text::Span;
use std::collections::hash_map::Entry;

/// Where the places of one text are in another.
///
/// Those of the code are where the front end found them. Others lie in the part that is the same in both texts, from their start on or up to
/// their end; what lies between is nowhere.
pub(crate) struct Move {
    starts: FxHashMap<u32, u32>,
    ends: FxHashMap<u32, u32>,
    /// Up to here both texts are the same.
    same: u32,
    /// From here on they are the same again, each from its own offset.
    rest: (u32, u32),
}

impl Move {
    /// The move between two texts with the modules that were made of them. `None` when two modules disagree.
    pub(crate) fn new<'m>(
        (before, now): (&str, &str),
        modules: impl Iterator<Item = (&'m Module, &'m Module)>,
    ) -> Option<Self> {
        let same = before.bytes().zip(now.bytes()).take_while(|(one, other)| one == other).count();
        let most = before.len().min(now.len()) - same;
        let after = before.bytes().rev().zip(now.bytes().rev()).take(most).take_while(|(one, other)| one == other);
        let after = after.count();
        let offset = |offset: usize| u32::try_from(offset).ok();
        let mut this = Self {
            starts: FxHashMap::default(),
            ends: FxHashMap::default(),
            same: offset(same)?,
            rest: (offset(before.len() - after)?, offset(now.len() - after)?),
        };
        for (one, other) in modules.flat_map(|(one, other)| one.places().zip(other.places())) {
            put(&mut this.starts, one.start, other.start)?;
            put(&mut this.ends, one.end, other.end)?;
        }
        Some(this)
    }

    /// Where a place is now.
    pub(crate) fn span(&self, at: Span) -> Option<Span> {
        let start = self.starts.get(&at.start).copied().or_else(|| self.outside(at.start, at.start < self.same))?;
        if at.is_empty() {
            return Some(Span::new(start, start));
        }
        let end = self.ends.get(&at.end).copied().or_else(|| self.outside(at.end, at.end <= self.same))?;
        (start < end).then(|| Span::new(start, end))
    }

    /// Puts a place where it is now; whether it is anywhere.
    pub(crate) fn follow(&self, at: &mut Span) -> bool {
        self.span(*at).map(|span| *at = span).is_some()
    }

    /// Where an offset is that stands in what is the same in both texts.
    fn outside(&self, offset: u32, is_before: bool) -> Option<u32> {
        if is_before { Some(offset) } else { Some(offset.checked_sub(self.rest.0)? + self.rest.1) }
    }
}

/// Notes where an offset is, if it is not somewhere else already.
fn put(map: &mut FxHashMap<u32, u32>, from: u32, to: u32) -> Option<()> {
    match map.entry(from) {
        Entry::Vacant(entry) => {
            entry.insert(to);
            Some(())
        }
        Entry::Occupied(entry) => (*entry.get() == to).then_some(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(before: &str, now: &str, at: std::ops::Range<u32>) -> Option<(u32, u32)> {
        let moved = Move::new((before, now), std::iter::empty()).unwrap();
        moved.span(Span::new(at.start, at.end)).map(|span| (span.start, span.end))
    }

    #[test]
    fn what_is_the_same_moves_and_what_is_not_is_nowhere() {
        let (before, now) = ("a = b # c\nd\n", "a = b # other\nd\n");
        assert_eq!(moved(before, now, 0..5), Some((0, 5)));
        assert_eq!(moved(before, now, 10..11), Some((14, 15)));
        assert_eq!(moved(before, now, 4..11), Some((4, 15)));
        assert_eq!(moved(before, "a = b # x\nd\n", 8..9), None);
        assert_eq!(moved("ab", "a b", 0..1), Some((0, 1)), "an end stays before what was inserted");
        assert_eq!(moved("ab", "a b", 1..2), Some((2, 3)), "a start goes behind it");
        assert_eq!(moved("ab", "a b", 1..1), Some((2, 2)));
    }
}
