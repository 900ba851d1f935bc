//! Numbers that came in as numbers (`scanf`, `atoi`, `strtol`, `rand`): whoever sends one chooses among all that its type holds, and chance
//! does, too. What is computed from them need not fit, and what they say may be as much as there is.

use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::linear::{Linear, Var};
use crate::names::int_limits;
use crate::numbers::Range;
use crate::report::{Defect, Note, NoteKind, Problem, SiteKind};
use crate::state::State;
use crate::value::{SourceKind, Taint};
use assay_ir::{ArithOp, MemoryOp, Op, Value};

/// As much as whoever sends a number may well ask for.
const MOST_AMOUNT: i128 = 1 << 24;

impl Analyzer<'_, '_> {
    /// What numbers that came in as such are compared with, and what that is: that they were compared stays known.
    pub(crate) fn bounding(&self, state: &State) -> Vec<Var> {
        let mut out: Vec<Var> = state.numbers.vars().filter(|var| self.names.is_chosen(&Linear::var(*var))).collect();
        if out.is_empty() {
            return out;
        }
        for _ in 0..2 {
            for constraint in state.numbers.constraints() {
                if constraint.terms.len() <= 3 && constraint.terms.iter().any(|(var, _)| out.contains(var)) {
                    out.extend(constraint.terms.iter().map(|(var, _)| *var));
                }
            }
            out.sort_unstable();
            out.dedup();
        }
        out
    }

    /// Whether a number came in as one, in a type of that many bits, and nothing bounds it.
    pub(crate) fn is_chosen_whole(&self, state: &State, form: &Linear, bits: u8, up: bool) -> bool {
        let limits = int_limits(bits, true);
        self.names.is_chosen(form)
            && form.terms.iter().any(|(var, k)| {
                let range = state.numbers.range(*var);
                let far = if (*k > 0) == up { range.hi >= limits.hi } else { range.lo <= limits.lo };
                far && self.is_chosen_by_others(*var) && self.controlled(state, *var, (*k > 0) == up, 2).is_some()
            })
    }

    /// Whether a number came in as one, and is bounded on one side at most.
    pub(crate) fn is_chosen_freely(&self, state: &State, form: &Linear) -> bool {
        let free =
            |up: bool| form.terms.iter().any(|(var, k)| self.controlled(state, *var, (*k > 0) == up, 2).is_some());
        self.names.is_chosen(form) && (free(true) || free(false))
    }

    fn is_chosen_by_others(&self, var: Var) -> bool {
        self.names.var_taint(var).is_some_and(|taint| self.names.taints.get(taint).kind != SourceKind::Caller)
    }

    /// Judges a sum or product of signed numbers of which one is whatever somebody else chooses.
    pub(crate) fn check_chosen(&mut self, state: &State, site: Value, form: &Linear, limits: Range, bits: u8) {
        let bounds = state.numbers.bounds(form);
        let held = |over: Option<Linear>| over.is_some_and(|over| self.is_held(state, &over));
        let up = bounds.hi > limits.hi
            && self.is_chosen_whole(state, form, bits, true)
            && !held(Some(form.plus_constant(-limits.hi)));
        let down = bounds.lo < limits.lo
            && self.is_chosen_whole(state, form, bits, false)
            && !held(form.times(-1).map(|form| form.plus_constant(limits.lo)));
        if up || down {
            self.overflow_of_chosen(site, form, bits, up);
        }
    }

    /// Says that a computation with a number that somebody else chooses may not fit in its type.
    pub(crate) fn overflow_of_chosen(&mut self, site: Value, form: &Linear, bits: u8, up: bool) {
        let Some(taint) = self.names.taint(form).filter(|_| self.sites.is_some()) else { return };
        let taint = self.names.taints.get(taint).clone();
        let (over, cwe): (_, &'static [u32]) =
            if up { ("above the largest", &[190]) } else { ("below the least", &[191]) };
        let steps = self.steps_from(&taint, site, "computed here");
        let defect = Defect::new(
            Problem::IntegerOverflow,
            cwe,
            format!("a computation with a number from outside may give one {over} of {bits} bits"),
            format!(
                "The number is {}, and nothing bounds it. What does not fit in the type becomes another number, often with another sign.",
                taint.what
            ),
        )
        .confidence(0)
        .local(taint.kind == SourceKind::Local)
        .through(steps);
        self.note(site, SiteKind::Value, Problem::IntegerOverflow, "", defect.finding());
    }

    /// Judges a conversion to a narrower type of a number that came in as one, or of what was computed from one of the narrow type.
    pub(crate) fn check_narrow(
        &mut self,
        state: &State,
        site: Value,
        inner: Value,
        form: &Linear,
        bits: u8,
        signed: bool,
    ) {
        if self.sites.is_none() || bits > 16 || !self.names.is_chosen(form) {
            return;
        }
        let limits = int_limits(bits, signed);
        let bounds = state.numbers.bounds(form);
        let fits = bounds.hi <= limits.hi && bounds.lo >= limits.lo;
        let controlled = |up: bool| {
            form.terms.iter().any(|(var, k)| {
                self.is_chosen_by_others(*var) && self.controlled(state, *var, (*k > 0) == up, 2).is_some()
            })
        };
        let up = bounds.hi > limits.hi && controlled(true);
        if fits || !(up || bounds.lo < limits.lo && controlled(false)) {
            return;
        }
        let computed = matches!(
            self.function.op(stripped(self.function, inner)),
            Op::Memory(MemoryOp::Arith { op: ArithOp::Add | ArithOp::Sub | ArithOp::Mul, .. })
        );
        if computed {
            if signed {
                self.overflow_of_chosen(site, form, bits, up);
            }
            return;
        }
        // With the sign or without it, the bits that are kept may be all that there are.
        if bounds.lo >= int_limits(bits, true).lo && bounds.hi <= int_limits(bits, false).hi {
            return;
        }
        let Some(taint) = self.names.taint(form) else { return };
        let taint = self.names.taints.get(taint).clone();
        // Of a random number, some bits are as good as all.
        if taint.kind == SourceKind::Chance {
            return;
        }
        let steps = self.steps_from(&taint, site, "converted here");
        let defect = Defect::new(
            Problem::LostBits,
            &[197, 681],
            format!("a number from outside is cut to {bits} bits"),
            format!("The number is {}, and nothing bounds it: what is kept may be another one.", taint.what),
        )
        .confidence(0)
        .local(taint.kind == SourceKind::Local)
        .through(steps);
        self.note(site, SiteKind::Value, Problem::LostBits, "", defect.finding());
    }

    /// Judges how much of something a number says that came in as one: memory, or time.
    pub(crate) fn check_amount(&mut self, state: &State, site: Value, number: &Linear, api: &str) {
        let Some(taint) = self.names.taint(number).filter(|_| self.sites.is_some()) else { return };
        let taint = self.names.taints.get(taint).clone();
        let far = state.numbers.bounds(number).hi > MOST_AMOUNT;
        if !far
            || taint.kind == SourceKind::Caller
            || !self.is_chosen_up(state, number)
            || self.is_held_below(state, number)
        {
            return;
        }
        let steps = self.steps_from(&taint, site, "how much is said here");
        let title = format!("{} says how much `{api}` takes, and nothing bounds it", taint.what);
        let defect = Defect::new(
            Problem::Amount,
            &[789, 770, 400],
            title,
            "Whoever sends the number can make it so large that the program has no memory left for anything else, or does nothing else for hours.",
        )
        .confidence(1)
        .local(taint.kind == SourceKind::Local)
        .through(steps);
        self.note(site, SiteKind::Allocation, Problem::Amount, api, defect.finding());
    }

    fn is_chosen_up(&self, state: &State, form: &Linear) -> bool {
        self.names.is_chosen(form)
            && form.terms.iter().any(|(var, k)| self.controlled(state, *var, *k > 0, 2).is_some())
    }

    fn is_held_below(&self, state: &State, form: &Linear) -> bool {
        self.is_held(state, &form.plus_constant(-MOST_AMOUNT))
    }

    /// Where such a number comes in, and what happens with it.
    fn steps_from(&self, taint: &Taint, site: Value, text: &str) -> Vec<Note> {
        let source = taint.at.map(|at| self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
        source.into_iter().chain([self.step_at(site, NoteKind::Sink, text)]).collect()
    }
}
