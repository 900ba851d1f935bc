//! Switches of the check of certificates that are known by their names alone.
//!
//! - A *switch* is a setting whose words say what it switches: `insecure`, `ssl_verify`, `cert_reqs`.
//! - A *string map* holds texts only: the environment, an INI file, the options of a Paste factory. A text is true
//!   whatever it says, so that `insecure = false` in such a file switches the check *off*.

use crate::code::{Code, Defect, Passed, words};
use crate::secrets::name_of;
use crate::settings::false_if;
use crate::subject::Subject;
use crate::{Check, Examined, check};
use assay_dataflow::{Dominators, Predecessors, UseList, User, ValueBlocks};
use assay_finding::{Confidence, Outcome, StepKind};
use assay_index::FxHashSet;
use assay_ir::{ArgKind, BlockId, Op, Terminator, UnaryOp, Value};
use assay_resolve::{FuncId, Object};
use assay_text::Span;
use assay_values::ConstValue;

/// Values that are looked at to know where a map comes from, or what a condition is about.
const MAX_VISITS: u32 = 200;

/// Words that a switch of certificate checks is made of.
const ABOUT: &[&str] = &[
    "verify",
    "verified",
    "verification",
    "validate",
    "validation",
    "insecure",
    "unsafe",
    "hostname",
    "selfsigned",
    "trust",
    "trusted",
    "reqs",
];
/// Switches whose true value means that nothing is checked.
const OFF: &[&str] = &[
    "insecure",
    "ssl_insecure",
    "tls_insecure",
    "api_insecure",
    "allow_insecure",
    "skip_verify",
    "ssl_skip_verify",
    "insecure_skip_verify",
    "no_verify",
    "no_check_certificate",
    "disable_ssl_verification",
    "disable_ssl_certificate_validation",
    "disable_tls_verify",
    "allow_invalid_certificates",
    "trust_all_certs",
    "ignore_ssl_errors",
    "ssl_no_verify",
];
/// Switches whose false value means that nothing is checked.
const ON: &[&str] = &[
    "verify_ssl",
    "ssl_verify",
    "verify_tls",
    "tls_verify",
    "verify_cert",
    "verify_certs",
    "verify_certificate",
    "verify_certificates",
    "validate_cert",
    "validate_certs",
    "validate_certificate",
    "validate_certificates",
    "ssl_verify_peer",
    "verify_peer",
    "verify_server_cert",
    "check_hostname",
    "verify_hostname",
    "ssl_verification",
];

/// The condition of the code that decides whether control gets to an instruction, when it speaks of the
/// check of certificates.
pub(crate) fn switched_by(code: &Code<'_>, f: FuncId, at: Value) -> Option<String> {
    let function = code.function(f);
    let mut block = ValueBlocks::new(function).block(at)?;
    let predecessors = Predecessors::new(function);
    for _ in 0..6 {
        let [before] = predecessors.of(block) else { return None };
        if let Terminator::Branch { cond, .. } = function.blocks[*before].terminator
            && let Some(name) = name_about(code, f, cond, 4, &mut { MAX_VISITS })
        {
            return Some(name);
        }
        block = *before;
    }
    None
}

/// The name of a function, or of its class, that says that nothing is checked there: `_unverified_context`, `InsecureFactory`.
pub(crate) fn named_for_it(code: &Code<'_>, f: FuncId) -> Option<String> {
    let class = code.res.program.functions[f].class.map(|class| code.text(code.res.program.class(class).name));
    let says = |name: &&str| {
        let words = words(name);
        words.iter().any(|w| matches!(w.as_str(), "insecure" | "unverified" | "unsafe" | "noverify"))
            || words.windows(2).any(|pair| {
                matches!(pair, [no, what]
                if matches!(no.as_str(), "no" | "without" | "skip" | "disable") && what.starts_with("verif"))
            })
    };
    [Some(code.function_name(f)), class].into_iter().flatten().find(says).map(str::to_owned)
}

/// Whether the same attribute of the same object is set to another constant on a way that excludes this one.
pub(crate) fn is_set_on_the_other_way(code: &Code<'_>, f: FuncId, at: Value) -> bool {
    let function = code.function(f);
    let Op::StoreAttr { base, name, value } = function.op(at) else { return false };
    let (Op::Const(set), object) = (function.op(*value), code.plain(f, *base)) else { return false };
    let places = ValueBlocks::new(function);
    let dominators = Dominators::new(function);
    let apart = |other: Value| match (places.block(at), places.block(other)) {
        (Some(a), Some(b)) => !dominators.dominates(a, b) && !dominators.dominates(b, a),
        _ => false,
    };
    function.insts.iter_enumerated().any(|(other, inst)| {
        matches!(&inst.op, Op::StoreAttr { base, name: same, value }
            if same == name && code.plain(f, *base) == object
                && matches!(function.op(*value), Op::Const(constant) if constant != set))
            && apart(other)
    })
}

/// A name in a condition that speaks of the check of certificates.
fn name_about(code: &Code<'_>, f: FuncId, value: Value, depth: u32, left: &mut u32) -> Option<String> {
    if depth == 0 || *left == 0 {
        return None;
    }
    *left -= 1;
    let asked = matches!(code.op(f, value), Op::Call { .. });
    if let Some(name) = name_of(code, f, value).filter(|_| !asked || option_of_any(code, f, value))
        && words(name).iter().any(|w| ABOUT.contains(&w.as_str()))
    {
        return Some(name.to_owned());
    }
    let mut next = |v: Value| name_about(code, f, v, depth - 1, left);
    match code.op(f, value) {
        Op::Unary(_, inner) | Op::Annotated { value: Some(inner), .. } => next(*inner),
        Op::Compare(_, a, b) | Op::Binary(_, a, b) => [*a, *b].into_iter().find_map(next),
        Op::Phi(inputs) => inputs.iter().filter(|(_, v)| *v < value).find_map(|(_, v)| next(*v)),
        Op::Call { func, args } => {
            // Whether something exists at all is no choice of anybody's.
            if ["getattr", "hasattr"].contains(&code.callee(f, value).as_str()) {
                return None;
            }
            if let Op::Attr(base, name) = code.op(f, *func) {
                let name = code.text(*name);
                if words(name).iter().any(|w| ABOUT.contains(&w.as_str())) {
                    return Some(name.to_owned());
                }
                return std::iter::once(*base).chain(args.iter().map(|a| a.value)).find_map(next);
            }
            args.iter().find_map(|a| next(a.value))
        }
        _ => None,
    }
}

/// Whether a call reads an option: `options.get("verify")`.
fn option_of_any(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { func, .. } = code.op(f, call) else { return false };
    matches!(code.op(f, *func), Op::Attr(_, name) if ["get", "pop", "setdefault"].contains(&code.text(*name)))
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("tls-verification-disabled") else { return };
    let judged: FxHashSet<(FuncId, Span)> =
        out.iter().filter(|e| e.check.id == check.id).map(|e| (e.function, e.span)).collect();
    for f in code.res.program.functions.ids() {
        let function = code.function(f);
        for (value, inst) in function.insts.iter_enumerated() {
            match &inst.op {
                Op::Call { args, .. } => {
                    if let Some(key) = option_of_call(code, f, value) {
                        out.extend(text_as_truth(code, check, f, value, &key));
                    }
                    let of_project = code.res.call(f, value).is_some_and(|t| !t.functions.is_empty());
                    if of_project || judged.contains(&(f, inst.span)) {
                        continue;
                    }
                    for arg in args {
                        if let ArgKind::Keyword(name) = arg.kind {
                            out.extend(by_name(code, check, f, value, code.text(name), arg.value));
                        }
                    }
                }
                Op::Dict(entries) => {
                    for (key, entry) in entries {
                        if let Some(key) = key.and_then(|k| code.literal(f, k))
                            && key == "cert_reqs"
                        {
                            out.extend(by_name(code, check, f, value, key, *entry));
                        }
                    }
                }
                Op::StoreItem { key, value: stored, .. } if code.literal(f, *key) == Some("cert_reqs") => {
                    out.extend(by_name(code, check, f, value, "cert_reqs", *stored));
                }
                _ => {}
            }
        }
    }
}

/// A switch by its name: what a constant under it means.
fn by_name(code: &Code<'_>, check: &'static Check, f: FuncId, at: Value, name: &str, value: Value) -> Option<Examined> {
    // Nearly all names are told apart by this alone.
    if !["erif", "secur", "valid", "cert", "ssl", "host", "CERT", "VERIF", "VALID", "SSL", "SECUR"]
        .iter()
        .any(|part| name.contains(part))
    {
        return None;
    }
    let snake = words(name).join("_");
    let subject = code.subject(f, value);
    let truth = match &subject {
        Subject::Const(constant @ (ConstValue::Bool(_) | ConstValue::Int(_))) => constant.truth(),
        _ => None,
    };
    let whole = code.span(f, at);
    let span = if matches!(code.op(f, at), Op::Call { .. }) { whole } else { code.span(f, value) };
    let api = if matches!(code.op(f, at), Op::Call { .. }) { code.callee(f, at) } else { name.to_owned() };
    let shown = code.shown_value(f, value);
    let meaning = if snake == "cert_reqs" {
        let optional = match &subject {
            Subject::Const(ConstValue::Bool(true) | ConstValue::Int(1)) => true,
            Subject::Api(apis) => apis.iter().any(|a| code.api(*a).ends_with(".CERT_OPTIONAL")),
            _ => false,
        };
        if !optional {
            return None;
        }
        format!("`{name}={shown}` is `ssl.CERT_OPTIONAL`: a side that shows no certificate is let in")
    } else if OFF.contains(&snake.as_str()) && truth == Some(true)
        || ON.contains(&snake.as_str()) && truth == Some(false)
    {
        format!("`{name}={shown}` switches off the check of the other side")
    } else {
        return None;
    };
    if let Some(by) = switched_by(code, f, at) {
        let detail = format!("off only where `{by}` says so: the configuration decides");
        return Some(code.closed(check, f, span, &api, Outcome::NotObserved, "switchable", detail));
    }
    let mut defect = Defect::potential("setting", meaning.clone(), format!("{meaning}."));
    defect.confidence = Confidence::Medium;
    defect.assumptions.push(format!("`{name}` means what its name says"));
    defect.false_if = false_if(check);
    Some(code.defect(check, f, span, &api, defect))
}

/// The option that a call reads from a map by a constant key.
fn option_of_call(code: &Code<'_>, f: FuncId, call: Value) -> Option<String> {
    let Op::Call { func, args } = code.op(f, call) else { return None };
    let name = match code.op(f, *func) {
        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name),
        _ => return None,
    };
    if !["get", "getenv", "pop", "setdefault"].contains(&name) {
        return None;
    }
    // `get(section, option)` of an INI file has the option second.
    let mut positional = args.iter().take(2).rev().filter(|a| a.kind == ArgKind::Positional);
    let key = positional.find_map(|a| code.literal(f, a.value))?;
    let snake = words(key).join("_");
    (OFF.contains(&snake.as_str()) || snake.split('_').next_back() == Some("insecure")).then(|| key.to_owned())
}

/// A switch that is read from a map of texts and used as a truth value as it is.
fn text_as_truth(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value, key: &str) -> Option<Examined> {
    let Op::Call { func, .. } = code.op(f, call) else { return None };
    let source = match code.op(f, *func) {
        Op::Attr(base, _) => string_map(code, f, *base, 6, &mut { MAX_VISITS }).or_else(|| ini_file(code, f, *func))?,
        _ => (code.callee(f, call) == "os.getenv").then_some("the environment")?,
    };
    let used = used_as_truth(code, f, call)?;
    let span = code.span(f, call);
    let api = code.callee(f, call);
    let title = format!("The text of `{key}` is used as a truth value: `{key} = false` switches the check off");
    let message = format!(
        "`{}` comes from {source}, which holds texts, and any text that is not empty is true: whoever writes `{key} = false` gets connections without any check.",
        code.shown(f, span)
    );
    let mut defect = Defect::potential("text-as-truth", title, message);
    defect.confidence = Confidence::Medium;
    defect.lead(StepKind::Source, code.place(f, span), format!("a text from {source}"));
    defect.step = format!("`{}` takes it for a truth value", code.shown_value(f, used));
    defect.assumptions.push(format!("somebody switches `{key}` off by a word"));
    defect.false_if.push("the option is turned into a truth value before it gets here".to_owned());
    let mut examined = code.defect(check, f, span, &api, defect);
    if let Some(explanation) = &mut examined.explanation {
        explanation.solution = format!(
            "Turn the text into a truth value first, such as by `oslo_utils.strutils.bool_from_string` or `{key}.lower() in (\"1\", \"true\", \"yes\")`."
        );
    }
    Some(examined)
}

/// Where a value is tested for its truth without having been converted.
fn used_as_truth(code: &Code<'_>, f: FuncId, value: Value) -> Option<Value> {
    let function = code.function(f);
    let uses = UseList::new(function);
    let tested = |v: Value| {
        let branch = |b: &BlockId| matches!(function.blocks[*b].terminator, Terminator::Branch { .. });
        uses.users(v).iter().any(|u| matches!(u, User::Terminator(b) if branch(b)))
    };
    if tested(value) {
        return Some(value);
    }
    for user in uses.insts(value) {
        match function.op(user) {
            Op::Unary(UnaryOp::Not, _) => return Some(user),
            Op::Phi(_) if user != value && tested(user) => return Some(value),
            _ => {}
        }
    }
    None
}

fn ini_file(code: &Code<'_>, f: FuncId, func: Value) -> Option<&'static str> {
    let ini = code.res.apis_of(f, func).any(|api| {
        let name = code.api(api).to_lowercase();
        name.contains("configparser") && name.rsplit('.').next() == Some("get")
    });
    ini.then_some("an INI file")
}

/// What map of texts a value is.
fn string_map(code: &Code<'_>, f: FuncId, value: Value, depth: u32, left: &mut u32) -> Option<&'static str> {
    if depth == 0 || *left == 0 {
        return None;
    }
    *left -= 1;
    let value = code.plain(f, value);
    if code.res.apis_of(f, value).any(|api| code.api(api) == "os.environ") {
        return Some("the environment");
    }
    let mut next = |v: Value| string_map(code, f, v, depth - 1, left);
    match code.op(f, value) {
        Op::Param(parameter) => {
            let name = code.text(code.function(f).params.get(*parameter as usize)?.name);
            if is_paste_options(code, f, name) {
                return Some("the options of a Paste factory");
            }
            code.callers(f).iter().filter(|c| !code.in_test(c.function) && c.function != f).find_map(
                |caller| match code.argument_for(*caller, f, *parameter) {
                    Passed::Value(passed) => string_map(code, caller.function, passed, depth - 1, left),
                    _ => None,
                },
            )
        }
        Op::LoadCell(cell) => {
            let owner = code.res.program.func_id(code.res.program.functions[f].module, cell.owner);
            code.function(owner).insts.iter().find_map(|inst| match inst.op {
                Op::StoreCell(stored, v) if stored == *cell => string_map(code, owner, v, depth - 1, left),
                _ => None,
            })
        }
        Op::Attr(base, name) => code.res.objects(f, *base).find_map(|object| match object {
            Object::SelfOf(class) | Object::Instance(class) => code
                .attribute_values(class, *name)
                .into_iter()
                .find_map(|(g, v)| string_map(code, g, v, depth - 1, left)),
            _ => None,
        }),
        Op::Phi(inputs) => inputs.iter().filter(|(_, v)| *v < value).find_map(|(_, v)| next(*v)),
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(base, name) if code.text(*name) == "copy" => {
                next(*base).or_else(|| args.first().and_then(|a| next(a.value)))
            }
            Op::Global(name) if code.text(*name) == "dict" => args.first().and_then(|a| next(a.value)),
            _ => None,
        },
        Op::Dict(entries) => entries.iter().filter(|(key, _)| key.is_none()).find_map(|(_, v)| next(*v)),
        _ => None,
    }
}

/// The factories of Paste Deployment get the defaults of the file and the options of a section, all of them
/// texts: `def factory(global_conf, **local_conf)`.
fn is_paste_options(code: &Code<'_>, f: FuncId, name: &str) -> bool {
    let names: Vec<&str> = code.function(f).params.iter().map(|p| code.text(p.name)).collect();
    let global = ["global_conf", "global_config", "global_cfg"];
    let local = ["local_conf", "local_config", "local_cfg", "app_conf", "kwargs", "settings"];
    names.first().is_some_and(|first| global.contains(first) || *first == "loader")
        && names.iter().any(|n| global.contains(n))
        && (global.contains(&name) || local.contains(&name))
}
