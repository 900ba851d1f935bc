//! `assay db`: the advisory database.

use crate::args::{DatabaseArgs, DbCommand};
use crate::terminal;
use anyhow::Context;
use assay_database::{Imported, Patience, Store};
use assay_dependencies::{Database, Ecosystem};
use assay_engine::{Advisories, Date};
use std::fmt::Write;
use std::sync::Arc;

/// Everything is done.
const DONE: u8 = 0;
/// Something is not as it was asked for: the old data is still there.
const FAILED: u8 = 2;

/// The store that the arguments mean.
pub(crate) fn store(arguments: &DatabaseArgs) -> anyhow::Result<Store> {
    let path = match &arguments.database {
        Some(path) => path.clone(),
        None => assay_database::default_path()?,
    };
    Ok(Store::new(path))
}

/// The advisories for a review. That there are none is no error, but is said in the report.
pub(crate) fn advisories(arguments: &DatabaseArgs) -> Advisories {
    let opened = store(arguments).and_then(|store| Ok(store.open()?));
    match opened {
        Ok(Some(database)) => Advisories::Open(Arc::new(database)),
        Ok(None) => Advisories::Absent(
            "there is no advisory database: `assay db update` downloads one, `assay db import FILE` reads one"
                .to_owned(),
        ),
        Err(error) => Advisories::Absent(format!("the advisory database cannot be used: {error:#}")),
    }
}

/// Runs a command; gives what to print and the exit status.
pub(crate) fn run(command: &DbCommand, today: Date) -> anyhow::Result<(String, u8)> {
    match command {
        DbCommand::Status(arguments) => status(&store(arguments)?, today),
        DbCommand::Import { sources, database } => {
            let store = store(database)?;
            let mut out = String::new();
            for source in sources {
                let imported = assay_database::import(&store, source, &today.to_string())?;
                out.push_str(&said(&imported));
            }
            Ok((out, DONE))
        }
        DbCommand::Remove { source, database } => {
            let count = assay_database::remove(&store(database)?, source)?;
            let ecosystems = if count == 1 { "1 ecosystem".to_owned() } else { format!("{count} ecosystems") };
            Ok((format!("{source}: data of {ecosystems} taken out\n"), DONE))
        }
        DbCommand::Update { ecosystems, from, database } => {
            let store = store(database)?;
            let ecosystems = asked(&store, ecosystems)?;
            let (mut out, mut status) = (String::new(), DONE);
            for (ecosystem, result) in
                assay_database::update(&store, from, &ecosystems, &today.to_string(), Patience::default())
            {
                match result {
                    Ok(imported) => out.push_str(&said(&imported)),
                    Err(error) => {
                        status = FAILED;
                        terminal::complain(&format!("error: {ecosystem}: {error}; its old data stays as it was"));
                    }
                }
            }
            Ok((out, status))
        }
    }
}

/// The ecosystems to update: those named, else those that the database has, else all but the large one of Debian and the small one of Conan.
fn asked(store: &Store, named: &[Ecosystem]) -> anyhow::Result<Vec<Ecosystem>> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let mut known: Vec<Ecosystem> = match store.open() {
        Ok(database) => database.iter().flat_map(Database::sources).map(|info| info.ecosystem).collect(),
        // One that cannot be used is built anew.
        Err(assay_database::Error::Database { .. }) => Vec::new(),
        Err(error) => return Err(error).context("the advisory database"),
    };
    known.sort();
    known.dedup();
    if known.is_empty() {
        let common = |ecosystem: &Ecosystem| !matches!(ecosystem, Ecosystem::Debian | Ecosystem::Conan);
        known = Ecosystem::ALL.into_iter().filter(common).collect();
    }
    Ok(known)
}

fn said(imported: &Imported) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    if imported.sections.is_empty() {
        let _ = writeln!(out, "{}: nothing has changed", imported.source);
    }
    for info in &imported.sections {
        let _ = writeln!(
            out,
            "{}: {} advisories ({} withdrawn) on {} packages from {}, the newest of {}",
            info.ecosystem,
            info.records,
            info.withdrawn,
            info.packages,
            info.source,
            day(&info.newest)
        );
    }
    if imported.unreadable_count > 0 {
        let _ = writeln!(out, "{} files of {} are no advisories:", imported.unreadable_count, imported.source);
        for (name, reason) in &imported.unreadable {
            let _ = writeln!(out, "  {name}: {reason}");
        }
    }
    out
}

fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

fn status(store: &Store, today: Date) -> anyhow::Result<(String, u8)> {
    let shown = store.path().display();
    let Some(database) = store.open()? else {
        return Ok((format!("{shown}: no database\n"), DONE));
    };
    let mut out = format!("{shown}\n");
    let rows: Vec<[String; 7]> = database
        .sources()
        .map(|info| {
            let age = Date::parse(day(&info.newest)).map(|newest| newest.days_until(today).to_string());
            [
                info.ecosystem.to_string(),
                info.records.to_string(),
                info.withdrawn.to_string(),
                info.packages.to_string(),
                age.map_or_else(|| "–".to_owned(), |days| format!("{} ({days} days)", day(&info.newest))),
                info.imported.clone(),
                info.source.clone(),
            ]
        })
        .collect();
    let heads = ["ecosystem", "advisories", "withdrawn", "packages", "newest", "imported", "source"];
    out.push_str(&crate::table::table(&heads, &rows));
    Ok((out, DONE))
}
