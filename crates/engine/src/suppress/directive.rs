//! What a comment asks for.

use super::foreign;
use crate::Date;
use assay_finding::Finding;

/// Whose comment it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// `assay: ignore[…]`.
    Own,
    /// Another tool's.
    Foreign,
}

/// A comment that suppresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Directive<'a> {
    pub(super) kind: Kind,
    /// The named checks of an own directive.
    pub(super) checks: Vec<&'a str>,
    /// The weaknesses that a foreign directive is about; `None` for all.
    pub(super) weaknesses: Option<Vec<u32>>,
    pub(super) until: Option<Date>,
    pub(super) reason: String,
}

impl Directive<'_> {
    /// Whether this is about such a finding.
    pub(super) fn names(&self, finding: &Finding) -> bool {
        match self.kind {
            Kind::Own => self.checks.iter().any(|check| *check == finding.check),
            Kind::Foreign => {
                self.weaknesses.as_ref().is_none_or(|cwe| cwe.iter().any(|number| finding.cwe.contains(number)))
            }
        }
    }
}

/// The directives in a comment (the text after its `#`); an error for one that is not written right.
pub(super) fn read(comment: &str) -> Vec<Result<Directive<'_>, String>> {
    let mut found = Vec::new();
    // Several tools share a line: `# noqa: S608  # assay: ignore[…] …`.
    let mut rest = Some(comment);
    while let Some(text) = rest {
        let trimmed = text.trim();
        if let Some(own) = trimmed.strip_prefix("assay:") {
            found.extend(read_own(own.trim_start()));
            // What follows is the reason, which may hold a `#`.
            break;
        }
        let own_part = trimmed.split('#').next().unwrap_or_default().trim_end();
        found.extend(foreign::read(own_part).map(Ok));
        rest = text.split_once('#').map(|(_, rest)| rest);
    }
    found
}

fn read_own(text: &str) -> Option<Result<Directive<'_>, String>> {
    // `assay:` alone may be any sentence's.
    let rest = text.strip_prefix("ignore")?;
    let Some((list, rest)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        let says_more = rest.starts_with(|c: char| c.is_alphanumeric());
        let message = "`assay: ignore` names no check; write `assay: ignore[check-id] reason`";
        return (!says_more).then(|| Err(message.to_owned()));
    };
    let checks: Vec<&str> = list.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if checks.is_empty() {
        return Some(Err("`assay: ignore[]` names no check".to_owned()));
    }
    let mut until = None;
    let mut words = Vec::new();
    for word in rest.split_whitespace() {
        let Some(date) = word.strip_prefix("until=") else {
            words.push(word);
            continue;
        };
        until = Date::parse(date.trim_end_matches(['.', ',', ';', ')']));
        if until.is_none() {
            let message = format!("`until={date}` in `assay: ignore` is no date; write `until=2026-01-31`");
            return Some(Err(message));
        }
    }
    let reason = words.join(" ");
    let reason = reason.trim_start_matches(['-', ':', '–', '—', ' ']);
    let mut reason = if reason.is_empty() { "no reason given".to_owned() } else { reason.to_owned() };
    if let Some(until) = until {
        reason = format!("{reason} (until {until})");
    }
    Some(Ok(Directive { kind: Kind::Own, checks, weaknesses: None, until, reason }))
}
