//! A review for people at a terminal: the findings, the account of everything else by area, and at the
//! end, where the eye is, the table of verdicts and the conclusion.

use crate::account::{self, Account, Group, Noun};
use crate::change::changes;
use crate::layout::{self, capital, count};
use crate::style::{Paint, Style};
use crate::{Options, escape, snippet};
use assay_finding::{AreaVerdict, Edit, Finding, Outcome, Place, Review, Safety, Verdict};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Columns that are used however narrow the terminal is.
const MIN_WIDTH: usize = 40;
/// Particulars of a group of sites that are listed before an example is given instead.
const MAX_DETAILS: usize = 3;
/// Characters shown of one particular.
const MAX_DETAIL: usize = 300;
/// Characters shown of any text.
const MAX_TEXT: usize = 4_000;
/// Gaps listed one by one unless all are asked for.
const MAX_GAPS: usize = 20;

pub(crate) fn render(review: &Review, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Text {
        account: Account::new(review),
        style: Style { color: options.color },
        width: options.width.max(MIN_WIDTH),
        verbose: options.verbose,
        tests: false,
        out,
    };
    text.tests = text.account.show_tests(options.include_tests || options.verbose);
    text.head()?;
    for (at, finding) in text.account.open() {
        text.finding(at, finding)?;
    }
    text.since()?;
    text.tests()?;
    text.areas()?;
    text.gaps()?;
    text.suppressed()?;
    text.notes()?;
    text.table()?;
    text.end()
}

/// One finding for people at a terminal, as the text report has it; nothing for a number that no finding has.
///
/// # Errors
/// When `out` cannot be written to.
pub fn render_finding(review: &Review, finding: usize, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let Some(found) = review.findings.get(finding) else { return Ok(()) };
    Text {
        account: Account::new(review),
        style: Style { color: options.color },
        width: options.width.max(MIN_WIDTH),
        verbose: options.verbose,
        tests: options.include_tests,
        out,
    }
    .finding(finding, found)
}

struct Text<'a, 'w> {
    account: Account<'a>,
    style: Style,
    width: usize,
    verbose: bool,
    /// Whether test code is shown like other code.
    tests: bool,
    out: &'w mut dyn Write,
}

impl<'a> Text<'a, '_> {
    fn line(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")
    }

    fn heading(&mut self, heading: &str) -> io::Result<()> {
        let heading = self.style.paint(Paint::Strong, heading);
        self.line(&heading)
    }

    /// Escaped text in lines, the first after `first`, the others after as many spaces.
    fn hanging(&mut self, first: &str, paint: Option<Paint>, text: &str) -> io::Result<()> {
        let indent = layout::width(first);
        let mut lines = Vec::new();
        for part in escape::lines(&escape::clip(text, MAX_TEXT)) {
            lines.extend(layout::wrap(&part, self.width.saturating_sub(indent).max(20)));
        }
        for (at, line) in lines.iter().enumerate() {
            let head = match (at, paint) {
                (0, Some(paint)) => self.style.paint(paint, first),
                (0, None) => first.to_owned(),
                _ => " ".repeat(indent),
            };
            self.line(&format!("{head}{line}"))?;
        }
        Ok(())
    }

    /// `Label: text`, the label being strong.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        let first = layout::wrap(&escape::lines(text).collect::<Vec<_>>().join(" "), self.width - 4 - label.len());
        let mut words = first.into_iter();
        let label = self.style.paint(Paint::Strong, label);
        self.line(format!("  {label} {}", words.next().unwrap_or_default()).trim_end())?;
        let rest = words.collect::<Vec<_>>().join(" ");
        self.hanging("    ", None, &rest)
    }

    /// One item stands behind the label, several stand below it.
    fn list(&mut self, label: &str, items: &[String]) -> io::Result<()> {
        match items {
            [] => Ok(()),
            [item] => self.labelled(label, item),
            items => {
                let label = self.style.paint(Paint::Strong, label);
                self.line(&format!("  {label}"))?;
                items.iter().try_for_each(|item| self.hanging("    - ", None, item))
            }
        }
    }

    fn place(&self, place: &Place) -> String {
        let file = self.account.file(place);
        let at = file.line_column(place.span.start);
        format!("{}:{}:{}", escape::line(&file.path), at.line, at.column)
    }

    fn short_place(&self, place: &Place) -> String {
        let file = self.account.file(place);
        format!("{}:{}", escape::line(&file.path), file.line_column(place.span.start).line)
    }

    fn head(&mut self) -> io::Result<()> {
        let review = self.account.review;
        let targets: Vec<String> = review.targets.iter().map(|t| escape::line(t).into_owned()).collect();
        let head = format!("Assay {}: review of {}", review.version, layout::and(&targets));
        self.heading(&head)?;
        let code: Vec<_> = self.account.requested().filter(|f| f.language.is_code()).collect();
        let lines = code.iter().map(|f| f.line_count() as usize).sum();
        let others = self.account.requested().count() - code.len();
        let context = review.files.len() - code.len() - others;
        let mut size = format!("{} of code with {}", count(code.len(), "file"), count(lines, "line"));
        if others > 0 {
            let _ = write!(size, ", {}", count(others, "other file"));
        }
        if context > 0 {
            let _ = write!(size, ", and {} of the project around it for context", count(context, "file"));
        }
        let _ = write!(size, "; threat model: {}", review.threat.id());
        self.hanging("", None, &size)?;
        if let Some(note) = &review.threat_note {
            self.hanging("", None, note)?;
        }
        if self.account.only_tests() {
            self.hanging(
                "",
                None,
                "All of the reviewed code is test code: what is found in it counts towards no verdict.",
            )?;
        }
        self.line("")
    }

    fn finding(&mut self, at: usize, finding: &Finding) -> io::Result<()> {
        let file = self.account.file(&finding.place);
        let paint = Paint::severity(finding.severity);
        let severity = self.style.paint(paint, &format!("{}[{}]", finding.severity.id(), escape::line(&finding.check)));
        let plain = finding.severity.id().len() + layout::width(&escape::line(&finding.check)) + 4;
        let title = escape::line(&finding.title);
        let mut title = layout::wrap(&title, self.width.saturating_sub(plain).max(20)).into_iter();
        let first = title.next().unwrap_or_default();
        let first = self.style.paint(Paint::Strong, &first);
        self.line(&format!("{severity}: {first}"))?;
        for line in layout::wrap(&title.collect::<Vec<_>>().join(" "), self.width - 4) {
            let line = self.style.paint(Paint::Strong, &line);
            self.line(&format!("    {line}"))?;
        }
        let lines = snippet::render(file, finding.place.span, 1, self.width, paint, self.style);
        let arrow = self.style.paint(Paint::Dim, "-->");
        let place = self.style.paint(Paint::Place, &self.place(&finding.place));
        self.line(&format!("{:gutter$}{arrow} {place}", "", gutter = lines.gutter))?;
        for line in lines.lines {
            self.line(&line)?;
        }
        let mut facts =
            format!("{}, confidence {}", capital(self.account.outcome(at).title()), finding.confidence.id());
        if finding.in_test {
            facts.push_str(", in test code");
        }
        if let Some(change) = self.account.review.change(at) {
            let _ = write!(facts, ", {} since the baseline", change.id());
        }
        if !finding.place.function.is_empty() {
            facts.push_str(", in ");
            facts.push_str(&finding.place.function);
        }
        let standards = account::standards(finding, self.account.check(&finding.check));
        if !standards.is_empty() {
            facts.push_str(", ");
            facts.push_str(&standards);
        }
        self.hanging("  ", None, &facts)?;
        self.hanging("  ", None, &finding.message)?;
        self.trace(finding)?;
        let others: Vec<String> = self.account.others(at).iter().map(|place| self.short_place(place)).collect();
        if !others.is_empty() {
            self.labelled("The same here:", &others.join(", "))?;
        }
        self.list("Reached by:", &finding.reach)?;
        self.list("Assumed:", &finding.assumptions)?;
        self.list("A false alarm if:", &finding.false_if)?;
        if !finding.solution.is_empty() {
            self.labelled("Solution:", &finding.solution)?;
        }
        if let Some(fix) = &finding.fix {
            self.fix(fix)?;
        }
        if let Some(suppression) = &finding.suppressed {
            let how = format!("{}: {}", suppression.kind, suppression.reason);
            self.labelled("Suppressed by:", &how)?;
        }
        if self.verbose {
            self.labelled("Fingerprint:", &finding.fingerprint.0)?;
        }
        self.line("")
    }

    fn trace(&mut self, finding: &Finding) -> io::Result<()> {
        // A trace of one step says no more than the place itself.
        if finding.trace.len() < 2 {
            return Ok(());
        }
        let label = self.style.paint(Paint::Strong, "Path of the data:");
        self.line(&format!("  {label}"))?;
        for (at, step) in finding.trace.iter().enumerate() {
            let file = self.account.file(&step.place);
            let place = self.style.paint(Paint::Place, &self.short_place(&step.place));
            let number = self.style.paint(Paint::Dim, &format!("{:>4}", at + 1));
            self.line(&format!("{number} {place} {}", step.kind.id()))?;
            let code = snippet::one_line(file, step.place.span, self.width - 9);
            let bar = self.style.paint(Paint::Dim, "|");
            self.line(&format!("     {bar} {code}"))?;
            self.hanging("       ", None, &step.message)?;
        }
        Ok(())
    }

    fn fix(&mut self, fix: &Edit) -> io::Result<()> {
        let Some(first) = fix.replacements.first() else { return Ok(()) };
        let file = self.account.file(&first.place);
        let place = self.short_place(&first.place);
        let label = match fix.safety {
            Safety::Safe => "Edit:",
            Safety::Unsafe => "Edit to look at:",
        };
        self.labelled(label, &format!("{} ({place})", fix.message))?;
        let plain = |lines: &[String]| -> Vec<String> {
            lines.iter().map(|line| escape::line(&line.replace('\t', "    ")).into_owned()).collect()
        };
        for change in changes(file, fix) {
            let sides = [plain(&change.old), plain(&change.new)];
            for (at, (sign, paint)) in [("-", Paint::Bad), ("+", Paint::Good)].into_iter().enumerate() {
                let sign = self.style.paint(paint, sign);
                for (n, line) in sides[at].iter().enumerate() {
                    // Where a line differs from what it becomes is in sight.
                    let other = sides[1 - at].get(n).map_or("", String::as_str);
                    let same = line.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
                    let shown = layout::fit_alike(&[line, other], same, self.width - 6);
                    self.line(&format!("    {sign} {}", shown[0]))?;
                }
            }
        }
        Ok(())
    }

    /// What became of the findings since the baseline.
    fn since(&mut self) -> io::Result<()> {
        let Some(comparison) = &self.account.review.comparison else { return Ok(()) };
        let unchanged = self.account.unchanged();
        if !unchanged.is_empty() {
            let baseline = escape::line(&comparison.baseline);
            self.heading(&format!("Unchanged since {baseline}: {}", count(unchanged.len(), "finding")))?;
            for (at, finding) in unchanged {
                if self.verbose {
                    self.finding(at, finding)?;
                } else {
                    self.brief(finding)?;
                }
            }
            self.line("")?;
        }
        let fixed: Vec<_> = comparison.fixed.iter().filter(|fixed| !fixed.earlier).collect();
        if !fixed.is_empty() {
            self.heading(&format!("Fixed: {}", count(fixed.len(), "finding")))?;
            for fixed in fixed {
                let title = fixed.title.replace('\n', " ");
                let text = format!("{}:{} {}[{}]: {title}", fixed.path, fixed.line, fixed.severity.id(), fixed.check);
                self.hanging("  ", None, &escape::line(&text))?;
            }
            self.line("")?;
        }
        comparison.notes.iter().try_for_each(|note| self.hanging("", None, note))
    }

    fn tests(&mut self) -> io::Result<()> {
        let found = self.account.in_test();
        if found.is_empty() {
            return Ok(());
        }
        let heading = format!("In test code (counts towards no verdict): {}", count(found.len(), "finding"));
        self.heading(&heading)?;
        for (at, finding) in found {
            if self.tests {
                self.finding(at, finding)?;
            } else {
                self.brief(finding)?;
            }
        }
        if !self.tests {
            self.line("")?;
        }
        Ok(())
    }

    fn brief(&mut self, finding: &Finding) -> io::Result<()> {
        let place = self.short_place(&finding.place);
        let text =
            format!("{place} {}[{}]: {}", finding.severity.id(), finding.check, finding.title.replace('\n', " "));
        self.hanging("  ", None, &text)
    }

    fn areas(&mut self) -> io::Result<()> {
        self.heading("What was examined, by area")?;
        for area in &self.account.review.areas {
            self.area(area)?;
        }
        Ok(())
    }

    fn area(&mut self, area: &AreaVerdict) -> io::Result<()> {
        self.line("")?;
        let title = self.style.paint(Paint::Strong, area.area.title());
        let verdict = self.style.paint(Paint::verdict(area.verdict), area.verdict.title());
        self.line(&format!("{title}: {verdict}"))?;
        let counted = self.account.nouns(area.area, false);
        let tests = self.account.nouns(area.area, true);
        if counted.is_empty() && tests.is_empty() {
            self.hanging("  ", None, &format!("{}.", capital(account::empty_area(area))))?;
        }
        self.nouns(&counted)?;
        if !tests.is_empty() {
            // Where there is nothing else, the tests are the answer.
            if counted.is_empty() || self.tests {
                self.hanging("  ", None, "In test code, which does not count:")?;
                self.nouns(&tests)?;
            } else {
                let counts = self.account.test_counts(area.area);
                let parts: Vec<String> = Outcome::ALL
                    .into_iter()
                    .filter(|o| counts[*o as usize] > 0)
                    .map(|o| format!("{} {}", counts[o as usize], o.title()))
                    .collect();
                self.hanging("  ", None, &format!("In test code: {}", layout::and(&parts)))?;
            }
        }
        if area.suppressed > 0 {
            self.hanging("  ", None, &format!("Suppressed: {}", count(area.suppressed, "site")))?;
        }
        Ok(())
    }

    fn nouns(&mut self, nouns: &[Noun<'a>]) -> io::Result<()> {
        for noun in nouns {
            self.hanging("  ", None, &escape::line(&count(noun.total, noun.name)))?;
            for group in &noun.groups {
                self.group(group)?;
            }
        }
        Ok(())
    }

    fn group(&mut self, group: &Group<'a>) -> io::Result<()> {
        let details = group.details();
        let one = match details.as_slice() {
            [(detail, _)] => escape::clip(detail, MAX_DETAIL),
            _ => "".into(),
        };
        let outcome = group.outcome.title();
        let reason = escape::line(&account::reason(group.code, &one)).into_owned();
        // The outcome is painted after the text is laid out, so that colour takes no columns.
        let first = format!("  {:>6}  {outcome}: ", group.sites.len());
        let painted = first.replace(outcome, &self.style.paint(Paint::outcome(group.outcome), outcome));
        for (at, line) in
            layout::wrap(&reason, self.width.saturating_sub(layout::width(&first)).max(20)).iter().enumerate()
        {
            let head = if at == 0 { painted.clone() } else { " ".repeat(10) };
            self.line(&format!("{head}{line}"))?;
        }
        if self.verbose {
            for site in &group.sites {
                let mut text = format!("{} {}", self.place(&site.place), site.api);
                if details.len() > 1 && !site.reason.detail.is_empty() {
                    let _ = write!(text, ": {}", site.reason.detail);
                }
                self.hanging("          ", None, &escape::line(&text))?;
            }
            return Ok(());
        }
        if details.len() > 1 && details.len() <= MAX_DETAILS {
            for (detail, n) in &details {
                let detail = if detail.is_empty() { "no particulars".into() } else { escape::clip(detail, MAX_DETAIL) };
                self.hanging("          ", None, &escape::line(&format!("{n} {detail}")))?;
            }
        }
        let site = group.sites[0];
        let mut example = format!("{} {}", self.short_place(&site.place), site.api);
        if details.len() > MAX_DETAILS {
            let _ = write!(example, ": {}", escape::clip(&site.reason.detail, MAX_DETAIL));
        }
        let label = if group.sites.len() == 1 { "" } else { "e.g. " };
        self.hanging("          ", None, &escape::line(&format!("{label}{example}")))
    }

    fn gaps(&mut self) -> io::Result<()> {
        let review = self.account.review;
        if review.gaps.is_empty() {
            return Ok(());
        }
        self.line("")?;
        self.heading(&format!("Not analysed, or with a caveat: {}", count(review.gaps.len(), "place")))?;
        // What makes the review incomplete comes first.
        let mut gaps: Vec<_> = review.gaps.iter().collect();
        gaps.sort_by_key(|gap| !gap.incomplete);
        let shown = if self.verbose { gaps.len() } else { MAX_GAPS };
        for gap in gaps.iter().take(shown) {
            let line = match (gap.file, gap.span) {
                (Some(file), Some(span)) => format!(":{}", review.files.get(file).line_column(span.start).line),
                _ => String::new(),
            };
            let text = format!("{}{line} {}: {}", escape::line(&gap.path), account::words(&gap.code), gap.message);
            self.hanging("  ", None, &escape::line(&text))?;
        }
        if gaps.len() > shown {
            self.line(&format!("  and {} more (all are in the JSON format)", gaps.len() - shown))?;
        }
        Ok(())
    }

    fn suppressed(&mut self) -> io::Result<()> {
        let suppressed = self.account.suppressed();
        if suppressed.is_empty() {
            return Ok(());
        }
        self.line("")?;
        self.heading(&format!("Suppressed: {}", count(suppressed.len(), "finding")))?;
        for (at, finding) in suppressed {
            if self.verbose {
                self.finding(at, finding)?;
                continue;
            }
            self.brief(finding)?;
            if let Some(suppression) = &finding.suppressed {
                let reason = if suppression.reason.is_empty() { "no reason given" } else { &suppression.reason };
                self.hanging("    ", None, &escape::line(&format!("by {}: {reason}", suppression.kind)))?;
            }
        }
        Ok(())
    }

    fn notes(&mut self) -> io::Result<()> {
        let review = self.account.review;
        if review.notes.is_empty() {
            return Ok(());
        }
        self.line("")?;
        self.heading("Notes")?;
        review.notes.iter().try_for_each(|note| self.hanging("  - ", None, note))
    }

    /// The verdicts, in 80 columns.
    fn table(&mut self) -> io::Result<()> {
        self.line("")?;
        let head = format!(
            "{:<20}  {:<17}  {:>6}  {:>9}  {:>12}  {:>6}",
            "area", "verdict", "defect", "potential", "not observed", "safe"
        );
        self.heading(&head)?;
        for area in &self.account.review.areas {
            let verdict = self.style.paint(Paint::verdict(area.verdict), &format!("{:<17}", area.verdict.title()));
            // Where nothing was looked at, a zero would say too much.
            let cells = if area.analysed {
                area.counts.map(|n| n.to_string())
            } else {
                std::array::from_fn(|_| "-".to_owned())
            };
            let [defect, potential, unobserved, safe] = cells;
            let row =
                format!("{:<20}  {verdict}  {defect:>6}  {potential:>9}  {unobserved:>12}  {safe:>6}", area.area.id());
            self.line(&row)?;
        }
        self.line("")
    }

    fn end(&mut self) -> io::Result<()> {
        let review = self.account.review;
        let mut text = format!("{}.", capital(&self.account.conclusion()));
        if let Some(aside) = self.account.aside() {
            let _ = write!(text, " {aside}");
        }
        if let Some(since) = self.account.since() {
            let _ = write!(text, " {since}");
        }
        let unobserved = self.account.with_verdict(Verdict::NotObserved);
        if !unobserved.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(text, " {} not observed.", count_areas(unobserved.len()));
        }
        if !review.is_complete() {
            let gaps = review.gaps.iter().filter(|gap| gap.incomplete).count();
            let parts = count(gaps, "part");
            let _ = write!(text, " The review is incomplete: {parts} of the project's code could not be analysed.");
        }
        self.hanging("", None, &text)
    }
}

fn count_areas(n: usize) -> String {
    if n == 1 { "1 area was".to_owned() } else { format!("{n} areas were") }
}
