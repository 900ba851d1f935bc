//! A review as JUnit's XML, which most build servers show: one suite for each area.
//!
//! In a suite, an open finding is a failed case, a check without one is a passed case, and an area that was not
//! observed is a skipped case, so that it does not look passed. What could not be analysed is an error in a suite of
//! its own. There are no times in it.

use crate::account::{self, Account};
use crate::{Options, escape, snippet};
use assay_finding::{Finding, Review, Verdict};
use std::fmt::Write as _;
use std::io;

/// Characters kept of one text.
const MAX_TEXT: usize = 10_000;
/// Cases of one suite that fail.
const MAX_FAILURES: usize = 2_000;

/// One suite as it is put together.
struct Suite {
    name: String,
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Suite {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), cases: String::new(), tests: 0, failures: 0, errors: 0, skipped: 0 }
    }

    /// A case with its attributes besides the name, and what stands in it.
    fn case(&mut self, class: &str, name: &str, more: &str, body: &str) {
        self.tests += 1;
        // Writing to a string cannot fail.
        let _ = write!(self.cases, "    <testcase classname=\"{}\" name=\"{}\"{more}", xml(class), xml(name));
        let _ = if body.is_empty() {
            writeln!(self.cases, "/>")
        } else {
            writeln!(self.cases, ">\n      {body}\n    </testcase>")
        };
    }
}

pub(crate) fn render(review: &Review, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let account = Account::new(review);
    let mut findings = account.open();
    if options.include_tests {
        findings.extend(account.in_test());
    }
    let mut suites: Vec<Suite> = Vec::new();
    for area in &review.areas {
        let mut suite = Suite::new(area.area.id());
        if area.verdict == Verdict::NotObserved {
            let why = if area.analysed {
                format!("{} of {} sites were not observed", area.counts[2], area.counts.iter().sum::<usize>())
            } else {
                account::empty_area(area).to_owned()
            };
            suite.skipped += 1;
            suite.case(area.area.id(), "not observed", "", &format!("<skipped message=\"{}\"/>", xml(&why)));
        }
        for check in review.checks.iter().filter(|check| check.area == area.area) {
            let here: Vec<&Finding> = findings.iter().map(|(_, f)| *f).filter(|f| f.check == check.id).collect();
            if here.is_empty() && area.verdict != Verdict::NotObserved {
                suite.case(&check.id, &check.title, "", "");
            }
            for finding in here.iter().take(MAX_FAILURES) {
                suite.failures += 1;
                failure(&account, finding, &mut suite);
            }
        }
        suites.push(suite);
    }
    let mut files = Suite::new("files");
    for gap in review.gaps.iter().filter(|gap| gap.incomplete).take(MAX_FAILURES) {
        files.errors += 1;
        let words = account::words(&gap.code);
        let body = format!("<error type=\"{}\" message=\"{}\"/>", xml(&gap.code), xml(&gap.message));
        files.case(&gap.path, &words, &format!(" file=\"{}\"", xml(&gap.path)), &body);
    }
    if files.errors == 0 {
        files.case("files", "every first-party file was analysed", "", "");
    }
    suites.push(files);
    let sum = |field: fn(&Suite) -> usize| suites.iter().map(field).sum::<usize>();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"assay\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        sum(|s| s.tests),
        sum(|s| s.failures),
        sum(|s| s.errors)
    )?;
    for suite in &suites {
        writeln!(
            out,
            "  <testsuite name=\"assay.{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
            suite.name, suite.tests, suite.failures, suite.errors, suite.skipped
        )?;
        out.write_all(suite.cases.as_bytes())?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn failure(account: &Account<'_>, finding: &Finding, suite: &mut Suite) {
    let file = account.file(&finding.place);
    let line = file.line_column(finding.place.span.start).line;
    let mut text = format!("{}:{line}: {}\n", file.path, finding.message);
    if finding.trace.len() > 1 {
        text.push_str("Path of the data:\n");
        for (at, step) in finding.trace.iter().enumerate() {
            let file = account.file(&step.place);
            let code = snippet::one_line(file, step.place.span, 110);
            let line = file.line_column(step.place.span.start).line;
            let _ = writeln!(text, "{:>4} {}:{line} {}\n       {code}", at + 1, file.path, step.message);
        }
    }
    for (label, items) in [("Reached by", &finding.reach), ("Assumed", &finding.assumptions)] {
        if !items.is_empty() {
            let _ = writeln!(text, "{label}: {}", items.join("; "));
        }
    }
    if !finding.solution.is_empty() {
        let _ = writeln!(text, "Solution: {}", finding.solution);
    }
    let _ = write!(text, "Fingerprint: {}", finding.fingerprint.0);
    let body = format!(
        "<failure type=\"{}\" message=\"{}\">{}</failure>",
        finding.severity.id(),
        xml(&finding.title),
        xml_lines(&text)
    );
    let more = format!(" file=\"{}\" line=\"{line}\"", xml(&file.path));
    let name = format!("{} ({}:{line})", finding.title, file.path);
    suite.case(&finding.check, &name, &more, &body);
}

/// Text of an attribute, in one line.
fn xml(text: &str) -> String {
    escape::html(&escape::line(&escape::clip(text, MAX_TEXT)))
}

/// Text of an element; its lines are kept.
fn xml_lines(text: &str) -> String {
    let lines: Vec<String> = escape::lines(&escape::clip(text, MAX_TEXT)).map(|line| escape::html(&line)).collect();
    lines.join("\n")
}
