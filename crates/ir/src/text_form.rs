//! The textual form (to be written).
