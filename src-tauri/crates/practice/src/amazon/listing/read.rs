//! Reading listings (amazon.md §4.2).

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::super::call::{Answer, Call, ok, page_token};
use super::super::catalogue::gtin14;
use super::super::error::Refusal;
use super::super::site::Site;
use super::super::state::State;
use super::show::{DATA, item, status};
use super::write::own_sku;
use super::{Listing, Offer};

const IDENTIFIERS_MAX: usize = 20;
const PAGE_SIZE_DEFAULT: usize = 10;
const PAGE_SIZE_MAX: usize = 20;
/// The most listings that pages lead to.
const PAGEABLE_MAX: usize = 1_000;

const KINDS: [&str; 9] = [
    "ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC",
];

const STATUSES: [&str; 2] = ["BUYABLE", "DISCOVERABLE"];

/// `GET /listings/2021-08-01/items/{sellerId}/{sku}`.
pub(in crate::amazon) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    // With several marketplaces only the first is answered.
    let site = first_site(call)?;
    let sku = own_sku(state, call)?;
    let data = data(call)?;
    let listing = state.listings.get(sku);
    let listing = listing.filter(|listing| visible(listing, site, call).is_some());
    let listing = listing.ok_or_else(|| {
        Refusal::not_found(format!("SKU '{sku}' not found in marketplace {}.", site.id))
    })?;
    ok(&item(listing, site, &data))
}

fn first_site(call: &Call<'_>) -> Result<&'static Site, Refusal> {
    let sites = call.sites(20)?;
    let first = sites.first().copied();
    first.ok_or_else(|| Refusal::param("marketplaceIds", "missing"))
}

fn visible<'a>(listing: &'a Listing, site: &Site, call: &Call<'_>) -> Option<&'a Offer> {
    let offer = listing.offers.get(site.id)?;
    (offer.visible_at <= call.now.elapsed).then_some(offer)
}

fn data<'a>(call: &'a Call<'_>) -> Result<Vec<&'a str>, Refusal> {
    let data = call.words("includedData", &DATA)?;
    Ok(if data.is_empty() {
        vec!["summaries"]
    } else {
        data
    })
}

/// `GET /listings/2021-08-01/items/{sellerId}`.
pub(in crate::amazon) fn search(state: &mut State, call: &Call<'_>) -> Answer {
    if call.segment(3) != state.keys.seller_id {
        return Err(Refusal::denied());
    }
    let site = first_site(call)?;
    let data = data(call)?;
    let size = call.number("pageSize", PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX)?;
    let filter = Filter::read(call, site)?;
    let sorting = Sorting::read(call)?;
    let mut found: Vec<(&Listing, &Offer)> = state
        .listings
        .values()
        .filter_map(|listing| Some((listing, visible(listing, site, call)?)))
        .filter(|(listing, offer)| filter.takes(listing, offer))
        .collect();
    found.sort_by(|a, b| sorting.compare(*a, *b));
    let question = question(call);
    let passed = call.passed(state.seed, &question)?;
    let items: Vec<Value> = found
        .iter()
        .skip(passed)
        .take(size)
        .map(|(listing, _)| item(listing, site, &data))
        .collect();
    let mut body = json!({ "numberOfResults": found.len(), "items": items });
    let mut tokens = Map::new();
    let next = passed + size;
    if next < found.len().min(PAGEABLE_MAX) {
        let token = page_token(state.seed, &question, next);
        tokens.insert("nextToken".to_owned(), Value::from(token));
    }
    if passed > 0 {
        let token = page_token(state.seed, &question, passed.saturating_sub(size));
        tokens.insert("previousToken".to_owned(), Value::from(token));
    }
    if !tokens.is_empty() {
        body["pagination"] = Value::Object(tokens);
    }
    ok(&body)
}

/// Everything that was asked but which page of it, and what is told of each listing.
fn question(call: &Call<'_>) -> String {
    let mut pairs: Vec<(&str, &str)> = call
        .query
        .pairs()
        .filter(|(name, _)| !["pageToken", "pageSize", "includedData"].contains(name))
        .collect();
    pairs.sort();
    format!("listings {pairs:?}")
}

struct Filter<'a> {
    site: &'static Site,
    identifiers: Vec<&'a str>,
    kind: Option<&'a str>,
    /// Listings that have relatives; there are none.
    of_relatives: bool,
    created: Between,
    updated: Between,
    severities: Vec<&'a str>,
    with: Vec<&'a str>,
    without: Vec<&'a str>,
}

type Between = (
    Option<chrono::DateTime<chrono::Utc>>,
    Option<chrono::DateTime<chrono::Utc>>,
);

impl<'a> Filter<'a> {
    fn read(call: &'a Call<'_>, site: &'static Site) -> Result<Self, Refusal> {
        let identifiers = call.list("identifiers", IDENTIFIERS_MAX)?;
        let kind = call.word("identifiersType", &KINDS)?;
        if identifiers.is_empty() != kind.is_none() {
            return Err(Refusal::invalid(
                "identifiers and identifiersType belong together.",
            ));
        }
        let relatives = ["variationParentSku", "packageHierarchySku"];
        let relatives = relatives.iter().filter(|name| call.query.has(name)).count();
        if relatives + usize::from(kind.is_some()) > 1 {
            let text =
                "identifiers, variationParentSku and packageHierarchySku exclude each other.";
            return Err(Refusal::invalid(text));
        }
        Ok(Self {
            site,
            identifiers,
            kind,
            of_relatives: relatives > 0,
            created: (call.time("createdAfter")?, call.time("createdBefore")?),
            updated: (
                call.time("lastUpdatedAfter")?,
                call.time("lastUpdatedBefore")?,
            ),
            severities: call.words("withIssueSeverity", &["WARNING", "ERROR"])?,
            with: call.words("withStatus", &STATUSES)?,
            without: call.words("withoutStatus", &STATUSES)?,
        })
    }

    fn takes(&self, listing: &Listing, offer: &Offer) -> bool {
        let within = |at, between: Between| {
            between.0.is_none_or(|after| after <= at) && between.1.is_none_or(|before| at <= before)
        };
        let is_named = match self.kind {
            None => true,
            Some("SKU") => self.identifiers.contains(&listing.sku.as_str()),
            Some("ASIN") => self.identifiers.contains(&offer.asin.as_str()),
            Some(kind) => self
                .identifiers
                .iter()
                .any(|one| offer.gtin.is_some() && gtin14(kind, one) == offer.gtin),
        };
        let status = status(listing, self.site);
        let severe = |issue: &super::Issue| self.severities.contains(&issue.severity.as_str());
        is_named
            && !self.of_relatives
            && within(offer.created_at, self.created)
            && within(offer.updated_at, self.updated)
            && (self.severities.is_empty() || offer.issues.iter().any(severe))
            && self.with.iter().all(|wanted| status.contains(wanted))
            && !self
                .without
                .iter()
                .any(|unwanted| status.contains(unwanted))
    }
}

struct Sorting<'a> {
    by: &'a str,
    descending: bool,
}

impl<'a> Sorting<'a> {
    fn read(call: &'a Call<'_>) -> Result<Self, Refusal> {
        let by = call.word("sortBy", &["sku", "createdDate", "lastUpdatedDate"])?;
        let order = call.word("sortOrder", &["ASC", "DESC"])?;
        Ok(Self {
            by: by.unwrap_or("lastUpdatedDate"),
            descending: order != Some("ASC"),
        })
    }

    fn compare(&self, a: (&Listing, &Offer), b: (&Listing, &Offer)) -> Ordering {
        let order = match self.by {
            "sku" => Ordering::Equal,
            "createdDate" => a.1.created_at.cmp(&b.1.created_at),
            _ => a.1.updated_at.cmp(&b.1.updated_at),
        };
        let order = order.then_with(|| a.0.sku.cmp(&b.0.sku));
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }
}
