//! Products, variants and kits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::gtin::Gtin;
use crate::id::{ProductId, Revision, SkuId};
use crate::measure::{Dimensions, Weight};
use crate::money::Money;
use crate::sku::Sku;

/// How many options tell variants apart at most, such as colour, size and material.
pub const OPTIONS_MAX: usize = 3;

/// Free attributes: name to values, in the seller's Unicode.
pub type Attributes = BTreeMap<String, Vec<String>>;

/// What a buyer sees as one thing; it has one or more variants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Product {
    /// Its row.
    pub id: ProductId,
    /// A stable name of the product in files: Shopify's handle, WooCommerce's parent SKU, or the
    /// SKU of its only variant. Unique.
    pub handle: String,
    /// Title, never empty.
    pub title: String,
    /// Description, plain text or HTML.
    pub description: String,
    /// Brand or maker.
    pub brand: Option<String>,
    /// Path in the seller's own categories, outermost first.
    pub category: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Attributes that hold for all variants.
    pub attributes: Attributes,
    /// Pictures of the product, the first one leads.
    pub images: Vec<Image>,
    /// Names of the options that tell its variants apart; at most [`OPTIONS_MAX`], none for a
    /// product of one variant.
    pub option_names: Vec<String>,
    /// Counts its edits.
    pub revision: Revision,
}

/// One value of an option, such as colour: red.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OptionValue {
    /// The option's name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// What has a SKU, stock and a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Variant {
    /// Its row, shared with kits.
    pub id: SkuId,
    /// The product that it belongs to.
    pub product_id: ProductId,
    /// The seller's SKU, unique among variants and kits.
    pub sku: Sku,
    /// Values of the product's options, in their order.
    pub options: Vec<String>,
    /// Barcode number.
    pub gtin: Option<Gtin>,
    /// Manufacturer part number.
    pub mpn: Option<String>,
    /// Amazon's number.
    pub asin: Option<String>,
    /// Condition; none is taken as new by rules that say so.
    pub condition: Option<Condition>,
    /// Weight of the package.
    pub weight: Option<Weight>,
    /// Size of the package.
    pub dimensions: Option<Dimensions>,
    /// What one unit costs the seller.
    pub cost: Option<Money>,
    /// The price that rules start from.
    pub price: Option<Money>,
    /// The price to compare with (strike-through).
    pub compare_at: Option<Money>,
    /// Pictures of this variant alone.
    pub images: Vec<Image>,
    /// Attributes of this variant alone.
    pub attributes: Attributes,
    /// Counts its edits.
    pub revision: Revision,
}

/// Several variants sold as one SKU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Kit {
    /// Its row, shared with variants.
    pub id: SkuId,
    /// The product that gives it title, description and pictures.
    pub product_id: ProductId,
    /// The seller's SKU, unique among variants and kits.
    pub sku: Sku,
    /// What it is made of; at least one part.
    pub parts: Vec<KitPart>,
    /// The price that rules start from.
    pub price: Option<Money>,
    /// Counts its edits.
    pub revision: Revision,
}

/// A part of a kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct KitPart {
    /// The variant; never a kit.
    pub variant_id: SkuId,
    /// Units of it in one kit, at least 1.
    pub quantity: u32,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Image {
    /// Where it is.
    pub source: ImageSource,
    /// What it shows, for people who do not see it.
    pub alt: Option<String>,
}

/// Where a picture is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ImageSource {
    /// An http or https address.
    Url(String),
    /// A file on this computer.
    File(String),
}

/// The condition of goods, in the grades that marketplaces share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// New, in its package.
    New,
    /// New without package, or opened.
    NewOther,
    /// New with a flaw.
    NewWithDefects,
    /// Refurbished by or for the maker.
    CertifiedRefurbished,
    /// Refurbished, excellent.
    ExcellentRefurbished,
    /// Refurbished, very good.
    VeryGoodRefurbished,
    /// Refurbished, good.
    GoodRefurbished,
    /// Refurbished by the seller.
    SellerRefurbished,
    /// Used, like new.
    LikeNew,
    /// Worn, excellent: of clothes and shoes.
    PreOwnedExcellent,
    /// Used, very good.
    VeryGood,
    /// Used, good.
    Good,
    /// Worn, fair: of clothes and shoes.
    PreOwnedFair,
    /// Used, acceptable.
    Acceptable,
    /// For parts, or not working.
    ForParts,
}

impl Condition {
    /// All grades, best first.
    pub const ALL: [Self; 15] = [
        Self::New,
        Self::NewOther,
        Self::NewWithDefects,
        Self::CertifiedRefurbished,
        Self::ExcellentRefurbished,
        Self::VeryGoodRefurbished,
        Self::GoodRefurbished,
        Self::SellerRefurbished,
        Self::LikeNew,
        Self::PreOwnedExcellent,
        Self::VeryGood,
        Self::Good,
        Self::PreOwnedFair,
        Self::Acceptable,
        Self::ForParts,
    ];

    /// Its name in files and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::NewOther => "new_other",
            Self::NewWithDefects => "new_with_defects",
            Self::CertifiedRefurbished => "certified_refurbished",
            Self::ExcellentRefurbished => "excellent_refurbished",
            Self::VeryGoodRefurbished => "very_good_refurbished",
            Self::GoodRefurbished => "good_refurbished",
            Self::SellerRefurbished => "seller_refurbished",
            Self::LikeNew => "like_new",
            Self::PreOwnedExcellent => "pre_owned_excellent",
            Self::VeryGood => "very_good",
            Self::Good => "good",
            Self::PreOwnedFair => "pre_owned_fair",
            Self::Acceptable => "acceptable",
            Self::ForParts => "for_parts",
        }
    }

    /// The grade of a name as [`Condition::code`] writes it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|condition| condition.code() == code)
    }
}
