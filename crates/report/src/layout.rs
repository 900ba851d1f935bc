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

/// `lines` with what follows on their first `at` characters, which they share, in sight: where one of them is wider than `max`
/// columns, all are cut alike.
pub(crate) fn fit_alike(lines: &[&str], at: usize, max: usize) -> Vec<String> {
    let before: Vec<char> = lines.first().map_or("", |line| line).chars().take(at).collect();
    let columns: usize = before.iter().map(|c| char_width(*c)).sum();
    let mut from = 0;
    if lines.iter().any(|line| width(line) > max) && columns + 2 > max * 2 / 3 {
        // It comes after a third of the room.
        let mut left = columns;
        while left > max / 3 {
            left -= char_width(before[from]);
            from += 1;
        }
    }
    let rest = |line: &&str| line.chars().skip(from).collect::<String>();
    match from {
        0 => lines.iter().map(|line| fit(line, max)).collect(),
        _ => lines.iter().map(|line| format!("…{}", fit(&rest(line), max - 1))).collect(),
    }
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
    fn cutting_keeps_what_is_meant() {
        let lines = [
            "request = HTTPRequest(url, body=body, verify=False)",
            "request = HTTPRequest(url, body=body, verify=True)",
        ];
        let at = lines[0].find("False").unwrap();
        assert_eq!(fit_alike(&lines, at, 60), lines);
        assert_eq!(fit_alike(&lines, at, 24), ["… verify=False)", "… verify=True)"]);
        assert_eq!(fit_alike(&lines[..1], 2, 24), ["request = HTTPRequest(u…"]);
        assert_eq!(fit_alike(&["日本日本日本日本", "日本日本日本"], 6, 9), ["…本日本", "…本"]);
        assert_eq!(fit_alike(&["short"], 9, 24), ["short"]);
        assert!(fit_alike(&[], 0, 24).is_empty());
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
