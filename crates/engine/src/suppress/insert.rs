//! Where a comment that suppresses a finding can stand.

use super::comments;
use super::directive;
use assay_text::{Language, SourceFile, Span};

/// The text to insert, and at which byte, so that findings of `checks` at `span` no longer count for this reason (which may hold
/// `until=DATE`); `None` where no comment can stand: in files that are not Python, and for a reason that is none in one line.
///
/// At the end of the line where that is the statement's, and else in a line of its own above it.
pub fn ignore_comment(file: &SourceFile, span: Span, checks: &[&str], reason: &str) -> Option<(u32, String)> {
    if file.language != Language::Python || reason.chars().any(char::is_control) {
        return None;
    }
    let lines = file.lines();
    let (first, last) = (lines.line(span.start), lines.line(span.end.max(span.start + 1) - 1));
    let above = lines.line_range(&file.text, first);
    let line = &file.text[above.clone()];
    let indent = &line[..line.len() - line.trim_start().len()];
    let comment = format!("# assay: ignore[{}] {reason}", checks.join(", "));
    let candidates = [
        (lines.line_range(&file.text, last).end, format!("  {comment}"), 0),
        (above.start, format!("{indent}{comment}\n"), 1),
    ];
    candidates.into_iter().find_map(|(offset, insertion, moved)| {
        let mut text = file.text.to_string();
        text.insert_str(offset, &insertion);
        let covers = comments::scan(&text).iter().any(|found| {
            let is_it = directive::read(found.text).iter().flatten().any(|found| found.checks == checks);
            is_it && found.first <= last + moved && first + moved <= found.last
        });
        covers.then_some((offset as u32, insertion))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_text::Role;

    fn with_comment(text: &str) -> Option<String> {
        let file = SourceFile::new("a.py", Language::Python, Role::FirstParty, text);
        let at = text.find("run(").map_or(0, |at| at as u32);
        let (offset, insertion) = ignore_comment(&file, Span::new(at, at + 4), &["xxe"], "reason")?;
        let mut text = text.to_owned();
        text.insert_str(offset as usize, &insertion);
        Some(text)
    }

    #[test]
    fn a_comment_stands_at_the_end_of_the_line() {
        assert_eq!(with_comment("run(a)\n").as_deref(), Some("run(a)  # assay: ignore[xxe] reason\n"));
        // A comment that is there already keeps its own reason.
        assert_eq!(
            with_comment("run(a)  # assay: ignore[other] known\n").as_deref(),
            Some("# assay: ignore[xxe] reason\nrun(a)  # assay: ignore[other] known\n")
        );
        assert_eq!(
            with_comment("x = (1,\r\n  run(a),\r\n)").as_deref(),
            Some("x = (1,\r\n  run(a),  # assay: ignore[xxe] reason\r\n)")
        );
    }

    #[test]
    fn a_comment_stands_above_where_the_line_ends_in_a_text() {
        assert_eq!(
            with_comment("if a:\n    run('''\n''')\n").as_deref(),
            Some("if a:\n    # assay: ignore[xxe] reason\n    run('''\n''')\n")
        );
    }
}
