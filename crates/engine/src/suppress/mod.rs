//! What does not count, because somebody said so.
//!
//! - A *directive* is a comment in the code: `# assay: ignore[check-id] reason`, with an optional `until=DATE`; or one of
//!   another tool: `# nosec`, `# noqa: S608`, `# nosemgrep`. It concerns the statement on whose line it ends, or, on a
//!   line of its own, the statement below.
//! - [`Triage`] is a list of fingerprints beside the code: `.assay/triage.toml`.
//!
//! A suppressed finding stays in the review, marked. What suppresses nothing is said in a note.

mod comments;
mod directive;
mod foreign;
mod insert;
mod triage;

pub use insert::ignore_comment;
pub(crate) use triage::Triage;
pub use triage::{TriageEntry, with_entry};

use crate::Date;
use crate::finish::Rules;
use assay_finding::{Finding, Suppression};
use assay_text::{FileId, Files, Language, Role, SourceFile};
use comments::Comment;
use directive::{Directive, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// Notes of one kind beyond this many are only counted.
const MAX_NOTES: usize = 10;

/// Marks what is suppressed; the notes say what is wrong with the directives.
pub(crate) fn apply(findings: &mut [Finding], files: &Files, rules: &Rules<'_>) -> Vec<String> {
    let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        by_file.entry(finding.place.file).or_default().push(index);
    }
    let mut notes = Vec::new();
    for (id, file) in files.iter() {
        let here = by_file.get(&id).map_or(&[][..], Vec::as_slice);
        if file.language == Language::Python && may_hold_directive(file, !here.is_empty()) {
            in_file(file, here, findings, rules, &mut notes);
        }
    }
    if let Some(triage) = &rules.triage {
        let all_checks = assay_checks::catalogue().iter().all(|check| rules.checks.contains(&check.id));
        let whole = all_checks && files.iter().all(|(_, file)| file.requested);
        triage.apply(findings, rules.today, whole, &mut notes);
    }
    if notes.len() > MAX_NOTES {
        let more = notes.len() - MAX_NOTES;
        notes.truncate(MAX_NOTES);
        notes.push(format!("{more} more remarks on suppressions are not shown."));
    }
    notes
}

/// The days after which something is suppressed no more; some may concern nothing.
pub(crate) fn ends(files: &Files, triage: Option<&Triage>) -> BTreeSet<Date> {
    let mut ends: BTreeSet<Date> = triage.into_iter().flat_map(Triage::ends).collect();
    let dated = |file: &SourceFile| file.language == Language::Python && file.text.contains("until=");
    for (_, file) in files.iter().filter(|(_, file)| dated(file)) {
        for comment in comments::scan(&file.text) {
            ends.extend(directive::read(comment.text).into_iter().flatten().filter_map(|directive| directive.until));
        }
    }
    ends
}

/// Whether test code may hold a directive of ours.
pub(crate) fn concerns_tests(files: &Files) -> bool {
    files.iter().any(|(_, file)| file.role == Role::Test && file.text.contains("assay:"))
}

fn may_hold_directive(file: &SourceFile, has_findings: bool) -> bool {
    file.text.contains("assay:") && file.requested
        || has_findings && ["assay:", "nosec", "noqa", "nosemgrep"].iter().any(|word| file.text.contains(word))
}

fn in_file(file: &SourceFile, here: &[usize], findings: &mut [Finding], rules: &Rules<'_>, notes: &mut Vec<String>) {
    for Comment { line, text, first, last } in comments::scan(&file.text) {
        for directive in directive::read(text) {
            let (path, today) = (&file.path, rules.today);
            let directive = match directive {
                Ok(directive) => directive,
                Err(message) => {
                    notes.push(format!("{path}:{line}: {message}"));
                    continue;
                }
            };
            let expired = directive.until.is_some_and(|until| until < today);
            let mut used = false;
            for &index in here {
                let finding = &mut findings[index];
                let span = finding.place.span;
                let lines = file.lines();
                let start = lines.line(span.start);
                let end = lines.line(span.end.max(span.start + 1) - 1).max(start);
                if end < first || last < start || !directive.names(finding) {
                    continue;
                }
                used = true;
                if !expired && finding.suppressed.is_none() {
                    finding.suppressed = Some(suppression(&directive));
                }
            }
            if let Some(note) = remark(&directive, used, expired, rules) {
                notes.push(format!("{path}:{line}: {note}"));
            }
        }
    }
}

fn suppression(directive: &Directive<'_>) -> Suppression {
    let kind = if directive.kind == Kind::Own { "comment" } else { "foreign-comment" };
    Suppression { kind: kind.to_owned(), reason: directive.reason.clone() }
}

/// What to say of an own directive that does nothing. Those of other tools are none of ours.
fn remark(directive: &Directive<'_>, used: bool, expired: bool, rules: &Rules<'_>) -> Option<String> {
    if directive.kind != Kind::Own {
        return None;
    }
    let list = directive.checks.join(", ");
    if let Some(unknown) = directive.checks.iter().find(|id| assay_checks::check(id).is_none()) {
        let known = assay_checks::catalogue().iter().map(|check| check.id.as_str());
        return Some(format!("`assay: ignore` names no check: `{unknown}`{}", crate::nearest::hint(unknown, known)));
    }
    match directive.until {
        Some(until) if expired && used => Some(format!("`assay: ignore[{list}]` expired on {until}")),
        _ if used => None,
        // A check that does not run has nothing to suppress.
        _ if !directive.checks.iter().all(|id| rules.checks.iter().any(|check| check == id)) => None,
        _ => Some(format!("`assay: ignore[{list}]` suppresses nothing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::tests::{finding, rules};

    fn reasons(text: &str) -> (Vec<Option<String>>, Vec<String>) {
        let files = Files::new(vec![SourceFile::new("a.py", Language::Python, Role::FirstParty, text)]);
        let mut findings: Vec<_> =
            text.match_indices("run(").map(|(at, _)| finding("sql-injection", at..at + 5)).collect();
        let checks = ["sql-injection".to_owned(), "xxe".to_owned()];
        let notes = apply(&mut findings, &files, &rules(&checks));
        (findings.into_iter().map(|finding| finding.suppressed.map(|s| s.reason)).collect(), notes)
    }

    #[test]
    fn a_comment_concerns_its_statement() {
        let (found, notes) = reasons(
            "run(a)  # assay: ignore[sql-injection] fixed text\n\
             run(b)\n\
             # assay: ignore[sql-injection, xxe] below\n\
             # and more\n\
             x = (1,\n  run(c),\n  2)\n\
             y = (run(d),\n  2)  # assay: ignore[sql-injection] at its end\n\
             s = '# assay: ignore[sql-injection] no comment'; run(e)\n",
        );
        let expected = [Some("fixed text"), None, Some("below"), Some("at its end"), None];
        assert_eq!(found, expected.map(|reason| reason.map(str::to_owned)));
        assert!(notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn dates_end_a_suppression() {
        let (found, notes) = reasons(
            "run(a)  # assay: ignore[sql-injection] until=2026-01-15 today still\n\
             run(b)  # assay: ignore[sql-injection] over until=2026-01-14\n\
             run(c)  # assay: ignore[sql-injection] until=soon\n",
        );
        assert_eq!(found, [Some("today still (until 2026-01-15)".to_owned()), None, None]);
        assert_eq!(
            notes,
            [
                "a.py:2: `assay: ignore[sql-injection]` expired on 2026-01-14",
                "a.py:3: `until=soon` in `assay: ignore` is no date; write `until=2026-01-31`",
            ]
        );
    }

    #[test]
    fn what_suppresses_nothing_is_said() {
        let (found, notes) = reasons(
            "run(a)  # assay: ignore[sql-injektion] x\n\
             run(b)  # assay: ignore\n\
             z = 1  # assay: ignore[xxe] y\n\
             w = 1  # assay: ignore[weak-hash] not run\n",
        );
        assert_eq!(found, [None, None]);
        assert_eq!(
            notes,
            [
                "a.py:1: `assay: ignore` names no check: `sql-injektion`; did you mean `sql-injection`?",
                "a.py:2: `assay: ignore` names no check; write `assay: ignore[check-id] reason`",
                "a.py:3: `assay: ignore[xxe]` suppresses nothing",
            ]
        );
    }

    #[test]
    fn other_tools_comments_count_for_the_same_weakness() {
        let (found, notes) = reasons(
            "run(a)  # nosec\n\
             run(b)  # nosec B608 - checked\n\
             run(c)  # nosec B101\n\
             run(d)  # noqa: E501, S608\n\
             run(e)  # noqa\n\
             run(f)  # noqa: S101\n\
             # nosemgrep: some.rule\n\
             run(g)\n",
        );
        let some: Vec<bool> = found.iter().map(Option::is_some).collect();
        assert_eq!(some, [true, true, false, true, false, false, true]);
        assert_eq!(found[1].as_deref(), Some("nosec B608 - checked"));
        assert!(notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn many_remarks_are_counted() {
        let (_, notes) = reasons(&"x = 1  # assay: ignore[xxe]\n".repeat(50));
        assert_eq!(notes.len(), MAX_NOTES + 1);
        assert_eq!(notes[MAX_NOTES], "40 more remarks on suppressions are not shown.");
    }
}
