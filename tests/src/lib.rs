//! What the tests of the whole share. It is no part of the application, and nothing links it.
//!
//! Start reading at [`contract`], which holds requests and answers to the official contracts.

pub mod contract;
