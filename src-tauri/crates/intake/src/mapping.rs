//! What each column of a file is taken for.

use barrow_model::{Currency, Field, Layout, LengthUnit, OPTIONS_MAX, WeightUnit};
use serde::{Deserialize, Serialize};

use crate::cells::{length_unit, weight_unit};
use crate::names::{is_trait, normal, plain_field, shopify_field, woocommerce_field};
use crate::number::NumberFormat;
use crate::source::Encoding;

/// What a column is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "use", content = "of")]
pub enum ColumnUse {
    /// A field.
    Field(Field),
    /// The name of the option of this number, from 1.
    OptionName(u8),
    /// The value of the option of this number, from 1.
    OptionValue(u8),
    /// Values of the option of this name.
    Option(String),
    /// An attribute of the product.
    Attribute(String),
    /// An attribute of the variant.
    VariantAttribute(String),
    /// Read by the rules of the layout, such as WooCommerce's type and parent.
    Layout,
    /// Not read.
    Ignored,
}

impl ColumnUse {
    /// Reads what `--map` gives: a field's code, `option:NAME`, `attribute:NAME`,
    /// `variant_attribute:NAME`, `option1_name` to `option3_value`, or `ignore`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "ignore" {
            return Some(Self::Ignored);
        }
        Field::from_code(text)
            .map(Self::Field)
            .or_else(|| Self::named(text))
            .or_else(|| Self::numbered(&normal(text)))
    }

    fn named(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        match normal(kind).as_str() {
            "attribute" => Some(Self::Attribute(name.to_owned())),
            "variantattribute" => Some(Self::VariantAttribute(name.to_owned())),
            "option" => Some(Self::Option(name.to_owned())),
            _ => None,
        }
    }

    fn numbered(name: &str) -> Option<Self> {
        let rest = name.strip_prefix("option")?;
        let (digit, what) = rest.split_at_checked(1)?;
        let number: u8 = digit.parse().ok()?;
        if !(1..=OPTIONS_MAX as u8).contains(&number) {
            return None;
        }
        match what {
            "name" => Some(Self::OptionName(number)),
            "value" | "" => Some(Self::OptionValue(number)),
            _ => None,
        }
    }
}

impl From<Field> for ColumnUse {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its header as it stands in the file.
    pub header: String,
    /// What it is taken for.
    pub taken_for: ColumnUse,
    /// The unit or currency of numbers that name none.
    pub unit: Option<String>,
    /// Whether the unit is assumed, because the header does not name it either.
    pub unit_assumed: bool,
}

/// What a file was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The kind of file.
    pub layout: Layout,
    /// What its text is written in.
    pub encoding: Encoding,
    /// What separates its cells.
    pub delimiter: char,
    /// Which mark separates decimals where a number alone does not tell.
    pub numbers: NumberFormat,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
}

impl Mapping {
    /// The headers of columns that are not read.
    pub fn ignored(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .filter(|column| column.taken_for == ColumnUse::Ignored)
            .map(|column| column.header.as_str())
    }
}

/// Tells the layout by the columns' names.
pub(crate) fn layout_of(headers: &[String]) -> Layout {
    let names: Vec<String> = headers.iter().map(|header| normal(header)).collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    let older = has("handle") && (has("variantprice") || has("variantsku") || has("bodyhtml"));
    let newer = has("urlhandle") && (has("option1name") || has("price"));
    if older || newer {
        return Layout::Shopify;
    }
    if has("type") && has("regularprice") && (has("name") || has("parent") || has("instock")) {
        return Layout::WooCommerce;
    }
    Layout::Plain
}

/// How many of the columns are recognised in any layout.
pub(crate) fn recognised(headers: &[String], currency: Currency) -> usize {
    let layout = layout_of(headers);
    let columns = columns_of(headers, layout, currency);
    let known = |column: &&Column| column.taken_for != ColumnUse::Ignored;
    columns.iter().filter(known).count()
}

/// What the columns of a header are taken for. A field is taken from the first column that has
/// it.
pub(crate) fn columns_of(headers: &[String], layout: Layout, currency: Currency) -> Vec<Column> {
    let has_handle = headers
        .iter()
        .any(|header| plain_field(&normal(header)) == Some(Field::Handle));
    let mut columns: Vec<Column> = Vec::with_capacity(headers.len());
    for header in headers {
        let mut column = match layout {
            Layout::Shopify => shopify_column(header),
            Layout::WooCommerce => woocommerce_column(header, currency),
            Layout::Plain => plain_column(header, has_handle, currency),
        };
        let taken = columns
            .iter()
            .any(|earlier| earlier.taken_for == column.taken_for);
        if taken && column.taken_for != ColumnUse::Layout {
            column.taken_for = ColumnUse::Ignored;
        }
        columns.push(column);
    }
    columns
}

/// A column that the seller maps to a use.
pub(crate) fn mapped_column(header: &str, taken_for: ColumnUse, currency: Currency) -> Column {
    let unit = trailing_unit(header);
    match taken_for {
        ColumnUse::Field(field) => with_unit(header, field, unit.as_deref(), currency),
        taken_for => column(header, taken_for),
    }
}

fn column(header: &str, taken_for: ColumnUse) -> Column {
    Column {
        header: header.to_owned(),
        taken_for,
        unit: None,
        unit_assumed: false,
    }
}

fn shopify_column(header: &str) -> Column {
    let name = normal(header);
    if let Some(field) = shopify_field(&name) {
        let mut known = column(header, ColumnUse::Field(field));
        known.unit = (field == Field::Weight).then(|| "g".to_owned());
        return known;
    }
    if let Some(option) = ColumnUse::numbered(&name) {
        return column(header, option);
    }
    let taken_for = match name.as_str() {
        "type" | "giftcard" => ColumnUse::Layout,
        "googleshoppinggender" => ColumnUse::Attribute("Gender".to_owned()),
        "googleshoppingagegroup" => ColumnUse::Attribute("Age Group".to_owned()),
        _ => match header.split_once("(product.metafields.") {
            Some((label, _)) if !label.trim().is_empty() => {
                ColumnUse::Attribute(label.trim().to_owned())
            }
            _ => ColumnUse::Ignored,
        },
    };
    column(header, taken_for)
}

/// The columns that WooCommerce's rules read beside the fields.
pub(crate) const WOOCOMMERCE_LAYOUT: [&str; 8] = [
    "id",
    "type",
    "parent",
    "instock",
    "shortdescription",
    "saleprice",
    "datesalepricestarts",
    "datesalepriceends",
];

fn woocommerce_column(header: &str, currency: Currency) -> Column {
    let name = normal(header);
    if WOOCOMMERCE_LAYOUT.contains(&name.as_str()) || attribute_number(&name).is_some() {
        return column(header, ColumnUse::Layout);
    }
    let unit = trailing_unit(header);
    let bare = match &unit {
        Some(unit) => name.strip_suffix(normal(unit).as_str()).unwrap_or(&name),
        None => &name,
    };
    match woocommerce_field(bare).or_else(|| woocommerce_field(&name)) {
        Some(field) => with_unit(header, field, unit.as_deref(), currency),
        None => column(header, ColumnUse::Ignored),
    }
}

/// `attribute1name` and `attribute1values`: the number, and whether it is the name.
pub(crate) fn attribute_number(name: &str) -> Option<(u32, bool)> {
    let rest = name.strip_prefix("attribute")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..digits].parse().ok()?;
    match &rest[digits..] {
        "name" => Some((number, true)),
        "values" | "value" => Some((number, false)),
        _ => None,
    }
}

fn plain_column(header: &str, has_handle: bool, currency: Currency) -> Column {
    if let Some(named) = ColumnUse::named(header) {
        return column(header, named);
    }
    let name = normal(header);
    if let Some(field) = plain_field(&name) {
        return with_unit(header, field, None, currency);
    }
    if let Some(option) = ColumnUse::numbered(&name) {
        return column(header, option);
    }
    if let Some(unit) = trailing_unit(header) {
        let bare = name.strip_suffix(normal(&unit).as_str()).unwrap_or(&name);
        if let Some(field) = plain_field(bare) {
            return with_unit(header, field, Some(&unit), currency);
        }
    }
    if is_trait(&name) {
        let label = header.trim().to_owned();
        return column(
            header,
            if has_handle {
                ColumnUse::Option(label)
            } else {
                ColumnUse::Attribute(label)
            },
        );
    }
    column(header, ColumnUse::Ignored)
}

/// The last word of a header, which may be a unit or currency: `Weight (kg)`, `price_usd`.
fn trailing_unit(header: &str) -> Option<String> {
    let mut words = header
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let last = words.next_back()?;
    (last.len() < header.trim().len()).then(|| last.to_lowercase())
}

fn with_unit(header: &str, field: Field, unit: Option<&str>, currency: Currency) -> Column {
    let metric = currency != Currency::USD;
    let (unit, assumed) = match field {
        Field::Weight => match unit.filter(|name| weight_unit(name).is_some()) {
            Some(unit) => (Some(unit), false),
            None => (Some(if metric { "kg" } else { "lb" }), true),
        },
        Field::Length | Field::Width | Field::Height => {
            match unit.filter(|name| length_unit(name).is_some()) {
                Some(unit) => (Some(unit), false),
                None => (Some(if metric { "cm" } else { "in" }), true),
            }
        }
        Field::Price | Field::Cost | Field::CompareAt => {
            (unit.filter(|name| Currency::parse(name).is_ok()), false)
        }
        _ => (None, false),
    };
    Column {
        header: header.to_owned(),
        taken_for: ColumnUse::Field(field),
        unit: unit.map(str::to_owned),
        unit_assumed: assumed,
    }
}

/// Where the fields stand, resolved once per file.
#[derive(Debug)]
pub(crate) struct Plan {
    fields: [Option<usize>; Field::ALL.len()],
    pub(crate) headers: Vec<String>,
    pub(crate) option_names: [Option<usize>; OPTIONS_MAX],
    pub(crate) option_values: [Option<usize>; OPTIONS_MAX],
    pub(crate) options: Vec<(usize, String)>,
    pub(crate) attributes: Vec<(usize, String)>,
    pub(crate) variant_attributes: Vec<(usize, String)>,
    pub(crate) weight: WeightUnit,
    pub(crate) lengths: [(LengthUnit, i64); 3],
    pub(crate) money: [Option<Currency>; 3],
    pub(crate) numbers: NumberFormat,
    pub(crate) currency: Currency,
    /// Whether stock below zero means that more was sold than was there, as shops write it; in
    /// other files it is a mistake.
    pub(crate) oversold: bool,
}

/// The fields whose cells are lengths, in the order of [`Plan::lengths`].
pub(crate) const LENGTHS: [Field; 3] = [Field::Length, Field::Width, Field::Height];
/// The fields whose cells are amounts, in the order of [`Plan::money`].
pub(crate) const AMOUNTS: [Field; 3] = [Field::Cost, Field::Price, Field::CompareAt];

impl Plan {
    pub(crate) fn new(columns: &[Column], numbers: NumberFormat, currency: Currency) -> Self {
        let metric = currency != Currency::USD;
        let mut plan = Self {
            fields: [None; Field::ALL.len()],
            headers: columns.iter().map(|c| c.header.clone()).collect(),
            option_names: [None; OPTIONS_MAX],
            option_values: [None; OPTIONS_MAX],
            options: Vec::new(),
            attributes: Vec::new(),
            variant_attributes: Vec::new(),
            weight: if metric {
                WeightUnit::Kilogram
            } else {
                WeightUnit::Pound
            },
            lengths: [if metric {
                (LengthUnit::Centimetre, 1)
            } else {
                (LengthUnit::Inch, 1)
            }; 3],
            money: [None; 3],
            numbers,
            currency,
            oversold: false,
        };
        for (index, column) in columns.iter().enumerate() {
            plan.add(index, column);
        }
        plan
    }

    fn add(&mut self, index: usize, column: &Column) {
        let unit = column.unit.as_deref();
        match &column.taken_for {
            ColumnUse::Field(field) => {
                self.fields[*field as usize].get_or_insert(index);
                if *field == Field::Weight {
                    self.weight = unit.and_then(weight_unit).unwrap_or(self.weight);
                }
                if let Some(at) = LENGTHS.iter().position(|f| f == field) {
                    self.lengths[at] = unit.and_then(length_unit).unwrap_or(self.lengths[at]);
                }
                if let Some(at) = AMOUNTS.iter().position(|f| f == field) {
                    self.money[at] = unit.and_then(|code| Currency::parse(code).ok());
                }
            }
            ColumnUse::OptionName(number) => {
                self.option_names[usize::from(*number) - 1] = Some(index);
            }
            ColumnUse::OptionValue(number) => {
                self.option_values[usize::from(*number) - 1] = Some(index);
            }
            ColumnUse::Option(name) => self.options.push((index, name.clone())),
            ColumnUse::Attribute(name) => self.attributes.push((index, name.clone())),
            ColumnUse::VariantAttribute(name) => {
                self.variant_attributes.push((index, name.clone()));
            }
            ColumnUse::Layout | ColumnUse::Ignored => {}
        }
    }

    /// The column of a field.
    pub(crate) fn field(&self, field: Field) -> Option<usize> {
        self.fields[field as usize]
    }

    /// The columns whose cells are numbers.
    pub(crate) fn numeric_columns(&self) -> Vec<usize> {
        let fields = AMOUNTS.iter().chain(&LENGTHS).chain(&[Field::Weight]);
        fields.filter_map(|field| self.field(*field)).collect()
    }

    /// The column whose normalised name this is.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.headers
            .iter()
            .position(|header| normal(header) == name)
    }
}
