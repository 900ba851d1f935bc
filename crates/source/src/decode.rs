//! From bytes to text.
//!
//! Python names its encoding by PEP 263: a byte-order mark, or a *cookie* (`# -*- coding: NAME -*-`) in
//! one of the first two lines; UTF-8 otherwise, as for every other language. Decoding
//! never fails: a byte that is no text becomes U+FFFD, and a note says so.

use assay_text::Language;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// A file's text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) notes: Vec<Note>,
}

/// A caveat about the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) message: String,
    /// Whether the interpreter would see another text than this one.
    pub(crate) unfaithful: bool,
}

/// Why a file has no text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Binary;

/// A file with more NUL bytes than one in this many is data, not text.
const NUL_SHARE: usize = 32;

/// Decodes a file of the given language.
pub(crate) fn decode(bytes: &[u8], language: Language) -> Result<Decoded, Binary> {
    let mut notes = Vec::new();
    let wide = match bytes {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = wide {
        let (text, _, bad) = encoding.decode(bytes);
        if text.contains('\0') || bad {
            return Err(Binary);
        }
        let unfaithful = language == Language::Python;
        notes.push(Note { message: format!("encoded in {}, not in UTF-8", encoding.name()), unfaithful });
        return Ok(Decoded { text: text.into_owned(), notes });
    }
    let nuls = if bytes.contains(&0) { bytes.split(|byte| *byte == 0).count() - 1 } else { 0 };
    if nuls * NUL_SHARE > bytes.len() {
        return Err(Binary);
    }
    let mark = bytes.strip_prefix(b"\xef\xbb\xbf");
    let body = mark.unwrap_or(bytes);
    let cookie = (language == Language::Python).then(|| cookie(body)).flatten();
    let mut text = match cookie.as_deref().map(named) {
        None | Some(Named::Utf8) => utf8(body, &mut notes),
        Some(Named::Ascii) => {
            if let Some(at) = body.iter().position(|byte| !byte.is_ascii()) {
                let line = line_of(body, at);
                notes.push(Note {
                    message: format!("declared as ASCII, but line {line} is not; read as UTF-8"),
                    unfaithful: true,
                });
            }
            utf8(body, &mut notes)
        }
        Some(_) if mark.is_some() => {
            let name = cookie.as_deref().unwrap_or_default();
            notes.push(Note {
                message: format!("has a UTF-8 byte-order mark but is declared as {name}; read as UTF-8"),
                unfaithful: true,
            });
            utf8(body, &mut notes)
        }
        Some(Named::Latin1) => encoding_rs::mem::decode_latin1(body).into_owned(),
        Some(Named::Other(encoding)) => {
            let (text, bad) = encoding.decode_without_bom_handling(body);
            if bad {
                notes.push(Note {
                    message: format!("some bytes are not valid {}; shown as U+FFFD", encoding.name()),
                    unfaithful: false,
                });
            }
            text.into_owned()
        }
        Some(Named::Unknown) => {
            let name = cookie.as_deref().unwrap_or_default();
            notes.push(Note {
                message: format!("declared in the encoding {name}, which is not known here; read as UTF-8"),
                unfaithful: true,
            });
            utf8(body, &mut notes)
        }
    };
    if nuls > 0 && text.contains('\0') {
        let line = bytes.iter().position(|byte| *byte == 0).map_or(1, |at| line_of(bytes, at));
        text = text.replace('\0', "\u{fffd}");
        let count = if nuls == 1 { "a NUL byte".to_owned() } else { format!("{nuls} NUL bytes") };
        notes.push(Note { message: format!("{count}, the first in line {line}; shown as U+FFFD"), unfaithful: false });
    }
    Ok(Decoded { text, notes })
}

fn utf8(bytes: &[u8], notes: &mut Vec<Note>) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let (line, byte) = (line_of(bytes, error.valid_up_to()), bytes[error.valid_up_to()]);
            let text: Cow<'_, str> = UTF_8.decode_without_bom_handling(bytes).0;
            notes.push(Note {
                message: format!("line {line}: byte 0x{byte:02X} is not valid UTF-8; shown as U+FFFD"),
                unfaithful: false,
            });
            text.into_owned()
        }
    }
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    bytes[..offset].iter().map(|byte| usize::from(*byte == b'\n')).sum::<usize>() + 1
}

/// The encoding that one of the first two lines declares. The second line counts only when the first
/// is blank or a comment.
fn cookie(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.split(|byte| *byte == b'\n' || *byte == b'\r');
    let first = lines.next()?;
    if let Some(name) = cookie_in(first) {
        return Some(name);
    }
    let first = first.trim_ascii_start();
    if !first.is_empty() && first[0] != b'#' {
        return None;
    }
    let mut second = lines.next()?;
    // The empty piece between `\r` and `\n` is no line.
    if second.is_empty() && bytes.get(first_end(bytes)) == Some(&b'\r') {
        second = lines.next()?;
    }
    cookie_in(second)
}

fn first_end(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| *byte == b'\n' || *byte == b'\r').unwrap_or(bytes.len())
}

/// `^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`, as PEP 263 has it.
fn cookie_in(line: &[u8]) -> Option<String> {
    let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | 0x0c))?;
    if line[start] != b'#' {
        return None;
    }
    let mut rest = &line[start..];
    while let Some(at) = rest.windows(6).position(|window| window == b"coding") {
        rest = &rest[at + 6..];
        let Some((b':' | b'=', value)) = rest.split_first() else { continue };
        let value = &value[value.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()..];
        let len = value.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')).count();
        if len > 0 {
            return Some(String::from_utf8_lossy(&value[..len]).into_owned());
        }
    }
    None
}

enum Named {
    Utf8,
    Ascii,
    Latin1,
    Other(&'static Encoding),
    Unknown,
}

fn named(name: &str) -> Named {
    let mut name = name.to_ascii_lowercase().replace('_', "-");
    for suffix in ["-unix", "-dos", "-mac"] {
        if let Some(stem) = name.strip_suffix(suffix) {
            name = stem.to_owned();
        }
    }
    let label = match name.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => return Named::Utf8,
        name if name.starts_with("utf-8-") || name == "utf8-sig" => return Named::Utf8,
        "ascii" | "us-ascii" | "646" => return Named::Ascii,
        "latin-1" | "latin1" | "latin" | "l1" | "8859" | "cp819" | "iso-8859-1" | "iso8859-1" | "iso-latin-1" => {
            return Named::Latin1;
        }
        "cp932" | "ms932" | "sjis" => "shift_jis",
        "cp936" | "ms936" => "gbk",
        "cp949" | "uhc" | "euckr" => "euc-kr",
        "cp950" => "big5",
        "eucjp" | "ujis" => "euc-jp",
        "mac-roman" | "macroman" => "macintosh",
        "latin-2" => "iso-8859-2",
        "latin-9" => "iso-8859-15",
        other => other,
    };
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding == UTF_8 => Named::Utf8,
        Some(encoding) if encoding.is_ascii_compatible() => Named::Other(encoding),
        _ => Named::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(bytes: &[u8]) -> Decoded {
        decode(bytes, Language::Python).unwrap()
    }

    #[test]
    fn cookies_choose_the_encoding() {
        assert_eq!(python(b"# -*- coding: latin-1 -*-\nx = '\xe9'\n").text, "# -*- coding: latin-1 -*-\nx = 'é'\n");
        assert_eq!(
            python(b"#!/usr/bin/python\r\n# vim: set fileencoding=koi8-r :\r\n\xc1").text.chars().last(),
            Some('а')
        );
        assert_eq!(python(b"\n# coding=cp1252\n\x80").text.chars().last(), Some('€'));
        // A statement in the first line ends the search.
        let late = python(b"x = 1\n# coding: latin-1\ny = '\xe9'\n");
        assert!(late.text.contains('\u{fffd}'));
        assert_eq!(late.notes[0].message, "line 3: byte 0xE9 is not valid UTF-8; shown as U+FFFD");
    }

    #[test]
    fn marks_are_taken_off_and_contradictions_noted() {
        assert_eq!(python(b"\xef\xbb\xbfx = 1\n"), Decoded { text: "x = 1\n".to_owned(), notes: vec![] });
        let both = python(b"\xef\xbb\xbf# coding: latin-1\n\xc3\xa9");
        assert!(both.text.ends_with('é') && both.notes[0].unfaithful);
    }

    #[test]
    fn encodings_that_hide_code_are_noted() {
        for name in ["rot13", "utf-7", "unicode_escape", "utf-16"] {
            let decoded = python(format!("# coding: {name}\nx = 1\n").as_bytes());
            assert!(decoded.notes.iter().any(|note| note.unfaithful), "{name}");
        }
        assert!(python(b"# coding: ascii\n\xc3\xa9\n").notes[0].unfaithful);
    }

    #[test]
    fn nul_bytes_are_replaced_and_data_is_refused() {
        let text = format!("x = 1{}\0\n", " ".repeat(64));
        let decoded = python(text.as_bytes());
        assert!(decoded.text.ends_with("\u{fffd}\n"));
        assert_eq!(decoded.notes[0].message, "a NUL byte, the first in line 1; shown as U+FFFD");
        assert_eq!(decode(b"\x7fELF\0\0\0\x01", Language::Other), Err(Binary));
    }

    #[test]
    fn wide_text_is_read() {
        let decoded = decode(b"\xff\xfei\0n\0t\0", Language::CSharp).unwrap();
        assert_eq!(decoded.text, "int");
        assert!(!decoded.notes[0].unfaithful);
    }
}
