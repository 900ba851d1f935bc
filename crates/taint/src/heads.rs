//! Heads of messages that the program writes itself: a request, an answer, or a line of one, put together as text.
//!
//! Libraries refuse line ends in what they are given as a header. Who writes heads as text has to do so himself.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::Flags;
use crate::oracle::FunctionOracle;
use assay_dataflow::Location;
use assay_ir::{ArgKind, Op, Value};
use assay_models::SinkKind;
use assay_resolve::Object;
use assay_values::Context;
use assay_values::shapes::{Shape, shapes};

/// Whether a method, by its name, passes text on to the other side, or to the rest of what is sent.
fn is_writer(name: &str) -> bool {
    matches!(name, "append" | "push") || name.starts_with("send") || name.starts_with("write")
}

impl<'a> Engine<'a> {
    /// A text that reads as the head of a message is written out.
    pub(crate) fn made_head(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        let Op::Attr(base, name) = fun.function.op(*func) else { return };
        let Some(arg) = args.first().filter(|a| a.kind == ArgKind::Positional) else { return };
        if is_writer(self.program().strings.resolve(*name)) && !self.is_opened(fun, *base) {
            self.head_in(fun, call, arg.value, at);
        }
    }

    /// The same, where it is returned.
    pub(crate) fn head_in(&mut self, fun: &mut Fun<'a>, place: Value, value: Value, at: Location) {
        let kind = SinkKind::HeaderInjection;
        let composed = Flags::COMPOSED;
        let matters = |e: &crate::label::Entry| e.flags.has(composed) && e.kinds.contains(kind);
        if !fun.tree(value).entries.iter().any(|e| matters(e) && self.labels.elems(e.path).is_empty()) {
            return;
        }
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        if !shapes(&cx, value).iter().any(Shape::reads_as_head) {
            return;
        }
        let site = self.site(fun, place, kind, None, value, false);
        self.sites[site].harmless_form = false;
        for (entry, rest) in self.select(fun, value, &[], at) {
            if rest.is_empty() && entry.flags.has(composed) {
                self.reach(fun, place, &entry, site, kind, None);
            }
        }
    }

    /// Whether a value is a file that the program opened.
    fn is_opened(&self, fun: &Fun<'a>, value: Value) -> bool {
        self.res
            .objects(fun.id, value)
            .any(|o| matches!(o, Object::Api(api) if self.res.api_name(api).contains("open(")))
    }
}
