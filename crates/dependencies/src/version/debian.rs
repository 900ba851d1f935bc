//! Debian's versions: epoch, upstream version and revision, compared as the policy manual says.

use super::Number;
use std::cmp::Ordering;

/// A version of a Debian package.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Debian {
    epoch: Number,
    upstream: Text,
    revision: Text,
}

#[derive(Clone, Debug)]
struct Text(Box<str>);

impl Debian {
    /// Reads a version; `None` when its epoch is no number or it is empty.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => (epoch, rest),
            None => ("0", text),
        };
        if rest.is_empty() || epoch.is_empty() || !epoch.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
        Some(Self { epoch: Number::new(epoch), upstream: Text(upstream.into()), revision: Text(revision.into()) })
    }
}

/// `~` before the end, the end before letters, letters before the rest.
fn weight(byte: u8) -> i32 {
    match byte {
        b'~' => -1,
        byte if byte.is_ascii_alphabetic() => i32::from(byte),
        byte => i32::from(byte) + 256,
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (&*self.0, &*other.0);
        while !a.is_empty() || !b.is_empty() {
            let split = |text: &str, digits: bool| {
                text.bytes().position(|byte| byte.is_ascii_digit() != digits).unwrap_or(text.len())
            };
            let (end_a, end_b) = (split(a, false), split(b, false));
            let (word_a, word_b) = (&a.as_bytes()[..end_a], &b.as_bytes()[..end_b]);
            for index in 0..word_a.len().max(word_b.len()) {
                let at = |word: &[u8]| word.get(index).map_or(0, |byte| weight(*byte));
                let order = at(word_a).cmp(&at(word_b));
                if order.is_ne() {
                    return order;
                }
            }
            (a, b) = (&a[end_a..], &b[end_b..]);
            let (end_a, end_b) = (split(a, true), split(b, true));
            let order = Number::new(&a[..end_a]).cmp(&Number::new(&b[..end_b]));
            if order.is_ne() {
                return order;
            }
            (a, b) = (&a[end_a..], &b[end_b..]);
        }
        Ordering::Equal
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Text {}
