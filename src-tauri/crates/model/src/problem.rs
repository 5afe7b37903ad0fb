//! What needs a person.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! problem_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The closed set of problems. Each has its words in `ui/messages`, by this code and by
        /// the parameters of the [`Problem`]; a kind exists only where people act on it
        /// differently.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        pub enum ProblemKind {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl ProblemKind {
            /// All kinds, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code under which messages and the database know it.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The kind of a code; none for a code that this version does not know.
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

problem_kinds! {
    /// The marketplace does not know these keys.
    CredentialsRefused = "credentials_refused",
    /// The consent has ended; the seller must sign in again.
    ConsentEnded = "consent_ended",
    /// The seller has not agreed yet; he must sign in at the marketplace.
    ConsentMissing = "consent_missing",
    /// The consent ends soon. `params.until`.
    ConsentEnds = "consent_ends",
    /// What came back from the sign-in is no consent. `params.why`: declined, other, unreadable,
    /// code, scope.
    ConsentRefused = "consent_refused",
    /// The marketplace wants a call signed and did not take the signature.
    SignatureRefused = "signature_refused",
    /// A key or setting of the account is missing. `params.setting`.
    SettingMissing = "setting_missing",
    /// A setting of the account has a value that cannot be. `params.setting`.
    SettingInvalid = "setting_invalid",
    /// The keys lack a permission. `params.permission`, `params.feature`.
    PermissionMissing = "permission_missing",
    /// The seller's account at the marketplace is not ready to sell.
    SellerNotReady = "seller_not_ready",
    /// Nobody answers at the address.
    Unreachable = "unreachable",
    /// The connection could not be made safe.
    TlsFailed = "tls_failed",
    /// The marketplace did not answer in time.
    NoAnswer = "no_answer",
    /// The marketplace answers with something that is not its own format.
    AnswerUnreadable = "answer_unreadable",
    /// The marketplace has a fault of its own.
    MarketplaceDown = "marketplace_down",
    /// The marketplace's limit is used up. `params.until`.
    LimitReached = "limit_reached",
    /// A title is missing.
    TitleMissing = "title_missing",
    /// A description is missing.
    DescriptionMissing = "description_missing",
    /// No picture.
    ImageMissing = "image_missing",
    /// A picture cannot be used. `params.url`.
    ImageInvalid = "image_invalid",
    /// A picture's file cannot be used. `params.file`, `params.why`: missing, unreadable,
    /// too_large, side, form, several.
    PictureFile = "picture_file",
    /// A file cannot be given to a bank as evidence. `params.file`, `params.why`: missing,
    /// unreadable, too_large, form; none, where no file is named; together, where all of them are
    /// too large; many, where the marketplace takes no more.
    EvidenceFile = "evidence_file",
    /// A barcode number is demanded.
    GtinMissing = "gtin_missing",
    /// The barcode number is not accepted.
    GtinInvalid = "gtin_invalid",
    /// The barcode number belongs to another listing.
    GtinConflict = "gtin_conflict",
    /// A brand is missing.
    BrandMissing = "brand_missing",
    /// A required attribute is missing. `params.attribute`.
    AttributeMissing = "attribute_missing",
    /// An attribute has a value that is not allowed. `params.attribute`, `params.allowed`.
    /// `params.why`, with `params.value`: bound, where it goes only with the allowed values of
    /// `params.other`; whole, number, year, month, day, code, picture or score, where it is not in
    /// that form. many, where there are more values than `params.most`.
    AttributeInvalid = "attribute_invalid",
    /// No category.
    CategoryMissing = "category_missing",
    /// The category does not exist there or takes no listings. `params.why`: retired, where
    /// `params.replacement` took its place.
    CategoryInvalid = "category_invalid",
    /// The condition is not allowed in the category.
    ConditionInvalid = "condition_invalid",
    /// No price.
    PriceMissing = "price_missing",
    /// The price is zero or negative.
    PriceNotPositive = "price_not_positive",
    /// An override lies below the floor. `params.price`, `params.floor`.
    PriceBelowFloor = "price_below_floor",
    /// The price's currency is not the site's. `params.currency`, `params.expected`.
    PriceCurrency = "price_currency",
    /// A rule needs an exchange rate that is missing or out of date. `params.from`, `params.to`.
    RateMissing = "rate_missing",
    /// The marketplace does not accept the price.
    PriceRefused = "price_refused",
    /// The marketplace does not accept the quantity.
    QuantityRefused = "quantity_refused",
    /// A business policy is missing. `params.policy`.
    PolicyMissing = "policy_missing",
    /// A business policy does not fit the listing. `params.policy`.
    PolicyInvalid = "policy_invalid",
    /// The place that the goods ship from is missing.
    LocationMissing = "location_missing",
    /// The weight or package size is missing.
    WeightMissing = "weight_missing",
    /// The SKU has a form that the marketplace does not take. `params.limit`. `params.why`: signs,
    /// and then `params.allowed`.
    SkuInvalid = "sku_invalid",
    /// A text is too long. `params.limit`, `params.length`.
    TextTooLong = "text_too_long",
    /// A text is too short. `params.minimum`, `params.length`.
    TextTooShort = "text_too_short",
    /// A field is missing.
    FieldMissing = "field_missing",
    /// A field has a value that is not accepted.
    FieldInvalid = "field_invalid",
    /// Goods that may not be sold there.
    Prohibited = "prohibited",
    /// The seller's selling limit at the marketplace is reached.
    SellingLimit = "selling_limit",
    /// The listing cannot be changed now. `params.until` where known.
    ListingLocked = "listing_locked",
    /// The marketplace keeps the listing back until something is mended.
    ListingOnHold = "listing_on_hold",
    /// The listing is not there any more.
    ListingGone = "listing_gone",
    /// The same goods are listed there already.
    ListingDuplicate = "listing_duplicate",
    /// The marketplace has no page for these goods.
    PageMissing = "page_missing",
    /// Several of the marketplace's pages fit these goods. `params.candidates`.
    PageAmbiguous = "page_ambiguous",
    /// The marketplace took the change in and never showed it. `params.hours`.
    NotTakenOver = "not_taken_over",
    /// The seller needs the marketplace's approval for these goods. `params.url` where known.
    ApprovalNeeded = "approval_needed",
    /// Variants of a family contradict each other.
    FamilyInvalid = "family_invalid",
    /// A variant has no value for an option that the others differ in. `params.option`.
    FamilyValueMissing = "family_value_missing",
    /// Two variants of a family have the same options. `params.other`.
    FamilyValuesSame = "family_values_same",
    /// A variant's condition is not that of its family. `params.other`.
    FamilyCondition = "family_condition",
    /// A variant's category is not that of its family. `params.other`.
    FamilyCategory = "family_category",
    /// A variant's policies or settings are not those of its family. `params.other`.
    FamilySettings = "family_settings",
    /// The category lets no variants differ in an option. `params.option`.
    FamilyAxis = "family_axis",
    /// The variant is for sale alone, and must be ended before it can join its family.
    ListedAlone = "listed_alone",
    /// The SKU is the seller's on another site, and the marketplace keeps one text and one stock of
    /// a SKU. `params.site`.
    SkuOnOtherSite = "sku_on_other_site",
    /// The SKU belongs to another listing with variants.
    InOtherFamily = "in_other_family",
    /// A listing that was made by other means cannot be worked with from here.
    NotHandedOver = "not_handed_over",
    /// The marketplace keeps the SKU in the language of another of its sites.
    /// `params.language`.
    OtherLanguage = "other_language",
    /// The marketplace does not offer this function. `params.feature`.
    Unsupported = "unsupported",
    /// A price moves further than is allowed without a yes. `params.from`, `params.to`.
    PriceMovesFar = "price_moves_far",
    /// Much stock would go to zero at once. `params.count`, `params.of`.
    StockEmptied = "stock_emptied",
    /// More listings would end or change than is allowed without a yes. `params.count`,
    /// `params.of`.
    ManyChanges = "many_changes",
    /// An order line has a SKU that no product has. `params.sku`.
    SkuUnmatched = "sku_unmatched",
    /// More was sold than there is. `params.missing`.
    Oversold = "oversold",
    /// An order is unknown to the marketplace.
    OrderUnknown = "order_unknown",
    /// An order record could not be read and waits in quarantine.
    OrderUnreadable = "order_unreadable",
    /// The carrier is not one that the marketplace knows. `params.carrier`.
    CarrierInvalid = "carrier_invalid",
    /// The tracking number has a form that is not taken. `params.why`: carrier, where it may be the
    /// carrier as well, and then `params.carrier`.
    TrackingInvalid = "tracking_invalid",
    /// Lines or quantities do not fit the order.
    LineInvalid = "line_invalid",
    /// The order cannot be shipped now: cancelled, unpaid, or shipped already.
    ShipRefused = "ship_refused",
    /// The buyer has not paid: it is shipped only if the seller says so.
    NotPaid = "not_paid",
    /// The marketplace wants a carrier and a tracking number with every shipment.
    TrackingNeeded = "tracking_needed",
    /// The order cannot be cancelled now.
    CancelRefused = "cancel_refused",
    /// The refund is not accepted.
    RefundRefused = "refund_refused",
    /// The marketplace does not take this answer to a case, or not any more.
    CaseRefused = "case_refused",
    /// The marketplace does not take this answer to a buyer. `params.why` where it is known here.
    MessageRefused = "message_refused",
    /// Nobody can say what became of a sending; a person must look. `params.action`.
    FateUnknown = "fate_unknown",
    /// Refused for a reason that Barrow does not know; the marketplace's own words tell.
    Refused = "refused",
    /// The marketplace did it and left out options that it does not take there.
    OptionsDropped = "options_dropped",
    /// The marketplace did it and remarks something; its own words tell.
    Remark = "remark",
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The marketplace's own words, kept beside ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct VendorError {
    /// Its code, such as `25002`.
    pub code: String,
    /// Its text, at most [`VendorError::TEXT_CHARS_MAX`] characters.
    pub text: String,
}

impl VendorError {
    /// Longest text that is kept.
    pub const TEXT_CHARS_MAX: usize = 500;

    /// Keeps a code and the beginning of a text.
    pub fn new(code: impl Into<String>, text: impl AsRef<str>) -> Self {
        let text = text
            .as_ref()
            .trim()
            .chars()
            .take(Self::TEXT_CHARS_MAX)
            .collect();
        Self {
            code: code.into(),
            text,
        }
    }
}

/// Something that needs a person: a kind, the field to mend, and what the words need to be exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The field to mend, in our words (`title`, `price`, `attributes.Brand`).
    pub field: Option<String>,
    /// Values for the words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// What the marketplace said.
    pub vendor: Option<VendorError>,
}

impl Problem {
    /// A problem without particulars.
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            field: None,
            params: BTreeMap::new(),
            vendor: None,
        }
    }

    /// Names the field to mend.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds a value for the words.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.params.insert(name.into(), value.to_string());
        self
    }

    /// Keeps what the marketplace said.
    #[must_use]
    pub fn vendor(mut self, code: impl Into<String>, text: impl AsRef<str>) -> Self {
        self.vendor = Some(VendorError::new(code, text));
        self
    }
}

/// Parameters that are the same for everything with the same cause; others, such as a price or a
/// length, are of the one thing alone.
const CAUSE_PARAMS: [&str; 12] = [
    "action",
    "attribute",
    "carrier",
    "currency",
    "expected",
    "feature",
    "limit",
    "minimum",
    "option",
    "permission",
    "policy",
    "setting",
];

impl Problem {
    /// What is mended together has the same cause: kind, field, and the parameters that are not of
    /// one thing alone; of what Barrow does not know also the marketplace's code.
    pub fn cause(&self) -> String {
        let mut cause = format!(
            "{}/{}",
            self.kind,
            self.field.as_deref().unwrap_or_default()
        );
        for (name, value) in &self.params {
            if CAUSE_PARAMS.contains(&name.as_str()) {
                cause.push_str(&format!("/{name}={value}"));
            }
        }
        if self.kind == ProblemKind::Refused {
            let code = self.vendor.as_ref().map(|vendor| vendor.code.as_str());
            cause.push('/');
            cause.push_str(code.unwrap_or_default());
        }
        cause
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(field) = &self.field {
            write!(f, " in {field}")?;
        }
        if let Some(vendor) = &self.vendor {
            write!(f, " ({}: {})", vendor.code, vendor.text)?;
        }
        Ok(())
    }
}
