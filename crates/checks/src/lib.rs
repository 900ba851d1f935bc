//! The checks of a review.
//!
//! - [`catalogue()`] gives the description of each check, from one file each: `data/<id>.md`.
//! - [`examples()`] gives the programs in those files with what must be reported on which line.

mod access;
mod attributes;
mod catalogue;
mod certainty;
mod check_file;
mod code;
#[cfg(test)]
mod code_tests;
mod commands;
mod comparison;
mod containment;
mod content_types;
mod contracts;
mod cookies;
mod dependencies;
mod effects;
mod evaluate;
mod examined;
mod exceptions;
mod exposure;
mod expressions;
mod file_rights;
mod files;
mod flawed;
mod flows;
mod folders;
mod forgery;
mod framing;
mod handed;
#[cfg(test)]
mod harness;
mod hashes;
mod headers;
mod host_names;
mod host_suffixes;
mod hygiene;
mod json_bodies;
mod memory;
mod memory_evidence;
mod named_secrets;
mod names;
mod native;
mod options;
mod origin;
mod pam;
mod parameters;
mod password_hashes;
mod program;
mod program_options;
mod reachability;
mod regexes;
mod remedy;
mod resources;
mod secrets;
mod serialization;
mod settings;
mod shown_fields;
mod shown_whole;
mod source_text;
mod subject;
mod surface;
mod switches;
mod template_folders;
mod template_output;
mod tls_contexts;
mod trace_text;
mod usage;
mod validators;
mod websockets;
mod wildcards;

pub use catalogue::{
    Analysis, Check, Example, Expectation, Grouping, SourceSet, catalogue, check, examples, flow_check, info,
};
pub use check_file::{CheckError, SECTIONS, parse_check};
pub use code::{Code, examine_code};
pub use dependencies::{ExaminedDependencies, examine_dependencies};
pub use examined::{Examined, Explanation};
pub use exceptions::{ShownErrors, examine_handlers, examine_input_errors, shown_errors};
pub use flows::{FlowInput, examine_flows};
pub use hygiene::HYGIENE_CHECKS;
pub use memory::{ExaminedMemory, examine_memory};
pub use native::{NativeCall, native_calls};
pub use parameters::examine_parameters;
pub use program::resolve;
pub use reachability::{annotate, modules_of_interest, wanted_symbols};
pub use remedy::{Action, FixRule, Good, Placeholder, Remediable, Template, Wanted, remedy};
pub use surface::{AttackSurface, attack_surface, surface};
pub use usage::{Called, Calls, ImportPlace, Named, Usage, vulnerable_calls};
