//! Reading orders (newegg.md §6.1).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::call::{Answer, Call, Shown, rows, text, texts};
use super::super::dates;
use super::super::error::Refusal;
use super::super::platform::Platform;
use super::super::report::Paging;
use super::super::state::State;
use super::show::order_info;
use super::{Order, Status};

/// The most orders of one page, and of one list of numbers.
const PAGE_ROWS_MAX: usize = 100;

/// Orders that wait for their payment are told of from this version on.
const PENDING_SINCE: u32 = 312;

/// Which orders are asked for.
struct Criteria {
    status: Status,
    kind: u8,
    void_soon_hours: Option<i64>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    only_new: bool,
    country: Option<String>,
    premier_only: bool,
}

/// `PUT ordermgmt/order/orderinfo`: newest first.
pub(in crate::newegg) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let version = version(state, call)?;
    let body = call.framed("GetOrderInfoRequest")?;
    let page = Paging::read(Some(&body), PAGE_ROWS_MAX)?;
    let asked = body
        .get("RequestCriteria")
        .filter(|asked| asked.is_object());
    let asked = asked.ok_or_else(|| Refusal::general("RequestCriteria is missing."))?;
    let numbers = texts(&rows(asked, "OrderNumberList", "OrderNumber"));
    let shown_at_all =
        |order: &&Order| version >= PENDING_SINCE || order.status != Status::PaymentPending;
    let found: Vec<&Order> = if numbers.is_empty() {
        let criteria = Criteria::read(asked, version)?;
        let fits = |order: &&Order| criteria.fits(order, state.platform, call);
        state
            .orders
            .iter()
            .rev()
            .filter(shown_at_all)
            .filter(fits)
            .collect()
    } else if numbers.len() > PAGE_ROWS_MAX {
        let text = format!("OrderNumberList has at most {PAGE_ROWS_MAX} numbers.");
        return Err(Refusal::general(text));
    } else {
        let named = |order: &&Order| numbers.contains(&order.number);
        state
            .orders
            .iter()
            .rev()
            .filter(shown_at_all)
            .filter(named)
            .collect()
    };
    let info = page.info(found.len(), call);
    let shown: Vec<Value> = found
        .into_iter()
        .skip(page.skipped())
        .take(page.size)
        .map(|order| order_info(order, state, call.shape, version))
        .collect();
    let mut body = json!({
        "PageInfo": info,
        "RequestDate": call.slashed(),
        "Memo": null,
    });
    // No orders are an empty list or no list (newegg.md §6.1).
    let list = call.shape.list("OrderInfo", shown);
    if !list.is_null() {
        body["OrderInfoList"] = list;
    }
    Ok(Shown::framed("GetOrderInfoResponse", body))
}

/// Reads the version, which tells what fields an answer has; without one it is the oldest.
fn version(state: &mut State, call: &Call<'_>) -> Result<u32, Refusal> {
    let version = match call.query.get("version") {
        None => Some(304),
        Some(text) => text.parse().ok(),
    };
    let known = |version: &u32| match state.platform {
        Platform::Us => (304..=315).contains(version) && *version != 308,
        Platform::B2b | Platform::Can => [304, 305, 311, 312, 315].contains(version),
    };
    let version = version.filter(known);
    let version = version.ok_or_else(|| Refusal::general("The version is not supported."))?;
    if version > 304 && state.faults.meets("version_refused", "orderInfo") {
        return Err(Refusal::general("The version is not supported."));
    }
    Ok(version)
}

impl Criteria {
    fn read(asked: &Value, version: u32) -> Result<Self, Refusal> {
        let date = |name: &str| match text(asked, name) {
            None => Ok(None),
            Some(text) => dates::read(&text)
                .map(Some)
                .ok_or_else(|| Refusal::general(format!("{name} is not a date."))),
        };
        let choice = |name: &str, choices: &[&str]| match text(asked, name) {
            Some(text) if !choices.contains(&text.as_str()) => {
                let words = choices.join(", ");
                Err(Refusal::general(format!("{name} must be one of {words}.")))
            }
            other => Ok(other),
        };
        let statuses = [
            Status::Unshipped,
            Status::PartiallyShipped,
            Status::Shipped,
            Status::Invoiced,
            Status::Voided,
            Status::PaymentPending,
        ];
        let code = text(asked, "Status").ok_or_else(|| Refusal::general("Status is missing."))?;
        let status = statuses
            .into_iter()
            .find(|status| status.code().to_string() == code);
        let status =
            status.filter(|status| *status != Status::PaymentPending || version >= PENDING_SINCE);
        Ok(Self {
            status: status.ok_or_else(|| Refusal::general("Status is not valid."))?,
            kind: choice("Type", &["0", "1", "2", "3", "4"])?
                .and_then(|text| text.parse().ok())
                .unwrap_or(0),
            void_soon_hours: choice("VoidSoon", &["0", "24", "48"])?
                .and_then(|text| text.parse().ok())
                .filter(|hours| *hours > 0),
            from: date("OrderDateFrom")?,
            to: date("OrderDateTo")?,
            only_new: choice("OrderDownloaded", &["0", "1"])?.as_deref() == Some("1"),
            country: text(asked, "CountryCode"),
            premier_only: choice("PremierOrder", &["0", "1", "2"])?.as_deref() == Some("1"),
        })
    }

    fn fits(&self, order: &Order, platform: Platform, call: &Call<'_>) -> bool {
        let kind = match self.kind {
            1 => order.by_newegg && !order.multichannel,
            2 => !order.by_newegg,
            3 => order.multichannel,
            4 => false,
            _ => true,
        };
        let soon = self.void_soon_hours.is_none_or(|hours| {
            order.is_open()
                && order.auto_void_at() <= call.now.wall + chrono::Duration::hours(hours)
        });
        order.status == self.status
            && kind
            && soon
            && self.from.is_none_or(|from| order.placed_at >= from)
            && self.to.is_none_or(|to| order.placed_at <= to)
            && !(self.only_new && order.downloaded)
            && self
                .country
                .as_deref()
                .is_none_or(|code| code == platform.home())
            && !self.premier_only
    }
}

/// `GET ordermgmt/orderstatus/orders/{OrderNumber}`.
pub(in crate::newegg) fn status(state: &mut State, call: &Call<'_>) -> Answer {
    let index = find(state, call.last())?;
    let order = state.orders.get(index).ok_or_else(unknown)?;
    let shape = call.shape;
    Ok(Shown::Flat {
        root: "OrderStatusInfo",
        body: json!({
            "OrderNumber": shape.digits(&order.number),
            "SellerID": state.keys.seller_id,
            "OrderStatusCode": shape.number(order.status.code()),
            "OrderStatusName": order.status.word(),
            "OrderDownloaded": shape.flag(order.downloaded),
            "SalesChannel": shape.number(u8::from(order.multichannel)),
            "FulfillmentOption": shape.number(u8::from(order.by_newegg)),
        }),
    })
}

/// Returns where an order is (newegg.md §6.5).
pub(super) fn find(state: &State, number: &str) -> Result<usize, Refusal> {
    let well_formed =
        (8..=10).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    if !well_formed {
        return Err(Refusal::bad("SO002", "The order number is malformed."));
    }
    let index = state.orders.iter().position(|order| order.number == number);
    index.ok_or_else(unknown)
}

pub(super) fn unknown() -> Refusal {
    Refusal::bad("SO003", "The order number does not exist.")
}
