//! Secrets that are compared with `==`.
//!
//! - A side of a comparison is a *proof* when it is made with a key (a keyed digest), *secret* when
//!   its name says so.
//! - The other side is *foreign* when it comes from outside, *passed* when it is a parameter or made from one.
//!   A comparison of two values of the program's own tells nobody anything.

use crate::code::Defect;
use crate::code::{Code, words};
use crate::names::{Strength, proof_name, secret_name};
use crate::origin::{From, origin};
use crate::secrets::name_of;
use crate::{Check, Examined, check};
use assay_dataflow::UseList;
use assay_finding::{Confidence, Outcome};
use assay_ir::{BinaryOp, CompareOp, Op, Piece, Terminator, Value};
use assay_resolve::{FuncId, Object};
use assay_values::ConstValue;

/// Steps from a value to what makes it.
const MAX_STEPS: u32 = 8;
/// Values that are looked at for one side of a comparison.
const MAX_VISITS: u32 = 200;
/// Functions that compare in a time that tells nothing.
const CONSTANT_TIME: &[&str] = &[
    "compare_digest",
    "constant_time_compare",
    "safe_str_cmp",
    "bytes_eq",
    "constant_time_bytes_eq",
    "const_compare",
    "consteq",
];
/// What turns a value into another form of the same.
const FORMS: &[&str] = &[
    "encode",
    "decode",
    "strip",
    "lower",
    "upper",
    "b64encode",
    "b64decode",
    "urlsafe_b64encode",
    "urlsafe_b64decode",
    "hexlify",
    "unhexlify",
    "str",
    "bytes",
    "force_bytes",
    "force_str",
    "force_text",
    "smart_bytes",
    "to_bytes",
    "to_str",
    "ensure_bytes",
    "ensure_str",
    "rstrip",
    "lstrip",
    "b",
    "to_native",
];
/// Names of what a person types twice, or of which there is an old and a new one.
const TWICE: &[&str] = &[
    "confirm",
    "confirmation",
    "confirmed",
    "repeat",
    "repeated",
    "again",
    "retype",
    "retyped",
    "verify",
    "new",
    "old",
    "previous",
    "original",
    "current",
    "last",
    "prior",
];

#[derive(Clone, PartialEq, Debug)]
enum Secret {
    /// Made with a key, by this function of a library.
    Proof(String),
    /// By this name.
    Named(String, Strength),
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("secret-comparison") else { return };
    for f in code.res.program.functions.ids() {
        // What makes two objects equal is no decision on what a client sent.
        if ["__eq__", "__ne__"].contains(&code.function_name(f)) {
            continue;
        }
        let function = code.function(f);
        let mut uses = None;
        for (value, inst) in function.insts.iter_enumerated() {
            match &inst.op {
                Op::Compare(CompareOp::Eq | CompareOp::NotEq, left, right) => {
                    let uses = uses.get_or_insert_with(|| UseList::new(function));
                    if is_expression(code, f, value, uses) {
                        continue;
                    }
                    out.extend(compared(code, check, f, value, *left, *right));
                }
                Op::Call { func, args } if args.len() >= 2 => {
                    let name = match function.op(*func) {
                        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name),
                        _ => continue,
                    };
                    if CONSTANT_TIME.contains(&name) {
                        let detail = format!("`{}` compares", code.callee(f, value));
                        out.push(code.closed(
                            check,
                            f,
                            inst.span,
                            &code.callee(f, value),
                            Outcome::Safe,
                            "constant-time",
                            detail,
                        ));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a comparison is handed to a function as it is: a condition of a database query, not a test.
fn is_expression(code: &Code<'_>, f: FuncId, compare: Value, uses: &UseList) -> bool {
    let mut any = false;
    for user in uses.insts(compare) {
        let Op::Call { func, args } = code.op(f, user) else { return false };
        if !args.iter().any(|a| a.value == compare) {
            return false;
        }
        let builtin = code.res.apis_of(f, *func).any(|api| code.res.api_name(api).starts_with("builtins."));
        if builtin {
            return false;
        }
        any = true;
    }
    any
}

fn compared(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    at: Value,
    left: Value,
    right: Value,
) -> Option<Examined> {
    let literal = |v: Value| {
        matches!(code.op(f, code.plain(f, v)), Op::Const(_) | Op::Collection(..) | Op::Dict(_) | Op::Undefined)
    };
    if literal(left) || literal(right) {
        return None;
    }
    // Attributes of classes are columns, enumerations and types.
    let of_class = |v: Value| match code.op(f, v) {
        Op::Attr(base, _) => {
            code.res.objects(f, *base).any(|o| matches!(o, Object::Class(_) | Object::SelfClass(_)))
                && !matches!(code.op(f, *base), Op::Param(_))
        }
        _ => false,
    };
    if is_change(code, f, at, left, right) {
        return None;
    }
    if of_class(left) || of_class(right) || is_measure(code, f, left) || is_measure(code, f, right) {
        return None;
    }
    let sides = [(left, right), (right, left)];
    let found = sides.into_iter().filter_map(|(secret, other)| {
        Some((secret_of(code, f, secret, MAX_STEPS, &mut { MAX_VISITS })?, secret, other))
    });
    let mut best: Option<(Outcome, Confidence, Secret, Value, Value)> = None;
    for (kind, secret, other) in found {
        let Some((outcome, confidence)) = weigh(code, f, &kind, secret, other) else { continue };
        if best.as_ref().is_none_or(|b| (outcome, std::cmp::Reverse(confidence)) < (b.0, std::cmp::Reverse(b.1))) {
            best = Some((outcome, confidence, kind, secret, other));
        }
    }
    let (outcome, confidence, kind, secret, other) = best?;
    // What is kept for one client is no secret from that client, who alone can send the other side.
    if matches!(kind, Secret::Named(..)) && [secret, other].into_iter().any(|side| is_of_session(code, f, side)) {
        let detail = "the other side is kept for the one client that can send it".to_owned();
        return Some(code.closed(check, f, code.span(f, at), "==", Outcome::Safe, "own-session", detail));
    }
    // A number is a mark.
    if [secret, other].into_iter().any(|side| is_number(code, f, side)) {
        return None;
    }
    // What is written in the code is a mark by which a format, or a failure, is told, unless it is what a client must send.
    let weak = matches!(kind, Secret::Named(_, Strength::Weak));
    if (weak || outcome == Outcome::Potential) && code.string(f, secret).is_some() {
        return None;
    }
    if let Secret::Named(name, Strength::Password | Strength::Key) = &kind
        && let Some(side) =
            [secret, other].into_iter().find(|side| is_hashed(code, f, *side) || *side == secret && says_hashed(name))
    {
        let detail =
            format!("`{}` is a hash: what of it is right tells nothing of `{name}`", code.shown_value(f, side));
        return Some(code.closed(check, f, code.span(f, at), "==", Outcome::Safe, "hashed", detail));
    }
    let (secret_text, other_text) = (code.shown_value(f, secret), code.shown_value(f, other));
    let operator = if matches!(code.op(f, at), Op::Compare(CompareOp::NotEq, ..)) { "!=" } else { "==" };
    let whole = code.shown(f, code.span(f, at));
    let title = match &kind {
        Secret::Proof(_) => format!("The time of `{whole}` tells about the right value"),
        Secret::Named(name, _) => format!("The time of `{whole}` tells about `{name}`"),
    };
    let message = match &kind {
        Secret::Proof(api) => format!(
            "`{secret_text}` is made with a key (`{api}`); whoever can send `{other_text}` may find the right value by measuring."
        ),
        Secret::Named(name, _) => {
            format!("`{name}` is a secret by its name; whoever can send `{other_text}` may find it by measuring.")
        }
    };
    let mut defect = Defect::new("secret-compared", title, message);
    defect.outcome = outcome;
    defect.confidence = confidence;
    if let Secret::Named(name, _) = &kind {
        defect.assumptions.push(format!("`{name}` holds a secret"));
    }
    if outcome == Outcome::Potential {
        defect.assumptions.push(format!("`{other_text}` comes from outside"));
    }
    defect.false_if.push("nobody outside can choose one side and measure the time of the answer".to_owned());
    defect.value = secret_text;
    Some(code.defect(check, f, code.span(f, at), operator, defect))
}

/// Whether a comparison asks if something is to be set to what it is compared with: `if user.secret != secret: user.secret = secret`.
fn is_change(code: &Code<'_>, f: FuncId, at: Value, left: Value, right: Value) -> bool {
    let function = code.function(f);
    let set_to = |kept: Value, new: Value| {
        let Op::Attr(object, name) = function.op(code.plain(f, kept)) else { return false };
        function.insts.iter_enumerated().any(|(store, inst)| {
            matches!(&inst.op, Op::StoreAttr { base, name: stored, value }
                if stored == name && store > at && code.is_same(f, *base, *object) && code.is_same(f, *value, new))
        })
    };
    set_to(left, right) || set_to(right, left)
}

/// Whether a value is kept in the session of the client that asks.
fn is_of_session(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let mut at = code.plain(f, value);
    for _ in 0..MAX_STEPS {
        let base = match code.op(f, at) {
            Op::Attr(base, _) | Op::Item(base, _) => *base,
            Op::Call { func, .. } => match code.op(f, *func) {
                Op::Attr(base, _) => *base,
                _ => return false,
            },
            _ => return false,
        };
        let named = name_of(code, f, base).is_some_and(|name| words(name).last().is_some_and(|last| last == "session"));
        // A session of a database, or of a client, is none of those.
        let asks =
            matches!(code.op(f, at), Op::Attr(_, name) if matches!(code.text(*name), "query" | "execute" | "request"));
        if named {
            return !asks;
        }
        at = code.plain(f, base);
    }
    false
}

/// Whether a value is a number of the program's own, also one out of a table of such.
fn is_number(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    matches!(assay_taint::constant(code.res, f, code.plain(f, value)), Some(ConstValue::Int(_)))
}

/// Whether a name is that of a hash, or of what makes one.
fn says_hashed(name: &str) -> bool {
    words(name).iter().any(|w| matches!(w.as_str(), "hash" | "hashed" | "digest" | "encrypt" | "encrypted" | "crypt"))
}

/// Whether a value is the hash of a password, by its name or that of the function that makes it; a hash without a key, as those
/// with one are compared to tell who made something.
fn is_hashed(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let digest = |v: Value| {
        let callee = code.callee(f, v);
        callee.starts_with("hashlib.") && callee.ends_with("digest")
    };
    let digested = digest(code.plain(f, value))
        || matches!(code.op(f, code.plain(f, value)), Op::Call { func, .. }
            if matches!(code.op(f, *func), Op::Attr(base, _) if digest(code.plain(f, *base))));
    name_of(code, f, value).is_some_and(says_hashed)
        || digested
        || matches!(code.op(f, code.plain(f, value)), Op::Call { .. })
            && says_hashed(code.callee(f, code.plain(f, value)).rsplit('.').next().unwrap_or_default())
}

/// What a comparison is worth; `None` when it tells nobody anything.
fn weigh(code: &Code<'_>, f: FuncId, kind: &Secret, secret: Value, other: Value) -> Option<(Outcome, Confidence)> {
    let from = origin(code, f, other);
    let own = origin(code, f, secret);
    match kind {
        // What is looked up under a computed key was put there by the program.
        Secret::Proof(_) if is_looked_up(code, f, other) => None,
        Secret::Proof(_) => match from {
            From::Foreign | From::Passed => Some((Outcome::Defect, Confidence::High)),
            From::Unknown => Some((Outcome::Potential, Confidence::Medium)),
            From::Own => None,
        },
        Secret::Named(name, strength) => {
            let other_name = name_of(code, f, other).unwrap_or_default();
            if typed_twice(name) || typed_twice(other_name) || is_of_state(name) || same_source(code, f, secret, other)
            {
                return None;
            }
            match (from, own, strength) {
                // What two objects hold, both of which are handed over, is compared to tell whether they are the same.
                (From::Passed, From::Passed, Strength::Key | Strength::Password)
                    if is_attribute(code, f, secret) && is_attribute(code, f, other) =>
                {
                    None
                }
                // Both come from the same request: a person typed something twice.
                (From::Foreign, From::Foreign, _) => None,
                (From::Foreign, _, _) => Some((Outcome::Defect, Confidence::Medium)),
                (From::Passed, From::Passed, Strength::Password | Strength::Key) if checks(code, f) => {
                    Some((Outcome::Potential, Confidence::Low))
                }
                (From::Passed, From::Passed, _) | (_, _, Strength::Weak) => None,
                // A key or token also names things; where somebody is let in, it keeps others out.
                (From::Passed, _, Strength::Password) => Some((Outcome::Potential, Confidence::Medium)),
                (From::Passed, ..) if checks(code, f) => Some((Outcome::Potential, Confidence::Medium)),
                (From::Unknown, ..) if secret_name(other_name).is_some() && checks(code, f) => {
                    Some((Outcome::Potential, Confidence::Low))
                }
                _ => None,
            }
        }
    }
}

/// Whether a value is what something holds under a key that is no constant: a store, not the fields of a message.
fn is_looked_up(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let value = code.plain(f, value);
    let key = match code.op(f, value) {
        Op::Item(_, key) => Some(*key),
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(_, name) if code.text(*name) == "get" => args.first().map(|a| a.value),
            _ => None,
        },
        _ => None,
    };
    key.is_some_and(|key| matches!(code.op(f, code.plain(f, key)), Op::Call { .. } | Op::Format(_) | Op::Binary(..)))
}

/// Whether a value is an attribute of something.
fn is_attribute(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    matches!(code.op(f, code.plain(f, value)), Op::Attr(..))
}

/// Whether a function is there to check something, by its name or that of its class.
fn checks(code: &Code<'_>, f: FuncId) -> bool {
    let name = code.res.program.qualified_name(f);
    words(&name).iter().any(|w| {
        [
            "auth",
            "authenticate",
            "authorize",
            "authorized",
            "check",
            "verify",
            "verified",
            "validate",
            "valid",
            "clean",
            "login",
            "compare",
            "permission",
            "checker",
            "credentials",
            "authentication",
            "authorization",
        ]
        .contains(&w.as_str())
    })
}

/// Whether a name is that of a mark by which a page or a state is known again; who has the page has it.
fn is_of_state(name: &str) -> bool {
    words(name).iter().any(|w| matches!(w.as_str(), "csrf" | "xsrf" | "version" | "skew" | "etag" | "revision"))
}

fn typed_twice(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|w| TWICE.contains(&w.as_str())) || words.last().is_some_and(|w| w.ends_with(['1', '2']))
}

/// Whether two values are read from one object.
fn same_source(code: &Code<'_>, f: FuncId, left: Value, right: Value) -> bool {
    // A text and another form of the same.
    let form = |v: Value, of: Value| {
        matches!(code.op(f, code.plain(f, v)), Op::Call { func, .. }
            if matches!(code.op(f, *func), Op::Attr(base, name)
                if FORMS.contains(&code.text(*name)) && code.is_same(f, code.plain(f, *base), code.plain(f, of))))
    };
    if form(left, right) || form(right, left) {
        return true;
    }
    let base = |v: Value| match code.op(f, code.plain(f, v)) {
        Op::Attr(base, _) | Op::Item(base, _) => Some(*base),
        Op::Call { func, args } if !args.is_empty() => match code.op(f, *func) {
            Op::Attr(base, _) => Some(*base),
            _ => None,
        },
        _ => None,
    };
    match (base(left), base(right)) {
        (Some(x), Some(y)) => {
            x == y || code.shown_value(f, x) == code.shown_value(f, y) && code.shown_value(f, x) != "self"
        }
        _ => false,
    }
}

/// Whether a value is a length, a type, a number.
fn is_measure(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, value) {
        Op::Call { func, .. } => {
            code.res.apis_of(f, *func).any(|api| ["len", "type", "int", "id", "bool", "hash"].contains(&code.api(api)))
        }
        Op::Attr(_, name) => {
            let words = words(code.text(*name));
            let head = words.last().map_or("", String::as_str);
            [
                "type", "types", "id", "class", "kind", "name", "mode", "state", "status", "method", "format",
                "action", "field",
            ]
            .contains(&head)
        }
        Op::Compare(..) | Op::Unary(..) => true,
        _ => false,
    }
}

/// Whether and how a value is a secret.
fn secret_of(code: &Code<'_>, f: FuncId, value: Value, depth: u32, left_over: &mut u32) -> Option<Secret> {
    if depth == 0 || *left_over == 0 {
        return None;
    }
    *left_over -= 1;
    let value = code.plain(f, value);
    match code.op(f, value) {
        Op::Phi(inputs) => {
            inputs.iter().filter(|(_, v)| *v < value).find_map(|(_, v)| secret_of(code, f, *v, depth - 1, left_over))
        }
        // A proof with its scheme before it: `"sha256=" + digest`.
        Op::Binary(BinaryOp::Add, left, right) => {
            let constant = |v: Value| matches!(code.op(f, code.plain(f, v)), Op::Const(_));
            let other = match (constant(*left), constant(*right)) {
                (true, false) => *right,
                (false, true) => *left,
                _ => return None,
            };
            secret_of(code, f, other, depth - 1, left_over).filter(|secret| matches!(secret, Secret::Proof(_)))
        }
        Op::Format(pieces) => {
            let mut holes = pieces.iter().filter_map(|piece| match piece {
                Piece::Hole { value, .. } => Some(*value),
                Piece::Text(_) => None,
            });
            let (Some(hole), None) = (holes.next(), holes.next()) else { return None };
            secret_of(code, f, hole, depth - 1, left_over).filter(|secret| matches!(secret, Secret::Proof(_)))
        }
        Op::Call { func, args } => {
            let targets = code.res.call(f, value)?;
            for api in &targets.apis {
                let name = code.api(*api);
                let keyed = name == "hmac.digest"
                    || name.starts_with("hmac.") && (name.ends_with(".digest") || name.ends_with(".hexdigest"));
                if keyed {
                    return Some(Secret::Proof(name.to_owned()));
                }
            }
            let method = match code.op(f, *func) {
                Op::Attr(base, name) => Some((*base, code.text(*name))),
                _ => None,
            };
            if let Some((base, name)) = method
                && FORMS.contains(&name)
                && !code
                    .res
                    .apis_of(f, base)
                    .any(|api| matches!(code.res.apis.step(api), assay_resolve::ApiStep::Module(_)))
            {
                return secret_of(code, f, base, depth - 1, left_over);
            }
            let callee = code.callee(f, value);
            if FORMS.contains(&callee.rsplit('.').next().unwrap_or_default()) {
                return args.first().and_then(|a| secret_of(code, f, a.value, depth - 1, left_over));
            }
            for target in targets.functions.iter().filter(|t| !t.constructs) {
                let g = code.function(target.function);
                for block in &g.blocks {
                    if let Terminator::Return(result) = block.terminator
                        && let Some(Secret::Proof(api)) =
                            secret_of(code, target.function, result, depth.min(4) - 1, left_over)
                    {
                        return Some(Secret::Proof(api));
                    }
                }
            }
            named(code, f, value)
        }
        Op::Attr(..) | Op::Global(_) | Op::ImportFrom { .. } | Op::Item(..) | Op::Param(_) | Op::LoadCell(_) => {
            named(code, f, value)
        }
        _ => None,
    }
}

fn named(code: &Code<'_>, f: FuncId, value: Value) -> Option<Secret> {
    let name = name_of(code, f, value)?;
    // Classes and functions are no secrets, whatever they are called.
    let is_class = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    let is_code = |o: Object| {
        matches!(
            o,
            Object::Class(_) | Object::SelfClass(_) | Object::Function(_) | Object::Bound(_) | Object::Module(_)
        )
    };
    if is_class || code.res.objects(f, value).any(is_code) {
        return None;
    }
    let strength = secret_name(name).or_else(|| proof_name(name).then_some(Strength::Weak))?;
    Some(Secret::Named(name.to_owned(), strength))
}
