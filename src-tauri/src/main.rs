//! The desktop shell: a window around the commands. It decides nothing about the trade.
//!
//! Start reading at `app`, then `bridge` (what the window may call and what it hears) and `place`
//! (where the window stood last time).

// No second window with a console beside ours.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod app;
mod bridge;
mod place;
mod start;

use std::process::ExitCode;

fn main() -> ExitCode {
    app::run()
}
