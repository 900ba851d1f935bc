//! The textual form (to be written).

use crate::Module;

/// Why a text is not a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The module as text.
pub fn print(module: &Module) -> String {
    format!("{module:#?}")
}

/// Reads what [`print`] writes.
///
/// # Errors
/// The first line that is not understood.
pub fn parse(_text: &str) -> Result<Module, ParseError> {
    Err(ParseError { line: 1, message: "not yet".to_owned() })
}
