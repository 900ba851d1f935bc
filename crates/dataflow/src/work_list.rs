//! Work lists.

use assay_index::{BitSet, Idx};
use assay_ir::{BlockId, Function};
use std::collections::VecDeque;

/// A queue in which each id stands at most once at a time: first in, first out.
#[derive(Clone, Debug)]
pub struct WorkList<I: Idx> {
    queue: VecDeque<I>,
    queued: BitSet<I>,
}

impl<I: Idx> WorkList<I> {
    /// An empty queue.
    pub fn new() -> Self {
        Self { queue: VecDeque::new(), queued: BitSet::new() }
    }

    /// Puts `id` at the end unless it is waiting already; whether it was put there.
    pub fn push(&mut self, id: I) -> bool {
        let new = self.queued.insert(id);
        if new {
            self.queue.push_back(id);
        }
        new
    }

    /// Takes the next id.
    pub fn pop(&mut self) -> Option<I> {
        let id = self.queue.pop_front()?;
        self.queued.remove(id);
        Some(id)
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// How many ids wait.
    pub fn len(&self) -> usize {
        self.queue.len()
    }
}

impl<I: Idx> Default for WorkList<I> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Idx> FromIterator<I> for WorkList<I> {
    fn from_iter<T: IntoIterator<Item = I>>(iter: T) -> Self {
        let mut list = Self::new();
        for id in iter {
            list.push(id);
        }
        list
    }
}

/// A set of ids that hands out the one of the smallest rank first. With reverse postorder as the rank, a
/// forward analysis sees each block after its predecessors, loops apart.
#[derive(Clone, Debug)]
pub struct OrderedWorkList {
    waiting: Vec<u64>,
    first: usize,
}

impl OrderedWorkList {
    /// An empty set with room for ranks below `len`.
    pub fn new(len: usize) -> Self {
        Self { waiting: vec![0; len.div_ceil(64)], first: usize::MAX }
    }

    /// Adds a rank; whether it was new.
    pub fn push(&mut self, rank: usize) -> bool {
        let (word, bit) = (rank / 64, 1u64 << (rank % 64));
        if word >= self.waiting.len() {
            self.waiting.resize(word + 1, 0);
        }
        self.first = self.first.min(word);
        let new = self.waiting[word] & bit == 0;
        self.waiting[word] |= bit;
        new
    }

    /// Takes the smallest rank.
    pub fn pop(&mut self) -> Option<usize> {
        let mut word = self.first;
        while word < self.waiting.len() {
            let bits = self.waiting[word];
            if bits != 0 {
                self.first = word;
                self.waiting[word] = bits & (bits - 1);
                return Some(word * 64 + bits.trailing_zeros() as usize);
            }
            word += 1;
        }
        self.first = usize::MAX;
        None
    }
}

/// Visits the blocks of a function in reverse postorder until nothing changes.
///
/// `visit` processes one block and calls its second argument with each block whose input it
/// changed. The entry is visited first. Stops after `limit` visits; whether it came to the end.
pub fn forward_fixpoint(
    function: &Function,
    reverse_postorder: &[BlockId],
    limit: usize,
    mut visit: impl FnMut(BlockId, &mut dyn FnMut(BlockId)),
) -> bool {
    let mut rank = vec![usize::MAX; function.blocks.len()];
    for (i, block) in reverse_postorder.iter().enumerate() {
        if let Some(r) = rank.get_mut(block.index()) {
            *r = i;
        }
    }
    let mut work = OrderedWorkList::new(reverse_postorder.len());
    if !reverse_postorder.is_empty() {
        work.push(0);
    }
    let mut visits = 0;
    while let Some(next) = work.pop() {
        if visits == limit {
            return false;
        }
        visits += 1;
        visit(reverse_postorder[next], &mut |changed| {
            if let Some(&r) = rank.get(changed.index())
                && r != usize::MAX
            {
                work.push(r);
            }
        });
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_id_is_not_queued_again() {
        let mut list: WorkList<BlockId> = [3, 1, 3].map(BlockId::new).into_iter().collect();
        assert_eq!(list.len(), 2);
        assert_eq!(list.pop(), Some(BlockId::new(3)));
        assert!(list.push(BlockId::new(3)));
        assert_eq!(list.pop(), Some(BlockId::new(1)));
        assert_eq!(list.pop(), Some(BlockId::new(3)));
        assert!(list.is_empty());
    }

    #[test]
    fn the_smallest_rank_comes_first_even_when_added_late() {
        let mut list = OrderedWorkList::new(4);
        list.push(130);
        list.push(70);
        assert_eq!(list.pop(), Some(70));
        list.push(2);
        assert!(!list.push(2));
        assert_eq!(list.pop(), Some(2));
        assert_eq!(list.pop(), Some(130));
        assert_eq!(list.pop(), None);
        list.push(5);
        assert_eq!(list.pop(), Some(5));
    }
}
