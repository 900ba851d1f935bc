//! Matches of regular expressions whose time grows faster than the text.
//!
//! - A *match* is a call that runs an expression over a text; it is a sink, and the flows to it are those of the
//!   taint analysis.
//! - A *declared* expression is handed to a framework, which runs it over what clients send.
//! - An expression that is compiled and never seen to be matched is a place of its own.

use crate::code::Code;
use crate::expressions::{Expression, Expressions};
use crate::flows::{FlowInput, lower, source_set};
use crate::{Check, Examined, Explanation, SourceSet};
use assay_finding::{Confidence, Outcome, Reason, Severity, Step, StepKind};
use assay_index::Idx;
use assay_ir::{CompareOp, Const, Op, Value};
use assay_models::SourceKind;
use assay_resolve::FuncId;
use assay_taint::{BlockedBy, Flow, SinkSite};
use assay_text::Span;
use assay_values::regex::{Growth, Part, Run, Slow};
use std::fmt::Write as _;

/// Characters of an expression, and of a part of an attack, that a sentence quotes.
const MAX_QUOTED: usize = 120;
/// A text of no more characters bounds even exponential work.
const SHORT: i64 = 24;

/// A function or class of a framework that takes an expression, with the argument's position and name, how it is run, and
/// whether the text is the path of an address, which servers keep short.
struct Declared {
    path: &'static str,
    position: usize,
    name: &'static str,
    run: Run,
    address: bool,
}

const fn declared(path: &'static str, position: usize, name: &'static str, run: Run) -> Declared {
    Declared { path, position, name, run, address: false }
}

const fn address(path: &'static str) -> Declared {
    Declared { path, position: 0, name: "regex", run: Run::Search, address: true }
}

const DECLARED: &[Declared] = &[
    declared("django.core.validators.RegexValidator", 0, "regex", Run::Search),
    declared("django.forms.RegexField", 0, "regex", Run::Search),
    declared("django.forms.fields.RegexField", 0, "regex", Run::Search),
    declared("rest_framework.serializers.RegexField", 0, "regex", Run::Search),
    declared("rest_framework.fields.RegexField", 0, "regex", Run::Search),
    declared("wtforms.validators.Regexp", 0, "regex", Run::Match),
    declared("wtforms.validators.regexp", 0, "regex", Run::Match),
    declared("marshmallow.validate.Regexp", 0, "regex", Run::Match),
    declared("pydantic.Field", usize::MAX, "regex", Run::Match),
    declared("pydantic.constr", usize::MAX, "regex", Run::Match),
    declared("fastapi.Query", usize::MAX, "regex", Run::Match),
    declared("fastapi.Path", usize::MAX, "regex", Run::Match),
    declared("fastapi.Form", usize::MAX, "regex", Run::Match),
    declared("fastapi.Body", usize::MAX, "regex", Run::Match),
    declared("fastapi.Header", usize::MAX, "regex", Run::Match),
    address("django.urls.re_path"),
    address("django.urls.conf.re_path"),
    address("django.conf.urls.url"),
];

/// Callables of pydantic 2 and what stands on it, whose engine takes linear time for `pattern=`.
const LINEAR_ENGINES: &[&str] = &[
    "pydantic.Field",
    "pydantic.constr",
    "pydantic.StringConstraints",
    "fastapi.Query",
    "fastapi.Path",
    "fastapi.Form",
    "fastapi.Body",
];

/// The growth in a word.
fn growth_word(growth: Growth) -> String {
    match growth {
        Growth::Exponential => "exponential".to_owned(),
        Growth::Polynomial(2) => "quadratic".to_owned(),
        Growth::Polynomial(3) => "cubic".to_owned(),
        Growth::Polynomial(n) => format!("n^{n}"),
    }
}

fn quoted(text: &str) -> String {
    let mut out: String = text.chars().take(MAX_QUOTED).flat_map(char::escape_default).collect();
    if text.chars().count() > MAX_QUOTED {
        out.push('…');
    }
    out
}

/// An attack as an expression of Python: `"a" + "b" * n + "!"`.
fn attack(slow: &Slow) -> String {
    let mut parts: Vec<String> = Vec::new();
    let text = |t: &str| format!("'{}'", quoted(t).replace("\\\"", "\""));
    let fixed = |t: &str, parts: &mut Vec<String>| {
        if !t.is_empty() {
            parts.push(text(t));
        }
    };
    fixed(&slow.attack.prefix, &mut parts);
    for (word, between) in &slow.attack.pumps {
        parts.push(format!("{} * n", text(word)));
        fixed(between, &mut parts);
    }
    fixed(&slow.attack.suffix, &mut parts);
    parts.join(" + ")
}

/// The parts of an expression that share in the work, in words.
fn parts(expression: &Expression, slow: &Slow) -> String {
    let slice = |start: u32, end: u32| -> String {
        expression.text.chars().skip(start as usize).take((end - start) as usize).collect()
    };
    let mut words: Vec<String> = slow
        .parts
        .iter()
        .map(|part| match part {
            Part::Start => "the search for a place to start".to_owned(),
            Part::Repeat(start, end) => format!("`{}`", one_line(&slice(*start, *end))),
        })
        .collect();
    match words.pop() {
        Some(last) if words.is_empty() => match slow.growth {
            Growth::Exponential => format!("{last} reads the same text in several ways"),
            Growth::Polynomial(_) => format!("{last} can be split in several ways"),
        },
        Some(last) => format!("{} and {last} can share the same text in several ways", words.join(", ")),
        None => "parts of it read the same text in several ways".to_owned(),
    }
}

/// What was seen in the replay, in words.
fn seen(slow: &Slow) -> String {
    let mut out = String::new();
    for (i, (n, steps)) in slow.steps.iter().rev().take(2).rev().enumerate() {
        let _ = write!(out, "{}{steps} steps with n = {n}", if i > 0 { ", " } else { "" });
    }
    out
}

fn one_line(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() {
        text.escape_default().collect()
    } else if out.chars().count() > MAX_QUOTED {
        format!("{}…", out.chars().take(MAX_QUOTED).collect::<String>())
    } else {
        out
    }
}

fn severity(growth: Growth) -> Severity {
    match growth {
        Growth::Exponential => Severity::High,
        Growth::Polynomial(2) => Severity::Low,
        Growth::Polynomial(_) => Severity::Medium,
    }
}

fn solution(slow: &Slow, expression: &Expression) -> String {
    let first = match slow.parts.as_slice() {
        [Part::Start, ..] | [_, Part::Start, ..] => {
            "Anchor the expression at the start and run it by `match`, or replace it by `strip`, `partition` or `in`"
                .to_owned()
        }
        _ => format!(
            "Rewrite `{}` so that what is repeated starts with something that cannot stand before it; from Python 3.11 on a possessive repetition (`++`, `*+`) does",
            one_line(&expression.text)
        ),
    };
    format!("{first}. Either way, refuse texts that are too long before the match.")
}

/// What is said of a slow expression that nothing untrusted reaches.
fn words(expression: &Expression, slow: &Slow) -> String {
    format!("`{}` is {} on `{}`", one_line(&expression.text), growth_word(slow.growth), attack(slow))
}

impl FlowInput<'_> {
    /// A call that runs an expression over a text.
    pub(crate) fn examine_match(
        &self,
        site: &SinkSite,
        flows: &[Flow],
        check: &'static Check,
        expressions: &mut Expressions<'_>,
        out: &mut Vec<Examined>,
    ) {
        let (function, span, api) = self.place(site);
        let closed =
            |outcome, code: &str, detail: String| Examined::closed(check, function, span, &api, outcome, code, detail);
        let Some((found, run)) = expressions.of_match(function, site.call) else { return };
        if found.is_empty() && site.assumed {
            return;
        }
        if self.resolution.program.module_of(function).test {
            out.push(closed(Outcome::Safe, "test-code", "code of tests or examples".to_owned()));
            return;
        }
        let (worst, gaps) = expressions.slowest(&found, run);
        let growth = worst.as_ref().map(|(_, slow)| slow.growth);
        // Who passes an object of their own does not mean the texts in it.
        let in_object = site.arguments.iter().any(|a| match expressions.code.op(function, *a) {
            Op::Attr(base, _) => matches!(expressions.code.op(function, *base), Op::Param(_)),
            _ => false,
        });
        let untrusted = |flow: &Flow| {
            let source = self.analysis.source(flow.source);
            source_set(source.kind) == SourceSet::Untrusted
                && !(in_object && source.kind.is_none() && source.function == function)
                && self.counts(site, flow, SourceSet::Untrusted)
        };
        let counted = |flow: &&Flow| {
            let source = self.analysis.source(flow.source);
            untrusted(flow)
                && growth.is_none_or(|growth| suffices(growth, source.kind))
                // Servers keep addresses short.
                && !(growth == Some(Growth::Polynomial(2)) && is_address(expressions.code, source.function, source.value))
        };
        let best = flows.iter().filter(counted).min_by_key(|f| {
            let assumed = f.flags.assumptions() + u32::from(self.analysis.source(f.source).kind.is_none()) * 2;
            (assumed, f.length, f.source.index())
        });
        let Some((expression, slow)) = worst else {
            out.push(match (found.first(), best) {
                (None, Some(flow)) => {
                    let source = self.analysis.source(flow.source);
                    let detail = format!("the expression is not known; {} reaches it", self.source_in_words(&source));
                    closed(Outcome::NotObserved, "expression-unknown", detail)
                }
                (None, None) => closed(
                    Outcome::Safe,
                    "not-reachable-from-untrusted-input",
                    "the expression is not known; nothing untrusted goes into it".to_owned(),
                ),
                (Some(first), _) => {
                    let mut detail = format!("`{}` takes steps in proportion to the text", one_line(&first.text));
                    if !gaps.is_empty() {
                        let _ = write!(detail, ", as far as it is modelled: it has {}", gaps.join(", "));
                    }
                    closed(Outcome::Safe, "linear", detail)
                }
            });
            return;
        };
        if let Some(flow) = best {
            let others = flows.iter().filter(|f| f.source != flow.source && counted(f)).count();
            let mut examined = self.open(site, check, flow, others);
            let code = expressions.code;
            if let Some(explanation) = &mut examined.explanation {
                let source = self.analysis.source(flow.source);
                let origin = self.source_in_words(&source);
                describe(code, explanation, expression, &slow, examined.outcome, &origin, &api);
            }
            examined.reason =
                Reason { code: format!("{}-match", growth_word(slow.growth)), detail: words(expression, &slow) };
            place_at_expression(code, expression, &mut examined, out);
            out.push(examined);
            return;
        }
        let detail = words(expression, &slow);
        if let Some(flow) = flows.iter().find(|flow| untrusted(flow)) {
            let origin = self.source_in_words(&self.analysis.source(flow.source));
            let detail =
                format!("{detail}; {origin} gets here, of which no text is known that is long enough to matter");
            out.push(closed(Outcome::Safe, "long-texts-only", detail));
            return;
        }
        if let Some(blocked) = site.blocked.first() {
            let (code, by) = match blocked.by {
                BlockedBy::Sanitiser(api) => ("sanitised-by", self.resolution.api_name(api).to_owned()),
                BlockedBy::Validator(f, condition) => {
                    let shown = expressions.code.shown_value(f, condition);
                    (if shown.contains("len(") { "bounded-by" } else { "validated-by" }, shown)
                }
                BlockedBy::Position => ("bounded", "its length is limited, or it is no free text".to_owned()),
            };
            let limit = match blocked.by {
                BlockedBy::Validator(f, condition) => length_limit(expressions.code, f, condition),
                _ => None,
            };
            let source = self.analysis.source(blocked.source);
            if slow.growth == Growth::Exponential
                && limit.is_some_and(|limit| limit > SHORT)
                && self.source_counts(site, &source, blocked.flags, None, SourceSet::Untrusted)
            {
                let origin = self.source_in_words(&source);
                let said = (origin.as_str(), "the length that the check allows is reached");
                let code = expressions.code;
                let from = (source.function, source.value);
                let mut found = self.without_way(site, check, code, (expression, &slow), from, said);
                if let Some(explanation) = &mut found.explanation {
                    let more = " The check of the length does not prevent it: a few dozen characters suffice.";
                    explanation.message.push_str(more);
                }
                out.push(found);
                return;
            }
            // A limit of the length is none where a few dozen characters suffice.
            let in_position = slow.growth == Growth::Exponential
                && matches!(blocked.by, BlockedBy::Position)
                && !is_number(expressions.code, site);
            let blocked = site.blocked.iter().find(|b| {
                let source = self.analysis.source(b.source);
                in_position
                    && matches!(b.by, BlockedBy::Position)
                    && self.source_counts(site, &source, b.flags, None, SourceSet::Untrusted)
            });
            if let Some(blocked) = blocked {
                let source = self.analysis.source(blocked.source);
                let origin = self.source_in_words(&source);
                let said = (origin.as_str(), "what limits it on the way leaves room for a few dozen characters");
                let code = expressions.code;
                let from = (source.function, source.value);
                let mut found = self.without_way(site, check, code, (expression, &slow), from, said);
                place_at_expression(code, expression, &mut found, out);
                out.push(found);
                return;
            }
            let bounded = closed(Outcome::Safe, code, format!("`{by}`; {detail}"));
            let others =
                self.for_callers(site, expressions.code).or_else(|| self.for_users(site, flows, expressions.code));
            if !in_position || others.is_none() {
                out.push(bounded);
                return;
            }
        }
        let sources = || flows.iter().map(|flow| self.analysis.source(flow.source));
        if let Some(source) = sources().find(|s| {
            s.kind.is_some()
                && self.threats.untrusted(s, site.kind)
                && growth.is_none_or(|growth| suffices(growth, s.kind))
        }) {
            let detail =
                format!("{detail}, and the way of {} rests on too much that is assumed", self.source_in_words(&source));
            out.push(closed(Outcome::NotObserved, "way-uncertain", detail));
            return;
        }
        if slow.growth == Growth::Exponential
            && let Some(parameter) = self.for_callers(site, expressions.code)
        {
            let name = expressions.code.shown_value(function, parameter);
            let origin = format!("the parameter `{name}` of a function that others are to call");
            let said = (origin.as_str(), "callers pass on what others wrote");
            let (code, from) = (expressions.code, (function, parameter));
            let mut found = self.without_way(site, check, code, (expression, &slow), from, said);
            place_at_expression(code, expression, &mut found, out);
            out.push(found);
            return;
        }
        if slow.growth == Growth::Exponential
            && let Some(text) = self.for_users(site, flows, expressions.code)
        {
            let (code, from) = (expressions.code, (function, text));
            let origin = format!("what users of the package bring in (`{}`)", code.shown_value(function, text));
            let said = (origin.as_str(), "it can be a text that others wrote: a few dozen characters suffice");
            let mut found = self.without_way(site, check, code, (expression, &slow), from, said);
            if let Some(explanation) = &mut found.explanation
                && !site.from_parameter
            {
                explanation.confidence = Confidence::Low;
            }
            place_at_expression(code, expression, &mut found, out);
            out.push(found);
            return;
        }
        let code = if flows.is_empty() { "not-reachable-from-untrusted-input" } else { "trusted-source" };
        let why = match flows.first() {
            Some(flow) => {
                let source = self.analysis.source(flow.source);
                format!("what comes here is {}", self.source_in_words(&source))
            }
            None => "nothing untrusted was seen to go into it".to_owned(),
        };
        out.push(closed(Outcome::Safe, code, format!("{detail}, but {why}")));
    }

    /// A match that is reported for data whose way to it is not known step by step: `from` is where it comes in.
    fn without_way(
        &self,
        site: &SinkSite,
        check: &'static Check,
        code: &Code<'_>,
        (expression, slow): (&Expression, &Slow),
        from: (FuncId, Value),
        (origin, assumption): (&str, &str),
    ) -> Examined {
        let (function, span, api) = self.place(site);
        let trace = vec![
            Step {
                kind: StepKind::Source,
                place: code.place(from.0, code.span(from.0, from.1)),
                message: format!("{origin} comes in here"),
            },
            Step { kind: StepKind::Sink, place: code.place(function, span), message: "it is matched here".to_owned() },
        ];
        let outcome = Outcome::Potential;
        let mut explanation = Explanation {
            title: String::new(),
            message: String::new(),
            severity: severity(slow.growth),
            confidence: Confidence::Medium,
            trace,
            assumptions: vec![assumption.to_owned()],
            reach: Vec::new(),
            false_if: Vec::new(),
            solution: String::new(),
            wanted: None,
            cwe: None,
        };
        describe(code, &mut explanation, expression, slow, outcome, origin, &api);
        let reason = Reason { code: format!("{}-match", growth_word(slow.growth)), detail: words(expression, slow) };
        Examined { check, function, span, api, outcome, reason, explanation: Some(explanation) }
    }

    /// The parameter that is matched in a function which others are to call: nothing in the program does, and its name does
    /// not say that nobody else should.
    fn for_callers(&self, site: &SinkSite, code: &Code<'_>) -> Option<Value> {
        let f = site.function;
        let function = code.function(f);
        let hidden = |name: &str| name.starts_with('_') && name != "__call__";
        let class = self.resolution.program.functions[f].class;
        let private = class.is_some_and(|c| hidden(code.text(self.resolution.program.class(c).name)));
        let entry = self.resolution.entries.iter().any(|e| e.function == f);
        if !site.from_parameter
            || private
            || entry
            || function.parent.is_some_and(|p| self.resolution.program.module_of(f).ir.functions[p].is_callable())
            || hidden(code.function_name(f))
            || self.resolution.is_called(f)
            || self.is_decorated(f)
        {
            return None;
        }
        let Op::Call { args, .. } = code.op(f, site.call) else { return None };
        args.iter().map(|a| code.plain(f, a.value)).find(|v| matches!(code.op(f, *v), Op::Param(_)))
    }

    /// The text of a match in a package for others to use, where no way of data to it was seen, or only one from a file: nobody
    /// knows what users hand over, and for exponential growth any text is long enough.
    fn for_users(&self, site: &SinkSite, flows: &[Flow], code: &Code<'_>) -> Option<Value> {
        let module = self.resolution.program.module_of(site.function);
        let name = code.text(module.name);
        let own = |source: Option<SourceKind>| !matches!(source, None | Some(SourceKind::Local));
        if !self.threats.library
            || assay_taint::is_workshop(name)
            || flows.iter().any(|flow| own(self.analysis.source(flow.source).kind))
        {
            return None;
        }
        let text = *site.arguments.first()?;
        let fixed = matches!(code.op(site.function, code.plain(site.function, text)), Op::Const(_))
            || assay_taint::constant(self.resolution, site.function, text).is_some();
        (!fixed).then_some(text)
    }

    /// Whether a decorator gets a function: what made it calls it, and with what is its affair.
    fn is_decorated(&self, f: FuncId) -> bool {
        let info = self.resolution.program.functions[f];
        let module = &self.resolution.program.module_of(f).ir;
        let Some(around) = module.functions[info.local].parent.map(|p| &module.functions[p]) else { return false };
        around.insts.iter_enumerated().any(|(made, inst)| {
            matches!(inst.op, Op::MakeFunction { function, .. } if function == info.local)
                && around.insts.iter().any(|i| match &i.op {
                    Op::Call { args, .. } => args.iter().any(|a| a.value == made),
                    _ => false,
                })
        })
    }

    /// Expressions that frameworks run, and those that are compiled and never seen to be matched.
    pub(crate) fn examine_expressions(
        &self,
        check: &'static Check,
        expressions: &mut Expressions<'_>,
        out: &mut Vec<Examined>,
    ) {
        let res = self.resolution;
        for f in res.program.functions.ids() {
            for (call, targets) in res.calls(f) {
                for api in &targets.apis {
                    let name = res.api_name(*api).trim_start_matches("builtins.");
                    if let Some(declared) = DECLARED.iter().find(|d| d.path == name) {
                        examine_declared(check, expressions, declared, f, *call, out);
                    }
                    if LINEAR_ENGINES.contains(&name)
                        && !expressions.of_argument(f, *call, usize::MAX, "pattern").is_empty()
                    {
                        let span = expressions.code.span(f, *call);
                        let detail = "the engine of pydantic 2 does not go back".to_owned();
                        out.push(expressions.code.closed(check, f, span, name, Outcome::Safe, "linear-engine", detail));
                    }
                    if matches!(name, "re.compile" | "regex.compile") && !expressions.is_used(f, *call) {
                        examine_compiled(check, expressions, name, f, *call, out);
                    }
                }
                if expressions.is_scanner(f, *call) && !expressions.is_used(f, *call) {
                    examine_compiled(check, expressions, "re.Scanner", f, *call, out);
                }
            }
        }
    }
}

/// An expression that a framework runs.
fn examine_declared(
    check: &'static Check,
    expressions: &mut Expressions<'_>,
    declared: &Declared,
    f: FuncId,
    call: Value,
    out: &mut Vec<Examined>,
) {
    let found = expressions.of_argument(f, call, declared.position, declared.name);
    let Some(first) = found.first() else { return };
    let (worst, _) = expressions.slowest(&found, declared.run);
    let span = expressions.code.span(f, call);
    let name = declared.path;
    let Some((expression, slow)) = worst else {
        let detail = format!("`{}` takes steps in proportion to the text", one_line(&first.text));
        out.push(expressions.code.closed(check, f, span, name, Outcome::Safe, "linear", detail));
        return;
    };
    let detail = words(expression, &slow);
    if declared.address && slow.growth == Growth::Polynomial(2) {
        let detail = format!("{detail}, but servers keep addresses short");
        out.push(expressions.code.closed(check, f, span, name, Outcome::Safe, "bounded", detail));
        return;
    }
    if expressions.code.in_test(f) {
        out.push(expressions.code.closed(check, f, span, name, Outcome::Safe, "test-code", detail));
        return;
    }
    let said = Said {
        step: "the framework runs the expression",
        assumption: "what is checked comes from clients",
        origin: "what clients send",
    };
    out.push(without_flow(check, expressions.code, (f, span, name), (expression, &slow), &said));
}

/// What is said where no flow leads to a match.
struct Said {
    step: &'static str,
    assumption: &'static str,
    origin: &'static str,
}

/// A finding at an expression, where the way of the text is not known.
fn without_flow(
    check: &'static Check,
    code: &Code<'_>,
    (f, span, api): (FuncId, Span, &str),
    (expression, slow): (&Expression, &Slow),
    said: &Said,
) -> Examined {
    let outcome = Outcome::Potential;
    let mut explanation = Explanation {
        title: String::new(),
        message: String::new(),
        severity: severity(slow.growth),
        confidence: Confidence::Medium,
        trace: vec![Step { kind: StepKind::Sink, place: code.place(f, span), message: said.step.to_owned() }],
        assumptions: vec![said.assumption.to_owned()],
        reach: Vec::new(),
        false_if: Vec::new(),
        solution: String::new(),
        wanted: None,
        cwe: None,
    };
    describe(code, &mut explanation, expression, slow, outcome, said.origin, api);
    let reason = Reason { code: format!("{}-match", growth_word(slow.growth)), detail: words(expression, slow) };
    Examined { check, function: f, span, api: api.to_owned(), outcome, reason, explanation: Some(explanation) }
}

/// Puts a finding where the expression stands, which is what must be changed. The trace leads to the match. Of several
/// matches with one expression, the others stay where they are.
fn place_at_expression(code: &Code<'_>, expression: &Expression, examined: &mut Examined, out: &[Examined]) {
    let (f, value) = expression.place;
    let span = code.span(f, value);
    let taken = |e: &Examined| e.check.id == examined.check.id && e.function == f && e.span == span;
    if f != examined.function && !code.in_test(f) && !out.iter().any(taken) {
        examined.function = f;
        examined.span = span;
    }
}

/// Fills in what a finding says.
fn describe(
    code: &Code<'_>,
    explanation: &mut Explanation,
    expression: &Expression,
    slow: &Slow,
    outcome: Outcome,
    origin: &str,
    api: &str,
) {
    explanation.title = format!("A match takes {} time: {origin} reaches `{}`", growth_word(slow.growth), short(api));
    explanation.message = format!(
        "`{}` is matched against {origin}. In it, {}: on `{}` a replay takes {}.",
        one_line(&expression.text),
        parts(expression, slow),
        attack(slow),
        seen(slow),
    );
    explanation.severity = severity(slow.growth);
    if outcome == Outcome::Potential {
        explanation.severity = lower(explanation.severity);
    }
    explanation.solution = solution(slow, expression);
    if expression.guessed {
        let assumption = "parts of the expression, or flags, that only the run shows change nothing about it";
        explanation.assumptions.push(assumption.to_owned());
    }
    explanation.false_if.push("texts are short before they get here".to_owned());
    let (f, value) = expression.place;
    let step = Step {
        kind: StepKind::Assignment,
        place: code.place(f, code.span(f, value)),
        message: format!("the expression: {}", parts(expression, slow)),
    };
    let at = explanation.trace.len().saturating_sub(1);
    let same = explanation.trace.last().is_some_and(|last| last.place == step.place);
    if !same {
        explanation.trace.insert(at, step);
    }
}

/// An expression that is compiled and not seen to be matched.
fn examine_compiled(
    check: &'static Check,
    expressions: &mut Expressions<'_>,
    name: &str,
    f: FuncId,
    call: Value,
    out: &mut Vec<Examined>,
) {
    let found = expressions.of_compile(f, call);
    let Some(first) = found.first() else { return };
    let (worst, _) = expressions.slowest(&found, Run::Search);
    let span = expressions.code.span(f, call);
    let code = expressions.code;
    // A few dozen characters suffice, whoever brings them. Of several, each counts: to mend one mends no other.
    if worst.as_ref().is_some_and(|(_, slow)| slow.growth == Growth::Exponential) && !code.in_test(f) {
        let said = Said {
            step: "the expression is compiled",
            assumption: "it is matched with a text that others wrote; no match with it was seen",
            origin: "what it is used for",
        };
        let mut here = false;
        for expression in &found {
            let Some(slow) = expressions.cost(expression, Run::Search).slow else { continue };
            if slow.growth == Growth::Exponential {
                let mut found = without_flow(check, code, (f, span, name), (expression, &slow), &said);
                place_at_expression(code, expression, &mut found, out);
                let stays = (found.function, found.span) == (f, span);
                if !stays || !std::mem::replace(&mut here, true) && expression.place.0 == f {
                    out.push(found);
                }
            }
        }
        return;
    }
    let (reason, detail) = match worst {
        Some((expression, slow)) => {
            ("no-match-seen", format!("{}, but no match with it was seen", words(expression, &slow)))
        }
        None => ("linear", format!("`{}` takes steps in proportion to the text", one_line(&first.text))),
    };
    out.push(code.closed(check, f, span, name, Outcome::Safe, reason, detail));
}

/// Whether growth is worth a word when data of this source shows it.
fn suffices(growth: Growth, source: Option<SourceKind>) -> bool {
    match source {
        Some(SourceKind::Remote) => true,
        // A host that is asked and wants to keep the one that asks busy can just as well not answer.
        Some(SourceKind::Response) => growth == Growth::Exponential,
        // Nobody is known to pass a text that is long enough for a square to matter, by a file or to a function of a library.
        _ => growth > Growth::Polynomial(2),
    }
}

/// Whether a value is the address that a request is for, or a part of it.
fn is_address(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    const PARTS: &[&str] =
        &["path", "path_info", "full_path", "get_full_path", "build_absolute_uri", "query_string", "url", "uri"];
    let name = match code.op(f, code.plain(f, value)) {
        Op::Call { func, .. } => code.text_of_attr(f, *func),
        _ => code.text_of_attr(f, value),
    };
    name.is_some_and(|name| PARTS.contains(&name))
}

/// Whether the text of a match is that of a number.
fn is_number(code: &Code<'_>, site: &SinkSite) -> bool {
    site.arguments.iter().any(|a| {
        let text = code.plain(site.function, *a);
        matches!(code.op(site.function, text), Op::Call { .. })
            && matches!(code.callee(site.function, text).trim_start_matches("builtins."), "str" | "hex" | "bin" | "oct")
    })
}

/// The length that a condition compares with, or that a slice ends at, when it is a constant.
fn length_limit(code: &Code<'_>, f: FuncId, condition: Value) -> Option<i64> {
    let constant = |v: Value| match assay_taint::constant(code.res, f, v) {
        Some(assay_values::ConstValue::Int(i)) => Some(i),
        _ => match code.op(f, v) {
            Op::Const(Const::Int(i)) => Some(*i),
            _ => None,
        },
    };
    match code.op(f, condition) {
        Op::Item(_, index) => match code.op(f, *index) {
            Op::Slice(_, Some(end), _) => constant(*end),
            _ => None,
        },
        Op::Compare(
            CompareOp::Less
            | CompareOp::LessEq
            | CompareOp::Greater
            | CompareOp::GreaterEq
            | CompareOp::Eq
            | CompareOp::NotEq,
            a,
            b,
        ) => constant(*a).or_else(|| constant(*b)),
        _ => None,
    }
}

fn short(api: &str) -> &str {
    let cut = api.char_indices().rev().filter(|(_, c)| *c == '.').nth(1).map_or(0, |(i, _)| i + 1);
    &api[cut..]
}
