//! What a listing sells, read in one go: everything that its wanted state is computed from.

use barrow_model::{
    Attributes, CategoryId, Condition, Dimensions, FamilyMembership, Gtin, Image, ListingId, Money,
    OptionValue, Settings, Sku, Weight,
};
use rusqlite::Row;

use crate::error::StoreError;
use crate::listing::{COLUMN_COUNT, COLUMNS, ListingRow, listing_row};
use crate::sql::{
    json, to_condition, to_dimensions, to_gtin, to_json, to_money, to_sku, to_weight,
};
use crate::store::Reader;

/// Listings that are read at once at most.
pub const GOODS_MAX: usize = 5_000;

/// A listing and what it sells.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedGoods {
    /// The listing.
    pub row: ListingRow,
    /// What it sells.
    pub goods: Goods,
}

/// A variant or kit with what it takes from its product.
#[derive(Clone, Debug, PartialEq)]
pub struct Goods {
    /// The seller's SKU.
    pub sku: Sku,
    /// The product's title.
    pub title: String,
    /// The product's description.
    pub description: String,
    /// Brand or maker.
    pub brand: Option<String>,
    /// The seller's own category path.
    pub category: Vec<String>,
    /// Attributes of the product, those of the variant over them.
    pub attributes: Attributes,
    /// Pictures: the variant's own first, then the product's.
    pub images: Vec<Image>,
    /// Options that tell it from its siblings.
    pub options: Vec<OptionValue>,
    /// How many variants and kits the product has.
    pub siblings: u32,
    /// Barcode number.
    pub gtin: Option<Gtin>,
    /// Manufacturer part number.
    pub mpn: Option<String>,
    /// Amazon's number.
    pub asin: Option<String>,
    /// Condition.
    pub condition: Option<Condition>,
    /// Weight of the package.
    pub weight: Option<Weight>,
    /// Size of the package.
    pub dimensions: Option<Dimensions>,
    /// What one unit costs; of a kit the sum of its parts.
    pub cost: Option<Money>,
    /// The price that rules start from.
    pub price: Option<Money>,
    /// The price to compare with.
    pub compare_at: Option<Money>,
    /// Units that can be sold: of a kit, as often as its parts suffice.
    pub available: i64,
    /// The parts of a kit; empty for a variant.
    pub parts: Vec<PartStock>,
    /// The family that the listing is shown in.
    pub family: Option<FamilyMembership>,
    /// How it compares with the others of its family; none without a family.
    pub mates: Option<Mates>,
}

/// How a listing compares with the others of its family that are wanted there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mates {
    /// A description that was set for one of them, and so holds for all.
    pub description: Option<String>,
    /// The SKU of an earlier one with the same options.
    pub twin: Option<String>,
    /// The one that stands for the family, unless it is this one.
    pub first: Option<FirstMate>,
}

/// What the first of a family is listed with; all others have to be alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstMate {
    /// Its SKU there.
    pub sku: String,
    /// Its condition, where one is told.
    pub condition: Option<Condition>,
    /// Its category, as set or suggested.
    pub category: Option<CategoryId>,
    /// The settings that were set for it alone.
    pub settings: Settings,
}

/// A part of a kit and what there is of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartStock {
    /// The part.
    pub sku: Sku,
    /// Units of it in one kit.
    pub quantity: u32,
    /// Units of it that can be sold.
    pub available: i64,
}

impl Reader<'_> {
    /// Listings and what they sell, at most [`GOODS_MAX`]; ids that are gone are missing.
    pub fn goods(&self, ids: &[ListingId]) -> Result<Vec<ListedGoods>, StoreError> {
        if ids.len() > GOODS_MAX {
            return Err(StoreError::invalid("ids", "too many listings at once"));
        }
        let sql = format!(
            "SELECT {COLUMNS}, s.sku, s.kind, p.title, p.description, p.brand, p.category,
               p.attributes, s.attributes, p.images, s.images, s.options, s.gtin, s.mpn, s.asin,
               s.condition, s.weight, s.length, s.width, s.height, s.cost_minor, s.cost_currency,
               s.price_minor, s.price_currency, s.compare_at_minor, s.compare_at_currency,
               max(0, s.on_hand - ifnull(r.reserved, 0)),
               (SELECT count(*) FROM skus q WHERE q.product_id = s.product_id),
               f.key, f.title,
               {FIRST_MATE}, p.option_names
             FROM json_each(?1) j JOIN listings l ON l.id = j.value
             JOIN skus s ON s.id = l.sku_id JOIN products p ON p.id = s.product_id
             LEFT JOIN stock_reserved r ON r.sku_id = s.id
             LEFT JOIN families f ON f.id = l.family_id"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut rows = statement.query([json(&ids)?])?;
        let mut all = Vec::with_capacity(ids.len());
        while let Some(row) = rows.next()? {
            let listed = listing_row(row)?;
            let mut goods = goods(row, &listed)?;
            if row.get::<_, String>(COLUMN_COUNT + 1)? == "kit" {
                self.add_parts(&listed, &mut goods)?;
            }
            self.add_mates(&listed, &mut goods)?;
            all.push(ListedGoods { row: listed, goods });
        }
        Ok(all)
    }

    /// Compares a listing with the others of its family. Its title and description are the
    /// family's: what was set for one of them holds for all.
    fn add_mates(&self, listed: &ListingRow, goods: &mut Goods) -> Result<(), StoreError> {
        let (Some(family), Some(id)) = (&mut goods.family, listed.listing.family_id) else {
            return Ok(());
        };
        let sql = format!(
            "SELECT {FIRST_MATE},
               (SELECT json_extract(m.overrides, '$.title') FROM {MATES}
                AND json_extract(m.overrides, '$.title') IS NOT NULL ORDER BY m.id LIMIT 1),
               (SELECT json_extract(m.overrides, '$.description') FROM {MATES}
                AND json_extract(m.overrides, '$.description') IS NOT NULL ORDER BY m.id LIMIT 1),
               (SELECT m.channel_sku FROM {MATES} AND m.id < l.id AND EXISTS (
                  SELECT 1 FROM skus a, skus b WHERE a.id = l.sku_id AND b.id = m.sku_id
                    AND lower(a.options) = lower(b.options)) ORDER BY m.id LIMIT 1)
             FROM listings l WHERE l.id = ?1 AND l.family_id = ?2"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let (first, title, description, twin) =
            statement.query_row((listed.listing.id.0, id.0), |row| {
                let first: Option<i64> = row.get(0)?;
                let title: Option<String> = row.get(1)?;
                Ok((first, title, row.get(2)?, row.get(3)?))
            })?;
        if let Some(title) = title {
            family.title = title;
        }
        let first = first.filter(|first| *first != listed.listing.id.0);
        goods.mates = Some(Mates {
            description,
            twin,
            first: first.map(|first| self.first_mate(first)).transpose()?,
        });
        Ok(())
    }

    fn first_mate(&self, id: i64) -> Result<FirstMate, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT m.channel_sku, s.condition,
               ifnull(json_extract(m.overrides, '$.category'), m.category),
               ifnull(json_extract(m.overrides, '$.settings'), '{}')
             FROM listings m JOIN skus s ON s.id = m.sku_id WHERE m.id = ?1",
        )?;
        let (sku, condition, category, settings) = statement.query_row([id], |row| {
            let condition: Option<String> = row.get(1)?;
            let category: Option<String> = row.get(2)?;
            let settings: String = row.get(3)?;
            Ok((row.get(0)?, condition, category, settings))
        })?;
        Ok(FirstMate {
            sku,
            condition: to_condition(condition)?,
            category: category.map(CategoryId),
            settings: to_json(&settings)?,
        })
    }

    fn add_parts(&self, listed: &ListingRow, goods: &mut Goods) -> Result<(), StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT s.sku, k.quantity, max(0, s.on_hand - ifnull(r.reserved, 0)),
               s.cost_minor, s.cost_currency
             FROM kit_parts k JOIN skus s ON s.id = k.variant_id
             LEFT JOIN stock_reserved r ON r.sku_id = s.id
             WHERE k.kit_id = ?1 ORDER BY k.variant_id",
        )?;
        let mut rows = statement.query([listed.listing.sku_id.0])?;
        let mut costs: Option<Vec<Money>> = Some(Vec::new());
        while let Some(row) = rows.next()? {
            let part = PartStock {
                sku: to_sku(row.get(0)?)?,
                quantity: row.get(1)?,
                available: row.get(2)?,
            };
            let cost = to_money(row.get(3)?, row.get(4)?)?
                .and_then(|cost| cost.checked_mul(part.quantity).ok());
            costs = costs.zip(cost).map(|(mut costs, cost)| {
                costs.push(cost);
                costs
            });
            goods.parts.push(part);
        }
        goods.available = goods
            .parts
            .iter()
            .map(|part| part.available / i64::from(part.quantity.max(1)))
            .min()
            .unwrap_or(0);
        // A part without a cost, or costs in several currencies, leave the kit's cost unknown.
        goods.cost = goods
            .cost
            .or_else(|| costs.and_then(|costs| Money::sum(costs).ok().flatten()));
        Ok(())
    }
}

/// The listings of the same family that are wanted there; `l` is the one that is looked at.
const MATES: &str = "listings m WHERE m.family_id = l.family_id \
    AND m.state NOT IN ('ended', 'ending')";

/// The one that stands for a family.
const FIRST_MATE: &str = "(SELECT min(m.id) FROM listings m WHERE m.family_id = l.family_id \
    AND m.state NOT IN ('ended', 'ending'))";

fn goods(row: &Row<'_>, listed: &ListingRow) -> Result<Goods, StoreError> {
    let text = |index: usize| -> Result<String, StoreError> { Ok(row.get(COLUMN_COUNT + index)?) };
    let text_opt =
        |index: usize| -> Result<Option<String>, StoreError> { Ok(row.get(COLUMN_COUNT + index)?) };
    let amount = |index: usize| -> Result<Option<Money>, StoreError> {
        to_money(
            row.get(COLUMN_COUNT + index)?,
            row.get(COLUMN_COUNT + index + 1)?,
        )
    };
    let shared: Attributes = to_json(&text(6)?)?;
    let mut attributes = shared.clone();
    attributes.extend(to_json::<Attributes>(&text(7)?)?);
    let mut images: Vec<Image> = to_json(&text(9)?)?;
    let of_product: Vec<Image> = to_json(&text(8)?)?;
    for image in &of_product {
        if !images.contains(image) {
            images.push(image.clone());
        }
    }
    let options: Vec<(String, String)> = to_json(&text(10)?)?;
    let primary: Option<i64> = row.get(COLUMN_COUNT + 29)?;
    // The product's title of today, not the one that the family was made with.
    let family = match (text_opt(27)?, Some(text(2)?)) {
        (Some(key), Some(title)) => Some(FamilyMembership {
            key,
            title,
            primary: primary == Some(listed.listing.id.0),
            axes: to_json(&text(30)?)?,
            attributes: shared,
            images: of_product,
        }),
        _ => None,
    };
    Ok(Goods {
        sku: to_sku(text(0)?)?,
        title: text(2)?,
        description: text(3)?,
        brand: text_opt(4)?,
        category: to_json(&text(5)?)?,
        attributes,
        images,
        options: options
            .into_iter()
            .map(|(name, value)| OptionValue { name, value })
            .collect(),
        siblings: row.get(COLUMN_COUNT + 26)?,
        gtin: to_gtin(text_opt(11)?)?,
        mpn: text_opt(12)?,
        asin: text_opt(13)?,
        condition: to_condition(text_opt(14)?)?,
        weight: to_weight(text_opt(15)?)?,
        dimensions: to_dimensions([text_opt(16)?, text_opt(17)?, text_opt(18)?])?,
        cost: amount(19)?,
        price: amount(21)?,
        compare_at: amount(23)?,
        available: row.get(COLUMN_COUNT + 25)?,
        parts: Vec::new(),
        family,
        mates: None,
    })
}
