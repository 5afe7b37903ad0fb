//! Bulk calls: one answer, many entries.

use barrow_market::{Error, ErrorKind, Fate, Outcome, Result};
use barrow_model::ChangeId;
use barrow_wire::{Answer, CallSpec, Repeat};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::EbayAdapter;
use crate::config::SiteFacts;
use crate::error::{is_warning, may_have_happened, parse_error, refusal_of};
use crate::types::{BulkAnswer, BulkEntry, ErrorBody, VendorIssue};

/// A bulk call.
#[derive(Clone, Copy)]
pub(super) struct Bulk {
    /// Its operation and limits.
    pub(super) spec: &'static CallSpec,
    /// Builds it from its entries.
    pub(super) build: fn(&str, &SiteFacts, Vec<Value>) -> Result<Request<Bytes>>,
    /// Whether an answered entry belongs to a sent one.
    pub(super) belongs: fn(&BulkEntry, &Value) -> bool,
}

/// What became of one entry.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    /// What eBay answered for it; several where an item and its offers are answered apart.
    Answered(Vec<BulkEntry>),
    /// It had no effect.
    Failed(Error),
    /// Nobody knows.
    Unknown,
}

/// What became of a change so far: its fate, or why the call had no effect.
pub(super) type Told = (ChangeId, std::result::Result<Fate, Error>);

/// The outcomes of a submit. Where no change had any effect, and none was refused for its own sake,
/// the submit as a whole is the error.
pub(super) fn finish(told: Vec<Told>) -> Result<Vec<Outcome>> {
    let own = |error: &Error| matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound);
    let all_failed = told
        .iter()
        .all(|(_, fate)| matches!(fate, Err(error) if !own(error)));
    if all_failed && let Some((_, Err(error))) = told.first() {
        return Err(error.clone());
    }
    let outcomes = told.into_iter().map(|(change_id, fate)| match fate {
        Ok(fate) => Outcome::new(change_id, fate),
        Err(error) => refusal_of(change_id, &error),
    });
    Ok(outcomes.collect())
}

/// The status of an entry; eBay's own is kept, a missing one is read from whether it has errors.
pub(super) fn status(entry: &BulkEntry) -> u16 {
    let is_done = entry.errors.iter().all(is_warning);
    let guessed = if is_done { 200 } else { 400 };
    entry.status_code.unwrap_or(guessed)
}

/// Whether an entry was done. Warnings do not matter, wherever eBay puts them.
pub(super) fn done(entry: &BulkEntry) -> bool {
    (200..300).contains(&status(entry)) && entry.errors.iter().all(is_warning)
}

impl EbayAdapter {
    /// Sends entries together. Where eBay refuses the call as a whole, each is sent alone, so that
    /// one bad entry spoils no other (ebay.md §6.5). So it is where eBay answers with a fault of
    /// its own, which an entry may have brought about (25001, ebay.md §12): all that is sent in
    /// bulk may be sent again (ebay.md §13).
    pub(super) async fn send_bulk(
        &self,
        bulk: Bulk,
        site: &'static SiteFacts,
        entries: &[Value],
    ) -> Vec<Sent> {
        if entries.is_empty() {
            return Vec::new();
        }
        let together = self.send_once(bulk, site, entries).await;
        let whole_refused = together.sent.iter().all(|sent| {
            matches!(sent, Sent::Failed(error)
                if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound))
        });
        if !(whole_refused || together.is_fault) || entries.len() == 1 {
            return together.sent;
        }
        let mut alone = Vec::with_capacity(entries.len());
        let mut faults = 0;
        for entry in entries {
            let tried = self
                .send_once(bulk, site, std::slice::from_ref(entry))
                .await;
            faults += usize::from(tried.is_fault);
            alone.extend(tried.sent);
            if faults == FAULTS_MAX && faults == alone.len() {
                // It is no entry's doing.
                return together.sent;
            }
        }
        alone
    }

    async fn send_once(&self, bulk: Bulk, site: &'static SiteFacts, entries: &[Value]) -> Tried {
        let all = |sent: Sent| Tried {
            sent: vec![sent; entries.len()],
            is_fault: false,
        };
        let request = match (bulk.build)(self.api(), site, entries.to_vec()) {
            Ok(request) => request,
            Err(error) => return all(Sent::Failed(error)),
        };
        let harmless = bulk.spec.repeat == Repeat::Harmless;
        let answer = match self.answer(bulk.spec, request).await {
            Ok(answer) => answer,
            Err(error) if may_have_happened(&error) => return all(Sent::Unknown),
            Err(error) => return all(Sent::Failed(error)),
        };
        let read: Option<BulkAnswer> = serde_json::from_slice(&answer.body).ok();
        match read {
            // Entries count whatever the status: 200, 207, or 4xx where all of them failed.
            Some(read) if !read.responses.is_empty() => Tried {
                sent: distribute(bulk, entries, &read.responses),
                is_fault: false,
            },
            _ if answer.status.is_success() => all(Sent::Unknown),
            _ => {
                let issues = issues(&answer);
                let is_fault = answer.status.is_server_error() && !issues.is_empty();
                if answer.status.is_server_error() && !harmless {
                    let unknown = all(Sent::Unknown);
                    return Tried {
                        is_fault,
                        ..unknown
                    };
                }
                let error = parse_error(bulk.spec.operation, &answer);
                let sent = match alone(entries, &error, (&answer, issues)) {
                    Some(entry) => vec![Sent::Answered(vec![entry])],
                    None => vec![Sent::Failed(error); entries.len()],
                };
                Tried { sent, is_fault }
            }
        }
    }
}

/// What became of entries that were sent together.
struct Tried {
    sent: Vec<Sent>,
    /// Whether eBay answered with a fault of its own, in its own words: a gateway's says nothing
    /// about the entries.
    is_fault: bool,
}

/// After so many entries that meet eBay's fault one by one, and none that does not, the rest is not
/// tried.
const FAULTS_MAX: usize = 3;

fn issues(answer: &Answer) -> Vec<VendorIssue> {
    let body: ErrorBody = serde_json::from_slice(&answer.body).unwrap_or_default();
    body.errors
}

/// The refusal of a call that held one entry is the entry's own, with all that it names, such as
/// the offer that is there already. So is a fault that eBay has with it, which may pass.
fn alone(
    entries: &[Value],
    error: &Error,
    (answer, issues): (&Answer, Vec<VendorIssue>),
) -> Option<BulkEntry> {
    let own = matches!(
        error.kind,
        ErrorKind::Refused | ErrorKind::NotFound | ErrorKind::MarketplaceDown
    );
    if !own || entries.len() != 1 || issues.is_empty() {
        return None;
    }
    Some(BulkEntry {
        status_code: Some(answer.status.as_u16()),
        errors: issues,
        ..BulkEntry::default()
    })
}

fn distribute(bulk: Bulk, entries: &[Value], answered: &[BulkEntry]) -> Vec<Sent> {
    let nameless = |entry: &BulkEntry| entry.sku.is_none() && entry.offer_id.is_none();
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let own: Vec<BulkEntry> = answered
                .iter()
                .enumerate()
                .filter(|(place, answer)| {
                    // An answer that names nothing stands at its entry's place.
                    (bulk.belongs)(answer, entry)
                        || (nameless(answer) && *place == index && answered.len() == entries.len())
                })
                .map(|(_, answer)| answer.clone())
                .collect();
            if own.is_empty() {
                Sent::Unknown
            } else {
                Sent::Answered(own)
            }
        })
        .collect()
}
