//! Signals: who sends one calls all functions that are connected with it.
//!
//! A signal is known by the place that makes it, or by its name where a library keeps signals by their names.

use crate::object::Object;
use crate::resolution::Target;
use crate::solver::Solver;
use crate::{ClsId, FuncId};
use assay_index::Symbol;
use assay_ir::{Const, Op, Value};
use assay_models::SignalRole;

/// Steps from a value to what makes it.
const MAX_STEPS: u32 = 6;

/// A signal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Signal {
    /// What this call makes.
    Made(FuncId, Value),
    /// The one of this name.
    Named(Symbol),
}

impl Solver<'_> {
    /// Notes what a call has to do with a signal.
    pub(crate) fn match_signal(&mut self, f: FuncId, call: Value, role: &SignalRole) {
        if self.program.module_of(f).test {
            return;
        }
        let Op::Call { func, args } = self.program.function(f).op(call) else { return };
        let (func, first) = (*func, args.first().map(|arg| arg.value));
        let given = if role.signal.receiver {
            match self.program.function(f).op(func) {
                Op::Attr(base, _) => vec![*base],
                _ => return,
            }
        } else {
            crate::flows::matching_arguments(&role.signal, args, &self.program.strings)
        };
        let mut signals = Vec::new();
        for value in given {
            match self.program.function(f).op(value) {
                Op::Collection(_, several) => {
                    signals.extend(several.iter().filter_map(|one| self.signal(f, one.value, 0)));
                }
                _ => signals.extend(self.signal(f, value, 0)),
            }
        }
        if role.sends {
            for signal in signals {
                if !self.sent.contains(&(signal, f, call)) {
                    self.sent.push((signal, f, call));
                }
            }
            return;
        }
        let mut handed: Vec<Value> = first.into_iter().collect();
        let users: Vec<Value> = self.users(self.node(f, call)).collect();
        handed.extend(users.into_iter().filter_map(|user| match self.program.function(f).op(user) {
            Op::Call { func, args } if *func == call => args.first().map(|arg| arg.value),
            _ => None,
        }));
        for value in handed {
            for object in self.objects_of(self.node(f, value)) {
                let (g, taken) = match object {
                    Object::Function(g) => (g, 0),
                    Object::Bound(g) => (g, 1),
                    _ => continue,
                };
                for &signal in &signals {
                    if !self.connected.contains(&(signal, g, taken)) {
                        self.connected.push((signal, g, taken));
                    }
                }
            }
        }
    }

    /// Lets calls that send signals reach what is connected with them. Whether anything was new.
    pub(crate) fn send_signals(&mut self) -> bool {
        let mut changed = false;
        for (signal, f, call) in self.sent.clone() {
            for (_, g, taken) in self.connected.clone().into_iter().filter(|(other, ..)| *other == signal) {
                if self.add_render_call(f, call, Target::function(g, u32::from(taken))) {
                    self.bind_arguments(f, call, g, taken);
                    changed = true;
                }
            }
        }
        changed
    }

    /// The signal that a value is.
    fn signal(&self, f: FuncId, value: Value, depth: u32) -> Option<Signal> {
        if depth > MAX_STEPS {
            return None;
        }
        let function = self.program.function(f);
        let (g, next) = match function.op(value) {
            Op::Call { func, args } => {
                let kept = matches!(function.op(*func), Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. }
                    if self.program.strings.resolve(*name) == "signal");
                return Some(match args.first().map(|arg| function.op(arg.value)) {
                    Some(Op::Const(Const::Str(name))) if kept => Signal::Named(*name),
                    _ => Signal::Made(f, value),
                });
            }
            Op::Attr(base, name) => {
                self.objects_of(self.node(f, *base)).into_iter().find_map(|object| match object {
                    Object::Module(module) => self.program.single_store(module, *name),
                    Object::Class(class)
                    | Object::Instance(class)
                    | Object::SelfOf(class)
                    | Object::SelfClass(class) => self.class_value(class, *name),
                    _ => None,
                })?
            }
            _ => self.program.named_value(f, value)?,
        };
        self.signal(g, next, depth + 1)
    }

    fn class_value(&self, class: ClsId, name: Symbol) -> Option<(FuncId, Value)> {
        self.hierarchy.order(class).iter().find_map(|c| self.program.class_store(*c, name))
    }
}
