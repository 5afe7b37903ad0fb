//! Counts what was held to a contract, and what could not be.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The counts of one operation.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    requests: u32,
    answers: u32,
    refusals: u32,
    no_schema: u32,
    /// Held to a reference, because nothing is published.
    by_reference: bool,
}

/// Counts by operation.
#[derive(Debug, Default)]
pub(super) struct Tally {
    operations: BTreeMap<String, Counts>,
}

impl Tally {
    pub(super) fn request(&mut self, operation: &str) {
        self.counts(operation).requests += 1;
    }

    pub(super) fn answer(&mut self, operation: &str) {
        self.counts(operation).answers += 1;
    }

    pub(super) fn refusal(&mut self, operation: &str) {
        self.counts(operation).refusals += 1;
    }

    pub(super) fn no_schema(&mut self, operation: &str) {
        self.counts(operation).no_schema += 1;
    }

    /// Says of an operation that no schema of it is published.
    pub(super) fn by_reference(&mut self, operation: &str) {
        self.counts(operation).by_reference = true;
    }

    fn counts(&mut self, operation: &str) -> &mut Counts {
        self.operations.entry(operation.to_owned()).or_default()
    }

    /// Requests and answers that were held to a published schema, or to a reference alone.
    pub(super) fn held(&self, by_reference: bool) -> (u32, u32) {
        let all = self.operations.values();
        let chosen = all.filter(|counts| counts.by_reference == by_reference);
        chosen.fold((0, 0), |(requests, answers), counts| {
            (requests + counts.requests, answers + counts.answers)
        })
    }

    pub(super) fn report(&self, marketplace: &str) -> String {
        let (requests, answers) = self.held(false);
        let mut text = format!(
            "{marketplace}: {} and {} held to the official contract, {}{} seen\n",
            count(requests, "request"),
            count(answers, "answer"),
            self.by_reference_words(),
            count(
                u32::try_from(self.operations.len()).unwrap_or(u32::MAX),
                "operation"
            ),
        );
        for (operation, counts) in &self.operations {
            let mut parts = Vec::new();
            if counts.requests > 0 {
                parts.push(count(counts.requests, "request"));
            }
            if counts.answers > 0 {
                parts.push(count(counts.answers, "answer"));
            }
            if counts.refusals > 0 {
                parts.push(format!(
                    "{} in the error form",
                    count(counts.refusals, "refusal")
                ));
            }
            if counts.no_schema > 0 {
                let bodies = if counts.no_schema == 1 {
                    "body"
                } else {
                    "bodies"
                };
                parts.push(format!(
                    "{} {bodies} that no schema describes",
                    counts.no_schema
                ));
            }
            let source = if counts.by_reference {
                "; by the reference, no schema is published"
            } else {
                ""
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {operation}: {}{source}", parts.join(", "));
        }
        text
    }

    fn by_reference_words(&self) -> String {
        match self.held(true) {
            (0, 0) => String::new(),
            (requests, answers) => format!(
                "{} and {} to the reference alone, ",
                count(requests, "request"),
                count(answers, "answer")
            ),
        }
    }
}

fn count(number: u32, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_says_in_words_what_was_held_and_what_was_not() {
        let mut tally = Tally::default();
        tally.request("PUT /v3/price");
        tally.request("PUT /v3/price");
        tally.answer("PUT /v3/price");
        tally.refusal("PUT /v3/price");
        tally.no_schema("POST /v3/feeds with feedType=MP_ITEM");
        assert_eq!(
            tally.report("Walmart"),
            "Walmart: 2 requests and 1 answer held to the official contract, 2 operations seen\n  \
             POST /v3/feeds with feedType=MP_ITEM: 1 body that no schema describes\n  \
             PUT /v3/price: 2 requests, 1 answer, 1 refusal in the error form\n"
        );
    }

    #[test]
    fn what_has_no_published_schema_is_counted_apart() {
        let mut tally = Tally::default();
        tally.request("POST /token");
        tally.answer("POST /token");
        tally.by_reference("POST /token");
        assert_eq!(tally.held(false), (0, 0));
        assert_eq!(
            tally.report("Amazon"),
            "Amazon: 0 requests and 0 answers held to the official contract, 1 request and \
             1 answer to the reference alone, 1 operation seen\n  \
             POST /token: 1 request, 1 answer; by the reference, no schema is published\n"
        );
    }
}
