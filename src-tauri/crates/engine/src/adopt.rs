//! Listings that were made elsewhere: linked to what the catalogue has, or its products made of
//! them.

use std::collections::{BTreeMap, BTreeSet};

use barrow_model::{
    Attributes, Gtin, ImageSource, Layout, ListingId, Observed, ObservedDetails, ObservedState,
    Overrides, Problem, ProblemKind, Row, RowImages, Sku, SkuId, SourceLine,
};
use barrow_store::{ImportMeta, NewFamily, NewListing, ProblemAt, Reader, StoreError, Writer};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::error::Result;
use crate::reconcile::{Observation, leave};
use crate::wanted::{Desk, half_digest};

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
    /// Their SKUs.
    skus: BTreeSet<Sku>,
    /// What the catalogue has of the families that were seen, by their keys there.
    mates: BTreeMap<String, BTreeSet<SkuId>>,
}

impl Founding {
    pub(crate) fn new(unmatched: Unmatched) -> Self {
        Self {
            unmatched,
            listings: Vec::new(),
            skus: BTreeSet::new(),
            mates: BTreeMap::new(),
        }
    }

    /// Notes what the catalogue has of the family of a listing.
    pub(crate) fn note_mate(&mut self, observed: &Observed, sku: SkuId) {
        let details = observed.details.as_ref();
        if let Some(family) = details.and_then(|details| details.family.as_ref()) {
            let mates = self.mates.entry(family.key.clone()).or_default();
            mates.insert(sku);
        }
    }

    /// Keeps a listing that no product fits, where a product can be made of it; one that a list has
    /// twice is kept once.
    pub(crate) fn keep(&mut self, observed: &Observed) -> bool {
        if self.skus.contains(&observed.sku) {
            return true;
        }
        let kept = self.unmatched == Unmatched::Create
            && self.listings.len() < FOUNDED_MAX
            && observed.state != ObservedState::Ended
            && observed.details.is_some();
        if kept {
            self.skus.insert(observed.sku.clone());
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
        if founding.listings.is_empty() {
            return Ok(0);
        }
        let rows = self.store.read(|db| rows(db, &founding))?;
        if !rows.is_empty() {
            let mut staging = self.store.stage(ImportMeta {
                file_name: desk.account.name.clone(),
                layout: Layout::Plain,
                content_hash: print(&rows),
            })?;
            staging.add(&rows)?;
            staging.apply()?;
        }
        let mut adopted = 0;
        for page in founding.listings.chunks(LINK_PAGE) {
            self.store.write(|tx| {
                for observed in page {
                    let place = (&observed.site, observed.sku.as_str());
                    if tx.listing_at(desk.id(), place.0, place.1)?.is_some() {
                        continue;
                    }
                    match adopt(tx, desk, observed, (self.now(), true))? {
                        Some(_) => adopted += 1,
                        None => leave(found, observed),
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
    half_digest(digest)
}

/// Rows of a catalogue, out of listings: one product for each family, one for each listing alone.
/// They add to the catalogue and change nothing in it.
fn rows(db: &Reader<'_>, founding: &Founding) -> std::result::Result<Vec<Row>, StoreError> {
    let mut groups: BTreeMap<(bool, &str), Vec<Member<'_>>> = BTreeMap::new();
    for (place, observed) in founding.listings.iter().enumerate() {
        let Some(details) = observed.details.as_deref() else {
            continue;
        };
        // It came into the catalogue meanwhile, and is only linked.
        if db.find_sku(&observed.sku)?.is_some() {
            continue;
        }
        let group = match &details.family {
            Some(family) => (true, family.key.as_str()),
            None => (false, observed.sku.as_str()),
        };
        let line = SourceLine(place as u64 + 1);
        groups
            .entry(group)
            .or_default()
            .push((line, observed, details));
    }
    let mut rows = Vec::with_capacity(founding.listings.len());
    let mut taken = BTreeSet::new();
    for ((is_family, key), members) in groups {
        let mates = founding.mates.get(key).filter(|_| is_family);
        let home = match mates {
            Some(mates) => home(db, mates, &members)?,
            None => None,
        };
        let handle = match &home {
            Some((handle, _)) => handle.clone(),
            None => free_handle(db, key, &mut taken)?,
        };
        for (line, observed, details) in members {
            let row = row(line, &handle, observed, details);
            rows.push(match &home {
                Some((_, names)) => of_variant_alone(row, names),
                None => row,
            });
        }
    }
    Ok(rows)
}

/// A listing that becomes a row.
type Member<'a> = (SourceLine, &'a Observed, &'a ObservedDetails);

/// The product that the catalogue has of a family, by its handle and the names of its options;
/// none where it has none, or one whose variants differ in something else.
fn home(
    db: &Reader<'_>,
    mates: &BTreeSet<SkuId>,
    members: &[Member<'_>],
) -> std::result::Result<Option<(String, Vec<String>)>, StoreError> {
    let mut products = BTreeMap::new();
    for sku in mates {
        let (handle, names) = db.product_options(*sku)?;
        products.insert(handle, names);
    }
    let fits = |names: &[String]| {
        members
            .iter()
            .all(|(_, _, details)| same_options(names, details))
    };
    Ok(match products.pop_first() {
        Some((handle, names)) if products.is_empty() && fits(&names) => Some((handle, names)),
        _ => None,
    })
}

/// Whether a product's variants differ in what a listing is told apart by.
fn same_options(names: &[String], details: &ObservedDetails) -> bool {
    let own: BTreeSet<&String> = names.iter().collect();
    let there: BTreeSet<&String> = details.options.iter().map(|option| &option.name).collect();
    own == there
}

/// A handle that no product has: the key itself, else the first number behind it that is free.
fn free_handle(
    db: &Reader<'_>,
    key: &str,
    taken: &mut BTreeSet<String>,
) -> std::result::Result<String, StoreError> {
    let mut handle = key.to_owned();
    let mut number = 1_u64;
    // It ends: there are only so many products.
    while taken.contains(&handle) || db.has_handle(&handle)? {
        number += 1;
        handle = format!("{key}-{number}");
    }
    taken.insert(handle.clone());
    Ok(handle)
}

/// A row that says nothing of its product, which is there already.
fn of_variant_alone(mut row: Row, names: &[String]) -> Row {
    let place = |name: &String| names.iter().position(|own| own == name);
    row.options.sort_by_key(|(name, _)| place(name));
    Row {
        title: None,
        description: None,
        brand: None,
        attributes: Attributes::new(),
        images: RowImages {
            product: Vec::new(),
            variant: row.images.variant,
        },
        ..row
    }
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
/// what is wanted otherwise goes out with the next push, its text stays, and so do the settings
/// that it has otherwise than the account. The price of one whose product was made of it
/// (`founded`) is kept whatever the account's rules say. Returns what it sells; none where nothing
/// fits.
pub(crate) fn adopt(
    tx: &mut Writer<'_>,
    desk: &Desk,
    observed: &Observed,
    (now, founded): (DateTime<Utc>, bool),
) -> std::result::Result<Option<SkuId>, StoreError> {
    if observed.state == ObservedState::Ended {
        return Ok(None);
    }
    let Some(sku_id) = matching(tx, &observed.sku, observed.gtin)? else {
        return Ok(None);
    };
    let id = tx.add_listing(&NewListing {
        account_id: desk.id(),
        site: observed.site.clone(),
        channel_sku: observed.sku.clone(),
        sku_id,
        pool: desk.stock_pool.to_owned(),
    })?;
    if let Some(details) = &observed.details {
        join_family(tx, desk, (id, sku_id), observed, details)?;
        if let Some(category) = &details.category {
            tx.store_category(id, category)?;
        }
    }
    let Some(mut listed) = tx.goods(&[id])?.pop() else {
        return Ok(None);
    };
    listed.row.listing.overrides = overrides(desk, observed);
    let mut wanted = desk.wanted(tx, &listed, now)?;
    if let (true, Ok(price), Some(there)) = (founded, &wanted.price, observed.price)
        && *price != there
    {
        listed.row.listing.overrides.price = Some(there);
        wanted = desk.wanted(tx, &listed, now)?;
    }
    if listed.row.listing.overrides != Overrides::default() {
        tx.set_overrides(id, &listed.row.listing.overrides, None)?;
    }
    tx.store_adopted(id, observed, &wanted.content_hash, now)?;
    Ok(Some(sku_id))
}

/// What a listing that was made elsewhere has otherwise than the account sets it: it stays so.
fn overrides(desk: &Desk, observed: &Observed) -> Overrides {
    let of_its_own = observed
        .details
        .iter()
        .flat_map(|details| &details.settings);
    let otherwise = of_its_own.filter(|(key, value)| desk.settings.get(*key) != Some(*value));
    Overrides {
        settings: otherwise
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        ..Overrides::default()
    }
}

/// Shows a listing in the family that it was found in, where its product's variants differ in the
/// same options; else it stands alone, and is told so.
fn join_family(
    tx: &mut Writer<'_>,
    desk: &Desk,
    (id, sku_id): (ListingId, SkuId),
    observed: &Observed,
    details: &ObservedDetails,
) -> std::result::Result<(), StoreError> {
    let Some(family) = &details.family else {
        return Ok(());
    };
    let (_, names) = tx.product_options(sku_id)?;
    if !same_options(&names, details) {
        let problem = Problem::new(ProblemKind::InOtherFamily).field("sku");
        return tx.raise_problem(&ProblemAt::listing(desk.id(), id, "family"), &problem);
    }
    let family = tx.put_family(&NewFamily {
        account_id: desk.id(),
        site: observed.site.clone(),
        key: family.key.clone(),
        title: details.title.clone(),
    })?;
    tx.set_family(id, Some(family))
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
