//! `assay review` and `assay ledger`.

use crate::args::{Fixing, LedgerArgs, ReviewArgs, Scope};
use crate::fix::{self, Wish};
use crate::outputs::{self, Output};
use crate::progress::Line;
use crate::{stats, terminal};
use assay_engine::{ConfigSource, Date, ExitStatus, NoProgress, Reviewed};
use assay_finding::Safety;
use assay_report::{Format, LedgerFilter, Options};
use assay_source::OsSystem;
use clap::ArgMatches;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Reviews and writes the reports.
pub(crate) fn review(arguments: &ReviewArgs, matches: &ArgMatches) -> anyhow::Result<u8> {
    let scope = &arguments.scope;
    let outputs = outputs::pair(
        &with_position(matches, "formats", &arguments.formats),
        &with_position(matches, "outputs", &arguments.outputs),
    )?;
    let mut request = request(scope);
    request.fail_on = arguments.fail_on;
    request.allow_incomplete = arguments.allow_incomplete;
    request.baseline.clone_from(&arguments.baseline);
    // Several reviews of nearly the same code follow.
    let several = arguments.fixing.fix || arguments.fixing.unsafe_fixes || arguments.baseline.is_some();
    request.session = several.then(Arc::default);
    // The page shows what each entry point reaches.
    request.effects = outputs.iter().any(|output| output.format == Format::Html);
    // What a review is compared with may tell of tests.
    request.tests = several || arguments.include_tests || outputs.iter().any(|output| output.format.tells_of_tests());
    let Fixing { fix, unsafe_fixes } = arguments.fixing;
    let reviewed = if fix || unsafe_fixes {
        let safety = if unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
        let wish = Wish { safety, include_tests: arguments.include_tests };
        fix::fix(wish, scope.running.quiet, &|| run(scope, &request))?
    } else {
        run(scope, &request)?
    };
    let options = Options {
        color: false,
        width: terminal::WIDTH,
        verbose: arguments.verbose,
        include_tests: arguments.include_tests,
        date: Some(today().to_string()),
    };
    for Output { format, file } in &outputs {
        let color = file.is_none() && terminal::color(scope.running.color);
        let options = Options { color, ..options.clone() };
        let mut bytes = Vec::new();
        assay_report::render(&reviewed.review, *format, &options, &mut bytes)?;
        outputs::write(file.as_deref(), &bytes)?;
    }
    say(scope, &reviewed);
    let status = reviewed.exit_status();
    if status == ExitStatus::Incomplete && !scope.running.quiet {
        let count = reviewed.review.gaps.iter().filter(|gap| gap.incomplete).count();
        let gaps = if count == 1 { "1 gap".to_owned() } else { format!("{count} gaps") };
        terminal::complain(&format!(
            "the review is incomplete: {gaps} in first-party code (--allow-incomplete accepts that)"
        ));
    }
    Ok(status.code())
}

/// Reviews and writes the ledger.
pub(crate) fn ledger(arguments: &LedgerArgs) -> anyhow::Result<u8> {
    let scope = &arguments.scope;
    let reviewed = run(scope, &request(scope))?;
    let filter = LedgerFilter {
        areas: scope.areas.clone(),
        outcomes: arguments.outcomes.clone(),
        checks: scope.checks.clone(),
        paths: arguments.patterns.clone(),
        nouns: arguments.nouns.clone(),
    };
    let color = arguments.output.is_none() && terminal::color(scope.running.color);
    let options = Options { color, width: terminal::WIDTH, verbose: true, include_tests: true, date: None };
    let mut bytes = Vec::new();
    assay_report::render_ledger(&reviewed.review, arguments.format, &filter, &options, &mut bytes)?;
    outputs::write(arguments.output.as_deref(), &bytes)?;
    say(scope, &reviewed);
    Ok(0)
}

pub(crate) fn run(scope: &Scope, request: &assay_engine::Request) -> anyhow::Result<Reviewed> {
    let reviewed = if terminal::shows_progress() && !scope.running.quiet {
        assay_engine::review(request, &OsSystem, &Line::new())
    } else {
        assay_engine::review(request, &OsSystem, &NoProgress)
    };
    Ok(reviewed?)
}

pub(crate) fn say(scope: &Scope, reviewed: &Reviewed) {
    if scope.running.stats {
        terminal::complain(&stats::table(reviewed));
    }
}

pub(crate) fn request(scope: &Scope) -> assay_engine::Request {
    let targets = if scope.paths.is_empty() { vec![PathBuf::from(".")] } else { scope.paths.clone() };
    let mut request = assay_engine::Request::new(targets, today());
    request.config = match &scope.config {
        _ if scope.no_config => ConfigSource::None,
        Some(file) => ConfigSource::File(file.clone()),
        None => ConfigSource::Discover,
    };
    request.advisories = crate::db::advisories(&scope.database);
    let database = crate::db::store(&scope.database).ok();
    request.cache = crate::cache::of(&scope.cache, database.as_ref().map(assay_database::Store::path));
    request.areas.clone_from(&scope.areas);
    request.checks.clone_from(&scope.checks);
    request.severity = scope.severity;
    request.confidence = scope.confidence;
    request.threat = scope.threat;
    request.jobs = scope.running.jobs.map(NonZeroUsize::get);
    request
}

/// Today, or the day of `SOURCE_DATE_EPOCH`, which makes a review repeatable on any day.
pub(crate) fn today() -> Date {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    Date::from_unix(fixed.unwrap_or_else(now))
}

fn with_position<T: Clone>(matches: &ArgMatches, id: &str, values: &[T]) -> Vec<(usize, T)> {
    let positions: Vec<usize> = matches.indices_of(id).map(Iterator::collect).unwrap_or_default();
    positions.into_iter().zip(values.iter().cloned()).collect()
}
