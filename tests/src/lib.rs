//! What the tests of the whole share. It is no part of the application, and nothing links it.
//!
//! Start reading at [`conformance`], the suite that every adapter passes, and at [`contract`],
//! which holds requests and answers to the official contracts.

pub mod browser;
pub mod conformance;
pub mod contract;
pub mod goods;
pub mod lamps;
pub mod process;
pub mod rig;
pub mod shop;
pub mod simulation;
pub mod subjects;
// Elsewhere the webview has no driver of its own.
#[cfg(target_os = "linux")]
pub mod window;
