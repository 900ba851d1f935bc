//! Advisories in the forms in which they are published: records of the OSV schema, and RustSec's Markdown.
//!
//! - An [`Advisory`] is one record. It names packages ([`Affected`]) with the versions that have the defect.
//! - *Events* say where on the line of versions the defect begins and ends: `introduced`, `fixed` (without that
//!   version), `last_affected` (with it), `limit` (nothing is said from there on).
//! - *Withdrawn* advisories are kept, so that a report can say so, and never count.

use crate::{Ecosystem, Ranges, Version, cvss};
use serde::Deserialize;
use std::ops::Bound::{Excluded, Included, Unbounded};

/// How bad an advisory says that it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Level {
    /// It does not say.
    #[default]
    Unknown,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl Level {
    /// All, from the lowest.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word that reports use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level that a word of a database means (`MODERATE`, `HIGH`).
    pub fn from_word(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "low" => Self::Low,
            "medium" | "moderate" => Self::Medium,
            "high" | "important" => Self::High,
            "critical" => Self::Critical,
            _ => Self::Unknown,
        }
    }
}

/// Where on the line of versions something changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The defect is there from this version on; `0` means from the start.
    Introduced(String),
    /// It is gone from this version on.
    Fixed(String),
    /// This is the last version that has it.
    LastAffected(String),
    /// Nothing is said about this version and those after it.
    Limit(String),
}

/// Functions that have the defect.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Symbols {
    /// The module, package or crate path that holds them.
    pub module: String,
    /// Their names in it; none means all of it.
    pub names: Vec<String>,
}

/// What an advisory says of one package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Affected {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The package in the ecosystem's one form.
    pub name: String,
    /// Each with its events, as published.
    pub ranges: Vec<Vec<Event>>,
    /// Versions named one by one.
    pub versions: Vec<String>,
    /// Functions with the defect, where the advisory names them.
    pub symbols: Vec<Symbols>,
    /// Whether a range of commits is given, which no version can be compared with.
    pub git: bool,
}

/// One advisory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Advisory {
    /// Its identifier.
    pub id: String,
    /// Other identifiers of the same defect.
    pub aliases: Vec<String>,
    /// When it was withdrawn.
    pub withdrawn: Option<String>,
    /// When it was published.
    pub published: String,
    /// When it was last changed.
    pub modified: String,
    /// One line.
    pub summary: String,
    /// The whole text.
    pub details: String,
    /// How bad.
    pub level: Level,
    /// The CVSS vector, where one is given.
    pub cvss: String,
    /// `unmaintained` and the like: not a defect of the code, but worth knowing.
    pub informational: Option<String>,
    /// Whether the vendor disputes it.
    pub disputed: bool,
    /// Addresses of reports and fixes.
    pub references: Vec<String>,
    /// The packages.
    pub affected: Vec<Affected>,
}

#[derive(Deserialize)]
struct Record {
    id: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    withdrawn: Option<String>,
    #[serde(default)]
    published: String,
    #[serde(default)]
    modified: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    details: String,
    #[serde(default)]
    severity: Vec<RecordSeverity>,
    #[serde(default)]
    affected: Vec<RecordAffected>,
    #[serde(default)]
    references: Vec<RecordReference>,
    #[serde(default)]
    database_specific: Option<Specific>,
}

#[derive(Deserialize, Default)]
struct Specific {
    #[serde(default)]
    severity: Option<serde_json::Value>,
    #[serde(default)]
    informational: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct RecordSeverity {
    #[serde(default)]
    score: String,
}

#[derive(Deserialize)]
struct RecordReference {
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct RecordAffected {
    #[serde(default)]
    package: Option<RecordPackage>,
    #[serde(default)]
    ranges: Vec<RecordRange>,
    #[serde(default)]
    versions: Vec<String>,
    #[serde(default)]
    severity: Vec<RecordSeverity>,
    #[serde(default)]
    ecosystem_specific: Option<EcosystemSpecific>,
    #[serde(default)]
    database_specific: Option<Specific>,
}

#[derive(Deserialize)]
struct RecordPackage {
    #[serde(default)]
    ecosystem: String,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct RecordRange {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    events: Vec<RecordEvent>,
}

#[derive(Deserialize)]
struct RecordEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

#[derive(Deserialize, Default)]
struct EcosystemSpecific {
    #[serde(default)]
    imports: Vec<Import>,
    #[serde(default)]
    affects: Option<Affects>,
}

#[derive(Deserialize)]
struct Import {
    #[serde(default)]
    path: String,
    #[serde(default)]
    symbols: Vec<String>,
}

#[derive(Deserialize)]
struct Affects {
    #[serde(default)]
    functions: Vec<String>,
}

/// Reads a record of the OSV schema.
///
/// # Errors
/// When it is no such record, in words.
pub fn parse_osv(json: &[u8]) -> Result<Advisory, String> {
    let record: Record = serde_json::from_slice(json).map_err(|error| format!("no OSV record: {error}"))?;
    if record.id.trim().is_empty() {
        return Err("no OSV record: its `id` is empty".to_owned());
    }
    let mut cvss = record.severity.iter().map(|one| one.score.clone()).next().unwrap_or_default();
    let mut level = record.severity.iter().filter_map(|one| cvss::level(&one.score)).max();
    let word = |specific: &Option<Specific>| {
        let severity = specific.as_ref()?.severity.as_ref()?.as_str()?;
        Some(Level::from_word(severity)).filter(|level| *level != Level::Unknown)
    };
    level = level.or_else(|| word(&record.database_specific));
    let informational =
        |specific: &Option<Specific>| Some(specific.as_ref()?.informational.as_ref()?.as_str()?.to_owned());
    let mut note = informational(&record.database_specific);
    let mut affected: Vec<Affected> = Vec::new();
    for one in record.affected {
        note = note.or_else(|| informational(&one.database_specific));
        level = level
            .or_else(|| one.severity.iter().filter_map(|one| cvss::level(&one.score)).max())
            .or_else(|| word(&one.database_specific));
        if cvss.is_empty() {
            cvss = one.severity.iter().map(|one| one.score.clone()).next().unwrap_or_default();
        }
        let Some(package) = one.package else { continue };
        let Some(ecosystem) = Ecosystem::from_osv(&package.ecosystem) else { continue };
        let mut name = ecosystem.normalise(&package.name);
        // What is affected, and repaired, differs between releases of Debian.
        if let (Ecosystem::Debian, Some((_, release))) = (ecosystem, package.ecosystem.split_once(':')) {
            name = format!("{release}:{name}");
        }
        let specific = one.ecosystem_specific.unwrap_or_default();
        let mut symbols: Vec<Symbols> =
            specific.imports.into_iter().map(|import| Symbols { module: import.path, names: import.symbols }).collect();
        symbols.extend(specific.affects.into_iter().flat_map(|affects| affects.functions).map(|path| function(&path)));
        let git = one.ranges.iter().any(|range| range.kind == "GIT");
        let ranges = one.ranges.into_iter().filter(|range| range.kind != "GIT");
        let ranges: Vec<Vec<Event>> = ranges.map(|range| range.events.into_iter().flat_map(events).collect()).collect();
        push(&mut affected, Affected { ecosystem, name, ranges, versions: one.versions, symbols, git });
    }
    let disputed = is_disputed(&record.summary) || is_disputed(&record.details);
    Ok(Advisory {
        id: record.id,
        aliases: record.aliases,
        withdrawn: record.withdrawn,
        published: record.published,
        modified: record.modified,
        summary: record.summary,
        details: record.details,
        level: level.unwrap_or_default(),
        cvss,
        informational: note,
        disputed,
        references: record.references.into_iter().map(|reference| reference.url).collect(),
        affected,
    })
}

/// The mark that the CVE list puts before the text of a disputed entry.
fn is_disputed(text: &str) -> bool {
    let start: String = text.chars().take(80).collect();
    start.to_ascii_uppercase().contains("** DISPUTED **")
}

fn events(event: RecordEvent) -> impl Iterator<Item = Event> {
    [
        event.introduced.map(Event::Introduced),
        event.fixed.map(Event::Fixed),
        event.last_affected.map(Event::LastAffected),
        event.limit.map(Event::Limit),
    ]
    .into_iter()
    .flatten()
}

/// Adds what is said of a package to what was said of it before.
fn push(all: &mut Vec<Affected>, new: Affected) {
    match all.iter_mut().find(|one| one.ecosystem == new.ecosystem && one.name == new.name) {
        Some(one) => {
            one.ranges.extend(new.ranges);
            one.versions.extend(new.versions);
            one.symbols.extend(new.symbols);
            one.git |= new.git;
        }
        None => all.push(new),
    }
}

fn function(path: &str) -> Symbols {
    match path.rsplit_once("::") {
        Some((module, name)) => Symbols { module: module.to_owned(), names: vec![name.to_owned()] },
        None => Symbols { module: path.to_owned(), names: Vec::new() },
    }
}

/// The versions that ranges of events say are affected.
pub(crate) fn affected_ranges(ecosystem: Ecosystem, ranges: &[Vec<Event>]) -> Ranges<Version> {
    let mut all = Ranges::empty();
    for events in ranges {
        all = all.union(&one_range(ecosystem, events));
    }
    all
}

/// Events in the order of their versions open and close intervals; limits cut them.
fn one_range(ecosystem: Ecosystem, events: &[Event]) -> Ranges<Version> {
    let mut limits: Vec<Version> = Vec::new();
    // `None` is the start of the line.
    let mut points: Vec<(Option<Version>, &Event)> = Vec::new();
    for event in events {
        match event {
            Event::Limit(text) if text == "*" => {}
            Event::Limit(text) => limits.push(Version::new(ecosystem, text)),
            Event::Introduced(text) if text == "0" => points.push((None, event)),
            Event::Introduced(text) | Event::Fixed(text) | Event::LastAffected(text) => {
                points.push((Some(Version::new(ecosystem, text)), event));
            }
        }
    }
    points.sort_by(|a, b| a.0.cmp(&b.0));
    let mut intervals = Vec::new();
    let mut open = None;
    for (version, event) in points {
        let low = || version.clone().map_or(Unbounded, Included);
        match event {
            Event::Introduced(_) if open.is_none() => open = Some(low()),
            Event::Introduced(_) | Event::Limit(_) => {}
            Event::Fixed(_) => {
                if let (Some(low), Some(version)) = (open.take(), version) {
                    intervals.push((low, Excluded(version)));
                }
            }
            Event::LastAffected(_) => {
                if let (Some(low), Some(version)) = (open.take(), version) {
                    intervals.push((low, Included(version)));
                }
            }
        }
    }
    if let Some(low) = open {
        intervals.push((low, Unbounded));
    }
    let ranges: Ranges<Version> = intervals.into_iter().collect();
    match limits.into_iter().max() {
        Some(limit) => ranges.intersection(&Ranges::between(Unbounded, Excluded(limit))),
        None => ranges,
    }
}

/// Reads an advisory as RustSec keeps it: TOML in a fence, then Markdown with a title.
///
/// # Errors
/// What is wrong, in words.
pub fn parse_rustsec(text: &str) -> Result<Advisory, String> {
    let rest = text.trim_start().strip_prefix("```toml").ok_or("no TOML in front of the text")?;
    let (front, body) = rest.split_once("\n```").ok_or("the TOML in front has no end")?;
    let table: toml::Table = front.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let advisory = table.get("advisory").and_then(toml::Value::as_table).ok_or("`[advisory]` is missing")?;
    let word = |key: &str| advisory.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
    let words = |table: &toml::Table, key: &str| -> Vec<String> {
        let list = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        list.filter_map(toml::Value::as_str).map(str::to_owned).collect()
    };
    let (id, package) = (word("id"), word("package"));
    if id.is_empty() || package.is_empty() {
        return Err("`id` or `package` is missing".to_owned());
    }
    let mut harmless = Ranges::empty();
    if let Some(versions) = table.get("versions").and_then(toml::Value::as_table) {
        for key in ["patched", "unaffected"] {
            for requirement in words(versions, key) {
                let requirement = crate::Requirement::new(Ecosystem::Rust, &requirement)?;
                harmless = harmless.union(&requirement.ranges);
            }
        }
    }
    let mut symbols = Vec::new();
    if let Some(functions) =
        table.get("affected").and_then(|affected| affected.get("functions")).and_then(toml::Value::as_table)
    {
        symbols = functions.keys().map(|path| function(path)).collect();
        symbols.sort();
    }
    let body = body.trim_start_matches('`').trim();
    let (title, details) = match body.strip_prefix("# ") {
        Some(rest) => rest.split_once('\n').unwrap_or((rest, "")),
        None => ("", body),
    };
    let date = match advisory.get("date") {
        Some(toml::Value::String(text)) => text.clone(),
        Some(toml::Value::Datetime(date)) => date.to_string(),
        _ => String::new(),
    };
    let cvss = word("cvss");
    let mut references = words(advisory, "references");
    references.extend(Some(word("url")).filter(|url| !url.is_empty()));
    Ok(Advisory {
        level: cvss::level(&cvss).unwrap_or_default(),
        cvss,
        aliases: words(advisory, "aliases"),
        withdrawn: Some(word("withdrawn")).filter(|date| !date.is_empty()),
        published: date.clone(),
        modified: date,
        summary: title.trim().to_owned(),
        details: details.trim().to_owned(),
        informational: Some(word("informational")).filter(|kind| !kind.is_empty()),
        disputed: false,
        references,
        affected: vec![Affected {
            ecosystem: Ecosystem::Rust,
            name: package,
            ranges: events_of(&harmless.complement()),
            versions: Vec::new(),
            symbols,
            git: false,
        }],
        id,
    })
}

/// Intervals as events.
fn events_of(ranges: &Ranges<Version>) -> Vec<Vec<Event>> {
    ranges
        .intervals()
        .iter()
        .map(|(low, high)| {
            let low = match low {
                Unbounded => "0".to_owned(),
                Included(version) => version.text().to_owned(),
                Excluded(version) => after(version),
            };
            let high = match high {
                Unbounded => None,
                Excluded(version) => Some(Event::Fixed(version.text().to_owned())),
                Included(version) => Some(Event::LastAffected(version.text().to_owned())),
            };
            [Some(Event::Introduced(low)), high].into_iter().flatten().collect()
        })
        .collect()
}

/// The first version above a semantic one: nothing lies between.
fn after(version: &Version) -> String {
    let text = version.text();
    if text.contains('-') {
        return format!("{text}.0");
    }
    match text.rsplit_once('.') {
        Some((rest, last)) => format!("{rest}.{}-0", last.parse::<u64>().map_or(u64::MAX, |n| n.saturating_add(1))),
        None => text.to_owned(),
    }
}
