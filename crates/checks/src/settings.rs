//! Calls and assignments whose outcome depends on a setting: `verify=`, a mode, a key size.
//!
//! - A *row* is a `settingModel` or `assignmentModel` row of the models.
//! - The answer for a row at a place is *yes*, *no* or unknown; only *yes* makes a defect, and not where the code
//!   around the place excuses it.

use crate::attributes;
use crate::catalogue::Analysis;
use crate::code::{Code, Defect, Passed, words};
use crate::hashes::{Purpose, purpose};
use crate::origin::{From, origin};
use crate::subject::{Candidate, Subject};
use crate::switches::switched_by;
use crate::{Check, Examined, Good, Wanted, check};
use assay_dataflow::{Predecessors, UseList, User, ValueBlocks};
use assay_finding::{Confidence, Outcome, Severity, Step};
use assay_ir::{Arg, ArgKind, Op, ParamKind, Terminator, Value};
use assay_models::{ArgumentSpec, Condition, EntryKind, NodeId, Release, Setting};
use assay_resolve::{ApiId, ApiStep, ClsId, FuncId, Object};

/// The parameter by which a decorator is put on the methods of a class.
const DECORATOR: &str = "decorator";

/// The answer for one row at one place.
pub(crate) enum Answer {
    Yes { outcome: Outcome, step: Option<Step> },
    No { detail: String },
    Unknown { detail: String },
}

/// A row at work: the call or assignment, and what its subject is.
pub(crate) struct Row<'r> {
    pub(crate) check: &'static Check,
    pub(crate) condition: &'r Condition,
    /// How the argument or attribute is written; empty for the call itself.
    pub(crate) name: String,
    pub(crate) subject: Passed,
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let Op::Call { func, args } = code.op(f, *call) else { continue };
            let Constructors { hidden, set } = constructors(code, f, *func);
            let mut rows: Vec<(ApiId, Row<'_>)> = Vec::new();
            for api in targets.apis.iter().filter(|a| !hidden.contains(a)) {
                for node in code.res.apis.nodes(*api) {
                    call_rows(code, f, args, *node, *api, &mut rows);
                }
                for node in constructed_by_super(code, *api) {
                    call_rows(code, f, args, node, *api, &mut rows);
                }
            }
            rows.retain(|(_, row)| !set.contains(&row.name));
            conclude(code, f, *call, args, &rows, out);
        }
        attributes::assignments(code, f, out);
    }
    crate::hashes::leave_to_protocols(code, out);
}

/// What a call of a class of the project means for the constructor of a library's class above it.
#[derive(Default)]
struct Constructors {
    /// Library classes whose constructor the call does not reach with its own arguments.
    hidden: Vec<ApiId>,
    /// Options that the project's constructor sets itself before it hands on all others.
    set: Vec<String>,
}

/// A class of the project that has a constructor of its own hides that of the library's class, unless it
/// hands on its `**options`.
fn constructors(code: &Code<'_>, f: FuncId, func: Value) -> Constructors {
    let mut out = Constructors::default();
    let Some(name) = code.res.program.strings.lookup("__init__") else { return out };
    for object in code.res.objects(f, func) {
        let (Object::Class(class) | Object::SelfClass(class)) = object else { continue };
        let Some(init) = code.res.hierarchy.method(class, name) else { continue };
        match handed_on(code, init) {
            Some(set) => out.set.extend(set),
            None => out.hidden.extend(code.res.hierarchy.external_bases(class).iter().copied()),
        }
    }
    out
}

/// The options that a constructor sets itself, when it hands on its `**options` to the constructor of a library.
fn handed_on(code: &Code<'_>, init: FuncId) -> Option<Vec<String>> {
    let function = code.function(init);
    let options = function.params.iter().position(|p| p.kind == ParamKind::KeywordRest)?;
    let is_options = |v: Value| matches!(function.op(v), Op::Param(p) if *p as usize == options);
    let mut set = None;
    for (call, targets) in code.res.calls(init) {
        let Op::Call { args, .. } = function.op(*call) else { continue };
        let above = targets.apis.iter().any(|api| !constructed_by_super(code, *api).is_empty());
        if above && args.iter().any(|a| a.kind == ArgKind::KeywordSpread && is_options(a.value)) {
            let named = args.iter().filter_map(|a| if let ArgKind::Keyword(n) = a.kind { Some(n) } else { None });
            set = Some(named.map(|n| code.text(n).to_owned()).collect::<Vec<_>>());
        }
    }
    let mut set = set?;
    for inst in &function.insts {
        match &inst.op {
            Op::StoreItem { base, key, .. } if is_options(*base) => {
                set.extend(code.literal(init, *key).map(str::to_owned));
            }
            Op::Call { func, args } => {
                if let Op::Attr(base, name) = function.op(*func)
                    && is_options(*base)
                    && code.text(*name) == "setdefault"
                    && let Some(key) = args.first()
                {
                    set.extend(code.literal(init, key.value).map(str::to_owned));
                }
            }
            _ => {}
        }
    }
    set.extend(function.params.iter().map(|p| code.text(p.name).to_owned()));
    Some(set)
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
            of_check.map(|(api, row)| (*api, row, answer(code, f, call, args, row))).collect();
        let used = (first.check.analysis == Analysis::Flow).then(|| place_of_use(code, f, call)).flatten();
        let at = used.as_ref().map_or(call, |u| u.call);
        let api = if used.is_some() { code.callee(f, at) } else { code.api(*api).to_owned() };
        let span = code.span(f, at);
        let worst = answers
            .iter()
            .filter_map(|(api, row, answer)| match answer {
                Answer::Yes { outcome, step } => Some((*outcome, *api, *row, step)),
                _ => None,
            })
            .min_by_key(|(outcome, ..)| *outcome);
        if let Some((outcome, hit, row, step)) = worst {
            if let Some((outcome, reason, detail)) = excused(code, f, call, args, row, used.as_ref()) {
                out.push(code.closed(first.check, f, span, &api, outcome, reason, detail));
                continue;
            }
            let mut defect = worded(code, f, call, code.api(hit), row, outcome, step.clone());
            weigh(code, f, call, row, &mut defect);
            for release in row.condition.releases() {
                if code.res.program.releases.older(release).is_none() {
                    defect.outcome = Outcome::Potential;
                    defect.confidence = Confidence::Medium;
                    defect.assumptions.push(runs_with_older(release));
                }
            }
            if let Some(document) = used.as_ref().and_then(|u| u.document)
                && id == "xxe"
                && document_origin(code, f, document) == From::Unknown
            {
                defect.outcome = Outcome::Potential;
                defect.confidence = Confidence::Medium;
                let shown = code.shown_value(f, document);
                defect.assumptions.push(format!("`{shown}` is read from a document that others have written"));
            }
            if targets_vary(code, f, call, &answers) && defect.outcome == Outcome::Defect {
                defect.outcome = Outcome::Potential;
                defect.confidence = Confidence::Medium;
                defect
                    .assumptions
                    .push(format!("`{}` is what is called here, one of several possibilities", code.api(hit)));
            }
            out.push(code.defect(first.check, f, span, &api, defect));
        } else if first.check.analysis == Analysis::Flow
            && answers.iter().any(|(.., a)| matches!(a, Answer::Unknown { .. }))
            && args.iter().any(|a| origin(code, f, a.value) == From::Passed)
        {
            let shown = code.shown_value(f, call);
            let title = format!("Whoever calls `{}` decides whether `{api}` is safe", code.function_name(f));
            let mut defect =
                Defect::new("caller-decides", title, format!("`{shown}` takes its setting from the caller."));
            defect.outcome = Outcome::Potential;
            defect.confidence = Confidence::Low;
            defect.assumptions.push("a caller switches on what is unsafe, for a document from outside".to_owned());
            defect.false_if = false_if(first.check);
            out.push(code.defect(first.check, f, span, &api, defect));
        } else {
            let (outcome, reason, detail) = restored(code, f, call, args).unwrap_or_else(|| harmless(&answers));
            out.push(code.closed(first.check, f, span, &api, outcome, reason, detail));
        }
    }
}

/// The assumption that a library is older than a release that changed a default.
pub(crate) fn runs_with_older(release: &Release) -> String {
    format!("what is installed is older than {release}: no manifest demands that release")
}

/// Whether a call may reach several functions of libraries of which not all are weak.
fn targets_vary(code: &Code<'_>, f: FuncId, call: Value, answers: &[(ApiId, &Row<'_>, Answer)]) -> bool {
    let Some(targets) = code.res.call(f, call) else { return false };
    let weak = |api: &ApiId| answers.iter().any(|(a, _, answer)| a == api && matches!(answer, Answer::Yes { .. }));
    !targets.apis.iter().all(weak)
}

/// Why a weak setting does no harm at this place, or cannot be judged there.
fn excused(
    code: &Code<'_>,
    f: FuncId,
    call: Value,
    args: &[Arg],
    row: &Row<'_>,
    used: Option<&Use>,
) -> Option<(Outcome, &'static str, String)> {
    match row.check.id.as_str() {
        "weak-hash" if crate::password_hashes::hashes_password(code, f, call).is_some() => {
            Some((Outcome::Safe, "other-check", "a hash of a password: a matter of `weak-password-hash`".to_owned()))
        }
        "weak-hash" => match purpose(code, f, call) {
            Purpose::Keyed(by) => {
                Some((Outcome::Safe, "keyed", format!("within `{by}`, which has a key, it still holds")))
            }
            Purpose::Random => {
                Some((Outcome::Safe, "random-input", "what is hashed is random: nobody chooses it".to_owned()))
            }
            Purpose::Described => Some((Outcome::Safe, "described", "only its size or name is asked for".to_owned())),
            Purpose::Casual(word) => Some((
                Outcome::Safe,
                "no-security-use",
                format!("the code around it speaks of `{word}`: a collision gains nobody anything"),
            )),
            Purpose::Unknown => {
                Some((Outcome::NotObserved, "purpose-unknown", "what the hash protects does not show".to_owned()))
            }
            Purpose::Security(_) => crate::hashes::prescribed(code, f, call),
        },
        "weak-cipher" => crate::hashes::only_decrypts(code, f, call).then(|| {
            (Outcome::NotObserved, "only-decrypts", "it only reads what others have encrypted in that way".to_owned())
        }),
        "insecure-file-permissions" => restored(code, f, call, args),
        "signature-verification-disabled" => verified_besides(code, f, call, args)
            .map(|line| (Outcome::Safe, "verified-besides", format!("the same token is verified in line {line}"))),
        "weak-password-hash" => crate::password_hashes::prescribed(code, f, call),
        "template-autoescape-off" => no_page(code, f, args).map(|seen| {
            (Outcome::NotObserved, "no-page-seen", format!("{seen}, and nothing of HTML, stands around it"))
        }),
        "csrf-exemption" if row.name.is_empty() || row.name == DECORATOR => {
            crate::forgery::needs_no_token(code, f, call, args, row.name == DECORATOR)
        }
        "debug-mode" => crate::options::for_development(code, f)
            .map(|word| (Outcome::Safe, "development", format!("`{word}` says that it is for development"))),
        "resource-leak" => crate::resources::leaks::without_green_threads(code),
        "missing-timeout" => crate::resources::timeouts::limited_elsewhere(code, f, call),
        "tls-verification-disabled" => switched_by(code, f, call)
            .map(|by| {
                let detail = format!("off only where `{by}` says so: the configuration decides");
                (Outcome::NotObserved, "switchable", detail)
            })
            .or_else(|| {
                let name = crate::switches::named_for_it(code, f)?;
                let detail = format!("`{name}` says that it checks nothing: those who use it decide");
                Some((Outcome::NotObserved, "named-for-it", detail))
            }),
        _ => {
            let document = used?.document?;
            if code.string(f, document).is_some() {
                return Some((Outcome::Safe, "constant", "what it reads is constant".to_owned()));
            }
            let asked = matches!(row.subject, Passed::Value(_));
            let from = document_origin(code, f, document);
            let foreign = (from >= From::Passed || from == From::Unknown && is_for_documents(code))
                && !is_produced(code, f, document);
            (!asked && !foreign).then(|| {
                let shown = code.shown_value(f, document);
                (Outcome::NotObserved, "source-unknown", format!("where `{shown}` comes from is not known"))
            })
        }
    }
}

/// Where a document comes from; what an object keeps comes from where its methods set it.
fn document_origin(code: &Code<'_>, f: FuncId, document: Value) -> From {
    let from = origin(code, f, document);
    if let (From::Own, Op::Attr(base, name)) = (from, code.op(f, code.plain(f, document)))
        && matches!(code.op(f, *base), Op::Param(0))
        && let Some(class) = code.res.program.functions[f].class
    {
        let set = code.attribute_values(class, *name).into_iter();
        return set.map(|(g, value)| origin(code, g, value)).max().unwrap_or(from);
    }
    from
}

/// Whether nothing of the program answers requests: what a library or a tool for documents reads is given to it by its users,
/// who have it from others.
fn is_for_documents(code: &Code<'_>) -> bool {
    let remote = |kind| {
        matches!(
            kind,
            EntryKind::Http
                | EntryKind::BeforeRequest
                | EntryKind::AfterRequest
                | EntryKind::Rpc
                | EntryKind::Message
                | EntryKind::Websocket
        )
    };
    !code.res.entries.iter().any(|entry| remote(entry.kind) && !code.in_test(entry.function))
}

/// Whether a document is the result of a function that makes documents: `conf.to_xml()`.
fn is_produced(code: &Code<'_>, f: FuncId, document: Value) -> bool {
    let callee = code.callee(f, document);
    let words = words(callee.rsplit('.').next().unwrap_or_default());
    let makers =
        ["to", "as", "dump", "dumps", "tostring", "serialize", "render", "format", "build", "generate", "make"];
    words.first().is_some_and(|w| makers.contains(&w.as_str()))
}

/// What stands around an engine of templates in a file that speaks of no page: other things that templates make (statements,
/// configuration, sources of other programs), or an engine that has nowhere to read templates from.
fn no_page(code: &Code<'_>, f: FuncId, args: &[Arg]) -> Option<String> {
    let text = code.source(f).to_ascii_lowercase();
    let other = [
        "sql",
        "yaml",
        ".conf",
        ".cfg",
        ".ini",
        "latex",
        "dockerfile",
        "markdown",
        "interfaces",
        "codegen",
        "script",
        ".write(",
    ];
    // Where a page of documentation is to be found says nothing of what is made here.
    let link = |word: &&str| word.contains("://");
    let page =
        text.split(|c: char| c.is_whitespace() || "\"'<>()`".contains(c)).any(|w| w.contains("html") && !link(&w));
    let other = other.into_iter().find(|word| text.contains(word)).map(|word| format!("`{word}`"));
    let named = |arg: &Arg| match arg.kind {
        ArgKind::Keyword(name) => ["loader", "autoescape"].contains(&code.text(name)),
        ArgKind::Positional | ArgKind::Spread | ArgKind::KeywordSpread => true,
    };
    let no_loader = || (!args.iter().any(named)).then(|| "no loader".to_owned());
    if page { None } else { other.or_else(no_loader) }
}

fn is_below(condition: &Condition) -> bool {
    match condition {
        Condition::Below(_) => true,
        Condition::And(left, right) => is_below(left) || is_below(right),
        _ => false,
    }
}

/// `os.umask(0)` that only asks for the mask and sets it again at once, or that sets what was there before.
fn restored(code: &Code<'_>, f: FuncId, call: Value, args: &[Arg]) -> Option<(Outcome, &'static str, String)> {
    if code.callee(f, call) != "os.umask" {
        return None;
    }
    let function = code.function(f);
    let given = args.first()?.value;
    if matches!(function.op(given), Op::Call { .. }) && code.callee(f, given) == "os.umask" {
        return Some((Outcome::Safe, "restored", "sets the mask that was in force before".to_owned()));
    }
    let block = function.blocks.iter().find(|b| b.insts.contains(&call))?;
    let later = block.insts.iter().skip_while(|v| **v != call).skip(1);
    let mut calls = later.filter(|v| matches!(function.op(**v), Op::Call { .. }));
    let next = *calls.next()?;
    let Op::Call { args, .. } = function.op(next) else { return None };
    (code.callee(f, next) == "os.umask" && args.first().is_some_and(|a| a.value == call))
        .then(|| (Outcome::Safe, "restored", "only asks for the mask and sets it again at once".to_owned()))
}

/// Adjusts how sure and how bad a defect is to what the code around it says.
fn weigh(code: &Code<'_>, f: FuncId, call: Value, row: &Row<'_>, defect: &mut Defect) {
    match row.check.id.as_str() {
        "weak-password-hash" if is_below(row.condition) => {
            defect.message = format!("{} So few rounds hardly slow down the guessing of passwords.", defect.message);
            defect.severity = Some(Severity::Low);
        }
        "weak-hash" => {
            if let Purpose::Security(word) = purpose(code, f, call) {
                defect.message = format!("{} The code around it speaks of `{word}`.", defect.message);
            }
        }
        "template-autoescape-off" => defect.confidence = Confidence::Medium,
        "signature-verification-disabled" => {
            if matches!(row.condition, Condition::And(..)) {
                defect.outcome = Outcome::Potential;
                defect.confidence = Confidence::Low;
                defect.severity = Some(Severity::Medium);
                defect.message = format!(
                    "{} Whoever knows the public key can sign with it as if it were the secret of the other method.",
                    defect.message
                );
                defect
                    .assumptions
                    .push("the key that is passed is a public one, and the library takes it for a secret".to_owned());
            } else if let Op::Call { args, .. } = code.op(f, call)
                && let Some(token) = args.first()
                && origin(code, f, token.value) != From::Foreign
            {
                defect.outcome = Outcome::Potential;
                defect.confidence = Confidence::Medium;
                defect.assumptions.push("the token comes from outside, and something is decided by it".to_owned());
            }
        }
        "csrf-exemption" | "clickjacking-protection-off" => {
            defect.outcome = Outcome::Potential;
            defect.confidence = Confidence::Medium;
            defect.assumptions.push("users are known by a cookie there".to_owned());
        }
        "debug-mode" if started_by_hand(code, f, call) => {
            defect.outcome = Outcome::Potential;
            defect.confidence = Confidence::Medium;
            defect.assumptions.push("the service is started by running this file".to_owned());
        }
        _ => {}
    }
}

/// Whether a call stands in a module's body or in a function that only such code calls: what runs when the file is
/// started by itself.
fn started_by_hand(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let function = code.function(f);
    let Some(mut block) = ValueBlocks::new(function).block(call) else { return false };
    let predecessors = Predecessors::new(function);
    for _ in 0..4 {
        let [before] = predecessors.of(block) else { return false };
        if let Terminator::Branch { cond, .. } = function.blocks[*before].terminator
            && let Op::Compare(_, left, right) = function.op(cond)
            && [*left, *right]
                .iter()
                .any(|v| matches!(function.op(*v), Op::Global(name) if code.text(*name) == "__name__"))
        {
            return true;
        }
        block = *before;
    }
    false
}

/// The line of a call in the same function that verifies the token which another call reads without.
fn verified_besides(code: &Code<'_>, f: FuncId, call: Value, args: &[Arg]) -> Option<u32> {
    let token = args.first().filter(|a| a.kind == ArgKind::Positional)?.value;
    let same = |v: Value| {
        v == token
            || code.function(f).op(v) == code.function(f).op(token)
            || crate::secrets::name_of(code, f, v).is_some_and(|n| crate::secrets::name_of(code, f, token) == Some(n))
    };
    code.res.calls(f).iter().find_map(|(other, _)| {
        let Op::Call { args, .. } = code.op(f, *other) else { return None };
        let decodes = code.callee(f, *other).rsplit('.').next().is_some_and(|n| n.starts_with("decode"));
        let open =
            args.iter().any(|a| matches!(a.kind, ArgKind::Keyword(n) if ["options", "verify"].contains(&code.text(n))));
        (*other != call && decodes && !open && args.len() >= 2 && args.first().is_some_and(|a| same(a.value)))
            .then(|| code.line(f, code.span(f, *other)))
    })
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

pub(crate) fn answer(code: &Code<'_>, f: FuncId, at: Value, args: &[Arg], row: &Row<'_>) -> Answer {
    let name = &row.name;
    let value = match row.subject {
        Passed::Missing | Passed::Unknown => {
            let subject = if row.subject == Passed::Missing { Subject::Missing } else { Subject::Unknown };
            return match code.judge(f, args, &subject, None, row.condition) {
                Some(true) => Answer::Yes { outcome: Outcome::Defect, step: None },
                Some(false) if name.is_empty() => Answer::No { detail: "nothing in this call is weak".to_owned() },
                Some(false) => Answer::No { detail: format!("{name} is left at its safe default") },
                None => Answer::Unknown { detail: format!("{name} may come with the other options") },
            };
        }
        Passed::Value(value) => value,
    };
    let shown = code.shown_argument(f, at, name, value);
    let candidates = code.candidates(f, value);
    let judged: Vec<(Option<bool>, &Candidate)> =
        candidates.iter().map(|c| (code.judge(f, args, &c.subject, Some(c.end), row.condition), c)).collect();
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
    let open = judged.iter().find(|(a, _)| a.is_none()).map(|(_, c)| code.shown_value(c.end.0, c.end.1));
    let open = open.filter(|end| !end.is_empty() && *end != shown);
    let whence = open.map_or_else(|| "its value".to_owned(), |end| format!("what `{end}` is"));
    Answer::Unknown { detail: format!("`{name}={shown}`: {whence} is not known here") }
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
        Passed::Value(value) => Some(code.shown_argument(f, call, name, value)),
        _ => None,
    };
    let title = match (&given, name.is_empty()) {
        (Some(given), false) if name.starts_with("argument ") => format!("`{api}` is called with `{given}`"),
        (Some(given), false) => format!("`{api}` is called with `{name}={given}`"),
        (None, false) => format!("`{api}` is called without `{name}`"),
        _ => format!("`{api}` is called"),
    };
    let shown = code.shown_value(f, call);
    let mut message = match (&given, name.is_empty()) {
        (Some(_), _) => format!("`{shown}` asks for it."),
        (None, false) => format!("`{shown}` leaves `{name}` at its default, which is the weak one."),
        _ => format!("`{shown}` is weak whatever it is given."),
    };
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
    defect.wanted = wanted(code, f, call, api, row);
    defect
}

/// The setting of a call, as an edit needs to know it: a value that is written in the call itself, or none.
fn wanted(code: &Code<'_>, f: FuncId, call: Value, api: &str, row: &Row<'_>) -> Option<Wanted> {
    let span = code.span(f, call);
    let value = match row.subject {
        Passed::Missing => None,
        Passed::Value(value) if is_written(code, f, value) && span.contains(code.span(f, value)) => {
            Some(code.span(f, value))
        }
        Passed::Value(_) if row.name.is_empty() => None,
        Passed::Value(_) | Passed::Unknown => return None,
    };
    let name = row.name.strip_prefix("argument ").map_or_else(|| row.name.clone(), |_| String::new());
    // An argument that has no name cannot be added by one.
    if value.is_none() && name.is_empty() && !row.name.is_empty() {
        return None;
    }
    Some(Wanted { span, api: api.to_owned(), name, value, good: Good::opposite(row.condition) })
}

/// Whether a value is a literal, a constant of a library by its name, or what a call gives: its range is then its own.
pub(crate) fn is_written(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, value) {
        Op::Const(_) | Op::Call { .. } => true,
        Op::Unary(_, operand) => matches!(code.op(f, *operand), Op::Const(_)),
        _ => !code.span(f, value).is_empty() && code.res.apis_of(f, value).next().is_some(),
    }
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
        "signature-verification-disabled" => {
            "the token came straight from its issuer over a verified connection, or is verified elsewhere before anything is decided by it"
        }
        "weak-password-hash" => "what is hashed is no password that people choose, or a protocol prescribes the method",
        "debug-mode" => "only developers start it this way, on machines that nobody else reaches",
        "cors-any-origin" => {
            "the service knows its users by something other than cookies, or everybody may read what it answers"
        }
        "csrf-exemption" => {
            "requests prove where they come from in another way: a signature, a token in a header, no cookie at all"
        }
        "clickjacking-protection-off" => {
            "nothing on the page changes anything by a click, or a content security policy says who may frame it"
        }
        "insecure-cookie" => "the cookie holds nothing that is worth stealing, or a proxy adds the missing flags",
        "fail-open" => "what follows grants nothing, or is refused elsewhere",
        "unexpected-error" => "what is passed in was checked before, or the error may leave",
        "assert-as-check" => "the program never runs optimised, or the same is refused elsewhere",
        "host-header-trusted" => "a server in front passes on requests for the known names only",
        "missing-authorization" => "it is to be open to everybody, or something that is not seen here checks before it",
        "unregistered-policy" => "the rule is registered by another package, or in a file of the policy",
        "unenforced-policy" => "another package asks for the rule, or it is there for one that does",
        "secret-field-shown" => "the serializer is used for requests alone",
        "error-lost-in-finally" => "no error can leave the `try`, or nobody is to know of it",
        "shared-request-state" => "the server answers one request at a time, or an object is made for each",
        "policy-for-everybody" => "everybody may do it, or the code checks on its own",
        "unscoped-object" => "the owner of the object is compared elsewhere before it is used",
        "mass-assignment" => "only those who may set all fields get here",
        "state-change-by-get" => "what it changes is of no worth, or links to it are made for one use only",
        _ => "the place is not reached in production",
    };
    vec![text.to_owned()]
}

/// The call that uses an object made with a setting.
struct Use {
    call: Value,
    /// What the call reads with the object.
    document: Option<Value>,
}

/// An object made with a setting does harm where it is used. When the only use is as an argument of one call in the
/// same function, that call is the place.
fn place_of_use(code: &Code<'_>, f: FuncId, made: Value) -> Option<Use> {
    let function = code.function(f);
    let uses = UseList::new(function);
    let [User::Inst(only)] = uses.users(made) else { return None };
    let Op::Call { func, args } = function.op(*only) else { return None };
    let document = args.first().filter(|a| a.kind == ArgKind::Positional && a.value != made).map(|a| a.value);
    (*func != made).then_some(Use { call: *only, document })
}

/// The nodes whose assignments count for an object: its types, or the module that it is.
pub(crate) fn roots_of(code: &Code<'_>, f: FuncId, base: Value) -> Vec<NodeId> {
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
