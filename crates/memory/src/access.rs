//! Whether bytes that are read or written lie in their object, and whether the object is there.
//!
//! A bound that cannot be shown is no defect yet. It is one when it is overrun for certain; when the program's own tests and
//! constants let a value through that overruns it; or when whoever controls the data controls the number, and nothing
//! bounds it. All else is open, or for the callers to see to.

use crate::analyzer::Analyzer;
use crate::linear::{INFINITY, Linear, Var};
use crate::numbers::Why;
use crate::report::{Defect, Finding, NoteKind, Problem, SiteKind};
use crate::state::{State, VarOrigin};
use crate::value::{Obj, Origin, Pointer, SourceKind, TaintId, Target, Val};
use assay_ir::{MemoryOp, Op, Type, Value};
use std::rc::Rc;

/// Numbers that bound numbers that bound numbers.
const DEPTH: u32 = 3;

/// Bounds above this say no more than that there is a type.
const FAR: i128 = 1 << 28;

/// Whether a form gets above zero.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Exceeds {
    /// It does not.
    Never,
    /// It does, always: by at least this much.
    Always(i128),
    /// The program's own bounds let it, by this much.
    Admitted(i128),
    /// Nothing bounds it, and this source controls it.
    Controlled(TaintId),
    /// That is not known.
    Unknown,
}

/// An access to be judged.
pub(crate) struct Access<'x> {
    /// The instruction.
    pub(crate) site: Value,
    /// How many bytes.
    pub(crate) width: &'x Linear,
    /// Whether they are written.
    pub(crate) write: bool,
    /// The library function that does it.
    pub(crate) api: &'x str,
}

impl Analyzer<'_, '_> {
    /// Whether a form gets above zero, and why.
    pub(crate) fn exceeds(&self, state: &State, form: &Linear) -> Exceeds {
        if state.numbers.is_nonpositive(form) {
            return Exceeds::Never;
        }
        let lower = state.numbers.lower(form);
        if lower > 0 {
            return if lower < FAR { Exceeds::Always(lower) } else { Exceeds::Unknown };
        }
        let interval = state.numbers.interval(form);
        let upper = state.numbers.upper(form);
        if form.terms.len() == 1 && interval.hi_why <= Why::Test && upper < FAR {
            return Exceeds::Admitted(upper);
        }
        // Where the size is the callers', a number that is tested against another one, or stands beside the object in a record, may
        // well be related to it.
        let callers = form.terms.iter().any(|(var, k)| {
            *k < 0
                && matches!(self.names.origin(*var), VarOrigin::Size(obj)
                    if matches!(self.names.objects.origin(obj), Origin::Param(_) | Origin::Deref(..)))
        });
        for (var, k) in &form.terms {
            match self.controlled(state, *var, *k > 0, if callers { 1 } else { DEPTH }) {
                Some(taint) if !callers || self.names.taints.get(taint).at.is_some() => {
                    let held = self.is_held(state, form);
                    return if held { Exceeds::Unknown } else { Exceeds::Controlled(taint) };
                }
                _ => {}
            }
        }
        Exceeds::Unknown
    }

    /// Whether the bytes that a loop writes get above zero by its turns, which nothing but untrusted data counts.
    fn counted(&self, state: &State, form: &Linear) -> Exceeds {
        match &*form.terms {
            [(var, k)] => match self.reach(state, *var, *k > 0, DEPTH, true) {
                Some(taint) if !self.is_held(state, form) => Exceeds::Controlled(taint),
                _ => Exceeds::Unknown,
            },
            _ => Exceeds::Unknown,
        }
    }

    /// Who controls how far a number gets, upwards or downwards, when nothing but that bounds it.
    pub(crate) fn controlled(&self, state: &State, var: Var, up: bool, depth: u32) -> Option<TaintId> {
        self.reach(state, var, up, depth, false)
    }

    /// The same; `turns`: also when all that they decide is how often the loop turns that counts it.
    fn reach(&self, state: &State, var: Var, up: bool, depth: u32, turns: bool) -> Option<TaintId> {
        if depth == 0 || !state.numbers.uses(var) {
            return None;
        }
        let range = state.numbers.range(var);
        let why = if up { range.hi_why } else { range.lo_why };
        if why <= Why::Library {
            return None;
        }
        let mut by = None;
        for constraint in state.numbers.constraints() {
            let own = constraint.coefficient(var);
            if own == 0 || (own > 0) != up {
                continue;
            }
            // var ≤ (what the others allow) / own, or the same from below
            let mut restricts = true;
            for (other, k) in &constraint.terms {
                if *other == var {
                    continue;
                }
                // What makes room when it is large, or small.
                let direction = *k < 0;
                match self.reach(state, *other, direction, depth - 1, turns) {
                    Some(taint) => {
                        by = by.or(Some(taint));
                        restricts = false;
                    }
                    None if self.is_room_of(*other, var) => restricts = false,
                    None if direction != up => {}
                    None => {
                        restricts = true;
                        break;
                    }
                }
            }
            if restricts {
                return None;
            }
        }
        let counter = || if turns { self.counted_by(state, var, up) } else { None };
        let own = self.names.var_taint(var).filter(|taint| !self.is_looked_at(*taint));
        own.or(by).or_else(counter)
    }

    /// Whether a number is the size of the very object whose text has a length that comes from outside: who makes the text makes room for it.
    fn is_room_of(&self, size: Var, length: Var) -> bool {
        let from_outside = |taint: TaintId| self.names.taints.get(taint).kind != SourceKind::Caller;
        match (self.names.origin(size), self.names.origin(length)) {
            (VarOrigin::Size(whole), VarOrigin::EntryLength(text)) => {
                whole == text && self.names.var_taint(length).is_some_and(from_outside)
            }
            _ => false,
        }
    }

    /// Whether whoever controls untrusted data can make a number as large as its type.
    pub(crate) fn is_unbounded(&self, state: &State, form: &Linear) -> bool {
        form.terms.iter().any(|(var, k)| self.controlled(state, *var, *k > 0, DEPTH).is_some())
    }

    /// Whether some bytes from a target on lie in its region and object for certain.
    pub(crate) fn lies_within(&mut self, state: &mut State, target: &Target, width: &Linear) -> bool {
        let Some((from, size)) = self.room(state, target, false) else { return false };
        let Some(end) = from.plus(width) else { return false };
        state.numbers.at_most(&Linear::default(), &from) && state.numbers.at_most(&end, &size)
    }

    /// Where in what it may use a target stands, and how much that is.
    pub(crate) fn room(&mut self, state: &mut State, target: &Target, library: bool) -> Option<(Linear, Linear)> {
        if let Some(region) = &target.region
            && !(library && region.row)
        {
            let from = target.offset.minus(&region.start)?;
            return Some((from, Linear::constant(i128::from(region.size))));
        }
        let size = self.object(state, target.obj).size.clone()?;
        Some((target.offset.clone(), size))
    }

    /// Judges a read or write of `width` bytes at an address; the pointer, when it can be gone on with.
    pub(crate) fn access(
        &mut self,
        state: &mut State,
        site: Value,
        address: Value,
        val: &Val,
        width: &Linear,
        write: bool,
    ) -> Option<Pointer> {
        let (direct, indexed) = self.chain(address);
        let pointer = match val {
            Val::Ptr(pointer) => pointer.clone(),
            Val::Uninit => {
                self.uninitialized(address, site);
                return None;
            }
            Val::Num(_) | Val::Top => {
                let finding = Finding::Open("unknown-address", "where the address comes from is not known".to_owned());
                self.note(site, SiteKind::Dereference, Problem::Null, "", finding);
                return None;
            }
        };
        if !direct {
            self.check_null(state, site, address, &pointer, "");
            if pointer.is_null() {
                return None;
            }
            self.not_null(state, address, &pointer);
        }
        self.check_alive(state, site, &pointer, "");
        if indexed || pointer.targets.iter().any(|target| target.region.is_some()) || !direct {
            let access = Access { site, width, write, api: "" };
            self.check_bounds(state, &pointer, &access, indexed);
        }
        Some(Rc::unwrap_or_clone(pointer))
    }

    /// Whether an address is that of a variable or of a member of one, and whether it was computed with an index.
    pub(crate) fn chain(&self, address: Value) -> (bool, bool) {
        let mut at = address;
        let mut indexed = false;
        for _ in 0..32 {
            match self.function.op(at) {
                Op::Memory(MemoryOp::Local { .. } | MemoryOp::Address(_)) => {
                    return (true, indexed);
                }
                Op::Memory(MemoryOp::Member { base, .. }) => at = *base,
                Op::Memory(MemoryOp::Offset { base, .. }) => {
                    indexed = true;
                    at = *base;
                }
                // As another type, it may need more room than there is.
                Op::Memory(MemoryOp::Convert { value, .. }) => {
                    indexed = true;
                    at = *value;
                }
                // What moves through a loop was computed.
                Op::Phi(_) => return (false, true),
                _ => return (false, indexed),
            }
        }
        (false, indexed)
    }

    /// Judges whether some bytes lie in what an address points to.
    pub(crate) fn check_bounds(&mut self, state: &mut State, pointer: &Pointer, access: &Access<'_>, required: bool) {
        if self.sites.is_none() {
            return;
        }
        let library = !access.api.is_empty();
        let kind = match (library, access.write) {
            (true, _) => SiteKind::Library,
            (false, true) => SiteKind::Write,
            (false, false) => SiteKind::Read,
        };
        let problem = if access.write { Problem::Overflow } else { Problem::OverRead };
        if pointer.elsewhere || pointer.targets.is_empty() {
            if required {
                let finding =
                    Finding::Open("unknown-object", "which object the address points into is not known".to_owned());
                self.note(access.site, kind, problem, access.api, finding);
            }
            return;
        }
        for target in pointer.targets.clone() {
            let only = pointer.targets.len() == 1;
            let Some((from, size)) = self.room(state, &target, library) else {
                if required {
                    let finding = Finding::Open("unknown-size", "the size of the object is not known".to_owned());
                    self.note(access.site, kind, problem, access.api, finding);
                }
                continue;
            };
            let entry = self.names.objects.info(target.obj).entry && target.region.is_none();
            if entry && !required {
                // That there is a first element is not looked at either where their number is passed.
                if only && !access.write && !library && self.is_unavoidable() {
                    self.judge_first(state, &target, &from, &size, access);
                }
                continue;
            }
            let finding = self.judge_bounds(state, &target, &from, &size, access, only);
            let finding = match finding {
                Finding::Defect(_) => finding,
                Finding::Safe(_) if !entry => finding,
                _ if only => self.judge_length(state, &target, access).unwrap_or(finding),
                _ => finding,
            };
            if required || matches!(finding, Finding::Defect(_)) {
                self.note(access.site, kind, problem, access.api, finding);
            }
        }
    }

    /// Judges whether the first of the numbers that an address leads to are there.
    fn judge_first(&mut self, state: &mut State, target: &Target, from: &Linear, size: &Linear, access: &Access<'_>) {
        let ty = self.names.objects.info(target.obj).ty;
        if !ty.is_some_and(|ty| matches!(self.module.types.get(ty), Type::Int { .. })) {
            return;
        }
        match self.judge_length(state, target, access) {
            Some(finding) => self.note(access.site, SiteKind::Read, Problem::OverRead, access.api, finding),
            None => {
                if let Some(end) = from.plus(access.width) {
                    self.leave_to_callers(state, target, from, &end, size, access);
                }
            }
        }
    }

    /// Judges whether some bytes from a target on lie in it.
    pub(crate) fn judge_target(&mut self, state: &mut State, target: &Target, access: &Access<'_>) -> Finding {
        match self.room(state, target, !access.api.is_empty()) {
            Some((from, size)) => self.judge_bounds(state, target, &from, &size, access, true),
            None => Finding::Open("unknown-size", "the size of the object is not known".to_owned()),
        }
    }

    fn judge_bounds(
        &mut self,
        state: &mut State,
        target: &Target,
        from: &Linear,
        size: &Linear,
        access: &Access<'_>,
        only: bool,
    ) -> Finding {
        let Some(end) = from.plus(access.width) else {
            return Finding::Open("complex-bound", "the bound is not linear".to_owned());
        };
        let (Some(over), Some(under)) = (end.minus(size), from.times(-1)) else {
            return Finding::Open("complex-bound", "the bound is not linear".to_owned());
        };
        // Nothing is accessed where no byte is.
        if access.width.as_constant() == Some(0) {
            return Finding::Safe("no byte is accessed".to_owned());
        }
        let mut above = self.exceeds(state, &over);
        let mut below = self.exceeds(state, &under);
        // A loop that reads may well end at what it reads.
        if access.write {
            above = if above == Exceeds::Unknown { self.counted(state, &over) } else { above };
            below = if below == Exceeds::Unknown { self.counted(state, &under) } else { below };
        }
        // Whether what a caller passes is large enough for the number that it passes is the caller's to see to.
        let sized_by_callers = size.as_var().is_some_and(
            |var| matches!(self.names.origin(var), VarOrigin::Size(obj) if self.names.objects.info(obj).entry),
        );
        if let Exceeds::Controlled(taint) = above
            && sized_by_callers
            && self.names.taints.get(taint).at.is_some_and(|at| matches!(self.function.op(at), Op::Param(_)))
        {
            above = Exceeds::Unknown;
        }
        let address = match self.function.op(access.site) {
            Op::Memory(MemoryOp::Load { from, .. }) => Some(*from),
            Op::Memory(MemoryOp::Store { to, .. }) => Some(*to),
            Op::Memory(MemoryOp::Copy { to, from, .. }) => Some(if access.write { *to } else { *from }),
            _ => None,
        };
        if matches!(above, Exceeds::Always(_)) && address.is_some_and(|address| self.moves_with_loop(address)) {
            above = Exceeds::Unknown;
        }
        // A pointer that was passed or loaded may point into the middle of its object.
        let middle = matches!(
            self.names.objects.origin(target.obj),
            Origin::Param(_) | Origin::Deref(..) | Origin::Loaded(_) | Origin::Earlier(..)
        );
        if middle && target.region.is_none() && below != Exceeds::Never {
            if let Op::Memory(MemoryOp::Load { from: address, .. }) = self.function.op(access.site)
                && self.scans_backwards(access.site, *address)
            {
                return self.backwards(target, access).finding();
            }
            below = Exceeds::Unknown;
        }
        // Of a block that only a name says to be allocated, nothing counts but what others control of a copy to a certain place.
        if self.assumed.contains(&target.obj) {
            let copy = !access.api.is_empty() && target.offset.as_constant().is_some();
            if !matches!(above, Exceeds::Controlled(_) | Exceeds::Never) || above != Exceeds::Never && !copy {
                above = Exceeds::Unknown;
            }
            if below != Exceeds::Never {
                below = Exceeds::Unknown;
            }
        }
        match (&above, &below) {
            (Exceeds::Never, Exceeds::Never) => {
                return Finding::Safe(Self::bound_words(state, from, &end, size));
            }
            (Exceeds::Unknown, Exceeds::Never | Exceeds::Unknown) | (Exceeds::Never, Exceeds::Unknown) => {
                return self.leave_to_callers(state, target, from, &end, size, access);
            }
            _ => {}
        }
        // The worse of the two is told.
        let rank = |exceeds: &Exceeds| match exceeds {
            Exceeds::Always(_) => 3,
            Exceeds::Admitted(_) => 2,
            Exceeds::Controlled(_) => 1,
            Exceeds::Never | Exceeds::Unknown => 0,
        };
        let upward = rank(&above) >= rank(&below);
        let exceeds = if upward { above } else { below };
        if !only && !matches!(exceeds, Exceeds::Always(_)) {
            return Finding::Open("several-objects", "the address may point to several objects".to_owned());
        }
        self.bounds_defect(state, target, from, &end, size, access, &exceeds, upward).finding()
    }

    /// What a bound that holds is, in words.
    fn bound_words(state: &State, from: &Linear, end: &Linear, size: &Linear) -> String {
        let (lo, hi) = (state.numbers.lower(from), state.numbers.upper(end));
        match size.as_constant() {
            Some(size) if hi < INFINITY && lo > -INFINITY => {
                format!("bytes {lo} to {hi} of {size}")
            }
            Some(size) => format!("at most {size} bytes"),
            None => "shown to be at most the size of the object".to_owned(),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one sentence, with everything it is about")]
    fn bounds_defect(
        &mut self,
        state: &State,
        target: &Target,
        from: &Linear,
        end: &Linear,
        size: &Linear,
        access: &Access<'_>,
        exceeds: &Exceeds,
        upward: bool,
    ) -> Defect {
        let name = self.names.object_name(target.obj);
        let part = target.region.is_some();
        let object = if part { "the array".to_owned() } else { name };
        let verb = if access.write { "written" } else { "read" };
        let problem = if access.write { Problem::Overflow } else { Problem::OverRead };
        let mut steps = Vec::new();
        let room = match size.as_constant() {
            Some(size) => format!("{size} bytes"),
            None => "its size".to_owned(),
        };
        let (headline, message, certain, confidence, local) = match exceeds {
            Exceeds::Always(by) | Exceeds::Admitted(by) => {
                let certain = matches!(exceeds, Exceeds::Always(_));
                let how = if certain { "" } else { "may be " };
                let beyond = if upward { "behind the end" } else { "in front of the start" };
                let title = if upward {
                    format!("{by} byte{} {how}{verb} {beyond} of {object} ({room})", if *by == 1 { "" } else { "s" })
                } else {
                    format!("{object} {how}{verb} {by} byte{} {beyond}", if *by == 1 { "" } else { "s" })
                };
                let message = if certain {
                    format!("{} holds {room}; the access goes {by} bytes {beyond}.", capital(&object))
                } else {
                    format!(
                        "{} holds {room}; the largest values that the program's own tests and loops let through go {by} bytes {beyond}.",
                        capital(&object)
                    )
                };
                (title, message, certain, if certain { 2 } else { 1 }, false)
            }
            Exceeds::Controlled(taint) => {
                let taint = self.names.taints.get(*taint).clone();
                if let Some(at) = taint.at {
                    steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
                }
                let title = if upward {
                    format!("{} controls how much is {verb} in {object} ({room})", taint.what)
                } else {
                    format!("{} controls where {object} is {verb}, also in front of its start", taint.what)
                };
                let message = format!("The bound comes from {} and nothing checks it against {room}.", taint.what);
                (title, message, false, 1, taint.kind == SourceKind::Local)
            }
            Exceeds::Never | Exceeds::Unknown => (String::new(), String::new(), false, 0, false),
        };
        let _ = (from, end, state);
        steps.push(self.step_at(access.site, NoteKind::Sink, format!("{verb} here")));
        let cwe = self.bounds_cwe(target.obj, access.write, upward);
        Defect::new(problem, cwe, headline, message)
            .certain(certain)
            .confidence(confidence)
            .local(local)
            .through(steps)
            .showing(room)
    }

    /// A search backwards that may leave the start behind.
    fn backwards(&self, target: &Target, access: &Access<'_>) -> Defect {
        let object = self.names.object_name(target.obj);
        let title = format!("a search backwards in {object} does not end at its start");
        let message = "Nothing but the bytes that are found ends the loop: where the start has been reached, it goes on in front of it.";
        Defect::new(Problem::OverRead, &[127, 125], title, message)
            .assuming(vec!["nothing that ends the search is known to stand there".to_owned()])
            .through(vec![self.step_at(access.site, NoteKind::Sink, "read here")])
    }

    /// The weakness numbers of an access outside of an object.
    pub(crate) fn bounds_cwe(&self, obj: Obj, write: bool, upward: bool) -> &'static [u32] {
        match (write, upward) {
            (true, true) => match self.names.objects.origin(obj) {
                Origin::Local(_) => &[787, 121, 120],
                Origin::Heap(..) => &[787, 122, 120],
                _ => &[787, 120],
            },
            (true, false) => &[787, 124],
            (false, true) => &[125, 126],
            (false, false) => &[125, 127],
        }
    }
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}
