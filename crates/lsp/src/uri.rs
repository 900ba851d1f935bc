//! File URIs and paths.

use lsp_types::Uri;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The path that a `file:` URI of this machine names.
pub(crate) fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let rest = rest.split(['?', '#']).next().filter(|rest| rest.starts_with('/'))?;
    let mut bytes = Vec::with_capacity(rest.len());
    let mut left = rest.as_bytes();
    while let Some((&byte, tail)) = left.split_first() {
        left = tail;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = left.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        left = &left[2..];
    }
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?;
    // `/C:/…` on Windows.
    let drive = cfg!(windows) && text.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if drive { &text[1..] } else { &text }))
}

/// The URI of an absolute path; `None` for a path that is no text.
pub(crate) fn from_path(path: &Path) -> Option<Uri> {
    let path = path.to_str()?;
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    Uri::from_str(&uri).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive() {
        for path in ["/a/b.py", "/a b/\u{e9}#?%.py", "/x/[1]+(2)&'.py"] {
            let uri = from_path(Path::new(path));
            assert_eq!(uri.as_ref().and_then(to_path).as_deref(), Some(Path::new(path)), "{uri:?}");
        }
    }

    #[test]
    fn other_uris_name_no_path() {
        for uri in
            ["untitled:Untitled-1", "http://a.example/b", "file://host.example/a", "file:///a%2", "file:///a%00b"]
        {
            assert_eq!(Uri::from_str(uri).ok().as_ref().and_then(to_path), None, "{uri}");
        }
    }
}
