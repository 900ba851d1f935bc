//! Cuts a template into text, outputs and tags.

use assay_text::Span;

/// Searches for the end of literal text that may fail, so that many open ones don't cost a pass each.
const MAX_FAILED_SEARCHES: usize = 16;
/// Characters in which a string that holds a closing mark must end.
const MAX_LINE_SCAN: usize = 4096;

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What stands for itself.
    Text,
    /// `{{ … }}`
    Output,
    /// `{% … %}`
    Tag,
}

/// A part of a template, with the place of the whole and of what is between its marks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) part: Part,
    pub(crate) span: Span,
    pub(crate) inside: Span,
}

/// The parts in the order of the text, and the places of marks that are never closed. With `blocks`, some tags say
/// that what stands up to their end is no code.
pub(crate) fn tokens(text: &str, blocks: bool) -> (Vec<Token>, Vec<Span>) {
    let (mut out, mut open_marks) = (Vec::new(), Vec::new());
    let span = |from: usize, to: usize| Span::new(from as u32, to as u32);
    let mut plain = 0;
    let mut at = 0;
    // A closing mark that is not found from one place is not found from any later one.
    let mut missing = [false; 3];
    let mut searches = MAX_FAILED_SEARCHES;
    while let Some(next) = text[at..].find('{').map(|n| n + at) {
        let (index, close) = match text.as_bytes().get(next + 1) {
            Some(b'{') => (0, "}}"),
            Some(b'%') => (1, "%}"),
            Some(b'#') => (2, "#}"),
            _ => {
                at = next + 1;
                continue;
            }
        };
        let found = if missing[index] { None } else { end_of(text, next + 2, close) };
        let Some(end) = found else {
            if index < 2 && !missing[index] {
                open_marks.push(span(next, next + 2));
            }
            missing[index] = true;
            at = next + 2;
            continue;
        };
        if plain < next {
            out.push(Token { part: Part::Text, span: span(plain, next), inside: span(plain, next) });
        }
        let inside = trimmed(text, next + 2, end);
        let mut after = end + 2;
        match index {
            0 => out.push(Token { part: Part::Output, span: span(next, after), inside }),
            1 => {
                let content = inside.slice(text);
                let word = content.split_whitespace().next().unwrap_or_default();
                let literal = match word {
                    "verbatim" | "comment" | "raw" if blocks && is_literal(content, word) => {
                        let name = if word == "verbatim" { content } else { word };
                        let found = if searches > 0 { closing_tag(text, after, name) } else { None };
                        searches -= usize::from(found.is_none() && searches > 0);
                        found
                    }
                    _ => None,
                };
                match literal {
                    Some((body_end, tag_end)) => {
                        if word != "comment" && after < body_end {
                            let body = span(after, body_end);
                            out.push(Token { part: Part::Text, span: body, inside: body });
                        }
                        after = tag_end;
                    }
                    None => out.push(Token { part: Part::Tag, span: span(next, after), inside }),
                }
            }
            _ => {}
        }
        at = after;
        plain = after;
    }
    if plain < text.len() {
        out.push(Token { part: Part::Text, span: span(plain, text.len()), inside: span(plain, text.len()) });
    }
    (out, open_marks)
}

/// Whether the tag begins text that stands for itself: `raw` with an argument is something else in some
/// languages.
pub(crate) fn is_literal(content: &str, word: &str) -> bool {
    word != "raw" || content == "raw"
}

/// Where the closing mark stands, outside of strings where that is possible.
fn end_of(text: &str, from: usize, close: &str) -> Option<usize> {
    let first = text[from..].find(close)? + from;
    // A mark within a string: only then the strings matter.
    let inside = &text[from..first];
    let odd = |quote: char| inside.matches(quote).count() % 2 == 1;
    if !(odd('"') || odd('\'')) || inside.contains('\n') {
        return Some(first);
    }
    let mut quote = None;
    for (n, c) in text[from..].char_indices().take(MAX_LINE_SCAN) {
        match (quote, c) {
            (_, '\n') => break,
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if c == q => quote = None,
            (None, _) if text[from + n..].starts_with(close) => return Some(from + n),
            _ => {}
        }
    }
    Some(first)
}

/// What is between the marks, without blanks and without the signs that trim blanks.
fn trimmed(text: &str, from: usize, to: usize) -> Span {
    let inside = &text[from..to];
    let inside = inside.strip_prefix(['-', '+', '~']).unwrap_or(inside);
    let start = to - inside.len();
    let inside = inside.strip_suffix(['-', '+', '~']).unwrap_or(inside);
    let lead = inside.len() - inside.trim_start().len();
    let start = start + lead;
    Span::new(start as u32, (start + inside.trim().len()) as u32)
}

/// The next `{% end<name> %}`: where it begins and ends.
fn closing_tag(text: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(next) = text[at..].find("{%").map(|n| n + at) {
        let end = text[next..].find("%}")? + next;
        let inside = trimmed(text, next + 2, end).slice(text);
        if inside.strip_prefix("end") == Some(name) {
            return Some((next, end + 2));
        }
        at = next + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<(Part, &str)> {
        tokens(text, true).0.iter().map(|t| (t.part, t.inside.slice(text))).collect()
    }

    #[test]
    fn text_outputs_and_tags() {
        assert_eq!(
            parts("a {{ x }}{%- if y -%} b{# no #}"),
            [(Part::Text, "a "), (Part::Output, "x"), (Part::Tag, "if y"), (Part::Text, " b")]
        );
    }

    #[test]
    fn literal_text() {
        assert_eq!(
            parts("{% verbatim %}{{ x }}{% endverbatim %}{% raw %}{{ y }}{% endraw %}"),
            [(Part::Text, "{{ x }}"), (Part::Text, "{{ y }}")]
        );
        assert_eq!(parts("{% comment %}{{ x }}{% endcomment %}z"), [(Part::Text, "z")]);
        assert_eq!(parts("{% comment 'why' %}{{ x }}{% endcomment %}z"), [(Part::Text, "z")]);
    }

    #[test]
    fn marks_in_strings() {
        assert_eq!(parts("{{ '}}' }}"), [(Part::Output, "'}}'")]);
        assert_eq!(parts("{{ it's }} x"), [(Part::Output, "it's"), (Part::Text, " x")]);
    }

    #[test]
    fn open_marks_are_told_once() {
        let (tokens, open) = tokens("a {{ b {{ c", true);
        assert_eq!(tokens.len(), 1);
        assert_eq!(open.len(), 1);
    }
}
