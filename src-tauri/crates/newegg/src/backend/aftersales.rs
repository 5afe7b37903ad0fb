//! Acting on orders (newegg.md §6.2–§6.5). Lines go whole; a shipment is judged package by package,
//! because Newegg says success even where all of them failed.

use async_trait::async_trait;
use barrow_market::{
    Aftersales, Answers, Batch, Error, ErrorKind, Orders as _, Outcome, RETRY_LATER, Result,
    complete,
};
use barrow_model::{
    Action, CancelReason, Change, FulfilledBy, Order, OrderLine, OrderLineQuantity, OrderRef,
    Problem, ProblemKind, ShipRequest, Target, Ticket,
};
use serde_json::Value;

use crate::backend::NeweggAdapter;
use crate::error::{CANCELLED_ALREADY, NOT_IN_PORTAL, SHIPPED_ALREADY, has_code};
use crate::limits::{CANCEL_CALL, CONFIRM_CALL, KILL_ITEM_CALL, NOT_IN_PORTAL_YET, SHIP_CALL};
use crate::map::carrier::{carrier, service};
use crate::map::reasons::cancellation;
use crate::request::{Parcel, cancel_request, confirm_request, kill_items_request, ship_request};
use crate::types::node::Node;

#[async_trait]
impl Aftersales for NeweggAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        let acknowledged: Vec<(&Change, &OrderRef)> = batch
            .changes
            .iter()
            .filter(|change| change.action == Action::Acknowledge)
            .filter_map(|change| order_of(change).map(|order| (change, order)))
            .collect();
        self.confirm(&acknowledged, &mut answers).await;
        for change in &batch.changes {
            if answers.is_stopped() {
                break;
            }
            let Some(order) = order_of(change) else {
                continue;
            };
            let result = match &change.action {
                Action::Ship(asked) => self.ship(change, order, asked).await,
                Action::Cancel { lines, reason } => {
                    self.cancel(change, order, lines, *reason).await
                }
                Action::Acknowledge => continue,
                _ => Err(Error::new(ErrorKind::Unsupported, "submit")),
            };
            answers.take(change.id, result);
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    /// Every call is answered at once: there are no tickets.
    async fn poll(&self, _ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(complete(changes, Vec::new()))
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            let Some(order) = order_of(change) else {
                continue;
            };
            outcomes.push(match self.order(&order.order_id).await? {
                Some(found) => what_happened(change, &found),
                None => Outcome::refused(change.id, order_unknown()),
            });
        }
        Ok(outcomes)
    }
}

fn order_of(change: &Change) -> Option<&OrderRef> {
    match &change.target {
        Target::Order(order) => Some(order),
        Target::Listing(_) => None,
    }
}

impl NeweggAdapter {
    /// An order as it is now; none where Newegg does not know it.
    async fn order(&self, order_id: &str) -> Result<Option<Order>> {
        let page = self.fetch(&[order_id.to_owned()]).await?;
        Ok(page.only("orderInfo")?.map(|found| found.order))
    }

    /// The order that something is to be done to; an outcome where nothing can be. Nothing was sent
    /// yet: an answer that is missing is not an unknown deed.
    async fn order_to_act_on(
        &self,
        change: &Change,
        order: &OrderRef,
    ) -> Result<std::result::Result<Order, Outcome>> {
        match self.order(&order.order_id).await {
            Ok(Some(found)) => Ok(Ok(found)),
            Ok(None) => Ok(Err(Outcome::refused(change.id, order_unknown()))),
            Err(error)
                if matches!(
                    error.kind,
                    ErrorKind::NoAnswer | ErrorKind::Unreadable | ErrorKind::MarketplaceDown
                ) =>
            {
                Ok(Err(Outcome::later(
                    change.id,
                    error.to_problem(),
                    RETRY_LATER,
                )))
            }
            Err(error) => Err(error),
        }
    }

    /// Says that orders were downloaded, all in one call. Where one number spoils it, one by one.
    async fn confirm(&self, orders: &[(&Change, &OrderRef)], answers: &mut Answers) {
        if orders.is_empty() {
            return;
        }
        let all: Vec<&str> = orders.iter().map(|(_, order)| &*order.order_id).collect();
        match self.confirm_all(&all).await {
            Err(error)
                if orders.len() > 1
                    && matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) =>
            {
                for (change, order) in orders {
                    if answers.is_stopped() {
                        return;
                    }
                    let result = self.confirm_all(&[&order.order_id]).await;
                    answers.take(change.id, confirmed(change, result));
                }
            }
            result => {
                for (change, _) in orders {
                    answers.take(change.id, confirmed(change, result.clone()));
                }
            }
        }
    }

    async fn confirm_all(&self, numbers: &[&str]) -> Result<()> {
        let request = confirm_request(&self.config, numbers);
        let members = ["IsSuccess", "ResponseBody", "OperationType", "OrderNumber"];
        self.read(&CONFIRM_CALL, request, &members)
            .await
            .map(|_| ())
    }

    async fn ship(
        &self,
        change: &Change,
        order: &OrderRef,
        asked: &ShipRequest,
    ) -> Result<Outcome> {
        let found = match self.order_to_act_on(change, order).await? {
            Ok(found) => found,
            Err(outcome) => return Ok(outcome),
        };
        if let Some(told) = ship_without_sending(change, &found, asked) {
            return Ok(told);
        }
        let tracking: String = asked.tracking.split_whitespace().collect();
        let parcel = Parcel {
            carrier: carrier(&asked.carrier),
            service: service(asked.service.as_deref()),
            tracking: &tracking,
            items: asked
                .lines
                .iter()
                .map(|part| {
                    let line = line_of(&found, &part.line_id);
                    let item = line.and_then(|line| line.listing_ref.as_deref());
                    (part.line_id.as_str(), item, part.quantity)
                })
                .collect(),
        };
        let request = ship_request(&self.config, &order.order_id, &parcel);
        let members = ["PackageProcessingSummary", "Result", "IsSuccess"];
        match self.read(&SHIP_CALL, request, &members).await {
            Ok(answer) => Ok(shipped_outcome(change, &answer, &tracking)),
            Err(error) if has_code(&error, &[NOT_IN_PORTAL]) => Ok(Outcome::later(
                change.id,
                error.to_problem(),
                NOT_IN_PORTAL_YET,
            )),
            Err(error) if has_code(&error, SHIPPED_ALREADY) => {
                // By whom, only the order tells.
                let problem = error.to_problem();
                match self.order(&order.order_id).await {
                    Ok(Some(now)) if is_shipped(&now, asked) == Some(true) => {
                        Ok(Outcome::applied(change.id, None))
                    }
                    Ok(_) => Ok(Outcome::refused(change.id, problem)),
                    Err(_) => Ok(Outcome::unknown(change.id)),
                }
            }
            Err(error) => refused_as(change, error, ProblemKind::ShipRefused),
        }
    }

    async fn cancel(
        &self,
        change: &Change,
        order: &OrderRef,
        lines: &[OrderLineQuantity],
        reason: CancelReason,
    ) -> Result<Outcome> {
        let found = match self.order_to_act_on(change, order).await? {
            Ok(found) => found,
            Err(outcome) => return Ok(outcome),
        };
        if is_cancelled(&found, lines) == Some(true) {
            return Ok(Outcome::applied(change.id, None));
        }
        if let Some(problem) = cannot_cancel(&found, lines) {
            return Ok(Outcome::refused(change.id, problem));
        }
        let result = if is_whole(&found, lines) {
            let request = cancel_request(&self.config, &order.order_id, cancellation(reason));
            let members = ["Result", "IsSuccess"];
            self.read(&CANCEL_CALL, request, &members)
                .await
                .map(|answer| voided(&answer))
        } else {
            let skus: Vec<&str> = lines.iter().map(|line| line.line_id.as_str()).collect();
            let request = kill_items_request(&self.config, &order.order_id, &skus);
            let members = ["Orders", "Result", "IsSuccess"];
            self.read(&KILL_ITEM_CALL, request, &members)
                .await
                .map(|answer| killed(&answer, &skus))
        };
        match result {
            Ok(true) => Ok(Outcome::applied(change.id, None)),
            // The answer does not tell; the order will.
            Ok(false) => Ok(Outcome::unknown(change.id)),
            Err(error) if has_code(&error, CANCELLED_ALREADY) => {
                match self.order(&order.order_id).await {
                    Ok(Some(now)) if is_cancelled(&now, lines) == Some(true) => {
                        Ok(Outcome::applied(change.id, None))
                    }
                    Ok(_) => Ok(Outcome::refused(change.id, error.to_problem())),
                    Err(_) => Ok(Outcome::unknown(change.id)),
                }
            }
            Err(error) if has_code(&error, &[NOT_IN_PORTAL]) => Ok(Outcome::later(
                change.id,
                error.to_problem(),
                NOT_IN_PORTAL_YET,
            )),
            Err(error) => refused_as(change, error, ProblemKind::CancelRefused),
        }
    }
}

fn order_unknown() -> Problem {
    Problem::new(ProblemKind::OrderUnknown)
}

fn line_of<'a>(order: &'a Order, line_id: &str) -> Option<&'a OrderLine> {
    let same = |line: &&OrderLine| line.line_id.eq_ignore_ascii_case(line_id);
    order.lines.iter().find(same)
}

fn confirmed(change: &Change, result: Result<()>) -> Result<Outcome> {
    match result {
        Ok(()) => Ok(Outcome::applied(change.id, None)),
        Err(error) if error.kind == ErrorKind::NotFound => {
            let mut problem = order_unknown();
            problem.vendor = error.vendor;
            Ok(Outcome::refused(change.id, problem))
        }
        Err(error) => Err(error),
    }
}

/// A refusal without an exact problem becomes that of its kind of action.
fn refused_as(change: &Change, error: Error, kind: ProblemKind) -> Result<Outcome> {
    let is_plain = error.kind == ErrorKind::Refused && error.problem.is_none();
    if !is_plain {
        return Err(error);
    }
    let mut problem = Problem::new(kind);
    problem.vendor = error.vendor;
    Ok(Outcome::refused(change.id, problem))
}

/// What can be said of a shipment before anything is sent: that it is there already, or cannot be.
fn ship_without_sending(change: &Change, order: &Order, asked: &ShipRequest) -> Option<Outcome> {
    if is_shipped(order, asked) == Some(true) {
        return Some(Outcome::applied(change.id, None));
    }
    if order.fulfilled_by != FulfilledBy::Seller {
        let text = "Newegg ships this order itself.";
        let problem = Problem::new(ProblemKind::ShipRefused).vendor("SO012", text);
        return Some(Outcome::refused(change.id, problem));
    }
    let problem = asked.lines.iter().find_map(|part| {
        let open = line_of(order, &part.line_id).map_or(0, OrderLine::open);
        // A line goes whole, in the packages of one call (newegg.md §6.3).
        (open == 0 || part.quantity != open).then(|| line_problem(part, open))
    });
    problem.map(|problem| Outcome::refused(change.id, problem))
}

fn line_problem(part: &OrderLineQuantity, open: u32) -> Problem {
    Problem::new(ProblemKind::LineInvalid)
        .field("lines")
        .param("line", &part.line_id)
        .param("open", open)
        .param("quantity", part.quantity)
        .vendor(
            "whole lines",
            "Newegg takes a line whole: all its units at once.",
        )
}

/// The package's own result decides (newegg.md §6.3).
fn shipped_outcome(change: &Change, answer: &Value, tracking: &str) -> Outcome {
    let body = Node::of(answer).body();
    let shipment = body.get("Result").get("Shipment");
    let packages = shipment.get("PackageList").list("Package");
    let own = |package: &&Node<'_>| {
        let number: Option<String> = package.get("TrackingNumber").text();
        number.is_none_or(|number| number.split_whitespace().collect::<String>() == tracking)
    };
    let package = packages.iter().find(own).copied();
    let told = package.and_then(|package| package.get("ProcessStatus").flag());
    let summary = body.get("PackageProcessingSummary");
    let failed = summary.get("FailCount").count();
    let done = summary.get("SuccessCount").count();
    let is_done = match (told, failed, done) {
        (Some(told), _, _) => Some(told),
        (None, Some(failed), _) if failed > 0 => Some(false),
        (None, Some(0), Some(done)) if done > 0 => Some(true),
        _ => None,
    };
    match is_done {
        Some(true) => Outcome::applied(change.id, None),
        Some(false) => {
            let text = package.and_then(|package| package.get("ProcessResult").text());
            let problem = Problem::new(ProblemKind::ShipRefused);
            let text = text.unwrap_or_else(|| "The package was not taken.".to_owned());
            if text.contains(NOT_IN_PORTAL) {
                let problem = Problem::new(ProblemKind::Refused).vendor(NOT_IN_PORTAL, &text);
                return Outcome::later(change.id, problem, NOT_IN_PORTAL_YET);
            }
            Outcome::refused(change.id, problem.vendor("package", &text))
        }
        None => Outcome::unknown(change.id),
    }
}

/// Whether the answer says that the order is void.
fn voided(answer: &Value) -> bool {
    let status = Node::of(answer).body().get("Result").get("OrderStatus");
    status
        .text()
        .is_some_and(|word| word.to_ascii_lowercase().starts_with("void"))
}

/// Whether the answer names all the lines as removed.
fn killed(answer: &Value, skus: &[&str]) -> bool {
    let body = Node::of(answer).body();
    let orders = body.get("Orders");
    let order = orders.list("Order").into_iter().next().unwrap_or(orders);
    let items = order.get("Result").get("ItemList").list("Item");
    let named: Vec<String> = items
        .into_iter()
        .filter_map(|item| item.get("SellerPartNumber").text().or_else(|| item.text()))
        .collect();
    let is_named = |sku: &&str| named.iter().any(|name| name.eq_ignore_ascii_case(sku));
    skus.iter().all(is_named)
}

/// Why lines cannot be cancelled, before anything is sent.
fn cannot_cancel(order: &Order, lines: &[OrderLineQuantity]) -> Option<Problem> {
    if order.fulfilled_by != FulfilledBy::Seller {
        let text = "Newegg ships this order itself.";
        return Some(Problem::new(ProblemKind::CancelRefused).vendor("SO005", text));
    }
    lines.iter().find_map(|part| {
        let open = line_of(order, &part.line_id).map_or(0, OrderLine::open);
        if open == 0 {
            return Some(Problem::new(ProblemKind::CancelRefused).field("lines"));
        }
        // Whole lines alone (newegg.md §6.4).
        (part.quantity != open).then(|| line_problem(part, open))
    })
}

/// Whether all that is left of an unshipped order is to be cancelled.
fn is_whole(order: &Order, lines: &[OrderLineQuantity]) -> bool {
    let asked = |line: &OrderLine| {
        lines
            .iter()
            .any(|part| part.line_id.eq_ignore_ascii_case(&line.line_id))
    };
    let is_untouched = order.lines.iter().all(|line| line.quantity_shipped == 0);
    is_untouched
        && order
            .lines
            .iter()
            .all(|line| line.open() == 0 || asked(line))
}

/// What became of an action, by the order as it is now.
fn what_happened(change: &Change, order: &Order) -> Outcome {
    let happened = match &change.action {
        Action::Acknowledge => Some(!order.needs_acknowledgement),
        Action::Ship(asked) => is_shipped(order, asked),
        Action::Cancel { lines, .. } => is_cancelled(order, lines),
        _ => None,
    };
    match happened {
        Some(true) => Outcome::applied(change.id, None),
        Some(false) => Outcome::not_done(change.id),
        None => Outcome::unknown(change.id),
    }
}

/// Whether a parcel with that tracking number holds the lines. Not shipped at all is no; shipped
/// in part, or otherwise, nobody can tell.
fn is_shipped(order: &Order, asked: &ShipRequest) -> Option<bool> {
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let tracking = plain(&asked.tracking);
    let held = |part: &OrderLineQuantity| {
        let parcels = order.shipments.iter().filter(|parcel| {
            let number = parcel.tracking.as_deref().map(plain);
            number.is_some_and(|number| number.eq_ignore_ascii_case(&tracking))
        });
        let units: u32 = parcels
            .flat_map(|parcel| &parcel.lines)
            .filter(|line| line.line_id.eq_ignore_ascii_case(&part.line_id))
            .map(|line| line.quantity)
            .sum();
        units >= part.quantity
    };
    if asked.lines.iter().all(held) {
        return Some(true);
    }
    let is_open = |part: &OrderLineQuantity| {
        line_of(order, &part.line_id).is_some_and(|line| line.quantity_shipped == 0)
    };
    asked.lines.iter().all(is_open).then_some(false)
}

/// Whether the lines are cancelled; unknown where some are.
fn is_cancelled(order: &Order, lines: &[OrderLineQuantity]) -> Option<bool> {
    let told = |part: &OrderLineQuantity| {
        line_of(order, &part.line_id).is_some_and(|line| line.quantity_cancelled >= part.quantity)
    };
    if lines.iter().all(told) {
        return Some(true);
    }
    (!lines.iter().any(told)).then_some(false)
}
