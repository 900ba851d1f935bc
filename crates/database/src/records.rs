//! Advisories from archives, folders and single files.

use crate::{Error, MAX_ARCHIVE_BYTES, MAX_RECORD_BYTES, MAX_RECORDS, MAX_UNPACKED_BYTES};
use assay_dependencies::{Advisory, parse_osv, parse_rustsec};
use rayon::prelude::*;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

/// Folders within each other that are entered.
const MAX_DEPTH: usize = 16;

/// What a source holds.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) advisories: Vec<Advisory>,
    /// Files that look like advisories and are none: name and reason.
    pub(crate) unreadable: Vec<(String, String)>,
}

/// A file that may be an advisory.
struct Raw {
    name: String,
    bytes: Vec<u8>,
}

/// Whether a name is that of an advisory: a JSON record, or Markdown of RustSec.
fn is_record(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    extension.eq_ignore_ascii_case("json") || extension.eq_ignore_ascii_case("md") && file.starts_with("RUSTSEC-")
}

/// Reads a file or folder.
pub(crate) fn read(path: &Path, source: &str) -> Result<Records, Error> {
    let metadata = path.metadata().map_err(Error::io(path))?;
    if metadata.is_dir() {
        let mut raw = Vec::new();
        folder(path, path, 0, &mut raw)?;
        return parsed(raw, source);
    }
    if metadata.len() > MAX_ARCHIVE_BYTES {
        return Err(Error::data(source, format!("larger than {MAX_ARCHIVE_BYTES} bytes")));
    }
    let mut file = File::open(path).map_err(Error::io(path))?;
    let mut start = [0; 2];
    let is_zip = file.read_exact(&mut start).is_ok() && &start == b"PK";
    file.rewind().map_err(Error::io(path))?;
    if is_zip {
        return archive(file, source);
    }
    let mut bytes = Vec::new();
    file.take(MAX_RECORD_BYTES + 1).read_to_end(&mut bytes).map_err(Error::io(path))?;
    if bytes.len() as u64 > MAX_RECORD_BYTES {
        return Err(Error::data(source, "no archive, and too large for one advisory"));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let records = parsed(vec![Raw { name, bytes }], source)?;
    match records.unreadable.first() {
        Some((_, reason)) => Err(Error::data(source, format!("neither an archive nor an advisory: {reason}"))),
        None => Ok(records),
    }
}

fn folder(top: &Path, path: &Path, depth: usize, raw: &mut Vec<Raw>) -> Result<(), Error> {
    let mut entries: Vec<_> =
        path.read_dir().map_err(Error::io(path))?.collect::<Result<_, _>>().map_err(Error::io(path))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().map_err(Error::io(&entry.path()))?;
        let path = entry.path();
        if kind.is_dir() && depth < MAX_DEPTH {
            folder(top, &path, depth + 1, raw)?;
        } else if kind.is_file() && is_record(&path.to_string_lossy()) {
            let name = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            let file = File::open(&path).map_err(Error::io(&path))?;
            file.take(MAX_RECORD_BYTES).read_to_end(&mut bytes).map_err(Error::io(&path))?;
            raw.push(Raw { name, bytes });
            if raw.len() > MAX_RECORDS {
                return Err(Error::data(&top.to_string_lossy(), format!("more than {MAX_RECORDS} advisories")));
            }
        }
    }
    Ok(())
}

/// Reads an archive. Its checksums are compared while it is unpacked; nothing of it is written anywhere.
pub(crate) fn archive(file: impl Read + Seek, source: &str) -> Result<Records, Error> {
    let damaged = |error: &dyn std::fmt::Display| Error::data(source, format!("the archive is damaged: {error}"));
    let mut archive = zip::ZipArchive::new(file).map_err(|error| damaged(&error))?;
    if archive.len() > MAX_RECORDS {
        return Err(Error::data(source, format!("more than {MAX_RECORDS} files")));
    }
    let mut raw = Vec::with_capacity(archive.len());
    let mut total = 0u64;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = entry.name().map_err(|error| damaged(&error))?.into_owned();
        if entry.is_dir() || !is_record(&name) {
            continue;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size().min(MAX_RECORD_BYTES)).unwrap_or(0));
        entry.take(MAX_RECORD_BYTES + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        total += bytes.len() as u64;
        if bytes.len() as u64 > MAX_RECORD_BYTES || total > MAX_UNPACKED_BYTES {
            return Err(Error::data(source, format!("`{name}` unpacks to more than an advisory may have")));
        }
        raw.push(Raw { name, bytes });
    }
    parsed(raw, source)
}

fn parsed(raw: Vec<Raw>, source: &str) -> Result<Records, Error> {
    let results: Vec<Result<Advisory, (String, String)>> = raw
        .into_par_iter()
        .map(|Raw { name, bytes }| {
            let parsed = if bytes.starts_with(b"```toml") {
                parse_rustsec(&String::from_utf8_lossy(&bytes))
            } else {
                parse_osv(&bytes)
            };
            parsed.map_err(|reason| (name, reason))
        })
        .collect();
    let mut records = Records::default();
    for result in results {
        match result {
            Ok(advisory) => records.advisories.push(advisory),
            Err(unreadable) => records.unreadable.push(unreadable),
        }
    }
    if records.advisories.is_empty() && records.unreadable.is_empty() {
        return Err(Error::data(
            source,
            "there is no advisory in it: neither JSON records of OSV nor RustSec's Markdown",
        ));
    }
    if records.unreadable.len() > records.advisories.len() {
        let (name, reason) = &records.unreadable[0];
        return Err(Error::data(source, format!("most of it are no advisories; the first is `{name}`: {reason}")));
    }
    Ok(records)
}
