//! The practice Newegg.
