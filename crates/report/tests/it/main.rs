//! Reports as their readers get them.

mod fixture;
mod formats;
mod hosts;
mod sarif;
