//! Changes of listings: checked at once, in effect later (amazon.md §4.2, §4.6).

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::super::call::{Answer, Call, ok};
use super::super::catalogue::{KnownPage, Page, gtin14, page, pages_of, remember};
use super::super::error::Refusal;
use super::super::fault::{NOT_TAKEN_OVER, SLOW_LISTING, SUPPRESSED};
use super::super::site::Site;
use super::super::state::State;
use super::check::{
    ASIN, BARCODE, CONDITION, Completeness, NO_BARCODE, PRICE, QUANTITY, SHIPPING, attribute,
    within_bounds,
};
use super::issue::{CONFLICT, Issue, NO_PAGE, NO_SKU, SEVERAL};
use super::{Listing, Offer, Patch, Submission, Work, patches};
use crate::marketplace::Now;

/// The longest SKU (amazon.md §11, 5).
pub(super) const SKU_MAX: usize = 40;
/// How long a change of an existing offer takes; the real ones take minutes.
const CHANGE_SECONDS: (u64, u64) = (30, 150);
/// How long a new offer takes; the real ones take up to hours.
const NEW_SECONDS: (u64, u64) = (120, 400);
/// How long after its acceptance a new SKU is found by reads.
const UNSEEN_SECONDS: (u64, u64) = (0, 12);
/// How long a change takes that the fault `slow_listing` meets.
const SLOW: Duration = Duration::from_secs(4 * 3_600);

/// What a listing is meant to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::amazon) enum Requirements {
    /// Goods and offer.
    Listing,
    /// Goods only.
    ProductOnly,
    /// An offer of goods that the catalogue has.
    OfferOnly,
}

impl Requirements {
    pub(in crate::amazon) fn read(value: Option<&Value>) -> Option<Self> {
        match value.map(Value::as_str) {
            None | Some(Some("LISTING")) => Some(Self::Listing),
            Some(Some("LISTING_PRODUCT_ONLY")) => Some(Self::ProductOnly),
            Some(Some("LISTING_OFFER_ONLY")) => Some(Self::OfferOnly),
            _ => None,
        }
    }
}

/// What is to become of a SKU on a marketplace.
#[derive(Debug)]
pub(in crate::amazon) enum Change {
    /// Everything is replaced.
    Put {
        requirements: Requirements,
        attributes: Map<String, Value>,
    },
    Patch(Vec<Patch>),
    Delete,
}

#[derive(Debug)]
pub(in crate::amazon) struct Wanted<'a> {
    pub(in crate::amazon) sku: &'a str,
    pub(in crate::amazon) site: &'static Site,
    pub(in crate::amazon) product_type: &'a str,
    pub(in crate::amazon) change: Change,
}

/// When changes of one SKU take effect, seen from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::amazon) enum Sequence {
    /// One after the other, as they were called for.
    AsCalled,
    /// Whichever comes first: changes in a feed (amazon.md §5). So many units were bought since
    /// the feed was sent.
    AsItComes { sold: u64 },
}

/// What became of a change so far.
#[derive(Debug)]
pub(in crate::amazon) struct Submitted {
    pub(in crate::amazon) issues: Vec<Issue>,
    /// When it takes effect; none where it is refused or was only tried.
    pub(in crate::amazon) due: Option<Duration>,
    asin: Option<String>,
}

impl Submitted {
    fn refused(issues: Vec<Issue>) -> Self {
        Self {
            issues,
            due: None,
            asin: None,
        }
    }
}

/// `PUT /listings/2021-08-01/items/{sellerId}/{sku}`.
pub(in crate::amazon) fn put(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let requirements = Requirements::read(body.get("requirements"));
    let requirements = requirements.ok_or_else(|| wrong("requirements"))?;
    let attributes = body.get("attributes").and_then(Value::as_object);
    let attributes = attributes.ok_or_else(|| wrong("attributes"))?.clone();
    let change = Change::Put {
        requirements,
        attributes,
    };
    write(state, call, &body, change)
}

/// `PATCH /listings/2021-08-01/items/{sellerId}/{sku}`.
pub(in crate::amazon) fn patch(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let patches = patches(body.get("patches")).map_err(Refusal::invalid)?;
    write(state, call, &body, Change::Patch(patches))
}

/// `DELETE /listings/2021-08-01/items/{sellerId}/{sku}`.
pub(in crate::amazon) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let body = json!({ "productType": "PRODUCT" });
    write(state, call, &body, Change::Delete)
}

fn wrong(field: &str) -> Refusal {
    Refusal::invalid(format!(
        "The field {field} of the request body is missing or invalid."
    ))
}

fn write(state: &mut State, call: &Call<'_>, body: &Value, change: Change) -> Answer {
    let site = call.site()?;
    let sku = own_sku(state, call)?;
    let product_type = body.get("productType").and_then(Value::as_str);
    let product_type = product_type.filter(|text| !text.is_empty());
    let product_type = product_type.ok_or_else(|| wrong("productType"))?;
    let data = call.words("includedData", &["identifiers", "issues"])?;
    let preview = call.word("mode", &["VALIDATION_PREVIEW"])?.is_some();
    if preview && matches!(change, Change::Delete) {
        return Err(Refusal::param("mode", "not for deletions"));
    }
    let wanted = Wanted {
        sku,
        site,
        product_type,
        change,
    };
    let submitted = if preview {
        try_out(state, &wanted)
    } else {
        submit(state, wanted, Sequence::AsCalled, call.now)
    };
    let valid = submitted
        .issues
        .iter()
        .all(|issue| issue.severity != "ERROR");
    let mut answer = json!({
        "sku": sku,
        "status": match (valid, preview) {
            (false, _) => "INVALID",
            (true, true) => "VALID",
            (true, false) => "ACCEPTED",
        },
        "submissionId": state.uuid().replace('-', ""),
    });
    if data.is_empty() || data.contains(&"issues") {
        let issues = submitted.issues.iter();
        answer["issues"] = issues.map(|issue| issue.shown(None)).collect();
    }
    if data.contains(&"identifiers") {
        let mut row = json!({ "marketplaceId": site.id });
        if let Some(asin) = &submitted.asin {
            row["asin"] = Value::from(asin.as_str());
        }
        answer["identifiers"] = json!([row]);
    }
    ok(&answer)
}

/// Returns the SKU of a path, which must be the seller's own.
pub(super) fn own_sku<'a>(state: &State, call: &'a Call<'_>) -> Result<&'a str, Refusal> {
    if call.segment(3) != state.keys.seller_id {
        return Err(Refusal::denied());
    }
    let sku = call.segment(4);
    if sku.chars().count() > SKU_MAX {
        return Err(Refusal::invalid("The SKU is longer than 40 characters."));
    }
    Ok(sku)
}

/// What a change comes to once it is checked.
struct Checked {
    attributes: Map<String, Value>,
    /// The page that a new offer is of; none where the seller makes a new one.
    page: Option<Page>,
}

fn try_out(state: &State, wanted: &Wanted<'_>) -> Submitted {
    match check(state, wanted) {
        Ok(checked) => Submitted {
            issues: Vec::new(),
            due: None,
            asin: checked.page.map(|page| page.asin),
        },
        Err(issues) => Submitted::refused(issues),
    }
}

/// Checks a change and, where it is right, takes it on.
pub(in crate::amazon) fn submit(
    state: &mut State,
    wanted: Wanted<'_>,
    sequence: Sequence,
    now: Now,
) -> Submitted {
    let checked = match check(state, &wanted) {
        Ok(checked) => checked,
        Err(issues) => {
            if !state.listings.contains_key(wanted.sku) {
                state.refused.insert(wanted.sku.to_owned());
            }
            return Submitted::refused(issues);
        }
    };
    state.refused.remove(wanted.sku);
    let is_new = existing(state, &wanted).is_none();
    let delay = if state.faults.meets(SLOW_LISTING, "submission") {
        SLOW
    } else {
        state.delay(if is_new { NEW_SECONDS } else { CHANGE_SECONDS })
    };
    let visible_at = now.elapsed + state.delay(UNSEEN_SECONDS);
    let work = match &wanted.change {
        Change::Delete => Work::Delete,
        change => take_on(state, &wanted, change, checked, visible_at, now),
    };
    let Some(listing) = state.listings.get_mut(wanted.sku) else {
        return Submitted::refused(vec![no_sku(wanted.sku)]);
    };
    let mut due = now.elapsed + delay;
    let mut sold = listing.stock.sold;
    match sequence {
        Sequence::AsCalled => {
            due = due.max(listing.busy_until);
            listing.busy_until = due;
        }
        Sequence::AsItComes { sold: since } => sold = sold.saturating_sub(since),
    }
    let asin = listing
        .offers
        .get(wanted.site.id)
        .map(|offer| offer.asin.clone());
    let submission = Submission {
        sku: wanted.sku.to_owned(),
        site: wanted.site.id.to_owned(),
        due,
        work,
        sold,
        lost: state.faults.meets(NOT_TAKEN_OVER, "submission"),
        suppressed: state.faults.meets(SUPPRESSED, "submission"),
    };
    state.submissions_ever += 1;
    state.submissions.insert(state.submissions_ever, submission);
    state.next_effect_at = Some(state.next_effect_at.map_or(due, |next| next.min(due)));
    Submitted {
        issues: Vec::new(),
        due: Some(due),
        asin,
    }
}

/// Writes down what was submitted, and returns what is still to take effect.
fn take_on(
    state: &mut State,
    wanted: &Wanted<'_>,
    change: &Change,
    checked: Checked,
    visible_at: Duration,
    now: Now,
) -> Work {
    let Checked { attributes, page } = checked;
    let old = existing(state, wanted).map(|offer| offer.attributes.clone());
    let old = old.unwrap_or_default();
    let mut names: Vec<&String> = match change {
        Change::Patch(patches) => patches.iter().map(|patch| &patch.attribute).collect(),
        _ => old.keys().chain(attributes.keys()).collect(),
    };
    names.sort();
    names.dedup();
    let value = |name: &String| attributes.get(name).cloned().unwrap_or_default();
    let touched = names
        .into_iter()
        .map(|name| (name.clone(), value(name)))
        .collect();
    let page = match existing(state, wanted) {
        Some(_) => None,
        None => Some(page.unwrap_or_else(|| new_page(state, wanted, &attributes))),
    };
    let new = Listing::new(wanted.sku);
    let listing = state.listings.entry(wanted.sku.to_owned()).or_insert(new);
    if let Some(page) = page {
        let offer = new_offer(wanted, page, &attributes, visible_at, now);
        listing.offers.insert(wanted.site.id.to_owned(), offer);
    }
    if let Some(offer) = listing.offers.get_mut(wanted.site.id) {
        offer.attributes = attributes;
        offer.updated_at = now.wall;
        if let Some(title) = first_text(&offer.attributes, "item_name") {
            offer.title = title.to_owned();
        }
    }
    Work::Write {
        touched,
        whole: matches!(change, Change::Put { .. }),
    }
}

fn new_offer(
    wanted: &Wanted<'_>,
    page: Page,
    attributes: &Map<String, Value>,
    visible_at: Duration,
    now: Now,
) -> Offer {
    let real_type = wanted.product_type != "PRODUCT";
    let product_type = real_type.then(|| wanted.product_type.to_owned());
    Offer {
        asin: page.asin,
        gtin: page.gtin,
        product_type: product_type.unwrap_or(page.product_type),
        condition: first_text(attributes, CONDITION)
            .unwrap_or("new_new")
            .to_owned(),
        title: page.title,
        attributes: Map::new(),
        taken: false,
        visible_at,
        price: None,
        business_price: None,
        skips_offer: false,
        issues: Vec::new(),
        created_at: now.wall,
        updated_at: now.wall,
    }
}

/// Makes a page of what the seller tells of new goods.
fn new_page(state: &mut State, wanted: &Wanted<'_>, attributes: &Map<String, Value>) -> Page {
    let known = KnownPage {
        title: first_text(attributes, "item_name")
            .unwrap_or_default()
            .to_owned(),
        brand: first_text(attributes, "brand").map(str::to_owned),
        gtin: barcode(attributes),
        product_type: wanted.product_type.to_owned(),
    };
    let what = format!("own {} {}", state.seed, wanted.sku);
    remember(&mut state.own_pages, &what, known)
}

pub(super) fn first_text<'a>(attributes: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let first = attributes.get(name)?.as_array()?.first()?;
    first.get("value")?.as_str()
}

/// The barcode that attributes tell, as 14 digits.
fn barcode(attributes: &Map<String, Value>) -> Option<String> {
    let first = attributes.get(BARCODE)?.as_array()?.first()?;
    let kind = first.get("type")?.as_str()?.to_uppercase();
    gtin14(&kind, first.get("value")?.as_str()?)
}

fn existing<'a>(state: &'a State, wanted: &Wanted<'_>) -> Option<&'a Offer> {
    state.listings.get(wanted.sku)?.offers.get(wanted.site.id)
}

fn no_sku(sku: &str) -> Issue {
    let text = format!("The SKU {sku} does not exist in the Amazon catalog.");
    Issue::error(NO_SKU, "", text)
}

fn check(state: &State, wanted: &Wanted<'_>) -> Result<Checked, Vec<Issue>> {
    let offer = existing(state, wanted);
    match &wanted.change {
        Change::Put {
            requirements,
            attributes,
        } => check_put(state, wanted, *requirements, attributes, offer),
        Change::Patch(patches) => {
            let offer = offer.ok_or_else(|| vec![no_sku(wanted.sku)])?;
            let issues: Vec<Issue> = patches.iter().flat_map(|p| p.check(wanted.site)).collect();
            all_right(issues)?;
            let mut attributes = offer.attributes.clone();
            for patch in patches {
                patch.apply(&mut attributes);
            }
            all_right(attributes.get(PRICE).map(within_bounds).unwrap_or_default())?;
            all_right(check_identity(offer, &attributes))?;
            Ok(Checked {
                attributes,
                page: None,
            })
        }
        Change::Delete => {
            offer.ok_or_else(|| vec![no_sku(wanted.sku)])?;
            Ok(Checked {
                attributes: Map::new(),
                page: None,
            })
        }
    }
}

fn all_right(issues: Vec<Issue>) -> Result<(), Vec<Issue>> {
    if issues.is_empty() {
        Ok(())
    } else {
        Err(issues)
    }
}

fn check_put(
    state: &State,
    wanted: &Wanted<'_>,
    requirements: Requirements,
    given: &Map<String, Value>,
    offer: Option<&Offer>,
) -> Result<Checked, Vec<Issue>> {
    let mut issues: Vec<Issue> = given
        .iter()
        .flat_map(|(name, value)| attribute(name, value, wanted.site, Completeness::Whole))
        .collect();
    let mut attributes = given.clone();
    // These sales terms survive where a full replacement leaves them out (amazon.md §4.2).
    for name in [PRICE, QUANTITY, SHIPPING] {
        if let Some(value) = offer.and_then(|offer| offer.attributes.get(name))
            && !attributes.contains_key(name)
        {
            attributes.insert(name.to_owned(), value.clone());
        }
    }
    let of_goods = requirements != Requirements::OfferOnly;
    let of_offer = requirements != Requirements::ProductOnly;
    let skips = skips_offer(&attributes);
    let mut required: Vec<&str> = Vec::new();
    if of_goods {
        required.extend(["item_name", "brand"]);
    }
    if of_offer && !skips {
        required.extend([CONDITION, PRICE]);
    }
    let missing = required
        .iter()
        .filter(|name| !attributes.contains_key(**name));
    issues.extend(missing.map(|name| Issue::missing(name)));
    if of_goods && wanted.product_type == "PRODUCT" {
        issues.push(Issue::value("product_type", "productType"));
    }
    issues.extend(attributes.get(PRICE).map(within_bounds).unwrap_or_default());
    all_right(issues)?;
    if let Some(offer) = offer {
        all_right(check_identity(offer, &attributes))?;
        return Ok(Checked {
            attributes,
            page: None,
        });
    }
    let page = identify(state, &attributes, of_goods).map_err(|issue| vec![issue])?;
    Ok(Checked { attributes, page })
}

/// Whether the seller wants no offer.
pub(super) fn skips_offer(attributes: &Map<String, Value>) -> bool {
    let value = attributes
        .get("skip_offer")
        .and_then(|value| value.pointer("/0/value"));
    value.and_then(Value::as_bool) == Some(true)
}

/// An offer stays with its page and its condition.
fn check_identity(offer: &Offer, attributes: &Map<String, Value>) -> Vec<Issue> {
    let mut issues = Vec::new();
    if first_text(attributes, ASIN).is_some_and(|asin| asin != offer.asin) {
        let text = "The SKU is already matched to another ASIN.";
        issues.push(Issue::error(CONFLICT, "INVALID_ATTRIBUTE", text).at(ASIN));
    }
    if first_text(attributes, CONDITION).is_some_and(|condition| condition != offer.condition) {
        let text = "The condition of an existing offer cannot be changed.";
        issues.push(Issue::error(CONFLICT, "INVALID_ATTRIBUTE", text).at(CONDITION));
    }
    issues
}

/// Finds the page that a new offer is of.
fn identify(
    state: &State,
    attributes: &Map<String, Value>,
    may_be_new: bool,
) -> Result<Option<Page>, Issue> {
    let told = attributes.contains_key(BARCODE);
    let gtin = barcode(attributes);
    if told && gtin.is_none() {
        return Err(Issue::value(BARCODE, "value"));
    }
    if let Some(asin) = first_text(attributes, ASIN) {
        let found = page(state, asin).ok_or_else(|| no_page(ASIN))?;
        let others = gtin
            .as_ref()
            .map(|gtin| pages_of(state, gtin))
            .unwrap_or_default();
        let among = others.is_empty() || others.iter().any(|other| other.asin == found.asin);
        let told_otherwise = gtin.is_some() && found.gtin.is_some() && found.gtin != gtin;
        let conflict = told_otherwise || !among;
        if conflict {
            let text = "The product identifier belongs to another ASIN.";
            return Err(Issue::error(CONFLICT, "INVALID_ATTRIBUTE", text).at(BARCODE));
        }
        return Ok(Some(found));
    }
    let Some(gtin) = gtin else {
        let exempt = attributes.contains_key(NO_BARCODE);
        return match exempt && may_be_new {
            true => Ok(None),
            false => Err(Issue::missing(ASIN)),
        };
    };
    let mut pages = pages_of(state, &gtin);
    match pages.len() {
        0 if may_be_new => Ok(None),
        0 => Err(no_page(BARCODE)),
        1 => Ok(pages.pop()),
        _ => {
            let text = "The product identifier matches several ASINs.";
            Err(Issue::error(SEVERAL, "DUPLICATE", text).at(BARCODE))
        }
    }
}

fn no_page(attribute: &str) -> Issue {
    let text = "The data provided does not match any ASIN in the catalog.";
    Issue::error(NO_PAGE, "INVALID_ATTRIBUTE", text).at(attribute)
}
