//! Whether what was wanted is there, by what is live (amazon.md §4.6).

use barrow_model::{Action, ActionKind, Binding, ListingRef, Offer, Problem, ProblemKind};

use crate::config::SiteFacts;
use crate::error::{concerns, issue_problem, worst};
use crate::limits::{ISSUES_FROM_LOOK, SALES_FROM_LOOK};
use crate::map::listing::{
    ASIN, CHANNEL, errors, foreign_channel, is_buyable, price, quantity, submitted_days,
    submitted_note, submitted_quantity, summary,
};
use crate::map::offer::condition_note;
use crate::types::listing::{Issue, Item};

/// For which goods the page in a binding was found.
pub(crate) const PAGE_FOR: &str = "page_for";
/// Whether the SKU was there before it was published, in bindings: `yes` or `no`.
pub(crate) const HELD: &str = "held";

/// What a look showed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is there.
    Done(Binding),
    /// Not yet.
    Waiting,
    /// It will not be.
    Refused(Problem),
}

/// What is looked at for one change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    pub(crate) listing: &'a ListingRef,
    pub(crate) site: &'static SiteFacts,
    /// What is there; none where nothing is.
    pub(crate) item: Option<&'a Item>,
    /// The days until shipping that are wanted, where they are.
    pub(crate) handling_days: Option<u8>,
    /// The how manieth look it is, from zero.
    pub(crate) number: usize,
}

impl Look<'_> {
    /// The binding without notes on the way.
    fn binding(&self) -> Binding {
        let mut binding = self.listing.binding.clone();
        binding.0.remove(PAGE_FOR);
        binding.0.remove(HELD);
        binding.0.remove(CHANNEL);
        let found = self
            .item
            .map(|item| crate::map::listing::binding(item, self.site));
        binding.0.extend(found.unwrap_or_default().0);
        binding
    }

    /// Whether errors are those of what was sent.
    fn counts_errors(&self) -> bool {
        self.number >= ISSUES_FROM_LOOK
    }
}

/// Judges one change by what is there.
pub(crate) fn verdict(action: &Action, look: Look<'_>) -> Verdict {
    let item = look.item.filter(|item| summary(item, look.site).is_some());
    if let Action::End = action {
        return match item {
            None => Verdict::Done(Binding::default()),
            Some(_) => Verdict::Waiting,
        };
    }
    let Some(item) = item else {
        let gone = Problem::new(ProblemKind::ListingGone);
        return match action {
            // A listing that is new appears after hours at worst.
            Action::Publish(_) => Verdict::Waiting,
            _ if look.number > ISSUES_FROM_LOOK => Verdict::Refused(gone),
            _ => Verdict::Waiting,
        };
    };
    let is_there = match action {
        Action::Publish(offer) => shows_offer(item, offer, look),
        Action::SetPrice(wanted) => price(item, look.site) == Some(*wanted),
        Action::SetQuantity(_) if foreign_channel(item).is_some() => {
            return Verdict::Refused(not_ours());
        }
        Action::SetQuantity(wanted) => shows_quantity(item, *wanted, look.number),
        Action::Revise(offer) => !needs_revision(item, offer, look.site, look.handling_days),
        _ => false,
    };
    if is_there {
        return Verdict::Done(look.binding());
    }
    if !look.counts_errors() {
        return Verdict::Waiting;
    }
    let kind = action.kind();
    let blamed = errors(item, look.site)
        .filter(|issue| kind == ActionKind::Publish || is_blamed(issue, kind) == Some(true));
    match worst(blamed) {
        Some(issue) => Verdict::Refused(issue_problem(issue)),
        None => Verdict::Waiting,
    }
}

/// The problem of a change that was taken in and never showed, with what Amazon says is wrong with
/// the listing.
pub(crate) fn not_taken_over(item: Option<&Item>, site: &SiteFacts, hours: u64) -> Problem {
    let mut problem = Problem::new(ProblemKind::NotTakenOver).param("hours", hours);
    if let Some(issue) = item.and_then(|item| worst(errors(item, site))) {
        problem.vendor = issue_problem(issue).vendor;
    }
    problem
}

/// The goods lie in Amazon's warehouse: writing a quantity may end that (amazon.md §4.4).
pub(crate) fn not_ours() -> Problem {
    Problem::new(ProblemKind::Unsupported)
        .field("quantity")
        .param("feature", "set_quantity")
}

fn shows_offer(item: &Item, offer: &Offer, look: Look<'_>) -> bool {
    let buyable = summary(item, look.site).is_some_and(is_buyable);
    price(item, look.site) == Some(offer.price)
        && shows_quantity(item, offer.quantity, look.number)
        && (buyable || offer.quantity == 0)
}

/// Whether a quantity was taken over: it is live, or fewer are, long enough after it was submitted
/// for some to be sold. Without that a sale in between would hold back the next quantity.
fn shows_quantity(item: &Item, wanted: u32, look: usize) -> bool {
    let submitted = || submitted_quantity(item) == Some(wanted);
    match quantity(item) {
        Some(live) if live == wanted => true,
        Some(live) => live < wanted && look >= SALES_FROM_LOOK && submitted(),
        None => false,
    }
}

/// Whether something that an offer says of itself differs from what was submitted last.
pub(crate) fn needs_revision(
    item: &Item,
    offer: &Offer,
    site: &SiteFacts,
    handling_days: Option<u8>,
) -> bool {
    revises_note(item, offer, site) || revises_days(item, handling_days)
}

/// Whether the words on the condition differ.
pub(crate) fn revises_note(item: &Item, offer: &Offer, site: &SiteFacts) -> bool {
    condition_note(&offer.content).is_some_and(|note| submitted_note(item, site) != Some(note))
}

/// Whether the days until shipping differ.
pub(crate) fn revises_days(item: &Item, handling_days: Option<u8>) -> bool {
    handling_days.is_some_and(|days| submitted_days(item) != Some(days))
}

/// Whether an issue is about what a kind of change writes; none where it names nothing.
pub(crate) fn is_blamed(issue: &Issue, kind: ActionKind) -> Option<bool> {
    let of_price = issue
        .categories
        .0
        .iter()
        .any(|category| matches!(category.text(), Some("INVALID_PRICE" | "MISSING_PRICE")));
    let (price, quantity, note) = (
        of_price || concerns(issue, &["purchasable_offer"]),
        concerns(issue, &["fulfillment_availability"]),
        concerns(issue, &["condition_note"]),
    );
    if !(price || quantity || note) {
        return None;
    }
    Some(match kind {
        ActionKind::SetPrice => price,
        ActionKind::SetQuantity => quantity,
        ActionKind::Revise => note || quantity,
        _ => true,
    })
}

/// The page that a listing's binding names.
pub(crate) fn known_asin(listing: &ListingRef) -> Option<&str> {
    listing.binding.get(ASIN)
}

#[cfg(test)]
mod tests;
