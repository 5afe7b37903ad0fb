//! Listings that the seller made on eBay's own pages: the Inventory API does not know them until
//! they are migrated (ebay.md §6.7).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::account::POLICY_PROGRAM;
use super::answer::{Answer, Outcome, Problem, problem_list};
use super::call::{Call, text};
use super::site::{Site, body_locale, site_by_id};
use super::state::{Body, Group, Item, Listing, ListingStatus, Offer, PolicyKind, State};
use super::words::aspect_name;

/// Listings of one migrating call (ebay.md §6.1).
const MIGRATED_MAX: usize = 5;
/// Where they were made, with what their SKUs begin with and the first of their numbers.
const MADE: [(&str, &str, u64); 2] = [
    ("EBAY_US", "OLD", 120_500_000_000),
    ("EBAY_DE", "ALT", 120_600_000_000),
];

/// A listing that the seller made on eBay's own pages.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct OwnPage {
    pub(super) listing: String,
    /// Its site.
    pub(super) site: String,
    title: String,
    /// FIXED_PRICE or AUCTION.
    format: String,
    category: String,
    ean: Option<String>,
    /// The aspect in which its variants differ; none where it has but one.
    axis: Option<String>,
    pub(super) variants: Vec<OwnVariant>,
}

/// What is sold of it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct OwnVariant {
    /// Without one it cannot be migrated.
    pub(super) sku: Option<String>,
    /// Its value of the axis.
    value: String,
    pub(super) price: String,
    pub(super) quantity: u32,
}

impl OwnPage {
    /// The facts of its site.
    pub(super) fn place(&self) -> Option<&'static Site> {
        site_by_id(&self.site)
    }

    fn called<'a>(&self, name: &'a str) -> &'a str {
        self.place().map_or(name, |site| aspect_name(site, name))
    }
}

/// What every practice seller had listed before he knew of Barrow: three that can be migrated, one
/// of them with variants, and three that cannot.
pub(super) fn own_pages() -> Vec<OwnPage> {
    let made = MADE.into_iter();
    made.flat_map(|(site, prefix, first)| of_site(site, prefix, first))
        .collect()
}

fn of_site(site: &str, prefix: &str, first: u64) -> Vec<OwnPage> {
    let one = |sku: Option<&str>, value: &str, price: &str, quantity| OwnVariant {
        sku: sku.map(|sku| format!("{prefix}-{sku}")),
        value: value.to_owned(),
        price: price.to_owned(),
        quantity,
    };
    let page = |number: u64, title: &str, category: &str, variants: Vec<OwnVariant>| OwnPage {
        listing: (first + number).to_string(),
        site: site.to_owned(),
        title: title.to_owned(),
        format: "FIXED_PRICE".to_owned(),
        category: category.to_owned(),
        ean: None,
        axis: (variants.len() > 1).then(|| "Color".to_owned()),
        variants,
    };
    let lamp = vec![one(Some("LAMP"), "", "49.0", 3)];
    let clock = vec![one(Some("CLOCK"), "", "24.5", 1)];
    let cards = vec![one(None, "", "12.0", 1)];
    let scarf = vec![
        one(Some("SCARF-BLUE"), "Blue", "18.0", 4),
        one(Some("SCARF-RED"), "Red", "19.0", 2),
    ];
    let hat = vec![
        one(Some("HAT-GRAY"), "Gray", "22.0", 1),
        one(None, "Green", "22.0", 1),
    ];
    let print = vec![one(Some("PRINT"), "", "5.0", 1)];
    vec![
        page(11, "Desk lamp of brass", "112581", lamp),
        OwnPage {
            ean: Some("4006381333931".to_owned()),
            ..page(18, "Wall clock, 30 cm", "88433", clock)
        },
        page(25, "Box of old postcards", "88433", cards),
        page(32, "Scarf of linen", "45238", scarf),
        page(39, "Hat of felt", "52365", hat),
        OwnPage {
            format: "AUCTION".to_owned(),
            ..page(46, "Signed print", "41511", print)
        },
    ]
}

/// `POST /bulk_migrate_listing`: 1 to 5 listings, an answer each.
pub(super) fn migrate(state: &mut State, call: &Call) -> Outcome {
    let requests = call.requests()?;
    if requests.is_empty() || requests.len() > MIGRATED_MAX {
        return Err(cannot("Between 1 and 5 listings can be migrated in a call.").into());
    }
    let entries = requests.iter().map(|request| {
        let id = text(request, "listingId").unwrap_or_default().to_owned();
        match migrate_one(state, &id) {
            Ok(entry) => (true, entry),
            Err(problem) => {
                let errors = problem_list(std::slice::from_ref(&problem));
                let status = problem.status;
                (
                    false,
                    json!({ "listingId": id, "statusCode": status, "errors": errors }),
                )
            }
        }
    });
    let entries: Vec<(bool, Value)> = entries.collect();
    let whole = entries.iter().all(|(done, _)| *done);
    let responses: Vec<Value> = entries.into_iter().map(|(_, entry)| entry).collect();
    let status = if whole { 200 } else { 207 };
    Ok(Answer::json(status, json!({ "responses": responses })))
}

fn cannot(why: &str) -> Problem {
    Problem::inventory(25718, &format!("Cannot migrate listing. {why}")).with("additionalInfo", why)
}

/// What a migrated offer takes over from the seller's account.
struct Terms {
    location: String,
    policies: Value,
    currency: &'static str,
}

fn migrate_one(state: &mut State, id: &str) -> Result<Value, Problem> {
    if state.listings.contains_key(id) {
        return Err(cannot("The listing has been migrated already."));
    }
    let place = state.own_pages.iter().position(|page| page.listing == id);
    let place = place.ok_or_else(|| cannot("The listing is not active."))?;
    let page = state.own_pages[place].clone();
    let skus = skus_of(state, &page)?;
    let terms = terms(state, &page)?;
    state.own_pages.remove(place);
    let group = page.axis.is_some().then(|| format!("{id}-group"));
    let locale = page.place().and_then(|site| site.locales.first());
    let locale = body_locale(locale.unwrap_or(&"en-US"));
    let mut made = Vec::new();
    let mut offers = BTreeSet::new();
    for (variant, sku) in page.variants.iter().zip(&skus) {
        let offer_id = format!("{}", 9_700_000_000 + state.next("migrated offer"));
        let item = Item {
            locale: locale.clone(),
            body: item_body(&page, variant),
            groups: group.iter().cloned().collect(),
        };
        let offer = Offer {
            id: offer_id.clone(),
            sku: sku.clone(),
            marketplace: page.site.clone(),
            format: page.format.clone(),
            body: offer_body(&page, variant, &terms),
            published: true,
            listing: Some(page.listing.clone()),
            sold: 0,
        };
        state.items.insert(sku.clone(), item);
        state.offers.insert(offer_id.clone(), offer);
        state
            .offers_of
            .entry(sku.clone())
            .or_default()
            .push(offer_id.clone());
        offers.insert(offer_id.clone());
        made.push(json!({ "sku": sku, "offerId": offer_id }));
    }
    let mut entry = json!({
        "listingId": id,
        "marketplaceId": page.site,
        "statusCode": 200,
        "inventoryItems": made,
    });
    if let Some(key) = &group {
        let body = group_body(&page);
        state.groups.insert(key.clone(), Group { body, skus });
        entry["inventoryItemGroupKey"] = json!(key);
    }
    let listing = Listing {
        status: ListingStatus::Active,
        group,
        offers,
        day: String::new(),
        revisions: 0,
    };
    state.listings.insert(id.to_owned(), listing);
    Ok(entry)
}

/// The SKUs under which a listing would be known (ebay.md §6.7: a fixed price, a SKU on every
/// variation).
fn skus_of(state: &State, page: &OwnPage) -> Result<Vec<String>, Problem> {
    if page.format != "FIXED_PRICE" {
        return Err(cannot("Only listings of a fixed price can be migrated."));
    }
    let skus: Option<Vec<String>> = page.variants.iter().map(|one| one.sku.clone()).collect();
    let lacking = match page.axis {
        Some(_) => "A SKU is missing on a variation.",
        None => "A SKU is missing.",
    };
    let skus = skus.ok_or_else(|| cannot(lacking))?;
    match skus.iter().find(|sku| state.items.contains_key(*sku)) {
        Some(sku) => Err(cannot(&format!(
            "The SKU {sku} is that of an inventory item."
        ))),
        None => Ok(skus),
    }
}

/// Business policies and a location (ebay.md §6.7).
fn terms(state: &State, page: &OwnPage) -> Result<Terms, Problem> {
    if !state.programs.contains(POLICY_PROGRAM) {
        return Err(cannot("The seller has not opted in to business policies."));
    }
    let policy = |kind: PolicyKind| {
        let mut policies = state.policies.iter();
        let found = policies.find(|one| one.kind == kind && one.marketplace == page.site);
        let id = found.map(|policy| policy.id.clone());
        id.ok_or_else(|| cannot("A business policy is missing."))
    };
    let enabled = state.locations.iter().find(|location| location.enabled);
    let location = enabled.map(|location| location.key.clone());
    Ok(Terms {
        currency: page.place().map_or("USD", |site| site.currency),
        location: location.ok_or_else(|| cannot("There is no location of the item."))?,
        policies: json!({
            "fulfillmentPolicyId": policy(PolicyKind::Fulfillment)?,
            "paymentPolicyId": policy(PolicyKind::Payment)?,
            "returnPolicyId": policy(PolicyKind::Return)?,
        }),
    })
}

fn object(value: Value) -> Body {
    value.as_object().cloned().unwrap_or_default()
}

fn pictures() -> Value {
    json!(["https://i.ebayimg.example/old.jpg"])
}

fn item_body(page: &OwnPage, variant: &OwnVariant) -> Body {
    let mut aspects = Map::new();
    aspects.insert(page.called("Brand").to_owned(), json!(["Unbranded"]));
    if let Some(axis) = &page.axis {
        aspects.insert(page.called(axis).to_owned(), json!([variant.value]));
    }
    let mut product = Map::new();
    if page.axis.is_none() {
        product.insert("title".to_owned(), json!(page.title));
        product.insert("description".to_owned(), json!(page.title));
    }
    product.insert("aspects".to_owned(), Value::Object(aspects));
    product.insert("imageUrls".to_owned(), pictures());
    if let Some(ean) = &page.ean {
        product.insert("ean".to_owned(), json!([ean]));
    }
    object(json!({
        "availability": { "shipToLocationAvailability": { "quantity": variant.quantity } },
        "condition": "NEW",
        "product": product,
    }))
}

fn offer_body(page: &OwnPage, variant: &OwnVariant, terms: &Terms) -> Body {
    object(json!({
        "availableQuantity": variant.quantity,
        "categoryId": page.category,
        "listingDuration": "GTC",
        "listingDescription": page.title,
        "merchantLocationKey": terms.location,
        "listingPolicies": terms.policies,
        "pricingSummary": { "price": { "value": variant.price, "currency": terms.currency } },
    }))
}

fn group_body(page: &OwnPage) -> Body {
    let axis = page.axis.as_deref().map(|axis| page.called(axis));
    let values: Vec<&str> = page.variants.iter().map(|one| one.value.as_str()).collect();
    object(json!({
        "title": page.title,
        "description": page.title,
        "imageUrls": pictures(),
        "aspects": { page.called("Brand"): ["Unbranded"] },
        "variesBy": { "specifications": [{ "name": axis, "values": values }] },
    }))
}
