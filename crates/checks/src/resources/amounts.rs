//! Numbers from outside that say how much, and what bounds all others.

use super::bounds::{self, Bound};
use crate::code::Code;
use crate::flows::{FlowInput, source_set};
use crate::{Check, Examined, SourceSet};
use assay_finding::{Outcome, Severity};
use assay_index::Idx;
use assay_ir::{BinaryOp, Const, Op, Value};
use assay_models::SourceKind;
use assay_resolve::FuncId;
use assay_taint::{BlockedBy, Flow, SinkSite};
use assay_values::ConstValue;

/// Steps from an end of a range to the number that it lies around.
const MAX_STEPS: u32 = 6;

/// Whether a power is that of a number with a decimal point, which takes no longer for a large exponent.
fn is_of_float(code: &Code<'_>, f: FuncId, place: Value) -> bool {
    let (Op::Binary(BinaryOp::Pow, base, _) | Op::InPlace(BinaryOp::Pow, base, _)) = code.op(f, place) else {
        return false;
    };
    let base = code.plain(f, *base);
    matches!(code.op(f, base), Op::Const(Const::Float(_)))
        || matches!(code.op(f, base), Op::Call { .. })
            && code.callee(f, base).trim_start_matches("builtins.") == "float"
}

/// The code between the brackets of a call.
fn inner_code(call: &str) -> String {
    let inner = call.split_once('(').map_or(call, |(_, rest)| rest.strip_suffix(')').unwrap_or(rest));
    inner.to_owned()
}

/// What an amount is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// Turns of a loop.
    Turns,
    /// Memory.
    Memory,
    /// Time that the program waits.
    Waiting,
    /// Rounds of a computation.
    Rounds,
    /// What is read of a stream, which has no more than was sent.
    Reading,
}

impl FlowInput<'_> {
    /// A place where a number says how much.
    pub(crate) fn examine_amount(
        &self,
        site: &SinkSite,
        flows: &[Flow],
        check: &'static Check,
        code: &Code<'_>,
        out: &mut Vec<Examined>,
    ) {
        let (f, span, _) = self.place(site);
        let (what, api) = what(code, f, site.call);
        let closed =
            |outcome, reason: &str, detail: String| Examined::closed(check, f, span, &api, outcome, reason, detail);
        // A copy of a text or list is as long as that.
        if api == "bytearray" && !site.arguments.iter().all(|a| bounds::is_number(code, f, *a)) {
            return;
        }
        if is_of_float(code, f, site.call) {
            let detail = "a power of a number of fixed size".to_owned();
            out.push(closed(Outcome::Safe, "bounded-by", detail));
            return;
        }
        let test = self.resolution.program.module_of(f).test;
        let counted = |flow: &&Flow| {
            source_set(self.analysis.source(flow.source).kind) == SourceSet::Untrusted
                && self.counts(site, flow, SourceSet::Untrusted)
                && !(what == What::Turns
                    && (is_cut_short(code, f, site.call) || is_of_fixed_width(code, f, site.call)))
                // A file has no more than it has, whatever it says.
                && !(what == What::Reading && self.analysis.source(flow.source).kind != Some(SourceKind::Remote))
                // Where the same data is bounded on another way, this one may be no way at all.
                && !site.blocked.iter().any(|b| b.source == flow.source)
        };
        let best = flows
            .iter()
            .filter(counted)
            .min_by_key(|flow| (flow.flags.assumptions(), flow.length, flow.source.index()));
        if let (Some(flow), false) = (best, test) {
            let source = self.analysis.source(flow.source);
            if let Some(limit) = declared_limit(code, source.function, source.value) {
                out.push(closed(Outcome::Safe, "bounded-by", format!("the declaration of the parameter: `{limit}`")));
                return;
            }
            let others = flows.iter().filter(|f| f.source != flow.source && counted(f)).count();
            let mut examined = self.open(site, check, flow, others);
            examined.api.clone_from(&api);
            "unbounded".clone_into(&mut examined.reason.code);
            if let Some(explanation) = &mut examined.explanation {
                let origin = self.source_in_words(&source);
                // `range(1, n)`: the one that is fixed is not meant.
                let told = site.arguments.iter().find(|a| !matches!(code.op(f, **a), Op::Const(_)));
                let number = told.or(site.arguments.first()).map_or_else(String::new, |a| code.shown_value(f, *a));
                // Where several values meet, there is no code of one: what is called with it is shown.
                let number = if number.is_empty() { inner_code(&code.shown(f, span)) } else { number };
                let (title, harm) = words(what);
                explanation.title =
                    format!("{title}: `{number}` in `{api}` comes from {origin} without an upper bound");
                explanation.message = format!(
                    "`{}` takes {harm} as `{number}` says, which is {origin}; nothing on the way limits it.",
                    code.shown(f, span)
                );
                if matches!(what, What::Reading | What::Waiting) {
                    explanation.severity = Severity::Low;
                }
                if let Some(last) = explanation.trace.last_mut() {
                    last.message = format!("says {harm}");
                }
                explanation.solution =
                    check.solution_for(&api, &code.shown_value(source.function, source.value), &number);
                explanation.false_if.push("the number was limited before the program gets it".to_owned());
            }
            out.push(examined);
            return;
        }
        if let Some(text) = bound_of_site(code, site) {
            let detail = if test { format!("{text}; test code") } else { text };
            out.push(closed(Outcome::Safe, "bounded-by", detail));
            return;
        }
        if test {
            out.push(closed(Outcome::Safe, "test-code", "only tests run it".to_owned()));
            return;
        }
        if let Some(blocked) = site.blocked.first() {
            let by = match blocked.by {
                BlockedBy::Sanitiser(api) => self.resolution.api_name(api).to_owned(),
                BlockedBy::Validator(g, condition) => format!("`{}`", code.shown_value(g, condition)),
                BlockedBy::Position => "how the number is made".to_owned(),
            };
            out.push(closed(Outcome::Safe, "bounded-by", by));
            return;
        }
        let uncertain = flows.iter().map(|f| self.analysis.source(f.source)).find(|source| {
            source.kind.is_some_and(|k| k == SourceKind::Remote) && self.threats.untrusted(source, site.kind)
        });
        if let Some(source) = uncertain {
            let detail = format!("the way of {} rests on too much that is assumed", self.source_in_words(&source));
            out.push(closed(Outcome::NotObserved, "way-uncertain", detail));
            return;
        }
        let (reason, detail) = match flows.first() {
            Some(flow) => {
                let source = self.analysis.source(flow.source);
                ("trusted-source", format!("the number is {}", self.source_in_words(&source)))
            }
            None if site.from_parameter => (
                "not-reachable-from-untrusted-input",
                "no caller that was found passes a number from outside".to_owned(),
            ),
            None => ("not-reachable-from-untrusted-input", "no number from outside was seen to get here".to_owned()),
        };
        out.push(closed(Outcome::Safe, reason, detail));
    }
}

/// What bounds the number at a site, the loops around it included.
fn bound_of_site(code: &Code<'_>, site: &SinkSite) -> Option<String> {
    let f = site.function;
    let (what, api) = what(code, f, site.call);
    let own = if api == "range" {
        bounds::of_range(code, f, site.call)?
    } else {
        let mut out: Option<Bound> = None;
        for argument in &site.arguments {
            let next = bounds::bound(code, f, *argument)?;
            out = Some(match out {
                Some(have) if have.most >= next.most => have,
                _ => next,
            });
        }
        out?
    };
    let shown = site.arguments.last().map_or_else(String::new, |a| code.shown_value(f, *a));
    if what != What::Turns {
        return Some(match own.most {
            Some(most) if own.by.is_empty() => format!("the constant {most}"),
            _ => own.by,
        });
    }
    Some(bounds::in_words(&bounds::around(code, f, site.call), &own, &shown))
}

/// Whether a range lies around a number, with ends that are as far from it as the program says: `range(n - 2, n + 3)`.
fn is_of_fixed_width(code: &Code<'_>, f: FuncId, range: Value) -> bool {
    let Op::Call { args, .. } = code.op(f, range) else { return false };
    let [from, to, ..] = args.as_slice() else { return false };
    let number = |v: Value| matches!(assay_taint::constant(code.res, f, v), Some(ConstValue::Int(_)));
    let middle = |mut v: Value| {
        for _ in 0..MAX_STEPS {
            v = code.plain(f, v);
            v = match code.op(f, v) {
                Op::Binary(BinaryOp::Add | BinaryOp::Sub, a, b) if number(*b) => *a,
                Op::Binary(BinaryOp::Add, a, b) if number(*a) => *b,
                // The greater one of it and a number begins no earlier.
                Op::Call { args, .. } if code.callee(f, v).trim_start_matches("builtins.") == "max" => {
                    match args.as_slice() {
                        [a, b] if number(a.value) => b.value,
                        [a, b] if number(b.value) => a.value,
                        _ => return v,
                    }
                }
                _ => return v,
            };
        }
        v
    };
    code.is_same(f, middle(from.value), middle(to.value))
}

/// Whether a loop over a range ends with something else: what `zip` puts beside it.
fn is_cut_short(code: &Code<'_>, f: FuncId, range: Value) -> bool {
    code.function(f).insts.iter_enumerated().any(|(call, inst)| match &inst.op {
        Op::Call { args, .. } => {
            args.len() > 1 && args.iter().any(|a| a.value == range) && code.callee(f, call) == "zip"
        }
        _ => false,
    })
}

/// An upper limit in the declaration of a parameter that a framework fills: `Query(10, le=100)`.
fn declared_limit(code: &Code<'_>, f: FuncId, value: Value) -> Option<String> {
    let Op::Param(index) = code.op(f, value) else { return None };
    let limited = |g: FuncId, value: Value| {
        let Op::Call { args, .. } = code.op(g, code.plain(g, value)) else { return None };
        let limit = args.iter().any(|a| {
            matches!(a.kind, assay_ir::ArgKind::Keyword(name) if matches!(code.text(name), "le" | "lt" | "max_value" | "max"))
        });
        limit.then(|| code.shown_value(g, value))
    };
    if let Some((g, default)) = code.default(f, *index)
        && let Some(found) = limited(g, default)
    {
        return Some(found);
    }
    // `Annotated[int, Query(le=100)]`
    for g in code.res.program.functions.ids().filter(|g| code.res.program.module_of(*g).file == code.file(f)) {
        for inst in &code.function(g).insts {
            if let Op::MakeFunction { function, annotations, .. } = &inst.op
                && code.res.program.func_id(code.res.program.functions[g].module, *function) == f
            {
                let annotation = annotations.iter().find(|(i, _)| i == index)?.1;
                let shown = code.shown_value(g, annotation);
                let limit = ["le=", "lt=", "Le(", "Lt("].iter().any(|part| shown.contains(part));
                return limit.then_some(shown);
            }
        }
    }
    None
}

/// What the number at a place is of, and the name of what takes it.
fn what(code: &Code<'_>, f: FuncId, place: Value) -> (What, String) {
    match code.op(f, place) {
        Op::Binary(op, ..) | Op::InPlace(op, ..) => match op {
            BinaryOp::Mul => (What::Memory, "repetition".to_owned()),
            BinaryOp::Pow => (What::Rounds, "power".to_owned()),
            _ => (What::Memory, "shift".to_owned()),
        },
        _ => {
            let api = code.callee(f, place);
            let last = api.rsplit('.').next().unwrap_or(&api);
            let what = match last {
                "range" | "xrange" | "repeat" => What::Turns,
                "sleep" => What::Waiting,
                "pbkdf2_hmac" | "PBKDF2HMAC" | "scrypt" | "Scrypt" | "pow" | "factorial" | "comb" | "perm"
                | "pbkdf2" | "PBKDF2" | "hashpw" | "gensalt" => What::Rounds,
                "read" | "recv" | "read1" | "readline" => What::Reading,
                _ => What::Memory,
            };
            (what, api)
        }
    }
}

/// The title of a finding, and what is taken, in words.
fn words(what: What) -> (&'static str, &'static str) {
    match what {
        What::Turns => ("A loop runs as often as an attacker likes", "as many turns"),
        What::Memory => ("Memory is allocated as an attacker likes", "as much memory"),
        What::Waiting => ("The program waits as long as an attacker likes", "as much time"),
        What::Rounds => ("A computation takes as long as an attacker likes", "as many rounds"),
        What::Reading => ("As much is read into memory as an attacker says", "as much of the stream"),
    }
}
