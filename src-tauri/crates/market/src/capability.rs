//! What an adapter can do, as a plain value.

use std::time::Duration;

use barrow_model::{Action, ActionKind, Aspect, Delivery, Problem, ProblemKind, Sku, Target};

use crate::outcome::{Batch, Outcome};

/// What an adapter can do. A literal in each adapter, with the vendor's page above each number;
/// what is not listed is not offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Capability {
    /// The ways in which changes travel, for listings and orders alike. A kind of action that no
    /// lane carries is not offered.
    pub lanes: &'static [Lane],
    /// Which aspects of one SKU must not be in flight at the same time.
    pub exclusions: &'static [Exclusion],
    /// Longest channel SKU, in characters.
    pub sku_chars_max: usize,
    /// Signs that the channel SKU of a new listing may have beside ASCII letters and digits; none
    /// where it may have any.
    pub sku_signs: Option<&'static str>,
    /// Longest title, in characters.
    pub title_chars_max: usize,
    /// Longest description, in characters.
    pub description_chars_max: usize,
    /// Most pictures of a listing.
    pub images_max: usize,
    /// Largest quantity that can be sent.
    pub quantity_max: u32,
    /// Whether pictures must be https addresses that the marketplace can reach.
    pub images_https_only: bool,
    /// Whether a category is a name, which the seller may write himself. Where not, it is a number
    /// that one chooses or knows.
    pub categories_by_name: bool,
    /// Whether a listing survives a quantity of zero. Where it does not, the engine ends it
    /// instead.
    pub keeps_listing_at_zero: bool,
    /// Whether the marketplace lowers the quantity by itself when it sells.
    pub lowers_quantity_on_sale: bool,
    /// Whether everything that is there can be read page by page. Where not,
    /// [`crate::Listings::observe`] is unsupported: listings made elsewhere cannot be adopted, and
    /// what is there is read listing by listing.
    pub reads_all_listings: bool,
    /// How long a reading may still show the price, quantity or content from before a change that
    /// was taken.
    pub shows_changes_in: Duration,
    /// How long a listing that was published may be missing where it is read.
    pub shows_listings_in: Duration,
    /// Whether orders are acknowledged.
    pub acknowledges_orders: bool,
    /// How far back orders can be read.
    pub order_history: Duration,
    /// How much is read again on purpose with each pull.
    pub pull_overlap: Duration,
    /// How many orders [`crate::Orders::fetch`] takes at once.
    pub fetch_orders_max: usize,
    /// How long after delivery the marketplace lets buyers' names and addresses be kept; none where
    /// it sets no time.
    pub people_kept: Option<Duration>,
    /// Longest shipment reference, in characters.
    pub ship_reference_chars_max: usize,
}

/// One way in which changes travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lane {
    /// Its name, unique within the adapter.
    pub name: &'static str,
    /// How it travels.
    pub delivery: Delivery,
    /// The kinds that it carries, together in one batch.
    pub kinds: &'static [ActionKind],
    /// Most changes of a batch; where it carries several kinds, most *listings* of a batch.
    pub changes_max: usize,
    /// The rate of the sending call; the limits themselves are kept by `wire`, this is for
    /// choosing.
    pub rate: Rate,
    /// How many sending calls one batch takes.
    pub calls_per_batch: u32,
    /// How long results usually take; zero for a call that is answered at once, or whose result is
    /// usually there with the first look.
    pub latency: Duration,
    /// Whether sending the same batch twice does no harm. Where it does, an attempt without an
    /// answer is looked up first.
    pub repeatable: bool,
}

impl Lane {
    /// A call for each change that is answered at once and may do harm if it is made twice.
    pub const fn call(name: &'static str, kinds: &'static [ActionKind], rate: Rate) -> Self {
        Self {
            name,
            delivery: Delivery::Call,
            kinds,
            changes_max: 1,
            rate,
            calls_per_batch: 1,
            latency: Duration::ZERO,
            repeatable: false,
        }
    }

    /// A feed of up to `changes_max`, sent by one call; a second sending may do harm.
    pub const fn feed(
        name: &'static str,
        kinds: &'static [ActionKind],
        changes_max: usize,
        rate: Rate,
        latency: Duration,
    ) -> Self {
        Self {
            delivery: Delivery::Feed,
            changes_max,
            latency,
            ..Self::call(name, kinds, rate)
        }
    }

    /// The same with so many changes in a batch, which takes so many sending calls.
    #[must_use]
    pub const fn batch(self, changes_max: usize, calls_per_batch: u32) -> Self {
        Self {
            changes_max,
            calls_per_batch,
            ..self
        }
    }

    /// The same where a second sending of the same does no harm.
    #[must_use]
    pub const fn repeatable(self) -> Self {
        Self {
            repeatable: true,
            ..self
        }
    }
}

/// So many calls per time, so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Calls.
    pub calls: u32,
    /// In this time.
    pub per: Duration,
    /// Calls at once from rest.
    pub burst: u32,
}

/// Two aspects of a SKU that must not be in flight at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// While this one is in flight,
    pub in_flight: Aspect,
    /// this one waits.
    pub waits: Aspect,
}

impl Capability {
    /// The lanes that carry a kind of action, in the adapter's order.
    pub fn lanes_for(&self, kind: ActionKind) -> impl Iterator<Item = &'static Lane> {
        self.lanes
            .iter()
            .filter(move |lane| lane.kinds.contains(&kind))
    }

    /// Whether a kind of action is offered at all.
    pub fn offers(&self, kind: ActionKind) -> bool {
        self.lanes_for(kind).next().is_some()
    }

    /// Why a channel SKU is not taken; none where it is. One that the marketplace has taken before
    /// keeps its signs.
    pub fn sku_problem(&self, sku: &Sku, was_taken: bool) -> Option<Problem> {
        let length = sku.as_str().chars().count();
        let problem = Problem::new(ProblemKind::SkuInvalid).field("sku");
        let problem = problem.param("limit", self.sku_chars_max);
        if length > self.sku_chars_max {
            return Some(problem.param("length", length));
        }
        let signs = self.sku_signs.filter(|_| !was_taken)?;
        let is_taken = |sign: char| sign.is_ascii_alphanumeric() || signs.contains(sign);
        if sku.as_str().chars().all(is_taken) {
            return None;
        }
        let named: Vec<String> = signs.chars().map(String::from).collect();
        let problem = problem.param("why", "signs");
        Some(problem.param("allowed", named.join(" ")))
    }

    /// The lane of a name.
    pub fn lane(&self, name: &str) -> Option<&'static Lane> {
        self.lanes.iter().find(|lane| lane.name == name)
    }
}

/// Splits a batch into the changes that the capability allows and refusals of the others, so that
/// nothing unsupported is ever sent and no part of a request is dropped in silence.
pub fn check_batch(capability: &Capability, batch: Batch) -> (Batch, Vec<Outcome>) {
    let mut refused = Vec::new();
    let lane = capability.lane(batch.lane);
    let mut kept = Vec::with_capacity(batch.changes.len());
    for change in batch.changes {
        let carried = lane.is_some_and(|lane| lane.kinds.contains(&change.action.kind()));
        let problem = if carried {
            unsupported(capability, &change.target, &change.action)
        } else {
            Some(
                Problem::new(ProblemKind::Unsupported)
                    .param("feature", change.action.kind().code()),
            )
        };
        match problem {
            None => kept.push(change),
            Some(problem) => refused.push(Outcome::refused(change.id, problem)),
        }
    }
    (
        Batch {
            changes: kept,
            ..batch
        },
        refused,
    )
}

fn unsupported(capability: &Capability, target: &Target, action: &Action) -> Option<Problem> {
    if let Target::Listing(listing) = target {
        let is_new = matches!(action, Action::Publish(_)) && listing.binding.is_empty();
        let problem = capability.sku_problem(&listing.sku, !is_new);
        if problem.is_some() {
            return problem;
        }
    }
    match action {
        Action::SetQuantity(quantity) if *quantity > capability.quantity_max => {
            let problem = Problem::new(ProblemKind::QuantityRefused).field("quantity");
            Some(problem.param("limit", capability.quantity_max))
        }
        Action::SetPrice(price) if price.minor <= 0 => {
            Some(Problem::new(ProblemKind::PriceNotPositive).field("price"))
        }
        Action::Publish(offer) | Action::Revise(offer) if offer.price.minor <= 0 => {
            Some(Problem::new(ProblemKind::PriceNotPositive).field("price"))
        }
        Action::Ship(request) if request.lines.is_empty() => {
            Some(Problem::new(ProblemKind::LineInvalid).field("lines"))
        }
        _ => None,
    }
}
