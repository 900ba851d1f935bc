//! What a call of a library function takes for granted.

use crate::access::{Access, Exceeds};
use crate::analyzer::Analyzer;
use crate::library::{Effect, Size, Use};
use crate::library_calls::Call;
use crate::linear::Linear;
use crate::numbers::Why;
use crate::report::{Defect, Finding, NoteKind, Problem, SiteKind};
use crate::state::State;
use crate::summary::What;
use crate::value::{Content, Obj, Origin, Pointer, SourceKind, TaintId, Target, Text, Val};
use assay_ir::Value;

/// Flags by which `open` changes a file or makes one, as the headers that stand for those of the system have them: `O_WRONLY`, `O_RDWR`,
/// `O_CREAT` and `O_TRUNC`.
const OPENS_TO_CHANGE: i128 = 0o1103;

/// Programs that run what follows `-c`.
const SHELLS: [&str; 9] = ["sh", "bash", "dash", "ash", "ksh", "zsh", "csh", "tcsh", "fish"];

impl Analyzer<'_, '_> {
    /// Judges what a call takes for granted.
    pub(crate) fn demand(&mut self, state: &mut State, call: &Call<'_>, effect: &Effect) {
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
                self.unbounded(call, title, &[242, 120, 787], true, SourceKind::Remote);
            }
            Effect::Format(at) => {
                self.demand_program_text(state, call, *at, Problem::Format);
                self.demand_printed(state, call, *at);
            }
            Effect::Query(at) => self.demand_program_text(state, call, *at, Problem::Query),
            Effect::Command(at) => self.demand_program_text(state, call, *at, Problem::Command),
            Effect::Arguments(at, listed) => self.demand_arguments(state, call, *at, *listed),
            Effect::Path(at, to) => {
                self.demand_program_text(state, call, *at, Problem::FileName);
                self.race(state, call, *at, *to);
            }
            Effect::Wrong(problem, tests) => self.demand_setting(call, *problem, tests),
            Effect::Equal(a, b) => self.compares_text(call, *a, *b),
            Effect::Apart(to, from, n) => {
                if let Some(width) = self.size(state, call, n) {
                    self.check_overlap(state, call, *to, *from, &width);
                }
            }
            Effect::Temporary => {
                let finding = Defect::new(Problem::TemporaryFile, &[377], format!("`{}` gives a name that somebody else can take first", call.api()), "Between the choice of the name and the opening of the file, another user can put a file or link there.").certain(true).local(true).through(vec![self.step_at(call.site, NoteKind::Sink, "the name is chosen here")]).showing(call.api().to_owned()).finding();
                self.note(call.site, SiteKind::Text, Problem::TemporaryFile, call.api(), finding);
            }
            Effect::Print(to, format) => {
                let length = self.printed_length(state, call, *format);
                let width = length.map(|length| length.plus_constant(1));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::PrintBounded(to, n, _) => {
                let width = self.size(state, call, n);
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::CopyBounded(to, from, n) => {
                self.demand_pointer(state, call, *from);
                let width = self.size(state, call, n);
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::Append(to, from, end) => {
                let (a, b) = (self.size(state, call, &Size::Length(*to)), self.size(state, call, &Size::Length(*from)));
                let end = self.size(state, call, end);
                let width = a.zip(b).and_then(|(a, b)| a.plus(&b)).zip(end).and_then(|(sum, end)| sum.plus(&end));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::AppendBounded(to, from, n, end) => {
                self.demand_pointer(state, call, *from);
                let a = self.size(state, call, &Size::Length(*to));
                let (b, end) = (self.size(state, call, n), self.size(state, call, end));
                let from = self.size(state, call, &Size::Length(*from));
                let b = match (from, b) {
                    (Some(from), Some(n)) if state.numbers.at_most(&from, &n) => Some(from),
                    (_, n) => n,
                };
                let width = a.zip(b).and_then(|(a, b)| a.plus(&b)).zip(end).and_then(|(sum, end)| sum.plus(&end));
                self.demand_bytes(state, call, *to, width.as_ref(), true);
            }
            Effect::Scan(format) => self.demand_scan(state, call, *format),
            Effect::Amount(at) => {
                if let Some(Val::Num(number)) = call.vals.get(*at) {
                    self.check_size(state, call.site, number, call.api(), false);
                    self.check_amount(state, call.site, number, call.api());
                }
            }
            Effect::Waits(at) => {
                if let Some(Val::Num(number)) = call.vals.get(*at) {
                    self.check_amount(state, call.site, number, call.api());
                }
            }
            Effect::Fills(at, ..) | Effect::Uses(at) | Effect::Closes(at, false) => {
                self.demand_pointer(state, call, *at);
            }
            Effect::Closes(at, true) => {
                if let Some(pointer) = call.pointer(*at).cloned() {
                    self.check_alive(state, call.site, &pointer, call.api());
                }
            }
            Effect::Frees(_)
            | Effect::Parse(..)
            | Effect::Buffer(..)
            | Effect::View(..)
            | Effect::Stores(_)
            | Effect::Finds(..)
            | Effect::Holds(..)
            | Effect::HoldsAtMost(..)
            | Effect::Unterminated(_)
            | Effect::Sets(_)
            | Effect::Magnitude(_)
            | Effect::Taints(..)
            | Effect::Checks(..)
            | Effect::Pushes(..)
            | Effect::Keeps(_) => {}
        }
    }

    /// An argument must be the address of something that is there.
    pub(crate) fn demand_pointer(&mut self, state: &mut State, call: &Call<'_>, at: usize) {
        let (Some(pointer), Some(arg)) = (call.pointer(at).cloned(), call.args.get(at).copied()) else { return };
        self.check_null(state, call.site, arg, &pointer, call.api());
        if !pointer.is_null() {
            self.not_null(state, arg, &pointer);
            self.check_alive(state, call.site, &pointer, call.api());
        }
    }

    /// So many bytes at an argument are read or written.
    pub(crate) fn demand_bytes(
        &mut self,
        state: &mut State,
        call: &Call<'_>,
        at: usize,
        width: Option<&Linear>,
        write: bool,
    ) {
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
        let mut number = width.clone();
        // A negative number that became a size.
        let negative = width.as_var().and_then(|var| self.names.modular(var).cloned());
        let negative = negative.or_else(|| (state.numbers.bounds(width).lo < 0).then(|| width.clone()));
        if let Some(modular) = negative
            && modular.terms.iter().all(|(v, _)| state.numbers.uses(*v))
            && state.numbers.bounds(&modular).lo < 0
        {
            let range = state.numbers.interval(&modular);
            let controlled = self.exceeds(state, &modular.times(-1).unwrap_or_default());
            // That a function which is called tells cases apart says nothing of which there are.
            let certain = range.hi < 0 && range.hi_why <= Why::Test;
            let may = match controlled {
                Exceeds::Admitted(_) => true,
                // How numbers are related of which one is taken from the other is mostly not known here.
                Exceeds::Controlled(_) => modular.terms.len() == 1 && !self.names.tested(&modular),
                Exceeds::Always(_) | Exceeds::Never | Exceeds::Unknown => false,
            };
            if certain || may {
                let mut steps = Vec::new();
                if let Exceeds::Controlled(taint) = controlled {
                    let taint = self.names.taints.get(taint);
                    if let Some(at) = taint.at {
                        steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
                    }
                }
                steps.push(self.step_at(call.site, NoteKind::Sink, "used as a size here"));
                let finding = Defect::new(
                    Problem::Sign,
                    &[195, 194, 787],
                    format!("a number that may be negative is the size given to `{}`", call.api()),
                    "As a size, a negative number is larger than any object.",
                )
                .certain(certain)
                .through(steps)
                .finding();
                self.note(call.site, SiteKind::Library, Problem::Sign, call.api(), finding);
                return;
            }
            if let Some(under) = modular.times(-1) {
                let title = format!("a negative number that is passed becomes the size given to `{}`", call.api());
                self.leave_number(
                    state,
                    call.site,
                    &under,
                    Problem::Sign,
                    &[195, 194, 787],
                    title,
                    "used as a size here",
                );
            }
            // What is larger than any object is never survived: whoever comes back had a number that is not negative.
            if state.numbers.assume_because(&modular.times(-1).unwrap_or_default(), Why::Library) {
                number = modular;
            }
        }
        let access = Access { site: call.site, width: &number, write, api: call.api() };
        self.check_bounds(state, &pointer, &access, true);
    }

    /// An argument must be a terminated string.
    pub(crate) fn demand_text(&mut self, state: &mut State, call: &Call<'_>, at: usize) {
        self.demand_pointer(state, call, at);
        if self.sites.is_none() {
            return;
        }
        let Some(pointer) = call.pointer(at) else { return };
        let Some(target) = pointer.only().cloned() else { return };
        let Some(object) = state.object(target.obj).cloned() else { return };
        let finding = match &object.text {
            Text::Length(_) => Finding::Safe("it is terminated".to_owned()),
            text if !object.escaped && !object.several && is_open_ended(state, target.obj, text) => Defect::new(
                Problem::Unterminated,
                &[170, 126, 125],
                format!("`{}` reads bytes as a string that nothing terminates", call.api()),
                "The bytes were written without a terminator, and none was written behind them.",
            )
            .through(vec![self.step_at(call.site, NoteKind::Sink, "read as a string here")])
            .finding(),
            _ if object.content == Content::Indeterminate && state.cells_of(target.obj).next().is_none() => {
                self.uninitialized(call.args[at], call.site);
                return;
            }
            _ => Finding::Open("unknown-terminator", "nothing shows that it is terminated".to_owned()),
        };
        self.note(call.site, SiteKind::Library, Problem::Unterminated, call.api(), finding);
    }

    /// A copy without any bound.
    pub(crate) fn unbounded(
        &mut self,
        call: &Call<'_>,
        title: String,
        cwe: &'static [u32],
        certain: bool,
        kind: SourceKind,
    ) {
        let finding = Defect::new(
            Problem::UnboundedCopy,
            cwe,
            title,
            "Whoever sends the data decides how much is written, and the buffer has an end.",
        )
        .certain(certain)
        .confidence(2)
        .local(kind == SourceKind::Local)
        .through(vec![self.step_at(call.site, NoteKind::Sink, "written here")])
        .showing(call.api().to_owned())
        .finding();
        self.note(call.site, SiteKind::Library, Problem::UnboundedCopy, call.api(), finding);
    }

    /// An argument is a format, command or file name.
    pub(crate) fn demand_program_text(&mut self, state: &mut State, call: &Call<'_>, at: usize, problem: Problem) {
        if self.sites.is_none() {
            return;
        }
        let (Some(val), Some(arg)) = (call.vals.get(at).cloned(), call.args.get(at).copied()) else { return };
        let known = match &val {
            Val::Ptr(pointer) => {
                let slot = self.cx.program.slot(self.unit, self.function, arg);
                pointer.targets.iter().find_map(|target| self.content_taint(state, target.obj, slot.as_ref()))
            }
            _ => None,
        };
        let finding = self.judge_text(state, call.site, &val, known, problem, call.api());
        self.note(call.site, SiteKind::Text, problem, call.api(), finding);
    }

    /// The arguments of a program that is started: a shell runs what follows `-c`.
    fn demand_arguments(&mut self, state: &mut State, call: &Call<'_>, at: usize, listed: bool) {
        if self.sites.is_none() {
            return;
        }
        let arguments: Vec<Val> = if listed {
            let Some(target) = call.pointer(at).and_then(Pointer::only) else { return };
            let from = target.offset.as_constant().unwrap_or(0);
            let behind = state.cells_of(target.obj).filter(|(place, _)| i128::from(place.offset) >= from);
            behind.map(|(_, val)| val.clone()).collect()
        } else {
            call.vals.get(at..).unwrap_or_default().to_vec()
        };
        let program = call.vals.first().into_iter().chain(arguments.first());
        let shell = program.filter_map(|val| self.literal(val)).any(|text| {
            let name = text.rsplit('/').next().unwrap_or(text);
            SHELLS.contains(&name)
        });
        let given = arguments.iter().position(|val| self.literal(val) == Some("-c"));
        let Some(given) = given.filter(|_| shell) else { return };
        for val in &arguments[given + 1..] {
            if matches!(val, Val::Ptr(pointer) if !pointer.is_null()) {
                let finding = self.judge_text(state, call.site, val, None, Problem::Command, call.api());
                self.note(call.site, SiteKind::Text, Problem::Command, call.api(), finding);
            }
        }
    }

    /// The text of a literal.
    pub(crate) fn literal(&self, val: &Val) -> Option<&str> {
        let Val::Ptr(pointer) = val else { return None };
        let target = pointer.only().filter(|target| target.offset == Linear::default())?;
        match self.names.objects.origin(target.obj) {
            Origin::Literal(symbol, 1) => Some(self.module.strings.resolve(symbol)),
            _ => None,
        }
    }

    /// Judges a text that should be the program's own.
    pub(crate) fn judge_text(
        &mut self,
        state: &mut State,
        site: Value,
        val: &Val,
        known: Option<TaintId>,
        problem: Problem,
        api: &str,
    ) -> Finding {
        let Val::Ptr(pointer) = val else {
            return Finding::Open("unknown-text", "where the text comes from is not known".to_owned());
        };
        let literal =
            |target: &Target, this: &Self| matches!(this.names.objects.origin(target.obj), Origin::Literal(..));
        if !pointer.targets.is_empty()
            && !pointer.elsewhere
            && pointer.targets.iter().all(|target| literal(target, self))
        {
            return Finding::Safe("it is constant".to_owned());
        }
        let taint = state.taint_behind(pointer);
        if let Some(taint) = taint.or(known) {
            let taint = self.names.taints.get(taint).clone();
            if problem == Problem::FileName && taint.no_slash {
                return Finding::Safe("it was looked at for `/`, and has none".to_owned());
            }
            let mut steps = Vec::new();
            if let Some(at) = taint.at {
                steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
            }
            let (cwe, what, why): (&'static [u32], _, _) = match problem {
                Problem::Format => (&[134], "a format", "Directives in it read and write memory of the program."),
                Problem::Command => (&[78, 77], "a command", "The shell runs what is written in it."),
                Problem::Query => (&[89], "a query", "The database runs what is written in it."),
                _ => (&[22, 73], "the name of a file", "It may name any file that the program can reach."),
            };
            steps.push(self.step_at(site, NoteKind::Sink, format!("it is {what} here")));
            return Defect::new(problem, cwe, format!("{} becomes {what} of `{api}`", taint.what), why.to_owned())
                .local(taint.kind != SourceKind::Remote)
                .through(steps)
                .showing(api.to_owned())
                .finding();
        }
        if let Some(path) = pointer.only().and_then(|target| self.names.path(target.obj)) {
            let what = match problem {
                Problem::Format => What::Format(path),
                Problem::Command => What::Command(path),
                Problem::Query => What::Query(path),
                _ => What::FileName(path),
            };
            self.need(state, what, site, "used here");
            return Finding::Callers("the caller's text must be the program's own".to_owned());
        }
        Finding::Open("unknown-text", "where the text comes from is not known".to_owned())
    }

    /// Whether a file is opened to be read alone, by the flags or the mode that are passed.
    fn only_reads(&self, call: &Call<'_>, how: usize) -> bool {
        match call.vals.get(how) {
            Some(Val::Num(flags)) => flags.as_constant().is_some_and(|flags| flags & OPENS_TO_CHANGE == 0),
            Some(Val::Ptr(mode)) => {
                let mode = mode.only().filter(|target| target.offset == Linear::default());
                match mode.map(|target| self.names.objects.origin(target.obj)) {
                    Some(Origin::Literal(text, 1)) => {
                        let text = self.module.strings.resolve(text);
                        text.starts_with('r') && !text.contains('+')
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// A file is used by a name that was looked at before.
    fn race(&mut self, state: &mut State, call: &Call<'_>, at: usize, to: Use) {
        if self.sites.is_none() || to == Use::Makes {
            return;
        }
        let Some(target) = call.pointer(at).and_then(Pointer::only) else { return };
        let Some((checked, follows)) = state.object(target.obj).and_then(|object| object.checked) else { return };
        // Who can put another file there to be read could have put it there before it was looked at. Links are another matter
        // where they are looked for, and so are the rights of the user.
        if follows && matches!(to, Use::By(how) if self.only_reads(call, how)) {
            return;
        }
        let name = self.callee_name(checked);
        let finding = Defect::new(
            Problem::Race,
            &[367],
            format!("the file that `{name}` looked at may be another one when `{}` uses it", call.api()),
            "Between the two calls, somebody who can write in the folder can put another file or a link in its place.",
        )
        .assuming(vec!["somebody else can write in the folder".to_owned()])
        .local(true)
        .through(vec![
            self.step_at(checked, NoteKind::Fact, "looked at here, by name"),
            self.step_at(call.site, NoteKind::Sink, "used here, by name"),
        ])
        .showing(call.api().to_owned())
        .finding();
        self.note(call.site, SiteKind::Text, Problem::Race, call.api(), finding);
    }
}

/// Whether what a string is read from was filled without a terminator.
fn is_open_ended(state: &State, obj: Obj, text: &Text) -> bool {
    let Some(object) = state.object(obj) else { return false };
    match text {
        Text::Unterminated(_) => true,
        Text::Filled(end) => {
            let whole = object.size.as_ref().is_some_and(|size| state.numbers.at_most(size, end));
            let unset = object.content == Content::Indeterminate
                && state.cells_of(obj).all(|(place, _)| {
                    let last = i128::from(place.offset) + i128::from(place.width);
                    state.numbers.at_most(&Linear::constant(last), end)
                });
            whole || unset
        }
        Text::Unknown | Text::Length(_) => false,
    }
}
