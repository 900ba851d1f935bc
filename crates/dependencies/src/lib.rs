//! Which packages a project uses, and what is known against them.
//!
//! - A [`Manifest`] is what one file says: [`Dependency`] entries, each *declared*, *locked* or a *constraint*, with its place.
//! - An [`Advisory`] is what is known against a package; a [`Database`] holds many of them, compiled for look-up.
//! - A [`Requirement`] admits versions; whether it admits affected ones is a question of [`Ranges`].
//!
//! Nothing here reads files: texts come in, facts go out.

mod block;
mod codec;
mod cvss;
mod ecosystem;
pub mod export;
mod fresh;
mod index;
mod inventory;
mod manifest;
mod osv;
mod package;
pub mod python_packages;
mod ranges;
mod reach;
mod review;
mod statements;
mod symbols;
mod verdict;
mod version;
mod versions;

pub use block::Known;
use codec::checksum as index_checksum;
pub use ecosystem::{Ecosystem, purl};
pub use fresh::Fresh;
pub use index::{Builder, Database, DatabaseError, Prose, ReadAt, SourceInfo, Texts};
pub use inventory::Inventory;
pub use manifest::{EXAMPLE_PATHS, read as read_manifest};
pub use osv::{Advisory, Affected, Event, Level, Symbols, parse_osv, parse_rustsec};
pub use package::{Dependency, Include, Kind, Manifest, Origin, Problem, Scope};
pub use ranges::{Interval, Ranges};
pub use reach::{Reach, ReachLevel, ReachStatus};
pub use review::{DependencyReview, Entry, Package, Unknown, Verdict, is_open};
pub use statements::{VexStatement, read_vex};
pub use symbols::{SymbolList, parse_symbols, vulnerable_symbols, without_symbols};
pub use verdict::{Assessment, Defect, Exposure, Quality, Raise, Statement, assess, assess_with, merge, notes};
pub use version::{Requirement, Version, describe};
pub use versions::Versions;
