//! Advisories compiled to one file that is opened by a few reads, however large it is.
//!
//! - A *section* holds what one source says of one ecosystem. It is self-contained, so that replacing a
//!   source copies the other sections as they are.
//! - A section has a sorted *directory* of package names, a *block* for each package (versions, ranges, symbols) and the
//!   *prose* of each advisory, which is read for hits only.
//! - All numbers are little-endian or of variable length; every block ends in a checksum. Reading never trusts a length.
//!
//! ```text
//! magic 8 · format 4 · header length 4 · file length 8 · header checksum 4 · header · sections
//! section: block … prose … directory (24 bytes an entry) names
//! ```

use crate::Ecosystem;
use crate::block::{self, Known};
use crate::codec::{Reader, Writer, checksum};
use crate::osv::{Advisory, Affected};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::OnceLock;

const MAGIC: &[u8; 8] = b"ASSAYADV";
/// Changes with everything that changes the form of the file.
const FORMAT: u32 = 3;
const PREFIX: usize = 28;
const ENTRY: usize = 24;
/// Largest block that is read.
const MAX_BLOCK: u32 = 64 * 1024 * 1024;

/// Bytes that can be read at any place.
pub trait ReadAt: Send + Sync {
    /// Fills `buffer` from `offset` on.
    ///
    /// # Errors
    /// When the bytes are not there or may not be read.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// How many bytes there are.
    ///
    /// # Errors
    /// When the system does not tell.
    fn size(&self) -> io::Result<u64>;
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(buffer.len());
        let bytes = self.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

/// Why a database cannot be used.
#[derive(Debug)]
pub enum DatabaseError {
    /// It could not be read.
    Io(io::Error),
    /// It is another kind of file.
    Foreign,
    /// It was written by a version of the tool with another format.
    Format(u32),
    /// It is shorter than it says, or its checksums do not fit.
    Corrupt(&'static str),
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Foreign => f.write_str("no advisory database"),
            Self::Format(found) => write!(
                f,
                "format {found} of the advisory database, and this version reads format {FORMAT}: import the data anew"
            ),
            Self::Corrupt(what) => write!(f, "the advisory database is damaged ({what}): import the data anew"),
        }
    }
}

impl std::error::Error for DatabaseError {}

impl From<io::Error> for DatabaseError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Corrupt("it is cut off") } else { Self::Io(error) }
    }
}

/// Where the data of a section comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceInfo {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The file, folder or address that it was read from.
    pub source: String,
    /// The day of import, `2026-01-31`.
    pub imported: String,
    /// The newest change of any record, a date and time.
    pub newest: String,
    /// What the server called this state of the data, for asking whether it has changed.
    pub tag: String,
    /// Records.
    pub records: u64,
    /// Records that were withdrawn.
    pub withdrawn: u64,
    /// Packages that records name.
    pub packages: u64,
    /// Files of the source that were no records.
    pub unreadable: u64,
}

struct Section {
    info: SourceInfo,
    offset: u64,
    length: u64,
    directory: u64,
    entries: u32,
    names: OnceLock<Vec<u8>>,
}

/// The text of an advisory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Prose {
    /// One line; all of the text where there is no such line.
    pub summary: String,
    /// Addresses, each on a line.
    references: String,
}

impl Prose {
    /// Addresses.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.references.lines()
    }
}

/// The texts of several advisories, which lie side by side.
#[derive(Debug)]
pub struct Texts<'a> {
    database: &'a Database,
    section: usize,
    /// Where in the section `bytes` begin.
    start: u64,
    bytes: Vec<u8>,
}

impl Texts<'_> {
    /// The text of an advisory.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged.
    pub fn prose(&self, known: &Known) -> Result<Prose, DatabaseError> {
        let (offset, length) = known.prose;
        let here = offset.checked_sub(self.start).filter(|_| known.section == self.section);
        let here =
            here.and_then(|at| usize::try_from(at).ok()).and_then(|at| self.bytes.get(at..)?.get(..length as usize));
        let prose = if let Some(block) = here {
            read_prose(sound(block)?)
        } else {
            let section = self.database.sections.get(known.section);
            let section = section.ok_or(DatabaseError::Corrupt("no such section"))?;
            read_prose(&self.database.block(section, offset, length)?)
        };
        prose.ok_or(DatabaseError::Corrupt("an advisory's text"))
    }
}

/// A database that is open.
pub struct Database {
    file: Box<dyn ReadAt>,
    sections: Vec<Section>,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.sections.iter().map(|section| &section.info)).finish()
    }
}

impl Database {
    /// Opens a database. Only its header is read.
    ///
    /// # Errors
    /// When it is none, of another format, or damaged.
    pub fn open(file: Box<dyn ReadAt>) -> Result<Self, DatabaseError> {
        let size = file.size()?;
        let mut prefix = [0; PREFIX];
        if size < PREFIX as u64 {
            return Err(DatabaseError::Foreign);
        }
        file.read_at(0, &mut prefix)?;
        if &prefix[..8] != MAGIC {
            return Err(DatabaseError::Foreign);
        }
        let word = |at: usize| u32::from_le_bytes([prefix[at], prefix[at + 1], prefix[at + 2], prefix[at + 3]]);
        if word(8) != FORMAT {
            return Err(DatabaseError::Format(word(8)));
        }
        let length = u64::from(word(16)) | u64::from(word(20)) << 32;
        if length != size {
            return Err(DatabaseError::Corrupt("it is not as long as it says"));
        }
        let mut header = buffer(word(12), size)?;
        file.read_at(PREFIX as u64, &mut header)?;
        if checksum(&header) != word(24) {
            return Err(DatabaseError::Corrupt("checksum of the header"));
        }
        let sections = read_header(&header).ok_or(DatabaseError::Corrupt("header"))?;
        let inside = |section: &Section| {
            section.offset.checked_add(section.length).is_some_and(|end| end <= size)
                && section.directory <= section.length
                && section.directory + u64::from(section.entries) * ENTRY as u64 <= section.length
        };
        if !sections.iter().all(inside) {
            return Err(DatabaseError::Corrupt("a section lies outside"));
        }
        Ok(Self { file, sections })
    }

    /// What the database holds: one entry for each ecosystem and source.
    pub fn sources(&self) -> impl Iterator<Item = &SourceInfo> {
        self.sections.iter().map(|section| &section.info)
    }

    /// Whether there is data of this ecosystem.
    pub fn covers(&self, ecosystem: Ecosystem) -> bool {
        self.sources().any(|info| info.ecosystem == ecosystem)
    }

    /// What is known against a package, in the order of identifiers; every source's statements, not yet merged.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged.
    pub fn lookup(&self, ecosystem: Ecosystem, name: &str) -> Result<Vec<Known>, DatabaseError> {
        let mut found = Vec::new();
        for (index, section) in self.sections.iter().enumerate() {
            if section.info.ecosystem != ecosystem {
                continue;
            }
            let names = self.directory(section)?;
            let Some((offset, length)) = find(names, section.entries as usize, name) else { continue };
            let block = self.block(section, offset, length)?;
            block::read(&block, index, ecosystem, &mut found).ok_or(DatabaseError::Corrupt("a package's block"))?;
        }
        found.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| b.modified.cmp(&a.modified)));
        // The same record from two sources: the newer one speaks.
        found.dedup_by(|later, first| later.id == first.id);
        Ok(found)
    }

    /// The texts of these advisories. Those that lie close together are read at once; the others one by one, when they are asked for.
    pub fn texts<'k>(&self, list: impl Iterator<Item = &'k Known>) -> Texts<'_> {
        let mut texts = Texts { database: self, section: usize::MAX, start: 0, bytes: Vec::new() };
        let (mut end, mut sum) = (0, 0);
        for known in list {
            let (offset, length) = known.prose;
            if texts.section == usize::MAX {
                (texts.section, texts.start) = (known.section, offset);
            }
            if known.section == texts.section {
                texts.start = texts.start.min(offset);
                end = end.max(offset.saturating_add(u64::from(length)));
                sum += u64::from(length);
            }
        }
        let whole = end.saturating_sub(texts.start);
        if let Some(section) = self.sections.get(texts.section)
            && end <= section.length
            && whole <= (4 * sum).min(u64::from(MAX_BLOCK))
        {
            let mut bytes = vec![0; whole as usize];
            if self.file.read_at(section.offset + texts.start, &mut bytes).is_ok() {
                texts.bytes = bytes;
            }
        }
        texts
    }

    fn directory<'a>(&self, section: &'a Section) -> Result<&'a [u8], DatabaseError> {
        if let Some(names) = section.names.get() {
            return Ok(names);
        }
        let length = u32::try_from(section.length - section.directory)
            .map_err(|_| DatabaseError::Corrupt("a directory is too long"))?;
        let mut names = buffer(length, section.length)?;
        self.file.read_at(section.offset + section.directory, &mut names)?;
        Ok(section.names.get_or_init(|| names))
    }

    fn block(&self, section: &Section, offset: u64, length: u32) -> Result<Vec<u8>, DatabaseError> {
        let inside = offset.checked_add(u64::from(length)).is_some_and(|end| end <= section.length);
        if !inside || !(4..=MAX_BLOCK).contains(&length) {
            return Err(DatabaseError::Corrupt("a block lies outside"));
        }
        let mut block = buffer(length, section.length)?;
        self.file.read_at(section.offset + offset, &mut block)?;
        let body = sound(&block)?.len();
        block.truncate(body);
        Ok(block)
    }

    /// The section's bytes as they are.
    fn raw(&self, section: &Section) -> Result<Vec<u8>, DatabaseError> {
        let length = usize::try_from(section.length).map_err(|_| DatabaseError::Corrupt("a section is too long"))?;
        let mut bytes = vec![0; length];
        self.file.read_at(section.offset, &mut bytes)?;
        Ok(bytes)
    }
}

fn buffer(length: u32, most: u64) -> Result<Vec<u8>, DatabaseError> {
    if u64::from(length) > most {
        return Err(DatabaseError::Corrupt("a length is too long"));
    }
    Ok(vec![0; length as usize])
}

/// What stands in a block before its checksum.
fn sound(block: &[u8]) -> Result<&[u8], DatabaseError> {
    match block.split_last_chunk::<4>() {
        Some((body, sum)) if checksum(body) == u32::from_le_bytes(*sum) => Ok(body),
        _ => Err(DatabaseError::Corrupt("checksum of a block")),
    }
}

fn read_prose(block: &[u8]) -> Option<Prose> {
    let mut reader = Reader::new(block);
    Some(Prose { summary: reader.text()?.to_owned(), references: reader.text()?.to_owned() })
}

/// Finds a name in a sorted directory: offset and length of its block.
fn find(directory: &[u8], entries: usize, name: &str) -> Option<(u64, u32)> {
    let strings = directory.get(entries * ENTRY..)?;
    let entry = |index: usize| {
        let bytes = directory.get(index * ENTRY..(index + 1) * ENTRY)?;
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let start = word(0) as usize;
        let text = strings.get(start..start.checked_add(word(4) as usize)?)?;
        Some((text, u64::from(word(8)) | u64::from(word(12)) << 32, word(16)))
    };
    let (mut low, mut high) = (0, entries);
    while low < high {
        let middle = low + (high - low) / 2;
        let (text, offset, length) = entry(middle)?;
        match text.cmp(name.as_bytes()) {
            std::cmp::Ordering::Equal => return Some((offset, length)),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

fn read_header(header: &[u8]) -> Option<Vec<Section>> {
    let mut reader = Reader::new(header);
    let count = reader.count()?;
    let mut sections = Vec::with_capacity(count);
    for _ in 0..count {
        let info = SourceInfo {
            ecosystem: Ecosystem::from_code(reader.byte()?)?,
            source: reader.text()?.to_owned(),
            imported: reader.text()?.to_owned(),
            newest: reader.text()?.to_owned(),
            tag: reader.text()?.to_owned(),
            records: reader.number()?,
            withdrawn: reader.number()?,
            packages: reader.number()?,
            unreadable: reader.number()?,
        };
        sections.push(Section {
            info,
            offset: reader.number()?,
            length: reader.number()?,
            directory: reader.number()?,
            entries: u32::try_from(reader.number()?).ok()?,
            names: OnceLock::new(),
        });
    }
    Some(sections)
}

/// Puts a database together.
#[derive(Default)]
pub struct Builder {
    sections: Vec<(SourceInfo, Vec<u8>, u64, u32)>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.sections.iter().map(|section| &section.0)).finish()
    }
}

impl Builder {
    /// Takes over what `old` holds, but for the sections that `replaced` names.
    ///
    /// # Errors
    /// When the old file cannot be read.
    pub fn keep(&mut self, old: &Database, replaced: impl Fn(&SourceInfo) -> bool) -> Result<(), DatabaseError> {
        for section in &old.sections {
            if !replaced(&section.info) {
                let bytes = old.raw(section)?;
                self.sections.push((section.info.clone(), bytes, section.directory, section.entries));
            }
        }
        Ok(())
    }

    /// Adds the advisories of a source: a section for each ecosystem that they name. Gives their descriptions.
    pub fn add(
        &mut self,
        source: &str,
        imported: &str,
        tag: &str,
        unreadable: u64,
        advisories: &[Advisory],
    ) -> Vec<SourceInfo> {
        let mut packages: BTreeMap<Ecosystem, Packages<'_>> = BTreeMap::new();
        for advisory in advisories {
            for affected in &advisory.affected {
                let names = packages.entry(affected.ecosystem).or_default();
                names.entry(&affected.name).or_default().push((advisory, affected));
            }
        }
        let mut infos = Vec::new();
        for (ecosystem, packages) in packages {
            let of_it =
                || advisories.iter().filter(|one| one.affected.iter().any(|affected| affected.ecosystem == ecosystem));
            let info = SourceInfo {
                ecosystem,
                source: source.to_owned(),
                imported: imported.to_owned(),
                // Some databases leave the day of change at zero.
                newest: of_it()
                    .map(|one| one.modified.as_str().max(one.published.as_str()))
                    .max()
                    .unwrap_or_default()
                    .to_owned(),
                tag: tag.to_owned(),
                records: of_it().count() as u64,
                withdrawn: of_it().filter(|one| one.withdrawn.is_some()).count() as u64,
                packages: packages.len() as u64,
                unreadable,
            };
            let (bytes, directory, entries) = section(ecosystem, &packages);
            self.sections.push((info.clone(), bytes, directory, entries));
            infos.push(info);
        }
        infos
    }

    /// The file.
    pub fn finish(mut self) -> Vec<u8> {
        self.sections.sort_by(|a, b| (a.0.ecosystem, &a.0.source).cmp(&(b.0.ecosystem, &b.0.source)));
        // The header's length depends on the offsets in it; offsets are written in full length.
        let header = |start: u64| {
            let mut writer = Writer::default();
            writer.number(self.sections.len() as u64);
            let mut offset = start;
            for (info, bytes, directory, entries) in &self.sections {
                writer.byte(info.ecosystem.code());
                for text in [&info.source, &info.imported, &info.newest, &info.tag] {
                    writer.text(text);
                }
                for number in [info.records, info.withdrawn, info.packages, info.unreadable] {
                    writer.number(number);
                }
                writer.wide(offset);
                for number in [bytes.len() as u64, *directory, u64::from(*entries)] {
                    writer.number(number);
                }
                offset += bytes.len() as u64;
            }
            (writer.bytes, offset)
        };
        let length = header(0).0.len();
        let (header, size) = header((PREFIX + length) as u64);
        let mut file = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&FORMAT.to_le_bytes());
        file.extend_from_slice(&u32::try_from(header.len()).unwrap_or(u32::MAX).to_le_bytes());
        file.extend_from_slice(&size.to_le_bytes());
        file.extend_from_slice(&checksum(&header).to_le_bytes());
        file.extend_from_slice(&header);
        for (_, bytes, _, _) in &self.sections {
            file.extend_from_slice(bytes);
        }
        file
    }
}

type Packages<'a> = BTreeMap<&'a str, Vec<(&'a Advisory, &'a Affected)>>;

/// One section: its bytes, where its directory begins and how many entries that has.
fn section(ecosystem: Ecosystem, packages: &Packages<'_>) -> (Vec<u8>, u64, u32) {
    let mut bytes = Vec::new();
    let mut prose_of: BTreeMap<&str, (u64, u32)> = BTreeMap::new();
    for (advisory, _) in packages.values().flatten() {
        prose_of.entry(&advisory.id).or_insert_with(|| {
            let mut writer = Writer::default();
            writer.text(if advisory.summary.is_empty() { &advisory.details } else { &advisory.summary });
            let references = advisory.references.iter().map(|one| one.replace(['\n', '\r'], " "));
            writer.text(&references.collect::<Vec<_>>().join("\n"));
            append(&mut bytes, &writer)
        });
    }
    let (mut directory, mut names) = (Vec::new(), Vec::new());
    for (name, list) in packages {
        let mut list = list.clone();
        list.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let (offset, length) = append(&mut bytes, &block::write(ecosystem, &list, &prose_of));
        for word in [u32::try_from(names.len()).unwrap_or(u32::MAX), u32::try_from(name.len()).unwrap_or(0)] {
            directory.extend_from_slice(&word.to_le_bytes());
        }
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(&length.to_le_bytes());
        directory.extend_from_slice(&[0; 4]);
        names.extend_from_slice(name.as_bytes());
    }
    let start = bytes.len() as u64;
    bytes.append(&mut directory);
    bytes.append(&mut names);
    (bytes, start, u32::try_from(packages.len()).unwrap_or(u32::MAX))
}

fn append(bytes: &mut Vec<u8>, writer: &Writer) -> (u64, u32) {
    let offset = bytes.len() as u64;
    bytes.extend_from_slice(&writer.bytes);
    bytes.extend_from_slice(&checksum(&writer.bytes).to_le_bytes());
    (offset, u32::try_from(writer.bytes.len() + 4).unwrap_or(u32::MAX))
}
