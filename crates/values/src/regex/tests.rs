use super::{Anchor, End, Flags, Holding, Language, Node, parse};
use crate::guards::MatchMethod;
use proptest::prelude::*;

fn language(pattern: &str, method: MatchMethod) -> Language {
    Language::new(&parse(pattern, Flags::NONE).expect(pattern), method)
}

#[test]
fn patterns_that_python_rejects_are_rejected() {
    for pattern in
        ["(", ")", "[", "*", "a**", "(?<a)", "\\", "[b-a]", "a{2,1}", "(?P<a", "\\xz", "(?y)", "(?=a", "[\\w-a]"]
    {
        assert!(parse(pattern, Flags::NONE).is_err(), "{pattern}");
    }
}

#[test]
fn patterns_that_python_accepts_are_accepted() {
    for pattern in [
        "",
        "a|",
        "{",
        "a{",
        "a{,}",
        "a{x}",
        "[]a]",
        "[^]]",
        "[a-]",
        "(?i)a",
        "(?i:a)b",
        "(?-i:a)",
        "(?P<n>a)(?P=n)",
        "(?#no)a",
        "(?:a)+?",
        "a*+",
        "(?>a)",
        "(a)?(?(1)b|c)",
        "\\0",
        "\\101",
        "\\u00e9",
        "\\N{DASH}",
        "(?<!a)b",
        "(?x) a b # c",
        "\\d\\D\\w\\W\\s\\S\\b\\B\\A\\Z",
    ] {
        assert!(parse(pattern, Flags::NONE).is_ok(), "{pattern}");
    }
}

#[test]
fn languages_hold_what_matches() {
    use MatchMethod::{FullMatch, Match, Search};
    for (pattern, method, text, expected) in [
        ("a+", FullMatch, "aaa", true),
        ("a+", FullMatch, "aab", false),
        ("a+", Match, "aab", true),
        ("a+", Match, "baa", false),
        ("a+", Search, "baac", true),
        ("^a+$", Match, "aa\n", true),
        ("^a+$", Match, "aa\n\n", false),
        ("^a+$", Match, "aab", false),
        ("\\Aa+\\Z", Search, "aa\n", false),
        ("^a|b$", Search, "axyz", true),
        ("^a|b$", Search, "xyzb", true),
        ("^(a|b)$", Search, "b", true),
        ("^(a|b)$", Search, "xb", false),
        ("(?m)^a$", Search, "x\na\ny", true),
        ("a{2,3}", FullMatch, "a", false),
        ("a{2,3}", FullMatch, "aaa", true),
        ("a{2,3}", FullMatch, "aaaa", false),
        ("a{2,}", FullMatch, "aaaaa", true),
        ("a{,2}", FullMatch, "", true),
        ("(?i)ab", FullMatch, "aB", true),
        ("[^a]", FullMatch, "a", false),
        ("[^\\W\\d]+", FullMatch, "ab1", false),
        ("[^\\W\\d]+", FullMatch, "ab_", true),
        (".", FullMatch, "\n", false),
        ("(?s).", FullMatch, "\n", true),
        ("(?x) a \\  b # c", FullMatch, "a b", true),
        ("(a)\\1", FullMatch, "aa", true),
        ("(?!.*\\.\\.)[\\w.]+", FullMatch, "a.b", true),
        ("(?!.*\\.\\.)[\\w.]+", FullMatch, "a..b", false),
    ] {
        assert_eq!(language(pattern, method).accepts(text), expected, "{pattern} {method:?} {text:?}");
    }
}

#[test]
fn ends_are_told_apart() {
    use MatchMethod::{FullMatch, Match};
    for (pattern, method, end) in [
        ("a", Match, End::Open),
        ("a$", Match, End::Newline),
        ("a\\Z", Match, End::Closed),
        ("a", FullMatch, End::Closed),
        ("(a$|b\\Z)", Match, End::Newline),
        ("a$|b", Match, End::Open),
        ("(?m)a$", Match, End::Open),
        ("a$(?=x)", Match, End::Newline),
    ] {
        assert_eq!(language(pattern, method).end, end, "{pattern}");
    }
    assert!(matches!(parse("^", Flags::MULTILINE).expect("valid").root, Node::Anchor(Anchor::LineStart)));
}

#[test]
fn parts_and_prefixes() {
    let uuid = language("[0-9a-f]{8}-[0-9a-f]{4}", MatchMethod::FullMatch);
    assert!(uuid.admits_char('-') && !uuid.admits_part("--") && !uuid.admits_prefix("-"));
    let words = language("[\\w-]+", MatchMethod::FullMatch);
    assert!(words.admits_part("--") && words.admits_prefix("-") && !words.admits_char('\''));
    assert!(language("a", MatchMethod::Match).admits_char('\''));
}

#[test]
fn an_automaton_that_would_be_too_large_accepts_anything() {
    let nested = "((a{60}){60}){60}";
    assert!(language(nested, MatchMethod::FullMatch).accepts("'"));
    assert!(parse(&"(".repeat(5000), Flags::NONE).is_err());
    assert!(parse(&"a".repeat(50_000), Flags::NONE).is_err());
}

pub(crate) fn pattern() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just("\\w".to_owned()),
        Just("[^a]".to_owned()),
        Just(".".to_owned()),
        Just("-".to_owned()),
        Just("^".to_owned()),
        Just("$".to_owned()),
        Just("\\Z".to_owned()),
        Just("\\A".to_owned()),
        Just("[a'-]".to_owned()),
        Just("\\s".to_owned()),
    ];
    atom.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|v| v.concat()),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(?:{a}|{b})")),
            (inner.clone(), "[*+?]|\\{1,2\\}|\\{2\\}|\\{0,1\\}").prop_map(|(a, q)| format!("(?:{a}){q}")),
            inner.prop_map(|a| format!("({a})")),
        ]
    })
}

pub(crate) fn method() -> impl Strategy<Value = MatchMethod> {
    prop_oneof![Just(MatchMethod::Match), Just(MatchMethod::Search), Just(MatchMethod::FullMatch)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_language_is_never_smaller_than_what_matches(
        pattern in pattern(), method in method(), flags in 0..8u8, text in "[ab'\n-]{0,6}",
    ) {
        let mut given = Flags::NONE;
        for (bit, flag) in [(1, Flags::MULTILINE), (2, Flags::IGNORE_CASE), (4, Flags::DOT_ALL)] {
            if flags & bit != 0 {
                given = given.with(flag);
            }
        }
        let regex = parse(&pattern, given).expect("the pattern is valid");
        if regex.matches(method, &text) == Some(true) {
            let language = Language::new(&regex, method);
            prop_assert!(language.accepts(&text), "{} {:?} {:?}", pattern, method, text);
            prop_assert!(text.chars().all(|c| language.admits_char(c)));
            prop_assert!(language.admits_prefix(text.get(..1).unwrap_or("")));
            prop_assert!(language.admits_part(text.get(1..).unwrap_or("")));
        }
    }

    #[test]
    fn a_witness_is_accepted_and_has_what_was_asked_for(
        pattern in pattern(), method in method(), part in "[ab'\n-]{0,3}", prefix in any::<bool>(),
    ) {
        let language = Language::new(&parse(&pattern, Flags::NONE).expect("the pattern is valid"), method);
        let holding = if prefix { Holding::Prefix(&part) } else { Holding::Part(&part) };
        match language.witness(holding) {
            Some(text) => {
                prop_assert!(language.accepts(&text));
                prop_assert!(if prefix { text.starts_with(&part) } else { text.contains(&part) }, "{text:?} {part:?}");
            }
            // The empty text is no part of an empty language only.
            None if part.is_empty() => prop_assert!(!language.accepts("a") && !language.accepts("")),
            None => {}
        }
    }

    #[test]
    fn parsing_any_text_ends(text in any::<String>(), punctuation in "[(){}\\[\\]|*+?^$.\\\\a-zPN<>=!:,0-9-]{0,24}") {
        for pattern in [text, punctuation] {
            if let Ok(regex) = parse(&pattern, Flags::NONE) {
                let _ = Language::new(&regex, MatchMethod::Search).accepts("a");
            }
        }
    }
}
