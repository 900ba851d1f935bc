//! Whether bytes that are read or written lie in their object, and whether the object is there.
//!
//! A bound that cannot be shown is no defect yet. It is one when it is overrun for certain; when the program's own tests and
//! constants let a value through that overruns it; or when whoever controls the data controls the number, and nothing
//! bounds it. All else is open, or for the callers to see to.

use crate::analyzer::Analyzer;
use crate::linear::{INFINITY, Linear, Var};
use crate::names::Path;
use crate::numbers::Why;
use crate::report::{Defect, Finding, Note, NoteKind, Problem, SiteKind};
use crate::state::{State, VarOrigin};
use crate::summary::{EntryForm, EntryVar, Need, What};
use crate::value::{Life, NullWhy, Obj, Origin, Pointer, SourceKind, TaintId, Target, Val};
use assay_ir::{MemoryOp, Op, Value};
use assay_text::limits::MAX_MEMORY_REQUIREMENTS;

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
        for (var, k) in &form.terms {
            if let Some(taint) = self.controlled(state, *var, *k > 0, DEPTH) {
                return Exceeds::Controlled(taint);
            }
        }
        Exceeds::Unknown
    }

    /// Who controls how far a number gets, upwards or downwards, when nothing but that bounds it.
    fn controlled(&self, state: &State, var: Var, up: bool, depth: u32) -> Option<TaintId> {
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
                match self.controlled(state, *other, direction, depth - 1) {
                    Some(taint) => {
                        by = by.or(Some(taint));
                        restricts = false;
                    }
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
        self.names.var_taint(var).or(by)
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
        Some(pointer)
    }

    /// Whether an address is that of a variable or of a member of one, and whether it was computed with an index.
    fn chain(&self, address: Value) -> (bool, bool) {
        let mut at = address;
        let mut indexed = false;
        for _ in 0..32 {
            match self.function.op(at) {
                Op::Memory(MemoryOp::Local { .. } | MemoryOp::Address(_)) => return (true, indexed),
                Op::Memory(MemoryOp::Member { base, .. }) => at = *base,
                Op::Memory(MemoryOp::Offset { base, .. }) => {
                    indexed = true;
                    at = *base;
                }
                Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
                // What moves through a loop was computed.
                Op::Phi(_) => return (false, true),
                _ => return (false, indexed),
            }
        }
        (false, indexed)
    }

    /// Judges whether an address that is used may be null.
    pub(crate) fn check_null(&mut self, state: &State, site: Value, address: Value, pointer: &Pointer, api: &str) {
        if self.sites.is_none() {
            return;
        }
        let kind = if api.is_empty() { SiteKind::Dereference } else { SiteKind::Library };
        let finding = if let (true, NullWhy::Returned(_) | NullWhy::Unknown) = (pointer.is_null(), pointer.nullness.why)
        {
            Finding::Open("maybe-null", "it is null on some path that may not lead here".to_owned())
        } else if pointer.is_null() {
            let certain = !matches!(pointer.nullness.why, NullWhy::Failed(_));
            Finding::Defect(Box::new(self.null_defect(site, pointer.nullness.why, certain)))
        } else if !pointer.nullness.null {
            Finding::Safe("it is not null here".to_owned())
        } else {
            match pointer.nullness.why {
                NullWhy::Failed(_) => Finding::Defect(Box::new(self.null_defect(site, pointer.nullness.why, false))),
                NullWhy::Tested(_) | NullWhy::Constant(_) | NullWhy::Returned(_) => {
                    Finding::Open("maybe-null", "it is null on some path that may not lead here".to_owned())
                }
                NullWhy::Unknown => {
                    let path = pointer.only().and_then(|target| self.names.path(target.obj));
                    match path {
                        Some(path) => {
                            let what = format!("{} is dereferenced", self.path_words(&path));
                            self.need(state, What::NotNull(path), site, &what);
                            Finding::Callers("the caller's pointer must not be null".to_owned())
                        }
                        None => Finding::Open("unknown-pointer", "nothing says that it is not null".to_owned()),
                    }
                }
            }
        };
        let _ = address;
        self.note(site, kind, Problem::Null, api, finding);
    }

    fn null_defect(&mut self, site: Value, why: NullWhy, certain: bool) -> Defect {
        let mut steps = Vec::new();
        let (title, message, cwe) = match why {
            NullWhy::Failed(call) => {
                let name = self.callee_name(call);
                steps.push(self.step_at(call, NoteKind::Fact, format!("`{name}` gives null when it fails")));
                (
                    format!("the result of `{name}` is used without a check"),
                    format!(
                        "`{name}` gives a null pointer when it fails, and nothing checks that before the pointer is used."
                    ),
                    vec![476, 690, 252],
                )
            }
            NullWhy::Tested(span) => {
                steps.push(Note {
                    function: self.f,
                    span,
                    text: "here the program finds it null".to_owned(),
                    kind: NoteKind::Fact,
                });
                (
                    "a pointer is used on the path on which it is null".to_owned(),
                    "The program itself tests the pointer, and on the path on which it is null it is dereferenced all the same."
                        .to_owned(),
                    vec![476],
                )
            }
            NullWhy::Constant(span) => {
                steps.push(Note { function: self.f, span, text: "set to null here".to_owned(), kind: NoteKind::Fact });
                (
                    "a null pointer is dereferenced".to_owned(),
                    "On this path the pointer was set to null, and nothing sets it before it is dereferenced."
                        .to_owned(),
                    vec![476],
                )
            }
            NullWhy::Unknown | NullWhy::Returned(_) => (
                "a null pointer is dereferenced".to_owned(),
                "On this path the pointer is null when it is dereferenced.".to_owned(),
                vec![476],
            ),
        };
        steps.push(self.step_at(site, NoteKind::Sink, "dereferenced here"));
        Defect {
            problem: Problem::Null,
            cwe,
            title,
            message,
            certain,
            confidence: if certain { 2 } else { 1 },
            assumptions: Vec::new(),
            local: false,
            steps,
            value: String::new(),
        }
    }

    /// Judges whether an object that is used is still there.
    pub(crate) fn check_alive(&mut self, state: &State, site: Value, pointer: &Pointer, api: &str) {
        if self.sites.is_none() {
            return;
        }
        let Some(target) = pointer.only() else { return };
        let Some(object) = state.object(target.obj) else { return };
        if object.several {
            return;
        }
        let kind = if api.is_empty() { SiteKind::Dereference } else { SiteKind::Library };
        let (cwe, title, message, first) = match object.life {
            Life::Freed(at) => (
                vec![416],
                "memory is used after it was freed".to_owned(),
                "The memory was given back before; what is there now belongs to somebody else.",
                Some((at, "given back here")),
            ),
            Life::Ended => (
                vec![416, 562],
                "a variable is used after its scope ended".to_owned(),
                "The address outlives the variable that it points to.",
                None,
            ),
            Life::MaybeFreed(_) => {
                let finding = Finding::Open("maybe-freed", "it is given back on some path".to_owned());
                self.note(site, kind, Problem::UseAfterFree, api, finding);
                return;
            }
            Life::Alive => return,
        };
        let mut steps = Vec::new();
        if let Some((at, text)) = first {
            steps.push(self.step_at(at, NoteKind::Fact, text));
        }
        steps.push(self.step_at(site, NoteKind::Sink, "used here"));
        let defect = Defect {
            problem: Problem::UseAfterFree,
            cwe,
            title,
            message: message.to_owned(),
            certain: true,
            confidence: 2,
            assumptions: Vec::new(),
            local: false,
            steps,
            value: String::new(),
        };
        self.note(site, kind, Problem::UseAfterFree, api, Finding::Defect(Box::new(defect)));
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
                continue;
            }
            let finding = self.judge_bounds(state, &target, &from, &size, access, only);
            if required || matches!(finding, Finding::Defect(_)) {
                self.note(access.site, kind, problem, access.api, finding);
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
        let above = self.exceeds(state, &over);
        let mut below = self.exceeds(state, &under);
        // A pointer that was passed or loaded may point into the middle of its object.
        let middle = matches!(
            self.names.objects.origin(target.obj),
            Origin::Param(_) | Origin::Deref(..) | Origin::Loaded(_) | Origin::Earlier(..)
        );
        if middle && target.region.is_none() && below != Exceeds::Never {
            below = Exceeds::Unknown;
        }
        match (&above, &below) {
            (Exceeds::Never, Exceeds::Never) => return Finding::Safe(Self::bound_words(state, from, &end, size)),
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
        Finding::Defect(Box::new(self.bounds_defect(state, target, from, &end, size, access, &exceeds, upward)))
    }

    /// What a bound that holds is, in words.
    fn bound_words(state: &State, from: &Linear, end: &Linear, size: &Linear) -> String {
        let (lo, hi) = (state.numbers.lower(from), state.numbers.upper(end));
        match size.as_constant() {
            Some(size) if hi < INFINITY && lo > -INFINITY => format!("bytes {lo} to {hi} of {size}"),
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
        Defect {
            problem,
            cwe,
            title: headline,
            message,
            certain,
            confidence,
            assumptions: Vec::new(),
            local,
            steps,
            value: room,
        }
    }

    /// The weakness numbers of an access outside of an object.
    pub(crate) fn bounds_cwe(&self, obj: Obj, write: bool, upward: bool) -> Vec<u32> {
        match (write, upward) {
            (true, true) => match self.names.objects.origin(obj) {
                Origin::Local(_) => vec![787, 121, 120],
                Origin::Heap(..) => vec![787, 122, 120],
                _ => vec![787, 120],
            },
            (true, false) => vec![787, 124],
            (false, true) => vec![125, 126],
            (false, false) => vec![125, 127],
        }
    }

    /// What is not known here may be known by callers.
    fn leave_to_callers(
        &mut self,
        state: &mut State,
        target: &Target,
        from: &Linear,
        end: &Linear,
        size: &Linear,
        access: &Access<'_>,
    ) -> Finding {
        let open = Finding::Open("unknown-bound", "nothing that is known bounds it".to_owned());
        let to = self.entry_upper(state, end);
        let start = self.entry_lower(state, from);
        let size_path = match size.as_var().map(|var| self.names.origin(var)) {
            Some(VarOrigin::Size(obj)) => self.names.path(obj),
            _ => None,
        };
        let verb = if access.write { "written" } else { "read" };
        match (to, size_path) {
            (Some(to), Some(path)) if target.region.is_none() => {
                let words = format!("{} is {verb}", self.path_words(&path));
                let from = start.unwrap_or_else(|| EntryForm::constant(0));
                self.need(state, What::Within { path, from, to, write: access.write }, access.site, &words);
                Finding::Callers("the caller's object must be large enough".to_owned())
            }
            (Some(number), None) if !number.terms.is_empty() => {
                let Some(most) = size.as_constant() else { return open };
                let object = self.names.object_name(target.obj);
                let words = format!("{object} ({most} bytes) is {verb}");
                let what = What::AtMost { number, most, write: access.write, object };
                self.need(state, what, access.site, &words);
                Finding::Callers(format!("the caller's number must lead to at most {most} bytes"))
            }
            _ => open,
        }
    }

    /// The name by which callers know a variable.
    pub(crate) fn entry_var(&self, var: Var) -> Option<EntryVar> {
        match self.names.origin(var) {
            VarOrigin::Value(value) => match self.function.op(value) {
                Op::Param(index) => Some(EntryVar::Param(*index)),
                _ => None,
            },
            VarOrigin::Entry(place) => Some(EntryVar::Cell(self.names.path(place.obj)?, place.offset, place.width)),
            VarOrigin::Size(obj) => Some(EntryVar::Size(self.names.path(obj)?)),
            VarOrigin::EntryLength(obj) => Some(EntryVar::Length(self.names.path(obj)?)),
            _ => None,
        }
    }

    /// A form as callers know it.
    pub(crate) fn entry_form(&self, form: &Linear) -> Option<EntryForm> {
        EntryForm::from_linear(form, |var| self.entry_var(var))
    }

    /// An upper bound of a form that callers know.
    pub(crate) fn entry_upper(&self, state: &State, form: &Linear) -> Option<EntryForm> {
        let mut form = form.clone();
        for _ in 0..4 {
            let Some((var, k)) = form.terms.iter().find(|(var, _)| self.entry_var(*var).is_none()).copied() else {
                return self.entry_form(&form);
            };
            // A constraint that cancels the variable, with nothing but what callers know besides.
            let by = state.numbers.constraints().iter().find(|c| {
                let own = c.coefficient(var);
                own != 0
                    && own.signum() == k.signum()
                    && k % own == 0
                    && c.terms.iter().all(|(v, _)| *v == var || self.entry_var(*v).is_some())
            });
            if let Some(constraint) = by {
                form = form.plus_times(-(k / constraint.coefficient(var)), constraint)?;
                continue;
            }
            let range = state.numbers.range(var);
            let (end, why) = if k > 0 { (range.hi, range.hi_why) } else { (range.lo, range.lo_why) };
            if why > Why::Test || end.abs() >= INFINITY {
                return None;
            }
            form = form.substitute(var, &Linear::constant(end))?;
        }
        None
    }

    /// A lower bound of a form that callers know.
    fn entry_lower(&self, state: &State, form: &Linear) -> Option<EntryForm> {
        let upper = self.entry_upper(state, &form.times(-1)?)?;
        Some(EntryForm {
            constant: -upper.constant,
            terms: upper.terms.into_iter().map(|(var, k)| (var, -k)).collect(),
        })
    }

    /// Something that callers must see to.
    pub(crate) fn need(&mut self, state: &State, what: What, site: Value, words: &str) {
        if self.sites.is_none() || self.needs.len() >= MAX_MEMORY_REQUIREMENTS {
            return;
        }
        let conditions = self.entry_conditions(state);
        let always = self.is_unavoidable() && self.judged.as_ref().is_none_or(|(inner, _)| inner.always);
        if let Some(known) = self.needs.iter_mut().find(|need| need.what == what) {
            if known.conditions != conditions {
                // Under either condition: the weaker one is none.
                known.conditions.retain(|c| conditions.contains(c));
            }
            known.always |= always;
            return;
        }
        // What a callee needs is told with the way to it.
        let need = if let Some((inner, call)) = &self.judged {
            let mut way = vec![call.clone()];
            way.extend(inner.way.iter().take(8).cloned());
            Need { what, conditions, always, note: inner.note.clone(), way, site: inner.site }
        } else {
            let note = self.step_at(site, NoteKind::Sink, words.to_owned());
            let site = Some((self.f, self.span(site)));
            Need { what, conditions, always, note, way: Vec::new(), site }
        };
        self.needs.push(need);
    }

    /// What is known here of the numbers at the call: forms that are at most zero.
    pub(crate) fn entry_conditions(&self, state: &State) -> Vec<EntryForm> {
        let mut out = Vec::new();
        for var in state.numbers.vars() {
            let Some(name) = self.entry_var(var) else { continue };
            if matches!(name, EntryVar::Size(_)) {
                continue;
            }
            let range = state.numbers.range(var);
            if range.hi_why <= Why::Test && range.hi < INFINITY {
                out.push(EntryForm { constant: -range.hi, terms: vec![(name.clone(), 1)] });
            }
            if range.lo_why <= Why::Test && range.lo > -INFINITY {
                out.push(EntryForm { constant: range.lo, terms: vec![(name, -1)] });
            }
        }
        for constraint in state.numbers.constraints() {
            if constraint.terms.iter().any(|(v, _)| matches!(self.names.origin(*v), VarOrigin::Size(_))) {
                continue;
            }
            out.extend(self.entry_form(constraint));
        }
        out.truncate(8);
        out
    }

    /// What a way from a parameter is called.
    pub(crate) fn path_words(&self, path: &Path) -> String {
        let name = self.names.parameter_name(path.parameter);
        if path.steps.is_empty() {
            format!("what `{name}` points to")
        } else {
            format!("what is reached from `{name}`")
        }
    }

    /// Judges the number of bytes that an object is to have.
    pub(crate) fn check_size(&mut self, state: &State, site: Value, number: &Linear, api: &str) {
        if self.sites.is_none() {
            return;
        }
        let wrapped = self.names.wrapped(number);
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
                Finding::Defect(Box::new(Defect {
                    problem: Problem::IntegerOverflow,
                    cwe: vec![190, 680, 131],
                    title: format!("the size given to {api} may wrap around"),
                    message: format!(
                        "The size is computed from {} and may wrap around to a small number; what is then written is larger than the block.",
                        taint.what
                    ),
                    certain: false,
                    confidence: 1,
                    assumptions: Vec::new(),
                    local: taint.kind == SourceKind::Local,
                    steps,
                    value: String::new(),
                }))
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

    /// Judges a divisor.
    pub(crate) fn check_division(&mut self, state: &State, site: Value, divisor: &Linear) {
        if self.sites.is_none() {
            return;
        }
        let range = state.numbers.bounds(divisor);
        let zero = |title: &str, message: String, certain: bool, this: &Self, first: Option<Note>, local: bool| {
            let mut steps: Vec<Note> = first.into_iter().collect();
            steps.push(this.step_at(site, NoteKind::Sink, "divided here"));
            Finding::Defect(Box::new(Defect {
                problem: Problem::DivisionByZero,
                cwe: vec![369],
                title: title.to_owned(),
                message,
                certain,
                confidence: if certain { 2 } else { 1 },
                assumptions: Vec::new(),
                local,
                steps,
                value: String::new(),
            }))
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
        } else if let Some(taint) = self.names.taint(divisor).filter(|_| {
            divisor.terms.iter().all(|(var, _)| {
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
            Finding::Defect(Box::new(Defect {
                problem: Problem::Shift,
                cwe: vec![1335, 758],
                title: format!("a number of {bits} bits {how} shifted {what}"),
                message: "What such a shift gives is not defined; processors differ.".to_owned(),
                certain,
                confidence: if certain { 2 } else { 1 },
                assumptions: Vec::new(),
                local: false,
                steps: vec![self.step_at(site, NoteKind::Sink, "shifted here")],
                value: String::new(),
            }))
        } else {
            Finding::Open("unknown-shift", "nothing bounds the number of bits".to_owned())
        };
        self.note(site, SiteKind::Shift, Problem::Shift, "", finding);
    }
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}
