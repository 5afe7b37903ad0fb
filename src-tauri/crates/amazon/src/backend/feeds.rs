//! Sending feeds and reading what their reports say (amazon.md §5).

use barrow_wire::Object;
use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::time::Duration;

use barrow_market::{Ended, Error, ErrorKind, Outcome, Result};
use barrow_model::{Binding, Change, ChangeId, Problem, ProblemKind, Site};

use crate::backend::AmazonAdapter;
use crate::config::SiteFacts;
use crate::error::{issue_problem, worst};
use crate::limits::{
    DOWNLOAD_CALL, FEED_BYTES_MAX, FEED_CALL, FEED_DOCUMENT_CALL, FEED_DOCUMENT_NEW_CALL,
    FEED_LISTINGS_MAX, FEED_NEW_CALL, FEEDS_CALL, LISTINGS_FEED, REPORT_BYTES_MAX, UPLOAD_CALL,
};
use crate::map::feed::{Promise, errors_of};
use crate::map::verdict::is_blamed;
use crate::request::{
    download_request, feed_document, feed_document_new_request, feed_document_request,
    feed_new_request, feed_request, open_feeds_request, upload_request,
};
use crate::types::feed::{Feed, FeedAccepted, FeedDocument, FeedsAnswer, Report};

/// One message of a feed and the changes that it carries, all of one SKU.
pub(crate) struct FeedRow {
    pub(crate) changes: Vec<ChangeId>,
    pub(crate) sku: String,
    /// What each change's listing is bound to, for rows that do not fit and come again.
    pub(crate) bindings: Vec<Binding>,
    pub(crate) id: i64,
    pub(crate) body: Object,
}

impl FeedRow {
    fn come_again(self) -> impl Iterator<Item = Outcome> {
        let pairs = self.changes.into_iter().zip(self.bindings);
        pairs.map(|(id, binding)| Outcome::advanced(id, binding))
    }
}

/// Messages that fit into one file, and rows that come again: beyond the size, or a second one of a
/// SKU or number, which could be applied in any order (amazon.md §5).
fn packed(rows: Vec<FeedRow>) -> (Vec<FeedRow>, Vec<Vec<u8>>, Vec<FeedRow>) {
    let (mut fit, mut messages, mut left) = (Vec::new(), Vec::new(), Vec::new());
    let (mut skus, mut ids) = (HashSet::new(), HashSet::new());
    let mut size = 0;
    for row in rows {
        let body = row.body.bytes();
        let grown = size + body.len() + 1;
        let fits = fit.is_empty() || (grown <= FEED_BYTES_MAX && fit.len() < FEED_LISTINGS_MAX);
        if fits && !skus.contains(&row.sku) && ids.insert(row.id) {
            skus.insert(row.sku.clone());
            size = grown;
            messages.push(body);
            fit.push(row);
        } else {
            left.push(row);
        }
    }
    (fit, messages, left)
}

impl AmazonAdapter {
    /// Sends the rows of the site that has the most; a feed is of one site, and the others come
    /// again. `alone` says that nothing else of the batch has an answer yet, so that an error is
    /// the batch's own.
    pub(crate) async fn send_site(
        &self,
        rows: Vec<(Site, FeedRow)>,
        alone: bool,
    ) -> Result<Vec<Outcome>> {
        let mut by_site: HashMap<Site, Vec<FeedRow>> = HashMap::new();
        for (site, row) in rows {
            by_site.entry(site).or_default().push(row);
        }
        let largest = by_site
            .iter()
            .max_by_key(|(site, rows)| (rows.len(), std::cmp::Reverse(&site.0)))
            .map(|(site, _)| site.clone());
        let Some(site) = largest else {
            return Ok(Vec::new());
        };
        let own = by_site.remove(&site).unwrap_or_default();
        let ids: Vec<ChangeId> = own.iter().flat_map(|row| row.changes.clone()).collect();
        let others = by_site.into_values().flatten();
        let mut outcomes: Vec<Outcome> = others.flat_map(FeedRow::come_again).collect();
        match self.send_feed(self.site_of(&site)?, own).await {
            Ok(sent) => outcomes.extend(sent),
            Err(error) if alone => return Err(error),
            Err(error) => {
                let now = self.clock.now();
                outcomes.extend(ids.into_iter().map(|id| Outcome::stopped(id, &error, now)));
            }
        }
        Ok(outcomes)
    }

    /// Sends one feed. An error means that none was made.
    pub(crate) async fn send_feed(
        &self,
        site: &'static SiteFacts,
        rows: Vec<FeedRow>,
    ) -> Result<Vec<Outcome>> {
        let (rows, messages, left) = packed(rows);
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let document_id = self.upload(&messages).await?;
        let request = feed_new_request(&self.config.base, site, &document_id);
        let sent = self.read::<FeedAccepted>(&FEED_NEW_CALL, request).await;
        let ids = rows.iter().flat_map(|row| row.changes.iter().copied());
        let left = left.into_iter().flat_map(FeedRow::come_again);
        let feed_id = match sent {
            Ok(answer) => answer.feed_id.owned(),
            Err(error) => match Ended::from(error) {
                Ended::Stopped(error) => {
                    // The limit was taken with the document's call; it must wait all the same.
                    if error.kind == ErrorKind::RateLimited {
                        self.client.note_limit(&LISTINGS_FEED, 0, error.not_before);
                    }
                    return Err(error);
                }
                Ended::Unknown => None,
                Ended::Refused(error) => {
                    return Ok(ids
                        .map(|id| Outcome::refused_by(id, &error))
                        .chain(left)
                        .collect());
                }
            },
        };
        let Some(feed_id) = feed_id else {
            return Ok(ids.map(Outcome::unknown).chain(left).collect());
        };
        let ticket = self.ticket(&Promise::of_feed(feed_id));
        Ok(ids
            .map(|id| Outcome::accepted(id, &ticket))
            .chain(left)
            .collect())
    }

    /// Puts a feed's document where Amazon reads it. Nothing takes effect by it.
    async fn upload(&self, messages: &[Vec<u8>]) -> Result<String> {
        let request = feed_document_new_request(&self.config.base);
        let document: FeedDocument = self.read(&FEED_DOCUMENT_NEW_CALL, request).await?;
        let (Some(id), Some(url)) = (document.feed_document_id.owned(), document.url.text()) else {
            let operation = FEED_DOCUMENT_NEW_CALL.operation;
            return Err(Error::new(ErrorKind::Unreadable, operation).with("field", "url"));
        };
        let body = feed_document(&self.config.seller_id, messages);
        let url = self.storage(url, UPLOAD_CALL.operation)?;
        match self.call(&UPLOAD_CALL, upload_request(url, body)).await {
            Ok(_) => Ok(id),
            // The storage's refusal says nothing of the account or the goods: the address has
            // ended, or the way to it is broken.
            Err(error) => Err(passing(error)),
        }
    }

    /// A signed address, which must be as safe as the account's own: https, or this computer where
    /// the account is.
    fn storage<'a>(&self, url: &'a str, operation: &'static str) -> Result<&'a str> {
        let own = self.config.base.starts_with("http://") && url.starts_with("http://");
        if url.starts_with("https://") || own {
            return Ok(url);
        }
        Err(Error::new(ErrorKind::Tls, operation).with("reason", "the address is not safe"))
    }

    /// How a feed stands; none where Amazon knows it no more.
    pub(crate) async fn feed(&self, feed_id: &str) -> Result<Option<Feed>> {
        let request = feed_request(&self.config.base, feed_id);
        match self.read(&FEED_CALL, request).await {
            Ok(feed) => Ok(Some(feed)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a feed of the account is not done yet.
    pub(crate) async fn has_open_feed(&self) -> Result<bool> {
        let request = open_feeds_request(&self.config.base);
        let answer: FeedsAnswer = self.read(&FEEDS_CALL, request).await?;
        Ok(answer
            .feeds
            .0
            .iter()
            .any(|feed| feed.feed_id.text().is_some()))
    }

    /// What a feed's report says, change by change; none where it has no report.
    pub(crate) async fn refusals(
        &self,
        feed: &Feed,
        changes: &[Change],
    ) -> Result<Option<HashMap<ChangeId, Outcome>>> {
        let Some(document_id) = feed.result_feed_document_id.text() else {
            return Ok(None);
        };
        let request = feed_document_request(&self.config.base, document_id);
        let document: FeedDocument = self.read(&FEED_DOCUMENT_CALL, request).await?;
        let operation = DOWNLOAD_CALL.operation;
        let Some(url) = document.url.text() else {
            return Err(Error::new(ErrorKind::Unreadable, operation).with("field", "url"));
        };
        let url = self.storage(url, operation)?;
        let answer = self.call(&DOWNLOAD_CALL, download_request(url)).await;
        let body = answer.map_err(passing)?.body;
        // The field says it, not the headers (amazon.md §5).
        let gzipped = document.compression_algorithm.text() == Some("GZIP");
        let text = if gzipped {
            gunzip(&body, operation)?
        } else {
            body.to_vec()
        };
        let report: Report = serde_json::from_slice(&text).map_err(|error| {
            Error::new(ErrorKind::Unreadable, operation).with("column", error.column())
        })?;
        Ok(Some(told(&report, changes)))
    }
}

/// What a report says of changes that it refuses.
fn told(report: &Report, changes: &[Change]) -> HashMap<ChangeId, Outcome> {
    let errors = errors_of(report, changes);
    let outcome = |change: &Change| {
        let issues = errors.get(&change.id)?;
        let kind = change.action.kind();
        let problem = issue_problem(worst(issues.iter().copied())?);
        let innocent = issues
            .iter()
            .all(|issue| is_blamed(issue, kind) == Some(false));
        // The message is refused as a whole; what was right in it goes again by itself.
        let outcome = if innocent {
            Outcome::later(change.id, problem, Duration::ZERO)
        } else {
            Outcome::refused(change.id, problem)
        };
        Some((change.id, outcome))
    };
    changes.iter().filter_map(outcome).collect()
}

fn gunzip(body: &[u8], operation: &'static str) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    // One byte more than is allowed tells that there is too much.
    let limit = REPORT_BYTES_MAX as u64 + 1;
    let read = flate2::read::MultiGzDecoder::new(body)
        .take(limit)
        .read_to_end(&mut text);
    if read.is_err() || text.len() > REPORT_BYTES_MAX {
        return Err(Error::new(ErrorKind::Unreadable, operation).with("reason", "not gzip"));
    }
    Ok(text)
}

/// A refusal of the storage behind signed addresses passes: the next address is a new one.
fn passing(error: Error) -> Error {
    match error.kind {
        ErrorKind::Refused | ErrorKind::Forbidden | ErrorKind::NotFound => {
            let mut passing = Error::new(ErrorKind::Unreadable, error.operation);
            passing.context = error.context;
            passing.vendor = error.vendor;
            passing
        }
        _ => error,
    }
}

/// The problem of a feed that Amazon gave up.
pub(crate) fn feed_failed(state: &str) -> Problem {
    Problem::new(ProblemKind::Refused).vendor(state, "")
}

#[cfg(test)]
mod tests {
    use barrow_model::{Binding, ChangeId};

    use super::{FeedRow, packed};
    use barrow_wire::Object;

    fn row(id: i64, sku: &str) -> FeedRow {
        FeedRow {
            changes: vec![ChangeId(id)],
            sku: sku.to_owned(),
            bindings: vec![Binding::default()],
            id,
            body: Object::new().put("messageId", id),
        }
    }

    #[test]
    fn a_sku_is_once_in_a_feed() {
        let rows = vec![row(1, "A"), row(2, "B"), row(3, "A"), row(2, "C")];
        let (fit, messages, left) = packed(rows);
        let skus: Vec<&str> = fit.iter().map(|row| row.sku.as_str()).collect();
        assert_eq!(skus, ["A", "B"]);
        assert_eq!(messages.len(), 2);
        assert_eq!(left.len(), 2);
    }

    #[test]
    fn a_file_stays_below_its_size() {
        let filler = "x".repeat(4_000_000);
        let rows = (1..=3).map(|id| FeedRow {
            body: Object::new().put("messageId", id).put("x", &filler),
            ..row(id, &format!("S{id}"))
        });
        let (fit, _, left) = packed(rows.collect());
        assert_eq!((fit.len(), left.len()), (2, 1));
    }
}
