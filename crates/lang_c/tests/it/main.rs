//! Lowering of C and C++.

mod hostile;
mod support;
