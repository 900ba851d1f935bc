//! Passwords that go into a hash which is made to be fast.

use crate::code::{Code, Defect, words};
use crate::flawed::is_made_from;
use crate::names::{Strength, secret_name};
use crate::secrets::name_of;
use crate::settings::false_if;
use crate::{Examined, check};
use assay_dataflow::UseList;
use assay_finding::{Confidence, Outcome};
use assay_ir::{ArgKind, Op, Piece, Value};
use assay_resolve::FuncId;

/// Steps back from what is hashed.
const MAX_STEPS: u32 = 6;

/// Methods that make a text of another one without hiding it.
const FORMS: &[&str] = &[
    "encode",
    "decode",
    "strip",
    "format",
    "join",
    "str",
    "bytes",
    "unicode",
    "smart_str",
    "force_bytes",
    "to_bytes",
    "b64encode",
    "lower",
    "upper",
];
/// Words of protocols that prescribe what is hashed how.
const PROTOCOLS: &[&str] = &[
    "ntlm",
    "mysql",
    "scram",
    "cram",
    "apop",
    "wsse",
    "challenge",
    "nonce",
    "realm",
    "evp",
    "bytestokey",
    "ha1",
    "a1",
    "hibp",
    "pwned",
    "breach",
    "postgres",
    "pg",
    "ripemd",
    "samba",
    "ldap",
    "legacy",
    "deprecated",
];

/// The name of the password that a call of a hash function hashes, and the value that is hashed.
pub(crate) fn hashes_password<'a>(code: &Code<'a>, f: FuncId, call: Value) -> Option<(&'a str, Value)> {
    hashed(code, f, call).into_iter().find_map(|v| password_in(code, f, v, MAX_STEPS).map(|name| (name, v)))
}

/// What a call of a hash function hashes: its arguments, and what the hash is updated with.
fn hashed(code: &Code<'_>, f: FuncId, call: Value) -> Vec<Value> {
    let Op::Call { args, .. } = code.op(f, call) else { return Vec::new() };
    let by_name = code.callee(f, call).ends_with("hashlib.new");
    let mut hashed: Vec<Value> =
        args.iter().filter(|a| a.kind == ArgKind::Positional).skip(usize::from(by_name)).map(|a| a.value).collect();
    let function = code.function(f);
    let uses = UseList::new(function);
    for user in uses.insts(call) {
        if matches!(function.op(user), Op::Attr(_, name) if code.text(*name) == "update") {
            for update in uses.insts(user) {
                if let Op::Call { func, args } = function.op(update)
                    && *func == user
                {
                    hashed.extend(args.iter().map(|a| a.value));
                }
            }
        }
    }
    hashed
}

/// Whether a function hashes what comes out of a hash again and again, as those do that are made to be slow.
fn repeats(code: &Code<'_>, f: FuncId) -> bool {
    code.res.calls(f).iter().any(|(call, targets)| {
        targets.apis.iter().any(|api| is_fast(code.api(*api)))
            && hashed(code, f, *call).into_iter().any(|value| is_made_from(code, f, value, *call))
    })
}

fn password_in<'a>(code: &Code<'a>, f: FuncId, value: Value, depth: u32) -> Option<&'a str> {
    if depth == 0 {
        return None;
    }
    let value = code.plain(f, value);
    if let Some(name) = name_of(code, f, value)
        && secret_name(name) == Some(Strength::Password)
        && code.string(f, value).is_none()
    {
        return Some(name);
    }
    let next = |v: Value| password_in(code, f, v, depth - 1);
    match code.op(f, value) {
        Op::Binary(_, a, b) | Op::InPlace(_, a, b) => next(*a).or_else(|| next(*b)),
        Op::Format(pieces) => {
            pieces.iter().find_map(|p| if let Piece::Hole { value, .. } = p { next(*value) } else { None })
        }
        Op::Collection(_, elements) => elements.iter().find_map(|e| next(e.value)),
        Op::Phi(inputs) => inputs.iter().filter(|(_, v)| *v < value).find_map(|(_, v)| next(*v)),
        Op::Call { func, args } => {
            let receiver = match code.op(f, *func) {
                Op::Attr(base, name) if FORMS.contains(&code.text(*name)) => Some(*base),
                Op::Global(name) | Op::ImportFrom { name, .. } if FORMS.contains(&code.text(*name)) => None,
                _ => return None,
            };
            receiver.into_iter().chain(args.iter().map(|a| a.value)).find_map(next)
        }
        _ => None,
    }
}

/// Why a hash is as it is: a protocol says so, by the names around it.
pub(crate) fn prescribed(code: &Code<'_>, f: FuncId, value: Value) -> Option<(Outcome, &'static str, String)> {
    let around = format!("{} {}", code.res.program.qualified_name(f), code.shown_value(f, value));
    let word = words(&around).into_iter().find(|w| PROTOCOLS.contains(&w.as_str()))?;
    Some((Outcome::Safe, "protocol", format!("`{word}` says that a protocol prescribes the hash")))
}

/// A call of a slow hash in the same function: the fast one makes its input short.
fn slow_hash(code: &Code<'_>, f: FuncId) -> Option<String> {
    code.res.calls(f).iter().map(|(call, _)| code.callee(f, *call)).find(|name| {
        ["bcrypt", "hashpw", "scrypt", "argon2", "pbkdf2"].iter().any(|slow| name.to_lowercase().contains(slow))
    })
}

/// Whether a call makes a hash that is fast.
fn is_fast(name: &str) -> bool {
    let plain = name.strip_suffix(".new").unwrap_or(name);
    let (module, function) = plain.rsplit_once('.').unwrap_or(("", plain));
    let known = |f: &str| f.starts_with("md") || f.starts_with("sha") || f.starts_with("blake") || f == "ripemd160";
    match module {
        "hashlib" => name == "hashlib.new" || known(&function.to_lowercase()),
        "Crypto.Hash" | "Cryptodome.Hash" => known(&function.to_lowercase()),
        _ => false,
    }
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("weak-password-hash") else { return };
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            let Some(api) = targets.apis.iter().map(|a| code.api(*a)).find(|name| is_fast(name) || *name == "hashlib")
            else {
                continue;
            };
            let Some((name, value)) = hashes_password(code, f, *call) else { continue };
            let span = code.span(f, *call);
            if let Some((outcome, reason, detail)) =
                prescribed(code, f, value).or_else(|| crate::hashes::asked_by_peer(code, f, *call))
            {
                out.push(code.closed(check, f, span, api, outcome, reason, detail));
                continue;
            }
            if let Some(by) = slow_hash(code, f) {
                let detail = format!("what comes out goes to `{by}`");
                out.push(code.closed(check, f, span, api, Outcome::Safe, "pre-hash", detail));
                continue;
            }
            if repeats(code, f) {
                let detail = "the function hashes what comes out again and again".to_owned();
                out.push(code.closed(check, f, span, api, Outcome::Safe, "repeated", detail));
                continue;
            }
            let title = format!("`{name}` is hashed by `{api}`, which is made to be fast");
            let message = format!("`{}` hashes `{name}` once.", code.shown_value(f, *call));
            let mut defect = Defect::new("fast-hash", title, message);
            // For a hash that is broken besides, no purpose would make it right.
            if !["md5", "md4", "md2", "sha1"].iter().any(|broken| api.to_lowercase().contains(broken)) {
                defect.outcome = Outcome::Potential;
                defect.confidence = Confidence::Medium;
                defect.assumptions.push(format!("`{name}` is a password that somebody chose, and the hash is kept"));
            }
            defect.false_if = false_if(check);
            name.clone_into(&mut defect.value);
            out.push(code.defect(check, f, span, api, defect));
        }
    }
}
