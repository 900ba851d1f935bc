//! How the work of expressions grows, with the text that shows it.

use assay_values::regex::{Cost, Flags, Growth, Part, Run, cost};

fn of(pattern: &str, how: Run) -> Cost {
    cost(pattern, Flags::NONE, how).expect(pattern)
}

fn growth(pattern: &str, how: Run) -> Option<Growth> {
    of(pattern, how).slow.map(|s| s.growth)
}

#[test]
fn nested_repetitions_of_the_same_text_are_exponential() {
    for (pattern, how) in [
        ("(a+)+$", Run::Match),
        ("^(a|a)*$", Run::Match),
        ("^(a|aa)+$", Run::Match),
        ("(?:a*)*b", Run::Match),
        ("^(x(a*)*)*$", Run::Match),
        ("^(.|\\s)*x$", Run::Match),
        ("^([a-z]+)*\\d", Run::Match),
        ("^(\\w+\\s?)*$", Run::Match),
        ("^([a-zA-Z0-9]+\\.?)+@", Run::Match),
        ("^(\\s*,?\\s*)*;", Run::Search),
        ("(a+)+", Run::FullMatch),
        ("((a|b)*c?)*d", Run::Match),
        ("(?P<q>\"|')(a|\\w+)*(?P=q)", Run::Match),
        ("^(?=(a+)+$)b", Run::Match),
        ("(\\d+(,\\d+)?,?)+x", Run::Match),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", Run::Match),
        // What may follow begins like a word that is read in several ways; another word does not.
        (r"(?:\\[\\*]|[^*])*\*", Run::Match),
        (r"(?:[ab]|[ab][ab])*b", Run::Match),
    ] {
        assert_eq!(growth(pattern, how), Some(Growth::Exponential), "{pattern} {:?}", of(pattern, how));
    }
}

#[test]
fn repetitions_that_share_a_text_are_polynomial() {
    for (pattern, how, degree) in [
        ("\\s+$", Run::Search, 2),
        ("\\s+$", Run::All, 2),
        ("^\\s+|\\s+$", Run::All, 2),
        ("a*a*b", Run::Match, 2),
        ("a*a*a*b", Run::Match, 3),
        ("\\w+@\\w+\\.com", Run::Search, 2),
        ("<.*>.*x", Run::Search, 3),
        ("^(a+)b?(a+)c", Run::Match, 2),
        ("(?:x(?=x*y))*z", Run::Match, 2),
        ("[ab]*[ab]*a", Run::Match, 2),
        ("<([^>]*\\srel\\s*=\\s*['\"]?([^'\" >]+)[^>]*)>", Run::Match, 3),
    ] {
        assert_eq!(growth(pattern, how), Some(Growth::Polynomial(degree)), "{pattern} {:?}", of(pattern, how));
    }
}

#[test]
fn the_rest_is_linear() {
    for (pattern, how) in [
        ("\\s+$", Run::Match),
        ("^\\s+$", Run::Search),
        ("(a|b|ab)*", Run::Match),
        ("^(a|b|c)*$", Run::Match),
        ("^(?:\\w|a)*$", Run::Match),
        ("^(a+b)+$", Run::Match),
        ("^(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\\.)+\\Z", Run::Match),
        ("a++a*b", Run::Match),
        ("^(?>a+)+$", Run::Match),
        ("^(?:a+)++$", Run::Match),
        ("^[a-z]+(\\.[a-z]+)*\\Z", Run::Match),
        ("\\bfoo\\b", Run::Search),
        ("(a*)*", Run::Match),
        ("(?s).*", Run::Search),
        (r"(?:\\[\\*]|[^*\\])*\*", Run::Match),
        ("(?:a|aa)*a?", Run::Match),
        ("^\\d{4}-\\d{2}-\\d{2}$", Run::Match),
        ("%\\(([^)]{0,20})\\)s", Run::All),
        ("^(.*)$", Run::Match),
    ] {
        assert_eq!(growth(pattern, how), None, "{pattern} {:?}", of(pattern, how));
    }
}

/// Expressions of released packages before and after they were changed for this, with how they were run.
#[test]
fn expressions_that_were_changed_for_their_cost() {
    let exponential = Some(Growth::Exponential);
    for (before, after, how, growth_before) in [
        // What a browser asks for: a realm behind any number of commas.
        (
            "(?:.*,)*[ \t]*([^ \t]+)[ \t]+realm=([\"'])(.*?)\\2",
            "(?:^|,)[ \t]*([^ \t,]+)[ \t]+realm=([\"'])(.*?)\\2",
            Run::Match,
            exponential,
        ),
        // An address of mail.
        (
            "^(?P<local>[^@]*[^@.])@(?P<server>[^@]+(?:\\.[^@]+)*)$",
            "^(?P<local>[^@]*[^@.])@(?P<server>[^@\\.]+(?:\\.[^@\\.]+)*)$",
            Run::Match,
            exponential,
        ),
        // Tabs before a line's text.
        ("\\s*\\t+\\s*(\\S)", "\\S", Run::Match, Some(Growth::Polynomial(3))),
        // A colour.
        (
            "rgb\\([ \n\r\t]*(.+?)[ \n\r\t]*\\)",
            "rgb\\([ \n\r\t]*([^ \n\r\t)]+)\\)",
            Run::Match,
            Some(Growth::Polynomial(3)),
        ),
        // Attributes of a tag.
        ("<%((?:\\s+\\w+|\\s*=\\s*|\".*?\")*)>", "<%((?:\\s+\\w+|=|\"[^\"]*\")*)\\s*>", Run::Match, exponential),
    ] {
        assert_eq!(growth(before, how), growth_before, "{before}");
        assert_eq!(growth(after, how), None, "{after} {:?}", of(after, how));
    }
}

#[test]
fn what_is_not_understood_is_said() {
    assert!(of("(a+)\\1", Run::Match).gaps.iter().any(|g| g.contains("back reference")));
    assert!(of("(?:a{1,500})+", Run::Match).gaps.iter().any(|g| g.contains("counts")));
    assert!(of("\\N{DASH}+", Run::Match).gaps.iter().any(|g| g.contains("name")));
    assert!(of("(a{60}){60}", Run::Match).slow.is_none());
    assert!(of("[a-z]+", Run::Match).gaps.is_empty());
    assert!(cost("(", Flags::NONE, Run::Match).is_err());
}

#[test]
fn an_attack_is_spelled_out() {
    let slow = of("^x(a+)+$", Run::Match).slow.expect("it is slow");
    assert_eq!(slow.attack.prefix, "xa");
    assert_eq!(slow.attack.text(3), format!("xa{}{}", slow.attack.pumps[0].0.repeat(3), slow.attack.suffix));
    assert!(matches!(slow.parts[..], [Part::Repeat(2, 7)]), "{:?}", slow.parts);
    let slow = of("a\\s+$", Run::Search).slow;
    assert!(slow.is_none(), "each start has an `a` of its own: {slow:?}");
    let slow = of("\\s+$", Run::Search).slow.expect("it is slow");
    assert!(slow.parts.contains(&Part::Start), "{:?}", slow.parts);
}
