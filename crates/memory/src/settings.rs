//! Calls that set something wrong by what they are passed, calls of functions that are not to be used, and results that nothing looks at.

use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::library::{Effect, Wrong};
use crate::library_calls::Call;
use crate::linear::Linear;
use crate::program::Entity;
use crate::report::{Defect, Finding, NoteKind, Problem, SiteKind};
use crate::state::State;
use crate::value::{Content, Origin, Pointer, Text, Val};
use assay_index::{BitSet, Idx};
use assay_ir::{BlockId, Comparison, Const, MemoryOp, Op, Terminator, Type, Value};

impl Analyzer<'_, '_> {
    /// Judges a call that is wrong under some conditions.
    pub(crate) fn demand_setting(&mut self, call: &Call<'_>, problem: Problem, tests: &[Wrong]) {
        if self.sites.is_none() {
            return;
        }
        let mut open = false;
        for test in tests {
            match self.holds(call, test) {
                Some(true) => {}
                Some(false) => {
                    let finding = Finding::Safe("it is set otherwise".to_owned());
                    self.note(call.site, SiteKind::Setting, problem, call.api(), finding);
                    return;
                }
                None => open = true,
            }
        }
        if open {
            let finding = Finding::Open("unknown-setting", "what is passed is not known".to_owned());
            self.note(call.site, SiteKind::Setting, problem, call.api(), finding);
            return;
        }
        let api = call.api();
        let (cwe, title, message): (&'static [u32], String, &str) = match problem {
            Problem::Unverified => (
                &[295, 297],
                format!("`{api}` switches the check of the certificate off"),
                "Whoever stands between the two sides can take the place of the other one.",
            ),
            Problem::OldProtocol => (
                &[327, 326],
                format!("`{api}` speaks a version of TLS that is broken"),
                "What it encrypts can be read.",
            ),
            Problem::WeakHash => (
                &[328, 327],
                format!("`{api}` is a hash that is broken"),
                "Two texts with the same hash can be made, and passwords are guessed quickly.",
            ),
            Problem::WeakCipher => {
                (&[327], format!("`{api}` is a cipher or mode that is broken"), "What it encrypts can be read.")
            }
            Problem::OpenRights => (
                &[732, 276],
                format!("`{api}` lets everybody write"),
                "Any account of the machine can change the file, and with it what reads or runs it.",
            ),
            Problem::SearchPath => (
                &[427, 426],
                format!("where `{api}` finds what it starts is for the environment to say"),
                "Who sets the environment or the current folder has another file started, with the rights of the program.",
            ),
            Problem::Jail => (
                &[243],
                format!("`{api}` changes the root folder, and the current folder stays outside of it"),
                "A path from the current folder on leads out of the new root.",
            ),
            Problem::Predictable => (
                &[338, 330],
                format!("`{api}` makes a secret that can be foretold"),
                "What the generator gives follows from a few of its outputs, or from the time at which it began.",
            ),
            _ => (
                &[798, 259],
                format!("a secret that stands in the code is given to `{api}`"),
                "Whoever has the program has the secret, and it cannot be changed without another one.",
            ),
        };
        let text = call.vals.iter().rev().find_map(|val| self.literal(val)).unwrap_or(api).to_owned();
        let defect = Defect::new(problem, cwe, title, message)
            .local(problem == Problem::SearchPath && !self.takes_rights())
            .through(vec![self.step_at(call.site, NoteKind::Sink, "set here")])
            .showing(text);
        self.note(call.site, SiteKind::Setting, problem, api, defect.finding());
    }

    /// Whether a condition holds, as far as it is known.
    fn holds(&self, call: &Call<'_>, test: &Wrong) -> Option<bool> {
        let number = |at: usize| match call.vals.get(at) {
            Some(Val::Num(form)) => form.as_constant(),
            Some(Val::Ptr(pointer)) if pointer.is_null() => Some(0),
            _ => None,
        };
        match test {
            Wrong::Is(at, value) => number(*at).map(|number| number == *value),
            Wrong::Has(at, bits) => number(*at).map(|number| number & bits == *bits),
            Wrong::Lacks(at, bits) => number(*at).map(|number| number & bits == 0),
            Wrong::Written(at) => {
                let val = call.vals.get(*at)?;
                let constant = |pointer: &Pointer| {
                    let origins = pointer.targets.iter().map(|target| self.names.objects.origin(target.obj));
                    let mut origins = origins.map(|origin| matches!(origin, Origin::Literal(..)));
                    !pointer.targets.is_empty() && origins.all(|literal| literal)
                };
                match val {
                    Val::Ptr(pointer) if !pointer.is_null() => {
                        Some(constant(pointer) && self.literal(val).is_none_or(|text| !text.is_empty()))
                    }
                    _ => Some(false),
                }
            }
            Wrong::Bare(at) => {
                let shown = self.literal(call.vals.get(*at)?)?;
                let first = shown.split_whitespace().next()?;
                Some(!first.contains('/') && first.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.+".contains(&b)))
            }
            Wrong::Inside(at) => {
                let shown = self.literal(call.vals.get(*at)?)?;
                Some(shown.contains('/') && !shown.starts_with('/'))
            }
            Wrong::Ignored => Some(self.is_unused(call.site)),
            Wrong::Without(name) => {
                let calls = self.function.insts.iter().any(|inst| match &inst.op {
                    Op::Call { func, .. } => {
                        matches!(self.called_entity(*func), Some(Entity::Library(function)) if function.name == *name)
                    }
                    _ => false,
                });
                Some(!calls)
            }
        }
    }

    /// Two texts are compared of which one stands in the code: it may be a secret.
    pub(crate) fn compares_text(&mut self, call: &Call<'_>, a: usize, b: usize) {
        if self.sites.is_none() {
            return;
        }
        let texts = [a, b].map(|at| call.vals.get(at).and_then(|val| self.literal(val)));
        let ([Some(text), None] | [None, Some(text)]) = texts else { return };
        if !(4..=64).contains(&text.len()) || text.contains(' ') {
            return;
        }
        let defect = Defect::new(
            Problem::WrittenSecret,
            &[798, 259],
            "a secret is compared with one that stands in the code",
            "Whoever has the program has the secret, and it cannot be changed without another one.",
        )
        .certain(true)
        .through(vec![self.step_at(call.site, NoteKind::Sink, "compared here")])
        .showing(text.to_owned());
        self.note(call.site, SiteKind::Setting, Problem::WrittenSecret, call.api(), defect.finding());
    }

    /// Judges whether it is looked at that a call read something which the program uses.
    pub(crate) fn check_input(&mut self, state: &State, call: &Call<'_>) {
        if self.sites.is_none() || !call.function.input {
            return;
        }
        let api = call.api();
        let finding = if self.is_unused(call.site) {
            let scans = call.function.effects.iter().any(|effect| matches!(effect, Effect::Scan(_)));
            let used = if scans {
                let from = call.function.parameters;
                call.args.iter().enumerate().skip(from).any(|(at, _)| self.is_never_set(state, call, at))
            } else {
                self.is_used_besides(call.args.first().copied(), call.site)
            };
            if !used {
                return;
            }
            let message = if scans {
                "Where the input does not fit, nothing is stored, and the program goes on with what the variables held before: nothing that it set."
            } else {
                "At the end of the input, or after an error, the program goes on with what the buffer held before."
            };
            Defect::new(Problem::Ignored, &[252], format!("whether `{api}` read anything is not looked at"), message)
                .through(vec![self.step_at(call.site, NoteKind::Sink, "the result is ignored here")])
        } else if self.is_compared_in_vain(call.site) {
            Defect::new(
                Problem::Ignored,
                &[253, 252],
                format!("what `{api}` gives is never below zero"),
                "The test does not find out that the call failed.",
            )
            .certain(true)
            .through(vec![self.step_at(call.site, NoteKind::Sink, "the result is compared with zero")])
        } else {
            self.note(
                call.site,
                SiteKind::Result,
                Problem::Ignored,
                api,
                Finding::Safe("the result is used".to_owned()),
            );
            return;
        };
        let finding = finding.showing(api.to_owned()).finding();
        self.note(call.site, SiteKind::Result, Problem::Ignored, api, finding);
    }

    /// Whether an argument leads to a variable of the function that nothing has set.
    fn is_never_set(&self, state: &State, call: &Call<'_>, at: usize) -> bool {
        let Some(target) = call.pointer(at).and_then(Pointer::only) else { return false };
        let Some(object) = state.object(target.obj) else { return false };
        matches!(self.names.objects.origin(target.obj), Origin::Local(_))
            && object.content == Content::Indeterminate
            && object.text == Text::Unknown
            && !object.escaped
            && state.cells_of(target.obj).all(|(_, val)| matches!(val, Val::Uninit))
    }

    /// Whether a variable is spoken of elsewhere than in a call.
    fn is_used_besides(&self, address: Option<Value>, call: Value) -> bool {
        let Some(root) = address.map(|address| self.root(address)) else { return false };
        if !matches!(self.function.op(root), Op::Memory(MemoryOp::Local { .. })) {
            return false;
        }
        self.function.insts.iter_enumerated().any(|(value, inst)| {
            let uses = matches!(inst.op, Op::Call { .. } | Op::Memory(MemoryOp::Load { .. } | MemoryOp::Copy { .. }));
            let mut found = false;
            if uses && value != call {
                inst.op.for_each_operand(|operand| found |= self.root(operand) == root);
            }
            found
        })
    }

    /// Whether all that is done with a result is to ask whether it is less than zero, which its type never is.
    fn is_compared_in_vain(&self, call: Value) -> bool {
        let mut vain = false;
        for inst in &self.function.insts {
            let mut reads = false;
            inst.op.for_each_operand(|operand| reads |= operand == call);
            if !reads {
                continue;
            }
            let Op::Memory(MemoryOp::Compare { op: Comparison::Less | Comparison::GreaterEq, left, right, ty }) =
                &inst.op
            else {
                return false;
            };
            let zero = matches!(self.function.op(stripped(self.function, *right)), Op::Const(Const::Int(0)));
            let unsigned = match self.module.types.get(*ty) {
                Type::Pointer(_) => true,
                Type::Int { signed, .. } => !signed,
                _ => false,
            };
            if *left != call || !zero || !unsigned {
                return false;
            }
            vain = true;
        }
        vain
    }

    /// Bytes of one object are copied onto others of it by what copies in no known order.
    pub(crate) fn check_overlap(&mut self, state: &State, call: &Call<'_>, to: usize, from: usize, width: &Linear) {
        if self.sites.is_none() {
            return;
        }
        let (Some(to), Some(from)) = (call.pointer(to), call.pointer(from)) else { return };
        let (Some(to), Some(from)) = (to.only(), from.only()) else { return };
        let several = state.object(to.obj).is_none_or(|object| object.several);
        if to.obj != from.obj || to.region.is_some() || from.region.is_some() || several {
            return;
        }
        let distance = to.offset.minus(&from.offset).and_then(|distance| distance.as_constant());
        let Some(distance) = distance.filter(|distance| *distance != 0) else { return };
        if state.numbers.interval(width).lo <= distance.abs() {
            return;
        }
        let defect = Defect::new(
            Problem::Overlap,
            &[475, 119],
            format!("`{}` copies bytes onto some of themselves", call.api()),
            "In which order it copies is not defined: some are written over before they are read. `memmove` is made for that.",
        )
        .certain(true)
        .through(vec![self.step_at(call.site, NoteKind::Sink, "copied here")])
        .showing(call.api().to_owned());
        self.note(call.site, SiteKind::Library, Problem::Overlap, call.api(), defect.finding());
    }

    /// Judges whether the function calls itself whichever way it takes. Of C++ it is not known for certain which of several functions of a name
    /// is called.
    pub(crate) fn check_recursion(&mut self) {
        let path = self.cx.program.units[self.unit].path;
        let is_c = std::path::Path::new(path).extension().is_some_and(|extension| extension == "c");
        let plain = is_c && !self.cx.program.name(self.f).contains([':', '#']);
        if self.sites.is_none() || !plain {
            return;
        }
        let mut seen: BitSet<BlockId> = BitSet::with_capacity(self.function.blocks.len());
        let mut work: Vec<BlockId> = vec![Idx::new(0)];
        let mut found = None;
        while let Some(block) = work.pop() {
            if !seen.insert(block) {
                continue;
            }
            let code = &self.function.blocks[block];
            let called = |value: &Value| match self.function.op(*value) {
                Op::Call { func, .. } => self.called_entity(*func),
                _ => None,
            };
            let itself =
                code.insts.iter().find(|value| matches!(called(value), Some(Entity::Function(f)) if f == self.f));
            if let Some(call) = itself {
                found = found.or(Some(*call));
                continue;
            }
            let leaves = code.insts.iter().any(|value| match called(value) {
                Some(Entity::Library(function)) => function.noreturn,
                Some(Entity::Function(f)) => !self.cx.program.returns[f.index()],
                _ => matches!(self.function.op(*value), Op::Unknown(_)),
            });
            let mut ends = leaves
                || code.handler.is_some()
                || matches!(code.terminator, Terminator::Return(_) | Terminator::Raise(_) | Terminator::Unreachable);
            // A loop may go on for ever without that.
            code.for_each_successor(|to| {
                ends |= self.dominators.dominates(to, block);
                work.push(to);
            });
            if ends {
                return;
            }
        }
        let Some(call) = found else { return };
        let defect = Defect::new(
            Problem::Recursion,
            &[674, 835],
            "the function calls itself whichever way it takes",
            "It never comes back: the stack is used up, and the program ends.",
        )
        .certain(true)
        .through(vec![self.step_at(call, NoteKind::Sink, "it calls itself here")]);
        self.note(call, SiteKind::Result, Problem::Recursion, "", defect.finding());
    }

    /// What a call calls by name.
    fn called_entity(&self, func: Value) -> Option<Entity> {
        match self.function.op(stripped(self.function, func)) {
            Op::Memory(MemoryOp::Address(object)) => Some(self.cx.program.entity(self.unit, *object)),
            _ => None,
        }
    }

    /// Whether the function takes the rights of the superuser.
    fn takes_rights(&self) -> bool {
        let zero = |value: Value| matches!(self.function.op(stripped(self.function, value)), Op::Const(Const::Int(0)));
        self.function.insts.iter().any(|inst| match &inst.op {
            Op::Call { func, args } => {
                let changes = |name: &str| ["setuid", "seteuid", "setreuid", "setresuid"].contains(&name);
                let named = matches!(self.called_entity(*func), Some(Entity::Library(f)) if changes(&f.name));
                named && args.last().is_some_and(|arg| zero(arg.value))
            }
            _ => false,
        })
    }
}
