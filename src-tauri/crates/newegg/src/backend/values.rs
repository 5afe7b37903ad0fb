//! Prices, quantities and endings by single calls (newegg.md §4). Newegg takes updates of a
//! deactivated item and drops them in silence, so that after a write it is looked at whether the
//! item is active.

use barrow_market::{Answers, Batch, Ended, Error, ErrorKind, Outcome, RETRY_LATER, Result};
use barrow_model::{Action, Change, ListingId, ListingRef, Money, Problem, ProblemKind};
use barrow_wire::{Built, CallSpec};

use crate::backend::NeweggAdapter;
use crate::backend::observe::{ITEM_MEMBERS, says_absent};
use crate::error::{ABSENT_OR_SAME, NOT_IN_ACCOUNT, has_code};
use crate::limits::{WRITE_INVENTORY_CALL, WRITE_OFFER_CALL, WRITE_PRICE_CALL};
use crate::map::item::Seen;
use crate::map::offer::price_problem;
use crate::request::{
    OfferValues, write_inventory_request, write_offer_request, write_price_request,
};
use crate::types::node::Node;

/// What became of values that were written.
pub(crate) enum Written {
    /// They are set.
    Done,
    /// The item is deactivated: they were dropped.
    Off,
    /// The item is not in the account, or still in review.
    Absent(Error),
    /// Nobody knows; writing them again is harmless.
    Unknown,
}

/// Changes of one listing that one write carries.
struct Group<'a> {
    listing: &'a ListingRef,
    changes: Vec<&'a Change>,
    values: OfferValues,
}

impl NeweggAdapter {
    pub(crate) async fn value_calls(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        for group in self.groups(&batch.changes, &mut answers) {
            if answers.is_stopped() {
                break;
            }
            let written = self.write(group.listing.sku.as_str(), &group.values).await;
            take_written(&mut answers, &group, written);
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    /// Changes by listing, in their order; prices that cannot be are refused before.
    fn groups<'a>(&self, changes: &'a [Change], answers: &mut Answers) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut places = std::collections::HashMap::<ListingId, usize>::new();
        for change in changes {
            let Some(listing) = change.listing() else {
                continue;
            };
            if let Some(problem) = self.wrong_price(&change.action) {
                answers.take(change.id, Ok(Outcome::refused(change.id, problem)));
                continue;
            }
            let place = *places.entry(listing.id).or_insert_with(|| {
                groups.push(Group {
                    listing,
                    changes: Vec::new(),
                    values: OfferValues::default(),
                });
                groups.len() - 1
            });
            let group = &mut groups[place];
            group.changes.push(change);
            match change.action {
                Action::SetPrice(price) => group.values.price = Some(price),
                Action::SetQuantity(quantity) => group.values.quantity = Some(quantity),
                _ => {}
            }
        }
        groups
    }

    pub(crate) fn wrong_price(&self, action: &Action) -> Option<Problem> {
        match action {
            Action::SetPrice(price) => price_problem(&self.config, price),
            _ => None,
        }
    }

    /// Writes values of one item and makes sure that they were not dropped. An error means that
    /// nothing was written.
    pub(crate) async fn write(&self, sku: &str, values: &OfferValues) -> Result<Written> {
        let mut told = Seen::default();
        let mut touched = false;
        for (spec, request) in self.writes(sku, values) {
            match self.read(spec, request, ITEM_MEMBERS).await {
                Ok(answer) => {
                    touched = true;
                    let body = Node::of(&answer).body();
                    let result = body.get("UpdateInventoryAndPriceResult");
                    let row = if result.is_there() { result } else { body };
                    if row.get("Result").flag() == Some(false) {
                        let words = [row.get("Message"), row.get("Memo")];
                        let words = words.iter().find_map(|place| place.text());
                        let error = Error::new(ErrorKind::Refused, spec.operation);
                        return Err(error.vendor("Result 0", words.unwrap_or_default()));
                    }
                    told.learn(self.config.platform, row);
                }
                Err(error) if has_code(&error, NOT_IN_ACCOUNT) => {
                    return Ok(Written::Absent(error));
                }
                Err(error) if has_code(&error, ABSENT_OR_SAME) => {
                    return self.absent_or_same(sku, values, error).await;
                }
                // The first write was done: no error may say that nothing was.
                Err(error)
                    if touched && matches!(Ended::from(error.clone()), Ended::Stopped(_)) =>
                {
                    return Ok(Written::Unknown);
                }
                Err(error) => return Err(error),
            }
        }
        if values.active == Some(false) || values.quantity == Some(0) && values.price.is_none() {
            // Nobody can buy it, whether it is on or off.
            return Ok(Written::Done);
        }
        Ok(self.made_sure(sku, values, told).await)
    }

    fn writes(&self, sku: &str, values: &OfferValues) -> Vec<(&'static CallSpec, Built)> {
        if self.config.platform.is_classic() {
            let request = write_offer_request(&self.config, sku, values);
            return vec![(&WRITE_OFFER_CALL, request)];
        }
        let mut writes: Vec<(&'static CallSpec, Built)> = Vec::new();
        if values.price.is_some() || values.active.is_some() {
            let request = write_price_request(&self.config, sku, values);
            writes.push((&WRITE_PRICE_CALL, request));
        }
        if let Some(quantity) = values.quantity {
            let request = write_inventory_request(&self.config, sku, quantity);
            writes.push((&WRITE_INVENTORY_CALL, request));
        }
        writes
    }

    /// Looks whether the item is active, unless the write's own answer has told.
    async fn made_sure(&self, sku: &str, values: &OfferValues, told: Seen) -> Written {
        let seen = match told.active {
            Some(_) => told,
            None => match self.activity(sku).await {
                Ok(Some(seen)) => seen,
                Ok(None) | Err(_) => return Written::Unknown,
            },
        };
        match (seen.active, values.price, seen.price) {
            (Some(false), _, _) => Written::Off,
            (_, Some(sent), Some(there)) if sent != there => Written::Unknown,
            _ => Written::Done,
        }
    }

    /// Two codes say that the item is absent or that there is nothing to change; reading tells
    /// which (newegg.md §4.2).
    async fn absent_or_same(
        &self,
        sku: &str,
        values: &OfferValues,
        error: Error,
    ) -> Result<Written> {
        let Ok(items) = self.seen_items(&[sku]).await else {
            return Ok(Written::Unknown);
        };
        let Some(seen) = items.get(sku) else {
            return Ok(Written::Absent(error));
        };
        let same = |sent: Option<Money>, there: Option<Money>| sent.is_none() || sent == there;
        let is_same = same(values.price, seen.price)
            && (values.quantity.is_none() || values.quantity == seen.quantity())
            && (values.active.is_none() || seen.active.is_none_or(|on| values.active == Some(on)));
        if is_same {
            return Ok(Written::Done);
        }
        match seen.active {
            Some(false) if values.active != Some(true) => Ok(Written::Off),
            _ => Err(error),
        }
    }

    pub(crate) async fn end_calls(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        for change in &batch.changes {
            if answers.is_stopped() {
                break;
            }
            let Some(listing) = change.listing() else {
                continue;
            };
            let values = OfferValues {
                price: None,
                quantity: self.config.platform.is_classic().then_some(0),
                active: Some(false),
            };
            let outcome = match self.write(listing.sku.as_str(), &values).await {
                Ok(Written::Done | Written::Off) => Ok(Outcome::applied(change.id, None)),
                // What is in review is said to be absent and comes back for sale (newegg.md §4.2):
                // of an item that was seen there, reading tells later.
                Ok(Written::Absent(_)) if !listing.binding.is_empty() => {
                    Ok(Outcome::unknown(change.id))
                }
                // What is not there cannot be bought.
                Ok(Written::Absent(_)) => Ok(Outcome::applied(change.id, None)),
                Ok(Written::Unknown) => Ok(Outcome::unknown(change.id)),
                Err(error) if says_absent(&error) => Ok(Outcome::applied(change.id, None)),
                Err(error) => Err(error),
            };
            answers.take(change.id, outcome);
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    pub(crate) async fn look_up_ends(&self, changes: &[Change]) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(changes.len());
        for change in changes {
            let Some(listing) = change.listing() else {
                continue;
            };
            let seen = self.activity(listing.sku.as_str()).await?;
            let ended = seen.is_none_or(|seen| seen.active == Some(false));
            outcomes.push(if ended {
                Outcome::applied(change.id, None)
            } else {
                Outcome::not_done(change.id)
            });
        }
        Ok(outcomes)
    }
}

fn take_written(answers: &mut Answers, group: &Group<'_>, written: Result<Written>) {
    let listing = group.listing;
    match written {
        Ok(written) => {
            for change in &group.changes {
                let outcome = written_outcome(change, listing, &written);
                answers.take(change.id, Ok(outcome));
            }
        }
        Err(error) => {
            for change in &group.changes {
                answers.take(change.id, Err(error.clone()));
            }
        }
    }
}

fn written_outcome(change: &Change, listing: &ListingRef, written: &Written) -> Outcome {
    match written {
        Written::Done => Outcome::applied(change.id, None),
        Written::Off if change.action == Action::SetQuantity(0) => {
            Outcome::applied(change.id, None)
        }
        Written::Off => Outcome::refused(change.id, deactivated()),
        Written::Absent(error) => absent(change, listing, error.to_problem()),
        Written::Unknown => Outcome::unknown(change.id),
    }
}

/// An item that has never been seen there may still be in review; another one is gone.
pub(crate) fn absent(change: &Change, listing: &ListingRef, mut problem: Problem) -> Outcome {
    if listing.binding.is_empty() {
        problem.kind = ProblemKind::ListingLocked;
        return Outcome::later(change.id, problem, RETRY_LATER);
    }
    problem.kind = ProblemKind::ListingGone;
    Outcome::refused(change.id, problem)
}

/// The item is off, and Newegg drops what is sent to it.
pub(crate) fn deactivated() -> Problem {
    let text = "The item is deactivated; updates are taken and dropped.";
    Problem::new(ProblemKind::ListingOnHold).vendor("Active 0", text)
}
