//! The checks of a review.
//!
//! - [`catalogue()`] gives the description of each check, from one file each: `data/<id>.md`.
//! - [`examples()`] gives the programs in those files with what must be reported on which line.

mod catalogue;
mod check_file;
mod examined;
mod flows;
mod trace_text;

pub use catalogue::{Analysis, Check, Example, Expectation, SourceSet, catalogue, check, examples, flow_check, info};
pub use flows::{FlowInput, examine_flows};
pub use examined::{Examined, Explanation};
pub use check_file::{CheckError, SECTIONS, parse_check};
