//! The end of a function: what it leaves behind, and what that means to callers.

use crate::allocators::Family;
use crate::analyzer::{Analyzer, Outcome};
use crate::linear::Linear;
use crate::names::{Path, Root};
use crate::report::{Defect, Note, NoteKind, Problem, SiteKind};
use crate::state::{State, VarOrigin};
use crate::summary::{Changed, EntryForm, Exit, ExitVal, FreshObject, Made, Release, Whence};
use crate::value::{Content, Life, NullWhy, Nullness, Obj, Origin, Pointer, TaintId, Val};
use assay_index::FxHashSet;
use assay_ir::{Op, Value};
use assay_text::Span;
use assay_text::limits::MAX_MEMORY_OUTCOMES;

/// Places in the caller's memory that one way of returning tells of.
const MAX_CELLS: usize = 24;
/// Pointers in the caller's memory of which one way of returning tells whether they are null.
const MAX_NULLS: usize = 8;

impl Analyzer<'_, '_> {
    /// What is wrong with what a function leaves behind.
    pub(crate) fn leave_function(&mut self, state: &mut State, result: &Val, span: Span) {
        if let Val::Ptr(pointer) = result
            && let Some(target) = pointer.only()
            && matches!(self.names.objects.origin(target.obj), Origin::Local(_))
            && !self.names.is_temporary(target.obj)
            && !pointer.is_null()
        {
            let what = self.names.object_name(target.obj);
            let defect = Defect::new(
                Problem::DanglingReturn,
                &[562],
                format!("the address of {what} is returned, which ends with the function"),
                "What the caller gets points to memory that the next call uses for something else.",
            )
            .certain(true)
            .through(vec![Note {
                function: self.f,
                span,
                text: "returned here".to_owned(),
                kind: NoteKind::Sink,
            }]);
            self.note_at(span, SiteKind::Value, Problem::DanglingReturn, "", defect.finding());
        }
        if self.cx.program.name(self.f) == "main" {
            return;
        }
        // What is known elsewhere, or stands for several blocks, may hold the address of others.
        let others = state.objects.iter().filter(|(_, object)| object.escaped || object.several).map(|(obj, _)| *obj);
        let kept = Self::reached_from(state, result, others.collect());
        let lost: Vec<Value> = state
            .objects
            .iter()
            .filter(|(obj, object)| object.life == Life::Alive && !kept.contains(obj))
            .filter_map(|(obj, _)| match self.names.objects.origin(*obj) {
                Origin::Heap(site, _) => Some(site),
                _ => None,
            })
            .collect();
        // A record that is returned may hold addresses.
        if self.returns_record() {
            self.keep_what_locals_hold(state);
            return;
        }
        for site in lost {
            self.lost_at(site, span);
        }
    }

    /// The record that is returned may hold addresses that the caller passed.
    fn keep_what_locals_hold(&mut self, state: &State) {
        for (place, val) in &state.cells {
            let Val::Ptr(pointer) = val else { continue };
            if !matches!(self.names.objects.origin(place.obj), Origin::Local(_)) {
                continue;
            }
            for target in &pointer.targets {
                if let Some(parameter) = self.names.path(target.obj).and_then(|path| path.parameter())
                    && !self.summary.kept.contains(&parameter)
                {
                    self.summary.kept.push(parameter);
                }
            }
        }
    }

    fn returns_record(&self) -> bool {
        let Some(ty) = self.function.signature else { return false };
        match self.module.types.get(ty) {
            assay_ir::Type::Function { result, .. } => {
                matches!(self.module.types.get(*result), assay_ir::Type::Record(_) | assay_ir::Type::Unknown)
            }
            _ => true,
        }
    }

    /// The objects that an address, or what stands in some other objects, leads to; those included.
    fn reached_from(state: &State, val: &Val, others: Vec<Obj>) -> FxHashSet<Obj> {
        let mut out: FxHashSet<Obj> = FxHashSet::default();
        let mut work = others;
        if let Val::Ptr(pointer) = val {
            work.extend(pointer.targets.iter().map(|target| target.obj));
        }
        while let Some(obj) = work.pop() {
            if !out.insert(obj) {
                continue;
            }
            for (_, val) in state.cells_of(obj) {
                if let Val::Ptr(pointer) = val {
                    work.extend(pointer.targets.iter().map(|target| target.obj));
                }
            }
        }
        out
    }

    /// A block is lost in a later turn of a loop.
    pub(crate) fn lost(&mut self, allocation: Value, at: Value) {
        let span = self.span(at);
        self.lost_at(allocation, span);
    }

    fn lost_at(&mut self, allocation: Value, span: Span) {
        if self.sites.is_none() {
            return;
        }
        let name = self.callee_name(allocation);
        let obj = self.names.objects.intern(Origin::Heap(allocation, 0), None);
        let (problem, cwe, back, whose): (_, &'static [u32], _, _) = if self.family(obj) == Some(Family::File) {
            (Problem::Unclosed, &[775, 772], "closed", "close it")
        } else {
            (Problem::Leak, &[401], "given back", "give the memory back")
        };
        let defect = Defect::new(
            problem,
            cwe,
            format!("what `{name}` gives is lost without being {back}"),
            format!("On this path nothing keeps the address any more, so that nobody can {whose}."),
        )
        .certain(true)
        .confidence(1)
        .through(vec![
            self.step_at(allocation, NoteKind::Fact, "made here"),
            Note { function: self.f, span, text: "lost here".to_owned(), kind: NoteKind::Sink },
        ])
        .showing(name);
        let api = self.callee_name(allocation);
        self.note(allocation, SiteKind::Allocation, problem, &api, defect.finding());
    }

    /// The end of the analysis: the summary and the sites.
    pub(crate) fn finish(mut self) -> Outcome {
        self.check_clearing();
        self.check_recursion();
        for (span, said) in std::mem::take(&mut self.null_always) {
            if let Some((kind, api, defect)) = said {
                self.note_at(span, kind, Problem::Null, &api, defect.finding());
            }
        }
        let exits = std::mem::take(&mut self.exits);
        let mut ways: Vec<Exit> = Vec::new();
        for (state, result, _) in &exits {
            let way = self.exit(state, result, exits.len() == 1);
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        while ways.len() > MAX_MEMORY_OUTCOMES {
            let (Some(last), Some(before)) = (ways.pop(), ways.pop()) else { break };
            ways.push(merge(before, last));
        }
        // A function whose only other way is to give null gives what it allocates, or null when that fails.
        let fails = |way: &Exit| {
            matches!(way.result, ExitVal::Fresh { index, .. }
                if way.fresh.get(usize::from(index)).is_some_and(|fresh| fresh.made != Made::Assumed))
        };
        let allocates = ways.iter().any(fails)
            && ways.iter().all(|way| matches!(way.result, ExitVal::Fresh { .. } | ExitVal::Null));
        if !allocates {
            for way in &mut ways {
                if way.result == ExitVal::Null {
                    way.result = ExitVal::NoObject;
                }
            }
        }
        // A variable that is given on some ways only stands for a failure, or for nothing.
        let variable = |way: &Exit| match &way.result {
            ExitVal::Known { path, .. } if path.parameter().is_none() && path.steps.is_empty() => Some(path.root),
            _ => None,
        };
        if let Some(first) = ways.first().map(variable)
            && ways.iter().any(|way| variable(way) != first)
        {
            for way in ways.iter_mut().filter(|way| variable(way).is_some()) {
                way.result = ExitVal::Static;
            }
        }
        self.summary.exits = ways;
        self.summary.known = true;
        self.settle_needs();
        self.summary.needs = std::mem::take(&mut self.needs);
        let sites = self.sites.take().map(crate::report::Sites::finish).unwrap_or_default();
        Outcome {
            summary: self.summary,
            sites,
            tainted: self.tainted,
            passed: self.passed,
            answers: self.answers,
            cut: false,
        }
    }

    /// A way of returning. `only`: there is no other.
    fn exit(&self, state: &State, result: &Val, only: bool) -> Exit {
        let mut fresh: Vec<Obj> = Vec::new();
        let mut cells = Vec::new();
        let mut freed = Vec::new();
        let mut tainted = Vec::new();
        let result = self.exit_value(state, result, &mut fresh);
        for (place, val) in &state.cells {
            let Some(path) = self.names.path(place.obj) else { continue };
            if cells.len() >= MAX_CELLS || *val == Val::Top || self.is_entry_value(place, val) {
                continue;
            }
            // What is left by an address that is passed, callers do not look at where the function fails.
            if !only && path.parameter().is_some() && matches!(val, Val::Ptr(pointer) if is_given_back(state, pointer))
            {
                cells.push((path, place.offset, place.width, ExitVal::Unknown));
                continue;
            }
            // Null in the caller's memory is how things stand, not a failure.
            let val = match self.exit_value(state, val, &mut fresh) {
                ExitVal::Null => ExitVal::NoObject,
                val => val,
            };
            cells.push((path, place.offset, place.width, val));
        }
        for (obj, object) in &state.objects {
            let Some(path) = self.names.path(*obj) else { continue };
            if let Life::Freed(_) | Life::MaybeFreed(_) = object.life {
                let given = self.given_back.get(obj).copied().unwrap_or_default();
                let certain = matches!(object.life, Life::Freed(_));
                freed.push(Release { path: path.clone(), given, certain });
            }
            let whence = object.taint.map(|taint| self.whence(taint));
            // What callers pass does not change what it is by being passed.
            let own = path.parameter().map(Whence::Passed);
            if let Some(whence) = whence.filter(|whence| own.as_ref() != Some(whence)) {
                tainted.push((path, whence));
            }
        }
        let mut nulls = Vec::new();
        for (value, val) in &state.env {
            if let (Op::Param(index), Val::Ptr(pointer)) = (self.function.op(*value), val)
                && pointer.nullness.null != pointer.nullness.address
            {
                let path = Path { root: Root::Param(*index), steps: Vec::new() };
                nulls.push((path, pointer.nullness.null));
            }
        }
        nulls.extend(self.nulls_behind(state));
        let mut objects = Vec::new();
        let mut at = 0;
        while at < fresh.len() && at < 8 {
            let obj = fresh[at];
            at += 1;
            let Some(object) = state.object(obj) else {
                objects.push(FreshObject {
                    size: None,
                    zero: false,
                    taint: None,
                    cells: Vec::new(),
                    kept: true,
                    freed: false,
                    made: Made::Allocated,
                    family: None,
                });
                continue;
            };
            let inner = state
                .cells_of(obj)
                .take(8)
                .map(|(place, val)| {
                    let val = match val {
                        // A record may be a copy that shares nothing with what was given back.
                        Val::Ptr(pointer) if is_given_back(state, pointer) => ExitVal::Unknown,
                        val => self.exit_value(state, val, &mut fresh),
                    };
                    (place.offset, place.width, val)
                })
                .collect();
            objects.push(FreshObject {
                size: object.size.as_ref().and_then(|size| self.entry_form(size)),
                zero: object.content == Content::Zero,
                taint: object.taint.map(|taint| self.whence(taint)),
                cells: inner,
                kept: object.escaped && !object.several,
                freed: matches!(object.life, Life::Freed(_)),
                family: self.family(obj),
                made: match self.names.objects.origin(obj) {
                    Origin::Record(_) => Made::Record,
                    _ if self.assumed.contains(&obj) => Made::Assumed,
                    _ => Made::Allocated,
                },
            });
        }
        Exit {
            conditions: self.entry_conditions(state),
            nonzero: self.entry_nonzero(state),
            nulls,
            result,
            fresh: objects,
            freed,
            cells,
            tainted,
            unchanged: self.summary.changed.iter().filter(|change| self.is_unchanged(state, change)).cloned().collect(),
        }
    }

    /// Pointers that callers can see, and of which it was found out on the way whether they were null at the call.
    fn nulls_behind(&self, state: &State) -> Vec<(Path, bool)> {
        let found = state.cells.iter().filter_map(|(place, val)| {
            let (Val::Ptr(pointer), 8) = (val, place.width) else { return None };
            let null = match pointer.nullness {
                Nullness { null: true, address: false, why: NullWhy::Tested(_) } => true,
                Nullness { null: false, .. } if self.is_entry_value(place, val) => false,
                _ => return None,
            };
            let mut path = self.names.path(place.obj)?;
            path.steps.push(place.offset);
            Some((path, null))
        });
        found.take(MAX_NULLS).collect()
    }

    /// Whether what a function may change stands as it did when the function was called.
    fn is_unchanged(&self, state: &State, (path, range): &Changed) -> bool {
        let mut objects = state.objects.iter().filter(|(obj, _)| self.names.path(*obj).as_ref() == Some(path));
        let Some((obj, object)) = objects.next() else { return false };
        let within = |place: &crate::state::Place| match range {
            Some((from, to)) => place.offset < *to && *from < place.offset + i64::from(place.width),
            None => true,
        };
        object.content == Content::Entry
            && object.life == Life::Alive
            && state.cells_of(*obj).all(|(place, val)| !within(place) || self.is_entry_value(place, val))
    }

    /// A source as callers are told of it.
    fn whence(&self, taint: TaintId) -> Whence {
        let taint = self.names.taints.get(taint);
        match taint.at.map(|at| self.function.op(at)) {
            Some(Op::Param(index)) => Whence::Passed(*index),
            _ => Whence::Taken(taint.kind, taint.what.clone()),
        }
    }

    /// Whether a place holds what it did when the function was called.
    fn is_entry_value(&self, place: &crate::state::Place, val: &Val) -> bool {
        match val {
            Val::Num(form) => form.as_var().is_some_and(|var| self.names.origin(var) == VarOrigin::Entry(*place)),
            Val::Ptr(pointer) => pointer.only().is_some_and(|target| {
                target.offset == Linear::default()
                    && self.names.objects.origin(target.obj) == Origin::Deref(place.obj, place.offset)
            }),
            Val::Uninit | Val::Top => false,
        }
    }

    fn exit_value(&self, state: &State, val: &Val, fresh: &mut Vec<Obj>) -> ExitVal {
        match val {
            Val::Num(form) => ExitVal::Number {
                form: self.entry_form(form),
                range: state.numbers.bounds(form),
                taint: self
                    .names
                    .taint(form)
                    .filter(|_| self.is_unbounded(state, form))
                    .map(|taint| self.whence(taint)),
                most: self.entry_upper(state, form).filter(|most| !most.terms.is_empty()),
                wrapped: self.names.wrapped(form).is_some(),
                chosen: self.names.is_chosen(form),
            },
            Val::Uninit => ExitVal::Uninit,
            Val::Top => ExitVal::Unknown,
            Val::Ptr(pointer) if pointer.is_null() => ExitVal::Null,
            Val::Ptr(pointer) => {
                let maybe_null = pointer.nullness.null;
                let failed = matches!(pointer.nullness.why, NullWhy::Failed(_));
                let known = pointer.nullness != Nullness::UNKNOWN && maybe_null;
                let taint = state.taint_behind(pointer).map(|taint| self.whence(taint));
                let address = ExitVal::Address { maybe_null: maybe_null && (known || failed), failed, taint };
                let Some(target) = pointer.targets.first().filter(|_| pointer.targets.len() == 1) else {
                    return address;
                };
                let only = !pointer.elsewhere;
                match self.names.objects.origin(target.obj) {
                    Origin::Heap(..) | Origin::Record(_) if only => {
                        let alive = state.object(target.obj).is_some_and(|object| {
                            matches!(object.life, Life::Alive | Life::Freed(_)) && !object.several
                        });
                        let offset = target.offset.as_constant().and_then(|c| i64::try_from(c).ok());
                        match offset.filter(|_| alive) {
                            Some(offset) => {
                                let index = fresh.iter().position(|obj| *obj == target.obj).unwrap_or_else(|| {
                                    fresh.push(target.obj);
                                    fresh.len() - 1
                                });
                                if index < 8 {
                                    ExitVal::Fresh { index: index as u8, offset, maybe_null }
                                } else {
                                    address
                                }
                            }
                            None => address,
                        }
                    }
                    Origin::Param(_) | Origin::Deref(..) => {
                        match self.names.path(target.obj).zip(self.entry_form(&target.offset)) {
                            Some((path, offset)) => ExitVal::Known {
                                path,
                                offset,
                                maybe_null: maybe_null && pointer.nullness.why != NullWhy::Unknown,
                                maybe_other: pointer.elsewhere,
                            },
                            None => address,
                        }
                    }
                    Origin::Local(_) if only => ExitVal::Dangling,
                    Origin::Global(global) if only => match self.entry_form(&target.offset) {
                        Some(offset) => {
                            let path = Path { root: Root::Global(global), steps: Vec::new() };
                            ExitVal::Known { path, offset, maybe_null, maybe_other: false }
                        }
                        None => address,
                    },
                    Origin::Literal(..) | Origin::Function(_) if only && !maybe_null => ExitVal::Static,
                    _ => address,
                }
            }
        }
    }
}

/// One way of returning that stands for two.
#[expect(clippy::many_single_char_names, reason = "two of each")]
fn merge(a: Exit, b: Exit) -> Exit {
    let same_conditions = a.conditions == b.conditions && a.nonzero == b.nonzero;
    let conditions: Vec<EntryForm> = a.conditions.into_iter().filter(|c| b.conditions.contains(c)).collect();
    let nonzero: Vec<EntryForm> = a.nonzero.into_iter().filter(|c| b.nonzero.contains(c)).collect();
    let nulls = a.nulls.into_iter().filter(|n| b.nulls.contains(n)).collect();
    let same = a.fresh == b.fresh;
    let plain = |val: ExitVal| match val {
        ExitVal::Fresh { maybe_null, .. } if !same => ExitVal::Address { maybe_null, failed: maybe_null, taint: None },
        val => val,
    };
    let result = match (plain(a.result), plain(b.result)) {
        (a, b) if a == b => a,
        (
            ExitVal::Fresh { index, offset, maybe_null },
            ExitVal::Fresh { index: other, offset: there, maybe_null: null },
        ) if index == other && offset == there => ExitVal::Fresh { index, offset, maybe_null: maybe_null || null },
        (
            ExitVal::Number { range: x, taint: s, most: p, wrapped: v, chosen: c, .. },
            ExitVal::Number { range: y, taint: t, most: q, wrapped: w, chosen: d, .. },
        ) => ExitVal::Number {
            form: None,
            range: x.join(y),
            taint: s.or(t),
            most: p.filter(|p| q.as_ref() == Some(p)),
            wrapped: v || w,
            chosen: c || d,
        },
        (ExitVal::Null | ExitVal::NoObject | ExitVal::Address { .. }, _)
        | (_, ExitVal::Null | ExitVal::NoObject | ExitVal::Address { .. }) => {
            ExitVal::Address { maybe_null: true, failed: false, taint: None }
        }
        _ => ExitVal::Unknown,
    };
    let mut freed = Vec::new();
    for release in a.freed {
        let other = b.freed.iter().find(|other| other.path == release.path);
        // What is only done under conditions that are not told any more is not certain.
        let both = same_conditions && other.is_some_and(|other| other.certain);
        let given = other.map_or(release.given, |other| release.given.agreed(other.given));
        freed.push(Release { given, certain: release.certain && both, ..release });
    }
    for release in b.freed {
        if !freed.iter().any(|known| known.path == release.path) {
            freed.push(Release { certain: false, ..release });
        }
    }
    let mut cells = Vec::new();
    for (path, offset, width, val) in a.cells {
        let other = b.cells.iter().find(|(p, o, w, _)| *p == path && *o == offset && *w == width);
        let joined = match other {
            Some((.., other)) if *other == val && (same || !matches!(val, ExitVal::Fresh { .. })) => val,
            _ => ExitVal::Unknown,
        };
        cells.push((path, offset, width, joined));
    }
    for (path, offset, width, _) in b.cells {
        if !cells.iter().any(|(p, o, w, _)| *p == path && *o == offset && *w == width) {
            cells.push((path, offset, width, ExitVal::Unknown));
        }
    }
    let mut tainted = a.tainted;
    for taint in b.tainted {
        if !tainted.contains(&taint) {
            tainted.push(taint);
        }
    }
    // What is allocated on each way, and handed out in different ones, is not known any more.
    let told =
        matches!(result, ExitVal::Fresh { .. }) || cells.iter().any(|(.., val)| matches!(val, ExitVal::Fresh { .. }));
    let fresh = if same && told { a.fresh } else { Vec::new() };
    let unchanged = a.unchanged.into_iter().filter(|change| b.unchanged.contains(change)).collect();
    Exit { conditions, nonzero, nulls, result, fresh, freed, cells, tainted, unchanged }
}

/// Whether an address leads to something that was given back.
fn is_given_back(state: &State, pointer: &Pointer) -> bool {
    let freed = |obj| state.object(obj).is_some_and(|object| matches!(object.life, Life::Freed(_)));
    pointer.targets.iter().any(|target| freed(target.obj))
}
