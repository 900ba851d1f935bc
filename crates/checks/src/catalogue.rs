//! The checks, each described by one file.
//!
//! - A *check file* is `data/<id>.md`: *front matter* (what the program reads), the documentation
//!   (what `assay explain` prints) and *examples* (what the tests run). [`crate::parse_check`] reads it.
//! - The *catalogue* is all check files of this version, parsed once, in the order of their ids.
//! - An *example* is a program in one file. A line that must be reported carries the comment
//!   `# expect: check-id`; every other line must not be. [`Example::mismatches`] compares.

use crate::check_file::{CheckError, parse_check};
use crate::remedy::FixRule;
use assay_finding::{Area, CheckInfo, Severity};
use assay_models::{SinkKind, SourceKind};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The check files: name and text.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// How a check finds its defects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Analysis {
    /// Data of a source set gets to a sink of the listed kinds.
    Flow,
    /// A call or an assignment that a model's `settingModel` or `assignmentModel` row names.
    Setting,
    /// An analysis of its own, in this crate.
    Code,
}

impl Analysis {
    /// All.
    pub const ALL: [Self; 3] = [Self::Flow, Self::Setting, Self::Code];

    /// The word that check files use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Setting => "setting",
            Self::Code => "code",
        }
    }
}

/// Which sources a check asks about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SourceSet {
    /// Whatever the threat model in force does not trust: remote data, local data or both.
    Untrusted,
    /// Names inside of archives.
    Archive,
    /// Passwords, tokens, keys.
    Secret,
    /// Values of predictable generators.
    WeakRandom,
    /// Texts of exceptions.
    Exception,
    /// Folders that everybody can write.
    SharedFolder,
}

impl SourceSet {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::Untrusted, Self::Archive, Self::Secret, Self::WeakRandom, Self::Exception, Self::SharedFolder];

    /// The word that check files use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Untrusted => "untrusted",
            Self::Archive => "archive",
            Self::Secret => "secret",
            Self::WeakRandom => "weak-random",
            Self::Exception => "exception",
            Self::SharedFolder => "shared-folder",
        }
    }

    /// The source kinds in the set. The threat model decides which of `Untrusted`'s are in force, and where.
    pub fn kinds(self) -> &'static [SourceKind] {
        match self {
            Self::Untrusted => {
                &[SourceKind::Remote, SourceKind::Response, SourceKind::Stored, SourceKind::Local, SourceKind::Process]
            }
            Self::Archive => &[SourceKind::Archive],
            Self::Secret => &[SourceKind::Secret],
            Self::WeakRandom => &[SourceKind::WeakRandom],
            Self::Exception => &[SourceKind::Exception],
            Self::SharedFolder => &[SourceKind::SharedFolder],
        }
    }
}

/// Which open places of a check are one finding, since one remedy serves them all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grouping {
    /// Those to which the same data comes on the same way.
    Way,
    /// Those of the whole project.
    Project,
    /// Those to which the same data comes.
    Source,
    /// Those whose data one helper puts together for them; else, those to which the same data comes on the same way.
    Helper,
}

impl Grouping {
    /// The word that check files use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Way => "per-way",
            Self::Project => "per-project",
            Self::Source => "per-source",
            Self::Helper => "per-helper",
        }
    }
}

/// A line of an example that must be reported.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Expectation {
    /// The line in the example, from 1.
    pub line: u32,
    /// The check that must report it.
    pub check: String,
}

/// A program that shows what a check reports and what it leaves alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// The language as the fence names it.
    pub language: String,
    /// The whole program.
    pub code: String,
    /// The line of the check file on which the program starts, from 1.
    pub line: u32,
    /// What must be reported, in the order of the lines.
    pub expectations: Vec<Expectation>,
    /// The program after all edits, where the documentation shows it.
    pub fixed: Option<String>,
}

impl Example {
    /// The checks whose reports count for this example: the one that the example belongs to and those that
    /// an expectation names. What other checks say about the same program is not compared.
    pub fn compared<'a>(&'a self, owner: &'a Check) -> BTreeSet<&'a str> {
        self.named().into_iter().chain([owner.id.as_str()]).collect()
    }

    /// The checks that an expectation names.
    pub fn named(&self) -> BTreeSet<&str> {
        self.expectations.iter().map(|expectation| expectation.check.as_str()).collect()
    }

    /// Compares the expectations with `reported`: the check and the line (from 1, in the example) of every
    /// site that turned out a defect or a potential one. One message for each difference, with its place in
    /// the check file; none if they agree.
    pub fn mismatches<'a>(&self, owner: &Check, reported: impl IntoIterator<Item = (&'a str, u32)>) -> Vec<String> {
        self.differences(&format!("{}.md", owner.id), &self.compared(owner), reported)
    }

    /// Compares the expectations with what the `compared` checks reported; messages name `file`.
    pub fn differences<'a>(
        &self,
        file: &str,
        compared: &BTreeSet<&str>,
        reported: impl IntoIterator<Item = (&'a str, u32)>,
    ) -> Vec<String> {
        let expected: BTreeSet<(u32, &str)> =
            self.expectations.iter().map(|expectation| (expectation.line, expectation.check.as_str())).collect();
        let reported: BTreeSet<(u32, &str)> = reported
            .into_iter()
            .filter(|(check, _)| compared.contains(check))
            .map(|(check, line)| (line, check))
            .collect();
        expected
            .symmetric_difference(&reported)
            .map(|&(line, check)| {
                let what = if expected.contains(&(line, check)) {
                    "expected but not reported"
                } else {
                    "reported but not expected"
                };
                let code =
                    line.checked_sub(1).and_then(|index| self.code.lines().nth(index as usize)).unwrap_or_default();
                let place = (self.line + line).saturating_sub(1);
                format!("{file}:{place}: {check}: {what}: {}", code.trim())
            })
            .collect()
    }
}

/// A check, as its file describes it.
#[derive(Clone, PartialEq, Debug)]
pub struct Check {
    /// The id.
    pub id: String,
    /// The title in plain words.
    pub title: String,
    /// The area that it belongs to.
    pub area: Area,
    /// Weakness numbers, the most specific first.
    pub cwe: Vec<u32>,
    /// OWASP Top 10:2025 category, such as `A05:2025`.
    pub owasp: String,
    /// ASVS 5.0 requirement, where one applies.
    pub asvs: Option<String>,
    /// The severity that findings have.
    pub severity: Severity,
    /// The languages that it works for.
    pub languages: Vec<String>,
    /// How it finds its defects.
    pub analysis: Analysis,
    /// The sinks that it asks about.
    pub sinks: Vec<SinkKind>,
    /// The sources that it asks about.
    pub sources: Vec<SourceSet>,
    /// Which open places are one finding.
    pub grouping: Grouping,
    /// What one site is called in the ledger: `database call`.
    pub noun: String,
    /// The heading above all sites: `Database calls`.
    pub sites_title: String,
    /// What to do, with `{sink}`, `{source}` and `{value}` to be filled in.
    pub solution: String,
    /// The edits that close findings; the first that applies is taken.
    pub fixes: Vec<FixRule>,
    /// The first paragraph of the documentation, in one line.
    pub summary: String,
    /// The documentation, as Markdown.
    pub documentation: String,
    /// The examples in it.
    pub examples: Vec<Example>,
}

impl Check {
    /// The solution for one place: the API that is called there, where the data comes from, and the code of
    /// the value that arrives.
    pub fn solution_for(&self, sink: &str, source: &str, value: &str) -> String {
        let mut out = String::with_capacity(self.solution.len() + sink.len() + source.len() + value.len());
        let mut rest = self.solution.as_str();
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            out.push_str(before);
            let filled = [("{sink}", sink), ("{source}", source), ("{value}", value)]
                .into_iter()
                .find_map(|(name, text)| after.strip_prefix(name).map(|rest| (text, rest)));
            rest = if let Some((text, rest)) = filled {
                out.push_str(text);
                rest
            } else {
                out.push('{');
                &after[1..]
            };
        }
        out.push_str(rest);
        out
    }

    /// Whether data of `source` that gets to `sink` is what this check looks for.
    pub fn finds(&self, source: SourceKind, sink: SinkKind) -> bool {
        self.analysis == Analysis::Flow
            && self.sinks.contains(&sink)
            && self.sources.iter().any(|set| set.kinds().contains(&source))
    }
}

/// The catalogue and what is wrong with its files, both in the order of the files.
fn load() -> (Vec<Check>, Vec<CheckError>) {
    let (mut checks, mut errors) = (Vec::with_capacity(FILES.len()), Vec::new());
    for (name, text) in FILES {
        match parse_check(name, text) {
            Ok(check) => checks.push(check),
            Err(error) => errors.push(error),
        }
    }
    checks.sort_by(|a, b| a.id.cmp(&b.id));
    (checks, errors)
}

/// All checks of this version, in the order of their ids. Tests hold that every file is whole.
pub fn catalogue() -> &'static [Check] {
    static CATALOGUE: OnceLock<Vec<Check>> = OnceLock::new();
    CATALOGUE.get_or_init(|| load().0)
}

/// The check with this id.
pub fn check(id: &str) -> Option<&'static Check> {
    let catalogue = catalogue();
    catalogue.binary_search_by(|check| check.id.as_str().cmp(id)).ok().map(|index| &catalogue[index])
}

/// The check that looks for data of `source` at `sink`. There is at most one.
pub fn flow_check(source: SourceKind, sink: SinkKind) -> Option<&'static Check> {
    catalogue().iter().find(|check| check.finds(source, sink))
}

/// Every example with the check that it belongs to.
pub fn examples() -> impl Iterator<Item = (&'static Check, &'static Example)> {
    catalogue().iter().flat_map(|check| check.examples.iter().map(move |example| (check, example)))
}

/// What reports say of a check.
pub fn info(check: &Check) -> CheckInfo {
    CheckInfo {
        id: check.id.clone(),
        title: check.title.clone(),
        area: check.area,
        cwe: check.cwe.clone(),
        owasp: check.owasp.clone(),
        asvs: check.asvs.clone(),
        severity: check.severity,
        languages: check.languages.clone(),
        summary: check.summary.clone(),
        documentation: check.documentation.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_whole() {
        let (checks, errors) = load();
        let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(messages.is_empty(), "{}", messages.join("\n"));
        assert_eq!(checks.len(), FILES.len());
        for pair in checks.windows(2) {
            assert!(pair[0].id < pair[1].id);
        }
    }

    #[test]
    fn expectations_name_checks_that_exist() {
        for (owner, example) in examples() {
            for expectation in &example.expectations {
                let line = example.line + expectation.line - 1;
                assert!(
                    check(&expectation.check).is_some(),
                    "{}.md:{line}: no check `{}`",
                    owner.id,
                    expectation.check
                );
            }
        }
    }

    #[test]
    fn every_check_shows_a_defect_and_a_clean_program() {
        for check in catalogue() {
            let reports = |example: &&Example| example.expectations.iter().any(|expected| expected.check == check.id);
            assert!(check.examples.iter().any(|example| reports(&example)), "{}: no example of a defect", check.id);
            assert!(
                check.examples.iter().any(|example| example.expectations.is_empty()),
                "{}: no clean example",
                check.id
            );
        }
    }

    #[test]
    fn no_two_checks_look_for_the_same_flow() {
        for source in SourceKind::ALL {
            for sink in SinkKind::ALL {
                let found: Vec<&str> = catalogue()
                    .iter()
                    .filter(|check| check.finds(source, sink))
                    .map(|check| check.id.as_str())
                    .collect();
                assert!(found.len() <= 1, "{source} to {sink}: {found:?}");
            }
        }
    }

    #[test]
    fn every_sink_kind_has_a_check() {
        for sink in SinkKind::ALL {
            assert!(catalogue().iter().any(|check| check.sinks.contains(&sink)), "no check asks about {sink}");
        }
    }

    #[test]
    fn checks_are_found_by_id_and_by_flow() {
        let sql = check("sql-injection").expect("the check exists");
        assert_eq!((sql.area, &*sql.cwe), (Area::Injection, &[89][..]));
        assert_eq!(info(sql).title, sql.title);
        assert_eq!(check("sql"), None);
        let at = |source, sink| flow_check(source, sink).map(|check| check.id.as_str());
        assert_eq!(at(SourceKind::Remote, SinkKind::LogInjection), Some("log-injection"));
        assert_eq!(at(SourceKind::Secret, SinkKind::LogContent), Some("secret-in-log"));
        assert_eq!(at(SourceKind::Archive, SinkKind::PathInjection), Some("path-traversal"));
        assert_eq!(at(SourceKind::WeakRandom, SinkKind::SqlInjection), None);
    }

    #[test]
    fn solutions_are_filled_in() {
        let mut sql = check("sql-injection").expect("the check exists").clone();
        sql.solution = "Give `{sink}` {value} of {source}: {x}".to_owned();
        assert_eq!(sql.solution_for("{value}", "s", "v"), "Give `{value}` v of s: {x}");
    }

    #[test]
    fn differences_are_named_with_their_place() {
        let owner = check("sql-injection").expect("the check exists");
        let example = Example {
            language: "python".to_owned(),
            code: "a\nb  # expect: sql-injection\nc\n".to_owned(),
            line: 10,
            expectations: vec![Expectation { line: 2, check: "sql-injection".to_owned() }],
            fixed: None,
        };
        assert!(example.mismatches(owner, [("sql-injection", 2), ("log-injection", 1)]).is_empty());
        assert_eq!(
            example.mismatches(owner, [("sql-injection", 3)]),
            [
                "sql-injection.md:11: sql-injection: expected but not reported: b  # expect: sql-injection",
                "sql-injection.md:12: sql-injection: reported but not expected: c",
            ]
        );
    }
}
