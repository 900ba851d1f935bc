use crate::Idx;
use std::marker::PhantomData;

/// A growable set of ids, one bit each.
#[derive(Clone)]
pub struct BitSet<I> {
    words: Vec<u64>,
    marker: PhantomData<fn(I) -> I>,
}

impl<I: Idx> BitSet<I> {
    /// The empty set.
    pub const fn new() -> Self {
        Self { words: Vec::new(), marker: PhantomData }
    }

    /// The empty set with room for ids below `len`.
    pub fn with_capacity(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], marker: PhantomData }
    }

    /// Adds `id`; whether it was new.
    pub fn insert(&mut self, id: I) -> bool {
        let (word, bit) = (id.index() / 64, 1u64 << (id.index() % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        new
    }

    /// Takes `id` out; whether it was there.
    pub fn remove(&mut self, id: I) -> bool {
        let (word, bit) = (id.index() / 64, 1u64 << (id.index() % 64));
        match self.words.get_mut(word) {
            Some(w) if *w & bit != 0 => {
                *w &= !bit;
                true
            }
            _ => false,
        }
    }

    /// Whether `id` is in the set.
    pub fn contains(&self, id: I) -> bool {
        self.words.get(id.index() / 64).is_some_and(|w| w & (1u64 << (id.index() % 64)) != 0)
    }

    /// Adds every element of `other`; whether anything was new.
    pub fn union_with(&mut self, other: &Self) -> bool {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        let mut changed = false;
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            changed |= *b & !*a != 0;
            *a |= *b;
        }
        changed
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Whether the set has no element.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|w| *w == 0)
    }

    /// The elements in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = I> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &word)| {
            (0..64).filter(move |bit| word & (1u64 << bit) != 0).map(move |bit| I::new(i * 64 + bit))
        })
    }
}

impl<I: Idx> PartialEq for BitSet<I> {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.words, &other.words);
        let shared = a.len().min(b.len());
        a[..shared] == b[..shared] && a[shared..].iter().chain(&b[shared..]).all(|w| *w == 0)
    }
}

impl<I: Idx> Eq for BitSet<I> {}

impl<I: Idx> Default for BitSet<I> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Idx> std::fmt::Debug for BitSet<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<I: Idx> FromIterator<I> for BitSet<I> {
    fn from_iter<It: IntoIterator<Item = I>>(iter: It) -> Self {
        let mut set = Self::new();
        for id in iter {
            set.insert(id);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    crate::define_id!(struct Id, "i");

    #[test]
    fn sets_of_different_length_compare_by_content() {
        let mut a: BitSet<Id> = [Id::new(3), Id::new(200)].into_iter().collect();
        let b: BitSet<Id> = [Id::new(3)].into_iter().collect();
        assert_ne!(a, b);
        assert!(a.remove(Id::new(200)));
        assert_eq!(a, b);
        assert!(!a.union_with(&b));
        assert_eq!(a.iter().collect::<Vec<_>>(), [Id::new(3)]);
    }
}
