//! Small programs and who is called in them.

mod calls;
mod classes;
mod honesty;
mod imports;
mod libraries;
mod plugins;
mod protocols;
mod support;
