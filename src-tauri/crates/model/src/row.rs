//! Rows of a catalogue file, as they are parsed and before anything is decided about them.
//!
//! `intake` makes them, `store` compares them with the catalogue and applies them. A field that a
//! file leaves blank is absent here, and an absent field changes nothing: a blank is never zero.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Attributes, Condition, ImageSource};
use crate::gtin::Gtin;
use crate::measure::{Length, Weight};
use crate::money::Money;
use crate::sku::Sku;

/// Which kind of file rows came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Shopify's product export: one row per variant under a handle.
    Shopify,
    /// WooCommerce's product export: parents and variations.
    WooCommerce,
    /// One row per variant, columns recognised by their names or mapped by the seller.
    Plain,
}

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SourceLine(pub u64);

/// What a row describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// A variant, with what it tells of its product.
    Variant,
    /// A product alone, such as WooCommerce's parent of variations.
    Product,
    /// A kit.
    Kit,
}

/// A cell of a row: kept, or left blank in the file.
pub type Cell<T> = Option<T>;

/// Pictures of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RowImages {
    /// Of the product; empty changes nothing.
    pub product: Vec<ImageSource>,
    /// Of the variant alone; empty changes nothing.
    pub variant: Vec<ImageSource>,
}

/// One row of a file, parsed and checked cell by cell. Product fields repeat on the rows of all
/// its variants or stand on one of them only; the first that is not blank counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Row {
    /// Line in the file, counted from 1 with the header as 1; the first line of a record that
    /// spans several.
    pub line: SourceLine,
    /// What it describes.
    pub kind: RowKind,
    /// The product's stable name; rows of one product share it.
    pub handle: String,
    /// The SKU; none for a product row.
    pub sku: Option<Sku>,
    /// Whether the SKU was derived because the file has none.
    pub sku_derived: bool,
    /// Title of the product.
    pub title: Cell<String>,
    /// Description of the product.
    pub description: Cell<String>,
    /// Brand.
    pub brand: Cell<String>,
    /// The seller's category path, outermost first.
    pub category: Cell<Vec<String>>,
    /// Tags.
    pub tags: Cell<Vec<String>>,
    /// Option names with this variant's values, at most three.
    pub options: Vec<(String, String)>,
    /// Barcode number.
    pub gtin: Cell<Gtin>,
    /// Manufacturer part number.
    pub mpn: Cell<String>,
    /// Amazon's number.
    pub asin: Cell<String>,
    /// Condition.
    pub condition: Cell<Condition>,
    /// Weight.
    pub weight: Cell<Weight>,
    /// Longest side.
    pub length: Cell<Length>,
    /// Middle side.
    pub width: Cell<Length>,
    /// Shortest side.
    pub height: Cell<Length>,
    /// Cost of one unit.
    pub cost: Cell<Money>,
    /// Base price.
    pub price: Cell<Money>,
    /// Price to compare with.
    pub compare_at: Cell<Money>,
    /// Counted stock, absolute.
    pub quantity: Cell<i64>,
    /// Where it was counted, by the location's name; none for the default location.
    pub location: Cell<String>,
    /// Pictures.
    pub images: RowImages,
    /// Attributes of the product.
    pub attributes: Attributes,
    /// Attributes of the variant alone.
    pub variant_attributes: Attributes,
    /// Parts of a kit: SKU and units.
    pub parts: Vec<(Sku, u32)>,
}

impl Row {
    /// A row of a variant of which nothing but its SKU is told.
    pub fn blank(line: SourceLine, handle: impl Into<String>, sku: Sku) -> Self {
        Self {
            line,
            kind: RowKind::Variant,
            handle: handle.into(),
            sku: Some(sku),
            sku_derived: false,
            title: None,
            description: None,
            brand: None,
            category: None,
            tags: None,
            options: Vec::new(),
            gtin: None,
            mpn: None,
            asin: None,
            condition: None,
            weight: None,
            length: None,
            width: None,
            height: None,
            cost: None,
            price: None,
            compare_at: None,
            quantity: None,
            location: None,
            images: RowImages::default(),
            attributes: Attributes::new(),
            variant_attributes: Attributes::new(),
            parts: Vec::new(),
        }
    }
}

/// Something wrong with one cell or row. It refuses its row and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CellIssue {
    /// Line in the file.
    pub line: SourceLine,
    /// The column's header as it stands in the file; none where the row as a whole is wrong.
    pub column: Option<String>,
    /// What stands there, shortened to 200 characters.
    pub value: String,
    /// What is wrong.
    pub kind: CellIssueKind,
    /// Whether the row is refused; else it is only told.
    pub refuses: bool,
}

/// What is wrong with a cell or a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CellIssueKind {
    /// No title, and no earlier row of the product has one.
    TitleMissing,
    /// No SKU and nothing to derive one from.
    SkuMissing,
    /// Not a SKU.
    SkuInvalid,
    /// The same SKU stands on an earlier line.
    SkuDuplicate {
        /// That line.
        first_line: u64,
    },
    /// Not a number.
    NotANumber,
    /// Below zero.
    Negative,
    /// Not a whole number.
    NotWhole,
    /// Not an amount of money.
    NotAnAmount,
    /// A currency other than the catalogue's.
    Currency {
        /// The catalogue's.
        expected: String,
    },
    /// A barcode number whose check digit is wrong.
    GtinCheckDigit {
        /// What the last digit would have to be.
        expected: u8,
    },
    /// A barcode number that a spreadsheet has shortened.
    GtinRounded,
    /// A barcode number that lost its leading zero, or gained decimals, in a spreadsheet and was
    /// repaired: the check digit proves it. Never refuses.
    GtinRepaired {
        /// What it was taken for, as written in the trade.
        taken_for: String,
    },
    /// No barcode number.
    GtinInvalid,
    /// Not a condition that is known.
    ConditionUnknown,
    /// Not a weight or length, or an unknown unit.
    MeasureInvalid,
    /// Not an address of a picture.
    ImageInvalid,
    /// A cell larger than is read.
    CellTooLarge {
        /// Bytes at most.
        limit: u64,
    },
    /// More cells than the header has.
    TooManyCells,
    /// A quotation mark that opens a cell and is never closed.
    QuoteUnclosed,
    /// The parent that a variation names is not in the file and not in the catalogue.
    ParentMissing,
    /// A kind of product that cannot be sold as goods (WooCommerce: grouped, external).
    KindUnsupported {
        /// The file's own word.
        found: String,
    },
    /// More than three options.
    TooManyOptions,
    /// A part of a kit that is not known.
    PartUnknown,
    /// Bytes that are not in the file's encoding were replaced.
    Undecodable,
}

/// What columns can hold, for mapping and for `--default`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The product's stable name.
    Handle,
    /// SKU.
    Sku,
    /// Title.
    Title,
    /// Description.
    Description,
    /// Brand.
    Brand,
    /// Category path.
    Category,
    /// Tags.
    Tags,
    /// Barcode number.
    Gtin,
    /// Manufacturer part number.
    Mpn,
    /// Amazon's number.
    Asin,
    /// Condition.
    Condition,
    /// Weight.
    Weight,
    /// Longest side.
    Length,
    /// Middle side.
    Width,
    /// Shortest side.
    Height,
    /// Cost.
    Cost,
    /// Base price.
    Price,
    /// Price to compare with.
    CompareAt,
    /// Stock.
    Quantity,
    /// Location of the stock.
    Location,
    /// Pictures of the product.
    Images,
    /// Pictures of the variant.
    VariantImages,
    /// Currency of the row's amounts.
    Currency,
    /// Parts of a kit, `SKU:units` with semicolons between.
    Parts,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 24] = [
        Self::Handle,
        Self::Sku,
        Self::Title,
        Self::Description,
        Self::Brand,
        Self::Category,
        Self::Tags,
        Self::Gtin,
        Self::Mpn,
        Self::Asin,
        Self::Condition,
        Self::Weight,
        Self::Length,
        Self::Width,
        Self::Height,
        Self::Cost,
        Self::Price,
        Self::CompareAt,
        Self::Quantity,
        Self::Location,
        Self::Images,
        Self::VariantImages,
        Self::Currency,
        Self::Parts,
    ];

    /// Its name in `--map` and `--default`, and as a column of exports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Handle => "handle",
            Self::Sku => "sku",
            Self::Title => "title",
            Self::Description => "description",
            Self::Brand => "brand",
            Self::Category => "category",
            Self::Tags => "tags",
            Self::Gtin => "gtin",
            Self::Mpn => "mpn",
            Self::Asin => "asin",
            Self::Condition => "condition",
            Self::Weight => "weight",
            Self::Length => "length",
            Self::Width => "width",
            Self::Height => "height",
            Self::Cost => "cost",
            Self::Price => "price",
            Self::CompareAt => "compare_at",
            Self::Quantity => "quantity",
            Self::Location => "location",
            Self::Images => "images",
            Self::VariantImages => "variant_images",
            Self::Currency => "currency",
            Self::Parts => "parts",
        }
    }

    /// The field of a name as [`Field::code`] writes it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}
