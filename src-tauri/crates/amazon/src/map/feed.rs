//! Tickets and processing reports (amazon.md §4.6, §5).

use std::collections::HashMap;

use barrow_model::{Change, ChangeId, Target};
use serde::{Deserialize, Serialize};

use crate::error::is_error;
use crate::request::message_id;
use crate::types::feed::{Feed, Report};
use crate::types::listing::Issue;

/// What a ticket says. Both ways of writing promise nothing but that Amazon has taken it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Promise {
    /// The feed that is still to be asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) feed: Option<String>,
    /// What Amazon calls the write, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) submission: Option<String>,
    /// Whether nobody knows that it was sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) maybe: bool,
    /// How often it was looked at.
    pub(crate) looks: usize,
}

impl Promise {
    /// Of a feed.
    pub(crate) fn of_feed(feed_id: String) -> Self {
        Self {
            feed: Some(feed_id),
            submission: None,
            maybe: false,
            looks: 0,
        }
    }

    /// Of a call.
    pub(crate) fn of_call(submission: Option<String>) -> Self {
        Self {
            feed: None,
            submission,
            maybe: false,
            looks: 0,
        }
    }

    /// What may have been sent, and what may have been taken over.
    pub(crate) fn perhaps() -> Self {
        Self {
            feed: None,
            submission: None,
            maybe: true,
            looks: 0,
        }
    }
}

/// Where a feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FeedState {
    /// Not yet; words that are not known are taken to be of this kind.
    Running,
    /// All messages were looked at.
    Done,
    /// It broke; some messages may have been applied.
    Broken,
    /// It was withdrawn before it was begun.
    Cancelled,
}

/// Where a feed stands.
pub(crate) fn feed_state(feed: &Feed) -> FeedState {
    match feed.processing_status.text() {
        Some("DONE") => FeedState::Done,
        Some("FATAL") => FeedState::Broken,
        Some("CANCELLED") => FeedState::Cancelled,
        _ => FeedState::Running,
    }
}

/// The errors of a report, change by change: those of its message, found by the message's number
/// or its SKU. Both name the message, which can carry several changes of one SKU.
pub(crate) fn errors_of<'a>(
    report: &'a Report,
    changes: &[Change],
) -> HashMap<ChangeId, Vec<&'a Issue>> {
    let sku_of = |change: &Change| match &change.target {
        Target::Listing(listing) => listing.sku.as_str().to_owned(),
        Target::Order(order) => order.order_id.clone(),
    };
    let mut by_sku: HashMap<String, Vec<ChangeId>> = HashMap::new();
    let mut by_number: HashMap<i64, String> = HashMap::new();
    for change in changes {
        let sku = sku_of(change);
        by_number.insert(message_id(change.id), sku.clone());
        by_sku.entry(sku).or_default().push(change.id);
    }
    let mut errors: HashMap<ChangeId, Vec<&Issue>> = HashMap::new();
    for issue in report.issues.0.iter().filter(|issue| is_error(issue)) {
        let number = issue.message_id.count().map(i64::from);
        let sku = issue
            .sku
            .text()
            .or_else(|| by_number.get(&number?).map(String::as_str));
        for id in sku.and_then(|sku| by_sku.get(sku)).into_iter().flatten() {
            errors.entry(*id).or_default().push(issue);
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::{FeedState, Promise, feed_state};
    use crate::types::feed::Feed;

    #[test]
    fn a_feed_runs_until_it_says_otherwise() {
        let check = |word: &str, expected: FeedState| {
            let json = format!("{{\"processingStatus\":\"{word}\"}}");
            let feed: Feed = serde_json::from_str(&json).expect("a feed");
            assert_eq!(feed_state(&feed), expected, "{word}");
        };
        check("IN_QUEUE", FeedState::Running);
        check("IN_PROGRESS", FeedState::Running);
        check("DONE", FeedState::Done);
        check("FATAL", FeedState::Broken);
        check("CANCELLED", FeedState::Cancelled);
        check("SOMETHING_NEW", FeedState::Running);
    }

    #[test]
    fn a_ticket_is_read_back_as_it_was_written() {
        for promise in [
            Promise::of_feed("F1".to_owned()),
            Promise::of_call(Some("s".to_owned())),
            Promise::perhaps(),
        ] {
            let text = serde_json::to_string(&promise).expect("it is plain");
            let read: Promise = serde_json::from_str(&text).expect("its own text");
            assert_eq!(read, promise);
        }
    }
}
