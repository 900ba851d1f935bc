//! What code-scanning hosts accept, and what is kept of a review that is larger.
//!
//! GitHub refuses a file beyond its hard limits and drops what is beyond its display limits without
//! regard to what is dropped. The limits here are the display limits, so that what is cut is chosen
//! here (the least severe) and said (a notification). GitLab wants a rule id and a physical location for each
//! result, which every result has.

/// Results in a run. GitHub refuses 25,000 and shows 5,000.
pub const MAX_RESULTS: usize = 5_000;
/// Rules in a run. GitHub refuses 25,000.
pub const MAX_RULES: usize = 5_000;
/// Locations of one result, related ones included. GitHub refuses 1,000 and shows 100.
pub const MAX_LOCATIONS: usize = 100;
/// Steps of one result's paths. GitHub refuses 10,000 and shows 1,000.
pub const MAX_STEPS: usize = 1_000;
/// Tags of a rule. GitHub refuses 20 and shows 10.
pub const MAX_TAGS: usize = 10;
/// Notifications in a run; the standard sets no limit, the size does.
pub const MAX_NOTIFICATIONS: usize = 1_000;
/// Bytes of the whole file. Both hosts refuse more than 10 MB, GitHub counting after compression; the
/// file stays below before compression, so that it does in any case.
pub const MAX_BYTES: usize = 10_000_000;
/// Bytes that the documentation of all rules may take.
pub const MAX_HELP_BYTES: usize = 2_000_000;
/// Bytes that the rest of all rules may take.
pub const MAX_RULES_BYTES: usize = 2_000_000;
/// Bytes that the notifications on gaps may take.
pub const MAX_NOTIFICATIONS_BYTES: usize = 1_000_000;
/// Bytes that the list of files may take.
pub const MAX_ARTIFACTS_BYTES: usize = 1_000_000;
/// Bytes that the list of findings that have gone since a baseline may take.
pub const MAX_FIXED_BYTES: usize = 500_000;
/// Characters of a message or a piece of code.
pub const MAX_MESSAGE: usize = 4_000;
/// Characters of a rule's id and name. GitHub refuses more than 255.
pub const MAX_NAME: usize = 200;
/// Characters of a rule's descriptions. GitHub shows 1,024.
pub const MAX_DESCRIPTION: usize = 1_000;
