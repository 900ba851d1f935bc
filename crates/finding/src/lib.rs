//! What a review consists of: plain data, without any decision or formatting.
//!
//! - A [`Site`] is a place that was examined (a database call, an opened file …). It has one
//!   [`Outcome`] with a [`Reason`].
//! - A [`Finding`] explains one or more sites that are not safe.
//! - An [`AreaVerdict`] is computed from the sites of its [`Area`] ([`verdict`]).
//! - An [`Edit`] of the code closes a finding.
//! - A [`Comparison`] says what became of the findings since an earlier review.
//! - An [`EntryPoint`] is something that the outside can call.
//! - A [`Review`] holds everything that a report shows.

mod area;
mod comparison;
mod edit;
mod finding;
mod review;
mod site;
mod surface;
mod wire;

pub use area::{Area, Verdict, verdict};
pub use comparison::{Change, Comparison, FixedFinding};
pub use edit::{Edit, Replacement, Safety, apply};
pub use finding::{CheckId, Confidence, Finding, Fingerprint, Place, Severity, Step, StepKind, Suppression};
pub use review::{AreaVerdict, CheckInfo, FileGap, Review, Statistics, Threat};
pub use site::{Outcome, Reason, Site};
pub use surface::{Channel, EffectKind, EntryEffect, EntryGuard, EntryInput, EntryPoint, GuardKind, InputVia};
