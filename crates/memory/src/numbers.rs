//! What is known of numbers at one point of a program: a range for each variable, and inequalities between them.
//!
//! - A *range* has a lower and an upper bound and says of each [`Why`] it holds. Only that tells a bound that the program
//!   itself gives (a constant, a test) from one that no value need reach (a type's).
//! - A *constraint* is a linear form that is at most zero. The upper bound of any other form follows from ranges, and
//!   from adding constraints to it that cancel its terms (a bounded Fourier-Motzkin search). So one mechanism proves
//!   `i < n ≤ size`, and `4·i + 4 ≤ 4·n`.
//!
//! All operations over-approximate: every assignment of integers that satisfied the numbers before satisfies them after.

use crate::linear::{INFINITY, Linear, MAX_TERMS, Var};
use crate::rows::Rows;
use assay_text::limits::MAX_NUMBER_CONSTRAINTS;

/// Constraints that one question may look at.
const FUEL: u32 = 48;
/// Constraints that are added up for one bound.
const DEPTH: u32 = 3;
/// Constraints of a variable that are said of another one, too, which equals it give or take a constant.
const MAX_CARRIED: usize = 4;

/// Why a bound holds, the most telling first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Why {
    /// The program says so: a constant.
    Constant,
    /// A test of the program let it through.
    Test,
    /// A library's documentation says so.
    Library,
    /// It was chosen so that a loop's analysis ends.
    Widened,
    /// The type has no other values.
    Type,
}

/// The values of a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Range {
    /// The least value; `-INFINITY` for none.
    pub(crate) lo: i128,
    /// The greatest value; `INFINITY` for none.
    pub(crate) hi: i128,
    /// Why there is no lesser value.
    pub(crate) lo_why: Why,
    /// Why there is no greater value.
    pub(crate) hi_why: Why,
}

impl Range {
    /// All that a type admits.
    pub(crate) fn of_type(lo: i128, hi: i128) -> Self {
        Self { lo, hi, lo_why: Why::Type, hi_why: Why::Type }
    }

    /// Every number.
    pub(crate) fn all() -> Self {
        Self::of_type(-INFINITY, INFINITY)
    }

    /// With one reason for both bounds.
    pub(crate) fn new(lo: i128, hi: i128, why: Why) -> Self {
        Self { lo, hi, lo_why: why, hi_why: why }
    }

    /// The least range that holds both.
    pub(crate) fn join(self, other: Self) -> Self {
        let (lo, lo_why) = match self.lo.cmp(&other.lo) {
            std::cmp::Ordering::Less => (self.lo, self.lo_why),
            std::cmp::Ordering::Greater => (other.lo, other.lo_why),
            std::cmp::Ordering::Equal => (self.lo, self.lo_why.max(other.lo_why)),
        };
        let (hi, hi_why) = match self.hi.cmp(&other.hi) {
            std::cmp::Ordering::Greater => (self.hi, self.hi_why),
            std::cmp::Ordering::Less => (other.hi, other.hi_why),
            std::cmp::Ordering::Equal => (self.hi, self.hi_why.max(other.hi_why)),
        };
        Self { lo, hi, lo_why, hi_why }
    }
}

/// The numbers at one point. Variables without a range are not in use.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Numbers {
    ranges: Rows<(Var, Range)>,
    /// Each at most zero. No two have the same terms.
    constraints: Rows<Linear>,
    /// Each not zero, where no bound says so.
    nonzero: Rows<Linear>,
}

impl Numbers {
    /// Where `var` stands among the ranges.
    fn position(&self, var: Var) -> Result<usize, usize> {
        self.ranges.binary_search_by_key(&var, |(v, _)| *v)
    }

    /// Whether the variable has a meaning here.
    pub(crate) fn uses(&self, var: Var) -> bool {
        self.position(var).is_ok()
    }

    /// The variable's range.
    pub(crate) fn range(&self, var: Var) -> Range {
        self.position(var).map_or(Range::all(), |at| self.ranges[at].1)
    }

    /// Gives the variable a range, whatever it was before.
    pub(crate) fn set_range(&mut self, var: Var, range: Range) {
        match self.position(var) {
            Ok(at) if self.ranges[at].1 == range => {}
            Ok(at) => self.ranges.edit()[at].1 = range,
            Err(at) => self.ranges.edit().insert(at, (var, range)),
        }
    }

    /// The variables in use.
    pub(crate) fn vars(&self) -> impl Iterator<Item = Var> + '_ {
        self.ranges.iter().map(|(var, _)| *var)
    }

    /// Whether two know the same bounds and inequalities, for whatever reasons.
    pub(crate) fn same_but_for_reasons(&self, other: &Self) -> bool {
        self.constraints == other.constraints
            && self.nonzero == other.nonzero
            && self.ranges.len() == other.ranges.len()
            && self.ranges.iter().zip(&other.ranges).all(|((v, a), (w, b))| v == w && a.lo == b.lo && a.hi == b.hi)
    }

    /// The inequalities.
    pub(crate) fn constraints(&self) -> &[Linear] {
        &self.constraints
    }

    /// The forms that are not zero, where no bound says so.
    pub(crate) fn nonzero(&self) -> &[Linear] {
        &self.nonzero
    }

    /// The upper bound by ranges alone.
    fn interval_upper(&self, form: &Linear) -> i128 {
        let mut sum = form.constant;
        for (var, k) in &form.terms {
            match self.most(*var, *k) {
                Some(most) => sum = sum.saturating_add(most),
                None => return INFINITY,
            }
        }
        sum.min(INFINITY)
    }

    /// The same of `form + factor · other`, where that is a form.
    fn interval_upper_of_sum(&self, form: &Linear, factor: i64, other: &Linear) -> i128 {
        let (mut sum, mut count) = (0_i128, 0);
        let constant = form.sum(factor, other, |var, k| {
            count += 1;
            let most = self.most(var, k);
            sum = sum.saturating_add(most.unwrap_or(0));
            most.is_some() && count <= MAX_TERMS
        });
        constant.map_or(INFINITY, |constant| constant.saturating_add(sum).min(INFINITY))
    }

    /// The greatest that `k · var` can be, by its range.
    fn most(&self, var: Var, k: i64) -> Option<i128> {
        let range = self.range(var);
        let end = if k > 0 { range.hi } else { range.lo };
        (end.abs() < INFINITY).then(|| end.saturating_mul(i128::from(k)))
    }

    /// An upper bound of the form; `INFINITY` for none.
    pub(crate) fn upper(&self, form: &Linear) -> i128 {
        self.search(form, -INFINITY, DEPTH, &mut FUEL.clone())
    }

    /// A lower bound of the form; `-INFINITY` for none.
    pub(crate) fn lower(&self, form: &Linear) -> i128 {
        form.times(-1).map_or(-INFINITY, |negated| -self.upper(&negated))
    }

    /// Whether the form is at most zero.
    pub(crate) fn is_nonpositive(&self, form: &Linear) -> bool {
        self.search(form, 0, DEPTH, &mut FUEL.clone()) <= 0
    }

    /// Whether the form is less than zero.
    fn is_negative(&self, form: &Linear) -> bool {
        self.search(form, -1, DEPTH, &mut FUEL.clone()) < 0
    }

    /// Whether the form is greater than zero.
    fn is_positive(&self, form: &Linear) -> bool {
        form.times(-1).is_some_and(|negated| self.is_negative(&negated))
    }

    /// Whether `left ≤ right`.
    pub(crate) fn at_most(&self, left: &Linear, right: &Linear) -> bool {
        left.minus(right).is_some_and(|form| self.is_nonpositive(&form))
    }

    /// The least upper bound that is found; any bound of at most `enough` will do.
    fn search(&self, form: &Linear, enough: i128, depth: u32, fuel: &mut u32) -> i128 {
        let mut best = self.interval_upper(form);
        if best <= enough || depth == 0 || form.terms.is_empty() {
            return best;
        }
        // What one constraint says by itself is not lost among what several say together.
        for constraint in self.constraints.iter().filter(|c| c.terms.may_be_those(&form.terms)) {
            best = best.min(alone(form, constraint));
        }
        for constraint in self.constraints.iter().filter(|c| c.terms.may_share(&form.terms)) {
            if best <= enough {
                break;
            }
            for (var, k) in &form.terms {
                let own = constraint.coefficient(*var);
                if own == 0 || own.signum() != k.signum() || k % own != 0 {
                    continue;
                }
                if *fuel == 0 {
                    return best;
                }
                *fuel -= 1;
                // The constraint is at most zero, so taking it away leaves something that is at least as large.
                let factor = -(k / own);
                best = best.min(if depth == 1 {
                    self.interval_upper_of_sum(form, factor, constraint)
                } else {
                    let rest = form.plus_times(factor, constraint);
                    rest.map_or(INFINITY, |rest| self.search(&rest, enough, depth - 1, fuel))
                });
                break;
            }
        }
        best
    }

    /// The ends of the form by ranges, with the weakest reason that either rests on.
    pub(crate) fn interval(&self, form: &Linear) -> Range {
        let mut out = Range::new(form.constant, form.constant, Why::Constant);
        for (var, k) in &form.terms {
            let range = self.range(*var);
            let ends = [(range.lo, range.lo_why), (range.hi, range.hi_why)];
            let [(lo, lo_why), (hi, hi_why)] = if *k > 0 { ends } else { [ends[1], ends[0]] };
            let scale = |end: i128| {
                if end.abs() >= INFINITY {
                    if (end > 0) == (*k > 0) { INFINITY } else { -INFINITY }
                } else {
                    end.saturating_mul(i128::from(*k))
                }
            };
            out.lo = (out.lo.saturating_add(scale(lo))).clamp(-INFINITY, INFINITY);
            out.hi = (out.hi.saturating_add(scale(hi))).clamp(-INFINITY, INFINITY);
            out.lo_why = out.lo_why.max(lo_why);
            out.hi_why = out.hi_why.max(hi_why);
        }
        out
    }

    /// The ends of the form by everything that is known.
    pub(crate) fn bounds(&self, form: &Linear) -> Range {
        let mut out = self.interval(form);
        if !form.terms.is_empty() && !self.constraints.is_empty() {
            let (lo, hi) = (self.lower(form), self.upper(form));
            if lo > out.lo {
                (out.lo, out.lo_why) = (lo, Why::Test);
            }
            if hi < out.hi {
                (out.hi, out.hi_why) = (hi, Why::Test);
            }
        }
        out
    }

    /// Takes `form ≤ 0` for granted, since the program tests it. False when that cannot be.
    pub(crate) fn assume(&mut self, form: &Linear) -> bool {
        self.assume_because(form, Why::Test)
    }

    /// Takes `form ≤ 0` for granted, for a reason. False when that cannot be.
    pub(crate) fn assume_because(&mut self, form: &Linear, why: Why) -> bool {
        if form.terms.is_empty() {
            return form.constant <= 0;
        }
        if self.is_positive(form) {
            return false;
        }
        if !self.tighten(form, why) {
            return false;
        }
        if form.terms.len() > 1 {
            self.add(form.clone());
            // What was known of others may now say more.
            let related: Vec<Linear> = self
                .constraints
                .iter()
                .filter(|c| *c != form && c.terms.iter().any(|(v, _)| form.mentions(*v)))
                .take(8)
                .cloned()
                .collect();
            return related.iter().all(|constraint| self.tighten(constraint, why));
        }
        let var = form.terms[0].0;
        let related: Vec<Linear> = self.constraints.iter().filter(|c| c.mentions(var)).take(8).cloned().collect();
        related.iter().all(|constraint| self.tighten(constraint, why))
    }

    /// Takes `form ≠ 0` for granted. False when that cannot be.
    pub(crate) fn assume_nonzero(&mut self, form: &Linear) -> bool {
        if let Some(constant) = form.as_constant() {
            return constant != 0;
        }
        let below = self.upper(form) == 0;
        let above = self.lower(form) == 0;
        match (below, above) {
            (true, true) => false,
            (true, false) => self.assume(&form.plus_constant(1)),
            (false, true) => form.times(-1).is_none_or(|negated| self.assume(&negated.plus_constant(1))),
            (false, false) => {
                if self.nonzero.len() < MAX_NUMBER_CONSTRAINTS && !self.nonzero.contains(form) {
                    self.nonzero.edit().push(form.clone());
                }
                true
            }
        }
    }

    /// Whether a form is not zero.
    pub(crate) fn is_nonzero(&self, form: &Linear) -> bool {
        if self.nonzero.contains(form) || form.times(-1).is_some_and(|negated| self.nonzero.contains(&negated)) {
            return true;
        }
        self.is_negative(form) || self.is_positive(form)
    }

    /// Takes `form = 0` for granted. False when that cannot be.
    pub(crate) fn assume_zero(&mut self, form: &Linear) -> bool {
        !self.is_nonzero(form) && self.assume(form) && form.times(-1).is_none_or(|negated| self.assume(&negated))
    }

    /// Adds a constraint, or the sharper of two with the same terms.
    pub(crate) fn add(&mut self, form: Linear) {
        if let Some(at) = self.constraints.iter().position(|c| c.terms == form.terms) {
            if self.constraints[at].constant < form.constant {
                self.constraints.edit()[at].constant = form.constant;
            }
            return;
        }
        let constraints = self.constraints.edit();
        if constraints.len() >= MAX_NUMBER_CONSTRAINTS {
            constraints.remove(0);
        }
        constraints.push(form);
    }

    /// Narrows the ranges of the form's variables, given that it is at most zero for that reason. False when one becomes empty.
    fn tighten(&mut self, form: &Linear, reason: Why) -> bool {
        for (var, k) in form.terms.iter().copied() {
            let Some(negated) = form.without(var).times(-1) else { continue };
            // k · var ≤ −rest
            let most = self.interval(&negated);
            if most.hi >= INFINITY {
                continue;
            }
            let why = most.hi_why.max(reason);
            let mut range = self.range(var);
            if k > 0 {
                let bound = most.hi.div_euclid(i128::from(k));
                if bound < range.hi || bound == range.hi && why < range.hi_why {
                    (range.hi, range.hi_why) = (bound, why);
                }
            } else {
                let bound = -(most.hi.div_euclid(i128::from(-k)));
                if bound > range.lo || bound == range.lo && why < range.lo_why {
                    (range.lo, range.lo_why) = (bound, why);
                }
            }
            if range.lo > range.hi {
                return false;
            }
            self.set_range(var, range);
        }
        true
    }

    /// Forgets the variable. What followed from two constraints by way of it is kept.
    pub(crate) fn eliminate(&mut self, var: Var) {
        let Ok(at) = self.position(var) else { return };
        self.nonzero.retain(|form| !form.mentions(var));
        let range = self.ranges.edit().remove(at).1;
        let with: Vec<Linear> = self.constraints.iter().filter(|c| c.mentions(var)).cloned().collect();
        if with.is_empty() {
            return;
        }
        self.constraints.retain(|c| !c.mentions(var));
        let (above, below): (Vec<&Linear>, Vec<&Linear>) = with.iter().partition(|c| c.coefficient(var) > 0);
        if above.len() * below.len() <= 8 {
            for a in &above {
                for b in &below {
                    let (ka, kb) = (a.coefficient(var), -b.coefficient(var));
                    if ka != kb {
                        continue;
                    }
                    if let Some(sum) = a.plus(b)
                        && sum.terms.len() > 1
                        && sum.terms.len() <= 3
                    {
                        self.add(sum);
                    }
                }
            }
        }
        // A constraint with a bounded variable leaves what it says at the bound.
        for c in &with {
            let k = c.coefficient(var);
            let end = if k > 0 { range.lo } else { range.hi };
            let why = if k > 0 { range.lo_why } else { range.hi_why };
            if end.abs() < INFINITY
                && why < Why::Widened
                && let Some(rest) = c.substitute(var, &Linear::constant(end))
                && rest.terms.len() > 1
            {
                self.add(rest);
            }
        }
    }

    /// Forgets every variable that `keep` does not name.
    pub(crate) fn retain(&mut self, keep: impl Fn(Var) -> bool) {
        let gone: Vec<Var> = self.vars().filter(|var| !keep(*var)).collect();
        for var in gone {
            self.eliminate(var);
        }
    }

    /// Says all that is said of `var` of `by` instead, where `by` is `±other + …` and `var = by` holds for the new
    /// meaning. The range of `var` is given up; the caller gives ranges to what is new in `by`.
    pub(crate) fn substitute(&mut self, var: Var, by: &Linear) {
        if let Ok(at) = self.position(var) {
            self.ranges.edit().remove(at);
        }
        if self.nonzero.iter().any(|form| form.mentions(var)) {
            self.nonzero = self.nonzero.iter().filter_map(|form| form.substitute(var, by)).collect::<Vec<_>>().into();
        }
        if !self.constraints.iter().any(|c| c.mentions(var)) {
            return;
        }
        for constraint in self.constraints.take() {
            if let Some(new) = constraint.substitute(var, by)
                && new.terms.len() > 1
            {
                self.add(new);
            }
        }
    }

    /// Says that `var`, which is not in use, equals `form`.
    pub(crate) fn define(&mut self, var: Var, form: &Linear, limits: Range) {
        let mut range = self.bounds(form);
        if range.lo < limits.lo {
            (range.lo, range.lo_why) = (limits.lo, limits.lo_why);
        }
        if range.hi > limits.hi {
            (range.hi, range.hi_why) = (limits.hi, limits.hi_why);
        }
        self.set_range(var, range);
        if form.terms.is_empty() {
            return;
        }
        if self.nonzero.contains(form) && self.nonzero.len() < MAX_NUMBER_CONSTRAINTS {
            self.nonzero.edit().push(Linear::var(var));
        }
        if let Some(above) = Linear::var(var).minus(form)
            && let Some(below) = form.minus(&Linear::var(var))
        {
            self.add(above);
            self.add(below);
        }
        self.carry_over(var, form);
    }

    /// What is known of the only variable of a form is known of `var`, which equals the form, so that it is still there when two
    /// states that differ in the form meet.
    fn carry_over(&mut self, var: Var, form: &Linear) {
        let [(of, k @ (1 | -1))] = form.terms[..] else { return };
        let Some(by) = Linear::var(var).plus_constant(-form.constant).times(k) else { return };
        let known = self.constraints.iter().filter(|c| c.terms.len() == 2 && c.mentions(of) && !c.mentions(var));
        let carried: Vec<Linear> = known.take(MAX_CARRIED).filter_map(|c| c.substitute(of, &by)).collect();
        for constraint in carried {
            if constraint.terms.len() == 2 {
                self.add(constraint);
            }
        }
    }

    /// What holds whichever of the two holds. Both know the same variables; what only one knows is forgotten.
    pub(crate) fn join(&self, other: &Self) -> Self {
        let mut out = Self::default();
        let mut ranges = Vec::with_capacity(self.ranges.len().min(other.ranges.len()));
        let (mut a, mut b) = (self.ranges.iter().peekable(), other.ranges.iter().peekable());
        while let (Some((v, left)), Some((w, right))) = (a.peek(), b.peek()) {
            match v.cmp(w) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    ranges.push((*v, left.join(*right)));
                    a.next();
                    b.next();
                }
            }
        }
        out.ranges = ranges.into();
        for (one, another) in [(self, other), (other, self)] {
            for constraint in &one.constraints {
                if out.constraints.len() >= MAX_NUMBER_CONSTRAINTS
                    || out.constraints.iter().any(|c| c.terms == constraint.terms)
                    || !constraint.terms.iter().all(|(v, _)| out.uses(*v))
                {
                    continue;
                }
                let bound = another.search(constraint, 0, DEPTH, &mut FUEL.clone());
                if bound >= INFINITY {
                    continue;
                }
                let kept = constraint.plus_constant(-bound.max(0));
                // What the ranges say anyway need not be kept.
                if out.interval_upper(&kept) > 0 {
                    out.constraints.edit().push(kept);
                }
            }
        }
        for (one, another) in [(self, other), (other, self)] {
            for form in &one.nonzero {
                if !out.nonzero.contains(form)
                    && form.terms.iter().all(|(v, _)| out.uses(*v))
                    && another.is_nonzero(form)
                {
                    out.nonzero.edit().push(form.clone());
                }
            }
        }
        out
    }

    /// What holds in `self` and still holds in `next`, a later turn of a loop that holds `self`: bounds that moved go to the next
    /// of `thresholds` (sorted) or to the limits that `limits` gives; `far`: to the limits, unless a constant or test of the program gives the
    /// bound, and it is one of the thresholds.
    pub(crate) fn widen(&self, next: &Self, thresholds: &[i128], far: bool, limits: impl Fn(Var) -> Range) -> Self {
        let steps = if far { &[] } else { thresholds };
        let stays = |bound: i128, why: Why| why <= Why::Test && thresholds.binary_search(&bound).is_ok();
        let mut out = Self::default();
        let mut ranges = Vec::with_capacity(self.ranges.len());
        for (var, range) in &self.ranges {
            if !next.uses(*var) {
                continue;
            }
            let now = next.range(*var);
            let mut range = range.join(now);
            let old = self.range(*var);
            let limit = limits(*var);
            if now.hi > old.hi && !(far && stays(now.hi, now.hi_why)) {
                let to = steps.iter().copied().find(|t| *t >= now.hi && *t < limit.hi).unwrap_or(limit.hi);
                (range.hi, range.hi_why) = (to.max(now.hi), Why::Widened);
            }
            if now.lo < old.lo && !(far && stays(now.lo, now.lo_why)) {
                let to = steps.iter().rev().copied().find(|t| *t <= now.lo && *t > limit.lo).unwrap_or(limit.lo);
                (range.lo, range.lo_why) = (to.min(now.lo), Why::Widened);
            }
            ranges.push((*var, range));
        }
        out.ranges = ranges.into();
        for constraint in &self.constraints {
            if constraint.terms.iter().all(|(v, _)| out.uses(*v)) && next.is_nonpositive(constraint) {
                out.constraints.edit().push(constraint.clone());
            }
        }
        out.nonzero = self
            .nonzero
            .iter()
            .filter(|form| form.terms.iter().all(|(v, _)| out.uses(*v)) && next.is_nonzero(form))
            .cloned()
            .collect::<Vec<_>>()
            .into();
        out
    }
}

/// The upper bound of a form that a constraint gives which is made of the same variables; `INFINITY` for none.
fn alone(form: &Linear, constraint: &Linear) -> i128 {
    let (Some((_, k)), Some((_, own))) = (form.terms.first(), constraint.terms.first()) else { return INFINITY };
    if form.terms.len() != constraint.terms.len() || *own == 0 || k.signum() != own.signum() || k % own != 0 {
        return INFINITY;
    }
    let by = k / own;
    let same =
        form.terms.iter().zip(&constraint.terms).all(|((v, k), (w, own))| v == w && own.checked_mul(by) == Some(*k));
    if same { form.constant.saturating_sub(constraint.constant.saturating_mul(i128::from(by))) } else { INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A world: what each of four variables is.
    type World = [i128; 4];

    fn form() -> impl Strategy<Value = Linear> {
        (-20_i128..20, proptest::collection::vec((0_u32..4, -3_i64..4), 0..3)).prop_map(|(constant, terms)| {
            terms.into_iter().fold(Linear::constant(constant), |sum, (var, k)| {
                sum.plus_times(k, &Linear::var(Var(var))).expect("small numbers")
            })
        })
    }

    fn value(form: &Linear, world: &World) -> i128 {
        form.constant + form.terms.iter().map(|(var, k)| world[var.0 as usize] * i128::from(*k)).sum::<i128>()
    }

    /// Numbers that hold in the world: ranges around it, and the forms as far as they are at most zero, shifted else.
    fn numbers(world: &World, slack: &[i128], forms: &[Linear]) -> Numbers {
        let mut out = Numbers::default();
        for (var, at) in world.iter().enumerate() {
            let (below, above) = (slack[2 * var], slack[2 * var + 1]);
            out.set_range(Var(var as u32), Range::new(at - below, at + above, Why::Test));
        }
        for form in forms {
            let shifted = form.plus_constant(-value(form, world).max(0));
            assert!(out.assume(&shifted), "it holds in the world: {shifted:?}");
            if value(form, world) != 0 {
                assert!(out.assume_nonzero(form), "it holds in the world: {form:?}");
            }
        }
        out
    }

    fn holds(numbers: &Numbers, world: &World) -> bool {
        numbers.vars().all(|var| {
            let range = numbers.range(var);
            let at = world[var.0 as usize];
            range.lo <= at && at <= range.hi
        }) && numbers
            .constraints()
            .iter()
            .all(|c| c.terms.iter().any(|(var, _)| !numbers.uses(*var)) || value(c, world) <= 0)
            && numbers.nonzero.iter().all(|form| value(form, world) != 0)
    }

    fn world() -> impl Strategy<Value = World> {
        proptest::array::uniform4(-30_i128..30)
    }

    fn slack() -> impl Strategy<Value = Vec<i128>> {
        proptest::collection::vec(0_i128..40, 8)
    }

    proptest! {
        #[test]
        fn what_is_assumed_and_holds_leaves_the_world(w in world(), s in slack(), forms in proptest::collection::vec(form(), 0..6)) {
            prop_assert!(holds(&numbers(&w, &s, &forms), &w));
        }

        #[test]
        fn bounds_hold(w in world(), s in slack(), forms in proptest::collection::vec(form(), 0..6), asked in form()) {
            let numbers = numbers(&w, &s, &forms);
            let at = value(&asked, &w);
            prop_assert!(numbers.upper(&asked) >= at);
            prop_assert!(numbers.lower(&asked) <= at);
            let bounds = numbers.bounds(&asked);
            prop_assert!(bounds.lo <= at && at <= bounds.hi);
        }

        #[test]
        fn a_join_holds_in_both_worlds(
            v in world(), w in world(), s in slack(), t in slack(),
            a in proptest::collection::vec(form(), 0..5), b in proptest::collection::vec(form(), 0..5),
        ) {
            let (left, right) = (numbers(&v, &s, &a), numbers(&w, &t, &b));
            let joined = left.join(&right);
            prop_assert!(holds(&joined, &v) && holds(&joined, &w));
            let widened = left.widen(&joined, &[-10, 0, 10], false, |_| Range::all());
            prop_assert!(holds(&widened, &v) && holds(&widened, &w));
        }

        #[test]
        fn a_join_with_itself_says_no_less(w in world(), s in slack(), a in proptest::collection::vec(form(), 0..5), asked in form()) {
            let one = numbers(&w, &s, &a);
            prop_assert!(one.join(&one).interval(&asked) == one.interval(&asked));
        }

        #[test]
        fn elimination_holds(w in world(), s in slack(), forms in proptest::collection::vec(form(), 0..6), var in 0_u32..4) {
            let mut numbers = numbers(&w, &s, &forms);
            numbers.eliminate(Var(var));
            prop_assert!(!numbers.uses(Var(var)));
            prop_assert!(holds(&numbers, &w));
        }

        #[test]
        fn a_definition_holds(w in world(), s in slack(), forms in proptest::collection::vec(form(), 0..4), by in form()) {
            let mut numbers = numbers(&w, &s, &forms);
            numbers.define(Var(9), &by, Range::all());
            let range = numbers.range(Var(9));
            let at = value(&by, &w);
            prop_assert!(range.lo <= at && at <= range.hi);
        }
    }

    #[test]
    fn an_index_below_a_length_below_a_size_is_below_the_size() {
        let (i, n) = (Var(0), Var(1));
        let mut numbers = Numbers::default();
        numbers.set_range(i, Range::of_type(0, 1 << 31));
        numbers.set_range(n, Range::of_type(0, 1 << 31));
        let below = Linear::var(i).minus(&Linear::var(n)).expect("small").plus_constant(1);
        assert!(numbers.assume(&below));
        // 4·i + 4 ≤ 4·n
        let end = Linear::var(i).times(4).expect("small").plus_constant(4);
        assert!(numbers.at_most(&end, &Linear::var(n).times(4).expect("small")));
        assert!(!numbers.at_most(&end.plus_constant(1), &Linear::var(n).times(4).expect("small")));
        // n ≤ 64 makes it i ≤ 63, by a test.
        assert!(numbers.assume(&Linear::var(n).plus_constant(-64)));
        assert_eq!(numbers.range(i), Range { lo: 0, hi: 63, lo_why: Why::Type, hi_why: Why::Test });
    }

    #[test]
    fn what_contradicts_is_not_assumed() {
        let mut numbers = Numbers::default();
        numbers.set_range(Var(0), Range::new(3, 5, Why::Test));
        assert!(!numbers.clone().assume(&Linear::var(Var(0)).plus_constant(-2)));
        assert!(numbers.clone().assume_nonzero(&Linear::var(Var(0)).plus_constant(-3)));
        assert!(!numbers.assume_zero(&Linear::var(Var(0)).plus_constant(-9)));
    }

    #[test]
    fn what_a_constant_gives_stays_however_far_bounds_go() {
        let at = |hi, why| {
            let mut numbers = Numbers::default();
            numbers.set_range(Var(0), Range { lo: 0, hi, lo_why: Why::Constant, hi_why: why });
            numbers
        };
        let limits = |_| Range::of_type(-128, 127);
        let wider = |hi, why| at(0, Why::Constant).widen(&at(hi, why), &[0, 100], true, limits).range(Var(0)).hi;
        assert_eq!(wider(100, Why::Test), 100);
        assert_eq!(wider(99, Why::Test), 127);
        assert_eq!(wider(100, Why::Widened), 127);
    }

    #[test]
    fn widening_ends() {
        let mut at = Numbers::default();
        at.set_range(Var(0), Range::new(0, 0, Why::Constant));
        for turn in 1..40 {
            let mut next = at.clone();
            next.set_range(Var(0), Range::new(0, turn, Why::Constant));
            let wider = at.widen(&at.join(&next), &[0, 1, 10], false, |_| Range::of_type(-128, 127));
            if wider == at {
                assert!(turn > 1);
            }
            at = wider;
        }
        assert_eq!(at.range(Var(0)).hi, 127);
    }
}
