//! What is really there (walmart.md §5.1, §6.5).

use std::collections::HashMap;

use barrow_market::{Cursor, ErrorKind, ObservePage, Result};
use barrow_model::Observed;
use barrow_wire::{cursor, place};
use serde::{Deserialize, Serialize};

use crate::backend::WalmartAdapter;
use crate::backend::fetch::loops;
use crate::limits::{
    INVENTORIES_CALL, INVENTORIES_PAGES_MAX, INVENTORY_GET_CALL, ITEM_CALL, ITEMS_CALL, ITEMS_PAGE,
    RESTARTS_MAX,
};
use crate::map::item::{observed, units_for_sale};
use crate::request::{inventories_request, inventory_request, item_request, items_request};
use crate::types::item::{InventoriesAnswer, InventoryAnswer, ItemsAnswer};

/// All quantities of the account, read page by page before its items: one page of them is fifty
/// items, while asking item by item would be a call each. Kept between the pages of one walk.
#[derive(Default)]
pub(crate) struct StockWalk {
    units: HashMap<String, u32>,
    next: Option<String>,
    pages: usize,
    complete: bool,
}

/// Where an observation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ItemCursor {
    /// Walmart's own; `*` begins.
    cursor: String,
    /// Items that were read.
    collected: usize,
    /// The last page's first SKU: the same again means that the handle stays and the offset moves.
    first: Option<String>,
    /// Whether the handle stays the same for all pages; none while that is not known.
    snapshot: Option<bool>,
    /// How often the walk was begun again because the handle had died.
    restarts: u32,
}

impl ItemCursor {
    fn start(restarts: u32) -> Self {
        Self {
            cursor: "*".to_owned(),
            collected: 0,
            first: None,
            snapshot: None,
            restarts,
        }
    }
}

impl WalmartAdapter {
    /// A page of items with their quantities.
    pub(crate) async fn observe_page(&self, cursor: Option<&Cursor>) -> Result<ObservePage> {
        let at = match cursor {
            None => {
                self.memory().stock = StockWalk::default();
                ItemCursor::start(0)
            }
            Some(cursor) => place(cursor, ITEMS_CALL.operation)?,
        };
        self.walk_stock().await?;
        let answer = match self.items_page(&at).await {
            Ok(answer) => answer,
            // The handle lives for two minutes (walmart.md §5.1).
            Err(error) if error.kind == ErrorKind::Refused && at.cursor != "*" => {
                if at.restarts >= RESTARTS_MAX {
                    return Err(error);
                }
                return page(Vec::new(), Some(&ItemCursor::start(at.restarts + 1)));
            }
            Err(error) => return Err(error),
        };
        let Some((answer, snapshot)) = answer else {
            return page(Vec::new(), None);
        };
        let listings = self.with_quantities(&answer);
        let next = next_cursor(&at, &answer, snapshot);
        page(listings, next.as_ref())
    }

    /// Reads a page; none at the end. Walmart keeps one handle for all pages and moves an offset,
    /// or gives a new handle each time: which, is seen when the second page is the first again.
    async fn items_page(&self, at: &ItemCursor) -> Result<Option<(ItemsAnswer, Option<bool>)>> {
        let offset = (at.snapshot == Some(true)).then_some(at.collected);
        let Some(answer) = self.items(&at.cursor, offset).await? else {
            return Ok(None);
        };
        if at.snapshot.is_some() || at.first.is_none() {
            return Ok(Some((answer, at.snapshot)));
        }
        if first_sku(&answer) != at.first {
            return Ok(Some((answer, Some(false))));
        }
        let moved = self.items(&at.cursor, Some(at.collected)).await?;
        match moved {
            Some(answer) if first_sku(&answer) == at.first => Err(loops(ITEMS_CALL.operation)),
            Some(answer) => Ok(Some((answer, Some(true)))),
            None => Ok(None),
        }
    }

    async fn items(&self, cursor: &str, offset: Option<usize>) -> Result<Option<ItemsAnswer>> {
        let request = items_request(&self.config.base, cursor, offset);
        self.find(&ITEMS_CALL, request).await
    }

    /// Reads the account's quantities to their end; what was read before an error is kept.
    async fn walk_stock(&self) -> Result<()> {
        loop {
            let cursor = {
                let memory = self.memory();
                let walk = &memory.stock;
                if walk.complete || walk.pages >= INVENTORIES_PAGES_MAX {
                    return Ok(());
                }
                walk.next.clone()
            };
            let request = inventories_request(&self.config.base, cursor.as_deref());
            let answer: Option<InventoriesAnswer> = self.find(&INVENTORIES_CALL, request).await?;
            let answer = answer.unwrap_or_default();
            let next = answer.meta.next_cursor.owned();
            let mut memory = self.memory();
            let walk = &mut memory.stock;
            for stock in &answer.elements.inventories.0 {
                let units = units_for_sale(&stock.nodes.0, self.config.ship_node.as_deref());
                if let (Some(sku), Some(units)) = (stock.sku.owned(), units) {
                    walk.units.insert(sku, units);
                }
            }
            walk.pages += 1;
            // The cursor changes with each page; pages may be short or empty before the end.
            walk.complete = next.is_none() || next == cursor;
            walk.next = next;
        }
    }

    fn with_quantities(&self, answer: &ItemsAnswer) -> Vec<Observed> {
        let memory = self.memory();
        let units = |sku: &str| memory.stock.units.get(sku).copied();
        answer
            .items
            .0
            .iter()
            .filter_map(|item| observed(item, item.sku.text().and_then(units)))
            .collect()
    }

    /// One item with its quantity; none where it is not there.
    pub(crate) async fn observe_one(&self, sku: &str) -> Result<Option<Observed>> {
        let request = item_request(&self.config.base, sku);
        let Some(answer) = self.find::<ItemsAnswer>(&ITEM_CALL, request).await? else {
            return Ok(None);
        };
        let same = |item: &&crate::types::item::Item| item.sku.text() == Some(sku);
        let Some(item) = answer.items.0.iter().find(same) else {
            return Ok(None);
        };
        let node = self.config.ship_node.as_deref();
        let request = inventory_request(&self.config.base, sku, node);
        let stock: Option<InventoryAnswer> = self.find(&INVENTORY_GET_CALL, request).await?;
        let units = stock.and_then(|stock| stock.quantity.amount.count());
        Ok(observed(item, units))
    }
}

fn first_sku(answer: &ItemsAnswer) -> Option<String> {
    answer.items.0.first().and_then(|item| item.sku.owned())
}

/// Where the next page begins: none after an empty page, after all that were announced, and after
/// a short page where nothing was announced.
fn next_cursor(
    at: &ItemCursor,
    answer: &ItemsAnswer,
    snapshot: Option<bool>,
) -> Option<ItemCursor> {
    let rows = answer.items.0.len();
    let collected = at.collected + rows;
    let total = answer.total_items.count().map(|count| count as usize);
    let ended = match total {
        Some(total) => collected >= total,
        None => rows < ITEMS_PAGE,
    };
    if rows == 0 || ended {
        return None;
    }
    let told = answer.next_cursor.owned();
    // A handle that is not repeated in the answer stays good. One that stays although no offset
    // moves ends the walk where nothing else would.
    let cursor = match (told, snapshot) {
        (Some(told), Some(false)) if told == at.cursor && total.is_none() => return None,
        (Some(told), _) => told,
        (None, Some(true)) => at.cursor.clone(),
        (None, _) => return None,
    };
    Some(ItemCursor {
        cursor,
        collected,
        first: first_sku(answer),
        snapshot,
        restarts: at.restarts,
    })
}

fn page(listings: Vec<Observed>, next: Option<&ItemCursor>) -> Result<ObservePage> {
    let next = next.map(cursor);
    Ok(ObservePage { listings, next })
}
