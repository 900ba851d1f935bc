//! One requirement as PEP 508 writes it: name, extras, specifiers or address, marker.

/// The parts of a requirement; all are slices of its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pep508<'a> {
    pub(super) name: &'a str,
    pub(super) extras: Vec<&'a str>,
    pub(super) specifiers: &'a str,
    pub(super) url: Option<&'a str>,
    pub(super) marker: Option<&'a str>,
}

impl<'a> Pep508<'a> {
    /// Reads a requirement without white space around it.
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let end =
            text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric())
            || !name.ends_with(|c: char| c.is_ascii_alphanumeric())
        {
            return Err("no requirement: it must start with the name of a package".to_owned());
        }
        let mut rest = rest.trim_start();
        let mut extras = Vec::new();
        if let Some(after) = rest.strip_prefix('[') {
            let (list, after) = after.split_once(']').ok_or("the list of extras has no `]`")?;
            extras = list.split(',').map(str::trim).filter(|extra| !extra.is_empty()).collect();
            rest = after.trim_start();
        }
        if let Some(url) = rest.strip_prefix('@') {
            let url = url.trim();
            // A semicolon may be part of an address; the one before a marker has white space around it.
            let (url, marker) = match url.find(" ;").or_else(|| url.find("; ")) {
                Some(at) => (url[..at].trim_end(), Some(url[at..].trim_start_matches([' ', ';']).trim())),
                None => (url, None),
            };
            let specifiers = &rest[..0];
            return Ok(Self { name, extras, specifiers, url: Some(url), marker });
        }
        let (specifiers, marker) = match rest.split_once(';') {
            Some((specifiers, marker)) => (specifiers.trim(), Some(marker.trim())),
            None => (rest.trim(), None),
        };
        if !(specifiers.is_empty() || specifiers.starts_with(['=', '<', '>', '!', '~', '('])) {
            return Err(format!("`{}` is no version specifier", super::shorten(specifiers)));
        }
        Ok(Self { name, extras, specifiers, url: None, marker: marker.filter(|marker| !marker.is_empty()) })
    }
}
