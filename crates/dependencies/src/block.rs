//! What the index holds of one package: the versions that its advisories name, and what each of them says of those.

use crate::codec::{Reader, Writer};
use crate::osv::{Advisory, Affected, Event, Level, Symbols, affected_ranges};
use crate::versions::{Rows, Table, Versions};
use crate::{Ecosystem, Ranges, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::ops::Range;
use std::sync::Arc;

/// The vendor disputes it.
const DISPUTED: u8 = 1;
/// It gives a range of commits.
const GIT: u8 = 2;
/// It was withdrawn.
const WITHDRAWN: u8 = 4;

/// What an advisory says of one package.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its identifier.
    pub id: String,
    /// Other identifiers of the same defect.
    pub aliases: Vec<String>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// When it was last changed, as the digits of the date and time.
    pub(crate) modified: u64,
    /// How bad.
    pub level: Level,
    /// `unmaintained` and the like.
    pub informational: Option<String>,
    /// Whether the vendor disputes it.
    pub disputed: bool,
    /// Versions named one by one.
    pub versions: Versions,
    /// What is affected: by its ranges, and what it names besides.
    pub affected: Ranges<Version>,
    /// Versions that it says repair the defect.
    pub repaired: Versions,
    /// Whether a range of commits is given.
    pub git: bool,
    /// Functions with the defect: a line for each module, its name and theirs with tabs between.
    symbols: String,
    /// The number of its section, and where in that its text lies.
    pub(crate) section: usize,
    pub(crate) prose: (u64, u32),
}

impl Known {
    /// Functions with the defect.
    pub fn symbols(&self) -> impl Iterator<Item = Symbols> {
        self.symbols.lines().filter_map(|line| {
            let mut names = line.split('\t').map(str::to_owned);
            Some(Symbols { module: names.next()?, names: names.collect() })
        })
    }
}

/// Reads a block; `None` when it is damaged.
pub(crate) fn read(block: &[u8], section: usize, ecosystem: Ecosystem, found: &mut Vec<Known>) -> Option<()> {
    let mut reader = Reader::new(block);
    let table = Arc::new(Table::read(&mut reader, ecosystem)?);
    for _ in 0..reader.count()? {
        let id = reader.text()?.to_owned();
        let aliases = reader.texts()?;
        let modified = reader.number()?;
        let level = *Level::ALL.get(usize::from(reader.byte()?))?;
        let informational = Some(reader.text()?).filter(|text| !text.is_empty()).map(str::to_owned);
        let flags = reader.byte()?;
        let versions = Versions::of_runs(&table, read_runs(&mut reader)?);
        let repaired = Versions::of_runs(&table, read_runs(&mut reader)?);
        let mut intervals = Vec::new();
        for _ in 0..reader.count()? {
            intervals.push((read_bound(&mut reader, &table)?, read_bound(&mut reader, &table)?));
        }
        let symbols = reader.text()?.to_owned();
        let prose = (reader.number()?, u32::try_from(reader.number()?).ok()?);
        found.push(Known {
            id,
            aliases,
            withdrawn: flags & WITHDRAWN != 0,
            modified,
            level,
            informational,
            disputed: flags & DISPUTED != 0,
            versions,
            affected: intervals.into_iter().collect(),
            repaired,
            git: flags & GIT != 0,
            symbols,
            section,
            prose,
        });
    }
    Some(())
}

fn read_runs(reader: &mut Reader<'_>) -> Option<Vec<Range<u32>>> {
    let mut at = 0u32;
    let count = reader.count()?;
    let mut runs = Vec::with_capacity(count);
    for _ in 0..count {
        let start = at.checked_add(u32::try_from(reader.number()?).ok()?)?;
        at = start.checked_add(u32::try_from(reader.number()?).ok()?)?;
        runs.push(start..at);
    }
    Some(runs)
}

fn write_runs(writer: &mut Writer, runs: &[Range<u32>]) {
    writer.number(runs.len() as u64);
    let mut at = 0;
    for run in runs {
        writer.number(u64::from(run.start - at));
        writer.number(u64::from(run.end - run.start));
        at = run.end;
    }
}

fn read_bound(reader: &mut Reader<'_>, table: &Table) -> Option<Bound<Version>> {
    let number = reader.number()?;
    let version = || table.version(u32::try_from(number >> 2).ok()?).cloned();
    match number & 3 {
        0 => Some(Unbounded),
        1 => Some(Included(version()?)),
        2 => Some(Excluded(version()?)),
        _ => None,
    }
}

fn write_bound(writer: &mut Writer, bound: &Bound<Version>, rows: &Rows<'_>) {
    // Every end has its row.
    let row = |version: &Version| u64::from(rows.row(version.text()).unwrap_or(u32::MAX)) << 2;
    writer.number(match bound {
        Unbounded => 0,
        Included(version) => row(version) | 1,
        Excluded(version) => row(version) | 2,
    });
}

/// What the ranges say, and versions that are named and lie in none of them.
fn all_affected(ecosystem: Ecosystem, affected: &Affected) -> Ranges<Version> {
    let ranges = affected_ranges(ecosystem, &affected.ranges);
    let named = named(affected).map(|text| Version::new(ecosystem, text));
    let loose: Ranges<Version> = named
        .filter(|version| !ranges.contains(version))
        .map(|version| (Included(version.clone()), Included(version)))
        .collect();
    Ranges::all_of([&ranges, &loose])
}

/// Versions that are named one by one, as they are written.
fn named(affected: &Affected) -> impl Iterator<Item = &str> {
    affected.versions.iter().map(|text| text.trim())
}

/// Versions that repair a defect, as they are written.
fn repairs(affected: &Affected) -> impl Iterator<Item = &str> {
    affected.ranges.iter().flatten().filter_map(|event| match event {
        Event::Fixed(text) => Some(text.trim()),
        _ => None,
    })
}

/// A date and time as the number of its digits, down to the second: later ones are greater.
fn moment(text: &str) -> u64 {
    let digits = text.bytes().filter(u8::is_ascii_digit).chain(std::iter::repeat(b'0')).take(14);
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

fn write_symbols(symbols: &[Symbols]) -> String {
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let line = |one: &Symbols| {
        let names = one.names.iter().map(|name| format!("\t{}", plain(name)));
        plain(&one.module) + &names.collect::<String>()
    };
    symbols.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The versions of all advisories once, in their order; advisories count in them. `prose_of` says where the text of each lies.
pub(crate) fn write(
    ecosystem: Ecosystem,
    list: &[(&Advisory, &Affected)],
    prose_of: &BTreeMap<&str, (u64, u32)>,
) -> Writer {
    let ranges: Vec<Ranges<Version>> = list.iter().map(|(_, affected)| all_affected(ecosystem, affected)).collect();
    let ends = ranges.iter().flat_map(Ranges::intervals).flat_map(|(low, high)| [low, high]);
    let ends = ends.filter_map(|end| match end {
        Included(version) | Excluded(version) => Some(version.text()),
        Unbounded => None,
    });
    let texts: BTreeSet<&str> =
        list.iter().flat_map(|(_, affected)| named(affected).chain(repairs(affected))).chain(ends).collect();
    let mut table: Vec<(Version, &str)> = texts.into_iter().map(|text| (Version::new(ecosystem, text), text)).collect();
    table.sort();
    let rows = Rows::of(&table);
    let mut writer = Writer::default();
    Table::write(&mut writer, &table);
    writer.number(list.len() as u64);
    for ((advisory, affected), ranges) in list.iter().zip(&ranges) {
        writer.text(&advisory.id);
        writer.texts(&advisory.aliases);
        writer.number(moment(&advisory.modified));
        writer.byte(advisory.level as u8);
        writer.text(advisory.informational.as_deref().unwrap_or_default());
        let flag = |is: bool, flag: u8| if is { flag } else { 0 };
        let withdrawn = flag(advisory.withdrawn.is_some(), WITHDRAWN);
        writer.byte(flag(advisory.disputed, DISPUTED) | flag(affected.git, GIT) | withdrawn);
        write_runs(&mut writer, &rows.runs(named(affected)));
        write_runs(&mut writer, &rows.runs(repairs(affected)));
        writer.number(ranges.intervals().len() as u64);
        for (low, high) in ranges.intervals() {
            write_bound(&mut writer, low, &rows);
            write_bound(&mut writer, high, &rows);
        }
        writer.text(&write_symbols(&affected.symbols));
        let prose = prose_of.get(advisory.id.as_str()).copied().unwrap_or_default();
        writer.number(prose.0);
        writer.number(u64::from(prose.1));
    }
    writer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_moments_are_greater() {
        let texts = ["", "2025-12-31", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z"];
        let moments = texts.map(moment);
        assert!(moments.is_sorted() && moments[0] < moments[1] && moments[3] < moments[4], "{moments:?}");
    }

    #[test]
    fn symbols_come_back_as_they_were() {
        let one = |module: &str, names: &[&str]| Symbols {
            module: module.to_owned(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let symbols = vec![one("a/b", &["f", "T.g"]), one("c", &[])];
        let affected = Affected {
            ecosystem: Ecosystem::Go,
            name: "x".to_owned(),
            ranges: Vec::new(),
            versions: vec!["v1.0.0".to_owned()],
            symbols: symbols.clone(),
            git: true,
        };
        let advisory = Advisory { id: "A".to_owned(), ..Advisory::default() };
        let written = write(Ecosystem::Go, &[(&advisory, &affected)], &BTreeMap::new());
        let mut found = Vec::new();
        read(&written.bytes, 3, Ecosystem::Go, &mut found).expect("it reads what it wrote");
        assert_eq!(found[0].symbols().collect::<Vec<_>>(), symbols);
        assert!(found[0].git && !found[0].disputed && !found[0].withdrawn && found[0].section == 3);
        for length in 0..written.bytes.len() {
            assert!(read(&written.bytes[..length], 0, Ecosystem::Go, &mut Vec::new()).is_none(), "{length}");
        }
    }
}
