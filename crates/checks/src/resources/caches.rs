//! What is kept under keys from outside for as long as the process lives.

use crate::code::Code;
use crate::flows::{FlowInput, source_set};
use crate::{Examined, SourceSet, check};
use assay_finding::{Outcome, Severity};
use assay_index::Idx;
use assay_ir::{ArgKind, Const, Op, Value};
use assay_models::SourceKind;
use assay_resolve::FuncId;
use assay_taint::{BlockedBy, Flow, SinkSite};

/// Results that a cache may keep without a word: even with long keys they are not much.
const FEW: i64 = 256;
/// Results that `functools.lru_cache` keeps when nothing is said.
const USUAL: i64 = 128;
/// Methods that take something out of a mapping.
const REMOVES: [&str; 4] = ["pop", "popitem", "clear", "move_to_end"];

impl FlowInput<'_> {
    /// A place where something is kept under a key.
    pub(crate) fn examine_key(&self, site: &SinkSite, flows: &[Flow], code: &Code<'_>, out: &mut Vec<Examined>) {
        let Some(check) = check("unbounded-cache") else { return };
        let (f, span, _) = self.place(site);
        let (keeper, bound) = keeper(code, f, site.call);
        let closed =
            |outcome, reason: &str, detail: String| Examined::closed(check, f, span, &keeper, outcome, reason, detail);
        if self.resolution.program.module_of(f).test {
            out.push(closed(Outcome::Safe, "test-code", "only tests run it".to_owned()));
            return;
        }
        let best = flows
            .iter()
            .filter(|flow| {
                let source = self.analysis.source(flow.source);
                source_set(source.kind) == SourceSet::Untrusted
                    && source.kind == Some(SourceKind::Remote)
                    && self.counts(site, flow, SourceSet::Untrusted)
            })
            .min_by_key(|flow| (flow.length, flow.source.index()));
        let Some(flow) = best else {
            let (reason, detail) = match site.blocked.first().map(|b| b.by) {
                Some(BlockedBy::Validator(g, condition)) => ("bounded-by", code.shown_value(g, condition)),
                Some(_) => ("bounded-by", "how the key is made".to_owned()),
                None => ("not-reachable-from-untrusted-input", "no key from outside was seen to get here".to_owned()),
            };
            out.push(closed(Outcome::Safe, reason, detail));
            return;
        };
        if let Bound::By(detail) = bound {
            out.push(closed(Outcome::Safe, "bounded-by", detail));
            return;
        }
        let source = self.analysis.source(flow.source);
        let origin = self.source_in_words(&source);
        let mut examined = self.open(site, check, flow, 0);
        examined.api.clone_from(&keeper);
        "unbounded".clone_into(&mut examined.reason.code);
        if let Some(explanation) = &mut examined.explanation {
            explanation.title = match &bound {
                Bound::Number(n) => format!("`{keeper}` keeps {n} results under keys as long as {origin} likes"),
                _ => format!("`{keeper}` grows with each new key: {origin}"),
            };
            explanation.message = match &bound {
                Bound::Number(n) => format!(
                    "`{}` remembers what it was called with, {n} times, and nothing limits the length of what comes in: {origin}.",
                    code.shown(f, span)
                ),
                _ => format!(
                    "`{}` keeps an entry for each key that it is given, which is {origin}, and nothing that was found takes any out.",
                    code.shown(f, span)
                ),
            };
            if let Bound::Number(_) = bound {
                explanation.severity = Severity::Low;
            }
            if let Some(last) = explanation.trace.last_mut() {
                "is kept as a key".clone_into(&mut last.message);
            }
            explanation.false_if.push("only a few keys exist, and others are refused before".to_owned());
        }
        out.push(examined);
    }
}

/// What bounds what is kept.
enum Bound {
    Nothing,
    /// A number of results, of any length.
    Number(i64),
    By(String),
}

/// What keeps the key at a place, and what bounds it.
fn keeper(code: &Code<'_>, f: FuncId, place: Value) -> (String, Bound) {
    if let Op::StoreItem { base, .. } = code.op(f, place) {
        let shown = code.shown_value(f, *base);
        let name = match code.op(f, *base) {
            Op::Global(name) | Op::Attr(_, name) => *name,
            _ => return (shown, Bound::Nothing),
        };
        let bound = removal(code, f, name).map_or(Bound::Nothing, Bound::By);
        return (shown, bound);
    }
    let shown = code.callee(f, place);
    let targets = code.res.call(f, place).map(|t| t.functions.clone()).unwrap_or_default();
    let mut bound = Bound::Nothing;
    for target in targets {
        match remembered(code, target.function) {
            Some(n) if n <= FEW => bound = Bound::By(format!("no more than {n} results are kept")),
            Some(n) => bound = Bound::Number(n),
            None => {}
        }
    }
    (shown, bound)
}

/// How many results a function remembers; `None` where there is no limit.
fn remembered(code: &Code<'_>, f: FuncId) -> Option<i64> {
    let program = &code.res.program;
    let module = program.functions[f].module;
    program.functions.ids().filter(|g| program.functions[*g].module == module).find_map(|g| {
        let function = program.function(g);
        let decorator = function.insts.iter().find_map(|inst| match &inst.op {
            Op::Call { func, args } => match (&args[..], args.first().map(|a| function.op(a.value))) {
                ([_], Some(Op::MakeFunction { function: made, .. })) if program.func_id(module, *made) == f => {
                    Some(*func)
                }
                _ => None,
            },
            _ => None,
        })?;
        let Op::Call { args, .. } = function.op(decorator) else {
            let unbounded = code.res.apis_of(g, decorator).any(|api| code.api(api) == "functools.cache");
            return (!unbounded).then_some(USUAL);
        };
        let size = args.iter().find(|a| {
            a.kind == ArgKind::Positional || matches!(a.kind, ArgKind::Keyword(name) if code.text(name) == "maxsize")
        });
        match size.map(|a| function.op(a.value)) {
            None => Some(USUAL),
            Some(Op::Const(Const::Int(n))) => Some(*n),
            Some(Op::Const(Const::None)) => None,
            Some(_) => Some(FEW),
        }
    })
}

/// What takes entries out of a mapping, or asks for its size.
fn removal(code: &Code<'_>, f: FuncId, name: assay_index::Symbol) -> Option<String> {
    let program = &code.res.program;
    let module = program.functions[f].module;
    let names = |g: FuncId, value: Value| matches!(code.op(g, value), Op::Global(n) | Op::Attr(_, n) | Op::ImportFrom { name: n, .. } if *n == name);
    program.functions.ids().filter(|g| program.functions[*g].module == module).find_map(|g| {
        let function = program.function(g);
        function.insts.iter_enumerated().find_map(|(value, inst)| {
            let found = match &inst.op {
                Op::DeleteItem(base, _) => names(g, *base),
                // Put in place anew in a function: what was there before is gone.
                Op::StoreGlobal(n, _) | Op::StoreAttr { name: n, .. } => *n == name && function.is_callable(),
                Op::Call { func, args } => match function.op(*func) {
                    Op::Attr(base, method) => REMOVES.contains(&code.text(*method)) && names(g, *base),
                    _ => code.callee(g, value) == "len" && args.first().is_some_and(|a| names(g, a.value)),
                },
                _ => false,
            };
            found.then(|| format!("`{}` in `{}`", code.shown(g, inst.span), program.qualified_name(g)))
        })
    })
}
