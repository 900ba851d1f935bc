//! Where an object that a call gave is kept: what is done to it is done to what keeps it.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Entry};
use crate::mappings::key_elem;
use crate::trace::Cell;
use assay_ir::{Op, Terminator, Value};
use assay_models::{FlowKind, PortRoot};
use assay_resolve::{FuncId, Target};
use smallvec::SmallVec;

/// Steps from what a function gives to where it is kept.
const MAX_STEPS: u32 = 4;

/// A cell, and the part of what is in it.
type Kept = (Cell, SmallVec<[Elem; 2]>);

impl<'a> Engine<'a> {
    /// What a call gave got these entries.
    pub(crate) fn change_behind_call(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        added: &[Entry],
        at: Value,
        depth: u32,
    ) {
        if let Some((container, elem)) = self.taken_from(fun.id, call) {
            self.change(fun, container, elem, added, at, depth + 1);
        }
        let Some(targets) = self.res.call(fun.id, call) else { return };
        for target in &targets.functions {
            for (keeps, part) in self.kept_results(*target) {
                for entry in added {
                    let mut entry = *entry;
                    for elem in part.iter().rev() {
                        entry.path = self.labels.prepend(*elem, entry.path).0;
                    }
                    self.leave_into(fun, keeps, entry, at);
                }
            }
        }
    }

    /// The container of which a library's method gives a part that stays in it, and which one:
    /// `groups.setdefault(name, [])`.
    fn taken_from(&self, f: FuncId, call: Value) -> Option<(Value, Elem)> {
        let function = self.program().function(f);
        let Op::Call { func, args } = function.op(call) else { return None };
        let Op::Attr(container, _) = function.op(*func) else { return None };
        let targets = self.res.call(f, call)?;
        let mut flows =
            targets.apis.iter().flat_map(|api| self.res.apis.nodes(*api)).flat_map(|n| &self.models.facts(*n).flows);
        let gives_part = flows.any(|flow| {
            flow.kind == FlowKind::Value
                && flow.input.root == PortRoot::Receiver
                && flow.output.root == PortRoot::ReturnValue
                && flow.output.path.is_empty()
                && matches!(flow.input.path[..], [assay_models::PathStep::Element])
        });
        let key = args.first().map_or(Elem::Element, |key| key_elem(function, key.value));
        gives_part.then_some((*container, key))
    }

    /// The cells that keep what a function of the program returns.
    fn kept_results(&self, target: Target) -> Vec<Kept> {
        let mut out = Vec::new();
        for block in &self.program().function(target.function).blocks {
            if let Terminator::Return(value) = block.terminator {
                self.kept_in(target.function, value, MAX_STEPS, &mut out);
            }
        }
        out
    }

    fn kept_in(&self, f: FuncId, value: Value, left: u32, out: &mut Vec<Kept>) {
        let function = self.program().function(f);
        let Some(left) = left.checked_sub(1) else { return };
        let (container, elem) = match function.op(value) {
            Op::Attr(base, name) => {
                out.extend(self.attribute_cells(f, *base, *name).into_iter().map(|cell| (cell, SmallVec::new())));
                return;
            }
            Op::Global(name) => {
                let module = self.program().functions[f].module;
                if self.program().modules[module].defines(*name) {
                    out.push((Cell::Global(module, *name), SmallVec::new()));
                }
                return;
            }
            Op::Phi(inputs) => {
                for (_, input) in inputs {
                    self.kept_in(f, *input, left, out);
                }
                return;
            }
            Op::Item(base, key) => (*base, key_elem(function, *key)),
            Op::Call { .. } => match self.taken_from(f, value) {
                Some(taken) => taken,
                None => return,
            },
            _ => return,
        };
        let before = out.len();
        self.kept_in(f, container, left, out);
        for (_, part) in &mut out[before..] {
            part.push(elem);
        }
    }
}
