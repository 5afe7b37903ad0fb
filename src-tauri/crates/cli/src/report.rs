//! What an action did, in words.

use barrow_api::ActionReport;

use crate::output::{Table, Text};

/// Refusals that are shown one by one; all of them stand in the JSON document.
const SHOWN_MAX: usize = 50;

/// What was done, and what was not and why.
pub(crate) fn text(report: &ActionReport, done: String) -> Text {
    more(Text::new().line(done), report)
}

/// Adds what is held and refused.
pub(crate) fn more(mut text: Text, report: &ActionReport) -> Text {
    if !report.held.is_empty() {
        text = text.line("").line(format!(
            "{} held until you say yes (--yes):",
            counted(report.held.len(), "change is", "changes are")
        ));
        let mut table = Table::new(&["account", "sku", "why"], 2);
        for item in report.held.iter().take(SHOWN_MAX) {
            let cell = |text: &Option<String>| text.clone().unwrap_or_default();
            table.row([cell(&item.account), cell(&item.sku), item.reason.clone()]);
        }
        text = rest(text.table(table, ""), report.held.len());
    }
    if !report.refused.is_empty() {
        text = text.line("").line(format!(
            "{} refused:",
            counted(report.refused.len(), "thing is", "things are")
        ));
        text = text.lines(
            report
                .refused
                .iter()
                .take(SHOWN_MAX)
                .map(|item| item.reason.clone()),
        );
        text = rest(text, report.refused.len());
    }
    text
}

fn rest(text: Text, count: usize) -> Text {
    if count <= SHOWN_MAX {
        return text;
    }
    text.line(format!(
        "… and {} more; --json shows them all.",
        count - SHOWN_MAX
    ))
}

/// A number with its noun.
pub(crate) fn counted(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    match count.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
