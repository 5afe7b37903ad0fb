//! Searching the catalogue (amazon.md §4.5).

use serde_json::{Value, json};

use super::super::call::{Answer, Call, ok, page_token};
use super::super::error::Refusal;
use super::super::site::Site;
use super::super::state::State;
use super::{KnownPage, Page, gtin14, page, pages_of, product_type, remember};
use crate::random::seeded_hash;

const IDENTIFIERS_MAX: usize = 20;
const KEYWORDS_MAX: usize = 20;
const PAGE_SIZE_DEFAULT: usize = 10;
const PAGE_SIZE_MAX: usize = 20;
/// The most characters of a title that is searched for.
const TITLE_MAX: usize = 500;

const KINDS: [&str; 8] = ["ASIN", "EAN", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"];

const DATA: [&str; 10] = [
    "attributes",
    "classifications",
    "dimensions",
    "identifiers",
    "images",
    "productTypes",
    "relationships",
    "salesRanks",
    "summaries",
    "vendorDetails",
];

/// `GET /catalog/2022-04-01/items`.
pub(in crate::amazon) fn search(state: &mut State, call: &Call<'_>) -> Answer {
    let site = call.site()?;
    let data = data(call)?;
    let size = call.number("pageSize", PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX)?;
    let by_identifier = call.query.get("identifiers").is_some();
    let by_keyword = call.query.get("keywords").is_some();
    let pages = match (by_identifier, by_keyword) {
        (true, true) => {
            let text = "Only one of identifiers and keywords may be given.";
            return Err(Refusal::invalid(text));
        }
        (true, false) => identified(state, call)?,
        (false, true) => worded(state, call)?,
        (false, false) => return Err(Refusal::invalid("Give identifiers or keywords.")),
    };
    let question = format!(
        "catalogue {} {:?} {:?} {:?}",
        site.id,
        call.query.get("identifiers"),
        call.query.get("keywords"),
        call.query.get("brandNames"),
    );
    let passed = call.passed(state.seed, &question)?;
    let items: Vec<Value> = pages
        .iter()
        .skip(passed)
        .take(size)
        .map(|page| shown(page, site, &data))
        .collect();
    let mut body = json!({ "numberOfResults": pages.len(), "items": items });
    let mut tokens = serde_json::Map::new();
    if passed + size < pages.len() {
        let token = page_token(state.seed, &question, passed + size);
        tokens.insert("nextToken".to_owned(), Value::from(token));
    }
    if passed > 0 {
        let token = page_token(state.seed, &question, passed.saturating_sub(size));
        tokens.insert("previousToken".to_owned(), Value::from(token));
    }
    if !tokens.is_empty() {
        body["pagination"] = Value::Object(tokens);
    }
    if by_keyword {
        body["refinements"] = json!({ "brands": [], "classifications": [] });
    }
    ok(&body)
}

/// `GET /catalog/2022-04-01/items/{asin}`.
pub(in crate::amazon) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let site = call.sites(1)?[0];
    let asin = call.segment(3);
    let found = page(state, asin).ok_or_else(|| {
        Refusal::not_found(format!("Requested item '{asin}' not found in marketplace."))
    })?;
    ok(&shown(&found, site, &data(call)?))
}

fn data<'a>(call: &'a Call<'_>) -> Result<Vec<&'a str>, Refusal> {
    let data = call.words("includedData", &DATA)?;
    Ok(if data.is_empty() {
        vec!["summaries"]
    } else {
        data
    })
}

/// Finds the pages of every identifier. The answer tells them in the order of their ASINs: nothing
/// says which identifier found which.
fn identified(state: &State, call: &Call<'_>) -> Result<Vec<Page>, Refusal> {
    let identifiers = call.list("identifiers", IDENTIFIERS_MAX)?;
    let kind = call.word("identifiersType", &KINDS)?;
    let kind = kind.ok_or_else(|| Refusal::param("identifiersType", "missing"))?;
    for name in ["brandNames", "classificationIds", "keywordsLocale"] {
        if call.query.has(name) {
            return Err(Refusal::param(name, "only for searches by keywords"));
        }
    }
    if kind == "SKU" && call.query.get("sellerId") != Some(state.keys.seller_id.as_str()) {
        return Err(Refusal::param("sellerId", "missing or of another seller"));
    }
    let site = call.site()?;
    let mut pages: Vec<Page> = Vec::new();
    for identifier in identifiers {
        match kind {
            "ASIN" => pages.extend(page(state, identifier)),
            "SKU" => {
                let offer = state.listings.get(identifier);
                let asin = offer.and_then(|listing| Some(&listing.offers.get(site.id)?.asin));
                pages.extend(asin.and_then(|asin| page(state, asin)));
            }
            _ => {
                let gtin = gtin14(kind, identifier);
                pages.extend(gtin.into_iter().flat_map(|gtin| pages_of(state, &gtin)));
            }
        }
    }
    pages.sort_by(|a, b| a.asin.cmp(&b.asin));
    pages.dedup();
    Ok(pages)
}

/// Finds pages by words: the goods of exactly this title for seven titles in eight, and some that
/// only look like them.
fn worded(state: &mut State, call: &Call<'_>) -> Result<Vec<Page>, Refusal> {
    call.list("keywords", KEYWORDS_MAX)?;
    let words = call.query.get("keywords").unwrap_or_default();
    let title = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() || title.chars().count() > TITLE_MAX {
        return Err(Refusal::param("keywords", "empty or too long"));
    }
    let brand = call
        .list("brandNames", KEYWORDS_MAX)?
        .first()
        .map(|b| (*b).to_owned());
    let key = title.to_lowercase();
    let own = state.own_pages.iter();
    let own = own.filter(|(_, known)| known.title.to_lowercase().contains(&key));
    let mut pages: Vec<Page> = own.map(|(asin, known)| known.page(asin)).collect();
    let hash = seeded_hash(0, &format!("amazon title {key}"));
    let mut known = |what: &str, title: String| {
        let known = KnownPage {
            title,
            brand: brand.clone(),
            gtin: None,
            product_type: product_type(hash),
        };
        remember(&mut state.pages, &format!("{what} {key}"), known)
    };
    let near = [
        ("pack", format!("{title} (Pack of 2)")),
        ("case", format!("Case for {title}")),
    ];
    for (what, title) in near
        .into_iter()
        .take(usize::try_from(hash / 8 % 3).unwrap_or(0))
    {
        pages.push(known(what, title));
    }
    if !hash.is_multiple_of(8) {
        pages.push(known("title", title));
    }
    pages.sort_by(|a, b| a.asin.cmp(&b.asin));
    Ok(pages)
}

fn shown(page: &Page, site: &Site, data: &[&str]) -> Value {
    let mut item = json!({ "asin": page.asin });
    for name in data {
        item[*name] = match *name {
            "attributes" => json!({}),
            "identifiers" => json!([{
                "marketplaceId": site.id,
                "identifiers": identifiers(page.gtin.as_deref()),
            }]),
            "images" => json!([{ "marketplaceId": site.id, "images": [{
                "variant": "MAIN",
                "link": format!("https://images.example/{}.jpg", page.asin),
                "height": 500,
                "width": 500,
            }]}]),
            "productTypes" => json!([{
                "marketplaceId": site.id,
                "productType": page.product_type,
            }]),
            "relationships" => json!([{ "marketplaceId": site.id, "relationships": [] }]),
            "summaries" => json!([summary(page, site)]),
            _ => json!([]),
        };
    }
    item
}

fn summary(page: &Page, site: &Site) -> Value {
    let mut summary = json!({
        "marketplaceId": site.id,
        "itemClassification": "BASE_PRODUCT",
        "itemName": page.title,
        "packageQuantity": 1,
    });
    if let Some(brand) = &page.brand {
        summary["brand"] = Value::from(brand.as_str());
    }
    summary
}

/// Every form of a barcode that it has.
fn identifiers(gtin: Option<&str>) -> Vec<Value> {
    let Some(gtin) = gtin else {
        return Vec::new();
    };
    let mut forms = vec![json!({ "identifierType": "GTIN", "identifier": gtin })];
    if let Some(ean) = gtin.strip_prefix('0') {
        forms.push(json!({ "identifierType": "EAN", "identifier": ean }));
    }
    if let Some(upc) = gtin.strip_prefix("00") {
        forms.push(json!({ "identifierType": "UPC", "identifier": upc }));
    }
    forms
}
