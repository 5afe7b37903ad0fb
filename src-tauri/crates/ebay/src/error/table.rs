//! What each of eBay's numbers means, in the order of ebay.md §12 and of eBay's own lists.
//!
//! The first row that holds a number counts. A number without a row is told in eBay's own words.

use std::time::Duration;

use barrow_market::ErrorKind;
use barrow_model::ProblemKind;

use crate::config::{
    FULFILLMENT_POLICY_ID, MARKETPLACE_ID, MERCHANT_LOCATION_KEY, PAYMENT_POLICY_ID,
    RETURN_POLICY_ID,
};

/// What an error means and what is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    first: i64,
    last: i64,
    pub(super) kind: ErrorKind,
    pub(super) problem: ProblemKind,
    /// What the seller mends.
    pub(super) field: Field,
    pub(super) retry: Option<Duration>,
}

/// What the seller mends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// What the error's parameters name, where they name anything.
    Named,
    /// A field of the product or listing.
    Of(&'static str),
    /// A setting of the account.
    Setting(&'static str),
    /// What is said of a listing with an attribute of this reserved name.
    Term(&'static str),
    /// The same, with codes of labels: the error's parameters name which.
    Label,
}

const fn of_kind(first: i64, last: i64, kind: ErrorKind, problem: ProblemKind) -> Meaning {
    Meaning {
        first,
        last,
        kind,
        problem,
        field: Field::Named,
        retry: None,
    }
}

const fn refused(first: i64, last: i64, problem: ProblemKind) -> Meaning {
    of_kind(first, last, ErrorKind::Refused, problem)
}

const fn in_field(first: i64, last: i64, problem: ProblemKind, field: &'static str) -> Meaning {
    Meaning {
        field: Field::Of(field),
        ..refused(first, last, problem)
    }
}

const fn in_setting(first: i64, last: i64, problem: ProblemKind, key: &'static str) -> Meaning {
    Meaning {
        field: Field::Setting(key),
        ..refused(first, last, problem)
    }
}

const fn policy(first: i64, last: i64, key: &'static str) -> Meaning {
    in_setting(first, last, ProblemKind::PolicyInvalid, key)
}

const fn wrong_term(first: i64, last: i64, name: &'static str) -> Meaning {
    Meaning {
        field: Field::Term(name),
        ..refused(first, last, INVALID)
    }
}

const fn no_term(number: i64, name: &'static str) -> Meaning {
    Meaning {
        field: Field::Term(name),
        ..refused(number, number, ProblemKind::AttributeMissing)
    }
}

const fn gone(first: i64, last: i64, problem: ProblemKind) -> Meaning {
    of_kind(first, last, ErrorKind::NotFound, problem)
}

/// A category that takes no listings: it is none of the site's, or has others below it.
const fn category(first: i64, last: i64) -> Meaning {
    Meaning {
        field: Field::Of("category"),
        ..gone(first, last, ProblemKind::CategoryInvalid)
    }
}

/// What passes by itself.
const fn passing(number: i64, problem: ProblemKind, seconds: u64) -> Meaning {
    Meaning {
        retry: Some(Duration::from_secs(seconds)),
        ..of_kind(number, number, ErrorKind::MarketplaceDown, problem)
    }
}

const fn down(number: i64) -> Meaning {
    passing(number, ProblemKind::MarketplaceDown, 30)
}

const LOCATION: ProblemKind = ProblemKind::LocationMissing;
const INVALID: ProblemKind = ProblemKind::FieldInvalid;
const FORBIDDEN: ErrorKind = ErrorKind::Forbidden;

/// Tokens and gateways.
const ACCESS: &[Meaning] = &[
    of_kind(
        1001,
        1003,
        ErrorKind::Unauthorized,
        ProblemKind::CredentialsRefused,
    ),
    of_kind(1100, 1100, FORBIDDEN, ProblemKind::PermissionMissing),
    of_kind(
        2001,
        2001,
        ErrorKind::RateLimited,
        ProblemKind::LimitReached,
    ),
    down(2003),
];

/// Items, offers, groups and their publishing. The numbers of faults in our own request, such as
/// too many entries or the same one twice, have eBay's words alone: the seller can mend nothing,
/// and the batch is sent again entry by entry.
const INVENTORY: &[Meaning] = &[
    down(25001),
    in_field(25003, 25003, ProblemKind::PriceRefused, "price"),
    in_field(25004, 25004, ProblemKind::QuantityRefused, "quantity"),
    in_field(25005, 25005, ProblemKind::CategoryInvalid, "category"),
    refused(25006, 25006, INVALID),
    policy(25007, 25007, FULFILLMENT_POLICY_ID),
    policy(25008, 25008, PAYMENT_POLICY_ID),
    policy(25009, 25009, RETURN_POLICY_ID),
    in_field(25011, 25011, INVALID, "tax"),
    in_setting(25012, 25012, LOCATION, MERCHANT_LOCATION_KEY),
    in_field(25013, 25013, ProblemKind::FamilyInvalid, "options"),
    in_field(25014, 25015, ProblemKind::ImageInvalid, "images"),
    refused(25016, 25016, INVALID),
    refused(25017, 25017, ProblemKind::FieldMissing),
    refused(25018, 25018, ProblemKind::SellerNotReady),
    refused(25019, 25019, ProblemKind::ListingLocked),
    in_field(25020, 25020, ProblemKind::WeightMissing, "weight"),
    in_field(25021, 25021, ProblemKind::ConditionInvalid, "condition"),
    refused(25022, 25022, ProblemKind::AttributeInvalid),
    refused(25023, 25024, INVALID),
    passing(25025, ProblemKind::ListingLocked, 10),
    refused(25026, 25026, ProblemKind::SellingLimit),
    refused(25029, 25029, ProblemKind::FieldMissing),
    refused(25031, 25032, INVALID),
    in_field(25034, 25034, ProblemKind::PolicyInvalid, "settings"),
    refused(25035, 25036, ProblemKind::PolicyInvalid),
    refused(25038, 25040, ProblemKind::ListingLocked),
    policy(25041, 25042, FULFILLMENT_POLICY_ID),
    policy(25043, 25046, RETURN_POLICY_ID),
    in_field(25047, 25049, ProblemKind::ApprovalNeeded, "condition"),
    in_field(25050, 25050, INVALID, "title"),
    in_field(25051, 25051, INVALID, "subtitle"),
    in_field(25052, 25052, ProblemKind::ImageMissing, "images"),
    Meaning {
        field: Field::Label,
        ..refused(25076, 25078, INVALID)
    },
    wrong_term(25079, 25079, "eBay: Repair score"),
    refused(25080, 25080, INVALID),
    no_term(25081, "eBay: Hazard statements"),
    no_term(25083, "eBay: Energy label picture"),
    no_term(25084, "eBay: Energy label information sheet"),
    wrong_term(25086, 25086, "eBay: Energy label picture"),
    refused(25088, 25088, INVALID),
    // Policies that Barrow does not send; the parameters are numbers and regions.
    refused(25089, 25095, ProblemKind::Refused),
    refused(25096, 25098, ProblemKind::ListingOnHold),
    wrong_term(25104, 25107, "eBay: Safety documents"),
    Meaning {
        field: Field::Label,
        ..refused(25108, 25108, INVALID)
    },
    no_term(25109, "eBay: Product safety statements"),
    no_term(25110, "eBay: Manufacturer street"),
    no_term(25111, "eBay: Manufacturer"),
    wrong_term(25112, 25112, "eBay: EU responsible person"),
    no_term(25113, "eBay: EU responsible person street"),
    no_term(25114, "eBay: EU responsible person"),
    wrong_term(25115, 25115, "eBay: EU responsible person country"),
    wrong_term(25116, 25116, "eBay: EU responsible person"),
    no_term(25118, "eBay: Manufacturer e-mail"),
    no_term(25119, "eBay: EU responsible person e-mail"),
    refused(25120, 25120, INVALID),
    // Its parameter is a category's name.
    refused(25121, 25121, ProblemKind::Refused),
    refused(25122, 25122, INVALID),
    policy(25123, 25124, RETURN_POLICY_ID),
    refused(25401, 25402, ProblemKind::Refused),
    in_field(25501, 25501, ProblemKind::ImageInvalid, "images"),
    refused(25502, 25502, ProblemKind::AttributeInvalid),
    refused(25503, 25503, INVALID),
    refused(25601, 25601, ProblemKind::AttributeInvalid),
    // Right after a write eBay may not find what was written.
    passing(25604, ProblemKind::MarketplaceDown, 5),
    gone(25701, 25702, ProblemKind::ListingGone),
    in_field(25703, 25703, ProblemKind::InOtherFamily, "sku"),
    in_field(25704, 25704, ProblemKind::ListedAlone, "sku"),
    in_field(25705, 25705, ProblemKind::FamilyInvalid, "options"),
    refused(25706, 25706, ProblemKind::Refused),
    in_field(25707, 25708, ProblemKind::SkuInvalid, "sku"),
    refused(25709, 25709, INVALID),
    gone(25710, 25710, ProblemKind::ListingGone),
    gone(25713, 25713, ProblemKind::ListingGone),
    in_field(25715, 25715, INVALID, "weight"),
    refused(25718, 25718, ProblemKind::Refused),
    gone(25725, 25725, ProblemKind::ListingGone),
    refused(25727, 25731, ProblemKind::Refused),
    in_field(25732, 25732, ProblemKind::InOtherFamily, "sku"),
    in_field(25733, 25733, ProblemKind::SkuInvalid, "sku"),
    refused(25734, 25734, ProblemKind::Refused),
    refused(25735, 25735, INVALID),
    refused(25739, 25742, INVALID),
    refused(25752, 25767, INVALID),
    in_setting(25800, 25806, LOCATION, MERCHANT_LOCATION_KEY),
    in_setting(25900, 25906, LOCATION, MERCHANT_LOCATION_KEY),
];

/// The Account API.
const ACCOUNT: &[Meaning] = &[
    in_field(20400, 20499, ProblemKind::PolicyInvalid, "settings"),
    passing(20500, ProblemKind::MarketplaceDown, 60),
    passing(20501, ProblemKind::MarketplaceDown, 3600),
    in_setting(21400, 21400, ProblemKind::SettingInvalid, MARKETPLACE_ID),
    down(35001),
    down(35002),
    refused(50114, 50116, ProblemKind::Refused),
    in_setting(50117, 50117, ProblemKind::SettingInvalid, MARKETPLACE_ID),
];

/// Orders, shipments, refunds.
const FULFILLMENT: &[Meaning] = &[
    down(30500),
    refused(30700, 31100, ProblemKind::Refused),
    gone(32100, 32100, ProblemKind::OrderUnknown),
    refused(32110, 32110, ProblemKind::ShipRefused),
    in_field(32200, 32210, ProblemKind::LineInvalid, "lines"),
    in_field(32300, 32300, ProblemKind::TrackingInvalid, "tracking"),
    refused(32400, 32400, ProblemKind::SellerNotReady),
    in_field(32500, 32500, ProblemKind::ShipRefused, "shipped_at"),
    refused(32600, 32600, ProblemKind::ShipRefused),
    refused(32800, 32800, ProblemKind::Refused),
    refused(34100, 34500, ProblemKind::ShipRefused),
    gone(33001, 33001, ProblemKind::CaseRefused),
    down(33000),
    refused(33003, 33004, ProblemKind::CaseRefused),
    in_field(33005, 33006, ProblemKind::EvidenceFile, "evidence"),
    refused(33007, 33009, ProblemKind::CaseRefused),
    // Something was done to it meanwhile: it is read and answered anew.
    passing(33011, ProblemKind::CaseRefused, 5),
    refused(33100, 33102, ProblemKind::CaseRefused),
    in_field(33103, 33107, ProblemKind::EvidenceFile, "evidence"),
    down(34900),
    in_field(34906, 34909, ProblemKind::RefundRefused, "amount"),
    gone(34913, 34913, ProblemKind::OrderUnknown),
    in_field(34914, 34914, ProblemKind::LineInvalid, "lines"),
    in_field(34915, 34915, ProblemKind::RefundRefused, "amount"),
    passing(34922, ProblemKind::RefundRefused, 600),
    in_field(34924, 34924, ProblemKind::RefundRefused, "amount"),
    // The buyer's payment is still on its way.
    passing(34929, ProblemKind::RefundRefused, 3600),
    refused(34901, 34999, ProblemKind::RefundRefused),
];

/// Categories, feeds, notifications, signatures.
const OTHERS: &[Meaning] = &[
    down(45500),
    down(46000),
    in_setting(46001, 46001, ProblemKind::SettingInvalid, MARKETPLACE_ID),
    refused(46002, 46002, ProblemKind::Refused),
    gone(46003, 46003, ProblemKind::CategoryInvalid),
    refused(46005, 46005, ProblemKind::Refused),
    down(62000),
    in_setting(62002, 62003, ProblemKind::SettingInvalid, MARKETPLACE_ID),
    // Our own request is at fault; the seller can mend nothing.
    refused(62004, 62004, ProblemKind::Refused),
    category(62005, 62005),
    refused(62006, 62007, ProblemKind::Refused),
    category(62008, 62009),
    refused(62103, 62103, ProblemKind::Refused),
    down(105_000),
    down(135_000),
    // Filters and pages of ours.
    refused(135_003, 135_016, ProblemKind::Refused),
    down(140_000),
    down(190_000),
    of_kind(190_013, 190_013, FORBIDDEN, ProblemKind::PermissionMissing),
    in_field(190_200, 190_204, ProblemKind::ImageInvalid, "images"),
    passing(160_024, ProblemKind::LimitReached, 900),
    passing(160_025, ProblemKind::LimitReached, 3600),
    refused(160_001, 160_100, ProblemKind::Refused),
    refused(195_002, 195_003, ProblemKind::Refused),
    of_kind(195_011, 195_011, FORBIDDEN, ProblemKind::PermissionMissing),
    down(210_000),
    refused(210_001, 210_006, ProblemKind::Refused),
    of_kind(215_000, 215_122, FORBIDDEN, ProblemKind::SignatureRefused),
    // Messages: filters and pages of ours, and what is wrong with an answer.
    down(335_000),
    refused(355_001, 355_005, ProblemKind::Refused),
    gone(355_006, 355_007, ProblemKind::MessageRefused),
    refused(355_008, 355_009, ProblemKind::Refused),
    refused(355_010, 355_015, ProblemKind::MessageRefused),
    refused(355_016, 355_017, ProblemKind::Refused),
    refused(355_018, 355_021, ProblemKind::MessageRefused),
    refused(355_022, 355_022, ProblemKind::Refused),
];

const TABLE: [&[Meaning]; 5] = [ACCESS, INVENTORY, ACCOUNT, FULFILLMENT, OTHERS];

/// The row of a number.
pub(super) fn meaning(error_id: i64) -> Option<&'static Meaning> {
    TABLE
        .into_iter()
        .flatten()
        .find(|meaning| (meaning.first..=meaning.last).contains(&error_id))
}

/// First and last number of each row, for whoever checks that none is left out.
pub fn rows() -> impl Iterator<Item = (i64, i64)> {
    TABLE
        .into_iter()
        .flatten()
        .map(|meaning| (meaning.first, meaning.last))
}
