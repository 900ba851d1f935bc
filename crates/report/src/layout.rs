//! Lines of text that fit: the width of characters on a terminal, wrapping, and English plurals.

use unicode_width::UnicodeWidthChar;

/// The columns that escaped text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The columns that one character takes; a hostile one takes those of its spelling.
pub(crate) fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// `text` in lines of at most `max` columns, broken at spaces. A longer word has a line of its own.
pub(crate) fn wrap(text: &str, max: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut current, mut columns) = (String::new(), 0);
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let wide = width(word);
        if columns > 0 && columns + 1 + wide > max {
            lines.push(std::mem::take(&mut current));
            columns = 0;
        }
        if columns > 0 {
            current.push(' ');
            columns += 1;
        }
        current.push_str(word);
        columns += wide;
    }
    if !current.is_empty() {
        lines.push(current);
    }
    lines
}

/// The first columns of `text`, with a mark when it was cut.
pub(crate) fn fit(text: &str, max: usize) -> String {
    if width(text) <= max {
        return text.to_owned();
    }
    let (mut out, mut columns) = (String::new(), 0);
    for c in text.chars() {
        let wide = char_width(c);
        if columns + wide + 1 > max {
            break;
        }
        columns += wide;
        out.push(c);
    }
    out.push('…');
    out
}

/// `1 defect`, `2 defects`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {}", plural(noun)) }
}

/// The plural of a noun phrase: that of the word before the first preposition.
pub(crate) fn plural(phrase: &str) -> String {
    const PREPOSITIONS: [&str; 9] = [" of ", " by ", " to ", " with ", " from ", " in ", " for ", " without ", " on "];
    let head = PREPOSITIONS.iter().filter_map(|p| phrase.find(p)).min().unwrap_or(phrase.len());
    let (noun, rest) = phrase.split_at(head);
    let end = |ends: &[&str]| ends.iter().any(|e| noun.ends_with(e));
    let plural = match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if end(&["s", "x", "z", "ch", "sh"]) => format!("{noun}es"),
        _ => format!("{noun}s"),
    };
    plural + rest
}

/// The text with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plurals_follow_the_head_of_the_phrase() {
        let check = |one: &str, many: &str| assert_eq!(plural(one), many);
        check("database call", "database calls");
        check("evaluation of code", "evaluations of code");
        check("query", "queries");
        check("relay of data", "relays of data");
        check("process", "processes");
        assert_eq!(count(1, "query"), "1 query");
        assert_eq!(count(0, "query"), "0 queries");
    }

    #[test]
    fn cutting_keeps_wide_characters_whole() {
        assert_eq!(fit("日本語", 6), "日本語");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_the_words(text in "[a-z日 ]{0,80}", max in 1..30usize) {
            let lines = wrap(&text, max);
            let words: Vec<_> = text.split_whitespace().collect();
            prop_assert_eq!(lines.join(" "), words.join(" "));
            for line in lines {
                prop_assert!(width(&line) <= max || !line.contains(' '));
            }
        }

        #[test]
        fn what_was_cut_fits(text in "\\PC{0,40}", max in 1..30usize) {
            prop_assert!(width(&fit(&text, max)) <= max);
        }
    }
}
