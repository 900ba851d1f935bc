//! Sets of points of an ordered space, as sorted intervals with open, closed or missing ends.
//!
//! The algebra is exact: union, intersection and complement lose nothing, and never ask which points
//! exist. Where only some points exist (released versions), the caller asks [`Ranges::contains`] for each.

use std::cmp::Ordering;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// An interval.
pub type Interval<V> = (Bound<V>, Bound<V>);

/// A set as sorted intervals, no two of which touch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranges<V> {
    intervals: Vec<Interval<V>>,
}

impl<V: Ord + Clone> Ranges<V> {
    /// No point.
    pub fn empty() -> Self {
        Self { intervals: Vec::new() }
    }

    /// All points.
    pub fn full() -> Self {
        Self { intervals: vec![(Unbounded, Unbounded)] }
    }

    /// The points from `low` to `high`; none when they cross.
    pub fn between(low: Bound<V>, high: Bound<V>) -> Self {
        Self { intervals: if is_empty(&low, &high) { Vec::new() } else { vec![(low, high)] } }
    }

    /// One point.
    pub fn singleton(point: V) -> Self {
        Self { intervals: vec![(Included(point.clone()), Included(point))] }
    }

    /// The intervals, from the lowest.
    pub fn intervals(&self) -> &[Interval<V>] {
        &self.intervals
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether `point` is among them.
    pub fn contains(&self, point: &V) -> bool {
        let at = self.intervals.partition_point(|(_, high)| match high {
            Unbounded => false,
            Included(end) => end < point,
            Excluded(end) => end <= point,
        });
        self.intervals.get(at).is_some_and(|(low, _)| match low {
            Unbounded => true,
            Included(start) => start <= point,
            Excluded(start) => start < point,
        })
    }

    /// The points of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.intervals.iter(), other.intervals.iter());
        let (mut a, mut b) = (left.next(), right.next());
        let mut intervals = Vec::new();
        while let (Some(one), Some(two)) = (a, b) {
            let low = if compare_low(&one.0, &two.0).is_ge() { &one.0 } else { &two.0 };
            let order = compare_high(&one.1, &two.1);
            let high = if order.is_le() { &one.1 } else { &two.1 };
            if !is_empty(low, high) {
                intervals.push((low.clone(), high.clone()));
            }
            if order.is_le() {
                a = left.next();
            } else {
                b = right.next();
            }
        }
        Self { intervals }
    }

    /// The points of all of these.
    pub fn all_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self
    where
        V: 'a,
    {
        let mut full = sets.into_iter().filter(|set| !set.is_empty());
        let Some(first) = full.next() else { return Self::empty() };
        let mut rest = full.peekable();
        match rest.peek() {
            None => first.clone(),
            Some(_) => first.intervals.iter().chain(rest.flat_map(|set| &set.intervals)).cloned().collect(),
        }
    }

    /// The points of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.intervals.iter().chain(&other.intervals).cloned().collect()
    }

    /// The points that are not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut intervals = Vec::with_capacity(self.intervals.len() + 1);
        let mut low = Unbounded;
        let mut open = true;
        for (start, end) in &self.intervals {
            if !matches!(start, Unbounded) {
                intervals.push((low, flip(start)));
            }
            open = !matches!(end, Unbounded);
            low = flip(end);
        }
        if open {
            intervals.push((low, Unbounded));
        }
        Self { intervals }
    }

    /// The points of this set that are not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }
}

/// Intervals in any order, overlapping or not.
impl<V: Ord + Clone> FromIterator<Interval<V>> for Ranges<V> {
    fn from_iter<I: IntoIterator<Item = Interval<V>>>(iter: I) -> Self {
        let mut sorted: Vec<Interval<V>> = iter.into_iter().filter(|(low, high)| !is_empty(low, high)).collect();
        sorted.sort_by(|a, b| compare_low(&a.0, &b.0));
        let mut intervals: Vec<Interval<V>> = Vec::with_capacity(sorted.len());
        for (low, high) in sorted {
            match intervals.last_mut() {
                Some(last) if touches(&last.1, &low) => {
                    if compare_high(&last.1, &high).is_lt() {
                        last.1 = high;
                    }
                }
                _ => intervals.push((low, high)),
            }
        }
        Self { intervals }
    }
}

fn flip<V: Clone>(bound: &Bound<V>) -> Bound<V> {
    match bound {
        Included(point) => Excluded(point.clone()),
        Excluded(point) => Included(point.clone()),
        Unbounded => Unbounded,
    }
}

fn is_empty<V: Ord>(low: &Bound<V>, high: &Bound<V>) -> bool {
    match (low, high) {
        (Unbounded, _) | (_, Unbounded) => false,
        (Included(low), Included(high)) => low > high,
        (Included(low) | Excluded(low), Included(high) | Excluded(high)) => low >= high,
    }
}

fn compare_low<V: Ord>(a: &Bound<V>, b: &Bound<V>) -> Ordering {
    match (a, b) {
        (Unbounded, Unbounded) => Ordering::Equal,
        (Unbounded, _) => Ordering::Less,
        (_, Unbounded) => Ordering::Greater,
        (Included(a), Included(b)) | (Excluded(a), Excluded(b)) => a.cmp(b),
        (Included(a), Excluded(b)) => a.cmp(b).then(Ordering::Less),
        (Excluded(a), Included(b)) => a.cmp(b).then(Ordering::Greater),
    }
}

fn compare_high<V: Ord>(a: &Bound<V>, b: &Bound<V>) -> Ordering {
    match (a, b) {
        (Unbounded, Unbounded) => Ordering::Equal,
        (Unbounded, _) => Ordering::Greater,
        (_, Unbounded) => Ordering::Less,
        (Included(a), Included(b)) | (Excluded(a), Excluded(b)) => a.cmp(b),
        (Included(a), Excluded(b)) => a.cmp(b).then(Ordering::Greater),
        (Excluded(a), Included(b)) => a.cmp(b).then(Ordering::Less),
    }
}

/// Whether nothing lies between an interval that ends here and one that starts there.
fn touches<V: Ord>(end: &Bound<V>, start: &Bound<V>) -> bool {
    match (end, start) {
        (Unbounded, _) | (_, Unbounded) => true,
        (Excluded(end), Excluded(start)) => start < end,
        (Included(end) | Excluded(end), Included(start) | Excluded(start)) => start <= end,
    }
}
