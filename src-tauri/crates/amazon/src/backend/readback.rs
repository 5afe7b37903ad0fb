//! Looking at what became of what Amazon has taken in (amazon.md §4.6): its answer to a write
//! promises nothing, only what is live tells.

use std::time::Duration;

use barrow_market::{Fate, Outcome, RETRY_LATER, Result};
use barrow_model::{Action, ActionKind, Change, Problem, ProblemKind, Ticket};
use chrono::TimeDelta;

use crate::backend::AmazonAdapter;
use crate::backend::feeds::feed_failed;
use crate::backend::fetch::{Found, groups_of};
use crate::backend::publish::again_later;
use crate::limits::{
    FEED_HOURS_MAX, FEED_LOOKS, LISTING_READS_MAX, LOOKS, MAYBE_LOOKS, VALUE_LOOKS,
};
use crate::map::feed::{FeedState, Promise, feed_state};
use crate::map::verdict::{Look, Verdict, not_taken_over, verdict};
use crate::types::feed::Feed;
use crate::types::listing::Item;

/// What was read, and which listings were not reached within the bounds of one look.
struct Seen {
    found: Found,
    read: std::collections::HashSet<(String, String)>,
}

impl AmazonAdapter {
    /// A ticket that is worth a look when its promise says so.
    pub(crate) fn ticket(&self, promise: &Promise) -> Ticket {
        let waits = match promise.feed {
            Some(_) => FEED_LOOKS,
            None => LOOKS,
        };
        let wait = waits.get(promise.looks).or(waits.last()).copied();
        self.ticket_after(promise, wait.unwrap_or(RETRY_LATER))
    }

    fn ticket_after(&self, promise: &Promise, wait: Duration) -> Ticket {
        let wait = TimeDelta::from_std(wait).unwrap_or_else(|_| TimeDelta::hours(1));
        Ticket {
            token: serde_json::to_string(promise).expect("texts and numbers always serialise"),
            not_before: self.clock.now() + wait,
        }
    }

    /// Asks what became of changes under a ticket.
    pub(crate) async fn poll_promise(
        &self,
        ticket: &Ticket,
        changes: &[Change],
    ) -> Result<Vec<Outcome>> {
        let Ok(promise) = serde_json::from_str::<Promise>(&ticket.token) else {
            return Ok(changes.iter().map(|c| Outcome::unknown(c.id)).collect());
        };
        match promise.feed.clone() {
            Some(feed_id) => self.poll_feed(promise, &feed_id, changes).await,
            None => self.look(promise, changes).await,
        }
    }

    async fn poll_feed(
        &self,
        promise: Promise,
        feed_id: &str,
        changes: &[Change],
    ) -> Result<Vec<Outcome>> {
        let Some(feed) = self.feed(feed_id).await? else {
            return self.look(Promise::perhaps(), changes).await;
        };
        match feed_state(&feed) {
            FeedState::Running if promise.looks + 1 >= FEED_LOOKS.len() => {
                // A feed that stalls is told and not sent again by itself (amazon.md §5).
                let problem =
                    Problem::new(ProblemKind::NotTakenOver).param("hours", FEED_HOURS_MAX);
                let told = |change: &Change| Outcome::refused(change.id, problem.clone());
                Ok(changes.iter().map(told).collect())
            }
            FeedState::Running => {
                let ticket = self.ticket(&Promise {
                    looks: promise.looks + 1,
                    ..promise
                });
                let again = changes
                    .iter()
                    .map(|change| Outcome::accepted(change.id, &ticket));
                Ok(again.collect())
            }
            FeedState::Cancelled => {
                let again = |change: &Change| again_later(change, feed_failed("CANCELLED"));
                Ok(changes.iter().map(again).collect())
            }
            FeedState::Done | FeedState::Broken => self.after_feed(&feed, changes).await,
        }
    }

    /// What a feed's report refuses, and for the rest what is live. An ending is refused where
    /// nothing is left to end as well: the look decides.
    async fn after_feed(&self, feed: &Feed, changes: &[Change]) -> Result<Vec<Outcome>> {
        let mut outcomes = self.refusals(feed, changes).await?.unwrap_or_default();
        let unsettled =
            |change: &&Change| change.action == Action::End || !outcomes.contains_key(&change.id);
        let look: Vec<Change> = changes.iter().filter(unsettled).cloned().collect();
        let broken = feed_state(feed) == FeedState::Broken;
        for seen in self.look_at_once(&look, broken).await? {
            let applied = matches!(seen.fate, Fate::Applied { .. });
            if applied || !outcomes.contains_key(&seen.change_id) {
                outcomes.insert(seen.change_id, seen);
            }
        }
        let in_order = changes.iter();
        Ok(in_order
            .filter_map(|change| outcomes.remove(&change.id))
            .collect())
    }

    /// The look right after a feed: done means processed, and some of it is live by now. Of a feed
    /// that broke, what is not live goes again.
    async fn look_at_once(&self, changes: &[Change], broken: bool) -> Result<Vec<Outcome>> {
        let promise = Promise::of_call(None);
        let seen = self.see(changes).await?;
        let ticket = self.ticket(&promise);
        let outcome = |change: &Change| match self.judge(change, &seen, 0) {
            Some(Verdict::Done(binding)) => Outcome::applied(change.id, Some(binding)),
            Some(Verdict::Refused(problem)) => Outcome::refused(change.id, problem),
            Some(Verdict::Waiting) if broken => again_later(change, feed_failed("FATAL")),
            Some(Verdict::Waiting) | None => Outcome::accepted(change.id, &ticket),
        };
        Ok(changes.iter().map(outcome).collect())
    }

    /// One look at changes without a feed to ask.
    async fn look(&self, promise: Promise, changes: &[Change]) -> Result<Vec<Outcome>> {
        let seen = self.see(changes).await?;
        let mut outcomes = Vec::with_capacity(changes.len());
        let mut late = Vec::new();
        let next = self.ticket(&Promise {
            looks: promise.looks + 1,
            ..promise.clone()
        });
        // What one look did not reach is looked at next, as the same look.
        let soon = self.ticket_after(&promise, Duration::from_secs(1));
        for change in changes {
            outcomes.push(match self.judge(change, &seen, promise.looks) {
                None => Outcome::accepted(change.id, &soon),
                Some(Verdict::Done(binding)) => Outcome::applied(change.id, Some(binding)),
                Some(Verdict::Refused(problem)) => Outcome::refused(change.id, problem),
                Some(Verdict::Waiting) if promise.looks + 1 < looks_of(change, &promise) => {
                    Outcome::accepted(change.id, &next)
                }
                Some(Verdict::Waiting) if promise.maybe => {
                    late.push(change);
                    continue;
                }
                Some(Verdict::Waiting) => self.given_up(change, &seen),
            });
        }
        outcomes.extend(self.perhaps_not_sent(&promise, &late).await?);
        Ok(outcomes)
    }

    /// What did not show although it may have been sent: sent again once no feed is under way that
    /// could set it back.
    async fn perhaps_not_sent(
        &self,
        promise: &Promise,
        changes: &[&Change],
    ) -> Result<Vec<Outcome>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let again = self.ticket(promise);
        let open = self.has_open_feed().await?;
        let outcome = |change: &&Change| {
            if open {
                Outcome::accepted(change.id, &again)
            } else {
                Outcome::not_done(change.id)
            }
        };
        Ok(changes.iter().map(outcome).collect())
    }

    fn given_up(&self, change: &Change, seen: &Seen) -> Outcome {
        let Some((listing, Ok(site))) = change
            .listing()
            .map(|listing| (listing, self.site_of(&listing.site)))
        else {
            return Outcome::unknown(change.id);
        };
        let item = seen.item(&listing.site.0, listing.sku.as_str());
        let last = looks_of(change, &Promise::of_call(None));
        let waited: Duration = LOOKS.iter().take(last).sum();
        let hours = (waited.as_secs() + 1_800) / 3_600;
        Outcome::refused(change.id, not_taken_over(item, site, hours))
    }

    /// Reads what is there, within the bounds of one look. An error of the first call is the look's
    /// own; later ones leave the rest for the next look.
    async fn see(&self, changes: &[Change]) -> Result<Seen> {
        let mut seen = Seen {
            found: Found::new(),
            read: std::collections::HashSet::new(),
        };
        let groups = groups_of(changes.iter().filter_map(Change::listing));
        for (number, (site, skus)) in groups.into_iter().enumerate() {
            if number == LISTING_READS_MAX {
                break;
            }
            let items = match self.items(self.site_of(site)?, &skus).await {
                Ok(items) => items,
                Err(error) if number == 0 => return Err(error),
                Err(_) => break,
            };
            let named = items.into_iter();
            seen.found
                .extend(named.map(|(sku, item)| (place(&site.0, &sku), item)));
            let read = skus.into_iter();
            seen.read
                .extend(read.map(|sku| (site.0.clone(), sku.to_owned())));
        }
        Ok(seen)
    }

    /// What a look showed of a change; none where it was not reached.
    fn judge(&self, change: &Change, seen: &Seen, number: usize) -> Option<Verdict> {
        let listing = change.listing()?;
        let (site, sku) = (&listing.site.0, listing.sku.as_str());
        if !seen.read.contains(&(site.clone(), sku.to_owned())) {
            return None;
        }
        let handling_days = match &change.action {
            Action::Revise(offer) => self.config.handling_days_of(&offer.settings).ok().flatten(),
            _ => None,
        };
        let look = Look {
            listing,
            site: self.site_of(&listing.site).ok()?,
            item: seen.item(site, sku),
            handling_days,
            number,
        };
        Some(verdict(&change.action, look))
    }

    /// Finds out what became of a batch that got no answer: what is live tells. A feed may still
    /// be in Amazon's queue, where nothing tells ours from others; what does not show is looked at
    /// again before it is sent again. A call is either done or may be made again.
    pub(crate) async fn look_up_changes(
        &self,
        changes: &[Change],
        by_feed: bool,
    ) -> Result<Vec<Outcome>> {
        let seen = self.see(changes).await?;
        let ticket = self.ticket(&Promise::perhaps());
        let outcome = |change: &Change| match self.judge(change, &seen, 0) {
            Some(Verdict::Done(binding)) => Outcome::applied(change.id, Some(binding)),
            Some(Verdict::Refused(problem)) => Outcome::refused(change.id, problem),
            _ if by_feed => Outcome::accepted(change.id, &ticket),
            _ => Outcome::not_done(change.id),
        };
        Ok(changes.iter().map(outcome).collect())
    }
}

impl Seen {
    fn item(&self, site: &str, sku: &str) -> Option<&Item> {
        self.found.get(&place(site, sku))
    }
}

/// The same SKU stands on several sites.
fn place(site: &str, sku: &str) -> String {
    format!("{site} {sku}")
}

/// How many looks a change gets.
fn looks_of(change: &Change, promise: &Promise) -> usize {
    match change.action.kind() {
        _ if promise.maybe => MAYBE_LOOKS,
        ActionKind::Publish => LOOKS.len(),
        _ => VALUE_LOOKS,
    }
}
