//! What a function needs of its callers, and whether a call sees to it.

use crate::access::{Access, Exceeds};
use crate::analyzer::Analyzer;
use crate::linear::{INFINITY, Linear, Var};
use crate::names::{Path, Root};
use crate::numbers::Why;
use crate::program::FuncId;
use crate::report::{Defect, Finding, Note, NoteKind, Problem, SiteKind};
use crate::state::{Place, State, VarOrigin};
use crate::summary::{EntryForm, EntryVar, Need, What};
use crate::value::{Content, NullWhy, Pointer, SourceKind, Target, Text, Val};
use assay_ir::{Op, Value};
use assay_text::Span;
use assay_text::limits::MAX_MEMORY_REQUIREMENTS;
use std::collections::btree_map::Entry;

/// Conditions under which one thing is needed that are told apart.
const MAX_WAYS_TO_NEED: usize = 4;

/// Numbers at the call that callers are told the limits of.
const MAX_CONDITIONS: usize = 8;
/// Numbers at the call that callers are told not to be zero.
const MAX_NONZERO: usize = 4;

impl Analyzer<'_, '_> {
    /// What is not known here may be known by callers.
    pub(crate) fn leave_to_callers(
        &mut self,
        state: &mut State,
        target: &Target,
        from: &Linear,
        end: &Linear,
        size: &Linear,
        access: &Access<'_>,
    ) -> Finding {
        let open = Finding::Open("unknown-bound", "nothing that is known bounds it".to_owned());
        let by_text = self.end_by_text(state, target, end, access);
        let exact = by_text.is_some() || self.entry_form(end).is_some();
        let to = by_text.or_else(|| self.entry_upper(state, end));
        let start = self.entry_lower(state, from);
        let size_path = match size.as_var().map(|var| self.names.origin(var)) {
            Some(VarOrigin::Size(obj)) => self.names.path(obj),
            _ => None,
        };
        // Callers are asked for the upper bound; the lower one has to be known here, or be told them, too.
        let starts = from.times(-1).is_some_and(|under| state.numbers.is_nonpositive(&under));
        let verb = if access.write { "written" } else { "read" };
        if !starts
            && size.as_constant().is_some()
            && let Some(under) = from.times(-1)
        {
            let (problem, cwe): (_, &'static [u32]) =
                if access.write { (Problem::Overflow, &[787, 124]) } else { (Problem::OverRead, &[125, 127]) };
            let title = format!(
                "{} is {verb} in front of its start, by a number that is passed",
                self.names.object_name(target.obj)
            );
            self.leave_number(state, access.site, &under, problem, cwe, title, &format!("{verb} here"));
        }
        // That there is a bound says nothing of whether it is reached.
        let always = exact && self.is_reached_when_told() && !self.is_moved_by_loop(access.site)
            || self.goes_through(end, access.width);
        match (to, size_path) {
            (Some(to), Some(path)) if target.region.is_none() => {
                let words = format!("{} is {verb}", self.path_words(&path));
                let told = starts || start.is_some();
                let from = start.unwrap_or_else(|| EntryForm::constant(0));
                let what = What::Within { path, from, to, write: access.write };
                self.need_always(state, what, access.site, &words, always);
                if told { Finding::Callers("the caller's object must be large enough".to_owned()) } else { open }
            }
            (Some(number), None) if !number.terms.is_empty() => {
                let Some(most) = size.as_constant() else { return open };
                let object = self.names.object_name(target.obj);
                let words = format!("{object} ({most} bytes) is {verb}");
                let what = What::AtMost { number, most, write: access.write, object };
                self.need_always(state, what, access.site, &words, always);
                if starts {
                    Finding::Callers(format!("the caller's number must lead to at most {most} bytes"))
                } else {
                    open
                }
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
        let always = self.is_reached_when_told();
        self.need_always(state, what, site, words, always);
    }

    /// The same; `always`: it matters at every call that satisfies the conditions.
    pub(crate) fn need_always(&mut self, state: &State, what: What, site: Value, words: &str, always: bool) {
        if self.sites.is_none() || self.needs.len() >= MAX_MEMORY_REQUIREMENTS {
            return;
        }
        let mut conditions = self.entry_conditions(state);
        let mut nonzero = self.entry_nonzero(state);
        // Where there are more than are told, whether it matters is not known.
        let always = always && conditions.len() < MAX_CONDITIONS && nonzero.len() < MAX_NONZERO;
        if let Some((inner, _)) = &self.judged {
            conditions.extend(inner.conditions.iter().cloned());
            nonzero.extend(inner.nonzero.iter().cloned());
        }
        let always = always && self.judged.as_ref().is_none_or(|(inner, _)| inner.always);
        let same = |need: &&mut Need| need.what == what;
        if let Some(known) =
            self.needs.iter_mut().filter(same).find(|need| need.conditions == conditions && need.nonzero == nonzero)
        {
            known.always |= always;
            return;
        }
        if self.needs.iter_mut().filter(same).count() >= MAX_WAYS_TO_NEED
            && let Some(known) = self.needs.iter_mut().find(|need| need.what == what)
        {
            // Under either condition: what is left is that there are some.
            known.conditions.retain(|c| conditions.contains(c));
            known.nonzero.retain(|c| nonzero.contains(c));
            known.always = false;
            return;
        }
        // What a callee needs is told with the way to it.
        let need = if let Some((inner, call)) = &self.judged {
            let mut way = vec![call.clone()];
            way.extend(inner.way.iter().take(8).cloned());
            let looked_at = inner.looked_at || self.has_looked_at(&what);
            Need { what, conditions, nonzero, always, looked_at, note: inner.note.clone(), way, site: inner.site }
        } else {
            let note = self.step_at(site, NoteKind::Sink, words.to_owned());
            let site = Some((self.f, self.span(site)));
            let looked_at = self.has_looked_at(&what);
            Need { what, conditions, nonzero, always, looked_at, note, way: Vec::new(), site }
        };
        self.needs.push(need);
    }

    /// Notes what a pointer is that is used at a place, or that a callee uses which is called there.
    pub(crate) fn means(&mut self, span: Span, callee: Option<&Path>, pointer: Option<&Pointer>) {
        if self.sites.is_none() {
            return;
        }
        let path = pointer.and_then(Pointer::only).and_then(|target| self.names.path(target.obj));
        match self.meant.entry((span, callee.cloned())) {
            Entry::Vacant(entry) => {
                entry.insert(path);
            }
            Entry::Occupied(mut entry) if *entry.get() != path => {
                entry.insert(None);
            }
            Entry::Occupied(_) => {}
        }
    }

    /// What callers must not pass as null where it is now one pointer that is used and now another does not matter at every call.
    pub(crate) fn settle_needs(&mut self) {
        for need in &mut self.needs {
            let What::NotNull(path) = &need.what else { continue };
            let span = need.way.first().unwrap_or(&need.note).span;
            let place = (span, None)..=(span, Some(Path::last()));
            need.always &= self.meant.range(place).any(|(_, meant)| meant.as_ref() == Some(path));
        }
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
        out.truncate(MAX_CONDITIONS);
        out
    }

    /// What is known here not to be zero of the numbers at the call.
    pub(crate) fn entry_nonzero(&self, state: &State) -> Vec<EntryForm> {
        let known = state
            .numbers
            .nonzero()
            .iter()
            .filter(|form| !form.terms.iter().any(|(v, _)| matches!(self.names.origin(*v), VarOrigin::Size(_))));
        known.filter_map(|form| self.entry_form(form)).take(MAX_NONZERO).collect()
    }

    /// What a way from a parameter is called.
    pub(crate) fn path_words(&self, path: &Path) -> String {
        let name = match path.root {
            Root::Param(parameter) => self.names.parameter_name(parameter),
            Root::Global(global) => self.cx.program.variable_name(global),
        };
        match (path.root, path.steps.len()) {
            (Root::Global(_), 0) => format!("`{name}`"),
            (Root::Param(_), 0) | (Root::Global(_), 1) => format!("what `{name}` points to"),
            _ => format!("what is reached from `{name}`"),
        }
    }

    /// Judges at a call what the callee needs. `only`: no other function may be called there.
    pub(crate) fn judge_need(
        &mut self,
        state: &mut State,
        site: Value,
        f: FuncId,
        need: &Need,
        vals: &[Val],
        only: bool,
    ) {
        let mut sure = need.always && only;
        // What is not known here, callers may know.
        let mut inner = Need { conditions: Vec::new(), nonzero: Vec::new(), always: sure, ..need.clone() };
        for condition in &need.conditions {
            let Some(form) = self.translate(state, condition, vals) else {
                (sure, inner.always) = (false, false);
                continue;
            };
            if state.numbers.lower(&form) > 0 {
                // It does not matter at this call.
                self.answer(need, true);
                return;
            }
            if !state.numbers.is_nonpositive(&form) {
                sure = false;
                match self.entry_form(&form) {
                    Some(form) => inner.conditions.push(form),
                    None => inner.always = false,
                }
            }
        }
        for form in &need.nonzero {
            match self.translate(state, form, vals) {
                Some(form) if form.as_constant() == Some(0) => {
                    self.answer(need, true);
                    return;
                }
                Some(form) if state.numbers.is_nonzero(&form) => {}
                form => {
                    sure = false;
                    match form.and_then(|form| self.entry_form(&form)) {
                        Some(form) => inner.nonzero.push(form),
                        None => inner.always = false,
                    }
                }
            }
        }
        let name = self.cx.program.name(f).to_owned();
        let call = self.step_at(site, NoteKind::Call, format!("`{name}` is called"));
        self.judged = Some((inner, call));
        let finding = self.judge_what(state, site, f, &need.what, sure, vals);
        self.judged = None;
        let Some((kind, problem, mut finding)) = finding else { return };
        match &mut finding {
            Finding::Safe(_) => self.answer(need, true),
            Finding::Callers(_) => return,
            Finding::Open(..) => self.answer(need, false),
            // What the callee may not get to on this call is a defect only when data from outside decides.
            Finding::Defect(defect) if !sure && !defect.has_source() => {
                self.answer(need, false);
                return;
            }
            Finding::Defect(defect) => {
                self.answer(need, false);
                defect.steps.retain(|step| step.kind != NoteKind::Sink);
                defect.steps.push(self.step_at(site, NoteKind::Call, format!("`{name}` is called")));
                defect.steps.extend(need.way.iter().cloned());
                defect.steps.push(need.note.clone());
                if !sure {
                    defect.certain = false;
                    defect.confidence = defect.confidence.saturating_sub(1);
                    defect.assumptions.push(format!("`{name}` gets there on this call"));
                }
            }
        }
        if matches!(finding, Finding::Defect(_)) {
            self.note(site, kind, problem, &name, finding);
        }
    }

    /// The argument that a path starts at; the call itself where there is none.
    fn argument(&self, site: Value, path: &Path) -> Value {
        match self.function.op(site) {
            Op::Call { args, .. } => {
                path.direct().and_then(|parameter| args.get(parameter as usize)).map_or(site, |arg| arg.value)
            }
            _ => site,
        }
    }

    fn answer(&mut self, need: &Need, good: bool) {
        if let Some(site) = need.site {
            self.answers.push((site, good));
        }
    }

    fn judge_what(
        &mut self,
        state: &mut State,
        site: Value,
        callee: FuncId,
        what: &What,
        sure: bool,
        vals: &[Val],
    ) -> Option<(SiteKind, Problem, Finding)> {
        let name = self.cx.program.name(callee);
        match what {
            What::NotNull(path) => {
                let val = self.pointer_at(state, path, vals);
                let span = self.span(site);
                self.means(span, Some(path), if let Some(Val::Ptr(pointer)) = &val { Some(pointer) } else { None });
                let Some(Val::Ptr(pointer)) = val else {
                    return Some((
                        SiteKind::Library,
                        Problem::Null,
                        Finding::Open("unknown-pointer", "what is passed is not known".to_owned()),
                    ));
                };
                let finding = if !pointer.nullness.null {
                    Finding::Safe("never null".to_owned())
                } else if pointer.is_null()
                    && (matches!(pointer.nullness.why, NullWhy::Returned(_))
                        || !self.leads_here(pointer.nullness.why, self.argument(site, path)))
                {
                    Finding::Open("maybe-null", "what is passed is null on some way".to_owned())
                } else if sure
                    && (pointer.is_null() || matches!(pointer.nullness.why, NullWhy::Failed(_) | NullWhy::Absent(_)))
                {
                    self.passed_null(site, name, &pointer).finding()
                } else if let (NullWhy::Unknown, Some(path)) =
                    (pointer.nullness.why, pointer.only().and_then(|target| self.names.path(target.obj)))
                {
                    let direct = pointer.only().is_some_and(|target| target.offset == Linear::default());
                    if direct {
                        self.need(state, What::NotNull(path), site, "");
                    }
                    Finding::Callers(String::new())
                } else {
                    Finding::Open("maybe-null", "what is passed may be null".to_owned())
                };
                Some((SiteKind::Library, Problem::Null, finding))
            }
            What::Within { path, from, to, write } => {
                let problem = if *write { Problem::Overflow } else { Problem::OverRead };
                let open =
                    |why: &str| Some((SiteKind::Library, problem, Finding::Open("unknown-bound", why.to_owned())));
                let Some(pointer) = self.resolve(state, path, vals) else { return open("what is passed is not known") };
                let by_text = to.terms.iter().any(|(var, _)| matches!(var, EntryVar::Length(_)));
                let (Some(from), Some(to)) = (self.translate(state, from, vals), self.translate(state, to, vals))
                else {
                    return open("how much is accessed is not known");
                };
                let Some(width) = to.minus(&from) else { return open("the bound is not linear") };
                if pointer.targets.len() != 1 || pointer.elsewhere {
                    return open("what is passed is not known");
                }
                let mut target = pointer.targets[0].clone();
                let Some(moved) = target.offset.plus(&from) else { return open("the bound is not linear") };
                target.offset = moved;
                let access = Access { site, width: &width, write: *write, api: name };
                let text = self.object(state, target.obj).text.clone();
                let mut finding = match self.judge_target(state, &target, &access) {
                    finding @ (Finding::Defect(_) | Finding::Safe(_)) => finding,
                    finding if sure && !path.direct().is_some_and(|parameter| self.is_counted(callee, parameter)) => {
                        self.judge_length(state, &target, &access).unwrap_or(finding)
                    }
                    finding => finding,
                };
                // A loop may turn no times.
                if matches!(&finding, Finding::Defect(defect) if !defect.has_source())
                    && state.numbers.lower(&width) <= 0
                {
                    return open("whether anything is accessed is not known");
                }
                // Whoever reads a string byte by byte looks at each whether it is the last. What is written ends where another string does.
                let by_text = !*write && (by_text || !sure && matches!(text, Text::Length(_)));
                // A string that a caller passes on lies in what it passes.
                let passed_on = by_text && self.names.objects.info(target.obj).entry;
                if by_text && matches!(&finding, Finding::Defect(defect) if !defect.certain || passed_on) {
                    finding = Finding::Open("ends-by-content", "what stands there may end the reading".to_owned());
                }
                Some((SiteKind::Library, problem, finding))
            }
            What::AtMost { number, most, write, object } => {
                let problem = if *write { Problem::Overflow } else { Problem::OverRead };
                let Some(number) = self.translate(state, number, vals) else {
                    return Some((
                        SiteKind::Library,
                        problem,
                        Finding::Open("unknown-bound", "how much is accessed is not known".to_owned()),
                    ));
                };
                let over = number.plus_constant(-most);
                let finding = match self.exceeds(state, &over) {
                    Exceeds::Never => Finding::Safe(format!("at most {most} bytes")),
                    // Where what is passed is related to what is there, that one is less in general says nothing of the other.
                    Exceeds::Admitted(_) if *most == 0 => {
                        Finding::Open("unknown-bound", "how much there is depends on what is passed".to_owned())
                    }
                    Exceeds::Unknown => match self.entry_upper(state, &number) {
                        Some(form) if !form.terms.is_empty() => {
                            let what =
                                What::AtMost { number: form, most: *most, write: *write, object: object.clone() };
                            let exact = self.entry_form(&number).is_some();
                            self.need_always(state, what, site, "", exact && self.is_reached_when_told());
                            Finding::Callers(String::new())
                        }
                        _ => Finding::Open("unknown-bound", "nothing that is known bounds it".to_owned()),
                    },
                    exceeds => {
                        let mut defect = self.too_much(name, object, *most, *write, &exceeds);
                        if let Exceeds::Admitted(_) = exceeds {
                            defect.steps.extend(self.sent_step(&number));
                        }
                        defect.finding()
                    }
                };
                Some((SiteKind::Library, problem, finding))
            }
            What::Format(path) | What::Command(path) | What::Query(path) | What::FileName(path) => {
                let problem = match what {
                    What::Format(_) => Problem::Format,
                    What::Command(_) => Problem::Command,
                    What::Query(_) => Problem::Query,
                    _ => Problem::FileName,
                };
                let Some(val) = self.pointer_at(state, path, vals) else {
                    return Some((
                        SiteKind::Text,
                        problem,
                        Finding::Open("unknown-text", "what is passed is not known".to_owned()),
                    ));
                };
                let finding = self.judge_text(state, site, &val, None, problem, name);
                Some((SiteKind::Text, problem, finding))
            }
            What::NotZero(form) => {
                let form = self.translate(state, form, vals)?;
                let range = state.numbers.bounds(&form);
                let finding = if state.numbers.is_nonzero(&form) {
                    Finding::Safe("it is not zero".to_owned())
                } else if range.lo == 0 && range.hi == 0 && sure {
                    Defect::new(
                        Problem::DivisionByZero,
                        &[369],
                        format!("`{name}` divides by zero on this call"),
                        "Zero is passed for a number by which the function divides.",
                    )
                    .certain(true)
                    .finding()
                } else if let Some(form) = self.entry_form(&form) {
                    self.need(state, What::NotZero(form), site, "");
                    Finding::Callers(String::new())
                } else {
                    Finding::Open("maybe-zero", "it may be zero".to_owned())
                };
                Some((SiteKind::Library, Problem::DivisionByZero, finding))
            }
            What::NotAbove { form, problem, cwe, title } => {
                let form = self.translate(state, form, vals)?;
                if state.numbers.lower(&form) > 0 {
                    let message =
                        "The number that is passed is too large or too small for what the function does with it.";
                    let defect = Defect::new(*problem, cwe, title.clone(), message).certain(true);
                    return Some((SiteKind::Value, *problem, defect.finding()));
                }
                if !state.numbers.is_nonpositive(&form) {
                    self.leave_number(state, site, &form, *problem, cwe, title.clone(), "");
                }
                None
            }
            What::Set(path, offset, width) => {
                let pointer = self.resolve(state, path, vals)?;
                let target = pointer.only()?.clone();
                let at = i64::try_from(target.offset.as_constant()?).ok()?.checked_add(*offset)?;
                let place = Place { obj: target.obj, offset: at, width: *width };
                let object = self.object(state, target.obj).clone();
                let unset = match state.cell(place) {
                    Some(val) => matches!(val, Val::Uninit),
                    None => {
                        object.content == Content::Indeterminate && object.taint.is_none() && !state.overlaps(place)
                    }
                };
                if unset && sure {
                    let finding = Defect::new(
                        Problem::Uninitialized,
                        &[457],
                        format!("`{name}` reads what nothing has set"),
                        "The address of a variable is passed that nothing has set, and the function reads it.",
                    )
                    .certain(true)
                    .finding();
                    return Some((SiteKind::Value, Problem::Uninitialized, finding));
                }
                None
            }
        }
    }

    /// Where others bring a number in, as a step.
    fn sent_step(&self, number: &Linear) -> Option<Note> {
        let taint = self.names.taints.get(self.names.taint(number)?);
        let text = format!("{} comes in", taint.what);
        taint.at.filter(|_| taint.kind == SourceKind::Remote).map(|at| self.step_at(at, NoteKind::Source, text))
    }

    fn passed_null(&mut self, site: Value, name: &str, pointer: &Pointer) -> Defect {
        let mut steps = Vec::new();
        let made_by = pointer.nullness.why.constant();
        if let Some(span) = made_by {
            steps.push(Note { function: self.f, span, text: "set to null here".to_owned(), kind: NoteKind::Fact });
        }
        let title = match pointer.nullness.why {
            NullWhy::Failed(call) | NullWhy::Absent(call) if call != site => {
                let source = self.callee_name(call);
                let when = if matches!(pointer.nullness.why, NullWhy::Absent(_)) { "finds nothing" } else { "fails" };
                steps.push(self.step_at(call, NoteKind::Fact, format!("`{source}` gives null when it {when}")));
                format!("the result of `{source}` is passed to `{name}` without a check")
            }
            _ => format!("null is passed to `{name}`, which dereferences it"),
        };
        Defect::new(Problem::Null, &[476], title, "The function dereferences the pointer without a test.")
            .certain(pointer.is_null() && !matches!(pointer.nullness.why, NullWhy::Failed(_) | NullWhy::Absent(_)))
            .confidence(if pointer.is_null() { 2 } else { 1 })
            .shared(self.unchecked(pointer.nullness.why))
            .made_by(made_by)
            .through(steps)
    }

    fn too_much(&mut self, name: &str, object: &str, most: i128, write: bool, exceeds: &Exceeds) -> Defect {
        let problem = if write { Problem::Overflow } else { Problem::OverRead };
        let verb = if write { "written" } else { "read" };
        let mut steps = Vec::new();
        let (title, certain, local) = match exceeds {
            Exceeds::Always(by) => {
                (format!("{by} bytes are {verb} behind the end of {object} ({most} bytes) by `{name}`"), true, false)
            }
            Exceeds::Controlled(taint) => {
                let taint = self.names.taints.get(*taint).clone();
                if let Some(at) = taint.at {
                    steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
                }
                (
                    if most == 0 {
                        format!(
                            "bytes of {object} are {verb} by `{name}` that nothing checks against how many there are"
                        )
                    } else {
                        format!("{} controls how much `{name}` has {verb} in {object} ({most} bytes)", taint.what)
                    },
                    false,
                    taint.kind == SourceKind::Local,
                )
            }
            Exceeds::Admitted(by) => (
                format!("up to {by} bytes may be {verb} behind the end of {object} ({most} bytes) by `{name}`"),
                false,
                false,
            ),
            Exceeds::Never | Exceeds::Unknown => (String::new(), false, false),
        };
        Defect::new(
            problem,
            if write { &[787, 120] } else { &[125, 126] },
            title,
            if most == 0 {
                "Nothing checks on the way that there are as many as are accessed.".to_owned()
            } else {
                format!("Nothing checks the number that is passed against the {most} bytes that there are.")
            },
        )
        .certain(certain)
        .local(local)
        .through(steps)
    }
}
