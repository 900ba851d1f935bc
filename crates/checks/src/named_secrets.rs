//! Secrets known by their names: where they are shown, and how they are made.
//!
//! - A value *is a secret* when the name by which it is read is a password's or a key's; under a name with
//!   other meanings too (`token`), when it is made by a generator in this function as well.
//! - It is *shown* when it stands in a log message or in the arguments of a process, alone or as a part of a
//!   text. What only tells something about it (its length, whether there is one) is *derived*.
//! - A *weak* generator is one that the models mark as a source of predictable numbers.
//!
//! The ways are those within a function, and for generators the results of the program's own functions.

use crate::code::{Code, Defect, words};
use crate::names::{Strength, secret_name};
use crate::secrets::{local_name, name_of};
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_index::{FxHashSet, Idx};
use assay_ir::{ArgKind, Op, Piece, Terminator, Value};
use assay_models::{NodeId, SinkKind, SourceKind};
use assay_resolve::{ApiId, FuncId, Object};
use assay_text::Role;
use std::collections::BTreeSet;

/// Steps from a value to what it is made of.
const MAX_STEPS: u32 = 10;
/// Values that are looked at for one place.
const MAX_VISITS: u32 = 160;
/// Calls between a generator and the name that its value gets.
const MAX_CALLERS_UP: usize = 2;
/// Functions that give another form of what they are given.
const FORMS: &[&str] = &[
    "str",
    "repr",
    "format",
    "encode",
    "decode",
    "join",
    "strip",
    "bytes",
    "upper",
    "lower",
    "dict",
    "dumps",
    "pformat",
    "urlencode",
];
/// Words that the names of functions begin with that make something.
const MAKING: &[&str] = &["build", "create", "gen", "generate", "make", "mk", "new", "random"];
/// Libraries whose functions make a text of numbers or of other texts.
const MAKERS: &[&str] = &["builtins.", "hashlib.", "base64.", "binascii.", "string."];

/// Last words of names of what is about a secret, and not one.
const ABOUT: &[&str] = &["path", "file", "filename", "folder", "dir", "url", "uri", "id", "name", "type"];

/// Headers of requests that let whoever has them act for the sender.
const SECRET_HEADERS: &[&str] =
    &["Authorization", "Proxy-Authorization", "X-Auth-Token", "X-Api-Key", "X-Subject-Token", "Private-Token"];

/// What a value shows.
#[derive(Clone, PartialEq, Debug)]
enum Shown {
    /// The secret of this name.
    Secret(String, Strength),
    /// Something about the secret of this name.
    Derived(String),
}

/// Secrets in log messages and in the arguments of processes.
pub(crate) fn examine_shown(code: &Code<'_>, out: &mut Vec<Examined>) {
    let sinks = [(SinkKind::LogContent, "secret-in-log"), (SinkKind::ProcessArgument, "secret-in-process-arguments")];
    let models = code.res.models();
    let takes = |node: NodeId, kind: SinkKind| {
        let facts = models.facts(node);
        facts.sinks.contains(&kind) || facts.conditional_sinks.iter().any(|s| s.kind == kind)
    };
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let Op::Call { args, .. } = code.op(f, *call) else { continue };
            for (kind, id) in sinks {
                let Some(check) = check(id) else { continue };
                let mut worst: Option<Shown> = None;
                let mut is_sink = false;
                for node in targets.apis.iter().flat_map(|api| code.res.apis.nodes(*api)) {
                    for (spec, argument) in models.arguments(*node) {
                        if !takes(*argument, kind) && !models.element(*argument).is_some_and(|n| takes(n, kind)) {
                            continue;
                        }
                        is_sink = true;
                        let mut position = 0;
                        for arg in args {
                            let selected = match arg.kind {
                                ArgKind::Positional => {
                                    position += 1;
                                    spec.matches_position(position - 1) || spec.any
                                }
                                ArgKind::Keyword(name) => spec.matches_name(code.text(name)) || spec.any_named,
                                ArgKind::Spread | ArgKind::KeywordSpread => false,
                            };
                            if selected {
                                let mut walk = Walk { code, left: MAX_VISITS, until: Some(*call) };
                                worst = worse(worst, walk.shown(f, arg.value, MAX_STEPS));
                            }
                        }
                    }
                }
                if is_sink && worst.is_none() && kind == SinkKind::ProcessArgument {
                    let other = args
                        .iter()
                        .filter(|a| matches!(a.kind, ArgKind::Keyword(n) if ["input", "env"].contains(&code.text(n))));
                    for arg in other {
                        if let Some(Shown::Secret(name, _)) =
                            (Walk { code, left: MAX_VISITS, until: None }).shown(f, arg.value, MAX_STEPS)
                        {
                            worst = Some(Shown::Derived(name));
                        }
                    }
                }
                if let Some(shown) = worst {
                    out.push(shown_at(code, check, f, *call, shown));
                }
            }
        }
    }
}

/// The name of the secret that a text shows, when the name has no other meanings.
pub(crate) fn shown_secret(code: &Code<'_>, f: FuncId, value: Value) -> Option<String> {
    match (Walk { code, left: MAX_VISITS, until: None }).shown(f, value, MAX_STEPS) {
        Some(Shown::Secret(name, Strength::Key | Strength::Password)) => Some(name),
        _ => None,
    }
}

fn worse(a: Option<Shown>, b: Option<Shown>) -> Option<Shown> {
    match (a, b) {
        (Some(Shown::Derived(_)), Some(b @ Shown::Secret(..))) => Some(b),
        (a, b) => a.or(b),
    }
}

fn shown_at(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value, shown: Shown) -> Examined {
    let (api, span) = (code.callee(f, call), code.span(f, call));
    let (name, strength) = match shown {
        Shown::Secret(name, strength) => (name, strength),
        Shown::Derived(name) => {
            let detail = format!("`{name}` itself is not in it");
            return code.closed(check, f, span, &api, Outcome::Safe, "not-the-secret", detail);
        }
    };
    if strength != Strength::Password && code.texts.role(code.file(f)) == Role::Vendored {
        let detail = format!("what `{name}` is, the authors of this copied code know");
        return code.closed(check, f, span, &api, Outcome::NotObserved, "copied-code", detail);
    }
    let (title, step) = if check.id == "secret-in-log" {
        (format!("`{name}` is written to a log"), format!("`{name}` becomes part of the message"))
    } else {
        (format!("`{name}` is passed on a command line"), format!("`{name}` becomes an argument of the process"))
    };
    let message = format!("`{}` shows `{name}`, a secret by its name.", code.shown(f, span));
    let mut defect = Defect::new("secret-shown", title, message);
    defect.step = step;
    defect.detail = format!("`{name}` is in it");
    defect.confidence = Confidence::Medium;
    if strength != Strength::Password {
        defect.outcome = Outcome::Potential;
        defect.assumptions.push(format!("`{name}` means a secret"));
    }
    defect.false_if.push(format!("`{name}` holds no secret, or a masked one"));
    defect.value = name;
    code.defect(check, f, span, &api, defect)
}

/// Secrets that a generator makes.
pub(crate) fn examine_made(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("weak-randomness") else { return };
    let mut near: BTreeSet<FuncId> = BTreeSet::new();
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            if is_weak(code, f, *call) {
                near.insert(f);
            }
            let strong = targets.apis.iter().map(|api| code.api(*api)).find(|name| {
                name.starts_with("secrets.token_") || matches!(*name, "os.urandom" | "secrets.choice" | "uuid.uuid4")
            });
            if let Some(name) = strong {
                let detail = format!("`{name}` draws from the system");
                out.push(code.closed(check, f, code.span(f, *call), name, Outcome::Safe, "strong-generator", detail));
            }
        }
    }
    for _ in 0..MAX_CALLERS_UP {
        let above: Vec<FuncId> = near.iter().flat_map(|f| code.callers(*f)).map(|c| c.function).collect();
        near.extend(above);
    }
    let mut made = Vec::new();
    for f in near {
        let mut done: FxHashSet<u32> = FxHashSet::default();
        for (name, value) in named_values(code, f).into_iter().chain(made_for_others(code, f)) {
            let Some(strength) = named_strength(name) else { continue };
            let span = code.span(f, value);
            if done.contains(&span.start) {
                continue;
            }
            // What is salted is no easier to guess for the salt.
            if strength != Strength::Weak && holds_secret(code, f, value) {
                continue;
            }
            // Under a name of many meanings, a number as it was drawn is just that.
            if strength == Strength::Weak && is_weak(code, f, value) {
                continue;
            }
            let Some((g, drawn)) = (Walk { code, left: MAX_VISITS, until: None }).weak(f, value, MAX_STEPS) else {
                continue;
            };
            done.insert(span.start);
            made.push((f, value, name, strength, g, drawn));
        }
    }
    // What a function makes a secret of under a name of its own is reported there, and not where its result goes.
    let at_home: FxHashSet<(FuncId, Value)> =
        made.iter().filter(|(f, .., g, _)| f == g).map(|(.., g, drawn)| (*g, *drawn)).collect();
    for (f, value, name, strength, g, drawn) in made {
        {
            if f != g && at_home.contains(&(g, drawn)) {
                continue;
            }
            let span = code.span(f, value);
            let (api, by) = (code.callee(f, value), code.callee(g, drawn));
            let title = format!("`{name}` is made with `{by}`, which can be predicted");
            let message = format!("`{name}` gets `{}`, and `{by}` is no generator of secrets.", code.shown(f, span));
            let mut defect = Defect::new("predictable", title, message);
            defect.detail = format!("`{name}` is made with `{by}`");
            defect.before.push(assay_finding::Step {
                kind: assay_finding::StepKind::Source,
                place: code.place(g, code.span(g, drawn)),
                message: format!("`{by}` gives a predictable value"),
            });
            defect.step = format!("it becomes `{name}`");
            if strength == Strength::Weak {
                defect.outcome = Outcome::Potential;
                defect.confidence = Confidence::Medium;
                defect.assumptions.push(format!("`{name}` means a secret"));
            }
            if words(name).last().is_some_and(|word| word == "salt") {
                defect.severity = Some(Severity::Low);
                defect.message = format!(
                    "{} A salt is no secret, but the same one must not come twice: passwords with one salt are guessed together.",
                    defect.message
                );
            }
            defect.false_if.push(format!("nobody gains by guessing `{name}`"));
            name.clone_into(&mut defect.value);
            let api = if api.is_empty() { by } else { api };
            out.push(code.defect(check, f, span, &api, defect));
        }
    }
}

/// Whether a text is put together of a secret and something else.
fn holds_secret(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let secret = |part: Value| {
        let name = name_of(code, f, part).and_then(secret_name);
        matches!(name, Some(Strength::Password | Strength::Key)) && code.string(f, part).is_none()
    };
    match code.op(f, code.plain(f, value)) {
        Op::Format(pieces) => pieces.iter().any(|p| matches!(p, Piece::Hole { value, .. } if secret(*value))),
        Op::Binary(_, a, b) => [*a, *b].into_iter().any(|part| secret(part) || holds_secret(code, f, part)),
        _ => false,
    }
}

/// How surely a name means something that must not be guessed.
fn named_strength(name: &str) -> Option<Strength> {
    secret_name(name).or_else(|| {
        let words = words(name);
        let last = words.last().map(String::as_str);
        matches!(last, Some("nonce" | "salt" | "otp" | "authenticator" | "challenge")).then_some(Strength::Weak)
    })
}

/// What a function that says by its name that it makes a secret gives back: `generate_token`.
fn made_for_others<'a>(code: &Code<'a>, f: FuncId) -> Vec<(&'a str, Value)> {
    let name = code.function_name(f);
    let words = words(name);
    if words.len() < 2 || !MAKING.contains(&words[0].as_str()) {
        return Vec::new();
    }
    let Some(made) = name.get(words[0].len()..).map(|rest| rest.trim_start_matches('_')) else { return Vec::new() };
    let returned = |block: &assay_ir::Block| match block.terminator {
        Terminator::Return(value) => Some((made, value)),
        _ => None,
    };
    code.function(f).blocks.iter().filter_map(returned).collect()
}

/// The values of a function that get a name.
pub(crate) fn named_values<'a>(code: &Code<'a>, f: FuncId) -> Vec<(&'a str, Value)> {
    let mut out = Vec::new();
    for (at, inst) in code.function(f).insts.iter_enumerated() {
        match &inst.op {
            Op::StoreGlobal(name, Some(value)) | Op::StoreName(name, value) | Op::StoreAttr { name, value, .. } => {
                out.push((code.text(*name), *value));
            }
            Op::StoreItem { key, value, .. } => out.extend(code.literal(f, *key).map(|k| (k, *value))),
            Op::Dict(entries) => {
                let named = |(key, value): &(Option<Value>, Value)| Some((code.literal(f, (*key)?)?, *value));
                out.extend(entries.iter().filter_map(named));
            }
            Op::Call { args, .. } => {
                for arg in args {
                    if let ArgKind::Keyword(name) = arg.kind {
                        out.push((code.text(name), arg.value));
                    }
                }
                out.extend(local_name(code, f, at).map(|name| (name, at)));
            }
            Op::Binary(..) | Op::Format(_) | Op::Item(..) => {
                out.extend(local_name(code, f, at).map(|name| (name, at)));
            }
            _ => {}
        }
    }
    out
}

fn has_source(code: &Code<'_>, f: FuncId, value: Value, kinds: &[SourceKind]) -> bool {
    let models = code.res.models();
    code.res.step_nodes(f, value).iter().any(|node| models.facts(*node).sources.iter().any(|s| kinds.contains(s)))
}

/// Whether a call draws from a weak generator, and from no other one instead: where the code chooses between
/// `SystemRandom()` and `Random(seed)`, who asks for a seed wants the same values again.
fn is_weak(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let strong = |api: &ApiId| code.api(*api).starts_with("random.SystemRandom");
    matches!(code.op(f, value), Op::Call { .. })
        && has_source(code, f, value, &[SourceKind::WeakRandom])
        && !code.res.call(f, value).is_some_and(|targets| targets.apis.iter().any(strong))
}

struct Walk<'c, 'a> {
    code: &'c Code<'a>,
    left: u32,
    /// The call that shows something: what is put into a mapping after it is not in it yet.
    until: Option<Value>,
}

impl Walk<'_, '_> {
    /// What a value shows of a secret.
    fn shown(&mut self, f: FuncId, value: Value, depth: u32) -> Option<Shown> {
        if depth == 0 || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let code = self.code;
        let value = code.plain(f, value);
        if let Some(secret) = self.secret(f, value).or_else(|| self.held(f, value)) {
            return Some(secret);
        }
        if self.until.is_some()
            && let Some(name) = crate::shown_whole::secret_within(code, f, value)
        {
            return Some(Shown::Secret(name, Strength::Key));
        }
        match code.op(f, value) {
            Op::Call { func, args } => {
                let called = code.callee(f, value);
                let last = called.rsplit('.').next().unwrap_or_default();
                let inner = |walk: &mut Self| {
                    let receiver = match code.op(f, *func) {
                        Op::Attr(base, _) => Some(*base),
                        _ => None,
                    };
                    let values = args.iter().map(|a| a.value).chain(receiver);
                    values.fold(None, |found, v| worse(found, walk.shown(f, v, depth - 1)))
                };
                let shown = inner(self)?;
                Some(match shown {
                    Shown::Secret(name, _) if !FORMS.contains(&last) => Shown::Derived(name),
                    shown => shown,
                })
            }
            Op::Compare(..) | Op::Unary(..) => None,
            op => {
                self.operands(f, value, op).into_iter().fold(None, |found, v| worse(found, self.shown(f, v, depth - 1)))
            }
        }
    }

    /// The secret that a mapping holds under a header's name when it is shown whole.
    fn held(&self, f: FuncId, value: Value) -> Option<Shown> {
        let code = self.code;
        let until = self.until?;
        let secret = |key: Value, stored: Value| {
            let name = code.literal(f, key)?;
            // A cookie by another name than that of the header is mostly something else.
            let header = name == "Cookie" || SECRET_HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header));
            (header && code.string(f, stored).is_none() && !matches!(code.op(f, stored), Op::Const(_)))
                .then(|| Shown::Secret(name.to_owned(), Strength::Key))
        };
        code.function(f).insts.iter_enumerated().take_while(|(at, _)| *at != until).find_map(|(at, inst)| {
            match &inst.op {
                Op::Dict(entries) if at == value => entries.iter().find_map(|(key, stored)| secret((*key)?, *stored)),
                Op::StoreItem { base, key, value: stored } if code.plain(f, *base) == value => secret(*key, *stored),
                _ => None,
            }
        })
    }

    /// The secret that a value is by its name.
    fn secret(&mut self, f: FuncId, value: Value) -> Option<Shown> {
        let code = self.code;
        let name = name_of(code, f, value)?;
        let strength = secret_name(name)?;
        // What it is read into says more: the path of a key is no key.
        if local_name(code, f, value)
            .is_some_and(|local| words(local).last().is_some_and(|w| ABOUT.contains(&w.as_str())))
        {
            return None;
        }
        let class = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
        let is_code = |o: Object| {
            matches!(
                o,
                Object::Class(_) | Object::SelfClass(_) | Object::Function(_) | Object::Bound(_) | Object::Module(_)
            )
        };
        if class || code.string(f, value).is_some() || code.res.objects(f, value).any(is_code) {
            return None;
        }
        let made = || {
            let mut walk = Walk { code, left: MAX_VISITS, until: None };
            has_source(code, f, value, &[SourceKind::Secret]) || walk.weak(f, value, MAX_STEPS).is_some()
        };
        (strength != Strength::Weak || made()).then(|| Shown::Secret(name.to_owned(), strength))
    }

    /// The draw from a weak generator that a value is made of.
    fn weak(&mut self, f: FuncId, value: Value, depth: u32) -> Option<(FuncId, Value)> {
        if depth == 0 || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let code = self.code;
        let value = code.plain(f, value);
        if is_weak(code, f, value) {
            return Some((f, value));
        }
        match code.op(f, value) {
            Op::Call { func, args } => {
                let targets = code.res.call(f, value)?;
                for target in targets.functions.iter().filter(|t| !t.constructs) {
                    for block in &code.function(target.function).blocks {
                        if let Terminator::Return(result) = block.terminator
                            && let Some(found) = self.weak(target.function, result, depth / 2)
                        {
                            return Some(found);
                        }
                    }
                }
                let names: Vec<&str> = targets.apis.iter().map(|api| code.res.api_name(*api)).collect();
                let makes = |name: &&str| MAKERS.iter().any(|m| name.starts_with(m)) && *name != "builtins.len";
                let method = match code.op(f, *func) {
                    Op::Attr(base, name) if FORMS.contains(&code.text(*name)) || names.iter().any(makes) => Some(*base),
                    _ => None,
                };
                if method.is_none() && !names.iter().any(makes) {
                    return None;
                }
                let values: Vec<Value> = args.iter().map(|a| a.value).chain(method).collect();
                values.into_iter().find_map(|v| self.weak(f, v, depth - 1))
            }
            Op::Compare(..) => None,
            Op::Item(base, key) => self.weak(f, *base, depth - 1).or_else(|| self.weak(f, *key, depth - 1)),
            op => self.operands(f, value, op).into_iter().find_map(|v| self.weak(f, v, depth - 1)),
        }
    }

    /// The values that a text or a collection is put together from.
    fn operands(&self, f: FuncId, value: Value, op: &Op) -> Vec<Value> {
        match op {
            Op::Phi(inputs) => inputs.iter().map(|(_, v)| *v).filter(|v| *v < value).collect(),
            Op::Binary(_, a, b) | Op::InPlace(_, a, b) => vec![*a, *b],
            Op::Format(pieces) => pieces
                .iter()
                .filter_map(|p| if let Piece::Hole { value, .. } = p { Some(*value) } else { None })
                .collect(),
            Op::Collection(_, elements) => {
                let mut out: Vec<Value> = elements.iter().map(|e| e.value).collect();
                if out.is_empty() {
                    let function = self.code.function(f);
                    let following = function.insts.iter().skip(value.index() + 1);
                    out.extend(following.filter_map(|inst| match &inst.op {
                        Op::Accumulate { into, value: added, .. } if *into == value => Some(*added),
                        Op::Call { func, args } => match (function.op(*func), &args[..]) {
                            (Op::Attr(list, name), [added]) if *list == value && self.code.text(*name) == "append" => {
                                Some(added.value)
                            }
                            _ => None,
                        },
                        _ => None,
                    }));
                }
                out
            }
            Op::Dict(entries) => entries.iter().map(|(_, v)| *v).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::harness::{check_program, examine};

    #[test]
    fn what_a_log_shows_of_a_secret() {
        check_program(
            "import logging\nfrom . import urls\n\nLOG = logging.getLogger(__name__)\nPASSWORD_FIELD = 'password'\n\n\n\
             def connect(options, password, token, api_key):\n    \
             LOG.info('with %s', password)  # expect: secret-in-log\n    \
             LOG.info('with ' + options['password'].strip())  # expect: secret-in-log\n    \
             LOG.info('with %(p)s', {'p': api_key})  # expect: secret-in-log\n    \
             LOG.info('%s of %d characters', PASSWORD_FIELD, len(password))\n    \
             LOG.info('page %s', token)\n    \
             LOG.info('see %s', urls.UPDATE_USER_PASSWORD)\n    \
             LOG.info('given: %s', password is not None)\n",
        );
    }

    #[test]
    fn what_tells_about_a_secret_is_listed_as_safe() {
        let text =
            "import logging\n\nLOG = logging.getLogger(__name__)\n\n\ndef f(password):\n    LOG.info(len(password))\n";
        let seen = examine(&[("app", text)]);
        assert!(seen.iter().any(|s| s.check == "secret-in-log" && s.code == "not-the-secret"), "{seen:#?}");
    }

    #[test]
    fn a_generator_counts_where_its_value_gets_the_name_of_a_secret() {
        check_program(
            "import random\nimport secrets\n\n\ndef digits(n):\n    return ''.join(str(random.randint(0, 9)) for _ in range(n))\n\n\n\
             def f(user, tokens, words):\n    \
             user.password = digits(8)  # expect: weak-randomness\n    \
             secret_key = hex(random.getrandbits(64))  # expect: weak-randomness\n    \
             token = random.choice(tokens)\n    \
             delay = random.random()\n    \
             user.api_key = secrets.token_hex(8)\n    \
             return secret_key, token, delay\n",
        );
    }
}
