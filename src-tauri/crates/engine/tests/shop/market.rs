//! A marketplace in memory. It keeps the contract, counts calls, and does wrong on demand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use barrow_market::{
    Adapter, Aftersales, Batch, Capability, Category, CategoryQuery, CategoryRules, Check, Choice,
    Choices, Core, Cursor, Elsewhere, Error, ErrorKind, Fate, Listings, ObservePage, OrderIssue,
    OrderPage, Orders, Outcome, PulledOrder, RawRecord, Result, Retry, Stream, StreamId,
};
use barrow_model::{
    Action, ActionKind, Binding, CategoryId, Change, Clock, Content, Delivery, ListingRef, Money,
    Observed, ObservedDetails, Offer, Problem, ProblemKind, Site, Target, Ticket,
};
use chrono::{DateTime, Utc};

use super::SimulatedClock;
use super::observed::observed;
use super::reports::Reports;

/// Listings of a page of the list.
const PAGE: usize = 100;

/// What goes wrong with the next call that sends.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Done, and the answer is lost.
    LoseAnswer,
    /// Never arrived, and nobody knows.
    LoseRequest,
    /// A limit until so many seconds from now.
    Limit(i64),
    /// Nobody answers.
    Unreachable,
    /// The keys are not known any more.
    WrongKeys,
    /// Every change is refused for good.
    Refuse(ProblemKind),
    /// Every change is refused for a while.
    Later,
}

#[derive(Clone, Debug, PartialEq)]
pub struct There {
    pub price: Money,
    pub quantity: u32,
    pub title: String,
    pub step: u32,
    pub live: bool,
    /// How often it was made anew.
    pub published: u32,
}

#[derive(Default)]
pub struct State {
    pub there: BTreeMap<String, There>,
    /// What buyers read of it, where it is told.
    pub details: BTreeMap<String, ObservedDetails>,
    /// Pages of the list that were read.
    pub pages_read: usize,
    pub calls: BTreeMap<String, Vec<Vec<ActionKind>>>,
    pub faults: VecDeque<Fault>,
    pub pull_fails: bool,
    pub pulls: u32,
    /// Whether orders come in two pages, of which the second ends where the first began.
    pub two_pages: bool,
    tickets: BTreeMap<String, (DateTime<Utc>, Vec<Change>)>,
    /// What is under way at this moment, by SKU and kind.
    in_flight: BTreeSet<(String, ActionKind)>,
    /// The largest quantity that was ever sent for a SKU.
    pub most: BTreeMap<String, u32>,
    pub categories: bool,
    /// Whether the seller has two policies to choose from.
    pub two_policies: bool,
    pub advice_asked: u32,
    /// The version of the categories, where they have one.
    pub version: Option<String>,
    pub rules_asked: u32,
    pub lookups: u32,
    /// How reports of everything that is live come out; none where none are made.
    pub reports: Option<Reports>,
    /// Listings that were read by themselves.
    pub read_alone: Vec<String>,
}

pub struct Market {
    pub capability: Capability,
    pub(super) clock: SimulatedClock,
    state: Mutex<State>,
}

impl Market {
    pub fn new(capability: Capability, clock: &SimulatedClock) -> Arc<Self> {
        Arc::new(Self {
            capability,
            clock: clock.clone(),
            state: Mutex::new(State::default()),
        })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn fail(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    /// Nothing is under way any more: who sent it has ended.
    pub fn forget_flights(&self) {
        self.state().in_flight.clear();
    }

    /// Price and quantity there, of what is live.
    pub fn live(&self, sku: &str) -> Option<(i64, u32)> {
        let state = self.state();
        let there = state.there.get(sku).filter(|there| there.live)?;
        Some((there.price.minor, there.quantity))
    }

    pub fn calls(&self, lane: &str) -> usize {
        self.state().calls.get(lane).map_or(0, Vec::len)
    }

    fn carry_out(&self, change: &Change) -> Outcome {
        let Target::Listing(listing) = &change.target else {
            return Outcome::unknown(change.id);
        };
        let mut state = self.state();
        let name = listing.sku.as_str().to_owned();
        let by_feed = self.capability.lanes[0].delivery == Delivery::Feed;
        let missing = || Outcome::refused(change.id, Problem::new(ProblemKind::ListingGone));
        match &change.action {
            Action::Publish(offer) => {
                let made = state.there.entry(name.clone()).or_insert_with(|| There {
                    price: offer.price,
                    quantity: 0,
                    title: String::new(),
                    step: 0,
                    live: false,
                    published: 0,
                });
                made.step += 1;
                let binding = Binding::default().with("item", &name);
                if made.step == 1 && !by_feed {
                    let fate = Fate::Advanced { binding };
                    return Outcome::new(change.id, fate);
                }
                made.price = offer.price;
                made.quantity = offer.quantity;
                made.title = offer.content.title.clone();
                made.published += u32::from(!made.live);
                made.live = true;
                note_most(&mut state, &name, offer.quantity);
                Outcome::applied(change.id, Some(binding.with("offer", "1")))
            }
            Action::End => {
                if let Some(there) = state.there.get_mut(&name) {
                    there.live = false;
                    there.step = 0;
                }
                Outcome::applied(change.id, None)
            }
            Action::Revise(offer) => match state.there.get_mut(&name).filter(|t| t.live) {
                Some(there) => {
                    there.title = offer.content.title.clone();
                    let mut outcome = Outcome::applied(change.id, None);
                    outcome.remarks.quantity_lowered = there.quantity < offer.quantity;
                    outcome
                }
                None => missing(),
            },
            Action::SetPrice(price) => match state.there.get_mut(&name).filter(|t| t.live) {
                Some(there) => {
                    there.price = *price;
                    Outcome::applied(change.id, None)
                }
                None => missing(),
            },
            Action::SetQuantity(quantity) => {
                if !state.there.get(&name).is_some_and(|there| there.live) {
                    return missing();
                }
                note_most(&mut state, &name, *quantity);
                if let Some(there) = state.there.get_mut(&name) {
                    there.quantity = *quantity;
                }
                Outcome::applied(change.id, None)
            }
            _ => Outcome::unknown(change.id),
        }
    }

    /// One at a time, for each SKU and kind.
    fn take_off(&self, changes: &[Change]) {
        let mut state = self.state();
        for change in changes {
            let key = key_of(change);
            assert!(
                state.in_flight.insert(key.clone()),
                "{key:?} is in flight already"
            );
        }
    }

    fn land(&self, changes: &[Change]) {
        let mut state = self.state();
        for change in changes {
            state.in_flight.remove(&key_of(change));
        }
    }
}

fn note_most(state: &mut State, name: &str, quantity: u32) {
    let most = state.most.entry(name.to_owned()).or_default();
    *most = (*most).max(quantity);
}

fn key_of(change: &Change) -> (String, ActionKind) {
    match &change.target {
        Target::Listing(listing) => (listing.sku.as_str().to_owned(), change.action.kind()),
        Target::Order(order) => (order.order_id.clone(), change.action.kind()),
    }
}

impl Adapter for Market {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn core(&self) -> &dyn Core {
        self
    }

    fn listings(&self) -> Option<&dyn Listings> {
        Some(self)
    }

    fn orders(&self) -> Option<&dyn Orders> {
        Some(self)
    }

    fn aftersales(&self) -> Option<&dyn Aftersales> {
        None
    }

    fn elsewhere(&self) -> Option<&dyn Elsewhere> {
        let makes_reports = self.state().reports.is_some();
        makes_reports.then_some(self as &dyn Elsewhere)
    }
}

#[async_trait]
impl Listings for Market {
    // long: every way to answer or not, in one match
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let lane = self.capability.lane(batch.lane).expect("a lane of ours");
        let listings: BTreeSet<_> = batch.changes.iter().map(|c| key_of(c).0).collect();
        assert!(listings.len() <= lane.changes_max, "a batch is too large");
        let fault = self.state().faults.pop_front();
        match fault {
            Some(Fault::Limit(seconds)) => {
                let until = self.clock.now() + chrono::Duration::seconds(seconds);
                let mut error = Error::new(ErrorKind::RateLimited, "submit");
                error.not_before = Some(until);
                return Err(error);
            }
            Some(Fault::Unreachable) => return Err(Error::new(ErrorKind::Unreachable, "submit")),
            Some(Fault::WrongKeys) => return Err(Error::new(ErrorKind::Unauthorized, "submit")),
            _ => {}
        }
        let kinds = batch
            .changes
            .iter()
            .map(|change| change.action.kind())
            .collect();
        let lane_calls = batch.lane.to_owned();
        self.state()
            .calls
            .entry(lane_calls)
            .or_default()
            .push(kinds);
        self.take_off(&batch.changes);
        tokio::time::sleep(Duration::from_millis(200)).await;
        self.land(&batch.changes);
        let each = |fate: Fate| -> Vec<Outcome> {
            let outcome = |change: &Change| Outcome::new(change.id, fate.clone());
            batch.changes.iter().map(outcome).collect()
        };
        match fault {
            Some(Fault::LoseRequest) => return Ok(Vec::new()),
            Some(Fault::Refuse(kind)) => {
                return Ok(each(Fate::Refused {
                    problem: Problem::new(kind),
                    retry: Retry::No,
                }));
            }
            Some(Fault::Later) => {
                return Ok(each(Fate::Refused {
                    problem: Problem::new(ProblemKind::ListingLocked),
                    retry: Retry::After(Duration::from_secs(30)),
                }));
            }
            _ => {}
        }
        let outcomes = if lane.delivery == Delivery::Feed {
            let ticket = Ticket {
                token: batch.fingerprint.clone(),
                not_before: self.clock.now() + chrono::Duration::seconds(120),
            };
            let ready = self.clock.now() + chrono::Duration::seconds(300);
            let promised = (ready, batch.changes.clone());
            self.state().tickets.insert(ticket.token.clone(), promised);
            each(Fate::Accepted { ticket })
        } else {
            batch
                .changes
                .iter()
                .map(|change| self.carry_out(change))
                .collect()
        };
        Ok(match fault {
            Some(Fault::LoseAnswer) => Vec::new(),
            _ => outcomes,
        })
    }

    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        let now = self.clock.now();
        let (ready, sent) = self
            .state()
            .tickets
            .get(&ticket.token)
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "poll"))?;
        if now < ready {
            let again = |change: &Change| Outcome::accepted(change.id, ticket);
            return Ok(changes.iter().map(again).collect());
        }
        assert_eq!(sent.len(), changes.len(), "asked about what was sent");
        Ok(sent.iter().map(|change| self.carry_out(change)).collect())
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        self.state().lookups += 1;
        let not_done = |change: &Change| Outcome::not_done(change.id);
        if let Some((not_before, _)) = self.state().tickets.get(&batch.fingerprint) {
            let ticket = Ticket {
                token: batch.fingerprint.clone(),
                not_before: *not_before,
            };
            let taken = |change: &Change| Outcome::accepted(change.id, &ticket);
            return Ok(batch.changes.iter().map(taken).collect());
        }
        let state = self.state();
        let outcome = |change: &Change| {
            let (name, _) = key_of(change);
            let there = state.there.get(&name);
            let done = match &change.action {
                Action::Publish(_) => match there {
                    Some(there) if there.live => true,
                    Some(there) if there.step == 1 => {
                        let binding = Binding::default().with("item", &name);
                        let fate = Fate::Advanced { binding };
                        return Outcome::new(change.id, fate);
                    }
                    _ => false,
                },
                Action::Revise(offer) => there.is_some_and(|t| t.title == offer.content.title),
                Action::End => !there.is_some_and(|there| there.live),
                Action::SetPrice(price) => there.is_some_and(|t| t.price == *price),
                Action::SetQuantity(units) => there.is_some_and(|t| t.quantity == *units),
                _ => false,
            };
            if done {
                Outcome::applied(change.id, None)
            } else {
                not_done(change)
            }
        };
        Ok(batch.changes.iter().map(outcome).collect())
    }

    async fn observe(&self, site: &Site, cursor: Option<&Cursor>) -> Result<ObservePage> {
        if !self.capability().reads_all_listings {
            return Err(Error::new(ErrorKind::Unsupported, "observe"));
        }
        let mut state = self.state();
        state.pages_read += 1;
        let after = cursor.map(|cursor| cursor.0.as_str());
        let mut rest = state
            .there
            .iter()
            .filter(|(name, _)| after.is_none_or(|after| name.as_str() > after));
        let page = rest.by_ref().take(PAGE);
        let listings = page.map(|(name, there)| Observed {
            details: state.details.get(name).cloned().map(Box::new),
            ..observed(site, name, there)
        });
        let listings: Vec<Observed> = listings.collect();
        let last = listings.last().map(|last| last.sku.as_str().to_owned());
        let next = rest.next().and(last).map(Cursor);
        Ok(ObservePage { listings, next })
    }

    async fn observe_some(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        let mut state = self.state();
        let names = listings
            .iter()
            .map(|listing| listing.sku.as_str().to_owned());
        state.read_alone.extend(names);
        Ok(listings
            .iter()
            .filter_map(|listing| {
                let name = listing.sku.as_str();
                Some(observed(&listing.site, name, state.there.get(name)?))
            })
            .collect())
    }
}

#[async_trait]
impl Core for Market {
    async fn check(&self) -> Result<Check> {
        Ok(Check {
            seller: None,
            sites: Vec::new(),
            items: Vec::new(),
            consent_until: None,
            selling_limit: None,
        })
    }

    async fn choices(&self, _site: &Site) -> Result<Vec<Choices>> {
        let choice = |value: &str| Choice {
            value: value.to_owned(),
            label: value.to_owned(),
        };
        Ok(vec![Choices {
            key: "policy".into(),
            choices: match self.state().two_policies {
                true => vec![choice("P1"), choice("P2")],
                false => vec![choice("P1")],
            },
        }])
    }

    async fn suggest_category(
        &self,
        _site: &Site,
        query: &CategoryQuery,
    ) -> Result<Option<Category>> {
        let mut state = self.state();
        state.advice_asked += 1;
        Ok(Some(Category {
            id: CategoryId(format!("cat-{}", query.path.len())),
            path: query.path.clone(),
        }))
    }

    async fn category_rules(&self, _site: &Site, _category: &CategoryId) -> Result<CategoryRules> {
        let mut state = self.state();
        state.rules_asked += 1;
        Ok(CategoryRules {
            version: state.version.clone(),
            ..CategoryRules::default()
        })
    }

    async fn categories_version(&self, _site: &Site) -> Result<Option<String>> {
        Ok(self.state().version.clone())
    }

    fn validate(
        &self,
        _site: &Site,
        offer: &Offer,
        _rules: Option<&CategoryRules>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        if offer.content.title.contains("forbidden") {
            problems.push(Problem::new(ProblemKind::Prohibited).field("title"));
        }
        if !offer.settings.contains_key("policy") {
            problems.push(Problem::new(ProblemKind::PolicyMissing).param("policy", "policy"));
        }
        if self.needs_category(&offer.content) && offer.content.category.is_none() {
            problems.push(Problem::new(ProblemKind::CategoryMissing));
        }
        problems
    }

    fn needs_category(&self, _content: &Content) -> bool {
        self.state().categories
    }
}

#[async_trait]
impl Orders for Market {
    fn streams(&self) -> &'static [Stream] {
        &[Stream {
            id: StreamId("orders"),
            rereads_open: false,
        }]
    }

    fn start(&self, _stream: StreamId, _since: DateTime<Utc>) -> Result<Cursor> {
        Ok(Cursor(String::from("orders")))
    }

    async fn pull(
        &self,
        _stream: StreamId,
        cursor: &Cursor,
        _open: &[String],
    ) -> Result<OrderPage> {
        let mut state = self.state();
        state.pulls += 1;
        if state.pull_fails {
            return Err(Error::new(ErrorKind::Unreachable, "pull"));
        }
        let began = cursor.0.parse().ok().filter(|_| state.two_pages);
        let more = state.two_pages && began.is_none();
        let began: DateTime<Utc> = began.unwrap_or_else(|| self.clock.now());
        let next = match more {
            true => began.to_rfc3339(),
            false => String::from("orders"),
        };
        Ok(OrderPage {
            orders: Vec::new(),
            unreadable: Vec::new(),
            next: Cursor(next),
            more,
            covered_through: Some(began).filter(|_| !more),
            total: None,
        })
    }

    async fn fetch(&self, _ids: &[String]) -> Result<OrderPage> {
        Err(Error::new(ErrorKind::Unsupported, "fetch"))
    }

    fn read_record(&self, _record: &RawRecord) -> std::result::Result<PulledOrder, OrderIssue> {
        Err(OrderIssue {
            kind: ProblemKind::OrderUnreadable,
            field: String::new(),
            expected: String::new(),
        })
    }
}
