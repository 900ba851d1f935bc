//! Reviewed text on its way out.
//!
//! The code under review is hostile: what it contains must not move a cursor, reorder a line, hide
//! characters or become markup where it is shown. A *hostile* character is one that does not show
//! itself: a control character, one that changes the direction of text, or an invisible one.

use serde_json::ser::Formatter;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// Whether a character acts on what shows it, or hides, instead of being seen.
pub(crate) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Writes `c` as Rust would in a string: `\n`, `\u{1b}`.
pub(crate) fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
}

/// `text` in one line, with every hostile character spelled out.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) || !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hostile(c) {
            push_visible(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// `text` with its lines kept apart and every other hostile character spelled out. Only for text that a
/// check wrote, which may have paragraphs.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().map(line)
}

/// The first `max` characters of `text`, and a mark when there were more.
pub(crate) fn clip(text: &str, max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// `text` as the content of an element or attribute of HTML or XML.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No document of XML may hold these.
            '\u{fffe}' | '\u{ffff}' => push_visible(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Prose in Markdown, in one line. What stands in back quotes stays code; everything else shows as itself.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.trim();
    // What would open a list at the start of a line is shown instead.
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marker = if digits == 0 { ['-', '+'] } else { ['.', ')'] };
    if rest[digits..].strip_prefix(marker).is_some_and(|after| after.is_empty() || after.starts_with([' ', '\n', '\t']))
    {
        out.push_str(&rest[..digits]);
        out.push('\\');
        rest = &rest[digits..];
    }
    while let Some(start) = rest.find('`') {
        markdown_plain(&mut out, &rest[..start]);
        rest = &rest[start..];
        let fence = run_of_quotes(rest);
        if let Some(end) = closing(&rest[fence..], fence) {
            out.push_str(&markdown_code(rest[fence..fence + end].trim()));
            rest = &rest[fence + end + fence..];
        } else {
            (0..fence).for_each(|_| out.push_str("\\`"));
            rest = &rest[fence..];
        }
    }
    markdown_plain(&mut out, rest);
    out
}

/// The length of the run of back quotes at the start.
fn run_of_quotes(text: &str) -> usize {
    text.bytes().take_while(|b| *b == b'`').count()
}

/// The offset of the next run of exactly `fence` back quotes.
fn closing(text: &str, fence: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let run = run_of_quotes(&text[at + found..]);
        if run == fence {
            return Some(at + found);
        }
        at += found + run;
    }
    None
}

fn markdown_plain(out: &mut String, text: &str) {
    let mut previous = '\0';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\r' | '\t' => {
                if previous != ' ' {
                    out.push(' ');
                }
                previous = ' ';
                continue;
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '*' | '[' | ']' | '|' | '~' | '#' | '$' | '`' => out.extend(['\\', c]),
            // Within a word an underscore is no emphasis.
            '_' if previous.is_alphanumeric() && chars.peek().is_some_and(|n| n.is_alphanumeric()) => out.push('_'),
            '_' => out.push_str("\\_"),
            // A bare address becomes no link.
            ':' if chars.peek() == Some(&'/') => out.push_str("&#58;"),
            c if is_hostile(c) => {
                let mut visible = String::new();
                push_visible(&mut visible, c);
                out.extend(["\\", &visible]);
            }
            c => out.push(c),
        }
        previous = c;
    }
}

/// `text` as a code span of Markdown, in one line.
pub(crate) fn markdown_code(text: &str) -> String {
    let text = line(text);
    if text.trim().is_empty() {
        // An empty span does not exist in Markdown.
        return "(empty)".to_owned();
    }
    let longest = longest_run(&text);
    let fence = "`".repeat(if longest == 0 { 1 } else { longest + 1 });
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The fence that a code block with these lines needs.
pub(crate) fn markdown_fence<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    "`".repeat(lines.map(longest_run).max().unwrap_or(0).max(2) + 1)
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for byte in text.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// A reference to a file, relative to the root of the reviewed tree, as a URI: everything that is not
/// unreserved is percent-encoded, so that a part with a colon is no scheme.
pub(crate) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Writes JSON one record a line: values down to a depth stand on lines of their own, deeper ones are
/// compact. Hostile characters become `\u` escapes, which mean the same to a parser.
pub(crate) struct JsonLines {
    /// Values nested at most this deep get a line.
    depth: usize,
    at: usize,
}

impl JsonLines {
    pub(crate) fn new(depth: usize) -> Self {
        Self { depth, at: 0 }
    }

    fn separate(&self, out: &mut (impl io::Write + ?Sized), first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        self.line(out)
    }

    fn line(&self, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
        if self.at > self.depth {
            return Ok(());
        }
        out.write_all(b"\n")?;
        (0..self.at).try_for_each(|_| out.write_all(b" "))
    }
}

impl Formatter for JsonLines {
    fn begin_array<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.at += 1;
        out.write_all(b"[")
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.at -= 1;
        if self.at < self.depth {
            self.line(out)?;
        }
        out.write_all(b"]")
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.separate(out, first)
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.at += 1;
        out.write_all(b"{")
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.at -= 1;
        if self.at < self.depth {
            self.line(out)?;
        }
        out.write_all(b"}")
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.separate(out, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.at <= self.depth { b": " } else { b":" })
    }

    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        if rest.is_ascii() && !rest.contains('\u{7f}') {
            // What is hostile in ASCII besides is escaped by JSON itself.
            return out.write_all(rest.as_bytes());
        }
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_hostile(*c)) {
            out.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize;

    fn json(value: &impl Serialize, depth: usize) -> String {
        let mut out = Vec::new();
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, JsonLines::new(depth))).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hostile_characters_are_spelled_out() {
        assert_eq!(line("a\u{1b}[2Jb\n\u{202e}c\u{e0041}"), "a\\u{1b}[2Jb\\n\\u{202e}c\\u{e0041}");
        assert!(matches!(line("日本 é"), Cow::Borrowed(_)));
    }

    #[test]
    fn prose_keeps_code_and_shows_the_rest() {
        assert_eq!(markdown("passed as `a_b*` to <b>"), "passed as `a_b*` to &lt;b&gt;");
        assert_eq!(markdown("`` a`b `` _x_ snake_case"), "``a`b`` \\_x\\_ snake_case");
        assert_eq!(markdown("an open ` and https://x"), "an open \\` and https&#58;//x");
        assert_eq!(markdown("`a\n# b`"), "`a\\n# b`");
        assert_eq!(markdown("- a"), "\\- a");
        assert_eq!(markdown("12. a"), "12\\. a");
        assert_eq!(markdown("12.0 -a"), "12.0 -a");
    }

    #[test]
    fn code_spans_outgrow_their_content() {
        assert_eq!(markdown_code("a`b``c"), "```a`b``c```");
        assert_eq!(markdown_code("`"), "`` ` ``");
        assert_eq!(markdown_code(" "), "(empty)");
        assert_eq!(markdown_fence(["x", "````"].into_iter()), "`````");
    }

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri("a b/c:d/é%.py"), "a%20b/c%3Ad/%C3%A9%25.py");
    }

    #[test]
    fn json_has_one_record_a_line() {
        let value = serde_json::json!({"a": [[1, 2], {"b": 3}], "c": []});
        assert_eq!(json(&value, 2), "{\n \"a\": [\n  [1,2],\n  {\"b\":3}\n ],\n \"c\": [\n ]\n}");
    }

    proptest! {
        #[test]
        fn a_line_has_no_hostile_character(text in "\\PC*|(.|\\n|[\u{1b}\u{202e}\u{200b}\u{9b}\u{7f}])*") {
            prop_assert!(!line(&text).contains(is_hostile));
            prop_assert!(!markdown(&text).contains(is_hostile));
            prop_assert!(!markdown_code(&text).contains(is_hostile));
        }

        #[test]
        fn escaped_json_means_the_same(text in "(.|\\n|[\u{1b}\u{202e}\u{e0041}\"\\\\])*", depth in 0..4usize) {
            let value = serde_json::json!({"a": [text.clone(), {"b": text}]});
            let written = json(&value, depth);
            prop_assert!(!written.contains(|c| is_hostile(c) && c != '\n'));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), value);
        }

        #[test]
        fn prose_opens_no_tag(text in "[<>&`a-c!/ \\\\]*") {
            let out = markdown(&text);
            // Outside code spans no angle bracket is left.
            let mut rest = out.as_str();
            let mut plain = String::new();
            while let Some(start) = rest.find('`') {
                let before = &rest[..start];
                let escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
                plain.push_str(&rest[..start]);
                if escaped {
                    rest = &rest[start + 1..];
                    continue;
                }
                let fence = run_of_quotes(&rest[start..]);
                let body = &rest[start + fence..];
                let end = closing(body, fence);
                prop_assert!(end.is_some(), "an unclosed span in {:?}", out);
                rest = &body[end.unwrap() + fence..];
            }
            plain.push_str(rest);
            prop_assert!(!plain.contains(['<', '>']), "{:?} from {:?}", out, text);
        }
    }
}
