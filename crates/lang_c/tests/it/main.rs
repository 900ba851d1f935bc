//! Lowering of C and C++.

mod cpp;
mod hostile;
mod layout;
mod lowering;
mod preprocessor;
mod properties;
mod support;
