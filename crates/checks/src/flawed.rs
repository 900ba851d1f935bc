//! Checks of parameters and of data on its way that do not hold, as examined places.
//!
//! That a test lets something through matters where somebody relies on it: where the value that is checked goes on to
//! where it does that harm, or where the function says by its name what it is for. Most functions that look at a scheme or
//! a folder choose what to do with it.

use crate::code::{Code, Passed, words};
use crate::flows::{FlowInput, check_for, lower, short};
use crate::trace_text::TraceText;
use crate::{Check, Examined, Explanation, SourceSet};
use assay_finding::{Confidence, Outcome, Reason, Step, StepKind};
use assay_index::{FxHashSet, Idx};
use assay_ir::{Function, Op, Terminator, Value};
use assay_models::SinkKind;
use assay_resolve::FuncId;
use assay_taint::{BlockedBy, Doubt, Source};
use assay_values::guards::ONLY_SCHEME;

/// Steps back from what a call gets to a value that was checked.
const MAX_SLICE: usize = 200;
/// Calls from a caller of a check down to the harm.
const MAX_CALLS_DOWN: u32 = 3;
/// Calls from a check up to a function that uses what it checked.
const MAX_CALLS_UP: u32 = 3;

impl FlowInput<'_> {
    /// Functions that check a parameter: whether the check holds.
    pub(crate) fn examine_checks(&self, check: &'static Check, code: &Code<'_>, out: &mut Vec<Examined>) {
        let program = &self.resolution.program;
        let text = TraceText::new(self.resolution, self.texts);
        let parameter = |f: FuncId, index: u32| {
            program.function(f).params.get(index as usize).map_or("?", |p| program.strings.resolve(p.name))
        };
        for sound in
            self.analysis.sound.iter().filter(|s| !self.analysis.flawed.iter().any(|f| f.function == s.function))
        {
            let kinds: Vec<&str> = sound.kinds.iter().map(SinkKind::id).collect();
            let kinds = if kinds.len() > 6 { "most kinds of harm".to_owned() } else { kinds.join(", ") };
            let detail = format!("`{}` is shown to be free of {kinds}", parameter(sound.function, sound.parameter));
            let span = program.function(sound.function).name_span;
            let name = program.qualified_name(sound.function);
            out.push(Examined::closed(check, sound.function, span, &name, Outcome::Safe, "check-holds", detail));
        }
        let mut sinks: FxHashSet<(FuncId, SinkKind)> = FxHashSet::default();
        for site in &self.analysis.sites {
            sinks.insert((site.function, checked_as(site.kind)));
        }
        let stub = |f: FuncId| self.texts.path(program.module_of(f).file).ends_with(".pyi");
        for flawed in self.analysis.flawed.iter().filter(|flawed| !stub(flawed.function)) {
            let name = program.qualified_name(flawed.function);
            if (flawed.doubt.reason == ONLY_SCHEME && looks_at_host(code, flawed.function, flawed.parameter))
                || !is_named_as_check(&name)
                || !is_jail(&name) && only_asks(code, flawed.function)
                || checked_as(flawed.doubt.kind) == SinkKind::UrlRedirection
                    && asks_others(code, flawed.function, flawed.parameter)
                || asks_for_existence(code, flawed.function, flawed.doubt.condition)
                || flawed.doubt.narrow && !is_named_for(&name, flawed.doubt.kind)
                || !(is_named_for(&name, flawed.doubt.kind)
                    || (Uses { input: self, code, sinks: &sinks, kind: flawed.doubt.kind }).of_parameter(
                        flawed.function,
                        flawed.parameter,
                        MAX_CALLS_UP,
                    ))
            {
                continue;
            }
            let value = parameter(flawed.function, flawed.parameter);
            let lead = format!("`{name}` tells good values of `{value}` from bad ones by");
            let assumption = format!("callers rely on `{}` against {}", short(&name), flawed.doubt.kind);
            out.push(self.flawed(check, &flawed.doubt, value, &lead, assumption, &text));
        }
    }

    /// Checks that keep untrusted data from a sink but for an unusual case.
    pub(crate) fn examine_narrow_checks(&self, check: &'static Check, out: &mut Vec<Examined>) {
        let program = &self.resolution.program;
        let text = TraceText::new(self.resolution, self.texts);
        let mut seen = FxHashSet::default();
        let mut doubts: Vec<(&Doubt, Source)> = Vec::new();
        for site in &self.analysis.sites {
            for blocked in &site.blocked {
                let BlockedBy::Validator(function, condition) = blocked.by else { continue };
                let Some(doubt) = self.analysis.doubt(function, condition, site.kind).filter(|d| d.narrow) else {
                    continue;
                };
                let source = self.analysis.source(blocked.source);
                if self.source_counts(site, &source, blocked.flags, None, SourceSet::Untrusted)
                    && !program.module_of(site.function).test
                    && seen.insert((function, condition))
                {
                    doubts.push((doubt, source));
                }
            }
        }
        doubts.sort_by_key(|(d, _)| (d.function.index(), d.condition.index()));
        for (doubt, source) in doubts {
            if self.analysis.flawed.iter().any(|f| f.function == doubt.function && f.doubt.condition == doubt.condition)
            {
                continue;
            }
            let value = text.code(doubt.function, doubt.subject);
            let assumption = "the unusual case is within an attacker's reach".to_owned();
            let origin = text.source_words(&source);
            let lead = format!("{origin} is checked by");
            out.push(self.flawed(check, doubt, &value, &lead, assumption, &text));
        }
    }

    /// A check that does not hold, as an examined place.
    fn flawed(
        &self,
        check: &'static Check,
        doubt: &Doubt,
        value: &str,
        lead: &str,
        assumption: String,
        text: &TraceText<'_>,
    ) -> Examined {
        let program = &self.resolution.program;
        let name = program.qualified_name(doubt.function);
        let span = program.function(doubt.function).insts[doubt.condition].span;
        let reason = Reason { code: "check-insufficient".to_owned(), detail: doubt.reason.to_owned() };
        if program.module_of(doubt.function).test {
            let reason = Reason { code: "test-code".to_owned(), detail: String::new() };
            let (function, outcome, explanation) = (doubt.function, Outcome::Safe, None);
            return Examined { check, function, span, api: name, outcome, reason, explanation };
        }
        let condition = text.code(doubt.function, doubt.condition);
        let mut cwe = check_for(doubt.kind, SourceSet::Untrusted).map_or_else(Vec::new, |c| c.cwe.clone());
        cwe.extend(&check.cwe);
        let passes = text.passes(doubt);
        let step = Step {
            kind: StepKind::Sink,
            place: text.place(doubt.function, span),
            message: format!("the check lets harm through: {}{passes}", doubt.reason),
        };
        let explanation = Explanation {
            title: format!("The check of `{value}` in `{}` does not hold: {}", short(&name), doubt.reason),
            message: format!(
                "{lead} the condition `{condition}`, which does not rule out {}: {}{passes}.",
                doubt.kind, doubt.reason
            ),
            severity: if doubt.narrow { lower(check.severity) } else { check.severity },
            confidence: if doubt.narrow { Confidence::Low } else { Confidence::Medium },
            trace: vec![step],
            assumptions: vec![assumption],
            reach: text.reach(doubt.function),
            false_if: vec!["what the check leaves open is made up for elsewhere".to_owned()],
            solution: check.solution_for(&condition, value, value),
            wanted: None,
            cwe: Some(cwe),
        };
        let (function, outcome, explanation) = (doubt.function, Outcome::Potential, Some(explanation));
        Examined { check, function, span, api: name, outcome, reason, explanation }
    }
}

/// Words in the names of functions that tell good values from bad ones. What else looks at a value chooses what to do with
/// it.
const CHECKING: [&str; 36] = [
    "allow",
    "allowed",
    "are",
    "assert",
    "audit",
    "check",
    "checked",
    "checks",
    "clean",
    "contain",
    "contained",
    "contains",
    "ensure",
    "forbid",
    "inside",
    "is",
    "legal",
    "permitted",
    "reject",
    "relative",
    "restrict",
    "safe",
    "sanitise",
    "sanitize",
    "secure",
    "trusted",
    "valid",
    "validate",
    "validated",
    "validates",
    "validation",
    "validator",
    "verify",
    "verified",
    "within",
    "whitelisted",
];

/// The harm that checks against a harm are about: an address is checked in the same way whoever goes there.
fn checked_as(kind: SinkKind) -> SinkKind {
    match kind {
        SinkKind::RequestForgery => SinkKind::UrlRedirection,
        SinkKind::FileCreation => SinkKind::PathInjection,
        kind => kind,
    }
}

/// Where what is checked goes on to.
struct Uses<'u, 'a> {
    input: &'u FlowInput<'a>,
    code: &'u Code<'a>,
    /// The functions with a sink, by its kind.
    sinks: &'u FxHashSet<(FuncId, SinkKind)>,
    /// The harm.
    kind: SinkKind,
}

impl Uses<'_, '_> {
    /// Whether a parameter of a function, or what callers pass for it, goes on to where it does the harm.
    fn of_parameter(&self, f: FuncId, parameter: u32, up: u32) -> bool {
        let code = self.code;
        let insts = &code.function(f).insts;
        let own = insts.iter_enumerated().find(|(_, i)| matches!(i.op, Op::Param(p) if p == parameter));
        if own.is_some_and(|(value, _)| self.of_value(f, value)) {
            return true;
        }
        code.callers(f).iter().filter(|c| c.function != f && !code.in_test(c.function)).any(|caller| {
            let Passed::Value(passed) = code.argument_for(*caller, f, parameter) else { return false };
            match code.op(caller.function, passed) {
                Op::Param(outer) if up > 0 => self.of_parameter(caller.function, *outer, up - 1),
                _ => self.of_value(caller.function, passed),
            }
        })
    }

    /// Whether a function, or one that it calls, does the harm with something that is made from a value.
    fn of_value(&self, f: FuncId, value: Value) -> bool {
        let code = self.code;
        if self.sinks.contains(&(f, self.kind)) {
            let sites = self.input.analysis.sites.iter().filter(|s| s.function == f && checked_as(s.kind) == self.kind);
            if sites.flat_map(|s| &s.arguments).any(|argument| is_made_from(code, f, *argument, value)) {
                return true;
            }
        }
        let mut seen = FxHashSet::default();
        code.res.calls(f).iter().any(|(call, targets)| {
            let Op::Call { args, .. } = code.op(f, *call) else { return false };
            args.iter().any(|a| is_made_from(code, f, a.value, value))
                && targets.functions.iter().any(|t| self.is_below(t.function, MAX_CALLS_DOWN, &mut seen))
        })
    }

    fn is_below(&self, f: FuncId, down: u32, seen: &mut FxHashSet<(FuncId, u32)>) -> bool {
        self.sinks.contains(&(f, self.kind))
            || (down > 1
                && seen.insert((f, down))
                && self
                    .code
                    .res
                    .calls(f)
                    .iter()
                    .any(|(_, targets)| targets.functions.iter().any(|t| self.is_below(t.function, down - 1, seen))))
    }
}

/// Whether a function says by its name that it is to prevent a harm.
fn is_named_for(qualified: &str, kind: SinkKind) -> bool {
    let name = qualified.rsplit('.').next().unwrap_or(qualified);
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match kind {
        SinkKind::UrlRedirection => has(&["redirect", "redirection", "redirects", "next"]),
        SinkKind::PathInjection => {
            has(&["traversal", "inside", "within", "contained", "subpath", "jail", "chroot", "join"])
        }
        _ => false,
    }
}

/// Whether a function says by its name that what it finds outside stays outside.
fn is_jail(qualified: &str) -> bool {
    let name = qualified.rsplit('.').next().unwrap_or(qualified);
    words(name).iter().any(|w| matches!(w.as_str(), "traversal" | "jail" | "chroot"))
}

/// Whether a function hands the host of an address on, or compares it: more than the scheme is looked at, by what is called.
fn looks_at_host(code: &Code<'_>, f: FuncId, parameter: u32) -> bool {
    let insts = &code.function(f).insts;
    let Some((address, _)) = insts.iter_enumerated().find(|(_, i)| matches!(i.op, Op::Param(p) if p == parameter))
    else {
        return false;
    };
    let host = |v: Value| match code.op(f, code.plain(f, v)) {
        Op::Attr(base, name) => {
            matches!(code.text(*name), "hostname" | "netloc" | "host") && is_made_from(code, f, *base, address)
        }
        _ => false,
    };
    insts.iter().any(|inst| match &inst.op {
        Op::Call { args, .. } => args.iter().any(|a| host(a.value)),
        Op::Compare(_, a, b) => host(*a) || host(*b),
        _ => false,
    })
}

/// Whether a function hands an address, or what it made of it, to another function of the program as well: what that one refuses is
/// not known here.
fn asks_others(code: &Code<'_>, f: FuncId, parameter: u32) -> bool {
    let insts = &code.function(f).insts;
    let Some((address, _)) = insts.iter_enumerated().find(|(_, i)| matches!(i.op, Op::Param(p) if p == parameter))
    else {
        return false;
    };
    code.res.calls(f).iter().any(|(call, targets)| {
        let Op::Call { args, .. } = code.op(f, *call) else { return false };
        !targets.functions.is_empty()
            && targets.apis.is_empty()
            && args.iter().any(|a| is_made_from(code, f, a.value, address))
    })
}

/// Whether a value is another one, or made from it in the same function.
pub(crate) fn is_made_from(code: &Code<'_>, f: FuncId, value: Value, origin: Value) -> bool {
    let same = |v: Value| {
        v == origin
            || match (code.op(f, v), code.op(f, origin)) {
                (Op::Attr(base, name), Op::Attr(other, same)) => base == other && name == same,
                (Op::Param(a), Op::Param(b)) => a == b,
                _ => false,
            }
    };
    let mut work = vec![value];
    let mut seen = FxHashSet::default();
    while let Some(v) = work.pop() {
        if same(v) {
            return true;
        }
        if seen.insert(v) && seen.len() < MAX_SLICE {
            code.op(f, v).for_each_operand(|operand| work.push(operand));
        }
    }
    false
}

/// Whether a condition asks if there is a file at all, which checks nothing.
fn asks_for_existence(code: &Code<'_>, f: FuncId, condition: Value) -> bool {
    let asked = code.callee(f, condition);
    matches!(asked.rsplit('.').next(), Some("exists" | "lexists" | "isfile" | "isdir" | "is_file" | "is_dir"))
}

/// Whether a function asks what something is, by its name, and no caller turns anybody away by the answer: `is_url`,
/// `is_advertisement`.
pub(crate) fn only_asks(code: &Code<'_>, f: FuncId) -> bool {
    const ASKS: [&str; 5] = ["are", "contain", "contains", "is", "relative"];
    let other: Vec<&str> = CHECKING.iter().copied().filter(|word| !ASKS.contains(word)).collect();
    if words(code.function_name(f)).iter().any(|word| other.contains(&word.as_str())) {
        return false;
    }
    let ends = |function: &Function, block| {
        matches!(function.blocks[block].terminator, Terminator::Raise(_) | Terminator::Unreachable)
    };
    !code.callers(f).iter().any(|caller| {
        let function = code.function(caller.function);
        function.blocks.iter().any(|block| match block.terminator {
            Terminator::Branch { cond, then_to, else_to } => {
                let asked = matches!(function.op(cond), Op::Unary(_, inner) if *inner == caller.call);
                (cond == caller.call || asked) && (ends(function, then_to) || ends(function, else_to))
            }
            _ => false,
        })
    })
}

pub(crate) fn is_named_as_check(qualified: &str) -> bool {
    let name = qualified.rsplit('.').next().unwrap_or(qualified);
    words(name).iter().any(|word| CHECKING.contains(&word.as_str()))
}
