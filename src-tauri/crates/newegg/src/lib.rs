//! The Newegg adapter.
