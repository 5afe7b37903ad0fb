//! What is taken back of an order before the marketplace hears of it, and what is erased for good.

use barrow_model::ChangeId;
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::{ApiError, Result, Why};
use crate::order_document::OrderDocument;
use crate::orders::{OrderActionResponse, OrderRequest, ShipOrderRequest};
use crate::report::ActionReport;

/// Takes a shipment back that waits to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ShipTakeBackRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub order: String,
    /// The shipment, as the order names it; all of them where neither it nor a change is named.
    #[serde(default)]
    pub shipment: Option<String>,
    /// The change that carries it, as `ship` named it.
    #[serde(default)]
    pub change: Option<ChangeId>,
}

/// What was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ShipTakeBackResponse {
    /// `done` counts shipments.
    #[serde(flatten)]
    pub report: ActionReport,
    /// What `ship` takes to queue them again.
    pub shipments: Vec<ShipOrderRequest>,
    /// The order since.
    pub order: OrderDocument,
}

impl Api {
    /// Takes back shipments that wait in the outbox. What is on its way already stays.
    pub async fn ship_take_back(
        &self,
        request: ShipTakeBackRequest,
    ) -> Result<ShipTakeBackResponse> {
        let id = self.find_order(&request.order).await?;
        let (one, change) = (request.shipment.clone(), request.change);
        let withdrawn = self
            .on_store(move |store| {
                store.write(|tx| {
                    let names: Vec<String> = match (one, change) {
                        (Some(name), _) => vec![name],
                        (None, Some(change)) => {
                            tx.shipment_of_change(id, change)?.into_iter().collect()
                        }
                        (None, None) => tx.shipments_of(id)?.into_iter().map(|s| s.id).collect(),
                    };
                    let mut withdrawn = Vec::new();
                    for name in names {
                        withdrawn.extend(tx.withdraw_shipment(id, &name)?);
                    }
                    Ok(withdrawn)
                })
            })
            .await?;
        if withdrawn.is_empty() {
            return Err(ApiError::invalid(Why::SentAlready).param("order", &request.order));
        }
        let shipments = withdrawn.into_iter().map(|taken| ShipOrderRequest {
            order: request.order.clone(),
            untracked: taken.tracking.is_empty(),
            // Whoever queued it has said so where it needed saying.
            unpaid: true,
            carrier: taken.carrier,
            service: taken.service,
            tracking: taken.tracking,
            tracking_url: taken.tracking_url,
            shipped_at: Some(taken.shipped_at.to_rfc3339()),
            lines: taken.lines,
        });
        let shipments: Vec<ShipOrderRequest> = shipments.collect();
        Ok(ShipTakeBackResponse {
            report: ActionReport::done(shipments.len() as u64),
            shipments,
            order: self.stored_order(id).await?.into(),
        })
    }

    /// Erases name, address and words of an order's buyer. Figures, lines and dates stay; a later
    /// pull does not bring the person back.
    pub async fn order_erase(&self, request: OrderRequest) -> Result<OrderActionResponse> {
        let id = self.find_order(&request.order).await?;
        self.on_store(move |store| store.write(|tx| tx.erase_people(id)))
            .await?;
        Ok(OrderActionResponse {
            report: ActionReport::done(1),
            change_id: None,
            order: self.stored_order(id).await?.into(),
        })
    }
}
