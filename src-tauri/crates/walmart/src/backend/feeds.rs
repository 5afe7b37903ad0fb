//! Sending feeds, asking for their results, and finding one whose sending got no answer.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use barrow_market::{Ended, Outcome, RETRY_LATER, Result};
use barrow_model::{Action, Binding, Change, ChangeId, Ticket};
use barrow_wire::CallSpec;
use chrono::{DateTime, TimeDelta, Utc};

use crate::auth::correlation_id;
use crate::backend::WalmartAdapter;
use crate::backend::publish::{INVENTORY_STEP, STEP, done};
use crate::limits::{
    FEED_INVENTORY_CALL, FEED_ITEM_CALL, FEED_ITEMS_MAX, FEED_LIST_PAGES_MAX,
    FEED_MAINTENANCE_CALL, FEED_MATCH_CALL, FEED_PAGE, FEED_PRICE_CALL, FEED_STATUS_CALL,
    FEEDS_CALL, ITEM_FEED_BYTES_MAX, ITEM_FEED_LOOKS, STOCK_FEED_BYTES_MAX, STOCK_FEED_LOOKS,
};
use crate::map::feed::{FeedState, FeedTicket, ItemFate, feed_state, read_items, refusal};
use crate::map::item::WPID;
use crate::request::{
    FeedType, feed_file_name, feed_request, feed_status_request, feed_type_of_file, feeds_request,
};
use crate::types::feed::{FeedAccepted, FeedStatus, FeedsAnswer};

/// A row of a feed and the change that it carries.
pub(crate) struct FeedRow {
    pub(crate) change_id: ChangeId,
    pub(crate) sku: String,
    /// What the listing's binding is, for rows that do not fit and come again.
    pub(crate) binding: Binding,
    pub(crate) bytes: Vec<u8>,
}

/// What is sent with all rows.
pub(crate) struct FeedFrame<'a> {
    pub(crate) feed: FeedType,
    pub(crate) fingerprint: &'a str,
    pub(crate) node: Option<&'a str>,
    /// Whether quantities go with the items.
    pub(crate) stocked: bool,
}

fn call_of(feed: FeedType) -> (&'static CallSpec, usize, &'static [Duration]) {
    match feed {
        FeedType::Item => (&FEED_ITEM_CALL, ITEM_FEED_BYTES_MAX, ITEM_FEED_LOOKS),
        FeedType::Match => (&FEED_MATCH_CALL, ITEM_FEED_BYTES_MAX, ITEM_FEED_LOOKS),
        FeedType::Maintenance => (&FEED_MAINTENANCE_CALL, ITEM_FEED_BYTES_MAX, ITEM_FEED_LOOKS),
        FeedType::Price => (&FEED_PRICE_CALL, STOCK_FEED_BYTES_MAX, STOCK_FEED_LOOKS),
        FeedType::Inventory => (&FEED_INVENTORY_CALL, STOCK_FEED_BYTES_MAX, STOCK_FEED_LOOKS),
    }
}

/// Rows that fit into one file, and those that come again: beyond the size, or a second one of a
/// SKU, whose winner would be chance (walmart.md §6.2).
fn packed(rows: Vec<FeedRow>, bytes_max: usize) -> (Vec<FeedRow>, Vec<FeedRow>) {
    let (mut fit, mut left) = (Vec::with_capacity(rows.len()), Vec::new());
    let mut skus = HashSet::new();
    let mut size = 0;
    for row in rows {
        let grown = size + row.bytes.len() + 1;
        let fits = fit.is_empty() || (grown <= bytes_max && fit.len() < FEED_ITEMS_MAX);
        if fits && skus.insert(row.sku.clone()) {
            size = grown;
            fit.push(row);
        } else {
            left.push(row);
        }
    }
    (fit, left)
}

impl WalmartAdapter {
    /// Sends one feed. An error means that it was not taken in.
    pub(crate) async fn send_feed(
        &self,
        frame: FeedFrame<'_>,
        rows: Vec<FeedRow>,
    ) -> Result<Vec<Outcome>> {
        let (spec, bytes_max, _) = call_of(frame.feed);
        let (mut rows, left) = packed(rows, bytes_max);
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let bytes: Vec<Vec<u8>> = rows
            .iter_mut()
            .map(|row| std::mem::take(&mut row.bytes))
            .collect();
        let boundary = format!("barrow-{}", correlation_id(&*self.random));
        let request = feed_request(
            &self.config.base,
            frame.feed,
            &self.config.spec_version,
            frame.node,
            &bytes,
            &feed_file_name(frame.fingerprint, frame.feed, frame.stocked),
            &boundary,
        );
        let sent = self.read::<FeedAccepted>(spec, request).await;
        let left = left
            .into_iter()
            .map(|row| Outcome::advanced(row.change_id, row.binding));
        let answer = match sent {
            Ok(answer) => answer.feed_id.owned(),
            Err(error) => match Ended::from(error) {
                Ended::Stopped(error) => return Err(error),
                Ended::Unknown => None,
                Ended::Refused(error) => {
                    let refusals = rows
                        .iter()
                        .map(|row| Outcome::refused_by(row.change_id, &error));
                    return Ok(refusals.chain(left).collect());
                }
            },
        };
        let Some(feed_id) = answer else {
            let unknown = rows.iter().map(|row| Outcome::unknown(row.change_id));
            return Ok(unknown.chain(left).collect());
        };
        let ticket = self.ticket(&FeedTicket {
            feed: feed_id,
            kind: frame.feed.code().to_owned(),
            looks: 0,
            stocked: frame.stocked,
        });
        let taken = rows
            .iter()
            .map(|row| Outcome::accepted(row.change_id, &ticket));
        Ok(taken.chain(left).collect())
    }

    fn ticket(&self, ticket: &FeedTicket) -> Ticket {
        let feed = FeedType::from_code(&ticket.kind).unwrap_or(FeedType::Item);
        let (_, _, waits) = call_of(feed);
        let wait = waits
            .get(ticket.looks)
            .or(waits.last())
            .copied()
            .unwrap_or(RETRY_LATER);
        Ticket {
            token: serde_json::to_string(ticket).expect("texts and numbers always serialise"),
            not_before: later_than(self.clock.now(), wait),
        }
    }

    /// Asks what became of a feed's items.
    pub(crate) async fn poll_feed(
        &self,
        ticket: &Ticket,
        changes: &[Change],
    ) -> Result<Vec<Outcome>> {
        let Ok(ticket) = serde_json::from_str::<FeedTicket>(&ticket.token) else {
            return Ok(all_unknown(changes));
        };
        let Some(first) = self.feed_page(&ticket.feed, 0).await? else {
            return Ok(all_unknown(changes));
        };
        let again = self.ticket(&FeedTicket {
            looks: ticket.looks + 1,
            ..ticket.clone()
        });
        match feed_state(&first) {
            FeedState::Running => {
                return Ok(changes
                    .iter()
                    .map(|change| Outcome::accepted(change.id, &again))
                    .collect());
            }
            FeedState::Refused => {
                let problem = refusal(&first);
                let refuse = |change: &Change| Outcome::refused(change.id, problem.clone());
                return Ok(changes.iter().map(refuse).collect());
            }
            FeedState::Finished => {}
        }
        let fates = self.feed_items(&ticket.feed, first, changes).await?;
        let read = |change: &Change| item_outcome(&ticket, &again, &fates, change);
        Ok(changes.iter().map(read).collect())
    }

    async fn feed_page(&self, feed_id: &str, offset: usize) -> Result<Option<FeedStatus>> {
        let request = feed_status_request(&self.config.base, feed_id, offset);
        self.find(&FEED_STATUS_CALL, request).await
    }

    /// Pages through a finished feed until every change's SKU is found or the rows end.
    async fn feed_items(
        &self,
        feed_id: &str,
        first: FeedStatus,
        changes: &[Change],
    ) -> Result<HashMap<String, ItemFate>> {
        let mut missing: HashSet<&str> = changes
            .iter()
            .filter_map(|change| change.listing().map(|listing| listing.sku.as_str()))
            .collect();
        let received = first
            .items_received
            .count()
            .map_or(0, |count| count as usize);
        let pages_max = FEED_ITEMS_MAX
            .max(received)
            .min(100_000)
            .div_ceil(FEED_PAGE)
            + 1;
        let mut fates = HashMap::new();
        let mut page = Some(first);
        let mut offset = 0;
        for _ in 0..pages_max {
            let Some(status) = page.take() else { break };
            let rows = status.item_details.item_ingestion_status.0;
            if rows.is_empty() {
                break;
            }
            offset += rows.len();
            read_items(&rows, &mut fates);
            missing.retain(|sku| !fates.contains_key(*sku));
            if missing.is_empty() || offset >= received {
                break;
            }
            page = self.feed_page(feed_id, offset).await?;
        }
        Ok(fates)
    }

    /// Finds the feed of an attempt that got no answer, by its file's name (walmart.md §6.2).
    pub(crate) async fn look_up_feed(
        &self,
        fingerprint: &str,
        changes: &[Change],
    ) -> Result<Vec<Outcome>> {
        let Some(found) = self.find_feed(fingerprint).await? else {
            return Ok(changes
                .iter()
                .map(|change| Outcome::not_done(change.id))
                .collect());
        };
        let mut outcomes = self.poll_feed(&self.ticket(&found), changes).await?;
        for (outcome, change) in outcomes.iter_mut().zip(changes) {
            // A feed that is finished and does not hold the item was sent without it: rows that
            // did not fit come again.
            if outcome.fate == barrow_market::Fate::Unknown {
                *outcome = Outcome::not_done(change.id);
            }
        }
        Ok(outcomes)
    }

    async fn find_feed(&self, fingerprint: &str) -> Result<Option<FeedTicket>> {
        let mut offset = 0;
        for _ in 0..FEED_LIST_PAGES_MAX {
            let request = feeds_request(&self.config.base, offset);
            let Some(answer) = self.find::<FeedsAnswer>(&FEEDS_CALL, request).await? else {
                break;
            };
            let rows = &answer.results.feed.0;
            for row in rows {
                let named = row.file_name.text();
                let kind = named.and_then(|name| feed_type_of_file(name, fingerprint));
                if let (Some((feed, stocked)), Some(id)) = (kind, row.feed_id.owned()) {
                    return Ok(Some(FeedTicket {
                        feed: id,
                        kind: feed.code().to_owned(),
                        looks: 0,
                        stocked,
                    }));
                }
            }
            offset += rows.len();
            let total = answer.total_results.count().map(|count| count as usize);
            if rows.is_empty() || total.is_some_and(|total| offset >= total) {
                break;
            }
        }
        Ok(None)
    }
}

fn all_unknown(changes: &[Change]) -> Vec<Outcome> {
    changes
        .iter()
        .map(|change| Outcome::unknown(change.id))
        .collect()
}

fn later_than(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(wait).unwrap_or_else(|_| TimeDelta::hours(4))
}

fn item_outcome(
    ticket: &FeedTicket,
    again: &Ticket,
    fates: &HashMap<String, ItemFate>,
    change: &Change,
) -> Outcome {
    let Some(listing) = change.listing() else {
        return Outcome::unknown(change.id);
    };
    match fates.get(listing.sku.as_str()) {
        None => Outcome::unknown(change.id),
        Some(ItemFate::Running) => Outcome::accepted(change.id, again),
        Some(ItemFate::Refused(problem)) => Outcome::refused(change.id, problem.clone()),
        Some(ItemFate::Failed(problem)) => Outcome::later(change.id, problem.clone(), RETRY_LATER),
        Some(ItemFate::Done(wpid)) => {
            let binding = match wpid {
                Some(wpid) => listing.binding.clone().with(WPID, wpid),
                None => listing.binding.clone(),
            };
            let feed = FeedType::from_code(&ticket.kind);
            let stock_left = match feed {
                Some(FeedType::Match) => true,
                Some(FeedType::Item) => !ticket.stocked,
                _ => false,
            };
            if stock_left && matches!(change.action, Action::Publish(_)) {
                return Outcome::advanced(change.id, binding.with(STEP, INVENTORY_STEP));
            }
            Outcome::applied(change.id, Some(done(binding)))
        }
    }
}
