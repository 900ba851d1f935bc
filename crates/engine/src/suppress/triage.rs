//! Findings set aside by their fingerprint: `.assay/triage.toml`.

use crate::Date;
use crate::document::{Document, Result};
use assay_finding::{Finding, Suppression};
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
    fingerprint: String,
    reason: String,
    until: Option<Date>,
}

const KEYS: [&str; 3] = ["fingerprint", "reason", "until"];

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
                let (mut fingerprint, mut reason, mut until) = (None, None, None);
                for (key, value) in document.table("finding", item)? {
                    match key.get_ref().as_ref() {
                        "fingerprint" => fingerprint = Some(document.string("fingerprint", value)?.to_owned()),
                        "reason" => reason = Some(document.string("reason", value)?.to_owned()),
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
                entries.push(Entry {
                    line: document.error(item.span(), "").line,
                    fingerprint: fingerprint.ok_or_else(|| missing("fingerprint"))?,
                    reason: reason.ok_or_else(|| missing("reason"))?,
                    until,
                });
            }
        }
        Ok(Self { path: path.to_owned(), entries })
    }

    /// Marks the findings in the list.
    pub(super) fn apply(&self, findings: &mut [Finding], today: Date, notes: &mut Vec<String>) {
        for entry in &self.entries {
            let place = format!("{}:{}", self.path, entry.line);
            let Some(finding) = findings.iter_mut().find(|finding| finding.fingerprint.0 == entry.fingerprint) else {
                notes.push(format!("{place}: no finding of this review has the fingerprint {}", entry.fingerprint));
                continue;
            };
            if let Some(until) = entry.until.filter(|until| *until < today) {
                notes.push(format!("{place}: the triage of {} expired on {until}", entry.fingerprint));
            } else if finding.suppressed.is_none() {
                finding.suppressed = Some(Suppression { kind: "triage".to_owned(), reason: entry.reason.clone() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::tests::finding;
    use assay_finding::Fingerprint;

    #[test]
    fn listed_findings_are_marked_until_their_date() {
        let text = "[[finding]]\nfingerprint = 'aa'\nreason = 'known'\n\
                    [[finding]]\nfingerprint = 'bb'\nreason = 'old'\nuntil = 2025-12-31\n\
                    [[finding]]\nfingerprint = 'cc'\nreason = 'gone'\nuntil = '2027-01-01'\n";
        let triage = Triage::parse("t.toml", text).unwrap();
        let mut findings: Vec<_> = ["aa", "bb"]
            .map(|print| Finding { fingerprint: Fingerprint(print.to_owned()), ..finding("xxe", 0..1) })
            .into();
        let mut notes = Vec::new();
        triage.apply(&mut findings, Date::parse("2026-01-15").unwrap(), &mut notes);
        assert_eq!(findings[0].suppressed.as_ref().map(|s| (&*s.kind, &*s.reason)), Some(("triage", "known")));
        assert_eq!(findings[1].suppressed, None);
        assert_eq!(
            notes,
            [
                "t.toml:4: the triage of bb expired on 2025-12-31",
                "t.toml:8: no finding of this review has the fingerprint cc"
            ]
        );
    }

    #[test]
    fn errors_have_places() {
        let error = |text: &str| Triage::parse("t.toml", text).unwrap_err().to_string();
        assert_eq!(error("[[findings]]\n"), "t.toml:1:3: unknown key `findings`; did you mean `finding`?");
        assert_eq!(error("[[finding]]\nfingerprint = 'a'\n"), "t.toml:1:1: a finding without `reason`");
        let bad = "[[finding]]\nfingerprint = 'a'\nreason = 'b'\nuntil = 2026-01-31T10:00:00\n";
        assert_eq!(error(bad), "t.toml:4:9: `until` must be a date, as in 2026-01-31");
    }
}
