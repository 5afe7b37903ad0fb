//! The Amazon adapter.
