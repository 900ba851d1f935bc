//! Workflow commands of GitHub Actions: one annotation for each open finding.
//!
//! A command is a line `::error file=…,line=…::message`. What it may hold is percent-encoded, so that reviewed code
//! can neither end a command nor begin one. The host shows ten annotations of each level for a step, so the worst
//! come first; the log holds all of them. What the review could not analyse is an annotation, too.

use crate::account::Account;
use crate::layout::count;
use crate::{Options, escape};
use assay_finding::{Finding, Review, Severity};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Characters kept of a message.
const MAX_MESSAGE: usize = 2_000;
/// Characters kept of a property: a path or a title.
const MAX_PROPERTY: usize = 1_000;
/// Annotations that are written.
const MAX_ANNOTATIONS: usize = 1_000;

pub(crate) fn render(review: &Review, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let account = Account::new(review);
    let mut findings = account.open();
    if options.include_tests {
        findings.extend(account.in_test());
    }
    for (at, finding) in findings.iter().take(MAX_ANNOTATIONS) {
        annotation(&account, *at, finding, out)?;
    }
    let incomplete: Vec<_> = review.gaps.iter().filter(|gap| gap.incomplete).collect();
    for gap in incomplete.iter().take(MAX_ANNOTATIONS) {
        let mut properties = vec![("file", gap.path.clone())];
        if let (Some(file), Some(span)) = (gap.file, gap.span) {
            properties.push(("line", review.files.get(file).line_column(span.start).line.to_string()));
        }
        properties.push(("title", "Not analysed".to_owned()));
        command("warning", &properties, &gap.message, out)?;
    }
    // The last line is for whoever reads the log.
    let mut text = format!("{}.", crate::layout::capital(&account.conclusion()));
    if let Some(sentence) = account.since() {
        let _ = write!(text, " {sentence}");
    }
    if findings.len() > MAX_ANNOTATIONS {
        let _ = write!(text, " {} got no annotation.", count(findings.len() - MAX_ANNOTATIONS, "finding"));
    }
    if !incomplete.is_empty() {
        let _ = write!(text, " The review is incomplete: {}.", count(incomplete.len(), "gap"));
    }
    writeln!(out, "{}", escape::line(&text))
}

fn annotation(account: &Account<'_>, at: usize, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let level = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let file = account.file(&finding.place);
    let (start, end) = (file.line_column(finding.place.span.start), file.line_column(finding.place.span.end));
    let mut properties = vec![("file", file.path.to_string()), ("line", start.line.to_string())];
    properties.push(("endLine", end.line.to_string()));
    // The host refuses columns of a range over several lines.
    if start.line == end.line {
        properties.push(("col", start.column.to_string()));
        properties.push(("endColumn", end.column.to_string()));
    }
    properties.push(("title", format!("{} ({}, {})", finding.title, finding.check, finding.severity.id())));
    let mut message = finding.message.clone();
    let steps = finding.trace.len();
    if steps > 1 {
        let first = &finding.trace[0].place;
        let from = account.file(first);
        let line = from.line_column(first.span.start).line;
        let _ = write!(message, "\nPath of the data: {steps} steps from {}:{line}.", from.path);
    }
    for (label, items) in [("Reached by", &finding.reach), ("Assumed", &finding.assumptions)] {
        if !items.is_empty() {
            let _ = write!(message, "\n{label}: {}.", items.join("; ").trim_end_matches('.'));
        }
    }
    if !finding.solution.is_empty() {
        let _ = write!(message, "\nSolution: {}", finding.solution);
    }
    if let Some(change) = account.review.change(at) {
        let _ = write!(message, "\nSince the baseline: {}.", change.id());
    }
    command(level, &properties, &message, out)
}

fn command(level: &str, properties: &[(&str, String)], message: &str, out: &mut dyn Write) -> io::Result<()> {
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(&escape::clip(value, MAX_PROPERTY), true)))
        .collect();
    writeln!(out, "::{level} {}::{}", properties.join(","), encode(&escape::clip(message, MAX_MESSAGE), false))
}

/// Line ends and percent signs encoded, and in a property the signs that separate properties.
fn encode(text: &str, property: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => encoded.push_str("%25"),
            '\n' if !property => encoded.push_str("%0A"),
            ':' if property => encoded.push_str("%3A"),
            ',' if property => encoded.push_str("%2C"),
            c if escape::is_hostile(c) => escape::push_visible(&mut encoded, c),
            c => encoded.push(c),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn text_can_neither_end_a_command_nor_begin_one() {
        assert_eq!(encode("a\n::set-env name=x::1%", false), "a%0A::set-env name=x::1%25");
        assert_eq!(encode("a,title=b::c\n\r", true), "a%2Ctitle=b%3A%3Ac\\n\\r");
    }
}
