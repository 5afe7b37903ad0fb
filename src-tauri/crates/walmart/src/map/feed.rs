//! What a feed's answer means for each change (walmart.md §6.2).

use std::collections::HashMap;

use barrow_model::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use crate::error::{Ingestion, ingestion, ingestion_problem};
use crate::types::feed::{FeedStatus, IngestionError, ItemIngestion};

/// A ticket's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeedTicket {
    /// The feed's id.
    pub(crate) feed: String,
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// How often it has been looked at.
    #[serde(default)]
    pub(crate) looks: usize,
    /// Whether quantities went with the items.
    #[serde(default)]
    pub(crate) stocked: bool,
}

/// Where a feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FeedState {
    /// Not finished.
    Running,
    /// Finished; each item tells for itself.
    Finished,
    /// Refused as a whole.
    Refused,
}

/// Where a feed stands; a word that is new is not an end.
pub(crate) fn feed_state(status: &FeedStatus) -> FeedState {
    match status
        .feed_status
        .text()
        .unwrap_or_default()
        .to_ascii_uppercase()
        .as_str()
    {
        "PROCESSED" => FeedState::Finished,
        "ERROR" => FeedState::Refused,
        _ => FeedState::Running,
    }
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ItemFate {
    /// Taken in; Walmart's id where it is told.
    Done(Option<String>),
    /// Not finished, although the feed is.
    Running,
    /// Refused until a person mends it.
    Refused(Problem),
    /// A fault of Walmart's own; it may work later.
    Failed(Problem),
}

/// The fate of each SKU of a page.
pub(crate) fn read_items(items: &[ItemIngestion], into: &mut HashMap<String, ItemFate>) {
    for item in items {
        if let Some(sku) = item.sku.text() {
            into.insert(sku.to_owned(), item_fate(item));
        }
    }
}

fn item_fate(item: &ItemIngestion) -> ItemFate {
    let errors = &item.ingestion_errors.ingestion_error.0;
    match item
        .ingestion_status
        .text()
        .unwrap_or_default()
        .to_ascii_uppercase()
        .as_str()
    {
        // It may still carry warnings.
        "SUCCESS" => ItemFate::Done(item.wpid.owned()),
        "SYSTEM_ERROR" | "TIMEOUT_ERROR" => {
            ItemFate::Failed(worst(errors, ProblemKind::MarketplaceDown))
        }
        "DATA_ERROR" if only_reviewed(errors) => ItemFate::Done(item.wpid.owned()),
        "DATA_ERROR" => ItemFate::Refused(worst(errors, ProblemKind::Refused)),
        _ => ItemFate::Running,
    }
}

/// Whether Walmart only says that it is still reviewing.
fn only_reviewed(errors: &[IngestionError]) -> bool {
    let reviewed =
        |error: &IngestionError| error.code.text().and_then(ingestion) == Some(Ingestion::Review);
    !errors.is_empty() && errors.iter().all(reviewed)
}

/// The first error that the table knows, else the first.
fn worst(errors: &[IngestionError], otherwise: ProblemKind) -> Problem {
    let known = errors.iter().find(|error| {
        matches!(
            error.code.text().and_then(ingestion),
            Some(Ingestion::Problem(_) | Ingestion::Setting(_))
        )
    });
    let Some(error) = known.or_else(|| errors.first()) else {
        return Problem::new(otherwise);
    };
    let code = error.code.text().or(error.kind.text()).unwrap_or("UNKNOWN");
    let mut problem = ingestion_problem(
        code,
        error.field.text(),
        error.description.text().unwrap_or_default(),
    );
    if problem.kind == ProblemKind::Refused {
        problem.kind = otherwise;
    }
    problem
}

/// Why a feed was refused as a whole.
pub(crate) fn refusal(status: &FeedStatus) -> Problem {
    worst(
        &status.ingestion_errors.ingestion_error.0,
        ProblemKind::Refused,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use barrow_model::ProblemKind;

    use super::{FeedState, ItemFate, feed_state, read_items, refusal};
    use crate::types::feed::FeedStatus;

    fn status(json: &str) -> FeedStatus {
        serde_json::from_str(json).expect("a status")
    }

    #[test]
    fn processed_means_finished_and_each_item_tells() {
        let status = status(
            r#"{"feedId":"F1@A","feedStatus":"PROCESSED","itemsReceived":4,"itemDetails":
            {"itemIngestionStatus":[
            {"sku":"A","wpid":"3K","index":0,"ingestionStatus":"SUCCESS","ingestionErrors":
                {"ingestionError":[{"type":"DATA_ERROR","code":"WARN","description":"w"}]}},
            {"sku":"B","ingestionStatus":"DATA_ERROR","ingestionErrors":{"ingestionError":
                {"type":"DATA_ERROR","code":"EXT_DATA_ERROR_72600149546850","field":"color",
                 "description":"color is required"}}},
            {"sku":"C","ingestionStatus":"TIMEOUT_ERROR"},
            {"sku":"D","ingestionStatus":"DATA_ERROR","ingestionErrors":{"ingestionError":
                [{"code":"EXT_DATA_ERROR_56026862530206","description":"in review"}]}},
            {"sku":"E","ingestionStatus":"INPROGRESS"}]}}"#,
        );
        assert_eq!(feed_state(&status), FeedState::Finished);
        let mut fates = HashMap::new();
        read_items(&status.item_details.item_ingestion_status.0, &mut fates);
        assert_eq!(fates["A"], ItemFate::Done(Some("3K".to_owned())));
        let ItemFate::Refused(problem) = &fates["B"] else {
            panic!("B is refused");
        };
        assert_eq!(problem.kind, ProblemKind::AttributeMissing);
        assert_eq!(problem.field.as_deref(), Some("attributes.color"));
        assert!(matches!(fates["C"], ItemFate::Failed(_)));
        assert_eq!(fates["D"], ItemFate::Done(None));
        assert_eq!(fates["E"], ItemFate::Running);
    }

    #[test]
    fn a_refused_file_says_why() {
        let status = status(
            r#"{"feedStatus":"ERROR","ingestionErrors":{"ingestionError":[{"type":"DATA_ERROR",
            "code":"ERR_INT_SYS_0801003","description":"version"}]}}"#,
        );
        assert_eq!(feed_state(&status), FeedState::Refused);
        let problem = refusal(&status);
        assert_eq!(problem.kind, ProblemKind::SettingInvalid);
        assert_eq!(problem.params["setting"], "item_spec_version");
    }

    #[test]
    fn other_words_are_no_end() {
        for word in ["RECEIVED", "INPROGRESS", "SOMETHING_NEW"] {
            let status = status(&format!("{{\"feedStatus\":\"{word}\"}}"));
            assert_eq!(feed_state(&status), FeedState::Running);
        }
    }
}
