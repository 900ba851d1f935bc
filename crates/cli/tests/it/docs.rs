//! The documentation: what it links to is there, and what it shows can be run.

use crate::support::{Tree, command};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The pages of `docs/` and those at the root, by their paths from the root.
fn pages() -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for folder in ["", "docs"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let name = Path::new(folder).join(entry.file_name()).to_string_lossy().into_owned();
                out.insert(name, std::fs::read_to_string(&path).expect("pages are UTF-8"));
            }
        }
    }
    out
}

/// A fence: language, first line, text.
type Fence<'t> = (&'t str, usize, String);

/// The lines outside of fences, and the fences.
fn parts(text: &str) -> (Vec<(usize, &str)>, Vec<Fence<'_>>) {
    let (mut prose, mut fences) = (Vec::new(), Vec::new());
    let mut fence: Option<Fence<'_>> = None;
    for (number, line) in text.lines().enumerate() {
        let mark = line.trim_start().strip_prefix("```");
        match (&mut fence, mark) {
            (None, Some(language)) => fence = Some((language, number + 2, String::new())),
            (None, None) => prose.push((number + 1, line)),
            (Some(_), Some("")) => fences.extend(fence.take()),
            (Some((.., body)), _) => {
                body.push_str(line);
                body.push('\n');
            }
        }
    }
    assert!(fence.is_none(), "a fence has no end:\n{text}");
    (prose, fences)
}

/// The anchors of a page's headings, as code hosts and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = parts(text).0.into_iter().filter(|(_, line)| line.starts_with('#'));
    headings
        .map(|(_, line)| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// The targets of a page's links and pictures.
fn links(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find("](") {
        rest = &rest[at + 2..];
        let Some(end) = rest.find(')') else { break };
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    out
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut wrong = Vec::new();
    for (name, text) in &pages {
        let folder = Path::new(name).parent().unwrap_or(Path::new(""));
        for (number, line) in parts(text).0 {
            for link in links(line).into_iter().filter(|link| !link.contains("://")) {
                let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
                let target = if path.is_empty() { PathBuf::from(name) } else { folder.join(path) };
                if !root().join(&target).exists() {
                    wrong.push(format!("{name}:{number}: {link} is not there"));
                } else if let Some(anchor) = anchor {
                    let there = pages.get(&*target.to_string_lossy()).map(|text| anchors(text));
                    if !there.is_some_and(|there| there.contains(anchor)) {
                        wrong.push(format!("{name}:{number}: {link} has no such heading"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let pages = pages();
    let summary = &pages["docs/SUMMARY.md"];
    let listed: Vec<String> = summary.lines().flat_map(links).map(|link| format!("docs/{link}")).collect();
    let there: BTreeSet<String> =
        pages.into_keys().filter(|name| name.starts_with("docs/") && name != "docs/SUMMARY.md").collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), there);
    assert_eq!(listed.len(), there.len(), "a page is listed twice");
}

/// The commands of a shell's fence that call this program, without comments and what a shell does with them.
fn commands(body: &str) -> Vec<Vec<String>> {
    let joined = body.replace("\\\n", " ");
    let lines = joined
        .lines()
        .flat_map(|line| line.split("&&"))
        .map(|line| line.split(" # ").next().unwrap_or_default().trim());
    lines
        .filter_map(|line| line.strip_prefix("$ ").unwrap_or(line).strip_prefix("assay "))
        .map(|line| {
            let line = line.split(['|', '>', ';']).next().unwrap_or_default();
            line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
        })
        .collect()
}

#[test]
fn every_command_is_one() {
    let tree = Tree::new();
    let mut seen = BTreeSet::new();
    for (name, text) in pages() {
        for (language, line, body) in parts(&text).1 {
            if !["sh", "bash", "console", "shell"].contains(&language) {
                continue;
            }
            for words in commands(&body) {
                let given: Vec<&str> = words.iter().map(String::as_str).collect();
                let mut arguments = given.clone();
                arguments.push("--help");
                if seen.insert(words.clone()) {
                    let run = tree.run(&arguments);
                    assert_eq!(run.status, 0, "{name}:{line}: assay {}: {}", given.join(" "), run.stderr);
                }
            }
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
}

#[test]
fn what_is_data_can_be_read() {
    for (name, text) in pages() {
        for (language, line, body) in parts(&text).1 {
            if language == "json" {
                let read = serde_json::from_str::<serde_json::Value>(&body);
                assert!(read.is_ok(), "{name}:{line}: {}", read.unwrap_err());
            }
        }
    }
}

/// What the README shows of a review, cut where `…` stands, is what the command prints.
#[test]
fn the_excerpt_is_what_the_command_prints() {
    let readme = &pages()["README.md"];
    let (_, shown) = readme.split_once("<!-- excerpt -->").expect("the excerpt is marked");
    let (_, fences) = parts(shown);
    let (_, _, excerpt) = fences.into_iter().find(|(language, ..)| *language == "text").expect("the excerpt is text");
    let folder = Tree::new();
    let mut review = command(folder.path());
    let run = review.current_dir(root()).args(["review", "--no-cache", "examples/netkeeper"]).output();
    let printed = String::from_utf8(run.expect("the command runs").stdout).expect("a report is UTF-8");
    let mut rest = printed.as_str();
    let is_cut = |line: &&str| line.trim() == "…";
    for part in excerpt.lines().collect::<Vec<_>>().split(|line| is_cut(line)) {
        let part = part.join("\n");
        let part = part.trim_matches('\n');
        let at = rest.find(part).unwrap_or_else(|| panic!("the command does not print this:\n{part}"));
        rest = &rest[at + part.len()..];
    }
    assert_eq!(rest.trim(), "", "the excerpt ends where the review does");
}
