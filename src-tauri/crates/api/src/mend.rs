//! The one action that mends a problem, so that it can be offered beside it.

use barrow_model::ProblemKind;
use serde::{Deserialize, Serialize};

/// What a person does about a problem. The window opens the place where it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// Give new keys or sign in again: the account's connection.
    Connect,
    /// Set something of the account: a setting, a policy, a location, a rule, a rate.
    SetAccount,
    /// Fill in or correct a field of the product or listing.
    SetField,
    /// Choose another category for the listing.
    SetCategory,
    /// Set a price or its rule.
    SetPrice,
    /// Count the stock, or set a quantity.
    SetStock,
    /// Say yes or no to what is held.
    Answer,
    /// Say which product a sold SKU is.
    Match,
    /// Say yes or no to a buyer who asks to cancel.
    Decide,
    /// Answer a case after a sale: here where it can be, else at the marketplace.
    AnswerCase,
    /// Read what a buyer wrote, and answer.
    AnswerMessage,
    /// Look at the order and do it anew.
    OpenOrder,
    /// Read kept records again.
    ReadAgain,
    /// Look at the listing here and at the marketplace.
    OpenListing,
    /// Something that can be done at the marketplace alone.
    AtMarketplace,
    /// Nothing now: it is tried again by itself.
    Wait,
}

/// Kinds that are mended in a field of the product or listing, as a pattern: the match that uses it
/// stays whole.
macro_rules! of_a_field {
    () => {
        ProblemKind::TitleMissing
            | ProblemKind::DescriptionMissing
            | ProblemKind::ImageMissing
            | ProblemKind::ImageInvalid
            | ProblemKind::PictureFile
            | ProblemKind::GtinMissing
            | ProblemKind::GtinInvalid
            | ProblemKind::GtinConflict
            | ProblemKind::BrandMissing
            | ProblemKind::AttributeMissing
            | ProblemKind::AttributeInvalid
            | ProblemKind::ConditionInvalid
            | ProblemKind::WeightMissing
            | ProblemKind::SkuInvalid
            | ProblemKind::TextTooLong
            | ProblemKind::TextTooShort
            | ProblemKind::FieldMissing
            | ProblemKind::FieldInvalid
            | ProblemKind::PageMissing
            | ProblemKind::PageAmbiguous
            | ProblemKind::FamilyInvalid
            | ProblemKind::FamilyValueMissing
            | ProblemKind::FamilyValuesSame
            | ProblemKind::FamilyCondition
            | ProblemKind::FamilyCategory
            | ProblemKind::FamilySettings
            | ProblemKind::FamilyAxis
            | ProblemKind::InOtherFamily
            | ProblemKind::OtherLanguage
    };
}

impl Mend {
    /// What mends problems of a kind.
    pub fn of(kind: ProblemKind) -> Self {
        use ProblemKind as Kind;
        match kind {
            Kind::CredentialsRefused
            | Kind::ConsentEnded
            | Kind::ConsentMissing
            | Kind::ConsentEnds
            | Kind::ConsentRefused
            | Kind::SignatureRefused
            | Kind::PermissionMissing => Self::Connect,
            Kind::SettingMissing
            | Kind::SettingInvalid
            | Kind::PolicyMissing
            | Kind::PolicyInvalid
            | Kind::LocationMissing
            | Kind::RateMissing => Self::SetAccount,
            Kind::Unreachable
            | Kind::TlsFailed
            | Kind::NoAnswer
            | Kind::AnswerUnreadable
            | Kind::MarketplaceDown
            | Kind::LimitReached
            | Kind::ListingLocked => Self::Wait,
            of_a_field!() => Self::SetField,
            Kind::CategoryMissing | Kind::CategoryInvalid => Self::SetCategory,
            Kind::PriceMissing
            | Kind::PriceNotPositive
            | Kind::PriceBelowFloor
            | Kind::PriceCurrency
            | Kind::PriceRefused => Self::SetPrice,
            Kind::QuantityRefused | Kind::Oversold => Self::SetStock,
            Kind::PriceMovesFar | Kind::StockEmptied | Kind::ManyChanges => Self::Answer,
            Kind::SkuUnmatched => Self::Match,
            Kind::OrderUnreadable => Self::ReadAgain,
            Kind::OrderUnknown
            | Kind::CarrierInvalid
            | Kind::TrackingInvalid
            | Kind::TrackingNeeded
            | Kind::NotPaid
            | Kind::LineInvalid
            | Kind::ShipRefused
            | Kind::CancelRefused
            | Kind::RefundRefused
            | Kind::CaseRefused
            | Kind::EvidenceFile => Self::OpenOrder,
            Kind::MessageRefused => Self::AnswerMessage,
            Kind::SellerNotReady
            | Kind::Prohibited
            | Kind::SellingLimit
            | Kind::ListingOnHold
            | Kind::ApprovalNeeded => Self::AtMarketplace,
            Kind::ListingGone
            | Kind::ListingDuplicate
            | Kind::ListedAlone
            | Kind::SkuOnOtherSite
            | Kind::NotTakenOver
            | Kind::NotHandedOver
            | Kind::Unsupported
            | Kind::FateUnknown
            | Kind::OptionsDropped
            | Kind::Remark
            | Kind::Refused => Self::OpenListing,
        }
    }
}
