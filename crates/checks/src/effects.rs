//! What functions do to the world by themselves: reads and writes of stored objects, processes, files, other hosts.
//!
//! A function does what the library functions that it calls do by their models, and what methods do that nothing is known of but a
//! name that says that they change something stored, whatever they belong to (`commit`; not `update`, which mappings have).

use crate::code::Code;
use assay_finding::EffectKind;
use assay_index::{FxHashMap, FxHashSet, IndexVec};
use assay_ir::{Op, Value};
use assay_models::{EntryKind, SinkKind};
use assay_resolve::{ApiId, FuncId};

/// Functions that are followed from one that is asked about.
const MAX_FUNCTIONS: usize = 400;

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
            if !program.module_of(f).template {
                own[f] = effects_of(code, f, &mut apis);
            }
        }
        Self { own }
    }

    pub(crate) fn of(&self, f: FuncId) -> &[Effect] {
        &self.own[f]
    }
}

/// What a function does by itself.
fn effects_of(code: &Code<'_>, f: FuncId, apis: &mut FxHashMap<ApiId, Vec<EffectKind>>) -> Vec<Effect> {
    let mut effects: Vec<Effect> = Vec::new();
    for (call, targets) in code.res.calls(f) {
        let at = *call;
        let before = effects.len();
        for api in &targets.apis {
            let kinds = apis.entry(*api).or_insert_with(|| kinds(code, *api));
            effects.extend(kinds.iter().map(|kind| Effect { kind: *kind, api: Some(*api), at }));
        }
        if effects.len() == before && targets.functions.is_empty() && stores_by_name(code, f, at) {
            effects.push(Effect { kind: EffectKind::Write, api: None, at });
        }
    }
    effects
}

/// Whether functions, or those that they call, are seen to change anything: what is stored, a session, another host. Where there
/// are too many to look at, they are taken to.
pub(crate) fn change_something(code: &Code<'_>, functions: &[FuncId]) -> bool {
    let mut apis = FxHashMap::default();
    let mut seen: FxHashSet<FuncId> = functions.iter().copied().collect();
    let mut open = functions.to_vec();
    while let Some(f) = open.pop() {
        if seen.len() > MAX_FUNCTIONS {
            return true;
        }
        let written = code.function(f).insts.iter().any(|inst| match &inst.op {
            Op::StoreItem { base, .. } => {
                matches!(code.op(f, *base), Op::Attr(_, name) if matches!(code.text(*name), "session" | "cookies"))
            }
            // What belongs to something that was not made here.
            Op::StoreAttr { base, .. } => matches!(code.op(f, *base), Op::Attr(..)),
            _ => false,
        });
        let effects = effects_of(code, f, &mut apis);
        if written || effects.iter().any(|e| e.changes() || e.kind == EffectKind::Outgoing) {
            return true;
        }
        for (call, targets) in code.res.calls(f) {
            let last = code.callee(f, *call);
            let last = last.rsplit('.').next().unwrap_or_default();
            if targets.functions.is_empty() && (writes_by_name(code, f, *call) || ["login", "logout"].contains(&last)) {
                return true;
            }
            open.extend(targets.functions.iter().map(|t| t.function).filter(|f| seen.insert(*f)));
        }
    }
    false
}

/// Whether a module of a client asks another host for something, itself or by methods that its classes inherit: none of its functions
/// answers requests.
pub(crate) fn is_client(code: &Code<'_>, f: FuncId) -> bool {
    let program = &code.res.program;
    let module = program.functions[f].module;
    let answers = |e: &assay_resolve::Entry| {
        program.functions[e.function].module == module && !matches!(e.kind, EntryKind::Command | EntryKind::Task)
    };
    if code.res.entries.iter().any(answers) {
        return false;
    }
    let mut apis = FxHashMap::default();
    let mut asks = |g: FuncId| effects_of(code, g, &mut apis).iter().any(|e| e.kind == EffectKind::Outgoing);
    let of_module = program.functions.ids().filter(|g| program.functions[*g].module == module);
    let inherited = |g: FuncId| {
        let class = program.functions[g].class;
        let bases = class.map_or(&[][..], |class| code.res.hierarchy.order(class));
        let targets = code.res.calls(g).iter().flat_map(|(_, targets)| &targets.functions).map(|t| t.function);
        targets.filter(move |t| program.functions[*t].class.is_some_and(|c| Some(c) != class && bases.contains(&c)))
    };
    of_module.into_iter().any(|g| asks(g) || inherited(g).any(&mut asks))
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
