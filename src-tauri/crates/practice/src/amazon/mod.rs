//! The practice Amazon.
