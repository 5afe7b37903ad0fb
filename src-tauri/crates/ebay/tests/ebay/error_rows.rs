//! Recorded errors, row by row of ebay.md §12 and of eBay's own lists.

use barrow_market::ErrorKind;
use barrow_model::ProblemKind;

use ErrorKind::{Forbidden, MarketplaceDown, NotFound, RateLimited, Refused, Unauthorized};
use ProblemKind as Kind;

/// One recorded error and what Barrow makes of it.
pub(crate) struct Row {
    pub(crate) status: u16,
    pub(crate) number: i64,
    /// Parameters, name and value.
    pub(crate) parameters: &'static [(&'static str, &'static str)],
    pub(crate) kind: ErrorKind,
    pub(crate) problem: Kind,
    /// The field that the seller mends.
    pub(crate) field: &'static str,
    /// Seconds until it is tried again; zero for never.
    pub(crate) retry: u64,
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

const DOCUMENTS: &str = "attributes.eBay: Safety documents";
const PERSON: &str = "attributes.eBay: EU responsible person";

/// What must be said of a listing and is not.
const fn term(number: i64, field: &'static str) -> Row {
    bad(number, Kind::AttributeMissing, field)
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

/// A category that is none of a listing's.
const fn category(number: i64) -> Row {
    Row {
        field: "category",
        ..row(400, number, NotFound, Kind::CategoryInvalid)
    }
}

/// The same with another status.
const fn at(status: u16, row: Row) -> Row {
    Row { status, ..row }
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
    named(
        25032,
        &[("field", "availableQuantity")],
        Kind::QuantityRefused,
        "quantity",
    ),
    bad(25034, Kind::PolicyInvalid, "settings"),
    bad(25035, Kind::PolicyInvalid, "settings"),
    named(
        25036,
        &[("PolicyId", "62"), ("PolicyEnum", "FULFILLMENT_POLICY")],
        Kind::PolicyInvalid,
        SHIPPING,
    ),
    named(
        25036,
        &[("PolicyId", "62"), ("PolicyEnum", "PAYMENT")],
        Kind::PolicyInvalid,
        "settings.payment_policy_id",
    ),
    named(
        25036,
        &[("0", "returnPolicyId")],
        Kind::PolicyInvalid,
        RETURNS,
    ),
    bad(25038, Kind::ListingLocked, ""),
    bad(25040, Kind::ListingLocked, ""),
    bad(25041, Kind::PolicyInvalid, SHIPPING),
    bad(25042, Kind::PolicyInvalid, SHIPPING),
    bad(25045, Kind::PolicyInvalid, RETURNS),
    bad(25047, Kind::ApprovalNeeded, "condition"),
    bad(25050, Kind::FieldInvalid, "title"),
    bad(25051, Kind::FieldInvalid, "subtitle"),
    bad(25052, Kind::ImageMissing, "images"),
    bad(25076, Kind::Refused, ""),
    named(
        25076,
        &[("0", "Pictogram"), ("1", "EBPSP999")],
        Kind::FieldInvalid,
        "attributes.eBay: Product safety pictograms",
    ),
    named(
        25078,
        &[("0", "statements")],
        Kind::FieldInvalid,
        "attributes.eBay: Hazard statements",
    ),
    named(
        25078,
        &[("0", "signalWord")],
        Kind::FieldInvalid,
        "attributes.eBay: Hazard signal word",
    ),
    bad(25079, Kind::FieldInvalid, "attributes.eBay: Repair score"),
    named(
        25080,
        &[("0", "contactUrl")],
        Kind::FieldInvalid,
        "contactUrl",
    ),
    term(25081, "attributes.eBay: Hazard statements"),
    term(25083, "attributes.eBay: Energy label picture"),
    term(25084, "attributes.eBay: Energy label information sheet"),
    bad(
        25086,
        Kind::FieldInvalid,
        "attributes.eBay: Energy label picture",
    ),
    named(25088, &[("0", "email")], Kind::FieldInvalid, "email"),
    bad(25097, Kind::ListingOnHold, ""),
    bad(25098, Kind::ListingOnHold, ""),
    bad(25104, Kind::FieldInvalid, DOCUMENTS),
    bad(25107, Kind::FieldInvalid, DOCUMENTS),
    named(
        25108,
        &[("0", "pictograms"), ("1", "2")],
        Kind::FieldInvalid,
        "attributes.eBay: Product safety pictograms",
    ),
    term(25109, "attributes.eBay: Product safety statements"),
    term(25110, "attributes.eBay: Manufacturer street"),
    term(25111, "attributes.eBay: Manufacturer"),
    bad(25112, Kind::FieldInvalid, PERSON),
    term(25113, "attributes.eBay: EU responsible person street"),
    term(25114, PERSON),
    bad(
        25115,
        Kind::FieldInvalid,
        "attributes.eBay: EU responsible person country",
    ),
    bad(25116, Kind::FieldInvalid, PERSON),
    term(25118, "attributes.eBay: Manufacturer e-mail"),
    term(25119, "attributes.eBay: EU responsible person e-mail"),
    named(
        25122,
        &[("0", "contactUrl")],
        Kind::FieldInvalid,
        "contactUrl",
    ),
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
    bad(25708, Kind::SkuInvalid, "sku"),
    named(
        25709,
        &[("0", "Accept-Language")],
        Kind::FieldInvalid,
        "Accept-Language",
    ),
    row(400, 25710, NotFound, Kind::ListingGone),
    row(404, 25710, NotFound, Kind::ListingGone),
    row(400, 25713, NotFound, Kind::ListingGone),
    row(404, 25713, NotFound, Kind::ListingGone),
    bad(25715, Kind::FieldInvalid, "weight"),
    bad(25718, Kind::Refused, ""),
    row(400, 25725, NotFound, Kind::ListingGone),
    bad(25727, Kind::Refused, ""),
    bad(25728, Kind::Refused, ""),
    bad(25729, Kind::Refused, ""),
    bad(25730, Kind::Refused, ""),
    bad(25731, Kind::Refused, ""),
    bad(25732, Kind::InOtherFamily, "sku"),
    bad(25733, Kind::SkuInvalid, "sku"),
    bad(25734, Kind::Refused, ""),
    named(25735, &[("0", "sku")], Kind::SkuInvalid, "sku"),
    bad(25740, Kind::Refused, ""),
    bad(25752, Kind::Refused, ""),
    bad(25800, Kind::LocationMissing, LOCATION),
    bad(25801, Kind::LocationMissing, LOCATION),
    bad(25806, Kind::LocationMissing, LOCATION),
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
    bad(31000, Kind::Refused, ""),
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
    passing(500, 33000, MarketplaceDown, DOWN, 30),
    row(404, 33001, NotFound, Kind::CaseRefused),
    bad(33003, Kind::CaseRefused, ""),
    bad(33004, Kind::CaseRefused, ""),
    bad(33005, Kind::EvidenceFile, "evidence"),
    bad(33006, Kind::EvidenceFile, "evidence"),
    bad(33007, Kind::CaseRefused, ""),
    bad(33009, Kind::CaseRefused, ""),
    passing(409, 33011, Refused, Kind::CaseRefused, 5),
    bad(33100, Kind::CaseRefused, ""),
    bad(33102, Kind::CaseRefused, ""),
    bad(33103, Kind::EvidenceFile, "evidence"),
    bad(33107, Kind::EvidenceFile, "evidence"),
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
    passing(500, 105_000, MarketplaceDown, DOWN, 30),
    passing(500, 135_000, MarketplaceDown, DOWN, 30),
    bad(135_003, Kind::Refused, ""),
    bad(135_016, Kind::Refused, ""),
    passing(500, 140_000, MarketplaceDown, DOWN, 30),
    bad(46002, Kind::Refused, ""),
    row(400, 46003, NotFound, Kind::CategoryInvalid),
    bad(46005, Kind::Refused, ""),
    passing(500, 62000, MarketplaceDown, DOWN, 30),
    bad(62003, Kind::SettingInvalid, "settings.marketplace_id"),
    bad(62004, Kind::Refused, ""),
    category(62005),
    bad(62006, Kind::Refused, ""),
    bad(62007, Kind::Refused, ""),
    category(62008),
    category(62009),
    bad(62103, Kind::Refused, ""),
    passing(500, 190_000, MarketplaceDown, Kind::MarketplaceDown, 30),
    row(403, 190_013, Forbidden, Kind::PermissionMissing),
    bad(190_203, Kind::ImageInvalid, "images"),
    row(500, 160_001, Refused, Kind::Refused),
    bad(160_100, Kind::Refused, ""),
    passing(409, 160_024, Refused, Kind::LimitReached, 900),
    passing(409, 160_025, Refused, Kind::LimitReached, 3600),
    Row {
        status: 404,
        ..bad(195_002, Kind::Refused, "")
    },
    Row {
        status: 409,
        ..bad(195_003, Kind::Refused, "")
    },
    row(403, 195_011, Forbidden, Kind::PermissionMissing),
    passing(500, 335_000, MarketplaceDown, DOWN, 30),
    bad(355_001, Kind::Refused, ""),
    bad(355_005, Kind::Refused, ""),
    row(400, 355_006, NotFound, Kind::MessageRefused),
    row(400, 355_007, NotFound, Kind::MessageRefused),
    bad(355_008, Kind::Refused, ""),
    bad(355_009, Kind::Refused, ""),
    bad(355_010, Kind::MessageRefused, ""),
    bad(355_013, Kind::MessageRefused, ""),
    bad(355_015, Kind::MessageRefused, ""),
    bad(355_016, Kind::Refused, ""),
    bad(355_017, Kind::Refused, ""),
    bad(355_018, Kind::MessageRefused, ""),
    bad(355_021, Kind::MessageRefused, ""),
    bad(355_022, Kind::Refused, ""),
    passing(500, 210_000, MarketplaceDown, DOWN, 30),
    bad(210_001, Kind::Refused, ""),
    bad(210_006, Kind::Refused, ""),
    row(403, 215_000, Forbidden, Kind::SignatureRefused),
    row(403, 215_001, Forbidden, Kind::SignatureRefused),
    row(403, 215_122, Forbidden, Kind::SignatureRefused),
];

/// What eBay's files list beside these for operations that are used.
const LISTED: &[Row] = &[
    bad(20403, Kind::PolicyInvalid, "settings"),
    bad(20404, Kind::PolicyInvalid, "settings"),
    bad(25023, Kind::Refused, ""),
    bad(25039, Kind::ListingLocked, ""),
    bad(25043, Kind::PolicyInvalid, RETURNS),
    bad(25044, Kind::PolicyInvalid, RETURNS),
    bad(25046, Kind::PolicyInvalid, RETURNS),
    bad(25048, Kind::ApprovalNeeded, "condition"),
    bad(25049, Kind::ApprovalNeeded, "condition"),
    named(
        25077,
        &[("0", "EBPSS001")],
        Kind::FieldInvalid,
        "attributes.eBay: Product safety statements",
    ),
    named(25089, &[("0", "6")], Kind::Refused, ""),
    named(25090, &[("0", "6")], Kind::Refused, ""),
    named(25091, &[("0", "6")], Kind::Refused, ""),
    named(25092, &[("0", "1")], Kind::Refused, ""),
    named(25093, &[("0", "1")], Kind::Refused, ""),
    named(25094, &[("0", "6")], Kind::Refused, ""),
    // A region is no field.
    named(25095, &[("0", "GB")], Kind::Refused, ""),
    bad(25106, Kind::FieldInvalid, DOCUMENTS),
    named(
        25120,
        &[("0", "Cell Phones"), ("1", "title")],
        Kind::FieldInvalid,
        "title",
    ),
    // Neither is a category.
    named(25121, &[("0", "Tires")], Kind::Refused, ""),
    bad(25755, Kind::Refused, ""),
    bad(25756, Kind::Refused, ""),
    bad(25757, Kind::Refused, ""),
    bad(25758, Kind::Refused, ""),
    bad(25759, Kind::Refused, ""),
    bad(25760, Kind::Refused, ""),
    bad(25761, Kind::Refused, ""),
    bad(25762, Kind::Refused, ""),
    bad(25763, Kind::Refused, ""),
    bad(25764, Kind::Refused, ""),
    bad(25766, Kind::Refused, ""),
    bad(25767, Kind::Refused, ""),
    bad(25802, Kind::LocationMissing, LOCATION),
    at(409, bad(25803, Kind::LocationMissing, LOCATION)),
    bad(25804, Kind::LocationMissing, LOCATION),
    at(404, bad(25805, Kind::LocationMissing, LOCATION)),
    bad(30800, Kind::Refused, ""),
    bad(30810, Kind::Refused, ""),
    bad(30820, Kind::Refused, ""),
    bad(30830, Kind::Refused, ""),
    bad(30840, Kind::Refused, ""),
    bad(30900, Kind::Refused, ""),
    bad(32210, Kind::LineInvalid, "lines"),
    bad(33008, Kind::CaseRefused, ""),
    at(409, bad(33101, Kind::CaseRefused, "")),
    bad(33104, Kind::EvidenceFile, "evidence"),
    at(409, bad(33105, Kind::EvidenceFile, "evidence")),
    bad(33106, Kind::EvidenceFile, "evidence"),
    bad(34200, Kind::ShipRefused, ""),
    bad(34300, Kind::ShipRefused, ""),
    bad(34901, Kind::RefundRefused, ""),
    bad(34902, Kind::RefundRefused, ""),
    bad(34903, Kind::RefundRefused, ""),
    bad(34905, Kind::RefundRefused, ""),
    bad(34906, Kind::RefundRefused, "amount"),
    bad(34908, Kind::RefundRefused, "amount"),
    bad(34909, Kind::RefundRefused, "amount"),
    bad(34910, Kind::RefundRefused, ""),
    bad(34911, Kind::RefundRefused, ""),
    bad(34912, Kind::RefundRefused, ""),
    at(409, bad(34918, Kind::RefundRefused, "")),
    at(409, bad(34919, Kind::RefundRefused, "")),
    bad(34921, Kind::RefundRefused, ""),
    bad(34923, Kind::RefundRefused, ""),
    at(409, bad(34925, Kind::RefundRefused, "")),
    at(409, bad(34926, Kind::RefundRefused, "")),
    at(409, bad(34927, Kind::RefundRefused, "")),
    at(409, bad(34928, Kind::RefundRefused, "")),
    at(409, bad(34930, Kind::RefundRefused, "")),
    bad(62002, Kind::SettingInvalid, "settings.marketplace_id"),
    bad(135_005, Kind::Refused, ""),
    bad(135_006, Kind::Refused, ""),
    bad(135_007, Kind::Refused, ""),
    bad(135_008, Kind::Refused, ""),
    bad(135_009, Kind::Refused, ""),
    bad(135_015, Kind::Refused, ""),
    at(403, bad(160_002, Kind::Refused, "")),
    at(404, bad(160_003, Kind::Refused, "")),
    at(404, bad(160_014, Kind::Refused, "")),
    bad(160_017, Kind::Refused, ""),
    bad(160_018, Kind::Refused, ""),
    bad(160_019, Kind::Refused, ""),
    at(403, bad(160_022, Kind::Refused, "")),
    bad(160_027, Kind::Refused, ""),
    bad(160_030, Kind::Refused, ""),
    at(404, bad(190_200, Kind::ImageInvalid, "images")),
    bad(190_201, Kind::ImageInvalid, "images"),
    bad(190_202, Kind::ImageInvalid, "images"),
    bad(210_005, Kind::Refused, ""),
    row(403, 215_113, Forbidden, Kind::SignatureRefused),
    row(403, 215_114, Forbidden, Kind::SignatureRefused),
    row(403, 215_117, Forbidden, Kind::SignatureRefused),
    row(403, 215_120, Forbidden, Kind::SignatureRefused),
    row(403, 215_121, Forbidden, Kind::SignatureRefused),
    bad(355_002, Kind::Refused, ""),
    bad(355_003, Kind::Refused, ""),
    bad(355_004, Kind::Refused, ""),
    bad(355_011, Kind::MessageRefused, ""),
    bad(355_012, Kind::MessageRefused, ""),
    bad(355_014, Kind::MessageRefused, ""),
    bad(355_020, Kind::MessageRefused, ""),
];

/// All that refuse.
pub(crate) const ALL: [&[Row]; 6] = [ACCESS, INVENTORY, ACCOUNT, FULFILLMENT, OTHERS, LISTED];

/// What eBay remarks of what it did: number, words and field.
pub(crate) const REMARKS: &[(i64, Kind, &str)] = &[
    (25096, Kind::ListingOnHold, ""),
    (25124, Kind::PolicyInvalid, RETURNS),
    (25401, Kind::OptionsDropped, ""),
    (25402, Kind::Remark, ""),
    (25753, Kind::Remark, ""),
];
