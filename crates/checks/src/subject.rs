//! What a value may be, for the conditions of settings.
//!
//! - The *subject* of a condition is the argument or assigned value that it is about.
//! - Where a subject is no constant, its [`Candidate`]s are looked for: what branches choose, what callers
//!   pass, what `self` was given.
//! - An answer is *yes*, *no* or unknown.

use crate::code::{Code, Passed};
use assay_finding::{Step, StepKind};
use assay_ir::{Arg, BinaryOp, Op, ParamKind, UnaryOp, Value};
use assay_models::{Condition, NodeId};
use assay_resolve::{ApiId, ApiStep, FuncId, Object};
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
    /// The code at which the search ended.
    pub(crate) end: (FuncId, Value),
}

impl Code<'_> {
    /// What a value is by itself.
    pub(crate) fn subject(&self, f: FuncId, value: Value) -> Subject {
        if let Some(constant) = assay_taint::constant(self.res, f, value) {
            return Subject::Const(constant);
        }
        if let Some(bits) = self.mode(f, value, MAX_STEPS) {
            return Subject::Const(ConstValue::Int(bits));
        }
        let mut apis = Vec::new();
        let mut object = false;
        for found in self.res.objects(f, value) {
            match found {
                Object::Api(api) => apis.push(api),
                Object::Class(class) | Object::SelfClass(class) | Object::Instance(class) => {
                    object = true;
                    apis.extend(
                        self.res.hierarchy.external_bases(class).iter().copied().filter(|a| self.api(*a) != "object"),
                    );
                }
                _ => object = true,
            }
        }
        // A truth value or a number of unknown size may be anything; a text or a value of another type is no
        // constant that switches something off.
        let open = |api: &ApiId| match self.res.apis.step(*api) {
            ApiStep::Type(_) => {
                let name = self.res.api_name(*api);
                name.starts_with("builtins.")
                    && !["builtins.str", "builtins.bytes", "builtins.function", "builtins.type"].contains(&name)
            }
            // An attribute that the models do not know is a constant or a class when it is written like one, and
            // may be an option of a configuration otherwise.
            ApiStep::Member(name) => {
                self.res.apis.nodes(*api).is_empty() && !self.text(name).starts_with(char::is_uppercase)
            }
            ApiStep::Module(_) => false,
            _ => self.res.apis.nodes(*api).is_empty(),
        };
        if apis.iter().any(open) {
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
        let before = out.len();
        if depth > 0 {
            self.descend(f, value, step.as_ref(), negated, chosen, depth, out);
        }
        if out.len() > before {
            return;
        }
        let subject = match (self.subject(f, value), negated) {
            (Subject::Const(constant), true) => {
                constant.truth().map_or(Subject::Unknown, |t| Subject::Const(ConstValue::Bool(!t)))
            }
            (_, true) => Subject::Unknown,
            (subject, false) => subject,
        };
        out.push(Candidate { subject, step, chosen, end: (f, value) });
    }

    /// Looks at what a value is made of, where it is a choice or comes from another place.
    #[expect(clippy::too_many_arguments, reason = "the state of one walk")]
    fn descend(
        &self,
        f: FuncId,
        value: Value,
        step: Option<&Step>,
        negated: bool,
        chosen: bool,
        depth: u32,
        out: &mut Vec<Candidate>,
    ) {
        match self.op(f, value) {
            Op::Annotated { value: Some(inner), .. } => {
                self.collect(f, *inner, step.cloned(), negated, chosen, depth - 1, out);
            }
            Op::Unary(UnaryOp::Not, inner) => {
                self.collect(f, *inner, step.cloned(), !negated, chosen, depth - 1, out);
            }
            Op::Phi(inputs) => {
                for (_, input) in inputs {
                    if *input != value {
                        let step = step.cloned().or_else(|| self.set_here(f, *input));
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
    }

    /// The permission bits that an expression over the names of `stat` sets for sure. Bits that a file has already
    /// are not counted.
    fn mode(&self, f: FuncId, value: Value, depth: u32) -> Option<i64> {
        if depth == 0 {
            return None;
        }
        match self.op(f, value) {
            Op::Binary(operator, left, right) | Op::InPlace(operator, left, right) => {
                let part = |v: Value| match assay_taint::constant(self.res, f, v) {
                    Some(ConstValue::Int(bits)) => Some(bits),
                    _ => self.mode(f, v, depth - 1),
                };
                let (left, right) = (part(*left), part(*right));
                match operator {
                    BinaryOp::BitOr => Some(left? | right?),
                    BinaryOp::BitAnd => Some(left? & right?),
                    BinaryOp::BitXor => Some(left? ^ right?),
                    _ => None,
                }
            }
            Op::Unary(UnaryOp::Invert, inner) => {
                let bits = match assay_taint::constant(self.res, f, *inner) {
                    Some(ConstValue::Int(bits)) => bits,
                    _ => self.mode(f, *inner, depth - 1)?,
                };
                Some(!bits)
            }
            Op::Attr(_, name) if self.text(*name) == "st_mode" => Some(0),
            Op::Call { .. } if self.callee(f, value) == "stat.S_IMODE" => Some(0),
            Op::Attr(..) | Op::Global(_) | Op::ImportFrom { .. } => {
                self.res.apis_of(f, value).find_map(|api| stat_bits(self.api(api)))
            }
            _ => None,
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
        let mut called = false;
        for caller in self.callers(f) {
            let g = caller.function;
            if self.in_test(g) || g == f {
                continue;
            }
            called = true;
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
                Passed::Unknown => {
                    let end = (g, caller.call);
                    out.push(Candidate { subject: Subject::Unknown, step: None, chosen, end });
                }
            }
        }
        // Others call it, and those who do not say get what it is by default.
        if let (false, Some((h, value))) = (called, self.default(f, parameter)) {
            let message = format!("`{name}` is `{}` for callers who do not say", self.shown_value(h, value));
            let step = Step { kind: StepKind::Parameter, place: self.place(h, self.span(h, value)), message };
            self.collect(h, value, Some(step), negated, chosen, depth - 1, out);
            let end =
                self.function(f).insts.iter_enumerated().find(|(_, i)| matches!(i.op, Op::Param(p) if p == parameter));
            out.extend(end.map(|(v, _)| Candidate { subject: Subject::Unknown, step: None, chosen, end: (f, v) }));
        }
    }

    /// Whether a subject fulfils a condition; `None`: not known. `args` are those of the call, `place` is where the
    /// subject was found.
    pub(crate) fn judge(
        &self,
        f: FuncId,
        args: &[Arg],
        subject: &Subject,
        place: Option<(FuncId, Value)>,
        condition: &Condition,
    ) -> Option<bool> {
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
        if let Condition::Older(release) = condition {
            return Some(self.res.program.releases.older(release) != Some(false));
        }
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
            Condition::Always | Condition::Present => Some(true),
            Condition::True | Condition::MissingOrTrue => truth(),
            // `verify=None` asks for the default, as leaving it out does.
            Condition::False if *subject == Subject::Const(ConstValue::None) => Some(false),
            Condition::False | Condition::MissingOrFalse => is_false(),
            Condition::None | Condition::MissingOrNone => is_none(),
            Condition::Missing => Some(false),
            Condition::Constant => Some(matches!(subject, Subject::Const(_))),
            Condition::NonConstant => Some(!matches!(subject, Subject::Const(_))),
            Condition::OneOf(list) => self.has_text(subject, |text| list.iter().any(|l| l == text)),
            Condition::NotOneOf(list) => self.has_text(subject, |text| !list.iter().any(|l| l == text)),
            Condition::Below(bound) => has_integer(subject, |i| i < *bound),
            Condition::Bits(bits) => has_integer(subject, |i| i & bits != 0),
            Condition::SqlText
            | Condition::Page
            | Condition::SaysPage
            | Condition::InDocument
            | Condition::ResultCalled
            | Condition::Older(_) => None,
            Condition::Entry(key, inner) => {
                let (g, dict) = self.defined(place?);
                match self.entry(g, dict, key) {
                    Passed::Unknown => None,
                    Passed::Missing => self.judge(f, args, &Subject::Missing, None, inner),
                    Passed::Value(value) => self.judge(f, args, &self.subject(g, value), Some((g, value)), inner),
                }
            }
            Condition::Element(inner) => {
                let (g, list) = self.defined(place?);
                match self.op(g, self.plain(g, list)) {
                    Op::Collection(_, elements) => {
                        let mut answer = Some(false);
                        for element in elements {
                            let here = Some((g, element.value));
                            match self.judge(f, args, &self.subject(g, element.value), here, inner) {
                                _ if element.spread => answer = None,
                                Some(true) => return Some(true),
                                Some(false) => {}
                                None => answer = None,
                            }
                        }
                        answer
                    }
                    Op::Const(_) => self.judge(f, args, subject, place, inner),
                    _ => None,
                }
            }
            Condition::Is(names) => match subject {
                Subject::Api(apis) => {
                    let wanted = |node: &NodeId| names.iter().any(|n| n.is(*node));
                    let hits = apis.iter().filter(|api| self.identities(**api).iter().any(wanted)).count();
                    // A text may be the one that the library's constant holds.
                    let text = |api: &ApiId| {
                        matches!(self.res.apis.step(*api), ApiStep::Type(_))
                            && self.res.api_name(*api).starts_with("builtins.")
                    };
                    match hits {
                        0 if apis.iter().any(text) => None,
                        0 => Some(false),
                        _ if hits == apis.len() => Some(true),
                        _ => None,
                    }
                }
                Subject::Const(_) | Subject::Object | Subject::Missing => Some(false),
                Subject::Unknown => None,
            },
            Condition::On(spec, inner) => match self.selected(f, args, spec) {
                Passed::Unknown => None,
                Passed::Missing => self.judge(f, args, &Subject::Missing, None, inner),
                Passed::Value(value) => self.judge(f, args, &self.subject(f, value), Some((f, value)), inner),
            },
            Condition::And(left, right) => {
                match (self.judge(f, args, subject, place, left), self.judge(f, args, subject, place, right)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
        }
    }

    /// Where the variable that a value reads is set, when it is set at one place only; else the value itself.
    fn defined(&self, place: (FuncId, Value)) -> (FuncId, Value) {
        let value = self.plain(place.0, place.1);
        assay_taint::FunctionOracle::new(self.res, place.0).definition(value).unwrap_or((place.0, value))
    }

    /// The nodes that a library value is meant by: its own, and for an instance those of its class.
    fn identities(&self, api: ApiId) -> Vec<NodeId> {
        let apis = &self.res.apis;
        let mut nodes = apis.nodes(api).to_vec();
        match apis.step(api) {
            ApiStep::Return | ApiStep::Instance => {
                nodes.extend(apis.parent(api).into_iter().flat_map(|p| apis.nodes(p)));
            }
            ApiStep::Type(root) => nodes.extend(self.res.models().class_objects(root)),
            _ => {}
        }
        nodes
    }

    /// Whether a subject is a text that, in lower case, passes a test; `None`: not known.
    fn has_text(&self, subject: &Subject, test: impl Fn(&str) -> bool) -> Option<bool> {
        match subject {
            Subject::Const(constant) => Some(constant.as_str().is_some_and(|text| test(&text.to_lowercase()))),
            Subject::Object | Subject::Missing => Some(false),
            Subject::Api(apis) => {
                let may_be_text = |a: &ApiId| match self.res.apis.step(*a) {
                    ApiStep::Return => true,
                    ApiStep::Type(_) => self.res.api_name(*a).starts_with("builtins."),
                    _ => false,
                };
                (!apis.iter().any(may_be_text)).then_some(false)
            }
            Subject::Unknown => None,
        }
    }
}

/// The bits of a constant of `stat`.
fn stat_bits(name: &str) -> Option<i64> {
    let bits = match name.strip_prefix("stat.S_")? {
        "IRWXU" => 0o700,
        "IRUSR" | "IREAD" => 0o400,
        "IWUSR" | "IWRITE" => 0o200,
        "IXUSR" | "IEXEC" => 0o100,
        "IRWXG" => 0o070,
        "IRGRP" => 0o040,
        "IWGRP" => 0o020,
        "IXGRP" => 0o010,
        "IRWXO" => 0o007,
        "IROTH" => 0o004,
        "IWOTH" => 0o002,
        "IXOTH" => 0o001,
        "ISUID" => 0o4000,
        "ISGID" => 0o2000,
        "ISVTX" => 0o1000,
        _ => return None,
    };
    Some(bits)
}

/// Whether a subject is an integer that passes a test; `None`: not known.
fn has_integer(subject: &Subject, test: impl Fn(i64) -> bool) -> Option<bool> {
    match subject {
        Subject::Const(ConstValue::Int(i)) => Some(test(*i)),
        Subject::Const(_) | Subject::Missing => Some(false),
        Subject::Api(_) | Subject::Object | Subject::Unknown => None,
    }
}
