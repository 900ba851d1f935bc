//! Small programs and who is called in them.

mod calls;
mod classes;
mod imports;
mod libraries;
mod support;
