//! The arguments. Each doc comment is the help text.

use assay_dependencies::Ecosystem;
use assay_engine::FailOn;
use assay_finding::{Area, Channel, Confidence, EffectKind, Outcome, Severity, Threat};
use assay_report::{Format, LedgerFormat, SurfaceFormat};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueHint};
use std::num::NonZeroUsize;
use std::path::PathBuf;

const EXIT_STATUS: &str = "\
Exit status:
  0  nothing at or above --fail-on, and the review was complete
  1  findings
  2  usage or configuration error
  3  no findings, but a first-party file could not be analysed
     (--allow-incomplete makes it 0)";

/// Reviews source code for security defects and accounts for everything it examined
#[derive(Parser, Debug)]
#[command(name = "assay", version, after_help = EXIT_STATUS, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Review a project
    #[command(after_help = EXIT_STATUS)]
    Review(Box<ReviewArgs>),
    /// List every examined site with its outcome
    Ledger(Box<LedgerArgs>),
    /// Walk through the findings: suppress, fix or skip each
    Triage(Box<TriageArgs>),
    /// List the entry points: what the outside can call, what guards it and what it reaches
    Surface(Box<SurfaceArgs>),
    /// Review the dependencies alone; SBOM and VEX
    Deps(Box<DepsArgs>),
    /// The advisory database
    #[command(subcommand)]
    Db(DbCommand),
    /// List the checks
    Checks(ChecksArgs),
    /// Explain a check
    Explain(ExplainArgs),
    /// Run the language server on standard input and output
    Lsp(LspArgs),
    /// Print the program representation of a file
    #[command(hide = true)]
    Ir {
        /// The file
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man {
        /// The command to print the page of; the whole tool's page if absent
        command: Option<String>,
    },
}

/// What a review is asked for.
#[derive(Args, Debug)]
pub(crate) struct Scope {
    /// Files and folders to review [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Only these areas
    #[arg(long = "area", value_name = "AREA", value_delimiter = ',', value_parser = areas(), help_heading = "What to review")]
    pub(crate) areas: Vec<Area>,

    /// Only these checks; `assay checks` lists them
    #[arg(long = "check", value_name = "ID", value_delimiter = ',', help_heading = "What to review")]
    pub(crate) checks: Vec<String>,

    /// Only findings of this severity or above
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), help_heading = "What to review")]
    pub(crate) severity: Option<Severity>,

    /// Only findings of this confidence or above
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidences(), help_heading = "What to review")]
    pub(crate) confidence: Option<Confidence>,

    /// Which sources are untrusted [default: remote, and what a project without entry points needs]
    #[arg(long, value_name = "THREAT", value_parser = threats(), help_heading = "What to review")]
    pub(crate) threat: Option<Threat>,

    /// The configuration file, instead of the project's assay.toml or pyproject.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_config", help_heading = "What to review")]
    pub(crate) config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long, help_heading = "What to review")]
    pub(crate) no_config: bool,

    #[command(flatten)]
    pub(crate) database: DatabaseArgs,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    #[command(flatten)]
    pub(crate) running: Running,
}

/// Where reviews are kept.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CacheArgs {
    /// Use no kept review, and keep none
    #[arg(long)]
    pub(crate) no_cache: bool,

    /// The folder of kept reviews [default: ASSAY_CACHE_DIR, or assay in the user's folder for caches]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "no_cache")]
    pub(crate) cache_dir: Option<PathBuf>,
}

/// Which advisory database is meant.
#[derive(Args, Debug)]
pub(crate) struct DatabaseArgs {
    /// The advisory database [default: ASSAY_DATABASE, or assay/advisories.db in the user's folder for data]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) database: Option<PathBuf>,
}

/// How the language server works.
#[derive(Args, Debug)]
pub(crate) struct LspArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    /// Number of threads for a review [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Accepted because editors pass it; standard input and output are used in any case
    #[arg(long, hide = true)]
    pub(crate) stdio: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum DbCommand {
    /// Say what the database holds and how old it is
    Status(DatabaseArgs),
    /// Read advisories from archives, folders, files or addresses
    ///
    /// What came from a source of the same name before is replaced; what came from others stays.
    Import {
        /// Archives (`all.zip` of the OSV project, or RustSec's), folders, single records, or https addresses
        #[arg(required = true, value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
        sources: Vec<String>,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Take out what came from a source; `assay db status` lists the sources
    Remove {
        /// The source as it is listed
        source: String,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Download what has changed from the public OSV bucket
    ///
    /// HTTPS_PROXY and the like are obeyed; with ASSAY_OFFLINE set, nothing is downloaded.
    Update {
        /// Only these ecosystems [default: those that the database has, or all]
        #[arg(long = "ecosystem", value_name = "ECOSYSTEM", value_delimiter = ',', value_parser = ecosystems())]
        ecosystems: Vec<Ecosystem>,
        /// A server that is laid out like the bucket
        #[arg(long, value_name = "URL", default_value = assay_database::BUCKET, value_hint = ValueHint::Url)]
        from: String,
        #[command(flatten)]
        database: DatabaseArgs,
    },
}

#[derive(Args, Debug)]
pub(crate) struct DepsArgs {
    /// Files and folders whose dependencies are reviewed [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// What to write
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = DepsFormat::Table)]
    pub(crate) format: DepsFormat,

    /// Write to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// Only what is needed for this
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',', value_parser = scopes())]
    pub(crate) scopes: Vec<assay_dependencies::Scope>,

    /// Also list what no advisory concerns
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Write the repaired requirements into the manifests
    #[arg(long)]
    pub(crate) fix: bool,

    /// Also read the code, and say how far what is vulnerable is used; `cyclonedx` and `openvex` always do
    #[arg(long)]
    pub(crate) reach: bool,

    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
}

#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DepsFormat {
    /// One line for each dependency, for people
    Table,
    /// Who asks for whom, as far as lock files tell
    Tree,
    /// Everything, for programs
    Json,
    /// A software bill of materials with VEX, CycloneDX 1.6
    Cyclonedx,
    /// A software bill of materials, SPDX 2.3
    Spdx,
    /// Statements on exploitability, OpenVEX
    Openvex,
}

#[derive(Args, Debug)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) scope: Scope,

    /// The format of the report; with several -o, one before each of them [default: text]
    #[arg(long = "format", value_name = "FORMAT", value_parser = formats(), help_heading = "What to write")]
    pub(crate) formats: Vec<Format>,

    /// Write the report to a file; the format follows from its extension when no --format stands before it
    #[arg(short, long = "output", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "What to write")]
    pub(crate) outputs: Vec<PathBuf>,

    /// List every site in text reports, and show findings that do not count in full
    #[arg(short, long, help_heading = "What to write")]
    pub(crate) verbose: bool,

    /// Show findings in test code like others
    #[arg(long, help_heading = "What to write")]
    pub(crate) include_tests: bool,

    #[command(flatten)]
    pub(crate) fixing: Fixing,

    /// Say what is new, fixed or unchanged since an earlier report (JSON or SARIF) or a revision of the Git repository;
    /// only what is new fails
    #[arg(long, value_name = "FILE|REVISION", value_hint = ValueHint::AnyPath)]
    pub(crate) baseline: Option<String>,

    /// Exit with status 1 from this severity on, or never [default: info]
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on())]
    pub(crate) fail_on: Option<FailOn>,

    /// Exit with status 0 although a first-party file could not be analysed
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
}

/// Which edits are written.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Fixing {
    /// Write the safe edits that findings carry into the files, and review what results
    #[arg(long, help_heading = "What to change")]
    pub(crate) fix: bool,

    /// Write those that somebody has to look at, too
    #[arg(long, help_heading = "What to change")]
    pub(crate) unsafe_fixes: bool,
}

#[derive(Args, Debug)]
pub(crate) struct TriageArgs {
    #[command(flatten)]
    pub(crate) scope: Scope,

    /// Those in test code, too
    #[arg(long)]
    pub(crate) include_tests: bool,

    /// Who decides, for entries in .assay/triage.toml [default: the user's name, from USER or LOGNAME]
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,

    /// Read the answers from standard input although it is no terminal, one on each line
    #[arg(long)]
    pub(crate) stdin: bool,
}

#[derive(Args, Debug)]
pub(crate) struct LedgerArgs {
    #[command(flatten)]
    pub(crate) scope: Scope,

    /// The format of the ledger
    #[arg(long, value_name = "FORMAT", value_parser = ledger_formats(), default_value = "text", help_heading = "What to write")]
    pub(crate) format: LedgerFormat,

    /// Write the ledger to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "What to write")]
    pub(crate) output: Option<PathBuf>,

    /// Only sites with these outcomes
    #[arg(long = "outcome", value_name = "OUTCOME", value_delimiter = ',', value_parser = outcomes(), help_heading = "What to write")]
    pub(crate) outcomes: Vec<Outcome>,

    /// Only sites in these files, folders or patterns such as `*/api/*.py`
    #[arg(long = "path", value_name = "PATTERN", help_heading = "What to write")]
    pub(crate) patterns: Vec<String>,

    /// Only sites of these kinds, such as `database call`
    #[arg(long = "noun", value_name = "NOUN", value_delimiter = ',', help_heading = "What to write")]
    pub(crate) nouns: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct SurfaceArgs {
    /// Files and folders whose entry points are listed [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// The format of the list
    #[arg(long, value_name = "FORMAT", value_parser = surface_formats(), default_value = "text")]
    pub(crate) format: SurfaceFormat,

    /// Write the list to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// Only entry points that are called so
    #[arg(long = "kind", value_name = "KIND", value_delimiter = ',', value_parser = channels(), help_heading = "What to list")]
    pub(crate) channels: Vec<Channel>,

    /// Only those that answer one of these methods of HTTP
    #[arg(long = "method", value_name = "METHOD", value_delimiter = ',', help_heading = "What to list")]
    pub(crate) methods: Vec<String>,

    /// Only those with such a route, such as `/users` or `*/{id}`
    #[arg(long = "route", value_name = "PATTERN", help_heading = "What to list")]
    pub(crate) routes: Vec<String>,

    /// Only those in these files, folders or patterns such as `*/api/*.py`
    #[arg(long = "path", value_name = "PATTERN", help_heading = "What to list")]
    pub(crate) patterns: Vec<String>,

    /// Only those that reach one of these effects
    #[arg(long = "effect", value_name = "EFFECT", value_delimiter = ',', value_parser = effects(), help_heading = "What to list")]
    pub(crate) effects: Vec<EffectKind>,

    /// Only those without any guard
    #[arg(long, help_heading = "What to list")]
    pub(crate) unguarded: bool,

    /// Those in test code, too
    #[arg(long, help_heading = "What to list")]
    pub(crate) include_tests: bool,

    #[command(flatten)]
    pub(crate) setting: Setting,
}

/// The setting that a command runs in.
#[derive(Args, Debug)]
pub(crate) struct Setting {
    /// The configuration file, instead of the project's assay.toml or pyproject.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long)]
    pub(crate) no_config: bool,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    #[command(flatten)]
    pub(crate) running: Running,
}

/// How a command runs.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Running {
    /// Number of threads [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Say on standard error how much there was to do and how long it took
    #[arg(long)]
    pub(crate) stats: bool,

    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Whether text is coloured
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Args, Debug)]
pub(crate) struct ChecksArgs {
    /// The format of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,

    /// Only checks of these areas
    #[arg(long = "area", value_name = "AREA", value_delimiter = ',', value_parser = areas())]
    pub(crate) areas: Vec<Area>,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The id of the check; `assay checks` lists them
    pub(crate) check: String,
}

#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A parser for a fixed set of words, so that help, completions and suggestions know them.
fn words<T: Clone + Send + Sync + 'static>(
    known: impl IntoIterator<Item = &'static str>,
    read: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(known).try_map(move |word| read(&word).ok_or("no such word"))
}

fn areas() -> impl TypedValueParser<Value = Area> {
    words(Area::ALL.map(Area::id), Area::from_id)
}

fn ecosystems() -> impl TypedValueParser<Value = Ecosystem> {
    fn named(name: &str) -> Option<Ecosystem> {
        Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.to_string().eq_ignore_ascii_case(name))
    }
    words(["PyPI", "Go", "Rust", "npm", "Maven", "RubyGems", "Packagist", "NuGet", "Debian"], named)
}

fn scopes() -> impl TypedValueParser<Value = assay_dependencies::Scope> {
    use assay_dependencies::Scope;
    words(Scope::ALL.map(Scope::id), |id| Scope::ALL.into_iter().find(|scope| scope.id() == id))
}

fn severities() -> impl TypedValueParser<Value = Severity> {
    words(Severity::ALL.map(Severity::id), |id| Severity::ALL.into_iter().find(|severity| severity.id() == id))
}

fn confidences() -> impl TypedValueParser<Value = Confidence> {
    words(Confidence::ALL.map(Confidence::id), |id| Confidence::ALL.into_iter().find(|c| c.id() == id))
}

fn threats() -> impl TypedValueParser<Value = Threat> {
    const ALL: [Threat; 4] = [Threat::Remote, Threat::Local, Threat::Library, Threat::All];
    words(ALL.map(Threat::id), |id| ALL.into_iter().find(|threat| threat.id() == id))
}

fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    words(FailOn::WORDS, FailOn::from_id)
}

fn formats() -> impl TypedValueParser<Value = Format> {
    words(Format::ids(), Format::from_id)
}

fn ledger_formats() -> impl TypedValueParser<Value = LedgerFormat> {
    words(LedgerFormat::ids(), LedgerFormat::from_id)
}

fn surface_formats() -> impl TypedValueParser<Value = SurfaceFormat> {
    words(SurfaceFormat::ALL.map(SurfaceFormat::id), SurfaceFormat::from_id)
}

fn channels() -> impl TypedValueParser<Value = Channel> {
    words(Channel::ALL.map(Channel::id), Channel::from_id)
}

fn effects() -> impl TypedValueParser<Value = EffectKind> {
    words(EffectKind::ALL.map(EffectKind::id), EffectKind::from_id)
}

fn outcomes() -> impl TypedValueParser<Value = Outcome> {
    words(Outcome::ALL.map(Outcome::id), |id| Outcome::ALL.into_iter().find(|outcome| outcome.id() == id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }
}
