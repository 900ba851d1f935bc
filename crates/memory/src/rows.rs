//! Rows that several states have in common until one of them changes some: a state is copied wherever control divides, and most of it
//! is the same on both sides.

use std::ops::Deref;
use std::rc::Rc;

/// A vector that is copied when it is changed.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T>(Rc<Vec<T>>);

impl<T: Clone> Rows<T> {
    /// The rows, to be changed.
    pub(crate) fn edit(&mut self) -> &mut Vec<T> {
        Rc::make_mut(&mut self.0)
    }

    /// Keeps the rows of which `keep` holds.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let Some(first) = self.0.iter().position(|row| !keep(row)) else { return };
        if let Some(rows) = Rc::get_mut(&mut self.0) {
            let mut at = 0;
            rows.retain(|row| {
                at += 1;
                at <= first || at > first + 1 && keep(row)
            });
        } else {
            let mut kept = Vec::with_capacity(self.0.len() - 1);
            kept.extend_from_slice(&self.0[..first]);
            kept.extend(self.0[first + 1..].iter().filter(|row| keep(row)).cloned());
            self.0 = Rc::new(kept);
        }
    }

    /// Calls `change` with each row of which `affected` holds.
    pub(crate) fn change(&mut self, affected: impl Fn(&T) -> bool, mut change: impl FnMut(&mut T)) {
        let Some(first) = self.0.iter().position(&affected) else { return };
        for row in &mut self.edit()[first..] {
            if affected(row) {
                change(row);
            }
        }
    }

    /// Whether both are the same rows, not merely equal ones.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Takes the rows out; none are left.
    pub(crate) fn take(&mut self) -> Vec<T> {
        Rc::unwrap_or_clone(std::mem::take(&mut self.0))
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(rows: Vec<T>) -> Self {
        Self(Rc::new(rows))
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Eq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl<T: Eq> Eq for Rows<T> {}

impl<'r, T> IntoIterator for &'r Rows<T> {
    type Item = &'r T;
    type IntoIter = std::slice::Iter<'r, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_changed_is_copied_first() {
        let one: Rows<u32> = vec![1, 2, 3, 4].into();
        let mut other = one.clone();
        other.retain(|_| true);
        assert!(one.is(&other));
        other.retain(|row| row % 2 == 0);
        assert_eq!((&*one, &*other), (&[1, 2, 3, 4][..], &[2, 4][..]));
        let mut again = one.clone();
        again.change(|row| *row > 2, |row| *row = 0);
        assert_eq!((&*one, &*again), (&[1, 2, 3, 4][..], &[1, 2, 0, 0][..]));
        again.retain(|row| *row != 1);
        assert_eq!(&*again, &[2, 0, 0]);
        assert_ne!(one, again);
    }
}
