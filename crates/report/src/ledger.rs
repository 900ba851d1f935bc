//! The ledger: every examined site and every gap, one record each, filtered.

use crate::account::{self, Account};
use crate::escape::{self, JsonLines};
use crate::layout::{self, count};
use crate::style::{Paint, Style};
use crate::{Options, json};
use assay_finding::{Area, FileGap, Outcome, Review, Site};
use serde::Serialize;
use std::io::{self, Write};

/// A format of the ledger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LedgerFormat {
    /// For people.
    Text,
    /// For programs: the records of `sites` and `gaps` in `docs/json.md`.
    Json,
    /// For spreadsheets.
    Csv,
}

impl LedgerFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Csv];

    /// The word that the command line uses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// The format with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// The ids of all formats.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::id)
    }
}

/// Which records of a ledger are shown: those that match one entry of every list that is not empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LedgerFilter {
    /// Areas.
    pub areas: Vec<Area>,
    /// Outcomes.
    pub outcomes: Vec<Outcome>,
    /// Ids of checks.
    pub checks: Vec<String>,
    /// Files, folders, or patterns in which `*` stands for any characters and `?` for one.
    pub paths: Vec<String>,
    /// Nouns, as in `database call`.
    pub nouns: Vec<String>,
}

impl LedgerFilter {
    fn site(&self, account: &Account<'_>, site: &Site) -> bool {
        one_of(&self.outcomes, |o| *o == site.outcome)
            && one_of(&self.checks, |check| *check == site.check)
            && one_of(&self.nouns, |noun| *noun == site.noun)
            && one_of(&self.areas, |area| account.area(&site.check) == Some(*area))
            && self.path(&account.file(&site.place).path)
    }

    /// A gap belongs to no area, check or noun, and is always *not observed*.
    fn gap(&self, gap: &FileGap) -> bool {
        self.areas.is_empty()
            && self.checks.is_empty()
            && self.nouns.is_empty()
            && one_of(&self.outcomes, |o| *o == Outcome::NotObserved)
            && self.path(&gap.path)
    }

    fn path(&self, path: &str) -> bool {
        one_of(&self.paths, |pattern| path_matches(pattern, path))
    }
}

pub(crate) fn one_of<T>(list: &[T], test: impl FnMut(&T) -> bool) -> bool {
    list.is_empty() || list.iter().any(test)
}

/// Whether `pattern` is this path, a folder above it, or a pattern for one of the two.
pub(crate) fn path_matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
    if pattern.is_empty() || pattern == "." {
        return true;
    }
    let folders = path.bytes().enumerate().filter(|(_, b)| *b == b'/').map(|(at, _)| &path.as_bytes()[..at]);
    folders.chain([path.as_bytes()]).any(|part| wildcard(pattern.as_bytes(), part))
}

/// Whether the whole of `text` matches; time is the product of the lengths at most.
fn wildcard(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, at)) = star else { return false };
                star = Some((after, at + 1));
                p = after;
                t = at + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

/// Writes the sites and gaps that `filter` admits.
///
/// # Errors
/// When writing fails.
pub fn render_ledger(
    review: &Review,
    format: LedgerFormat,
    filter: &LedgerFilter,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let account = Account::new(review);
    let sites: Vec<&Site> = review.sites.iter().filter(|site| filter.site(&account, site)).collect();
    let gaps: Vec<&FileGap> = review.gaps.iter().filter(|gap| filter.gap(gap)).collect();
    match format {
        LedgerFormat::Text => text(&account, &sites, &gaps, options, out),
        LedgerFormat::Json => {
            let document = json::Ledger::new(&account, &sites, &gaps);
            document.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, JsonLines::new(2)))?;
            out.write_all(b"\n")
        }
        LedgerFormat::Csv => csv(&account, &sites, &gaps, out),
    }
}

fn text(
    account: &Account<'_>,
    sites: &[&Site],
    gaps: &[&FileGap],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = Style { color: options.color };
    let width = options.width.max(40);
    let mut counts = [0usize; 4];
    for site in sites {
        counts[site.outcome as usize] += 1;
        let file = account.file(&site.place);
        let at = file.line_column(site.place.span.start);
        let place = format!("{}:{}:{}", escape::line(&file.path), at.line, at.column);
        let mut marks = String::new();
        if site.in_test {
            marks.push_str(" (test code)");
        }
        if site.suppressed {
            marks.push_str(" (suppressed)");
        }
        writeln!(
            out,
            "{} {}{marks} {}",
            style.paint(Paint::Place, &place),
            style.paint(Paint::outcome(site.outcome), site.outcome.title()),
            escape::line(&format!("{}: {}", site.noun, site.api)),
        )?;
        let reason = account::reason(&site.reason.code, &site.reason.detail);
        for line in layout::wrap(&escape::line(&reason), width - 4) {
            writeln!(out, "    {line}")?;
        }
    }
    for gap in gaps {
        let line = line_of(account.review, gap).map_or_else(String::new, |line| format!(":{line}"));
        let place = format!("{}{line}", escape::line(&gap.path));
        let outcome = style.paint(Paint::Open, Outcome::NotObserved.title());
        writeln!(out, "{} {outcome} {}", style.paint(Paint::Place, &place), escape::line(&account::words(&gap.code)))?;
        for line in layout::wrap(&escape::line(&gap.message), width - 4) {
            writeln!(out, "    {line}")?;
        }
    }
    let parts: Vec<String> =
        Outcome::ALL.into_iter().map(|o| format!("{} {}", counts[o as usize], o.title())).collect();
    let summary = format!("{}: {}; {}", count(sites.len(), "site"), parts.join(", "), count(gaps.len(), "gap"));
    writeln!(out, "{}", style.paint(Paint::Strong, &summary))
}

fn line_of(review: &Review, gap: &FileGap) -> Option<u32> {
    Some(review.files.get(gap.file?).line_column(gap.span?.start).line)
}

fn csv(account: &Account<'_>, sites: &[&Site], gaps: &[&FileGap], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"path,line,column,function,area,check,noun,api,outcome,reason,detail,in_test,suppressed,fingerprint\r\n",
    )?;
    for site in sites {
        let file = account.file(&site.place);
        let at = file.line_column(site.place.span.start);
        let fingerprint = site.finding.and_then(|at| account.review.findings.get(at)).map(|f| f.fingerprint.0.as_str());
        record(
            &[
                &file.path,
                &at.line.to_string(),
                &at.column.to_string(),
                &site.place.function,
                account.area(&site.check).map_or("", Area::id),
                &site.check,
                &site.noun,
                &site.api,
                site.outcome.id(),
                &site.reason.code,
                &site.reason.detail,
                flag(site.in_test),
                flag(site.suppressed),
                fingerprint.unwrap_or(""),
            ],
            out,
        )?;
    }
    for gap in gaps {
        let line = line_of(account.review, gap).map_or_else(String::new, |line| line.to_string());
        let outcome = Outcome::NotObserved.id();
        record(&[&gap.path, &line, "", "", "", "", "file", "", outcome, &gap.code, &gap.message, "", "", ""], out)?;
    }
    Ok(())
}

fn flag(on: bool) -> &'static str {
    if on { "yes" } else { "no" }
}

fn record(cells: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let row: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    write!(out, "{}\r\n", row.join(","))
}

/// One cell after RFC 4180. What a spreadsheet would take for a formula is put behind an apostrophe.
fn cell(text: &str) -> String {
    let text = escape::line(text);
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    if text.contains([',', '"']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_match_by_name_folder_and_pattern() {
        let check = |pattern: &str, path: &str, expected: bool| {
            assert_eq!(path_matches(pattern, path), expected, "{pattern} on {path}");
        };
        check("src", "src/a.py", true);
        check("./src/", "src/a.py", true);
        check("src/a.py", "src/a.py", true);
        check("sr", "src/a.py", false);
        check("*.py", "src/a.py", true);
        check("src/?.py", "src/a.py", true);
        check("src/*/x", "src/a/b/x/y.py", true);
        check("a.py", "src/a.py", false);
        check(".", "src/a.py", true);
    }

    #[test]
    fn cells_hold_no_formula() {
        assert_eq!(cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(cell("a,\"b\"\n"), "\"a,\"\"b\"\"\\n\"");
    }

    proptest! {
        #[test]
        fn wildcards_agree_with_their_definition(pattern in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            fn slow(p: &[u8], t: &[u8]) -> bool {
                match (p, t) {
                    ([], t) => t.is_empty(),
                    ([b'*', rest @ ..], t) => (0..=t.len()).any(|at| slow(rest, &t[at..])),
                    ([c, rest @ ..], [d, more @ ..]) => (*c == b'?' || c == d) && slow(rest, more),
                    _ => false,
                }
            }
            prop_assert_eq!(wildcard(pattern.as_bytes(), text.as_bytes()), slow(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
