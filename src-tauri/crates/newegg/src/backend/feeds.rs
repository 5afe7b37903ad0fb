//! Sending feeds, asking for their results, reading back what came of them, and finding one whose
//! sending got no answer.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::time::Duration;

use barrow_market::{Batch, Ended, ErrorKind, Outcome, RETRY_LATER, Result};
use barrow_model::{Action, Binding, Change, ChangeId, ListingRef, Problem, ProblemKind, Ticket};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::backend::NeweggAdapter;
use crate::backend::observe::SeenItems;
use crate::backend::publish::{Standing, done, standing, values_next};
use crate::backend::values::{absent, deactivated};
use crate::error::{SPENT, has_code};
use crate::limits::{
    FEED_CLOCK_SLACK, FEED_LIST_MAX, FEED_RESULT_CALL, FEED_STATUS_CALL, ITEM_FEED_BYTES_MAX,
    ITEM_FEED_LOOKS, ITEM_FEED_ROWS_MAX, REVIEW_HOURS_MAX, REVIEW_LOOKS, STOCK_FEED_LOOKS,
    STOCK_FEED_ROWS_MAX, VALUE_HOURS_MAX, feed_call,
};
use crate::map::feed::{
    FeedEntry, FeedState, FeedTicket, FileFate, Report, RowKeys, feed_entries, report,
};
use crate::map::item::{ITEM_NUMBER, Seen};
use crate::request::{
    FeedKind, feed_envelope, feed_list_request, feed_result_request, feed_status_request,
    inventory_row, offer_row, price_row, submit_feed_request,
};
use crate::types::node::{Node, parsed};

/// A row of a feed and the changes that it carries.
pub(crate) struct FeedRow {
    pub(crate) change_ids: Vec<ChangeId>,
    pub(crate) sku: String,
    /// What the listing's binding is, for rows that do not fit and come again.
    pub(crate) binding: Binding,
    pub(crate) row: Value,
}

/// Feeds that are remembered as answered; older ones are not looked for any more.
const ANSWERED_MAX: usize = 1_000;

/// Members of an answer about feeds.
const FEED_MEMBERS: &[&str] = &["ResponseList", "ResponseBody", "IsSuccess"];

/// Rows that fit into one file, and those that come again: beyond its size, or a second one of a
/// part number.
fn packed(kind: FeedKind, rows: Vec<FeedRow>) -> (Vec<FeedRow>, Vec<FeedRow>) {
    let rows_max = match kind {
        FeedKind::Items => ITEM_FEED_ROWS_MAX,
        _ => STOCK_FEED_ROWS_MAX,
    };
    let (mut fit, mut left) = (Vec::with_capacity(rows.len()), Vec::new());
    let mut skus = HashSet::new();
    let mut size = 0;
    for row in rows {
        let grown = size + row.row.to_string().len() + 1;
        let fits = fit.is_empty() || (grown <= ITEM_FEED_BYTES_MAX && fit.len() < rows_max);
        if fits && skus.insert(row.sku.to_lowercase()) {
            size = grown;
            fit.push(row);
        } else {
            left.push(row);
        }
    }
    (fit, left)
}

impl NeweggAdapter {
    /// Sends prices, quantities or both as a feed.
    pub(crate) async fn value_feed(&self, batch: &Batch, kind: FeedKind) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        let mut rows: Vec<FeedRow> = Vec::with_capacity(batch.changes.len());
        let mut places = std::collections::HashMap::new();
        for change in &batch.changes {
            let Some(listing) = change.listing() else {
                continue;
            };
            if let Some(problem) = self.wrong_price(&change.action) {
                outcomes.push(Outcome::refused(change.id, problem));
                continue;
            }
            let sku = listing.sku.as_str();
            let Some(row) = value_row(kind, sku, &change.action) else {
                continue;
            };
            let known = places
                .get(&listing.id)
                .and_then(|at: &usize| rows.get_mut(*at));
            match known {
                Some(known) => {
                    join(&mut known.row, row);
                    known.change_ids.push(change.id);
                }
                None => {
                    places.insert(listing.id, rows.len());
                    rows.push(FeedRow {
                        change_ids: vec![change.id],
                        sku: sku.to_owned(),
                        binding: listing.binding.clone(),
                        row,
                    });
                }
            }
        }
        outcomes.extend(self.send_feed(kind, rows).await?);
        Ok(outcomes)
    }

    /// Sends one feed. An error means that it was not taken in.
    pub(crate) async fn send_feed(
        &self,
        kind: FeedKind,
        rows: Vec<FeedRow>,
    ) -> Result<Vec<Outcome>> {
        let (rows, left) = packed(kind, rows);
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let values = rows.iter().map(|row| row.row.clone()).collect();
        let envelope = feed_envelope(kind, values);
        let spec = feed_call(kind == FeedKind::Items, rows.len());
        let request = submit_feed_request(&self.config, kind, &envelope);
        let left = left.into_iter().flat_map(|row| {
            let binding = row.binding;
            row.change_ids
                .into_iter()
                .map(move |id| Outcome::advanced(id, binding.clone()))
        });
        let each = |outcome: &dyn Fn(ChangeId) -> Outcome| -> Vec<Outcome> {
            let ids = rows.iter().flat_map(|row| &row.change_ids);
            ids.map(|id| outcome(*id)).collect()
        };
        let sent = match self.read(&spec, request, FEED_MEMBERS).await {
            Ok(answer) => feed_entries(Node::of(&answer)).pop(),
            Err(error) => {
                if let (true, Some(until)) = (has_code(&error, SPENT), error.not_before) {
                    self.note_records_spent(kind, until);
                }
                match Ended::from(error) {
                    Ended::Stopped(error) => return Err(error),
                    Ended::Unknown => None,
                    Ended::Refused(error) => {
                        let refusals = each(&|id| Outcome::refused_by(id, &error));
                        return Ok(refusals.into_iter().chain(left).collect());
                    }
                }
            }
        };
        let Some(entry) = sent else {
            let unknown = each(&Outcome::unknown);
            return Ok(unknown.into_iter().chain(left).collect());
        };
        self.remember_answered(&entry.id);
        let ticket = self.ticket(FeedTicket {
            feed: entry.id,
            kind,
            looks: 0,
            done: None,
            verify: false,
            guessed: false,
        });
        let taken = each(&|id| Outcome::accepted(id, &ticket));
        Ok(taken.into_iter().chain(left).collect())
    }

    fn remember_answered(&self, feed: &str) {
        let mut known = self
            .answered_feeds
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ANSWERED_MAX {
            known.drain(..ANSWERED_MAX / 2);
        }
        known.push(feed.to_owned());
    }

    fn is_answered(&self, feed: &str) -> bool {
        let known = self.answered_feeds.lock();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .any(|one| one == feed)
    }

    /// A ticket that comes due when the next look is worth it.
    fn ticket(&self, ticket: FeedTicket) -> Ticket {
        let waits: &[Duration] = match (ticket.done, ticket.kind) {
            (Some(_), FeedKind::Items) => REVIEW_LOOKS,
            (None, FeedKind::Items) => ITEM_FEED_LOOKS,
            _ => STOCK_FEED_LOOKS,
        };
        let wait = waits.get(ticket.looks).or(waits.last()).copied();
        let wait = TimeDelta::from_std(wait.unwrap_or(RETRY_LATER)).unwrap_or_default();
        Ticket {
            token: serde_json::to_string(&ticket).expect("texts and numbers always serialise"),
            not_before: self.clock.now() + wait,
        }
    }

    /// Asks what became of a feed's rows: first the feed, then what is there.
    pub(crate) async fn poll_feed(
        &self,
        ticket: &Ticket,
        changes: &[Change],
    ) -> Result<Vec<Outcome>> {
        let Ok(ticket) = serde_json::from_str::<FeedTicket>(&ticket.token) else {
            return Ok(all_unknown(changes));
        };
        if ticket.done.is_some() {
            return self.read_back(ticket, changes, Vec::new()).await;
        }
        let request = feed_status_request(&self.config, &ticket.feed);
        let entry = match self.read(&FEED_STATUS_CALL, request, FEED_MEMBERS).await {
            Ok(answer) => feed_entries(Node::of(&answer))
                .into_iter()
                .find(|entry| entry.id == ticket.feed),
            Err(error) if error.kind == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        match entry {
            None => Ok(all_unknown(changes)),
            Some(entry) if entry.state == FeedState::Running => {
                let again = self.ticket(looked(ticket));
                Ok(changes
                    .iter()
                    .map(|c| Outcome::accepted(c.id, &again))
                    .collect())
            }
            Some(entry) if entry.state == FeedState::Dropped => Ok(dropped(&entry.word, changes)),
            Some(_) => self.take_report(ticket, changes).await,
        }
    }

    async fn take_report(&self, ticket: FeedTicket, changes: &[Change]) -> Result<Vec<Outcome>> {
        let request = feed_result_request(&self.config, &ticket.feed);
        let answer = self.call(&FEED_RESULT_CALL, request).await?;
        let value = parsed(FEED_RESULT_CALL.operation, &answer.body)?;
        let Some(report) = report(Node::of(&value)) else {
            let error =
                barrow_market::Error::new(ErrorKind::Unreadable, FEED_RESULT_CALL.operation);
            return Err(error.with("reason", "no report in it"));
        };
        match &report.file {
            FileFate::NotYet => {
                let again = self.ticket(looked(ticket));
                return Ok(changes
                    .iter()
                    .map(|c| Outcome::accepted(c.id, &again))
                    .collect());
            }
            FileFate::Failed(word) => return Ok(dropped(word, changes)),
            FileFate::Refused(word) => {
                let problem = Problem::new(ProblemKind::Refused).vendor(word, "the whole file");
                let refuse = |c: &Change| Outcome::refused(c.id, problem.clone());
                return Ok(changes.iter().map(refuse).collect());
            }
            FileFate::Processed => {}
        }
        let sent = distinct_skus(changes).len();
        // One that was only found may be another's: then its rows say nothing of these.
        let count = report.processed.map_or(sent, |count| count as usize);
        if ticket.guessed && count != sent {
            let mut told = self.look_back(changes).await?;
            told.retain(|outcome| !matches!(outcome.fate, barrow_market::Fate::Unknown));
            return Ok(with_rest(changes, told, |change| {
                Outcome::not_done(change.id)
            }));
        }
        let failed: Vec<Outcome> = changes
            .iter()
            .filter_map(|change| failed_outcome(&report, change))
            .collect();
        let next = FeedTicket {
            done: Some(self.clock.now()),
            looks: 0,
            verify: ticket.verify || report.leaves_doubt(sent),
            ..ticket
        };
        self.read_back(next, changes, failed).await
    }

    /// Reads back what a finished feed has brought; `told` is known already.
    async fn read_back(
        &self,
        ticket: FeedTicket,
        changes: &[Change],
        mut told: Vec<Outcome>,
    ) -> Result<Vec<Outcome>> {
        let known: HashSet<ChangeId> = told.iter().map(|outcome| outcome.change_id).collect();
        let left: Vec<&Change> = changes.iter().filter(|c| !known.contains(&c.id)).collect();
        let skus = skus_of(&left);
        let seen = self.seen_items(&skus).await?;
        let hours = (self.clock.now() - ticket.done.unwrap_or(self.clock.now())).num_hours();
        let view = View {
            seen: &seen,
            hours,
            verify: ticket.verify,
            again: self.ticket(looked(ticket)),
        };
        told.extend(left.iter().filter_map(|change| view.outcome(change)));
        Ok(told)
    }

    /// Finds out what became of a feed whose sending got no answer. Newegg keeps no name of ours:
    /// what is there tells first; then a feed of the type that was taken in since, which may be
    /// the one; else it is not there, and an offer or value that is sent again changes nothing but
    /// what it says.
    pub(crate) async fn look_up_feed(&self, kind: FeedKind, batch: &Batch) -> Result<Vec<Outcome>> {
        let changes = &batch.changes;
        let told = self.look_back(changes).await?;
        let done: Vec<Outcome> = told
            .into_iter()
            .filter(|outcome| !matches!(outcome.fate, barrow_market::Fate::Unknown))
            .collect();
        if done.len() == changes.len() {
            return Ok(done);
        }
        let Some(entry) = self.feed_since(kind, batch.begun_at).await? else {
            return Ok(with_rest(changes, done, |change| {
                Outcome::not_done(change.id)
            }));
        };
        let ticket = self.ticket(FeedTicket {
            feed: entry.id,
            kind,
            looks: 0,
            done: None,
            verify: true,
            guessed: true,
        });
        let waits = |change: &Change| Outcome::accepted(change.id, &ticket);
        Ok(with_rest(changes, done, waits))
    }

    /// Applied where what is there is as it was sent, unknown otherwise.
    async fn look_back(&self, changes: &[Change]) -> Result<Vec<Outcome>> {
        let all: Vec<&Change> = changes.iter().collect();
        let seen = self.seen_items(&skus_of(&all)).await?;
        let told = changes.iter().map(|change| {
            let item = change
                .listing()
                .and_then(|listing| seen.get(listing.sku.as_str()));
            match (change.listing(), item) {
                (Some(listing), Some(item)) if is_as_sent(&change.action, item) => {
                    let binding = done(item.bound(&listing.binding));
                    Outcome::applied(change.id, Some(binding))
                }
                _ => Outcome::unknown(change.id),
            }
        });
        Ok(told.collect())
    }

    /// The feed of a type that was taken in soonest after an instant and is not known to be that
    /// of another sending.
    async fn feed_since(
        &self,
        kind: FeedKind,
        begun_at: DateTime<Utc>,
    ) -> Result<Option<FeedEntry>> {
        let now = self.clock.now();
        let slack = TimeDelta::from_std(FEED_CLOCK_SLACK).unwrap_or_default();
        let from = begun_at - slack;
        // An hour ahead, because local times repeat an hour in the autumn (newegg.md §3).
        let to = now + TimeDelta::hours(1);
        let request = feed_list_request(&self.config, kind, from, to);
        let answer = self.read(&FEED_STATUS_CALL, request, FEED_MEMBERS).await?;
        let found = feed_entries(Node::of(&answer))
            .into_iter()
            .take(FEED_LIST_MAX);
        let own = found.filter(|entry| {
            let since = entry.at.is_none_or(|at| at >= from);
            since && entry.state != FeedState::Dropped && !self.is_answered(&entry.id)
        });
        Ok(own.min_by_key(|entry| entry.at.map_or(TimeDelta::MAX, |at| (at - begun_at).abs())))
    }
}

/// What is there, and how long after the feed.
struct View<'a> {
    seen: &'a SeenItems,
    hours: i64,
    verify: bool,
    again: Ticket,
}

impl View<'_> {
    fn outcome(&self, change: &Change) -> Option<Outcome> {
        let listing = change.listing()?;
        let item = self.seen.get(listing.sku.as_str());
        Some(match &change.action {
            Action::Publish(offer) => self.published(change, listing, item, offer),
            Action::SetPrice(_) | Action::SetQuantity(_) => self.valued(change, listing, item),
            _ => Outcome::unknown(change.id),
        })
    }

    fn published(
        &self,
        change: &Change,
        listing: &ListingRef,
        item: Option<&Seen>,
        offer: &barrow_model::Offer,
    ) -> Outcome {
        match (standing(item, offer), item) {
            (Standing::Good, Some(item)) => {
                let binding = done(item.bound(&listing.binding));
                Outcome::applied(change.id, Some(binding))
            }
            (Standing::Differs, Some(item)) => {
                Outcome::advanced(change.id, values_next(item.bound(&listing.binding)))
            }
            // Still in review, or never taken over.
            _ => self.waiting(change, REVIEW_HOURS_MAX),
        }
    }

    fn valued(&self, change: &Change, listing: &ListingRef, item: Option<&Seen>) -> Outcome {
        let Some(item) = item else {
            return absent(change, listing, Problem::new(ProblemKind::ListingGone));
        };
        if is_as_sent(&change.action, item) {
            return Outcome::applied(change.id, Some(item.bound(&listing.binding)));
        }
        if item.active == Some(false) {
            return Outcome::refused(change.id, deactivated());
        }
        match change.action {
            // Units are sold while a feed is worked on.
            Action::SetQuantity(_) if !self.verify => {
                Outcome::applied(change.id, Some(item.bound(&listing.binding)))
            }
            _ => self.waiting(change, VALUE_HOURS_MAX),
        }
    }

    fn waiting(&self, change: &Change, hours_max: i64) -> Outcome {
        if self.hours < hours_max {
            return Outcome::accepted(change.id, &self.again);
        }
        let problem = Problem::new(ProblemKind::NotTakenOver).param("hours", self.hours);
        Outcome::refused(change.id, problem)
    }
}

/// Whether an item is as a change has sent it.
fn is_as_sent(action: &Action, item: &Seen) -> bool {
    match action {
        Action::Publish(offer) => standing(Some(item), offer) == Standing::Good,
        Action::SetPrice(price) => item.price == Some(*price) && item.active != Some(false),
        Action::SetQuantity(0) => item.quantity() == Some(0),
        Action::SetQuantity(quantity) => {
            item.quantity() == Some(*quantity) && item.active != Some(false)
        }
        _ => false,
    }
}

fn looked(ticket: FeedTicket) -> FeedTicket {
    FeedTicket {
        looks: ticket.looks + 1,
        ..ticket
    }
}

fn value_row(kind: FeedKind, sku: &str, action: &Action) -> Option<Value> {
    match (kind, action) {
        (FeedKind::Price, Action::SetPrice(price)) => Some(price_row(sku, price)),
        (FeedKind::Inventory, Action::SetQuantity(units)) => Some(inventory_row(sku, *units)),
        (FeedKind::InventoryAndPrice, Action::SetPrice(price)) => {
            Some(offer_row(sku, Some(price), None))
        }
        (FeedKind::InventoryAndPrice, Action::SetQuantity(units)) => {
            Some(offer_row(sku, None, Some(*units)))
        }
        _ => None,
    }
}

/// Puts the members of a second row of a listing into its first one.
fn join(row: &mut Value, more: Value) {
    if let (Value::Object(row), Value::Object(more)) = (row, more) {
        row.extend(more);
    }
}

/// The outcome of a row that failed; none where it did not. An offer that is there already under
/// this very part number is no failure: what is there tells.
fn failed_outcome(report: &Report, change: &Change) -> Option<Outcome> {
    let listing = change.listing()?;
    let barcode = match &change.action {
        Action::Publish(offer) => offer.content.gtin.map(|gtin| gtin.as_written()),
        _ => None,
    };
    let part_number = match &change.action {
        Action::Publish(offer) => offer.content.mpn.as_deref(),
        _ => None,
    };
    let keys = RowKeys {
        item_number: listing.binding.get(ITEM_NUMBER),
        barcode: barcode.as_deref(),
        part_number,
    };
    let sku = listing.sku.as_str();
    let row = report.row_of(sku, &keys)?;
    let is_own = row.problem.kind == ProblemKind::ListingDuplicate && names(&row.text, sku);
    (!is_own).then(|| Outcome::refused(change.id, row.problem.clone()))
}

/// Whether a text names a part number as a word.
fn names(text: &str, sku: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '/');
    text.match_indices(sku).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + sku.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// A feed that Newegg has dropped has had no effect; it may go through the next time.
fn dropped(word: &str, changes: &[Change]) -> Vec<Outcome> {
    let text = "The feed was not worked through.";
    let problem = Problem::new(ProblemKind::MarketplaceDown).vendor(word, text);
    changes
        .iter()
        .map(|change| Outcome::later(change.id, problem.clone(), RETRY_LATER))
        .collect()
}

fn with_rest(
    changes: &[Change],
    mut told: Vec<Outcome>,
    rest: impl Fn(&Change) -> Outcome,
) -> Vec<Outcome> {
    let known: HashSet<ChangeId> = told.iter().map(|outcome| outcome.change_id).collect();
    told.extend(changes.iter().filter(|c| !known.contains(&c.id)).map(rest));
    told
}

fn skus_of<'a>(changes: &[&'a Change]) -> Vec<&'a str> {
    let mut skus: Vec<&str> = changes
        .iter()
        .filter_map(|change| change.listing())
        .map(|listing| listing.sku.as_str())
        .collect();
    skus.sort_unstable();
    skus.dedup();
    skus
}

fn distinct_skus(changes: &[Change]) -> Vec<&str> {
    let all: Vec<&Change> = changes.iter().collect();
    skus_of(&all)
}

fn all_unknown(changes: &[Change]) -> Vec<Outcome> {
    changes
        .iter()
        .map(|change| Outcome::unknown(change.id))
        .collect()
}
