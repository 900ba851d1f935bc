//! An input that passes a check that does not hold.
//!
//! Candidates are made from the form of the check (what it compares with, decorated so that it does harm) and from
//! the automata of its patterns. Each is then replayed: only a text that does the harm, and for
//! which every test that can be carried out comes out as the facts say, is a witness.

use super::patterns::pattern_of;
use super::replay::{Replay, normalised_path};
use super::{GuardFact, Test};
use crate::regex::{Holding, Language};
use crate::{ConstValue, Context, constant_of};
use assay_ir::Value;

/// Candidates that are tried.
const MAX_CANDIDATES: usize = 160;
/// What stands for a folder, an address or a name that the code knows at run time only.
const FOLDER: &str = "/srv/base";
const HOST: &str = "host.example";
/// The host of an attacker.
const EVIL: &str = "evil.example";

/// An input that passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The input.
    pub input: String,
    /// A value of the code that is only known at run time, and what it was taken to be.
    pub given: Option<(Value, &'static str)>,
}

/// An input that fulfils all facts about a value at a place, as far as they can be carried out, and does harm of
/// a kind. At least one of them was carried out.
pub fn witness(cx: &Context<'_>, facts: &[&GuardFact], kind: &str) -> Option<Witness> {
    let subject = facts.first()?.key;
    let mut candidates = Candidates { cx, kind, out: Vec::new() };
    for fact in facts {
        candidates.of_fact(fact, 2);
    }
    candidates.decorate();
    let own = candidates.own_hosts(facts);
    let placeholder = placeholder(kind, facts, cx);
    let normal = is_normal(cx, subject);
    for text in candidates.out.into_iter().take(MAX_CANDIDATES) {
        if normal && normalised_path(&text) != text {
            continue;
        }
        let replay = Replay::new(cx, subject, &text, placeholder);
        let mut carried_out = false;
        let mut fails = false;
        for fact in facts {
            match replay.holds(fact) {
                Some(true) => carried_out = true,
                Some(false) => {
                    fails = true;
                    break;
                }
                None => {}
            }
        }
        let given = replay.given().map(|v| (v, placeholder));
        if !fails && carried_out && does_harm(kind, &text, &own, given.map(|g| g.1)) {
            return Some(Witness { input: text, given });
        }
    }
    None
}

/// Whether a value is a path in its normal form, so that no other text can be it.
fn is_normal(cx: &Context<'_>, value: Value) -> bool {
    let callee = cx.callee(value);
    let last = callee.path().and_then(|p| p.rsplit('.').next()).or(callee.method);
    matches!(last, Some("realpath" | "abspath" | "normpath"))
}

/// What to take for a value that is not known.
fn placeholder(kind: &str, facts: &[&GuardFact], cx: &Context<'_>) -> &'static str {
    match kind {
        "path-injection" | "archive-extraction" => FOLDER,
        "request-forgery" | "url-redirection" => {
            // What the path of an address is compared with is a path.
            let of_path = facts
                .iter()
                .flat_map(|f| &f.via)
                .any(|v| matches!(cx.op(*v), assay_ir::Op::Attr(_, name) if cx.text(*name) == "path"));
            if of_path { "/" } else { HOST }
        }
        _ => "value",
    }
}

/// Whether a text does harm of a kind, when nothing but the check is in its way.
fn does_harm(kind: &str, text: &str, own: &[String], given: Option<&str>) -> bool {
    match kind {
        "path-injection" | "archive-extraction" => {
            let outside = match given {
                Some(folder) if text.starts_with('/') => {
                    let path = normalised_path(text);
                    path != folder && !path.starts_with(&format!("{folder}/"))
                }
                _ => text.starts_with('/'),
            };
            outside || text.split(['/', '\\']).any(|part| part == "..")
        }
        "argument-injection" => text.starts_with('-'),
        "url-redirection" => {
            browser_host(text).is_some_and(|host| is_foreign(&host, own))
                || text.trim_start_matches(|c: char| c <= ' ').to_ascii_lowercase().starts_with("javascript:")
        }
        "request-forgery" => client_host(text).is_some_and(|host| is_foreign(&host, own)),
        "header-injection" | "log-injection" | "config-injection" | "file-content" => text.contains(['\n', '\r']),
        "html-injection" => text.contains(['<', '"', '\'']),
        "command-injection" => {
            text.contains(['|', ';', '&', '`', '\n', '$', '>', '<']) && text.contains(|c: char| c.is_alphanumeric())
        }
        "sql-injection" => text.contains(['\'', '"', ' ', ';', '(']),
        "code-injection" => text.contains('('),
        "template-injection" => text.contains("{{") || text.contains("${"),
        "format-string" => text.contains('{'),
        "ldap-injection" => text.contains(['*', '(']),
        "xpath-injection" => text.contains(['\'', '"', '[']),
        "regex-injection" => text.contains(['+', '*', '(']),
        _ => false,
    }
}

/// Whether a host is none of those that the check names, nor of their domains.
fn is_foreign(host: &str, own: &[String]) -> bool {
    !host.is_empty()
        && host != HOST
        && !own.iter().any(|o| host == o || host.strip_suffix(o.as_str()).is_some_and(|h| h.ends_with('.')))
}

/// Where a browser goes that is sent to an address: a backslash counts as a slash, slashes before the host may be
/// any number, white space and control characters in front are dropped, tabs and line breaks anywhere.
fn browser_host(text: &str) -> Option<String> {
    let text: String = text
        .trim_start_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\r' | '\n'))
        .map(|c| if c == '\\' { '/' } else { c })
        .collect();
    let lower = text.to_ascii_lowercase();
    let rest = match lower.strip_prefix("http:").or_else(|| lower.strip_prefix("https:")) {
        Some(rest) => rest.trim_start_matches('/'),
        None => lower.strip_prefix("//")?.trim_start_matches('/'),
    };
    host_of(rest)
}

/// Where a client connects to.
fn client_host(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    if lower.starts_with("file:///") {
        return Some("localhost".to_owned());
    }
    host_of(lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://"))?)
}

fn host_of(rest: &str) -> Option<String> {
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next()?;
    let host = if host.starts_with('[') { host } else { host.split(':').next()? };
    (!host.is_empty()).then(|| host.to_owned())
}

/// Texts that do harm of a kind by themselves.
fn seeds(kind: &str) -> &'static [&'static str] {
    match kind {
        "path-injection" | "archive-extraction" => &[
            "../../etc/passwd",
            "/etc/passwd",
            "..",
            "....//....//etc/passwd",
            "..././..././etc/passwd",
            "../base-evil/x",
            "/srv/base-evil/x",
            "/srv/base/../../etc/passwd",
            "/srv/base/x/../../../etc/passwd",
        ],
        "argument-injection" => &["--output=/tmp/x", "-x", "--x"],
        "url-redirection" => &[
            "//evil.example",
            "/\\evil.example",
            "///evil.example",
            "https://evil.example/",
            "https:///evil.example/",
            "\\\\evil.example",
            "HTTPS://evil.example/",
            "/\t/evil.example",
            "\t//evil.example",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
        ],
        "request-forgery" => &[
            "https://evil.example/",
            "http://169.254.169.254/",
            "http://127.0.0.1/",
            "http://localhost/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://[::1]/",
            "http://0.0.0.0/",
            "HTTP://evil.example/",
        ],
        "header-injection" | "log-injection" | "config-injection" | "file-content" => &["a\nb", "a\rb", "a\n", "\nb"],
        "html-injection" => {
            &["<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "<x"]
        }
        "command-injection" => &["a; id", "a;id", "a|id", "a&id", "$(id)", "`id`", "a\nid", "a>b"],
        "sql-injection" => &["' OR '1'='1", "1 OR 1=1", "1; DROP TABLE t", "a'", "a\"", "a b", "(select 1)"],
        "code-injection" => &["__import__('os').system('id')", "exit()"],
        "template-injection" => &["{{7*7}}", "${7*7}"],
        "format-string" => &["{0.__class__}", "{0}"],
        "ldap-injection" => &["*)(uid=*", "*"],
        "xpath-injection" => &["' or '1'='1", "\" or \"1\"=\"1", "x[1]"],
        "regex-injection" => &["(a+)+$", "a*"],
        _ => &[],
    }
}

struct Candidates<'a, 'c> {
    cx: &'a Context<'c>,
    kind: &'a str,
    out: Vec<String>,
}

impl Candidates<'_, '_> {
    fn is_url(&self) -> bool {
        matches!(self.kind, "request-forgery" | "url-redirection")
    }

    fn texts(&self, value: Value) -> Vec<String> {
        match constant_of(self.cx, value) {
            Some(ConstValue::Sequence(items) | ConstValue::Mapping(items)) => {
                items.iter().take(4).filter_map(|i| i.as_str().map(str::to_owned)).collect()
            }
            _ => self.cx.string(value).into_iter().collect(),
        }
    }

    /// Candidates that the form of one fact suggests.
    fn of_fact(&mut self, fact: &GuardFact, depth: u32) {
        match &fact.test {
            Test::StartsWith { prefix, positive: true } => {
                for prefix in self.texts(*prefix) {
                    self.with_prefix(&prefix);
                }
            }
            Test::EndsWith { suffix, positive: true } => {
                for suffix in self.texts(*suffix) {
                    self.with_suffix(&suffix);
                }
            }
            Test::Contains { needle, positive: true } => {
                for needle in self.texts(*needle) {
                    self.with_part(&needle);
                }
            }
            Test::Member { of, positive: true } => match constant_of(self.cx, *of) {
                Some(ConstValue::Str(text)) => self.within(&text),
                _ => {
                    for text in self.texts(*of) {
                        self.with_choice(&text);
                    }
                }
            },
            Test::Equals { other, positive: true } => {
                for text in self.texts(*other) {
                    self.with_choice(&text);
                }
            }
            Test::RegexMatch { pattern, flags, method, positive: true } => {
                if let Some(regex) = pattern_of(self.cx, *pattern, *flags) {
                    self.of_language(&Language::new(&regex, *method));
                }
            }
            Test::OneOf(sets) if depth > 0 => {
                for fact in sets.iter().flatten().take(12) {
                    self.of_fact(fact, depth - 1);
                }
            }
            _ => {}
        }
    }

    fn with_prefix(&mut self, prefix: &str) {
        if self.is_url() {
            let bare = prefix.trim_end_matches('/');
            self.out.extend([
                format!("{bare}.{EVIL}/"),
                format!("{prefix}{EVIL}/"),
                format!("{bare}@{EVIL}/"),
                format!("{prefix}/{EVIL}"),
                format!("{prefix}\\{EVIL}"),
                format!("https://{prefix}.{EVIL}/"),
            ]);
        } else if matches!(self.kind, "path-injection" | "archive-extraction") {
            let bare = prefix.trim_end_matches('/');
            self.out.extend([
                format!("{bare}/../../etc/passwd"),
                format!("{prefix}../../../etc/passwd"),
                format!("{bare}-evil/x"),
                format!("../{}-evil/x", bare.rsplit('/').next().unwrap_or("")),
            ]);
        } else {
            self.out.extend(seeds(self.kind).iter().map(|s| format!("{prefix}{s}")));
        }
    }

    fn with_suffix(&mut self, suffix: &str) {
        if self.is_url() {
            let name = suffix.trim_start_matches('.');
            self.out.extend([
                format!("https://evil{name}/"),
                format!("http://evil{name}/"),
                format!("https://{EVIL}/{suffix}"),
                format!("//{EVIL}/{suffix}"),
            ]);
        } else if matches!(self.kind, "path-injection" | "archive-extraction") {
            self.out.extend([format!("../../etc/x{suffix}"), format!("/etc/x{suffix}")]);
        } else {
            self.out.extend(seeds(self.kind).iter().map(|s| format!("{s}{suffix}")));
        }
    }

    fn with_part(&mut self, part: &str) {
        if self.is_url() {
            self.out.extend([
                format!("https://{part}.{EVIL}/"),
                format!("https://{EVIL}/?{part}"),
                format!("//{EVIL}/?{part}"),
                format!("https://{part}{EVIL}/"),
            ]);
        } else if matches!(self.kind, "path-injection" | "archive-extraction") {
            let name = part.trim_matches('/');
            self.out.extend([
                format!("../../{name}/../etc/passwd"),
                format!("/{name}/../etc/passwd"),
                format!("/x/{name}/../../etc/passwd"),
            ]);
        } else {
            self.out.extend(seeds(self.kind).iter().map(|s| format!("{part}{s}")));
        }
    }

    /// Parts of a text that is looked in where a list was meant.
    fn within(&mut self, text: &str) {
        let tails = text.char_indices().skip(1).map(|(i, _)| &text[i..]).take(8);
        let tails: Vec<&str> = tails.filter(|t| t.starts_with(|c: char| c.is_alphanumeric())).collect();
        for tail in tails {
            if self.is_url() {
                self.out.extend([format!("https://{tail}/"), format!("http://{tail}/")]);
            }
        }
    }

    /// A text whose checked part is what is allowed.
    fn with_choice(&mut self, choice: &str) {
        if self.is_url() {
            let path = choice.strip_prefix('/').unwrap_or(choice);
            self.out.extend([
                format!("{choice}://{EVIL}/"),
                format!("https://{EVIL}/{path}"),
                format!("//{EVIL}/{path}"),
                format!("https://{choice}@{EVIL}/"),
            ]);
        } else if matches!(self.kind, "path-injection" | "archive-extraction") {
            self.out.extend([format!("../../etc/{choice}"), format!("../../etc/x{choice}"), format!("/etc/{choice}")]);
        } else {
            for seed in seeds(self.kind) {
                self.out.extend([format!("{choice} {seed}"), format!("{choice}{seed}"), format!("{choice}\n")]);
            }
        }
    }

    /// Texts of an automaton that have in them what does harm.
    fn of_language(&mut self, language: &Language) {
        let kind = self.kind;
        if self.is_url() {
            self.out.extend(language.witness(Holding::Part("")));
        }
        for seed in seeds(kind) {
            self.out.extend(language.witness(Holding::Prefix(seed)));
            self.out.extend(language.witness(Holding::Part(seed)));
        }
        if self.is_url() {
            for part in [format!(".{EVIL}/"), format!("@{EVIL}/"), format!("//{EVIL}")] {
                self.out.extend(language.witness(Holding::Part(&part)));
            }
            // A pattern for the host alone.
            for host in [Holding::Part(EVIL), Holding::Part("")] {
                if let Some(host) = language.witness(host) {
                    self.out.push(format!("https://{host}/"));
                }
            }
        }
        let parts: &[&str] = match kind {
            "path-injection" | "archive-extraction" => &["../", "/.."],
            "argument-injection" => &[],
            _ => &["\n", ";", "|", "'", "\"", "<", "(", "{{", "{", " ", "$", "&", "`", "*"],
        };
        for part in parts {
            self.out.extend(language.witness(Holding::Part(part)));
        }
        if matches!(kind, "argument-injection") {
            self.out.extend(language.witness(Holding::Prefix("-")));
        }
    }

    /// Adds what does harm by itself, and what the removal of a text puts together.
    fn decorate(&mut self) {
        self.out.extend(seeds(self.kind).iter().map(|s| (*s).to_owned()));
        let mut seen = assay_index::FxHashSet::default();
        self.out.retain(|t| seen.insert(t.clone()));
    }

    /// The hosts that the check means to allow.
    fn own_hosts(&self, facts: &[&GuardFact]) -> Vec<String> {
        let mut out = Vec::new();
        for fact in facts {
            let values = match &fact.test {
                Test::StartsWith { prefix: v, positive: true }
                | Test::EndsWith { suffix: v, positive: true }
                | Test::Contains { needle: v, positive: true }
                | Test::Member { of: v, positive: true }
                | Test::Equals { other: v, positive: true } => self.texts(*v),
                _ => continue,
            };
            for text in values {
                let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
                let host = host.split(['/', ':', '?']).next().unwrap_or("").trim_start_matches('.');
                if host.contains('.') {
                    out.push(host.to_ascii_lowercase());
                }
            }
        }
        out
    }
}
