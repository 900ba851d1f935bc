//! Which calls decide on trust: by the models of libraries, and by the name in the project's own code.

use crate::code::{Code, words};
use assay_ir::{Op, Value};
use assay_models::Refusal;
use assay_resolve::FuncId;

/// Verbs that by themselves say that somebody is let in, or not.
const DECIDING: [&str; 6] = ["authenticate", "authorize", "authorise", "enforce", "reauthenticate", "unsign"];
/// Verbs that say so together with what is looked at.
const CHECKING: [&str; 7] = ["verify", "validate", "check", "ensure", "require", "assert", "test"];
/// Beginnings of questions.
const ASKING: [&str; 6] = ["is", "has", "can", "may", "user", "check"];
/// What decisions on trust look at.
const TRUST: [&str; 36] = [
    "signature",
    "signatures",
    "sig",
    "token",
    "tokens",
    "jwt",
    "hmac",
    "digest",
    "password",
    "passwords",
    "passwd",
    "credentials",
    "credential",
    "auth",
    "authentication",
    "authorization",
    "authorisation",
    "permission",
    "permissions",
    "perm",
    "perms",
    "policy",
    "acl",
    "certificate",
    "cert",
    "csrf",
    "otp",
    "totp",
    "mfa",
    "captcha",
    "admin",
    "superuser",
    "privilege",
    "privileges",
    "authorized",
    "authenticated",
];
/// Answers to questions about somebody.
const ANSWERS: [&str; 6] = ["allowed", "permitted", "authorized", "authenticated", "trusted", "owner"];
/// Words of errors that refuse.
const REFUSALS: [&str; 14] = [
    "forbidden",
    "unauthorized",
    "unauthorised",
    "unauthenticated",
    "denied",
    "permission",
    "authorized",
    "authentication",
    "auth",
    "signature",
    "credentials",
    "token",
    "csrf",
    "privilege",
];

/// A call that decides.
pub(super) struct Decision {
    /// The call.
    pub(super) call: Value,
    /// Its name.
    pub(super) name: String,
    /// Whether it says no by an error; otherwise by its result.
    pub(super) raises: bool,
}

/// The decision that a call is.
pub(super) fn decision(code: &Code<'_>, f: FuncId, call: Value) -> Option<Decision> {
    let Op::Call { func, .. } = code.op(f, call) else { return None };
    let targets = code.res.call(f, call)?;
    let models = code.res.models();
    let by_model = targets.apis.iter().flat_map(|api| code.res.apis.nodes(*api)).find_map(|n| models.facts(*n).decides);
    if let Some(refusal) = by_model {
        return Some(Decision { call, name: code.callee(f, call), raises: refusal == Refusal::Raises });
    }
    // A library's function is known by its model alone.
    let is_library =
        targets.functions.is_empty() && targets.apis.iter().any(|api| !code.res.apis.nodes(*api).is_empty());
    if is_library {
        return None;
    }
    let name = match code.op(f, *func) {
        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name),
        _ => return None,
    };
    let raises = decides(name)?;
    Some(Decision { call, name: name.to_owned(), raises })
}

/// Whether a function of this name decides on trust, and then whether by raising.
pub(super) fn decides(name: &str) -> Option<bool> {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    let first = words.first()?.as_str();
    // Makers and readers of what a decision is about decide nothing.
    if ["get", "set", "make", "create", "build", "load", "add", "register", "update", "delete", "on", "test"]
        .contains(&first)
    {
        return None;
    }
    if DECIDING.contains(&first) && words.len() <= 3 {
        return Some(true);
    }
    if CHECKING.contains(&first) && has(&TRUST) {
        return Some(true);
    }
    if ASKING.contains(&first)
        && (has(&ANSWERS) || has(&["permission", "permissions", "perm", "perms", "superuser", "admin"]))
    {
        return Some(false);
    }
    None
}

/// Whether an error of this name says that somebody or something is not let in.
pub(super) fn refuses(error: &str) -> bool {
    words(error).iter().any(|w| REFUSALS.contains(&w.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_decide() {
        for name in
            ["verify_signature", "check_password", "authenticate", "enforce", "validate_token", "checkPermissions"]
        {
            assert_eq!(decides(name), Some(true), "{name}");
        }
        for name in ["is_authorized", "has_permission", "user_is_admin", "can_be_owner"] {
            assert_eq!(decides(name), Some(false), "{name}");
        }
        for name in ["check_size", "get_token", "verify", "create_permission", "validate", "is_open"] {
            assert_eq!(decides(name), None, "{name}");
        }
    }
}
