//! The review as a document: an opening that says what was reviewed and in which setting, numbered
//! observations with place, explanation and solution, the account of what is safe and of what was not
//! observed, and a conclusion that follows from the verdicts.
//!
//! An *observation* is either a group of findings of one check, or an area without a finding, which
//! is answered with what was examined there.

use crate::account::{self, Account, Group};
use crate::change::changes;
use crate::escape::{markdown as prose, markdown_code as code, markdown_fence};
use crate::layout::{and, capital, count};
use crate::{Options, escape, snippet};
use assay_finding::{AreaVerdict, Finding, Outcome, Place, Review, Safety, Threat, Verdict};
use assay_text::{Language, Role};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// Columns of a line of code.
const CODE_WIDTH: usize = 110;
/// Particulars listed of a group of sites.
const MAX_DETAILS: usize = 5;
/// Characters shown of one particular.
const MAX_DETAIL: usize = 200;
/// Gaps listed one by one.
const MAX_GAPS: usize = 50;

/// Appends a formatted line. Writing to a string cannot fail.
macro_rules! put {
    ($document:expr, $($arg:tt)*) => {
        let _ = writeln!($document.out, $($arg)*);
    };
}

pub(crate) fn render(review: &Review, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut document = Document { account: Account::new(review), out: String::new(), number: 0 };
    document.opening();
    let tests = document.account.show_tests(options.include_tests);
    document.observations(tests);
    document.safe();
    document.not_observed();
    if !tests {
        document.brief_list("Findings in test code", "These count towards no verdict.", &document.account.in_test());
    }
    document.suppressed();
    document.conclusion();
    out.write_all(document.out.as_bytes())
}

/// What the review says of one finding: for a place where one finding is shown alone. Empty for a number that no
/// finding has.
pub fn explanation(review: &Review, finding: usize) -> String {
    let mut document = Document { account: Account::new(review), out: String::new(), number: 0 };
    if let Some(found) = review.findings.get(finding) {
        put!(document, "**{}**\n", prose(&found.title));
        document.finding(finding, found, "", false);
    }
    document.out
}

struct Document<'a> {
    account: Account<'a>,
    out: String,
    /// Of the last observation.
    number: usize,
}

impl<'a> Document<'a> {
    fn review(&self) -> &'a Review {
        self.account.review
    }

    fn opening(&mut self) {
        let review = self.review();
        put!(self, "# Security review\n");
        let targets: Vec<String> = review.targets.iter().map(|target| code(target)).collect();
        let mut languages = BTreeMap::<Language, (usize, u64)>::new();
        let mut roles = BTreeMap::<Role, usize>::new();
        let (mut requested, mut context) = (0, 0);
        for (_, file) in review.files.iter() {
            if !file.requested {
                context += 1;
                continue;
            }
            requested += 1;
            *roles.entry(file.role).or_default() += 1;
            let (files, lines) = languages.entry(file.language).or_default();
            *files += 1;
            *lines += u64::from(file.line_count());
        }
        let sizes: Vec<String> = languages
            .iter()
            .filter(|(language, _)| language.is_code())
            .map(|(language, (files, lines))| {
                format!("{} of {} with {}", count(*files, "file"), language.name(), count(*lines as usize, "line"))
            })
            .collect();
        let mut text = format!("This is a review of {}", and(&targets));
        if sizes.is_empty() {
            text.push_str(", which holds no program code");
        } else {
            let _ = write!(text, ": {}", and(&sizes));
        }
        let others = requested - languages.iter().filter(|(l, _)| l.is_code()).map(|(_, (n, _))| n).sum::<usize>();
        if others > 0 {
            let _ = write!(text, ", and {} besides", count(others, "manifest, template or other file"));
        }
        text.push('.');
        let parts: Vec<String> = roles.iter().map(|(role, n)| format!("{n} {}", role.name())).collect();
        if roles.keys().any(|role| *role != Role::FirstParty) {
            let _ = write!(text, " By the part that the files play: {}.", and(&parts));
        }
        if self.account.only_tests() {
            text.push_str(
                " All of this code is test code: it is reviewed like any other, but what is found in it counts towards \
                 no verdict.",
            );
        }
        if context > 0 {
            let _ = write!(
                text,
                " The project around it was found, and {} read for the context.",
                if context == 1 { "1 more file was".to_owned() } else { format!("{context} more files were") }
            );
        }
        put!(self, "{text}\n");
        let mut text = format!("Taken for untrusted: {}.", threat(review.threat));
        for sentence in review.threat_note.iter().chain(&review.notes) {
            let _ = write!(text, " {}", sentence_of(&prose(sentence)));
        }
        put!(self, "{text}\n");
    }

    fn observations(&mut self, include_tests: bool) {
        put!(self, "Based on the code that was read, these are the observations:\n");
        let mut findings = self.account.counted();
        if include_tests {
            findings.extend(self.account.in_test());
        }
        // The groups come in the order of their worst finding.
        let mut groups: Vec<(&str, Vec<(usize, &Finding)>)> = Vec::new();
        for (at, finding) in findings {
            match groups.iter_mut().find(|(check, _)| *check == finding.check) {
                Some((_, group)) => group.push((at, finding)),
                None => groups.push((&finding.check, vec![(at, finding)])),
            }
        }
        for (check, group) in &groups {
            self.findings(check, group);
        }
        for area in &self.review().areas {
            if !groups.iter().any(|(check, _)| self.account.area(check) == Some(area.area)) {
                self.area(area);
            }
        }
    }

    /// The marker of the next observation; what belongs to it is indented by as much.
    fn next(&mut self) -> (String, String) {
        self.number += 1;
        let marker = format!("{}. ", self.number);
        let indent = " ".repeat(marker.len());
        (marker, indent)
    }

    fn findings(&mut self, check: &str, group: &[(usize, &Finding)]) {
        let (marker, indent) = self.next();
        let info = self.account.check(check);
        let places: Vec<String> = group.iter().take(3).map(|(_, f)| self.place(&f.place)).collect();
        let more = if group.len() > 3 { format!(" and {} more", group.len() - 3) } else { String::new() };
        let title = info.map_or(check, |info| info.title.as_str());
        put!(self, "{marker}**{} ({}{more}):**", prose(title), places.join(", "));
        if let [(at, finding)] = group {
            self.finding(*at, finding, &indent, true);
            return;
        }
        for (at, finding) in group {
            put!(
                self,
                "{indent}- **{}** ({}).",
                prose(finding.title.trim_end_matches('.')),
                self.place(&finding.place)
            );
            self.finding(*at, finding, &format!("{indent}  "), false);
        }
    }

    fn finding(&mut self, at: usize, finding: &Finding, indent: &str, alone: bool) {
        let mut facts = format!(
            "{}, {} severity, {} confidence",
            capital(self.account.outcome(at).title()),
            finding.severity.id(),
            finding.confidence.id()
        );
        let standards = account::standards(finding, self.account.check(&finding.check));
        if !standards.is_empty() {
            let _ = write!(facts, "; {}", prose(&standards));
        }
        if finding.in_test {
            facts.push_str("; in test code");
        }
        if let Some(change) = self.review().change(at) {
            let _ = write!(facts, "; {} since the baseline", change.id());
        }
        if !finding.place.function.is_empty() {
            let _ = write!(facts, "; in {}", code(&finding.place.function));
        }
        let title = if alone { sentence_of(&prose(&finding.title)) + " " } else { String::new() };
        put!(self, "{indent}- {title}{} ({facts}.)", sentence_of(&prose(&finding.message)));
        self.code(&finding.place, indent);
        if finding.trace.len() > 1 {
            put!(self, "{indent}- The path of the data:");
            for (at, step) in finding.trace.iter().enumerate() {
                let line = snippet::one_line(self.account.file(&step.place), step.place.span, CODE_WIDTH);
                put!(
                    self,
                    "{indent}  {}. {} ({}): {}: {}",
                    at + 1,
                    self.place(&step.place),
                    step.kind.id(),
                    code(&line),
                    prose(&step.message)
                );
            }
        }
        let others: Vec<String> = self.account.others(at).iter().map(|place| self.place(place)).collect();
        if !others.is_empty() {
            put!(self, "{indent}- The same here: {}.", others.join(", "));
        }
        for (label, items) in
            [("Reached by", &finding.reach), ("Assumed", &finding.assumptions), ("A false alarm if", &finding.false_if)]
        {
            if !items.is_empty() {
                let items: Vec<String> = items.iter().map(|item| prose(item.trim_end_matches('.'))).collect();
                put!(self, "{indent}- {label}: {}.", items.join("; "));
            }
        }
        if let Some(fix) = &finding.fix {
            let label = match fix.safety {
                Safety::Safe => "Edit",
                Safety::Unsafe => "Edit to look at",
            };
            put!(self, "{indent}- {label}: {}", sentence_of(&prose(&fix.message)));
            for change in
                fix.replacements.first().map(|one| changes(self.account.file(&one.place), fix)).iter().flatten()
            {
                for (line, sign) in
                    change.old.iter().map(|line| (line, '-')).chain(change.new.iter().map(|line| (line, '+')))
                {
                    put!(self, "{indent}  - `{sign}` {}", code(line.trim()));
                }
            }
        }
        if !finding.solution.is_empty() {
            put!(self, "{indent}- **Solution**: {}", sentence_of(&prose(&finding.solution)));
        }
        self.out.push('\n');
    }

    /// The code at a place, as a block with line numbers.
    fn code(&mut self, place: &Place, indent: &str) {
        let file = self.account.file(place);
        let lines = snippet::lines(file, place.span, 1, CODE_WIDTH);
        let wide = lines.iter().flatten().map(|(number, _)| number.to_string().len()).max().unwrap_or(1);
        let fence = markdown_fence(lines.iter().flatten().map(|(_, line)| line.as_str()));
        let language = if file.language.is_code() { file.language.name().to_lowercase() } else { "text".to_owned() };
        put!(self, "\n{indent}  {fence}{language}");
        for line in &lines {
            match line {
                Some((number, line)) => {
                    let text = format!("{number:>wide$}  {line}");
                    put!(self, "{indent}  {}", text.trim_end());
                }
                None => {
                    put!(self, "{indent}  {:>wide$}", "…");
                }
            }
        }
        put!(self, "{indent}  {fence}\n");
    }

    fn place(&self, place: &Place) -> String {
        let file = self.account.file(place);
        code(&format!("{}:{}", file.path, file.line_column(place.span.start).line))
    }

    /// An area without a finding that counts.
    fn area(&mut self, area: &AreaVerdict) {
        let (marker, indent) = self.next();
        put!(self, "{marker}**{} ({}):**", area.area.title(), area.verdict.title());
        let examined = self.examined(area, false);
        let in_tests = self.examined(area, true);
        let (text, solution) = match area.verdict {
            Verdict::NotObserved if !area.analysed => (
                "This version of the tool has no analysis for this area, so nothing is concluded about it: neither that \
                 the code is safe here nor that it is not."
                    .to_owned(),
                "Have this area reviewed by other means.",
            ),
            Verdict::NotObserved => (
                format!(
                    "{examined}; {} of {} could not be followed to the end, which is too large a share to conclude \
                     anything. The reasons are below.",
                    area.counts[2],
                    area.counts.iter().sum::<usize>()
                ),
                "Review what is listed as not observed, or supply what is missing to observe it.",
            ),
            Verdict::NotApplicable if !in_tests.is_empty() => (
                "Outside test code nothing is of the kind that this area asks about.".to_owned(),
                "Nothing is to be done in the code that counts.",
            ),
            Verdict::NotApplicable => (
                "Nothing in the reviewed code is of the kind that this area asks about.".to_owned(),
                "Nothing is to be done.",
            ),
            Verdict::Clear | Verdict::PotentialDefects | Verdict::DefectsFound => {
                let unobserved = match area.counts[2] {
                    0 => String::new(),
                    n => format!("; {n} could not be followed to the end, for the reasons below"),
                };
                (
                    format!("{examined}, and none is open{unobserved}."),
                    "Nothing is to be done; the reasons hold for this state of the code.",
                )
            }
        };
        put!(self, "{indent}- {text}");
        if !in_tests.is_empty() {
            put!(self, "{indent}- In test code, which does not count, {in_tests}.");
        }
        put!(self, "{indent}- **Solution**: {solution}\n");
    }

    /// What was examined in an area, with the number of sites by outcome and reason, as a sentence without an
    /// end; empty when there is nothing.
    fn examined(&self, area: &AreaVerdict, in_test: bool) -> String {
        let nouns = self.account.nouns(area.area, in_test);
        let total: usize = nouns.iter().map(|noun| noun.total).sum();
        if total == 0 {
            return String::new();
        }
        let names: Vec<String> = nouns.iter().map(|noun| prose(&count(noun.total, noun.name))).collect();
        let mut counts = BTreeMap::<(Outcome, &str), usize>::new();
        for group in nouns.iter().flat_map(|noun| &noun.groups) {
            *counts.entry((group.outcome, group.code)).or_default() += group.sites.len();
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|((outcome, code), n)| (*outcome, Reverse(*n), *code));
        let counts: Vec<String> = counts
            .into_iter()
            .map(|((outcome, code), n)| format!("{n} {} ({})", outcome.title(), prose(&account::words(code))))
            .collect();
        format!("{} {} examined: {}", and(&names), if total == 1 { "was" } else { "were" }, and(&counts))
    }

    fn safe(&mut self) {
        put!(self, "## What is safe, and why\n");
        if !self.outcome(Outcome::Safe) {
            put!(self, "No site was shown to be safe.\n");
        }
    }

    fn not_observed(&mut self) {
        put!(self, "## What was not observed, and why\n");
        let mut any = self.outcome(Outcome::NotObserved);
        let without: Vec<String> =
            self.review().areas.iter().filter(|a| !a.analysed).map(|a| a.area.title().to_owned()).collect();
        if !without.is_empty() {
            put!(self, "- **Areas without an analysis in this version:** {}.", and(&without));
            any = true;
        }
        let review = self.review();
        let mut gaps: Vec<_> = review.gaps.iter().collect();
        gaps.sort_by_key(|gap| !gap.incomplete);
        if !gaps.is_empty() {
            put!(self, "- **Files and parts of files:**");
            any = true;
        }
        for gap in gaps.iter().take(MAX_GAPS) {
            let line = match (gap.file, gap.span) {
                (Some(file), Some(span)) => format!(":{}", review.files.get(file).line_column(span.start).line),
                _ => String::new(),
            };
            let why = account::words(&gap.code);
            put!(
                self,
                "  - {} ({}): {}",
                code(&format!("{}{line}", gap.path)),
                prose(&why),
                sentence_of(&prose(&gap.message))
            );
        }
        if gaps.len() > MAX_GAPS {
            put!(self, "  - and {} more.", gaps.len() - MAX_GAPS);
        }
        if !any {
            put!(self, "Everything that was to be examined could be.");
        }
        self.out.push('\n');
    }

    /// The sites with an outcome, by area, noun and reason; whether there is any.
    fn outcome(&mut self, outcome: Outcome) -> bool {
        let mut any = false;
        for area in &self.review().areas {
            let mut nouns = self.account.nouns(area.area, false);
            // Where there is nothing else, the tests are the answer.
            let in_test = nouns.is_empty();
            if in_test {
                nouns = self.account.nouns(area.area, true);
            }
            let groups: Vec<(&str, &Group<'_>)> = nouns
                .iter()
                .flat_map(|noun| noun.groups.iter().map(|group| (noun.name, group)))
                .filter(|(_, group)| group.outcome == outcome)
                .collect();
            if groups.is_empty() {
                continue;
            }
            any = true;
            put!(self, "- **{}{}:**", area.area.title(), if in_test { ", in test code" } else { "" });
            for (noun, group) in groups {
                let text = self.group(noun, group);
                put!(self, "  - {text}");
            }
        }
        if any {
            self.out.push('\n');
        }
        any
    }

    fn group(&self, noun: &str, group: &Group<'_>) -> String {
        let details = group.details();
        let clipped = |detail: &str| escape::clip(detail, MAX_DETAIL).into_owned();
        let number = prose(&count(group.sites.len(), noun));
        let first = group.sites[0];
        let api = if first.api.is_empty() { String::new() } else { format!("{} at ", code(&first.api)) };
        let place = format!("{api}{}", self.place(&first.place));
        match details.as_slice() {
            [(detail, n)] => {
                let example = if *n == 1 { "" } else { "for example " };
                format!("{number}: {} ({example}{place}).", prose(&account::reason(group.code, &clipped(detail))))
            }
            details if details.len() <= MAX_DETAILS => {
                let details: Vec<String> =
                    details.iter().map(|(detail, n)| format!("{n} {}", prose(&clipped(detail)))).collect();
                format!(
                    "{number}: {}: {} (for example {place}).",
                    prose(&account::words(group.code)),
                    details.join("; ")
                )
            }
            _ => {
                let detail = prose(&clipped(&first.reason.detail));
                format!("{number}: {} (for example {place}: {detail}).", prose(&account::words(group.code)))
            }
        }
    }

    fn brief_list(&mut self, title: &str, remark: &str, findings: &[(usize, &Finding)]) {
        if findings.is_empty() {
            return;
        }
        put!(self, "## {title}\n\n{remark}\n");
        for (_, finding) in findings {
            let why = finding.suppressed.as_ref().map_or_else(String::new, |suppression| {
                let reason = if suppression.reason.is_empty() { "no reason given" } else { &suppression.reason };
                format!(" Suppressed by {}: {}", prose(&suppression.kind), sentence_of(&prose(reason)))
            });
            put!(
                self,
                "- {} ({}): {}{why}",
                self.place(&finding.place),
                code(&finding.check),
                sentence_of(&prose(&finding.title))
            );
        }
        self.out.push('\n');
    }

    fn suppressed(&mut self) {
        let found = self.account.suppressed();
        self.brief_list("Suppressed findings", "These were found and count towards no verdict.", &found);
    }

    fn conclusion(&mut self) {
        let review = self.review();
        put!(self, "## Conclusion\n");
        let mut text = format!("In conclusion, {}", self.account.conclusion());
        let counted = self.account.counted();
        if let Some((_, worst)) = counted.first() {
            let severity = worst.severity.id();
            let _ = write!(text, ", {} {severity} severity", if counted.len() == 1 { "of" } else { "the worst of" });
        }
        text.push('.');
        if let Some(aside) = self.account.aside() {
            let _ = write!(text, " {aside}");
        }
        if let Some(since) = self.account.since() {
            let _ = write!(text, " {}", prose(&since));
        }
        for (verdict, tests, one, many) in [
            (Verdict::DefectsFound, None, "has defects", "have defects"),
            (
                Verdict::PotentialDefects,
                None,
                "has potential defects, which rest on the assumptions named",
                "have potential defects, which rest on the assumptions named",
            ),
            (
                Verdict::Clear,
                None,
                "is clear: every site that could be examined is safe for a stated reason",
                "are clear: every site that could be examined is safe for a stated reason",
            ),
            (
                Verdict::NotApplicable,
                Some(true),
                "has nothing to ask about outside test code",
                "have nothing to ask about outside test code",
            ),
            (Verdict::NotApplicable, Some(false), "does not apply to this code", "do not apply to this code"),
            (
                Verdict::NotObserved,
                None,
                "was not observed, and nothing is concluded about it",
                "were not observed, and nothing is concluded about them",
            ),
        ] {
            let areas = self.account.with_verdict(verdict).into_iter();
            let areas = areas.filter(|area| tests.is_none_or(|tests| tests == (area.in_test > 0)));
            let areas: Vec<String> = areas.map(|area| area.area.title().to_owned()).collect();
            match areas.as_slice() {
                [] => {}
                [area] => {
                    let _ = write!(text, " {area} {one}.");
                }
                areas => {
                    let _ = write!(text, " {} {many}.", and(areas));
                }
            }
        }
        let incomplete = review.gaps.iter().filter(|gap| gap.incomplete).count();
        if incomplete > 0 {
            let _ = write!(
                text,
                " The review is incomplete: {} of the project's own code could not be analysed.",
                count(incomplete, "part")
            );
        }
        put!(self, "{text}\n\nWritten by Assay {}.", prose(&review.version));
    }
}

fn threat(threat: Threat) -> &'static str {
    match threat {
        Threat::Remote => "what comes from the network, that is, requests and messages",
        Threat::Local => "what comes from the network, and arguments, the environment, files and standard input",
        Threat::Library => "what comes from the network, and the parameters of the package's public functions",
        Threat::All => {
            "what comes from the network, arguments, the environment, files, standard input, and the parameters of the \
             package's public functions"
        }
    }
}

/// The text with an end.
fn sentence_of(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}
