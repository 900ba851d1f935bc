//! What data must contain to do harm, by kind of sink.
//!
//! A *danger* is a feature of a text; a *constraint* is what a check that succeeded says about the text. Data
//! is harmless for a kind when constraints exclude every feature that the kind's harm needs.

use crate::regex::{CharSet, End, Language};

/// A feature of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Danger<'a> {
    /// It contains this character.
    Char(char),
    /// It contains this text.
    Part(&'a str),
    /// It starts with this text.
    Prefix(&'a str),
    /// It is this text.
    Whole(&'a str),
}

/// What is known about a text.
#[derive(Clone, Debug)]
pub(super) enum Constraint {
    /// It matches.
    Language(Box<Language>),
    /// It has these characters only.
    Alphabet(CharSet),
    /// It does not contain this.
    Without(String),
    /// It starts with one of these.
    Starts(Vec<String>),
    /// It does not start with this.
    NotStarts(String),
    /// White space around it was not looked at; the inner constraint is on the rest.
    Stripped(Box<Constraint>),
    /// These texts were taken out of it before; the inner constraint is on the rest.
    Removed(CharSet, Box<Constraint>),
    /// It is this text.
    Exact(String),
    /// It is made from characters of a text that the inner constraints are on, and of these.
    Rewritten(CharSet, Vec<Constraint>),
    /// It stands somewhere in a text that these are on.
    PartOf(Vec<Constraint>),
    /// One of these sets of constraints holds.
    AnyOf(Vec<Vec<Constraint>>),
}

impl Constraint {
    /// Whether no text that fulfils the constraint has the feature.
    pub(super) fn excludes(&self, danger: Danger<'_>) -> bool {
        match self {
            Self::Language(l) => match danger {
                Danger::Char(c) => !l.admits_char(c),
                Danger::Part(s) => !l.admits_part(s),
                Danger::Prefix(s) => !l.admits_prefix(s),
                Danger::Whole(s) => !l.accepts(s),
            },
            Self::Alphabet(set) => match danger {
                Danger::Char(c) => !set.contains(c),
                Danger::Part(s) | Danger::Prefix(s) | Danger::Whole(s) => s.chars().any(|c| !set.contains(c)),
            },
            Self::Without(part) => match danger {
                Danger::Char(c) => part.chars().eq([c]),
                Danger::Part(s) | Danger::Prefix(s) | Danger::Whole(s) => !part.is_empty() && s.contains(part.as_str()),
            },
            Self::Starts(prefixes) => match danger {
                Danger::Char(_) | Danger::Part(_) => false,
                Danger::Prefix(s) => prefixes.iter().all(|p| !p.starts_with(s) && !s.starts_with(p.as_str())),
                Danger::Whole(s) => prefixes.iter().all(|p| !s.starts_with(p.as_str())),
            },
            Self::NotStarts(prefix) => match danger {
                Danger::Char(_) | Danger::Part(_) => false,
                Danger::Prefix(s) | Danger::Whole(s) => !prefix.is_empty() && s.starts_with(prefix.as_str()),
            },
            Self::Exact(text) => match danger {
                Danger::Char(c) => !text.contains(c),
                Danger::Part(s) => !text.contains(s),
                Danger::Prefix(s) => !text.starts_with(s),
                Danger::Whole(s) => text != s,
            },
            Self::Rewritten(added, inner) => {
                let lacks = |c: char| !added.contains(c) && inner.iter().any(|i| i.excludes(Danger::Char(c)));
                match danger {
                    Danger::Char(c) => lacks(c),
                    Danger::Part(s) | Danger::Prefix(s) | Danger::Whole(s) => s.chars().any(lacks),
                }
            }
            Self::PartOf(inner) => match danger {
                Danger::Char(_) | Danger::Part(_) => inner.iter().any(|i| i.excludes(danger)),
                Danger::Prefix(s) | Danger::Whole(s) => inner.iter().any(|i| i.excludes(Danger::Part(s))),
            },
            Self::AnyOf(sets) => sets.iter().all(|set| set.iter().any(|c| c.excludes(danger))),
            Self::Stripped(inner) => {
                let blank = |s: &str| s.chars().any(char::is_whitespace);
                match danger {
                    Danger::Char(c) => !c.is_whitespace() && inner.excludes(danger),
                    // Blanks may stand before the checked part, which the reader may strip again.
                    Danger::Part(s) | Danger::Prefix(s) | Danger::Whole(s) => !blank(s) && inner.excludes(danger),
                }
            }
            Self::Removed(removed, inner) => {
                let hit = |c: char| removed.contains(c);
                match danger {
                    Danger::Char(c) => !hit(c) && inner.excludes(danger),
                    // What is left of the text after the removal must be dangerous by itself.
                    Danger::Part(s) | Danger::Prefix(s) | Danger::Whole(s) => {
                        s.chars().any(|c| !hit(c) && inner.excludes(Danger::Char(c)))
                    }
                }
            }
        }
    }

    /// Whether it excludes nothing, by its form alone.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Rewritten(_, inner) | Self::PartOf(inner) => inner.iter().all(Self::is_empty),
            Self::AnyOf(sets) => sets.is_empty() || sets.iter().any(|set| set.iter().all(Self::is_empty)),
            _ => false,
        }
    }

    /// Whether an open end of a regular expression is why it excludes little.
    pub(super) fn openness(&self) -> Option<(bool, End)> {
        match self {
            Self::Language(l) => Some((l.open_start, l.end)),
            Self::Stripped(inner) | Self::Removed(_, inner) => inner.openness(),
            _ => None,
        }
    }

    /// The same constraint, blind to a newline at the end.
    pub(super) fn without_newline(&self) -> Option<Self> {
        match self {
            Self::Language(l) if l.end == End::Newline && !l.open_start => {
                let mut closed = l.clone();
                closed.close();
                Some(Self::Language(closed))
            }
            _ => None,
        }
    }
}

/// Characters that change the meaning of a text of the kind's language; `None` for kinds that
/// characters do not decide.
fn characters(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "sql-injection" => "'\"`;()=<>!|\\#&^~ \t\r\n\x0b\x0c\0",
        "command-injection" => ";&|`$()<>\\'\"*?[]{}~!# \t\r\n\0",
        "code-injection" => "'\"`()[]{};:=,@#\\+*/<>|&~% \t\r\n\x0c",
        "template-injection" => "{}%$#<>@",
        "html-injection" => "<>\"'&`",
        "html-code" => "<>\"'&`=:;()/\\ \t\r\n",
        "header-injection" | "log-injection" | "config-injection" | "file-content" => "\r\n",
        "format-string" => "{}%",
        "ldap-injection" => "*()\\\0/&|=,+<>;\"",
        "xpath-injection" => "'\"[]()/=|@:*<>! \t\r\n",
        "nosql-injection" => "${}'\":;()[]",
        "regex-injection" => ".^$*+?{}[]\\|()",
        "xxe" => "<&%",
        _ => return None,
    })
}

/// Whether a text without the features that `excluded` answers yes for is harmless for a kind.
pub(super) fn is_harmless(kind: &str, excluded: &dyn Fn(Danger<'_>) -> bool) -> bool {
    match kind {
        "path-injection" | "archive-extraction" => path_gap(excluded).is_none(),
        "argument-injection" => excluded(Danger::Prefix("-")),
        // What begins with a fixed text is one of those that were named for it.
        "reflection" | "attribute-injection" => {
            (' '..='~').filter(|c| !excluded(Danger::Prefix(c.encode_utf8(&mut [0; 4])))).count() <= 1
        }
        "request-forgery" => ['/', '\\', '@', ':', '.', '?', '#'].into_iter().all(|c| excluded(Danger::Char(c))),
        "url-redirection" => {
            let other_host = excluded(Danger::Prefix("//"))
                && (excluded(Danger::Prefix("/\\")) || excluded(Danger::Char('\\')))
                && (excluded(Danger::Prefix("\\")) || excluded(Danger::Char('\\')));
            let scheme = excluded(Danger::Char(':')) || starts_with_slash(excluded);
            scheme && (excluded(Danger::Char('/')) || other_host)
        }
        _ => {
            let Some(characters) = characters(kind) else { return false };
            characters.chars().all(|c| excluded(Danger::Char(c)))
                && (kind != "sql-injection" || (excluded(Danger::Part("--")) && excluded(Danger::Part("/*"))))
        }
    }
}

/// Whether every text left starts with `/`: no other first character is possible.
fn starts_with_slash(excluded: &dyn Fn(Danger<'_>) -> bool) -> bool {
    (' '..='~').filter(|&c| c != '/').all(|c| excluded(Danger::Prefix(c.encode_utf8(&mut [0; 4]))))
}

/// What a path can still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathGap {
    /// Climb by `..`.
    Traversal,
    /// Start at the root.
    Absolute,
}

/// What a text can still do as a path.
pub(super) fn path_gap(excluded: &dyn Fn(Danger<'_>) -> bool) -> Option<PathGap> {
    let flat = excluded(Danger::Char('/'));
    let dots = excluded(Danger::Part("..")) || (flat && excluded(Danger::Whole("..")));
    if !dots {
        return Some(PathGap::Traversal);
    }
    (!flat && !excluded(Danger::Prefix("/"))).then_some(PathGap::Absolute)
}
