//! Reports as their readers get them.

mod fixture;
mod formats;
mod sarif;
