//! Times the steps of a task and prints the table at its end.

use crate::Stop;
use std::time::{Duration, Instant};

/// The steps done so far, with how long each took.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<(&'static str, Duration, bool)>,
}

impl Steps {
    /// Runs one step, and after a failing one prints the table, because nothing follows it.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        eprintln!("\n== {name}");
        let started = Instant::now();
        let result = work();
        self.done.push((name, started.elapsed(), result.is_ok()));
        if result.is_err() {
            self.print();
        }
        result
    }

    /// Prints a line for each step and the sum.
    pub(crate) fn print(&self) {
        eprint!("\n{}", table(&self.done));
    }
}

fn table(steps: &[(&'static str, Duration, bool)]) -> String {
    let width = steps
        .iter()
        .map(|(name, ..)| name.chars().count())
        .max()
        .unwrap_or(0)
        .max(5);
    let mut text = String::new();
    for (name, took, ok) in steps {
        let mark = if *ok { "ok" } else { "FAILED" };
        text.push_str(&format!(
            "  {name:<width$}  {:>8}  {mark}\n",
            seconds(*took)
        ));
    }
    let sum: Duration = steps.iter().map(|(_, took, _)| *took).sum();
    text.push_str(&format!("  {:<width$}  {:>8}\n", "total", seconds(sum)));
    text
}

fn seconds(took: Duration) -> String {
    let tenths = took.as_millis() / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_names_each_step_and_the_one_that_failed() {
        let steps = [
            ("formatting", Duration::from_millis(1_250), true),
            ("lints", Duration::from_millis(60_000), false),
        ];
        let expected = "  formatting     1.2 s  ok\n  \
                          lints         60.0 s  FAILED\n  \
                          total         61.2 s\n";
        assert_eq!(table(&steps), expected);
    }

    #[test]
    fn a_failing_step_passes_its_reason_on() {
        let mut steps = Steps::default();
        let failed: Result<(), Stop> = steps.step("a", || Err(Stop::new("why")));
        assert_eq!(failed.unwrap_err().message, "why");
        assert_eq!(steps.done.len(), 1);
        assert!(!steps.done[0].2);
    }
}
