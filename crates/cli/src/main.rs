//! The command `assay`: arguments in, a report out. All decisions are the engine's.
//!
//! Standard output is the report; standard error is for people. The exit status is 0, 1, 2 or 3, as `--help` says.

mod args;
mod cache;
mod checks;
mod db;
mod deps;
mod files;
mod fix;
mod lsp;
mod outputs;
mod progress;
mod review;
mod stats;
mod surface;
mod table;
mod terminal;
mod triage;

use anyhow::Context;
use args::{Cli, Command};
use clap::{CommandFactory, FromArgMatches};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// The analysis makes many small objects; this allocator is a fifth faster at that than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Usage and configuration errors.
const USAGE: u8 = 2;
/// The exit status of a crash, as Rust has it.
const CRASH: u8 = 101;

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.format(&mut Cli::command()).exit(),
    };
    // What panics inside a review is caught there and becomes an entry of the report.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    match catch_unwind(AssertUnwindSafe(|| run(cli, &matches))) {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(error)) => {
            terminal::complain(&format!("error: {error:#}"));
            ExitCode::from(USAGE)
        }
        Err(_) => {
            terminal::complain("internal error: this is a bug; RUST_BACKTRACE=1 shows where");
            ExitCode::from(CRASH)
        }
    }
}

fn run(cli: Cli, matches: &clap::ArgMatches) -> anyhow::Result<u8> {
    match cli.command {
        Command::Review(arguments) => {
            let own = matches.subcommand().map_or(matches, |(_, own)| own);
            review::review(&arguments, own)
        }
        Command::Ledger(arguments) => review::ledger(&arguments),
        Command::Triage(arguments) => triage::triage(&arguments),
        Command::Surface(arguments) => surface::surface(&arguments),
        Command::Deps(arguments) => deps::deps(&arguments),
        Command::Db(command) => {
            let (text, status) = db::run(&command, review::today())?;
            printed(text)?;
            Ok(status)
        }
        Command::Checks(arguments) => printed(checks::list(&arguments)),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Explain(arguments) => printed(checks::explain(&arguments)?),
        Command::Ir { file } => {
            let module = assay_engine::lower_file(&assay_source::OsSystem, &file)?;
            printed(assay_ir::text_form::print(&module))
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "assay", &mut script);
            printed(script)
        }
        Command::Man { command } => printed(manual(command.as_deref())?),
    }
}

fn manual(command: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let mut root = Cli::command();
    root.build();
    let page = match command {
        None => root,
        Some(name) => {
            let known: Vec<&str> =
                root.get_subcommands().filter(|sub| !sub.is_hide_set()).map(clap::Command::get_name).collect();
            anyhow::ensure!(known.contains(&name), assay_engine::Error::unknown_word("command", name, &known));
            let sub = root.find_subcommand(name).context("a listed command exists")?;
            sub.clone().display_name(format!("assay-{name}"))
        }
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out)?;
    Ok(out)
}

/// Prints to standard output. A reader that has gone away wants no more.
fn printed(text: impl AsRef<[u8]>) -> anyhow::Result<u8> {
    outputs::or_broken_pipe(io::stdout().lock().write_all(text.as_ref()))?;
    Ok(0)
}
