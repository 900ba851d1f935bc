//! The reader of check files.
//!
//! A check file is Markdown under *front matter*: lines between two lines of `---`, each of the form
//! `key: value`. The front matter is a small part of YAML: a value is a plain text, a text in double quotes, a
//! list in brackets on one line, a list of lines `  - item` below the key, or `>-` with the indented lines below it folded into
//! one text.
//!
//! The documentation has the sections of [`SECTIONS`], in that order. A fence with a language that the check
//! works for is an example, wherever it stands. One with `fixed` behind the language shows what the edits make of the example
//! before it.

use crate::catalogue::{Analysis, Check, Example, Expectation, Grouping, SourceSet};
use crate::remedy::{FixRule, parse_rule};
use assay_finding::{Area, Severity};
use assay_models::SinkKind;

/// The headings of a check's documentation, in order.
pub const SECTIONS: [&str; 6] =
    ["What it finds", "Why it matters", "What it takes for safe", "How to fix", "Limits", "Examples"];

/// The languages that a check can be written for.
const LANGUAGES: [&str; 3] = ["python", "requirements", "c"];

/// The names that a solution may use in braces.
const PLACEHOLDERS: [&str; 3] = ["sink", "source", "value"];

/// The keys of the front matter.
const KEYS: [&str; 16] = [
    "id",
    "title",
    "area",
    "cwe",
    "owasp",
    "asvs",
    "severity",
    "languages",
    "analysis",
    "sinks",
    "sources",
    "site",
    "sites_title",
    "one_finding",
    "solution",
    "fixes",
];

/// What marks the language of an example that is fixed.
const FIXED: &str = " fixed";
/// What begins an item of a list that stands below its key.
const ITEM: &str = "  - ";

/// What is wrong with a check file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct CheckError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// A mistake and its line.
struct Problem(u32, String);

/// One line of the front matter.
struct Entry {
    key: String,
    line: u32,
    value: Value,
}

/// The value of an entry.
enum Value {
    Text(String),
    List(Vec<String>),
}

/// The front matter.
struct FrontMatter {
    entries: Vec<Entry>,
    /// The line of the closing `---`.
    end: u32,
}

impl FrontMatter {
    fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn required(&self, key: &str) -> Result<&Entry, Problem> {
        self.get(key).ok_or_else(|| Problem(self.end, format!("`{key}` is missing")))
    }

    fn text(&self, key: &str) -> Result<(u32, &str), Problem> {
        let entry = self.required(key)?;
        match &entry.value {
            Value::Text(text) if !text.is_empty() => Ok((entry.line, text)),
            Value::Text(_) => Err(Problem(entry.line, format!("`{key}` is empty"))),
            Value::List(_) => Err(Problem(entry.line, format!("`{key}` is one text, not a list"))),
        }
    }

    fn list(&self, key: &str) -> Result<(u32, &[String]), Problem> {
        let entry = self.required(key)?;
        match &entry.value {
            Value::List(items) => Ok((entry.line, items)),
            Value::Text(_) => Err(Problem(entry.line, format!("`{key}` is a list: write `{key}: [a, b]`"))),
        }
    }
}

/// Reads the check file `name` (`<id>.md`) with this text.
///
/// # Errors
/// The first mistake, with its line: a key that is unknown, missing or given twice; a word that the key does not
/// know; front matter that contradicts the analysis; a section that is missing; a fence without an end.
pub fn parse_check(name: &str, text: &str) -> Result<Check, CheckError> {
    parse(name, text).map_err(|Problem(line, message)| CheckError { file: name.to_owned(), line, message })
}

fn parse(name: &str, text: &str) -> Result<Check, Problem> {
    let lines: Vec<&str> = text.lines().collect();
    let front = front_matter(&lines)?;
    let (line, id) = front.text("id")?;
    if name.strip_suffix(".md") != Some(id) {
        return Err(Problem(line, format!("the id is `{id}`, so the file must be `{id}.md`")));
    }
    let word = |key: &str| front.text(key);
    let (line, area) = word("area")?;
    let area = one_of(line, "area", area, Area::ALL, Area::id)?;
    let (line, severity) = word("severity")?;
    let severity = one_of(line, "severity", severity, Severity::ALL, Severity::id)?;
    let (line, analysis) = word("analysis")?;
    let analysis = one_of(line, "analysis", analysis, Analysis::ALL, Analysis::id)?;
    let (line, owasp) = word("owasp")?;
    check_owasp(owasp).map_err(|message| Problem(line, message))?;
    let asvs = match front.get("asvs") {
        Some(_) => {
            let (line, asvs) = word("asvs")?;
            check_asvs(asvs).map_err(|message| Problem(line, message))?;
            Some(asvs.to_owned())
        }
        None => None,
    };
    let languages = words(&front, "languages", &LANGUAGES, |language| language)?;
    if languages.is_empty() {
        return Err(Problem(front.required("languages")?.line, "`languages` names none".to_owned()));
    }
    let sinks = words(&front, "sinks", &SinkKind::ALL, SinkKind::id)?;
    let sources = words(&front, "sources", &SourceSet::ALL, SourceSet::id)?;
    check_kinds(&front, analysis, !sinks.is_empty(), !sources.is_empty())?;
    let (line, solution) = word("solution")?;
    check_solution(solution).map_err(|message| Problem(line, message))?;

    let body = documentation(&lines, front.end as usize)?;
    let languages: Vec<String> = languages.into_iter().map(str::to_owned).collect();
    let examples = examples(&lines, front.end as usize, &languages)?;
    Ok(Check {
        id: id.to_owned(),
        title: word("title")?.1.to_owned(),
        area,
        cwe: cwe(&front)?,
        owasp: owasp.to_owned(),
        asvs,
        severity,
        languages,
        analysis,
        sinks,
        sources,
        grouping: match front.get("one_finding") {
            Some(_) => {
                let (line, word) = word("one_finding")?;
                one_of(
                    line,
                    "one_finding",
                    word,
                    [Grouping::Project, Grouping::Source, Grouping::Helper],
                    Grouping::id,
                )?
            }
            None => Grouping::Way,
        },
        noun: word("site")?.1.to_owned(),
        sites_title: word("sites_title")?.1.to_owned(),
        solution: solution.to_owned(),
        fixes: fixes(&front)?,
        summary: body.summary,
        documentation: body.text,
        examples,
    })
}

fn one_of<T: Copy>(
    line: u32,
    key: &str,
    word: &str,
    all: impl IntoIterator<Item = T>,
    id: impl Fn(T) -> &'static str,
) -> Result<T, Problem> {
    let all: Vec<T> = all.into_iter().collect();
    if let Some(found) = all.iter().copied().find(|&item| id(item) == word) {
        return Ok(found);
    }
    let known: Vec<&str> = all.into_iter().map(id).collect();
    Err(Problem(line, format!("`{key}` knows no `{word}`: use one of {}", known.join(", "))))
}

fn words<T: Copy + PartialEq>(
    front: &FrontMatter,
    key: &str,
    all: &[T],
    id: impl Fn(T) -> &'static str + Copy,
) -> Result<Vec<T>, Problem> {
    let (line, items) = front.list(key)?;
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let value = one_of(line, key, item, all.iter().copied(), id)?;
        if found.contains(&value) {
            return Err(Problem(line, format!("`{key}` names `{item}` twice")));
        }
        found.push(value);
    }
    Ok(found)
}

fn fixes(front: &FrontMatter) -> Result<Vec<FixRule>, Problem> {
    if front.get("fixes").is_none() {
        return Ok(Vec::new());
    }
    let (line, items) = front.list("fixes")?;
    let rule = |(at, item): (usize, &String)| parse_rule(item).map_err(|message| Problem(line + number(at), message));
    items.iter().enumerate().map(rule).collect()
}

fn cwe(front: &FrontMatter) -> Result<Vec<u32>, Problem> {
    let (line, items) = front.list("cwe")?;
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        match item.parse::<u32>() {
            Ok(number) if number > 0 && !numbers.contains(&number) => numbers.push(number),
            Ok(_) => return Err(Problem(line, format!("`cwe` names {item} twice, or 0"))),
            Err(_) => return Err(Problem(line, format!("`{item}` is no weakness number: write `cwe: [89]`"))),
        }
    }
    if numbers.is_empty() {
        return Err(Problem(line, "`cwe` names no weakness".to_owned()));
    }
    Ok(numbers)
}

fn check_owasp(text: &str) -> Result<(), String> {
    let number = text.strip_prefix('A').and_then(|rest| rest.strip_suffix(":2025"));
    match number.map(|digits| (digits.len(), digits.parse::<u8>())) {
        Some((2, Ok(1..=10))) => Ok(()),
        _ => Err(format!("`{text}` is no category of the Top 10: write `A01:2025` to `A10:2025`")),
    }
}

fn check_asvs(text: &str) -> Result<(), String> {
    let numbers: Vec<_> = text.split('.').map(str::parse::<u8>).collect();
    if numbers.len() == 3 && numbers.iter().all(Result::is_ok) {
        Ok(())
    } else {
        Err(format!("`{text}` is no requirement of ASVS 5.0: write `1.2.4`"))
    }
}

fn check_solution(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let after = &rest[open + 1..];
        let close = after.find('}').ok_or_else(|| "a `{` in `solution` has no `}`".to_owned())?;
        let name = &after[..close];
        if !PLACEHOLDERS.contains(&name) {
            return Err(format!("`solution` knows no `{{{name}}}`: use {{sink}}, {{source}} or {{value}}"));
        }
        rest = &after[close + 1..];
    }
    Ok(())
}

/// What follows from the analysis: a flow has both ends, a setting has none.
fn check_kinds(front: &FrontMatter, analysis: Analysis, sinks: bool, sources: bool) -> Result<(), Problem> {
    let problem = |key: &str, message: &str| Err(Problem(front.required(key)?.line, message.to_owned()));
    match analysis {
        Analysis::Flow if !sinks => problem("sinks", "a check by flow needs sinks"),
        Analysis::Flow if !sources => problem("sources", "a check by flow needs sources"),
        Analysis::Setting if sinks => {
            problem("sinks", "a check of settings has no sinks: its places are rows of the models")
        }
        Analysis::Setting if sources => problem("sources", "a check of settings has no sources"),
        _ => Ok(()),
    }
}

fn front_matter(lines: &[&str]) -> Result<FrontMatter, Problem> {
    if lines.first() != Some(&"---") {
        return Err(Problem(1, "the file must start with `---` and front matter".to_owned()));
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 1;
    while let Some(&text) = lines.get(at) {
        let line = number(at);
        at += 1;
        if text == "---" {
            return Ok(FrontMatter { entries, end: line });
        }
        if text.trim().is_empty() {
            continue;
        }
        let Some((key, value)) = text.split_once(':').filter(|(key, _)| !key.starts_with(char::is_whitespace)) else {
            return Err(Problem(line, format!("`{}` is not of the form `key: value`", text.trim())));
        };
        if !KEYS.contains(&key) {
            return Err(Problem(line, format!("unknown key `{key}`: use one of {}", KEYS.join(", "))));
        }
        if entries.iter().any(|entry| entry.key == key) {
            return Err(Problem(line, format!("`{key}` is given twice")));
        }
        let value = match value.trim() {
            ">-" => {
                let mut folded: Vec<&str> = Vec::new();
                while let Some(&text) = lines.get(at).filter(|text| text.starts_with(' ')) {
                    folded.push(text.trim());
                    at += 1;
                }
                Value::Text(folded.join(" "))
            }
            "" if lines.get(at).is_some_and(|text| text.starts_with(ITEM)) => {
                let mut items = Vec::new();
                while let Some(item) = lines.get(at).and_then(|text| text.strip_prefix(ITEM)) {
                    items.push(item.trim().to_owned());
                    at += 1;
                }
                Value::List(items)
            }
            value => scalar_or_list(value).map_err(|message| Problem(line, message))?,
        };
        entries.push(Entry { key: key.to_owned(), line, value });
    }
    Err(Problem(number(lines.len().saturating_sub(1)), "the front matter has no closing `---`".to_owned()))
}

fn scalar_or_list(value: &str) -> Result<Value, String> {
    if let Some(inner) = value.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or_else(|| "a list must end with `]` on the same line".to_owned())?;
        let items: Vec<String> = inner.split(',').map(|item| item.trim().to_owned()).collect();
        return match items.iter().position(String::is_empty) {
            Some(0) if items.len() == 1 => Ok(Value::List(Vec::new())),
            Some(_) => Err("the list has an empty item".to_owned()),
            None => Ok(Value::List(items)),
        };
    }
    if let Some(inner) = value.strip_prefix('"') {
        let inner = inner.strip_suffix('"').filter(|inner| !inner.contains(['"', '\\']));
        return inner
            .map(|inner| Value::Text(inner.to_owned()))
            .ok_or_else(|| "a text in quotes must end with one".to_owned());
    }
    if value.starts_with(['\'', '{', '&', '*', '!', '|', '>', '%', '@', '`', '#'])
        || value.contains(": ")
        || value.contains(" #")
    {
        return Err(format!("write `{value}` in double quotes or below `>-`"));
    }
    Ok(Value::Text(value.to_owned()))
}

/// The documentation and its first paragraph.
struct Body {
    text: String,
    summary: String,
}

fn documentation(lines: &[&str], start: usize) -> Result<Body, Problem> {
    let mut fence = false;
    let mut expected = SECTIONS.iter();
    let mut summary: Vec<&str> = Vec::new();
    let (mut section, mut paragraphs) = (0, 0);
    for (at, text) in lines.iter().enumerate().skip(start) {
        if text.starts_with("```") {
            fence = !fence;
        }
        if fence {
            continue;
        }
        if let Some(heading) = text.strip_prefix("## ") {
            match expected.next() {
                Some(&name) if name == heading => section += 1,
                Some(&name) => return Err(Problem(number(at), format!("the next section must be `## {name}`"))),
                None => return Err(Problem(number(at), format!("`## {heading}` is no section of a check"))),
            }
        } else if section == 1 && paragraphs == 0 {
            if !text.trim().is_empty() {
                summary.push(text.trim());
            } else if !summary.is_empty() {
                paragraphs = 1;
            }
        }
    }
    if let Some(name) = expected.next() {
        return Err(Problem(number(lines.len().saturating_sub(1)), format!("the section `## {name}` is missing")));
    }
    if summary.is_empty() {
        return Err(Problem(number(start), format!("`## {}` has no text", SECTIONS[0])));
    }
    let text = lines.get(start..).unwrap_or_default().join("\n");
    Ok(Body { text: format!("{}\n", text.trim()), summary: summary.join(" ") })
}

fn examples(lines: &[&str], start: usize, languages: &[String]) -> Result<Vec<Example>, Problem> {
    let mut examples = Vec::new();
    let mut at = start;
    while let Some(text) = lines.get(at) {
        at += 1;
        let Some(language) = text.strip_prefix("```") else {
            continue;
        };
        let first = at;
        while lines.get(at).is_some_and(|text| *text != "```") {
            at += 1;
        }
        if at >= lines.len() {
            return Err(Problem(number(first - 1), "this fence has no end".to_owned()));
        }
        // What C can be shown in, C++ can.
        let named = if language == "cpp" { "c" } else { language };
        if languages.iter().any(|known| known == named) {
            examples.push(example(language, &lines[first..at], number(first))?);
        } else if let Some(language) = language.strip_suffix(FIXED) {
            let before = examples.last_mut().filter(|example: &&mut Example| example.language == language);
            let example =
                before.ok_or_else(|| Problem(number(first - 1), "no example stands before this".to_owned()))?;
            example.fixed = Some(format!("{}\n", lines[first..at].join("\n")));
        }
        at += 1;
    }
    Ok(examples)
}

impl Example {
    /// Reads a program with its `# expect: check-id, check-id` comments; it is its file's only content.
    ///
    /// # Errors
    /// When an expectation is no check's id: the line and what is wrong.
    pub fn parse(language: &str, code: &str) -> Result<Self, String> {
        let lines: Vec<&str> = code.lines().collect();
        example(language, &lines, 1).map_err(|Problem(line, message)| format!("{line}: {message}"))
    }
}

fn example(language: &str, code: &[&str], line: u32) -> Result<Example, Problem> {
    let mut expectations = Vec::new();
    for (at, text) in code.iter().enumerate() {
        let Some((_, ids)) = ["# expect:", "// expect:"].iter().find_map(|mark| text.split_once(mark)) else {
            continue;
        };
        for id in ids.split(',') {
            let id = id.trim();
            if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
                return Err(Problem(line + number(at) - 1, format!("`{id}` is no check's id")));
            }
            expectations.push(Expectation { line: number(at), check: id.to_owned() });
        }
    }
    Ok(Example {
        language: language.to_owned(),
        code: format!("{}\n", code.join("\n")),
        line,
        expectations,
        fixed: None,
    })
}

/// The number of the line at an index. Check files are far below 2³² lines; a longer one keeps the last number.
fn number(index: usize) -> u32 {
    u32::try_from(index).map_or(u32::MAX, |index| index.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"---
id: sql-injection
title: "SQL text: built"
area: injection
cwe: [89, 943]
owasp: A05:2025
asvs: 1.2.4
severity: high
languages: [python]
analysis: flow
sinks: [sql-injection]
sources: [untrusted, archive]
site: database call
sites_title: Database calls
solution: >-
  Bind `{value}`
  for {sink}.
---

## What it finds

First
paragraph.

Second.

## Why it matters
## What it takes for safe
## How to fix

```toml
## not = "a section"
```

## Limits
## Examples

```python
a = 1
run(a)  # expect: sql-injection, log-injection
```
"#;

    fn error(text: &str) -> (u32, String) {
        let error = parse_check("sql-injection.md", text).expect_err("the file is broken");
        assert_eq!(error.to_string(), format!("sql-injection.md:{}: {}", error.line, error.message));
        (error.line, error.message)
    }

    #[test]
    fn a_file_is_read() {
        let check = parse_check("sql-injection.md", GOOD).expect("the file is good");
        assert_eq!(check.title, "SQL text: built");
        assert_eq!(check.cwe, [89, 943]);
        assert_eq!(check.asvs.as_deref(), Some("1.2.4"));
        assert_eq!(check.sinks, [SinkKind::SqlInjection]);
        assert_eq!(check.sources, [SourceSet::Untrusted, SourceSet::Archive]);
        assert_eq!(check.solution, "Bind `{value}` for {sink}.");
        assert_eq!(check.summary, "First paragraph.");
        assert!(check.documentation.starts_with("## What it finds\n"));
        assert!(!check.documentation.contains("sites_title"));
        let [example] = &check.examples[..] else { panic!("one example") };
        assert_eq!(example.code, "a = 1\nrun(a)  # expect: sql-injection, log-injection\n");
        assert_eq!(GOOD.lines().nth(example.line as usize - 1), Some("a = 1"));
        let expected: Vec<(u32, &str)> = example.expectations.iter().map(|e| (e.line, &*e.check)).collect();
        assert_eq!(expected, [(2, "sql-injection"), (2, "log-injection")]);
    }

    #[test]
    fn a_requirement_is_optional() {
        let check = parse_check("sql-injection.md", &GOOD.replace("asvs: 1.2.4\n", "")).expect("the file is good");
        assert_eq!(check.asvs, None);
    }

    #[test]
    fn wrong_words_are_refused_with_their_line() {
        for (from, to, line, part) in [
            ("id: sql-injection", "id: sql", 2, "the file must be `sql.md`"),
            (
                "area: injection",
                "area: injections",
                4,
                "`area` knows no `injections`: use one of injection, memory-safety",
            ),
            ("cwe: [89, 943]", "cwe: [89, 89]", 5, "twice"),
            ("cwe: [89, 943]", "cwe: [CWE-89]", 5, "`CWE-89` is no weakness number"),
            ("cwe: [89, 943]", "cwe: []", 5, "names no weakness"),
            ("cwe: [89, 943]", "cwe: 89", 5, "`cwe` is a list"),
            ("A05:2025", "A11:2025", 6, "`A11:2025` is no category"),
            ("A05:2025", "A5:2025", 6, "`A5:2025` is no category"),
            ("1.2.4", "1.2", 7, "`1.2` is no requirement"),
            ("severity: high", "severity: awful", 8, "info, low, medium, high, critical"),
            ("[python]", "[python, cobol]", 9, "`languages` knows no `cobol`"),
            ("[python]", "[]", 9, "names none"),
            ("analysis: flow", "analysis: guess", 10, "flow, setting, code"),
            ("analysis: flow", "analysis: setting", 11, "has no sinks"),
            ("sinks: [sql-injection]", "sinks: [sql]", 11, "`sinks` knows no `sql`"),
            ("sinks: [sql-injection]", "sinks: []", 11, "needs sinks"),
            ("sources: [untrusted, archive]", "sources: []", 12, "needs sources"),
            ("sources: [untrusted, archive]", "sources: [untrusted, untrusted]", 12, "twice"),
            ("{sink}.", "{sinks}.", 15, "knows no `{sinks}`"),
            ("{sink}.", "{sink.", 15, "has no `}`"),
        ] {
            assert!(GOOD.contains(from));
            let (at, message) = error(&GOOD.replacen(from, to, 1));
            assert_eq!(at, line, "{to}: {message}");
            assert!(message.contains(part), "{to}: {message}");
        }
    }

    #[test]
    fn broken_front_matter_is_refused() {
        for (from, to, line, part) in [
            ("---\nid", "id", 1, "must start with `---`"),
            ("site: ", "noun: ", 13, "unknown key `noun`"),
            ("site: database call", "site database call", 13, "not of the form"),
            ("site: database call", "site:", 13, "`site` is empty"),
            ("site: database call", "site: [a]", 13, "one text"),
            ("site: database call", "title: x", 13, "`title` is given twice"),
            ("site: database call\n", "", 17, "`site` is missing"),
            ("\"SQL text: built\"", "SQL text: built", 3, "in double quotes"),
            ("\"SQL text: built\"", "\"SQL", 3, "must end with one"),
            ("[89, 943]", "[89, 943", 5, "must end with `]`"),
            ("[89, 943]", "[89,]", 5, "empty item"),
        ] {
            assert!(GOOD.contains(from));
            let (at, message) = error(&GOOD.replacen(from, to, 1));
            assert_eq!(at, line, "{to}: {message}");
            assert!(message.contains(part), "{to}: {message}");
        }
        assert_eq!(error("").0, 1);
        assert_eq!(error("---\nid: sql-injection\n"), (2, "the front matter has no closing `---`".to_owned()));
    }

    #[test]
    fn broken_documentation_is_refused() {
        for (from, to, part) in [
            ("## Limits\n", "", "the next section must be `## Limits`"),
            ("## Limits", "## Limit", "the next section must be `## Limits`"),
            ("First\nparagraph.\n\nSecond.\n", "", "has no text"),
            ("# expect: sql-injection, log", "# expect: SQL", "is no check's id"),
        ] {
            if GOOD.contains(from) {
                let (_, message) = error(&GOOD.replacen(from, to, 1));
                assert!(message.contains(part), "{to}: {message}");
            }
        }
        let cut = GOOD.trim_end().strip_suffix("```").expect("the file ends with a fence");
        assert_eq!(error(cut).1, "this fence has no end");
        let (_, message) = error(&format!("{GOOD}\n## More\n"));
        assert_eq!(message, "`## More` is no section of a check");
        let without = GOOD.split("## Examples").next().expect("there is text before");
        assert_eq!(error(without).1, "the section `## Examples` is missing");
    }

    #[test]
    fn no_prefix_of_a_file_makes_the_reader_fail_badly() {
        for (at, _) in GOOD.char_indices() {
            let _ = parse_check("sql-injection.md", &GOOD[..at]);
        }
    }
}
