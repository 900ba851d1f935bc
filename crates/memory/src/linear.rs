//! Linear forms: `constant + Σ coefficient · variable` over the integers.
//!
//! - A [`Var`] is a number that the analysis does not look into: what a load gave, what a loop counts, how large an
//!   object is. Everything else is a form over variables, so that `4·n − 4·i` can be told from `n` and `i` alone.
//! - A form has at most [`MAX_TERMS`] terms. An operation that would need more has no result; the caller then
//!   starts a new variable.

use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// Terms that a form may have.
pub(crate) const MAX_TERMS: usize = 4;
/// Beyond every number that a program computes with: stands for no bound at all.
pub(crate) const INFINITY: i128 = 1 << 100;

/// A number that is not computed from others. Its identity is the instruction or the place that it comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Var(pub(crate) u32);

/// A linear form. The terms are sorted by variable, and no coefficient is zero.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct Linear {
    /// What is added to the terms.
    pub(crate) constant: i128,
    /// Variables with their coefficients.
    pub(crate) terms: Terms,
}

/// The terms of a form, in place: a form is copied far more often than it is made.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// A bit for each variable, by its number; several variables may have the same one.
    signature: u64,
    len: u8,
    items: [(Var, i64); MAX_TERMS],
}

impl Terms {
    /// One variable with its coefficient.
    pub(crate) fn of(var: Var, k: i64) -> Self {
        let mut out = Self::default();
        out.push(var, k);
        out
    }

    /// Adds a term behind the others. There must be room for it.
    fn push(&mut self, var: Var, k: i64) {
        self.items[usize::from(self.len)] = (var, k);
        self.len += 1;
        self.signature |= bit(var);
    }

    /// Whether a variable of these may be one of those.
    pub(crate) fn may_share(&self, others: &Self) -> bool {
        self.signature & others.signature != 0
    }

    /// Whether these may be the variables of those.
    pub(crate) fn may_be_those(&self, others: &Self) -> bool {
        self.signature == others.signature && self.len == others.len
    }

    /// The terms but for that of `var`.
    fn without(&self, var: Var) -> Self {
        self.iter().copied().filter(|(v, _)| *v != var).collect()
    }
}

/// The bit of a variable in a signature.
fn bit(var: Var) -> u64 {
    1 << (var.0 % 64)
}

impl Default for Terms {
    fn default() -> Self {
        Self { signature: 0, len: 0, items: [(Var(0), 0); MAX_TERMS] }
    }
}

impl Deref for Terms {
    type Target = [(Var, i64)];

    fn deref(&self) -> &Self::Target {
        &self.items[..usize::from(self.len)]
    }
}

impl FromIterator<(Var, i64)> for Terms {
    fn from_iter<I: IntoIterator<Item = (Var, i64)>>(terms: I) -> Self {
        let mut out = Self::default();
        for (var, k) in terms {
            out.push(var, k);
        }
        out
    }
}

impl<'t> IntoIterator for &'t Terms {
    type Item = &'t (Var, i64);
    type IntoIter = std::slice::Iter<'t, (Var, i64)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Terms {
    fn eq(&self, other: &Self) -> bool {
        self.signature == other.signature && **self == **other
    }
}

impl Eq for Terms {}

impl PartialOrd for Terms {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Terms {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Terms {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl Linear {
    /// A number.
    pub(crate) fn constant(constant: i128) -> Self {
        Self { constant, terms: Terms::default() }
    }

    /// A variable alone.
    pub(crate) fn var(var: Var) -> Self {
        Self { constant: 0, terms: Terms::of(var, 1) }
    }

    /// The number, when there are no terms.
    pub(crate) fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The variable, when the form is one variable and nothing else.
    pub(crate) fn as_var(&self) -> Option<Var> {
        match (self.constant, &*self.terms) {
            (0, [(var, 1)]) => Some(*var),
            _ => None,
        }
    }

    /// The coefficient of `var`; 0 when it does not occur.
    pub(crate) fn coefficient(&self, var: Var) -> i64 {
        if self.terms.signature & bit(var) == 0 {
            return 0;
        }
        self.terms.iter().find(|(v, _)| *v == var).map_or(0, |(_, k)| *k)
    }

    /// Whether `var` occurs.
    pub(crate) fn mentions(&self, var: Var) -> bool {
        self.terms.signature & bit(var) != 0 && self.terms.iter().any(|(v, _)| *v == var)
    }

    /// `self + factor · other`, unless it needs too many terms or too large numbers.
    pub(crate) fn plus_times(&self, factor: i64, other: &Self) -> Option<Self> {
        let mut terms = Terms::default();
        let constant = self.sum(factor, other, |var, k| {
            let room = terms.len() < MAX_TERMS;
            if room {
                terms.push(var, k);
            }
            room
        })?;
        Some(Self { constant, terms })
    }

    /// The constant of `self + factor · other`, whose terms are handed to `take` until it is false. Nothing when it is, or when numbers get
    /// too large.
    #[expect(clippy::many_single_char_names, reason = "two of each")]
    pub(crate) fn sum(&self, factor: i64, other: &Self, mut take: impl FnMut(Var, i64) -> bool) -> Option<i128> {
        let constant = self.constant.checked_add(other.constant.checked_mul(i128::from(factor))?)?;
        if constant.abs() >= INFINITY {
            return None;
        }
        let (mut a, mut b) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let next = match (a.peek(), b.peek()) {
                (None, None) => break,
                (Some((v, _)), Some((w, _))) if v == w => {
                    let (var, k) = *a.next()?;
                    (var, k.checked_add(b.next()?.1.checked_mul(factor)?)?)
                }
                (Some((v, _)), Some((w, _))) if v < w => *a.next()?,
                (Some(_), None) => *a.next()?,
                _ => {
                    let (var, k) = *b.next()?;
                    (var, k.checked_mul(factor)?)
                }
            };
            if next.1 != 0 && !take(next.0, next.1) {
                return None;
            }
        }
        Some(constant)
    }

    /// `self + other`
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        self.plus_times(1, other)
    }

    /// `self − other`
    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus_times(-1, other)
    }

    /// `self + number`
    pub(crate) fn plus_constant(&self, number: i128) -> Self {
        Self { constant: (self.constant + number).clamp(-INFINITY, INFINITY), terms: self.terms }
    }

    /// `factor · self`
    pub(crate) fn times(&self, factor: i64) -> Option<Self> {
        Self::default().plus_times(factor, self)
    }

    /// The form with `by` in the place of `var`.
    pub(crate) fn substitute(&self, var: Var, by: &Self) -> Option<Self> {
        let k = self.coefficient(var);
        if k == 0 {
            return Some(self.clone());
        }
        self.without(var).plus_times(k, by)
    }

    /// The form but for the term of `var`.
    pub(crate) fn without(&self, var: Var) -> Self {
        Self { constant: self.constant, terms: self.terms.without(var) }
    }
}
