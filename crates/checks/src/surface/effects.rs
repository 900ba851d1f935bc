//! What an operation reaches: reads and writes of stored objects, processes, files, other hosts.
//!
//! Each function does what the library functions that it calls do by their models ([`crate::effects`]), and what the functions of
//! the program that it may call do. The walk goes from an operation breadth first, so that the nearest call of each kind is
//! the one that is shown.

use crate::code::Code;
use crate::effects::Effects;
use assay_finding::EntryEffect;
use assay_index::FxHashSet;
use assay_resolve::FuncId;
use std::collections::VecDeque;

/// Functions that are looked at for one operation.
const MAX_FUNCTIONS: usize = 600;
/// Calls between an operation and what it does.
const MAX_DEPTH: u32 = 12;
/// Targets of one call beyond which it says too little of what happens.
const MAX_TARGETS: usize = 12;
/// Effects that are listed of one operation.
const MAX_EFFECTS: usize = 40;

pub(super) struct Reach<'c, 'a> {
    code: &'c Code<'a>,
    effects: Effects,
}

impl<'c, 'a> Reach<'c, 'a> {
    pub(super) fn new(code: &'c Code<'a>) -> Self {
        Self { code, effects: Effects::new(code) }
    }

    /// What some functions reach, and whether more was reached than was looked at.
    pub(super) fn of(&self, functions: &[FuncId]) -> (Vec<EntryEffect>, bool) {
        let mut seen: FxHashSet<FuncId> = functions.iter().copied().collect();
        let mut queue: VecDeque<(FuncId, u32)> = functions.iter().map(|f| (*f, 0)).collect();
        let mut out: Vec<EntryEffect> = Vec::new();
        let mut cut = false;
        let mut looked_at = 0;
        while let Some((f, depth)) = queue.pop_front() {
            looked_at += 1;
            if looked_at > MAX_FUNCTIONS {
                cut = true;
                break;
            }
            for effect in self.effects.of(f) {
                let Some(api) = effect.api else { continue };
                let kind = effect.kind;
                let name = self.code.api(api);
                if let Some(known) = out.iter_mut().find(|e| e.kind == kind && e.api == name) {
                    known.count += 1;
                    continue;
                }
                if out.len() >= MAX_EFFECTS {
                    cut = true;
                    continue;
                }
                let place = self.code.place(f, self.code.span(f, effect.at));
                out.push(EntryEffect { kind, api: name.to_owned(), place, depth, count: 1 });
            }
            if depth >= MAX_DEPTH {
                cut = true;
                continue;
            }
            for (value, _) in self.code.function(f).insts.iter_enumerated() {
                for g in self.code.res.implicit_calls(f, value) {
                    if seen.insert(*g) {
                        queue.push_back((*g, depth + 1));
                    }
                }
            }
            for (_, targets) in self.code.res.calls(f) {
                if targets.functions.len() > MAX_TARGETS {
                    cut = true;
                    continue;
                }
                for target in &targets.functions {
                    if seen.insert(target.function) && !self.code.in_test(target.function) {
                        queue.push_back((target.function, depth + 1));
                    }
                }
            }
        }
        out.sort_by(|a, b| (a.kind, a.depth, &a.api).cmp(&(b.kind, b.depth, &b.api)));
        (out, cut)
    }
}
