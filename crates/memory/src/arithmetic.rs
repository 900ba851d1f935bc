//! Numbers that are computed from others, compared and converted.

use crate::analyzer::Analyzer;
use crate::linear::{INFINITY, Linear};
use crate::names::{int_limits, type_limits};
use crate::numbers::{Range, Why};
use crate::state::{State, VarOrigin, Vars};
use crate::value::{NullWhy, Nullness, Origin, Pointer, SourceKind, TaintId, Val};
use assay_ir::{ArithOp, Comparison, MemoryOp, Op, Type, TypeId, Value};

/// More characters than texts have.
const MOST_CHARACTERS: i128 = i32::MAX as i128;

impl Analyzer<'_, '_> {
    /// The number `form`, cut to a type's width: the same form where it fits. `wraps` says that the language defines
    /// what happens when it does not.
    pub(crate) fn fit(
        &mut self,
        state: &mut State,
        value: Value,
        form: Linear,
        ty: Option<TypeId>,
        assume: bool,
    ) -> Val {
        let limits = type_limits(self.module, ty);
        if limits.lo <= -INFINITY {
            return Val::Num(form);
        }
        let bounds = state.numbers.bounds(&form);
        if bounds.lo >= limits.lo && bounds.hi <= limits.hi {
            return Val::Num(form);
        }
        if let Some(constant) = form.as_constant() {
            let span = limits.hi - limits.lo + 1;
            return Val::constant((constant - limits.lo).rem_euclid(span) + limits.lo);
        }
        if assume || limits.hi >= MOST_CHARACTERS && self.names.is_length(&form) {
            // An overflow would be an error of the program before this one, and no text has so many characters.
            let upper = form.plus_constant(-limits.hi);
            let lower = form.times(-1).map(|negated| negated.plus_constant(limits.lo));
            let mut assume = |form: &Linear| state.numbers.assume_because(form, Why::Type);
            if assume(&upper) && lower.is_none_or(|lower| assume(&lower)) {
                return Val::Num(form);
            }
        }
        let taint = self.names.taint(&form);
        let wrapped = self.names.wrapped(&form);
        let retired = {
            let var = self.names.var(VarOrigin::Value(value));
            form.mentions(var)
        };
        let new = self.fresh(state, value);
        if let Some(var) = new.as_var() {
            self.names.set_taint(var, taint);
            if self.names.is_chosen(&form) {
                self.names.set_chosen(var, true);
            }
            if wrapped.is_some() {
                self.names.set_wrapped(var, wrapped);
            }
            if !retired {
                let wide = limits.hi - limits.lo >= (1 << 63);
                self.names.set_modular(var, wide.then(|| form.clone()));
                // A non-negative number that is cut does not grow.
                if bounds.lo >= 0
                    && limits.lo == 0
                    && let Some(over) = new.minus(&form)
                {
                    state.numbers.assume_because(&over, Why::Type);
                }
                // A negative number becomes larger than any that there was.
                if bounds.lo < 0
                    && limits.lo == 0
                    && bounds.hi <= limits.hi
                    && let Some(over) = form.minus(&new)
                {
                    state.numbers.assume_because(&over, Why::Type);
                }
            }
        }
        Val::Num(new)
    }

    pub(crate) fn arith(
        &mut self,
        state: &mut State,
        value: Value,
        op: ArithOp,
        left: Value,
        right: Value,
        ty: TypeId,
    ) -> Val {
        let a = self.val(state, left);
        // Arithmetic on addresses that were made numbers: alignment and tags.
        if let Val::Ptr(pointer) = &a
            && matches!(op, ArithOp::And | ArithOp::Or | ArithOp::Add | ArithOp::Sub)
        {
            let mut moved = Pointer::clone(pointer);
            for target in &mut moved.targets {
                target.offset = self.fresh_var(state, VarOrigin::Offset(value, target.obj));
                target.region = None;
            }
            return Val::from(moved);
        }
        let a = self.number(state, left, value);
        let b = self.number(state, right, value);
        let Type::Int { bits, signed } = *self.module.types.get(ty) else {
            if matches!(op, ArithOp::Div | ArithOp::Rem) && self.module.types.get(ty) == &Type::Unknown {
                return Val::Top;
            }
            return Val::Num(self.fresh(state, value));
        };
        let (ra, rb) = (state.numbers.bounds(&a), state.numbers.bounds(&b));
        match op {
            ArithOp::Add | ArithOp::Sub => {
                let form = a.plus_times(if op == ArithOp::Add { 1 } else { -1 }, &b);
                let Some(form) = form else {
                    let range = if op == ArithOp::Add {
                        (ra.lo + rb.lo, ra.hi + rb.hi)
                    } else {
                        (ra.lo - rb.hi, ra.hi - rb.lo)
                    };
                    return self.ranged(state, value, &[&a, &b], range, ra, rb, bits, signed);
                };
                self.computed(state, value, form, ty, bits, signed)
            }
            ArithOp::Mul | ArithOp::ShiftLeft => {
                if op == ArithOp::ShiftLeft {
                    self.check_shift(state, value, &b, bits);
                }
                let factor = |form: &Linear| {
                    let c = form.as_constant()?;
                    if op == ArithOp::ShiftLeft {
                        (0..62).contains(&c).then(|| 1_i64 << c)
                    } else {
                        i64::try_from(c).ok()
                    }
                };
                let scaled = factor(&b)
                    .and_then(|k| a.times(k))
                    .or_else(|| if op == ArithOp::Mul { factor(&a).and_then(|k| b.times(k)) } else { None });
                if let Some(form) = scaled {
                    return self.computed(state, value, form, ty, bits, signed);
                }
                let rb = if op == ArithOp::ShiftLeft {
                    let power = |n: i128| {
                        if (0..64).contains(&n) { 1_i128 << n } else { INFINITY }
                    };
                    Range { lo: 1, hi: power(rb.hi), lo_why: Why::Type, hi_why: rb.hi_why }
                } else {
                    rb
                };
                let products = [(ra.lo, rb.lo), (ra.lo, rb.hi), (ra.hi, rb.lo), (ra.hi, rb.hi)];
                let products = products
                    .map(|(x, y)| if x == 0 || y == 0 { 0 } else { x.saturating_mul(y).clamp(-INFINITY, INFINITY) });
                let (lo, hi) = (*products.iter().min().unwrap_or(&0), *products.iter().max().unwrap_or(&0));
                self.ranged(state, value, &[&a, &b], (lo, hi), ra, rb, bits, signed)
            }
            ArithOp::Div => {
                let rb = self.divisor(state, value, &b);
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&a]);
                if rb.lo >= 1
                    && let Some(var) = new.as_var()
                {
                    let mut range = state.numbers.range(var);
                    let by = rb.lo;
                    let quotient = |x: i128, by: i128| if x.abs() >= INFINITY { x } else { x / by };
                    (range.hi, range.hi_why) = (quotient(ra.hi, if ra.hi >= 0 { by } else { rb.hi }), ra.hi_why);
                    (range.lo, range.lo_why) =
                        (quotient(ra.lo, if ra.lo < 0 { by } else { rb.hi }).max(range.lo), ra.lo_why);
                    if range.lo <= range.hi {
                        state.numbers.set_range(var, range);
                    }
                    if ra.lo >= 0
                        && let Some(k) = b.as_constant().and_then(|c| i64::try_from(c).ok())
                        && let Some(scaled) = new.times(k)
                        && let Some(over) = scaled.minus(&a)
                    {
                        state.numbers.assume(&over);
                        // a − k·q ≤ k − 1
                        if let Some(rest) = over.times(-1) {
                            state.numbers.assume(&rest.plus_constant(1 - i128::from(k)));
                        }
                    }
                }
                Val::Num(new)
            }
            ArithOp::Rem => {
                let rb = self.divisor(state, value, &b);
                if let (Some(x), Some(y)) = (a.as_constant(), b.as_constant())
                    && y != 0
                {
                    return Val::constant(x % y);
                }
                let new = self.fresh(state, value);
                if let Some(var) = new.as_var() {
                    let most = rb.hi.abs().max(rb.lo.abs());
                    let hi = if ra.lo >= 0 { (most - 1).min(ra.hi) } else { most - 1 };
                    let lo = if ra.lo >= 0 { 0 } else { (1 - most).max(ra.lo) };
                    let why = if rb.hi_why <= Why::Test { Why::Test } else { rb.hi_why };
                    if lo <= hi {
                        // That a remainder can be negative is nothing that the program says.
                        let lo_why = if lo == 0 { Why::Test } else { Why::Type };
                        state.numbers.set_range(var, Range { lo, hi, lo_why, hi_why: why });
                    }
                    if rb.lo >= 1
                        && let Some(over) = new.minus(&b)
                    {
                        state.numbers.assume(&over.plus_constant(1));
                    }
                    if ra.lo >= 0
                        && let Some(over) = new.minus(&a)
                    {
                        state.numbers.assume(&over);
                    }
                    // A number that the remainder is taken of is bounded by it, whoever controls it.
                    if most >= INFINITY || rb.hi_why > Why::Test {
                        self.carry(state, &new, &[&a]);
                    }
                }
                Val::Num(new)
            }
            ArithOp::And => {
                let new = self.fresh(state, value);
                let mut bounded = false;
                if let Some(var) = new.as_var() {
                    let mut range = state.numbers.range(var);
                    for mask in [&rb, &ra] {
                        if mask.lo >= 0 && mask.hi < INFINITY {
                            if mask.hi < range.hi {
                                (range.hi, range.hi_why) =
                                    (mask.hi, if mask.hi_why <= Why::Test { Why::Test } else { mask.hi_why });
                            }
                            if range.lo < 0 {
                                (range.lo, range.lo_why) = (0, Why::Test);
                            }
                            bounded |= mask.hi_why <= Why::Test;
                        }
                    }
                    state.numbers.set_range(var, range);
                    for (form, range) in [(&a, ra), (&b, rb)] {
                        if range.lo >= 0
                            && form.as_constant().is_none()
                            && let Some(over) = new.minus(form)
                        {
                            state.numbers.assume(&over);
                        }
                    }
                }
                if bounded {
                    self.names_taint_only(&new, &[&a, &b]);
                } else {
                    self.carry(state, &new, &[&a, &b]);
                }
                Val::Num(new)
            }
            ArithOp::Or | ArithOp::Xor => {
                if let (Some(x), Some(y)) = (a.as_constant(), b.as_constant()) {
                    let exact = if op == ArithOp::Or { x | y } else { x ^ y };
                    return self.fit(state, value, Linear::constant(exact), Some(ty), false);
                }
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&a, &b]);
                if let Some(var) = new.as_var()
                    && ra.lo >= 0
                    && rb.lo >= 0
                    && ra.hi.max(rb.hi) < (1 << 64)
                {
                    let most = ra.hi.max(rb.hi);
                    let hi = (1_i128 << (128 - most.leading_zeros())) - 1;
                    let why = ra.hi_why.max(rb.hi_why);
                    let known = state.numbers.range(var);
                    let why = if hi < known.hi { why } else { known.hi_why };
                    state.numbers.set_range(var, Range { lo: 0, hi: hi.min(known.hi), lo_why: Why::Type, hi_why: why });
                }
                Val::Num(new)
            }
            ArithOp::ShiftRight => {
                self.check_shift(state, value, &b, bits);
                if let (Some(x), Some(y)) = (a.as_constant(), b.as_constant())
                    && (0..100).contains(&y)
                {
                    return Val::constant(x >> y);
                }
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&a]);
                if let Some(var) = new.as_var()
                    && ra.lo >= 0
                {
                    let by = rb.lo.clamp(0, 64);
                    let hi = if ra.hi >= INFINITY { ra.hi } else { ra.hi >> by };
                    let known = state.numbers.range(var);
                    let why = ra.hi_why;
                    state.numbers.set_range(var, Range { lo: 0, hi: hi.min(known.hi), lo_why: Why::Type, hi_why: why });
                    if let Some(over) = new.minus(&a) {
                        state.numbers.assume(&over);
                    }
                }
                Val::Num(new)
            }
        }
    }

    /// Judges a divisor, which is not zero behind the division; what it may be.
    fn divisor(&mut self, state: &mut State, value: Value, form: &Linear) -> Range {
        self.check_division(state, value, form);
        if !state.numbers.is_nonzero(form) {
            let mut numbers = state.numbers.clone();
            if numbers.assume_nonzero(form) {
                state.numbers = numbers;
            }
        }
        state.numbers.bounds(form)
    }

    /// A sum or product that has a linear form.
    fn computed(&mut self, state: &mut State, value: Value, form: Linear, ty: TypeId, bits: u8, signed: bool) -> Val {
        let limits = int_limits(bits, signed);
        let bounds = state.numbers.bounds(&form);
        if bounds.lo >= limits.lo && bounds.hi <= limits.hi {
            return Val::Num(form);
        }
        // That a set bit gets shifted into the sign is done on purpose.
        if signed && !matches!(self.function.op(value), Op::Memory(MemoryOp::Arith { op: ArithOp::ShiftLeft, .. })) {
            self.check_overflow(state, value, &form, limits, bits);
        }
        let taint = self.names.taint(&form);
        let held = taint.is_some() && self.is_held(state, &form.plus_constant(-limits.hi));
        let controlled = taint.is_some() && !held && bounds.hi > limits.hi && self.is_unbounded(state, &form);
        if signed && taint.is_some() {
            self.check_chosen(state, value, &form, limits, bits);
        }
        if controlled && bits >= 32 {
            self.note_sources(value, &[&form]);
            let val = self.fit(state, value, form, Some(ty), false);
            if let Val::Num(new) = &val
                && let Some(var) = new.as_var()
            {
                self.names.set_wrapped(var, Some(value));
            }
            return val;
        }
        // Sums of numbers that nobody controls are taken not to overflow: signed ones must not, and of unsigned ones only
        // differences do so in practice.
        let assume = (taint.is_none() || held) && bits >= 32 && (signed || bounds.lo >= 0);
        self.fit(state, value, form, Some(ty), assume)
    }

    /// A sum or product without a linear form.
    #[expect(clippy::too_many_arguments, reason = "one operation, with everything it is about")]
    fn ranged(
        &mut self,
        state: &mut State,
        value: Value,
        operands: &[&Linear],
        range: (i128, i128),
        ra: Range,
        rb: Range,
        bits: u8,
        signed: bool,
    ) -> Val {
        let limits = int_limits(bits, signed);
        let new = self.fresh(state, value);
        self.carry(state, &new, operands);
        let Some(var) = new.as_var() else { return Val::Num(new) };
        self.names.set_chosen(var, operands.iter().any(|form| self.is_chosen_freely(state, form)));
        let (lo, hi) = range;
        if lo >= limits.lo && hi <= limits.hi {
            let (lo_why, hi_why) = (ra.lo_why.max(rb.lo_why), ra.hi_why.max(rb.hi_why));
            state.numbers.set_range(var, Range { lo, hi, lo_why, hi_why });
            self.names.set_wrapped(var, None);
        } else if signed
            && bits >= 32
            && hi > limits.hi
            && let Some(chosen) = operands.iter().find(|form| self.is_chosen_whole(state, form, bits, true))
        {
            self.overflow_of_chosen(value, chosen, bits, true);
        }
        if hi > limits.hi
            && bits >= 32
            && operands.iter().any(|form| self.names.taint(form).is_some() && self.is_unbounded(state, form))
        {
            self.names.set_wrapped(var, Some(value));
            self.note_sources(value, operands);
        }
        Val::Num(new)
    }

    /// Keeps whether the function shows where a number comes in that arithmetic is done on, or whether both come in.
    fn note_sources(&mut self, value: Value, operands: &[&Linear]) {
        let taints: Vec<TaintId> = operands.iter().filter_map(|form| self.names.taint(form)).collect();
        if taints.len() > 1 || taints.iter().any(|taint| self.names.taints.get(*taint).at.is_some()) {
            self.known_sources.insert(value);
        }
    }

    /// A number is controlled by whoever controls what it is computed from.
    fn carry(&mut self, _state: &State, new: &Linear, from: &[&Linear]) {
        self.names_taint_only(new, from);
        let Some(var) = new.as_var() else { return };
        for form in from {
            if let Some(at) = self.names.wrapped(form) {
                self.names.set_wrapped(var, Some(at));
            }
        }
    }

    fn names_taint_only(&mut self, new: &Linear, from: &[&Linear]) {
        let Some(var) = new.as_var() else { return };
        for form in from {
            let taint = self.names.taint(form);
            self.names.set_taint(var, taint);
            if self.names.is_chosen(form) {
                self.names.set_chosen(var, true);
            }
        }
    }

    pub(crate) fn compare(
        &mut self,
        state: &mut State,
        value: Value,
        op: Comparison,
        left: Value,
        right: Value,
    ) -> Val {
        let (a, b) = (self.val(state, left), self.val(state, right));
        for (operand, val) in [(left, &a), (right, &b)] {
            if matches!(val, Val::Uninit) {
                self.uninitialized(operand, value);
                self.settle(state, operand);
            }
        }
        let decided = match (&a, &b) {
            (Val::Num(a), Val::Num(b)) => a.minus(b).and_then(|difference| {
                let range = state.numbers.bounds(&difference);
                decide(op, range.lo, range.hi)
            }),
            (Val::Ptr(a), Val::Ptr(b)) => match op {
                Comparison::Eq | Comparison::NotEq if b.is_null() || a.is_null() => {
                    let other = if b.is_null() { a } else { b };
                    let equal = if other.is_null() {
                        Some(true)
                    } else if !other.nullness.null {
                        Some(false)
                    } else {
                        None
                    };
                    equal.map(|equal| equal == (op == Comparison::Eq))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(truth) = decided {
            return Val::constant(i128::from(truth));
        }
        let new = self.fresh(state, value);
        if let Some(var) = new.as_var() {
            state.numbers.set_range(var, Range::new(0, 1, Why::Constant));
        }
        Val::Num(new)
    }

    /// What an allocator gave is of the class that its address is first taken for.
    fn made_as(&mut self, from: TypeId, to: TypeId, pointer: &Pointer) {
        let plain = matches!(self.module.types.get(from), Type::Pointer(from) if matches!(self.module.types.get(*from), Type::Void));
        if let Some(target) = pointer.only()
            && plain
            && matches!(self.names.objects.origin(target.obj), Origin::Heap(..))
            && self.module.types.record(to).is_some()
        {
            self.classes.entry(target.obj).or_insert(to);
        }
    }

    pub(crate) fn convert(&mut self, state: &mut State, value: Value, inner: Value, from: TypeId, to: TypeId) -> Val {
        let val = self.val(state, inner);
        match (self.module.types.get(to), val) {
            (Type::Pointer(_), Val::Num(form)) => match form.as_constant() {
                Some(0) => Val::from(Pointer::null(NullWhy::Constant(self.span(value)))),
                _ => Val::from(Pointer::unknown(Nullness::maybe(NullWhy::Unknown))),
            },
            (Type::Pointer(_), Val::Top) => self.unknown(state, value, Some(to)),
            (&Type::Pointer(ty), Val::Ptr(pointer)) => {
                self.made_as(from, ty, &pointer);
                Val::Ptr(pointer)
            }
            (Type::Int { bits: 64, .. }, Val::Ptr(pointer)) => Val::Ptr(pointer),
            (Type::Bool, Val::Num(form)) => {
                let range = state.numbers.bounds(&form);
                match decide(Comparison::NotEq, range.lo, range.hi) {
                    Some(truth) => Val::constant(i128::from(truth)),
                    None if range.lo >= 0 && range.hi <= 1 => Val::Num(form),
                    None => {
                        let new = self.fresh(state, value);
                        if let Some(var) = new.as_var() {
                            state.numbers.set_range(var, Range::new(0, 1, Why::Constant));
                        }
                        Val::Num(new)
                    }
                }
            }
            (Type::Int { .. }, Val::Num(form)) => {
                if matches!(self.module.types.get(from), Type::Float { .. }) {
                    let new = self.fresh(state, value);
                    self.carry(state, &new, &[&form]);
                    return Val::Num(new);
                }
                if let (&Type::Int { bits, signed }, Type::Int { bits: before, .. }) =
                    (self.module.types.get(to), self.module.types.get(from))
                    && bits < *before
                {
                    self.check_conversion(state, value, &form, bits, signed);
                    self.check_narrow(state, value, inner, &form, bits, signed);
                }
                // What wrapped around comes out right again; and no number of bytes that there are is negative as a signed number
                // of the same width.
                let same = matches!(
                    (self.module.types.get(from), self.module.types.get(to)),
                    (Type::Int { bits: 64, signed: false }, Type::Int { bits: 64, signed: true })
                );
                let modular = form.as_var().and_then(|var| self.names.modular(var)).cloned();
                if same
                    && let Some(modular) = modular
                    && modular.terms.iter().all(|(var, _)| state.numbers.uses(*var))
                {
                    return self.fit(state, value, modular, Some(to), false);
                }
                let sent = self.names.taint(&form).map(|taint| self.names.taints.get(taint).kind);
                self.fit(state, value, form, Some(to), same && sent != Some(SourceKind::Remote))
            }
            (Type::Float { .. }, Val::Num(form)) => {
                let new = self.fresh(state, value);
                self.carry(state, &new, &[&form]);
                Val::Num(new)
            }
            (_, Val::Uninit) => Val::Uninit,
            (Type::Void, _) => Val::Top,
            (_, val) => {
                state.expose(&val);
                self.unknown(state, value, Some(to))
            }
        }
    }
}

/// Whether a comparison holds for every difference in a range, or for none.
fn decide(op: Comparison, lo: i128, hi: i128) -> Option<bool> {
    let (yes, no) = match op {
        Comparison::Eq => (lo == 0 && hi == 0, lo > 0 || hi < 0),
        Comparison::NotEq => (lo > 0 || hi < 0, lo == 0 && hi == 0),
        Comparison::Less => (hi < 0, lo >= 0),
        Comparison::LessEq => (hi <= 0, lo > 0),
        Comparison::Greater => (lo > 0, hi <= 0),
        Comparison::GreaterEq => (lo >= 0, hi < 0),
    };
    if yes {
        Some(true)
    } else if no {
        Some(false)
    } else {
        None
    }
}
