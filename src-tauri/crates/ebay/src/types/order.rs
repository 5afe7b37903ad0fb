//! The Fulfillment API's orders and shipments (ebay.md §8). They hold personal data: no `Debug`
//! beyond the structures that are free of it, and none of these is ever logged.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::common::{Amount, list, part, text};

/// `GET /order`, a page. Each order stays raw, so that one that cannot be read stops no other.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct OrderPage<'a> {
    /// Orders as they came.
    #[serde(borrow, default)]
    pub orders: Option<Vec<&'a RawValue>>,
    /// The next page; none at the end.
    #[serde(default)]
    pub next: Option<String>,
    /// How many there are in all.
    #[serde(default)]
    pub total: Option<u64>,
}

impl std::fmt::Debug for OrderPage<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OrderPage({:?} in all)", self.total)
    }
}

macro_rules! personal {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name { $($body)* }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

personal! {
    /// The ids of an order, read from a record of which nothing else may be readable.
    pub struct OrderIds {
        /// Its id.
        #[serde(deserialize_with = "text")]
        pub order_id: Option<String>,
        /// When it was last changed.
        pub last_modified_date: Option<String>,
    }

    /// An order.
    pub struct Order {
        /// Its id.
        #[serde(deserialize_with = "text")]
        pub order_id: Option<String>,
        /// Its old id, which Post-Order wants; not in the schema.
        #[serde(deserialize_with = "text")]
        pub legacy_order_id: Option<String>,
        /// When it was placed.
        pub creation_date: Option<String>,
        /// When it was last changed.
        pub last_modified_date: Option<String>,
        /// NOT_STARTED, IN_PROGRESS, FULFILLED.
        pub order_fulfillment_status: Option<String>,
        /// PENDING, PAID, FAILED, PARTIALLY_REFUNDED, FULLY_REFUNDED.
        pub order_payment_status: Option<String>,
        /// Who bought.
        pub buyer: Option<Buyer>,
        /// The buyer's words.
        pub buyer_checkout_notes: Option<String>,
        /// Amounts.
        #[serde(deserialize_with = "part")]
        pub pricing_summary: PricingSummary,
        /// Cancellation.
        #[serde(deserialize_with = "part")]
        pub cancel_status: CancelStatus,
        /// Payments and refunds.
        #[serde(deserialize_with = "part")]
        pub payment_summary: PaymentSummary,
        /// Where and how it is shipped.
        #[serde(deserialize_with = "list")]
        pub fulfillment_start_instructions: Vec<FulfillmentInstruction>,
        /// Addresses of its shipments; the last part is the shipment's id.
        #[serde(deserialize_with = "list")]
        pub fulfillment_hrefs: Vec<String>,
        /// What was bought.
        #[serde(deserialize_with = "list")]
        pub line_items: Vec<LineItem>,
        /// Programs of eBay's that the order goes through.
        #[serde(deserialize_with = "part")]
        pub program: OrderProgram,
    }

    /// Programs that an order goes through.
    pub struct OrderProgram {
        /// Who ships.
        #[serde(deserialize_with = "part")]
        pub fulfillment_program: FulfillmentProgram,
    }

    /// Who ships.
    pub struct FulfillmentProgram {
        /// EBAY.
        pub fulfilled_by: Option<String>,
    }

    /// A buyer.
    pub struct Buyer {
        /// Name at eBay, or an opaque id.
        pub username: Option<String>,
        /// Tax number; in getOrder only.
        pub tax_identifier: Option<TaxIdentifier>,
        /// Name and e-mail of his registration.
        pub buyer_registration_address: Option<RegistrationAddress>,
    }

    /// A tax number.
    pub struct TaxIdentifier {
        /// The number.
        #[serde(deserialize_with = "text")]
        pub taxpayer_id: Option<String>,
    }

    /// A buyer's own contact.
    pub struct RegistrationAddress {
        /// Name.
        pub full_name: Option<String>,
        /// E-mail.
        pub email: Option<String>,
    }

    /// Amounts of an order; discounts are negative.
    pub struct PricingSummary {
        /// Goods before discounts.
        pub price_subtotal: Option<Amount>,
        /// Discounts on goods.
        pub price_discount: Option<Amount>,
        /// Later adjustments.
        pub adjustment: Option<Amount>,
        /// Shipping before discounts.
        pub delivery_cost: Option<Amount>,
        /// Discounts on shipping.
        pub delivery_discount: Option<Amount>,
        /// Tax, with what eBay collects where the breakdown was asked for.
        pub tax: Option<Amount>,
        /// Special fees, such as recycling.
        pub fee: Option<Amount>,
        /// What eBay calls the total.
        pub total: Option<Amount>,
    }

    /// Cancellation of an order.
    pub struct CancelStatus {
        /// NONE_REQUESTED, IN_PROGRESS, CANCELED.
        pub cancel_state: Option<String>,
        /// Requests; in getOrder only.
        #[serde(deserialize_with = "list")]
        pub cancel_requests: Vec<CancelRequest>,
    }

    /// A request to cancel.
    pub struct CancelRequest {
        /// Its id.
        #[serde(deserialize_with = "text")]
        pub cancel_request_id: Option<String>,
        /// REQUESTED, REJECTED, COMPLETED.
        pub cancel_request_state: Option<String>,
        /// Who asked.
        pub cancel_initiator: Option<String>,
    }

    /// Payments and refunds.
    pub struct PaymentSummary {
        /// Payments.
        #[serde(deserialize_with = "list")]
        pub payments: Vec<Payment>,
        /// Refunds.
        #[serde(deserialize_with = "list")]
        pub refunds: Vec<OrderRefund>,
    }

    /// A payment.
    pub struct Payment {
        /// When.
        pub payment_date: Option<String>,
        /// PENDING, PAID, FAILED.
        pub payment_status: Option<String>,
    }

    /// A refund of an order.
    pub struct OrderRefund {
        /// Its id.
        #[serde(deserialize_with = "text")]
        pub refund_id: Option<String>,
        /// When.
        pub refund_date: Option<String>,
        /// How much.
        pub amount: Option<Amount>,
        /// FAILED, PENDING, REFUNDED.
        pub refund_status: Option<String>,
        /// Another id of it.
        #[serde(deserialize_with = "text")]
        pub refund_reference_id: Option<String>,
    }

    /// Where and how an order is shipped.
    pub struct FulfillmentInstruction {
        /// SHIP_TO, PREPARE_FOR_PICKUP, SELLER_DEFINED, DIGITAL, FULFILLED_BY_EBAY.
        pub fulfillment_instructions_type: Option<String>,
        /// Latest arrival.
        pub max_estimated_delivery_date: Option<String>,
        /// Whether the goods go to a hub of eBay's.
        pub ebay_supported_fulfillment: Option<bool>,
        /// The shipping step.
        #[serde(deserialize_with = "part")]
        pub shipping_step: ShippingStep,
    }

    /// The shipping step.
    pub struct ShippingStep {
        /// To whom; the hub where eBay supports the shipment.
        pub ship_to: Option<ShipTo>,
        /// Carrier.
        pub shipping_carrier_code: Option<String>,
        /// The service that the buyer chose.
        pub shipping_service_code: Option<String>,
        /// A number for the hub's label.
        #[serde(deserialize_with = "text")]
        pub ship_to_reference_id: Option<String>,
    }

    /// A receiver.
    pub struct ShipTo {
        /// Name.
        pub full_name: Option<String>,
        /// Company.
        pub company_name: Option<String>,
        /// Address.
        #[serde(deserialize_with = "part")]
        pub contact_address: ContactAddress,
        /// Phone, sometimes an empty structure.
        #[serde(deserialize_with = "part")]
        pub primary_phone: PhoneNumber,
        /// E-mail; it disappears after 14 days.
        pub email: Option<String>,
    }

    /// An address.
    pub struct ContactAddress {
        /// First line.
        pub address_line1: Option<String>,
        /// Second line.
        pub address_line2: Option<String>,
        /// City.
        pub city: Option<String>,
        /// State or province.
        pub state_or_province: Option<String>,
        /// Postal code.
        #[serde(deserialize_with = "text")]
        pub postal_code: Option<String>,
        /// ISO 3166 code.
        pub country_code: Option<String>,
        /// County.
        pub county: Option<String>,
    }

    /// A phone number.
    pub struct PhoneNumber {
        /// The number.
        #[serde(deserialize_with = "text")]
        pub phone_number: Option<String>,
    }

    /// A line of an order.
    pub struct LineItem {
        /// Its id.
        #[serde(deserialize_with = "text")]
        pub line_item_id: Option<String>,
        /// The listing.
        #[serde(deserialize_with = "text")]
        pub legacy_item_id: Option<String>,
        /// The variation of the listing.
        #[serde(deserialize_with = "text")]
        pub legacy_variation_id: Option<String>,
        /// What the buyer chose of a listing with variations.
        #[serde(deserialize_with = "list")]
        pub variation_aspects: Vec<ChosenAspect>,
        /// The seller's SKU; absent where the listing has none.
        #[serde(deserialize_with = "text")]
        pub sku: Option<String>,
        /// Title, sometimes with leading blanks.
        pub title: Option<String>,
        /// Units.
        pub quantity: Option<i64>,
        /// Unit price × quantity before discount.
        pub line_item_cost: Option<Amount>,
        /// The same after discount.
        pub discounted_line_item_cost: Option<Amount>,
        /// Shipping.
        #[serde(deserialize_with = "part")]
        pub delivery_cost: DeliveryCost,
        /// Promotions.
        #[serde(deserialize_with = "list")]
        pub applied_promotions: Vec<Promotion>,
        /// Taxes.
        #[serde(deserialize_with = "list")]
        pub taxes: Vec<LineTax>,
        /// Taxes that eBay keeps.
        #[serde(deserialize_with = "list")]
        pub ebay_collect_and_remit_taxes: Vec<CollectAndRemitTax>,
        /// Where it was listed.
        pub listing_marketplace_id: Option<String>,
        /// Where it was bought.
        pub purchase_marketplace_id: Option<String>,
        /// NOT_STARTED, IN_PROGRESS, FULFILLED.
        pub line_item_fulfillment_status: Option<String>,
        /// Dates.
        #[serde(deserialize_with = "part")]
        pub line_item_fulfillment_instructions: LineFulfillment,
        /// Refunds of the line.
        #[serde(deserialize_with = "list")]
        pub refunds: Vec<LineRefund>,
    }

    /// What the buyer chose of a listing with variations.
    pub struct ChosenAspect {
        /// The aspect's name.
        pub name: Option<String>,
        /// Its value.
        #[serde(deserialize_with = "text")]
        pub value: Option<String>,
    }

    /// Shipping of a line.
    pub struct DeliveryCost {
        /// Shipping.
        pub shipping_cost: Option<Amount>,
        /// Handling.
        pub handling_cost: Option<Amount>,
        /// Discount on shipping.
        pub discount_amount: Option<Amount>,
    }

    /// A promotion.
    pub struct Promotion {
        /// By how much.
        pub discount_amount: Option<Amount>,
    }

    /// A tax of a line.
    pub struct LineTax {
        /// Amount.
        pub amount: Option<Amount>,
        /// Kind; often absent.
        pub tax_type: Option<String>,
    }

    /// A tax that eBay collects and remits.
    pub struct CollectAndRemitTax {
        /// Kind.
        pub tax_type: Option<String>,
        /// Amount.
        pub amount: Option<Amount>,
        /// A number for customs papers.
        pub ebay_reference: Option<TaxReference>,
    }

    /// A number for customs papers.
    pub struct TaxReference {
        /// Such as IOSS.
        pub name: Option<String>,
        /// The number.
        #[serde(deserialize_with = "text")]
        pub value: Option<String>,
    }

    /// Dates of a line.
    pub struct LineFulfillment {
        /// Deadline for shipping.
        pub ship_by_date: Option<String>,
        /// Latest arrival.
        pub max_estimated_delivery_date: Option<String>,
    }

    /// A refund of a line.
    pub struct LineRefund {
        /// Its id.
        #[serde(deserialize_with = "text")]
        pub refund_id: Option<String>,
        /// When.
        pub refund_date: Option<String>,
        /// How much.
        pub amount: Option<Amount>,
        /// Another id of it.
        #[serde(deserialize_with = "text")]
        pub refund_reference_id: Option<String>,
    }

    /// `GET /order/{id}/shipping_fulfillment`.
    pub struct ShippingFulfillments {
        /// Shipments.
        #[serde(deserialize_with = "list")]
        pub fulfillments: Vec<ShippingFulfillment>,
    }

    /// A shipment.
    pub struct ShippingFulfillment {
        /// Its id.
        #[serde(deserialize_with = "text")]
        pub fulfillment_id: Option<String>,
        /// What is in it.
        #[serde(deserialize_with = "list")]
        pub line_items: Vec<LineItemReference>,
        /// Tracking number.
        #[serde(alias = "trackingNumber", deserialize_with = "text")]
        pub shipment_tracking_number: Option<String>,
        /// When it left.
        pub shipped_date: Option<String>,
        /// Carrier.
        pub shipping_carrier_code: Option<String>,
    }

    /// Units of a line in a shipment.
    pub struct LineItemReference {
        /// The line.
        #[serde(deserialize_with = "text")]
        pub line_item_id: Option<String>,
        /// Units; all of the line where absent.
        pub quantity: Option<i64>,
    }
}
