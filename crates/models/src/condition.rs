//! Conditions on the arguments of a call.
//!
//! A condition is made of *clauses* joined by ` and `. A clause without `Argument[…]` is about the
//! *subject*: the argument, or the assigned value, that the row is about.

use crate::NodeId;
use crate::argument::ArgumentSpec;
use crate::error::{Problem, nearest};
use crate::release::{Asked, Release};

/// An external name that a condition compares with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiName {
    /// The dotted name.
    pub name: String,
    /// Its node.
    pub node: NodeId,
    /// Instances of the type of this name, if one is declared.
    pub instance: Option<NodeId>,
}

/// What must hold for a row to apply. Evaluation needs the program and stays with the caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// A constant that counts as true.
    True,
    /// A constant that counts as false.
    False,
    /// The constant `None`.
    None,
    /// Not passed.
    Missing,
    /// Not passed, or a constant that counts as false.
    MissingOrFalse,
    /// Not passed, or a constant that counts as true.
    MissingOrTrue,
    /// Not passed, or the constant `None`.
    MissingOrNone,
    /// Passed.
    Present,
    /// Any literal.
    Constant,
    /// Passed, and not a literal.
    NonConstant,
    /// A string constant equal to one of these, without regard to case. They are in lower case.
    OneOf(Vec<String>),
    /// A string constant that equals none of these, without regard to case. They are in lower case.
    NotOneOf(Vec<String>),
    /// A number below this one.
    Below(i64),
    /// An integer that has at least one of these bits set.
    Bits(i64),
    /// A text that reads as SQL.
    SqlText,
    /// A kind of content that browsers read markup in: `text/html; charset=utf-8`.
    Page,
    /// The function around says of its answer that it is of such a kind: `response.content_type = "text/html"`.
    SaysPage,
    /// A part of a document that somebody else makes up, so that it may be a text, a number, a list or a mapping.
    InDocument,
    /// One of these external values: a constant, function or class of a library.
    Is(Vec<ApiName>),
    /// The value under a key of a dict is so.
    Entry(String, Box<Condition>),
    /// An element of a list is so, or the value itself where it is a text.
    Element(Box<Condition>),
    /// The result of the call is called.
    ResultCalled,
    /// The library is older than this release, as far as anybody knows.
    Older(Release),
    /// Whatever it is.
    Always,
    /// A condition on other arguments of the same call.
    On(ArgumentSpec, Box<Condition>),
    /// Both.
    And(Box<Condition>, Box<Condition>),
}

const WORDS: [(&str, Condition); 16] = [
    ("true", Condition::True),
    ("false", Condition::False),
    ("none", Condition::None),
    ("missing", Condition::Missing),
    ("missing-or-false", Condition::MissingOrFalse),
    ("missing-or-true", Condition::MissingOrTrue),
    ("missing-or-none", Condition::MissingOrNone),
    ("present", Condition::Present),
    ("constant", Condition::Constant),
    ("non-constant", Condition::NonConstant),
    ("sql-text", Condition::SqlText),
    ("page", Condition::Page),
    ("says-page", Condition::SaysPage),
    ("in-document", Condition::InDocument),
    ("result-called", Condition::ResultCalled),
    ("call", Condition::Always),
];
const PREFIXES: [&str; 8] = ["one-of:", "not-one-of:", "below:", "bits:", "is:", "entry:", "element:", "older:"];

impl ApiName {
    /// Whether a node is that of the name.
    pub fn is(&self, node: NodeId) -> bool {
        self.node == node || self.instance == Some(node)
    }
}

impl Condition {
    /// Reads a condition; `node` gives the node of a dotted name.
    pub(crate) fn parse(text: &str, node: &mut dyn FnMut(&str) -> (NodeId, Option<NodeId>)) -> Result<Self, Problem> {
        let mut offset = 0;
        let mut whole: Option<Self> = None;
        for part in text.split(" and ") {
            let lead = part.len() - part.trim_start().len();
            let clause = parse_clause(part.trim(), node).map_err(|p| p.shifted(offset + lead))?;
            offset += part.len() + " and ".len();
            whole = Some(match whole {
                None => clause,
                Some(left) => Self::And(Box::new(left), Box::new(clause)),
            });
        }
        whole.ok_or_else(|| Problem::new(0, "a condition is missing"))
    }

    /// The releases that it asks about.
    pub fn releases(&self) -> Vec<&Release> {
        match self {
            Self::Older(release) => vec![release],
            Self::On(_, inner) | Self::Entry(_, inner) | Self::Element(inner) => inner.releases(),
            Self::And(left, right) => {
                let mut both = left.releases();
                both.extend(right.releases());
                both
            }
            _ => Vec::new(),
        }
    }

    /// Notes the releases that it asks about.
    pub(crate) fn ask(&self, asked: &mut Asked) {
        asked.extend(self.releases().into_iter().cloned());
    }
}

fn parse_clause(text: &str, node: &mut dyn FnMut(&str) -> (NodeId, Option<NodeId>)) -> Result<Condition, Problem> {
    const ARGUMENT: &str = "Argument[";
    let Some(inside) = text.strip_prefix(ARGUMENT) else {
        return parse_word(text, node);
    };
    let Some((spec, rest)) = inside.split_once(']') else {
        return Err(Problem::new(0, "`Argument[` without its `]`"));
    };
    let parsed = ArgumentSpec::parse(spec).map_err(|p| p.shifted(ARGUMENT.len()))?;
    let word = rest.trim_start();
    let offset = text.len() - word.len();
    if word.is_empty() {
        return Err(Problem::new(offset, "what must hold for the argument? For example `Argument[shell:] true`"));
    }
    let condition = parse_word(word, node).map_err(|p| p.shifted(offset))?;
    Ok(Condition::On(parsed, Box::new(condition)))
}

fn parse_word(text: &str, node: &mut dyn FnMut(&str) -> (NodeId, Option<NodeId>)) -> Result<Condition, Problem> {
    if let Some((_, condition)) = WORDS.iter().find(|(word, _)| *word == text) {
        return Ok(condition.clone());
    }
    let (prefix, value) = match text.split_once(':') {
        Some((prefix, value)) => (prefix, value),
        None => (text, ""),
    };
    let values = || -> Result<Vec<String>, Problem> {
        let values: Vec<String> = value.split('|').map(str::to_lowercase).collect();
        if values.iter().any(|v| v.trim() != v || v.is_empty()) {
            return Err(Problem::new(
                prefix.len() + 1,
                "values are separated by `|`, without blanks around them and none of them empty",
            ));
        }
        Ok(values)
    };
    match prefix {
        "one-of" => Ok(Condition::OneOf(values()?)),
        "not-one-of" => Ok(Condition::NotOneOf(values()?)),
        "below" => parse_integer(value)
            .map(Condition::Below)
            .ok_or_else(|| Problem::new(prefix.len() + 1, format!("`{value}` is no number: write `below:2048`"))),
        "bits" => match parse_integer(value) {
            Some(bits) if bits != 0 => Ok(Condition::Bits(bits)),
            _ => Err(Problem::new(prefix.len() + 1, format!("`{value}` has no bits: write `bits:0o022`"))),
        },
        "is" => {
            let mut names = Vec::new();
            for name in value.split('|') {
                if !name.split('.').all(crate::argument::is_name) {
                    return Err(Problem::new(
                        prefix.len() + 1,
                        format!("`{name}` is no dotted name: write `is:ssl.CERT_NONE`"),
                    ));
                }
                let (node, instance) = node(name);
                names.push(ApiName { name: name.to_owned(), node, instance });
            }
            Ok(Condition::Is(names))
        }
        "entry" => {
            let Some((key, inner)) = value.split_once(' ').filter(|(key, _)| !key.is_empty()) else {
                return Err(Problem::new(
                    prefix.len() + 1,
                    "which entry, and what must hold for it? For example `entry:verify_signature false`",
                ));
            };
            let inner = parse_word(inner, node).map_err(|p| p.shifted(text.len() - inner.len()))?;
            Ok(Condition::Entry(key.to_owned(), Box::new(inner)))
        }
        "older" => {
            let release = value.split_once(' ').filter(|(package, version)| {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                !package.is_empty() && package.chars().all(plain) && version.starts_with(|c: char| c.is_ascii_digit())
            });
            let Some((package, version)) = release else {
                return Err(Problem::new(
                    prefix.len() + 1,
                    "which package, in lower case, and which release? For example `older:lxml 5.0`",
                ));
            };
            Ok(Condition::Older(Release { package: package.to_owned(), version: version.to_owned() }))
        }
        "element" => {
            let inner = parse_word(value, node).map_err(|p| p.shifted(text.len() - value.len()))?;
            Ok(Condition::Element(Box::new(inner)))
        }
        _ => {
            let known = || WORDS.iter().map(|(word, _)| *word).chain(PREFIXES);
            let message = match nearest(text, known()).or_else(|| nearest(&format!("{prefix}:"), known())) {
                Some(near) => format!("unknown condition `{text}`: did you mean `{near}`?"),
                None => format!("unknown condition `{text}`: use one of {}", known().collect::<Vec<_>>().join(", ")),
            };
            Err(Problem::new(0, message))
        }
    }
}

fn parse_integer(text: &str) -> Option<i64> {
    let (radix, digits) = match text.get(..2) {
        Some("0o") => (8, &text[2..]),
        Some("0x") => (16, &text[2..]),
        _ => (10, text),
    };
    i64::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_index::Idx;

    fn parse(text: &str) -> Result<Condition, Problem> {
        Condition::parse(text, &mut |_| (NodeId::new(0), None))
    }

    #[test]
    fn every_word_is_read() {
        for (word, condition) in WORDS {
            assert_eq!(parse(word), Ok(condition));
        }
        assert_eq!(parse("one-of:MD5|sha1"), Ok(Condition::OneOf(vec!["md5".into(), "sha1".into()])));
        assert_eq!(parse("below:2048"), Ok(Condition::Below(2048)));
        assert_eq!(parse("bits:0o022"), Ok(Condition::Bits(18)));
        assert_eq!(parse("bits:0x12"), Ok(Condition::Bits(18)));
        assert_eq!(
            parse("element:one-of:none"),
            Ok(Condition::Element(Box::new(Condition::OneOf(vec!["none".into()]))))
        );
        let lxml = Release { package: "lxml".to_owned(), version: "5.0".to_owned() };
        assert_eq!(parse("older:lxml 5.0"), Ok(Condition::Older(lxml.clone())));
        assert_eq!(parse("missing and older:lxml 5.0").unwrap().releases(), [&lxml]);
        assert_eq!(parse("entry:a_b false"), Ok(Condition::Entry("a_b".into(), Box::new(Condition::False))));
        let Ok(Condition::Is(names)) = parse("is:ssl.CERT_NONE|ssl.VerifyMode.CERT_NONE") else {
            panic!("not read as names");
        };
        assert_eq!(names[1].name, "ssl.VerifyMode.CERT_NONE");
    }

    #[test]
    fn clauses_are_joined() {
        let loader = ArgumentSpec::parse("loader:").unwrap();
        assert_eq!(
            parse("true and Argument[loader:] missing"),
            Ok(Condition::And(
                Box::new(Condition::True),
                Box::new(Condition::On(loader, Box::new(Condition::Missing)))
            ))
        );
    }

    #[test]
    fn mistakes_are_placed_and_explained() {
        for (text, offset, part) in [
            ("mising", 0, "did you mean `missing`"),
            ("true and Argument[x:] tru", 22, "did you mean `true`"),
            ("true and Argument[x] true", 18, "means no argument"),
            ("Argument[x:]", 12, "what must hold"),
            ("Argument[x: true", 0, "without its `]`"),
            ("below:many", 6, "no number"),
            ("bits:0", 5, "no bits"),
            ("one-of:a||b", 7, "separated by"),
            ("oneof:a", 0, "did you mean `one-of:`"),
            ("is:ssl.", 3, "no dotted name"),
            ("entry:verify", 6, "which entry"),
            ("entry:verify tru", 13, "did you mean `true`"),
            ("element:tru", 8, "did you mean `true`"),
            ("older:lxml", 6, "which package"),
            ("", 0, "unknown condition"),
        ] {
            let problem = parse(text).unwrap_err();
            assert_eq!(problem.offset, offset, "{text}: {}", problem.message);
            assert!(problem.message.contains(part), "{text}: {}", problem.message);
        }
    }
}
