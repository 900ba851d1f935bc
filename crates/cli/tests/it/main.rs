//! The command `assay`, run as a user runs it.

mod architecture;
mod baseline;
mod cache;
mod commands;
mod configuration;
mod deps;
mod docs;
mod exit_status;
mod findings;
mod fix;
mod hostile;
mod lsp;
mod repeatable;
mod scope;
mod support;
mod surface;
mod triage;
