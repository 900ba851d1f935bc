//! Names that mean a secret, and texts that look like one.
//!
//! - The *head* of a name is its last word: a `token_url` is a URL, a `password_field` a field.
//! - A *strong* name means a secret wherever it stands (`password`, `api_key`); a *weak* one has other
//!   meanings too (`token`, `key`), and only counts together with other evidence.

use crate::code::words;

/// How surely a name means a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Strength {
    /// It has other meanings too.
    Weak,
    /// A key or token of something that is kept closed.
    Key,
    /// A password.
    Password,
}

const PASSWORDS: &[&str] = &["password", "passwd", "passphrase", "passcode", "pwd", "passwort"];
const SECRETS: &[&str] = &[
    "secret",
    "secrets",
    "apikey",
    "authkey",
    "secretkey",
    "privatekey",
    "accesskey",
    "authtoken",
    "apitoken",
    "accesstoken",
];
const TOKENS: &[&str] = &["token", "credential", "credentials"];
/// What makes a key or token a secret one.
const CLOSED: &[&str] = &[
    "access",
    "api",
    "app",
    "application",
    "auth",
    "authentication",
    "authorization",
    "bearer",
    "client",
    "cookie",
    "csrf",
    "encryption",
    "hmac",
    "jwt",
    "master",
    "oauth",
    "private",
    "refresh",
    "secret",
    "session",
    "shared",
    "signing",
    "signature",
    "xsrf",
];
/// What makes a key a secret one.
const KEYS: &[&str] = &[
    "access",
    "api",
    "auth",
    "decryption",
    "encryption",
    "hmac",
    "jwt",
    "master",
    "private",
    "secret",
    "shared",
    "signing",
    "signature",
];
/// Words behind the head that change nothing.
const TRAILING: &[&str] =
    &["value", "str", "string", "text", "plain", "plaintext", "bytes", "hex", "b64", "base64", "default", "raw"];
/// Words in front that make the whole a question, an action or a marker of a language.
const LEADING: &[&str] = &[
    "no",
    "has",
    "is",
    "use",
    "uses",
    "need",
    "needs",
    "require",
    "requires",
    "reset",
    "forgot",
    "forgotten",
    "change",
    "changed",
    "update",
    "delete",
    "remove",
    "revoke",
    "verify",
    "validate",
    "check",
    "show",
    "hide",
    "invalid",
    "missing",
    "public",
    "page",
    "next",
    "continuation",
    "pagination",
    "sync",
    "cancel",
    "eos",
    "bos",
    "pad",
    "unk",
    "stop",
    "start",
    "end",
    "marker",
    "max",
    "min",
    "num",
    "random",
    "generate",
    "create",
    "get",
    "set",
    "type",
    "event",
    "error",
    "without",
    "with",
    "can",
    "allow",
    "disable",
    "enable",
    "ask",
    "prompt",
    "empty",
];

/// Words before `pwd` that say that it is a folder.
const FOLDERS: &[&str] = &["prev", "previous", "initial", "start", "work", "working", "base", "cur", "current"];

/// Whether a name means a secret.
pub(crate) fn secret_name(name: &str) -> Option<Strength> {
    // Nearly all names are told apart by this alone.
    let part = |p: &str| name.as_bytes().windows(p.len()).any(|w| w.eq_ignore_ascii_case(p.as_bytes()));
    if !["pass", "pwd", "secret", "key", "token", "credential"].iter().any(|p| part(p)) {
        return None;
    }
    let all = words(name);
    let mut words: &[String] = &all;
    while let [rest @ .., last] = words
        && !rest.is_empty()
        && (TRAILING.contains(&last.as_str()) || last.bytes().all(|b| b.is_ascii_digit()))
    {
        words = rest;
    }
    let (head, before) = words.split_last()?;
    let head = head.trim_end_matches(|c: char| c.is_ascii_digit());
    if before.first().is_some_and(|first| LEADING.contains(&first.as_str())) {
        return None;
    }
    // The folder that a shell is in.
    if head == "pwd" && (name.contains("PWD") || before.last().is_some_and(|word| FOLDERS.contains(&word.as_str()))) {
        return None;
    }
    let closed = before.last().is_some_and(|word| CLOSED.contains(&word.as_str()));
    if PASSWORDS.contains(&head) {
        Some(Strength::Password)
    } else if SECRETS.contains(&head) {
        Some(Strength::Key)
    } else if TOKENS.contains(&head) {
        Some(if closed { Strength::Key } else { Strength::Weak })
    } else if head == "key" && before.last().is_some_and(|word| KEYS.contains(&word.as_str())) {
        Some(Strength::Key)
    } else {
        None
    }
}

/// Whether a name means a value made with a key, which proves where something comes from.
pub(crate) fn proof_name(name: &str) -> bool {
    let words = words(name);
    words.last().is_some_and(|head| ["signature", "hmac", "mac", "sig"].contains(&head.as_str()))
        && !words.first().is_some_and(|first| LEADING.contains(&first.as_str()))
}

/// Why a text under a secret's name is no secret; the reason's code and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Looks {
    /// Random enough to be one.
    Random,
    /// A password that people choose.
    Chosen,
    /// A password that everybody tries first.
    Common,
    /// Nothing.
    Empty,
    /// A text to be replaced.
    Placeholder,
    /// The name of something, a message, a path, a pattern.
    Name,
}

const COMMON: &[&str] = &[
    "admin",
    "administrator",
    "root",
    "toor",
    "letmein",
    "qwerty",
    "guest",
    "postgres",
    "mysql",
    "welcome",
    "hunter2",
    "iloveyou",
    "monkey",
    "dragon",
    "abc123",
    "password1",
    "passw0rd",
    "p@ssw0rd",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234",
    "dev",
    "supersecret",
    "topsecret",
    "s3cr3t",
    "secret123",
];
const PLACEHOLDERS: &[&str] = &[
    "xxx",
    "***",
    "...",
    "changeme",
    "change-me",
    "change_me",
    "example",
    "placeholder",
    "dummy",
    "redacted",
    "sample",
    "your-",
    "your_",
    "yourpass",
    "yoursecret",
    "insert-",
    "insert_",
    "replace",
    "todo",
    "fixme",
    "undefined",
    "foobar",
    "notset",
    "not-set",
    "not_set",
    "unused",
    "fake",
    "masked",
    "sanitized",
    "filtered",
    "hidden",
];
/// Words that name things; a text made of such words alone is the name of something.
const NAMING: &[&str] = &["password", "passwd", "secret", "token", "key", "credential", "auth", "api", "pass", "pwd"];

/// What a text under a secret's name looks like.
pub(crate) fn looks(text: &str, name: &str) -> Looks {
    let lower = text.to_lowercase();
    if text.trim().is_empty() {
        return Looks::Empty;
    }
    let marks = ["<", ">", "${", "{", "}", "%(", "%s", "%d", "$("];
    if marks.iter().any(|m| text.contains(m))
        || PLACEHOLDERS.iter().any(|p| lower.contains(p))
        || ["none", "null", "nil", "n/a", "-", "true", "false"].contains(&lower.as_str())
    {
        return Looks::Placeholder;
    }
    if text.chars().all(|c| c == text.chars().next().unwrap_or(' ')) {
        return Looks::Placeholder;
    }
    if COMMON.contains(&lower.as_str()) {
        return Looks::Common;
    }
    let is_pattern = ["\\", "(?", "[a-", "[A-", "[0-", ".*", ".+", "|", "$)"].iter().any(|m| text.contains(m));
    if text.contains(char::is_whitespace)
        || is_pattern
        || text.chars().any(|c| c.is_control() || !c.is_ascii() && !c.is_alphanumeric())
    {
        return Looks::Name;
    }
    if text.contains("://")
        || text.starts_with(['/', '.', '~', '_', '-', ':', '@', '#', '?', '&', '='])
        || text.contains("::")
    {
        return Looks::Name;
    }
    // What is put into pages and programs that everybody gets.
    if PUBLISHED.iter().any(|prefix| text.starts_with(prefix)) {
        return Looks::Name;
    }
    if is_random(text) {
        return Looks::Random;
    }
    let parts: Vec<String> = words(text);
    // A path, a dotted or dashed name, a column, a header: every part is a word.
    let spelled = parts
        .iter()
        .all(|p| p.chars().all(char::is_alphabetic) || p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()));
    let naming = parts.iter().any(|p| NAMING.iter().any(|n| p.contains(n)));
    if naming || words(name) == parts {
        return Looks::Name;
    }
    let letters = text.chars().any(char::is_alphabetic);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let marks = text.chars().filter(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/' | ':')).count();
    if text.len() >= 6
        && letters
        && (digits > 0 || marks > 0)
        && !(spelled && parts.len() > 1 && digits < 3)
        && !(spelled && digits == 0 && marks == 0)
    {
        return Looks::Chosen;
    }
    Looks::Name
}

/// Whether a text has the look of something that a generator made.
pub(crate) fn is_random(text: &str) -> bool {
    let length = text.len();
    if !(16..=512).contains(&length) || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let base64 = text.bytes().all(|b| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'+' | b'/'
                    | b'='
                    | b'-'
                    | b'_'
                    | b'.'
                    | b'!'
                    | b'@'
                    | b'#'
                    | b'$'
                    | b'%'
                    | b'^'
                    | b'&'
                    | b'*'
                    | b'('
                    | b')'
            )
    });
    if !hex && !base64 {
        return false;
    }
    let bits = entropy(text);
    if hex {
        // A text of digits alone is a number, one of equal groups a made-up identifier.
        return bits >= 2.8 && digits < length && !text.bytes().all(|b| b.is_ascii_alphabetic());
    }
    let pairs: Vec<(u8, u8)> = text.bytes().zip(text.bytes().skip(1)).collect();
    let class = |b: u8| match b {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    // In words, letters of one case follow each other; in random text the class changes all the time.
    let changes = pairs.iter().filter(|(a, b)| class(*a) != class(*b)).count();
    digits > 0 && bits >= 3.3 && changes * 100 >= pairs.len() * 35
}

/// Bits per character.
pub(crate) fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[byte as usize] += 1;
    }
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|c| **c > 0)
        .map(|c| {
            let p = f64::from(*c) / length;
            -p * p.log2()
        })
        .sum()
}

/// How keys begin that their providers call public: of PostHog, Stripe and Mapbox.
const PUBLISHED: [&str; 4] = ["phc_", "pk_live_", "pk_test_", "pk.eyJ"];

/// The kind of secret whose format a text has, wherever it stands.
pub(crate) fn known_format(text: &str) -> Option<&'static str> {
    format_of(text).filter(|_| !text.contains("EXAMPLE"))
}

fn format_of(text: &str) -> Option<&'static str> {
    if text.len() < 16 {
        return None;
    }
    let trimmed = text.trim();
    if let Some(at) = trimmed.find("PRIVATE KEY-----")
        && trimmed[..at].contains("-----BEGIN ")
        && trimmed[at..].bytes().filter(u8::is_ascii_alphanumeric).count() >= 80
    {
        return Some("private key");
    }
    let tail = |prefix: &str, least: usize, ok: fn(u8) -> bool| {
        trimmed
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= least && rest.bytes().all(ok) && entropy(rest) >= 3.0)
    };
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    if trimmed.len() == 20 && (tail("AKIA", 16, upper) || tail("ASIA", 16, upper)) {
        return Some("AWS access key");
    }
    for (prefix, least, kind) in [
        ("ghp_", 30, "GitHub token"),
        ("gho_", 30, "GitHub token"),
        ("ghs_", 30, "GitHub token"),
        ("github_pat_", 30, "GitHub token"),
        ("glpat-", 18, "GitLab token"),
        ("xoxb-", 20, "Slack token"),
        ("xoxp-", 20, "Slack token"),
        ("sk_live_", 20, "Stripe key"),
        ("rk_live_", 20, "Stripe key"),
        ("AIza", 35, "Google API key"),
    ] {
        if tail(prefix, least, word) {
            return Some(kind);
        }
    }
    if !trimmed.starts_with("eyJ") {
        return None;
    }
    let parts: Vec<&str> = trimmed.split('.').take(4).collect();
    if let [head, body, signature] = parts[..]
        && !head.is_empty()
        && body.starts_with("eyJ")
        && signature.len() >= 20
        && parts.iter().all(|p| p.bytes().all(word))
    {
        return Some("signed token");
    }
    None
}

/// The password in an address such as `scheme://user:password@host`.
pub(crate) fn password_in_address(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    if scheme.is_empty()
        || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+')
        || text.contains(char::is_whitespace)
    {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, host) = authority.rsplit_once('@')?;
    let (user, password) = user.split_once(':')?;
    // Whoever is called like the password is an example, or can be guessed anyway.
    (!host.is_empty() && user != password).then_some(password)
}

/// The password in a text of settings such as `host=db user=net password=…` or `Server=db;Uid=net;Pwd=…`.
pub(crate) fn password_in_settings(text: &str) -> Option<&str> {
    if !text.contains('=') || text.len() > 300 || text.contains(['\n', '"', '\'', '(', ',']) {
        return None;
    }
    let mut password = None;
    let mut place = false;
    for part in text.split([' ', ';', '&']) {
        let Some((key, value)) = part.split_once('=') else { continue };
        match key.trim().to_lowercase().as_str() {
            "password" | "passwd" | "pwd" => password = Some(value.trim()),
            "host" | "server" | "hostaddr" | "dbname" | "database" | "data source" | "user" | "uid" | "username" => {
                place = true;
            }
            _ => {}
        }
    }
    password.filter(|p| place && !p.is_empty())
}

/// A secret as it may be shown: without its middle.
pub(crate) fn masked(text: &str) -> String {
    let count = text.chars().count();
    let keep = if count >= 12 { 2 } else { 1 };
    let head: String = text.chars().take(keep).collect();
    let tail: String = text.chars().skip(count.saturating_sub(keep)).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_name_decides() {
        for name in [
            "password",
            "DB_PASSWORD",
            "adminPasswd",
            "password2",
            "secret_key_base64",
            "API_TOKEN",
            "client_secret",
            "api_key",
            "authToken",
        ] {
            assert!(secret_name(name).is_some_and(|s| s > Strength::Weak), "{name}");
        }
        for name in [
            "token_url",
            "password_field",
            "secret_name",
            "PASSWORD_RESET_TIMEOUT",
            "reset_password",
            "key",
            "sort_key",
            "public_key",
            "next_token",
            "password_hasher",
            "TOKEN_HEADER",
            "use_token",
            "primary_key",
            "cache_key",
            "no_password",
            "keystone",
        ] {
            assert_eq!(secret_name(name), None, "{name}");
        }
        assert_eq!(secret_name("token"), Some(Strength::Weak));
    }

    #[test]
    fn texts_are_told_apart() {
        for (text, name, expected) in [
            ("x8Kq2vTz91LmWn4s", "secret_key", Looks::Random),
            ("9f86d081884c7d659a2feaa0c55ad015", "API_TOKEN", Looks::Random),
            ("S3cur3-n3t!", "password", Looks::Chosen),
            ("letmein-2019", "password", Looks::Chosen),
            ("nk-Agent!2017", "AGENT_PASSWORD", Looks::Chosen),
            ("admin", "password", Looks::Common),
            ("", "password", Looks::Empty),
            ("changeme", "password", Looks::Placeholder),
            ("xxxx", "password", Looks::Placeholder),
            ("<password>", "password", Looks::Placeholder),
            ("${PASSWORD}", "password", Looks::Placeholder),
            ("%(password)s", "password", Looks::Placeholder),
            ("********", "password", Looks::Placeholder),
            ("password", "password", Looks::Name),
            ("X-Auth-Token", "token", Looks::Name),
            ("/etc/keys/token", "token", Looks::Name),
            ("OS_PASSWORD", "password", Looks::Name),
            ("The password to use", "password", Looks::Name),
            ("application/json", "token", Looks::Name),
            ("keystone.auth.plugins.v3", "token", Looks::Name),
            ("oauth2", "token", Looks::Name),
            ("[a-z0-9]{8}", "password", Looks::Placeholder),
            ("urn:ietf:params:oauth", "access_token", Looks::Name),
        ] {
            assert_eq!(looks(text, name), expected, "{text}");
        }
    }

    #[test]
    fn formats_of_providers_are_known() {
        assert_eq!(known_format("AKIAIOSFODNN7EXAMPLE"), None);
        assert_eq!(known_format(concat!("AKIA", "2E0A8F3B244C9986")), Some("AWS access key"));
        assert_eq!(known_format("-----BEGIN RSA PRIVATE KEY-----"), None);
        let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", "Ab3".repeat(40));
        assert_eq!(known_format(&key), Some("private key"));
        assert_eq!(password_in_address("mysql://root:s3cret@db/net"), Some("s3cret"));
        assert_eq!(password_in_address("https://example.org/a:b@c"), None);
        assert_eq!(password_in_settings("host=db user=net password=s3cret"), Some("s3cret"));
        assert_eq!(password_in_settings("Server=db;Uid=net;Pwd=s3cret;"), Some("s3cret"));
        assert_eq!(password_in_settings("?q=1&password=s3cret"), None);
    }

    #[test]
    fn a_secret_is_never_shown_whole() {
        assert_eq!(masked("S3cur3-n3t!"), "S…!");
        assert_eq!(masked("9f86d081884c7d65"), "9f…65");
    }
}
