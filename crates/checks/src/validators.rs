//! Expressions that the values of a field are held against: whether they hold for the whole value.
//!
//! - A *validator* is an expression that a framework holds the values of a field against, one in a schema, or one that a
//!   function matches a parameter with to refuse what does not match.
//! - An expression *lists* what may be in a value when each of its classes is narrow: it leaves out what other languages use for
//!   their own purposes. One that lists, and may match a part of the value only, lets everything else through beside it.

use crate::code::{Code, Defect, Passed};
use crate::expressions::{Expression, Expressions, run_of};
use crate::flawed::is_named_as_check;
use crate::{Check, Examined};
use assay_dataflow::{UseList, User};
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::{ArgKind, CompareOp, Const, Function, Op, Terminator, UnaryOp, Value};
use assay_models::HeldAgainst;
use assay_resolve::FuncId;
use assay_text::Role;
use assay_values::regex::{Anchor, Node, Run, parse};

/// Characters of an example.
const MAX_SAMPLE: usize = 24;

/// A place where values are held against an expression.
struct Place {
    f: FuncId,
    /// What is reported.
    at: Value,
    pattern: Vec<Expression>,
    held: HeldAgainst,
    /// What holds them, in words.
    by: String,
}

/// Every validator as a site.
pub(crate) fn examine(expressions: &mut Expressions<'_>, check: &'static Check, out: &mut Vec<Examined>) {
    let mut places = Vec::new();
    for f in expressions.code.res.program.functions.ids() {
        let module = expressions.code.res.program.module_of(f);
        // A migration says how fields were; the models say how they are.
        let past = expressions.code.texts.role(module.file) == Role::Migration;
        if module.test || module.template || past {
            continue;
        }
        registered(expressions, f, &mut places);
        in_schemas(expressions, f, &mut places);
        in_functions(expressions, f, &mut places);
    }
    for place in places {
        out.extend(judged(expressions.code, check, &place));
    }
}

/// Expressions that are handed to a framework.
fn registered(expressions: &mut Expressions<'_>, f: FuncId, out: &mut Vec<Place>) {
    let res = expressions.code.res;
    let models = res.models();
    for (call, targets) in res.calls(f) {
        let Op::Call { args, .. } = expressions.code.op(f, *call) else { continue };
        let inverse =
            args.iter().any(|a| matches!(a.kind, ArgKind::Keyword(k) if expressions.code.text(k) == "inverse_match"));
        let found = targets.apis.iter().flat_map(|api| res.apis.nodes(*api)).find_map(|node| {
            models.arguments(*node).iter().find_map(|(spec, argument)| {
                let held = models.facts(*argument).pattern?;
                match expressions.code.selected(f, args, spec) {
                    Passed::Value(value) => Some((value, held)),
                    _ => None,
                }
            })
        });
        if let (Some((value, held)), false) = (found, inverse) {
            let pattern = expressions.of_value(f, value);
            let by = expressions.code.callee(f, *call);
            out.push(Place { f, at: *call, pattern, held, by });
        }
    }
}

/// Expressions in schemas: `{"type": "string", "pattern": …}`, and `{"type:regex": …}` of attribute maps.
fn in_schemas(expressions: &mut Expressions<'_>, f: FuncId, out: &mut Vec<Place>) {
    let function = expressions.code.function(f);
    for inst in &function.insts {
        let Op::Dict(entries) = &inst.op else { continue };
        let literal = |value: &Value| expressions.code.literal(f, *value);
        let under = |name: &str| {
            entries.iter().find(|(key, _)| key.as_ref().and_then(literal).is_some_and(|k| k == name)).map(|(_, v)| *v)
        };
        let is_string = |value: Value| match function.op(value) {
            Op::Collection(_, elements) => elements.iter().any(|e| literal(&e.value) == Some("string")),
            _ => literal(&value) == Some("string"),
        };
        let found = if under("type").is_some_and(is_string) {
            under("pattern").map(|v| (v, HeldAgainst::Search, "a JSON schema"))
        } else {
            let regex = under("type:regex").or_else(|| under("type:regex_or_none"));
            regex.map(|v| (v, HeldAgainst::Match, "`type:regex`"))
        };
        if let Some((value, held, by)) = found {
            let pattern = expressions.of_value(f, value);
            out.push(Place { f, at: value, pattern, held, by: by.to_owned() });
        }
    }
}

/// Expressions that a function matches a parameter with, to raise when there is no match.
fn in_functions(expressions: &mut Expressions<'_>, f: FuncId, out: &mut Vec<Place>) {
    let code = expressions.code;
    let name = code.res.program.qualified_name(f);
    let mut parts = name.rsplit('.').skip(1);
    let of_validators = parts.any(|part| matches!(part, "validators" | "validation" | "validator"));
    if !of_validators && !is_named_as_check(&name) {
        return;
    }
    let function = code.function(f);
    if !function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Raise(Some(_)))) {
        return;
    }
    let calls: Vec<Value> = code.res.calls(f).iter().map(|(call, _)| *call).collect();
    for call in calls {
        let Op::Call { func, args } = function.op(call) else { continue };
        let Op::Attr(base, method) = function.op(*func) else { continue };
        let code = expressions.code;
        let Some(run @ (Run::Match | Run::Search)) = run_of(code.text(*method)) else { continue };
        let of_module = code.res.apis_of(f, *base).any(|api| matches!(code.api(api), "re" | "regex"));
        let subject = args.get(usize::from(of_module)).map(|a| code.plain(f, a.value));
        if !subject.is_some_and(|v| matches!(function.op(v), Op::Param(_))) || !refuses(function, call) {
            continue;
        }
        let Some((pattern, _)) = expressions.of_match(f, call) else { continue };
        let held = if run == Run::Match { HeldAgainst::Match } else { HeldAgainst::Search };
        out.push(Place { f, at: call, pattern, held, by: format!("`{}`", expressions.code.function_name(f)) });
    }
}

/// Whether nothing is done with the result of a match but to raise when there is none.
fn refuses(function: &Function, call: Value) -> bool {
    let uses = UseList::new(function);
    let mut tested = vec![(call, false)];
    let mut raises = false;
    while let Some((value, negated)) = tested.pop() {
        for user in uses.users(value) {
            match user {
                User::Inst(inst) => match function.op(*inst) {
                    Op::Unary(UnaryOp::Not, _) => tested.push((*inst, !negated)),
                    Op::Compare(op, _, other) if matches!(function.op(*other), Op::Const(Const::None)) => match op {
                        CompareOp::Is | CompareOp::Eq => tested.push((*inst, !negated)),
                        CompareOp::IsNot | CompareOp::NotEq => tested.push((*inst, negated)),
                        _ => return false,
                    },
                    // `if not match or …`
                    Op::Phi(_) => {}
                    _ => return false,
                },
                User::Terminator(block) => {
                    let Terminator::Branch { then_to, else_to, .. } = function.blocks[*block].terminator else {
                        return false;
                    };
                    let without = if negated { then_to } else { else_to };
                    raises |= leads_to_raise(function, without);
                }
            }
        }
    }
    raises
}

/// Whether a block raises, or leads straight to one that does.
fn leads_to_raise(function: &Function, mut block: assay_ir::BlockId) -> bool {
    for _ in 0..4 {
        match function.blocks[block].terminator {
            Terminator::Raise(_) => return true,
            Terminator::Goto(to) => block = to,
            _ => return false,
        }
    }
    false
}

fn judged(code: &Code<'_>, check: &'static Check, place: &Place) -> Option<Examined> {
    let span = code.span(place.f, place.at);
    let [expression] = &place.pattern[..] else { return None };
    if expression.guessed {
        return None;
    }
    let regex = parse(&expression.text, expression.flags_in_effect()).ok()?;
    let begins = place.held != HeldAgainst::Search || is_anchored(&regex.root, true);
    let ends = place.held == HeldAgainst::FullMatch || is_anchored(&regex.root, false);
    let shown = shorten(&expression.text);
    let whole = begins && ends;
    // One character somewhere is what a rule for passwords asks for.
    let anywhere = place.held == HeldAgainst::Search && place.by.starts_with('`');
    let one = match &regex.root {
        Node::Class(_) => true,
        Node::Repeat { node, .. } => anywhere && matches!(**node, Node::Class(_)),
        _ => false,
    };
    if whole || one || !regex.gaps.is_empty() || !lists(&regex.root) {
        let detail =
            if whole { format!("`{shown}` holds for the whole value") } else { format!("`{shown}` asks for a part") };
        return Some(code.closed(check, place.f, span, &place.by, Outcome::Safe, "check-holds", detail));
    }
    let mut sample = String::new();
    sample_of(&regex.root, &mut sample);
    let example = match (begins, ends) {
        (true, _) => format!("{sample};\\n<"),
        (false, true) => format!("<;{sample}"),
        (false, false) => format!("<;{sample};\\n<"),
    };
    let missing = match (begins, ends) {
        (true, _) => "its end is open",
        (false, true) => "its beginning is open",
        (false, false) => "both of its ends are open",
    };
    let title = format!("The pattern `{shown}` holds for a part of the value only: {missing}");
    let message = format!(
        "{} holds values against `{shown}`, which lists what may be in them but need not match all of a value: `{example}` passes.",
        capitalised(&place.by)
    );
    let mut defect = Defect::potential("check-insufficient", title, message);
    defect.severity = Some(Severity::Low);
    defect.confidence = Confidence::Medium;
    defect.assumptions.push("the pattern is meant for the whole value".to_owned());
    defect.false_if = vec!["what the check leaves open is made up for elsewhere".to_owned()];
    expression.text.clone_into(&mut defect.value);
    let mut found = code.defect(check, place.f, span, &place.by, defect);
    if let Some(explanation) = &mut found.explanation {
        explanation.solution =
            format!("Anchor the pattern at both ends: `\\A(?:{shown})\\Z`, or match with `re.fullmatch`.");
        explanation.cwe = Some(vec![777, 1287, 20]);
    }
    Some(found)
}

fn capitalised(by: &str) -> String {
    let mut characters = by.chars();
    match characters.next() {
        Some(first) if first != '`' && !by.contains('.') => first.to_uppercase().chain(characters).collect(),
        Some('`') => by.to_owned(),
        _ => format!("`{by}`"),
    }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}

/// Whether all that an expression matches begins (or ends) where the value does. What is not understood counts as if it did.
fn is_anchored(node: &Node, start: bool) -> bool {
    match node {
        Node::Anchor(Anchor::Start | Anchor::LineStart) => start,
        Node::Anchor(Anchor::End | Anchor::Dollar | Anchor::LineEnd) => !start,
        Node::Concat(nodes) => {
            let plain =
                |n: &&Node| !matches!(n, Node::Empty | Node::Anchor(Anchor::WordBoundary | Anchor::NoWordBoundary));
            let edge = if start { nodes.iter().find(plain) } else { nodes.iter().rev().find(plain) };
            edge.is_some_and(|n| is_anchored(n, start))
        }
        Node::Alternate(nodes) => nodes.iter().all(|n| is_anchored(n, start)),
        Node::Group(_, inner) | Node::Atomic(inner) => is_anchored(inner, start),
        Node::Repeat { node, min, .. } => *min > 0 && is_anchored(node, start),
        Node::Look { .. } | Node::Conditional { .. } | Node::BackReference(_) | Node::Unknown => true,
        Node::Empty | Node::Class(_) | Node::Anchor(_) => false,
    }
}

/// Whether an expression lists what may be in a value: it has a class of several characters, and none that is wide.
fn lists(root: &Node) -> bool {
    let (mut several, mut wide) = (false, false);
    let mut previous = None;
    let mut work = vec![root];
    while let Some(node) = work.pop() {
        match node {
            Node::Class(set) => {
                let single = set.single();
                several |= single.is_none();
                wide |= single.is_none()
                    && (set.contains('\n') || set.contains(';') || set.contains('<') || set.contains('/'));
                // The beginning of an address is meant as such.
                wide |= single == Some('/') && previous == Some('/');
                previous = single;
            }
            Node::Concat(nodes) | Node::Alternate(nodes) => work.extend(nodes.iter().rev()),
            Node::Group(_, inner) | Node::Atomic(inner) => work.push(inner),
            Node::Repeat { node, .. } => work.push(node),
            Node::Look { .. } | Node::Conditional { .. } | Node::BackReference(_) | Node::Unknown => return false,
            Node::Empty | Node::Anchor(_) => {}
        }
    }
    several && !wide
}

/// A short text that an expression matches.
fn sample_of(node: &Node, out: &mut String) {
    if out.chars().count() >= MAX_SAMPLE {
        return;
    }
    match node {
        Node::Class(set) => out.extend(set.samples().next()),
        Node::Concat(nodes) => nodes.iter().for_each(|n| sample_of(n, out)),
        Node::Alternate(nodes) => nodes.iter().take(1).for_each(|n| sample_of(n, out)),
        Node::Group(_, inner) | Node::Atomic(inner) => sample_of(inner, out),
        Node::Repeat { node, min, .. } => (0..(*min).min(8)).for_each(|_| sample_of(node, out)),
        _ => {}
    }
}
