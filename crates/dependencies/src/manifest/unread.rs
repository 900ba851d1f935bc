//! Manifests of which only the lock file is read: where there is none, that is said.

use assay_text::{Files, SourceFile};

/// A manifest that is not read.
struct Unread {
    name: &'static str,
    /// What it says before what it asks for.
    words: &'static [&'static str],
    /// The lock files that are read in its place.
    locks: &'static [&'static str],
}

const UNREAD: [Unread; 9] = [
    Unread {
        name: "package.json",
        words: &["\"dependencies\"", "\"devDependencies\"", "\"optionalDependencies\"", "\"peerDependencies\""],
        locks: &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"],
    },
    Unread { name: "Cargo.toml", words: &["dependencies]"], locks: &["Cargo.lock"] },
    Unread { name: "Gemfile", words: &["gem "], locks: &["Gemfile.lock"] },
    Unread { name: "composer.json", words: &["\"require\"", "\"require-dev\""], locks: &["composer.lock"] },
    Unread { name: "build.gradle", words: &["dependencies"], locks: &["gradle.lockfile"] },
    Unread { name: "build.gradle.kts", words: &["dependencies"], locks: &["gradle.lockfile"] },
    Unread { name: "conanfile.py", words: &["requires"], locks: &["conan.lock"] },
    Unread { name: "environment.yml", words: &["dependencies:"], locks: &[] },
    Unread { name: "environment.yaml", words: &["dependencies:"], locks: &[] },
];

/// What is to be said of a file that no reader reads; `None` where it asks for nothing, or a lock file says what it asks for.
pub(crate) fn unread(file: &SourceFile, files: &Files) -> Option<String> {
    let (mut folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let unread = UNREAD.iter().find(|one| one.name == name)?;
    if !unread.words.iter().any(|word| asks(&file.text, word)) {
        return None;
    }
    loop {
        let beside = |lock: &&str| {
            let path = if folder.is_empty() { (*lock).to_owned() } else { format!("{folder}/{lock}") };
            files.by_path(&path).is_some()
        };
        if unread.locks.iter().any(beside) {
            return None;
        }
        if folder.is_empty() {
            break;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    let locks = unread.locks.iter().map(|lock| format!("`{lock}`")).collect::<Vec<_>>().join(", ");
    Some(if locks.is_empty() {
        format!("the packages that `{name}` asks for are not read")
    } else {
        format!("the packages that `{name}` asks for are not read, and there is no lock file of them ({locks})")
    })
}

/// Whether something stands behind the word: no empty braces.
fn asks(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let behind = text[at + word.len()..].trim_start_matches(|c: char| c.is_whitespace() || c == ':');
        let inside = behind.strip_prefix(['{', '[']).map_or(behind, str::trim_start);
        !inside.starts_with(['}', ']'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_text::{Language, Role};

    fn said(list: &[(&str, &str)]) -> Vec<String> {
        let mut list: Vec<SourceFile> = list
            .iter()
            .map(|(path, text)| SourceFile::new(path, Language::Manifest, Role::FirstParty, *text))
            .collect();
        list.sort_by(|a, b| a.path.cmp(&b.path));
        let files = Files::new(list);
        files.iter().filter_map(|(_, file)| unread(file, &files)).collect()
    }

    #[test]
    fn what_no_lock_file_says_is_not_passed_over() {
        let asks = "{\"dependencies\": {\"a\": \"^1\"}}";
        assert_eq!(said(&[("web/package.json", asks)]).len(), 1);
        assert!(said(&[("web/package.json", asks), ("web/package-lock.json", "{}")]).is_empty());
        assert!(said(&[("web/part/package.json", asks), ("yarn.lock", "")]).is_empty());
        assert_eq!(said(&[("web/package.json", asks), ("other/yarn.lock", "")]).len(), 1);
        assert!(said(&[("package.json", "{\"name\": \"a\", \"dependencies\": { }}")]).is_empty());
        let conda = said(&[("environment.yml", "dependencies:\n  - numpy\n")]);
        assert_eq!(conda, ["the packages that `environment.yml` asks for are not read"]);
        assert_eq!(said(&[("Cargo.toml", "[dev-dependencies]\na = \"1\"\n")]).len(), 1);
        assert!(said(&[("Cargo.toml", "[package]\nname = \"a\"\n")]).is_empty());
    }
}
