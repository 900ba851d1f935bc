//! Comments of other tools.
//!
//! `# nosec` and `# nosemgrep` without a rule are about everything; a rule of Bandit's (`B608`, which Ruff calls
//! `S608`) is about the weaknesses that it stands for. `# noqa` without `S` codes is about style, and no business of
//! a security review.

use super::directive::{Directive, Kind};

/// The directive in one comment.
pub(super) fn read(comment: &str) -> Option<Directive<'_>> {
    let weaknesses = if let Some(rest) = after(comment, "nosec") {
        let numbers = rules(rest, 'B');
        if numbers.is_empty() { None } else { Some(weaknesses_of(&numbers)) }
    } else if after(comment, "nosemgrep").is_some() {
        None
    } else {
        let rest = after(comment, "noqa")?.trim_start().strip_prefix(':')?;
        let numbers = rules(rest, 'S');
        if numbers.is_empty() {
            return None;
        }
        Some(weaknesses_of(&numbers))
    };
    let reason = comment.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Directive { kind: Kind::Foreign, checks: Vec::new(), weaknesses, until: None, reason })
}

/// What follows `word` at the start of a comment.
fn after<'a>(comment: &'a str, word: &str) -> Option<&'a str> {
    let start = comment.get(..word.len())?;
    let rest = &comment[word.len()..];
    (start.eq_ignore_ascii_case(word) && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')).then_some(rest)
}

/// The numbers of the rules of the form `B608`.
fn rules(text: &str, letter: char) -> Vec<u32> {
    text.split(|c: char| c == ',' || c == ':' || c.is_whitespace())
        .filter_map(|word| {
            let digits = word.strip_prefix(letter)?;
            (digits.len() == 3).then(|| digits.parse().ok()).flatten()
        })
        .collect()
}

fn weaknesses_of(rules: &[u32]) -> Vec<u32> {
    rules.iter().flat_map(|rule| weakness(*rule)).copied().collect()
}

/// The weaknesses behind a rule of Bandit's; none for a rule that no check here corresponds to.
fn weakness(rule: u32) -> &'static [u32] {
    match rule {
        102 | 307 => &[94, 95],
        103 => &[732, 276],
        105..=107 => &[798, 259, 321],
        108 | 306 | 325 => &[377, 378, 379],
        113 => &[400, 1088],
        201 => &[94, 489],
        202 => &[22],
        301 | 302 | 403 | 506 | 614 => &[502],
        303 | 324 => &[327, 328, 916],
        304 | 305 | 413 => &[327],
        308 | 701..=704 => &[79, 80, 116],
        310 => &[22, 918, 939],
        311 => &[330, 338],
        313..=320 | 405..=411 => &[611, 776, 20],
        323 | 501 => &[295],
        502..=504 => &[326, 327, 757],
        505 => &[326],
        507 => &[295, 322],
        601..=607 | 609 | 404 => &[77, 78, 88],
        608 | 610 | 611 => &[89],
        _ => &[],
    }
}
