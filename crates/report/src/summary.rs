//! What a review says to a pull request: a comment in Markdown of bounded size.
//!
//! It opens with the conclusion, then come the open findings, each folded, then what is fixed and the table of areas. The
//! first line is a mark by which a comment that is there already is found and replaced.

use crate::account::{self, Account};
use crate::escape::{markdown as prose, markdown_code as code, markdown_fence};
use crate::layout::{capital, count};
use crate::{Options, escape, snippet};
use assay_finding::{Change, Finding, Review, Severity, Verdict};
use std::fmt::Write as _;
use std::io;

/// By which a comment is found again.
pub const MARK: &str = "<!-- assay review -->";
/// Bytes of a comment; GitHub takes 65,536 characters.
const MAX_BYTES: usize = 60_000;
/// Findings shown with their paths.
const MAX_FINDINGS: usize = 25;
/// Steps shown of one path; the middle of a longer one is left out.
const MAX_STEPS: usize = 12;
/// Fixed findings that are listed.
const MAX_FIXED: usize = 20;
/// Characters kept of a title, and of any other text.
const MAX_TITLE: usize = 300;
const MAX_TEXT: usize = 2_000;
/// Columns of code.
const CODE_WIDTH: usize = 100;

pub(crate) fn render(review: &Review, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let account = Account::new(review);
    let mut findings = account.open();
    if options.include_tests {
        findings.extend(account.in_test());
    }
    let head = head(&account, &findings);
    let tail = tail(&account);
    let mut body = String::new();
    let mut shown = 0;
    for (at, finding) in findings.iter().take(MAX_FINDINGS) {
        let entry = entry(&account, *at, finding);
        // Room is kept for the sentence on what is left out.
        if head.len() + body.len() + entry.len() + tail.len() + 200 > MAX_BYTES {
            break;
        }
        body.push_str(&entry);
        shown += 1;
    }
    let left = findings.len() - shown;
    if left > 0 {
        let _ = writeln!(body, "\n… and {} that the full review shows.\n", count(left, "more finding"));
    }
    write!(out, "{head}{body}{tail}")
}

fn head(account: &Account<'_>, findings: &[(usize, &Finding)]) -> String {
    let review = account.review;
    let mut text = format!("{MARK}\n### Security review by Assay\n\n");
    let icon = match findings.iter().map(|(_, f)| f.severity).max() {
        Some(Severity::Critical | Severity::High) => "🔴",
        Some(Severity::Medium) => "🟠",
        Some(Severity::Low | Severity::Info) => "🟡",
        None if review.is_complete() => "🟢",
        None => "⚪",
    };
    let sentence = account.since().unwrap_or_else(|| format!("{}.", capital(&account.conclusion())));
    let _ = writeln!(text, "{icon} **{}**", prose(&sentence));
    if let Some(aside) = account.aside() {
        let _ = write!(text, "\n{}", prose(&aside));
    }
    let gaps = review.gaps.iter().filter(|gap| gap.incomplete).count();
    if gaps > 0 {
        let parts = count(gaps, "part");
        let _ = write!(text, "\n⚠️ The review is incomplete: {parts} of the project's own code could not be analysed.");
    }
    text.push_str("\n\n");
    text
}

fn entry(account: &Account<'_>, at: usize, finding: &Finding) -> String {
    let file = account.file(&finding.place);
    let line = file.line_column(finding.place.span.start).line;
    let change = match account.review.change(at) {
        Some(Change::Reappeared) => ", reappeared",
        _ => "",
    };
    let mut text = format!(
        "<details><summary><b>{}{change}</b>: {} (<code>{}:{line}</code>)</summary>\n\n",
        finding.severity.id(),
        escape::html(&escape::line(&escape::clip(&finding.title, MAX_TITLE))),
        escape::html(&escape::line(&file.path)),
    );
    let standards = account::standards(finding, account.check(&finding.check));
    let _ = writeln!(
        text,
        "{}\n\n{}, confidence {}, {}; {}\n",
        prose(&escape::clip(&finding.message, MAX_TEXT)),
        capital(account.outcome(at).title()),
        finding.confidence.id(),
        code(&finding.check),
        prose(&standards)
    );
    let lines = snippet::lines(file, finding.place.span, 1, CODE_WIDTH);
    let fence = markdown_fence(lines.iter().flatten().map(|(_, line)| line.as_str()));
    let language = if file.language.is_code() { file.language.name().to_lowercase() } else { "text".to_owned() };
    let _ = writeln!(text, "{fence}{language}");
    for line in &lines {
        let _ = match line {
            Some((number, line)) => writeln!(text, "{}", format!("{number:>4}  {line}").trim_end()),
            None => writeln!(text, "   …"),
        };
    }
    let _ = writeln!(text, "{fence}\n");
    let steps = finding.trace.len();
    if steps > 1 {
        let _ = writeln!(text, "Path of the data:\n");
        let cut = steps > MAX_STEPS;
        for (number, step) in finding.trace.iter().enumerate() {
            if cut && number == MAX_STEPS / 2 {
                let _ = writeln!(text, "\n… {} …\n", count(steps - MAX_STEPS, "step"));
            }
            if cut && (MAX_STEPS / 2..steps - MAX_STEPS / 2).contains(&number) {
                continue;
            }
            let file = account.file(&step.place);
            let place = format!("{}:{}", file.path, file.line_column(step.place.span.start).line);
            let shown = snippet::one_line(file, step.place.span, CODE_WIDTH);
            let _ = writeln!(text, "{}. {} {}: {}", number + 1, code(&place), code(&shown), prose(&step.message));
        }
        text.push('\n');
    }
    for (label, items) in
        [("Reached by", &finding.reach), ("Assumed", &finding.assumptions), ("A false alarm if", &finding.false_if)]
    {
        if !items.is_empty() {
            let items: Vec<String> = items.iter().map(|item| prose(&escape::clip(item, MAX_TEXT))).collect();
            let _ = writeln!(text, "{label}: {}\n", items.join("; "));
        }
    }
    if !finding.solution.is_empty() {
        let _ = writeln!(text, "**Solution**: {}\n", prose(&escape::clip(&finding.solution, MAX_TEXT)));
    }
    let _ = writeln!(text, "Fingerprint {}\n\n</details>\n", code(&finding.fingerprint.0));
    text
}

fn tail(account: &Account<'_>) -> String {
    let review = account.review;
    let mut text = String::new();
    if let Some(comparison) = &review.comparison {
        let fixed: Vec<_> = comparison.fixed.iter().filter(|fixed| !fixed.earlier).collect();
        if !fixed.is_empty() {
            let _ = writeln!(text, "<details><summary>{}</summary>\n", count(fixed.len(), "fixed finding"));
            for fixed in fixed.iter().take(MAX_FIXED) {
                let place = format!("{}:{}", fixed.path, fixed.line);
                let title = prose(&escape::clip(&fixed.title, MAX_TITLE));
                let _ = writeln!(text, "- {} {}: {title}", fixed.severity.id(), code(&place));
            }
            if fixed.len() > MAX_FIXED {
                let _ = writeln!(text, "- and {} more", fixed.len() - MAX_FIXED);
            }
            text.push_str("\n</details>\n\n");
        }
        for note in &comparison.notes {
            let _ = writeln!(text, "{}\n", prose(note));
        }
    }
    text.push_str("| area | verdict | defect | potential | not observed | safe |\n|---|---|--:|--:|--:|--:|\n");
    for area in &review.areas {
        let icon = match area.verdict {
            Verdict::DefectsFound => "🔴",
            Verdict::PotentialDefects => "🟠",
            Verdict::Clear => "🟢",
            Verdict::NotObserved => "⚪",
            Verdict::NotApplicable => "➖",
        };
        let cells =
            if area.analysed { area.counts.map(|n| n.to_string()) } else { std::array::from_fn(|_| "–".into()) };
        let _ = writeln!(text, "| {} | {icon} {} | {} |", area.area.title(), area.verdict.title(), cells.join(" | "));
    }
    if review.comparison.is_some() {
        text.push_str("\nThe table counts the whole program, what is unchanged included.\n");
    }
    let _ = writeln!(text, "\nWritten by Assay {}; threat model: {}.", prose(&review.version), review.threat.id());
    text
}
