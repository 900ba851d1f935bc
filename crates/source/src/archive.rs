//! Packages that lie in a project as archives: wheels of Python and jars of the JVM.
//!
//! Of their members only those are read that say what a package is (`METADATA`, `RECORD`, `pom.properties`), and archives
//! within them. Nothing is unpacked to anywhere, so that a member's name is only ever shown.

use crate::language;
use crate::load::{Gap, GapKind};
use assay_text::limits::{MAX_ARCHIVE_DEPTH, MAX_ARCHIVE_MEMBERS, MAX_ARCHIVE_UNPACKED_BYTES, MAX_FILE_BYTES};
use std::io::{Cursor, Read};

/// Members whose names lead out of the archive that are listed one by one.
const MAX_STRAYS: usize = 3;

/// What was read of an archive.
#[derive(Default)]
pub(crate) struct Members {
    /// Names within the archive (`inner.jar!/…` for those of archives within it), and texts.
    pub(crate) files: Vec<(String, String)>,
    /// What was not read, or is strange.
    pub(crate) gaps: Vec<Gap>,
    unpacked: u64,
}

/// Whether a name is that of a package in an archive.
pub(crate) fn is_archive(name: &str) -> bool {
    is_wheel(name) || is_jar(name)
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    extensions.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn is_wheel(name: &str) -> bool {
    has_extension(name, &["whl"])
}

fn is_jar(name: &str) -> bool {
    has_extension(name, &["jar", "war", "ear", "aar"])
}

/// Reads the members that say what a package is.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Members {
    let mut members = Members::default();
    members.open(name, "", bytes, 0);
    members
}

impl Members {
    fn gap(&mut self, message: String, incomplete: bool) {
        self.gaps.push(Gap::new(GapKind::Archive, message, incomplete));
    }

    fn open(&mut self, name: &str, prefix: &str, bytes: &[u8], depth: usize) {
        let shown = if prefix.is_empty() { "the archive".to_owned() } else { format!("`{name}` in it") };
        let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => archive,
            Err(error) => return self.gap(format!("{shown} is damaged: {error}"), true),
        };
        if archive.len() > MAX_ARCHIVE_MEMBERS {
            let message = format!("{shown} has more members than MAX_ARCHIVE_MEMBERS = {MAX_ARCHIVE_MEMBERS}");
            return self.gap(message, true);
        }
        let mut strays = 0;
        let mut coordinates = false;
        for index in 0..archive.len() {
            let mut member = match archive.by_index(index) {
                Ok(member) => member,
                Err(error) => {
                    self.gap(format!("a member of {shown} is damaged: {error}"), true);
                    continue;
                }
            };
            let Ok(path) = member.name().map(std::borrow::Cow::into_owned) else { continue };
            if path.starts_with(['/', '\\']) || path.split(['/', '\\']).any(|part| part == "..") {
                strays += 1;
                if strays <= MAX_STRAYS {
                    self.gap(format!("{shown} has a member whose name leads out of it, `{path}`"), false);
                }
                continue;
            }
            let inner = is_jar(name) && is_jar(&path);
            let wanted = if is_wheel(name) { is_of_wheel(&path) } else { is_of_jar(&path) };
            if member.is_dir() || !(wanted || inner) {
                continue;
            }
            // What only holds other archives needs to say nothing of itself.
            coordinates |= wanted || inner;
            if inner && depth + 1 >= MAX_ARCHIVE_DEPTH {
                self.gap(format!("`{path}` not opened: MAX_ARCHIVE_DEPTH = {MAX_ARCHIVE_DEPTH}"), true);
                continue;
            }
            let left = MAX_ARCHIVE_UNPACKED_BYTES - self.unpacked;
            let most = if inner { left } else { left.min(MAX_FILE_BYTES) };
            let mut bytes = Vec::new();
            // The length that a member states is not trusted.
            if let Err(error) = (&mut member).take(most + 1).read_to_end(&mut bytes) {
                self.gap(format!("`{path}` in {shown} is damaged: {error}"), true);
                continue;
            }
            self.unpacked = (self.unpacked + bytes.len() as u64).min(MAX_ARCHIVE_UNPACKED_BYTES);
            if bytes.len() as u64 > most {
                let limit = format!("MAX_ARCHIVE_UNPACKED_BYTES = {MAX_ARCHIVE_UNPACKED_BYTES}");
                self.gap(format!("`{path}` in {shown} unpacks to too much: {limit}, one file {MAX_FILE_BYTES}"), true);
                if self.unpacked >= MAX_ARCHIVE_UNPACKED_BYTES {
                    return;
                }
                continue;
            }
            if inner {
                self.open(&path, &format!("{prefix}{path}!/"), &bytes, depth + 1);
            } else {
                self.files.push((format!("{prefix}{path}"), String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        if strays > MAX_STRAYS {
            self.gap(format!("{strays} members of {shown} have names that lead out of it"), false);
        }
        if !coordinates && has_extension(name, &["jar", "whl"]) {
            let what = if is_wheel(name) { "`METADATA`" } else { "`pom.properties`" };
            self.gap(format!("{shown} does not say which package it is: it has no {what}"), false);
        }
    }
}

/// `name-1.0.dist-info/METADATA`, at the top.
fn is_of_wheel(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, name)| {
        matches!(name, "METADATA" | "RECORD") && language::by_name(name, folder) == Some(assay_text::Language::Manifest)
    })
}

fn is_of_jar(path: &str) -> bool {
    path.starts_with("META-INF/maven/") && path.ends_with("/pom.properties")
}
