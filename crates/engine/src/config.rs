//! What the project asks for: `assay.toml`, or `[tool.assay]` in `pyproject.toml`.
//!
//! The nearest of them counts, from the target up to the root of its project; `assay.toml` before
//! `pyproject.toml` in one folder. `docs/configuration.md` describes the keys.

use crate::document::{Document, Result, Value};
use crate::error::Error;
use assay_finding::{Area, Confidence, Severity, Threat};
use assay_source::{FileKind, Patterns, System};
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// A configuration file longer than this is an error.
const MAX_CONFIG_BYTES: u64 = 1024 * 1024;

/// Where the configuration comes from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum ConfigSource {
    /// The nearest configuration file of the project.
    #[default]
    Discover,
    /// This file.
    File(PathBuf),
    /// None: neither file counts.
    None,
}

/// From which severity on findings make the command fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailOn {
    /// This severity and above.
    Severity(Severity),
    /// Findings never do.
    Never,
}

impl FailOn {
    /// The words that stand for it.
    pub const WORDS: [&'static str; 6] = ["info", "low", "medium", "high", "critical", "never"];

    /// Reads one of [`Self::WORDS`].
    pub fn from_id(id: &str) -> Option<Self> {
        if id == "never" { Some(Self::Never) } else { severity(id).map(Self::Severity) }
    }
}

/// Checks that do not count below some paths.
#[derive(Clone, Debug)]
pub(crate) struct PathIgnore {
    pub(crate) pattern: String,
    pub(crate) matcher: Patterns,
    pub(crate) checks: Vec<String>,
}

/// A read configuration.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file it was read from, as shown.
    pub path: Option<String>,
    /// What is not read.
    pub(crate) exclude: Patterns,
    pub(crate) exclude_count: usize,
    /// The threat model.
    pub threat: Option<Threat>,
    /// When the command fails.
    pub fail_on: Option<FailOn>,
    /// Whether an incomplete review passes.
    pub allow_incomplete: Option<bool>,
    /// The least severity shown.
    pub severity: Option<Severity>,
    /// The least confidence shown.
    pub confidence: Option<Confidence>,
    /// The areas reviewed; all when empty.
    pub areas: Vec<Area>,
    /// The checks that run; all when empty.
    pub select: Vec<String>,
    /// The checks that do not run.
    pub ignore: Vec<String>,
    /// Model files, absolute.
    pub models: Vec<PathBuf>,
    pub(crate) per_path: Vec<PathIgnore>,
}

pub(crate) fn severity(id: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.id() == id)
}

pub(crate) fn confidence(id: &str) -> Option<Confidence> {
    Confidence::ALL.into_iter().find(|confidence| confidence.id() == id)
}

pub(crate) fn threat(id: &str) -> Option<Threat> {
    THREATS.into_iter().find(|threat| threat.id() == id)
}

const THREATS: [Threat; 4] = [Threat::Remote, Threat::Local, Threat::Library, Threat::All];
const KEYS: [&str; 10] = [
    "allow-incomplete",
    "areas",
    "checks",
    "confidence",
    "exclude",
    "fail-on",
    "models",
    "per-path-ignores",
    "severity",
    "threat",
];

/// Finds and reads the configuration for `target`, whose project's root is `root`.
pub(crate) fn find(
    system: &dyn System,
    source: &ConfigSource,
    target: &Path,
    root: &Path,
) -> std::result::Result<Config, Error> {
    let current = system.current_dir().unwrap_or_default();
    match source {
        ConfigSource::None => Ok(Config::default()),
        ConfigSource::File(path) => {
            let absolute = current.join(path);
            let shown = path.to_string_lossy().into_owned();
            let text = read(system, &absolute, &shown)?;
            let base = absolute.parent().unwrap_or(Path::new("")).to_path_buf();
            let is_pyproject = path.file_name().is_some_and(|name| name == "pyproject.toml");
            Ok(parse(&shown, &text, &base, is_pyproject)?.unwrap_or_default())
        }
        ConfigSource::Discover => {
            let target = system.canonicalize(&current.join(target)).unwrap_or_else(|_| root.to_path_buf());
            let is_dir = system.kind(&target).is_ok_and(|kind| kind == FileKind::Directory);
            let start = if is_dir { target.as_path() } else { target.parent().unwrap_or(root) };
            for folder in start.ancestors().take_while(|folder| folder.starts_with(root)) {
                for name in ["assay.toml", "pyproject.toml"] {
                    let path = folder.join(name);
                    if !system.is_file(&path) {
                        continue;
                    }
                    let shown = path.strip_prefix(&current).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                    let text = read(system, &path, &shown)?;
                    // A `pyproject.toml` that this tool has no part in may be as broken as it likes.
                    if name == "pyproject.toml" && !text.contains("assay") {
                        continue;
                    }
                    if let Some(config) = parse(&shown, &text, folder, name == "pyproject.toml")? {
                        return Ok(config);
                    }
                }
            }
            Ok(Config::default())
        }
    }
}

pub(crate) fn read(system: &dyn System, path: &Path, shown: &str) -> std::result::Result<String, Error> {
    let error = |message: String| Error::File { path: shown.to_owned(), message };
    let bytes = system.read(path, MAX_CONFIG_BYTES + 1).map_err(|e| error(e.to_string()))?;
    if bytes.len() as u64 > MAX_CONFIG_BYTES {
        return Err(error(format!("longer than {} KB", MAX_CONFIG_BYTES / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| error("not valid UTF-8".to_owned()))
}

/// Reads a configuration; `None` for a `pyproject.toml` without `[tool.assay]`.
pub(crate) fn parse(path: &str, text: &str, base: &Path, is_pyproject: bool) -> Result<Option<Config>> {
    let document = Document { path, text };
    let parsed = document.parse()?;
    let mut table = parsed.get_ref();
    if is_pyproject {
        for key in ["tool", "assay"] {
            let Some(value) = table.get(key) else { return Ok(None) };
            table = document.table(key, value)?;
        }
    }
    let mut config = Config { path: Some(path.to_owned()), ..Config::default() };
    for (key, value) in in_order(table) {
        match key.get_ref().as_ref() {
            "allow-incomplete" => config.allow_incomplete = Some(document.boolean("allow-incomplete", value)?),
            "areas" => {
                let ids: Vec<&str> = Area::ALL.iter().map(|area| area.id()).collect();
                for item in document.strings("areas", value)? {
                    config.areas.push(document.word("area", item, &ids, Area::from_id)?);
                }
            }
            "checks" => checks(&document, value, &mut config)?,
            "confidence" => config.confidence = Some(one_of(&document, "confidence", value, &CONFIDENCES, confidence)?),
            "exclude" => {
                let items = document.strings("exclude", value)?;
                config.exclude_count = items.len();
                config.exclude = patterns(&document, base, &items)?;
            }
            "fail-on" => config.fail_on = Some(one_of(&document, "fail-on", value, &FailOn::WORDS, FailOn::from_id)?),
            "models" => {
                let items = document.strings("models", value)?;
                config.models = items.into_iter().map(|(item, _)| base.join(item)).collect();
            }
            "per-path-ignores" => {
                for (pattern, value) in in_order(document.table("per-path-ignores", value)?) {
                    let name = pattern.get_ref().as_ref();
                    config.per_path.push(PathIgnore {
                        pattern: name.to_owned(),
                        matcher: patterns(&document, base, &[(name, pattern.span())])?,
                        checks: check_ids(&document, "per-path-ignores", value)?,
                    });
                }
            }
            "severity" => config.severity = Some(one_of(&document, "severity", value, &SEVERITIES, severity)?),
            "threat" => {
                let words = THREATS.map(Threat::id);
                config.threat = Some(one_of(&document, "threat", value, &words, threat)?);
            }
            other => return Err(document.unknown_key(key.span(), other, "", &KEYS)),
        }
    }
    Ok(Some(config))
}

const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];
const CONFIDENCES: [&str; 3] = ["low", "medium", "high"];

/// The entries in the order of the file, so that the first error is the first one in the file.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t toml::Spanned<toml::de::DeString<'i>>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn one_of<T>(
    document: &Document<'_>,
    key: &str,
    value: &Value<'_>,
    words: &[&str],
    read: impl Fn(&str) -> Option<T>,
) -> Result<T> {
    let text = document.string(key, value)?;
    document.word(key, (text, value.span()), words, read)
}

fn checks(document: &Document<'_>, value: &Value<'_>, config: &mut Config) -> Result<()> {
    for (key, value) in in_order(document.table("checks", value)?) {
        match key.get_ref().as_ref() {
            "select" => config.select = check_ids(document, "select", value)?,
            "ignore" => config.ignore = check_ids(document, "ignore", value)?,
            other => return Err(document.unknown_key(key.span(), other, " in `checks`", &["select", "ignore"])),
        }
    }
    Ok(())
}

fn check_ids(document: &Document<'_>, key: &str, value: &Value<'_>) -> Result<Vec<String>> {
    let known: Vec<&str> = assay_checks::catalogue().iter().map(|check| check.id.as_str()).collect();
    let items = document.strings(key, value)?;
    items
        .into_iter()
        .map(|item| document.word("check", item, &known, |id| assay_checks::check(id).map(|check| check.id.clone())))
        .collect()
}

fn patterns(document: &Document<'_>, base: &Path, items: &[(&str, std::ops::Range<usize>)]) -> Result<Patterns> {
    let texts: Vec<&str> = items.iter().map(|(text, _)| *text).collect();
    Patterns::new(base, &texts).map_err(|(index, message)| {
        let (text, span) = &items[index.min(items.len() - 1)];
        document.error(span.clone(), format!("`{text}` is not a pattern: {message}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_source::MemorySystem;

    fn error(text: &str) -> String {
        parse("assay.toml", text, Path::new("/p"), false).unwrap_err().to_string()
    }

    #[test]
    fn every_key_is_read() {
        let text = r#"
            exclude = ["build/"]
            threat = "local"
            fail-on = "never"
            allow-incomplete = true
            areas = ["injection"]
            severity = "low"
            confidence = "medium"
            models = ["security/ours.yml"]
            [checks]
            select = ["sql-injection"]
            ignore = ["xxe"]
            [per-path-ignores]
            "scripts/**" = ["command-injection"]
        "#;
        let config = parse("assay.toml", text, Path::new("/p"), false).unwrap().unwrap();
        assert_eq!((config.threat, config.fail_on), (Some(Threat::Local), Some(FailOn::Never)));
        assert_eq!((config.areas.as_slice(), config.allow_incomplete), (&[Area::Injection][..], Some(true)));
        assert_eq!((config.select, config.ignore), (vec!["sql-injection".to_owned()], vec!["xxe".to_owned()]));
        assert_eq!(config.models, [Path::new("/p/security/ours.yml")]);
        assert!(config.exclude.matches(Path::new("/p/build/x.py"), false));
        assert!(config.per_path[0].matcher.matches(Path::new("/p/scripts/a/b.py"), false));
        assert_eq!((config.severity, config.confidence), (Some(Severity::Low), Some(Confidence::Medium)));
    }

    #[test]
    fn errors_name_the_line_and_the_nearest_word() {
        assert_eq!(
            error("threat = 'remote'\nexlude = []\n"),
            "assay.toml:2:1: unknown key `exlude`; did you mean `exclude`?"
        );
        assert_eq!(error("threat = 'remot'"), "assay.toml:1:10: unknown threat `remot`; did you mean `remote`?");
        assert_eq!(
            error("[checks]\nselect = [\n  'sql-injektion']"),
            "assay.toml:3:3: unknown check `sql-injektion`; did you mean `sql-injection`?"
        );
        assert_eq!(error("exclude = 1"), "assay.toml:1:11: `exclude` is a number, must be a list");
        assert_eq!(error("exclude = [1]"), "assay.toml:1:12: `exclude` holds a number, must be a list of strings");
        assert_eq!(
            error("fail-on = 'sometimes'"),
            "assay.toml:1:11: unknown fail-on `sometimes`; must be `info`, `low`, `medium`, `high`, `critical` or `never`"
        );
        assert!(error("exclude = [").starts_with("assay.toml:1:"), "{}", error("exclude = ["));
        assert!(error("exclude = ['a[']").contains("is not a pattern"), "{}", error("exclude = ['a[']"));
        let deep = format!("exclude = {}", "[".repeat(100_000));
        assert!(error(&deep).starts_with("assay.toml:1:"));
    }

    #[test]
    fn the_nearest_file_counts() {
        let system = MemorySystem::new("/w")
            .with_file("/w/p/pyproject.toml", "[tool.assay]\nthreat = 'all'\n")
            .with_file("/w/p/a/assay.toml", "threat = 'local'")
            .with_file("/w/p/a/x.py", "")
            .with_file("/w/p/b/pyproject.toml", "[tool.other]\nx = 'assay'\n")
            .with_file("/w/p/b/x.py", "")
            .with_file("/w/assay.toml", "threat = 'library'");
        let threat = |source: &ConfigSource, target: &str| {
            find(&system, source, Path::new(target), Path::new("/w/p")).unwrap().threat
        };
        assert_eq!(threat(&ConfigSource::Discover, "p/a/x.py"), Some(Threat::Local));
        assert_eq!(threat(&ConfigSource::Discover, "p/b"), Some(Threat::All));
        assert_eq!(threat(&ConfigSource::None, "p/b"), None);
        assert_eq!(threat(&ConfigSource::File("assay.toml".into()), "p/b"), Some(Threat::Library));
    }

    #[test]
    fn a_named_file_must_exist() {
        let source = ConfigSource::File("nowhere.toml".into());
        let error = find(&MemorySystem::new("/w"), &source, Path::new("."), Path::new("/w")).unwrap_err();
        assert!(error.to_string().starts_with("nowhere.toml: "), "{error}");
    }
}
