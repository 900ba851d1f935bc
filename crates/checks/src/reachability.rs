//! How far the program was seen to use what has a vulnerability: four levels, each with its evidence.
//!
//! A level is never a reason to call a dependency safe. What follows for statements on a vulnerability is decided narrowly:
//! *affected* takes a way from an entry point to a call; *not in the execute path* takes that the vulnerable code is known, that
//! nothing but the program could call it, and that nothing in the program does.

use crate::usage::{Called, ImportPlace, Named, Usage, is_within};
use assay_dependencies::{
    Dependency, DependencyReview, Ecosystem, Entry, Kind, Reach, ReachLevel, ReachStatus, python_packages,
    vulnerable_symbols, without_symbols,
};
use assay_finding::{Finding, Step};
use assay_text::{FileId, Files, Span};
use std::collections::BTreeSet;

/// Sentences of evidence that one finding shows.
const MAX_SENTENCES: usize = 4;
/// Symbols that a sentence names.
const MAX_NAMED: usize = 3;

/// The paths of everything that has a vulnerability which concerns an entry of the review.
pub fn wanted_symbols(review: &DependencyReview) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for entry in review.entries.iter().filter(|entry| entry.dependency.ecosystem == Ecosystem::PyPI) {
        let (Some(assessment), Some(package)) = (entry.assessment(), review.package(entry)) else { continue };
        for exposure in &assessment.exposures {
            let defect = &package.defects[exposure.defect];
            wanted.extend(vulnerable_symbols(Ecosystem::PyPI, &entry.dependency.name, defect).0);
        }
    }
    wanted
}

/// The top-level modules of all packages of the review.
pub fn modules_of_interest(review: &DependencyReview) -> BTreeSet<String> {
    let python = review.entries.iter().filter(|entry| entry.dependency.ecosystem == Ecosystem::PyPI);
    python.flat_map(|entry| review.modules(&entry.dependency.name)).collect()
}

/// Notes at each entry how far what concerns it was seen to be used.
pub fn annotate(review: &mut DependencyReview, files: &Files, usage: &Usage) {
    let mut all = Vec::with_capacity(review.entries.len());
    for entry in &review.entries {
        all.push(reaches(review, entry, files, usage));
    }
    for (entry, reach) in review.entries.iter_mut().zip(all) {
        entry.reach = reach;
    }
}

fn reaches(review: &DependencyReview, entry: &Entry, files: &Files, usage: &Usage) -> Vec<Reach> {
    let (Some(assessment), Some(package)) = (entry.assessment(), review.package(entry)) else { return Vec::new() };
    let dependency = &entry.dependency;
    let one = |exposure: &assay_dependencies::Exposure| {
        let defect = &package.defects[exposure.defect];
        let (symbols, note) = vulnerable_symbols(dependency.ecosystem, &dependency.name, defect);
        if dependency.ecosystem != Ecosystem::PyPI {
            let named = some(&symbols);
            let words = if symbols.is_empty() {
                "code of this language is not followed".to_owned()
            } else {
                format!("the advisory names {named}; code of this language is not followed")
            };
            return Reach { level: ReachLevel::NotSeen, words, symbols, status: ReachStatus::UnderInvestigation };
        }
        let modules = review.modules(&dependency.name);
        let mut reach = level(dependency, &modules, &symbols, files, usage);
        if !note.is_empty() && reach.level != ReachLevel::Called {
            reach.words = format!("{} ({})", reach.words, note.trim_end_matches('.'));
        }
        if reach.level != ReachLevel::Called && python_packages::is_framework(&dependency.name) {
            reach.words.push_str("; it calls the program rather than being called, so that no call has to be seen");
        }
        if reach.status == ReachStatus::UnderInvestigation
            && reach.level != ReachLevel::Called
            && only_the_program(review, dependency)
            && out_of_the_way(dependency, &modules, &symbols, usage)
        {
            reach.status = ReachStatus::NotInExecutePath;
        }
        reach.symbols = symbols;
        reach
    };
    assessment.exposures.iter().map(one).collect()
}

fn some(symbols: &[String]) -> String {
    let shown: Vec<String> = symbols.iter().take(MAX_NAMED).map(|symbol| format!("`{symbol}`")).collect();
    let more = if symbols.len() > MAX_NAMED { " and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn at(files: &Files, file: FileId, span: Span) -> String {
    let file = files.get(file);
    format!("{}:{}", file.path, file.line_column(span.start).line)
}

/// The call of one of the symbols that an entry point reaches, else any.
fn call<'u>(symbols: &'u [String], usage: &'u Usage) -> Option<(&'u str, &'u Called)> {
    let found = symbols.iter().filter_map(|symbol| Some((symbol.as_str(), usage.calls.called.get(symbol)?)));
    found.min_by_key(|(_, called)| (called.entry.is_none(), called.steps.len()))
}

fn level(dependency: &Dependency, modules: &[String], symbols: &[String], files: &Files, usage: &Usage) -> Reach {
    let reach = |level, words, status| Reach { level, words, symbols: Vec::new(), status };
    let open = ReachStatus::UnderInvestigation;
    if let Some((symbol, called)) = call(symbols, usage) {
        let place = at(files, called.place.file, called.place.span);
        let (how, status) = match &called.entry {
            Some(entry) => (format!("; it can be reached by {entry}"), ReachStatus::Affected),
            None => ("; no way from an entry point was seen".to_owned(), open),
        };
        let words =
            format!("`{symbol}`, which has the vulnerability, is used in `{}` at {place}{how}", called.function);
        return reach(ReachLevel::Called, words, status);
    }
    if let Some((name, places)) = best_import(modules, symbols, usage, false) {
        let more = match places.len() - 1 {
            0 => String::new(),
            1 => " and one other place".to_owned(),
            more => format!(" and {more} other places"),
        };
        let place = at(files, places[0].file, places[0].span);
        let rest = match symbols {
            [] => {
                let why = without_symbols(&dependency.name).map(|reason| reason.trim_end_matches('.'));
                let why = why.map_or_else(String::new, |reason| format!(" ({reason})"));
                format!(
                    "which of its functions have the vulnerability is not known{why}, so that calls of them were not looked for"
                )
            }
            _ if usage.calls.examined => format!("no use of {} was seen{}", some(symbols), followed(dependency, usage)),
            _ => "calls were not looked for".to_owned(),
        };
        return reach(ReachLevel::Imported, format!("`{name}` is imported at {place}{more}; {rest}"), open);
    }
    if let Some(named) = named(dependency, modules, usage) {
        let place = at(files, named.file, named.span);
        let words = format!("it is named at {place} (`{}`), so that a configuration loads it", named.text);
        return reach(ReachLevel::Configured, words, open);
    }
    let tests = best_import(modules, symbols, usage, true).map(|(name, places)| {
        format!("only tests use it: `{name}` is imported at {}", at(files, places[0].file, places[0].span))
    });
    let words = tests.unwrap_or_else(|| {
        format!("no import of it was seen; another package may load it{}", followed(dependency, usage))
    });
    reach(ReachLevel::NotSeen, words, open)
}

/// What was followed besides the program, where the source of the package is at hand.
fn followed(dependency: &Dependency, usage: &Usage) -> String {
    let packages = &usage.calls.followed;
    if !packages.contains(&dependency.name) {
        return String::new();
    }
    let mut named: Vec<String> = packages.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    if packages.len() > MAX_NAMED {
        named.push(format!("{} more", packages.len() - MAX_NAMED));
    }
    format!("; the installed source of {} was followed, too", named.join(", "))
}

/// The import that comes nearest to one of the symbols.
fn best_import<'u>(
    modules: &'u [String],
    symbols: &[String],
    usage: &'u Usage,
    tests: bool,
) -> Option<(&'u str, &'u [ImportPlace])> {
    let near = |name: &str| {
        let fits = symbols.iter().filter(|symbol| is_within(symbol, name) || is_within(name, symbol));
        fits.map(|symbol| symbol.len().min(name.len())).max().unwrap_or_default()
    };
    let all = modules.iter().flat_map(|module| usage.imports_of(module, tests));
    // Of equals, the first.
    all.fold(None, |best: Option<(usize, (&str, &[ImportPlace]))>, one| {
        let rank = near(one.0);
        match best {
            Some((known, _)) if known >= rank => best,
            _ => Some((rank, one)),
        }
    })
    .map(|(_, one)| one)
}

fn named<'u>(dependency: &Dependency, modules: &[String], usage: &'u Usage) -> Option<&'u Named> {
    let by_package = usage.named_packages.get(&dependency.name);
    by_package.or_else(|| modules.iter().find_map(|module| usage.named.get(module)))?.first()
}

/// Whether only the program itself can call a package: a lock file, or the list of what is installed, says that no other
/// package asks for it.
fn only_the_program(review: &DependencyReview, dependency: &Dependency) -> bool {
    let same = |entry: &&Entry| {
        let other = &entry.dependency;
        (other.ecosystem, &other.name) == (dependency.ecosystem, &dependency.name)
    };
    let mut listed = review.entries.iter().filter(same).map(|entry| &entry.dependency).peekable();
    let graph = |one: &&Dependency| matches!(one.kind, Kind::Locked | Kind::Installed);
    let mut graphs = listed.clone().filter(graph).peekable();
    listed.peek().is_some() && graphs.peek().is_some() && graphs.all(|one| one.sole)
}

/// Whether nothing in the program comes near the vulnerable code, which is known.
fn out_of_the_way(dependency: &Dependency, modules: &[String], symbols: &[String], usage: &Usage) -> bool {
    let near = |symbol: &String| {
        usage.calls.called.contains_key(symbol)
            || usage.calls.touched.contains(symbol)
            // The symbol itself, or everything beside it, is imported by name.
            || usage.imports.keys().any(|name| is_within(name, symbol))
    };
    !symbols.is_empty()
        && usage.complete
        && usage.calls.examined
        && !python_packages::is_framework(&dependency.name)
        && !python_packages::is_loaded_by_name(&dependency.name)
        && named(dependency, modules, usage).is_none()
        && !modules.iter().any(|module| usage.mentioned.contains(module))
        && !symbols.iter().any(near)
}

/// Adds the evidence to a finding on an entry.
pub(crate) fn evidence(finding: &mut Finding, review: &DependencyReview, entry: &Entry, usage: &Usage) {
    let Some(strongest) = entry.reach.iter().map(|reach| reach.level).min() else { return };
    let mut sentences: Vec<&str> = Vec::new();
    let of_level = entry.reach.iter().filter(|reach| reach.level == strongest);
    for reach in of_level {
        if !sentences.contains(&reach.words.as_str()) {
            sentences.push(&reach.words);
        }
    }
    let sentences = sentences.into_iter().take(MAX_SENTENCES).map(str::to_owned);
    match strongest {
        ReachLevel::NotSeen => finding.false_if.extend(sentences),
        _ => finding.reach.extend(sentences),
    }
    if strongest == ReachLevel::Called {
        finding.false_if.retain(|one| one != super::dependencies::NOT_REACHED);
        finding.trace.extend(trace(review, entry, usage));
    }
}

/// The way to the first vulnerable call.
fn trace(review: &DependencyReview, entry: &Entry, usage: &Usage) -> Vec<Step> {
    let (Some(assessment), Some(package)) = (entry.assessment(), review.package(entry)) else { return Vec::new() };
    let symbols: Vec<String> = assessment
        .exposures
        .iter()
        .flat_map(|exposure| {
            vulnerable_symbols(entry.dependency.ecosystem, &entry.dependency.name, &package.defects[exposure.defect]).0
        })
        .collect();
    call(&symbols, usage).map(|(_, called)| called.steps.clone()).unwrap_or_default()
}

/// The evidence of a site in a few words.
pub(crate) fn in_short(entry: &Entry) -> Option<String> {
    let strongest = entry.reach.iter().map(|reach| reach.level).min()?;
    Some(strongest.id().replace('-', " "))
}
