//! The findings of a page: filters, and one article for each, which opens.

use super::code::Code;
use super::{Page, picture, put, rich, text};
use crate::account;
use crate::change::changes;
use crate::layout::{capital, count};
use assay_finding::{Confidence, Edit, Finding, Safety, Severity, Step};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Findings that are shown; the rest is in the JSON format.
const MAX_FINDINGS: usize = 3_000;
/// Steps shown of one path; the middle of a longer one is left out.
const MAX_STEPS: usize = 80;
/// Other places listed of one finding.
const MAX_OTHERS: usize = 50;

impl Page<'_> {
    pub(super) fn findings(&mut self) {
        let mut findings = self.account.open();
        findings.extend(self.account.unchanged());
        let counted = findings.len();
        findings.extend(self.account.in_test());
        findings.extend(self.account.suppressed());
        put!(self, "<section id=\"findings\" aria-labelledby=\"h-findings\">\n<h2 id=\"h-findings\">Findings</h2>\n");
        if findings.is_empty() {
            put!(self, "<p>There is no finding. That is a statement about what was observed only.</p>\n</section>\n");
            return;
        }
        let all: Vec<&Finding> = findings.iter().map(|(_, finding)| *finding).collect();
        self.finding_filters(&all);
        let others = findings.len() - counted;
        let aside = if others > 0 { format!(", and {others} that do not count") } else { String::new() };
        put!(self, "<p id=\"finding-count\" role=\"status\">{}{aside}</p>\n", count(counted, "finding"));
        // Grouped by check, in the order of the worst finding; the script can group otherwise.
        let mut groups: Vec<(&str, Vec<(usize, &Finding)>)> = Vec::new();
        for &(at, finding) in findings.iter().take(MAX_FINDINGS) {
            match groups.iter_mut().find(|(check, _)| *check == finding.check) {
                Some((_, group)) => group.push((at, finding)),
                None => groups.push((&finding.check, vec![(at, finding)])),
            }
        }
        let mut code = Code::new(self.review());
        put!(self, "<div id=\"groups\">\n");
        let mut number = 0;
        for (check, group) in &groups {
            let title = self.account.check(check).map_or(*check, |info| info.title.as_str());
            put!(self, "<section class=\"group\"><h3>{}</h3>\n", text(title));
            for (at, finding) in group {
                number += 1;
                self.finding(*at, finding, number, &mut code);
            }
            put!(self, "</section>\n");
        }
        put!(self, "</div>\n");
        if findings.len() > MAX_FINDINGS {
            put!(self, "<p>{} more are in the JSON format.</p>\n", findings.len() - MAX_FINDINGS);
        }
        self.fixed();
        put!(self, "</section>\n");
    }

    fn finding_filters(&mut self, findings: &[&Finding]) {
        put!(
            self,
            "<form class=\"filters\" id=\"finding-filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n<label \
             class=\"grow\">Search <input type=\"search\" name=\"text\" placeholder=\"any word\" autocomplete=\"off\"></label>\n<label>Path \
             <input type=\"search\" name=\"path\" placeholder=\"part of a path\" autocomplete=\"off\"></label>\n"
        );
        let areas: BTreeSet<_> = findings.iter().filter_map(|finding| self.account.area(&finding.check)).collect();
        let areas: Vec<_> = areas.into_iter().map(|area| (area.id().to_owned(), area.title().to_owned())).collect();
        self.select("Area", "area", "all", &areas);
        let from = |id: &str| format!("{id} and above");
        let severities: Vec<_> = Severity::ALL
            .into_iter()
            .skip(1)
            .rev()
            .map(|severity| ((severity as usize).to_string(), from(severity.id())))
            .collect();
        self.select("Severity", "severity", "all", &severities);
        let confidences: Vec<_> =
            Confidence::ALL.into_iter().skip(1).rev().map(|c| ((c as usize).to_string(), from(c.id()))).collect();
        self.select("Confidence", "confidence", "all", &confidences);
        let cwe: BTreeSet<u32> = findings.iter().flat_map(|finding| finding.cwe.iter().copied()).collect();
        let cwe: Vec<_> = cwe.into_iter().map(|number| (number.to_string(), format!("CWE-{number}"))).collect();
        self.select("Weakness", "cwe", "all", &cwe);
        if self.review().comparison.is_some() {
            let changes: Vec<_> =
                assay_finding::Change::ALL.map(|change| (change.id().to_owned(), change.id().to_owned())).into();
            self.select("Since the baseline", "change", "all", &changes);
        }
        let others = [("in test code", "test"), ("suppressed", "suppressed")];
        let shown = if self.account.show_tests(self.options.include_tests) { " checked" } else { "" };
        for (label, name) in others {
            let there = match name {
                "test" => findings.iter().any(|finding| finding.in_test && finding.suppressed.is_none()),
                _ => findings.iter().any(|finding| finding.suppressed.is_some()),
            };
            if there {
                let checked = if name == "test" { shown } else { "" };
                put!(
                    self,
                    "<label class=\"tick\"><input type=\"checkbox\" name=\"{name}\"{checked}> {label}</label>\n"
                );
            }
        }
        let groups = ["area", "severity", "file"].map(|group| (group.to_owned(), group.to_owned()));
        self.select("Group by", "group", "check", &groups);
        put!(
            self,
            "<button type=\"reset\">Reset</button>\n<button type=\"button\" id=\"open-all\">Open all</button>\n</form>\n"
        );
    }

    fn finding(&mut self, at: usize, finding: &Finding, number: usize, code: &mut Code<'_>) {
        let file = self.account.file(&finding.place);
        let line = file.line_column(finding.place.span.start).line;
        let area = self.account.area(&finding.check);
        let state = match (&finding.suppressed, finding.in_test) {
            (Some(_), _) => "suppressed",
            (None, true) => "test",
            (None, false) => "counted",
        };
        let change = self.review().change(at).map_or("", assay_finding::Change::id);
        let cwe: Vec<String> = finding.cwe.iter().map(ToString::to_string).collect();
        put!(
            self,
            "<article class=\"finding {state}\" id=\"f-{}\" data-area=\"{}\" data-area-title=\"{}\" data-check=\"{}\" \
             data-severity=\"{}\" data-severity-title=\"{}\" data-confidence=\"{}\" data-cwe=\"{}\" data-path=\"{}\" \
             data-state=\"{state}\" data-change=\"{change}\">\n<details><summary><span class=\"sev {}\">{}</span><h4>{}</h4><span \
             class=\"path\">{}:{line}</span>",
            text(&finding.fingerprint.0),
            area.map_or("", assay_finding::Area::id),
            area.map_or("", assay_finding::Area::title),
            text(self.account.check(&finding.check).map_or(&finding.check, |info| &info.title)),
            finding.severity as usize,
            finding.severity.id(),
            finding.confidence as usize,
            cwe.join(" "),
            text(&file.path),
            finding.severity.id(),
            finding.severity.id(),
            rich(&finding.title.replace('\n', " ")),
            text(&file.path)
        );
        for mark in [state, change].into_iter().filter(|mark| !matches!(*mark, "" | "counted")) {
            put!(self, "<span class=\"pill\">{mark}</span>");
        }
        put!(self, "</summary>\n<div class=\"body\">\n");
        put!(self, "<p>{}</p>\n", rich(&finding.message));
        let mut facts =
            format!("{}, confidence {}", capital(self.account.outcome(at).title()), finding.confidence.id());
        let standards = account::standards(finding, self.account.check(&finding.check));
        for part in [format!("<code>{}</code>", text(&finding.check)), text(&standards)] {
            if !part.is_empty() {
                let _ = write!(facts, "; {part}");
            }
        }
        if !finding.place.function.is_empty() {
            let _ = write!(facts, "; in <code>{}</code>", text(&finding.place.function));
        }
        put!(self, "<p class=\"facts\">{facts}</p>\n{}\n", code.block(&finding.place, 2));
        self.steps(&finding.trace, number, code);
        self.items("Reached by", &finding.reach);
        self.items("Assumed", &finding.assumptions);
        self.items("A false alarm if", &finding.false_if);
        let others = self.account.others(at).to_vec();
        if !others.is_empty() {
            let places: Vec<String> = others
                .iter()
                .take(MAX_OTHERS)
                .map(|place| {
                    let file = self.account.file(place);
                    format!(
                        "<span class=\"path\">{}:{}</span>",
                        text(&file.path),
                        file.line_column(place.span.start).line
                    )
                })
                .collect();
            let more = if others.len() > MAX_OTHERS {
                format!(" and {} more", others.len() - MAX_OTHERS)
            } else {
                String::new()
            };
            put!(self, "<h5>The same here</h5>\n<p>{}{more}</p>\n", places.join(", "));
        }
        if !finding.solution.is_empty() {
            put!(self, "<h5>Solution</h5>\n<p class=\"solution\">{}</p>\n", rich(&finding.solution));
        }
        if let Some(fix) = &finding.fix {
            self.edit(fix);
        }
        if let Some(suppression) = &finding.suppressed {
            put!(
                self,
                "<h5>Suppressed</h5>\n<p>by {}: {}</p>\n",
                text(&suppression.kind),
                rich(if suppression.reason.is_empty() { "no reason given" } else { &suppression.reason })
            );
        }
        put!(
            self,
            "<p class=\"print\">Fingerprint <code>{}</code></p>\n</div></details></article>\n",
            text(&finding.fingerprint.0)
        );
    }

    fn steps(&mut self, trace: &[Step], number: usize, code: &mut Code<'_>) {
        if trace.len() < 2 {
            return;
        }
        put!(
            self,
            "<h5>Path of the data</h5>\n{}\n<ol class=\"steps\">\n",
            picture::path(self.review(), trace, &number.to_string())
        );
        let cut = trace.len() > MAX_STEPS;
        for (at, step) in trace.iter().enumerate() {
            if cut && at == MAX_STEPS / 2 {
                put!(self, "<li class=\"cut\">… {} …</li>\n", count(trace.len() - MAX_STEPS, "step"));
            }
            if cut && (MAX_STEPS / 2..trace.len() - MAX_STEPS / 2).contains(&at) {
                continue;
            }
            let file = self.account.file(&step.place);
            let line = file.line_column(step.place.span.start).line;
            put!(
                self,
                "<li value=\"{}\"><span class=\"kind {kind}\">{kind}</span> <span class=\"path\">{}:{line}</span> {}{}</li>\n",
                at + 1,
                text(&file.path),
                rich(&step.message),
                code.one(&step.place),
                kind = step.kind.id()
            );
        }
        put!(self, "</ol>\n");
    }

    fn items(&mut self, label: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        put!(self, "<h5>{label}</h5>\n<ul>");
        for item in items {
            put!(self, "<li>{}</li>", rich(item));
        }
        put!(self, "</ul>\n");
    }

    fn edit(&mut self, fix: &Edit) {
        let Some(first) = fix.replacements.first() else { return };
        let file = self.account.file(&first.place);
        let line = file.line_column(first.place.span.start).line;
        let title = match fix.safety {
            Safety::Safe => "Edit",
            Safety::Unsafe => "Edit to look at",
        };
        put!(
            self,
            "<h5>{title}</h5>\n<p>{} ({}:{line})</p>\n<pre class=\"diff\"><code>",
            rich(&fix.message),
            text(&file.path)
        );
        for change in changes(file, fix) {
            for (sign, element, lines) in [("-", "del", &change.old), ("+", "ins", &change.new)] {
                for line in lines {
                    put!(self, "<{element}>{sign} {}</{element}>\n", text(&line.replace('\t', "    ")));
                }
            }
        }
        put!(self, "</code></pre>\n");
    }

    /// What has gone since the baseline.
    fn fixed(&mut self) {
        let Some(comparison) = &self.review().comparison else { return };
        let fixed: Vec<_> = comparison.fixed.iter().filter(|fixed| !fixed.earlier).collect();
        if fixed.is_empty() {
            return;
        }
        put!(
            self,
            "<details class=\"fixed\"><summary>Fixed since {}: {}</summary>\n<ul>",
            text(&comparison.baseline),
            fixed.len()
        );
        for fixed in fixed.iter().take(MAX_FINDINGS) {
            put!(
                self,
                "<li><span class=\"sev {sev}\">{sev}</span> {} <span class=\"path\">{}:{}</span></li>",
                rich(&fixed.title.replace('\n', " ")),
                text(&fixed.path),
                fixed.line,
                sev = fixed.severity.id()
            );
        }
        put!(self, "</ul>\n</details>\n");
    }
}
