//! What functions do to the world by themselves: reads and writes of stored objects, processes, files, other hosts.
//!
//! A function does what the library functions that it calls do by their models, and what methods do that nothing is known of but a
//! name that says that they change something stored, whatever they belong to (`commit`; not `update`, which mappings have).

use crate::code::Code;
use assay_finding::EffectKind;
use assay_index::{FxHashMap, IndexVec};
use assay_ir::{Op, Value};
use assay_models::SinkKind;
use assay_resolve::{ApiId, FuncId};

/// One thing that a function does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Effect {
    pub(crate) kind: EffectKind,
    /// The library's function; none where only the name of the method tells.
    pub(crate) api: Option<ApiId>,
    /// The call.
    pub(crate) at: Value,
}

impl Effect {
    /// Whether it leaves something changed.
    pub(crate) fn changes(self) -> bool {
        matches!(self.kind, EffectKind::Write | EffectKind::Process | EffectKind::Code)
    }
}

/// The effects of all functions outside of templates.
pub(crate) struct Effects {
    own: IndexVec<FuncId, Vec<Effect>>,
}

impl Effects {
    pub(crate) fn new(code: &Code<'_>) -> Self {
        let mut apis: FxHashMap<ApiId, Vec<EffectKind>> = FxHashMap::default();
        let program = &code.res.program;
        let mut own = IndexVec::from_elem(Vec::new(), program.functions.len());
        for f in program.functions.ids() {
            if program.module_of(f).template {
                continue;
            }
            for (call, targets) in code.res.calls(f) {
                let at = *call;
                let effects: &mut Vec<Effect> = &mut own[f];
                let before = effects.len();
                for api in &targets.apis {
                    let kinds = apis.entry(*api).or_insert_with(|| kinds(code, *api));
                    effects.extend(kinds.iter().map(|kind| Effect { kind: *kind, api: Some(*api), at }));
                }
                if effects.len() == before && targets.functions.is_empty() && stores_by_name(code, f, at) {
                    effects.push(Effect { kind: EffectKind::Write, api: None, at });
                }
            }
        }
        Self { own }
    }

    pub(crate) fn of(&self, f: FuncId) -> &[Effect] {
        &self.own[f]
    }
}

/// Whether a call is one of a method whose name says that it changes what is stored.
pub(crate) fn writes_by_name(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { func, .. } = code.op(f, call) else { return false };
    matches!(code.op(f, *func), Op::Attr(_, name) if matches!(
        code.text(*name),
        "save" | "delete" | "commit" | "bulk_create" | "destroy" | "create" | "update" | "remove" | "unlink" | "soft_delete"
    ))
}

/// Whether a call is one of a method that only stored objects have, as far as its name says.
fn stores_by_name(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    writes_by_name(code, f, call)
        && matches!(code.op(f, call), Op::Call { func, .. } if matches!(code.op(f, *func), Op::Attr(_, name) if !matches!(
            code.text(*name),
            "create" | "update" | "remove" | "unlink"
        )))
}

/// What calling a library's function does: what its models say, or what its sinks show.
fn kinds(code: &Code<'_>, api: ApiId) -> Vec<EffectKind> {
    let models = code.res.models();
    let mut out: Vec<EffectKind> = Vec::new();
    let mut shown: Vec<EffectKind> = Vec::new();
    for node in code.res.apis.nodes(api) {
        let facts = models.facts(*node);
        out.extend(facts.surface().effects.iter().copied());
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
    out
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
