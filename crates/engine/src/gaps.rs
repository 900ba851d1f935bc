//! What was not observed, made readable: many gaps of one kind in one file become one, and so do the files of
//! a language that cannot be analysed.

use assay_finding::FileGap;
use assay_ir::{Gap, GapReason, Module};
use assay_text::{FileId, Files, Language, Role, SourceFile};
use std::collections::BTreeMap;

/// Whether a file that was not analysed leaves the review incomplete.
pub(crate) fn counts(file: &SourceFile) -> bool {
    file.requested && file.language.is_code() && matches!(file.role, Role::FirstParty | Role::Migration)
}

/// The gaps of the reading.
pub(crate) fn of_source(gaps: Vec<assay_source::Gap>) -> Vec<FileGap> {
    gaps.into_iter()
        .map(|gap| FileGap {
            path: gap.path,
            file: gap.file,
            span: None,
            code: gap.kind.id().to_owned(),
            message: gap.message,
            incomplete: gap.incomplete,
        })
        .collect()
}

fn code(reason: &GapReason) -> &'static str {
    match reason {
        GapReason::Syntax(_) => "syntax-error",
        GapReason::OlderLanguage(_) => "older-language",
        GapReason::Construct(_) => "construct",
        GapReason::Limit(_) => "limit",
        GapReason::Panic(_) => "internal-error",
    }
}

/// The gaps of one lowered file: one for each kind, at its first place.
pub(crate) fn of_module(id: FileId, file: &SourceFile, module: &Module) -> Vec<FileGap> {
    let mut kinds: BTreeMap<&'static str, Vec<&Gap>> = BTreeMap::new();
    for gap in &module.gaps {
        kinds.entry(code(&gap.reason)).or_default().push(gap);
    }
    let older = kinds.contains_key("older-language");
    kinds
        .into_iter()
        // The syntax errors of an older language are no errors of its author's.
        .filter(|(code, _)| !(older && *code == "syntax-error"))
        .filter_map(|(code, mut gaps)| {
            gaps.sort_by_key(|gap| gap.span);
            let first = gaps.first()?;
            let more = match gaps.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more in this file)"),
            };
            Some(FileGap {
                path: file.path.to_string(),
                file: Some(id),
                span: Some(first.span),
                code: code.to_owned(),
                message: format!("{}{more}", first.reason),
                incomplete: code != "construct" && counts(file),
            })
        })
        .collect()
}

/// One gap for each language without a front end: the files are in the review's list, each with its language.
pub(crate) fn unsupported(files: &Files, has_frontend: impl Fn(Language) -> bool) -> Vec<FileGap> {
    let mut languages: BTreeMap<(Language, bool), Vec<(FileId, &SourceFile)>> = BTreeMap::new();
    for (id, file) in files.iter() {
        if file.requested && file.language.is_code() && !has_frontend(file.language) {
            languages.entry((file.language, counts(file))).or_default().push((id, file));
        }
    }
    languages
        .into_iter()
        .map(|((language, own), files)| {
            let name = language.name();
            let lines: u64 = files.iter().map(|(_, file)| u64::from(file.line_count())).sum();
            let not_own = if own { "" } else { ", none of it first-party code" };
            let (path, message) = match files.as_slice() {
                [(_, file)] => {
                    (file.path.to_string(), format!("this version does not read {name} ({lines} lines{not_own})"))
                }
                files => {
                    let message = format!(
                        "{} {name} files ({lines} lines{not_own}): this version does not read {name}",
                        files.len()
                    );
                    (common_folder(files.iter().map(|(_, file)| &*file.path)), message)
                }
            };
            FileGap {
                path,
                file: (files.len() == 1).then_some(files[0].0),
                span: None,
                code: "language-unsupported".to_owned(),
                message,
                incomplete: own,
            }
        })
        .collect()
}

/// One gap for all templates that nothing was seen to render.
pub(crate) fn not_rendered(files: &Files, templates: impl Iterator<Item = FileId>) -> Option<FileGap> {
    let own = |id: &FileId| files.get(*id).requested && files.get(*id).role != Role::Test;
    let list: Vec<FileId> = templates.filter(own).collect();
    let (path, message) = match list.as_slice() {
        [] => return None,
        [one] => (files.get(*one).path.to_string(), "nothing was seen to render this template".to_owned()),
        all => {
            let message = format!("{} templates that nothing was seen to render", all.len());
            (common_folder(all.iter().map(|id| &*files.get(*id).path)), message)
        }
    };
    Some(FileGap {
        path,
        file: (list.len() == 1).then(|| list[0]),
        span: None,
        code: "template-not-rendered".to_owned(),
        message: format!("{message}: what it puts out was not examined")
            .replace("it puts", if list.len() == 1 { "it puts" } else { "they put" }),
        incomplete: false,
    })
}

/// The deepest folder that holds all of `paths`, with a `/` at its end; `./` for the top.
fn common_folder<'a>(paths: impl IntoIterator<Item = &'a str>) -> String {
    let folder = |path: &'a str| path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut paths = paths.into_iter();
    let mut common = paths.next().map_or("", folder);
    for path in paths {
        let other = folder(path);
        while !(common.is_empty() || other == common || other.starts_with(&format!("{common}/"))) {
            common = common.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    if common.is_empty() { "./".to_owned() } else { format!("{common}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_compared_by_their_parts() {
        assert_eq!(common_folder(["web/js/a.js", "web/js/b/c.js"]), "web/js/");
        assert_eq!(common_folder(["web/js/a.js", "web/jsx/c.js"]), "web/");
        assert_eq!(common_folder(["a.js", "web/c.js"]), "./");
    }

    #[test]
    fn a_thousand_files_are_one_gap_for_each_language() {
        let mut files: Vec<_> = (0..1000)
            .map(|n| SourceFile::new(&format!("web/{n:04}.js"), Language::JavaScript, Role::FirstParty, "x\n"))
            .collect();
        files.push(SourceFile::new("web/a.sh", Language::Shell, Role::Test, "x\n"));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let gaps = unsupported(&Files::new(files), |_| false);
        assert_eq!(gaps.len(), 2);
        assert_eq!((gaps[0].path.as_str(), gaps[0].incomplete), ("web/", true));
        assert_eq!(gaps[0].message, "1000 JavaScript files (1000 lines): this version does not read JavaScript");
        assert_eq!((gaps[1].path.as_str(), gaps[1].incomplete), ("web/a.sh", false));
    }
}
