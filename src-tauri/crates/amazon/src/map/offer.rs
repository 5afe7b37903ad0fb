//! Offers on existing pages: what is sent, and what must be right before (amazon.md §4.3, §4.4).

use barrow_model::{Condition, Content, Money, Offer, Problem, ProblemKind};
use barrow_wire::{Object, amount};

use crate::config::{Config, MARKETPLACE_IDS, SiteFacts, setting_problem};

/// Facts of an offer that go by this name; product facts belong to the page and are not sent.
pub(crate) const PRODUCT_TYPE: &str = "PRODUCT";
/// The channel of goods that the seller ships himself.
pub(crate) const OWN_CHANNEL: &str = "DEFAULT";
/// The attribute of a variant or listing that says what is to be known of used goods.
pub(crate) const CONDITION_NOTE: &str = "condition_note";
/// Longest title by which a page is looked for: Amazon's own titles have 200 characters at most.
pub(crate) const TITLE_CHARS_MAX: usize = 200;
/// Characters of an ASIN.
const ASIN_CHARS: usize = 10;

/// Amazon's word for a condition; none where it has none.
pub(crate) fn condition_type(condition: Condition) -> Option<&'static str> {
    match condition {
        Condition::New => Some("new_new"),
        Condition::NewOther => Some("new_open_box"),
        Condition::CertifiedRefurbished
        | Condition::ExcellentRefurbished
        | Condition::VeryGoodRefurbished
        | Condition::GoodRefurbished
        | Condition::SellerRefurbished => Some("refurbished_refurbished"),
        Condition::LikeNew => Some("used_like_new"),
        Condition::PreOwnedExcellent | Condition::VeryGood => Some("used_very_good"),
        Condition::Good => Some("used_good"),
        Condition::PreOwnedFair | Condition::Acceptable => Some("used_acceptable"),
        Condition::NewWithDefects | Condition::ForParts => None,
    }
}

/// What the seller says of the goods' condition; new goods have nothing to say.
pub(crate) fn condition_note(content: &Content) -> Option<&str> {
    if content.condition == Condition::New {
        return None;
    }
    let note = content.attributes.get(CONDITION_NOTE)?.first()?.trim();
    (!note.is_empty()).then_some(note)
}

/// The ASIN that the seller names, as Amazon writes it; an error where it cannot be one.
pub(crate) fn named_asin(content: &Content) -> Result<Option<String>, Box<Problem>> {
    let Some(asin) = content.asin.as_deref().map(str::trim) else {
        return Ok(None);
    };
    if asin.is_empty() {
        return Ok(None);
    }
    if asin.len() != ASIN_CHARS || !asin.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Box::new(
            Problem::new(ProblemKind::FieldInvalid).field("asin"),
        ));
    }
    Ok(Some(asin.to_ascii_uppercase()))
}

/// What is wrong with an offer, before anything is sent. Title, description and pictures are the
/// page's own and are not demanded, unless the page is looked for by its title.
pub(crate) fn validate(config: &Config, site: Option<&SiteFacts>, offer: &Offer) -> Vec<Problem> {
    let mut problems = Vec::new();
    let content = &offer.content;
    match site {
        None => problems.push(setting_problem(
            ProblemKind::SettingInvalid,
            MARKETPLACE_IDS,
        )),
        Some(site) if offer.price.currency != site.currency() => problems.push(
            Problem::new(ProblemKind::PriceCurrency)
                .field("price")
                .param("currency", offer.price.currency)
                .param("expected", site.currency()),
        ),
        Some(_) => {}
    }
    if offer.price.minor <= 0 {
        problems.push(Problem::new(ProblemKind::PriceNotPositive).field("price"));
    }
    match named_asin(content) {
        Err(problem) => problems.push(*problem),
        Ok(Some(_)) => {}
        Ok(None) if content.gtin.is_some() => {}
        Ok(None) if config.match_by_title => problems.extend(title_problem(&content.title)),
        Ok(None) => problems.push(Problem::new(ProblemKind::GtinMissing).field("gtin")),
    }
    if condition_type(content.condition).is_none() {
        problems.push(Problem::new(ProblemKind::ConditionInvalid).field("condition"));
    }
    if let Err(problem) = config.handling_days_of(&offer.settings) {
        problems.push(*problem);
    }
    problems
}

fn title_problem(title: &str) -> Option<Problem> {
    let length = title.trim().chars().count();
    if length == 0 {
        return Some(Problem::new(ProblemKind::TitleMissing).field("title"));
    }
    (length > TITLE_CHARS_MAX).then(|| {
        Problem::new(ProblemKind::TextTooLong)
            .field("title")
            .param("limit", TITLE_CHARS_MAX)
            .param("length", length)
    })
}

/// An offer that is ready to be sent: its page is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadyOffer<'a> {
    pub(crate) offer: &'a Offer,
    pub(crate) site: &'static SiteFacts,
    pub(crate) asin: &'a str,
    pub(crate) handling_days: Option<u8>,
}

/// The attributes of a new offer.
pub(crate) fn attributes(ready: ReadyOffer<'_>) -> Object {
    let ReadyOffer { offer, site, .. } = ready;
    let of_site = |value: &str| {
        [Object::new()
            .put("value", value)
            .put("marketplace_id", site.id)]
    };
    let condition = condition_type(offer.content.condition).unwrap_or("new_new");
    let mut attributes = Object::new()
        .put("merchant_suggested_asin", of_site(ready.asin))
        .put("condition_type", of_site(condition));
    if let Some(note) = condition_note(&offer.content) {
        attributes.set(CONDITION_NOTE, note_value(note, site));
    }
    attributes
        .put(
            "fulfillment_availability",
            availability(offer.quantity, ready.handling_days),
        )
        .put("purchasable_offer", purchasable(&offer.price, site))
}

/// The body of a put.
pub(crate) fn put_body(ready: ReadyOffer<'_>) -> Object {
    Object::new()
        .put("productType", PRODUCT_TYPE)
        .put("requirements", "LISTING_OFFER_ONLY")
        .put("attributes", attributes(ready))
}

/// The body of a patch.
pub(crate) fn patch_body(patches: &[Object]) -> Object {
    Object::new()
        .put("productType", PRODUCT_TYPE)
        .put("patches", patches)
}

fn patch(op: &str, attribute: &str, value: impl serde::Serialize) -> Object {
    Object::new()
        .put("op", op)
        .put("path", format!("/attributes/{attribute}"))
        .put("value", value)
}

/// Sets the price for everybody on a site. Site, currency and audience say which of several offers
/// is meant (amazon.md §4.4).
pub(crate) fn price_patch(price: &Money, site: &SiteFacts) -> Object {
    patch("replace", "purchasable_offer", purchasable(price, site))
}

/// Sets the quantity, on all sites of the account (amazon.md §4.4); a merge leaves the days until
/// shipping as they are.
pub(crate) fn quantity_patch(quantity: u32, handling_days: Option<u8>) -> Object {
    patch(
        "merge",
        "fulfillment_availability",
        availability(quantity, handling_days),
    )
}

/// Sets what is said of the condition.
pub(crate) fn note_patch(note: &str, site: &SiteFacts) -> Object {
    patch("replace", CONDITION_NOTE, note_value(note, site))
}

fn purchasable(price: &Money, site: &SiteFacts) -> [Object; 1] {
    let schedule = [Object::new().put("value_with_tax", amount(price))];
    let ours = [Object::new().put("schedule", schedule)];
    [Object::new()
        .put("marketplace_id", site.id)
        .put("currency", site.currency().as_str())
        .put("audience", "ALL")
        .put("our_price", ours)]
}

fn availability(quantity: u32, handling_days: Option<u8>) -> [Object; 1] {
    [Object::new()
        .put("fulfillment_channel_code", OWN_CHANNEL)
        .put("quantity", quantity)
        .put_some("lead_time_to_ship_max_days", handling_days)]
}

fn note_value(note: &str, site: &SiteFacts) -> [Object; 1] {
    [Object::new()
        .put("value", note)
        .put("language_tag", site.locale)
        .put("marketplace_id", site.id)]
}

#[cfg(test)]
pub(crate) mod tests;
