//! Listings as Amazon shows them (amazon.md §4.2).

use barrow_model::{Binding, FulfilledBy, Gtin, Money, Observed, ObservedState, Rounding, Sku};
use barrow_model::{Currency, Site};
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::config::SiteFacts;
use crate::error::{is_error, issue_problem};
use crate::map::offer::OWN_CHANNEL;
use crate::types::listing::{Issue, Item, Summary};

/// The page, in bindings.
pub(crate) const ASIN: &str = "asin";
/// The channel, in bindings, where it is not the seller's own: such a listing is never written.
pub(crate) const CHANNEL: &str = "channel";

/// What is said of the listing on a site; none where it is not there.
pub(crate) fn summary<'a>(item: &'a Item, site: &SiteFacts) -> Option<&'a Summary> {
    item.summaries
        .0
        .iter()
        .find(|summary| summary.marketplace_id.text() == Some(site.id))
}

/// Whether buyers can buy it.
pub(crate) fn is_buyable(summary: &Summary) -> bool {
    summary.status.0.iter().any(|s| s.text() == Some("BUYABLE"))
}

/// Amazon's own channel, where Amazon ships.
pub(crate) fn foreign_channel(item: &Item) -> Option<&str> {
    let channels = item.fulfillment_availability.0.iter();
    channels
        .filter_map(|availability| availability.fulfillment_channel_code.text())
        .find(|code| *code != OWN_CHANNEL)
}

/// Units that are for sale from the seller's own stock.
pub(crate) fn quantity(item: &Item) -> Option<u32> {
    let mut own = item.fulfillment_availability.0.iter().filter(|entry| {
        let code = entry.fulfillment_channel_code.text();
        code == Some(OWN_CHANNEL)
    });
    own.find_map(|entry| entry.quantity.count())
}

/// The price for everybody that is live on a site; what was submitted where nothing is live, as
/// with a listing that has sold out.
pub(crate) fn price(item: &Item, site: &SiteFacts) -> Option<Money> {
    live_price(item, site).or_else(|| submitted_price(item, site))
}

/// The price for everybody that is live on a site.
pub(crate) fn live_price(item: &Item, site: &SiteFacts) -> Option<Money> {
    let offer = item.offers.0.iter().find(|offer| {
        let audience = offer.audience.value.text().unwrap_or("ALL");
        let kind = offer.offer_type.text().unwrap_or("B2C");
        offer.marketplace_id.text() == Some(site.id) && kind == "B2C" && audience == "ALL"
    })?;
    let currency = match offer.price.currency_code.text() {
        Some(code) => Currency::parse(code).ok()?,
        None => site.currency(),
    };
    Money::from_decimal(offer.price.amount.decimal()?, currency, Rounding::HalfUp).ok()
}

fn submitted_price(item: &Item, site: &SiteFacts) -> Option<Money> {
    let entries = submitted(item, "purchasable_offer")?;
    let entry = entries.iter().find(|entry| {
        let of_site = entry.get("marketplace_id").and_then(Value::as_str);
        let audience = entry.get("audience").and_then(Value::as_str);
        of_site == Some(site.id) && audience.unwrap_or("ALL") == "ALL"
    })?;
    let value = entry.pointer("/our_price/0/schedule/0/value_with_tax")?;
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let currency = entry.get("currency").and_then(Value::as_str);
    let currency = currency.and_then(|code| Currency::parse(code).ok());
    Money::from_decimal(
        text.parse().ok()?,
        currency.unwrap_or(site.currency()),
        Rounding::HalfUp,
    )
    .ok()
}

/// The entries of an attribute as they were submitted.
pub(crate) fn submitted<'a>(item: &'a Item, attribute: &str) -> Option<&'a Vec<Value>> {
    item.attributes.as_ref()?.get(attribute)?.as_array()
}

fn own_availability(item: &Item) -> Option<&Value> {
    submitted(item, "fulfillment_availability")?
        .iter()
        .find(|entry| {
            let code = entry
                .get("fulfillment_channel_code")
                .and_then(Value::as_str);
            code == Some(OWN_CHANNEL)
        })
}

/// The quantity that was submitted last.
pub(crate) fn submitted_quantity(item: &Item) -> Option<u32> {
    let count = own_availability(item)?.get("quantity")?.as_u64()?;
    u32::try_from(count).ok()
}

/// The days until shipping that were submitted last.
pub(crate) fn submitted_days(item: &Item) -> Option<u8> {
    let days = own_availability(item)?.get("lead_time_to_ship_max_days")?;
    u8::try_from(days.as_u64()?).ok()
}

/// The words on the condition that were submitted last, on a site.
pub(crate) fn submitted_note<'a>(item: &'a Item, site: &SiteFacts) -> Option<&'a str> {
    submitted(item, "condition_note")?
        .iter()
        .find(|entry| {
            let of_site = entry.get("marketplace_id").and_then(Value::as_str);
            of_site.is_none_or(|id| id == site.id)
        })?
        .get("value")?
        .as_str()
}

fn submitted_gtin(item: &Item) -> Option<Gtin> {
    submitted(item, "externally_assigned_product_identifier")?
        .iter()
        .find_map(|entry| Gtin::parse(entry.get("value")?.as_str()?).ok())
}

/// When it was last changed and when it was made, on a site.
pub(crate) fn times(
    item: &Item,
    site: &SiteFacts,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    match summary(item, site) {
        Some(summary) => (
            summary.last_updated_date.instant(),
            summary.created_date.instant(),
        ),
        None => (None, None),
    }
}

/// Errors of a listing on a site.
pub(crate) fn errors<'a>(
    item: &'a Item,
    site: &'a SiteFacts,
) -> impl Iterator<Item = &'a Issue> + Clone {
    item.issues.0.iter().filter(move |issue| {
        let sites = &issue.marketplace_ids.0;
        let here = sites.is_empty() || sites.iter().any(|id| id.text() == Some(site.id));
        is_error(issue) && here
    })
}

fn is_kept_from_sale(item: &Item, site: &SiteFacts) -> bool {
    let stops = |issue: &&Issue| {
        issue.enforcements.actions.0.iter().any(|action| {
            let word = action.action.text();
            matches!(word, Some("LISTING_SUPPRESSED" | "CATALOG_ITEM_REMOVED"))
        })
    };
    item.issues.0.iter().any(|issue| stops(&issue)) || errors(item, site).next().is_some()
}

/// Names that the marketplace has for the listing.
pub(crate) fn binding(item: &Item, site: &SiteFacts) -> Binding {
    let mut binding = Binding::default();
    if let Some(asin) = summary(item, site).and_then(|summary| summary.asin.text()) {
        binding = binding.with(ASIN, asin);
    }
    if let Some(channel) = foreign_channel(item) {
        binding = binding.with(CHANNEL, channel);
    }
    binding
}

/// A listing of a site as it was found; none where it is not on that site or its SKU cannot be one
/// of ours.
pub(crate) fn observed(item: &Item, site: &SiteFacts) -> Option<Observed> {
    let summary = summary(item, site)?;
    let sku = Sku::new(item.sku.text()?).ok()?;
    let by_amazon = foreign_channel(item).is_some();
    let units = if by_amazon { None } else { quantity(item) };
    let state = if is_buyable(summary) {
        ObservedState::Live
    } else if is_kept_from_sale(item, site) {
        ObservedState::Blocked
    } else if units == Some(0) {
        ObservedState::OutOfStock
    } else {
        ObservedState::Pending
    };
    Some(Observed {
        details: None,
        site: Site(site.id.to_owned()),
        sku,
        binding: binding(item, site),
        title: summary.item_name.owned(),
        gtin: submitted_gtin(item),
        price: price(item, site),
        quantity: units,
        fulfilled_by: if by_amazon {
            FulfilledBy::Marketplace
        } else {
            FulfilledBy::Seller
        },
        state,
        problems: errors(item, site).map(issue_problem).collect(),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use barrow_model::{Currency, FulfilledBy, Money, ObservedState, ProblemKind};

    use super::{observed, submitted_days, submitted_note, submitted_quantity};
    use crate::config::site_of;
    use crate::types::listing::Item;

    /// A listing as the model has it.
    pub(crate) fn item(sku: &str, status: &str, quantity: u32, price: Option<&str>) -> String {
        let offers = match price {
            Some(price) => format!(
                r#"[{{"marketplaceId":"ATVPDKIKX0DER","offerType":"B2B","price":{{
                "currencyCode":"USD","amount":"1.00"}}}},
                {{"marketplaceId":"ATVPDKIKX0DER","offerType":"B2C","price":{{
                "currencyCode":"USD","amount":"{price}"}},"audience":{{"value":"ALL"}}}}]"#
            ),
            None => "[]".to_owned(),
        };
        format!(
            r#"{{"sku":"{sku}","summaries":[{{"marketplaceId":"ATVPDKIKX0DER",
            "asin":"B000000001","productType":"PRODUCT","conditionType":"new_new",
            "status":[{status}],"itemName":"Oak chair","createdDate":"2026-11-01T00:00:00Z",
            "lastUpdatedDate":"2026-11-02T00:00:00Z"}}],"offers":{offers},"issues":[],
            "fulfillmentAvailability":[{{"fulfillmentChannelCode":"DEFAULT",
            "quantity":{quantity}}}],"attributes":{{"fulfillment_availability":[{{
            "fulfillment_channel_code":"DEFAULT","quantity":{quantity},
            "lead_time_to_ship_max_days":2,"marketplace_id":"ATVPDKIKX0DER"}}],
            "condition_note":[{{"value":"As new","marketplace_id":"ATVPDKIKX0DER"}}],
            "purchasable_offer":[{{"marketplace_id":"ATVPDKIKX0DER","currency":"USD",
            "audience":"ALL","our_price":[{{"schedule":[{{"value_with_tax":19.99}}]}}]}}]}}}}"#
        )
    }

    fn read(json: &str) -> Item {
        serde_json::from_str(json).expect("a listing")
    }

    #[test]
    fn a_listing_is_live_sold_out_blocked_or_on_its_way() {
        let site = site_of("ATVPDKIKX0DER").expect("a site");
        let check = |json: String, state: ObservedState, quantity: Option<u32>| {
            let seen = observed(&read(&json), site).expect("it is on the site");
            assert_eq!((seen.state, seen.quantity), (state, quantity), "{json}");
            assert_eq!(seen.price, Some(Money::new(1999, Currency::USD)), "{json}");
            assert_eq!(seen.binding.get("asin"), Some("B000000001"));
        };
        let live = item("A1", "\"BUYABLE\",\"DISCOVERABLE\"", 5, Some("19.99"));
        check(live, ObservedState::Live, Some(5));
        check(item("A1", "", 0, None), ObservedState::OutOfStock, Some(0));
        let waits = item("A1", "\"DISCOVERABLE\"", 5, None);
        check(waits, ObservedState::Pending, Some(5));
        let blocked = item("A1", "", 5, None).replace(
            "\"issues\":[]",
            r#""issues":[{"code":"1","message":"no","severity":"ERROR",
            "categories":["QUALIFICATION_REQUIRED"]}]"#,
        );
        let seen = observed(&read(&blocked), site).expect("it is there");
        assert_eq!(seen.problems[0].kind, ProblemKind::ApprovalNeeded);
        check(blocked, ObservedState::Blocked, Some(5));
    }

    #[test]
    fn goods_in_amazons_warehouses_have_no_quantity_of_the_sellers() {
        let site = site_of("ATVPDKIKX0DER").expect("a site");
        let json = item("F1", "\"BUYABLE\"", 5, Some("19.99"));
        let json = json.replace(
            r#"{"fulfillmentChannelCode":"DEFAULT",
            "quantity":5}"#,
            r#"{"fulfillmentChannelCode":"AMAZON_NA"}"#,
        );
        let seen = observed(&read(&json), site).expect("it is there");
        assert_eq!(seen.fulfilled_by, FulfilledBy::Marketplace);
        assert_eq!(seen.quantity, None);
        assert_eq!(seen.binding.get("channel"), Some("AMAZON_NA"));
    }

    #[test]
    fn other_sites_do_not_count() {
        let site = site_of("A2EUQ1WTGCTBG2").expect("Canada");
        assert!(observed(&read(&item("A1", "", 1, None)), site).is_none());
    }

    #[test]
    fn what_was_submitted_is_read_by_attribute() {
        let site = site_of("ATVPDKIKX0DER").expect("a site");
        let item = read(&item("A1", "", 7, None));
        assert_eq!(submitted_quantity(&item), Some(7));
        assert_eq!(submitted_days(&item), Some(2));
        assert_eq!(submitted_note(&item, site), Some("As new"));
    }
}
