//! The commands of Barrow: what the window and the command line both call.
//!
//! Each command is a method of [`Api`] with a typed request and a typed response. Requests,
//! responses, errors and the words for people are defined here, so that both faces say the same
//! thing in the same words. It decides nothing about marketplaces (that is `engine`), parses no
//! files (`intake`) and writes no SQL (`store`); it knows no single adapter and no window.
//!
//! Start reading at [`Api`], then `command.rs` (the table of commands).

mod api;
mod ports;

pub use api::{Api, ApiParts};
pub use ports::{EngineLock, LockHeld, PortError, Practice, PracticeConnection, Secrets};
