//! Whether what a pointer points to is there: null, given back, out of scope, lost.

use crate::allocators::Family;
use crate::analyzer::Analyzer;
use crate::names::{Path, Root};
use crate::numbers::Why;
use crate::report::{Defect, Finding, Note, NoteKind, Problem, SiteKind};
use crate::state::State;
use crate::summary::{GivenBack, What};
use crate::value::{Life, NullWhy, Obj, Origin, Pointer};
use assay_ir::Value;

impl Analyzer<'_, '_> {
    /// Judges whether an address that is used may be null.
    pub(crate) fn check_null(&mut self, state: &State, site: Value, address: Value, pointer: &Pointer, api: &str) {
        if self.sites.is_none() {
            return;
        }
        let kind = if api.is_empty() { SiteKind::Dereference } else { SiteKind::Library };
        let finding = if let (true, NullWhy::Returned(_) | NullWhy::Unknown) = (pointer.is_null(), pointer.nullness.why)
        {
            Finding::Open("maybe-null", "it is null on some path that may not lead here".to_owned())
        } else if pointer.is_null() && !self.leads_here(pointer.nullness.why, address) {
            if matches!(pointer.nullness.why, NullWhy::Constant(_)) {
                let defect = self.null_defect(site, pointer.nullness.why, true);
                let span = self.span(site);
                self.null_always.entry(span).or_insert_with(|| Some((kind, api.to_owned(), defect)));
            }
            Finding::Open("maybe-null", "it is null on some path that may not lead here".to_owned())
        } else if pointer.is_null() {
            let certain = !matches!(pointer.nullness.why, NullWhy::Failed(_) | NullWhy::Absent(_));
            self.null_defect(site, pointer.nullness.why, certain).finding()
        } else if !pointer.nullness.null {
            Finding::Safe("it is not null here".to_owned())
        } else {
            match pointer.nullness.why {
                NullWhy::Failed(_) | NullWhy::Absent(_) => {
                    self.null_defect(site, pointer.nullness.why, false).finding()
                }
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
        let span = self.span(site);
        if !pointer.is_null() {
            // It is not null whichever way is taken.
            self.null_always.insert(span, None);
        }
        // A call may be given several.
        let argument = self.arguments(site).iter().position(|arg| *arg == address);
        let argument = argument.map(|at| Path { root: Root::Param(at as u32), steps: Vec::new() });
        self.means(span, argument.as_ref(), Some(pointer));
        self.note(site, kind, Problem::Null, api, finding);
    }

    fn null_defect(&mut self, site: Value, why: NullWhy, certain: bool) -> Defect {
        let mut steps = Vec::new();
        let (title, message, cwe): (String, String, &'static [u32]) = match why {
            NullWhy::Absent(call) => {
                let name = self.callee_name(call);
                steps.push(self.step_at(call, NoteKind::Fact, format!("`{name}` gives null when it finds nothing")));
                (
                    format!("the result of `{name}` is used without a check"),
                    format!(
                        "`{name}` looks for something in bytes that somebody else sends, who can leave it out; then it gives a null pointer."
                    ),
                    &[476, 690, 252],
                )
            }
            NullWhy::Failed(call) => {
                let name = self.callee_name(call);
                steps.push(self.step_at(call, NoteKind::Fact, format!("`{name}` gives null when it fails")));
                (
                    format!("the result of `{name}` is used without a check"),
                    format!(
                        "`{name}` gives a null pointer when it fails, and nothing checks that before the pointer is used."
                    ),
                    &[476, 690, 252],
                )
            }
            NullWhy::Tested(test) => {
                steps.push(self.step_at(test, NoteKind::Fact, "here the program finds it null"));
                (
                    "a pointer is used on the path on which it is null".to_owned(),
                    "The program itself tests the pointer, and on the path on which it is null it is dereferenced all the same."
                        .to_owned(),
                    &[476],
                )
            }
            NullWhy::Constant(span) => {
                steps.push(Note { function: self.f, span, text: "set to null here".to_owned(), kind: NoteKind::Fact });
                (
                    "a null pointer is dereferenced".to_owned(),
                    "On this path the pointer was set to null, and nothing sets it before it is dereferenced."
                        .to_owned(),
                    &[476],
                )
            }
            NullWhy::Unknown | NullWhy::Returned(_) => (
                "a null pointer is dereferenced".to_owned(),
                "On this path the pointer is null when it is dereferenced.".to_owned(),
                &[476],
            ),
        };
        steps.push(self.step_at(site, NoteKind::Sink, "dereferenced here"));
        Defect::new(Problem::Null, cwe, title, message)
            .certain(certain)
            .shared(self.unchecked(why))
            .made_by(why.constant())
            .through(steps)
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
        let (cwe, title, message, first): (&'static [u32], _, _, _) = match object.life {
            Life::Freed(at) => (
                &[416],
                "memory is used after it was freed".to_owned(),
                "The memory was given back before; what is there now belongs to somebody else.",
                Some((at, "given back here")),
            ),
            Life::Ended => (
                &[416, 562],
                "a variable is used after its scope ended".to_owned(),
                "The address outlives the variable that it points to.",
                None,
            ),
            Life::MaybeFreed(_) => {
                let finding = Finding::Open("maybe-freed", "it is given back on some path".to_owned());
                self.note(site, kind, Problem::UseAfterFree, api, finding);
                return;
            }
            Life::Alive => {
                if let Origin::Param(index) = self.names.objects.origin(target.obj)
                    && !self.summary.used.contains(&index)
                {
                    self.summary.used.push(index);
                }
                return;
            }
        };
        let mut steps = Vec::new();
        if let Some((at, text)) = first {
            steps.push(self.step_at(at, NoteKind::Fact, text));
        }
        steps.push(self.step_at(site, NoteKind::Sink, "used here"));
        let defect = Defect::new(Problem::UseAfterFree, cwe, title, message.to_owned()).certain(true).through(steps);
        self.note(site, kind, Problem::UseAfterFree, api, defect.finding());
    }

    /// Gives an object back. `family`: by what, where that is known.
    pub(crate) fn release(
        &mut self,
        state: &mut State,
        site: Value,
        pointer: &Pointer,
        api: &str,
        certain: bool,
        family: Option<Family>,
    ) {
        if pointer.is_null() {
            self.note(site, SiteKind::Release, Problem::DoubleFree, api, Finding::Safe("it is null".to_owned()));
            return;
        }
        let Some(target) = pointer.only().cloned() else {
            for target in &pointer.targets {
                let object = self.object(state, target.obj);
                if object.life == Life::Alive {
                    object.life = Life::MaybeFreed(site);
                }
            }
            let finding = Finding::Open("several-objects", "which object it points to is not known".to_owned());
            self.note(site, SiteKind::Release, Problem::DoubleFree, api, finding);
            return;
        };
        let origin = self.names.objects.origin(target.obj);
        let object = self.object(state, target.obj).clone();
        let own = self.names.objects.is_own(target.obj);
        let block = matches!(origin, Origin::Heap(..)) && target.region.is_none();
        let inside = block && target.offset.as_constant().is_some_and(|offset| offset != 0);
        // An address that a loop moves on.
        let moved = block
            && !target.offset.terms.is_empty()
            && state.numbers.lower(&target.offset) == 0
            && state.numbers.upper(&target.offset) > 0
            && state.numbers.interval(&target.offset).lo_why <= Why::Test;
        if certain && (own || inside || moved) {
            let what = self.names.object_name(target.obj);
            let title = if own {
                format!("{what} is given back, but was never allocated")
            } else if inside {
                "an address inside of an allocated block is given back".to_owned()
            } else {
                "an address that a loop moves through an allocated block is given back".to_owned()
            };
            let defect = Defect::new(
                Problem::InvalidFree,
                if own { &[590, 763] } else { &[761, 763] },
                title,
                "Only what the allocator gave may be given back to it, at the very address that it gave.",
            )
            .certain(!moved)
            .through(vec![self.step_at(site, NoteKind::Sink, "given back here")]);
            self.note(site, SiteKind::Release, Problem::InvalidFree, api, defect.finding());
            // It is not lost besides.
            if !own {
                self.object(state, target.obj).life = Life::Freed(site);
            }
            return;
        }
        let finding = match object.life {
            _ if object.several => Finding::Open("several-objects", "it stands for several blocks".to_owned()),
            Life::Freed(at) if certain && at != site => {
                let steps = vec![
                    self.step_at(at, NoteKind::Fact, "given back here"),
                    self.step_at(site, NoteKind::Sink, "and once more here"),
                ];
                Defect::new(
                    Problem::DoubleFree,
                    &[415],
                    "memory is given back twice",
                    "The second call corrupts the allocator's own data.",
                )
                .certain(true)
                .through(steps)
                .finding()
            }
            Life::Freed(_) | Life::MaybeFreed(_) => {
                Finding::Open("maybe-freed", "it is given back on some path".to_owned())
            }
            Life::Ended => Finding::Open("maybe-freed", "its scope has ended".to_owned()),
            Life::Alive if matches!(origin, Origin::Heap(..)) => {
                Finding::Safe("it was allocated, and is given back for the first time".to_owned())
            }
            Life::Alive => Finding::Open("unknown-object", "where it was allocated is not known".to_owned()),
        };
        self.note(site, SiteKind::Release, Problem::DoubleFree, api, finding);
        if own || object.several {
            return;
        }
        if object.life == Life::Alive && certain {
            self.check_family(site, target.obj, family, api);
        }
        let at = target.offset.as_constant().and_then(|offset| i64::try_from(offset).ok());
        let given = GivenBack { at, family };
        let known = self.given_back.entry(target.obj).or_insert(given);
        *known = known.agreed(given);
        let life = match (certain, pointer.nullness.null) {
            (true, _) => Life::Freed(site),
            (false, _) => Life::MaybeFreed(site),
        };
        let object = self.object(state, target.obj);
        object.life = life;
    }

    /// Judges by what a block is given back.
    fn check_family(&mut self, site: Value, obj: Obj, family: Option<Family>, api: &str) {
        let (Some(made), Some(taken)) = (self.family(obj), family) else { return };
        if made == taken {
            return;
        }
        let mut steps = Vec::new();
        if let Origin::Heap(at, _) = self.names.objects.origin(obj) {
            steps.push(self.step_at(at, NoteKind::Fact, format!("made by `{}` here", made.maker())));
        }
        steps.push(self.step_at(site, NoteKind::Sink, format!("given back by `{}` here", taken.taker())));
        let title = format!("what `{}` made is given back by `{}`", made.maker(), taken.taker());
        let (problem, cwe, message): (_, &'static [u32], _) = if made == Family::Stack {
            (Problem::InvalidFree, &[590, 763], "The block lies on the stack; no allocator knows it.")
        } else {
            let message = "Each of them keeps its own account of blocks, and only one of them runs destructors; the result is not defined.";
            (Problem::Mismatch, &[762], message)
        };
        // What a function of the program gives back in the wrong way, it does so for all that call it.
        let alike =
            self.own_callee(site).map(|f| format!("{} given back by {}", made.maker(), self.cx.program.name(f)));
        let defect = Defect::new(problem, cwe, title, message).certain(true).shared(alike).through(steps);
        self.note(site, SiteKind::Release, problem, api, defect.showing(made.taker()).finding());
    }

    /// An allocation is run: what it gave before, in an earlier turn of a loop, is lost or another object.
    pub(crate) fn before_allocation(&mut self, state: &mut State, site: Value, obj: Obj, number: u8) {
        let Some(old) = state.object(obj).cloned() else { return };
        state.env.retain(|(value, _)| *value != site);
        if state.refers_to(obj) {
            self.set_apart(state, obj, site, number);
        } else if old.life == Life::Alive && !old.escaped && !old.several {
            self.lost(site, site);
        }
        state.forget_content(obj);
    }
}
