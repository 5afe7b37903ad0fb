//! Every row of the error table on a body as eBay sends it (ebay.md §12). What the adapter does
//! about errors beside telling them is in `delays`.

use std::time::Duration;

use barrow_ebay::error::{parse_error, refusal_of, rows};
use barrow_market::{ErrorKind, Fate, Retry};
use barrow_model::{ChangeId, ProblemKind};
use barrow_wire::Answer;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use ErrorKind::{Forbidden, MarketplaceDown, NotFound, RateLimited, Refused, Unauthorized};
use ProblemKind as Kind;

/// One recorded error and what Barrow makes of it.
struct Row {
    status: u16,
    number: i64,
    /// Parameters, name and value.
    parameters: &'static [(&'static str, &'static str)],
    kind: ErrorKind,
    problem: Kind,
    /// The field that the seller mends.
    field: &'static str,
    /// Seconds until it is tried again; zero for never.
    retry: u64,
}

const fn row(status: u16, number: i64, kind: ErrorKind, problem: Kind) -> Row {
    Row {
        status,
        number,
        parameters: &[],
        kind,
        problem,
        field: "",
        retry: 0,
    }
}

/// A request that eBay refuses for what is in it.
const fn bad(number: i64, problem: Kind, field: &'static str) -> Row {
    Row {
        field,
        ..row(400, number, Refused, problem)
    }
}

/// The same with parameters.
const fn named(
    number: i64,
    parameters: &'static [(&'static str, &'static str)],
    problem: Kind,
    field: &'static str,
) -> Row {
    Row {
        parameters,
        ..bad(number, problem, field)
    }
}

/// A fault that passes.
const fn passing(status: u16, number: i64, kind: ErrorKind, problem: Kind, retry: u64) -> Row {
    Row {
        retry,
        ..row(status, number, kind, problem)
    }
}

const DOWN: Kind = Kind::MarketplaceDown;
const SHIPPING: &str = "settings.fulfillment_policy_id";
const RETURNS: &str = "settings.return_policy_id";
const LOCATION: &str = "settings.merchant_location_key";

const ACCESS: &[Row] = &[
    row(401, 1001, Unauthorized, Kind::CredentialsRefused),
    row(403, 1100, Forbidden, Kind::PermissionMissing),
    passing(429, 2001, RateLimited, Kind::LimitReached, 60),
    passing(500, 2003, MarketplaceDown, DOWN, 30),
];

const INVENTORY: &[Row] = &[
    passing(500, 25001, MarketplaceDown, DOWN, 30),
    named(25002, &[("2", "Brand")], Kind::BrandMissing, "brand"),
    named(25002, &[("2", "Brand MPN")], Kind::BrandMissing, "brand"),
    named(25002, &[("2", "EAN")], Kind::GtinMissing, "gtin"),
    named(
        25002,
        &[("2", "Size")],
        Kind::AttributeMissing,
        "attributes.Size",
    ),
    named(
        25002,
        &[("offerId", "9553634010")],
        Kind::ListingDuplicate,
        "",
    ),
    bad(25002, Kind::Refused, ""),
    bad(25003, Kind::PriceRefused, "price"),
    bad(25004, Kind::QuantityRefused, "quantity"),
    bad(25005, Kind::CategoryInvalid, "category"),
    named(25006, &[("0", "lotSize")], Kind::FieldInvalid, "lotSize"),
    bad(25007, Kind::PolicyInvalid, SHIPPING),
    bad(25008, Kind::PolicyInvalid, "settings.payment_policy_id"),
    bad(25009, Kind::PolicyInvalid, RETURNS),
    bad(25011, Kind::FieldInvalid, "tax"),
    bad(25012, Kind::LocationMissing, LOCATION),
    bad(25013, Kind::FamilyInvalid, "options"),
    bad(25014, Kind::ImageInvalid, "images"),
    named(
        25015,
        &[("0", "https://x/1.jpg")],
        Kind::ImageInvalid,
        "images",
    ),
    named(25016, &[("0", "title")], Kind::FieldInvalid, "title"),
    named(25016, &[("0", "ean")], Kind::GtinInvalid, "gtin"),
    named(
        25016,
        &[("0", "Some words."), ("1", "sku")],
        Kind::SkuInvalid,
        "sku",
    ),
    named(
        25017,
        &[("0", "product.title")],
        Kind::TitleMissing,
        "title",
    ),
    named(25017, &[("0", "imageUrls")], Kind::ImageMissing, "images"),
    named(
        25017,
        &[("0", "fulfillmentPolicyId")],
        Kind::PolicyMissing,
        SHIPPING,
    ),
    named(
        25017,
        &[("0", "merchantLocationKey")],
        Kind::LocationMissing,
        LOCATION,
    ),
    bad(25017, Kind::Refused, ""),
    bad(25018, Kind::SellerNotReady, ""),
    bad(25019, Kind::ListingLocked, ""),
    bad(25020, Kind::WeightMissing, "weight"),
    bad(25021, Kind::ConditionInvalid, "condition"),
    named(
        25022,
        &[("0", "Color")],
        Kind::AttributeInvalid,
        "attributes.Color",
    ),
    bad(25024, Kind::Refused, ""),
    passing(500, 25025, MarketplaceDown, DOWN, 10),
    bad(25026, Kind::SellingLimit, ""),
    named(25029, &[("0", "weight")], Kind::WeightMissing, "weight"),
    named(
        25031,
        &[("0", "repairScore")],
        Kind::FieldInvalid,
        "repairScore",
    ),
    bad(25034, Kind::PolicyInvalid, "settings"),
    bad(25035, Kind::PolicyInvalid, "settings"),
    bad(25038, Kind::ListingLocked, ""),
    bad(25042, Kind::PolicyInvalid, SHIPPING),
    bad(25045, Kind::PolicyInvalid, RETURNS),
    bad(25047, Kind::ApprovalNeeded, "condition"),
    bad(25050, Kind::FieldInvalid, "title"),
    bad(25051, Kind::FieldInvalid, "subtitle"),
    bad(25052, Kind::ImageMissing, "images"),
    named(
        25080,
        &[("0", "contactUrl")],
        Kind::FieldInvalid,
        "contactUrl",
    ),
    bad(25097, Kind::ListingOnHold, ""),
    bad(25111, Kind::Refused, ""),
    bad(25123, Kind::PolicyInvalid, RETURNS),
    bad(25402, Kind::Refused, ""),
    bad(25501, Kind::ImageInvalid, "images"),
    bad(25502, Kind::Refused, "attributes"),
    named(25503, &[("0", "mpn")], Kind::FieldInvalid, "mpn"),
    named(
        25601,
        &[("0", "Size")],
        Kind::AttributeInvalid,
        "attributes.Size",
    ),
    passing(400, 25604, Refused, DOWN, 5),
    passing(500, 25604, MarketplaceDown, DOWN, 5),
    row(400, 25701, NotFound, Kind::ListingGone),
    row(404, 25702, NotFound, Kind::ListingGone),
    bad(25703, Kind::InOtherFamily, "sku"),
    bad(25704, Kind::ListedAlone, "sku"),
    bad(25705, Kind::FamilyInvalid, "options"),
    bad(25706, Kind::Refused, ""),
    bad(25707, Kind::SkuInvalid, "sku"),
    named(
        25709,
        &[("0", "Accept-Language")],
        Kind::FieldInvalid,
        "Accept-Language",
    ),
    row(404, 25710, NotFound, Kind::ListingGone),
    row(404, 25713, NotFound, Kind::ListingGone),
    bad(25715, Kind::FieldInvalid, "weight"),
    bad(25718, Kind::Refused, ""),
    row(400, 25725, NotFound, Kind::ListingGone),
    bad(25730, Kind::Refused, ""),
    bad(25732, Kind::InOtherFamily, "sku"),
    bad(25733, Kind::SkuInvalid, "sku"),
    bad(25734, Kind::Refused, ""),
    named(25735, &[("0", "sku")], Kind::SkuInvalid, "sku"),
    bad(25740, Kind::Refused, ""),
    bad(25752, Kind::Refused, ""),
    bad(25801, Kind::LocationMissing, LOCATION),
    bad(25900, Kind::LocationMissing, LOCATION),
];

const ACCOUNT: &[Row] = &[
    bad(20401, Kind::PolicyInvalid, "settings"),
    passing(500, 20500, MarketplaceDown, DOWN, 60),
    passing(500, 20501, MarketplaceDown, DOWN, 3600),
    bad(21400, Kind::SettingInvalid, "settings.marketplace_id"),
    passing(500, 35001, MarketplaceDown, DOWN, 30),
    passing(500, 35002, MarketplaceDown, DOWN, 30),
    bad(50114, Kind::Refused, ""),
    bad(50117, Kind::SettingInvalid, "settings.marketplace_id"),
];

const FULFILLMENT: &[Row] = &[
    passing(500, 30500, MarketplaceDown, DOWN, 30),
    bad(30700, Kind::Refused, ""),
    bad(30850, Kind::Refused, ""),
    bad(31100, Kind::Refused, ""),
    row(400, 32100, NotFound, Kind::OrderUnknown),
    bad(32110, Kind::ShipRefused, ""),
    bad(32200, Kind::LineInvalid, "lines"),
    bad(32300, Kind::TrackingInvalid, "tracking"),
    bad(32400, Kind::SellerNotReady, ""),
    bad(32500, Kind::ShipRefused, "shipped_at"),
    bad(32600, Kind::ShipRefused, ""),
    bad(32800, Kind::Refused, ""),
    bad(34100, Kind::ShipRefused, ""),
    bad(34500, Kind::ShipRefused, ""),
    passing(500, 34900, MarketplaceDown, DOWN, 30),
    bad(34907, Kind::RefundRefused, "amount"),
    row(404, 34913, NotFound, Kind::OrderUnknown),
    bad(34914, Kind::LineInvalid, "lines"),
    bad(34915, Kind::RefundRefused, "amount"),
    bad(34916, Kind::RefundRefused, ""),
    bad(34917, Kind::RefundRefused, ""),
    bad(34920, Kind::RefundRefused, ""),
    passing(400, 34922, Refused, Kind::RefundRefused, 600),
    Row {
        status: 409,
        ..bad(34924, Kind::RefundRefused, "amount")
    },
    passing(409, 34929, Refused, Kind::RefundRefused, 3600),
];

const OTHERS: &[Row] = &[
    passing(500, 45500, MarketplaceDown, DOWN, 30),
    passing(500, 46000, MarketplaceDown, DOWN, 30),
    bad(46001, Kind::SettingInvalid, "settings.marketplace_id"),
    passing(500, 140_000, MarketplaceDown, DOWN, 30),
    row(400, 46003, NotFound, Kind::CategoryInvalid),
    passing(500, 62000, MarketplaceDown, DOWN, 30),
    Row {
        field: "category",
        ..row(400, 62009, NotFound, Kind::CategoryInvalid)
    },
    passing(500, 190_000, MarketplaceDown, Kind::MarketplaceDown, 30),
    row(403, 190_013, Forbidden, Kind::PermissionMissing),
    bad(190_203, Kind::ImageInvalid, "images"),
    bad(160_100, Kind::Refused, ""),
    passing(409, 160_024, Refused, Kind::LimitReached, 900),
    passing(409, 160_025, Refused, Kind::LimitReached, 3600),
    bad(195_002, Kind::Refused, ""),
    row(403, 195_011, Forbidden, Kind::PermissionMissing),
    row(403, 215_001, Forbidden, Kind::SignatureRefused),
    row(403, 215_122, Forbidden, Kind::SignatureRefused),
];

const ALL: [&[Row]; 5] = [ACCESS, INVENTORY, ACCOUNT, FULFILLMENT, OTHERS];

/// An answer as eBay writes it.
fn recorded(status: u16, number: i64, parameters: &[(&str, &str)]) -> Answer {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let body = json!({"errors": [{"errorId": number, "domain": "API_INVENTORY",
        "subdomain": "Selling", "category": if status < 500 { "REQUEST" } else { "APPLICATION" },
        "message": "Eine Nachricht.", "longMessage": "Eine lange Nachricht.",
        "inputRefIds": [], "outputRefIds": [], "parameters": parameters}]});
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: body.to_string().into(),
    }
}

#[test]
fn each_row_has_its_reaction_its_words_and_its_field() {
    for row in ALL.into_iter().flatten() {
        let answer = recorded(row.status, row.number, row.parameters);
        let error = parse_error("anyCall", &answer);
        let told = refusal_of(ChangeId(1), &error);
        let Fate::Refused { problem, retry } = told.fate else {
            panic!("{} is refused", row.number)
        };
        let wait = match retry {
            Retry::After(wait) => wait.as_secs(),
            Retry::No => 0,
        };
        // A field that only eBay has a name for is named in the words.
        let named = problem.params.get("field").cloned();
        let field = problem.field.clone().or(named).unwrap_or_default();
        let found = (error.kind, problem.kind, field.as_str(), wait);
        let expected = (row.kind, row.problem, row.field, row.retry);
        assert_eq!(found, expected, "{} {}", row.status, row.number);
        let code = problem.vendor.map(|vendor| vendor.code);
        assert_eq!(code, Some(row.number.to_string()));
    }
}

#[test]
fn no_row_of_the_table_is_without_a_recorded_body() {
    for (first, last) in rows() {
        let met = ALL
            .into_iter()
            .flatten()
            .any(|row| (first..=last).contains(&row.number));
        assert!(met, "{first} to {last}");
    }
}

#[test]
fn words_name_what_they_need() {
    let check = |number: i64, parameters: &[(&str, &str)], name: &str, value: &str| {
        let error = parse_error("anyCall", &recorded(400, number, parameters));
        let told = error.to_problem();
        assert_eq!(told.params.get(name).map(String::as_str), Some(value));
        assert_eq!(told.vendor.unwrap().text, "Eine lange Nachricht.");
    };
    check(25007, &[], "policy", "fulfillment_policy_id");
    check(
        25017,
        &[("0", "returnPolicyId")],
        "policy",
        "return_policy_id",
    );
    check(25015, &[("0", "https://x/1.jpg")], "url", "https://x/1.jpg");
    check(25022, &[("0", "Color")], "attribute", "Color");
    check(25707, &[], "limit", "50");
    check(21400, &[], "setting", "marketplace_id");
}

#[test]
fn of_several_errors_the_one_that_lasts_is_told() {
    let mut answer = recorded(400, 25001, &[]);
    let lasting = recorded(400, 25007, &[]);
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
    let more: Value = serde_json::from_slice(&lasting.body).unwrap();
    body["errors"]
        .as_array_mut()
        .unwrap()
        .push(json!({"errorId": 99_999}));
    body["errors"]
        .as_array_mut()
        .unwrap()
        .push(more["errors"][0].clone());
    answer.body = body.to_string().into();
    let error = parse_error("anyCall", &answer);
    assert_eq!(error.to_problem().kind, Kind::PolicyInvalid);
    let told = refusal_of(ChangeId(1), &error);
    assert!(matches!(
        told.fate,
        Fate::Refused {
            retry: Retry::No,
            ..
        }
    ));
}

#[test]
fn a_seller_without_business_policies_is_told_to_opt_in() {
    let answer = recorded(400, 20403, &[]);
    let told = parse_error("getReturnPolicies", &answer).to_problem();
    assert_eq!(told.kind, Kind::SellerNotReady);
    assert_eq!(told.field.as_deref(), Some("SELLING_POLICY_MANAGEMENT"));
    let other = parse_error("anyCall", &answer).to_problem();
    assert_eq!(other.kind, Kind::PolicyInvalid);
}

#[test]
fn a_number_without_a_row_is_told_in_ebays_own_words() {
    let error = parse_error("anyCall", &recorded(400, 99_999, &[]));
    assert_eq!(error.kind, Refused);
    let told = refusal_of(ChangeId(1), &error);
    let Fate::Refused { problem, retry } = told.fate else {
        panic!("it is refused")
    };
    assert_eq!((problem.kind, retry), (Kind::Refused, Retry::No));
    let down = parse_error("anyCall", &recorded(503, 99_999, &[]));
    let told = refusal_of(ChangeId(1), &down);
    let waits = Retry::After(Duration::from_secs(60));
    assert!(matches!(told.fate, Fate::Refused { retry, .. } if retry == waits));
}
