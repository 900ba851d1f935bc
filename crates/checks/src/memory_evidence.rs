//! What the code around a setting in C says of it: a broken hash is a defect where it is about passwords, and a predictable number where it
//! becomes a secret. Names tell.

use crate::code::words;
use crate::names::{Looks, Strength, looks, password_in_settings, proof_name, secret_name};
use assay_memory::Problem;

/// Words of names by which a function speaks the protocols of others, which prescribe what they use.
const PROTOCOLS: [&str; 22] = [
    "digest", "ntlm", "smb", "cram", "apop", "radius", "chap", "scram", "mysql", "postgres", "krb", "krb5", "kerberos",
    "lanman", "wpa", "snmp", "rfb", "vnc", "socks", "legacy", "test", "bench",
];

/// Words of names of what nobody may guess.
const UNGUESSED: [&str; 12] = [
    "token",
    "nonce",
    "salt",
    "session",
    "cookie",
    "csrf",
    "otp",
    "challenge",
    "password",
    "passwd",
    "secret",
    "passphrase",
];

/// Words of code that encrypts or signs.
const CRYPTOGRAPHY: [&str; 8] = ["encrypt", "decrypt", "cipher", "aes", "evp", "hmac", "crypto", "crypt"];

/// Words of code that answers others.
const SERVERS: [&str; 5] = ["server", "accept", "listen", "listener", "daemon"];

/// What is said of a setting.
pub(crate) enum Evidence {
    /// It matters.
    For,
    /// It need not matter, for this reason.
    Against(&'static str),
    /// It is no setting of this kind.
    None,
}

/// The code around a setting.
pub(crate) struct Around<'c> {
    pub(crate) path: &'c str,
    pub(crate) function: &'c str,
    pub(crate) body: &'c str,
    /// Where in the body it stands.
    pub(crate) at: usize,
    /// The function that is called.
    pub(crate) api: &'c str,
    pub(crate) code: &'c str,
}

impl Around<'_> {
    pub(crate) fn evidence(&self, problem: Problem, text: &str) -> Evidence {
        match problem {
            Problem::WeakHash => {
                if self.speaks_protocol() {
                    Evidence::Against("a protocol may prescribe it")
                } else if identifiers(self.body).any(is_guarded) {
                    Evidence::For
                } else {
                    Evidence::Against("nothing around speaks of a password or signature")
                }
            }
            Problem::WeakCipher => {
                let own = |word: &str| ["des", "3des", "rc4", "arc4", "rc2", "blowfish", "ecb"].contains(&word);
                let implements = words(self.function).iter().any(|word| own(word));
                if self.speaks_protocol() || implements {
                    Evidence::Against("a protocol may prescribe it")
                } else {
                    Evidence::For
                }
            }
            Problem::Unverified => {
                let serves = |name: &str| words(name).iter().any(|word| SERVERS.contains(&word.as_str()));
                if identifiers(self.body).any(serves) {
                    Evidence::Against("a server need not ask for certificates")
                } else {
                    Evidence::For
                }
            }
            Problem::OldProtocol => {
                let newer = |name: &str| {
                    name.starts_with("TLS")
                        && !["TLSv1", "TLSv1_1"].iter().any(|old| {
                            name.strip_prefix(old).is_some_and(|rest| {
                                rest.starts_with("_method")
                                    || rest.starts_with("_client")
                                    || rest.starts_with("_server")
                            })
                        })
                };
                if identifiers(self.body).any(|name| name.ends_with("_method") && newer(name)) {
                    Evidence::Against("one of several versions among which somebody chooses")
                } else {
                    Evidence::For
                }
            }
            Problem::Predictable if self.makes_secret() => Evidence::For,
            Problem::Predictable => Evidence::None,
            Problem::WrittenSecret => self.written(text),
            _ => Evidence::For,
        }
    }

    fn speaks_protocol(&self) -> bool {
        let file = self.path.rsplit('/').next().unwrap_or(self.path);
        let prescribed = |name: &str| words(name).iter().any(|word| PROTOCOLS.contains(&word.as_str()));
        prescribed(self.function) || prescribed(file)
    }

    /// Whether what stands on the left of the statement, or the function by its name, is a secret that is made.
    fn makes_secret(&self) -> bool {
        let before = self.body.get(..self.at).unwrap_or_default();
        let begin = before.rfind([';', '{', '}']).map_or(0, |at| at + 1);
        let statement = &before[begin..];
        let target = statement.rsplit_once('=').map_or("", |(left, _)| left);
        let unguessed = |name: &str| words(name).iter().any(|word| UNGUESSED.contains(&word.as_str()));
        let key = |name: &str| words(name).iter().any(|word| word == "key" || word == "iv");
        let encrypts =
            || identifiers(self.body).any(|name| words(name).iter().any(|word| CRYPTOGRAPHY.contains(&word.as_str())));
        let made = words(self.function);
        let makes = made.first().is_some_and(|first| {
            ["make", "gen", "generate", "new", "create", "random", "mk", "build"].contains(&first.as_str())
        });
        identifiers(target).any(|name| unguessed(name) || secret_name(name).is_some() || key(name) && encrypts())
            || makes && unguessed(self.function)
    }

    /// Whether a text in the code is a secret.
    fn written(&self, text: &str) -> Evidence {
        if !self.api.contains("cmp") {
            if let Some(password) = password_in_settings(text) {
                return if matches!(looks(password, "password"), Looks::Random | Looks::Chosen | Looks::Common) {
                    Evidence::For
                } else {
                    Evidence::None
                };
            }
            return if self.api.contains("connectdb") { Evidence::None } else { Evidence::For };
        }
        // The use of a macro does not show what is compared.
        if !self.code.contains('"') {
            return Evidence::None;
        }
        let outside: String = self.code.split('"').step_by(2).collect();
        let name = identifiers(&outside)
            .filter(|name| secret_name(name).is_some_and(|strength| strength != Strength::Weak))
            .last();
        match name {
            Some(name) if matches!(looks(text, name), Looks::Random | Looks::Chosen | Looks::Common) => Evidence::For,
            _ => Evidence::None,
        }
    }
}

/// Whether a name is that of something that a hash is to guard.
fn is_guarded(name: &str) -> bool {
    secret_name(name).is_some() || proof_name(name)
}

/// The names in code.
fn identifiers(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}
