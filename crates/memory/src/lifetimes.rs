//! Whether what a pointer points to is there: null, given back, out of scope, lost.

use crate::analyzer::Analyzer;
use crate::report::{Defect, Finding, Note, NoteKind, Problem, SiteKind};
use crate::state::State;
use crate::summary::What;
use crate::value::{Life, NullWhy, Origin, Pointer};
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
            Life::Alive => return,
        };
        let mut steps = Vec::new();
        if let Some((at, text)) = first {
            steps.push(self.step_at(at, NoteKind::Fact, text));
        }
        steps.push(self.step_at(site, NoteKind::Sink, "used here"));
        let defect = Defect::new(Problem::UseAfterFree, cwe, title, message.to_owned()).certain(true).through(steps);
        self.note(site, kind, Problem::UseAfterFree, api, defect.finding());
    }

    /// Gives an object back.
    pub(crate) fn release(&mut self, state: &mut State, site: Value, pointer: &Pointer, api: &str, certain: bool) {
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
        let inside =
            target.offset.as_constant().is_some_and(|offset| offset != 0) && matches!(origin, Origin::Heap(..));
        if certain && (own || inside) {
            let what = self.names.object_name(target.obj);
            let title = if own {
                format!("{what} is given back, but was never allocated")
            } else {
                "an address inside of an allocated block is given back".to_owned()
            };
            let defect = Defect::new(
                Problem::InvalidFree,
                if own { &[590, 763] } else { &[761, 763] },
                title,
                "Only what the allocator gave may be given back to it, at the very address that it gave.",
            )
            .certain(true)
            .through(vec![self.step_at(site, NoteKind::Sink, "given back here")]);
            self.note(site, SiteKind::Release, Problem::InvalidFree, api, defect.finding());
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
        let at = target.offset.as_constant().and_then(|offset| i64::try_from(offset).ok());
        let known = self.given_back.entry(target.obj).or_insert(at);
        if *known != at {
            *known = None;
        }
        let life = match (certain, pointer.nullness.null) {
            (true, _) => Life::Freed(site),
            (false, _) => Life::MaybeFreed(site),
        };
        let object = self.object(state, target.obj);
        object.life = life;
    }

    /// An allocation is run: what it gave before, in an earlier turn of a loop, is lost or another object.
    pub(crate) fn before_allocation(&mut self, state: &mut State, site: Value, obj: crate::value::Obj, number: u8) {
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
