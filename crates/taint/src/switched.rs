//! Sinks behind a condition on a parameter that tells a function what to do: `if allow_html: …`.

use crate::constant;
use crate::driver::Engine;
use crate::function::Fun;
use crate::guards::argument_of;
use crate::trace::FrameId;
use assay_ir::{Arg, ArgKind, Op, Value};
use assay_resolve::{FuncId, Target};
use assay_values::guards::ArgumentRef;

impl<'a> Engine<'a> {
    /// Whether a sink of a callee lies behind a condition on a parameter that this call passes the other truth for.
    pub(crate) fn is_switched_off(&mut self, fun: &Fun<'a>, call: Value, target: Target, frame: FrameId) -> bool {
        let Some((parameter, truth)) = self.traces.frames[frame].needs else { return false };
        let Op::Call { args, .. } = fun.function.op(call) else { return false };
        let spread = |arg: &Arg| matches!(arg.kind, ArgKind::Spread | ArgKind::KeywordSpread);
        if parameter < target.taken || target.context.is_some() || args.iter().any(spread) {
            return false;
        }
        let callee = self.program().function(target.function);
        let passed = argument_of(fun.function, call, callee, target.taken, parameter).next();
        let value = match passed {
            Some(ArgumentRef::Positional(index)) => args.get(index).map(|arg| arg.value),
            Some(ArgumentRef::Keyword(name)) => {
                args.iter().find(|arg| arg.kind == ArgKind::Keyword(name)).map(|arg| arg.value)
            }
            Some(ArgumentRef::Receiver) => return false,
            None => None,
        };
        let given = match value {
            Some(value) => constant(self.res, fun.id, value).and_then(|c| c.truth()),
            None => self.default_truth(target.function, parameter),
        };
        given == Some(!truth)
    }

    /// The truth of what a parameter holds when nothing is passed.
    fn default_truth(&mut self, f: FuncId, parameter: u32) -> Option<bool> {
        if let Some(known) = self.default_truths.get(&(f, parameter)) {
            return *known;
        }
        let truth = crate::oracle::default_of(self.res, f, parameter).and_then(|default| default.truth());
        self.default_truths.insert((f, parameter), truth);
        truth
    }
}
