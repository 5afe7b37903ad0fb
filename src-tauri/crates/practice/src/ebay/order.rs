//! Orders and how the Fulfillment API shows them (ebay.md §8.2).

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::account::username;
use super::call::Call;
use super::money::amount;
use super::quirk::{ANONYMISED, Quirks, dress, dress_line, due, purchase_site};
use super::state::State;
use crate::buyers::Buyer;
use crate::random::seeded_hash;

/// After so many days an order has no name, street or phone any more (ebay.md §8.2).
const ADDRESS_DAYS: i64 = 90;
/// After so many days an order has no e-mail address any more (ebay.md §8.2).
const EMAIL_DAYS: i64 = 14;

/// An order with everything that happened to it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) site: String,
    pub(super) currency: String,
    pub(super) created: DateTime<Utc>,
    pub(super) modified: DateTime<Utc>,
    pub(super) buyer: Buyer,
    pub(super) country: String,
    pub(super) tax_id: Option<String>,
    pub(super) note: Option<String>,
    pub(super) payment: Payment,
    pub(super) lines: Vec<Line>,
    pub(super) quirks: Quirks,
    pub(super) min_delivery: DateTime<Utc>,
    pub(super) max_delivery: DateTime<Utc>,
    pub(super) ship_by: Option<DateTime<Utc>>,
    pub(super) shipments: Vec<Shipment>,
    pub(super) refunds: Vec<Refund>,
    pub(super) cancellation: Option<Cancellation>,
    /// When the buyer will ask to cancel, in elapsed time.
    pub(super) regret: Option<Duration>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Payment {
    /// The buyer pays at this elapsed time.
    Pending(Duration),
    Paid(DateTime<Utc>),
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) sku: String,
    pub(super) title: String,
    pub(super) listing: String,
    pub(super) variation: Option<Vec<(String, String)>>,
    pub(super) quantity: u32,
    pub(super) unit_minor: i64,
    pub(super) shipping_minor: i64,
    /// Collected and remitted by eBay.
    pub(super) tax: Option<LineTax>,
    /// The seller's own tax, part of what the buyer pays him.
    #[serde(default)]
    pub(super) own_tax_minor: i64,
    /// The number of its variation in the listing.
    #[serde(default)]
    pub(super) variation_id: String,
    pub(super) refunded_minor: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct LineTax {
    pub(super) kind: String,
    pub(super) minor: i64,
    /// Name and value of eBay's own tax number.
    pub(super) reference: Option<(String, String)>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Shipment {
    pub(super) id: String,
    pub(super) carrier: Option<String>,
    pub(super) tracking: Option<String>,
    pub(super) shipped: DateTime<Utc>,
    /// Line ids and units.
    pub(super) lines: Vec<(String, u32)>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) at: DateTime<Utc>,
    /// The elapsed time at which it is done.
    pub(super) done_at: Duration,
    pub(super) done: bool,
    pub(super) minor: i64,
    /// Line ids and their shares; empty where the whole order was meant.
    pub(super) lines: Vec<(String, i64)>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Cancellation {
    pub(super) id: String,
    pub(super) state: CancelState,
    pub(super) by_buyer: bool,
    pub(super) reason: String,
    pub(super) requested: DateTime<Utc>,
    pub(super) closed: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum CancelState {
    Requested,
    Rejected,
    Completed,
}

/// A date as eBay writes it (ebay.md §3).
pub(super) fn stamp(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// How much of an order is shown.
#[derive(Clone, Copy)]
pub(super) struct View {
    pub(super) now: DateTime<Utc>,
    /// `fieldGroups=TAX_BREAKDOWN`: only then is remitted tax part of the totals.
    pub(super) taxes: bool,
    /// Whether it is `getOrder`, which shows what `getOrders` leaves out (ebay.md §8.1).
    pub(super) single: bool,
}

impl Line {
    pub(super) fn cost_minor(&self) -> i64 {
        self.unit_minor * i64::from(self.quantity)
    }

    pub(super) fn tax_minor(&self) -> i64 {
        self.tax.as_ref().map_or(0, |tax| tax.minor)
    }
}

impl Order {
    /// Units of a line that have been assigned to a shipment.
    pub(super) fn shipped(&self, line: &str) -> u32 {
        let lines = self.shipments.iter().flat_map(|shipment| &shipment.lines);
        lines
            .filter(|(id, _)| id == line)
            .map(|(_, units)| units)
            .sum()
    }

    // Assigning any unit marks the whole line (ebay.md §8.3).
    fn line_status(&self, line: &Line) -> &'static str {
        if self.shipped(&line.id) > 0 {
            "FULFILLED"
        } else {
            "NOT_STARTED"
        }
    }

    pub(super) fn status(&self) -> &'static str {
        let done = self
            .lines
            .iter()
            .filter(|line| self.shipped(&line.id) > 0)
            .count();
        match done {
            0 => "NOT_STARTED",
            _ if done == self.lines.len() => "FULFILLED",
            _ => "IN_PROGRESS",
        }
    }

    pub(super) fn cancelled(&self) -> bool {
        self.cancellation
            .as_ref()
            .is_some_and(|it| it.state == CancelState::Completed)
    }

    pub(super) fn paid(&self) -> bool {
        matches!(self.payment, Payment::Paid(_))
    }

    /// What the buyer paid to the seller, tax that eBay remits left out.
    pub(super) fn total_minor(&self) -> i64 {
        self.lines
            .iter()
            .map(|line| line.cost_minor() + line.shipping_minor + line.own_tax_minor)
            .sum()
    }

    /// Refunded or about to be.
    pub(super) fn refunded_minor(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.minor).sum()
    }

    fn payment_status(&self) -> &'static str {
        let done: i64 = self
            .refunds
            .iter()
            .filter(|refund| refund.done)
            .map(|refund| refund.minor)
            .sum();
        match self.payment {
            Payment::Pending(_) => "PENDING",
            Payment::Paid(_) if done == 0 => "PAID",
            Payment::Paid(_) if done >= self.total_minor() => "FULLY_REFUNDED",
            Payment::Paid(_) => "PARTIALLY_REFUNDED",
        }
    }

    fn money(&self, minor: i64) -> Value {
        amount(minor, &self.currency)
    }

    /// The order as the API shows it.
    pub(super) fn shown(&self, state: &State, call: &Call, view: View) -> Value {
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|line| self.line(line, view))
            .collect();
        let hrefs: Vec<String> = self
            .shipments
            .iter()
            .map(|shipment| {
                format!(
                    "{}/sell/fulfillment/v1/order/{}/shipping_fulfillment/{}",
                    call.base, self.id, shipment.id
                )
            })
            .collect();
        let mut body = json!({
            "orderId": self.id,
            "legacyOrderId": self.legacy_id(),
            "creationDate": stamp(self.created),
            "lastModifiedDate": stamp(self.modified),
            "orderFulfillmentStatus": self.status(),
            "orderPaymentStatus": self.payment_status(),
            "sellerId": username(state),
            "buyer": self.buyer(view),
            "pricingSummary": self.prices(view),
            "cancelStatus": self.cancel_status(view),
            "paymentSummary": self.payment_summary(view),
            "fulfillmentStartInstructions": [self.instructions(view)],
            "fulfillmentHrefs": hrefs,
            "lineItems": lines,
            "salesRecordReference": self.id.rsplit('-').next().unwrap_or_default(),
            "totalFeeBasisAmount": self.money(self.total_minor() + self.tax_minor()),
            "totalMarketplaceFee": self.money(self.fee_minor()),
        });
        if self.tax_minor() > 0 {
            body["ebayCollectAndRemitTax"] = json!(true);
        }
        if let Some(note) = &self.note {
            body["buyerCheckoutNotes"] = json!(note);
        }
        dress(&self.quirks, &mut body);
        body
    }

    /// The number by which calls after a sale know the order: of an order of one line its listing's
    /// and its line's, as every order had it once; of each second such order its id.
    pub(super) fn legacy_id(&self) -> String {
        let is_old = seeded_hash(0, &self.id).is_multiple_of(2);
        match &self.lines[..] {
            [line] if is_old => format!("{}-{}", line.listing, line.id),
            _ => self.id.clone(),
        }
    }

    fn tax_minor(&self) -> i64 {
        self.lines.iter().map(Line::tax_minor).sum()
    }

    // A final value fee of 13.25 % and a fixed part, as most categories have.
    fn fee_minor(&self) -> i64 {
        (self.total_minor() + self.tax_minor()) * 1325 / 10_000 + 30
    }

    fn buyer(&self, view: View) -> Value {
        let username = if self.quirks.has(ANONYMISED) {
            // ebay.md §11: of some buyers an id stands where the name was.
            format!("{:011X}", seeded_hash(0, &self.id))
        } else {
            self.buyer.username.clone()
        };
        let mut buyer = json!({
            "username": username,
            "taxAddress": {
                "city": self.buyer.city,
                "postalCode": self.buyer.postal_code,
                "countryCode": self.country,
            },
            "buyerRegistrationAddress": self.contact(view),
        });
        if !self.quirks.no_region {
            buyer["taxAddress"]["stateOrProvince"] = json!(self.buyer.state);
        }
        if let Some(number) = self.tax_id.as_ref().filter(|_| view.single) {
            buyer["taxIdentifier"] = json!({
                "taxpayerId": number,
                "taxIdentifierType": "CODICE_FISCALE",
                "issuingCountry": self.country,
            });
        }
        buyer
    }

    fn contact(&self, view: View) -> Value {
        let age_days = (view.now - self.created).num_days();
        let mut address = json!({
            "city": self.buyer.city,
            "postalCode": self.buyer.postal_code,
            "countryCode": self.country,
        });
        if !self.quirks.no_region {
            address["stateOrProvince"] = json!(self.buyer.state);
        }
        let mut contact = json!({});
        let named = !self.quirks.has(ANONYMISED);
        if named && age_days < ADDRESS_DAYS {
            contact["fullName"] = json!(self.buyer.name);
            address["addressLine1"] = json!(self.buyer.line1);
            if let Some(line) = &self.buyer.line2 {
                address["addressLine2"] = json!(line);
            }
            contact["primaryPhone"] = if self.quirks.no_phone {
                json!({})
            } else {
                json!({ "phoneNumber": self.buyer.phone })
            };
        }
        if named && age_days < EMAIL_DAYS {
            contact["email"] = json!(self.buyer.email);
        }
        contact["contactAddress"] = address;
        contact
    }

    fn prices(&self, view: View) -> Value {
        let goods: i64 = self.lines.iter().map(Line::cost_minor).sum();
        let delivery: i64 = self.lines.iter().map(|line| line.shipping_minor).sum();
        let mut prices = json!({
            "priceSubtotal": self.money(goods),
            "deliveryCost": self.money(delivery),
        });
        let own_tax: i64 = self.lines.iter().map(|line| line.own_tax_minor).sum();
        let collected = if view.taxes { self.tax_minor() } else { 0 };
        if own_tax + collected > 0 {
            prices["tax"] = self.money(own_tax + collected);
        }
        let total = goods + delivery + own_tax + collected;
        prices["total"] = self.money(total);
        prices
    }

    fn cancel_status(&self, view: View) -> Value {
        let mut requests = Vec::new();
        let mut status = json!({ "cancelState": "NONE_REQUESTED" });
        if let Some(cancellation) = &self.cancellation {
            let state = match cancellation.state {
                CancelState::Requested => "IN_PROGRESS",
                CancelState::Rejected => "NONE_REQUESTED",
                CancelState::Completed => "CANCELED",
            };
            status["cancelState"] = json!(state);
            if let Some(date) = cancellation.closed.filter(|_| self.cancelled()) {
                status["cancelledDate"] = json!(stamp(date));
            }
            requests.push(cancellation.shown());
        }
        // Always empty in getOrders (ebay.md §8.1).
        status["cancelRequests"] = if view.single {
            json!(requests)
        } else {
            json!([])
        };
        status
    }

    fn payment_summary(&self, view: View) -> Value {
        let taxes = if view.taxes { self.tax_minor() } else { 0 };
        let total = self.total_minor() + taxes;
        let mut payment = json!({
            "paymentMethod": "EBAY",
            "paymentReferenceId": self.id,
            "amount": self.money(total),
        });
        match self.payment {
            Payment::Pending(_) => payment["paymentStatus"] = json!("PENDING"),
            Payment::Paid(at) => {
                payment["paymentStatus"] = json!("PAID");
                payment["paymentDate"] = json!(stamp(at));
            }
        }
        // Those of lines stand at their lines alone (`OrderRefund`).
        let of_order = self.refunds.iter().filter(|refund| refund.lines.is_empty());
        let refunds: Vec<Value> = of_order
            .map(|refund| {
                let mut shown = self.refund(refund, refund.minor);
                let status = if refund.done { "REFUNDED" } else { "PENDING" };
                shown["refundStatus"] = json!(status);
                shown
            })
            .collect();
        json!({
            "totalDueSeller": due(&self.quirks, total - self.refunded_minor(), &self.currency),
            "payments": [payment],
            "refunds": refunds,
        })
    }

    fn instructions(&self, view: View) -> Value {
        let mut step = json!({ "shippingServiceCode": "ShippingMethodStandard" });
        if !self.quirks.no_carrier {
            step["shippingCarrierCode"] = json!("USPS");
        }
        let contact = self.contact(view);
        let mut instructions = json!({
            "fulfillmentInstructionsType": "SHIP_TO",
            "minEstimatedDeliveryDate": stamp(self.min_delivery),
            "maxEstimatedDeliveryDate": stamp(self.max_delivery),
            "ebaySupportedFulfillment": self.quirks.hub.is_some(),
        });
        if let Some(reference) = &self.quirks.hub {
            instructions["finalDestinationAddress"] = contact["contactAddress"].clone();
            step["shipToReferenceId"] = json!(reference);
            step["shipTo"] = hub(contact.get("fullName"));
        } else {
            step["shipTo"] = contact;
        }
        instructions["shippingStep"] = step;
        instructions
    }

    fn line(&self, line: &Line, view: View) -> Value {
        let taxes = if view.taxes { line.tax_minor() } else { 0 };
        let mut dates = json!({
            "minEstimatedDeliveryDate": stamp(self.min_delivery),
            "maxEstimatedDeliveryDate": stamp(self.max_delivery),
            "guaranteedDelivery": false,
        });
        if let Some(date) = self.ship_by {
            dates["shipByDate"] = json!(stamp(date));
        }
        let mut body = json!({
            "lineItemId": line.id,
            "legacyItemId": line.listing,
            "sku": line.sku,
            "title": line.title,
            "lineItemCost": self.money(line.cost_minor()),
            "quantity": line.quantity,
            "soldFormat": "FIXED_PRICE",
            "listingMarketplaceId": self.site,
            "purchaseMarketplaceId": purchase_site(&self.quirks, &self.site),
            "lineItemFulfillmentStatus": self.line_status(line),
            "total": self.money(
                line.cost_minor() + line.shipping_minor + line.own_tax_minor + taxes
            ),
            "deliveryCost": { "shippingCost": self.money(line.shipping_minor) },
            "appliedPromotions": [],
            "properties": { "buyerProtection": true },
            "lineItemFulfillmentInstructions": dates,
            "itemLocation": { "location": "San Jose, California", "countryCode": "US" },
        });
        if let Some(tax) = &line.tax {
            let mut entry = json!({
                "taxType": tax.kind,
                "amount": self.money(tax.minor),
                "collectionMethod": "NET",
            });
            if let Some((name, value)) = &tax.reference {
                entry["ebayReference"] = json!({ "name": name, "value": value });
            }
            body["ebayCollectAndRemitTaxes"] = json!([entry]);
        }
        body["taxes"] = json!(self.line_taxes(line, view));
        if let Some(aspects) = &line.variation {
            let pairs: Vec<Value> = aspects
                .iter()
                .map(|(name, value)| json!({ "name": name, "value": value }))
                .collect();
            body["legacyVariationId"] = json!(line.variation_id);
            body["variationAspects"] = json!(pairs);
        }
        let refunds: Vec<Value> = self.line_refunds(line);
        if !refunds.is_empty() {
            body["refunds"] = json!(refunds);
        }
        dress_line(
            &self.quirks,
            (view.now - self.created).num_days(),
            &mut body,
        );
        body
    }

    /// The seller's own tax comes without its type (ebay.md §8.2).
    fn line_taxes(&self, line: &Line, view: View) -> Vec<Value> {
        let mut taxes = Vec::new();
        if line.own_tax_minor > 0 {
            taxes.push(json!({ "amount": self.money(line.own_tax_minor) }));
        }
        if let Some(tax) = line.tax.as_ref().filter(|_| view.taxes) {
            taxes.push(json!({ "amount": self.money(tax.minor), "taxType": tax.kind }));
        }
        taxes
    }

    fn line_refunds(&self, line: &Line) -> Vec<Value> {
        let refunds = self.refunds.iter();
        refunds
            .flat_map(|refund| {
                let parts = refund.lines.iter().filter(|(id, _)| *id == line.id);
                parts.map(|(_, minor)| self.refund(refund, *minor))
            })
            .collect()
    }

    /// A refund; when it was given is told once it was.
    fn refund(&self, refund: &Refund, minor: i64) -> Value {
        let mut shown = json!({ "refundId": refund.id, "amount": self.money(minor) });
        if refund.done {
            shown["refundDate"] = json!(stamp(refund.at));
            shown["refundReferenceId"] = json!(refund.id);
        }
        shown
    }
}

impl Cancellation {
    fn shown(&self) -> Value {
        let state = match self.state {
            CancelState::Requested => "REQUESTED",
            CancelState::Rejected => "REJECTED",
            CancelState::Completed => "COMPLETED",
        };
        let mut body = json!({
            "cancelRequestId": self.id,
            "cancelRequestState": state,
            "cancelReason": self.reason,
            "cancelInitiator": if self.by_buyer { "BUYER" } else { "SELLER" },
            "cancelRequestedDate": stamp(self.requested),
        });
        if let Some(date) = self.closed {
            body["cancelCompletedDate"] = json!(stamp(date));
        }
        body
    }
}

// The forwarder's warehouse; the buyer's own address is only informative then (ebay.md §8.2).
fn hub(name: Option<&Value>) -> Value {
    let mut contact = json!({
        "contactAddress": {
            "addressLine1": "1850 Airport Exchange Blvd #200",
            "city": "Erlanger",
            "stateOrProvince": "KY",
            "postalCode": "41025",
            "countryCode": "US",
        },
        "primaryPhone": { "phoneNumber": "8595550100" },
    });
    if let Some(name) = name {
        contact["fullName"] = name.clone();
    }
    contact
}
