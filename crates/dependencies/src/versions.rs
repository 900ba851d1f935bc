//! Versions that were put in order once, and sets of them by their places in that order.
//!
//! - A [`Table`] has the versions that the records of one package name, in their order. A version is read from its text when it is
//!   first compared, which of most never happens.
//! - [`Versions`] are some rows of a table. What lies within ranges is found by comparing a few rows with their ends.

use crate::codec::{Reader, Writer};
use crate::{Ecosystem, Ranges, Version};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Versions of one ecosystem in their order; equal ones stand side by side.
#[derive(Debug)]
pub(crate) struct Table {
    ecosystem: Ecosystem,
    texts: Box<str>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    start: u32,
    end: u32,
    prerelease: bool,
    version: OnceLock<Version>,
}

impl Table {
    fn of(ecosystem: Ecosystem, sorted: impl IntoIterator<Item = Version>) -> Self {
        let (mut texts, mut rows) = (String::new(), Vec::new());
        for version in sorted {
            let start = texts.len() as u32;
            texts.push_str(version.text());
            let (end, prerelease) = (texts.len() as u32, version.is_prerelease());
            rows.push(Row { start, end, prerelease, version: OnceLock::from(version) });
        }
        Self { ecosystem, texts: texts.into(), rows }
    }

    /// Writes versions that are in their order.
    pub(crate) fn write(writer: &mut Writer, sorted: &[(Version, &str)]) {
        writer.number(sorted.len() as u64);
        for (version, text) in sorted {
            writer.number((text.len() as u64) << 1 | u64::from(version.is_prerelease()));
        }
        writer.text(&sorted.iter().map(|(_, text)| *text).collect::<String>());
    }

    /// Reads what [`Table::write`] wrote; `None` when it is damaged.
    pub(crate) fn read(reader: &mut Reader<'_>, ecosystem: Ecosystem) -> Option<Self> {
        let count = reader.count()?;
        let mut rows = Vec::with_capacity(count);
        let mut start = 0u32;
        for _ in 0..count {
            let number = reader.number()?;
            let end = start.checked_add(u32::try_from(number >> 1).ok()?)?;
            rows.push(Row { start, end, prerelease: number & 1 != 0, version: OnceLock::new() });
            start = end;
        }
        let texts: Box<str> = reader.text()?.into();
        let whole = |row: &Row| texts.is_char_boundary(row.start as usize) && texts.is_char_boundary(row.end as usize);
        rows.iter().all(whole).then_some(Self { ecosystem, texts, rows })
    }

    fn text(&self, row: u32) -> &str {
        let found = self.rows.get(row as usize);
        found.and_then(|row| self.texts.get(row.start as usize..row.end as usize)).unwrap_or_default()
    }

    /// The version of a row, if there is such a row.
    pub(crate) fn version(&self, row: u32) -> Option<&Version> {
        let found = self.rows.get(row as usize)?;
        Some(found.version.get_or_init(|| Version::new(self.ecosystem, self.text(row))))
    }

    /// The first row from `rows` on that is not below `version`, or, `after` those equal to it, not below or equal.
    fn first(&self, rows: Range<u32>, version: &Version, after: bool) -> u32 {
        let (mut low, mut high) = (rows.start, rows.end);
        while low < high {
            let middle = low + (high - low) / 2;
            let below = self.version(middle).is_some_and(|one| if after { one <= version } else { one < version });
            if below {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The rows of `run` that lie between two ends.
    fn between(&self, run: &Range<u32>, low: &Bound<Version>, high: &Bound<Version>) -> Range<u32> {
        let start = match low {
            Unbounded => run.start,
            Included(version) => self.first(run.clone(), version, false),
            Excluded(version) => self.first(run.clone(), version, true),
        };
        let end = match high {
            Unbounded => run.end,
            Included(version) => self.first(start..run.end, version, true),
            Excluded(version) => self.first(start..run.end, version, false),
        };
        start..end
    }
}

/// A set of versions, in their order.
#[derive(Clone, Default)]
pub struct Versions {
    /// Absent when there are none.
    table: Option<Arc<Table>>,
    /// Rows, in their order; no two of them touch.
    runs: Vec<Range<u32>>,
}

impl Versions {
    /// One version.
    pub(crate) fn one(ecosystem: Ecosystem, version: &Version) -> Self {
        Self { table: Some(Arc::new(Table::of(ecosystem, [version.clone()]))), runs: std::iter::once(0..1).collect() }
    }

    /// These rows of a table, which need not be in order.
    pub(crate) fn of_runs(table: &Arc<Table>, mut runs: Vec<Range<u32>>) -> Self {
        let most = table.rows.len() as u32;
        runs.retain(|run| run.start < run.end && run.end <= most);
        runs.sort_by_key(|run| (run.start, run.end));
        let mut joined: Vec<Range<u32>> = Vec::with_capacity(runs.len());
        for run in runs {
            match joined.last_mut() {
                Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
                _ => joined.push(run),
            }
        }
        Self { table: Some(Arc::clone(table)), runs: joined }
    }

    fn rows(&self) -> impl DoubleEndedIterator<Item = (&Table, u32)> {
        self.table.iter().flat_map(|table| self.runs.iter().cloned().flatten().map(move |row| (&**table, row)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.runs.iter().map(|run| (run.end - run.start) as usize).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// From the lowest on.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.rows().filter_map(|(table, row)| table.version(row))
    }

    /// As they are written, from the lowest on. None of them is read for it.
    pub fn texts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.rows().map(|(table, row)| table.text(row))
    }

    /// The highest.
    pub fn last(&self) -> Option<&Version> {
        self.iter().next_back()
    }

    /// Whether `version` is among them.
    pub fn contains(&self, version: &Version) -> bool {
        let equal = |table: &Table| {
            let at = Included(version.clone());
            self.runs.iter().any(|run| !table.between(run, &at, &at).is_empty())
        };
        self.table.as_deref().is_some_and(equal)
    }

    /// Those that lie in `ranges`.
    #[must_use]
    pub fn within(&self, ranges: &Ranges<Version>) -> Self {
        let Some(table) = &self.table else { return Self::default() };
        let mut runs = Vec::new();
        for run in &self.runs {
            let mut rest = run.clone();
            for (low, high) in ranges.intervals() {
                let found = table.between(&rest, low, high);
                rest.start = found.end;
                if !found.is_empty() {
                    runs.push(found);
                }
                if rest.is_empty() {
                    break;
                }
            }
        }
        Self::of_runs(table, runs)
    }

    /// Those that are no pre-releases.
    #[must_use]
    pub fn releases(&self) -> Self {
        let Some(table) = &self.table else { return Self::default() };
        let release = |row: &u32| table.rows.get(*row as usize).is_some_and(|row| !row.prerelease);
        Self::of_runs(table, self.runs.iter().cloned().flatten().filter(release).map(|row| row..row + 1).collect())
    }

    /// All that are in one of the sets.
    pub(crate) fn union(ecosystem: Ecosystem, sets: &[&Self]) -> Self {
        let full: Vec<&Self> = sets.iter().copied().filter(|set| !set.is_empty()).collect();
        let (Some(first), rest) = (full.first(), full.get(1..).unwrap_or_default()) else { return Self::default() };
        let Some(table) = &first.table else { return Self::default() };
        if rest.is_empty() {
            return (*first).clone();
        }
        if rest.iter().all(|set| set.table.as_ref().is_some_and(|other| Arc::ptr_eq(table, other))) {
            return Self::of_runs(table, full.iter().flat_map(|set| set.runs.iter().cloned()).collect());
        }
        // From several sources.
        let mut all: Vec<Version> = full.iter().flat_map(|set| set.iter().cloned()).collect();
        all.sort();
        all.dedup();
        let table = Arc::new(Table::of(ecosystem, all));
        let count = table.rows.len() as u32;
        Self::of_runs(&table, std::iter::once(0..count).collect())
    }
}

impl fmt::Debug for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.texts()).finish()
    }
}

/// The rows of texts within a table that is in the making.
#[derive(Debug, Default)]
pub(crate) struct Rows<'a> {
    of_text: BTreeMap<&'a str, u32>,
    /// For each row the first that is equal to it.
    first: Vec<u32>,
}

impl<'a> Rows<'a> {
    /// Those of versions that are in their order.
    pub(crate) fn of(sorted: &[(Version, &'a str)]) -> Self {
        let mut rows = Self::default();
        for (index, (version, text)) in sorted.iter().enumerate() {
            let row = index as u32;
            let equal = index.checked_sub(1).filter(|before| sorted[*before].0 == *version);
            rows.first.push(equal.map_or(row, |before| rows.first[before]));
            rows.of_text.insert(text, row);
        }
        rows
    }

    /// The row of a text.
    pub(crate) fn row(&self, text: &str) -> Option<u32> {
        self.of_text.get(text).copied()
    }

    /// The rows of these texts as runs; of equal versions only the first.
    pub(crate) fn runs<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<Range<u32>> {
        let mut rows: Vec<u32> = texts.filter_map(|text| self.first.get(self.row(text)? as usize).copied()).collect();
        rows.sort_unstable();
        let mut runs: Vec<Range<u32>> = Vec::new();
        for row in rows {
            match runs.last_mut() {
                Some(last) if row <= last.end => last.end = last.end.max(row + 1),
                _ => runs.push(row..row + 1),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::new(Ecosystem::PyPI, text)
    }

    /// A table of these texts, written and read again.
    fn table(texts: &[&str]) -> Arc<Table> {
        let mut sorted: Vec<(Version, &str)> = texts.iter().map(|text| (version(text), *text)).collect();
        sorted.sort();
        let mut writer = Writer::default();
        Table::write(&mut writer, &sorted);
        Arc::new(Table::read(&mut Reader::new(&writer.bytes), Ecosystem::PyPI).expect("it reads what it wrote"))
    }

    fn all(table: &Arc<Table>) -> Versions {
        Versions::of_runs(table, std::iter::once(0..table.rows.len() as u32).collect())
    }

    fn shown(versions: &Versions) -> String {
        versions.texts().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_lies_within_ranges_is_what_they_contain() {
        let table = table(&["2.0", "1.0", "1.0rc1", "1.10", "1.9", "1.2.dev3", "nonsense!", "3.0"]);
        let set = all(&table);
        assert_eq!(shown(&set), "nonsense! 1.0rc1 1.0 1.2.dev3 1.9 1.10 2.0 3.0");
        assert_eq!(shown(&set.releases()), "nonsense! 1.0 1.9 1.10 2.0 3.0");
        let ends = ["0.1", "1.0", "1.9", "1.9.5", "2.0", "4.0"];
        let bounds = |text: &str| [Included(version(text)), Excluded(version(text)), Unbounded];
        for low in ends.iter().flat_map(|text| bounds(text)) {
            for high in ends.iter().flat_map(|text| bounds(text)) {
                let one = Ranges::between(low.clone(), high.clone());
                for ranges in [one.clone(), one.complement(), one.union(&Ranges::singleton(version("1.10")))] {
                    let expected: Vec<&str> =
                        set.iter().filter(|version| ranges.contains(version)).map(Version::text).collect();
                    assert_eq!(shown(&set.within(&ranges)), expected.join(" "), "{ranges:?}");
                }
            }
        }
        assert!(set.contains(&version("1.9.0")) && !set.contains(&version("1.11")));
    }

    #[test]
    fn only_what_is_compared_is_read() {
        let texts: Vec<String> = (0..1000).map(|number| format!("1.{number}")).collect();
        let table = table(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(all(&table).contains(&version("1.500")));
        let found = all(&table).within(&Ranges::between(Included(version("1.990")), Unbounded));
        assert_eq!((found.len(), found.texts().next_back()), (10, Some("1.999")));
        let read = table.rows.iter().filter(|row| row.version.get().is_some()).count();
        assert!(read < 50, "{read} of 1000 were read");
    }

    #[test]
    fn sets_of_one_table_and_of_several_are_joined() {
        let table = table(&["1.0", "1.1", "1.2", "1.3"]);
        let set = |runs: &[Range<u32>]| Versions::of_runs(&table, runs.to_vec());
        let (one, two) = (set(&[0..1, 3..4]), set(&[1..2, 2..2]));
        assert_eq!(shown(&Versions::union(Ecosystem::PyPI, &[&one, &two])), "1.0 1.1 1.3");
        let other = Versions::one(Ecosystem::PyPI, &version("1.1.0"));
        assert_eq!(shown(&Versions::union(Ecosystem::PyPI, &[&one, &two, &other])), "1.0 1.1 1.3");
        assert_eq!(shown(&Versions::union(Ecosystem::PyPI, &[&Versions::default(), &other])), "1.1.0");
        assert!(Versions::union(Ecosystem::PyPI, &[]).is_empty());
    }

    #[test]
    fn of_equal_versions_one_is_named() {
        let mut sorted: Vec<(Version, &str)> = ["1.0.0", "2", "1.0", "1"].map(|text| (version(text), text)).to_vec();
        sorted.sort();
        let rows = Rows::of(&sorted);
        assert_eq!(rows.runs(["1.0.0", "1", "2"].into_iter()), [0..1, 3..4]);
        assert_ne!(rows.row("1.0.0"), rows.row("1"));
    }

    #[test]
    fn damaged_tables_are_refused() {
        let mut writer = Writer::default();
        Table::write(&mut writer, &[(version("1.0"), "1.0"), (version("2.0"), "2.0")]);
        for length in 0..writer.bytes.len() {
            assert!(Table::read(&mut Reader::new(&writer.bytes[..length]), Ecosystem::PyPI).is_none(), "{length}");
        }
        let mut longer = writer.bytes.clone();
        longer[1] = 0x7e;
        assert!(Table::read(&mut Reader::new(&longer), Ecosystem::PyPI).is_none());
    }
}
