//! What real orders have and lack (ebay.md §8.2): some of it at random, each on demand for the next
//! order that is placed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::money::amount;
use super::order::Line;
use super::state::State;
use crate::random::seeded_hash;

/// The listing was made on eBay's own pages: its lines have no SKU.
pub(super) const WITHOUT_SKU: &str = "order_without_sku";
/// The seller's own tax comes without its type.
pub(super) const TAX_WITHOUT_TYPE: &str = "order_tax_without_type";
/// The seller is paid in another currency than the buyer pays.
pub(super) const CONVERTED: &str = "order_converted";
/// It was bought on another site than it is listed on.
pub(super) const OTHER_SITE: &str = "order_of_another_site";
/// A line belongs to one of another order, such as a service to the goods that it is for.
pub(super) const LINKED: &str = "order_linked";
/// eBay keeps and ships the goods.
pub(super) const BY_EBAY: &str = "order_by_ebay";
/// A line is a present with words to somebody.
pub(super) const GIFT: &str = "order_gift";
/// It goes through eBay's hub.
pub(super) const VIA_HUB: &str = "order_via_hub";
/// eBay tells nothing of who bought: a name that is an id, no street, no phone, no address of mail.
pub(super) const ANONYMISED: &str = "order_anonymised";
/// It lacks all that an order may lack: phone, carrier, region, the day by which to ship; and its
/// titles begin with a blank.
pub(super) const BARE: &str = "order_bare";

/// All of them.
pub(super) const ALL: [&str; 10] = [
    WITHOUT_SKU,
    TAX_WITHOUT_TYPE,
    CONVERTED,
    OTHER_SITE,
    LINKED,
    BY_EBAY,
    GIFT,
    VIA_HUB,
    ANONYMISED,
    BARE,
];

/// The seller's own tax, of the goods' price in ten thousandths.
const OWN_TAX_RATE: i64 = 700;
/// What the seller gets of a converted amount, in ten thousandths.
const CONVERTED_RATE: i64 = 8_600;
/// After so many days a present's words are gone; eBay's contract says so of `GiftDetails`.
pub(super) const GIFT_DAYS: i64 = 90;

/// What one order has and lacks.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Quirks {
    pub(super) no_phone: bool,
    pub(super) no_carrier: bool,
    pub(super) no_region: bool,
    /// Goes through eBay's own hub, under this number.
    pub(super) hub: Option<String>,
    /// Those that were asked for by name.
    #[serde(default)]
    pub(super) named: Vec<String>,
}

impl Quirks {
    pub(super) fn has(&self, name: &str) -> bool {
        self.named.iter().any(|known| known == name)
    }
}

/// The names that meet the order which is being placed.
pub(super) fn met(state: &mut State) -> Vec<String> {
    let meets = ALL
        .into_iter()
        .filter(|name| state.faults.meets(name, "placeOrder"));
    meets.map(str::to_owned).collect()
}

/// Gives a line that is being sold what was asked for by name.
pub(super) fn dress_sale(named: &[String], line: &mut Line) {
    let has = |wanted: &str| named.iter().any(|name| name == wanted);
    if has(TAX_WITHOUT_TYPE) {
        line.own_tax_minor = line.cost_minor() * OWN_TAX_RATE / 10_000;
    }
    if has(BARE) {
        line.title.insert(0, ' ');
    }
}

/// The site on which something was bought that is listed on another (ebay.md §4).
pub(super) fn purchase_site(quirks: &Quirks, listed: &str) -> String {
    let bought = match listed {
        _ if !quirks.has(OTHER_SITE) => listed,
        "EBAY_DE" => "EBAY_AT",
        "EBAY_US" => "EBAY_CA",
        _ => "EBAY_US",
    };
    bought.to_owned()
}

/// What the seller gets, in the currency in which he is paid.
pub(super) fn due(quirks: &Quirks, minor: i64, currency: &str) -> Value {
    if !quirks.has(CONVERTED) {
        return amount(minor, currency);
    }
    let paid_in = if currency == "GBP" { "EUR" } else { "GBP" };
    let mut due = amount(minor * CONVERTED_RATE / 10_000, paid_in);
    due["convertedFromValue"] = amount(minor, currency)["value"].take();
    due["convertedFromCurrency"] = json!(currency);
    due
}

/// The number of a variation in its listing: the same in every order of it.
pub(super) fn variation_id(seed: u64, listing: &str, sku: &str) -> String {
    let hash = seeded_hash(seed, &format!("ebay variation {listing} {sku}"));
    format!("{}", 400_000_000_000 + hash % 100_000_000_000)
}

/// Writes what was asked for by name into a line.
pub(super) fn dress_line(quirks: &Quirks, age_days: i64, line: &mut Value) {
    if quirks.has(WITHOUT_SKU)
        && let Some(line) = line.as_object_mut()
    {
        line.shift_remove("sku");
    }
    if quirks.has(LINKED) {
        line["linkedOrderLineItems"] = json!([{
            "orderId": "27-00001-00001",
            "lineItemId": "10099999999901",
            "sellerId": "fitting-service",
            "title": "Fitting at your door",
            "lineItemAspects": [{ "name": "Service", "value": "Fitting" }],
            "shipments": [],
        }]);
    }
    if quirks.has(GIFT) && age_days < GIFT_DAYS {
        line["giftDetails"] = json!({
            "message": "Many happy returns!",
            "recipientEmail": "receiver@members.example",
            "senderName": "Somebody who is fond of you",
        });
    }
}

/// Writes what was asked for by name into the whole order.
pub(super) fn dress(quirks: &Quirks, body: &mut Value) {
    if quirks.has(BY_EBAY) {
        body["program"] = json!({ "fulfillmentProgram": { "fulfilledBy": "EBAY" } });
        body["fulfillmentStartInstructions"][0]["fulfillmentInstructionsType"] =
            json!("FULFILLED_BY_EBAY");
    }
}
