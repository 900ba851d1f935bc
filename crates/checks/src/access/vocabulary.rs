//! The words by which programs name checks of access, refusals, and whoever sends a request.
//!
//! What a library does, its models say. What a project calls its own functions follows conventions, and a check of access
//! is called one nearly everywhere: a verb (`require`, `check`, `has`, `enforce`) and what is asked for (`permission`,
//! `role`, `admin`).

use crate::code::words;
use assay_index::FxHashMap;
use assay_models::AccessKind;

/// Words that ask.
const VERBS: &[&str] = &[
    "require",
    "requires",
    "required",
    "check",
    "checks",
    "checked",
    "ensure",
    "ensures",
    "enforce",
    "enforces",
    "verify",
    "validate",
    "assert",
    "authorize",
    "authorise",
    "has",
    "can",
    "may",
    "must",
    "is",
    "are",
    "raise",
    "protect",
    "protected",
    "need",
    "needs",
    "needed",
    "test",
    "allow",
    "allowed",
    "allows",
    "only",
    "user",
    "get",
    "any",
    "deny",
    "restrict",
    "restricted",
];
/// Words for what is asked for.
const ASKED: &[&str] = &[
    "permission",
    "permissions",
    "perm",
    "perms",
    "access",
    "role",
    "roles",
    "privilege",
    "privileges",
    "privileged",
    "admin",
    "superuser",
    "staff",
    "owner",
    "ownership",
    "policy",
    "policies",
    "acl",
    "rbac",
    "auth",
    "authenticated",
    "authentication",
    "authorization",
    "authorized",
    "unauthorized",
    "login",
    "logged",
    "signin",
    "rights",
    "authn",
    "authz",
    "can",
    "perform",
    "allowed",
    "credentials",
    "forbidden",
];
/// Words that say it alone.
const ALONE: &[&str] = &[
    "authorize",
    "authorise",
    "authorized",
    "authorised",
    "authenticated",
    "authenticate",
    "unauthorized",
    "protect",
    "authz",
    "acl",
    "rbac",
    "perm",
    "perms",
    "permission",
    "permissions",
];
/// Verbs that are a check of access on a receiver that is a policy.
const BY_RECEIVER: &[&str] =
    &["enforce", "check", "authorize", "can", "test", "verify", "require", "enforce_call", "has", "may"];
/// Receivers on which they are.
const RECEIVERS: &[&str] = &[
    "policy",
    "policies",
    "enforcer",
    "context",
    "ctxt",
    "ctx",
    "acl",
    "rbac",
    "permission",
    "permissions",
    "perms",
    "auth",
    "security",
    "authz",
    "checker",
];
/// Words of other checks that look alike.
const OTHERS: &[&str] = &[
    "quota",
    "quotas",
    "limit",
    "limits",
    "schema",
    "size",
    "ssl",
    "tls",
    "cert",
    "log",
    "cached",
    "token",
    "password",
    "cache",
    "url",
    "file",
    "register",
    "registered",
    "unauthenticated",
    "name",
    "names",
    "denied",
    "error",
    "errors",
];

/// What names say, each looked at once.
#[derive(Default)]
pub(crate) struct Vocabulary<'a> {
    guards: FxHashMap<(Option<&'a str>, &'a str), Option<AccessKind>>,
    flags: FxHashMap<&'a str, bool>,
    denials: FxHashMap<&'a str, bool>,
}

impl<'a> Vocabulary<'a> {
    /// [`guard_by_name`].
    pub(crate) fn guard(&mut self, receiver: Option<&'a str>, name: &'a str) -> Option<AccessKind> {
        *self.guards.entry((receiver, name)).or_insert_with(|| guard_by_name(receiver, name))
    }

    /// [`is_flag`].
    pub(crate) fn is_flag(&mut self, name: &'a str) -> bool {
        *self.flags.entry(name).or_insert_with(|| is_flag(name))
    }

    /// [`is_denial`].
    pub(crate) fn is_denial(&mut self, name: &'a str) -> bool {
        *self.denials.entry(name).or_insert_with(|| is_denial(name))
    }
}

/// What a call of this name asks, when its name says that it is a check of access; `receiver` is the name of what it
/// is called on.
pub(crate) fn guard_by_name(receiver: Option<&str>, name: &str) -> Option<AccessKind> {
    let parts = words(name);
    let has = |list: &[&str]| parts.iter().any(|w| list.contains(&w.as_str()));
    if has(OTHERS) {
        return None;
    }
    let on_policy = || {
        receiver.is_some_and(|r| words(r).last().is_some_and(|last| RECEIVERS.contains(&last.as_str())))
            && (BY_RECEIVER.contains(&parts.join("_").as_str()))
    };
    let alone = parts.len() <= 3
        && has(ALONE)
        && !matches!(
            parts.first().map(String::as_str),
            Some(
                "get"
                    | "set"
                    | "add"
                    | "create"
                    | "update"
                    | "delete"
                    | "remove"
                    | "list"
                    | "load"
                    | "on"
                    | "make"
                    | "build"
            )
        );
    // One word cannot be both the verb and what it asks for.
    let two = parts.iter().enumerate().any(|(i, verb)| {
        let asked = parts.iter().enumerate().any(|(j, w)| i != j && ASKED.contains(&w.as_str()));
        asked && VERBS.contains(&verb.as_str())
    });
    let asks = two && !matches!(parts.first().map(String::as_str), Some("get" | "set" | "user" | "add"));
    let enforces = parts.first().is_some_and(|w| w.starts_with("enforce")) && parts.len() <= 2;
    if !(on_policy() || alone || asks || enforces) {
        return None;
    }
    let login = has(&["login", "logged", "authenticated", "authenticate", "auth", "signin", "authn", "authentication"])
        && !has(&["permission", "permissions", "perm", "role", "admin"]);
    Some(if login {
        AccessKind::Authentication
    } else if has(&["owner", "ownership"]) {
        AccessKind::Owner
    } else {
        AccessKind::Permission
    })
}

/// Whether an attribute says what somebody may do: `is_admin`, `is_authenticated`, `is_superuser`.
pub(crate) fn is_flag(name: &str) -> bool {
    let parts = words(name);
    matches!(parts.first().map(String::as_str), Some("is" | "has" | "can" | "may"))
        && parts.iter().any(|w| ASKED.contains(&w.as_str()) || matches!(w.as_str(), "anonymous" | "global" | "advsvc"))
}

/// Whether the attribute of a class, or the argument of a registration, that is called so says what its users must have.
pub(crate) fn declares_guard(name: &str) -> bool {
    let parts = words(name);
    let has = |list: &[&str]| parts.iter().any(|w| list.contains(&w.as_str()));
    has(&[
        "permission",
        "permissions",
        "perm",
        "perms",
        "role",
        "roles",
        "acl",
        "privilege",
        "privileges",
        "authorization",
        "access",
    ]) && !has(&[
        "helper", "form", "name", "label", "choices", "map", "template", "model", "log", "url", "error", "denied",
        "message", "default",
    ]) || matches!(
        name,
        "login_required" | "requires_login" | "auth_required" | "authentication_classes" | "require_auth"
    )
}

/// Whether a class of this name, when others derive from it, asks for something.
pub(crate) fn guard_class(name: &str) -> bool {
    let parts = words(name);
    let has = |list: &[&str]| parts.iter().any(|w| list.contains(&w.as_str()));
    has(&["mixin", "required", "protected", "authenticated", "restricted", "checked", "secure", "secured"])
        && has(&[
            "permission",
            "permissions",
            "perm",
            "access",
            "login",
            "auth",
            "authenticated",
            "admin",
            "role",
            "staff",
            "superuser",
            "protected",
            "authorization",
            "restricted",
        ])
        && !has(&["exempt", "exception", "error"])
}

/// Whether an exception or answer of this name turns somebody away.
pub(crate) fn is_denial(name: &str) -> bool {
    let parts = words(name);
    let pair = |a: &[&str], b: &[&str]| {
        parts.iter().any(|w| a.contains(&w.as_str())) && parts.iter().any(|w| b.contains(&w.as_str()))
    };
    let alone = |w: &String| {
        matches!(
            w.as_str(),
            "forbidden" | "unauthorized" | "unauthorised" | "unauthenticated" | "notauthorized" | "forbid"
        )
    };
    parts.iter().any(alone)
        || pair(
            &["permission", "access", "privilege", "policy", "authorization"],
            &["denied", "required", "error", "not", "failed", "insufficient"],
        )
        || pair(&["not", "no"], &["authorized", "authorised", "authenticated", "permitted", "owner"])
        || pair(&["admin", "login", "authentication"], &["required", "failed", "needed"])
        || pair(&["insufficient"], &["privileges", "permissions", "scope", "rights"])
}

/// Whether a name of code says that everybody is to reach it.
pub(crate) fn is_public(name: &str) -> Option<&'static str> {
    const WORDS: &[&str] = &[
        "login",
        "logout",
        "signin",
        "signout",
        "signup",
        "register",
        "registration",
        "health",
        "healthz",
        "healthcheck",
        "healthchecks",
        "ping",
        "status",
        "version",
        "versions",
        "static",
        "favicon",
        "captcha",
        "oauth",
        "oauth2",
        "saml",
        "sso",
        "webhook",
        "webhooks",
        "callback",
        "robots",
        "sitemap",
        "openapi",
        "swagger",
        "docs",
        "error",
        "errors",
        "unauthorized",
        "forbidden",
        "public",
        "anonymous",
        "authenticate",
        "auth",
        "authorize",
        "token",
        "forgot",
        "reset",
        "activate",
        "i18n",
        "metrics",
        "home",
        "about",
        "lang",
        "language",
        "locale",
        "discovery",
        "redoc",
        "oidc",
        "openid",
        "federation",
        "exception",
        "exceptions",
        "handler404",
        "handler500",
        "csrf",
        "ready",
        "readiness",
        "liveness",
        "alive",
        "heartbeat",
        "manifest",
        "recover",
        "confirm",
        "verify",
        "apispec",
        "schema",
    ];
    words(name).iter().find_map(|w| WORDS.iter().find(|known| **known == w).copied())
}

/// Whether the name of a function says that it changes something.
pub(crate) fn changes(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "create",
        "update",
        "delete",
        "destroy",
        "drop",
        "remove",
        "add",
        "post",
        "put",
        "patch",
        "edit",
        "set",
        "save",
        "write",
        "insert",
        "clear",
        "reset",
        "approve",
        "publish",
        "unpublish",
        "import",
        "upload",
        "execute",
        "run",
        "trigger",
        "cancel",
        "move",
        "copy",
        "rename",
        "enable",
        "disable",
        "grant",
        "revoke",
        "restore",
        "modify",
        "change",
        "bulk",
        "purge",
        "start",
        "stop",
        "assign",
        "replace",
        "store",
        "submit",
        "send",
        "restart",
        "pause",
        "unpause",
        "lock",
        "unlock",
        "attach",
        "detach",
        "associate",
        "disassociate",
    ];
    words(name).iter().take(2).any(|w| WORDS.contains(&w.as_str()))
}

/// Names of the object that stands for a request or its caller.
pub(crate) fn is_request(name: &str) -> bool {
    matches!(name, "request" | "req" | "context" | "ctxt" | "ctx" | "info" | "request_context" | "admin_context")
}

/// Attributes of it that say who the caller is.
pub(crate) fn is_identity(name: &str) -> bool {
    matches!(
        name,
        "user"
            | "user_id"
            | "project_id"
            | "tenant_id"
            | "tenant"
            | "project"
            | "domain_id"
            | "username"
            | "current_user"
            | "account"
            | "account_id"
            | "owner"
            | "owner_id"
            | "organization"
            | "team"
            | "roles"
            | "identity"
            | "authenticated_userid"
            | "remote_user"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_told_by_their_names() {
        for name in [
            "login_required",
            "check_permission",
            "has_perm",
            "raise_for_access",
            "require_admin",
            "protect",
            "authorize",
            "is_authorized_dag",
        ] {
            assert!(guard_by_name(None, name).is_some(), "{name}");
        }
        for name in [
            "get_user",
            "validate_tag",
            "enforce_image_tag_quota",
            "create_role",
            "list_permissions",
            "set_owner",
            "is_valid",
        ] {
            assert!(guard_by_name(None, name).is_none(), "{name}");
        }
        assert!(guard_by_name(Some("context"), "can").is_some());
        assert!(guard_by_name(Some("canvas"), "can").is_none());
        assert_eq!(guard_by_name(None, "login_required"), Some(AccessKind::Authentication));
    }

    #[test]
    fn refusals_are_told_by_their_names() {
        for name in [
            "PermissionDenied",
            "HTTPForbidden",
            "NotAuthorized",
            "AdminRequired",
            "Unauthorized",
            "PolicyNotAuthorized",
        ] {
            assert!(is_denial(name), "{name}");
        }
        for name in ["NotFound", "HTTPMethodNotAllowed", "ValueError", "AdminError"] {
            assert!(!is_denial(name), "{name}");
        }
    }
}
