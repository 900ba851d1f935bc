//! What standard error and standard output are.

use crate::args::Color;
use std::io::{self, IsTerminal, Write};

/// Columns of a text report. It does not follow the terminal, so that two reviews can be compared.
pub(crate) const WIDTH: usize = 80;

/// Whether text on standard output is coloured.
pub(crate) fn color(choice: Color) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => io::stdout().is_terminal() && !is_dumb() && !no_color(),
    }
}

fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Whether progress may be shown.
pub(crate) fn shows_progress() -> bool {
    io::stderr().is_terminal() && !is_dumb()
}

/// A line for people. Whoever has closed standard error does not want it.
pub(crate) fn complain(message: &str) {
    // Paths and code in messages are the reviewed project's: no control character may reach the terminal.
    let clean: String = message.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect();
    let _ = writeln!(io::stderr().lock(), "assay: {clean}");
}
