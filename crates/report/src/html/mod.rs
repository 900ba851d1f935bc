//! The review as a page: one file that needs nothing else, works offline, and holds the whole review.
//!
//! What is reviewed is hostile, so the page is built in two ways that reviewed text cannot leave. What is written as markup
//! goes through [`text`] or [`rich`]; the ledger, which is long, is JSON in a data block whose `<` are spelled out, and the script only
//! ever makes text of it. The page's own policy forbids everything but this script and this style by their hashes: no other script, no
//! style attribute, no request, no form, no frame.
//!
//! Without a script the page is complete but for the filters and the ledger.

mod code;
mod data;
mod findings;
mod highlight;
mod picture;
mod surface;

use crate::account::{self, Account};
use crate::layout::{and, capital, count};
use crate::{Options, escape};
use assay_finding::{Area, Outcome, Review, Site, Verdict};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

const STYLE: &str = include_str!("review.css");
const SCRIPT: &str = include_str!("review.js");
/// Reasons for what was not observed that are listed.
const MAX_REASONS: usize = 12;
/// Gaps and dependencies listed one by one; the ledger has the sites of all.
const MAX_ROWS: usize = 2_000;

pub(crate) fn render(review: &Review, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page { account: Account::new(review), options, out: String::new() };
    page.head();
    page.overview();
    page.findings();
    page.surface();
    page.dependencies();
    page.gaps();
    page.ledger();
    page.notes();
    page.end();
    out.write_all(page.out.as_bytes())
}

/// Reviewed text as the content of an element or an attribute.
fn text(text: &str) -> String {
    escape::html(&escape::line(text))
}

/// Prose in which back quotes mark code; its lines become paragraphs' lines.
fn rich(prose: &str) -> String {
    let mut out = String::with_capacity(prose.len() + 32);
    for (at, line) in prose.lines().enumerate() {
        if at > 0 {
            out.push_str("<br>");
        }
        let quotes = line.matches('`').count();
        for (part, piece) in line.split('`').enumerate() {
            // An odd last back quote opens nothing.
            if part % 2 == 1 && part < quotes {
                let _ = write!(out, "<code>{}</code>", text(piece));
            } else {
                if part % 2 == 1 {
                    out.push('`');
                }
                out.push_str(&text(piece));
            }
        }
    }
    out
}

/// Base64, in which a content policy names what it allows.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let shown = digit <= chunk.len();
            out.push(if shown { char::from(DIGITS[(number >> (18 - 6 * digit)) as usize & 63]) } else { '=' });
        }
    }
    out
}

struct Page<'a> {
    account: Account<'a>,
    options: &'a Options,
    out: String,
}

/// Appends. Writing to a string cannot fail.
macro_rules! put {
    ($page:expr, $($arg:tt)*) => {
        let _ = write!($page.out, $($arg)*);
    };
}
use put;

impl<'a> Page<'a> {
    fn review(&self) -> &'a Review {
        self.account.review
    }

    fn head(&mut self) {
        let review = self.review();
        let targets: Vec<String> = review.targets.iter().map(|target| text(target)).collect();
        let targets = and(&targets);
        let hash = |content: &str| base64(&Sha256::digest(content.as_bytes()));
        put!(
            self,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; \
             form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta \
             name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" \
             href=\"data:,\">\n<title>Security review of {targets}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
            hash(SCRIPT),
            hash(STYLE)
        );
        let mut sections = vec![("overview", "Overview"), ("findings", "Findings")];
        if self.has_surface() {
            sections.push(("surface", "Attack surface"));
        }
        if self.sites(Area::Dependencies).next().is_some() {
            sections.push(("dependencies", "Dependencies"));
        }
        if !review.gaps.is_empty() {
            sections.push(("gaps", "Not analysed"));
        }
        sections.push(("ledger", "Ledger"));
        let anchors: Vec<String> = sections.iter().map(|(id, name)| format!("<a href=\"#{id}\">{name}</a>")).collect();
        let code: Vec<_> = self.account.requested().filter(|file| file.language.is_code()).collect();
        let lines: usize = code.iter().map(|file| file.line_count() as usize).sum();
        put!(
            self,
            "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n<header class=\"top\">\n<div><h1>Security review of \
             <span class=\"target\">{targets}</span></h1>\n<p>{} of code with {}; threat model: {}; Assay {}</p></div>\n<nav \
             aria-label=\"Sections\">{}</nav>\n<button type=\"button\" id=\"theme\" hidden>Dark</button>\n</header>\n<main>\n",
            count(code.len(), "file"),
            count(lines, "line"),
            review.threat.id(),
            text(&review.version),
            anchors.join("")
        );
    }

    /// The first screen: the conclusion, a card for each area, what was observed and what was not.
    fn overview(&mut self) {
        let review = self.review();
        put!(self, "<section id=\"overview\" aria-labelledby=\"h-overview\">\n<h2 id=\"h-overview\">Overview</h2>\n");
        let mut conclusion = format!("{}.", capital(&self.account.conclusion()));
        for more in self.account.aside().into_iter().chain(self.account.since()) {
            let _ = write!(conclusion, " {more}");
        }
        put!(self, "<p class=\"conclusion\">{}</p>\n", rich(&conclusion));
        if let Some(note) = &review.threat_note {
            put!(self, "<p>{}.</p>\n", rich(&capital(note.trim_end_matches('.'))));
        }
        let incomplete = review.gaps.iter().filter(|gap| gap.incomplete).count();
        if incomplete > 0 {
            put!(
                self,
                "<p class=\"warning\"><strong>The review is incomplete:</strong> {} of the project’s own code could not be \
                 analysed.</p>\n",
                count(incomplete, "part")
            );
        }
        put!(self, "<ul class=\"areas\">\n");
        for area in &review.areas {
            let [defect, potential, unobserved, safe] = area.counts;
            let findings =
                self.account.counted().iter().filter(|(_, f)| self.account.area(&f.check) == Some(area.area)).count();
            put!(
                self,
                "<li class=\"area {}\"><h3>{}</h3><p class=\"verdict\">{}</p>",
                area.verdict.id(),
                area.area.title(),
                area.verdict.title()
            );
            if area.analysed {
                put!(
                    self,
                    "<dl><div><dt>defect</dt><dd>{defect}</dd></div><div><dt>potential</dt><dd>{potential}</dd></div><div><dt>not \
                     observed</dt><dd>{unobserved}</dd></div><div><dt>safe</dt><dd>{safe}</dd></div></dl>"
                );
            } else {
                put!(self, "<p>{}</p>", capital(account::empty_area(area)));
            }
            if findings > 0 {
                put!(
                    self,
                    "<a href=\"#findings\" data-show-area=\"{}\">{}<span class=\"vh\"> of {}</span></a>",
                    area.area.id(),
                    count(findings, "finding"),
                    area.area.title()
                );
            }
            put!(self, "</li>\n");
        }
        put!(self, "</ul>\n<div class=\"columns\">\n");
        self.observed();
        self.unobserved();
        put!(self, "</div>\n</section>\n");
    }

    fn observed(&mut self) {
        let review = self.review();
        put!(self, "<section aria-labelledby=\"h-observed\"><h3 id=\"h-observed\">What was observed</h3><ul>");
        let counted = review.sites.iter().filter(|site| !site.in_test && !site.suppressed);
        let mut nouns: BTreeMap<&str, usize> = BTreeMap::new();
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for site in counted {
            *nouns.entry(&site.noun).or_default() += 1;
            if site.outcome == Outcome::Safe {
                *reasons.entry(&site.reason.code).or_default() += 1;
            }
        }
        let total: usize = nouns.values().sum();
        let mut most: Vec<_> = nouns.into_iter().collect();
        most.sort_by_key(|(noun, number)| (Reverse(*number), *noun));
        let shown: Vec<String> = most.iter().take(6).map(|(noun, number)| text(&count(*number, noun))).collect();
        let rest = if most.len() > 6 { " and others" } else { "" };
        put!(self, "<li>{} examined: {}{rest}</li>", count(total, "site"), shown.join(", "));
        let mut safe: Vec<_> = reasons.into_iter().collect();
        safe.sort_by_key(|(code, number)| (Reverse(*number), *code));
        for (code, number) in safe.iter().take(6) {
            put!(self, "<li>{number} safe: {}</li>", text(&account::words(code)));
        }
        if safe.len() > 6 {
            let more: usize = safe[6..].iter().map(|(_, number)| number).sum();
            put!(self, "<li>{more} safe for other reasons</li>");
        }
        put!(self, "</ul></section>\n");
    }

    fn unobserved(&mut self) {
        let review = self.review();
        put!(self, "<section aria-labelledby=\"h-unobserved\"><h3 id=\"h-unobserved\">What was not observed</h3><ul>");
        for area in review.areas.iter().filter(|area| !area.analysed) {
            put!(self, "<li>{}: {}</li>", area.area.title(), account::empty_area(area));
        }
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for site in &review.sites {
            if site.outcome == Outcome::NotObserved && !site.in_test && !site.suppressed {
                *reasons.entry(&site.reason.code).or_default() += 1;
            }
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(code, number)| (Reverse(*number), *code));
        for (code, number) in reasons.iter().take(MAX_REASONS) {
            put!(self, "<li>{}: {}</li>", count(*number, "site"), text(&account::words(code)));
        }
        let mut gaps: BTreeMap<(bool, &str), usize> = BTreeMap::new();
        for gap in &review.gaps {
            *gaps.entry((!gap.incomplete, &gap.code)).or_default() += 1;
        }
        for ((caveat, code), number) in gaps {
            let what = if caveat { "with a caveat" } else { "not analysed" };
            put!(self, "<li>{} {what}: {}</li>", count(number, "place"), text(&account::words(code)));
        }
        put!(self, "</ul></section>\n");
    }

    fn sites(&self, area: Area) -> impl Iterator<Item = &'a Site> {
        self.review().sites.iter().filter(move |site| self.account.area(&site.check) == Some(area))
    }

    fn dependencies(&mut self) {
        let mut sites: Vec<&Site> = self.sites(Area::Dependencies).collect();
        if sites.is_empty() {
            return;
        }
        sites.sort_by_key(|site| site.outcome);
        put!(
            self,
            "<section id=\"dependencies\" aria-labelledby=\"h-dependencies\">\n<h2 id=\"h-dependencies\">Dependencies</h2>\n<details{}><summary>{}</summary>\n<div class=\"wide\" \
             tabindex=\"0\" role=\"region\" aria-label=\"Table of dependencies\"><table>\n<thead><tr><th scope=\"col\">dependency</th><th \
             scope=\"col\">outcome</th><th scope=\"col\">why</th><th scope=\"col\">place</th></tr></thead>\n<tbody>\n",
            if sites.len() <= 60 { " open" } else { "" },
            count(sites.len(), "examined dependency"),
        );
        for site in sites.iter().take(MAX_ROWS) {
            let file = self.account.file(&site.place);
            let line = file.line_column(site.place.span.start).line;
            put!(
                self,
                "<tr><th scope=\"row\">{}</th><td><span class=\"o {}\">{}</span></td><td>{}</td><td class=\"path\">{}:{line}</td></tr>\n",
                text(&site.api),
                site.outcome.id(),
                site.outcome.title(),
                text(&account::reason(&site.reason.code, &site.reason.detail)),
                text(&file.path)
            );
        }
        put!(self, "</tbody>\n</table></div></details>\n");
        if sites.len() > MAX_ROWS {
            put!(self, "<p>{} more stand in the ledger.</p>\n", sites.len() - MAX_ROWS);
        }
        put!(self, "</section>\n");
    }

    fn gaps(&mut self) {
        let review = self.review();
        if review.gaps.is_empty() {
            return;
        }
        let mut gaps: Vec<_> = review.gaps.iter().collect();
        gaps.sort_by_key(|gap| !gap.incomplete);
        put!(
            self,
            "<section id=\"gaps\" aria-labelledby=\"h-gaps\">\n<h2 id=\"h-gaps\">Not analysed, or with a \
             caveat</h2>\n<details{}><summary>{}</summary>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table \
             of gaps\"><table>\n<thead><tr><th scope=\"col\">place</th><th scope=\"col\">kind</th><th \
             scope=\"col\">what</th></tr></thead>\n<tbody>\n",
            if gaps.len() <= 30 { " open" } else { "" },
            count(gaps.len(), "place")
        );
        for gap in gaps.iter().take(MAX_ROWS) {
            let line = match (gap.file, gap.span) {
                (Some(file), Some(span)) => format!(":{}", review.files.get(file).line_column(span.start).line),
                _ => String::new(),
            };
            let incomplete = if gap.incomplete { " <strong>(the review is incomplete)</strong>" } else { "" };
            put!(
                self,
                "<tr><td class=\"path\">{}{line}</td><td>{}</td><td>{}{incomplete}</td></tr>\n",
                text(&gap.path),
                text(&account::words(&gap.code)),
                rich(&gap.message)
            );
        }
        put!(self, "</tbody>\n</table></div></details>\n");
        if gaps.len() > MAX_ROWS {
            put!(self, "<p>{} more are in the JSON format.</p>\n", gaps.len() - MAX_ROWS);
        }
        put!(self, "</section>\n");
    }

    fn ledger(&mut self) {
        let sites = self.review().sites.len();
        put!(
            self,
            "<section id=\"ledger\" aria-labelledby=\"h-ledger\">\n<h2 id=\"h-ledger\">Ledger: every examined \
             site</h2>\n<noscript><p>The {} of the ledger are shown by a script; <code>assay ledger</code> prints them.</p></noscript>\n\
             <div id=\"ledger-view\" hidden>\n<form class=\"filters\" id=\"ledger-filters\" role=\"search\" aria-label=\"Filter the ledger\">\n<label \
             class=\"grow\">Search <input type=\"search\" name=\"text\" placeholder=\"path, function, API or reason\" autocomplete=\"off\"></label>\n",
            count(sites, "site")
        );
        let outcomes = Outcome::ALL.map(|outcome| (outcome.id().to_owned(), outcome.title().to_owned()));
        self.select("Outcome", "outcome", "all", &outcomes);
        let areas: Vec<(String, String)> =
            self.review().areas.iter().map(|area| (area.area.id().to_owned(), area.area.title().to_owned())).collect();
        self.select("Area", "area", "all", &areas);
        let nouns: std::collections::BTreeSet<&str> =
            self.review().sites.iter().map(|site| site.noun.as_str()).collect();
        let nouns: Vec<(String, String)> = nouns.into_iter().map(|noun| (noun.to_owned(), noun.to_owned())).collect();
        self.select("Kind", "noun", "all", &nouns);
        put!(
            self,
            "<label class=\"tick\"><input type=\"checkbox\" name=\"tests\"> test code</label>\n<button type=\"reset\">Reset</button>\n</form>\n\
             <p id=\"ledger-count\" role=\"status\"></p>\n<div id=\"ledger-table\" role=\"table\" aria-label=\"Examined sites\">\n<div \
             role=\"rowgroup\"><div role=\"row\" class=\"row head\"><span role=\"columnheader\">place</span><span \
             role=\"columnheader\">outcome and reason</span><span role=\"columnheader\">what</span></div></div>\n<div \
             id=\"ledger-rows\" role=\"rowgroup\" tabindex=\"0\" aria-label=\"Sites; arrow keys show one after the other in full\"></div>\n</div>\n\
             <div id=\"ledger-detail\" role=\"status\"></div>\n</div>\n"
        );
        self.out.push_str("<script type=\"application/json\" id=\"ledger-data\">");
        data::ledger(&self.account, &mut self.out);
        self.out.push_str("</script>\n</section>\n");
    }

    fn select(&mut self, label: &str, name: &str, all: &str, options: &[(String, String)]) {
        put!(self, "<label>{label} <select name=\"{name}\"><option value=\"\">{all}</option>");
        for (value, shown) in options {
            put!(self, "<option value=\"{}\">{}</option>", text(value), text(shown));
        }
        put!(self, "</select></label>\n");
    }

    fn notes(&mut self) {
        let review = self.review();
        let comparison = review.comparison.iter().flat_map(|comparison| &comparison.notes);
        let notes: Vec<&String> = review.notes.iter().chain(comparison).collect();
        if notes.is_empty() {
            return;
        }
        put!(self, "<section id=\"notes\" aria-labelledby=\"h-notes\">\n<h2 id=\"h-notes\">Notes</h2>\n<ul>");
        for note in notes {
            put!(self, "<li>{}</li>", rich(note));
        }
        put!(self, "</ul>\n</section>\n");
    }

    fn end(&mut self) {
        let clear = self.account.with_verdict(Verdict::Clear).len();
        put!(
            self,
            "</main>\n<footer><p>{} {} clear. Written by Assay {}. A verdict follows from the sites; what is not observed is neither \
             safe nor unsafe.</p></footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
            count(clear, "area"),
            if clear == 1 { "is" } else { "are" },
            text(&self.review().version)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_keeps_its_code_and_shows_everything_else() {
        assert_eq!(rich("a `b<c>` d"), "a <code>b&lt;c&gt;</code> d");
        assert_eq!(rich("open ` and <b>"), "open ` and &lt;b&gt;");
        assert_eq!(rich("`a` `b"), "<code>a</code> `b");
        assert_eq!(rich("x\n\u{202e}y"), "x<br>\\u{202e}y");
    }

    #[test]
    fn hashes_are_spelled_as_policies_spell_them() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
    }

    /// The script holds nothing that would end its element, and makes no markup.
    #[test]
    fn the_script_makes_text_only() {
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--") && !STYLE.contains("</"));
        for name in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "setAttribute('on",
        ] {
            assert!(!SCRIPT.contains(name), "{name}");
        }
    }
}
