//! Orders: how they come, what is told of them, and how they are shipped.

use std::collections::BTreeSet;

use barrow_practice::{HeldOrder, Marketplace, OrderRequestLine, PlaceOrderError};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{CA, Seen, Seller, US, offer_at, replace, settings, stock};

const SINCE: &str = "/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z";
const EVERYTHING: &str = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,\
                          PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS";

impl Seller {
    fn read(&mut self, id: &str) -> Value {
        let path = format!("/orders/2026-01-01/orders/{id}?includedData={EVERYTHING}");
        let seen = self.get(&path);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        seen.body["order"].clone()
    }

    fn confirm(&mut self, id: &str, detail: Value) -> Seen {
        let path = format!("/orders/v0/orders/{id}/shipmentConfirmation");
        self.post(
            &path,
            json!({ "marketplaceId": US, "packageDetail": detail }),
        )
    }

    fn detail(&self, reference: &str, item: &str, units: u32) -> Value {
        json!({
            "packageReferenceId": reference,
            "carrierCode": "UPS",
            "trackingNumber": format!("1Z{reference}"),
            "shipDate": self.now.wall.to_rfc3339(),
            "orderItems": [{ "orderItemId": item, "quantity": units }],
        })
    }

    /// Ships units of the first line of an order and returns the line's id.
    pub(crate) fn ship(&mut self, id: &str, reference: &str, units: u32) -> String {
        let order = self.read(id);
        let item = order["orderItems"][0]["orderItemId"]
            .as_str()
            .unwrap()
            .to_owned();
        let detail = self.detail(reference, &item, units);
        let seen = self.confirm(id, detail);
        assert_eq!(
            (seen.status, seen.text.as_str()),
            (StatusCode::NO_CONTENT, "")
        );
        item
    }

    fn held_order(&self, id: &str) -> HeldOrder {
        let mut orders = self.held().orders.into_iter();
        orders.find(|order| order.order_id == id).unwrap()
    }
}

fn ids(page: &Seen) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let orders = page.body["orders"].as_array().unwrap().iter();
    orders
        .map(|order| order["orderId"].as_str().unwrap().to_owned())
        .collect()
}

fn minor(money: &Value) -> i64 {
    money["amount"]
        .as_str()
        .unwrap()
        .replace('.', "")
        .parse()
        .unwrap()
}

#[test]
fn a_sale_takes_units_at_once_and_never_more_than_there_are() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 3)]);
    seller.order(&[("A", 2)]);
    assert_eq!(seller.listing("A").quantity, 1);
    let place = |seller: &mut Seller, sku: &str, quantity: u32| {
        let line = OrderRequestLine {
            sku: sku.to_owned(),
            quantity,
        };
        seller.market.place_order(&[line], seller.now)
    };
    let too_few = PlaceOrderError::TooFew {
        sku: "A".to_owned(),
        available: 1,
    };
    assert_eq!(place(&mut seller, "A", 2), Err(too_few));
    let not_for_sale = PlaceOrderError::NotForSale("B".to_owned());
    assert_eq!(place(&mut seller, "B", 1), Err(not_for_sale));
    assert_eq!(place(&mut seller, "A", 0), Err(PlaceOrderError::Empty));
    assert_eq!(
        seller.market.place_order(&[], seller.now),
        Err(PlaceOrderError::Empty)
    );
    seller.order(&[("A", 1)]);
    assert_eq!(seller.listing("A").state, "out_of_stock");
}

#[test]
fn what_is_bought_while_a_quantity_is_on_its_way_is_taken_off_it() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 5)]);
    seller.patch("A", US, replace("fulfillment_availability", stock(4)));
    seller.order(&[("A", 3)]);
    assert_eq!(seller.listing("A").quantity, 2);
    seller.wait(200);
    assert_eq!(seller.listing("A").quantity, 1);
}

#[test]
fn an_order_tells_only_what_is_asked_for() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 50)]);
    let id = seller.order(&[("A", 2)]);
    let bare = seller.get(&format!("/orders/2026-01-01/orders/{id}")).body["order"].clone();
    for name in [
        "buyer",
        "recipient",
        "proceeds",
        "fulfillment",
        "packages",
        "payment",
        "tax",
    ] {
        assert!(bare.get(name).is_none(), "{name}");
    }
    assert!(bare["orderItems"][0].get("proceeds").is_none());
    assert!(bare["orderItems"][0].get("fulfillment").is_none());
    assert_eq!(bare["orderItems"][0]["quantityOrdered"], 2);
    let full = seller.read(&id);
    assert_eq!(full["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");
    assert_eq!(full["fulfillment"]["fulfilledBy"], "MERCHANT");
    assert_eq!(full["recipient"]["deliveryAddress"]["countryCode"], "US");
    assert!(full["buyer"]["buyerName"].is_string());
    assert_eq!(
        full["orderItems"][0]["product"]["price"]["unitPrice"]["amount"],
        "10.00"
    );
}

#[test]
fn breakdowns_add_up_to_their_totals() {
    let mut seller = Seller::with(settings(3, 300));
    seller.publish(&[("A", 19.99, 100_000), ("B", 7.5, 100_000)]);
    for _ in 0..60 {
        seller.wait(60);
    }
    let page = seller.get(&format!("{SINCE}&includedData={EVERYTHING}"));
    let (mut priced, mut discounted, mut taxed) = (0, 0, 0);
    for order in page.body["orders"].as_array().unwrap() {
        let Some(proceeds) = order.get("proceeds") else {
            continue;
        };
        priced += 1;
        let sum = |rows: &Value| -> i64 {
            rows.as_array()
                .unwrap()
                .iter()
                .map(|row| minor(&row["subtotal"]))
                .sum()
        };
        assert_eq!(
            sum(&proceeds["breakdowns"]),
            minor(&proceeds["grandTotal"]),
            "{order:#}"
        );
        let mut lines = 0;
        for line in order["orderItems"].as_array().unwrap() {
            let proceeds = &line["proceeds"];
            assert_eq!(
                sum(&proceeds["breakdowns"]),
                minor(&proceeds["proceedsTotal"])
            );
            lines += minor(&proceeds["proceedsTotal"]);
            for row in proceeds["breakdowns"].as_array().unwrap() {
                let Some(details) = row.get("detailedBreakdowns") else {
                    continue;
                };
                let details = details.as_array().unwrap().iter();
                let details: i64 = details.map(|detail| minor(&detail["value"])).sum();
                assert_eq!(details, minor(&row["subtotal"]));
                discounted += i32::from(row["type"] == "DISCOUNT");
                taxed += i32::from(row["type"] == "TAX");
            }
        }
        assert_eq!(lines, minor(&proceeds["grandTotal"]));
    }
    assert!(
        priced > 50 && discounted > 5 && taxed > 30,
        "{priced} {discounted} {taxed}"
    );
}

#[test]
// long: every kind of order is looked for
fn orders_of_every_kind_come_by_themselves() {
    let mut seller = Seller::with(settings(11, 400));
    seller.publish(&[("A", 19.99, 100_000), ("B", 7.5, 100_000)]);
    let mut seen_pending = BTreeSet::new();
    let mut all: Vec<Value> = Vec::new();
    for _ in 0..40 {
        seller.wait(200);
        let page = seller.get(&format!(
            "{SINCE}&includedData={EVERYTHING}&fulfillmentStatuses=PENDING"
        ));
        for order in page.body["orders"].as_array().unwrap() {
            assert!(order.get("buyer").is_none() && order.get("recipient").is_none());
            seen_pending.insert(order["orderId"].as_str().unwrap().to_owned());
        }
    }
    let mut path = format!("{SINCE}&includedData={EVERYTHING}");
    loop {
        let page = seller.get(&path);
        all.extend(page.body["orders"].as_array().unwrap().iter().cloned());
        let Some(token) = page.body["pagination"]["nextToken"].as_str() else {
            break;
        };
        path = format!("{SINCE}&includedData={EVERYTHING}&paginationToken={token}");
    }
    let count = |is: &dyn Fn(&Value) -> bool| all.iter().filter(|order| is(order)).count();
    let has = |program: &'static str| {
        move |order: &Value| {
            order["programs"]
                .as_array()
                .unwrap()
                .contains(&json!(program))
        }
    };
    assert!(seen_pending.len() > 100, "{}", seen_pending.len());
    assert!(count(&has("PRIME")) > 10);
    assert!(count(&has("AMAZON_BUSINESS")) > 10);
    assert!(count(&|o| o["buyer"].get("buyerCompanyName").is_some()) > 10);
    assert!(count(&|o| o["orderItems"].as_array().unwrap().len() > 1) > 10);
    assert!(count(&|o| o["fulfillment"]["fulfilledBy"] == "AMAZON") > 10);
    let cancelled = |o: &Value| o["fulfillment"]["fulfillmentStatus"] == "CANCELLED";
    assert!(count(&cancelled) > 5);
    for order in all.iter().filter(|order| cancelled(order)) {
        let who = order["orderItems"][0].pointer("/cancellation/cancellationExecution/cancelledBy");
        assert_eq!(who, Some(&json!("BUYER")));
    }
    let asks = "/orderItems/0/cancellation/cancellationRequest/requester";
    assert!(count(&|o| o.pointer(asks) == Some(&json!("BUYER"))) > 5);
    // What Amazon ships takes nothing from the seller's own stock.
    let units = |order: &HeldOrder| -> u32 { order.lines.iter().map(|line| line.quantity).sum() };
    let by_amazon: BTreeSet<&str> = all
        .iter()
        .filter(|order| order["fulfillment"]["fulfilledBy"] == "AMAZON")
        .map(|order| order["orderId"].as_str().unwrap())
        .collect();
    let held = seller.held();
    let own = held
        .orders
        .iter()
        .filter(|order| !by_amazon.contains(order.order_id.as_str()));
    let sold: u32 = own.map(units).sum();
    let left: u32 = held.listings.iter().map(|listing| listing.quantity).sum();
    assert_eq!(left + sold, 200_000);
}

#[test]
fn a_pending_order_holds_units_and_becomes_shippable() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 5)]);
    seller.fault("pending_order", 1);
    let id = seller.order(&[("A", 2)]);
    assert_eq!(seller.listing("A").quantity, 3);
    let order = seller.read(&id);
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "PENDING");
    let item = order["orderItems"][0]["orderItemId"]
        .as_str()
        .unwrap()
        .to_owned();
    let detail = seller.detail("1", &item, 1);
    assert_eq!(seller.confirm(&id, detail).status, StatusCode::BAD_REQUEST);
    seller.wait(600);
    let order = seller.read(&id);
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");
    assert_ne!(order["lastUpdatedTime"], order["createdTime"]);
}

#[test]
fn a_shipment_counts_at_once_and_the_status_follows() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 50)]);
    let id = seller.order(&[("A", 3)]);
    seller.ship(&id, "1", 1);
    let order = seller.read(&id);
    assert_eq!(
        order["orderItems"][0]["fulfillment"]["quantityFulfilled"],
        1
    );
    assert_eq!(order["packages"][0]["trackingNumber"], "1Z1");
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");
    seller.wait(121);
    assert_eq!(seller.held_order(&id).state, "PARTIALLY_SHIPPED");
    let item = seller.ship(&id, "2", 2);
    seller.wait(121);
    assert_eq!(seller.held_order(&id).state, "SHIPPED");
    // Nothing is left for a third package, but the second can be edited.
    let third = seller.detail("3", &item, 1);
    let seen = seller.confirm(&id, third);
    assert_eq!(seen.status, StatusCode::BAD_REQUEST);
    assert!(
        seen.text.contains("PackageToUpdateNotFound"),
        "{}",
        seen.text
    );
    let mut edit = seller.detail("2", &item, 2);
    edit["trackingNumber"] = json!("NEW");
    assert_eq!(seller.confirm(&id, edit).status, StatusCode::NO_CONTENT);
    let held = seller.held_order(&id);
    let trackings: Vec<&str> = held.shipments.iter().map(|s| s.tracking.as_str()).collect();
    assert_eq!(trackings, ["1Z1", "NEW"]);
    assert_eq!(held.lines[0].quantity_shipped, 3);
    seller.wait(3 * 24 * 3_600);
    let order = seller.read(&id);
    assert_eq!(order["packages"][0]["packageStatus"]["status"], "DELIVERED");
}

#[test]
// long: a list of mistakes
fn a_confirmation_is_held_to_its_rules() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 50)]);
    let id = seller.order(&[("A", 2)]);
    let item = seller.read(&id)["orderItems"][0]["orderItemId"]
        .as_str()
        .unwrap()
        .to_owned();
    let right = seller.detail("1", &item, 1);
    let mut check = |field: &str, value: Value| {
        let mut detail = right.clone();
        match value {
            Value::Null => drop(detail.as_object_mut().unwrap().remove(field)),
            value => detail[field] = value,
        }
        seller.wait(1);
        let seen = seller.confirm(&id, detail);
        assert_eq!(
            (seen.status, seen.code()),
            (StatusCode::BAD_REQUEST, "InvalidInput"),
            "{field}"
        );
        assert!(seller.held_order(&id).shipments.is_empty());
    };
    check("packageReferenceId", json!(1));
    check("packageReferenceId", json!("0"));
    check("packageReferenceId", json!("PKG-1"));
    for field in [
        "packageReferenceId",
        "carrierCode",
        "trackingNumber",
        "shipDate",
        "orderItems",
    ] {
        check(field, Value::Null);
    }
    check("carrierCode", json!("Other"));
    check("shipDate", json!("2027-01-01T00:00:00Z"));
    check("shipDate", json!("2026-11-01T00:00:00Z"));
    check("shipDate", json!("today"));
    check("orderItems", json!([]));
    check(
        "orderItems",
        json!([{ "orderItemId": "none", "quantity": 1 }]),
    );
    check(
        "orderItems",
        json!([{ "orderItemId": item, "quantity": 3 }]),
    );
    check(
        "orderItems",
        json!([{ "orderItemId": item, "quantity": 0 }]),
    );
    check(
        "orderItems",
        json!([{ "orderItemId": item, "quantity": "1" }]),
    );
    let path = format!("/orders/v0/orders/{id}/shipmentConfirmation");
    let elsewhere = json!({ "marketplaceId": CA, "packageDetail": right });
    assert_eq!(
        seller.post(&path, elsewhere).status,
        StatusCode::BAD_REQUEST
    );
    let none = seller.confirm("111-1111111-1111111", right.clone());
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let mut other = right;
    other["carrierCode"] = json!("Other");
    other["carrierName"] = json!("Bike");
    assert_eq!(seller.confirm(&id, other).status, StatusCode::NO_CONTENT);
    assert_eq!(seller.held_order(&id).shipments[0].carrier, "Bike");
}

#[test]
fn an_order_nobody_ships_is_cancelled_by_amazon() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 5)]);
    let id = seller.order(&[("A", 2)]);
    seller.wait(8 * 24 * 3_600);
    assert_eq!(seller.held_order(&id).state, "UNSHIPPED");
    seller.wait(2 * 24 * 3_600);
    assert_eq!(seller.held_order(&id).state, "CANCELLED");
    let order = seller.read(&id);
    let who = &order["orderItems"][0]["cancellation"]["cancellationExecution"]["cancelledBy"];
    assert_eq!(who, "AMAZON");
    assert_eq!(
        seller.listing("A").quantity,
        3,
        "the seller says what can be sold"
    );
}

#[test]
fn searches_need_exactly_one_beginning_and_an_end_that_is_old_enough() {
    let mut seller = Seller::new();
    let base = "/orders/2026-01-01/orders";
    let mut check = |question: &str, status: StatusCode| {
        seller.wait(200);
        let seen = seller.get(&format!("{base}?{question}"));
        assert_eq!(seen.status, status, "{question}: {}", seen.text);
        seen
    };
    let (ok, bad) = (StatusCode::OK, StatusCode::BAD_REQUEST);
    check("", bad);
    check("createdAfter=yesterday", bad);
    check(
        "createdAfter=2026-11-01T00:00:00Z&lastUpdatedAfter=2026-11-01T00:00:00Z",
        bad,
    );
    check(
        "createdAfter=2026-11-01T00:00:00Z&lastUpdatedBefore=2026-11-02T00:00:00Z",
        bad,
    );
    check(
        "createdAfter=2026-11-01T00:00:00Z&createdBefore=2026-12-01T00:00:00Z",
        bad,
    );
    check(
        "createdAfter=2026-11-02T00:00:00Z&createdBefore=2026-11-01T00:00:00Z",
        bad,
    );
    check(
        "createdAfter=2026-11-01T00:00:00Z&maxResultsPerPage=101",
        bad,
    );
    check(
        "createdAfter=2026-11-01T00:00:00Z&fulfillmentStatuses=Unshipped",
        bad,
    );
    check(
        "createdAfter=2026-11-01T00:00:00Z&includedData=ADDRESS",
        bad,
    );
    let foreign = "createdAfter=2026-11-01T00:00:00Z&marketplaceIds=A1PA6795UKMFR9";
    check(foreign, StatusCode::FORBIDDEN);
    let seen = check("lastUpdatedAfter=2026-11-01T00:00:00%2B01:00", ok);
    assert!(seen.body["lastUpdatedBefore"].is_string());
    assert!(seen.body.get("pagination").is_none());
    let end = "lastUpdatedAfter=2026-11-01T00:00:00Z&lastUpdatedBefore=2026-11-02T00:00:00Z";
    let seen = check(end, ok);
    assert_eq!(seen.body["lastUpdatedBefore"], "2026-11-02T00:00:00.000Z");
    assert!(check("createdAfter=2026-11-01T00:00:00Z", ok).body["createdBefore"].is_string());
}

#[test]
fn pages_of_orders_repeat_their_question_and_are_good_for_a_day() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 500)]);
    let placed: BTreeSet<String> = (0..7)
        .map(|_| {
            seller.wait(1);
            seller.order(&[("A", 1)])
        })
        .collect();
    let question =
        "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-01T00:00:00Z&fulfilledBy=MERCHANT";
    let first = seller.get(&format!("{question}&maxResultsPerPage=3"));
    assert_eq!(ids(&first).len(), 3);
    let token = first.body["pagination"]["nextToken"]
        .as_str()
        .unwrap()
        .to_owned();
    // An order of the first page that changes meanwhile is told again, and none is left out.
    let again = ids(&first)[0].clone();
    seller.wait(2);
    seller.ship(&again, "1", 1);
    seller.wait(200);
    let rest = seller.get(&format!(
        "{question}&maxResultsPerPage=100&includedData=PROCEEDS&paginationToken={token}"
    ));
    assert_eq!(
        rest.body["lastUpdatedBefore"],
        first.body["lastUpdatedBefore"]
    );
    assert!(ids(&rest).contains(&again));
    let told: BTreeSet<String> = ids(&first).into_iter().chain(ids(&rest)).collect();
    assert_eq!(told, placed);
    let bad = StatusCode::BAD_REQUEST;
    let changed = question.replace("MERCHANT", "AMAZON");
    assert_eq!(
        seller
            .get(&format!("{changed}&paginationToken={token}"))
            .status,
        bad
    );
    let alone = format!("/orders/2026-01-01/orders?paginationToken={token}");
    assert_eq!(seller.get(&alone).status, bad);
    assert_eq!(
        seller
            .get(&format!("{question}&paginationToken=other"))
            .status,
        bad
    );
    seller.wait(24 * 3_600);
    assert_eq!(
        seller
            .get(&format!("{question}&paginationToken={token}"))
            .status,
        bad
    );
}

#[test]
fn orders_are_found_by_marketplace_state_and_shipper() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 50)]);
    seller.put("C", CA, offer_at(CA, 5, 9.0, 50));
    seller.wait(600);
    let (us, ca) = (seller.order(&[("A", 1)]), seller.order(&[("C", 1)]));
    assert_eq!(
        seller.read(&ca)["proceeds"]["grandTotal"]["currencyCode"],
        "CAD"
    );
    let find = |seller: &mut Seller, filter: &str| ids(&seller.get(&format!("{SINCE}&{filter}")));
    assert_eq!(
        find(&mut seller, &format!("marketplaceIds={US}")),
        std::slice::from_ref(&us)
    );
    assert_eq!(
        find(&mut seller, &format!("marketplaceIds={US},{CA}")).len(),
        2
    );
    assert!(find(&mut seller, "fulfillmentStatuses=SHIPPED,CANCELLED").is_empty());
    assert!(find(&mut seller, "fulfilledBy=AMAZON").is_empty());
    seller.ship(&us, "1", 1);
    seller.wait(121);
    assert_eq!(find(&mut seller, "fulfillmentStatuses=SHIPPED"), [us]);
}
