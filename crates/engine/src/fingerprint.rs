//! The identity of a finding across reviews.

use assay_finding::{Finding, Fingerprint};
use assay_index::FxHashMap;
use assay_text::Files;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes of the hash that are kept.
const BYTES: usize = 16;

/// Names every finding. `findings` must be sorted: equals are numbered in that order.
///
/// Neither the path nor the line counts, so that the identity survives moved code; the function's qualified
/// name does, and white space does not.
pub(crate) fn assign(findings: &mut [Finding], files: &Files) {
    let mut seen: FxHashMap<[u8; BYTES], u32> = FxHashMap::default();
    for finding in findings {
        let code = fold(files.get(finding.place.file).slice(finding.place.span));
        let parts = [finding.check.as_str(), &finding.place.function, &code];
        let ordinal = seen.entry(hash(&parts, 0)).or_default();
        let digest = hash(&parts, *ordinal);
        *ordinal += 1;
        finding.fingerprint = Fingerprint(digest.iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        }));
    }
}

fn hash(parts: &[&str], ordinal: u32) -> [u8; BYTES] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.update(ordinal.to_le_bytes());
    let digest = hasher.finalize();
    std::array::from_fn(|index| digest[index])
}

/// Runs of white space become one blank, and none beside a bracket or comma, where formatters break lines.
fn fold(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let tight = |c: char| matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | ',');
    for word in code.split_whitespace() {
        let joins = out.chars().last().is_some_and(|last| !tight(last)) && !word.starts_with(tight);
        if joins {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::tests::finding;
    use assay_text::{Language, Role, SourceFile};

    fn prints(text: &str) -> Vec<String> {
        let files = Files::new(vec![SourceFile::new("a.py", Language::Python, Role::FirstParty, text)]);
        let mut findings: Vec<_> =
            text.match_indices("run(").map(|(at, _)| finding("xxe", at..text[at..].find(';').unwrap() + at)).collect();
        assign(&mut findings, &files);
        findings.into_iter().map(|finding| finding.fingerprint.0).collect()
    }

    #[test]
    fn identities_survive_moves_and_reformatting() {
        let before = prints("run(a, b);");
        assert_eq!(before[0].len(), 32);
        assert_eq!(prints("# moved\n\n  run(\n  a,\n  b\n);"), before);
        assert_ne!(prints("run(a, c);"), before);
    }

    #[test]
    fn equals_are_numbered() {
        let twice = prints("run(a);run(a);");
        assert_ne!(twice[0], twice[1]);
        assert_eq!(prints("run(a);")[0], twice[0]);
    }
}
