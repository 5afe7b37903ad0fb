//! Work on many orders at once: ship them, take what they want from the shelves, pack it; what a
//! cancellation would do; and lines that nothing in the catalogue is.

use std::collections::{HashMap, HashSet};

use barrow_model::{ChangeId, Money, OrderLineQuantity, OrderRowId, Sku, SkuId};
use barrow_store::{PICK_ORDERS_MAX, StoredOrder};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, at_most};
use crate::error::Result;
use crate::order_detail::{PlaceView, own_title};
use crate::order_document::OrderDocument;
use crate::orders::ShipOrderRequest;
use crate::problems::ProblemBody;
use crate::products::{ProductView, product_view};
use crate::report::{ActionReport, LISTED_MAX};

/// Orders that are shipped with one request at most.
const SHIPPED_MAX: usize = 1_000;

/// Packing slips of one document at most.
const SLIPS_MAX: usize = 500;

/// Tells marketplaces that goods of several orders have left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ShipManyRequest {
    /// Each with its carrier and tracking number; at most 1000.
    pub orders: Vec<ShipOrderRequest>,
}

/// What became of shipping several orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ShipManyResponse {
    /// `done` counts orders; `refused` says of the others why not.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The changes that wait in the outbox for the next push.
    pub changes: Vec<ChangeId>,
}

/// Names orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OrdersPickRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub orders: Vec<String>,
}

/// What is taken from the shelves for orders, by SKU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PickListResponse {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// What is taken.
    pub rows: Vec<PickRow>,
    /// Units of all rows.
    pub units: u64,
    /// Lines that nothing in the catalogue is, as they were sold.
    pub unmatched: Vec<UnmatchedLineView>,
}

/// A SKU to take from the shelves; of a kit, its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PickRow {
    /// The product, with its stock.
    pub product: ProductView,
    /// Units for all orders together.
    pub units: u64,
    /// Where it lies, most first.
    pub places: Vec<PlaceView>,
    /// Units for each order.
    pub orders: Vec<PickOrder>,
}

/// Units for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PickOrder {
    /// `ACCOUNT/ID`.
    pub order: String,
    /// Units.
    pub units: u64,
}

/// Packing slips, all in one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PackingSlipsResponse {
    /// When they were made.
    pub at: DateTime<Utc>,
    /// One for each order, in the order in which they were named.
    pub slips: Vec<PackingSlip>,
}

/// What goes with a parcel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PackingSlip {
    /// The order, with buyer and address as far as they are known.
    pub order: OrderDocument,
    /// What is still to be packed.
    pub lines: Vec<PackingLine>,
    /// Units of all lines.
    pub units: u64,
}

/// A line of a packing slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PackingLine {
    /// The line.
    pub line_id: String,
    /// The seller's SKU; the marketplace's where it is not matched.
    pub sku: Option<Sku>,
    /// What the product is called here, else what it was sold as.
    pub title: String,
    /// Units to pack.
    pub quantity: u32,
}

/// Asks what a cancellation would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CancelPreviewRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub order: String,
    /// What would be cancelled; everything that is open where nothing is said.
    #[serde(default)]
    pub lines: Vec<OrderLineQuantity>,
}

/// What a cancellation would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CancelPreviewResponse {
    /// Why it cannot be made; null where it can.
    pub problem: Option<ProblemBody>,
    /// What would be cancelled.
    pub lines: Vec<CancelLine>,
    /// Whether nothing of the order would be left.
    pub whole: bool,
    /// What the buyer paid for it, as far as the lines tell; what the marketplace gives back is
    /// its own to say.
    pub worth: Option<Money>,
}

/// A line that would be cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CancelLine {
    /// The line.
    pub line_id: String,
    /// The seller's SKU, where it is matched.
    pub sku: Option<Sku>,
    /// What it was sold as.
    pub title: String,
    /// Units that would be cancelled.
    pub quantity: u32,
    /// Units that could be sold again; null where the line is not matched.
    pub available_after: Option<i64>,
}

/// Asks for lines that nothing in the catalogue is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct UnmatchedLinesRequest {
    /// Of this order only, as `ACCOUNT/ID` or `ID`.
    #[serde(default)]
    pub order: Option<String>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Lines that nothing in the catalogue is, oldest order first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UnmatchedLinesResponse {
    /// The lines; `match_line` says what one is.
    pub lines: Vec<UnmatchedLineView>,
}

/// A line that nothing in the catalogue is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UnmatchedLineView {
    /// The order, as `ACCOUNT/ID`.
    pub order: String,
    /// The line.
    pub line_id: String,
    /// The SKU there.
    pub sku: Option<String>,
    /// What it was sold as.
    pub title: String,
    /// What it may be, the likeliest first; empty where a whole list was asked for.
    pub candidates: Vec<ProductView>,
}

impl Api {
    /// Queues shipments of several orders; marketplaces are told with the next push.
    pub async fn ship_many(&self, request: ShipManyRequest) -> Result<ShipManyResponse> {
        at_most(request.orders.len(), SHIPPED_MAX)?;
        let (mut report, mut changes) = (ActionReport::default(), Vec::new());
        for one in request.orders {
            let name = one.order.clone();
            match self.ship(one).await {
                Ok(shipped) => {
                    report.done += shipped.report.done;
                    changes.extend(shipped.change_id);
                    for refused in shipped.report.refused {
                        report.refuse(refused);
                    }
                }
                Err(error) => report.refuse(crate::report::RefusedItem {
                    account: None,
                    sku: None,
                    order: Some(name),
                    kind: error.kind.code().to_owned(),
                    field: None,
                    reason: error.told_in(&self.words).message,
                    vendor: None,
                }),
            }
        }
        Ok(ShipManyResponse { report, changes })
    }

    /// What is taken from the shelves for orders.
    pub async fn pick_list(&self, request: OrdersPickRequest) -> Result<PickListResponse> {
        at_most(request.orders.len(), PICK_ORDERS_MAX)?;
        let stored = self.stored_orders(&request.orders).await?;
        let unmatched = stored.iter().flat_map(unmatched_of).collect();
        let ids: Vec<OrderRowId> = stored.iter().map(|order| order.id).collect();
        let rows = self
            .on_store(move |store| {
                store.read(|db| {
                    let locations = db.locations()?;
                    let mut rows = Vec::new();
                    for pick in db.picks(&ids)? {
                        let product = product_view(db.catalogue_row(pick.sku_id)?);
                        let places = pick.places.into_iter().map(|(id, on_hand)| {
                            let place = locations.iter().find(|location| location.id == id);
                            PlaceView {
                                location: place.map(|l| l.name.clone()).unwrap_or_default(),
                                on_hand,
                            }
                        });
                        rows.push((product, pick.units, places.collect(), pick.orders));
                    }
                    Ok(rows)
                })
            })
            .await?;
        let name = |id: OrderRowId| {
            let found = stored.iter().find(|order| order.id == id);
            found.map(order_name).unwrap_or_default()
        };
        let rows: Vec<PickRow> = rows
            .into_iter()
            .map(|(product, units, places, orders)| PickRow {
                product,
                units,
                places,
                orders: orders
                    .into_iter()
                    .map(|(id, units)| PickOrder {
                        order: name(id),
                        units,
                    })
                    .collect(),
            })
            .collect();
        Ok(PickListResponse {
            at: self.parts.clock.now(),
            units: rows.iter().map(|row| row.units).sum(),
            rows,
            unmatched,
        })
    }

    /// What goes with each parcel.
    pub async fn packing_slips(&self, request: OrdersPickRequest) -> Result<PackingSlipsResponse> {
        at_most(request.orders.len(), SLIPS_MAX)?;
        let stored = self.stored_orders(&request.orders).await?;
        let titles = self.own_titles(&stored).await?;
        let slips = stored.into_iter().map(|stored| {
            let lines = stored.order.lines.iter().zip(&stored.matches);
            let lines: Vec<PackingLine> = lines
                .filter(|(line, _)| line.open() > 0)
                .map(|(line, found)| PackingLine {
                    line_id: line.line_id.clone(),
                    sku: found
                        .as_ref()
                        .map_or(line.sku.clone(), |f| Some(f.sku.clone())),
                    title: found
                        .as_ref()
                        .and_then(|found| titles.get(&found.sku_id))
                        .unwrap_or(&line.title)
                        .clone(),
                    quantity: line.open(),
                })
                .collect();
            PackingSlip {
                units: lines.iter().map(|line| u64::from(line.quantity)).sum(),
                lines,
                order: stored.into(),
            }
        });
        Ok(PackingSlipsResponse {
            at: self.parts.clock.now(),
            slips: slips.collect(),
        })
    }

    /// What the products of orders are called here.
    async fn own_titles(&self, orders: &[StoredOrder]) -> Result<HashMap<SkuId, String>> {
        let matches = orders.iter().flat_map(|stored| &stored.matches);
        let ids: HashSet<SkuId> = matches.flatten().map(|found| found.sku_id).collect();
        self.on_store(move |store| {
            store.read(|db| {
                let mut titles = HashMap::with_capacity(ids.len());
                for id in ids {
                    titles.insert(id, own_title(&db.catalogue_row(id)?));
                }
                Ok(titles)
            })
        })
        .await
    }

    /// What a cancellation would do. Writes nothing and calls nobody.
    pub async fn cancel_preview(
        &self,
        request: CancelPreviewRequest,
    ) -> Result<CancelPreviewResponse> {
        at_most(request.lines.len(), LISTED_MAX)?;
        let id = self.find_order(&request.order).await?;
        let found = self.parts.engine.cancellable(id, &request.lines).await?;
        let stored = self
            .on_store(move |store| store.read(|db| db.order(id)))
            .await?;
        let title = self.title(&stored.marketplace);
        let cancelled = match found {
            Ok(lines) => lines,
            Err(problem) => {
                return Ok(CancelPreviewResponse {
                    problem: Some(ProblemBody::new(&self.words, &problem, title)),
                    lines: Vec::new(),
                    whole: false,
                    worth: None,
                });
            }
        };
        let units: u64 = cancelled.iter().map(|line| u64::from(line.quantity)).sum();
        let open = stored.order.lines.iter().map(|line| u64::from(line.open()));
        let shipped = stored
            .order
            .lines
            .iter()
            .any(|line| line.quantity_shipped > 0);
        let whole = units == open.sum::<u64>() && !shipped;
        let worth = worth_of(&stored, &cancelled);
        let lines = self
            .on_store(move |store| {
                store.read(|db| {
                    let mut lines = Vec::with_capacity(cancelled.len());
                    for one in cancelled {
                        let known = stored.order.lines.iter().zip(&stored.matches);
                        let mut known = known.filter(|(line, _)| line.line_id == one.line_id);
                        let Some((line, found)) = known.next() else {
                            continue;
                        };
                        let row = found.as_ref().map(|found| db.catalogue_row(found.sku_id));
                        let row = row.transpose()?;
                        // What is reserved here comes free; a part of it may be owed to others.
                        let after = row.map(|row| {
                            let free = row.on_hand - row.reserved + i64::from(one.quantity);
                            free.max(0)
                        });
                        lines.push(CancelLine {
                            line_id: one.line_id,
                            sku: found.as_ref().map(|found| found.sku.clone()),
                            title: line.title.clone(),
                            quantity: one.quantity,
                            available_after: after,
                        });
                    }
                    Ok(lines)
                })
            })
            .await?;
        Ok(CancelPreviewResponse {
            problem: None,
            lines,
            whole,
            worth,
        })
    }

    /// Lines that nothing in the catalogue is; of one order with what they may be.
    pub async fn unmatched_lines(
        &self,
        request: UnmatchedLinesRequest,
    ) -> Result<UnmatchedLinesResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        if let Some(order) = request.order {
            let mut lines: Vec<UnmatchedLineView> = self
                .stored_orders(&[order])
                .await?
                .iter()
                .flat_map(unmatched_of)
                .take(limit)
                .collect();
            let asked: Vec<_> = lines
                .iter()
                .map(|l| (l.sku.clone(), l.title.clone()))
                .collect();
            let found = self
                .on_store(move |store| {
                    store.read(|db| {
                        let candidates = |(sku, title): &(Option<String>, String)| {
                            let ids = db.match_candidates(sku.as_deref(), title)?;
                            let rows = ids.into_iter().map(|id| db.catalogue_row(id));
                            rows.collect::<std::result::Result<Vec<_>, _>>()
                        };
                        asked
                            .iter()
                            .map(candidates)
                            .collect::<std::result::Result<Vec<_>, _>>()
                    })
                })
                .await?;
            for (line, rows) in lines.iter_mut().zip(found) {
                line.candidates = rows.into_iter().map(product_view).collect();
            }
            return Ok(UnmatchedLinesResponse { lines });
        }
        let accounts = self.every_account().await?;
        let found = self
            .on_store(move |store| store.read(|db| db.unmatched_lines(limit)))
            .await?;
        let lines = found.into_iter().map(|line| {
            let account = accounts.iter().find(|a| a.id == line.account_id);
            let name = account.map(|a| a.name.as_str()).unwrap_or_default();
            UnmatchedLineView {
                order: format!("{name}/{}", line.order_id),
                line_id: line.line_id,
                sku: line.sku.map(|sku| sku.to_string()),
                title: line.title,
                candidates: Vec::new(),
            }
        });
        Ok(UnmatchedLinesResponse {
            lines: lines.collect(),
        })
    }

    /// The orders of names, in their order, each once.
    async fn stored_orders(&self, names: &[String]) -> Result<Vec<StoredOrder>> {
        let mut ids: Vec<OrderRowId> = Vec::with_capacity(names.len());
        for name in names {
            let id = self.find_order(name).await?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        self.on_store(move |store| store.read(|db| ids.iter().map(|id| db.order(*id)).collect()))
            .await
    }
}

fn order_name(stored: &StoredOrder) -> String {
    format!("{}/{}", stored.account_name, stored.order.order_id)
}

fn unmatched_of(stored: &StoredOrder) -> Vec<UnmatchedLineView> {
    let lines = stored.order.lines.iter().zip(&stored.matches);
    let lines = lines.filter(|(_, found)| found.is_none());
    lines
        .map(|(line, _)| UnmatchedLineView {
            order: order_name(stored),
            line_id: line.line_id.clone(),
            sku: line.sku.as_ref().map(Sku::to_string),
            title: line.title.clone(),
            candidates: Vec::new(),
        })
        .collect()
}

/// What the units were sold for; none where a price is not told.
fn worth_of(stored: &StoredOrder, cancelled: &[OrderLineQuantity]) -> Option<Money> {
    let mut prices = Vec::with_capacity(cancelled.len());
    for one in cancelled {
        let mut lines = stored.order.lines.iter();
        let line = lines.find(|line| line.line_id == one.line_id)?;
        prices.push(line.unit_price?.checked_mul(one.quantity).ok()?);
    }
    Money::sum(prices).ok().flatten()
}
