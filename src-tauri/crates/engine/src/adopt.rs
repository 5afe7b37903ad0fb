//! Listings that were made elsewhere: linked to what the catalogue has, or its products made of
//! them.

use std::collections::BTreeMap;

use barrow_model::{
    Attributes, Gtin, ImageSource, Layout, Observed, ObservedDetails, ObservedState, Row,
    RowImages, Sku, SkuId, SourceLine,
};
use barrow_store::{ImportMeta, NewFamily, NewListing, Reader, StoreError, Writer};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::error::Result;
use crate::reconcile::{Observation, leave};
use crate::wanted::Desk;

/// Products that are made of listings in one go; what is beyond it comes with the next.
const FOUNDED_MAX: usize = 200_000;

/// Listings that are linked in one transaction: short enough that nobody waits for it.
const LINK_PAGE: usize = 500;

/// What becomes of listings that no product fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmatched {
    /// They are named and left alone.
    Leave,
    /// They become products, with the stock that the marketplace shows: an import that can be
    /// undone.
    Create,
}

/// Listings of which products are to be made.
pub(crate) struct Founding {
    unmatched: Unmatched,
    listings: Vec<Observed>,
}

impl Founding {
    pub(crate) fn new(unmatched: Unmatched) -> Self {
        Self {
            unmatched,
            listings: Vec::new(),
        }
    }

    /// Keeps a listing that no product fits, where a product can be made of it.
    pub(crate) fn keep(&mut self, observed: &Observed) -> bool {
        let kept = self.unmatched == Unmatched::Create
            && self.listings.len() < FOUNDED_MAX
            && observed.state != ObservedState::Ended
            && observed.details.is_some();
        if kept {
            self.listings.push(observed.clone());
        }
        kept
    }
}

impl Engine {
    /// Makes products of listings that none fits, and links them. Returns how many were linked.
    pub(crate) fn found_products(
        &self,
        desk: &Desk,
        founding: Founding,
        found: &mut Observation,
    ) -> Result<u64> {
        let listings = founding.listings;
        if listings.is_empty() {
            return Ok(0);
        }
        let rows = rows(&listings);
        let mut staging = self.store.stage(ImportMeta {
            file_name: desk.account.name.clone(),
            layout: Layout::Plain,
            content_hash: print(&rows),
        })?;
        staging.add(&rows)?;
        staging.apply()?;
        let mut adopted = 0;
        for page in listings.chunks(LINK_PAGE) {
            self.store.write(|tx| {
                for observed in page {
                    match adopt(tx, desk, observed, self.now())? {
                        true => adopted += 1,
                        false => leave(found, observed),
                    }
                }
                Ok(())
            })?;
        }
        Ok(adopted)
    }
}

fn print(rows: &[Row]) -> String {
    let mut digest = Sha256::new();
    for row in rows {
        digest.update(row.handle.as_bytes());
        digest.update(row.sku.as_ref().map(Sku::as_str).unwrap_or_default());
    }
    let digest = digest.finalize();
    digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Rows of a catalogue, out of listings: one product for each family, one for each listing alone.
fn rows(listings: &[Observed]) -> Vec<Row> {
    let mut rows: BTreeMap<(String, usize), Row> = BTreeMap::new();
    for (place, observed) in listings.iter().enumerate() {
        let Some(details) = &observed.details else {
            continue;
        };
        let handle = match &details.family {
            Some(family) => family.key.clone(),
            None => observed.sku.as_str().to_owned(),
        };
        let line = SourceLine(place as u64 + 1);
        let row = row(line, &handle, observed, details);
        rows.insert((handle, place), row);
    }
    rows.into_values().collect()
}

fn row(line: SourceLine, handle: &str, observed: &Observed, details: &ObservedDetails) -> Row {
    let shared = |name: &String| match &details.family {
        Some(family) => family.shared.contains(name),
        None => true,
    };
    let (of_product, of_variant): (Attributes, Attributes) = details
        .attributes
        .clone()
        .into_iter()
        .partition(|(name, _)| shared(name));
    let pictures = |addresses: &[String]| -> Vec<ImageSource> {
        addresses.iter().cloned().map(ImageSource::Url).collect()
    };
    let images = match &details.family {
        Some(family) => RowImages {
            product: pictures(&family.images),
            variant: if details.images == family.images {
                Vec::new()
            } else {
                pictures(&details.images)
            },
        },
        None => RowImages {
            product: pictures(&details.images),
            variant: Vec::new(),
        },
    };
    let size = details.dimensions;
    let options = details.options.iter();
    Row {
        title: Some(details.title.clone()),
        description: Some(details.description.clone()).filter(|text| !text.is_empty()),
        brand: details.brand.clone(),
        options: options
            .map(|option| (option.name.clone(), option.value.clone()))
            .collect(),
        gtin: observed.gtin,
        mpn: details.mpn.clone(),
        condition: details.condition,
        weight: details.weight,
        length: size.map(|size| size.length),
        width: size.map(|size| size.width),
        height: size.map(|size| size.height),
        price: observed.price,
        quantity: observed.quantity.map(i64::from),
        images,
        attributes: of_product,
        variant_attributes: of_variant,
        ..Row::blank(line, handle, observed.sku.clone())
    }
}

/// Links a listing that was made elsewhere. Its price, quantity and text are taken as acknowledged;
/// what is wanted otherwise goes out with the next push, its text stays.
pub(crate) fn adopt(
    tx: &mut Writer<'_>,
    desk: &Desk,
    observed: &Observed,
    now: DateTime<Utc>,
) -> std::result::Result<bool, StoreError> {
    if observed.state == ObservedState::Ended {
        return Ok(false);
    }
    let Some(sku_id) = matching(tx, &observed.sku, observed.gtin)? else {
        return Ok(false);
    };
    let id = tx.add_listing(&NewListing {
        account_id: desk.id(),
        site: observed.site.clone(),
        channel_sku: observed.sku.clone(),
        sku_id,
        pool: desk.stock_pool.to_owned(),
    })?;
    if let Some(details) = &observed.details {
        if let Some(family) = &details.family {
            let family = tx.put_family(&NewFamily {
                account_id: desk.id(),
                site: observed.site.clone(),
                key: family.key.clone(),
                title: details.title.clone(),
            })?;
            tx.set_family(id, Some(family))?;
        }
        if let Some(category) = &details.category {
            tx.store_category(id, category)?;
        }
    }
    let Some(listed) = tx.goods(&[id])?.pop() else {
        return Ok(false);
    };
    let wanted = desk.wanted(tx, &listed, now)?;
    tx.store_adopted(id, observed, &wanted.content_hash, now)?;
    Ok(true)
}

/// The variant or kit of a SKU; else the only one of a barcode number.
fn matching(
    db: &Reader<'_>,
    sku: &Sku,
    gtin: Option<Gtin>,
) -> std::result::Result<Option<SkuId>, StoreError> {
    if let Some(id) = db.find_sku(sku)? {
        return Ok(Some(id));
    }
    match gtin {
        Some(gtin) => db.sku_id_of_gtin(gtin),
        None => Ok(None),
    }
}
