//! Calls of functions of the C library: what [`crate::library`] says of them, done to a state.

use crate::access::{Access, Exceeds};
use crate::analyzer::{Analyzer, fresh_object};
use crate::formats::{Directive, directives};
use crate::library::{Effect, Gives, LibraryFunction, Size, Whence};
use crate::linear::{INFINITY, Linear};
use crate::numbers::{Range, Why};
use crate::report::{Defect, Finding, NoteKind, Problem, SiteKind};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::summary::What;
use crate::value::{Content, Life, NullWhy, Nullness, Origin, Pointer, SourceKind, Taint, TaintId, Target, Text, Val};
use assay_ir::{Op, Type, Value};

/// A call of a library function.
struct Call<'x> {
    site: Value,
    function: &'static LibraryFunction,
    args: &'x [Value],
    vals: &'x [Val],
}

impl Call<'_> {
    fn api(&self) -> &'static str {
        &self.function.name
    }

    fn pointer(&self, at: usize) -> Option<&Pointer> {
        match self.vals.get(at)? {
            Val::Ptr(pointer) => Some(pointer),
            _ => None,
        }
    }
}

impl Analyzer<'_, '_> {
    /// A call of a library function; the states afterwards are added to `out`.
    pub(crate) fn library_call(
        &mut self,
        site: Value,
        function: &'static LibraryFunction,
        args: &[Value],
        vals: &[Val],
        mut state: State,
        out: &mut Vec<State>,
    ) {
        let call = Call { site, function, args, vals };
        for effect in &function.effects {
            self.demand(&mut state, &call, effect);
        }
        if function.noreturn {
            return;
        }
        if function.check && self.is_unused(site) {
            let finding = Finding::Defect(Box::new(Defect {
                problem: Problem::Unchecked,
                cwe: vec![252, 273],
                title: format!("whether `{}` worked is not looked at", function.name),
                message: "When the call fails, the program goes on with the rights that it meant to give up."
                    .to_owned(),
                certain: true,
                confidence: 2,
                assumptions: Vec::new(),
                local: true,
                steps: vec![self.step_at(site, NoteKind::Sink, "the result is ignored here")],
                value: function.name.clone(),
            }));
            self.note(site, SiteKind::Result, Problem::Unchecked, &function.name, finding);
        }
        let taint = function.whence.and_then(|whence| self.taint_of(&state, &call, whence));
        // Results are made before memory changes.
        let frees = function.frees();
        if frees.is_some() && matches!(function.gives, Gives::New { .. }) {
            self.reallocate(&call, state, out);
            return;
        }
        let result = self.give(&mut state, &call, taint);
        for effect in &function.effects {
            self.perform(&mut state, &call, effect, result.as_ref());
        }
        if let Some(result) = result {
            state.set(site, result);
        }
        out.push(state);
    }

    /// Whether nothing reads a value.
    fn is_unused(&self, value: Value) -> bool {
        let read = |operand: Value| operand == value;
        let mut used = false;
        for inst in &self.function.insts {
            inst.op.for_each_operand(|operand| used |= read(operand));
        }
        for block in &self.function.blocks {
            block.terminator.for_each_operand(|operand| used |= read(operand));
        }
        !used
    }

    /// A source, when what comes from there is not to be trusted.
    fn taint_of(&mut self, state: &State, call: &Call<'_>, whence: Whence) -> Option<TaintId> {
        let kind = match whence {
            Whence::Outside => SourceKind::Remote,
            Whence::Local => SourceKind::Local,
            Whence::Argument(at) => {
                let pointer = call.pointer(at)?;
                return pointer.targets.iter().find_map(|t| state.object(t.obj).and_then(|object| object.taint));
            }
        };
        let what = format!("what `{}` gives", call.api());
        Some(self.names.taints.intern(Taint { what, kind, at: Some(call.site) }))
    }

    /// A size, over the arguments.
    fn size(&mut self, state: &mut State, call: &Call<'_>, size: &Size) -> Option<Linear> {
        match size {
            Size::Constant(number) => Some(Linear::constant(*number)),
            Size::Argument(at) => match call.vals.get(*at)? {
                Val::Num(form) => Some(form.clone()),
                _ => None,
            },
            Size::Length(at) => {
                let pointer = call.pointer(*at)?.clone();
                self.text_length(state, &pointer).or_else(|| {
                    let form = self.fresh_var(state, VarOrigin::Extra(call.site, *at as u32));
                    state.numbers.assume_because(&form.times(-1)?, Why::Library);
                    let taint =
                        pointer.targets.iter().find_map(|t| state.object(t.obj).and_then(|object| object.taint));
                    if let Some(var) = form.as_var() {
                        self.names.set_taint(var, taint);
                        self.names.set_limits(var, Range::of_type(0, (1 << 63) - 1));
                        let mut range = state.numbers.range(var);
                        (range.lo, range.lo_why) = (0, Why::Type);
                        state.numbers.set_range(var, range);
                    }
                    Some(form)
                })
            }
            Size::Sum(a, b) => {
                let (a, b) = (self.size(state, call, a)?, self.size(state, call, b)?);
                a.plus(&b)
            }
            Size::Product(a, b) => {
                let (a, b) = (self.size(state, call, a)?, self.size(state, call, b)?);
                if let Some(k) = b.as_constant().and_then(|k| i64::try_from(k).ok()) {
                    return a.times(k);
                }
                if let Some(k) = a.as_constant().and_then(|k| i64::try_from(k).ok()) {
                    return b.times(k);
                }
                None
            }
            Size::Min(a, b) => {
                let (a, b) = (self.size(state, call, a)?, self.size(state, call, b)?);
                if state.numbers.at_most(&a, &b) {
                    return Some(a);
                }
                if state.numbers.at_most(&b, &a) {
                    return Some(b);
                }
                let form = self.fresh_var(state, VarOrigin::Extra(call.site, 60));
                for bound in [&a, &b] {
                    if let Some(over) = form.minus(bound) {
                        state.numbers.assume_because(&over, Why::Library);
                    }
                }
                state.numbers.assume_because(&form.times(-1)?, Why::Library);
                Some(form)
            }
        }
    }

    /// The length of the string at an address.
    pub(crate) fn text_length(&mut self, state: &mut State, pointer: &Pointer) -> Option<Linear> {
        let target = pointer.only()?.clone();
        let object = self.object(state, target.obj).clone();
        match &object.text {
            Text::Length(length) => {
                let rest = length.minus(&target.offset)?;
                // Behind the first terminator another string may stand.
                (target.offset == Linear::default() || state.numbers.lower(&rest) >= 0).then_some(rest)
            }
            Text::Unterminated(_) => None,
            Text::Unknown => {
                if target.offset != Linear::default() || object.several {
                    return None;
                }
                let entry = object.content == Content::Entry && self.names.objects.info(target.obj).entry;
                let zero =
                    object.content == Content::Zero && !state.cells_of(target.obj).any(|(place, _)| place.offset == 0);
                if zero {
                    return Some(Linear::default());
                }
                let origin =
                    if entry { VarOrigin::EntryLength(target.obj) } else { VarOrigin::Length(self.block, target.obj) };
                let var = self.names.var(origin);
                let form = Linear::var(var);
                if !(entry && state.numbers.uses(var)) {
                    state.retire(var, &mut self.names);
                    let limits = self.names.limits(var);
                    state.numbers.set_range(var, limits);
                    self.names.set_taint(var, object.taint);
                    // A string ends within its object: that it does is looked at elsewhere.
                    if let Some(over) = object.size.as_ref().and_then(|size| form.plus_constant(1).minus(size)) {
                        state.numbers.assume_because(&over, Why::Library);
                    }
                }
                self.object(state, target.obj).text = Text::Length(form.clone());
                Some(form)
            }
        }
    }

    /// Judges what a call takes for granted.
    fn demand(&mut self, state: &mut State, call: &Call<'_>, effect: &Effect) {
        match effect {
            Effect::Reads(at, size) | Effect::Writes(at, size) => {
                let write = matches!(effect, Effect::Writes(..));
                let width = self.size(state, call, size);
                self.demand_bytes(state, call, *at, width.as_ref(), write);
            }
            Effect::Text(at) => self.demand_text(state, call, *at),
            Effect::Unbounded(at) => {
                self.demand_pointer(state, call, *at);
                let title = format!("`{}` writes as much as it is sent", call.api());
                self.unbounded(call, title, vec![242, 120, 787], true, SourceKind::Remote);
            }
            Effect::Format(at) => self.demand_program_text(state, call, *at, Problem::Format),
            Effect::Command(at) => self.demand_program_text(state, call, *at, Problem::Command),
            Effect::Path(at) => {
                self.demand_program_text(state, call, *at, Problem::FileName);
                self.race(state, call, *at);
            }
            Effect::Temporary => {
                let finding = Finding::Defect(Box::new(Defect {
                    problem: Problem::TemporaryFile,
                    cwe: vec![377],
                    title: format!("`{}` gives a name that somebody else can take first", call.api()),
                    message: "Between the choice of the name and the opening of the file, another user can put a file or link there."
                        .to_owned(),
                    certain: true,
                    confidence: 2,
                    assumptions: Vec::new(),
                    local: true,
                    steps: vec![self.step_at(call.site, NoteKind::Sink, "the name is chosen here")],
                    value: call.api().to_owned(),
                }));
                self.note(call.site, SiteKind::Text, Problem::TemporaryFile, call.api(), finding);
            }
            Effect::Print(to, format) => {
                let length = self.printed_length(state, call, *format);
                let width = length.map(|length| length.plus_constant(1));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::PrintBounded(to, n, _) => {
                let width = self.size(state, call, &Size::Argument(*n));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::CopyBounded(to, from, n) => {
                self.demand_pointer(state, call, *from);
                let width = self.size(state, call, &Size::Argument(*n));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::Append(to, from) => {
                let (a, b) = (self.size(state, call, &Size::Length(*to)), self.size(state, call, &Size::Length(*from)));
                let width = a.zip(b).and_then(|(a, b)| a.plus(&b)).map(|sum| sum.plus_constant(1));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::AppendBounded(to, from, n) => {
                self.demand_pointer(state, call, *from);
                let a = self.size(state, call, &Size::Length(*to));
                let b = self.size(state, call, &Size::Argument(*n));
                let from = self.size(state, call, &Size::Length(*from));
                let b = match (from, b) {
                    (Some(from), Some(n)) if state.numbers.at_most(&from, &n) => Some(from),
                    (_, n) => n,
                };
                let width = a.zip(b).and_then(|(a, b)| a.plus(&b)).map(|sum| sum.plus_constant(1));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::Scan(format) => self.demand_scan(state, call, *format),
            Effect::Fills(at, ..) | Effect::Closes(at) => self.demand_pointer(state, call, *at),
            Effect::Frees(_)
            | Effect::Holds(..)
            | Effect::HoldsAtMost(..)
            | Effect::Unterminated(_)
            | Effect::Sets(_)
            | Effect::Taints(..)
            | Effect::Checks(_)
            | Effect::Keeps(_) => {}
        }
    }

    /// An argument must be the address of something that is there.
    fn demand_pointer(&mut self, state: &mut State, call: &Call<'_>, at: usize) {
        let (Some(pointer), Some(arg)) = (call.pointer(at).cloned(), call.args.get(at).copied()) else { return };
        self.check_null(state, call.site, arg, &pointer, call.api());
        if !pointer.is_null() {
            self.not_null(state, arg, &pointer);
            self.check_alive(state, call.site, &pointer, call.api());
        }
    }

    /// So many bytes at an argument are read or written.
    fn demand_bytes(&mut self, state: &mut State, call: &Call<'_>, at: usize, width: Option<&Linear>, write: bool) {
        if width.is_some_and(|width| width.as_constant() == Some(0)) {
            return;
        }
        self.demand_pointer(state, call, at);
        let Some(pointer) = call.pointer(at).cloned() else { return };
        if pointer.is_null() {
            return;
        }
        let problem = if write { Problem::Overflow } else { Problem::OverRead };
        let Some(width) = width else {
            let finding = Finding::Open("unknown-bound", "how much is accessed is not known".to_owned());
            self.note(call.site, SiteKind::Library, problem, call.api(), finding);
            return;
        };
        // A negative number that became a size.
        if let Some(var) = width.as_var()
            && let Some(modular) = self.names.modular(var).cloned()
            && modular.terms.iter().all(|(v, _)| state.numbers.uses(*v))
            && state.numbers.bounds(&modular).lo < 0
        {
            let range = state.numbers.interval(&modular);
            let controlled = self.exceeds(state, &modular.times(-1).unwrap_or_default());
            let certain = range.hi < 0;
            if certain || matches!(controlled, Exceeds::Controlled(_)) || range.lo_why <= Why::Test {
                let finding = Finding::Defect(Box::new(Defect {
                    problem: Problem::Sign,
                    cwe: vec![195, 194, 787],
                    title: format!("a number that may be negative is the size given to `{}`", call.api()),
                    message: "As a size, a negative number is larger than any object.".to_owned(),
                    certain,
                    confidence: if certain { 2 } else { 1 },
                    assumptions: Vec::new(),
                    local: false,
                    steps: vec![self.step_at(call.site, NoteKind::Sink, "used as a size here")],
                    value: String::new(),
                }));
                self.note(call.site, SiteKind::Library, Problem::Sign, call.api(), finding);
                return;
            }
        }
        let access = Access { site: call.site, width, write, api: call.api() };
        self.check_bounds(state, &pointer, &access, true);
    }

    /// An argument must be a terminated string.
    fn demand_text(&mut self, state: &mut State, call: &Call<'_>, at: usize) {
        self.demand_pointer(state, call, at);
        if self.sites.is_none() {
            return;
        }
        let Some(pointer) = call.pointer(at) else { return };
        let Some(target) = pointer.only().cloned() else { return };
        let Some(object) = state.object(target.obj).cloned() else { return };
        let finding = match &object.text {
            Text::Length(_) => Finding::Safe("it is terminated".to_owned()),
            Text::Unterminated(_) if !object.escaped && !object.several => Finding::Defect(Box::new(Defect {
                problem: Problem::Unterminated,
                cwe: vec![170, 126, 125],
                title: format!("`{}` reads bytes as a string that nothing terminates", call.api()),
                message: "The bytes were written without a terminator, and none was written behind them.".to_owned(),
                certain: false,
                confidence: 1,
                assumptions: Vec::new(),
                local: false,
                steps: vec![self.step_at(call.site, NoteKind::Sink, "read as a string here")],
                value: String::new(),
            })),
            _ if object.content == Content::Indeterminate && state.cells_of(target.obj).next().is_none() => {
                self.uninitialized(call.args[at], call.site);
                return;
            }
            _ => Finding::Open("unknown-terminator", "nothing shows that it is terminated".to_owned()),
        };
        self.note(call.site, SiteKind::Library, Problem::Unterminated, call.api(), finding);
    }

    /// A copy without any bound.
    fn unbounded(&mut self, call: &Call<'_>, title: String, cwe: Vec<u32>, certain: bool, kind: SourceKind) {
        let finding = Finding::Defect(Box::new(Defect {
            problem: Problem::UnboundedCopy,
            cwe,
            title,
            message: "Whoever sends the data decides how much is written, and the buffer has an end.".to_owned(),
            certain,
            confidence: 2,
            assumptions: Vec::new(),
            local: kind == SourceKind::Local,
            steps: vec![self.step_at(call.site, NoteKind::Sink, "written here")],
            value: call.api().to_owned(),
        }));
        self.note(call.site, SiteKind::Library, Problem::UnboundedCopy, call.api(), finding);
    }

    /// An argument is a format, command or file name.
    fn demand_program_text(&mut self, state: &mut State, call: &Call<'_>, at: usize, problem: Problem) {
        if self.sites.is_none() {
            return;
        }
        let Some(val) = call.vals.get(at).cloned() else { return };
        let finding = self.judge_text(state, call.site, &val, problem, call.api());
        self.note(call.site, SiteKind::Text, problem, call.api(), finding);
    }

    /// Judges a text that should be the program's own.
    pub(crate) fn judge_text(
        &mut self,
        state: &mut State,
        site: Value,
        val: &Val,
        problem: Problem,
        api: &str,
    ) -> Finding {
        let Val::Ptr(pointer) = val else {
            return Finding::Open("unknown-text", "where the text comes from is not known".to_owned());
        };
        let literal =
            |target: &Target, this: &Self| matches!(this.names.objects.origin(target.obj), Origin::Literal(_));
        if !pointer.targets.is_empty()
            && !pointer.elsewhere
            && pointer.targets.iter().all(|target| literal(target, self))
        {
            return Finding::Safe("it is constant".to_owned());
        }
        let taint = pointer.targets.iter().find_map(|t| state.object(t.obj).and_then(|object| object.taint));
        if let Some(taint) = taint {
            let taint = self.names.taints.get(taint).clone();
            let mut steps = Vec::new();
            if let Some(at) = taint.at {
                steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
            }
            let (cwe, what, why) = match problem {
                Problem::Format => (vec![134], "a format", "Directives in it read and write memory of the program."),
                Problem::Command => (vec![78, 77], "a command", "The shell runs what is written in it."),
                _ => (vec![22, 73], "the name of a file", "It may name any file that the program can reach."),
            };
            steps.push(self.step_at(site, NoteKind::Sink, format!("it is {what} here")));
            return Finding::Defect(Box::new(Defect {
                problem,
                cwe,
                title: format!("{} becomes {what} of `{api}`", taint.what),
                message: why.to_owned(),
                certain: false,
                confidence: 1,
                assumptions: Vec::new(),
                // Who starts a program may name its files.
                local: taint.kind == SourceKind::Local,
                steps,
                value: api.to_owned(),
            }));
        }
        if let Some(path) = pointer.only().and_then(|target| self.names.path(target.obj)) {
            let what = match problem {
                Problem::Format => What::Format(path),
                Problem::Command => What::Command(path),
                _ => What::FileName(path),
            };
            self.need(state, what, site, "used here");
            return Finding::Callers("the caller's text must be the program's own".to_owned());
        }
        Finding::Open("unknown-text", "where the text comes from is not known".to_owned())
    }

    /// A file is used by a name that was looked at before.
    fn race(&mut self, state: &mut State, call: &Call<'_>, at: usize) {
        if self.sites.is_none() {
            return;
        }
        let Some(target) = call.pointer(at).and_then(Pointer::only) else { return };
        let Some(checked) = state.object(target.obj).and_then(|object| object.checked) else { return };
        let name = self.callee_name(checked);
        let finding = Finding::Defect(Box::new(Defect {
            problem: Problem::Race,
            cwe: vec![367],
            title: format!("the file that `{name}` looked at may be another one when `{}` uses it", call.api()),
            message: "Between the two calls, somebody who can write in the folder can put another file or a link in its place."
                .to_owned(),
            certain: false,
            confidence: 1,
            assumptions: vec!["somebody else can write in the folder".to_owned()],
            local: true,
            steps: vec![
                self.step_at(checked, NoteKind::Fact, "looked at here, by name"),
                self.step_at(call.site, NoteKind::Sink, "used here, by name"),
            ],
            value: call.api().to_owned(),
        }));
        self.note(call.site, SiteKind::Text, Problem::Race, call.api(), finding);
    }

    /// The directives of a format, when it is constant.
    fn format_of(&mut self, call: &Call<'_>, at: usize, scan: bool) -> Option<Vec<Directive>> {
        let target = call.pointer(at)?.only()?;
        let Origin::Literal(symbol) = self.names.objects.origin(target.obj) else { return None };
        if target.offset != Linear::default() {
            return None;
        }
        Some(directives(self.module.strings.resolve(symbol), scan))
    }

    /// The length of what `printf` makes of its arguments.
    fn printed_length(&mut self, state: &mut State, call: &Call<'_>, format: usize) -> Option<Linear> {
        let directives = self.format_of(call, format, false)?;
        let mut sum = Linear::default();
        let mut next = format + 1;
        for (number, directive) in directives.iter().enumerate() {
            let length = match directive {
                Directive::Text(length) => Linear::constant(*length as i128),
                Directive::Value { letter, width, precision, star, .. } => {
                    next += usize::from(*star);
                    let at = next;
                    next += 1;
                    let least = i128::from(width.unwrap_or(0));
                    match letter {
                        's' if !star => {
                            let length = self.size(state, call, &Size::Length(at))?;
                            match precision {
                                Some(most) if !state.numbers.at_most(&length, &Linear::constant(i128::from(*most))) => {
                                    self.length_between(state, call, number, 0, i128::from(*most))
                                }
                                _ if least > 0 => {
                                    let upper = state.numbers.upper(&length);
                                    self.length_between(state, call, number, least, upper.max(least))
                                }
                                _ => length,
                            }
                        }
                        'c' => Linear::constant(1.max(least)),
                        '%' => {
                            next -= 1;
                            Linear::constant(1)
                        }
                        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                            let range = match call.vals.get(at) {
                                Some(Val::Num(form)) => state.numbers.bounds(form),
                                _ => Range::of_type(-(1 << 63), (1 << 64) - 1),
                            };
                            let (low, high) = digits(*letter, range);
                            let least = least.max(i128::from(precision.unwrap_or(0)));
                            self.length_between(state, call, number, low.max(least), high.max(least))
                        }
                        'p' => self.length_between(state, call, number, 3.max(least), 18.max(least)),
                        _ => self.length_between(state, call, number, 1.max(least), 350.max(least)),
                    }
                }
            };
            sum = sum.plus(&length)?;
        }
        Some(sum)
    }

    fn length_between(&mut self, state: &mut State, call: &Call<'_>, number: usize, low: i128, high: i128) -> Linear {
        if low == high {
            return Linear::constant(low);
        }
        let form = self.fresh_var(state, VarOrigin::Extra(call.site, 20 + number as u32));
        if let Some(var) = form.as_var() {
            state.numbers.set_range(var, Range::new(low, high.min(INFINITY), Why::Library));
        }
        form
    }

    /// `scanf`: strings need room.
    fn demand_scan(&mut self, state: &mut State, call: &Call<'_>, format: usize) {
        let Some(directives) = self.format_of(call, format, true) else { return };
        let mut next = format + 1;
        for directive in directives {
            let Directive::Value { letter, width, assigned, .. } = directive else { continue };
            if !assigned || letter == '%' {
                continue;
            }
            let at = next;
            next += 1;
            match (letter, width) {
                ('s' | '[', None) => {
                    // A string of known length bounds what is read from it.
                    let source = (call.api() == "sscanf").then(|| call.pointer(0).cloned()).flatten();
                    let bound = source.and_then(|pointer| self.text_length(state, &pointer));
                    if let Some(bound) = bound.filter(|b| state.numbers.upper(b) < (1 << 40)) {
                        let width = bound.plus_constant(1);
                        let fits = call
                            .pointer(at)
                            .and_then(Pointer::only)
                            .cloned()
                            .is_some_and(|target| self.lies_within(state, &target, &width));
                        if fits {
                            continue;
                        }
                    }
                    let title = format!("`{}` with `%s` writes as much as it reads", call.api());
                    self.unbounded(call, title, vec![120, 787, 242], true, SourceKind::Remote);
                }
                ('s' | '[', Some(width)) => {
                    let width = Linear::constant(i128::from(width) + 1);
                    self.demand_bytes(state, call, at, Some(&width), true);
                }
                ('c', width) => {
                    let width = Linear::constant(i128::from(width.unwrap_or(1)));
                    self.demand_bytes(state, call, at, Some(&width), true);
                }
                _ => self.demand_pointer(state, call, at),
            }
        }
    }

    /// What a call gives.
    fn give(&mut self, state: &mut State, call: &Call<'_>, taint: Option<TaintId>) -> Option<Val> {
        let site = call.site;
        let nullness = if call.function.may_fail { Nullness::maybe(NullWhy::Failed(site)) } else { Nullness::NEVER };
        let ty = self.ty(site);
        Some(match &call.function.gives {
            Gives::Void => return None,
            Gives::Number => {
                let val = self.unknown(state, site, ty);
                if let Val::Num(form) = &val
                    && let Some(var) = form.as_var()
                {
                    self.names.set_taint(var, taint);
                }
                val
            }
            Gives::Between(low, high) => {
                let exact = low == high;
                let low = self.size(state, call, low);
                let high_form = self.size(state, call, high);
                if exact && let Some(form) = high_form {
                    return Some(self.fit(state, site, form, ty, false));
                }
                let form = self.fresh(state, site);
                if let Some(var) = form.as_var() {
                    let mut range = state.numbers.range(var);
                    if let Some(low) = low.and_then(|low| low.as_constant())
                        && low > range.lo
                    {
                        (range.lo, range.lo_why) = (low, Why::Library);
                    }
                    if let Some(high) = high_form.as_ref().and_then(Linear::as_constant)
                        && high < range.hi
                    {
                        (range.hi, range.hi_why) = (high, Why::Library);
                    }
                    state.numbers.set_range(var, range);
                    self.names.set_taint(var, taint);
                    if let Some(over) = high_form.and_then(|high| form.minus(&high))
                        && over.terms.len() > 1
                    {
                        // As an unsigned number the bound may be above what the result's type holds.
                        state.numbers.assume_because(&over, Why::Library);
                    }
                }
                Val::Num(form)
            }
            Gives::New { size, zero, stack } => {
                let obj = self.names.objects.intern(Origin::Heap(site, 0), None);
                let number = self.size(state, call, size);
                if let Some(number) = &number {
                    self.check_size(state, site, number, call.api());
                }
                self.before_allocation(state, site, obj, 0);
                let mut object = fresh_object(number, if *zero { Content::Zero } else { Content::Indeterminate });
                // What ends by itself is nobody's to give back.
                object.escaped = *stack;
                object.taint = taint;
                if *zero {
                    object.text = Text::Length(Linear::default());
                }
                state.set_object(obj, object);
                Val::Ptr(Pointer::at(obj, Linear::default(), nullness))
            }
            Gives::Argument(at) => match call.vals.get(*at) {
                Some(Val::Ptr(pointer)) => {
                    let mut pointer = pointer.clone();
                    pointer.nullness = nullness;
                    Val::Ptr(pointer)
                }
                _ => self.unknown(state, site, ty),
            },
            Gives::Within(at) => match call.vals.get(*at) {
                Some(Val::Ptr(pointer)) => {
                    let mut pointer = pointer.clone();
                    let single = pointer.only().is_some();
                    let length = if single { self.text_length(state, &pointer) } else { None };
                    for target in &mut pointer.targets {
                        let start = target.offset.clone();
                        let form = self.fresh_var(state, VarOrigin::Offset(site, target.obj));
                        if let Some(before) = start.minus(&form) {
                            state.numbers.assume_because(&before, Why::Library);
                        }
                        if let Some(end) = length.as_ref().and_then(|length| start.plus(length))
                            && let Some(over) = form.minus(&end)
                        {
                            state.numbers.assume_because(&over, Why::Library);
                        } else if let Some(size) = state.object(target.obj).and_then(|o| o.size.clone())
                            && let Some(over) = form.minus(&size)
                        {
                            state.numbers.assume_because(&over, Why::Library);
                        }
                        target.offset = form;
                    }
                    // What is looked for is often known to be there.
                    pointer.nullness =
                        if call.function.may_fail { Nullness::maybe(NullWhy::Returned(site)) } else { nullness };
                    Val::Ptr(pointer)
                }
                _ => self.unknown(state, site, ty),
            },
            Gives::Handle => {
                let val = self.unknown(state, site, ty);
                if let Val::Ptr(mut pointer) = val {
                    pointer.nullness = nullness;
                    for target in &pointer.targets {
                        self.object(state, target.obj).taint = taint;
                    }
                    Val::Ptr(pointer)
                } else {
                    val
                }
            }
        })
    }

    /// `realloc`: it fails and leaves the block, or gives another one and takes the old.
    fn reallocate(&mut self, call: &Call<'_>, state: State, out: &mut Vec<State>) {
        let Some(at) = call.function.frees() else { return };
        let old = call.pointer(at).cloned();
        let mut failed = state.clone();
        failed.set(call.site, Val::Ptr(Pointer::null(NullWhy::Failed(call.site))));
        let mut worked = state;
        let kept: Vec<(Place, Val)> = old
            .as_ref()
            .and_then(Pointer::only)
            .filter(|target| target.offset == Linear::default())
            .map(|target| worked.cells_of(target.obj).cloned().collect())
            .unwrap_or_default();
        let (taint, fresh_before) = old
            .as_ref()
            .and_then(Pointer::only)
            .and_then(|target| worked.object(target.obj))
            .map_or((None, true), |object| (object.taint, object.content == Content::Indeterminate));
        if let Some(old) = &old
            && !old.is_null()
        {
            self.release(&mut worked, call.site, old, call.api(), true);
        }
        let result = self.give(&mut worked, call, taint);
        if let Some(Val::Ptr(mut pointer)) = result {
            pointer.nullness = Nullness::NEVER;
            if let Some(target) = pointer.only() {
                let obj = target.obj;
                let null = old.as_ref().is_none_or(Pointer::is_null);
                if !(null || fresh_before) {
                    self.object(&mut worked, obj).content = Content::Unknown;
                }
                for (place, val) in kept {
                    worked.set_cell(Place { obj, ..place }, val);
                }
            }
            worked.set(call.site, Val::Ptr(pointer));
        }
        out.push(worked);
        out.push(failed);
    }

    /// Does what a call does.
    fn perform(&mut self, state: &mut State, call: &Call<'_>, effect: &Effect, result: Option<&Val>) {
        let site = call.site;
        match effect {
            Effect::Writes(at, bytes) => {
                let width = self.size(state, call, bytes);
                let copied = call.function.effects.iter().find_map(|e| match e {
                    Effect::Reads(from, _) => call.pointer(*from).cloned(),
                    _ => None,
                });
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                self.written(state, &pointer, copied.as_ref(), width.as_ref());
            }
            Effect::Holds(at, bytes) => {
                let length = self.size(state, call, bytes);
                let pointer = match at {
                    Some(at) => call.pointer(*at).cloned(),
                    None => match result {
                        Some(Val::Ptr(pointer)) => Some(pointer.clone()),
                        _ => None,
                    },
                };
                // The string carries what its source does.
                if let Some(pointer) = pointer {
                    let from = call.function.effects.iter().find_map(|e| match e {
                        Effect::Text(from) => call.pointer(*from),
                        _ => None,
                    });
                    let taint =
                        from.and_then(|p| p.targets.iter().find_map(|t| state.object(t.obj).and_then(|o| o.taint)));
                    self.hold(state, &pointer, length.as_ref(), taint);
                }
            }
            Effect::HoldsAtMost(at, bytes) => {
                let most = self.size(state, call, bytes);
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                let form = self.fresh_var(state, VarOrigin::Extra(site, 61));
                if let Some(var) = form.as_var() {
                    let mut range = state.numbers.range(var);
                    (range.lo, range.lo_why) = (0, Why::Type);
                    state.numbers.set_range(var, range);
                }
                if let Some(over) = most.and_then(|most| form.minus(&most)) {
                    state.numbers.assume_because(&over, Why::Library);
                }
                let taint = call.function.effects.iter().find_map(|e| match e {
                    Effect::Taints(_, whence) => self.taint_of(state, call, *whence),
                    Effect::Text(from) => call
                        .pointer(*from)
                        .and_then(|p| p.targets.iter().find_map(|t| state.object(t.obj).and_then(|o| o.taint))),
                    _ => None,
                });
                self.hold(state, &pointer, Some(&form), taint);
            }
            Effect::Unterminated(at) => {
                let Some(target) = call.pointer(*at).and_then(Pointer::only).cloned() else { return };
                let zero = state
                    .object(target.obj)
                    .is_some_and(|object| object.content == Content::Zero || matches!(object.text, Text::Length(_)));
                let object = self.object(state, target.obj);
                if !zero && !object.escaped {
                    object.text = Text::Unterminated(target.offset);
                }
            }
            Effect::Sets(at) => {
                if let Some(val) = call.vals.get(*at) {
                    self.sets(state, val);
                }
            }
            Effect::Fills(at, byte, n) => {
                let Some(target) = call.pointer(*at).and_then(Pointer::only).cloned() else { return };
                let zero = matches!(call.vals.get(*byte), Some(Val::Num(form)) if form.as_constant() == Some(0));
                let n = self.size(state, call, &Size::Argument(*n));
                let object = self.object(state, target.obj);
                let whole = target.offset == Linear::default() && object.size.is_some() && object.size == n;
                if zero && whole {
                    object.content = Content::Zero;
                    object.text = Text::Length(Linear::default());
                } else if zero {
                    object.text = if target.offset == Linear::default() {
                        Text::Length(Linear::default())
                    } else {
                        Text::Unknown
                    };
                    // Members that are filled with zeros one by one are not told apart.
                }
            }
            Effect::Frees(at) => {
                if let Some(pointer) = call.pointer(*at).cloned() {
                    self.release(state, site, &pointer, call.api(), true);
                }
            }
            Effect::Closes(at) => {
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                if let Some(target) = pointer.only() {
                    let obj = target.obj;
                    if matches!(self.names.objects.origin(obj), Origin::Loaded(value) if matches!(self.function.op(value), Op::Call { .. }))
                    {
                        self.object(state, obj).life = Life::Freed(site);
                    }
                }
            }
            Effect::Taints(at, whence) => {
                let taint = self.taint_of(state, call, *whence);
                let Some(pointer) = call.pointer(*at).cloned() else { return };
                for target in &pointer.targets {
                    let object = self.object(state, target.obj);
                    object.taint = object.taint.or(taint);
                }
            }
            Effect::Checks(at) => {
                let Some(target) = call.pointer(*at).and_then(Pointer::only).cloned() else { return };
                if !matches!(self.names.objects.origin(target.obj), Origin::Literal(_)) {
                    self.object(state, target.obj).checked = Some(site);
                }
            }
            Effect::Keeps(at) => {
                if let Some(val) = call.vals.get(*at) {
                    self.escape(state, val);
                }
            }
            Effect::Print(to, format) | Effect::PrintBounded(to, _, format) => {
                let Some(pointer) = call.pointer(*to).cloned() else { return };
                let taint = call.vals.iter().skip(format + 1).find_map(|val| match val {
                    Val::Ptr(pointer) => pointer.targets.iter().find_map(|t| state.object(t.obj).and_then(|o| o.taint)),
                    _ => None,
                });
                let length = match effect {
                    Effect::PrintBounded(_, n, _) => {
                        let most = self.size(state, call, &Size::Argument(*n));
                        let form = self.fresh_var(state, VarOrigin::Extra(site, 61));
                        if let Some(var) = form.as_var() {
                            state.numbers.set_range(var, Range::of_type(0, (1 << 63) - 1));
                        }
                        if let Some(over) = most.and_then(|most| form.plus_constant(1).minus(&most)) {
                            state.numbers.assume_because(&over, Why::Library);
                        }
                        Some(form)
                    }
                    _ => self.printed_length(state, call, *format),
                };
                self.hold(state, &pointer, length.as_ref(), taint);
            }
            Effect::CopyBounded(to, from, n) => {
                let n = self.size(state, call, &Size::Argument(*n));
                let length = self.size(state, call, &Size::Length(*from));
                let Some(pointer) = call.pointer(*to).cloned() else { return };
                let taint = call
                    .pointer(*from)
                    .and_then(|p| p.targets.iter().find_map(|t| state.object(t.obj).and_then(|o| o.taint)));
                let before = pointer.only().and_then(|t| state.object(t.obj)).cloned();
                let fits = length
                    .as_ref()
                    .zip(n.as_ref())
                    .is_some_and(|(length, n)| state.numbers.at_most(&length.plus_constant(1), n));
                self.hold(state, &pointer, length.as_ref().filter(|_| fits), taint);
                if !fits
                    && let Some(target) = pointer.only().cloned()
                    && let (Some(before), Some(n)) = (before, n)
                {
                    let end = target.offset.plus(&n);
                    let full =
                        before.size.as_ref().zip(end).is_some_and(|(size, end)| state.numbers.at_most(size, &end));
                    let zeroed = before.content == Content::Zero && !full;
                    if zeroed {
                        let form = self.fresh_var(state, VarOrigin::Extra(site, 61));
                        if let Some(var) = form.as_var() {
                            state.numbers.set_range(var, Range::of_type(0, (1 << 63) - 1));
                        }
                        if let Some(over) = form.minus(&n) {
                            state.numbers.assume_because(&over, Why::Library);
                        }
                        self.object(state, target.obj).text = Text::Length(form);
                    } else if full {
                        self.object(state, target.obj).text = Text::Unterminated(n);
                    }
                }
            }
            Effect::Append(to, from) | Effect::AppendBounded(to, from, _) => {
                let a = self.size(state, call, &Size::Length(*to));
                let b = self.size(state, call, &Size::Length(*from));
                let Some(pointer) = call.pointer(*to).cloned() else { return };
                let taint = call
                    .pointer(*from)
                    .and_then(|p| p.targets.iter().find_map(|t| state.object(t.obj).and_then(|o| o.taint)));
                let exact = matches!(effect, Effect::Append(..));
                let length = a.zip(b).and_then(|(a, b)| a.plus(&b)).filter(|_| exact);
                self.hold(state, &pointer, length.as_ref(), taint);
            }
            Effect::Scan(format) => self.scanned(state, call, *format),
            Effect::Reads(..)
            | Effect::Text(_)
            | Effect::Unbounded(_)
            | Effect::Format(_)
            | Effect::Command(_)
            | Effect::Path(_)
            | Effect::Temporary => {}
        }
    }

    /// What an address leads to may be anything.
    fn sets(&mut self, state: &mut State, val: &Val) {
        let Val::Ptr(pointer) = val else { return };
        for target in pointer.targets.clone() {
            if target.region.is_some() {
                self.overwrite(state, &target, None, None);
                self.object(state, target.obj).text = Text::Unknown;
                continue;
            }
            self.changes(target.obj, None);
            state.forget_content(target.obj);
        }
    }

    /// Bytes were written.
    fn written(&mut self, state: &mut State, pointer: &Pointer, from: Option<&Pointer>, width: Option<&Linear>) {
        let constant = width.and_then(Linear::as_constant).and_then(|w| u64::try_from(w).ok());
        let text = from.and_then(Pointer::only).cloned().and_then(|source| {
            let object = state.object(source.obj)?;
            match &object.text {
                Text::Length(length) if source.offset == Linear::default() => Some(length.clone()),
                _ => None,
            }
        });
        if constant.is_some() || from.is_some() {
            self.copy_bytes(state, pointer, from, constant);
        } else {
            for target in pointer.targets.clone() {
                self.overwrite(state, &target, width, target.offset.as_constant());
                self.object(state, target.obj).text = Text::Unknown;
            }
        }
        // A string that was copied with its terminator is a string there.
        if let (Some(target), Some(length), Some(width)) = (pointer.only().cloned(), text, width)
            && target.offset == Linear::default()
        {
            if state.numbers.at_most(&length.plus_constant(1), width) {
                self.object(state, target.obj).text = Text::Length(length);
            } else if state.numbers.at_most(width, &length) {
                let object = self.object(state, target.obj);
                if !object.escaped && object.content != Content::Zero {
                    object.text = Text::Unterminated(width.clone());
                }
            }
        }
    }

    /// An object holds a string of that length from an address on.
    fn hold(&mut self, state: &mut State, pointer: &Pointer, length: Option<&Linear>, taint: Option<TaintId>) {
        for target in pointer.targets.clone() {
            let width = length.map(|length| length.plus_constant(1));
            self.overwrite(state, &target, width.as_ref(), target.offset.as_constant());
            let only = pointer.only().is_some();
            let object = self.object(state, target.obj);
            object.taint = object.taint.or(taint);
            object.text = match length {
                Some(length) if only && target.region.is_none() => match target.offset.plus(length) {
                    Some(end) if target.offset == Linear::default() => Text::Length(end),
                    _ => Text::Unknown,
                },
                _ => Text::Unknown,
            };
        }
    }

    /// `scanf`: the numbers and strings that it reads come from outside.
    fn scanned(&mut self, state: &mut State, call: &Call<'_>, format: usize) {
        let source = if call.api() == "sscanf" { Whence::Argument(0) } else { Whence::Outside };
        let taint = self.taint_of(state, call, source);
        let directives = self.format_of(call, format, true);
        let Some(directives) = directives else {
            for val in call.vals.iter().skip(format + 1) {
                self.sets(state, val);
            }
            return;
        };
        let mut next = format + 1;
        for directive in directives {
            let Directive::Value { letter, width, assigned, .. } = directive else { continue };
            if !assigned || letter == '%' {
                continue;
            }
            let at = next;
            next += 1;
            let Some(pointer) = call.pointer(at).cloned() else { continue };
            if matches!(letter, 's' | '[') {
                let length = width.map(|width| self.length_between(state, call, 30 + at, 0, i128::from(width)));
                self.hold(state, &pointer, length.as_ref(), taint);
                continue;
            }
            for target in pointer.targets.clone() {
                self.overwrite(state, &target, None, None);
                let element =
                    call.args.get(at).and_then(|arg| self.ty(*arg)).and_then(|ty| self.module.types.pointee(ty));
                let width = element.and_then(|ty| self.module.types.size(ty)).and_then(|w| u32::try_from(w).ok());
                if let (Some(offset), Some(width), Some(ty)) =
                    (target.offset.as_constant().and_then(|c| i64::try_from(c).ok()), width, element)
                    && matches!(self.module.types.get(ty), Type::Int { .. })
                    && pointer.only().is_some()
                {
                    let form = self.fresh_var(state, VarOrigin::Extra(call.site, 40 + at as u32));
                    if let Some(var) = form.as_var() {
                        let limits = crate::names::type_limits(self.module, Some(ty));
                        self.names.set_limits(var, limits);
                        state.numbers.set_range(var, limits);
                        self.names.set_taint(var, taint);
                    }
                    state.set_cell(Place { obj: target.obj, offset, width }, Val::Num(form));
                } else {
                    let object = self.object(state, target.obj);
                    object.taint = object.taint.or(taint);
                }
            }
        }
    }
}

/// How many characters a number of that range takes at least and at most.
fn digits(letter: char, range: Range) -> (i128, i128) {
    let base: u32 = match letter {
        'x' | 'X' => 16,
        'o' => 8,
        _ => 10,
    };
    let length = |n: i128| {
        let mut left = n.unsigned_abs();
        let mut count = 1;
        while left >= u128::from(base) {
            left /= u128::from(base);
            count += 1;
        }
        count + i128::from(n < 0)
    };
    let clamp = |n: i128| n.clamp(-(1 << 63), (1 << 64) - 1);
    let (lo, hi) = (clamp(range.lo), clamp(range.hi));
    let high = length(lo).max(length(hi));
    let low = if lo <= 0 && hi >= 0 { 1 } else { length(lo).min(length(hi)) };
    (low, high)
}
