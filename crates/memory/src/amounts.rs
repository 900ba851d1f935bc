//! Numbers that must not be what they may be: sizes of allocations, divisors, bits of a shift.

use crate::access::Exceeds;
use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::linear::{INFINITY, Linear};
use crate::names::int_limits;
use crate::numbers::{Range, Why};
use crate::report::{Defect, Finding, Note, NoteKind, Problem, SiteKind};
use crate::state::State;
use crate::summary::What;
use crate::value::{Origin, Pointer, SourceKind, Val};
use assay_ir::{ArithOp, BlockId, Comparison, Const, MemoryOp, Op, Type, Value};
use assay_text::limits::MAX_MEMORY_REQUIREMENTS;

impl Analyzer<'_, '_> {
    /// Judges the number of bytes that an object is to have.
    pub(crate) fn check_size(&mut self, state: &State, site: Value, number: &Linear, api: &str, assumed: bool) {
        if self.sites.is_none() {
            return;
        }
        let narrow = |at: Value| {
            let ty = self.ty(at);
            ty.is_some_and(|ty| matches!(self.module.types.get(ty), Type::Int { bits: ..=32, .. }))
        };
        // Of blocks that only a name says to be allocated, sums of as many bits as addresses have are taken to be lengths.
        let wrapped = self.names.wrapped(number).filter(|at| !assumed || narrow(*at));
        let taint = self.names.taint(number);
        let finding = match (wrapped, taint) {
            (Some(at), Some(taint)) if at != site => {
                let taint = self.names.taints.get(taint).clone();
                let mut steps = Vec::new();
                if let Some(at) = taint.at {
                    steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
                }
                steps.push(self.step_at(at, NoteKind::Fact, "this may wrap around"));
                steps.push(self.step_at(site, NoteKind::Sink, "and is the size of an allocation here"));
                Defect::new(Problem::IntegerOverflow, &[190, 680, 131], format!("the size given to {api} may wrap around"), format!(
                        "The size is computed from {} and may wrap around to a small number; what is then written is larger than the block.",
                        taint.what
                    )).local(taint.kind == SourceKind::Local).through(steps).finding()
            }
            (Some(_), _) => Finding::Open("may-wrap", "the size may wrap around".to_owned()),
            (None, _) => {
                let range = state.numbers.bounds(number);
                if range.lo >= 0 && range.hi < INFINITY {
                    Finding::Safe("the size does not wrap around".to_owned())
                } else {
                    Finding::Open("unknown-size", "nothing bounds the size".to_owned())
                }
            }
        };
        self.note(site, SiteKind::Allocation, Problem::IntegerOverflow, api, finding);
    }

    /// Judges the size that a block grows to: a number of bytes of less than 64 bits that is kept in a member and doubled there without a
    /// test wraps around once the block takes the memory that such a number can count.
    pub(crate) fn check_growth(&mut self, state: &mut State, site: Value, number: Value, api: &str) {
        if self.sites.is_none() {
            return;
        }
        let grown = stripped(self.function, number);
        let Op::Memory(MemoryOp::Arith { op, left, right, ty }) = self.function.op(grown) else { return };
        let by = match self.function.op(stripped(self.function, *right)) {
            Op::Const(Const::Int(number)) => *number,
            _ => return,
        };
        let doubles = *op == ArithOp::Mul && by >= 2 || *op == ArithOp::ShiftLeft && by >= 1;
        let narrow = matches!(self.module.types.get(*ty), Type::Int { bits: 16..=32, .. });
        let before = stripped(self.function, *left);
        let Op::Memory(MemoryOp::Load { from, .. }) = self.function.op(before) else { return };
        let slot = self.cx.program.slot(self.unit, self.function, *from);
        let kept = slot.is_some_and(|slot| {
            self.function.insts.iter().any(|inst| {
                matches!(&inst.op, Op::Memory(MemoryOp::Store { to, value, .. })
                    if stripped(self.function, *value) == grown
                        && self.cx.program.slot(self.unit, self.function, *to).as_ref() == Some(&slot))
            })
        });
        if !doubles || !narrow || !kept {
            return;
        }
        let form = self.number(state, before, site);
        let range = state.numbers.bounds(&form);
        if range.hi_why <= Why::Test {
            return;
        }
        let defect = Defect::new(
            Problem::IntegerOverflow,
            &[190, 680, 131],
            format!("the number of bytes given to {api} is doubled without a test and may wrap around"),
            "The number is kept in fewer bits than addresses have. Once the block has grown to the half of what they count, the next size is small again.",
        )
        .confidence(1)
        .assuming(vec!["whoever sends the data can send as much".to_owned()])
        .through(vec![
            self.step_at(grown, NoteKind::Fact, "this may wrap around"),
            self.step_at(site, NoteKind::Sink, "and is the size of an allocation here"),
        ]);
        self.note(site, SiteKind::Allocation, Problem::IntegerOverflow, api, defect.finding());
    }

    /// Judges a test at the end of a block: a sum or product that has wrapped around passes for a small number.
    pub(crate) fn check_tested(&mut self, state: &mut State, block: BlockId, cond: Value) {
        // How far a loop goes is judged where it goes.
        if self.sites.is_none() || self.loops.leaving().contains(block) {
            return;
        }
        let test = self.tested(cond);
        let Op::Memory(MemoryOp::Compare { op, left, right, .. }) = self.function.op(test) else { return };
        if matches!(op, Comparison::Eq | Comparison::NotEq) {
            return;
        }
        for (value, other) in [(*left, *right), (*right, *left)] {
            let Val::Num(form) = self.val(state, value) else { continue };
            let (Some(at), Some(taint)) = (self.names.wrapped(&form), self.names.taint(&form)) else { continue };
            let Op::Memory(MemoryOp::Arith { op: ArithOp::Add | ArithOp::Mul, left: a, right: b, ty }) =
                self.function.op(at)
            else {
                continue;
            };
            // Of numbers of 64 bits nobody sends as many, and a sign is looked at for other reasons.
            let narrow = matches!(self.module.types.get(*ty), Type::Int { bits: ..=32, .. });
            let sign = matches!(self.val(state, other), Val::Num(form) if form.as_constant() == Some(0));
            if !narrow || sign {
                continue;
            }
            let taint = self.names.taints.get(taint).clone();
            let parts = [stripped(self.function, *a), stripped(self.function, *b)];
            if stripped(self.function, value) != at
                || taint.kind != SourceKind::Remote
                || !self.known_sources.contains(&at)
                || parts.contains(&stripped(self.function, other))
                || self.is_overflow_tested(at, parts)
                || parts.iter().any(|part| self.is_compared(*part, stripped(self.function, other)))
            {
                continue;
            }
            let mut steps = Vec::new();
            if let Some(at) = taint.at {
                steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
            }
            steps.push(self.step_at(at, NoteKind::Fact, "this may wrap around"));
            steps.push(self.step_at(test, NoteKind::Sink, "and is tested here"));
            let defect = Defect::new(
                Problem::IntegerOverflow,
                &[190],
                "a number that is tested may have wrapped around",
                format!(
                    "The number is computed from {}. Where the result does not fit in its type, what is left of it is small, and passes the test.",
                    taint.what
                ),
            )
            .confidence(1)
            .through(steps);
            self.note(test, SiteKind::Value, Problem::IntegerOverflow, "", defect.finding());
            return;
        }
    }

    /// The comparison that a condition is.
    fn tested(&self, cond: Value) -> Value {
        let mut at = stripped(self.function, cond);
        for _ in 0..4 {
            match self.function.op(at) {
                Op::Memory(MemoryOp::Compare { op: Comparison::Eq | Comparison::NotEq, left, right, .. })
                    if self.is_truth(*left) && matches!(self.function.op(*right), Op::Const(Const::Int(0))) =>
                {
                    at = stripped(self.function, *left);
                }
                _ => break,
            }
        }
        at
    }

    /// Whether the function compares two values somewhere.
    fn is_compared(&self, a: Value, b: Value) -> bool {
        self.function.insts.iter().any(|inst| {
            let Op::Memory(MemoryOp::Compare { left, right, .. }) = &inst.op else { return false };
            let (left, right) = (stripped(self.function, *left), stripped(self.function, *right));
            (left, right) == (a, b) || (left, right) == (b, a)
        })
    }

    /// Whether the function looks somewhere whether a sum or product has wrapped around: `a + b < a`, `a * b / a != b`.
    fn is_overflow_tested(&self, at: Value, parts: [Value; 2]) -> bool {
        self.function.insts.iter().any(|inst| {
            let Op::Memory(
                MemoryOp::Compare { left, right, .. } | MemoryOp::Arith { op: ArithOp::Div, left, right, .. },
            ) = &inst.op
            else {
                return false;
            };
            let (left, right) = (stripped(self.function, *left), stripped(self.function, *right));
            left == at && parts.contains(&right) || right == at && parts.contains(&left)
        })
    }

    /// Judges a divisor.
    pub(crate) fn check_division(&mut self, state: &State, site: Value, divisor: &Linear) {
        if self.sites.is_none() {
            return;
        }
        let range = state.numbers.bounds(divisor);
        let zero = |title: &str, message: String, certain: bool, this: &Self, first: Option<Note>, local: bool| {
            let mut steps: Vec<Note> = first.into_iter().collect();
            steps.push(this.step_at(site, NoteKind::Sink, "divided here"));
            Defect::new(Problem::DivisionByZero, &[369], title.to_owned(), message)
                .certain(certain)
                .local(local)
                .through(steps)
                .finding()
        };
        let constant = |why: Why| why == Why::Constant;
        let finding = if state.numbers.is_nonzero(divisor) {
            Finding::Safe("the divisor is not zero".to_owned())
        } else if range.lo == 0 && range.hi == 0 {
            zero("a division by zero", "The divisor is zero here.".to_owned(), true, self, None, false)
        } else if range.lo == 0 && constant(range.lo_why) || range.hi == 0 && constant(range.hi_why) {
            zero(
                "a divisor may be zero",
                "On some path the divisor is still zero, and nothing tests it.".to_owned(),
                false,
                self,
                None,
                false,
            )
        } else if let Some(taint) = self.names.taint(divisor).filter(|taint| {
            // What a member holds is mostly looked at when it is set; that it is this very number is not said by that it comes from outside.
            let at = self.names.taints.get(*taint).at;
            (at.is_some() || divisor.as_var().is_some())
                && !self.names.tested(divisor)
                && divisor.terms.iter().all(|(var, _)| {
                    let range = state.numbers.range(*var);
                    range.lo_why > Why::Test && range.hi_why > Why::Test
                })
        }) {
            let taint = self.names.taints.get(taint).clone();
            let first = taint.at.map(|at| self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
            let message = format!("The divisor is {}, which may be zero; nothing tests it.", taint.what);
            zero("a divisor from outside may be zero", message, false, self, first, taint.kind == SourceKind::Local)
        } else if let Some(form) = self.entry_form(divisor) {
            self.need(state, What::NotZero(form), site, "divided by it");
            Finding::Callers("the caller's number must not be zero".to_owned())
        } else {
            Finding::Open("maybe-zero", "nothing says that the divisor is not zero".to_owned())
        };
        self.note(site, SiteKind::Division, Problem::DivisionByZero, "", finding);
    }

    /// Judges the number of bits of a shift.
    pub(crate) fn check_shift(&mut self, state: &State, site: Value, by: &Linear, bits: u8) {
        if self.sites.is_none() {
            return;
        }
        let over = by.plus_constant(1 - i128::from(bits));
        let Some(under) = by.times(-1) else { return };
        let (above, below) = (self.exceeds(state, &over), self.exceeds(state, &under));
        let bad = |e: &Exceeds| matches!(e, Exceeds::Always(_) | Exceeds::Admitted(_));
        let finding = if above == Exceeds::Never && below == Exceeds::Never {
            Finding::Safe("fewer bits than the type has".to_owned())
        } else if bad(&above) || bad(&below) {
            let certain = matches!(above, Exceeds::Always(_)) || matches!(below, Exceeds::Always(_));
            let how = if certain { "is" } else { "may be" };
            let what = if bad(&above) { format!("by {bits} bits or more") } else { "by a negative number".to_owned() };
            Defect::new(
                Problem::Shift,
                &[1335, 758],
                format!("a number of {bits} bits {how} shifted {what}"),
                "What such a shift gives is not defined; processors differ.",
            )
            .certain(certain)
            .through(vec![self.step_at(site, NoteKind::Sink, "shifted here")])
            .finding()
        } else {
            let title = format!("a number of {bits} bits is shifted by a number that is passed and too large");
            self.leave_number(state, site, &over, Problem::Shift, &[1335, 758], title, "shifted by it");
            Finding::Open("unknown-shift", "nothing bounds the number of bits".to_owned())
        };
        self.note(site, SiteKind::Shift, Problem::Shift, "", finding);
    }

    /// Judges the distance between two addresses: there is none between different objects.
    pub(crate) fn check_distance(&mut self, site: Value, left: &Pointer, right: &Pointer) {
        let own = |this: &Self, pointer: &Pointer| {
            let target = pointer.only().filter(|_| !pointer.is_null())?;
            matches!(this.names.objects.origin(target.obj), Origin::Local(_) | Origin::Global(_) | Origin::Heap(..))
                .then_some(target.obj)
        };
        let (Some(a), Some(b)) = (own(self, left), own(self, right)) else { return };
        if a == b {
            return;
        }
        let (first, second) = (self.names.object_name(a), self.names.object_name(b));
        let defect = Defect::new(
            Problem::Subtraction,
            &[469, 758],
            format!("the distance between an address in {first} and one in {second} is taken"),
            "Where objects lie in memory says nothing; the result is not defined.",
        )
        .certain(true)
        .through(vec![self.step_at(site, NoteKind::Sink, "subtracted here")]);
        self.note(site, SiteKind::Value, Problem::Subtraction, "", defect.finding());
    }

    /// Judges a sum, difference or product of signed numbers: one that is outside of its type for certain is an error.
    pub(crate) fn check_overflow(&mut self, state: &State, site: Value, form: &Linear, limits: Range, bits: u8) {
        if self.sites.is_none() {
            return;
        }
        let range = state.numbers.bounds(form);
        if range.lo <= limits.hi && range.hi >= limits.lo {
            self.leave_overflow(state, site, form, limits, bits);
            return;
        }
        if self.is_way_out(state, site) {
            return;
        }
        let (over, cwe): (_, &'static [u32]) =
            if range.lo > limits.hi { ("above the largest", &[190]) } else { ("below the least", &[191]) };
        let defect = Defect::new(
            Problem::IntegerOverflow,
            cwe,
            format!("a signed computation gives a number {over} of {bits} bits"),
            "An overflow of signed numbers is not defined; processors wrap around, and compilers take it for granted that it does not happen.",
        )
        .certain(true)
        .through(vec![self.step_at(site, NoteKind::Sink, "computed here")]);
        self.note(site, SiteKind::Value, Problem::IntegerOverflow, "", defect.finding());
    }

    /// Whether a number is computed from the constant that a function gives on one of several ways: which way it takes is not known.
    fn is_way_out(&self, state: &State, site: Value) -> bool {
        let Op::Memory(MemoryOp::Arith { left, right, .. }) = self.function.op(site) else { return false };
        [*left, *right].into_iter().any(|at| {
            matches!(self.function.op(stripped(self.function, at)), Op::Call { .. })
                && matches!(state.get(at), Some(Val::Num(form)) if form.as_constant().is_some())
        })
    }

    /// Whether a computation with a number of the caller's fits in its type is told at the call, where it does not for certain.
    fn leave_overflow(&mut self, state: &State, site: Value, form: &Linear, limits: Range, bits: u8) {
        let range = state.numbers.bounds(form);
        let Some(below) = form.times(-1).map(|form| form.plus_constant(limits.lo)) else { return };
        let above = form.plus_constant(-limits.hi);
        let ends: [(bool, Linear, &'static [u32], &str); 2] = [
            (range.hi > limits.hi, above, &[190], "above the largest"),
            (range.lo < limits.lo, below, &[191], "below the least"),
        ];
        for (_, over, cwe, side) in ends.into_iter().filter(|(goes, ..)| *goes) {
            let title = format!("a number that is passed makes a signed computation go {side} of {bits} bits");
            self.leave_number(state, site, &over, Problem::IntegerOverflow, cwe, title, "computed from it");
        }
    }

    /// A form over the caller's numbers must not be above zero.
    #[expect(clippy::too_many_arguments, reason = "one sentence, with everything it is about")]
    pub(crate) fn leave_number(
        &mut self,
        state: &State,
        site: Value,
        over: &Linear,
        problem: Problem,
        cwe: &'static [u32],
        title: String,
        words: &str,
    ) {
        // What is asked of callers is limited, and bounds of objects matter more.
        if self.sites.is_none() || over.terms.len() != 1 || self.needs.len() >= MAX_MEMORY_REQUIREMENTS / 2 {
            return;
        }
        if let Some(form) = self.entry_form(over) {
            self.need(state, What::NotAbove { form, problem, cwe, title }, site, words);
        }
    }

    /// Judges a conversion to a narrower type: a number that does not fit for certain becomes another one.
    pub(crate) fn check_conversion(&mut self, state: &State, site: Value, form: &Linear, bits: u8, signed: bool) {
        if self.sites.is_none() || bits >= 64 {
            return;
        }
        let limits = int_limits(bits, signed);
        let range = state.numbers.bounds(form);
        // A number that is put together bit by bit is cut on purpose.
        let by_bits = matches!(
            self.function.op(stripped(self.function, site)),
            Op::Memory(MemoryOp::Arith {
                op: ArithOp::And | ArithOp::Or | ArithOp::Xor | ArithOp::ShiftLeft | ArithOp::ShiftRight,
                ..
            })
        );
        if by_bits {
            return;
        }
        // Of computed numbers, the lower bits are often taken on purpose; all bits set is written as -1; and what is one less than zero as a
        // number without a sign gets its sign back.
        let signed_again = signed && range.lo > i128::from(i64::MAX) && range.lo - (1 << 64) >= limits.lo;
        if range.lo != range.hi
            || range.lo <= limits.hi && range.hi >= limits.lo
            || !signed && range.lo == -1
            || signed_again
        {
            if signed && range.hi > limits.hi && !signed_again {
                let over = form.plus_constant(-limits.hi);
                let title = format!("a number that is passed does not fit in {bits} bits, to which it is converted");
                self.leave_number(state, site, &over, Problem::LostBits, &[197, 681], title, "converted");
            }
            return;
        }
        let defect = Defect::new(
            Problem::LostBits,
            &[197, 681],
            format!("a number that does not fit in {bits} bits is converted to them"),
            "The number that is kept is another one: its upper bits or its sign are lost.",
        )
        .certain(true)
        .through(vec![self.step_at(site, NoteKind::Sink, "converted here")]);
        self.note(site, SiteKind::Value, Problem::LostBits, "", defect.finding());
    }
}
