//! Secrets that are written in the code.
//!
//! A literal text is judged by the name that it is given to and by its look ([`crate::names`]). Some texts are
//! secrets whatever their name: private keys, tokens in the format of a provider, addresses with a
//! password, and what is handed to a library's function as a key.

use crate::code::Defect;
use crate::code::{Code, words};
use crate::effects::is_client;
use crate::names::{
    Looks, Strength, is_random, known_format, looks, masked, password_in_address, password_in_settings, secret_name,
};
use crate::{Check, Examined, check};
use assay_dataflow::{Dominators, UseList};
use assay_finding::{Confidence, Outcome, Severity, Step, StepKind};
use assay_index::{FxHashSet, Idx, Symbol};
use assay_ir::{ArgKind, Collection, CompareOp, Const, Function, Op, Value};
use assay_models::SinkKind;
use assay_resolve::FuncId;
use assay_text::Span;
use std::collections::BTreeMap;

/// Modules with keys for services that they ask from which on a program is a collection of clients.
const CLIENTS: usize = 4;

/// How a text gets its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum How {
    Assigned,
    Key,
    Argument,
    Default,
    Compared,
    Fallback,
}

struct Named<'a> {
    name: &'a str,
    how: How,
    literal: Value,
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("hard-coded-secret") else { return };
    let mut keys: Vec<(usize, FuncId, &str, Span)> = Vec::new();
    for f in code.res.program.functions.ids() {
        let function = code.function(f);
        let mut uses = Uses { function, list: None };
        let mut done: FxHashSet<u32> = FxHashSet::default();
        for named in named_literals(code, f, function, &mut uses) {
            let span = code.span(f, named.literal);
            if done.contains(&span.start) {
                continue;
            }
            if let Some(examined) = judge(code, check, f, &named) {
                done.insert(span.start);
                let key = secret_name(named.name) == Some(Strength::Key) && !code.in_test(f);
                if key && examined.explanation.is_some() {
                    keys.push((out.len(), f, named.name, span));
                }
                out.push(examined);
            }
        }
        for (value, inst) in function.insts.iter_enumerated() {
            let Op::Const(Const::Str(text) | Const::Bytes(text)) = inst.op else { continue };
            let text = code.text(text);
            let found = known_format(text).map(|kind| (text, kind)).or_else(|| {
                let address = password_in_address(text).map(|p| (p, "address with a password"));
                let settings = || password_in_settings(text).map(|p| (p, "connection text with a password"));
                address
                    .or_else(settings)
                    .filter(|(p, _)| matches!(looks(p, "password"), Looks::Random | Looks::Chosen | Looks::Common))
            });
            if let Some((text, kind)) = found
                && uses.is_used(value)
                && done.insert(inst.span.start)
            {
                out.push(known(code, check, f, value, text, kind));
            }
        }
    }
    join_keys_of_clients(code, check, &keys, out);
}

/// Leaves the first of the keys that many modules carry for the services that they ask: a program that many have shows all of
/// them its keys, which its services give to all of their clients.
fn join_keys_of_clients(
    code: &Code<'_>,
    check: &'static Check,
    keys: &[(usize, FuncId, &str, Span)],
    out: &mut [Examined],
) {
    let module = |f: FuncId| code.res.program.functions[f].module;
    let mut clients: BTreeMap<usize, bool> = BTreeMap::new();
    for (_, f, ..) in keys {
        clients.entry(module(*f).index()).or_insert_with(|| is_client(code, *f));
    }
    let count = clients.values().filter(|client| **client).count();
    if count < CLIENTS {
        return;
    }
    let of_clients = keys.iter().filter(|(_, f, ..)| clients.get(&module(*f).index()) == Some(&true));
    for (at, f, name, span) in of_clients.skip(1) {
        let detail = format!(
            "one of the keys that {count} modules have for the services that they ask, of which the first is reported"
        );
        out[*at] = code.closed(check, *f, *span, name, Outcome::NotObserved, "key-of-a-client", detail);
    }
}

/// The uses of a function's values, collected when they are first asked for.
struct Uses<'f> {
    function: &'f Function,
    list: Option<UseList>,
}

impl Uses<'_> {
    fn is_used(&mut self, value: Value) -> bool {
        self.list.get_or_insert_with(|| UseList::new(self.function)).is_used(value)
    }
}

/// The literals of a function that are given to a name, in the order of the code.
fn named_literals<'a>(code: &Code<'a>, f: FuncId, function: &'a Function, uses: &mut Uses<'_>) -> Vec<Named<'a>> {
    let mut out = Vec::new();
    let mut add = |name: &'a str, how: How, value: Value| {
        if let Some(literal) = literal_of(code, f, value)
            && secret_name(name).is_some()
        {
            out.push(Named { name, how, literal });
        }
    };
    let text = |symbol: Symbol| code.text(symbol);
    for (at, inst) in function.insts.iter_enumerated() {
        match &inst.op {
            Op::StoreGlobal(name, Some(value)) | Op::StoreName(name, value) | Op::StoreAttr { name, value, .. } => {
                add(text(*name), How::Assigned, *value);
            }
            Op::StoreItem { key, value, .. } => {
                if let Some(key) = code.literal(f, *key) {
                    add(key, How::Assigned, *value);
                }
            }
            Op::Dict(entries) => {
                for (key, value) in entries {
                    if let Some(key) = key.and_then(|k| code.literal(f, k)) {
                        add(key, How::Key, *value);
                    }
                }
            }
            Op::Call { func, args } => {
                for arg in args {
                    let ArgKind::Keyword(name) = arg.kind else { continue };
                    add(text(name), How::Argument, arg.value);
                    // `auth=(user, password)`
                    if let Op::Collection(Collection::Tuple, pair) = function.op(code.plain(f, arg.value))
                        && let [_, password] = &pair[..]
                        && text(name) == "auth"
                    {
                        add("password", How::Argument, password.value);
                    }
                }
                // `environ.get("SECRET_KEY", "…")`, `StrOpt("password", default="…")`
                let Some(key) =
                    args.first().filter(|a| a.kind == ArgKind::Positional).and_then(|a| code.literal(f, a.value))
                else {
                    continue;
                };
                let method = match function.op(*func) {
                    Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => text(*name),
                    _ => "",
                };
                if let [_, second] = &args[..]
                    && second.kind == ArgKind::Positional
                    && ["get", "getenv", "pop", "setdefault", "getattr"].contains(&method)
                {
                    add(key, How::Fallback, second.value);
                }
                for arg in args {
                    if matches!(arg.kind, ArgKind::Keyword(name) if text(name) == "default") {
                        add(key, How::Default, arg.value);
                    }
                }
            }
            Op::MakeFunction { function: made, defaults, .. } => {
                let module = code.res.program.functions[f].module;
                let made = code.function(code.res.program.func_id(module, *made));
                for (parameter, value) in defaults {
                    if let Some(declared) = made.params.get(*parameter as usize) {
                        add(text(declared.name), How::Default, *value);
                    }
                }
            }
            Op::Compare(CompareOp::Eq | CompareOp::NotEq, left, right) => {
                for (named, literal) in [(*left, *right), (*right, *left)] {
                    if let Some(name) = name_of(code, f, named) {
                        add(name, How::Compared, literal);
                    }
                }
            }
            Op::Const(Const::Str(_) | Const::Bytes(_)) => {
                if let Some(name) = local_name(code, f, at).filter(|name| secret_name(name).is_some())
                    && uses.is_used(at)
                {
                    add(name, How::Assigned, at);
                }
            }
            _ => {}
        }
    }
    out
}

/// The literal that a value is, as it is or encoded.
fn literal_of(code: &Code<'_>, f: FuncId, value: Value) -> Option<Value> {
    let value = code.plain(f, value);
    match code.op(f, value) {
        Op::Const(_) => code.literal(f, value).map(|_| value),
        Op::Call { func, .. } => match code.op(f, *func) {
            Op::Attr(base, name) if code.text(*name) == "encode" => literal_of(code, f, *base),
            _ => None,
        },
        _ => None,
    }
}

/// The name by which a value is read: of a variable, an attribute, a key, a parameter.
pub(crate) fn name_of<'a>(code: &Code<'a>, f: FuncId, value: Value) -> Option<&'a str> {
    match code.op(f, code.plain(f, value)) {
        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => Some(code.text(*name)),
        Op::Item(_, key) => code.literal(f, *key),
        Op::Param(parameter) => code.function(f).params.get(*parameter as usize).map(|p| code.text(p.name)),
        Op::LoadCell(cell) => {
            let module = code.res.program.functions[f].module;
            let owner = code.function(code.res.program.func_id(module, cell.owner));
            owner.cells.get(cell.cell).map(|c| code.text(c.name))
        }
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(base, name)
                if ["get", "pop", "getlist", "get_argument"].contains(&code.text(*name)) && !args.is_empty() =>
            {
                // Options in a file stand under a section and a name.
                let option = code.res.apis_of(f, *base).any(|api| code.api(api).contains("ConfigParser"));
                let name = if option && args.len() > 1 { args[1] } else { args[0] };
                code.literal(f, name.value)
            }
            Op::Global(name) if code.text(*name) == "getattr" && args.len() >= 2 => code.literal(f, args[1].value),
            Op::Attr(base, name) if ["encode", "decode", "strip", "lower"].contains(&code.text(*name)) => {
                name_of(code, f, *base)
            }
            _ => local_name(code, f, value),
        },
        _ => local_name(code, f, value),
    }
}

/// The local variable that a value is assigned to, as the source has it: `name = value` or
/// `name: type = value`.
pub(crate) fn local_name<'a>(code: &Code<'a>, f: FuncId, value: Value) -> Option<&'a str> {
    let line = code.texts.line_before(code.file(f), code.span(f, value));
    let target = line.trim_end().strip_suffix('=')?;
    if target.ends_with(['=', '!', '<', '>', '+', '-', '*', '/', '|', '&', '%', ':', '^', '@']) {
        return None;
    }
    let target = target.split(':').next()?.trim();
    let plain = !target.is_empty() && target.chars().all(|c| c.is_alphanumeric() || c == '_');
    plain.then_some(target)
}

fn judge(code: &Code<'_>, check: &'static Check, f: FuncId, named: &Named<'_>) -> Option<Examined> {
    let text = code.literal(f, named.literal)?;
    let strength = secret_name(named.name)?;
    let span = code.span(f, named.literal);
    let look = looks(text, named.name);
    let reported = match (strength, &look) {
        (_, Looks::Random) | (Strength::Password, Looks::Chosen) => Some(Confidence::High),
        (Strength::Password, Looks::Common) => Some(Confidence::Medium),
        (Strength::Key, Looks::Chosen) if text.len() >= 8 => Some(Confidence::Medium),
        // Sessions are signed with it: it must be random, whatever else it reads like.
        (Strength::Key, Looks::Chosen | Looks::Common | Looks::Name)
            if named.how == How::Assigned && is_signing_key(named.name, text) =>
        {
            Some(Confidence::Medium)
        }
        _ => None,
    };
    let (name, hidden) = (named.name, masked(text));
    let Some(confidence) = reported else {
        // A weak name says so little that a text that is no secret is not even worth a line.
        if strength == Strength::Weak {
            return None;
        }
        let (reason, detail) = match look {
            Looks::Empty => ("empty", format!("`{name}` is empty")),
            Looks::Placeholder => ("placeholder", format!("`{name}` gets a text to be replaced")),
            _ => ("no-secret", format!("what `{name}` gets reads as the name of something")),
        };
        return Some(code.closed(check, f, span, name, Outcome::Safe, reason, detail));
    };
    // A module of a package is run by itself to try it out; whether anybody does so in earnest is not to be seen.
    if !is_signing_key(named.name, text) && look != Looks::Random && is_run_by_itself(code, f, named.literal) {
        let detail = format!("`{name}` is set only where this module of a package is run by itself");
        return Some(code.closed(check, f, span, name, Outcome::NotObserved, "run-by-itself", detail));
    }
    let (title, what) = match named.how {
        How::Assigned => (format!("`{name}` is set to the constant `{hidden}`"), "is set"),
        How::Key => (format!("The key `{name}` holds the constant `{hidden}`"), "is kept"),
        How::Argument => (format!("The constant `{hidden}` is passed as `{name}`"), "is passed"),
        How::Default => (format!("`{name}` is `{hidden}` unless something else is given"), "is the default"),
        How::Compared => (format!("`{name}` is compared with the constant `{hidden}`"), "is what opens the door"),
        How::Fallback => {
            (format!("`{name}` is `{hidden}` where nothing is configured"), "is used where nothing is configured")
        }
    };
    let message =
        format!("A text that reads as a secret {what} in the code itself: everybody who has the code has `{name}`.");
    let mut defect = Defect::new("constant-secret", title, message);
    defect.confidence = confidence;
    if look == Looks::Common || matches!(named.how, How::Default | How::Fallback) {
        defect.severity = Some(Severity::Medium);
    }
    if confidence != Confidence::High {
        defect.outcome = Outcome::Potential;
        defect.assumptions.push(format!("`{name}` means a secret"));
    }
    defect.false_if.push("the text is no secret, or opens nothing outside a developer's machine".to_owned());
    name.clone_into(&mut defect.value);
    Some(code.defect(check, f, span, name, defect))
}

/// Whether a value stands under `if __name__ == "__main__":` in a module of a package.
fn is_run_by_itself(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let (program, function) = (&code.res.program, code.function(f));
    let mut begins = code.program_blocks(f).peekable();
    if begins.peek().is_none() || !program.strings.resolve(program.module_of(f).name).contains('.') {
        return false;
    }
    let Some((block, _)) = function.blocks.iter_enumerated().find(|(_, b)| b.insts.contains(&value)) else {
        return false;
    };
    let dominators = Dominators::new(function);
    begins.any(|begin| dominators.dominates(begin, block))
}

/// Whether a text is used as a `secret_key`, and is not the name of one.
fn is_signing_key(name: &str, text: &str) -> bool {
    let (name, text_words) = (words(name), words(text));
    let constant = text.chars().all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit());
    name.ends_with(&["secret".to_owned(), "key".to_owned()])
        && !constant
        && !names_a_key(&text_words, text)
        && name != text_words
        && !text.contains(['/', ':'])
}

/// Whether a text is an identifier that names a secret key among several things of a service: `aws_secret_access_key`.
fn names_a_key(parts: &[String], text: &str) -> bool {
    let identifier = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let chatter =
        ["my", "the", "your", "this", "a", "some", "super", "very", "top", "dev", "test", "default", "not", "so"];
    identifier
        && parts.len() > 2
        && parts.first().is_some_and(|first| !chatter.contains(&first.as_str()) && first != "secret")
        && parts.iter().any(|p| p == "secret")
        && parts.last().is_some_and(|last| last == "key")
}

fn known(code: &Code<'_>, check: &'static Check, f: FuncId, value: Value, text: &str, kind: &str) -> Examined {
    let hidden = if kind == "private key" { String::new() } else { format!(" `{}`", masked(text)) };
    let article = if kind.starts_with(['A', 'a']) { "An" } else { "A" };
    let title = format!("{article} {kind}{hidden} is written in the code");
    let message = format!("The text has the format of a secret ({kind}).");
    let mut defect = Defect::new("constant-secret", title, message);
    defect.false_if.push("the secret was withdrawn, or opens nothing".to_owned());
    code.defect(check, f, code.span(f, value), kind, defect)
}

/// Where a key is written that stands under a name: however often it is used, it is one key.
fn written(code: &Code<'_>, f: FuncId, value: Value) -> Option<Step> {
    let (g, definition) = assay_taint::FunctionOracle::new(code.res, f).definition(code.plain(f, value))?;
    ((g, definition) != (f, value)).then(|| Step {
        kind: StepKind::Source,
        place: code.place(g, code.span(g, definition)),
        message: "the key is written here".to_owned(),
    })
}

/// What is handed to a library's function as a key must not be constant, whatever it looks like.
pub(crate) fn examine_keys(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("hard-coded-secret") else { return };
    let models = code.res.models();
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let Op::Call { args, .. } = code.op(f, *call) else { continue };
            for api in &targets.apis {
                for node in code.res.apis.nodes(*api) {
                    for (spec, argument) in models.arguments(*node) {
                        let names_key = spec.names.iter().any(|n| secret_name(n).is_some() || n == "key");
                        if !names_key || !models.facts(*argument).sinks.contains(&SinkKind::SecretUse) {
                            continue;
                        }
                        let crate::code::Passed::Value(value) = code.selected(f, args, spec) else { continue };
                        let Some(text) = code.string(f, value).filter(|t| !t.is_empty()) else { continue };
                        let span = code.span(f, value);
                        if out.iter().any(|e| {
                            e.function == f && e.check.id == check.id && e.span == span && e.explanation.is_some()
                        }) {
                            continue;
                        }
                        let api = code.api(*api);
                        let title = format!("`{api}` is given a constant key");
                        let message = format!("The key `{}` stands in the code.", masked(&text));
                        let mut defect = Defect::new("constant-secret", title, message);
                        defect.before.extend(written(code, f, value));
                        if !is_random(&text) {
                            defect.confidence = Confidence::Medium;
                        }
                        defect
                            .false_if
                            .push("the key protects nothing: a fixed key to spread values, a test vector".to_owned());
                        out.push(code.defect(check, f, span, api, defect));
                    }
                }
            }
        }
    }
}
