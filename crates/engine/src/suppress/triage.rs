//! Findings set aside by their fingerprint: `.assay/triage.toml`.
//!
//! An entry names its finding. When the code has moved to another module, the finding has another fingerprint with the same
//! core; the entry goes with it if that is clear, and a note tells the new fingerprint.

use crate::Date;
use crate::document::{Document, Result};
use assay_finding::{Finding, Fingerprint, Suppression};
use toml::de::DeValue;

/// A read triage file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Triage {
    path: String,
    entries: Vec<Entry>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Entry {
    line: u32,
    fingerprint: Fingerprint,
    reason: String,
    author: Option<String>,
    until: Option<Date>,
}

/// An entry to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TriageEntry {
    /// The finding.
    pub fingerprint: Fingerprint,
    /// Why it does not count.
    pub reason: String,
    /// Who says so.
    pub author: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

impl TriageEntry {
    fn text(&self) -> String {
        let mut out =
            format!("[[finding]]\nfingerprint = {}\nreason = {}\n", quoted(&self.fingerprint.0), quoted(&self.reason));
        out.extend(self.author.as_ref().map(|author| format!("author = {}\n", quoted(author))));
        out.extend(self.until.map(|until| format!("until = {until}\n")));
        out
    }
}

/// A text as TOML has it in double quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.extend(format!("\\u{:04X}", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text of a triage file with one more entry; an entry of the same finding gives way to it, and everything else stays as it is.
///
/// # Errors
/// When the text is no triage file, or the entry has no reason.
pub fn with_entry(path: &str, text: &str, entry: &TriageEntry) -> std::result::Result<String, crate::DocumentError> {
    let known = Triage::parse(path, text)?;
    let mut lines: Vec<&str> = text.lines().collect();
    if let Some(at) = known.entries.iter().position(|old| old.fingerprint == entry.fingerprint) {
        let line = |entry: &Entry| entry.line as usize - 1;
        let first = line(&known.entries[at]);
        let end = known.entries.get(at + 1).map_or(lines.len(), line);
        lines.drain(first..end);
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let mut out: String = lines.iter().flat_map(|line| [*line, "\n"]).collect();
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&entry.text());
    Triage::parse(path, &out)?;
    Ok(out)
}

const KEYS: [&str; 4] = ["author", "fingerprint", "reason", "until"];

impl Triage {
    /// Reads the file's text.
    pub(crate) fn parse(path: &str, text: &str) -> Result<Self> {
        let document = Document { path, text };
        let parsed = document.parse()?;
        let mut entries = Vec::new();
        for (key, value) in parsed.get_ref() {
            if key.get_ref().as_ref() != "finding" {
                return Err(document.unknown_key(key.span(), key.get_ref(), "", &["finding"]));
            }
            for item in document.array("finding", value)? {
                let (mut fingerprint, mut reason, mut author, mut until) = (None, None, None, None);
                for (key, value) in document.table("finding", item)? {
                    match key.get_ref().as_ref() {
                        "fingerprint" => fingerprint = Some(document.string("fingerprint", value)?.to_owned()),
                        "reason" => {
                            let text = document.string("reason", value)?.trim();
                            if text.is_empty() {
                                return Err(document.error(value.span(), "`reason` is empty"));
                            }
                            reason = Some(text.to_owned());
                        }
                        "author" => author = Some(document.string("author", value)?.to_owned()),
                        "until" => {
                            let written = match value.get_ref() {
                                DeValue::String(text) => text.to_string(),
                                DeValue::Datetime(date) => date.to_string(),
                                _ => String::new(),
                            };
                            let date = Date::parse(&written);
                            let error = || document.error(value.span(), "`until` must be a date, as in 2026-01-31");
                            until = Some(date.ok_or_else(error)?);
                        }
                        other => return Err(document.unknown_key(key.span(), other, " in `finding`", &KEYS)),
                    }
                }
                let missing = |name: &str| document.error(item.span(), format!("a finding without `{name}`"));
                let entry = Entry {
                    line: document.error(item.span(), "").line,
                    fingerprint: Fingerprint(fingerprint.ok_or_else(|| missing("fingerprint"))?),
                    reason: reason.ok_or_else(|| missing("reason"))?,
                    author,
                    until,
                };
                if let Some(other) = entries.iter().find(|other: &&Entry| other.fingerprint == entry.fingerprint) {
                    let message = format!("the fingerprint of line {} again", other.line);
                    return Err(document.error(item.span(), message));
                }
                entries.push(entry);
            }
        }
        Ok(Self { path: path.to_owned(), entries })
    }

    /// The days after which entries hold no more.
    pub(super) fn ends(&self) -> impl Iterator<Item = Date> + '_ {
        self.entries.iter().filter_map(|entry| entry.until)
    }

    /// Marks the findings in the list. `whole` says that the review is one of the whole project with all checks, so that
    /// an entry without a finding has none.
    pub(super) fn apply(&self, findings: &mut [Finding], today: Date, whole: bool, notes: &mut Vec<String>) {
        let named: Vec<Option<usize>> = self
            .entries
            .iter()
            .map(|entry| findings.iter().position(|finding| finding.fingerprint == entry.fingerprint))
            .collect();
        for (entry, exact) in self.entries.iter().zip(&named) {
            let place = format!("{}:{}", self.path, entry.line);
            let print = &entry.fingerprint.0;
            let Some(at) = exact.or_else(|| moved(entry, findings, &named)) else {
                if whole {
                    notes.push(format!("{place}: no finding of this review has the fingerprint {print}"));
                }
                continue;
            };
            let finding = &mut findings[at];
            if exact.is_none() {
                let now = &finding.fingerprint.0;
                notes.push(format!("{place}: the code of {print} has moved; its fingerprint is {now} now"));
            }
            if let Some(until) = entry.until.filter(|until| *until < today) {
                notes.push(format!("{place}: the triage of {print} expired on {until}"));
            } else if let Some(suppressed) = &finding.suppressed {
                notes.push(format!("{place}: {print} is suppressed by a {} already", suppressed.kind));
            } else {
                finding.suppressed = Some(Suppression { kind: "triage".to_owned(), reason: entry.words() });
            }
        }
    }
}

impl Entry {
    /// The reason, with who gave it and until when it holds.
    fn words(&self) -> String {
        let author = self.author.as_ref().map(|author| format!("by {author}"));
        let until = self.until.map(|until| format!("until {until}"));
        let more: Vec<String> = author.into_iter().chain(until).collect();
        if more.is_empty() { self.reason.clone() } else { format!("{} ({})", self.reason, more.join(", ")) }
    }
}

/// The one finding with the core of an entry that no entry names.
fn moved(entry: &Entry, findings: &[Finding], named: &[Option<usize>]) -> Option<usize> {
    let core = entry.fingerprint.core();
    let mut same = findings
        .iter()
        .enumerate()
        .filter(|(at, finding)| finding.fingerprint.core() == core && !named.contains(&Some(*at)))
        .map(|(at, _)| at);
    let found = same.next()?;
    (entry.fingerprint.0.len() > Fingerprint::CORE_LENGTH && same.next().is_none()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::tests::finding;
    use assay_finding::Fingerprint;

    fn applied(text: &str, prints: &[&str], whole: bool) -> (Vec<Option<String>>, Vec<String>) {
        let triage = Triage::parse("t.toml", text).unwrap();
        let print = |print: &&str| Finding { fingerprint: Fingerprint((*print).to_owned()), ..finding("xxe", 0..1) };
        let mut findings: Vec<_> = prints.iter().map(print).collect();
        let mut notes = Vec::new();
        triage.apply(&mut findings, Date::parse("2026-01-15").unwrap(), whole, &mut notes);
        (findings.into_iter().map(|finding| finding.suppressed.map(|s| s.reason)).collect(), notes)
    }

    #[test]
    fn listed_findings_are_marked_until_their_date() {
        let text = "[[finding]]\nfingerprint = 'aa'\nreason = 'known'\nauthor = 'jo'\nuntil = 2026-01-15\n\
                    [[finding]]\nfingerprint = 'bb'\nreason = 'old'\nuntil = 2025-12-31\n\
                    [[finding]]\nfingerprint = 'cc'\nreason = 'gone'\nuntil = '2027-01-01'\n";
        let (marked, notes) = applied(text, &["aa", "bb"], true);
        assert_eq!(marked, [Some("known (by jo, until 2026-01-15)".to_owned()), None]);
        assert_eq!(
            notes,
            [
                "t.toml:6: the triage of bb expired on 2025-12-31",
                "t.toml:10: no finding of this review has the fingerprint cc"
            ]
        );
        // A review of a part cannot tell.
        assert_eq!(applied(text, &["aa", "bb"], false).1.len(), 1);
    }

    #[test]
    fn an_entry_goes_with_code_that_moves() {
        let core = "0123456789abcdef";
        let (old, new, other) = (format!("{core}{core}"), format!("{core}ffff"), format!("{core}eeee"));
        let text = format!("[[finding]]\nfingerprint = '{old}'\nreason = 'known'\n");
        let (marked, notes) = applied(&text, &[&new], true);
        assert_eq!(marked, [Some("known".to_owned())]);
        assert_eq!(notes, [format!("t.toml:1: the code of {old} has moved; its fingerprint is {new} now")]);
        // Which of two it is cannot be told.
        assert_eq!(applied(&text, &[&new, &other], true).0, [None, None]);
        // A copy is not meant.
        assert_eq!(applied(&text, &[&old, &new], true).0, [Some("known".to_owned()), None]);
    }

    #[test]
    fn entries_are_added_and_replaced() {
        let entry = |print: &str, reason: &str| TriageEntry {
            fingerprint: Fingerprint(print.to_owned()),
            reason: reason.to_owned(),
            author: None,
            until: None,
        };
        let one = with_entry("t.toml", "", &entry("aa", "a \"b\" \\ \u{1b}")).unwrap();
        assert_eq!(one, "[[finding]]\nfingerprint = \"aa\"\nreason = \"a \\\"b\\\" \\\\ \\u001B\"\n");
        let until = Date::parse("2026-12-31");
        let more = TriageEntry { author: Some("Jo".to_owned()), until, ..entry("bb", "known") };
        let two = with_entry("t.toml", &format!("# Ours.\n{one}"), &more).unwrap();
        assert!(two.starts_with("# Ours.\n[[finding]]\n"), "{two}");
        assert!(
            two.ends_with(
                "\n\n[[finding]]\nfingerprint = \"bb\"\nreason = \"known\"\nauthor = \"Jo\"\nuntil = 2026-12-31\n"
            ),
            "{two}"
        );
        let three = with_entry("t.toml", &two, &entry("aa", "again")).unwrap();
        assert_eq!(three.matches("[[finding]]").count(), 2, "{three}");
        assert!(three.starts_with("# Ours.\n[[finding]]\nfingerprint = \"bb\""), "{three}");
        assert!(three.ends_with("\n\n[[finding]]\nfingerprint = \"aa\"\nreason = \"again\"\n"), "{three}");
        assert!(with_entry("t.toml", "x = 1\n", &more).is_err());
        assert!(with_entry("t.toml", "", &entry("aa", " ")).is_err());
    }

    #[test]
    fn errors_have_places() {
        let error = |text: &str| Triage::parse("t.toml", text).unwrap_err().to_string();
        assert_eq!(error("[[findings]]\n"), "t.toml:1:3: unknown key `findings`; did you mean `finding`?");
        assert_eq!(error("[[finding]]\nfingerprint = 'a'\n"), "t.toml:1:1: a finding without `reason`");
        let bad = "[[finding]]\nfingerprint = 'a'\nreason = 'b'\nuntil = 2026-01-31T10:00:00\n";
        assert_eq!(error(bad), "t.toml:4:9: `until` must be a date, as in 2026-01-31");
        let twice = "[[finding]]\nfingerprint = 'a'\nreason = 'b'\n".repeat(2);
        assert_eq!(error(&twice), "t.toml:4:1: the fingerprint of line 1 again");
        assert_eq!(error("[[finding]]\nreason = ' '\n"), "t.toml:2:10: `reason` is empty");
    }
}
