//! Addresses.

use super::HOLE;

/// Where in an address a hole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Url {
    /// At the very start: it can be any address.
    Whole,
    /// In the scheme.
    Scheme,
    /// In user, host or port, or so close that it can extend the host.
    Host,
    /// In the path, after the host is complete.
    Path,
    /// In the query.
    Query,
    /// In the fragment.
    Fragment,
    /// Right after a hole that may hold an address up to anywhere.
    AfterUnknown,
}

/// Where in an address the place after this text is; [`HOLE`] stands for what another hole holds.
pub fn after(text: &str) -> Url {
    let text = text.trim_start();
    if text.is_empty() {
        return Url::Whole;
    }
    let head = text.find(['/', '?', '#', '\\']).map_or(text, |end| &text[..end]);
    if let Some(colon) = text.find("://")
        && colon < head.len().max(1)
        && head.ends_with(':')
    {
        return after_authority(&text[colon + 3..]);
    }
    if let Some(rest) = text.strip_prefix("//") {
        return after_authority(rest);
    }
    if text.starts_with(HOLE) {
        // The hole may hold scheme and host; what a slash follows is complete.
        let rest = text.trim_start_matches(HOLE);
        return if rest.contains(['/', '?', '#']) { after_path(rest) } else { Url::AfterUnknown };
    }
    if head.len() < text.len() {
        return after_path(&text[head.len()..]);
    }
    Url::Scheme
}

fn after_authority(rest: &str) -> Url {
    match rest.find(['/', '?', '#', '\\']) {
        None => Url::Host,
        Some(end) => after_path(&rest[end..]),
    }
}

fn after_path(rest: &str) -> Url {
    if rest.contains('#') {
        Url::Fragment
    } else if rest.contains('?') {
        Url::Query
    } else {
        Url::Path
    }
}

/// Whether scheme and host are constant and complete in the text before a hole.
pub(super) fn is_host_fixed(before: &str) -> bool {
    let before = before.trim_start();
    let rest = match before.find("://") {
        Some(colon) if !before[..colon].contains([HOLE, '/', '?', '#']) => &before[colon + 3..],
        _ => match before.strip_prefix("//") {
            Some(rest) => rest,
            None => return false,
        },
    };
    match rest.find(['/', '?', '#']) {
        Some(end) => end > 0 && !rest[..end].contains(HOLE),
        None => false,
    }
}

/// Whether the text before a hole is a path on the same host that no text after it can turn into another host.
pub(super) fn is_local_path(before: &str) -> bool {
    let mut chars = before.chars();
    match (chars.next(), chars.next()) {
        (Some('/'), Some(second)) => !matches!(second, '/' | '\\' | HOLE | '\t' | '\n' | '\r'),
        (Some('?' | '#'), _) => true,
        (Some('.'), Some('/')) => before.len() > 2,
        _ => false,
    }
}
