//! Reports as their readers get them.

mod browser;
mod fixture;
mod formats;
mod hosts;
mod sarif;
