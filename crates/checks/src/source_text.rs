//! Characters in the text of a program that make people read something else than the language does.
//!
//! - A *bidirectional control* changes the order in which an editor shows what follows.
//! - A *look-alike* is a letter of another script that is drawn as a Latin one.

use crate::code::{Code, Defect};
use crate::{Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::FunctionKind;
use assay_text::Span;

/// Places of one file that are reported.
const MAX_PLACES: usize = 20;

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("trojan-source") else { return };
    for f in code.res.program.functions.ids() {
        if code.function(f).kind != FunctionKind::ModuleBody {
            continue;
        }
        if code.texts.is_ascii(code.file(f)) {
            continue;
        }
        let text = code.source(f);
        let mut found = 0;
        for (at, what) in suspicious(text) {
            // What stands in a longer text is no name.
            if matches!(what, Found::Name(name) if code.res.program.strings.lookup(name).is_none()) {
                continue;
            }
            found += 1;
            if found > MAX_PLACES {
                break;
            }
            let (start, end, title, confidence) = match what {
                Found::Control(c) => (
                    at,
                    at + c.len_utf8(),
                    format!("The character U+{:04X} changes the order in which this line is shown", u32::from(c)),
                    Confidence::High,
                ),
                Found::Name(name) => (
                    at,
                    at + name.len(),
                    format!("The name `{name}` mixes letters of several scripts that look alike"),
                    Confidence::Medium,
                ),
            };
            let span = Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX));
            let mut defect = Defect::new("misleading-text", title.clone(), format!("{title}."));
            defect.confidence = confidence;
            if confidence == Confidence::Medium {
                defect.outcome = Outcome::Potential;
                defect.severity = Some(Severity::Medium);
            }
            defect.false_if.push(
                "the text is meant for people who write in that direction or script, and the language does not read it"
                    .to_owned(),
            );
            out.push(code.defect(check, f, span, "source text", defect));
        }
        if found == 0 {
            let span = Span::new(0, 0);
            out.push(code.closed(
                check,
                f,
                span,
                "source text",
                Outcome::Safe,
                "validated-text",
                "no character in it misleads",
            ));
        }
    }
}

enum Found<'t> {
    Control(char),
    Name(&'t str),
}

/// The misleading places of a text.
fn suspicious(text: &str) -> Vec<(usize, Found<'_>)> {
    let mut out = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if !line.is_ascii() {
            line_places(line, offset, &mut out);
        }
        offset += line.len();
    }
    out
}

fn line_places<'t>(line: &'t str, offset: usize, out: &mut Vec<(usize, Found<'t>)>) {
    // A control that is closed again within the line, around text that needs it, orders nothing else.
    let mut open: Vec<(usize, char)> = Vec::new();
    let needed = line.chars().any(is_right_to_left);
    for (at, c) in line.char_indices() {
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' | '\u{2066}'..='\u{2068}' => open.push((at, c)),
            '\u{202C}' | '\u{2069}' => {
                let closed = open.pop();
                if let Some((start, opened)) = closed
                    && (!needed || matches!(opened, '\u{202D}' | '\u{202E}'))
                {
                    out.push((offset + start, Found::Control(opened)));
                }
            }
            _ => {}
        }
    }
    out.extend(open.into_iter().map(|(at, c)| (offset + at, Found::Control(c))));
    for (at, name) in names(line) {
        if mixes_scripts(name) {
            out.push((offset + at, Found::Name(name)));
        }
    }
    out.sort_by_key(|(at, _)| *at);
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}

/// The names in a line of code: not what stands in quotes or in a comment.
fn names(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut out = Vec::new();
    let mut quote: Option<char> = None;
    let mut start: Option<usize> = None;
    for (at, c) in line.char_indices() {
        if let Some(open) = quote {
            if c == open {
                quote = None;
            }
            continue;
        }
        if c.is_alphanumeric() || c == '_' {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            out.push((from, &line[from..at]));
        }
        match c {
            '#' => break,
            '\'' | '"' => quote = Some(c),
            _ => {}
        }
    }
    if let Some(from) = start {
        out.push((from, &line[from..]));
    }
    out.into_iter()
}

/// Whether a name has Latin letters and letters of another script that are drawn like Latin ones.
fn mixes_scripts(name: &str) -> bool {
    let latin = name.chars().any(|c| c.is_ascii_alphabetic());
    latin && name.chars().any(looks_latin)
}

/// Letters of other scripts that look like Latin ones: Cyrillic, Greek, Armenian, full width.
fn looks_latin(c: char) -> bool {
    matches!(
        c,
        'а' | 'с' | 'е' | 'о' | 'р' | 'х' | 'у' | 'ѕ' | 'і' | 'ј' | 'ԁ' | 'ԛ' | 'ԝ' | 'һ' | 'А' | 'В' | 'Е' | 'К' | 'М' | 'Н' | 'О' | 'Р' | 'С' | 'Т' | 'Х' | 'У' | 'Ѕ' | 'І' | 'Ј'
            | 'ο' | 'ν' | 'Α' | 'Β' | 'Ε' | 'Ζ' | 'Η' | 'Ι' | 'Κ' | 'Μ' | 'Ν' | 'Ο' | 'Ρ' | 'Τ' | 'Υ' | 'Χ'
            | 'ո' | 'ս' | 'օ'
            | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<usize> {
        suspicious(text).into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn controls_that_reorder_code_are_found() {
        assert_eq!(places("access = 'user\u{202E} \u{2066}# admin'\n"), [14, 18]);
        assert_eq!(places("x = 1  # plain\n"), [] as [usize; 0]);
        assert_eq!(places("greeting = '\u{2067}\u{05E9}\u{05DC}\u{05D5}\u{05DD}\u{2069}'\n"), [] as [usize; 0]);
    }

    #[test]
    fn names_of_two_scripts_are_found() {
        assert_eq!(places("def is_аdmin(user):\n"), [4]);
        assert_eq!(places("größe = 1  # аdmin\ntext = 'аdmin'\nимя = 2\n"), [] as [usize; 0]);
    }
}
