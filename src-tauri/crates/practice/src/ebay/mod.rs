//! A practice eBay: one seller's account, spoken to through eBay's own REST APIs.
//!
//! Start reading at [`Ebay::open`] and `route.rs`, which lists every operation. State is in
//! `state.rs`; each other file is one resource. What is not practised: auctions, vehicle fitment,
//! promotions, payouts, messages of eBay's own, feeds other than the report of live listings,
//! notifications and the Trading API.

mod account;
mod answer;
mod auth;
mod call;
mod cancellation;
mod category;
mod check;
mod claim;
mod claim_answers;
mod consent;
mod dispute;
mod evidence;
mod fault;
mod feed;
mod finances;
mod fulfilment;
mod group;
mod item;
mod labels;
mod lag;
mod listing;
mod location;
mod media;
mod message;
mod metadata;
mod money;
mod offer;
mod order;
mod order_search;
mod own_page;
mod policy;
mod price_quantity;
mod publish;
mod quirk;
mod quota;
mod refund;
mod regulatory;
mod route;
mod sale;
mod signature;
mod site;
mod state;
mod taxonomy;
mod terms;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ::http::{Request, Response, StatusCode};
use bytes::Bytes;
use serde_json::{Value, json};

use self::account::{POLICY_PROGRAM, SMALL_LIMIT, STOCK_PROGRAM};
use self::answer::{Outcome, Problem, respond};
use self::auth::Auth;
use self::call::Call;
use self::lag::Lag;
use self::money::full_text;
use self::order::Order;
use self::route::Route;
use self::state::{Listing, ListingStatus, Location, Offer, State};
use crate::bucket::Buckets;
use crate::faults::{Early, Faults, gateway_page};
use crate::{
    Connection, Fault, FaultError, Held, HeldListing, HeldMoney, HeldOrder, HeldOrderLine,
    HeldShipment, Marketplace, Now, OrderRequestLine, PlaceOrderError, Reply, Settings,
};

/// A practice eBay.
pub struct Ebay {
    state: State,
}

// Nothing of what it holds is shown: keys and buyers are among it.
impl fmt::Debug for Ebay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ebay").finish_non_exhaustive()
    }
}

impl Ebay {
    /// Opens an account in good standing: business policies on every marketplace, a warehouse in
    /// California, and out-of-stock control switched on.
    pub fn open(settings: Settings) -> Self {
        let Settings {
            seed,
            orders_per_hour,
        } = settings;
        let programs = [POLICY_PROGRAM, STOCK_PROGRAM];
        let mut state = State {
            seed,
            orders_per_hour,
            counters: BTreeMap::new(),
            seen: None,
            auth: Auth::made_up(seed),
            signing_keys: BTreeMap::new(),
            buckets: Buckets::default(),
            faults: Faults::default(),
            calls: BTreeMap::new(),
            programs: programs.map(str::to_owned).into(),
            policies: Vec::new(),
            locations: vec![warehouse()],
            items: BTreeMap::new(),
            groups: BTreeMap::new(),
            pictures: BTreeMap::new(),
            tasks: BTreeMap::new(),
            own_pages: own_page::own_pages(),
            offers: BTreeMap::new(),
            offers_of: BTreeMap::new(),
            listings: BTreeMap::new(),
            orders: Vec::new(),
            order_places: BTreeMap::new(),
            unsettled: BTreeSet::new(),
            cancellations: BTreeMap::new(),
            selling_limit: None,
            lag: Lag::default(),
            claims: Vec::new(),
            conversations: Vec::new(),
            live_since: None,
            arrivals: 0,
        };
        policy::seed(&mut state);
        Self { state }
    }

    /// Runs an operation, after the checks that all of them share.
    fn run(&mut self, route: &Route, call: &Call) -> Outcome {
        let state = &mut self.state;
        auth::check(state, call, route.need)?;
        if state.faults.meets(fault::FORBIDDEN, route.name) {
            return Err(auth::forbidden().into());
        }
        quota::spend(state, route.api, call.now)?;
        signature::check(state, call, route.name)?;
        route::check_headers(route, call)?;
        if route.api == quota::Api::Inventory {
            fault::meet_inventory(state, route.name, route.writes())?;
            return lag::run(state, route, call);
        }
        (route.run)(state, call)
    }

    fn early_answer(&mut self, early: Early, call: &Call) -> Option<Response<Bytes>> {
        let id = self.request_id();
        let outcome = match early {
            Early::NoAnswer => return None,
            Early::Html => return Some(gateway_page()),
            Early::TooMany => Err(quota::too_many()),
            Early::Broken(status) => {
                let id = if status == StatusCode::SERVICE_UNAVAILABLE {
                    2002
                } else {
                    2003
                };
                Err(Problem::new(status.as_u16(), id, "ACCESS", "Internal error").into())
            }
            Early::TokenExpired => {
                if let Some(token) = auth::any_token(call) {
                    self.state.auth.forget(token);
                }
                Err(auth::invalid_token().into())
            }
        };
        Some(respond(outcome, &id))
    }

    fn request_id(&mut self) -> String {
        format!("t6pxrc7%7F{:012x}", self.state.next("request"))
    }
}

fn warehouse() -> Location {
    let body = json!({
        "location": {
            "address": {
                "addressLine1": "2025 Hamilton Ave",
                "city": "San Jose",
                "stateOrProvince": "CA",
                "postalCode": "95125",
                "country": "US",
            },
        },
        "locationTypes": ["WAREHOUSE"],
        "name": "Main warehouse",
    });
    let body = body.as_object().cloned().unwrap_or_default();
    Location {
        key: "main".to_owned(),
        enabled: true,
        body,
    }
}

impl Marketplace for Ebay {
    fn name(&self) -> &'static str {
        "ebay"
    }

    fn connection(&self) -> Connection {
        let auth = &self.state.auth;
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Connection {
            settings: [text("marketplace_id", "EBAY_US")].into(),
            secrets: [
                text("client_id", &auth.client_id),
                text("client_secret", &auth.client_secret),
                text("ru_name", &auth.ru_name),
                text("refresh_token", &auth.first_refresh),
            ]
            .into(),
        }
    }

    fn handle(&mut self, request: Request<Bytes>, now: Now) -> Reply {
        self.advance(now);
        let mut call = Call::new(request, now);
        let Some((route, ids)) = route::find(&call.method, &call.path) else {
            let problem = Problem::new(404, 2002, "ACCESS", "Resource not found");
            return Reply::Answer(respond(Err(problem.into()), &self.request_id()));
        };
        call.ids = ids;
        *self.state.calls.entry(route.name.to_owned()).or_insert(0) += 1;
        if let Some(early) = fault::early(&mut self.state, route) {
            return self
                .early_answer(early, &call)
                .map_or(Reply::NoAnswer, Reply::Answer);
        }
        let outcome = self.run(route, &call);
        let id = self.request_id();
        self.state
            .faults
            .late(route.name, route.writes(), respond(outcome, &id))
    }

    fn advance(&mut self, now: Now) {
        sale::advance(&mut self.state, now);
    }

    fn place_order(
        &mut self,
        lines: &[OrderRequestLine],
        now: Now,
    ) -> Result<String, PlaceOrderError> {
        self.advance(now);
        sale::place(&mut self.state, lines, now)
    }

    fn faults(&self) -> &'static [&'static str] {
        fault::ALL
    }

    fn set_fault(&mut self, fault: Fault) -> Result<(), FaultError> {
        let switched = (fault.name == fault::STOCK_PROGRAM_OFF).then_some(fault.times);
        if fault.name == fault::SMALL_SELLING_LIMIT {
            self.state.selling_limit = (fault.times > 0).then_some(SMALL_LIMIT);
        }
        if fault.name == fault::READINGS_LATE {
            self.state.lag.set(fault.times);
        }
        self.state.faults.set(fault, fault::ALL)?;
        match switched {
            Some(0) => self.state.programs.insert(STOCK_PROGRAM.to_owned()),
            Some(_) => self.state.programs.remove(STOCK_PROGRAM),
            None => false,
        };
        Ok(())
    }

    fn held(&self) -> Held {
        Held {
            listings: held_listings(&self.state),
            orders: self.state.orders.iter().map(held_order).collect(),
            calls: self.state.calls.clone(),
            limit_violations: self.state.buckets.violations(),
        }
    }

    fn save(&self) -> Value {
        // Serialising cannot fail: every key is a text and every value has a JSON form.
        serde_json::to_value(&self.state).unwrap_or(Value::Null)
    }

    fn restore(&mut self, saved: Value) -> Result<(), String> {
        self.state = serde_json::from_value(saved).map_err(|error| error.to_string())?;
        Ok(())
    }
}

fn held_listings(state: &State) -> Vec<HeldListing> {
    let mut listings = Vec::new();
    for sku in state.items.keys() {
        let offers = state.offers_of_sku(sku);
        if offers.is_empty() {
            let state = "pending".to_owned();
            listings.push(HeldListing {
                sku: sku.clone(),
                price: None,
                quantity: 0,
                state,
            });
        }
        listings.extend(offers.into_iter().map(|offer| held_listing(state, offer)));
    }
    listings
}

fn held_listing(state: &State, offer: &Offer) -> HeldListing {
    let price = offer.price().map(|(minor, currency)| HeldMoney {
        amount: full_text(minor, &currency),
        currency,
    });
    let listing = offer.listing.as_ref().and_then(|id| state.listings.get(id));
    let status = listing
        .map(|listing: &Listing| listing.status)
        .filter(|_| offer.published);
    let quantity = state.for_sale(offer);
    let word = match (status, offer.listing.is_some()) {
        (Some(ListingStatus::Ended), _) | (None, true) => "ended",
        (None, false) => "pending",
        (Some(_), _) if quantity == 0 => "out_of_stock",
        (Some(_), _) => "live",
    };
    HeldListing {
        sku: offer.sku.clone(),
        price,
        quantity,
        state: word.to_owned(),
    }
}

fn held_order(order: &Order) -> HeldOrder {
    let sku_of = |id: &str| {
        let line = order.lines.iter().find(|line| line.id == id);
        line.map(|line| line.sku.clone()).unwrap_or_default()
    };
    let lines = order.lines.iter().map(|line| HeldOrderLine {
        sku: line.sku.clone(),
        quantity: line.quantity,
        quantity_shipped: order.shipped(&line.id),
    });
    let shipments = order.shipments.iter().map(|shipment| HeldShipment {
        carrier: shipment.carrier.clone().unwrap_or_default(),
        tracking: shipment.tracking.clone().unwrap_or_default(),
        lines: shipment
            .lines
            .iter()
            .map(|(id, units)| OrderRequestLine {
                sku: sku_of(id),
                quantity: *units,
            })
            .collect(),
    });
    let state = if order.cancelled() {
        "CANCELED"
    } else {
        order.status()
    };
    HeldOrder {
        order_id: order.id.clone(),
        state: state.to_owned(),
        lines: lines.collect(),
        shipments: shipments.collect(),
        refunded_minor: order.refunded_minor(),
    }
}
