use super::MatchMethod;
use super::dangers::{Constraint, is_harmless};
use super::via::Derivation;
use crate::regex::tests::{matches, method, pattern};
use crate::regex::{CharSet, Flags, Language, parse};
use proptest::prelude::*;

/// Whether a text does harm, said without regard to how constraints are reasoned about.
fn does_harm(kind: &str, text: &str) -> bool {
    match kind {
        "sql-injection" => text.contains(['\'', '"', ';', ' ', '\n', '(', '=', '#']) || text.contains("--"),
        "command-injection" => text.contains([';', '|', '&', '$', '`', '\n', ' ', '\'', '"', '>']),
        "html-injection" => text.contains(['<', '>', '"', '\'', '&']),
        "header-injection" | "log-injection" | "config-injection" => text.contains(['\n', '\r']),
        "path-injection" => text.starts_with('/') || text.split('/').any(|part| part == ".."),
        "process-argument" => text.starts_with('-'),
        "url-redirection" => {
            text.starts_with("//") || text.starts_with("/\\") || text.starts_with('\\') || text.contains("a://")
        }
        _ => false,
    }
}

const KINDS: &[&str] = &[
    "sql-injection",
    "command-injection",
    "html-injection",
    "header-injection",
    "log-injection",
    "config-injection",
    "path-injection",
    "process-argument",
    "url-redirection",
];

/// Patterns with the characters that matter here.
fn telling_pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        pattern(),
        pattern().prop_map(|p| p.replace("\\s", "[./]").replace('b', "/")),
        pattern().prop_map(|p| p.replace('b', "\\.")),
        "\\^?\\[[a./'-]{1,3}-\\]\\{1,3\\}(\\$|\\\\Z)?",
        "(\\(\\?!\\.\\*\\\\\\.\\\\\\.\\))\\[a\\./\\]\\+",
    ]
}

/// One constraint, and whether a text fulfils it.
#[derive(Clone, Debug)]
enum Check {
    Regex(String, MatchMethod),
    Alphabet(String),
    Without(String),
    Starts(String),
    NotStarts(String),
}

impl Check {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Regex(p, m) => matches(&parse(p, Flags::NONE).expect("valid").root, *m, text),
            Self::Alphabet(set) => text.chars().all(|c| set.contains(c)),
            Self::Without(part) => !text.contains(part.as_str()),
            Self::Starts(head) => text.starts_with(head.as_str()),
            Self::NotStarts(head) => !text.starts_with(head.as_str()),
        }
    }

    fn constraint(&self) -> Constraint {
        match self {
            Self::Regex(p, m) => {
                Constraint::Language(Box::new(Language::new(&parse(p, Flags::NONE).expect("valid"), *m)))
            }
            Self::Alphabet(set) => Constraint::Alphabet(CharSet::of_text(set)),
            Self::Without(part) => Constraint::Without(part.clone()),
            Self::Starts(head) => Constraint::Starts(vec![head.clone()]),
            Self::NotStarts(head) => Constraint::NotStarts(head.clone()),
        }
    }
}

fn check() -> impl Strategy<Value = Check> {
    prop_oneof![
        3 => (telling_pattern(), method())
            .prop_filter("valid", |(p, _)| parse(p, Flags::NONE).is_ok())
            .prop_map(|(p, m)| Check::Regex(p, m)),
        1 => "[a-b/.'\n-]{0,4}".prop_map(Check::Alphabet),
        1 => "[/.'\n-]{1,2}".prop_map(Check::Without),
        1 => "[a/]{1,2}".prop_map(Check::Starts),
        1 => "[/\\\\-]{1,2}".prop_map(Check::NotStarts),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn what_passes_sufficient_checks_does_no_harm(
        checks in prop::collection::vec(check(), 1..4),
        text in "[ab./'\n -]{0,5}|[./]{1,4}|-{1,2}a?",
        made in 0..3u8,
    ) {
        let removed = (made == 2).then(|| CharSet::one('-'));
        let derivation = Derivation::Text { changed: made > 0, stripped: made == 1, removed };
        let tested = match made {
            1 => text.trim().to_owned(),
            2 => text.replace('-', ""),
            _ => text.clone(),
        };
        let passes = checks.iter().all(|c| c.holds(&tested));
        let constraints: Vec<Constraint> = checks.iter().filter_map(|c| derivation.apply(c.constraint())).collect();
        for kind in KINDS {
            let harmless = is_harmless(kind, &|d| constraints.iter().any(|c| c.excludes(d)));
            prop_assert!(!(passes && harmless && does_harm(kind, &text)), "{kind}: {checks:?} lets {text:?} pass");
        }
    }
}

#[test]
fn sufficient_checks_are_recognised() {
    let harmless = |kind: &str, checks: &[Check]| {
        let constraints: Vec<Constraint> = checks.iter().map(Check::constraint).collect();
        is_harmless(kind, &|d| constraints.iter().any(|c| c.excludes(d)))
    };
    let words = Check::Regex("[a-z]+".to_owned(), MatchMethod::FullMatch);
    for kind in KINDS {
        assert!(harmless(kind, std::slice::from_ref(&words)), "{kind}");
        assert!(!harmless(kind, &[Check::Starts("a".to_owned())]) || *kind == "process-argument", "{kind}");
    }
    let no_dots = Check::Without("..".to_owned());
    assert!(harmless("path-injection", &[no_dots.clone(), Check::NotStarts("/".to_owned())]));
    assert!(!harmless("path-injection", &[no_dots]));
    assert!(!harmless("no-such-kind", &[words]));
}
