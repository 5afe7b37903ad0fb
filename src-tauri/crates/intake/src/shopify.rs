//! Shopify's product export: one row per variant under a handle, later rows nearly empty, and rows
//! that only add a picture.
//!
//! Source: Shopify Help Center, "Using CSV files to import and export products".

use barrow_model::{CellIssueKind, Field, ImageSource, Row};

use crate::derive::derived_sku;
use crate::mapping::Plan;
use crate::reading::{OptionNames, Reading};

/// The columns that only Shopify's rules read.
#[derive(Debug)]
pub(crate) struct Shopify {
    kind: Option<usize>,
    gift_card: Option<usize>,
    names: OptionNames,
}

/// What a record is.
#[derive(Debug)]
pub(crate) enum Taken {
    /// A variant.
    Variant(Box<Row>),
    /// Further pictures of the product above.
    Pictures(String, Vec<ImageSource>),
}

impl Shopify {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            kind: plan.named("type"),
            gift_card: plan.named("giftcard"),
            names: OptionNames::default(),
        }
    }

    pub(crate) fn read(&mut self, reading: &mut Reading<'_>) -> Taken {
        let mut row = reading.row();
        let gift = self.gift_card.and_then(|column| reading.cell(column));
        if gift.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            let found = "gift card".to_owned();
            let kind = CellIssueKind::KindUnsupported { found };
            reading.refuse(self.gift_card, &row.handle, kind);
        }
        row.options = reading.options(&mut self.names, &row.handle);
        let is_variant = row.sku.is_some() || row.price.is_some() || !row.options.is_empty();
        if !is_variant && !reading.refused && row.title.is_none() && !row.handle.is_empty() {
            return Taken::Pictures(row.handle, row.images.product);
        }
        // A product without options has one that says so.
        let is_default =
            |(name, value): &(String, String)| name == "Title" && value == "Default Title";
        row.options.retain(|option| !is_default(option));
        // Shopify writes 0 for a weight that nobody entered.
        row.weight = row.weight.filter(|weight| !weight.value().is_zero());
        if row.category.is_none() {
            let kind = self.kind.and_then(|column| reading.cell(column));
            row.category = kind.map(|text| vec![text.into_owned()]);
        }
        self.name(&mut row, reading);
        Taken::Variant(Box::new(row))
    }

    fn name(&self, row: &mut Row, reading: &mut Reading<'_>) {
        if row.sku.is_none() && !reading.refused && !row.handle.is_empty() {
            let mut parts = vec![row.handle.as_str()];
            parts.extend(row.options.iter().map(|(_, value)| value.as_str()));
            row.sku = derived_sku(&parts);
            row.sku_derived = row.sku.is_some();
        }
        match &row.sku {
            Some(sku) if row.handle.is_empty() => row.handle = sku.as_str().to_owned(),
            None if !reading.refused => {
                let title = row.title.clone().unwrap_or_default();
                let column = reading.plan.field(Field::Handle);
                reading.refuse(column, &title, CellIssueKind::SkuMissing);
            }
            _ => {}
        }
    }
}
