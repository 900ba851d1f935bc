//! `assay triage`: a walk through the findings.
//!
//! Questions and answers are lines, so that anything that can read and write can drive it. Each answer takes effect at once: files are
//! written from the text that was reviewed, with everything that was decided on them so far.

use crate::args::TriageArgs;
use crate::{files, review, terminal};
use anyhow::{Context, bail};
use assay_engine::{Date, Reviewed, TriageEntry, ignore_comment, with_entry};
use assay_finding::{Edit, Finding, Place, Replacement, Safety};
use assay_report::Options;
use assay_text::{FileId, Span};
use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

/// Where entries by fingerprint stand, below the project's root.
const FILE: &str = ".assay/triage.toml";

/// What may be answered.
const HELP: &str = "\
c  suppress by a comment in the code
t  suppress by an entry in .assay/triage.toml
f  apply the edit
s  skip (an empty line, too)
q  quit";

/// A comment that was decided on.
struct Comment {
    span: Span,
    check: String,
    reason: String,
    until: Option<Date>,
}

/// What was decided on a file.
#[derive(Default)]
struct Decided {
    comments: Vec<Comment>,
    edits: Vec<Edit>,
}

/// How many findings got which answer.
#[derive(Default)]
struct Tally {
    comments: usize,
    entries: usize,
    edits: usize,
    skipped: usize,
}

struct Walk<'a> {
    reviewed: &'a Reviewed,
    root: PathBuf,
    author: Option<String>,
    decided: BTreeMap<FileId, Decided>,
    /// What each file holds by now, once it was written.
    written: BTreeMap<FileId, String>,
    tally: Tally,
    input: &'a mut dyn BufRead,
    out: &'a mut dyn Write,
}

/// Walks through the findings that count.
pub(crate) fn triage(arguments: &TriageArgs) -> anyhow::Result<u8> {
    if !arguments.stdin && !io::stdin().is_terminal() {
        bail!("standard input is no terminal; --stdin reads the answers from it all the same");
    }
    let scope = &arguments.scope;
    let request = review::request(scope);
    let reviewed = review::run(scope, &request)?;
    let color = terminal::color(scope.running.color);
    let options =
        Options { color, width: terminal::WIDTH, verbose: true, include_tests: arguments.include_tests, date: None };
    let first = request.targets.first().context("a review has a target")?;
    let user = || ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    let mut walk = Walk {
        reviewed: &reviewed,
        root: assay_source::project_root(&assay_source::OsSystem, first)?,
        author: arguments.author.clone().or_else(user).filter(|name| !name.trim().is_empty()),
        decided: BTreeMap::new(),
        written: BTreeMap::new(),
        tally: Tally::default(),
        input: &mut io::stdin().lock(),
        out: &mut io::stdout().lock(),
    };
    crate::outputs::or_broken_pipe(walk.all(&options, arguments.include_tests))?;
    Ok(0)
}

impl Walk<'_> {
    fn all(&mut self, options: &Options, include_tests: bool) -> io::Result<()> {
        let review = &self.reviewed.review;
        for note in review.notes.iter().filter(|note| is_remark(note)) {
            writeln!(self.out, "{}", crate::table::clean(note))?;
        }
        let counts = |at: usize, finding: &Finding| {
            review.is_open(at) || include_tests && finding.in_test && finding.suppressed.is_none()
        };
        let open: Vec<usize> =
            review.findings.iter().enumerate().filter(|(at, finding)| counts(*at, finding)).map(|(at, _)| at).collect();
        if open.is_empty() {
            return writeln!(self.out, "Nothing to decide: no finding counts.");
        }
        for (number, at) in open.iter().enumerate() {
            writeln!(self.out, "\n[{} of {}]", number + 1, open.len())?;
            assay_report::render_finding(review, *at, options, self.out)?;
            if !self.one(&review.findings[*at])? {
                self.tally.skipped += open.len() - number;
                break;
            }
        }
        let Tally { comments, entries, edits, skipped } = self.tally;
        writeln!(
            self.out,
            "\n{comments} suppressed by a comment, {entries} by an entry in {FILE}, {edits} edited, {skipped} left."
        )
    }

    /// Asks what to do with a finding until something is done; false when there is to be no further one.
    fn one(&mut self, finding: &Finding) -> io::Result<bool> {
        let fix = if finding.fix.is_some() { "f edit, " } else { "" };
        loop {
            let Some(answer) = self.ask(&format!("c comment, t entry, {fix}s skip, q quit, ? help"), None)? else {
                return Ok(false);
            };
            let done = match answer.as_str() {
                "c" | "comment" => self.comment(finding)?,
                "t" | "entry" => self.entry(finding)?,
                "f" | "edit" => self.edit(finding)?,
                "s" | "skip" | "" => {
                    self.tally.skipped += 1;
                    true
                }
                "q" | "quit" => return Ok(false),
                "?" | "help" => {
                    writeln!(self.out, "{HELP}")?;
                    false
                }
                other => {
                    let known = ["comment", "entry", "edit", "skip", "quit", "help"];
                    let meant = assay_engine::nearest(other, known).map(|word| format!(" (`{word}`?)"));
                    writeln!(self.out, "No such answer{}.", meant.unwrap_or_default())?;
                    false
                }
            };
            if done {
                return Ok(true);
            }
        }
    }

    /// Asks for a line; `None` at the end of the input.
    fn ask(&mut self, question: &str, default: Option<&str>) -> io::Result<Option<String>> {
        match default {
            Some(default) => write!(self.out, "{question} [{default}]> ")?,
            None => write!(self.out, "{question}> ")?,
        }
        self.out.flush()?;
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            writeln!(self.out)?;
            return Ok(None);
        }
        let line = line.trim();
        let line = if line.is_empty() { default.unwrap_or_default() } else { line };
        // What a terminal does with a control character is no part of an answer.
        Ok(Some(line.chars().filter(|c| !c.is_control()).collect()))
    }

    /// Asks for the reason and the end; `None` where there is no reason.
    fn grounds(&mut self) -> io::Result<Option<(String, Option<Date>)>> {
        let reason = self.ask("Reason", None)?.unwrap_or_default();
        if reason.is_empty() {
            writeln!(self.out, "Without a reason nothing is suppressed.")?;
            return Ok(None);
        }
        loop {
            let until = self.ask("Until (2026-12-31; empty: for good)", None)?.unwrap_or_default();
            if until.is_empty() {
                return Ok(Some((reason, None)));
            }
            if let Some(until) = Date::parse(&until) {
                return Ok(Some((reason, Some(until))));
            }
            writeln!(self.out, "`{until}` is no date.")?;
        }
    }

    fn comment(&mut self, finding: &Finding) -> io::Result<bool> {
        let Some((reason, until)) = self.grounds()? else { return Ok(false) };
        let decided = self.decided.entry(finding.place.file).or_default();
        let (span, check) = (finding.place.span, finding.check.clone());
        decided.comments.push(Comment { span, check, reason, until });
        let done = self.write(&finding.place)?;
        if done {
            self.tally.comments += 1;
        } else if let Some(decided) = self.decided.get_mut(&finding.place.file) {
            decided.comments.pop();
        }
        Ok(done)
    }

    fn edit(&mut self, finding: &Finding) -> io::Result<bool> {
        let Some(fix) = &finding.fix else {
            writeln!(self.out, "This finding has no edit.")?;
            return Ok(false);
        };
        let file = fix.replacements.first().map_or(finding.place.file, |one| one.place.file);
        self.decided.entry(file).or_default().edits.push(fix.clone());
        let done = self.write(&Place { file, ..finding.place.clone() })?;
        if done {
            self.tally.edits += 1;
        } else if let Some(decided) = self.decided.get_mut(&file) {
            decided.edits.pop();
        }
        Ok(done)
    }

    fn entry(&mut self, finding: &Finding) -> io::Result<bool> {
        let Some((reason, until)) = self.grounds()? else { return Ok(false) };
        let known = self.author.clone();
        let author = self.ask("Author", known.as_deref())?.filter(|author| !author.is_empty());
        self.author.clone_from(&author);
        let entry = TriageEntry { fingerprint: finding.fingerprint.clone(), reason, author, until };
        let result = self.add(&entry);
        if let Err(error) = &result {
            writeln!(self.out, "Not written: {}", crate::table::clean(&format!("{error:#}")))?;
        } else {
            self.tally.entries += 1;
        }
        Ok(result.is_ok())
    }

    /// Adds an entry to the project's file.
    fn add(&self, entry: &TriageEntry) -> anyhow::Result<()> {
        let path = self.root.join(FILE);
        let old = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).context(FILE),
        };
        let new = with_entry(FILE, &old, entry)?;
        if old.is_empty() {
            std::fs::create_dir_all(path.parent().unwrap_or(&self.root)).context(FILE)?;
            return std::fs::write(&path, new).context(FILE);
        }
        files::replace(&path, new.as_bytes()).context(FILE)
    }

    /// Writes what was decided on a file. What cannot be done is said, and false.
    fn write(&mut self, place: &Place) -> io::Result<bool> {
        let id = place.file;
        let file = self.reviewed.review.files.get(id);
        let path = &self.reviewed.paths[id];
        let before = self.written.get(&id).map_or(&*file.text, String::as_str);
        if !files::holds(path, before) {
            writeln!(self.out, "{} is not plain UTF-8, or changed meanwhile.", crate::table::clean(&file.path))?;
            return Ok(false);
        }
        let Some(text) = self.text(place) else {
            writeln!(self.out, "No comment or edit can stand there beside the others; `t` can.")?;
            return Ok(false);
        };
        if let Err(error) = files::replace(path, text.as_bytes()) {
            writeln!(self.out, "Not written: {error}")?;
            return Ok(false);
        }
        self.written.insert(id, text);
        Ok(true)
    }

    /// A file's text with everything that was decided on it; `None` where that does not go together.
    fn text(&self, place: &Place) -> Option<String> {
        let file = self.reviewed.review.files.get(place.file);
        let decided = self.decided.get(&place.file)?;
        // Comments that would stand at one place become one.
        let mut groups: BTreeMap<u32, Vec<&Comment>> = BTreeMap::new();
        for comment in &decided.comments {
            let (offset, _) = ignore_comment(file, comment.span, &[&comment.check], &words(&[comment])?)?;
            groups.entry(offset).or_default().push(comment);
        }
        let mut edits: Vec<Edit> = decided.edits.clone();
        for (offset, group) in groups {
            let mut checks: Vec<&str> = group.iter().map(|comment| comment.check.as_str()).collect();
            checks.dedup();
            let (at, text) = ignore_comment(file, group.first()?.span, &checks, &words(&group)?)?;
            if at != offset {
                return None;
            }
            let place = Place { span: Span::new(at, at), ..place.clone() };
            let replacements = vec![Replacement { place, text }];
            edits.push(Edit { message: String::new(), safety: Safety::Safe, replacements });
        }
        let list: Vec<&Edit> = edits.iter().collect();
        let (text, applied) = assay_finding::apply(place.file, &file.text, &list);
        (applied.len() == edits.len() && assay_engine::is_well_formed(file.language, &text)).then_some(text)
    }
}

/// The reason of one or more comments at one place, with the end that they share; `None` where they have several.
fn words(group: &[&Comment]) -> Option<String> {
    let until = group.first()?.until;
    if group.iter().any(|comment| comment.until != until) {
        return None;
    }
    let mut reasons: Vec<&str> = group.iter().map(|comment| comment.reason.as_str()).collect();
    reasons.dedup();
    let reasons = reasons.join("; ");
    Some(until.map_or(reasons.clone(), |until| format!("until={until} {reasons}")))
}

/// Whether a note of the review is about a suppression.
fn is_remark(note: &str) -> bool {
    note.starts_with(FILE) || note.contains("`assay: ignore") || note.contains("remarks on suppressions")
}
