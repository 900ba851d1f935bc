//! What an operation reaches: reads and writes of stored objects, processes, files, other hosts.
//!
//! Each function does what the library functions that it calls do by their models, and what the functions of the
//! program that it may call do. The walk goes from an operation breadth first, so that the nearest call of each kind is
//! the one that is shown.

use crate::code::Code;
use assay_finding::{EffectKind, EntryEffect};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::Value;
use assay_models::{EffectModel, SinkKind};
use assay_resolve::{ApiId, FuncId};
use std::collections::VecDeque;

/// Functions that are looked at for one operation.
const MAX_FUNCTIONS: usize = 600;
/// Calls between an operation and what it does.
const MAX_DEPTH: u32 = 12;
/// Targets of one call beyond which it says too little of what happens.
const MAX_TARGETS: usize = 12;
/// Effects that are listed of one operation.
const MAX_EFFECTS: usize = 40;

/// What a function does by itself: kind, library function, the call.
type Own = Vec<(EffectKind, ApiId, Value)>;

pub(super) struct Reach<'c, 'a> {
    code: &'c Code<'a>,
    own: FxHashMap<FuncId, Own>,
    apis: FxHashMap<ApiId, Vec<EffectKind>>,
}

impl<'c, 'a> Reach<'c, 'a> {
    pub(super) fn new(code: &'c Code<'a>) -> Self {
        Self { code, own: FxHashMap::default(), apis: FxHashMap::default() }
    }

    /// What some functions reach, and whether more was reached than was looked at.
    pub(super) fn of(&mut self, functions: &[FuncId]) -> (Vec<EntryEffect>, bool) {
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
            for (kind, api, call) in self.own_of(f) {
                let name = self.code.api(api);
                if let Some(known) = out.iter_mut().find(|e| e.kind == kind && e.api == name) {
                    known.count += 1;
                    continue;
                }
                if out.len() >= MAX_EFFECTS {
                    cut = true;
                    continue;
                }
                let place = self.code.place(f, self.code.span(f, call));
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

    fn own_of(&mut self, f: FuncId) -> Own {
        if let Some(known) = self.own.get(&f) {
            return known.clone();
        }
        let mut own = Own::new();
        for (call, targets) in self.code.res.calls(f) {
            for api in &targets.apis {
                for kind in self.kinds(*api) {
                    own.push((kind, *api, *call));
                }
            }
        }
        self.own.insert(f, own.clone());
        own
    }

    /// What calling a library's function does: what its models say, or what its sinks show.
    fn kinds(&mut self, api: ApiId) -> Vec<EffectKind> {
        if let Some(known) = self.apis.get(&api) {
            return known.clone();
        }
        let models = self.code.res.models();
        let mut out: Vec<EffectKind> = Vec::new();
        let mut shown: Vec<EffectKind> = Vec::new();
        for node in self.code.res.apis.nodes(api) {
            let facts = models.facts(*node);
            out.extend(facts.surface().effects.iter().map(|effect| effect_kind(*effect)));
            let neutral = facts.neutral_kinds.iter();
            let sinks = models.arguments(*node).iter().flat_map(|(_, at)| {
                let facts = models.facts(*at);
                facts.sinks.iter().copied().chain(facts.conditional_sinks.iter().map(|s| s.kind))
            });
            shown.extend(sinks.chain(neutral).filter_map(by_sink));
        }
        if out.is_empty() {
            out = shown;
        }
        out.sort_unstable();
        out.dedup();
        self.apis.insert(api, out.clone());
        out
    }
}

fn effect_kind(effect: EffectModel) -> EffectKind {
    match effect {
        EffectModel::Read => EffectKind::Read,
        EffectModel::Write => EffectKind::Write,
        EffectModel::Process => EffectKind::Process,
        EffectModel::File => EffectKind::File,
        EffectModel::Outgoing => EffectKind::Outgoing,
        EffectModel::Code => EffectKind::Code,
        EffectModel::Message => EffectKind::Message,
    }
}

/// What a function must do whose argument can do this harm.
fn by_sink(kind: SinkKind) -> Option<EffectKind> {
    Some(match kind {
        SinkKind::SqlInjection | SinkKind::NosqlInjection => EffectKind::Read,
        SinkKind::CommandInjection | SinkKind::ProcessArgument | SinkKind::ArgumentInjection => EffectKind::Process,
        SinkKind::PathInjection | SinkKind::FileCreation | SinkKind::ArchiveExtraction | SinkKind::FileContent => {
            EffectKind::File
        }
        SinkKind::RequestForgery => EffectKind::Outgoing,
        SinkKind::CodeInjection | SinkKind::TemplateInjection | SinkKind::UnsafeDeserialization => EffectKind::Code,
        _ => return None,
    })
}
