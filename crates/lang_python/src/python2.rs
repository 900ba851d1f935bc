//! Recognition of Python 2 by what is no longer Python.

use ruff_python_parser::ParseError;
use ruff_text_size::{Ranged, TextRange};

/// The name of the language.
pub(crate) const NAME: &str = "Python 2";

/// Characters of a line that are looked at.
const MAX_LINE: usize = 1000;

/// The first syntax error that stands on a line which is Python 2.
pub(crate) fn evidence(source: &str, errors: &[ParseError]) -> Option<TextRange> {
    // Errors come in the order of the text: only what lies between two of them is searched for line ends.
    let (mut seen, mut judged) = (0, false);
    errors.iter().map(Ranged::range).find(|range| {
        let at = range.start().to_usize().min(source.len()).max(seen);
        let line_end = source.as_bytes()[seen..at].iter().rposition(|b| *b == b'\n').map(|i| seen + i + 1);
        judged &= line_end.is_none();
        if std::mem::replace(&mut judged, true) {
            seen = at;
            return false;
        }
        let start = line_end.unwrap_or(seen);
        seen = at;
        let mut line = source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        if let Some((end, _)) = line.char_indices().nth(MAX_LINE) {
            line = &line[..end];
        }
        is_python2(line.trim_start())
    })
}

/// The text with octal numbers of Python 2 (`0755`) as decimal ones, which take no more room; `None` where there are none.
pub(crate) fn with_decimal_numbers(source: &str, errors: &[ParseError]) -> Option<String> {
    let mut out: Option<String> = None;
    for range in errors.iter().map(Ranged::range) {
        let range = range.start().to_usize()..range.end().to_usize();
        let Some(octal) = source.get(range.clone()).filter(|t| t.len() > 1 && t.starts_with('0')) else { continue };
        let Ok(number) = u64::from_str_radix(octal, 8) else { continue };
        let width = octal.len();
        out.get_or_insert_with(|| source.to_owned()).replace_range(range, &format!("{number:>width$}"));
    }
    out
}

fn is_python2(line: &str) -> bool {
    // A statement can follow a compound one's colon: `if x: print x`.
    let statements = line.split(": ").chain(line.split("; ")).map(str::trim_start);
    statements.into_iter().any(is_python2_statement) || line.contains("<>") || line.contains('`')
}

fn is_python2_statement(statement: &str) -> bool {
    for keyword in ["print", "exec"] {
        if let Some(rest) = statement.strip_prefix(keyword)
            && let Some(operand) = rest.strip_prefix([' ', '\t', '"', '\''])
        {
            let operand = operand.trim_start();
            let operator = ["=", ".", ":", ",", ")", "(", "+", "*", "/", "in ", "is ", "if ", "and ", "or "];
            let calls = operand.starts_with('(') && operand.trim_end().ends_with(')');
            return !calls && (operand.starts_with('(') || !operator.iter().any(|o| operand.starts_with(o)));
        }
    }
    if let Some(operand) = statement.strip_prefix("raise ") {
        // `raise Class, "message"`
        let head = operand.split(['(', '"', '\'', '#']).next().unwrap_or("");
        return head.contains(',');
    }
    if let Some(operand) = statement.strip_prefix("except ") {
        return operand.contains(',') && !operand.starts_with('(');
    }
    // Octal and long integers, and raw Unicode text.
    let mut before = ' ';
    let chars: Vec<char> = statement.chars().take(512).collect();
    for (i, &c) in chars.iter().enumerate() {
        let starts_word = !before.is_alphanumeric() && before != '_' && before != '.';
        before = c;
        if !starts_word {
            continue;
        }
        let word: String = chars[i..].iter().take_while(|c| c.is_alphanumeric()).collect();
        let octal = word.len() > 1 && word.starts_with('0') && word.bytes().all(|b| b.is_ascii_digit());
        let long = word
            .strip_suffix(['l', 'L'])
            .is_some_and(|w| !w.is_empty() && (w.bytes().all(|b| b.is_ascii_digit()) || w.starts_with("0x")));
        let raw = word.eq_ignore_ascii_case("ur") && matches!(chars.get(i + 2), Some('"' | '\''));
        if (octal && word.bytes().any(|b| b != b'0')) || long || raw {
            return true;
        }
    }
    false
}
