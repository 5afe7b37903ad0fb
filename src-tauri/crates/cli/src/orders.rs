//! `barrow orders`, `ship`, `take-back`, `erase`, `cancel`, `refund`, `match`, `problems`,
//! `receipts`, `quarantine`.

use barrow_api::{
    CancelOrderRequest, MatchLineRequest, OrderActionResponse, OrderDocument, OrderRequest,
    OrdersRequest, ProblemView, ProblemsRequest, QuarantineRequest, ReceiptView, ReceiptsRequest,
    RefundOrderRequest, ShipOrderRequest, ShipTakeBackRequest,
};
use barrow_model::OrderLineQuantity;

use crate::args::{CancelArgs, OrdersArgs, QuarantineCommand, RefundArgs, ShipArgs};
use crate::output::{End, Failure, Table, Text};
use crate::session::Session;
use crate::{parse, report};

/// Rows that are fetched at a time.
const PAGE_ROWS: usize = 1000;

/// Receipts that a person is shown.
const RECEIPTS_READ: usize = 50;

pub(crate) async fn list(session: &Session, args: OrdersArgs) -> Result<End, Failure> {
    if let Some(since) = &args.since {
        parse::date(since)?;
    }
    session
        .with_api(async |api| {
            let mut list = session.output.list("orders");
            let mut rows: Vec<OrderDocument> = Vec::new();
            let mut after = None;
            loop {
                let request = OrdersRequest {
                    state: args.state.clone(),
                    accounts: args.account.clone().into_iter().collect(),
                    since: args.since.clone(),
                    search: args.search.clone(),
                    after,
                    limit: Some(PAGE_ROWS),
                };
                let mut page = api.orders(request).await?;
                after = page.next;
                if session.output.json {
                    list.items(&page.orders)?;
                } else {
                    rows.append(&mut page.orders);
                }
                if after.is_none() {
                    break;
                }
            }
            if session.output.json {
                list.end(None)?;
            } else {
                let none = "There are no orders here. Download them with: barrow pull";
                session
                    .output
                    .text(&Text::new().table(order_table(&rows), none))?;
            }
            Ok(End::Done)
        })
        .await
}

/// Orders as a person reads them.
pub(crate) fn order_table(orders: &[OrderDocument]) -> Table {
    let mut table = Table::new(&["order", "placed", "state", "total", "goods"], 4).right(&[3]);
    for order in orders {
        let goods: Vec<String> = order
            .lines
            .iter()
            .map(|line| {
                let sku = line.variant_sku.as_ref().or(line.sku.as_ref());
                let name = sku.map_or_else(|| line.title.clone(), ToString::to_string);
                format!("{} × {name}", line.quantity)
            })
            .collect();
        table.row([
            format!("{}/{}", order.account, order.order_id),
            order.placed_at.format("%Y-%m-%d %H:%M").to_string(),
            order.state.code().to_owned(),
            order
                .total
                .map(|total| total.to_string())
                .unwrap_or_default(),
            goods.join(", "),
        ]);
    }
    table
}

fn quantities(texts: &[String]) -> Result<Vec<OrderLineQuantity>, Failure> {
    texts
        .iter()
        .map(|text| {
            let (line_id, quantity) = parse::line_quantity(text)?;
            Ok(OrderLineQuantity { line_id, quantity })
        })
        .collect()
}

pub(crate) async fn ship(session: &Session, args: ShipArgs) -> Result<End, Failure> {
    let request = ShipOrderRequest {
        lines: quantities(&args.lines)?,
        order: args.order,
        carrier: args.carrier.unwrap_or_default(),
        tracking: args.tracking.unwrap_or_default(),
        service: None,
        tracking_url: args.tracking_url,
        shipped_at: None,
        untracked: args.untracked,
        unpaid: args.unpaid,
    };
    session
        .with_api(async |api| told(session, &api.ship(request).await?, "The shipment"))
        .await
}

pub(crate) async fn take_back(
    session: &Session,
    order: String,
    shipment: Option<String>,
) -> Result<End, Failure> {
    let request = ShipTakeBackRequest {
        order,
        shipment,
        change: None,
    };
    session
        .with_api(async |api| {
            let response = api.ship_take_back(request).await?;
            session.output.answer(&response, |response| {
                let order = format!("{}/{}", response.order.account, response.order.order_id);
                let count = report::counted(response.report.done, "shipment", "shipments");
                Text::new().line(format!("{count} of {order} taken back; it is open again."))
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

pub(crate) async fn erase(session: &Session, order: String, yes: bool) -> Result<End, Failure> {
    if !yes {
        return Err(Failure::Usage(format!(
            "The buyer of {order} cannot be brought back once erased: say it with --yes."
        )));
    }
    session
        .with_api(async |api| {
            let response = api.order_erase(OrderRequest { order }).await?;
            session.output.answer(&response, |response| {
                let order = format!("{}/{}", response.order.account, response.order.order_id);
                Text::new().line(format!("The buyer of {order} is erased; figures stay."))
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

pub(crate) async fn cancel(session: &Session, args: CancelArgs) -> Result<End, Failure> {
    if args.reject {
        let request = OrderRequest { order: args.order };
        return session
            .with_api(async |api| {
                let response = api.order_cancel_reject(request).await?;
                told(session, &response, "The answer to the buyer")
            })
            .await;
    }
    let request = CancelOrderRequest {
        lines: quantities(&args.lines)?,
        order: args.order,
        reason: Some(args.reason.into()),
    };
    session
        .with_api(async |api| told(session, &api.cancel(request).await?, "The cancellation"))
        .await
}

pub(crate) async fn refund(session: &Session, args: RefundArgs) -> Result<End, Failure> {
    let request = RefundOrderRequest {
        order: args.order,
        line_id: args.line,
        amount: args.amount,
        reason: Some(args.reason.into()),
        comment: args.comment,
    };
    session
        .with_api(async |api| told(session, &api.refund(request).await?, "The refund"))
        .await
}

pub(crate) fn told(
    session: &Session,
    response: &OrderActionResponse,
    what: &str,
) -> Result<End, Failure> {
    let report = &response.report;
    session.output.answer(response, |response| {
        let order = format!("{}/{}", response.order.account, response.order.order_id);
        if report.done > 0 {
            let words = format!("{what} of {order} is queued; it goes out with the next push.");
            report::text(report, words)
        } else {
            report::more(Text::new(), report)
        }
    })?;
    Ok(End::complete(report.is_complete()))
}

pub(crate) async fn match_line(
    session: &Session,
    order: String,
    line: String,
    sku: String,
) -> Result<End, Failure> {
    let request = MatchLineRequest {
        order,
        line_id: line.clone(),
        sku: sku.clone(),
    };
    session
        .with_api(async |api| {
            let response = api.match_line(request).await?;
            session.output.answer(&response, |response| {
                let order = format!("{}/{}", response.order.account, response.order.order_id);
                Text::new().line(format!(
                    "Line {line} of {order} is {sku}; its stock is booked."
                ))
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

pub(crate) async fn problems(session: &Session, account: Option<String>) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let mut list = session.output.list("problems");
            let mut rows: Vec<ProblemView> = Vec::new();
            let mut after = None;
            loop {
                let request = ProblemsRequest {
                    account: account.clone(),
                    kind: None,
                    after,
                    limit: Some(PAGE_ROWS),
                };
                let mut page = api.problems(request).await?;
                after = page.next;
                if session.output.json {
                    list.items(&page.problems)?;
                } else {
                    rows.append(&mut page.problems);
                }
                if after.is_none() {
                    break;
                }
            }
            if session.output.json {
                list.end(None)?;
            } else {
                session.output.text(&problem_text(&rows))?;
            }
            Ok(End::Done)
        })
        .await
}

fn problem_text(problems: &[ProblemView]) -> Text {
    let mut table = Table::new(&["account", "about", "what to do"], 2);
    for problem in problems {
        let about = problem.sku.as_ref().or(problem.order.as_ref());
        table.row([
            problem.account.clone(),
            about.unwrap_or(&problem.subject).clone(),
            problem.problem.reason.clone(),
        ]);
    }
    Text::new().table(table, "Nothing needs you.")
}

pub(crate) async fn receipts(session: &Session, sku: Option<String>) -> Result<End, Failure> {
    let limit = if session.output.json {
        PAGE_ROWS
    } else {
        RECEIPTS_READ
    };
    session
        .with_api(async |api| {
            let request = ReceiptsRequest {
                sku,
                limit: Some(limit),
                ..ReceiptsRequest::default()
            };
            let response = api.receipts(request).await?;
            session
                .output
                .answer(&response, |response| receipt_text(&response.receipts))?;
            Ok(End::Done)
        })
        .await
}

fn receipt_text(receipts: &[ReceiptView]) -> Text {
    let headers = [
        "wanted",
        "account",
        "about",
        "what",
        "state",
        "sent or why not",
    ];
    let mut table = Table::new(&headers, 5);
    for receipt in receipts {
        let about = receipt.sku.as_ref().or(receipt.order_id.as_ref());
        let value = receipt.problem.as_ref().map(|problem| &problem.reason);
        table.row([
            receipt.wanted_at.format("%m-%d %H:%M").to_string(),
            receipt.account.clone().unwrap_or_default(),
            about.cloned().unwrap_or_default(),
            receipt.kind.code().to_owned(),
            code(&receipt.state),
            value.or(receipt.to.as_ref()).cloned().unwrap_or_default(),
        ]);
    }
    Text::new().table(table, "Nothing was sent yet.")
}

/// The word that JSON has for a value.
fn code(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) async fn quarantine(
    session: &Session,
    command: QuarantineCommand,
) -> Result<End, Failure> {
    session
        .with_api(async |api| match command {
            QuarantineCommand::List => {
                let response = api.quarantine(QuarantineRequest {}).await?;
                session.output.answer(&response, |response| {
                    let mut table = Table::new(&["account", "order", "since", "why"], 3);
                    for record in &response.quarantine {
                        table.row([
                            record.account.clone(),
                            record
                                .order_id
                                .clone()
                                .unwrap_or_else(|| "unknown".to_owned()),
                            record.first_seen_at.format("%Y-%m-%d").to_string(),
                            record.reason.clone(),
                        ]);
                    }
                    Text::new().table(table, "Every order could be read.")
                })?;
                Ok(End::Done)
            }
            QuarantineCommand::Retry => {
                let report = api.quarantine_retry(QuarantineRequest {}).await?;
                session.output.answer(&report, |report| {
                    let count = report::counted(report.done, "record was", "records were");
                    report::text(report, format!("{count} read."))
                })?;
                Ok(End::complete(report.is_complete()))
            }
        })
        .await
}
