//! Orders (walmart.md §7.2).

use serde::Deserialize;
use serde_json::value::RawValue;

use barrow_wire::{Many, Scalar, or_default};

/// The answer of `GET /v3/orders`; orders stay raw, so that one that cannot be read stops no other.
#[derive(Deserialize)]
pub(crate) struct OrdersAnswer<'a> {
    #[serde(borrow)]
    pub(crate) list: OrderList<'a>,
}

#[derive(Deserialize)]
pub(crate) struct OrderList<'a> {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) meta: Meta,
    #[serde(default, borrow)]
    pub(crate) elements: Option<Elements<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Meta {
    pub(crate) total_count: Scalar,
    pub(crate) next_cursor: Scalar,
}

#[derive(Default, Deserialize)]
pub(crate) struct Elements<'a> {
    /// An array, or a lone object.
    #[serde(default, borrow)]
    pub(crate) order: Option<&'a RawValue>,
}

/// The answer of `GET /v3/orders/{id}` and of the writes.
#[derive(Deserialize)]
pub(crate) struct OrderAnswer<'a> {
    #[serde(borrow)]
    pub(crate) order: &'a RawValue,
}

/// A purchase order.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PurchaseOrder {
    pub(crate) purchase_order_id: Scalar,
    pub(crate) customer_order_id: Scalar,
    pub(crate) customer_email_id: Scalar,
    pub(crate) order_type: Scalar,
    #[serde(alias = "originalCustomerOrderID")]
    pub(crate) original_customer_order_id: Scalar,
    pub(crate) order_date: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) shipping_info: ShippingInfo,
    #[serde(deserialize_with = "or_default")]
    pub(crate) order_lines: OrderLines,
    #[serde(deserialize_with = "or_default")]
    pub(crate) order_summary: OrderSummary,
    #[serde(deserialize_with = "or_default")]
    pub(crate) ship_node: OrderShipNode,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ShippingInfo {
    pub(crate) phone: Scalar,
    pub(crate) estimated_delivery_date: Scalar,
    pub(crate) estimated_ship_date: Scalar,
    pub(crate) method_code: Scalar,
    pub(crate) postal_address: Option<PostalAddress>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PostalAddress {
    pub(crate) name: Scalar,
    pub(crate) address1: Scalar,
    pub(crate) address2: Scalar,
    pub(crate) city: Scalar,
    pub(crate) state: Scalar,
    pub(crate) postal_code: Scalar,
    pub(crate) country: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderLines {
    pub(crate) order_line: Many<PurchaseOrderLine>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PurchaseOrderLine {
    pub(crate) line_number: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) item: LineItem,
    #[serde(deserialize_with = "or_default")]
    pub(crate) charges: Charges,
    #[serde(deserialize_with = "or_default")]
    pub(crate) order_line_quantity: Quantity,
    pub(crate) status_date: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) order_line_statuses: LineStatuses,
    pub(crate) refund: Many<LineRefund>,
    pub(crate) intent_to_cancel: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LineItem {
    pub(crate) product_name: Scalar,
    pub(crate) sku: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Charges {
    pub(crate) charge: Many<Charge>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Charge {
    pub(crate) charge_type: Scalar,
    pub(crate) charge_name: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) charge_amount: Amount,
    pub(crate) tax: Many<ChargeTax>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ChargeTax {
    pub(crate) tax_name: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) tax_amount: Amount,
}

/// An amount under either pair of names (walmart.md §7.2, §8).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Amount {
    #[serde(alias = "currencyUnit")]
    pub(crate) currency: Scalar,
    #[serde(alias = "currencyAmount")]
    pub(crate) amount: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Quantity {
    pub(crate) amount: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LineStatuses {
    pub(crate) order_line_status: Many<LineStatus>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LineStatus {
    pub(crate) status: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) status_quantity: Quantity,
    pub(crate) tracking_info: Option<TrackingInfo>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TrackingInfo {
    pub(crate) ship_date_time: Scalar,
    pub(crate) carrier_name: Many<CarrierName>,
    pub(crate) method_code: Scalar,
    pub(crate) tracking_number: Scalar,
    #[serde(rename = "trackingURL", alias = "trackingUrl")]
    pub(crate) tracking_url: Scalar,
}

/// An object with one of two names, or a bare text.
#[derive(Default)]
pub(crate) struct CarrierName(pub(crate) Option<String>);

impl<'de> Deserialize<'de> for CarrierName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Names {
                #[serde(default)]
                carrier: Scalar,
                #[serde(default, rename = "otherCarrier")]
                other: Scalar,
            },
            Bare(Scalar),
        }
        Ok(Self(match Form::deserialize(deserializer)? {
            Form::Names { carrier, other } => carrier.owned().or_else(|| other.owned()),
            Form::Bare(name) => name.owned(),
        }))
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LineRefund {
    pub(crate) refund_id: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) refund_charges: RefundCharges,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RefundCharges {
    pub(crate) refund_charge: Many<RefundCharge>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RefundCharge {
    pub(crate) refund_reason: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) charge: Charge,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderSummary {
    pub(crate) total_amount: Option<Amount>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct OrderShipNode {
    #[serde(rename = "type")]
    pub(crate) kind: Scalar,
}
