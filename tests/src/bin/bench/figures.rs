//! How figures are taken and shown.

use std::time::{Duration, Instant};

/// The head of the table.
pub(crate) fn head() {
    println!(
        "{:<44} {:>14} {:>14} {:>18}",
        "what", "yardstick", "measured", "aim"
    );
    println!("{}", "-".repeat(93));
}

/// One line of the table.
pub(crate) fn line(what: &str, yardstick: &str, measured: &str, aim: &str) {
    println!("{what:<44} {yardstick:>14} {measured:>14} {aim:>18}");
}

/// Seconds with two decimals, or milliseconds below a tenth.
pub(crate) fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.1 {
        format!("{:.2} ms", seconds * 1000.0)
    } else {
        format!("{seconds:.2} s")
    }
}

/// A ratio to a yardstick.
pub(crate) fn times(measured: Duration, yardstick: Duration) -> String {
    format!(
        "{:.2} ×",
        measured.as_secs_f64() / yardstick.as_secs_f64().max(1e-9)
    )
}

/// How long something takes.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

/// The time that 99 of 100 stay below.
pub(crate) fn p99(mut samples: Vec<Duration>) -> Duration {
    samples.sort_unstable();
    let at = (samples.len() * 99 / 100).min(samples.len().saturating_sub(1));
    samples.get(at).copied().unwrap_or_default()
}

/// The most memory that this process has had, in MiB; none where the system does not tell.
pub(crate) fn memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}
