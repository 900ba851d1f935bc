//! Calls and assignments whose outcome depends on a setting: `verify=`, a mode, a key size.
//!
//! - A *row* is a `settingModel` or `assignmentModel` row of the models.
//! - The *subject* of a row is the value that its condition is about. Where it is no constant, its
//!   [`Candidate`]s are looked for: what branches choose, what callers pass, what `self` was given.
//! - An answer is *yes*, *no* or unknown; only *yes* makes a defect.

use crate::catalogue::Analysis;
use crate::code::{Code, Defect, Passed};
use crate::{Check, Examined, check};
use assay_dataflow::UseList;
use assay_finding::{Confidence, Outcome, Step, StepKind};
use assay_ir::{Arg, ArgKind, Op, ParamKind, UnaryOp, Value};
use assay_models::{ArgumentSpec, Condition, NodeId, Setting};
use assay_resolve::{ApiId, ApiStep, ClsId, FuncId, Object};
use assay_text::Span;
use assay_values::ConstValue;

/// Steps from a value to where it is set.
const MAX_STEPS: u32 = 5;
/// Values that are looked at for one subject.
const MAX_CANDIDATES: usize = 24;

/// What a row's condition is about.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Subject {
    /// Not passed.
    Missing,
    /// A constant.
    Const(ConstValue),
    /// A value of a library.
    Api(Vec<ApiId>),
    /// A function, class or instance of the project: no constant, and true.
    Object,
    /// Not known.
    Unknown,
}

/// A value that a subject may have.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) subject: Subject,
    /// Where it is set, when that is another place, and how it gets here.
    pub(crate) step: Option<Step>,
    /// Whether a branch of this code chooses between it and another value.
    pub(crate) chosen: bool,
}

impl Code<'_> {
    /// What a value is by itself.
    pub(crate) fn subject(&self, f: FuncId, value: Value) -> Subject {
        if let Some(constant) = assay_taint::constant(self.res, f, value) {
            return Subject::Const(constant);
        }
        let mut apis = Vec::new();
        let mut object = false;
        for found in self.res.objects(f, value) {
            match found {
                Object::Api(api) => apis.push(api),
                Object::Class(class) | Object::Instance(class) => {
                    object = true;
                    apis.extend(self.res.hierarchy.external_bases(class).iter().copied().filter(|a| self.api(*a) != "object"));
                }
                _ => object = true,
            }
        }
        let of_builtin_type = |api: &ApiId| {
            matches!(self.res.apis.step(*api), ApiStep::Type(_)) && self.res.api_name(*api).starts_with("builtins.")
        };
        if apis.iter().any(of_builtin_type)
            || matches!(self.op(f, value), Op::Call { .. }) && apis.iter().any(|a| self.res.apis.nodes(*a).is_empty())
        {
            return Subject::Unknown;
        }
        match (apis.is_empty(), object) {
            (false, _) => Subject::Api(apis),
            (true, true) => Subject::Object,
            (true, false) => Subject::Unknown,
        }
    }

    /// The values that a value may have, as far as the program shows them. One unknown candidate
    /// stands for the rest.
    pub(crate) fn candidates(&self, f: FuncId, value: Value) -> Vec<Candidate> {
        let mut out = Vec::new();
        self.collect(f, value, None, false, false, MAX_STEPS, &mut out);
        out
    }

    #[expect(clippy::too_many_arguments, reason = "the state of one walk")]
    fn collect(
        &self,
        f: FuncId,
        value: Value,
        step: Option<Step>,
        negated: bool,
        chosen: bool,
        depth: u32,
        out: &mut Vec<Candidate>,
    ) {
        if out.len() >= MAX_CANDIDATES {
            return;
        }
        let subject = self.subject(f, value);
        let known = !matches!(subject, Subject::Unknown) && !(negated && !matches!(subject, Subject::Const(_)));
        if known || depth == 0 {
            let subject = match (subject, negated) {
                (Subject::Const(constant), true) => {
                    constant.truth().map_or(Subject::Unknown, |t| Subject::Const(ConstValue::Bool(!t)))
                }
                (_, true) => Subject::Unknown,
                (subject, false) => subject,
            };
            out.push(Candidate { subject, step, chosen });
            return;
        }
        let before = out.len();
        let function = self.function(f);
        match function.op(value) {
            Op::Annotated { value: Some(inner), .. } => {
                self.collect(f, *inner, step.clone(), negated, chosen, depth, out)
            }
            Op::Unary(UnaryOp::Not, inner) => self.collect(f, *inner, step.clone(), !negated, chosen, depth - 1, out),
            Op::Phi(inputs) => {
                for (_, input) in inputs {
                    if *input != value {
                        let step = step.clone().or_else(|| self.set_here(f, *input));
                        self.collect(f, *input, step, negated, true, depth - 1, out);
                    }
                }
            }
            Op::Param(parameter) => self.parameter(f, *parameter, negated, chosen, depth, out),
            Op::Attr(base, name) => {
                let mut places = Vec::new();
                for object in self.res.objects(f, *base) {
                    if let Object::SelfOf(class) | Object::Instance(class) = object {
                        for place in self.attribute_values(class, *name) {
                            if !places.contains(&place) {
                                places.push(place);
                            }
                        }
                    }
                }
                let several = places.len() > 1;
                for (g, stored) in places {
                    let step = self.set_here(g, stored);
                    self.collect(g, stored, step, negated, chosen || several, depth - 1, out);
                }
            }
            _ => {}
        }
        if out.len() == before {
            out.push(Candidate { subject: Subject::Unknown, step, chosen });
        }
    }

    fn set_here(&self, f: FuncId, value: Value) -> Option<Step> {
        let span = self.span(f, value);
        let message = format!("`{}` is chosen here", self.shown(f, span));
        (!span.is_empty()).then(|| Step { kind: StepKind::Assignment, place: self.place(f, span), message })
    }

    /// What callers pass for a parameter. Callers in test code say nothing of the program.
    fn parameter(&self, f: FuncId, parameter: u32, negated: bool, chosen: bool, depth: u32, out: &mut Vec<Candidate>) {
        let Some(declared) = self.function(f).params.get(parameter as usize) else { return };
        if matches!(declared.kind, ParamKind::Rest | ParamKind::KeywordRest) {
            return;
        }
        let name = self.text(declared.name);
        for caller in self.callers(f) {
            let g = caller.function;
            if self.in_test(g) || g == f {
                continue;
            }
            let span = self.span(g, caller.call);
            match self.argument_for(*caller, f, parameter) {
                Passed::Value(value) => {
                    let message = format!("`{}` is passed as `{name}`", self.shown_value(g, value));
                    let step = Step { kind: StepKind::Call, place: self.place(g, self.span(g, value)), message };
                    self.collect(g, value, Some(step), negated, chosen, depth - 1, out);
                }
                Passed::Missing => {
                    if let Some((h, value)) = self.default(f, parameter) {
                        let default = self.shown_value(h, value);
                        let message = format!("`{name}` is left out here and is `{default}` by default");
                        let step = Step { kind: StepKind::Call, place: self.place(g, span), message };
                        self.collect(h, value, Some(step), negated, chosen, depth - 1, out);
                    }
                }
                Passed::Unknown => out.push(Candidate { subject: Subject::Unknown, step: None, chosen }),
            }
        }
    }

    /// Whether a subject fulfils a condition; `None`: not known. `args` are those of the call.
    pub(crate) fn judge(&self, f: FuncId, args: &[Arg], subject: &Subject, condition: &Condition) -> Option<bool> {
        let truth = || match subject {
            Subject::Const(constant) => constant.truth(),
            Subject::Object => Some(true),
            _ => None,
        };
        let is_none = || match subject {
            Subject::Const(constant) => Some(*constant == ConstValue::None),
            Subject::Api(_) | Subject::Object => Some(false),
            _ => None,
        };
        // A value of a library counts as present and set, even where its truth value is not known.
        let is_false = || match subject {
            Subject::Api(_) => Some(false),
            _ => truth().map(|t| !t),
        };
        if *subject == Subject::Missing {
            match condition {
                Condition::Always
                | Condition::Missing
                | Condition::MissingOrFalse
                | Condition::MissingOrTrue
                | Condition::MissingOrNone => {
                    return Some(true);
                }
                Condition::On(..) | Condition::And(..) => {}
                _ => return Some(false),
            }
        }
        match condition {
            Condition::Always => Some(true),
            Condition::True => truth(),
            Condition::False | Condition::MissingOrFalse => is_false(),
            Condition::MissingOrTrue => truth(),
            Condition::None | Condition::MissingOrNone => is_none(),
            Condition::Missing => Some(false),
            Condition::Present => Some(true),
            Condition::Constant => Some(matches!(subject, Subject::Const(_))),
            Condition::NonConstant => Some(!matches!(subject, Subject::Const(_))),
            Condition::OneOf(list) => self.word(subject).map(|w| w.is_some_and(|w| list.contains(&w))),
            Condition::NotOneOf(list) => self.word(subject).map(|w| w.is_some_and(|w| !list.contains(&w))),
            Condition::Below(bound) => integer(subject).map(|i| i.is_some_and(|i| i < *bound)),
            Condition::Bits(bits) => integer(subject).map(|i| i.is_some_and(|i| i & bits != 0)),
            Condition::SqlText => None,
            Condition::Is(names) => match subject {
                Subject::Api(apis) => {
                    let wanted = |node: &NodeId| names.iter().any(|n| n.node == *node);
                    Some(apis.iter().any(|api| self.identities(*api).iter().any(wanted)))
                }
                Subject::Const(_) | Subject::Object | Subject::Missing => Some(false),
                Subject::Unknown => None,
            },
            Condition::On(spec, inner) => match self.selected(f, args, spec) {
                Passed::Unknown => None,
                Passed::Missing => self.judge(f, args, &Subject::Missing, inner),
                Passed::Value(value) => self.judge(f, args, &self.subject(f, value), inner),
            },
            Condition::And(left, right) => {
                match (self.judge(f, args, subject, left), self.judge(f, args, subject, right)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
        }
    }

    /// The nodes that a library value is meant by: its own, and for an instance those of its class.
    fn identities(&self, api: ApiId) -> Vec<NodeId> {
        let apis = &self.res.apis;
        let mut nodes = apis.nodes(api).to_vec();
        match apis.step(api) {
            ApiStep::Return | ApiStep::Instance => nodes.extend(apis.parent(api).into_iter().flat_map(|p| apis.nodes(p))),
            ApiStep::Type(root) => nodes.extend(self.res.models().class_objects(root)),
            _ => {}
        }
        nodes
    }

    /// The text of a subject in lower case; `Some(None)` for something that is no text.
    fn word(&self, subject: &Subject) -> Option<Option<String>> {
        match subject {
            Subject::Const(constant) => Some(constant.as_str().map(str::to_lowercase)),
            Subject::Object | Subject::Missing => Some(None),
            // Modelled values of libraries are no texts; what a call gives may be one.
            Subject::Api(apis) => apis.iter().all(|a| self.res.apis.step(*a) != ApiStep::Return).then_some(None),
            Subject::Unknown => None,
        }
    }
}

fn integer(subject: &Subject) -> Option<Option<i64>> {
    match subject {
        Subject::Const(ConstValue::Int(i)) => Some(Some(*i)),
        Subject::Const(_) | Subject::Missing => Some(None),
        Subject::Api(_) | Subject::Object | Subject::Unknown => None,
    }
}

/// The answer for one row at one place.
enum Answer {
    Yes { outcome: Outcome, step: Option<Step> },
    No { detail: String },
    Unknown { detail: String },
}

/// A row at work: the call or assignment, and what its subject is.
struct Row<'r> {
    check: &'static Check,
    condition: &'r Condition,
    /// How the argument or attribute is written; empty for the call itself.
    name: String,
    subject: Passed,
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let Op::Call { func, args } = code.op(f, *call) else { continue };
            let own: Vec<ApiId> = own_constructors(code, f, *func);
            let mut rows: Vec<(ApiId, Row<'_>)> = Vec::new();
            for api in targets.apis.iter().filter(|a| !own.contains(a)) {
                for node in code.res.apis.nodes(*api) {
                    call_rows(code, f, args, *node, *api, &mut rows);
                }
                for node in constructed_by_super(code, *api) {
                    call_rows(code, f, args, node, *api, &mut rows);
                }
            }
            conclude(code, f, *call, args, &rows, out);
        }
        assignments(code, f, out);
    }
}

/// The library classes whose constructor a call does not reach, since a class of the project that derives from
/// them has one of its own.
fn own_constructors(code: &Code<'_>, f: FuncId, func: Value) -> Vec<ApiId> {
    let mut out = Vec::new();
    let Some(init) = code.res.program.strings.lookup("__init__") else { return out };
    for object in code.res.objects(f, func) {
        if let Object::Class(class) = object
            && code.res.hierarchy.method(class, init).is_some()
        {
            out.extend(code.res.hierarchy.external_bases(class).iter().copied());
        }
    }
    out
}

/// For `super().__init__` and `Base.__init__`: the nodes of the class object whose constructor that is.
fn constructed_by_super(code: &Code<'_>, api: ApiId) -> Vec<NodeId> {
    let apis = &code.res.apis;
    let ApiStep::Member(name) = apis.step(api) else { return Vec::new() };
    if code.text(name) != "__init__" {
        return Vec::new();
    }
    let Some(instance) = apis.parent(api) else { return Vec::new() };
    match apis.step(instance) {
        ApiStep::Instance => apis.parent(instance).map(|class| apis.nodes(class).to_vec()).unwrap_or_default(),
        ApiStep::Type(root) => code.res.models().class_objects(root).to_vec(),
        _ => Vec::new(),
    }
}

fn call_rows<'r>(code: &Code<'r>, f: FuncId, args: &[Arg], node: NodeId, api: ApiId, rows: &mut Vec<(ApiId, Row<'r>)>) {
    let models = code.res.models();
    for Setting { argument, condition, check: id } in &models.facts(node).settings {
        let Some(check) = check(id) else { continue };
        if check.analysis == Analysis::Flow && is_sink(code, node, check) {
            continue;
        }
        let subject = argument.as_ref().map_or(Passed::Missing, |spec| code.selected(f, args, spec));
        let name = argument.as_ref().map(spec_name).unwrap_or_default();
        rows.push((api, Row { check, condition, name, subject }));
    }
}

/// Whether the models say of the same call that data harms it: then the analysis of flows judges it.
fn is_sink(code: &Code<'_>, callable: NodeId, check: &Check) -> bool {
    let models = code.res.models();
    models.arguments(callable).iter().any(|(_, argument)| {
        let facts = models.facts(*argument);
        facts.sinks.iter().chain(facts.conditional_sinks.iter().map(|s| &s.kind)).any(|kind| check.sinks.contains(kind))
    })
}

fn spec_name(spec: &ArgumentSpec) -> String {
    match (spec.names.first(), spec.positions.first()) {
        (Some(name), _) => name.clone(),
        (None, Some(range)) => format!("argument {}", range.start() + 1),
        _ => String::new(),
    }
}

/// One site for each check that has a row for the call.
fn conclude(code: &Code<'_>, f: FuncId, call: Value, args: &[Arg], rows: &[(ApiId, Row<'_>)], out: &mut Vec<Examined>) {
    let mut done: Vec<&str> = Vec::new();
    for (api, first) in rows {
        let id = first.check.id.as_str();
        if done.contains(&id) {
            continue;
        }
        done.push(id);
        let of_check = rows.iter().filter(|(_, row)| row.check.id == id);
        let answers: Vec<(ApiId, &Row<'_>, Answer)> =
            of_check.map(|(api, row)| (*api, row, answer(code, f, args, row))).collect();
        let (at, api, trusted) = if first.check.analysis == Analysis::Flow {
            place_of_use(code, f, call, *api)
        } else {
            (call, code.api(*api).to_owned(), None)
        };
        let span = code.span(f, at);
        let worst = answers
            .iter()
            .filter_map(|(_, row, answer)| match answer {
                Answer::Yes { outcome, step } => Some((*outcome, row, step)),
                _ => None,
            })
            .min_by_key(|(outcome, ..)| *outcome);
        if let Some(detail) = trusted {
            out.push(code.closed(first.check, f, span, &api, Outcome::Safe, "constant", detail));
        } else if let Some((outcome, row, step)) = worst {
            let defect = worded(code, f, call, code.api(answers[0].0), row, outcome, step.clone());
            out.push(code.defect(first.check, f, span, &api, defect));
        } else {
            let (outcome, reason, detail) = harmless(&answers);
            out.push(code.closed(first.check, f, span, &api, outcome, reason, detail));
        }
    }
}

fn harmless(answers: &[(ApiId, &Row<'_>, Answer)]) -> (Outcome, &'static str, String) {
    let unknown =
        answers.iter().find_map(|(.., a)| if let Answer::Unknown { detail } = a { Some(detail) } else { None });
    if let Some(detail) = unknown {
        return (Outcome::NotObserved, "value-unknown", detail.clone());
    }
    let details: Vec<&str> = answers
        .iter()
        .filter_map(|(.., a)| if let Answer::No { detail } = a { Some(detail.as_str()) } else { None })
        .collect();
    let detail = details.iter().find(|d| d.contains('`')).or(details.first()).copied().unwrap_or_default();
    (Outcome::Safe, "validated-setting", detail.to_owned())
}

fn answer(code: &Code<'_>, f: FuncId, args: &[Arg], row: &Row<'_>) -> Answer {
    let name = &row.name;
    let value = match row.subject {
        Passed::Missing | Passed::Unknown => {
            let subject = if row.subject == Passed::Missing { Subject::Missing } else { Subject::Unknown };
            return match code.judge(f, args, &subject, row.condition) {
                Some(true) => Answer::Yes { outcome: Outcome::Defect, step: None },
                Some(false) if name.is_empty() => Answer::No { detail: "nothing in this call is weak".to_owned() },
                Some(false) => Answer::No { detail: format!("{name} is left at its safe default") },
                None => Answer::Unknown { detail: format!("{name} may come with the other options") },
            };
        }
        Passed::Value(value) => value,
    };
    let shown = code.shown_value(f, value);
    let candidates = code.candidates(f, value);
    let judged: Vec<(Option<bool>, &Candidate)> =
        candidates.iter().map(|c| (code.judge(f, args, &c.subject, row.condition), c)).collect();
    let hits: Vec<&Candidate> = judged.iter().filter(|(a, _)| *a == Some(true)).map(|(_, c)| *c).collect();
    if let Some(hit) = hits.first() {
        if hits.len() == judged.len() {
            let outcome =
                if hits.iter().all(|h| h.step.is_none()) || !hit.chosen { Outcome::Defect } else { Outcome::Potential };
            return Answer::Yes { outcome, step: hit.step.clone() };
        }
        // A branch of this code, or its configuration, decides: it may be meant for the user to switch.
        if let Some(hit) = hits.iter().find(|h| !h.chosen) {
            return Answer::Yes { outcome: Outcome::Potential, step: hit.step.clone() };
        }
        return Answer::Unknown { detail: format!("`{name}={shown}`: a condition of this code decides") };
    }
    if judged.iter().all(|(a, _)| *a == Some(false)) {
        return Answer::No { detail: format!("`{name}={shown}`") };
    }
    Answer::Unknown { detail: format!("`{name}={shown}`: its value is not known here") }
}

fn worded(
    code: &Code<'_>,
    f: FuncId,
    call: Value,
    api: &str,
    row: &Row<'_>,
    outcome: Outcome,
    step: Option<Step>,
) -> Defect {
    let name = &row.name;
    let given = match row.subject {
        Passed::Value(value) => Some(code.shown_value(f, value)),
        _ => None,
    };
    let title = match (&given, name.is_empty()) {
        (Some(given), false) if name.starts_with("argument ") => format!("`{api}` is called with `{given}`"),
        (Some(given), false) => format!("`{api}` is called with `{name}={given}`"),
        (None, false) => format!("`{api}` is called without `{name}`"),
        _ => format!("`{api}` is called"),
    };
    let shown = code.shown_value(f, call);
    let mut message = format!("{}: `{shown}`.", row.check.title);
    let mut defect = Defect::new("setting", title, String::new());
    defect.outcome = outcome;
    if let Some(step) = step {
        message = format!("{message} The value comes from another place: {}.", step.message);
        if outcome == Outcome::Potential {
            defect.confidence = Confidence::Medium;
            defect.assumptions.push(format!("the way on which {} is taken", step.message));
        }
        defect.before.push(step);
    }
    if row.check.analysis == Analysis::Flow {
        defect.outcome = Outcome::Potential;
        defect.confidence = Confidence::Medium;
        defect.assumptions.push("what is read with it comes from outside".to_owned());
    }
    defect.message = message;
    defect.false_if = false_if(row.check);
    defect.value = given.unwrap_or_default();
    defect
}

/// What would make a setting harmless.
pub(crate) fn false_if(check: &Check) -> Vec<String> {
    let text = match check.id.as_str() {
        "tls-verification-disabled" => {
            "the other side is checked in another way, or the connection never leaves the machine"
        }
        "insecure-tls-version" => "the other side can do no better, and nothing of value goes over the connection",
        "weak-hash" => "the hash protects nothing: a checksum against accidents, a key of a cache",
        "weak-cipher" => "the data is no secret, or a format that cannot change prescribes the cipher",
        "weak-key-size" => "the key is used in tests or for data that nobody wants",
        "ssh-host-key-unverified" => "the network between the two sides is trusted",
        "template-autoescape-off" => "nothing that it renders is a page: mails or configuration files only",
        "insecure-file-permissions" => "nobody else has an account on the machine, or the file must be shared",
        "insecure-temporary-file" => "nobody else can write to the folder",
        "xxe" => "every document that it reads is the project's own",
        _ => "the place is not reached in production",
    };
    vec![text.to_owned()]
}

/// An object made with a setting does harm where it is used. When the only use is an argument of one call in the
/// same function, that call is the place; with a constant as what it reads, it is harmless.
fn place_of_use(code: &Code<'_>, f: FuncId, made: Value, api: ApiId) -> (Value, String, Option<String>) {
    let function = code.function(f);
    let uses = UseList::new(function);
    let mut users = uses.insts(made);
    if let (Some(user), None) = (users.next(), users.next())
        && uses.users(made).len() == 1
        && let Op::Call { func, args } = function.op(user)
        && *func != made
    {
        let first = args.first().filter(|a| a.kind == ArgKind::Positional && a.value != made);
        let constant = first.and_then(|a| code.string(f, a.value));
        let detail = constant.map(|_| "what it reads is constant".to_owned());
        return (user, code.callee(f, user), detail);
    }
    (made, code.api(api).to_owned(), None)
}

/// Assignments to attributes that are settings, in methods and in the bodies of derived classes.
fn assignments(code: &Code<'_>, f: FuncId, out: &mut Vec<Examined>) {
    let function = code.function(f);
    let class = code.class_of_body(f);
    for (at, inst) in function.insts.iter_enumerated() {
        let (name, value, roots) = match &inst.op {
            Op::StoreAttr { base, name, value } => (*name, *value, roots_of(code, f, *base)),
            Op::StoreName(name, value) => {
                let Some(class) = class else { continue };
                (*name, *value, roots_of_class(code, class))
            }
            _ => continue,
        };
        let attribute = code.text(name);
        let mut sites: Vec<(&'static Check, Vec<&Condition>, String)> = Vec::new();
        for root in roots {
            for (assigned, condition, id) in &code.res.models().facts(root).assignments {
                if assigned != attribute {
                    continue;
                }
                let Some(check) = check(id) else { continue };
                if let Some(site) = sites.iter_mut().find(|s| s.0.id == check.id) {
                    site.1.push(condition);
                } else {
                    let owner = code
                        .res
                        .models()
                        .type_name(root)
                        .map_or_else(|| code.res.models().describe(root), str::to_owned);
                    sites.push((check, vec![condition], format!("{owner}.{attribute}")));
                }
            }
        }
        for (check, conditions, api) in sites {
            let span = inst.span;
            let answers: Vec<Answer> = conditions
                .into_iter()
                .map(|condition| {
                    let row = Row { check, condition, name: attribute.to_owned(), subject: Passed::Value(value) };
                    answer(code, f, &[], &row)
                })
                .collect();
            out.push(assigned(code, f, at, span, check, &api, value, attribute, answers));
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the assignment and what was concluded of it")]
fn assigned(
    code: &Code<'_>,
    f: FuncId,
    at: Value,
    span: Span,
    check: &'static Check,
    api: &str,
    value: Value,
    attribute: &str,
    answers: Vec<Answer>,
) -> Examined {
    let mut unknown = None;
    let mut safe = None;
    for answer in answers {
        match answer {
            Answer::Yes { outcome, step } => {
                let title = format!("`{api}` is set to `{}`", code.shown_value(f, value));
                let message = format!("{}: `{}`.", check.title, code.shown_value(f, at));
                let mut defect = Defect::new("setting", title, message);
                defect.outcome = outcome;
                if outcome == Outcome::Potential {
                    defect.confidence = Confidence::Medium;
                }
                defect.before.extend(step);
                defect.false_if = false_if(check);
                defect.value = code.shown_value(f, value);
                return code.defect(check, f, span, api, defect);
            }
            Answer::Unknown { detail } => unknown = Some(detail),
            Answer::No { detail } => safe = Some(detail),
        }
    }
    let _ = attribute;
    match unknown {
        Some(detail) => code.closed(check, f, span, api, Outcome::NotObserved, "value-unknown", detail),
        None => code.closed(check, f, span, api, Outcome::Safe, "validated-setting", safe.unwrap_or_default()),
    }
}

/// The nodes whose assignments count for an object: its types, or the module that it is.
fn roots_of(code: &Code<'_>, f: FuncId, base: Value) -> Vec<NodeId> {
    let mut out: Vec<NodeId> = Vec::new();
    for object in code.res.objects(f, base) {
        match object {
            Object::Api(api) => out.extend(code.res.apis.nodes(api)),
            Object::Instance(class) | Object::SelfOf(class) => out.extend(roots_of_class(code, class)),
            _ => {}
        }
    }
    distinct(out)
}

/// The types of the libraries that instances of a class of the project also are.
pub(crate) fn roots_of_class(code: &Code<'_>, class: ClsId) -> Vec<NodeId> {
    let models = code.res.models();
    let mut out = Vec::new();
    for base in code.res.hierarchy.external_bases(class) {
        for node in code.res.apis.nodes(*base) {
            if let Some(root) = models.facts(*node).class_of {
                out.push(root);
                out.extend(models.base_types(root));
            }
        }
    }
    distinct(out)
}

fn distinct(list: Vec<NodeId>) -> Vec<NodeId> {
    let mut out: Vec<NodeId> = Vec::new();
    for node in list {
        if !out.contains(&node) {
            out.push(node);
        }
    }
    out
}
