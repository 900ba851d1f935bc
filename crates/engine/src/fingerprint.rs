//! The identity of a finding across reviews.
//!
//! It has two halves. The *core* is what the finding is about: the check, the name of the function within its module, and
//! the code. The *place* tells equals apart: the module, and a number among those that are equal even there. Neither
//! the path nor the line counts, so the whole survives moved lines and another folder to start from; the core survives
//! when the file is renamed or the code moves to another one.

use assay_finding::{Finding, Fingerprint};
use assay_index::{FxHashMap, IndexVec};
use assay_source::ModuleName;
use assay_text::{FileId, Files};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes of each half.
const BYTES: usize = Fingerprint::CORE_LENGTH / 2;

/// Names every finding. `findings` must be sorted: equals are numbered in that order.
pub(crate) fn assign(findings: &mut [Finding], files: &Files, modules: &IndexVec<FileId, Option<ModuleName>>) {
    let mut seen: FxHashMap<([u8; BYTES], [u8; BYTES]), u32> = FxHashMap::default();
    for finding in findings {
        let folded = fold(files.get(finding.place.file).slice(finding.place.span));
        let function = finding.place.function.as_str();
        let module = modules.get(finding.place.file).and_then(Option::as_ref).map_or("", |name| name.dotted.as_str());
        // At top level the function is the module itself.
        let local = function.strip_prefix(module).unwrap_or(function).trim_start_matches('.');
        let core = hash(&[finding.check.as_str(), local, &folded], 0);
        let ordinal = seen.entry((core, hash(&[function], 0))).or_default();
        let place = hash(&[function], *ordinal);
        *ordinal += 1;
        finding.fingerprint = Fingerprint(core.iter().chain(&place).fold(String::new(), |mut text, byte| {
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

/// The code without what a formatter changes: white space, the kind of line ends, comments, the comma behind the last argument, the kind of
/// quotes, and the backslashes that the kind of quotes asks for. It need not be code any more, only the same for the same code.
fn fold(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    // The quote of the string that the scan is in.
    let mut quote = None;
    let mut gap = false;
    let mut chars = code.chars().peekable();
    while let Some(mut c) = chars.next() {
        if c == '\r' {
            chars.next_if_eq(&'\n');
            c = '\n';
        }
        match c {
            '#' if quote.is_none() => {
                while chars.next_if(|c| !matches!(c, '\n' | '\r')).is_some() {}
                gap = true;
                continue;
            }
            '\\' if quote.is_none() => {
                gap = true;
                continue;
            }
            '\\' if chars.peek().is_some_and(|next| matches!(next, '\'' | '"')) => {
                chars.next();
                out.push('"');
                continue;
            }
            '\'' | '"' => {
                quote = match quote {
                    None => Some(c),
                    Some(open) if open == c => None,
                    open => open,
                };
                if quote.is_none() || quote == Some(c) {
                    gap = false;
                }
                out.push('"');
                continue;
            }
            c if c.is_whitespace() && quote.is_none() => {
                gap = true;
                continue;
            }
            // A tuple of one keeps its comma.
            ')' | ']' | '}' if quote.is_none() && out.ends_with(',') && (c != ')' || !is_single(&out)) => {
                out.pop();
            }
            _ => {}
        }
        if gap && quote.is_none() && is_word(c) && out.chars().last().is_some_and(is_word) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Whether the open bracket that `text` ends in is one of a tuple with one element: no name and no comma stands before.
fn is_single(text: &str) -> bool {
    let mut depth = 0;
    let body = &text[..text.len() - 1];
    for (at, c) in body.char_indices().rev() {
        match c {
            ')' | ']' | '}' => depth += 1,
            '(' | '[' | '{' if depth > 0 => depth -= 1,
            '(' => {
                let before = body[..at].chars().last();
                return before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | ')' | ']')));
            }
            '[' | '{' => return false,
            ',' if depth == 0 => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::tests::finding;
    use assay_text::{Language, Role, SourceFile};

    fn prints_in(module: &str, text: &str) -> Vec<Fingerprint> {
        let files = Files::new(vec![SourceFile::new("a.py", Language::Python, Role::FirstParty, text)]);
        let modules = [Some(ModuleName { dotted: module.to_owned(), package: false })].into_iter().collect();
        let mut findings: Vec<_> =
            text.match_indices("run(").map(|(at, _)| finding("xxe", at..text[at..].find(';').unwrap() + at)).collect();
        for finding in &mut findings {
            finding.place.function = format!("{module}.f");
        }
        assign(&mut findings, &files, &modules);
        findings.into_iter().map(|finding| finding.fingerprint).collect()
    }

    fn prints(text: &str) -> Vec<Fingerprint> {
        prints_in("m", text)
    }

    #[test]
    fn identities_survive_moves_and_reformatting() {
        let before = prints("run(a, 'b', c=[1]);");
        assert_eq!(before[0].0.len(), 32);
        assert_eq!(prints("# moved\n\n  run(\n  a,  # why\n  \"b\",\n  c = [\n1,\n],\n);"), before);
        assert_ne!(prints("run(a, 'b', c=[2]);"), before);
        assert_ne!(prints("run(a, ' b', c=[1]);"), before);
        assert_eq!(prints(r"run('it\'s');"), prints(r#"run("it's");"#));
        assert_eq!(prints("run('''a\r\nb''',  # c\r\n d);"), prints("run('''a\nb''', d);"));
        assert_ne!(prints("run((a,));"), prints("run((a));"));
        assert_ne!(prints("run(not a);"), prints("run(nota);"));
    }

    #[test]
    fn the_core_survives_another_module() {
        let (here, there) = (prints_in("a.b", "run(x);"), prints_in("c", "run(x);"));
        assert_ne!(here, there);
        assert_eq!(here[0].core(), there[0].core());
    }

    #[test]
    fn equals_are_numbered() {
        let twice = prints("run(a);run(a);");
        assert_ne!(twice[0], twice[1]);
        assert_eq!(twice[0].core(), twice[1].core());
        assert_eq!(prints("run(a);")[0], twice[0]);
    }
}
