//! The list of products as the window's grid shows it: pages from any place under any filter, how
//! many there are, and how each stands at each account.

use std::collections::BTreeMap;

use barrow_model::{Account, Currency, ListingId, ListingState, Money, ProblemKind, Sku, SkuId};
use barrow_store::{
    CatalogueRow, Cell, CellState, Filter, Position, ProductQuery, RESULTS_MAX, Reader, SortBy,
    SortOrder, StoreError,
};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, sku};
use crate::error::Result;
use crate::products::{ProductsRequest, ProductsResponse, product_view};
use crate::report::LISTED_MAX;

/// How something stands at an account: the cell of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingCell {
    /// The listing's number.
    pub id: ListingId,
    /// The account.
    pub account: String,
    /// The country site.
    pub site: String,
    /// How it stands, in one word.
    pub state: CellState,
    /// How it stands exactly.
    pub listing_state: ListingState,
    /// The price there, as far as is known.
    pub price: Option<Money>,
    /// Units for sale there, as far as is known.
    pub quantity: Option<u32>,
    /// The price that is wanted there.
    pub wanted_price: Option<Money>,
    /// Units that are wanted for sale there.
    pub wanted_quantity: Option<u32>,
    /// Whether it was seen there since it was answered last.
    pub seen: bool,
    /// What is wrong with it, the oldest.
    pub problem: Option<ProblemKind>,
}

/// Asks how many products a search and a filter leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProductsCountRequest {
    /// Only those that have these words.
    #[serde(default)]
    pub search: Option<String>,
    /// Which rows.
    #[serde(default)]
    pub filter: Filter,
    /// What the list is sorted by; said as for the list itself, so that both are made once.
    #[serde(default)]
    pub sort: Option<SortBy>,
    /// The other way round.
    #[serde(default)]
    pub descending: bool,
}

/// How many products there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductsCountResponse {
    /// SKUs that are left.
    pub count: u64,
    /// Whether these are all: a search for what stands almost everywhere ends before.
    pub complete: bool,
    /// Names the list, to go on in it with `products`; null where there is nothing to name.
    pub view: Option<u64>,
    /// The currency of the first prices of the catalogue: that of an amount which names none; null
    /// where there is no price.
    pub currency: Option<Currency>,
    /// SKUs in the catalogue.
    pub skus: u64,
    /// Products in the catalogue.
    pub products: u64,
}

/// Asks for brands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BrandsRequest {
    /// Only those that hold this.
    #[serde(default)]
    pub search: Option<String>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Brands, those with most products first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BrandsResponse {
    /// The brands.
    pub brands: Vec<BrandView>,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BrandView {
    /// Its name.
    pub name: String,
    /// How many products it has.
    pub products: u64,
}

/// Rows and what is told of the list.
struct Found {
    rows: Vec<CatalogueRow>,
    cells: Vec<Cell>,
    next: Option<Sku>,
    total: Option<u64>,
    view: Option<u64>,
}

impl Api {
    /// A page of products, or what a search finds. Under a search alone the first page is that of
    /// the best; every other list with a search or a filter is made once and kept under its
    /// `view`.
    pub async fn products(&self, request: ProductsRequest) -> Result<ProductsResponse> {
        let accounts = match request.cells {
            true => self.all_accounts().await?,
            false => Vec::new(),
        };
        let after = request.after.as_deref().map(sku).transpose()?;
        let with_cells = request.cells;
        let found = self
            .on_store(move |store| {
                let mut found = find(store, &request, after.as_ref())?;
                if request.cells {
                    let ids: Vec<SkuId> = found.rows.iter().map(|row| row.id).collect();
                    found.cells = store.read(|db| db.cells(&ids))?;
                }
                Ok(found)
            })
            .await?;
        let mut cells = by_sku(&accounts, found.cells);
        let products = found.rows.into_iter().map(|row| {
            let own = cells.remove(&row.id).unwrap_or_default();
            let mut view = product_view(row);
            view.cells = with_cells.then_some(own);
            view
        });
        Ok(ProductsResponse {
            products: products.collect(),
            next: found.next.map(|sku| sku.to_string()),
            total: found.total,
            view: found.view,
        })
    }

    /// How many products a search and a filter leave.
    pub async fn products_count(
        &self,
        request: ProductsCountRequest,
    ) -> Result<ProductsCountResponse> {
        let query = ProductQuery {
            order: order(request.search.is_some(), request.sort, request.descending),
            search: request.search,
            filter: request.filter,
        };
        let currency = self.currency().await?;
        self.on_store(move |store| {
            let (skus, products) = store.read(|db| Ok((db.sku_count()?, db.product_count()?)))?;
            if query.filter.is_empty() && query.search.is_none() {
                return Ok(ProductsCountResponse {
                    count: skus,
                    complete: true,
                    view: None,
                    currency,
                    skus,
                    products,
                });
            }
            let view = store.product_view(&query, None)?;
            Ok(ProductsCountResponse {
                count: view.ids.len() as u64,
                complete: view.complete,
                view: Some(view.token),
                currency,
                skus,
                products,
            })
        })
        .await
    }

    /// The brands of the catalogue.
    pub async fn brands(&self, request: BrandsRequest) -> Result<BrandsResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let text = request.search.unwrap_or_default();
        let brands = self
            .on_store(move |store| store.read(|db| db.brands(text.trim(), limit)))
            .await?;
        let brands = brands.into_iter();
        Ok(BrandsResponse {
            brands: brands
                .map(|(name, products)| BrandView { name, products })
                .collect(),
        })
    }
}

/// The order of a list: by SKU where nothing is said, as it is found where something is searched.
pub(crate) fn order(searched: bool, by: Option<SortBy>, descending: bool) -> Option<SortOrder> {
    match (searched, by) {
        (true, None) => None,
        (_, by) => Some(SortOrder {
            by: by.unwrap_or(SortBy::Sku),
            descending,
        }),
    }
}

fn find(
    store: &barrow_store::Store,
    request: &ProductsRequest,
    after: Option<&Sku>,
) -> std::result::Result<Found, StoreError> {
    let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
    let search = request.search.as_deref().map(str::trim);
    let search = search.filter(|text| !text.is_empty());
    let order = order(search.is_some(), request.sort, request.descending);
    let at = request.at.unwrap_or(0);
    let (Some(order), None) = (order, search) else {
        return find_words(
            store,
            request,
            search.unwrap_or_default(),
            (order, at, limit),
        );
    };
    let is_kept = !request.filter.is_empty() || order.by == SortBy::Available;
    if is_kept && after.is_none() {
        let query = ProductQuery {
            search: None,
            filter: request.filter.clone(),
            order: Some(order),
        };
        return cut(store, &query, request.view, (at, limit));
    }
    store.read(|db| {
        let position = match after {
            Some(sku) => Position::After(db.page_key(order, sku)?),
            None => Position::At(at),
        };
        let page = db.products_page(order, &request.filter, &position, limit)?;
        let last = page.rows.last().map(|row| row.sku.clone());
        Ok(Found {
            next: page.next.and(last),
            rows: page.rows,
            cells: Vec::new(),
            total: Some(db.filtered_count(&request.filter)?),
            view: None,
        })
    })
}

fn find_words(
    store: &barrow_store::Store,
    request: &ProductsRequest,
    text: &str,
    (order, at, limit): (Option<SortOrder>, u64, usize),
) -> std::result::Result<Found, StoreError> {
    let typed = request.filter.is_empty() && order.is_none() && at == 0;
    if typed && request.view.is_none() {
        return Ok(Found {
            rows: store.read(|db| db.search(text, limit.min(RESULTS_MAX)))?,
            cells: Vec::new(),
            next: None,
            total: None,
            view: None,
        });
    }
    let query = ProductQuery {
        search: Some(text.to_owned()),
        filter: request.filter.clone(),
        order,
    };
    cut(store, &query, request.view, (at, limit))
}

/// A page of a list that is kept.
fn cut(
    store: &barrow_store::Store,
    query: &ProductQuery,
    token: Option<u64>,
    (at, limit): (u64, usize),
) -> std::result::Result<Found, StoreError> {
    let view = store.product_view(query, token)?;
    let rows = store.read(|db| db.catalogue_rows(view.page(at, limit)))?;
    let total = view.ids.len() as u64;
    let more = at.saturating_add(limit as u64) < total;
    Ok(Found {
        next: rows.last().filter(|_| more).map(|row| row.sku.clone()),
        rows,
        cells: Vec::new(),
        total: Some(total),
        view: Some(view.token),
    })
}

/// The cells of each SKU, by account and site.
pub(crate) fn by_sku(accounts: &[Account], cells: Vec<Cell>) -> BTreeMap<SkuId, Vec<ListingCell>> {
    let mut all: BTreeMap<SkuId, Vec<ListingCell>> = BTreeMap::new();
    for cell in cells {
        let account = accounts.iter().find(|a| a.id == cell.account_id);
        // What was listed at an account that is gone is shown nowhere.
        let Some(account) = account else { continue };
        all.entry(cell.sku_id).or_default().push(ListingCell {
            id: cell.listing_id,
            account: account.name.clone(),
            site: cell.site.0,
            state: cell.state,
            listing_state: cell.listing_state,
            price: cell.price,
            quantity: cell.quantity,
            wanted_price: cell.wanted_price,
            wanted_quantity: cell.wanted_quantity,
            seen: cell.seen,
            problem: cell.problem,
        });
    }
    all
}

/// The SKUs that a search and a filter leave, in the order in which they were added or found.
pub(crate) fn skus_found(
    store: &barrow_store::Store,
    search: Option<String>,
    filter: Filter,
) -> std::result::Result<Vec<SkuId>, StoreError> {
    let search = search.filter(|text| !text.trim().is_empty());
    let view = store.product_view(
        &ProductQuery {
            search,
            filter,
            order: None,
        },
        None,
    )?;
    Ok(view.ids.iter().map(|id| SkuId(*id)).collect())
}

/// The rows of SKUs as people named them, and the names that nothing has.
pub(crate) fn skus_named(
    db: &Reader<'_>,
    names: &[String],
) -> std::result::Result<(Vec<SkuId>, Vec<String>), StoreError> {
    let (mut ids, mut unknown) = (Vec::new(), Vec::new());
    for name in names {
        let sku = Sku::new(name).ok();
        match sku.map(|sku| db.find_sku(&sku)).transpose()?.flatten() {
            Some(id) => ids.push(id),
            None => unknown.push(name.clone()),
        }
    }
    Ok((ids, unknown))
}
