//! Statements of SQL.

use super::HOLE;

/// Where in a statement a hole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sql {
    /// It is the statement, or its first word.
    Whole,
    /// Inside a quoted value.
    QuotedValue(char),
    /// Where a value is expected, without quotes.
    BareValue,
    /// A table, a column, a sort order.
    Identifier {
        /// The quote around it.
        quoted: Option<char>,
    },
    /// In the list after `IN`.
    ListValue,
    /// In a comment.
    Comment,
}

impl Sql {
    /// Whether escaping quotes in the value suffices here.
    pub fn escape_suffices(self) -> bool {
        matches!(self, Self::QuotedValue(_))
    }
}

const AFTER_IDENTIFIER: &[&str] = &[
    "from",
    "join",
    "into",
    "update",
    "table",
    "index",
    "view",
    "database",
    "schema",
    "by",
    "column",
    "on",
    "exists",
    "savepoint",
    "truncate",
    "describe",
    "desc",
    "use",
    "as",
    "collate",
    "pragma",
    "user",
    "role",
    "add",
    "drop",
    "rename",
    "to",
    "distinct",
];

/// Where in a statement the place after this text is.
pub fn after(text: &str) -> Sql {
    if text.trim().is_empty() {
        return Sql::Whole;
    }
    let mut chars = text.char_indices().peekable();
    // The words and signs seen outside quotes; only the last few decide.
    let mut words: Vec<String> = Vec::new();
    let mut lists: Vec<bool> = Vec::new();
    let mut touching = false;
    while let Some((_, c)) = chars.next() {
        touching = true;
        match c {
            '\'' | '"' | '`' => {
                let mut closed = false;
                let mut escaped = false;
                while let Some((_, d)) = chars.next() {
                    if escaped {
                        escaped = false;
                    } else if d == '\\' && c != '`' {
                        escaped = true;
                    } else if d == c {
                        // A doubled quote stands for itself.
                        if chars.peek().is_some_and(|(_, e)| *e == c) {
                            chars.next();
                        } else {
                            closed = true;
                            break;
                        }
                    }
                }
                if !closed {
                    return match c {
                        '\'' => Sql::QuotedValue('\''),
                        '"' if expects_value(&words, &lists) => Sql::QuotedValue('"'),
                        quote => Sql::Identifier { quoted: Some(quote) },
                    };
                }
                words.push(c.to_string());
            }
            '-' if chars.peek().is_some_and(|(_, d)| *d == '-') => {
                if !chars.by_ref().any(|(_, d)| d == '\n') {
                    return Sql::Comment;
                }
            }
            '/' if chars.peek().is_some_and(|(_, d)| *d == '*') => {
                chars.next();
                let mut star = false;
                if !chars.by_ref().any(|(_, d)| {
                    d == '/' && star || {
                        star = d == '*';
                        false
                    }
                }) {
                    return Sql::Comment;
                }
            }
            '(' => {
                lists.push(words.last().is_some_and(|w| w == "in"));
                words.push("(".to_owned());
            }
            ')' => {
                lists.pop();
                words.push(")".to_owned());
            }
            c if c.is_whitespace() => touching = false,
            HOLE => words.push("?".to_owned()),
            c if c.is_alphanumeric() || c == '_' => {
                let mut word: String = c.to_lowercase().collect();
                while let Some(&(_, d)) = chars.peek() {
                    if !d.is_alphanumeric() && d != '_' {
                        break;
                    }
                    word.extend(d.to_lowercase());
                    chars.next();
                }
                words.push(word);
            }
            c => words.push(c.to_string()),
        }
    }
    let Some(last) = words.last() else { return Sql::Whole };
    if lists.last() == Some(&true) {
        return Sql::ListValue;
    }
    let is_word = last.chars().all(|c| c.is_alphanumeric() || c == '_');
    if last == "." || touching && is_word {
        // It goes on with a name that has begun.
        return Sql::Identifier { quoted: None };
    }
    if AFTER_IDENTIFIER.contains(&last.as_str()) {
        return Sql::Identifier { quoted: None };
    }
    if last == "," {
        // One more of a kind: what the clause is decides.
        let clause = words.iter().rev().find(|w| {
            matches!(w.as_str(), "select" | "by" | "from" | "values" | "set" | "where" | "in" | "having" | "limit")
        });
        return match clause.map(String::as_str) {
            Some("select" | "by" | "from" | "set") => Sql::Identifier { quoted: None },
            _ => Sql::BareValue,
        };
    }
    if last == "select" || last == "set" {
        return Sql::Identifier { quoted: None };
    }
    if last == ";" {
        return Sql::Whole;
    }
    if last == "(" {
        let name = words.iter().rev().nth(1).map(String::as_str);
        let names = words.iter().any(|w| w == "insert" || w == "create") && !words.iter().any(|w| w == "values");
        return match name {
            Some("values") => Sql::BareValue,
            _ if names => Sql::Identifier { quoted: None },
            _ => Sql::BareValue,
        };
    }
    Sql::BareValue
}

/// Whether a value rather than a name is expected after these words.
fn expects_value(words: &[String], lists: &[bool]) -> bool {
    lists.last() == Some(&true)
        || words.last().is_some_and(|w| {
            matches!(w.as_str(), "=" | ">" | "<" | "like" | "ilike" | "between" | "and" | "values" | "regexp" | "%")
                || w == "(" && words.iter().any(|w| w == "values")
                || w == "," && words.iter().any(|w| w == "values")
        })
}

/// Verbs a statement starts with, and the words one of which must follow somewhere; none where the verb alone is
/// enough with what comes next.
const STATEMENTS: &[(&str, &[&str])] = &[
    ("select", &["from", "where", "union", "limit"]),
    ("insert", &["into"]),
    ("replace", &["into"]),
    ("update", &["set"]),
    ("delete", &["from"]),
    (
        "create",
        &[
            "table",
            "index",
            "view",
            "database",
            "schema",
            "trigger",
            "user",
            "role",
            "function",
            "extension",
            "sequence",
            "type",
        ],
    ),
    ("alter", &["table", "index", "view", "database", "schema", "user", "role", "system", "sequence"]),
    (
        "drop",
        &[
            "table",
            "index",
            "view",
            "database",
            "schema",
            "trigger",
            "user",
            "role",
            "column",
            "sequence",
            "constraint",
        ],
    ),
    ("truncate", &["table"]),
    ("grant", &["on", "to"]),
    ("revoke", &["from"]),
    ("with", &["as", "select"]),
    ("merge", &["into"]),
    ("explain", &["select", "insert", "update", "delete", "analyze"]),
    ("show", &["tables", "databases", "columns", "variables", "grants", "status", "index"]),
    ("set", &["session", "global", "names", "foreign_key_checks", "search_path", "transaction", "sql_mode"]),
    ("lock", &["table", "tables"]),
    ("call", &[]),
    ("exec", &[]),
    ("pragma", &[]),
    ("savepoint", &[]),
    ("rollback", &["to", "savepoint"]),
    ("release", &["savepoint"]),
    ("attach", &["database"]),
    ("vacuum", &["into", "full", "analyze"]),
    ("copy", &["from", "to"]),
];

/// Words that English sentences put right after a word that is also a verb of SQL, and statements never do.
const PROSE: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "your", "my", "our", "their", "his", "its", "one", "some",
    "any", "which", "what", "if", "when", "you", "we", "it", "is", "are", "was", "for", "please", "of", "with", "new",
];

/// Whether a text reads as a statement of SQL, or the beginning of one. [`HOLE`] stands for a hole.
pub fn reads_as_sql(text: &str) -> bool {
    let words = words(text);
    let Some(verb) = words.first() else { return false };
    let Some((_, follow)) = STATEMENTS.iter().find(|(v, _)| *v == verb.as_str()) else { return false };
    let second = words.get(1).map_or("", String::as_str);
    if second.is_empty() || PROSE.contains(&second) && !(second == "a" && (verb == "select" || verb == "with")) {
        return false;
    }
    let hole = "\u{fffc}";
    match verb.as_str() {
        "select" => {
            // `select a, b from t`: what is selected is no sentence.
            let Some(from) = words.iter().position(|w| follow.contains(&w.as_str())) else {
                return matches!(second, "*" | "count" | "distinct" | "max" | "min" | "sum" | "exists" | "1")
                    || words.iter().any(|w| w == "@" || w == "(") && words.len() <= 12;
            };
            let columns = &words[1..from];
            let mut run = 0;
            let mut longest = 0;
            let mut keyword = false;
            for w in columns {
                let plain = w.chars().all(|c| c.is_alphanumeric() || c == '_');
                keyword |= matches!(w.as_str(), "as" | "case" | "distinct" | "all" | "when" | "over" | "top" | "cast");
                run = if plain { run + 1 } else { 0 };
                longest = longest.max(run);
            }
            let next = words.get(from + 1).map_or("", String::as_str);
            (longest <= 1 || keyword) && !PROSE.contains(&next)
        }
        "pragma" | "savepoint" => {
            words.len() <= 3 || words.get(2).is_some_and(|w| matches!(w.as_str(), "=" | "(" | ";" | "."))
        }
        "call" | "exec" => words.get(2).is_some_and(|w| w == "("),
        "update" => {
            // `update t set c = …`
            let set = words.iter().position(|w| w == "set");
            set.is_some_and(|set| (2..=6).contains(&set) && words[set..].iter().any(|w| w == "=" || w == hole))
        }
        "delete" => second == "from" || words.iter().skip(1).take(3).any(|w| w == "from") && words.len() > 4,
        "insert" | "replace" | "merge" => {
            second == "into" || second == "or" || second == "ignore" || second == "overwrite"
        }
        "with" => {
            words.iter().any(|w| w == "as") && words.iter().any(|w| w == "(") && words.iter().any(|w| w == "select")
        }
        "grant" | "revoke" => words.iter().any(|w| w == "on") && words.iter().any(|w| follow.contains(&w.as_str())),
        "set" | "show" | "lock" | "release" | "attach" | "vacuum" | "truncate" => {
            follow.contains(&second) && words.get(2).is_none_or(|w| !PROSE.contains(&w.as_str()))
        }
        "explain" => follow.contains(&second),
        "rollback" => second == "to",
        "copy" => {
            words.iter().any(|w| w == "from" || w == "to") && words.iter().any(|w| w == "'" || w == "stdin" || w == "(")
        }
        _ => {
            // create, alter, drop: the object's kind stands among the next words, its name after it.
            let kind = words.iter().skip(1).take(4).position(|w| follow.contains(&w.as_str()));
            kind.is_some_and(|k| match words.get(k + 2).map(String::as_str) {
                Some("if") => words.get(k + 3).is_some_and(|w| w == "exists" || w == "not"),
                Some(name) => !PROSE.contains(&name),
                None => false,
            })
        }
    }
}

/// The words and signs of a text, in lower case, without comments before them.
fn words(text: &str) -> Vec<String> {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ';');
    loop {
        if let Some(after) = rest.strip_prefix("--") {
            rest = after.split_once('\n').map_or("", |(_, r)| r).trim_start();
        } else if let Some(after) = rest.strip_prefix("/*") {
            rest = after.split_once("*/").map_or("", |(_, r)| r).trim_start();
        } else {
            break;
        }
    }
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in rest.chars().take(4000) {
        if c.is_alphanumeric() || c == '_' {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if !c.is_whitespace() {
            out.push(c.to_string());
        }
        if out.len() > 200 {
            return out;
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}
