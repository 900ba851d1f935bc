//! What a hash or a mode is used for, as far as the code around it shows.
//!
//! MD5 and SHA-1 are broken for everything that an attacker would forge, and good enough for the key of a cache.
//! Within a keyed construction (HMAC and what is built on it) they still hold.

use crate::Examined;
use crate::code::{Code, words};
use crate::effects::is_client;
use crate::flawed::is_made_from;
use assay_dataflow::{UseList, User};
use assay_finding::{Outcome, Reason};
use assay_ir::{ArgKind, Op, Value};
use assay_resolve::FuncId;
use std::collections::{BTreeMap, BTreeSet};

/// What a hash is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    /// Part of a construction with a key; its name.
    Keyed(String),
    /// Only asked for its size or name.
    Described,
    /// What is hashed is random already: nobody chooses it.
    Random,
    /// A password, token or signature; the word that says so.
    Security(String),
    /// A key of a cache, a name of a file; the word that says so.
    Casual(String),
    /// It does not show.
    Unknown,
}

const KEYED: &[&str] = &[
    "HMAC",
    "HOTP",
    "TOTP",
    "PBKDF2HMAC",
    "HKDF",
    "HKDFExpand",
    "MGF1",
    "OAEP",
    "PSS",
    "pbkdf2_hmac",
    "compare_digest",
];
const SECURITY: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "signature",
    "sign",
    "signed",
    "signer",
    "verify",
    "auth",
    "authenticate",
    "login",
    "credential",
    "credentials",
    "session",
    "nonce",
    "csrf",
    "apikey",
    "salt",
    "license",
    "challenge",
    "otp",
    "encrypt",
    "decrypt",
];
/// Broken ciphers, by the names of what makes them.
const BROKEN: &[&str] =
    &["ARC4", "ARC2", "RC2", "RC4", "DES", "DES3", "TripleDES", "Blowfish", "IDEA", "CAST5", "SEED"];
/// Broken ciphers that one program would not choose.
const SEVERAL: usize = 2;
const RANDOM: &[&str] = &["urandom", "uuid4", "token_bytes", "token_hex", "randbytes", "getrandbits"];
const CASUAL: &[&str] = &[
    "cache",
    "cached",
    "caching",
    "etag",
    "checksum",
    "checksums",
    "fingerprint",
    "filename",
    "file",
    "files",
    "path",
    "paths",
    "lock",
    "lockfile",
    "dedupe",
    "bucket",
    "shard",
    "color",
    "colour",
    "gravatar",
    "avatar",
    "template",
    "memo",
    "memoize",
    "version",
    "socket",
    "control",
    "inventory",
    "image",
    "images",
    "migration",
    "index",
    "gcode",
];

/// What the hash that a call makes is for.
pub(crate) fn purpose(code: &Code<'_>, f: FuncId, call: Value) -> Purpose {
    let function = code.function(f);
    let Op::Call { args, .. } = function.op(call) else { return Purpose::Unknown };
    let callee = code.callee(f, call);
    if callee.starts_with("hmac.") {
        return Purpose::Security("hmac".to_owned());
    }
    let uses = UseList::new(function);
    let mut text = String::new();
    let mut described = !args.iter().any(|a| a.kind == ArgKind::Positional) && uses.is_used(call);
    for user in uses.insts(call) {
        match function.op(user) {
            Op::Attr(_, name) => {
                let name = code.text(*name);
                described &= ["digest_size", "block_size", "name"].contains(&name);
                if name == "update" {
                    for update in uses.insts(user) {
                        if let Op::Call { args, .. } = function.op(update) {
                            for arg in args {
                                push(&mut text, &code.shown_value(f, arg.value));
                            }
                        }
                    }
                }
            }
            Op::Call { args, .. } if args.iter().any(|a| a.value == call) => {
                described = false;
                let callee = code.callee(f, user);
                let last = callee.rsplit('.').next().unwrap_or_default();
                if KEYED.contains(&last) || callee == "hmac.new" || words(last).iter().any(|word| word == "hmac") {
                    return Purpose::Keyed(callee);
                }
            }
            _ => described = false,
        }
    }
    if described {
        return Purpose::Described;
    }
    for arg in args {
        push(&mut text, &code.shown_value(f, arg.value));
    }
    // Where a name is looked up says nothing of what is done with it: `salt.utils.to_bytes(text)`.
    let packages = code.own_packages();
    let found = |list: &[&str], text: &str| {
        let text = without_packages(text, &packages);
        words(&text).into_iter().find(|w| list.contains(&w.as_str()))
    };
    if found(RANDOM, &text).is_some() {
        return Purpose::Random;
    }
    // What is hashed says most, then the line, then the function, then the module.
    let line = code.texts.line_text(code.file(f), code.span(f, call)).split('#').next().unwrap_or_default();
    let name = code.res.program.qualified_name(f);
    let function_name = code.function_name(f);
    // The name of the project says nothing of one place in it.
    let name = name.split_once('.').map_or("", |(_, rest)| rest).to_owned();
    let first = [
        (text.as_str(), true),
        (line, false),
        (line, true),
        (function_name, true),
        (function_name, false),
        (&name, false),
    ];
    for (text, security) in first {
        let list = if security { SECURITY } else { CASUAL };
        if !security && text.to_lowercase().contains("etag") {
            return Purpose::Casual("etag".to_owned());
        }
        if let Some(word) = found(list, text) {
            return if security { Purpose::Security(word) } else { Purpose::Casual(word) };
        }
    }
    Purpose::Unknown
}

/// Why a broken hash is none of the program's choice: it stands in a table of the hashes that a protocol has names for, or a
/// service that is asked wants it.
pub(crate) fn prescribed(code: &Code<'_>, f: FuncId, call: Value) -> Option<(Outcome, &'static str, String)> {
    if let Some(other) = beside_others(code, f, call) {
        let detail = format!("one of a table, beside `{other}`: what is exchanged names the hash");
        return Some((Outcome::Safe, "one-of-several", detail));
    }
    asked_by_peer(code, f, call)
}

/// Why a broken hash may be the other side's choice: a client's module makes it, and compares it with nothing itself.
pub(crate) fn asked_by_peer(code: &Code<'_>, f: FuncId, call: Value) -> Option<(Outcome, &'static str, String)> {
    let compares = |op: &Op| match op {
        Op::Compare(_, a, b) => is_made_from(code, f, *a, call) || is_made_from(code, f, *b, call),
        _ => false,
    };
    (!code.function(f).insts.iter().any(|inst| compares(&inst.op)) && is_client(code, f)).then(|| {
        let detail = "the module asks another service, which may prescribe the hash".to_owned();
        (Outcome::NotObserved, "asked-by-peer", detail)
    })
}

/// Takes back what was found of broken ciphers and hashes in a package that speaks the protocols of others: it has several
/// broken ciphers in several functions. Who chooses a cipher chooses one.
pub(crate) fn leave_to_protocols(code: &Code<'_>, out: &mut [Examined]) {
    let package = |f: FuncId| {
        let name = code.text(code.res.program.module_of(f).name);
        name.split('.').next().unwrap_or_default()
    };
    let mut found: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<FuncId>)> = BTreeMap::new();
    for one in out.iter().filter(|e| e.check.id == "weak-cipher" && e.explanation.is_some()) {
        if let Some(cipher) = BROKEN.iter().find(|c| one.api.split('.').any(|part| part.eq_ignore_ascii_case(c))) {
            let (ciphers, functions) = found.entry(package(one.function)).or_default();
            ciphers.insert(cipher);
            functions.insert(one.function);
        }
    }
    found.retain(|_, (ciphers, functions)| ciphers.len() >= SEVERAL && functions.len() > SEVERAL);
    for one in out.iter_mut().filter(|e| matches!(e.check.id.as_str(), "weak-cipher" | "weak-hash")) {
        if one.explanation.is_some()
            && let Some((ciphers, _)) = found.get(package(one.function))
        {
            let ciphers = ciphers.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
            one.explanation = None;
            one.outcome = Outcome::NotObserved;
            one.reason = Reason {
                code: "of-protocols".to_owned(),
                detail: format!(
                    "the package has {ciphers} in several places: the protocols that it speaks prescribe them"
                ),
            };
        }
    }
}

/// Whether a cipher is made and used in one place, to decrypt alone.
pub(crate) fn only_decrypts(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let function = code.function(f);
    let list = UseList::new(function);
    let mut decrypts = false;
    let mut open = vec![call];
    let mut seen = open.clone();
    while let Some(made) = open.pop() {
        for user in list.users(made) {
            let User::Inst(at) = *user else { return false };
            match function.op(at) {
                Op::Attr(_, name) if matches!(code.text(*name), "decrypt" | "decryptor" | "decrypt_and_verify") => {
                    decrypts = true;
                }
                // The mode, and the cipher that is made with it.
                Op::Call { args, .. }
                    if args.iter().any(|a| a.value == made) && code.callee(f, at).ends_with("Cipher") =>
                {
                    if !seen.contains(&at) {
                        seen.push(at);
                        open.push(at);
                    }
                }
                _ => return false,
            }
        }
    }
    decrypts
}

/// A stronger hash that stands in the same table.
fn beside_others(code: &Code<'_>, f: FuncId, call: Value) -> Option<String> {
    let strong = |text: &str| ["256", "384", "512"].iter().any(|size| text.contains(size));
    code.function(f).insts.iter().find_map(|inst| {
        let Op::Dict(entries) = &inst.op else { return None };
        entries.iter().any(|(_, value)| is_made_from(code, f, *value, call)).then_some(())?;
        entries.iter().map(|(_, value)| code.shown_value(f, *value)).find(|shown| strong(shown))
    })
}

/// A piece of code without the names of packages at the start of a dotted name.
fn without_packages(text: &str, packages: &[&str]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric() || c == '_') {
        out.push_str(&rest[..start]);
        let end = rest[start..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(rest.len(), |e| start + e);
        let name = &rest[start..end];
        let package = rest[end..].starts_with('.') && !out.ends_with('.') && packages.contains(&name);
        out.push_str(if package { "_" } else { name });
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn push(text: &mut String, part: &str) {
    text.push(' ');
    text.push_str(part);
}
